/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-memory-log-private.h"

#include <string.h>

/* The words of an event and what they do to a case. */
typedef struct
{
  const char     *kind;      /* interned */
  char           *actor;     /* GRefString */
  char           *facts;     /* GRefString */
  guint8          verified;
  IncidentEffect  effect;    /* its slices lie in the facts */
} Terms;

typedef struct
{
  const Terms *terms;
  const char  *payload;      /* packed; NULL: the words were removed */
  gint64       occurred_at;
  gint64       recorded_at;
  guint8       operation[INCIDENT_OPERATION_LENGTH];
} Saying;

typedef struct
{
  guint32 saying;
  guint32 subject;
  guint32 seq;
  guint32 step;
  guint32 prev;
} Event;

static guint
terms_hash (gconstpointer data)
{
  const Terms *self = data;

  return g_direct_hash (self->kind) ^ g_str_hash (self->actor) * 31 ^ g_str_hash (self->facts) * 1021;
}

static gboolean
terms_equal (gconstpointer a,
             gconstpointer b)
{
  const Terms *left = a;
  const Terms *right = b;

  return left->kind == right->kind && left->verified == right->verified
         && g_str_equal (left->actor, right->actor) && g_str_equal (left->facts, right->facts);
}

static void
terms_free (gpointer data)
{
  Terms *self = data;

  g_ref_string_release (self->actor);
  g_ref_string_release (self->facts);
  g_clear_pointer (&self->effect.shared_service, g_ref_string_release);
  g_clear_pointer (&self->effect.shared_category, g_ref_string_release);
  g_free (self);
}

void
incident_memory_log_init (IncidentMemoryLog *self,
                          IncidentClock     *clock)
{
  g_autoptr(GBytes) drawn = incident_clock_random_bytes (clock, sizeof (IncidentSeal));

  incident_chunks_init (&self->events, sizeof (Event));
  incident_chunks_init (&self->sayings, sizeof (Saying));
  self->terms = g_hash_table_new_full (terms_hash, terms_equal, terms_free, NULL);
  self->payloads = g_string_chunk_new (65536);
  self->n_slots = 1024;
  self->operations = g_new0 (guint32, self->n_slots);
  self->seal = g_atomic_rc_box_new (IncidentSeal);
  memcpy (self->seal, g_bytes_get_data (drawn, NULL), sizeof *self->seal);
  self->commitments = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
}

void
incident_memory_log_clear (IncidentMemoryLog *self)
{
  incident_chunks_clear (&self->events);
  incident_chunks_clear (&self->sayings);
  g_hash_table_unref (self->terms);
  g_string_chunk_free (self->payloads);
  g_free (self->operations);
  g_atomic_rc_box_release (self->seal);
  g_hash_table_unref (self->commitments);
}

guint64
incident_memory_log_get_size (IncidentMemoryLog *self)
{
  return self->events.length;
}

static char *
share (IncidentSlice slice)
{
  return slice.start != NULL ? g_ref_string_new_len (slice.start, (gssize) slice.length) : NULL;
}

static const Terms *
intern_terms (IncidentMemoryLog    *self,
              const IncidentRecord *draft)
{
  Terms wanted = { draft->kind, draft->actor, draft->facts, draft->verified, { NULL, } };
  Terms *terms = g_hash_table_lookup (self->terms, &wanted);

  if (terms != NULL)
    return terms;

  terms = g_memdup2 (&wanted, sizeof wanted);
  g_ref_string_acquire (terms->actor);
  g_ref_string_acquire (terms->facts);
  incident_effect_read (&terms->effect, terms->facts);
  terms->effect.shared_service = share (terms->effect.service);
  terms->effect.shared_category = share (terms->effect.category);
  g_hash_table_add (self->terms, terms);
  return terms;
}

/* Operations */

static guint
hash_operation (const guint8 operation[INCIDENT_OPERATION_LENGTH])
{
  guint64 halves[2];
  guint64 hash;

  memcpy (halves, operation, sizeof halves);
  hash = (halves[0] ^ GUINT64_FROM_BE (halves[1])) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}

static const Saying *
get_saying (IncidentMemoryLog *self,
            guint64            log_index)
{
  const Event *event = incident_chunks_get (&self->events, log_index);

  return incident_chunks_get (&self->sayings, event->saying);
}

/* The place of the operation in the table, or the free one where it would be. */
static guint32 *
find_slot (IncidentMemoryLog *self,
           const guint8       operation[INCIDENT_OPERATION_LENGTH])
{
  guint n = self->n_slots;

  for (guint i = (guint) ((guint64) hash_operation (operation) * n >> 32);; i = i + 1 == n ? 0 : i + 1)
    {
      guint32 event = self->operations[i];

      if (event == 0 || memcmp (get_saying (self, event - 1)->operation, operation, INCIDENT_OPERATION_LENGTH) == 0)
        return &self->operations[i];
    }
}

static void
note_operation (IncidentMemoryLog *self,
                guint64            log_index)
{
  guint32 *slot = find_slot (self, get_saying (self, log_index)->operation);

  if (*slot == 0)
    *slot = (guint32) log_index + 1;
}

/* At most three in four slots are taken. */
static void
grow_operations (IncidentMemoryLog *self)
{
  guint32 *old = self->operations;
  guint n_old = self->n_slots;

  if (self->sayings.length * 4 < (guint64) n_old * 3)
    return;

  self->n_slots += n_old / 4;
  self->operations = g_new0 (guint32, self->n_slots);
  for (guint i = 0; i < n_old; i++)
    if (old[i] != 0)
      note_operation (self, old[i] - 1);
  g_free (old);
}

guint64
incident_memory_log_find_operation (IncidentMemoryLog *self,
                                    const guint8       operation[INCIDENT_OPERATION_LENGTH])
{
  guint32 event = *find_slot (self, operation);

  return event != 0 ? ((const Event *) incident_chunks_get (&self->events, event - 1))->subject : 0;
}

/* Payloads: most say one thing, in plain characters, and then only that is kept. */

static const struct
{
  char        tag;
  const char *start;
} packs[] = {
  { 1, "{\"title\":\"" },
  { 2, "{\"text\":\"" },
};

#define PACK_END "\"}"

static const char *
pack (IncidentMemoryLog *self,
      const char        *payload)
{
  gsize length = strlen (payload);

  for (guint i = 0; i < G_N_ELEMENTS (packs); i++)
    {
      gsize start = strlen (packs[i].start);
      gsize inner = length - start - strlen (PACK_END);
      char *packed;

      if (!g_str_has_prefix (payload, packs[i].start) || !g_str_has_suffix (payload + start, PACK_END)
          || strcspn (payload + start, "\"\\") != inner)
        continue;
      packed = g_string_chunk_insert_len (self->payloads, payload + start - 1, (gssize) inner + 1);
      packed[0] = packs[i].tag;
      return packed;
    }

  return g_string_chunk_insert_len (self->payloads, payload, (gssize) length);
}

static char *
unpack (const char *packed)
{
  for (guint i = 0; i < G_N_ELEMENTS (packs); i++)
    if (packed[0] == packs[i].tag)
      return g_strconcat (packs[i].start, packed + 1, PACK_END, NULL);

  return g_strdup (packed);
}

/* Writing */

const IncidentEffect *
incident_memory_log_say (IncidentMemoryLog    *self,
                         const IncidentRecord *draft)
{
  Saying *saying;

  grow_operations (self);
  saying = incident_chunks_add (&self->sayings);
  saying->terms = intern_terms (self, draft);
  saying->payload = pack (self, draft->payload);
  saying->occurred_at = draft->occurred_at;
  saying->recorded_at = draft->recorded_at;
  memcpy (saying->operation, draft->operation, INCIDENT_OPERATION_LENGTH);
  return &saying->terms->effect;
}

guint32
incident_memory_log_append (IncidentMemoryLog *self,
                            guint64            subject,
                            guint32            seq,
                            guint32            step,
                            guint32            prev)
{
  Event *event = incident_chunks_add (&self->events);

  event->saying = (guint32) (self->sayings.length - 1);
  event->subject = (guint32) subject;
  event->seq = seq;
  event->step = step;
  event->prev = prev;
  if (step == 0)
    note_operation (self, self->events.length - 1);
  return (guint32) (self->events.length - 1);
}

/* Reading */

/* The words are gone, and the leaf is what it was. */
static void
restore_commitment (IncidentMemoryLog *self,
                    IncidentRecord    *record)
{
  GBytes *commitment = g_hash_table_lookup (self->commitments, GUINT_TO_POINTER ((guint) record->log_index));

  memcpy (record->commitment, g_bytes_get_data (commitment, NULL), INCIDENT_HASH_LENGTH);
  incident_record_hash (record, self->seal->store_id);
}

IncidentRecord *
incident_memory_log_make_record (IncidentMemoryLog *self,
                                 guint64            log_index)
{
  const Event *event = incident_chunks_get (&self->events, log_index);
  const Saying *saying = incident_chunks_get (&self->sayings, event->saying);
  IncidentRecord *record = incident_record_new ();

  record->log_index = log_index;
  record->subject = event->subject;
  record->seq = event->seq;
  record->step = event->step;
  record->prev = event->prev;
  record->occurred_at = saying->occurred_at;
  record->recorded_at = saying->recorded_at;
  record->kind = saying->terms->kind;
  record->actor = g_ref_string_acquire (saying->terms->actor);
  record->verified = saying->terms->verified;
  memcpy (record->operation, saying->operation, INCIDENT_OPERATION_LENGTH);
  record->facts = g_ref_string_acquire (saying->terms->facts);
  if (saying->payload == NULL)
    {
      restore_commitment (self, record);
      return record;
    }
  record->payload = unpack (saying->payload);
  record->seal = g_atomic_rc_box_acquire (self->seal);
  incident_record_unseal (record);
  return record;
}

GPtrArray *
incident_memory_log_list_case (IncidentMemoryLog *self,
                               guint32            last,
                               guint32            seq)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  const Event *event = incident_chunks_get (&self->events, last);

  for (guint32 n = event->seq; n > seq; n--)
    {
      g_ptr_array_add (records, incident_memory_log_make_record (self, last));
      last = event->prev;
      event = incident_chunks_get (&self->events, last);
    }

  incident_records_reverse (records);
  return records;
}

static void
keep_commitment (IncidentMemoryLog *self,
                 guint32            log_index)
{
  g_autoptr(IncidentRecord) record = incident_memory_log_make_record (self, log_index);

  g_hash_table_insert (self->commitments, GUINT_TO_POINTER (log_index),
                       g_bytes_new (record->commitment, INCIDENT_HASH_LENGTH));
}

guint
incident_memory_log_remove_words (IncidentMemoryLog *self,
                                  guint32            last,
                                  guint32            seq,
                                  guint32           *first)
{
  const Event *event = incident_chunks_get (&self->events, last);
  guint32 saying_index;
  Saying *saying;
  guint n = 0;

  while (event->seq > seq)
    {
      last = event->prev;
      event = incident_chunks_get (&self->events, last);
    }
  saying_index = event->saying;
  saying = incident_chunks_get (&self->sayings, saying_index);
  *first = last;
  if (saying->payload == NULL)
    return 0;

  /* All events of one saying stand side by side. */
  while (*first > 0 && ((const Event *) incident_chunks_get (&self->events, *first - 1))->saying == saying_index)
    --*first;
  for (guint64 i = *first; i < self->events.length
                           && ((const Event *) incident_chunks_get (&self->events, i))->saying == saying_index; i++, n++)
    keep_commitment (self, (guint32) i);
  memset ((char *) saying->payload, ' ', strlen (saying->payload));
  saying->payload = NULL;
  return n;
}

guint64
incident_memory_log_get_subject (IncidentMemoryLog *self,
                                 guint64            log_index,
                                 guint32           *seq)
{
  const Event *event = incident_chunks_get (&self->events, log_index);

  *seq = event->seq;
  return event->subject;
}

gint64
incident_memory_log_get_opened_at (IncidentMemoryLog *self,
                                   guint32            last)
{
  const Event *event = incident_chunks_get (&self->events, last);

  while (event->seq > 1)
    event = incident_chunks_get (&self->events, event->prev);

  return ((const Saying *) incident_chunks_get (&self->sayings, event->saying))->occurred_at;
}
