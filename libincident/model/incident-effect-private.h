/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-record-private.h"
#include "model/incident-run-private.h"

G_BEGIN_DECLS

/* What the facts of an event say, read once. The slices lie in the facts. */

typedef struct
{
  const char *start; /* NULL: not said */
  gsize       length;
} IncidentSlice;

typedef struct
{
  const char    *phase;      /* interned; NULL: it stays */
  gint8          live;       /* -1: as before; likewise below */
  gint8          open;
  gint8          severity;
  gint8          impact;
  gint8          urgency;
  gint8          priority;
  gint8          priority_by;
  gboolean       major;
  gboolean       joins;      /* a role that others hold too */
  gboolean       is_automatic;
  gboolean       is_reminder; /* or tells of a delivery: the desk talks of itself */
  gboolean       severity_from_alert;
  gboolean       firing;
  gboolean       decides;    /* a person's view of the case may depend on it */
  gboolean       is_progress; /* nothing is said but phase, state, level and episode */
  gint64         level;
  gint64         episode;
  IncidentSlice  service;
  IncidentSlice  category;
  char          *shared_service;  /* GRefStrings of the two, for who keeps an effect for many cases; or NULL */
  char          *shared_category;
  IncidentSlice  group;
  IncidentSlice  role;
  IncidentSlice  person;
  IncidentSlice  leaves;
  IncidentSlice  alert;      /* the first of them: the facts go on behind it */
  guint          n_alerts;
  IncidentSlice  playbook;
  IncidentSlice  lifecycle;
  gint64         redacts;    /* seq of the event whose words are to be removed; 0: none */
  IncidentRunEffect run;     /* number 0: nothing is said of a run */
  const char    *more;       /* the facts, lent, where there is something for the dossier; or NULL */
} IncidentEffect;

void incident_effect_read (IncidentEffect *self,
                           const char     *facts);

G_END_DECLS
