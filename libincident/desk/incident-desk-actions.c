/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include "base/incident-error-private.h"
#include "desk/incident-act-private.h"

/* What takes time at the desk: acting, finding and opening, each blocking and not. */

/**
 * incident_desk_act:
 * @self: a desk
 * @number: the number of a case, or 0 to open one
 * @command: what to do
 * @error: return location for an error
 *
 * Does something to a case.
 *
 * If others keep writing to the case first, the guards are asked again on what
 * it has become. Asking for what holds already succeeds and records nothing.
 * This call blocks until the event is durable.
 *
 * Returns: (transfer full): the case, or %NULL with @error set:
 *   %INCIDENT_ERROR_REFUSED if a guard or a right said no, %INCIDENT_ERROR_INVALID if the
 *   command is malformed, %INCIDENT_ERROR_NOT_FOUND if there is no such case,
 *   or no such name in the playbook, %INCIDENT_ERROR_CONFLICT if others kept writing first, or what ails the
 *   store; then nothing has changed, but for %INCIDENT_ERROR_COMMIT_UNKNOWN
 *
 * Since: 0.1
 */
IncidentCase *
incident_desk_act (IncidentDesk     *self,
                   guint64           number,
                   IncidentCommand  *command,
                   GError          **error)
{
  g_autoptr(IncidentAct) act = NULL;
  IncidentActStep step;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (command != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  act = incident_act_new (self, number, command);
  if (!incident_act_look_up (act, error))
    return NULL;

  do
    {
      step = incident_act_decide (act, error);
      if (step == INCIDENT_ACT_GO_ON)
        step = incident_act_commit (act, error) ? incident_act_settle (act) : INCIDENT_ACT_FAILED;
    }
  while (step == INCIDENT_ACT_GO_ON);

  return step == INCIDENT_ACT_DONE ? incident_act_end (act) : NULL;
}

/* The asynchronous way: each step that reads or writes runs in a worker, and the
 * ones between in the context of the caller. */

static void on_looked_up (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data);
static void on_committed (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data);

static void
look_up_in_thread (GTask        *step,
                   gpointer      source,
                   gpointer      act,
                   GCancellable *cancellable)
{
  GError *error = NULL;

  if (incident_act_look_up (act, &error))
    g_task_return_boolean (step, TRUE);
  else
    g_task_return_error (step, error);
}

static void
commit_in_thread (GTask        *step,
                  gpointer      source,
                  gpointer      act,
                  GCancellable *cancellable)
{
  GError *error = NULL;

  if (incident_act_commit (act, &error))
    g_task_return_boolean (step, TRUE);
  else
    g_task_return_error (step, error);
}

/* The step borrows the act, which the task owns; the callback holds the task. It
 * is not cancelled by itself: what is being committed is told of. */
static void
run_step (GTask               *task, /* (transfer full) */
          GTaskThreadFunc      function,
          GAsyncReadyCallback  callback)
{
  g_autoptr(GTask) step = g_task_new (g_task_get_source_object (task), NULL, callback, task);

  g_task_set_source_tag (step, run_step);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (step, function);
}

static void
start (GTask *task) /* (transfer full) */
{
  run_step (task, look_up_in_thread, on_looked_up);
}

/* @error (transfer full): NULL if it is done. */
static void
end (GTask  *task,
     GError *error)
{
  g_autoptr(IncidentDesk) desk = g_object_ref (g_task_get_source_object (task));
  IncidentAct *act = g_task_get_task_data (task);
  guint64 number = incident_act_get_number (act);
  GTask *next = incident_desk_give_turn (desk, number);

  if (next != NULL)
    start (next);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, incident_act_end (act), g_object_unref);
}

static void
decide (GTask *task) /* (transfer full) */
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    end (task, error);
  else if (incident_act_decide (g_task_get_task_data (task), &error) == INCIDENT_ACT_GO_ON)
    run_step (g_steal_pointer (&owned), commit_in_thread, on_committed);
  else
    end (task, error);
}

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    decide (g_steal_pointer (&task));
  else
    end (task, error);
}

static void
on_committed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    end (task, error);
  else if (incident_act_settle (g_task_get_task_data (task)) == INCIDENT_ACT_GO_ON)
    decide (g_steal_pointer (&task));
  else
    end (task, NULL);
}

/**
 * incident_desk_act_async:
 * @self: a desk
 * @number: the number of a case, or 0 to open one
 * @command: what to do; it must not be changed until @callback is called
 * @cancellable: (nullable): a cancellable; what is being committed when it is
 *   cancelled is committed and told of
 * @callback: (scope async) (closure user_data): called when it is done, refused or failed
 * @user_data: data for @callback
 *
 * Does something to a case without blocking, as [method@Desk.act] does.
 *
 * Since: 0.1
 */
void
incident_desk_act_async (IncidentDesk        *self,
                         guint64              number,
                         IncidentCommand     *command,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (INCIDENT_IS_DESK (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, incident_desk_act_async);
  /* A commit that was made is told of, even if it was cancelled meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, incident_act_new (self, number, command), (GDestroyNotify) incident_act_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (incident_desk_take_turn (self, number, task))
    start (g_steal_pointer (&task));
  else
    g_steal_pointer (&task);
}

/**
 * incident_desk_act_finish:
 * @self: a desk
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Desk.act_async].
 *
 * Returns: (transfer full): the case, or %NULL with @error set as by
 *   [method@Desk.act]
 *
 * Since: 0.1
 */
IncidentCase *
incident_desk_act_finish (IncidentDesk  *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, incident_desk_act_async), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * incident_desk_open_case:
 * @self: a desk
 * @title: what is wrong, in one line
 * @severity: how bad it is, or %INCIDENT_SEVERITY_UNKNOWN if nobody has judged yet
 * @actor: who opens it
 * @error: return location for an error
 *
 * Opens a case. This call blocks until it is durable.
 *
 * What else is known (service, impact …) is given by [method@Desk.act] with the
 * verb `open`.
 *
 * Returns: (transfer full): the new case, or %NULL with @error set as by
 *   [method@Desk.act]
 *
 * Since: 0.1
 */
IncidentCase *
incident_desk_open_case (IncidentDesk      *self,
                         const char        *title,
                         IncidentSeverity   severity,
                         const char        *actor,
                         GError           **error)
{
  g_autoptr(IncidentCommand) command = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  command = incident_command_new ("open", actor);
  if (!incident_command_set (command, "title", title, error))
    return NULL;
  if (severity != INCIDENT_SEVERITY_UNKNOWN
      && !incident_command_set (command, "severity", incident_severity_to_string (severity), error))
    return NULL;

  return incident_desk_act (self, 0, command, error);
}

/* Finding */

gboolean
incident_desk_check_query (IncidentDesk   *self,
                           IncidentQuery  *query,
                           GError        **error)
{
  g_auto(GStrv) phases = incident_lifecycle_list_phases (incident_desk_get_lifecycle (self));
  g_autofree char *known = NULL;

  if (query->phase == NULL || g_strv_contains ((const char * const *) phases, query->phase))
    return TRUE;

  known = g_strjoinv (", ", phases);
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "phase",
                         "There is no phase “%s”: there are %s", query->phase, known);
  return FALSE;
}

/* Records of cases: (element-type GPtrArray of IncidentRecord). Any thread. */
static GPtrArray *
find_records (IncidentStore  *store,
              IncidentQuery  *query,
              GError        **error)
{
  g_autoptr(GArray) numbers = incident_store_find_cases (store, query, error);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; numbers != NULL && i < numbers->len; i++)
    {
      GPtrArray *records = incident_store_load (store, g_array_index (numbers, guint64, i), 0, error);

      if (records == NULL)
        return NULL;
      g_ptr_array_add (found, records);
    }

  return numbers != NULL ? g_steal_pointer (&found) : NULL;
}

static GPtrArray *
adopt_all (IncidentDesk *self,
           GPtrArray    *found)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < found->len; i++)
    {
      IncidentCase *kase = incident_desk_adopt (self, g_ptr_array_index (found, i));

      g_ptr_array_add (cases, kase);
      incident_case_announce (kase);
    }

  return cases;
}

/**
 * incident_desk_find_cases:
 * @self: a desk
 * @query: which cases
 * @error: return location for an error
 *
 * Finds a page of cases, the newest first. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentCase): the cases, none if
 *   nothing matches; or %NULL with @error set, to %INCIDENT_ERROR_INVALID if the
 *   lifecycle has no such phase
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_find_cases (IncidentDesk   *self,
                          IncidentQuery  *query,
                          GError        **error)
{
  g_autoptr(GPtrArray) found = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (query != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_desk_check_query (self, query, error))
    return NULL;

  found = find_records (incident_desk_get_store (self), query, error);
  return found != NULL ? adopt_all (self, found) : NULL;
}

static void
find_in_thread (GTask        *task,
                gpointer      desk,
                gpointer      query,
                GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *found = find_records (incident_desk_get_store (desk), query, &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * incident_desk_find_cases_async:
 * @self: a desk
 * @query: which cases; it is copied
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (closure user_data): called when they are found
 * @user_data: data for @callback
 *
 * Finds a page of cases without blocking.
 *
 * Since: 0.1
 */
void
incident_desk_find_cases_async (IncidentDesk        *self,
                                IncidentQuery       *query,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (INCIDENT_IS_DESK (self));
  g_return_if_fail (query != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, incident_desk_find_cases_async);
  g_task_set_task_data (task, incident_query_copy (query), (GDestroyNotify) incident_query_unref);
  if (incident_desk_check_query (self, query, &error))
    g_task_run_in_thread (task, find_in_thread);
  else
    g_task_return_error (task, error);
}

/**
 * incident_desk_find_cases_finish:
 * @self: a desk
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@Desk.find_cases_async].
 *
 * Returns: (transfer container) (element-type IncidentCase): the cases; or %NULL
 *   with @error set
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_find_cases_finish (IncidentDesk  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_autoptr(GPtrArray) found = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, incident_desk_find_cases_async), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  found = g_task_propagate_pointer (G_TASK (result), error);
  return found != NULL ? adopt_all (self, found) : NULL;
}

/* Opening */

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      uri,
                GCancellable *cancellable)
{
  GError *error = NULL;
  IncidentDesk *desk = incident_desk_open (uri, &error);

  if (desk != NULL)
    g_task_return_pointer (task, desk, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * incident_desk_open_async:
 * @uri: where the store is, as for [ctor@Desk.open]
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (closure user_data): called when it is open
 * @user_data: data for @callback
 *
 * Opens a store and a desk over it without blocking. The desk belongs to the
 * thread of this call.
 *
 * Since: 0.1
 */
void
incident_desk_open_async (const char          *uri,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (uri != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, incident_desk_open_async);
  g_task_set_task_data (task, g_strdup (uri), g_free);
  /* The thread would run all the same, and make a store. */
  if (g_task_return_error_if_cancelled (task))
    return;

  g_task_run_in_thread (task, open_in_thread);
}

/**
 * incident_desk_open_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [func@Desk.open_async].
 *
 * Returns: (transfer full): a new desk, or %NULL with @error set as by
 *   [ctor@Desk.open]
 *
 * Since: 0.1
 */
IncidentDesk *
incident_desk_open_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, incident_desk_open_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
