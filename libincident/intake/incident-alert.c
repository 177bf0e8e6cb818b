/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-alert-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-writer-private.h"

static void
label_free (IncidentLabel *label)
{
  g_free ((char *) label->name);
  g_free ((char *) label->value);
  g_free (label);
}

GPtrArray *
incident_old_labels_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) label_free);
}

void
incident_old_labels_add (GPtrArray  *labels,
                         const char *name,
                         const char *value)
{
  IncidentLabel *label = g_new (IncidentLabel, 1);

  label->name = g_strdup (name);
  label->value = g_strdup (value);
  g_ptr_array_add (labels, label);
}

static int
compare_labels (gconstpointer a,
                gconstpointer b)
{
  return strcmp ((*(const IncidentLabel **) a)->name, (*(const IncidentLabel **) b)->name);
}

void
incident_old_labels_sort (GPtrArray *labels)
{
  g_ptr_array_sort (labels, compare_labels);
}

const char *
incident_old_labels_get (GPtrArray  *labels,
                         const char *name)
{
  for (guint i = 0; i < labels->len; i++)
    {
      const IncidentLabel *label = g_ptr_array_index (labels, i);

      if (g_str_equal (label->name, name))
        return label->value;
    }

  return NULL;
}

IncidentAlert *
incident_alert_new (void)
{
  IncidentAlert *self = g_new0 (IncidentAlert, 1);

  self->starts_at = INCIDENT_TIME_NONE;
  self->ends_at = INCIDENT_TIME_NONE;
  self->labels = incident_old_labels_new ();
  self->annotations = incident_old_labels_new ();
  return self;
}

void
incident_alert_free (IncidentAlert *self)
{
  g_free (self->fingerprint);
  g_free (self->start);
  g_free (self->name);
  g_free (self->summary);
  g_free (self->link);
  g_ptr_array_unref (self->labels);
  g_ptr_array_unref (self->annotations);
  g_free (self);
}

char *
incident_alert_dup_key (const IncidentAlert *self,
                        gint64               now)
{
  g_autofree char *received = NULL;

  if (self->start != NULL)
    return g_strconcat (self->fingerprint, "@", self->start, NULL);

  received = incident_time_to_string (now);
  return g_strconcat (self->fingerprint, "@", received, NULL);
}

static void
write_labels (IncidentJsonWriter *writer,
              const char         *name,
              GPtrArray          *labels)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_object (writer);
  for (guint i = 0; i < labels->len; i++)
    {
      const IncidentLabel *label = g_ptr_array_index (labels, i);

      incident_json_writer_member (writer, label->name, label->value);
    }
  incident_json_writer_end_object (writer);
}

char *
incident_alert_to_json (const IncidentAlert *self,
                        const char          *source)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "name", self->name);
  if (self->summary != NULL)
    incident_json_writer_member (&writer, "summary", self->summary);
  incident_json_writer_member (&writer, "source", source);
  if (self->start != NULL)
    incident_json_writer_member (&writer, "starts_at", self->start);
  if (self->ends_at != INCIDENT_TIME_NONE)
    {
      incident_json_writer_name (&writer, "ends_at");
      incident_json_writer_time (&writer, self->ends_at);
    }
  if (self->link != NULL)
    incident_json_writer_member (&writer, "link", self->link);
  write_labels (&writer, "labels", self->labels);
  write_labels (&writer, "annotations", self->annotations);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

IncidentAlertGroup *
incident_alert_group_new (const char *source)
{
  IncidentAlertGroup *self = g_new0 (IncidentAlertGroup, 1);

  self->source = source;
  self->alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_alert_free);
  self->refused = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_receipt_unref);
  return self;
}

void
incident_alert_group_free (IncidentAlertGroup *self)
{
  g_free (self->group);
  g_free (self->title);
  g_free (self->service);
  g_ptr_array_unref (self->alerts);
  g_ptr_array_unref (self->refused);
  g_free (self);
}
