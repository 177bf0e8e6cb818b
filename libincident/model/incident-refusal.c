/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-refusal-private.h"

#include "base/incident-json-writer-private.h"

/**
 * IncidentRefusal:
 *
 * What somebody wanted to do and has no right to do.
 *
 * Refusals are kept beside the timelines, which they never touch, and told of by
 * [signal@Desk::refused]. Kept is what is refused with the code `not-permitted` or
 * `unverified-actor`; what is refused for other reasons alone, such as a missing
 * text, is not. A refusal never changes and may be shared between threads.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (IncidentRefusal, incident_refusal, incident_refusal_ref, incident_refusal_unref)

IncidentRefusal *
incident_refusal_new (gint64      time,
                      guint64     case_number,
                      const char *actor,
                      guint8      verified,
                      const char *verb,
                      const char *why)
{
  IncidentRefusal *self = g_atomic_rc_box_new0 (IncidentRefusal);

  self->time = time;
  self->case_number = case_number;
  self->actor = g_strdup (actor);
  self->verified = verified;
  self->verb = g_strdup (verb);
  self->why = g_strdup (why);
  return self;
}

/**
 * incident_refusal_ref:
 * @self: a refusal
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentRefusal *
incident_refusal_ref (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_refusal_clear (gpointer data)
{
  IncidentRefusal *self = data;

  g_free (self->actor);
  g_free (self->verb);
  g_free (self->why);
}

/**
 * incident_refusal_unref:
 * @self: (transfer full): a refusal
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_refusal_unref (IncidentRefusal *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_refusal_clear);
}

/**
 * incident_refusal_get_number:
 * @self: a refusal
 *
 * Tells its place among the refusals of the store.
 *
 * Returns: the number, from 1
 *
 * Since: 0.1
 */
guint64
incident_refusal_get_number (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number;
}

/**
 * incident_refusal_get_time:
 * @self: a refusal
 *
 * Tells when it was.
 *
 * Returns: microseconds since the Unix epoch, UTC
 *
 * Since: 0.1
 */
gint64
incident_refusal_get_time (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->time;
}

/**
 * incident_refusal_get_case_number:
 * @self: a refusal
 *
 * Tells which case it was about.
 *
 * Returns: the number of the case, or 0 if there was none yet
 *
 * Since: 0.1
 */
guint64
incident_refusal_get_case_number (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->case_number;
}

/**
 * incident_refusal_get_actor:
 * @self: a refusal
 *
 * Tells who was refused.
 *
 * Returns: (transfer none): the actor
 *
 * Since: 0.1
 */
const char *
incident_refusal_get_actor (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->actor;
}

/**
 * incident_refusal_get_verification:
 * @self: a refusal
 *
 * Tells how it was known who that is.
 *
 * Returns: how the actor was verified
 *
 * Since: 0.1
 */
IncidentVerification
incident_refusal_get_verification (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_VERIFICATION_NONE);

  return (IncidentVerification) self->verified;
}

/**
 * incident_refusal_get_verb:
 * @self: a refusal
 *
 * Tells what they wanted to do.
 *
 * Returns: (transfer none): the verb
 *
 * Since: 0.1
 */
const char *
incident_refusal_get_verb (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->verb;
}

/**
 * incident_refusal_get_why:
 * @self: a refusal
 *
 * Tells why not, as it was told to them.
 *
 * Returns: (transfer none): the reasons
 *
 * Since: 0.1
 */
const char *
incident_refusal_get_why (IncidentRefusal *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->why;
}

/**
 * incident_refusal_to_json:
 * @self: a refusal
 *
 * Writes the refusal as JSON.
 *
 * Returns: (transfer full): a JSON object
 *
 * Since: 0.1
 */
char *
incident_refusal_to_json (IncidentRefusal *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_name (&writer, "number");
  incident_json_writer_int (&writer, (gint64) self->number);
  incident_json_writer_name (&writer, "at");
  incident_json_writer_time (&writer, self->time);
  incident_json_writer_name (&writer, "case");
  if (self->case_number != 0)
    incident_json_writer_int (&writer, (gint64) self->case_number);
  else
    incident_json_writer_null (&writer);
  incident_json_writer_member (&writer, "actor", self->actor);
  incident_json_writer_member (&writer, "verified", incident_verification_to_string ((IncidentVerification) self->verified));
  incident_json_writer_member (&writer, "verb", self->verb);
  incident_json_writer_member (&writer, "why", self->why);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
