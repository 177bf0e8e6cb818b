/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the public reads: how the services are, and what it was told. The desk fills it from the cases, and the
 * renderers see nothing else. */

typedef enum
{
  INCIDENT_SERVICE_OPERATIONAL,
  INCIDENT_SERVICE_DEGRADED,
  INCIDENT_SERVICE_PARTIAL_OUTAGE,
  INCIDENT_SERVICE_MAJOR_OUTAGE,
  INCIDENT_N_SERVICE_STATES
} IncidentServiceState;

typedef struct
{
  char                 *title;
  IncidentServiceState  state;
} IncidentStatusService;

typedef struct
{
  gint64      at;
  const char *stage;    /* “investigating” …; static */
  char       *text;
} IncidentStatusUpdate;

typedef struct
{
  char      *heading;
  const char *stage;
  GPtrArray *services;    /* of strings: titles, lent by those of the page */
  GPtrArray *updates;     /* of IncidentStatusUpdate, the newest first */
  gint64     next_update; /* INCIDENT_TIME_NONE: none was announced; as below */
  gint64     resolved_at; /* none: it goes on */
} IncidentStatusIncident;

typedef struct
{
  char      *title;
  char      *about;       /* nullable */
  gint64     made_at;
  guint      n_days;      /* for so long what was resolved is shown */
  GPtrArray *services;    /* of IncidentStatusService */
  GPtrArray *ongoing;     /* of IncidentStatusIncident, that with the newest update first; as below */
  GPtrArray *resolved;
} IncidentStatusPage;

IncidentStatusPage     *incident_status_page_new          (const char                 *title,
                                                           const char                 *about, /* nullable */
                                                           gint64                      made_at);
void                    incident_status_page_free         (IncidentStatusPage         *self);
IncidentStatusService  *incident_status_page_add_service  (IncidentStatusPage         *self,
                                                           const char                 *title);
IncidentStatusIncident *incident_status_incident_new      (void);
void                    incident_status_incident_free     (IncidentStatusIncident     *self);
void                    incident_status_incident_add      (IncidentStatusIncident     *self,
                                                           gint64                      at,
                                                           const char                 *stage,
                                                           const char                 *text);
/* Of all services, and not operational while an incident goes on. */
IncidentServiceState    incident_status_page_get_worst    (const IncidentStatusPage   *self);
/* The soonest that was announced; INCIDENT_TIME_NONE: none was. */
gint64                  incident_status_page_get_next_update (const IncidentStatusPage *self);
/* Its name in JSON and in the style of the page: “partial-outage”. */
const char             *incident_service_state_get_nick   (IncidentServiceState        self);

char                   *incident_status_page_to_html      (const IncidentStatusPage   *self);
char                   *incident_status_page_to_json      (const IncidentStatusPage   *self);

/* The style of the page, which names its hash. */
extern const char incident_status_page_css[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentStatusPage, incident_status_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentStatusIncident, incident_status_incident_free)

G_END_DECLS
