/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The shortest honest use of the library: story [STORE] takes one incident from
 * the first sign to the reviewed end and prints the solution report. */
#include <locale.h>

#include <libincident/incident.h>

static gboolean
tell_story (const char *store,
            GError    **error)
{
  g_autoptr(IncidentDesk) desk = incident_desk_open (store, error);
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentReport) report = NULL;
  g_autofree char *text = NULL;

  if (desk == NULL)
    return FALSE;

  kase = incident_desk_open_case (desk, "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", error);
  if (kase == NULL
      || !incident_case_assign (kase, "commander", "ana", "ana", error)
      || !incident_case_diagnose (kase, "error rate 31 %, only /pay", "ana", error)
      || !incident_case_escalate (kase, "payments", "needs a database owner", "ana", error)
      || !incident_case_examine (kase, "connection pool exhausted since 1.4.2", "bo", error)
      || !incident_case_resolve (kase, "rolled back to 1.4.1", "bo", error)
      || !incident_case_recover (kase, "error rate 0.1 % for 15 min", "bo", error)
      || !incident_case_close (kase, "reviewed", "ana", error))
    return FALSE;

  report = incident_case_report (kase, INCIDENT_REPORT_KIND_SOLUTION);
  text = incident_report_to_markdown (report);
  g_print ("%s", text);
  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;

  setlocale (LC_CTYPE, "");
  if (tell_story (argc > 1 ? argv[1] : "memory:", &error))
    return 0;

  g_printerr ("story: %s\n", error->message);
  return 1;
}
