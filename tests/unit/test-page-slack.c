/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slack-test.h"

#include "paging-test.h"

/* Who is paged by Slack: a direct message with a button. */

#define PAGED_PEOPLE "\"people\":{\"ana\":{\"contacts\":{\"slack\":\"U0000ANA\"},\"pages\":[{\"by\":\"slack\"}]}," \
                     "\"bo\":{\"contacts\":{\"slack\":\"U00000BO\"},\"pages\":[{\"by\":\"slack\"}]}}"

static Watch
watch_workspace (Workspace *workspace)
{
  rule_workspace (workspace, PAGED_PEOPLE, "{}");
  workspace->answer = g_strdup ("{\"ok\":true,\"channel\":\"D0ANA\",\"ts\":\"1.000200\"}");
  return (Watch) {
    .office = workspace->office, .rules = (IncidentRules *) incident_desk_get_rulebook (workspace->office.desk)->rules
  };
}

/* What was said to somebody by Slack; NULL: nothing was. */
static char *
dup_said (Workspace *workspace, const char *user)
{
  g_autofree char *channel = g_strdup_printf ("channel=%s&", user);

  for (guint i = workspace->calls->len; i > 0; i--)
    {
      const char *call = g_ptr_array_index (workspace->calls, i - 1);

      if (strstr (call, "chat.postMessage") != NULL && strstr (call, channel) != NULL)
        {
          g_autofree char *spaces = g_strdelimit (g_strdup (call), "+", ' ');

          return g_uri_unescape_string (spaces, NULL);
        }
    }
  return NULL;
}

static char *
dup_button (const char *said)
{
  const char *at = strstr (said, "\"value\":\"INC-");

  assert_non_null (at);
  at += strlen ("\"value\":\"");
  return g_strndup (at, strcspn (at, "\""));
}

static IncidentReply *
press (Workspace *workspace, const char *user, const char *trigger, const char *value)
{
  g_autofree char *json = g_strdup_printf (
    "{\"type\":\"block_actions\",\"team\":{\"id\":\"T0TEAM\"},\"user\":{\"id\":\"%s\"},\"container\":{\"type\":\"message\","
    "\"message_ts\":\"1.000200\",\"channel_id\":\"D0ANA\"},\"channel\":{\"id\":\"D0ANA\"},\"trigger_id\":\"%s\","
    "\"actions\":[{\"type\":\"button\",\"action_id\":\"incident.ack\",\"value\":\"%s\"}]}", user, trigger, value);
  g_autofree char *escaped = g_uri_escape_string (json, NULL, FALSE);
  g_autofree char *body = g_strconcat ("payload=", escaped, NULL);

  return send_to_desk (workspace, FORM, body);
}

static IncidentCase *
page (Workspace *workspace, Watch *watch, const char *person)
{
  IncidentCase *kase;

  *watch = watch_workspace (workspace);
  kase = open_case (&workspace->office);
  watch_fire (watch, kase, (Firing) { 1, 1, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL }, person);
  deliver_all (workspace->office.desk);
  return kase;
}

static void
test_a_page_is_a_direct_message_with_a_button (void **state)
{
  Workspace *workspace = *state;
  Watch watch;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = page (workspace, &watch, "ana");
  g_autofree char *said = dup_said (workspace, "U0000ANA");
  g_autofree char *key = NULL;
  IncidentOutboxQuery query = { .limit = 100 };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (workspace->office.store, &query, NULL);

  assert_non_null (said);
  assert_non_null (strstr (said, "INC-1 · Checkout answers 500. You are on call for payments: step “step-1” of policy “payments” came"));
  assert_non_null (strstr (said, "\"action_id\":\"incident.ack\""));
  assert_null (strstr (said, "thread_ts"));
  for (guint i = 0; i < rows->len; i++)
    if (((IncidentOutboxRow *) g_ptr_array_index (rows, i))->kind == INCIDENT_MESSAGE_KIND_PAGE)
      key = g_strdup (((IncidentOutboxRow *) g_ptr_array_index (rows, i))->key);
  assert_non_null (key);
  assert_non_null (strstr (said, key));
}

static void
test_the_button_acknowledges_and_the_answer_says_so (void **state)
{
  Workspace *workspace = *state;
  Watch watch;
  g_autoptr(IncidentCase) kase = page (workspace, &watch, "ana");
  g_autofree char *said = dup_said (workspace, "U0000ANA");
  g_autofree char *value = dup_button (said);

  assert_taken (press (workspace, "U0000ANA", "t.1", value));
  assert_true (incident_strings_contain (incident_case_get_state (kase)->dossier->acknowledged, "ana"));
  assert_told (workspace, "U0000ANA", "D0ANA", 1,
               "INC-1: you have acknowledged it. You are paged no more for it, unless nothing is heard from you.");
}

/* Where a step wants each one's own answer, that of another makes no button stale. */
static void
test_the_button_counts_for_as_long_as_the_run_waits_for_its_person (void **state)
{
  Workspace *workspace = *state;
  Watch watch;
  g_autoptr(IncidentCase) kase = page (workspace, &watch, "ana");
  g_autofree char *said = dup_said (workspace, "U0000ANA");
  g_autofree char *value = dup_button (said);

  act (kase, "acknowledge", "bo", NULL);
  assert_taken (press (workspace, "U0000ANA", "t.1", value));
  assert_true (incident_strings_contain (incident_case_get_state (kase)->dossier->acknowledged, "ana"));
}

static void
test_the_button_counts_where_they_are_asked_for_by_name_again (void **state)
{
  Workspace *workspace = *state;
  Watch watch;
  g_autoptr(IncidentCase) kase = page (workspace, &watch, "ana");
  g_autofree char *said = NULL;
  g_autofree char *value = NULL;
  guint asked;

  act (kase, "acknowledge", "ana", NULL);
  watch_say (&watch, kase, "escalation-acknowledged", "by=rule\nrun=1\nrun-state=acked\nacked-by=ana");
  act (kase, "page", "bo", "target", "person ana", "text", "where are you?", NULL);
  asked = incident_case_get_version (kase);
  watch_fire (&watch, kase, (Firing) { 0, 0, 0, asked, INCIDENT_PAGE_REASON_DIRECT, "person ana" }, "ana");
  deliver_all (workspace->office.desk);
  said = dup_said (workspace, "U0000ANA");
  value = dup_button (said);
  act (kase, "acknowledge", "bo", NULL);
  assert_taken (press (workspace, "U0000ANA", "t.1", value));
  assert_true (incident_dossier_get_acked (incident_case_get_state (kase)->dossier, "ana") > asked);
}

static void
test_the_button_is_stale_once_the_run_rests (void **state)
{
  Workspace *workspace = *state;
  Watch watch;
  g_autoptr(IncidentCase) kase = page (workspace, &watch, "ana");
  g_autofree char *said = dup_said (workspace, "U0000ANA");
  g_autofree char *value = dup_button (said);

  act (kase, "acknowledge", "bo", NULL);
  watch_say (&watch, kase, "escalation-acknowledged", "by=rule\nrun=1\nrun-state=acked\nacked-by=bo");
  assert_taken (press (workspace, "U0000ANA", "t.1", value));
  assert_false (incident_strings_contain (incident_case_get_state (kase)->dossier->acknowledged, "ana"));
}

/* Who was not paged may say to be on it, too. */
static void
test_somebody_else_may_press_it (void **state)
{
  Workspace *workspace = *state;
  Watch watch;
  g_autoptr(IncidentCase) kase = page (workspace, &watch, "ana");
  g_autofree char *said = dup_said (workspace, "U0000ANA");
  g_autofree char *value = dup_button (said);

  assert_taken (press (workspace, "U00000BO", "t.1", value));
  assert_true (incident_strings_contain (incident_case_get_state (kase)->dossier->acknowledged, "bo"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    workspace_test (test_a_page_is_a_direct_message_with_a_button),
    workspace_test (test_the_button_acknowledges_and_the_answer_says_so),
    workspace_test (test_the_button_counts_for_as_long_as_the_run_waits_for_its_person),
    workspace_test (test_the_button_counts_where_they_are_asked_for_by_name_again),
    workspace_test (test_the_button_is_stale_once_the_run_rests),
    workspace_test (test_somebody_else_may_press_it),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
