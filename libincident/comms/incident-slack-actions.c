/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-actions-private.h"

#include "comms/incident-slack-text-private.h"

#define MOST_BUTTONS       25    /* in a block */
#define MOST_IN_LABEL      75
#define MOST_IN_VALUE      2000
#define MOST_IN_ID         255
#define MOST_IN_QUESTION   300
#define MOST_IN_CONFIRM    30

static void
write_style (IncidentJsonWriter *writer,
             IncidentActionStyle style)
{
  if (style != INCIDENT_ACTION_PLAIN)
    incident_json_writer_member (writer, "style", style == INCIDENT_ACTION_GOOD ? "primary" : "danger");
}

static void
write_confirm (IncidentJsonWriter          *writer,
               const IncidentMessageAction *action)
{
  incident_json_writer_name (writer, "confirm");
  incident_json_writer_begin_object (writer);
  incident_slack_write_plain (writer, "title", "Are you sure?", MOST_IN_CONFIRM);
  incident_slack_write_plain (writer, "text", action->confirm, MOST_IN_QUESTION);
  incident_slack_write_plain (writer, "confirm", action->label, MOST_IN_CONFIRM);
  incident_slack_write_plain (writer, "deny", "Cancel", MOST_IN_CONFIRM);
  write_style (writer, action->style);
  incident_json_writer_end_object (writer);
}

static void
write_button (IncidentJsonWriter          *writer,
              const IncidentMessageAction *action)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "type", "button");
  incident_json_writer_member (writer, "action_id", action->id);
  incident_slack_write_plain (writer, "text", action->label, MOST_IN_LABEL);
  incident_json_writer_member (writer, "value", action->value);
  write_style (writer, action->style);
  if (incident_slack_text_is_shown (action->confirm))
    write_confirm (writer, action);
  incident_json_writer_end_object (writer);
}

/* What is not whole would mean something else, so it is no button. */
static gboolean
is_possible (const IncidentMessageAction *action)
{
  return action->id != NULL && action->value != NULL && incident_slack_text_is_shown (action->label)
         && *action->id != '\0' && *action->value != '\0'
         && g_utf8_strlen (action->id, -1) <= MOST_IN_ID && g_utf8_strlen (action->value, -1) <= MOST_IN_VALUE;
}

static gboolean
is_in (GPtrArray  *ids,
       const char *id)
{
  return g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL);
}

/* A block of those from @start on; where the next one begins. An id may stand in a block but once. */
static guint
add_row (IncidentSlackBlockList *list,
         GPtrArray              *actions,
         guint                   start)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  IncidentJsonWriter writer;
  guint i;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "type", "actions");
  incident_json_writer_name (&writer, "elements");
  incident_json_writer_begin_array (&writer);
  for (i = start; i < actions->len && ids->len < MOST_BUTTONS; i++)
    {
      IncidentMessageAction *action = g_ptr_array_index (actions, i);

      if (is_in (ids, action->id))
        break;
      g_ptr_array_add (ids, action->id);
      write_button (&writer, action);
    }
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  incident_slack_block_list_add (list, incident_json_writer_finish (&writer));
  return i;
}

void
incident_slack_add_actions (IncidentSlackBlockList *list,
                            const IncidentMessage  *message)
{
  g_autoptr(GPtrArray) possible = g_ptr_array_new ();

  for (guint i = 0; i < message->actions->len; i++)
    if (is_possible (g_ptr_array_index (message->actions, i)))
      g_ptr_array_add (possible, g_ptr_array_index (message->actions, i));
  for (guint i = 0; i < possible->len;)
    i = add_row (list, possible, i);
}
