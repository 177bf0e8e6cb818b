/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <glib-object.h>
#include <libincident/incident-version-macros.h>

G_BEGIN_DECLS

/**
 * IncidentError:
 * @INCIDENT_ERROR_INVALID: what was given breaks a rule of form: mend it and try again
 * @INCIDENT_ERROR_REFUSED: a guard or a right said no; the message names each
 *   and what would satisfy it
 * @INCIDENT_ERROR_NOT_FOUND: there is no such case, or no such name in the playbook
 * @INCIDENT_ERROR_CONFLICT: somebody else wrote first: reload and try again
 * @INCIDENT_ERROR_BUSY: another process held the store for too long: try again
 * @INCIDENT_ERROR_NO_SPACE: the disk is full; the store is whole and can be read
 * @INCIDENT_ERROR_READ_ONLY: the store can be read but not written
 * @INCIDENT_ERROR_NOT_A_STORE: the file is something else
 * @INCIDENT_ERROR_TOO_NEW: a newer version of this library wrote the store
 * @INCIDENT_ERROR_CORRUPT: the store is damaged: restore a backup
 * @INCIDENT_ERROR_COMMIT_UNKNOWN: it cannot be told whether the command was recorded:
 *   ask again with the same operation id
 * @INCIDENT_ERROR_FORKED: the process was forked after the store was opened: open it anew
 * @INCIDENT_ERROR_FAILED: the store failed in another way, named in the message
 *
 * Errors of this library's own rules and of its stores. Failures of files and
 * the network keep the domain of GIO.
 *
 * Since: 0.1
 */
typedef enum
{
  INCIDENT_ERROR_INVALID,
  INCIDENT_ERROR_REFUSED,
  INCIDENT_ERROR_NOT_FOUND,
  INCIDENT_ERROR_CONFLICT,
  INCIDENT_ERROR_BUSY,
  INCIDENT_ERROR_NO_SPACE,
  INCIDENT_ERROR_READ_ONLY,
  INCIDENT_ERROR_NOT_A_STORE,
  INCIDENT_ERROR_TOO_NEW,
  INCIDENT_ERROR_CORRUPT,
  INCIDENT_ERROR_COMMIT_UNKNOWN,
  INCIDENT_ERROR_FORKED,
  INCIDENT_ERROR_FAILED,
} IncidentError;

#define INCIDENT_ERROR      (incident_error_quark ())
#define INCIDENT_TYPE_ERROR (incident_error_get_type ())

INCIDENT_AVAILABLE_IN_ALL
GQuark       incident_error_quark     (void);

INCIDENT_AVAILABLE_IN_ALL
GType        incident_error_get_type  (void) G_GNUC_CONST;

INCIDENT_AVAILABLE_IN_ALL
const char  *incident_error_to_string (IncidentError  error);

INCIDENT_AVAILABLE_IN_ALL
const char  *incident_error_get_where (const GError  *error);

INCIDENT_AVAILABLE_IN_ALL
const char * const *
             incident_error_get_codes (const GError  *error);

INCIDENT_AVAILABLE_IN_ALL
const char * const *incident_error_list_problems (const GError  *error);

G_END_DECLS
