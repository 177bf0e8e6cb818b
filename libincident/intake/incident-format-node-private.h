/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-format-private.h"

G_BEGIN_DECLS

/* What the formats have in common that are read by nodes. Null counts as absent. */

/* Puts what @node, an object, says into the draft, which is reset. */
typedef gboolean (*IncidentReadNodeFunc)  (IncidentIntakeMessage *message,
                                           IncidentNode          *node,
                                           IncidentAlertDraft    *draft,
                                           gconstpointer          data,
                                           GError               **error);

/* The body, or the slice of one alert, is one object or an array of them, each an alert: one that
 * is wrong is set aside. */
gboolean    incident_format_read_body     (IncidentIntakeMessage *message,
                                           IncidentReadNodeFunc   read,
                                           gconstpointer          data,
                                           GError               **error);
/* Likewise of a part of it. */
gboolean    incident_format_read_items    (IncidentIntakeMessage *message,
                                           IncidentNode          *items,
                                           IncidentReadNodeFunc   read,
                                           gconstpointer          data,
                                           GError               **error);

/* A string, a number or a boolean as text, of which NULL says that there is none; fails at
 * anything else. @node is nullable. */
gboolean    incident_format_read_text     (IncidentIntakeMessage *message,
                                           IncidentNode          *node,
                                           const char           **text,
                                           GError               **error);
/* Of a member that must be a string; NULL where there is none. */
gboolean    incident_format_read_string   (IncidentNode          *object,
                                           const char            *name,
                                           const char           **string,
                                           GError               **error);
/* An object (nullable) of texts. A name that is there already is given the new value. */
gboolean    incident_format_read_labels   (IncidentIntakeMessage *message,
                                           IncidentNode          *node,
                                           GArray                *labels,
                                           GError               **error);
void        incident_format_set_label     (GArray                *labels,
                                           const char            *name,
                                           const char            *value);
/* What all formats name “alertname”, by which alerts are grouped where nothing else is said. */
void        incident_format_set_name      (IncidentAlertDraft    *draft,
                                           const char            *name); /* nullable */
/* “{{ .Key }}”, “${KEY}”, “$KEY”: what the sender should have filled in. */
gboolean    incident_format_is_template   (const char            *text);

G_END_DECLS
