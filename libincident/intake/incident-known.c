/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-known-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-text-private.h"

IncidentKnown *
incident_known_new (IncidentAlert *alert)
{
  IncidentKnown *self = g_new0 (IncidentKnown, 1);

  self->alert = incident_alert_ref (alert);
  self->changed_at = INCIDENT_TIME_NONE;
  self->ends_at = G_MAXINT64;
  self->due = G_MAXINT64;
  return self;
}

void
incident_known_clear (IncidentKnown *self)
{
  g_clear_pointer (&self->alert, incident_alert_unref);
  g_clear_pointer (&self->unrest, incident_unrest_free);
  g_clear_pointer (&self->told_key, g_free);
}

void
incident_known_free (IncidentKnown *self)
{
  incident_known_clear (self);
  g_free (self);
}

guint
incident_alert_hash_key (const IncidentAlert *alert)
{
  return incident_text_hash (alert->key) ^ g_direct_hash (alert->source);
}

guint
incident_known_hash (gconstpointer self)
{
  return incident_alert_hash_key (((const IncidentKnown *) self)->alert);
}

/* Sources are interned. */
gboolean
incident_known_equal (gconstpointer a,
                      gconstpointer b)
{
  const IncidentAlert *left = ((const IncidentKnown *) a)->alert;
  const IncidentAlert *right = ((const IncidentKnown *) b)->alert;

  return left->source == right->source && g_str_equal (left->key, right->key);
}

/* A fixed head in the byte order of the machine's file, little-endian; then strings with their NUL:
 * key, episode, the key that was told (or nothing), and the sender's group, after a dash where it groups
 * at all; then when it began to fire, as often as its threshold counts. */

#define VERSION 2

typedef struct __attribute__ ((packed))
{
  guint8  version;
  guint8  status;
  guint8  flags;
  guint8  hold;
  guint32 raw_start;
  guint32 raw_length;
  gint64  starts_at;
  gint64  heard_at;
  gint64  changed_at;
  gint64  seen_at;
  gint64  ends_at;
  gint64  penalty_at;
  gint32  penalty;     /* in thousandths */
} Head;

enum
{
  TOLD = 1, FLAPPING = 2, TIMED_OUT = 4, HAS_EPISODE = 8, ACTIVE = 16,
};

GBytes *
incident_known_pack (const IncidentKnown *self)
{
  const IncidentAlert *alert = self->alert;
  const IncidentUnrest *unrest = self->unrest;
  Head head = {
    VERSION, (guint8) self->status,
    (guint8) ((self->told ? TOLD : 0) | (self->flapping ? FLAPPING : 0) | (self->timed_out ? TIMED_OUT : 0)
              | (alert->has_episode ? HAS_EPISODE : 0) | (self->active ? ACTIVE : 0)),
    (guint8) self->hold, GUINT32_TO_LE (alert->raw_start), GUINT32_TO_LE (alert->raw_length),
    GINT64_TO_LE (alert->starts_at), GINT64_TO_LE (self->heard_at), GINT64_TO_LE (self->changed_at),
    GINT64_TO_LE (self->seen_at), GINT64_TO_LE (self->ends_at),
    GINT64_TO_LE (unrest != NULL ? unrest->penalty_at : 0),
    GINT32_TO_LE (unrest != NULL ? (gint32) (unrest->penalty * 1000) : 0),
  };
  gsize key = strlen (alert->key) + 1;
  gsize episode = strlen (alert->episode) + 1;
  gsize told = self->told_key != NULL ? strlen (self->told_key) + 1 : 1;
  gsize grouping = self->grouping != NULL ? self->grouping->text->len + 2 : 1;
  gsize fires = unrest != NULL ? unrest->fires->len * sizeof (gint64) : 0;
  gsize length = sizeof head + key + episode + told + grouping + fires;
  char *bytes = g_malloc (length);
  char *at = bytes;

  memcpy (at, &head, sizeof head);
  at += sizeof head;
  memcpy (at, alert->key, key);
  at += key;
  memcpy (at, alert->episode, episode);
  at += episode;
  memcpy (at, self->told_key != NULL ? self->told_key : "", told);
  at += told;
  *at = '\0';
  if (self->grouping != NULL)
    {
      *at = '-';
      memcpy (at + 1, self->grouping->text->str, grouping - 1);
    }
  at += grouping;
  for (gsize i = 0; i < fires / sizeof (gint64); i++)
    {
      gint64 fire = GINT64_TO_LE (g_array_index (unrest->fires, gint64, i));

      memcpy (at + i * sizeof fire, &fire, sizeof fire);
    }
  return g_bytes_new_take (bytes, length);
}

/* Steps over a string of a block that ends at @end; NULL: it has no end. */
static const char *
next_string (const char **at,
             const char  *end)
{
  const char *start = *at;
  const char *nul = start < end ? memchr (start, '\0', (gsize) (end - start)) : NULL;

  if (nul == NULL)
    return NULL;

  *at = nul + 1;
  return start;
}

/* NULL: there was none. */
static IncidentUnrest *
unpack_unrest (const Head *head,
               const char *at,
               const char *end)
{
  gsize n = (gsize) (end - at) / sizeof (gint64);
  IncidentUnrest *unrest;

  if (n == 0 && head->penalty == 0)
    return NULL;

  unrest = incident_unrest_new ();
  unrest->penalty_at = GINT64_FROM_LE (head->penalty_at);
  unrest->penalty = GINT32_FROM_LE (head->penalty) / 1000.0;
  for (gsize i = 0; i < n; i++, at += sizeof (gint64))
    {
      gint64 fire;

      memcpy (&fire, at, sizeof fire);
      fire = GINT64_FROM_LE (fire);
      g_array_append_val (unrest->fires, fire);
    }
  return unrest;
}

gboolean
incident_known_unpack (IncidentKnown      *self,
                       GBytes             *bytes,
                       IncidentKnownPlace *place)
{
  gsize length;
  const char *at = g_bytes_get_data (bytes, &length);
  const char *end = at + length;
  const char *told, *grouping;
  Head head;

  if (length < sizeof head)
    return FALSE;
  memcpy (&head, at, sizeof head);
  at += sizeof head;
  place->key = next_string (&at, end);
  place->episode = next_string (&at, end);
  told = next_string (&at, end);
  grouping = next_string (&at, end);
  if (head.version != VERSION || place->key == NULL || place->episode == NULL || told == NULL || grouping == NULL)
    return FALSE;

  self->told_key = *told != '\0' ? g_strdup (told) : NULL;
  self->unrest = unpack_unrest (&head, at, end);
  place->grouping = *grouping == '-' ? grouping + 1 : NULL;
  self->status = head.status & 7;
  self->hold = head.hold & 15;
  self->told = (head.flags & TOLD) != 0;
  self->flapping = (head.flags & FLAPPING) != 0;
  self->timed_out = (head.flags & TIMED_OUT) != 0;
  self->active = (head.flags & ACTIVE) != 0;
  self->heard_at = GINT64_FROM_LE (head.heard_at);
  self->changed_at = GINT64_FROM_LE (head.changed_at);
  self->seen_at = GINT64_FROM_LE (head.seen_at);
  self->ends_at = self->saved_end = GINT64_FROM_LE (head.ends_at);
  place->has_episode = (head.flags & HAS_EPISODE) != 0;
  place->raw_start = GUINT32_FROM_LE (head.raw_start);
  place->raw_length = GUINT32_FROM_LE (head.raw_length);
  place->starts_at = GINT64_FROM_LE (head.starts_at);
  return TRUE;
}
