/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-priority.h>
#include <libincident/incident-severity.h>

#include "model/incident-state-private.h"

G_BEGIN_DECLS

/* The state, and what only people read. */
typedef struct
{
  IncidentState  state;
  guint64        number;
  char          *title;
  gint64         opened_at;
  gint64         updated_at;
  gint64         closed_at;   /* INCIDENT_TIME_NONE while open */
  GPtrArray     *task_titles; /* nullable strings, of task 1 first; NULL: they were not read */
} IncidentFold;

IncidentFold  *incident_fold_new            (void);
void           incident_fold_free           (IncidentFold         *self);
void           incident_fold_apply          (IncidentFold         *self,
                                             IncidentRecord       *record);
/* What event @seq said in words is gone. */
void           incident_fold_forget_words   (IncidentFold         *self,
                                             guint                 seq);
char          *incident_fold_to_json        (const IncidentFold   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentFold, incident_fold_free)

G_END_DECLS
