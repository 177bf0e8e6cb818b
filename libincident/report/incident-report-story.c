/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

/* The sections that people's words fill: what was seen, found and done. */

/* When each alert ended, by its key. */
static GHashTable *
list_alert_ends (IncidentReportFold *fold)
{
  GHashTable *ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < fold->events->len; i++)
    {
      IncidentEvent *event = incident_report_fold_get_event (fold, i);
      char *key = incident_report_event_is (event, "alert-resolved") ? incident_event_dup_fact (event, "alert") : NULL;

      if (key != NULL)
        g_hash_table_insert (ends, key, event);
    }

  return ends;
}

static gint64
get_alert_time (IncidentEvent *event,
                const char    *member)
{
  gint64 time = event != NULL ? incident_report_event_get_when (event, member) : INCIDENT_TIME_NONE;

  return event == NULL || time != INCIDENT_TIME_NONE ? time : incident_event_get_occurred_at (event);
}

static void
add_alert (IncidentReportBlock *table,
           IncidentEvent       *fired,
           IncidentEvent       *resolved)
{
  g_autofree char *name = incident_report_event_dup_string (fired, "name");
  g_autofree char *summary = incident_report_event_dup_string (fired, "summary");
  g_autofree char *labels = incident_report_event_dup_labels (fired);

  incident_report_block_add_time (table, get_alert_time (fired, "starts_at"));
  incident_report_block_add_time (table, get_alert_time (resolved, "ends_at"));
  incident_report_block_add_words (table, name);
  incident_report_block_add_words (table, summary);
  incident_report_block_add_words (table, labels);
}

/* Each alert once, however often it fired. */
static void
add_alerts (IncidentReportFold    *fold,
            IncidentReportSection *section)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) ends = list_alert_ends (fold);
  IncidentReportBlock *table = NULL;

  for (guint i = 0; i < fold->events->len; i++)
    {
      IncidentEvent *event = incident_report_fold_get_event (fold, i);
      g_autofree char *key = NULL;

      if (!incident_report_event_is (event, "alert-fired"))
        continue;
      key = incident_event_dup_fact (event, "alert");
      if (key == NULL || g_hash_table_contains (seen, key))
        continue;
      if (table == NULL)
        {
          table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, "Alerts");
          incident_report_block_add_columns (table, "Began (UTC)", "Ended (UTC)", "Alert", "Summary", "Labels", NULL);
        }
      add_alert (table, event, g_hash_table_lookup (ends, key));
      g_hash_table_add (seen, g_steal_pointer (&key));
    }
}

/* A table of who said what, made when its first row comes. */
static void
add_statement (IncidentReportSection  *section,
               IncidentReportBlock   **table,
               const char             *caption,
               IncidentEvent          *event)
{
  if (*table == NULL)
    {
      *table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, caption);
      incident_report_block_add_columns (*table, "Time (UTC)", "Who", "In their words", "Entry", NULL);
    }
  incident_report_block_add_time (*table, incident_event_get_occurred_at (event));
  incident_report_block_add_words (*table, incident_event_get_actor (event));
  incident_report_block_add_words (*table, incident_event_get_text (event));
  incident_report_block_add_reference (*table, event);
}

static void
add_detection (IncidentReportFold    *fold,
               IncidentReportSection *section)
{
  IncidentReportBlock *facts;
  gint64 started;
  IncidentEvent *alert = incident_report_fold_find_alert (fold, 1, &started);
  IncidentEvent *opened = incident_report_fold_get_event (fold, 0);
  g_autofree char *source = alert != NULL ? incident_report_event_dup_string (alert, "source") : NULL;

  facts = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_FACTS, NULL);
  incident_report_block_add_label (facts, "Detected (UTC)");
  incident_report_block_add_time (facts, alert != NULL ? started : incident_event_get_occurred_at (opened));
  incident_report_block_add_label (facts, "Detected by");
  if (alert == NULL)
    incident_report_block_add_text (facts, "a report");
  else if (source == NULL)
    incident_report_block_add_text (facts, "an alert");
  else
    incident_report_block_add_words (facts, source);
  incident_report_block_add_label (facts, "Reported by");
  incident_report_block_add_words (facts, incident_event_get_actor (opened));
}

gboolean
incident_report_fill_symptoms (IncidentReportFold    *fold,
                               IncidentReportSection *section)
{
  IncidentEvent *opened = incident_report_fold_get_event (fold, 0);
  IncidentEvent *diagnosed = incident_report_fold_find_first (fold, "diagnosed", 0);
  IncidentReportBlock *table = NULL;

  add_detection (fold, section);
  if (incident_event_get_text (opened) != NULL)
    add_statement (section, &table, "First words", opened);
  if (diagnosed != NULL && incident_event_get_text (diagnosed) != NULL)
    add_statement (section, &table, "First words", diagnosed);
  add_alerts (fold, section);

  /* Who opened it is no symptom yet. */
  if (section->blocks->len > 1)
    return TRUE;
  g_ptr_array_set_size (section->blocks, 0);
  return FALSE;
}

static void
add_escalation (IncidentReportBlock *facts,
                IncidentEvent       *escalated)
{
  g_autofree char *target = incident_event_dup_fact (escalated, "target");
  g_autofree char *escalation = incident_event_dup_fact (escalated, "escalation");
  gboolean authority = g_strcmp0 (escalation, "hierarchical") == 0;

  incident_report_block_add_label (facts, authority ? "Needs authority from" : "Needs help from");
  incident_report_block_add_words (facts, target);
  incident_report_block_add_label (facts, "Because");
  incident_report_block_add_words (facts, incident_event_get_text (escalated));
}

static IncidentEvent *
find_transition (IncidentReportFold *fold)
{
  const char *phase = incident_case_get_phase (fold->kase);
  IncidentEvent *entered = NULL;

  for (guint i = fold->events->len; i-- > 0;)
    {
      IncidentEvent *event = incident_report_fold_get_event (fold, i);
      g_autofree char *fact = incident_event_dup_fact (event, "phase");

      if (fact != NULL && !g_str_equal (fact, phase))
        break;
      if (fact != NULL)
        entered = event;
    }

  return entered;
}

static void
add_last_actions (IncidentReportFold    *fold,
                  IncidentReportSection *section)
{
  enum { LAST = 5 };
  guint first = fold->events->len > LAST ? fold->events->len - LAST : 0;
  IncidentReportBlock *table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, "Latest entries");

  incident_report_block_add_columns (table, "Time (UTC)", "Who", "What", "Entry", NULL);
  for (guint i = fold->events->len; i-- > first;)
    {
      IncidentEvent *event = incident_report_fold_get_event (fold, i);
      g_autofree char *summary = incident_event_dup_summary (event);

      incident_report_block_add_time (table, incident_event_get_occurred_at (event));
      incident_report_block_add_words (table, incident_event_get_actor (event));
      incident_report_block_add_words (table, summary);
      incident_report_block_add_reference (table, event);
    }
}

gboolean
incident_report_fill_state_now (IncidentReportFold    *fold,
                                IncidentReportSection *section)
{
  IncidentReportBlock *facts = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_FACTS, NULL);
  IncidentEvent *entered = find_transition (fold);

  incident_report_block_add_label (facts, "Phase");
  incident_report_block_add_text (facts, incident_case_get_phase (fold->kase));
  incident_report_block_add_label (facts, "Since (UTC)");
  incident_report_block_add_time (facts, entered != NULL ? incident_event_get_occurred_at (entered) : INCIDENT_TIME_NONE);
  incident_report_block_add_label (facts, "In command");
  incident_report_block_add_words (facts, incident_case_get_commander (fold->kase));
  incident_report_block_add_label (facts, "Alerts firing");
  incident_report_block_add_number (facts, incident_case_get_firing_alerts (fold->kase));

  /* An escalation is answered when somebody examines. */
  if (g_str_equal (incident_case_get_phase (fold->kase), "escalation"))
    {
      IncidentEvent *escalated = incident_report_fold_find_last (fold, "escalated", 0);

      if (escalated != NULL)
        add_escalation (facts, escalated);
    }
  add_last_actions (fold, section);
  return TRUE;
}

gboolean
incident_report_fill_findings (IncidentReportFold    *fold,
                               IncidentReportSection *section)
{
  IncidentReportBlock *table = NULL;

  for (guint i = 0; i < fold->events->len; i++)
    {
      IncidentEvent *event = incident_report_fold_get_event (fold, i);

      if ((incident_report_event_is (event, "diagnosed") || incident_report_event_is (event, "examined"))
          && incident_event_get_text (event) != NULL)
        add_statement (section, &table, NULL, event);
    }

  return table != NULL;
}

/* What came of a step: the next thing that was said about the fix. */
static const char *
get_outcome (IncidentReportFold *fold,
             guint               position)
{
  static const struct
  {
    const char *kind;
    const char *outcome;
  } outcomes[] = {
    { "recovered", "worked: recovery was confirmed" },
    { "examined", "did not hold: examined again" },
    { "escalated", "did not hold: escalated" },
    { "diagnosed", "did not hold: diagnosed again" },
    { "resolved", "replaced by a later one" },
    { "reopened", "did not hold: reopened" },
    { "cancelled", "not confirmed: cancelled" },
    { "closed", "not confirmed: closed" },
  };

  for (guint i = position + 1; i < fold->events->len; i++)
    for (guint k = 0; k < G_N_ELEMENTS (outcomes); k++)
      if (incident_report_event_is (incident_report_fold_get_event (fold, i), outcomes[k].kind))
        return outcomes[k].outcome;

  return "not confirmed yet";
}

gboolean
incident_report_fill_steps (IncidentReportFold    *fold,
                            IncidentReportSection *section)
{
  IncidentReportBlock *table = NULL;

  for (guint i = 0; i < fold->events->len; i++)
    {
      IncidentEvent *event = incident_report_fold_get_event (fold, i);

      if (!incident_report_event_is (event, "resolved"))
        continue;
      if (table == NULL)
        {
          table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
          incident_report_block_add_columns (table, "Time (UTC)", "Who", "What was done", "Outcome", "Entry", NULL);
        }
      incident_report_block_add_time (table, incident_event_get_occurred_at (event));
      incident_report_block_add_words (table, incident_event_get_actor (event));
      incident_report_block_add_words (table, incident_event_get_text (event));
      incident_report_block_add_text (table, get_outcome (fold, i));
      incident_report_block_add_reference (table, event);
    }

  return table != NULL;
}

static void
add_fix_row (IncidentReportBlock *table,
             const char          *what,
             IncidentEvent       *event)
{
  incident_report_block_add_text (table, what);
  incident_report_block_add_words (table, event != NULL ? incident_event_get_text (event) : NULL);
  incident_report_block_add_words (table, event != NULL ? incident_event_get_actor (event) : NULL);
  incident_report_block_add_time (table, event != NULL ? incident_event_get_occurred_at (event) : INCIDENT_TIME_NONE);
}

gboolean
incident_report_fill_fix (IncidentReportFold    *fold,
                          IncidentReportSection *section)
{
  guint episode = incident_case_get_episode (fold->kase);
  IncidentEvent *resolved = incident_report_fold_find_holding (fold, "resolved", episode);
  IncidentEvent *closed = incident_report_fold_find_last (fold, "closed", episode);
  IncidentReportBlock *table, *note;

  if (resolved == NULL)
    return FALSE;

  table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
  incident_report_block_add_columns (table, "", "In their words", "Who", "Time (UTC)", NULL);
  add_fix_row (table, "Fix", resolved);
  add_fix_row (table, "How we know", incident_report_fold_find_holding (fold, "recovered", episode));
  if (closed != NULL)
    add_fix_row (table, "Closing words", closed);

  note = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL);
  incident_report_block_add_text (note, "A change reference, and whether this is the permanent fix or a workaround, "
                                        "are not recorded apart from these words.");
  return TRUE;
}
