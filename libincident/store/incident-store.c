/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-store-private.h"

#include <libincident/incident-error.h>

/**
 * IncidentStore:
 *
 * Where the events of cases are kept: an append-only log, in which each event
 * stands with its hash.
 *
 * A program opens a store, or lets [ctor@Desk.open] open one, and hands it to a
 * [class@Desk]; all reading and writing goes through the desk. Functions may be
 * called from any thread.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (IncidentStore, incident_store, G_TYPE_OBJECT)

/* A class in a language binding may leave out what it likes. */

gboolean
incident_store_fail_not_supported (IncidentStore  *self,
                                   const char     *what,
                                   GError        **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "A store of this kind (%s) cannot %s", G_OBJECT_TYPE_NAME (self), what);
  return FALSE;
}

static gboolean
incident_store_real_commit (IncidentStore   *self,
                            IncidentCommit  *commit,
                            GError         **error)
{
  return incident_store_fail_not_supported (self, "commit", error);
}

static GPtrArray *
incident_store_real_load (IncidentStore  *self,
                          guint64         subject,
                          guint           seq,
                          GError        **error)
{
  incident_store_fail_not_supported (self, "load a case", error);
  return NULL;
}

/* For a store that keeps no states: folds each case anew. */
static IncidentFold *
fold_case (IncidentStore  *self,
           guint64         number,
           GError        **error)
{
  g_autoptr(GPtrArray) records = incident_store_load (self, number, 0, error);
  g_autoptr(IncidentFold) fold = incident_fold_new ();

  for (guint i = 0; records != NULL && i < records->len; i++)
    incident_fold_apply (fold, g_ptr_array_index (records, i));
  if (records != NULL && records->len == 0)
    incident_set_no_case (error, number);

  return records != NULL && records->len > 0 ? g_steal_pointer (&fold) : NULL;
}

static gboolean
incident_store_real_look_at (IncidentStore     *self,
                             const guint64     *numbers,
                             gsize              n_numbers,
                             IncidentLookFunc   look,
                             gpointer           data,
                             GError           **error)
{
  for (gsize i = 0; i < n_numbers; i++)
    {
      g_autoptr(IncidentFold) fold = fold_case (self, numbers[i], error);

      if (fold == NULL || !look (numbers[i], &fold->state, data, error))
        return FALSE;
    }

  return TRUE;
}

/* Numbers have no gap. */
static gboolean
incident_store_real_look_at_all (IncidentStore     *self,
                                 IncidentLookFunc   look,
                                 gpointer           data,
                                 GError           **error)
{
  g_autoptr(IncidentQuery) newest = incident_query_new ();
  g_autoptr(GArray) found = NULL;
  guint64 n_cases;

  incident_query_set_limit (newest, 1);
  found = incident_store_find_cases (self, newest, error);
  if (found == NULL)
    return FALSE;

  n_cases = found->len > 0 ? g_array_index (found, guint64, 0) : 0;
  for (guint64 number = 1; number <= n_cases; number++)
    if (!incident_store_look_at (self, &number, 1, look, data, error))
      return FALSE;

  return TRUE;
}

static GPtrArray *
incident_store_real_read_log (IncidentStore  *self,
                              guint64         log_index,
                              guint           limit,
                              GError        **error)
{
  incident_store_fail_not_supported (self, "read its log", error);
  return NULL;
}

static gboolean
incident_store_real_get_size (IncidentStore  *self,
                              guint64        *size,
                              GError        **error)
{
  return incident_store_fail_not_supported (self, "tell its size", error);
}

static GArray *
incident_store_real_find_cases (IncidentStore  *self,
                                IncidentQuery  *query,
                                GError        **error)
{
  incident_store_fail_not_supported (self, "find cases", error);
  return NULL;
}

static gboolean
incident_store_real_show_cases (IncidentStore     *self,
                                IncidentQuery     *query,
                                IncidentShowFunc   show,
                                gpointer           data,
                                GError           **error)
{
  g_autoptr(GArray) numbers = incident_store_find_cases (self, query, error);

  for (guint i = 0; numbers != NULL && i < numbers->len; i++)
    {
      g_autoptr(IncidentFold) fold = fold_case (self, g_array_index (numbers, guint64, i), error);

      if (fold == NULL)
        return FALSE;
      if (!show (fold, data))
        break;
    }

  return numbers != NULL;
}

static gboolean
incident_store_real_find_group (IncidentStore  *self,
                                const char     *group,
                                guint64        *subject,
                                GError        **error)
{
  return incident_store_fail_not_supported (self, "find alerts", error);
}

static gboolean
incident_store_real_find_operation (IncidentStore  *self,
                                    const guint8    operation[INCIDENT_OPERATION_LENGTH],
                                    guint64        *subject,
                                    GError        **error)
{
  return incident_store_fail_not_supported (self, "find an operation", error);
}

static gboolean
incident_store_real_get_intake_head (IncidentStore  *self,
                                     guint64        *head,
                                     GError        **error)
{
  return incident_store_fail_not_supported (self, "tell what was taken in", error);
}

static GPtrArray *
incident_store_real_list_intake (IncidentStore  *self,
                                 const char     *kind,
                                 guint64         after,
                                 guint           limit,
                                 GError        **error)
{
  incident_store_fail_not_supported (self, "list what was taken in", error);
  return NULL;
}

static IncidentIntakeEntry *
incident_store_real_find_intake (IncidentStore  *self,
                                 guint64         id,
                                 GError        **error)
{
  incident_store_fail_not_supported (self, "find what was taken in", error);
  return NULL;
}

static gboolean
incident_store_real_find_intake_before (IncidentStore  *self,
                                        gint64          at,
                                        guint64        *id,
                                        GError        **error)
{
  return incident_store_fail_not_supported (self, "find what was taken in", error);
}

static GArray *
incident_store_real_list_alert_rows (IncidentStore  *self,
                                     guint64         since,
                                     guint64         after,
                                     guint           limit,
                                     GError        **error)
{
  incident_store_fail_not_supported (self, "list alerts", error);
  return NULL;
}

static gboolean
incident_store_real_backup (IncidentStore  *self,
                            const char     *path,
                            GCancellable   *cancellable,
                            GError        **error)
{
  return incident_store_fail_not_supported (self, "be backed up", error);
}

static gboolean
incident_store_real_keep_document (IncidentStore  *self,
                                   const char     *version,
                                   const char     *document,
                                   GError        **error)
{
  return incident_store_fail_not_supported (self, "keep a document", error);
}

static char *
incident_store_real_find_document (IncidentStore  *self,
                                   const char     *version,
                                   GError        **error)
{
  incident_store_fail_not_supported (self, "find a document", error);
  return NULL;
}

static gboolean
incident_store_real_keep_refusal (IncidentStore    *self,
                                  IncidentRefusal  *refusal,
                                  GError          **error)
{
  return incident_store_fail_not_supported (self, "keep a refusal", error);
}

static GPtrArray *
incident_store_real_list_refusals (IncidentStore  *self,
                                   guint64         after,
                                   guint           limit,
                                   GError        **error)
{
  incident_store_fail_not_supported (self, "list refusals", error);
  return NULL;
}

static void
incident_store_default_init (IncidentStoreInterface *iface)
{
  iface->commit = incident_store_real_commit;
  iface->load = incident_store_real_load;
  iface->look_at = incident_store_real_look_at;
  iface->look_at_all = incident_store_real_look_at_all;
  iface->read_log = incident_store_real_read_log;
  iface->get_size = incident_store_real_get_size;
  iface->find_cases = incident_store_real_find_cases;
  iface->show_cases = incident_store_real_show_cases;
  iface->find_group = incident_store_real_find_group;
  iface->find_operation = incident_store_real_find_operation;
  iface->get_intake_head = incident_store_real_get_intake_head;
  iface->list_intake = incident_store_real_list_intake;
  iface->find_intake = incident_store_real_find_intake;
  iface->find_intake_before = incident_store_real_find_intake_before;
  iface->list_alert_rows = incident_store_real_list_alert_rows;
  iface->keep_document = incident_store_real_keep_document;
  iface->find_document = incident_store_real_find_document;
  iface->keep_refusal = incident_store_real_keep_refusal;
  iface->list_refusals = incident_store_real_list_refusals;
  iface->backup = incident_store_real_backup;
  incident_store_outbox_default_init (iface);
  incident_store_oncall_default_init (iface);
}

gboolean
incident_store_commit (IncidentStore   *self,
                       IncidentCommit  *commit,
                       GError         **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->commit (self, commit, error);
}

GPtrArray *
incident_store_load (IncidentStore  *self,
                     guint64         subject,
                     guint           seq,
                     GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->load (self, subject, seq, error);
}

void
incident_set_no_case (GError  **error,
                      guint64   number)
{
  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND,
               "There is no case INC-%" G_GUINT64_FORMAT, number);
}

gboolean
incident_store_fail_conflict (GError     **error,
                              const char  *message)
{
  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT, message);
  return FALSE;
}

gboolean
incident_store_look_at (IncidentStore     *self,
                        const guint64     *numbers,
                        gsize              n_numbers,
                        IncidentLookFunc   look,
                        gpointer           data,
                        GError           **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->look_at (self, numbers, n_numbers, look, data, error);
}

gboolean
incident_store_look_at_all (IncidentStore     *self,
                            IncidentLookFunc   look,
                            gpointer           data,
                            GError           **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->look_at_all (self, look, data, error);
}

GPtrArray *
incident_store_read_log (IncidentStore  *self,
                         guint64         log_index,
                         guint           limit,
                         GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->read_log (self, log_index, limit, error);
}

GArray *
incident_store_find_cases (IncidentStore  *self,
                           IncidentQuery  *query,
                           GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_cases (self, query, error);
}

gboolean
incident_store_show_cases (IncidentStore     *self,
                           IncidentQuery     *query,
                           IncidentShowFunc   show,
                           gpointer           data,
                           GError           **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->show_cases (self, query, show, data, error);
}

typedef struct
{
  IncidentShowFunc show;
  gpointer         data;
  guint64          last;
  guint            n;
  gboolean         goes_on;
} Page;

static gboolean
show_of_page (const IncidentFold *fold,
              gpointer            data)
{
  Page *page = data;

  page->n++;
  page->last = fold->number;
  page->goes_on = page->show (fold, page->data);
  return page->goes_on;
}

gboolean
incident_store_show_all_cases (IncidentStore     *self,
                               IncidentQuery     *query,
                               IncidentShowFunc   show,
                               gpointer           data,
                               GError           **error)
{
  Page page = { show, data, 0, 0, TRUE };

  incident_query_set_limit (query, INCIDENT_QUERY_MAX_LIMIT);
  do
    {
      page.n = 0;
      incident_query_set_before (query, page.last);
      if (!incident_store_show_cases (self, query, show_of_page, &page, error))
        return FALSE;
    }
  while (page.goes_on && page.n == INCIDENT_QUERY_MAX_LIMIT);

  return TRUE;
}

gboolean
incident_store_find_group (IncidentStore  *self,
                           const char     *group,
                           guint64        *subject,
                           GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_group (self, group, subject, error);
}

gboolean
incident_store_find_operation (IncidentStore  *self,
                               const guint8    operation[INCIDENT_OPERATION_LENGTH],
                               guint64        *subject,
                               GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_operation (self, operation, subject, error);
}

gboolean
incident_store_get_intake_head (IncidentStore  *self,
                                guint64        *head,
                                GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->get_intake_head (self, head, error);
}

GPtrArray *
incident_store_list_intake (IncidentStore  *self,
                            const char     *kind,
                            guint64         after,
                            guint           limit,
                            GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->list_intake (self, kind, after, limit, error);
}

IncidentIntakeEntry *
incident_store_find_intake (IncidentStore  *self,
                            guint64         id,
                            GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_intake (self, id, error);
}

gboolean
incident_store_find_intake_before (IncidentStore  *self,
                                   gint64          at,
                                   guint64        *id,
                                   GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_intake_before (self, at, id, error);
}

GArray *
incident_store_list_alert_rows (IncidentStore  *self,
                                guint64         since,
                                guint64         after,
                                guint           limit,
                                GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->list_alert_rows (self, since, after, limit, error);
}

gboolean
incident_store_keep_document (IncidentStore  *self,
                              const char     *version,
                              const char     *document,
                              GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->keep_document (self, version, document, error);
}

char *
incident_store_find_document (IncidentStore  *self,
                              const char     *version,
                              GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->find_document (self, version, error);
}

gboolean
incident_store_keep_refusal (IncidentStore    *self,
                             IncidentRefusal  *refusal,
                             GError          **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->keep_refusal (self, refusal, error);
}

GPtrArray *
incident_store_list_refusals (IncidentStore  *self,
                              guint64         after,
                              guint           limit,
                              GError        **error)
{
  return INCIDENT_STORE_GET_IFACE (self)->list_refusals (self, after, limit, error);
}

/**
 * incident_store_get_size:
 * @self: a store
 * @error: return location for an error
 *
 * Counts the events in the store.
 *
 * Returns: how many there are; 0 with @error set if they cannot be counted
 *
 * Since: 0.1
 */
guint64
incident_store_get_size (IncidentStore  *self,
                         GError        **error)
{
  guint64 size = 0;

  g_return_val_if_fail (INCIDENT_IS_STORE (self), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!INCIDENT_STORE_GET_IFACE (self)->get_size (self, &size, error))
    return 0;

  return size;
}

/**
 * incident_store_backup:
 * @self: a store
 * @path: (type filename): where to write the copy; there must be no such file yet
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Copies the store as it is at one moment, while others go on writing.
 *
 * The copy is a store of its own and can be opened as one. Never copy the file
 * of a store that is open by other means: it may be half of a commit. This call
 * blocks.
 *
 * Returns: %TRUE if the copy is complete and durable; otherwise nothing is left
 *   at @path that was not there before
 *
 * Since: 0.1
 */
gboolean
incident_store_backup (IncidentStore  *self,
                       const char     *path,
                       GCancellable   *cancellable,
                       GError        **error)
{
  g_return_val_if_fail (INCIDENT_IS_STORE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return INCIDENT_STORE_GET_IFACE (self)->backup (self, path, cancellable, error);
}
