/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-plan-inside-private.h"

/* For which cases a step is, and when. What cannot be told counts as true: fail towards paging. */

static gboolean
has_label (const IncidentPlanner *self,
           gpointer               alert,
           IncidentMatcher       *matcher)
{
  const char *value = self->planning->get_label (alert, incident_matcher_get_name (matcher));
  g_autoptr(GError) error = NULL;

  return incident_matcher_matches (matcher, value != NULL ? value : "", &error) || error != NULL;
}

static gboolean
has_labels (const IncidentPlanner *self,
            const GPtrArray       *matchers)
{
  const GPtrArray *alerts = self->planning->alerts;

  if (matchers->len == 0 || alerts == NULL)
    return TRUE;

  for (guint i = 0; i < alerts->len; i++)
    {
      guint n = 0;

      while (n < matchers->len && has_label (self, g_ptr_array_index (alerts, i), g_ptr_array_index (matchers, n)))
        n++;
      if (n == matchers->len)
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_alerts (const IncidentPlanner         *self,
            const IncidentOncallCondition *condition)
{
  const GPtrArray *alerts = self->planning->alerts;
  guint n = 0;

  if (condition->alerts == 0 || alerts == NULL)
    return TRUE;

  for (guint i = 0; i < alerts->len; i++)
    if (condition->within == 0
        || self->planning->get_start (g_ptr_array_index (alerts, i)) > self->planning->now - condition->within)
      n++;

  return n >= condition->alerts;
}

gboolean
incident_planner_holds (const IncidentPlanner         *self,
                        const IncidentOncallCondition *condition)
{
  IncidentSituation situation;

  if (condition == NULL)
    return TRUE;

  incident_situation_init (&situation, self->state, NULL);
  return incident_condition_holds (&condition->condition, self->rules, &situation)
         && (condition->priorities == 0 || (condition->priorities >> incident_state_get_priority (self->state) & 1) != 0)
         && has_labels (self, condition->labels) && has_alerts (self, condition);
}

static gboolean
asks_for_alerts (const IncidentOncallCondition *condition)
{
  return condition != NULL && (condition->labels->len > 0 || condition->alerts > 0);
}

gboolean
incident_plan_needs_alerts (const IncidentPlanning *planning,
                            const IncidentState    *state)
{
  const IncidentOncallRules *rules = planning->roster->rules->oncall;

  for (guint i = 0; i < rules->starts->len; i++)
    if (asks_for_alerts (&((const IncidentPolicyStart *) g_ptr_array_index (rules->starts, i))->condition))
      return TRUE;
  for (guint i = 0; i < rules->policies->len; i++)
    {
      const IncidentPolicyRules *policy = g_ptr_array_index (rules->policies, i);

      for (guint n = 0; n < policy->steps->len; n++)
        if (asks_for_alerts (((const IncidentPolicyStep *) g_ptr_array_index (policy->steps, n))->condition))
          return TRUE;
    }

  /* Of an older playbook nothing is known here. */
  for (const IncidentRun *run = state->runs; run != NULL; run = run->next)
    if (!incident_run_is_over (run) && g_strcmp0 (run->version, planning->roster->rules->version) != 0)
      return TRUE;

  return FALSE;
}

/* Business hours */

static gint32
get_day (gint64     at,
         GTimeZone *zone,
         gint64    *next)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  g_autoptr(GDateTime) morning = NULL;
  GDate date;
  int year, month, day;

  *next = G_MAXINT64;
  if (local == NULL)
    return 0;

  g_date_time_get_ymd (local, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  g_date_add_days (&date, 1);
  morning = g_date_time_new (zone, g_date_get_year (&date), (int) g_date_get_month (&date), g_date_get_day (&date), 0, 0, 0);
  if (morning != NULL)
    *next = g_date_time_to_unix (morning) * G_USEC_PER_SEC;
  return (gint32) g_date_get_julian (&date) - 1 - 719163;
}

/* Days and intervals are looked through one after another, for as long as the longest pause there is. */
#define FARTHEST (400 * (gint64) G_TIME_SPAN_DAY)

gint64
incident_planner_get_hours (const IncidentPlanner *self,
                            const IncidentHours   *hours)
{
  const gint64 now = self->planning->now;
  gint64 at = now;

  if (hours->interval == NULL && hours->off == NULL)
    return now;

  while (at < now + FARTHEST)
    {
      gint64 next = at;

      if (hours->interval != NULL && !incident_interval_contains (hours->interval, at))
        next = incident_interval_next_change (hours->interval, at);
      else if (hours->off == NULL || !incident_holidays_contain (hours->off, get_day (at, hours->zone, &next)))
        return at;
      if (next <= at)
        return now;
      at = next;
    }

  return G_MAXINT64;
}
