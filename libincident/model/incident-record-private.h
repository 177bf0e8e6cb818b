/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "base/incident-hash-private.h"
#include "base/incident-json-reader-private.h"

G_BEGIN_DECLS

/* The compact form of an event: what stores keep, folds read and an
 * IncidentEvent shows. A command drafts it, the store completes and hashes it;
 * from the commit on it never changes and may be shared between threads. */

#define INCIDENT_KEY_LENGTH       32
#define INCIDENT_OPERATION_LENGTH 16
#define INCIDENT_STORE_ID_LENGTH  16

/* Another case of which the same is said by the same command. */
typedef struct
{
  guint64 subject;
  guint32 seq;
  guint64 prev; /* as in the record */
  guint8  leaf[INCIDENT_HASH_LENGTH];
} IncidentPlace;

/* What the hashes of a store are made with, for one that makes them on demand. */
typedef struct
{
  guint8 store_id[INCIDENT_STORE_ID_LENGTH];
  guint8 secret[INCIDENT_KEY_LENGTH];
} IncidentSeal;

typedef struct
{
  guint64     log_index;   /* place in the store's log, from 0; by the store */
  guint64     subject;     /* the case's number; 0 in a draft: the store gives one */
  guint32     seq;         /* place in the case, from 1 */
  guint32     step;        /* place among the events of one command, from 0 */
  gint64      occurred_at;
  gint64      recorded_at;
  const char *kind;        /* interned */
  char       *actor;       /* GRefString */
  guint8      verified;    /* IncidentVerification */
  guint8      operation[INCIDENT_OPERATION_LENGTH];
  char       *facts;       /* GRefString: lines of “name=value”; what the fold needs */
  char       *payload;     /* a JSON object; NULL: withheld */
  guint8      key[INCIDENT_KEY_LENGTH];
  guint8      commitment[INCIDENT_HASH_LENGTH];
  guint8      leaf[INCIDENT_HASH_LENGTH];
  guint64     prev;        /* log index of the event before it in its case; by the store, where it needs that */
  GArray     *also;        /* (element-type IncidentPlace), nullable; log index and step count on from ours */
  IncidentSeal *seal;      /* a g_atomic_rc_box; NULL: key, commitment and leaf are there */
} IncidentRecord;

IncidentRecord *incident_record_new     (void);
IncidentRecord *incident_record_ref     (IncidentRecord       *self);
void            incident_record_unref   (IncidentRecord       *self);

guint           incident_record_get_n_events (const IncidentRecord *self);
/* The same for one of the cases alone: 0 is ours, others follow in the order of @also. */
IncidentRecord *incident_record_split   (const IncidentRecord *self,
                                         guint                 position);

/* The same without its words, which are gone for good. */
IncidentRecord *incident_record_redact  (IncidentRecord       *self);

void            incident_records_reverse (GPtrArray           *records);

/* commitment = HMAC-SHA-256 (key, payload) */
void            incident_record_commit  (IncidentRecord       *self);
/* leaf = SHA-256 (0x00 ‖ encoding) (RFC 9162, 2.1.1); those of the other cases too. */
void            incident_record_hash    (IncidentRecord       *self,
                                         const guint8          store_id[INCIDENT_STORE_ID_LENGTH]);
/* Makes what a seal has put off. Any thread. */
void            incident_record_unseal  (IncidentRecord       *self);
/* Do leaves and commitment still fit what they were made from? */
gboolean        incident_record_verify  (const IncidentRecord *self,
                                         const guint8          store_id[INCIDENT_STORE_ID_LENGTH]);
/* The bytes that are hashed; the layout is described in the .c file. */
GBytes         *incident_record_encode  (const IncidentRecord *self,
                                         const guint8          store_id[INCIDENT_STORE_ID_LENGTH]);

/* What was taken in once is read back whatever its size. */
extern const IncidentJsonLimits incident_record_limits;

/* Nearly all payloads are strings in plain characters, side by side, and need no
 * parser. Steps through such members; *cursor begins as the payload, and stands at
 * “}” after the last of them, elsewhere where a parser is needed after all. Lends
 * slices. */
gboolean        incident_payload_next   (const char          **cursor,
                                         const char          **name,
                                         gsize                *name_length,
                                         const char          **value,
                                         gsize                *value_length);

/* A string member of the payload; NULL where there is none or it is withheld. */
char           *incident_record_dup_string (const IncidentRecord *self,
                                            const char           *member);

/* Says in one line for people what happened; replaces what @line holds. */
void            incident_record_write_summary (const IncidentRecord *self,
                                               GString              *line);

/* Facts: one line each, so a value has no control characters. */
gboolean        incident_fact_is_value  (const char           *value);
void            incident_facts_append   (GString              *facts,
                                         const char           *name,
                                         const char           *value);
void            incident_facts_append_number (GString         *facts,
                                         const char           *name,
                                         guint                 number);
/* INCIDENT_TIME_NONE says nothing. */
void            incident_facts_append_time (GString           *facts,
                                         const char           *name,
                                         gint64                time);
/* Steps through the lines; *cursor begins as the facts. Lends slices of them. */
gboolean        incident_facts_next     (const char          **cursor,
                                         const char          **name,
                                         gsize                *name_length,
                                         const char          **value,
                                         gsize                *value_length);
/* Lends a slice, too. */
gboolean        incident_facts_find     (const char           *facts,
                                         const char           *name,
                                         const char          **value,
                                         gsize                *value_length);
char           *incident_facts_dup      (const char           *facts,
                                         const char           *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentRecord, incident_record_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSeal, g_atomic_rc_box_release)

G_END_DECLS
