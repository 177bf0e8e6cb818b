/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-serve.h"

G_BEGIN_DECLS

typedef struct
{
  Server             *server;
  const char         *method;
  char              **path;     /* its parts, decoded */
  GHashTable         *query;    /* nullable */
  SoupMessageHeaders *headers;
  GBytes             *body;
  gboolean            is_known;    /* it shows a token or a signature */
  gboolean            has_format;  /* there is such a format */
} Request;

/* Who it is, then what it says. @wrapped: the message, where it is not the body. */
GPtrArray *request_take_in (Request       *self,
                            const char    *format,
                            GBytes        *wrapped,
                            GError       **error);
/* Routes of incident-serve-talk.c. */
void       respond_slack   (Request       *self,
                            Answer        *answer);
void       respond_link    (Request       *self,
                            Answer        *answer);
void       respond_status  (Request       *self,
                            Answer        *answer);
void       respond_status_json (Request   *self,
                            Answer        *answer);
void       request_fail    (Request       *self,
                            const GError  *error,
                            Answer        *answer);

G_END_DECLS
