/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-intake-inside-private.h"

#include <libincident/incident-time.h>

/* What is so and what was told are brought together: at once, or as soon as nothing holds it back.
 * An end is never held back but by flapping, which ends. */

static void
tell (GArray        *tellings,
      IncidentKnown *known,
      IncidentTells  tells,
      gint64         at)
{
  IncidentTelling telling = { tells, known, incident_alert_ref (known->alert), NULL, g_strdup (known->told_key),
                              known->case_number, at, known->timed_out };

  telling.key = telling.own_key != NULL ? telling.own_key : incident_alert_get_episode_key (telling.alert);
  g_array_append_val (tellings, telling);
}

void
incident_telling_clear (gpointer data)
{
  IncidentTelling *telling = data;

  incident_alert_unref (telling->alert);
  g_free (telling->own_key);
}

static void
tell_end (IncidentIntake *self,
          IncidentKnown  *known,
          GArray         *tellings)
{
  tell (tellings, known, INCIDENT_TELLS_ENDED, known->ends_at);
  known->told = 0;
  g_clear_pointer (&known->told_key, g_free);
  incident_intake_soil (self, known);
}

/* Was the end of it to be told just now? Then it is not, and it goes on as if nothing had been. */
static void
take_back_end (IncidentIntake *self,
               IncidentKnown  *known,
               GArray         *tellings)
{
  for (guint i = tellings->len; i > 0; i--)
    {
      IncidentTelling *telling = &g_array_index (tellings, IncidentTelling, i - 1);

      if (telling->known != known || telling->tells != INCIDENT_TELLS_ENDED)
        continue;
      known->told = 1;
      known->case_number = telling->case_number;
      if (!g_str_equal (telling->key, incident_alert_get_episode_key (known->alert)))
        known->told_key = g_strdup (telling->key);
      g_array_remove_index (tellings, i - 1);
      incident_intake_soil (self, known);
      return;
    }
}

static void
tell_fired (IncidentIntake *self,
            IncidentKnown  *known,
            gint64          now,
            GArray         *tellings)
{
  gint64 at = known->alert->starts_at != INCIDENT_TIME_NONE ? MIN (known->alert->starts_at, now) : known->heard_at;

  known->hold = INCIDENT_HOLD_NONE;
  known->due = G_MAXINT64;
  known->told = 1;
  tell (tellings, known, INCIDENT_TELLS_FIRED, at);
  incident_intake_soil (self, known);
}

/* TRUE: nothing mutes it. */
static gboolean
judge (IncidentIntake *self,
       IncidentKnown  *known,
       gint64          now)
{
  IncidentHold before = known->hold;
  IncidentKnownSet *waiting = NULL;

  incident_inhibitor_stop_waiting (known);
  incident_intake_list_mutes (self, known->alert->labels, known->alert->annotations, known->route, known, now, self->mutes);
  known->hold = INCIDENT_HOLD_NONE;
  known->due = G_MAXINT64;
  if (self->mutes->len == 0)
    return TRUE;

  known->hold = g_array_index (self->mutes, IncidentMute, 0).hold;
  known->due = now;
  for (guint i = 0; i < self->mutes->len; i++)
    {
      const IncidentMute *mute = &g_array_index (self->mutes, IncidentMute, i);

      /* It is free when the last of them is over. */
      known->due = MAX (known->due, mute->until);
      if (mute->hold == INCIDENT_HOLD_INHIBITION && waiting == NULL)
        incident_inhibitor_find (self->inhibitor, known->alert->labels, known->alert->annotations, known->route, NULL, &waiting);
    }
  if (waiting != NULL)
    incident_inhibitor_wait (waiting, known);
  incident_intake_expect (self, known->due);
  if (known->hold != before)
    incident_intake_soil (self, known);
  return FALSE;
}

/* Of one that was told, and goes on. */
static void
tell_change (IncidentIntake *self,
             IncidentKnown  *known,
             gint64          now,
             GArray         *tellings)
{
  if (known->acked)
    tell (tellings, known, INCIDENT_TELLS_ACKNOWLEDGED, known->seen_at);
  if (!known->worse)
    return;

  incident_intake_list_mutes (self, known->alert->labels, known->alert->annotations, known->route, known, now, self->mutes);
  if (self->mutes->len == 0)
    tell (tellings, known, INCIDENT_TELLS_WORSENED, known->seen_at);
}

static void
reconcile (IncidentIntake *self,
           IncidentKnown  *known,
           gint64          now,
           GArray         *tellings)
{
  if (known->flapping && incident_known_get_flap_end (known) <= now)
    {
      known->flapping = 0;
      incident_intake_soil (self, known);
    }

  if (known->revived && known->active && !known->told)
    take_back_end (self, known, tellings);

  if (known->active && known->told)
    tell_change (self, known, now, tellings);
  else if (known->active && judge (self, known, now))
    tell_fired (self, known, now, tellings);
  else if (!known->active && known->told && !known->flapping)
    tell_end (self, known, tellings);

  if (known->begins_to_flap)
    {
      known->flapping = 1;
      if (known->case_number != 0 || known->told)
        tell (tellings, known, INCIDENT_TELLS_FLAPPING, now);
      incident_intake_soil (self, known);
    }
  if (known->flapping)
    {
      known->due = incident_known_get_flap_end (known);
      incident_intake_expect (self, known->due);
    }
  known->worse = known->acked = known->revived = known->begins_to_flap = 0;
}

void
incident_intake_reconcile_touched (IncidentIntake *self,
                                   gint64          now,
                                   GArray         *tellings)
{
  for (guint i = 0; i < self->touched->len; i++)
    {
      IncidentKnown *known = g_ptr_array_index (self->touched, i);

      known->listed = 0;
      reconcile (self, known, now, tellings);
    }
  g_ptr_array_set_size (self->touched, 0);
}

void
incident_intake_settle (IncidentIntake *self,
                        gint64          now,
                        GArray         *tellings)
{
  GHashTableIter iter;
  gpointer data;

  if (now < self->next)
    return;

  self->next = G_MAXINT64;
  g_hash_table_iter_init (&iter, self->alerts);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      IncidentKnown *known = data;

      if (incident_intake_is_forgotten (known, now))
        {
          g_hash_table_iter_remove (&iter);
          continue;
        }
      if (known->active && known->ends_at <= now)
        {
          known->timed_out = 1;
          known->status = INCIDENT_ALERT_STATUS_RESOLVED;
          incident_intake_end (self, known, known->ends_at, now);
          continue;
        }
      if (known->active)
        incident_intake_expect (self, known->ends_at);
      if (known->due <= now)
        incident_intake_touch (self, known);
      else
        incident_intake_expect (self, known->due);
    }
  incident_intake_reconcile_touched (self, now, tellings);
}

void
incident_intake_judge_held (IncidentIntake *self,
                            gint64          now,
                            GArray         *tellings)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->alerts);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    if (((IncidentKnown *) data)->active && !((IncidentKnown *) data)->told)
      incident_intake_touch (self, data);
  incident_intake_reconcile_touched (self, now, tellings);
}

void
incident_intake_resume (IncidentIntake *self,
                        gint64          now)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->alerts);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      IncidentKnown *known = data;

      if (!known->active || known->ends_at == G_MAXINT64 || known->seen_at >= now || known->ends_at <= known->seen_at)
        continue;
      known->ends_at += now - known->seen_at;
      known->seen_at = now;
      incident_intake_soil (self, known);
    }
}
