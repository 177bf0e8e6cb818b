/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-inhibitor-private.h"

#include "base/incident-text-private.h"

/* The sources of one rule that have the same values of the labels that must be equal. */
typedef struct
{
  IncidentKnownSet one_sided;  /* match the sources alone */
  IncidentKnownSet two_sided;  /* match the targets too: they do not mute their like */
  IncidentKnownSet waiting;    /* those it mutes */
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
set_add (IncidentKnownSet *self,
         IncidentKnown    *known)
{
  if (self->one == NULL || incident_known_equal (self->one, known))
    {
      self->one = known;
      return;
    }

  if (self->others == NULL)
    self->others = g_hash_table_new (incident_known_hash, incident_known_equal);
  g_hash_table_add (self->others, known);
}

static void
set_remove (IncidentKnownSet    *self,
            const IncidentKnown *known)
{
  GHashTableIter iter;
  gpointer next;

  if (self->one != NULL && incident_known_equal (self->one, known))
    {
      self->one = NULL;
      if (self->others == NULL)
        return;
      g_hash_table_iter_init (&iter, self->others);
      g_hash_table_iter_next (&iter, &next, NULL);
      g_hash_table_iter_steal (&iter);
      self->one = next;
    }
  else if (self->others != NULL)
    g_hash_table_remove (self->others, known);

  if (self->others != NULL && g_hash_table_size (self->others) == 0)
    g_clear_pointer (&self->others, g_hash_table_unref);
}

static void
release (IncidentKnown *known,
         GPtrArray     *freed) /* nullable */
{
  known->waits_in = NULL;
  if (freed != NULL)
    g_ptr_array_add (freed, known);
}

/* Those that it muted are to be judged again: another rule may mute them. */
static void
free_waiting (Slot      *slot,
              GPtrArray *freed) /* nullable */
{
  GHashTableIter iter;
  gpointer known;

  if (slot->waiting.one != NULL)
    release (slot->waiting.one, freed);
  if (slot->waiting.others != NULL)
    {
      g_hash_table_iter_init (&iter, slot->waiting.others);
      while (g_hash_table_iter_next (&iter, &known, NULL))
        release (known, freed);
    }
  slot->waiting.one = NULL;
  g_clear_pointer (&slot->waiting.others, g_hash_table_unref);
}

static void
slot_free (gpointer data)
{
  Slot *self = data;

  free_waiting (self, NULL);
  g_clear_pointer (&self->one_sided.others, g_hash_table_unref);
  g_clear_pointer (&self->two_sided.others, g_hash_table_unref);
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
                      g_hash_table_new_full (incident_text_hash, g_str_equal, g_free, slot_free) };

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
      set_add (two_sided ? &slot->two_sided : &slot->one_sided, source);
    }
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
      set_remove (two_sided ? &slot->two_sided : &slot->one_sided, source);
      /* Targets that are sources too were muted by the one-sided alone. */
      if (slot->one_sided.one == NULL)
        free_waiting (slot, freed);
      if (slot->one_sided.one == NULL && slot->two_sided.one == NULL)
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

/* NULL: nobody mutes these labels by this rule. */
static IncidentKnown *
find_source (IncidentInhibitor *self,
             const Index       *index,
             IncidentLabels     labels,
             IncidentLabels     annotations,
             Slot             **slot)
{
  if (g_hash_table_size (index->slots) == 0
      || !incident_matchers_match (index->rule->target_matchers, labels, annotations, NULL)
      || !put_values (self->values, index->rule, labels))
    return NULL;

  *slot = g_hash_table_lookup (index->slots, self->values->str);
  if (*slot == NULL)
    return NULL;
  if ((*slot)->one_sided.one != NULL)
    return (*slot)->one_sided.one;
  return incident_matchers_match (index->rule->source_matchers, labels, annotations, NULL) ? NULL : (*slot)->two_sided.one;
}

const IncidentInhibition *
incident_inhibitor_find (IncidentInhibitor        *self,
                         IncidentLabels            labels,
                         IncidentLabels            annotations,
                         const IncidentRouteRule  *route,
                         const IncidentInhibition *after,
                         IncidentKnownSet        **waiting)
{
  for (guint i = 0; i < self->indices->len; i++)
    {
      const Index *index = &g_array_index (self->indices, Index, i);
      Slot *slot;

      if (after != NULL)
        {
          after = after == index->rule ? NULL : after;
          continue;
        }
      if (!is_for_route (index->rule, route) || find_source (self, index, labels, annotations, &slot) == NULL)
        continue;
      if (waiting != NULL)
        *waiting = &slot->waiting;
      return index->rule;
    }

  return NULL;
}

const IncidentKnown *
incident_inhibitor_find_source (IncidentInhibitor        *self,
                                const IncidentInhibition *rule,
                                IncidentLabels            labels,
                                IncidentLabels            annotations)
{
  for (guint i = 0; i < self->indices->len; i++)
    {
      const Index *index = &g_array_index (self->indices, Index, i);
      Slot *slot;

      if (index->rule == rule)
        return find_source (self, index, labels, annotations, &slot);
    }

  return NULL;
}

void
incident_inhibitor_wait (IncidentKnownSet *waiting,
                         IncidentKnown    *target)
{
  incident_inhibitor_stop_waiting (target);
  target->waits_in = waiting;
  set_add (waiting, target);
}

void
incident_inhibitor_stop_waiting (IncidentKnown *target)
{
  if (target->waits_in != NULL)
    set_remove (target->waits_in, target);
  target->waits_in = NULL;
}
