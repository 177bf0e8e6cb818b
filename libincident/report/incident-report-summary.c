/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

/* Three sentences at most: what and when; what came between; how it ended, or
 * where it stands. Nothing is said that no event says. */

enum { QUOTE_CHARS = 240 };

static void
add_quote (IncidentReportBlock  *block,
           const IncidentRecord *event)
{
  g_autofree char *text = incident_report_event_dup_text (event);
  g_autofree char *line = text != NULL ? incident_report_shorten (text, QUOTE_CHARS) : NULL;

  if (line == NULL || *line == '\0')
    return;

  incident_report_block_add_text (block, ": “");
  incident_report_block_add_words (block, line);
  incident_report_block_add_text (block, "”");
}

static void
add_utc (IncidentReportBlock *block,
         const char          *before,
         gint64               time)
{
  incident_report_block_add_text (block, before);
  incident_report_block_add_time (block, time);
  incident_report_block_add_text (block, " UTC");
}

/* “52 min after it was opened”; a time where the difference makes no sense. */
static void
add_distance (IncidentReportBlock  *block,
              const IncidentRecord *start,
              gint64                time)
{
  gint64 distance = time - start->occurred_at;

  if (distance < 0)
    {
      add_utc (block, " on ", time);
      return;
    }

  incident_report_block_add_text (block, " ");
  incident_report_block_add_duration (block, distance);
  incident_report_block_add_text (block, incident_report_event_get_kind (start) == INCIDENT_REPORT_EVENT_REOPENED
                                         ? " after it was reopened" : " after it was opened");
}

static void
add_opening (IncidentReportFold   *fold,
             IncidentReportBlock  *block,
             const IncidentRecord *opened)
{
  g_autofree char *severity = incident_report_format_severity (incident_report_event_get_severity (opened));
  g_autofree char *service = incident_facts_dup (opened->facts, "service");
  g_autofree char *title = incident_report_shorten (incident_case_get_title (fold->kase), QUOTE_CHARS);
  gint64 detected;
  const IncidentRecord *alert = incident_report_fold_find_alert (fold, 1, &detected);

  incident_report_block_add_text (block, "“");
  incident_report_block_add_words (block, title);
  add_utc (block, "” was opened on ", opened->occurred_at);
  incident_report_block_add_text (block, " by ");
  incident_report_block_add_words (block, opened->actor);
  if (severity != NULL)
    {
      incident_report_block_add_text (block, " as ");
      incident_report_block_add_text (block, severity);
    }
  if (service != NULL)
    {
      incident_report_block_add_text (block, ", on the service ");
      incident_report_block_add_words (block, service);
    }
  if (alert != NULL && detected < opened->occurred_at)
    {
      incident_report_block_add_text (block, ", ");
      incident_report_block_add_duration (block, opened->occurred_at - detected);
      incident_report_block_add_text (block, " after the first alert began");
    }
  incident_report_block_add_text (block, ".");
}

static void
add_reopening (IncidentReportFold   *fold,
               IncidentReportBlock  *block,
               const IncidentRecord *reopened)
{
  guint n = fold->counts[INCIDENT_REPORT_EVENT_REOPENED];
  g_autofree char *times = n == 1 ? g_strdup ("once") : g_strdup_printf ("%u times, last", n);

  incident_report_block_add_text (block, " It was reopened ");
  incident_report_block_add_text (block, times);
  add_utc (block, " on ", reopened->occurred_at);
  add_quote (block, reopened);
  incident_report_block_add_text (block, ".");
}

static void
add_standing (IncidentReportFold   *fold,
              IncidentReportBlock  *block,
              const IncidentRecord *start)
{
  const char *commander = incident_case_get_commander (fold->kase);
  gboolean open = incident_case_get_open (fold->kase);

  incident_report_block_add_text (block, open ? " It is not resolved: at the last entry," : " It was not resolved: at the last entry,");
  add_distance (block, start, incident_case_get_updated_at (fold->kase));
  incident_report_block_add_text (block, ", its phase was ");
  incident_report_block_add_text (block, incident_case_get_phase (fold->kase));
  incident_report_block_add_text (block, " and ");
  if (commander != NULL)
    incident_report_block_add_words (block, commander);
  else
    incident_report_block_add_text (block, "nobody");
  incident_report_block_add_text (block, " was in command.");
}

static void
add_recovery (IncidentReportFold   *fold,
              IncidentReportBlock  *block,
              const IncidentRecord *resolved,
              guint                 episode)
{
  const IncidentRecord *recovered = incident_report_fold_find_holding (fold, INCIDENT_REPORT_EVENT_RECOVERED, episode);
  gint64 wait;

  if (recovered == NULL)
    {
      incident_report_block_add_text (block, "; recovery is not confirmed yet.");
      return;
    }

  wait = recovered->occurred_at - resolved->occurred_at;
  if (wait >= 0)
    {
      incident_report_block_add_text (block, ". Recovery was confirmed ");
      incident_report_block_add_duration (block, wait);
      incident_report_block_add_text (block, " later");
    }
  else
    add_utc (block, ". Recovery was confirmed on ", recovered->occurred_at);
  add_quote (block, recovered);
  incident_report_block_add_text (block, ".");
}

static void
add_ending (IncidentReportFold   *fold,
            IncidentReportBlock  *block,
            const IncidentRecord *start)
{
  guint episode = incident_case_get_episode (fold->kase);
  const IncidentRecord *resolved = incident_report_fold_find_holding (fold, INCIDENT_REPORT_EVENT_RESOLVED, episode);
  const IncidentRecord *cancelled = incident_report_fold_find_last (fold, INCIDENT_REPORT_EVENT_CANCELLED, episode);

  if (cancelled != NULL)
    {
      incident_report_block_add_text (block, " It was cancelled");
      add_distance (block, start, cancelled->occurred_at);
      add_quote (block, cancelled);
      incident_report_block_add_text (block, ".");
    }
  else if (resolved != NULL)
    {
      incident_report_block_add_text (block, " It was resolved");
      add_distance (block, start, resolved->occurred_at);
      add_quote (block, resolved);
      add_recovery (fold, block, resolved, episode);
    }
  else if (fold->n_events == 1)
    incident_report_block_add_text (block, " Nothing else is recorded yet.");
  else
    add_standing (fold, block, start);
}

gboolean
incident_report_fill_summary (IncidentReportFold    *fold,
                              IncidentReportSection *section)
{
  IncidentReportBlock *block = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL);
  const IncidentRecord *opened = fold->records[0];
  const IncidentRecord *reopened = incident_report_fold_find_last (fold, INCIDENT_REPORT_EVENT_REOPENED, 0);

  add_opening (fold, block, opened);
  if (reopened != NULL)
    add_reopening (fold, block, reopened);
  add_ending (fold, block, reopened != NULL ? reopened : opened);
  return TRUE;
}
