/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-pace-private.h"

#include <string.h>

#define PER_WORKSPACE      300  /* messages a minute */
#define PER_CHANNEL        60
#define BURST_IN_CHANNEL   3
#define MOST_KEPT          512  /* buckets, before those are dropped that are full again */

/* Slack's tiers, in calls a minute. */
enum {
  TIER_1 = 1,
  TIER_2 = 20,
  TIER_3 = 50,
  TIER_4 = 100,
  TIER_SPECIAL = 300,
};

typedef struct
{
  const char *name;
  guint       per_minute;
  gboolean    is_idempotent;
} Method;

static const Method methods[] = {
  { "apps.connections.open", TIER_1, TRUE },
  { "auth.test", TIER_SPECIAL, TRUE },
  { "bookmarks.add", TIER_2, FALSE },
  { "bookmarks.edit", TIER_2, TRUE },
  { "bookmarks.list", TIER_3, TRUE },
  { "chat.delete", TIER_3, TRUE },
  { "chat.getPermalink", TIER_SPECIAL, TRUE },
  { "chat.postEphemeral", TIER_4, FALSE },
  { "chat.postMessage", PER_WORKSPACE, FALSE },
  { "chat.update", TIER_3, TRUE },
  { "conversations.archive", TIER_2, TRUE },
  { "conversations.create", TIER_2, FALSE },
  { "conversations.history", TIER_3, TRUE },
  { "conversations.info", TIER_3, TRUE },
  { "conversations.invite", TIER_3, TRUE },
  { "conversations.join", TIER_3, TRUE },
  { "conversations.list", TIER_2, TRUE },
  { "conversations.members", TIER_4, TRUE },
  { "conversations.rename", TIER_2, TRUE },
  { "conversations.replies", TIER_3, TRUE },
  { "conversations.setPurpose", TIER_2, TRUE },
  { "conversations.setTopic", TIER_2, TRUE },
  { "conversations.unarchive", TIER_2, TRUE },
  { "files.completeUploadExternal", TIER_4, FALSE },
  { "files.getUploadURLExternal", TIER_4, TRUE },
  { "pins.add", TIER_2, TRUE },
  { "pins.remove", TIER_2, TRUE },
  { "reactions.add", TIER_3, TRUE },
  { "usergroups.users.list", TIER_2, TRUE },
  { "users.info", TIER_4, TRUE },
  { "users.lookupByEmail", TIER_3, TRUE },
  { "views.open", TIER_4, FALSE },
  { "views.update", TIER_4, TRUE },
};

typedef struct
{
  guint  size;
  guint  per_minute;
  double level;
  gint64 at;        /* when the level was this */
} Bucket;

struct _IncidentSlackPace
{
  GHashTable *buckets;  /* by the method, “in/” and the channel, or “all” */
  GHashTable *pauses;   /* likewise → until when */
};

static const Method *
find_method (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (strcmp (methods[i].name, name) == 0)
      return &methods[i];

  return NULL;
}

gboolean
incident_slack_method_is_idempotent (const char *method)
{
  const Method *known = find_method (method);

  return known != NULL && known->is_idempotent;
}

IncidentSlackPace *
incident_slack_pace_new (void)
{
  IncidentSlackPace *self = g_new0 (IncidentSlackPace, 1);

  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pauses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
incident_slack_pace_free (IncidentSlackPace *self)
{
  g_hash_table_unref (self->buckets);
  g_hash_table_unref (self->pauses);
  g_free (self);
}

static void
fill (Bucket *bucket,
      gint64  now)
{
  double more = (double) (now - bucket->at) * bucket->per_minute / (double) G_TIME_SPAN_MINUTE;

  bucket->level = MIN (bucket->level + more, (double) bucket->size);
  bucket->at = now;
}

static gboolean
is_full (gpointer key,
         gpointer value,
         gpointer data)
{
  fill (value, *(const gint64 *) data);
  return ((Bucket *) value)->level >= ((Bucket *) value)->size;
}

static gboolean
is_over (gpointer key,
         gpointer value,
         gpointer data)
{
  return *(gint64 *) value <= *(const gint64 *) data;
}

static void
tidy (IncidentSlackPace *self,
      gint64             now)
{
  if (g_hash_table_size (self->buckets) >= MOST_KEPT)
    g_hash_table_foreach_remove (self->buckets, is_full, &now);
  if (g_hash_table_size (self->pauses) >= MOST_KEPT)
    g_hash_table_foreach_remove (self->pauses, is_over, &now);
}

static Bucket *
get_bucket (IncidentSlackPace *self,
            const char        *key,
            guint              size,
            guint              per_minute,
            gint64             now)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, key);

  if (bucket == NULL)
    {
      bucket = g_new (Bucket, 1);
      *bucket = (Bucket) { .size = size, .per_minute = per_minute, .level = size, .at = now };
      g_hash_table_insert (self->buckets, g_strdup (key), bucket);
    }
  fill (bucket, now);
  return bucket;
}

/* How long until there is one in it. */
static gint64
get_wait (const Bucket *bucket)
{
  if (bucket->level >= 1)
    return 0;

  return (gint64) ((1 - bucket->level) * (double) G_TIME_SPAN_MINUTE / bucket->per_minute) + 1;
}

static gint64
get_pause (IncidentSlackPace *self,
           const char        *key,
           gint64             now)
{
  const gint64 *until = g_hash_table_lookup (self->pauses, key);

  return until != NULL && *until > now ? *until - now : 0;
}

static char *
key_of_channel (const char *method,
                const char *channel)
{
  return g_str_has_prefix (method, "chat.") && channel != NULL ? g_strconcat ("in/", channel, NULL) : NULL;
}

gint64
incident_slack_pace_take (IncidentSlackPace *self,
                          const char        *method,
                          const char        *channel,
                          gint64             now,
                          gboolean          *is_wide)
{
  const Method *known = find_method (method);
  guint per_minute = known != NULL ? known->per_minute : TIER_2;
  gboolean is_post = strcmp (method, "chat.postMessage") == 0;
  g_autofree char *place = key_of_channel (method, channel);
  Bucket *buckets[2] = { NULL, NULL };
  gint64 wide;
  gint64 wait;

  /* A post counts for its channel, and for all. */
  tidy (self, now);
  buckets[0] = get_bucket (self, is_post ? "all" : method, MAX (per_minute, BURST_IN_CHANNEL), per_minute, now);
  if (is_post && place != NULL)
    buckets[1] = get_bucket (self, place, BURST_IN_CHANNEL, PER_CHANNEL, now);

  wide = g_str_has_prefix (method, "chat.") ? get_pause (self, "all", now) : 0;
  wide = is_post ? MAX (wide, get_wait (buckets[0])) : wide;
  wait = MAX (get_pause (self, method, now), is_post ? 0 : get_wait (buckets[0]));
  if (place != NULL)
    wait = MAX (wait, get_pause (self, place, now));
  if (buckets[1] != NULL)
    wait = MAX (wait, get_wait (buckets[1]));

  *is_wide = wide > 0 && wide >= wait;
  wait = MAX (wait, wide);
  for (guint i = 0; wait == 0 && i < G_N_ELEMENTS (buckets); i++)
    if (buckets[i] != NULL)
      buckets[i]->level -= 1;
  return wait;
}

void
incident_slack_pace_pause (IncidentSlackPace *self,
                           const char        *method,
                           const char        *channel,
                           gboolean           is_wide,
                           gint64             until)
{
  g_autofree char *place = key_of_channel (method, channel);
  const char *key = is_wide ? "all" : place != NULL ? place : method;
  const gint64 *before = g_hash_table_lookup (self->pauses, key);

  if (before == NULL || *before < until)
    g_hash_table_insert (self->pauses, g_strdup (key), g_memdup2 (&until, sizeof until));
}
