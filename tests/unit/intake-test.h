/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "playbook-test.h"

/* What senders say, in few words: “firing disk run=2 team=shop, resolved net” is a message of two alerts, with
 * their keys; “run” is the occurrence, which begins so many minutes after 07:00 (without: a minute before); “to” is
 * when it ended, likewise; “severity” is that of the sender; all else are labels, beside “alertname”, which is the key. */

#define WORDS "\"statuses\":{\"firing\":\"firing\",\"resolved\":\"resolved\",\"acked\":\"acknowledged\"," \
  "\"suppressed\":\"suppressed\",\"info\":\"info\"}"
#define MAPPING "\"mapping\":{\"key\":[\"/key\"],\"episode\":\"/run\",\"status\":\"/is\"," WORDS ",\"severity\":\"/severity\"," \
  "\"starts-at\":\"/from\",\"ends-at\":\"/to\",\"name\":\"/key\",\"labels\":\"/labels\"}"
#define SOURCES "\"sources\":{\"shop\":{\"format\":\"json\"," MAPPING "},\"quick\":{\"format\":\"json\",\"timeout\":\"10m\"," MAPPING "}}"

static inline void
write_alert (GString *body, char **words)
{
  gint64 run = -1, to = -1;
  const char *severity = NULL;
  g_autofree char *from = NULL;
  g_autofree char *until = NULL;

  g_string_append_printf (body, "%s{\"is\":\"%s\",\"key\":\"%s\",\"labels\":{\"alertname\":\"%s\"", body->len > 1 ? "," : "",
                          words[0], words[1], words[1]);
  for (guint i = 2; words[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (words[i], "=", 2);

      if (g_str_equal (pair[0], "run"))
        run = g_ascii_strtoll (pair[1], NULL, 10);
      else if (g_str_equal (pair[0], "to"))
        to = g_ascii_strtoll (pair[1], NULL, 10);
      else if (g_str_equal (pair[0], "severity"))
        severity = words[i] + strlen ("severity=");
      if (!g_str_equal (pair[0], "run") && !g_str_equal (pair[0], "to"))
        g_string_append_printf (body, ",\"%s\":\"%s\"", pair[0], pair[1]);
    }
  from = incident_time_to_string (START + run * MINUTE);
  g_string_append_printf (body, "},\"run\":\"%" G_GINT64_FORMAT "\",\"from\":\"%s\"", run, from);
  until = incident_time_to_string (START + to * MINUTE);
  if (to >= 0)
    g_string_append_printf (body, ",\"to\":\"%s\"", until);
  if (severity != NULL)
    g_string_append_printf (body, ",\"severity\":\"%s\"", severity);
  g_string_append (body, "}");
}

static inline GPtrArray *
take_words (Office *office, const char *source, const char *message)
{
  g_auto(GStrv) alerts = g_strsplit (message, ", ", -1);
  g_autoptr(GString) text = g_string_new ("[");
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *receipts;

  for (guint i = 0; alerts[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (alerts[i], " ", -1);

      write_alert (text, words);
    }
  g_string_append (text, "]");
  body = g_bytes_new (text->str, text->len);
  receipts = incident_desk_ingest (office->desk, NULL, body, NULL, source, INCIDENT_TIME_NONE, &error);
  assert_no_error (error);
  return receipts;
}

/* What became of them, as “outcome:case …”. */
static inline void
say_as (Office *office, const char *source, const char *message, const char *expected)
{
  g_autoptr(GPtrArray) receipts = take_words (office, source, message);
  g_autoptr(GString) found = g_string_new (NULL);

  for (guint i = 0; i < receipts->len; i++)
    g_string_append_printf (found, "%s%s:%" G_GUINT64_FORMAT, i > 0 ? " " : "", incident_receipt_get_outcome (g_ptr_array_index (receipts, i)),
                            incident_receipt_get_case_number (g_ptr_array_index (receipts, i)));
  assert_string_equal (found->str, expected);
}

static inline void
say (Office *office, const char *message, const char *expected)
{
  say_as (office, "shop", message, expected);
}

/* Beside the sources. */
static inline void
rule (Office *office, const char *sections)
{
  g_autofree char *json = g_strconcat ("{" SOURCES, *sections != '\0' ? "," : "", sections, "}", NULL);

  rule_by (office, json);
}

static inline gint64
settle (Office *office)
{
  g_autoptr(GError) error = NULL;
  gint64 next = 0;

  incident_desk_settle_alerts (office->desk, &next, &error);
  assert_no_error (error);
  return next;
}

static inline void
settle_after (Office *office, gint64 duration)
{
  advance (office, duration);
  settle (office);
}

static inline IncidentCase *
get_case (Office *office, guint64 number)
{
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_get_case (office->desk, number, &error);

  assert_no_error (error);
  return kase;
}

/* The kinds of its events, in order; NULL: there is no such case. */
static inline void
assert_told (Office *office, guint64 number, const char *expected)
{
  g_autoptr(GString) kinds = g_string_new (NULL);
  g_autoptr(IncidentCase) kase = NULL;

  if (expected == NULL)
    {
      assert_null (incident_desk_get_case (office->desk, number, NULL));
      return;
    }

  kase = get_case (office, number);
  for (guint seq = 1; seq <= incident_case_get_version (kase); seq++)
    {
      g_autoptr(IncidentEvent) event = dup_event (kase, seq);

      g_string_append_printf (kinds, "%s%s", seq > 1 ? " " : "", incident_event_get_kind (event));
    }
  assert_string_equal (kinds->str, expected);
}

static inline void
assert_last_fact (Office *office, guint64 number, const char *name, const char *value)
{
  g_autoptr(IncidentCase) kase = get_case (office, number);
  g_autoptr(IncidentEvent) event = dup_last_event (kase);

  assert_fact (event, name, value);
}
