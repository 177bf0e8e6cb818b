/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The tokens of RFC 8259 in bytes that are not NUL-terminated. Nothing is
 * allocated and nothing is read at or past @end. Each scan returns where the
 * token ends, or NULL with @fault filled in. */

typedef struct
{
  const char *at;    /* the byte to point to */
  const char *text;  /* what is wrong and what would be right; never freed */
  const char *close; /* the closing quote of a string that is well written and yet no text; else NULL */
} IncidentJsonFault;

typedef struct
{
  const char *start;
  const char *end;
  gboolean    whole;      /* neither fraction nor exponent */
  gint64      integer;    /* its value, if whole */
  int         magnitude;  /* else: smaller than ten to this power, cut at a million */
} IncidentJsonNumber;

/* Behind the white space at @at. */
static inline const char *
incident_json_scan_blanks (const char *at,
                           const char *end)
{
  if (at < end && (guchar) *at > ' ')
    return at;
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    at++;
  return at;
}

/* @at is behind the opening quote, the result at the closing one. @decoded
 * bytes are what the string stands for: fewer than written if it has escapes. */
const char *incident_json_scan_string      (const char               *at,
                                            const char               *end,
                                            gsize                    *decoded,
                                            IncidentJsonFault        *fault);
const char *incident_json_scan_number      (const char               *at,
                                            const char               *end,
                                            IncidentJsonNumber       *number,
                                            IncidentJsonFault        *fault);
/* @at is at the t, f or n of true, false and null. */
const char *incident_json_scan_literal     (const char               *at,
                                            const char               *end,
                                            IncidentJsonFault        *fault);

/* What was scanned without fault, as values. */
void        incident_json_decode_string    (const char               *at,
                                            const char               *end,
                                            char                     *out);
double      incident_json_number_to_double (const IncidentJsonNumber *number);
gboolean    incident_json_number_is_exact  (const IncidentJsonNumber *number);
gboolean    incident_json_number_is_finite (const IncidentJsonNumber *number);

G_END_DECLS
