/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <libincident/incident.h>

#include <string.h>

static void
check_pictures (IncidentLifecycle *lifecycle)
{
  g_autofree char *dot = incident_lifecycle_to_dot (lifecycle);
  g_autofree char *mermaid = incident_lifecycle_to_mermaid (lifecycle);

  fuzz_assert (g_str_has_suffix (dot, "}\n"));
  fuzz_assert (g_str_has_prefix (mermaid, "stateDiagram-v2\n"));
}

static void
give_all (IncidentCommand    *command,
          const char * const *arguments)
{
  for (; *arguments != NULL; arguments++)
    incident_command_set (command, *arguments, g_str_equal (*arguments, "role") ? "expert" : "ana", NULL);
}

/* What may happen next does happen, once it is given all that it needs. */
static void
check_next (IncidentCase *kase)
{
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, "ana", NULL);

  for (guint i = 0; i < options->len; i++)
    {
      IncidentOption *option = g_ptr_array_index (options, i);
      g_autoptr(IncidentCommand) command = incident_command_new (incident_option_get_verb (option), "ana");
      g_autofree char *json = incident_option_to_json (option);
      g_autoptr(GError) error = NULL;
      gboolean done;

      fuzz_assert (g_utf8_validate (json, -1, NULL));
      give_all (command, incident_option_get_needs (option));
      done = incident_case_act (kase, command, &error);
      fuzz_check_error (done, error);
    }
}

static void
check_case (IncidentLifecycle *lifecycle)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (G_GINT64_CONSTANT (1795417200000000), 7);
  g_autoptr(IncidentDesk) desk = incident_desk_new (NULL, clock, lifecycle);
  g_auto(GStrv) verbs = incident_lifecycle_list_verbs (lifecycle);

  for (guint i = 0; verbs[i] != NULL; i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new (verbs[i], "ana");
      g_autoptr(IncidentCase) kase = NULL;
      g_autoptr(GError) error = NULL;

      if (incident_lifecycle_get_to (lifecycle, verbs[i], NULL) == NULL)
        continue;
      incident_command_set (command, "title", "T", NULL);
      incident_command_set (command, "text", "T", NULL);
      incident_command_set (command, "service", "s", NULL);
      kase = incident_desk_act (desk, 0, command, &error);
      fuzz_check_error (kase != NULL, error);
      fuzz_assert (kase != NULL);
      check_next (kase);
    }
}

/* What is read is written again as it was read, and a case can live by it. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentLifecycle) lifecycle =
    incident_lifecycle_new_from_json ((const char *) data, (gssize) size, "lifecycle.json", &error);
  g_autoptr(IncidentLifecycle) again = NULL;
  g_autofree char *json = NULL;
  g_autofree char *json_again = NULL;

  fuzz_check_error (lifecycle != NULL, error);
  if (lifecycle == NULL)
    return 0;

  json = incident_lifecycle_to_json (lifecycle);
  again = incident_lifecycle_new_from_json (json, -1, NULL, NULL);
  fuzz_assert (again != NULL);
  json_again = incident_lifecycle_to_json (again);
  fuzz_assert (strcmp (json, json_again) == 0);
  check_pictures (lifecycle);
  check_case (lifecycle);
  return 0;
}
