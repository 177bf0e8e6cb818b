/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-record-private.h"

#include <string.h>

#include "base/incident-bytes-private.h"
#include "base/incident-time-private.h"

const IncidentJsonLimits incident_record_limits = {
  .size = G_MAXSIZE,
  .depth = INCIDENT_JSON_MAX_DEPTH,
  .values = G_MAXUINT,
  .members = G_MAXUINT,
  .string = G_MAXSIZE,
  .number = G_MAXUINT,
};

IncidentRecord *
incident_record_new (void)
{
  return g_atomic_rc_box_new0 (IncidentRecord);
}

IncidentRecord *
incident_record_ref (IncidentRecord *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
incident_record_clear (gpointer data)
{
  IncidentRecord *self = data;

  g_clear_pointer (&self->actor, g_ref_string_release);
  g_clear_pointer (&self->facts, g_ref_string_release);
  g_free (self->payload);
  g_clear_pointer (&self->also, g_array_unref);
  g_clear_pointer (&self->seal, g_atomic_rc_box_release);
}

void
incident_record_unref (IncidentRecord *self)
{
  g_atomic_rc_box_release_full (self, incident_record_clear);
}

guint
incident_record_get_n_events (const IncidentRecord *self)
{
  return 1 + (self->also != NULL ? self->also->len : 0);
}

IncidentRecord *
incident_record_split (const IncidentRecord *self,
                       guint                 position)
{
  IncidentRecord *part = incident_record_new ();

  memcpy (part, self, sizeof *part);
  part->actor = g_ref_string_acquire (self->actor);
  part->facts = g_ref_string_acquire (self->facts);
  part->payload = g_strdup (self->payload);
  part->also = NULL;
  part->seal = self->seal != NULL ? g_atomic_rc_box_acquire (self->seal) : NULL;
  if (position > 0)
    {
      const IncidentPlace *place = &g_array_index (self->also, IncidentPlace, position - 1);

      part->log_index += position;
      part->step += position;
      part->subject = place->subject;
      part->seq = place->seq;
      part->prev = place->prev;
      memcpy (part->leaf, place->leaf, INCIDENT_HASH_LENGTH);
    }

  return part;
}

void
incident_records_reverse (GPtrArray *records)
{
  for (guint i = 0; i < records->len / 2; i++)
    {
      gpointer first = g_ptr_array_index (records, i);

      g_ptr_array_index (records, i) = g_ptr_array_index (records, records->len - 1 - i);
      g_ptr_array_index (records, records->len - 1 - i) = first;
    }
}

void
incident_record_commit (IncidentRecord *self)
{
  g_assert (self->payload != NULL);

  incident_hmac_sha256 (self->key, sizeof self->key, self->payload, strlen (self->payload), self->commitment);
}

static void
append_uint (GByteArray *out,
             guint64     value,
             guint       n_bytes)
{
  guint8 bytes[sizeof value];

  incident_bytes_put (bytes, value, n_bytes);
  g_byte_array_append (out, bytes, n_bytes);
}

static void
append_string (GByteArray *out,
               const char *string)
{
  gsize length = strlen (string);

  append_uint (out, length, 4);
  g_byte_array_append (out, (const guint8 *) string, (guint) length);
}

/* Version 1; integers big-endian, a string is its length in four bytes and its
 * bytes. The layout never changes: another one gets another version byte.
 *
 *   "INCE" 01 | store id 16 | log index 8 | subject type 1 (01: a case) |
 *   case 8 | seq 4 | kind | occurred-at 8 | recorded-at 8 | actor |
 *   verified 1 | operation 16 | step 4 | facts | commitment 32
 */
static GByteArray *
encode (const IncidentRecord *self,
        const guint8          store_id[INCIDENT_STORE_ID_LENGTH])
{
  GByteArray *out = g_byte_array_sized_new (512);

  g_byte_array_append (out, (const guint8 *) "INCE\x01", 5);
  g_byte_array_append (out, store_id, INCIDENT_STORE_ID_LENGTH);
  append_uint (out, self->log_index, 8);
  append_uint (out, 1, 1);
  append_uint (out, self->subject, 8);
  append_uint (out, self->seq, 4);
  append_string (out, self->kind);
  append_uint (out, (guint64) self->occurred_at, 8);
  append_uint (out, (guint64) self->recorded_at, 8);
  append_string (out, self->actor);
  append_uint (out, self->verified, 1);
  g_byte_array_append (out, self->operation, INCIDENT_OPERATION_LENGTH);
  append_uint (out, self->step, 4);
  append_string (out, self->facts);
  g_byte_array_append (out, self->commitment, INCIDENT_HASH_LENGTH);
  return out;
}

GBytes *
incident_record_encode (const IncidentRecord *self,
                        const guint8          store_id[INCIDENT_STORE_ID_LENGTH])
{
  return g_byte_array_free_to_bytes (encode (self, store_id));
}

/* Where in the encoding stands what differs from case to case. */
#define AT_LOG_INDEX 21
#define AT_SUBJECT   30
#define AT_SEQ       38

static gsize
at_step (const IncidentRecord *self)
{
  return 42 + 4 + strlen (self->kind) + 16 + 4 + strlen (self->actor) + 1 + INCIDENT_OPERATION_LENGTH;
}

/* The leaf of each event, one after another. */
static void
hash_each (const IncidentRecord *self,
           const guint8          store_id[INCIDENT_STORE_ID_LENGTH],
           gboolean            (*each) (const IncidentRecord *self,
                                        guint                 position,
                                        const guint8         *leaf,
                                        gpointer              data),
           gpointer              data)
{
  static const guint8 prefix = 0;
  g_autoptr(GByteArray) encoding = encode (self, store_id);
  gsize step = at_step (self);
  guint8 leaf[INCIDENT_HASH_LENGTH];
  guint8 *at;

  g_byte_array_prepend (encoding, &prefix, 1);
  at = encoding->data + 1;
  for (guint i = 0; i < incident_record_get_n_events (self); i++)
    {
      if (i > 0)
        {
          const IncidentPlace *place = &g_array_index (self->also, IncidentPlace, i - 1);

          incident_bytes_put (at + AT_LOG_INDEX, self->log_index + i, 8);
          incident_bytes_put (at + AT_SUBJECT, place->subject, 8);
          incident_bytes_put (at + AT_SEQ, place->seq, 4);
          incident_bytes_put (at + step, self->step + i, 4);
        }
      incident_sha256 (encoding->data, encoding->len, leaf);
      if (!each (self, i, leaf, data))
        return;
    }
}

static gboolean
keep_leaf (const IncidentRecord *self,
           guint                 position,
           const guint8         *leaf,
           gpointer              record)
{
  guint8 *kept = position > 0 ? g_array_index (self->also, IncidentPlace, position - 1).leaf
                              : ((IncidentRecord *) record)->leaf;

  memcpy (kept, leaf, INCIDENT_HASH_LENGTH);
  return TRUE;
}

void
incident_record_hash (IncidentRecord *self,
                      const guint8    store_id[INCIDENT_STORE_ID_LENGTH])
{
  hash_each (self, store_id, keep_leaf, self);
}

void
incident_record_unseal (IncidentRecord *self)
{
  static GMutex lock;
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&lock);
  g_autoptr(IncidentSeal) seal = g_steal_pointer (&self->seal);
  guint64 log_index = GUINT64_TO_BE (self->log_index);

  if (seal == NULL)
    return;

  incident_hmac_sha256 (seal->secret, sizeof seal->secret, &log_index, sizeof log_index, self->key);
  incident_record_commit (self);
  incident_record_hash (self, seal->store_id);
}

static gboolean
compare_leaf (const IncidentRecord *self,
              guint                 position,
              const guint8         *leaf,
              gpointer              fits)
{
  const guint8 *kept = position > 0 ? g_array_index (self->also, IncidentPlace, position - 1).leaf : self->leaf;

  *(gboolean *) fits = memcmp (leaf, kept, INCIDENT_HASH_LENGTH) == 0;
  return *(gboolean *) fits;
}

IncidentRecord *
incident_record_redact (IncidentRecord *self)
{
  IncidentRecord *redacted;

  incident_record_unseal (self);
  redacted = incident_record_split (self, 0);
  g_clear_pointer (&redacted->payload, g_free);
  memset (redacted->key, 0, INCIDENT_KEY_LENGTH);
  return redacted;
}

gboolean
incident_record_verify (const IncidentRecord *self,
                        const guint8          store_id[INCIDENT_STORE_ID_LENGTH])
{
  guint8 digest[INCIDENT_HASH_LENGTH];
  gboolean fits = FALSE;

  if (self->payload != NULL)
    {
      incident_hmac_sha256 (self->key, sizeof self->key, self->payload, strlen (self->payload), digest);
      if (memcmp (digest, self->commitment, sizeof digest) != 0)
        return FALSE;
    }

  hash_each (self, store_id, compare_leaf, &fits);
  return fits;
}

gboolean
incident_payload_next (const char **cursor,
                       const char **name,
                       gsize       *name_length,
                       const char **value,
                       gsize       *value_length)
{
  const char *at = *cursor;

  if (at[0] == '{' && at[1] == '}')
    *cursor = at + 1;
  if ((at[0] != '{' && at[0] != ',') || at[1] != '"')
    return FALSE;

  *name = at + 2;
  for (at = *name; *at != '"'; at++)
    if (*at == '\\' || *at == '\0')
      return FALSE;
  *name_length = (gsize) (at - *name);
  if (at[1] != ':' || at[2] != '"')
    return FALSE;

  *value = at + strlen ("\":\"");
  *value_length = strcspn (*value, "\"\\");
  at = *value + *value_length;
  if (*at != '"')
    return FALSE;

  *cursor = at + 1;
  return TRUE;
}

/* FALSE: only a parser can tell. */
static gboolean
find_plain_string (const char  *payload,
                   const char  *member,
                   const char **value,
                   gsize       *length)
{
  gsize wanted = strlen (member), name_length;
  const char *name;

  while (incident_payload_next (&payload, &name, &name_length, value, length))
    if (name_length == wanted && memcmp (name, member, wanted) == 0)
      return TRUE;

  *value = NULL;
  return g_str_equal (payload, "}");
}

char *
incident_record_dup_string (const IncidentRecord *self,
                            const char           *member)
{
  g_autoptr(IncidentJsonReader) reader = NULL;
  const char *name, *plain;
  gsize length;

  if (self->payload == NULL)
    return NULL;
  if (find_plain_string (self->payload, member, &plain, &length))
    return plain != NULL ? g_strndup (plain, length) : NULL;

  reader = incident_json_reader_new (self->payload, strlen (self->payload), NULL, &incident_record_limits);
  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    {
      if (strcmp (name, member) == 0)
        return g_strdup (incident_json_reader_read_string (reader));
      incident_json_reader_skip (reader);
    }

  return NULL;
}

gboolean
incident_fact_is_value (const char *value)
{
  if (!g_utf8_validate (value, -1, NULL))
    return FALSE;

  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)) || g_utf8_get_char (p) == 0x2028 || g_utf8_get_char (p) == 0x2029)
      return FALSE;

  return TRUE;
}

void
incident_facts_append (GString    *facts,
                       const char *name,
                       const char *value)
{
  if (facts->len > 0)
    g_string_append_c (facts, '\n');
  g_string_append (facts, name);
  g_string_append_c (facts, '=');
  g_string_append (facts, value);
}

void
incident_facts_append_number (GString    *facts,
                              const char *name,
                              guint       number)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", number);
  incident_facts_append (facts, name, text);
}

void
incident_facts_append_time (GString    *facts,
                            const char *name,
                            gint64      time)
{
  char text[INCIDENT_TIME_LENGTH];

  if (time == INCIDENT_TIME_NONE)
    return;

  incident_time_write (time, text);
  incident_facts_append (facts, name, text);
}

gboolean
incident_facts_next (const char **cursor,
                     const char **name,
                     gsize       *name_length,
                     const char **value,
                     gsize       *value_length)
{
  const char *line = *cursor;
  const char *end = line + strcspn (line, "\n");
  const char *equals = memchr (line, '=', (gsize) (end - line));

  if (equals == NULL)
    return FALSE;

  *name = line;
  *name_length = (gsize) (equals - line);
  *value = equals + 1;
  *value_length = (gsize) (end - equals - 1);
  *cursor = *end == '\n' ? end + 1 : end;
  return TRUE;
}

gboolean
incident_facts_find (const char  *facts,
                     const char  *name,
                     const char **value,
                     gsize       *value_length)
{
  gsize wanted = strlen (name), found_length;
  const char *found;

  while (incident_facts_next (&facts, &found, &found_length, value, value_length))
    if (found_length == wanted && memcmp (found, name, wanted) == 0)
      return TRUE;

  return FALSE;
}

char *
incident_facts_dup (const char *facts,
                    const char *name)
{
  const char *value;
  gsize value_length;

  return incident_facts_find (facts, name, &value, &value_length) ? g_strndup (value, value_length) : NULL;
}
