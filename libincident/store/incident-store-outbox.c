/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-outbox-table-private.h"

/* The outbox of any store, and of those that keep it in tables of SQLite. */

static IncidentSqlite *
incident_store_real_enter_outbox (IncidentStore  *self,
                                  GError        **error)
{
  incident_store_fail_not_supported (self, "deliver messages", error);
  return NULL;
}

static void
incident_store_real_leave_outbox (IncidentStore *self)
{
}

static IncidentSqlite *
enter (IncidentStore  *self,
       GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->enter_outbox (self, error);
}

static void
leave (IncidentStore *self)
{
  INCIDENT_STORE_GET_IFACE (self)->leave_outbox (self);
}

static IncidentOutboxRow *
incident_store_real_claim_message (IncidentStore              *self,
                                   const IncidentOutboxClaim  *claim,
                                   gint64                     *next,
                                   GError                    **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  IncidentOutboxRow *row;

  if (sqlite == NULL)
    return NULL;

  row = incident_outbox_claim (sqlite, claim, next, error);
  leave (self);
  return row;
}

static IncidentOutboxRow *
incident_store_real_find_message (IncidentStore  *self,
                                  guint64         id,
                                  const char     *key,
                                  GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  IncidentOutboxRow *row;

  if (sqlite == NULL)
    return NULL;

  row = incident_outbox_find (sqlite, id, key, error);
  leave (self);
  return row;
}

static IncidentOutboxRow *
incident_store_real_find_sent (IncidentStore  *self,
                               guint64         subject,
                               const char     *channel,
                               int             kind,
                               GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  IncidentOutboxRow *row;

  if (sqlite == NULL)
    return NULL;

  row = incident_outbox_find_sent (sqlite, subject, channel, kind, error);
  leave (self);
  return row;
}

static GPtrArray *
incident_store_real_list_messages (IncidentStore              *self,
                                   const IncidentOutboxQuery  *query,
                                   GError                    **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  GPtrArray *rows;

  if (sqlite == NULL)
    return NULL;

  rows = incident_outbox_list (sqlite, query, error);
  leave (self);
  return rows;
}

static gboolean
incident_store_real_find_conversation (IncidentStore  *self,
                                       const char     *channel,
                                       const char     *conversation,
                                       guint64        *subject,
                                       GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  gboolean found;

  if (sqlite == NULL)
    return FALSE;

  found = incident_outbox_find_conversation (sqlite, channel, conversation, subject, error);
  leave (self);
  return found;
}

static gboolean
incident_store_real_count_messages (IncidentStore        *self,
                                    const char           *channel,
                                    IncidentOutboxCount  *count,
                                    GError              **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  gboolean counted;

  if (sqlite == NULL)
    return FALSE;

  counted = incident_outbox_count (sqlite, channel, count, error);
  leave (self);
  return counted;
}

static IncidentChannelState *
incident_store_real_get_channel (IncidentStore  *self,
                                 const char     *channel,
                                 GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  IncidentChannelState *state;

  if (sqlite == NULL)
    return NULL;

  state = incident_outbox_get_channel (sqlite, channel, error);
  leave (self);
  return state;
}

void
incident_store_outbox_default_init (IncidentStoreInterface *iface)
{
  iface->enter_outbox = incident_store_real_enter_outbox;
  iface->leave_outbox = incident_store_real_leave_outbox;
  iface->claim_message = incident_store_real_claim_message;
  iface->find_message = incident_store_real_find_message;
  iface->find_sent = incident_store_real_find_sent;
  iface->list_messages = incident_store_real_list_messages;
  iface->find_conversation = incident_store_real_find_conversation;
  iface->count_messages = incident_store_real_count_messages;
  iface->get_channel = incident_store_real_get_channel;
}

IncidentOutboxRow *
incident_store_claim_message (IncidentStore              *self,
                              const IncidentOutboxClaim  *claim,
                              gint64                     *next,
                              GError                    **error)
{
  gint64 when = G_MAXINT64;
  IncidentOutboxRow *row = INCIDENT_STORE_GET_IFACE (self)->claim_message (self, claim, &when, error);

  if (next != NULL)
    *next = row != NULL ? claim->now : when;
  return row;
}

IncidentOutboxRow *
incident_store_find_message (IncidentStore  *self,
                             guint64         id,
                             const char     *key,
                             GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_message (self, id, key, error);
}

IncidentOutboxRow *
incident_store_find_sent (IncidentStore  *self,
                          guint64         subject,
                          const char     *channel,
                          int             kind,
                          GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_sent (self, subject, channel, kind, error);
}

GPtrArray *
incident_store_list_messages (IncidentStore              *self,
                              const IncidentOutboxQuery  *query,
                              GError                    **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->list_messages (self, query, error);
}

gboolean
incident_store_find_conversation (IncidentStore  *self,
                                  const char     *channel,
                                  const char     *conversation,
                                  guint64        *subject,
                                  GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_conversation (self, channel, conversation, subject, error);
}

gboolean
incident_store_count_messages (IncidentStore        *self,
                               const char           *channel,
                               IncidentOutboxCount  *count,
                               GError              **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->count_messages (self, channel, count, error);
}

IncidentChannelState *
incident_store_get_channel (IncidentStore  *self,
                            const char     *channel,
                            GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->get_channel (self, channel, error);
}
