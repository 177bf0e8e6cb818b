/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-alerts.h"

#include "incident-print.h"

static Style
state_style (IncidentSilenceState state)
{
  if (state == INCIDENT_SILENCE_STATE_ACTIVE)
    return STYLE_WARNING;

  return state == INCIDENT_SILENCE_STATE_PENDING ? STYLE_PLAIN : STYLE_FAINT;
}

static char *
join_lists (IncidentSilence *silence)
{
  g_auto(GStrv) lists = incident_silence_dup_matchers (silence);

  return g_strjoinv (" ", lists);
}

void
silences_print (GPtrArray *silences,
                gint64     now)
{
  static const char * const headings[] = { "ID", "STATE", "FROM", "UNTIL", "WITHIN", "OWNER", "MATCHERS", "REASON", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < silences->len; i++)
    {
      IncidentSilence *silence = g_ptr_array_index (silences, i);
      IncidentSilenceState state = incident_silence_get_state (silence, now);
      g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, incident_silence_get_id (silence));
      g_autofree char *lists = join_lists (silence);

      table_add (table, STYLE_PLAIN, id);
      table_add (table, state_style (state), incident_silence_state_to_string (state));
      table_add_time (table, incident_silence_get_starts_at (silence));
      table_add_time (table, incident_silence_get_ends_at (silence));
      table_add (table, STYLE_PLAIN, incident_silence_get_interval (silence));
      table_add (table, STYLE_PLAIN, incident_silence_get_owner (silence));
      table_add (table, STYLE_PLAIN, lists);
      table_add (table, STYLE_PLAIN, incident_silence_get_reason (silence));
    }
  if (silences->len > 0)
    table_print (table);
}

void
silences_print_as_json (GPtrArray *silences)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < silences->len; i++)
    g_ptr_array_add (documents, incident_silence_to_json (g_ptr_array_index (silences, i)));
  print_array (documents);
}

static void
add_field (Table      *table,
           const char *name,
           const char *value)
{
  table_add (table, STYLE_FAINT, name);
  table_add (table, STYLE_PLAIN, value);
}

void
silences_print_one (IncidentSilence *silence,
                    gint64           now)
{
  static const char * const columns[] = { "field", "value", NULL };
  IncidentSilenceState state = incident_silence_get_state (silence, now);
  g_autoptr(Table) table = table_new (columns, FALSE, FALSE);
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, incident_silence_get_id (silence));
  g_auto(GStrv) lists = incident_silence_dup_matchers (silence);

  add_field (table, "id", id);
  table_add (table, STYLE_FAINT, "state");
  table_add (table, state_style (state), incident_silence_state_to_string (state));
  for (guint i = 0; lists[i] != NULL; i++)
    add_field (table, i == 0 ? "mutes" : "or", lists[i]);
  table_add (table, STYLE_FAINT, "from");
  table_add_time (table, incident_silence_get_starts_at (silence));
  table_add (table, STYLE_FAINT, "until");
  table_add_time (table, incident_silence_get_ends_at (silence));
  add_field (table, "within", incident_silence_get_interval (silence));
  add_field (table, "owner", incident_silence_get_owner (silence));
  add_field (table, "reason", incident_silence_get_reason (silence));
  table_print (table);
}
