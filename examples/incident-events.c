/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include <glib-unix.h>

#include "incident-print.h"
#include "incident-verbs.h"

static void
add_event (Table         *table,
           IncidentEvent *event)
{
  g_autofree char *summary = incident_event_dup_summary (event);

  table_add_time (table, incident_event_get_occurred_at (event));
  table_add (table, STYLE_PLAIN, incident_event_get_actor (event));
  table_add (table, STYLE_PLAIN, summary);
}

static void
print_timeline (GPtrArray *events)
{
  static const char * const columns[] = { "time", "actor", "what", NULL };
  g_autoptr(Table) table = table_new (columns, FALSE, FALSE);

  for (guint i = 0; i < events->len; i++)
    add_event (table, g_ptr_array_index (events, i));

  table_print (table);
}

static void
print_timeline_as_json (GListModel *timeline)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (timeline); i++)
    {
      g_autoptr(IncidentEvent) event = g_list_model_get_item (timeline, i);

      g_ptr_array_add (documents, incident_event_to_json (event));
    }

  print_array (documents);
}

gboolean
verb_timeline (const Verb *verb,
               Words      *words,
               GError    **error)
{
  g_autoptr(IncidentCase) kase = words_get_case (words, error);
  g_autoptr(GPtrArray) events = NULL;

  if (kase == NULL)
    return FALSE;

  events = incident_case_list_events (kase);
  if (words_has (words, "json"))
    print_timeline_as_json (incident_case_get_timeline (kase));
  else
    print_timeline (events);

  return TRUE;
}

/* The log, read once or for ever. */
typedef struct
{
  IncidentDesk *desk;
  guint64       next;
  gboolean      as_json;
  gboolean      as_lines;  /* an object a line, not an array */
  GMainLoop    *loop;
  GError       *error;
} Log;

/* An event does not say in JSON whose it is; the log must. */
static char *
entry_to_json (IncidentEvent *event)
{
  g_autofree char *document = incident_event_to_json (event);
  g_autofree char *id = incident_case_number_to_string (incident_event_get_case_number (event));

  return g_strdup_printf ("{\"id\":\"%s\",\"log_index\":%" G_GUINT64_FORMAT ",%s",
                          id, incident_event_get_log_index (event), document + strlen ("{"));
}

static void
print_entries_as_json (GPtrArray *entries,
                       gboolean   as_lines)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (documents, entry_to_json (g_ptr_array_index (entries, i)));

  if (!as_lines)
    print_array (documents);
  for (guint i = 0; as_lines && i < documents->len; i++)
    print_document (g_ptr_array_index (documents, i));
}

static void
print_entries (GPtrArray *entries)
{
  static const char * const columns[] = { "id", "time", "actor", "what", NULL };
  g_autoptr(Table) table = table_new (columns, FALSE, FALSE);

  for (guint i = 0; i < entries->len; i++)
    {
      IncidentEvent *event = g_ptr_array_index (entries, i);
      g_autofree char *id = incident_case_number_to_string (incident_event_get_case_number (event));

      table_add (table, STYLE_PLAIN, id);
      add_event (table, event);
    }

  table_print (table);
}

/* All that was recorded since the last call. */
static GPtrArray *
log_read (Log     *self,
          GError **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_read;

  do
    {
      g_autoptr(GPtrArray) events = incident_desk_list_events (self->desk, self->next, INCIDENT_QUERY_MAX_LIMIT, error);

      if (events == NULL)
        return NULL;

      n_read = events->len;
      self->next += n_read;
      g_ptr_array_extend_and_steal (entries, g_steal_pointer (&events));
    }
  while (n_read == INCIDENT_QUERY_MAX_LIMIT);

  return g_steal_pointer (&entries);
}

static gboolean
log_print (Log     *self,
           GError **error)
{
  g_autoptr(GPtrArray) entries = log_read (self, error);

  if (entries == NULL)
    return FALSE;

  if (self->as_json)
    print_entries_as_json (entries, self->as_lines);
  else
    print_entries (entries);

  return print_flush (error);
}

static gboolean
on_second (gpointer user_data)
{
  Log *self = user_data;

  if (incident_desk_refresh (self->desk, &self->error) && log_print (self, &self->error))
    return G_SOURCE_CONTINUE;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt (gpointer user_data)
{
  Log *self = user_data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
log_follow (Log     *self,
            GError **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint sources[3];

  self->loop = loop;
  sources[0] = g_unix_signal_add (SIGINT, on_interrupt, self);
  sources[1] = g_unix_signal_add (SIGTERM, on_interrupt, self);
  sources[2] = g_timeout_add_seconds (1, on_second, self);
  g_main_loop_run (loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);

  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

gboolean
verb_log (const Verb *verb,
          Words      *words,
          GError    **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  Log reading = { 0 };

  if (desk == NULL)
    return FALSE;

  reading.desk = desk;
  reading.as_json = words_has (words, "json");
  reading.as_lines = words_has (words, "follow");
  if (!log_print (&reading, error))
    return FALSE;

  return !words_has (words, "follow") || log_follow (&reading, error);
}
