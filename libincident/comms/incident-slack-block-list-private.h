/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-writer-private.h"

G_BEGIN_DECLS

/* Blocks of Slack's Block Kit, one after another, as long as they are few and short enough together. */

#define INCIDENT_SLACK_MOST_IN_SECTION 3000

typedef struct
{
  GPtrArray *blocks;  /* of strings: a block each, as JSON */
  gsize      length;  /* of all, in characters of JSON */
  gsize      most;    /* that it may come to */
  guint      most_blocks;
} IncidentSlackBlockList;

void     incident_slack_block_list_init    (IncidentSlackBlockList *self,
                                            gsize                   most);
void     incident_slack_block_list_clear   (IncidentSlackBlockList *self);
gsize    incident_slack_block_list_room    (const IncidentSlackBlockList *self);
/* Takes @block. FALSE: there is no room for it. */
gboolean incident_slack_block_list_add     (IncidentSlackBlockList *self,
                                            char                   *block);
/* Moves all of @other to the end of @self, whatever the room. */
void     incident_slack_block_list_join    (IncidentSlackBlockList *self,
                                            IncidentSlackBlockList *other);
/* The JSON array. */
char    *incident_slack_block_list_finish  (IncidentSlackBlockList *self) G_GNUC_WARN_UNUSED_RESULT;

/* A member that is a text object: words as they are, cut. */
void     incident_slack_write_plain        (IncidentJsonWriter     *writer,
                                            const char             *name,
                                            const char             *text,
                                            gsize                   n_characters);
/* A text object: @text is mrkdwn, and escaped. */
void     incident_slack_write_mrkdwn       (IncidentJsonWriter     *writer,
                                            const char             *text);
char    *incident_slack_block_header       (const char             *text);
char    *incident_slack_block_plain        (const char             *text);
char    *incident_slack_block_mrkdwn       (const char             *text);
char    *incident_slack_block_context      (const char             *text);
char    *incident_slack_block_divider      (void);

/* A field of a form, in a block of its own. */
void  incident_slack_write_input    (IncidentJsonWriter    *writer,
                                     const char            *id,
                                     const char            *label,
                                     gboolean               is_optional,
                                     gboolean               has_lines,
                                     gint64                 most);

G_END_DECLS
