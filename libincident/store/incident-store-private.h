/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-store.h>

#include "model/incident-fold-private.h"
#include "model/incident-refusal-private.h"
#include "store/incident-outbox-private.h"
#include "store/incident-query-private.h"
#include "store/incident-roster-entry-private.h"

G_BEGIN_DECLS

struct _IncidentSqlite;

/* For which group of alerts a case stands. */
typedef struct
{
  const char *name;     /* of the group; lent */
  guint64     follows;  /* the case that stood for it until now, 0 for none */
  guint64     stands;   /* the case that stands for it from now on; 0: the one that … */
  guint       draft;    /* … this draft opens */
} IncidentGroupChange;

/* The journal of the intake: all that monitoring said and what people said about that, in the
 * order in which it was taken in. */
typedef struct
{
  guint64     id;           /* from 1; by the store */
  gint64      received_at;
  const char *kind;         /* interned: “message”, “silence”, “settled” … */
  char       *actor;        /* GRefString */
  char       *format;       /* GRefString, nullable: of a message */
  char       *playbook;     /* GRefString, nullable: the version under which it was read */
  GBytes     *body;
} IncidentIntakeEntry;

/* So many bits of the id of a row stand below the entry that told of the alert first. */
#define INCIDENT_ALERT_ROW_BITS 20

/* What is known of one alert, as the intake wrote it down. */
typedef struct
{
  guint64     id;           /* by the intake: a new one, or one that is replaced */
  gboolean    active;       /* it fires */
  guint64     subject;      /* the case it was told to; 0: none, or the one that … */
  int         draft;        /* … this draft opens, or tells; -1: none */
  guint64     entry;        /* the entry that said so last; 0: the one of this commit, or else the last there is */
  GBytes     *data;         /* for the intake alone */
  gboolean    was_active;   /* as the store knows the row that is replaced; FALSE of a new one, and of one that is read */
} IncidentAlertRow;

/* A part of the body of an entry. */
typedef struct
{
  guint64     entry;
  gsize       start;
  gsize       length;
} IncidentIntakeSlice;

typedef struct
{
  guint64               follows;  /* the last entry there was; INCIDENT_ERROR_CONFLICT where there are others by now */
  IncidentIntakeEntry  *entry;    /* (nullable): appended; is given its id. NULL: nothing was said, only rows change */
  GArray               *rows;     /* IncidentAlertRow (nullable) */
  GArray               *erased;   /* IncidentIntakeSlice (nullable): of entries before, which become zeros */
} IncidentIntakeChange;

/* All of one command, or nothing. Rows are not changed by it: what they stand for once it went
 * through is told by incident_commit_complete_row(). */
typedef struct
{
  GPtrArray            *drafts;   /* (element-type IncidentRecord), completed by the commit; empty only where something else is there */
  GArray               *groups;   /* IncidentGroupChange (nullable) */
  IncidentIntakeChange *intake;   /* nullable */
  GPtrArray            *messages; /* (element-type IncidentOutboxRow) (nullable): to be sent because of the drafts; each is given
                                   * its id, its case and the number of its event. One whose key is there already is left out */
  GPtrArray            *changes;  /* (element-type IncidentOutboxChange) (nullable): of messages that are there */
  IncidentChannelState *channel;  /* nullable: what is known of a channel from now on */
  IncidentRosterAppend *roster;   /* nullable: joins the journal of who is on call */
  IncidentClaim        *claim;    /* nullable: it is held, or nothing is committed */
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
   * by now, another case stands for the group, the operation is recorded already, or
   * others took in messages. */
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
  /* All cases there are, the oldest first: much quicker than one by one. */
  gboolean    (*look_at_all)    (IncidentStore   *self,
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
  /* The place of the last entry of the journal; 0: there is none. Cheap: it is asked for each message. */
  gboolean    (*get_intake_head) (IncidentStore  *self,
                                 guint64         *head,
                                 GError         **error);
  /* Entries after @after, of one kind or of all (NULL), the oldest first (element-type
   * IncidentIntakeEntry). */
  GPtrArray  *(*list_intake)    (IncidentStore   *self,
                                 const char      *kind,
                                 guint64          after,
                                 guint            limit,
                                 GError         **error);
  /* NULL without an error: there is none. */
  IncidentIntakeEntry *(*find_intake) (IncidentStore *self,
                                 guint64          id,
                                 GError         **error);
  /* The last entry that was received before @at, by the times that are written there; 0: none. */
  gboolean    (*find_intake_before) (IncidentStore *self,
                                 gint64           at,
                                 guint64         *id,
                                 GError         **error);
  /* What is known of alerts, by id: those after @after that are active or that an entry after @since
   * spoke of (element-type IncidentAlertRow, which the array clears). */
  GArray     *(*list_alert_rows) (IncidentStore  *self,
                                 guint64          since,
                                 guint64          after,
                                 guint            limit,
                                 GError         **error);
  /* A store that keeps its outbox in tables of SQLite needs to have no more of it than these two: the functions below
   * go to the tables by default. The connection, for nobody else until it is given back. */
  struct _IncidentSqlite *(*enter_outbox) (IncidentStore *self,
                                 GError         **error);
  void        (*leave_outbox)   (IncidentStore   *self);
  /* The message whose turn it is, which is “sending” from now on, under a new token: of the channels of @claim, the
   * first of the lane that comes first by priority, then by time. One whose lease ran out, or that was left as “unsure”,
   * is given as “unsure”: who had it may have sent it. NULL without an error: there is none. @next (nullable) is when
   * there is one, by what is known now, or INT64_MAX; the time of the claim where one is given, for there may be more. */
  IncidentOutboxRow *(*claim_message) (IncidentStore *self,
                                 const IncidentOutboxClaim *claim,
                                 gint64          *next,
                                 GError         **error);
  /* By id, or where that is 0 by key. NULL without an error: there is none. */
  IncidentOutboxRow *(*find_message) (IncidentStore *self,
                                 guint64          id,
                                 const char      *key,
                                 GError         **error);
  /* The first one of a kind (or of any: -1) that was sent of a case through a channel; of a view that was written anew, the
   * first since then. NULL without an error: there is none. */
  IncidentOutboxRow *(*find_sent) (IncidentStore *self,
                                 guint64          subject,
                                 const char      *channel,
                                 int              kind,
                                 GError         **error);
  /* (element-type IncidentOutboxRow), by id. */
  GPtrArray  *(*list_messages)  (IncidentStore   *self,
                                 const IncidentOutboxQuery *query,
                                 GError         **error);
  /* The case that a conversation of a channel was made for: by a “room” that was sent. 0 in @subject: none. */
  gboolean    (*find_conversation) (IncidentStore *self,
                                 const char      *channel,
                                 const char      *conversation,
                                 guint64         *subject,
                                 GError         **error);
  gboolean    (*count_messages) (IncidentStore   *self,
                                 const char      *channel, /* nullable: all */
                                 IncidentOutboxCount *count,
                                 GError         **error);
  /* NULL without an error: nothing is known of it. */
  IncidentChannelState *(*get_channel) (IncidentStore *self,
                                 const char      *channel,
                                 GError         **error);
  /* The place of the last entry of the journal of who is on call; 0: there is none. Cheap. */
  gboolean    (*get_roster_head) (IncidentStore  *self,
                                 guint64         *head,
                                 GError         **error);
  /* Entries after @after, the oldest first (element-type IncidentRosterEntry). */
  GPtrArray  *(*list_roster)    (IncidentStore   *self,
                                 guint64          after,
                                 guint            limit,
                                 GError         **error);
  /* Claims a piece of work until @claim->until, where nobody holds it at @now, or @claim->holder does: then @claim->token is
   * a new one, or stays. Else @claim->token is 0, and the rest is that of who holds it. Takes effect at once, in a
   * transaction of its own. */
  gboolean    (*take_claim)     (IncidentStore   *self,
                                 IncidentClaim   *claim,
                                 gint64           now,
                                 GError         **error);
  /* When pages (INCIDENT_MESSAGE_KIND_PAGE) were sent to a recipient through a channel since @since: the oldest first (element-type gint64). */
  GArray     *(*list_paged)     (IncidentStore   *self,
                                 const char      *channel,
                                 const char      *recipient,
                                 gint64           since,
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
gboolean   incident_store_look_at_all    (IncidentStore   *self,
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
gboolean   incident_store_get_intake_head (IncidentStore  *self,
                                          guint64         *head,
                                          GError         **error);
GPtrArray *incident_store_list_intake    (IncidentStore   *self,
                                          const char      *kind,
                                          guint64          after,
                                          guint            limit,
                                          GError         **error);
IncidentIntakeEntry *incident_store_find_intake (IncidentStore *self,
                                          guint64          id,
                                          GError         **error);
gboolean   incident_store_find_intake_before (IncidentStore *self,
                                          gint64           at,
                                          guint64         *id,
                                          GError         **error);
GArray    *incident_store_list_alert_rows (IncidentStore  *self,
                                          guint64          since,
                                          guint64          after,
                                          guint            limit,
                                          GError         **error);
IncidentOutboxRow *incident_store_claim_message (IncidentStore *self,
                                          const IncidentOutboxClaim *claim,
                                          gint64          *next,
                                          GError         **error);
IncidentOutboxRow *incident_store_find_message (IncidentStore *self,
                                          guint64          id,
                                          const char      *key,
                                          GError         **error);
IncidentOutboxRow *incident_store_find_sent (IncidentStore *self,
                                          guint64          subject,
                                          const char      *channel,
                                          int              kind,
                                          GError         **error);
GPtrArray *incident_store_list_messages  (IncidentStore   *self,
                                          const IncidentOutboxQuery *query,
                                          GError         **error);
gboolean   incident_store_find_conversation (IncidentStore *self,
                                          const char      *channel,
                                          const char      *conversation,
                                          guint64         *subject,
                                          GError         **error);
gboolean   incident_store_count_messages (IncidentStore   *self,
                                          const char      *channel,
                                          IncidentOutboxCount *count,
                                          GError         **error);
IncidentChannelState *incident_store_get_channel (IncidentStore *self,
                                          const char      *channel,
                                          GError         **error);
/* An entry to be appended: takes a reference of the body. */
IncidentIntakeEntry *incident_intake_entry_new (const char *kind,
                                          gint64           received_at,
                                          const char      *actor,
                                          const char      *format,   /* nullable */
                                          const char      *playbook, /* nullable */
                                          GBytes          *body);
/* The same again, for what is shared between threads. */
IncidentIntakeEntry *incident_intake_entry_copy (const IncidentIntakeEntry *self);
gboolean   incident_intake_entry_equal   (const IncidentIntakeEntry *a,
                                          const IncidentIntakeEntry *b);
void       incident_intake_entry_free    (IncidentIntakeEntry *self);
/* Of IncidentAlertRow; clears its rows. */
GArray    *incident_alert_rows_new       (void);
void       incident_alert_row_clear      (gpointer         row);
void       incident_store_outbox_default_init (IncidentStoreInterface *iface);
void       incident_store_oncall_default_init (IncidentStoreInterface *iface);
gboolean   incident_store_fail_not_supported (IncidentStore   *self,
                                          const char      *what,
                                          GError         **error);
/* For stores: does the change follow the last entry there is? (nullable) */
gboolean   incident_intake_change_check  (const IncidentIntakeChange *self,
                                          guint64                     head,
                                          GError                    **error);
/* Once each draft has its case and the entry its id: the case that stands for
 * the group … */
guint64    incident_commit_get_standing  (const IncidentCommit      *self,
                                          const IncidentGroupChange *change);
/* … and the row as it is to be kept; the data are lent. */
IncidentAlertRow incident_commit_complete_row (const IncidentCommit *self,
                                          const IncidentAlertRow    *row);
gboolean   incident_store_get_roster_head (IncidentStore  *self,
                                          guint64         *head,
                                          GError         **error);
GPtrArray *incident_store_list_roster    (IncidentStore   *self,
                                          guint64          after,
                                          guint            limit,
                                          GError         **error);
gboolean   incident_store_take_claim     (IncidentStore   *self,
                                          IncidentClaim   *claim,
                                          gint64           now,
                                          GError         **error);
GArray    *incident_store_list_paged     (IncidentStore   *self,
                                          const char      *channel,
                                          const char      *recipient,
                                          gint64           since,
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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentIntakeEntry, incident_intake_entry_free)

G_END_DECLS
