/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-timeline-private.h"
#include "model/incident-verb-private.h"

G_BEGIN_DECLS

/* What was said in a chat. A message is said once, may be edited, deleted and pinned, and each of
 * these is an event. Nothing of that is kept in the state of a case: there may be thousands. */

typedef struct
{
  const IncidentRecord *said;        /* NULL: it was never recorded */
  const IncidentRecord *words;       /* what has its words as they are now; NULL: nothing */
  const IncidentRecord *pinned;      /* nullable */
  gboolean              is_edited;
  gboolean              is_deleted;
  gboolean              is_withheld; /* its words were removed for good */
} IncidentSaid;

gboolean  incident_said_is_kind   (const char           *kind);
void      incident_said_look_up   (IncidentSaid         *self,
                                   IncidentTimeline     *past,
                                   const char           *message);
/* Are its words there, as it was said or as it was pinned? */
gboolean  incident_said_is_known  (IncidentTimeline     *past,
                                   const char           *message);
/* When it was said; INCIDENT_TIME_NONE: that is not known. */
gint64    incident_said_get_time  (IncidentTimeline     *past,
                                   const char           *message);
/* Who said it; NULL: that is not known. */
char     *incident_said_dup_author (const IncidentSaid  *self);
/* What a command leaves out and an earlier event says; NULL: none does. */
char     *incident_said_dup_words (IncidentTimeline     *past,
                                   const IncidentVerb   *verb, /* nullable */
                                   IncidentCommand      *command,
                                   IncidentArgument      argument);
/* Does it hold already, what a verb of chat says? */
gboolean  incident_said_is_so     (IncidentTimeline     *past,
                                   IncidentVerbId        verb,
                                   IncidentCommand      *command);

G_END_DECLS
