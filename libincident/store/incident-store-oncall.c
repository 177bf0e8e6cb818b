/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-oncall-table-private.h"

/* Who is on call, for any store, and for those that keep it beside their outbox in tables of SQLite. */

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

static gboolean
incident_store_real_get_roster_head (IncidentStore  *self,
                                     guint64        *head,
                                     GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  gboolean done;

  if (sqlite == NULL)
    return FALSE;

  done = incident_roster_get_head (sqlite, head, error);
  leave (self);
  return done;
}

static GPtrArray *
incident_store_real_list_roster (IncidentStore  *self,
                                 guint64         after,
                                 guint           limit,
                                 GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  GPtrArray *listed;

  if (sqlite == NULL)
    return NULL;

  listed = incident_roster_list (sqlite, after, limit, error);
  leave (self);
  return listed;
}

static gboolean
incident_store_real_take_claim (IncidentStore  *self,
                                IncidentClaim  *claim,
                                gint64          now,
                                GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  gboolean done;

  if (sqlite == NULL)
    return FALSE;

  done = incident_claim_take (sqlite, claim, now, error);
  leave (self);
  return done;
}

static GArray *
incident_store_real_list_paged (IncidentStore  *self,
                                const char     *channel,
                                const char     *recipient,
                                gint64          since,
                                GError        **error)
{
  IncidentSqlite *sqlite = enter (self, error);
  GArray *listed;

  if (sqlite == NULL)
    return NULL;

  listed = incident_outbox_list_paged (sqlite, channel, recipient, since, error);
  leave (self);
  return listed;
}

void
incident_store_oncall_default_init (IncidentStoreInterface *iface)
{
  iface->get_roster_head = incident_store_real_get_roster_head;
  iface->list_roster = incident_store_real_list_roster;
  iface->take_claim = incident_store_real_take_claim;
  iface->list_paged = incident_store_real_list_paged;
}

gboolean
incident_store_get_roster_head (IncidentStore  *self,
                                guint64        *head,
                                GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->get_roster_head (self, head, error);
}

GPtrArray *
incident_store_list_roster (IncidentStore  *self,
                            guint64         after,
                            guint           limit,
                            GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->list_roster (self, after, limit, error);
}

gboolean
incident_store_take_claim (IncidentStore  *self,
                           IncidentClaim  *claim,
                           gint64          now,
                           GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->take_claim (self, claim, now, error);
}

GArray *
incident_store_list_paged (IncidentStore  *self,
                           const char     *channel,
                           const char     *recipient,
                           gint64          since,
                           GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->list_paged (self, channel, recipient, since, error);
}
