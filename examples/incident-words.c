/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-words.h"

#include <string.h>

/* A hundred years. */
#define LONGEST (36500 * G_TIME_SPAN_DAY)
/* Ten of them. */
#define LONGEST_SPAN (3653 * G_TIME_SPAN_DAY)
/* The beginnings of the years 2 and 9999: around them clocks of any zone show years that can be written. */
#define FIRST_TIME (G_GINT64_CONSTANT (-62104060800) * G_TIME_SPAN_SECOND)
#define LAST_TIME  (G_GINT64_CONSTANT (253370764800) * G_TIME_SPAN_SECOND)

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

  if (strcmp (option, "--shift") == 0)
    g_ptr_array_add (self->shifts, g_strdup (value));
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
  self->shifts = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
words_free (Words *self)
{
  g_hash_table_unref (self->options);
  g_ptr_array_unref (self->places);
  g_ptr_array_unref (self->shifts);
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

  return incident_time_from_string (value, time, error) || words_blame (option, error);
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
words_check_one_of (Words               *self,
                    const char * const  *options,
                    GError             **error)
{
  const char *first = NULL;

  for (; *options != NULL; options++)
    {
      if (!words_has (self, *options))
        continue;
      if (first != NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--%s and --%s are one too many: say one of them",
                       first, *options);
          return FALSE;
        }
      first = *options;
    }

  return TRUE;
}

/* INCIDENT_TIME_NONE where nothing says so. */
static gboolean
get_ends (Words   *self,
          gint64  *from,
          gint64  *until,
          gint64  *duration,
          GError **error)
{
  static const char * const ends[] = { "until", "for", NULL };
  static const char * const beginnings[] = { "from", "at", NULL };

  return words_check_one_of (self, ends, error) && words_check_one_of (self, beginnings, error)
         && words_get_time (self, words_has (self, "at") ? "at" : "from", from, error)
         && words_get_time (self, "until", until, error)
         && words_get_duration (self, "for", duration, error);
}

static gboolean
check_span (Words   *self,
            gint64   from,
            gint64   until,
            GError **error)
{
  const char *why = NULL;

  if (until <= from)
    why = "the end is not after the beginning";
  else if (until - from > LONGEST_SPAN)
    why = "that is longer than ten years";
  else if (from < FIRST_TIME || until > LAST_TIME)
    why = "only the years 2 to 9998 have shifts";
  if (why == NULL)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %s",
               words_has (self, "for") ? "for" : words_has (self, "until") ? "until" : words_has (self, "at") ? "at" : "from", why);
  return FALSE;
}

gboolean
words_get_span (Words         *self,
                IncidentDesk  *desk,
                gint64         length,
                gint64        *from,
                gint64        *until,
                GError       **error)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (desk));
  gint64 duration;

  if (!get_ends (self, from, until, &duration, error))
    return FALSE;

  if (duration == 0)
    duration = ABS (length);
  if (*from == INCIDENT_TIME_NONE && length < 0)
    *from = (*until != INCIDENT_TIME_NONE ? *until : now) - duration;
  else if (*from == INCIDENT_TIME_NONE)
    *from = now;
  if (*until == INCIDENT_TIME_NONE)
    *until = *from + duration;

  return check_span (self, *from, *until, error);
}

static gboolean
check_text (const char  *name,
            const char  *text,
            GError     **error)
{
  if (text == NULL || g_utf8_validate (text, -1, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: “%s” is not UTF-8", name, text);
  return FALSE;
}

gboolean
words_check_text (Words       *self,
                  const char  *option,
                  GError     **error)
{
  g_autofree char *name = g_strconcat ("--", option, NULL);

  return check_text (name, words_get (self, option), error);
}

gboolean
words_check_actor (Words   *self,
                   GError **error)
{
  return check_text ("--as", words_get_actor (self), error);
}

gboolean
words_check_place (Words    *self,
                   guint     position,
                   GError  **error)
{
  return check_text ("The words do not fit", words_get_place (self, position), error);
}

gboolean
words_blame (const char  *option,
             GError     **error)
{
  g_autoptr(GError) cause = error != NULL ? g_steal_pointer (error) : NULL;

  if (cause != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %s", option, cause->message);
  return FALSE;
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
