/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve.h"

#include <signal.h>
#include <sys/prctl.h>

#include <glib-unix.h>

#include "incident-print.h"
#include "incident-verbs.h"

#define STOP_SECONDS    10   /* for what is in flight */
#define MOMENT          (G_TIME_SPAN_SECOND / 4)
#define SETTLE_SECONDS  10   /* others write to the store too, and nobody tells us */

static void
server_free (Server *self)
{
  g_clear_handle_id (&self->settle_source, g_source_remove);
  listener_stop (self);
  if (self->desk != NULL)
    server_stop_deliveries (self);
  g_clear_object (&self->delivering);
  g_clear_object (&self->escalator);
  g_clear_object (&self->certificate);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  /* What was disconnected still has something to tell. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&self->desk);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->metrics, metrics_free);
  g_free (self->trouble);
  g_free (self->settle_trouble);
  g_free (self->deliver_trouble);
  g_free (self->remind_trouble);
  g_free (self->escalate_trouble);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

void
server_complain (const char   *what,
                 const GError *error)
{
  g_autofree char *line = g_strdup_printf ("%s: %s", what, error->message);
  g_autofree char *harmless = incident_text_for_terminal (line);

  g_printerr ("incident: %s\n", harmless);
}

/* What stays the same is told once. */
static void
tell_trouble_of_settling (Server       *self,
                          const GError *error)
{
  if (error != NULL && g_strcmp0 (self->settle_trouble, error->message) != 0)
    server_complain ("What is due for alerts could not be done, and is tried again", error);

  g_free (self->settle_trouble);
  self->settle_trouble = error != NULL ? g_strdup (error->message) : NULL;
}

static gboolean
on_settle (gpointer data)
{
  Server *self = data;

  self->settle_source = 0;
  server_settle (self);
  return G_SOURCE_REMOVE;
}

static void
settle_in (Server *self,
           gint64  time)
{
  g_clear_handle_id (&self->settle_source, g_source_remove);
  self->settle_at = g_get_monotonic_time () + time;
  self->settle_source = g_timeout_add ((guint) (time / 1000) + 1, on_settle, self);
}

void
server_settle_soon (Server *self)
{
  if (self->settle_source == 0 || self->settle_at > g_get_monotonic_time () + MOMENT)
    settle_in (self, MOMENT);
}

void
server_settle (Server *self)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  gint64 next = G_MAXINT64;
  g_autoptr(GError) error = NULL;

  incident_desk_settle_alerts (self->desk, &next, &error);
  tell_trouble_of_settling (self, error);
  /* What is due and cannot be done must not keep us busy. */
  settle_in (self, CLAMP (next - now, error != NULL ? 4 * MOMENT : MOMENT / 10, SETTLE_SECONDS * G_TIME_SPAN_SECOND));
}

/* To the end, and from one playbook to the next. */

static gboolean
on_quit (gpointer data)
{
  Server *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/* What lies in the sockets is seen to first. */
static gboolean
on_idle_while_stopping (gpointer data)
{
  Server *self = data;

  if (self->n_visits == 0 && !self->is_delivering)
    g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

void
server_visit_ended (Server *self)
{
  if (self->is_stopping && self->n_visits == 0 && !self->is_delivering)
    g_idle_add_full (G_PRIORITY_LOW, on_idle_while_stopping, self, NULL);
}

/* The second time without waiting for anybody. */
static gboolean
on_stop (gpointer data)
{
  Server *self = data;

  if (self->is_stopping)
    {
      g_main_loop_quit (self->loop);
      return G_SOURCE_CONTINUE;
    }

  self->is_stopping = TRUE;
  listener_stop (self);
  server_stop_deliveries (self);
  incident_desk_stop_listening (self->desk);
  g_timeout_add_seconds (STOP_SECONDS, on_quit, self);
  server_visit_ended (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
change_playbook (Server            *self,
                 IncidentPlaybook  *playbook,
                 GError           **error)
{
  g_autoptr(IncidentPlaybook) before = incident_playbook_ref (incident_desk_get_playbook (self->desk));

  if (!incident_desk_set_playbook (self->desk, playbook, error))
    return FALSE;
  if (listener_may_serve (self, error) && incident_desk_check_secrets (self->desk, error))
    return TRUE;

  incident_desk_set_playbook (self->desk, before, NULL);
  return FALSE;
}

static gboolean
on_reload (gpointer data)
{
  Server *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;

  if (self->is_stopping)
    return G_SOURCE_CONTINUE;

  playbook = words_load_playbook (self->words, &error);
  if (playbook == NULL || !change_playbook (self, playbook, &error))
    {
      g_printerr ("incident: The playbook stays the one that was there:\n");
      print_error (error, FALSE);
      return G_SOURCE_CONTINUE;
    }

  self->is_open = !incident_desk_has_tokens (self->desk);
  if (!self->is_quiet)
    g_printerr ("incident: The playbook was loaded again, version %s\n", incident_playbook_get_version (playbook));
  if (!incident_desk_listen (self->desk, &error))
    server_complain ("Nobody listens to Slack", error);
  server_settle (self);
  server_escalate_soon (self);
  server_deliver_soon (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
tell_address (Server  *self,
              GError **error)
{
  g_autofree char *url = listener_dup_url (self);

  if (words_has (self->words, "json"))
    print_member ("url", url);
  else
    print_line ("Listening on %s", url);
  return print_flush (error);
}

/* Signals are heard before anybody is told that we are here. */
static gboolean
run (Server  *self,
     GError **error)
{
  guint sources[] = {
    g_unix_signal_add (SIGTERM, on_stop, self),
    g_unix_signal_add (SIGINT, on_stop, self),
    g_unix_signal_add (SIGHUP, on_reload, self),
  };
  gboolean told = tell_address (self, error);

  if (told)
    {
      server_settle (self);
      server_start_deliveries (self);
      g_main_loop_run (self->loop);
    }
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  return told;
}

static void
on_listening_failed (IncidentDesk *desk,
                     const char   *channel,
                     const char   *message,
                     gpointer      data)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, message);
  g_autofree char *what = g_strdup_printf ("The channel “%s” cannot be listened to", channel);

  server_complain (what, error);
}

gboolean
verb_serve (const Verb *verb,
            Words      *words,
            GError    **error)
{
  g_autoptr(Server) self = g_new0 (Server, 1);

  /* Tokens that were sent stand in the buffers of others: there shall be no core to find them in, and nobody
   * but root looks into us. */
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  /* Nobody may read any more what we say of it. */
  signal (SIGPIPE, SIG_IGN);
  self->words = words;
  self->is_quiet = words_has (words, "quiet");
  self->loop = g_main_loop_new (NULL, FALSE);
  self->metrics = metrics_new ();
  self->desk = words_open_desk (words, error);
  if (self->desk == NULL || !incident_desk_check_secrets (self->desk, error))
    return FALSE;

  g_signal_connect (self->desk, "listening-failed", G_CALLBACK (on_listening_failed), NULL);
  self->is_open = !incident_desk_has_tokens (self->desk);
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  door_open (self);
  guard_set_up (self);
  return listener_start (self, error) && incident_desk_resume_alerts (self->desk, error)
         && incident_desk_listen (self->desk, error) && run (self, error);
}
