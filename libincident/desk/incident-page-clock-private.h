/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-sender-private.h"

G_BEGIN_DECLS

/* The clock on the wall may be set: pages that wait for their time go by the clock of the boot, as the steps do. Cheap
 * for as long as nobody sets it. */
void incident_page_follow_clock (IncidentSender *sender);

G_END_DECLS
