/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-roster-body-private.h"

#include "base/incident-time-private.h"

/* Entries for the journal, as incident-roster-read.c reads them. */

static void
write_number (IncidentJsonWriter *writer,
              const char         *name,
              guint64             number)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_int (writer, (gint64) number);
}

static void
write_moment (IncidentJsonWriter *writer,
              const char         *name,
              gint64              time)
{
  gboolean can_be_written = time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX;

  incident_json_writer_moment (writer, name, can_be_written ? time : INCIDENT_TIME_NONE);
}

void
incident_roster_write_span (IncidentJsonWriter *writer,
                            gint64              from,
                            gint64              until)
{
  write_moment (writer, "from", from);
  write_moment (writer, "until", until);
}

static void
begin (IncidentJsonWriter *writer)
{
  incident_json_writer_init (writer, FALSE);
  incident_json_writer_begin_object (writer);
}

static IncidentRosterEntry *
end (IncidentJsonWriter *writer,
     const char         *kind,
     gint64              at,
     const char         *schedule,
     const char         *actor)
{
  incident_json_writer_end_object (writer);
  return incident_roster_entry_new (g_intern_string (kind), at, schedule, actor, incident_json_writer_finish (writer));
}

void
incident_roster_change_write_shifts (const IncidentRosterChange *self,
                                     IncidentJsonWriter         *writer)
{
  incident_json_writer_name (writer, "shifts");
  if (self->shifts == NULL)
    {
      incident_json_writer_null (writer);
      return;
    }

  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < self->shifts->len; i++)
    {
      const IncidentFixedShift *shift = &g_array_index (self->shifts, IncidentFixedShift, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "person", shift->person);
      incident_json_writer_member (writer, "words", shift->words);
      write_number (writer, "priority", shift->priority);
      incident_roster_write_span (writer, shift->from, shift->until);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

IncidentRosterEntry *
incident_roster_entry_new_playbook (const char *version,
                                    gint64      at,
                                    const char *actor)
{
  IncidentJsonWriter writer;

  begin (&writer);
  incident_json_writer_member (&writer, "version", version);
  return end (&writer, "playbook", at, NULL, actor);
}

IncidentRosterEntry *
incident_roster_entry_new_change (const IncidentRosterChange *change,
                                  guint64                     rest_of,
                                  gint64                      at,
                                  const char                 *actor)
{
  IncidentJsonWriter writer;

  begin (&writer);
  if (change->shifts == NULL)
    incident_json_writer_member (&writer, "person", change->person);
  if (change->kind == INCIDENT_OVERRIDE_KIND_REPLACE)
    incident_json_writer_member (&writer, "substitute", change->substitute);
  incident_roster_write_span (&writer, change->from, change->until);
  incident_json_writer_member (&writer, "text", change->text);
  if (change->shifts != NULL)
    incident_roster_change_write_shifts (change, &writer);
  if (rest_of != 0)
    write_number (&writer, "rest-of", rest_of);
  return end (&writer, incident_override_kind_to_string (change->kind), at, change->schedule, actor);
}

IncidentRosterEntry *
incident_roster_entry_new_taken (const IncidentRosterChange *swap,
                                 gint64                      from,
                                 gint64                      until,
                                 gint64                      at,
                                 const char                 *actor)
{
  IncidentJsonWriter writer;

  begin (&writer);
  write_number (&writer, "swap", swap->id);
  incident_json_writer_member (&writer, "person", actor);
  incident_roster_write_span (&writer, from, until);
  return end (&writer, "taken", at, swap->schedule, actor);
}

IncidentRosterEntry *
incident_roster_entry_new_withdrawn (const IncidentRosterChange *change,
                                     gint64                      at,
                                     const char                 *actor)
{
  IncidentJsonWriter writer;

  begin (&writer);
  write_number (&writer, "id", change->id);
  return end (&writer, "withdrawn", at, change->schedule, actor);
}
