/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <libincident/incident.h>

static IncidentPlaybook *
read_import (const char *json,
             gssize      length)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  g_autofree char *document = incident_playbook_import_alertmanager (json, length, "alertmanager.json", &notes, &error);
  IncidentPlaybook *playbook;

  fuzz_check_error (document != NULL, error);
  fuzz_assert ((document != NULL) == (notes != NULL));
  if (document == NULL)
    return NULL;

  for (guint i = 0; notes[i] != NULL; i++)
    fuzz_assert (g_utf8_validate (notes[i], -1, NULL));
  playbook = incident_playbook_new_from_json (document, -1, NULL, NULL);
  fuzz_assert (playbook != NULL);
  return playbook;
}

/* What is imported is a playbook, and what that exports is imported again. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(IncidentPlaybook) playbook = read_import ((const char *) data, (gssize) size);
  g_autoptr(IncidentPlaybook) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;

  if (playbook == NULL)
    return 0;

  json = incident_playbook_export_alertmanager (playbook, NULL, &error);
  fuzz_check_error (json != NULL, error);
  fuzz_assert (json != NULL);
  again = read_import (json, -1);
  fuzz_assert (again != NULL);
  return 0;
}
