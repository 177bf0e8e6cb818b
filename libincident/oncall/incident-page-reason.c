/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-page.h>

#include "base/incident-enum-private.h"

G_DEFINE_ENUM_TYPE (IncidentPageReason, incident_page_reason,
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_STEP, "step"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_REPEAT, "repeat"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_ACK_TIMEOUT, "ack-timeout"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_UNACK, "unack"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_RESUMED, "resumed"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_REOPENED, "reopened"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_MANUAL, "manual"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_DIRECT, "direct"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_FALLBACK, "fallback"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_REMINDER, "reminder"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_RETRY, "retry"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_NOBODY_ON_CALL, "nobody-on-call"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_NO_CONTACT, "no-contact"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_TARGET_GONE, "target-gone"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_CONDITION_FALSE, "condition-false"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_OUTSIDE_HOURS, "outside-hours"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_ALREADY_PAGED, "already-paged"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_ACKED, "acked"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_ENDED, "ended"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_SUPERSEDED, "superseded"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_RATE_LIMITED, "rate-limited"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_BUNDLED, "bundled"),
                    G_DEFINE_ENUM_VALUE (INCIDENT_PAGE_REASON_WAITING_HOURS, "waiting-hours"))

/**
 * incident_page_reason_to_string:
 * @reason: a reason
 *
 * Names a reason, as JSON has it.
 *
 * Returns: (transfer none) (nullable): the name, such as `ack-timeout`, or %NULL if there is no such reason
 *
 * Since: 0.1
 */
const char *
incident_page_reason_to_string (IncidentPageReason reason)
{
  return incident_enum_get_nick (INCIDENT_TYPE_PAGE_REASON, (int) reason);
}

/**
 * incident_page_reason_is_sent:
 * @reason: a reason
 *
 * Tells whether it is a reason to page somebody, rather than not to, or later.
 *
 * Returns: whether who has it is paged
 *
 * Since: 0.1
 */
gboolean
incident_page_reason_is_sent (IncidentPageReason reason)
{
  return reason <= INCIDENT_PAGE_REASON_RETRY;
}
