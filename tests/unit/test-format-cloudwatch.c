/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-sample.h"

#define FORMAT "cloudwatch"
#define ARN    "arn:aws:cloudwatch:us-west-2:111122223333:alarm:api-5xx"
#define ENVELOPE(message) "{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"MessageId\":\"m\",\"Message\":" message "}"

static void
test_an_alarm_fires (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/cloudwatch-firing.json", FORMAT);
  IncidentAlert *alert = sample_get (message, 0);

  assert_int_equal (alert->status, INCIDENT_ALERT_STATUS_FIRING);
  assert_string_equal (alert->key, ARN);
  assert_string_equal (alert->name, "api-5xx");
  assert_string_equal (alert->summary, "Too few calls get through");
  assert_null (alert->severity);
  assert_true (alert->starts_at == SAMPLE_TIME + 90000 && alert->told_at == alert->starts_at);
  assert_int_equal (alert->raw_length, message->length);
  sample_assert_label (alert, "region", "us-west-2");
  sample_assert_label (alert, "account", "111122223333");
  sample_assert_label (alert, "namespace", "AWS/ApiGateway");
  sample_assert_label (alert, "metric", "5XXError");
  sample_assert_label (alert, "ApiName", "payments");
  sample_assert_label (alert, "Stage", "prod");
  sample_assert_annotation (alert, "topic", "arn:aws:sns:us-west-2:111122223333:alarms");
}

static void
test_ok_resolves_and_missing_data_says_nothing (void **state)
{
  g_autoptr(IncidentIntakeMessage) update = sample_read ("intake/cloudwatch-update.json", FORMAT);
  g_autoptr(IncidentIntakeMessage) end = sample_read ("intake/cloudwatch-resolve.json", FORMAT);

  assert_int_equal (sample_get (update, 0)->status, INCIDENT_ALERT_STATUS_INFO);
  assert_string_equal (sample_get (update, 0)->key, ARN);
  assert_int_equal (sample_get (end, 0)->status, INCIDENT_ALERT_STATUS_RESOLVED);
  assert_string_equal (sample_get (end, 0)->key, ARN);
  assert_true (sample_get (end, 0)->ends_at == SAMPLE_TIME + 30 * G_TIME_SPAN_MINUTE);
  assert_non_null (g_strstr_len (sample_get (end, 0)->summary, -1, "no datapoints were received"));
}

static void
test_an_alarm_over_metrics_has_their_dimensions (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake/cloudwatch-update.json", FORMAT);

  sample_assert_label (sample_get (message, 0), "metric", "5XXError");
  sample_assert_label (sample_get (message, 0), "namespace", "AWS/ApiGateway");
  sample_assert_label (sample_get (message, 0), "ApiName", "payments");
}

static void
test_raw_delivery_is_the_alarm_alone (void **state)
{
  g_autoptr(IncidentIntakeMessage) with =
    sample_read_text ("{\"AlarmName\":\"a\",\"NewStateValue\":\"ALARM\",\"AlarmArn\":\"arn:x\"}", NULL);
  g_autoptr(IncidentIntakeMessage) without =
    sample_read_text ("{\"AlarmName\":\"a\",\"NewStateValue\":\"OK\",\"AWSAccountId\":\"1\",\"Region\":\"EU (Ireland)\"}", NULL);
  g_autoptr(IncidentIntakeMessage) elsewhere =
    sample_read_text ("{\"AlarmName\":\"a\",\"NewStateValue\":\"OK\",\"AWSAccountId\":\"1\",\"Region\":\"EU (Paris)\"}", NULL);

  assert_string_equal (with->format->name, FORMAT);
  assert_string_equal (sample_get (with, 0)->key, "arn:x");
  assert_string_not_equal (sample_get (without, 0)->key, sample_get (elsewhere, 0)->key);
  sample_assert_label (sample_get (without, 0), "region", "EU (Ireland)");
}

static void
test_a_confirmation_is_left_to_the_host_and_its_token_is_not_kept (void **state)
{
  g_autoptr(IncidentIntakeMessage) message = sample_read ("intake-more/cloudwatch-confirm.json", FORMAT);
  g_autofree char *raw = g_strndup (g_bytes_get_data (message->raw, NULL), g_bytes_get_size (message->raw));

  assert_int_equal (message->alerts->len, 0);
  assert_int_equal (message->refused->len, 0);
  assert_int_equal (message->notes->len, 1);
  assert_string_equal (g_ptr_array_index (message->notes, 0),
                       "The topic arn:aws:sns:us-west-2:111122223333:alarms asks whether it is to send its alarms here: to confirm, "
                       "open https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:"
                       "111122223333:alarms&Token=2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92");
  assert_null (strstr (raw, "2336412f"));
}

static void
test_only_amazons_address_is_told (void **state)
{
  static const struct
  {
    const char *url;
    gboolean    is_told;
  } cases[] = {
    { "https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription", TRUE },
    { "http://sns.us-west-2.amazonaws.com/", FALSE },
    { "https://sns.us-west-2.amazonaws.com.evil.example/", FALSE },
    { "https://sns.us-west-2.amazonaws.com@evil.example/", FALSE },
    { "https://sns.us-west-2.amazonaws.com:8080/", FALSE },
    { "https://sns..amazonaws.com/", FALSE },
    { "https://sns.a.b.amazonaws.com/", FALSE },
    { "https://evil.example/?https://sns.us-west-2.amazonaws.com/", FALSE },
    { "https://169.254.169.254/latest/meta-data", FALSE },
    { "https://sns.us-west-2.amazonaws.com/\\u001b[31m", FALSE },
    { "https://sns.us-west-2.amazonaws.com/ x", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"t\",\"Token\":\"k\","
                                               "\"SubscribeURL\":\"%s\"}", cases[i].url);
      g_autoptr(IncidentIntakeMessage) message = sample_read_text (text, FORMAT);
      const char *note = g_ptr_array_index (message->notes, 0);

      if ((strstr (note, "open https://") != NULL) != cases[i].is_told)
        fail_msg ("%s: %s", cases[i].url, note);
      assert_true (cases[i].is_told || strstr (note, "do not open it") != NULL);
      assert_true (cases[i].is_told || *cases[i].url == '\0' || strstr (note, cases[i].url) == NULL);
    }
}

static void
test_the_end_of_a_subscription_is_told (void **state)
{
  g_autoptr(IncidentIntakeMessage) message =
    sample_read_text ("{\"Type\":\"UnsubscribeConfirmation\",\"TopicArn\":\"t\",\"MessageId\":\"m\"}", NULL);

  assert_int_equal (message->alerts->len, 0);
  assert_non_null (strstr (g_ptr_array_index (message->notes, 0), "The topic t no longer sends its alarms here"));
}

static void
test_what_is_wrong_is_told_at_its_place (void **state)
{
  sample_refuse ("\"x\"", FORMAT, "", "must be an object, not a string");
  sample_refuse ("{}", FORMAT, "", "must have the member “Type”");
  sample_refuse ("{\"Type\":\"Other\"}", FORMAT, "/Type", "must be “Notification”, “SubscriptionConfirmation” or");
  sample_refuse ("{\"Type\":\"Notification\"}", FORMAT, "", "must have the member “Message”");
  sample_refuse (ENVELOPE ("{}"), FORMAT, "/Message", "must be a string, not an object");
  sample_refuse (ENVELOPE ("\"\""), FORMAT, "/Message", "must not be empty");
  sample_refuse (ENVELOPE ("\"The disk is full\""), FORMAT, "/Message", "/Message: in it, line 1, column 1");
  sample_refuse (ENVELOPE ("\"[]\""), FORMAT, "/Message", "body:1:65: /Message: must be an object, not an array");
  sample_refuse (ENVELOPE ("\"{}\""), FORMAT, "/Message", "must have the member “AlarmName”");
  sample_refuse (ENVELOPE ("\"{\\\"AlarmName\\\":\\\"a\\\",\\\"NewStateValue\\\":\\\"BAD\\\"}\""), FORMAT, "/Message/NewStateValue",
                 "must be “ALARM”, “OK” or “INSUFFICIENT_DATA”, not “BAD”");
  sample_refuse ("{\"AlarmName\":\"a\",\"NewStateValue\":\"OK\",\"StateChangeTime\":\"2026-11-23T07:00:00\"}", FORMAT,
                 "/StateChangeTime", "is not a time");
  sample_refuse ("{\"AlarmName\":\"a\",\"NewStateValue\":\"OK\",\"Trigger\":{\"Dimensions\":{}}}", FORMAT, "/Trigger/Dimensions",
                 "must be an array, not an object");
  sample_refuse ("{\"Type\":\"SubscriptionConfirmation\"}", FORMAT, "", "must have the member “TopicArn”");
}

static void
test_every_value_may_be_of_another_kind (void **state)
{
  sample_change_all ("intake/cloudwatch-firing.json", FORMAT);
  sample_change_all ("intake-more/cloudwatch-confirm.json", FORMAT);
  sample_change_all ("intake-more/cloudwatch-raw.json", FORMAT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_an_alarm_fires),
    cmocka_unit_test (test_ok_resolves_and_missing_data_says_nothing),
    cmocka_unit_test (test_an_alarm_over_metrics_has_their_dimensions),
    cmocka_unit_test (test_raw_delivery_is_the_alarm_alone),
    cmocka_unit_test (test_a_confirmation_is_left_to_the_host_and_its_token_is_not_kept),
    cmocka_unit_test (test_only_amazons_address_is_told),
    cmocka_unit_test (test_the_end_of_a_subscription_is_told),
    cmocka_unit_test (test_what_is_wrong_is_told_at_its_place),
    cmocka_unit_test (test_every_value_may_be_of_another_kind),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
