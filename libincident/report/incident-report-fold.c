/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

void
incident_report_fold_init (IncidentReportFold *self,
                           IncidentCase       *kase,
                           IncidentReportKind  kind)
{
  GListModel *timeline = incident_case_get_timeline (kase);
  guint episode = 1;

  self->kase = kase;
  self->kind = kind;
  self->events = g_ptr_array_new_with_free_func (g_object_unref);
  self->episodes = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < g_list_model_get_n_items (timeline); i++)
    {
      IncidentEvent *event = g_list_model_get_item (timeline, i);
      g_autofree char *fact = incident_event_dup_fact (event, "episode");

      if (fact != NULL)
        episode = (guint) g_ascii_strtoull (fact, NULL, 10);
      g_ptr_array_add (self->events, event);
      g_array_append_val (self->episodes, episode);
    }
}

void
incident_report_fold_clear (IncidentReportFold *self)
{
  g_ptr_array_unref (self->events);
  g_array_unref (self->episodes);
}

guint
incident_report_fold_get_episode (IncidentReportFold *self,
                                  guint               position)
{
  return g_array_index (self->episodes, guint, position);
}

IncidentEvent *
incident_report_fold_get_event (IncidentReportFold *self,
                                guint               position)
{
  return g_ptr_array_index (self->events, position);
}

gboolean
incident_report_event_is (IncidentEvent *event,
                          const char    *kind)
{
  return g_str_equal (incident_event_get_kind (event), kind);
}

static gboolean
matches (IncidentReportFold *self,
         guint               position,
         const char         *kind,
         guint               episode)
{
  return (episode == 0 || incident_report_fold_get_episode (self, position) == episode)
    && incident_report_event_is (incident_report_fold_get_event (self, position), kind);
}

IncidentEvent *
incident_report_fold_find_first (IncidentReportFold *self,
                                 const char         *kind,
                                 guint               episode)
{
  for (guint i = 0; i < self->events->len; i++)
    if (matches (self, i, kind, episode))
      return incident_report_fold_get_event (self, i);

  return NULL;
}

IncidentEvent *
incident_report_fold_find_last (IncidentReportFold *self,
                                const char         *kind,
                                guint               episode)
{
  for (guint i = self->events->len; i-- > 0;)
    if (matches (self, i, kind, episode))
      return incident_report_fold_get_event (self, i);

  return NULL;
}

IncidentEvent *
incident_report_fold_find_holding (IncidentReportFold *self,
                                   const char         *kind,
                                   guint               episode)
{
  static const char * const work[] = { "diagnosed", "escalated", "examined" };

  for (guint i = self->events->len; i-- > 0;)
    {
      if (matches (self, i, kind, episode))
        return incident_report_fold_get_event (self, i);
      for (guint k = 0; k < G_N_ELEMENTS (work); k++)
        if (matches (self, i, work[k], episode))
          return NULL;
    }

  return NULL;
}

guint
incident_report_fold_count (IncidentReportFold *self,
                            const char         *kind)
{
  guint n = 0;

  for (guint i = 0; i < self->events->len; i++)
    n += matches (self, i, kind, 0) ? 1 : 0;

  return n;
}

IncidentEvent *
incident_report_fold_find_alert (IncidentReportFold *self,
                                 guint               episode,
                                 gint64             *started_at)
{
  IncidentEvent *first = NULL;

  *started_at = INCIDENT_TIME_NONE;
  for (guint i = 0; i < self->events->len; i++)
    if (matches (self, i, "alert-fired", episode))
      {
        IncidentEvent *event = incident_report_fold_get_event (self, i);
        gint64 started = incident_report_event_get_when (event, "starts_at");

        if (started == INCIDENT_TIME_NONE)
          started = incident_event_get_occurred_at (event);
        if (first == NULL || started < *started_at)
          {
            first = event;
            *started_at = started;
          }
      }

  return first;
}

IncidentSeverity
incident_report_fold_get_peak (IncidentReportFold *self)
{
  IncidentSeverity peak = INCIDENT_SEVERITY_UNKNOWN;

  /* The smaller the number, the worse. */
  for (guint i = 0; i < self->events->len; i++)
    {
      IncidentSeverity severity = incident_report_event_get_severity (incident_report_fold_get_event (self, i));

      if (severity != INCIDENT_SEVERITY_UNKNOWN && (peak == INCIDENT_SEVERITY_UNKNOWN || severity < peak))
        peak = severity;
    }

  return peak;
}

gboolean
incident_report_event_is_late (IncidentEvent *event)
{
  return incident_event_get_recorded_at (event) - incident_event_get_occurred_at (event) > 60 * G_USEC_PER_SEC;
}

IncidentSeverity
incident_report_event_get_severity (IncidentEvent *event)
{
  g_autofree char *fact = incident_event_dup_fact (event, "severity");
  IncidentSeverity severity = INCIDENT_SEVERITY_UNKNOWN;

  /* A name from a newer minor version is not known here, and says nothing. */
  if (fact != NULL)
    incident_severity_from_string (fact, &severity, NULL);
  return severity;
}

char *
incident_report_event_dup_string (IncidentEvent *event,
                                  const char    *member)
{
  g_autoptr(JsonNode) data = incident_event_dup_data (event);
  JsonNode *node = json_object_get_member (json_node_get_object (data), member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_dup_string (node);
}

gint64
incident_report_event_get_when (IncidentEvent *event,
                                const char    *member)
{
  g_autofree char *string = incident_report_event_dup_string (event, member);
  gint64 time;

  if (string == NULL || !incident_time_from_string (string, &time, NULL))
    return INCIDENT_TIME_NONE;

  return time;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char * const *) a, *(const char * const *) b);
}

static char *
format_labels (JsonObject *labels)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GString *line = g_string_new (NULL);
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init (&iter, labels);
  while (json_object_iter_next (&iter, &member, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
        && !g_str_equal (member, "alertname") && !g_str_equal (member, "severity"))
      g_ptr_array_add (names, g_strconcat (member, "=", json_node_get_string (node), NULL));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (line, "%s%s", i > 0 ? ", " : "", (char *) g_ptr_array_index (names, i));
  return g_string_free (line, FALSE);
}

char *
incident_report_event_dup_labels (IncidentEvent *event)
{
  g_autoptr(JsonNode) data = incident_event_dup_data (event);
  JsonNode *node = json_object_get_member (json_node_get_object (data), "labels");
  g_autofree char *line = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  line = format_labels (json_node_get_object (node));
  return *line != '\0' ? g_steal_pointer (&line) : NULL;
}

void
incident_report_block_add_reference (IncidentReportBlock *self,
                                     IncidentEvent       *event)
{
  g_autofree char *reference = g_strdup_printf ("#%u", incident_event_get_seq (event));

  incident_report_block_add_text (self, reference);
}
