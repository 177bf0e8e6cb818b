/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-alerts.h"

#include <string.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* Silences from and for an Alertmanager. */

typedef struct
{
  IncidentDesk *desk;
  const char   *actor;
  gint64        now;
  GPtrArray    *there;    /* (element-type IncidentSilence): those that the desk has */
  GPtrArray    *added;    /* (element-type IncidentSilence) */
  guint         n_over;
  guint         n_known;
} Import;

static GPtrArray *
read_silences (const char *place,
               GError    **error)
{
  gboolean is_stream = place == NULL || strcmp (place, "-") == 0;
  g_autofree char *name = is_stream ? g_strdup ("standard input") : g_filename_display_name (place);
  g_autofree char *json = NULL;
  gsize length;

  if (!g_file_get_contents (is_stream ? "/dev/stdin" : place, &json, &length, error))
    return NULL;

  return incident_silence_list_from_json (json, (gssize) length, name, error);
}

/* A start that was past became another when it was added. */
static gboolean
is_same (IncidentSilence *a,
         IncidentSilence *b)
{
  g_auto(GStrv) one = incident_silence_dup_matchers (a);
  g_auto(GStrv) other = incident_silence_dup_matchers (b);

  return incident_silence_get_ends_at (a) == incident_silence_get_ends_at (b)
         && g_strv_equal ((const char * const *) one, (const char * const *) other);
}

static gboolean
is_there (Import          *import,
          IncidentSilence *silence)
{
  for (guint i = 0; i < import->there->len; i++)
    if (is_same (silence, g_ptr_array_index (import->there, i)))
      return TRUE;

  return FALSE;
}

/* Its owner is who imports it; who made it is kept in the reason. */
static IncidentSilence *
with_maker (Import          *import,
            IncidentSilence *silence,
            GError         **error)
{
  const char *maker = incident_silence_get_owner (silence);
  g_auto(GStrv) lists = incident_silence_dup_matchers (silence);
  g_autoptr(IncidentSilence) other = NULL;
  g_autofree char *reason = NULL;

  if (maker == NULL || *maker == '\0' || strcmp (maker, import->actor) == 0)
    return incident_silence_ref (silence);

  reason = g_strdup_printf ("%s (made by %s)", incident_silence_get_reason (silence), maker);
  other = incident_silence_new ((const char * const *) lists, incident_silence_get_starts_at (silence),
                                incident_silence_get_ends_at (silence), reason, error);
  return other != NULL ? incident_silence_with_interval (other, incident_silence_get_interval (silence)) : NULL;
}

static gboolean
import_one (Import          *import,
            IncidentSilence *silence,
            GError         **error)
{
  g_autoptr(IncidentSilence) mine = NULL;
  IncidentSilence *added;

  if (incident_silence_get_state (silence, import->now) == INCIDENT_SILENCE_STATE_EXPIRED)
    {
      import->n_over++;
      return TRUE;
    }
  if (is_there (import, silence))
    {
      import->n_known++;
      return TRUE;
    }

  mine = with_maker (import, silence, error);
  added = mine != NULL ? incident_desk_add_silence (import->desk, mine, import->actor, error) : NULL;
  if (added == NULL)
    return FALSE;

  g_ptr_array_add (import->added, added);
  return TRUE;
}

static void
print_import (Import *import)
{
  for (guint i = 0; i < import->added->len; i++)
    {
      IncidentSilence *silence = g_ptr_array_index (import->added, i);
      g_auto(GStrv) lists = incident_silence_dup_matchers (silence);
      g_autofree char *text = g_strjoinv (" ", lists);

      print_line ("%" G_GUINT64_FORMAT " %s", incident_silence_get_id (silence), text);
    }
  print_line ("%u added, %u there already, %u over", import->added->len, import->n_known, import->n_over);
}

/* What was added before one is refused stays, and a second import goes on behind it. */
gboolean
silences_import (Words   *words,
                 GError **error)
{
  g_autoptr(GPtrArray) silences = read_silences (words_get_place (words, 1), error);
  g_autoptr(IncidentDesk) desk = silences != NULL ? words_open_desk (words, error) : NULL;
  g_autoptr(GPtrArray) there = desk != NULL ? incident_desk_list_silences (desk, FALSE, error) : NULL;
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_silence_unref);
  gboolean done = there != NULL;
  Import import = { desk, words_get_actor (words), 0, there, added, 0, 0 };

  if (!done)
    return FALSE;

  import.now = incident_clock_get_time (incident_desk_get_clock (desk));
  for (guint i = 0; done && i < silences->len; i++)
    done = import_one (&import, g_ptr_array_index (silences, i), error);

  if (words_has (words, "json"))
    silences_print_as_json (import.added);
  else
    print_import (&import);
  return done;
}

gboolean
silences_export (Words   *words,
                 GError **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  g_autoptr(GPtrArray) silences = desk != NULL ? incident_desk_list_silences (desk, FALSE, error) : NULL;
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  if (silences == NULL)
    return FALSE;

  for (guint i = 0; i < silences->len; i++)
    {
      IncidentSilence *silence = g_ptr_array_index (silences, i);
      g_autofree char *array = incident_silence_to_alertmanager_json (silence);

      /* What stands in the array of each goes into one. */
      g_ptr_array_add (documents, g_strndup (array + 1, strlen (array) - 2));
      if (incident_silence_get_interval (silence) != NULL)
        {
          g_autofree char *note =
            g_strdup_printf ("silence %" G_GUINT64_FORMAT ": Alertmanager would mute at any time, not only within “%s”",
                             incident_silence_get_id (silence), incident_silence_get_interval (silence));

          print_note (note);
        }
    }
  print_array (documents);
  return TRUE;
}
