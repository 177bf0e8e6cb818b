/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <gio/gio.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_CLOCK (incident_clock_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (IncidentClock, incident_clock, INCIDENT, CLOCK, GObject)

/**
 * IncidentClockInterface:
 * @get_time: the wall clock, in microseconds since the Unix epoch, UTC
 * @get_boot_time: microseconds since @dup_boot_id began, suspended time included
 * @dup_boot_id: names the boot that @get_boot_time counts from
 * @random_bytes: answers @length bytes that nobody can guess
 *
 * The virtual functions of [iface@Clock].
 *
 * Since: 0.1
 */
struct _IncidentClockInterface
{
  GTypeInterface parent_iface;

  gint64  (*get_time)      (IncidentClock *self);
  gint64  (*get_boot_time) (IncidentClock *self);
  char   *(*dup_boot_id)   (IncidentClock *self);
  GBytes *(*random_bytes)  (IncidentClock *self,
                            gsize          length);
};

INCIDENT_AVAILABLE_IN_ALL
gint64  incident_clock_get_time      (IncidentClock *self);

INCIDENT_AVAILABLE_IN_ALL
gint64  incident_clock_get_boot_time (IncidentClock *self);

INCIDENT_AVAILABLE_IN_ALL
char   *incident_clock_dup_boot_id   (IncidentClock *self);

INCIDENT_AVAILABLE_IN_ALL
GBytes *incident_clock_random_bytes  (IncidentClock *self,
                                      gsize          length);

G_END_DECLS
