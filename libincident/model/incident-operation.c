/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-operation-private.h"

#include <string.h>

void
incident_operations_init (IncidentOperations *self,
                          IncidentClock      *clock)
{
  g_autoptr(GBytes) bytes = incident_clock_random_bytes (clock, sizeof self->drawn);

  memcpy (&self->drawn, g_bytes_get_data (bytes, NULL), sizeof self->drawn);
  self->n = 0;
}

void
incident_operations_draw (IncidentOperations *self,
                          guint8              operation[INCIDENT_OPERATION_LENGTH])
{
  guint64 n;

  /* The macro may name its argument many times. */
  self->n++;
  n = GUINT64_TO_BE (self->n);
  memcpy (operation, &self->drawn, sizeof self->drawn);
  memcpy (operation + sizeof self->drawn, &n, sizeof n);
}

char *
incident_operation_to_string (const guint8 operation[INCIDENT_OPERATION_LENGTH])
{
  GString *string = g_string_sized_new (2 * INCIDENT_OPERATION_LENGTH);

  for (guint i = 0; i < INCIDENT_OPERATION_LENGTH; i++)
    g_string_append_printf (string, "%02x", operation[i]);

  return g_string_free (string, FALSE);
}

gboolean
incident_operation_from_string (const char *string,
                                guint8      operation[INCIDENT_OPERATION_LENGTH])
{
  if (strspn (string, "0123456789abcdefABCDEF") != 2 * INCIDENT_OPERATION_LENGTH
      || strlen (string) != 2 * INCIDENT_OPERATION_LENGTH)
    return FALSE;

  for (guint i = 0; i < INCIDENT_OPERATION_LENGTH; i++)
    operation[i] = (guint8) (g_ascii_xdigit_value (string[2 * i]) << 4 | g_ascii_xdigit_value (string[2 * i + 1]));

  return TRUE;
}
