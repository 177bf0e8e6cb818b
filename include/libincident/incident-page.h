/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_PAGE_REASON (incident_page_reason_get_type ())

/**
 * IncidentPageReason:
 * @INCIDENT_PAGE_REASON_STEP: `step`: sent, since the step came
 * @INCIDENT_PAGE_REASON_REPEAT: `repeat`: sent, since the policy repeats its steps
 * @INCIDENT_PAGE_REASON_ACK_TIMEOUT: `ack-timeout`: sent, since who had acknowledged was not heard of again
 * @INCIDENT_PAGE_REASON_UNACK: `unack`: sent, since an acknowledgement was taken back
 * @INCIDENT_PAGE_REASON_RESUMED: `resumed`: sent, since a pause is over
 * @INCIDENT_PAGE_REASON_REOPENED: `reopened`: sent, since the case was opened again
 * @INCIDENT_PAGE_REASON_MANUAL: `manual`: sent, since a person has escalated
 * @INCIDENT_PAGE_REASON_DIRECT: `direct`: sent, since a person has asked for this one
 * @INCIDENT_PAGE_REASON_FALLBACK: `fallback`: sent, since nobody else was there
 * @INCIDENT_PAGE_REASON_REMINDER: `reminder`: sent, to remind
 * @INCIDENT_PAGE_REASON_RETRY: `retry`: sent once more
 * @INCIDENT_PAGE_REASON_NOBODY_ON_CALL: `nobody-on-call`: not sent: the schedule has nobody
 * @INCIDENT_PAGE_REASON_NO_CONTACT: `no-contact`: not sent: there is no way to reach the person
 * @INCIDENT_PAGE_REASON_TARGET_GONE: `target-gone`: not sent: the playbook has no such person, team, schedule, role or channel any more
 * @INCIDENT_PAGE_REASON_CONDITION_FALSE: `condition-false`: not sent: the step is not for such a case
 * @INCIDENT_PAGE_REASON_OUTSIDE_HOURS: `outside-hours`: not sent: the step is skipped outside its hours
 * @INCIDENT_PAGE_REASON_PAUSED: `paused`: not sent: the run is paused
 * @INCIDENT_PAGE_REASON_ALREADY_PAGED: `already-paged`: not sent: the same step pages the person through another target
 * @INCIDENT_PAGE_REASON_ACKED: `acked`: not sent: it was acknowledged
 * @INCIDENT_PAGE_REASON_ENDED: `ended`: not sent: the run has ended
 * @INCIDENT_PAGE_REASON_SUPERSEDED: `superseded`: not sent: a later page to the person, or another policy, takes its place
 * @INCIDENT_PAGE_REASON_FAILED: `failed`: not sent: no way to the person has worked
 * @INCIDENT_PAGE_REASON_RATE_LIMITED: `rate-limited`: held: the person was paged too often
 * @INCIDENT_PAGE_REASON_BUNDLED: `bundled`: held, and told in one message with others
 * @INCIDENT_PAGE_REASON_WAITING_HOURS: `waiting-hours`: held: the step waits for its hours
 *
 * Why somebody is paged, or is not.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_PAGE_REASON_STEP,
  INCIDENT_PAGE_REASON_REPEAT,
  INCIDENT_PAGE_REASON_ACK_TIMEOUT,
  INCIDENT_PAGE_REASON_UNACK,
  INCIDENT_PAGE_REASON_RESUMED,
  INCIDENT_PAGE_REASON_REOPENED,
  INCIDENT_PAGE_REASON_MANUAL,
  INCIDENT_PAGE_REASON_DIRECT,
  INCIDENT_PAGE_REASON_FALLBACK,
  INCIDENT_PAGE_REASON_REMINDER,
  INCIDENT_PAGE_REASON_RETRY,
  INCIDENT_PAGE_REASON_NOBODY_ON_CALL,
  INCIDENT_PAGE_REASON_NO_CONTACT,
  INCIDENT_PAGE_REASON_TARGET_GONE,
  INCIDENT_PAGE_REASON_CONDITION_FALSE,
  INCIDENT_PAGE_REASON_OUTSIDE_HOURS,
  INCIDENT_PAGE_REASON_PAUSED,
  INCIDENT_PAGE_REASON_ALREADY_PAGED,
  INCIDENT_PAGE_REASON_ACKED,
  INCIDENT_PAGE_REASON_ENDED,
  INCIDENT_PAGE_REASON_SUPERSEDED,
  INCIDENT_PAGE_REASON_FAILED,
  INCIDENT_PAGE_REASON_RATE_LIMITED,
  INCIDENT_PAGE_REASON_BUNDLED,
  INCIDENT_PAGE_REASON_WAITING_HOURS,
} IncidentPageReason;

INCIDENT_AVAILABLE_IN_ALL
GType        incident_page_reason_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char  *incident_page_reason_to_string (IncidentPageReason   reason);

INCIDENT_AVAILABLE_IN_ALL
gboolean     incident_page_reason_is_sent   (IncidentPageReason   reason);

#define INCIDENT_TYPE_PAGE (incident_page_get_type ())

typedef struct _IncidentPage IncidentPage;

INCIDENT_AVAILABLE_IN_ALL
GType               incident_page_get_type        (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentPage       *incident_page_ref             (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
void                incident_page_unref           (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
guint64             incident_page_get_case_number (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
guint               incident_page_get_event       (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
gint64              incident_page_get_at          (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_page_get_person      (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_page_get_target      (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentPageReason  incident_page_get_reason      (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean            incident_page_get_sent        (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
guint               incident_page_get_run         (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_page_get_policy      (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_page_get_version     (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
const char         *incident_page_get_step        (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
guint               incident_page_get_loop        (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
guint               incident_page_get_arming      (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_page_to_json         (IncidentPage *self);

INCIDENT_AVAILABLE_IN_ALL
char               *incident_page_to_text         (IncidentPage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentPage, incident_page_unref)

G_END_DECLS
