/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-proof-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "oncall/incident-restriction-private.h"

/* Something that stays as it is from one moment to the next. */
typedef struct
{
  const IncidentScheduleRules *schedule; /* who is on call; NULL: whether hours hold */
  GArray *spans;     /* (element-type IncidentSpan) of a schedule */
  GArray *holds;     /* (element-type IncidentStretch) of hours: where they do */
  guint   position;  /* of the span that the sweep is in; of hours: of the first that is not over */
} Track;

/* A step, with what it reads. The tracks are lent. */
typedef struct
{
  const IncidentPolicyStep *step;
  Track     *hours;     /* NULL: at any time */
  GPtrArray *schedules; /* (element-type Track) */
  GPtrArray *people;    /* (element-type utf8): whom it pages at any time, interned */
  gboolean   is_open;   /* who it is depends on the case */
  gboolean   is_for_people;
  gboolean   is_staffed; /* it reached somebody */
} Step;

typedef struct
{
  IncidentProof *proof;
  const IncidentOncallRules *rules;
  GHashTable *tracks;     /* name of a schedule → Track */
  GHashTable *no_contact; /* a set of interned names */
  /* Of the policy in hand: */
  IncidentPolicyProof *made;
  GPtrArray *steps;       /* (element-type Step) */
  GPtrArray *own_tracks;  /* (element-type Track): those that its steps read; lent … */
  GPtrArray *hours;       /* … and those of their hours */
  GPtrArray *reached;     /* (element-type utf8): now, by a step */
} Sweep;

static void
track_free (Track *self)
{
  g_clear_pointer (&self->spans, g_array_unref);
  g_clear_pointer (&self->holds, g_array_unref);
  g_free (self);
}

static void
step_free (Step *self)
{
  g_ptr_array_unref (self->schedules);
  g_ptr_array_unref (self->people);
  g_free (self);
}

static void
policy_proof_free (IncidentPolicyProof *self)
{
  g_array_unref (self->uncovered);
  g_array_unref (self->wanted_gaps);
  g_array_unref (self->alone);
  g_array_unref (self->unstaffed);
  g_array_unref (self->open);
  g_free (self);
}

static IncidentPolicyProof *
policy_proof_new (const IncidentPolicyRules *policy)
{
  IncidentPolicyProof *self = g_new0 (IncidentPolicyProof, 1);

  self->policy = policy;
  self->uncovered = g_array_new (FALSE, FALSE, sizeof (IncidentProofSpan));
  self->wanted_gaps = g_array_new (FALSE, FALSE, sizeof (IncidentProofSpan));
  self->alone = g_array_new (FALSE, FALSE, sizeof (IncidentProofSpan));
  self->unstaffed = g_array_new (FALSE, FALSE, sizeof (guint));
  self->open = g_array_new (FALSE, FALSE, sizeof (IncidentProofTarget));
  self->is_endless = policy->is_endless && policy->give_up == 0;
  return self;
}

/* What touches, and is of the same person, is one. */
static void
add_span (GArray     *spans,
          gint64      from,
          gint64      until,
          const char *person)
{
  const IncidentProofSpan span = { from, until, person };
  IncidentProofSpan *last = spans->len > 0 ? &g_array_index (spans, IncidentProofSpan, spans->len - 1) : NULL;

  if (last != NULL && last->until == from && last->person == person)
    last->until = until;
  else
    g_array_append_val (spans, span);
}

static GArray *
list_interval (const IncidentInterval *interval,
               gint64                  from,
               gint64                  until)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));

  for (gint64 at = from, next; at < until; at = next)
    {
      IncidentStretch stretch = { at, until };

      next = interval != NULL ? MIN (incident_interval_next_change (interval, at), until) : until;
      stretch.until = next;
      if (interval == NULL || incident_interval_contains (interval, at))
        g_array_append_val (stretches, stretch);
    }

  return stretches;
}

static Track *
follow_hours (const IncidentHours *hours,
              gint64               from,
              gint64               until)
{
  Track *self = g_new0 (Track, 1);

  self->holds = list_interval (hours->interval, from, until);
  if (hours->off != NULL)
    {
      g_auto(IncidentWallClock) clock = { NULL, };
      g_autoptr(GArray) off = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));

      incident_wall_clock_init (&clock, hours->zone, from, until);
      incident_holidays_list (hours->off, &clock, from, until, off);
      incident_stretches_remove (self->holds, off);
    }
  return self;
}

/* NULL: there is no such schedule. */
static Track *
follow_schedule (Sweep      *self,
                 const char *name)
{
  const IncidentScheduleRules *schedule = incident_oncall_rules_get_schedule (self->rules, name);
  Track *track = g_hash_table_lookup (self->tracks, name);

  if (track != NULL || schedule == NULL)
    return track;

  track = g_new0 (Track, 1);
  track->schedule = schedule;
  track->spans = incident_roster_cover (self->proof->roster, name, self->proof->from, self->proof->until);
  g_hash_table_insert (self->tracks, (gpointer) name, track);
  return track;
}

static void
add_person (Step       *self,
            const char *person)
{
  self->is_for_people = TRUE;
  g_ptr_array_add (self->people, (gpointer) g_intern_string (person));
}

static void
add_target (Sweep                *self,
            Step                 *step,
            const IncidentTarget *target)
{
  const GPtrArray *members = target->kind == INCIDENT_TARGET_TEAM ? g_hash_table_lookup (self->rules->teams, target->name) : NULL;
  const IncidentProofTarget open = { self->steps->len, *target };
  Track *track = target->kind == INCIDENT_TARGET_SCHEDULE ? follow_schedule (self, target->name) : NULL;

  if (target->kind == INCIDENT_TARGET_PERSON)
    add_person (step, target->name);
  for (guint i = 0; members != NULL && i < members->len; i++)
    add_person (step, g_ptr_array_index (members, i));
  if (target->kind == INCIDENT_TARGET_TEAM || target->kind == INCIDENT_TARGET_SCHEDULE)
    step->is_for_people = TRUE;
  if (track != NULL)
    g_ptr_array_add (step->schedules, track);
  if (track != NULL && !g_ptr_array_find (self->own_tracks, track, NULL))
    g_ptr_array_add (self->own_tracks, track);
  if (target->kind == INCIDENT_TARGET_ROLE)
    {
      step->is_open = TRUE;
      g_array_append_val (self->made->open, open);
    }
}

static void
add_step (Sweep                    *self,
          const IncidentPolicyStep *rules)
{
  Step *step = g_new0 (Step, 1);

  step->step = rules;
  step->schedules = g_ptr_array_new ();
  step->people = g_ptr_array_new ();
  for (guint i = 0; i < rules->targets->len; i++)
    add_target (self, step, &g_array_index (rules->targets, IncidentTarget, i));
  if (rules->hours.interval != NULL || rules->hours.off != NULL)
    {
      step->hours = follow_hours (&rules->hours, self->proof->from, self->proof->until);
      g_ptr_array_add (self->hours, step->hours);
    }
  g_ptr_array_add (self->steps, step);
}

/* The span that @at lies in, or of hours the next one. */
static void
move_to (Track *self,
         gint64 at)
{
  const GArray *spans = self->spans != NULL ? self->spans : self->holds;

  for (; self->position < spans->len; self->position++)
    if ((self->spans != NULL ? g_array_index (self->spans, IncidentSpan, self->position).until
                             : g_array_index (self->holds, IncidentStretch, self->position).until) > at)
      break;
}

static const IncidentSpan *
get_span (const Track *self)
{
  return self->position < self->spans->len ? &g_array_index (self->spans, IncidentSpan, self->position) : NULL;
}

static gboolean
holds (const Track *self, /* nullable */
       gint64       at)
{
  return self == NULL
         || (self->position < self->holds->len && g_array_index (self->holds, IncidentStretch, self->position).from <= at);
}

/* When something may be otherwise. */
static gint64
find_next (Sweep  *self,
           gint64  at)
{
  gint64 next = self->proof->until;

  for (guint i = 0; i < self->own_tracks->len; i++)
    {
      const IncidentSpan *span = get_span (g_ptr_array_index (self->own_tracks, i));

      next = span != NULL ? MIN (next, span->until) : next;
    }
  for (guint i = 0; i < self->hours->len; i++)
    {
      const Track *track = g_ptr_array_index (self->hours, i);
      const IncidentStretch *stretch = track->position < track->holds->len
                                       ? &g_array_index (track->holds, IncidentStretch, track->position) : NULL;

      if (stretch != NULL)
        next = MIN (next, stretch->from > at ? stretch->from : stretch->until);
    }

  return next;
}

static void
reach (Sweep      *self,
       const char *person)
{
  const IncidentOncallPerson *found = incident_oncall_rules_get_person (self->rules, person);

  if (found == NULL || found->methods->len == 0)
    g_hash_table_add (self->no_contact, (gpointer) person);
  else if (!g_ptr_array_find (self->reached, person, NULL))
    g_ptr_array_add (self->reached, (gpointer) person);
}

/* Does it page anybody now who has a way to be paged? Adds them to those reached. */
static gboolean
reach_by (Sweep  *self,
          Step   *step,
          gint64  at)
{
  g_ptr_array_set_size (self->reached, 0);
  if (!holds (step->hours, at))
    return FALSE;

  for (guint i = 0; i < step->people->len; i++)
    reach (self, g_ptr_array_index (step->people, i));
  for (guint i = 0; i < step->schedules->len; i++)
    {
      const IncidentSpan *span = get_span (g_ptr_array_index (step->schedules, i));

      for (guint j = 0; span != NULL && j < span->people->len; j++)
        reach (self, g_ptr_array_index (span->people, j));
    }

  step->is_staffed = step->is_staffed || self->reached->len > 0;
  return self->reached->len > 0;
}

/* Nobody is meant to be on call: in none of the schedules. */
static gboolean
is_wanted_gap (const Sweep *self)
{
  for (guint i = 0; i < self->own_tracks->len; i++)
    {
      const IncidentSpan *span = get_span (g_ptr_array_index (self->own_tracks, i));

      if (span == NULL || span->people->len > 0 || !span->is_wanted_gap)
        return FALSE;
    }

  return self->own_tracks->len > 0;
}

/* From @at to @next all is as it is at @at. A step with a condition is not there for every case. */
static void
look_at (Sweep  *self,
         gint64  at,
         gint64  next)
{
  const char *only = NULL;
  guint n_steps = 0;
  gboolean is_alone = TRUE;

  for (guint i = 0; i < self->steps->len; i++)
    {
      Step *step = g_ptr_array_index (self->steps, i);
      gboolean reaches = reach_by (self, step, at);

      if (!reaches || step->step->condition != NULL)
        continue;
      is_alone = is_alone && self->reached->len == 1 && (only == NULL || only == g_ptr_array_index (self->reached, 0));
      only = g_ptr_array_index (self->reached, 0);
      n_steps++;
    }

  if (n_steps == 0)
    add_span (is_wanted_gap (self) ? self->made->wanted_gaps : self->made->uncovered, at, next, NULL);
  else if (is_alone)
    add_span (self->made->alone, at, next, only);
}

static void
rewind_track (Track *self)
{
  self->position = 0;
}

static void
prove (Sweep                     *self,
       const IncidentPolicyRules *policy)
{
  self->made = policy_proof_new (policy);
  g_ptr_array_add (self->proof->policies, self->made);
  g_ptr_array_set_size (self->steps, 0);
  g_ptr_array_set_size (self->own_tracks, 0);
  g_ptr_array_set_size (self->hours, 0);
  for (guint i = 0; i < policy->steps->len; i++)
    add_step (self, g_ptr_array_index (policy->steps, i));
  g_ptr_array_foreach (self->own_tracks, (GFunc) (void (*) (void)) rewind_track, NULL);

  for (gint64 at = self->proof->from, next; at < self->proof->until; at = next)
    {
      for (guint i = 0; i < self->own_tracks->len; i++)
        move_to (g_ptr_array_index (self->own_tracks, i), at);
      for (guint i = 0; i < self->hours->len; i++)
        move_to (g_ptr_array_index (self->hours, i), at);
      next = find_next (self, at);
      look_at (self, at, next);
    }

  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = g_ptr_array_index (self->steps, i);

      if (step->is_for_people && !step->is_open && !step->is_staffed)
        g_array_append_val (self->made->unstaffed, i);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* In the order of their names, whatever order the sets have. */
static void
finish (Sweep *self)
{
  IncidentProof *proof = self->proof;
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->no_contact);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (proof->no_contact, name);
  g_ptr_array_sort (proof->no_contact, compare_names);

  for (guint i = 0; i < self->rules->schedules->len; i++)
    {
      const IncidentScheduleRules *schedule = g_ptr_array_index (self->rules->schedules, i);
      const Track *track = g_hash_table_lookup (self->tracks, schedule->name);

      if (track == NULL)
        continue;
      incident_proof_add_shifts (proof->shifts, schedule, proof->from, proof->until);
      incident_proof_add_absences (proof->absences, proof->roster->rules, schedule->name, track->spans);
      incident_proof_add_rotations (proof->rotations, schedule);
    }
}

static void
run (IncidentProof             *proof,
     const IncidentPolicyRules *only) /* nullable */
{
  const IncidentOncallRules *rules = proof->roster->rules->oncall;
  Sweep self = { proof, rules, };

  self.tracks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) track_free);
  self.no_contact = g_hash_table_new (g_direct_hash, g_direct_equal);
  self.steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  self.own_tracks = g_ptr_array_new ();
  self.hours = g_ptr_array_new_with_free_func ((GDestroyNotify) track_free);
  self.reached = g_ptr_array_new ();

  for (guint i = 0; i < rules->policies->len; i++)
    if (only == NULL || g_ptr_array_index (rules->policies, i) == only)
      prove (&self, g_ptr_array_index (rules->policies, i));
  finish (&self);

  g_ptr_array_unref (self.reached);
  g_ptr_array_unref (self.hours);
  g_ptr_array_unref (self.own_tracks);
  g_ptr_array_unref (self.steps);
  g_hash_table_unref (self.no_contact);
  g_hash_table_unref (self.tracks);
}

IncidentProof *
incident_proof_new (IncidentRoster  *roster,
                    const char      *policy,
                    gint64           from,
                    gint64           until,
                    GError         **error)
{
  const IncidentPolicyRules *only = policy != NULL ? incident_oncall_rules_get_policy (roster->rules->oncall, policy) : NULL;
  IncidentProof *self;

  if (policy != NULL && only == NULL)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "The playbook has no escalation policy “%s”", policy);
      return NULL;
    }

  self = g_new0 (IncidentProof, 1);
  self->roster = incident_roster_ref (roster);
  self->from = from;
  self->until = until;
  self->policies = g_ptr_array_new_with_free_func ((GDestroyNotify) policy_proof_free);
  self->no_contact = g_ptr_array_new ();
  self->shifts = g_array_new (FALSE, FALSE, sizeof (IncidentProofShift));
  self->absences = g_array_new (FALSE, FALSE, sizeof (IncidentProofAbsence));
  self->rotations = g_array_new (FALSE, FALSE, sizeof (IncidentProofRotation));
  run (self, only);
  return self;
}

void
incident_proof_free (IncidentProof *self)
{
  g_ptr_array_unref (self->policies);
  g_ptr_array_unref (self->no_contact);
  g_array_unref (self->shifts);
  g_array_unref (self->absences);
  g_array_unref (self->rotations);
  incident_roster_unref (self->roster);
  g_free (self);
}

gboolean
incident_proof_holds (const IncidentProof *self)
{
  for (guint i = 0; i < self->policies->len; i++)
    if (((const IncidentPolicyProof *) g_ptr_array_index (self->policies, i))->uncovered->len > 0)
      return FALSE;

  return self->policies->len > 0;
}
