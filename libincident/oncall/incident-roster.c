/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-roster-body-private.h"

#include <libincident/incident-time.h>

/* The fold of the journal. What an entry says holds from its time on, and of two that speak of one moment
 * the later one in the journal is right, whatever the clock said. */

static void
clear_base (gpointer data)
{
  g_clear_pointer (&((IncidentRosterBase *) data)->rules, incident_rules_unref);
}

static IncidentRoster *
roster_new_empty (IncidentRules *rules)
{
  IncidentRoster *self = g_atomic_rc_box_new0 (IncidentRoster);

  self->rules = incident_rules_ref (rules);
  self->bases = g_array_new (FALSE, FALSE, sizeof (IncidentRosterBase));
  g_array_set_clear_func (self->bases, clear_base);
  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_change_free);
  self->by_schedule = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

static void
roster_clear (gpointer data)
{
  IncidentRoster *self = data;

  incident_rules_unref (self->rules);
  g_array_unref (self->bases);
  g_hash_table_unref (self->by_schedule);
  g_ptr_array_unref (self->changes);
  g_free (self->declared);
}

IncidentRoster *
incident_roster_ref (IncidentRoster *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
incident_roster_unref (IncidentRoster *self)
{
  g_atomic_rc_box_release_full (self, roster_clear);
}

/* From @since on; what was said of later moments before is not so any more. The first rules that are known
 * stand for all time before. Takes @rules. */
static void
add_base (IncidentRoster *self,
          gint64          since,
          IncidentRules  *rules)
{
  IncidentRosterBase base = { since, rules };
  GArray *bases = self->bases;

  while (bases->len > 0 && g_array_index (bases, IncidentRosterBase, bases->len - 1).from >= since)
    g_array_set_size (bases, bases->len - 1);
  if (bases->len == 0)
    base.from = G_MININT64;
  g_array_append_val (bases, base);
}

/* Takes @change. */
static void
add_change (IncidentRoster       *self,
            IncidentRosterChange *change)
{
  GPtrArray *changes = g_hash_table_lookup (self->by_schedule, change->schedule);

  if (changes == NULL)
    {
      changes = g_ptr_array_new ();
      g_hash_table_insert (self->by_schedule, change->schedule, changes);
    }
  g_ptr_array_add (changes, change);
  g_ptr_array_add (self->changes, change);
}

static IncidentRosterChange *
find_change (const IncidentRoster *self,
             guint64               id)
{
  guint low = 0;
  guint high = self->changes->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      IncidentRosterChange *change = g_ptr_array_index (self->changes, middle);

      if (change->id == id)
        return change;
      if (change->id < id)
        low = middle + 1;
      else
        high = middle;
    }

  return NULL;
}

const IncidentRosterChange *
incident_roster_get_change (const IncidentRoster *self,
                            guint64               id)
{
  return find_change (self, id);
}

/* What reads the journal. */
typedef struct
{
  IncidentRoster          *roster;
  IncidentRosterFindRules  find_rules;
  gpointer                 data;
  gint64                   last;        /* the time of the latest entry */
} Reading;

static void
take_playbook (Reading                   *self,
               const IncidentRosterEntry *entry,
               IncidentRosterBody        *body)
{
  IncidentRoster *roster = self->roster;
  IncidentRules *rules = NULL;

  if (g_strcmp0 (body->version, roster->rules->version) == 0)
    rules = incident_rules_ref (roster->rules);
  else if (self->find_rules != NULL)
    rules = self->find_rules (body->version, self->data);
  add_base (roster, entry->at, rules);
  g_free (roster->declared);
  roster->declared = g_steal_pointer (&body->version);
}

/* The part of it that was taken keeps its id; what is left is offered by entries of their own. */
static gboolean
take_taken (Reading                    *self,
            const IncidentRosterEntry  *entry,
            IncidentRosterBody         *body,
            GError                    **error)
{
  IncidentRosterChange *swap = find_change (self->roster, body->of);

  if (swap == NULL || swap->kind != INCIDENT_OVERRIDE_KIND_SWAP)
    return incident_roster_entry_fail (entry, error, "there is no swap %" G_GUINT64_FORMAT, body->of);
  if (swap->taken_at != INCIDENT_TIME_NONE || swap->withdrawn_at != INCIDENT_TIME_NONE)
    return incident_roster_entry_fail (entry, error, "the swap %" G_GUINT64_FORMAT " was not open", body->of);
  if (body->from < swap->from || body->until > swap->until)
    return incident_roster_entry_fail (entry, error, "it takes more than the swap %" G_GUINT64_FORMAT " is of", body->of);

  swap->substitute = g_steal_pointer (&body->person);
  swap->from = body->from;
  swap->until = body->until;
  swap->taken_at = entry->at;
  return TRUE;
}

static gboolean
take_withdrawn (Reading                    *self,
                const IncidentRosterEntry  *entry,
                const IncidentRosterBody   *body,
                GError                    **error)
{
  IncidentRosterChange *change = find_change (self->roster, body->of);

  if (change == NULL)
    return incident_roster_entry_fail (entry, error, "there is no override %" G_GUINT64_FORMAT, body->of);
  if (change->withdrawn_at == INCIDENT_TIME_NONE)
    change->withdrawn_at = entry->at;
  return TRUE;
}

/* What is left of a swap is of whoever offered that. */
static gboolean
take_change (Reading                    *self,
             const IncidentRosterEntry  *entry,
             IncidentRosterBody         *body,
             GError                    **error)
{
  const IncidentRosterChange *whole = body->of != 0 ? find_change (self->roster, body->of) : NULL;

  if (body->of != 0 && (whole == NULL || whole->kind != INCIDENT_OVERRIDE_KIND_SWAP))
    return incident_roster_entry_fail (entry, error, "there is no swap %" G_GUINT64_FORMAT, body->of);
  if (whole != NULL)
    {
      g_free (body->change->actor);
      body->change->actor = g_strdup (whole->actor);
    }
  add_change (self->roster, g_steal_pointer (&body->change));
  return TRUE;
}

static gboolean
take_entry (Reading                    *self,
            const IncidentRosterEntry  *entry,
            GError                    **error)
{
  g_auto(IncidentRosterBody) body = { NULL, };

  if (entry->id <= self->roster->head)
    return incident_roster_entry_fail (entry, error, "it follows entry %" G_GUINT64_FORMAT, self->roster->head);
  if (!incident_roster_body_read (&body, entry, error))
    return FALSE;

  self->roster->head = entry->id;
  self->last = MAX (self->last, entry->at);
  if (body.change != NULL)
    return take_change (self, entry, &body, error);
  if (body.version == NULL)
    return body.person != NULL ? take_taken (self, entry, &body, error) : take_withdrawn (self, entry, &body, error);

  take_playbook (self, entry, &body);
  return TRUE;
}

/* Behind all that the journal says, which stays as it is: when they began to be in force is told later. */
static void
add_undeclared (Reading       *self,
                IncidentRules *rules)
{
  IncidentRosterBase base = { self->roster->bases->len > 0 ? self->last : G_MININT64, incident_rules_ref (rules) };

  g_array_append_val (self->roster->bases, base);
}

static gboolean
is_declared (const IncidentRoster *self)
{
  return self->declared != NULL && g_strcmp0 (self->declared, self->rules->version) == 0;
}

IncidentRoster *
incident_roster_new (IncidentRules            *rules,
                     const GPtrArray          *entries,
                     IncidentRosterFindRules   find_rules,
                     gpointer                  data,
                     GError                  **error)
{
  g_autoptr(IncidentRoster) self = roster_new_empty (rules);
  Reading reading = { self, find_rules, data, G_MININT64 };

  for (guint i = 0; i < entries->len; i++)
    if (!take_entry (&reading, g_ptr_array_index (entries, i), error))
      return NULL;

  if (!is_declared (self))
    add_undeclared (&reading, rules);
  return g_steal_pointer (&self);
}

IncidentRoster *
incident_roster_new_plain (IncidentRules *rules)
{
  IncidentRoster *self = roster_new_empty (rules);

  add_base (self, G_MININT64, incident_rules_ref (rules));
  return self;
}

void
incident_roster_set_since (IncidentRoster *self,
                           gint64          since)
{
  if (is_declared (self) || self->declared == NULL)
    return;

  g_array_set_size (self->bases, self->bases->len - 1);
  add_base (self, since, incident_rules_ref (self->rules));
}

static IncidentRoster *
copy (IncidentRoster *self,
      IncidentRules  *rules)
{
  IncidentRoster *other = roster_new_empty (rules);

  other->declared = g_strdup (self->declared);
  other->head = self->head;
  for (guint i = 0; i < self->bases->len; i++)
    {
      IncidentRosterBase base = g_array_index (self->bases, IncidentRosterBase, i);

      if (base.rules != NULL)
        incident_rules_ref (base.rules);
      g_array_append_val (other->bases, base);
    }
  for (guint i = 0; i < self->changes->len; i++)
    add_change (other, incident_roster_change_copy (g_ptr_array_index (self->changes, i)));
  return other;
}

IncidentRoster *
incident_roster_with (IncidentRoster       *self,
                      IncidentRosterChange *change)
{
  IncidentRoster *other = copy (self, self->rules);
  const IncidentRosterChange *last = other->changes->len > 0 ? other->changes->pdata[other->changes->len - 1] : NULL;

  /* Behind all that are there, so that it is found by its id. */
  change->id = MAX (self->head, last != NULL ? last->id : 0) + 1;
  add_change (other, change);
  return other;
}

IncidentRoster *
incident_roster_with_rules (IncidentRoster *self,
                            IncidentRules  *rules,
                            gint64          since)
{
  IncidentRoster *other = copy (self, rules);

  add_base (other, since, incident_rules_ref (rules));
  return other;
}
