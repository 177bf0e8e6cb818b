/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-verb-private.h"

#include <libincident/incident-time.h>

#include "base/incident-error-private.h"
#include "base/incident-shape-private.h"
#include "model/incident-record-private.h"

#define ARG(argument) INCIDENT_ARGUMENTS (argument)

static const char * const link_kinds[] = { "duplicate", "caused-by", "related", "child", "follows", NULL };
static const char * const action_kinds[] = { "prevent", "detect", "mitigate", "learn", NULL };

const char * const incident_record_fields[] = {
  "reported-via", "caller", "call-back", "symptoms", "users", "places", "components", "team", "workaround",
  "known-error", "problem", "change", "resolution", "closure", NULL
};

const IncidentVerb incident_verbs[INCIDENT_N_VERBS] = {
  [INCIDENT_VERB_ASSIGN] = { "assign", "assigned", FALSE, ARG (ROLE) | ARG (PERSON), ARG (ROLE) | ARG (PERSON), NULL, NULL },
  [INCIDENT_VERB_RELEASE] = { "release", "released", FALSE, ARG (ROLE) | ARG (PERSON), ARG (ROLE), NULL, NULL },
  [INCIDENT_VERB_CLASSIFY] = { "classify", "classified", FALSE,
    ARG (SEVERITY) | ARG (IMPACT) | ARG (URGENCY) | ARG (SERVICE) | ARG (CATEGORY) | ARG (MAJOR), 0, NULL, NULL,
    { { INCIDENT_ARGUMENT_MAJOR, "major" } } },
  [INCIDENT_VERB_NOTE] = { "note", "noted", TRUE, 0, ARG (TEXT), NULL, NULL },
  [INCIDENT_VERB_HANDOFF] = { "handoff", "handoff-offered", FALSE, ARG (ROLE) | ARG (PERSON) | ARG (DUE),
    ARG (ROLE) | ARG (PERSON), NULL, NULL,
    { { INCIDENT_ARGUMENT_ROLE, "offered-role" }, { INCIDENT_ARGUMENT_PERSON, "offered-to" } } },
  [INCIDENT_VERB_ACCEPT] = { "accept", "handoff-accepted", FALSE, ARG (ROLE), ARG (ROLE), NULL, NULL },
  [INCIDENT_VERB_DECLINE] = { "decline", "handoff-declined", FALSE, ARG (ROLE), ARG (ROLE), NULL, NULL,
    { { INCIDENT_ARGUMENT_ROLE, "declined-role" } } },
  [INCIDENT_VERB_TAKE_COMMAND] = { "take-command", "command-taken", FALSE, 0, ARG (TEXT), NULL, NULL },
  [INCIDENT_VERB_ACKNOWLEDGE] = { "acknowledge", "acknowledged", FALSE, 0, 0, NULL, NULL },
  [INCIDENT_VERB_ADD_TASK] = { "add-task", "task-added", TRUE,
    ARG (TITLE) | ARG (PERSON) | ARG (ROLE) | ARG (DUE) | ARG (MUST_DO) | ARG (AFTER) | ARG (KIND),
    ARG (TITLE), action_kinds, "open" },
  [INCIDENT_VERB_START_TASK] = { "start-task", "task-started", TRUE, ARG (TASK), ARG (TASK), NULL, "in-progress" },
  [INCIDENT_VERB_FINISH_TASK] = { "finish-task", "task-done", TRUE, ARG (TASK), ARG (TASK), NULL, "done" },
  [INCIDENT_VERB_SKIP_TASK] = { "skip-task", "task-skipped", TRUE, ARG (TASK), ARG (TASK) | ARG (TEXT), NULL, "skipped" },
  [INCIDENT_VERB_REOPEN_TASK] = { "reopen-task", "task-reopened", TRUE, ARG (TASK), ARG (TASK), NULL, "open" },
  [INCIDENT_VERB_HAND_TASK] = { "hand-task", "task-handed", TRUE, ARG (TASK) | ARG (PERSON) | ARG (ROLE), ARG (TASK), NULL, NULL },
  [INCIDENT_VERB_ADD_CHECKLIST] = { "add-checklist", "checklist-added", FALSE, ARG (CHECKLIST), ARG (CHECKLIST), NULL, NULL,
    { { INCIDENT_ARGUMENT_CHECKLIST, "checklist" } } },
  [INCIDENT_VERB_PRIORITISE] = { "prioritise", "prioritised", FALSE, ARG (PRIORITY), ARG (PRIORITY) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_PRIORITY, "priority" } } },
  [INCIDENT_VERB_AFFECT] = { "affect", "service-affected", FALSE, ARG (SERVICE), ARG (SERVICE), NULL, NULL,
    { { INCIDENT_ARGUMENT_SERVICE, "affects" } } },
  [INCIDENT_VERB_UPDATE] = { "update", "update-given", FALSE, ARG (AUDIENCE) | ARG (DUE), ARG (TEXT), NULL, NULL },
  [INCIDENT_VERB_DECIDE] = { "decide", "decided", FALSE, ARG (OBJECTIONS), ARG (TEXT), NULL, NULL },
  [INCIDENT_VERB_SUPPOSE] = { "suppose", "hypothesis-stated", FALSE, 0, ARG (TEXT), NULL, NULL },
  [INCIDENT_VERB_JUDGE] = { "judge", "hypothesis-judged", TRUE, ARG (HYPOTHESIS) | ARG (STATE),
    ARG (HYPOTHESIS) | ARG (STATE) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_HYPOTHESIS, "hypothesis" }, { INCIDENT_ARGUMENT_STATE, "hypothesis-state" } } },
  [INCIDENT_VERB_RECORD] = { "record", "recorded", TRUE, ARG (FIELD), ARG (FIELD) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_FIELD, "field" } } },
  [INCIDENT_VERB_MEASURE] = { "measure", "impact-measured", TRUE,
    ARG (MEASURE) | ARG (AMOUNT) | ARG (UNIT) | ARG (CERTAINTY), ARG (MEASURE) | ARG (AMOUNT) | ARG (CERTAINTY), NULL, NULL,
    { { INCIDENT_ARGUMENT_MEASURE, "measure" }, { INCIDENT_ARGUMENT_AMOUNT, "amount" },
      { INCIDENT_ARGUMENT_UNIT, "unit" }, { INCIDENT_ARGUMENT_CERTAINTY, "certainty" } } },
  [INCIDENT_VERB_LINK] = { "link", "linked", TRUE, ARG (KIND) | ARG (CASE), ARG (KIND) | ARG (CASE), link_kinds, NULL,
    { { INCIDENT_ARGUMENT_KIND, "link" }, { INCIDENT_ARGUMENT_CASE, "linked-to" } } },
  [INCIDENT_VERB_UNLINK] = { "unlink", "unlinked", TRUE, ARG (KIND) | ARG (CASE), ARG (KIND) | ARG (CASE), link_kinds, NULL },
  [INCIDENT_VERB_MERGE] = { "merge", "merged", FALSE, ARG (CASE), ARG (CASE), NULL, NULL,
    { { INCIDENT_ARGUMENT_CASE, "merged-into" } } },
  [INCIDENT_VERB_CORRECT] = { "correct", "corrected", TRUE, ARG (EVENT), ARG (EVENT) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_EVENT, "corrects" } } },
  [INCIDENT_VERB_REDACT] = { "redact", "redacted", TRUE, ARG (EVENT), ARG (EVENT) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_EVENT, "redacts" } }, .looks_back = TRUE },
  [INCIDENT_VERB_DISMISS] = { "dismiss", "reminder-dismissed", FALSE, ARG (REMINDER), ARG (REMINDER), NULL, NULL,
    { { INCIDENT_ARGUMENT_REMINDER, "dismissed" } } },
  [INCIDENT_VERB_FILE_REPORT] = { "file-report", "report-filed", TRUE, ARG (CLOCK), ARG (CLOCK), NULL, NULL,
    { { INCIDENT_ARGUMENT_CLOCK, "filed" } } },
  [INCIDENT_VERB_SAY] = { "say", "said", TRUE, ARG (MESSAGE) | ARG (THREAD) | ARG (AUTHOR) | ARG (PERMALINK),
    ARG (MESSAGE) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_MESSAGE, "message" }, { INCIDENT_ARGUMENT_THREAD, "thread" } }, .right = "note", .looks_back = TRUE },
  [INCIDENT_VERB_EDIT_SAID] = { "edit-said", "said-edited", TRUE, ARG (MESSAGE) | ARG (THREAD) | ARG (AUTHOR) | ARG (PERMALINK),
    ARG (MESSAGE) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_MESSAGE, "message" }, { INCIDENT_ARGUMENT_THREAD, "thread" } }, .right = "note", .looks_back = TRUE },
  [INCIDENT_VERB_DELETE_SAID] = { "delete-said", "said-deleted", TRUE, ARG (MESSAGE), ARG (MESSAGE), NULL, NULL,
    { { INCIDENT_ARGUMENT_MESSAGE, "message" } }, .right = "note", .looks_back = TRUE },
  [INCIDENT_VERB_PIN] = { "pin", "pinned", TRUE, ARG (MESSAGE) | ARG (AUTHOR) | ARG (PERMALINK), ARG (MESSAGE), NULL, NULL,
    { { INCIDENT_ARGUMENT_MESSAGE, "message" } }, .right = "note", .looks_back = TRUE },
  [INCIDENT_VERB_MESSAGE] = { "message", "messaged", TRUE, ARG (AUDIENCE), ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_AUDIENCE, "audience" } } },
  [INCIDENT_VERB_APPROVE] = { "approve", "update-given", FALSE, ARG (EVENT) | ARG (DUE), ARG (EVENT), NULL, NULL,
    .right = "update", .looks_back = TRUE },
  [INCIDENT_VERB_UNACKNOWLEDGE] = { "unacknowledge", "unacknowledged", FALSE, ARG (PERSON), 0, NULL, NULL,
    .right = "acknowledge" },
  [INCIDENT_VERB_SNOOZE] = { "snooze", "snoozed", FALSE, ARG (DUE), ARG (DUE), NULL, NULL, .right = "acknowledge" },
  [INCIDENT_VERB_WAKE] = { "wake", "woken", FALSE, 0, 0, NULL, NULL, .right = "acknowledge" },
  [INCIDENT_VERB_PAGE] = { "page", "page-asked", FALSE, ARG (TARGET), ARG (TARGET) | ARG (TEXT), NULL, NULL,
    { { INCIDENT_ARGUMENT_TARGET, "page-target" } }, .right = "escalate" },
  [INCIDENT_VERB_MOVE_RUNS] = { "move-runs", "runs-moved", FALSE, 0, 0, NULL, NULL, .right = "escalate" },
};

static GHashTable *
index_verbs (void)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < INCIDENT_N_VERBS; i++)
    g_hash_table_insert (index, (gpointer) incident_verbs[i].verb, (gpointer) &incident_verbs[i]);
  return index;
}

/* Each command asks, most of them for a verb of the lifecycle. */
const IncidentVerb *
incident_verb_find (const char *verb)
{
  static gsize index = 0;

  if (g_once_init_enter (&index))
    g_once_init_leave (&index, (gsize) index_verbs ());
  return g_hash_table_lookup ((GHashTable *) index, verb);
}

IncidentVerbId
incident_verb_get_id (const IncidentVerb *self)
{
  return (IncidentVerbId) (self - incident_verbs);
}

gboolean
incident_verb_is_of_chat (const IncidentVerb *self)
{
  return self >= &incident_verbs[INCIDENT_VERB_SAY] && self <= &incident_verbs[INCIDENT_VERB_PIN];
}

const char *
incident_verb_get_unacknowledged (IncidentCommand *command)
{
  const char *person = incident_command_peek (command, INCIDENT_ARGUMENT_PERSON);

  return person != NULL ? person : incident_command_get_actor (command);
}

gboolean
incident_verb_looks_back (IncidentCommand *command)
{
  const IncidentVerb *self = incident_verb_find (incident_command_get_verb (command));

  return self != NULL && self->looks_back;
}

static const char *
describe_need (IncidentArgument argument)
{
  switch ((int) argument)
    {
    case INCIDENT_ARGUMENT_TEXT:
      return "the words are missing: say it, or say why";
    case INCIDENT_ARGUMENT_TITLE:
      return "a title is missing: say in one line what there is to do";
    case INCIDENT_ARGUMENT_ROLE:
      return "a role is missing: name one, such as “commander”";
    case INCIDENT_ARGUMENT_PERSON:
      return "a person is missing: say who";
    case INCIDENT_ARGUMENT_TASK:
      return "a task is missing: give its number";
    case INCIDENT_ARGUMENT_EVENT:
      return "an event is missing: give its number in the timeline";
    case INCIDENT_ARGUMENT_CASE:
      return "a case is missing: give its id, such as “INC-7”";
    case INCIDENT_ARGUMENT_KIND:
      return "the kind is missing";
    case INCIDENT_ARGUMENT_TARGET:
      return "a target is missing: say who is to be paged: a person, team, schedule, role or policy";
    case INCIDENT_ARGUMENT_DUE:
      return "the time is missing: say until when, such as “30m”";
    case INCIDENT_ARGUMENT_MESSAGE:
      return "a message is missing: give its id, such as “slack/C1/1712345678.000100”";
    default:
      return NULL;
    }
}

void
incident_verb_check (const IncidentVerb *self,
                     guint               guards,
                     IncidentCommand    *command,
                     IncidentRefusals   *refusals)
{
  for (guint i = 0; i < INCIDENT_N_ARGUMENTS; i++)
    {
      gboolean is_text = i == INCIDENT_ARGUMENT_TEXT || i == INCIDENT_ARGUMENT_TITLE;
      const char *why;

      if ((self->needs >> i & 1) == 0 || incident_command_peek (command, (IncidentArgument) i) != NULL
          || incident_guards_ask_for (guards, incident_argument_get_name ((IncidentArgument) i)))
        continue;
      why = describe_need ((IncidentArgument) i);
      if (why != NULL)
        incident_refusals_add (refusals, is_text ? "missing-text" : "missing-target", "%s", why);
      else
        incident_refusals_add (refusals, "missing-target", "“%s” is missing: say which",
                               incident_argument_get_name ((IncidentArgument) i));
    }
}

static gboolean
check_choice (IncidentCommand     *command,
              IncidentArgument     argument,
              const char * const  *choices,
              GError             **error)
{
  const char *value = incident_command_peek (command, argument);
  g_autofree char *known = NULL;

  if (value == NULL || choices == NULL || g_strv_contains (choices, value))
    return TRUE;

  known = g_strjoinv (", ", (char **) choices);
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, incident_argument_get_name (argument),
                         "“%s”: “%s” is not one of %s", incident_argument_get_name (argument), value, known);
  return FALSE;
}

gboolean
incident_verb_check_form (const IncidentVerb  *self,
                          IncidentCommand     *command,
                          GError             **error)
{
  const guint64 taken = self->takes | ARG (TEXT);

  for (guint i = 0; i < INCIDENT_N_ARGUMENTS; i++)
    if ((taken >> i & 1) == 0 && incident_command_peek (command, (IncidentArgument) i) != NULL)
      {
        const char *argument = incident_argument_get_name ((IncidentArgument) i);

        incident_set_error_at (error, INCIDENT_ERROR_INVALID, argument, "“%s” takes no “%s”", self->verb, argument);
        return FALSE;
      }

  return check_choice (command, INCIDENT_ARGUMENT_KIND, self->kinds, error)
         && check_choice (command, INCIDENT_ARGUMENT_FIELD, incident_record_fields, error);
}

static void
append (GString          *facts,
        const char       *name,
        IncidentCommand  *command,
        IncidentArgument  argument)
{
  const char *value = incident_command_peek (command, argument);

  if (value != NULL)
    incident_facts_append (facts, name, value);
}

void
incident_verb_append_due (IncidentCommand *command,
                          const char      *fact,
                          gint64           now,
                          GString         *facts)
{
  const char *value = incident_command_peek (command, INCIDENT_ARGUMENT_DUE);
  gint64 time = INCIDENT_TIME_NONE;

  if (value == NULL)
    return;

  if (incident_shape_is_duration (value))
    time = now + incident_duration_from_text (value);
  else
    incident_time_from_string (value, &time, NULL);
  incident_facts_append_time (facts, fact, time);
}

static void
append_task_facts (const IncidentVerb  *self,
                   const IncidentState *state,
                   IncidentCommand     *command,
                   gint64               now,
                   GString             *facts)
{
  if (incident_verb_get_id (self) == INCIDENT_VERB_ADD_TASK)
    incident_facts_append_number (facts, "task", incident_dossier_count_tasks (state->dossier) + 1);
  else
    append (facts, "task", command, INCIDENT_ARGUMENT_TASK);
  if (self->task_state != NULL)
    incident_facts_append (facts, "task-state", self->task_state);
  append (facts, "must-do", command, INCIDENT_ARGUMENT_MUST_DO);
  append (facts, "owner", command, INCIDENT_ARGUMENT_PERSON);
  append (facts, "owner-role", command, INCIDENT_ARGUMENT_ROLE);
  append (facts, "task-kind", command, INCIDENT_ARGUMENT_KIND);
  append (facts, "after", command, INCIDENT_ARGUMENT_AFTER);
  incident_verb_append_due (command, "due", now, facts);
}

static void
append_unlink_facts (IncidentCommand *command,
                     GString         *facts)
{
  g_autofree char *both = g_strdup_printf ("%s %s", incident_command_peek (command, INCIDENT_ARGUMENT_KIND),
                                           incident_command_peek (command, INCIDENT_ARGUMENT_CASE));

  incident_facts_append (facts, "unlink", both);
}

/* Of several who have the role, who offered it leaves it. */
static void
append_accept_facts (const IncidentState *state,
                     IncidentCommand     *command,
                     GString             *facts)
{
  const char *role = incident_command_peek (command, INCIDENT_ARGUMENT_ROLE);
  const IncidentOffer *offer = incident_dossier_get_offer (state->dossier, role);

  incident_facts_append (facts, "role", role);
  if (offer != NULL && incident_state_count_holders (state, role) > 1 && incident_state_holds (state, role, offer->from))
    incident_facts_append (facts, "leaves", offer->from);
  incident_facts_append (facts, "person", incident_command_get_actor (command));
}

static guint
count_hypotheses (const IncidentDossier *dossier)
{
  return dossier != NULL && dossier->hypotheses != NULL ? dossier->hypotheses->len : 0;
}

void
incident_verb_append_facts (const IncidentVerb  *self,
                            const IncidentState *state,
                            IncidentCommand     *command,
                            gint64               now,
                            GString             *facts)
{
  const IncidentDossier *dossier = state->dossier;

  for (guint i = 0; self->says[i].fact != NULL; i++)
    append (facts, self->says[i].fact, command, self->says[i].argument);

  switch ((int) incident_verb_get_id (self))
    {
    case INCIDENT_VERB_HANDOFF:
      incident_verb_append_due (command, "offered-until", now, facts);
      break;
    case INCIDENT_VERB_ACCEPT:
      append_accept_facts (state, command, facts);
      break;
    case INCIDENT_VERB_TAKE_COMMAND:
      incident_facts_append (facts, "role", INCIDENT_ROLE_COMMANDER);
      incident_facts_append (facts, "person", incident_command_get_actor (command));
      break;
    case INCIDENT_VERB_ACKNOWLEDGE:
      incident_facts_append (facts, "acknowledged-by", incident_command_get_actor (command));
      break;
    case INCIDENT_VERB_ADD_TASK:
    case INCIDENT_VERB_START_TASK:
    case INCIDENT_VERB_FINISH_TASK:
    case INCIDENT_VERB_SKIP_TASK:
    case INCIDENT_VERB_REOPEN_TASK:
    case INCIDENT_VERB_HAND_TASK:
      append_task_facts (self, state, command, now, facts);
      break;
    case INCIDENT_VERB_PRIORITISE:
      incident_facts_append (facts, "priority-by", "person");
      break;
    case INCIDENT_VERB_DECIDE:
      incident_facts_append_number (facts, "decision", (dossier != NULL ? dossier->n_decisions : 0) + 1);
      break;
    case INCIDENT_VERB_SUPPOSE:
      incident_facts_append_number (facts, "hypothesis", count_hypotheses (dossier) + 1);
      incident_facts_append (facts, "hypothesis-state", "open");
      break;
    case INCIDENT_VERB_UNLINK:
      append_unlink_facts (command, facts);
      break;
    case INCIDENT_VERB_UNACKNOWLEDGE:
      incident_facts_append (facts, "unacknowledged", incident_verb_get_unacknowledged (command));
      break;
    case INCIDENT_VERB_SNOOZE:
      incident_verb_append_due (command, "snoozed-until", now, facts);
      break;
    case INCIDENT_VERB_WAKE:
      incident_facts_append (facts, "snoozed-until", "no");
      break;
    case INCIDENT_VERB_MOVE_RUNS:
      incident_facts_append (facts, "moves-runs", "yes");
      break;
    default:
      break;
    }
}
