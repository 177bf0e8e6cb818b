/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test-lifecycle-property [DEPTH]: every reachable sequence of commands up to DEPTH,
 * and after each of them every command there is. */
#include "world.h"

static guint depth = 4;

typedef struct
{
  GArray *path;      /* indexes of the commands that led here */
  guint   n_nodes;
  guint   n_refused;
} Search;

static World *
walk_to (Search *search)
{
  World *world = world_new_in_memory (7);
  guint n = search->path->len;

  for (guint i = 0; i + 1 < n; i++)
    world_repeat (world, &world_commands[g_array_index (search->path, guint, i)]);
  assert_true (world_act (world, &world_commands[g_array_index (search->path, guint, n - 1)]));
  return world;
}

/* Tries all that must leave no trace, and lists the rest. */
static GArray *
try_all (Search *search,
         World  *world)
{
  GArray *allowed = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < world_n_commands; i++)
    {
      g_autofree char *codes = plain_judge (&world->plain, &world_commands[i]);

      if (*codes == '\0' && !plain_holds (&world->plain, &world_commands[i]))
        {
          g_array_append_val (allowed, i);
          continue;
        }
      assert_false (world_act (world, &world_commands[i]));
      search->n_refused++;
    }

  return allowed;
}

static void
explore (Search *search,
         guint   levels)
{
  g_autoptr(World) world = walk_to (search);
  g_autoptr(GArray) allowed = NULL;

  search->n_nodes++;
  world_check_case (world);
  world_check_next (world);
  allowed = try_all (search, world);
  world_check_case (world);
  if (levels == 0)
    return;

  g_clear_pointer (&world, world_free);
  for (guint i = 0; i < allowed->len; i++)
    {
      g_array_append_val (search->path, g_array_index (allowed, guint, i));
      explore (search, levels - 1);
      g_array_set_size (search->path, search->path->len - 1);
    }
}

static void
test_every_sequence_does_what_the_table_says (void **state)
{
  Search search = { g_array_new (FALSE, TRUE, sizeof (guint)), 0, 0 };

  g_array_set_size (search.path, 1);
  explore (&search, depth);
  print_message ("%u sequences, %u commands that changed nothing\n", search.n_nodes, search.n_refused);
  g_array_unref (search.path);
}

static char *
describe (const PlainCase *plain)
{
  return g_strdup_printf ("%s %s %s %s %u %u", plain->phase, plain->commander, plain->scribe, plain->severity,
                          MIN (plain->episode, 3), MIN (plain->level, 3));
}

/* Farther than any depth reaches: every command in every situation that differs, once. */
static void
explore_situations (Search     *search,
                    GHashTable *seen)
{
  g_autoptr(World) world = walk_to (search);
  g_autoptr(GArray) allowed = NULL;

  world_check_case (world);
  if (!g_hash_table_add (seen, describe (&world->plain)))
    return;

  search->n_nodes++;
  world_check_next (world);
  allowed = try_all (search, world);
  g_clear_pointer (&world, world_free);
  for (guint i = 0; i < allowed->len; i++)
    {
      g_array_append_val (search->path, g_array_index (allowed, guint, i));
      explore_situations (search, seen);
      g_array_set_size (search->path, search->path->len - 1);
    }
}

static void
test_every_situation_answers_every_command (void **state)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Search search = { g_array_new (FALSE, TRUE, sizeof (guint)), 0, 0 };

  g_array_set_size (search.path, 1);
  explore_situations (&search, seen);
  print_message ("%u situations, %u commands that changed nothing\n", search.n_nodes, search.n_refused);
  assert_true (search.n_nodes > 500);
  g_array_unref (search.path);
}

static void
test_before_it_is_opened_there_is_only_opening (void **state)
{
  g_autoptr(World) world = world_new_in_memory (7);

  for (guint i = 1; i < world_n_commands; i++)
    assert_false (world_act (world, &world_commands[i]));
  assert_true (world_act (world, &world_commands[0]));
  world_check_case (world);
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_before_it_is_opened_there_is_only_opening),
    cmocka_unit_test (test_every_situation_answers_every_command),
    cmocka_unit_test (test_every_sequence_does_what_the_table_says),
  };

  if (argc > 1)
    depth = (guint) g_ascii_strtoull (argv[1], NULL, 10);

  return cmocka_run_group_tests (tests, NULL, NULL);
}
