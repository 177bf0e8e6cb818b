/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "paging-test.h"

/* Pages from the plan to the telephone. */

static const Firing first = { 1, 1, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL };

static void
acknowledge (IncidentCase *kase, const char *person)
{
  act (kase, "acknowledge", person, NULL);
}

static void
test_a_person_is_paged_by_each_method_in_turn (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:sent phone:pending");
  assert_string_equal (far_side_last (watch->chat, "page")->recipient, "ana");
  watch_pass (watch, 5 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:sent");
  assert_string_equal (far_side_last (watch->phone, "page")->recipient, "+34-ana");
  assert_int_equal (far_side_last (watch->phone, "page")->at, START + 5 * MINUTE);
}

static void
test_a_later_method_does_not_expire_before_its_time (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  IncidentOncallPerson *ana = (IncidentOncallPerson *) incident_oncall_rules_get_person (watch->rules->oncall, "ana");

  g_array_index (ana->methods, IncidentContactMethod, 1).after = 2 * G_TIME_SPAN_HOUR;
  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, 3 * G_TIME_SPAN_HOUR);
  assert_pages (watch, kase, "chat:sent phone:sent");
}

/* As if the case had been announced there. */
static void
announce (Watch *watch, IncidentCase *kase)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_change_free);
  IncidentCommit commit = { .drafts = drafts, .messages = messages };
  IncidentCommit settle = { .drafts = drafts, .changes = changes };
  IncidentOutboxRow *row = incident_outbox_row_new ();
  IncidentOutboxChange *change;

  row->subject = incident_case_get_number (kase);
  row->kind = INCIDENT_MESSAGE_KIND_ANNOUNCEMENT;
  row->channel = g_strdup ("chat");
  row->lane = g_strdup ("announcement");
  row->body = g_strdup ("{}");
  row->key = g_strdup ("announcement");
  g_ptr_array_add (messages, row);
  assert_true (incident_store_commit (watch->office.store, &commit, NULL));
  change = incident_outbox_change_new (row, INCIDENT_MESSAGE_STATE_SENT, START);
  change->external_id = g_strdup ("m-announcement");
  g_ptr_array_add (changes, change);
  assert_true (incident_store_commit (watch->office.store, &settle, NULL));
}

/* The methods go by the clock of the boot, as the steps do. */
static void
test_a_clock_that_is_set_neither_delays_nor_hastens_a_method (void **state)
{
  static const gint64 jumps[] = { -G_TIME_SPAN_HOUR, 2 * G_TIME_SPAN_HOUR };
  Watch *watch = *state;

  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++)
    {
      g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

      watch_fire (watch, kase, first, "ana");
      watch_pass (watch, MINUTE);
      incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (watch->office.clock), watch_now (watch) + jumps[i]);
      watch_pass (watch, 4 * MINUTE - G_TIME_SPAN_SECOND);
      assert_pages (watch, kase, "chat:sent phone:pending");
      watch_pass (watch, G_TIME_SPAN_SECOND);
      assert_pages (watch, kase, "chat:sent phone:sent");
    }
}

static void
test_a_page_says_what_and_why_and_how_to_acknowledge (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  const FarMessage *page;

  act (kase, "classify", "ana", "service", "checkout", NULL);
  announce (watch, kase);
  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  page = far_side_last (watch->chat, "page");
  assert_string_equal (page->text, "INC-1 · sev2 · checkout · Checkout answers 500. You are on call for payments: "
                                   "step “step-1” of policy “payments” came");
  assert_null (page->conversation);
  assert_null (page->thread);
  assert_non_null (strstr (page->json, "{\"name\":\"Acknowledge\",\"value\":\"https://desk.example.org/ack/"));
  assert_non_null (strstr (page->json, "\"page\":{\"person\":\"ana\",\"run\":1,\"step\":1,\"step-name\":\"step-1\",\"loop\":0,\"arming\":0,"
                                       "\"policy\":\"payments\",\"version\":\"v1\",\"reason\":\"step\",\"target\":\"schedule payments\","
                                       "\"method\":1,\"methods\":2}"));
}

static void
test_a_page_to_a_channel_is_one_and_goes_to_nobody (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  const FarMessage *page;

  watch_fire (watch, kase, (Firing) { 1, 1, 0, 0, INCIDENT_PAGE_REASON_STEP, "channel chat" }, "#chat");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:sent");
  page = far_side_last (watch->chat, "page");
  assert_null (page->recipient);
  assert_non_null (strstr (page->json, "{\"name\":\"Acknowledge\",\"value\":\"incident ack INC-1\"}"));
}

static char *
dup_key (Watch *watch, IncidentCase *kase, guint n)
{
  IncidentOutboxQuery query = { .subject = incident_case_get_number (kase), .limit = 1000 };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (watch->office.store, &query, NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const IncidentOutboxRow *row = g_ptr_array_index (rows, i);

      if (row->kind == INCIDENT_MESSAGE_KIND_PAGE && n-- == 0)
        return g_strdup (row->key);
    }
  return NULL;
}

/* The same firing committed twice pages once; a repeat and an arming page again. */
static void
test_the_key_is_of_the_position (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autofree char *key = NULL;

  watch_fire (watch, kase, first, "ana");
  watch_fire (watch, kase, first, "ana");
  assert_pages (watch, kase, "chat:pending phone:pending");
  key = dup_key (watch, kase, 0);
  assert_int_equal (strlen (key), 32);
  watch_fire (watch, kase, (Firing) { 1, 1, 1, 0, INCIDENT_PAGE_REASON_REPEAT, NULL }, "ana");
  watch_fire (watch, kase, (Firing) { 1, 1, 1, 1, INCIDENT_PAGE_REASON_UNACK, NULL }, "ana");
  assert_pages (watch, kase, "chat:pending phone:pending chat:pending phone:pending chat:pending phone:pending");
}

static void
test_who_is_asked_for_twice_by_name_is_paged_twice (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, (Firing) { 0, 0, 0, 2, INCIDENT_PAGE_REASON_DIRECT, "person ana" }, "ana");
  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, (Firing) { 0, 0, 0, 7, INCIDENT_PAGE_REASON_DIRECT, "person ana" }, "ana");
  watch_pass (watch, MINUTE);
  assert_int_equal (watch_count (watch->chat), 2);
  assert_non_null (strstr (far_side_last (watch->chat, "page")->text, "Somebody asks for you by name"));
}

static void
test_an_acknowledged_run_pages_nobody (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  watch_say (watch, kase, "escalation-acknowledged", "by=rule\nrun=1\nrun-state=acked\nrun-why=acked\nacked-by=bo");
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(It was acknowledged)");
}

/* The run may go on until all have answered: who has is left alone at once. */
static void
test_who_has_acknowledged_is_not_paged_though_the_run_goes_on (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  acknowledge (kase, "ana");
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(It was acknowledged)");
}

static void
test_anothers_acknowledgement_is_the_runs_to_judge (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  acknowledge (kase, "bo");
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:sent");
}

static void
test_an_acknowledgement_that_is_taken_back_pages_again (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  acknowledge (kase, "ana");
  watch_say (watch, kase, "escalation-rearmed", "by=rule\nunacknowledged=ana");
  watch_fire (watch, kase, (Firing) { 1, 1, 0, 1, INCIDENT_PAGE_REASON_ACK_TIMEOUT, NULL }, "ana");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:withdrawn(A later page has taken its place) phone:pending chat:sent phone:pending");
}

static void
test_a_paused_and_an_ended_run_page_nobody (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autoptr(IncidentCase) other = watch_case (watch, "Login is slow", "sev3");

  watch_fire (watch, kase, first, "ana");
  watch_say (watch, kase, "escalation-paused", "by=rule\nrun=1\nrun-state=paused");
  watch_fire (watch, other, first, "ana");
  watch_say (watch, other, "escalation-ended", "by=rule\nrun=1\nrun-state=ended");
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:withdrawn(The escalation is paused) phone:withdrawn(The escalation is paused)");
  assert_pages (watch, other, "chat:withdrawn(The escalation has ended) phone:withdrawn(The escalation has ended)");
}

/* Nobody has come: whoever was paged last is still wanted. */
static void
test_a_run_at_its_end_still_wants_its_last_pages (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_say (watch, kase, "escalation-exhausted", "by=rule\nrun=1\nrun-state=exhausted");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:sent phone:pending");
  acknowledge (kase, "bo");
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(It was acknowledged)");
}

/* One of two who had to answer did so, and the run went on in spite of that. */
static void
test_what_did_not_hold_a_run_up_takes_nothing_back_at_its_end (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  acknowledge (kase, "ana");
  watch_fire (watch, kase, (Firing) { 1, 2, 0, 0, INCIDENT_PAGE_REASON_FALLBACK, "person bo" }, "bo");
  watch_say (watch, kase, "escalation-exhausted", "by=rule\nrun=1\nrun-state=exhausted");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:withdrawn(It was acknowledged) phone:pending chat:sent phone:pending");
}

/* The playbook has its policy no more, so the fallback is asked, and the run is over. */
static void
test_the_fallback_of_a_run_that_lost_its_policy_is_paged (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_fire (watch, kase, (Firing) { 1, 1, 0, 0, INCIDENT_PAGE_REASON_FALLBACK, "person bo" }, "bo");
  watch_say (watch, kase, "escalation-ended", "by=rule\nrun=1\nrun-state=ended\nrun-why=target-gone");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:withdrawn(The escalation has ended) phone:pending chat:sent phone:pending");
  acknowledge (kase, "carmen");
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:withdrawn(The escalation has ended) phone:withdrawn(The escalation has ended) "
                             "chat:sent phone:withdrawn(It was acknowledged)");
}

static void
test_a_page_ends_where_the_next_one_begins (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, (Firing) { 1, 2, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL }, "ana");
  watch_pass (watch, 20 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(A later page has taken its place) chat:sent phone:sent");
}

/* The run has gone on to others since: the state does not know of the step in between any more. */
static void
test_a_page_that_was_taken_over_does_not_come_back (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, (Firing) { 1, 2, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL }, "ana");
  watch_fire (watch, kase, (Firing) { 1, 3, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL }, "bo");
  watch_pass (watch, 20 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(A later page has taken its place) chat:sent phone:sent chat:sent phone:sent");
}

static void
test_the_next_step_to_others_takes_nothing_back (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  watch_fire (watch, kase, (Firing) { 1, 2, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL }, "bo");
  watch_pass (watch, 20 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:sent chat:sent phone:sent");
}

static void
test_a_page_beside_runs_waits_for_its_own_person (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, (Firing) { 0, 0, 0, 0, INCIDENT_PAGE_REASON_DIRECT, "person ana" }, "ana");
  watch_fire (watch, kase, (Firing) { 0, 0, 0, 0, INCIDENT_PAGE_REASON_DIRECT, "person bo" }, "bo");
  watch_pass (watch, MINUTE);
  acknowledge (kase, "bo");
  watch_pass (watch, 20 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:sent chat:sent phone:withdrawn(It was acknowledged)");
}

/* Who asks knows that they were at it, and asks nevertheless. */
static void
test_who_had_acknowledged_is_paged_when_asked_for_by_name (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  guint asked;

  acknowledge (kase, "ana");
  act (kase, "page", "bo", "target", "person ana", "text", "where are you?", NULL);
  asked = incident_case_get_version (kase);
  watch_fire (watch, kase, (Firing) { 0, 0, 0, asked, INCIDENT_PAGE_REASON_DIRECT, "person ana" }, "ana");
  watch_fire (watch, kase, (Firing) { 0, 0, 0, asked, INCIDENT_PAGE_REASON_DIRECT, "channel phone" }, "#phone");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:sent phone:pending phone:sent");
  acknowledge (kase, "ana");
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(It was acknowledged) phone:sent");
}

static void
test_who_is_asked_for_by_name_is_paged_though_they_had_acknowledged (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  acknowledge (kase, "ana");
  watch_fire (watch, kase, (Firing) { 0, 0, 0, 0, INCIDENT_PAGE_REASON_DIRECT, "person ana" }, "ana");
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:sent phone:pending");
}

static void
test_a_case_that_is_over_pages_nobody (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_fire (watch, kase, first, "ana");
  act (kase, "cancel", "ana", "text", "a test", NULL);
  watch_pass (watch, MINUTE);
  assert_pages (watch, kase, "chat:withdrawn(The case is not live any more) phone:pending");
}

/* Failures */

static void
test_who_cannot_be_reached_is_told_to_the_run (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  const IncidentRecord *event;
  const IncidentRun *run;

  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, first, "ana");
  far_side_will (watch->chat, FAR_REFUSES, 1);
  watch_pass (watch, MINUTE);
  far_side_will (watch->phone, FAR_REFUSES, 1);
  assert_null (watch_find_event (kase, "page-failed"));
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:dead(There is no such room) phone:dead(There is no such room)");
  event = watch_find_event (kase, "page-failed");
  assert_non_null (event);
  assert_string_equal (event->payload, "{\"person\":\"ana\",\"step\":\"step-1\",\"methods\":"
                                                        "[\"chat: There is no such room\",\"phone: There is no such room\"]}");
  run = incident_run_find (incident_case_get_state (kase)->runs, 1);
  assert_true (incident_names_contain (run->failed, g_intern_string ("ana")));
}

/* A step may page a channel alone. */
static void
test_a_channel_that_cannot_be_reached_is_told_to_the_run (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  const IncidentRecord *event;
  const IncidentRun *run;

  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, (Firing) { 1, 1, 0, 0, INCIDENT_PAGE_REASON_STEP, "channel chat" }, "#chat");
  far_side_will (watch->chat, FAR_REFUSES, 1);
  watch_pass (watch, MINUTE);
  event = watch_find_event (kase, "page-failed");
  assert_non_null (event);
  assert_string_equal (event->payload, "{\"target\":\"channel chat\",\"step\":\"step-1\",\"methods\":[\"chat: There is no such room\"]}");
  run = incident_run_find (incident_case_get_state (kase)->runs, 1);
  assert_true (incident_names_contain (run->failed, g_intern_string ("channel chat")));
}

static void
test_one_way_that_works_is_enough (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, first, "ana");
  far_side_will (watch->phone, FAR_REFUSES, 1);
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:dead(There is no such room)");
  assert_null (watch_find_event (kase, "page-failed"));
}

static void
test_a_page_that_was_never_taken_expires_and_has_failed (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");

  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, first, "ana");
  far_side_will (watch->chat, FAR_WAITS, 200);
  far_side_will (watch->phone, FAR_WAITS, 200);
  watch_pass (watch, 40 * MINUTE);
  assert_pages (watch, kase, "chat:expired(Too many) phone:expired(Too many)");
  assert_non_null (watch_find_event (kase, "page-failed"));
}

/* At the step where it stands now the person may well be reached. */
static void
test_what_failed_before_does_not_move_a_run_that_has_gone_on (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  const IncidentRecord *event;

  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, first, "ana");
  far_side_will (watch->chat, FAR_REFUSES, 1);
  watch_pass (watch, MINUTE);
  watch_fire (watch, kase, (Firing) { 1, 2, 0, 0, INCIDENT_PAGE_REASON_STEP, NULL }, "bo");
  far_side_will (watch->phone, FAR_REFUSES, 1);
  watch_pass (watch, 4 * MINUTE + 30 * G_TIME_SPAN_SECOND);
  event = watch_find_event (kase, "page-failed");
  assert_non_null (event);
  assert_null (incident_run_find (incident_case_get_state (kase)->runs, 1)->failed);
}

/* Mail */

#define MAIL_PLAYBOOK \
  "{\"roles\": {\"commander\": {}}, \"desk\": {\"address\": \"https://desk.example.org/\", \"links\": {\"env\": \"PAGING_LINKS\"}}," \
  " \"people\": {\"ana\": {\"contacts\": {\"mail\": \"ana@example.org\"}, \"pages\": [{\"by\": \"post\"}," \
  "   {\"by\": \"post\", \"to\": \"night@example.org\", \"after\": \"1m\"}]}}," \
  " \"channels\": {\"post\": {\"kind\": \"mail\", \"from\": \"incidents@example.org\"," \
  "   \"run\": [\"/bin/sh\", \"-c\", \"cat > $0/$5\", \"%s\"]}}}"

/* The letter to an address: its headers, and its words. */
static char *
read_letter (const char *folder, const char *address, char **words)
{
  g_autofree char *path = g_build_filename (folder, address, NULL);
  g_autoptr(GError) error = NULL;
  char *letter = NULL;
  const char *end;
  gsize length;

  g_file_get_contents (path, &letter, NULL, &error);
  assert_no_error (error);
  g_unlink (path);
  end = strstr (letter, "\n\n");
  assert_non_null (end);
  *words = (char *) g_base64_decode (end, &length);
  return letter;
}

static void
assert_acknowledges (Watch *watch, const char *words, guint status)
{
  const char *link = strstr (words, "Acknowledge: https://desk.example.org/ack/");
  g_autofree char *token = NULL;
  g_autoptr(IncidentReply) reply = NULL;

  assert_non_null (link);
  link += strlen ("Acknowledge: https://desk.example.org/ack/");
  token = g_strndup (link, strcspn (link, "\n"));
  reply = incident_desk_take_link (watch->office.desk, token, TRUE);
  assert_int_equal (incident_reply_get_status (reply), status);
}

/* Even at an address that the playbook knows nobody by. */
static void
test_a_letter_that_pages_has_a_link_to_acknowledge_by (void **state)
{
  Watch *watch = *state;
  g_autofree char *folder = g_dir_make_tmp ("incident-paging-XXXXXX", NULL);
  g_autofree char *json = g_strdup_printf (MAIL_PLAYBOOK, folder);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "test", &error);
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *key = NULL;
  g_autofree char *id = NULL;
  g_autofree char *words = NULL;
  g_autofree char *letter = NULL;
  g_autofree char *night_words = NULL;
  g_autofree char *night = NULL;

  assert_no_error (error);
  g_clear_object (&watch->office.desk);
  watch->office.desk = incident_desk_new_with_playbook (watch->office.store, watch->office.clock, playbook);
  watch->rules = (IncidentRules *) incident_playbook_get_rules (playbook);
  kase = watch_case (watch, "Checkout answers 500", "sev2");
  watch_fire (watch, kase, first, "ana");
  watch_pass (watch, 2 * MINUTE);
  assert_pages (watch, kase, "post:sent post:sent");

  key = dup_key (watch, kase, 0);
  id = g_strdup_printf ("Message-ID: <%s@example.org>", key);
  letter = read_letter (folder, "ana@example.org", &words);
  assert_non_null (strstr (letter, id));
  assert_non_null (strstr (letter, "Subject: [INC-1] Checkout answers 500"));
  assert_null (strstr (letter, "In-Reply-To"));
  assert_non_null (strstr (words, "Why: You are on call for payments: step “step-1” of policy “payments” came\nSeverity: sev2\n"));
  night = read_letter (folder, "night@example.org", &night_words);
  assert_acknowledges (watch, night_words, 200);
  assert_true (incident_strings_contain (incident_case_get_state (kase)->dossier->acknowledged, "ana"));
  g_rmdir (folder);
}

/* Answers */

static const char *
read_reply (IncidentReply *reply)
{
  return g_bytes_get_data (incident_reply_get_body (reply), NULL);
}

static char *
dup_token (const FarMessage *page)
{
  const char *at = strstr (page->json, "https://desk.example.org/ack/");

  assert_non_null (at);
  at += strlen ("https://desk.example.org/ack/");
  return g_strndup (at, strcspn (at, "\""));
}

static void
test_the_link_of_a_page_acknowledges_as_its_person (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autofree char *token = NULL;
  g_autoptr(IncidentReply) reply = NULL;

  watch_fire (watch, kase, first, "bo");
  watch_pass (watch, MINUTE);
  token = dup_token (far_side_last (watch->chat, "page"));
  reply = incident_desk_take_link (watch->office.desk, token, TRUE);
  assert_int_equal (incident_reply_get_status (reply), 200);
  assert_non_null (strstr (read_reply (reply), "you have acknowledged it as bo. You are paged no more for it"));
  assert_true (incident_strings_contain (incident_case_get_state (kase)->dossier->acknowledged, "bo"));
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(It was acknowledged)");
}

static void
test_the_link_still_counts_where_others_have_answered_and_the_run_goes_on (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autofree char *token = NULL;
  g_autoptr(IncidentReply) reply = NULL;
  g_autoptr(IncidentReply) again = NULL;

  watch_fire (watch, kase, first, "bo");
  watch_pass (watch, MINUTE);
  acknowledge (kase, "ana");
  token = dup_token (far_side_last (watch->chat, "page"));
  reply = incident_desk_take_link (watch->office.desk, token, TRUE);
  assert_non_null (strstr (read_reply (reply), "you have acknowledged it as bo"));
  again = incident_desk_take_link (watch->office.desk, token, FALSE);
  assert_non_null (strstr (read_reply (again), "Nothing to do"));
}

static void
test_the_link_of_a_page_by_name_counts_though_they_had_acknowledged (void **state)
{
  Watch *watch = *state;
  g_autoptr(IncidentCase) kase = watch_case (watch, "Checkout answers 500", "sev2");
  g_autofree char *token = NULL;
  g_autoptr(IncidentReply) reply = NULL;
  g_autoptr(IncidentReply) again = NULL;

  acknowledge (kase, "bo");
  act (kase, "page", "ana", "target", "person bo", "text", "where are you?", NULL);
  watch_fire (watch, kase, (Firing) { 0, 0, 0, incident_case_get_version (kase), INCIDENT_PAGE_REASON_DIRECT, "person bo" }, "bo");
  watch_pass (watch, MINUTE);
  token = dup_token (far_side_last (watch->chat, "page"));
  reply = incident_desk_take_link (watch->office.desk, token, TRUE);
  assert_non_null (strstr (read_reply (reply), "you have acknowledged it as bo"));
  again = incident_desk_take_link (watch->office.desk, token, FALSE);
  assert_non_null (strstr (read_reply (again), "Nothing to do"));
  watch_pass (watch, 10 * MINUTE);
  assert_pages (watch, kase, "chat:sent phone:withdrawn(It was acknowledged)");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    watch_test (test_a_person_is_paged_by_each_method_in_turn),
    watch_test (test_a_later_method_does_not_expire_before_its_time),
    watch_test (test_a_clock_that_is_set_neither_delays_nor_hastens_a_method),
    watch_test (test_a_page_says_what_and_why_and_how_to_acknowledge),
    watch_test (test_a_page_to_a_channel_is_one_and_goes_to_nobody),
    watch_test (test_the_key_is_of_the_position),
    watch_test (test_who_is_asked_for_twice_by_name_is_paged_twice),
    watch_test (test_an_acknowledged_run_pages_nobody),
    watch_test (test_who_has_acknowledged_is_not_paged_though_the_run_goes_on),
    watch_test (test_anothers_acknowledgement_is_the_runs_to_judge),
    watch_test (test_an_acknowledgement_that_is_taken_back_pages_again),
    watch_test (test_a_paused_and_an_ended_run_page_nobody),
    watch_test (test_a_run_at_its_end_still_wants_its_last_pages),
    watch_test (test_what_did_not_hold_a_run_up_takes_nothing_back_at_its_end),
    watch_test (test_the_fallback_of_a_run_that_lost_its_policy_is_paged),
    watch_test (test_a_page_ends_where_the_next_one_begins),
    watch_test (test_a_page_that_was_taken_over_does_not_come_back),
    watch_test (test_the_next_step_to_others_takes_nothing_back),
    watch_test (test_a_page_beside_runs_waits_for_its_own_person),
    watch_test (test_who_is_asked_for_by_name_is_paged_though_they_had_acknowledged),
    watch_test (test_who_had_acknowledged_is_paged_when_asked_for_by_name),
    watch_test (test_a_case_that_is_over_pages_nobody),
    watch_test (test_who_cannot_be_reached_is_told_to_the_run),
    watch_test (test_a_channel_that_cannot_be_reached_is_told_to_the_run),
    watch_test (test_one_way_that_works_is_enough),
    watch_test (test_a_page_that_was_never_taken_expires_and_has_failed),
    watch_test (test_what_failed_before_does_not_move_a_run_that_has_gone_on),
    watch_test (test_a_letter_that_pages_has_a_link_to_acknowledge_by),
    watch_test (test_the_link_of_a_page_acknowledges_as_its_person),
    watch_test (test_the_link_still_counts_where_others_have_answered_and_the_run_goes_on),
    watch_test (test_the_link_of_a_page_by_name_counts_though_they_had_acknowledged),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
