/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-batch.h>

#include <libincident/incident-error.h>

#include "desk/incident-desk-private.h"

/**
 * IncidentBatch:
 *
 * Several commands that are recorded together, or not at all.
 *
 * Each command is judged when it is added, on what the ones before it make of
 * the case, and refused by itself: the others stay. Nothing is recorded, and
 * nobody is told, before [method@Batch.commit]: then all becomes durable at
 * once, which is much faster than one after another.
 *
 * For the same command on many cases, see [method@Desk.act_many].
 *
 * A batch belongs to the thread of its desk.
 *
 * Since: 0.1
 */

typedef struct
{
  guint64          number;   /* 0 to open a case, until it is committed */
  IncidentCommand *command;
  gint64           said_at;
  IncidentRecord  *draft;    /* lent by the decision; NULL: nothing changes */
} Item;

struct _IncidentBatch
{
  IncidentDesk     *desk;
  GArray           *items;    /* Item */
  IncidentRules    *rules;    /* by which the commands were judged */
  gboolean          is_stale; /* some of them are judged on what is no more */
  IncidentDecision  decision;
  GHashTable       *states;   /* number → IncidentState, as the batch leaves the case */
  GHashTable       *pasts;    /* number → IncidentTimeline: its events and then its drafts, where a command looked back */
  GHashTable       *drafted;  /* operation, as GBytes → IncidentRecord, lent by the decision */
  GArray           *numbers;  /* guint64: of the last commit */
};

G_DEFINE_BOXED_TYPE (IncidentBatch, incident_batch, incident_batch_ref, incident_batch_unref)

static void
item_clear (gpointer data)
{
  incident_command_unref (((Item *) data)->command);
}

static void
state_free (gpointer data)
{
  incident_state_clear (data);
  g_free (data);
}

/* The states outlast nothing: they were copied when the cases were looked at. */
static void
begin (IncidentBatch *self)
{
  const IncidentRulebook *rulebook = incident_desk_get_rulebook (self->desk);

  g_clear_pointer (&self->rules, incident_rules_unref);
  self->rules = incident_rules_ref (rulebook->rules);
  self->is_stale = FALSE;
  incident_decision_clear (&self->decision);
  incident_decision_init (&self->decision, incident_desk_get_clock (self->desk),
                          incident_desk_get_operations (self->desk), rulebook);
  g_hash_table_remove_all (self->states);
  g_hash_table_remove_all (self->pasts);
  g_hash_table_remove_all (self->drafted);
}

/**
 * incident_batch_new:
 * @desk: a desk
 *
 * Begins a batch.
 *
 * Returns: (transfer full): a batch without commands
 *
 * Since: 0.1
 */
IncidentBatch *
incident_batch_new (IncidentDesk *desk)
{
  IncidentBatch *self;

  g_return_val_if_fail (INCIDENT_IS_DESK (desk), NULL);

  self = g_atomic_rc_box_new0 (IncidentBatch);
  self->desk = g_object_ref (desk);
  self->items = g_array_new (FALSE, FALSE, sizeof (Item));
  g_array_set_clear_func (self->items, item_clear);
  self->states = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, state_free);
  self->pasts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->drafted = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  begin (self);
  return self;
}

/**
 * incident_batch_ref:
 * @self: a batch
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentBatch *
incident_batch_ref (IncidentBatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_batch_clear (gpointer data)
{
  IncidentBatch *self = data;

  incident_decision_clear (&self->decision);
  incident_rules_unref (self->rules);
  g_array_unref (self->items);
  g_array_unref (self->numbers);
  g_hash_table_unref (self->states);
  g_hash_table_unref (self->pasts);
  g_hash_table_unref (self->drafted);
  g_object_unref (self->desk);
}

/**
 * incident_batch_unref:
 * @self: (transfer full): a batch
 *
 * Drops a reference. What was not committed is forgotten.
 *
 * Since: 0.1
 */
void
incident_batch_unref (IncidentBatch *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_batch_clear);
}

static gboolean
keep_state (guint64               number,
            const IncidentState  *state,
            gpointer              data,
            GError              **error)
{
  GHashTable *states = data;

  g_hash_table_insert (states, g_memdup2 (&number, sizeof number), incident_state_copy (state));
  return TRUE;
}

/* NULL and no error: the case is still to be opened. */
static gboolean
find_state (IncidentBatch  *self,
            guint64         number,
            IncidentState **state,
            GError        **error)
{
  *state = NULL;
  if (number == 0)
    return TRUE;

  *state = g_hash_table_lookup (self->states, &number);
  if (*state == NULL
      && !incident_store_look_at (incident_desk_get_store (self->desk), &number, 1, keep_state, self->states, error))
    return FALSE;

  *state = g_hash_table_lookup (self->states, &number);
  return TRUE;
}

/* The same operation as one that the batch has already is recorded once with it. */
static IncidentRecord *
find_drafted (IncidentBatch   *self,
              IncidentCommand *command)
{
  guint8 operation[INCIDENT_OPERATION_LENGTH];
  g_autoptr(GBytes) key = NULL;

  if (!incident_command_has_operation (command))
    return NULL;

  incident_command_get_operation (command, incident_desk_get_operations (self->desk), operation);
  key = g_bytes_new (operation, sizeof operation);
  return g_hash_table_lookup (self->drafted, key);
}

static void
add_to_past (IncidentTimeline     *past,
             IncidentRecord       *draft,
             const IncidentEffect *effect)
{
  incident_timeline_add (past, draft);
  if (effect->redacts > 0 && effect->redacts < draft->seq)
    incident_timeline_redact (past, (guint) effect->redacts);
}

/* What others have written since the state was looked at is met by the commit as a conflict. */
static IncidentTimeline *
find_past (IncidentBatch  *self,
           guint64         number,
           guint           version,
           GError        **error)
{
  g_autoptr(IncidentTimeline) loaded = NULL;
  IncidentTimeline *past = g_hash_table_lookup (self->pasts, &number);
  guint seq = 1;

  if (past != NULL)
    return past;
  loaded = incident_desk_load_past (self->desk, number, error);
  if (loaded == NULL)
    return NULL;

  past = incident_timeline_new ();
  g_hash_table_insert (self->pasts, g_memdup2 (&number, sizeof number), past);
  for (; seq <= version && incident_timeline_find (loaded, seq) != NULL; seq++)
    incident_timeline_add (past, incident_timeline_find (loaded, seq));
  for (guint i = 0; i < self->decision.drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (self->decision.drafts, i);
      IncidentEffect effect;

      incident_effect_read (&effect, draft->facts);
      if (draft->subject == number && draft->seq == seq)
        {
          add_to_past (past, draft, &effect);
          seq++;
        }
    }
  return past;
}

static void
apply_drafts (IncidentBatch    *self,
              IncidentState    *state,
              IncidentTimeline *past) /* nullable */
{
  for (guint i = self->decision.first; i < self->decision.drafts->len; i++)
    {
      const IncidentRecord *draft = g_ptr_array_index (self->decision.drafts, i);
      IncidentEffect effect;

      incident_effect_read (&effect, draft->facts);
      incident_state_apply (state, &effect, draft->seq, draft->actor, draft->occurred_at);
      if (past != NULL)
        add_to_past (past, g_ptr_array_index (self->decision.drafts, i), &effect);
    }
}

static gboolean
decide (IncidentBatch  *self,
        Item           *item,
        GError        **error)
{
  IncidentState *state;
  IncidentTimeline *past = NULL;
  GError *local_error = NULL;

  item->draft = find_drafted (self, item->command);
  if (item->draft != NULL)
    return incident_desk_check_same_case (item->number, item->draft->subject, error);
  if (!find_state (self, item->number, &state, error)
      || (state != NULL && !incident_desk_know_lifecycle (self->desk, state, error)))
    return FALSE;

  self->decision.now = item->said_at;
  incident_decision_turn_to (&self->decision, item->number, state);
  if (state != NULL && incident_verb_looks_back (item->command))
    {
      past = find_past (self, item->number, state->version, error);
      if (past == NULL)
        return FALSE;
      incident_decision_look_back (&self->decision, past);
    }
  if (!incident_decision_command (&self->decision, item->command, NULL, &local_error))
    {
      incident_desk_audit (self->desk, item->number, item->command, &local_error);
      g_propagate_error (error, local_error);
      return FALSE;
    }

  if (self->decision.transition == NULL)
    return TRUE;

  item->draft = g_ptr_array_index (self->decision.drafts, self->decision.first);
  g_hash_table_insert (self->drafted, g_bytes_new (item->draft->operation, INCIDENT_OPERATION_LENGTH), item->draft);
  if (state != NULL)
    apply_drafts (self, state, g_hash_table_lookup (self->pasts, &item->number));
  return TRUE;
}

/**
 * incident_batch_act:
 * @self: a batch
 * @number: the number of a case, or 0 to open one
 * @command: what to do; given again, by itself or under its operation id, it is
 *   recorded once
 * @error: return location for an error
 *
 * Adds a command.
 *
 * A case that is opened in the batch has no number before the commit, so no
 * other command of the batch can reach it.
 *
 * Returns: %TRUE if the guards let it pass; otherwise @error is set as by
 *   [method@Desk.act], and the batch is as it was
 *
 * Since: 0.1
 */
gboolean
incident_batch_act (IncidentBatch    *self,
                    guint64           number,
                    IncidentCommand  *command,
                    GError          **error)
{
  Item item = { number, command, 0, NULL };
  guint64 recorded;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_desk_check_alone (command, error))
    return FALSE;

  item.said_at = incident_clock_get_time (incident_desk_get_clock (self->desk));
  if (!incident_desk_find_recorded (self->desk, command, number, &recorded, error))
    return FALSE;
  if (recorded != 0)
    item.number = recorded;
  else if (!decide (self, &item, error))
    return FALSE;

  incident_command_ref (command);
  g_array_append_val (self->items, item);
  return TRUE;
}

/* Others have written meanwhile, or the rules have changed: all is judged on what they
 * have left. Where one command is refused, the others are not half of a batch. */
static gboolean
decide_again (IncidentBatch  *self,
              GError        **error)
{
  begin (self);
  self->is_stale = TRUE;
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = &g_array_index (self->items, Item, i);
      guint64 recorded;

      item->draft = NULL;
      if (!incident_desk_find_recorded (self->desk, item->command, item->number, &recorded, error))
        return FALSE;
      if (recorded != 0)
        item->number = recorded;
      else if (!decide (self, item, error))
        {
          g_prefix_error (error, "Command %u of the batch: ", i + 1);
          return FALSE;
        }
    }

  self->is_stale = FALSE;
  return TRUE;
}

static gboolean
is_outdated (IncidentBatch *self)
{
  return self->is_stale || self->rules != incident_desk_get_rulebook (self->desk)->rules;
}

/* It happened when it was said, and is written down now. */
static void
date_drafts (IncidentBatch *self)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self->desk));

  for (guint i = 0; i < self->decision.drafts->len; i++)
    ((IncidentRecord *) g_ptr_array_index (self->decision.drafts, i))->recorded_at = now;
}

static void
end (IncidentBatch *self)
{
  g_autoptr(GPtrArray) drafts = g_steal_pointer (&self->decision.drafts);

  g_array_set_size (self->numbers, 0);
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = &g_array_index (self->items, Item, i);
      guint64 number = item->draft != NULL ? item->draft->subject : item->number;

      g_array_append_val (self->numbers, number);
    }

  g_array_set_size (self->items, 0);
  begin (self);
  if (drafts->len > 0)
    incident_desk_committed_many (self->desk, drafts);
}

/**
 * incident_batch_commit:
 * @self: a batch
 * @error: return location for an error
 *
 * Records all commands of the batch, and tells of them. What happened is dated
 * with the time at which its command was added, unless the command says
 * otherwise, and what was recorded with the time of the commit. The batch is then
 * empty and may be used again. This call blocks until the events are durable.
 *
 * If others have written to one of the cases meanwhile, all commands are judged
 * again.
 *
 * Returns: %TRUE if all are durable; otherwise @error is set as by
 *   [method@Desk.act], nothing was recorded, but for
 *   %INCIDENT_ERROR_COMMIT_UNKNOWN, and the batch still has its commands
 *
 * Since: 0.1
 */
gboolean
incident_batch_commit (IncidentBatch  *self,
                       GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (is_outdated (self) && !decide_again (self, error))
    return FALSE;
  for (guint attempt = 1;; attempt++)
    {
      IncidentCommit commit = { .drafts = self->decision.drafts };
      g_autoptr(GError) local_error = NULL;

      date_drafts (self);
      if (commit.drafts->len == 0 || incident_desk_commit (self->desk, &commit, &local_error))
        {
          end (self);
          return TRUE;
        }
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT) || attempt == INCIDENT_DESK_MAX_ATTEMPTS)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!decide_again (self, error))
        return FALSE;
    }
}

/**
 * incident_batch_get_n_commands:
 * @self: a batch
 *
 * Counts the commands that wait to be committed.
 *
 * Returns: how many there are
 *
 * Since: 0.1
 */
guint
incident_batch_get_n_commands (IncidentBatch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->items->len;
}

/**
 * incident_batch_dup_numbers:
 * @self: a batch
 *
 * Tells which cases the last commit was about: a #guint64 a command, in the
 * byte order of the machine, in the order in which they were added. So one
 * learns the numbers of the cases that the batch has opened.
 *
 * Returns: (transfer full): the numbers; empty before the first commit
 *
 * Since: 0.1
 */
GBytes *
incident_batch_dup_numbers (IncidentBatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_bytes_new (self->numbers->data, (gsize) self->numbers->len * sizeof (guint64));
}
