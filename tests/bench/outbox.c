/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages that are written, claimed and settled, one after another. The cases are how many others wait in a
 * channel that nobody asks for. In memory, so that no disk hides what it costs: the tables are those of the file. */
#include "worker.h"

#include <libincident/incident.h>

#include "store/incident-store-private.h"

#define N_LANES 64

static IncidentStore *store;
static guint64 n_put;

static void
check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static IncidentOutboxRow *
make_message (const char *channel,
              guint64     number)
{
  IncidentOutboxRow *row = incident_outbox_row_new ();

  row->key = g_strdup_printf ("%s/%032" G_GINT64_MODIFIER "x", channel, number);
  row->channel = g_strdup (channel);
  row->lane = g_strdup_printf ("INC-%" G_GUINT64_FORMAT, number % N_LANES);
  row->body = g_strdup ("{\"text\":\"rolled back to 1.4.1\"}");
  row->subject = number % N_LANES + 1;
  row->priority = INCIDENT_OUTBOX_UPDATE;
  row->not_before = (gint64) number;
  return row;
}

static void
put (const char *channel,
     guint64     n)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  IncidentCommit commit = { .drafts = none, .messages = messages };
  g_autoptr(GError) error = NULL;

  for (guint64 i = 0; i < n; i++)
    g_ptr_array_add (messages, make_message (channel, n_put++));
  incident_store_commit (store, &commit, &error);
  check (error);
}

static void
settle (const IncidentOutboxRow *row)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_change_free);
  IncidentCommit commit = { .drafts = none, .changes = changes };
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (changes, incident_outbox_change_new (row, INCIDENT_MESSAGE_STATE_SENT, row->not_before));
  incident_store_commit (store, &commit, &error);
  check (error);
}

static void
begin (void)
{
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();

  n_put = 0;
  store = incident_memory_store_new (clock);
  put ("elsewhere", worker_n_cases);
}

static void
end (void)
{
  g_clear_object (&store);
}

static void
send_one (void)
{
  static const char * const channels[] = { "slack", NULL };
  const IncidentOutboxClaim claim = { (gint64) n_put, (gint64) n_put + 1, "bench", channels };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOutboxRow) row = incident_store_claim_message (store, &claim, NULL, &error);

  check (error);
  settle (row);
}

static void
run (guint64 n)
{
  for (guint64 i = 0; i < n; i += worker_batch)
    {
      guint64 some = MIN (worker_batch, n - i);

      put ("slack", some);
      for (guint64 j = 0; j < some; j++)
        send_one ();
    }
}

static guint64
checksum (void)
{
  g_autoptr(GError) error = NULL;
  IncidentOutboxCount count;

  incident_store_count_messages (store, "slack", &count, &error);
  check (error);
  return count.n[INCIDENT_MESSAGE_STATE_SENT] * 1000 + count.n[INCIDENT_MESSAGE_STATE_PENDING];
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "send", begin, run, checksum, NULL, end },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
