/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-print.h"

G_BEGIN_DECLS

/* What the library answers as JSON, read to be shown as tables. */

/* (transfer full) */
JsonNode   *answer_read        (const char *document);
/* An answer is an object. */
JsonObject *answer_get_root    (JsonNode   *answer);
/* NULL where it is null or not there. */
const char *answer_get_text    (JsonObject *object,
                                const char *name);
/* INCIDENT_TIME_NONE likewise. */
gint64      answer_get_time    (JsonObject *object,
                                const char *name);
/* -1 likewise: none that is answered is less than 0. */
double      answer_get_number  (JsonObject *object,
                                const char *name);
char       *answer_dup_number  (JsonObject *object,
                                const char *name);
/* FALSE likewise. */
gboolean    answer_get_boolean (JsonObject *object,
                                const char *name);
/* It is always there. */
JsonObject *answer_get_object  (JsonObject *object,
                                const char *name);
/* Of a list; 0 where it is not there. */
guint       answer_get_length  (JsonObject *object,
                                const char *name);
/* Of a list of objects, and of one of strings. */
JsonObject *answer_get_element (JsonObject *object,
                                const char *name,
                                guint       position);
const char *answer_get_word    (JsonObject *object,
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
