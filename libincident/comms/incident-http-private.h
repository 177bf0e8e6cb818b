/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The one way out over HTTP, for channels: never to a private address unless it is allowed, no
 * redirects, no proxy, an end to patience, a bound on what comes back. On libsoup; in a build
 * without it each call answers G_IO_ERROR_NOT_SUPPORTED. */

typedef struct _IncidentHttp IncidentHttp;

typedef struct
{
  char       *method;
  char       *url;
  char       *content_type;     /* nullable: no body */
  GBytes     *body;             /* nullable */
  GPtrArray  *headers;          /* of strings: name, value, name, value … */
  gboolean    is_idempotent;    /* a POST that may go through a kept connection, and be sent twice without harm */
} IncidentHttpRequest;

typedef struct
{
  guint       status;
  char       *content_type;     /* nullable */
  char       *retry_after;      /* the header; nullable */
  GBytes     *body;             /* at most as much as is allowed */
} IncidentHttpReply;

typedef struct
{
  gboolean    may_be_near;      /* private addresses, and http */
  const char *certificate;      /* file of a CA in place of the system's; nullable */
  guint       seconds;          /* in all, from the first step to the last byte */
  gsize       most_bytes;       /* of a reply … */
  gboolean    cuts;             /* … and what is more of it is left unread; else that is an error */
} IncidentHttpLimits;

/* Belongs to the thread that sends; answers come in the thread-default context of each call. Requests that
 * are on their way may outlive it. */
IncidentHttp        *incident_http_new            (const IncidentHttpLimits  *limits);
void                 incident_http_free           (IncidentHttp              *self);

IncidentHttpRequest *incident_http_request_new    (const char                *method,
                                                   const char                *url);
void                 incident_http_request_add_header (IncidentHttpRequest   *self,
                                                   const char                *name,
                                                   const char                *value);
void                 incident_http_request_free   (IncidentHttpRequest       *self);
void                 incident_http_reply_free     (IncidentHttpReply         *self);

/* Takes @request. @is_out, at the finish: whether anything of it may have left, so that the far side may
 * have acted; told in both cases, success and error. */
void                 incident_http_send_async     (IncidentHttp              *self,
                                                   IncidentHttpRequest       *request,
                                                   GCancellable              *cancellable,
                                                   GAsyncReadyCallback        callback,
                                                   gpointer                   data);
/* Any status is a success, that of a redirect too. Errors never tell the URL, which may be a secret: the host
 * alone. G_IO_ERROR_INVALID_ARGUMENT: it is no URL, a header cannot be sent, or the certificate not be read; G_IO_ERROR_PERMISSION_DENIED: it
 * leads where it may not; G_IO_ERROR_TIMED_OUT: too slow; G_IO_ERROR_MESSAGE_TOO_LARGE; others as GIO has them. */
IncidentHttpReply   *incident_http_send_finish    (IncidentHttp              *self,
                                                   GAsyncResult              *result,
                                                   gboolean                  *is_out,
                                                   GError                   **error);

/* g_free () for what may be a secret, such as a URL. */
void                 incident_http_wipe           (char                      *text);

/* Is it an address of the public internet? */
gboolean             incident_address_is_public   (GInetAddress              *address);
/* “120” and HTTP dates, as a duration from @now in microseconds; 0: it says nothing. */
gint64               incident_http_read_retry_after (const char              *value,
                                                   gint64                     now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentHttp, incident_http_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentHttpRequest, incident_http_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentHttpReply, incident_http_reply_free)

G_END_DECLS
