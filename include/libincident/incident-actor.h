/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

/**
 * IncidentVerification:
 * @INCIDENT_VERIFICATION_ASSERTED: the program that embeds the library says so
 * @INCIDENT_VERIFICATION_SIGNATURE: a signed request said so, as chat platforms send
 * @INCIDENT_VERIFICATION_TOKEN: a secret that only they have was shown
 * @INCIDENT_VERIFICATION_SESSION: they are logged in at an identity provider
 * @INCIDENT_VERIFICATION_NONE: nothing: such an actor may be quoted, but is not
 *   obeyed
 *
 * How it is known who somebody is.
 *
 * The numbers are kept in the log and never change.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_VERIFICATION_ASSERTED,
  INCIDENT_VERIFICATION_SIGNATURE,
  INCIDENT_VERIFICATION_TOKEN,
  INCIDENT_VERIFICATION_SESSION,
  INCIDENT_VERIFICATION_NONE,
} IncidentVerification;

#define INCIDENT_TYPE_VERIFICATION (incident_verification_get_type ())
#define INCIDENT_TYPE_ACTOR        (incident_actor_get_type ())

typedef struct _IncidentActor IncidentActor;

INCIDENT_AVAILABLE_IN_ALL
GType                 incident_verification_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_verification_to_string (IncidentVerification  verification);

INCIDENT_AVAILABLE_IN_ALL
GType                 incident_actor_get_type         (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentActor        *incident_actor_new              (const char           *id,
                                                       IncidentVerification  verification,
                                                       const char           *provider);

INCIDENT_AVAILABLE_IN_ALL
IncidentActor        *incident_actor_ref              (IncidentActor        *self);

INCIDENT_AVAILABLE_IN_ALL
void                  incident_actor_unref            (IncidentActor        *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_actor_get_id           (IncidentActor        *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentVerification  incident_actor_get_verification (IncidentActor        *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_actor_get_provider     (IncidentActor        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentActor, incident_actor_unref)

G_END_DECLS
