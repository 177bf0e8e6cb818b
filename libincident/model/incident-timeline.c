/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-timeline-private.h"

#include <gio/gio.h>

#include "base/incident-text-private.h"
#include "model/incident-said-private.h"

static guint items_changed;

struct _IncidentTimeline
{
  GObject parent_instance;

  GPtrArray *records; /* (element-type IncidentRecord), by seq - 1 */
  guint      n_shown;

  /* Made when it is first asked for. */
  GHashTable *messages;   /* id of a message → GArray of guint (seq) */
  guint       n_indexed;
};

static void incident_timeline_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentTimeline, incident_timeline, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, incident_timeline_iface_init))

static GType
incident_timeline_get_item_type (GListModel *list)
{
  return INCIDENT_TYPE_EVENT;
}

static guint
incident_timeline_get_n_items (GListModel *list)
{
  return INCIDENT_TIMELINE (list)->n_shown;
}

static gpointer
incident_timeline_get_item (GListModel *list,
                            guint       position)
{
  IncidentTimeline *self = INCIDENT_TIMELINE (list);

  if (position >= self->n_shown)
    return NULL;

  return incident_event_new (g_ptr_array_index (self->records, position));
}

static void
incident_timeline_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = incident_timeline_get_item_type;
  iface->get_n_items = incident_timeline_get_n_items;
  iface->get_item = incident_timeline_get_item;
}

static void
incident_timeline_finalize (GObject *object)
{
  IncidentTimeline *self = INCIDENT_TIMELINE (object);

  g_clear_pointer (&self->messages, g_hash_table_unref);
  g_ptr_array_unref (self->records);

  G_OBJECT_CLASS (incident_timeline_parent_class)->finalize (object);
}

static void
incident_timeline_class_init (IncidentTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_timeline_finalize;
  items_changed = g_signal_lookup ("items-changed", G_TYPE_LIST_MODEL);
}

static void
incident_timeline_init (IncidentTimeline *self)
{
  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
}

IncidentTimeline *
incident_timeline_new (void)
{
  return g_object_new (INCIDENT_TYPE_TIMELINE, NULL);
}

void
incident_timeline_add (IncidentTimeline *self,
                       IncidentRecord   *record)
{
  g_ptr_array_add (self->records, incident_record_ref (record));
}

void
incident_timeline_redact (IncidentTimeline *self,
                          guint             seq)
{
  IncidentRecord *record = g_ptr_array_index (self->records, seq - 1);

  if (record->payload == NULL)
    return;

  g_ptr_array_index (self->records, seq - 1) = incident_record_redact (record);
  incident_record_unref (record);
}

void
incident_timeline_show (IncidentTimeline *self)
{
  self->n_shown = self->records->len;
}

IncidentRecord *
incident_timeline_announce (IncidentTimeline *self)
{
  guint position = self->n_shown;

  if (position == self->records->len)
    return NULL;

  self->n_shown++;
  if (g_signal_has_handler_pending (self, items_changed, 0, TRUE))
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  return g_ptr_array_index (self->records, position);
}

IncidentRecord *
incident_timeline_find (IncidentTimeline *self,
                        guint             seq)
{
  return seq >= 1 && seq <= self->records->len ? g_ptr_array_index (self->records, seq - 1) : NULL;
}

static void
index_record (IncidentTimeline     *self,
              const IncidentRecord *record)
{
  char *message = incident_said_is_kind (record->kind) ? incident_facts_dup (record->facts, "message") : NULL;
  GArray *seqs;
  guint seq = record->seq;

  if (message == NULL)
    return;

  seqs = g_hash_table_lookup (self->messages, message);
  if (seqs == NULL)
    {
      seqs = g_array_sized_new (FALSE, FALSE, sizeof (guint), 1);
      g_hash_table_insert (self->messages, message, seqs);
    }
  else
    g_free (message);
  g_array_append_val (seqs, seq);
}

const GArray *
incident_timeline_find_message (IncidentTimeline *self,
                                const char       *message)
{
  if (self->messages == NULL)
    self->messages = g_hash_table_new_full (incident_text_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  for (; self->n_indexed < self->records->len; self->n_indexed++)
    index_record (self, g_ptr_array_index (self->records, self->n_indexed));

  return g_hash_table_lookup (self->messages, message);
}

IncidentRecord *
incident_timeline_get_record (IncidentTimeline *self,
                              guint             position)
{
  g_assert (position < self->n_shown);

  return g_ptr_array_index (self->records, position);
}
