/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-record-private.h"

#include <string.h>

#include "base/incident-text-private.h"

/* “severity sev2, impact high” */
static void
append_facts (GString    *line,
              const char *facts)
{
  const char *name, *value;
  gsize name_length, value_length;

  for (guint i = 0; incident_facts_next (&facts, &name, &name_length, &value, &value_length); i++)
    {
      g_string_append (line, i > 0 ? ", " : "");
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

/* A note is nothing but its words. */
static void
append_event (GString              *line,
              const IncidentRecord *record)
{
  if (g_str_equal (record->kind, "noted"))
    return;

  if (g_str_equal (record->kind, "assigned") || g_str_equal (record->kind, "released"))
    append_assignment (line, record);
  else if (g_str_equal (record->kind, "escalated"))
    append_escalation (line, record);
  else if (g_str_equal (record->kind, "classified"))
    append_facts (line, record->facts);
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
