/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-alert.h>

G_BEGIN_DECLS

/**
 * IncidentSilenceState:
 * @INCIDENT_SILENCE_STATE_PENDING: it has not begun. Nick: `pending`
 * @INCIDENT_SILENCE_STATE_ACTIVE: it mutes. Nick: `active`
 * @INCIDENT_SILENCE_STATE_EXPIRED: it is over. Nick: `expired`
 *
 * How a silence stands at a time.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_SILENCE_STATE_PENDING,
  INCIDENT_SILENCE_STATE_ACTIVE,
  INCIDENT_SILENCE_STATE_EXPIRED,
} IncidentSilenceState;

#define INCIDENT_TYPE_SILENCE_STATE (incident_silence_state_get_type ())
#define INCIDENT_TYPE_SILENCE       (incident_silence_get_type ())

typedef struct _IncidentSilence IncidentSilence;

INCIDENT_AVAILABLE_IN_ALL
GType                incident_silence_state_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_silence_state_to_string (IncidentSilenceState  state);

INCIDENT_AVAILABLE_IN_ALL
GType                incident_silence_get_type        (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentSilence     *incident_silence_new             (const char * const   *matchers,
                                                       gint64                starts_at,
                                                       gint64                ends_at,
                                                       const char           *reason,
                                                       GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentSilence     *incident_silence_new_from_json   (const char           *json,
                                                       gssize                length,
                                                       const char           *place,
                                                       GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray           *incident_silence_list_from_json  (const char           *json,
                                                       gssize                length,
                                                       const char           *place,
                                                       GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentSilence     *incident_silence_with_interval   (IncidentSilence      *self,
                                                       const char           *interval);

INCIDENT_AVAILABLE_IN_ALL
IncidentSilence     *incident_silence_ref             (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
void                 incident_silence_unref           (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
guint64              incident_silence_get_id          (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
char               **incident_silence_dup_matchers    (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
gint64               incident_silence_get_starts_at   (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
gint64               incident_silence_get_ends_at     (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_silence_get_interval    (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_silence_get_owner       (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
const char          *incident_silence_get_reason      (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentSilenceState incident_silence_get_state       (IncidentSilence      *self,
                                                       gint64                at);

INCIDENT_AVAILABLE_IN_ALL
gboolean             incident_silence_matches         (IncidentSilence      *self,
                                                       IncidentAlert        *alert);

INCIDENT_AVAILABLE_IN_ALL
char               **incident_silence_dup_warnings    (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
char                *incident_silence_to_json         (IncidentSilence      *self);

INCIDENT_AVAILABLE_IN_ALL
char                *incident_silence_to_alertmanager_json (IncidentSilence *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSilence, incident_silence_unref)

G_END_DECLS
