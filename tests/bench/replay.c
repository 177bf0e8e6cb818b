/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folding all events of a store, as after a migration: from its sealed segments, and from
 * its tail. It reaches below the headers, since no caller has to ask for it. */
#include "worker.h"

#include <glib/gstdio.h>
#include <libincident/incident.h>
#include <string.h>

#include "store/incident-sqlite-rows-private.h"

static IncidentSqlite *sqlite;

static char *
make_store (void)
{
  static const char * const verbs[N_RING] = { "diagnose", "escalate", "resolve" };
  char *path = worker_path ("replay.db");
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentDesk) desk = NULL;
  g_autofree guint64 *numbers = g_new (guint64, worker_n_cases);

  g_unlink (path);
  desk = incident_desk_open (path, &error);
  for (guint32 i = 0; i < worker_n_cases;)
    {
      g_autoptr(IncidentBatch) batch = incident_batch_new (desk);

      for (guint j = 0; j < 1024 && i < worker_n_cases; j++, i++)
        {
          g_autoptr(IncidentCommand) command = incident_command_new ("open", "ana");

          incident_command_set (command, "title", "Checkout answers 500", NULL);
          incident_batch_act (batch, 0, command, NULL);
        }
      incident_batch_commit (batch, &error);
    }
  for (guint lap = 0; lap < N_RING; lap++)
    for (guint32 i = 0; i < worker_n_cases; i += 64)
      {
        g_autoptr(IncidentCommand) command = incident_command_new (verbs[lap], "ana");
        gsize n = MIN (64, worker_n_cases - i);

        for (gsize j = 0; j < n; j++)
          numbers[j] = worker_order[i + j] + 1;
        incident_command_set (command, "text", "rolled back to 1.4.1", NULL);
        if (lap == 1)
          incident_command_set (command, "target", "payments", NULL);
        incident_desk_act_many (desk, numbers, n, command, &error);
      }
  if (error != NULL)
    g_error ("%s", error->message);
  return path;
}

static void
begin (gboolean sealed)
{
  g_autofree char *path = make_store ();
  g_autoptr(IncidentClock) clock = incident_system_clock_new ();
  gboolean more = sealed;

  sqlite = incident_sqlite_open (path, clock, NULL);
  incident_sqlite_exec (sqlite->db, "DELETE FROM segment", NULL);
  while (more)
    incident_sqlite_seal_some (sqlite, &more, NULL);
}

static void
sealed_begin (void)
{
  begin (TRUE);
}

static void
tail_begin (void)
{
  begin (FALSE);
}

static void
run (guint64 n)
{
  for (guint64 done = 0; done < n; done += worker_n_cases * (guint64) (N_RING + 1))
    {
      g_autoptr(GError) error = NULL;

      incident_sqlite_heads_clear (&sqlite->heads);
      incident_sqlite_heads_init (&sqlite->heads);
      if (!incident_sqlite_fold_all (sqlite, &error))
        g_error ("%s", error->message);
    }
}

static guint64
checksum (void)
{
  guint64 sum = 0;

  for (guint32 i = 0; i < worker_n_cases; i++)
    {
      const IncidentSqliteHead *head = incident_sqlite_heads_peek (&sqlite->heads, i + 1);

      sum += worker_checksum (i, g_str_equal (head->state.phase, "resolution") ? 1 : 0) + head->state.version;
    }
  return sum;
}

static void
end (void)
{
  incident_sqlite_close (sqlite);
}

int
main (int    argc,
      char **argv)
{
  static const Variant variants[] = {
    { "sealed", sealed_begin, run, checksum, NULL, end },
    { "tail", tail_begin, run, checksum, NULL, end },
    { NULL, NULL, NULL, NULL, NULL, NULL },
  };

  return worker_main (argc, argv, variants);
}
