/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* The hash of an event, computed a second time from the layout as it is documented. */

void     leaf_compute       (const IncidentRecord *record,
                             const guint8          store_id[16],
                             guint8                leaf[32]);
/* Are the records' hashes, commitments, places and times as they must be? NULL: they are. */
char    *leaf_find_fault    (GPtrArray            *records,
                             const guint8          store_id[16]);

G_END_DECLS
