/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-time.h>

G_BEGIN_DECLS

/* "2026-11-23T07:00:00.000000Z" and its NUL. */
#define INCIDENT_TIME_LENGTH 28

/* Years 0001 to 9999: what RFC 3339, GDateTime and the calendars of the bindings
 * can all write. */
#define INCIDENT_TIME_MIN (G_GINT64_CONSTANT (-62135596800000000))
#define INCIDENT_TIME_MAX (G_GINT64_CONSTANT (253402300799999999))

void     incident_time_write       (gint64       time,
                                    char         buffer[INCIDENT_TIME_LENGTH]);
/* The longest of incident_time_normalize () and its NUL. */
#define INCIDENT_TIME_EXACT_LENGTH 54

/* Both what incident_time_from_string () and what incident_time_normalize () make of it. */
gboolean incident_time_read_exact  (const char  *string,
                                    gint64      *time,
                                    char         exact[INCIDENT_TIME_EXACT_LENGTH],
                                    GError     **error);
/* The same instant as text in UTC with every fraction digit kept (trailing zeros
 * dropped), for keys that must tell nanoseconds apart: "2026-11-23T06:14:46.154098614Z". */
char    *incident_time_normalize   (const char  *string,
                                    GError     **error);

G_END_DECLS
