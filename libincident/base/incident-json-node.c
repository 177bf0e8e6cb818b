/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-json-reader-private.h"

#include "base/incident-error-private.h"

JsonNode *
incident_json_to_node (const char                *bytes,
                       gsize                      length,
                       const char                *source,
                       const IncidentJsonLimits  *limits,
                       GError                   **error)
{
  g_autoptr(IncidentJsonReader) reader = NULL;
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  reader = incident_json_reader_new (bytes, length, source, limits);
  incident_json_reader_skip (reader);
  if (!incident_json_reader_finish (reader, error))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, bytes, (gssize) length, &local_error))
    {
      /* Not seen yet: json-glib takes more than the gate lets through. */
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "", "%s: (document): %s",
                             source != NULL ? source : "JSON", local_error->message);
      return NULL;
    }
  return json_parser_steal_root (parser);
}
