/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident.h>

G_BEGIN_DECLS

/* What a person typed, sorted into options and places. Places are the words
 * that are no options: in “assign INC-1 commander ana” the verb has three. */
typedef struct
{
  GHashTable *options; /* long name → value, which is empty for a switch */
  GPtrArray  *shifts;  /* each --shift */
  GPtrArray  *places;
  IncidentPlaybook *playbook; /* NULL: not read yet */
} Words;

/* How a verb names its options; all options are kept by name in the Words. */
#define WORDS_OPTION(name, argument, description) \
  { name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) words_keep, description, argument }
#define WORDS_SHORT_OPTION(name, letter, argument, description) \
  { name, letter, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) words_keep, description, argument }
#define WORDS_SWITCH(name, description) \
  { name, 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer) words_keep, description, NULL }

/* Its argument may be left out; it is then empty. */
#define WORDS_OPEN_OPTION(name, argument, description) \
  { name, 0, G_OPTION_FLAG_FILENAME | G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, (gpointer) words_keep, description, \
    argument }

gboolean      words_keep         (const char          *option,
                                  const char          *value,
                                  gpointer             data,
                                  GError             **error);

Words        *words_new          (void);
void          words_free         (Words               *self);

/* Reads the options before the verb; the places are then the verb and all
 * that follows it. @verbs ends the text of --help. */
gboolean      words_read_first   (Words               *self,
                                  char               **argv,
                                  const char          *verbs,
                                  GError             **error);
/* Reads the verb's own options, and the ones for all verbs, out of the places;
 * the places are then what the verb works on. */
gboolean      words_read_verb    (Words               *self,
                                  const char          *usage,
                                  const char          *help,
                                  const GOptionEntry  *options,
                                  GError             **error);
/* Known before anything is parsed, since parsing itself may fail. */
gboolean      words_want_json    (char               **argv);

/* NULL if it was not given. */
const char   *words_get          (Words               *self,
                                  const char          *option);
gboolean      words_has          (Words               *self,
                                  const char          *option);
const char   *words_get_place    (Words               *self,
                                  guint                position);
const char   *words_get_actor    (Words               *self);
/* INCIDENT_TIME_NONE if it was not given. */
gboolean      words_get_time     (Words               *self,
                                  const char          *option,
                                  gint64              *time,
                                  GError             **error);
/* A length of time such as 90m, 2h or 7d in microseconds; 0 if it was not given. */
gboolean      words_get_duration (Words               *self,
                                  const char          *option,
                                  gint64              *duration,
                                  GError             **error);
/* Is it a time or, from now back, a length of time, if it was given? */
gboolean      words_check_span   (Words               *self,
                                  const char          *option,
                                  GError             **error);
/* What was found to be one, by the clock of the desk; else @fallback. */
gint64        words_get_since    (Words               *self,
                                  const char          *option,
                                  IncidentDesk        *desk,
                                  gint64               fallback);
/* From --from, --at or now on, until --until or for --for, else for @length; where @length is less than 0,
 * the time ends now and does not begin then. At most ten years. */
gboolean      words_get_span     (Words               *self,
                                  IncidentDesk        *desk,
                                  gint64               length,
                                  gint64              *from,
                                  gint64              *until,
                                  GError             **error);
/* At most one of them was given; @options ends with NULL. */
gboolean      words_check_one_of (Words               *self,
                                  const char * const  *options,
                                  GError             **error);
/* Is it text, if it was given? What is no UTF-8 names nothing in a playbook. */
gboolean      words_check_text   (Words               *self,
                                  const char          *option,
                                  GError             **error);
gboolean      words_check_actor  (Words               *self,
                                  GError             **error);
gboolean      words_check_place  (Words               *self,
                                  guint                position,
                                  GError             **error);
/* Makes of @error (nullable) what is wrong with an option. */
gboolean      words_blame        (const char          *option,
                                  GError             **error);
/* From 1 to @most; @count stays as it is if it was not given. */
gboolean      words_get_count    (Words               *self,
                                  const char          *option,
                                  guint                most,
                                  guint               *count,
                                  GError             **error);
/* What --playbook names, else the built-in one; several files stand side by side as
 * in PATH. */
IncidentPlaybook *words_get_playbook (Words           *self,
                                  GError             **error);
/* The same, read anew; (transfer full). */
IncidentPlaybook *words_load_playbook (Words          *self,
                                  GError             **error);
void          words_set_playbook (Words              *self,
                                  IncidentPlaybook   *playbook);
IncidentDesk *words_open_desk    (Words               *self,
                                  GError             **error);
/* The whole of a file, or of standard input where @path is NULL or “-”. */
char         *words_read_file    (const char          *path,
                                  gsize               *length,
                                  GError             **error);
/* The case that the first place names. */
IncidentCase *words_get_case     (Words               *self,
                                  GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Words, words_free)

G_END_DECLS
