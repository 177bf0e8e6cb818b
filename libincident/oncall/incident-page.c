/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-page-private.h"

#include <libincident/incident-case.h>

#include "base/incident-time-private.h"
#include "model/incident-page-words-private.h"

/**
 * IncidentPage:
 *
 * That somebody was paged for a case, or was not, and why.
 *
 * It is read from the timeline: each step of an escalation policy says whom it has paged through which target, and
 * whom it has not. What became of each message is told by [method@Desk.explain_page].
 *
 * A page never changes and may be shared between threads.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (IncidentPage, incident_page, incident_page_ref, incident_page_unref)

/**
 * incident_page_ref:
 * @self: a page
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentPage *
incident_page_ref (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
page_clear (gpointer data)
{
  IncidentPage *self = data;

  g_free (self->person);
  g_free (self->target);
  g_free (self->step);
  g_free (self->detail);
}

/**
 * incident_page_unref:
 * @self: (transfer full): a page
 *
 * Gives a reference back.
 *
 * Since: 0.1
 */
void
incident_page_unref (IncidentPage *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, page_clear);
}

/**
 * incident_page_get_case_number:
 * @self: a page
 *
 * Tells which case it is for.
 *
 * Returns: the number of the case
 *
 * Since: 0.1
 */
guint64
incident_page_get_case_number (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number;
}

/**
 * incident_page_get_event:
 * @self: a page
 *
 * Tells which event says so.
 *
 * Returns: the place of the event in the case, from 1
 *
 * Since: 0.1
 */
guint
incident_page_get_event (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->event;
}

/**
 * incident_page_get_at:
 * @self: a page
 *
 * Tells when it was decided: a message may be sent later, by a method that follows after a while, or held.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_page_get_at (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->at;
}

/**
 * incident_page_get_person:
 * @self: a page
 *
 * Tells who was paged, or not.
 *
 * Returns: (transfer none) (nullable): the person; %NULL where it is about a target as a whole, a channel, or all of a step
 *
 * Since: 0.1
 */
const char *
incident_page_get_person (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->person;
}

/**
 * incident_page_get_target:
 * @self: a page
 *
 * Tells through which target of the policy.
 *
 * Returns: (transfer none) (nullable): kind and name, such as `schedule payments`
 *
 * Since: 0.1
 */
const char *
incident_page_get_target (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->target;
}

/**
 * incident_page_get_reason:
 * @self: a page
 *
 * Tells why.
 *
 * Returns: the reason, of those to page or those not to: see [func@PageReason.is_sent]
 *
 * Since: 0.1
 */
IncidentPageReason
incident_page_get_reason (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_PAGE_REASON_STEP);

  return self->reason;
}

/**
 * incident_page_get_sent:
 * @self: a page
 *
 * Tells whether the person was to be paged. What became of the messages stands in the outbox.
 *
 * Returns: whether they were
 *
 * Since: 0.1
 */
gboolean
incident_page_get_sent (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_sent;
}

/**
 * incident_page_get_run:
 * @self: a page
 *
 * Tells which run of an escalation policy did so.
 *
 * Returns: its number in the case, from 1; 0: it was beside all runs
 *
 * Since: 0.1
 */
guint
incident_page_get_run (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->run;
}

/**
 * incident_page_get_policy:
 * @self: a page
 *
 * Tells by which escalation policy.
 *
 * Returns: (transfer none) (nullable): its name; %NULL: by none
 *
 * Since: 0.1
 */
const char *
incident_page_get_policy (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->policy;
}

/**
 * incident_page_get_version:
 * @self: a page
 *
 * Tells which playbook the policy is of.
 *
 * Returns: (transfer none) (nullable): its version
 *
 * Since: 0.1
 */
const char *
incident_page_get_version (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->version;
}

/**
 * incident_page_get_step:
 * @self: a page
 *
 * Tells at which step of the policy.
 *
 * Returns: (transfer none) (nullable): the name of the step
 *
 * Since: 0.1
 */
const char *
incident_page_get_step (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->step;
}

/**
 * incident_page_get_loop:
 * @self: a page
 *
 * Tells how often the policy had repeated its steps.
 *
 * Returns: the loop, from 0
 *
 * Since: 0.1
 */
guint
incident_page_get_loop (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->loop;
}

/**
 * incident_page_get_arming:
 * @self: a page
 *
 * Tells how often the run had been armed anew, after an acknowledgement or a pause.
 *
 * Returns: the arming, from 0
 *
 * Since: 0.1
 */
guint
incident_page_get_arming (IncidentPage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->arming;
}

static void
write_number (IncidentJsonWriter *writer,
              const char         *name,
              guint               value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_int (writer, value);
}

void
incident_page_write_json (IncidentPage       *self,
                          IncidentJsonWriter *writer)
{
  g_autofree char *id = incident_case_number_to_string (self->number);
  g_autofree char *text = incident_page_to_text (self);

  incident_json_writer_member (writer, "case", id);
  write_number (writer, "event", self->event);
  incident_json_writer_moment (writer, "at", self->at);
  incident_json_writer_member (writer, "person", self->person);
  incident_json_writer_member (writer, "target", self->target);
  incident_json_writer_member (writer, "reason", incident_page_reason_to_string (self->reason));
  incident_json_writer_name (writer, "sent");
  incident_json_writer_boolean (writer, self->is_sent);
  write_number (writer, "run", self->run);
  incident_json_writer_member (writer, "policy", self->policy);
  incident_json_writer_member (writer, "version", self->version);
  incident_json_writer_member (writer, "step", self->step);
  write_number (writer, "loop", self->loop);
  write_number (writer, "arming", self->arming);
  incident_json_writer_member (writer, "detail", self->detail);
  incident_json_writer_member (writer, "text", text);
}

/**
 * incident_page_to_json:
 * @self: a page
 *
 * Writes the page as a JSON object, with the members `case`, `event`, `at`, `person`, `target`, `reason`, `sent`, `run`,
 * `policy`, `version`, `step`, `loop`, `arming`, `detail`, and the sentence of [method@Page.to_text] as `text`.
 *
 * Returns: (transfer full): the JSON
 *
 * Since: 0.1
 */
char *
incident_page_to_json (IncidentPage *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_page_write_json (self, &writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

/* “bo was paged at 2026-11-26 14:02 UTC” */
static void
append_sent (IncidentPage *self,
             GString      *text)
{
  g_autofree char *cause = incident_page_write_cause (incident_page_reason_to_string (self->reason), self->step, self->policy);
  const char *through = self->person != NULL && incident_page_target_get_name (self->target, "person") == NULL ? self->target : NULL;
  char at[INCIDENT_TIME_LENGTH];

  incident_time_write (self->at, at);
  g_string_append_printf (text, "%s was paged at %.10s %.5s UTC: %s", self->person != NULL ? self->person
                          : self->target != NULL ? self->target : "Somebody", at, at + 11, cause);
  if (through != NULL)
    g_string_append_printf (text, ", through %s", through);
}

static void
append_not_sent (IncidentPage *self,
                 GString      *text)
{
  g_autofree char *hurdle = incident_page_write_hurdle (incident_page_reason_to_string (self->reason), self->target);

  if (self->reason == INCIDENT_PAGE_REASON_FAILED && (self->person != NULL || self->target != NULL))
    g_string_append_printf (text, "%s could not be reached: %s", self->person != NULL ? self->person : self->target, hurdle);
  else if (self->person != NULL)
    g_string_append_printf (text, "%s was not paged: %s", self->person, hurdle);
  else if (self->target != NULL)
    g_string_append_printf (text, "Nobody was paged through %s: %s", self->target, hurdle);
  else if (self->step != NULL)
    g_string_append_printf (text, "Nobody was paged by step “%s”: %s", self->step, hurdle);
  else
    g_string_append_printf (text, "Nobody was paged: %s", hurdle);
}

/**
 * incident_page_to_text:
 * @self: a page
 *
 * Says in one sentence what happened and why: “bo was paged at 2026-11-26 14:02 UTC: step “first” of policy “payments” came,
 * through schedule payments”, “ana was not paged: there is no way to reach them”.
 *
 * Returns: (transfer full): the sentence, without a full stop
 *
 * Since: 0.1
 */
char *
incident_page_to_text (IncidentPage *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  if (self->is_sent)
    append_sent (self, text);
  else
    append_not_sent (self, text);
  if (self->detail != NULL)
    g_string_append_printf (text, " (%s)", self->detail);
  return g_string_free (text, FALSE);
}
