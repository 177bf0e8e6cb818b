/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-fold-private.h"

#include <libincident/incident-case.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-enum-private.h"
#include "base/incident-json-writer-private.h"
#include "model/incident-assignment-private.h"

IncidentFold *
incident_fold_new (void)
{
  IncidentFold *self = g_new0 (IncidentFold, 1);

  self->closed_at = INCIDENT_TIME_NONE;
  return self;
}

void
incident_fold_free (IncidentFold *self)
{
  incident_state_clear (&self->state);
  g_free (self->title);
  g_free (self);
}

static void
begin (IncidentFold   *self,
       IncidentRecord *record)
{
  self->number = record->subject;
  self->opened_at = record->occurred_at;
  self->title = incident_record_dup_string (record, "title");
  if (self->title == NULL)
    self->title = g_strdup ("(withheld)");
}

void
incident_fold_apply (IncidentFold   *self,
                     IncidentRecord *record)
{
  IncidentEffect effect;

  incident_effect_read (&effect, record->facts);
  if (record->seq == 1)
    begin (self, record);

  g_assert (record->subject == self->number);

  incident_state_apply (&self->state, &effect, record->seq, record->actor, record->occurred_at);
  self->updated_at = record->recorded_at;
  if (effect.open >= 0)
    self->closed_at = effect.open ? INCIDENT_TIME_NONE : record->occurred_at;
}

static void
write_time (IncidentJsonWriter *writer,
            const char         *name,
            gint64              time)
{
  incident_json_writer_name (writer, name);
  if (time == INCIDENT_TIME_NONE)
    incident_json_writer_null (writer);
  else
    incident_json_writer_time (writer, time);
}

/* What is not judged yet is null, not a word. */
static void
write_enum (IncidentJsonWriter *writer,
            const char         *name,
            GType               type,
            int                 value)
{
  incident_json_writer_member (writer, name, value != 0 ? incident_enum_get_nick (type, value) : NULL);
}

static int
compare_roles (gconstpointer a,
               gconstpointer b)
{
  return strcmp (incident_assignment_get_role (*(IncidentAssignment **) a),
                 incident_assignment_get_role (*(IncidentAssignment **) b));
}

static void
write_roles (IncidentJsonWriter  *writer,
             const IncidentState *self)
{
  g_autoptr(GPtrArray) held = g_ptr_array_new ();

  for (guint i = 0; i < (self->assignments != NULL ? self->assignments->len : 0); i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (self->assignments, i);

      if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE)
        g_ptr_array_add (held, assignment);
    }
  g_ptr_array_sort (held, compare_roles);

  incident_json_writer_name (writer, "roles");
  incident_json_writer_begin_object (writer);
  for (guint i = 0; i < held->len; i++)
    incident_json_writer_member (writer,
                                 incident_assignment_get_role (g_ptr_array_index (held, i)),
                                 incident_assignment_get_person (g_ptr_array_index (held, i)));
  incident_json_writer_end_object (writer);
}

static void
write_empty_list (IncidentJsonWriter *writer,
                  const char         *name)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_array (writer);
  incident_json_writer_end_array (writer);
}

char *
incident_fold_to_json (const IncidentFold *self)
{
  const IncidentState *state = &self->state;
  IncidentPriority priority = incident_priority_from_impact ((IncidentLevel) state->impact, (IncidentLevel) state->urgency);
  g_autofree char *id = incident_case_number_to_string (self->number);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "id", id);
  incident_json_writer_name (&writer, "number");
  incident_json_writer_int (&writer, (gint64) self->number);
  incident_json_writer_name (&writer, "version");
  incident_json_writer_int (&writer, state->version);
  incident_json_writer_name (&writer, "episode");
  incident_json_writer_int (&writer, state->episode);
  incident_json_writer_member (&writer, "title", self->title);
  incident_json_writer_member (&writer, "phase", state->phase);
  write_enum (&writer, "severity", INCIDENT_TYPE_SEVERITY, (int) state->severity);
  write_enum (&writer, "priority", INCIDENT_TYPE_PRIORITY, (int) priority);
  write_enum (&writer, "impact", INCIDENT_TYPE_LEVEL, (int) state->impact);
  write_enum (&writer, "urgency", INCIDENT_TYPE_LEVEL, (int) state->urgency);
  incident_json_writer_member (&writer, "service", state->service);
  incident_json_writer_member (&writer, "category", state->category);
  write_roles (&writer, state);
  write_time (&writer, "opened_at", self->opened_at);
  write_time (&writer, "updated_at", self->updated_at);
  write_time (&writer, "closed_at", self->closed_at);
  incident_json_writer_name (&writer, "firing_alerts");
  incident_json_writer_int (&writer, state->alerts != NULL ? state->alerts->n_firing : 0);
  write_empty_list (&writer, "tasks");
  write_empty_list (&writer, "links");
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
