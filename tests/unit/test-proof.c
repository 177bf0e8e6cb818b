/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foresee-test.h"

#include "oncall/incident-proof-private.h"
#include "playbook/incident-playbook-private.h"

/* Proofs of the small company, of clocks that are set, and against an oracle that looks at each minute. */

static char *
prove (Office *office, const char *policy, const char *from, const char *until)
{
  g_autoptr(GError) error = NULL;
  gint64 begins, ends;
  char *answer;

  incident_time_from_string (from, &begins, &error);
  assert_no_error (error);
  incident_time_from_string (until, &ends, &error);
  assert_no_error (error);
  answer = incident_desk_prove (office->desk, NULL, policy, begins, ends, &error);
  assert_no_error (error);
  return answer;
}

static JsonObject *
get_policy (JsonObject *proof, guint position)
{
  return json_array_get_object_element (json_object_get_array_member (proof, "policies"), position);
}

static void
test_covered_policy_is_proven (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *proof;

  rule_by (office, COMPANY (PLAIN_POLICY));
  answer = prove (office, NULL, "2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z");
  proof = read_answer (answer, &node);
  assert_true (json_object_get_boolean_member (proof, "proven"));
  assert_list (get_policy (proof, 0), "uncovered", "from until", "");
  assert_list (get_policy (proof, 0), "alone", "from", "");
}

#define OFFICE_POLICY(more) \
  " \"policies\": {\"main\": {\"steps\": [{\"name\": \"only\", \"page\": [{\"schedule\": \"office\"}], \"wait\": \"10m\"}" more "]}}"

/* Tuesday evening, and the weekend that is meant to be free. */
static void
test_uncovered_and_wanted_gaps_are_told_apart (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *proof;

  rule_by (office, COMPANY (OFFICE_POLICY ("")));
  answer = prove (office, "main", "2026-11-26T00:00:00+01:00", "2026-11-30T10:00:00+01:00");
  proof = read_answer (answer, &node);
  assert_false (json_object_get_boolean_member (proof, "proven"));
  assert_list (get_policy (proof, 0), "uncovered", "from until",
               "25 23:00 26 08:00\n26 16:00 27 08:00\n27 16:00 27 23:00\n29 23:00 30 08:00\n");
  assert_list (get_policy (proof, 0), "wanted-gaps", "from until", "27 23:00 29 23:00\n");
  assert_list (get_policy (proof, 0), "alone", "from until person",
               "26 08:00 26 16:00 eve\n27 08:00 27 16:00 eve\n30 08:00 30 09:00 eve\n");
}

static void
test_steps_that_reach_nobody_are_listed (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *proof;

  rule_by (office, COMPANY (OFFICE_POLICY (", {\"name\": \"none\", \"page\": [{\"person\": \"dan\"}], \"wait\": \"5m\"},"
                                           " {\"name\": \"who\", \"page\": [{\"role\": \"commander\"}], \"wait\": \"5m\"},"
                                           " {\"name\": \"told\", \"page\": [{\"channel\": \"chat\"}], \"wait\": \"5m\"}")
                            ", \"roles\": {\"commander\": {}}"));
  answer = prove (office, NULL, "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z");
  proof = read_answer (answer, &node);
  assert_list (get_policy (proof, 0), "never-staffed", "step name", "2 none\n");
  assert_list (get_policy (proof, 0), "not-judged", "step name target", "3 who role commander\n");
  assert_string_equal (json_array_get_string_element (json_object_get_array_member (proof, "no-contact"), 0), "dan");
}

static void
test_conditions_and_hours_prove_nothing_beyond_them (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *proof;

  rule_by (office, COMPANY (
    " \"intervals\": {\"day\": [{\"times\": [{\"start\": \"08:00\", \"end\": \"20:00\"}], \"zone\": \"Europe/Madrid\"}]},"
    " \"holidays\": {\"feast\": [{\"day\": \"2026-11-27\"}]},"
    " \"policies\": {\"main\": {\"steps\": ["
    "  {\"page\": [{\"person\": \"ana\"}], \"wait\": \"5m\", \"hours\": {\"interval\": \"day\", \"except\": \"feast\","
    "   \"zone\": \"Europe/Madrid\", \"outside\": \"skip\"}},"
    "  {\"page\": [{\"person\": \"bo\"}], \"wait\": \"5m\", \"if\": {\"severity\": [\"sev1\"]}}]}}"));
  answer = prove (office, NULL, "2026-11-26T00:00:00+01:00", "2026-11-28T12:00:00+01:00");
  proof = read_answer (answer, &node);
  assert_list (get_policy (proof, 0), "uncovered", "from until", "25 23:00 26 07:00\n26 19:00 28 07:00\n");
  assert_list (get_policy (proof, 0), "never-staffed", "step", "");
}

/* A day by the clock of Tokyo. */
static void
test_absence_of_who_is_on_call_is_a_risk (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;

  rule_by (office, COMPANY (OFFICE_POLICY ("")));
  answer = prove (office, NULL, "2026-11-30T00:00:00Z", "2026-12-05T00:00:00Z");
  assert_list (read_answer (answer, &node), "absences", "schedule person from until",
               "office eve 30 15:00 30 16:00\noffice eve 01 08:00 01 15:00\n");
}

/* Chicago sets its clock forward on 2027-03-14 at 02:00 and back on 2027-11-07 at 02:00. */
static void
test_lost_and_doubled_shifts_are_told (void **state)
{
  Office *office = *state;
  g_autofree char *answer = NULL;
  g_autoptr(JsonNode) node = NULL;

  rule_by (office, "{\"people\": {\"ana\": {\"pages\": [{\"by\": \"chat\"}]}, \"bo\": {}}, \"channels\": {\"chat\": {\"kind\": \"own\"}},"
                   " \"schedules\": {\"s\": {\"zone\": \"America/Chicago\", \"layers\": ["
                   "  {\"name\": \"hours\", \"people\": [\"ana\", \"bo\"], \"rotation\": {\"start\": \"2027-01-01T00:00\", \"every\": 1, \"unit\": \"hour\"}},"
                   "  {\"name\": \"months\", \"people\": [\"ana\", \"bo\"], \"rotation\": {\"start\": \"2027-01-31T00:00\", \"every\": 1, \"unit\": \"month\"}},"
                   "  {\"name\": \"night\", \"people\": [\"bo\"], \"only\": [{\"weekdays\": [\"sunday\"], \"from\": \"02:00\", \"until\": \"03:00\"}]}]}},"
                   " \"policies\": {\"p\": {\"steps\": [{\"page\": [{\"schedule\": \"s\"}], \"wait\": \"5m\"}]}}}");
  answer = prove (office, NULL, "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z");
  assert_list (read_answer (answer, &node), "clock-changes", "layer at shift",
               "hours 14 08:00 lost\nhours 07 06:00 doubled\nnight 14 08:00 lost\n");
  assert_list (json_node_get_object (node), "rotations", "schedule layer day", "s months 31\n");
}

static void
test_unknown_policy_is_not_found (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_prove (office->desk, NULL, "nothing", START, START + G_TIME_SPAN_DAY, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
}

static void
test_time_that_is_none_is_invalid (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_prove (office->desk, NULL, NULL, START, START, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

/* Nobody would ever be paged. */
static void
test_no_policy_is_no_proof (void **state)
{
  Office *office = *state;
  g_autofree char *answer = prove (office, NULL, "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z");
  g_autoptr(JsonNode) node = NULL;

  assert_false (json_object_get_boolean_member (read_answer (answer, &node), "proven"));
}

static void
test_zones_are_the_same_version_until_they_matter (void **state)
{
  Office *office = *state;
  const IncidentOncallRules *rules;
  g_autofree char *winter = NULL;
  g_autofree char *again = NULL;
  g_autofree char *spring = NULL;
  gint64 hours = 24 * G_TIME_SPAN_HOUR;

  rule_by (office, COMPANY (PLAIN_POLICY));
  rules = incident_playbook_get_rules (incident_desk_get_playbook (office->desk))->oncall;
  winter = incident_zones_to_version (rules, START, START + 30 * hours);
  again = incident_zones_to_version (rules, START, START + 30 * hours);
  spring = incident_zones_to_version (rules, START, START + 200 * hours);
  assert_string_equal (winter, again);
  assert_string_not_equal (winter, spring);
}

/* An oracle: at each minute, who is on call, and does any of them have a way to be paged? */

typedef struct
{
  GRand         *rand;
  IncidentRules *rules;
} World;

static const char * const zones[] = { "UTC", "Europe/Madrid", "America/Chicago", "Australia/Lord_Howe", "Asia/Tokyo" };
static const char * const names[] = { "ana", "bo", "carmen", "dan" };

static void
add_layer (World *world, IncidentScheduleRules *schedule, guint number)
{
  g_autofree char *name = g_strdup_printf ("%u", number);
  IncidentLayer *layer = incident_schedule_rules_add_layer (schedule, g_intern_string (name));
  guint n_restrictions = (guint) g_rand_int_range (world->rand, 0, 3);

  layer->priority = (guint) g_rand_int_range (world->rand, 0, 2);
  layer->zone = g_time_zone_new_identifier (zones[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (zones))]);
  for (guint i = 0, n = (guint) g_rand_int_range (world->rand, 1, 4); i < n; i++)
    g_ptr_array_add (layer->people, (gpointer) names[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (names))]);
  layer->rotates = g_rand_boolean (world->rand);
  layer->rotation.start = START / G_TIME_SPAN_MINUTE + g_rand_int_range (world->rand, -5000, 5000);
  layer->rotation.unit = (IncidentRotationUnit) g_rand_int_range (world->rand, 0, 3);
  layer->rotation.length = (guint) g_rand_int_range (world->rand, 1, 4);
  for (guint i = 0; i < n_restrictions; i++)
    {
      IncidentRestriction restriction = {
        (guint) g_rand_int_range (world->rand, 1, 128),
        (guint) g_rand_int_range (world->rand, 0, 1440), (guint) g_rand_int_range (world->rand, 0, 1440)
      };

      g_array_append_val (layer->restrictions, restriction);
    }
}

static void
world_init (World *world, guint32 seed)
{
  IncidentContactMethod method = { "chat", "somebody", 0 };

  world->rand = g_rand_new_with_seed (seed);
  world->rules = incident_rules_new (incident_lifecycle_get_default ());
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      IncidentOncallPerson *person = incident_oncall_rules_add_person (world->rules->oncall, names[i]);

      if (g_rand_int_range (world->rand, 0, 3) > 0)
        g_array_append_val (person->methods, method);
    }
  for (guint i = 0; i < 2; i++)
    {
      IncidentScheduleRules *schedule = incident_oncall_rules_add_schedule (world->rules->oncall, i == 0 ? "a" : "b");

      schedule->zone = g_time_zone_new_identifier ("Europe/Madrid");
      schedule->zone_name = "Europe/Madrid";
      for (guint j = 0, n = (guint) g_rand_int_range (world->rand, 1, 3); j < n; j++)
        add_layer (world, schedule, j);
    }
}

static void
add_policy (World *world)
{
  IncidentPolicyRules *policy = incident_oncall_rules_add_policy (world->rules->oncall, "p");

  for (guint i = 0; i < 2; i++)
    {
      IncidentPolicyStep *step = incident_policy_rules_add_step (policy, i == 0 ? "one" : "two");
      IncidentTarget target = { INCIDENT_TARGET_SCHEDULE, i == 0 ? "a" : "b" };

      step->wait = 5 * G_TIME_SPAN_MINUTE;
      g_array_append_val (step->targets, target);
    }
}

static gboolean
is_within (const GArray *spans, gint64 at)
{
  for (guint i = 0; i < spans->len; i++)
    if (g_array_index (spans, IncidentProofSpan, i).from <= at && at < g_array_index (spans, IncidentProofSpan, i).until)
      return TRUE;

  return FALSE;
}

/* Whom the two steps reach by then; “-” for one that reaches nobody. */
static void
ask_each_step (World *world, IncidentRoster *roster, gint64 at, gboolean *covered, gboolean *alone)
{
  const char *only = NULL;

  *covered = FALSE;
  *alone = TRUE;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GPtrArray) people = g_ptr_array_new ();
      guint n_reached = 0;

      assert_true (incident_roster_get_on_call (roster, i == 0 ? "a" : "b", at, people));
      for (guint j = 0; j < people->len; j++)
        {
          const char *person = g_ptr_array_index (people, j);

          if (incident_oncall_rules_get_person (world->rules->oncall, person)->methods->len == 0)
            continue;
          n_reached++;
          *alone = *alone && (only == NULL || g_str_equal (only, person));
          only = person;
        }
      *covered = *covered || n_reached > 0;
    }
  *alone = *alone && *covered;
}

/* Over the change of the clock in Madrid and in Lord Howe. */
static void
test_each_minute_is_as_the_proof_says (void **state)
{
  const gint64 from = G_GINT64_CONSTANT (1774656000000000); /* 2026-03-28T00:00:00Z */
  const gint64 until = from + 9 * G_TIME_SPAN_DAY;
  guint n_covered = 0, n_uncovered = 0, n_alone = 0;

  for (guint32 seed = 1; seed <= 12; seed++)
    {
      World world;
      g_autoptr(IncidentRoster) roster = NULL;
      g_autoptr(IncidentProof) proof = NULL;
      const IncidentPolicyProof *policy;

      world_init (&world, seed);
      add_policy (&world);
      roster = incident_roster_new_plain (world.rules);
      proof = incident_proof_new (roster, NULL, from, until, NULL);
      policy = g_ptr_array_index (proof->policies, 0);
      for (gint64 at = from; at < until; at += G_TIME_SPAN_MINUTE)
        {
          gboolean covered, alone;

          ask_each_step (&world, roster, at, &covered, &alone);
          if (covered == is_within (policy->uncovered, at) || alone != is_within (policy->alone, at))
            fail_msg ("world %u differs at %" G_GINT64_FORMAT, seed, at);
          n_covered += covered ? 1 : 0;
          n_uncovered += covered ? 0 : 1;
          n_alone += alone ? 1 : 0;
        }
      g_rand_free (world.rand);
      incident_rules_unref (world.rules);
    }
  assert_true (n_covered > 1000 && n_uncovered > 1000 && n_alone > 1000);
}

static char *
make_large_playbook (void)
{
  GString *json = g_string_new ("{\"channels\": {\"chat\": {\"kind\": \"own\"}}, \"people\": {");

  for (guint i = 0; i < 40; i++)
    g_string_append_printf (json, "%s\"p%u\": {\"zone\": \"%s\", \"pages\": [{\"by\": \"chat\"}]}", i > 0 ? ", " : "", i,
                            zones[i % G_N_ELEMENTS (zones)]);
  g_string_append (json, "}, \"schedules\": {");
  for (guint i = 0; i < 12; i++)
    g_string_append_printf (json, "%s\"s%u\": {\"zone\": \"%s\", \"layers\": [{\"people\": [\"p%u\", \"p%u\", \"p%u\"], \"rotation\":"
                            " {\"start\": \"2026-01-05T09:00\", \"every\": 4, \"unit\": \"hour\"}},"
                            " {\"people\": [\"p%u\"], \"priority\": 3, \"only\": [{\"weekdays\": [\"monday\", \"saturday\"],"
                            " \"from\": \"10:00\", \"until\": \"12:00\"}]}]}",
                            i > 0 ? ", " : "", i, zones[i % G_N_ELEMENTS (zones)], 3 * i, 3 * i + 1, 3 * i + 2, 39 - i);
  g_string_append (json, "}, \"policies\": {");
  for (guint i = 0; i < 12; i++)
    g_string_append_printf (json, "%s\"q%u\": {\"steps\": [{\"page\": [{\"schedule\": \"s%u\"}], \"wait\": \"5m\"},"
                            " {\"page\": [{\"schedule\": \"s%u\"}, {\"person\": \"p%u\"}], \"wait\": \"5m\"}]}",
                            i > 0 ? ", " : "", i, i, (i + 1) % 12, i);
  g_string_append (json, "}}");
  return g_string_free (json, FALSE);
}

static void
test_year_of_twelve_schedules_is_proven_quickly (void **state)
{
  Office *office = *state;
  g_autofree char *json = make_large_playbook ();
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  gint64 began = g_get_monotonic_time ();

  rule_by (office, json);
  first = prove (office, NULL, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
  /* A tenth of that on a machine with nothing else to do. */
  assert_true (g_getenv ("RUNNING_ON_VALGRIND") != NULL || g_get_monotonic_time () - began < 5 * G_TIME_SPAN_SECOND);
  again = prove (office, NULL, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
  assert_string_equal (first, again);
  assert_non_null (strstr (first, "\"proven\":true"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_covered_policy_is_proven),
    office_test (test_uncovered_and_wanted_gaps_are_told_apart),
    office_test (test_steps_that_reach_nobody_are_listed),
    office_test (test_conditions_and_hours_prove_nothing_beyond_them),
    office_test (test_absence_of_who_is_on_call_is_a_risk),
    office_test (test_lost_and_doubled_shifts_are_told),
    office_test (test_unknown_policy_is_not_found),
    office_test (test_time_that_is_none_is_invalid),
    office_test (test_no_policy_is_no_proof),
    office_test (test_zones_are_the_same_version_until_they_matter),
    cmocka_unit_test (test_each_minute_is_as_the_proof_says),
    office_test (test_year_of_twelve_schedules_is_proven_quickly),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
