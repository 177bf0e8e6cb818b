/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-escalation-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

/* Three times as long as the longest batch takes, and more. */
#define LEASE (10 * G_TIME_SPAN_SECOND)

/* Cases a commit: the sync of the disk is shared by many, and who wrote in between costs few a second plan. */
#define BATCH 1024

/* A case that failed is tried again after a while, and a little later each time; after so many it is set aside. */
#define MOST_TRIES 5
#define TRY_AGAIN  G_TIME_SPAN_SECOND

/* Where others keep writing to a case it is planned anew so often at once; then the others have their turn. */
#define MOST_CONFLICTS 16
#define LET_WRITE      (100 * G_TIME_SPAN_MILLISECOND)

void
incident_escalation_init (IncidentEscalation *self,
                          IncidentDesk       *desk)
{
  *self = (IncidentEscalation) {
    .desk = desk,
    .claim = { .name = "escalator" },
    .tries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .set_aside = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
  };
  incident_watch_init (&self->watch, desk);
}

void
incident_escalation_clear (IncidentEscalation *self)
{
  incident_watch_clear (&self->watch);
  g_clear_pointer (&self->roster, incident_roster_unref);
  incident_claim_clear (&self->claim);
  g_clear_pointer (&self->tries, g_hash_table_unref);
  g_clear_pointer (&self->set_aside, g_hash_table_unref);
}

/* The claim */

static char *
draw_name (IncidentDesk *desk)
{
  g_autoptr(GBytes) bytes = incident_clock_random_bytes (incident_desk_get_clock (desk), 8);
  const guint8 *drawn = g_bytes_get_data (bytes, NULL);

  return g_strdup_printf ("%02x%02x%02x%02x%02x%02x%02x%02x", drawn[0], drawn[1], drawn[2], drawn[3],
                          drawn[4], drawn[5], drawn[6], drawn[7]);
}

static gboolean
ask_for_claim (IncidentEscalation  *self,
               gint64               now,
               gint64               until,
               GError             **error)
{
  g_auto(IncidentClaim) claim = { .name = self->claim.name };

  if (self->claim.holder == NULL)
    self->claim.holder = draw_name (self->desk);
  claim.holder = g_strdup (self->claim.holder);
  claim.until = until;
  self->claim.token = 0;
  if (!incident_store_take_claim (incident_desk_get_store (self->desk), &claim, now, error))
    return FALSE;

  self->claim.token = claim.token;
  self->claim.until = claim.until;
  return TRUE;
}

/* FALSE without an error: another has it, as long as the claim says. */
static gboolean
hold_claim (IncidentEscalation  *self,
            GError             **error)
{
  gint64 now = self->planning.now;

  if (self->claim.token != 0 && self->claim.until > now)
    return TRUE;

  return ask_for_claim (self, now, now + LEASE, error) && self->claim.token != 0;
}

void
incident_escalation_let_go (IncidentEscalation *self)
{
  gint64 now;

  if (self->claim.token == 0)
    return;

  now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  ask_for_claim (self, now, now, NULL);
  self->claim.token = 0;
}

/* What came of it */

static void
tell_exhausted (IncidentEscalation         *self,
                const IncidentFiringGroup  *group,
                const IncidentPlannedEvent *event,
                guint64                     number)
{
  g_autofree char *policy = incident_facts_dup (event->facts, "policy");
  g_autofree char *run = incident_facts_dup (event->facts, "run");
  const IncidentRun *of = run != NULL ? incident_run_find (group->state->runs, (guint) g_ascii_strtoull (run, NULL, 10)) : NULL;

  if (policy != NULL || of != NULL)
    self->exhausted (number, policy != NULL ? policy : of->policy, self->data);
}

static void
tell_case (IncidentEscalation        *self,
           const IncidentFiringGroup *group,
           guint64                    number)
{
  for (guint i = 0; i < group->plan.events->len; i++)
    {
      const IncidentPlannedEvent *event = &g_array_index (group->plan.events, IncidentPlannedEvent, i);

      if (self->fired != NULL)
        self->fired (number, event->kind, self->data);
      if (self->exhausted != NULL && g_str_equal (event->kind, "escalation-exhausted"))
        tell_exhausted (self, group, event, number);
    }
}

static gboolean
has_exhausted (const IncidentFiringGroup *group)
{
  for (guint i = 0; i < group->plan.events->len; i++)
    if (g_str_equal (g_array_index (group->plan.events, IncidentPlannedEvent, i).kind, "escalation-exhausted"))
      return TRUE;

  return FALSE;
}

static void
tell (IncidentEscalation   *self,
      const IncidentFiring *firing)
{
  for (guint i = 0; i < firing->groups->len; i++)
    {
      const IncidentFiringGroup *group = g_ptr_array_index (firing->groups, i);

      if (self->fired == NULL && !has_exhausted (group))
        continue;
      for (guint j = 0; j < group->cases->len; j++)
        tell_case (self, group, g_array_index (group->cases, IncidentFiringCase, j).number);
    }
}

static guint
count_try (IncidentEscalation *self,
           guint64             number)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->tries, &number)) + 1;

  g_hash_table_insert (self->tries, g_memdup2 (&number, sizeof number), GUINT_TO_POINTER (n));
  return n;
}

/* Setting aside */

typedef struct
{
  guint version;
  guint run;     /* the last one; 0: none */
} Standing;

static gboolean
look_at_standing (guint64               number,
                  const IncidentState  *state,
                  gpointer              data,
                  GError              **error)
{
  Standing *standing = data;

  standing->version = state->version;
  standing->run = state->runs != NULL ? state->runs->number : 0;
  return TRUE;
}

static IncidentRecord *
draft_set_aside (IncidentEscalation *self,
                 guint64             number,
                 const Standing     *standing)
{
  IncidentRecord *draft = incident_record_new ();
  g_autoptr(GString) facts = g_string_new (NULL);

  if (standing->run != 0)
    incident_facts_append_number (facts, "run", standing->run);
  if (standing->run != 0)
    incident_facts_append_number (facts, "run-failures", MOST_TRIES);
  incident_facts_append (facts, "by", "rule");
  draft->subject = number;
  draft->seq = standing->version + 1;
  draft->occurred_at = draft->recorded_at = self->planning.now;
  draft->kind = g_intern_string ("escalation-set-aside");
  draft->actor = g_ref_string_new_intern (INCIDENT_DESK_ACTOR);
  draft->facts = g_ref_string_new (facts->str);
  draft->payload = g_strdup ("{\"text\":\"What was due could not be escalated: look after the case yourselves\"}");
  incident_operations_draw (incident_desk_get_operations (self->desk), draft->operation);
  return draft;
}

/* FALSE: nothing could be written to its timeline. */
static gboolean
record_set_aside (IncidentEscalation *self,
                  guint64             number)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  IncidentCommit commit = { .drafts = drafts };
  Standing standing = { 0, 0 };

  if (!incident_store_look_at (incident_desk_get_store (self->desk), &number, 1, look_at_standing, &standing, NULL))
    return FALSE;

  g_ptr_array_add (drafts, draft_set_aside (self, number, &standing));
  if (!incident_desk_commit (self->desk, &commit, NULL))
    return FALSE;

  g_hash_table_insert (self->set_aside, g_memdup2 (&number, sizeof number), GUINT_TO_POINTER (standing.version + 1));
  incident_watch_note_own (&self->watch, drafts);
  incident_desk_committed_many (self->desk, drafts);
  if (self->fired != NULL)
    self->fired (number, "escalation-set-aside", self->data);
  return TRUE;
}

/* It is tried again in a while. One that cannot even be read has no word in its timeline. */
static void
note_failure (IncidentEscalation *self,
              guint64             number,
              const char         *why,
              gboolean            is_unreadable)
{
  guint n = count_try (self, number);

  if (n >= MOST_TRIES && (record_set_aside (self, number) || is_unreadable))
    {
      g_warning ("INC-%" G_GUINT64_FORMAT " is set aside, since what is due cannot be escalated: %s", number, why);
      g_hash_table_remove (self->tries, &number);
      incident_watch_set (&self->watch, number, G_MAXINT64, G_MAXINT64);
      return;
    }

  g_debug ("INC-%" G_GUINT64_FORMAT " cannot be escalated: %s", number, why);
  incident_watch_set (&self->watch, number, self->planning.now + MIN (n, MOST_TRIES) * TRY_AGAIN, G_MAXINT64);
}

/* Firing */

static gboolean
is_due (const IncidentEscalation *self,
        const IncidentPlan       *plan)
{
  return plan->due_boot != G_MAXINT64 ? plan->due_boot <= self->planning.now_boot : plan->due <= self->planning.now;
}

static void
settle_case (IncidentEscalation        *self,
             const IncidentFiringGroup *group,
             guint64                    number)
{
  /* Without an event nothing would be different the next time. */
  if (group->plan.events->len == 0 && is_due (self, &group->plan))
    {
      note_failure (self, number, "nothing comes of it", FALSE);
      return;
    }

  if (g_hash_table_size (self->tries) > 0)
    g_hash_table_remove (self->tries, &number);
  incident_watch_set (&self->watch, number, group->plan.due, group->plan.due_boot);
  self->n_fired += group->plan.events->len > 0 ? 1 : 0;
}

static void
settle (IncidentEscalation *self,
        IncidentFiring     *firing,
        gboolean            is_known)
{
  if (is_known)
    incident_watch_note_own (&self->watch, firing->drafts);
  for (guint i = 0; i < firing->groups->len; i++)
    {
      const IncidentFiringGroup *group = g_ptr_array_index (firing->groups, i);

      for (guint j = 0; j < group->cases->len; j++)
        settle_case (self, group, g_array_index (group->cases, IncidentFiringCase, j).number);
    }

  if (!is_known)
    incident_desk_refresh (self->desk, NULL);
  else if (firing->drafts->len > 0)
    incident_desk_committed_many (self->desk, firing->drafts);
  tell (self, firing);
}

/* Else it is the store that fails, and no case's fault. */
static gboolean
is_about_case (const GError *error)
{
  static const IncidentError codes[] = {
    INCIDENT_ERROR_INVALID, INCIDENT_ERROR_REFUSED, INCIDENT_ERROR_NOT_FOUND, INCIDENT_ERROR_CORRUPT, INCIDENT_ERROR_FAILED
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, INCIDENT_ERROR, (int) codes[i]))
      return TRUE;

  return FALSE;
}

static void
put_back (IncidentEscalation *self,
          const guint64      *numbers,
          guint               n)
{
  for (guint i = 0; i < n; i++)
    incident_watch_set (&self->watch, numbers[i], self->planning.now, G_MAXINT64);
}

static gboolean
try (IncidentEscalation  *self,
     const guint64       *numbers,
     guint                n,
     GError             **error)
{
  g_auto(IncidentFiring) firing = { NULL, };
  IncidentClaim claim = { .name = self->claim.name, .token = self->claim.token, .until = self->planning.now + LEASE };
  gboolean is_known = TRUE;

  incident_firing_init (&firing, self->desk, &self->planning);
  if (!incident_firing_plan (&firing, numbers, n, error)
      || (firing.drafts->len > 0 && !incident_firing_commit (&firing, &claim, &is_known, error)))
    return FALSE;

  if (firing.drafts->len > 0)
    self->claim.until = claim.until;
  settle (self, &firing, is_known);
  return TRUE;
}

static gboolean fire (IncidentEscalation  *self,
                      const guint64       *numbers,
                      guint                n,
                      GError             **error);

/* One half after the other: what is in the way of a case is not in the way of others. */
static gboolean
fire_halves (IncidentEscalation  *self,
             const guint64       *numbers,
             guint                n,
             GError             **error)
{
  if (fire (self, numbers, n / 2, error))
    return fire (self, numbers + n / 2, n - n / 2, error);

  put_back (self, numbers + n / 2, n - n / 2);
  return FALSE;
}

/* FALSE: those that are left were put back; @error is set where the store fails, and not where another has claimed
 * the work. */
static gboolean
fire (IncidentEscalation  *self,
      const guint64       *numbers,
      guint                n,
      GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean conflict = TRUE;

  for (guint attempt = 0; conflict && attempt < MOST_CONFLICTS; attempt++)
    {
      if (try (self, numbers, n, &local_error))
        return TRUE;
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        break;
      g_clear_error (&local_error);
      /* It may be the claim that is another's by now. */
      conflict = ask_for_claim (self, self->planning.now, self->planning.now + LEASE, &local_error) && self->claim.token != 0;
      if (conflict && n > 1)
        return fire_halves (self, numbers, n, error);
    }

  if (local_error == NULL && conflict)
    {
      put_back (self, numbers, n);
      self->is_contended = TRUE;
      return TRUE;
    }
  if (local_error != NULL && is_about_case (local_error) && n > 1)
    return fire_halves (self, numbers, n, error);
  if (local_error != NULL && is_about_case (local_error))
    {
      note_failure (self, numbers[0], local_error->message, g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT));
      return TRUE;
    }

  put_back (self, numbers, n);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Where the journal of who is on call cannot be read, those are paged who are by the playbook alone: the wrong one rather
 * than nobody. */
static IncidentRoster *
load_roster (IncidentEscalation  *self,
             GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  IncidentRoster *roster = incident_desk_load_roster (self->desk, &local_error);

  if (roster != NULL)
    {
      self->lacks_journal = FALSE;
      return roster;
    }
  if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (!self->lacks_journal)
    g_warning ("Overrides count for nothing until this is mended: %s", local_error->message);
  self->lacks_journal = TRUE;
  return incident_roster_new_plain (incident_desk_get_rulebook (self->desk)->rules);
}

/* Time, the roster and the cases, as they are now. */
static gboolean
look (IncidentEscalation  *self,
      GError             **error)
{
  g_clear_pointer (&self->roster, incident_roster_unref);
  /* From now on it is who is on call by this playbook. */
  if (!incident_desk_keep_rules (self->desk, error))
    return FALSE;
  self->roster = load_roster (self, error);
  if (self->roster == NULL)
    return FALSE;

  /* By other rules it may come out well. */
  if (self->watch.rules != self->roster->rules)
    g_hash_table_remove_all (self->set_aside);
  incident_desk_init_planning (self->desk, &self->planning, self->roster);
  return incident_watch_follow (&self->watch, &self->planning, error);
}

/* Who set it aside need not do so again before it has changed. */
static gboolean
check_version (guint64               number,
               const IncidentState  *state,
               gpointer              data,
               GError              **error)
{
  IncidentEscalation *self = data;

  if (GPOINTER_TO_UINT (g_hash_table_lookup (self->set_aside, &number)) != state->version)
    g_hash_table_remove (self->set_aside, &number);
  return TRUE;
}

static void
leave_out_set_aside (IncidentEscalation *self,
                     GArray             *numbers)
{
  for (guint i = g_hash_table_size (self->set_aside) > 0 ? numbers->len : 0; i > 0; i--)
    {
      const guint64 number = g_array_index (numbers, guint64, i - 1);

      if (!g_hash_table_contains (self->set_aside, &number))
        continue;
      incident_store_look_at (incident_desk_get_store (self->desk), &number, 1, check_version, self, NULL);
      if (g_hash_table_contains (self->set_aside, &number))
        g_array_remove_index (numbers, i - 1);
    }
}

/* FALSE: nothing more is to be done now. */
static gboolean
fire_batch (IncidentEscalation  *self,
            GError             **error)
{
  g_autoptr(GArray) numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint64), BATCH);

  if (!look (self, error) || incident_watch_get_next (&self->watch, &self->planning) > self->planning.now
      || !hold_claim (self, error))
    return FALSE;

  incident_watch_take_due (&self->watch, &self->planning, BATCH, numbers);
  leave_out_set_aside (self, numbers);
  return numbers->len == 0 || fire (self, (const guint64 *) (gpointer) numbers->data, numbers->len, error);
}

guint
incident_escalation_run (IncidentEscalation  *self,
                         gint64              *next,
                         GError             **error)
{
  g_autoptr(GError) local_error = NULL;

  self->n_fired = 0;
  self->is_contended = FALSE;
  while (!self->is_contended && fire_batch (self, &local_error))
    ;

  if (self->roster != NULL && local_error == NULL)
    {
      *next = incident_watch_get_next (&self->watch, &self->planning);
      if (self->claim.token == 0 && self->claim.until > self->planning.now)
        *next = MAX (*next, self->claim.until);
      if (self->is_contended)
        *next = MAX (*next, self->planning.now + LET_WRITE);
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return self->n_fired;
}
