/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A host whose addresses are judged as they are connected to, so that no name leads to where it may not:
 * of those that are not public none is given. It still is a network address, so TLS knows the host by its name. */
GSocketConnectable *incident_http_address_new (const char *host,
                                               guint16     port,
                                               gboolean    may_be_near);

G_END_DECLS
