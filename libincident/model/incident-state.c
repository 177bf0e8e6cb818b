/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-state-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-text-private.h"
#include "model/incident-assignment-private.h"

void
incident_state_clear (IncidentState *self)
{
  g_clear_pointer (&self->service, g_ref_string_release);
  g_clear_pointer (&self->category, g_ref_string_release);
  g_clear_pointer (&self->assignments, g_ptr_array_unref);
  g_clear_pointer (&self->dossier, incident_dossier_free);
  g_clear_pointer (&self->runs, incident_run_free);
}

static gpointer
copy_assignment (gconstpointer assignment,
                 gpointer      data)
{
  return incident_assignment_ref ((IncidentAssignment *) assignment);
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
  if (copy->dossier != NULL)
    copy->dossier = incident_dossier_copy (self->dossier);
  copy->runs = incident_run_copy (self->runs);
  return copy;
}

static IncidentAssignment *
find_assignment (const IncidentState *self,
                 const char          *role,   /* NULL: any; as below */
                 const char          *person,
                 guint               *position)
{
  for (guint i = self->assignments != NULL ? self->assignments->len : 0; i-- > 0;)
    {
      IncidentAssignment *assignment = g_ptr_array_index (self->assignments, i);

      if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE
          && (role == NULL || g_str_equal (incident_assignment_get_role (assignment), role))
          && (person == NULL || g_str_equal (incident_assignment_get_person (assignment), person)))
        {
          if (position != NULL)
            *position = i;
          return assignment;
        }
    }

  return NULL;
}

static void
end_assignment (IncidentState *self,
                guint          position,
                gint64         occurred_at)
{
  IncidentAssignment *held = g_ptr_array_index (self->assignments, position);

  g_ptr_array_index (self->assignments, position) = incident_assignment_ended (held, occurred_at);
  incident_assignment_unref (held);
}

/* One event ends the old holder's time and begins the new one's: no gap, no overlap.
 * Where a role has many holders, one joins, or leaves, and the others stay. */
static void
apply_role (IncidentState        *self,
            const IncidentEffect *effect,
            const char           *actor,
            gint64                occurred_at)
{
  g_autofree char *role = g_strndup (effect->role.start, effect->role.length);
  g_autofree char *leaves = effect->leaves.start != NULL ? g_strndup (effect->leaves.start, effect->leaves.length) : NULL;
  guint position;

  if (!effect->joins && find_assignment (self, role, leaves, &position) != NULL)
    end_assignment (self, position, occurred_at);
  if (effect->person.start != NULL)
    {
      g_autofree char *person = g_strndup (effect->person.start, effect->person.length);

      if (self->assignments == NULL)
        self->assignments = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_assignment_unref);
      g_ptr_array_add (self->assignments, incident_assignment_new (role, person, actor, occurred_at, INCIDENT_TIME_NONE));
      if (self->dossier != NULL)
        incident_dossier_end_offer (self->dossier, role);
    }
}

static IncidentDossier *
ensure_dossier (IncidentState *self)
{
  if (self->dossier == NULL)
    self->dossier = incident_dossier_new ();

  return self->dossier;
}

static void
apply_alert (IncidentDossier *self,
             IncidentSlice    alert,
             gboolean         firing)
{
  char *key = g_strndup (alert.start, alert.length);
  gboolean was_firing;

  if (self->statuses == NULL)
    self->statuses = g_hash_table_new_full (incident_text_hash, g_str_equal, g_free, NULL);

  was_firing = g_hash_table_lookup (self->statuses, key) != NULL;
  self->n_firing += (firing ? 1 : 0);
  self->n_firing -= (was_firing ? 1 : 0);
  g_hash_table_insert (self->statuses, key, GUINT_TO_POINTER (firing));
}

/* One event may tell of many alerts, which stand in as many lines. */
static void
apply_alerts (IncidentDossier      *self,
              const IncidentEffect *effect,
              gint64                occurred_at)
{
  const char *cursor = effect->alert.start - strlen ("alert=");
  guint n_before = self->n_firing;
  IncidentSlice name, value;

  for (guint n = 0; n < effect->n_alerts
                    && incident_facts_next (&cursor, &name.start, &name.length, &value.start, &value.length);)
    if (name.length == strlen ("alert") && memcmp (name.start, "alert", name.length) == 0)
      {
        apply_alert (self, value, effect->firing);
        n++;
      }

  if (self->n_firing > 0)
    self->quiet_since = INCIDENT_TIME_NONE;
  else if (n_before > 0)
    self->quiet_since = occurred_at;
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
  if (effect->priority >= 0)
    {
      self->priority = (guint) effect->priority;
      self->priority_by = (guint) effect->priority_by;
    }
  if (effect->major)
    self->major = 1;
  replace (&self->service, effect->service, effect->shared_service);
  replace (&self->category, effect->category, effect->shared_category);
}

static void
apply_progress (IncidentState        *self,
                const IncidentEffect *effect)
{
  if (effect->phase != NULL)
    {
      self->phase = effect->phase;
      if (self->dossier != NULL)
        incident_dossier_enter_phase (self->dossier);
    }
  if (effect->open >= 0)
    {
      self->live = effect->live != 0;
      self->open = effect->open != 0;
    }
  if (effect->episode >= 0)
    {
      self->episode = (guint) MIN (effect->episode, INCIDENT_MAX_EPISODE);
      self->level = 0;
      if (self->dossier != NULL)
        incident_dossier_begin_episode (self->dossier);
    }
  if (effect->level >= 0)
    self->level = (guint) MIN (effect->level, INCIDENT_MAX_LEVEL);
}

/* What an automation has opened is a person's as soon as one does more than note. */
static void
note_take_over (IncidentState        *self,
                const IncidentEffect *effect,
                guint32               seq)
{
  if (seq > 1 && effect->decides && !effect->is_automatic
      && self->dossier != NULL && self->dossier->opened_by != NULL)
    self->dossier->taken_over = TRUE;
}

/* Who has acknowledged is at it for as long as they act on the case. */
static void
note_work (IncidentState        *self,
           const IncidentEffect *effect,
           const char           *actor,
           gint64                occurred_at)
{
  if (effect->decides && !effect->is_automatic && self->dossier != NULL && self->dossier->acknowledged != NULL)
    incident_dossier_note_work (self->dossier, actor, occurred_at);
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
    {
      note_take_over (self, effect, seq);
      note_work (self, effect, actor, occurred_at);
      return;
    }

  apply_judgement (self, effect);
  if (effect->role.start != NULL)
    apply_role (self, effect, actor, occurred_at);
  if (effect->group.start != NULL)
    replace (&ensure_dossier (self)->group, effect->group, NULL);
  if (effect->alert.start != NULL)
    apply_alerts (ensure_dossier (self), effect, occurred_at);
  if (effect->playbook.start != NULL || effect->lifecycle.start != NULL)
    self->binding = incident_binding_change (self->binding, effect->playbook.start, effect->playbook.length,
                                             effect->lifecycle.start, effect->lifecycle.length);
  if (effect->run.number > 0)
    incident_run_apply (&self->runs, &effect->run, seq, (guint) self->episode, occurred_at);
  if (effect->more != NULL)
    incident_dossier_apply (&self->dossier, effect->more, seq, actor, occurred_at);
  note_take_over (self, effect, seq);
  note_work (self, effect, actor, occurred_at);
}

gboolean
incident_state_knows_alert (const IncidentState *self,
                            const char          *key)
{
  return self->dossier != NULL && self->dossier->statuses != NULL
         && g_hash_table_contains (self->dossier->statuses, key);
}

IncidentPriority
incident_state_get_priority (const IncidentState *self)
{
  if (self->priority != INCIDENT_PRIORITY_UNKNOWN)
    return (IncidentPriority) self->priority;

  return incident_priority_from_impact ((IncidentLevel) self->impact, (IncidentLevel) self->urgency);
}

const char *
incident_state_get_holder (const IncidentState *self,
                           const char          *role)
{
  IncidentAssignment *assignment = find_assignment (self, role, NULL, NULL);

  return assignment != NULL ? incident_assignment_get_person (assignment) : NULL;
}

gboolean
incident_state_holds (const IncidentState *self,
                      const char          *role,
                      const char          *person)
{
  return find_assignment (self, role, person, NULL) != NULL;
}

guint
incident_state_count_holders (const IncidentState *self,
                              const char          *role)
{
  guint n = 0;

  for (guint i = 0; self->assignments != NULL && i < self->assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (self->assignments, i);

      if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE
          && (role == NULL || g_str_equal (incident_assignment_get_role (assignment), role)))
        n++;
    }
  return n;
}

gboolean
incident_state_has_responder (const IncidentState *self)
{
  return find_assignment (self, NULL, NULL, NULL) != NULL;
}
