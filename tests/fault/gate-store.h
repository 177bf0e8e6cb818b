/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include "store/incident-store-private.h"

G_BEGIN_DECLS

/* A store in memory whose commits wait at a gate, or fail. */
#define GATE_TYPE_STORE (gate_store_get_type ())

G_DECLARE_FINAL_TYPE (GateStore, gate_store, GATE, STORE, GObject)

GateStore *gate_store_new      (IncidentClock *clock);
void       gate_store_close    (GateStore     *self);
/* Does a commit stand before the closed gate? The default main context is woken when
 * one comes. */
gboolean   gate_store_is_reached (GateStore   *self);
void       gate_store_open     (GateStore     *self);
/* The @n-th commit from now on fails, and leaves nothing. */
void       gate_store_fail_at  (GateStore     *self,
                                guint          n);

G_END_DECLS
