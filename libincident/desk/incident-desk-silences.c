/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-alerts-private.h"

/* Silences: each change is an entry of the journal, and what it frees is told in the same commit. */

/* A silence is forgotten that mutes nothing for so long … */
#define IDLE        (7 * G_TIME_SPAN_DAY)
/* … or has so long to go; and one that mutes and ends soon is told of before. */
#define VERY_LONG   (30 * G_TIME_SPAN_DAY)
#define ENDS_SOON   (G_TIME_SPAN_HOUR)

typedef struct
{
  IncidentDesk     *desk;
  guint64           id;       /* of the one that is changed; 0: it is added */
  IncidentSilence  *wanted;   /* NULL: the one of the id is to end */
  const char       *actor;
  IncidentSilence  *made;     /* what there is now: a reference */
} Change;

static IncidentIntakeEntry *
make_entry (IncidentSilence *silence,
            gint64           now,
            const char      *actor)
{
  char *json = incident_silence_to_json (silence);
  g_autoptr(GBytes) body = g_bytes_new_take (json, strlen (json));

  return incident_intake_entry_new ("silence", now, actor, NULL, NULL, body);
}

static void
put (Change           *self,
     IncidentBriefing *briefing,
     IncidentSilence  *silence,
     gint64            now)
{
  g_clear_pointer (&self->made, incident_silence_unref);
  self->made = silence;
  briefing->entry = make_entry (silence, now, self->actor);
  incident_intake_set_silence (briefing->intake, incident_silence_ref (silence));
  incident_intake_judge_held (briefing->intake, now, briefing->tellings);
}

/* An interval that the playbook does not have would be no limit at all. */
static gboolean
check_wanted (Change          *self,
              IncidentIntake  *intake,
              gint64           now,
              GError         **error)
{
  const char *interval = self->wanted->interval;

  if (interval == NULL || g_hash_table_contains (intake->rules->intervals, interval))
    return incident_silence_check (self->wanted, now, error);

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "interval", "The playbook has no interval “%s”", interval);
  return FALSE;
}

static gint64
get_start (IncidentSilence *silence,
           gint64           now)
{
  return silence->starts_at == INCIDENT_TIME_NONE ? now : MAX (silence->starts_at, now);
}

static gboolean
add (IncidentBriefing  *briefing,
     gint64             now,
     gpointer           data,
     GError           **error)
{
  Change *self = data;

  if (!check_wanted (self, briefing->intake, now, error))
    return FALSE;

  put (self, briefing, incident_silence_new_as (self->wanted, briefing->intake->head + 1, self->actor,
                                                get_start (self->wanted, now), self->wanted->ends_at), now);
  return TRUE;
}

static IncidentSilence *
find (IncidentIntake  *intake,
      guint64          id,
      GError         **error)
{
  IncidentSilence *silence = incident_intake_get_silence (intake, id);

  if (silence == NULL)
    g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "There is no silence %" G_GUINT64_FORMAT, id);
  return silence;
}

/* Over already: nothing to do. */
static gboolean
end (IncidentBriefing  *briefing,
     gint64             now,
     gpointer           data,
     GError           **error)
{
  Change *self = data;
  IncidentSilence *silence = find (briefing->intake, self->id, error);

  if (silence == NULL)
    return FALSE;
  if (incident_silence_get_state (silence, now) != INCIDENT_SILENCE_STATE_EXPIRED)
    {
      /* No silence ends as it begins, nor before: the journal would not be read again. */
      gint64 starts_at = MIN (silence->starts_at, now - 1);

      put (self, briefing, incident_silence_new_as (silence, silence->id, silence->owner, starts_at, now), now);
    }
  return TRUE;
}

/* Under its id, if it may be so. */
static gboolean
change (IncidentBriefing  *briefing,
        gint64             now,
        gpointer           data,
        GError           **error)
{
  Change *self = data;
  IncidentSilence *silence = find (briefing->intake, self->id, error);
  gint64 starts_at;

  if (silence == NULL || !check_wanted (self, briefing->intake, now, error))
    return FALSE;

  starts_at = incident_silence_get_state (silence, now) == INCIDENT_SILENCE_STATE_ACTIVE ? silence->starts_at
                                                                                         : get_start (self->wanted, now);
  put (self, briefing, incident_silence_new_as (self->wanted, self->id, self->actor, starts_at, self->wanted->ends_at), now);
  return TRUE;
}

static gboolean
run (Change                  *self,
     IncidentDeskChangeFunc   func,
     GError                 **error)
{
  return incident_desk_check_right (self->desk, "silence", "silence alerts", self->actor, error)
         && incident_desk_settle (self->desk, func, self, error);
}

/**
 * incident_desk_add_silence:
 * @self: a desk
 * @silence: what to mute, and until when
 * @actor: who does so, and owns it
 * @error: return location for an error
 *
 * Adds a silence.
 *
 * As long as it lasts, no alert that it matches opens a case or joins one. Those
 * that were told of already stay so, and their end is told. A start that is past
 * is now. Whoever may silence has the right `silence` in the playbook. This call
 * blocks.
 *
 * Returns: (transfer full): the silence with its id; or %NULL with @error set:
 *   %INCIDENT_ERROR_INVALID, naming what is wrong with it, %INCIDENT_ERROR_REFUSED
 *   for lack of right, or what ails the store
 *
 * Since: 0.1
 */
IncidentSilence *
incident_desk_add_silence (IncidentDesk     *self,
                           IncidentSilence  *silence,
                           const char       *actor,
                           GError          **error)
{
  Change adding = { self, 0, silence, actor, NULL };

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (silence != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (run (&adding, add, error))
    return adding.made;

  g_clear_pointer (&adding.made, incident_silence_unref);
  return NULL;
}

/* May it keep its id? FALSE without an error: it may not. */
static gboolean
keeps_id (IncidentDesk     *self,
          guint64           id,
          IncidentSilence  *silence,
          gboolean         *keeps,
          GError          **error)
{
  IncidentIntake *intake = incident_desk_load_alerts (self, error);
  IncidentSilence *before = intake != NULL ? find (intake, id, error) : NULL;

  if (before == NULL)
    return FALSE;

  *keeps = incident_silence_can_become (before, silence, incident_clock_get_time (incident_desk_get_clock (self)));
  return TRUE;
}

/**
 * incident_desk_change_silence:
 * @self: a desk
 * @id: which silence
 * @silence: what it is to be
 * @actor: who does so
 * @error: return location for an error
 *
 * Changes a silence, by the rules of Alertmanager.
 *
 * It keeps its id if it matches the same and, where it is active, begins at the
 * same second and has not ended, or, where it is pending, has still to begin.
 * Otherwise it ends, and another one begins. This call blocks.
 *
 * Returns: (transfer full): the silence as it is now; or %NULL with @error set:
 *   %INCIDENT_ERROR_NOT_FOUND, or as [method@Desk.add_silence] does
 *
 * Since: 0.1
 */
IncidentSilence *
incident_desk_change_silence (IncidentDesk     *self,
                              guint64           id,
                              IncidentSilence  *silence,
                              const char       *actor,
                              GError          **error)
{
  Change changing = { self, id, silence, actor, NULL };
  gboolean keeps, done;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (silence != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!keeps_id (self, id, silence, &keeps, error))
    return NULL;

  /* The new one first: there is no moment without either. */
  done = run (&changing, keeps ? change : add, error)
         && (keeps || incident_desk_expire_silence (self, id, actor, error));
  if (done)
    return changing.made;

  g_clear_pointer (&changing.made, incident_silence_unref);
  return NULL;
}

/**
 * incident_desk_expire_silence:
 * @self: a desk
 * @id: which silence
 * @actor: who does so
 * @error: return location for an error
 *
 * Ends a silence. One that is over already stays as it is. What it held back is
 * told, if nothing else does so. This call blocks.
 *
 * Returns: %TRUE if it is over; otherwise @error is set to
 *   %INCIDENT_ERROR_NOT_FOUND, %INCIDENT_ERROR_REFUSED for lack of right, or what
 *   ails the store
 *
 * Since: 0.1
 */
gboolean
incident_desk_expire_silence (IncidentDesk  *self,
                              guint64        id,
                              const char    *actor,
                              GError       **error)
{
  Change ending = { self, id, NULL, actor, NULL };
  gboolean done;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  done = run (&ending, end, error);
  g_clear_pointer (&ending.made, incident_silence_unref);
  return done;
}

/**
 * incident_desk_list_silences:
 * @self: a desk
 * @with_expired: whether to list those that are over, too
 * @error: return location for an error
 *
 * Lists silences. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentSilence): the silences, by
 *   id; or %NULL with @error set to what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_silences (IncidentDesk  *self,
                             gboolean       with_expired,
                             GError       **error)
{
  g_autoptr(GPtrArray) silences = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_silence_unref);
  IncidentIntake *intake;
  gint64 now;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  intake = incident_desk_load_alerts (self, error);
  if (intake == NULL)
    return NULL;

  now = incident_clock_get_time (incident_desk_get_clock (self));
  for (guint i = 0; i < intake->silences->len; i++)
    {
      IncidentSilence *silence = g_ptr_array_index (intake->silences, i);

      if (with_expired || incident_silence_get_state (silence, now) != INCIDENT_SILENCE_STATE_EXPIRED)
        g_ptr_array_add (silences, incident_silence_ref (silence));
    }

  return g_steal_pointer (&silences);
}

typedef struct
{
  guint n_firing;  /* alerts that fire and match */
  guint n_lately;  /* that did within the time of a silence that idles */
} Hits;

static Hits
count_hits (IncidentSilence *silence,
            GPtrArray       *history)
{
  Hits hits = { 0, 0 };

  for (guint i = 0; i < history->len; i++)
    {
      const IncidentKnown *known = g_ptr_array_index (history, i);

      if (!incident_silence_mutes (silence, known->alert->labels, known->alert->annotations))
        continue;
      hits.n_lately++;
      hits.n_firing += known->active ? 1 : 0;
    }

  return hits;
}

/* Takes nothing; NULL: there is nothing to say. */
static char *
review (IncidentSilence *silence,
        Hits             hits,
        gint64           now)
{
  const char *owner = silence->owner != NULL ? silence->owner : "nobody";
  g_autofree char *ends = incident_time_to_string (silence->ends_at);

  if (hits.n_firing > 0 && silence->ends_at - now <= ENDS_SOON)
    return g_strdup_printf ("Silence %" G_GUINT64_FORMAT " of %s ends at %s, and %u alerts fire under it",
                            silence->id, owner, ends, hits.n_firing);
  if (hits.n_lately == 0 && now - silence->starts_at >= IDLE)
    return g_strdup_printf ("Silence %" G_GUINT64_FORMAT " of %s has muted nothing for a week: is it still wanted?",
                            silence->id, owner);
  if (silence->ends_at - now > VERY_LONG)
    return g_strdup_printf ("Silence %" G_GUINT64_FORMAT " of %s lasts until %s: who will remember it?",
                            silence->id, owner, ends);

  return NULL;
}

/**
 * incident_desk_review_silences:
 * @self: a desk
 * @error: return location for an error
 *
 * Tells which silences people should look at: those that have muted nothing for a
 * week, those that end within the hour while alerts fire under them, and those that
 * last for more than 30 days. This call blocks.
 *
 * Returns: (transfer full): a sentence each; or %NULL with @error set to what ails
 *   the store
 *
 * Since: 0.1
 */
char **
incident_desk_review_silences (IncidentDesk  *self,
                               GError       **error)
{
  g_autoptr(GStrvBuilder) sentences = g_strv_builder_new ();
  g_autoptr(GPtrArray) history = NULL;
  g_autoptr(GPtrArray) silences = NULL;
  gint64 now;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  now = incident_clock_get_time (incident_desk_get_clock (self));
  silences = incident_desk_list_silences (self, FALSE, error);
  history = silences != NULL ? incident_desk_load_history (self, now - IDLE, error) : NULL;
  if (history == NULL)
    return NULL;

  for (guint i = 0; i < silences->len; i++)
    {
      IncidentSilence *silence = g_ptr_array_index (silences, i);
      g_autofree char *sentence = review (silence, count_hits (silence, history), now);

      if (sentence != NULL)
        g_strv_builder_add (sentences, sentence);
    }

  return g_strv_builder_end (sentences);
}
