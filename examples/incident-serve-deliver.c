/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve.h"

#include "incident-print.h"

/* What goes out: messages of the outbox, when they are due, and pages and reminders, which become some. */

/* Others write to the store too, and nobody tells us. */
#define DELIVER_SECONDS 2
#define ESCALATE_SECONDS 1
#define REMIND_SECONDS  60
#define MOMENT          (G_TIME_SPAN_SECOND / 20)

static void
deliver_in (Server *self,
            gint64  time);

/* What stays the same is told once. */
static void
tell_trouble (char         **told,
              const char    *what,
              const GError  *error)
{
  if (error != NULL && g_strcmp0 (*told, error->message) != 0)
    server_complain (what, error);

  g_free (*told);
  *told = error != NULL ? g_strdup (error->message) : NULL;
}

static void
on_delivered (GObject      *desk,
              GAsyncResult *result,
              gpointer      data)
{
  Server *self = data;
  gint64 now = incident_clock_get_time (incident_desk_get_clock (INCIDENT_DESK (desk)));
  gint64 next = G_MAXINT64;
  g_autoptr(GError) error = NULL;

  self->is_delivering = FALSE;
  incident_desk_deliver_finish (INCIDENT_DESK (desk), result, &next, &error);
  if (self->is_stopping)
    {
      server_visit_ended (self);
      return;
    }

  tell_trouble (&self->deliver_trouble, "Messages could not be sent, and are tried again", error);
  deliver_in (self, error != NULL ? G_TIME_SPAN_SECOND
                                  : CLAMP (next - now, MOMENT, DELIVER_SECONDS * G_TIME_SPAN_SECOND));
}

static gboolean
on_deliver (gpointer data)
{
  Server *self = data;

  self->deliver_source = 0;
  if (self->is_stopping)
    return G_SOURCE_REMOVE;

  /* A channel that is slow holds the end of a round up, but not what others have written since. */
  incident_desk_deliver_async (self->desk, self->delivering, self->is_delivering ? NULL : on_delivered, self);
  self->is_delivering = TRUE;
  deliver_in (self, DELIVER_SECONDS * G_TIME_SPAN_SECOND);
  return G_SOURCE_REMOVE;
}

static void
deliver_in (Server *self,
            gint64  time)
{
  g_clear_handle_id (&self->deliver_source, g_source_remove);
  self->deliver_source = g_timeout_add ((guint) (time / 1000), on_deliver, self);
}

void
server_deliver_soon (Server *self)
{
  if (self->is_stopping)
    return;
  if (self->is_delivering)
    incident_desk_deliver_async (self->desk, self->delivering, NULL, NULL);
  else
    deliver_in (self, MOMENT);
}

static gboolean
on_remind (gpointer data)
{
  Server *self = data;
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  gint64 next = G_MAXINT64;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reminders G_GNUC_UNUSED = incident_desk_remind (self->desk, &next, &error);

  tell_trouble (&self->remind_trouble, "Nobody could be reminded, and it is tried again", error);
  self->remind_source = g_timeout_add ((guint) (CLAMP (next - now, G_TIME_SPAN_SECOND, REMIND_SECONDS * G_TIME_SPAN_SECOND) / 1000),
                                       on_remind, self);
  return G_SOURCE_REMOVE;
}

static void
escalate_in (Server *self,
             gint64  time);

static gboolean
on_escalate (gpointer data)
{
  Server *self = data;
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  gint64 next = G_MAXINT64;
  g_autoptr(GError) error = NULL;

  self->escalate_source = 0;
  if (self->is_stopping)
    return G_SOURCE_REMOVE;

  incident_escalator_run (self->escalator, &next, &error);
  tell_trouble (&self->escalate_trouble, "Nobody could be paged, and it is tried again", error);
  escalate_in (self, error != NULL ? ESCALATE_SECONDS * G_TIME_SPAN_SECOND
                                   : CLAMP (next - now, MOMENT, ESCALATE_SECONDS * G_TIME_SPAN_SECOND));
  return G_SOURCE_REMOVE;
}

static void
escalate_in (Server *self,
             gint64  time)
{
  g_clear_handle_id (&self->escalate_source, g_source_remove);
  self->escalate_at = g_get_monotonic_time () + time;
  self->escalate_source = g_timeout_add ((guint) (time / 1000), on_escalate, self);
}

void
server_escalate_soon (Server *self)
{
  /* However much changes, it is not put off. */
  if (!self->is_stopping && (self->escalate_source == 0 || self->escalate_at > g_get_monotonic_time () + MOMENT))
    escalate_in (self, MOMENT);
}

static void
on_changed (Server *self)
{
  server_escalate_soon (self);
  server_deliver_soon (self);
}

void
server_start_deliveries (Server *self)
{
  self->delivering = g_cancellable_new ();
  self->escalator = incident_escalator_new (self->desk);
  self->changed_handler = g_signal_connect_swapped (self->desk, "changed", G_CALLBACK (on_changed), self);
  escalate_in (self, MOMENT / 10);
  deliver_in (self, MOMENT);
  on_remind (self);
}

/* What is on its way is waited for, and nothing more begun. */
void
server_stop_deliveries (Server *self)
{
  g_cancellable_cancel (self->delivering);
  g_clear_signal_handler (&self->changed_handler, self->desk);
  g_clear_handle_id (&self->deliver_source, g_source_remove);
  g_clear_handle_id (&self->remind_source, g_source_remove);
  g_clear_handle_id (&self->escalate_source, g_source_remove);
  if (self->escalator != NULL)
    incident_escalator_stop (self->escalator);
}
