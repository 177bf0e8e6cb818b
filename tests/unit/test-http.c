/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http-test.h"

#include <glib/gstdio.h>
#include <string.h>

static const IncidentHttpLimits near_by = { .may_be_near = TRUE, .seconds = 30, .most_bytes = 1000 };
static const IncidentHttpLimits far_away = { .seconds = 30, .most_bytes = 1000 };

/* What the server says, by the path that is asked for. */
static void
answer_by_path (Peer              *peer,
                SoupServerMessage *message,
                const char        *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *large = g_strnfill (100000, 'x');

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain; charset=utf-8", SOUP_MEMORY_STATIC, "fine", 4);
  if (strcmp (path, "/redirect") == 0)
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/elsewhere");
  else if (strcmp (path, "/large") == 0)
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, large, strlen (large));
  else if (strcmp (path, "/bomb") == 0)
    soup_message_headers_append (headers, "Content-Encoding", "gzip");
  else if (strcmp (path, "/busy") == 0)
    {
      soup_server_message_set_status (message, 429, NULL);
      soup_message_headers_append (headers, "Retry-After", "7");
    }
  else if (strcmp (path, "/secret") == 0)
    {
      soup_server_message_set_status (message, SOUP_STATUS_UNAUTHORIZED, NULL);
      soup_message_headers_append (headers, "WWW-Authenticate", "Basic realm=\"x\"");
    }
}

static void
ask_at (IncidentHttp *http,
        const Peer   *peer,
        const char   *path,
        Answer       *answer)
{
  g_autofree char *url = g_strconcat (peer->url, path, NULL);

  ask (http, make_post (url, "x"), answer);
}

/* A server that hears a request and then does as it likes */

typedef enum
{
  ANSWERS,
  HANGS_UP,
  DRIBBLES,
  SAYS_NOTHING,
} Manner;

typedef struct
{
  GSocketService *service;
  char           *url;
  Manner          manner;
  guint           n_connections;
  guint           n_requests;
  char            heard[1000];
  GIOStream      *connection;
  GCancellable   *cancelled_on_request;
  guint           timer;
} Boor;

static gboolean
on_timer (gpointer data)
{
  Boor *boor = data;

  g_output_stream_write (g_io_stream_get_output_stream (boor->connection), "x", 1, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static void on_heard (GObject *, GAsyncResult *, gpointer);

static void
hear (Boor *boor)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (boor->connection), boor->heard, sizeof boor->heard, 0, NULL, on_heard, boor);
}

static void
on_heard (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
  static const char whole[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  Boor *boor = data;

  if (g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL) <= 0)
    return;

  boor->n_requests++;
  if (boor->cancelled_on_request != NULL)
    g_cancellable_cancel (boor->cancelled_on_request);
  if (boor->manner == ANSWERS)
    {
      g_output_stream_write (g_io_stream_get_output_stream (boor->connection), whole, strlen (whole), NULL, NULL);
      hear (boor);
    }
  if (boor->manner == HANGS_UP)
    g_io_stream_close (boor->connection, NULL, NULL);
  if (boor->manner == DRIBBLES)
    {
      g_output_stream_write (g_io_stream_get_output_stream (boor->connection), head, strlen (head), NULL, NULL);
      boor->timer = g_timeout_add (20, on_timer, boor);
    }
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           data)
{
  Boor *boor = data;

  g_clear_object (&boor->connection);
  boor->connection = g_object_ref (G_IO_STREAM (connection));
  boor->n_connections++;
  hear (boor);
  return TRUE;
}

static void
boor_init (Boor   *boor,
           Manner  manner)
{
  *boor = (Boor) { .service = g_socket_service_new (), .manner = manner };
  boor->url = g_strdup_printf ("http://127.0.0.1:%u/secret", listen_on_loopback (boor->service));
  g_signal_connect (boor->service, "incoming", G_CALLBACK (on_incoming), boor);
}

static void
boor_clear (Boor *boor)
{
  stop_service (boor->service);
  g_clear_handle_id (&boor->timer, g_source_remove);
  if (boor->connection != NULL)
    g_io_stream_close (boor->connection, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&boor->connection);
  g_object_unref (boor->service);
  g_free (boor->url);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Boor, boor_clear)

/* Where to */

static void
test_no_url_leads_to_a_private_address (void **state)
{
  static const struct { const char *url; int code; } urls[] = {
    { "https://localhost/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://127.0.0.1/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://[::1]/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://[::ffff:127.0.0.1]/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://[fe80::1%25lo]/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://0.0.0.0/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://ⓛocalhost/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://169.254.169.254/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "http://8.8.8.8/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "http://8.8.8.8:443/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "https://8.8.8.8:8443/secret", G_IO_ERROR_PERMISSION_DENIED },
    { "http://evil\\@127.0.0.1/secret", G_IO_ERROR_INVALID_ARGUMENT },
    { "https://ana:secret@example.org/", G_IO_ERROR_INVALID_ARGUMENT },
    { "https:///secret", G_IO_ERROR_INVALID_ARGUMENT },
    { "file:///secret", G_IO_ERROR_INVALID_ARGUMENT },
    { "https://x:secret/", G_IO_ERROR_INVALID_ARGUMENT },
    { "secret", G_IO_ERROR_INVALID_ARGUMENT },
  };
  g_autoptr(IncidentHttp) http = incident_http_new (&far_away);

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_auto(Answer) answer = { 0 };

      ask (http, make_post (urls[i].url, "x"), &answer);
      if (answer.error == NULL || !g_error_matches (answer.error, G_IO_ERROR, urls[i].code) || answer.is_out
          || strstr (answer.error->message, "secret") != NULL)
        fail_msg ("%s: %s", urls[i].url, answer.error != NULL ? answer.error->message : "went well");
    }
}

/* Requests and replies */

static void
test_a_request_is_answered (void **state)
{
  g_auto(Peer) peer = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };
  IncidentHttpRequest *request;

  peer_init (&peer, answer_by_path, NULL);
  request = make_post (peer.url, "hello");
  incident_http_request_add_header (request, "X-Test", "a b");
  ask (http, request, &answer);
  assert_no_error (answer.error);
  assert_true (answer.is_out);
  assert_int_equal (answer.reply->status, 200);
  assert_string_equal (answer.reply->content_type, "text/plain");
  assert_null (answer.reply->retry_after);
  assert_int_equal (g_bytes_get_size (answer.reply->body), 4);
  assert_memory_equal (g_bytes_get_data (answer.reply->body, NULL), "fine", 4);
  assert_string_equal (peer.body, "hello");
  assert_string_equal (peer_get_header (&peer, "X-Test"), "a b");
}

static void
test_any_status_is_an_answer (void **state)
{
  g_auto(Peer) peer = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) busy = { 0 };
  g_auto(Answer) secret = { 0 };

  peer_init (&peer, answer_by_path, NULL);
  ask_at (http, &peer, "busy", &busy);
  assert_int_equal (busy.reply->status, 429);
  assert_string_equal (busy.reply->retry_after, "7");
  ask_at (http, &peer, "secret", &secret);
  assert_int_equal (secret.reply->status, 401);
}

static void
test_a_redirect_is_not_followed (void **state)
{
  g_auto(Peer) peer = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };

  peer_init (&peer, answer_by_path, NULL);
  ask_at (http, &peer, "redirect", &answer);
  assert_no_error (answer.error);
  assert_int_equal (answer.reply->status, 302);
  assert_int_equal (peer.n_requests, 1);
}

static void
test_encoded_bodies_are_neither_asked_for_nor_decoded (void **state)
{
  g_auto(Peer) peer = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };

  peer_init (&peer, answer_by_path, NULL);
  ask_at (http, &peer, "bomb", &answer);
  assert_no_error (answer.error);
  assert_null (peer_get_header (&peer, "Accept-Encoding"));
  assert_int_equal (g_bytes_get_size (answer.reply->body), 4);
}

static void
test_a_reply_that_is_too_large_is_an_error (void **state)
{
  g_auto(Peer) peer = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };

  peer_init (&peer, answer_by_path, NULL);
  ask_at (http, &peer, "large", &answer);
  assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  assert_true (answer.is_out);
}

static void
test_a_reply_that_is_too_large_is_cut_where_that_will_do (void **state)
{
  IncidentHttpLimits limits = near_by;
  g_auto(Peer) peer = { 0 };
  g_autoptr(IncidentHttp) http = NULL;

  peer_init (&peer, answer_by_path, NULL);
  limits.cuts = TRUE;
  http = incident_http_new (&limits);
  for (int i = 0; i < 2; i++)
    {
      g_auto(Answer) answer = { 0 };

      ask_at (http, &peer, "large", &answer);
      assert_no_error (answer.error);
      assert_int_equal (answer.reply->status, 200);
      assert_int_equal (g_bytes_get_size (answer.reply->body), 1000);
    }
}

static void
test_only_what_may_be_sent_twice_goes_through_a_kept_connection (void **state)
{
  static const struct { gboolean is_idempotent; guint n_connections; } posts[] = {
    { FALSE, 1 }, { TRUE, 1 }, { TRUE, 1 }, { FALSE, 2 },
  };
  g_auto(Boor) boor = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);

  boor_init (&boor, ANSWERS);
  for (gsize i = 0; i < G_N_ELEMENTS (posts); i++)
    {
      g_auto(Answer) answer = { 0 };
      IncidentHttpRequest *request = make_post (boor.url, "");

      request->is_idempotent = posts[i].is_idempotent;
      ask (http, request, &answer);
      assert_no_error (answer.error);
      assert_int_equal (boor.n_connections, posts[i].n_connections);
    }
}

static void
test_control_characters_in_a_header_are_refused (void **state)
{
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };
  IncidentHttpRequest *request = make_post ("http://127.0.0.1:1/", "x");

  incident_http_request_add_header (request, "Authorization", "Bearer secret\r\nX-Evil: 1");
  ask (http, request, &answer);
  assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  assert_null (strstr (answer.error->message, "secret"));
}

/* What goes wrong on the way */

static void
test_a_refused_connection_is_told_and_nothing_is_out (void **state)
{
  g_auto(Boor) boor = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };

  boor_init (&boor, HANGS_UP);
  stop_service (boor.service);
  ask (http, make_post (boor.url, "x"), &answer);
  assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  assert_false (answer.is_out);
  assert_true (g_str_has_prefix (answer.error->message, "127.0.0.1: "));
  assert_null (strstr (answer.error->message, "secret"));
}

static void
test_a_connection_that_is_lost_after_the_request_leaves_doubt (void **state)
{
  g_auto(Boor) boor = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };

  boor_init (&boor, HANGS_UP);
  ask (http, make_post (boor.url, "x"), &answer);
  assert_non_null (answer.error);
  assert_true (answer.is_out);
  assert_null (strstr (answer.error->message, "secret"));
  /* A POST is never sent again of itself. */
  assert_int_equal (boor.n_requests, 1);
}

static void
test_an_answer_in_dribbles_has_an_end (void **state)
{
  IncidentHttpLimits limits = near_by;
  g_auto(Boor) boor = { 0 };
  g_autoptr(IncidentHttp) http = NULL;
  g_auto(Answer) answer = { 0 };
  gint64 before = g_get_monotonic_time ();

  limits.seconds = 1;
  boor_init (&boor, DRIBBLES);
  http = incident_http_new (&limits);
  ask (http, make_post (boor.url, "x"), &answer);
  assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_true (answer.is_out);
  assert_string_equal (answer.error->message, "127.0.0.1: no whole answer within 1 s");
  assert_true (g_get_monotonic_time () - before < 8 * G_USEC_PER_SEC);
}

static void
test_who_gives_up_learns_whether_it_is_out (void **state)
{
  g_auto(Boor) boor = { 0 };
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Answer) answer = { 0 };
  g_auto(Answer) again = { 0 };

  boor_init (&boor, SAYS_NOTHING);
  boor.cancelled_on_request = cancellable;
  incident_http_send_async (http, make_post (boor.url, "x"), cancellable, on_answer, &answer);
  wait_for_answer (&answer);
  assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_true (answer.is_out);

  incident_http_send_async (http, make_post (boor.url, "x"), cancellable, on_answer, &again);
  wait_for_answer (&again);
  assert_error (again.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_false (again.is_out);
}

static void
test_a_request_outlives_who_sent_it (void **state)
{
  g_auto(Peer) peer = { 0 };
  IncidentHttp *http = incident_http_new (&near_by);
  g_auto(Answer) answer = { 0 };

  peer_init (&peer, answer_by_path, NULL);
  incident_http_send_async (http, make_post (peer.url, "x"), NULL, on_answer, &answer);
  incident_http_free (http);
  wait_for_answer (&answer);
  assert_no_error (answer.error);
}

/* A connection that was kept belongs to the context that it was made in. */
static void
test_answers_come_in_the_context_of_the_caller (void **state)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(IncidentHttp) http = incident_http_new (&near_by);
  g_auto(Boor) boor = { 0 };
  g_auto(Answer) before = { 0 };
  g_auto(Answer) answer = { 0 };
  IncidentHttpRequest *request;

  boor_init (&boor, ANSWERS);
  ask (http, make_post (boor.url, ""), &before);

  request = make_post (boor.url, "");
  request->is_idempotent = TRUE;
  g_main_context_push_thread_default (context);
  incident_http_send_async (http, request, NULL, on_answer, &answer);
  g_main_context_pop_thread_default (context);
  for (int i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  assert_false (answer.is_done);
  while (!answer.is_done)
    {
      g_main_context_iteration (NULL, FALSE);
      g_main_context_push_thread_default (context);
      g_main_context_iteration (context, FALSE);
      g_main_context_pop_thread_default (context);
    }
  assert_no_error (answer.error);
  assert_int_equal (boor.n_connections, 2);
}

static gboolean
once (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
test_the_end_of_patience_comes_in_the_context_of_the_caller (void **state)
{
  IncidentHttpLimits limits = near_by;
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GSource) guard = g_timeout_source_new_seconds (20);
  g_autoptr(IncidentHttp) http = NULL;
  g_auto(Boor) boor = { 0 };
  g_auto(Answer) answer = { 0 };

  limits.seconds = 1;
  http = incident_http_new (&limits);
  boor_init (&boor, SAYS_NOTHING);
  g_source_set_callback (guard, once, NULL, NULL);
  g_source_attach (guard, context);
  g_main_context_push_thread_default (context);
  incident_http_send_async (http, make_post (boor.url, "x"), NULL, on_answer, &answer);
  while (!answer.is_done && !g_source_is_destroyed (guard))
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_source_destroy (guard);
  assert_true (answer.is_done);
  assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* TLS */

static void
test_a_certificate_is_checked_with_the_name_of_the_host (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("incident-http-XXXXXX", NULL);
  g_autofree char *certificate = make_certificate (folder);
  g_autofree char *key = g_build_filename (folder, "key.pem", NULL);
  g_autofree char *by_name = NULL;
  IncidentHttpLimits limits = near_by;
  g_auto(Peer) peer = { 0 };
  g_autoptr(IncidentHttp) system = incident_http_new (&near_by);
  g_autoptr(IncidentHttp) own = NULL;
  g_auto(Answer) unknown = { 0 };
  g_auto(Answer) right = { 0 };
  g_auto(Answer) wrong = { 0 };

  if (certificate == NULL)
    skip ();
  peer_init (&peer, answer_by_path, certificate);
  by_name = g_strdup_printf ("https://localhost:%s", strrchr (peer.url, ':') + 1);
  limits.certificate = certificate;
  own = incident_http_new (&limits);

  ask (system, make_post (by_name, "x"), &unknown);
  assert_error (unknown.error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  assert_false (unknown.is_out);
  ask (own, make_post (by_name, "x"), &right);
  assert_no_error (right.error);
  assert_int_equal (right.reply->status, 200);
  ask (own, make_post (peer.url, "x"), &wrong);
  assert_error (wrong.error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  assert_false (wrong.is_out);
  assert_int_equal (peer.n_requests, 1);

  g_remove (certificate);
  g_remove (key);
  g_rmdir (folder);
}

static void
test_a_certificate_that_is_not_there_is_named (void **state)
{
  IncidentHttpLimits limits = near_by;
  g_autoptr(IncidentHttp) http = NULL;
  g_auto(Answer) answer = { 0 };

  limits.certificate = "/nowhere/ca.pem";
  http = incident_http_new (&limits);
  ask (http, make_post ("https://localhost/secret", "x"), &answer);
  assert_non_null (answer.error);
  assert_non_null (strstr (answer.error->message, "/nowhere/ca.pem"));
  assert_false (answer.is_out);
}

/* Retry-After */

/* The three dates are those of RFC 9110, section 5.6.7. */
static void
test_when_to_come_again_is_read (void **state)
{
  static const gint64 before = G_GINT64_CONSTANT (784111777 - 120) * G_USEC_PER_SEC;
  static const struct { const char *value; gint64 seconds; } values[] = {
    { "120", 120 }, { "0", 0 }, { "1", 1 }, { "86400", 86400 }, { "86401", 86400 }, { "18446744073709551615", 86400 },
    { "Sun, 06 Nov 1994 08:49:37 GMT", 120 }, { "Sunday, 06-Nov-94 08:49:37 GMT", 120 }, { "Sun Nov  6 08:49:37 1994", 120 },
    { "Sun, 06 Nov 1994 08:47:00 GMT", 0 }, { "Sun, 06 Nov 2094 08:49:37 GMT", 86400 },
    { "", 0 }, { "-1", 0 }, { "soon", 0 }, { "1.5", 0 }, { "18446744073709551616", 0 }, { NULL, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (incident_http_read_retry_after (values[i].value, before) != values[i].seconds * G_USEC_PER_SEC)
      fail_msg ("%s", values[i].value);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_url_leads_to_a_private_address),
    cmocka_unit_test (test_a_request_is_answered),
    cmocka_unit_test (test_any_status_is_an_answer),
    cmocka_unit_test (test_a_redirect_is_not_followed),
    cmocka_unit_test (test_encoded_bodies_are_neither_asked_for_nor_decoded),
    cmocka_unit_test (test_a_reply_that_is_too_large_is_an_error),
    cmocka_unit_test (test_a_reply_that_is_too_large_is_cut_where_that_will_do),
    cmocka_unit_test (test_only_what_may_be_sent_twice_goes_through_a_kept_connection),
    cmocka_unit_test (test_control_characters_in_a_header_are_refused),
    cmocka_unit_test (test_a_refused_connection_is_told_and_nothing_is_out),
    cmocka_unit_test (test_a_connection_that_is_lost_after_the_request_leaves_doubt),
    cmocka_unit_test (test_an_answer_in_dribbles_has_an_end),
    cmocka_unit_test (test_who_gives_up_learns_whether_it_is_out),
    cmocka_unit_test (test_a_request_outlives_who_sent_it),
    cmocka_unit_test (test_answers_come_in_the_context_of_the_caller),
    cmocka_unit_test (test_the_end_of_patience_comes_in_the_context_of_the_caller),
    cmocka_unit_test (test_a_certificate_is_checked_with_the_name_of_the_host),
    cmocka_unit_test (test_a_certificate_that_is_not_there_is_named),
    cmocka_unit_test (test_when_to_come_again_is_read),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
