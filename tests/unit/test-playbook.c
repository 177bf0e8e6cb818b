/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

/* Playbooks as documents, and cases that live by them. */

#define HOUR G_TIME_SPAN_HOUR

static char *
get_example (const char *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "examples", "playbooks", name, NULL);
}

static IncidentPlaybook *
load_example (const char *name)
{
  g_autofree char *path = get_example (name);
  const char * const paths[] = { path, NULL };
  g_autoptr(GError) error = NULL;
  IncidentPlaybook *playbook = incident_playbook_load (paths, &error);

  assert_no_error (error);
  return playbook;
}

static void
rule_by_example (Office *office, const char *name)
{
  g_autoptr(IncidentPlaybook) playbook = load_example (name);
  g_autoptr(GError) error = NULL;

  incident_desk_set_playbook (office->desk, playbook, &error);
  assert_no_error (error);
}

/* By its title, since numbers depend on the order of checklists. */
static void
finish (IncidentCase *kase, const char *title, const char *actor)
{
  g_autoptr(GPtrArray) tasks = incident_case_list_tasks (kase);

  for (guint i = 0; i < tasks->len; i++)
    if (g_str_equal (incident_task_get_title (g_ptr_array_index (tasks, i)), title))
      {
        g_autofree char *number = g_strdup_printf ("%u", i + 1);

        act (kase, "finish-task", actor, "task", number, NULL);
        return;
      }
  fail_msg ("there is no task “%s”", title);
}

static guint
count_tasks (IncidentCase *kase, const char *title)
{
  g_autoptr(GPtrArray) tasks = incident_case_list_tasks (kase);
  guint n = 0;

  for (guint i = 0; i < tasks->len; i++)
    n += g_str_equal (incident_task_get_title (g_ptr_array_index (tasks, i)), title) ? 1 : 0;
  return n;
}

static void
assert_may (IncidentCase *kase, const char *verb, const char *actor, gboolean allowed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, actor, &error);

  assert_no_error (error);
  for (guint i = 0; i < options->len; i++)
    if (g_str_equal (incident_option_get_verb (g_ptr_array_index (options, i)), verb))
      {
        assert_int_equal (incident_option_get_allowed (g_ptr_array_index (options, i)), allowed);
        return;
      }
  fail_msg ("“%s” is not among what may come next", verb);
}

/* The examples, each from the beginning of a case to its end. */

static void
test_a_case_of_the_two_person_shop (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by_example (office, "two-person-shop.json");
  kase = open_with (office, command_new ("open", "uptime-check", "title", "Checkout answers 500", "service", "checkout", NULL));
  act (kase, "acknowledge", "bo", NULL);
  assert_tasks (kase, "");
  act (kase, "classify", "bo", "severity", "sev1", "impact", "high", "urgency", "high", NULL);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P1);
  assert_tasks (kase, "1 open, 2 open, 3 open, 4 open");
  act (kase, "assign", "bo", "role", "commander", "person", "bo", NULL);
  finish (kase, "Put the notice on the website", "bo");
  act (kase, "diagnose", "bo", "text", "all answers come from /pay", NULL);
  kase = read_again (office, g_steal_pointer (&kase));

  act (kase, "handoff", "bo", "role", "commander", "person", "ana", "text", "provider has been told", NULL);
  assert_string_equal (incident_case_get_commander (kase), "bo");
  assert_codes (kase, "no-offer", "accept", "bo", "role", "commander", NULL);
  act (kase, "accept", "ana", "role", "commander", NULL);
  assert_string_equal (incident_case_get_commander (kase), "ana");

  act (kase, "escalate", "ana", "target", "payment-provider", "text", "their certificate has expired", NULL);
  act (kase, "resolve", "ana", "text", "they renewed it", NULL);
  act (kase, "recover", "ana", "text", "twenty orders came in", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_codes (kase, "not-permitted open-must-do not-permitted", "close", "bo", "text", "done", NULL);
  assert_codes (kase, "open-must-do", "close", "ana", "text", "done", NULL);
  finish (kase, "Look for orders that were paid and not recorded", "ana");
  finish (kase, "Take the notice down again", "ana");
  act (kase, "close", "ana", "text", "two orders were missing", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_phase (kase), "closed");
}

static void
begin_round (Office *office, IncidentCase *kase)
{
  act (kase, "classify", "bo", "severity", "sev1", "impact", "high", "urgency", "high", NULL);
  assert_codes (kase, "not-qualified", "assign", "bo", "role", "commander", "person", "bo", NULL);
  act (kase, "assign", "bo", "role", "commander", "person", "ana", NULL);
  act (kase, "assign", "ana", "role", "operations", "person", "bo", NULL);
  act (kase, "assign", "ana", "role", "communications", "person", "carmen", NULL);
  act (kase, "diagnose", "bo", "text", "the warehouse reads the same disks", NULL);
  finish (kase, "Stop the loads of the warehouse", "kate");
  assert_codes (kase, "not-permitted", "update", "bo", "text", "all is well", NULL);
  act (kase, "update", "carmen", "text", "Orders may be slow.", "audience", "customer", NULL);
  finish (kase, "Publish the first message", "carmen");
  act (kase, "decide", "ana", "text", "fail over at 18:00", "objections", "none", NULL);
}

static void
test_a_case_that_follows_the_sun (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by_example (office, "follow-the-sun.json");
  kase = open_with (office, command_new ("open", "alertmanager", "title", "Orders are slow", "service", "orders-db",
                                         "category", "database", NULL));
  assert_int_equal (count_tasks (kase, "Stop the loads of the warehouse"), 1);
  begin_round (office, kase);
  assert_int_equal (count_tasks (kase, "Keep the evidence"), 0);

  advance (office, 8 * HOUR);
  act (kase, "add-checklist", "ana", "checklist", "shift-end", NULL);
  act (kase, "handoff", "ana", "role", "commander", "person", "grace", NULL);
  act (kase, "decline", "grace", "role", "commander", "text", "in a case of my own", NULL);
  assert_codes (kase, "no-offer", "accept", "grace", "role", "commander", NULL);
  act (kase, "handoff", "ana", "role", "commander", "person", "jack", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  act (kase, "accept", "jack", "role", "commander", NULL);
  act (kase, "assign", "jack", "role", "deputy", "person", "mei", NULL);
  assert_codes (kase, "not-permitted not-permitted not-qualified", "take-command", "kate", "text", "he does not answer", NULL);
  act (kase, "take-command", "mei", "text", "Jack does not answer", NULL);
  assert_string_equal (incident_case_get_commander (kase), "mei");

  act (kase, "examine", "bo", "text", "failed over, latency is down", NULL);
  act (kase, "resolve", "bo", "text", "the warehouse has disks of its own", NULL);
  act (kase, "recover", "bo", "text", "p99 is 80 ms", NULL);
  assert_codes (kase, "open-must-do", "close", "mei", "text", "done", NULL);
  finish (kase, "Say that it is over", "carmen");
  finish (kase, "Name who writes the review", "mei");
  act (kase, "close", "mei", "text", "review by Jack until Friday", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_phase (kase), "closed");
}

static IncidentCase *
open_major (Office *office)
{
  IncidentCase *kase = open_with (office, command_new ("open", "monitoring", "title", "Instant payments fail", "service",
                                                       "instant-payments", "severity", "sev1", "impact", "high",
                                                       "urgency", "medium", NULL));

  act (kase, "assign", "astrid", "role", "commander", "person", "astrid", NULL);
  act (kase, "assign", "astrid", "role", "operations", "person", "filip", NULL);
  act (kase, "assign", "astrid", "role", "regulatory-liaison", "person", "daniel", NULL);
  act (kase, "assign", "astrid", "role", "customer-liaison", "person", "luca", NULL);
  act (kase, "assign", "astrid", "role", "internal-liaison", "person", "benoit", NULL);
  return kase;
}

static void
finish_all_but_the_cause (IncidentCase *kase)
{
  static const struct { const char *title; const char *actor; } done[] = {
    { "Judge whether the incident is major", "daniel" },
    { "Keep the evidence before anything is restored", "filip" },
    { "Inform senior management and the management body", "benoit" },
    { "Inform the clients whose financial interests are touched", "luca" },
    { "Review: were the procedures followed, and did the actions work", "clara" },
    { "Reconcile the payments since the start of the impact", "filip" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (done); i++)
    finish (kase, done[i].title, done[i].actor);
}

static void
test_a_case_of_the_regulated_bank (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by_example (office, "regulated-bank.json");
  kase = open_major (office);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P1);
  assert_false (incident_case_get_major (kase));
  act (kase, "diagnose", "filip", "text", "the hub does not answer", NULL);
  act (kase, "escalate", "astrid", "target", "core-banking", "text", "the ledger locks", NULL);
  act (kase, "examine", "filip", "text", "a lock is held since 06:50", NULL);
  act (kase, "classify", "daniel", "major", "yes", "text", "above the thresholds", NULL);
  assert_true (incident_case_get_major (kase));
  assert_codes (kase, "not-permitted", "file-report", "astrid", "clock", "initial", NULL);
  assert_codes (kase, "unknown-clock", "file-report", "daniel", "clock", "finial", NULL);
  act (kase, "file-report", "daniel", "clock", "initial", "text", "reference 2026-0417", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  act (kase, "resolve", "filip", "text", "the lock is released", NULL);
  act (kase, "recover", "filip", "text", "payments of an hour are settled", NULL);
  assert_codes (kase, "wrong-phase not-permitted open-must-do not-permitted", "close", "clara", "text", "done", NULL);
  act (kase, "review", "astrid", "text", "the change had no way back", NULL);
  finish_all_but_the_cause (kase);
  assert_codes (kase, "open-must-do", "close", "clara", "text", "reviewed", NULL);
  finish (kase, "Write down the root cause and what is done about it", "astrid");
  assert_codes (kase, "not-permitted", "close", "astrid", "text", "reviewed", NULL);
  act (kase, "close", "clara", "text", "reviewed", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_phase (kase), "closed");
}

/* Rights */

static void
test_a_must_do_task_is_skipped_with_the_right_only (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by_example (office, "regulated-bank.json");
  kase = open_major (office);
  assert_codes (kase, "not-permitted", "skip-task", "astrid", "task", "1", "text", "no time", NULL);
  act (kase, "skip-task", "clara", "task", "1", "text", "it is known", NULL);
}

static void
test_strangers_do_nothing (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCommand) command = command_new ("open", "mallory", "title", "Hello", NULL);
  g_autoptr(GError) error = NULL;

  rule_by_example (office, "two-person-shop.json");
  assert_null (incident_desk_act (office->desk, 0, command, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (incident_error_get_codes (error)[0], "not-permitted");
  assert_true (incident_store_get_size (office->store, NULL) == 0);
}

static void
test_nobody_is_obeyed_unverified (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentActor) said = incident_actor_new ("ana", INCIDENT_VERIFICATION_NONE, NULL);
  g_autoptr(IncidentActor) signs = incident_actor_new ("ana", INCIDENT_VERIFICATION_SIGNATURE, "chat");
  IncidentCommand *command = incident_command_new_for ("note", said);
  g_autoptr(IncidentEvent) event = NULL;

  incident_command_set (command, "text", "it is me", NULL);
  assert_fails_with (kase, command, INCIDENT_ERROR_REFUSED, NULL,
                     "“note” refused: unverified-actor: it is not known that this is “ana”: they must be verified first");
  command = incident_command_new_for ("note", signs);
  incident_command_set (command, "text", "it is me", NULL);
  act_with (kase, command);
  event = dup_last_event (kase);
  assert_int_equal (incident_event_get_verification (event), INCIDENT_VERIFICATION_SIGNATURE);
  assert_fact (event, "provider", "chat");
}

static void
test_owners_of_the_service_may (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by_example (office, "follow-the-sun.json");
  kase = open_with (office, command_new ("open", "imani", "title", "Search finds nothing", "service", "search",
                                         "severity", "sev3", NULL));
  act (kase, "diagnose", "hugo", "text", "the index is empty", NULL);
  assert_may (kase, "resolve", "kate", FALSE);
  assert_may (kase, "resolve", "hugo", TRUE);
  assert_codes (kase, "not-permitted", "resolve", "kate", "text", "rebuilt", NULL);
  act (kase, "resolve", "hugo", "text", "rebuilt", NULL);
}

static void
test_nobody_owns_a_case_without_a_service (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by_example (office, "follow-the-sun.json");
  kase = open_with (office, command_new ("open", "imani", "title", "Search finds nothing", "severity", "sev3", NULL));
  act (kase, "diagnose", "hugo", "text", "the index is empty", NULL);
  assert_codes (kase, "not-permitted", "resolve", "hugo", "text", "rebuilt", NULL);
}

static void
test_lowering_the_severity_takes_a_right_and_a_reason (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by_example (office, "follow-the-sun.json");
  kase = open_with (office, command_new ("open", "olivia", "title", "Sign-in is slow", "service", "sign-in",
                                         "severity", "sev3", NULL));
  act (kase, "classify", "olivia", "severity", "sev2", NULL);
  assert_codes (kase, "not-permitted", "classify", "olivia", "severity", "sev4", "text", "one office", NULL);
  assert_codes (kase, "not-permitted missing-text", "classify", "olivia", "severity", "sev4", NULL);
  act (kase, "assign", "mei", "role", "commander", "person", "mei", NULL);
  assert_codes (kase, "missing-text", "classify", "mei", "severity", "sev4", NULL);
  act (kase, "classify", "mei", "severity", "sev4", "text", "one office", NULL);
}

static void
test_an_automation_ends_only_what_it_began_and_nobody_took_over (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) own = NULL;
  g_autoptr(IncidentCase) taken = NULL;

  rule_by_example (office, "two-person-shop.json");
  own = open_with (office, command_new ("open", "uptime-check", "title", "No answer", "service", "website", NULL));
  act (own, "diagnose", "uptime-check", "text", "three attempts", NULL);
  act (own, "note", "ana", "text", "seen", NULL);
  taken = open_with (office, command_new ("open", "bo", "title", "Prices are odd", "service", "website", NULL));
  act (taken, "diagnose", "uptime-check", "text", "three attempts", NULL);
  assert_codes (taken, "not-permitted", "resolve", "uptime-check", "text", "answers", NULL);
  act (own, "assign", "ana", "role", "commander", "person", "ana", NULL);
  assert_codes (own, "not-permitted", "resolve", "uptime-check", "text", "answers", NULL);
}

static void
hear (IncidentDesk *desk, IncidentRefusal *refusal, gpointer heard)
{
  g_string_append_printf (heard, "%s ", incident_refusal_get_verb (refusal));
}

static void
test_a_merge_takes_the_right_in_both_cases (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) ours = NULL;
  g_autoptr(IncidentCase) theirs = NULL;
  g_autoptr(IncidentCase) third = NULL;
  g_autoptr(GPtrArray) refusals = NULL;

  rule_by (office, "{\"rights\":[{\"everyone\":true,\"may\":[\"open\",\"assign\"]},"
           "{\"everyone\":true,\"may\":[\"merge\"],\"if\":{\"service\":[\"shop\"]}},{\"role\":\"commander\",\"may\":[\"merge\"]}]}");
  ours = open_with (office, command_new ("open", "ana", "title", "T", "service", "shop", NULL));
  theirs = open_with (office, command_new ("open", "bo", "title", "T", "service", "bank", NULL));
  third = open_with (office, command_new ("open", "ana", "title", "T", "service", "shop", NULL));
  assert_refused (ours, "“merge” refused: not-permitted: “ana” has no right to “merge” into INC-2: "
                  "that is for everyone (of some cases), role commander", "merge", "ana", "case", "INC-2", NULL);
  refusals = incident_desk_list_refusals (office->desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 1);
  assert_int_equal (incident_case_get_version (theirs), 1);
  act (third, "merge", "ana", "case", "INC-1", NULL);
  act (ours, "assign", "ana", "role", "commander", "person", "ana", NULL);
  act (ours, "merge", "ana", "case", "INC-2", NULL);
  assert_kinds (theirs, 1, "opened case-merged");
}

static void
test_what_follows_from_an_automation_is_no_take_over (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentCase) other = NULL;

  rule_by (office, "{\"automations\":{\"bot\":{}},\"checklists\":{\"all\":{\"for\":{\"severity\":[\"sev1\"]},"
           "\"tasks\":[{\"title\":\"Look\",\"must-do\":true}]}}}");
  kase = open_with (office, command_new ("open", "bot", "title", "T", "severity", "sev1", NULL));
  other = open_with (office, command_new ("open", "bot", "title", "T", NULL));
  assert_kinds (kase, 1, "opened checklist-added task-added");
  act (kase, "merge", "bot", "case", "INC-2", NULL);
  assert_string_equal (incident_case_get_phase (kase), "cancelled");
  assert_kinds (other, 1, "opened case-merged task-added");
  act (other, "cancel", "bot", "text", "it is over", NULL);
  assert_string_equal (incident_case_get_phase (other), "cancelled");
}

static void
test_who_has_no_right_is_kept_beside_the_log (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GString) heard = g_string_new (NULL);
  g_autoptr(GPtrArray) refusals = NULL;
  IncidentRefusal *refusal;

  rule_by_example (office, "follow-the-sun.json");
  kase = open_with (office, command_new ("open", "imani", "title", "Search finds nothing", "service", "search", NULL));
  g_signal_connect (office->desk, "refused", G_CALLBACK (hear), heard);
  assert_codes (kase, "not-permitted", "redact", "hugo", "event", "1", "text", "x", NULL);
  /* A missing text is no lack of right. */
  assert_codes (kase, "missing-text", "note", "hugo", NULL);
  assert_string_equal (heard->str, "redact ");
  kase = read_again (office, g_steal_pointer (&kase));
  refusals = incident_desk_list_refusals (office->desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 1);
  refusal = g_ptr_array_index (refusals, 0);
  assert_string_equal (incident_refusal_get_actor (refusal), "hugo");
  assert_string_equal (incident_refusal_get_verb (refusal), "redact");
  assert_true (incident_refusal_get_case_number (refusal) == 1);
  assert_true (incident_refusal_get_time (refusal) == START);
  assert_true (incident_store_get_size (office->store, NULL) == incident_case_get_version (kase));
}

static void
test_a_person_who_is_away_is_asked_with_a_reason_only (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, "{\"people\":{\"ana\":{},\"bo\":{\"zone\":\"Europe/Madrid\",\"away\":[{\"from\":\"2026-11-24\","
                   "\"until\":\"2026-11-25\",\"why\":\"holiday\"}]}}}");
  kase = open_case (office);
  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  act (kase, "assign", "ana", "role", "expert", "person", "ana", NULL);
  /* Midnight in Madrid. */
  advance (office, 16 * HOUR - 1);
  act (kase, "assign", "ana", "role", "first", "person", "bo", NULL);
  advance (office, 1);
  assert_codes (kase, "person-away", "assign", "ana", "role", "expert", "person", "bo", NULL);
  assert_codes (kase, "person-away", "add-task", "ana", "title", "Look", "person", "bo", NULL);
  act (kase, "assign", "ana", "role", "expert", "person", "bo", "text", "nobody else knows it", NULL);
  advance (office, 24 * HOUR);
  act (kase, "assign", "ana", "role", "other", "person", "bo", NULL);
}

static void
test_who_accepts_a_role_takes_it_from_who_offered_it (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GPtrArray) assignments = NULL;
  g_autoptr(GString) held = g_string_new (NULL);

  rule_by (office, "{\"roles\":{\"commander\":{},\"operations\":{\"holders\":2}}}");
  kase = open_case (office);
  act (kase, "assign", "ana", "role", "operations", "person", "bo", NULL);
  act (kase, "assign", "ana", "role", "operations", "person", "cleo", NULL);
  assert_codes (kase, "role-full", "assign", "ana", "role", "operations", "person", "dora", NULL);
  act (kase, "handoff", "bo", "role", "operations", "person", "dora", NULL);
  act (kase, "accept", "dora", "role", "operations", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assignments = incident_case_list_assignments (kase);
  for (guint i = 0; i < assignments->len; i++)
    if (incident_assignment_get_until (g_ptr_array_index (assignments, i)) == INCIDENT_TIME_NONE)
      g_string_append_printf (held, "%s ", incident_assignment_get_person (g_ptr_array_index (assignments, i)));
  assert_string_equal (held->str, "cleo dora ");
}

static void
test_an_offer_that_has_expired_is_none (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = recovered_case (office);

  act (kase, "handoff", "ana", "role", "commander", "person", "bo", "due", "20m", NULL);
  advance (office, 20 * MINUTE + 1);
  assert_codes (kase, "no-offer", "accept", "bo", "role", "commander", NULL);
  assert_string_equal (incident_case_get_commander (kase), "ana");
  act (kase, "handoff", "ana", "role", "commander", "person", "cleo", NULL);
  act (kase, "accept", "cleo", "role", "commander", NULL);
  assert_string_equal (incident_case_get_commander (kase), "cleo");
}

/* Checklists */

#define CHECKLISTS "{\"categories\":{\"network\":{\"within\":\"infrastructure\"},\"infrastructure\":{}}," \
  "\"checklists\":{" \
  "\"all\":{\"for\":{},\"tasks\":[{\"title\":\"Look\"}]}," \
  "\"bad\":{\"for\":{\"severity\":[\"sev1\",\"sev2\"]},\"tasks\":[{\"title\":\"Tell\",\"due\":\"15m\",\"must-do\":true}," \
  "{\"title\":\"Tell again\",\"after\":[1]}]}," \
  "\"net\":{\"for\":{\"category\":[\"infrastructure\"]},\"tasks\":[{\"title\":\"Ping\"}]}," \
  "\"hand\":{\"tasks\":[{\"title\":\"Go home\"}]}}}"

static void
test_checklists_come_with_the_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GPtrArray) tasks = NULL;

  rule_by (office, CHECKLISTS);
  kase = open_with (office, command_new ("open", "ana", "title", "T", "severity", "sev2", "category", "network", NULL));
  assert_kinds (kase, 1, "opened checklist-added task-added checklist-added task-added task-added checklist-added task-added");
  kase = read_again (office, g_steal_pointer (&kase));
  tasks = incident_case_list_tasks (kase);
  assert_string_equal (incident_task_get_title (g_ptr_array_index (tasks, 1)), "Tell");
  assert_true (incident_task_get_must_do (g_ptr_array_index (tasks, 1)));
  assert_true (incident_task_get_due (g_ptr_array_index (tasks, 1)) == START + 15 * MINUTE);
  /* Its numbers go on where those of the case were. */
  assert_codes (kase, "blocked-task", "start-task", "ana", "task", "3", NULL);
}

static void
test_checklists_come_once_and_when_they_hold (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, CHECKLISTS);
  kase = open_case (office);
  assert_tasks (kase, "1 open");
  act (kase, "classify", "ana", "severity", "sev3", NULL);
  assert_tasks (kase, "1 open");
  act (kase, "classify", "ana", "severity", "sev1", NULL);
  assert_tasks (kase, "1 open, 2 open, 3 open");
  act (kase, "classify", "ana", "severity", "sev2", NULL);
  act (kase, "add-checklist", "ana", "checklist", "bad", NULL);
  assert_tasks (kase, "1 open, 2 open, 3 open");
  act (kase, "add-checklist", "ana", "checklist", "hand", NULL);
  assert_tasks (kase, "1 open, 2 open, 3 open, 4 open");
  assert_fails_with (kase, command_new ("add-checklist", "ana", "checklist", "foot", NULL), INCIDENT_ERROR_NOT_FOUND,
                     "checklist", "There is no checklist “foot” in the playbook");
}

/* Documents */

static char *
join_problems (const char *json)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "shop.json", &error);

  assert_null (playbook);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_non_null (incident_error_get_where (error));
  assert_non_null (incident_error_list_problems (error));
  return g_strjoinv ("\n", (char **) incident_error_list_problems (error));
}

static void
test_all_that_is_wrong_in_form_is_told_at_once (void **state)
{
  g_autofree char *problems = join_problems (
    "{\"name\": 7,\n"
    " \"people\": {\"Ana\": {\"zone\": \"Mars/Olympus\"},\n"
    "  \"bo\": {\"away\": [{\"from\": \"2026-02-30\", \"until\": \"soon\"}], \"phone\": \"1\"}},\n"
    " \"teams\": {\"shop\": {\"members\": [\"zoe\"]}},\n"
    " \"cadence\": {\"updates\": {\"sev1\": \"0m\", \"sev9\": \"1h\"}, \"quiet-hours\": {\"from\": \"24:00\"}},\n"
    " \"rights\": [{\"everyone\": false}],\n"
    " \"x-mine\": [[[]]],\n"
    " \"colour\": null}");

  assert_string_equal (problems,
    "shop.json:1:10: /name: must be a string, not a number\n"
    "shop.json:2:20: /people/Ana: must have a name of a–z, 0–9 and dashes, at most 64 characters long\n"
    "shop.json:2:29: /people/Ana/zone: must be a time zone such as “Europe/Madrid”\n"
    "shop.json:3:28: /people/bo/away/0/from: must be a date such as “2026-12-24”\n"
    "shop.json:3:51: /people/bo/away/0/until: must be a date such as “2026-12-24”\n"
    "shop.json:3:70: /people/bo/phone: is unknown here: there are “name”, “qualifications”, “supervisor”, “zone”, “away”, “contacts” and “pages”\n"
    "shop.json:4:33: /teams/shop/members/0: must be a name in “/people”; “zoe” is none there\n"
    "shop.json:5:34: /cadence/updates/sev1: must be a duration such as “30s”, “5m”, “4h” or “2d”, of at most 3650 days\n"
    "shop.json:5:48: /cadence/updates/sev9: is unknown here: there are “sev1”, “sev2”, “sev3”, “sev4” and “sev5”\n"
    "shop.json:5:70: /cadence/quiet-hours: must have the members “from”, “until”, “zone” and “severities”\n"
    "shop.json:5:79: /cadence/quiet-hours/from: must be a time of day such as “22:00”\n"
    "shop.json:6:13: /rights/0: must have the member “may”\n"
    "shop.json:6:26: /rights/0/everyone: must be true, or be left out\n"
    "shop.json:8:12: /colour: is unknown here: there are “name”, “lifecycle”, “severities”, “priority”, “categories”,"
    " “roles”, “people”, “teams”, “services”, “automations”, “sources”, “route”,"
    " “inhibit”, “intervals”, “maintenance”, “correlate”, “rights”, “checklists”, “cadence”, “reporting”,"
    " “holidays”, “schedules”, “policies”, “escalation”, “channels”, “audiences”, “status-page” and “desk”");
}

static void
test_all_that_is_wrong_in_meaning_is_told_at_once (void **state)
{
  g_autofree char *problems = join_problems (
    "{\"people\": {\"ana\": {\"supervisor\": \"ana\"}}, \"automations\": {\"ana\": {}},\n"
    " \"roles\": {\"commander\": {\"holders\": 2}},\n"
    " \"services\": {\"a\": {\"depends-on\": [\"a\"]}},\n"
    " \"categories\": {\"a\": {\"within\": \"b\"}, \"b\": {\"within\": \"a\"}},\n"
    " \"rights\": [{\"everyone\": true, \"person\": \"ana\", \"may\": [\"fly\"]}],\n"
    " \"priority\": {\"matrix\": {\"high\": {\"high\": \"p1\", \"low\": \"p2\"}}, \"raise\": [{\"services\": 2, \"phase\": \"new\", \"to\": \"p1\"}]},\n"
    " \"checklists\": {\"c\": {\"tasks\": [{\"title\": \"T\", \"after\": [1], \"person\": \"ana\", \"role\": \"commander\"}]}},\n"
    " \"reporting\": {\"r\": {\"after\": \"r\", \"within\": \"1h\", \"for\": {\"phase\": [\"gone\"]}}}}");

  assert_string_equal (problems,
    "shop.json:6:34: /priority/matrix/high: must say a priority for each urgency: “medium” is missing\n"
    "shop.json:6:25: /priority/matrix: must have a row for each impact: “medium” is missing\n"
    "shop.json:6:25: /priority/matrix: must have a row for each impact: “low” is missing\n"
    "shop.json:6:74: /priority/raise/0: must have either “services”, or both “phase” and “after”\n"
    "shop.json:4:33: /categories/a/within: leads back to the category itself\n"
    "shop.json:4:55: /categories/b/within: leads back to the category itself\n"
    "shop.json:2:37: /roles/commander/holders: must be 1: there is exactly one commander\n"
    "shop.json:1:35: /people/ana/supervisor: is the person itself\n"
    "shop.json:3:35: /services/a/depends-on: must not name the service itself\n"
    "shop.json:1:67: /automations/ana: is the name of a person too: an actor is one or the other\n"
    "shop.json:5:13: /rights/0: must say for whom by exactly one of “everyone”, “owners”, “role”, “team”, “person” and “automation”\n"
    "shop.json:5:57: /rights/0/may/0: must be a verb, “lower-severity”, “skip-must-do”, “silence”, “override” or “*”; “fly” is none\n"
    "shop.json:7:58: /checklists/c/tasks/0/after/0: must be the number of an earlier task: this one is 1\n"
    "shop.json:7:33: /checklists/c/tasks/0: must be for a person or for a role, not for both\n"
    "shop.json:8:70: /reporting/r/for/phase/0: must be one of the phases; “gone” is none\n"
    "shop.json:8:31: /reporting/r/after: is the clock itself");
}

static void
test_the_message_is_all_problems_and_the_place_that_of_the_first (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_playbook_new_from_json ("{\"name\":7,\"people\":[]}", -1, NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, "line 1, column 9: /name: must be a string, not a number\n"
                                       "line 1, column 20: /people: must be an object, not an array");
  assert_string_equal (incident_error_get_where (error), "/name");
}

static void
test_what_is_no_json_is_told_of_once (void **state)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_playbook_new_from_json ("{\"name\":\n", -1, "shop.json", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_true (g_str_has_prefix (error->message, "shop.json:"));
}

static void
test_the_same_content_has_the_same_version (void **state)
{
  g_autoptr(IncidentPlaybook) one = playbook_new ("{\"name\":\"Shop\",\"people\":{\"ana\":{},\"bo\":{\"name\":\"Bo\"}}}");
  g_autoptr(IncidentPlaybook) same = playbook_new (" { \"people\" : {\"bo\":{\"name\":\"\\u0042o\"},\n\"ana\":{}},\"name\":\"Shop\"}");
  g_autoptr(IncidentPlaybook) other = playbook_new ("{\"name\":\"Shop\",\"people\":{\"ana\":{},\"bo\":{\"name\":\"Boo\"}}}");
  g_autofree char *json = incident_playbook_to_json (one);
  g_autoptr(IncidentPlaybook) again = playbook_new (json);

  assert_int_equal (strlen (incident_playbook_get_version (one)), 32);
  assert_string_equal (incident_playbook_get_version (one), incident_playbook_get_version (same));
  assert_string_equal (incident_playbook_get_version (one), incident_playbook_get_version (again));
  assert_string_not_equal (incident_playbook_get_version (one), incident_playbook_get_version (other));
}

static void
test_each_example_reads_as_it_is_written (void **state)
{
  static const char * const names[] = { "follow-the-sun.json", "regulated-bank.json", "two-person-shop.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(IncidentPlaybook) playbook = load_example (names[i]);
      g_autofree char *json = incident_playbook_to_json (playbook);
      g_autoptr(IncidentPlaybook) again = playbook_new (json);
      g_autoptr(GPtrArray) changes = incident_playbook_diff (playbook, again);

      assert_string_equal (incident_playbook_get_version (playbook), incident_playbook_get_version (again));
      assert_int_equal (changes->len, 0);
    }
}

static void
test_duties_are_told_by_role (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = load_example ("two-person-shop.json");
  g_auto(GStrv) scribe = incident_playbook_list_duties (playbook, "scribe");
  g_auto(GStrv) none = incident_playbook_list_duties (playbook, "juggler");

  assert_int_equal (g_strv_length (scribe), 1);
  assert_string_equal (scribe[0], "Notes what was seen and tried, and when");
  assert_int_equal (g_strv_length (none), 0);
  assert_string_equal (incident_playbook_get_name (playbook), "Two-person shop");
}

/* Several documents */

typedef struct
{
  char *folder;
  char *paths[3];
} Papers;

static void
papers_write (Papers *papers, const char *one, const char *two)
{
  const char *texts[] = { one, two };
  g_autoptr(GError) error = NULL;

  papers->folder = g_dir_make_tmp ("incident-papers-XXXXXX", NULL);
  for (guint i = 0; i < 2; i++)
    {
      papers->paths[i] = g_build_filename (papers->folder, i == 0 ? "one.json" : "two.json", NULL);
      g_file_set_contents (papers->paths[i], texts[i], -1, &error);
      assert_no_error (error);
    }
  papers->paths[2] = NULL;
}

static void
papers_clear (Papers *papers)
{
  for (guint i = 0; i < 2; i++)
    {
      g_unlink (papers->paths[i]);
      g_free (papers->paths[i]);
    }
  g_rmdir (papers->folder);
  g_free (papers->folder);
}

/* What is said of them, with the folder left out. */
static char *
join_faults (const char *one, const char *two)
{
  Papers papers;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) message = g_string_new (NULL);
  g_autofree char *folder = NULL;

  papers_write (&papers, one, two);
  assert_null (incident_playbook_load ((const char * const *) papers.paths, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  g_string_append (message, error->message);
  folder = g_strconcat (papers.folder, "/", NULL);
  g_string_replace (message, folder, "", 0);
  papers_clear (&papers);
  return g_strdup (message->str);
}

static void
test_documents_are_joined_by_name (void **state)
{
  Papers papers;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) joined = NULL;
  g_autoptr(IncidentPlaybook) whole = playbook_new (
    "{\"name\":\"Shop\",\"people\":{\"ana\":{\"name\":\"Ana\",\"zone\":\"UTC\"},\"bo\":{}},"
    "\"teams\":{\"t\":{\"members\":[\"ana\",\"bo\"]}},"
    "\"rights\":[{\"everyone\":true,\"may\":[\"note\"]},{\"person\":\"bo\",\"may\":[\"close\"]}]}");

  papers_write (&papers,
                "{\"name\":\"Shop\",\"people\":{\"ana\":{\"name\":\"Ana\"}},\"teams\":{\"t\":{\"members\":[\"ana\"]}},"
                "\"rights\":[{\"everyone\":true,\"may\":[\"note\"]}]}",
                "{\"people\":{\"ana\":{\"zone\":\"UTC\"},\"bo\":{}},\"teams\":{\"t\":{\"members\":[\"bo\"]}},"
                "\"rights\":[{\"person\":\"bo\",\"may\":[\"close\"]}]}");
  joined = incident_playbook_load ((const char * const *) papers.paths, &error);
  assert_no_error (error);
  assert_string_equal (incident_playbook_get_version (joined), incident_playbook_get_version (whole));
  papers_clear (&papers);
}

static void
test_what_two_documents_say_is_an_error (void **state)
{
  g_autofree char *faults = join_faults ("{\"name\":\"Shop\",\"people\":{\"ana\":{\"name\":\"Ana\"}}}",
                                         "{\"name\":\"Shop\",\n\"people\":{\"ana\":{\"name\":\"Anna\"}}}");

  assert_string_equal (faults, "two.json:1:9: /name: stands in “one.json” already: say it once\n"
                               "two.json:2:25: /people/ana/name: stands in “one.json” already: say it once");
}

static void
test_each_fault_has_the_place_in_its_document (void **state)
{
  g_autofree char *faults = join_faults ("{\"people\":\n{\"ana\":{\"name\":7}}}",
                                         "{\"teams\":{\"t\":{\"members\":[\"ana\",\"zoe\"]}}}");

  assert_string_equal (faults, "one.json:2:16: /people/ana/name: must be a string, not a number\n"
                               "two.json:1:33: /teams/t/members/1: must be a name in “/people”; “zoe” is none there");
}

static void
test_a_file_that_is_not_there_is_an_error_of_gio (void **state)
{
  const char * const paths[] = { "/nowhere/shop.json", NULL };
  g_autoptr(GError) error = NULL;

  assert_null (incident_playbook_load (paths, &error));
  assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_true (g_str_has_prefix (error->message, "Cannot read /nowhere/shop.json: "));
}

/* Differences */

static char *
join_changes (const char *before, const char *after)
{
  g_autoptr(IncidentPlaybook) old = playbook_new (before);
  g_autoptr(IncidentPlaybook) new = playbook_new (after);
  g_autoptr(GPtrArray) changes = incident_playbook_diff (old, new);
  GString *texts = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      IncidentPlaybookChange *change = g_ptr_array_index (changes, i);
      const char *name = incident_playbook_change_get_name (change);

      g_string_append_printf (texts, "%s%s/%s %s", i > 0 ? "\n" : "", incident_playbook_change_get_section (change),
                              name != NULL ? name : "", incident_playbook_change_get_text (change));
    }
  return g_string_free (texts, FALSE);
}

static void
test_differences_are_said_in_words (void **state)
{
  g_autofree char *changes = join_changes (
    "{\"name\":\"Shop\",\"people\":{\"ana\":{},\"bo\":{}},\"teams\":{\"pay\":{\"members\":[\"ana\",\"bo\"]},\"core\":{}},"
    "\"services\":{\"checkout\":{\"owner\":\"pay\",\"title\":\"Checkout\"},\"old\":{}},\"x-mine\":1,"
    "\"cadence\":{\"updates\":{\"sev1\":\"30m\"}}}",
    "{\"name\":\"Store\",\"people\":{\"bo\":{},\"ana\":{}},\"teams\":{\"pay\":{\"members\":[\"bo\",\"ana\"]},\"core\":{\"members\":[\"ana\"]}},"
    "\"services\":{\"new\":{\"owner\":\"core\"},\"checkout\":{\"owner\":\"core\"}},\"x-mine\":2,"
    "\"cadence\":{\"updates\":{\"sev1\":\"15m\",\"sev2\":\"1h\"}},\"rights\":[{\"everyone\":true,\"may\":[\"*\"]}]}");

  assert_string_equal (changes,
    "name/ name: Shop → Store\n"
    "teams/pay team pay: members in another order\n"
    "teams/core team core: members + ana\n"
    "services/checkout service checkout: title Checkout → nothing\n"
    "services/checkout service checkout: owner pay → core\n"
    "services/old service old: is gone\n"
    "services/new service new: is new\n"
    "rights/ rights: + {\"everyone\":true,\"may\":[\"*\"]}\n"
    "cadence/ cadence: updates sev1 30m → 15m\n"
    "cadence/ cadence: updates sev2 nothing → 1h");
}

static void
test_a_change_names_the_open_cases_it_touches (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentPlaybook) before = playbook_new ("{\"services\":{\"a\":{},\"b\":{}}}");
  g_autoptr(IncidentPlaybook) after = playbook_new ("{\"services\":{\"a\":{\"title\":\"A\"},\"b\":{}}}");
  g_autoptr(GPtrArray) changes = incident_playbook_diff (before, after);
  g_autoptr(GPtrArray) touched = NULL;
  IncidentCase *kase;

  assert_true (incident_desk_set_playbook (office->desk, before, NULL));
  for (guint i = 0; i < 3; i++)
    g_object_unref (open_with (office, command_new ("open", "ana", "title", "T", "service", i == 1 ? "b" : "a", NULL)));
  kase = open_with (office, command_new ("open", "ana", "title", "T", "service", "a", NULL));
  act (kase, "cancel", "ana", "text", "a drill", NULL);
  g_object_unref (kase);
  reopen_office (office);
  assert_int_equal (changes->len, 1);
  touched = incident_desk_list_touched (office->desk, g_ptr_array_index (changes, 0), NULL);
  assert_int_equal (touched->len, 2);
  assert_string_equal (g_ptr_array_index (touched, 0), "INC-3");
  assert_string_equal (g_ptr_array_index (touched, 1), "INC-1");
}

/* Another playbook under a case */

#define VERB(verb, event, from, to) "{\"verb\":\"" verb "\",\"event\":\"" event "\",\"from\":[" from "],\"to\":\"" to "\"}"
#define WITH_TRIAGE "{\"lifecycle\":{\"phases\":[{\"name\":\"fresh\",\"state\":\"live\"},{\"name\":\"triage\",\"state\":\"live\"}," \
  "{\"name\":\"over\",\"state\":\"ended\"}],\"verbs\":[" VERB ("open", "opened", "", "fresh") "," \
  VERB ("sort", "sorted", "\"fresh\"", "triage") "," VERB ("end", "ended", "\"triage\"", "over") "]}}"
#define STEPS_AND(more) "{\"phases\":[{\"name\":\"begun\",\"state\":\"live\"},{\"name\":\"finished\",\"state\":\"ended\"}]," \
  "\"verbs\":[" VERB ("open", "opened", "", "begun") "," VERB ("stop", "stopped", "\"begun\"", "finished") more "]"
#define STEPS STEPS_AND ("")
#define WITHOUT "{\"lifecycle\":" STEPS "}}"
#define MOVING "{\"lifecycle\":" STEPS ",\"migrate\":{\"triage\":\"begun\"}}}"

static IncidentCase *
open_triaged (Office *office)
{
  IncidentCase *kase;

  rule_by (office, WITH_TRIAGE);
  kase = open_case (office);
  act (kase, "sort", "ana", NULL);
  return kase;
}

static void
test_a_case_keeps_its_lifecycle_when_the_playbook_changes (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_triaged (office);
  g_autoptr(IncidentCase) other = NULL;

  rule_by (office, WITHOUT);
  other = open_case (office);
  assert_string_equal (incident_case_get_phase (other), "begun");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_phase (kase), "triage");
  assert_may (kase, "end", "ana", TRUE);
  assert_codes (kase, "unknown-verb", "stop", "ana", NULL);
  act (kase, "end", "ana", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_phase (kase), "over");
  assert_false (incident_case_get_open (kase));
}

static void
test_a_case_moves_where_the_playbook_says_so (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_triaged (office);
  g_autoptr(IncidentEvent) event = NULL;

  rule_by (office, MOVING);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_phase (kase), "triage");
  assert_may (kase, "stop", "ana", TRUE);
  /* What is refused moves nothing. */
  assert_codes (kase, "missing-text", "note", "ana", NULL);
  act (kase, "note", "ana", "text", "we go on", NULL);
  assert_kinds (kase, 3, "lifecycle-changed noted");
  assert_string_equal (incident_case_get_phase (kase), "begun");
  event = dup_event (kase, 3);
  assert_fact (event, "phase", "begun");
  assert_fact (event, "state", "live");
  kase = read_again (office, g_steal_pointer (&kase));
  act (kase, "stop", "ana", NULL);
  assert_string_equal (incident_case_get_phase (kase), "finished");
}

static void
test_a_batch_is_judged_again_under_another_playbook (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentBatch) batch = incident_batch_new (office->desk);
  g_autoptr(IncidentCommand) opened = command_new ("open", "ana", "title", "Disk full", NULL);
  g_autoptr(IncidentCommand) stopped = command_new ("stop", "ana", NULL);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, WITH_TRIAGE);
  g_clear_pointer (&batch, incident_batch_unref);
  batch = incident_batch_new (office->desk);
  incident_batch_act (batch, 0, opened, &error);
  assert_no_error (error);
  rule_by (office, WITHOUT);
  incident_batch_commit (batch, &error);
  assert_no_error (error);
  kase = incident_desk_get_case (office->desk, 1, &error);
  assert_no_error (error);
  assert_string_equal (incident_case_get_phase (kase), "begun");
  kase = read_again (office, g_steal_pointer (&kase));
  act_with (kase, g_steal_pointer (&stopped));
  assert_string_equal (incident_case_get_phase (kase), "finished");
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer kept)
{
  *(GAsyncResult **) kept = g_object_ref (result);
}

static void
test_the_playbook_stays_while_a_case_is_being_opened (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCommand) command = command_new ("open", "ana", "title", "Disk full", NULL);
  g_autoptr(IncidentPlaybook) playbook = playbook_new (WITHOUT);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, WITH_TRIAGE);
  incident_desk_act_async (office->desk, 0, command, NULL, keep_result, &result);
  g_test_expect_message ("Incident", G_LOG_LEVEL_CRITICAL, "*incident_desk_set_playbook*is_acting*");
  assert_false (incident_desk_set_playbook (office->desk, playbook, NULL));
  g_test_assert_expected_messages ();
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  kase = incident_desk_act_finish (office->desk, result, &error);
  assert_no_error (error);
  assert_string_equal (incident_case_get_phase (kase), "fresh");
  assert_true (incident_desk_set_playbook (office->desk, playbook, NULL));
}

static void
test_an_event_says_under_which_playbook_it_was_judged (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = open_case (office);
  g_autoptr(IncidentEvent) noted = NULL;
  g_autoptr(IncidentEvent) again = NULL;
  const char *version;

  assert_string_equal (incident_case_get_playbook (kase), "built-in");
  rule_by (office, "{\"name\":\"Shop\"}");
  version = incident_playbook_get_version (incident_desk_get_playbook (office->desk));
  assert_string_equal (incident_case_get_playbook (kase), "built-in");
  act (kase, "note", "ana", "text", "one", NULL);
  act (kase, "note", "ana", "text", "two", NULL);
  assert_string_equal (incident_case_get_playbook (kase), version);
  noted = dup_event (kase, 2);
  again = dup_event (kase, 3);
  assert_fact (noted, "playbook", version);
  assert_fact (again, "playbook", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_playbook (kase), version);
  rule_by (office, "{}");
  act (kase, "note", "ana", "text", "three", NULL);
  assert_string_equal (incident_case_get_playbook (kase), "built-in");
}

#define SORTS "{\"verb\":\"sort\",\"event\":\"sorted\",\"from\":[\"begun\"],\"to\":\"begun\",\"guards\":[\"classification\"]}"
#define ROW(impact) "\"" impact "\":{\"high\":\"p1\",\"medium\":\"p2\",\"low\":\"p5\"}"
#define SORTING "{\"lifecycle\":" STEPS_AND ("," SORTS) "},\"priority\":{\"matrix\":{" ROW ("high") "," ROW ("medium") "," ROW ("low") "}}," \
  "\"checklists\":{\"pay\":{\"for\":{\"service\":[\"pay\"]},\"tasks\":[{\"title\":\"Tell the bank\"}]}}}"

static void
test_what_is_said_of_many_is_made_of_each (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCommand) sort = command_new ("sort", "ana", "impact", "high", NULL);
  g_autoptr(GError) error = NULL;
  static const IncidentPriority priorities[] = { INCIDENT_PRIORITY_P1, INCIDENT_PRIORITY_P5, INCIDENT_PRIORITY_P1 };

  rule_by (office, SORTING);
  g_object_unref (open_with (office, command_new ("open", "ana", "title", "T", "urgency", "high", NULL)));
  g_object_unref (open_with (office, command_new ("open", "ana", "title", "T", "urgency", "low", NULL)));
  g_object_unref (open_with (office, command_new ("open", "ana", "title", "T", "urgency", "high", NULL)));
  incident_desk_act_many (office->desk, (const guint64[]) { 1, 2, 3 }, 3, sort, &error);
  assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IncidentCase) kase = incident_desk_get_case (office->desk, i + 1, NULL);

      assert_int_equal (incident_case_get_version (kase), 2);
      assert_int_equal (incident_case_get_priority (kase), priorities[i]);
    }
}

static void
test_who_leaves_may_no_more (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, "{\"people\":{\"ana\":{},\"bo\":{}}}");
  kase = open_case (office);
  act (kase, "note", "bo", "text", "seen", NULL);
  rule_by (office, "{\"people\":{\"ana\":{}}}");
  kase = read_again (office, g_steal_pointer (&kase));
  assert_codes (kase, "not-permitted", "note", "bo", "text", "one more thing", NULL);
  assert_fails_with (kase, command_new ("assign", "ana", "role", "expert", "person", "bo", NULL), INCIDENT_ERROR_NOT_FOUND,
                     "person", "There is no person “bo” in the playbook");
}

#define PAGES "{\"verb\":\"call-in\",\"event\":\"paged\",\"from\":[\"begun\"],\"to\":\"begun\",\"guards\":[\"role\",\"person\"]}"

static void
test_a_step_that_gives_a_role_goes_by_the_rules_of_roles (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, "{\"lifecycle\":" STEPS_AND ("," PAGES) "},\"people\":{\"ana\":{\"qualifications\":[\"command\"]},"
           "\"bo\":{},\"cy\":{\"qualifications\":[\"command\"]}},\"roles\":{\"commander\":{\"qualification\":\"command\"},"
           "\"expert\":{\"holders\":2}},\"rights\":[{\"everyone\":true,\"may\":[\"*\"]}]}");
  kase = open_case (office);
  assert_codes (kase, "not-qualified", "call-in", "ana", "role", "commander", "person", "bo", NULL);
  act (kase, "call-in", "ana", "role", "commander", "person", "ana", NULL);
  assert_codes (kase, "not-permitted", "call-in", "bo", "role", "commander", "person", "cy", NULL);
  act (kase, "call-in", "ana", "role", "expert", "person", "bo", NULL);
  act (kase, "call-in", "ana", "role", "expert", "person", "cy", NULL);
  assert_codes (kase, "role-full", "call-in", "ana", "role", "expert", "person", "ana", NULL);
}

/* Each named, and with no guard at all. */
#define NAMED(verb) ",{\"verb\":\"" verb "\",\"event\":\"done-" verb "\",\"from\":[\"begun\"],\"to\":null}"

static void
test_a_verb_of_the_record_needs_what_it_is_about_wherever_it_is_named (void **state)
{
  static const char * const verbs[] = {
    "assign", "release", "handoff", "accept", "decline", "start-task", "finish-task", "reopen-task", "hand-task",
    "add-checklist", "affect", "measure", "link", "unlink", "dismiss", "file-report"
  };
  Office *office = *state;
  g_autoptr(IncidentCase) kase = NULL;

  rule_by (office, "{\"lifecycle\":" STEPS_AND ("," VERB ("merge", "taken-in", "\"begun\"", "finished")
           NAMED ("assign") NAMED ("release") NAMED ("handoff") NAMED ("accept") NAMED ("decline") NAMED ("start-task")
           NAMED ("finish-task") NAMED ("reopen-task") NAMED ("hand-task") NAMED ("add-checklist") NAMED ("affect")
           NAMED ("measure") NAMED ("link") NAMED ("unlink") NAMED ("dismiss") NAMED ("file-report") NAMED ("redact")) "}}");
  kase = open_case (office);
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new (verbs[i], "ana");
      g_autoptr(GError) error = NULL;

      assert_false (incident_case_act (kase, command, &error));
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
      assert_true (g_strv_contains (incident_error_get_codes (error), "missing-target"));
    }
  assert_codes (kase, "missing-target", "merge", "ana", NULL);
  assert_codes (kase, "missing-text missing-target", "redact", "ana", NULL);
  assert_int_equal (incident_case_get_version (kase), 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_a_case_of_the_two_person_shop),
    both (test_a_case_that_follows_the_sun),
    both (test_a_case_of_the_regulated_bank),
    office_test (test_a_must_do_task_is_skipped_with_the_right_only),
    office_test (test_strangers_do_nothing),
    office_test (test_nobody_is_obeyed_unverified),
    office_test (test_owners_of_the_service_may),
    office_test (test_nobody_owns_a_case_without_a_service),
    office_test (test_lowering_the_severity_takes_a_right_and_a_reason),
    office_test (test_an_automation_ends_only_what_it_began_and_nobody_took_over),
    both (test_a_merge_takes_the_right_in_both_cases),
    both (test_what_follows_from_an_automation_is_no_take_over),
    both (test_who_has_no_right_is_kept_beside_the_log),
    office_test (test_a_person_who_is_away_is_asked_with_a_reason_only),
    both (test_who_accepts_a_role_takes_it_from_who_offered_it),
    office_test (test_an_offer_that_has_expired_is_none),
    both (test_checklists_come_with_the_case),
    office_test (test_checklists_come_once_and_when_they_hold),
    cmocka_unit_test (test_all_that_is_wrong_in_form_is_told_at_once),
    cmocka_unit_test (test_all_that_is_wrong_in_meaning_is_told_at_once),
    cmocka_unit_test (test_the_message_is_all_problems_and_the_place_that_of_the_first),
    cmocka_unit_test (test_what_is_no_json_is_told_of_once),
    cmocka_unit_test (test_the_same_content_has_the_same_version),
    cmocka_unit_test (test_each_example_reads_as_it_is_written),
    cmocka_unit_test (test_duties_are_told_by_role),
    cmocka_unit_test (test_documents_are_joined_by_name),
    cmocka_unit_test (test_what_two_documents_say_is_an_error),
    cmocka_unit_test (test_each_fault_has_the_place_in_its_document),
    cmocka_unit_test (test_a_file_that_is_not_there_is_an_error_of_gio),
    cmocka_unit_test (test_differences_are_said_in_words),
    both (test_a_change_names_the_open_cases_it_touches),
    both (test_a_case_keeps_its_lifecycle_when_the_playbook_changes),
    both (test_a_case_moves_where_the_playbook_says_so),
    both (test_a_batch_is_judged_again_under_another_playbook),
    both (test_the_playbook_stays_while_a_case_is_being_opened),
    both (test_an_event_says_under_which_playbook_it_was_judged),
    both (test_what_is_said_of_many_is_made_of_each),
    both (test_who_leaves_may_no_more),
    office_test (test_a_step_that_gives_a_role_goes_by_the_rules_of_roles),
    office_test (test_a_verb_of_the_record_needs_what_it_is_about_wherever_it_is_named),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
