/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve-request.h"

#include <string.h>

/* What people press and say elsewhere, and what they read here: Slack, links of mails, the status page. */

static const char *
get_header (Request    *request,
            const char *name)
{
  return soup_message_headers_get_one (request->headers, name);
}

static void
answer_with (Answer        *answer,
             IncidentReply *reply)
{
  GBytes *body = incident_reply_get_body (reply);
  gsize length = 0;
  const char *bytes = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  answer_set (answer, incident_reply_get_status (reply), incident_reply_get_content_type (reply),
              length > 0 ? g_strndup (bytes, length) : NULL);
}

/* POST /v1/slack/CHANNEL */
void
respond_slack (Request *request,
               Answer  *answer)
{
  g_autoptr(IncidentReply) reply =
    incident_desk_take_slack (request->server->desk, request->path[2], get_header (request, "Content-Type"),
                              get_header (request, "X-Slack-Request-Timestamp"), get_header (request, "X-Slack-Signature"),
                              request->body);

  answer_with (answer, reply);
}

/* /ack/TOKEN: a link is looked at by whoever scans mail, so only a POST does something. */
void
respond_link (Request *request,
              Answer  *answer)
{
  g_autoptr(IncidentReply) reply =
    incident_desk_take_link (request->server->desk, request->path[1], g_str_equal (request->method, "POST"));

  answer_with (answer, reply);
}

static void
respond_page (Request    *request,
              const char *format,
              const char *type,
              Answer     *answer)
{
  g_autoptr(GError) error = NULL;
  char *page = incident_desk_dup_status_page (request->server->desk, format, &error);

  if (page != NULL)
    answer_set (answer, SOUP_STATUS_OK, type, page);
  else if (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND))
    answer_set_error (answer, SOUP_STATUS_NOT_FOUND, "not-found", error->message, incident_error_get_where (error));
  else
    answer_set_failure (answer, error, TRUE);
}

void
respond_status (Request *request,
                Answer  *answer)
{
  respond_page (request, "html", "text/html; charset=utf-8", answer);
}

void
respond_status_json (Request *request,
                     Answer  *answer)
{
  respond_page (request, "json", "application/json", answer);
}
