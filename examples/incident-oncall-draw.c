/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-oncall.h"

/* Schedules as pictures and calendars, and calendars as schedules. */

static gboolean
draw_as (IncidentDesk  *desk,
         Words         *words,
         OnCallSpan    *span,
         const char    *view,
         GError       **error)
{
  IncidentSchedule *schedule = span->schedules->len == 1 ? g_ptr_array_index (span->schedules, 0) : NULL;
  g_autofree char *document = NULL;

  if (schedule == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--%s is of one schedule: add --schedule NAME", view);
      return FALSE;
    }

  if (g_str_equal (view, "svg"))
    document = incident_schedule_to_svg (schedule, span->from, span->until);
  else
    document = incident_schedule_to_icalendar (schedule, span->from, span->until);
  if (words_has (words, "json"))
    print_member (view, document);
  else
    print_document (document);
  return TRUE;
}

gboolean
oncall_draw (IncidentDesk  *desk,
             Words         *words,
             OnCallSpan    *span,
             GError       **error)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (!words_has (words, "calendar"))
    return draw_as (desk, words, span, words_has (words, "svg") ? "svg" : "ical", error);

  for (guint i = 0; i < span->schedules->len; i++)
    {
      g_autofree char *picture = incident_schedule_to_text (g_ptr_array_index (span->schedules, i), span->from, span->until,
                                                            print_get_columns ());

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", picture);
    }
  if (words_has (words, "json"))
    print_member ("calendar", text->str);
  else
    print_document (text->str);
  return TRUE;
}

static void
print_import_as_json (IncidentOverride *override,
                      GPtrArray        *warnings)
{
  g_autofree char *json = incident_override_to_json (override);
  g_autofree char *warned = NULL;
  g_autofree char *document = NULL;

  g_ptr_array_add (warnings, NULL);
  warned = print_dup_array ((char **) warnings->pdata);
  document = g_strdup_printf ("{\"override\":%s,\"warnings\":%s}", json, warned);
  print_document (document);
}

gboolean
oncall_import (Words   *words,
               GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentOverride) override = NULL;
  g_autoptr(GPtrArray) warnings = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!words_has (words, "schedule"))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "A schedule is missing: add --schedule NAME");
      return FALSE;
    }
  if (!words_check_text (words, "schedule", error))
    return FALSE;
  text = words_read_file (words_get_place (words, 1), &length, error);
  desk = text != NULL ? words_open_desk (words, error) : NULL;
  if (desk == NULL)
    return FALSE;

  override = incident_desk_import_calendar (desk, words_get (words, "schedule"), text, (gssize) length, words_get_actor (words),
                                            &warnings, error);
  if (override == NULL)
    return FALSE;
  if (words_has (words, "json"))
    {
      print_import_as_json (override, warnings);
      return TRUE;
    }

  print_line ("%" G_GUINT64_FORMAT, incident_override_get_id (override));
  for (guint i = 0; i < warnings->len; i++)
    print_note (g_ptr_array_index (warnings, i));
  return TRUE;
}
