/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include <libincident/incident.h>

#include "base/incident-json-reader-private.h"
#include "base/incident-json-writer-private.h"

/* Of what our writer makes of a document: numbers may grow. */
static const IncidentJsonLimits wide = { G_MAXSIZE, INCIDENT_JSON_MAX_DEPTH, G_MAXUINT, G_MAXUINT, G_MAXSIZE, 400 };

static void
copy_scalar (IncidentJsonReader *reader,
             IncidentJsonWriter *writer,
             IncidentJsonType    type)
{
  gboolean boolean = FALSE;
  gint64 integer = 0;
  double number = 0;

  if (type == INCIDENT_JSON_BOOLEAN && incident_json_reader_read_boolean (reader, &boolean))
    incident_json_writer_boolean (writer, boolean);
  else if (type == INCIDENT_JSON_INT && incident_json_reader_read_int (reader, &integer))
    incident_json_writer_int (writer, integer);
  /* A written -0 is read back as a whole number, which has no sign. */
  else if (type == INCIDENT_JSON_DOUBLE && incident_json_reader_read_double (reader, &number))
    incident_json_writer_double (writer, number == 0 ? 0 : number);
  else if (type == INCIDENT_JSON_STRING)
    incident_json_writer_string (writer, incident_json_reader_read_string (reader));
  else
    {
      fuzz_assert (incident_json_reader_failed (reader) || incident_json_reader_read_null (reader)
                   || incident_json_reader_failed (reader));
      incident_json_writer_null (writer);
    }
}

/* Reads a value whatever it is. After @n_values a failure of meaning is made. */
static void
copy_value (IncidentJsonReader *reader,
            IncidentJsonWriter *writer,
            guint              *n_values)
{
  IncidentJsonType type;
  const char *name;

  if ((*n_values)-- == 0)
    incident_json_reader_fail (reader, "is one value more than was wanted");

  type = incident_json_reader_peek (reader);
  if (type == INCIDENT_JSON_ARRAY && incident_json_reader_enter_array (reader))
    {
      incident_json_writer_begin_array (writer);
      while (incident_json_reader_next_element (reader))
        copy_value (reader, writer, n_values);
      incident_json_writer_end_array (writer);
    }
  else if (type == INCIDENT_JSON_OBJECT && incident_json_reader_enter_object (reader))
    {
      incident_json_writer_begin_object (writer);
      while (incident_json_reader_next_member (reader, &name))
        {
          incident_json_writer_name (writer, name);
          copy_value (reader, writer, n_values);
        }
      incident_json_writer_end_object (writer);
    }
  else
    copy_scalar (reader, writer, type);
}

static char *
copy_document (const char                *bytes,
               gsize                      length,
               const IncidentJsonLimits  *limits,
               GError                   **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (bytes, length, "fuzz", limits);
  g_autofree char *copy = NULL;
  IncidentJsonWriter writer;
  guint n_values = G_MAXUINT;

  incident_json_writer_init (&writer, FALSE);
  copy_value (reader, &writer, &n_values);
  copy = incident_json_writer_finish (&writer);
  return incident_json_reader_finish (reader, error) ? g_steal_pointer (&copy) : NULL;
}

static gboolean
skip_document (const char  *bytes,
               gsize        length,
               GError     **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (bytes, length, NULL, NULL);

  incident_json_reader_skip (reader);
  return incident_json_reader_finish (reader, error);
}

static gboolean
recover_document (const char *bytes,
                  gsize       length,
                  guint       n_values)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (bytes, length, NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *pointer = NULL;
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  copy_value (reader, &writer, &n_values);
  g_free (incident_json_writer_finish (&writer));
  pointer = incident_json_reader_dup_pointer (reader);
  fuzz_assert (g_utf8_validate (pointer, -1, NULL));
  if (incident_json_reader_failed (reader))
    fuzz_assert (incident_json_reader_recover (reader, 0, &error) == (error != NULL));
  return incident_json_reader_finish (reader, NULL);
}

/* Another reader's opinion of what is in a document. */
static void
compare_with_node (IncidentJsonReader *reader,
                   JsonNode           *node)
{
  JsonArray *array;
  JsonObject *object;
  const char *name;
  guint n = 0;
  gint64 integer = 0;

  switch (incident_json_reader_peek (reader))
    {
    case INCIDENT_JSON_STRING:
      fuzz_assert (strcmp (incident_json_reader_read_string (reader), json_node_get_string (node)) == 0);
      break;
    case INCIDENT_JSON_INT:
      fuzz_assert (incident_json_reader_read_int (reader, &integer) && integer == json_node_get_int (node));
      break;
    case INCIDENT_JSON_ARRAY:
      array = json_node_get_array (node);
      incident_json_reader_enter_array (reader);
      while (incident_json_reader_next_element (reader))
        compare_with_node (reader, json_array_get_element (array, n++));
      fuzz_assert (n == json_array_get_length (array));
      break;
    case INCIDENT_JSON_OBJECT:
      object = json_node_get_object (node);
      incident_json_reader_enter_object (reader);
      while (incident_json_reader_next_member (reader, &name))
        {
          compare_with_node (reader, json_object_get_member (object, name));
          n++;
        }
      fuzz_assert (n == json_object_get_size (object));
      break;
    case INCIDENT_JSON_NULL:
    case INCIDENT_JSON_BOOLEAN:
    case INCIDENT_JSON_DOUBLE:
    case INCIDENT_JSON_NONE:
    default:
      fuzz_assert (incident_json_reader_skip (reader));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const char *bytes = (const char *) data;
  g_autoptr(GError) skip_error = NULL;
  g_autoptr(GError) copy_error = NULL;
  g_autoptr(GError) node_error = NULL;
  g_autofree char *copy = copy_document (bytes, size, NULL, &copy_error);
  g_autofree char *twin = NULL;
  g_autoptr(JsonNode) node = incident_json_to_node (bytes, size, NULL, NULL, &node_error);
  gboolean taken = skip_document (bytes, size, &skip_error);
  gboolean recovered;

  fuzz_check_error (taken, skip_error);
  fuzz_check_error (copy != NULL, copy_error);
  fuzz_check_error (node != NULL, node_error);
  /* What is skipped is checked as strictly as what is read, and json-glib parses it. */
  fuzz_assert (taken == (copy != NULL));
  fuzz_assert (taken == (node != NULL));
  recovered = recover_document (bytes, size, size > 0 ? data[size - 1] % 8 : 0);
  /* Only what is no text is passed over, and that is written by “\u”. */
  fuzz_assert (taken ? recovered : !recovered || g_strstr_len (bytes, (gssize) size, "\\u") != NULL);

  if (taken)
    {
      g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (bytes, size, NULL, NULL);

      compare_with_node (reader, node);
      twin = copy_document (copy, strlen (copy), &wide, NULL);
      fuzz_assert (twin != NULL && strcmp (copy, twin) == 0);
    }
  return 0;
}
