/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Links by which somebody who was paged acknowledges, from a mail say. All that a link says is in it,
 * signed: whoever has the link acts as that person, for that case and no other, until it expires. */

typedef struct
{
  char    *case_id;     /* “INC-42” */
  guint    episode;
  char    *person;
  char    *page;        /* the key of the page that it came with */
  gint64   expires_at;
} IncidentLink;

/* “https://desk.example.org/ack/TOKEN”. @address may end in “/” or not. */
char         *incident_link_make (const char          *address,
                                  const char          *key,
                                  const IncidentLink  *link);
/* NULL with INCIDENT_ERROR_REFUSED: the token was not made with @key. One that has expired is read; ask by
 * its expires_at. */
IncidentLink *incident_link_read (const char          *token,
                                  const char          *key,
                                  GError             **error);
void          incident_link_free (IncidentLink        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentLink, incident_link_free)

G_END_DECLS
