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

/* The sections on alerts. */
extern const IncidentShape incident_playbook_sources_shape;
extern const IncidentShape incident_playbook_intervals_shape;
extern const IncidentShape incident_playbook_route_shape;
extern const IncidentShape incident_playbook_inhibit_shape;
extern const IncidentShape incident_playbook_maintenance_shape;
extern const IncidentShape incident_playbook_correlate_shape;

G_END_DECLS
