/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <sqlite3.h>

#include "store/incident-store-private.h"

/* Tasks, links, merges, corrections and redaction, and what people write down. */

#define HOUR G_TIME_SPAN_HOUR
#define DAY  G_TIME_SPAN_DAY

static IncidentCase *
get_case (Office *office, guint64 number)
{
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_get_case (office->desk, number, &error);

  assert_no_error (error);
  return kase;
}

static JsonObject *
parse (const char *json, JsonNode **root)
{
  g_autoptr(GError) error = NULL;

  *root = json_from_string (json, &error);
  assert_no_error (error);
  return json_node_get_object (*root);
}

/* A member of the case's JSON, or of its record's, as JSON. */
static void
assert_json (IncidentCase *kase, gboolean of_record, const char *member, const char *expected)
{
  g_autofree char *json = of_record ? incident_case_record_to_json (kase) : incident_case_to_json (kase);
  g_autoptr(JsonNode) root = NULL;
  JsonObject *object = parse (json, &root);
  g_autofree char *found = json_to_string (json_object_get_member (object, member), FALSE);

  assert_string_equal (found, expected);
}

/* Tasks */

static void
test_tasks_go_from_state_to_state (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "add-task", "ana", "title", "Roll back", "person", "bo", "due", "20m", "must-do", "yes", NULL);
  act (kase, "add-task", "ana", "title", "Ring the provider", "role", "expert", NULL);
  act (kase, "add-task", "ana", "title", "Look at the graphs", "text", "since six", NULL);
  assert_tasks (kase, "1 open, 2 open, 3 open");
  act (kase, "start-task", "bo", "task", "1", NULL);
  act (kase, "finish-task", "bo", "task", "2", "text", "they know", NULL);
  act (kase, "skip-task", "ana", "task", "3", "text", "no graphs", NULL);
  assert_tasks (kase, "1 in-progress, 2 done, 3 skipped");
  act (kase, "reopen-task", "ana", "task", "2", NULL);
  act (kase, "finish-task", "bo", "task", "1", NULL);
  assert_tasks (kase, "1 done, 2 open, 3 skipped");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_tasks (kase, "1 done, 2 open, 3 skipped");
  assert_json (kase, FALSE, "tasks",
               "[{\"number\":1,\"title\":\"Roll back\",\"state\":\"done\",\"must_do\":true,\"person\":\"bo\",\"role\":null,"
               "\"kind\":null,\"after\":null,\"due\":\"2026-11-23T07:20:00.000000Z\"},"
               "{\"number\":2,\"title\":\"Ring the provider\",\"state\":\"open\",\"must_do\":false,\"person\":null,"
               "\"role\":\"expert\",\"kind\":null,\"after\":null,\"due\":null},"
               "{\"number\":3,\"title\":\"Look at the graphs\",\"state\":\"skipped\",\"must_do\":false,\"person\":null,"
               "\"role\":null,\"kind\":null,\"after\":null,\"due\":null}]");
}

static void
test_a_task_has_one_owner (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(GPtrArray) tasks = NULL;

  act (kase, "add-task", "ana", "title", "Roll back", "person", "bo", NULL);
  act (kase, "hand-task", "ana", "task", "1", "role", "expert", NULL);
  tasks = incident_case_list_tasks (kase);
  assert_null (incident_task_get_person (g_ptr_array_index (tasks, 0)));
  assert_string_equal (incident_task_get_role (g_ptr_array_index (tasks, 0)), "expert");
  g_clear_pointer (&tasks, g_ptr_array_unref);
  act (kase, "hand-task", "ana", "task", "1", "person", "cleo", NULL);
  tasks = incident_case_list_tasks (kase);
  assert_string_equal (incident_task_get_person (g_ptr_array_index (tasks, 0)), "cleo");
  assert_null (incident_task_get_role (g_ptr_array_index (tasks, 0)));
  assert_codes (kase, "missing-target", "hand-task", "ana", "task", "1", NULL);
}

static void
test_a_task_waits_for_those_before_it (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "add-task", "ana", "title", "Stop", NULL);
  act (kase, "add-task", "ana", "title", "Copy", NULL);
  act (kase, "add-task", "ana", "title", "Start", "after", "1,2", NULL);
  assert_codes (kase, "blocked-task blocked-task", "start-task", "ana", "task", "3", NULL);
  act (kase, "finish-task", "ana", "task", "1", NULL);
  assert_codes (kase, "blocked-task", "finish-task", "ana", "task", "3", NULL);
  act (kase, "skip-task", "ana", "task", "2", "text", "nothing to copy", NULL);
  act (kase, "finish-task", "ana", "task", "3", NULL);
}

static void
test_what_is_no_task_is_refused (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  assert_codes (kase, "unknown-task", "finish-task", "ana", "task", "1", NULL);
  assert_codes (kase, "unknown-task", "add-task", "ana", "title", "x", "after", "1", NULL);
  assert_codes (kase, "missing-text", "add-task", "ana", NULL);
  assert_codes (kase, "missing-target", "finish-task", "ana", NULL);
}

static void
test_what_is_done_stays_done_until_it_is_reopened (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "add-task", "ana", "title", "Roll back", NULL);
  act (kase, "finish-task", "ana", "task", "1", NULL);
  act (kase, "finish-task", "bo", "task", "1", NULL);
  assert_int_equal (incident_case_get_version (kase), 3);
  assert_codes (kase, "task-ended", "start-task", "ana", "task", "1", NULL);
  assert_codes (kase, "task-ended", "skip-task", "ana", "task", "1", "text", "no", NULL);
  assert_codes (kase, "task-ended", "hand-task", "ana", "task", "1", "person", "bo", NULL);
}

static void
test_no_case_closes_before_what_must_be_done (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = recovered_case (office);

  act (kase, "add-task", "ana", "title", "Count the orders", "must-do", "yes", NULL);
  act (kase, "add-task", "ana", "title", "Tidy up", NULL);
  assert_codes (kase, "open-must-do", "close", "ana", "text", "done", NULL);
  act (kase, "start-task", "ana", "task", "1", NULL);
  assert_codes (kase, "open-must-do", "close", "ana", "text", "done", NULL);
  assert_codes (kase, "missing-text", "skip-task", "ana", "task", "1", NULL);
  act (kase, "skip-task", "ana", "task", "1", "text", "there were none", NULL);
  act (kase, "close", "ana", "text", "done", NULL);
}

static void
test_only_follow_up_actions_are_added_to_what_has_ended (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "add-task", "ana", "title", "Roll back", NULL);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  assert_codes (kase, "wrong-phase", "add-task", "ana", "title", "One more", NULL);
  assert_codes (kase, "wrong-phase", "finish-task", "ana", "task", "1", NULL);
  act (kase, "add-task", "ana", "title", "Test the way back", "kind", "prevent", NULL);
  act (kase, "finish-task", "ana", "task", "2", NULL);
  assert_tasks (kase, "1 open, 2 done");
}

static void
test_nobody_leaves_with_open_tasks (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  act (kase, "add-task", "ana", "title", "Roll back", "person", "bo", NULL);
  assert_codes (kase, "open-tasks", "release", "ana", "role", "expert", NULL);
  act (kase, "hand-task", "ana", "task", "1", "person", "ana", NULL);
  act (kase, "release", "ana", "role", "expert", NULL);
}

/* Links */

static void
test_links_come_and_go (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  g_object_unref (open_case (office));
  act (kase, "link", "ana", "kind", "caused-by", "case", "INC-2", NULL);
  act (kase, "link", "ana", "kind", "related", "case", "INC-2", NULL);
  act (kase, "link", "ana", "kind", "related", "case", "INC-2", NULL);
  assert_int_equal (incident_case_get_version (kase), 3);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_json (kase, FALSE, "links",
               "[{\"kind\":\"caused-by\",\"case\":\"INC-2\"},{\"kind\":\"related\",\"case\":\"INC-2\"}]");
  act (kase, "unlink", "ana", "kind", "caused-by", "case", "INC-2", NULL);
  act (kase, "unlink", "ana", "kind", "child", "case", "INC-2", NULL);
  assert_int_equal (incident_case_get_version (kase), 4);
  assert_json (kase, FALSE, "links", "[{\"kind\":\"related\",\"case\":\"INC-2\"}]");
}

static void
test_no_case_is_linked_to_itself (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  assert_codes (kase, "link-cycle", "link", "ana", "kind", "related", "case", "INC-1", NULL);
  assert_invalid (kase, "kind", "“kind”: “friend” is not one of duplicate, caused-by, related, child, follows",
                  "link", "ana", "kind", "friend", "case", "INC-2", NULL);
}

/* Merges */

static void
test_a_merge_ends_one_case_and_is_told_in_both (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCase) into = open_case (office);

  act (from, "merge", "ana", "case", "INC-2", "text", "the same disk", NULL);
  assert_string_equal (incident_case_get_phase (from), "cancelled");
  assert_json (from, FALSE, "merged_into", "\"INC-2\"");
  assert_int_equal (incident_case_get_version (into), 2);
  assert_last (into, "case-merged",
               "{\"merged\":\"INC-1\",\"link\":\"merged\",\"linked-to\":\"INC-1\",\"text\":\"the same disk\"}");
  from = read_again (office, g_steal_pointer (&from));
  assert_string_equal (incident_case_get_phase (from), "cancelled");
  g_object_unref (into);
  into = get_case (office, 2);
  assert_json (into, FALSE, "links", "[{\"kind\":\"merged\",\"case\":\"INC-1\"}]");
}

static void
test_open_must_do_tasks_go_along (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCase) into = open_case (office);

  act (into, "add-task", "ana", "title", "Of this case", NULL);
  act (from, "add-task", "ana", "title", "Done already", "must-do", "yes", NULL);
  act (from, "add-task", "ana", "title", "Count the orders", "must-do", "yes", "person", "bo", "due", "20m", NULL);
  act (from, "add-task", "ana", "title", "Tidy up", NULL);
  act (from, "add-task", "ana", "title", "Tell counsel", "must-do", "yes", "role", "expert", NULL);
  act (from, "finish-task", "ana", "task", "1", NULL);
  act (from, "start-task", "ana", "task", "2", NULL);
  act (from, "merge", "ana", "case", "INC-2", NULL);
  into = read_again (office, g_steal_pointer (&into));
  assert_kinds (into, 3, "case-merged task-added task-added");
  assert_json (into, FALSE, "tasks",
               "[{\"number\":1,\"title\":\"Of this case\",\"state\":\"open\",\"must_do\":false,\"person\":null,\"role\":null,"
               "\"kind\":null,\"after\":null,\"due\":null},"
               "{\"number\":2,\"title\":\"Count the orders\",\"state\":\"in-progress\",\"must_do\":true,\"person\":\"bo\","
               "\"role\":null,\"kind\":null,\"after\":null,\"due\":\"2026-11-23T07:20:00.000000Z\"},"
               "{\"number\":3,\"title\":\"Tell counsel\",\"state\":\"open\",\"must_do\":true,\"person\":null,"
               "\"role\":\"expert\",\"kind\":null,\"after\":null,\"due\":null}]");
}

#define ALERT(state, finger) "{\"status\":\"" state "\",\"labels\":{\"alertname\":\"Disk\"},\"fingerprint\":\"" finger \
  "\",\"startsAt\":\"2026-11-23T06:59:00Z\",\"endsAt\":\"2026-11-23T06:59:30Z\"}"
#define MESSAGE(group, alert) "{\"groupLabels\":{\"alertname\":\"" group "\"},\"alerts\":[" alert "]}"

/* What became of the alert, as “outcome:case”. */
static void
assert_outcome (Office *office, const char *body, const char *expected)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = incident_desk_ingest (office->desk, "alertmanager", bytes, NULL, "prometheus",
                                                        INCIDENT_TIME_NONE, &error);
  g_autofree char *found = NULL;

  assert_no_error (error);
  assert_int_equal (receipts->len, 1);
  found = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, incident_receipt_get_outcome (g_ptr_array_index (receipts, 0)),
                           incident_receipt_get_case_number (g_ptr_array_index (receipts, 0)));
  assert_string_equal (found, expected);
}

static void
test_later_alerts_go_where_the_case_went (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = NULL;
  g_autoptr(IncidentCase) into = NULL;

  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "f")), "opened:1");
  into = open_case (office);
  from = get_case (office, 1);
  act (from, "merge", "ana", "case", "INC-2", NULL);
  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "g")), "joined:2");
  into = read_again (office, g_steal_pointer (&into));
  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "h")), "joined:2");
  assert_int_equal (incident_case_get_firing_alerts (into), 2);
}

static void
test_later_alerts_follow_from_case_to_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) first = NULL;
  g_autoptr(IncidentCase) second = NULL;

  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "f")), "opened:1");
  assert_outcome (office, MESSAGE ("Net", ALERT ("firing", "n")), "opened:2");
  g_object_unref (open_case (office));
  first = get_case (office, 1);
  second = get_case (office, 2);
  act (first, "merge", "ana", "case", "INC-2", NULL);
  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "g")), "joined:2");
  assert_outcome (office, MESSAGE ("Net", ALERT ("firing", "o")), "joined:2");
  act (second, "merge", "ana", "case", "INC-3", NULL);
  assert_outcome (office, MESSAGE ("Net", ALERT ("firing", "p")), "joined:3");
  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "h")), "joined:3");
}

static void
test_alerts_that_another_case_has_are_left_to_it (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) first = NULL;

  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "f")), "opened:1");
  first = get_case (office, 1);
  act (first, "cancel", "ana", "text", "a drill", NULL);
  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "g")), "opened:2");
  g_object_unref (open_case (office));
  act (first, "reopen", "ana", "text", "no drill", NULL);
  act (first, "merge", "ana", "case", "INC-3", NULL);
  assert_outcome (office, MESSAGE ("Disk", ALERT ("firing", "h")), "joined:2");
}

static void
test_a_case_that_has_ended_takes_in_no_other (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCase) into = open_case (office);

  act (into, "cancel", "ana", "text", "a drill", NULL);
  assert_codes (from, "wrong-phase", "merge", "ana", "case", "INC-2", NULL);
  assert_int_equal (incident_case_get_version (into), 2);
}

static void
test_no_case_is_merged_into_itself_or_into_none (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  assert_codes (kase, "merge-cycle", "merge", "ana", "case", "INC-1", NULL);
  assert_codes (kase, "missing-target", "merge", "ana", NULL);
  assert_fails_with (kase, command_new ("merge", "ana", "case", "INC-9", NULL), INCIDENT_ERROR_NOT_FOUND, NULL,
                     "There is no case INC-9");
}

static void
test_what_was_merged_away_is_not_reopened (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);

  g_object_unref (open_case (office));
  act (from, "merge", "ana", "case", "INC-2", NULL);
  assert_codes (from, "merged-away", "reopen", "ana", "text", "no, another", NULL);
  assert_codes (from, "wrong-phase", "merge", "ana", "case", "INC-2", NULL);
}

static void
test_cases_are_merged_one_by_one (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) merge = command_new ("merge", "ana", "case", "INC-2", NULL);
  g_autoptr(GError) error = NULL;

  g_object_unref (open_case (office));
  g_object_unref (open_case (office));
  assert_false (incident_batch_act (batch, 1, merge, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "“merge” writes to two cases: do it case by case");
  g_clear_error (&error);
  assert_false (incident_desk_act_many (office->desk, (const guint64[]) { 1 }, 1, merge, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_true (incident_store_get_size (office->store, NULL) == 2);
}

static void
test_a_merge_is_as_verified_in_one_case_as_in_the_other (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCase) into = open_case (office);
  g_autoptr(IncidentActor) ana = incident_actor_new ("ana", INCIDENT_VERIFICATION_SIGNATURE, "chat");
  IncidentCommand *merge = incident_command_new_for ("merge", ana);
  g_autoptr(IncidentEvent) merged = NULL;
  g_autoptr(IncidentEvent) took_in = NULL;

  assert_true (incident_command_set (merge, "case", "INC-2", NULL));
  act_with (from, merge);
  merged = dup_last_event (from);
  took_in = dup_last_event (into);
  assert_int_equal (incident_event_get_verification (merged), INCIDENT_VERIFICATION_SIGNATURE);
  assert_int_equal (incident_event_get_verification (took_in), INCIDENT_VERIFICATION_SIGNATURE);
}

static void
test_a_merge_that_is_said_twice_is_done_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCommand) merge = command_new ("merge", "ana", "case", "INC-2", NULL);

  g_object_unref (open_case (office));
  act_with (from, incident_command_ref (merge));
  act_with (from, incident_command_ref (merge));
  assert_true (incident_store_get_size (office->store, NULL) == 4);
}

static void
test_a_merge_into_a_case_that_others_went_on_with (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCase) into = open_case (office);
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(IncidentCase) theirs = incident_desk_get_case (other, 2, NULL);

  act (theirs, "note", "bo", "text", "seen", NULL);
  act (from, "merge", "ana", "case", "INC-2", NULL);
  assert_kinds (into, 1, "opened noted case-merged");
}

static void
test_a_merge_into_a_case_that_others_have_ended (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCase) into G_GNUC_UNUSED = open_case (office);
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(IncidentCase) theirs = incident_desk_get_case (other, 2, NULL);

  act (theirs, "cancel", "bo", "text", "a drill", NULL);
  assert_codes (from, "wrong-phase", "merge", "ana", "case", "INC-2", NULL);
}

/* Corrections */

static void
test_a_correction_stands_beside_what_it_corrects (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentEvent) event = NULL;

  act (kase, "note", "ana", "text", "31 %", NULL);
  act (kase, "correct", "bo", "event", "2", "text", "13 %", NULL);
  event = dup_event (kase, 2);
  assert_string_equal (incident_event_get_text (event), "31 %");
  assert_json (kase, TRUE, "corrections",
               "[{\"seq\":3,\"at\":\"2026-11-23T07:00:00.000000Z\",\"actor\":\"bo\",\"corrects\":\"2\",\"text\":\"13 %\"}]");
  assert_codes (kase, "unknown-event", "correct", "bo", "event", "4", "text", "x", NULL);
  assert_codes (kase, "missing-text", "correct", "bo", "event", "2", NULL);
}

/* Redaction */

static GPtrArray *
load (Office *office, guint64 number)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *records = incident_store_load (office->store, number, 0, &error);

  assert_no_error (error);
  return records;
}

static void
read_store_id (Office *office, guint8 id[INCIDENT_STORE_ID_LENGTH])
{
  const char *folder = g_object_get_data (G_OBJECT (office->clock), "folder");
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  sqlite3_stmt *statement = NULL;
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, "SELECT store_id FROM store", -1, &statement, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (statement), SQLITE_ROW);
  memcpy (id, sqlite3_column_blob (statement, 0), INCIDENT_STORE_ID_LENGTH);
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

/* The hashes of all events of the case, which nothing may change. */
static char *
join_leaves (Office *office, guint64 number)
{
  g_autoptr(GPtrArray) records = load (office, number);
  GString *leaves = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);

      for (guint j = 0; j < INCIDENT_HASH_LENGTH; j++)
        g_string_append_printf (leaves, "%02x", record->leaf[j]);
    }
  return g_string_free (leaves, FALSE);
}

static void
assert_verifies (Office *office, guint64 number)
{
  g_autoptr(GPtrArray) records = load (office, number);
  guint8 id[INCIDENT_STORE_ID_LENGTH] = { 0, };

  /* Over a store in memory the hashes are compared, which it makes anew on each reading. */
  if (g_object_get_data (G_OBJECT (office->clock), "folder") == NULL)
    return;

  read_store_id (office, id);
  for (guint i = 0; i < records->len; i++)
    assert_true (incident_record_verify (g_ptr_array_index (records, i), id));
}

static void
assert_not_in_file (Office *office, const char *name, const char *words)
{
  const char *folder = g_object_get_data (G_OBJECT (office->clock), "folder");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;
  g_autofree char *bytes = NULL;
  gsize length = 0;

  if (path == NULL || !g_file_get_contents (path, &bytes, &length, NULL))
    return;
  for (gsize i = 0; i + strlen (words) <= length; i++)
    if (memcmp (bytes + i, words, strlen (words)) == 0)
      fail_msg ("%s still has “%s”", name, words);
}

static void
assert_gone (Office *office, guint64 number, guint seq, const char *words)
{
  g_autoptr(GPtrArray) records = load (office, number);

  assert_null (((const IncidentRecord *) g_ptr_array_index (records, seq - 1))->payload);
  assert_not_in_file (office, "store.db", words);
  assert_not_in_file (office, "store.db-wal", words);
}

static void
test_what_is_redacted_is_gone_and_the_log_still_verifies (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *summary = NULL;
  g_autoptr(IncidentEvent) event = NULL;

  act (kase, "note", "ana", "text", "4111 1111 1111 1111", NULL);
  act (kase, "redact", "bo", "event", "2", "text", "a card number", NULL);
  act (kase, "note", "ana", "text", "and on", NULL);
  before = join_leaves (office, 1);
  assert_gone (office, 1, 2, "4111 1111");
  assert_verifies (office, 1);
  kase = read_again (office, g_steal_pointer (&kase));
  after = join_leaves (office, 1);
  assert_string_equal (before, after);
  event = dup_event (kase, 2);
  assert_null (incident_event_get_text (event));
  summary = incident_event_dup_summary (event);
  assert_string_equal (summary, "(withheld)");
  assert_json (kase, TRUE, "redactions",
               "[{\"seq\":3,\"at\":\"2026-11-23T07:00:00.000000Z\",\"actor\":\"bo\",\"redacts\":\"2\",\"text\":\"a card number\"}]");
}

static void
test_redaction_changes_no_hash (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  act (kase, "note", "ana", "text", "4111 1111 1111 1111", NULL);
  before = join_leaves (office, 1);
  act (kase, "redact", "bo", "event", "2", "text", "a card number", NULL);
  after = join_leaves (office, 1);
  assert_true (g_str_has_prefix (after, before));
}

static void
test_the_title_of_a_case_is_withheld (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_with (office, command_new ("open", "ana", "title", "Zita Zapf cannot pay", NULL));
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autofree char *rows = NULL;

  act (kase, "redact", "bo", "event", "1", "text", "a name", NULL);
  assert_string_equal (incident_case_get_title (kase), "(withheld)");
  assert_gone (office, 1, 1, "Zita Zapf");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_title (kase), "(withheld)");
  rows = incident_desk_list_rows (office->desk, query, NULL);
  assert_non_null (strstr (rows, "\"title\":\"(withheld)\""));
  assert_null (strstr (rows, "Zita"));
}

static void
test_the_title_of_a_task_is_withheld (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(GPtrArray) tasks = NULL;

  act (kase, "add-task", "ana", "title", "Ring back Zita Zapf", "must-do", "yes", NULL);
  act (kase, "redact", "bo", "event", "2", "text", "a name", NULL);
  assert_json (kase, FALSE, "tasks", "[{\"number\":1,\"title\":null,\"state\":\"open\",\"must_do\":true,\"person\":null,"
                                     "\"role\":null,\"kind\":null,\"after\":null,\"due\":null}]");
  assert_gone (office, 1, 2, "Zita Zapf");
  kase = read_again (office, g_steal_pointer (&kase));
  tasks = incident_case_list_tasks (kase);
  assert_null (incident_task_get_title (g_ptr_array_index (tasks, 0)));
  act (kase, "finish-task", "ana", "task", "1", NULL);
}

static void
test_a_withheld_task_goes_along_without_its_words (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) from = open_case (office);
  g_autoptr(IncidentCase) into = open_case (office);

  act (from, "add-task", "ana", "title", "Ring back Zita Zapf", "must-do", "yes", NULL);
  act (from, "redact", "bo", "event", "2", "text", "a name", NULL);
  act (from, "merge", "ana", "case", "INC-2", NULL);
  assert_tasks (into, "1 open");
  assert_last (into, "task-added", "{\"task\":\"1\",\"task-state\":\"open\",\"must-do\":\"yes\",\"title\":\"(withheld)\"}");
}

static void
test_words_that_many_cases_share_are_gone_from_all (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) first G_GNUC_UNUSED = open_case (office);
  g_autoptr(IncidentCase) second = open_case (office);
  g_autoptr(IncidentCommand) note = command_new ("note", "ana", "text", "Zita Zapf rang", NULL);

  assert_true (incident_desk_act_many (office->desk, (const guint64[]) { 1, 2 }, 2, note, NULL));
  act (second, "redact", "bo", "event", "2", "text", "a name", NULL);
  assert_gone (office, 1, 2, "Zita Zapf");
  assert_gone (office, 2, 2, "Zita Zapf");
  assert_verifies (office, 1);
  assert_verifies (office, 2);
}

static void
test_a_redaction_needs_an_event_and_a_reason_and_is_done_once (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  assert_codes (kase, "unknown-event", "redact", "bo", "event", "2", "text", "x", NULL);
  assert_codes (kase, "missing-text", "redact", "bo", "event", "1", NULL);
  act (kase, "redact", "bo", "event", "1", "text", "a name", NULL);
  act (kase, "redact", "bo", "event", "1", "text", "a name", NULL);
  assert_int_equal (incident_case_get_version (kase), 2);
}

static void
test_a_desk_that_has_read_the_words_forgets_them (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentDesk) other = incident_desk_new (office->store, office->clock, NULL);
  g_autoptr(IncidentCase) theirs = NULL;
  g_autoptr(IncidentEvent) event = NULL;

  act (kase, "note", "ana", "text", "Zita Zapf rang", NULL);
  theirs = incident_desk_get_case (other, 1, NULL);
  act (kase, "redact", "bo", "event", "2", "text", "a name", NULL);
  assert_true (incident_desk_refresh (other, NULL));
  event = dup_event (theirs, 2);
  assert_null (incident_event_get_text (event));
}

/* The record */

#define SPAN(value, from, until, seconds) "{\"value\":\"" value "\",\"from\":\"2026-11-23T" from ":00.000000Z\"," \
  "\"until\":" until ",\"seconds\":" seconds "}"
#define UNTIL(until) "\"2026-11-23T" until ":00.000000Z\""

static void
test_the_time_in_each_severity_is_told (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  advance (office, 30 * MINUTE);
  act (kase, "classify", "ana", "severity", "sev3", NULL);
  advance (office, HOUR);
  act (kase, "classify", "ana", "severity", "sev1", NULL);
  advance (office, 30 * MINUTE);
  act (kase, "note", "ana", "text", "still", NULL);
  assert_json (kase, TRUE, "severities", "[" SPAN ("sev3", "07:30", UNTIL ("08:30"), "3600") ","
                                         SPAN ("sev1", "08:30", "null", "1800") "]");
  advance (office, 90 * MINUTE);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  assert_json (kase, TRUE, "severities", "[" SPAN ("sev3", "07:30", UNTIL ("08:30"), "3600") ","
                                         SPAN ("sev1", "08:30", UNTIL ("10:30"), "7200") "]");
}

static void
test_a_reopened_case_is_as_severe_as_it_was (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "classify", "ana", "severity", "sev1", NULL);
  advance (office, HOUR);
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  advance (office, HOUR);
  act (kase, "reopen", "ana", "text", "no drill", NULL);
  advance (office, HOUR);
  act (kase, "note", "ana", "text", "still", NULL);
  assert_int_equal (incident_case_get_severity (kase), INCIDENT_SEVERITY_SEV1);
  assert_json (kase, TRUE, "severities", "[" SPAN ("sev1", "07:00", UNTIL ("08:00"), "3600") ","
                                         SPAN ("sev1", "09:00", "null", "3600") "]");
}

static void
test_the_time_in_each_phase_is_told (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  advance (office, HOUR);
  act (kase, "diagnose", "ana", "text", "31 %", NULL);
  advance (office, HOUR);
  act (kase, "diagnose", "ana", "text", "40 %", NULL);
  assert_json (kase, TRUE, "phases", "[" SPAN ("new", "07:00", UNTIL ("08:00"), "3600") ","
                                     SPAN ("diagnosis", "08:00", "null", "3600") "]");
}

static void
test_decisions_and_hypotheses_are_numbered (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "decide", "ana", "text", "fail over at six", "objections", "bo: too late", NULL);
  act (kase, "decide", "ana", "text", "fail over now", NULL);
  act (kase, "suppose", "bo", "text", "a lock", NULL);
  assert_codes (kase, "unknown-hypothesis", "judge", "bo", "hypothesis", "2", "state", "cause", "text", "x", NULL);
  act (kase, "judge", "bo", "hypothesis", "1", "state", "refuted", "text", "no lock is held", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_json (kase, TRUE, "decisions",
               "[{\"seq\":2,\"at\":\"2026-11-23T07:00:00.000000Z\",\"actor\":\"ana\",\"decision\":\"1\","
               "\"text\":\"fail over at six\",\"objections\":\"bo: too late\"},"
               "{\"seq\":3,\"at\":\"2026-11-23T07:00:00.000000Z\",\"actor\":\"ana\",\"decision\":\"2\","
               "\"text\":\"fail over now\"}]");
  assert_json (kase, TRUE, "judgements",
               "[{\"seq\":5,\"at\":\"2026-11-23T07:00:00.000000Z\",\"actor\":\"bo\",\"hypothesis\":\"1\","
               "\"hypothesis_state\":\"refuted\",\"text\":\"no lock is held\"}]");
}

static void
test_fields_and_measures_are_kept (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentCommand) command = incident_command_new ("measure", "ana");
  g_autoptr(GError) error = NULL;

  act (kase, "record", "ana", "field", "workaround", "text", "use the old page", NULL);
  act (kase, "measure", "ana", "measure", "money", "amount", "-1200.50", "unit", "EUR", "certainty", "estimated", NULL);
  assert_json (kase, TRUE, "fields", "[{\"seq\":2,\"at\":\"2026-11-23T07:00:00.000000Z\",\"actor\":\"ana\","
                                     "\"field\":\"workaround\",\"text\":\"use the old page\"}]");
  assert_json (kase, TRUE, "impact",
               "[{\"seq\":3,\"at\":\"2026-11-23T07:00:00.000000Z\",\"actor\":\"ana\",\"measure\":\"money\","
               "\"amount\":\"-1200.50\",\"unit\":\"EUR\",\"certainty\":\"estimated\",\"text\":null}]");
  assert_false (incident_command_set (command, "amount", "1e3", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "amount");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_tasks_go_from_state_to_state),
    office_test (test_a_task_has_one_owner),
    office_test (test_a_task_waits_for_those_before_it),
    office_test (test_what_is_no_task_is_refused),
    office_test (test_what_is_done_stays_done_until_it_is_reopened),
    office_test (test_no_case_closes_before_what_must_be_done),
    office_test (test_only_follow_up_actions_are_added_to_what_has_ended),
    office_test (test_nobody_leaves_with_open_tasks),
    both (test_links_come_and_go),
    office_test (test_no_case_is_linked_to_itself),
    both (test_a_merge_ends_one_case_and_is_told_in_both),
    both (test_open_must_do_tasks_go_along),
    both (test_later_alerts_go_where_the_case_went),
    both (test_later_alerts_follow_from_case_to_case),
    both (test_alerts_that_another_case_has_are_left_to_it),
    both (test_a_case_that_has_ended_takes_in_no_other),
    both (test_no_case_is_merged_into_itself_or_into_none),
    office_test (test_what_was_merged_away_is_not_reopened),
    both (test_cases_are_merged_one_by_one),
    both (test_a_merge_is_as_verified_in_one_case_as_in_the_other),
    both (test_a_merge_that_is_said_twice_is_done_once),
    both (test_a_merge_into_a_case_that_others_went_on_with),
    both (test_a_merge_into_a_case_that_others_have_ended),
    both (test_a_correction_stands_beside_what_it_corrects),
    both (test_what_is_redacted_is_gone_and_the_log_still_verifies),
    both (test_redaction_changes_no_hash),
    both (test_the_title_of_a_case_is_withheld),
    both (test_the_title_of_a_task_is_withheld),
    both (test_a_withheld_task_goes_along_without_its_words),
    both (test_words_that_many_cases_share_are_gone_from_all),
    both (test_a_redaction_needs_an_event_and_a_reason_and_is_done_once),
    both (test_a_desk_that_has_read_the_words_forgets_them),
    office_test (test_the_time_in_each_severity_is_told),
    office_test (test_a_reopened_case_is_as_severe_as_it_was),
    office_test (test_the_time_in_each_phase_is_told),
    both (test_decisions_and_hypotheses_are_numbered),
    office_test (test_fields_and_measures_are_kept),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
