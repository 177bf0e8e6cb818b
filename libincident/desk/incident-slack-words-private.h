/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a person types behind “/incident”, as words. */

typedef struct
{
  const char *start;   /* in the text, quotation marks included */
  const char *end;
  char       *value;   /* without them */
} IncidentSlackWord;

/* One thing that can be done there. */
typedef struct
{
  const char *word;       /* “resolve”, “task add” */
  const char *verb;       /* of the command; NULL: it only tells something */
  const char *places[4];  /* the arguments, in their order; “text” and “title” take all the rest */
  guint       needed;     /* so many of them there must be */
  const char *options;    /* those that it takes, with blanks around each: “ to hierarchical ” */
  const char *usage;      /* what follows the word */
  const char *summary;
} IncidentSlackVerb;

/* (element-type IncidentSlackWord). The text must outlive it. */
GArray                  *incident_slack_words_split   (const char              *text);
const char              *incident_slack_words_get     (GArray                  *words,
                                                       guint                    position); /* NULL behind the last */
/* What was typed from a word on, as it was; NULL: nothing. */
char                    *incident_slack_words_dup_rest (GArray                 *words,
                                                       guint                    position);
/* Takes the options out that @verb knows: name → value. NULL with INCIDENT_ERROR_INVALID. */
GHashTable              *incident_slack_words_take_options (GArray             *words,
                                                       const IncidentSlackVerb *verb,
                                                       guint                    position,
                                                       GError                 **error);

/* @n_words: how many of the words its own name took. NULL: there is none. */
const IncidentSlackVerb *incident_slack_verb_find     (GArray                  *words,
                                                       guint                    position,
                                                       guint                   *n_words);
/* What an option says: the argument, and the value of one that takes none. */
const char              *incident_slack_option_get_argument (const char        *option,
                                                       const char             **value);
/* All of them, or those of one. */
char                    *incident_slack_verbs_describe (const char             *word); /* nullable */

G_END_DECLS
