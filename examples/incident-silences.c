/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-alerts.h"

#include <string.h>

#include "incident-print.h"
#include "incident-verbs.h"

#define WEEK (7 * G_TIME_SPAN_DAY)

static gint64
get_now (IncidentDesk *desk)
{
  return incident_clock_get_time (incident_desk_get_clock (desk));
}

/* Each word in braces is a list of its own; words without make one together. */
static char **
dup_lists (Words   *words,
           guint    first,
           GError **error)
{
  g_autoptr(GStrvBuilder) lists = g_strv_builder_new ();
  g_autoptr(GString) bare = g_string_new (NULL);
  gboolean braced = FALSE;

  for (guint i = first; words_get_place (words, i) != NULL; i++)
    {
      const char *word = words_get_place (words, i);

      if (*word == '{')
        {
          g_strv_builder_add (lists, word);
          braced = TRUE;
        }
      else
        g_string_append_printf (bare, "%s%s", bare->len > 0 ? "," : "", word);
    }

  if (braced && bare->len > 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "“%s”: put matchers in braces where several lists are meant, any of which is enough", bare->str);
      return NULL;
    }
  if (bare->len > 0)
    g_strv_builder_add (lists, bare->str);
  return g_strv_builder_end (lists);
}

static gboolean
check_words (Words   *words,
             GError **error)
{
  const char *interval = words_get (words, "interval");

  if (words_has (words, "for") && words_has (words, "until"))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           "--for and --until are one too many: say one of them");
      return FALSE;
    }
  if (interval != NULL && !g_utf8_validate (interval, -1, NULL))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--interval: the name is not UTF-8");
      return FALSE;
    }

  return TRUE;
}

static const char *
null_if_empty (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

/* Until when the words say; INCIDENT_TIME_NONE if they do not. */
static gboolean
get_end (Words   *words,
         gint64   starts_at,
         gint64   now,
         gint64  *ends_at,
         GError **error)
{
  gint64 duration;

  if (!words_get_duration (words, "for", &duration, error) || !words_get_time (words, "until", ends_at, error))
    return FALSE;

  /* What has no start begins now, as does what has one that is past. */
  if (duration > 0)
    *ends_at = MAX (starts_at, now) + duration;
  return TRUE;
}

/* What the words say, and where they are silent, @old (nullable). */
static IncidentSilence *
silence_new (Words           *words,
             char           **lists,
             IncidentSilence *old,
             gint64           now,
             GError         **error)
{
  g_auto(GStrv) old_lists = old != NULL ? incident_silence_dup_matchers (old) : NULL;
  const char *reason = words_get (words, "reason");
  const char *interval = words_get (words, "interval");
  g_autoptr(IncidentSilence) silence = NULL;
  gint64 starts_at;
  gint64 ends_at;

  if (reason == NULL && old != NULL)
    reason = incident_silence_get_reason (old);
  if (interval == NULL && old != NULL)
    interval = incident_silence_get_interval (old);

  if (!words_get_time (words, "from", &starts_at, error))
    return NULL;
  if (starts_at == INCIDENT_TIME_NONE && old != NULL
      && incident_silence_get_state (old, now) != INCIDENT_SILENCE_STATE_EXPIRED)
    starts_at = incident_silence_get_starts_at (old);
  if (!get_end (words, starts_at, now, &ends_at, error))
    return NULL;
  if (ends_at == INCIDENT_TIME_NONE && old != NULL)
    ends_at = incident_silence_get_ends_at (old);

  if (ends_at == INCIDENT_TIME_NONE || reason == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           reason == NULL ? "A reason is missing: add --reason TEXT"
                                          : "An end is missing: add --for DURATION or --until TIME");
      return NULL;
    }

  silence = incident_silence_new ((const char * const *) (*lists != NULL || old == NULL ? lists : old_lists),
                                  starts_at, ends_at, reason, error);
  return silence != NULL ? incident_silence_with_interval (silence, null_if_empty (interval)) : NULL;
}

static void
print_warnings (IncidentSilence *silence)
{
  g_auto(GStrv) warnings = incident_silence_dup_warnings (silence);

  for (guint i = 0; warnings[i] != NULL; i++)
    print_note (warnings[i]);
}

static void
print_silence_as_json (IncidentSilence *silence,
                       GPtrArray       *alerts)
{
  g_autoptr(GPtrArray) documents = alerts_to_json (alerts);
  g_auto(GStrv) warnings = incident_silence_dup_warnings (silence);
  g_autoptr(GString) document = g_string_new ("{\"silence\":");
  g_autofree char *json = incident_silence_to_json (silence);
  g_autofree char *warned = print_dup_array (warnings);

  g_string_append_printf (document, "%s,\"warnings\":%s,\"alerts\":[", json, warned);
  for (guint i = 0; i < documents->len; i++)
    g_string_append_printf (document, "%s%s", i > 0 ? "," : "", (const char *) g_ptr_array_index (documents, i));
  g_string_append (document, "]}");
  print_document (document->str);
}

/* @alerts are those that fire, and those since @since. */
static void
print_hits (GPtrArray *alerts,
            gint64     since)
{
  g_autofree char *time = incident_time_to_local_string (since);

  print_line ("It hits %u of the alerts that fire now; since %s it would have hit %u in all",
              alerts_count_firing (alerts), time, alerts->len);
  alerts_print (alerts, FALSE);
}

/* The id, then what it hits: asked before it is in force, since the alerts are no longer as they were then. */
static gboolean
put_in_force (Words           *words,
              IncidentDesk    *desk,
              IncidentSilence *silence,
              guint64          id,
              GError         **error)
{
  gint64 since = get_now (desk) - WEEK;
  g_autoptr(GPtrArray) alerts = incident_desk_try_silence (desk, silence, since, error);
  g_autoptr(IncidentSilence) done = NULL;

  if (alerts == NULL)
    return FALSE;

  done = id == 0 ? incident_desk_add_silence (desk, silence, words_get_actor (words), error)
                 : incident_desk_change_silence (desk, id, silence, words_get_actor (words), error);
  if (done == NULL)
    return FALSE;

  if (words_has (words, "json"))
    {
      print_silence_as_json (done, alerts);
      return TRUE;
    }

  print_line ("%" G_GUINT64_FORMAT, incident_silence_get_id (done));
  if (id != 0 && incident_silence_get_id (done) != id)
    print_line ("It stands for silence %" G_GUINT64_FORMAT ", which is over", id);
  print_hits (alerts, since);
  print_warnings (done);
  return TRUE;
}

static gboolean
add_silence (Words   *words,
             GError **error)
{
  g_auto(GStrv) lists = dup_lists (words, 1, error);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentSilence) silence = NULL;

  if (lists == NULL || !check_words (words, error))
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL)
    return FALSE;

  silence = silence_new (words, lists, NULL, get_now (desk), error);
  return silence != NULL && put_in_force (words, desk, silence, 0, error);
}

static gboolean
list_silences (Words   *words,
               GError **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  g_autoptr(GPtrArray) silences = NULL;

  if (desk != NULL)
    silences = incident_desk_list_silences (desk, words_has (words, "all"), error);
  if (silences == NULL)
    return FALSE;

  if (words_has (words, "json"))
    silences_print_as_json (silences);
  else
    silences_print (silences, get_now (desk));
  return TRUE;
}

static gboolean
get_id (Words    *words,
        guint64  *id,
        GError  **error)
{
  const char *word = words_get_place (words, 1);

  if (g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT64, id, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "“%s” is no id of a silence, which is a number: see “incident silence list”", word);
  return FALSE;
}

static IncidentSilence *
find_silence (IncidentDesk *desk,
              guint64       id,
              GError      **error)
{
  g_autoptr(GPtrArray) silences = incident_desk_list_silences (desk, TRUE, error);

  if (silences == NULL)
    return NULL;

  for (guint i = 0; i < silences->len; i++)
    if (incident_silence_get_id (g_ptr_array_index (silences, i)) == id)
      return incident_silence_ref (g_ptr_array_index (silences, i));

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "There is no silence %" G_GUINT64_FORMAT, id);
  return NULL;
}

static void
show (Words           *words,
      IncidentSilence *silence,
      gint64           now)
{
  g_autofree char *document = incident_silence_to_json (silence);

  if (words_has (words, "json"))
    {
      print_document (document);
      return;
    }

  silences_print_one (silence, now);
  print_warnings (silence);
}

static gboolean
show_silence (Words   *words,
              GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentSilence) silence = NULL;
  guint64 id;

  if (!get_id (words, &id, error))
    return FALSE;

  desk = words_open_desk (words, error);
  silence = desk != NULL ? find_silence (desk, id, error) : NULL;
  if (silence == NULL)
    return FALSE;

  show (words, silence, get_now (desk));
  return TRUE;
}

static gboolean
change_silence (Words   *words,
                GError **error)
{
  g_auto(GStrv) lists = dup_lists (words, 2, error);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentSilence) old = NULL;
  g_autoptr(IncidentSilence) silence = NULL;
  guint64 id;

  if (lists == NULL || !get_id (words, &id, error) || !check_words (words, error))
    return FALSE;

  desk = words_open_desk (words, error);
  old = desk != NULL ? find_silence (desk, id, error) : NULL;
  silence = old != NULL ? silence_new (words, lists, old, get_now (desk), error) : NULL;
  return silence != NULL && put_in_force (words, desk, silence, id, error);
}

static gboolean
expire_silence (Words   *words,
                GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentSilence) silence = NULL;
  guint64 id;

  if (!get_id (words, &id, error))
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL || !incident_desk_expire_silence (desk, id, words_get_actor (words), error))
    return FALSE;

  silence = find_silence (desk, id, error);
  if (silence == NULL)
    return FALSE;

  if (words_has (words, "json"))
    show (words, silence, get_now (desk));
  else
    print_line ("Silence %" G_GUINT64_FORMAT " is over", id);
  return TRUE;
}

static gboolean
try_silence (Words   *words,
             GError **error)
{
  g_auto(GStrv) lists = dup_lists (words, 1, error);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentSilence) silence = NULL;
  g_autoptr(GPtrArray) alerts = NULL;
  gint64 since;
  gint64 now;

  if (lists == NULL || !check_words (words, error) || !words_check_span (words, "since", error))
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL)
    return FALSE;

  /* Neither its end nor its reason matter here. */
  now = get_now (desk);
  since = words_get_since (words, "since", desk, now - WEEK);
  silence = incident_silence_new ((const char * const *) lists, INCIDENT_TIME_NONE, now + WEEK, "a dry run", error);
  alerts = silence != NULL ? incident_desk_try_silence (desk, silence, since, error) : NULL;
  if (alerts == NULL)
    return FALSE;

  if (words_has (words, "json"))
    print_silence_as_json (silence, alerts);
  else
    {
      print_hits (alerts, since);
      print_warnings (silence);
    }
  return TRUE;
}

static gboolean
review_silences (Words   *words,
                 GError **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  g_auto(GStrv) sentences = desk != NULL ? incident_desk_review_silences (desk, error) : NULL;
  g_autofree char *document = NULL;

  if (sentences == NULL)
    return FALSE;

  if (words_has (words, "json"))
    {
      document = print_dup_array (sentences);
      print_document (document);
      return TRUE;
    }

  for (guint i = 0; sentences[i] != NULL; i++)
    print_line ("%s", sentences[i]);
  return TRUE;
}

/* What may be done to silences. */
static const struct
{
  const char *name;
  const char *usage;
  guint       n_least; /* places, with the name */
  guint       n_most;
  gboolean  (*run) (Words   *words,
                    GError **error);
} actions[] = {
  { "add", "add MATCHERS… --for DURATION --reason TEXT", 2, G_MAXUINT, add_silence },
  { "list", "list [--all]", 1, 1, list_silences },
  { "show", "show ID", 2, 2, show_silence },
  { "change", "change ID [MATCHERS…]", 2, G_MAXUINT, change_silence },
  { "expire", "expire ID", 2, 2, expire_silence },
  { "try", "try MATCHERS… [--since TIME]", 2, G_MAXUINT, try_silence },
  { "review", "review", 1, 1, review_silences },
};

gboolean
verb_silence (const Verb *verb,
              Words      *words,
              GError    **error)
{
  const char *name = words_get_place (words, 0);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (strcmp (actions[i].name, name) != 0)
        continue;
      if (words->places->len >= actions[i].n_least && words->places->len <= actions[i].n_most)
        return actions[i].run (words, error);
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "The words do not fit: incident silence %s", actions[i].usage);
      return FALSE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“%s” is nothing to do to a silence: there are add, list, show, change, expire, try and review", name);
  return FALSE;
}
