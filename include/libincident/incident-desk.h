/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (INCIDENT_INSIDE) && !defined (INCIDENT_COMPILATION)
# error "Only <libincident/incident.h> can be included directly."
#endif

#include <libincident/incident-case.h>
#include <libincident/incident-channel.h>
#include <libincident/incident-clock.h>
#include <libincident/incident-command.h>
#include <libincident/incident-lifecycle.h>
#include <libincident/incident-override.h>
#include <libincident/incident-playbook.h>
#include <libincident/incident-query.h>
#include <libincident/incident-receipt.h>
#include <libincident/incident-refusal.h>
#include <libincident/incident-reminder.h>
#include <libincident/incident-reply.h>
#include <libincident/incident-alert.h>
#include <libincident/incident-routing.h>
#include <libincident/incident-schedule.h>
#include <libincident/incident-silence.h>
#include <libincident/incident-store.h>

G_BEGIN_DECLS

/**
 * INCIDENT_DESK_MAX_BODY:
 *
 * How many bytes a message of monitoring can have ([method@Desk.ingest]).
 *
 * Since: 0.1
 */
#define INCIDENT_DESK_MAX_BODY (1048576)

#define INCIDENT_TYPE_DESK (incident_desk_get_type ())

INCIDENT_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IncidentDesk, incident_desk, INCIDENT, DESK, GObject)

INCIDENT_AVAILABLE_IN_ALL
IncidentDesk      *incident_desk_new               (IncidentStore        *store,
                                                    IncidentClock        *clock,
                                                    IncidentLifecycle    *lifecycle);

INCIDENT_AVAILABLE_IN_ALL
IncidentDesk      *incident_desk_new_with_playbook (IncidentStore        *store,
                                                    IncidentClock        *clock,
                                                    IncidentPlaybook     *playbook);

INCIDENT_AVAILABLE_IN_ALL
IncidentDesk      *incident_desk_open_with_playbook (const char          *uri,
                                                    IncidentPlaybook     *playbook,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentPlaybook  *incident_desk_get_playbook      (IncidentDesk         *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_set_playbook      (IncidentDesk         *self,
                                                    IncidentPlaybook     *playbook,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_refusals     (IncidentDesk         *self,
                                                    guint64               after,
                                                    guint                 limit,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentDesk      *incident_desk_open              (const char           *uri,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
void               incident_desk_open_async        (const char           *uri,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

INCIDENT_AVAILABLE_IN_ALL
IncidentDesk      *incident_desk_open_finish       (GAsyncResult         *result,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentStore     *incident_desk_get_store         (IncidentDesk         *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentClock     *incident_desk_get_clock         (IncidentDesk         *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentLifecycle *incident_desk_get_lifecycle     (IncidentDesk         *self);

INCIDENT_AVAILABLE_IN_ALL
IncidentCase      *incident_desk_open_case         (IncidentDesk         *self,
                                                    const char           *title,
                                                    IncidentSeverity      severity,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentCase      *incident_desk_act               (IncidentDesk         *self,
                                                    guint64               number,
                                                    IncidentCommand      *command,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
void               incident_desk_act_async         (IncidentDesk         *self,
                                                    guint64               number,
                                                    IncidentCommand      *command,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

INCIDENT_AVAILABLE_IN_ALL
IncidentCase      *incident_desk_act_finish        (IncidentDesk         *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_act_many          (IncidentDesk         *self,
                                                    const guint64        *numbers,
                                                    gsize                 n_numbers,
                                                    IncidentCommand      *command,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_act_many_bytes    (IncidentDesk         *self,
                                                    GBytes               *numbers,
                                                    IncidentCommand      *command,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentCase      *incident_desk_get_case          (IncidentDesk         *self,
                                                    guint64               number,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_find_cases        (IncidentDesk         *self,
                                                    IncidentQuery        *query,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
void               incident_desk_find_cases_async  (IncidentDesk         *self,
                                                    IncidentQuery        *query,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              user_data);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_find_cases_finish (IncidentDesk         *self,
                                                    GAsyncResult         *result,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_list_rows         (IncidentDesk         *self,
                                                    IncidentQuery        *query,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GBytes            *incident_desk_list_column       (IncidentDesk         *self,
                                                    IncidentQuery        *query,
                                                    const char           *column,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_events       (IncidentDesk         *self,
                                                    guint64               log_index,
                                                    guint                 limit,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_ingest            (IncidentDesk         *self,
                                                    const char           *format,
                                                    GBytes               *body,
                                                    const char           *place,
                                                    const char           *source,
                                                    gint64                received_at,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_has_tokens        (IncidentDesk         *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_check_secrets     (IncidentDesk         *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_admit             (IncidentDesk         *self,
                                                    const char           *source,
                                                    const char           *format,
                                                    const char           *token,
                                                    const char           *signature,
                                                    GBytes               *body,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_check_health      (IncidentDesk         *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_settle_alerts     (IncidentDesk         *self,
                                                    gint64               *next,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_resume_alerts     (IncidentDesk         *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_alerts       (IncidentDesk         *self,
                                                    const char           *matchers,
                                                    gint64                since,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GBytes            *incident_desk_dup_alert_body    (IncidentDesk         *self,
                                                    const char           *alert,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentRouting   *incident_desk_try_labels        (IncidentDesk         *self,
                                                    GHashTable           *labels,
                                                    gint64                at,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentSilence   *incident_desk_add_silence       (IncidentDesk         *self,
                                                    IncidentSilence      *silence,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentSilence   *incident_desk_change_silence    (IncidentDesk         *self,
                                                    guint64               id,
                                                    IncidentSilence      *silence,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_expire_silence    (IncidentDesk         *self,
                                                    guint64               id,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_silences     (IncidentDesk         *self,
                                                    gboolean              with_expired,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_try_silence       (IncidentDesk         *self,
                                                    IncidentSilence      *silence,
                                                    gint64                since,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char             **incident_desk_review_silences   (IncidentDesk         *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentSchedule  *incident_desk_get_schedule      (IncidentDesk         *self,
                                                    const char           *name,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_schedules    (IncidentDesk         *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentOverride  *incident_desk_add_override      (IncidentDesk         *self,
                                                    IncidentOverride     *override,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentOverride  *incident_desk_take_swap         (IncidentDesk         *self,
                                                    guint64               id,
                                                    const char           *actor,
                                                    gint64                from,
                                                    gint64                until,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_withdraw_override (IncidentDesk         *self,
                                                    guint64               id,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_overrides    (IncidentDesk         *self,
                                                    const char           *schedule,
                                                    gint64                from,
                                                    gint64                until,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentOverride  *incident_desk_import_calendar   (IncidentDesk         *self,
                                                    const char           *schedule,
                                                    const char           *text,
                                                    gssize                length,
                                                    const char           *actor,
                                                    GPtrArray           **warnings,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_reminders    (IncidentDesk         *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_remind            (IncidentDesk         *self,
                                                    gint64               *next,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_dup_status_page   (IncidentDesk         *self,
                                                    const char           *format,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_touched      (IncidentDesk         *self,
                                                    IncidentPlaybookChange *change,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_simulate          (IncidentDesk         *self,
                                                    IncidentPlaybook     *playbook,
                                                    const char           *scenario,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_replay            (IncidentDesk         *self,
                                                    IncidentPlaybook     *playbook,
                                                    gint64                from,
                                                    gint64                until,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_prove             (IncidentDesk         *self,
                                                    IncidentPlaybook     *playbook,
                                                    const char           *policy,
                                                    gint64                from,
                                                    gint64                until,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_measure_load      (IncidentDesk         *self,
                                                    gint64                from,
                                                    gint64                until,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
void               incident_desk_add_channel       (IncidentDesk         *self,
                                                    const char           *name,
                                                    IncidentChannel      *channel);

INCIDENT_AVAILABLE_IN_ALL
void               incident_desk_deliver_async     (IncidentDesk         *self,
                                                    GCancellable         *cancellable,
                                                    GAsyncReadyCallback   callback,
                                                    gpointer              data);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_deliver_finish    (IncidentDesk         *self,
                                                    GAsyncResult         *result,
                                                    gint64               *next,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
GPtrArray         *incident_desk_list_messages     (IncidentDesk         *self,
                                                    const char           *channel,
                                                    const char           *state,
                                                    guint64               case_number,
                                                    guint64               after,
                                                    guint                 limit,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentMessage   *incident_desk_get_message       (IncidentDesk         *self,
                                                    guint64               number,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_retry_message     (IncidentDesk         *self,
                                                    guint64               number,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_withdraw_message  (IncidentDesk         *self,
                                                    guint64               number,
                                                    const char           *actor,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
char              *incident_desk_explain_page      (IncidentDesk         *self,
                                                    guint64               number,
                                                    const char           *person,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
IncidentReply     *incident_desk_take_slack        (IncidentDesk         *self,
                                                    const char           *channel,
                                                    const char           *content_type,
                                                    const char           *timestamp,
                                                    const char           *signature,
                                                    GBytes               *body);

INCIDENT_AVAILABLE_IN_ALL
IncidentReply     *incident_desk_take_link         (IncidentDesk         *self,
                                                    const char           *token,
                                                    gboolean              acts);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_listen            (IncidentDesk         *self,
                                                    GError              **error);

INCIDENT_AVAILABLE_IN_ALL
void               incident_desk_stop_listening    (IncidentDesk         *self);

INCIDENT_AVAILABLE_IN_ALL
gboolean           incident_desk_refresh           (IncidentDesk         *self,
                                                    GError              **error);

G_END_DECLS
