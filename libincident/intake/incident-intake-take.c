/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-intake-inside-private.h"

#include <libincident/incident-time.h>

#include <string.h>

/* What a message says, and what follows from it for what is known. */

#define OUT_OF_ORDER G_TIME_SPAN_MINUTE

/* What is said */

static gint64
get_end (IncidentIntakeMessage *message,
         IncidentAlert         *alert,
         gint64                 now)
{
  if (alert->gives_up)
    return alert->ends_at;

  return message->source != NULL && message->source->timeout > 0 ? now + message->source->timeout : G_MAXINT64;
}

static gboolean
equals (IncidentLabels a,
        IncidentLabels b)
{
  if (a.n != b.n)
    return FALSE;

  for (guint i = 0; i < a.n; i++)
    if (!g_str_equal (a.labels[i].name, b.labels[i].name) || !g_str_equal (a.labels[i].value, b.labels[i].value))
      return FALSE;

  return TRUE;
}

/* Says the alert something else than before? What is empty takes nothing back. */
static gboolean
says_more (const IncidentAlert *before,
           const IncidentAlert *after)
{
  if (after->labels.n == 0 && before->labels.n > 0)
    return FALSE;
  if (!equals (before->labels, after->labels) || g_strcmp0 (before->severity, after->severity) != 0)
    return TRUE;

  return after->annotations.n > 0 && !equals (before->annotations, after->annotations);
}

/* Under the key and the episode it has. */
static void
replace_alert (IncidentIntake *self,
               IncidentKnown  *known,
               IncidentAlert  *alert)
{
  g_autoptr(IncidentAlert) before = g_steal_pointer (&known->alert);
  g_autoptr(GPtrArray) freed = g_ptr_array_new ();
  IncidentKnown was = *known;

  known->alert = incident_alert_new_of_episode (alert, before);
  was.alert = before;
  if (known->active)
    {
      incident_inhibitor_remove (self->inhibitor, &was, freed);
      incident_inhibitor_add (self->inhibitor, known);
    }
  for (guint i = 0; i < freed->len; i++)
    incident_intake_touch (self, g_ptr_array_index (freed, i));
  incident_intake_route (self, known);
  known->entry = 0;
}

static const IncidentGrouping *
get_grouping (IncidentIntake        *self,
              IncidentIntakeMessage *message)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (message->group_labels == NULL)
    return NULL;

  incident_alert_sort_labels (message->group_labels);
  for (guint i = 0; i < message->group_labels->len; i++)
    incident_router_put_label (text, &g_array_index (message->group_labels, IncidentLabel, i));
  return incident_intake_intern_grouping (self, text->str);
}

typedef struct
{
  IncidentIntake        *intake;
  IncidentIntakeMessage *message;
  gint64                 now;
  const IncidentGrouping *grouping;  /* of the message; NULL: it has none */
} Taking;

static void
set_outcome (IncidentIntakeOutcome *outcome,
             const char      *word,
             const char      *why)
{
  outcome->outcome = word;
  outcome->why = why;
  outcome->is_news = !g_str_equal (word, "repeated");
}

/* By the clock of the source: when it said so; or, where it does not tell, when what it speaks of began. */
static gint64
get_change (const IncidentAlert *alert)
{
  return alert->told_at != INCIDENT_TIME_NONE ? alert->told_at : alert->starts_at;
}

static gboolean
note_change (IncidentKnown       *known,
             const IncidentAlert *alert)
{
  gint64 at = get_change (alert);

  if (at == INCIDENT_TIME_NONE || (known->changed_at != INCIDENT_TIME_NONE && at <= known->changed_at))
    return FALSE;

  known->changed_at = at;
  return TRUE;
}

/* A new episode of a thing, which was known before or not. */
static void
begin (Taking          *taking,
       IncidentKnown   *known,
       IncidentAlert   *alert)
{
  known->entry = 0;
  known->heard_at = known->seen_at = taking->now;
  known->changed_at = get_change (alert);
  known->ends_at = known->saved_end = get_end (taking->message, alert, taking->now);
  known->due = G_MAXINT64;
  known->status = alert->status;
  known->timed_out = 0;
  known->erased = 0;
  known->hold = INCIDENT_HOLD_NONE;
  known->grouping = taking->grouping;
  incident_intake_route (taking->intake, known);
  incident_intake_activate (taking->intake, known);
  incident_known_penalize (known, taking->now);
  incident_known_count_fire (known, taking->now);
  incident_intake_expect (taking->intake, known->ends_at);
  incident_intake_touch (taking->intake, known);
  incident_intake_soil (taking->intake, known);
}

static void
begin_again (Taking          *taking,
             IncidentKnown   *known,
             IncidentAlert   *alert)
{
  /* Nobody was told of the end of the last one yet: this goes on under its key. */
  if (known->told && known->told_key == NULL)
    known->told_key = g_strdup (incident_alert_get_episode_key (known->alert));
  if (!known->told)
    known->case_number = 0;
  /* A row is left behind only once there is nothing more to be written to it. */
  if (!known->told && !known->flapping && !known->dirty)
    known->id = 0;
  incident_alert_unref (known->alert);
  known->alert = incident_alert_ref (alert);
  begin (taking, known, alert);
}

static void
end (Taking        *taking,
     IncidentKnown *known,
     IncidentAlert *alert)
{
  known->status = INCIDENT_ALERT_STATUS_RESOLVED;
  known->seen_at = taking->now;
  note_change (known, alert);
  incident_intake_end (taking->intake, known,
                       alert->ends_at != INCIDENT_TIME_NONE ? MIN (alert->ends_at, taking->now) : taking->now, taking->now);
}

void
incident_intake_end (IncidentIntake *self,
                     IncidentKnown  *known,
                     gint64          at,
                     gint64          now)
{
  incident_intake_deactivate (self, known);
  known->ends_at = at;
  known->due = G_MAXINT64;
  known->hold = INCIDENT_HOLD_NONE;
  incident_known_penalize (known, now);
  incident_intake_touch (self, known);
  incident_intake_soil (self, known);
}

/* Only remembered: it ended before it was heard of. */
static void
bury (Taking        *taking,
      IncidentAlert *alert)
{
  IncidentKnown *known = incident_known_new (alert);

  g_hash_table_add (taking->intake->alerts, known);
  incident_intake_route (taking->intake, known);
  known->status = INCIDENT_ALERT_STATUS_RESOLVED;
  known->heard_at = known->seen_at = taking->now;
  known->changed_at = get_change (alert);
  known->ends_at = alert->ends_at != INCIDENT_TIME_NONE ? MIN (alert->ends_at, taking->now) : taking->now;
  incident_intake_soil (taking->intake, known);
}

static gboolean
is_other_episode (const IncidentKnown *known,
                  const IncidentAlert *alert)
{
  return alert->has_episode && known->alert->has_episode && !g_str_equal (alert->episode, known->alert->episode);
}

static gboolean
is_late (const IncidentKnown *known,
         const IncidentAlert *alert)
{
  gboolean ends = alert->told_at == INCIDENT_TIME_NONE && alert->status == INCIDENT_ALERT_STATUS_RESOLVED;
  gint64 at = ends ? alert->ends_at : get_change (alert);

  return at != INCIDENT_TIME_NONE && known->changed_at != INCIDENT_TIME_NONE && at < known->changed_at;
}

/* Did the one that is meant begin before the one that is known? */
static gboolean
is_earlier_episode (const IncidentKnown *known,
                    const IncidentAlert *alert)
{
  return is_other_episode (known, alert) && alert->starts_at != INCIDENT_TIME_NONE
         && known->alert->starts_at != INCIDENT_TIME_NONE && alert->starts_at < known->alert->starts_at;
}

/* Did nobody say for certain that it ended? An end that was only foretold, by a message that came late, is taken back by
 * who goes on to say that it fires: messages are not out of order for so long. */
static gboolean
may_be_revived (const IncidentKnown *known,
                const IncidentAlert *alert,
                gint64               now)
{
  return known->timed_out || (alert->gives_up && now - known->seen_at > OUT_OF_ORDER);
}

static gboolean
has_ended_already (const IncidentKnown *known,
                   const IncidentAlert *alert,
                   gint64               now)
{
  if (may_be_revived (known, alert, now) || !alert->has_episode || !known->alert->has_episode)
    return FALSE;
  if (!is_other_episode (known, alert))
    return TRUE;

  /* A later one, whose beginning was taken for the same. */
  return alert->told_at == INCIDENT_TIME_NONE && alert->starts_at != INCIDENT_TIME_NONE
         && known->alert->starts_at != INCIDENT_TIME_NONE && known->changed_at > known->alert->starts_at
         && alert->starts_at <= known->changed_at;
}

static int
rank (IncidentSeverity severity)
{
  return severity == INCIDENT_SEVERITY_UNKNOWN ? INCIDENT_SEVERITY_SEV5 + 1 : (int) severity;
}

/* It goes on. */
static void
refresh (Taking          *taking,
         IncidentKnown   *known,
         IncidentAlert   *alert,
         IncidentIntakeOutcome *outcome)
{
  IncidentIntake *self = taking->intake;
  gint64 ends_at = get_end (taking->message, alert, taking->now);

  known->seen_at = taking->now;
  if (note_change (known, alert) && is_other_episode (known, alert))
    incident_intake_soil (self, known);
  if (alert->gives_up || ends_at != G_MAXINT64)
    known->ends_at = MAX (ends_at, known->ends_at != G_MAXINT64 ? known->ends_at : ends_at);
  incident_intake_expect (self, known->ends_at);
  set_outcome (outcome, "repeated", "it fires, as the case knows already");
  /* Words that were removed do not come back. */
  if (!known->erased && says_more (known->alert, alert))
    {
      IncidentSeverity before = incident_intake_get_severity (self, known->alert, known->route);

      replace_alert (self, known, alert);
      known->worse = known->worse || rank (incident_intake_get_severity (self, known->alert, known->route)) < rank (before);
      set_outcome (outcome, known->worse ? "worsened" : "updated",
                   known->worse ? "it fires still, and is worse than it was" : "it fires still, and says something new");
      incident_intake_touch (self, known);
      incident_intake_soil (self, known);
    }
  if (known->status == INCIDENT_ALERT_STATUS_SUPPRESSED)
    {
      /* Its sender lets it go: what becomes of it is for the case to say, unless that was told before. */
      if (!known->told && alert->status == INCIDENT_ALERT_STATUS_FIRING)
        outcome->outcome = NULL;
      known->status = alert->status;
      incident_intake_touch (self, known);
      incident_intake_soil (self, known);
    }
  /* Not each time: a quarter of the time that it has is lost at most. */
  if (known->ends_at != G_MAXINT64
      && (known->saved_end == G_MAXINT64 || known->ends_at - known->saved_end >= (known->ends_at - taking->now) / 4))
    incident_intake_soil (self, known);
}

static void
take_firing (Taking          *taking,
             IncidentKnown   *known,
             IncidentAlert   *alert,
             IncidentIntakeOutcome *outcome)
{
  if (known == NULL)
    {
      outcome->known = known = incident_known_new (alert);
      g_hash_table_add (taking->intake->alerts, known);
      begin (taking, known, alert);
    }
  else if (!known->active && has_ended_already (known, alert, taking->now))
    set_outcome (outcome, "repeated", "this occurrence has ended already, and is not opened again");
  else if (is_late (known, alert) || is_earlier_episode (known, alert))
    set_outcome (outcome, "late", "something newer is known of it already");
  else if (known->active && known->alert->gives_up && is_other_episode (known, alert) && alert->starts_at > known->ends_at)
    {
      /* Nobody said so, but the one before must have ended. */
      known->timed_out = 1;
      incident_intake_end (taking->intake, known, known->ends_at, taking->now);
      begin_again (taking, known, alert);
    }
  else if (known->active)
    refresh (taking, known, alert, outcome);
  else
    {
      known->revived = may_be_revived (known, alert, taking->now) && known->alert->has_episode && alert->has_episode && !is_other_episode (known, alert);
      begin_again (taking, known, alert);
    }
}

static void
take_resolved (Taking          *taking,
               IncidentKnown   *known,
               IncidentAlert   *alert,
               IncidentIntakeOutcome *outcome)
{
  if (known == NULL)
    {
      bury (taking, alert);
      set_outcome (outcome, "ignored", "it has ended, and was never seen to fire");
    }
  else if (!known->active)
    {
      set_outcome (outcome, known->case_number != 0 ? "repeated" : "ignored",
                   known->case_number != 0 ? "it has ended, as the case knows already"
                                           : "it has ended, and nobody was told that it fired");
      outcome->is_news = FALSE;
      /* What fired before this end is not news any more, whenever it gets here; and it was no end by time alone. */
      if (!is_late (known, alert) && !is_earlier_episode (known, alert) && (note_change (known, alert) || known->timed_out))
        {
          known->timed_out = 0;
          incident_intake_soil (taking->intake, known);
        }
    }
  else if (is_late (known, alert) || is_earlier_episode (known, alert)
           || (is_other_episode (known, alert) && alert->starts_at == INCIDENT_TIME_NONE))
    set_outcome (outcome, "late", "another occurrence of it fires by now");
  else
    {
      end (taking, known, alert);
      set_outcome (outcome, "resolved", "it has ended");
    }
}

static void
take_acknowledged (Taking          *taking,
                   IncidentKnown   *known,
                   IncidentAlert   *alert,
                   IncidentIntakeOutcome *outcome)
{
  if (known == NULL || !known->active)
    {
      set_outcome (outcome, "ignored", "somebody looks after it, but it does not fire");
      return;
    }

  set_outcome (outcome, known->status == INCIDENT_ALERT_STATUS_ACKNOWLEDGED ? "repeated" : "acknowledged",
               "somebody looks after it, until it ends");
  known->acked = known->status != INCIDENT_ALERT_STATUS_ACKNOWLEDGED;
  known->status = INCIDENT_ALERT_STATUS_ACKNOWLEDGED;
  known->seen_at = taking->now;
  incident_intake_touch (taking->intake, known);
  incident_intake_soil (taking->intake, known);
}

/* It fires, but its sender holds it back. What was told before stays told. */
static void
take_suppressed (Taking          *taking,
                 IncidentKnown   *known,
                 IncidentAlert   *alert,
                 IncidentIntakeOutcome *outcome)
{
  gboolean was_active = known != NULL && known->active;

  take_firing (taking, known, alert, outcome);
  if (!was_active || outcome->outcome == NULL || g_str_equal (outcome->outcome, "late"))
    return;

  known->status = INCIDENT_ALERT_STATUS_SUPPRESSED;
  set_outcome (outcome, "suppressed", "its sender holds it back");
  incident_intake_soil (taking->intake, known);
}

static void
take_alert (Taking          *taking,
            IncidentAlert   *alert,
            IncidentIntakeOutcome *outcome)
{
  IncidentKnown *known = incident_intake_find_alert (taking->intake, alert);

  outcome->known = known;
  outcome->alert = alert;
  switch (alert->status)
    {
    case INCIDENT_ALERT_STATUS_FIRING:
      take_firing (taking, known, alert, outcome);
      break;
    case INCIDENT_ALERT_STATUS_RESOLVED:
      take_resolved (taking, known, alert, outcome);
      break;
    case INCIDENT_ALERT_STATUS_ACKNOWLEDGED:
      take_acknowledged (taking, known, alert, outcome);
      break;
    case INCIDENT_ALERT_STATUS_SUPPRESSED:
      take_suppressed (taking, known, alert, outcome);
      break;
    case INCIDENT_ALERT_STATUS_INFO:
    default:
      set_outcome (outcome, "noted", "it says nothing of right or wrong");
      break;
    }
}

void
incident_intake_spare (IncidentIntake        *self,
                       IncidentIntakeMessage *message,
                       gint64                 now)
{
  for (guint i = 0; now >= self->next && i < message->alerts->len; i++)
    {
      IncidentAlert *alert = g_ptr_array_index (message->alerts, i);
      IncidentKnown *known = incident_intake_find_alert (self, alert);

      if (known != NULL && known->active && known->ends_at <= now && alert->status == INCIDENT_ALERT_STATUS_FIRING
          && !is_other_episode (known, alert))
        known->ends_at = now + 1;
    }
}

void
incident_intake_take (IncidentIntake        *self,
                      IncidentIntakeMessage *message,
                      gint64                 now,
                      GArray                *outcomes,
                      GArray                *tellings)
{
  Taking taking = { self, message, now, get_grouping (self, message) };

  /* All of it first: what mutes may stand behind what it mutes. */
  g_array_set_size (outcomes, message->alerts->len);
  if (outcomes->len > 0)
    memset (outcomes->data, 0, outcomes->len * sizeof (IncidentIntakeOutcome));
  for (guint i = 0; i < message->alerts->len; i++)
    take_alert (&taking, g_ptr_array_index (message->alerts, i), &g_array_index (outcomes, IncidentIntakeOutcome, i));
  incident_intake_reconcile_touched (self, now, tellings);
}
