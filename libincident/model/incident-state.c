/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-state-private.h"

#include <libincident/incident-case.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-enum-private.h"
#include "base/incident-json-writer-private.h"
#include "model/incident-assignment-private.h"

IncidentState *
incident_state_new (void)
{
  IncidentState *self = g_new0 (IncidentState, 1);

  self->closed_at = INCIDENT_TIME_NONE;
  self->assignments = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_assignment_unref);
  self->alerts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
incident_state_free (IncidentState *self)
{
  g_free (self->title);
  g_free (self->service);
  g_free (self->category);
  g_free (self->group);
  g_ptr_array_unref (self->assignments);
  g_hash_table_unref (self->alerts);
  g_free (self);
}

static IncidentAssignment *
find_assignment (const IncidentState *self,
                 const char          *role,
                 guint               *position)
{
  for (guint i = self->assignments->len; i-- > 0;)
    {
      IncidentAssignment *assignment = g_ptr_array_index (self->assignments, i);

      if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE
          && (role == NULL || g_str_equal (incident_assignment_get_role (assignment), role)))
        {
          if (position != NULL)
            *position = i;
          return assignment;
        }
    }

  return NULL;
}

/* One event ends the old holder's time and begins the new one's: no gap, no overlap. */
static void
apply_role (IncidentState  *self,
            IncidentRecord *record,
            const char     *role,
            const char     *person)
{
  guint position;
  IncidentAssignment *held = find_assignment (self, role, &position);

  if (held != NULL)
    {
      g_ptr_array_index (self->assignments, position) = incident_assignment_ended (held, record->occurred_at);
      incident_assignment_unref (held);
    }
  if (person != NULL)
    g_ptr_array_add (self->assignments,
                     incident_assignment_new (role, person, record->actor, record->occurred_at, INCIDENT_TIME_NONE));
}

static void
apply_alert (IncidentState *self,
             const char    *key,
             gboolean       firing)
{
  gboolean was_firing = g_hash_table_lookup (self->alerts, key) != NULL;

  self->n_firing += (firing ? 1 : 0);
  self->n_firing -= (was_firing ? 1 : 0);
  g_hash_table_insert (self->alerts, g_strdup (key), GUINT_TO_POINTER (firing));
}

/* Facts that come in pairs, met on the way through the lines. */
typedef struct
{
  char     *role;
  char     *person;
  char     *alert;
  gboolean  firing;
  gboolean  severity_from_alert;
  gboolean  severity;
} Pairs;

static void
replace (char **slot,
         char  *value)
{
  g_free (*slot);
  *slot = value;
}

static int
read_enum (GType       type,
           const char *value)
{
  int number = 0;

  /* A name from a newer minor version is not known here: say so, do not guess. */
  if (!incident_enum_from_nick (type, "value", value, &number, NULL))
    return 0;

  return number;
}

static void
apply_status (IncidentState  *self,
              IncidentRecord *record,
              const char     *value)
{
  self->live = g_str_equal (value, "live");
  self->open = !g_str_equal (value, "ended");
  self->closed_at = self->open ? INCIDENT_TIME_NONE : record->occurred_at;
}

static void
apply_fact (IncidentState  *self,
            IncidentRecord *record,
            const char     *name,
            char           *value, /* (transfer full) */
            Pairs          *pairs)
{
  g_autofree char *owned = value;

  if (g_str_equal (name, "phase"))
    self->phase = g_intern_string (value);
  else if (g_str_equal (name, "state"))
    apply_status (self, record, value);
  else if (g_str_equal (name, "alert"))
    replace (&pairs->alert, g_steal_pointer (&owned));
  else if (g_str_equal (name, "alert-status"))
    pairs->firing = g_str_equal (value, "firing");
  else if (g_str_equal (name, "role"))
    replace (&pairs->role, g_steal_pointer (&owned));
  else if (g_str_equal (name, "person"))
    replace (&pairs->person, g_steal_pointer (&owned));
  else if (g_str_equal (name, "severity"))
    {
      self->severity = (IncidentSeverity) read_enum (INCIDENT_TYPE_SEVERITY, value);
      pairs->severity = TRUE;
    }
  else if (g_str_equal (name, "severity-from"))
    pairs->severity_from_alert = TRUE;
  else if (g_str_equal (name, "impact"))
    self->impact = (IncidentLevel) read_enum (INCIDENT_TYPE_LEVEL, value);
  else if (g_str_equal (name, "urgency"))
    self->urgency = (IncidentLevel) read_enum (INCIDENT_TYPE_LEVEL, value);
  else if (g_str_equal (name, "service"))
    replace (&self->service, g_steal_pointer (&owned));
  else if (g_str_equal (name, "category"))
    replace (&self->category, g_steal_pointer (&owned));
  else if (g_str_equal (name, "group"))
    replace (&self->group, g_steal_pointer (&owned));
  else if (g_str_equal (name, "level"))
    self->level = (guint) g_ascii_strtoull (value, NULL, 10);
  else if (g_str_equal (name, "episode"))
    {
      self->episode = (guint) g_ascii_strtoull (value, NULL, 10);
      self->level = 0;
    }
}

static void
apply_facts (IncidentState  *self,
             IncidentRecord *record)
{
  const char *cursor = record->facts;
  const char *name, *value;
  gsize name_length, value_length;
  Pairs pairs = { NULL, };

  while (incident_facts_next (&cursor, &name, &name_length, &value, &value_length))
    {
      g_autofree char *name_copy = g_strndup (name, name_length);

      apply_fact (self, record, name_copy, g_strndup (value, value_length), &pairs);
    }

  if (pairs.severity)
    self->severity_from_alert = pairs.severity_from_alert;
  if (pairs.role != NULL)
    apply_role (self, record, pairs.role, pairs.person);
  if (pairs.alert != NULL)
    apply_alert (self, pairs.alert, pairs.firing);
  else if (*record->facts != '\0')
    self->decided = record->seq;
  g_free (pairs.role);
  g_free (pairs.person);
  g_free (pairs.alert);
}

void
incident_state_apply (IncidentState  *self,
                      IncidentRecord *record)
{
  if (record->seq == 1)
    {
      self->number = record->subject;
      self->opened_at = record->occurred_at;
      self->title = incident_record_dup_string (record, "title");
      if (self->title == NULL)
        self->title = g_strdup ("(withheld)");
    }

  g_assert (record->subject == self->number && record->seq == self->version + 1);

  self->version = record->seq;
  self->updated_at = record->recorded_at;
  apply_facts (self, record);
}

const char *
incident_state_get_holder (const IncidentState *self,
                           const char          *role)
{
  IncidentAssignment *assignment = find_assignment (self, role, NULL);

  return assignment != NULL ? incident_assignment_get_person (assignment) : NULL;
}

gboolean
incident_state_has_responder (const IncidentState *self)
{
  return find_assignment (self, NULL, NULL) != NULL;
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

  for (guint i = 0; i < self->assignments->len; i++)
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
incident_state_to_json (const IncidentState *self)
{
  IncidentPriority priority = incident_priority_from_impact (self->impact, self->urgency);
  g_autofree char *id = incident_case_number_to_string (self->number);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "id", id);
  incident_json_writer_name (&writer, "number");
  incident_json_writer_int (&writer, (gint64) self->number);
  incident_json_writer_name (&writer, "version");
  incident_json_writer_int (&writer, self->version);
  incident_json_writer_name (&writer, "episode");
  incident_json_writer_int (&writer, self->episode);
  incident_json_writer_member (&writer, "title", self->title);
  incident_json_writer_member (&writer, "phase", self->phase);
  write_enum (&writer, "severity", INCIDENT_TYPE_SEVERITY, (int) self->severity);
  write_enum (&writer, "priority", INCIDENT_TYPE_PRIORITY, (int) priority);
  write_enum (&writer, "impact", INCIDENT_TYPE_LEVEL, (int) self->impact);
  write_enum (&writer, "urgency", INCIDENT_TYPE_LEVEL, (int) self->urgency);
  incident_json_writer_member (&writer, "service", self->service);
  incident_json_writer_member (&writer, "category", self->category);
  write_roles (&writer, self);
  write_time (&writer, "opened_at", self->opened_at);
  write_time (&writer, "updated_at", self->updated_at);
  write_time (&writer, "closed_at", self->closed_at);
  incident_json_writer_name (&writer, "firing_alerts");
  incident_json_writer_int (&writer, self->n_firing);
  write_empty_list (&writer, "tasks");
  write_empty_list (&writer, "links");
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
