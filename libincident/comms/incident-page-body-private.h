/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-node-private.h"

G_BEGIN_DECLS

/* What a message that pages somebody means: the body of its row. */

typedef struct
{
  IncidentTree *tree;      /* that the strings are of; NULL: they are lent */
  const char   *person;    /* NULL: a channel is paged */
  const char   *target;    /* “schedule payments”; nullable, as those below */
  const char   *policy;
  const char   *version;
  const char   *step_name;
  const char   *reason;
  guint         run;       /* 0: beside all runs */
  guint         step;      /* from 1; 0: of none */
  guint         loop;
  guint         arming;
  guint         method;    /* from 1 … */
  guint         methods;   /* … of so many */
  guint32       boot;      /* it is due by the clock of the boot of this hash …; 0: by the wall alone */
  gint64        due_boot;  /* … then */
} IncidentPageBody;

char    *incident_page_body_write    (const IncidentPageBody *self);
/* FALSE: it is none. Clear it in any case. */
gboolean incident_page_body_read     (IncidentPageBody       *self,
                                      const char             *body); /* nullable */
/* What programs are told: by which clock it is due is the desk's own business. */
char    *incident_page_body_tell     (const char             *body);
void     incident_page_body_clear    (IncidentPageBody       *self);
/* Of one run: which position comes later; as strcmp (). */
int      incident_page_body_compare  (const IncidentPageBody *a,
                                      const IncidentPageBody *b);
/* “You are on call for payments: step “first” of policy “payments” came” */
char    *incident_page_body_describe (const IncidentPageBody *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentPageBody, incident_page_body_clear)

G_END_DECLS
