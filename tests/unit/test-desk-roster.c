/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "override-test.h"

/* Which playbook holds when, and two desks over one journal. */

#define ADD     INCIDENT_OVERRIDE_KIND_ADD
#define REPLACE INCIDENT_OVERRIDE_KIND_REPLACE
#define SWAP    INCIDENT_OVERRIDE_KIND_SWAP

#define ONLY(person) "{" PEOPLE ",\"schedules\":{\"core\":{\"zone\":\"UTC\",\"layers\":[{\"people\":[\"" person "\"]}]}}}"
#define NO_SCHEDULES "{" PEOPLE "}"

/* A clock that does something the next so many times somebody looks at it. */

#define TYPE_BUSY_CLOCK (busy_clock_get_type ())
G_DECLARE_FINAL_TYPE (BusyClock, busy_clock, BUSY, CLOCK, GObject)

struct _BusyClock
{
  GObject parent_instance;

  Office *other;     /* at which it is done, by the clock of that one */
  guint   n_times;
  guint   n_done;
};

static gint64
busy_clock_get_time (IncidentClock *clock)
{
  BusyClock *self = BUSY_CLOCK (clock);

  if (self->n_times > 0)
    {
      self->n_times--;
      self->n_done++;
      add (self->other, ADD, "di", NULL, 10 * (int) self->n_done, 10 * (int) self->n_done + 5);
    }
  return incident_clock_get_time (self->other->clock);
}

static gint64
busy_clock_get_boot_time (IncidentClock *clock)
{
  return incident_clock_get_boot_time (BUSY_CLOCK (clock)->other->clock);
}

static char *
busy_clock_dup_boot_id (IncidentClock *clock)
{
  return incident_clock_dup_boot_id (BUSY_CLOCK (clock)->other->clock);
}

static GBytes *
busy_clock_random_bytes (IncidentClock *clock, gsize length)
{
  return incident_clock_random_bytes (BUSY_CLOCK (clock)->other->clock, length);
}

static void
busy_clock_iface_init (IncidentClockInterface *iface)
{
  iface->get_time = busy_clock_get_time;
  iface->get_boot_time = busy_clock_get_boot_time;
  iface->dup_boot_id = busy_clock_dup_boot_id;
  iface->random_bytes = busy_clock_random_bytes;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BusyClock, busy_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CLOCK, busy_clock_iface_init))

static void
busy_clock_class_init (BusyClockClass *klass)
{
}

static void
busy_clock_init (BusyClock *self)
{
}

/* A second desk over the store of @office; over a file, with a store of its own. */
static IncidentDesk *
second_desk (Office *office, IncidentClock *clock, const char *playbook)
{
  g_autoptr(IncidentPlaybook) rules = playbook != NULL ? playbook_new (playbook) : NULL;
  const char *folder = g_object_get_data (G_OBJECT (office->clock), "folder");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "store.db", NULL) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentStore) store = path != NULL ? incident_sqlite_store_open (path, office->clock, &error) : g_object_ref (office->store);

  assert_no_error (error);
  return incident_desk_new_with_playbook (store, clock, rules);
}

static void
open_case_at (IncidentDesk *desk)
{
  g_autoptr(IncidentCommand) command = command_new ("open", "ana", "title", "Checkout answers 500", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = incident_desk_act (desk, 0, command, &error);

  assert_no_error (error);
}

static void
test_a_playbook_is_written_down_once (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) journal = NULL;
  g_autofree char *body = NULL;
  IncidentRosterEntry *entry;

  rule_by (office, PLAYBOOK);
  rule_by (office, PLAYBOOK);
  reopen_office (office);
  open_case_at (office->desk);
  journal = incident_desk_load_roster_journal (office->desk, NULL);
  assert_int_equal (journal->len, 1);
  entry = g_ptr_array_index (journal, 0);
  body = g_strdup_printf ("{\"version\":\"%s\"}", incident_playbook_get_version (incident_desk_get_playbook (office->desk)));
  assert_string_equal (entry->kind, "playbook");
  assert_string_equal (entry->actor, "desk");
  assert_string_equal (entry->body, body);
  assert_null (entry->schedule);
  assert_true (entry->at == START);
}

static void
test_a_playbook_that_never_said_who_is_on_call_is_not_written_down (void **state)
{
  Office *office = *state;

  open_case_at (office->desk);
  rule_by (office, NO_SCHEDULES);
  assert_int_equal (get_head (office), 0);
}

static void
test_that_a_playbook_has_no_schedules_any_more_is_written_down (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  advance (office, 10 * MINUTE);
  rule_by (office, NO_SCHEDULES);
  rule_by (office, PLAYBOOK);
  assert_int_equal (get_head (office), 3);
}

static void
test_the_built_in_rules_say_nothing_of_who_is_on_call (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = NULL;

  rule_by (office, PLAYBOOK);
  other = second_desk (office, office->clock, NULL);
  open_case_at (other);
  assert_int_equal (get_head (office), 1);
}

#define SMALL "{\"phases\":[{\"name\":\"new\",\"state\":\"live\"},{\"name\":\"over\",\"state\":\"ended\"}]," \
  "\"verbs\":[{\"verb\":\"open\",\"event\":\"opened\",\"from\":[],\"to\":\"new\"}," \
  "{\"verb\":\"end\",\"event\":\"ended\",\"from\":[\"new\"],\"to\":\"over\"}]}"

static void
test_a_lifecycle_alone_says_nothing_of_who_is_on_call (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentLifecycle) lifecycle = incident_lifecycle_new_from_json (SMALL, -1, "small.json", &error);
  g_autoptr(IncidentDesk) other = NULL;

  assert_no_error (error);
  rule_by (office, PLAYBOOK);
  other = incident_desk_new (office->store, office->clock, lifecycle);
  open_case_at (other);
  assert_int_equal (get_head (office), 1);
}

static void
test_policies_alone_are_written_down_too (void **state)
{
  Office *office = *state;

  rule_by (office, "{" PEOPLE ",\"policies\":{\"core\":{\"steps\":[{\"page\":[{\"person\":\"ana\"}],\"wait\":\"5m\"}]}}}");
  assert_int_equal (get_head (office), 1);
}

static void
test_the_past_is_by_the_playbook_of_its_time (void **state)
{
  Office *office = *state;

  rule_by (office, ONLY ("ana"));
  advance (office, 10 * MINUTE);
  rule_by (office, ONLY ("bo"));
  advance (office, 10 * MINUTE);
  rule_by (office, ONLY ("cy"));
  assert_on_call (office, AT (-5), "ana");
  assert_on_call (office, AT (5), "ana");
  assert_on_call (office, AT (10), "bo");
  assert_on_call (office, AT (20), "cy");
  reopen_office (office);
  assert_on_call (office, AT (5), "ana");
  assert_on_call (office, AT (10), "bo");
  assert_on_call (office, AT (20), "cy");
}

static void
test_a_desk_that_has_not_acted_is_by_its_own_playbook_from_now_on (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = NULL;
  IncidentDesk *first = office->desk;

  rule_by (office, ONLY ("ana"));
  advance (office, 10 * MINUTE);
  other = second_desk (office, office->clock, ONLY ("bo"));
  office->desk = other;
  assert_on_call (office, AT (9), "ana");
  assert_on_call (office, AT (10), "bo");
  assert_int_equal (get_head (office), 1);
  advance (office, 10 * MINUTE);
  open_case_at (other);
  assert_on_call (office, AT (19), "ana");
  assert_on_call (office, AT (20), "bo");
  office->desk = first;
}

static void
test_the_roster_is_read_once_as_long_as_nothing_changes (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentRoster) first = NULL;
  g_autoptr(IncidentRoster) again = NULL;
  g_autoptr(IncidentRoster) changed = NULL;
  g_autoptr(IncidentRoster) one = NULL;
  g_autoptr(IncidentRoster) other = NULL;

  rule_by (office, NO_SCHEDULES);
  one = load_roster (office);
  rule_by (office, "{\"people\":{\"ana\":{}}}");
  other = load_roster (office);
  assert_int_equal (get_head (office), 0);
  assert_ptr_not_equal (one, other);

  rule_by (office, PLAYBOOK);
  first = load_roster (office);
  again = load_roster (office);
  assert_ptr_equal (first, again);
  add (office, ADD, "cy", NULL, 10, 20);
  changed = load_roster (office);
  assert_ptr_not_equal (first, changed);
}

static void
test_more_entries_than_a_page_are_all_read (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(IncidentRoster) roster = NULL;
  g_autoptr(GError) error = NULL;
  IncidentRosterAppend append = { 1, entries };
  IncidentCommit commit = { .drafts = drafts, .roster = &append };

  rule_by (office, PLAYBOOK);
  for (guint i = 0; i < 2 * INCIDENT_QUERY_MAX_LIMIT; i++)
    g_ptr_array_add (entries, incident_roster_entry_new ("add", START, "core", "ana", g_strdup (
      "{\"person\":\"cy\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}")));
  incident_store_commit (office->store, &commit, &error);
  assert_no_error (error);
  roster = load_roster (office);
  assert_int_equal (roster->changes->len, 2 * INCIDENT_QUERY_MAX_LIMIT);
}

static void
test_rules_of_an_older_playbook_are_found_by_their_version (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentPlaybook) older = playbook_new (ONLY ("ana"));
  const IncidentRules *rules;

  rule_by (office, ONLY ("ana"));
  rule_by (office, PLAYBOOK);
  reopen_office (office);
  rules = incident_desk_find_rules (office->desk, incident_playbook_get_version (older));
  assert_non_null (rules);
  assert_string_equal (rules->version, incident_playbook_get_version (older));
  assert_int_equal (rules->oncall->schedules->len, 1);
  assert_ptr_equal (incident_desk_find_rules (office->desk, rules->version), rules);
  assert_null (incident_desk_find_rules (office->desk, "0000"));
  assert_null (incident_desk_find_rules (office->desk, NULL));
  assert_ptr_equal (incident_desk_find_rules (office->desk, incident_playbook_get_version (incident_desk_get_playbook (office->desk))),
                    incident_playbook_get_rules (incident_desk_get_playbook (office->desk)));
}

static void
test_planning_is_by_the_clock_of_the_desk (void **state)
{
  Office *office = *state;
  IncidentPlanning planning;
  g_autoptr(IncidentRoster) roster = NULL;
  g_autofree char *boot = incident_clock_dup_boot_id (office->clock);
  const char *version;

  rule_by (office, "{" PEOPLE ",\"policies\":{\"core\":{\"steps\":[{\"page\":[{\"person\":\"ana\"}],\"wait\":\"5m\"}]}}}");
  version = incident_playbook_get_version (incident_desk_get_playbook (office->desk));
  advance (office, 3 * MINUTE);
  roster = load_roster (office);
  incident_desk_init_planning (office->desk, &planning, roster);
  assert_ptr_equal (planning.roster, roster);
  assert_null (planning.alerts);
  assert_true (planning.now == AT (3));
  assert_true (planning.now_boot == incident_clock_get_boot_time (office->clock));
  assert_int_equal (planning.boot, incident_boot_hash (boot));
  assert_non_null (planning.find_policy (version, "core", planning.find_data));
  assert_null (planning.find_policy (version, "other", planning.find_data));
  assert_null (planning.find_policy ("0000", "core", planning.find_data));
}

static void
test_a_change_is_judged_anew_where_another_desk_wrote_first (void **state)
{
  Office *office = *state;
  g_autoptr(BusyClock) clock = g_object_new (TYPE_BUSY_CLOCK, NULL);
  g_autoptr(IncidentDesk) other = NULL;
  g_autoptr(IncidentOverride) wanted = override_new (REPLACE, "ana", "cy", 100, 110);
  g_autoptr(IncidentOverride) made = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, PLAYBOOK);
  clock->other = office;
  other = second_desk (office, INCIDENT_CLOCK (clock), PLAYBOOK);
  open_case_at (other);
  /* Twice at each attempt. */
  clock->n_times = 20;
  made = incident_desk_add_override (other, wanted, "ana", &error);
  assert_no_error (error);
  assert_int_equal (clock->n_done, 20);
  assert_true (incident_override_get_id (made) == get_head (office));
  assert_int_equal (get_head (office), 22);
}

static void
test_who_loses_is_refused_by_what_the_winner_wrote (void **state)
{
  Office *office = *state;
  g_autoptr(BusyClock) clock = g_object_new (TYPE_BUSY_CLOCK, NULL);
  g_autoptr(IncidentDesk) other = NULL;
  g_autoptr(IncidentOverride) wanted = override_new (REPLACE, "ana", "di", 12, 20);
  g_autoptr(GError) error = NULL;
  guint64 head;

  rule_by (office, PLAYBOOK);
  clock->other = office;
  other = second_desk (office, INCIDENT_CLOCK (clock), PLAYBOOK);
  open_case_at (other);
  clock->n_times = 1;
  assert_null (incident_desk_add_override (other, wanted, "ana", &error));
  head = get_head (office);
  assert_int_equal (head, 2);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (incident_error_get_codes (error)[0], "overlap");
}

static void
test_a_change_is_given_up_where_others_always_write_first (void **state)
{
  Office *office = *state;
  g_autoptr(BusyClock) clock = g_object_new (TYPE_BUSY_CLOCK, NULL);
  g_autoptr(IncidentDesk) other = NULL;
  g_autoptr(IncidentOverride) wanted = override_new (REPLACE, "ana", "cy", 1, 5);
  g_autoptr(GError) error = NULL;

  rule_by (office, PLAYBOOK);
  clock->other = office;
  other = second_desk (office, INCIDENT_CLOCK (clock), PLAYBOOK);
  open_case_at (other);
  clock->n_times = 1000;
  assert_null (incident_desk_add_override (other, wanted, "ana", &error));
  clock->n_times = 0;
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
}

static void
test_of_two_who_take_a_swap_one_has_it (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentDesk) other = NULL;
  g_autoptr(IncidentOverride) first = NULL;
  g_autoptr(GError) error = NULL;
  guint64 swap;

  rule_by (office, PLAYBOOK);
  swap = add (office, SWAP, "ana", NULL, 10, 20);
  other = second_desk (office, office->clock, PLAYBOOK);
  first = incident_desk_take_swap (other, swap, "cy", INCIDENT_TIME_NONE, INCIDENT_TIME_NONE, &error);
  assert_no_error (error);
  assert_not_taken (office, swap, "di", 10, 20, "taken", "“override” refused: taken: swap 2 was taken by “cy”");
}

static void
test_a_playbook_is_written_down_where_another_desk_wrote_first (void **state)
{
  Office *office = *state;
  g_autoptr(BusyClock) clock = g_object_new (TYPE_BUSY_CLOCK, NULL);
  g_autoptr(IncidentDesk) other = NULL;
  g_autoptr(IncidentPlaybook) only = playbook_new (ONLY ("bo"));
  g_autoptr(GError) error = NULL;

  rule_by (office, PLAYBOOK);
  clock->other = office;
  other = second_desk (office, INCIDENT_CLOCK (clock), PLAYBOOK);
  clock->n_times = 3;
  incident_desk_set_playbook (other, only, &error);
  assert_no_error (error);
  assert_true (get_head (office) >= 3);
  office->desk = (g_object_unref (office->desk), g_object_ref (other));
  assert_on_call (office, AT (0), "bo");
}

static void
write_damaged (Office *office, const char *kind)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  IncidentRosterAppend append = { get_head (office), entries };
  IncidentCommit commit = { .drafts = drafts, .roster = &append };
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (entries, incident_roster_entry_new (kind, START, NULL, "eve", g_strdup ("{\"version\":7}")));
  incident_store_commit (office->store, &commit, &error);
  assert_no_error (error);
}

static void
test_a_damaged_journal_is_told_and_keeps_nobody_from_a_case (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = override_new (ADD, "cy", NULL, 10, 20);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) adding = NULL;

  rule_by (office, PLAYBOOK);
  write_damaged (office, "playbook");
  assert_null (incident_desk_load_roster (office->desk, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
  assert_string_equal (error->message, "Entry 2 (“playbook”) of the journal of who is on call cannot be read: "
                       "line 1, column 12: /version: must be a string, not a number");
  assert_null (incident_desk_add_override (office->desk, wanted, "ana", &adding));
  assert_error (adding, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
  reopen_office (office);
  open_case_at (office->desk);
  assert_int_equal (get_head (office), 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_a_playbook_is_written_down_once),
    office_test (test_a_playbook_that_never_said_who_is_on_call_is_not_written_down),
    office_test (test_that_a_playbook_has_no_schedules_any_more_is_written_down),
    both (test_the_built_in_rules_say_nothing_of_who_is_on_call),
    office_test (test_a_lifecycle_alone_says_nothing_of_who_is_on_call),
    office_test (test_policies_alone_are_written_down_too),
    both (test_the_past_is_by_the_playbook_of_its_time),
    both (test_a_desk_that_has_not_acted_is_by_its_own_playbook_from_now_on),
    office_test (test_the_roster_is_read_once_as_long_as_nothing_changes),
    both (test_more_entries_than_a_page_are_all_read),
    both (test_rules_of_an_older_playbook_are_found_by_their_version),
    office_test (test_planning_is_by_the_clock_of_the_desk),
    both (test_a_change_is_judged_anew_where_another_desk_wrote_first),
    both (test_who_loses_is_refused_by_what_the_winner_wrote),
    both (test_a_change_is_given_up_where_others_always_write_first),
    both (test_of_two_who_take_a_swap_one_has_it),
    both (test_a_playbook_is_written_down_where_another_desk_wrote_first),
    both (test_a_damaged_journal_is_told_and_keeps_nobody_from_a_case),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
