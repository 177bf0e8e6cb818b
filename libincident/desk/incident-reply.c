/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-reply-private.h"

#include <string.h>

/**
 * IncidentReply:
 *
 * What is to be answered to a request that came over HTTP.
 *
 * The library speaks no HTTP to those who call it: the program that listens hands in what it received and sends back
 * what it is given, with `Cache-Control: no-store` and `Referrer-Policy: no-referrer`, and nothing added to the body.
 *
 * A reply never changes and may be shared between threads.
 *
 * Since: 0.1
 */
struct _IncidentReply
{
  guint       status;
  const char *content_type; /* static; nullable */
  GBytes     *body;
};

G_DEFINE_BOXED_TYPE (IncidentReply, incident_reply, incident_reply_ref, incident_reply_unref)

IncidentReply *
incident_reply_new (guint       status,
                    const char *content_type,
                    char       *body)
{
  IncidentReply *self = g_atomic_rc_box_new0 (IncidentReply);

  self->status = status;
  self->content_type = content_type;
  self->body = body != NULL ? g_bytes_new_take (body, strlen (body)) : g_bytes_new (NULL, 0);
  return self;
}

/**
 * incident_reply_ref:
 * @self: a reply
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentReply *
incident_reply_ref (IncidentReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_reply_clear (gpointer data)
{
  g_bytes_unref (((IncidentReply *) data)->body);
}

/**
 * incident_reply_unref:
 * @self: (transfer full): a reply
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_reply_unref (IncidentReply *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_reply_clear);
}

/**
 * incident_reply_get_status:
 * @self: a reply
 *
 * Tells the status of HTTP.
 *
 * Returns: the status, such as 200
 *
 * Since: 0.1
 */
guint
incident_reply_get_status (IncidentReply *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->status;
}

/**
 * incident_reply_get_content_type:
 * @self: a reply
 *
 * Tells what the body is.
 *
 * Returns: (transfer none) (nullable): the content type, such as `application/json`,
 *   or %NULL if there is no body
 *
 * Since: 0.1
 */
const char *
incident_reply_get_content_type (IncidentReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->content_type;
}

/**
 * incident_reply_get_body:
 * @self: a reply
 *
 * Gets the body.
 *
 * Returns: (transfer none): the bytes, which may be none
 *
 * Since: 0.1
 */
GBytes *
incident_reply_get_body (IncidentReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}
