/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-message-private.h"

G_BEGIN_DECLS

/* Letters, such as sendmail(8) takes them: RFC 5322 and MIME, with line feeds alone at the ends of
 * lines. All of it is ASCII, and words of users cannot make a header, a part or an address. */

typedef struct
{
  const char *from;    /* an address */
  const char *to;      /* an address */
  const char *domain;  /* of message ids; NULL: that of from */
  gint64      date;    /* microseconds since the Unix epoch, UTC */
} IncidentMailEnvelope;

/* “ana@example.org”, as every mail server takes it: no name, no comment, nothing quoted, ASCII. */
gboolean  incident_mail_is_address (const char                 *address);
/* The domain of a message id. */
gboolean  incident_mail_is_domain  (const char                 *domain);

/* The same at each attempt: “<KEY@example.org>”. */
char     *incident_mail_dup_id     (const IncidentMailEnvelope *envelope,
                                    const char                 *key);
/* INCIDENT_ERROR_INVALID: an address or the domain is none. */
GBytes   *incident_mail_write      (const IncidentMailEnvelope *envelope,
                                    const IncidentMessage      *message,
                                    GError                    **error);

G_END_DECLS
