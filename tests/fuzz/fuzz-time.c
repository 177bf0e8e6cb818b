/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include <libincident/incident.h>

#include "base/incident-time-private.h"

/* GLib takes more than RFC 3339, but what both take is the same second. It
 * has no year 0, wants capitals, and rounds fractions in doubles: leave those out. */
static void
compare_with_glib (const char *string,
                   gint64      time)
{
  g_autofree char *plain = g_ascii_strup (string, -1);
  g_autoptr(GDateTime) other = NULL;
  char *point = strchr (plain, '.');
  gsize digits = point != NULL ? strspn (point + 1, "0123456789") : 0;
  gint64 seconds = (time - INCIDENT_TIME_MIN) / G_USEC_PER_SEC + INCIDENT_TIME_MIN / G_USEC_PER_SEC;

  if (point != NULL)
    memmove (point, point + 1 + digits, strlen (point + 1 + digits) + 1);
  if (g_str_has_prefix (plain, "0000") || time < INCIDENT_TIME_MIN + 2 * G_TIME_SPAN_DAY)
    return;

  other = g_date_time_new_from_iso8601 (plain, NULL);
  fuzz_assert (other != NULL);
  fuzz_assert (g_date_time_to_unix (other) == seconds);
}

static void
check_taken (const char *string,
             gint64      time,
             const char *normal)
{
  g_autofree char *written = incident_time_to_string (time);
  g_autofree char *local = incident_time_to_local_string (time);
  g_autofree char *again = incident_time_normalize (normal, NULL);
  gint64 other;

  fuzz_assert (time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX);
  fuzz_assert (strlen (written) == INCIDENT_TIME_LENGTH - 1);
  fuzz_assert (incident_time_from_string (written, &other, NULL) && other == time);
  fuzz_assert (incident_time_from_string (normal, &other, NULL) && other == time);
  fuzz_assert (again != NULL && strcmp (again, normal) == 0);
  fuzz_assert (strlen (local) == strlen ("2026-11-23 08:00:00 +01:00"));
  compare_with_glib (string, time);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *string = g_strndup ((const char *) data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) normal_error = NULL;
  g_autofree char *normal = incident_time_normalize (string, &normal_error);
  gint64 time = INCIDENT_TIME_NONE;
  gboolean taken = incident_time_from_string (string, &time, &error);

  fuzz_check_error (taken, error);
  fuzz_check_error (normal != NULL, normal_error);
  fuzz_assert (taken == (normal != NULL));
  if (taken)
    check_taken (string, time, normal);
  else
    fuzz_assert (time == INCIDENT_TIME_NONE);
  return 0;
}
