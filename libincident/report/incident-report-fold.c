/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

#include <string.h>

#include "model/incident-case-private.h"

static const char * const kind_nicks[INCIDENT_REPORT_N_EVENTS] = {
  [INCIDENT_REPORT_EVENT_OTHER] = "",
  [INCIDENT_REPORT_EVENT_NOTED] = "noted",
  [INCIDENT_REPORT_EVENT_ASSIGNED] = "assigned",
  [INCIDENT_REPORT_EVENT_OPENED] = "opened",
  [INCIDENT_REPORT_EVENT_DIAGNOSED] = "diagnosed",
  [INCIDENT_REPORT_EVENT_ESCALATED] = "escalated",
  [INCIDENT_REPORT_EVENT_EXAMINED] = "examined",
  [INCIDENT_REPORT_EVENT_RESOLVED] = "resolved",
  [INCIDENT_REPORT_EVENT_RECOVERED] = "recovered",
  [INCIDENT_REPORT_EVENT_CLOSED] = "closed",
  [INCIDENT_REPORT_EVENT_CANCELLED] = "cancelled",
  [INCIDENT_REPORT_EVENT_REOPENED] = "reopened",
  [INCIDENT_REPORT_EVENT_ALERT_FIRED] = "alert-fired",
  [INCIDENT_REPORT_EVENT_ALERT_RESOLVED] = "alert-resolved",
  [INCIDENT_REPORT_EVENT_SAID] = "said",
  [INCIDENT_REPORT_EVENT_SAID_EDITED] = "said-edited",
  [INCIDENT_REPORT_EVENT_SAID_DELETED] = "said-deleted",
  [INCIDENT_REPORT_EVENT_PINNED] = "pinned",
};

IncidentReportEventKind
incident_report_event_get_kind (const IncidentRecord *event)
{
  for (guint i = INCIDENT_REPORT_EVENT_OTHER + 1; i < INCIDENT_REPORT_N_EVENTS; i++)
    if (kind_nicks[i][0] == event->kind[0] && strcmp (kind_nicks[i], event->kind) == 0)
      return (IncidentReportEventKind) i;

  return INCIDENT_REPORT_EVENT_OTHER;
}

gboolean
incident_report_event_is_talk (IncidentReportEventKind kind)
{
  return kind == INCIDENT_REPORT_EVENT_SAID || kind == INCIDENT_REPORT_EVENT_SAID_EDITED
         || kind == INCIDENT_REPORT_EVENT_SAID_DELETED;
}

static IncidentSeverity
read_severity (const char *nick)
{
  IncidentSeverity severity = INCIDENT_SEVERITY_UNKNOWN;

  /* A name from a newer minor version is not known here, and says nothing. */
  incident_severity_from_string (nick, &severity, NULL);
  return severity;
}

static void
read_facts (const char          *facts,
            GStringChunk        *strings,
            IncidentReportEntry *entry)
{
  static const char * const names[] = { "phase", "state", "severity", "episode" };
  const char *found[G_N_ELEMENTS (names)] = { NULL, };
  const char *name, *value;
  gsize name_length, length;

  while (incident_facts_next (&facts, &name, &name_length, &value, &length))
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      if (found[i] == NULL && strncmp (name, names[i], name_length) == 0 && names[i][name_length] == '\0')
        found[i] = g_string_chunk_insert_len (strings, value, (gssize) length);

  entry->phase = found[0];
  entry->state = found[1];
  if (found[2] != NULL)
    entry->severity = read_severity (found[2]);
  if (found[3] != NULL)
    entry->episode = (guint) g_ascii_strtoull (found[3], NULL, 10);
}

static void
read_event (IncidentReportFold *self,
            guint               position,
            guint               episode,
            GString            *line)
{
  const IncidentRecord *record = self->records[position];
  IncidentReportEntry *entry = incident_report_fold_get_entry (self, position);

  entry->seq = record->seq;
  entry->episode = episode;
  entry->occurred_at = record->occurred_at;
  entry->recorded_at = record->recorded_at;
  entry->actor = g_string_chunk_insert (self->strings, record->actor);
  self->kinds[position] = incident_report_event_get_kind (record);
  entry->kind = self->kinds[position] != INCIDENT_REPORT_EVENT_OTHER ? kind_nicks[self->kinds[position]]
                                                                     : g_string_chunk_insert (self->strings, record->kind);
  self->counts[self->kinds[position]]++;
  if (*record->facts != '\0')
    {
      read_facts (record->facts, self->strings, entry);
      g_array_append_val (self->stating, position);
    }
  if (self->kinds[position] == INCIDENT_REPORT_EVENT_PINNED)
    incident_report_write_pinned (incident_case_peek_timeline (self->kase), record, line);
  else
    incident_record_write_summary (record, line);
  entry->what = g_string_chunk_insert_len (self->strings, line->str, (gssize) line->len);
}

void
incident_report_fold_init (IncidentReportFold *self,
                           IncidentCase       *kase,
                           IncidentReportKind  kind,
                           GStringChunk       *strings)
{
  IncidentTimeline *timeline = INCIDENT_TIMELINE (incident_case_get_timeline (kase));
  g_autoptr(GString) line = g_string_sized_new (256);
  guint episode = 1;

  *self = (IncidentReportFold) { kase, kind, strings, .ordered = TRUE };
  self->n_events = g_list_model_get_n_items (G_LIST_MODEL (timeline));
  self->records = g_new (IncidentRecord *, self->n_events);
  self->kinds = g_new (guint8, self->n_events);
  self->entries = g_array_sized_new (FALSE, TRUE, sizeof (IncidentReportEntry), self->n_events);
  g_array_set_size (self->entries, self->n_events);
  self->stating = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->n_events; i++)
    {
      self->records[i] = incident_timeline_get_record (timeline, i);
      read_event (self, i, episode, line);
      episode = incident_report_fold_get_entry (self, i)->episode;
      if (i > 0 && self->records[i]->occurred_at < self->records[i - 1]->occurred_at)
        self->ordered = FALSE;
    }
}

void
incident_report_fold_clear (IncidentReportFold *self)
{
  g_free (self->records);
  g_free (self->kinds);
  g_array_unref (self->entries);
  g_array_unref (self->stating);
}

IncidentReportEntry *
incident_report_fold_get_entry (IncidentReportFold *self,
                                guint               position)
{
  return &g_array_index (self->entries, IncidentReportEntry, position);
}

static gboolean
is_in (IncidentReportFold *self,
       guint               position,
       guint               episode)
{
  return episode == 0 || incident_report_fold_get_entry (self, position)->episode == episode;
}

static gboolean
matches (IncidentReportFold      *self,
         guint                    position,
         IncidentReportEventKind  kind,
         guint                    episode)
{
  return self->kinds[position] == kind && is_in (self, position, episode);
}

const IncidentRecord *
incident_report_fold_find_first (IncidentReportFold      *self,
                                 IncidentReportEventKind  kind,
                                 guint                    episode)
{
  if (self->counts[kind] == 0)
    return NULL;

  for (guint i = 0; i < self->n_events; i++)
    if (matches (self, i, kind, episode))
      return self->records[i];

  return NULL;
}

const IncidentRecord *
incident_report_fold_find_last (IncidentReportFold      *self,
                                IncidentReportEventKind  kind,
                                guint                    episode)
{
  if (self->counts[kind] == 0)
    return NULL;

  for (guint i = self->n_events; i-- > 0;)
    if (matches (self, i, kind, episode))
      return self->records[i];

  return NULL;
}

static gboolean
is_work (guint8 kind)
{
  return kind == INCIDENT_REPORT_EVENT_DIAGNOSED || kind == INCIDENT_REPORT_EVENT_ESCALATED
         || kind == INCIDENT_REPORT_EVENT_EXAMINED;
}

const IncidentRecord *
incident_report_fold_find_holding (IncidentReportFold      *self,
                                   IncidentReportEventKind  kind,
                                   guint                    episode)
{
  if (self->counts[kind] == 0)
    return NULL;

  for (guint i = self->n_events; i-- > 0;)
    {
      if (matches (self, i, kind, episode))
        return self->records[i];
      if (is_work (self->kinds[i]) && is_in (self, i, episode))
        return NULL;
    }

  return NULL;
}

const IncidentRecord *
incident_report_fold_find_alert (IncidentReportFold *self,
                                 guint               episode,
                                 gint64             *started_at)
{
  const IncidentRecord *first = NULL;

  *started_at = INCIDENT_TIME_NONE;
  if (self->counts[INCIDENT_REPORT_EVENT_ALERT_FIRED] == 0)
    return NULL;

  for (guint i = 0; i < self->n_events; i++)
    if (matches (self, i, INCIDENT_REPORT_EVENT_ALERT_FIRED, episode))
      {
        gint64 started = incident_report_event_get_when (self->records[i], "starts_at");

        if (started == INCIDENT_TIME_NONE)
          started = self->records[i]->occurred_at;
        if (first == NULL || started < *started_at)
          {
            first = self->records[i];
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
  for (guint i = 0; i < self->stating->len; i++)
    {
      guint position = g_array_index (self->stating, guint, i);
      IncidentSeverity severity = incident_report_fold_get_entry (self, position)->severity;

      if (severity != INCIDENT_SEVERITY_UNKNOWN && (peak == INCIDENT_SEVERITY_UNKNOWN || severity < peak))
        peak = severity;
    }

  return peak;
}

gboolean
incident_report_event_is_late (const IncidentRecord *event)
{
  return event->recorded_at - event->occurred_at > 60 * G_USEC_PER_SEC;
}

IncidentSeverity
incident_report_event_get_severity (const IncidentRecord *event)
{
  g_autofree char *fact = incident_facts_dup (event->facts, "severity");

  return fact != NULL ? read_severity (fact) : INCIDENT_SEVERITY_UNKNOWN;
}

char *
incident_report_event_dup_text (const IncidentRecord *event)
{
  return incident_record_dup_string (event, "text");
}

gint64
incident_report_event_get_when (const IncidentRecord *event,
                                const char           *member)
{
  g_autofree char *string = incident_record_dup_string (event, member);
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
read_labels (IncidentJsonReader *reader)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    if (incident_json_reader_peek (reader) != INCIDENT_JSON_STRING
        || g_str_equal (name, "alertname") || g_str_equal (name, "severity"))
      incident_json_reader_skip (reader);
    else
      g_ptr_array_add (labels, g_strconcat (name, "=", incident_json_reader_read_string (reader), NULL));
  g_ptr_array_sort (labels, compare_names);

  return labels->len > 0 ? g_strjoinv (", ", (char **) labels->pdata) : NULL;
}

char *
incident_report_event_dup_labels (const IncidentRecord *event)
{
  g_autoptr(IncidentJsonReader) reader = NULL;
  const char *name;

  if (event->payload == NULL)
    return NULL;

  reader = incident_json_reader_new (event->payload, strlen (event->payload), NULL, &incident_record_limits);
  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    {
      if (g_str_equal (name, "labels") && incident_json_reader_peek (reader) == INCIDENT_JSON_OBJECT)
        return read_labels (reader);
      incident_json_reader_skip (reader);
    }

  return NULL;
}

void
incident_report_block_add_reference (IncidentReportBlock  *self,
                                     const IncidentRecord *event)
{
  char reference[16];

  g_snprintf (reference, sizeof reference, "#%u", event->seq);
  incident_report_block_add_text (self, reference);
}
