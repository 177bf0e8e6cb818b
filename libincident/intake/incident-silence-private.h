/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-silence.h>

#include "intake/incident-alert-private.h"
#include "model/incident-interval-private.h"

G_BEGIN_DECLS

struct _IncidentSilence
{
  guint64    id;            /* the entry of the journal that first said it; 0: none yet */
  GPtrArray *lists;         /* of GPtrArray of IncidentMatcher: any of the lists is enough */
  gint64     starts_at;     /* [starts_at, ends_at); INCIDENT_TIME_NONE: from when it is added */
  gint64     ends_at;
  char      *interval;      /* nullable: only within this interval of the playbook */
  char      *owner;         /* who made it; NULL: nobody yet */
  char      *reason;
  GPtrArray *warnings;      /* (element-type char): what its text may not mean; not kept in JSON */
};

/* Lists by text. NULL with @problem (transfer full); @warning (transfer full) is NULL where there is none. */
GPtrArray       *incident_silence_read_list (const char           *text,
                                           char                  **warning,
                                           char                  **problem);
/* What is wrong with a list, alone; NULL: nothing. */
const char      *incident_silence_check_list (GPtrArray           *matchers);
/* Without lists, and nobody's. */
IncidentSilence *incident_silence_new_empty (void);

/* The same, once it is somebody's. */
IncidentSilence *incident_silence_new_as  (IncidentSilence        *self,
                                           guint64                 id,
                                           const char             *owner,
                                           gint64                  starts_at,
                                           gint64                  ends_at);
/* What is wrong with it as a silence that begins now or later; @now replaces a start that is past.
 * FALSE with INCIDENT_ERROR_INVALID at “matchers”, “ends_at” … */
gboolean         incident_silence_check   (IncidentSilence        *self,
                                           gint64                  now,
                                           GError                **error);
/* Would it mute nearly everything? Such as team!="a" alone. */
gboolean         incident_silence_is_wide (IncidentSilence        *self);
/* May the silence be changed to @other in place, under its id, by Alertmanager's rules: the same matchers, and an active one
 * keeps its start to the second and ends now or later, a pending one starts now or later; an expired one never. */
gboolean         incident_silence_can_become (IncidentSilence     *self,
                                           IncidentSilence        *other,
                                           gint64                  now);
gboolean         incident_silence_mutes   (IncidentSilence        *self,
                                           IncidentLabels          labels,
                                           IncidentLabels          annotations);

G_END_DECLS
