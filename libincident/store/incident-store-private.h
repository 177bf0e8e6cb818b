/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-store.h>

#include "model/incident-fold-private.h"
#include "model/incident-refusal-private.h"
#include "store/incident-query-private.h"

G_BEGIN_DECLS

/* All of one command, or nothing. */
typedef struct
{
  GPtrArray  *drafts;   /* (element-type IncidentRecord), not empty; completed by the commit */
  const char *group;    /* nullable; the group of alerts that the case is opened for … */
  guint64     follows;  /* … and the case that stood for it until now, 0 for none */
  guint64     stands;   /* the case that stands for it from now on; 0: the one that is opened */
} IncidentCommit;

/* Where no case is named (0), the first event of one opens it, and others belong to
 * the one opened before them. */

/* Is shown the state of a case, for as long as the call lasts. */
typedef gboolean (*IncidentLookFunc) (guint64               number,
                                      const IncidentState  *state,
                                      gpointer              data,
                                      GError              **error);

/* Is shown one case after another; FALSE: that is enough. */
typedef gboolean (*IncidentShowFunc) (const IncidentFold   *fold,
                                      gpointer              data);

/* Stores are called from any thread. A store checks what it reads: a record that
 * it hands out has the hash it was committed with. */
struct _IncidentStoreInterface
{
  GTypeInterface parent_iface;

  /* Gives a new case its number. INCIDENT_ERROR_CONFLICT: the case has other events
   * by now, another case stands for the group, or the operation is recorded already. */
  gboolean    (*commit)         (IncidentStore   *self,
                                 IncidentCommit  *commit,
                                 GError         **error);
  /* The events of a case after @seq; none: there are no more, or no such case. */
  GPtrArray  *(*load)           (IncidentStore   *self,
                                 guint64          subject,
                                 guint            seq,
                                 GError         **error);
  /* Shows the cases one after another, until @look says FALSE. It must not call the
   * store. INCIDENT_ERROR_NOT_FOUND: there is no such case. */
  gboolean    (*look_at)        (IncidentStore   *self,
                                 const guint64   *numbers,
                                 gsize            n_numbers,
                                 IncidentLookFunc look,
                                 gpointer         data,
                                 GError         **error);
  GPtrArray  *(*read_log)       (IncidentStore   *self,
                                 guint64          log_index,
                                 guint            limit,
                                 GError         **error);
  gboolean    (*get_size)       (IncidentStore   *self,
                                 guint64         *size,
                                 GError         **error);
  /* Numbers of cases (element-type guint64). */
  GArray     *(*find_cases)     (IncidentStore   *self,
                                 IncidentQuery   *query,
                                 GError         **error);
  /* The same cases, as they are. @show must not call the store. */
  gboolean    (*show_cases)     (IncidentStore   *self,
                                 IncidentQuery   *query,
                                 IncidentShowFunc show,
                                 gpointer         data,
                                 GError         **error);
  /* 0 in @subject: none. */
  gboolean    (*find_group)     (IncidentStore   *self,
                                 const char      *group,
                                 guint64         *subject,
                                 GError         **error);
  gboolean    (*find_operation) (IncidentStore   *self,
                                 const guint8     operation[INCIDENT_OPERATION_LENGTH],
                                 guint64         *subject,
                                 GError         **error);
  /* Documents by what they say: keeping one again changes nothing. */
  gboolean    (*keep_document)  (IncidentStore   *self,
                                 const char      *version,
                                 const char      *document,
                                 GError         **error);
  /* NULL without an error: the store does not have it. */
  char       *(*find_document)  (IncidentStore   *self,
                                 const char      *version,
                                 GError         **error);
  /* Who was refused for lack of right; gives it its number. */
  gboolean    (*keep_refusal)   (IncidentStore   *self,
                                 IncidentRefusal *refusal,
                                 GError         **error);
  /* (element-type IncidentRefusal), the oldest first, those after the number. */
  GPtrArray  *(*list_refusals)  (IncidentStore   *self,
                                 guint64          after,
                                 guint            limit,
                                 GError         **error);
  gboolean    (*backup)         (IncidentStore   *self,
                                 const char      *path,
                                 GCancellable    *cancellable,
                                 GError         **error);
};

gboolean   incident_store_commit         (IncidentStore   *self,
                                          IncidentCommit  *commit,
                                          GError         **error);
GPtrArray *incident_store_load           (IncidentStore   *self,
                                          guint64          subject,
                                          guint            seq,
                                          GError         **error);
gboolean   incident_store_look_at        (IncidentStore   *self,
                                          const guint64   *numbers,
                                          gsize            n_numbers,
                                          IncidentLookFunc look,
                                          gpointer         data,
                                          GError         **error);
gboolean   incident_store_fail_conflict  (GError         **error,
                                          const char      *message);
void       incident_set_no_case          (GError         **error,
                                          guint64          number);
GPtrArray *incident_store_read_log       (IncidentStore   *self,
                                          guint64          log_index,
                                          guint            limit,
                                          GError         **error);
GArray    *incident_store_find_cases     (IncidentStore   *self,
                                          IncidentQuery   *query,
                                          GError         **error);
gboolean   incident_store_show_cases     (IncidentStore   *self,
                                          IncidentQuery   *query,
                                          IncidentShowFunc show,
                                          gpointer         data,
                                          GError         **error);
/* The cases of all pages, whatever limit the query has. */
gboolean   incident_store_show_all_cases (IncidentStore   *self,
                                          IncidentQuery   *query,
                                          IncidentShowFunc show,
                                          gpointer         data,
                                          GError         **error);
gboolean   incident_store_find_group     (IncidentStore   *self,
                                          const char      *group,
                                          guint64         *subject,
                                          GError         **error);
gboolean   incident_store_find_operation (IncidentStore   *self,
                                          const guint8     operation[INCIDENT_OPERATION_LENGTH],
                                          guint64         *subject,
                                          GError         **error);
gboolean   incident_store_keep_document  (IncidentStore   *self,
                                          const char      *version,
                                          const char      *document,
                                          GError         **error);
char      *incident_store_find_document  (IncidentStore   *self,
                                          const char      *version,
                                          GError         **error);
gboolean   incident_store_keep_refusal   (IncidentStore   *self,
                                          IncidentRefusal *refusal,
                                          GError         **error);
GPtrArray *incident_store_list_refusals  (IncidentStore   *self,
                                          guint64          after,
                                          guint            limit,
                                          GError         **error);

G_END_DECLS
