/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "base/incident-error-private.h"
#include "intake/incident-silence-private.h"

#define AT(second) ((gint64) (second) * G_USEC_PER_SEC)
/* 2026-11-23T07:00:00Z */
#define MORNING AT (1795417200)

#define LISTS(...) ((const char * const []) { __VA_ARGS__, NULL })

static IncidentSilence *
make (const char *matchers, gint64 starts_at, gint64 ends_at)
{
  g_autoptr(GError) error = NULL;
  IncidentSilence *silence = incident_silence_new (LISTS (matchers), starts_at, ends_at, "planned", &error);

  assert_no_error (error);
  return silence;
}

static void
assert_refused (const char * const *matchers, gint64 starts_at, gint64 ends_at, const char *reason, const char *where)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_silence_new (matchers, starts_at, ends_at, reason, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), where);
}

static gboolean
mutes (IncidentSilence *silence, const char *team, const char *env)
{
  /* By name. */
  const IncidentLabel labels[] = { { "env", env }, { "team", team } };

  return incident_silence_mutes (silence, (IncidentLabels) { labels, 2 }, (IncidentLabels) { NULL, 0 });
}

static void
assert_state (IncidentSilence *silence, gint64 at, const char *state)
{
  assert_string_equal (incident_silence_state_to_string (incident_silence_get_state (silence, at)), state);
}

static void
test_a_silence_tells_what_it_was_made_of (void **state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentSilence) silence =
    incident_silence_new (LISTS ("team=a", "{ env = \"prod\", job=~\"x|y\" }"), AT (10), AT (20), "moving house", &error);
  g_auto(GStrv) matchers = NULL;

  assert_no_error (error);
  matchers = incident_silence_dup_matchers (silence);
  assert_int_equal (g_strv_length (matchers), 2);
  assert_string_equal (matchers[0], "{team=\"a\"}");
  assert_string_equal (matchers[1], "{env=\"prod\",job=~\"x|y\"}");
  assert_true (incident_silence_get_id (silence) == 0);
  assert_true (incident_silence_get_starts_at (silence) == AT (10));
  assert_true (incident_silence_get_ends_at (silence) == AT (20));
  assert_string_equal (incident_silence_get_reason (silence), "moving house");
  assert_null (incident_silence_get_owner (silence));
  assert_null (incident_silence_get_interval (silence));
}

static void
test_any_of_its_lists_mutes_and_all_of_a_list_must_hold (void **state)
{
  g_autoptr(IncidentSilence) silence = incident_silence_new (LISTS ("{team=\"a\",env=\"prod\"}", "{team=\"b\"}"),
                                                             AT (10), AT (20), "planned", NULL);

  assert_true (mutes (silence, "a", "prod"));
  assert_true (mutes (silence, "b", "test"));
  assert_false (mutes (silence, "a", "test"));
  assert_false (mutes (silence, "c", "prod"));
}

static void
test_an_alert_is_asked_for_its_labels_then_its_annotations (void **state)
{
  g_autoptr(IncidentSilence) by_label = make ("team=a", AT (10), AT (20));
  g_autoptr(IncidentSilence) by_annotation = make ("summary=~\"Disk.*\"", AT (10), AT (20));
  g_autoptr(IncidentSilence) by_neither = make ("team=b", AT (10), AT (20));
  g_auto(IncidentAlertDraft) draft = { 0 };
  g_autoptr(IncidentAlert) alert = NULL;

  incident_alert_draft_init (&draft);
  draft.key = "k";
  draft.name = "Disk";
  incident_alert_draft_add_label (&draft, "team", "a");
  incident_alert_draft_add_annotation (&draft, "summary", "Disk full");
  incident_alert_draft_add_annotation (&draft, "team", "b");
  alert = incident_alert_new (&draft, "prometheus", AT (1));
  assert_true (incident_silence_matches (by_label, alert));
  assert_true (incident_silence_matches (by_annotation, alert));
  assert_false (incident_silence_matches (by_neither, alert));
}

static void
test_its_start_is_within_and_its_end_is_not (void **state)
{
  g_autoptr(IncidentSilence) silence = make ("team=a", AT (10), AT (20));

  assert_state (silence, AT (10) - 1, "pending");
  assert_state (silence, AT (10), "active");
  assert_state (silence, AT (20) - 1, "active");
  assert_state (silence, AT (20), "expired");
  assert_null (incident_silence_state_to_string ((IncidentSilenceState) 3));
}

static void
test_matchers_that_cannot_be_read_are_refused (void **state)
{
  assert_refused (LISTS ("{"), AT (10), AT (20), "planned", "matchers");
  assert_refused (LISTS ("team=a", "job=~\"(\""), AT (10), AT (20), "planned", "matchers");
  assert_refused (LISTS ("team=\"\xff\""), AT (10), AT (20), "planned", "matchers");
}

static void
test_the_list_that_is_wrong_is_shown (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_silence_new (LISTS ("team=a", "team=~\".*\""), AT (10), AT (20), "planned", &error));
  assert_non_null (strstr (error->message, "“{team=~\".*\"}”"));
}

/* As Alertmanager's: at least one matcher must not match the empty string. */
static void
test_each_list_needs_a_matcher_that_takes_nothing_empty (void **state)
{
  assert_refused ((const char * const []) { NULL }, AT (10), AT (20), "planned", "matchers");
  assert_refused (LISTS ("{}"), AT (10), AT (20), "planned", "matchers");
  assert_refused (LISTS ("team=\"\""), AT (10), AT (20), "planned", "matchers");
  assert_refused (LISTS ("team=~\".*\""), AT (10), AT (20), "planned", "matchers");
  assert_refused (LISTS ("{team=\"\",job=~\"x?\"}"), AT (10), AT (20), "planned", "matchers");
  assert_refused (LISTS ("team=a", "job=~\"x?\""), AT (10), AT (20), "planned", "matchers");
  incident_silence_unref (make ("{team=\"\",job=~\"x+\"}", AT (10), AT (20)));
  incident_silence_unref (make ("{team=\"\",job=\"x\"}", AT (10), AT (20)));
}

static char *
join_warnings (const char *matchers)
{
  g_autoptr(IncidentSilence) silence = make (matchers, AT (10), AT (20));
  g_auto(GStrv) warnings = incident_silence_dup_warnings (silence);

  assert_int_equal (incident_silence_is_wide (silence), g_strv_length (warnings) > 0);
  return g_strjoinv ("; ", warnings);
}

static void
test_what_mutes_all_but_one_is_taken_with_a_warning (void **state)
{
  g_autofree char *not_equal = join_warnings ("team!=\"a\"");
  g_autofree char *not_regex = join_warnings ("{team!~\"a|b\",job=\"\"}");
  g_autofree char *bound = join_warnings ("{team!=\"a\",job=\"x\"}");
  g_autofree char *present = join_warnings ("team!=\"\"");

  assert_string_equal (not_equal, "“{team!=\"a\"}” takes every alert without these labels, and so nearly everything");
  assert_non_null (strstr (not_regex, "nearly everything"));
  assert_string_equal (bound, "");
  assert_string_equal (present, "");
}

/* As a reader of the classic grammar it is 16 characters, else one. */
static void
test_what_two_grammars_read_in_two_ways_is_warned_of (void **state)
{
  g_autoptr(IncidentSilence) silence = make ("foo=\"\\xf0\\x9f\\x99\\x82\"", AT (10), AT (20));
  g_autoptr(IncidentSilence) mine = incident_silence_new_as (silence, 7, "ana", AT (10), AT (20));
  g_auto(GStrv) warnings = incident_silence_dup_warnings (mine);

  assert_int_equal (g_strv_length (warnings), 1);
  assert_false (incident_silence_is_wide (silence));
}

static void
test_times_must_be_in_order_and_of_the_calendar (void **state)
{
  assert_refused (LISTS ("team=a"), AT (20), AT (20), "planned", "ends_at");
  assert_refused (LISTS ("team=a"), AT (20), AT (10), "planned", "ends_at");
  assert_refused (LISTS ("team=a"), AT (20), INCIDENT_TIME_NONE, "planned", "ends_at");
  assert_refused (LISTS ("team=a"), AT (20), G_MAXINT64, "planned", "ends_at");
  assert_refused (LISTS ("team=a"), G_MININT64, AT (20), "planned", "starts_at");
  incident_silence_unref (make ("team=a", INCIDENT_TIME_NONE, AT (20)));
}

static void
test_a_reason_is_needed (void **state)
{
  assert_refused (LISTS ("team=a"), AT (10), AT (20), "", "reason");
  assert_refused (LISTS ("team=a"), AT (10), AT (20), " \n", "reason");
  assert_refused (LISTS ("team=a"), AT (10), AT (20), "\xff", "reason");
}

static void
test_an_end_that_is_past_is_refused_when_it_is_to_begin (void **state)
{
  g_autoptr(IncidentSilence) silence = make ("team=a", AT (10), AT (20));
  g_autoptr(GError) error = NULL;

  assert_true (incident_silence_check (silence, AT (5), NULL));
  /* Its start is past, and becomes now. */
  assert_true (incident_silence_check (silence, AT (20) - 1, NULL));
  assert_false (incident_silence_check (silence, AT (20), &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "ends_at");
}

static void
test_it_becomes_somebodys_and_keeps_the_rest (void **state)
{
  g_autoptr(IncidentSilence) plain = make ("team=a", INCIDENT_TIME_NONE, AT (20));
  g_autoptr(IncidentSilence) nightly = incident_silence_with_interval (plain, "nights");
  g_autoptr(IncidentSilence) mine = incident_silence_new_as (nightly, 7, "ana", AT (12), AT (30));
  g_autoptr(IncidentSilence) daily = incident_silence_with_interval (mine, NULL);

  assert_null (incident_silence_get_interval (plain));
  assert_true (incident_silence_get_starts_at (nightly) == INCIDENT_TIME_NONE);
  assert_true (incident_silence_get_ends_at (nightly) == AT (20));
  assert_string_equal (incident_silence_get_interval (mine), "nights");
  assert_string_equal (incident_silence_get_owner (mine), "ana");
  assert_string_equal (incident_silence_get_reason (mine), "planned");
  assert_true (incident_silence_get_id (mine) == 7);
  assert_true (incident_silence_get_starts_at (mine) == AT (12));
  assert_true (incident_silence_get_ends_at (mine) == AT (30));
  assert_true (mutes (mine, "a", "x"));
  assert_null (incident_silence_get_interval (daily));
  assert_true (incident_silence_get_id (daily) == 7);
  assert_string_equal (incident_silence_get_owner (daily), "ana");
}

static gboolean
can_become (const char *matchers, gint64 starts_at, gint64 ends_at, gint64 now)
{
  g_autoptr(IncidentSilence) silence = make ("{team=\"a\",env=\"x\"}", AT (10), AT (20));
  g_autoptr(IncidentSilence) other = make (matchers, starts_at, ends_at);

  return incident_silence_can_become (silence, other, now);
}

#define SAME "{env=\"x\",team=\"a\"}"

static void
test_an_active_one_keeps_its_id_with_its_start (void **state)
{
  assert_true (can_become (SAME, AT (10), AT (40), AT (15)));
  assert_true (can_become (SAME, AT (10), AT (15), AT (15)));
  /* To the second. */
  assert_true (can_become (SAME, AT (10) + 999999, AT (40), AT (15)));
  assert_false (can_become (SAME, AT (11), AT (40), AT (15)));
  assert_false (can_become (SAME, AT (10) - 1, AT (40), AT (15)));
  assert_false (can_become (SAME, INCIDENT_TIME_NONE, AT (40), AT (15)));
  assert_false (can_become (SAME, AT (10), AT (15) - 1, AT (15)));
}

static void
test_a_pending_one_keeps_its_id_while_its_start_is_to_come (void **state)
{
  assert_true (can_become (SAME, AT (7), AT (9), AT (5)));
  assert_true (can_become (SAME, AT (5), AT (9), AT (5)));
  assert_true (can_become (SAME, INCIDENT_TIME_NONE, AT (9), AT (5)));
  assert_false (can_become (SAME, AT (5) - 1, AT (9), AT (5)));
}

static void
test_an_expired_one_never_keeps_its_id (void **state)
{
  assert_false (can_become (SAME, AT (10), AT (40), AT (20)));
  assert_false (can_become (SAME, AT (30), AT (40), AT (25)));
}

static void
test_other_matchers_are_another_silence (void **state)
{
  g_autoptr(IncidentSilence) one = make ("team=a", AT (10), AT (20));
  g_autoptr(IncidentSilence) two = incident_silence_new (LISTS ("team=a", "team=b"), AT (10), AT (20), "planned", NULL);
  g_autoptr(IncidentSilence) turned = incident_silence_new (LISTS ("team=b", "team=a"), AT (10), AT (20), "other", NULL);

  assert_false (can_become ("{team=\"a\"}", AT (10), AT (40), AT (15)));
  assert_false (can_become ("{team=\"a\",env!=\"x\"}", AT (10), AT (40), AT (15)));
  assert_false (incident_silence_can_become (one, two, AT (15)));
  assert_false (incident_silence_can_become (two, one, AT (15)));
  assert_true (incident_silence_can_become (two, turned, AT (15)));
}

static void
test_json_says_all_and_is_read_again (void **state)
{
  static const char expected[] =
    "{\"id\":7,\"matchers\":[\"{team=\\\"a\\\"}\",\"{env!=\\\"x\\\",job=~\\\"b|c\\\"}\"],"
    "\"starts_at\":\"2026-11-23T07:00:00.000000Z\",\"ends_at\":\"2026-11-23T09:00:00.000000Z\","
    "\"interval\":\"nights\",\"owner\":\"ana\",\"reason\":\"“planned”\"}";
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentSilence) plain = incident_silence_new (LISTS ("team=a", "{env!=\"x\",job=~\"b|c\"}"), MORNING,
                                                           MORNING + AT (7200), "“planned”", NULL);
  g_autoptr(IncidentSilence) nightly = incident_silence_with_interval (plain, "nights");
  g_autoptr(IncidentSilence) silence = incident_silence_new_as (nightly, 7, "ana", MORNING, MORNING + AT (7200));
  g_autofree char *json = incident_silence_to_json (silence);
  g_autoptr(IncidentSilence) again = incident_silence_new_from_json (json, -1, NULL, &error);
  g_autofree char *same = NULL;

  assert_string_equal (json, expected);
  assert_no_error (error);
  same = incident_silence_to_json (again);
  assert_string_equal (same, expected);
}

static void
test_json_writes_null_for_what_there_is_not_and_reads_it (void **state)
{
  g_autoptr(IncidentSilence) silence = make ("team=a", INCIDENT_TIME_NONE, MORNING);
  g_autofree char *json = incident_silence_to_json (silence);
  g_autoptr(IncidentSilence) again = incident_silence_new_from_json (json, (gssize) strlen (json), NULL, NULL);

  assert_string_equal (json, "{\"id\":null,\"matchers\":[\"{team=\\\"a\\\"}\"],\"starts_at\":null,"
                             "\"ends_at\":\"2026-11-23T07:00:00.000000Z\",\"interval\":null,\"owner\":null,"
                             "\"reason\":\"planned\"}");
  assert_true (incident_silence_get_id (again) == 0);
  assert_true (incident_silence_get_starts_at (again) == INCIDENT_TIME_NONE);
  assert_null (incident_silence_get_owner (again));
}

static void
assert_problems (const char *json, const char * const *expected)
{
  g_autoptr(GError) error = NULL;
  const char * const *problems;

  assert_null (incident_silence_new_from_json (json, -1, "s.json", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  problems = incident_error_list_problems (error);
  for (guint i = 0; expected[i] != NULL; i++)
    {
      if (problems[i] == NULL || strstr (problems[i], expected[i]) == NULL)
        fail_msg ("expected “%s”, got “%s”", expected[i], problems[i]);
    }
  assert_int_equal (g_strv_length ((char **) problems), g_strv_length ((char **) expected));
}

static void
test_all_that_is_wrong_in_json_is_told_with_its_place (void **state)
{
  assert_problems ("[]", LISTS ("s.json:1:1: (document): must be an object"));
  assert_problems ("{}", LISTS ("“matchers”", "“ends_at”", "“reason”"));
  assert_problems ("{\"matchers\":[],\"ends_at\":\"soon\",\"reason\":\" \"}",
                   LISTS ("/matchers: must not be empty", "/ends_at: must be a time", "/reason: must tell"));
  assert_problems ("{\"matchers\":[\"team=a\",3,\"{\",\"a=~\\\".*\\\"\"],\n \"ends_at\":\"2026-11-23T07:00:00Z\",\"reason\":\"x\"}",
                   LISTS ("/matchers/1: must be a string", "/matchers/2", "/matchers/3: one of the matchers"));
  assert_problems ("{\"matchers\":[\"team=a\"],\"ends_at\":\"2026-11-23T07:00:00Z\",\n\"reason\":\"x\",\"until\":1,\"id\":\"x\","
                   "\"starts_at\":\"2026-11-23T07:00:00Z\"}",
                   LISTS ("s.json:2:", "/id: must be a whole number", "/ends_at: must be later"));
  assert_problems ("{\"matchers\":[\"team=a\"],\"ends_at\":\"2026-11-23T07:00:00Z\",\"reason\":\"x\",\"id\":0}",
                   LISTS ("/id: must be 1 or more"));
}

/* As the documentation of its API has them; the second is older than “isEqual”. */
static const char foreign[] =
  "[{\"id\":\"7d8de9c3-0b1e-4b3a-9b07-0f7c8f3c2f11\",\"status\":{\"state\":\"active\"},\"updatedAt\":\"2026-11-23T06:59:00.000Z\","
  "\"comment\":\"moving house\",\"createdBy\":\"ana\",\"startsAt\":\"2026-11-23T08:00:00+01:00\",\"endsAt\":\"2026-11-23T09:00:00.000Z\","
  "\"matchers\":[{\"isEqual\":true,\"isRegex\":false,\"name\":\"team\",\"value\":\"a\"},"
  "{\"isEqual\":false,\"isRegex\":false,\"name\":\"env\",\"value\":\"x\"},"
  "{\"isEqual\":true,\"isRegex\":true,\"name\":\"job\",\"value\":\"b|c\"},"
  "{\"isEqual\":false,\"isRegex\":true,\"name\":\"zone\",\"value\":\"d.*\"}]},"
  "{\"comment\":\"c\",\"createdBy\":\"bo\",\"startsAt\":\"2026-11-23T07:00:00Z\",\"endsAt\":\"2026-11-23T08:00:00Z\","
  "\"matchers\":[{\"isRegex\":true,\"name\":\"host.name\",\"value\":\"é+\"}]}]";

static void
test_silences_of_alertmanager_are_read (void **state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) silences = incident_silence_list_from_json (foreign, -1, "silences.json", &error);
  IncidentSilence *silence;
  g_auto(GStrv) matchers = NULL;
  g_auto(GStrv) others = NULL;

  assert_no_error (error);
  assert_int_equal (silences->len, 2);
  silence = g_ptr_array_index (silences, 0);
  matchers = incident_silence_dup_matchers (silence);
  assert_int_equal (g_strv_length (matchers), 1);
  assert_string_equal (matchers[0], "{team=\"a\",env!=\"x\",job=~\"b|c\",zone!~\"d.*\"}");
  assert_true (incident_silence_get_id (silence) == 0);
  assert_true (incident_silence_get_starts_at (silence) == MORNING);
  assert_true (incident_silence_get_ends_at (silence) == MORNING + AT (7200));
  assert_string_equal (incident_silence_get_owner (silence), "ana");
  assert_string_equal (incident_silence_get_reason (silence), "moving house");
  others = incident_silence_dup_matchers (g_ptr_array_index (silences, 1));
  assert_string_equal (others[0], "{\"host.name\"=~\"é+\"}");
}

static void
test_a_silence_alone_is_a_list_of_one (void **state)
{
  g_autoptr(GPtrArray) silences =
    incident_silence_list_from_json ("{\"matchers\":[\"team=a\"],\"ends_at\":\"2026-11-23T07:00:00Z\",\"reason\":\"x\"}", -1,
                                     NULL, NULL);

  assert_int_equal (silences->len, 1);
  assert_string_equal (incident_silence_get_reason (g_ptr_array_index (silences, 0)), "x");
}

static void
test_one_that_is_wrong_spoils_the_list_and_all_are_told (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_silence_list_from_json ("[{\"matchers\":[\"team=a\"],\"ends_at\":\"2026-11-23T07:00:00Z\",\"reason\":\"x\"},"
                                                "3,{\"startsAt\":\"2026-11-23T07:00:00Z\",\"matchers\":[{\"name\":\"\",\"value\":\"x\",\"isRegex\":false},"
                                                "{\"name\":\"a\",\"value\":\"(\",\"isRegex\":true},{\"name\":\"a\",\"value\":1},4]}]",
                                                -1, "s.json", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "/1");
  assert_non_null (strstr (error->message, "/2/matchers/0: "));
  assert_non_null (strstr (error->message, "/2/matchers/1: "));
  assert_non_null (strstr (error->message, "/2/matchers/2/value: must be a string"));
  assert_non_null (strstr (error->message, "/2/matchers/2: lacks the member “isRegex”"));
  assert_non_null (strstr (error->message, "/2/matchers/3: must be an object"));
  assert_non_null (strstr (error->message, "/2: lacks the member “endsAt”"));
  assert_non_null (strstr (error->message, "/2: lacks the member “createdBy”"));
  assert_non_null (strstr (error->message, "/2: lacks the member “comment”"));
}

static void
test_what_is_no_json_is_refused (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_silence_list_from_json ("[", -1, NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  g_clear_error (&error);
  assert_null (incident_silence_list_from_json ("3", -1, NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  g_clear_error (&error);
  assert_null (incident_silence_new_from_json ("", 0, NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

static void
test_the_rule_of_empty_values_holds_for_alertmanagers_too (void **state)
{
  assert_problems ("{\"matchers\":[{\"name\":\"a\",\"value\":\".*\",\"isRegex\":true}],\"startsAt\":\"2026-11-23T07:00:00Z\","
                   "\"endsAt\":\"2026-11-23T06:00:00Z\",\"createdBy\":\"ana\",\"comment\":\"\"}",
                   LISTS ("/matchers: one of", "/comment: must tell", "/endsAt: must be later"));
  assert_problems ("{\"startsAt\":\"2026-11-23T05:00:00Z\"}",
                   LISTS ("“matchers”", "“endsAt”", "“createdBy”", "“comment”"));
  assert_problems ("{\"matchers\":[],\"startsAt\":\"2026-11-23T05:00:00Z\","
                   "\"endsAt\":\"2026-11-23T06:00:00Z\",\"createdBy\":\"ana\",\"comment\":\"x\"}",
                   LISTS ("/matchers: a silence needs a matcher"));
}

static void
test_alertmanager_gets_an_object_for_each_list (void **state)
{
  g_autoptr(IncidentSilence) silence = incident_silence_new (LISTS ("{team=\"a\",job!~\"b|c\"}", "team!=d"), MORNING,
                                                             MORNING + AT (60), "planned", NULL);
  g_autoptr(IncidentSilence) mine = incident_silence_new_as (silence, 7, "ana", MORNING, MORNING + AT (60));
  g_autofree char *json = incident_silence_to_alertmanager_json (mine);
  g_autoptr(GPtrArray) again = incident_silence_list_from_json (json, -1, NULL, NULL);

#define REST "\"startsAt\":\"2026-11-23T07:00:00.000000Z\",\"endsAt\":\"2026-11-23T07:01:00.000000Z\"," \
             "\"createdBy\":\"ana\",\"comment\":\"planned\"}"
  assert_string_equal (json,
                       "[{\"matchers\":[{\"name\":\"team\",\"value\":\"a\",\"isRegex\":false,\"isEqual\":true},"
                       "{\"name\":\"job\",\"value\":\"b|c\",\"isRegex\":true,\"isEqual\":false}]," REST ","
                       "{\"matchers\":[{\"name\":\"team\",\"value\":\"d\",\"isRegex\":false,\"isEqual\":false}]," REST "]");
  assert_int_equal (again->len, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_silence_tells_what_it_was_made_of),
    cmocka_unit_test (test_any_of_its_lists_mutes_and_all_of_a_list_must_hold),
    cmocka_unit_test (test_an_alert_is_asked_for_its_labels_then_its_annotations),
    cmocka_unit_test (test_its_start_is_within_and_its_end_is_not),
    cmocka_unit_test (test_matchers_that_cannot_be_read_are_refused),
    cmocka_unit_test (test_the_list_that_is_wrong_is_shown),
    cmocka_unit_test (test_each_list_needs_a_matcher_that_takes_nothing_empty),
    cmocka_unit_test (test_what_mutes_all_but_one_is_taken_with_a_warning),
    cmocka_unit_test (test_what_two_grammars_read_in_two_ways_is_warned_of),
    cmocka_unit_test (test_times_must_be_in_order_and_of_the_calendar),
    cmocka_unit_test (test_a_reason_is_needed),
    cmocka_unit_test (test_an_end_that_is_past_is_refused_when_it_is_to_begin),
    cmocka_unit_test (test_it_becomes_somebodys_and_keeps_the_rest),
    cmocka_unit_test (test_an_active_one_keeps_its_id_with_its_start),
    cmocka_unit_test (test_a_pending_one_keeps_its_id_while_its_start_is_to_come),
    cmocka_unit_test (test_an_expired_one_never_keeps_its_id),
    cmocka_unit_test (test_other_matchers_are_another_silence),
    cmocka_unit_test (test_json_says_all_and_is_read_again),
    cmocka_unit_test (test_json_writes_null_for_what_there_is_not_and_reads_it),
    cmocka_unit_test (test_all_that_is_wrong_in_json_is_told_with_its_place),
    cmocka_unit_test (test_silences_of_alertmanager_are_read),
    cmocka_unit_test (test_a_silence_alone_is_a_list_of_one),
    cmocka_unit_test (test_one_that_is_wrong_spoils_the_list_and_all_are_told),
    cmocka_unit_test (test_what_is_no_json_is_refused),
    cmocka_unit_test (test_the_rule_of_empty_values_holds_for_alertmanagers_too),
    cmocka_unit_test (test_alertmanager_gets_an_object_for_each_list),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
