/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve-request.h"

#include <string.h>

/* What stands behind each address, and what is answered there. */

#define JSON "application/json"
#define OPEN_METRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* How long health remembers that a message could not be taken in. */
#define TROUBLE_LASTS (30 * G_TIME_SPAN_SECOND)

typedef void (*Respond) (Request *request,
                         Answer  *answer);

typedef struct
{
  const char *path[5];   /* “*”: any word */
  const char *methods;
  Respond     respond;
  gboolean    is_for_all; /* it is for everybody, or shows by itself who it is from */
} Route;

static char *
receipts_to_json (GPtrArray *receipts)
{
  GString *array = g_string_new ("[");

  for (guint i = 0; i < receipts->len; i++)
    {
      g_autofree char *receipt = incident_receipt_to_json (g_ptr_array_index (receipts, i));

      g_string_append_printf (array, "%s%s", i > 0 ? "," : "", receipt);
    }
  g_string_append_c (array, ']');
  return g_string_free (array, FALSE);
}

static const GError *
get_first_problem (GPtrArray *receipts)
{
  for (guint i = 0; i < receipts->len; i++)
    {
      const GError *problem = incident_receipt_get_error (g_ptr_array_index (receipts, i));

      if (problem != NULL)
        return problem;
    }

  return NULL;
}

/* Senders must not be able to make up formats: each would be counted for ever. */
static void
count (Request    *request,
       const char *format,
       Answer     *answer)
{
  metrics_add_message (request->server->metrics, request->has_format ? format : "unknown", answer->status,
                       g_bytes_get_size (request->body));
}

static void
set_nothing_here (Answer *answer)
{
  answer_set_error (answer, SOUP_STATUS_NOT_FOUND, "not-found", "There is nothing here: see /", NULL);
}

static gboolean
is_name (const char *format)
{
  return strspn (format, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (format);
}

/* POST /v1/alerts and /v1/alerts/FORMAT: what was wrong is in the report, the rest is kept. */
static void
respond_alerts (Request *request,
                Answer  *answer)
{
  const char *format = g_strv_length (request->path) == 3 ? request->path[2] : NULL;
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(GError) error = NULL;

  if (format != NULL && !is_name (format))
    {
      set_nothing_here (answer);
      count (request, format, answer);
      return;
    }

  receipts = request_take_in (request, format, NULL, &error);
  if (receipts != NULL)
    answer_set (answer, SOUP_STATUS_OK, JSON, receipts_to_json (receipts));
  else
    request_fail (request, error, answer);
  /* No format was asked for that is not there: it is the body that has none. */
  if (format == NULL && answer->status == SOUP_STATUS_NOT_FOUND)
    answer->status = SOUP_STATUS_BAD_REQUEST;
  count (request, format != NULL ? format : "any", answer);
}

/* As Alertmanager does: a batch that is partly wrong is told so, and not sent again. It
 * has a status of its own for alerts without labels. */
static guint
status_of_batch (GPtrArray *receipts)
{
  const GError *problem = get_first_problem (receipts);

  if (problem == NULL)
    return SOUP_STATUS_OK;
  return strstr (problem->message, "must have the member “labels”") != NULL ? SOUP_STATUS_UNPROCESSABLE_ENTITY
                                                                           : SOUP_STATUS_BAD_REQUEST;
}

static void
respond_alertmanager (Request *request,
                      Answer  *answer)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = request_take_in (request, "alertmanager-api", NULL, &error);

  if (receipts != NULL)
    answer_set (answer, status_of_batch (receipts), JSON, receipts_to_json (receipts));
  else
    request_fail (request, error, answer);
  count (request, "alertmanager-api", answer);
}

/* The key that the sender goes on with. */
static const char *
get_dedup_key (GPtrArray *receipts)
{
  return receipts->len > 0 ? incident_receipt_get_dedup_key (g_ptr_array_index (receipts, 0)) : NULL;
}

static void
set_invalid_event (Answer     *answer,
                   const char *problem)
{
  g_autofree char *head = answer_object ("status", "invalid event", "message", "Event object is invalid", NULL);
  g_autofree char *member = answer_object ("", problem, NULL);

  /* “{…” and “"":"…"}”: the one text of an array. */
  head[strlen (head) - 1] = '\0';
  member[strlen (member) - 1] = '\0';
  answer_set (answer, SOUP_STATUS_BAD_REQUEST, JSON, g_strdup_printf ("%s,\"errors\":[%s]}", head, strchr (member, ':') + 1));
  answer->why = g_strdup ("invalid");
}

static void
respond_pagerduty (Request *request,
                   Answer  *answer)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = request_take_in (request, "pagerduty", NULL, &error);
  const GError *problem = receipts != NULL ? get_first_problem (receipts) : error;

  if (g_error_matches (problem, INCIDENT_ERROR, INCIDENT_ERROR_INVALID))
    set_invalid_event (answer, problem->message);
  else if (problem != NULL)
    request_fail (request, problem, answer);
  else
    answer_set (answer, SOUP_STATUS_ACCEPTED, JSON,
                answer_object ("status", "success", "message", "Event processed", "dedup_key", get_dedup_key (receipts), NULL));
  count (request, "pagerduty", answer);
}

/* What the address says is put into the body: {"action":"close","alias":"…",…}. A body
 * that says so itself then says it twice, and is refused. NULL: it is no object. */
static GBytes *
wrap_opsgenie (Request *request)
{
  gsize length;
  const char *bytes = g_bytes_get_data (request->body, &length);
  g_autofree char *body = length > 0 ? g_strndup (bytes, length) : g_strdup ("{}");
  g_autofree char *head = answer_object ("action", request->path[3], "alias", request->path[2], NULL);
  const char *blanks = " \t\r\n";
  const char *start = body + strspn (body, blanks);
  char *wrapped;

  if (*start == '\0')
    start = "{}";
  if (*start != '{' || (length > 0 && memchr (bytes, '\0', length) != NULL))
    return NULL;

  start += 1 + strspn (start + 1, blanks);
  head[strlen (head) - 1] = '\0';
  wrapped = g_strconcat (head, *start == '}' ? "" : ",", start, NULL);
  return g_bytes_new_take (wrapped, strlen (wrapped));
}

static void
set_accepted (Answer *answer,
              gint64  started)
{
  g_autofree char *id = g_uuid_string_random ();
  char took[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (took, sizeof took, "%.3f", (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  answer_set (answer, SOUP_STATUS_ACCEPTED, JSON,
              g_strdup_printf ("{\"result\":\"Request will be processed\",\"took\":%s,\"requestId\":\"%s\"}", took, id));
}

static void
respond_opsgenie (Request *request,
                  Answer  *answer)
{
  gboolean has_action = g_strv_length (request->path) == 4;
  g_autoptr(GBytes) wrapped = has_action ? wrap_opsgenie (request) : NULL;
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  const GError *problem;

  if (has_action && wrapped == NULL)
    {
      answer_set_error (answer, SOUP_STATUS_BAD_REQUEST, "invalid", "The body must be an object", "");
      count (request, "opsgenie", answer);
      return;
    }

  receipts = request_take_in (request, "opsgenie", wrapped, &error);
  problem = receipts != NULL ? get_first_problem (receipts) : error;
  if (problem != NULL)
    request_fail (request, problem, answer);
  else
    set_accepted (answer, started);
  count (request, "opsgenie", answer);
}

static void
respond_health (Request *request,
                Answer  *answer)
{
  Server *server = request->server;
  g_autoptr(GError) error = NULL;

  if (!incident_desk_check_health (server->desk, &error))
    answer_set_failure (answer, error, TRUE);
  else if (server->trouble != NULL && g_get_monotonic_time () - server->trouble_at < TROUBLE_LASTS)
    {
      answer_set_error (answer, SOUP_STATUS_SERVICE_UNAVAILABLE, "failed", server->trouble, NULL);
      g_free (answer->why);
      answer->why = g_strdup (server->trouble);
    }
  else
    answer_set (answer, SOUP_STATUS_OK, JSON, g_strdup ("{\"status\":\"ok\"}"));
}

static void
respond_metrics (Request *request,
                 Answer  *answer)
{
  answer_set (answer, SOUP_STATUS_OK, OPEN_METRICS, metrics_to_text (request->server->metrics, request->server));
}

static void
respond_root (Request *request,
              Answer  *answer)
{
  answer_set (answer, SOUP_STATUS_OK, "text/plain; charset=utf-8", g_strdup (
    "This is the desk of incident: it takes in what monitoring says.\n\n"
    "POST /v1/alerts                a message; its format is recognised\n"
    "POST /v1/alerts/FORMAT         a message of this format, such as alertmanager\n"
    "POST /api/v2/alerts            alerts, as Prometheus sends them to Alertmanager\n"
    "POST /v2/enqueue               an event, as it is sent to PagerDuty\n"
    "POST /v2/alerts                an alert, as it is sent to Opsgenie\n"
    "POST /v2/alerts/ALIAS/close    its end; or acknowledge\n"
    "POST /v1/slack/CHANNEL         what is pressed and said in Slack\n"
    "GET  /ack/TOKEN                a link of a message, which acknowledges\n"
    "GET  /status                   the status page, for everybody; /status.json for programs\n"
    "GET  /health                   whether the store can be read and written\n"
    "GET  /metrics                  what came in, as OpenMetrics\n\n"
    "“?source=NAME” says which source of the playbook it is.\n"));
}

static const Route routes[] = {
  { { "v1", "alerts" }, "POST", respond_alerts },
  { { "v1", "alerts", "*" }, "POST", respond_alerts },
  { { "api", "v2", "alerts" }, "POST", respond_alertmanager },
  { { "v2", "enqueue" }, "POST", respond_pagerduty },
  { { "v2", "alerts" }, "POST", respond_opsgenie },
  { { "v2", "alerts", "*", "close" }, "POST", respond_opsgenie },
  { { "v2", "alerts", "*", "acknowledge" }, "POST", respond_opsgenie },
  { { "v1", "slack", "*" }, "POST", respond_slack, TRUE },
  { { "ack", "*" }, "GET, HEAD, POST", respond_link, TRUE },
  { { "status" }, "GET, HEAD", respond_status, TRUE },
  { { "status.json" }, "GET, HEAD", respond_status_json, TRUE },
  { { "health" }, "GET, HEAD", respond_health },
  { { "metrics" }, "GET, HEAD", respond_metrics },
  { { NULL }, "GET, HEAD", respond_root },
};

static gboolean
route_matches (const Route  *route,
               char        **path)
{
  guint i;

  for (i = 0; route->path[i] != NULL && path[i] != NULL; i++)
    if (!g_str_equal (route->path[i], path[i]) && (!g_str_equal (route->path[i], "*") || *path[i] == '\0'))
      return FALSE;

  return route->path[i] == NULL && path[i] == NULL;
}

/* NULL: there is nothing. */
static const Route *
find_route (char **path)
{
  for (guint i = 0; path != NULL && i < G_N_ELEMENTS (routes); i++)
    if (route_matches (&routes[i], path))
      return &routes[i];

  return NULL;
}

static void
respond (Request     *request,
         const Route *route,
         Answer      *answer)
{
  g_auto(GStrv) methods = g_strsplit (route->methods, ", ", -1);

  if (g_strv_contains ((const char * const *) methods, request->method))
    route->respond (request, answer);
  else
    {
      answer_set_error (answer, SOUP_STATUS_METHOD_NOT_ALLOWED, "method", "There is no such method here", NULL);
      answer->allow = route->methods;
    }
}

/* The parts of a path, each decoded, so that a slash within one stays there. NULL: they
 * are no text. */
static char **
split_path (const char *path)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parts = g_strsplit (*path == '/' ? path + 1 : path, "/", 8);

  for (guint i = 0; parts[i] != NULL && (i > 0 || parts[1] != NULL || *parts[0] != '\0'); i++)
    {
      g_autofree char *part = g_uri_unescape_string (parts[i], NULL);

      if (part == NULL || !g_utf8_validate (part, -1, NULL))
        return NULL;
      g_strv_builder_add (builder, part);
    }

  return g_strv_builder_end (builder);
}

static gboolean
is_this_machine (const char *host)
{
  g_autoptr(GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return host != NULL && g_ascii_strcasecmp (host, "localhost") == 0;
}

/* Where no token is asked for, a page in a browser on this machine could speak to us
 * under a name that leads here, or across origins. Browsers tell both. */
static gboolean
is_from_here (SoupServerMessage *message)
{
  const char *origin = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Origin");
  g_autoptr(GUri) uri = origin != NULL ? g_uri_parse (origin, G_URI_FLAGS_NONE, NULL) : NULL;

  if (!is_this_machine (g_uri_get_host (soup_server_message_get_uri (message))))
    return FALSE;
  return origin == NULL || (uri != NULL && is_this_machine (g_uri_get_host (uri)));
}

static void
on_request (SoupServer        *soup,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           data)
{
  Server *server = data;
  g_auto(GStrv) parts = split_path (path);
  g_autoptr(GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_auto(Answer) answer = { 0, };
  Request request = { server, soup_server_message_get_method (message), parts, query,
                      soup_server_message_get_request_headers (message), body };
  const Route *route = find_route (parts);

  if (server->is_open && (route == NULL || !route->is_for_all) && !is_from_here (message))
    answer_set_error (&answer, SOUP_STATUS_FORBIDDEN, "foreign-host",
                      "Without tokens in the playbook only this machine is served, under a name of its own", NULL);
  else if (route == NULL)
    set_nothing_here (&answer);
  else
    respond (&request, route, &answer);

  guard_note (message, answer.why);
  answer_write (&answer, message);
}

void
door_open (Server *server)
{
  soup_server_add_handler (server->soup, NULL, on_request, server, NULL);
}
