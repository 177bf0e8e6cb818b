/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-breaker-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "base/incident-node-private.h"

#define MOST_IN_A_ROW  5
#define OPEN_AT_FIRST  (30 * G_TIME_SPAN_SECOND)
#define OPEN_AT_MOST   (5 * G_TIME_SPAN_MINUTE)

void
incident_breaker_init (IncidentBreaker *self,
                       const char      *channel)
{
  *self = (IncidentBreaker) {
    .channel = g_strdup (channel), .open_until = INCIDENT_TIME_NONE, .paused_until = INCIDENT_TIME_NONE
  };
}

void
incident_breaker_clear (IncidentBreaker *self)
{
  g_clear_pointer (&self->channel, g_free);
}

static gint64
read_integer (IncidentNode *node,
              const char   *name,
              gint64        otherwise)
{
  IncidentNode *member = incident_node_get_member (node, name);

  return member != NULL && member->type == INCIDENT_JSON_INT ? member->value.integer : otherwise;
}

void
incident_breaker_read (IncidentBreaker            *self,
                       const IncidentChannelState *state)
{
  g_autoptr(IncidentTree) tree = NULL;
  IncidentNode *root;

  if (state == NULL)
    return;

  /* What nobody can read any more starts anew. */
  self->version = state->version;
  tree = incident_tree_new (state->data, strlen (state->data), NULL, NULL);
  root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  self->n_failed = (guint) read_integer (root, "failed", 0);
  self->window = (guint32) read_integer (root, "window", 0);
  self->n_window = (guint) CLAMP (read_integer (root, "n", 0), 0, INCIDENT_BREAKER_WINDOW);
  self->n_opened = (guint) read_integer (root, "opened", 0);
  self->open_until = read_integer (root, "open_until", INCIDENT_TIME_NONE);
  self->paused_until = read_integer (root, "paused_until", INCIDENT_TIME_NONE);
  self->is_closed = incident_node_get_boolean (root, "closed");
  self->is_changed = FALSE;
}

static void
write_integer (IncidentJsonWriter *writer,
               const char         *name,
               gint64              value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_int (writer, value);
}

IncidentChannelState *
incident_breaker_write (const IncidentBreaker *self)
{
  IncidentChannelState *state = g_new0 (IncidentChannelState, 1);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  write_integer (&writer, "failed", self->n_failed);
  write_integer (&writer, "window", self->window);
  write_integer (&writer, "n", self->n_window);
  write_integer (&writer, "opened", self->n_opened);
  if (self->open_until != INCIDENT_TIME_NONE)
    write_integer (&writer, "open_until", self->open_until);
  if (self->paused_until != INCIDENT_TIME_NONE)
    write_integer (&writer, "paused_until", self->paused_until);
  if (self->is_closed)
    {
      incident_json_writer_name (&writer, "closed");
      incident_json_writer_boolean (&writer, TRUE);
    }
  incident_json_writer_end_object (&writer);

  state->channel = g_strdup (self->channel);
  state->version = self->version;
  state->data = incident_json_writer_finish (&writer);
  return state;
}

gboolean
incident_breaker_is_down (const IncidentBreaker *self)
{
  return self->open_until != INCIDENT_TIME_NONE;
}

gint64
incident_breaker_get_ready (const IncidentBreaker *self)
{
  if (self->is_closed)
    return G_MAXINT64;

  return MAX (self->open_until, self->paused_until);
}

static guint
count_failed (const IncidentBreaker *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_window; i++)
    n += (self->window >> i) & 1;
  return n;
}

static void
open_for_a_while (IncidentBreaker *self,
                  gint64           now)
{
  gint64 duration = OPEN_AT_FIRST << MIN (self->n_opened, 8u);

  self->open_until = now + MIN (duration, OPEN_AT_MOST);
  self->n_opened++;
  self->is_changed = TRUE;
}

static gboolean
note_failure (IncidentBreaker *self,
              gint64           now)
{
  gboolean was_down = incident_breaker_is_down (self);

  self->is_changed = TRUE;
  self->n_failed++;
  self->window = ((self->window << 1) | 1) & ((1u << INCIDENT_BREAKER_WINDOW) - 1);
  self->n_window = MIN (self->n_window + 1, INCIDENT_BREAKER_WINDOW);
  /* What was on its way when it went down tells nothing new. */
  if (was_down ? now >= self->open_until
               : self->n_failed >= MOST_IN_A_ROW
                 || (self->n_window == INCIDENT_BREAKER_WINDOW && 2 * count_failed (self) >= INCIDENT_BREAKER_WINDOW))
    open_for_a_while (self, now);
  return incident_breaker_is_down (self) && !was_down;
}

static gboolean
note_success (IncidentBreaker *self)
{
  gboolean was_down = incident_breaker_is_down (self);

  /* As long as all is well nothing has to be written down. */
  if (was_down || self->window != 0 || self->n_failed > 0)
    self->is_changed = TRUE;
  self->n_failed = 0;
  self->window = was_down ? 0 : (self->window << 1) & ((1u << INCIDENT_BREAKER_WINDOW) - 1);
  self->n_window = was_down ? 0 : MIN (self->n_window + 1, INCIDENT_BREAKER_WINDOW);
  self->n_opened = 0;
  self->open_until = INCIDENT_TIME_NONE;
  return was_down;
}

gboolean
incident_breaker_note (IncidentBreaker *self,
                       IncidentOutcome  outcome,
                       gint64           now)
{
  gboolean was_down;

  switch (outcome)
    {
    case INCIDENT_OUTCOME_RETRY:
    case INCIDENT_OUTCOME_UNSURE:
      return note_failure (self, now);
    case INCIDENT_OUTCOME_CLOSED:
      was_down = incident_breaker_is_down (self);
      open_for_a_while (self, now);
      self->is_closed = TRUE;
      return !was_down;
    case INCIDENT_OUTCOME_SENT:
    case INCIDENT_OUTCOME_REFUSED:
      /* One that was on its way mends nothing. */
      return !self->is_closed && note_success (self);
    case INCIDENT_OUTCOME_WAIT:
    default:
      return FALSE;
    }
}

void
incident_breaker_pause (IncidentBreaker *self,
                        gint64           until)
{
  if (until <= self->paused_until)
    return;

  self->paused_until = until;
  self->is_changed = TRUE;
}

void
incident_breaker_reload (IncidentBreaker *self,
                         gint64           now)
{
  if (!self->is_closed)
    return;

  self->is_closed = FALSE;
  self->open_until = now;
  self->is_changed = TRUE;
}
