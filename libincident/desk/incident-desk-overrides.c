/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-oncall-private.h"
#include "desk/incident-desk-override-private.h"
#include "oncall/incident-override-private.h"
#include "oncall/incident-roster-body-private.h"

/* What people do to schedules: each change is judged by what the journal says, and written behind just that. */

#define VERB "override"
#define WHAT "change who is on call"

typedef struct
{
  IncidentDesk               *desk;
  const char                 *actor;
  const IncidentRosterChange *wanted;   /* what is to be added; or … */
  guint64                     id;       /* … which one it is about … */
  gint64                      from;     /* … and what part of it is taken */
  gint64                      until;
  gint64                      now;
  IncidentRoster             *roster;   /* lent to the judge, as is the next */
  GPtrArray                  *entries;  /* what the judge has to say in the journal; nothing: nothing is to be done */
  IncidentRosterChange       *made;     /* owned: what there is now; its id is that of the first entry where it has none */
} Change;

typedef gboolean (*JudgeFunc) (Change  *self,
                               GError **error);

static void
change_clear (Change *self)
{
  g_clear_pointer (&self->made, incident_roster_change_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

static void
add_entry (Change              *self,
           IncidentRosterEntry *entry)
{
  g_ptr_array_add (self->entries, entry);
}

/* What could not be read again would make the journal useless: too many shifts, say. */
static gboolean
check_can_be_read (const IncidentRosterEntry  *entry,
                   GError                    **error)
{
  g_auto(IncidentRosterBody) body = { NULL, };
  g_autoptr(GError) local_error = NULL;

  if (incident_roster_body_read (&body, entry, &local_error))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "shifts", "It says too much to be kept: %s", local_error->message);
  return FALSE;
}

static gboolean
names_anybody (const IncidentRosterChange *feed,
               gint64                      now)
{
  for (guint i = 0; i < feed->shifts->len; i++)
    {
      const IncidentFixedShift *shift = &g_array_index (feed->shifts, IncidentFixedShift, i);

      if (shift->person != NULL && shift->until > now)
        return TRUE;
    }

  return FALSE;
}

/* A calendar of strangers must not empty a schedule. */
static gboolean
check_feed (const Change                *self,
            const IncidentRosterChange  *feed,
            GError                     **error)
{
  const GPtrArray *others = g_hash_table_lookup (self->roster->by_schedule, feed->schedule);

  for (guint i = 0; others != NULL && i < others->len && !names_anybody (feed, self->now); i++)
    {
      const IncidentRosterChange *other = g_ptr_array_index (others, i);

      if (other->kind != INCIDENT_OVERRIDE_KIND_FEED || other->withdrawn_at != INCIDENT_TIME_NONE || !names_anybody (other, self->now))
        continue;
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "text", "No event of the calendar names anybody of the playbook, and those of "
                             "the one before do: what was imported before stays");
      return FALSE;
    }

  return TRUE;
}

static void
withdraw_feeds (Change     *self,
                const char *schedule)
{
  const GPtrArray *others = g_hash_table_lookup (self->roster->by_schedule, schedule);

  for (guint i = 0; others != NULL && i < others->len; i++)
    {
      const IncidentRosterChange *other = g_ptr_array_index (others, i);

      if (other->kind == INCIDENT_OVERRIDE_KIND_FEED && other->withdrawn_at == INCIDENT_TIME_NONE)
        add_entry (self, incident_roster_entry_new_withdrawn (other, self->now, self->actor));
    }
}

static gboolean
judge_adding (Change  *self,
              GError **error)
{
  IncidentRosterChange *change = incident_roster_change_copy (self->wanted);
  IncidentRosterEntry *entry;

  self->made = change;
  g_free (change->actor);
  change->actor = g_strdup (self->actor);
  change->added_at = self->now;
  change->id = 0;
  if (!incident_override_judge (change, self->roster, self->now, error))
    return FALSE;

  entry = incident_roster_entry_new_change (change, 0, self->now, self->actor);
  add_entry (self, entry);
  if (change->kind == INCIDENT_OVERRIDE_KIND_FEED)
    {
      if (!check_feed (self, change, error))
        return FALSE;
      withdraw_feeds (self, change->schedule);
    }
  return check_can_be_read (entry, error);
}

static const IncidentRosterChange *
find (const Change  *self,
      GError       **error)
{
  const IncidentRosterChange *change = incident_roster_get_change (self->roster, self->id);

  if (change == NULL)
    incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "id", "There is no override %" G_GUINT64_FORMAT, self->id);
  return change;
}

/* What is left of the swap is offered on, as if it had been offered by itself. */
static void
offer_rest (Change                     *self,
            const IncidentRosterChange *swap,
            gint64                      from,
            gint64                      until)
{
  IncidentRosterChange rest = *swap;

  rest.from = from;
  rest.until = until;
  if (until > from)
    add_entry (self, incident_roster_entry_new_change (&rest, swap->id, self->now, self->actor));
}

static gboolean
judge_taking (Change  *self,
              GError **error)
{
  const IncidentRosterChange *swap = find (self, error);
  gint64 from = self->from;
  gint64 until = self->until;

  if (swap == NULL
      || !incident_override_judge_taking (swap, self->roster, self->actor, &from, &until, self->now, error))
    return FALSE;

  add_entry (self, incident_roster_entry_new_taken (swap, from, until, self->now, self->actor));
  offer_rest (self, swap, swap->from, from);
  offer_rest (self, swap, until, swap->until);

  self->made = incident_roster_change_copy (swap);
  self->made->substitute = g_strdup (self->actor);
  self->made->from = from;
  self->made->until = until;
  self->made->taken_at = self->now;
  return TRUE;
}

/* Who offers shifts may think better of it. */
static gboolean
may_withdraw (const Change                *self,
              const IncidentRosterChange  *change,
              GError                     **error)
{
  if (change->kind == INCIDENT_OVERRIDE_KIND_SWAP && g_str_equal (change->person, self->actor))
    return TRUE;
  return incident_desk_check_right (self->desk, VERB, WHAT, self->actor, error);
}

static gboolean
judge_withdrawing (Change  *self,
                   GError **error)
{
  const IncidentRosterChange *change = find (self, error);
  g_autofree char *until = NULL;

  if (change == NULL || !may_withdraw (self, change, error))
    return FALSE;
  if (change->withdrawn_at != INCIDENT_TIME_NONE)
    return TRUE;
  if (change->until <= self->now)
    {
      until = incident_time_to_string (change->until);
      return incident_override_refuse (error, "past", "override %" G_GUINT64_FORMAT " ended at %s, and who was on call does not change "
                                       "afterwards", change->id, until);
    }

  add_entry (self, incident_roster_entry_new_withdrawn (change, self->now, self->actor));
  return TRUE;
}

static gboolean
try (Change     *self,
     JudgeFunc   judge,
     GError    **error)
{
  g_autoptr(IncidentRoster) roster = incident_desk_load_roster (self->desk, error);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  IncidentRosterAppend append = { 0, entries };
  IncidentCommit commit = { .drafts = drafts, .roster = &append };

  if (roster == NULL)
    return FALSE;

  change_clear (self);
  self->now = incident_clock_get_time (incident_desk_get_clock (self->desk));
  self->roster = roster;
  self->entries = entries;
  if (!judge (self, error))
    return FALSE;
  if (entries->len == 0)
    return TRUE;

  append.follows = roster->head;
  if (!incident_desk_commit (self->desk, &commit, error))
    return FALSE;
  if (self->made != NULL && self->made->id == 0)
    self->made->id = ((const IncidentRosterEntry *) g_ptr_array_index (entries, 0))->id;
  return TRUE;
}

/* Judged anew where others wrote first. */
static gboolean
run (Change     *self,
     JudgeFunc   judge,
     GError    **error)
{
  g_autoptr(GError) local_error = NULL;

  if (!incident_actor_check (self->actor, error) || !incident_desk_keep_rules (self->desk, error))
    return FALSE;

  for (guint attempt = 0; attempt < INCIDENT_DESK_MAX_ATTEMPTS; attempt++)
    {
      g_clear_error (&local_error);
      if (try (self, judge, &local_error))
        return TRUE;
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        break;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static IncidentOverride *
make (Change     *self,
      JudgeFunc   judge,
      GError    **error)
{
  if (!incident_desk_check_right (self->desk, VERB, WHAT, self->actor, error) || !run (self, judge, error))
    return NULL;
  return incident_override_new_of_change (self->made, self->now);
}

IncidentOverride *
incident_desk_add_change (IncidentDesk                *self,
                          const IncidentRosterChange  *wanted,
                          const char                  *actor,
                          GError                     **error)
{
  g_auto(Change) adding = { .desk = self, .actor = actor, .wanted = wanted };

  return make (&adding, judge_adding, error);
}

/**
 * incident_desk_add_override:
 * @self: a desk
 * @override: how a schedule is to be changed
 * @actor: who does so
 * @error: return location for an error
 *
 * Changes a schedule on single days.
 *
 * Whoever may has the right `override` in the playbook. The schedule and all people that the override names are
 * in the playbook. A start that is past is now, for who was on call in a minute that is past does not change any
 * more: [method@Override.get_from] of what is returned tells when it begins. Of two overrides or swaps that name
 * the same person, no minute is in both, on one schedule; nor in two temporary schedules. This call blocks.
 *
 * Returns: (transfer full): the override with its id; or %NULL with @error set: %INCIDENT_ERROR_NOT_FOUND at
 *   `schedule`, `person`, `substitute` or a pointer such as `/shifts/0/person`, if the playbook has no such name;
 *   %INCIDENT_ERROR_INVALID at what is wrong with it; %INCIDENT_ERROR_REFUSED with the code `overlap`, naming the
 *   other one, or `not-permitted`; or what ails the store
 *
 * Since: 0.1
 */
IncidentOverride *
incident_desk_add_override (IncidentDesk      *self,
                            IncidentOverride  *override,
                            const char        *actor,
                            GError           **error)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (override != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (override->change->kind == INCIDENT_OVERRIDE_KIND_FEED)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "kind", "“feed” is what a calendar brings: import that");
      return NULL;
    }

  return incident_desk_add_change (self, override->change, actor, error);
}

/**
 * incident_desk_take_swap:
 * @self: a desk
 * @id: which swap
 * @actor: who takes the shifts: a person of the playbook, and not the one who offers them
 * @from: from when on, in microseconds since the Unix epoch, UTC; or %INCIDENT_TIME_NONE for from its start
 * @until: until when, likewise; or %INCIDENT_TIME_NONE for until its end
 * @error: return location for an error
 *
 * Takes the shifts that somebody offers, or a part of them.
 *
 * The part that is taken keeps the id. What is left of the swap stays open, before it and after it, each under an
 * id of its own. A swap whose start has come cannot be taken any more. Whoever takes one has the right `override`.
 * This call blocks.
 *
 * Returns: (transfer full): the swap as it is now; or %NULL with @error set: %INCIDENT_ERROR_NOT_FOUND if there is no
 *   such swap, or the playbook does not know @actor; %INCIDENT_ERROR_INVALID if it is no swap (`id`), or does not reach as far
 *   (`from`, `until`); %INCIDENT_ERROR_REFUSED with one of the codes `taken`, `past-due`, `withdrawn`, `own-swap`,
 *   `overlap` and `not-permitted`; or what ails the store
 *
 * Since: 0.1
 */
IncidentOverride *
incident_desk_take_swap (IncidentDesk  *self,
                         guint64        id,
                         const char    *actor,
                         gint64         from,
                         gint64         until,
                         GError       **error)
{
  g_auto(Change) taking = { .desk = self, .actor = actor, .id = id, .from = from, .until = until };

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return make (&taking, judge_taking, error);
}

/**
 * incident_desk_withdraw_override:
 * @self: a desk
 * @id: which override
 * @actor: who does so: who offers the swap, or has the right `override`
 * @error: return location for an error
 *
 * Withdraws an override, a swap, a temporary schedule or a calendar.
 *
 * It counts until now, and no more; one that is withdrawn already stays as it is. This call blocks.
 *
 * Returns: %TRUE if it is withdrawn; otherwise @error is set to %INCIDENT_ERROR_NOT_FOUND,
 *   %INCIDENT_ERROR_REFUSED with the code `past` if it is over, or `not-permitted`; or what ails the store
 *
 * Since: 0.1
 */
gboolean
incident_desk_withdraw_override (IncidentDesk  *self,
                                 guint64        id,
                                 const char    *actor,
                                 GError       **error)
{
  g_auto(Change) withdrawing = { .desk = self, .actor = actor, .id = id };

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return run (&withdrawing, judge_withdrawing, error);
}

/* A schedule that is gone may have been changed once. */
static gboolean
is_known (const IncidentRoster *roster,
          const char           *schedule)
{
  return incident_oncall_rules_get_schedule (roster->rules->oncall, schedule) != NULL
         || g_hash_table_contains (roster->by_schedule, schedule);
}

/**
 * incident_desk_list_overrides:
 * @self: a desk
 * @schedule: (nullable): the name of a schedule; or %NULL for all
 * @from: those that reach beyond this, in microseconds since the Unix epoch, UTC; or %INCIDENT_TIME_NONE for all
 * @until: those that begin before this, likewise
 * @error: return location for an error
 *
 * Lists how schedules were changed, also by what was withdrawn. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentOverride): the overrides, by id; or %NULL with @error set to
 *   %INCIDENT_ERROR_NOT_FOUND at `schedule` if there is none of the name, or to what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_overrides (IncidentDesk  *self,
                              const char    *schedule,
                              gint64         from,
                              gint64         until,
                              GError       **error)
{
  g_autoptr(GPtrArray) overrides = NULL;
  g_autoptr(IncidentRoster) roster = NULL;
  gint64 now;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  roster = incident_desk_load_roster (self, error);
  if (roster == NULL)
    return NULL;
  if (schedule != NULL && !is_known (roster, schedule))
    {
      incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "schedule", "There is no schedule “%s” in the playbook", schedule);
      return NULL;
    }

  now = incident_clock_get_time (incident_desk_get_clock (self));
  overrides = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_override_unref);
  for (guint i = 0; i < roster->changes->len; i++)
    {
      const IncidentRosterChange *change = g_ptr_array_index (roster->changes, i);

      if ((schedule == NULL || g_str_equal (schedule, change->schedule)) && (from == INCIDENT_TIME_NONE || change->until > from)
          && (until == INCIDENT_TIME_NONE || change->from < until))
        g_ptr_array_add (overrides, incident_override_new_of_change (change, now));
    }

  return g_steal_pointer (&overrides);
}
