/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-alert-private.h"

#include <libincident/incident-time.h>

/**
 * incident_alert_get_source:
 * @self: an alert
 *
 * Tells who sent it.
 *
 * Returns: (transfer none): the name of the monitoring system, such as
 *   `prometheus`
 *
 * Since: 0.1
 */
const char *
incident_alert_get_source (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->source;
}

/**
 * incident_alert_get_dedup_key:
 * @self: an alert
 *
 * Names the thing that is wrong.
 *
 * Returns: (transfer none): the key, which is unique among those of the source:
 *   one line of at most 200 bytes
 *
 * Since: 0.1
 */
const char *
incident_alert_get_dedup_key (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->key;
}

/**
 * incident_alert_get_episode_key:
 * @self: an alert
 *
 * Names one occurrence of the thing that is wrong.
 *
 * Returns: (transfer none): the source, the dedup key and when it began, or the
 *   sender's id of the occurrence, such as
 *   `prometheus/8b5b426a4c9af956@2026-11-23T06:14:46.154098614Z`
 *
 * Since: 0.1
 */
const char *
incident_alert_get_episode_key (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->episode_key;
}

/**
 * incident_alert_get_status:
 * @self: an alert
 *
 * Tells how it stands.
 *
 * Returns: the status
 *
 * Since: 0.1
 */
IncidentAlertStatus
incident_alert_get_status (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_ALERT_STATUS_INFO);

  return (IncidentAlertStatus) self->status;
}

/**
 * incident_alert_get_severity:
 * @self: an alert
 *
 * Tells how bad it is, in the sender's word.
 *
 * What the word means as the severity of a case is for the playbook to say.
 *
 * Returns: (transfer none) (nullable): the word, such as `critical`; or %NULL if
 *   it was not told
 *
 * Since: 0.1
 */
const char *
incident_alert_get_severity (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->severity;
}

/**
 * incident_alert_get_name:
 * @self: an alert
 *
 * Names the kind of alert, as its label `alertname` does.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
incident_alert_get_name (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * incident_alert_get_summary:
 * @self: an alert
 *
 * Says in one sentence what is wrong.
 *
 * Returns: (transfer none) (nullable): the sentence, or %NULL for none
 *
 * Since: 0.1
 */
const char *
incident_alert_get_summary (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->summary;
}

/**
 * incident_alert_get_link:
 * @self: an alert
 *
 * Tells where to look at it.
 *
 * Returns: (transfer none) (nullable): an address that the sender gave, which was
 *   not looked at; or %NULL for none
 *
 * Since: 0.1
 */
const char *
incident_alert_get_link (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->link;
}

/**
 * incident_alert_get_starts_at:
 * @self: an alert
 *
 * Tells when it began, by the clock of the sender.
 *
 * Returns: microseconds since the Unix epoch, UTC; or %INCIDENT_TIME_NONE if it
 *   was not told
 *
 * Since: 0.1
 */
gint64
incident_alert_get_starts_at (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->starts_at;
}

/**
 * incident_alert_get_ends_at:
 * @self: an alert
 *
 * Tells when it ended; or, of one that fires, when it will count as over if its
 * sender says nothing more.
 *
 * Returns: microseconds since the Unix epoch, UTC; or %INCIDENT_TIME_NONE if
 *   there is no end
 *
 * Since: 0.1
 */
gint64
incident_alert_get_ends_at (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, INCIDENT_TIME_NONE);

  return self->ends_at;
}

/**
 * incident_alert_get_case_number:
 * @self: an alert
 *
 * Tells which case it was told to.
 *
 * Returns: the number of the case, or 0 for none
 *
 * Since: 0.1
 */
guint64
incident_alert_get_case_number (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->case_number;
}

/**
 * incident_alert_get_why:
 * @self: an alert
 *
 * Says why it stands as it does, in a sentence for people.
 *
 * Returns: (transfer none) (nullable): the sentence, such as `silence 4 of ana
 *   until 2026-11-23T09:00:00.000000Z: the disk is being replaced`; or %NULL if
 *   there is nothing to say
 *
 * Since: 0.1
 */
const char *
incident_alert_get_why (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->why;
}

/**
 * incident_alert_get_label:
 * @self: an alert
 * @name: the name of a label
 *
 * Looks a label up.
 *
 * Returns: (transfer none) (nullable): its value, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
incident_alert_get_label (IncidentAlert *self,
                          const char    *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return incident_labels_get (self->labels, name);
}

/**
 * incident_alert_get_annotation:
 * @self: an alert
 * @name: the name of an annotation
 *
 * Looks an annotation up.
 *
 * Returns: (transfer none) (nullable): its value, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
incident_alert_get_annotation (IncidentAlert *self,
                               const char    *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return incident_labels_get (self->annotations, name);
}

static GHashTable *
dup_table (IncidentLabels labels)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < labels.n; i++)
    g_hash_table_insert (table, g_strdup (labels.labels[i].name), g_strdup (labels.labels[i].value));
  return table;
}

/**
 * incident_alert_dup_labels:
 * @self: an alert
 *
 * Gives all labels.
 *
 * Returns: (transfer full) (element-type utf8 utf8): values by name
 *
 * Since: 0.1
 */
GHashTable *
incident_alert_dup_labels (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_table (self->labels);
}

/**
 * incident_alert_dup_annotations:
 * @self: an alert
 *
 * Gives all annotations.
 *
 * Returns: (transfer full) (element-type utf8 utf8): values by name
 *
 * Since: 0.1
 */
GHashTable *
incident_alert_dup_annotations (IncidentAlert *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_table (self->annotations);
}
