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
  g_clear_pointer (&self->task_titles, g_ptr_array_unref);
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

static void
keep_task_title (IncidentFold         *self,
                 const IncidentRecord *record)
{
  guint n = incident_dossier_count_tasks (self->state.dossier);

  if (self->task_titles == NULL)
    self->task_titles = g_ptr_array_new_with_free_func (g_free);
  if (n > self->task_titles->len)
    g_ptr_array_add (self->task_titles, incident_record_dup_string (record, "title"));
}

void
incident_fold_forget_words (IncidentFold *self,
                            guint         seq)
{
  if (seq == 1)
    {
      g_free (self->title);
      self->title = g_strdup ("(withheld)");
    }
  for (guint i = 0; self->task_titles != NULL && i < self->task_titles->len; i++)
    if (incident_dossier_get_task (self->state.dossier, i + 1)->seq == seq)
      g_clear_pointer (&g_ptr_array_index (self->task_titles, i), g_free);
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
  if (effect.more != NULL)
    keep_task_title (self, record);
  self->updated_at = record->recorded_at;
  if (effect.open >= 0)
    self->closed_at = effect.open ? INCIDENT_TIME_NONE : record->occurred_at;
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

/* One name; a list of them where several hold the role. */
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
  for (guint i = 0, end; i < held->len; i = end)
    {
      const char *role = incident_assignment_get_role (g_ptr_array_index (held, i));

      for (end = i + 1; end < held->len
                        && g_str_equal (incident_assignment_get_role (g_ptr_array_index (held, end)), role);)
        end++;
      incident_json_writer_name (writer, role);
      if (end > i + 1)
        incident_json_writer_begin_array (writer);
      for (guint j = i; j < end; j++)
        incident_json_writer_string (writer, incident_assignment_get_person (g_ptr_array_index (held, j)));
      if (end > i + 1)
        incident_json_writer_end_array (writer);
    }
  incident_json_writer_end_object (writer);
}

static void
write_flag (IncidentJsonWriter *writer,
            const char         *name,
            gboolean            value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_boolean (writer, value);
}

static void
write_task (IncidentJsonWriter *writer,
            const IncidentFold *self,
            guint               number)
{
  const IncidentTaskEntry *task = incident_dossier_get_task (self->state.dossier, number);

  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "number");
  incident_json_writer_int (writer, number);
  if (self->task_titles != NULL && number <= self->task_titles->len)
    incident_json_writer_member (writer, "title", g_ptr_array_index (self->task_titles, number - 1));
  incident_json_writer_member (writer, "state", incident_task_state_to_string (task->state));
  write_flag (writer, "must_do", task->must_do);
  incident_json_writer_member (writer, "person", task->person);
  incident_json_writer_member (writer, "role", task->role);
  incident_json_writer_member (writer, "kind", task->kind);
  incident_json_writer_member (writer, "after", task->after);
  incident_json_writer_moment (writer, "due", task->due);
  incident_json_writer_end_object (writer);
}

static void
write_tasks (IncidentJsonWriter *writer,
             const IncidentFold *self)
{
  incident_json_writer_name (writer, "tasks");
  incident_json_writer_begin_array (writer);
  for (guint i = 1; i <= incident_dossier_count_tasks (self->state.dossier); i++)
    write_task (writer, self, i);
  incident_json_writer_end_array (writer);
}

static void
write_links (IncidentJsonWriter    *writer,
             const IncidentDossier *dossier)
{
  incident_json_writer_name (writer, "links");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; dossier != NULL && dossier->links != NULL && i < dossier->links->len; i++)
    {
      const IncidentLinkEntry *link = g_ptr_array_index (dossier->links, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "kind", link->kind);
      incident_json_writer_member (writer, "case", link->to);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static const char * const priority_sources[] = {
  [INCIDENT_PRIORITY_BY_TABLE] = "table",
  [INCIDENT_PRIORITY_BY_RULE] = "rule",
  [INCIDENT_PRIORITY_BY_PERSON] = "person",
};

char *
incident_fold_to_json (const IncidentFold *self)
{
  const IncidentState *state = &self->state;
  IncidentPriority priority = incident_state_get_priority (state);
  const char *playbook = incident_binding_get_playbook (state->binding);
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
  incident_json_writer_moment (&writer, "opened_at", self->opened_at);
  incident_json_writer_moment (&writer, "updated_at", self->updated_at);
  incident_json_writer_moment (&writer, "closed_at", self->closed_at);
  incident_json_writer_name (&writer, "firing_alerts");
  incident_json_writer_int (&writer, state->dossier != NULL ? state->dossier->n_firing : 0);
  write_tasks (&writer, self);
  write_links (&writer, state->dossier);
  write_flag (&writer, "major", state->major);
  incident_json_writer_member (&writer, "priority_by", priority == INCIDENT_PRIORITY_UNKNOWN ? NULL
                               : priority_sources[state->priority_by]);
  incident_json_writer_member (&writer, "merged_into", state->dossier != NULL ? state->dossier->merged_into : NULL);
  incident_json_writer_member (&writer, "playbook", playbook != NULL ? playbook : INCIDENT_BUILT_IN);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
