/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

/* What is said in a chat about a case, and what becomes of it. */

#define MESSAGE "slack/C1/1795417200.000100"
#define OTHER   "slack/C1/1795417260.000200"
#define LINK    "https://chat.example.org/archives/C1/p1795417200000100"

static guint
get_version (IncidentCase *kase)
{
  return incident_case_get_version (kase);
}

static void
assert_text (IncidentCase *kase, guint seq, const char *expected)
{
  g_autoptr(IncidentEvent) event = dup_event (kase, seq);
  g_autoptr(JsonNode) node = incident_event_dup_data (event);
  JsonObject *data = json_node_get_object (node);

  if (expected == NULL)
    assert_true (json_object_has_member (data, "withheld"));
  else
    assert_string_equal (json_object_get_string_member (data, "text"), expected);
}

static void
assert_summary (IncidentCase *kase, const char *expected)
{
  g_autoptr(IncidentEvent) event = dup_last_event (kase);
  g_autofree char *summary = incident_event_dup_summary (event);

  assert_string_equal (summary, expected);
}

static char *
dup_messages (IncidentCase *kase)
{
  g_autofree char *json = incident_case_record_to_json (kase);
  g_autoptr(JsonNode) root = json_from_string (json, NULL);
  JsonArray *messages = json_object_get_array_member (json_node_get_object (root), "messages");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonObject *message = json_array_get_object_element (messages, i);
      JsonNode *words = json_object_get_member (message, "text");
      static const char * const flags[] = { "edited", "deleted", "pinned", "withheld" };

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", JSON_NODE_HOLDS_NULL (words) ? "–" : json_node_get_string (words));
      for (guint j = 0; j < G_N_ELEMENTS (flags); j++)
        if (json_object_get_boolean_member (message, flags[j]))
          g_string_append_printf (text, " %s", flags[j]);
    }
  return g_string_free (text, FALSE);
}

static void
assert_messages (IncidentCase *kase, const char *expected)
{
  g_autofree char *found = dup_messages (kase);

  assert_string_equal (found, expected);
}

static void
test_what_is_said_is_recorded (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "say", "bo", "message", MESSAGE, "thread", OTHER, "text", "it is the pool", "permalink", LINK, NULL);
  assert_last (kase, "said", "{\"message\":\"" MESSAGE "\",\"thread\":\"" OTHER "\",\"text\":\"it is the pool\",\"permalink\":\"" LINK "\"}");
  assert_summary (kase, "bo said: it is the pool");
  act (kase, "say", "slack", "message", OTHER, "author", "Mo (vendor)", "text", "which pool?", NULL);
  assert_summary (kase, "Mo (vendor) said: which pool?");
  assert_messages (kase, "it is the pool, which pool?");
}

static void
test_a_message_has_the_words_of_its_last_edit (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "say", "bo", "message", MESSAGE, "text", "it is the pol", NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  assert_kinds (kase, 2, "said said-edited");
  assert_text (kase, 2, "it is the pol");
  assert_text (kase, 3, "it is the pool");
  assert_messages (kase, "it is the pool edited");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_messages (kase, "it is the pool edited");
}

static void
test_an_edit_that_changes_no_words_leaves_no_event (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "say", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  assert_kinds (kase, 2, "said");
}

static void
test_an_edit_of_what_was_never_heard_is_what_was_said (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  act (kase, "say", "bo", "message", MESSAGE, "text", "it is the pol", NULL);
  assert_kinds (kase, 2, "said said");
  assert_messages (kase, "it is the pool");
}

static void
test_what_is_deleted_is_not_shown (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "delete-said", "bo", "message", MESSAGE, NULL);
  assert_int_equal (get_version (kase), 1);
  act (kase, "say", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  act (kase, "delete-said", "bo", "message", MESSAGE, NULL);
  act (kase, "delete-said", "bo", "message", MESSAGE, NULL);
  assert_kinds (kase, 2, "said said-deleted");
  assert_text (kase, 2, "it is the pool");
  assert_messages (kase, "– deleted");
}

static void
test_a_pin_takes_what_was_said_and_when (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentEvent) event = NULL;

  act (kase, "say", "bo", "message", MESSAGE, "text", "it is the pol", "permalink", LINK, NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  advance (office, 5 * MINUTE);
  act (kase, "pin", "ana", "message", MESSAGE, NULL);
  assert_last (kase, "pinned", "{\"message\":\"" MESSAGE "\",\"text\":\"it is the pool\",\"author\":\"bo\",\"permalink\":\"" LINK "\"}");
  event = dup_last_event (kase);
  assert_int_equal (incident_event_get_occurred_at (event), START);
  act (kase, "pin", "bo", "message", MESSAGE, NULL);
  assert_kinds (kase, 2, "said said-edited pinned");
}

static void
test_a_pin_of_what_was_not_heard_comes_with_its_words (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  assert_codes (kase, "missing-text", "pin", "ana", "message", MESSAGE, NULL);
  act (kase, "pin", "ana", "message", MESSAGE, "text", "it is the pool", "author", "Mo", NULL);
  act (kase, "pin", "ana", "message", MESSAGE, "text", "it is the pool", NULL);
  assert_kinds (kase, 2, "pinned");
  assert_messages (kase, "it is the pool pinned");
}

/* Where no more than what is pinned is recorded, it is still kept as it reads now. */
static void
test_an_edit_of_what_was_pinned_alone_is_an_edit (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "pin", "ana", "message", MESSAGE, "text", "it is the pol", "author", "Mo", NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "it is the pol", NULL);
  assert_kinds (kase, 2, "pinned");
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  assert_kinds (kase, 2, "pinned said-edited");
  act (kase, "say", "bo", "message", MESSAGE, "text", "it is the pol", NULL);
  assert_messages (kase, "it is the pool edited pinned");
}

static void
test_talk_makes_nobodys_view_stale (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  guint seen = get_version (kase);
  IncidentCommand *command = command_new ("diagnose", "ana", "text", "the pool", NULL);

  act (kase, "say", "bo", "message", MESSAGE, "thread", OTHER, "text", "it is the pol", NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "it is the pool", NULL);
  act (kase, "pin", "bo", "message", MESSAGE, NULL);
  act (kase, "delete-said", "bo", "message", MESSAGE, NULL);
  act (kase, "message", "bo", "text", "on it", "audience", "internal", NULL);
  incident_command_set_seen (command, seen);
  act_with (kase, command);
  assert_string_equal (incident_case_get_phase (kase), "diagnosis");
}

static const char with_robot[] =
  "{\"name\": \"x\", \"people\": {\"ana\": {\"name\": \"Ana\"}, \"bo\": {\"name\": \"Bo\"}}, \"automations\": {\"robot\": {\"means\": \"x\"}}, "
  "\"rights\": [{\"everyone\": true, \"may\": [\"*\"]}, {\"automation\": \"robot\", \"may\": [\"*\"]}]}";

static void
test_who_talks_takes_no_case_over (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_robot);
  kase = open_with (office, command_new ("open", "robot", "title", "Disk full", NULL));
  act (kase, "say", "bo", "message", MESSAGE, "text", "again?", NULL);
  act (kase, "message", "bo", "text", "again?", "audience", "internal", NULL);
  act (kase, "cancel", "robot", "text", "emptied itself", NULL);
  assert_false (incident_case_get_open (kase));
}

static const char with_rights[] =
  "{\"name\": \"x\", \"people\": {\"ana\": {\"name\": \"Ana\"}, \"bo\": {\"name\": \"Bo\"}, \"cleo\": {\"name\": \"Cleo\"}}, "
  "\"rights\": [{\"person\": \"ana\", \"may\": [\"*\"]}, {\"person\": \"bo\", \"may\": [\"note\"]}, {\"person\": \"cleo\", \"may\": [\"say\"]}]}";

static void
test_who_may_note_may_talk (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_rights);
  kase = open_case (office);
  act (kase, "say", "bo", "message", MESSAGE, "text", "a", NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "b", NULL);
  act (kase, "pin", "bo", "message", MESSAGE, NULL);
  act (kase, "delete-said", "bo", "message", MESSAGE, NULL);
  assert_codes (kase, "not-permitted", "message", "bo", "text", "a", NULL);
  act (kase, "say", "cleo", "message", OTHER, "text", "a", NULL);
  assert_codes (kase, "not-permitted", "pin", "cleo", "message", OTHER, NULL);
}

static void
test_people_talk_after_the_end (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = recovered_case (office);

  act (kase, "close", "ana", NULL);
  act (kase, "say", "bo", "message", MESSAGE, "text", "well done", NULL);
  act (kase, "pin", "bo", "message", MESSAGE, NULL);
  act (kase, "message", "bo", "text", "thanks", NULL);
  assert_false (incident_case_get_open (kase));
}

static void
test_the_clock_of_a_chat_may_be_ahead (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  IncidentCommand *command = command_new ("say", "bo", "message", MESSAGE, "text", "a", NULL);
  g_autoptr(IncidentEvent) event = NULL;

  incident_command_set_occurred_at (command, START + 3 * G_USEC_PER_SEC);
  act_with (kase, command);
  event = dup_last_event (kase);
  assert_int_equal (incident_event_get_occurred_at (event), START);
}

static void
test_a_permalink_is_a_web_address (void **state)
{
  static const char * const wrong[] = { "javascript:alert(1)", "chat", "https://a b", "https://a/\"x", "file:///etc/passwd" };
  g_autoptr(IncidentCommand) command = incident_command_new ("say", "bo");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      assert_false (incident_command_set (command, "permalink", wrong[i], &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
      assert_string_equal (incident_error_get_where (error), "permalink");
    }
  assert_true (incident_command_set (command, "permalink", LINK "?thread_ts=1.2&cid=C1", NULL));
}

static void
test_a_redaction_takes_the_edits_and_the_pin_along (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "say", "bo", "message", MESSAGE, "text", "Mx Miller cannot pay", NULL);
  act (kase, "say", "bo", "message", OTHER, "text", "who?", NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "Mx Miller cannot pay!", NULL);
  act (kase, "pin", "bo", "message", MESSAGE, NULL);
  act (kase, "redact", "ana", "event", "5", "text", "names a customer", NULL);
  assert_kinds (kase, 6, "redacted redacted redacted");
  for (guint i = 0; i < 3; i++)
    assert_text (kase, (guint[]) { 2, 4, 5 }[i], NULL);
  assert_text (kase, 3, "who?");
  assert_messages (kase, "– edited pinned withheld, who?");
  act (kase, "redact", "ana", "event", "2", "text", "names a customer", NULL);
  assert_int_equal (get_version (kase), 8);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_messages (kase, "– edited pinned withheld, who?");
}

static void
test_what_was_redacted_takes_no_words_any_more (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  act (kase, "say", "bo", "message", MESSAGE, "text", "Mx Miller cannot pay", NULL);
  act (kase, "redact", "ana", "event", "2", "text", "names a customer", NULL);
  act (kase, "say", "bo", "message", MESSAGE, "text", "Mx Miller cannot pay", NULL);
  act (kase, "edit-said", "bo", "message", MESSAGE, "text", "Mx Miller cannot pay!", NULL);
  act (kase, "pin", "bo", "message", MESSAGE, "text", "Mx Miller cannot pay", NULL);
  assert_kinds (kase, 2, "said redacted");
}

static void
add (IncidentBatch *batch, IncidentCase *kase, IncidentCommand *command /* (transfer full) */)
{
  g_autoptr(IncidentCommand) owned G_GNUC_UNUSED = command;
  g_autoptr(GError) error = NULL;

  incident_batch_act (batch, incident_case_get_number (kase), command, &error);
  assert_no_error (error);
}

static void
test_a_batch_looks_back_at_itself (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(GError) error = NULL;

  act (kase, "say", "bo", "message", OTHER, "text", "it was said before", NULL);
  add (batch, kase, command_new ("say", "bo", "message", MESSAGE, "text", "a", NULL));
  add (batch, kase, command_new ("edit-said", "bo", "message", MESSAGE, "text", "b", NULL));
  add (batch, kase, command_new ("edit-said", "bo", "message", MESSAGE, "text", "b", NULL));
  add (batch, kase, command_new ("pin", "bo", "message", MESSAGE, NULL));
  add (batch, kase, command_new ("pin", "bo", "message", OTHER, NULL));
  add (batch, kase, command_new ("redact", "ana", "event", "3", "text", "x", NULL));
  add (batch, kase, command_new ("edit-said", "bo", "message", MESSAGE, "text", "c", NULL));
  incident_batch_commit (batch, &error);
  assert_no_error (error);
  assert_kinds (kase, 2, "said said said-edited pinned pinned redacted redacted redacted");
  assert_messages (kase, "it was said before pinned, – edited pinned withheld");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_messages (kase, "it was said before pinned, – edited pinned withheld");
}

static void
test_a_message_is_redacted_in_many_cases (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) one = open_case (office);
  g_autoptr(IncidentCase) two = open_case (office);
  g_autoptr(IncidentCommand) command = command_new ("redact", "ana", "event", "2", "text", "x", NULL);
  const guint64 numbers[] = { incident_case_get_number (one), incident_case_get_number (two) };
  g_autoptr(GError) error = NULL;

  act (one, "say", "bo", "message", MESSAGE, "text", "a", NULL);
  act (one, "pin", "bo", "message", MESSAGE, NULL);
  act (two, "say", "bo", "message", MESSAGE, "text", "a", NULL);
  incident_desk_act_many (office->desk, numbers, 2, command, &error);
  assert_no_error (error);
  assert_messages (one, "– pinned withheld");
  assert_messages (two, "– withheld");
}

static void
test_a_pin_in_many_cases_has_the_words_of_each (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) one = open_case (office);
  g_autoptr(IncidentCase) two = open_case (office);
  g_autoptr(IncidentCommand) command = command_new ("pin", "ana", "message", MESSAGE, NULL);
  const guint64 numbers[] = { incident_case_get_number (one), incident_case_get_number (two) };
  g_autoptr(GError) error = NULL;

  act (one, "say", "bo", "message", MESSAGE, "text", "a", NULL);
  act (two, "say", "bo", "message", MESSAGE, "text", "b", NULL);
  incident_desk_act_many (office->desk, numbers, 2, command, &error);
  assert_no_error (error);
  assert_text (one, 3, "a");
  assert_text (two, 3, "b");
}

static void
test_an_unknown_audience_is_named (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  assert_fails_with (kase, command_new ("message", "bo", "text", "x", "audience", "press", NULL), INCIDENT_ERROR_NOT_FOUND,
                     "audience", "There is no audience “press”: there are customer, internal");
}

/* Reports */

static void
talk (IncidentCase *kase)
{
  act (kase, "say", "bo", "message", "m/1", "text", "chatter", NULL);
  act (kase, "say", "bo", "message", "m/2", "text", "it is the pol", NULL);
  act (kase, "pin", "ana", "message", "m/2", NULL);
  act (kase, "edit-said", "bo", "message", "m/2", "text", "it is the <pool>", NULL);
  act (kase, "say", "bo", "message", "m/3", "text", "taken back", NULL);
  act (kase, "pin", "ana", "message", "m/3", NULL);
  act (kase, "delete-said", "bo", "message", "m/3", NULL);
  act (kase, "say", "bo", "message", "m/4", "text", "Mx Miller", NULL);
  act (kase, "pin", "ana", "message", "m/4", NULL);
  act (kase, "redact", "ana", "event", "9", "text", "a name", NULL);
}

static void
assert_shows_pins (const char *text)
{
  static const char * const gone[] = { "chatter", "it is the pol ", "taken back", "Mx Miller", "<pool>" };

  assert_non_null (strstr (text, "Pinned in the chat"));
  assert_non_null (strstr (text, "pool"));
  assert_non_null (strstr (text, "edited"));
  assert_non_null (strstr (text, "deleted"));
  assert_non_null (strstr (text, "withheld"));
  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    if (strstr (text, gone[i]) != NULL)
      fail_msg ("“%s” stands in:\n%s", gone[i], text);
}

static void
test_a_report_shows_what_was_pinned (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);

  talk (kase);
  for (guint kind = INCIDENT_REPORT_KIND_PROBLEM; kind <= INCIDENT_REPORT_KIND_SOLUTION; kind++)
    {
      g_autoptr(IncidentReport) report = incident_case_report (kase, (IncidentReportKind) kind);
      g_autofree char *markdown = incident_report_to_markdown (report);
      g_autofree char *html = incident_report_to_html (report);
      g_autofree char *json = incident_report_to_json (report);
      g_autoptr(IncidentReport) read = NULL;

      assert_shows_pins (markdown);
      assert_shows_pins (html);
      assert_non_null (strstr (json, "\"it is the <pool>\""));
      assert_null (strstr (json, "chatter"));
      assert_null (strstr (json, "taken back"));
      read = incident_report_new_from_json (json, -1, NULL, NULL);
      assert_non_null (read);
    }
}

static void
test_a_report_shows_what_was_pinned_alone_as_it_reads_now (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *markdown = NULL;

  act (kase, "pin", "ana", "message", "m/1", "text", "it is the pol", "author", "Mo", NULL);
  act (kase, "edit-said", "bo", "message", "m/1", "text", "it is the pool", NULL);
  act (kase, "pin", "ana", "message", "m/2", "text", "taken back", "author", "Mo", NULL);
  act (kase, "delete-said", "bo", "message", "m/2", NULL);
  act (kase, "pin", "ana", "message", "m/3", "text", "a", NULL);
  act (kase, "edit-said", "bo", "message", "m/3", "text", "b", NULL);
  report = incident_case_report (kase, INCIDENT_REPORT_KIND_SOLUTION);
  markdown = incident_report_to_markdown (report);
  assert_non_null (strstr (markdown, "it is the pool"));
  assert_null (strstr (markdown, "it is the pol "));
  assert_null (strstr (markdown, "it is the pol\n"));
  assert_null (strstr (markdown, "taken back"));
  assert_null (strstr (markdown, "deleted what was said"));
  assert_null (strstr (markdown, "(null)"));
}

static void
test_a_report_without_pins_says_nothing_of_them (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *markdown = NULL;

  act (kase, "say", "bo", "message", "m/1", "text", "chatter", NULL);
  report = incident_case_report (kase, INCIDENT_REPORT_KIND_PROBLEM);
  markdown = incident_report_to_markdown (report);
  assert_null (strstr (markdown, "Pinned"));
  assert_null (strstr (markdown, "chatter"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_what_is_said_is_recorded),
    both (test_a_message_has_the_words_of_its_last_edit),
    office_test (test_an_edit_that_changes_no_words_leaves_no_event),
    office_test (test_an_edit_of_what_was_never_heard_is_what_was_said),
    office_test (test_what_is_deleted_is_not_shown),
    office_test (test_a_pin_takes_what_was_said_and_when),
    office_test (test_a_pin_of_what_was_not_heard_comes_with_its_words),
    both (test_an_edit_of_what_was_pinned_alone_is_an_edit),
    office_test (test_talk_makes_nobodys_view_stale),
    office_test (test_who_talks_takes_no_case_over),
    office_test (test_who_may_note_may_talk),
    office_test (test_people_talk_after_the_end),
    office_test (test_the_clock_of_a_chat_may_be_ahead),
    office_test (test_a_permalink_is_a_web_address),
    both (test_a_redaction_takes_the_edits_and_the_pin_along),
    both (test_what_was_redacted_takes_no_words_any_more),
    both (test_a_batch_looks_back_at_itself),
    both (test_a_message_is_redacted_in_many_cases),
    both (test_a_pin_in_many_cases_has_the_words_of_each),
    office_test (test_an_unknown_audience_is_named),
    office_test (test_a_report_shows_what_was_pinned),
    office_test (test_a_report_shows_what_was_pinned_alone_as_it_reads_now),
    office_test (test_a_report_without_pins_says_nothing_of_them),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
