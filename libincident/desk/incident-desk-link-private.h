/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-desk-private.h"

G_BEGIN_DECLS

/* By which the person with a mail address acknowledges a case; NULL: it is nobody's address, nobody is asked for that
 * any more, or this desk makes no links. A secret: it is for that person alone. @page: the key of the message. */
char *incident_desk_dup_link (IncidentDesk *self,
                              IncidentCase *kase,
                              const char   *mail,
                              const char   *page,
                              gint64        expires_at);
/* The same of a message that pages somebody: its person, while it is still asked for. */
char *incident_desk_dup_page_link (IncidentDesk            *self,
                              IncidentCase                 *kase,
                              const IncidentOutboxRow      *row,
                              gint64                        expires_at);

G_END_DECLS
