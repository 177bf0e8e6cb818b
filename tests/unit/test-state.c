/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "model/incident-fold-private.h"

#define START G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z */
#define NEW "phase=new\nstate=live\nepisode=1"

/* Each event happens a second after the one before, and is recorded half a second later. */
static void
apply (IncidentFold *state, const char *kind, const char *facts, const char *payload)
{
  g_autoptr(IncidentRecord) record = incident_record_new ();

  record->subject = 7;
  record->seq = state->state.version + 1;
  record->occurred_at = START + record->seq * G_USEC_PER_SEC;
  record->recorded_at = record->occurred_at + G_USEC_PER_SEC / 2;
  record->kind = g_intern_string (kind);
  record->actor = g_ref_string_new ("ana");
  record->facts = g_ref_string_new (facts);
  record->payload = g_strdup (payload);
  incident_fold_apply (state, record);
}

static IncidentFold *
opened (const char *facts)
{
  IncidentFold *state = incident_fold_new ();

  apply (state, "opened", facts, "{\"title\":\"T\"}");
  return state;
}

static void
test_the_first_event_makes_the_case (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW "\nseverity=sev2\nimpact=high\nurgency=low\nservice=a=b\ncategory=c\ngroup=g");

  assert_true (state->number == 7);
  assert_int_equal (state->state.version, 1);
  assert_int_equal (state->state.episode, 1);
  assert_string_equal (state->title, "T");
  assert_string_equal (state->state.phase, "new");
  assert_true (state->state.open && state->state.live);
  assert_int_equal (state->state.severity, INCIDENT_SEVERITY_SEV2);
  assert_int_equal (state->state.impact, INCIDENT_LEVEL_HIGH);
  assert_int_equal (state->state.urgency, INCIDENT_LEVEL_LOW);
  assert_string_equal (state->state.service, "a=b");
  assert_string_equal (state->state.category, "c");
  assert_string_equal (state->state.dossier->group, "g");
  assert_true (state->opened_at == START + G_USEC_PER_SEC);
  assert_true (state->updated_at == START + G_USEC_PER_SEC * 3 / 2);
  assert_true (state->closed_at == INCIDENT_TIME_NONE);
}

static void
test_a_title_that_is_withheld_is_said_to_be (void **unused)
{
  g_autoptr(IncidentFold) state = incident_fold_new ();

  apply (state, "opened", NEW, NULL);
  assert_string_equal (state->title, "(withheld)");
}

static void
test_the_state_of_a_phase_opens_and_closes (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);

  apply (state, "recovered", "phase=recovered\nstate=open", "{}");
  assert_true (state->state.open && !state->state.live && state->closed_at == INCIDENT_TIME_NONE);
  apply (state, "closed", "phase=closed\nstate=ended", "{}");
  assert_true (!state->state.open && !state->state.live);
  assert_true (state->closed_at == START + 3 * G_USEC_PER_SEC);
  apply (state, "noted", "", "{\"text\":\"x\"}");
  assert_true (state->closed_at == START + 3 * G_USEC_PER_SEC);
  assert_true (state->updated_at == START + 4 * G_USEC_PER_SEC + G_USEC_PER_SEC / 2);
  apply (state, "reopened", "phase=diagnosis\nstate=live\nepisode=2", "{}");
  assert_true (state->state.open && state->state.live && state->closed_at == INCIDENT_TIME_NONE);
  assert_true (state->opened_at == START + G_USEC_PER_SEC);
}

static void
test_a_phase_without_a_state_leaves_it (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);

  apply (state, "diagnosed", "phase=diagnosis", "{}");
  assert_string_equal (state->state.phase, "diagnosis");
  assert_true (state->state.open && state->state.live);
}

static void
test_an_episode_begins_with_level_0 (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);

  apply (state, "escalated", "phase=escalation\ntarget=a\nlevel=3", "{}");
  assert_int_equal (state->state.level, 3);
  apply (state, "reopened", "phase=diagnosis\nepisode=2", "{}");
  assert_int_equal (state->state.level, 0);
  assert_int_equal (state->state.episode, 2);
}

static void
test_severity_is_of_alerts_until_a_person_gives_one (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);

  assert_false (state->state.severity_from_alert);
  apply (state, "alert-fired", "alert=a\nalert-status=firing\nseverity=sev4\nseverity-from=alert", "{}");
  assert_true (state->state.severity_from_alert);
  apply (state, "alert-fired", "alert=b\nalert-status=firing", "{}");
  assert_true (state->state.severity_from_alert);
  apply (state, "classified", "impact=low", "{}");
  assert_true (state->state.severity_from_alert);
  assert_int_equal (state->state.severity, INCIDENT_SEVERITY_SEV4);
  apply (state, "classified", "severity=sev5", "{}");
  assert_false (state->state.severity_from_alert);
  assert_int_equal (state->state.severity, INCIDENT_SEVERITY_SEV5);
}

static void
test_alerts_are_counted_by_key (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);

  apply (state, "alert-fired", "alert=a\nalert-status=firing", "{}");
  apply (state, "alert-fired", "alert=a\nalert-status=firing", "{}");
  apply (state, "alert-fired", "alert=b=c\nalert-status=firing", "{}");
  assert_int_equal (state->state.dossier->n_firing, 2);
  apply (state, "alert-resolved", "alert=b=c\nalert-status=resolved", "{}");
  apply (state, "alert-resolved", "alert=b=c\nalert-status=resolved", "{}");
  apply (state, "alert-resolved", "alert=d\nalert-status=resolved", "{}");
  assert_int_equal (state->state.dossier->n_firing, 1);
  assert_int_equal (g_hash_table_size (state->state.dossier->statuses), 3);
}

static void
test_alerts_and_words_decide_nothing (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);

  assert_int_equal (state->state.decided, 1);
  apply (state, "noted", "", "{\"text\":\"x\"}");
  apply (state, "alert-fired", "alert=a\nalert-status=firing\nseverity=sev2\nseverity-from=alert", "{}");
  apply (state, "alerts-ended", "", "{\"text\":\"x\"}");
  assert_int_equal (state->state.decided, 1);
  assert_int_equal (state->state.version, 4);
  apply (state, "assigned", "role=expert\nperson=bo", "{}");
  assert_int_equal (state->state.decided, 5);
}

static void
test_what_a_newer_version_writes_is_unknown_and_not_guessed (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW "\nseverity=sev1\nimpact=high\nurgency=high");

  apply (state, "classified", "severity=sev0\nimpact=extreme\nurgency=yesterday\nmood=bad", "{}");
  assert_int_equal (state->state.severity, INCIDENT_SEVERITY_UNKNOWN);
  assert_int_equal (state->state.impact, INCIDENT_LEVEL_UNKNOWN);
  assert_int_equal (state->state.urgency, INCIDENT_LEVEL_UNKNOWN);
}

static void
test_one_person_holds_a_role (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);

  assert_false (incident_state_has_responder (&state->state));
  apply (state, "assigned", "role=commander\nperson=ana", "{}");
  apply (state, "assigned", "role=commander\nperson=bo", "{}");
  apply (state, "assigned", "role=expert\nperson=ana", "{}");
  assert_string_equal (incident_state_get_holder (&state->state, "commander"), "bo");
  assert_string_equal (incident_state_get_holder (&state->state, "expert"), "ana");
  assert_null (incident_state_get_holder (&state->state, "scribe"));
  apply (state, "released", "role=expert", "{}");
  assert_null (incident_state_get_holder (&state->state, "expert"));
  assert_true (incident_state_has_responder (&state->state));
}

static void
test_a_note_under_new_rules_decides_nothing (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW "\nby=automation");

  apply (state, "noted", "playbook=0123", "{\"text\":\"x\"}");
  apply (state, "reminded", "reminded=update\nby=rule", "{}");
  assert_int_equal (state->state.decided, 1);
  assert_false (state->state.dossier->taken_over);
  apply (state, "diagnosed", "phase=diagnosis\nplaybook=4567", "{}");
  assert_int_equal (state->state.decided, 4);
  assert_true (state->state.dossier->taken_over);
}

static void
test_what_nobody_judged_is_null_in_json (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW);
  g_autofree char *json = incident_fold_to_json (state);

  assert_string_equal (json,
                       "{\"id\":\"INC-7\",\"number\":7,\"version\":1,\"episode\":1,\"title\":\"T\",\"phase\":\"new\","
                       "\"severity\":null,\"priority\":null,\"impact\":null,\"urgency\":null,\"service\":null,"
                       "\"category\":null,\"roles\":{},\"opened_at\":\"2026-11-23T07:00:01.000000Z\","
                       "\"updated_at\":\"2026-11-23T07:00:01.500000Z\",\"closed_at\":null,\"firing_alerts\":0,"
                       "\"tasks\":[],\"links\":[],\"major\":false,\"priority_by\":null,\"merged_into\":null,\"playbook\":\"built-in\"}");
}

static void
test_json_has_what_is_known (void **unused)
{
  g_autoptr(IncidentFold) state = opened (NEW "\nseverity=sev2\nimpact=high\nurgency=medium\nservice=checkout\ncategory=c");
  g_autofree char *json = NULL;

  apply (state, "assigned", "role=scribe\nperson=chris", "{}");
  apply (state, "assigned", "role=commander\nperson=\"ana\"", "{}");
  apply (state, "alert-fired", "alert=a\nalert-status=firing", "{}");
  apply (state, "cancelled", "phase=cancelled\nstate=ended", "{}");
  json = incident_fold_to_json (state);
  assert_string_equal (json,
                       "{\"id\":\"INC-7\",\"number\":7,\"version\":5,\"episode\":1,\"title\":\"T\",\"phase\":\"cancelled\","
                       "\"severity\":\"sev2\",\"priority\":\"p2\",\"impact\":\"high\",\"urgency\":\"medium\","
                       "\"service\":\"checkout\",\"category\":\"c\","
                       "\"roles\":{\"commander\":\"\\\"ana\\\"\",\"scribe\":\"chris\"},"
                       "\"opened_at\":\"2026-11-23T07:00:01.000000Z\",\"updated_at\":\"2026-11-23T07:00:05.500000Z\","
                       "\"closed_at\":\"2026-11-23T07:00:05.000000Z\",\"firing_alerts\":1,\"tasks\":[],\"links\":[],\"major\":false,\"priority_by\":\"table\",\"merged_into\":null,\"playbook\":\"built-in\"}");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_first_event_makes_the_case),
    cmocka_unit_test (test_a_title_that_is_withheld_is_said_to_be),
    cmocka_unit_test (test_the_state_of_a_phase_opens_and_closes),
    cmocka_unit_test (test_a_phase_without_a_state_leaves_it),
    cmocka_unit_test (test_an_episode_begins_with_level_0),
    cmocka_unit_test (test_severity_is_of_alerts_until_a_person_gives_one),
    cmocka_unit_test (test_alerts_are_counted_by_key),
    cmocka_unit_test (test_alerts_and_words_decide_nothing),
    cmocka_unit_test (test_what_a_newer_version_writes_is_unknown_and_not_guessed),
    cmocka_unit_test (test_one_person_holds_a_role),
    cmocka_unit_test (test_a_note_under_new_rules_decides_nothing),
    cmocka_unit_test (test_what_nobody_judged_is_null_in_json),
    cmocka_unit_test (test_json_has_what_is_known),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
