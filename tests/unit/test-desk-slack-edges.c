/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slack-test.h"

#include "desk/incident-desk-slack-private.h"

/* What people do from Slack where things change under them, or are not what they seem. */

static void
deliver_all_that_is_due (Workspace *workspace)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  incident_desk_deliver_async (workspace->office.desk, NULL, store_result, &result);
  wait_for (&result);
  incident_desk_deliver_finish (workspace->office.desk, result, NULL, &error);
  assert_no_error (error);
}

static const char *
find_call (Workspace *workspace, const char *path)
{
  for (guint i = 0; i < workspace->calls->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (workspace->calls, i), path))
      return g_ptr_array_index (workspace->calls, i);

  return NULL;
}

static void
test_blanks_of_any_kind_show_the_form (void **state)
{
  Workspace *workspace = *state;

  assert_taken (send_command_as (workspace, "U0000ANA", "C0OTHER", "t.form", "\u3000\u00a0"));
  wait_for_calls (workspace, 1);
  assert_non_null (find_call (workspace, "/views.open "));
}

static void
test_a_stranger_is_told_why_the_shortcut_shows_nothing (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(GPtrArray) rows = NULL;
  IncidentOutboxRow *row;

  assert_taken (send_payload (workspace, "{\"type\":\"shortcut\",\"callback_id\":\"incident.open\",\"trigger_id\":\"t.1\","
                                         "\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0STRANGER\"}}"));
  rows = list_pending (workspace, INCIDENT_MESSAGE_KIND_ANSWER);
  assert_int_equal (rows->len, 1);
  row = g_ptr_array_index (rows, 0);
  assert_string_equal (row->recipient, "U0STRANGER");
  assert_null (row->conversation);
  assert_non_null (strstr (row->body, "“open” refused: unverified-actor"));
}

static void
test_the_shortcut_shows_the_form (void **state)
{
  Workspace *workspace = *state;

  assert_taken (send_payload (workspace, "{\"type\":\"shortcut\",\"callback_id\":\"incident.open\",\"trigger_id\":\"t.1\","
                                         "\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"}}"));
  wait_for_calls (workspace, 1);
  assert_non_null (find_call (workspace, "/views.open "));
}

#define BOT_SAID(name, ts) \
  "{\"type\":\"message\",\"subtype\":\"bot_message\",\"channel\":\"" ROOM "\",\"bot_id\":\"B0DEPLOYS\",\"username\":\"" name "\"," \
  "\"text\":\"deployed\",\"ts\":\"" ts "\"}"

static void
test_a_program_is_not_taken_for_the_person_whose_name_it_uses (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);

  assert_taken (send_event (workspace, "Ev1", BOT_SAID ("ana", "1.000001")));
  assert_event (kase, "said", "deployed", "ana (bot)");
}

static void
test_a_long_name_keeps_nothing_from_the_record (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(GString) name = g_string_new (NULL);
  g_autofree char *event = NULL;

  for (guint i = 0; i < 80; i++)
    g_string_append (name, "🚀");
  event = g_strdup_printf (BOT_SAID ("%s", "1.000001"), name->str);
  assert_taken (send_event (workspace, "Ev1", event));
  assert_version (kase, 2);
}

static void
test_what_repeats_words_goes_with_them (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_room (workspace);
  g_autoptr(GPtrArray) before = NULL;
  g_autoptr(GPtrArray) after = NULL;

  assert_taken (send_payload (workspace,
    "{\"type\":\"message_action\",\"callback_id\":\"incident.add\",\"trigger_id\":\"t.1\",\"team\":{\"id\":\"T0TEAM\"},"
    "\"user\":{\"id\":\"U0000ANA\"},\"channel\":{\"id\":\"" ROOM "\"},\"message_ts\":\"1.000001\","
    "\"message\":{\"user\":\"U00000BO\",\"text\":\"Mx Miller\",\"ts\":\"1.000001\"}}"));
  before = list_pending (workspace, INCIDENT_MESSAGE_KIND_ANSWER);
  assert_int_equal (before->len, 1);
  assert_non_null (strstr (((IncidentOutboxRow *) g_ptr_array_index (before, 0))->body, "Mx Miller"));
  act (kase, "redact", "bo", "event", "2", "text", "names a customer", NULL);
  after = list_pending (workspace, INCIDENT_MESSAGE_KIND_ANSWER);
  assert_null (strstr (((IncidentOutboxRow *) g_ptr_array_index (after, 0))->body, "Mx Miller"));
}

#define OPENING \
  "{\"type\":\"view_submission\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"},\"view\":{\"id\":\"V1\"," \
  "\"callback_id\":\"incident.open\",\"private_metadata\":\"C0OTHER\",\"state\":{\"values\":{" \
  "\"title\":{\"value\":{\"type\":\"plain_text_input\",\"value\":\"It hums\"}}," \
  "\"severity\":{\"value\":{\"type\":\"static_select\",\"selected_option\":{\"value\":\"sev3\"}}}}}}}"

static void
test_who_asked_is_answered_also_of_a_case_that_is_not_for_the_channel (void **state)
{
  Workspace *workspace = *state;
  const char *call;

  rule_workspace (workspace, PEOPLE, "{\"record\":\"all\"},\"if\":{\"severity\":[\"sev1\"]}");
  assert_taken (send_payload (workspace, OPENING));
  deliver_all_that_is_due (workspace);
  call = find_call (workspace, "/chat.postEphemeral ");
  assert_non_null (call);
  assert_non_null (strstr (call, "user=U0000ANA"));
  assert_null (find_call (workspace, "/conversations.create "));
}

static void
test_an_answer_is_not_hidden_below_the_announcement (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = open_case (&workspace->office);
  const char *call;

  /* It has no room. */
  workspace->answer = g_strdup ("{\"ok\":false,\"error\":\"restricted_action\"}");
  add_sent (workspace, kase, INCIDENT_MESSAGE_KIND_ANNOUNCEMENT, "C0INCIDENTS", "5.000001");
  act (kase, "acknowledge", "bo", NULL);
  assert_taken (send_payload (workspace,
    "{\"type\":\"block_actions\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"},\"channel\":{\"id\":\"C0OTHER\"},"
    "\"trigger_id\":\"t.1\",\"actions\":[{\"action_id\":\"incident.ack\",\"value\":\"INC-1/1/1\"}]}"));
  deliver_all_that_is_due (workspace);
  call = find_call (workspace, "/chat.postEphemeral ");
  assert_non_null (call);
  assert_non_null (strstr (call, "channel=C0OTHER"));
  assert_null (strstr (call, "thread_ts"));
}

static void
test_nothing_is_announced_anew_where_nothing_is_announced (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentReply) reply = NULL;
  g_autoptr(GPtrArray) announcements = NULL;
  g_autofree char *json = g_strdup_printf (
    "{\"name\":\"Chat\"," PEOPLE ",\"channels\":{\"slack\":{\"kind\":\"slack\",\"token\":{\"env\":\"TEST_SLACK_TOKEN\"},"
    "\"signing-secret\":{\"env\":\"TEST_SLACK_SECRET\"},\"api\":\"%s\",\"near\":true,\"room\":{}}}}", workspace->peer.url);

  rule_by (&workspace->office, json);
  kase = open_room (workspace);
  act (kase, "diagnose", "bo", NULL);
  reply = send_payload (workspace,
    "{\"type\":\"view_submission\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"U0000ANA\"},\"view\":{\"id\":\"V1\","
    "\"callback_id\":\"incident.resolve\",\"private_metadata\":\"INC-1/1/1\",\"state\":{\"values\":{"
    "\"text\":{\"text\":{\"type\":\"plain_text_input\",\"value\":\"rolled back\"}}}}}}");
  assert_true (g_bytes_get_size (incident_reply_get_body (reply)) > 0);
  announcements = list_pending (workspace, INCIDENT_MESSAGE_KIND_ANNOUNCEMENT);
  assert_int_equal (announcements->len, 0);
  assert_version (kase, 2);
}

static void
on_opened (IncidentDesk *desk, IncidentCase *kase, gpointer data)
{
  rule_by (data, "{\"name\":\"Chat\",\"channels\":{\"another\":{\"kind\":\"slack\",\"token\":{\"env\":\"TEST_SLACK_TOKEN\"}}}}");
}

static void
test_who_hears_of_a_case_may_load_another_playbook (void **state)
{
  Workspace *workspace = *state;

  g_autoptr(GPtrArray) rows = NULL;

  g_signal_connect (workspace->office.desk, "case-opened", G_CALLBACK (on_opened), &workspace->office);
  assert_taken (send_payload (workspace, OPENING));
  assert_told (workspace, "U0000ANA", "C0OTHER", 1, "INC-1 is open: It hums");
  rows = list_pending (workspace, INCIDENT_MESSAGE_KIND_ANSWER);
  assert_string_equal (((IncidentOutboxRow *) g_ptr_array_index (rows, 0))->channel, "slack");
}

static void
test_what_is_called_is_what_the_playbook_in_force_says (void **state)
{
  Workspace *workspace = *state;
  g_auto(Peer) other = { NULL, };
  char *url = workspace->peer.url;

  peer_init (&other, on_api_call, NULL);
  deliver_all_that_is_due (workspace);
  workspace->peer.url = other.url;
  rule_workspace (workspace, PEOPLE, "{\"record\":\"all\"}");
  workspace->peer.url = url;
  assert_taken (send_command_as (workspace, "U0000ANA", "C0OTHER", "t.form", ""));
  wait_for_calls (workspace, 1);
  assert_int_equal (other.n_requests, 1);
}

/* People whose address alone is known */

#define BY_MAIL(mail) \
  "\"people\":{\"ana\":{\"contacts\":{\"slack\":\"U0000ANA\"}},\"cy\":{\"contacts\":{\"mail\":\"" mail "\"}}}"

static void
test_who_is_known_by_an_address_is_so_for_as_long_as_the_playbook_says_it (void **state)
{
  Workspace *workspace = *state;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = open_room (workspace);
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;

  rule_workspace (workspace, BY_MAIL ("cy@example.org"), "{\"record\":\"all\"}");
  workspace->answer = g_strdup ("{\"ok\":true,\"user\":{\"id\":\"U00000CY\"}}");
  deliver_all_that_is_due (workspace);
  incident_desk_listen (workspace->office.desk, &error);
  assert_no_error (error);
  while (incident_desk_find_met (workspace->office.desk, "slack", "U00000CY") == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_answer (workspace, "U00000CY", ROOM, "note seen", "INC-1: seen");

  /* Another one of the same rules changes nothing. */
  rule_workspace (workspace, BY_MAIL ("cy@example.org"), "{\"record\":\"pinned\"}");
  assert_answer (workspace, "U00000CY", ROOM, "note seen", "INC-1: seen");
  rule_workspace (workspace, BY_MAIL ("cy.moss@example.org"), "{\"record\":\"all\"}");
  answer = command_in (workspace, "U00000CY", ROOM, "note seen");
  assert_non_null (strstr (answer, "unverified-actor"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    workspace_test (test_blanks_of_any_kind_show_the_form),
    workspace_test (test_a_stranger_is_told_why_the_shortcut_shows_nothing),
    workspace_test (test_the_shortcut_shows_the_form),
    workspace_test (test_a_program_is_not_taken_for_the_person_whose_name_it_uses),
    workspace_test (test_a_long_name_keeps_nothing_from_the_record),
    workspace_test (test_what_repeats_words_goes_with_them),
    workspace_test (test_who_asked_is_answered_also_of_a_case_that_is_not_for_the_channel),
    workspace_test (test_an_answer_is_not_hidden_below_the_announcement),
    workspace_test (test_nothing_is_announced_anew_where_nothing_is_announced),
    workspace_test (test_who_hears_of_a_case_may_load_another_playbook),
    workspace_test (test_what_is_called_is_what_the_playbook_in_force_says),
    workspace_test (test_who_is_known_by_an_address_is_so_for_as_long_as_the_playbook_says_it),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
