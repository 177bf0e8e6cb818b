/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-message.h>

G_BEGIN_DECLS

/**
 * IncidentOutcome:
 * @INCIDENT_OUTCOME_SENT: the far side has it. Nick: `sent`
 * @INCIDENT_OUTCOME_WAIT: the far side has it not, and asks us to come later; no fault of
 *   either. Nick: `wait`
 * @INCIDENT_OUTCOME_RETRY: it surely did not arrive; it may if tried again. Nick: `retry`
 * @INCIDENT_OUTCOME_UNSURE: it may have arrived. Nick: `unsure`
 * @INCIDENT_OUTCOME_REFUSED: it did not arrive, and never will. Nick: `refused`
 * @INCIDENT_OUTCOME_CLOSED: nothing gets through this channel until a person mends it: a
 *   secret is wrong, a right is missing. Nick: `closed`
 *
 * What became of an attempt to deliver a message.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_OUTCOME_SENT,
  INCIDENT_OUTCOME_WAIT,
  INCIDENT_OUTCOME_RETRY,
  INCIDENT_OUTCOME_UNSURE,
  INCIDENT_OUTCOME_REFUSED,
  INCIDENT_OUTCOME_CLOSED,
} IncidentOutcome;

#define INCIDENT_TYPE_OUTCOME  (incident_outcome_get_type ())
#define INCIDENT_TYPE_DELIVERY (incident_delivery_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GType             incident_outcome_get_type           (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_outcome_to_string          (IncidentOutcome    outcome);

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentDelivery, incident_delivery, INCIDENT, DELIVERY, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentDelivery *incident_delivery_new               (IncidentMessage   *message);

INCIDENT_AVAILABLE_IN_ALL
IncidentMessage  *incident_delivery_get_message       (IncidentDelivery  *self);

INCIDENT_AVAILABLE_IN_ALL
gint64            incident_delivery_get_unsure_since  (IncidentDelivery  *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentOutcome   incident_delivery_get_outcome       (IncidentDelivery  *self);

INCIDENT_AVAILABLE_IN_ALL
void              incident_delivery_set_outcome       (IncidentDelivery  *self,
                                                       IncidentOutcome    outcome,
                                                       const char        *detail);

INCIDENT_AVAILABLE_IN_ALL
const char       *incident_delivery_get_detail        (IncidentDelivery  *self);

INCIDENT_AVAILABLE_IN_ALL
void              incident_delivery_set_retry_after   (IncidentDelivery  *self,
                                                       gint64             duration,
                                                       gboolean           whole_channel);

INCIDENT_AVAILABLE_IN_ALL
void              incident_delivery_set_external_id   (IncidentDelivery  *self,
                                                       const char        *external_id);

INCIDENT_AVAILABLE_IN_ALL
void              incident_delivery_set_conversation  (IncidentDelivery  *self,
                                                       const char        *conversation);

INCIDENT_AVAILABLE_IN_ALL
void              incident_delivery_set_permalink     (IncidentDelivery  *self,
                                                       const char        *permalink);

G_END_DECLS
