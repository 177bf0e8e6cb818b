/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-rendering-private.h"

#include <libincident/incident-assignment.h>
#include <libincident/incident-case.h>
#include <libincident/incident-event.h>
#include <libincident/incident-task.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-time-private.h"

#define MOST_TASKS  10
#define MOST_EVENTS 5

/* “2026-11-26 14:02 UTC” */
static char *
write_time (gint64 time)
{
  char buffer[INCIDENT_TIME_LENGTH];

  if (time == INCIDENT_TIME_NONE)
    return NULL;

  incident_time_write (time, buffer);
  buffer[10] = ' ';
  buffer[16] = '\0';
  return g_strconcat (buffer, " UTC", NULL);
}

static char *
title_of_role (const IncidentRendering *self,
               const char              *role)
{
  char *title = g_strdup (role);

  *title = g_ascii_toupper (*title);
  return title;
}

static void
add_roles (const IncidentRendering *self,
           IncidentMessage         *message)
{
  g_autoptr(GPtrArray) assignments = incident_case_list_assignments (self->kase);

  for (guint i = 0; i < assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (assignments, i);
      g_autofree char *title = title_of_role (self, incident_assignment_get_role (assignment));

      incident_message_add_field (message, title, incident_assignment_get_person (assignment));
    }
}

static void
add_state (const IncidentRendering *self,
           IncidentMessage         *message)
{
  const IncidentState *state = incident_case_get_state (self->kase);
  IncidentPriority priority = incident_state_get_priority (state);
  g_autofree char *since = write_time (incident_case_get_opened_at (self->kase));
  g_autofree char *next = write_time (state->dossier != NULL ? state->dossier->next_update : INCIDENT_TIME_NONE);

  incident_message_add_field (message, "Phase", state->phase);
  if (state->severity != INCIDENT_SEVERITY_UNKNOWN)
    incident_message_add_field (message, "Severity", incident_severity_to_string ((IncidentSeverity) state->severity));
  if (priority != INCIDENT_PRIORITY_UNKNOWN)
    incident_message_add_field (message, "Priority", incident_priority_to_string (priority));
  incident_message_add_field (message, "Service", state->service);
  add_roles (self, message);
  incident_message_add_field (message, "Since", since);
  if (state->open)
    incident_message_add_field (message, "Next update", next);
}

static void
add_tasks (const IncidentRendering *self,
           IncidentMessage         *message)
{
  g_autoptr(GPtrArray) tasks = incident_case_list_tasks (self->kase);
  IncidentMessageSection *section = NULL;
  guint n_more = 0;

  for (guint i = 0; i < tasks->len; i++)
    {
      IncidentTask *task = g_ptr_array_index (tasks, i);
      const char *state = incident_task_get_state (task);
      const char *title = incident_task_get_title (task);
      const char *person = incident_task_get_person (task);

      if (g_str_equal (state, "done") || g_str_equal (state, "skipped"))
        continue;
      if (section == NULL)
        section = incident_message_add_section (message, "To do");
      if (section->lines->len >= MOST_TASKS)
        n_more++;
      else
        g_ptr_array_add (section->lines, g_strdup_printf ("%u. %s%s%s%s", incident_task_get_number (task),
                                                          title != NULL ? title : "(withheld)", person != NULL ? " (" : "",
                                                          person != NULL ? person : "", person != NULL ? ")" : ""));
    }
  if (n_more > 0)
    g_ptr_array_add (section->lines, g_strdup_printf ("and %u more", n_more));
}

static gboolean
is_news (const IncidentRecord *record)
{
  static const char * const silent[] = {
    "said", "said-edited", "said-deleted", "pinned", "message-delivered", "message-dead", "channel-down", "channel-up", "reminded",
    "alert-fired", "alert-resolved", "alerts-fired", "alerts-resolved", "task-added", "checklist-added", NULL
  };

  return !g_strv_contains (silent, record->kind);
}

static char *
write_news (IncidentRecord *record)
{
  g_autoptr(GString) line = g_string_new (NULL);
  char buffer[INCIDENT_TIME_LENGTH];

  incident_record_write_summary (record, line);
  incident_time_write (record->occurred_at, buffer);
  buffer[16] = '\0';
  return g_strdup_printf ("%s %s: %s", buffer + 11, record->actor, line->str);
}

/* The latest first, so that the search ends soon in a long case. */
static void
add_news (const IncidentRendering *self,
          IncidentMessage         *message)
{
  IncidentTimeline *timeline = incident_case_peek_timeline (self->kase);
  IncidentMessageSection *section = NULL;

  for (guint i = incident_case_get_version (self->kase); i > 0; i--)
    {
      IncidentRecord *record = incident_timeline_get_record (timeline, i - 1);

      if (!is_news (record))
        continue;
      if (section == NULL)
        section = incident_message_add_section (message, "Lately (UTC)");
      if (section->lines->len >= MOST_EVENTS)
        break;
      g_ptr_array_insert (section->lines, 0, write_news (record));
    }
}

/* What the verbs are for that the buttons stand for is judged when they are pressed. */
static void
add_actions (const IncidentRendering *self,
             IncidentMessage         *message)
{
  const IncidentState *state = incident_case_get_state (self->kase);
  g_autofree char *value = g_strdup_printf ("%s/%u/%u", message->case_id, incident_case_get_version (self->kase),
                                            (guint) state->episode);
  gboolean is_acknowledged = state->dossier != NULL && state->dossier->acknowledged != NULL
                             && state->dossier->acknowledged->len > 0;

  if (!state->live)
    return;

  if (!is_acknowledged)
    incident_message_add_action (message, "incident.ack", "Acknowledge", value, NULL, INCIDENT_ACTION_GOOD);
  incident_message_add_action (message, "incident.escalate", "Escalate", value, NULL, INCIDENT_ACTION_PLAIN);
  incident_message_add_action (message, "incident.resolve", "Resolve", value, "Is it mended?", INCIDENT_ACTION_GRAVE);
  if (incident_case_get_commander (self->kase) == NULL)
    incident_message_add_action (message, "incident.role", "Take command", value, NULL, INCIDENT_ACTION_PLAIN);
}

void
incident_rendering_fill_card (const IncidentRendering *self,
                              IncidentMessage         *message)
{
  gboolean is_card = message->row->kind == INCIDENT_MESSAGE_KIND_CARD;

  add_state (self, message);
  if (is_card)
    {
      add_tasks (self, message);
      add_news (self, message);
    }
  add_actions (self, message);
  g_free (message->text);
  message->text = g_strdup_printf ("%s · %s · %s", message->case_id, incident_case_get_phase (self->kase),
                                   incident_case_get_title (self->kase));
}
