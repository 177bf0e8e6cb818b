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
/* Key, name, summary and severity from labels and annotations. */
void     incident_alertmanager_complete    (IncidentIntakeMessage *message,
                                            IncidentAlertDraft    *draft);

typedef gboolean (*IncidentReadAlertFunc)  (IncidentIntakeMessage *message,
                                            IncidentJsonReader    *reader,
                                            IncidentAlertDraft    *draft);
void     incident_alertmanager_read_alerts (IncidentIntakeMessage *message,
                                            IncidentJsonReader    *reader,
                                            IncidentReadAlertFunc  read);

G_END_DECLS
