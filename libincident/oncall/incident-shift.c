/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-schedule-private.h"

#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"

/**
 * IncidentShift:
 *
 * A part of a schedule with the same people throughout, or with nobody.
 *
 * It tells what put them there as well: a layer of the playbook, or what somebody changed on that day.
 *
 * A shift never changes and may be shared between threads.
 *
 * Since: 0.1
 */
struct _IncidentShift
{
  gint64       from;
  gint64       until;
  const char **people;    /* interned; ends with NULL */
  const char  *layer;     /* interned, nullable */
  guint64      override;  /* 0: none */
  gboolean     is_wanted_gap;
};

G_DEFINE_BOXED_TYPE (IncidentShift, incident_shift, incident_shift_ref, incident_shift_unref)

IncidentShift *
incident_shift_new (const IncidentSpan *span)
{
  IncidentShift *self = g_atomic_rc_box_new0 (IncidentShift);

  self->from = span->from;
  self->until = span->until;
  self->people = g_new0 (const char *, span->people->len + 1);
  for (guint i = 0; i < span->people->len; i++)
    self->people[i] = g_ptr_array_index (span->people, i);
  self->layer = span->layer;
  self->override = span->change != NULL ? span->change->id : 0;
  self->is_wanted_gap = span->is_wanted_gap;
  return self;
}

/**
 * incident_shift_ref:
 * @self: a shift
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentShift *
incident_shift_ref (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_shift_clear (gpointer data)
{
  IncidentShift *self = data;

  g_free (self->people);
}

/**
 * incident_shift_unref:
 * @self: (transfer full): a shift
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_shift_unref (IncidentShift *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_shift_clear);
}

/**
 * incident_shift_get_from:
 * @self: a shift
 *
 * Tells when it begins.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_shift_get_from (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->from;
}

/**
 * incident_shift_get_until:
 * @self: a shift
 *
 * Tells when it ends: the first moment that is not in it.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_shift_get_until (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->until;
}

/**
 * incident_shift_get_people:
 * @self: a shift
 *
 * Lists who is on call.
 *
 * Returns: (transfer none) (array zero-terminated=1): the people, each once; none
 *   where nobody is
 *
 * Since: 0.1
 */
const char * const *
incident_shift_get_people (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->people;
}

/**
 * incident_shift_get_layer:
 * @self: a shift
 *
 * Tells which layer of the schedule put the people there.
 *
 * Returns: (transfer none) (nullable): the name; those of several that add up, as in
 *   `europe, asia`; or %NULL if no layer did
 *
 * Since: 0.1
 */
const char *
incident_shift_get_layer (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->layer;
}

/**
 * incident_shift_get_override:
 * @self: a shift
 *
 * Tells what somebody changed: the last change of those that made it what it is.
 *
 * Returns: the id of an [struct@Override], or 0 if the playbook alone decides
 *
 * Since: 0.1
 */
guint64
incident_shift_get_override (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->override;
}

/**
 * incident_shift_get_covered:
 * @self: a shift
 *
 * Tells whether anybody is on call.
 *
 * Returns: whether there are people
 *
 * Since: 0.1
 */
gboolean
incident_shift_get_covered (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->people[0] != NULL;
}

/**
 * incident_shift_get_wanted_gap:
 * @self: a shift
 *
 * Tells whether nobody is on call, and nobody is meant to be: the schedule has `wanted-gaps`.
 *
 * Returns: whether it is such a gap
 *
 * Since: 0.1
 */
gboolean
incident_shift_get_wanted_gap (IncidentShift *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_wanted_gap;
}

/**
 * incident_shift_to_json:
 * @self: a shift
 *
 * Writes the shift as JSON.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): an object with the members `from`, `until`, `people`, an array of names, `layer` and `override`,
 *   which are null where there is none, and `wanted_gap`
 *
 * Since: 0.1
 */
char *
incident_shift_to_json (IncidentShift *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_moment (&writer, "from", self->from);
  incident_json_writer_moment (&writer, "until", self->until);
  incident_json_writer_name (&writer, "people");
  incident_json_writer_begin_array (&writer);
  for (const char **person = self->people; *person != NULL; person++)
    incident_json_writer_string (&writer, *person);
  incident_json_writer_end_array (&writer);
  incident_json_writer_member (&writer, "layer", self->layer);
  incident_json_writer_name (&writer, "override");
  if (self->override != 0)
    incident_json_writer_int (&writer, (gint64) self->override);
  else
    incident_json_writer_null (&writer);
  incident_json_writer_name (&writer, "wanted_gap");
  incident_json_writer_boolean (&writer, self->is_wanted_gap);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
