/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

/* Stands in until the desk has these. */

/**
 * incident_desk_settle_alerts:
 * @self: x
 * @next: (out) (optional): x
 * @error: x
 *
 * X.
 *
 * Returns: x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) gboolean
incident_desk_settle_alerts (IncidentDesk *self, gint64 *next, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return FALSE;
}

/**
 * incident_desk_resume_alerts:
 * @self: x
 * @error: x
 *
 * X.
 *
 * Returns: x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) gboolean
incident_desk_resume_alerts (IncidentDesk *self, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return FALSE;
}

/**
 * incident_desk_list_alerts:
 * @self: x
 * @matchers: (nullable): x
 * @since: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer container) (element-type IncidentAlert): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) GPtrArray *
incident_desk_list_alerts (IncidentDesk *self, const char *matchers, gint64 since, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}

/**
 * incident_desk_dup_alert_body:
 * @self: x
 * @alert: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer full): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) GBytes *
incident_desk_dup_alert_body (IncidentDesk *self, const char *alert, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}

/**
 * incident_desk_try_labels:
 * @self: x
 * @labels: (element-type utf8 utf8): x
 * @at: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer full): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) IncidentRouting *
incident_desk_try_labels (IncidentDesk *self, GHashTable *labels, gint64 at, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}

/**
 * incident_desk_add_silence:
 * @self: x
 * @silence: x
 * @actor: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer full): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) IncidentSilence *
incident_desk_add_silence (IncidentDesk *self, IncidentSilence *silence, const char *actor, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}

/**
 * incident_desk_change_silence:
 * @self: x
 * @id: x
 * @silence: x
 * @actor: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer full): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) IncidentSilence *
incident_desk_change_silence (IncidentDesk *self, guint64 id, IncidentSilence *silence, const char *actor, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}

/**
 * incident_desk_expire_silence:
 * @self: x
 * @id: x
 * @actor: x
 * @error: x
 *
 * X.
 *
 * Returns: x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) gboolean
incident_desk_expire_silence (IncidentDesk *self, guint64 id, const char *actor, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return FALSE;
}

/**
 * incident_desk_list_silences:
 * @self: x
 * @with_expired: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer container) (element-type IncidentSilence): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) GPtrArray *
incident_desk_list_silences (IncidentDesk *self, gboolean with_expired, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}

/**
 * incident_desk_try_silence:
 * @self: x
 * @silence: x
 * @since: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer container) (element-type IncidentAlert): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) GPtrArray *
incident_desk_try_silence (IncidentDesk *self, IncidentSilence *silence, gint64 since, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}

/**
 * incident_desk_review_silences:
 * @self: x
 * @error: x
 *
 * X.
 *
 * Returns: (transfer full): x
 *
 * Since: 0.1
 */
__attribute__ ((weak)) char **
incident_desk_review_silences (IncidentDesk *self, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not now");
  return NULL;
}
