/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* Changes of schedules on single days. */

typedef struct
{
  const char           *name;
  const char           *usage;
  guint                 n_least; /* places, with the name */
  guint                 n_most;
  const char * const   *options;
  gboolean            (*run)     (Words   *words,
                                  GError **error);
} Action;

static gint64
get_now (IncidentDesk *desk)
{
  return incident_clock_get_time (incident_desk_get_clock (desk));
}

static Style
state_style (IncidentOverrideState state)
{
  switch (state)
    {
    case INCIDENT_OVERRIDE_STATE_OPEN:
      return STYLE_WARNING;
    case INCIDENT_OVERRIDE_STATE_PAST_DUE:
    case INCIDENT_OVERRIDE_STATE_WITHDRAWN:
      return STYLE_FAINT;
    case INCIDENT_OVERRIDE_STATE_IN_FORCE:
    case INCIDENT_OVERRIDE_STATE_TAKEN:
    default:
      return STYLE_PLAIN;
    }
}

static void
add_override (Table            *table,
              IncidentOverride *override)
{
  IncidentOverrideState state = incident_override_get_state (override);
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, incident_override_get_id (override));

  table_add (table, STYLE_PLAIN, id);
  table_add (table, STYLE_PLAIN, incident_override_get_schedule (override));
  table_add (table, STYLE_PLAIN, incident_override_kind_to_string (incident_override_get_kind (override)));
  table_add (table, state_style (state), incident_override_state_to_string (state));
  table_add (table, STYLE_PLAIN, incident_override_get_person (override));
  table_add (table, STYLE_PLAIN, incident_override_get_substitute (override));
  table_add_time (table, incident_override_get_from (override));
  table_add_time (table, incident_override_get_until (override));
  table_add (table, STYLE_PLAIN, incident_override_get_actor (override));
  table_add (table, STYLE_PLAIN, incident_override_get_text (override));
}

static gboolean
is_over (IncidentOverride *override,
         gint64            now)
{
  return incident_override_get_until (override) <= now
         || incident_override_get_state (override) == INCIDENT_OVERRIDE_STATE_WITHDRAWN
         || incident_override_get_state (override) == INCIDENT_OVERRIDE_STATE_PAST_DUE;
}

static void
print_overrides (GPtrArray *overrides)
{
  static const char * const headings[] = { "ID", "SCHEDULE", "KIND", "STATE", "PERSON", "BY", "FROM", "UNTIL", "WHO", "WHY", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < overrides->len; i++)
    add_override (table, g_ptr_array_index (overrides, i));
  if (overrides->len > 0)
    table_print (table);
}

static void
print_overrides_as_json (GPtrArray *overrides)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < overrides->len; i++)
    g_ptr_array_add (documents, incident_override_to_json (g_ptr_array_index (overrides, i)));
  print_array (documents);
}

static gboolean
list (Words   *words,
      GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GPtrArray) overrides = NULL;
  gint64 from;
  gint64 until;

  if (!words_check_text (words, "schedule", error) || !words_get_time (words, "from", &from, error)
      || !words_get_time (words, "until", &until, error))
    return FALSE;

  desk = words_open_desk (words, error);
  overrides = desk != NULL ? incident_desk_list_overrides (desk, words_get (words, "schedule"), from, until, error) : NULL;
  if (overrides == NULL)
    return FALSE;

  for (guint i = overrides->len; i > 0 && !words_has (words, "all") && from == INCIDENT_TIME_NONE; i--)
    if (is_over (g_ptr_array_index (overrides, i - 1), get_now (desk)))
      g_ptr_array_remove_index (overrides, i - 1);

  if (words_has (words, "json"))
    print_overrides_as_json (overrides);
  else
    print_overrides (overrides);
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
               "“%s” is no id of an override, which is a number: see “incident override list --all”", word);
  return FALSE;
}

static IncidentOverride *
find_override (IncidentDesk *desk,
               guint64       id,
               GError      **error)
{
  g_autoptr(GPtrArray) overrides = incident_desk_list_overrides (desk, NULL, INCIDENT_TIME_NONE, INCIDENT_TIME_NONE, error);

  if (overrides == NULL)
    return NULL;

  for (guint i = 0; i < overrides->len; i++)
    if (incident_override_get_id (g_ptr_array_index (overrides, i)) == id)
      return incident_override_ref (g_ptr_array_index (overrides, i));

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "There is no override %" G_GUINT64_FORMAT, id);
  return NULL;
}

static gboolean
print_as_json (IncidentOverride *override)
{
  g_autofree char *document = incident_override_to_json (override);

  print_document (document);
  return TRUE;
}

/* All of it, with the shifts. */
static gboolean
show (Words   *words,
      GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentOverride) override = NULL;
  guint64 id;

  if (!get_id (words, &id, error))
    return FALSE;

  desk = words_open_desk (words, error);
  override = desk != NULL ? find_override (desk, id, error) : NULL;
  return override != NULL && print_as_json (override);
}

/* The id, for who wants to withdraw it. */
static void
print_made (Words            *words,
            IncidentOverride *override)
{
  if (words_has (words, "json"))
    print_as_json (override);
  else
    print_line ("%" G_GUINT64_FORMAT, incident_override_get_id (override));
}

static gboolean
take (Words   *words,
      GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentOverride) override = NULL;
  guint64 id;
  gint64 from;
  gint64 until;

  if (!get_id (words, &id, error) || !words_get_time (words, "from", &from, error)
      || !words_get_time (words, "until", &until, error))
    return FALSE;

  desk = words_open_desk (words, error);
  override = desk != NULL ? incident_desk_take_swap (desk, id, words_get_actor (words), from, until, error) : NULL;
  if (override == NULL)
    return FALSE;

  print_made (words, override);
  return TRUE;
}

static gboolean
withdraw (Words   *words,
          GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentOverride) override = NULL;
  guint64 id;

  if (!get_id (words, &id, error))
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL || !incident_desk_withdraw_override (desk, id, words_get_actor (words), error))
    return FALSE;

  override = find_override (desk, id, error);
  if (override == NULL)
    return FALSE;
  if (words_has (words, "json"))
    print_as_json (override);
  else
    print_line ("Override %" G_GUINT64_FORMAT " is withdrawn", id);
  return TRUE;
}

/* PERSON=FROM/UNTIL; neither “=” nor “/” is in a time. */
static gboolean
read_shift (IncidentOverride *override,
            const char       *text,
            GError          **error)
{
  const char *equals = strrchr (text, '=');
  const char *slash = equals != NULL ? strchr (equals, '/') : NULL;
  g_autofree char *person = NULL;
  g_autofree char *start = NULL;
  gint64 from;
  gint64 until;

  if (slash == NULL || equals == text || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--shift: “%s” is not PERSON=FROM/UNTIL", text);
      return FALSE;
    }

  person = g_strndup (text, (gsize) (equals - text));
  start = g_strndup (equals + 1, (gsize) (slash - equals - 1));
  if (!incident_time_from_string (start, &from, error) || !incident_time_from_string (slash + 1, &until, error))
    return words_blame ("shift", error);

  incident_override_add_shift (override, person, from, until);
  return TRUE;
}

/* Who offers shifts offers their own, unless another is named. */
static const char *
get_person (Words                *words,
            IncidentOverrideKind  kind)
{
  const char *person = words_get_place (words, 2);

  return person == NULL && kind == INCIDENT_OVERRIDE_KIND_SWAP ? words_get_actor (words) : person;
}

static gboolean
check_words (Words   *words,
             GError **error)
{
  static const char * const ends[] = { "until", "for", NULL };

  if (!words_check_place (words, 1, error) || !words_check_place (words, 2, error) || !words_check_actor (words, error)
      || !words_check_text (words, "by", error) || !words_check_text (words, "reason", error)
      || !words_check_one_of (words, ends, error))
    return FALSE;
  if (words_has (words, "until") || words_has (words, "for"))
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "An end is missing: add --until TIME or --for DURATION");
  return FALSE;
}

static IncidentOverride *
override_new (Words        *words,
              IncidentDesk *desk,
              GError      **error)
{
  g_autoptr(IncidentOverride) override = NULL;
  IncidentOverrideKind kind;
  gint64 from;
  gint64 until;
  gint64 duration;

  if (!incident_override_kind_from_string (words_get_place (words, 0), &kind, error)
      || !words_get_time (words, "from", &from, error) || !words_get_time (words, "until", &until, error)
      || !words_get_duration (words, "for", &duration, error))
    return NULL;
  /* What has no start begins now, as does what has one that is past. */
  if (duration > 0)
    until = MAX (from, get_now (desk)) + duration;

  override = incident_override_new (words_get_place (words, 1), kind, get_person (words, kind), words_get (words, "by"), from, until,
                                    words_get (words, "reason"));
  for (guint i = 0; i < words->shifts->len; i++)
    if (!read_shift (override, g_ptr_array_index (words->shifts, i), error))
      return NULL;

  return g_steal_pointer (&override);
}

static gboolean
add (Words   *words,
     GError **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentOverride) override = NULL;
  g_autoptr(IncidentOverride) made = NULL;

  if (!check_words (words, error))
    return FALSE;

  desk = words_open_desk (words, error);
  override = desk != NULL ? override_new (words, desk, error) : NULL;
  made = override != NULL ? incident_desk_add_override (desk, override, words_get_actor (words), error) : NULL;
  if (made == NULL)
    return FALSE;

  print_made (words, made);
  return TRUE;
}

static const char * const listing[] = { "schedule", "from", "until", "all", NULL };
static const char * const spanning[] = { "from", "until", "for", "reason", NULL };
static const char * const replacing[] = { "from", "until", "for", "reason", "by", NULL };
static const char * const planning[] = { "from", "until", "for", "reason", "shift", NULL };
static const char * const taking[] = { "from", "until", NULL };
static const char * const nothing[] = { NULL };

static const Action actions[] = {
  { "list", "list [--schedule NAME] [--from TIME] [--until TIME] [--all]", 1, 1, listing, list },
  { "show", "show ID", 2, 2, nothing, show },
  { "add", "add SCHEDULE PERSON --until TIME | --for DURATION", 3, 3, spanning, add },
  { "remove", "remove SCHEDULE PERSON --until TIME | --for DURATION", 3, 3, spanning, add },
  { "replace", "replace SCHEDULE PERSON --by PERSON --until TIME | --for DURATION", 3, 3, replacing, add },
  { "swap", "swap SCHEDULE [PERSON] --until TIME | --for DURATION", 2, 3, spanning, add },
  { "take", "take ID [--from TIME] [--until TIME]", 2, 2, taking, take },
  { "temporary", "temporary SCHEDULE --until TIME | --for DURATION [--shift PERSON=FROM/UNTIL …]", 2, 2, planning, add },
  { "withdraw", "withdraw ID", 2, 2, nothing, withdraw },
};

/* An option that means nothing here is a mistake about what is done. */
static gboolean
check_action (const Action  *action,
              Words         *words,
              GError       **error)
{
  static const char * const all[] = { "schedule", "all", "from", "until", "for", "by", "reason", "shift" };

  if (MAX (words->places->len, 1) < action->n_least || words->places->len > action->n_most)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "The words do not fit: incident override %s", action->usage);
      return FALSE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (words_has (words, all[i]) && !g_strv_contains (action->options, all[i]))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--%s does not go with “override %s”", all[i], action->name);
        return FALSE;
      }

  return TRUE;
}

gboolean
verb_override (const Verb *verb,
               Words      *words,
               GError    **error)
{
  const char *name = words_get_place (words, 0) != NULL ? words_get_place (words, 0) : "list";

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      return check_action (&actions[i], words, error) && actions[i].run (words, error);

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "“%s” is nothing to do to a schedule: there are list, show, add, "
               "remove, replace, swap, take, temporary and withdraw", name);
  return FALSE;
}
