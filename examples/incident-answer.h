/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-print.h"

G_BEGIN_DECLS

/* What the library answers as JSON, read to be shown as tables. */

/* (transfer full) */
JsonNode   *answer_read        (const char *document);
/* NULL where it is null or not there. */
const char *answer_get_text    (JsonObject *object,
                                const char *name);
/* INCIDENT_TIME_NONE likewise. */
gint64      answer_get_time    (JsonObject *object,
                                const char *name);
/* For a list of objects; none where it is not there. */
guint       answer_get_length  (JsonObject *object,
                                const char *name);
JsonObject *answer_get_element (JsonObject *object,
                                const char *name,
                                guint       position);
/* Cells of a table. */
void        answer_add_text    (Table      *table,
                                JsonObject *object,
                                const char *name);
void        answer_add_time    (Table      *table,
                                JsonObject *object,
                                const char *name);
void        answer_add_number  (Table      *table,
                                JsonObject *object,
                                const char *name);
/* Of seconds, such as “5 min” or “3 h 20 min”. */
char       *answer_dup_length  (JsonObject *object,
                                const char *name);
/* What was built, on standard output. */
void        answer_print       (JsonBuilder *builder);

G_END_DECLS
