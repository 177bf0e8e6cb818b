/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

#define INCIDENT_TYPE_OVERRIDE_KIND (incident_override_kind_get_type ())

/**
 * IncidentOverrideKind:
 * @INCIDENT_OVERRIDE_KIND_ADD: `add`: somebody is on call in any case
 * @INCIDENT_OVERRIDE_KIND_REMOVE: `remove`: somebody is not
 * @INCIDENT_OVERRIDE_KIND_REPLACE: `replace`: another is, where somebody would have been
 * @INCIDENT_OVERRIDE_KIND_SWAP: `swap`: somebody offers shifts; once another takes them it is as `replace`
 * @INCIDENT_OVERRIDE_KIND_TEMPORARY: `temporary`: fixed shifts in place of the whole schedule
 * @INCIDENT_OVERRIDE_KIND_FEED: `feed`: what was imported from a calendar
 *
 * How a schedule is changed on single days.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_OVERRIDE_KIND_ADD,
  INCIDENT_OVERRIDE_KIND_REMOVE,
  INCIDENT_OVERRIDE_KIND_REPLACE,
  INCIDENT_OVERRIDE_KIND_SWAP,
  INCIDENT_OVERRIDE_KIND_TEMPORARY,
  INCIDENT_OVERRIDE_KIND_FEED,
} IncidentOverrideKind;

INCIDENT_AVAILABLE_IN_ALL
GType        incident_override_kind_get_type    (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char  *incident_override_kind_to_string   (IncidentOverrideKind   kind);

INCIDENT_AVAILABLE_IN_ALL
gboolean     incident_override_kind_from_string (const char            *string,
                                                 IncidentOverrideKind  *kind,
                                                 GError               **error);

#define INCIDENT_TYPE_OVERRIDE_STATE (incident_override_state_get_type ())

/**
 * IncidentOverrideState:
 * @INCIDENT_OVERRIDE_STATE_IN_FORCE: `in-force`: it counts, in its time
 * @INCIDENT_OVERRIDE_STATE_OPEN: `open`: a swap that nobody has taken yet
 * @INCIDENT_OVERRIDE_STATE_TAKEN: `taken`: a swap that somebody has taken
 * @INCIDENT_OVERRIDE_STATE_PAST_DUE: `past-due`: a swap whose time came, and nobody had taken it
 * @INCIDENT_OVERRIDE_STATE_WITHDRAWN: `withdrawn`: it counts no more
 *
 * How an override stands.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_OVERRIDE_STATE_IN_FORCE,
  INCIDENT_OVERRIDE_STATE_OPEN,
  INCIDENT_OVERRIDE_STATE_TAKEN,
  INCIDENT_OVERRIDE_STATE_PAST_DUE,
  INCIDENT_OVERRIDE_STATE_WITHDRAWN,
} IncidentOverrideState;

INCIDENT_AVAILABLE_IN_ALL
GType        incident_override_state_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char  *incident_override_state_to_string (IncidentOverrideState state);

#define INCIDENT_TYPE_OVERRIDE (incident_override_get_type ())

typedef struct _IncidentOverride IncidentOverride;

INCIDENT_AVAILABLE_IN_ALL
GType                 incident_override_get_type       (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
IncidentOverride     *incident_override_new            (const char           *schedule,
                                                        IncidentOverrideKind  kind,
                                                        const char           *person,
                                                        const char           *substitute,
                                                        gint64                from,
                                                        gint64                until,
                                                        const char           *text);

INCIDENT_AVAILABLE_IN_ALL
IncidentOverride     *incident_override_ref            (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
void                  incident_override_unref          (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
void                  incident_override_add_shift      (IncidentOverride     *self,
                                                        const char           *person,
                                                        gint64                from,
                                                        gint64                until);

INCIDENT_AVAILABLE_IN_ALL
guint64               incident_override_get_id         (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_override_get_schedule   (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentOverrideKind  incident_override_get_kind       (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentOverrideState incident_override_get_state      (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_override_get_person     (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_override_get_substitute (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
gint64                incident_override_get_from       (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
gint64                incident_override_get_until      (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_override_get_actor      (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
const char           *incident_override_get_text       (IncidentOverride     *self);

INCIDENT_AVAILABLE_IN_ALL
char                 *incident_override_to_json        (IncidentOverride     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentOverride, incident_override_unref)

G_END_DECLS
