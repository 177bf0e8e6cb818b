/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-simulating-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "intake/incident-alert-private.h"

/* Who would be paged: the escalator's own plans, on a clock that is a number. */

/* Our boot is nobody's. */
#define BOOT_ID "simulation"
#define NEVER   G_MAXINT64
/* As far back as the escalator looks for alerts. */
#define ALERTS_SINCE G_TIME_SPAN_DAY

/* When something is next, by the clock that is never set. */
static gint64
find_next (const IncidentSimulating *self,
           gint64                    due,
           gint64                    due_boot)
{
  const GArray *events = self->scenario->events;
  gint64 next = due_boot != NEVER ? due_boot : due != NEVER ? due - self->ahead : NEVER;

  if (self->n_played < events->len)
    next = MIN (next, g_array_index (events, IncidentScenarioEvent, self->n_played).at);
  for (guint i = self->first_waiting; i < self->sends->len; i++)
    {
      const IncidentSend *send = g_ptr_array_index (self->sends, i);

      if (!send->is_over)
        next = MIN (next, send->body.due_boot);
    }

  return next;
}

/* All that is to be done now: what is sent at once may fail at once, and then others come. FALSE: it was too much. */
static gboolean
go_on (IncidentSimulating *self,
       gint64             *next)
{
  guint32 version;
  gint64 due, due_boot;

  incident_simulating_play_due (self);
  incident_simulating_send_due (self);
  do
    {
      if (!incident_simulation_look (&self->simulation, incident_simulating_get_wall (self), self->now, &due, &due_boot))
        return FALSE;
      version = self->simulation.state->version;
      incident_simulating_send_due (self);
    }
  while (self->simulation.state->version != version);

  *next = find_next (self, due, due_boot);
  return TRUE;
}

/* Why it ends; NULL: as its run says. */
static const char *
run (IncidentSimulating *self)
{
  gint64 next;

  while (go_on (self, &next))
    {
      if (next == NEVER)
        return NULL;
      if (next >= self->scenario->until)
        return "time-over";
      self->now = MAX (next, self->now + 1);
    }

  return "too-many-steps";
}

static void
write_end (IncidentSimulating *self,
           IncidentJsonWriter *writer,
           const char         *why)
{
  const IncidentRun *last = self->simulation.state->runs;
  gint64 at = g_strcmp0 (why, "time-over") == 0 ? self->scenario->until + self->ahead : incident_simulating_get_wall (self);

  if (why == NULL)
    why = last == NULL ? "no-run" : last->why;
  incident_json_writer_name (writer, "ends");
  incident_json_writer_begin_object (writer);
  incident_json_writer_moment (writer, "at", at);
  incident_json_writer_member (writer, "state", last != NULL ? incident_run_state_to_string ((IncidentRunState) last->state) : NULL);
  incident_json_writer_member (writer, "why", why);
  incident_json_writer_end_object (writer);
}

static void
write_list (IncidentJsonWriter *writer,
            const char         *name,
            IncidentJsonWriter *list)
{
  g_autofree char *json = NULL;

  incident_json_writer_end_array (list);
  json = incident_json_writer_finish (list);
  incident_json_writer_name (writer, name);
  incident_json_writer_raw (writer, json);
}

static char *
write_answer (IncidentSimulating *self,
              const char         *why)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_foresee_write_versions (&writer, self->roster, self->scenario->from, self->scenario->until);
  incident_foresee_write_span (&writer, self->scenario->from, self->scenario->until);
  write_list (&writer, "pages", &self->pages);
  write_list (&writer, "not-paged", &self->not_paged);
  write_list (&writer, "refused", &self->refused);
  write_end (self, &writer, why);
  incident_foresee_write_duration (&writer, "first-person", self->first_person);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

/* What is known of a case that is not there: one alert that has its labels. NULL: nothing. */
static GPtrArray *
make_alerts (const IncidentSimulating *self)
{
  IncidentNode *labels = incident_node_get_member (self->scenario->made, "labels");
  g_auto(IncidentAlertDraft) draft = { NULL, };
  GPtrArray *alerts;

  if (labels == NULL)
    return NULL;

  incident_alert_draft_init (&draft);
  for (guint i = 0; i < incident_node_get_length (labels); i++)
    {
      IncidentNode *label = incident_node_get_child (labels, i);

      incident_alert_draft_add_label (&draft, label->name, label->value.string);
    }
  alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_alert_unref);
  g_ptr_array_add (alerts, incident_alert_new (&draft, "simulation", self->scenario->from));
  return alerts;
}

/* Of a case that is there. NULL: they are not known. */
static GPtrArray *
find_alerts (const IncidentSimulating *self)
{
  g_autoptr(GPtrArray) all = incident_desk_list_alerts (self->desk, NULL, self->scenario->from - ALERTS_SINCE, NULL);
  GPtrArray *alerts = all != NULL ? g_ptr_array_new_with_free_func ((GDestroyNotify) incident_alert_unref) : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    if (incident_alert_get_case_number (g_ptr_array_index (all, i)) == self->number)
      g_ptr_array_add (alerts, incident_alert_ref (g_ptr_array_index (all, i)));
  return alerts;
}

static IncidentState *
find_state (IncidentSimulating *self,
            GError            **error)
{
  g_autoptr(IncidentCase) kase = NULL;

  if (self->scenario->case_id == NULL)
    {
      self->alerts = make_alerts (self);
      return incident_scenario_make_state (self->scenario, self->rulebook, error);
    }

  if (!incident_case_number_from_string (self->scenario->case_id, &self->number, error))
    return NULL;
  kase = incident_desk_get_case (self->desk, self->number, error);
  self->alerts = kase != NULL ? find_alerts (self) : NULL;
  return kase != NULL ? incident_state_copy (incident_case_get_state (kase)) : NULL;
}

static void
begin_list (IncidentJsonWriter *writer)
{
  incident_json_writer_init (writer, FALSE);
  incident_json_writer_begin_array (writer);
}

static char *
simulate (IncidentSimulating *self,
          IncidentState      *state)
{
  IncidentPlanning planning;

  incident_desk_init_planning (self->desk, &planning, self->roster);
  planning.boot = incident_boot_hash (BOOT_ID);
  planning.alerts = self->alerts;
  incident_simulation_init (&self->simulation, &planning, state, INCIDENT_MOST_LOOKS, incident_simulating_told, self);
  self->now = self->scenario->from;
  self->first_person = -1;
  begin_list (&self->pages);
  begin_list (&self->not_paged);
  begin_list (&self->refused);
  self->sends = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_send_free);
  self->failures = g_array_new (FALSE, FALSE, sizeof (IncidentFailure));
  return write_answer (self, run (self));
}

static void
simulating_clear (IncidentSimulating *self)
{
  incident_simulation_clear (&self->simulation);
  g_clear_pointer (&self->sends, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_array_unref);
  g_clear_pointer (&self->alerts, g_ptr_array_unref);
  g_clear_pointer (&self->roster, incident_roster_unref);
  if (self->rulebook == &self->own_rulebook)
    incident_rulebook_clear (&self->own_rulebook);
}

/**
 * incident_desk_simulate:
 * @self: a desk
 * @playbook: (nullable): the rules to try, or %NULL for those of the desk
 * @scenario: what happens, as JSON
 * @error: return location for an error
 *
 * Tells who would be paged, when and how, and who would not be and why.
 *
 * It is the escalator that answers, on a clock that runs as fast as it can; nothing is written and nobody is paged. The same
 * question gets the same answer, byte for byte.
 *
 * The scenario is an object:
 *
 * - `case`: the id of a case, which is taken as it is now, such as `"INC-7"`; or an object that describes one that is not
 *   there, with `title`, `severity`, `service`, `category`, `phase` and `labels` (an object: those of its alert), all of which
 *   may be left out;
 * - `from`: when it begins, now where it is left out; and `until`, or `for`, a duration such as `72h`: at most 366 days;
 * - `events`: a list of what happens, each with `at`, a time or how long after the beginning (`"+10m"`), and one of
 *   `acknowledge`, `unacknowledge`, `diagnose`, `examine`, `escalate`, `assign`, `snooze`, `page`, `update`, `resolve`,
 *   `recover`, `close`, `cancel` and `reopen`, each with the name of who does it, and where the verb takes them `target`,
 *   `role`, `person`, `due` and `text`; `severity`, the new one; `override`, an object of `schedule`, `kind` (`add`, `remove` or
 *   `replace`), `person`, `substitute`, `from` and `until`; `fails`, an object of `person` and `channel`, through which nothing
 *   reaches the person from then on, in no way where the channel is left out; and `clock`, how far the clock on the wall is set
 *   (`"+2h"`).
 *
 * The answer is an object. Durations are in seconds, times are those of the clock on the wall:
 *
 * - `versions`: `playbook` (`null`: the built-in one), `roster` (the last change of who is on call) and `zones` (what the
 *   time-zone data say of that time): while they are the same, the answer is;
 * - `from` and `until`;
 * - `pages`: in the order in which they go out, each with `at`, `run`, `step` (from 1; 0: of none), `loop` and `arming` (from
 *   0), `step-name`, `policy`, `person` (`null`: a channel), `method` (from 1), `channel`, `reason`, `target`, and `failed` where
 *   it does;
 * - `not-paged`: likewise, with the reason why not; without a method where the step itself left somebody out;
 * - `refused`: what somebody may not do: `at`, `what` and `why`;
 * - `ends`: `at`, `state` of the run that began last (`null`: there was none) and `why`: the reason that the run has, or
 *   `no-run`, `time-over` or `too-many-steps`;
 * - `first-person`: how long it took until somebody was paged, or `null`.
 *
 * A step whose condition asks for alerts holds where nothing is known of them. Nothing is held for being too much: a page
 * stands where it would be due, whatever `rate` the playbook has. This call blocks.
 *
 * Returns: (transfer full): the answer, as JSON; or %NULL with @error set: %INCIDENT_ERROR_INVALID, naming the place by its
 *   JSON pointer, %INCIDENT_ERROR_NOT_FOUND if there is no such case, or what ails the store
 *
 * Since: 0.1
 */
char *
incident_desk_simulate (IncidentDesk     *self,
                        IncidentPlaybook *playbook,
                        const char       *scenario,
                        GError          **error)
{
  g_auto(IncidentScenario) read = { NULL, };
  IncidentSimulating simulating = { self, &read, };
  IncidentState *state;
  char *answer;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (scenario != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_scenario_read (&read, scenario, incident_clock_get_time (incident_desk_get_clock (self)), error))
    return NULL;
  simulating.roster = incident_desk_imagine_roster (self, playbook, error);
  if (simulating.roster == NULL)
    return NULL;

  /* A case that is there goes on as the desk judges it. */
  simulating.rulebook = incident_desk_get_rulebook (self);
  if (playbook != NULL && read.made != NULL)
    {
      incident_rulebook_init (&simulating.own_rulebook, incident_playbook_get_rules (playbook));
      simulating.rulebook = &simulating.own_rulebook;
    }
  state = find_state (&simulating, error);
  answer = state != NULL ? simulate (&simulating, state) : NULL;
  simulating_clear (&simulating);
  return answer;
}
