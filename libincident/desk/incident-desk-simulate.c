/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "comms/incident-page-body-private.h"
#include "desk/incident-desk-foresee-private.h"
#include "desk/incident-paging-private.h"
#include "desk/incident-scenario-private.h"
#include "intake/incident-alert-private.h"
#include "oncall/incident-simulation-private.h"

/* Who would be paged: the escalator's own plans, and the messages made of them, sent to nobody. The wall clock of a
 * simulation may be set; time goes on by another one, which stands for that of the boot. */

/* Our boot is nobody's. */
#define BOOT_ID "simulation"
#define NEVER   G_MAXINT64
/* As far back as the escalator looks for alerts. */
#define ALERTS_SINCE G_TIME_SPAN_DAY

/* A message that waits for its time. */
typedef struct
{
  IncidentOutboxRow *row;
  IncidentPageBody   body;
  guint              firing;     /* those of one firing belong together */
  gboolean           is_over;    /* it went out, or is not wanted any more */
  gboolean           has_failed;
} Send;

typedef struct
{
  const char *person;
  const char *channel;  /* NULL: each */
} Failure;

typedef struct
{
  IncidentDesk            *desk;
  const IncidentScenario  *scenario;
  IncidentRoster          *roster;
  const IncidentRulebook  *rulebook;
  IncidentRulebook         own_rulebook;  /* of the playbook that was given */
  IncidentOperations       operations;
  guint64                  number;        /* 0: of no case that is there */
  GPtrArray               *alerts;        /* nullable: not known */
  IncidentSimulation       simulation;
  gint64                   now;           /* the clock that is never set … */
  gint64                   ahead;         /* … and the wall, so far ahead of it */
  guint                    n_played;      /* events of the scenario */
  guint                    n_firings;
  GPtrArray               *sends;         /* (element-type Send) */
  guint                    first_waiting; /* those before it are over */
  GArray                  *failures;      /* (element-type Failure) */
  IncidentJsonWriter       pages;
  IncidentJsonWriter       not_paged;
  IncidentJsonWriter       refused;
  gint64                   first_person;  /* so long after the beginning; -1: nobody yet */
} Simulating;

static void
send_free (Send *self)
{
  incident_page_body_clear (&self->body);
  incident_outbox_row_free (self->row);
  g_free (self);
}

static gint64
get_wall (const Simulating *self)
{
  return self->now + self->ahead;
}

/* What is told */

static void
write_position (IncidentJsonWriter *writer,
                gint64              at,
                guint               run,
                guint               step,
                guint               loop,
                guint               arming)
{
  incident_json_writer_moment (writer, "at", at);
  incident_json_writer_name (writer, "run");
  incident_json_writer_int (writer, run);
  incident_json_writer_name (writer, "step");
  incident_json_writer_int (writer, step);
  incident_json_writer_name (writer, "loop");
  incident_json_writer_int (writer, loop);
  incident_json_writer_name (writer, "arming");
  incident_json_writer_int (writer, arming);
}

static void
write_send (IncidentJsonWriter *writer,
            const Send         *send,
            gint64              at,
            const char         *reason)
{
  incident_json_writer_begin_object (writer);
  write_position (writer, at, send->body.run, send->body.step, send->body.loop, send->body.arming);
  incident_json_writer_member (writer, "step-name", send->body.step_name);
  incident_json_writer_member (writer, "policy", send->body.policy);
  incident_json_writer_member (writer, "person", send->body.person);
  incident_json_writer_name (writer, "method");
  incident_json_writer_int (writer, send->body.method);
  incident_json_writer_member (writer, "channel", send->row->channel);
  incident_json_writer_member (writer, "reason", reason);
  incident_json_writer_member (writer, "target", send->body.target);
  if (send->has_failed)
    {
      incident_json_writer_name (writer, "failed");
      incident_json_writer_boolean (writer, TRUE);
    }
  incident_json_writer_end_object (writer);
}

static void
write_not_paged (Simulating                *self,
                 const IncidentPlannedPage *page,
                 gint64                     at)
{
  IncidentJsonWriter *writer = &self->not_paged;

  incident_json_writer_begin_object (writer);
  write_position (writer, at, page->run, page->run > 0 ? page->step + 1 : 0, page->loop, page->arming);
  incident_json_writer_member (writer, "person", page->person);
  incident_json_writer_member (writer, "reason", incident_page_reason_to_string (page->reason));
  incident_json_writer_member (writer, "target", page->target);
  incident_json_writer_end_object (writer);
}

/* Sending */

/* One who is paged again by a run is not to hear of what it paged them for before. */
static void
supersede (Simulating *self,
           const Send *later)
{
  for (guint i = self->first_waiting; i < self->sends->len; i++)
    {
      Send *send = g_ptr_array_index (self->sends, i);

      if (send->is_over || send->firing == later->firing || later->body.person == NULL || send->body.run != later->body.run
          || g_strcmp0 (send->body.person, later->body.person) != 0)
        continue;
      send->is_over = TRUE;
      write_send (&self->not_paged, send, get_wall (self), "superseded");
    }
}

static void
told (const IncidentPlan  *plan,
      const IncidentState *state,
      gint64               at,
      gpointer             data)
{
  Simulating *self = data;
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();

  incident_paging_add (self->roster->rules, plan, self->number, (guint) state->episode, 0, at, rows);
  self->n_firings++;
  for (guint i = 0; i < rows->len; i++)
    {
      Send *send = g_new0 (Send, 1);

      send->row = g_ptr_array_index (rows, i);
      send->firing = self->n_firings;
      incident_page_body_read (&send->body, send->row->body);
      supersede (self, send);
      g_ptr_array_add (self->sends, send);
    }
  for (guint i = 0; i < plan->pages->len; i++)
    if (!g_array_index (plan->pages, IncidentPlannedPage, i).is_sent)
      write_not_paged (self, &g_array_index (plan->pages, IncidentPlannedPage, i), at);
}

static gboolean
fails (const Simulating *self,
       const Send       *send)
{
  for (guint i = 0; i < self->failures->len; i++)
    {
      const Failure *failure = &g_array_index (self->failures, Failure, i);

      if (g_strcmp0 (failure->person, send->body.person) == 0
          && (failure->channel == NULL || g_str_equal (failure->channel, send->row->channel)))
        return TRUE;
    }

  return FALSE;
}

/* No way to the person has worked, and none is left. */
static gboolean
is_lost (const Simulating *self,
         const Send       *send)
{
  for (guint i = 0; i < self->sends->len; i++)
    {
      const Send *other = g_ptr_array_index (self->sends, i);

      if (other->firing == send->firing && g_strcmp0 (other->body.person, send->body.person) == 0
          && other->body.run == send->body.run && !other->has_failed)
        return FALSE;
    }

  return TRUE;
}

static void
tell_lost (Simulating *self,
           const Send *send)
{
  g_autoptr(GString) facts = g_string_new (NULL);

  if (!incident_paging_is_current (&send->body, self->simulation.state))
    return;

  incident_facts_append (facts, "by", "rule");
  incident_facts_append_number (facts, "run", send->body.run);
  incident_facts_append (facts, "page-failed", send->body.person);
  incident_simulation_apply (&self->simulation, facts->str, INCIDENT_DESK_ACTOR, get_wall (self));
}

static void
send_one (Simulating *self,
          Send       *send)
{
  const char *why = incident_paging_find_unwanted (send->row, self->simulation.state);

  send->is_over = TRUE;
  if (why != NULL)
    {
      write_send (&self->not_paged, send, get_wall (self), incident_paging_get_code (why));
      return;
    }

  send->has_failed = send->body.person != NULL && fails (self, send);
  write_send (&self->pages, send, get_wall (self), send->body.reason);
  if (send->has_failed && is_lost (self, send))
    tell_lost (self, send);
  if (!send->has_failed && send->body.person != NULL && self->first_person < 0)
    self->first_person = self->now - self->scenario->from;
}

/* Those whose time has come, as they were made. */
static void
send_due (Simulating *self)
{
  for (guint i = self->first_waiting; i < self->sends->len; i++)
    {
      Send *send = g_ptr_array_index (self->sends, i);

      if (!send->is_over && send->row->not_before <= get_wall (self))
        send_one (self, send);
    }
  while (self->first_waiting < self->sends->len
         && ((Send *) g_ptr_array_index (self->sends, self->first_waiting))->is_over)
    self->first_waiting++;
}

/* What happens */

static void
refuse (Simulating   *self,
        const char   *what,
        const GError *error)
{
  incident_json_writer_begin_object (&self->refused);
  incident_json_writer_moment (&self->refused, "at", get_wall (self));
  incident_json_writer_member (&self->refused, "what", what);
  incident_json_writer_member (&self->refused, "why", error->message);
  incident_json_writer_end_object (&self->refused);
}

static IncidentCommand *
make_command (const IncidentScenarioEvent  *event,
              GError                      **error)
{
  static const char * const arguments[] = { "target", "role", "person", "due", "text" };
  g_autoptr(IncidentCommand) command = incident_command_new (event->action, incident_node_get_string (event->node, event->action));

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      const char *value = incident_node_get_string (event->node, arguments[i]);

      if (value == NULL && g_str_equal (arguments[i], "text"))
        value = "simulated";
      if (value != NULL && !incident_command_set (command, arguments[i], value, error))
        return NULL;
    }

  return g_steal_pointer (&command);
}

/* As a person would do it, with the guards and rights that they would meet. */
static void
act (Simulating                  *self,
     const IncidentScenarioEvent *event)
{
  g_auto(IncidentDecision) decision = { NULL, };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCommand) command = make_command (event, &error);

  if (command != NULL)
    {
      incident_decision_init (&decision, incident_desk_get_clock (self->desk), &self->operations, self->rulebook);
      decision.now = get_wall (self);
      incident_decision_turn_to (&decision, self->number, self->simulation.state);
    }
  if (command == NULL || !incident_decision_command (&decision, command, NULL, &error))
    {
      refuse (self, event->action, error);
      return;
    }

  for (guint i = 0; i < decision.drafts->len; i++)
    {
      const IncidentRecord *draft = g_ptr_array_index (decision.drafts, i);

      incident_simulation_apply (&self->simulation, draft->facts, draft->actor, draft->occurred_at);
    }
}

static void
change_severity (Simulating *self,
                 const char *severity)
{
  g_autofree char *facts = g_strconcat ("severity=", severity, NULL);

  incident_simulation_apply (&self->simulation, facts, INCIDENT_DESK_ACTOR, get_wall (self));
}

static void
add_override (Simulating   *self,
              IncidentNode *node)
{
  const char *since = incident_node_get_string (node, "from");
  IncidentOverrideKind kind = INCIDENT_OVERRIDE_KIND_ADD;
  gint64 from = get_wall (self);
  gint64 until = from;
  IncidentRosterChange *change;
  IncidentRoster *changed;

  incident_override_kind_from_string (incident_node_get_string (node, "kind"), &kind, NULL);
  incident_time_from_string (incident_node_get_string (node, "until"), &until, NULL);
  if (since != NULL)
    incident_time_from_string (since, &from, NULL);
  change = incident_roster_change_new (incident_node_get_string (node, "schedule"), kind, incident_node_get_string (node, "person"),
                                       incident_node_get_string (node, "substitute"), from, MAX (until, from), NULL);
  change->added_at = get_wall (self);
  changed = incident_roster_with (self->roster, change);
  incident_roster_unref (self->roster);
  self->roster = self->simulation.planning.roster = changed;
}

static void
add_failure (Simulating   *self,
             IncidentNode *node)
{
  const Failure failure = { incident_node_get_string (node, "person"), incident_node_get_string (node, "channel") };

  g_array_append_val (self->failures, failure);
}

static void
play (Simulating                  *self,
      const IncidentScenarioEvent *event)
{
  IncidentNode *what = incident_node_get_member (event->node, event->action);

  if (g_str_equal (event->action, "severity"))
    change_severity (self, what->value.string);
  else if (g_str_equal (event->action, "override"))
    add_override (self, what);
  else if (g_str_equal (event->action, "fails"))
    add_failure (self, what);
  else if (g_str_equal (event->action, "clock"))
    self->ahead += incident_scenario_read_offset (what->value.string);
  else
    act (self, event);
}

static void
play_due (Simulating *self)
{
  const GArray *events = self->scenario->events;

  for (; self->n_played < events->len; self->n_played++)
    {
      const IncidentScenarioEvent *event = &g_array_index (events, IncidentScenarioEvent, self->n_played);

      if (event->at > self->now)
        break;
      play (self, event);
    }
}

/* When something is next, by the clock that is never set. */
static gint64
find_next (const Simulating *self,
           gint64            due,
           gint64            due_boot)
{
  const GArray *events = self->scenario->events;
  gint64 next = due_boot != NEVER ? due_boot : due != NEVER ? due - self->ahead : NEVER;

  if (self->n_played < events->len)
    next = MIN (next, g_array_index (events, IncidentScenarioEvent, self->n_played).at);
  for (guint i = self->first_waiting; i < self->sends->len; i++)
    {
      const Send *send = g_ptr_array_index (self->sends, i);

      if (!send->is_over)
        next = MIN (next, send->row->not_before - self->ahead);
    }

  return next;
}

/* All that is to be done now: what is sent at once may fail at once, and then others come. FALSE: it was too much. */
static gboolean
go_on (Simulating *self,
       gint64     *next)
{
  guint32 version;
  gint64 due, due_boot;

  play_due (self);
  send_due (self);
  do
    {
      if (!incident_simulation_look (&self->simulation, get_wall (self), self->now, &due, &due_boot))
        return FALSE;
      version = self->simulation.state->version;
      send_due (self);
    }
  while (self->simulation.state->version != version);

  *next = find_next (self, due, due_boot);
  return TRUE;
}

/* Why it ends; NULL: as its run says. */
static const char *
run (Simulating *self)
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
write_end (Simulating         *self,
           IncidentJsonWriter *writer,
           const char         *why)
{
  const IncidentRun *last = self->simulation.state->runs;
  gint64 at = g_strcmp0 (why, "time-over") == 0 ? self->scenario->until + self->ahead : get_wall (self);

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
write_answer (Simulating *self,
              const char *why)
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
make_alerts (const Simulating *self)
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
find_alerts (const Simulating *self)
{
  g_autoptr(GPtrArray) all = incident_desk_list_alerts (self->desk, NULL, self->scenario->from - ALERTS_SINCE, NULL);
  GPtrArray *alerts = all != NULL ? g_ptr_array_new_with_free_func ((GDestroyNotify) incident_alert_unref) : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++)
    if (incident_alert_get_case_number (g_ptr_array_index (all, i)) == self->number)
      g_ptr_array_add (alerts, incident_alert_ref (g_ptr_array_index (all, i)));
  return alerts;
}

static IncidentState *
find_state (Simulating  *self,
            GError     **error)
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
simulate (Simulating    *self,
          IncidentState *state)
{
  IncidentPlanning planning;

  incident_desk_init_planning (self->desk, &planning, self->roster);
  planning.boot = incident_boot_hash (BOOT_ID);
  planning.alerts = self->alerts;
  incident_simulation_init (&self->simulation, &planning, state, INCIDENT_MOST_LOOKS, told, self);
  self->now = self->scenario->from;
  self->first_person = -1;
  begin_list (&self->pages);
  begin_list (&self->not_paged);
  begin_list (&self->refused);
  self->sends = g_ptr_array_new_with_free_func ((GDestroyNotify) send_free);
  self->failures = g_array_new (FALSE, FALSE, sizeof (Failure));
  return write_answer (self, run (self));
}

static void
simulating_clear (Simulating *self)
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
 * A step whose condition asks for alerts holds where nothing is known of them. This call blocks.
 *
 * Returns: (transfer full): the answer, as JSON; or %NULL with @error set: %INCIDENT_ERROR_INVALID, naming the place by its
 *   JSON pointer, %INCIDENT_ERROR_NOT_FOUND if there is no such case, or what ails the store
 *
 * Since: 0.1
 */
char *
incident_desk_simulate (IncidentDesk      *self,
                        IncidentPlaybook  *playbook,
                        const char        *scenario,
                        GError           **error)
{
  g_auto(IncidentScenario) read = { NULL, };
  Simulating simulating = { self, &read, };
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
