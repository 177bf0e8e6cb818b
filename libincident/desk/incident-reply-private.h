/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-reply.h>

G_BEGIN_DECLS

/* Takes @body; NULL: it is empty. @content_type is static, or NULL. */
IncidentReply *incident_reply_new (guint       status,
                                   const char *content_type,
                                   char       *body);

G_END_DECLS
