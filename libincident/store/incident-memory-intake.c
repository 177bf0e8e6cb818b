/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-memory-intake-private.h"

#include <string.h>

void
incident_memory_intake_init (IncidentMemoryIntake *self)
{
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_intake_entry_free);
  self->rows = incident_alert_rows_new ();
}

void
incident_memory_intake_clear (IncidentMemoryIntake *self)
{
  g_ptr_array_unref (self->entries);
  g_array_unref (self->rows);
}

/* The place of the first row that has this id or one above. */
static guint
find_row (IncidentMemoryIntake *self,
          guint64               id)
{
  guint low = 0, high = self->rows->len;

  /* Mostly it is a new one. */
  if (high > 0 && g_array_index (self->rows, IncidentAlertRow, high - 1).id < id)
    return high;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->rows, IncidentAlertRow, middle).id < id)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
put_row (IncidentMemoryIntake *self,
         IncidentAlertRow      row)
{
  guint place = find_row (self, row.id);

  g_bytes_ref (row.data);
  if (place < self->rows->len && g_array_index (self->rows, IncidentAlertRow, place).id == row.id)
    {
      IncidentAlertRow *old = &g_array_index (self->rows, IncidentAlertRow, place);

      incident_alert_row_clear (old);
      *old = row;
    }
  else
    g_array_insert_val (self->rows, place, row);
}

/* Whoever was handed the body out still has it as it was. */
static void
erase (IncidentMemoryIntake      *self,
       const IncidentIntakeSlice *slice)
{
  IncidentIntakeEntry *entry = g_ptr_array_index (self->entries, slice->entry - 1);
  gsize length;
  char *bytes = g_bytes_unref_to_data (g_steal_pointer (&entry->body), &length);

  g_assert (slice->start <= length && slice->length <= length - slice->start);
  memset (bytes + slice->start, 0, slice->length);
  entry->body = g_bytes_new_take (bytes, length);
}

void
incident_memory_intake_apply (IncidentMemoryIntake *self,
                              const IncidentCommit *commit)
{
  IncidentIntakeChange *change = commit->intake;

  if (change == NULL)
    return;

  if (change->entry != NULL)
    {
      change->entry->id = change->follows + 1;
      g_ptr_array_add (self->entries, incident_intake_entry_copy (change->entry));
    }
  for (guint i = 0; change->erased != NULL && i < change->erased->len; i++)
    erase (self, &g_array_index (change->erased, IncidentIntakeSlice, i));
  for (guint i = 0; change->rows != NULL && i < change->rows->len; i++)
    put_row (self, incident_commit_complete_row (commit, &g_array_index (change->rows, IncidentAlertRow, i)));
}

GPtrArray *
incident_memory_intake_list (IncidentMemoryIntake *self,
                             const char           *kind,
                             guint64               after,
                             guint                 limit)
{
  GPtrArray *listed = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_intake_entry_free);

  for (guint64 i = after; i < self->entries->len && listed->len < limit; i++)
    {
      const IncidentIntakeEntry *entry = g_ptr_array_index (self->entries, i);

      if (kind == NULL || g_str_equal (entry->kind, kind))
        g_ptr_array_add (listed, incident_intake_entry_copy (entry));
    }

  return listed;
}

guint64
incident_memory_intake_find_before (IncidentMemoryIntake *self,
                                    gint64                at)
{
  const IncidentIntakeEntry *last = NULL;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const IncidentIntakeEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->received_at < at && (last == NULL || entry->received_at >= last->received_at))
        last = entry;
    }

  return last != NULL ? last->id : 0;
}

GArray *
incident_memory_intake_list_rows (IncidentMemoryIntake *self,
                                  guint64               since,
                                  guint64               after,
                                  guint                 limit)
{
  GArray *listed = incident_alert_rows_new ();

  for (guint i = after < G_MAXUINT64 ? find_row (self, after + 1) : self->rows->len;
       i < self->rows->len && listed->len < limit; i++)
    {
      IncidentAlertRow row = g_array_index (self->rows, IncidentAlertRow, i);

      if (!row.active && row.entry <= since)
        continue;
      g_bytes_ref (row.data);
      g_array_append_val (listed, row);
    }

  return listed;
}
