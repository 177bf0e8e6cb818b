/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-private.h"

/* Stands beside the playbooks, and is written once: that it can be is what counts. */
#define PROBE "health"

/**
 * incident_desk_check_health:
 * @self: a desk
 * @error: return location for an error
 *
 * Tells whether the store can be read and written now. No case is touched. This
 * call blocks.
 *
 * Returns: %TRUE if it can; otherwise @error is set to what ails the store
 *
 * Since: 0.1
 */
gboolean
incident_desk_check_health (IncidentDesk  *self,
                            GError       **error)
{
  g_autoptr(GPtrArray) refusals = NULL;
  IncidentStore *store;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  store = incident_desk_get_store (self);
  refusals = incident_store_list_refusals (store, 0, 1, error);
  return refusals != NULL && incident_store_keep_document (store, PROBE, "{}", error);
}
