/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-slack-visit-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "comms/incident-slack-blocks-private.h"
#include "comms/incident-slack-form-private.h"
#include "desk/incident-paging-private.h"
#include "desk/incident-slack-words-private.h"
#include "model/incident-dossier-private.h"

/* Buttons, and the forms that they lead to. What is pressed is judged by the case as it is now; that it was
 * drawn before something else happened counts only where the verb depends on that. */

/* “INC-42/17/1”: the case, the event that it was drawn after, the episode. Of a role, its name may follow. */
typedef struct
{
  guint64  number;
  guint    seq;
  guint    episode;
  char    *role;
} Drawn;

typedef struct
{
  const char *action;
  const char *verb;
  const char *title;  /* of the form that asks for words; NULL: it needs none */
  const char *label;
  gboolean    asks_whom;
} Button;

static const Button buttons[] = {
  { "incident.ack", "acknowledge", NULL, NULL, FALSE },
  { "incident.escalate", "escalate", "Escalate", "Why: what is asked of them?", TRUE },
  { "incident.resolve", "resolve", "Resolve", "What was done to end it?", FALSE },
  { "incident.role", "assign", NULL, NULL, FALSE },
};

static void
drawn_clear (Drawn *self)
{
  g_clear_pointer (&self->role, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Drawn, drawn_clear)

static const Button *
find_button (const char *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    if (g_strcmp0 (buttons[i].action, action) == 0)
      return &buttons[i];

  return NULL;
}

static gboolean
read_drawn (Drawn      *self,
            const char *value)
{
  g_auto(GStrv) parts = g_strsplit (value != NULL ? value : "", "/", 4);
  guint n_parts = g_strv_length (parts);
  guint64 seq;
  guint64 episode;

  if (n_parts < 3 || !incident_case_number_from_string (parts[0], &self->number, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT32, &seq, NULL)
      || !g_ascii_string_to_unsigned (parts[2], 10, 1, G_MAXUINT32, &episode, NULL))
    return FALSE;

  self->seq = (guint) seq;
  self->episode = (guint) episode;
  self->role = g_strdup (n_parts > 3 && *parts[3] != '\0' ? parts[3] : INCIDENT_ROLE_COMMANDER);
  return TRUE;
}

/* A run waits for this person's own answer: what others answered since does not matter. */
static gboolean
is_awaited (const IncidentSlackVisit *visit,
            IncidentCase             *kase,
            const Button             *button,
            const Drawn              *drawn)
{
  return g_str_equal (button->verb, "acknowledge") && visit->person != NULL && incident_case_get_episode (kase) == drawn->episode
         && incident_paging_awaits (incident_desk_get_store (visit->desk), drawn->number, incident_case_get_state (kase), visit->person);
}

static gboolean
fail_stale (const IncidentSlackVisit  *visit,
            IncidentCase              *kase,
            const Button              *button,
            const Drawn               *drawn,
            gint64                     now,
            GError                   **error)
{
  static char *codes[] = { (char *) "stale-view", NULL };
  g_autofree char *why = NULL;

  if (is_awaited (visit, kase, button, drawn))
    return FALSE;

  why = incident_slack_dup_staleness (kase, button->verb, drawn->role, drawn->seq, drawn->episode, now);
  if (why == NULL)
    return FALSE;

  incident_set_error_refused (error, codes, why);
  return TRUE;
}

static gboolean
is_stale (const GError *error)
{
  const char * const *codes = g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED) ? incident_error_get_codes (error) : NULL;

  return codes != NULL && g_strv_contains (codes, "stale-view");
}

static IncidentCommand *
new_command (const IncidentSlackVisit  *visit,
             const Button              *button,
             const Drawn               *drawn,
             GError                   **error)
{
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command (visit, button->verb, drawn->number, error);
  GHashTable *fields = visit->call->fields;

  if (command == NULL)
    return NULL;
  if (g_str_equal (button->verb, "assign")
      && (!incident_command_set (command, "role", drawn->role, error) || !incident_command_set (command, "person", visit->person, error)))
    return NULL;
  if (fields != NULL && g_hash_table_contains (fields, "text")
      && !incident_command_set (command, "text", g_hash_table_lookup (fields, "text"), error))
    return NULL;
  if (fields != NULL && button->asks_whom && g_hash_table_contains (fields, "target"))
    {
      g_autofree char *typed = g_strstrip (g_strdup (g_hash_table_lookup (fields, "target")));
      g_autofree char *target = *typed == '@' ? incident_slack_visit_dup_named (visit, typed, error) : g_strdup (typed);

      if (target == NULL || !incident_command_set (command, "target", target, error))
        return NULL;
    }

  return g_steal_pointer (&command);
}

/* Others may write in between: then the question is asked again of what the case has become. */
static gboolean
act (const IncidentSlackVisit  *visit,
     const Button              *button,
     const Drawn               *drawn,
     GError                   **error)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (visit->desk));
  guint64 recorded = 0;

  if (visit->call->operation != NULL && !incident_slack_visit_find_recorded (visit, &recorded, error))
    return FALSE;
  if (recorded != 0)
    return TRUE;

  for (guint i = 0; i < INCIDENT_DESK_MAX_ATTEMPTS; i++)
    {
      g_autoptr(IncidentCommand) command = new_command (visit, button, drawn, error);
      g_autoptr(IncidentCase) kase = command != NULL ? incident_desk_get_case (visit->desk, drawn->number, error) : NULL;
      g_autoptr(IncidentCase) after = NULL;
      g_autoptr(GError) local_error = NULL;

      if (kase == NULL || fail_stale (visit, kase, button, drawn, now, error))
        return FALSE;
      incident_command_set_seen (command, incident_case_get_version (kase));
      after = incident_desk_act (visit->desk, drawn->number, command, &local_error);
      if (after != NULL)
        return TRUE;
      if (is_stale (local_error))
        continue;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT, "Others kept changing the case");
  return FALSE;
}

/* Is it worth asking for words? */
static gboolean
check_fresh (const IncidentSlackVisit  *visit,
             const Button              *button,
             const Drawn               *drawn,
             GError                   **error)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (visit->desk));
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command (visit, button->verb, drawn->number, error);
  g_autoptr(IncidentCase) kase = command != NULL ? incident_desk_get_case (visit->desk, drawn->number, error) : NULL;

  return kase != NULL && !fail_stale (visit, kase, button, drawn, now, error);
}

static void
redraw (const IncidentSlackVisit *visit,
        guint64                   number)
{
  g_autoptr(IncidentCase) kase = incident_desk_get_case (visit->desk, number, NULL);

  if (kase != NULL)
    incident_slack_visit_redraw (visit, kase);
}

/* A card shows by itself that it was taken; a page stays as it was sent. */
static void
answer_page (const IncidentSlackVisit *self,
             const Button             *button,
             const Drawn              *drawn)
{
  g_autofree char *id = incident_case_number_to_string (drawn->number);
  g_autofree char *text = NULL;

  if (!g_str_equal (button->verb, "acknowledge") || g_strcmp0 (drawn->role, INCIDENT_ACTION_OF_PAGE) != 0)
    return;

  text = g_strdup_printf ("%s: you have acknowledged it. You are paged no more for it, unless nothing is heard from you.", id);
  incident_slack_visit_answer (self, drawn->number, text);
}

char *
incident_slack_take_button (IncidentSlackVisit *self)
{
  const Button *button = find_button (self->call->action);
  g_auto(Drawn) drawn = { 0, };
  g_autoptr(GError) error = NULL;

  /* Those that lead to a page tell of it, too. */
  if (button == NULL || !read_drawn (&drawn, self->call->value))
    return NULL;

  if (button->title == NULL)
    {
      if (act (self, button, &drawn, &error))
        answer_page (self, button, &drawn);
    }
  else if (check_fresh (self, button, &drawn, &error))
    {
      g_autofree char *view = incident_slack_view_words (button->action, button->title, button->label, button->asks_whom,
                                                         self->call->value);

      incident_slack_visit_open_form (self, view, "say it by “/incident”");
    }

  if (error == NULL)
    return NULL;
  incident_slack_visit_answer_error (self, g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND) ? 0 : drawn.number, error);
  if (is_stale (error))
    redraw (self, drawn.number);
  /* Where a word can be put in at once, it is; Slack shows it for some kinds of buttons alone. */
  return incident_slack_is_trouble (error) ? incident_slack_write_answer ("That could not be recorded now: try again in a moment") : NULL;
}

/* Forms */

/* Where the form shows what is wrong. */
static char *
write_error (const IncidentSlackVisit *visit,
             const char * const       *blocks,
             const GError             *error)
{
  g_autofree char *text = incident_slack_tell_error (error);
  const char *where = error->domain == INCIDENT_ERROR ? incident_error_get_where (error) : NULL;
  const char *block = blocks[0];

  for (guint i = 0; where != NULL && blocks[i] != NULL; i++)
    if (g_str_equal (blocks[i], where) || (g_str_equal (blocks[i], "description") && g_str_equal (where, "text")))
      block = blocks[i];

  return incident_slack_write_form_error (block, text);
}

static gboolean
fill_opening (const IncidentSlackVisit  *visit,
              IncidentCommand           *command,
              GError                   **error)
{
  static const struct
  {
    const char *block;
    const char *argument;
  } fields[] = { { "title", "title" }, { "severity", "severity" }, { "service", "service" }, { "description", "text" } };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *value = visit->call->fields != NULL ? g_hash_table_lookup (visit->call->fields, fields[i].block) : NULL;

      if (value != NULL && *value != '\0' && !incident_command_set (command, fields[i].argument, value, error))
        return FALSE;
    }

  return TRUE;
}

static char *
take_opening (IncidentSlackVisit *self)
{
  static const char * const blocks[] = { "title", "severity", "service", "description", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command (self, "open", 0, &error);
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *text = NULL;

  if (command != NULL && fill_opening (self, command, &error))
    kase = incident_desk_act (self->desk, 0, command, &error);
  if (kase == NULL)
    return write_error (self, blocks, error);

  /* The form has no place of its own: where it was asked for was noted in it. */
  if (self->call->conversation == NULL)
    self->call->conversation = g_strdup (self->call->value);
  if (self->call->conversation != NULL && *self->call->conversation != '\0')
    {
      text = g_strdup_printf ("%s is open: %s", incident_case_get_id (kase), incident_command_get (command, "title"));
      incident_slack_visit_answer (self, incident_case_get_number (kase), text);
    }
  return NULL;
}

char *
incident_slack_take_form (IncidentSlackVisit *self)
{
  static const char * const blocks[] = { "text", NULL };
  static const char * const blocks_with_whom[] = { "text", "target", NULL };
  const Button *button = find_button (self->call->action);
  g_auto(Drawn) drawn = { 0, };
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (self->call->action, INCIDENT_SLACK_FORM_OPEN) == 0)
    return take_opening (self);
  if (button == NULL || !read_drawn (&drawn, self->call->value))
    return NULL;

  if (act (self, button, &drawn, &error))
    return NULL;
  if (is_stale (error))
    redraw (self, drawn.number);
  return write_error (self, button->asks_whom ? blocks_with_whom : blocks, error);
}
