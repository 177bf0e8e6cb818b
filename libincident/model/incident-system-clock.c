/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-system-clock.h>

/**
 * IncidentSystemClock:
 *
 * The time of this machine, and the kernel's random numbers: what
 * [iface@Clock] does by default.
 *
 * Since: 0.1
 */
struct _IncidentSystemClock
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentSystemClock, incident_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CLOCK, NULL))

static void
incident_system_clock_class_init (IncidentSystemClockClass *klass)
{
}

static void
incident_system_clock_init (IncidentSystemClock *self)
{
}

/**
 * incident_system_clock_new:
 *
 * Makes a clock that tells the machine's time.
 *
 * Returns: (transfer full) (type IncidentSystemClock): a new clock
 *
 * Since: 0.1
 */
IncidentClock *
incident_system_clock_new (void)
{
  return g_object_new (INCIDENT_TYPE_SYSTEM_CLOCK, NULL);
}
