/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-receipt.h>

#include <stdio.h>
#include <string.h>

#include "base/incident-bytes-private.h"
#include "base/incident-error-private.h"
#include "base/incident-hash-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "intake/incident-formats-private.h"
#include "intake/incident-receipt-private.h"
#include "model/incident-record-private.h"

#define MOST_REFUSED 1000

/* Alerts of 450 bytes: eighteen thousand. */
const IncidentJsonLimits incident_intake_limits = {
  .size = 8 * 1024 * 1024,
  .depth = INCIDENT_JSON_MAX_DEPTH,
  .values = 500000,
  .members = 1024,
  .string = 256 * 1024,
  .number = 400,
};

/* The first that recognises a body reads it, so the more particular stand first. */
const IncidentFormat * const incident_formats[] = {
  &incident_format_alertmanager,
  &incident_format_alertmanager_api,
  &incident_format_grafana,
  &incident_format_grafana_legacy,
  &incident_format_pagerduty,
  &incident_format_opsgenie,
  &incident_format_icinga,
  &incident_format_checkmk,
  &incident_format_nagios,
  &incident_format_zabbix,
  &incident_format_cloudwatch,
  &incident_format_datadog,
  &incident_format_sentry,
  &incident_format_cloudevents,
  &incident_format_json,
  NULL,
};

static char *
list_names (void)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; incident_formats[i] != NULL; i++)
    g_string_append_printf (names, "%s“%s”", i == 0 ? "" : incident_formats[i + 1] == NULL ? " and " : ", ",
                            incident_formats[i]->name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

const IncidentFormat *
incident_format_find (const char  *name,
                      GError     **error)
{
  g_autofree char *names = NULL;

  for (guint i = 0; incident_formats[i] != NULL; i++)
    if (g_str_equal (incident_formats[i]->name, name))
      return incident_formats[i];

  names = list_names ();
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "format", "There is no format “%s”: there are %s", name, names);
  return NULL;
}

/* JSON that is broken is told as such: what it should have been is of no use then. */
static gboolean
looks_like_json (const char *bytes,
                 gsize       length)
{
  gsize i = 0;

  while (i < length && g_ascii_isspace (bytes[i]))
    i++;
  return i < length && (bytes[i] == '{' || bytes[i] == '[');
}

static const IncidentFormat *
recognise_at (const char  *bytes,
              gsize        length,
              const char  *place,
              GError     **error)
{
  g_autoptr(GError) broken = NULL;
  g_autoptr(IncidentTree) tree = incident_tree_new_sketch (bytes, length, place, &incident_intake_limits, &broken);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  g_autofree char *names = NULL;

  if (length > incident_json_default_limits.size)
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "", "The message is too large: it has %" G_GSIZE_FORMAT
                             " bytes and can have %" G_GSIZE_FORMAT, length, incident_json_default_limits.size);
      return NULL;
    }

  for (guint i = 0; incident_formats[i] != NULL; i++)
    if (incident_formats[i]->recognise != NULL && incident_formats[i]->recognise (root, bytes, length))
      return incident_formats[i];

  if (broken != NULL && looks_like_json (bytes, length))
    {
      g_propagate_error (error, g_steal_pointer (&broken));
      return NULL;
    }
  names = list_names ();
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "",
                         "The message looks like none of the formats that are known: name its format, one of %s", names);
  return NULL;
}

const IncidentFormat *
incident_format_recognise (const char  *bytes,
                           gsize        length,
                           GError     **error)
{
  return recognise_at (bytes, length, NULL, error);
}

static IncidentIntakeMessage *
message_new (const IncidentFormat *format,
             GBytes               *body,
             const char           *place,
             const char           *sender,
             const IncidentSource *source,
             gint64                received_at)
{
  IncidentIntakeMessage *self = g_new0 (IncidentIntakeMessage, 1);

  self->format = format;
  self->raw = g_bytes_ref (body);
  self->bytes = g_bytes_get_data (body, &self->length);
  if (self->bytes == NULL)
    self->bytes = "";
  self->place = place;
  self->sender = g_intern_string (sender);
  self->source = source;
  self->received_at = received_at;
  self->alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_alert_unref);
  self->refused = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_receipt_unref);
  self->strings = g_string_chunk_new (4096);
  return self;
}

IncidentIntakeMessage *
incident_intake_message_read (GBytes                *body,
                              const char            *format,
                              const char            *place,
                              const char            *sender,
                              const IncidentSource  *source,
                              gint64                 received_at,
                              GError               **error)
{
  g_autoptr(IncidentIntakeMessage) self = NULL;
  const IncidentFormat *found;
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);

  if (format == NULL && source != NULL)
    format = source->format;
  found = format != NULL ? incident_format_find (format, error)
                         : recognise_at (bytes != NULL ? bytes : "", length, place, error);
  if (found == NULL)
    return NULL;

  self = message_new (found, body, place, sender, source, received_at);
  if (!found->read (self, error))
    return NULL;

  if (self->n_unlisted > 0)
    incident_intake_message_note (self, "%u more alerts are refused", self->n_unlisted);
  /* What was read is the caller's; what is left, without credentials, is ours. */
  self->bytes = g_bytes_get_data (self->raw, NULL);
  if (self->bytes == NULL)
    self->bytes = "";
  return g_steal_pointer (&self);
}

IncidentAlert *
incident_intake_read_slice (const char            *format,
                            const char            *slice,
                            gsize                  length,
                            const char            *sender,
                            const IncidentSource  *source,
                            gint64                 received_at)
{
  const IncidentFormat *found = incident_format_find (format, NULL);
  g_autoptr(GBytes) body = g_bytes_new_static (slice, length);
  g_autoptr(IncidentIntakeMessage) self = NULL;

  if (found == NULL)
    return NULL;

  self = message_new (found, body, NULL, sender, source, received_at);
  if (!(found->read_item != NULL ? found->read_item : found->read) (self, NULL) || self->alerts->len == 0)
    return NULL;

  return incident_alert_ref (g_ptr_array_index (self->alerts, 0));
}

void
incident_intake_message_free (IncidentIntakeMessage *self)
{
  g_bytes_unref (self->raw);
  g_ptr_array_unref (self->alerts);
  g_ptr_array_unref (self->refused);
  g_clear_pointer (&self->group_labels, g_array_unref);
  g_free (self->title);
  g_free (self->made_key);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_string_chunk_free (self->strings);
  g_free (self);
}

/* For formats */

/* Most keys are short and ASCII. */
static gboolean
is_good_key (const char *key)
{
  gsize length = 0;

  while (key[length] >= 0x20 && key[length] < 0x7f)
    length++;
  return key[length] == '\0' ? length > 0 && length <= INCIDENT_MAX_ALERT_KEY
                             : strlen (key) <= INCIDENT_MAX_ALERT_KEY && incident_fact_is_value (key);
}

const char *
incident_intake_message_shorten (IncidentIntakeMessage *self,
                                 const char            *key)
{
  g_autofree char *hash = NULL;

  if (is_good_key (key))
    return key;

  hash = incident_hash_to_version (key);
  return incident_intake_message_keep (self, hash);
}

void
incident_intake_message_take (IncidentIntakeMessage *self,
                              IncidentAlertDraft    *draft)
{
  const char *key = draft->key;

  draft->key = incident_intake_message_shorten (self, key);
  if (draft->episode != NULL)
    draft->episode = incident_intake_message_shorten (self, draft->episode);
  if (draft->name == NULL || incident_text_is_blank (draft->name))
    draft->name = key;
  if (draft->summary != NULL && incident_text_is_blank (draft->summary))
    draft->summary = NULL;
  if (draft->severity != NULL && *draft->severity == '\0')
    draft->severity = NULL;
  if (draft->link != NULL && *draft->link == '\0')
    draft->link = NULL;
  g_ptr_array_add (self->alerts, incident_alert_new (draft, self->sender, self->received_at));
}

/* What a sender can make of a small body must not be large. */
void
incident_intake_message_refuse (IncidentIntakeMessage *self,
                                GError                *error)
{
  if (self->refused->len < MOST_REFUSED)
    {
      g_ptr_array_add (self->refused, incident_receipt_new_refused (error));
      return;
    }

  self->n_unlisted++;
  g_error_free (error);
}

void
incident_intake_message_note (IncidentIntakeMessage *self,
                              const char            *format,
                              ...)
{
  va_list args;

  if (self->notes == NULL)
    self->notes = g_ptr_array_new_with_free_func (g_free);
  va_start (args, format);
  g_ptr_array_add (self->notes, g_strdup_vprintf (format, args));
  va_end (args);
}

void
incident_intake_message_blank_bytes (IncidentIntakeMessage *self,
                                     gsize                  start,
                                     gsize                  end)
{
  gsize length;
  char *bytes = g_bytes_unref_to_data (self->raw, &length);

  for (gsize i = start; i < end && i < length; i++)
    bytes[i] = 'x';
  self->raw = g_bytes_new_take (bytes, length);
}

void
incident_intake_message_blank_string (IncidentIntakeMessage *self,
                                      gsize                  offset)
{
  gsize end = offset + 1;

  g_return_if_fail (offset < self->length && self->bytes[offset] == '"');

  while (end < self->length && self->bytes[end] != '"')
    end += self->bytes[end] == '\\' ? 2 : 1;
  incident_intake_message_blank_bytes (self, offset + 1, end);
}

/* @value is of a tree of the whole body; its strings are copies, and stay as they are. */
void
incident_intake_message_blank (IncidentIntakeMessage *self,
                               IncidentNode          *value)
{
  g_return_if_fail (value->type == INCIDENT_JSON_STRING);

  incident_intake_message_blank_bytes (self, value->offset + 1, value->offset + value->length - 1);
}

const char *
incident_intake_message_keep (IncidentIntakeMessage *self,
                              const char            *string)
{
  return g_string_chunk_insert (self->strings, string);
}

/* Missing is not empty. */
static void
append_field (GString    *fields,
              const char *name,
              const char *value)
{
  g_string_append_printf (fields, "%s\xff", name);
  if (value != NULL)
    g_string_append_printf (fields, "%s\xff", value);
}

static const char *
hash_fields (IncidentIntakeMessage *self,
             GString               *fields)
{
  g_autofree char *hash = incident_hash_to_version (fields->str);

  return incident_intake_message_keep (self, hash);
}

const char *
incident_intake_message_make_key (IncidentIntakeMessage *self,
                                  const char            *name,
                                  ...)
{
  g_autoptr(GString) fields = g_string_new (NULL);
  va_list args;

  va_start (args, name);
  for (const char *field = name; field != NULL; field = va_arg (args, const char *))
    append_field (fields, field, va_arg (args, const char *));
  va_end (args);
  return hash_fields (self, fields);
}

const char *
incident_intake_message_make_key_of (IncidentIntakeMessage *self,
                                     GArray                *pairs)
{
  g_autoptr(GString) fields = g_string_new (NULL);

  for (guint i = 0; i < pairs->len; i++)
    append_field (fields, g_array_index (pairs, IncidentLabel, i).name, g_array_index (pairs, IncidentLabel, i).value);
  return hash_fields (self, fields);
}

#define FNV_OFFSET G_GUINT64_CONSTANT (0xcbf29ce484222325)
#define FNV_PRIME  G_GUINT64_CONSTANT (0x100000001b3)

static guint64
fnv (guint64     hash,
     const char *string)
{
  for (; *string != '\0'; string++)
    hash = (hash ^ (guchar) *string) * FNV_PRIME;
  return (hash ^ 0xff) * FNV_PRIME;
}

const char *
incident_intake_message_fingerprint (IncidentIntakeMessage *self,
                                     GArray                *labels)
{
  static const char digits[] = "0123456789abcdef";
  guint64 hash = FNV_OFFSET;
  char text[17];

  incident_alert_sort_labels (labels);
  for (guint i = 0; i < labels->len; i++)
    hash = fnv (fnv (hash, g_array_index (labels, IncidentLabel, i).name), g_array_index (labels, IncidentLabel, i).value);
  for (int i = 15; i >= 0; i--, hash >>= 4)
    text[i] = digits[hash & 0xf];
  text[16] = '\0';
  return incident_intake_message_keep (self, text);
}

/* Starts and ends apart: each is like the one of the alert before. */
gboolean
incident_intake_message_read_time (IncidentIntakeMessage *self,
                                   const char            *text,
                                   gint64                *time,
                                   const char           **exact,
                                   GError               **error)
{
  IncidentIntakeTime *last = &self->times[exact != NULL ? 0 : 1];
  char buffer[INCIDENT_TIME_EXACT_LENGTH];

  if (*text == '\0' || !incident_name_is (text, last->text))
    {
      if (!incident_time_read_exact (text, &last->time, buffer, error))
        return FALSE;
      if (g_strlcpy (last->text, text, sizeof last->text) >= sizeof last->text)
        *last->text = '\0';
      last->exact = exact != NULL ? incident_intake_message_keep (self, buffer) : NULL;
    }

  *time = last->time;
  if (exact != NULL)
    *exact = last->exact;
  return TRUE;
}

gboolean
incident_intake_message_read_local_time (IncidentIntakeMessage *self,
                                         const char            *date,
                                         const char            *time,
                                         gint64                *at,
                                         GError               **error)
{
  GTimeZone *zone = self->source != NULL ? self->source->zone : NULL;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) moment = NULL;
  int year, month, day, hour, minute, second, end = 0, end_of_time = 0;

  if (sscanf (date, "%4d%*1[.-]%2d%*1[.-]%2d%n", &year, &month, &day, &end) == 3 && date[end] == '\0'
      && sscanf (time, "%2d:%2d:%2d%n", &hour, &minute, &second, &end_of_time) == 3 && time[end_of_time] == '\0')
    moment = g_date_time_new (zone != NULL ? zone : utc, year, month, day, hour, minute, second);
  if (moment == NULL)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID,
                   "“%s %s” is no time: it must be like “2026.11.23 07:00:00”", date, time);
      return FALSE;
    }

  *at = g_date_time_to_unix (moment) * G_USEC_PER_SEC;
  return TRUE;
}

/* 1e11 seconds are in the year 5138; 1e11 ms in 1973. */
gboolean
incident_intake_message_read_unix_time (const char *text,
                                        gint64     *time)
{
  char *end;
  double number = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !(number >= 0 && number < 1e20))
    return FALSE;

  *time = (gint64) (number < 1e11 ? number * 1e6 : number < 1e14 ? number * 1e3 : number < 1e17 ? number : number / 1e3);
  return TRUE;
}
