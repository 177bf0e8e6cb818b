/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-breaker-private.h"

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "base/incident-node-private.h"

#define BACKOFF_AT_MOST G_TIME_SPAN_MINUTE
/* Whatever the far side asks for. */
#define PATIENCE_AT_MOST G_TIME_SPAN_DAY
#define MOST_LOGGED     20

/* When Standard Webhooks tries again: https://github.com/standard-webhooks/standard-webhooks, “Deliverability and
 * reliability”. */
static const gint64 webhook_delays[] = {
  5 * G_TIME_SPAN_SECOND, 5 * G_TIME_SPAN_MINUTE, 30 * G_TIME_SPAN_MINUTE, 2 * G_TIME_SPAN_HOUR, 5 * G_TIME_SPAN_HOUR,
  10 * G_TIME_SPAN_HOUR, 14 * G_TIME_SPAN_HOUR, 20 * G_TIME_SPAN_HOUR, 24 * G_TIME_SPAN_HOUR,
};

/* Uniform in [0, most). */
static gint64
draw (IncidentClock *clock,
      gint64         most)
{
  g_autoptr(GBytes) bytes = NULL;
  guint64 drawn = 0;

  if (most <= 0)
    return 0;

  bytes = incident_clock_random_bytes (clock, sizeof drawn);
  memcpy (&drawn, g_bytes_get_data (bytes, NULL), sizeof drawn);
  return (gint64) (drawn % (guint64) most);
}

static gint64
get_webhook_delay (guint          attempts,
                   IncidentClock *clock)
{
  gint64 delay = webhook_delays[CLAMP (attempts, 1, G_N_ELEMENTS (webhook_delays)) - 1];

  return delay + draw (clock, delay / 10);
}

/* Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
gint64
incident_retry_get_delay (const IncidentOutboxRow *row,
                          gint64                   retry_after,
                          IncidentClock           *clock)
{
  gint64 most = MIN (BACKOFF_AT_MOST, G_TIME_SPAN_SECOND << MIN (row->attempts, 10u));

  if (retry_after > 0)
    return MIN (retry_after, PATIENCE_AT_MOST) + draw (clock, G_TIME_SPAN_SECOND);
  if (row->kind == INCIDENT_MESSAGE_KIND_EVENT)
    return get_webhook_delay (row->attempts, clock);

  return draw (clock, most);
}

static void
write_attempt (IncidentJsonWriter *writer,
               gint64              at,
               const char         *outcome,
               const char         *detail)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_moment (writer, "at", at);
  incident_json_writer_member (writer, "outcome", outcome);
  if (detail != NULL)
    incident_json_writer_member (writer, "detail", detail);
  incident_json_writer_end_object (writer);
}

char *
incident_retry_log (const char *log,
                    gint64      at,
                    const char *outcome,
                    const char *detail)
{
  g_autoptr(IncidentTree) tree = log != NULL ? incident_tree_new (log, strlen (log), NULL, NULL) : NULL;
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  guint n = incident_node_get_length (root);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_array (&writer);
  for (guint i = n >= MOST_LOGGED ? n - MOST_LOGGED + 1 : 0; i < n; i++)
    {
      g_autofree char *entry = incident_node_to_json (incident_node_get_child (root, i), FALSE);

      incident_json_writer_raw (&writer, entry);
    }
  write_attempt (&writer, at, outcome, detail);
  incident_json_writer_end_array (&writer);
  return incident_json_writer_finish (&writer);
}

gboolean
incident_retry_log_ends_with (const char *log,
                              const char *outcome)
{
  g_autoptr(IncidentTree) tree = log != NULL ? incident_tree_new (log, strlen (log), NULL, NULL) : NULL;
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  guint n = incident_node_get_length (root);

  return n > 0 && g_strcmp0 (incident_node_get_string (incident_node_get_child (root, n - 1), "outcome"), outcome) == 0;
}
