/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-memory-store.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "store/incident-store-private.h"

/**
 * IncidentMemoryStore:
 *
 * A store that is gone with the process: for tests, simulations and
 * exploration. It keeps the same rules as the durable ones.
 *
 * Since: 0.1
 */
struct _IncidentMemoryStore
{
  GObject parent_instance;

  GMutex      lock;
  guint8      store_id[INCIDENT_STORE_ID_LENGTH];
  GPtrArray  *log;        /* (element-type IncidentRecord), by log index */
  GPtrArray  *cases;      /* (element-type Kase), by number - 1 */
  GHashTable *groups;     /* name → number, as a pointer to guint64 */
  GHashTable *operations; /* GBytes → number, likewise */
};

typedef struct
{
  GPtrArray     *records; /* (element-type IncidentRecord), by seq - 1 */
  IncidentState *state;
} Kase;

static void incident_memory_store_iface_init (IncidentStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentMemoryStore, incident_memory_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_STORE, incident_memory_store_iface_init))

static Kase *
kase_new (void)
{
  Kase *self = g_new0 (Kase, 1);

  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  self->state = incident_state_new ();
  return self;
}

static void
kase_free (Kase *self)
{
  g_ptr_array_unref (self->records);
  incident_state_free (self->state);
  g_free (self);
}

static Kase *
find_case (IncidentMemoryStore *self,
           guint64              number)
{
  return number >= 1 && number <= self->cases->len ? g_ptr_array_index (self->cases, number - 1) : NULL;
}

static guint64
find_number (GHashTable    *table,
             gconstpointer  key)
{
  const guint64 *number = g_hash_table_lookup (table, key);

  return number != NULL ? *number : 0;
}

static gboolean
check_expectations (IncidentMemoryStore  *self,
                    IncidentCommit       *commit,
                    GBytes               *operation,
                    GError              **error)
{
  IncidentRecord *first = g_ptr_array_index (commit->drafts, 0);
  Kase *kase = find_case (self, first->subject);

  if (first->subject != 0 && (kase == NULL || kase->state->version != first->seq - 1))
    g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT,
                 "The case has changed since version %u", first->seq - 1);
  else if (commit->group != NULL && find_number (self->groups, commit->group) != commit->follows)
    g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT, "Another case stands for these alerts by now");
  else if (g_hash_table_contains (self->operations, operation))
    g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT, "The operation is recorded already");
  else
    return TRUE;

  return FALSE;
}

static void
append (IncidentMemoryStore *self,
        Kase                *kase,
        guint64              number,
        IncidentRecord      *record)
{
  record->subject = number;
  record->log_index = self->log->len;
  incident_record_hash (record, self->store_id, record->leaf);
  g_ptr_array_add (self->log, incident_record_ref (record));
  g_ptr_array_add (kase->records, incident_record_ref (record));
  incident_state_apply (kase->state, record);
}

static gboolean
incident_memory_store_commit (IncidentStore   *store,
                              IncidentCommit  *commit,
                              GError         **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  IncidentRecord *first = g_ptr_array_index (commit->drafts, 0);
  g_autoptr(GBytes) operation = g_bytes_new (first->operation, sizeof first->operation);
  guint64 number = first->subject;

  if (!check_expectations (self, commit, operation, error))
    return FALSE;

  if (number == 0)
    {
      g_ptr_array_add (self->cases, kase_new ());
      number = self->cases->len;
    }
  for (guint i = 0; i < commit->drafts->len; i++)
    append (self, find_case (self, number), number, g_ptr_array_index (commit->drafts, i));

  g_hash_table_insert (self->operations, g_steal_pointer (&operation), g_memdup2 (&number, sizeof number));
  if (commit->group != NULL)
    g_hash_table_insert (self->groups, g_strdup (commit->group), g_memdup2 (&number, sizeof number));
  return TRUE;
}

static GPtrArray *
copy_records (GPtrArray *records,
              guint64    from,
              guint64    limit)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);

  for (guint64 i = from; i < records->len && i - from < limit; i++)
    g_ptr_array_add (copy, incident_record_ref (g_ptr_array_index (records, i)));

  return copy;
}

static GPtrArray *
incident_memory_store_load (IncidentStore  *store,
                            guint64         subject,
                            guint           seq,
                            GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Kase *kase = find_case (self, subject);

  if (kase == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);

  return copy_records (kase->records, seq, G_MAXUINT64);
}

static GPtrArray *
incident_memory_store_read_log (IncidentStore  *store,
                                guint64         log_index,
                                guint           limit,
                                GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return copy_records (self->log, log_index, limit);
}

static gboolean
incident_memory_store_get_size (IncidentStore  *store,
                                guint64        *size,
                                GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  *size = self->log->len;
  return TRUE;
}

static GArray *
incident_memory_store_find_cases (IncidentStore  *store,
                                  IncidentQuery  *query,
                                  GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint64 number = self->cases->len; number >= 1 && numbers->len < query->limit; number--)
    if (incident_query_matches (query, find_case (self, number)->state))
      g_array_append_val (numbers, number);

  return numbers;
}

static gboolean
incident_memory_store_find_group (IncidentStore  *store,
                                  const char     *group,
                                  guint64        *subject,
                                  GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  *subject = find_number (self->groups, group);
  return TRUE;
}

static gboolean
incident_memory_store_find_operation (IncidentStore  *store,
                                      const guint8    operation[INCIDENT_OPERATION_LENGTH],
                                      guint64        *subject,
                                      GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  g_autoptr(GBytes) key = g_bytes_new (operation, INCIDENT_OPERATION_LENGTH);

  *subject = find_number (self->operations, key);
  return TRUE;
}

static void
incident_memory_store_iface_init (IncidentStoreInterface *iface)
{
  iface->commit = incident_memory_store_commit;
  iface->load = incident_memory_store_load;
  iface->read_log = incident_memory_store_read_log;
  iface->get_size = incident_memory_store_get_size;
  iface->find_cases = incident_memory_store_find_cases;
  iface->find_group = incident_memory_store_find_group;
  iface->find_operation = incident_memory_store_find_operation;
}

static void
incident_memory_store_finalize (GObject *object)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (object);

  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->cases);
  g_hash_table_unref (self->groups);
  g_hash_table_unref (self->operations);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (incident_memory_store_parent_class)->finalize (object);
}

static void
incident_memory_store_class_init (IncidentMemoryStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_memory_store_finalize;
}

static void
incident_memory_store_init (IncidentMemoryStore *self)
{
  g_mutex_init (&self->lock);
  self->log = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  self->cases = g_ptr_array_new_with_free_func ((GDestroyNotify) kase_free);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->operations = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, g_free);
}

/**
 * incident_memory_store_new:
 * @clock: draws the id of the store
 *
 * Makes an empty store.
 *
 * Returns: (transfer full) (type IncidentMemoryStore): a new store
 *
 * Since: 0.1
 */
IncidentStore *
incident_memory_store_new (IncidentClock *clock)
{
  g_autoptr(GBytes) id = NULL;
  IncidentMemoryStore *self;

  g_return_val_if_fail (INCIDENT_IS_CLOCK (clock), NULL);

  self = g_object_new (INCIDENT_TYPE_MEMORY_STORE, NULL);
  id = incident_clock_random_bytes (clock, INCIDENT_STORE_ID_LENGTH);
  memcpy (self->store_id, g_bytes_get_data (id, NULL), INCIDENT_STORE_ID_LENGTH);
  return INCIDENT_STORE (self);
}
