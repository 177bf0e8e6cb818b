/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-sqlite-rows-private.h"
#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* The outbox in tables of SQLite: of the file of a store, or of a memory store's own. */

/* In the transaction of a commit: is all as its changes expect it? Changes nothing. */
gboolean   incident_outbox_check            (IncidentSqlite             *sqlite,
                                             const IncidentCommit       *commit,
                                             GError                    **error);
/* After its drafts. */
gboolean   incident_outbox_write            (IncidentSqlite             *sqlite,
                                             IncidentCommit             *commit,
                                             GError                    **error);
/* Nobody goes on to tell by messages what an event said; nor what no event caused, such as answers, which may say it too. */
gboolean   incident_outbox_remove_words     (IncidentSqlite             *sqlite,
                                             guint64                     subject,
                                             guint32                     seq,
                                             GError                    **error);
/* Whether that is there which a commit with nothing but messages, changes and a channel said.
 * FALSE without an error: it cannot be told. */
gboolean   incident_outbox_holds            (IncidentSqlite             *sqlite,
                                             const IncidentCommit       *commit,
                                             gboolean                   *holds,
                                             GError                    **error);
/* Makes a transaction of its own where there is something to claim. */
IncidentOutboxRow *incident_outbox_claim    (IncidentSqlite             *sqlite,
                                             const IncidentOutboxClaim  *claim,
                                             gint64                     *next,
                                             GError                    **error);
/* NULL without an error: there is none. */
IncidentOutboxRow *incident_outbox_find     (IncidentSqlite             *sqlite,
                                             guint64                     id,
                                             const char                 *key,
                                             GError                    **error);
IncidentOutboxRow *incident_outbox_find_sent (IncidentSqlite            *sqlite,
                                             guint64                     subject,
                                             const char                 *channel,
                                             int                         kind,
                                             GError                    **error);
GPtrArray *incident_outbox_list             (IncidentSqlite             *sqlite,
                                             const IncidentOutboxQuery  *query,
                                             GError                    **error);
gboolean   incident_outbox_find_conversation (IncidentSqlite            *sqlite,
                                             const char                 *channel,
                                             const char                 *conversation,
                                             guint64                    *subject,
                                             GError                    **error);
gboolean   incident_outbox_count            (IncidentSqlite             *sqlite,
                                             const char                 *channel,
                                             IncidentOutboxCount        *count,
                                             GError                    **error);
IncidentChannelState *incident_outbox_get_channel (IncidentSqlite       *sqlite,
                                             const char                 *channel,
                                             GError                    **error);

/* For the files of the outbox. */

/* From a statement that selects these. */
#define INCIDENT_OUTBOX_COLUMNS \
  "id, key, subject, seq, episode, wanted, kind, channel, lane, priority, body, recipient, coalesce_key, depends_on," \
  " created_at, not_before, no_later, expires_at, most_attempts, state, attempts, unsure_since, token, external_id," \
  " conversation, permalink, trouble, changed_at, log"

IncidentOutboxRow *incident_outbox_read_row (IncidentStatement          *statement,
                                             GError                    **error);
void       incident_outbox_bind_row         (IncidentStatement          *statement,
                                             const IncidentOutboxRow    *row);
gboolean   incident_outbox_fail_damaged     (guint64                     id,
                                             GError                    **error);
/* One more is in a state of a channel, or @n. */
gboolean   incident_outbox_add_count        (IncidentSqlite             *sqlite,
                                             const char                 *channel,
                                             IncidentMessageState        state,
                                             int                         n,
                                             GError                    **error);
gboolean   incident_outbox_move_count       (IncidentSqlite             *sqlite,
                                             const char                 *channel,
                                             IncidentMessageState        from,
                                             IncidentMessageState        to,
                                             GError                    **error);
/* A new message of a commit whose drafts have their numbers. @place: for whoever writes them all, 0 at first. */
gboolean   incident_outbox_insert           (IncidentSqlite             *sqlite,
                                             const IncidentCommit       *commit,
                                             IncidentOutboxRow          *row,
                                             guint                      *place,
                                             GError                    **error);
/* Whose turn is it? Nothing changes where another message than @freed is under way. */
gboolean   incident_outbox_refresh_lane     (IncidentSqlite             *sqlite,
                                             const char                 *channel,
                                             const char                 *lane,
                                             guint64                     freed,
                                             GError                    **error);

G_END_DECLS
