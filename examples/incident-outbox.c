/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* The outbox: what waits, what was sent, what is dead, and sending it. */

static Style
state_style (IncidentMessageState state)
{
  switch (state)
    {
    case INCIDENT_MESSAGE_STATE_DEAD:
    case INCIDENT_MESSAGE_STATE_EXPIRED:
      return STYLE_BAD;
    case INCIDENT_MESSAGE_STATE_UNSURE:
      return STYLE_WARNING;
    case INCIDENT_MESSAGE_STATE_SENT:
      return STYLE_GOOD;
    case INCIDENT_MESSAGE_STATE_SUPERSEDED:
    case INCIDENT_MESSAGE_STATE_WITHDRAWN:
      return STYLE_FAINT;
    case INCIDENT_MESSAGE_STATE_PENDING:
    case INCIDENT_MESSAGE_STATE_SENDING:
    default:
      return STYLE_PLAIN;
    }
}

static void
add_message (Table           *table,
             IncidentMessage *message)
{
  IncidentMessageState state = incident_message_get_state (message);
  guint64 case_number = incident_message_get_case_number (message);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, incident_message_get_number (message));
  g_autofree char *id = case_number != 0 ? incident_case_number_to_string (case_number) : NULL;

  table_add (table, STYLE_PLAIN, number);
  table_add (table, state_style (state), incident_message_state_to_string (state));
  table_add (table, STYLE_PLAIN, incident_message_get_channel (message));
  table_add (table, STYLE_PLAIN, id);
  table_add (table, STYLE_PLAIN, incident_message_kind_to_string (incident_message_get_kind (message)));
  table_add_time (table, incident_message_get_due_at (message));
  table_add (table, STYLE_WARNING, incident_message_get_trouble (message));
  table_add (table, STYLE_PLAIN, incident_message_get_text (message));
}

static void
print_messages (GPtrArray *messages)
{
  static const char * const headings[] = { "NO", "STATE", "CHANNEL", "CASE", "KIND", "DUE", "TROUBLE", "TEXT", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < messages->len; i++)
    add_message (table, g_ptr_array_index (messages, i));
  if (messages->len > 0)
    table_print (table);
}

static gboolean
get_case_number (Words    *words,
                 guint64  *number,
                 GError  **error)
{
  const char *id = words_get (words, "case");

  *number = 0;
  return id == NULL || incident_case_number_from_string (id, number, error);
}

static gboolean
list (IncidentDesk *desk,
      Words        *words,
      GError      **error)
{
  guint limit = 100;
  guint64 case_number;
  const char *state = words_has (words, "all") ? NULL : words_has (words, "state") ? words_get (words, "state") : "waiting";
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GPtrArray) documents = NULL;

  if (!words_get_count (words, "limit", INCIDENT_QUERY_MAX_LIMIT, &limit, error) || !get_case_number (words, &case_number, error))
    return FALSE;

  messages = incident_desk_list_messages (desk, words_get (words, "channel"), state, case_number, 0, limit, error);
  if (messages == NULL)
    return FALSE;
  if (!words_has (words, "json"))
    {
      print_messages (messages);
      return TRUE;
    }

  documents = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < messages->len; i++)
    g_ptr_array_add (documents, incident_message_to_json (g_ptr_array_index (messages, i)));
  print_array (documents);
  return TRUE;
}

static gboolean
read_number (Words    *words,
             guint64  *number,
             GError  **error)
{
  const char *text = words_get_place (words, 1);

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, number, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "“%s” is no number of a message: “incident outbox list --all” shows them", text != NULL ? text : "");
  return FALSE;
}

static gboolean
show (IncidentDesk *desk,
      Words        *words,
      GError      **error)
{
  g_autoptr(IncidentMessage) message = NULL;
  g_autofree char *json = NULL;
  guint64 number;

  if (!read_number (words, &number, error))
    return FALSE;
  message = incident_desk_get_message (desk, number, error);
  if (message == NULL)
    return FALSE;

  json = incident_message_to_json (message);
  print_document (json);
  return TRUE;
}

/* As it stands now. */
static gboolean
print_changed (IncidentDesk *desk,
               Words        *words,
               guint64       number,
               GError      **error)
{
  g_autoptr(IncidentMessage) message = incident_desk_get_message (desk, number, error);
  g_autoptr(GPtrArray) messages = g_ptr_array_new ();
  g_autofree char *json = NULL;

  if (message == NULL)
    return FALSE;
  if (!words_has (words, "json"))
    {
      g_ptr_array_add (messages, message);
      print_messages (messages);
      return TRUE;
    }

  json = incident_message_to_json (message);
  print_document (json);
  return TRUE;
}

static gboolean
retry (IncidentDesk *desk,
       Words        *words,
       GError      **error)
{
  guint64 number;

  return read_number (words, &number, error)
         && incident_desk_retry_message (desk, number, words_get_actor (words), error)
         && print_changed (desk, words, number, error);
}

static gboolean
withdraw (IncidentDesk *desk,
          Words        *words,
          GError      **error)
{
  guint64 number;

  return read_number (words, &number, error)
         && incident_desk_withdraw_message (desk, number, words_get_actor (words), error)
         && print_changed (desk, words, number, error);
}

static void
on_delivered (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
send_due (IncidentDesk *desk,
          Words        *words,
          GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *due = NULL;
  gint64 next;

  incident_desk_deliver_async (desk, NULL, on_delivered, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!incident_desk_deliver_finish (desk, result, &next, error))
    return FALSE;

  due = next < G_MAXINT64 ? incident_time_to_string (next) : NULL;
  if (words_has (words, "json"))
    print_member ("next", due);
  else if (due != NULL)
    print_line ("Something is due again at %s", due);
  return TRUE;
}

typedef struct
{
  const char *name;
  guint       n_places; /* its own word is one */
  gboolean  (*run) (IncidentDesk *desk,
                    Words        *words,
                    GError      **error);
} Action;

static const Action actions[] = {
  { "list", 1, list },
  { "show", 2, show },
  { "retry", 2, retry },
  { "withdraw", 2, withdraw },
  { "send", 1, send_due },
};

/* Who wants one channel's sent shall not find that all were. */
static gboolean
check_action (const Action  *action,
              Words         *words,
              GError       **error)
{
  static const char * const selecting[] = { "channel", "state", "case", "limit", "all" };

  if (words_get_place (words, action->n_places) != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "“%s” is one word too many: incident outbox %s",
                   words_get_place (words, action->n_places), action->name);
      return FALSE;
    }

  for (guint i = 0; action->run != list && i < G_N_ELEMENTS (selecting); i++)
    if (words_has (words, selecting[i]))
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--%s goes with “outbox list”", selecting[i]);
        return FALSE;
      }

  return TRUE;
}

gboolean
verb_outbox (const Verb *verb,
             Words      *words,
             GError    **error)
{
  const char *name = words_get_place (words, 0) != NULL ? words_get_place (words, 0) : "list";
  g_autoptr(IncidentDesk) desk = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      {
        if (!check_action (&actions[i], words, error))
          return FALSE;
        desk = words_open_desk (words, error);
        return desk != NULL && actions[i].run (desk, words, error);
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "“%s”: say list, show N, retry N, withdraw N or send", name);
  return FALSE;
}
