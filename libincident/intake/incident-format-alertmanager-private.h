/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-reader-private.h"
#include "intake/incident-format-private.h"

G_BEGIN_DECLS

/* What the formats of Alertmanager's family have in common: they are read without a tree, since
 * these come in thousands. */

void     incident_alertmanager_read_labels (IncidentJsonReader    *reader,
                                            GArray                *labels,
                                            gboolean               keep_empty);
/* FALSE: there is none, or the reader failed. */
gboolean incident_alertmanager_read_time   (IncidentIntakeMessage *message,
                                            IncidentJsonReader    *reader,
                                            gint64                *time,
                                            const char           **exact); /* nullable */
/* NULL: there is none of the name. */
const char *incident_alertmanager_find     (GArray                *labels,
                                            const char            *name);
/* Key, name, summary and severity from labels and annotations. */
void     incident_alertmanager_complete    (IncidentIntakeMessage *message,
                                            IncidentAlertDraft    *draft);

/* An alert of the webhook: each of its members, then what they make together. FALSE: the
 * reader failed. */
void     incident_alertmanager_read_member (IncidentIntakeMessage *message,
                                            IncidentJsonReader    *reader,
                                            IncidentAlertDraft    *draft,
                                            const char            *name,
                                            gboolean              *has_status);
gboolean incident_alertmanager_end_alert   (IncidentIntakeMessage *message,
                                            IncidentJsonReader    *reader,
                                            IncidentAlertDraft    *draft,
                                            gboolean               has_status);

/* @draft is reset, and has its raw_start; FALSE: the reader failed. */
typedef gboolean (*IncidentReadAlertFunc)  (IncidentIntakeMessage *message,
                                            IncidentJsonReader    *reader,
                                            IncidentAlertDraft    *draft);
void     incident_alertmanager_read_alerts (IncidentIntakeMessage *message,
                                            IncidentJsonReader    *reader,
                                            IncidentReadAlertFunc  read);
/* A slice: one alert. */
gboolean incident_alertmanager_read_item   (IncidentIntakeMessage *message,
                                            IncidentReadAlertFunc  read,
                                            GError               **error);
/* The message of the webhook. @organisation (nullable) is its member “orgId”, 0 for none. */
gboolean incident_alertmanager_read_envelope (IncidentIntakeMessage *message,
                                            IncidentReadAlertFunc  read,
                                            gint64                *organisation,
                                            GError               **error);

G_END_DECLS
