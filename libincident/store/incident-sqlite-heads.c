/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-sqlite-heads-private.h"

#include <libincident/incident-time.h>

#define CHUNK_BITS 10
#define CHUNK_SIZE (1u << CHUNK_BITS)

static void
chunk_free (gpointer data)
{
  IncidentSqliteHead *heads = data;

  for (guint i = 0; heads != NULL && i < CHUNK_SIZE; i++)
    incident_state_clear (&heads[i].state);
  g_free (heads);
}

void
incident_sqlite_heads_init (IncidentSqliteHeads *self)
{
  *self = (IncidentSqliteHeads) {
    .chunks = g_ptr_array_new_with_free_func (chunk_free),
    .dirty = g_array_new (FALSE, FALSE, sizeof (guint64)),
    .swept = g_array_new (FALSE, FALSE, sizeof (guint64)),
  };
}

void
incident_sqlite_heads_clear (IncidentSqliteHeads *self)
{
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
  g_clear_pointer (&self->dirty, g_array_unref);
  g_clear_pointer (&self->swept, g_array_unref);
}

IncidentSqliteHead *
incident_sqlite_heads_peek (IncidentSqliteHeads *self,
                            guint64              number)
{
  IncidentSqliteHead *heads = number >> CHUNK_BITS < self->chunks->len
                              ? g_ptr_array_index (self->chunks, number >> CHUNK_BITS) : NULL;

  return heads != NULL ? &heads[number & (CHUNK_SIZE - 1)] : NULL;
}

IncidentSqliteHead *
incident_sqlite_heads_get (IncidentSqliteHeads *self,
                           guint64              number)
{
  guint chunk = (guint) (number >> CHUNK_BITS);

  /* One commit may open cases up to here. */
  g_assert (number <= 2 * INCIDENT_SQLITE_MAX_CASES);

  if (chunk >= self->chunks->len)
    g_ptr_array_set_size (self->chunks, (int) chunk + 1);
  if (g_ptr_array_index (self->chunks, chunk) == NULL)
    g_ptr_array_index (self->chunks, chunk) = g_new0 (IncidentSqliteHead, CHUNK_SIZE);

  return incident_sqlite_heads_peek (self, number);
}

void
incident_sqlite_heads_note (IncidentSqliteHeads *self,
                            guint64              number,
                            guint32              seq,
                            guint64              log_index,
                            gboolean             is_in_row)
{
  IncidentSqliteHead *head = incident_sqlite_heads_get (self, number);

  head->last = log_index;
  head->version = seq;
  self->n_cases = MAX (self->n_cases, number);
  if (head->dirty || is_in_row)
    return;

  head->dirty = TRUE;
  g_array_append_val (self->dirty, number);
}

void
incident_sqlite_head_fold (IncidentSqliteHead   *self,
                           guint32               seq,
                           const char           *actor,
                           gint64                occurred_at,
                           gint64                recorded_at,
                           const IncidentEffect *effect)
{
  if (self->state.version != seq - 1)
    return;

  if (seq == 1)
    self->closed_at = INCIDENT_TIME_NONE;
  incident_state_apply (&self->state, effect, seq, actor, occurred_at);
  self->updated_at = recorded_at;
  if (effect->open >= 0)
    self->closed_at = effect->open ? INCIDENT_TIME_NONE : occurred_at;
}
