/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-mapping-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-receipt.h>

#include <string.h>

#include "base/incident-enum-private.h"
#include "base/incident-error-private.h"
#include "base/incident-time-private.h"
#include "intake/incident-format-node-private.h"

typedef struct
{
  const IncidentMapping *mapping;
  IncidentIntakeMessage *message;
  IncidentNode          *item;
  IncidentAlertDraft    *draft;
} Reading;

/* A @pointer that is NULL is not mapped. */
static gboolean
read_text (Reading     *reading,
           const char  *pointer,
           const char **text,
           GError     **error)
{
  *text = NULL;
  if (pointer == NULL)
    return TRUE;
  if (!incident_pointer_is_valid (pointer))
    return incident_node_fail (reading->item, error,
                               "is read by “%s”, which is no JSON pointer: it must be like “/data/id”", pointer);

  return incident_format_read_text (reading->message, incident_node_resolve (reading->item, pointer), text, error);
}

/* Never a random key: two alerts that are one would page twice, and none would ever end. */
static gboolean
read_key_field (Reading       *reading,
                IncidentLabel *field,
                GError       **error)
{
  IncidentNode *node;

  if (!read_text (reading, field->name, &field->value, error))
    return FALSE;
  if (field->value == NULL)
    return incident_node_fail (reading->item, error, "must have “%s”, which its key is made of", field->name);

  node = incident_node_resolve (reading->item, field->name);
  if (*field->value == '\0')
    return incident_node_fail (node, error, "must not be empty: the key is made of it");
  if (incident_format_is_template (field->value))
    return incident_node_fail (node, error, "is a template that the sender did not fill in: the key is made of it");
  return TRUE;
}

static gboolean
read_key (Reading  *reading,
          GError  **error)
{
  GPtrArray *pointers = reading->mapping->key;
  g_autoptr(GArray) fields = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));

  for (guint i = 0; i < pointers->len; i++)
    {
      IncidentLabel field = { g_ptr_array_index (pointers, i), NULL };

      if (!read_key_field (reading, &field, error))
        return FALSE;
      g_array_append_val (fields, field);
    }

  /* One field can be read by people. */
  reading->draft->key = fields->len == 1 ? g_array_index (fields, IncidentLabel, 0).value
                                         : incident_intake_message_make_key_of (reading->message, fields);
  return TRUE;
}

static char *
list_words (GArray *words)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; words != NULL && i < words->len; i++)
    if (*g_array_index (words, IncidentWord, i).word != '\0')
      g_string_append_printf (list, "%s“%s”", list->len > 0 ? ", " : "", g_array_index (words, IncidentWord, i).word);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static const char *
find_word (GArray     *words,
           const char *word)
{
  for (guint i = 0; words != NULL && i < words->len; i++)
    if (g_str_equal (g_array_index (words, IncidentWord, i).word, word))
      return g_array_index (words, IncidentWord, i).means;

  return NULL;
}

static gboolean
fail_status (Reading     *reading,
             const char  *word,
             GError     **error)
{
  const IncidentMapping *mapping = reading->mapping;
  g_autofree char *words = list_words (mapping->statuses);

  if (mapping->status == NULL)
    return incident_node_fail (reading->item, error, "has a mapping that does not say where its status stands");
  if (word == NULL)
    return incident_node_fail (reading->item, error, "must have “%s”, which tells its status", mapping->status);

  return incident_node_fail (incident_node_resolve (reading->item, mapping->status), error, "must be one of %s", words);
}

/* A word that nobody knows is never taken for an alarm, nor for its end. */
static gboolean
read_status (Reading  *reading,
             GError  **error)
{
  const IncidentMapping *mapping = reading->mapping;
  const char *word, *means = mapping->always;
  int status;

  if (!read_text (reading, mapping->status, &word, error))
    return FALSE;
  if (mapping->status != NULL)
    means = find_word (mapping->statuses, word != NULL ? word : "");
  if (means == NULL)
    return fail_status (reading, word, error);
  if (!incident_enum_from_nick (INCIDENT_TYPE_ALERT_STATUS, "status", means, &status, error))
    return FALSE;

  reading->draft->status = (IncidentAlertStatus) status;
  return TRUE;
}

static gboolean
read_local_time (Reading    *reading,
                 const char *text,
                 gint64     *time)
{
  const IncidentSource *source = reading->message->source;
  const char *middle = strpbrk (text, " T");
  g_autofree char *date = NULL;

  if (source == NULL || source->zone == NULL || middle == NULL)
    return FALSE;

  date = g_strndup (text, (gsize) (middle - text));
  return incident_intake_message_read_local_time (reading->message, date, middle + 1, time, NULL);
}

/* @exact is the text of an episode. */
static gboolean
parse_time (Reading     *reading,
            const char  *text,
            gint64      *time,
            const char **exact,
            GError     **error)
{
  char buffer[INCIDENT_TIME_LENGTH];
  gsize digits = strspn (text, "0123456789");
  gboolean is_number = digits > 0 && text[digits + strspn (text + digits, ".0123456789")] == '\0';

  if (!(is_number && incident_intake_message_read_unix_time (text, time)) && !read_local_time (reading, text, time))
    return incident_intake_message_read_time (reading->message, text, time, exact, error);

  incident_time_write (*time, buffer);
  *exact = incident_intake_message_keep (reading->message, buffer);
  return TRUE;
}

static gboolean
read_time (Reading     *reading,
           const char  *pointer,
           gint64      *time,
           const char **exact,
           GError     **error)
{
  g_autoptr(GError) wrong = NULL;
  const char *text;

  if (!read_text (reading, pointer, &text, error))
    return FALSE;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (!parse_time (reading, text, time, exact, &wrong))
    return incident_node_fail (incident_node_resolve (reading->item, pointer), error, "%s", wrong->message);

  /* How Go writes that there is none. */
  if (*time == INCIDENT_TIME_MIN)
    {
      *time = INCIDENT_TIME_NONE;
      *exact = NULL;
    }
  return TRUE;
}

static gboolean
read_times (Reading  *reading,
            GError  **error)
{
  IncidentAlertDraft *draft = reading->draft;
  const char *start = NULL, *end = NULL;

  if (!read_text (reading, reading->mapping->episode, &draft->episode, error)
      || !read_time (reading, reading->mapping->starts_at, &draft->starts_at, &start, error)
      || !read_time (reading, reading->mapping->ends_at, &draft->ends_at, &end, error))
    return FALSE;

  if (draft->episode == NULL || *draft->episode == '\0')
    draft->episode = start;
  /* What fires has not ended. */
  if (draft->status != INCIDENT_ALERT_STATUS_RESOLVED && draft->status != INCIDENT_ALERT_STATUS_INFO)
    draft->ends_at = INCIDENT_TIME_NONE;
  if (draft->starts_at != INCIDENT_TIME_NONE && draft->ends_at != INCIDENT_TIME_NONE
      && draft->starts_at > draft->ends_at)
    return incident_node_fail (reading->item, error, "must not end before it starts");
  return TRUE;
}

static gboolean
read_labels (Reading     *reading,
             const char  *pointer,
             GArray      *labels,
             GError     **error)
{
  if (pointer == NULL)
    return TRUE;

  return incident_format_read_labels (reading->message, incident_node_resolve (reading->item, pointer), labels, error);
}

static gboolean
read_more_labels (Reading  *reading,
                  GError  **error)
{
  GArray *more = reading->mapping->more_labels;

  for (guint i = 0; more != NULL && i < more->len; i++)
    {
      const IncidentWord *label = &g_array_index (more, IncidentWord, i);
      const char *value;

      if (!read_text (reading, label->means, &value, error))
        return FALSE;
      if (value != NULL)
        incident_format_set_label (reading->draft->labels, label->word, value);
    }
  return TRUE;
}

gboolean
incident_mapping_read (const IncidentMapping  *self,
                       IncidentIntakeMessage  *message,
                       IncidentNode           *item,
                       IncidentAlertDraft     *draft,
                       GError                **error)
{
  Reading reading = { self, message, item, draft };
  const char *name;

  if (!read_key (&reading, error)
      || !read_status (&reading, error)
      || !read_times (&reading, error)
      || !read_text (&reading, self->severity, &draft->severity, error)
      || !read_text (&reading, self->name, &name, error)
      || !read_text (&reading, self->summary, &draft->summary, error)
      || !read_text (&reading, self->link, &draft->link, error)
      || !read_labels (&reading, self->labels, draft->labels, error)
      || !read_labels (&reading, self->annotations, draft->annotations, error)
      || !read_more_labels (&reading, error))
    return FALSE;

  incident_format_set_name (draft, name);
  return TRUE;
}

static gboolean
check_refused (IncidentIntakeMessage  *message,
               GError                **error)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();
  const GError *first;

  if (message->refused->len == 0)
    return TRUE;

  for (guint i = 0; i < message->refused->len; i++)
    g_ptr_array_add (lines, incident_receipt_get_error (g_ptr_array_index (message->refused, i))->message);
  g_ptr_array_add (lines, NULL);
  first = incident_receipt_get_error (g_ptr_array_index (message->refused, 0));
  incident_set_error_problems (error, incident_error_get_where (first), (char **) lines->pdata);
  return FALSE;
}

gboolean
incident_mapping_check_sample (const IncidentMapping  *self,
                               const char             *format,
                               const char             *sample_json,
                               gsize                   length,
                               const char             *place,
                               GTimeZone              *zone,
                               GPtrArray             **alerts,
                               GError                **error)
{
  IncidentMapping mapping = *self;
  IncidentSource source = { .name = "sample", .zone = zone, .mapping = &mapping };
  g_autoptr(GBytes) body = g_bytes_new (sample_json, length);
  g_autoptr(IncidentIntakeMessage) message =
    incident_intake_message_read (body, format, place, "sample", &source, 0, error);

  if (message == NULL || !check_refused (message, error))
    return FALSE;
  if (message->alerts->len == 0)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, self->items != NULL ? self->items : "",
                             "The sample has no alert: nothing is tested by it");
      return FALSE;
    }

  if (alerts != NULL)
    *alerts = g_ptr_array_ref (message->alerts);
  return TRUE;
}

/* Presets live as long as the process. */
static IncidentMapping *
mapping_new (const char *key)
{
  IncidentMapping *self = g_new0 (IncidentMapping, 1);

  self->key = g_ptr_array_new ();
  g_ptr_array_add (self->key, (gpointer) key);
  self->statuses = g_array_new (FALSE, FALSE, sizeof (IncidentWord));
  return self;
}

static void
add_status (IncidentMapping *self,
            const char      *word,
            const char      *means)
{
  IncidentWord status = { word, means };

  g_array_append_val (self->statuses, status);
}

/* The formatted webhook of Grafana OnCall. */
const IncidentMapping *
incident_mapping_get_oncall (void)
{
  static IncidentMapping *oncall = NULL;

  if (g_once_init_enter (&oncall))
    {
      IncidentMapping *mapping = mapping_new ("/alert_uid");

      mapping->status = "/state";
      add_status (mapping, "alerting", "firing");
      add_status (mapping, "ok", "resolved");
      add_status (mapping, "", "firing");
      mapping->name = "/title";
      mapping->summary = "/message";
      mapping->link = "/link_to_upstream_details";
      g_once_init_leave (&oncall, mapping);
    }
  return oncall;
}

/* The generic API of GoAlert. */
const IncidentMapping *
incident_mapping_get_goalert (void)
{
  static IncidentMapping *goalert = NULL;

  if (g_once_init_enter (&goalert))
    {
      IncidentMapping *mapping = mapping_new ("/dedup");

      mapping->status = "/action";
      add_status (mapping, "close", "resolved");
      add_status (mapping, "", "firing");
      mapping->name = "/summary";
      mapping->summary = "/details";
      g_once_init_leave (&goalert, mapping);
    }
  return goalert;
}
