/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The only way JSON leaves the library. Commas write themselves; what would
 * not be JSON (an unclosed object, a member without name, a non-finite number,
 * text that is not UTF-8) is a programmer's error and asserted. */

typedef struct
{
  GString *out;
  guint    depth;
  guint64  filled;    /* bit per depth: something stands there already */
  guint64  objects;   /* bit per depth: an object, not an array */
  gboolean pretty;    /* two spaces a level, one member or element a line */
  gboolean named;     /* a member's name was just written */
} IncidentJsonWriter;

void  incident_json_writer_init         (IncidentJsonWriter *self,
                                         gboolean            pretty);
/* So that as many bytes as will be written mostly fit without being moved. */
void  incident_json_writer_make_room    (IncidentJsonWriter *self,
                                         gsize               n_bytes);
void  incident_json_writer_begin_object (IncidentJsonWriter *self);
void  incident_json_writer_end_object   (IncidentJsonWriter *self);
void  incident_json_writer_begin_array  (IncidentJsonWriter *self);
void  incident_json_writer_end_array    (IncidentJsonWriter *self);
void  incident_json_writer_name         (IncidentJsonWriter *self,
                                         const char         *name);
/* NULL writes null. */
void  incident_json_writer_string       (IncidentJsonWriter *self,
                                         const char         *value);
void  incident_json_writer_int          (IncidentJsonWriter *self,
                                         gint64              value);
/* The shortest of 15, 16 or 17 digits that reads back equal. */
void  incident_json_writer_double       (IncidentJsonWriter *self,
                                         double              value);
void  incident_json_writer_boolean      (IncidentJsonWriter *self,
                                         gboolean            value);
void  incident_json_writer_null         (IncidentJsonWriter *self);
/* Microseconds UTC, as RFC 3339 in a string. */
void  incident_json_writer_time         (IncidentJsonWriter *self,
                                         gint64              value);
/* name and time in one; INCIDENT_TIME_NONE writes null. */
void  incident_json_writer_moment       (IncidentJsonWriter *self,
                                         const char         *name,
                                         gint64              time);
/* @json is one complete JSON value that is known to be good. */
void  incident_json_writer_raw          (IncidentJsonWriter *self,
                                         const char         *json);
/* name and string in one. */
void  incident_json_writer_member       (IncidentJsonWriter *self,
                                         const char         *name,
                                         const char         *value);
char *incident_json_writer_finish       (IncidentJsonWriter *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
