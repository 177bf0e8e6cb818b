/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

/* The sections that people's words fill: what was seen, found and done. */

/* When each alert ended, by its key. */
static GHashTable *
list_alert_ends (IncidentReportFold *fold)
{
  GHashTable *ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < fold->n_events; i++)
    {
      const IncidentRecord *event = fold->records[i];
      char *key = fold->kinds[i] == INCIDENT_REPORT_EVENT_ALERT_RESOLVED ? incident_facts_dup (event->facts, "alert") : NULL;

      if (key != NULL)
        g_hash_table_insert (ends, key, (gpointer) event);
    }

  return ends;
}

static gint64
get_alert_time (const IncidentRecord *event,
                const char           *member)
{
  gint64 time = event != NULL ? incident_report_event_get_when (event, member) : INCIDENT_TIME_NONE;

  return event == NULL || time != INCIDENT_TIME_NONE ? time : event->occurred_at;
}

static void
add_alert (IncidentReportBlock  *table,
           const IncidentRecord *fired,
           const IncidentRecord *resolved)
{
  g_autofree char *name = incident_record_dup_string (fired, "name");
  g_autofree char *summary = incident_record_dup_string (fired, "summary");
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

  for (guint i = 0; i < fold->n_events; i++)
    {
      const IncidentRecord *event = fold->records[i];
      g_autofree char *key = NULL;

      if (fold->kinds[i] != INCIDENT_REPORT_EVENT_ALERT_FIRED)
        continue;
      key = incident_facts_dup (event->facts, "alert");
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

/* A table of who said what, made when its first row comes. Not all say something. */
static void
add_statement (IncidentReportSection  *section,
               IncidentReportBlock   **table,
               const char             *caption,
               const IncidentRecord   *event)
{
  g_autofree char *text = incident_report_event_dup_text (event);

  if (text == NULL)
    return;
  if (*table == NULL)
    {
      *table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, caption);
      incident_report_block_add_columns (*table, "Time (UTC)", "Who", "In their words", "Entry", NULL);
    }
  incident_report_block_add_time (*table, event->occurred_at);
  incident_report_block_add_words (*table, event->actor);
  incident_report_block_add_words (*table, text);
  incident_report_block_add_reference (*table, event);
}

static void
add_detection (IncidentReportFold    *fold,
               IncidentReportSection *section)
{
  IncidentReportBlock *facts;
  gint64 started;
  const IncidentRecord *alert = incident_report_fold_find_alert (fold, 1, &started);
  const IncidentRecord *opened = fold->records[0];
  g_autofree char *source = alert != NULL ? incident_record_dup_string (alert, "source") : NULL;

  facts = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_FACTS, NULL);
  incident_report_block_add_label (facts, "Detected (UTC)");
  incident_report_block_add_time (facts, alert != NULL ? started : opened->occurred_at);
  incident_report_block_add_label (facts, "Detected by");
  if (alert == NULL)
    incident_report_block_add_text (facts, "a report");
  else if (source == NULL)
    incident_report_block_add_text (facts, "an alert");
  else
    incident_report_block_add_words (facts, source);
  incident_report_block_add_label (facts, "Reported by");
  incident_report_block_add_words (facts, opened->actor);
}

gboolean
incident_report_fill_symptoms (IncidentReportFold    *fold,
                               IncidentReportSection *section)
{
  const IncidentRecord *opened = fold->records[0];
  const IncidentRecord *diagnosed = incident_report_fold_find_first (fold, INCIDENT_REPORT_EVENT_DIAGNOSED, 0);
  IncidentReportBlock *table = NULL;

  add_detection (fold, section);
  add_statement (section, &table, "First words", opened);
  if (diagnosed != NULL)
    add_statement (section, &table, "First words", diagnosed);
  add_alerts (fold, section);

  /* Who opened it is no symptom yet. */
  if (section->blocks->len > 1)
    return TRUE;
  g_ptr_array_set_size (section->blocks, 0);
  return FALSE;
}

static void
add_escalation (IncidentReportBlock  *facts,
                const IncidentRecord *escalated)
{
  g_autofree char *target = incident_facts_dup (escalated->facts, "target");
  g_autofree char *escalation = incident_facts_dup (escalated->facts, "escalation");
  g_autofree char *reason = incident_report_event_dup_text (escalated);
  gboolean authority = g_strcmp0 (escalation, "hierarchical") == 0;

  incident_report_block_add_label (facts, authority ? "Needs authority from" : "Needs help from");
  incident_report_block_add_words (facts, target);
  incident_report_block_add_label (facts, "Because");
  incident_report_block_add_words (facts, reason);
}

static IncidentReportEntry *
find_transition (IncidentReportFold *fold)
{
  const char *phase = incident_case_get_phase (fold->kase);
  IncidentReportEntry *entered = NULL;

  for (guint i = fold->stating->len; i-- > 0;)
    {
      IncidentReportEntry *entry = incident_report_fold_get_entry (fold, g_array_index (fold->stating, guint, i));

      if (entry->phase != NULL && !g_str_equal (entry->phase, phase))
        break;
      if (entry->phase != NULL)
        entered = entry;
    }

  return entered;
}

static void
add_last_actions (IncidentReportFold    *fold,
                  IncidentReportSection *section)
{
  enum { LAST = 5 };
  guint n = 0;
  IncidentReportBlock *table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, "Latest entries");

  incident_report_block_add_columns (table, "Time (UTC)", "Who", "What", "Entry", NULL);
  for (guint i = fold->n_events; i-- > 0 && n < LAST;)
    {
      IncidentReportEntry *entry = incident_report_fold_get_entry (fold, i);

      if (incident_report_event_is_talk ((IncidentReportEventKind) fold->kinds[i]))
        continue;
      n++;
      incident_report_block_add_time (table, entry->occurred_at);
      incident_report_block_add_words (table, entry->actor);
      incident_report_block_add_words (table, entry->what);
      incident_report_block_add_reference (table, fold->records[i]);
    }
}

gboolean
incident_report_fill_state_now (IncidentReportFold    *fold,
                                IncidentReportSection *section)
{
  IncidentReportBlock *facts = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_FACTS, NULL);
  IncidentReportEntry *entered = find_transition (fold);

  incident_report_block_add_label (facts, "Phase");
  incident_report_block_add_text (facts, incident_case_get_phase (fold->kase));
  incident_report_block_add_label (facts, "Since (UTC)");
  incident_report_block_add_time (facts, entered != NULL ? entered->occurred_at : INCIDENT_TIME_NONE);
  incident_report_block_add_label (facts, "In command");
  incident_report_block_add_words (facts, incident_case_get_commander (fold->kase));
  incident_report_block_add_label (facts, "Alerts firing");
  incident_report_block_add_number (facts, incident_case_get_firing_alerts (fold->kase));

  /* An escalation is answered when somebody examines. */
  if (g_str_equal (incident_case_get_phase (fold->kase), "escalation"))
    {
      const IncidentRecord *escalated = incident_report_fold_find_last (fold, INCIDENT_REPORT_EVENT_ESCALATED, 0);

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

  for (guint i = 0; i < fold->n_events; i++)
    if (fold->kinds[i] == INCIDENT_REPORT_EVENT_DIAGNOSED || fold->kinds[i] == INCIDENT_REPORT_EVENT_EXAMINED)
      add_statement (section, &table, NULL, fold->records[i]);

  return table != NULL;
}

/* What came of a step: the next thing that was said about the fix. */
static const char *
get_outcome (IncidentReportFold *fold,
             guint               position)
{
  static const char * const outcomes[INCIDENT_REPORT_N_EVENTS] = {
    [INCIDENT_REPORT_EVENT_RECOVERED] = "worked: recovery was confirmed",
    [INCIDENT_REPORT_EVENT_EXAMINED] = "did not hold: examined again",
    [INCIDENT_REPORT_EVENT_ESCALATED] = "did not hold: escalated",
    [INCIDENT_REPORT_EVENT_DIAGNOSED] = "did not hold: diagnosed again",
    [INCIDENT_REPORT_EVENT_RESOLVED] = "replaced by a later one",
    [INCIDENT_REPORT_EVENT_REOPENED] = "did not hold: reopened",
    [INCIDENT_REPORT_EVENT_CANCELLED] = "not confirmed: cancelled",
    [INCIDENT_REPORT_EVENT_CLOSED] = "not confirmed: closed",
  };

  for (guint i = position + 1; i < fold->n_events; i++)
    if (outcomes[fold->kinds[i]] != NULL)
      return outcomes[fold->kinds[i]];

  return "not confirmed yet";
}

gboolean
incident_report_fill_steps (IncidentReportFold    *fold,
                            IncidentReportSection *section)
{
  IncidentReportBlock *table = NULL;

  if (fold->counts[INCIDENT_REPORT_EVENT_RESOLVED] == 0)
    return FALSE;

  for (guint i = 0; i < fold->n_events; i++)
    {
      const IncidentRecord *event = fold->records[i];
      g_autofree char *text = NULL;

      if (fold->kinds[i] != INCIDENT_REPORT_EVENT_RESOLVED)
        continue;
      if (table == NULL)
        {
          table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
          incident_report_block_add_columns (table, "Time (UTC)", "Who", "What was done", "Outcome", "Entry", NULL);
        }
      text = incident_report_event_dup_text (event);
      incident_report_block_add_time (table, event->occurred_at);
      incident_report_block_add_words (table, event->actor);
      incident_report_block_add_words (table, text);
      incident_report_block_add_text (table, get_outcome (fold, i));
      incident_report_block_add_reference (table, event);
    }

  return table != NULL;
}

static void
add_fix_row (IncidentReportBlock  *table,
             const char           *what,
             const IncidentRecord *event)
{
  g_autofree char *words = event != NULL ? incident_report_event_dup_text (event) : NULL;

  incident_report_block_add_text (table, what);
  incident_report_block_add_words (table, words);
  incident_report_block_add_words (table, event != NULL ? event->actor : NULL);
  incident_report_block_add_time (table, event != NULL ? event->occurred_at : INCIDENT_TIME_NONE);
}

gboolean
incident_report_fill_fix (IncidentReportFold    *fold,
                          IncidentReportSection *section)
{
  guint episode = incident_case_get_episode (fold->kase);
  const IncidentRecord *resolved = incident_report_fold_find_holding (fold, INCIDENT_REPORT_EVENT_RESOLVED, episode);
  const IncidentRecord *closed = incident_report_fold_find_last (fold, INCIDENT_REPORT_EVENT_CLOSED, episode);
  IncidentReportBlock *table, *note;

  if (resolved == NULL)
    return FALSE;

  table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
  incident_report_block_add_columns (table, "", "In their words", "Who", "Time (UTC)", NULL);
  add_fix_row (table, "Fix", resolved);
  add_fix_row (table, "How we know", incident_report_fold_find_holding (fold, INCIDENT_REPORT_EVENT_RECOVERED, episode));
  if (closed != NULL)
    add_fix_row (table, "Closing words", closed);

  note = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL);
  incident_report_block_add_text (note, "A change reference, and whether this is the permanent fix or a workaround, "
                                        "are not recorded apart from these words.");
  return TRUE;
}
