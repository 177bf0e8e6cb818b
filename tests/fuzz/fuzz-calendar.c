/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "oncall/incident-calendar-private.h"

#define FROM  G_GINT64_CONSTANT (1795417200000000)
#define UNTIL (FROM + 366 * G_TIME_SPAN_DAY)

static void
check_shifts (const GArray *shifts)
{
  gint64 before = FROM;

  fuzz_assert (shifts->len <= INCIDENT_CALENDAR_MAX_SHIFTS);
  for (guint i = 0; i < shifts->len; i++)
    {
      const IncidentFixedShift *shift = &g_array_index (shifts, IncidentFixedShift, i);

      fuzz_assert (before <= shift->from && shift->from < shift->until && shift->until <= UNTIL);
      fuzz_assert (shift->from == FROM || shift->from % G_TIME_SPAN_MINUTE == 0);
      fuzz_assert (shift->person == NULL || g_utf8_validate (shift->person, -1, NULL));
      fuzz_assert (shift->words == NULL || (shift->person == NULL && g_utf8_validate (shift->words, -1, NULL)));
      before = shift->from;
    }
}

/* Whatever a calendar says, it is read whole or not at all, the same each time, within bounds. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(IncidentRules) rules = incident_rules_new (incident_lifecycle_get_default ());
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Madrid");
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) shifts = incident_calendar_read ((const char *) data, size, rules, zone, FROM, UNTIL, warnings, &error);
  g_autoptr(GArray) again = NULL;

  fuzz_check_error (shifts != NULL, error);
  for (guint i = 0; i < warnings->len; i++)
    fuzz_assert (g_utf8_validate (g_ptr_array_index (warnings, i), -1, NULL));
  if (shifts == NULL)
    {
      fuzz_assert (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  check_shifts (shifts);
  again = incident_calendar_read ((const char *) data, size, rules, zone, FROM, UNTIL, warnings, NULL);
  fuzz_assert (again != NULL && again->len == shifts->len);
  return 0;
}
