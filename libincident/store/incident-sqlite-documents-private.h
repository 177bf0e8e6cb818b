/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-refusal-private.h"
#include "store/incident-sqlite-private.h"

G_BEGIN_DECLS

gboolean   incident_sqlite_keep_document (IncidentSqlite   *sqlite,
                                          const char       *version,
                                          const char       *document,
                                          GError          **error);
/* NULL without an error: there is none. */
char      *incident_sqlite_find_document (IncidentSqlite   *sqlite,
                                          const char       *version,
                                          GError          **error);
gboolean   incident_sqlite_keep_refusal  (IncidentSqlite   *sqlite,
                                          IncidentRefusal  *refusal,
                                          GError          **error);
GPtrArray *incident_sqlite_list_refusals (IncidentSqlite   *sqlite,
                                          guint64           after,
                                          guint             limit,
                                          GError          **error);
/* In the transaction that says so: the words of an event go for good. */
gboolean   incident_sqlite_remove_words  (IncidentSqlite   *sqlite,
                                          guint64           subject,
                                          guint             seq,
                                          GError          **error);

G_END_DECLS
