/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

/* Clocks are per episode. A clock that no event set stays missing, and so does
 * each interval that needs it; an interval that would be negative is left out
 * and counted. */

typedef enum
{
  CLOCK_IMPACT_START,
  CLOCK_DETECTED,
  CLOCK_DECLARED,
  CLOCK_ENGAGED,
  CLOCK_RESOLVED,
  CLOCK_VERIFIED,
  CLOCK_CLOSED,
  N_CLOCKS
} Clock;

static const char * const clock_names[N_CLOCKS] = {
  "impact start", "detected", "declared", "engaged", "resolved", "verified", "closed"
};

static const struct
{
  const char *name;
  Clock       from;
  Clock       to;
} intervals[] = {
  { "TTD, time to detect", CLOCK_IMPACT_START, CLOCK_DETECTED },
  { "Time to declare", CLOCK_DETECTED, CLOCK_DECLARED },
  { "TTE, time to engage", CLOCK_DECLARED, CLOCK_ENGAGED },
  { "TTR, time to resolve", CLOCK_DECLARED, CLOCK_RESOLVED },
  { "Time to verify", CLOCK_DECLARED, CLOCK_VERIFIED },
  { "Time to close", CLOCK_DECLARED, CLOCK_CLOSED },
};

typedef struct
{
  const IncidentRecord *events[N_CLOCKS]; /* NULL: missing */
  gint64                times[N_CLOCKS];
} Clocks;

static void
set_clock (Clocks               *clocks,
           Clock                 clock,
           const IncidentRecord *event)
{
  clocks->events[clock] = event;
  if (event != NULL)
    clocks->times[clock] = event->occurred_at;
}

static void
read_clocks (IncidentReportFold *fold,
             guint               episode,
             Clocks             *clocks)
{
  IncidentReportEventKind beginning = episode == 1 ? INCIDENT_REPORT_EVENT_OPENED : INCIDENT_REPORT_EVENT_REOPENED;
  const IncidentRecord *declared = incident_report_fold_find_first (fold, beginning, episode);
  const IncidentRecord *alert;
  gint64 started;

  *clocks = (Clocks) { { NULL, }, { 0, } };
  set_clock (clocks, CLOCK_DECLARED, declared);
  set_clock (clocks, CLOCK_DETECTED, declared);
  alert = incident_report_fold_find_alert (fold, episode, &started);
  if (alert != NULL)
    {
      clocks->events[CLOCK_DETECTED] = alert;
      clocks->times[CLOCK_DETECTED] = started;
    }
  set_clock (clocks, CLOCK_ENGAGED, incident_report_fold_find_first (fold, INCIDENT_REPORT_EVENT_EXAMINED, episode));
  set_clock (clocks, CLOCK_RESOLVED, incident_report_fold_find_holding (fold, INCIDENT_REPORT_EVENT_RESOLVED, episode));
  set_clock (clocks, CLOCK_VERIFIED, incident_report_fold_find_holding (fold, INCIDENT_REPORT_EVENT_RECOVERED, episode));
  set_clock (clocks, CLOCK_CLOSED, incident_report_fold_find_last (fold, INCIDENT_REPORT_EVENT_CLOSED, episode));
}

static const char *
get_basis (Clock                 clock,
           const IncidentRecord *event)
{
  if (clock == CLOCK_ENGAGED)
    return "estimated: first examination";
  if (clock == CLOCK_DETECTED && incident_report_event_get_kind (event) == INCIDENT_REPORT_EVENT_ALERT_FIRED)
    return "actual: the alert's source";
  if (incident_report_event_is_late (event))
    return "actual: dated back";
  return "actual";
}

/* Episode 0 is the only one, and not worth a column. */
static void
add_clocks (IncidentReportBlock *table,
            guint                episode,
            const Clocks        *clocks)
{
  for (guint i = 0; i < N_CLOCKS; i++)
    {
      const IncidentRecord *event = clocks->events[i];

      if (episode > 0)
        incident_report_block_add_number (table, episode);
      incident_report_block_add_text (table, clock_names[i]);
      incident_report_block_add_time (table, event != NULL ? clocks->times[i] : INCIDENT_TIME_NONE);
      incident_report_block_add_text (table, event != NULL ? get_basis ((Clock) i, event) : NULL);
      if (event != NULL)
        incident_report_block_add_reference (table, event);
      else
        incident_report_block_add_text (table, NULL);
    }
}

/* Returns how many were negative. */
static guint
add_intervals (IncidentReportBlock *table,
               guint                episode,
               const Clocks        *clocks)
{
  guint n_negative = 0;

  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++)
    {
      Clock from = intervals[i].from, to = intervals[i].to;
      gboolean known = clocks->events[from] != NULL && clocks->events[to] != NULL;
      gboolean negative = known && clocks->times[to] < clocks->times[from];
      g_autofree char *pair = g_strdup_printf ("%s → %s", clock_names[from], clock_names[to]);

      n_negative += negative ? 1 : 0;
      if (episode > 0)
        incident_report_block_add_number (table, episode);
      incident_report_block_add_text (table, intervals[i].name);
      incident_report_block_add_text (table, pair);
      if (known && !negative)
        incident_report_block_add_duration (table, clocks->times[to] - clocks->times[from]);
      else
        incident_report_block_add_text (table, NULL);
    }

  return n_negative;
}

/* Time in each value of a fact, in the order of first entry. */
typedef struct
{
  GPtrArray  *names;
  GArray     *times;      /* gint64 */
  GArray     *n_entered;  /* guint */
  guint       n_negative;
} Stays;

static void
stay (Stays      *stays,
      const char *name,
      gint64      from,
      gint64      until,
      gboolean    entered)
{
  guint position;
  gint64 zero = 0;
  guint none = 0;

  if (!g_ptr_array_find_with_equal_func (stays->names, name, g_str_equal, &position))
    {
      position = stays->names->len;
      g_ptr_array_add (stays->names, g_strdup (name));
      g_array_append_val (stays->times, zero);
      g_array_append_val (stays->n_entered, none);
    }

  g_array_index (stays->n_entered, guint, position) += entered ? 1 : 0;
  if (until < from)
    stays->n_negative++;
  else
    g_array_index (stays->times, gint64, position) += until - from;
}

/* Ends at the last entry where the case is open: a report looks at no clock. */
static void
fold_stays (IncidentReportFold *fold,
            const char         *fact,
            Stays              *stays)
{
  g_autofree char *current = NULL;
  gint64 since = 0;
  gboolean ended = FALSE;

  for (guint i = 0; i < fold->stating->len; i++)
    {
      guint position = g_array_index (fold->stating, guint, i);
      const char *state = incident_report_fold_get_entry (fold, position)->state;
      g_autofree char *value = incident_facts_dup (fold->records[position]->facts, fact);
      gint64 now = fold->records[position]->occurred_at;
      gboolean changed = value != NULL && g_strcmp0 (value, current) != 0;

      if (current != NULL && !ended && (changed || state != NULL))
        {
          stay (stays, current, since, now, FALSE);
          since = now;
        }
      if (state != NULL)
        {
          ended = g_str_equal (state, "ended");
          since = now;
        }
      if (changed)
        {
          g_free (current);
          current = g_steal_pointer (&value);
          since = now;
          if (!ended)
            stay (stays, current, now, now, TRUE);
        }
    }
  if (current != NULL && !ended)
    stay (stays, current, since, incident_case_get_updated_at (fold->kase), FALSE);
}

static guint
add_stays (IncidentReportFold    *fold,
           IncidentReportSection *section,
           gboolean               is_phase)
{
  Stays stays = { g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, FALSE, sizeof (gint64)),
                  g_array_new (FALSE, FALSE, sizeof (guint)), 0 };

  fold_stays (fold, is_phase ? "phase" : "severity", &stays);
  if (stays.names->len > 0)
    {
      IncidentReportBlock *table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE,
                                                                is_phase ? "Time in each phase" : "Time in each severity");

      incident_report_block_add_columns (table, is_phase ? "Phase" : "Severity", "Entered", "Time in it", NULL);
      for (guint i = 0; i < stays.names->len; i++)
        {
          g_autofree char *name = is_phase ? g_strdup (g_ptr_array_index (stays.names, i))
                                           : g_ascii_strup (g_ptr_array_index (stays.names, i), -1);

          incident_report_block_add_text (table, name);
          incident_report_block_add_number (table, g_array_index (stays.n_entered, guint, i));
          incident_report_block_add_duration (table, g_array_index (stays.times, gint64, i));
        }
    }

  g_ptr_array_unref (stays.names);
  g_array_unref (stays.times);
  g_array_unref (stays.n_entered);
  return stays.n_negative;
}

static void
add_notes (IncidentReportFold    *fold,
           IncidentReportSection *section,
           guint                  n_negative)
{
  IncidentReportBlock *note = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL);

  if (n_negative > 0)
    {
      incident_report_block_add_number (note, n_negative);
      incident_report_block_add_text (note, n_negative == 1 ? " interval is negative, as times were dated back, and left out. "
                                                            : " intervals are negative, as times were dated back, and left out. ");
    }
  if (incident_case_get_open (fold->kase))
    {
      incident_report_block_add_text (note, "Time goes on: it is counted up to the last entry, written on ");
      incident_report_block_add_time (note, incident_case_get_updated_at (fold->kase));
      incident_report_block_add_text (note, " UTC. ");
    }
  incident_report_block_add_text (note, "The clocks alerted, acknowledged, cause identified, mitigated, public notice, "
                                        "postmortem published and actions done are not recorded, so TTA, TTI and TTM "
                                        "are not known.");
}

gboolean
incident_report_fill_clocks (IncidentReportFold    *fold,
                             IncidentReportSection *section)
{
  guint n_episodes = incident_case_get_episode (fold->kase);
  IncidentReportBlock *between = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, "Intervals");
  IncidentReportBlock *table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, "Clocks");
  guint n_negative = 0;

  if (n_episodes > 1)
    {
      incident_report_block_add_columns (between, "Episode", NULL);
      incident_report_block_add_columns (table, "Episode", NULL);
    }
  incident_report_block_add_columns (between, "Interval", "From → to", "Duration", NULL);
  incident_report_block_add_columns (table, "Clock", "Time (UTC)", "Basis", "Entry", NULL);
  for (guint episode = 1; episode <= n_episodes; episode++)
    {
      Clocks clocks;

      read_clocks (fold, episode, &clocks);
      n_negative += add_intervals (between, n_episodes > 1 ? episode : 0, &clocks);
      add_clocks (table, n_episodes > 1 ? episode : 0, &clocks);
    }

  n_negative += add_stays (fold, section, TRUE);
  n_negative += add_stays (fold, section, FALSE);
  add_notes (fold, section, n_negative);
  return TRUE;
}
