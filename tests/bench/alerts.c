/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "alerts.h"

#include <stdio.h>
#include <string.h>

#define ALERT_SIZE   483
#define N_TEAMS      25
#define N_CLUSTERS   1 /* a body comes from one Prometheus, which watches one cluster */
#define N_SERVICES   100
#define N_SEVERITIES 3
/* In the place of what is filled in. */
#define NUMBER       "@@@@@"
#define END          "^^^^^^^^^^^^^^^^^^^^^^^^"

struct _AlertBody
{
  GString *text;
  GArray  *numbers;  /* gsize: where the number stands */
  GArray  *ends;     /* gsize: where the end stands */
  gint64   end;      /* of all, in microseconds since 1970 */
};

static char *
write_time (gint64 at)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (at / G_TIME_SPAN_SECOND);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.000Z");
}

/* The alert without the brace that ends it. Its summary is as long as makes its size right. */
static void
append_alert (GString    *text,
              guint       i,
              guint       n_a_host,
              const char *start,
              const char *end)
{
  static const char * const severities[N_SEVERITIES] = { "critical", "warning", "info" };
  static const char words[] = "It does not answer as fast as it should, nor as often, and those who wait for it "
                              "have begun to say so; look at the disk first, then at the queue";
  guint host = i / n_a_host;
  gsize before = text->len;
  g_autofree char *rest = g_strdup_printf ("\"},\"startsAt\":\"%s\",\"endsAt\":\"%s\","
                                           "\"generatorURL\":\"http://prometheus.example.org:9090/graph?g0.expr=up\"", start, end);

  g_string_append_printf (text,
                          "{\"labels\":{\"alertname\":\"Alert%02u\",\"cluster\":\"eu-%u\",\"instance\":\"host-" NUMBER "-%03u.example.org:9100\","
                          "\"job\":\"node\",\"service\":\"svc-%03u\",\"severity\":\"%s\",\"team\":\"team-%02u\",\"zone\":\"b\"},"
                          "\"annotations\":{\"summary\":\"",
                          host % N_TEAMS, host / N_TEAMS % N_CLUSTERS, host, host % N_SERVICES, severities[i % N_SEVERITIES], host % N_TEAMS);
  g_string_append_len (text, words, (gssize) (ALERT_SIZE - 1 - (text->len - before) - strlen (rest)));
  g_string_append (text, rest);
}

static GArray *
find_places (const GString *text,
             const char    *placeholder)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (const char *at = strstr (text->str, placeholder); at != NULL; at = strstr (at + strlen (placeholder), placeholder))
    {
      gsize place = (gsize) (at - text->str);

      g_array_append_val (places, place);
    }

  return places;
}

static void
append_api (AlertBody  *self,
            guint       n_alerts,
            guint       n_a_host,
            const char *start)
{
  g_string_append_c (self->text, '[');
  for (guint i = 0; i < n_alerts; i++)
    {
      g_string_append (self->text, i > 0 ? "," : "");
      append_alert (self->text, i, n_a_host, start, END);
      g_string_append_c (self->text, '}');
    }
  g_string_append_c (self->text, ']');
}

static void
append_webhook (AlertBody  *self,
                guint       n_alerts,
                guint       n_a_host,
                const char *start)
{
  g_string_append (self->text, "{\"version\":\"4\",\"groupKey\":\"{}:{}\",\"truncatedAlerts\":0,\"status\":\"firing\",\"receiver\":\"desk\","
                               "\"groupLabels\":{},\"commonLabels\":{\"job\":\"node\"},\"commonAnnotations\":{},"
                               "\"externalURL\":\"http://alertmanager.example.org:9093\",\"alerts\":[");
  for (guint i = 0; i < n_alerts; i++)
    {
      g_string_append (self->text, i > 0 ? "," : "");
      append_alert (self->text, i, n_a_host, start, "0001-01-01T00:00:00.000Z");
      g_string_append_printf (self->text, ",\"status\":\"firing\",\"fingerprint\":\"%08x" NUMBER "%03u\"}", i * 2654435761u, i);
    }
  g_string_append (self->text, "]}");
}

AlertBody *
alert_body_new (AlertBodyKind kind,
                guint         n_alerts,
                guint         n_a_host)
{
  AlertBody *self = g_new0 (AlertBody, 1);
  gint64 now = g_get_real_time ();
  g_autofree char *start = write_time (now - G_TIME_SPAN_MINUTE);

  self->text = g_string_new (NULL);
  self->end = now + G_TIME_SPAN_HOUR;
  if (kind == ALERT_BODY_API)
    append_api (self, n_alerts, n_a_host, start);
  else
    append_webhook (self, n_alerts, n_a_host, start);
  self->numbers = find_places (self->text, NUMBER);
  self->ends = find_places (self->text, END);
  if (kind == ALERT_BODY_API)
    g_assert (self->text->len == n_alerts * (ALERT_SIZE + 1) + 1);

  return self;
}

void
alert_body_free (AlertBody *self)
{
  g_string_free (self->text, TRUE);
  g_array_unref (self->numbers);
  g_array_unref (self->ends);
  g_free (self);
}

static void
fill_in (char         *text,
         const GArray *places,
         const char   *value,
         gsize         length)
{
  for (guint i = 0; i < places->len; i++)
    memcpy (text + g_array_index (places, gsize, i), value, length);
}

GBytes *
alert_body_fill (AlertBody *self,
                 guint      number,
                 guint      later)
{
  char *text = g_memdup2 (self->text->str, self->text->len + 1);
  g_autofree char *digits = g_strdup_printf ("%05u", number);
  g_autofree char *end = write_time (self->end + later * G_TIME_SPAN_SECOND);

  fill_in (text, self->numbers, digits, strlen (NUMBER));
  fill_in (text, self->ends, end, strlen (END));
  return g_bytes_new_take (text, self->text->len);
}

const char *
alert_body_get_template (AlertBody *self)
{
  return self->text->str;
}

static void
append_routes (GString *json)
{
  for (guint i = 0; i < N_TEAMS; i++)
    g_string_append_printf (json, "%s{\"matchers\": [\"team=\\\"team-%02u\\\"\"],"
                                  " \"routes\": [{\"matchers\": [\"severity=\\\"critical\\\"\"]}]}",
                            i > 0 ? ", " : "", i);
}

static void
append_inhibitions (GString    *json,
                    const char *source,
                    const char *target)
{
  static const char * const rules[][3] = {
    { "severity=\\\"critical\\\"", "severity=\\\"warning\\\"", "\"alertname\", \"cluster\", \"instance\"" },
    { "alertname=\\\"ClusterDown\\\"", "severity=~\\\"warning|critical\\\"", "\"cluster\"" },
    { "alertname=\\\"NodeDown\\\"", "job=\\\"node\\\"", "\"instance\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    g_string_append_printf (json, "%s{\"%s\": [\"%s\"], \"%s\": [\"%s\"], \"equal\": [%s]}",
                            i > 0 ? ", " : "", source, rules[i][0], target, rules[i][1], rules[i][2]);
}

char *
alerts_playbook (void)
{
  GString *json = g_string_new ("{\"name\": \"Bench\", \"sources\": {\"" ALERTS_SOURCE "\": {\"means\": \"Watches the hosts\"}},"
                                " \"route\": {\"group-by\": [\"alertname\", \"cluster\"], \"routes\": [");

  append_routes (json);
  g_string_append (json, "]}, \"inhibit\": [");
  append_inhibitions (json, "source", "target");
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}

/* YAML takes JSON. */
char *
alerts_alertmanager_configuration (void)
{
  GString *json = g_string_new ("{\"route\": {\"receiver\": \"nobody\", \"group_by\": [\"alertname\", \"cluster\"], \"routes\": [");

  append_routes (json);
  g_string_append (json, "]}, \"receivers\": [{\"name\": \"nobody\"}], \"inhibit_rules\": [");
  append_inhibitions (json, "source_matchers", "target_matchers");
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}
