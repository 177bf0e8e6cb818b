/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slack-test.h"

/* What people do from Slack, and what they are answered. */

static void
test_what_slack_did_not_sign_is_refused (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("command=%2Fincident&text=list", 29);
  g_autoptr(IncidentReply) unsigned_reply = incident_desk_take_slack (workspace->office.desk, "slack", FORM, NULL, NULL, bytes);
  g_autoptr(IncidentReply) forged = incident_desk_take_slack (workspace->office.desk, "slack", FORM, "1795417200",
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", bytes);
  g_autoptr(IncidentReply) elsewhere = incident_desk_take_slack (workspace->office.desk, "mail", FORM, NULL, NULL, bytes);
  g_autoptr(IncidentReply) unreadable = send_to_desk (workspace, "text/xml", "<a/>");

  assert_int_equal (incident_reply_get_status (unsigned_reply), 401);
  assert_int_equal (incident_reply_get_status (forged), 401);
  assert_int_equal (incident_reply_get_status (elsewhere), 404);
  assert_int_equal (incident_reply_get_status (unreadable), 400);
}

static void
test_a_challenge_is_echoed (void **state)
{
  g_autoptr(IncidentReply) reply = send_to_desk (*state, "application/json", "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1a\"}");
  g_autofree char *body = dup_body (reply);

  assert_int_equal (incident_reply_get_status (reply), 200);
  assert_string_equal (body, "3eZbrw1a");
}

static void
test_a_secret_that_cannot_be_read_is_our_trouble (void **state)
{
  g_autoptr(IncidentReply) reply = NULL;
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);

  g_unsetenv ("TEST_SLACK_SECRET");
  g_test_expect_message ("Incident", G_LOG_LEVEL_WARNING, "*TEST_SLACK_SECRET*");
  reply = send_to_desk (*state, FORM, "command=%2Fincident&text=list");
  g_test_assert_expected_messages ();
  g_log_set_always_fatal (fatal);
  assert_int_equal (incident_reply_get_status (reply), 503);
}

/* Commands */

static void
test_a_command_acts_on_the_case_of_its_channel (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentEvent) event = NULL;

  assert_answer (workspace, "U0000ANA", ROOM, "diagnose error rate is 31 %, it's &lt;bad&gt;", "INC-1: diagnosed: error rate is 31 %, it's &lt;bad&gt;");
  assert_event (kase, "diagnosed", "error rate is 31 %, it's <bad>", NULL);
  event = dup_last_event (kase);
  assert_string_equal (incident_event_get_actor (event), "ana");
  assert_int_equal (incident_event_get_verification (event), INCIDENT_VERIFICATION_SIGNATURE);
  assert_fact (event, "provider", "slack");
}

static void
test_a_command_names_its_case (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_case (&workspace->office);

  assert_answer (workspace, "U0000ANA", "C0OTHER", "inc-1 note seen", "INC-1: seen");
  assert_answer (workspace, "U0000ANA", "C0OTHER", "note seen",
                 "This channel belongs to no case: say which, such as “/incident INC-42 note”. “/incident list” shows those that are open");
  assert_answer (workspace, "U0000ANA", "C0OTHER", "INC-9 note seen", "There is no case INC-9");
  assert_version (kase, 2);
}

static void
test_a_case_is_opened_by_a_command (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;

  assert_answer (workspace, "U0000ANA", "C0OTHER", "open --severity sev2 Checkout answers 500", "INC-1 is open: Checkout answers 500");
  kase = incident_desk_get_case (workspace->office.desk, 1, &error);
  assert_no_error (error);
  assert_string_equal (incident_case_get_title (kase), "Checkout answers 500");
  assert_int_equal (incident_case_get_severity (kase), INCIDENT_SEVERITY_SEV2);
}

static void
test_quotation_marks_and_dashes_of_telephones_are_understood (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  act (kase, "diagnose", "bo", NULL);
  assert_answer (workspace, "U0000ANA", ROOM, "escalate —to bo “needs a database owner”", "INC-1: escalated to bo: needs a database owner");
  assert_answer (workspace, "U0000ANA", ROOM, "note \"two  blanks\"", "INC-1: two blanks");
  assert_event (kase, "noted", "two  blanks", NULL);
  assert_answer (workspace, "U0000ANA", ROOM, "note 'tis -- as it --was", "INC-1: 'tis -- as it --was");
  assert_event (kase, "noted", "'tis -- as it --was", NULL);
}

static void
test_somebody_is_mentioned_or_named (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_answer (workspace, "U0000ANA", ROOM, "assign responder <@U00000BO|bob>", "INC-1: bo is responder");
  assert_answer (workspace, "U0000ANA", ROOM, "assign scribe @cy", "INC-1: cy is scribe");
  assert_answer (workspace, "U0000ANA", ROOM, "take commander", "INC-1: ana is commander");
  assert_answer (workspace, "U0000ANA", ROOM, "task add \"look at the pool\" --person me", "INC-1: task 1: look at the pool");
  assert_answer (workspace, "U0000ANA", ROOM, "assign deputy <@U0STRANGER>",
                 "Nobody in the playbook has the Slack id U0STRANGER: name a person of the playbook, or add the id to their contacts");
  assert_string_equal (incident_case_get_commander (kase), "ana");
  assert_string_equal (incident_case_get_holder (kase, "responder"), "bo");
}

static void
test_escalation_asks_whom_is_mentioned_first (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentEvent) event = NULL;

  assert_answer (workspace, "U0000ANA", ROOM, "diagnose", "INC-1: diagnosed");
  assert_answer (workspace, "U0000ANA", ROOM, "escalate <@U00000BO> pool is full", "INC-1: escalated to bo: pool is full");
  event = dup_last_event (kase);
  assert_fact (event, "target", "bo");
}

static void
test_a_refusal_names_the_guards (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autofree char *answer = command_in (workspace, "U0000ANA", ROOM, "close");

  assert_non_null (strstr (answer, "“close” refused: wrong-phase: "));
  assert_version (kase, 1);
}

static void
test_what_is_not_understood_is_told_kindly (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_answer (workspace, "U0000ANA", ROOM, "Checkout is down",
                 "There is no verb “Checkout”. “/incident help” tells what there is; “/incident open TITLE” opens a case");
  assert_answer (workspace, "U0000ANA", ROOM, "assign commander",
                 "“assign” misses something:\n/incident [ID] assign ROLE PERSON – give somebody a role");
  assert_answer (workspace, "U0000ANA", ROOM, "ack now", "“ack” takes less than that:\n/incident [ID] ack – say that you are on it");
  assert_answer (workspace, "U0000ANA", ROOM, "classify --colour red",
                 "“classify” takes no “--colour”: there are --severity, --impact, --urgency, --service, --category, --major, --why");
  assert_version (kase, 1);
}

static void
test_help_show_next_and_list_tell_and_change_nothing (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autofree char *help = command_in (workspace, "U0000ANA", "C0OTHER", "help");
  g_autofree char *one = command_in (workspace, "U0000ANA", "C0OTHER", "help task");
  g_autofree char *show = command_in (workspace, "U0000ANA", ROOM, "show");
  g_autofree char *shown = command_in (workspace, "U0000ANA", "C0OTHER", "INC-1");
  g_autofree char *next = command_in (workspace, "U0000ANA", ROOM, "next");
  g_autofree char *list = command_in (workspace, "U0000ANA", "C0OTHER", "list");

  assert_non_null (strstr (help, "/incident [ID] resolve TEXT"));
  assert_non_null (strstr (one, "task add"));
  assert_null (strstr (one, "resolve"));
  assert_non_null (strstr (show, "INC-1 Checkout answers 500\nnew"));
  assert_string_equal (shown, show);
  assert_non_null (strstr (next, "INC-1: you may diagnose"));
  assert_non_null (strstr (list, "INC-1 Checkout answers 500 (new"));
  assert_version (kase, 1);
}

static void
test_a_command_that_is_brought_again_is_recorded_once_and_answered_the_same (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentReply) first = send_command_as (workspace, "U0000ANA", ROOM, "t.same", "note seen");
  g_autoptr(IncidentReply) between G_GNUC_UNUSED = send_command_as (workspace, "U00000BO", ROOM, "t.other", "note me too");
  g_autoptr(IncidentReply) again = send_command_as (workspace, "U0000ANA", ROOM, "t.same", "note seen");
  g_autoptr(IncidentReply) open = send_command_as (workspace, "U0000ANA", ROOM, "t.open", "open Another");
  g_autoptr(IncidentReply) open_again = send_command_as (workspace, "U0000ANA", ROOM, "t.open", "open Another");
  g_autofree char *first_text = dup_text (first);
  g_autofree char *again_text = dup_text (again);
  g_autofree char *open_text = dup_text (open);
  g_autofree char *open_again_text = dup_text (open_again);

  assert_string_equal (first_text, "INC-1: seen");
  assert_string_equal (again_text, first_text);
  assert_version (kase, 3);
  assert_string_equal (open_text, "INC-2 is open: Another");
  assert_string_equal (open_again_text, open_text);
  assert_null (incident_desk_get_case (workspace->office.desk, 3, NULL));
}

/* Rights */

static void
test_who_is_unknown_is_refused_and_written_down (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autofree char *answer = command_in (workspace, "U0STRANGER", ROOM, "note I was here");
  g_autofree char *shown = command_in (workspace, "U0STRANGER", ROOM, "show");
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) refusals = incident_desk_list_refusals (workspace->office.desk, 0, 10, &error);
  IncidentRefusal *refusal;

  assert_no_error (error);
  assert_non_null (strstr (answer, "“note” refused: unverified-actor: the playbook knows nobody who has the Slack id U0STRANGER"));
  assert_non_null (strstr (shown, "unverified-actor"));
  assert_version (kase, 1);
  assert_int_equal (refusals->len, 2);
  refusal = g_ptr_array_index (refusals, 0);
  assert_string_equal (incident_refusal_get_actor (refusal), "slack:T0TEAM/U0STRANGER");
  assert_string_equal (incident_refusal_get_verb (refusal), "note");
}

static void
test_a_contact_counts_in_its_workspace_alone (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentReply) reply =
    send_to_desk (workspace, FORM, "team_id=T0FOREIGN&user_id=U00000BO&channel_id=" ROOM "&trigger_id=1&command=%2Fincident&text=note+a");
  g_autofree char *text = dup_text (reply);

  assert_non_null (strstr (text, "unverified-actor"));
  assert_answer (workspace, "U00000BO", ROOM, "note a", "INC-1: a");
  assert_version (kase, 2);
}

static void
test_without_people_anybody_is_somebody (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentEvent) event = NULL;

  rule_workspace (workspace, "", "{\"record\":\"all\"}");
  assert_answer (workspace, "U0STRANGER", ROOM, "note seen", "INC-1: seen");
  event = dup_last_event (kase);
  assert_string_equal (incident_event_get_actor (event), "slack:T0TEAM/U0STRANGER");
}

static void
test_who_has_no_right_is_refused_by_it (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autofree char *answer = NULL;
  g_autoptr(GPtrArray) refusals = NULL;

  rule_workspace (workspace, PEOPLE ",\"rights\":[{\"person\":\"bo\",\"may\":[\"*\"]}]", "{\"record\":\"all\"}");
  answer = command_in (workspace, "U0000ANA", ROOM, "note seen");
  assert_non_null (strstr (answer, "“note” refused: not-permitted"));
  assert_version (kase, 1);
  refusals = incident_desk_list_refusals (workspace->office.desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 1);
}

/* Forms */

static void
test_alone_the_command_shows_the_form (void **state)
{
  Workspace *workspace = *state;
  const char *call;

  assert_taken (send_command_as (workspace, "U0000ANA", "C0OTHER", "t.form", " "));
  wait_for_calls (workspace, 1);
  call = g_ptr_array_index (workspace->calls, 0);
  assert_true (g_str_has_prefix (call, "/views.open "));
  assert_non_null (strstr (call, "trigger_id=t.form"));
  assert_non_null (strstr (call, "incident.open"));
  assert_non_null (strstr (call, "C0OTHER"));
}

static void
test_a_form_that_is_not_shown_is_told_of (void **state)
{
  Workspace *workspace = *state;
  g_autofree char *url = g_strdup_printf ("%sresponses/1", workspace->peer.url);
  g_autofree char *escaped = g_uri_escape_string (url, NULL, FALSE);
  g_autofree char *body = g_strdup_printf ("team_id=T0TEAM&user_id=U0000ANA&channel_id=C1&trigger_id=t.1&command=%%2Fincident&text="
                                           "&response_url=%s", escaped);
  const char *response;

  workspace->answer = g_strdup ("{\"ok\":false,\"error\":\"expired_trigger_id\"}");
  assert_taken (send_to_desk (workspace, FORM, body));
  wait_for_calls (workspace, 2);
  response = g_ptr_array_index (workspace->calls, 1);
  assert_true (g_str_has_prefix (response, "/responses/1 {"));
  assert_non_null (strstr (response, "expired\u200b_trigger\u200b_id"));
  assert_non_null (strstr (response, "“/incident open TITLE” opens a case without it"));
}

static void
test_nothing_is_told_to_addresses_that_are_not_slacks (void **state)
{
  Workspace *workspace = *state;
  g_auto(Peer) other = { NULL, };
  g_autofree char *escaped = NULL;
  g_autofree char *body = NULL;

  peer_init (&other, on_api_call, NULL);
  escaped = g_uri_escape_string (other.url, NULL, FALSE);
  body = g_strdup_printf ("team_id=T0TEAM&user_id=U0000ANA&channel_id=C1&trigger_id=t.1&command=%%2Fincident&text=&response_url=%s", escaped);
  workspace->answer = g_strdup ("{\"ok\":false,\"error\":\"expired_trigger_id\"}");
  assert_taken (send_to_desk (workspace, FORM, body));
  wait_for_calls (workspace, 1);
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  assert_int_equal (other.n_requests, 0);
}

#define OPENING(title, severity) \
  "{\"type\":\"view_submission\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"},\"view\":{\"id\":\"V1\"," \
  "\"callback_id\":\"incident.open\",\"private_metadata\":\"C0OTHER\",\"state\":{\"values\":{" \
  "\"title\":{\"value\":{\"type\":\"plain_text_input\",\"value\":\"" title "\"}}," \
  "\"severity\":{\"value\":{\"type\":\"static_select\",\"selected_option\":{\"value\":\"" severity "\"}}}," \
  "\"service\":{\"value\":{\"type\":\"plain_text_input\",\"value\":null}}}}}}"

static void
test_the_form_opens_a_case_once (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;

  assert_taken (send_payload (workspace, OPENING ("Checkout answers 500", "sev1")));
  kase = incident_desk_get_case (workspace->office.desk, 1, &error);
  assert_no_error (error);
  assert_string_equal (incident_case_get_title (kase), "Checkout answers 500");
  assert_int_equal (incident_case_get_severity (kase), INCIDENT_SEVERITY_SEV1);
  assert_told (workspace, "U0000ANA", "C0OTHER", 1, "INC-1 is open: Checkout answers 500");

  assert_taken (send_payload (workspace, OPENING ("Checkout answers 500", "sev1")));
  assert_null (incident_desk_get_case (workspace->office.desk, 2, NULL));
  assert_told (workspace, "U0000ANA", "C0OTHER", 1, "INC-1 is open: Checkout answers 500");
}

static void
test_what_is_wrong_in_the_form_stands_at_its_block (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentReply) severity = send_payload (workspace, OPENING ("Checkout", "sev9"));
  g_autoptr(IncidentReply) title = send_payload (workspace, OPENING (" ", "sev1"));
  g_autofree char *severity_body = dup_body (severity);
  g_autofree char *title_body = dup_body (title);

  assert_true (g_str_has_prefix (severity_body, "{\"response_action\":\"errors\",\"errors\":{\"severity\":\""));
  assert_true (g_str_has_prefix (title_body, "{\"response_action\":\"errors\",\"errors\":{\"title\":\""));
  assert_null (incident_desk_get_case (workspace->office.desk, 1, NULL));
}

/* Buttons */

static IncidentReply *
press (Workspace *workspace, const char *user, const char *trigger, const char *action, const char *value)
{
  g_autofree char *json = g_strdup_printf (
    "{\"type\":\"block_actions\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"%s\"},\"container\":{\"type\":\"message\","
    "\"message_ts\":\"1.000001\",\"channel_id\":\"%s\"},\"channel\":{\"id\":\"%s\"},\"trigger_id\":\"%s\","
    "\"actions\":[{\"type\":\"button\",\"action_id\":\"%s\",\"value\":\"%s\"}]}", user, ROOM, ROOM, trigger, action, value);

  return send_payload (workspace, json);
}

static void
test_a_button_acknowledges_once (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.ack", "INC-1/1/1"));
  assert_event (kase, "acknowledged", NULL, NULL);
  assert_version (kase, 2);
  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.ack", "INC-1/1/1"));
  assert_version (kase, 2);
  assert_told (workspace, NULL, NULL, 0, NULL);
}

static void
test_a_button_takes_a_role (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.role", "INC-1/1/1"));
  assert_string_equal (incident_case_get_commander (kase), "ana");
  assert_taken (press (workspace, "U00000BO", "t.2", "incident.role", "INC-1/1/1/scribe"));
  assert_string_equal (incident_case_get_holder (kase, "scribe"), "bo");
}

static void
test_what_does_not_matter_to_it_makes_no_button_stale (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  act (kase, "note", "bo", "text", "looking", NULL);
  act (kase, "classify", "bo", "severity", "sev2", NULL);
  act (kase, "assign", "bo", "role", "commander", "person", "bo", NULL);
  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.ack", "INC-1/1/1"));
  assert_event (kase, "acknowledged", NULL, NULL);
  assert_told (workspace, NULL, NULL, 0, NULL);
}

static void
test_a_stale_button_is_told_of_and_drawn_anew (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(GPtrArray) cards = NULL;
  IncidentOutboxRow *card;

  advance (&workspace->office, 2 * MINUTE);
  act (kase, "acknowledge", "bo", NULL);
  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.ack", "INC-1/1/1"));
  assert_version (kase, 2);
  assert_told (workspace, "U0000ANA", ROOM, 1, "INC-1: acknowledged by bo, 07:02 UTC");

  cards = list_pending (workspace, INCIDENT_MESSAGE_KIND_CARD);
  assert_int_equal (cards->len, 1);
  card = g_ptr_array_index (cards, 0);
  assert_int_equal (card->subject, 1);
  assert_non_null (card->coalesce);
}

static void
test_a_day_later_the_day_is_told (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  act (kase, "assign", "bo", "role", "commander", "person", "bo", NULL);
  advance (&workspace->office, G_TIME_SPAN_DAY);
  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.role", "INC-1/1/1"));
  assert_told (workspace, "U0000ANA", ROOM, 1, "INC-1: assigned “commander” to bo by bo, 2026-11-23 07:00 UTC");
  assert_string_equal (incident_case_get_commander (kase), "bo");
}

static void
test_a_button_of_another_episode_does_nothing (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  act (kase, "cancel", "bo", "text", "false alarm", NULL);
  act (kase, "reopen", "bo", "text", "no, it is not", NULL);
  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.ack", "INC-1/1/1"));
  assert_version (kase, 3);
  assert_told (workspace, "U0000ANA", ROOM, 1, "INC-1: reopened by bo, 07:00 UTC");
  assert_taken (press (workspace, "U0000ANA", "t.2", "incident.ack", "INC-1/3/2"));
  assert_event (kase, "acknowledged", NULL, NULL);
}

static void
test_who_is_unknown_may_press_nothing (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(GPtrArray) refusals = NULL;

  assert_taken (press (workspace, "U0STRANGER", "t.1", "incident.ack", "INC-1/1/1"));
  assert_version (kase, 1);
  assert_told (workspace, "U0STRANGER", ROOM, 1, "“acknowledge” refused: unverified-actor: the playbook knows nobody who has the Slack id "
                                                 "U0STRANGER; whoever keeps the playbook can add it to a person's contacts");
  refusals = incident_desk_list_refusals (workspace->office.desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 1);
}

static void
test_buttons_that_mean_nothing_to_us_are_passed_over (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.link", "INC-1/1/1"));
  assert_taken (press (workspace, "U0000ANA", "t.2", "incident.ack", "INC-1"));
  assert_taken (press (workspace, "U0000ANA", "t.3", "incident.ack", ""));
  assert_version (kase, 1);
  assert_told (workspace, NULL, NULL, 0, NULL);
}

static IncidentReply *
submit (Workspace *workspace, const char *view, const char *action, const char *value, const char *fields)
{
  g_autofree char *json = g_strdup_printf (
    "{\"type\":\"view_submission\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"},\"view\":{\"id\":\"%s\",\"callback_id\":\"%s\","
    "\"private_metadata\":\"%s\",\"state\":{\"values\":{%s}}}}", view, action, value, fields);

  return send_payload (workspace, json);
}

#define FIELD(name, text) "\"" name "\":{\"value\":{\"type\":\"plain_text_input\",\"value\":\"" text "\"}}"

static void
test_resolving_asks_for_words_first (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  act (kase, "diagnose", "bo", "text", "pool", NULL);
  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.resolve", "INC-1/2/1"));
  assert_version (kase, 2);
  wait_for_calls (workspace, 1);
  assert_non_null (strstr (g_ptr_array_index (workspace->calls, 0), "incident.resolve"));
  assert_non_null (strstr (g_ptr_array_index (workspace->calls, 0), "INC-1%2F2%2F1"));

  assert_taken (submit (workspace, "V1", "incident.resolve", "INC-1/2/1", FIELD ("text", "rolled back")));
  assert_event (kase, "resolved", "rolled back", NULL);
  assert_taken (submit (workspace, "V1", "incident.resolve", "INC-1/2/1", FIELD ("text", "rolled back")));
  assert_version (kase, 3);
}

static void
test_escalating_asks_whom_and_why (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentReply) unknown = NULL;
  g_autofree char *body = NULL;

  act (kase, "diagnose", "bo", "text", "pool", NULL);
  unknown = submit (workspace, "V1", "incident.escalate", "INC-1/2/1", FIELD ("target", "nobody") "," FIELD ("text", "help"));
  body = dup_body (unknown);
  assert_true (g_str_has_prefix (body, "{\"response_action\":\"errors\",\"errors\":{\"target\":\"There is no person, team or role “nobody”"));
  assert_taken (submit (workspace, "V1", "incident.escalate", "INC-1/2/1", FIELD ("target", "bo") "," FIELD ("text", "help")));
  assert_event (kase, "escalated", "help", NULL);
}

static void
test_a_form_that_others_were_quicker_than_says_so (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentReply) late = NULL;
  g_autofree char *body = NULL;

  act (kase, "diagnose", "bo", "text", "pool", NULL);
  advance (&workspace->office, MINUTE);
  act (kase, "resolve", "bo", "text", "restarted", NULL);
  assert_taken (press (workspace, "U0000ANA", "t.1", "incident.resolve", "INC-1/2/1"));
  assert_told (workspace, "U0000ANA", ROOM, 1, "INC-1: resolved by bo, 07:01 UTC");
  late = submit (workspace, "V1", "incident.resolve", "INC-1/2/1", FIELD ("text", "rolled back"));
  body = dup_body (late);
  assert_string_equal (body, "{\"response_action\":\"errors\",\"errors\":{\"text\":\"INC-1: resolved by bo, 07:01 UTC\"}}");
  assert_version (kase, 3);
}

/* What is said */

#define SAID(user, ts, text) \
  "{\"type\":\"message\",\"channel\":\"" ROOM "\",\"user\":\"" user "\",\"text\":\"" text "\",\"ts\":\"" ts "\"}"

static void
test_what_is_said_in_the_room_is_recorded_once (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentEvent) event = NULL;

  advance (&workspace->office, MINUTE);
  assert_taken (send_event (workspace, "Ev1", SAID ("U0000ANA", "1795417201.000200", "pool &gt; 90 %")));
  assert_event (kase, "said", "pool > 90 %", NULL);
  event = dup_last_event (kase);
  assert_string_equal (incident_event_get_actor (event), "ana");
  assert_fact (event, "message", "slack/" ROOM "/1795417201.000200");
  assert_int_equal (incident_event_get_occurred_at (event), G_GINT64_CONSTANT (1795417201000200));
  assert_taken (send_event (workspace, "Ev1", SAID ("U0000ANA", "1795417201.000200", "pool &gt; 90 %")));
  assert_version (kase, 2);
}

static void
test_what_is_said_elsewhere_by_us_or_without_words_is_not_recorded (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_taken (send_event (workspace, "Ev1", "{\"type\":\"message\",\"channel\":\"C0OTHER\",\"user\":\"U0000ANA\",\"text\":\"a\",\"ts\":\"1.000001\"}"));
  assert_taken (send_event (workspace, "Ev2", SAID ("U0000BOT", "1.000002", "INC-1")));
  assert_taken (send_event (workspace, "Ev3", SAID ("U0000ANA", "1.000003", " ")));
  assert_version (kase, 1);
}

static void
test_what_is_too_long_to_be_kept_is_cut (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autofree char *words = g_strnfill (INCIDENT_MAX_TEXT_LENGTH + 1, 'a');
  g_autofree char *event = g_strdup_printf (SAID ("U0000ANA", "1.000001", "%s"), words);
  g_autoptr(IncidentEvent) said = NULL;

  assert_taken (send_event (workspace, "Ev1", event));
  said = dup_last_event (kase);
  assert_string_equal (incident_event_get_kind (said), "said");
  assert_true (g_str_has_suffix (incident_event_get_text (said), "a…"));
}

static void
test_what_strangers_say_is_heard_by_the_desk (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentEvent) event = NULL;
  g_autoptr(GPtrArray) refusals = NULL;

  rule_workspace (workspace, PEOPLE ",\"rights\":[{\"person\":\"bo\",\"may\":[\"*\"]}]", "{\"record\":\"all\"}");
  assert_taken (send_event (workspace, "Ev1", SAID ("U0STRANGER", "1.000001", "I see it too")));
  assert_event (kase, "said", "I see it too", "U0STRANGER");
  event = dup_last_event (kase);
  assert_string_equal (incident_event_get_actor (event), "desk");
  assert_taken (send_event (workspace, "Ev2", SAID ("U0000ANA", "1.000002", "me too")));
  assert_event (kase, "said", "me too", "ana");
  refusals = incident_desk_list_refusals (workspace->office.desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 0);
}

static void
test_edits_and_deletions_are_recorded (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_taken (send_event (workspace, "Ev1", SAID ("U0000ANA", "1.000001", "rolled bakc")));
  assert_taken (send_event (workspace, "Ev2",
    "{\"type\":\"message\",\"subtype\":\"message_changed\",\"channel\":\"" ROOM "\",\"message\":{\"user\":\"U0000ANA\",\"text\":\"rolled back\","
    "\"ts\":\"1.000001\",\"edited\":{\"user\":\"U0000ANA\",\"ts\":\"2.000000\"}},"
    "\"previous_message\":{\"user\":\"U0000ANA\",\"text\":\"rolled bakc\",\"ts\":\"1.000001\"}}"));
  assert_event (kase, "said-edited", "rolled back", NULL);
  assert_taken (send_event (workspace, "Ev3",
    "{\"type\":\"message\",\"subtype\":\"message_deleted\",\"channel\":\"" ROOM "\",\"deleted_ts\":\"1.000001\","
    "\"previous_message\":{\"user\":\"U0000ANA\",\"text\":\"rolled back\",\"ts\":\"1.000001\"}}"));
  assert_event (kase, "said-deleted", NULL, NULL);
  assert_version (kase, 4);
}

#define PIN(user) \
  "{\"type\":\"pin_added\",\"user\":\"" user "\",\"channel_id\":\"" ROOM "\",\"item\":{\"type\":\"message\",\"message\":{\"user\":\"U00000BO\"," \
  "\"text\":\"rolled back\",\"ts\":\"1.000001\",\"permalink\":\"https://example.slack.com/archives/C1/p1\"}}}"

static void
test_where_only_pins_are_recorded_the_rest_is_not (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  rule_workspace (workspace, PEOPLE, "{\"record\":\"pinned\"}");
  assert_taken (send_event (workspace, "Ev1", SAID ("U0000ANA", "1.000001", "rolled back")));
  assert_version (kase, 1);
  assert_taken (send_event (workspace, "Ev2", PIN ("U0000ANA")));
  assert_event (kase, "pinned", "rolled back", "bo");
  assert_taken (send_event (workspace, "Ev3", PIN ("U00000BO")));
  assert_version (kase, 2);
  /* What is on the timeline is kept as it is said now. */
  assert_taken (send_event (workspace, "Ev4",
    "{\"type\":\"message\",\"subtype\":\"message_deleted\",\"channel\":\"" ROOM "\",\"deleted_ts\":\"1.000001\"}"));
  assert_version (kase, 3);
}

static void
test_a_stranger_pins_nothing (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(GPtrArray) rows = NULL;

  assert_taken (send_event (workspace, "Ev2", PIN ("U0STRANGER")));
  assert_version (kase, 1);
  rows = list_pending (workspace, INCIDENT_MESSAGE_KIND_ANSWER);
  assert_int_equal (rows->len, 1);
}

#define EMOJI(name) \
  "{\"type\":\"reaction_added\",\"user\":\"U0000ANA\",\"reaction\":\"" name "\",\"item_user\":\"U00000BO\"," \
  "\"item\":{\"type\":\"message\",\"channel\":\"" ROOM "\",\"ts\":\"1.000001\"}}"

static void
test_the_emoji_pins_what_was_said (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_taken (send_event (workspace, "Ev1", SAID ("U00000BO", "1.000001", "rolled back")));
  assert_taken (send_event (workspace, "Ev2", EMOJI ("eyes")));
  assert_version (kase, 2);
  assert_taken (send_event (workspace, "Ev3", EMOJI ("pushpin")));
  assert_event (kase, "pinned", "rolled back", "bo");
}

static void
test_what_was_not_recorded_is_fetched_to_be_pinned (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  rule_workspace (workspace, PEOPLE, "{\"record\":\"pinned\"}");
  workspace->answer = g_strdup ("{\"ok\":true,\"messages\":[{\"type\":\"message\",\"user\":\"U00000BO\",\"text\":\"a &amp; b\",\"ts\":\"1.000001\"}]}");
  assert_taken (send_event (workspace, "Ev3", EMOJI ("pushpin")));
  while (incident_case_get_version (kase) < 2)
    g_main_context_iteration (NULL, TRUE);
  assert_true (g_str_has_prefix (g_ptr_array_index (workspace->calls, 0), "/conversations.replies "));
  assert_event (kase, "pinned", "a & b", "bo");
}

static IncidentReply *
use_shortcut (Workspace *workspace, const char *channel, const char *ts, const char *thread)
{
  g_autofree char *below = thread != NULL ? g_strdup_printf (",\"thread_ts\":\"%s\"", thread) : g_strdup ("");
  g_autofree char *json = g_strdup_printf (
    "{\"type\":\"message_action\",\"callback_id\":\"incident.add\",\"trigger_id\":\"t.%s\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"},"
    "\"channel\":{\"id\":\"%s\"},\"message_ts\":\"%s\",\"message\":{\"user\":\"U00000BO\",\"text\":\"seen\",\"ts\":\"%s\"%s}}",
    ts, channel, ts, ts, below);

  return send_payload (workspace, json);
}

static void
test_the_shortcut_finds_its_case (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) first = open_room (workspace);
  g_autoptr(IncidentCase) second = NULL;

  add_sent (workspace, first, INCIDENT_MESSAGE_KIND_ANNOUNCEMENT, "C0INCIDENTS", "5.000001");
  assert_taken (use_shortcut (workspace, ROOM, "1.000001", NULL));
  assert_event (first, "pinned", "seen", "bo");
  assert_taken (use_shortcut (workspace, "C0INCIDENTS", "1.000002", NULL));
  assert_version (first, 3);

  second = open_case (&workspace->office);
  add_sent (workspace, second, INCIDENT_MESSAGE_KIND_ANNOUNCEMENT, "C0INCIDENTS", "5.000002");
  assert_taken (use_shortcut (workspace, "C0INCIDENTS", "1.000003", "5.000002"));
  assert_event (second, "pinned", "seen", "bo");
  assert_taken (use_shortcut (workspace, "C0INCIDENTS", "1.000004", NULL));
  assert_version (first, 3);
  assert_version (second, 2);
  assert_told (workspace, "U0000ANA", "C0INCIDENTS", 4, "It is not clear which case this belongs to: do it in the channel of the case, or "
               "below its announcement, or write it down by “/incident INC-42 note TEXT”");
}

/* When the store is in trouble */

static gboolean (*commit_to_store) (IncidentStore *store, IncidentCommit *commit, GError **error);

static gboolean
fail_to_commit (IncidentStore *store, IncidentCommit *commit, GError **error)
{
  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_BUSY, "/var/lib/secret-place is locked");
  return FALSE;
}

static void
break_store (Workspace *workspace)
{
  IncidentStoreInterface *iface = INCIDENT_STORE_GET_IFACE (workspace->office.store);

  commit_to_store = iface->commit;
  iface->commit = fail_to_commit;
}

static void
mend_store (Workspace *workspace)
{
  INCIDENT_STORE_GET_IFACE (workspace->office.store)->commit = commit_to_store;
}

static void
test_an_event_that_cannot_be_recorded_is_to_come_again (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentReply) said = NULL;
  g_autoptr(IncidentReply) pinned = NULL;

  break_store (workspace);
  said = send_event (workspace, "Ev1", SAID ("U0000ANA", "1.000001", "rolled back"));
  pinned = send_event (workspace, "Ev2", PIN ("U0000ANA"));
  mend_store (workspace);
  assert_int_equal (incident_reply_get_status (said), 503);
  assert_int_equal (incident_reply_get_status (pinned), 503);
  assert_version (kase, 1);

  assert_taken (send_event (workspace, "Ev1", SAID ("U0000ANA", "1.000001", "rolled back")));
  assert_taken (send_event (workspace, "Ev2", PIN ("U0000ANA")));
  assert_version (kase, 3);
}

static void
test_who_gives_a_command_is_told_of_trouble_in_words (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  break_store (workspace);
  assert_answer (workspace, "U0000ANA", ROOM, "note seen", "That could not be recorded now (busy): try again in a moment. Nothing has changed");
  mend_store (workspace);
  assert_version (kase, 1);
}

static void
test_who_presses_a_button_is_told_of_trouble_at_once (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(IncidentReply) reply = NULL;
  g_autofree char *json = g_strdup_printf (
    "{\"type\":\"block_actions\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"},\"channel\":{\"id\":\"" ROOM "\"},"
    "\"trigger_id\":\"t.1\",\"response_url\":\"%sresponses/1\",\"actions\":[{\"action_id\":\"incident.ack\",\"value\":\"INC-1/1/1\"}]}",
    workspace->peer.url);

  break_store (workspace);
  reply = send_payload (workspace, json);
  wait_for_calls (workspace, 1);
  mend_store (workspace);
  assert_int_equal (incident_reply_get_status (reply), 200);
  assert_true (g_str_has_prefix (g_ptr_array_index (workspace->calls, 0), "/responses/1 {"));
  assert_non_null (strstr (g_ptr_array_index (workspace->calls, 0), "could not be recorded now (busy)"));
  assert_version (kase, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    workspace_test (test_what_slack_did_not_sign_is_refused),
    workspace_test (test_a_challenge_is_echoed),
    workspace_test (test_a_secret_that_cannot_be_read_is_our_trouble),
    workspace_test (test_a_command_acts_on_the_case_of_its_channel),
    workspace_test (test_a_command_names_its_case),
    workspace_test (test_a_case_is_opened_by_a_command),
    workspace_test (test_quotation_marks_and_dashes_of_telephones_are_understood),
    workspace_test (test_somebody_is_mentioned_or_named),
    workspace_test (test_escalation_asks_whom_is_mentioned_first),
    workspace_test (test_a_refusal_names_the_guards),
    workspace_test (test_what_is_not_understood_is_told_kindly),
    workspace_test (test_help_show_next_and_list_tell_and_change_nothing),
    workspace_test (test_a_command_that_is_brought_again_is_recorded_once_and_answered_the_same),
    workspace_test (test_who_is_unknown_is_refused_and_written_down),
    workspace_test (test_a_contact_counts_in_its_workspace_alone),
    workspace_test (test_without_people_anybody_is_somebody),
    workspace_test (test_who_has_no_right_is_refused_by_it),
    workspace_test (test_alone_the_command_shows_the_form),
    workspace_test (test_a_form_that_is_not_shown_is_told_of),
    workspace_test (test_nothing_is_told_to_addresses_that_are_not_slacks),
    workspace_test (test_the_form_opens_a_case_once),
    workspace_test (test_what_is_wrong_in_the_form_stands_at_its_block),
    workspace_test (test_a_button_acknowledges_once),
    workspace_test (test_a_button_takes_a_role),
    workspace_test (test_what_does_not_matter_to_it_makes_no_button_stale),
    workspace_test (test_a_stale_button_is_told_of_and_drawn_anew),
    workspace_test (test_a_day_later_the_day_is_told),
    workspace_test (test_a_button_of_another_episode_does_nothing),
    workspace_test (test_who_is_unknown_may_press_nothing),
    workspace_test (test_buttons_that_mean_nothing_to_us_are_passed_over),
    workspace_test (test_resolving_asks_for_words_first),
    workspace_test (test_escalating_asks_whom_and_why),
    workspace_test (test_a_form_that_others_were_quicker_than_says_so),
    workspace_test (test_what_is_said_in_the_room_is_recorded_once),
    workspace_test (test_what_is_said_elsewhere_by_us_or_without_words_is_not_recorded),
    workspace_test (test_what_is_too_long_to_be_kept_is_cut),
    workspace_test (test_what_strangers_say_is_heard_by_the_desk),
    workspace_test (test_edits_and_deletions_are_recorded),
    workspace_test (test_where_only_pins_are_recorded_the_rest_is_not),
    workspace_test (test_a_stranger_pins_nothing),
    workspace_test (test_the_emoji_pins_what_was_said),
    workspace_test (test_what_was_not_recorded_is_fetched_to_be_pinned),
    workspace_test (test_the_shortcut_finds_its_case),
    workspace_test (test_an_event_that_cannot_be_recorded_is_to_come_again),
    workspace_test (test_who_gives_a_command_is_told_of_trouble_in_words),
    workspace_test (test_who_presses_a_button_is_told_of_trouble_at_once),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
