/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-print.h"
#include "incident-verbs.h"

#define DEFAULT_LIMIT 50

static IncidentQuery *
query_new (Words   *words,
           GError **error)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  const char *before = words_get (words, "before");
  guint limit = DEFAULT_LIMIT;
  guint64 number;
  gint64 since;

  if (!words_get_count (words, "limit", INCIDENT_QUERY_MAX_LIMIT, &limit, error) || !words_get_time (words, "since", &since, error))
    return NULL;

  incident_query_set_open_only (query, words_has (words, "open"));
  incident_query_set_phase (query, words_get (words, "phase"));
  incident_query_set_service (query, words_get (words, "service"));
  incident_query_set_limit (query, limit);
  if (since != INCIDENT_TIME_NONE)
    incident_query_set_since (query, since);
  if (before != NULL)
    {
      if (!incident_case_number_from_string (before, &number, error))
        return NULL;
      incident_query_set_before (query, number);
    }

  return g_steal_pointer (&query);
}

static void
print_cases_as_json (GPtrArray *cases)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < cases->len; i++)
    g_ptr_array_add (documents, incident_case_to_json (g_ptr_array_index (cases, i)));

  print_array (documents);
}

static const char *
severity_of (IncidentCase *kase)
{
  IncidentSeverity severity = incident_case_get_severity (kase);

  return severity != INCIDENT_SEVERITY_UNKNOWN ? incident_severity_to_string (severity) : NULL;
}

static const char *
priority_of (IncidentCase *kase)
{
  IncidentPriority priority = incident_case_get_priority (kase);

  return priority != INCIDENT_PRIORITY_UNKNOWN ? incident_priority_to_string (priority) : NULL;
}

static const char *
level_of (IncidentLevel level)
{
  return level != INCIDENT_LEVEL_UNKNOWN ? incident_level_to_string (level) : NULL;
}

static void
print_cases (GPtrArray *cases)
{
  static const char * const headings[] = {
    "ID", "SEV", "PRIO", "PHASE", "OPENED", "COMMANDER", "SERVICE", "TITLE", NULL
  };
  g_autoptr(Table) table = table_new (headings, TRUE, TRUE);

  for (guint i = 0; i < cases->len; i++)
    {
      IncidentCase *kase = g_ptr_array_index (cases, i);

      table_add (table, STYLE_PLAIN, incident_case_get_id (kase));
      table_add (table, print_severity_style (incident_case_get_severity (kase)), severity_of (kase));
      table_add (table, STYLE_PLAIN, priority_of (kase));
      table_add (table, print_phase_style (kase), incident_case_get_phase (kase));
      table_add_time (table, incident_case_get_opened_at (kase));
      table_add (table, STYLE_PLAIN, incident_case_get_commander (kase));
      table_add (table, STYLE_PLAIN, incident_case_get_service (kase));
      table_add (table, STYLE_PLAIN, incident_case_get_title (kase));
    }

  table_print (table);
}

/* Asks for the case that would begin the next page. */
static gboolean
tell_of_more (IncidentDesk  *desk,
              IncidentQuery *query,
              IncidentCase  *last,
              GError       **error)
{
  g_autoptr(GPtrArray) more = NULL;

  incident_query_set_before (query, incident_case_get_number (last));
  incident_query_set_limit (query, 1);
  more = incident_desk_find_cases (desk, query, error);
  if (more == NULL)
    return FALSE;

  if (more->len > 0)
    g_printerr ("incident: there are more: add --before %s\n", incident_case_get_id (last));

  return TRUE;
}

gboolean
verb_list (const Verb *verb,
           Words      *words,
           GError    **error)
{
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentQuery) query = query_new (words, error);
  g_autoptr(GPtrArray) cases = NULL;

  if (query == NULL)
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL)
    return FALSE;

  cases = incident_desk_find_cases (desk, query, error);
  if (cases == NULL)
    return FALSE;

  if (words_has (words, "json"))
    {
      print_cases_as_json (cases);
      return TRUE;
    }

  print_cases (cases);
  return cases->len == 0 || tell_of_more (desk, query, g_ptr_array_index (cases, cases->len - 1), error);
}

static void
add_field (Table      *table,
           const char *name,
           Style       style,
           const char *value)
{
  table_add (table, STYLE_FAINT, name);
  table_add (table, style, value);
}

static void
add_time_field (Table      *table,
                const char *name,
                gint64      time)
{
  table_add (table, STYLE_FAINT, name);
  table_add_time (table, time);
}

static void
add_number_field (Table      *table,
                  const char *name,
                  guint       number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  add_field (table, name, STYLE_PLAIN, text);
}

static void
add_roles (Table        *table,
           IncidentCase *kase)
{
  g_autoptr(GPtrArray) assignments = incident_case_list_assignments (kase);

  for (guint i = 0; i < assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (assignments, i);

      if (incident_assignment_get_until (assignment) == INCIDENT_TIME_NONE)
        add_field (table, incident_assignment_get_role (assignment), STYLE_PLAIN,
                   incident_assignment_get_person (assignment));
    }
}

static void
print_tasks (IncidentCase *kase)
{
  static const char * const headings[] = { "TASK", "STATE", "FOR", "DUE", "WHAT", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, FALSE);
  g_autoptr(GPtrArray) tasks = incident_case_list_tasks (kase);

  for (guint i = 0; i < tasks->len; i++)
    {
      IncidentTask *task = g_ptr_array_index (tasks, i);
      const char *role = incident_task_get_role (task);
      g_autofree char *number = g_strdup_printf ("%u%s", incident_task_get_number (task),
                                                 incident_task_get_must_do (task) ? " must" : "");

      table_add (table, STYLE_PLAIN, number);
      table_add (table, STYLE_PLAIN, incident_task_get_state (task));
      table_add (table, STYLE_PLAIN, role != NULL ? role : incident_task_get_person (task));
      table_add_time (table, incident_task_get_due (task));
      table_add (table, STYLE_PLAIN, incident_task_get_title (task));
    }
  if (tasks->len > 0)
    table_print (table);
}

static void
print_fields (IncidentCase *kase)
{
  static const char * const columns[] = { "field", "value", NULL };
  g_autoptr(Table) table = table_new (columns, FALSE, FALSE);

  add_field (table, "id", STYLE_PLAIN, incident_case_get_id (kase));
  add_field (table, "title", STYLE_PLAIN, incident_case_get_title (kase));
  add_field (table, "phase", print_phase_style (kase), incident_case_get_phase (kase));
  add_field (table, "severity", print_severity_style (incident_case_get_severity (kase)), severity_of (kase));
  add_field (table, "priority", STYLE_PLAIN, priority_of (kase));
  add_field (table, "impact", STYLE_PLAIN, level_of (incident_case_get_impact (kase)));
  add_field (table, "urgency", STYLE_PLAIN, level_of (incident_case_get_urgency (kase)));
  add_field (table, "service", STYLE_PLAIN, incident_case_get_service (kase));
  add_field (table, "category", STYLE_PLAIN, incident_case_get_category (kase));
  add_roles (table, kase);
  add_number_field (table, "firing alerts", incident_case_get_firing_alerts (kase));
  add_number_field (table, "episode", incident_case_get_episode (kase));
  add_time_field (table, "opened", incident_case_get_opened_at (kase));
  add_time_field (table, "updated", incident_case_get_updated_at (kase));
  add_time_field (table, "closed", incident_case_get_closed_at (kase));
  add_field (table, "playbook", STYLE_FAINT, incident_case_get_playbook (kase));
  table_print (table);
  print_tasks (kase);
}

gboolean
verb_show (const Verb *verb,
           Words      *words,
           GError    **error)
{
  g_autoptr(IncidentCase) kase = words_get_case (words, error);
  g_autofree char *document = NULL;

  if (kase == NULL)
    return FALSE;

  if (words_has (words, "json"))
    {
      document = incident_case_to_json (kase);
      print_document (document);
    }
  else
    print_fields (kase);

  return TRUE;
}

/* The allowed ones say what they need, the others what is in their way. */
static void
add_option (Table          *table,
            IncidentOption *option)
{
  gboolean allowed = incident_option_get_allowed (option);
  const char * const *remarks = allowed ? incident_option_get_needs (option) : incident_option_get_why (option);
  g_autofree char *remark = g_strjoinv (allowed ? ", " : "; ", (char **) remarks);

  table_add (table, STYLE_PLAIN, incident_option_get_verb (option));
  table_add (table, allowed ? STYLE_GOOD : STYLE_BAD, allowed ? "allowed" : "refused");
  table_add (table, STYLE_PLAIN, incident_option_get_to (option));
  table_add (table, STYLE_PLAIN, remark);
}

static void
print_options (GPtrArray *options)
{
  static const char * const headings[] = { "VERB", "NOW", "LEADS TO", "NEEDS, OR WHY NOT", NULL };
  g_autoptr(Table) table = table_new (headings, TRUE, FALSE);

  for (guint i = 0; i < options->len; i++)
    add_option (table, g_ptr_array_index (options, i));

  table_print (table);
}

static void
print_options_as_json (GPtrArray *options)
{
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < options->len; i++)
    g_ptr_array_add (documents, incident_option_to_json (g_ptr_array_index (options, i)));

  print_array (documents);
}

gboolean
verb_next (const Verb *verb,
           Words      *words,
           GError    **error)
{
  g_autoptr(IncidentCase) kase = words_get_case (words, error);
  g_autoptr(GPtrArray) options = NULL;

  if (kase == NULL)
    return FALSE;

  options = incident_case_list_next (kase, words_get_actor (words), error);
  if (options == NULL)
    return FALSE;

  if (words_has (words, "json"))
    print_options_as_json (options);
  else
    print_options (options);

  return TRUE;
}
