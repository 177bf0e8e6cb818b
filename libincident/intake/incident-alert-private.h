/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-receipt.h>
#include <libincident/incident-severity.h>

#include "model/incident-labels-private.h"

G_BEGIN_DECLS

/* One alert, whatever format it came in. */
typedef struct
{
  char             *fingerprint; /* the thing that is wrong */
  char             *start;       /* RFC 3339 in UTC, every digit kept; NULL: not told */
  gint64            starts_at;   /* INCIDENT_TIME_NONE: not told */
  gint64            ends_at;     /* likewise */
  gboolean          firing;
  IncidentSeverity  severity;
  char             *name;
  char             *summary;     /* nullable */
  char             *link;        /* nullable */
  GPtrArray        *labels;      /* (element-type IncidentLabel), by name */
  GPtrArray        *annotations; /* likewise */
} IncidentAlert;

/* What one message says of one group of alerts. */
typedef struct
{
  const char *source;  /* static: the format */
  char       *group;   /* key of the group, for the store */
  char       *title;   /* of the case that it would open */
  char       *service; /* nullable */
  GPtrArray  *alerts;  /* (element-type IncidentAlert) */
  GPtrArray  *refused; /* (element-type IncidentReceipt): the malformed ones */
} IncidentAlertGroup;

IncidentAlert      *incident_alert_new         (void);
void                incident_alert_free        (IncidentAlert       *self);
/* One occurrence of the thing that is wrong. */
char               *incident_alert_dup_key     (const IncidentAlert *self,
                                                gint64               now);
/* The payload of its event. */
char               *incident_alert_to_json     (const IncidentAlert *self,
                                                const char          *source);

GPtrArray          *incident_old_labels_new    (void);
void                incident_old_labels_add    (GPtrArray           *labels,
                                                const char          *name,
                                                const char          *value);
void                incident_old_labels_sort   (GPtrArray           *labels);
const char         *incident_old_labels_get    (GPtrArray           *labels,
                                                const char          *name);

IncidentAlertGroup *incident_alert_group_new   (const char          *source);
void                incident_alert_group_free  (IncidentAlertGroup  *self);

/* Alertmanager's webhook, version 4. Malformed alerts are set aside; a body that is
 * no such message is an error. */
IncidentAlertGroup *incident_alertmanager_parse (const char          *body,
                                                 gsize                length,
                                                 const char          *name,
                                                 GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentAlert, incident_alert_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentAlertGroup, incident_alert_group_free)

G_END_DECLS
