/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-actor.h>

#include "base/incident-enum-private.h"

/**
 * IncidentActor:
 *
 * Somebody who acts, and how it is known that it is they.
 *
 * The id is the name under which the playbook knows a person or an automation.
 * It comes from a source that was checked, never from what a message says of
 * itself. An actor never changes and may be shared between threads.
 *
 * Since: 0.1
 */

struct _IncidentActor
{
  char                 *id;
  IncidentVerification  verification;
  char                 *provider;
};

G_DEFINE_BOXED_TYPE (IncidentActor, incident_actor, incident_actor_ref, incident_actor_unref)

G_DEFINE_ENUM_TYPE (IncidentVerification, incident_verification,
  G_DEFINE_ENUM_VALUE (INCIDENT_VERIFICATION_ASSERTED, "asserted"),
  G_DEFINE_ENUM_VALUE (INCIDENT_VERIFICATION_SIGNATURE, "signature"),
  G_DEFINE_ENUM_VALUE (INCIDENT_VERIFICATION_TOKEN, "token"),
  G_DEFINE_ENUM_VALUE (INCIDENT_VERIFICATION_SESSION, "session"),
  G_DEFINE_ENUM_VALUE (INCIDENT_VERIFICATION_NONE, "none"))

/**
 * incident_verification_to_string:
 * @verification: how somebody is known
 *
 * Names it as it is written in JSON, such as `signature`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @verification is no
 *   member of the enumeration
 *
 * Since: 0.1
 */
const char *
incident_verification_to_string (IncidentVerification verification)
{
  return incident_enum_get_nick (INCIDENT_TYPE_VERIFICATION, (int) verification);
}

/**
 * incident_actor_new:
 * @id: the name under which the playbook knows them
 * @verification: how that is known
 * @provider: (nullable): who checked it, such as `slack`, or %NULL
 *
 * Makes an actor.
 *
 * Returns: (transfer full): a new actor
 *
 * Since: 0.1
 */
IncidentActor *
incident_actor_new (const char           *id,
                    IncidentVerification  verification,
                    const char           *provider)
{
  IncidentActor *self;

  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail ((int) verification >= 0 && verification <= INCIDENT_VERIFICATION_NONE, NULL);

  self = g_atomic_rc_box_new (IncidentActor);
  self->id = g_strdup (id);
  self->verification = verification;
  self->provider = g_strdup (provider);
  return self;
}

/**
 * incident_actor_ref:
 * @self: an actor
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentActor *
incident_actor_ref (IncidentActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_actor_clear (gpointer data)
{
  IncidentActor *self = data;

  g_free (self->id);
  g_free (self->provider);
}

/**
 * incident_actor_unref:
 * @self: (transfer full): an actor
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_actor_unref (IncidentActor *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_actor_clear);
}

/**
 * incident_actor_get_id:
 * @self: an actor
 *
 * Tells who it is.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
incident_actor_get_id (IncidentActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * incident_actor_get_verification:
 * @self: an actor
 *
 * Tells how it is known who it is.
 *
 * Returns: how it was verified
 *
 * Since: 0.1
 */
IncidentVerification
incident_actor_get_verification (IncidentActor *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_VERIFICATION_NONE);

  return self->verification;
}

/**
 * incident_actor_get_provider:
 * @self: an actor
 *
 * Tells who has verified it.
 *
 * Returns: (transfer none) (nullable): the provider, or %NULL
 *
 * Since: 0.1
 */
const char *
incident_actor_get_provider (IncidentActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->provider;
}
