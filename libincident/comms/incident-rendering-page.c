/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-rendering-private.h"

#include <libincident/incident-case.h>

#include "base/incident-text-private.h"
#include "comms/incident-page-body-private.h"

/* Of one that goes along, so that the section has room for the names of all of them. */
#define MOST_IN_LINE 80

/* What fetches a person: what it is about, why it is this person, and how to say “I am on it”. */

/* “INC-7 · sev2 · checkout · Checkout answers 500: you are on call …”: telephones show no more than this. */
static char *
write_text (const IncidentRendering *self,
            const char              *why)
{
  const IncidentState *state = incident_case_get_state (self->kase);
  const char *title = incident_case_get_title (self->kase);
  GString *text = g_string_new (incident_case_get_id (self->kase));

  if (state->severity != INCIDENT_SEVERITY_UNKNOWN)
    g_string_append_printf (text, " · %s", incident_severity_to_string ((IncidentSeverity) state->severity));
  if (state->service != NULL)
    g_string_append_printf (text, " · %s", state->service);
  g_string_append_printf (text, " · %s. %s", title != NULL ? title : "(withheld)", why);
  return g_string_free (text, FALSE);
}

/* The mark behind the episode has the answer go to who pressed it. */
static void
add_button (const IncidentRendering *self,
            IncidentMessage         *message,
            const char              *label)
{
  g_autofree char *value = g_strdup_printf ("%s/%u/%u/" INCIDENT_ACTION_OF_PAGE, incident_case_get_id (self->kase),
                                            incident_case_get_version (self->kase), incident_case_get_episode (self->kase));

  incident_message_add_action (message, "incident.ack", label, value, NULL, INCIDENT_ACTION_GOOD);
}

/* Where there is no button and no link, who was paged has to know what to say. */
static void
add_advice (const IncidentRendering *self,
            IncidentMessage         *message,
            const char              *name)
{
  g_autofree char *advice = g_strdup_printf ("incident ack %s", incident_case_get_id (self->kase));

  if (self->channel->dialect != INCIDENT_DIALECT_SLACK)
    incident_message_add_field (message, name, advice);
}

/* Where it says not by itself who is meant. */
static gboolean
is_read_by_others (IncidentDialect dialect)
{
  return dialect == INCIDENT_DIALECT_MATTERMOST || dialect == INCIDENT_DIALECT_ROCKETCHAT || dialect == INCIDENT_DIALECT_DISCORD
         || dialect == INCIDENT_DIALECT_TEAMS;
}

void
incident_rendering_fill_page (const IncidentRendering *self,
                              IncidentMessage         *message)
{
  const IncidentState *state = incident_case_get_state (self->kase);
  g_auto(IncidentPageBody) body = { NULL, };
  g_autofree char *why = NULL;

  incident_page_body_read (&body, message->row->body);
  why = incident_page_body_describe (&body);

  /* It goes to the person, not to where the case is talked about, and stands for itself there. */
  g_clear_pointer (&message->conversation, g_free);
  g_clear_pointer (&message->thread, g_free);
  g_clear_pointer (&message->first_key, g_free);
  g_free (message->text);
  message->text = write_text (self, why);
  if (is_read_by_others (self->channel->dialect))
    incident_message_add_field (message, "For", body.person);
  incident_message_add_field (message, "Why", why);
  if (state->severity != INCIDENT_SEVERITY_UNKNOWN)
    incident_message_add_field (message, "Severity", incident_severity_to_string ((IncidentSeverity) state->severity));
  incident_message_add_field (message, "Service", state->service);
  add_button (self, message, "Acknowledge");
  add_advice (self, message, INCIDENT_FIELD_ACKNOWLEDGE);
}

void
incident_rendering_add_page (const IncidentRendering *self,
                             IncidentMessage         *message,
                             const char              *row_body)
{
  g_auto(IncidentPageBody) body = { NULL, };
  IncidentMessageSection *section = NULL;
  g_autofree char *label = g_strdup_printf (INCIDENT_FIELD_ACKNOWLEDGE " %s", incident_case_get_id (self->kase));
  g_autofree char *why = NULL;
  g_autofree char *text = g_steal_pointer (&message->text);
  g_autofree char *line = NULL;

  incident_page_body_read (&body, row_body);
  why = incident_page_body_describe (&body);
  line = write_text (self, why);
  message->text = g_strdup_printf ("%s\n%s", text, line);
  section = message->sections->len > 0 ? g_ptr_array_index (message->sections, 0)
                                       : incident_message_add_section (message, "Held until now, as there were many pages");
  g_ptr_array_add (section->lines, incident_text_cut (line, MOST_IN_LINE));
  add_button (self, message, label);
  add_advice (self, message, label);
}
