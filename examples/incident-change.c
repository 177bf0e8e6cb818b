/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

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
  { "why", "text" },
  { "major", "major", "yes" },
  { "due", "due" },
  { "person", "person" },
  { "role", "role" },
  { "must-do", "must-do", "yes" },
  { "after", "after" },
  { "kind", "kind" },
  { "audience", "audience" },
  { "objections", "objections" },
  { "unit", "unit" },
  { "certainty", "certainty" },
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
  g_autoptr(IncidentCommand) command =
    incident_command_new (verb->command != NULL ? verb->command : verb->name, words_get_actor (words));
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

/* What a person who is given a role has to know. */
static void
print_duties (Words *words)
{
  g_auto(GStrv) duties = incident_playbook_list_duties (words_get_playbook (words, NULL), words_get_place (words, 1));

  for (guint i = 0; duties[i] != NULL; i++)
    print_line ("  %s", duties[i]);
}

static void
print_case (IncidentCase *kase,
            Words        *words)
{
  if (words_has (words, "json"))
    print_json (kase);
  else
    print_line ("%s (%s) %s", incident_case_get_id (kase), incident_case_get_phase (kase),
                incident_case_get_title (kase));
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

  print_case (kase, words);
  if (strcmp (verb->name, "assign") == 0 && !words_has (words, "json"))
    print_duties (words);
  return TRUE;
}

static gboolean
print_draft (Words   *words,
             GError **error)
{
  const char *audience = words_has (words, "audience") ? words_get (words, "audience") : "internal";
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *draft = NULL;

  if (words_get_place (words, 1) != NULL || words_has (words, "due") || words_has (words, "at"))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           "A draft takes no text and no time: nothing is recorded");
      return FALSE;
    }

  kase = words_get_case (words, error);
  draft = kase != NULL ? incident_case_dup_update_draft (kase, audience, error) : NULL;
  if (draft == NULL)
    return FALSE;

  if (words_has (words, "json"))
    print_member ("text", draft);
  else
    print_document (draft);
  return TRUE;
}

gboolean
verb_update (const Verb *verb,
             Words      *words,
             GError    **error)
{
  return words_has (words, "draft") ? print_draft (words, error) : verb_change (verb, words, error);
}

/* What may be done to a task, and what the words after it are. */
static const Verb task_verbs[] = {
  { "add", "ID add TITLE", 3, 3, NULL, NULL, NULL, { "title" }, NULL, FALSE, "add-task" },
  { "start", "ID start N", 3, 3, NULL, NULL, NULL, { "task" }, NULL, FALSE, "start-task" },
  { "done", "ID done N [TEXT]", 3, 4, NULL, NULL, NULL, { "task", "text" }, NULL, FALSE, "finish-task" },
  { "skip", "ID skip N TEXT", 3, 4, NULL, NULL, NULL, { "task", "text" }, NULL, FALSE, "skip-task" },
  { "reopen", "ID reopen N [TEXT]", 3, 4, NULL, NULL, NULL, { "task", "text" }, NULL, FALSE, "reopen-task" },
  { "hand", "ID hand N [PERSON]", 3, 4, NULL, NULL, NULL, { "task", "person" }, NULL, FALSE, "hand-task" },
  { "checklist", "ID checklist NAME", 3, 3, NULL, NULL, NULL, { "checklist" }, NULL, FALSE, "add-checklist" },
};

static const Verb *
find_task_verb (Words   *words,
                GError **error)
{
  const char *name = words_get_place (words, 1);

  for (guint i = 0; i < G_N_ELEMENTS (task_verbs); i++)
    {
      if (strcmp (task_verbs[i].name, name) != 0)
        continue;
      if (words->places->len >= task_verbs[i].n_least && words->places->len <= task_verbs[i].n_most)
        return &task_verbs[i];
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "The words do not fit: incident task %s", task_verbs[i].usage);
      return NULL;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“%s” is nothing to do to a task: there are add, start, done, skip, reopen, hand and checklist", name);
  return NULL;
}

gboolean
verb_task (const Verb *verb,
           Words      *words,
           GError    **error)
{
  const Verb *task_verb = find_task_verb (words, error);
  g_autoptr(IncidentCase) kase = NULL;
  guint64 number;

  if (task_verb == NULL || !incident_case_number_from_string (words_get_place (words, 0), &number, error))
    return FALSE;

  /* Then the places are as for any other change. */
  g_ptr_array_remove_index (words->places, 1);
  kase = act (task_verb, words, number, error);
  if (kase == NULL)
    return FALSE;

  print_case (kase, words);
  return TRUE;
}
