/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-override-private.h"

#include <libincident/incident-time.h>

#include "oncall/incident-roster-body-private.h"

/**
 * IncidentOverride:
 *
 * How people change a schedule on single days.
 *
 * There are three that are about a person: `add` puts somebody on call in any case, `remove` takes somebody off
 * who would be, `replace` has another stand where somebody would have been. A `swap` is an offer: until another
 * takes it with [method@Desk.take_swap], who gives it stays on call; then it is as `replace`. A `temporary` one
 * has shifts of its own ([method@Override.add_shift]) in place of the whole schedule, gaps and all. A `feed` is
 * what was imported from a calendar.
 *
 * Times are in microseconds since the Unix epoch, UTC, and count in whole minutes: what is less is cut off. The
 * end does not belong to it.
 *
 * An override is made by [ctor@Override.new], which looks at nothing but its arguments, and given to
 * [method@Desk.add_override], which says what is wrong with it and gives another one with its id. One that the
 * desk gave never changes, may be shared between threads, and tells how it stood when it was read. It is never
 * edited: who wants another, withdraws it and adds that one. It counts for no minute before it was added, and
 * until it was withdrawn, so that who was on call in a minute that is past does not change any more.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (IncidentOverride, incident_override, incident_override_ref, incident_override_unref)

static IncidentOverride *
override_new (IncidentRosterChange  *change, /* (transfer full) */
              IncidentOverrideState  state)
{
  IncidentOverride *self = g_atomic_rc_box_new0 (IncidentOverride);

  self->change = change;
  self->state = state;
  return self;
}

IncidentOverride *
incident_override_new_of_change (const IncidentRosterChange *change,
                                 gint64                      now)
{
  return override_new (incident_roster_change_copy (change), incident_roster_change_get_state (change, now));
}

/**
 * incident_override_new:
 * @schedule: the name of a schedule of the playbook, in UTF-8
 * @kind: how it is changed
 * @person: (nullable): who is added, removed or replaced, or offers the shifts, in UTF-8; %NULL of a temporary
 *   schedule, whose shifts name people
 * @substitute: (nullable): of `replace`, who stands for @person, in UTF-8; otherwise %NULL
 * @from: when it begins, in microseconds since the Unix epoch, UTC; or %INCIDENT_TIME_NONE for when it is added
 * @until: when it ends, likewise; there is always an end
 * @text: (nullable): why, for people, in UTF-8
 *
 * Says how a schedule is to be changed. Nothing changes before it is given to a desk, and nothing is checked but
 * that this can be said at all.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): a new override, with the id 0
 *
 * Since: 0.1
 */
IncidentOverride *
incident_override_new (const char           *schedule,
                       IncidentOverrideKind  kind,
                       const char           *person,
                       const char           *substitute,
                       gint64                from,
                       gint64                until,
                       const char           *text)
{
  g_return_val_if_fail (schedule != NULL && g_utf8_validate (schedule, -1, NULL), NULL);
  g_return_val_if_fail (incident_override_kind_to_string (kind) != NULL, NULL);
  g_return_val_if_fail (person == NULL || g_utf8_validate (person, -1, NULL), NULL);
  g_return_val_if_fail (substitute == NULL || g_utf8_validate (substitute, -1, NULL), NULL);
  g_return_val_if_fail (text == NULL || g_utf8_validate (text, -1, NULL), NULL);

  return override_new (incident_roster_change_new (schedule, kind, person, substitute, from, until, text),
                       kind == INCIDENT_OVERRIDE_KIND_SWAP ? INCIDENT_OVERRIDE_STATE_OPEN : INCIDENT_OVERRIDE_STATE_IN_FORCE);
}

/**
 * incident_override_ref:
 * @self: an override
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentOverride *
incident_override_ref (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_override_clear (gpointer data)
{
  incident_roster_change_free (((IncidentOverride *) data)->change);
}

/**
 * incident_override_unref:
 * @self: (transfer full): an override
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_override_unref (IncidentOverride *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_override_clear);
}

/**
 * incident_override_add_shift:
 * @self: a temporary schedule that no desk has yet
 * @person: who is on call, in UTF-8
 * @from: when the shift begins, in microseconds since the Unix epoch, UTC
 * @until: when it ends, likewise
 *
 * Adds a shift to a temporary schedule. Several people may be on call at once; where nobody is, nobody is on call.
 *
 * The desk refuses a shift that does not lie within the whole. Only one thread may have the override until the
 * desk has it.
 *
 * Since: 0.1
 */
void
incident_override_add_shift (IncidentOverride *self,
                             const char       *person,
                             gint64            from,
                             gint64            until)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->change->id == 0);
  g_return_if_fail (self->change->kind == INCIDENT_OVERRIDE_KIND_TEMPORARY);
  g_return_if_fail (person != NULL && g_utf8_validate (person, -1, NULL));

  incident_roster_change_add_shift (self->change, person, NULL, 0, from, until);
}

/**
 * incident_override_get_id:
 * @self: an override
 *
 * Gets the number by which the desk knows it.
 *
 * Returns: the id, or 0 if no desk gave it one
 *
 * Since: 0.1
 */
guint64
incident_override_get_id (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->change->id;
}

/**
 * incident_override_get_schedule:
 * @self: an override
 *
 * Gets the name of the schedule that it changes.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
incident_override_get_schedule (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->change->schedule;
}

/**
 * incident_override_get_kind:
 * @self: an override
 *
 * Gets how it changes the schedule.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
IncidentOverrideKind
incident_override_get_kind (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_OVERRIDE_KIND_ADD);

  return self->change->kind;
}

/**
 * incident_override_get_state:
 * @self: an override
 *
 * Gets how it stood when it was read.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
IncidentOverrideState
incident_override_get_state (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_OVERRIDE_STATE_WITHDRAWN);

  return self->state;
}

/**
 * incident_override_get_person:
 * @self: an override
 *
 * Gets who is added, removed or replaced, or who offered the shifts.
 *
 * Returns: (transfer none) (nullable): the person, or %NULL of a temporary schedule and a calendar
 *
 * Since: 0.1
 */
const char *
incident_override_get_person (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->change->person;
}

/**
 * incident_override_get_substitute:
 * @self: an override
 *
 * Gets who stands for the person, or has taken the swap.
 *
 * Returns: (transfer none) (nullable): the other person, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
incident_override_get_substitute (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->change->substitute;
}

/**
 * incident_override_get_from:
 * @self: an override
 *
 * Gets when it begins. Where that was past, the desk had it begin in the minute in which it was added.
 *
 * Returns: the time in microseconds since the Unix epoch, UTC; or %INCIDENT_TIME_NONE if no desk has it and it
 *   is to begin then
 *
 * Since: 0.1
 */
gint64
incident_override_get_from (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->change->from;
}

/**
 * incident_override_get_until:
 * @self: an override
 *
 * Gets when it ends; that moment does not belong to it.
 *
 * Returns: the time in microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_override_get_until (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->change->until;
}

/**
 * incident_override_get_actor:
 * @self: an override
 *
 * Gets who added it.
 *
 * Returns: (transfer none) (nullable): the person, or %NULL if no desk has it
 *
 * Since: 0.1
 */
const char *
incident_override_get_actor (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->change->actor;
}

/**
 * incident_override_get_text:
 * @self: an override
 *
 * Gets why it is, for people.
 *
 * Returns: (transfer none) (nullable): the text, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
incident_override_get_text (IncidentOverride *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->change->text;
}

/**
 * incident_override_to_json:
 * @self: an override
 *
 * Writes the override as JSON.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): an object with the members `id`, `schedule`, `kind`, `state`, `person`, `substitute`,
 *   `from`, `until`, `actor`, `text`, `added_at`, `taken_at`, `withdrawn_at` and `shifts`, an array of objects
 *   with `person`, `words`, `priority`, `from` and `until`; what there is not, or is no time
 *   of the years 1 to 9999, is null
 *
 * Since: 0.1
 */
char *
incident_override_to_json (IncidentOverride *self)
{
  const IncidentRosterChange *change;
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  change = self->change;
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_name (&writer, "id");
  if (change->id != 0)
    incident_json_writer_int (&writer, (gint64) change->id);
  else
    incident_json_writer_null (&writer);
  incident_json_writer_member (&writer, "schedule", change->schedule);
  incident_json_writer_member (&writer, "kind", incident_override_kind_to_string (change->kind));
  incident_json_writer_member (&writer, "state", incident_override_state_to_string (self->state));
  incident_json_writer_member (&writer, "person", change->person);
  incident_json_writer_member (&writer, "substitute", change->substitute);
  incident_roster_write_span (&writer, change->from, change->until);
  incident_json_writer_member (&writer, "actor", change->actor);
  incident_json_writer_member (&writer, "text", change->text);
  incident_json_writer_moment (&writer, "added_at", change->added_at);
  incident_json_writer_moment (&writer, "taken_at", change->taken_at);
  incident_json_writer_moment (&writer, "withdrawn_at", change->withdrawn_at);
  incident_roster_change_write_shifts (change, &writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
