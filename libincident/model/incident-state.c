/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-state-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "model/incident-assignment-private.h"

void
incident_state_clear (IncidentState *self)
{
  g_clear_pointer (&self->service, g_ref_string_release);
  g_clear_pointer (&self->category, g_ref_string_release);
  g_clear_pointer (&self->assignments, g_ptr_array_unref);
  if (self->alerts == NULL)
    return;

  g_clear_pointer (&self->alerts->group, g_ref_string_release);
  g_hash_table_unref (self->alerts->statuses);
  g_clear_pointer (&self->alerts, g_free);
}

static gpointer
copy_assignment (gconstpointer assignment,
                 gpointer      data)
{
  return incident_assignment_ref ((IncidentAssignment *) assignment);
}

static IncidentCaseAlerts *
copy_alerts (const IncidentCaseAlerts *self)
{
  IncidentCaseAlerts *copy = g_new0 (IncidentCaseAlerts, 1);
  GHashTableIter iter;
  gpointer key, firing;

  copy->group = self->group != NULL ? g_ref_string_acquire (self->group) : NULL;
  copy->n_firing = self->n_firing;
  copy->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, self->statuses);
  while (g_hash_table_iter_next (&iter, &key, &firing))
    g_hash_table_insert (copy->statuses, g_strdup (key), firing);

  return copy;
}

IncidentState *
incident_state_copy (const IncidentState *self)
{
  IncidentState *copy = g_memdup2 (self, sizeof *self);

  if (copy->service != NULL)
    g_ref_string_acquire (copy->service);
  if (copy->category != NULL)
    g_ref_string_acquire (copy->category);
  if (copy->assignments != NULL)
    {
      copy->assignments = g_ptr_array_copy (self->assignments, (GCopyFunc) copy_assignment, NULL);
      g_ptr_array_set_free_func (copy->assignments, (GDestroyNotify) incident_assignment_unref);
    }
  if (copy->alerts != NULL)
    copy->alerts = copy_alerts (self->alerts);
  return copy;
}

static IncidentAssignment *
find_assignment (const IncidentState *self,
                 const char          *role,
                 guint               *position)
{
  for (guint i = self->assignments != NULL ? self->assignments->len : 0; i-- > 0;)
    {
      IncidentAssignment *assignment = g_ptr_array_index (self->assignments, i);

      if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE
          && (role == NULL || g_str_equal (incident_assignment_get_role (assignment), role)))
        {
          if (position != NULL)
            *position = i;
          return assignment;
        }
    }

  return NULL;
}

/* One event ends the old holder's time and begins the new one's: no gap, no overlap. */
static void
apply_role (IncidentState        *self,
            const IncidentEffect *effect,
            const char           *actor,
            gint64                occurred_at)
{
  g_autofree char *role = g_strndup (effect->role.start, effect->role.length);
  guint position;
  IncidentAssignment *held = find_assignment (self, role, &position);

  if (held != NULL)
    {
      g_ptr_array_index (self->assignments, position) = incident_assignment_ended (held, occurred_at);
      incident_assignment_unref (held);
    }
  if (effect->person.start != NULL)
    {
      g_autofree char *person = g_strndup (effect->person.start, effect->person.length);

      if (self->assignments == NULL)
        self->assignments = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_assignment_unref);
      g_ptr_array_add (self->assignments, incident_assignment_new (role, person, actor, occurred_at, INCIDENT_TIME_NONE));
    }
}

static IncidentCaseAlerts *
ensure_alerts (IncidentState *self)
{
  if (self->alerts == NULL)
    {
      self->alerts = g_new0 (IncidentCaseAlerts, 1);
      self->alerts->statuses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    }

  return self->alerts;
}

static void
apply_alert (IncidentCaseAlerts   *self,
             const IncidentEffect *effect)
{
  char *key = g_strndup (effect->alert.start, effect->alert.length);
  gboolean was_firing = g_hash_table_lookup (self->statuses, key) != NULL;

  self->n_firing += (effect->firing ? 1 : 0);
  self->n_firing -= (was_firing ? 1 : 0);
  g_hash_table_insert (self->statuses, key, GUINT_TO_POINTER (effect->firing));
}

static void
replace (char          **slot,
         IncidentSlice   value,
         char           *shared) /* nullable */
{
  if (value.start == NULL)
    return;

  g_clear_pointer (slot, g_ref_string_release);
  *slot = shared != NULL ? g_ref_string_acquire (shared) : g_ref_string_new_len (value.start, (gssize) value.length);
}

static void
apply_judgement (IncidentState        *self,
                 const IncidentEffect *effect)
{
  if (effect->severity >= 0)
    {
      self->severity = (guint) effect->severity;
      self->severity_from_alert = effect->severity_from_alert ? 1 : 0;
    }
  if (effect->impact >= 0)
    self->impact = (guint) effect->impact;
  if (effect->urgency >= 0)
    self->urgency = (guint) effect->urgency;
  replace (&self->service, effect->service, effect->shared_service);
  replace (&self->category, effect->category, effect->shared_category);
}

static void
apply_progress (IncidentState        *self,
                const IncidentEffect *effect)
{
  if (effect->phase != NULL)
    self->phase = effect->phase;
  if (effect->open >= 0)
    {
      self->live = effect->live != 0;
      self->open = effect->open != 0;
    }
  if (effect->episode >= 0)
    {
      self->episode = (guint) MIN (effect->episode, 0xffffff);
      self->level = 0;
    }
  if (effect->level >= 0)
    self->level = (guint) MIN (effect->level, 0xffffff);
}

void
incident_state_apply (IncidentState        *self,
                      const IncidentEffect *effect,
                      guint32               seq,
                      const char           *actor,
                      gint64                occurred_at)
{
  g_assert (seq == self->version + 1);

  self->version = seq;
  if (effect->decides)
    self->decided = seq;
  apply_progress (self, effect);
  if (effect->is_progress)
    return;

  apply_judgement (self, effect);
  if (effect->role.start != NULL)
    apply_role (self, effect, actor, occurred_at);
  if (effect->group.start != NULL)
    replace (&ensure_alerts (self)->group, effect->group, NULL);
  if (effect->alert.start != NULL)
    apply_alert (ensure_alerts (self), effect);
}

gboolean
incident_state_knows_alert (const IncidentState *self,
                            const char          *key)
{
  return self->alerts != NULL && g_hash_table_contains (self->alerts->statuses, key);
}

const char *
incident_state_get_holder (const IncidentState *self,
                           const char          *role)
{
  IncidentAssignment *assignment = find_assignment (self, role, NULL);

  return assignment != NULL ? incident_assignment_get_person (assignment) : NULL;
}

gboolean
incident_state_has_responder (const IncidentState *self)
{
  return find_assignment (self, NULL, NULL) != NULL;
}
