/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An array that grows without moving what is in it, and wastes at most one chunk. */

#define INCIDENT_CHUNK_BITS 12

typedef struct
{
  GPtrArray *chunks;     /* of 1 << INCIDENT_CHUNK_BITS items */
  gsize      item_size;
  guint64    length;
} IncidentChunks;

static inline void
incident_chunks_init (IncidentChunks *self,
                      gsize           item_size)
{
  self->chunks = g_ptr_array_new_with_free_func (g_aligned_free);
  self->item_size = item_size;
  self->length = 0;
}

static inline void
incident_chunks_clear (IncidentChunks *self)
{
  g_ptr_array_unref (self->chunks);
}

static inline gpointer
incident_chunks_get (const IncidentChunks *self,
                     guint64               index)
{
  guint8 *chunk = g_ptr_array_index (self->chunks, index >> INCIDENT_CHUNK_BITS);

  return chunk + (index & ((1u << INCIDENT_CHUNK_BITS) - 1)) * self->item_size;
}

/* What is added is all zero. */
static inline gpointer
incident_chunks_add (IncidentChunks *self)
{
  if (self->length >> INCIDENT_CHUNK_BITS == self->chunks->len)
    g_ptr_array_add (self->chunks, g_aligned_alloc0 (1u << INCIDENT_CHUNK_BITS, self->item_size, 64));

  return incident_chunks_get (self, self->length++);
}

G_END_DECLS
