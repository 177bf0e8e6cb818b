/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-watch-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <stdlib.h>

void
incident_watch_init (IncidentWatch *self,
                     IncidentDesk  *desk)
{
  *self = (IncidentWatch) { .desk = desk, .touched = g_array_new (FALSE, FALSE, sizeof (guint64)) };
  self->damaged = g_hash_table_new (g_str_hash, g_str_equal);
  incident_deadlines_init (&self->by_wall);
  incident_deadlines_init (&self->by_boot);
}

void
incident_watch_clear (IncidentWatch *self)
{
  incident_deadlines_clear (&self->by_wall);
  incident_deadlines_clear (&self->by_boot);
  g_clear_pointer (&self->rules, incident_rules_unref);
  g_clear_pointer (&self->touched, g_array_unref);
  g_clear_pointer (&self->damaged, g_hash_table_unref);
}

void
incident_watch_set (IncidentWatch *self,
                    guint64        number,
                    gint64         due,
                    gint64         due_boot)
{
  gboolean by_boot = due_boot != G_MAXINT64 && due_boot != INCIDENT_TIME_NONE;

  incident_deadlines_set (&self->by_boot, number, by_boot ? due_boot : G_MAXINT64);
  incident_deadlines_set (&self->by_wall, number, by_boot ? G_MAXINT64 : due);
}

typedef struct
{
  IncidentWatch          *watch;
  const IncidentPlanning *planning;
  IncidentPlanning        here;     /* the same, for where the store cannot be asked */
  GPtrArray              *missing;  /* interned: versions of the playbook that have to be asked for first; NULL: none */
} Look;

/* The store is looked at under its lock: who asks it for an old playbook there waits for ever. */
static const IncidentPolicyRules *
find_known_policy (const char *version,
                   const char *policy,
                   gpointer    data)
{
  Look *self = data;

  if (incident_desk_knows_rules (self->watch->desk, version))
    return self->planning->find_policy (version, policy, self->planning->find_data);
  if (g_hash_table_contains (self->watch->damaged, version))
    return NULL;

  if (self->missing == NULL)
    self->missing = g_ptr_array_new ();
  if (!g_ptr_array_find (self->missing, version, NULL))
    g_ptr_array_add (self->missing, (gpointer) version);
  return NULL;
}

static void
look_init (Look                   *self,
           IncidentWatch          *watch,
           const IncidentPlanning *planning)
{
  *self = (Look) { watch, planning, *planning, NULL };
  if (planning->find_policy != NULL)
    {
      self->here.find_policy = find_known_policy;
      self->here.find_data = self;
    }
}

/* @again: those that were asked for in vain are known now, or never will be, so look again. */
static gboolean
learn_missing (Look      *self,
               gboolean  *again,
               GError   **error)
{
  g_autoptr(GPtrArray) missing = g_steal_pointer (&self->missing);

  *again = missing != NULL;
  for (guint i = 0; missing != NULL && i < missing->len; i++)
    {
      const char *version = g_ptr_array_index (missing, i);
      g_autoptr(GError) local_error = NULL;

      if (incident_desk_learn_rules (self->watch->desk, version, &local_error))
        continue;
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_hash_table_add (self->watch->damaged, (gpointer) version);
    }

  return TRUE;
}

static gboolean
look (guint64               number,
      const IncidentState  *state,
      gpointer              data,
      GError              **error)
{
  Look *self = data;
  gint64 due_boot = G_MAXINT64;
  gint64 due = incident_plan_get_due (&self->here, state, &due_boot);

  incident_watch_set (self->watch, number, due, due_boot);
  return TRUE;
}

/* Those that cannot be read are due at once: who wants to fire them meets the reason, and tells of it. The others go on. */
static gboolean
look_one_by_one (Look           *self,
                 const guint64  *numbers,
                 gsize           n_numbers,
                 GError        **error)
{
  for (gsize i = 0; i < n_numbers; i++)
    {
      g_autoptr(GError) local_error = NULL;

      if (incident_store_look_at (incident_desk_get_store (self->watch->desk), &numbers[i], 1, look, self, &local_error))
        continue;
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      incident_watch_set (self->watch, numbers[i], INCIDENT_TIME_NONE, G_MAXINT64);
    }

  return TRUE;
}

/* Numbers have no gap: there is an end to them. */
static gboolean
look_at_each (Look    *self,
              GError **error)
{
  for (guint64 number = 1;; number++)
    {
      g_autoptr(GError) local_error = NULL;

      if (look_one_by_one (self, &number, 1, &local_error))
        continue;
      if (g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
}

static gboolean
try_to_look_at_all (Look    *self,
                    GError **error)
{
  IncidentStore *store = incident_desk_get_store (self->watch->desk);
  g_autoptr(GError) local_error = NULL;
  guint64 size = incident_store_get_size (store, &local_error);

  incident_deadlines_empty (&self->watch->by_wall);
  incident_deadlines_empty (&self->watch->by_boot);
  if (local_error == NULL && !incident_store_look_at_all (store, look, self, &local_error)
      && g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT))
    {
      g_clear_error (&local_error);
      look_at_each (self, &local_error);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* What came since will be met again, which does no harm. */
  self->watch->known = size;
  return TRUE;
}

static gboolean
look_at_all (Look    *self,
             GError **error)
{
  gboolean again;

  do
    if (!try_to_look_at_all (self, error) || !learn_missing (self, &again, error))
      return FALSE;
  while (again);

  return TRUE;
}

static int
compare_numbers (const void *a,
                 const void *b)
{
  guint64 left = *(const guint64 *) a;
  guint64 right = *(const guint64 *) b;

  return left < right ? -1 : left > right;
}

static void
keep_each_once (GArray *numbers)
{
  guint64 *all = (guint64 *) (gpointer) numbers->data;
  guint n = 0;

  if (numbers->len == 0)
    return;

  qsort (all, numbers->len, sizeof *all, compare_numbers);
  for (guint i = 1; i < numbers->len; i++)
    if (all[i] != all[n])
      all[++n] = all[i];
  g_array_set_size (numbers, n + 1);
}

/* Whose cases changed. */
static gboolean
read_page (IncidentWatch  *self,
           guint          *n_read,
           GError        **error)
{
  g_autoptr(GPtrArray) records = incident_store_read_log (incident_desk_get_store (self->desk), self->known,
                                                          INCIDENT_QUERY_MAX_LIMIT, error);

  if (records == NULL)
    return FALSE;

  *n_read = records->len;
  g_array_set_size (self->touched, 0);
  for (guint i = 0; i < records->len; i++)
    {
      guint64 number = ((const IncidentRecord *) g_ptr_array_index (records, i))->subject;

      g_array_append_val (self->touched, number);
    }
  keep_each_once (self->touched);
  return TRUE;
}

static gboolean
look_at_touched (Look    *self,
                 GError **error)
{
  const guint64 *numbers = (const guint64 *) (gpointer) self->watch->touched->data;
  guint n = self->watch->touched->len;
  gboolean again;

  do
    if ((!incident_store_look_at (incident_desk_get_store (self->watch->desk), numbers, n, look, self, NULL)
         && !look_one_by_one (self, numbers, n, error))
        || !learn_missing (self, &again, error))
      return FALSE;
  while (again);

  return TRUE;
}

static gboolean
look_at_page (Look    *self,
              guint   *n_read,
              GError **error)
{
  if (!read_page (self->watch, n_read, error) || !look_at_touched (self, error))
    return FALSE;

  self->watch->known += *n_read;
  return TRUE;
}

/* Then all deadlines are others, or the next of a case may be another of its own. */
static gboolean
is_outdated (IncidentWatch          *self,
             const IncidentPlanning *planning)
{
  gint64 shift = planning->now - planning->now_boot - self->offset;

  return self->rules != planning->roster->rules || self->boot != planning->boot || ABS (shift) > G_TIME_SPAN_SECOND;
}

static void
note_all_seen (IncidentWatch          *self,
               const IncidentPlanning *planning)
{
  incident_rules_ref (planning->roster->rules);
  g_clear_pointer (&self->rules, incident_rules_unref);
  self->rules = planning->roster->rules;
  self->boot = planning->boot;
  self->offset = planning->now - planning->now_boot;
}

static gboolean
read_on (Look    *self,
         GError **error)
{
  IncidentWatch *watch = self->watch;
  g_autoptr(GError) local_error = NULL;
  guint64 size = incident_store_get_size (incident_desk_get_store (watch->desk), &local_error);
  guint n_read = 1;

  while (local_error == NULL && watch->known < size && n_read > 0)
    look_at_page (self, &n_read, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
incident_watch_follow (IncidentWatch           *self,
                       const IncidentPlanning  *planning,
                       GError                 **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean looks_at_all = is_outdated (self, planning);
  gboolean done;
  Look data;

  look_init (&data, self, planning);
  done = looks_at_all ? look_at_all (&data, &local_error) : read_on (&data, &local_error);
  /* The log does not tell what stands behind an event that is damaged. */
  if (!looks_at_all && g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT))
    {
      g_clear_error (&local_error);
      looks_at_all = TRUE;
      done = look_at_all (&data, &local_error);
    }
  g_clear_pointer (&data.missing, g_ptr_array_unref);
  if (done && looks_at_all)
    note_all_seen (self, planning);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return done;
}

void
incident_watch_note_own (IncidentWatch *self,
                         GPtrArray     *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);

      if (record->log_index == self->known)
        self->known += incident_record_get_n_events (record);
    }
}

void
incident_watch_take_due (IncidentWatch          *self,
                         const IncidentPlanning *planning,
                         guint                   at_most,
                         GArray                 *numbers)
{
  while (numbers->len < at_most)
    {
      guint64 number;

      if (incident_deadlines_peek (&self->by_wall) <= planning->now)
        number = incident_deadlines_pop (&self->by_wall);
      else if (incident_deadlines_peek (&self->by_boot) <= planning->now_boot)
        number = incident_deadlines_pop (&self->by_boot);
      else
        return;
      g_array_append_val (numbers, number);
    }
}

gint64
incident_watch_get_next (IncidentWatch          *self,
                         const IncidentPlanning *planning)
{
  gint64 by_wall = incident_deadlines_peek (&self->by_wall);
  gint64 by_boot = incident_deadlines_peek (&self->by_boot);

  if (by_boot == G_MAXINT64)
    return by_wall;

  return MIN (by_wall, planning->now + (by_boot - planning->now_boot));
}
