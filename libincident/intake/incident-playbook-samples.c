/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-playbook.h>

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "intake/incident-mapping-private.h"
#include "model/incident-intake-rules-private.h"
#include "playbook/incident-playbook-private.h"

/* What a playbook has to try its mappings with. That is read as messages are, which the
 * playbook itself knows nothing of. */

static void
check_source (const IncidentSource  *source,
              GPtrArray             *lines,
              char                 **where)
{
  const IncidentMapping *mapping = source->mapping;
  g_autoptr(GError) error = NULL;
  g_autofree char *place = NULL;
  const char * const *problems;

  if (mapping == NULL || mapping->sample == NULL)
    return;

  place = g_strdup_printf ("/sources/%s/mapping/sample", source->name);
  if (incident_mapping_check_sample (mapping, source->format, mapping->sample, strlen (mapping->sample), place, source->zone,
                                     NULL, &error))
    return;

  problems = incident_error_list_problems (error);
  if (problems == NULL)
    g_ptr_array_add (lines, g_strdup (error->message));
  for (guint i = 0; problems != NULL && problems[i] != NULL; i++)
    g_ptr_array_add (lines, g_strdup (problems[i]));
  if (*where == NULL)
    *where = g_steal_pointer (&place);
}

/**
 * incident_playbook_check_samples:
 * @self: a playbook
 * @error: return location for an error
 *
 * Tries the mapping of each source with its `sample`, as if it had been sent.
 *
 * A mapping may be sound and still not fit what is sent; then each alert would be
 * refused when it is needed. A source without a sample is not tried.
 *
 * Returns: %TRUE if all samples are read; otherwise @error is
 *   %INCIDENT_ERROR_INVALID, with a line for each problem
 *   ([func@Error.list_problems])
 *
 * Since: 0.1
 */
gboolean
incident_playbook_check_samples (IncidentPlaybook  *self,
                                 GError           **error)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GList) names = NULL;
  g_autofree char *where = NULL;
  GHashTable *sources;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* The same order each time. */
  sources = incident_playbook_get_rules (self)->intake->sources;
  names = g_list_sort (g_hash_table_get_keys (sources), (GCompareFunc) strcmp);
  for (GList *name = names; name != NULL; name = name->next)
    check_source (g_hash_table_lookup (sources, name->data), lines, &where);
  if (lines->len == 0)
    return TRUE;

  g_ptr_array_add (lines, NULL);
  incident_set_error_problems (error, where, (char **) lines->pdata);
  return FALSE;
}
