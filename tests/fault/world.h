/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"
#include "leaf.h"
#include "plain-model.h"

/* A case at a desk, and beside it what the plain model says of it. Each command is
 * given to both. The functions assert: call them from a test, never from a callback. */

typedef struct
{
  IncidentClock *clock;
  IncidentStore *store;
  guint8         store_id[16];
  IncidentDesk  *desk;
  IncidentCase  *kase;    /* NULL before it is opened */
  PlainCase      plain;
} World;

/* What is tried in every phase: each verb with all that it needs, and with each part missing. */
extern const PlainCommand world_commands[];
extern const guint        world_n_commands;

World   *world_new_in_memory   (guint64             seed);
/* Takes the references; the desk is a new one. */
World   *world_new             (IncidentClock      *clock,
                                IncidentStore      *store,
                                const guint8        store_id[16]);
void     world_free            (World              *self);
/* Gives the command to the case; TRUE if it left an event. All that can be seen must
 * be as the model says. */
gboolean world_act             (World              *self,
                                const PlainCommand *command);
/* Without the checks: to come back to where one was. */
void     world_repeat          (World              *self,
                                const PlainCommand *command);
/* Does incident_case_list_next() answer as the command would? */
void     world_check_next      (World              *self);
/* Does the case say what the model says; do its events, and do they fold to the same? */
void     world_check_case      (World              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)
