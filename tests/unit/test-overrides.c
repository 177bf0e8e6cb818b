/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "override-test.h"

#define ADD       INCIDENT_OVERRIDE_KIND_ADD
#define REMOVE    INCIDENT_OVERRIDE_KIND_REMOVE
#define REPLACE   INCIDENT_OVERRIDE_KIND_REPLACE
#define SWAP      INCIDENT_OVERRIDE_KIND_SWAP
#define TEMPORARY INCIDENT_OVERRIDE_KIND_TEMPORARY

/* What people do to schedules. */

static void
test_an_override_changes_who_is_on_call (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  add (office, REPLACE, "ana", "cy", 10, 20);
  add (office, ADD, "di", NULL, 15, 30);
  add (office, REMOVE, "bo", NULL, DAY, DAY + 5);
  assert_on_call (office, AT (9), "ana");
  assert_on_call (office, AT (10), "cy");
  assert_on_call (office, AT (15), "cy di");
  assert_on_call (office, AT (20), "ana di");
  assert_on_call (office, AT (DAY), "");
  assert_on_call (office, AT (DAY + 5), "bo");
}

static void
test_a_desk_that_was_opened_again_knows_all_changes (void **state)
{
  Office *office = *state;
  g_autofree char *before = NULL;
  guint64 swap;

  rule_by (office, PLAYBOOK);
  add (office, REPLACE, "ana", "cy", 10, 20);
  swap = add (office, SWAP, "bo", NULL, DAY, DAY + 60);
  take (office, swap, "di", DAY + 10, DAY + 20);
  withdraw (office, add (office, ADD, "cy", NULL, 100, 200), "bo");
  before = dup_changes (office);
  reopen_office (office);
  assert_changes (office, before);
  assert_on_call (office, AT (DAY + 10), "di");
}

static void
test_what_is_returned_tells_who_added_it_and_when (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = override_new (REPLACE, "ana", "cy", 10, 20);
  g_autoptr(IncidentOverride) made = NULL;
  g_autofree char *json = NULL;

  rule_by (office, PLAYBOOK);
  made = incident_desk_add_override (office->desk, wanted, "bo", NULL);
  json = incident_override_to_json (made);
  assert_string_equal (json, "{\"id\":2,\"schedule\":\"core\",\"kind\":\"replace\",\"state\":\"in-force\",\"person\":\"ana\",\"substitute\":\"cy\","
                       "\"from\":\"2026-11-23T07:10:00.000000Z\",\"until\":\"2026-11-23T07:20:00.000000Z\",\"actor\":\"bo\",\"text\":\"a visit\","
                       "\"added_at\":\"2026-11-23T07:00:00.000000Z\",\"taken_at\":null,\"withdrawn_at\":null,\"shifts\":null}");
  assert_int_equal (incident_override_get_id (wanted), 0);
}

static void
test_a_start_that_is_past_is_now (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) overrides = NULL;

  rule_by (office, PLAYBOOK);
  advance (office, 15 * MINUTE + 20 * G_USEC_PER_SEC);
  add (office, REPLACE, "ana", "cy", 10, 20);
  assert_changes (office, "2 replace ana cy 15-20 in-force");
  overrides = incident_desk_list_overrides (office->desk, "core", INCIDENT_TIME_NONE, INCIDENT_TIME_NONE, NULL);
  assert_true (incident_override_get_from (g_ptr_array_index (overrides, 0)) == AT (15));
  assert_on_call (office, AT (15), "ana");
  assert_on_call (office, AT (15) + 19 * G_USEC_PER_SEC, "ana");
  assert_on_call (office, AT (15) + 20 * G_USEC_PER_SEC, "cy");
}

static void
test_without_a_start_it_begins_now (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = incident_override_new ("core", ADD, "cy", NULL, INCIDENT_TIME_NONE, AT (20), NULL);
  g_autoptr(IncidentOverride) made = NULL;

  rule_by (office, PLAYBOOK);
  advance (office, 5 * MINUTE);
  made = incident_desk_add_override (office->desk, wanted, "ana", NULL);
  assert_true (incident_override_get_from (made) == AT (5));
}

static void
test_times_count_in_whole_minutes (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = incident_override_new ("core", ADD, "cy", NULL, AT (10) + 59 * G_USEC_PER_SEC,
                                                              AT (20) + 1, NULL);
  g_autoptr(IncidentOverride) made = NULL;

  rule_by (office, PLAYBOOK);
  made = incident_desk_add_override (office->desk, wanted, "ana", NULL);
  assert_true (incident_override_get_from (made) == AT (10));
  assert_true (incident_override_get_until (made) == AT (20));
}

static void
test_what_is_past_is_not_changed (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  advance (office, 20 * MINUTE);
  assert_wrong (office, override_new (REPLACE, "ana", "cy", 10, 20), INCIDENT_ERROR_INVALID, "until",
                "The end is past, and who was on call does not change afterwards: it must be later than 2026-11-23T07:20:00.000000Z");
}

static void
test_the_end_is_later_than_the_start (void **state)
{
  static const char message[] = "The end must be later than the start, by a minute at least";
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  assert_wrong (office, override_new (ADD, "cy", NULL, 10, 10), INCIDENT_ERROR_INVALID, "until", message);
  assert_wrong (office, incident_override_new ("core", ADD, "cy", NULL, AT (10), AT (11) - 1, NULL), INCIDENT_ERROR_INVALID, "until", message);
}

static void
test_times_can_be_written (void **state)
{
  static const char message[] = "It must be a time of the years 1 to 9999";
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  assert_wrong (office, incident_override_new ("core", ADD, "cy", NULL, G_MININT64, AT (11), NULL), INCIDENT_ERROR_INVALID, "from", message);
  assert_wrong (office, incident_override_new ("core", ADD, "cy", NULL, AT (1), INCIDENT_TIME_NONE, NULL), INCIDENT_ERROR_INVALID, "until", message);
  assert_wrong (office, incident_override_new ("core", ADD, "cy", NULL, AT (1), G_MAXINT64, NULL), INCIDENT_ERROR_INVALID, "until", message);
}

static void
test_schedules_and_people_are_those_of_the_playbook (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  assert_wrong (office, incident_override_new ("cor", ADD, "cy", NULL, AT (1), AT (2), NULL), INCIDENT_ERROR_NOT_FOUND, "schedule",
                "There is no schedule “cor” in the playbook: there are “core”, “web”");
  assert_wrong (office, override_new (ADD, "zoe", NULL, 1, 2), INCIDENT_ERROR_NOT_FOUND, "person",
                "There is no person “zoe” in the playbook: it may be “ana”, “bo”, “cy”, “di”");
  assert_wrong (office, override_new (REPLACE, "ana", "zoe", 1, 2), INCIDENT_ERROR_NOT_FOUND, "substitute",
                "There is no person “zoe” in the playbook: it may be “ana”, “bo”, “cy”, “di”");
}

static void
test_without_schedules_none_is_changed (void **state)
{
  Office *office = *state;

  rule_by (office, "{" PEOPLE "}");
  assert_wrong (office, override_new (ADD, "cy", NULL, 1, 2), INCIDENT_ERROR_NOT_FOUND, "schedule",
                "There is no schedule “core” in the playbook: there are none");
}

static void
test_each_kind_names_whom_it_is_about (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  assert_wrong (office, override_new (REMOVE, NULL, NULL, 1, 2), INCIDENT_ERROR_INVALID, "person",
                "“remove” needs a person: say who is meant");
  assert_wrong (office, override_new (TEMPORARY, "ana", NULL, 1, 2), INCIDENT_ERROR_INVALID, "person",
                "“temporary” names people in its shifts alone");
  assert_wrong (office, override_new (REPLACE, "ana", NULL, 1, 2), INCIDENT_ERROR_INVALID, "substitute",
                "“replace” needs a substitute: say who is on call instead");
  assert_wrong (office, override_new (SWAP, "ana", "bo", 1, 2), INCIDENT_ERROR_INVALID, "substitute",
                "“swap” takes no substitute: that is for “replace”");
  assert_wrong (office, override_new (REPLACE, "ana", "ana", 1, 2), INCIDENT_ERROR_INVALID, "substitute",
                "“ana” cannot stand for “ana”: name another person");
  assert_wrong (office, override_new (INCIDENT_OVERRIDE_KIND_FEED, NULL, NULL, 1, 2), INCIDENT_ERROR_INVALID, "kind",
                "“feed” is what a calendar brings: import that");
}

static void
test_a_text_is_not_endless (void **state)
{
  Office *office = *state;
  g_autofree char *text = g_strnfill (65537, 'x');

  rule_by (office, PLAYBOOK);
  assert_wrong (office, incident_override_new ("core", ADD, "cy", NULL, AT (1), AT (2), text), INCIDENT_ERROR_INVALID, "text",
                "“text” is too long: 65537 bytes, and at most 65536 are kept");
}

static void
test_two_that_name_one_person_do_not_overlap (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  add (office, REPLACE, "ana", "cy", 10, 20);
  assert_overlap (office, override_new (REMOVE, "ana", NULL, 19, 30),
                  "“override” refused: overlap: override 2 names “ana” from 2026-11-23T07:10:00.000000Z until "
                  "2026-11-23T07:20:00.000000Z: withdraw that one first, or choose another time");
  assert_overlap (office, override_new (REPLACE, "bo", "ana", 0, 11),
                  "“override” refused: overlap: override 2 names “ana” from 2026-11-23T07:10:00.000000Z until "
                  "2026-11-23T07:20:00.000000Z: withdraw that one first, or choose another time");
  assert_overlap (office, override_new (SWAP, "cy", NULL, 12, 13),
                  "“override” refused: overlap: override 2 names “cy” from 2026-11-23T07:10:00.000000Z until "
                  "2026-11-23T07:20:00.000000Z: withdraw that one first, or choose another time");
}

static void
test_what_only_touches_does_not_overlap (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  add (office, REPLACE, "ana", "cy", 10, 20);
  add (office, REPLACE, "ana", "di", 20, 30);
  add (office, REPLACE, "ana", "bo", 5, 10);
  add (office, REPLACE, "bo", "di", 10, 20);
  assert_on_call (office, AT (20), "di");
}

static void
test_other_schedules_are_changed_by_themselves (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = incident_override_new ("web", REPLACE, "ana", "cy", AT (10), AT (20), NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) made = NULL;

  rule_by (office, PLAYBOOK);
  add (office, REPLACE, "ana", "cy", 10, 20);
  made = incident_desk_add_override (office->desk, wanted, "ana", &error);
  assert_no_error (error);
}

static void
test_what_is_withdrawn_is_in_nobodys_way (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  withdraw (office, add (office, REPLACE, "ana", "cy", 10, 20), "ana");
  add (office, REPLACE, "ana", "di", 10, 20);
  assert_on_call (office, AT (10), "di");
}

static void
test_a_swap_that_nobody_took_is_in_nobodys_way (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  add (office, SWAP, "ana", NULL, 10, 20);
  advance (office, 10 * MINUTE);
  add (office, REPLACE, "ana", "di", 10, 20);
  assert_changes (office, "2 swap ana - 10-20 past-due\n3 replace ana di 10-20 in-force");
}

static IncidentOverride *
temporary_new (int from, int until)
{
  IncidentOverride *plan = override_new (TEMPORARY, NULL, NULL, from, until);

  incident_override_add_shift (plan, "di", AT (from), AT (until - 5));
  return plan;
}

static guint64
add_temporary (Office *office, int from, int until)
{
  g_autoptr(IncidentOverride) wanted = temporary_new (from, until);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) made = incident_desk_add_override (office->desk, wanted, "ana", &error);

  assert_no_error (error);
  return incident_override_get_id (made);
}

static void
test_a_temporary_schedule_replaces_all_else (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  add (office, ADD, "cy", NULL, 0, 60);
  add_temporary (office, 10, 30);
  assert_on_call (office, AT (9), "ana cy");
  assert_on_call (office, AT (10), "di");
  assert_on_call (office, AT (25), "");
  assert_on_call (office, AT (30), "ana cy");
}

static void
test_two_temporary_schedules_do_not_overlap (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  add_temporary (office, 10, 30);
  assert_overlap (office, temporary_new (29, 40),
                  "“override” refused: overlap: override 2 is a temporary schedule from 2026-11-23T07:10:00.000000Z until "
                  "2026-11-23T07:30:00.000000Z: withdraw that one first, or choose another time");
  add_temporary (office, 30, 40);
}

static void
test_shifts_lie_within_their_temporary_schedule (void **state)
{
  Office *office = *state;
  IncidentOverride *early = temporary_new (10, 30);
  IncidentOverride *late = temporary_new (10, 30);
  IncidentOverride *none = temporary_new (10, 30);
  IncidentOverride *unknown = temporary_new (10, 30);

  rule_by (office, PLAYBOOK);
  incident_override_add_shift (early, "cy", AT (9), AT (11));
  assert_wrong (office, early, INCIDENT_ERROR_INVALID, "/shifts/1/from", "A shift must lie within the time of the whole");
  incident_override_add_shift (late, "cy", AT (11), AT (31));
  assert_wrong (office, late, INCIDENT_ERROR_INVALID, "/shifts/1/until", "A shift must lie within the time of the whole");
  incident_override_add_shift (none, "cy", AT (11), AT (11));
  assert_wrong (office, none, INCIDENT_ERROR_INVALID, "/shifts/1/until", "The end must be later than the start, by a minute at least");
  incident_override_add_shift (unknown, "zoe", AT (11), AT (12));
  assert_wrong (office, unknown, INCIDENT_ERROR_NOT_FOUND, "/shifts/1/person",
                "There is no person “zoe” in the playbook: it may be “ana”, “bo”, “cy”, “di”");
}

static void
test_a_temporary_schedule_has_a_shift (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  assert_wrong (office, override_new (TEMPORARY, NULL, NULL, 10, 20), INCIDENT_ERROR_INVALID, "shifts",
                "“temporary” needs a shift, or nobody would be on call all the time");
}

static void
test_a_temporary_schedule_has_a_shift_that_is_to_come (void **state)
{
  Office *office = *state;
  IncidentOverride *over = override_new (TEMPORARY, NULL, NULL, 0, 60);

  rule_by (office, PLAYBOOK);
  incident_override_add_shift (over, "di", AT (0), AT (20));
  advance (office, 20 * MINUTE);
  assert_wrong (office, over, INCIDENT_ERROR_INVALID, "shifts", "“temporary” needs a shift, or nobody would be on call all the time");
}

static void
test_shifts_that_are_past_are_left_out (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = temporary_new (10, 60);
  g_autoptr(IncidentOverride) made = NULL;
  g_autofree char *json = NULL;

  rule_by (office, PLAYBOOK);
  incident_override_add_shift (wanted, "cy", AT (10), AT (20));
  incident_override_add_shift (wanted, "cy", AT (55), AT (60));
  advance (office, 20 * MINUTE);
  made = incident_desk_add_override (office->desk, wanted, "ana", NULL);
  json = incident_override_to_json (made);
  assert_non_null (strstr (json, "\"shifts\":[{\"person\":\"di\",\"words\":null,\"priority\":0,\"from\":\"2026-11-23T07:20:00.000000Z\","
                                 "\"until\":\"2026-11-23T07:55:00.000000Z\"},{\"person\":\"cy\",\"words\":null,\"priority\":0,\"from\":"
                                 "\"2026-11-23T07:55:00.000000Z\",\"until\":\"2026-11-23T08:00:00.000000Z\"}]}"));
}

static void
test_what_could_not_be_read_again_is_not_written (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = override_new (TEMPORARY, NULL, NULL, 0, 20000);
  g_autoptr(GError) error = NULL;
  guint64 head;

  rule_by (office, PLAYBOOK);
  head = get_head (office);
  for (int i = 0; i < 20000; i++)
    incident_override_add_shift (wanted, "cy", AT (i), AT (i + 1));
  assert_null (incident_desk_add_override (office->desk, wanted, "ana", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (incident_error_get_where (error), "shifts");
  assert_true (get_head (office) == head);
}

static void
test_who_gives_stays_on_call_until_the_swap_is_taken (void **state)
{
  Office *office = *state;
  guint64 swap;

  rule_by (office, PLAYBOOK);
  swap = add (office, SWAP, "ana", NULL, 10, 20);
  assert_changes (office, "2 swap ana - 10-20 open");
  assert_on_call (office, AT (10), "ana");
  take (office, swap, "cy", 10, 20);
  assert_changes (office, "2 swap ana cy 10-20 taken");
  assert_on_call (office, AT (9), "ana");
  assert_on_call (office, AT (10), "cy");
}

static void
test_a_swap_is_taken_as_a_whole_where_no_part_is_said (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) made = NULL;

  rule_by (office, PLAYBOOK);
  made = incident_desk_take_swap (office->desk, add (office, SWAP, "ana", NULL, 10, 20), "cy", INCIDENT_TIME_NONE, INCIDENT_TIME_NONE, &error);
  assert_no_error (error);
  assert_changes (office, "2 swap ana cy 10-20 taken");
}

static void
test_what_is_left_of_a_swap_stays_open (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  take (office, add (office, SWAP, "ana", NULL, 10, 40), "cy", 20, 30);
  assert_changes (office, "2 swap ana cy 20-30 taken\n4 swap ana - 10-20 open\n5 swap ana - 30-40 open");
  take (office, 5, "di", 35, 40);
  assert_changes (office, "2 swap ana cy 20-30 taken\n4 swap ana - 10-20 open\n5 swap ana di 35-40 taken\n7 swap ana - 30-35 open");
  advance (office, 30 * MINUTE);
  assert_changes (office, "2 swap ana cy 20-30 taken\n4 swap ana - 10-20 past-due\n5 swap ana di 35-40 taken\n7 swap ana - 30-35 past-due");
  assert_on_call (office, AT (15), "ana");
  assert_on_call (office, AT (25), "cy");
  assert_on_call (office, AT (32), "ana");
  assert_on_call (office, AT (37), "di");
}

static void
test_a_swap_is_taken_once (void **state)
{
  Office *office = *state;
  guint64 swap;

  rule_by (office, PLAYBOOK);
  swap = add (office, SWAP, "ana", NULL, 10, 20);
  take (office, swap, "cy", 10, 20);
  assert_not_taken (office, swap, "di", 10, 20, "taken", "“override” refused: taken: swap 2 was taken by “cy”");
}

static void
test_nobody_takes_their_own_swap (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  assert_not_taken (office, add (office, SWAP, "ana", NULL, 10, 20), "ana", 10, 20, "own-swap",
                    "“override” refused: own-swap: “ana” offers swap 2: another has to take it, or it can be withdrawn");
}

static void
test_a_swap_is_not_taken_once_it_began (void **state)
{
  Office *office = *state;
  guint64 swap;

  rule_by (office, PLAYBOOK);
  swap = add (office, SWAP, "ana", NULL, 10, 20);
  advance (office, 10 * MINUTE);
  assert_not_taken (office, swap, "cy", 15, 20, "past-due",
                    "“override” refused: past-due: swap 2 began at 2026-11-23T07:10:00.000000Z without anybody having taken it: “ana” stays on call");
}

static void
test_a_swap_that_was_withdrawn_is_not_taken (void **state)
{
  Office *office = *state;
  guint64 swap;

  rule_by (office, PLAYBOOK);
  swap = add (office, SWAP, "ana", NULL, 10, 20);
  withdraw (office, swap, "ana");
  assert_not_taken (office, swap, "cy", 10, 20, "withdrawn", "“override” refused: withdrawn: swap 2 was withdrawn");
}

static void
test_who_takes_a_swap_is_named_by_no_other (void **state)
{
  Office *office = *state;
  guint64 swap;

  rule_by (office, PLAYBOOK);
  swap = add (office, SWAP, "ana", NULL, 10, 20);
  add (office, REPLACE, "cy", "di", 19, 30);
  add (office, REMOVE, "cy", NULL, 5, 11);
  assert_not_taken (office, swap, "cy", 11, 20, "overlap",
                    "“override” refused: overlap: override 3 names “cy” from 2026-11-23T07:19:00.000000Z until "
                    "2026-11-23T07:30:00.000000Z: withdraw that one first, or choose another time");
  take (office, swap, "cy", 11, 19);
}

static void
assert_take_fails (Office *office, guint64 id, const char *actor, int from, int until, IncidentError code, const char *where)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_desk_take_swap (office->desk, id, actor, AT (from), AT (until), &error));
  assert_error (error, INCIDENT_ERROR, code);
  assert_string_equal (incident_error_get_where (error), where);
}

static void
test_only_what_is_offered_is_taken (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  add (office, SWAP, "ana", NULL, 10, 20);
  add (office, ADD, "di", NULL, 10, 20);
  assert_take_fails (office, 2, "cy", 9, 20, INCIDENT_ERROR_INVALID, "from");
  assert_take_fails (office, 2, "cy", 10, 21, INCIDENT_ERROR_INVALID, "until");
  assert_take_fails (office, 2, "cy", 15, 15, INCIDENT_ERROR_INVALID, "until");
  assert_take_fails (office, 3, "cy", 10, 20, INCIDENT_ERROR_INVALID, "id");
  assert_take_fails (office, 9, "cy", 10, 20, INCIDENT_ERROR_NOT_FOUND, "id");
}

static void
test_what_is_withdrawn_counts_until_then (void **state)
{
  Office *office = *state;
  guint64 id;

  rule_by (office, PLAYBOOK);
  id = add (office, REPLACE, "ana", "cy", 10, 30);
  advance (office, 20 * MINUTE);
  withdraw (office, id, "bo");
  assert_on_call (office, AT (19), "cy");
  assert_on_call (office, AT (20), "ana");
  assert_changes (office, "2 replace ana cy 10-30 withdrawn");
}

static void
test_withdrawing_twice_does_nothing (void **state)
{
  Office *office = *state;
  guint64 id, head;

  rule_by (office, PLAYBOOK);
  id = add (office, REPLACE, "ana", "cy", 10, 30);
  withdraw (office, id, "ana");
  head = get_head (office);
  withdraw (office, id, "ana");
  assert_true (get_head (office) == head);
}

static void
test_what_is_over_is_not_withdrawn (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;
  guint64 id;

  rule_by (office, PLAYBOOK);
  id = add (office, REPLACE, "ana", "cy", 10, 20);
  advance (office, 20 * MINUTE);
  assert_false (incident_desk_withdraw_override (office->desk, id, "ana", &error));
  assert_code (error, "past", "“override” refused: past: override 2 ended at 2026-11-23T07:20:00.000000Z, and who was on call does "
               "not change afterwards");
}

static void
test_what_is_not_there_is_not_withdrawn (void **state)
{
  Office *office = *state;
  g_autoptr(GError) error = NULL;

  rule_by (office, PLAYBOOK);
  assert_false (incident_desk_withdraw_override (office->desk, 7, "ana", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (error->message, "There is no override 7");
}

#define RIGHTS "{" PEOPLE ",\"schedules\":{\"core\":" TURNS "},\"rights\":[{\"person\":\"ana\",\"may\":[\"override\"]}]}"

static void
test_the_right_to_override_is_needed (void **state)
{
  static const char message[] = "“override” refused: not-permitted: “bo” has no right to change who is on call: that is for person ana";
  Office *office = *state;
  g_autoptr(IncidentOverride) wanted = override_new (ADD, "cy", NULL, 10, 20);
  g_autoptr(GError) adding = NULL;
  g_autoptr(GError) taking = NULL;
  g_autoptr(GError) withdrawing = NULL;
  g_autoptr(GPtrArray) refusals = NULL;
  guint64 id;

  rule_by (office, RIGHTS);
  id = add (office, SWAP, "ana", NULL, 10, 20);
  assert_null (incident_desk_add_override (office->desk, wanted, "bo", &adding));
  assert_code (adding, "not-permitted", message);
  assert_null (incident_desk_take_swap (office->desk, id, "bo", AT (10), AT (20), &taking));
  assert_code (taking, "not-permitted", message);
  assert_false (incident_desk_withdraw_override (office->desk, id, "bo", &withdrawing));
  assert_code (withdrawing, "not-permitted", message);

  refusals = incident_desk_list_refusals (office->desk, 0, 10, NULL);
  assert_int_equal (refusals->len, 3);
  assert_string_equal (incident_refusal_get_verb (g_ptr_array_index (refusals, 0)), "override");
}

static void
test_who_offers_a_swap_may_withdraw_it (void **state)
{
  Office *office = *state;

  rule_by (office, RIGHTS);
  withdraw (office, add (office, SWAP, "cy", NULL, 10, 20), "cy");
  assert_changes (office, "2 swap cy - 10-20 withdrawn");
}

static void
test_changes_are_listed_by_schedule_and_time (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) within = NULL;
  g_autoptr(GPtrArray) elsewhere = NULL;
  g_autoptr(GError) error = NULL;

  rule_by (office, PLAYBOOK);
  add (office, ADD, "cy", NULL, 10, 20);
  add (office, ADD, "di", NULL, 20, 30);
  add (office, REMOVE, "bo", NULL, 30, 40);
  within = incident_desk_list_overrides (office->desk, "core", AT (20), AT (30), NULL);
  assert_int_equal (within->len, 1);
  assert_string_equal (incident_override_get_person (g_ptr_array_index (within, 0)), "di");
  elsewhere = incident_desk_list_overrides (office->desk, "web", INCIDENT_TIME_NONE, INCIDENT_TIME_NONE, NULL);
  assert_int_equal (elsewhere->len, 0);
  assert_null (incident_desk_list_overrides (office->desk, "wob", INCIDENT_TIME_NONE, INCIDENT_TIME_NONE, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
}

static void
test_a_calendar_takes_the_place_of_the_one_before (void **state)
{
  Office *office = *state;

  rule_by (office, PLAYBOOK);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(IncidentRosterChange) feed =
        incident_roster_change_new ("core", INCIDENT_OVERRIDE_KIND_FEED, NULL, NULL, AT (0), AT (60), NULL);
      g_autoptr(IncidentOverride) made = NULL;
      g_autoptr(GError) error = NULL;

      incident_roster_change_add_shift (feed, i == 0 ? "cy" : "di", "[L9] somebody", 9, AT (10), AT (20));
      incident_roster_change_add_shift (feed, NULL, "who?", 9, AT (20), AT (30));
      made = incident_desk_add_change (office->desk, feed, "ana", &error);
      assert_no_error (error);
      assert_on_call (office, AT (15), i == 0 ? "cy" : "di");
    }
  assert_changes (office, "2 feed - - 0-60 withdrawn\n3 feed - - 0-60 in-force");
}

static void
test_schedules_are_those_of_the_playbook (void **state)
{
  Office *office = *state;
  g_autoptr(GPtrArray) schedules = NULL;
  g_autoptr(IncidentSchedule) schedule = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) people = NULL;

  rule_by (office, PLAYBOOK);
  add (office, REPLACE, "ana", "cy", 10, 20);
  schedules = incident_desk_list_schedules (office->desk, NULL);
  assert_int_equal (schedules->len, 2);
  assert_string_equal (incident_schedule_get_name (g_ptr_array_index (schedules, 1)), "web");
  schedule = incident_desk_get_schedule (office->desk, "core", NULL);
  people = incident_schedule_dup_on_call (schedule, AT (10));
  assert_string_equal (people[0], "cy");
  assert_null (incident_desk_get_schedule (office->desk, "wob", &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (incident_error_get_where (error), "name");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    both (test_an_override_changes_who_is_on_call),
    both (test_a_desk_that_was_opened_again_knows_all_changes),
    office_test (test_what_is_returned_tells_who_added_it_and_when),
    office_test (test_a_start_that_is_past_is_now),
    office_test (test_without_a_start_it_begins_now),
    office_test (test_times_count_in_whole_minutes),
    office_test (test_what_is_past_is_not_changed),
    office_test (test_the_end_is_later_than_the_start),
    office_test (test_times_can_be_written),
    office_test (test_schedules_and_people_are_those_of_the_playbook),
    office_test (test_without_schedules_none_is_changed),
    office_test (test_each_kind_names_whom_it_is_about),
    office_test (test_a_text_is_not_endless),
    office_test (test_two_that_name_one_person_do_not_overlap),
    office_test (test_what_only_touches_does_not_overlap),
    office_test (test_other_schedules_are_changed_by_themselves),
    office_test (test_what_is_withdrawn_is_in_nobodys_way),
    office_test (test_a_swap_that_nobody_took_is_in_nobodys_way),
    both (test_a_temporary_schedule_replaces_all_else),
    office_test (test_two_temporary_schedules_do_not_overlap),
    office_test (test_shifts_lie_within_their_temporary_schedule),
    office_test (test_a_temporary_schedule_has_a_shift),
    office_test (test_a_temporary_schedule_has_a_shift_that_is_to_come),
    office_test (test_shifts_that_are_past_are_left_out),
    office_test (test_what_could_not_be_read_again_is_not_written),
    both (test_who_gives_stays_on_call_until_the_swap_is_taken),
    office_test (test_a_swap_is_taken_as_a_whole_where_no_part_is_said),
    both (test_what_is_left_of_a_swap_stays_open),
    office_test (test_a_swap_is_taken_once),
    office_test (test_nobody_takes_their_own_swap),
    office_test (test_a_swap_is_not_taken_once_it_began),
    office_test (test_a_swap_that_was_withdrawn_is_not_taken),
    office_test (test_who_takes_a_swap_is_named_by_no_other),
    office_test (test_only_what_is_offered_is_taken),
    both (test_what_is_withdrawn_counts_until_then),
    office_test (test_withdrawing_twice_does_nothing),
    office_test (test_what_is_over_is_not_withdrawn),
    office_test (test_what_is_not_there_is_not_withdrawn),
    both (test_the_right_to_override_is_needed),
    office_test (test_who_offers_a_swap_may_withdraw_it),
    office_test (test_changes_are_listed_by_schedule_and_time),
    both (test_a_calendar_takes_the_place_of_the_one_before),
    office_test (test_schedules_are_those_of_the_playbook),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
