/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-refusal.h>

G_BEGIN_DECLS

struct _IncidentRefusal
{
  guint64  number;       /* in its store, from 1; by the store */
  gint64   time;
  guint64  case_number;  /* 0: there is no case yet */
  char    *actor;
  guint8   verified;
  char    *verb;
  char    *why;
};

IncidentRefusal *incident_refusal_new (gint64      time,
                                       guint64     case_number,
                                       const char *actor,
                                       guint8      verified,
                                       const char *verb,
                                       const char *why);

G_END_DECLS
