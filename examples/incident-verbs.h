/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-words.h"

G_BEGIN_DECLS

typedef struct _Verb Verb;

struct _Verb
{
  const char         *name;
  const char         *usage;     /* its places, as --help shows them */
  guint               n_least;   /* places it cannot do without */
  guint               n_most;
  const char         *summary;   /* its line in “incident --help” */
  const char         *help;      /* what “incident VERB --help” says */
  const GOptionEntry *options;
  /* A change of a case: the command's argument for each place but the case. */
  const char         *arguments[5];
  gboolean          (*run)       (const Verb  *verb,
                                  Words       *words,
                                  GError     **error);
  /* It reads a document: what is invalid there is no fault of the words. */
  gboolean            takes_document;
  const char         *command;   /* the library's word for the verb, where it is another */
};

const Verb *verbs_find         (const char  *name,
                                GError     **error);
/* A line a verb. */
char       *verbs_dup_summary  (void);

gboolean    verb_open          (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_change        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_update        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_list          (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_show          (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_timeline      (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_next          (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_log           (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_ingest        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_alerts        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_route         (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_silence       (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_settle        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_oncall         (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_override       (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_why_paged      (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_simulate       (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_escalate_due   (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_outbox        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_report        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_status_page   (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_task          (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_reminders     (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_refusals      (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_playbook      (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_import        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_export        (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_lifecycle     (const Verb  *verb,
                                Words       *words,
                                GError     **error);
/* Only where there is libsoup. */
gboolean    verb_serve         (const Verb  *verb,
                                Words       *words,
                                GError     **error);
gboolean    verb_backup        (const Verb  *verb,
                                Words       *words,
                                GError     **error);

G_END_DECLS
