/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-shape-private.h"

G_BEGIN_DECLS

/* For tables of shapes, from the leaves up. */
#define END { NULL, NULL, FALSE, NULL }
#define LIST_OF(shape, of, what) \
  static const IncidentShape shape = { .kind = INCIDENT_SHAPE_LIST, .element = &of, .singular = what }
#define OBJECT_OF(shape, of) \
  static const IncidentShape shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = of }
#define MAP_OF(shape, of, what) \
  static const IncidentShape shape = { .kind = INCIDENT_SHAPE_MAP, .element = &of, .singular = what }
#define REFERENCE_TO(shape, in) \
  static const IncidentShape shape = { .kind = INCIDENT_SHAPE_REFERENCE, .section = in }

/* For which cases something is. */
extern const IncidentShape incident_playbook_condition_shape;
/* Where a secret is, by exactly one of “env” and “file”. */
extern const IncidentShape incident_playbook_secret_shape;

/* The sections on alerts. */
extern const IncidentShape incident_playbook_sources_shape;
extern const IncidentShape incident_playbook_intervals_shape;
extern const IncidentShape incident_playbook_route_shape;
extern const IncidentShape incident_playbook_inhibit_shape;
extern const IncidentShape incident_playbook_maintenance_shape;
extern const IncidentShape incident_playbook_correlate_shape;

/* The sections on communication, and how a person is reached. */
extern const IncidentShape incident_playbook_contacts_shape;
extern const IncidentShape incident_playbook_channels_shape;
extern const IncidentShape incident_playbook_audiences_shape;
extern const IncidentShape incident_playbook_status_page_shape;
extern const IncidentShape incident_playbook_desk_shape;
/* What a contact for a kind of channel looks like. */
extern const IncidentShape incident_playbook_address_shape;
extern const IncidentShape incident_playbook_slack_user_shape;

/* The sections on being on call, and by what ways a person is paged. */
extern const IncidentShape incident_playbook_pages_shape;
extern const IncidentShape incident_playbook_holidays_shape;
extern const IncidentShape incident_playbook_schedules_shape;
extern const IncidentShape incident_playbook_policies_shape;
extern const IncidentShape incident_playbook_escalation_shape;

G_END_DECLS
