/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-inhibitor-private.h"

/* The sources of one rule that have the same values of the labels that must be equal. */
typedef struct
{
  guint       one_sided;  /* match the sources alone */
  guint       two_sided;  /* match the targets too: they do not mute their like */
  GHashTable *waiting;    /* (element-type IncidentKnown) a set: those it mutes; NULL: none */
} Slot;

typedef struct
{
  const IncidentInhibition *rule;
  GHashTable               *slots;  /* values → Slot */
} Index;

struct _IncidentInhibitor
{
  GArray  *indices;
  GString *values;  /* to put a key together in */
};

static void
slot_free (gpointer data)
{
  Slot *self = data;

  if (self->waiting != NULL)
    {
      GHashTableIter iter;
      gpointer known;

      g_hash_table_iter_init (&iter, self->waiting);
      while (g_hash_table_iter_next (&iter, &known, NULL))
        ((IncidentKnown *) known)->waits_in = NULL;
      g_hash_table_unref (self->waiting);
    }
  g_free (self);
}

static void
index_clear (gpointer data)
{
  g_hash_table_unref (((Index *) data)->slots);
}

IncidentInhibitor *
incident_inhibitor_new (const IncidentIntakeRules *rules)
{
  IncidentInhibitor *self = g_new0 (IncidentInhibitor, 1);

  self->values = g_string_new (NULL);
  self->indices = g_array_new (FALSE, FALSE, sizeof (Index));
  g_array_set_clear_func (self->indices, index_clear);
  for (guint i = 0; i < rules->inhibitions->len; i++)
    {
      Index index = { g_ptr_array_index (rules->inhibitions, i),
                      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, slot_free) };

      g_array_append_val (self->indices, index);
    }
  return self;
}

void
incident_inhibitor_free (IncidentInhibitor *self)
{
  g_array_unref (self->indices);
  g_string_free (self->values, TRUE);
  g_free (self);
}

/* FALSE: the rule wants a label that is not there. A missing one is as good as an empty one otherwise. */
static gboolean
put_values (GString                  *values,
            const IncidentInhibition *rule,
            IncidentLabels            labels)
{
  g_string_truncate (values, 0);
  for (guint i = 0; i < rule->equal->len; i++)
    {
      const char *value = incident_labels_get (labels, g_ptr_array_index (rule->equal, i));

      if (value == NULL && rule->require)
        return FALSE;
      g_string_append (values, value != NULL ? value : "");
      g_string_append_c (values, '\xff');
    }

  return TRUE;
}

static gboolean
is_source (const IncidentInhibition *rule,
           const IncidentAlert      *alert,
           gboolean                 *two_sided)
{
  if (!incident_matchers_match (rule->source_matchers, alert->labels, alert->annotations, NULL))
    return FALSE;

  *two_sided = incident_matchers_match (rule->target_matchers, alert->labels, alert->annotations, NULL);
  return TRUE;
}

void
incident_inhibitor_add (IncidentInhibitor *self,
                        IncidentKnown     *source)
{
  gboolean two_sided;

  for (guint i = 0; i < self->indices->len; i++)
    {
      Index *index = &g_array_index (self->indices, Index, i);
      Slot *slot;

      if (!is_source (index->rule, source->alert, &two_sided) || !put_values (self->values, index->rule, source->alert->labels))
        continue;

      slot = g_hash_table_lookup (index->slots, self->values->str);
      if (slot == NULL)
        {
          slot = g_new0 (Slot, 1);
          g_hash_table_insert (index->slots, g_strndup (self->values->str, self->values->len), slot);
        }
      slot->one_sided += two_sided ? 0 : 1;
      slot->two_sided += two_sided ? 1 : 0;
    }
}

/* Those that it muted are to be judged again: another rule may mute them. */
static void
free_waiting (Slot      *slot,
              GPtrArray *freed)
{
  GHashTableIter iter;
  gpointer known;

  if (slot->waiting == NULL)
    return;

  g_hash_table_iter_init (&iter, slot->waiting);
  while (g_hash_table_iter_next (&iter, &known, NULL))
    {
      ((IncidentKnown *) known)->waits_in = NULL;
      g_ptr_array_add (freed, known);
    }
  g_hash_table_remove_all (slot->waiting);
}

void
incident_inhibitor_remove (IncidentInhibitor *self,
                           IncidentKnown     *source,
                           GPtrArray         *freed)
{
  gboolean two_sided;

  for (guint i = 0; i < self->indices->len; i++)
    {
      Index *index = &g_array_index (self->indices, Index, i);
      Slot *slot;

      if (!is_source (index->rule, source->alert, &two_sided) || !put_values (self->values, index->rule, source->alert->labels))
        continue;

      slot = g_hash_table_lookup (index->slots, self->values->str);
      if (slot == NULL)
        continue;
      slot->one_sided -= two_sided ? 0 : 1;
      slot->two_sided -= two_sided ? 1 : 0;
      /* Targets that are sources too were muted by the one-sided alone. */
      if (slot->one_sided == 0)
        free_waiting (slot, freed);
      if (slot->one_sided + slot->two_sided == 0)
        g_hash_table_remove (index->slots, self->values->str);
    }
}

static gboolean
is_for_route (const IncidentInhibition *rule,
              const IncidentRouteRule  *route)
{
  if (rule->routes == NULL)
    return TRUE;

  for (guint i = 0; route != NULL && route->name != NULL && i < rule->routes->len; i++)
    if (g_str_equal (g_ptr_array_index (rule->routes, i), route->name))
      return TRUE;

  return FALSE;
}

const IncidentInhibition *
incident_inhibitor_find (IncidentInhibitor        *self,
                         IncidentLabels            labels,
                         IncidentLabels            annotations,
                         const IncidentRouteRule  *route,
                         const IncidentInhibition *after,
                         GHashTable              **waiting)
{
  for (guint i = 0; i < self->indices->len; i++)
    {
      Index *index = &g_array_index (self->indices, Index, i);
      Slot *slot;

      if (after != NULL)
        {
          after = after == index->rule ? NULL : after;
          continue;
        }
      if (g_hash_table_size (index->slots) == 0 || !is_for_route (index->rule, route)
          || !incident_matchers_match (index->rule->target_matchers, labels, annotations, NULL)
          || !put_values (self->values, index->rule, labels))
        continue;

      slot = g_hash_table_lookup (index->slots, self->values->str);
      if (slot == NULL || (slot->one_sided == 0
                           && incident_matchers_match (index->rule->source_matchers, labels, annotations, NULL)))
        continue;
      if (slot->waiting == NULL)
        slot->waiting = g_hash_table_new (NULL, NULL);
      if (waiting != NULL)
        *waiting = slot->waiting;
      return index->rule;
    }

  return NULL;
}

void
incident_inhibitor_wait (GHashTable    *waiting,
                         IncidentKnown *target)
{
  incident_inhibitor_stop_waiting (target);
  target->waits_in = waiting;
  g_hash_table_add (waiting, target);
}

void
incident_inhibitor_stop_waiting (IncidentKnown *target)
{
  if (target->waits_in != NULL)
    g_hash_table_remove (target->waits_in, target);
  target->waits_in = NULL;
}

gboolean
incident_inhibitor_is_source (const IncidentInhibition *rule,
                              const IncidentKnown      *source,
                              IncidentLabels            labels,
                              IncidentLabels            annotations)
{
  gboolean two_sided;

  if (!source->active || !is_source (rule, source->alert, &two_sided)
      || (two_sided && incident_matchers_match (rule->source_matchers, labels, annotations, NULL)))
    return FALSE;

  for (guint i = 0; i < rule->equal->len; i++)
    {
      const char *ours = incident_labels_get (labels, g_ptr_array_index (rule->equal, i));
      const char *theirs = incident_labels_get (source->alert->labels, g_ptr_array_index (rule->equal, i));

      if ((rule->require && (ours == NULL || theirs == NULL))
          || g_strcmp0 (ours != NULL ? ours : "", theirs != NULL ? theirs : "") != 0)
        return FALSE;
    }

  return TRUE;
}
