/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-clock.h>

#include "comms/incident-message-private.h"

G_BEGIN_DECLS

/* How a channel has fared lately: one that fails again and again is left in peace for a while, and
 * then tried with care. */

#define INCIDENT_BREAKER_WINDOW 20

typedef struct
{
  char    *channel;
  guint64  version;       /* as the store has it; 0: it has none */
  guint    n_failed;      /* in a row */
  guint32  window;        /* the last attempts, a bit each: it failed */
  guint    n_window;      /* how many these are */
  guint    n_opened;      /* how often in a row it was opened: it stays open longer each time */
  gint64   open_until;    /* INCIDENT_TIME_NONE: messages go through; else it is down, and probed from then on */
  gint64   paused_until;  /* as the far side asked; INCIDENT_TIME_NONE */
  gboolean is_closed;     /* only a person can help: until it is loaded anew */
  gboolean is_changed;    /* the store does not know it yet */
} IncidentBreaker;

void     incident_breaker_init      (IncidentBreaker            *self,
                                     const char                 *channel);
void     incident_breaker_clear     (IncidentBreaker            *self);
/* What the store has (nullable). */
void     incident_breaker_read      (IncidentBreaker            *self,
                                     const IncidentChannelState *state);
IncidentChannelState *
         incident_breaker_write     (const IncidentBreaker      *self);
/* Nothing gets through by now. */
gboolean incident_breaker_is_down   (const IncidentBreaker      *self);
/* From when on something may be sent; INT64_MAX: when it is loaded anew. */
gint64   incident_breaker_get_ready (const IncidentBreaker      *self);
/* What became of an attempt, or a probe. TRUE: it has gone down, or up again. */
gboolean incident_breaker_note      (IncidentBreaker            *self,
                                     IncidentOutcome             outcome,
                                     gint64                      now);
void     incident_breaker_pause     (IncidentBreaker            *self,
                                     gint64                      until);
/* A person may have mended what closed it: it is probed. */
void     incident_breaker_reload    (IncidentBreaker            *self,
                                     gint64                      now);

/* Until the next attempt, in microseconds. */
gint64   incident_retry_get_delay   (const IncidentOutboxRow    *row,
                                     gint64                      retry_after,
                                     IncidentClock              *clock);
/* Adds one to what is written of attempts (nullable): the last twenty. */
char    *incident_retry_log         (const char                 *log,
                                     gint64                      at,
                                     const char                 *outcome,
                                     const char                 *detail);
/* Did the last attempt end so? */
gboolean incident_retry_log_ends_with (const char               *log,
                                     const char                 *outcome);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentBreaker, incident_breaker_clear)

G_END_DECLS
