/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-foresee-private.h"

#include <libincident/incident-error.h>

#include "base/incident-time-private.h"
#include "oncall/incident-proof-private.h"

#define MOST_YEARS 10

IncidentRoster *
incident_desk_imagine_roster (IncidentDesk      *self,
                              IncidentPlaybook  *playbook,
                              GError           **error)
{
  IncidentRules *rules = playbook != NULL ? incident_playbook_get_rules (playbook) : incident_desk_get_rulebook (self)->rules;
  g_autoptr(IncidentRoster) roster = incident_desk_load_roster (self, error);

  return roster != NULL ? incident_roster_with_rules (roster, rules, G_MININT64) : NULL;
}

void
incident_foresee_write_versions (IncidentJsonWriter   *writer,
                                 const IncidentRoster *roster,
                                 gint64                from,
                                 gint64                until)
{
  g_autofree char *zones = incident_zones_to_version (roster->rules->oncall, from, until);

  incident_json_writer_name (writer, "versions");
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "playbook", roster->rules->version);
  incident_json_writer_name (writer, "roster");
  incident_json_writer_int (writer, (gint64) roster->head);
  incident_json_writer_member (writer, "zones", zones);
  incident_json_writer_end_object (writer);
}

void
incident_foresee_write_span (IncidentJsonWriter *writer,
                             gint64              from,
                             gint64              until)
{
  incident_json_writer_moment (writer, "from", from);
  incident_json_writer_moment (writer, "until", until);
}

void
incident_foresee_write_duration (IncidentJsonWriter *writer,
                                 const char         *name,
                                 gint64              duration)
{
  incident_json_writer_name (writer, name);
  if (duration < 0)
    incident_json_writer_null (writer);
  else
    incident_json_writer_double (writer, (double) duration / G_USEC_PER_SEC);
}

gboolean
incident_foresee_check_span (gint64   from,
                             gint64   until,
                             GError **error)
{
  if (from >= INCIDENT_TIME_MIN && until <= INCIDENT_TIME_MAX && until > from
      && until - from <= MOST_YEARS * 366 * G_TIME_SPAN_DAY)
    return TRUE;

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, "The time must end after it begins, at most %d years later", MOST_YEARS);
  return FALSE;
}
