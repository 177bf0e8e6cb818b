/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-reader-private.h"

G_BEGIN_DECLS

/* Places in a document and words for what is wrong there: what the reader needs
 * once it fails. */

typedef struct
{
  const char *text;    /* decoded */
  gsize       length;
  const char *at;      /* its opening quote in the document */
} IncidentJsonName;

/* The second of two equal names, in the order of the document; or NULL. The
 * array is sorted by it. */
const IncidentJsonName *incident_json_find_twin         (IncidentJsonName        *names,
                                                         gsize                    n_names);

void                    incident_json_append_pointer    (GString                 *pointer,
                                                         const IncidentJsonName  *name);

/* “an object”; as found, numbers are told apart: “a whole number”. */
const char             *incident_json_type_to_words     (IncidentJsonType         type,
                                                         gboolean                 wanted);
/* What stands at @at: “x”, a byte, or the end. */
char                   *incident_json_describe          (const char              *at,
                                                         const char              *end);
/* Why no value begins at @at. */
char                   *incident_json_describe_no_value (const char              *bytes,
                                                         const char              *at,
                                                         const char              *end);

/* Where lines and columns were counted last: a document with many faults is read on from there,
 * since a hostile one has a hundred thousand. */
typedef struct
{
  const char *at;      /* NULL: nowhere yet */
  guint64     line;
  guint64     column;
} IncidentJsonPlace;

/* SOURCE:LINE:COLUMN: POINTER: TEXT, made safe to print. */
GError                 *incident_json_error_new         (const char              *source,
                                                         const char              *bytes,
                                                         IncidentJsonPlace       *place,
                                                         const char              *at,
                                                         const char              *pointer,
                                                         const char              *text);

G_END_DECLS
