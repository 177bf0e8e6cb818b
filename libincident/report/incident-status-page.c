/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-status-page-private.h"

#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"

enum { DAYS = 7 };

static void
service_free (gpointer data)
{
  IncidentStatusService *self = data;

  g_free (self->title);
  g_free (self);
}

static void
update_free (gpointer data)
{
  IncidentStatusUpdate *self = data;

  g_free (self->text);
  g_free (self);
}

IncidentStatusIncident *
incident_status_incident_new (void)
{
  IncidentStatusIncident *self = g_new0 (IncidentStatusIncident, 1);

  self->services = g_ptr_array_new ();
  self->updates = g_ptr_array_new_with_free_func (update_free);
  self->next_update = INCIDENT_TIME_NONE;
  self->resolved_at = INCIDENT_TIME_NONE;
  return self;
}

void
incident_status_incident_free (IncidentStatusIncident *self)
{
  g_ptr_array_unref (self->services);
  g_ptr_array_unref (self->updates);
  g_free (self->heading);
  g_free (self);
}

void
incident_status_incident_add (IncidentStatusIncident *self,
                              gint64                  at,
                              const char             *stage,
                              const char             *text)
{
  IncidentStatusUpdate *update = g_new0 (IncidentStatusUpdate, 1);

  update->at = at;
  update->stage = stage;
  update->text = g_strdup (text);
  g_ptr_array_add (self->updates, update);
}

IncidentStatusPage *
incident_status_page_new (const char *title,
                          const char *about,
                          gint64      made_at)
{
  IncidentStatusPage *self = g_new0 (IncidentStatusPage, 1);

  self->title = g_strdup (title);
  self->about = g_strdup (about);
  self->made_at = made_at;
  self->n_days = DAYS;
  self->services = g_ptr_array_new_with_free_func (service_free);
  self->ongoing = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_status_incident_free);
  self->resolved = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_status_incident_free);
  return self;
}

void
incident_status_page_free (IncidentStatusPage *self)
{
  g_ptr_array_unref (self->ongoing);
  g_ptr_array_unref (self->resolved);
  g_ptr_array_unref (self->services);
  g_free (self->title);
  g_free (self->about);
  g_free (self);
}

IncidentStatusService *
incident_status_page_add_service (IncidentStatusPage *self,
                                  const char         *title)
{
  IncidentStatusService *service = g_new0 (IncidentStatusService, 1);

  service->title = g_strdup (title);
  g_ptr_array_add (self->services, service);
  return service;
}

IncidentServiceState
incident_status_page_get_worst (const IncidentStatusPage *self)
{
  /* What goes on may be about a service that has no line of its own. */
  IncidentServiceState worst = self->ongoing->len > 0 ? INCIDENT_SERVICE_DEGRADED : INCIDENT_SERVICE_OPERATIONAL;

  for (guint i = 0; i < self->services->len; i++)
    worst = MAX (worst, ((IncidentStatusService *) g_ptr_array_index (self->services, i))->state);
  return worst;
}

gint64
incident_status_page_get_next_update (const IncidentStatusPage *self)
{
  gint64 soonest = INCIDENT_TIME_NONE;

  for (guint i = 0; i < self->ongoing->len; i++)
    {
      gint64 next = ((IncidentStatusIncident *) g_ptr_array_index (self->ongoing, i))->next_update;

      if (next != INCIDENT_TIME_NONE && (soonest == INCIDENT_TIME_NONE || next < soonest))
        soonest = next;
    }
  return soonest;
}

const char *
incident_service_state_get_nick (IncidentServiceState self)
{
  static const char * const nicks[INCIDENT_N_SERVICE_STATES] = { "operational", "degraded", "partial-outage", "major-outage" };

  return nicks[self];
}

static void
write_incident (IncidentJsonWriter           *writer,
                const IncidentStatusIncident *self)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "heading", self->heading);
  incident_json_writer_member (writer, "stage", self->stage);
  incident_json_writer_name (writer, "services");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < self->services->len; i++)
    incident_json_writer_string (writer, g_ptr_array_index (self->services, i));
  incident_json_writer_end_array (writer);
  incident_json_writer_moment (writer, "next_update_at", self->next_update);
  incident_json_writer_moment (writer, "resolved_at", self->resolved_at);
  incident_json_writer_name (writer, "updates");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < self->updates->len; i++)
    {
      const IncidentStatusUpdate *update = g_ptr_array_index (self->updates, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_moment (writer, "at", update->at);
      incident_json_writer_member (writer, "stage", update->stage);
      incident_json_writer_member (writer, "text", update->text);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
  incident_json_writer_end_object (writer);
}

static void
write_incidents (IncidentJsonWriter *writer,
                 const char         *name,
                 const GPtrArray    *incidents)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < incidents->len; i++)
    write_incident (writer, g_ptr_array_index (incidents, i));
  incident_json_writer_end_array (writer);
}

char *
incident_status_page_to_json (const IncidentStatusPage *self)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, TRUE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "title", self->title);
  incident_json_writer_member (&writer, "about", self->about);
  incident_json_writer_member (&writer, "state", incident_service_state_get_nick (incident_status_page_get_worst (self)));
  incident_json_writer_moment (&writer, "made_at", self->made_at);
  incident_json_writer_moment (&writer, "next_update_at", incident_status_page_get_next_update (self));
  incident_json_writer_name (&writer, "services");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->services->len; i++)
    {
      const IncidentStatusService *service = g_ptr_array_index (self->services, i);

      incident_json_writer_begin_object (&writer);
      incident_json_writer_member (&writer, "title", service->title);
      incident_json_writer_member (&writer, "state", incident_service_state_get_nick (service->state));
      incident_json_writer_end_object (&writer);
    }
  incident_json_writer_end_array (&writer);
  write_incidents (&writer, "ongoing", self->ongoing);
  write_incidents (&writer, "resolved", self->resolved);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
