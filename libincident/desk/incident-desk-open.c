/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-memory-store.h>
#include <libincident/incident-sqlite-store.h>
#include <libincident/incident-system-clock.h>

#include <string.h>

/* How a desk is put together. */

/**
 * incident_desk_new:
 * @store: (nullable): where the events are kept, or %NULL for memory
 * @clock: (nullable): where time and chance come from, or %NULL for the machine
 * @lifecycle: (nullable): what may be done to a case, or %NULL for the default
 *
 * Puts a desk together.
 *
 * Returns: (transfer full): a new desk
 *
 * Since: 0.1
 */
IncidentDesk *
incident_desk_new (IncidentStore     *store,
                   IncidentClock     *clock,
                   IncidentLifecycle *lifecycle)
{
  g_return_val_if_fail (store == NULL || INCIDENT_IS_STORE (store), NULL);
  g_return_val_if_fail (clock == NULL || INCIDENT_IS_CLOCK (clock), NULL);

  return g_object_new (INCIDENT_TYPE_DESK,
                       "store", store,
                       "clock", clock,
                       "lifecycle", lifecycle,
                       NULL);
}

/**
 * incident_desk_new_with_playbook:
 * @store: (nullable): where the events are kept, or %NULL for memory
 * @clock: (nullable): where time and chance come from, or %NULL for the machine
 * @playbook: (nullable): the team's rules, or %NULL for the built-in ones
 *
 * Puts a desk together that judges by a playbook.
 *
 * Returns: (transfer full): a new desk
 *
 * Since: 0.1
 */
IncidentDesk *
incident_desk_new_with_playbook (IncidentStore    *store,
                                 IncidentClock    *clock,
                                 IncidentPlaybook *playbook)
{
  g_return_val_if_fail (store == NULL || INCIDENT_IS_STORE (store), NULL);
  g_return_val_if_fail (clock == NULL || INCIDENT_IS_CLOCK (clock), NULL);

  return g_object_new (INCIDENT_TYPE_DESK,
                       "store", store,
                       "clock", clock,
                       "playbook", playbook,
                       NULL);
}

static IncidentStore *
open_store (const char     *uri,
            IncidentClock  *clock,
            GError        **error)
{
  const char *path = g_str_has_prefix (uri, "sqlite:") ? uri + strlen ("sqlite:") : uri;

  if (g_str_equal (uri, "memory:"))
    return incident_memory_store_new (clock);
  if (g_str_has_prefix (uri, "postgresql:") || g_str_has_prefix (uri, "postgres:"))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "This build of libincident has no PostgreSQL store");
      return NULL;
    }
  if (*path == '\0')
    {
      g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID,
                           "The store has no name: write “sqlite:PATH”, a path, or “memory:”");
      return NULL;
    }

  return incident_sqlite_store_open (path, clock, error);
}

/**
 * incident_desk_open_with_playbook: (constructor)
 * @uri: where the store is: `sqlite:PATH`, a bare path, or `memory:`
 * @playbook: (nullable): the team's rules, or %NULL for the built-in ones
 * @error: return location for an error
 *
 * Opens a store, or makes it, and a desk over it with the machine's clock that
 * judges by a playbook. This call blocks.
 *
 * Returns: (transfer full): a new desk, or %NULL with @error set as by
 *   [ctor@SqliteStore.open]
 *
 * Since: 0.1
 */
IncidentDesk *
incident_desk_open_with_playbook (const char        *uri,
                                  IncidentPlaybook  *playbook,
                                  GError           **error)
{
  g_autoptr(IncidentClock) clock = NULL;
  g_autoptr(IncidentStore) store = NULL;

  g_return_val_if_fail (uri != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  clock = incident_system_clock_new ();
  store = open_store (uri, clock, error);
  if (store == NULL)
    return NULL;

  return incident_desk_new_with_playbook (store, clock, playbook);
}

/**
 * incident_desk_open: (constructor)
 * @uri: where the store is: `sqlite:PATH`, a bare path, or `memory:`
 * @error: return location for an error
 *
 * Opens a store, or makes it, and a desk over it with the machine's clock and
 * the built-in playbook. This call blocks.
 *
 * Returns: (transfer full): a new desk, or %NULL with @error set as by
 *   [ctor@SqliteStore.open]
 *
 * Since: 0.1
 */
IncidentDesk *
incident_desk_open (const char  *uri,
                    GError     **error)
{
  return incident_desk_open_with_playbook (uri, NULL, error);
}
