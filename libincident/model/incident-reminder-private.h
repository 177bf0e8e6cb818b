/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-reminder.h>

G_BEGIN_DECLS

struct _IncidentReminder
{
  guint64  case_number;
  char    *kind;
  char    *text;
  char    *person;   /* whom it is for; nullable */
  gint64   due_at;
};

/* Takes the text. */
IncidentReminder *incident_reminder_new (guint64     case_number,
                                         const char *kind,
                                         char       *text,
                                         const char *person,
                                         gint64      due_at);

G_END_DECLS
