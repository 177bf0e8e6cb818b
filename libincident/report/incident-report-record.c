/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

/* The sections that people fill: tasks, workaround, hypotheses, impact, messages. */

/* Events of a kind that a report does not tell apart otherwise. */
static const IncidentRecord *
next_record (IncidentReportFold *fold,
             guint              *position,
             const char         *kind)
{
  while (*position < fold->n_events)
    {
      const IncidentRecord *record = fold->records[(*position)++];

      if (g_str_equal (record->kind, kind))
        return record;
    }

  return NULL;
}

static gboolean
has (IncidentReportFold *fold,
     const char         *kind)
{
  guint position = 0;

  return next_record (fold, &position, kind) != NULL;
}

static void
add_fact (IncidentReportBlock  *block,
          const IncidentRecord *record,
          const char           *name)
{
  g_autofree char *value = incident_facts_dup (record->facts, name);

  incident_report_block_add_words (block, value);
}

static void
add_said (IncidentReportBlock  *block,
          const IncidentRecord *record)
{
  g_autofree char *text = incident_report_event_dup_text (record);

  if (record->payload == NULL)
    incident_report_block_add_text (block, "(withheld)");
  else
    incident_report_block_add_words (block, text);
}

/* A row for each event of a kind: when, who, facts, words. */
static gboolean
add_table (IncidentReportFold    *fold,
           IncidentReportSection *section,
           const char            *kind,
           const char            *caption,
           const char            *heading,
           const char            *fact)
{
  IncidentReportBlock *table;
  const IncidentRecord *record;

  if (!has (fold, kind))
    return FALSE;

  table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, caption);
  incident_report_block_add_columns (table, "When (UTC)", "Who", heading, "What was said", NULL);
  for (guint i = 0; (record = next_record (fold, &i, kind)) != NULL;)
    {
      incident_report_block_add_time (table, record->occurred_at);
      incident_report_block_add_words (table, record->actor);
      add_fact (table, record, fact);
      add_said (table, record);
    }
  return TRUE;
}

/* Measured or estimated: a reader must be able to tell. */
gboolean
incident_report_add_measures (IncidentReportFold    *fold,
                              IncidentReportSection *section)
{
  IncidentReportBlock *table;
  const IncidentRecord *record;

  if (!has (fold, "impact-measured"))
    return FALSE;

  table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, "What was lost");
  incident_report_block_add_columns (table, "Measure", "Amount", "Unit", "Known how", "What was said", NULL);
  for (guint i = 0; (record = next_record (fold, &i, "impact-measured")) != NULL;)
    {
      add_fact (table, record, "measure");
      add_fact (table, record, "amount");
      add_fact (table, record, "unit");
      add_fact (table, record, "certainty");
      add_said (table, record);
    }
  return TRUE;
}

gboolean
incident_report_add_hypotheses (IncidentReportFold    *fold,
                                IncidentReportSection *section)
{
  gboolean stated = add_table (fold, section, "hypothesis-stated", "Hypotheses", "Hypothesis", "hypothesis");
  IncidentReportBlock *table;
  const IncidentRecord *record;

  if (!has (fold, "hypothesis-judged"))
    return stated;

  table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, "How they were judged");
  incident_report_block_add_columns (table, "When (UTC)", "Hypothesis", "Found to be", "By the evidence", NULL);
  for (guint i = 0; (record = next_record (fold, &i, "hypothesis-judged")) != NULL;)
    {
      incident_report_block_add_time (table, record->occurred_at);
      add_fact (table, record, "hypothesis");
      add_fact (table, record, "hypothesis-state");
      add_said (table, record);
    }
  return TRUE;
}

gboolean
incident_report_add_decisions (IncidentReportFold    *fold,
                               IncidentReportSection *section)
{
  return add_table (fold, section, "decided", "Decisions", "Decision", "decision");
}

gboolean
incident_report_fill_messages (IncidentReportFold    *fold,
                               IncidentReportSection *section)
{
  return add_table (fold, section, "update-given", NULL, "For", "update");
}

gboolean
incident_report_fill_regulatory (IncidentReportFold    *fold,
                                 IncidentReportSection *section)
{
  return add_table (fold, section, "report-filed", NULL, "Report", "filed");
}

/* The last one of a field counts. */
static const IncidentRecord *
find_field (IncidentReportFold *fold,
            const char         *field)
{
  const IncidentRecord *record, *last = NULL;

  for (guint i = 0; (record = next_record (fold, &i, "recorded")) != NULL;)
    {
      g_autofree char *name = incident_facts_dup (record->facts, "field");

      if (g_strcmp0 (name, field) == 0)
        last = record;
    }
  return last;
}

gboolean
incident_report_fill_workaround (IncidentReportFold    *fold,
                                 IncidentReportSection *section)
{
  const IncidentRecord *record = find_field (fold, "workaround");

  if (record == NULL)
    return FALSE;

  add_said (incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL), record);
  return TRUE;
}

/* A hypothesis that was found to be a cause. */
gboolean
incident_report_fill_factors (IncidentReportFold    *fold,
                              IncidentReportSection *section)
{
  IncidentReportBlock *table = NULL;
  const IncidentRecord *record;

  for (guint i = 0; (record = next_record (fold, &i, "hypothesis-judged")) != NULL;)
    {
      g_autofree char *state = incident_facts_dup (record->facts, "hypothesis-state");

      if (g_strcmp0 (state, "cause") != 0)
        continue;
      if (table == NULL)
        {
          table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
          incident_report_block_add_columns (table, "Hypothesis", "By the evidence", NULL);
        }
      add_fact (table, record, "hypothesis");
      add_said (table, record);
    }
  return table != NULL;
}

static gboolean
is_to_do (IncidentTask *task)
{
  return g_str_equal (incident_task_get_state (task), "open") || g_str_equal (incident_task_get_state (task), "in-progress");
}

/* Those of the case that are open, or all follow-up actions. */
static gboolean
add_tasks (IncidentReportFold    *fold,
           IncidentReportSection *section,
           gboolean               actions)
{
  g_autoptr(GPtrArray) tasks = incident_case_list_tasks (fold->kase);
  IncidentReportBlock *table = NULL;

  for (guint i = 0; i < tasks->len; i++)
    {
      IncidentTask *task = g_ptr_array_index (tasks, i);
      const char *kind = incident_task_get_kind (task);

      if (actions ? kind == NULL : kind != NULL || !is_to_do (task))
        continue;
      if (table == NULL)
        {
          table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
          incident_report_block_add_columns (table, "Number", actions ? "Kind" : "Must do", "What", "State", "For",
                                             "Due (UTC)", NULL);
        }
      incident_report_block_add_number (table, incident_task_get_number (task));
      incident_report_block_add_words (table, actions ? kind : incident_task_get_must_do (task) ? "yes" : NULL);
      incident_report_block_add_words (table, incident_task_get_title (task));
      incident_report_block_add_text (table, incident_task_get_state (task));
      incident_report_block_add_words (table, incident_task_get_person (task) != NULL ? incident_task_get_person (task)
                                                                                      : incident_task_get_role (task));
      incident_report_block_add_time (table, incident_task_get_due (task));
    }
  return table != NULL;
}

gboolean
incident_report_fill_tasks (IncidentReportFold    *fold,
                            IncidentReportSection *section)
{
  return add_tasks (fold, section, FALSE);
}

gboolean
incident_report_fill_actions (IncidentReportFold    *fold,
                              IncidentReportSection *section)
{
  return add_tasks (fold, section, TRUE);
}
