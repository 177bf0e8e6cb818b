/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-text-private.h"
#include "model/incident-case-private.h"
#include "model/incident-said-private.h"
#include "report/incident-report-fold-private.h"

/* What was said in a chat, as it reads now: a report of a case is no transcript, and what people
 * have pinned stands in it. */

static const char *
get_change (const IncidentSaid *said)
{
  if (said->is_withheld)
    return "withheld";
  if (said->is_deleted)
    return "deleted";

  return said->is_edited ? "edited" : NULL;
}

void
incident_report_write_pinned (IncidentTimeline     *timeline,
                              const IncidentRecord *event,
                              GString              *line)
{
  g_autofree char *message = incident_facts_dup (event->facts, "message");
  g_autofree char *author = NULL, *text = NULL;
  const char *change;
  IncidentSaid said;

  incident_record_write_summary (event, line);
  if (message == NULL)
    return;
  incident_said_look_up (&said, timeline, message);
  change = get_change (&said);
  if (change == NULL || said.is_withheld)
    return;

  author = incident_said_dup_author (&said);
  text = said.is_deleted ? NULL : incident_report_event_dup_text (said.words);
  g_string_printf (line, "%s said (pinned, %s)%s%s", author != NULL ? author : event->actor, change, text != NULL ? ": " : "", text != NULL ? text : "");
  incident_text_make_line (line);
}

static void
add_pin (IncidentReportBlock  *table,
         const IncidentRecord *pinned,
         const IncidentSaid   *said)
{
  const char *change = get_change (said);
  gboolean is_shown = !said->is_deleted && !said->is_withheld;
  g_autofree char *author = said->is_withheld ? NULL : incident_said_dup_author (said);
  g_autofree char *text = is_shown ? incident_report_event_dup_text (said->words) : NULL;

  incident_report_block_add_time (table, pinned->occurred_at);
  incident_report_block_add_words (table, author);
  incident_report_block_add_words (table, text);
  incident_report_block_add_text (table, change);
  incident_report_block_add_words (table, pinned->actor);
  incident_report_block_add_reference (table, pinned);
}

gboolean
incident_report_fill_pins (IncidentReportFold    *fold,
                           IncidentReportSection *section)
{
  IncidentTimeline *timeline = incident_case_peek_timeline (fold->kase);
  IncidentReportBlock *table;

  if (fold->counts[INCIDENT_REPORT_EVENT_PINNED] == 0)
    return FALSE;

  table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
  incident_report_block_add_columns (table, "Time (UTC)", "Who", "What was said", "Since then", "Pinned by", "Entry", NULL);
  for (guint i = 0; i < fold->n_events; i++)
    {
      g_autofree char *message = fold->kinds[i] == INCIDENT_REPORT_EVENT_PINNED
                                 ? incident_facts_dup (fold->records[i]->facts, "message") : NULL;
      IncidentSaid said;

      if (message == NULL)
        continue;
      incident_said_look_up (&said, timeline, message);
      add_pin (table, fold->records[i], &said);
    }
  return TRUE;
}
