/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

/* What the public reads, and that it reads nothing else. */

#define DAY G_TIME_SPAN_DAY

static const char with_page[] =
  "{\"name\": \"x\", \"people\": {\"ana\": {\"name\": \"Ana\"}, \"bo\": {\"name\": \"Bo\"}, \"carmen\": {\"name\": \"Carmen\"}}, "
  "\"roles\": {\"communications\": {}, \"commander\": {}, \"deputy\": {}}, "
  "\"services\": {\"checkout-eu\": {}, \"search-7\": {}, \"ledger-db\": {}, \"mail\": {}}, "
  "\"cadence\": {\"updates\": {\"sev1\": \"30m\"}}, "
  "\"audiences\": {\"customer\": {\"approved-by\": \"communications\", \"public\": true}, \"press\": {\"public\": true}, \"staff\": {}}, "
  "\"status-page\": {\"title\": \"Example status\", \"about\": \"How our services are\", "
  "\"services\": {\"checkout-eu\": \"Paying\", \"mail\": \"Mail\", \"search-7\": \"Searching\"}}}";

static char *
dup_page (Office *office, const char *format)
{
  g_autoptr(GError) error = NULL;
  char *page = incident_desk_dup_status_page (office->desk, format, &error);

  assert_no_error (error);
  return page;
}

static JsonObject *
parse_page (Office *office, JsonNode **root)
{
  g_autofree char *json = dup_page (office, "json");
  g_autoptr(GError) error = NULL;

  *root = json_from_string (json, &error);
  assert_no_error (error);
  return json_node_get_object (*root);
}

/* “Paying operational, …” */
static void
assert_services (Office *office, const char *expected)
{
  g_autoptr(JsonNode) root = NULL;
  JsonArray *services = json_object_get_array_member (parse_page (office, &root), "services");
  g_autoptr(GString) found = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (services); i++)
    {
      JsonObject *service = json_array_get_object_element (services, i);

      g_string_append_printf (found, "%s%s %s", i > 0 ? ", " : "", json_object_get_string_member (service, "title"),
                              json_object_get_string_member (service, "state"));
    }
  assert_string_equal (found->str, expected);
}

/* The incidents of a list as JSON, without blanks. */
static void
assert_incidents (Office *office, const char *list, const char *expected)
{
  g_autoptr(JsonNode) root = NULL;
  JsonObject *page = parse_page (office, &root);
  g_autofree char *found = json_to_string (json_object_get_member (page, list), FALSE);

  assert_string_equal (found, expected);
}

static IncidentCase *
open_case_of (Office *office, const char *service, const char *severity)
{
  IncidentCase *kase = open_with (office, command_new ("open", "ana", "title", "x", "severity", severity, "service", service, NULL));

  act (kase, "assign", "ana", "role", "communications", "person", "carmen", NULL);
  return kase;
}

static void
say_to_customers (IncidentCase *kase, const char *text)
{
  act (kase, "update", "carmen", "audience", "customer", "text", text, NULL);
}

static void
test_all_is_well_where_nobody_was_told (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_page);
  kase = open_case_of (office, "checkout-eu", "sev1");
  act (kase, "update", "bo", "text", "it burns", NULL);
  act (kase, "update", "bo", "audience", "staff", "text", "it burns", NULL);
  act (kase, "update", "bo", "audience", "customer", "text", "it burns", NULL);
  assert_services (office, "Paying operational, Mail operational, Searching operational");
  assert_incidents (office, "ongoing", "[]");
}

static void
test_a_service_is_as_bad_as_its_worst_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) slow = NULL, partial = NULL, major = NULL;

  rule_by (office, with_page);
  slow = open_case_of (office, "search-7", "sev3");
  say_to_customers (slow, "Searching is slow.");
  assert_services (office, "Paying operational, Mail operational, Searching degraded");
  partial = open_case_of (office, "mail", "sev2");
  act (partial, "affect", "ana", "service", "search-7", NULL);
  say_to_customers (partial, "Some mail is late.");
  assert_services (office, "Paying operational, Mail partial-outage, Searching partial-outage");
  major = open_case_of (office, "checkout-eu", "sev1");
  act (major, "update", "bo", "audience", "press", "text", "Nobody can pay.", NULL);
  assert_services (office, "Paying major-outage, Mail partial-outage, Searching partial-outage");
  act (partial, "cancel", "ana", "text", "x", NULL);
  assert_services (office, "Paying major-outage, Mail operational, Searching degraded");
}

static void
test_an_incident_shows_what_the_public_was_told (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_page);
  kase = open_case_of (office, "checkout-eu", "sev1");
  act (kase, "update", "bo", "audience", "customer", "text", "Paying fails for many.", NULL);
  act (kase, "approve", "carmen", "event", "3", NULL);
  advance (office, 10 * MINUTE);
  act (kase, "diagnose", "bo", "text", "pool", NULL);
  act (kase, "examine", "bo", "text", "pool", NULL);
  say_to_customers (kase, "We know why.");
  act (kase, "update", "bo", "text", "pool", "due", "5m", NULL);
  assert_incidents (office, "ongoing",
                    "[{\"heading\":\"Paying fails for many.\",\"stage\":\"identified\",\"services\":[\"Paying\"],"
                    "\"next_update_at\":\"2026-11-23T07:40:00.000000Z\",\"resolved_at\":null,\"updates\":["
                    "{\"at\":\"2026-11-23T07:10:00.000000Z\",\"stage\":\"identified\",\"text\":\"We know why.\"},"
                    "{\"at\":\"2026-11-23T07:00:00.000000Z\",\"stage\":\"investigating\",\"text\":\"Paying fails for many.\"}]}]");
  assert_incidents (office, "resolved", "[]");
}

static void
test_what_is_resolved_is_shown_for_a_week (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  const char *resolved =
    "[{\"heading\":\"Paying fails.\",\"stage\":\"resolved\",\"services\":[\"Paying\"],\"next_update_at\":null,"
    "\"resolved_at\":\"2026-11-23T08:00:00.000000Z\",\"updates\":["
    "{\"at\":\"2026-11-23T08:00:00.000000Z\",\"stage\":\"resolved\",\"text\":\"Paying works.\"},"
    "{\"at\":\"2026-11-23T07:00:00.000000Z\",\"stage\":\"investigating\",\"text\":\"Paying fails.\"}]}]";

  rule_by (office, with_page);
  kase = open_case_of (office, "checkout-eu", "sev1");
  say_to_customers (kase, "Paying fails.");
  advance (office, 60 * MINUTE);
  act (kase, "diagnose", "bo", NULL);
  act (kase, "resolve", "bo", "text", "x", NULL);
  act (kase, "recover", "bo", "text", "x", NULL);
  say_to_customers (kase, "Paying works.");
  assert_services (office, "Paying operational, Mail operational, Searching operational");
  assert_incidents (office, "ongoing", "[]");
  assert_incidents (office, "resolved", resolved);
  advance (office, 7 * DAY);
  assert_incidents (office, "resolved", resolved);
  advance (office, MINUTE);
  act (kase, "note", "bo", "text", "it is long over", NULL);
  assert_incidents (office, "resolved", "[]");
}

static void
test_the_first_sentence_heads_an_incident (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(JsonNode) root = NULL;
  JsonObject *page;

  rule_by (office, with_page);
  kase = open_case_of (office, "ledger-db", "sev1");
  say_to_customers (kase, "Version 1.4 is slow. We\nlook into it.");
  page = parse_page (office, &root);
  assert_string_equal (json_object_get_string_member (page, "state"), "degraded");
  page = json_array_get_object_element (json_object_get_array_member (page, "ongoing"), 0);
  assert_string_equal (json_object_get_string_member (page, "heading"), "Version 1.4 is slow.");
  assert_int_equal (json_array_get_length (json_object_get_array_member (page, "services")), 0);
}

static void
test_withheld_words_are_on_no_page (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *html = NULL;

  rule_by (office, with_page);
  kase = open_case_of (office, "checkout-eu", "sev1");
  say_to_customers (kase, "Mx Miller cannot pay.");
  act (kase, "redact", "ana", "event", "3", "text", "a name", NULL);
  html = dup_page (office, "html");
  assert_null (strstr (html, "Miller"));
  assert_services (office, "Paying major-outage, Mail operational, Searching operational");
  assert_incidents (office, "ongoing", "[{\"heading\":\"Withheld\",\"stage\":\"investigating\",\"services\":[\"Paying\"],"
                                       "\"next_update_at\":\"2026-11-23T07:30:00.000000Z\",\"resolved_at\":null,\"updates\":[]}]");
}

static void
test_what_was_merged_is_told_by_the_other_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) one = NULL, two = NULL;

  rule_by (office, with_page);
  one = open_case_of (office, "checkout-eu", "sev1");
  two = open_case_of (office, "mail", "sev2");
  say_to_customers (one, "Paying fails.");
  act (one, "merge", "ana", "case", "INC-2", "text", "the same", NULL);
  assert_incidents (office, "ongoing", "[]");
  assert_incidents (office, "resolved", "[]");
}

static void
test_a_page_is_well_formed_and_escaped (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *html = NULL;
  const GMarkupParser parser = { NULL, };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr(GError) error = NULL;

  rule_by (office, with_page);
  kase = open_case_of (office, "checkout-eu", "sev1");
  say_to_customers (kase, "<script>alert(1)</script> & \"so\"");
  html = dup_page (office, "html");
  assert_null (strstr (html, "<script"));
  assert_non_null (strstr (html, "&lt;script&gt;alert(1)&lt;/script&gt; &amp;"));
  assert_non_null (strstr (html, "default-src 'none'"));
  assert_null (strstr (html, "unsafe-inline"));
  g_markup_parse_context_parse (context, html, -1, &error);
  assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  assert_no_error (error);
  g_markup_parse_context_free (context);
}

/* The hash that the policy names is that of the style as a browser sees it. */
static void
test_the_policy_lets_the_style_in (void **state)
{
  Office *office = *state;
  g_autofree char *html = NULL, *hash = NULL, *policy = NULL;
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *from, *until;
  guint8 digest[32];
  gsize length = sizeof digest;

  rule_by (office, with_page);
  html = dup_page (office, "html");
  from = strstr (html, "<style>") + strlen ("<style>");
  until = strstr (from, "</style>");
  g_checksum_update (checksum, (const guchar *) from, until - from);
  g_checksum_get_digest (checksum, digest, &length);
  hash = g_base64_encode (digest, length);
  policy = g_strdup_printf ("style-src 'sha256-%s'", hash);
  assert_non_null (strstr (html, policy));
}

static void
test_a_page_needs_a_playbook_and_a_format (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_dup_status_page (office->desk, "html", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (incident_error_get_where (error), "/status-page");
  g_clear_error (&error);
  assert_null (incident_desk_dup_status_page (office->desk, "rss", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

/* A word that stands in all that is said inside, and in nothing that is for the public. */
#define CANARY "Zzqcanary"

static IncidentCase *
live_with_canary (Office *office)
{
  IncidentCase *kase = open_with (office, command_new ("open", "ana", "title", CANARY " title", "text", CANARY, "severity", "sev1",
                                                       "service", "checkout-eu", NULL));

  act (kase, "assign", "ana", "role", "communications", "person", "carmen", "text", CANARY, NULL);
  act (kase, "assign", "ana", "role", "commander", "person", "ana", "text", CANARY, NULL);
  act (kase, "classify", "ana", "impact", "high", "text", CANARY, NULL);
  act (kase, "affect", "ana", "service", "ledger-db", "text", CANARY, NULL);
  act (kase, "note", "bo", "text", CANARY, NULL);
  act (kase, "say", "bo", "message", CANARY "/1", "thread", CANARY "/0", "text", CANARY, "author", CANARY, "permalink",
       "https://example.org/" CANARY, NULL);
  act (kase, "edit-said", "bo", "message", CANARY "/1", "text", CANARY "!", NULL);
  act (kase, "pin", "bo", "message", CANARY "/1", NULL);
  act (kase, "message", "bo", "text", CANARY, "audience", "staff", NULL);
  act (kase, "add-task", "ana", "title", CANARY, "text", CANARY, "person", "bo", NULL);
  act (kase, "finish-task", "bo", "task", "1", "text", CANARY, NULL);
  act (kase, "decide", "ana", "text", CANARY, "objections", CANARY, NULL);
  act (kase, "suppose", "ana", "text", CANARY, NULL);
  act (kase, "judge", "ana", "hypothesis", "1", "state", "cause", "text", CANARY, NULL);
  act (kase, "record", "ana", "field", "symptoms", "text", CANARY, NULL);
  act (kase, "measure", "ana", "measure", CANARY, "amount", "3", "unit", CANARY, "certainty", "measured", "text", CANARY, NULL);
  act (kase, "update", "bo", "text", CANARY, NULL);
  act (kase, "update", "bo", "audience", "staff", "text", CANARY, NULL);
  act (kase, "update", "bo", "audience", "customer", "text", CANARY, NULL);
  act (kase, "diagnose", "bo", "text", CANARY, NULL);
  act (kase, "escalate", "ana", "target", "carmen", "text", CANARY, NULL);
  act (kase, "examine", "bo", "text", CANARY, NULL);
  say_to_customers (kase, "Paying fails.");
  return kase;
}

static void
assert_no_canary (Office *office, IncidentCase *kase)
{
  static const char * const words[] = { CANARY, "ana", "Ana", "bo<", "carmen", "Carmen", "checkout-eu", "ledger-db", "INC-", "sev1" };
  char *texts[] = {
    dup_page (office, "html"), dup_page (office, "json"), incident_case_dup_update_draft (kase, "customer", NULL),
    incident_case_dup_update_draft (kase, "press", NULL), incident_case_dup_update_draft (kase, "staff", NULL)
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      assert_non_null (texts[i]);
      assert_non_null (strstr (texts[i], "Paying"));
      for (guint j = 0; j < G_N_ELEMENTS (words); j++)
        if (strstr (texts[i], words[j]) != NULL)
          fail_msg ("“%s” stands in:\n%s", words[j], texts[i]);
      g_free (texts[i]);
    }
}

static void
test_the_public_reads_nothing_from_inside (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, with_page);
  kase = live_with_canary (office);
  assert_no_canary (office, kase);
  act (kase, "resolve", "bo", "text", CANARY, NULL);
  assert_no_canary (office, kase);
  act (kase, "recover", "bo", "text", CANARY, NULL);
  assert_no_canary (office, kase);
  act (kase, "reopen", "bo", "text", CANARY, NULL);
  assert_no_canary (office, kase);
  act (kase, "cancel", "bo", "text", CANARY, NULL);
  assert_no_canary (office, kase);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_all_is_well_where_nobody_was_told),
    both (test_a_service_is_as_bad_as_its_worst_case),
    both (test_an_incident_shows_what_the_public_was_told),
    office_test (test_what_is_resolved_is_shown_for_a_week),
    office_test (test_the_first_sentence_heads_an_incident),
    office_test (test_withheld_words_are_on_no_page),
    office_test (test_what_was_merged_is_told_by_the_other_case),
    office_test (test_a_page_is_well_formed_and_escaped),
    office_test (test_the_policy_lets_the_style_in),
    office_test (test_a_page_needs_a_playbook_and_a_format),
    office_test (test_the_public_reads_nothing_from_inside),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
