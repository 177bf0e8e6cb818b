/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <stdlib.h>
#include <string.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-private.h"
#include "model/incident-decision-many-private.h"

/* One command on many cases. */

static gboolean
look (guint64               number,
      const IncidentState  *state,
      gpointer              decision,
      GError              **error)
{
  return incident_many_decision_add (decision, number, state, error);
}

static int
compare_numbers (const void *a,
                 const void *b)
{
  guint64 left = *(const guint64 *) a;
  guint64 right = *(const guint64 *) b;

  return left < right ? -1 : left > right;
}

/* Looked for only where a commit fails: a case that is named twice conflicts with itself. */
static gboolean
check_no_number_twice (const guint64  *numbers,
                       gsize           n_numbers,
                       GError        **error)
{
  g_autofree guint64 *sorted = g_memdup2 (numbers, n_numbers * sizeof *numbers);

  qsort (sorted, n_numbers, sizeof *sorted, compare_numbers);
  for (gsize i = 1; i < n_numbers; i++)
    {
      if (sorted[i] != sorted[i - 1])
        continue;
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "numbers",
                             "INC-%" G_GUINT64_FORMAT " is named twice", sorted[i]);
      return FALSE;
    }

  return TRUE;
}

IncidentTimeline *
incident_desk_load_past (IncidentDesk  *self,
                         guint64        number,
                         GError       **error)
{
  g_autoptr(GPtrArray) records = incident_store_load (incident_desk_get_store (self), number, 0, error);
  IncidentTimeline *past;

  if (records == NULL)
    return NULL;

  past = incident_timeline_new ();
  for (guint i = 0; i < records->len; i++)
    incident_timeline_add (past, g_ptr_array_index (records, i));
  return past;
}

static GHashTable *
load_pasts (IncidentDesk   *self,
            const guint64  *numbers,
            gsize           n_numbers,
            GError        **error)
{
  g_autoptr(GHashTable) pasts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);

  for (gsize i = 0; i < n_numbers; i++)
    {
      IncidentTimeline *past = incident_desk_load_past (self, numbers[i], error);

      if (past == NULL)
        return NULL;
      g_hash_table_insert (pasts, g_memdup2 (&numbers[i], sizeof *numbers), past);
    }
  return g_steal_pointer (&pasts);
}

/* TRUE and @conflict: others were quicker. */
static gboolean
try (IncidentDesk     *self,
     const guint64    *numbers,
     gsize             n_numbers,
     IncidentCommand  *command,
     gboolean         *conflict,
     GError          **error)
{
  g_auto(IncidentManyDecision) decision = { { NULL, }, };
  IncidentCommit commit = { NULL, };
  g_autoptr(GHashTable) pasts = NULL;
  g_autoptr(GError) local_error = NULL;

  *conflict = FALSE;
  if (incident_verb_looks_back (command) && (pasts = load_pasts (self, numbers, n_numbers, error)) == NULL)
    return FALSE;
  incident_many_decision_init (&decision, incident_desk_get_clock (self), incident_desk_get_operations (self),
                               incident_desk_get_rulebook (self), command, (guint) n_numbers);
  decision.pasts = pasts;
  if (!incident_store_look_at (incident_desk_get_store (self), numbers, n_numbers, look, &decision, &local_error))
    {
      /* The store was shown to us under its lock: only now can it be asked for more. */
      *conflict = decision.missing != NULL && incident_desk_load_lifecycle (self, decision.missing, NULL);
      *conflict = *conflict || g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
      if (!*conflict)
        incident_desk_audit (self, decision.decision.number, command, &local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  commit.drafts = incident_many_decision_end (&decision);
  if (commit.drafts->len == 0)
    return TRUE;
  if (incident_desk_commit (self, &commit, &local_error))
    {
      incident_desk_committed_many (self, commit.drafts);
      return TRUE;
    }

  *conflict = g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
incident_desk_check_alone (IncidentCommand  *command,
                           GError          **error)
{
  if (!g_str_equal (incident_command_get_verb (command), incident_verbs[INCIDENT_VERB_MERGE].verb))
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "verb", "“merge” writes to two cases: do it case by case");
  return FALSE;
}

/**
 * incident_desk_act_many: (skip)
 * @self: a desk
 * @numbers: (array length=n_numbers): the numbers of cases, each once, in any order
 * @n_numbers: how many there are
 * @command: what to do to each of them
 * @error: return location for an error
 *
 * Does the same to many cases, all or nothing.
 *
 * All events become durable together, and one `changed` tells of them; this is
 * much faster than case by case. If a guard refuses one of the cases, the error
 * names it, and nothing is recorded. Events are numbered in groups of those that
 * say the same. A command that was recorded before is not recorded again. This
 * call blocks.
 *
 * Returns: %TRUE if it is done; otherwise @error is set as by
 *   [method@Desk.act], and to %INCIDENT_ERROR_INVALID if a case is named twice
 *
 * Since: 0.1
 */
gboolean
incident_desk_act_many (IncidentDesk     *self,
                        const guint64    *numbers,
                        gsize             n_numbers,
                        IncidentCommand  *command,
                        GError          **error)
{
  gboolean conflict;
  guint64 recorded;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (numbers != NULL || n_numbers == 0, FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!incident_desk_check_alone (command, error))
    return FALSE;

  for (guint attempt = 1;; attempt++)
    {
      g_autoptr(GError) local_error = NULL;

      if (!incident_desk_find_recorded (self, command, 0, &recorded, error))
        return FALSE;
      if (recorded != 0 || try (self, numbers, n_numbers, command, &conflict, &local_error))
        return TRUE;
      if (!conflict || attempt == INCIDENT_DESK_MAX_ATTEMPTS)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (!check_no_number_twice (numbers, n_numbers, error))
        return FALSE;
    }
}

/**
 * incident_desk_act_many_bytes: (rename-to incident_desk_act_many)
 * @self: a desk
 * @numbers: the numbers of cases, each once, in any order: a #guint64 each, in
 *   the byte order of the machine
 * @command: what to do to each of them
 * @error: return location for an error
 *
 * Does the same to many cases, all or nothing.
 *
 * All events become durable together, and one `changed` tells of them; this is
 * much faster than case by case. If a guard refuses one of the cases, the error
 * names it, and nothing is recorded. A command that was recorded before is not
 * recorded again. This call blocks.
 *
 * Returns: %TRUE if it is done; otherwise @error is set as by
 *   [method@Desk.act], and to %INCIDENT_ERROR_INVALID if a case is named twice or
 *   @numbers is no whole number of numbers
 *
 * Since: 0.1
 */
gboolean
incident_desk_act_many_bytes (IncidentDesk     *self,
                              GBytes           *numbers,
                              IncidentCommand  *command,
                              GError          **error)
{
  g_autofree guint64 *aligned = NULL;
  gconstpointer data;
  gsize length;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (numbers != NULL, FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  data = g_bytes_get_data (numbers, &length);
  if (length % sizeof (guint64) != 0)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "numbers",
                             "The numbers are %" G_GSIZE_FORMAT " bytes long: it must be 8 for each", length);
      return FALSE;
    }
  if ((gsize) data % sizeof (guint64) != 0)
    data = aligned = g_memdup2 (data, length);

  return incident_desk_act_many (self, data, length / sizeof (guint64), command, error);
}
