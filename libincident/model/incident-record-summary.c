/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-record-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* What stands in the facts for the machine. */
static gboolean
is_for_people (const char *name,
               gsize       length)
{
  static const char * const hidden[] = { "playbook", "lifecycle", "by", "provider", "priority-by" };

  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    if (strlen (hidden[i]) == length && strncmp (hidden[i], name, length) == 0)
      return FALSE;

  return TRUE;
}

/* “severity sev2, impact high” */
static void
append_facts (GString    *line,
              const char *facts)
{
  const char *name, *value;
  gsize name_length, value_length;

  while (incident_facts_next (&facts, &name, &name_length, &value, &value_length))
    {
      if (!is_for_people (name, name_length))
        continue;
      g_string_append (line, line->len > 0 ? ", " : "");
      g_string_append_len (line, name, (gssize) name_length);
      g_string_append_c (line, ' ');
      g_string_append_len (line, value, (gssize) value_length);
    }
}

static void
append_part (GString    *line,
             const char *part,
             gsize       length)
{
  if (length == 0)
    return;

  if (line->len > 0)
    incident_text_append_constant (line, ": ");
  incident_text_append_len (line, part, length);
}

/* “alert-fired” is a name for programs. */
static void
append_kind (GString    *line,
             const char *kind)
{
  for (; *kind != '\0'; kind++)
    g_string_append_c (line, *kind == '-' ? ' ' : *kind);
}

static gboolean
append_fact (GString              *line,
             const IncidentRecord *record,
             const char           *name)
{
  const char *value;
  gsize length;

  if (!incident_facts_find (record->facts, name, &value, &length))
    return FALSE;

  incident_text_append_len (line, value, length);
  return TRUE;
}

static void
append_assignment (GString              *line,
                   const IncidentRecord *record)
{
  gboolean assigned = append_fact (line, record, "person");

  if (assigned)
    incident_text_append_constant (line, " is ");
  append_fact (line, record, "role");
  if (!assigned)
    incident_text_append_constant (line, " released");
}

static void
append_escalation (GString              *line,
                   const IncidentRecord *record)
{
  const char *escalation;
  gsize length;

  incident_text_append_constant (line, "escalated to ");
  append_fact (line, record, "target");
  if (incident_facts_find (record->facts, "escalation", &escalation, &length)
      && length == strlen ("hierarchical") && strncmp (escalation, "hierarchical", length) == 0)
    incident_text_append_constant (line, " for authority");
}

/* What the events of the record say: a fact stands in braces. */
static const struct
{
  const char *kind;
  const char *words;
} phrases[] = {
  { "acknowledged", "acknowledged by {acknowledged-by}" },
  { "case-merged", "took in {merged}" },
  { "checklist-added", "checklist {checklist} added" },
  { "command-taken", "{person} took command" },
  { "corrected", "correction of event {corrects}" },
  { "decided", "decision {decision}" },
  { "escalation-acknowledged", "escalation rests" },
  { "escalation-ended", "escalation has ended" },
  { "escalation-exhausted", "escalation is at its end" },
  { "escalation-moved", "escalation goes on by another version" },
  { "escalation-paused", "escalation is paused until {run-due}" },
  { "escalation-rearmed", "escalation goes on" },
  { "escalation-started", "escalation by policy {policy}" },
  { "fallback-paged", "fallback paged" },
  { "handoff-accepted", "{person} is {role}" },
  { "handoff-declined", "the role {declined-role} was declined" },
  { "handoff-offered", "the role {offered-role} is offered to {offered-to}" },
  { "hypothesis-judged", "hypothesis {hypothesis} is {hypothesis-state}" },
  { "hypothesis-stated", "hypothesis {hypothesis}" },
  { "impact-measured", "{measure}: {amount} {unit} ({certainty})" },
  { "linked", "{link} {linked-to}" },
  { "merged", "merged into {merged-into}" },
  { "messaged", "message" },
  { "page-asked", "{page-target} is to be paged" },
  { "page-failed", "{page-failed} could not be reached" },
  { "person-paged", "paged" },
  { "prioritised", "priority {priority}" },
  { "priority-raised", "priority raised to {priority}" },
  { "recorded", "{field}" },
  { "redacted", "the words of event {redacts} were removed" },
  { "reminder-dismissed", "no more reminders of {dismissed}" },
  { "report-filed", "report {filed} filed" },
  { "runs-moved", "escalations go on by the playbook in force" },
  { "said-deleted", "deleted what was said" },
  { "service-affected", "{affects} is affected" },
  { "snoozed", "quiet until {snoozed-until}" },
  { "step-fired", "step {step}" },
  { "step-held", "step {step}" },
  { "step-skipped", "step {step}" },
  { "task-added", "task {task}" },
  { "task-done", "task {task} is done" },
  { "task-handed", "task {task} is for {owner}{owner-role}" },
  { "task-reopened", "task {task} is open again" },
  { "task-skipped", "task {task} is skipped" },
  { "task-started", "task {task} is started" },
  { "unacknowledged", "acknowledgement of {unacknowledged} taken back" },
  { "unlinked", "no longer {unlink}" },
  { "update-given", "{update} update" },
  { "update-proposed", "{audience} update proposed" },
};

static void
append_phrase (GString              *line,
               const IncidentRecord *record,
               const char           *words)
{
  while (*words != '\0')
    {
      gsize plain = strcspn (words, "{");
      g_autofree char *name = NULL;

      g_string_append_len (line, words, (gssize) plain);
      words += plain;
      if (*words == '\0')
        return;
      name = g_strndup (words + 1, strcspn (words + 1, "}"));
      append_fact (line, record, name);
      words += strlen (name) + 2;
    }
}

/* They are sorted by kind. */
static const char *
find_phrase (const char *kind)
{
  guint from = 0, to = G_N_ELEMENTS (phrases);

  while (from < to)
    {
      guint middle = (from + to) / 2;
      int order = strcmp (kind, phrases[middle].kind);

      if (order == 0)
        return phrases[middle].words;
      if (order < 0)
        to = middle;
      else
        from = middle + 1;
    }

  return NULL;
}

/* Alerts name themselves; other kinds say what happened and add the words. */
static const char * const said[] = { "title", "name", "summary", "text" };

static int
find_said (const char *name,
           gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (*name == *said[i] && strncmp (name, said[i], length) == 0 && said[i][length] == '\0')
      return (int) i;

  return -1;
}

static gboolean
append_plain_words (GString    *line,
                    const char *payload)
{
  const char *words[G_N_ELEMENTS (said)] = { NULL, };
  gsize lengths[G_N_ELEMENTS (said)] = { 0, };
  const char *name, *value;
  gsize name_length, length;

  while (incident_payload_next (&payload, &name, &name_length, &value, &length))
    {
      int place = find_said (name, name_length);

      /* No name comes twice, but if one did, everybody else would take the first. */
      if (place >= 0 && words[place] == NULL)
        {
          words[place] = value;
          lengths[place] = length;
        }
    }
  if (!g_str_equal (payload, "}"))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    append_part (line, words[i], lengths[i]);
  return TRUE;
}

static void
append_words (GString    *line,
              const char *payload)
{
  const char *words[G_N_ELEMENTS (said)] = { NULL, };
  g_autoptr(IncidentJsonReader) reader = NULL;
  const char *name;

  if (append_plain_words (line, payload))
    return;

  reader = incident_json_reader_new (payload, strlen (payload), NULL, &incident_record_limits);
  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    {
      int place = find_said (name, strlen (name));

      if (place >= 0 && incident_json_reader_peek (reader) == INCIDENT_JSON_STRING)
        words[place] = incident_json_reader_read_string (reader);
      else
        incident_json_reader_skip (reader);
    }

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (words[i] != NULL)
      append_part (line, words[i], strlen (words[i]));
}

/* Who said it: somebody the playbook does not know has a name in the payload, which may be gone. */
static void
append_said (GString              *line,
             const IncidentRecord *record,
             const char           *verb)
{
  g_autofree char *author = incident_record_dup_string (record, "author");

  if (record->payload != NULL)
    g_string_append_printf (line, "%s ", author != NULL ? author : record->actor);
  g_string_append (line, verb);
}

/* A note is nothing but its words. */
static void
append_event (GString              *line,
              const IncidentRecord *record)
{
  const char *phrase;

  if (g_str_equal (record->kind, "noted"))
    return;

  if (g_str_equal (record->kind, "assigned") || g_str_equal (record->kind, "released"))
    append_assignment (line, record);
  else if (g_str_equal (record->kind, "escalated"))
    append_escalation (line, record);
  else if (g_str_equal (record->kind, "said"))
    append_said (line, record, "said");
  else if (g_str_equal (record->kind, "said-edited"))
    append_said (line, record, "said (edited)");
  else if (g_str_equal (record->kind, "pinned"))
    append_said (line, record, "said (pinned)");
  else if (g_str_equal (record->kind, "classified"))
    append_facts (line, record->facts);
  else if ((phrase = find_phrase (record->kind)) != NULL)
    append_phrase (line, record, phrase);
  else
    append_kind (line, record->kind);
}

void
incident_record_write_summary (const IncidentRecord *self,
                               GString              *line)
{
  g_string_truncate (line, 0);
  append_event (line, self);
  if (self->payload != NULL)
    append_words (line, self->payload);
  else
    append_part (line, "(withheld)", strlen ("(withheld)"));
  incident_text_make_line (line);
}
