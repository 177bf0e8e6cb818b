/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-intake-inside-private.h"

#include <libincident/incident-severity.h>
#include <libincident/incident-time.h>

/* Why nobody is told of an alert that fires. */

static void
add (GArray        *mutes,
     IncidentHold   hold,
     gconstpointer  by,
     gint64         until)
{
  IncidentMute mute = { hold, by, until };

  g_array_append_val (mutes, mute);
}

static const IncidentInterval *
find_interval (IncidentIntake *self,
               const char     *name)
{
  return g_hash_table_lookup (self->rules->intervals, name);
}

static void
add_silences (IncidentIntake *self,
              IncidentLabels  labels,
              IncidentLabels  annotations,
              gint64          now,
              GArray         *mutes)
{
  for (guint i = 0; i < self->silences->len; i++)
    {
      IncidentSilence *silence = g_ptr_array_index (self->silences, i);
      const IncidentInterval *interval = silence->interval != NULL ? find_interval (self, silence->interval) : NULL;

      if (now < silence->starts_at || now >= silence->ends_at || !incident_silence_mutes (silence, labels, annotations))
        continue;
      if (silence->interval == NULL)
        add (mutes, INCIDENT_HOLD_SILENCE, silence, silence->ends_at);
      else if (interval != NULL && incident_interval_contains (interval, now))
        add (mutes, INCIDENT_HOLD_SILENCE, silence, MIN (silence->ends_at, incident_interval_next_change (interval, now)));
    }
}

static void
add_maintenance (IncidentIntake *self,
                 IncidentLabels  labels,
                 IncidentLabels  annotations,
                 gint64          now,
                 GArray         *mutes)
{
  for (guint i = 0; i < self->rules->maintenance->len; i++)
    {
      const IncidentMaintenance *work = g_ptr_array_index (self->rules->maintenance, i);
      gboolean holds = work->interval != NULL ? incident_interval_contains (work->interval, now)
                                              : now >= work->starts_at && now < work->ends_at;

      if (holds && incident_matchers_match (work->matchers, labels, annotations, NULL))
        add (mutes, INCIDENT_HOLD_MAINTENANCE, work,
             work->interval != NULL ? incident_interval_next_change (work->interval, now) : work->ends_at);
    }
}

static void
add_inhibitions (IncidentIntake          *self,
                 IncidentLabels           labels,
                 IncidentLabels           annotations,
                 const IncidentRouteRule *route,
                 GArray                  *mutes)
{
  const IncidentInhibition *rule = NULL;

  while ((rule = incident_inhibitor_find (self->inhibitor, labels, annotations, route, rule, NULL)) != NULL)
    add (mutes, INCIDENT_HOLD_INHIBITION, rule, G_MAXINT64);
}

/* A route is silent within the intervals that mute it, and outside of those in which it is active. */
static void
add_intervals (const IncidentRouteRule *route,
               gint64                   now,
               GArray                  *mutes)
{
  gint64 until = G_MAXINT64;

  for (guint i = 0; route->mute != NULL && i < route->mute->len; i++)
    {
      const IncidentInterval *interval = g_ptr_array_index (route->mute, i);

      if (incident_interval_contains (interval, now))
        add (mutes, INCIDENT_HOLD_INTERVAL, interval, incident_interval_next_change (interval, now));
    }

  if (route->active == NULL || route->active->len == 0)
    return;

  for (guint i = 0; i < route->active->len; i++)
    {
      const IncidentInterval *interval = g_ptr_array_index (route->active, i);

      if (incident_interval_contains (interval, now))
        return;
      until = MIN (until, incident_interval_next_change (interval, now));
    }
  add (mutes, INCIDENT_HOLD_INTERVAL, NULL, until);
}

static void
add_own (const IncidentKnown *known,
         gint64               now,
         GArray              *mutes)
{
  const IncidentRouteRule *route = known->route;

  if (known->status == INCIDENT_ALERT_STATUS_SUPPRESSED)
    add (mutes, INCIDENT_HOLD_SENDER, NULL, G_MAXINT64);
  if (known->flapping)
    add (mutes, INCIDENT_HOLD_FLAPPING, NULL, incident_known_get_flap_end (known));
  if (route->threshold.count > 1 && (known->unrest == NULL || known->unrest->fires->len < route->threshold.count))
    add (mutes, INCIDENT_HOLD_THRESHOLD, NULL, G_MAXINT64);
  if (route->wait > 0 && known->heard_at + route->wait > now)
    add (mutes, INCIDENT_HOLD_WAIT, NULL, known->heard_at + route->wait);
}

void
incident_intake_list_mutes (IncidentIntake          *self,
                            IncidentLabels           labels,
                            IncidentLabels           annotations,
                            const IncidentRouteRule *route,
                            const IncidentKnown     *known,
                            gint64                   now,
                            GArray                  *mutes)
{
  g_array_set_size (mutes, 0);
  add_silences (self, labels, annotations, now, mutes);
  add_maintenance (self, labels, annotations, now, mutes);
  add_inhibitions (self, labels, annotations, route, mutes);
  add_intervals (route, now, mutes);
  if (known != NULL)
    add_own (known, now, mutes);
}

static char *
describe_inhibition (IncidentIntake           *self,
                     const IncidentInhibition *rule,
                     IncidentLabels            labels,
                     IncidentLabels            annotations)
{
  const IncidentKnown *source = incident_inhibitor_find_source (self->inhibitor, rule, labels, annotations);

  return g_strdup_printf ("inhibition %s: %s fires (%s)", rule->name != NULL ? rule->name : rule->path,
                          source != NULL ? source->alert->name : "another alert",
                          source != NULL ? incident_alert_get_episode_key (source->alert) : "unknown");
}

static char *
describe_silence (const IncidentSilence *silence)
{
  g_autofree char *until = incident_time_to_string (silence->ends_at);

  return g_strdup_printf ("silence %" G_GUINT64_FORMAT " of %s until %s: %s", silence->id,
                          silence->owner != NULL ? silence->owner : "nobody", until, silence->reason);
}

char *
incident_intake_describe_mute (IncidentIntake          *self,
                               const IncidentMute      *mute,
                               IncidentLabels           labels,
                               IncidentLabels           annotations,
                               const IncidentRouteRule *route)
{
  g_autofree char *until = mute->until != G_MAXINT64 ? incident_time_to_string (mute->until) : NULL;

  switch (mute->hold)
    {
    case INCIDENT_HOLD_SENDER:
      return g_strdup ("its sender holds it back");
    case INCIDENT_HOLD_SILENCE:
      return describe_silence (mute->by);
    case INCIDENT_HOLD_MAINTENANCE:
      {
        const IncidentMaintenance *work = mute->by;

        return g_strdup_printf ("maintenance %s%s%s%s%s", work->name, until != NULL ? " until " : "", until != NULL ? until : "",
                                work->reason != NULL ? ": " : "", work->reason != NULL ? work->reason : "");
      }
    case INCIDENT_HOLD_INHIBITION:
      return describe_inhibition (self, mute->by, labels, annotations);
    case INCIDENT_HOLD_INTERVAL:
      return g_strdup_printf ("the route %s is %s%s%s%s", route->path,
                              mute->by != NULL ? "muted by the interval " : "silent outside of its active intervals",
                              mute->by != NULL ? ((const IncidentInterval *) mute->by)->name : "",
                              until != NULL ? " until " : "", until != NULL ? until : "");
    case INCIDENT_HOLD_FLAPPING:
      return g_strdup_printf ("it flaps, and is quiet until %s at least", until != NULL ? until : "later");
    case INCIDENT_HOLD_THRESHOLD:
      return g_strdup_printf ("it has not fired %u times within %" G_GINT64_FORMAT " s", route->threshold.count,
                              route->threshold.within / G_USEC_PER_SEC);
    case INCIDENT_HOLD_WAIT:
      return g_strdup_printf ("it must fire until %s first", until != NULL ? until : "later");
    case INCIDENT_HOLD_NONE:
    default:
      return g_strdup ("nothing holds it back");
    }
}

char *
incident_intake_explain_hold (IncidentIntake      *self,
                              const IncidentKnown *known,
                              gint64               now)
{
  const IncidentAlert *alert = known->alert;

  incident_intake_list_mutes (self, alert->labels, alert->annotations, known->route, known, now, self->mutes);
  if (self->mutes->len == 0)
    return g_strdup ("it ended before anybody was told of it");

  return incident_intake_describe_mute (self, &g_array_index (self->mutes, IncidentMute, 0), alert->labels,
                                        alert->annotations, known->route);
}

/* What teams write in the label “severity”, by custom. */
static IncidentSeverity
severity_by_custom (const char *word)
{
  static const struct
  {
    const char       *word;
    IncidentSeverity  severity;
  } table[] = {
    { "critical", INCIDENT_SEVERITY_SEV2 },
    { "error", INCIDENT_SEVERITY_SEV3 },
    { "warning", INCIDENT_SEVERITY_SEV4 },
    { "info", INCIDENT_SEVERITY_SEV5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_ascii_strcasecmp (word, table[i].word) == 0)
      return table[i].severity;

  return INCIDENT_SEVERITY_UNKNOWN;
}

IncidentSeverity
incident_intake_get_severity (IncidentIntake          *self,
                              IncidentAlert           *alert,
                              const IncidentRouteRule *route)
{
  const IncidentSource *source;
  IncidentSeverity severity;

  if (route->severity != INCIDENT_SEVERITY_UNKNOWN)
    return route->severity;
  if (alert->severity == NULL)
    return INCIDENT_SEVERITY_UNKNOWN;

  source = g_hash_table_size (self->rules->sources) > 0 ? incident_intake_rules_get_source (self->rules, alert->source) : NULL;
  for (guint i = 0; source != NULL && source->severities != NULL && i < source->severities->len; i++)
    {
      const IncidentWord *word = &g_array_index (source->severities, IncidentWord, i);

      if (g_ascii_strcasecmp (word->word, alert->severity) == 0 && incident_severity_from_string (word->means, &severity, NULL))
        return severity;
    }

  return severity_by_custom (alert->severity);
}
