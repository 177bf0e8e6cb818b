/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-words.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

/* A hundred years. */
#define LONGEST (36500 * G_TIME_SPAN_DAY)

static const GOptionEntry for_all_verbs[] = {
  WORDS_OPTION ("db", "URI", "the store: a path, sqlite:PATH or memory: (INCIDENT_DB)"),
  WORDS_OPTION ("playbook", "FILE", "the team's rules (INCIDENT_PLAYBOOK; default: the built-in ones)"),
  WORDS_OPTION ("as", "PERSON", "who does it (INCIDENT_ACTOR; default: the login name)"),
  WORDS_OPTION ("at", "TIME", "when it happened (RFC 3339), to write down what was done before"),
  WORDS_SWITCH ("json", "print JSON for programs"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry for_no_verb[] = {
  WORDS_SWITCH ("version", "print the version"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry for_places[] = {
  { G_OPTION_REMAINING, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) words_keep, NULL, NULL },
  G_OPTION_ENTRY_NULL
};

gboolean
words_keep (const char *option,
            const char *value,
            gpointer    data,
            GError    **error)
{
  Words *self = data;

  if (g_str_has_prefix (option, "--"))
    g_hash_table_replace (self->options, g_strdup (option + 2), g_strdup (value != NULL ? value : ""));
  else if (strcmp (option, "-o") == 0)
    g_hash_table_replace (self->options, g_strdup ("output"), g_strdup (value));
  else
    g_ptr_array_add (self->places, g_strdup (value));

  return TRUE;
}

Words *
words_new (void)
{
  Words *self = g_new0 (Words, 1);

  self->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->places = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
words_free (Words *self)
{
  g_hash_table_unref (self->options);
  g_ptr_array_unref (self->places);
  g_clear_pointer (&self->playbook, incident_playbook_unref);
  g_free (self);
}

static GOptionContext *
words_context_new (Words              *self,
                   const char         *usage,
                   const GOptionEntry *options)
{
  GOptionContext *context = g_option_context_new (usage);
  GOptionGroup *group = g_option_group_new ("incident", "", "", self, NULL);

  if (options != NULL)
    g_option_group_add_entries (group, options);
  g_option_group_add_entries (group, for_all_verbs);
  g_option_group_add_entries (group, for_places);
  g_option_context_set_main_group (context, group);
  return context;
}

gboolean
words_read_first (Words      *self,
                  char      **argv,
                  const char *verbs,
                  GError    **error)
{
  g_autoptr(GOptionContext) context = words_context_new (self, "VERB …", for_no_verb);
  g_auto(GStrv) arguments = g_strdupv (argv);

  g_set_prgname ("incident");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context, "Takes incidents from the first sign to the reviewed end.");
  g_option_context_set_description (context, verbs);
  return g_option_context_parse_strv (context, &arguments, error);
}

gboolean
words_read_verb (Words              *self,
                 const char         *usage,
                 const char         *help,
                 const GOptionEntry *options,
                 GError            **error)
{
  g_autoptr(GOptionContext) context = words_context_new (self, usage, options);
  g_autofree char *program = NULL;
  g_auto(GStrv) arguments = NULL;

  /* The verb is in the place where a program has its own name. */
  program = g_strdup_printf ("incident %s", words_get_place (self, 0));
  g_set_prgname (program);
  g_ptr_array_add (self->places, NULL);
  arguments = g_strdupv ((char **) self->places->pdata);
  g_ptr_array_set_size (self->places, 0);

  g_option_context_set_summary (context, help);
  return g_option_context_parse_strv (context, &arguments, error);
}

gboolean
words_want_json (char **argv)
{
  for (guint i = 1; argv[i] != NULL && strcmp (argv[i], "--") != 0; i++)
    if (strcmp (argv[i], "--json") == 0)
      return TRUE;

  return FALSE;
}

const char *
words_get (Words      *self,
           const char *option)
{
  return g_hash_table_lookup (self->options, option);
}

gboolean
words_has (Words      *self,
           const char *option)
{
  return words_get (self, option) != NULL;
}

const char *
words_get_place (Words *self,
                 guint  position)
{
  return position < self->places->len ? g_ptr_array_index (self->places, position) : NULL;
}

/* An option, else what the environment says, where empty counts as unset. */
static const char *
words_get_setting (Words      *self,
                   const char *option,
                   const char *variable)
{
  const char *value = words_get (self, option);

  if (value == NULL)
    value = g_getenv (variable);
  else
    return value;

  return value != NULL && *value != '\0' ? value : NULL;
}

const char *
words_get_actor (Words *self)
{
  const char *actor = words_get_setting (self, "as", "INCIDENT_ACTOR");

  return actor != NULL ? actor : g_get_user_name ();
}

gboolean
words_get_time (Words      *self,
                const char *option,
                gint64     *time,
                GError    **error)
{
  const char *value = words_get (self, option);

  *time = INCIDENT_TIME_NONE;
  if (value == NULL)
    return TRUE;

  if (!incident_time_from_string (value, time, error))
    {
      g_prefix_error (error, "--%s: ", option);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_duration (const char *text,
               gint64     *duration)
{
  static const struct
  {
    char   unit;
    gint64 length;
  } units[] = { { 's', G_TIME_SPAN_SECOND }, { 'm', G_TIME_SPAN_MINUTE }, { 'h', G_TIME_SPAN_HOUR }, { 'd', G_TIME_SPAN_DAY } };
  gsize length = strlen (text);
  g_autofree char *digits = length > 1 ? g_strndup (text, length - 1) : g_strdup ("");
  guint64 number;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (length > 1 && text[length - 1] == units[i].unit
        && g_ascii_string_to_unsigned (digits, 10, 1, (guint64) (LONGEST / units[i].length), &number, NULL))
      {
        *duration = (gint64) number * units[i].length;
        return TRUE;
      }

  return FALSE;
}

gboolean
words_get_duration (Words      *self,
                    const char *option,
                    gint64     *duration,
                    GError    **error)
{
  const char *value = words_get (self, option);

  *duration = 0;
  if (value == NULL || read_duration (value, duration))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--%s: “%s” is no length of time, such as 90m, 2h or 7d", option, value);
  return FALSE;
}

gboolean
words_check_span (Words      *self,
                  const char *option,
                  GError    **error)
{
  const char *value = words_get (self, option);
  gint64 span;

  if (value == NULL || read_duration (value, &span) || incident_time_from_string (value, &span, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--%s: “%s” is neither a time (RFC 3339) nor a length of time, such as 90m, 2h or 7d", option, value);
  return FALSE;
}

gint64
words_get_since (Words        *self,
                 const char   *option,
                 IncidentDesk *desk,
                 gint64        fallback)
{
  const char *value = words_get (self, option);
  gint64 span;

  if (value == NULL)
    return fallback;
  if (read_duration (value, &span))
    return incident_clock_get_time (incident_desk_get_clock (desk)) - span;

  return incident_time_from_string (value, &span, NULL) ? span : fallback;
}

gboolean
words_get_count (Words      *self,
                 const char *option,
                 guint       most,
                 guint      *count,
                 GError    **error)
{
  const char *value = words_get (self, option);
  guint64 number;

  if (value == NULL)
    return TRUE;

  if (!g_ascii_string_to_unsigned (value, 10, 1, most, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--%s: “%s” is not a number from 1 to %u", option, value, most);
      return FALSE;
    }

  *count = (guint) number;
  return TRUE;
}

static char *
words_dup_default_store (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "libincident", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved_errno),
                   "Cannot make the folder “%s”: %s", folder, g_strerror (saved_errno));
      return NULL;
    }

  return g_build_filename (folder, "incidents.db", NULL);
}

IncidentPlaybook *
words_load_playbook (Words   *self,
                     GError **error)
{
  const char *files = words_get_setting (self, "playbook", "INCIDENT_PLAYBOOK");
  g_auto(GStrv) paths = files != NULL ? g_strsplit (files, G_SEARCHPATH_SEPARATOR_S, -1) : NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;

  if (paths == NULL || paths[0] == NULL)
    return incident_playbook_ref (incident_playbook_get_default ());

  playbook = incident_playbook_load ((const char * const *) paths, error);
  return playbook != NULL && incident_playbook_check_samples (playbook, error) ? g_steal_pointer (&playbook) : NULL;
}

IncidentPlaybook *
words_get_playbook (Words   *self,
                    GError **error)
{
  if (self->playbook == NULL)
    self->playbook = words_load_playbook (self, error);
  return self->playbook;
}

void
words_set_playbook (Words            *self,
                    IncidentPlaybook *playbook)
{
  incident_playbook_ref (playbook);
  g_clear_pointer (&self->playbook, incident_playbook_unref);
  self->playbook = playbook;
}

IncidentDesk *
words_open_desk (Words   *self,
                 GError **error)
{
  IncidentPlaybook *playbook = words_get_playbook (self, error);
  const char *uri = words_get_setting (self, "db", "INCIDENT_DB");
  g_autofree char *default_store = NULL;

  if (playbook == NULL)
    return NULL;
  if (uri == NULL)
    {
      default_store = words_dup_default_store (error);
      if (default_store == NULL)
        return NULL;
      uri = default_store;
    }

  return incident_desk_open_with_playbook (uri, playbook, error);
}

IncidentCase *
words_get_case (Words   *self,
                GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  guint64 number;

  if (!incident_case_number_from_string (words_get_place (self, 0), &number, error))
    return NULL;

  desk = words_open_desk (self, error);
  return desk != NULL ? incident_desk_get_case (desk, number, error) : NULL;
}
