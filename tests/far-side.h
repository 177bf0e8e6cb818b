/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <string.h>

/* A channel whose far side is a list: what it does with the next messages is told beforehand. A double
 * for faults that no real server produces on demand. */

typedef enum
{
  FAR_TAKES,          /* and says so */
  FAR_TAKES_MUTELY,   /* acts, and the answer is lost */
  FAR_LOSES,          /* does not act, and nobody can tell */
  FAR_FAILS,          /* surely did not act */
  FAR_WAITS,          /* “come later” */
  FAR_WAITS_FOR_ALL,  /* the same for the whole channel */
  FAR_REFUSES,
  FAR_IS_CLOSED,
  FAR_HANGS,          /* takes it, and answers when far_side_wake () is called */
  FAR_HANGS_EMPTY,    /* the same, but has not taken it */
} FarBehaviour;

typedef struct
{
  char *key;
  char *kind;
  char *case_id;
  char *text;
  char *conversation;
  char *thread;
  char *replaces;
  char *recipient;
  char *json;
  gint64 at;
} FarMessage;

#define FAR_TYPE_SIDE (far_side_get_type ())
G_DECLARE_FINAL_TYPE (FarSide, far_side, FAR, SIDE, GObject)

struct _FarSide
{
  GObject        parent_instance;

  IncidentClock *clock;
  GQueue         script;        /* of GINT_TO_POINTER (FarBehaviour); empty: takes all */
  FarBehaviour (*choose) (FarSide *self); /* nullable: in place of the script */
  GRand         *rand;          /* for who chooses; nullable */
  void         (*acted) (FarSide *self, const FarMessage *message); /* nullable: is told of each act */
  gpointer       watcher;       /* for who is told */
  GPtrArray     *got;           /* of FarMessage, in the order in which they were acted on */
  GPtrArray     *hanging;       /* of GTask */
  GPtrArray     *late;          /* of IncidentDelivery: of the same */
  gboolean       can_look_up;
  gboolean       is_mended;     /* from now on probes succeed and nothing fails */
  guint          n_calls;
  guint          n_probes;
  guint          n_look_ups;
};

static void far_side_channel_init (IncidentChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FarSide, far_side, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CHANNEL, far_side_channel_init))

static void
far_message_free (gpointer data)
{
  FarMessage *self = data;

  g_free (self->key);
  g_free (self->kind);
  g_free (self->case_id);
  g_free (self->text);
  g_free (self->conversation);
  g_free (self->thread);
  g_free (self->replaces);
  g_free (self->recipient);
  g_free (self->json);
  g_free (self);
}

static inline FarMessage *
far_side_find (FarSide *self, const char *key)
{
  for (guint i = 0; i < self->got->len; i++)
    if (g_str_equal (((FarMessage *) g_ptr_array_index (self->got, i))->key, key))
      return g_ptr_array_index (self->got, i);

  return NULL;
}

static void
far_side_act (FarSide *self, IncidentMessage *message)
{
  FarMessage *got = g_new0 (FarMessage, 1);

  got->key = g_strdup (incident_message_get_key (message));
  got->kind = g_strdup (incident_message_kind_to_string (incident_message_get_kind (message)));
  got->case_id = incident_case_number_to_string (incident_message_get_case_number (message));
  got->text = g_strdup (incident_message_get_text (message));
  got->conversation = g_strdup (incident_message_get_conversation (message));
  got->thread = g_strdup (incident_message_get_thread (message));
  got->replaces = g_strdup (incident_message_get_replaces (message));
  got->recipient = g_strdup (incident_message_get_recipients (message)[0]);
  got->json = incident_message_to_json (message);
  got->at = incident_clock_get_time (self->clock);
  g_ptr_array_add (self->got, got);
  if (self->acted != NULL)
    self->acted (self, got);
}

static void
far_side_tell (FarSide *self, IncidentDelivery *delivery)
{
  IncidentMessage *message = incident_delivery_get_message (delivery);
  g_autofree char *id = g_strdup_printf ("m-%.6s", incident_message_get_key (message));
  g_autofree char *case_id = incident_case_number_to_string (incident_message_get_case_number (message));
  g_autofree char *room = g_strdup_printf ("room-%s", case_id);
  g_autofree char *link = g_strdup_printf ("https://chat.example.org/%s", id);

  incident_delivery_set_external_id (delivery, id);
  incident_delivery_set_permalink (delivery, link);
  if (incident_message_get_kind (message) == INCIDENT_MESSAGE_KIND_ROOM)
    incident_delivery_set_conversation (delivery, room);
}

static FarBehaviour
far_side_next (FarSide *self)
{
  if (self->is_mended)
    return FAR_TAKES;
  if (self->choose != NULL)
    return self->choose (self);

  return (FarBehaviour) GPOINTER_TO_INT (g_queue_pop_head (&self->script));
}

static void
far_side_deliver (IncidentChannel *channel, IncidentDelivery *delivery, GTask *task)
{
  FarSide *self = FAR_SIDE (channel);
  FarBehaviour behaviour = far_side_next (self);

  self->n_calls++;
  if (behaviour == FAR_TAKES || behaviour == FAR_TAKES_MUTELY || behaviour == FAR_HANGS)
    far_side_act (self, incident_delivery_get_message (delivery));
  switch (behaviour)
    {
    case FAR_TAKES:
      far_side_tell (self, delivery);
      g_task_return_boolean (task, TRUE);
      break;
    case FAR_TAKES_MUTELY:
    case FAR_LOSES:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer came");
      break;
    case FAR_FAILS:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody listens");
      break;
    case FAR_WAITS:
    case FAR_WAITS_FOR_ALL:
      incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_WAIT, "Too many");
      incident_delivery_set_retry_after (delivery, 20 * G_TIME_SPAN_SECOND, behaviour == FAR_WAITS_FOR_ALL);
      g_task_return_boolean (task, TRUE);
      break;
    case FAR_REFUSES:
      incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_REFUSED, "There is no such room");
      g_task_return_boolean (task, TRUE);
      break;
    case FAR_IS_CLOSED:
      incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_CLOSED, "The token is not accepted");
      g_task_return_boolean (task, TRUE);
      break;
    case FAR_HANGS:
    case FAR_HANGS_EMPTY:
    default:
      g_ptr_array_add (self->hanging, g_object_ref (task));
      g_ptr_array_add (self->late, g_object_ref (delivery));
      break;
    }
}

static void
far_side_look_up (IncidentChannel *channel, IncidentDelivery *delivery, GTask *task)
{
  FarSide *self = FAR_SIDE (channel);
  const char *key = incident_message_get_key (incident_delivery_get_message (delivery));

  self->n_look_ups++;
  if (!self->can_look_up)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Nobody can tell");
  else if (far_side_find (self, key) != NULL)
    {
      far_side_tell (self, delivery);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_boolean (task, FALSE);
}

static void
far_side_probe (IncidentChannel *channel, GTask *task)
{
  FarSide *self = FAR_SIDE (channel);
  FarBehaviour behaviour = far_side_next (self);

  self->n_probes++;
  if (behaviour == FAR_FAILS || behaviour == FAR_LOSES || behaviour == FAR_TAKES_MUTELY)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody listens");
  else
    g_task_return_boolean (task, TRUE);
}

static void
far_side_channel_init (IncidentChannelInterface *iface)
{
  iface->deliver = far_side_deliver;
  iface->look_up = far_side_look_up;
  iface->probe = far_side_probe;
}

static void
far_side_finalize (GObject *object)
{
  FarSide *self = FAR_SIDE (object);

  g_clear_object (&self->clock);
  g_queue_clear (&self->script);
  g_ptr_array_unref (self->got);
  g_ptr_array_unref (self->hanging);
  g_ptr_array_unref (self->late);
  G_OBJECT_CLASS (far_side_parent_class)->finalize (object);
}

static void
far_side_class_init (FarSideClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = far_side_finalize;
}

static void
far_side_init (FarSide *self)
{
  g_queue_init (&self->script);
  self->got = g_ptr_array_new_with_free_func (far_message_free);
  self->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  self->late = g_ptr_array_new_with_free_func (g_object_unref);
}

static inline FarSide *
far_side_new (IncidentClock *clock)
{
  FarSide *self = g_object_new (FAR_TYPE_SIDE, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

/* What it does next. */
static inline void
far_side_will (FarSide *self, FarBehaviour behaviour, guint n)
{
  for (guint i = 0; i < n; i++)
    g_queue_push_tail (&self->script, GINT_TO_POINTER (behaviour));
}

/* What hung answers at last, as if all had gone well. */
static inline void
far_side_wake (FarSide *self)
{
  g_autoptr(GPtrArray) hanging = g_steal_pointer (&self->hanging);
  g_autoptr(GPtrArray) late = g_steal_pointer (&self->late);

  self->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  self->late = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < hanging->len; i++)
    {
      IncidentDelivery *delivery = g_ptr_array_index (late, i);

      if (far_side_find (self, incident_message_get_key (incident_delivery_get_message (delivery))) != NULL)
        far_side_tell (self, delivery);
      else
        incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_UNSURE, "Nobody answered");
      g_task_return_boolean (g_ptr_array_index (hanging, i), TRUE);
    }
}

/* “post room card”, in the order in which they came. */
static inline char *
far_side_kinds (FarSide *self)
{
  g_autoptr(GString) kinds = g_string_new (NULL);

  for (guint i = 0; i < self->got->len; i++)
    g_string_append_printf (kinds, "%s%s", i > 0 ? " " : "", ((FarMessage *) g_ptr_array_index (self->got, i))->kind);
  return g_strdup (kinds->str);
}

static inline FarMessage *
far_side_last (FarSide *self, const char *kind)
{
  for (guint i = self->got->len; i > 0; i--)
    if (g_str_equal (((FarMessage *) g_ptr_array_index (self->got, i - 1))->kind, kind))
      return g_ptr_array_index (self->got, i - 1);

  return NULL;
}

/* Delivers until nothing is due or on its way: gives when something is due again. */
static inline gint64
deliver_all (IncidentDesk *desk)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 next = 0;

  incident_desk_deliver_async (desk, NULL, store_result, &result);
  wait_for (&result);
  incident_desk_deliver_finish (desk, result, &next, &error);
  assert_no_error (error);
  return next;
}
