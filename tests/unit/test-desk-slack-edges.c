/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slack-test.h"

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

int
main (void)
{
  const struct CMUnitTest tests[] = {
    workspace_test (test_what_is_called_is_what_the_playbook_in_force_says),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
