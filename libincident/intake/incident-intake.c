/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-intake-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "intake/incident-intake-inside-private.h"
#include "store/incident-store-private.h"

/* Who says of a thing that it ended, and again, and that it had fired, is understood for so long. */
#define REMEMBERED G_TIME_SPAN_DAY

static void
label_clear (gpointer data)
{
  IncidentLabel *label = data;

  g_free ((char *) label->name);
  g_free ((char *) label->value);
}

static void
grouping_free (gpointer data)
{
  IncidentGrouping *grouping = data;

  g_string_free (grouping->text, TRUE);
  g_array_unref (grouping->labels);
  g_free (grouping);
}

/* Steps over what a byte closes; NULL: there is nothing more. */
static char *
next_field (const char **at)
{
  const char *start = *at;
  const char *end = strchr (start, '\xff');

  if (end == NULL)
    return NULL;

  *at = end + 1;
  return g_strndup (start, (gsize) (end - start));
}

const IncidentGrouping *
incident_intake_intern_grouping (IncidentIntake *self,
                                 const char     *text)
{
  IncidentGrouping *grouping = g_hash_table_lookup (self->groupings, text);
  IncidentLabel label;

  if (grouping != NULL)
    return grouping;

  grouping = g_new (IncidentGrouping, 1);
  grouping->text = g_string_new (text);
  grouping->labels = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));
  g_array_set_clear_func (grouping->labels, label_clear);
  while ((label.name = next_field (&text)) != NULL)
    {
      label.value = next_field (&text);
      g_array_append_val (grouping->labels, label);
    }
  g_hash_table_insert (self->groupings, grouping->text->str, grouping);
  return grouping;
}

IncidentIntake *
incident_intake_new (const IncidentIntakeRules *rules)
{
  IncidentIntake *self = g_new0 (IncidentIntake, 1);

  self->rules = rules;
  self->inhibitor = incident_inhibitor_new (rules);
  self->alerts = g_hash_table_new_full (incident_known_hash, incident_known_equal, (GDestroyNotify) incident_known_free, NULL);
  self->groupings = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, grouping_free);
  self->silences = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_silence_unref);
  self->touched = g_ptr_array_new ();
  self->dirty = g_ptr_array_new ();
  self->mutes = g_array_new (FALSE, FALSE, sizeof (IncidentMute));
  self->next = G_MAXINT64;
  return self;
}

void
incident_intake_free (IncidentIntake *self)
{
  incident_inhibitor_free (self->inhibitor);
  g_hash_table_unref (self->alerts);
  g_hash_table_unref (self->groupings);
  g_ptr_array_unref (self->silences);
  g_ptr_array_unref (self->touched);
  g_ptr_array_unref (self->dirty);
  g_array_unref (self->mutes);
  g_free (self);
}

IncidentKnown *
incident_intake_find (IncidentIntake *self,
                      const char     *source,
                      const char     *key)
{
  IncidentAlert alert = { .source = g_intern_string (source), .key = key };
  IncidentKnown known = { .alert = &alert };

  return g_hash_table_lookup (self->alerts, &known);
}

IncidentKnown *
incident_intake_find_alert (IncidentIntake *self,
                            IncidentAlert  *alert)
{
  IncidentKnown known = { .alert = alert };

  return g_hash_table_lookup (self->alerts, &known);
}

void
incident_intake_touch (IncidentIntake *self,
                       IncidentKnown  *known)
{
  if (!known->listed)
    g_ptr_array_add (self->touched, known);
  known->listed = 1;
}

void
incident_intake_soil (IncidentIntake *self,
                      IncidentKnown  *known)
{
  /* The rows of one entry of the journal have ids of their own. */
  if (known->id == 0)
    known->id = (self->head + 1) << INCIDENT_ALERT_ROW_BITS | self->n_new++;
  if (!known->dirty)
    g_ptr_array_add (self->dirty, known);
  known->dirty = 1;
}

void
incident_intake_expect (IncidentIntake *self,
                        gint64          at)
{
  self->next = MIN (self->next, at);
}

void
incident_intake_activate (IncidentIntake *self,
                          IncidentKnown  *known)
{
  known->active = 1;
  self->n_active++;
  incident_inhibitor_add (self->inhibitor, known);
}

void
incident_intake_deactivate (IncidentIntake *self,
                            IncidentKnown  *known)
{
  g_autoptr(GPtrArray) freed = g_ptr_array_new ();

  known->active = 0;
  self->n_active--;
  incident_inhibitor_stop_waiting (known);
  incident_inhibitor_remove (self->inhibitor, known, freed);
  for (guint i = 0; i < freed->len; i++)
    incident_intake_touch (self, g_ptr_array_index (freed, i));
}

void
incident_intake_route (IncidentIntake *self,
                       IncidentKnown  *known)
{
  known->route = incident_router_find (self->rules->route, known->alert->labels, known->alert->annotations, NULL);
}

/* A later episode of the same stands for it. */
static void
forget_earlier (IncidentIntake *self,
                IncidentKnown  *known)
{
  IncidentKnown *earlier = g_hash_table_lookup (self->alerts, known);

  if (earlier == NULL)
    return;

  if (earlier->active)
    incident_intake_deactivate (self, earlier);
  if (earlier->listed)
    g_ptr_array_remove_fast (self->touched, earlier);
  if (earlier->dirty)
    g_ptr_array_remove_fast (self->dirty, earlier);
  g_hash_table_remove (self->alerts, earlier);
}

void
incident_intake_restore (IncidentIntake *self,
                         IncidentKnown  *known)
{
  gboolean active = known->active;

  forget_earlier (self, known);
  g_hash_table_add (self->alerts, known);
  incident_intake_route (self, known);
  known->active = 0;
  if (active)
    incident_intake_activate (self, known);
  incident_intake_expect (self, active || known->flapping ? MIN (known->ends_at, known->due) : G_MAXINT64);
  incident_intake_touch (self, known);
}

void
incident_intake_set_rules (IncidentIntake            *self,
                           const IncidentIntakeRules *rules)
{
  GHashTableIter iter;
  gpointer data;

  incident_inhibitor_free (self->inhibitor);
  self->rules = rules;
  self->inhibitor = incident_inhibitor_new (rules);
  g_hash_table_iter_init (&iter, self->alerts);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      IncidentKnown *known = data;

      known->waits_in = NULL;
      incident_intake_route (self, known);
      if (known->active)
        incident_inhibitor_add (self->inhibitor, known);
      /* What held it back may be so no more. */
      if ((known->active && !known->told) || known->flapping)
        known->due = INCIDENT_TIME_NONE;
    }
  self->next = INCIDENT_TIME_NONE;
}

/* In the order of their ids. */
void
incident_intake_set_silence (IncidentIntake  *self,
                             IncidentSilence *silence)
{
  guint i = 0;

  while (i < self->silences->len && ((IncidentSilence *) g_ptr_array_index (self->silences, i))->id < silence->id)
    i++;
  if (i < self->silences->len && ((IncidentSilence *) g_ptr_array_index (self->silences, i))->id == silence->id)
    g_ptr_array_remove_index (self->silences, i);
  g_ptr_array_insert (self->silences, (int) i, silence);
}

IncidentSilence *
incident_intake_get_silence (IncidentIntake *self,
                             guint64         id)
{
  for (guint i = 0; i < self->silences->len; i++)
    if (((IncidentSilence *) g_ptr_array_index (self->silences, i))->id == id)
      return g_ptr_array_index (self->silences, i);

  return NULL;
}

void
incident_intake_commit (IncidentIntake *self,
                        guint64         head)
{
  for (guint i = 0; i < self->dirty->len; i++)
    {
      IncidentKnown *known = g_ptr_array_index (self->dirty, i);

      known->dirty = 0;
      known->saved_active = incident_known_is_active (known);
      known->saved_end = known->ends_at;
      if (known->entry == 0)
        known->entry = head;
    }
  g_ptr_array_set_size (self->dirty, 0);
  self->head = head;
  self->n_new = 0;
}

/* Nothing asks for it any more. */
gboolean
incident_intake_is_forgotten (const IncidentKnown *known,
                              gint64               now)
{
  return !known->active && !known->told && !known->flapping && !known->dirty && !known->listed && now - known->seen_at > REMEMBERED;
}
