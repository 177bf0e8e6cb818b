/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-page-body-private.h"

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "model/incident-page-words-private.h"

static void
write_string (IncidentJsonWriter *writer,
              const char         *name,
              const char         *value)
{
  if (value != NULL)
    incident_json_writer_member (writer, name, value);
}

static void
write_number (IncidentJsonWriter *writer,
              const char         *name,
              guint               value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_int (writer, value);
}

char *
incident_page_body_write (const IncidentPageBody *self)
{
  IncidentJsonWriter writer;
  char due[40];

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  write_string (&writer, "person", self->person);
  write_number (&writer, "run", self->run);
  write_number (&writer, "step", self->step);
  write_string (&writer, "step-name", self->step_name);
  write_number (&writer, "loop", self->loop);
  write_number (&writer, "arming", self->arming);
  write_string (&writer, "policy", self->policy);
  write_string (&writer, "version", self->version);
  write_string (&writer, "reason", self->reason);
  write_string (&writer, "target", self->target);
  write_number (&writer, "method", self->method);
  write_number (&writer, "methods", self->methods);
  if (self->boot != 0)
    {
      g_snprintf (due, sizeof due, "%x/%" G_GINT64_FORMAT, self->boot, self->due_boot);
      incident_json_writer_member (&writer, "due-boot", due);
    }
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static guint
read_number (IncidentNode *root,
             const char   *name,
             gint64        most)
{
  IncidentNode *node = incident_node_get_member (root, name);

  return node != NULL && node->type == INCIDENT_JSON_INT && node->value.integer >= 0 && node->value.integer <= most
         ? (guint) node->value.integer : 0;
}

/* “3f2a/600000000”, as the runs have it. */
static void
read_due (IncidentPageBody *self,
          const char       *text) /* nullable */
{
  char *end = NULL;
  guint64 boot = text != NULL ? g_ascii_strtoull (text, &end, 16) : 0;

  if (boot == 0 || boot > G_MAXUINT32 || *end != '/')
    return;

  self->boot = (guint32) boot;
  self->due_boot = g_ascii_strtoll (end + 1, NULL, 10);
}

gboolean
incident_page_body_read (IncidentPageBody *self,
                         const char       *body)
{
  IncidentNode *root;

  *self = (IncidentPageBody) { body != NULL ? incident_tree_new (body, strlen (body), NULL, NULL) : NULL, };
  root = self->tree != NULL ? incident_tree_get_root (self->tree) : NULL;
  self->person = incident_node_get_string (root, "person");
  self->target = incident_node_get_string (root, "target");
  self->policy = incident_node_get_string (root, "policy");
  self->version = incident_node_get_string (root, "version");
  self->step_name = incident_node_get_string (root, "step-name");
  self->reason = incident_node_get_string (root, "reason");
  self->run = read_number (root, "run", G_MAXUINT16);
  self->step = read_number (root, "step", G_MAXUINT16);
  self->loop = read_number (root, "loop", G_MAXUINT16);
  /* Beside runs the place of an event. */
  self->arming = read_number (root, "arming", G_MAXUINT32);
  self->method = read_number (root, "method", G_MAXUINT16);
  self->methods = read_number (root, "methods", G_MAXUINT16);
  read_due (self, incident_node_get_string (root, "due-boot"));
  return self->reason != NULL;
}

char *
incident_page_body_tell (const char *body)
{
  g_auto(IncidentPageBody) self = { NULL, };

  if (!incident_page_body_read (&self, body))
    return g_strdup (body);

  self.boot = 0;
  return incident_page_body_write (&self);
}

void
incident_page_body_clear (IncidentPageBody *self)
{
  g_clear_pointer (&self->tree, incident_tree_free);
}

int
incident_page_body_compare (const IncidentPageBody *a,
                            const IncidentPageBody *b)
{
  if (a->loop != b->loop)
    return a->loop < b->loop ? -1 : 1;
  if (a->arming != b->arming)
    return a->arming < b->arming ? -1 : 1;
  if (a->step != b->step)
    return a->step < b->step ? -1 : 1;

  return 0;
}

/* What the person is to the case, by the target through which they were found. */
static char *
describe_part (const char *target)
{
  const char *schedule = incident_page_target_get_name (target, "schedule");
  const char *team = incident_page_target_get_name (target, "team");
  const char *role = incident_page_target_get_name (target, "role");

  if (schedule != NULL)
    return g_strdup_printf ("you are on call for %s", schedule);
  if (team != NULL)
    return g_strdup_printf ("you are in the team %s", team);
  if (role != NULL)
    return g_strdup_printf ("you have the role %s", role);

  return NULL;
}

char *
incident_page_body_describe (const IncidentPageBody *self)
{
  g_autofree char *part = self->person != NULL ? describe_part (self->target) : NULL;
  g_autofree char *cause = NULL;
  char *words;

  if (g_strcmp0 (self->reason, "direct") == 0)
    return g_strdup (self->person != NULL ? "Somebody asks for you by name" : "Somebody asks for all who are here");

  cause = incident_page_write_cause (self->reason != NULL ? self->reason : "step", self->step_name, self->policy);
  words = part != NULL ? g_strdup_printf ("%s: %s", part, cause) : g_steal_pointer (&cause);
  words[0] = g_ascii_toupper (words[0]);
  return words;
}
