/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <libincident/incident.h>

#include <string.h>

static void
check_pages (IncidentReport *report)
{
  g_autofree char *markdown = incident_report_to_markdown (report);
  g_autofree char *html = incident_report_to_html (report);

  fuzz_assert (g_utf8_validate (markdown, -1, NULL));
  fuzz_assert (g_utf8_validate (html, -1, NULL));
  fuzz_assert (strstr (html, "<script") == NULL);
}

/* What is read is written again as it was read, and each renderer takes it. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentReport) report = incident_report_new_from_json ((const char *) data, (gssize) size, NULL, &error);
  g_autoptr(IncidentReport) again = NULL;
  g_autofree char *json = NULL;
  g_autofree char *json_again = NULL;

  fuzz_check_error (report != NULL, error);
  if (report == NULL)
    return 0;

  json = incident_report_to_json (report);
  again = incident_report_new_from_json (json, -1, NULL, &error);
  fuzz_assert (again != NULL);
  json_again = incident_report_to_json (again);
  fuzz_assert (strcmp (json, json_again) == 0);
  check_pages (report);
  return 0;
}
