/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <string.h>

#include "model/incident-oncall-rules-private.h"
#include "playbook/incident-playbook-private.h"

/* What a playbook says of being on call: how people are paged, holidays, schedules, policies
 * and escalation. Documents are written with ' in place of ". */

#define HOUR   G_TIME_SPAN_HOUR

/* Who can be paged, and by whom. */
#define PEOPLE "'people': {'ana': {'contacts': {'mail': 'ana@example.org'}}, 'bo': {'contacts': {'mail': 'bo@example.org'}}}"
#define CHANNELS "'channels': {'mail': {'kind': 'mail', 'from': 'desk@example.org', 'to': ['ops@example.org']}}"
#define WORLD PEOPLE ", " CHANNELS
/* A policy of which there is nothing to say. */
#define PLAIN "'escalation': {'start': [{'policy': 'p'}], 'fallback': [{'team': 't'}]}, 'teams': {'t': {'members': ['ana', 'bo']}}"
#define STEP "{'page': [{'team': 't'}], 'wait': '5m'}"

#define LAYER(members) "{" WORLD ", 'schedules': {'s': {'zone': 'Europe/Madrid', 'layers': [{" members "}]}}}"
#define STEPS(list) "{" WORLD ", " PLAIN ", 'policies': {'p': {'steps': [" list "]}}}"
#define POLICY(members) "{" WORLD ", " PLAIN ", 'policies': {'p': {'steps': [" STEP "], " members "}}}"

static char *
quote (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static IncidentPlaybook *
playbook_of (const char *text)
{
  g_autofree char *json = quote (text);

  return playbook_new (json);
}

static const IncidentOncallRules *
get_oncall (IncidentPlaybook *playbook)
{
  return incident_playbook_get_rules (playbook)->oncall;
}

static const IncidentLayer *
get_layer (IncidentPlaybook *playbook, const char *schedule, guint position)
{
  const IncidentScheduleRules *rules = incident_oncall_rules_get_schedule (get_oncall (playbook), schedule);

  assert_non_null (rules);
  assert_true (position < rules->layers->len);
  return g_ptr_array_index (rules->layers, position);
}

static const IncidentPolicyStep *
get_step (IncidentPlaybook *playbook, const char *policy, guint position)
{
  const IncidentPolicyRules *rules = incident_oncall_rules_get_policy (get_oncall (playbook), policy);

  assert_non_null (rules);
  assert_true (position < rules->steps->len);
  return g_ptr_array_index (rules->steps, position);
}

/* The lines of an error, without source, line and column. */
static void
assert_says (const char *text, const char *expected)
{
  g_autofree char *json = quote (text);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "p", &error);
  g_autoptr(GString) said = g_string_new (NULL);

  if (playbook != NULL)
    fail_msg ("%s is taken; it should say: %s", json, expected);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  for (const char * const *line = incident_error_list_problems (error); *line != NULL; line++)
    g_string_append_printf (said, "%s%s", said->len > 0 ? "\n" : "", strchr (*line, '/'));
  assert_string_equal (said->str, expected);
}

static void
assert_warns (const char *text, const char *expected)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (text);
  g_autoptr(GPtrArray) warnings = incident_playbook_list_warnings (playbook);
  g_autoptr(GString) said = g_string_new (NULL);

  for (guint i = 0; i < warnings->len; i++)
    g_string_append_printf (said, "%s%s", said->len > 0 ? "\n" : "", strchr (g_ptr_array_index (warnings, i), '/'));
  assert_string_equal (said->str, expected);
}

static void
assert_joined (const GPtrArray *strings, const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  assert_non_null (strings);
  for (guint i = 0; i < strings->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) g_ptr_array_index (strings, i));
  assert_string_equal (text->str, expected);
}

static void
assert_names (const GPtrArray *named, const char *expected)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < named->len; i++)
    g_ptr_array_add (names, *(gpointer *) g_ptr_array_index (named, i));
  assert_joined (names, expected);
}

static void
assert_targets (const GArray *targets, const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < targets->len; i++)
    {
      g_autofree char *target = incident_target_to_string (&g_array_index (targets, IncidentTarget, i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", target);
    }
  assert_string_equal (text->str, expected);
}

/* “slack U1A +0, phone +34 +300”: the seconds at the end. */
static void
assert_methods (IncidentPlaybook *playbook, const char *name, const char *expected)
{
  const IncidentOncallPerson *person = incident_oncall_rules_get_person (get_oncall (playbook), name);
  g_autoptr(GString) text = g_string_new (NULL);

  assert_non_null (person);
  for (guint i = 0; i < person->methods->len; i++)
    {
      const IncidentContactMethod *method = &g_array_index (person->methods, IncidentContactMethod, i);

      g_string_append_printf (text, "%s%s %s +%d", i > 0 ? ", " : "", method->channel, method->recipient,
                              (int) (method->after / G_TIME_SPAN_SECOND));
    }
  assert_string_equal (text->str, expected);
}

static void
assert_time (gint64 time, const char *expected)
{
  g_autofree char *text = incident_time_to_string (time);

  assert_string_equal (text, expected);
}

/* “1f 540 1020”: the weekdays as bits, then minutes. */
static void
assert_restrictions (const GArray *restrictions, const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < restrictions->len; i++)
    {
      const IncidentRestriction *restriction = &g_array_index (restrictions, IncidentRestriction, i);

      g_string_append_printf (text, "%s%02x %u %u", i > 0 ? ", " : "", restriction->weekdays, restriction->from, restriction->until);
    }
  assert_string_equal (text->str, expected);
}

static void
test_a_playbook_that_says_nothing_has_nobody_on_call (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of ("{}");
  const IncidentOncallRules *oncall = get_oncall (playbook);

  assert_int_equal (oncall->schedules->len + oncall->policies->len + oncall->holidays->len + oncall->starts->len, 0);
  assert_int_equal (g_hash_table_size (oncall->people) + g_hash_table_size (oncall->teams), 0);
  assert_int_equal (oncall->fallback->len, 0);
  assert_int_equal (oncall->rate, 0);
}

static void
test_each_person_and_team_is_there_with_what_is_known_of_them (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'people': {'ana': {'zone': 'Asia/Tokyo'}, 'bo': {}, 'x-note': 1}, 'teams': {'a': {'members': ['bo', 'ana']}, 'b': {}, 'x-note': 1}}");
  const IncidentOncallRules *oncall = get_oncall (playbook);

  assert_int_equal (g_hash_table_size (oncall->people), 2);
  assert_string_equal (g_time_zone_get_identifier (incident_oncall_rules_get_person (oncall, "ana")->zone), "Asia/Tokyo");
  assert_null (incident_oncall_rules_get_person (oncall, "bo")->zone);
  assert_int_equal (incident_oncall_rules_get_person (oncall, "bo")->methods->len, 0);
  assert_int_equal (g_hash_table_size (oncall->teams), 2);
  assert_joined (g_hash_table_lookup (oncall->teams, "a"), "bo ana");
  assert_joined (g_hash_table_lookup (oncall->teams, "b"), "");
}

static void
test_pages_go_out_in_their_order_to_a_contact_or_where_they_say (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'people': {'ana': {'contacts': {'mail': 'ana@example.org', 'slack': 'T1A/U1A'}, 'pages': [{'by': 'slack'}, {'by': 'mail', 'after': '2m'},"
    "  {'by': 'phone', 'to': '+34600000000', 'after': '5m'}, {'by': 'phone'}, {'by': 'mail', 'to': 'home@example.org', 'after': '0s'},"
    "  {'by': 'slack', 'to': 'T1A/W2B'}]}, 'bo': {'contacts': {'mail': 'bo@example.org'}, 'pages': []}},"
    " 'channels': {'slack': {'kind': 'slack', 'token': {'env': 'A'}}, 'mail': {'kind': 'mail', 'from': 'a@b'}, 'phone': {'kind': 'own'}}}");

  assert_methods (playbook, "ana", "slack U1A +0, mail ana@example.org +120, phone +34600000000 +300, phone ana +0, "
                                   "mail home@example.org +0, slack W2B +0");
  assert_methods (playbook, "bo", "");
}

static void
test_who_says_nothing_of_pages_gets_them_by_all_contacts_at_once (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'people': {'ana': {'contacts': {'mail': 'ana@example.org', 'slack': 'T1A/U1A'}}, 'bo': {'contacts': {'mail': 'bo@example.org'}}, 'cy': {}},"
    " 'channels': {'z-mail': {'kind': 'mail', 'from': 'a@b'}, 'slack': {'kind': 'slack', 'token': {'env': 'A'}},"
    "  'a-mail': {'kind': 'mail', 'from': 'a@b'}, 'phone': {'kind': 'own'}, 'chat': {'kind': 'teams', 'url': 'https://a'}}}");

  assert_methods (playbook, "ana", "a-mail ana@example.org +0, slack U1A +0, z-mail ana@example.org +0");
  assert_methods (playbook, "bo", "a-mail bo@example.org +0, z-mail bo@example.org +0");
  assert_methods (playbook, "cy", "");
}

static void
test_holidays_are_sorted_by_day (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'holidays': {'b': [{'day': '2027-01-06'}, {'day': '1970-01-02', 'what': 'Second'}, {'day': '1969-12-31'}], 'a': [], 'x-note': 1}}");
  const IncidentOncallRules *oncall = get_oncall (playbook);
  const IncidentHolidays *holidays = g_ptr_array_index (oncall->holidays, 1);

  assert_names (oncall->holidays, "a b");
  assert_int_equal (holidays->days->len, 3);
  assert_int_equal (g_array_index (holidays->days, IncidentHoliday, 0).day, -1);
  assert_int_equal (g_array_index (holidays->days, IncidentHoliday, 1).day, 1);
  assert_string_equal (g_array_index (holidays->days, IncidentHoliday, 1).what, "Second");
  assert_null (g_array_index (holidays->days, IncidentHoliday, 2).what);
  /* date -u -d 2027-01-06 +%s is 1799193600. */
  assert_true (incident_holidays_contain (holidays, 1799193600 / 86400));
  assert_false (incident_holidays_contain (holidays, 0));
}

static void
test_a_layer_is_read_whole (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'holidays': {'madrid': [{'day': '2026-12-25'}]}, 'schedules': {'s': {'title': 'Payments', 'zone': 'Europe/Madrid',"
    " 'layers': [{'name': 'weekly', 'priority': 7, 'people': ['ana', 'bo', 'ana'], 'rotation': {'start': '1970-01-02T09:30', 'every': 3, 'unit': 'day'},"
    "  'zone': 'Asia/Tokyo', 'only': [{'weekdays': ['monday', 'friday:saturday'], 'from': '09:00', 'until': '17:00'}], 'except': 'madrid',"
    "  'from': '2026-01-01', 'until': '2027-01-01T12:30'}], 'wanted-gaps': [{'weekdays': ['sunday']}]}}}");
  const IncidentScheduleRules *schedule = incident_oncall_rules_get_schedule (get_oncall (playbook), "s");
  const IncidentLayer *layer = get_layer (playbook, "s", 0);

  assert_string_equal (schedule->title, "Payments");
  assert_string_equal (schedule->zone_name, "Europe/Madrid");
  assert_string_equal (g_time_zone_get_identifier (schedule->zone), "Europe/Madrid");
  assert_restrictions (schedule->wanted_gaps, "40 0 0");
  assert_string_equal (layer->name, "weekly");
  assert_int_equal (layer->priority, 7);
  assert_joined (layer->people, "ana bo ana");
  assert_string_equal (g_time_zone_get_identifier (layer->zone), "Asia/Tokyo");
  assert_true (layer->rotates);
  assert_int_equal (layer->rotation.start, 1440 + 9 * 60 + 30);
  assert_int_equal (layer->rotation.unit, INCIDENT_ROTATION_DAY);
  assert_int_equal (layer->rotation.length, 3);
  assert_restrictions (layer->restrictions, "31 540 1020");
  assert_string_equal (layer->off->name, "madrid");
  assert_time (layer->from, "2025-12-31T15:00:00.000000Z");
  assert_time (layer->until, "2027-01-01T03:30:00.000000Z");
}

static void
test_what_a_layer_does_not_say_is_as_usual (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'schedules': {'s': {'zone': 'Europe/Madrid', 'layers': [{'people': ['ana']}, {'name': 'x', 'people': ['bo'],"
    " 'rotation': {'start': '1969-12-31T23:59', 'unit': 'month'}}]}}}");
  const IncidentLayer *layer = get_layer (playbook, "s", 0);

  assert_string_equal (layer->name, "1");
  assert_int_equal (layer->priority, 1);
  assert_string_equal (g_time_zone_get_identifier (layer->zone), "Europe/Madrid");
  assert_false (layer->rotates);
  assert_int_equal (layer->restrictions->len, 0);
  assert_null (layer->off);
  assert_true (layer->from == G_MININT64 && layer->until == G_MAXINT64);
  layer = get_layer (playbook, "s", 1);
  assert_int_equal (layer->rotation.start, -1);
  assert_int_equal (layer->rotation.length, 1);
  assert_int_equal (layer->rotation.unit, INCIDENT_ROTATION_MONTH);
}

static void
test_each_unit_of_a_rotation_is_known (void **state)
{
  static const char * const units[] = { "hour", "day", "week", "month" };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autofree char *text = g_strdup_printf ("{'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana'],"
                                               " 'rotation': {'start': '2026-01-05T09:00', 'unit': '%s'}}]}}}", units[i]);
      g_autoptr(IncidentPlaybook) playbook = playbook_of (text);

      assert_int_equal (get_layer (playbook, "s", 0)->rotation.unit, i);
    }
}

static void
test_layers_stand_by_priority_and_then_as_they_were_written (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'schedules': {'z': {'zone': 'UTC', 'layers': [{'people': ['ana']}]}, 'a': {'zone': 'UTC', 'layers': [{'name': 'a', 'people': ['ana']},"
    " {'name': 'b', 'priority': 3, 'people': ['ana']}, {'name': 'c', 'priority': 1, 'people': ['ana']},"
    " {'name': 'd', 'priority': 3, 'people': ['ana']}, {'priority': 2, 'people': ['ana']}]}}}");

  assert_names (get_oncall (playbook)->schedules, "a z");
  assert_names (incident_oncall_rules_get_schedule (get_oncall (playbook), "a")->layers, "b d 5 a c");
}

static void
test_a_team_stands_for_its_members (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'teams': {'core': {'members': ['bo', 'ana']}}, 'schedules': {'s': {'zone': 'UTC', 'layers': [{'team': 'core'}]}}}");

  assert_joined (get_layer (playbook, "s", 0)->people, "bo ana");
}

static void
test_times_of_a_layer_are_whole_days_where_nothing_is_said (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana'], 'only': [{}, {'weekdays': ['Sunday:Tuesday']}, {'from': '22:00', 'until': '06:00'},"
    " {'from': '18:00'}, {'until': '24:00'}, {'until': '12:00'}, {'weekdays': ['saturday', 'sunday'], 'from': '08:00', 'until': '24:00'}]}]}}}");

  assert_restrictions (get_layer (playbook, "s", 0)->restrictions,
                       "7f 0 0, 43 0 0, 7f 1320 360, 7f 1080 0, 7f 0 0, 7f 0 720, 60 480 0");
}

/* A bound is an instant: where clocks skip it the first one after, where they show it twice the first one. */
static void
test_bounds_are_by_the_clock_on_the_wall (void **state)
{
  static const struct { const char *zone; const char *from; const char *instant; } facts[] = {
    { "Europe/Madrid", "2026-01-05T09:00", "2026-01-05T08:00:00.000000Z" },
    { "Europe/Madrid", "2026-07-05", "2026-07-04T22:00:00.000000Z" },
    { "America/Chicago", "2020-03-08T02:30", "2020-03-08T08:00:00.000000Z" },
    { "America/Chicago", "2020-11-01T01:30", "2020-11-01T06:30:00.000000Z" },
    { "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00.000000Z" },
    { "America/Havana", "2020-11-01", "2020-11-01T04:00:00.000000Z" },
    { "Europe/Dublin", "2026-10-25T01:30", "2026-10-25T00:30:00.000000Z" },
    { "Australia/Lord_Howe", "2020-10-04T02:15", "2020-10-03T15:30:00.000000Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_autofree char *text = g_strdup_printf ("{'schedules': {'s': {'zone': '%s', 'layers': [{'people': ['ana'], 'from': '%s'}]}}}",
                                               facts[i].zone, facts[i].from);
      g_autoptr(IncidentPlaybook) playbook = playbook_of (text);

      assert_time (get_layer (playbook, "s", 0)->from, facts[i].instant);
    }
}

static void
test_a_policy_is_read_whole (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{" WORLD ", 'roles': {'commander': {}}, 'teams': {'t': {'members': ['ana']}}, 'services': {'checkout': {}}, 'categories': {'c': {}},"
    " 'intervals': {'office': [{}]}, 'holidays': {'madrid': []}, 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana']}]}},"
    " 'policies': {'p': {'title': 'Payments', 'steps': [{'name': 'first', 'page': [{'schedule': 's'}, {'person': 'ana'}, {'team': 't'}, {'role': 'commander'},"
    "  {'channel': 'mail'}], 'wait': '5m', 'if': {'severity': ['sev1', 'sev2'], 'service': ['checkout'], 'category': ['c'], 'phase': ['new'],"
    "   'priority': ['p1', 'p3'], 'labels': ['env=prod', '{a=~\\'b.*\\'}'], 'alerts': {'at-least': 3, 'within': '10m'}},"
    "  'hours': {'interval': 'office', 'except': 'madrid', 'zone': 'Asia/Tokyo', 'outside': 'wait'}, 'everybody-acknowledges': true},"
    "  {'page': [{'person': 'bo'}], 'wait': '1h', 'hours': {'interval': 'office', 'outside': 'skip'}}],"
    "  'repeat': 2, 'give-up-after': '8h', 'acknowledgement': {'timeout': '30m', 'timeouts': {'sev1': '15m', 'sev5': '0s'}, 'by': 'anybody'},"
    "  'fallback': [{'person': 'bo'}]}}}");
  const IncidentPolicyRules *policy = incident_oncall_rules_get_policy (get_oncall (playbook), "p");
  const IncidentPolicyStep *step = get_step (playbook, "p", 0);

  assert_string_equal (policy->title, "Payments");
  assert_int_equal (policy->repeat, 2);
  assert_false (policy->is_endless);
  assert_true (policy->give_up == 8 * HOUR);
  assert_true (policy->ack_timeout[INCIDENT_SEVERITY_UNKNOWN] == 30 * MINUTE && policy->ack_timeout[INCIDENT_SEVERITY_SEV3] == 30 * MINUTE);
  assert_true (policy->ack_timeout[INCIDENT_SEVERITY_SEV1] == 15 * MINUTE && policy->ack_timeout[INCIDENT_SEVERITY_SEV5] == 0);
  assert_true (policy->any_ack);
  assert_targets (policy->fallback, "person bo");

  assert_string_equal (step->name, "first");
  assert_targets (step->targets, "schedule s, person ana, team t, role commander, channel mail");
  assert_true (step->wait == 5 * MINUTE);
  assert_true (step->wants_all && step->waits_for_hours);
  assert_string_equal (step->hours.interval->name, "office");
  assert_string_equal (step->hours.off->name, "madrid");
  assert_string_equal (g_time_zone_get_identifier (step->hours.zone), "Asia/Tokyo");
  assert_int_equal (step->condition->condition.severities, 1u << INCIDENT_SEVERITY_SEV1 | 1u << INCIDENT_SEVERITY_SEV2);
  assert_joined (step->condition->condition.services, "checkout");
  assert_joined (step->condition->condition.categories, "c");
  assert_joined (step->condition->condition.phases, "new");
  assert_int_equal (step->condition->priorities, 1u << INCIDENT_PRIORITY_P1 | 1u << INCIDENT_PRIORITY_P3);
  assert_int_equal (step->condition->labels->len, 2);
  assert_string_equal (incident_matcher_get_value (g_ptr_array_index (step->condition->labels, 1)), "b.*");
  assert_int_equal (step->condition->alerts, 3);
  assert_true (step->condition->within == 10 * MINUTE);

  step = get_step (playbook, "p", 1);
  assert_string_equal (step->name, "2");
  assert_null (step->condition);
  assert_false (step->waits_for_hours || step->wants_all);
  assert_null (step->hours.off);
}

static void
test_what_a_policy_does_not_say_is_as_usual (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of ("{'policies': {'b': {'steps': [{'page': [{'role': 'commander'}], 'wait': '5m'}]},"
                                                      " 'a': {'steps': [{'page': [{'person': 'zoe'}], 'wait': '5m'}], 'endless': true, 'give-up-after': '2h'}}}");
  const IncidentPolicyRules *policy = incident_oncall_rules_get_policy (get_oncall (playbook), "b");

  assert_names (get_oncall (playbook)->policies, "a b");
  assert_int_equal (policy->repeat, 0);
  assert_false (policy->is_endless || policy->any_ack);
  assert_true (policy->give_up == 0 && policy->ack_timeout[INCIDENT_SEVERITY_SEV1] == 0);
  assert_int_equal (policy->fallback->len, 0);
  assert_null (get_step (playbook, "b", 0)->hours.interval);
  assert_null (get_step (playbook, "b", 0)->condition);
  policy = incident_oncall_rules_get_policy (get_oncall (playbook), "a");
  assert_true (policy->is_endless && policy->give_up == 2 * HOUR);
}

/* “service:policy”, in their order. */
static void
assert_starts (IncidentPlaybook *playbook, const char *expected)
{
  const GPtrArray *starts = get_oncall (playbook)->starts;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < starts->len; i++)
    {
      const IncidentPolicyStart *start = g_ptr_array_index (starts, i);
      const GPtrArray *services = start->condition.condition.services;

      g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", services->len > 0 ? (const char *) g_ptr_array_index (services, 0) : "",
                              start->policy->name);
    }
  assert_string_equal (text->str, expected);
}

static void
test_a_case_gets_the_policy_it_is_given_or_that_of_its_service_or_of_the_team (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'teams': {'with': {'policy': 'team'}, 'without': {}}, 'services': {'d': {'owner': 'with', 'policy': 'own'}, 'c': {'owner': 'without'},"
    " 'b': {'owner': 'with'}, 'a': {'policy': 'own'}, 'e': {}, 'x-note': 1},"
    " 'policies': {'team': {'steps': [{'page': [{'team': 'with'}], 'wait': '5m'}]}, 'own': {'steps': [{'page': [{'person': 'ana'}], 'wait': '5m'}]},"
    "  'x-note': 1},"
    " 'escalation': {'start': [{'if': {'severity': ['sev1'], 'service': ['e']}, 'policy': 'team'}, {'policy': 'own'}],"
    "  'fallback': [{'team': 'with'}, {'person': 'zoe'}], 'rate': {'pages': 5, 'within': '10m', 'except': ['sev1', 'sev2']}}}");
  const IncidentOncallRules *oncall = get_oncall (playbook);

  assert_starts (playbook, "e:team :own a:own b:team d:own");
  assert_int_equal (((const IncidentPolicyStart *) g_ptr_array_index (oncall->starts, 0))->condition.condition.severities, 1u << INCIDENT_SEVERITY_SEV1);
  assert_targets (oncall->fallback, "team with, person zoe");
  assert_int_equal (oncall->rate, 5);
  assert_true (oncall->rate_window == 10 * MINUTE);
  assert_int_equal (oncall->rate_except, 1u << INCIDENT_SEVERITY_SEV1 | 1u << INCIDENT_SEVERITY_SEV2);
}

static void
test_who_may_override_is_said_by_a_right (void **state)
{
  g_autoptr(IncidentPlaybook) playbook G_GNUC_UNUSED = playbook_of ("{'rights': [{'everyone': true, 'may': ['override']}]}");
}

static void
test_what_escalation_records_can_be_told (void **state)
{
  g_autoptr(IncidentPlaybook) playbook G_GNUC_UNUSED = playbook_of (
    "{'channels': {'bot': {'kind': 'own', 'events': ['escalation-started', 'step-fired', 'step-skipped', 'escalation-acknowledged',"
    " 'escalation-rearmed', 'escalation-paused', 'escalation-exhausted', 'escalation-ended', 'escalation-moved', 'person-paged', 'fallback-paged',"
    " 'page-failed']}}}");
}

/* Errors */

static void
test_a_name_that_is_nowhere_has_its_place (void **state)
{
  assert_says ("{" WORLD ", 'holidays': {'h': []}, 'intervals': {'i': [{}]}, 'teams': {}, 'roles': {}, 'services': {'a': {'policy': 'x'}},"
               " 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana', 'zoe'], 'except': 'x'}, {'team': 'x'}]}},"
               " 'policies': {'p': {'steps': [{'page': [{'person': 'zoe'}, {'team': 'x'}, {'schedule': 'x'}, {'role': 'x'}, {'channel': 'x'}], 'wait': '5m',"
               "  'if': {'service': ['x']}, 'hours': {'interval': 'x', 'except': 'x', 'zone': 'UTC', 'outside': 'skip'}}]}},"
               " 'escalation': {'start': [{'policy': 'x'}]}, 'route': {'policy': 'x'}}",
               "/services/a/policy: must be a name in “/policies”; “x” is none there\n"
               "/schedules/s/layers/0/people/1: must be a name in “/people”; “zoe” is none there\n"
               "/schedules/s/layers/0/except: must be a name in “/holidays”; “x” is none there\n"
               "/schedules/s/layers/1/team: must be a name in “/teams”; “x” is none there\n"
               "/policies/p/steps/0/page/0/person: must be a name in “/people”; “zoe” is none there\n"
               "/policies/p/steps/0/page/1/team: must be a name in “/teams”; “x” is none there\n"
               "/policies/p/steps/0/page/2/schedule: must be a name in “/schedules”; “x” is none there\n"
               "/policies/p/steps/0/page/3/role: must be a name in “/roles”; “x” is none there\n"
               "/policies/p/steps/0/page/4/channel: must be a name in “/channels”; “x” is none there\n"
               "/policies/p/steps/0/if/service/0: must be a name in “/services”; “x” is none there\n"
               "/policies/p/steps/0/hours/interval: must be a name in “/intervals”; “x” is none there\n"
               "/policies/p/steps/0/hours/except: must be a name in “/holidays”; “x” is none there\n"
               "/escalation/start/0/policy: must be a name in “/policies”; “x” is none there\n"
               "/route/policy: must be a name in “/policies”; “x” is none there");
}

/* Where there is no such section at all. */
static void
test_a_name_in_a_section_that_is_missing_has_its_place (void **state)
{
  assert_says ("{'people': {'ana': {'pages': [{'by': 'x'}]}}, 'teams': {'t': {'policy': 'x'}}, 'services': {'a': {'owner': 't', 'policy': 'y'}},"
               " 'escalation': {'start': [{'policy': 'z'}], 'fallback': [{'schedule': 'x'}, {'channel': 'x'}]}}",
               "/people/ana/pages/0/by: must be a name in “/channels”; “x” is none there\n"
               "/escalation/start/0/policy: must be a name in “/policies”; “z” is none there\n"
               "/escalation/fallback/0/schedule: must be a name in “/schedules”; “x” is none there\n"
               "/escalation/fallback/1/channel: must be a name in “/channels”; “x” is none there\n"
               "/teams/t/policy: must be a name in “/policies”; “x” is none there\n"
               "/services/a/policy: must be a name in “/policies”; “y” is none there");
  assert_says ("{'schedules': {'s': {'zone': 'UTC', 'layers': [{'team': 'x', 'except': 'y'}]}}, 'policies': {'p': {'steps': [{'page': [{'team': 'x'}],"
               " 'wait': '5m', 'hours': {'interval': 'i', 'outside': 'skip'}}]}}}",
               "/schedules/s/layers/0/team: must be a name in “/teams”; “x” is none there\n"
               "/schedules/s/layers/0/except: must be a name in “/holidays”; “y” is none there\n"
               "/policies/p/steps/0/page/0/team: must be a name in “/teams”; “x” is none there\n"
               "/policies/p/steps/0/hours/interval: must be a name in “/intervals”; “i” is none there");
}

static void
test_a_page_leads_somewhere (void **state)
{
  assert_says ("{'people': {'ana': {'pages': [{'by': 'mail'}, {'by': 'slack'}, {'by': 'mail', 'to': '+34'}, {'by': 'slack', 'to': '#ops'}]}},"
               " 'channels': {'mail': {'kind': 'mail', 'from': 'a@b'}, 'slack': {'kind': 'slack', 'token': {'env': 'A'}}}}",
               "/people/ana/pages/0: must say “to” whom, or “ana” must have a contact for mail in “contacts”\n"
               "/people/ana/pages/1: must say “to” whom, or “ana” must have a contact for slack in “contacts”\n"
               "/people/ana/pages/2/to: must be a mail address such as “ops@example.org”\n"
               "/people/ana/pages/3/to: must be the id of a person in Slack, such as “U2CERLKJA”, or with the workspace “T1DC2JH3J/U2CERLKJA”");
}

static void
test_a_channel_that_leads_to_nobody_is_no_target (void **state)
{
  assert_says ("{'channels': {'mail': {'kind': 'mail', 'from': 'a@b'}, 'slack': {'kind': 'slack', 'token': {'env': 'A'}, 'room': {}},"
               "  'news': {'kind': 'slack', 'token': {'env': 'A'}, 'announce': 'C0A'}, 'list': {'kind': 'mail', 'from': 'a@b', 'to': ['c@d']},"
               "  'bell': {'kind': 'command', 'run': ['/bin/bell']}, 'hook': {'kind': 'webhook', 'url': 'https://a', 'key': {'env': 'A'}}, 'own': {'kind': 'own'}},"
               " 'policies': {'p': {'steps': [{'page': [{'channel': 'mail'}, {'channel': 'slack'}, {'channel': 'news'}, {'channel': 'list'},"
               "  {'channel': 'bell'}, {'channel': 'hook'}, {'channel': 'own'}], 'wait': '5m'}]}}}",
               "/policies/p/steps/0/page/0/channel: must be a channel that leads to somebody by itself: “mail” has no “to”\n"
               "/policies/p/steps/0/page/1/channel: must be a channel that leads to somebody by itself: “slack” has no “announce”");
}

static void
test_each_holiday_is_there_once (void **state)
{
  assert_says ("{'holidays': {'h': [{'day': '2026-12-25'}, {'day': '2026-12-24'}, {'day': '2026-12-25', 'what': 'Christmas'}]}}",
               "/holidays/h/2/day: is there twice: each day once");
  assert_says ("{'holidays': {'h': [{'day': '2026-02-30'}, {'what': 'Christmas'}]}}",
               "/holidays/h/0/day: must be a date such as “2026-12-24”\n"
               "/holidays/h/1: must have the member “day”");
}

static void
test_a_layer_has_people (void **state)
{
  assert_says (LAYER ("'name': 'a'"), "/schedules/s/layers/0: must say who is on call by either “people” or “team”");
  assert_says ("{'teams': {'t': {'members': ['ana']}}, 'schedules': {'s': {'zone': 'UTC', 'layers': [{'team': 't', 'people': ['ana']}]}}}",
               "/schedules/s/layers/0: must say who is on call by either “people” or “team”");
  assert_says (LAYER ("'people': []"), "/schedules/s/layers/0/people: must name at least one person");
  assert_says ("{'teams': {'t': {}}, 'schedules': {'s': {'zone': 'UTC', 'layers': [{'team': 't'}]}}}",
               "/schedules/s/layers/0/team: must be a team that has members; “t” has none");
  assert_says ("{'schedules': {'s': {'zone': 'UTC', 'layers': []}}}",
               "/schedules/s/layers: must have at least one layer, which says who is on call");
  assert_says ("{'schedules': {'s': {}}}", "/schedules/s: must have the members “zone” and “layers”");
}

static void
test_a_rotation_has_a_start_by_the_clock_on_the_wall (void **state)
{
  static const char * const bad[] = { "2026-01-05T09:00Z", "2026-01-05T09:00+01:00", "2026-01-05", "2026-01-05T24:00", "2026-01-05 09:00",
                                      "2026-01-05T09:00:00", "2026-13-05T09:00", "09:00" };

  assert_says (LAYER ("'people': ['ana'], 'rotation': {'unit': 'week'}"),
               "/schedules/s/layers/0/rotation: must have the members “start” and “unit”");
  assert_says (LAYER ("'people': ['ana'], 'rotation': {'start': '2026-02-30T09:00', 'unit': 'week'}"),
               "/schedules/s/layers/0/rotation/start: must be on a day that there is; “2026-02-30” is none");
  assert_says (LAYER ("'people': ['ana'], 'rotation': {'start': '2026-01-05T09:00', 'unit': 'fortnight', 'every': 0}"),
               "/schedules/s/layers/0/rotation/unit: must be “hour”, “day”, “week” or “month”\n"
               "/schedules/s/layers/0/rotation/every: must be a whole number from 1 to 1000");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strdup_printf (LAYER ("'people': ['ana'], 'rotation': {'start': '%s', 'unit': 'week'}"), bad[i]);

      assert_says (text, "/schedules/s/layers/0/rotation/start: must be a time by the clock on the wall, such as “2026-01-05T09:00”, "
                         "without an offset: the layer's zone says which wall");
    }
}

static void
test_a_layer_ends_after_it_begins (void **state)
{
  assert_says (LAYER ("'people': ['ana'], 'from': '2026-01-05T09:00', 'until': '2026-01-05T09:00'"),
               "/schedules/s/layers/0/until: must be later than “from”");
  assert_says (LAYER ("'people': ['ana'], 'from': '2026-01-05', 'until': '2026-01-04T23:59'"),
               "/schedules/s/layers/0/until: must be later than “from”");
  assert_says (LAYER ("'people': ['ana'], 'from': '2026-02-30', 'until': '0000-01-01'"),
               "/schedules/s/layers/0/from: must be on a day that there is; “2026-02-30” is none\n"
               "/schedules/s/layers/0/until: must be on a day that there is; “0000-01-01” is none");
  assert_says (LAYER ("'people': ['ana'], 'from': '2026-01-05T09:00Z'"),
               "/schedules/s/layers/0/from: must be a day such as “2026-01-05”, or with the clock on the wall “2026-01-05T09:00”, without an offset");
}

static void
test_times_of_a_layer_are_days_and_clocks_that_there_are (void **state)
{
  assert_says (LAYER ("'people': ['ana'], 'only': [{'weekdays': ['mon', 'friday:monday']}, {'weekdays': []}]"),
               "/schedules/s/layers/0/only/0/weekdays/0: must be a day of the week such as “monday”, or two as in “monday:friday”\n"
               "/schedules/s/layers/0/only/0/weekdays/1: must not go over the end of a week, which is saturday: that takes two, as "
               "“friday:saturday” and “sunday:monday”\n"
               "/schedules/s/layers/0/only/1/weekdays: must name at least one, or be left out");
  assert_says (LAYER ("'people': ['ana'], 'only': []"), "/schedules/s/layers/0/only: must name at least one, or be left out");
  assert_says (LAYER ("'people': ['ana'], 'only': [{'from': '24:00', 'until': '24:30'}]"),
               "/schedules/s/layers/0/only/0/from: must be a time of day such as “22:00”\n"
               "/schedules/s/layers/0/only/0/until: must be a time of day such as “17:00”, up to “24:00”");
}

static void
test_layers_and_steps_have_names_of_their_own (void **state)
{
  assert_says ("{'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana']}, {'name': 'a', 'people': ['ana']}, {'name': 'a', 'people': ['ana']},"
               " {'name': '1', 'people': ['ana']}]}}}",
               "/schedules/s/layers/2/name: is called “a”, as another one is: give each its own name\n"
               "/schedules/s/layers/3/name: is called “1”, as another one is: give each its own name");
  assert_says (STEPS ("{'name': '2', 'page': [{'team': 't'}], 'wait': '5m'}, " STEP),
               "/policies/p/steps/1: is called “2”, as another one is: give each its own name");
}

static void
test_a_policy_has_steps_that_page_somebody_and_wait (void **state)
{
  assert_says (STEPS (""), "/policies/p/steps: must have at least one step, which says who is paged");
  assert_says (STEPS ("{'page': [], 'wait': '5m'}"), "/policies/p/steps/0/page: must name at least one who is paged");
  assert_says (STEPS ("{'page': [{}, {'team': 't', 'person': 'ana'}], 'wait': '0s'}, {}"),
               "/policies/p/steps/0/page/0: must have exactly one of the members “person”, “team”, “schedule”, “role” and “channel”\n"
               "/policies/p/steps/0/page/1: must have exactly one of the members “person”, “team”, “schedule”, “role” and “channel”\n"
               "/policies/p/steps/0/wait: must be a duration such as “30s”, “5m”, “4h” or “2d”, of at most 3650 days\n"
               "/policies/p/steps/1: must have the members “page” and “wait”");
}

static void
test_a_policy_ends (void **state)
{
  assert_says (POLICY ("'endless': true"),
               "/policies/p/endless: must have an end: say by “give-up-after” how long people are paged at most");
  assert_says (POLICY ("'endless': true, 'give-up-after': '2h', 'repeat': 3"),
               "/policies/p/repeat: must be left out: “endless” begins anew until “give-up-after”");
  assert_says (POLICY ("'repeat': 0"), "/policies/p/repeat: must be a whole number from 1 to 100");
}

static void
test_hours_say_when_and_by_whose_clocks (void **state)
{
#define HOURS(members) "{'intervals': {'i': [{}]}, 'holidays': {'h': []}, 'policies': {'p': {'steps': [{'page': [{'role': 'r'}], 'wait': '5m', 'hours': {" \
                       members "}}]}}}"
  assert_says (HOURS ("'outside': 'skip'"), "/policies/p/steps/0/hours: must say when they are by “interval”, “except” or both");
  assert_says (HOURS ("'except': 'h', 'outside': 'skip'"),
               "/policies/p/steps/0/hours: must say by “zone” by whose clocks the days of “except” are");
  assert_says (HOURS ("'interval': 'i', 'zone': 'UTC', 'outside': 'skip'"),
               "/policies/p/steps/0/hours/zone: is for the days of “except” alone: an interval has a zone of its own");
  assert_says (HOURS ("'interval': 'i'"), "/policies/p/steps/0/hours: must have the member “outside”");
}

static void
test_an_empty_list_is_not_taken_for_all (void **state)
{
  assert_says (STEPS ("{'page': [{'team': 't'}], 'wait': '5m', 'if': {'severity': [], 'labels': [], 'priority': []}}"),
               "/policies/p/steps/0/if/severity: must name at least one, or be left out\n"
               "/policies/p/steps/0/if/labels: must name at least one, or be left out\n"
               "/policies/p/steps/0/if/priority: must name at least one, or be left out");
  assert_says ("{'policies': {'p': {'steps': [{'page': [{'role': 'r'}], 'wait': '5m'}], 'fallback': []}}, 'escalation': {'fallback': [],"
               " 'rate': {'pages': 5, 'within': '1m', 'except': []}}}",
               "/policies/p/fallback: must name at least one, or be left out\n"
               "/escalation/fallback: must name at least one, or be left out\n"
               "/escalation/rate/except: must name at least one, or be left out");
}

static void
test_a_condition_names_what_there_is (void **state)
{
  assert_says (STEPS ("{'page': [{'team': 't'}], 'wait': '5m', 'if': {'phase': ['fishing'], 'labels': ['=x']}}"),
               "/policies/p/steps/0/if/phase/0: must be one of the phases; “fishing” is none\n"
               "/policies/p/steps/0/if/labels/0: “=x” are no matchers: 0:1: “=” stands where there must be the name of a label, as in "
               "team=\"payments\"");
  assert_says (STEPS ("{'page': [{'team': 't'}], 'wait': '5m', 'if': {'priority': ['p9'], 'alerts': {'at-least': 3}}}"),
               "/policies/p/steps/0/if/priority/0: must be “p1”, “p2”, “p3”, “p4” or “p5”\n"
               "/policies/p/steps/0/if/alerts: must have the members “at-least” and “within”");
}

/* Warnings */

static void
test_what_is_meant_is_not_warned_of (void **state)
{
  assert_warns (STEPS (STEP), "");
  assert_warns (POLICY ("'repeat': 1, 'acknowledgement': {'timeout': '30m'}, 'give-up-after': '5m'"), "");
  assert_warns ("{" WORLD ", " PLAIN ", 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana', 'bo'],"
                " 'rotation': {'start': '2026-01-28T09:00', 'unit': 'month'}}, {'name': 'w', 'people': ['ana'], 'rotation': {'start': '2026-01-31T09:00',"
                " 'unit': 'week'}}]}}, 'policies': {'p': {'steps': [{'page': [{'schedule': 's'}], 'wait': '59m'}, " STEP "]}}}",
                "");
}

static void
test_a_month_that_begins_on_a_day_that_some_lack_is_told (void **state)
{
  assert_warns ("{" WORLD ", " PLAIN ", 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana', 'bo'],"
                " 'rotation': {'start': '2026-01-29T09:00', 'unit': 'month'}}]}}, 'policies': {'p': {'steps': [{'page': [{'schedule': 's'}], 'wait': '5m'}]}}}",
                "/schedules/s/layers/0/rotation/start: is on the 29th: in months that have no such day the hand-off is some days into the next one, so "
                "begin on one of the first 28");
}

static void
test_people_who_cannot_be_paged_are_told_once (void **state)
{
  assert_warns ("{'people': {'ana': {'contacts': {'mail': 'ana@example.org'}}, 'bo': {}, 'cy': {'contacts': {'slack': 'U1A'}},"
                "  'di': {'contacts': {'mail': 'di@example.org'}, 'pages': []}, 'ed': {}}, " CHANNELS ","
                " 'teams': {'t': {'members': ['ana', 'bo']}, 'u': {'members': ['ana', 'ed']}},"
                " 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana', 'bo', 'cy']}, {'team': 't'}]}},"
                " 'policies': {'p': {'steps': [{'page': [{'schedule': 's'}, {'person': 'di'}, {'person': 'bo'}], 'wait': '5m'}], 'fallback': [{'team': 'u'}]}},"
                " 'escalation': {'start': [{'policy': 'p'}]}}",
                "/schedules/s/layers/0/people/1: cannot be paged: “bo” has neither “pages” nor a contact that one of the channels leads to\n"
                "/schedules/s/layers/0/people/2: cannot be paged: “cy” has neither “pages” nor a contact that one of the channels leads to\n"
                "/policies/p/steps/0/page/1/person: cannot be paged: “di” has neither “pages” nor a contact that one of the channels leads to\n"
                "/policies/p/fallback/0/team: cannot be paged: “ed” has neither “pages” nor a contact that one of the channels leads to");
}

static void
test_pages_of_which_none_is_at_once_are_told (void **state)
{
  assert_warns ("{'people': {'ana': {'pages': [{'by': 'bell', 'after': '5m'}, {'by': 'bell', 'after': '9m'}]}, 'bo': {'pages': [{'by': 'bell', 'after': '5m'},"
                " {'by': 'bell'}]}}, 'channels': {'bell': {'kind': 'own'}}}",
                "/people/ana/pages: has none that goes out at once: each has an “after”");
}

static void
test_a_policy_with_one_person_alone_is_told (void **state)
{
  assert_warns (STEPS ("{'page': [{'person': 'ana'}], 'wait': '5m'}, {'page': [{'person': 'ana'}], 'wait': '5m'}"),
                "/policies/p: pages nobody but “ana”: if they do not wake up, nobody comes");
  assert_warns (STEPS ("{'page': [{'person': 'ana'}], 'wait': '5m'}, {'page': [{'person': 'bo'}], 'wait': '5m'}"), "");
  assert_warns (STEPS ("{'page': [{'person': 'ana'}], 'wait': '5m'}, {'page': [{'role': 'commander'}], 'wait': '5m'}"), "");
  assert_warns (STEPS ("{'page': [{'person': 'ana'}], 'wait': '5m'}, {'page': [{'channel': 'mail'}], 'wait': '5m'}"), "");
}

static void
test_a_step_that_reaches_nobody_is_told (void **state)
{
  assert_warns ("{'people': {'ana': {'contacts': {'mail': 'ana@example.org'}}, 'bo': {'pages': []}, 'cy': {'pages': []}}, " CHANNELS ","
                " 'teams': {'t': {'members': ['ana']}, 'u': {}}, 'policies': {'p': {'steps': [{'page': [{'person': 'bo'}, {'person': 'cy'}], 'wait': '5m'},"
                "  {'page': [{'team': 'u'}], 'wait': '5m'}, {'page': [{'role': 'commander'}], 'wait': '5m'}, {'page': [{'person': 'bo'}, {'team': 't'}], 'wait': '5m'}]}},"
                " 'escalation': {'start': [{'policy': 'p'}], 'fallback': [{'team': 't'}]}}",
                "/policies/p/steps/0/page/0/person: cannot be paged: “bo” has neither “pages” nor a contact that one of the channels leads to\n"
                "/policies/p/steps/0/page/1/person: cannot be paged: “cy” has neither “pages” nor a contact that one of the channels leads to\n"
                "/policies/p/steps/0/page: never reaches anybody: none of them has a way to be paged\n"
                "/policies/p/steps/1/page: never reaches anybody: none of them has a way to be paged");
}

static void
test_steps_that_may_all_be_skipped_are_told (void **state)
{
#define SKIPPED "/policies/p/steps: may all be skipped, by an “if” or outside of “hours”: then only the fallback is paged"
#define WITH_HOURS(how) "{" WORLD ", " PLAIN ", 'intervals': {'i': [{}]}, 'policies': {'p': {'steps': [{'page': [{'team': 't'}], 'wait': '5m'," \
                        " 'hours': {'interval': 'i', 'outside': '" how "'}}]}}}"
  assert_warns (STEPS ("{'page': [{'team': 't'}], 'wait': '5m', 'if': {'severity': ['sev1']}}"), SKIPPED);
  assert_warns (WITH_HOURS ("skip"), SKIPPED);
  assert_warns (WITH_HOURS ("wait"), "");
  assert_warns (STEPS ("{'page': [{'team': 't'}], 'wait': '5m', 'if': {'severity': ['sev1']}}, " STEP), "");
}

static void
test_a_long_first_step_is_told (void **state)
{
  assert_warns (STEPS ("{'page': [{'team': 't'}], 'wait': '1h'}, " STEP),
                "/policies/p/steps/0/wait: is long for a first step: so long nobody else is paged, whoever is asleep");
  assert_warns (STEPS ("{'page': [{'team': 't'}], 'wait': '4h'}"), "");
}

static void
test_a_step_behind_the_end_is_told (void **state)
{
  assert_warns ("{" WORLD ", " PLAIN ", 'policies': {'p': {'steps': [" STEP ", " STEP ", {'name': 'last', 'page': [{'team': 't'}], 'wait': '5m'}],"
                " 'give-up-after': '10m'}}}",
                "/policies/p/give-up-after: is over before the step “last” begins, if nobody acknowledges");
}

static void
test_a_timeout_without_a_repeat_is_told (void **state)
{
#define TOLD "/policies/p/acknowledgement: has a timeout, and there is no “repeat”: who falls asleep after the last step is paged once more, and " \
             "then nobody is"
  assert_warns (POLICY ("'acknowledgement': {'timeout': '30m'}"), TOLD);
  assert_warns (POLICY ("'acknowledgement': {'timeouts': {'sev1': '30m'}}"), TOLD);
  assert_warns (POLICY ("'acknowledgement': {'timeouts': {'sev1': '0s'}}"), "");
  assert_warns (POLICY ("'acknowledgement': {'timeout': '30m'}, 'endless': true, 'give-up-after': '8h'"), "");
}

static void
test_what_nothing_leads_to_is_told (void **state)
{
  assert_warns ("{" WORLD ", 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana']}]}}}",
                "/schedules/s: is in no policy: nobody is paged by it");
  assert_warns ("{" WORLD ", 'teams': {'t': {'members': ['ana', 'bo']}}, 'policies': {'p': {'steps': [" STEP "]}}, 'escalation': {'fallback': [{'team': 't'}]}}",
                "/policies/p: begins for no case by itself: neither “escalation” nor a service or its team names it");
  assert_warns ("{" WORLD ", 'teams': {'t': {'members': ['ana', 'bo']}}, 'policies': {'p': {'steps': [" STEP "]}}, 'services': {'a': {'policy': 'p'}}}",
                "/policies/p: has no “fallback”, and “escalation” has none: where nobody comes, nobody else is told");
  assert_warns ("{" WORLD ", 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana']}]}, 't': {'zone': 'UTC', 'layers': [{'people': ['ana']}]}},"
                " 'teams': {'t': {'members': ['ana', 'bo'], 'policy': 'p'}}, 'services': {'a': {'owner': 't'}},"
                " 'policies': {'p': {'steps': [" STEP "], 'fallback': [{'schedule': 's'}]}}, 'escalation': {'fallback': [{'schedule': 't'}]}}", "");
}

static void
test_a_start_behind_one_for_all_is_told (void **state)
{
  assert_warns ("{" WORLD ", 'teams': {'t': {'members': ['ana', 'bo']}}, 'policies': {'p': {'steps': [" STEP "], 'fallback': [{'team': 't'}]}},"
                " 'escalation': {'start': [{'if': {'severity': ['sev1']}, 'policy': 'p'}, {'if': {}, 'policy': 'p'}, {'policy': 'p'}]}}",
                "/escalation/start/1: is for every case, so that none gets to those after it");
}

static void
test_a_channel_that_only_pages_is_of_use (void **state)
{
  assert_warns ("{'people': {'ana': {'pages': [{'by': 'bell'}]}, 'bo': {'pages': [{'by': 'mail', 'to': 'a@b'}]}},"
                " 'channels': {'bell': {'kind': 'own', 'events': []}, 'mail': {'kind': 'mail', 'from': 'a@b'}, 'lamp': {'kind': 'own', 'events': []}}, " PLAIN ","
                " 'policies': {'p': {'steps': [" STEP "]}}}",
                "/channels/lamp: has nothing that would be sent: “events” is empty, and no audience is told by it");
  assert_warns ("{'people': {'ana': {'pages': [{'by': 'bell'}]}}, 'channels': {'bell': {'kind': 'own', 'events': []}}}",
                "/channels/bell: has nothing that would be sent: “events” is empty, and no audience is told by it");
}

/* Documents */

static void
test_changes_are_said_in_words (void **state)
{
  g_autoptr(IncidentPlaybook) before = playbook_of (
    "{'people': {'ana': {}, 'bo': {}}, 'holidays': {'h': [{'day': '2026-12-24'}, {'day': '2026-12-25'}], 'gone': []},"
    " 'schedules': {'s': {'zone': 'UTC', 'layers': [{'name': 'a', 'people': ['ana', 'bo']}, {'name': 'b', 'people': ['bo']}]}},"
    " 'policies': {'p': {'steps': [{'name': 'x', 'page': [{'person': 'ana'}], 'wait': '5m'}]}}, 'escalation': {'rate': {'pages': 5, 'within': '10m'}}}");
  g_autoptr(IncidentPlaybook) after = playbook_of (
    "{'people': {'ana': {}, 'bo': {}}, 'holidays': {'h': [{'day': '2026-12-25', 'what': 'Christmas'}]},"
    " 'schedules': {'s': {'zone': 'Asia/Tokyo', 'layers': [{'name': 'a', 'people': ['bo', 'ana'], 'rotation': {'start': '2026-01-05T09:00', 'unit': 'week'}}]}},"
    " 'policies': {'p': {'steps': [{'name': 'x', 'page': [{'person': 'bo'}], 'wait': '10m'}, {'name': 'y', 'page': [{'person': 'ana'}], 'wait': '5m'}]},"
    "  'q': {'steps': [{'page': [{'person': 'ana'}], 'wait': '5m'}]}}, 'escalation': {'start': [{'policy': 'q'}], 'rate': {'pages': 6, 'within': '10m'}}}");
  g_autoptr(GPtrArray) changes = incident_playbook_diff (before, after);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    g_string_append_printf (text, "%s\n", incident_playbook_change_get_text (g_ptr_array_index (changes, i)));
  assert_string_equal (text->str,
                       "holidays h: 2026-12-24 is gone\n"
                       "holidays h: 2026-12-25 what nothing → Christmas\n"
                       "holidays gone: is gone\n"
                       "schedule s: zone UTC → Asia/Tokyo\n"
                       "schedule s: layers a people in another order\n"
                       "schedule s: layers a rotation start nothing → 2026-01-05T09:00\n"
                       "schedule s: layers a rotation unit nothing → week\n"
                       "schedule s: layers b is gone\n"
                       "policy p: steps x page − {\"person\":\"ana\"}\n"
                       "policy p: steps x page + {\"person\":\"bo\"}\n"
                       "policy p: steps x wait 5m → 10m\n"
                       "policy p: steps y is new\n"
                       "policy q: is new\n"
                       "escalation: start + {\"policy\":\"q\"}\n"
                       "escalation: rate pages 5 → 6\n");
}

static void
test_a_document_reads_the_same_when_it_is_written (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{" WORLD ", " PLAIN ", 'holidays': {'h': [{'day': '2026-12-25', 'x-why': 1}]}, 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['bo', 'ana'],"
    " 'rotation': {'unit': 'day', 'start': '2026-01-05T09:00'}}]}}, 'policies': {'p': {'steps': [" STEP ", {'wait': '1m', 'page': [{'schedule': 's'}]}]}}}");
  g_autofree char *json = incident_playbook_to_json (playbook);
  g_autoptr(IncidentPlaybook) again = playbook_new (json);
  g_autoptr(GPtrArray) changes = incident_playbook_diff (playbook, again);

  assert_int_equal (changes->len, 0);
  assert_string_equal (incident_playbook_get_version (playbook), incident_playbook_get_version (again));
  assert_joined (get_layer (again, "s", 0)->people, "bo ana");
}

static void
test_only_cases_that_are_escalated_are_touched_by_a_schedule (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentPlaybook) before = playbook_of (STEPS (STEP));
  g_autoptr(IncidentPlaybook) after = playbook_of (
    "{" WORLD ", " PLAIN ", 'holidays': {'h': []}, 'schedules': {'s': {'zone': 'UTC', 'layers': [{'people': ['ana']}]}},"
    " 'policies': {'p': {'steps': [" STEP ", " STEP "]}}}");
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = open_case (office);
  g_autoptr(GPtrArray) changes = incident_playbook_diff (before, after);
  g_autoptr(GError) error = NULL;

  assert_int_equal (changes->len, 3);
  for (guint i = 0; i < changes->len; i++)
    {
      g_autoptr(GPtrArray) touched = incident_desk_list_touched (office->desk, g_ptr_array_index (changes, i), &error);

      assert_no_error (error);
      assert_int_equal (touched->len, 0);
    }
}

/* A policy touches the cases that it is about; schedules, holidays and intervals all that are escalated. */
static void
test_a_case_that_is_escalated_is_touched (void **state)
{
  Office *office = *state;
#define RULES(wait, zone, day, more) \
  "{" WORLD ", " PLAIN ", 'holidays': {'h': [{'day': '2026-12-" day "'}]}, 'schedules': {'s': {'zone': '" zone "', 'layers': [{'people': ['ana']}]}}," \
  " 'policies': {'p': {'steps': [{'page': [{'team': 't'}], 'wait': '" wait "'}]}, 'q': {'steps': [" STEP more "]}}}"
  g_autoptr(IncidentPlaybook) before = playbook_of (RULES ("5m", "UTC", "24", ""));
  g_autoptr(IncidentPlaybook) after = playbook_of (RULES ("6m", "Asia/Tokyo", "25", ", " STEP));
  g_autoptr(GPtrArray) changes = incident_playbook_diff (before, after);
  g_autoptr(IncidentEscalator) escalator = incident_escalator_new (office->desk);
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = NULL;
  g_autoptr(GString) said = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  incident_desk_set_playbook (office->desk, before, &error);
  assert_no_error (error);
  kase = open_case (office);
  assert_true (incident_escalator_run (escalator, NULL, &error) > 0);
  assert_no_error (error);
  for (guint i = 0; i < changes->len; i++)
    {
      IncidentPlaybookChange *change = g_ptr_array_index (changes, i);
      g_autoptr(GPtrArray) touched = incident_desk_list_touched (office->desk, change, &error);

      assert_no_error (error);
      g_string_append_printf (said, "%s %s %u\n", incident_playbook_change_get_section (change), incident_playbook_change_get_name (change),
                              touched->len);
    }
  assert_string_equal (said->str, "holidays h 1\nholidays h 1\nschedules s 1\npolicies p 1\npolicies p 1\npolicies q 0\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_playbook_that_says_nothing_has_nobody_on_call),
    cmocka_unit_test (test_each_person_and_team_is_there_with_what_is_known_of_them),
    cmocka_unit_test (test_pages_go_out_in_their_order_to_a_contact_or_where_they_say),
    cmocka_unit_test (test_who_says_nothing_of_pages_gets_them_by_all_contacts_at_once),
    cmocka_unit_test (test_holidays_are_sorted_by_day),
    cmocka_unit_test (test_a_layer_is_read_whole),
    cmocka_unit_test (test_what_a_layer_does_not_say_is_as_usual),
    cmocka_unit_test (test_each_unit_of_a_rotation_is_known),
    cmocka_unit_test (test_layers_stand_by_priority_and_then_as_they_were_written),
    cmocka_unit_test (test_a_team_stands_for_its_members),
    cmocka_unit_test (test_times_of_a_layer_are_whole_days_where_nothing_is_said),
    cmocka_unit_test (test_bounds_are_by_the_clock_on_the_wall),
    cmocka_unit_test (test_a_policy_is_read_whole),
    cmocka_unit_test (test_what_a_policy_does_not_say_is_as_usual),
    cmocka_unit_test (test_a_case_gets_the_policy_it_is_given_or_that_of_its_service_or_of_the_team),
    cmocka_unit_test (test_who_may_override_is_said_by_a_right),
    cmocka_unit_test (test_what_escalation_records_can_be_told),
    cmocka_unit_test (test_a_name_that_is_nowhere_has_its_place),
    cmocka_unit_test (test_a_name_in_a_section_that_is_missing_has_its_place),
    cmocka_unit_test (test_a_page_leads_somewhere),
    cmocka_unit_test (test_a_channel_that_leads_to_nobody_is_no_target),
    cmocka_unit_test (test_each_holiday_is_there_once),
    cmocka_unit_test (test_a_layer_has_people),
    cmocka_unit_test (test_a_rotation_has_a_start_by_the_clock_on_the_wall),
    cmocka_unit_test (test_a_layer_ends_after_it_begins),
    cmocka_unit_test (test_times_of_a_layer_are_days_and_clocks_that_there_are),
    cmocka_unit_test (test_layers_and_steps_have_names_of_their_own),
    cmocka_unit_test (test_a_policy_has_steps_that_page_somebody_and_wait),
    cmocka_unit_test (test_a_policy_ends),
    cmocka_unit_test (test_hours_say_when_and_by_whose_clocks),
    cmocka_unit_test (test_an_empty_list_is_not_taken_for_all),
    cmocka_unit_test (test_a_condition_names_what_there_is),
    cmocka_unit_test (test_what_is_meant_is_not_warned_of),
    cmocka_unit_test (test_a_month_that_begins_on_a_day_that_some_lack_is_told),
    cmocka_unit_test (test_people_who_cannot_be_paged_are_told_once),
    cmocka_unit_test (test_pages_of_which_none_is_at_once_are_told),
    cmocka_unit_test (test_a_policy_with_one_person_alone_is_told),
    cmocka_unit_test (test_a_step_that_reaches_nobody_is_told),
    cmocka_unit_test (test_steps_that_may_all_be_skipped_are_told),
    cmocka_unit_test (test_a_long_first_step_is_told),
    cmocka_unit_test (test_a_step_behind_the_end_is_told),
    cmocka_unit_test (test_a_timeout_without_a_repeat_is_told),
    cmocka_unit_test (test_what_nothing_leads_to_is_told),
    cmocka_unit_test (test_a_start_behind_one_for_all_is_told),
    cmocka_unit_test (test_a_channel_that_only_pages_is_of_use),
    cmocka_unit_test (test_changes_are_said_in_words),
    cmocka_unit_test (test_a_document_reads_the_same_when_it_is_written),
    both (test_only_cases_that_are_escalated_are_touched_by_a_schedule),
    both (test_a_case_that_is_escalated_is_touched),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
