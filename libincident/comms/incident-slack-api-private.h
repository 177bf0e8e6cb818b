/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <libincident/incident-clock.h>

#include "base/incident-node-private.h"
#include "model/incident-comms-rules-private.h"

G_BEGIN_DECLS

/* Slack's Web API: a call, its answer, and what it means when a call fails. It keeps to Slack's
 * pace by itself: a call that would come too early is answered at once, and never made. */

typedef struct _IncidentSlackApi IncidentSlackApi;

/* What to do about a failure. */
typedef enum
{
  INCIDENT_SLACK_OK,       /* it was done, now or before */
  INCIDENT_SLACK_WAIT,     /* not done: too much at once; come back after retry_after */
  INCIDENT_SLACK_SAFE,     /* not done; it may be when tried again */
  INCIDENT_SLACK_UNSURE,   /* it may have been done */
  INCIDENT_SLACK_CONTENT,  /* not done: Slack does not take what was sent */
  INCIDENT_SLACK_GONE,     /* not done: what it is about is not there, or not for us */
  INCIDENT_SLACK_CONFIG,   /* not done, nor will anything be before a person mends the token or its rights */
  INCIDENT_SLACK_OTHER,    /* not done, and never will be */
} IncidentSlackClass;

typedef struct
{
  gboolean            ok;
  IncidentSlackClass  class;
  char               *error;        /* Slack's name of it (“name_taken”), or words where the call failed before Slack had one;
                                     * never a secret; NULL if it is ok */
  gint64              retry_after;  /* of WAIT, in microseconds */
  gboolean            is_wide;      /* of WAIT: it holds for the whole workspace, not for this method or conversation alone */
  gboolean            is_out;       /* whether anything of the call may have left */
  IncidentTree       *tree;         /* all that was answered; nullable */
} IncidentSlackAnswer;

/* @token is where the secret is found, read anew for each call: rules->token, or rules->app_token. Copies what it
 * needs of @rules. */
IncidentSlackApi    *incident_slack_api_new          (const IncidentChannelRules *rules,
                                                      const IncidentSecret       *token,
                                                      IncidentClock              *clock);
/* For a program that has the token. @base is nullable; as the program chose it, it may be near. */
IncidentSlackApi    *incident_slack_api_new_for_token (const char                *base,
                                                      const char                 *token,
                                                      IncidentClock              *clock);
IncidentSlackApi    *incident_slack_api_ref          (IncidentSlackApi           *self);
void                 incident_slack_api_unref        (IncidentSlackApi           *self);

/* What a call says: names and values, one after another. NULL adds nothing. */
GPtrArray           *incident_slack_form_new         (void);
void                 incident_slack_form_add         (GPtrArray                  *form,
                                                      const char                 *name,
                                                      const char                 *value);

/* @method: “chat.postMessage”. @form is read at once; NULL: it is empty. The source object of the result is NULL. */
void                 incident_slack_api_call_async   (IncidentSlackApi           *self,
                                                      const char                 *method,
                                                      GPtrArray                  *form,
                                                      GCancellable               *cancellable,
                                                      GAsyncReadyCallback         callback,
                                                      gpointer                    data);
/* Never NULL: a call that failed, was cancelled or not made has an answer, too, whose class tells what is known. */
IncidentSlackAnswer *incident_slack_api_call_finish  (IncidentSlackApi           *self,
                                                      GAsyncResult               *result);
/* POSTs the bytes of a file to the address that Slack gave for it, if that is Slack's; answers alike. */
void                 incident_slack_api_upload_async (IncidentSlackApi           *self,
                                                      const char                 *url,
                                                      const char                 *content_type, /* nullable */
                                                      GBytes                     *bytes,
                                                      GCancellable               *cancellable,
                                                      GAsyncReadyCallback         callback,
                                                      gpointer                    data);

/* The root of what was answered; NULL if it was no JSON. */
IncidentNode        *incident_slack_answer_get_root  (const IncidentSlackAnswer  *self);
void                 incident_slack_answer_free      (IncidentSlackAnswer        *self);

/* The class of an error by its name; OTHER where it is not known. */
IncidentSlackClass   incident_slack_classify         (const char                 *error);
gboolean             incident_slack_knows_error      (const char                 *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSlackApi, incident_slack_api_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSlackAnswer, incident_slack_answer_free)

G_END_DECLS
