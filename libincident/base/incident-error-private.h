/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-error.h>

G_BEGIN_DECLS

/* @where is a JSON pointer or the name of a field; it is not repeated in the message for you. */
void incident_set_error_at (GError        **error,
                            IncidentError   code,
                            const char     *where,
                            const char     *format,
                            ...) G_GNUC_PRINTF (4, 5);

/* All that is wrong with a document; the message has a line for each. */
void incident_set_error_problems (GError     **error,
                                  const char  *where,
                                  char       **problems);

void incident_set_error_refused (GError     **error,
                                 char       **codes,
                                 const char  *message);

G_END_DECLS
