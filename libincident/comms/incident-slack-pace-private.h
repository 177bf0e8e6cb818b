/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How fast Slack may be called: buckets that fill as time passes, and pauses that Slack asked for. Times
 * are microseconds that never go back. */

typedef struct _IncidentSlackPace IncidentSlackPace;

IncidentSlackPace *incident_slack_pace_new   (void);
void               incident_slack_pace_free  (IncidentSlackPace *self);
/* 0: @method may be called now, and that counts. Else how long it has to wait; @is_wide: whether that holds for
 * all that is said in the workspace. @channel is nullable. */
gint64             incident_slack_pace_take  (IncidentSlackPace *self,
                                              const char        *method,
                                              const char        *channel,
                                              gint64             now,
                                              gboolean          *is_wide);
/* Slack asked for it: for all of chat.* in that channel; else for the method. @is_wide: for all of chat.* */
void               incident_slack_pace_pause (IncidentSlackPace *self,
                                              const char        *method,
                                              const char        *channel,
                                              gboolean           is_wide,
                                              gint64             until);
/* May a call of it arrive twice without harm? */
gboolean           incident_slack_method_is_idempotent (const char *method);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSlackPace, incident_slack_pace_free)

G_END_DECLS
