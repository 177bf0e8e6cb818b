/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

/* How the burden of being on call is shared. Nights are from 22:00 to 07:00 by the person's own clock; a
 * night, a weekend or a holiday counts once, however short a part of it somebody was on call. */

typedef enum
{
  INCIDENT_LOAD_ON_CALL,       /* microseconds; on several schedules at once counts once */
  INCIDENT_LOAD_NIGHTS,
  INCIDENT_LOAD_WEEKENDS,
  INCIDENT_LOAD_HOLIDAYS,
  INCIDENT_LOAD_LONGEST,       /* microseconds on call without a break … */
  INCIDENT_LOAD_REST,          /* … and the shortest break between two times; negative: there was none */
  INCIDENT_LOAD_PAGES,
  INCIDENT_LOAD_NIGHT_PAGES,
  INCIDENT_N_LOADS
} IncidentLoadKind;

typedef struct
{
  const char *person;          /* interned */
  double      is[INCIDENT_N_LOADS];
  double      expected[INCIDENT_N_LOADS]; /* an equal share among those of the same layers */
} IncidentLoad;

typedef struct
{
  const char *person;          /* interned */
  gint64      at;
} IncidentLoadPage;

/* @pages (element-type IncidentLoadPage), in any order. (element-type IncidentLoad), by the names of the people. */
GArray    *incident_load_measure    (IncidentRoster      *roster,
                                     const GArray        *pages,
                                     gint64               from,
                                     gint64               until);
/* That of the person, or UTC. Lent. */
GTimeZone *incident_load_get_zone   (const IncidentRules *rules,
                                     const char          *person);
/* The number of the night that a moment lies in; G_MININT64: it lies in none. */
gint64     incident_load_get_night  (GTimeZone           *zone,
                                     gint64               at);

G_END_DECLS
