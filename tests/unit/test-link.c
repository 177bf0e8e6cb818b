/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include "comms/incident-link-private.h"

/* Links by which who was paged acknowledges. */

#define KEY "a key that is long enough for a test"
#define PREFIX "https://desk.example.org/ack/"
#define HOUR (60 * MINUTE)

static IncidentLink
link_for (const char *person, guint episode)
{
  return (IncidentLink) { (char *) "INC-1", episode, (char *) person, (char *) "0123456789abcdef", START + HOUR };
}

static char *
make_token (const IncidentLink *link, const char *key)
{
  g_autofree char *url = incident_link_make ("https://desk.example.org/", key, link);

  assert_true (g_str_has_prefix (url, PREFIX));
  return g_strdup (url + strlen (PREFIX));
}

static void
test_what_is_in_a_link_is_read_again (void **state)
{
  const IncidentLink link = link_for ("ana", 3);
  g_autofree char *token = make_token (&link, KEY);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentLink) read = incident_link_read (token, KEY, &error);

  assert_no_error (error);
  assert_string_equal (read->case_id, "INC-1");
  assert_int_equal (read->episode, 3);
  assert_string_equal (read->person, "ana");
  assert_string_equal (read->page, "0123456789abcdef");
  assert_int_equal (read->expires_at, START + HOUR);
}

static void
test_an_address_may_end_in_a_slash_or_not (void **state)
{
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *with = incident_link_make ("https://desk.example.org/", KEY, &link);
  g_autofree char *without = incident_link_make ("https://desk.example.org", KEY, &link);

  assert_string_equal (with, without);
}

/* The HMAC as another program computes it. */
static void
test_a_link_is_signed_by_hmac_sha_256 (void **state)
{
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);
  g_autofree char *said = g_strdup_printf ("INC-1\n1\nana\n0123456789abcdef\n%" G_GINT64_FORMAT, START + HOUR);
  g_autofree char *all = g_strconcat ("incident-link-v1\n", said, NULL);
  g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) KEY, strlen (KEY));
  guint8 bytes[32 + 200];
  gsize length = 32;
  g_autofree char *expected = NULL;

  g_hmac_update (hmac, (const guint8 *) all, (gssize) strlen (all));
  g_hmac_get_digest (hmac, bytes, &length);
  memcpy (bytes + 32, said, strlen (said));
  expected = g_base64_encode (bytes, 32 + strlen (said));
  expected[strcspn (expected, "=")] = '\0';
  assert_string_equal (g_strdelimit (g_strdelimit (expected, "+", '-'), "/", '_'), token);
}

static void
assert_forged (const char *token, const char *key)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_link_read (token, key, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (incident_error_get_codes (error)[0], "not-permitted");
}

static void
test_a_changed_link_is_refused_wherever_it_was_changed (void **state)
{
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);
  g_autofree char *longer = g_strconcat (token, "A", NULL);
  g_autofree char *padded = g_strconcat (token, "=", NULL);

  for (gsize i = 0; i < strlen (token); i++)
    {
      char before = token[i];

      token[i] = before == 'A' ? 'B' : 'A';
      assert_forged (token, KEY);
      token[i] = '\0';
      assert_forged (token, KEY);
      token[i] = before;
    }
  assert_forged (longer, KEY);
  assert_forged (padded, KEY);
  assert_forged (token, "another key");
  assert_forged (token, "");
  assert_forged ("", KEY);
  assert_forged ("%00", KEY);
}

/* At the desk */

static int
open_linked (void **state)
{
  Office *office;

  office_open (state);
  office = *state;
  g_setenv ("TEST_LINK_KEY", KEY, TRUE);
  rule_by (office, "{\"name\":\"Links\",\"people\":{\"ana\":{},\"bo\":{}},"
                   "\"desk\":{\"address\":\"https://desk.example.org/\",\"links\":{\"env\":\"TEST_LINK_KEY\"}}}");
  return 0;
}

#define linked_test(function) cmocka_unit_test_setup_teardown (function, open_linked, office_close)

static char *
follow (Office *office, const char *token, gboolean acts, guint status)
{
  g_autoptr(IncidentReply) reply = incident_desk_take_link (office->desk, token, acts);
  gsize length;
  const char *bytes = g_bytes_get_data (incident_reply_get_body (reply), &length);

  assert_int_equal (incident_reply_get_status (reply), status);
  assert_string_equal (incident_reply_get_content_type (reply), "text/html; charset=utf-8");
  return g_strndup (bytes, length);
}

static void
assert_page (Office *office, const char *token, gboolean acts, guint status, const char *words)
{
  g_autofree char *page = follow (office, token, acts, status);

  if (strstr (page, words) == NULL)
    fail_msg ("“%s” is not in %s", words, page);
}

static void
test_looking_at_a_link_shows_a_form_and_changes_nothing (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_with (office, command_new ("open", "ana", "title", "<b>Checkout</b> & \"more\"", NULL));
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);
  g_autofree char *page = follow (office, token, FALSE, 200);

  assert_non_null (strstr (page, "INC-1: &lt;b&gt;Checkout&lt;/b&gt; &amp; "));
  assert_null (strstr (page, "<b>"));
  assert_non_null (strstr (page, "acknowledges INC-1 as ana"));
  assert_non_null (strstr (page, "until 2026-11-23 08:00 UTC"));
  assert_non_null (strstr (page, "<form method=\"post\">"));
  assert_non_null (strstr (page, "default-src 'none'"));
  assert_null (strstr (page, token));
  assert_int_equal (incident_case_get_version (kase), 1);
}

static void
test_sending_the_form_acknowledges_once_as_the_person (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);
  g_autoptr(IncidentEvent) event = NULL;

  assert_page (office, token, TRUE, 200, "you have acknowledged it as ana");
  event = dup_last_event (kase);
  assert_string_equal (incident_event_get_kind (event), "acknowledged");
  assert_string_equal (incident_event_get_actor (event), "ana");
  assert_int_equal (incident_event_get_verification (event), INCIDENT_VERIFICATION_TOKEN);
  assert_fact (event, "provider", "link");

  assert_page (office, token, TRUE, 200, "INC-1: ana has acknowledged it, 2026-11-23 07:00 UTC");
  assert_page (office, token, FALSE, 200, "INC-1: ana has acknowledged it, 2026-11-23 07:00 UTC");
  assert_int_equal (incident_case_get_version (kase), 2);
}

static void
test_what_others_have_acknowledged_is_said (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);

  act (kase, "acknowledge", "bo", NULL);
  assert_page (office, token, TRUE, 200, "bo has acknowledged it");
  assert_int_equal (incident_case_get_version (kase), 2);
}

static void
test_a_link_expires (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);

  advance (office, HOUR - 1);
  assert_page (office, token, FALSE, 200, "<form");
  advance (office, 1);
  assert_page (office, token, TRUE, 410, "worked until 2026-11-23 08:00 UTC");
  assert_int_equal (incident_case_get_version (kase), 1);
}

static void
test_links_of_others_are_refused (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  const IncidentLink link = link_for ("ana", 1);
  const IncidentLink stranger = link_for ("eve", 1);
  IncidentLink elsewhere = link_for ("ana", 1);
  g_autofree char *forged = make_token (&link, "another key");
  g_autofree char *of_stranger = make_token (&stranger, KEY);
  g_autofree char *of_no_case = NULL;

  elsewhere.case_id = (char *) "INC-99";
  of_no_case = make_token (&elsewhere, KEY);
  assert_page (office, forged, TRUE, 403, "nobody here has made it");
  assert_page (office, "nonsense", FALSE, 403, "nobody here has made it");
  assert_page (office, of_no_case, TRUE, 404, "There is no such case");
  act (kase, "note", "ana", "text", "a", NULL);
  rule_by (office, "{\"name\":\"Links\",\"people\":{\"ana\":{},\"bo\":{}},\"rights\":[{\"person\":\"ana\",\"may\":[\"*\"]}],"
                   "\"desk\":{\"address\":\"https://desk.example.org/\",\"links\":{\"env\":\"TEST_LINK_KEY\"}}}");
  assert_page (office, of_stranger, TRUE, 403, "the playbook knows nobody of the name “eve”");
  assert_int_equal (incident_case_get_version (kase), 2);
}

static void
test_a_case_that_is_over_or_begun_anew_is_not_acknowledged (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);

  act (kase, "cancel", "bo", "text", "false alarm", NULL);
  assert_page (office, token, TRUE, 200, "INC-1 is in the phase “cancelled” by now");
  act (kase, "reopen", "bo", "text", "it is not", NULL);
  assert_page (office, token, TRUE, 200, "INC-1 was reopened since");
  assert_int_equal (incident_case_get_version (kase), 3);
}

static void
test_without_a_key_there_are_no_links (void **state)
{
  Office *office = *state;
  const IncidentLink link = link_for ("ana", 1);
  g_autofree char *token = make_token (&link, KEY);
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);

  g_unsetenv ("TEST_LINK_KEY");
  g_test_expect_message ("Incident", G_LOG_LEVEL_WARNING, "*TEST_LINK_KEY*");
  assert_page (office, token, TRUE, 503, "Try again");
  g_test_assert_expected_messages ();
  g_log_set_always_fatal (fatal);
  rule_by (office, "{\"name\":\"None\"}");
  assert_page (office, token, TRUE, 404, "makes no links");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_is_in_a_link_is_read_again),
    cmocka_unit_test (test_an_address_may_end_in_a_slash_or_not),
    cmocka_unit_test (test_a_link_is_signed_by_hmac_sha_256),
    cmocka_unit_test (test_a_changed_link_is_refused_wherever_it_was_changed),
    linked_test (test_looking_at_a_link_shows_a_form_and_changes_nothing),
    linked_test (test_sending_the_form_acknowledges_once_as_the_person),
    linked_test (test_what_others_have_acknowledged_is_said),
    linked_test (test_a_link_expires),
    linked_test (test_links_of_others_are_refused),
    linked_test (test_a_case_that_is_over_or_begun_anew_is_not_acknowledged),
    linked_test (test_without_a_key_there_are_no_links),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
