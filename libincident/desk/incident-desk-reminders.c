/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"
#include "desk/incident-desk-private.h"
#include "model/incident-assignment-private.h"
#include "model/incident-moments-private.h"
#include "model/incident-reminder-private.h"
#include "model/incident-update-private.h"

/* What is due in the open cases. First all that could be reminded of is found, each
 * with the time at which it is due; then those are left out that are dismissed, were
 * told of a while ago only, or wait for the end of the quiet hours. */

#define GRACE          (15 * G_TIME_SPAN_MINUTE) /* before a commander or a severity is missed */
#define OFFER_WARNING  (5 * G_TIME_SPAN_MINUTE)
#define NOT_CLOSED     (G_TIME_SPAN_DAY)
#define SPAN_OF_CONTROL 8
#define NEVER          G_MAXINT64

typedef struct
{
  IncidentDesk        *desk;
  IncidentRules       *rules;  /* held: whoever is told may change the playbook */
  IncidentCase        *kase;
  const IncidentState *state;
  IncidentMoments      moments;
  gint64               now;
  GPtrArray           *due;    /* (element-type IncidentReminder) */
  gint64               next;   /* when the next one will be due */
} Review;

static const char *
get_commander (Review *self)
{
  const char *commander = incident_state_get_holder (self->state, INCIDENT_ROLE_COMMANDER);

  return commander != NULL ? commander : incident_state_get_holder (self->state, INCIDENT_ROLE_DEPUTY);
}

/* The end of the quiet hours that @at lies in; @at where it lies in none. */
static gint64
skip_quiet_hours (Review *self,
                  gint64  at)
{
  const IncidentCadence *cadence = &self->rules->cadence;
  g_autoptr(GDateTime) utc = NULL;
  g_autoptr(GDateTime) local = NULL;
  g_autoptr(GDateTime) end = NULL;
  guint minute;
  gboolean is_quiet;

  if (!cadence->has_quiet_hours || (cadence->quiet_severities >> self->state->severity & 1) == 0)
    return at;

  utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  local = g_date_time_to_timezone (utc, cadence->quiet_zone);
  minute = (guint) (g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local));
  is_quiet = cadence->quiet_from < cadence->quiet_until
             ? minute >= cadence->quiet_from && minute < cadence->quiet_until
             : minute >= cadence->quiet_from || minute < cadence->quiet_until;
  if (!is_quiet)
    return at;

  /* By the clock on the wall, which may be set in between. */
  end = g_date_time_new (cadence->quiet_zone, g_date_time_get_year (local), g_date_time_get_month (local),
                         g_date_time_get_day_of_month (local), (int) cadence->quiet_until / 60,
                         (int) cadence->quiet_until % 60, 0);
  if (minute >= cadence->quiet_until)
    {
      g_autoptr(GDateTime) today = g_steal_pointer (&end);

      end = g_date_time_add_days (today, 1);
    }
  return g_date_time_to_unix (end) * G_USEC_PER_SEC;
}

/* Each waits twice as long as the one before. */
static gint64
get_next_time (Review     *self,
               const char *kind,
               gint64      due_at)
{
  const IncidentReminded *reminded = incident_dossier_get_reminded (self->state->dossier, kind);

  if (reminded != NULL && (reminded->dismissed || reminded->count >= self->rules->cadence.remind_most))
    return NEVER;
  if (reminded != NULL && reminded->count > 0)
    due_at = MAX (due_at, reminded->last + (self->rules->cadence.remind_every << MIN (reminded->count - 1, 16)));

  /* What was due before them waits too, if nobody looked until they began. */
  return skip_quiet_hours (self, MAX (due_at, self->now));
}

/* Takes the text. */
static void
consider (Review     *self,
          const char *kind,
          gint64      due_at,
          const char *person,
          char       *text)
{
  gint64 at = get_next_time (self, kind, due_at);

  if (at <= self->now)
    {
      g_ptr_array_add (self->due, incident_reminder_new (incident_case_get_number (self->kase), kind, text, person, due_at));
      return;
    }

  self->next = MIN (self->next, at);
  g_free (text);
}

static void
consider_command (Review *self)
{
  if (!self->state->live)
    return;
  if (self->moments.commanded_at == INCIDENT_TIME_NONE)
    consider (self, "no-commander", self->moments.opened_at + GRACE, NULL,
              g_strdup ("Nobody has command of this case: assign a commander"));
  if (self->state->severity == INCIDENT_SEVERITY_UNKNOWN)
    consider (self, "no-severity", self->moments.opened_at + GRACE, get_commander (self),
              g_strdup ("Nobody has said how bad this case is: classify it"));
}

static void
consider_update (Review *self)
{
  const IncidentDossier *dossier = self->state->dossier;
  gint64 since = MAX (self->moments.judged_at, self->moments.opened_at);
  gint64 due_at;

  if (dossier != NULL && dossier->updated_at != INCIDENT_TIME_NONE)
    since = MAX (since, dossier->updated_at);
  due_at = incident_update_get_due (self->rules, self->state, since);
  if (due_at != INCIDENT_TIME_NONE)
    consider (self, "update", due_at, get_commander (self), g_strdup ("An update is due: say how it stands"));
}

/* Nobody but whoever took the case over knows whether it is over. */
static void
consider_quiet (Review *self)
{
  const IncidentDossier *dossier = self->state->dossier;

  if (self->state->live && dossier != NULL && dossier->taken_over && dossier->quiet_since != INCIDENT_TIME_NONE)
    consider (self, "alerts-ended", dossier->quiet_since, get_commander (self),
              g_strdup ("No alert of this case fires any more: recover it, or say why it goes on"));
}

static void
consider_offers (Review *self)
{
  const GPtrArray *offers = self->state->dossier != NULL ? self->state->dossier->offers : NULL;

  for (guint i = 0; offers != NULL && i < offers->len; i++)
    {
      const IncidentOffer *offer = g_ptr_array_index (offers, i);
      g_autofree char *kind = g_strconcat ("offer-", offer->role, NULL);

      if (offer->until != INCIDENT_TIME_NONE)
        consider (self, kind, offer->until - OFFER_WARNING, offer->person,
                  g_strdup_printf ("The role “%s” is offered to “%s”, and the offer ends: accept or decline it",
                                   offer->role, offer->person));
    }
}

static void
consider_tasks (Review *self)
{
  for (guint i = 1; i <= incident_dossier_count_tasks (self->state->dossier); i++)
    {
      const IncidentTaskEntry *task = incident_dossier_get_task (self->state->dossier, i);
      g_autofree char *kind = g_strdup_printf ("task-%u", i);

      /* Only follow-up actions outlive a case. */
      if (task->due == INCIDENT_TIME_NONE || !incident_task_is_to_do (task) || (!self->state->open && task->kind == NULL))
        continue;
      consider (self, kind, task->due,
                task->role != NULL ? incident_state_get_holder (self->state, task->role) : task->person,
                g_strdup_printf ("Task %u is overdue, and is %s", i, incident_task_state_to_string (task->state)));
    }
}

static void
consider_standstill (Review *self)
{
  const IncidentCadence *cadence = &self->rules->cadence;
  const gint64 *longest = g_hash_table_lookup (cadence->stuck_phases, self->state->phase);
  g_autofree char *kind = g_strconcat ("stuck-", self->state->phase, NULL);

  if (longest != NULL)
    consider (self, kind, self->moments.phase_since + *longest, get_commander (self),
              g_strdup_printf ("The case has been in “%s” for long: go on, or say why it waits", self->state->phase));
  if (cadence->stuck_acknowledged > 0 && self->state->live && self->moments.acknowledged_at != INCIDENT_TIME_NONE)
    consider (self, "stuck-acknowledged", MAX (self->moments.acknowledged_at, self->moments.acted_at) + cadence->stuck_acknowledged,
              get_commander (self), g_strdup ("The case was acknowledged, and nothing has happened since"));
  if (self->state->open && !self->state->live && self->moments.recovered_at != INCIDENT_TIME_NONE)
    consider (self, "not-closed", self->moments.recovered_at + NOT_CLOSED, get_commander (self),
              g_strdup ("The case has recovered and is not closed"));
}

/* People, not roles; who leads a team of their own would count once. */
static guint
count_reports (Review     *self,
               const char *commander)
{
  g_autoptr(GHashTable) people = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->state->assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (self->state->assignments, i);
      const char *person = incident_assignment_get_person (assignment);

      if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE && !g_str_equal (person, commander))
        g_hash_table_add (people, (gpointer) person);
    }
  return g_hash_table_size (people);
}

static gboolean
operates (Review     *self,
          const char *person)
{
  for (guint i = 0; i < self->state->assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (self->state->assignments, i);
      const IncidentRulesRole *role = incident_rules_get_role (self->rules, incident_assignment_get_role (assignment));

      if (role != NULL && role->is_operational && incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE
          && g_str_equal (incident_assignment_get_person (assignment), person))
        return TRUE;
    }
  return FALSE;
}

static void
consider_load (Review *self)
{
  const char *commander = incident_state_get_holder (self->state, INCIDENT_ROLE_COMMANDER);
  guint n = commander != NULL ? count_reports (self, commander) : 0;

  if (!self->state->live || commander == NULL)
    return;
  if (n >= SPAN_OF_CONTROL)
    consider (self, "span-of-control", self->moments.acted_at, commander,
              g_strdup_printf ("%u people report to “%s”: form teams, each with a lead", n, commander));
  if (operates (self, commander))
    consider (self, "commander-operates", self->moments.acted_at, commander,
              g_strdup_printf ("“%s” has command and works on the systems too: hand one of the two on", commander));
}

static gint64
get_start (Review                       *self,
           const IncidentReportingClock *clock)
{
  const gint64 *filed;

  switch ((int) clock->starts)
    {
    case INCIDENT_STARTS_OPENED:
      return self->moments.opened_at;
    case INCIDENT_STARTS_MAJOR:
      return self->moments.major_at;
    case INCIDENT_STARTS_RECOVERED:
      return self->moments.recovered_at;
    case INCIDENT_STARTS_CLOSED:
      return self->moments.closed_at;
    default:
      filed = g_hash_table_lookup (self->moments.filed, clock->after);
      return filed != NULL ? *filed : INCIDENT_TIME_NONE;
    }
}

/* Told when three quarters of the time are over, since then there is still some left. */
static void
consider_reporting (Review *self)
{
  IncidentSituation situation;

  incident_situation_init (&situation, self->state, NULL);
  for (guint i = 0; i < self->rules->clocks->len; i++)
    {
      const IncidentReportingClock *clock = g_ptr_array_index (self->rules->clocks, i);
      gint64 start = get_start (self, clock);
      g_autofree char *kind = g_strconcat ("report-", clock->name, NULL);
      g_autofree char *until = NULL;

      if (start == INCIDENT_TIME_NONE || g_hash_table_contains (self->moments.filed, clock->name)
          || !incident_condition_holds (&clock->condition, self->rules, &situation))
        continue;
      until = incident_time_to_string (start + clock->within);
      consider (self, kind, start + clock->within - clock->within / 4, get_commander (self),
                g_strdup_printf ("%s must be filed until %s", clock->means != NULL ? clock->means : clock->name, until));
    }
}

static void
review_case (Review       *self,
             IncidentCase *kase)
{
  self->kase = kase;
  self->state = incident_case_get_state (kase);
  incident_moments_init (&self->moments, kase, self->rules->major);
  consider_command (self);
  consider_update (self);
  consider_quiet (self);
  consider_offers (self);
  consider_tasks (self);
  consider_standstill (self);
  consider_load (self);
  consider_reporting (self);
}

static void
review_init (Review       *self,
             IncidentDesk *desk)
{
  *self = (Review) {
    .desk = desk,
    .rules = incident_rules_ref (incident_desk_get_rulebook (desk)->rules),
    .now = incident_clock_get_time (incident_desk_get_clock (desk)),
    .due = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_reminder_unref),
    .next = NEVER,
  };
}

static GPtrArray *
review_end (Review   *self,
            gboolean  is_done)
{
  incident_rules_unref (self->rules);
  if (is_done)
    return self->due;

  g_ptr_array_unref (self->due);
  return NULL;
}

typedef gboolean (*VisitCase) (Review        *review,
                               IncidentCase  *kase,
                               GError       **error);

typedef struct
{
  const IncidentRules *rules;
  GArray              *numbers;  /* guint64 */
} Search;

/* Follow-up actions and reports outlive a case. */
static gboolean
find_case (const IncidentFold *fold,
           gpointer            data)
{
  Search *search = data;

  if (fold->state.open || incident_dossier_count_tasks (fold->state.dossier) > 0 || search->rules->clocks->len > 0)
    g_array_append_val (search->numbers, fold->number);
  return TRUE;
}

/* NULL: an error. */
static GArray *
find_cases (Review  *self,
            GError **error)
{
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr(IncidentQuery) query = incident_query_new ();
  Search search = { self->rules, numbers };

  if (!incident_store_show_all_cases (incident_desk_get_store (self->desk), query, find_case, &search, error))
    return NULL;

  return g_steal_pointer (&numbers);
}

static gboolean
visit_cases (Review     *self,
             VisitCase   visit,
             GError    **error)
{
  g_autoptr(GArray) numbers = find_cases (self, error);

  for (guint i = 0; numbers != NULL && i < numbers->len; i++)
    {
      g_autoptr(IncidentCase) kase = incident_desk_get_case (self->desk, g_array_index (numbers, guint64, i), error);

      if (kase == NULL || !visit (self, kase, error))
        return FALSE;
    }

  return numbers != NULL;
}

static gboolean
look_only (Review        *self,
           IncidentCase  *kase,
           GError       **error)
{
  review_case (self, kase);
  incident_moments_clear (&self->moments);
  return TRUE;
}

/**
 * incident_desk_list_reminders:
 * @self: a desk
 * @error: return location for an error
 *
 * Tells what is due by now in all cases, and was not told of lately.
 *
 * Nothing is recorded: see [method@Desk.remind]. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentReminder): the reminders; or
 *   %NULL with @error set to what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_reminders (IncidentDesk  *self,
                              GError       **error)
{
  Review review;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  review_init (&review, self);
  return review_end (&review, visit_cases (&review, look_only, error));
}

/* That of the case may have been named as affected before. */
static guint
count_services (const IncidentState *state)
{
  const GPtrArray *services = state->dossier != NULL ? state->dossier->services : NULL;

  return (services != NULL ? services->len : 0)
         + (state->service != NULL && !incident_strings_contain (services, state->service) ? 1 : 0);
}

/* The highest priority that a rule asks for by now; unknown: none does. */
static IncidentPriority
find_raise (Review *self)
{
  guint n_services = count_services (self->state);
  IncidentPriority highest = INCIDENT_PRIORITY_UNKNOWN;

  for (guint i = 0; i < self->rules->raises->len; i++)
    {
      const IncidentRaise *raise = &g_array_index (self->rules->raises, IncidentRaise, i);
      gint64 at = self->moments.phase_since + raise->after;

      if (raise->services > 0 ? n_services < raise->services : !g_str_equal (raise->phase, self->state->phase))
        continue;
      if (raise->services == 0 && at > self->now)
        self->next = MIN (self->next, at);
      else if (highest == INCIDENT_PRIORITY_UNKNOWN || raise->to < highest)
        highest = raise->to;
    }
  return highest;
}

/* Never lowered, and never against a person. */
static void
raise_priority (Review           *self,
                IncidentDecision *decision)
{
  IncidentPriority now = incident_state_get_priority (self->state);
  IncidentPriority wanted = self->state->open ? find_raise (self) : INCIDENT_PRIORITY_UNKNOWN;
  g_autoptr(GString) facts = NULL;

  if (wanted == INCIDENT_PRIORITY_UNKNOWN || self->state->priority_by == INCIDENT_PRIORITY_BY_PERSON
      || (now != INCIDENT_PRIORITY_UNKNOWN && now <= wanted))
    return;

  facts = g_string_new (NULL);
  incident_facts_append (facts, "priority", incident_priority_to_string (wanted));
  incident_facts_append (facts, "priority-by", "rule");
  incident_facts_append (facts, "by", "rule");
  incident_decision_add (decision, "priority-raised", INCIDENT_DESK_ACTOR, self->now, facts->str,
                         g_strdup ("{\"text\":\"A rule of the playbook asks for it\"}"));
}

static void
add_reminder (Review           *self,
              IncidentDecision *decision,
              IncidentReminder *reminder)
{
  g_autoptr(GString) facts = g_string_new (NULL);
  IncidentJsonWriter writer;

  incident_facts_append (facts, "reminded", reminder->kind);
  incident_facts_append (facts, "by", "rule");
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "text", reminder->text);
  if (reminder->person != NULL)
    incident_json_writer_member (&writer, "person", reminder->person);
  incident_json_writer_end_object (&writer);
  incident_decision_add (decision, "reminded", INCIDENT_DESK_ACTOR, self->now, facts->str,
                         incident_json_writer_finish (&writer));
}

/* Who wrote in between may have done what was due: then the next look will tell. */
static gboolean
record (Review        *self,
        IncidentCase  *kase,
        GError       **error)
{
  g_auto(IncidentDecision) decision = { NULL, };
  g_autoptr(GError) local_error = NULL;
  guint before = self->due->len;
  IncidentCommit commit = { NULL, };

  incident_decision_init (&decision, incident_desk_get_clock (self->desk), incident_desk_get_operations (self->desk),
                          incident_desk_get_rulebook (self->desk));
  incident_decision_turn_to (&decision, incident_case_get_number (kase), incident_case_get_state (kase));
  incident_operations_draw (incident_desk_get_operations (self->desk), decision.operation);
  review_case (self, kase);
  raise_priority (self, &decision);
  incident_moments_clear (&self->moments);
  for (guint i = before; i < self->due->len; i++)
    add_reminder (self, &decision, g_ptr_array_index (self->due, i));
  if (decision.drafts->len == 0)
    return TRUE;

  commit.drafts = decision.drafts;
  if (incident_desk_commit (self->desk, &commit, &local_error))
    {
      g_autoptr(IncidentCase) same G_GNUC_UNUSED = incident_desk_committed (self->desk, decision.drafts);

      return TRUE;
    }

  g_ptr_array_set_size (self->due, (int) before);
  if (g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
    {
      self->next = self->now;
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * incident_desk_remind:
 * @self: a desk
 * @next: (out) (optional): return location for the time at which to call again, in
 *   microseconds since the Unix epoch, UTC; %G_MAXINT64 if nothing waits
 * @error: return location for an error
 *
 * Reminds of what is due by now, in the timelines, and raises priorities where the
 * playbook has a rule for it.
 *
 * Each is an event `reminded` or `priority-raised` by the actor `desk`, one commit a
 * case; [signal@Case::event-recorded] tells of it, where somebody holds the case.
 *
 * A reminder is repeated at growing intervals, a few times, unless it is
 * dismissed. Those that quiet hours hold back do not count. Call it again at
 * @next, and after a case has changed. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentReminder): what was recorded;
 *   or %NULL with @error set to what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_remind (IncidentDesk  *self,
                      gint64        *next,
                      GError       **error)
{
  Review review;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  review_init (&review, self);
  if (!visit_cases (&review, record, error))
    return review_end (&review, FALSE);

  /* What was told just now will be due once more. */
  if (review.due->len > 0)
    review.next = MIN (review.next, review.now + review.rules->cadence.remind_every);
  if (next != NULL)
    *next = review.next;
  return review_end (&review, TRUE);
}
