/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-clock.h>

#include <errno.h>
#include <time.h>
#include <unistd.h>

/**
 * IncidentClock:
 *
 * Where the library gets time and chance from, and nowhere else.
 *
 * With a [class@ManualClock] a year of incidents runs in a test within a
 * second, and the same way every time. Functions may be called from any thread.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (IncidentClock, incident_clock, G_TYPE_OBJECT)

/* The defaults are the machine's own: a class in a language binding that leaves
 * one out still tells the truth. */

static gint64
incident_clock_real_get_time (IncidentClock *self)
{
  return g_get_real_time ();
}

static gint64
incident_clock_real_get_boot_time (IncidentClock *self)
{
  struct timespec now;

  /* g_get_monotonic_time() stands still while the machine is suspended. */
  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return g_get_monotonic_time ();

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static char *
incident_clock_real_dup_boot_id (IncidentClock *self)
{
  char *boot_id = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL))
    return g_strdup ("unknown");

  return g_strchomp (boot_id);
}

static GBytes *
incident_clock_real_random_bytes (IncidentClock *self,
                                  gsize          length)
{
  guint8 *bytes = g_malloc (length);

  /* At most 256 bytes: never interrupted, never partial (getentropy(3)). */
  if (getentropy (bytes, length) != 0)
    g_error ("The kernel gives no random bytes: %s", g_strerror (errno));

  return g_bytes_new_take (bytes, length);
}

static void
incident_clock_default_init (IncidentClockInterface *iface)
{
  iface->get_time = incident_clock_real_get_time;
  iface->get_boot_time = incident_clock_real_get_boot_time;
  iface->dup_boot_id = incident_clock_real_dup_boot_id;
  iface->random_bytes = incident_clock_real_random_bytes;
}

/**
 * incident_clock_get_time:
 * @self: a clock
 *
 * Reads the wall clock.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_clock_get_time (IncidentClock *self)
{
  g_return_val_if_fail (INCIDENT_IS_CLOCK (self), 0);

  return INCIDENT_CLOCK_GET_IFACE (self)->get_time (self);
}

/**
 * incident_clock_get_boot_time:
 * @self: a clock
 *
 * Reads a clock that never jumps, for durations.
 *
 * Returns: microseconds since the boot that [method@Clock.dup_boot_id] names,
 *   time in suspend included
 *
 * Since: 0.1
 */
gint64
incident_clock_get_boot_time (IncidentClock *self)
{
  g_return_val_if_fail (INCIDENT_IS_CLOCK (self), 0);

  return INCIDENT_CLOCK_GET_IFACE (self)->get_boot_time (self);
}

/**
 * incident_clock_dup_boot_id:
 * @self: a clock
 *
 * Names the boot that [method@Clock.get_boot_time] counts from.
 *
 * Returns: (transfer full): the name; two boots never share one
 *
 * Since: 0.1
 */
char *
incident_clock_dup_boot_id (IncidentClock *self)
{
  char *boot_id;

  g_return_val_if_fail (INCIDENT_IS_CLOCK (self), NULL);

  boot_id = INCIDENT_CLOCK_GET_IFACE (self)->dup_boot_id (self);
  return boot_id != NULL ? boot_id : g_strdup ("unknown");
}

/**
 * incident_clock_random_bytes:
 * @self: a clock
 * @length: how many
 *
 * Draws bytes that nobody can guess.
 *
 * Operation ids and the keys that hide payloads from the log's hashes are made
 * of them.
 *
 * Returns: (transfer full): @length bytes
 *
 * Since: 0.1
 */
GBytes *
incident_clock_random_bytes (IncidentClock *self,
                             gsize          length)
{
  GBytes *bytes;

  g_return_val_if_fail (INCIDENT_IS_CLOCK (self), NULL);
  g_return_val_if_fail (length > 0 && length <= 256, NULL);

  bytes = INCIDENT_CLOCK_GET_IFACE (self)->random_bytes (self, length);
  if (bytes != NULL && g_bytes_get_size (bytes) == length)
    return bytes;

  /* A class in a binding may answer nothing, or too little; a key must not be short. */
  g_critical ("%s did not answer %" G_GSIZE_FORMAT " random bytes", G_OBJECT_TYPE_NAME (self), length);
  g_clear_pointer (&bytes, g_bytes_unref);
  return incident_clock_real_random_bytes (self, length);
}
