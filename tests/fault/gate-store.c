/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate-store.h"

#include <libincident/incident-error.h>
#include <libincident/incident-memory-store.h>

struct _GateStore
{
  GObject parent_instance;

  IncidentStore *inner;
  GMutex         lock;
  GCond          changed;
  gboolean       closed;
  guint          n_waiting;
  guint          fail_at;
};

static void gate_store_iface_init (IncidentStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GateStore, gate_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_STORE, gate_store_iface_init))

static gboolean
gate_store_commit (IncidentStore   *store,
                   IncidentCommit  *commit,
                   GError         **error)
{
  GateStore *self = GATE_STORE (store);
  gboolean fails;

  g_mutex_lock (&self->lock);
  self->n_waiting++;
  g_main_context_wakeup (NULL);
  while (self->closed)
    g_cond_wait (&self->changed, &self->lock);
  self->n_waiting--;
  fails = self->fail_at > 0 && --self->fail_at == 0;
  g_mutex_unlock (&self->lock);
  if (!fails)
    return incident_store_commit (self->inner, commit, error);

  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_FAILED, "The disk is on fire");
  return FALSE;
}

static GPtrArray *
gate_store_load (IncidentStore  *store,
                 guint64         subject,
                 guint           seq,
                 GError        **error)
{
  return incident_store_load (GATE_STORE (store)->inner, subject, seq, error);
}

static GPtrArray *
gate_store_read_log (IncidentStore  *store,
                     guint64         log_index,
                     guint           limit,
                     GError        **error)
{
  return incident_store_read_log (GATE_STORE (store)->inner, log_index, limit, error);
}

static gboolean
gate_store_get_size (IncidentStore  *store,
                     guint64        *size,
                     GError        **error)
{
  *size = incident_store_get_size (GATE_STORE (store)->inner, error);
  return TRUE;
}

static GArray *
gate_store_find_cases (IncidentStore  *store,
                       IncidentQuery  *query,
                       GError        **error)
{
  return incident_store_find_cases (GATE_STORE (store)->inner, query, error);
}

static gboolean
gate_store_find_group (IncidentStore  *store,
                       const char     *group,
                       guint64        *subject,
                       GError        **error)
{
  return incident_store_find_group (GATE_STORE (store)->inner, group, subject, error);
}

static gboolean
gate_store_find_operation (IncidentStore  *store,
                           const guint8    operation[INCIDENT_OPERATION_LENGTH],
                           guint64        *subject,
                           GError        **error)
{
  return incident_store_find_operation (GATE_STORE (store)->inner, operation, subject, error);
}

static struct _IncidentSqlite *
gate_store_enter_outbox (IncidentStore  *store,
                         GError        **error)
{
  IncidentStore *inner = GATE_STORE (store)->inner;

  return INCIDENT_STORE_GET_IFACE (inner)->enter_outbox (inner, error);
}

static void
gate_store_leave_outbox (IncidentStore *store)
{
  IncidentStore *inner = GATE_STORE (store)->inner;

  INCIDENT_STORE_GET_IFACE (inner)->leave_outbox (inner);
}

static void
gate_store_iface_init (IncidentStoreInterface *iface)
{
  iface->enter_outbox = gate_store_enter_outbox;
  iface->leave_outbox = gate_store_leave_outbox;
  iface->commit = gate_store_commit;
  iface->load = gate_store_load;
  iface->read_log = gate_store_read_log;
  iface->get_size = gate_store_get_size;
  iface->find_cases = gate_store_find_cases;
  iface->find_group = gate_store_find_group;
  iface->find_operation = gate_store_find_operation;
}

static void
gate_store_finalize (GObject *object)
{
  GateStore *self = GATE_STORE (object);

  g_clear_object (&self->inner);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);

  G_OBJECT_CLASS (gate_store_parent_class)->finalize (object);
}

static void
gate_store_class_init (GateStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gate_store_finalize;
}

static void
gate_store_init (GateStore *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

GateStore *
gate_store_new (IncidentClock *clock)
{
  GateStore *self = g_object_new (GATE_TYPE_STORE, NULL);

  self->inner = incident_memory_store_new (clock);
  return self;
}

static void
set_closed (GateStore *self,
            gboolean   closed)
{
  g_mutex_lock (&self->lock);
  self->closed = closed;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
gate_store_close (GateStore *self)
{
  set_closed (self, TRUE);
}

void
gate_store_open (GateStore *self)
{
  set_closed (self, FALSE);
}

gboolean
gate_store_is_reached (GateStore *self)
{
  gboolean reached;

  g_mutex_lock (&self->lock);
  reached = self->n_waiting > 0;
  g_mutex_unlock (&self->lock);
  return reached;
}

void
gate_store_fail_at (GateStore *self,
                    guint      n)
{
  g_mutex_lock (&self->lock);
  self->fail_at = n;
  g_mutex_unlock (&self->lock);
}
