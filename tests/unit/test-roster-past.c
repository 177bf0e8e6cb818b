/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "override-test.h"

/* Who was on call in a minute that is past never changes, whatever is said later. */

#define N_SEEDS 12
#define N_STEPS 60
/* Every so often, and so long in all: moments that are asked for. */
#define EVERY   (7 * MINUTE)
#define N_ASKED 300

static const char * const people[] = { "ana", "bo", "cy", "di" };

#define OTHER_TURNS \
  "{\"zone\":\"Europe/Madrid\",\"layers\":[{\"people\":[\"cy\",\"di\",\"ana\"],\"rotation\":{\"start\":\"2026-11-23T00:30\",\"every\":1,\"unit\":\"hour\"}}]}"

static const char * const playbooks[] = {
  PLAYBOOK,
  "{" PEOPLE ",\"schedules\":{\"core\":" OTHER_TURNS "}}",
  "{" PEOPLE ",\"schedules\":{\"core\":{\"zone\":\"UTC\",\"layers\":[{\"priority\":1,\"people\":[\"ana\",\"bo\"]},{\"people\":[\"cy\"]}]}}}",
  "{" PEOPLE "}",
};

typedef struct
{
  Office *office;
  GRand  *random;
  char   *answers[N_ASKED];  /* once the moment was past */
  guint   n_done;            /* changes that were not refused */
} Walk;

static const char *
pick_person (Walk *walk)
{
  return people[g_rand_int_range (walk->random, 0, G_N_ELEMENTS (people))];
}

static gint64
get_now (Walk *walk)
{
  return incident_clock_get_time (walk->office->clock);
}

/* Those of moments that are past by now, where nobody asked for them before. */
static void
ask (Walk *walk)
{
  for (guint i = 0; i < N_ASKED && START + i * EVERY < get_now (walk); i++)
    if (walk->answers[i] == NULL)
      walk->answers[i] = dup_on_call (walk->office, START + i * EVERY);
}

static void
assert_same_past (Walk *walk)
{
  for (guint i = 0; i < N_ASKED && walk->answers[i] != NULL; i++)
    assert_on_call (walk->office, START + i * EVERY, walk->answers[i]);
}

static void
add_anything (Walk *walk)
{
  IncidentOverrideKind kind = (IncidentOverrideKind) g_rand_int_range (walk->random, 0, INCIDENT_OVERRIDE_KIND_FEED);
  gint64 from = get_now (walk) + g_rand_int_range (walk->random, -60, 240) * MINUTE;
  gint64 until = from + g_rand_int_range (walk->random, 1, 150) * MINUTE;
  gboolean has_person = kind != INCIDENT_OVERRIDE_KIND_TEMPORARY;
  g_autoptr(IncidentOverride) wanted =
    incident_override_new ("core", kind, has_person ? pick_person (walk) : NULL,
                           kind == INCIDENT_OVERRIDE_KIND_REPLACE ? pick_person (walk) : NULL, from, until, NULL);
  g_autoptr(IncidentOverride) made = NULL;

  if (!has_person)
    incident_override_add_shift (wanted, pick_person (walk), from, (from + until) / 2);
  made = incident_desk_add_override (walk->office->desk, wanted, pick_person (walk), NULL);
  walk->n_done += made != NULL ? 1 : 0;
}

static void
take_anything (Walk *walk)
{
  guint64 id = (guint64) g_rand_int_range (walk->random, 1, (int) get_head (walk->office) + 1);
  g_autoptr(IncidentOverride) made = NULL;
  gint64 from = INCIDENT_TIME_NONE;

  if (g_rand_boolean (walk->random))
    from = get_now (walk) + g_rand_int_range (walk->random, 1, 200) * MINUTE;
  made = incident_desk_take_swap (walk->office->desk, id, pick_person (walk), from, INCIDENT_TIME_NONE, NULL);
  walk->n_done += made != NULL ? 1 : 0;
}

static void
do_anything (Walk *walk)
{
  switch (g_rand_int_range (walk->random, 0, 8))
    {
    case 0:
      rule_by (walk->office, playbooks[g_rand_int_range (walk->random, 0, G_N_ELEMENTS (playbooks))]);
      break;
    case 1:
      incident_desk_withdraw_override (walk->office->desk, (guint64) g_rand_int_range (walk->random, 1, (int) get_head (walk->office) + 1),
                                       pick_person (walk), NULL);
      break;
    case 2:
    case 3:
      take_anything (walk);
      break;
    default:
      add_anything (walk);
      break;
    }
}

static void
test_no_later_record_changes_a_minute_that_is_past (void **state)
{
  guint n_done = 0;

  for (guint seed = 1; seed <= N_SEEDS; seed++)
    {
      void *opened = NULL;
      Walk walk = { NULL, g_rand_new_with_seed (seed), { NULL, }, 0 };

      office_open (&opened);
      walk.office = opened;
      rule_by (walk.office, PLAYBOOK);
      for (guint step = 0; step < N_STEPS; step++)
        {
          advance (walk.office, (gint64) g_rand_int_range (walk.random, 0, 40 * 60) * G_USEC_PER_SEC);
          ask (&walk);
          do_anything (&walk);
          assert_same_past (&walk);
        }
      reopen_office (walk.office);
      assert_same_past (&walk);

      n_done += walk.n_done;
      for (guint i = 0; i < N_ASKED; i++)
        g_free (walk.answers[i]);
      g_rand_free (walk.random);
      office_close (&opened);
    }

  /* Or it would say little. */
  assert_true (n_done > N_SEEDS * N_STEPS / 4);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_later_record_changes_a_minute_that_is_past),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
