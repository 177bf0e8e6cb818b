/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-api-private.h"

#include <string.h>

#include "comms/incident-http-private.h"
#include "comms/incident-slack-pace-private.h"

#define BASE          "https://slack.com/api/"
#define SECONDS       10
#define MOST_BYTES    (1024 * 1024)
/* Where Slack asked for patience and did not say for how long. */
#define USUAL_WAIT    (10 * G_TIME_SPAN_SECOND)
#define LONGEST_CODE  100 /* bytes */
#define LONGEST_WAIT  G_TIME_SPAN_DAY
#define FORM          "application/x-www-form-urlencoded"

struct _IncidentSlackApi
{
  int                ref_count;
  char              *base;         /* with “/” at its end */
  char              *token;        /* NULL: it is read from … */
  char              *env;
  char              *file;
  IncidentClock     *clock;
  IncidentHttp      *http;
  IncidentSlackPace *pace;
};

/* A call that is on its way. */
typedef struct
{
  IncidentSlackApi *api;
  char             *method;   /* NULL: bytes go to another address */
  char             *channel;  /* nullable */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  incident_slack_api_unref (call->api);
  g_free (call->method);
  g_free (call->channel);
  g_free (call);
}

/* Form */

GPtrArray *
incident_slack_form_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

void
incident_slack_form_add (GPtrArray  *form,
                         const char *name,
                         const char *value)
{
  if (value == NULL)
    return;

  g_ptr_array_add (form, g_strdup (name));
  g_ptr_array_add (form, g_strdup (value));
}

static const char *
find_in_form (GPtrArray  *form,
              const char *name)
{
  for (guint i = 0; form != NULL && i + 1 < form->len; i += 2)
    if (strcmp (g_ptr_array_index (form, i), name) == 0)
      return g_ptr_array_index (form, i + 1);

  return NULL;
}

static GBytes *
encode_form (GPtrArray *form)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; form != NULL && i + 1 < form->len; i += 2)
    {
      if (out->len > 0)
        g_string_append_c (out, '&');
      g_string_append_uri_escaped (out, g_ptr_array_index (form, i), NULL, FALSE);
      g_string_append_c (out, '=');
      g_string_append_uri_escaped (out, g_ptr_array_index (form, i + 1), NULL, FALSE);
    }
  return g_string_free_to_bytes (out);
}

/* Answers */

void
incident_slack_answer_free (IncidentSlackAnswer *self)
{
  g_free (self->error);
  g_clear_pointer (&self->tree, incident_tree_free);
  g_free (self);
}

IncidentNode *
incident_slack_answer_get_root (const IncidentSlackAnswer *self)
{
  return self->tree != NULL ? incident_tree_get_root (self->tree) : NULL;
}

/* Takes @error. */
static IncidentSlackAnswer *
answer_new (IncidentSlackClass  class,
            gboolean            is_out,
            char               *error)
{
  IncidentSlackAnswer *answer = g_new0 (IncidentSlackAnswer, 1);

  answer->class = class;
  answer->ok = class == INCIDENT_SLACK_OK;
  answer->is_out = is_out;
  answer->error = error;
  return answer;
}

/* Some answers say in their body how long to wait, in seconds, whole or not. */
static gint64
read_wait (IncidentNode *root)
{
  IncidentNode *node = incident_node_get_member (root, "retry_after");
  double seconds = 0;

  if (node != NULL && node->type == INCIDENT_JSON_INT)
    seconds = (double) node->value.integer;
  else if (node != NULL && node->type == INCIDENT_JSON_DOUBLE)
    seconds = node->value.number;

  return seconds > 0 ? (gint64) (MIN (seconds, LONGEST_WAIT / (double) G_TIME_SPAN_SECOND) * G_TIME_SPAN_SECOND) : 0;
}

static void
note_wait (IncidentSlackAnswer *answer,
           const Call          *call,
           const char          *header)
{
  IncidentClock *clock = call->api->clock;
  gint64 wait = incident_http_read_retry_after (header, incident_clock_get_time (clock));

  if (wait <= 0)
    wait = read_wait (incident_slack_answer_get_root (answer));
  answer->retry_after = wait > 0 ? wait : USUAL_WAIT;
  answer->is_wide = g_strcmp0 (answer->error, "message_limit_exceeded") == 0;
  if (call->method != NULL)
    incident_slack_pace_pause (call->api->pace, call->method, call->channel, answer->is_wide,
                               incident_clock_get_boot_time (clock) + answer->retry_after);
}

/* As Slack writes its codes. Other words are of who knows whom, and may repeat what they were told, such as the token. */
static gboolean
is_code (const char *text)
{
  gsize length = strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_,");

  return length > 0 && length <= LONGEST_CODE && text[length] == '\0';
}

/* Slack warns of what it will not take for ever. */
static void
log_warnings (const Call   *call,
              IncidentNode *root)
{
  const char *warning = incident_node_get_string (root, "warning");

  if (warning != NULL && is_code (warning))
    g_info ("Slack answered %s with the warning “%s”", call->method, warning);
}

/* What a status means where there is no JSON with it. */
static IncidentSlackAnswer *
judge_status (guint status)
{
  if (status == 429)
    return answer_new (INCIDENT_SLACK_WAIT, TRUE, g_strdup ("ratelimited"));

  return answer_new (INCIDENT_SLACK_UNSURE, TRUE, g_strdup_printf ("it answered with the status %u, and not in its way", status));
}

/* The JSON, where there is an error in it. Of a server that fails nothing is sure, whatever it says. */
static IncidentSlackAnswer *
judge_error (guint       status,
             const char *error)
{
  IncidentSlackClass class = incident_slack_classify (error);

  if (status == 429)
    class = INCIDENT_SLACK_WAIT;
  else if (status >= 500)
    class = INCIDENT_SLACK_UNSURE;
  return answer_new (class, TRUE, g_strdup (is_code (error) ? error : "an error that is no code of Slack's"));
}

static IncidentSlackAnswer *
judge_reply (const Call              *call,
             const IncidentHttpReply *reply)
{
  gsize length;
  const char *bytes = g_bytes_get_data (reply->body, &length);
  g_autoptr(IncidentTree) tree = bytes != NULL ? incident_tree_new_tolerant (bytes, length, NULL, NULL) : NULL;
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  const char *error = incident_node_get_string (root, "error");
  IncidentSlackAnswer *answer;

  if (reply->status == 200 && incident_node_get_boolean (root, "ok"))
    answer = answer_new (INCIDENT_SLACK_OK, TRUE, NULL);
  else if (error != NULL)
    answer = judge_error (reply->status, error);
  else
    answer = judge_status (reply->status);

  answer->tree = g_steal_pointer (&tree);
  if (answer->class == INCIDENT_SLACK_WAIT)
    note_wait (answer, call, reply->retry_after);
  if (root != NULL)
    log_warnings (call, root);
  return answer;
}

/* To where bytes go: no JSON comes back. */
static IncidentSlackAnswer *
judge_upload (const Call              *call,
              const IncidentHttpReply *reply)
{
  IncidentSlackAnswer *answer;

  if (reply->status >= 200 && reply->status < 300)
    return answer_new (INCIDENT_SLACK_OK, TRUE, NULL);

  answer = judge_status (reply->status);
  if (answer->class == INCIDENT_SLACK_WAIT)
    note_wait (answer, call, reply->retry_after);
  else if (reply->status >= 400 && reply->status < 500)
    answer->class = INCIDENT_SLACK_OTHER;
  return answer;
}

static IncidentSlackAnswer *
judge_failure (const GError *error,
               gboolean      is_out)
{
  static const int ours[] = { G_IO_ERROR_INVALID_ARGUMENT, G_IO_ERROR_PERMISSION_DENIED, G_IO_ERROR_NOT_SUPPORTED };
  IncidentSlackClass class = is_out ? INCIDENT_SLACK_UNSURE : INCIDENT_SLACK_SAFE;

  for (guint i = 0; !is_out && i < G_N_ELEMENTS (ours); i++)
    if (g_error_matches (error, G_IO_ERROR, ours[i]))
      class = INCIDENT_SLACK_CONFIG;

  return answer_new (class, is_out, g_strdup (error->message));
}

/* Calls */

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  const Call *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gboolean is_out = FALSE;
  g_autoptr(IncidentHttpReply) reply = incident_http_send_finish (call->api->http, result, &is_out, &error);
  IncidentSlackAnswer *answer;

  if (reply == NULL)
    answer = judge_failure (error, is_out);
  else if (call->method == NULL)
    answer = judge_upload (call, reply);
  else
    answer = judge_reply (call, reply);
  g_task_return_pointer (task, answer, (GDestroyNotify) incident_slack_answer_free);
}

static void
return_answer (GTask               *task,
               IncidentSlackAnswer *answer)
{
  g_task_return_pointer (task, answer, (GDestroyNotify) incident_slack_answer_free);
}

/* FALSE: it was answered, since it would come too early. */
static gboolean
keep_pace (GTask      *task,
           const Call *call)
{
  gboolean is_wide = FALSE;
  IncidentSlackAnswer *answer;
  gint64 wait = incident_slack_pace_take (call->api->pace, call->method, call->channel,
                                          incident_clock_get_boot_time (call->api->clock), &is_wide);

  if (wait == 0)
    return TRUE;

  answer = answer_new (INCIDENT_SLACK_WAIT, FALSE, g_strdup ("ratelimited"));
  answer->retry_after = wait;
  answer->is_wide = is_wide;
  return_answer (task, answer);
  return FALSE;
}

/* FALSE: it was answered, since there is none. */
static gboolean
add_token (GTask               *task,
           IncidentSlackApi    *self,
           IncidentHttpRequest *request)
{
  const IncidentSecret secret = { .env = self->env, .file = self->file };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentSecretText) read = self->token == NULL ? incident_secret_read (&secret, &error) : NULL;
  const char *token = read != NULL ? read : self->token;
  char *header;

  if (token == NULL)
    {
      return_answer (task, answer_new (INCIDENT_SLACK_CONFIG, FALSE, g_strdup (error->message)));
      return FALSE;
    }

  header = g_strconcat ("Bearer ", token, NULL);
  incident_http_request_add_header (request, "Authorization", header);
  incident_http_wipe (header);
  return TRUE;
}

static GTask *
make_task (IncidentSlackApi    *self,
           const char          *method,
           const char          *channel,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Call *call = g_new0 (Call, 1);

  /* The answer tells what is known of a call that was cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  call->api = incident_slack_api_ref (self);
  call->method = g_strdup (method);
  call->channel = g_strdup (channel);
  g_task_set_task_data (task, call, call_free);
  return task;
}

void
incident_slack_api_call_async (IncidentSlackApi    *self,
                               const char          *method,
                               GPtrArray           *form,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             data)
{
  g_autoptr(GTask) task = make_task (self, method, find_in_form (form, "channel"), cancellable, callback, data);
  g_autofree char *url = g_strconcat (self->base, method, NULL);
  g_autoptr(IncidentHttpRequest) request = incident_http_request_new ("POST", url);

  g_task_set_source_tag (task, incident_slack_api_call_async);
  if (!add_token (task, self, request) || !keep_pace (task, g_task_get_task_data (task)))
    return;

  request->content_type = g_strdup (FORM);
  request->body = encode_form (form);
  request->is_idempotent = incident_slack_method_is_idempotent (method);
  incident_http_send_async (self->http, g_steal_pointer (&request), cancellable, on_sent, g_steal_pointer (&task));
}

IncidentSlackAnswer *
incident_slack_api_call_finish (IncidentSlackApi *self,
                                GAsyncResult     *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* Files go to the host of the Web API, or one below it: no answer sends them elsewhere. */
static gboolean
is_slacks_own (IncidentSlackApi *self,
               const char       *url)
{
  g_autoptr(GUri) base = g_uri_parse (self->base, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *home = base != NULL ? g_uri_get_host (base) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *below = NULL;

  if (home == NULL || host == NULL || strcmp (g_uri_get_scheme (base), g_uri_get_scheme (uri)) != 0)
    return FALSE;

  below = g_strconcat (".", home, NULL);
  return g_ascii_strcasecmp (host, home) == 0
         || (strlen (host) > strlen (below) && g_ascii_strcasecmp (host + strlen (host) - strlen (below), below) == 0);
}

void
incident_slack_api_upload_async (IncidentSlackApi    *self,
                                 const char          *url,
                                 const char          *content_type,
                                 GBytes              *bytes,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             data)
{
  g_autoptr(GTask) task = make_task (self, NULL, NULL, cancellable, callback, data);
  g_autoptr(IncidentHttpRequest) request = NULL;

  g_task_set_source_tag (task, incident_slack_api_upload_async);
  if (!is_slacks_own (self, url))
    {
      return_answer (task, answer_new (INCIDENT_SLACK_OTHER, FALSE, g_strdup ("it wants the file at an address that is not its own")));
      return;
    }

  /* The address is all that Slack wants to see: a token would be one too many. */
  request = incident_http_request_new ("POST", url);
  request->content_type = g_strdup (content_type != NULL ? content_type : "application/octet-stream");
  request->body = g_bytes_ref (bytes);
  incident_http_send_async (self->http, g_steal_pointer (&request), cancellable, on_sent, g_steal_pointer (&task));
}

/* The object */

static IncidentSlackApi *
api_new (const char    *base,
         gboolean       may_be_near,
         const char    *certificate,
         IncidentClock *clock)
{
  IncidentSlackApi *self = g_new0 (IncidentSlackApi, 1);
  const char *address = base != NULL ? base : BASE;
  IncidentHttpLimits limits = {
    .may_be_near = may_be_near,
    .certificate = certificate,
    .seconds = SECONDS,
    .most_bytes = MOST_BYTES,
  };

  self->ref_count = 1;
  self->base = g_str_has_suffix (address, "/") ? g_strdup (address) : g_strconcat (address, "/", NULL);
  self->clock = g_object_ref (clock);
  self->http = incident_http_new (&limits);
  self->pace = incident_slack_pace_new ();
  return self;
}

IncidentSlackApi *
incident_slack_api_new (const IncidentChannelRules *rules,
                        const IncidentSecret       *token,
                        IncidentClock              *clock)
{
  IncidentSlackApi *self = api_new (rules->api, rules->may_be_near, rules->certificate, clock);

  self->env = g_strdup (token->env);
  self->file = g_strdup (token->file);
  return self;
}

IncidentSlackApi *
incident_slack_api_new_for_token (const char    *base,
                                  const char    *token,
                                  IncidentClock *clock)
{
  IncidentSlackApi *self = api_new (base, base != NULL, NULL, clock);

  self->token = g_strdup (token);
  return self;
}

IncidentSlackApi *
incident_slack_api_ref (IncidentSlackApi *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
incident_slack_api_unref (IncidentSlackApi *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_free (self->base);
  incident_http_wipe (self->token);
  g_free (self->env);
  g_free (self->file);
  g_object_unref (self->clock);
  incident_http_free (self->http);
  incident_slack_pace_free (self->pace);
  g_free (self);
}
