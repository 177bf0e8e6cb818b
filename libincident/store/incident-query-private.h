/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-query.h>

#include "model/incident-state-private.h"

G_BEGIN_DECLS

struct _IncidentQuery
{
  gboolean  open_only;
  char     *phase;   /* nullable, as service */
  char     *service;
  gint64    since;   /* INCIDENT_TIME_NONE: any time */
  guint64   before;  /* 0: from the newest on */
  guint     limit;
};

gboolean       incident_query_matches (IncidentQuery       *self,
                                       guint64              number,
                                       const IncidentState *state,
                                       gint64               opened_at);
IncidentQuery *incident_query_copy    (IncidentQuery       *self);

G_END_DECLS
