/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <libincident/incident.h>

#include <string.h>

/* Alertmanager's JSON says the same in its words, a silence a list. */
static void
check_foreign (IncidentSilence *silence)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) lists = incident_silence_dup_matchers (silence);
  g_autofree char *json = NULL;
  g_autoptr(GPtrArray) again = NULL;

  if (incident_silence_get_starts_at (silence) == INCIDENT_TIME_NONE)
    return;

  json = incident_silence_to_alertmanager_json (silence);
  again = incident_silence_list_from_json (json, -1, NULL, &error);
  fuzz_assert (again != NULL && again->len == g_strv_length (lists));
  for (guint i = 0; i < again->len; i++)
    {
      g_auto(GStrv) other = incident_silence_dup_matchers (g_ptr_array_index (again, i));

      fuzz_assert (strcmp (other[0], lists[i]) == 0);
    }
}

static void
check_silence (IncidentSilence *silence)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *json = incident_silence_to_json (silence);
  g_autoptr(IncidentSilence) again = incident_silence_new_from_json (json, -1, NULL, &error);
  g_auto(GStrv) warnings = incident_silence_dup_warnings (silence);
  g_autofree char *json_again = NULL;

  fuzz_assert (again != NULL);
  json_again = incident_silence_to_json (again);
  fuzz_assert (strcmp (json, json_again) == 0);
  for (guint i = 0; warnings[i] != NULL; i++)
    fuzz_assert (g_utf8_validate (warnings[i], -1, NULL));
  check_foreign (silence);
}

/* Silences that are read are written again as they were read. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) silences = incident_silence_list_from_json ((const char *) data, (gssize) size, NULL, &error);

  fuzz_check_error (silences != NULL, error);
  for (guint i = 0; silences != NULL && i < silences->len; i++)
    check_silence (g_ptr_array_index (silences, i));
  return 0;
}
