/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include "model/incident-record-private.h"
#include "oncall/incident-plan-private.h"
#include "playbook/incident-playbook-private.h"

/* A case, what is planned for it, and a log of whom that pages: “+5m ana first step”. */

#define PEOPLE "\"desk\": {\"address\": \"https://desk.example.org/\"}, " \
  "\"channels\": {\"phone\": {\"kind\": \"own\"}}, " \
  "\"people\": {\"ana\": {\"pages\": [{\"by\": \"phone\"}]}, \"bo\": {\"pages\": [{\"by\": \"phone\"}]}, " \
  "\"carmen\": {\"pages\": [{\"by\": \"phone\"}]}, \"dee\": {}}, " \
  "\"teams\": {\"core\": {\"members\": [\"ana\", \"bo\"]}, \"boss\": {\"members\": [\"carmen\"]}}, "

#define TWO_STEPS "\"steps\": [{\"name\": \"first\", \"page\": [{\"person\": \"ana\"}], \"wait\": \"5m\"}, " \
  "{\"name\": \"second\", \"page\": [{\"person\": \"bo\"}], \"wait\": \"10m\"}]"

#define START_BY(policy) "\"escalation\": {\"start\": [{\"policy\": \"" policy "\"}], \"fallback\": [{\"person\": \"carmen\"}]}"

typedef struct
{
  IncidentPlaybook *playbook;
  IncidentRoster   *roster;
  IncidentState     state;
  IncidentPlanning  planning;
  IncidentPlan      plan;
  GString          *log;
  guint             n_plans;
} World;

static void
tell (World      *world,
      const char *actor,
      const char *facts)
{
  IncidentEffect effect;

  incident_effect_read (&effect, facts);
  incident_state_apply (&world->state, &effect, world->state.version + 1, actor, world->planning.now);
}

static void
world_init (World      *world,
            const char *json)
{
  *world = (World) { .log = g_string_new (NULL) };
  world->playbook = playbook_new (json);
  world->roster = incident_roster_new_plain (incident_playbook_get_rules (world->playbook));
  world->planning = (IncidentPlanning) { .roster = world->roster, .now = START, .now_boot = MINUTE, .boot = 7 };
  incident_plan_init (&world->plan);
  tell (world, "ana", "phase=new\nstate=live\nepisode=1\nseverity=sev2");
}

static void
world_clear (World *world)
{
  incident_plan_clear (&world->plan);
  incident_state_clear (&world->state);
  incident_roster_unref (world->roster);
  incident_playbook_unref (world->playbook);
  g_string_free (world->log, TRUE);
}

static void
log_page (World                     *world,
          const IncidentPlannedPage *page)
{
  g_string_append_printf (world->log, "+%dm %s %s%s\n", (int) ((world->planning.now - START) / MINUTE),
                          page->person != NULL ? page->person : page->target, page->is_sent ? "" : "not: ",
                          incident_page_reason_to_string (page->reason));
}

/* One plan, applied as the escalator would. */
static void
plan_once (World *world)
{
  incident_plan_make (&world->plan, &world->planning, &world->state);
  world->n_plans++;
  for (guint i = 0; i < world->plan.pages->len; i++)
    log_page (world, &g_array_index (world->plan.pages, IncidentPlannedPage, i));
  for (guint i = 0; i < world->plan.events->len; i++)
    tell (world, "desk", g_array_index (world->plan.events, IncidentPlannedEvent, i).facts);
}

static void
settle (World *world)
{
  gint64 due_boot;

  for (guint i = 0; incident_plan_get_due (&world->planning, &world->state, &due_boot) == INCIDENT_TIME_NONE; i++)
    {
      assert_true (i < 16);
      plan_once (world);
    }
}

static void
pass (World  *world,
      gint64  duration)
{
  gint64 until = world->planning.now + duration;
  gint64 due, due_boot;

  settle (world);
  while ((due = incident_plan_get_due (&world->planning, &world->state, &due_boot)) <= until)
    {
      world->planning.now_boot += due - world->planning.now;
      world->planning.now = due;
      settle (world);
    }
  world->planning.now_boot += until - world->planning.now;
  world->planning.now = until;
}

static void
assert_log (World      *world,
            const char *expected)
{
  assert_string_equal (world->log->str, expected);
  g_string_truncate (world->log, 0);
}

static const IncidentRun *
get_run (World *world)
{
  assert_non_null (world->state.runs);
  return world->state.runs;
}

static void
test_a_case_starts_its_policy_at_once_and_goes_up_after_the_delay (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, 4 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  pass (&world, MINUTE);
  assert_log (&world, "+5m bo step\n");
  pass (&world, 60 * MINUTE);
  assert_log (&world, "+15m carmen fallback\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_EXHAUSTED);
  world_clear (&world);
}

static void
test_a_policy_repeats_as_often_as_it_says (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"repeat\": 1, " TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, 60 * MINUTE);
  assert_log (&world, "+0m ana step\n+5m bo step\n+15m ana repeat\n+20m bo repeat\n+30m carmen fallback\n");
  world_clear (&world);
}

static void
test_an_acknowledgement_freezes_the_run (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, 600 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_ACKED);
  world_clear (&world);
}

static void
test_who_acknowledges_without_being_called_stops_it_too (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "dee", "acknowledged-by=dee");
  pass (&world, 600 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  world_clear (&world);
}

#define TIMES_OUT "\"acknowledgement\": {\"timeout\": \"30m\"}, "

static void
test_an_acknowledgement_times_out_and_the_same_step_comes_again (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TIMES_OUT TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, 6 * MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, 31 * MINUTE);
  assert_log (&world, "+0m ana step\n+5m bo step\n+36m bo ack-timeout\n+36m ana ack-timeout\n");
  assert_int_equal (get_run (&world)->step, 1);
  assert_int_equal (get_run (&world)->loop, 0);
  assert_int_equal (get_run (&world)->arming, 1);
  world_clear (&world);
}

static void
test_work_by_who_has_acknowledged_pushes_the_timeout_back (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TIMES_OUT TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, 20 * MINUTE);
  tell (&world, "ana", "update=internal");
  pass (&world, 29 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  pass (&world, MINUTE);
  assert_log (&world, "+51m ana ack-timeout\n");
  world_clear (&world);
}

static void
test_whether_an_acknowledgement_times_out_is_for_the_severity_to_say (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"acknowledgement\": {\"timeouts\": {\"sev1\": \"30m\"}}, " TWO_STEPS "}}, "
                      START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, 9 * MINUTE);
  tell (&world, "bo", "severity=sev1");
  pass (&world, 22 * MINUTE);
  assert_log (&world, "+0m ana step\n+31m ana ack-timeout\n");
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "bo", "severity=sev2");
  pass (&world, 120 * MINUTE);
  assert_log (&world, "");
  world_clear (&world);
}

static void
test_how_soon_an_acknowledgement_times_out_is_for_the_severity_to_say (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"acknowledgement\": {\"timeout\": \"60m\", \"timeouts\": {\"sev1\": \"15m\"}}, "
                      TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, 9 * MINUTE);
  tell (&world, "bo", "severity=sev1");
  pass (&world, 7 * MINUTE);
  assert_log (&world, "+0m ana step\n+16m ana ack-timeout\n");
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "bo", "severity=sev2");
  pass (&world, 58 * MINUTE);
  assert_log (&world, "");
  pass (&world, 2 * MINUTE);
  assert_log (&world, "+77m ana ack-timeout\n");
  world_clear (&world);
}

static void
test_an_acknowledgement_that_is_taken_back_arms_the_same_step (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, 6 * MINUTE);
  tell (&world, "bo", "acknowledged-by=bo");
  pass (&world, MINUTE);
  tell (&world, "bo", "unacknowledged=bo");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+5m bo step\n+7m bo unack\n");
  world_clear (&world);
}

static void
test_a_step_may_want_everybody_to_acknowledge (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"steps\": [{\"page\": [{\"team\": \"core\"}], \"wait\": \"5m\", "
                      "\"everybody-acknowledges\": true}, {\"page\": [{\"team\": \"core\"}, {\"person\": \"carmen\"}], \"wait\": \"5m\"}]}}, "
                      START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, 5 * MINUTE);
  assert_log (&world, "+0m ana step\n+0m bo step\n+5m ana not: acked\n+5m bo step\n+5m carmen step\n");
  /* What was not enough for the step before is no answer to this one. */
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_RUNNING);
  tell (&world, "bo", "acknowledged-by=bo");
  pass (&world, 30 * MINUTE);
  assert_log (&world, "");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_ACKED);
  world_clear (&world);
}

static void
test_where_everybody_has_to_acknowledge_none_may_take_it_back (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"steps\": [{\"page\": [{\"team\": \"core\"}], \"wait\": \"5m\", "
                      "\"everybody-acknowledges\": true}]}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  tell (&world, "bo", "acknowledged-by=bo");
  pass (&world, MINUTE);
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_ACKED);
  tell (&world, "ana", "unacknowledged=ana");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+0m bo step\n+2m ana unack\n+2m bo not: acked\n");
  world_clear (&world);
}

static void
test_a_step_that_reaches_nobody_is_passed_at_once (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"steps\": [{\"page\": [{\"person\": \"dee\"}], \"wait\": \"5m\"}, "
                      "{\"page\": [{\"person\": \"ana\"}, {\"team\": \"core\"}], \"wait\": \"5m\"}]}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  assert_log (&world, "+0m dee not: no-contact\n+0m ana step\n+0m ana not: already-paged\n+0m bo step\n");
  world_clear (&world);
}

static void
test_a_pass_without_a_page_asks_the_fallback_and_never_spins (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"repeat\": 2, \"steps\": [{\"page\": [{\"person\": \"dee\"}], \"wait\": \"5m\"}, "
                      "{\"page\": [{\"role\": \"commander\"}], \"wait\": \"10m\"}]}}, " START_BY ("p") "}");
  pass (&world, 16 * MINUTE);
  assert_log (&world, "+0m dee not: no-contact\n+0m role commander not: nobody-on-call\n+0m carmen fallback\n"
                      "+15m dee not: no-contact\n+15m role commander not: nobody-on-call\n+15m carmen fallback\n");
  tell (&world, "ana", "role=commander\nperson=ana");
  pass (&world, 30 * MINUTE);
  assert_log (&world, "+30m dee not: no-contact\n+30m ana repeat\n+40m carmen fallback\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_EXHAUSTED);
  world_clear (&world);
}

static void
test_a_step_whose_pages_all_fail_is_passed_at_once (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "desk", "run=1\npage-failed=ana\nby=rule");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+1m bo step\n");
  world_clear (&world);
}

static void
test_a_pass_whose_pages_all_fail_asks_the_fallback_and_never_spins (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"repeat\": 1, " TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "desk", "run=1\npage-failed=ana\nby=rule");
  pass (&world, MINUTE);
  tell (&world, "desk", "run=1\npage-failed=bo\nby=rule");
  pass (&world, 14 * MINUTE);
  assert_log (&world, "+0m ana step\n+1m bo step\n+2m carmen fallback\n");
  pass (&world, MINUTE);
  assert_log (&world, "+17m ana repeat\n");
  tell (&world, "desk", "run=1\npage-failed=ana\nby=rule");
  pass (&world, 10 * MINUTE);
  assert_log (&world, "+17m bo repeat\n+27m carmen fallback\n");
  world_clear (&world);
}

static void
test_a_step_is_skipped_where_its_condition_is_false (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"steps\": [{\"page\": [{\"person\": \"ana\"}], \"wait\": \"5m\", "
                      "\"if\": {\"severity\": [\"sev1\"]}}, {\"page\": [{\"person\": \"bo\"}], \"wait\": \"5m\"}], \"repeat\": 1}}, "
                      START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "severity=sev1");
  pass (&world, 5 * MINUTE);
  assert_log (&world, "+0m person ana not: condition-false\n+0m bo step\n+5m ana repeat\n");
  world_clear (&world);
}

/* START is a Monday at 07:00 in UTC. */
#define OFFICE "\"intervals\": {\"office\": [{\"weekdays\": [\"monday:friday\"], \"times\": [{\"start\": \"09:00\", \"end\": \"17:00\"}]}]}, "

static void
test_a_step_waits_for_its_hours_or_is_skipped (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE OFFICE "\"policies\": {\"p\": {\"steps\": [{\"page\": [{\"person\": \"ana\"}], \"wait\": \"5m\", "
                      "\"hours\": {\"interval\": \"office\", \"outside\": \"skip\"}}, {\"page\": [{\"person\": \"bo\"}], \"wait\": \"5m\", "
                      "\"hours\": {\"interval\": \"office\", \"outside\": \"wait\"}}]}}, " START_BY ("p") "}");
  pass (&world, 121 * MINUTE);
  assert_log (&world, "+0m person ana not: outside-hours\n+0m person bo not: waiting-hours\n+120m bo step\n");
  world_clear (&world);
}

static void
test_nobody_waits_for_hours_beyond_the_limit_of_time (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE OFFICE "\"policies\": {\"p\": {\"give-up-after\": \"60m\", \"steps\": [{\"page\": [{\"person\": \"bo\"}], "
                      "\"wait\": \"5m\", \"hours\": {\"interval\": \"office\", \"outside\": \"wait\"}}]}}, " START_BY ("p") "}");
  pass (&world, 61 * MINUTE);
  assert_log (&world, "+0m person bo not: waiting-hours\n+60m carmen fallback\n");
  assert_string_equal (get_run (&world)->why, "given-up");
  world_clear (&world);
}

static void
test_a_snooze_pauses_and_resumes_at_the_same_step (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "snoozed-until=2026-11-23T08:00:00Z");
  pass (&world, 58 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_PAUSED);
  pass (&world, 7 * MINUTE);
  assert_log (&world, "+60m ana resumed\n+65m bo step\n");
  world_clear (&world);
}

static void
test_in_a_snooze_no_acknowledgement_times_out (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TIMES_OUT TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "bo", "snoozed-until=2026-11-23T08:00:00Z");
  pass (&world, 57 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  pass (&world, 2 * MINUTE);
  assert_log (&world, "+60m ana ack-timeout\n");
  world_clear (&world);
}

static void
test_an_acknowledgement_that_is_taken_back_in_a_snooze_waits_for_its_end (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "bo", "snoozed-until=2026-11-23T08:00:00Z");
  tell (&world, "ana", "unacknowledged=ana");
  pass (&world, 57 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_PAUSED);
  pass (&world, 2 * MINUTE);
  assert_log (&world, "+60m ana resumed\n");
  world_clear (&world);
}

static void
test_what_is_resolved_rests_and_goes_on_if_it_did_not_hold (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TIMES_OUT TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "bo", "phase=resolution\nstate=live");
  pass (&world, 600 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  tell (&world, "bo", "phase=examination\nstate=live");
  pass (&world, MINUTE);
  assert_log (&world, "+601m ana resumed\n");
  world_clear (&world);
}

static void
test_recovery_ends_a_run_and_reopening_begins_another (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, 6 * MINUTE);
  tell (&world, "bo", "phase=recovered\nstate=open");
  pass (&world, 60 * MINUTE);
  assert_log (&world, "+0m ana step\n+5m bo step\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_ENDED);
  assert_string_equal (get_run (&world)->why, "recovered");
  tell (&world, "bo", "phase=diagnosis\nstate=live\nepisode=2");
  pass (&world, MINUTE);
  assert_log (&world, "+66m ana reopened\n");
  assert_int_equal (get_run (&world)->number, 2);
  world_clear (&world);
}

/* Whoever was asked for in the episode before. */
static void
test_reopening_begins_with_the_policy_of_the_case (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}, \"q\": {\"steps\": [{\"page\": [{\"person\": \"bo\"}], "
                      "\"wait\": \"5m\"}]}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "page-target=q");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+1m bo manual\n");
  tell (&world, "bo", "phase=recovered\nstate=open");
  pass (&world, MINUTE);
  tell (&world, "bo", "phase=diagnosis\nstate=live\nepisode=2");
  pass (&world, MINUTE);
  assert_log (&world, "+3m ana reopened\n");
  world_clear (&world);
}

static void
test_an_escalation_by_hand_fires_the_next_step_and_thaws (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "ana", "phase=escalation\nstate=live\nlevel=1\nescalates-to=p");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+2m bo manual\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_RUNNING);
  world_clear (&world);
}

static void
test_an_escalation_by_hand_ends_a_snooze (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}, \"q\": {\"steps\": [{\"page\": [{\"person\": \"carmen\"}], "
                      "\"wait\": \"5m\"}]}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "snoozed-until=2026-11-23T08:00:00Z");
  pass (&world, MINUTE);
  tell (&world, "ana", "level=1\nescalates-to=p");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+2m bo manual\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_RUNNING);
  tell (&world, "ana", "snoozed-until=2026-11-23T08:00:00Z");
  tell (&world, "ana", "level=2\nescalates-to=q");
  pass (&world, MINUTE);
  assert_log (&world, "+3m carmen manual\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_RUNNING);
  world_clear (&world);
}

static void
test_another_policy_takes_the_place_of_the_first (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}, \"q\": {\"steps\": [{\"page\": [{\"person\": \"bo\"}], "
                      "\"wait\": \"5m\"}]}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "level=1\nescalates-to=q");
  pass (&world, 2 * MINUTE);
  assert_log (&world, "+0m ana step\n+1m bo manual\n");
  assert_string_equal (get_run (&world)->policy, "q");
  assert_string_equal (get_run (&world)->next->why, "superseded");
  world_clear (&world);
}

static void
test_routes_of_several_teams_start_runs_side_by_side (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}, \"q\": {\"steps\": [{\"page\": [{\"person\": \"bo\"}], "
                      "\"wait\": \"7m\"}]}}, " START_BY ("p") "}");
  tell (&world, "desk", "policy=q\nalso-policy=p\nby=rule");
  pass (&world, MINUTE);
  assert_log (&world, "+0m bo step\n+0m ana step\n");
  tell (&world, "bo", "acknowledged-by=bo");
  pass (&world, 8 * MINUTE);
  assert_log (&world, "+5m bo not: acked\n+5m carmen fallback\n");
  assert_int_equal (incident_run_find (world.state.runs, 1)->state, INCIDENT_RUN_ACKED);
  world_clear (&world);
}

#define TWO_TEAMS "\"policies\": {\"p\": {\"acknowledgement\": {\"timeout\": \"60m\"}, " TWO_STEPS "}, " \
  "\"q\": {" TIMES_OUT "\"steps\": [{\"page\": [{\"person\": \"carmen\"}], \"wait\": \"7m\"}]}}, "

static void
test_each_team_has_its_own_acknowledgements (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE TWO_TEAMS START_BY ("p") "}");
  tell (&world, "desk", "policy=q\nalso-policy=p\nby=rule");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "carmen", "acknowledged-by=carmen");
  pass (&world, MINUTE);
  assert_log (&world, "+0m carmen step\n+0m ana step\n");
  pass (&world, 30 * MINUTE);
  assert_log (&world, "+32m carmen ack-timeout\n");
  tell (&world, "carmen", "acknowledged-by=carmen");
  pass (&world, MINUTE);
  tell (&world, "carmen", "unacknowledged=carmen");
  pass (&world, MINUTE);
  assert_log (&world, "+34m carmen unack\n");
  assert_int_equal (incident_run_find (world.state.runs, 2)->state, INCIDENT_RUN_ACKED);
  tell (&world, "ana", "level=1\nescalates-to=q");
  pass (&world, MINUTE);
  assert_int_equal (incident_run_find (world.state.runs, 2)->state, INCIDENT_RUN_ACKED);
  world_clear (&world);
}

/* Whoever is at it calls for others. */
static void
test_who_escalates_to_another_team_does_not_answer_for_it (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE TWO_TEAMS START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "ana", "level=1\nescalates-to=q");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+2m carmen manual\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_RUNNING);
  tell (&world, "carmen", "acknowledged-by=carmen");
  pass (&world, MINUTE);
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_ACKED);
  world_clear (&world);
}

static void
test_a_run_begins_still_where_somebody_is_at_it_already (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TIMES_OUT TWO_STEPS "}}, " START_BY ("p") "}");
  tell (&world, "dee", "acknowledged-by=dee");
  pass (&world, 29 * MINUTE);
  assert_log (&world, "");
  pass (&world, 2 * MINUTE);
  assert_log (&world, "+30m ana ack-timeout\n+30m dee not: no-contact\n");
  world_clear (&world);
}

static void
test_another_who_is_at_it_when_the_first_times_out_is_enough (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TIMES_OUT TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, 20 * MINUTE);
  tell (&world, "bo", "acknowledged-by=bo");
  pass (&world, 30 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  pass (&world, 30 * MINUTE);
  assert_log (&world, "+61m ana ack-timeout\n+61m bo ack-timeout\n+66m bo step\n+76m carmen fallback\n");
  world_clear (&world);
}

/* In the same look somebody answers, and another wants the new policy. */
static void
test_moving_a_run_does_not_lose_an_acknowledgement (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  world.state.runs->version = g_intern_string ("older");
  tell (&world, "ana", "acknowledged-by=ana");
  tell (&world, "bo", "moves-runs=yes");
  pass (&world, 30 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  assert_int_equal (get_run (&world)->state, INCIDENT_RUN_ACKED);
  world_clear (&world);
}

static void
test_a_person_is_paged_beside_the_run (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "page-target=carmen");
  tell (&world, "ana", "page-target=person bo");
  pass (&world, 5 * MINUTE);
  assert_log (&world, "+0m ana step\n+1m carmen direct\n+1m bo direct\n+5m bo step\n");
  world_clear (&world);
}

static void
test_a_team_whose_policy_goes_on_is_paged_beside_it (void **state)
{
  World world;

  world_init (&world, "{\"teams\": {\"p\": {\"members\": [\"carmen\"]}, \"night\": {\"members\": [\"bo\", \"carmen\"], \"policy\": \"p\"}}, "
                      "\"desk\": {\"address\": \"https://desk.example.org/\"}, \"channels\": {\"phone\": {\"kind\": \"own\"}}, "
                      "\"people\": {\"ana\": {\"pages\": [{\"by\": \"phone\"}]}, \"bo\": {\"pages\": [{\"by\": \"phone\"}]}, "
                      "\"carmen\": {\"pages\": [{\"by\": \"phone\"}]}}, \"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "ana", "page-target=team night");
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n+2m bo direct\n+2m carmen direct\n");
  /* It is called like the policy. */
  tell (&world, "ana", "page-target=p");
  pass (&world, MINUTE);
  assert_log (&world, "+3m carmen direct\n");
  world_clear (&world);
}

static void
test_after_a_jump_one_step_fires_and_none_is_skipped (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  world.planning.now += 10 * 24 * 60 * MINUTE;
  world.planning.now_boot += 10 * 24 * 60 * MINUTE;
  settle (&world);
  assert_log (&world, "+0m ana step\n+14401m bo step\n");
  assert_non_null (strstr (g_array_index (world.plan.events, IncidentPlannedEvent, 0).payload, "\"late\":863760000000"));
  world_clear (&world);
}

/* Nobody looked for so long that the run would have given up by now. */
static void
test_a_step_that_was_due_before_the_limit_of_time_fires_though_it_is_late (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"give-up-after\": \"8h\", " TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  world.planning.now += 600 * MINUTE;
  world.planning.now_boot += 600 * MINUTE;
  settle (&world);
  assert_log (&world, "+0m ana step\n+601m bo step\n+601m carmen fallback\n");
  world_clear (&world);
}

static void
test_the_clock_of_the_boot_decides_while_it_is_the_same (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  world.planning.now += 60 * MINUTE;
  settle (&world);
  assert_log (&world, "+0m ana step\n");
  world.planning.now -= 120 * MINUTE;
  world.planning.now_boot += 4 * MINUTE;
  settle (&world);
  assert_log (&world, "+-59m bo step\n");
  world_clear (&world);
}

static void
assert_late (World      *world,
             const char *kind,
             gint64      late)
{
  g_autofree char *member = g_strdup_printf ("\"late\":%" G_GINT64_FORMAT, late);
  const IncidentPlannedEvent *last;

  plan_once (world);
  last = &g_array_index (world->plan.events, IncidentPlannedEvent, world->plan.events->len - 1);
  assert_string_equal (last->kind, kind);
  if (late > 0 ? strstr (last->payload, member) == NULL : strstr (last->payload, "late") != NULL)
    fail_msg ("%s", last->payload);
}

static void
sleep_for (World  *world,
           gint64  duration)
{
  world->planning.now += duration;
  world->planning.now_boot += duration;
}

static void
test_how_late_is_told_of_whatever_fires (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TIMES_OUT TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  tell (&world, "ana", "acknowledged-by=ana");
  pass (&world, MINUTE);
  tell (&world, "ana", "update=internal");
  sleep_for (&world, 40 * MINUTE);
  assert_late (&world, "step-fired", 10 * MINUTE);
  tell (&world, "ana", "snoozed-until=2026-11-23T08:00:00Z");
  pass (&world, MINUTE);
  sleep_for (&world, 20 * MINUTE);
  assert_late (&world, "step-fired", 3 * MINUTE);
  tell (&world, "ana", "snoozed-until=2026-11-23T09:00:00Z");
  pass (&world, MINUTE);
  tell (&world, "ana", "snoozed-until=no");
  assert_late (&world, "step-fired", 0);
  world_clear (&world);
}

static void
test_after_a_boot_the_wall_decides (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, MINUTE);
  world.planning.boot = 8;
  world.planning.now_boot = 0;
  pass (&world, 3 * MINUTE);
  assert_log (&world, "+0m ana step\n");
  pass (&world, MINUTE);
  assert_log (&world, "+5m bo step\n");
  world_clear (&world);
}

static void
test_where_no_boot_has_a_name_the_wall_decides (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  world.planning.boot = incident_boot_hash (INCIDENT_BOOT_UNKNOWN);
  world.planning.now_boot = 10 * 24 * 60 * MINUTE;
  pass (&world, MINUTE);
  world.planning.now_boot = 0;
  pass (&world, 4 * MINUTE);
  assert_log (&world, "+0m ana step\n+5m bo step\n");
  world_clear (&world);
}

static void
test_an_endless_policy_gives_up_when_its_time_is_over (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {\"endless\": true, \"give-up-after\": \"20m\", " TWO_STEPS "}}, " START_BY ("p") "}");
  pass (&world, 60 * MINUTE);
  assert_log (&world, "+0m ana step\n+5m bo step\n+15m ana repeat\n+20m carmen fallback\n");
  assert_string_equal (get_run (&world)->why, "given-up");
  world_clear (&world);
}

static void
test_what_never_began_does_not_go_on (void **state)
{
  World world;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  tell (&world, "desk", "run=7\nstep=1\nfired=yes\npaged=bo\nby=rule");
  assert_null (world.state.runs);
  pass (&world, MINUTE);
  assert_log (&world, "+0m ana step\n");
  world_clear (&world);
}

static void
test_the_same_state_gives_the_same_plan (void **state)
{
  World world;
  IncidentPlan again;

  world_init (&world, "{" PEOPLE "\"policies\": {\"p\": {" TWO_STEPS "}}, " START_BY ("p") "}");
  incident_plan_init (&again);
  incident_plan_make (&world.plan, &world.planning, &world.state);
  incident_plan_make (&again, &world.planning, &world.state);
  assert_int_equal (world.plan.events->len, 2);
  for (guint i = 0; i < again.events->len; i++)
    {
      const IncidentPlannedEvent *a = &g_array_index (world.plan.events, IncidentPlannedEvent, i);
      const IncidentPlannedEvent *b = &g_array_index (again.events, IncidentPlannedEvent, i);

      assert_string_equal (a->facts, b->facts);
      assert_string_equal (a->payload, b->payload);
    }
  incident_plan_clear (&again);
  world_clear (&world);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_case_starts_its_policy_at_once_and_goes_up_after_the_delay),
    cmocka_unit_test (test_a_policy_repeats_as_often_as_it_says),
    cmocka_unit_test (test_an_acknowledgement_freezes_the_run),
    cmocka_unit_test (test_who_acknowledges_without_being_called_stops_it_too),
    cmocka_unit_test (test_an_acknowledgement_times_out_and_the_same_step_comes_again),
    cmocka_unit_test (test_work_by_who_has_acknowledged_pushes_the_timeout_back),
    cmocka_unit_test (test_whether_an_acknowledgement_times_out_is_for_the_severity_to_say),
    cmocka_unit_test (test_how_soon_an_acknowledgement_times_out_is_for_the_severity_to_say),
    cmocka_unit_test (test_an_acknowledgement_that_is_taken_back_arms_the_same_step),
    cmocka_unit_test (test_a_step_may_want_everybody_to_acknowledge),
    cmocka_unit_test (test_where_everybody_has_to_acknowledge_none_may_take_it_back),
    cmocka_unit_test (test_a_step_that_reaches_nobody_is_passed_at_once),
    cmocka_unit_test (test_a_pass_without_a_page_asks_the_fallback_and_never_spins),
    cmocka_unit_test (test_a_step_whose_pages_all_fail_is_passed_at_once),
    cmocka_unit_test (test_a_pass_whose_pages_all_fail_asks_the_fallback_and_never_spins),
    cmocka_unit_test (test_a_step_is_skipped_where_its_condition_is_false),
    cmocka_unit_test (test_a_step_waits_for_its_hours_or_is_skipped),
    cmocka_unit_test (test_nobody_waits_for_hours_beyond_the_limit_of_time),
    cmocka_unit_test (test_a_snooze_pauses_and_resumes_at_the_same_step),
    cmocka_unit_test (test_in_a_snooze_no_acknowledgement_times_out),
    cmocka_unit_test (test_an_acknowledgement_that_is_taken_back_in_a_snooze_waits_for_its_end),
    cmocka_unit_test (test_what_is_resolved_rests_and_goes_on_if_it_did_not_hold),
    cmocka_unit_test (test_recovery_ends_a_run_and_reopening_begins_another),
    cmocka_unit_test (test_reopening_begins_with_the_policy_of_the_case),
    cmocka_unit_test (test_an_escalation_by_hand_fires_the_next_step_and_thaws),
    cmocka_unit_test (test_an_escalation_by_hand_ends_a_snooze),
    cmocka_unit_test (test_another_policy_takes_the_place_of_the_first),
    cmocka_unit_test (test_routes_of_several_teams_start_runs_side_by_side),
    cmocka_unit_test (test_each_team_has_its_own_acknowledgements),
    cmocka_unit_test (test_who_escalates_to_another_team_does_not_answer_for_it),
    cmocka_unit_test (test_a_run_begins_still_where_somebody_is_at_it_already),
    cmocka_unit_test (test_another_who_is_at_it_when_the_first_times_out_is_enough),
    cmocka_unit_test (test_moving_a_run_does_not_lose_an_acknowledgement),
    cmocka_unit_test (test_a_person_is_paged_beside_the_run),
    cmocka_unit_test (test_a_team_whose_policy_goes_on_is_paged_beside_it),
    cmocka_unit_test (test_after_a_jump_one_step_fires_and_none_is_skipped),
    cmocka_unit_test (test_a_step_that_was_due_before_the_limit_of_time_fires_though_it_is_late),
    cmocka_unit_test (test_the_clock_of_the_boot_decides_while_it_is_the_same),
    cmocka_unit_test (test_how_late_is_told_of_whatever_fires),
    cmocka_unit_test (test_after_a_boot_the_wall_decides),
    cmocka_unit_test (test_where_no_boot_has_a_name_the_wall_decides),
    cmocka_unit_test (test_an_endless_policy_gives_up_when_its_time_is_over),
    cmocka_unit_test (test_what_never_began_does_not_go_on),
    cmocka_unit_test (test_the_same_state_gives_the_same_plan),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
