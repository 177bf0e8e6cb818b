/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-store-private.h"

/* What a commit takes in besides the events of cases. */

static char *
share (const char *text)
{
  return text != NULL ? g_ref_string_new_intern (text) : NULL;
}

IncidentIntakeEntry *
incident_intake_entry_new (const char *kind,
                           gint64      received_at,
                           const char *actor,
                           const char *format,
                           const char *playbook,
                           GBytes     *body)
{
  IncidentIntakeEntry *self = g_new0 (IncidentIntakeEntry, 1);

  self->received_at = received_at;
  self->kind = g_intern_string (kind);
  self->actor = share (actor);
  self->format = share (format);
  self->playbook = share (playbook);
  self->body = g_bytes_ref (body);
  return self;
}

IncidentIntakeEntry *
incident_intake_entry_copy (const IncidentIntakeEntry *self)
{
  IncidentIntakeEntry *copy = g_memdup2 (self, sizeof *self);

  g_ref_string_acquire (copy->actor);
  if (copy->format != NULL)
    g_ref_string_acquire (copy->format);
  if (copy->playbook != NULL)
    g_ref_string_acquire (copy->playbook);
  g_bytes_ref (copy->body);
  return copy;
}

gboolean
incident_intake_entry_equal (const IncidentIntakeEntry *a,
                             const IncidentIntakeEntry *b)
{
  return a->id == b->id && a->received_at == b->received_at && a->kind == b->kind
         && g_str_equal (a->actor, b->actor)
         && g_strcmp0 (a->format, b->format) == 0 && g_strcmp0 (a->playbook, b->playbook) == 0
         && g_bytes_equal (a->body, b->body);
}

void
incident_intake_entry_free (IncidentIntakeEntry *self)
{
  g_ref_string_release (self->actor);
  g_clear_pointer (&self->format, g_ref_string_release);
  g_clear_pointer (&self->playbook, g_ref_string_release);
  g_bytes_unref (self->body);
  g_free (self);
}

GArray *
incident_alert_rows_new (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (IncidentAlertRow));

  g_array_set_clear_func (rows, incident_alert_row_clear);
  return rows;
}

void
incident_alert_row_clear (gpointer row)
{
  g_clear_pointer (&((IncidentAlertRow *) row)->data, g_bytes_unref);
}

gboolean
incident_intake_change_check (const IncidentIntakeChange  *self,
                              guint64                      head,
                              GError                     **error)
{
  return self == NULL || self->follows == head
         || incident_store_fail_conflict (error, "Others took in messages meanwhile");
}

static guint64
get_subject (const IncidentCommit *self,
             guint                 draft)
{
  g_assert (draft < self->drafts->len);

  return ((const IncidentRecord *) g_ptr_array_index (self->drafts, draft))->subject;
}

guint64
incident_commit_get_standing (const IncidentCommit      *self,
                              const IncidentGroupChange *change)
{
  return change->stands != 0 ? change->stands : get_subject (self, change->draft);
}

IncidentAlertRow
incident_commit_complete_row (const IncidentCommit   *self,
                              const IncidentAlertRow *row)
{
  const IncidentIntakeChange *intake = self->intake;
  IncidentAlertRow complete = *row;

  if (row->draft >= 0)
    complete.subject = get_subject (self, (guint) row->draft);
  if (row->entry == 0)
    complete.entry = intake->entry != NULL ? intake->entry->id : intake->follows;
  complete.draft = -1;
  return complete;
}
