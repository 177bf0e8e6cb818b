/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Nicks are file format: how an enumeration is written in JSON and in the store. */

const char *incident_enum_get_nick  (GType        type,
                                     int          value);
/* @what says in the message what was wanted: “severity”. */
gboolean    incident_enum_from_nick (GType        type,
                                     const char  *what,
                                     const char  *nick,
                                     int         *value,
                                     GError     **error);

G_END_DECLS
