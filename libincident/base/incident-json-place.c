/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-json-place-private.h"

#include <stdlib.h>
#include <string.h>

#include <libincident/incident-text.h>

#include "base/incident-error-private.h"

/* Hostile documents must not make long messages. In characters. */
#define LONGEST_POINTER 120
#define LONGEST_TEXT 400

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const IncidentJsonName *left = a;
  const IncidentJsonName *right = b;
  int order;

  if (left->length != right->length)
    return left->length < right->length ? -1 : 1;
  order = memcmp (left->text, right->text, left->length);
  if (order != 0)
    return order;
  return left->at < right->at ? -1 : left->at > right->at;
}

const IncidentJsonName *
incident_json_find_twin (IncidentJsonName *names,
                         gsize             n_names)
{
  const IncidentJsonName *first = NULL;

  qsort (names, n_names, sizeof *names, compare_names);
  for (gsize i = 1; i < n_names; i++)
    if (names[i].length == names[i - 1].length
        && memcmp (names[i].text, names[i - 1].text, names[i].length) == 0
        && (first == NULL || names[i].at < first->at))
      first = &names[i];
  return first;
}

void
incident_json_append_pointer (GString                *pointer,
                              const IncidentJsonName *name)
{
  g_string_append_c (pointer, '/');
  for (gsize i = 0; i < name->length; i++)
    if (name->text[i] == '~')
      g_string_append (pointer, "~0");
    else if (name->text[i] == '/')
      g_string_append (pointer, "~1");
    else
      g_string_append_c (pointer, name->text[i]);
}

const char *
incident_json_type_to_words (IncidentJsonType type,
                             gboolean         wanted)
{
  switch (type)
    {
    case INCIDENT_JSON_NULL:
      return "null";
    case INCIDENT_JSON_BOOLEAN:
      return wanted ? "true or false" : "a boolean";
    case INCIDENT_JSON_INT:
      return wanted ? "a whole number" : "a number";
    case INCIDENT_JSON_DOUBLE:
      return wanted ? "a number" : "a number with a fraction or an exponent";
    case INCIDENT_JSON_STRING:
      return "a string";
    case INCIDENT_JSON_ARRAY:
      return "an array";
    case INCIDENT_JSON_OBJECT:
      return "an object";
    case INCIDENT_JSON_NONE:
    default:
      return "a value";
    }
}

char *
incident_json_describe (const char *at,
                        const char *end)
{
  gunichar character;
  char utf8[7] = "";
  g_autofree char *shown = NULL;

  if (at == end)
    return g_strdup ("the end of the document");

  character = g_utf8_get_char_validated (at, MIN (end - at, 6));
  if (character == 0 || character == (gunichar) -1 || character == (gunichar) -2)
    return g_strdup_printf ("the byte %02X", (guint) (guchar) *at);

  utf8[g_unichar_to_utf8 (character, utf8)] = '\0';
  shown = incident_text_for_terminal (utf8);
  return g_strdup_printf ("“%s”", shown);
}

char *
incident_json_describe_no_value (const char *bytes,
                                 const char *at,
                                 const char *end)
{
  static const struct
  {
    char        first;
    const char *hint;
  } hints[] = {
    { '\'', "a string must stand in double quotes" },
    { '/', "comments are not JSON" },
    { '#', "comments are not JSON" },
    { '+', "a number must not begin with “+”" },
    { '.', "a digit must stand before the point" },
    { 'N', "“NaN” is not JSON: leave the member out, or write null" },
    { 'I', "“Infinity” is not JSON: leave the member out, or write null" },
    { ']', "a value must follow the comma" },
  };
  g_autofree char *found = NULL;

  if (at == bytes && end - at >= 3 && memcmp (at, "\xef\xbb\xbf", 3) == 0)
    return g_strdup ("begins with a byte order mark: save it as UTF-8 without one");
  if (at < end)
    for (gsize i = 0; i < G_N_ELEMENTS (hints); i++)
      if (*at == hints[i].first)
        return g_strdup (hints[i].hint);

  found = incident_json_describe (at, end);
  return g_strdup_printf ("a value must stand here, not %s", found);
}

/* One line that can be printed, cut where it is longer than @longest. */
static char *
make_safe (const char *text,
           glong       longest)
{
  g_autofree char *safe = incident_text_for_terminal (text);
  g_autofree char *start = NULL;

  if (g_utf8_strlen (safe, -1) <= longest)
    return g_steal_pointer (&safe);

  start = g_utf8_substring (safe, 0, longest);
  return g_strconcat (start, "…", NULL);
}

/* Lines end with LF; a column is a character, so bytes that go on with one
 * do not count. */
static void
find_place (const char        *bytes,
            IncidentJsonPlace *place,
            const char        *at)
{
  const char *start, *newline;

  if (place->at == NULL || place->at > at)
    *place = (IncidentJsonPlace) { bytes, 1, 1 };

  start = place->at;
  while ((newline = memchr (start, '\n', (gsize) (at - start))) != NULL)
    {
      place->line++;
      place->column = 1;
      start = newline + 1;
    }
  for (; start < at; start++)
    if (((guchar) *start & 0xc0) != 0x80)
      place->column++;
  place->at = at;
}

GError *
incident_json_error_new (const char        *source,
                         const char        *bytes,
                         IncidentJsonPlace *place,
                         const char        *at,
                         const char        *pointer,
                         const char        *text)
{
  g_autofree char *safe_source = source != NULL ? make_safe (source, LONGEST_POINTER) : NULL;
  g_autofree char *safe_pointer = make_safe (*pointer != '\0' ? pointer : "(document)", LONGEST_POINTER);
  g_autofree char *safe_text = make_safe (text, LONGEST_TEXT);
  g_autofree char *shown = NULL;
  GError *error = NULL;

  find_place (bytes, place, at);
  if (safe_source != NULL)
    shown = g_strdup_printf ("%s:%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, safe_source, place->line, place->column);
  else
    shown = g_strdup_printf ("line %" G_GUINT64_FORMAT ", column %" G_GUINT64_FORMAT, place->line, place->column);
  incident_set_error_at (&error, INCIDENT_ERROR_INVALID, pointer, "%s: %s: %s", shown, safe_pointer, safe_text);
  return error;
}
