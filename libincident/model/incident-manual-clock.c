/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-manual-clock.h>

#include <string.h>

#include "base/incident-hash-private.h"
#include "base/incident-time-private.h"

/**
 * IncidentManualClock:
 *
 * A clock that stands still until it is told to go on, and whose chance is the
 * same every time.
 *
 * For tests and simulations. Never for real incidents: who knows the seed can
 * guess its random bytes.
 *
 * Since: 0.1
 */
struct _IncidentManualClock
{
  GObject parent_instance;

  GMutex  lock;
  gint64  time;
  gint64  boot_time;
  guint64 seed;
  guint64 n_drawn; /* blocks of random bytes */
};

static void incident_manual_clock_iface_init (IncidentClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentManualClock, incident_manual_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CLOCK, incident_manual_clock_iface_init))

static gint64
incident_manual_clock_get_time (IncidentClock *clock)
{
  IncidentManualClock *self = INCIDENT_MANUAL_CLOCK (clock);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return self->time;
}

static gint64
incident_manual_clock_get_boot_time (IncidentClock *clock)
{
  IncidentManualClock *self = INCIDENT_MANUAL_CLOCK (clock);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return self->boot_time;
}

static char *
incident_manual_clock_dup_boot_id (IncidentClock *clock)
{
  IncidentManualClock *self = INCIDENT_MANUAL_CLOCK (clock);

  return g_strdup_printf ("manual-%016" G_GINT64_MODIFIER "x", self->seed);
}

/* SHA-256 in counter mode: block i is SHA-256 (seed, i). */
static GBytes *
incident_manual_clock_random_bytes (IncidentClock *clock,
                                    gsize          length)
{
  IncidentManualClock *self = INCIDENT_MANUAL_CLOCK (clock);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  guint8 *bytes = g_malloc (length);

  for (gsize done = 0; done < length;)
    {
      guint64 input[2] = { GUINT64_TO_BE (self->seed), GUINT64_TO_BE (self->n_drawn) };
      guint8 block[INCIDENT_HASH_LENGTH];
      gsize taken;

      incident_sha256 (input, sizeof input, block);
      taken = MIN (sizeof block, length - done);
      memcpy (bytes + done, block, taken);
      done += taken;
      self->n_drawn++;
    }

  return g_bytes_new_take (bytes, length);
}

static void
incident_manual_clock_iface_init (IncidentClockInterface *iface)
{
  iface->get_time = incident_manual_clock_get_time;
  iface->get_boot_time = incident_manual_clock_get_boot_time;
  iface->dup_boot_id = incident_manual_clock_dup_boot_id;
  iface->random_bytes = incident_manual_clock_random_bytes;
}

static void
incident_manual_clock_finalize (GObject *object)
{
  IncidentManualClock *self = INCIDENT_MANUAL_CLOCK (object);

  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (incident_manual_clock_parent_class)->finalize (object);
}

static void
incident_manual_clock_class_init (IncidentManualClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_manual_clock_finalize;
}

static void
incident_manual_clock_init (IncidentManualClock *self)
{
  g_mutex_init (&self->lock);
}

/**
 * incident_manual_clock_new:
 * @time: where the wall clock begins, in microseconds since the Unix epoch, UTC
 * @seed: where chance begins
 *
 * Makes a clock that is moved by hand.
 *
 * Returns: (transfer full) (type IncidentManualClock): a new clock
 *
 * Since: 0.1
 */
IncidentClock *
incident_manual_clock_new (gint64  time,
                           guint64 seed)
{
  IncidentManualClock *self;

  g_return_val_if_fail (time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX, NULL);

  self = g_object_new (INCIDENT_TYPE_MANUAL_CLOCK, NULL);
  self->time = time;
  self->seed = seed;
  return INCIDENT_CLOCK (self);
}

/**
 * incident_manual_clock_advance:
 * @self: a manual clock
 * @duration: how long, in microseconds; not negative
 *
 * Lets time pass.
 *
 * Since: 0.1
 */
void
incident_manual_clock_advance (IncidentManualClock *self,
                               gint64               duration)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_if_fail (INCIDENT_IS_MANUAL_CLOCK (self));
  g_return_if_fail (duration >= 0);

  locker = g_mutex_locker_new (&self->lock);
  g_return_if_fail (duration <= INCIDENT_TIME_MAX - self->time);
  self->time += duration;
  self->boot_time += duration;
}

/**
 * incident_manual_clock_set_time:
 * @self: a manual clock
 * @time: the new wall clock time, in microseconds since the Unix epoch, UTC
 *
 * Makes the wall clock jump, as it does when someone sets it; the boot time
 * goes on as before.
 *
 * Since: 0.1
 */
void
incident_manual_clock_set_time (IncidentManualClock *self,
                                gint64               time)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_if_fail (INCIDENT_IS_MANUAL_CLOCK (self));
  g_return_if_fail (time >= INCIDENT_TIME_MIN && time <= INCIDENT_TIME_MAX);

  locker = g_mutex_locker_new (&self->lock);
  self->time = time;
}
