/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-private.h"

#include "base/incident-json-writer-private.h"

/**
 * IncidentPlaybookChange:
 *
 * One difference between two playbooks, in words.
 *
 * A change never changes itself and may be shared between threads.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (IncidentPlaybookChange, incident_playbook_change, incident_playbook_change_ref,
                     incident_playbook_change_unref)

IncidentPlaybookChange *
incident_playbook_change_new (char       *text,
                              const char *section,
                              const char *name)
{
  IncidentPlaybookChange *self = g_atomic_rc_box_new (IncidentPlaybookChange);

  self->text = text;
  self->section = g_strdup (section);
  self->name = g_strdup (name);
  return self;
}

/**
 * incident_playbook_change_ref:
 * @self: a change
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentPlaybookChange *
incident_playbook_change_ref (IncidentPlaybookChange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_playbook_change_clear (gpointer data)
{
  IncidentPlaybookChange *self = data;

  g_free (self->text);
  g_free (self->section);
  g_free (self->name);
}

/**
 * incident_playbook_change_unref:
 * @self: (transfer full): a change
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_playbook_change_unref (IncidentPlaybookChange *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_playbook_change_clear);
}

/**
 * incident_playbook_change_get_text:
 * @self: a change
 *
 * Says what changes, such as `service checkout: owner payments → core`.
 *
 * Returns: (transfer none): one line
 *
 * Since: 0.1
 */
const char *
incident_playbook_change_get_text (IncidentPlaybookChange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * incident_playbook_change_get_section:
 * @self: a change
 *
 * Tells in which section of the playbook it is, such as `services`.
 *
 * Returns: (transfer none): the section
 *
 * Since: 0.1
 */
const char *
incident_playbook_change_get_section (IncidentPlaybookChange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->section;
}

/**
 * incident_playbook_change_get_name:
 * @self: a change
 *
 * Tells what changes in the section.
 *
 * Returns: (transfer none) (nullable): the name of the service, the person …; or
 *   %NULL where the section has no names
 *
 * Since: 0.1
 */
const char *
incident_playbook_change_get_name (IncidentPlaybookChange *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * incident_playbook_change_to_json:
 * @self: a change
 * @touched: (nullable) (element-type utf8): the ids of the cases that it is about
 *   ([method@Desk.list_touched]), or %NULL
 *
 * Writes the change as JSON.
 *
 * Returns: (transfer full): a JSON object
 *
 * Since: 0.1
 */
char *
incident_playbook_change_to_json (IncidentPlaybookChange *self,
                                  GPtrArray              *touched)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "section", self->section);
  incident_json_writer_member (&writer, "name", self->name);
  incident_json_writer_member (&writer, "text", self->text);
  incident_json_writer_name (&writer, "cases");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; touched != NULL && i < touched->len; i++)
    incident_json_writer_string (&writer, g_ptr_array_index (touched, i));
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
