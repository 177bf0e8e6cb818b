/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-silence-private.h"

#include <libincident/incident-time.h>

/**
 * incident_silence_get_id:
 * @self: a silence
 *
 * Tells by which number its desk knows it.
 *
 * Returns: the id, or 0 if no desk has it
 *
 * Since: 0.1
 */
guint64
incident_silence_get_id (IncidentSilence *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->id;
}

/**
 * incident_silence_dup_matchers:
 * @self: a silence
 *
 * Lists its lists of matchers, each as it can be read again.
 *
 * Returns: (transfer full) (array zero-terminated=1): the lists, such as
 *   `{team="a"}`, in the order in which they were given
 *
 * Since: 0.1
 */
char **
incident_silence_dup_matchers (IncidentSilence *self)
{
  GPtrArray *texts;

  g_return_val_if_fail (self != NULL, NULL);

  texts = g_ptr_array_new ();
  for (guint i = 0; i < self->lists->len; i++)
    g_ptr_array_add (texts, incident_matchers_to_string (g_ptr_array_index (self->lists, i)));
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

/**
 * incident_silence_get_starts_at:
 * @self: a silence
 *
 * Tells when it begins.
 *
 * Returns: microseconds since the Unix epoch, UTC; or %INCIDENT_TIME_NONE for when
 *   it is added
 *
 * Since: 0.1
 */
gint64
incident_silence_get_starts_at (IncidentSilence *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->starts_at;
}

/**
 * incident_silence_get_ends_at:
 * @self: a silence
 *
 * Tells from when on it mutes no more.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_silence_get_ends_at (IncidentSilence *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->ends_at;
}

/**
 * incident_silence_get_interval:
 * @self: a silence
 *
 * Tells within which interval of the playbook it mutes.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL for at any time
 *
 * Since: 0.1
 */
const char *
incident_silence_get_interval (IncidentSilence *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->interval;
}

/**
 * incident_silence_get_owner:
 * @self: a silence
 *
 * Tells who made it.
 *
 * Returns: (transfer none) (nullable): the person, or %NULL if no desk has it and
 *   it was not read from JSON that names one
 *
 * Since: 0.1
 */
const char *
incident_silence_get_owner (IncidentSilence *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->owner;
}

/**
 * incident_silence_get_reason:
 * @self: a silence
 *
 * Tells why it was made.
 *
 * Returns: (transfer none): the words of who made it: escape them for where they go
 *
 * Since: 0.1
 */
const char *
incident_silence_get_reason (IncidentSilence *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reason;
}

/**
 * incident_silence_get_state:
 * @self: a silence
 * @at: a time, in microseconds since the Unix epoch, UTC
 *
 * Tells how it stands at a time, whatever its interval says.
 *
 * Returns: whether it has not begun, mutes, or is over; at its end it is over
 *
 * Since: 0.1
 */
IncidentSilenceState
incident_silence_get_state (IncidentSilence *self,
                            gint64           at)
{
  g_return_val_if_fail (self != NULL, INCIDENT_SILENCE_STATE_EXPIRED);

  if (at >= self->ends_at)
    return INCIDENT_SILENCE_STATE_EXPIRED;

  return at < self->starts_at ? INCIDENT_SILENCE_STATE_PENDING : INCIDENT_SILENCE_STATE_ACTIVE;
}

/**
 * incident_silence_matches:
 * @self: a silence
 * @alert: an alert
 *
 * Asks whether it is about an alert, whatever the time.
 *
 * A matcher whose name is no label of the alert is asked of the annotation of that
 * name. A list with a regular expression that does not come to an end takes no alert.
 *
 * Returns: whether one of its lists takes the alert
 *
 * Since: 0.1
 */
gboolean
incident_silence_matches (IncidentSilence *self,
                          IncidentAlert   *alert)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (alert != NULL, FALSE);

  return incident_silence_mutes (self, alert->labels, alert->annotations);
}

/**
 * incident_silence_dup_warnings:
 * @self: a silence
 *
 * Says what may not be meant by it: a list that takes alerts which have none of its
 * labels, and so mutes nearly everything; or matchers that versions of Alertmanager
 * read in different ways, which only a silence knows that was made from their text.
 *
 * Returns: (transfer full) (array zero-terminated=1): a sentence each
 *
 * Since: 0.1
 */
char **
incident_silence_dup_warnings (IncidentSilence *self)
{
  GPtrArray *texts;

  g_return_val_if_fail (self != NULL, NULL);

  texts = g_ptr_array_new ();
  for (guint i = 0; i < self->warnings->len; i++)
    g_ptr_array_add (texts, g_strdup (g_ptr_array_index (self->warnings, i)));
  for (guint i = 0; i < self->lists->len; i++)
    {
      GPtrArray *list = g_ptr_array_index (self->lists, i);
      g_autofree char *text = incident_matchers_to_string (list);

      if (incident_matchers_match_empty (list))
        g_ptr_array_add (texts, g_strdup_printf ("“%s” takes every alert without these labels, and so nearly everything",
                                                 text));
    }
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}
