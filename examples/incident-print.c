/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

Style
print_phase_style (IncidentCase *kase)
{
  if (incident_case_get_live (kase))
    return STYLE_WARNING;

  return incident_case_get_open (kase) ? STYLE_GOOD : STYLE_FAINT;
}

Style
print_severity_style (IncidentSeverity severity)
{
  return severity == INCIDENT_SEVERITY_SEV1 || severity == INCIDENT_SEVERITY_SEV2 ? STYLE_BAD : STYLE_PLAIN;
}

void
print_line (const char *format,
            ...)
{
  g_autofree char *line = NULL;
  g_autofree char *harmless = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  harmless = incident_text_for_terminal (line);
  g_print ("%s\n", harmless);
}

void
print_document (const char *document)
{
  g_auto(GStrv) lines = NULL;

  if (!isatty (STDOUT_FILENO))
    {
      fputs (document, stdout);
      fputs (g_str_has_suffix (document, "\n") ? "" : "\n", stdout);
      return;
    }

  lines = g_strsplit (document, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' || lines[i + 1] != NULL)
      print_line ("%s", lines[i]);
}

void
print_array (GPtrArray *documents)
{
  g_autoptr(GString) array = g_string_new ("[");

  for (guint i = 0; i < documents->len; i++)
    g_string_append_printf (array, "%s%s", i > 0 ? ",\n " : "", (const char *) g_ptr_array_index (documents, i));
  g_string_append_c (array, ']');
  print_document (array->str);
}

static char *
builder_to_text (JsonBuilder *builder)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = json_builder_get_root (builder);

  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/* File names and words need not be UTF-8; JSON must. */
static void
add_member (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  json_builder_set_member_name (builder, name);
  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

void
print_member (const char *name,
              const char *value)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *document = NULL;

  json_builder_begin_object (builder);
  add_member (builder, name, value);
  json_builder_end_object (builder);
  document = builder_to_text (builder);
  print_document (document);
}

void
print_member_and_list (const char *name,
                       const char *value,
                       const char *list_name,
                       GPtrArray  *list)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *document = NULL;

  json_builder_begin_object (builder);
  add_member (builder, name, value);
  json_builder_set_member_name (builder, list_name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < list->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (list, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  document = builder_to_text (builder);
  print_document (document);
}

char *
print_dup_array (char **strings)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; strings[i] != NULL; i++)
    json_builder_add_string_value (builder, strings[i]);
  json_builder_end_array (builder);
  return builder_to_text (builder);
}

void
print_bytes (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = NULL;

  if (!isatty (STDOUT_FILENO))
    {
      fwrite (data, 1, length, stdout);
      return;
    }

  text = g_utf8_make_valid (data, (gssize) length);
  print_document (text);
}

void
print_note (const char *text)
{
  g_autofree char *harmless = incident_text_for_terminal (text);

  g_printerr ("%s\n", harmless);
}

static char *
error_to_json (const GError *error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *code = NULL;

  if (error->domain == INCIDENT_ERROR)
    code = g_strdup (incident_error_to_string ((IncidentError) error->code));
  else
    code = g_strdup_printf ("%d", error->code);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  add_member (builder, "domain", g_quark_to_string (error->domain));
  add_member (builder, "code", code);
  add_member (builder, "message", error->message);
  add_member (builder, "where", incident_error_get_where (error));
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return builder_to_text (builder);
}

void
print_error (const GError *error,
             gboolean      as_json)
{
  if (as_json)
    {
      g_autofree char *document = error_to_json (error);

      fprintf (stderr, "%s\n", document);
    }
  else
    {
      const char * const *problems = incident_error_list_problems (error);
      const char * const only[] = { error->message, NULL };

      for (const char * const *line = problems != NULL ? problems : only; *line != NULL; line++)
        {
          g_autofree char *harmless = incident_text_for_terminal (*line);

          g_printerr ("incident: %s\n", harmless);
        }
    }
}

gboolean
print_flush (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Standard output takes no more: what was printed is cut off");
  return FALSE;
}
