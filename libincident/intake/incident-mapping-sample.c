/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-playbook.h>

#include <libincident/incident-error.h>

#include <string.h>

#include "intake/incident-mapping-private.h"
#include "playbook/incident-playbook-private.h"

static gboolean
check_source (const IncidentSource  *source,
              GError               **error)
{
  const IncidentMapping *mapping = source->mapping;
  g_autofree char *place = g_strdup_printf ("sample of source “%s”", source->name);
  g_autoptr(GPtrArray) alerts = NULL;

  return mapping == NULL || mapping->sample == NULL
         || incident_mapping_check_sample (mapping, mapping->sample, strlen (mapping->sample), place, source->zone, &alerts, error);
}

/**
 * incident_playbook_check_samples:
 * @self: a playbook
 * @error: return location for an error
 *
 * Tries each mapping of the section `sources` on the `sample` that stands with it,
 * so that a mapping is known to work before monitoring relies on it.
 *
 * Can be called from any thread.
 *
 * Returns: %TRUE if alerts are read out of each sample; otherwise @error is set to
 *   %INCIDENT_ERROR_INVALID, and tells the source and the place in its sample
 *
 * Since: 0.1
 */
gboolean
incident_playbook_check_samples (IncidentPlaybook  *self,
                                 GError           **error)
{
  GHashTableIter iter;
  gpointer source;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_hash_table_iter_init (&iter, incident_playbook_get_rules (self)->intake->sources);
  while (g_hash_table_iter_next (&iter, NULL, &source))
    if (!check_source (source, error))
      return FALSE;

  return TRUE;
}
