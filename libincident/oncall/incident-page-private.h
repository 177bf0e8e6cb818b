/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-page.h>

#include "base/incident-json-writer-private.h"
#include "model/incident-timeline-private.h"

G_BEGIN_DECLS

struct _IncidentPage
{
  guint64             number;
  guint               event;
  gint64              at;
  const char         *policy;    /* interned, as the one below; nullable */
  const char         *version;
  char               *person;    /* nullable, as those below */
  char               *target;
  char               *step;
  char               *detail;
  IncidentPageReason  reason;
  gboolean            is_sent;
  guint               run;
  guint               loop;
  guint               arming;
};

/* What the events of a case say of who was paged and who was not, in their order (element-type IncidentPage). */
GPtrArray *incident_page_list       (IncidentTimeline   *timeline);
/* The members alone: others may follow. */
void       incident_page_write_json (IncidentPage       *self,
                                     IncidentJsonWriter *writer);

G_END_DECLS
