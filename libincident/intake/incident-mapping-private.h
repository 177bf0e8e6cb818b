/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-format-private.h"

G_BEGIN_DECLS

/* How a playbook's mapping reads what is of no format: data, no code. Of its status words, “” stands
 * for one that is missing. A text of digits, or a number, is a time since 1970. */

/* What @item, an object, says is put into the draft; fails at the place in it. */
gboolean incident_mapping_read         (const IncidentMapping  *self,
                                        IncidentIntakeMessage  *message,
                                        IncidentNode           *item,
                                        IncidentAlertDraft     *draft,
                                        GError                **error);
/* Does a mapping do with a message as it is sent? @format is “json” or “cloudevents”. Tells all that
 * is wrong with it, and in @alerts (nullable; transfer full; element-type IncidentAlert) what it makes of it. */
gboolean incident_mapping_check_sample (const IncidentMapping  *self,
                                        const char             *format,
                                        const char             *sample_json,
                                        gsize                   length,
                                        const char             *place,       /* nullable */
                                        GTimeZone              *zone,        /* nullable */
                                        GPtrArray             **alerts,
                                        GError                **error);

/* Presets, for what is sent by custom. */
const IncidentMapping *incident_mapping_get_oncall  (void);
const IncidentMapping *incident_mapping_get_goalert (void);

G_END_DECLS
