/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-slack-visit-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-option.h>
#include <libincident/incident-query.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "model/incident-effect-private.h"

/* Cases in a few lines of plain text. */

#define MOST_LISTED 20

static void
append_part (GString    *line,
             const char *name,
             const char *value)
{
  if (value != NULL)
    g_string_append_printf (line, "%s%s%s%s", line->len > 0 && !g_str_has_suffix (line->str, "\n") ? " · " : "", name,
                            *name != '\0' ? " " : "", value);
}

static void
append_class (GString      *line,
              IncidentCase *kase)
{
  IncidentSeverity severity = incident_case_get_severity (kase);
  IncidentPriority priority = incident_case_get_priority (kase);

  append_part (line, "", incident_case_get_phase (kase));
  if (severity != INCIDENT_SEVERITY_UNKNOWN)
    append_part (line, "", incident_severity_to_string (severity));
  if (priority != INCIDENT_PRIORITY_UNKNOWN)
    append_part (line, "", incident_priority_to_string (priority));
  append_part (line, "service", incident_case_get_service (kase));
}

static void
append_roles (GString      *text,
              IncidentCase *kase)
{
  g_autoptr(GPtrArray) assignments = incident_case_list_assignments (kase);

  if (assignments->len > 0)
    g_string_append_c (text, '\n');
  for (guint i = 0; i < assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (assignments, i);

      append_part (text, incident_assignment_get_role (assignment), incident_assignment_get_person (assignment));
    }
}

static void
append_tasks (GString      *text,
              IncidentCase *kase)
{
  g_autoptr(GPtrArray) tasks = incident_case_list_tasks (kase);

  for (guint i = 0; i < tasks->len; i++)
    {
      IncidentTask *task = g_ptr_array_index (tasks, i);
      const char *title = incident_task_get_title (task);

      g_string_append_printf (text, "\nTask %u (%s): %s", incident_task_get_number (task), incident_task_get_state (task),
                              title != NULL ? title : "its words were removed");
    }
}

/* “14:02 UTC”, with the day where that is not today. */
static char *
dup_moment (gint64 time,
            gint64 now)
{
  g_autofree char *text = incident_time_to_string (time);
  g_autofree char *today = incident_time_to_string (now);

  if (text == NULL || today == NULL || strlen (text) < 16)
    return g_strdup ("at a time that cannot be told");
  if (strncmp (text, today, 10) == 0)
    return g_strdup_printf ("%.5s UTC", text + 11);

  return g_strdup_printf ("%.10s %.5s UTC", text, text + 11);
}

char *
incident_slack_show_case (IncidentCase *kase)
{
  const char *title = incident_case_get_title (kase);
  g_autoptr(GString) text = g_string_new (incident_case_get_id (kase));
  g_autoptr(GString) last = g_string_new (NULL);
  const IncidentRecord *record = incident_timeline_find (incident_case_peek_timeline (kase), incident_case_get_version (kase));

  g_string_append_printf (text, " %s\n", title != NULL ? title : "");
  append_class (text, kase);
  append_roles (text, kase);
  append_tasks (text, kase);
  if (record != NULL)
    {
      incident_record_write_summary (record, last);
      g_string_append_printf (text, "\nLast: %s (%s)", last->str, record->actor);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
incident_slack_show_next (IncidentCase  *kase,
                          const char    *actor,
                          GError       **error)
{
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, actor, error);
  g_autoptr(GString) may = g_string_new (NULL);
  g_autoptr(GString) may_not = g_string_new (NULL);

  if (options == NULL)
    return NULL;

  for (guint i = 0; i < options->len; i++)
    {
      IncidentOption *option = g_ptr_array_index (options, i);
      const char * const *why = incident_option_get_why (option);

      if (incident_option_get_allowed (option))
        g_string_append_printf (may, "%s%s", may->len > 0 ? ", " : "", incident_option_get_verb (option));
      else if (incident_option_get_to (option) != NULL)
        g_string_append_printf (may_not, "\nNot “%s”: %s", incident_option_get_verb (option),
                                why != NULL && why[0] != NULL ? why[0] : "not now");
    }

  return g_strdup_printf ("%s: you may %s%s", incident_case_get_id (kase), may->len > 0 ? may->str : "do nothing now", may_not->str);
}

char *
incident_slack_show_list (IncidentDesk  *desk,
                          GError       **error)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) cases = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  incident_query_set_open_only (query, TRUE);
  incident_query_set_limit (query, MOST_LISTED + 1);
  cases = incident_desk_find_cases (desk, query, error);
  if (cases == NULL)
    return NULL;

  for (guint i = 0; i < MIN (cases->len, MOST_LISTED); i++)
    {
      IncidentCase *kase = g_ptr_array_index (cases, i);
      g_autoptr(GString) line = g_string_new (NULL);
      const char *title = incident_case_get_title (kase);

      append_class (line, kase);
      g_string_append_printf (text, "%s%s %s (%s)", i > 0 ? "\n" : "", incident_case_get_id (kase), title != NULL ? title : "", line->str);
    }
  if (cases->len > MOST_LISTED)
    g_string_append (text, "\n… and older ones");

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup ("No case is open");
}

/* Staleness */

static gboolean
is_fact (const IncidentRecord *record,
         const char           *name,
         const char           *value)
{
  const char *found;
  gsize length;

  return incident_facts_find (record->facts, name, &found, &length)
         && (value == NULL || (strlen (value) == length && strncmp (found, value, length) == 0));
}

/* Does it change what the verb depends on? @phase: what it was before. */
static gboolean
moves (const IncidentRecord *record,
       const char           *verb,
       const char           *role,
       const char           *phase)
{
  IncidentEffect effect;

  incident_effect_read (&effect, record->facts);
  if (effect.episode > 0 || effect.open == FALSE)
    return TRUE;
  if (g_str_equal (verb, "acknowledge"))
    return effect.live == FALSE || is_fact (record, "acknowledged-by", NULL);
  if (g_str_equal (verb, "assign"))
    return is_fact (record, "role", role);

  return (effect.phase != NULL && effect.phase != phase) || effect.level > 0;
}

char *
incident_slack_dup_staleness (IncidentCase *kase,
                              const char   *verb,
                              const char   *role,
                              guint         seq,
                              guint         episode,
                              gint64        now)
{
  IncidentTimeline *timeline = incident_case_peek_timeline (kase);
  const IncidentRecord *mover = NULL;
  const char *phase = NULL;
  g_autofree char *when = NULL;
  g_autofree char *what = NULL;

  for (guint i = 1; i <= incident_case_get_version (kase); i++)
    {
      const IncidentRecord *record = incident_timeline_find (timeline, i);
      IncidentEffect effect;

      if (record == NULL)
        break;
      incident_effect_read (&effect, record->facts);
      if (i > seq && moves (record, verb, role, phase))
        mover = record;
      phase = effect.phase != NULL ? effect.phase : phase;
    }
  if (mover == NULL)
    return incident_case_get_episode (kase) == episode
           ? NULL : g_strdup_printf ("%s is in its episode %u by now: this was about episode %u", incident_case_get_id (kase),
                                     incident_case_get_episode (kase), episode);

  when = dup_moment (mover->recorded_at, now);
  what = g_strdelimit (g_strdup (mover->kind), "-", ' ');
  if (is_fact (mover, "person", NULL) && g_str_equal (verb, "assign"))
    {
      g_autofree char *person = incident_facts_dup (mover->facts, "person");

      return g_strdup_printf ("%s: %s “%s” to %s by %s, %s", incident_case_get_id (kase), what, role, person, mover->actor, when);
    }
  return g_strdup_printf ("%s: %s by %s, %s", incident_case_get_id (kase), what, mover->actor, when);
}
