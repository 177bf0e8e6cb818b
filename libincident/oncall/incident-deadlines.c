/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-deadlines-private.h"

/* Four below each: half as many levels as with two, and the four lie side by side in memory. */
#define N_BELOW 4

void
incident_deadlines_init (IncidentDeadlines *self)
{
  self->heap = g_array_new (FALSE, FALSE, sizeof (IncidentDeadline));
  self->places = g_array_new (FALSE, TRUE, sizeof (guint32));
}

void
incident_deadlines_clear (IncidentDeadlines *self)
{
  g_clear_pointer (&self->heap, g_array_unref);
  g_clear_pointer (&self->places, g_array_unref);
}

void
incident_deadlines_empty (IncidentDeadlines *self)
{
  g_array_set_size (self->heap, 0);
  g_array_set_size (self->places, 0);
}

static inline IncidentDeadline *
get_heap (const IncidentDeadlines *self)
{
  return (IncidentDeadline *) (gpointer) self->heap->data;
}

static inline guint32 *
get_places (const IncidentDeadlines *self)
{
  return (guint32 *) (gpointer) self->places->data;
}

static inline gboolean
is_before (const IncidentDeadline *a,
           const IncidentDeadline *b)
{
  return a->due != b->due ? a->due < b->due : a->number < b->number;
}

static inline void
put (IncidentDeadlines *self,
     guint              at,
     IncidentDeadline   deadline)
{
  get_heap (self)[at] = deadline;
  get_places (self)[deadline.number] = at + 1;
}

static void
rise (IncidentDeadlines *self,
      guint              at,
      IncidentDeadline   deadline)
{
  IncidentDeadline *heap = get_heap (self);

  while (at > 0 && is_before (&deadline, &heap[(at - 1) / N_BELOW]))
    {
      put (self, at, heap[(at - 1) / N_BELOW]);
      at = (at - 1) / N_BELOW;
    }
  put (self, at, deadline);
}

static void
sink (IncidentDeadlines *self,
      guint              at,
      IncidentDeadline   deadline)
{
  IncidentDeadline *heap = get_heap (self);
  guint n = self->heap->len;

  for (guint below = N_BELOW * at + 1; below < n; below = N_BELOW * at + 1)
    {
      guint first = below;

      for (guint i = below + 1; i < MIN (below + N_BELOW, n); i++)
        if (is_before (&heap[i], &heap[first]))
          first = i;
      if (!is_before (&heap[first], &deadline))
        break;
      put (self, at, heap[first]);
      at = first;
    }
  put (self, at, deadline);
}

/* The last one takes the place, and goes where it belongs. */
static void
take_out (IncidentDeadlines *self,
          guint              at)
{
  IncidentDeadline *heap = get_heap (self);
  IncidentDeadline last = heap[self->heap->len - 1];

  get_places (self)[heap[at].number] = 0;
  g_array_set_size (self->heap, self->heap->len - 1);
  if (at == self->heap->len)
    return;

  if (at > 0 && is_before (&last, &heap[(at - 1) / N_BELOW]))
    rise (self, at, last);
  else
    sink (self, at, last);
}

void
incident_deadlines_set (IncidentDeadlines *self,
                        guint64            number,
                        gint64             due)
{
  IncidentDeadline deadline = { due, (guint32) number };
  guint32 place;

  g_assert (number < G_MAXUINT32);

  if (number >= self->places->len)
    {
      if (due == G_MAXINT64)
        return;
      g_array_set_size (self->places, (guint) number + 1);
    }
  place = get_places (self)[number];
  if (place == 0 && due != G_MAXINT64)
    {
      g_array_append_val (self->heap, deadline);
      rise (self, self->heap->len - 1, deadline);
    }
  else if (place != 0 && due == G_MAXINT64)
    take_out (self, place - 1);
  else if (place != 0 && due < get_heap (self)[place - 1].due)
    rise (self, place - 1, deadline);
  else if (place != 0)
    sink (self, place - 1, deadline);
}

gint64
incident_deadlines_peek (const IncidentDeadlines *self)
{
  return self->heap->len > 0 ? get_heap (self)->due : G_MAXINT64;
}

guint64
incident_deadlines_pop (IncidentDeadlines *self)
{
  guint64 number;

  if (self->heap->len == 0)
    return 0;

  number = get_heap (self)->number;
  take_out (self, 0);
  return number;
}
