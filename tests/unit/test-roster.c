/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "oncall/incident-override-private.h"
#include "oncall/incident-roster-body-private.h"

/* The fold of the journal of who is on call. Times are minutes of a day that does not matter. */
#define AT(minute) (G_GINT64_CONSTANT (1795417200000000) + (gint64) (minute) * G_TIME_SPAN_MINUTE)

typedef struct
{
  IncidentRules *rules;
  GPtrArray     *journal;
} Desk;

static int
desk_open (void **state)
{
  g_autoptr(IncidentLifecycle) lifecycle = incident_lifecycle_ref (incident_lifecycle_get_default ());
  Desk *desk = g_new0 (Desk, 1);

  desk->rules = incident_rules_new (lifecycle);
  desk->rules->version = g_strdup ("v1");
  desk->journal = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  *state = desk;
  return 0;
}

static int
desk_close (void **state)
{
  Desk *desk = *state;

  incident_rules_unref (desk->rules);
  g_ptr_array_unref (desk->journal);
  g_free (desk);
  return 0;
}

#define desk_test(function) cmocka_unit_test_setup_teardown (function, desk_open, desk_close)

static void
write_entry (Desk *desk, IncidentRosterEntry *entry /* (transfer full) */)
{
  entry->id = desk->journal->len + 1;
  g_ptr_array_add (desk->journal, entry);
}

static void
write_body (Desk *desk, const char *kind, int at, const char *schedule, const char *body)
{
  write_entry (desk, incident_roster_entry_new (kind, AT (at), schedule, "ana", g_strdup (body)));
}

static void
write_change (Desk *desk, IncidentOverrideKind kind, int at, const char *person, const char *substitute, int from, int until)
{
  g_autoptr(IncidentRosterChange) change =
    incident_roster_change_new ("core", kind, person, substitute, AT (from), AT (until), "a “visit”\n\\");

  if (change->shifts != NULL)
    {
      incident_roster_change_add_shift (change, "bo", NULL, 0, AT (from), AT (from + 1));
      incident_roster_change_add_shift (change, kind == INCIDENT_OVERRIDE_KIND_FEED ? NULL : "cy", "somebody “new”", 3,
                                        AT (from + 1), AT (until));
    }
  write_entry (desk, incident_roster_entry_new_change (change, 0, AT (at), "ana"));
}

static IncidentRules *
find_no_rules (const char *version, gpointer data)
{
  return NULL;
}

static IncidentRules *
find_rules (const char *version, gpointer data)
{
  IncidentRules *rules = g_hash_table_lookup (data, version);

  return rules != NULL ? incident_rules_ref (rules) : NULL;
}

static IncidentRoster *
fold (Desk *desk)
{
  g_autoptr(GError) error = NULL;
  IncidentRoster *roster = incident_roster_new (desk->rules, desk->journal, find_no_rules, NULL, &error);

  assert_no_error (error);
  return roster;
}

static void
assert_corrupt (Desk *desk, const char *why)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentRoster) roster = incident_roster_new (desk->rules, desk->journal, find_no_rules, NULL, &error);

  if (roster != NULL)
    fail_msg ("read, but should be corrupt: %s", why);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
  if (strstr (error->message, why) == NULL)
    fail_msg ("“%s” does not say “%s”", error->message, why);
}

static const IncidentRosterChange *
get (IncidentRoster *roster, guint64 id)
{
  const IncidentRosterChange *change = incident_roster_get_change (roster, id);

  assert_non_null (change);
  return change;
}

static void
assert_base (IncidentRoster *roster, guint i, gint64 from, const IncidentRules *rules)
{
  const IncidentRosterBase *base = &g_array_index (roster->bases, IncidentRosterBase, i);

  assert_true (i < roster->bases->len);
  assert_true (base->from == from);
  assert_ptr_equal (base->rules, rules);
}

static void
test_the_playbook_alone_is_for_all_time (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) plain = incident_roster_new_plain (desk->rules);
  g_autoptr(IncidentRoster) folded = fold (desk);

  assert_int_equal (plain->bases->len, 1);
  assert_base (plain, 0, G_MININT64, desk->rules);
  assert_int_equal (folded->bases->len, 1);
  assert_base (folded, 0, G_MININT64, desk->rules);
  assert_int_equal (folded->head, 0);
  assert_null (folded->declared);
  assert_null (incident_roster_get_change (folded, 1));
}

static void
test_what_is_written_is_read (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) roster = NULL;
  const IncidentRosterChange *change;
  const IncidentFixedShift *shift;

  write_change (desk, INCIDENT_OVERRIDE_KIND_ADD, 0, "ana", NULL, 10, 20);
  write_change (desk, INCIDENT_OVERRIDE_KIND_REMOVE, 1, "bo", NULL, 10, 20);
  write_change (desk, INCIDENT_OVERRIDE_KIND_REPLACE, 2, "cy", "di", 10, 20);
  write_change (desk, INCIDENT_OVERRIDE_KIND_SWAP, 3, "ed", NULL, 10, 20);
  write_change (desk, INCIDENT_OVERRIDE_KIND_TEMPORARY, 4, NULL, NULL, 10, 20);
  write_change (desk, INCIDENT_OVERRIDE_KIND_FEED, 5, NULL, NULL, 10, 20);
  roster = fold (desk);

  assert_int_equal (roster->head, 6);
  assert_int_equal (roster->changes->len, 6);
  for (guint i = 0; i < 6; i++)
    {
      change = get (roster, i + 1);
      assert_int_equal (change->kind, i);
      assert_string_equal (change->schedule, "core");
      assert_string_equal (change->actor, "ana");
      assert_string_equal (change->text, "a “visit”\n\\");
      assert_true (change->added_at == AT (i) && change->from == AT (10) && change->until == AT (20));
      assert_true (change->taken_at == INCIDENT_TIME_NONE && change->withdrawn_at == INCIDENT_TIME_NONE);
      assert_ptr_equal (g_ptr_array_index ((GPtrArray *) g_hash_table_lookup (roster->by_schedule, "core"), i), change);
    }
  assert_string_equal (get (roster, 3)->person, "cy");
  assert_string_equal (get (roster, 3)->substitute, "di");
  assert_null (get (roster, 4)->substitute);
  assert_null (get (roster, 5)->person);
  assert_null (get (roster, 4)->shifts);
  assert_int_equal (get (roster, 5)->shifts->len, 2);
  shift = &g_array_index (get (roster, 6)->shifts, IncidentFixedShift, 1);
  assert_null (shift->person);
  assert_string_equal (shift->words, "somebody “new”");
  assert_int_equal (shift->priority, 3);
  assert_true (shift->from == AT (11) && shift->until == AT (20));
}

static void
test_a_withdrawn_change_is_there_until_it_was (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) before = NULL;
  g_autoptr(IncidentRoster) after = NULL;

  write_change (desk, INCIDENT_OVERRIDE_KIND_ADD, 0, "ana", NULL, 10, 20);
  before = fold (desk);
  write_entry (desk, incident_roster_entry_new_withdrawn (get (before, 1), AT (15), "bo"));
  write_entry (desk, incident_roster_entry_new_withdrawn (get (before, 1), AT (17), "bo"));
  after = fold (desk);
  assert_true (get (after, 1)->withdrawn_at == AT (15));
  assert_int_equal (incident_roster_change_get_state (get (after, 1), AT (12)), INCIDENT_OVERRIDE_STATE_WITHDRAWN);
  assert_int_equal (incident_roster_change_get_state (get (before, 1), AT (30)), INCIDENT_OVERRIDE_STATE_IN_FORCE);
}

static void
test_the_part_of_a_swap_that_is_taken_keeps_its_id (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) open = NULL;
  g_autoptr(IncidentRoster) taken = NULL;
  IncidentRosterChange rest;

  write_change (desk, INCIDENT_OVERRIDE_KIND_SWAP, 0, "ana", NULL, 10, 20);
  open = fold (desk);
  rest = *get (open, 1);
  rest.from = AT (14);
  write_entry (desk, incident_roster_entry_new_taken (get (open, 1), AT (10), AT (14), AT (5), "bo"));
  write_entry (desk, incident_roster_entry_new_change (&rest, 1, AT (5), "bo"));
  taken = fold (desk);

  assert_string_equal (get (taken, 1)->person, "ana");
  assert_string_equal (get (taken, 1)->substitute, "bo");
  assert_true (get (taken, 1)->from == AT (10) && get (taken, 1)->until == AT (14) && get (taken, 1)->taken_at == AT (5));
  assert_string_equal (get (taken, 3)->actor, "ana");
  assert_string_equal (get (taken, 3)->person, "ana");
  assert_null (get (taken, 3)->substitute);
  assert_true (get (taken, 3)->from == AT (14) && get (taken, 3)->until == AT (20));
}

static void
test_a_swap_is_open_until_it_begins_or_is_taken (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) open = NULL;
  g_autoptr(IncidentRoster) taken = NULL;

  write_change (desk, INCIDENT_OVERRIDE_KIND_SWAP, 0, "ana", NULL, 10, 20);
  open = fold (desk);
  assert_int_equal (incident_roster_change_get_state (get (open, 1), AT (10) - 1), INCIDENT_OVERRIDE_STATE_OPEN);
  assert_int_equal (incident_roster_change_get_state (get (open, 1), AT (10)), INCIDENT_OVERRIDE_STATE_PAST_DUE);
  write_entry (desk, incident_roster_entry_new_taken (get (open, 1), AT (10), AT (20), AT (5), "bo"));
  taken = fold (desk);
  assert_int_equal (incident_roster_change_get_state (get (taken, 1), AT (30)), INCIDENT_OVERRIDE_STATE_TAKEN);
}

static void
test_each_playbook_is_in_force_until_the_next_one (void **state)
{
  Desk *desk = *state;
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(IncidentRules) older = incident_rules_new (incident_lifecycle_get_default ());
  g_autoptr(IncidentRoster) roster = NULL;

  g_hash_table_insert (known, (gpointer) "v0", older);
  write_entry (desk, incident_roster_entry_new_playbook ("v0", AT (0), "desk"));
  write_entry (desk, incident_roster_entry_new_playbook ("gone", AT (10), "desk"));
  write_entry (desk, incident_roster_entry_new_playbook ("v1", AT (20), "desk"));
  roster = incident_roster_new (desk->rules, desk->journal, find_rules, known, NULL);

  assert_int_equal (roster->bases->len, 3);
  assert_base (roster, 0, G_MININT64, older);
  assert_base (roster, 1, AT (10), NULL);
  assert_base (roster, 2, AT (20), desk->rules);
  assert_string_equal (roster->declared, "v1");
}

static void
test_rules_that_the_journal_does_not_know_are_in_force_from_now_on (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) roster = NULL;

  write_entry (desk, incident_roster_entry_new_playbook ("v0", AT (0), "desk"));
  write_change (desk, INCIDENT_OVERRIDE_KIND_ADD, 5, "ana", NULL, 10, 20);
  roster = fold (desk);
  assert_int_equal (roster->bases->len, 2);
  assert_base (roster, 1, AT (5), desk->rules);

  incident_roster_set_since (roster, AT (30));
  assert_int_equal (roster->bases->len, 2);
  assert_base (roster, 0, G_MININT64, NULL);
  assert_base (roster, 1, AT (30), desk->rules);
}

/* Also if that was the last thing that was said. */
static void
test_rules_that_the_journal_does_not_know_take_nothing_from_those_before (void **state)
{
  Desk *desk = *state;
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(IncidentRules) older = incident_rules_new (incident_lifecycle_get_default ());
  g_autoptr(IncidentRoster) roster = NULL;

  g_hash_table_insert (known, (gpointer) "v2", older);
  write_entry (desk, incident_roster_entry_new_playbook ("v0", AT (0), "desk"));
  write_entry (desk, incident_roster_entry_new_playbook ("v2", AT (10), "desk"));
  roster = incident_roster_new (desk->rules, desk->journal, find_rules, known, NULL);
  incident_roster_set_since (roster, AT (30));
  assert_int_equal (roster->bases->len, 3);
  assert_base (roster, 0, G_MININT64, NULL);
  assert_base (roster, 1, AT (10), older);
  assert_base (roster, 2, AT (30), desk->rules);
}

static void
test_rules_that_the_journal_knows_are_in_force_since_it_says_so (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) roster = NULL;

  write_entry (desk, incident_roster_entry_new_playbook ("v0", AT (0), "desk"));
  write_entry (desk, incident_roster_entry_new_playbook ("v1", AT (10), "desk"));
  roster = fold (desk);
  incident_roster_set_since (roster, AT (30));
  assert_base (roster, 1, AT (10), desk->rules);
}

static void
test_a_clock_that_was_set_back_does_not_bring_an_old_playbook_back (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) roster = NULL;

  write_entry (desk, incident_roster_entry_new_playbook ("v0", AT (0), "desk"));
  write_entry (desk, incident_roster_entry_new_playbook ("v2", AT (100), "desk"));
  write_entry (desk, incident_roster_entry_new_playbook ("v1", AT (50), "desk"));
  roster = fold (desk);
  assert_int_equal (roster->bases->len, 2);
  assert_base (roster, 1, AT (50), desk->rules);
}

static void
test_a_change_on_top_leaves_the_roster_as_it_was (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) roster = NULL;
  g_autoptr(IncidentRoster) with = NULL;
  g_autoptr(IncidentRoster) twice = NULL;

  write_change (desk, INCIDENT_OVERRIDE_KIND_TEMPORARY, 0, NULL, NULL, 10, 20);
  roster = fold (desk);
  with = incident_roster_with (roster, incident_roster_change_new ("other", INCIDENT_OVERRIDE_KIND_ADD, "bo", NULL, AT (1), AT (2), NULL));
  twice = incident_roster_with (with, incident_roster_change_new ("core", INCIDENT_OVERRIDE_KIND_ADD, "cy", NULL, AT (1), AT (2), NULL));

  assert_int_equal (roster->changes->len, 1);
  assert_null (g_hash_table_lookup (roster->by_schedule, "other"));
  assert_string_equal (get (with, 2)->person, "bo");
  assert_string_equal (get (twice, 3)->person, "cy");
  assert_int_equal (get (twice, 1)->shifts->len, 2);
  assert_int_equal (((GPtrArray *) g_hash_table_lookup (twice->by_schedule, "core"))->len, 2);
}

static void
test_other_rules_are_thought_of_from_a_time_on (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRules) other = incident_rules_new (incident_lifecycle_get_default ());
  g_autoptr(IncidentRoster) roster = NULL;
  g_autoptr(IncidentRoster) with = NULL;

  write_entry (desk, incident_roster_entry_new_playbook ("v1", AT (0), "desk"));
  roster = fold (desk);
  with = incident_roster_with_rules (roster, other, AT (7));
  assert_ptr_equal (with->rules, other);
  assert_base (with, 0, G_MININT64, desk->rules);
  assert_base (with, 1, AT (7), other);
  assert_ptr_equal (roster->rules, desk->rules);
  assert_int_equal (roster->bases->len, 1);
}

typedef struct
{
  const char *kind;
  const char *schedule;
  const char *body;
  const char *why;
} Bad;

static const Bad bad[] = {
  { "add", "core", "", "Entry 1 (“add”) of the journal of who is on call cannot be read" },
  { "add", "core", "[]", "must be an object" },
  { "add", "core", "null", "must be an object" },
  { "add", "core", "{} {}", "cannot be read" },
  { "add", "core", "{\"person\":\"ana\",\"person\":\"bo\"}", "cannot be read" },
  { "add", "core", "{\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "lacks the member “person”" },
  { "add", "core", "{\"person\":null,\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "must be a string" },
  { "add", "core", "{\"person\":\"ana\",\"from\":1,\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "must be a string" },
  { "add", "core", "{\"person\":\"ana\",\"from\":\"yesterday\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "must be a time" },
  { "add", "core", "{\"person\":\"ana\",\"from\":\"2026-11-23T08:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "must be later" },
  { "add", "core", "{\"person\":\"ana\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\"}", "lacks the member “text”" },
  { "add", "core", "{\"person\":\"ana\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null,\"x\":1}", "is unknown" },
  { "add", NULL, "{\"person\":\"ana\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "names no schedule" },
  { "replace", "core", "{\"person\":\"ana\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "lacks the member “substitute”" },
  { "temporary", "core", "{\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null}", "lacks the member “shifts”" },
  { "temporary", "core", "{\"shifts\":[{\"person\":null,\"words\":null,\"priority\":0,\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\"}]}", "must be a string" },
  { "feed", "core", "{\"shifts\":[{\"person\":null,\"words\":null,\"priority\":-1,\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\"}]}", "must be from 0" },
  { "feed", "core", "{\"shifts\":[1]}", "must be an object" },
  { "swap", "core", "{\"person\":\"ana\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\",\"text\":null,\"rest-of\":9}", "there is no swap 9" },
  { "playbook", NULL, "{\"version\":null}", "must be a string" },
  { "playbook", NULL, "{}", "lacks the member “version”" },
  { "taken", "core", "{\"swap\":0,\"person\":\"bo\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\"}", "must be 1 or more" },
  { "taken", "core", "{\"swap\":1,\"person\":\"bo\",\"from\":\"2026-11-23T07:00:00Z\",\"until\":\"2026-11-23T08:00:00Z\"}", "there is no swap 1" },
  { "withdrawn", "core", "{\"id\":1}", "there is no override 1" },
  { "withdrawn", "core", "{\"id\":-1}", "must be 1 or more" },
  { "withdrawn", "core", "{\"id\":1.5}", "must be a whole number" },
  { "moved", "core", "{}", "is of an unknown kind" },
};

static void
test_an_entry_that_cannot_be_read_is_named (void **state)
{
  Desk *desk = *state;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_ptr_array_set_size (desk->journal, 0);
      write_body (desk, bad[i].kind, 0, bad[i].schedule, bad[i].body);
      assert_corrupt (desk, bad[i].why);
    }
}

static void
test_a_swap_is_not_taken_twice (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) open = NULL;

  write_change (desk, INCIDENT_OVERRIDE_KIND_SWAP, 0, "ana", NULL, 10, 20);
  open = fold (desk);
  write_entry (desk, incident_roster_entry_new_taken (get (open, 1), AT (10), AT (15), AT (5), "bo"));
  write_entry (desk, incident_roster_entry_new_taken (get (open, 1), AT (10), AT (15), AT (6), "cy"));
  assert_corrupt (desk, "the swap 1 was not open");
}

static void
test_no_more_of_a_swap_is_taken_than_there_is (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) open = NULL;

  write_change (desk, INCIDENT_OVERRIDE_KIND_SWAP, 0, "ana", NULL, 10, 20);
  open = fold (desk);
  write_entry (desk, incident_roster_entry_new_taken (get (open, 1), AT (9), AT (15), AT (5), "bo"));
  assert_corrupt (desk, "more than the swap 1");
}

static void
test_what_is_no_swap_is_not_taken (void **state)
{
  Desk *desk = *state;
  g_autoptr(IncidentRoster) roster = NULL;

  write_change (desk, INCIDENT_OVERRIDE_KIND_ADD, 0, "ana", NULL, 10, 20);
  roster = fold (desk);
  write_entry (desk, incident_roster_entry_new_taken (get (roster, 1), AT (10), AT (15), AT (5), "bo"));
  assert_corrupt (desk, "there is no swap 1");
}

static void
test_entries_are_in_their_order (void **state)
{
  Desk *desk = *state;

  write_change (desk, INCIDENT_OVERRIDE_KIND_ADD, 0, "ana", NULL, 10, 20);
  write_change (desk, INCIDENT_OVERRIDE_KIND_ADD, 0, "bo", NULL, 10, 20);
  ((IncidentRosterEntry *) g_ptr_array_index (desk->journal, 1))->id = 1;
  assert_corrupt (desk, "it follows entry 1");
}

/* Whatever becomes of a body, it is read or named, and never more. */
static void
test_no_damage_to_a_body_goes_further (void **state)
{
  Desk *desk = *state;
  g_autofree char *body = NULL;

  write_change (desk, INCIDENT_OVERRIDE_KIND_FEED, 0, NULL, NULL, 10, 20);
  body = g_strdup (((IncidentRosterEntry *) g_ptr_array_index (desk->journal, 0))->body);
  for (gsize i = 0; body[i] != '\0'; i++)
    for (guint j = 0; j < 6; j++)
      {
        g_autofree char *damaged = g_strdup (body);
        g_autoptr(IncidentRoster) roster = NULL;
        g_autoptr(GError) error = NULL;

        damaged[i] = "\"0]},\xff"[j];
        g_ptr_array_set_size (desk->journal, 0);
        write_body (desk, "feed", 0, "core", damaged);
        roster = incident_roster_new (desk->rules, desk->journal, NULL, NULL, &error);
        if (roster == NULL)
          assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT);
      }
}

static void
test_an_override_tells_what_it_was_made_of (void **state)
{
  g_autoptr(IncidentOverride) override =
    incident_override_new ("core", INCIDENT_OVERRIDE_KIND_REPLACE, "ana", "bo", AT (1), AT (2), "a visit");

  assert_int_equal (incident_override_get_id (override), 0);
  assert_string_equal (incident_override_get_schedule (override), "core");
  assert_int_equal (incident_override_get_kind (override), INCIDENT_OVERRIDE_KIND_REPLACE);
  assert_int_equal (incident_override_get_state (override), INCIDENT_OVERRIDE_STATE_IN_FORCE);
  assert_string_equal (incident_override_get_person (override), "ana");
  assert_string_equal (incident_override_get_substitute (override), "bo");
  assert_true (incident_override_get_from (override) == AT (1));
  assert_true (incident_override_get_until (override) == AT (2));
  assert_null (incident_override_get_actor (override));
  assert_string_equal (incident_override_get_text (override), "a visit");
}

static void
test_an_override_is_written_as_json (void **state)
{
  g_autoptr(IncidentOverride) plan = incident_override_new ("core", INCIDENT_OVERRIDE_KIND_TEMPORARY, NULL, NULL, AT (0), AT (2), NULL);
  g_autoptr(IncidentOverride) open = incident_override_new ("core", INCIDENT_OVERRIDE_KIND_SWAP, "ana", NULL, INCIDENT_TIME_NONE, AT (2), "?");
  g_autofree char *plan_json = NULL;
  g_autofree char *open_json = NULL;

  incident_override_add_shift (plan, "bo", AT (0), G_MAXINT64);
  plan_json = incident_override_to_json (plan);
  open_json = incident_override_to_json (open);
  assert_string_equal (plan_json, "{\"id\":null,\"schedule\":\"core\",\"kind\":\"temporary\",\"state\":\"in-force\",\"person\":null,"
                       "\"substitute\":null,\"from\":\"2026-11-23T07:00:00.000000Z\",\"until\":\"2026-11-23T07:02:00.000000Z\","
                       "\"actor\":null,\"text\":null,\"added_at\":null,\"taken_at\":null,\"withdrawn_at\":null,\"shifts\":"
                       "[{\"person\":\"bo\",\"words\":null,\"priority\":0,\"from\":\"2026-11-23T07:00:00.000000Z\",\"until\":null}]}");
  assert_string_equal (open_json, "{\"id\":null,\"schedule\":\"core\",\"kind\":\"swap\",\"state\":\"open\",\"person\":\"ana\","
                       "\"substitute\":null,\"from\":null,\"until\":\"2026-11-23T07:02:00.000000Z\",\"actor\":null,\"text\":\"?\","
                       "\"added_at\":null,\"taken_at\":null,\"withdrawn_at\":null,\"shifts\":null}");
}

static void
test_kinds_and_states_have_names (void **state)
{
  static const char * const kinds[] = { "add", "remove", "replace", "swap", "temporary", "feed" };
  static const char * const states[] = { "in-force", "open", "taken", "past-due", "withdrawn" };
  g_autoptr(GError) error = NULL;
  IncidentOverrideKind kind;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      assert_string_equal (incident_override_kind_to_string ((IncidentOverrideKind) i), kinds[i]);
      assert_true (incident_override_kind_from_string (kinds[i], &kind, NULL));
      assert_int_equal (kind, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    assert_string_equal (incident_override_state_to_string ((IncidentOverrideState) i), states[i]);
  assert_null (incident_override_kind_to_string ((IncidentOverrideKind) 6));
  assert_null (incident_override_state_to_string ((IncidentOverrideState) 5));
  assert_false (incident_override_kind_from_string ("move", &kind, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    desk_test (test_the_playbook_alone_is_for_all_time),
    desk_test (test_what_is_written_is_read),
    desk_test (test_a_withdrawn_change_is_there_until_it_was),
    desk_test (test_the_part_of_a_swap_that_is_taken_keeps_its_id),
    desk_test (test_a_swap_is_open_until_it_begins_or_is_taken),
    desk_test (test_each_playbook_is_in_force_until_the_next_one),
    desk_test (test_rules_that_the_journal_does_not_know_are_in_force_from_now_on),
    desk_test (test_rules_that_the_journal_does_not_know_take_nothing_from_those_before),
    desk_test (test_rules_that_the_journal_knows_are_in_force_since_it_says_so),
    desk_test (test_a_clock_that_was_set_back_does_not_bring_an_old_playbook_back),
    desk_test (test_a_change_on_top_leaves_the_roster_as_it_was),
    desk_test (test_other_rules_are_thought_of_from_a_time_on),
    desk_test (test_an_entry_that_cannot_be_read_is_named),
    desk_test (test_a_swap_is_not_taken_twice),
    desk_test (test_no_more_of_a_swap_is_taken_than_there_is),
    desk_test (test_what_is_no_swap_is_not_taken),
    desk_test (test_entries_are_in_their_order),
    desk_test (test_no_damage_to_a_body_goes_further),
    cmocka_unit_test (test_an_override_tells_what_it_was_made_of),
    cmocka_unit_test (test_an_override_is_written_as_json),
    cmocka_unit_test (test_kinds_and_states_have_names),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
