/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test-lifecycle-walk [STEPS [SEED]]: commands at random to several cases in one
 * SQLite store, which is closed and opened again in between. */
#include "support.h"
#include "world.h"

#include <string.h>

#define N_CASES 3

static guint steps = 1000;
static guint32 seed = 20261125;

static void
read_store_id (const char *path,
               guint8      store_id[16])
{
  sqlite3 *db = raw_open (path);
  sqlite3_stmt *statement = NULL;

  assert_int_equal (sqlite3_prepare_v2 (db, "SELECT store_id FROM store", -1, &statement, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  assert_int_equal (sqlite3_column_bytes (statement, 0), 16);
  memcpy (store_id, sqlite3_column_blob (statement, 0), 16);
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

static World *
open_world (const char    *path,
            IncidentClock *clock)
{
  g_autoptr(GError) error = NULL;
  IncidentStore *store = incident_sqlite_store_open (path, clock, &error);
  guint8 store_id[16];

  assert_no_error (error);
  read_store_id (path, store_id);
  return world_new (g_object_ref (clock), store, store_id);
}

/* Looks at another case, by its number or as one to be opened. */
static void
turn_to (World     *world,
         PlainCase *plain,
         guint      number)
{
  g_clear_object (&world->kase);
  world->plain = *plain;
  if (plain->phase != NULL)
    world->kase = incident_desk_get_case (world->desk, number, NULL);
}

static guint
count_open (const PlainCase *cases)
{
  guint n = 0;

  for (guint i = 0; i < N_CASES; i++)
    n += plain_is_open (&cases[i]) ? 1 : 0;

  return n;
}

static void
check_list (World           *world,
            const PlainCase *cases)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) found = NULL;

  incident_query_set_open_only (query, TRUE);
  found = incident_desk_find_cases (world->desk, query, NULL);
  assert_non_null (found);
  assert_int_equal (found->len, count_open (cases));
  for (guint i = 0; i < found->len; i++)
    {
      IncidentCase *kase = g_ptr_array_index (found, i);

      assert_string_equal (incident_case_get_phase (kase), cases[incident_case_get_number (kase) - 1].phase);
    }
}

static void
test_a_random_life_survives_reopening (void **state)
{
  Place *place = *state;
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (G_GINT64_CONSTANT (1790000000000000), seed);
  g_autoptr(World) world = open_world (place->path, clock);
  PlainCase cases[N_CASES] = { { NULL, }, };
  guint n_events = 0;

  print_message ("seed %u\n", seed);
  for (guint i = 0; i < N_CASES; i++)
    {
      turn_to (world, &cases[i], 0);
      assert_true (world_act (world, &world_commands[0]));
      cases[i] = world->plain;
      n_events++;
    }
  for (guint step = 0; step < steps; step++)
    {
      guint chosen = (guint) g_rand_int_range (rand, 0, N_CASES);
      PlainCommand command = world_commands[g_rand_int_range (rand, 0, (gint32) world_n_commands)];

      if (g_rand_int_range (rand, 0, 4) == 0)
        command.actor = "cy";
      turn_to (world, &cases[chosen], chosen + 1);
      n_events += world_act (world, &command) ? 1 : 0;
      cases[chosen] = world->plain;
      world_check_next (world);
      if (g_rand_int_range (rand, 0, 10) != 0)
        continue;
      world_check_case (world);
      check_list (world, cases);
      g_clear_pointer (&world, world_free);
      world = open_world (place->path, clock);
    }

  assert_int_equal (count_events (world->desk), n_events);
  for (guint i = 0; i < N_CASES; i++)
    {
      turn_to (world, &cases[i], i + 1);
      world_check_case (world);
    }
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_random_life_survives_reopening, place_setup, place_teardown),
  };

  if (argc > 1)
    steps = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  if (argc > 2)
    seed = (guint32) g_ascii_strtoull (argv[2], NULL, 10);

  return cmocka_run_group_tests (tests, NULL, NULL);
}
