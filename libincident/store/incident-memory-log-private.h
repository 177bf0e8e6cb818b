/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include "model/incident-state-private.h"
#include "store/incident-chunks-private.h"

G_BEGIN_DECLS

/* All events of a memory store, small: what a command says stands once, whatever the
 * number of cases it says it of, and its words stand once among all that use them.
 * Hashes are made when somebody asks for an event. */

typedef struct
{
  IncidentChunks  events;
  IncidentChunks  sayings;
  GHashTable     *terms;       /* a set */
  GStringChunk   *payloads;
  guint32        *operations;  /* open addressing: log index of the first event, + 1 */
  guint           n_slots;
  IncidentSeal   *seal;
  GHashTable     *commitments; /* log index → GBytes: of events whose words were removed */
} IncidentMemoryLog;

void            incident_memory_log_init           (IncidentMemoryLog    *self,
                                                    IncidentClock        *clock);
void            incident_memory_log_clear          (IncidentMemoryLog    *self);
guint64         incident_memory_log_get_size       (IncidentMemoryLog    *self);
/* Appends what @draft says; its events follow. Lends what it does to a case. */
const IncidentEffect *
                incident_memory_log_say            (IncidentMemoryLog    *self,
                                                    const IncidentRecord *draft);
/* One event of what was said last. @prev: the event before it in its case. */
guint32         incident_memory_log_append         (IncidentMemoryLog    *self,
                                                    guint64               subject,
                                                    guint32               seq,
                                                    guint32               step,
                                                    guint32               prev);
IncidentRecord *incident_memory_log_make_record    (IncidentMemoryLog    *self,
                                                    guint64               log_index);
/* The records of one case after @seq, the last of which is @last. */
GPtrArray      *incident_memory_log_list_case      (IncidentMemoryLog    *self,
                                                    guint32               last,
                                                    guint32               seq);
/* Of the event @seq of the case whose last event is @last. What one command says of many
 * cases stands once, and goes for all: returns how many events from @first on have lost theirs. */
guint           incident_memory_log_remove_words   (IncidentMemoryLog    *self,
                                                    guint32               last,
                                                    guint32               seq,
                                                    guint32              *first);
guint64         incident_memory_log_get_subject    (IncidentMemoryLog    *self,
                                                    guint64               log_index,
                                                    guint32              *seq);
/* When the case whose last event is @last was opened. */
gint64          incident_memory_log_get_opened_at  (IncidentMemoryLog    *self,
                                                    guint32               last);
/* The case for which it is recorded; 0: it is not. */
guint64         incident_memory_log_find_operation (IncidentMemoryLog    *self,
                                                    const guint8          operation[INCIDENT_OPERATION_LENGTH]);

G_END_DECLS
