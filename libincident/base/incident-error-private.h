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

void incident_set_error_refused (GError     **error,
                                 char       **codes,
                                 const char  *message);

G_END_DECLS
