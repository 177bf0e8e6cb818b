/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-format-private.h"

G_BEGIN_DECLS

extern const IncidentFormat incident_format_alertmanager;
extern const IncidentFormat incident_format_alertmanager_api;
extern const IncidentFormat incident_format_grafana;
extern const IncidentFormat incident_format_grafana_legacy;
extern const IncidentFormat incident_format_cloudevents;
extern const IncidentFormat incident_format_json;
extern const IncidentFormat incident_format_checkmk;
extern const IncidentFormat incident_format_cloudwatch;
extern const IncidentFormat incident_format_datadog;
extern const IncidentFormat incident_format_icinga;
extern const IncidentFormat incident_format_nagios;
extern const IncidentFormat incident_format_opsgenie;
extern const IncidentFormat incident_format_pagerduty;
extern const IncidentFormat incident_format_sentry;
extern const IncidentFormat incident_format_zabbix;

G_END_DECLS
