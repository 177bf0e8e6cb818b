/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-slack-visit-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"
#include "comms/incident-slack-blocks-private.h"
#include "desk/incident-slack-words-private.h"

/* “/incident [ID] VERB …” */

/* A command as it was typed. */
typedef struct
{
  GArray                  *words;
  guint                    position;  /* of the first word of the verb, and then of what follows it */
  guint64                  number;    /* of the case; 0: the one of the place */
  const IncidentSlackVerb *verb;
} Typed;

static void
typed_clear (Typed *self)
{
  g_clear_pointer (&self->words, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static gboolean
is_case_id (const char *word,
            guint64    *number)
{
  g_autofree char *upper = g_ascii_strup (word, -1);

  return incident_case_number_from_string (upper, number, NULL);
}

static gboolean
is_opening (const IncidentSlackVerb *verb)
{
  return g_strcmp0 (verb->verb, "open") == 0;
}

static gboolean
fail_unknown (Typed   *self,
              GError **error)
{
  const char *word = incident_slack_words_get (self->words, self->position);
  g_autofree char *known = incident_slack_verbs_describe (word);

  if (known != NULL)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "verb", "What about “%s”?\n%s", word, known);
  else
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, "verb",
                           "There is no verb “%s”. “/incident help” tells what there is; “/incident open TITLE” opens a case", word);
  return FALSE;
}

static gboolean
find_verb (Typed   *self,
           GError **error)
{
  guint n_words;

  if (is_case_id (incident_slack_words_get (self->words, 0), &self->number))
    self->position = 1;

  self->verb = incident_slack_verb_find (self->words, self->position, &n_words);
  if (self->verb == NULL)
    return fail_unknown (self, error);

  self->position += n_words;
  return TRUE;
}

static gboolean
fail_usage (const IncidentSlackVerb *verb,
            const char              *what,
            GError                 **error)
{
  g_autofree char *usage = incident_slack_verbs_describe (verb->word);

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, verb->word, "“%s” %s:\n%s", verb->word, what, usage);
  return FALSE;
}

static gboolean
set_argument (const IncidentSlackVisit  *visit,
              IncidentCommand           *command,
              const char                *argument,
              const char                *value,
              GError                   **error)
{
  gboolean is_somebody = g_str_equal (argument, "person") || (g_str_equal (argument, "target") && *value == '@');
  gboolean is_case = g_str_equal (argument, "case");
  g_autofree char *meant = NULL;

  if (is_somebody)
    {
      meant = incident_slack_visit_dup_named (visit, value, error);
      if (meant == NULL)
        return FALSE;
    }
  else if (is_case)
    meant = g_ascii_strup (value, -1);

  return incident_command_set (command, argument, meant != NULL ? meant : value, error);
}

static gboolean
set_options (const IncidentSlackVisit  *visit,
             Typed                     *self,
             IncidentCommand           *command,
             GError                   **error)
{
  g_autoptr(GHashTable) taken = incident_slack_words_take_options (self->words, self->verb, self->position, error);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  if (taken == NULL)
    return FALSE;

  g_hash_table_iter_init (&iter, taken);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const char *set_by;

      if (!set_argument (visit, command, incident_slack_option_get_argument (name, &set_by), value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
takes_the_rest (const char *argument)
{
  return g_str_equal (argument, "text") || g_str_equal (argument, "title");
}

static gboolean
set_places (const IncidentSlackVisit  *visit,
            Typed                     *self,
            IncidentCommand           *command,
            GError                   **error)
{
  guint position = self->position;
  guint n_set = 0;

  for (; n_set < G_N_ELEMENTS (self->verb->places) && self->verb->places[n_set] != NULL && position < self->words->len; n_set++)
    {
      const char *argument = self->verb->places[n_set];
      g_autofree char *value = takes_the_rest (argument) ? incident_slack_words_dup_rest (self->words, position)
                                                         : g_strdup (incident_slack_words_get (self->words, position));

      if (!set_argument (visit, command, argument, value, error))
        return FALSE;
      position = takes_the_rest (argument) ? self->words->len : position + 1;
    }

  if (n_set < self->verb->needed)
    return fail_usage (self->verb, "misses something", error);
  if (position < self->words->len)
    return fail_usage (self->verb, "takes less than that", error);
  return TRUE;
}

/* “escalate @ana why” is clear without “--to”. */
static void
take_mentioned_target (Typed           *self,
                       IncidentCommand *command)
{
  const char *first = incident_slack_words_get (self->words, self->position);

  if (g_str_equal (self->verb->word, "escalate") && first != NULL && *first == '@'
      && incident_command_get (command, "target") == NULL)
    incident_command_set (command, "target", first, NULL);
}

static gboolean
fill (const IncidentSlackVisit  *visit,
      Typed                     *self,
      IncidentCommand           *command,
      GError                   **error)
{
  const char *mentioned;

  if (!set_options (visit, self, command, error))
    return FALSE;

  take_mentioned_target (self, command);
  mentioned = incident_command_get (command, "target");
  if (mentioned != NULL && *mentioned == '@')
    {
      g_autofree char *meant = g_strdup (mentioned);

      self->position++;
      if (!set_argument (visit, command, "target", meant, error))
        return FALSE;
    }
  if (g_str_equal (self->verb->word, "take")
      && !incident_command_set (command, "person", incident_command_get_actor (command), error))
    return FALSE;
  return set_places (visit, self, command, error);
}

/* What was recorded by this very command answers the same again, whatever has happened since. */
static char *
change (const IncidentSlackVisit  *visit,
        Typed                     *self,
        GError                   **error)
{
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command (visit, self->verb->verb, self->number, error);
  g_autoptr(IncidentCase) kase = NULL;

  if (command == NULL || !fill (visit, self, command, error))
    return NULL;

  kase = incident_desk_act (visit->desk, self->number, command, error);
  if (kase == NULL)
    return NULL;
  if (is_opening (self->verb))
    return g_strdup_printf ("%s is open: %s", incident_case_get_id (kase), incident_command_get (command, "title"));
  return incident_slack_visit_tell_done (visit, kase);
}

static char *
tell (const IncidentSlackVisit  *visit,
      Typed                     *self,
      GError                   **error)
{
  g_autoptr(IncidentCommand) command = NULL;
  g_autoptr(IncidentCase) kase = NULL;

  /* A case is shown to those who are known alone. */
  command = incident_slack_visit_new_command (visit, self->verb->word, self->number, error);
  if (command == NULL)
    return NULL;
  if (g_str_equal (self->verb->word, "list"))
    return incident_slack_show_list (visit->desk, error);

  kase = incident_desk_get_case (visit->desk, self->number, error);
  if (kase == NULL)
    return NULL;
  return g_str_equal (self->verb->word, "next") ? incident_slack_show_next (kase, visit->person, error)
                                                : incident_slack_show_case (kase);
}

static gboolean
find_case (const IncidentSlackVisit  *visit,
           Typed                     *self,
           GError                   **error)
{
  if (is_opening (self->verb) || g_str_equal (self->verb->word, "list"))
    {
      self->number = 0;
      return TRUE;
    }
  if (self->number == 0 && !incident_slack_visit_find_room (visit, &self->number, error))
    return FALSE;
  if (self->number != 0)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "case",
                         "This channel belongs to no case: say which, such as “/incident INC-42 %s”. “/incident list” shows "
                         "those that are open", self->verb->word);
  return FALSE;
}

static char *
run (const IncidentSlackVisit  *visit,
     GError                   **error)
{
  g_auto(Typed) typed = { incident_slack_words_split (visit->call->text), };

  /* “/incident INC-42” shows it. */
  if (typed.words->len == 1 && is_case_id (incident_slack_words_get (typed.words, 0), &typed.number))
    {
      g_array_unref (typed.words);
      typed.words = incident_slack_words_split ("show");
      typed.position = 0;
      typed.verb = incident_slack_verb_find (typed.words, 0, &typed.position);
    }
  else if (!find_verb (&typed, error))
    return NULL;

  if (g_str_equal (typed.verb->word, "help"))
    {
      char *help = incident_slack_verbs_describe (incident_slack_words_get (typed.words, typed.position));

      return help != NULL ? help : incident_slack_verbs_describe (NULL);
    }
  if (!find_case (visit, &typed, error))
    return NULL;
  return typed.verb->verb != NULL ? change (visit, &typed, error) : tell (visit, &typed, error);
}

static void
show_form (const IncidentSlackVisit *visit)
{
  GHashTable *services = visit->rules->services;
  g_autofree const char **names = g_new0 (const char *, g_hash_table_size (services) + 1);
  g_autoptr(GList) sorted = g_list_sort (g_hash_table_get_keys (services), (GCompareFunc) strcmp);
  g_autofree char *view = NULL;
  guint n_names = 0;

  for (GList *at = sorted; at != NULL; at = at->next)
    names[n_names++] = at->data;
  view = incident_slack_view_open (names, visit->call->conversation);
  incident_slack_visit_open_form (visit, view, "“/incident open TITLE” opens a case without it, and “/incident help” tells more");
}

gboolean
incident_slack_offer_opening (const IncidentSlackVisit  *self,
                              GError                   **error)
{
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command (self, "open", 0, error);

  if (command == NULL)
    return FALSE;

  show_form (self);
  return TRUE;
}

char *
incident_slack_take_command (IncidentSlackVisit *self)
{
  g_autofree char *answer = NULL;
  g_autoptr(GError) error = NULL;

  if (!incident_text_is_blank (self->call->text))
    answer = run (self, &error);
  else if (incident_slack_offer_opening (self, &error))
    return NULL;

  if (answer == NULL)
    answer = incident_slack_tell_error (error);
  return incident_slack_write_answer (answer);
}
