/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-memory-store.h>

#include <libincident/incident-time.h>

#include "base/incident-error-private.h"
#include "store/incident-memory-intake-private.h"
#include "store/incident-memory-log-private.h"
#include "store/incident-oncall-table-private.h"
#include "store/incident-outbox-table-private.h"

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

  GMutex             lock;
  IncidentMemoryLog  log;
  IncidentChunks     cases;  /* Kase, by number - 1 */
  GHashTable        *groups; /* name → number, as a pointer to guint64 */
  GHashTable        *documents; /* version → document */
  GPtrArray         *refusals; /* (element-type IncidentRefusal) */
  IncidentMemoryIntake intake;
  IncidentSqlite    *outbox; /* nullable: as long as there is no message */
};

/* One cache line. */
typedef struct
{
  IncidentState state;
  guint32       last;    /* log index of its last event */
  guint32       pending; /* events of the commit in hand that are checked and not in the state yet */
} Kase;

static void incident_memory_store_iface_init (IncidentStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentMemoryStore, incident_memory_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_STORE, incident_memory_store_iface_init))

/* How far ahead memory is asked for, when many cases are met in any order. */
#define AHEAD 8

static Kase *
find_case (IncidentMemoryStore *self,
           guint64              number)
{
  return number >= 1 && number <= self->cases.length ? incident_chunks_get (&self->cases, number - 1) : NULL;
}

static void
prefetch_case (IncidentMemoryStore *self,
               guint64              number)
{
  __builtin_prefetch (find_case (self, number), 1);
}

static guint64
find_group (IncidentMemoryStore *self,
            const char          *group)
{
  const guint64 *number = g_hash_table_lookup (self->groups, group);

  return number != NULL ? *number : 0;
}

/* The outbox and who is on call: in the tables of the durable store, so that a claim cannot come to anything else there. */

/* What fails here and in memory alone, has no memory: as with GLib, nothing is left to be done. */
static void
end_without_memory (const GError *error)
{
  g_error ("The outbox in memory fails: %s", error != NULL ? error->message : "no memory");
}

static IncidentSqlite *
open_outbox (IncidentMemoryStore *self)
{
  g_autoptr(GError) error = NULL;

  if (self->outbox == NULL)
    self->outbox = incident_sqlite_open_memory (&error);
  if (self->outbox == NULL)
    end_without_memory (error);
  return self->outbox;
}

static gboolean
has_outbox (const IncidentCommit *commit)
{
  return (commit->messages != NULL && commit->messages->len > 0) || (commit->changes != NULL && commit->changes->len > 0)
         || commit->channel != NULL || commit->roster != NULL || commit->claim != NULL;
}

static void
write_outbox (IncidentMemoryStore *self,
              IncidentCommit      *commit)
{
  IncidentSqlite *outbox = has_outbox (commit) ? open_outbox (self) : NULL;
  g_autoptr(GError) error = NULL;

  if (outbox != NULL
      && (!incident_sqlite_exec (outbox->db, "BEGIN", &error) || !incident_outbox_write (outbox, commit, &error)
          || !incident_oncall_write (outbox, commit, &error)
          || !incident_sqlite_exec (outbox->db, "COMMIT", &error)))
    end_without_memory (error);
}

static IncidentSqlite *
incident_memory_store_enter_outbox (IncidentStore  *store,
                                    GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);

  g_mutex_lock (&self->lock);
  return open_outbox (self);
}

static void
incident_memory_store_leave_outbox (IncidentStore *store)
{
  g_mutex_unlock (&INCIDENT_MEMORY_STORE (store)->lock);
}

/* Checking: nothing changes but what is pending. */

static gboolean
check_event (IncidentMemoryStore *self,
             guint64              number,
             guint32              seq)
{
  Kase *kase = find_case (self, number);

  if (kase == NULL || seq != kase->state.version + kase->pending + 1)
    return FALSE;

  kase->pending++;
  return TRUE;
}

static gboolean
check_draft (IncidentMemoryStore *self,
             IncidentRecord      *draft)
{
  guint n = incident_record_get_n_events (draft) - 1;

  /* A new case, and what belongs to it. */
  if (draft->subject == 0)
    return TRUE;
  if (!check_event (self, draft->subject, draft->seq))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      const IncidentPlace *place = &g_array_index (draft->also, IncidentPlace, i);

      if (i + AHEAD < n)
        prefetch_case (self, g_array_index (draft->also, IncidentPlace, i + AHEAD).subject);
      if (!check_event (self, place->subject, place->seq))
        return FALSE;
    }

  return TRUE;
}

static void
forget_pending (IncidentMemoryStore *self,
                GPtrArray           *drafts)
{
  for (guint i = 0; i < drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (drafts, i);
      Kase *kase = find_case (self, draft->subject);

      if (kase != NULL)
        kase->pending = 0;
      for (guint j = 0; draft->also != NULL && j < draft->also->len; j++)
        {
          kase = find_case (self, g_array_index (draft->also, IncidentPlace, j).subject);
          if (kase != NULL)
            kase->pending = 0;
        }
    }
}

static gboolean
check_groups (IncidentMemoryStore   *self,
              const IncidentCommit  *commit,
              GError               **error)
{
  for (guint i = 0; commit->groups != NULL && i < commit->groups->len; i++)
    {
      const IncidentGroupChange *change = &g_array_index (commit->groups, IncidentGroupChange, i);

      if (find_group (self, change->name) != change->follows)
        return incident_store_fail_conflict (error, "Another case stands for these alerts by now");
    }

  return TRUE;
}

static gboolean
check_expectations (IncidentMemoryStore  *self,
                    IncidentCommit       *commit,
                    GError              **error)
{
  guint64 n_events = 0;

  if (!incident_intake_change_check (commit->intake, self->intake.entries->len, error)
      || !check_groups (self, commit, error)
      || (has_outbox (commit)
          && (!incident_outbox_check (open_outbox (self), commit, error)
              || !incident_oncall_check (open_outbox (self), commit, error))))
    return FALSE;
  for (guint i = 0; i < commit->drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (commit->drafts, i);

      if (draft->step == 0 && incident_memory_log_find_operation (&self->log, draft->operation) != 0)
        return incident_store_fail_conflict (error, "The operation is recorded already");
      if (!check_draft (self, draft))
        return incident_store_fail_conflict (error, "The case has changed in the meantime");
      n_events += incident_record_get_n_events (draft);
    }
  if (incident_memory_log_get_size (&self->log) + n_events < G_MAXUINT32)
    return TRUE;

  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE,
                       "A store in memory holds no more events than this: use a file");
  return FALSE;
}

/* Writing */

/* Of an event, and so of all cases that what it says was said of. */
static void
remove_words (IncidentMemoryStore *self,
              guint32              last,
              guint32              seq)
{
  guint32 first;
  guint n = incident_memory_log_remove_words (&self->log, last, seq, &first);
  g_autoptr(GError) error = NULL;

  for (guint32 i = first; self->outbox != NULL && i < first + n; i++)
    {
      guint64 subject = incident_memory_log_get_subject (&self->log, i, &seq);

      if (!incident_outbox_remove_words (self->outbox, subject, seq, &error))
        end_without_memory (error);
    }
}

static void
append_event (IncidentMemoryStore  *self,
              const IncidentRecord *draft,
              const IncidentEffect *effect,
              guint64               number,
              guint32               seq,
              guint32               step)
{
  Kase *kase = find_case (self, number);

  kase->last = incident_memory_log_append (&self->log, number, seq, step, kase->last);
  kase->pending = 0;
  incident_state_apply (&kase->state, effect, seq, draft->actor, draft->occurred_at);
  if (effect->redacts > 0 && effect->redacts < seq)
    remove_words (self, kase->last, (guint32) effect->redacts);
}

static void
append_draft (IncidentMemoryStore *self,
              IncidentRecord      *draft)
{
  const IncidentEffect *effect = incident_memory_log_say (&self->log, draft);
  guint n = incident_record_get_n_events (draft) - 1;

  draft->log_index = incident_memory_log_get_size (&self->log);
  draft->seal = g_atomic_rc_box_acquire (self->log.seal);
  append_event (self, draft, effect, draft->subject, draft->seq, draft->step);
  for (guint i = 0; i < n; i++)
    {
      const IncidentPlace *place = &g_array_index (draft->also, IncidentPlace, i);

      if (i + AHEAD < n)
        prefetch_case (self, g_array_index (draft->also, IncidentPlace, i + AHEAD).subject);
      append_event (self, draft, effect, place->subject, place->seq, draft->step + i + 1);
    }
}

static void
put_groups (IncidentMemoryStore  *self,
            const IncidentCommit *commit)
{
  for (guint i = 0; commit->groups != NULL && i < commit->groups->len; i++)
    {
      const IncidentGroupChange *change = &g_array_index (commit->groups, IncidentGroupChange, i);
      guint64 stands = incident_commit_get_standing (commit, change);

      g_hash_table_insert (self->groups, g_strdup (change->name), g_memdup2 (&stands, sizeof stands));
    }
}

static gboolean
incident_memory_store_commit (IncidentStore   *store,
                              IncidentCommit  *commit,
                              GError         **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  if (!check_expectations (self, commit, error))
    {
      forget_pending (self, commit->drafts);
      return FALSE;
    }

  for (guint i = 0; i < commit->drafts->len; i++)
    {
      IncidentRecord *draft = g_ptr_array_index (commit->drafts, i);

      if (draft->seq == 1)
        incident_chunks_add (&self->cases);
      if (draft->subject == 0)
        draft->subject = self->cases.length;
      append_draft (self, draft);
    }
  put_groups (self, commit);
  incident_memory_intake_apply (&self->intake, commit);
  write_outbox (self, commit);
  return TRUE;
}

/* Reading */

static gboolean
incident_memory_store_look_at (IncidentStore     *store,
                               const guint64     *numbers,
                               gsize              n_numbers,
                               IncidentLookFunc   look,
                               gpointer           data,
                               GError           **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  for (gsize i = 0; i < n_numbers; i++)
    {
      Kase *kase = find_case (self, numbers[i]);

      if (i + AHEAD < n_numbers)
        prefetch_case (self, numbers[i + AHEAD]);
      if (kase == NULL)
        incident_set_no_case (error, numbers[i]);
      if (kase == NULL || !look (numbers[i], &kase->state, data, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
incident_memory_store_look_at_all (IncidentStore     *store,
                                   IncidentLookFunc   look,
                                   gpointer           data,
                                   GError           **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  for (guint64 number = 1; number <= self->cases.length; number++)
    if (!look (number, &find_case (self, number)->state, data, error))
      return FALSE;

  return TRUE;
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

  return incident_memory_log_list_case (&self->log, kase->last, seq);
}

static GPtrArray *
incident_memory_store_read_log (IncidentStore  *store,
                                guint64         log_index,
                                guint           limit,
                                GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);

  for (guint64 i = log_index; i < incident_memory_log_get_size (&self->log) && i - log_index < limit; i++)
    g_ptr_array_add (records, incident_memory_log_make_record (&self->log, i));

  return records;
}

static gboolean
incident_memory_store_get_size (IncidentStore  *store,
                                guint64        *size,
                                GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  *size = incident_memory_log_get_size (&self->log);
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

  for (guint64 number = self->cases.length; number >= 1 && numbers->len < query->limit; number--)
    {
      Kase *kase = find_case (self, number);

      if (incident_query_matches (query, number, &kase->state,
                                  query->since != INCIDENT_TIME_NONE
                                  ? incident_memory_log_get_opened_at (&self->log, kase->last) : 0))
        g_array_append_val (numbers, number);
    }

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

  *subject = find_group (self, group);
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

  *subject = incident_memory_log_find_operation (&self->log, operation);
  return TRUE;
}

static gboolean
incident_memory_store_get_intake_head (IncidentStore  *store,
                                       guint64        *head,
                                       GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  *head = self->intake.entries->len;
  return TRUE;
}

static GPtrArray *
incident_memory_store_list_intake (IncidentStore  *store,
                                   const char     *kind,
                                   guint64         after,
                                   guint           limit,
                                   GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return incident_memory_intake_list (&self->intake, kind, after, limit);
}

static IncidentIntakeEntry *
incident_memory_store_find_intake (IncidentStore  *store,
                                   guint64         id,
                                   GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return id >= 1 && id <= self->intake.entries->len
         ? incident_intake_entry_copy (g_ptr_array_index (self->intake.entries, id - 1)) : NULL;
}

static gboolean
incident_memory_store_find_intake_before (IncidentStore  *store,
                                          gint64          at,
                                          guint64        *id,
                                          GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  *id = incident_memory_intake_find_before (&self->intake, at);
  return TRUE;
}

static GArray *
incident_memory_store_list_alert_rows (IncidentStore  *store,
                                       guint64         since,
                                       guint64         after,
                                       guint           limit,
                                       GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return incident_memory_intake_list_rows (&self->intake, since, after, limit);
}

static gboolean
incident_memory_store_keep_document (IncidentStore  *store,
                                     const char     *version,
                                     const char     *document,
                                     GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  g_hash_table_insert (self->documents, g_strdup (version), g_strdup (document));
  return TRUE;
}

static char *
incident_memory_store_find_document (IncidentStore  *store,
                                     const char     *version,
                                     GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return g_strdup (g_hash_table_lookup (self->documents, version));
}

static gboolean
incident_memory_store_keep_refusal (IncidentStore    *store,
                                    IncidentRefusal  *refusal,
                                    GError          **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  refusal->number = self->refusals->len + 1;
  g_ptr_array_add (self->refusals, incident_refusal_ref (refusal));
  return TRUE;
}

static GPtrArray *
incident_memory_store_list_refusals (IncidentStore  *store,
                                     guint64         after,
                                     guint           limit,
                                     GError        **error)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (store);
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GPtrArray *listed = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_refusal_unref);

  for (guint64 i = after; i < self->refusals->len && listed->len < limit; i++)
    g_ptr_array_add (listed, incident_refusal_ref (g_ptr_array_index (self->refusals, i)));
  return listed;
}

static void
incident_memory_store_iface_init (IncidentStoreInterface *iface)
{
  iface->commit = incident_memory_store_commit;
  iface->load = incident_memory_store_load;
  iface->look_at = incident_memory_store_look_at;
  iface->look_at_all = incident_memory_store_look_at_all;
  iface->read_log = incident_memory_store_read_log;
  iface->get_size = incident_memory_store_get_size;
  iface->find_cases = incident_memory_store_find_cases;
  iface->find_group = incident_memory_store_find_group;
  iface->find_operation = incident_memory_store_find_operation;
  iface->get_intake_head = incident_memory_store_get_intake_head;
  iface->list_intake = incident_memory_store_list_intake;
  iface->find_intake = incident_memory_store_find_intake;
  iface->find_intake_before = incident_memory_store_find_intake_before;
  iface->list_alert_rows = incident_memory_store_list_alert_rows;
  iface->enter_outbox = incident_memory_store_enter_outbox;
  iface->leave_outbox = incident_memory_store_leave_outbox;
  iface->keep_document = incident_memory_store_keep_document;
  iface->find_document = incident_memory_store_find_document;
  iface->keep_refusal = incident_memory_store_keep_refusal;
  iface->list_refusals = incident_memory_store_list_refusals;
}

static void
incident_memory_store_finalize (GObject *object)
{
  IncidentMemoryStore *self = INCIDENT_MEMORY_STORE (object);

  for (guint64 i = 0; i < self->cases.length; i++)
    incident_state_clear (&((Kase *) incident_chunks_get (&self->cases, i))->state);
  incident_chunks_clear (&self->cases);
  incident_memory_log_clear (&self->log);
  g_hash_table_unref (self->groups);
  g_hash_table_unref (self->documents);
  g_ptr_array_unref (self->refusals);
  incident_memory_intake_clear (&self->intake);
  g_clear_pointer (&self->outbox, incident_sqlite_close);
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
  incident_chunks_init (&self->cases, sizeof (Kase));
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->documents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->refusals = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_refusal_unref);
  incident_memory_intake_init (&self->intake);
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
  IncidentMemoryStore *self;

  g_return_val_if_fail (INCIDENT_IS_CLOCK (clock), NULL);

  self = g_object_new (INCIDENT_TYPE_MEMORY_STORE, NULL);
  incident_memory_log_init (&self->log, clock);
  return INCIDENT_STORE (self);
}
