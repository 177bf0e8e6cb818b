/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a monitoring system says, and the rules it goes by. */

#define ALERTS_SOURCE "prometheus"

/* A body of many alerts, in which the number of the body and the end of its alerts can be set: so
 * each body says of other alerts, and it costs no more than copying it. */
typedef struct _AlertBody AlertBody;

typedef enum
{
  ALERT_BODY_API,     /* POST /api/v2/alerts of Alertmanager, 483 bytes an alert */
  ALERT_BODY_WEBHOOK, /* the webhook of Alertmanager: the same alerts, and what it adds */
} AlertBodyKind;

/* So many alerts on hosts of which each has @n_a_host: critical, warning and info by turns. */
AlertBody *alert_body_new     (AlertBodyKind  kind,
                               guint          n_alerts,
                               guint          n_a_host);
void       alert_body_free    (AlertBody     *self);
/* @later: so many seconds more until they end. */
GBytes    *alert_body_fill    (AlertBody     *self,
                               guint          number,
                               guint          later);
/* What is filled in: the number of the body is five at signs, and the end 24 carets. */
const char *alert_body_get_template (AlertBody *self);
/* 25 routes with a child each, and three rules of inhibition: for the library, and for Alertmanager. */
char      *alerts_playbook    (void);
char      *alerts_alertmanager_configuration (void);

G_END_DECLS
