/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "playbook-test.h"

#include "desk/incident-desk-oncall-private.h"

/* A desk whose playbook has two schedules: on “core” ana and bo take turns by the day, at seven. Moments are minutes after
 * START, on which ana begins. */

#define AT(minute) (START + (gint64) (minute) * MINUTE)
#define DAY 1440

#define TURNS "{\"layers\":[{\"people\":[\"ana\",\"bo\"],\"rotation\":{\"start\":\"2026-11-23T07:00\",\"every\":1,\"unit\":\"day\"}}],\"zone\":\"UTC\"}"
#define PEOPLE "\"people\":{\"ana\":{},\"bo\":{},\"cy\":{},\"di\":{}}"
#define PLAYBOOK "{" PEOPLE ",\"schedules\":{\"core\":" TURNS ",\"web\":" TURNS "}}"

static inline IncidentOverride *
override_new (IncidentOverrideKind kind, const char *person, const char *substitute, int from, int until)
{
  return incident_override_new ("core", kind, person, substitute, AT (from), AT (until), "a visit");
}

static inline guint64
add (Office *office, IncidentOverrideKind kind, const char *person, const char *substitute, int from, int until)
{
  g_autoptr(IncidentOverride) wanted = override_new (kind, person, substitute, from, until);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) made = incident_desk_add_override (office->desk, wanted, "ana", &error);

  assert_no_error (error);
  return incident_override_get_id (made);
}

/* The id of what was taken. */
static inline void
take (Office *office, guint64 id, const char *actor, int from, int until)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) made = incident_desk_take_swap (office->desk, id, actor, AT (from), AT (until), &error);

  assert_no_error (error);
  assert_true (incident_override_get_id (made) == id);
  assert_string_equal (incident_override_get_substitute (made), actor);
}

static inline void
withdraw (Office *office, guint64 id, const char *actor)
{
  g_autoptr(GError) error = NULL;

  incident_desk_withdraw_override (office->desk, id, actor, &error);
  assert_no_error (error);
}

static inline guint64
get_head (Office *office)
{
  g_autoptr(GError) error = NULL;
  guint64 head;

  incident_store_get_roster_head (office->store, &head, &error);
  assert_no_error (error);
  return head;
}

static inline IncidentRoster *
load_roster (Office *office)
{
  g_autoptr(GError) error = NULL;
  IncidentRoster *roster = incident_desk_load_roster (office->desk, &error);

  assert_no_error (error);
  return roster;
}

static inline char *
dup_on_call (Office *office, gint64 at)
{
  g_autoptr(IncidentRoster) roster = load_roster (office);
  g_autoptr(GPtrArray) people = g_ptr_array_new ();

  if (!incident_roster_get_on_call (roster, "core", at, people))
    return g_strdup ("no schedule");
  g_ptr_array_add (people, NULL);
  return g_strjoinv (" ", (char **) people->pdata);
}

static inline void
assert_on_call (Office *office, gint64 at, const char *people)
{
  g_autofree char *there = dup_on_call (office, at);

  assert_string_equal (there, people);
}

/* All that is known of the changes, but for the actor and the text: “4 replace ana bo 10-20 in-force” a line. */
static inline char *
dup_changes (Office *office)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) overrides = incident_desk_list_overrides (office->desk, NULL, INCIDENT_TIME_NONE, INCIDENT_TIME_NONE, &error);
  GString *text = g_string_new (NULL);

  assert_no_error (error);
  for (guint i = 0; i < overrides->len; i++)
    {
      IncidentOverride *override = g_ptr_array_index (overrides, i);
      const char *person = incident_override_get_person (override);
      const char *substitute = incident_override_get_substitute (override);

      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s %s %s %d-%d %s", i > 0 ? "\n" : "", incident_override_get_id (override),
                              incident_override_kind_to_string (incident_override_get_kind (override)),
                              person != NULL ? person : "-", substitute != NULL ? substitute : "-",
                              (int) ((incident_override_get_from (override) - START) / MINUTE),
                              (int) ((incident_override_get_until (override) - START) / MINUTE),
                              incident_override_state_to_string (incident_override_get_state (override)));
    }
  return g_string_free (text, FALSE);
}

static inline void
assert_changes (Office *office, const char *changes)
{
  g_autofree char *there = dup_changes (office);

  assert_string_equal (there, changes);
}

/* By the field at @where; nothing is written. */
static inline void
assert_wrong (Office *office, IncidentOverride *wanted /* (transfer full) */, IncidentError code, const char *where, const char *message)
{
  g_autoptr(IncidentOverride) owned G_GNUC_UNUSED = wanted;
  g_autoptr(GError) error = NULL;
  guint64 head = get_head (office);

  if (incident_desk_add_override (office->desk, wanted, "ana", &error) != NULL)
    fail_msg ("taken, but should be refused: %s", message);
  assert_error (error, INCIDENT_ERROR, code);
  assert_string_equal (error->message, message);
  assert_string_equal (incident_error_get_where (error), where);
  assert_true (get_head (office) == head);
}

static inline void
assert_code (GError *error, const char *code, const char *message)
{
  const char * const *codes;

  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  assert_string_equal (error->message, message);
  codes = incident_error_get_codes (error);
  assert_string_equal (codes[0], code);
  assert_null (codes[1]);
}

static inline void
assert_overlap (Office *office, IncidentOverride *wanted /* (transfer full) */, const char *message)
{
  g_autoptr(IncidentOverride) owned G_GNUC_UNUSED = wanted;
  g_autoptr(GError) error = NULL;
  guint64 head = get_head (office);

  if (incident_desk_add_override (office->desk, wanted, "ana", &error) != NULL)
    fail_msg ("taken, but should be refused: %s", message);
  assert_code (error, "overlap", message);
  assert_true (get_head (office) == head);
}

static inline void
assert_not_taken (Office *office, guint64 id, const char *actor, int from, int until, const char *code, const char *message)
{
  g_autoptr(GError) error = NULL;
  guint64 head = get_head (office);

  if (incident_desk_take_swap (office->desk, id, actor, AT (from), AT (until), &error) != NULL)
    fail_msg ("taken, but should be refused: %s", message);
  assert_code (error, code, message);
  assert_true (get_head (office) == head);
}
