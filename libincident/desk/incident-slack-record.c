/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-slack-visit-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-query.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"
#include "comms/incident-slack-blocks-private.h"
#include "desk/incident-desk-slack-private.h"

/* What is said in the conversations of cases becomes part of their record. */

#define SHORTCUT_OPEN "incident.open"
#define MOST_LOOKED_AT 100
#define MOST_IN_NAME 40

static char *
make_message_id (const IncidentSlackVisit *self,
                 const char               *ts)
{
  return ts != NULL ? g_strdup_printf ("slack/%s/%s", self->call->conversation, ts) : NULL;
}

static gboolean
may_note (const IncidentSlackVisit *self,
          IncidentCase             *kase)
{
  IncidentSituation situation;

  incident_situation_init (&situation, incident_case_get_state (kase), NULL);
  return incident_rules_permit (self->rules, "say", self->person, &situation, NULL)
         || incident_rules_permit (self->rules, "note", self->person, &situation, NULL);
}

static gboolean
set (IncidentCommand *command,
     const char      *argument,
     const char      *value,
     GError         **error)
{
  return value == NULL || *value == '\0' || incident_command_set (command, argument, value, error);
}

/* What is longer than a record takes is cut: four bytes are the most that a character has. */
static gboolean
set_text (const IncidentSlackVisit  *self,
          IncidentCommand           *command,
          GError                   **error)
{
  g_autofree char *cut = NULL;

  if (self->call->text != NULL && strlen (self->call->text) > INCIDENT_MAX_TEXT_LENGTH)
    cut = incident_text_cut (self->call->text, INCIDENT_MAX_TEXT_LENGTH / 4);
  return set (command, "text", cut != NULL ? cut : self->call->text, error);
}

/* Programs call themselves as they like, also by the name of a person. */
static char *
dup_program_name (const char *author)
{
  g_autoptr(GString) line = g_string_new (author);
  g_autofree char *cut = NULL;

  incident_text_make_line (line);
  cut = incident_text_cut (line->str, MOST_IN_NAME);
  return g_strconcat (cut, " (bot)", NULL);
}

/* How the author is called: as the playbook knows them, or as Slack does. */
static gboolean
set_author (const IncidentSlackVisit  *self,
            IncidentCommand           *command,
            GError                   **error)
{
  const char *author = self->call->author;
  g_autofree char *name = self->call->is_bot && author != NULL ? dup_program_name (author)
                                                               : incident_slack_visit_dup_person (self, author);

  return set (command, "author", name != NULL ? name : author, error);
}

static gboolean
set_message (const IncidentSlackVisit  *self,
             IncidentCommand           *command,
             GError                   **error)
{
  g_autofree char *message = make_message_id (self, self->call->message);
  g_autofree char *thread = make_message_id (self, self->call->thread);

  return incident_command_set (command, "message", message, error)
         && (g_str_equal (incident_command_get_verb (command), "delete-said")
             || g_str_equal (incident_command_get_verb (command), "pin") || set (command, "thread", thread, error));
}

/* All that is said is recorded, also what is said by somebody whom the playbook does not know or who may not
 * write: then the desk has heard it, and says from whom. */
static IncidentCommand *
new_said (const IncidentSlackVisit  *self,
          const char                *verb,
          guint64                    number,
          GError                   **error)
{
  g_autoptr(IncidentCase) kase = incident_desk_get_case (self->desk, number, error);
  gboolean is_own = self->person != NULL && !self->call->is_bot && g_strcmp0 (self->call->user, self->call->author) == 0;
  g_autoptr(IncidentCommand) command = NULL;

  if (kase == NULL)
    return NULL;

  is_own = is_own && may_note (self, kase);
  command = incident_slack_visit_new_command_for (self, verb, is_own ? self->person : INCIDENT_DESK_ACTOR,
                                                  is_own ? INCIDENT_VERIFICATION_SIGNATURE : INCIDENT_VERIFICATION_ASSERTED);
  if (!set_message (self, command, error))
    return NULL;
  if (g_str_equal (verb, "delete-said"))
    return g_steal_pointer (&command);
  if ((!is_own && !set_author (self, command, error)) || !set_text (self, command, error)
      || !set (command, "permalink", self->call->permalink, error))
    return NULL;

  return g_steal_pointer (&command);
}

static const char *
find_verb (IncidentSlackCallKind kind)
{
  switch ((int) kind)
    {
    case INCIDENT_SLACK_CALL_EDITED:
      return "edit-said";
    case INCIDENT_SLACK_CALL_DELETED:
      return "delete-said";
    default:
      return "say";
    }
}

/* Where not all is recorded, what was pinned is still kept as it is said now. */
static gboolean
is_recorded (const IncidentSlackVisit *self,
             guint64                   number)
{
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *message = NULL;

  if (self->channel->records_all)
    return TRUE;
  if (self->call->kind == INCIDENT_SLACK_CALL_SAID)
    return FALSE;

  kase = incident_desk_get_case (self->desk, number, NULL);
  message = make_message_id (self, self->call->message);
  return kase != NULL && incident_timeline_find_message (incident_case_peek_timeline (kase), message) != NULL;
}

gboolean
incident_slack_take_said (IncidentSlackVisit  *self,
                          GError             **error)
{
  const char *verb = find_verb (self->call->kind);
  g_autoptr(IncidentCommand) command = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) local_error = NULL;
  guint64 number;

  if (!incident_slack_visit_find_room (self, &number, error))
    return FALSE;
  if (number == 0 || !is_recorded (self, number)
      || (self->call->kind != INCIDENT_SLACK_CALL_DELETED && incident_text_is_blank (self->call->text)))
    return TRUE;

  command = new_said (self, verb, number, &local_error);
  if (command != NULL)
    {
      if (self->call->kind == INCIDENT_SLACK_CALL_SAID)
        incident_command_set_occurred_at (command, incident_slack_time_from_ts (self->call->message));
      kase = incident_desk_act (self->desk, number, command, &local_error);
    }
  /* What can never be recorded is not brought again. */
  if (kase != NULL || !incident_slack_is_trouble (local_error))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Pins */

static IncidentCase *
pin (const IncidentSlackVisit  *self,
     guint64                    number,
     GError                   **error)
{
  g_autoptr(IncidentCommand) command = incident_slack_visit_new_command (self, "pin", number, error);

  if (command == NULL || !set_message (self, command, error) || !set_text (self, command, error)
      || !set_author (self, command, error) || !set (command, "permalink", self->call->permalink, error))
    return NULL;

  incident_command_set_occurred_at (command, incident_slack_time_from_ts (self->call->message));
  return incident_desk_act (self->desk, number, command, error);
}

/* A message that is being fetched, since it was not recorded and its words did not come along. */
typedef struct
{
  IncidentDesk               *desk;
  IncidentSlackApi           *api;
  IncidentRules              *rules;    /* keeps the channel */
  const IncidentChannelRules *channel;
  IncidentSlackCall          *call;
  guint64                     number;
} Fetching;

static void
fetching_free (Fetching *self)
{
  g_object_unref (self->desk);
  incident_slack_api_unref (self->api);
  incident_rules_unref (self->rules);
  incident_slack_call_free (self->call);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fetching, fetching_free)

static gboolean
take_fetched (IncidentSlackCall         *call,
              const IncidentSlackAnswer *answer)
{
  IncidentNode *messages = incident_node_get_member (incident_slack_answer_get_root (answer), "messages");

  for (guint i = 0; i < incident_node_get_length (messages); i++)
    {
      IncidentNode *message = incident_node_get_child (messages, i);
      const char *text = incident_node_get_string (message, "text");
      const char *user = incident_node_get_string (message, "user");

      if (g_strcmp0 (incident_node_get_string (message, "ts"), call->message) != 0 || text == NULL)
        continue;
      g_free (call->text);
      call->text = incident_slack_text_to_plain (text);
      if (call->author == NULL)
        call->author = g_strdup (user);
      return TRUE;
    }

  return FALSE;
}

static void
on_fetched (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(Fetching) fetching = data;
  g_autoptr(IncidentSlackAnswer) answer = incident_slack_api_call_finish (fetching->api, result);
  g_auto(IncidentSlackVisit) visit = { NULL, };
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  incident_slack_visit_init (&visit, fetching->desk, fetching->channel, fetching->call);
  if (answer->ok && take_fetched (fetching->call, answer))
    {
      kase = pin (&visit, fetching->number, &error);
      if (kase == NULL)
        incident_slack_visit_answer_error (&visit, fetching->number, error);
      return;
    }

  text = g_strdup_printf ("The message could not be read (%s), and is not on the timeline", answer->ok ? "it is not there" : answer->error);
  incident_slack_visit_answer (&visit, fetching->number, text);
}

static IncidentSlackCall *
copy_call (const IncidentSlackCall *self)
{
  IncidentSlackCall *copy = g_new0 (IncidentSlackCall, 1);

  copy->kind = self->kind;
  copy->operation = g_strdup (self->operation);
  copy->team = g_strdup (self->team);
  copy->user = g_strdup (self->user);
  copy->conversation = g_strdup (self->conversation);
  copy->message = g_strdup (self->message);
  copy->author = g_strdup (self->author);
  copy->emoji = g_strdup (self->emoji);
  return copy;
}

static gboolean
fetch (const IncidentSlackVisit *self,
       guint64                   number)
{
  IncidentSlackApi *api = incident_desk_get_slack_api (self->desk, self->channel);
  g_autoptr(GPtrArray) form = incident_slack_form_new ();
  Fetching *fetching;

  if (api == NULL)
    return FALSE;

  fetching = g_new0 (Fetching, 1);
  fetching->desk = g_object_ref (self->desk);
  fetching->api = incident_slack_api_ref (api);
  fetching->rules = incident_rules_ref (self->rules);
  fetching->channel = self->channel;
  fetching->call = copy_call (self->call);
  fetching->number = number;
  /* Of a message in a thread and of one that is in none. */
  incident_slack_form_add (form, "channel", self->call->conversation);
  incident_slack_form_add (form, "ts", self->call->message);
  incident_slack_form_add (form, "oldest", self->call->message);
  incident_slack_form_add (form, "latest", self->call->message);
  incident_slack_form_add (form, "inclusive", "true");
  incident_slack_form_add (form, "limit", "1");
  incident_slack_api_call_async (api, "conversations.replies", form, NULL, on_fetched, fetching);
  return TRUE;
}

static gboolean
misses_words (const GError *error)
{
  const char * const *codes = g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED) ? incident_error_get_codes (error) : NULL;

  return codes != NULL && codes[1] == NULL && g_str_equal (codes[0], "missing-text");
}

gboolean
incident_slack_take_pin (IncidentSlackVisit  *self,
                         GError             **error)
{
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) local_error = NULL;
  guint64 number;

  if (self->call->emoji != NULL && g_strcmp0 (self->call->emoji, self->channel->pin_emoji) != 0)
    return TRUE;
  if (!incident_slack_visit_find_room (self, &number, error))
    return FALSE;
  if (number == 0)
    return TRUE;

  kase = pin (self, number, &local_error);
  if (kase != NULL || (misses_words (local_error) && fetch (self, number)))
    return TRUE;
  if (incident_slack_is_trouble (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  incident_slack_visit_answer_error (self, number, local_error);
  return TRUE;
}

/* Shortcuts */

/* Is it the announcement of this case, or does it stand below it? */
static gboolean
is_announced_here (const IncidentSlackVisit *self,
                   guint64                   number,
                   gboolean                 *is_it)
{
  g_autoptr(IncidentOutboxRow) row = incident_store_find_sent (incident_desk_get_store (self->desk), number, self->channel->name,
                                                               INCIDENT_MESSAGE_KIND_ANNOUNCEMENT, NULL);

  if (row == NULL || g_strcmp0 (row->conversation, self->call->conversation) != 0)
    return FALSE;

  *is_it = row->external_id != NULL
           && (g_strcmp0 (row->external_id, self->call->message) == 0 || g_strcmp0 (row->external_id, self->call->thread) == 0);
  return TRUE;
}

/* Of a channel that is no case's own: the case below whose announcement it is said, or the only one there is. */
static gboolean
find_announced (const IncidentSlackVisit  *self,
                guint64                   *number,
                GError                   **error)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GArray) open = NULL;
  guint n_found = 0;

  incident_query_set_open_only (query, TRUE);
  incident_query_set_limit (query, MOST_LOOKED_AT);
  open = incident_store_find_cases (incident_desk_get_store (self->desk), query, error);
  if (open == NULL)
    return FALSE;

  for (guint i = 0; i < open->len; i++)
    {
      gboolean is_it = FALSE;

      if (!is_announced_here (self, g_array_index (open, guint64, i), &is_it))
        continue;
      n_found++;
      *number = g_array_index (open, guint64, i);
      if (is_it)
        return TRUE;
    }

  if (n_found != 1)
    *number = 0;
  return TRUE;
}

static void
add_message (IncidentSlackVisit *self)
{
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 number;

  if (!incident_slack_visit_find_room (self, &number, &error) || (number == 0 && !find_announced (self, &number, &error)))
    {
      incident_slack_visit_answer_error (self, 0, error);
      return;
    }
  if (number == 0)
    {
      incident_slack_visit_answer (self, 0, "It is not clear which case this belongs to: do it in the channel of the case, or below "
                                            "its announcement, or write it down by “/incident INC-42 note TEXT”");
      return;
    }

  kase = pin (self, number, &error);
  if (kase == NULL)
    {
      incident_slack_visit_answer_error (self, number, error);
      return;
    }
  text = incident_slack_visit_tell_done (self, kase);
  incident_slack_visit_answer (self, number, text);
}

char *
incident_slack_take_shortcut (IncidentSlackVisit *self)
{
  if (self->call->message != NULL && self->call->conversation != NULL && g_strcmp0 (self->call->action, SHORTCUT_OPEN) != 0)
    add_message (self);
  else
    {
      g_autoptr(GError) error = NULL;

      /* What would be answered here nobody would see. */
      if (!incident_slack_offer_opening (self, &error))
        incident_slack_visit_answer_error (self, 0, error);
    }

  return NULL;
}
