/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-serve.h"

/* What the server has seen, as OpenMetrics 1.0 writes it. */

typedef struct
{
  double      most;
  const char *text;
} Bucket;

static const Bucket buckets[] = {
  { 0.001, "0.001" }, { 0.0025, "0.0025" }, { 0.005, "0.005" }, { 0.01, "0.01" }, { 0.025, "0.025" }, { 0.05, "0.05" },
  { 0.1, "0.1" }, { 0.25, "0.25" }, { 0.5, "0.5" }, { 1, "1.0" }, { 2.5, "2.5" }, { 5, "5.0" }, { 10, "10.0" },
};

struct _Metrics
{
  GHashTable *messages;  /* labels, as they are written → guint64 * */
  GHashTable *alerts;    /* likewise */
  GHashTable *refused;   /* likewise */
  guint64     n_bytes;
  guint64     in_bucket[G_N_ELEMENTS (buckets)];  /* not in those before it */
  guint64     n_ingests;
  double      seconds;
  gint64      started;   /* monotonic */
};

Metrics *
metrics_new (void)
{
  Metrics *self = g_new0 (Metrics, 1);

  self->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->alerts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->started = g_get_monotonic_time ();
  return self;
}

void
metrics_free (Metrics *self)
{
  g_hash_table_unref (self->messages);
  g_hash_table_unref (self->alerts);
  g_hash_table_unref (self->refused);
  g_free (self);
}

/* Takes @labels. */
static void
add_one (GHashTable *counters,
         char       *labels)
{
  guint64 *counter = g_hash_table_lookup (counters, labels);

  if (counter == NULL)
    {
      counter = g_new0 (guint64, 1);
      g_hash_table_insert (counters, labels, counter);
    }
  else
    g_free (labels);

  (*counter)++;
}

static void
append_label (GString    *labels,
              const char *name,
              const char *value)
{
  g_string_append_printf (labels, "%s%s=\"", labels->len > 0 ? "," : "", name);
  for (const char *at = value; *at != '\0'; at++)
    if (*at == '\n')
      g_string_append (labels, "\\n");
    else
      {
        if (*at == '"' || *at == '\\')
          g_string_append_c (labels, '\\');
        g_string_append_c (labels, *at);
      }
  g_string_append_c (labels, '"');
}

static void
append_status (GString *labels,
               guint    status)
{
  g_autofree char *text = g_strdup_printf ("%u", status);

  append_label (labels, "answer", text);
}

void
metrics_add_message (Metrics    *self,
                     const char *format,
                     guint       status,
                     gsize       n_bytes)
{
  GString *labels = g_string_new (NULL);

  append_label (labels, "format", format);
  append_status (labels, status);
  add_one (self->messages, g_string_free (labels, FALSE));
  self->n_bytes += n_bytes;
}

void
metrics_add_refused (Metrics *self,
                     guint    status)
{
  GString *labels = g_string_new (NULL);

  append_status (labels, status);
  add_one (self->refused, g_string_free (labels, FALSE));
}

void
metrics_add_alerts (Metrics   *self,
                    GPtrArray *receipts,
                    double     seconds)
{
  for (guint i = 0; i < receipts->len; i++)
    {
      GString *labels = g_string_new (NULL);

      append_label (labels, "outcome", incident_receipt_get_outcome (g_ptr_array_index (receipts, i)));
      add_one (self->alerts, g_string_free (labels, FALSE));
    }

  self->n_ingests++;
  self->seconds += seconds;
  for (guint i = 0; i < G_N_ELEMENTS (buckets); i++)
    if (seconds <= buckets[i].most)
      {
        self->in_bucket[i]++;
        return;
      }
}

static void
append_family (GString    *text,
               const char *name,
               const char *type,
               const char *unit,
               const char *help)
{
  g_string_append_printf (text, "# TYPE %s %s\n", name, type);
  if (unit != NULL)
    g_string_append_printf (text, "# UNIT %s %s\n", name, unit);
  g_string_append_printf (text, "# HELP %s %s\n", name, help);
}

static void
append_counters (GString    *text,
                 const char *name,
                 const char *help,
                 GHashTable *counters)
{
  g_autoptr(GList) labels = g_list_sort (g_hash_table_get_keys (counters), (GCompareFunc) g_strcmp0);

  append_family (text, name, "counter", NULL, help);
  for (GList *at = labels; at != NULL; at = at->next)
    g_string_append_printf (text, "%s_total{%s} %" G_GUINT64_FORMAT "\n", name, (const char *) at->data,
                            *(guint64 *) g_hash_table_lookup (counters, at->data));
}

static void
append_seconds (GString    *text,
                const char *name,
                double      seconds)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, "%s %s\n", name, g_ascii_formatd (number, sizeof number, "%.6f", seconds));
}

static void
append_histogram (GString       *text,
                  const Metrics *self)
{
  guint64 n = 0;

  append_family (text, "incident_ingest_seconds", "histogram", "seconds", "How long it took to take a message in.");
  for (guint i = 0; i < G_N_ELEMENTS (buckets); i++)
    {
      n += self->in_bucket[i];
      g_string_append_printf (text, "incident_ingest_seconds_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n", buckets[i].text, n);
    }
  g_string_append_printf (text, "incident_ingest_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", self->n_ingests);
  g_string_append_printf (text, "incident_ingest_seconds_count %" G_GUINT64_FORMAT "\n", self->n_ingests);
  append_seconds (text, "incident_ingest_seconds_sum", self->seconds);
}

/* FALSE: the store does not say. */
static gboolean
count_open_cases (IncidentDesk *desk,
                  gsize        *count)
{
  guint64 before = 0;
  gsize n;

  *count = 0;
  do
    {
      g_autoptr(IncidentQuery) query = incident_query_new ();
      g_autoptr(GBytes) numbers = NULL;
      const gint64 *values;

      incident_query_set_open_only (query, TRUE);
      incident_query_set_limit (query, INCIDENT_QUERY_MAX_LIMIT);
      if (before != 0)
        incident_query_set_before (query, before);
      numbers = incident_desk_list_column (desk, query, "number", NULL);
      if (numbers == NULL)
        return FALSE;

      values = g_bytes_get_data (numbers, &n);
      n /= sizeof (gint64);
      *count += n;
      before = n > 0 ? (guint64) values[n - 1] : 0;
    }
  while (n == INCIDENT_QUERY_MAX_LIMIT);

  return TRUE;
}

static void
append_state (GString      *text,
              const Server *server)
{
  gsize count;

  append_family (text, "incident_connections", "gauge", NULL, "Connections that are open.");
  g_string_append_printf (text, "incident_connections %u\n", server->n_connections);
  append_family (text, "incident_cases_open", "gauge", NULL, "Cases that are neither closed nor cancelled.");
  if (count_open_cases (server->desk, &count))
    g_string_append_printf (text, "incident_cases_open %" G_GSIZE_FORMAT "\n", count);
}

char *
metrics_to_text (Metrics      *self,
                 const Server *server)
{
  GString *text = g_string_new (NULL);

  append_family (text, "incident_build", "info", NULL, "What runs here.");
  g_string_append_printf (text, "incident_build_info{version=\"%d.%d.%d\"} 1\n",
                          INCIDENT_MAJOR_VERSION, INCIDENT_MINOR_VERSION, INCIDENT_MICRO_VERSION);
  append_family (text, "incident_uptime_seconds", "gauge", "seconds", "Since the server was started.");
  append_seconds (text, "incident_uptime_seconds", (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC);
  append_counters (text, "incident_messages", "Messages of monitoring, by the status of the answer.", self->messages);
  append_counters (text, "incident_refused_requests", "Requests that were refused before they were read to their end.",
                   self->refused);
  append_counters (text, "incident_alerts", "Alerts, by what became of them.", self->alerts);
  append_family (text, "incident_body_bytes", "counter", "bytes", "Size of the messages.");
  g_string_append_printf (text, "incident_body_bytes_total %" G_GUINT64_FORMAT "\n", self->n_bytes);
  append_histogram (text, self);
  append_state (text, server);
  g_string_append (text, "# EOF\n");
  return g_string_free (text, FALSE);
}
