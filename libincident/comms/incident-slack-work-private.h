/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "comms/incident-message-private.h"
#include "comms/incident-slack-channel-private.h"

G_BEGIN_DECLS

/* What a Slack channel is asked to do: one or more calls, one after another, and an answer at the end. */

struct _IncidentSlackChannel
{
  GObject           parent_instance;

  IncidentSlackApi *api;
  char             *user;      /* of the bot; NULL: not asked yet */
  GHashTable       *unpinned;  /* a set of “C1/1712.34”: cards that are still to be pinned */
  GHashTable       *rooms;     /* id of a channel that was made → the key of the message that it was made for */
  GHashTable       *sought;    /* key of a message → the page at which looking for its room had to wait */
};

typedef struct _IncidentSlackWork IncidentSlackWork;

/* Answers it, or makes the next call. */
typedef void (*IncidentSlackStep) (IncidentSlackWork         *work,
                                   const IncidentSlackAnswer *answer);

struct _IncidentSlackWork
{
  IncidentSlackChannel  *channel;   /* lent, as the three below */
  GTask                 *task;
  IncidentDelivery      *delivery;  /* NULL: a probe */
  const IncidentMessage *message;
  IncidentSlackStep      step;      /* that the next answer goes to */
  char                  *method;    /* called last */

  char                  *place;     /* the conversation that it is about; nullable */
  char                  *ts;        /* of the message that was written */
  gboolean               is_plain;  /* Slack did not take the blocks … */
  gboolean               is_bare;   /* … or the metadata */
  gboolean               is_new;    /* what it would change or answer is not there any more */
  gboolean               is_mended; /* the conversation was opened or joined for it: that happens once */
  void                 (*again) (IncidentSlackWork *work); /* once that is done */

  char                  *name;      /* of a room */
  gboolean               is_private;
  guint                  n;         /* which name is tried, or who is next */
  gboolean               was_sought;
  IncidentSlackStep      found;     /* told when it is known whether the room is there */
  gint64                 since;     /* when what is sought began to be, at the earliest */
  char                  *cursor;    /* of the page that is read; NULL: the first */
  guint                  n_pages;
  char                  *file;      /* its id */
};

/* Takes what it needs: refs @delivery and @task. */
IncidentSlackWork *incident_slack_work_new      (IncidentSlackChannel      *channel,
                                                 IncidentDelivery          *delivery, /* nullable */
                                                 GTask                     *task);
/* Takes @form, nullable. @step is told once. */
void               incident_slack_work_call     (IncidentSlackWork         *work,
                                                 const char                *method,
                                                 GPtrArray                 *form,
                                                 IncidentSlackStep          step);
void               incident_slack_work_upload   (IncidentSlackWork         *work,
                                                 const char                *url,
                                                 IncidentSlackStep          step);
/* A form with the conversation in it, by that name. */
GPtrArray         *incident_slack_work_form     (IncidentSlackWork         *work,
                                                 const char                *name);

/* Those that end it, and free @work. */
void               incident_slack_work_sent     (IncidentSlackWork         *work);
void               incident_slack_work_refuse   (IncidentSlackWork         *work,
                                                 const char                *detail);
/* @answer is of the call that counts. */
void               incident_slack_work_fail     (IncidentSlackWork         *work,
                                                 const IncidentSlackAnswer *answer);
/* @answer is of a call before that one, so nothing has been sent. */
void               incident_slack_work_fail_early (IncidentSlackWork       *work,
                                                 const IncidentSlackAnswer *answer);
/* Of a look-up or a probe. */
void               incident_slack_work_tell     (IncidentSlackWork         *work,
                                                 gboolean                   is_there);
void               incident_slack_work_tell_failure (IncidentSlackWork     *work,
                                                 const IncidentSlackAnswer *answer);

/* The conversation is archived, or we are not in it: opens or joins it, once, and begins @again. FALSE: that is not
 * the trouble, or no help. */
gboolean           incident_slack_work_mend     (IncidentSlackWork         *work,
                                                 const IncidentSlackAnswer *answer,
                                                 void                     (*again) (IncidentSlackWork *work));

/* The ways to deliver, by kind. */
void               incident_slack_say           (IncidentSlackWork         *work);
void               incident_slack_make_room     (IncidentSlackWork         *work);
void               incident_slack_set_topic     (IncidentSlackWork         *work);
void               incident_slack_invite        (IncidentSlackWork         *work);
void               incident_slack_add_bookmark  (IncidentSlackWork         *work);
void               incident_slack_archive       (IncidentSlackWork         *work);
void               incident_slack_share_file    (IncidentSlackWork         *work);
/* And to find out. */
void               incident_slack_find_message  (IncidentSlackWork         *work);
/* Seeks the room of the message by its name; @step is told when work->place is set, or it is NULL as there is none. */
void               incident_slack_find_room     (IncidentSlackWork         *work,
                                                 IncidentSlackStep          found);
/* FALSE: the message tells no name. */
gboolean           incident_slack_read_room     (IncidentSlackWork         *work);

G_END_DECLS
