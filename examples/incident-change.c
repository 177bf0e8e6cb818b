/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-print.h"
#include "incident-verbs.h"

/* What an option of a changing verb says to the command. */
static const struct
{
  const char *option;
  const char *argument;
  const char *value; /* of a switch */
} option_arguments[] = {
  { "severity", "severity" },
  { "impact", "impact" },
  { "urgency", "urgency" },
  { "service", "service" },
  { "category", "category" },
  { "to", "target" },
  { "hierarchical", "escalation", "hierarchical" },
};

static gboolean
add_options (IncidentCommand *command,
             Words           *words,
             GError         **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (option_arguments); i++)
    {
      const char *given = words_get (words, option_arguments[i].option);
      const char *value = option_arguments[i].value != NULL ? option_arguments[i].value : given;

      if (given != NULL && !incident_command_set (command, option_arguments[i].argument, value, error))
        return FALSE;
    }

  return TRUE;
}

static IncidentCommand *
command_new (const Verb *verb,
             Words      *words,
             guint       first_place,
             GError    **error)
{
  g_autoptr(IncidentCommand) command = incident_command_new (verb->name, words_get_actor (words));
  gint64 at;

  if (!words_get_time (words, "at", &at, error))
    return NULL;
  if (at != INCIDENT_TIME_NONE)
    incident_command_set_occurred_at (command, at);

  for (guint i = 0; verb->arguments[i] != NULL; i++)
    {
      const char *value = words_get_place (words, first_place + i);

      if (value != NULL && !incident_command_set (command, verb->arguments[i], value, error))
        return NULL;
    }

  if (!add_options (command, words, error))
    return NULL;

  return g_steal_pointer (&command);
}

/* @number is 0 for a case that does not exist yet. */
static IncidentCase *
act (const Verb *verb,
     Words      *words,
     guint64     number,
     GError    **error)
{
  g_autoptr(IncidentCommand) command = command_new (verb, words, number == 0 ? 0 : 1, error);
  g_autoptr(IncidentDesk) desk = NULL;

  if (command == NULL)
    return NULL;

  desk = words_open_desk (words, error);
  if (desk == NULL)
    return NULL;

  return incident_desk_act (desk, number, command, error);
}

static void
print_json (IncidentCase *kase)
{
  g_autofree char *document = incident_case_to_json (kase);

  print_document (document);
}

gboolean
verb_open (const Verb *verb,
           Words      *words,
           GError    **error)
{
  g_autoptr(IncidentCase) kase = act (verb, words, 0, error);

  if (kase == NULL)
    return FALSE;

  if (words_has (words, "json"))
    print_json (kase);
  else
    print_line ("%s", incident_case_get_id (kase));

  return TRUE;
}

gboolean
verb_change (const Verb *verb,
             Words      *words,
             GError    **error)
{
  g_autoptr(IncidentCase) kase = NULL;
  guint64 number;

  if (!incident_case_number_from_string (words_get_place (words, 0), &number, error))
    return FALSE;

  kase = act (verb, words, number, error);
  if (kase == NULL)
    return FALSE;

  if (words_has (words, "json"))
    print_json (kase);
  else
    print_line ("%s (%s) %s", incident_case_get_id (kase), incident_case_get_phase (kase),
                incident_case_get_title (kase));

  return TRUE;
}
