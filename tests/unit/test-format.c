/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "format-test.h"

/* What holds for every format. The samples are the files of tests/conformance/intake:
 * FORMAT-firing.json and so on, of all formats that have a body. */

typedef void (*SampleFunc) (const IncidentFormat *format,
                            const char           *name,
                            const char           *body,
                            gsize                 length);

static const IncidentFormat *
find_format_of (const char *name)
{
  const char *dash = strrchr (name, '-');
  g_autofree char *format = dash != NULL ? g_strndup (name, (gsize) (dash - name)) : NULL;
  g_autoptr(GError) error = NULL;
  const IncidentFormat *found;

  if (g_str_has_suffix (name, ".md"))
    return NULL;

  assert_non_null (format);
  found = incident_format_find (format, &error);
  assert_no_error (error);
  return found;
}

static void
for_each_sample (SampleFunc function)
{
  g_autofree char *folder = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "conformance", "intake", NULL);
  g_autoptr(GDir) directory = g_dir_open (folder, 0, NULL);
  guint n = 0;

  assert_non_null (directory);
  for (const char *name = g_dir_read_name (directory); name != NULL; name = g_dir_read_name (directory))
    {
      const IncidentFormat *format = find_format_of (name);
      g_autofree char *body = NULL;
      gsize length;

      if (format == NULL)
        continue;
      body = load_sample (name, &length);
      function (format, name, body, length);
      n++;
    }
  assert_true (n > 0);
}

static void
check_recognition (const IncidentFormat *format,
                   const char           *name,
                   const char           *body,
                   gsize                 length)
{
  g_autoptr(IncidentTree) tree = incident_tree_new_sketch (body, length, NULL, &incident_intake_limits, NULL);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;

  for (guint i = 0; incident_formats[i] != NULL; i++)
    {
      const IncidentFormat *other = incident_formats[i];
      gboolean expected = other == format && other->recognise != NULL;

      if ((other->recognise != NULL && other->recognise (root, body, length)) != expected)
        fail_msg ("%s is %s “%s”", name, expected ? "not recognised as" : "taken for", other->name);
    }
}

static void
test_a_body_is_recognised_as_its_format_and_as_no_other (void **state)
{
  for_each_sample (check_recognition);
}

static void
check_reading (const IncidentFormat *format,
               const char           *name,
               const char           *body,
               gsize                 length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentIntakeMessage) message = try_to_read (format->name, body, length, NULL, &error);

  if (message == NULL || message->alerts->len == 0 || message->refused->len > 0)
    fail_msg ("%s is not read: %s", name, error != NULL ? error->message : "alerts are missing");
}

static void
test_a_sample_of_each_format_is_read_whole (void **state)
{
  for_each_sample (check_reading);
}

static void
check_slices (const IncidentFormat *format,
              const char           *name,
              const char           *body,
              gsize                 length)
{
  g_autoptr(IncidentIntakeMessage) message = try_to_read (format->name, body, length, NULL, NULL);
  const char *raw = g_bytes_get_data (message->raw, NULL);

  for (guint i = 0; i < message->alerts->len; i++)
    {
      IncidentAlert *alert = get_alert (message, i);
      g_autoptr(IncidentAlert) again = incident_intake_read_slice (format->name, raw + alert->raw_start, alert->raw_length,
                                                                   "monitor", NULL, RECEIVED_AT);

      if (again == NULL)
        fail_msg ("%s: the slice of alert %u is not read", name, i);
      /* Credentials are a part of the key, and not of what is kept. */
      if (raw == body)
        assert_string_equal (incident_alert_get_episode_key (again), incident_alert_get_episode_key (alert));
      assert_int_equal (again->status, alert->status);
      assert_string_equal (again->name, alert->name);
      assert_int_equal (again->labels.n, alert->labels.n);
      for (guint k = 0; k < alert->labels.n; k++)
        assert_string_equal (again->labels.labels[k].value, alert->labels.labels[k].value);
    }
}

static void
test_the_slice_of_an_alert_says_what_the_body_said (void **state)
{
  for_each_sample (check_slices);
}

static void
test_each_format_has_a_name_of_its_own (void **state)
{
  for (guint i = 0; incident_formats[i] != NULL; i++)
    {
      assert_ptr_equal (incident_format_find (incident_formats[i]->name, NULL), incident_formats[i]);
      assert_non_null (incident_formats[i]->title);
    }
}

static void
test_an_unknown_format_is_told_with_those_there_are (void **state)
{
  assert_no_message_of ("smoke-signals", "{}", NULL, "format", "“alertmanager”, ");
}

/* What is sent by mistake or by malice is answered, and the answer names a place. */
static void
test_hostile_bodies_are_answered_with_a_place (void **state)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *blanks = g_strnfill (2 * 1024 * 1024, ' ');
  const char *bodies[] = {
    "", " ", "null", "7", "\"text\"", "true", "[", "{", "}", "{\"a\":}", "{} {}", "{\"a\":1,\"a\":2}", "[{\"a\":1,\"a\":2}]", "\xff\xfe",
    "{\"alerts\":[{\"labels\":{\"a\":\"\xc3\"}}]}", "<xml/>", "a=b&c=d", deep, blanks,
  };

  for (guint i = 0; incident_formats[i] != NULL; i++)
    for (guint k = 0; k < G_N_ELEMENTS (bodies); k++)
      {
        g_autoptr(GError) error = NULL;
        g_autoptr(IncidentIntakeMessage) message =
          try_to_read (incident_formats[i]->name, bodies[k], strlen (bodies[k]), NULL, &error);

        if (message != NULL && message->alerts->len > 0)
          fail_msg ("“%s” makes an alert of body %u", incident_formats[i]->name, k);
        assert_true ((message == NULL) == (error != NULL));
        if (message == NULL && incident_error_get_where (error) == NULL)
          fail_msg ("“%s” names no place in body %u: %s", incident_formats[i]->name, k, error->message);
        if (message == NULL && strlen (error->message) > 2000)
          fail_msg ("“%s” has too much to say of body %u", incident_formats[i]->name, k);
      }
}

static void
test_a_body_of_no_format_asks_for_its_name (void **state)
{
  assert_no_message_of (NULL, "{\"what\":\"is this\"}", NULL, "", "looks like none of the formats");
  assert_no_message_of (NULL, "[]", NULL, "", "looks like none of the formats");
  assert_no_message_of (NULL, "what is this", NULL, "", "looks like none of the formats");
  /* What Alertmanager tells of its groups is no message. */
  assert_no_message_of (NULL, "[{\"labels\":{\"a\":\"b\"},\"receiver\":{\"name\":\"x\"},\"alerts\":[]}]", NULL, "",
                        "looks like none of the formats");
}

static void
test_a_webhook_is_recognised_by_its_alerts_alone (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    read_body_of (NULL, "{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"a\":\"b\"}}]}", NULL);

  assert_string_equal (message->format->name, "alertmanager");
  assert_int_equal (message->alerts->len, 1);
}

/* A small body must not make a large answer, nor take long. */
static void
test_of_many_bad_alerts_the_first_are_told (void **state)
{
  static const char * const formats[] = { "alertmanager-api", "cloudevents", "json" };
  g_autoptr(GString) body = g_string_new ("[7");

  for (guint i = 1; i < 99000; i++)
    g_string_append (body, ",       7");
  g_string_append (body, "]");
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(IncidentIntakeMessage) message = read_body_of (formats[i], body->str, NULL);

      assert_int_equal (message->refused->len, 1000);
      assert_int_equal (message->n_unlisted, 98000);
      assert_refused (message, 999, "/999", "body.json:1:8993: /999: must be an object");
      assert_int_equal (message->notes->len, 1);
      assert_string_equal (g_ptr_array_index (message->notes, 0), "98000 more alerts are refused");
    }
}

static void
test_json_that_is_broken_is_told_as_such_without_a_name (void **state)
{
  assert_no_message_of (NULL, "{\"alerts\":[{},]}", NULL, "/alerts/1", "body.json:1:15: /alerts/1: a value must follow the comma");
}

/* Only the beginning of a batch is looked at. */
static void
test_a_body_is_recognised_though_text_in_it_is_cut (void **state)
{
  static const char body[] = "{\"groupKey\":\"g\",\"alerts\":[{\"status\":\"firing\",\"labels\":{\"a\":\"b\"}},"
                             "{\"status\":\"firing\",\"labels\":{\"a\":\"\\ud83d\"}}]}";
  g_autoptr(IncidentIntakeMessage) message = read_body_of (NULL, body, NULL);

  assert_string_equal (message->format->name, "alertmanager");
  assert_int_equal (message->alerts->len, 1);
}

static void
test_times_that_are_equal_are_read_equal (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = read_body_of ("alertmanager", "{\"alerts\":[]}", NULL);
  const char *times[] = { "2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z", "2026-11-23T08:00:00.5+01:00", "2026-11-23T07:00:00Z" };
  const char *expected[] = { "2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z", "2026-11-23T07:00:00.5Z", "2026-11-23T07:00:00Z" };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      const char *exact = NULL;
      gint64 time = 0, alone = 0;

      assert_true (incident_intake_message_read_time (message, times[i], &alone, NULL, NULL));
      assert_true (incident_intake_message_read_time (message, times[i], &time, &exact, NULL));
      assert_string_equal (exact, expected[i]);
      assert_true (incident_intake_message_read_time (message, times[i], &alone, NULL, NULL));
      assert_true (time == at (times[i]) && alone == time);
      assert_false (incident_intake_message_read_time (message, "", &time, &exact, NULL));
      assert_false (incident_intake_message_read_time (message, "", &time, NULL, NULL));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_body_is_recognised_as_its_format_and_as_no_other),
    cmocka_unit_test (test_a_sample_of_each_format_is_read_whole),
    cmocka_unit_test (test_the_slice_of_an_alert_says_what_the_body_said),
    cmocka_unit_test (test_each_format_has_a_name_of_its_own),
    cmocka_unit_test (test_an_unknown_format_is_told_with_those_there_are),
    cmocka_unit_test (test_hostile_bodies_are_answered_with_a_place),
    cmocka_unit_test (test_a_body_of_no_format_asks_for_its_name),
    cmocka_unit_test (test_of_many_bad_alerts_the_first_are_told),
    cmocka_unit_test (test_json_that_is_broken_is_told_as_such_without_a_name),
    cmocka_unit_test (test_a_webhook_is_recognised_by_its_alerts_alone),
    cmocka_unit_test (test_a_body_is_recognised_though_text_in_it_is_cut),
    cmocka_unit_test (test_times_that_are_equal_are_read_equal),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
