/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "base/incident-json-reader-private.h"

/* A line a header, an empty line, and the body: as HTTP has them. */

static const char *
read_headers (const char *at,
              const char *end,
              GHashTable *headers)
{
  while (at < end && *at != '\n')
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));
      const char *colon;

      stop = stop != NULL ? stop : end;
      colon = memchr (at, ':', (gsize) (stop - at));
      if (colon != NULL)
        g_hash_table_replace (headers, g_ascii_strdown (at, colon - at), g_strstrip (g_strndup (colon + 1, (gsize) (stop - colon - 1))));
      at = stop < end ? stop + 1 : end;
    }

  return at < end ? at + 1 : end;
}

/* What was an event is one value, and has each attribute once. */
static void
check_event (GBytes *event)
{
  IncidentJsonLimits limits = incident_json_default_limits;
  g_autoptr(IncidentJsonReader) reader = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;
  const char *bytes = g_bytes_get_data (event, &length);

  /* The event is deeper and larger than its data, which was within the limits. */
  limits.size = G_MAXSIZE / 2;
  limits.string = G_MAXSIZE / 2;
  limits.values += 1000;
  reader = incident_json_reader_new (bytes, length, NULL, &limits);
  fuzz_assert (incident_json_reader_peek (reader) == INCIDENT_JSON_OBJECT);
  incident_json_reader_skip (reader);
  if (!incident_json_reader_finish (reader, &error))
    fuzz_assert (strstr (error->message, "nested") != NULL || strstr (error->message, "deep") != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GHashTable) headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *end = (const char *) data + size;
  const char *start = read_headers ((const char *) data, end, headers);
  g_autoptr(GBytes) body = g_bytes_new (start, (gsize) (end - start));
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) message = incident_body_from_http (headers, body, &error);
  const char *type = g_hash_table_lookup (headers, "content-type");

  fuzz_check_error (message != NULL, error);
  if (message != NULL && g_hash_table_contains (headers, "ce-specversion")
      && (type == NULL || g_ascii_strncasecmp (type, "application/cloudevents", 23) != 0))
    check_event (message);
  return 0;
}
