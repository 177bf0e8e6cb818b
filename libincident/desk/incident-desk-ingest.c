/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-time-private.h"
#include "desk/incident-desk-private.h"
#include "intake/incident-alert-private.h"
#include "intake/incident-receipt-private.h"
#include "model/incident-operation-private.h"

/* How a group of alerts becomes a case, or joins the one that stands for it. */

/* A team's own lifecycle could lead cases in a circle. */
#define MOST_MERGES 100

typedef struct
{
  IncidentDesk       *desk;
  IncidentAlertGroup *group;
  const char         *actor;
  gint64              received_at;  /* INCIDENT_TIME_NONE: now */

  IncidentCase       *kase;     /* the open case of the group, or NULL */
  guint64             follows;  /* the case that stood for the group last, or 0 */
  IncidentDecision    decision;
  IncidentSeverity    worst;    /* among the alerts, so far */
  GHashTable         *firing;   /* keys that fire once the drafts are committed */
  GHashTable         *current;  /* fingerprint → the key under which it fires */
  GHashTable         *ended;    /* keys that this message ends */
  GPtrArray          *receipts;
} Intake;

static void
intake_clear (Intake *self)
{
  g_clear_object (&self->kase);
  incident_decision_clear (&self->decision);
  g_clear_pointer (&self->firing, g_hash_table_unref);
  g_clear_pointer (&self->current, g_hash_table_unref);
  g_clear_pointer (&self->ended, g_hash_table_unref);
  g_clear_pointer (&self->receipts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Intake, intake_clear)

static const IncidentState *
get_state (Intake *self)
{
  return self->kase != NULL ? incident_case_get_state (self->kase) : NULL;
}

/* To the case that took in what has ended, and to what took in that one; none is open: NULL. */
static gboolean
follow_merges (Intake  *self,
               GError **error)
{
  for (guint i = 0; self->kase != NULL && !incident_case_get_open (self->kase); i++)
    {
      const IncidentDossier *dossier = get_state (self)->dossier;
      const char *into = dossier != NULL && i < MOST_MERGES ? dossier->merged_into : NULL;
      guint64 number = 0;

      if (into != NULL)
        incident_case_number_from_string (into, &number, NULL);
      g_clear_object (&self->kase);
      if (number == 0)
        return TRUE;
      self->kase = incident_desk_get_case (self->desk, number, error);
      if (self->kase == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
find_case (Intake  *self,
           GError **error)
{
  g_clear_object (&self->kase);
  if (!incident_store_find_group (incident_desk_get_store (self->desk), self->group->group, &self->follows, error))
    return FALSE;
  if (self->follows == 0)
    return TRUE;

  self->kase = incident_desk_get_case (self->desk, self->follows, error);
  return self->kase != NULL && follow_merges (self, error);
}

/* The start never holds the sign, but a fingerprint may. */
static char *
dup_fingerprint (const char *key)
{
  return g_strndup (key, (gsize) (strrchr (key, '@') - key));
}

static void
note_firing (Intake     *self,
             const char *key)
{
  g_hash_table_add (self->firing, g_strdup (key));
  g_hash_table_insert (self->current, dup_fingerprint (key), g_strdup (key));
}

static void
note_ended (Intake     *self,
            const char *key)
{
  g_autofree char *fingerprint = dup_fingerprint (key);

  g_hash_table_remove (self->firing, key);
  if (g_strcmp0 (g_hash_table_lookup (self->current, fingerprint), key) == 0)
    g_hash_table_remove (self->current, fingerprint);
  g_hash_table_add (self->ended, g_strdup (key));
}

static void
begin (Intake *self)
{
  const IncidentState *state = get_state (self);
  GHashTableIter iter;
  gpointer key, firing;

  incident_decision_clear (&self->decision);
  incident_decision_init (&self->decision, incident_desk_get_clock (self->desk),
                          incident_desk_get_operations (self->desk), incident_desk_get_rulebook (self->desk));
  if (self->kase != NULL)
    incident_decision_turn_to (&self->decision, incident_case_get_number (self->kase), state);
  incident_operations_draw (incident_desk_get_operations (self->desk), self->decision.operation);

  g_clear_pointer (&self->receipts, g_ptr_array_unref);
  self->receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_receipt_unref);
  g_clear_pointer (&self->firing, g_hash_table_unref);
  self->firing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_clear_pointer (&self->current, g_hash_table_unref);
  self->current = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_clear_pointer (&self->ended, g_hash_table_unref);
  self->ended = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->worst = INCIDENT_SEVERITY_UNKNOWN;
  if (state == NULL)
    return;

  if (state->severity_from_alert)
    self->worst = (IncidentSeverity) state->severity;
  if (state->dossier == NULL || state->dossier->statuses == NULL)
    return;

  g_hash_table_iter_init (&iter, state->dossier->statuses);
  while (g_hash_table_iter_next (&iter, &key, &firing))
    if (firing != NULL)
      note_firing (self, key);
}

static void
give_receipt (Intake              *self,
              const IncidentAlert *alert,
              const char          *key,
              const char          *outcome,
              const char          *why)
{
  g_autofree char *summary = alert->summary != NULL ? g_strconcat (alert->name, ": ", alert->summary, NULL)
                                                    : g_strdup (alert->name);

  g_ptr_array_add (self->receipts, incident_receipt_new (key, summary, outcome, why));
}

static gint64
get_received_at (Intake *self)
{
  return self->received_at != INCIDENT_TIME_NONE ? self->received_at : self->decision.now;
}

/* The key under which the case knows the alert. A sender that tells no start means
 * the occurrence that fires already. */
static char *
dup_key (Intake              *self,
         const IncidentAlert *alert)
{
  const char *current = alert->start == NULL ? g_hash_table_lookup (self->current, alert->fingerprint) : NULL;

  return current != NULL ? g_strdup (current) : incident_alert_dup_key (alert, get_received_at (self));
}

/* Only a person may judge better than the alerts: theirs is the worst that was seen. */
static gboolean
raises_severity (Intake              *self,
                 const IncidentAlert *alert)
{
  const IncidentState *state = get_state (self);

  if (alert->severity == INCIDENT_SEVERITY_UNKNOWN)
    return FALSE;
  if (state != NULL && state->severity != INCIDENT_SEVERITY_UNKNOWN && !state->severity_from_alert)
    return FALSE;

  return self->worst == INCIDENT_SEVERITY_UNKNOWN || alert->severity < self->worst;
}

static void
add_alert_event (Intake              *self,
                 const IncidentAlert *alert,
                 const char          *key)
{
  g_autoptr(GString) facts = g_string_new (NULL);
  gint64 source_time = alert->firing ? alert->starts_at : alert->ends_at;

  incident_facts_append (facts, "alert", key);
  incident_facts_append (facts, "alert-status", alert->firing ? "firing" : "resolved");
  if (alert->firing && raises_severity (self, alert))
    {
      self->worst = alert->severity;
      incident_facts_append (facts, "severity", incident_severity_to_string (alert->severity));
      incident_facts_append (facts, "severity-from", "alert");
    }

  /* A sender's clock may run ahead of ours; nothing happens after it was told. */
  if (source_time == INCIDENT_TIME_NONE || source_time > get_received_at (self))
    source_time = get_received_at (self);
  incident_decision_add (&self->decision, alert->firing ? "alert-fired" : "alert-resolved", self->actor,
                         source_time, facts->str, incident_alert_to_json (alert, self->group->source));
}

static gboolean
is_known (Intake     *self,
          const char *key)
{
  return g_hash_table_contains (self->ended, key)
         || (get_state (self) != NULL && incident_state_knows_alert (get_state (self), key));
}

static void
take_alert (Intake              *self,
            const IncidentAlert *alert)
{
  g_autofree char *key = dup_key (self, alert);
  gboolean fires_already = g_hash_table_contains (self->firing, key);

  if (alert->firing && fires_already)
    give_receipt (self, alert, key, "repeated", "it fires, as the case knows already");
  else if (alert->firing && is_known (self, key))
    give_receipt (self, alert, key, "repeated", "this occurrence has ended already, and is not opened again");
  else if (alert->firing)
    {
      add_alert_event (self, alert, key);
      give_receipt (self, alert, key, get_state (self) == NULL ? "opened" : "joined",
                    get_state (self) == NULL ? "it fires, and no open case stands for its group"
                                             : "it fires, and its group has an open case");
      note_firing (self, key);
    }
  else if (fires_already)
    {
      add_alert_event (self, alert, key);
      give_receipt (self, alert, key, "resolved", "it has ended");
      note_ended (self, key);
    }
  else if (is_known (self, key))
    give_receipt (self, alert, key, "repeated", "it has ended, as the case knows already");
  else
    give_receipt (self, alert, key, "ignored", "it has ended, and no open case has seen it fire");
}

static gboolean
has_firing (Intake *self)
{
  for (guint i = 0; i < self->group->alerts->len; i++)
    if (((IncidentAlert *) g_ptr_array_index (self->group->alerts, i))->firing)
      return TRUE;

  return FALSE;
}

/* A sender's summary may be longer than a title can be. */
static char *
cut_title (const char *title)
{
  const char *end = title + INCIDENT_MAX_TEXT_LENGTH - strlen ("…");
  g_autofree char *start = NULL;

  if (strlen (title) <= INCIDENT_MAX_TEXT_LENGTH)
    return g_strdup (title);

  while (((guchar) *end & 0xc0) == 0x80)
    end--;
  start = g_strndup (title, (gsize) (end - title));
  return g_strconcat (start, "…", NULL);
}

/* A label may name what the playbook does not have; the alert counts all the same. */
static gboolean
knows_service (Intake *self)
{
  GHashTable *services = incident_desk_get_rulebook (self->desk)->rules->services;

  return self->group->service != NULL
         && (g_hash_table_size (services) == 0 || g_hash_table_contains (services, self->group->service));
}

/* The same guards and the same event as if a person had opened it. */
static gboolean
open_case (Intake  *self,
           GError **error)
{
  g_autoptr(IncidentCommand) command = incident_command_new ("open", self->actor);
  g_autofree char *group = g_strconcat ("group=", self->group->group, NULL);
  g_autofree char *title = cut_title (self->group->title);
  GError *local_error = NULL;

  incident_command_set_occurred_at (command, self->received_at);
  if (incident_command_set (command, "title", title, &local_error)
      && incident_command_set (command, "service", knows_service (self) ? self->group->service : NULL, &local_error)
      && incident_decision_command (&self->decision, command, group, &local_error))
    return TRUE;

  incident_desk_audit (self->desk, 0, command, &local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* Who may open a case is told by the rights; a stranger does not write to one either. */
static gboolean
check_sender (Intake  *self,
              GError **error)
{
  static char *codes[] = { (char *) "not-permitted", NULL };
  g_autoptr(IncidentCommand) command = NULL;
  g_autofree char *message = NULL;
  GError *local_error = NULL;

  if (self->kase == NULL || incident_rules_knows (incident_desk_get_rulebook (self->desk)->rules, self->actor))
    return TRUE;

  command = incident_command_new ("open", self->actor);
  message = g_strdup_printf ("The message is refused: not-permitted: the playbook knows nobody of the name “%s”", self->actor);
  incident_set_error_refused (&local_error, codes, message);
  incident_desk_audit (self->desk, incident_case_get_number (self->kase), command, &local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

static void
add_end (Intake *self)
{
  if (self->decision.drafts->len == 0 || g_hash_table_size (self->firing) > 0)
    return;

  incident_decision_add (&self->decision, "alerts-ended", self->actor, get_received_at (self), "",
                         g_strdup ("{\"text\":\"No alert of this case fires any more\"}"));
}

static gboolean
check_received_at (Intake  *self,
                   GError **error)
{
  static char *codes[] = { (char *) "bad-time", NULL };

  if (get_received_at (self) >= INCIDENT_TIME_MIN && get_received_at (self) <= self->decision.now)
    return TRUE;

  incident_set_error_refused (error, codes, "The message is refused: bad-time: the time at which it was received is "
                                            "still to come, or before the year 1");
  return FALSE;
}

static gboolean
decide (Intake  *self,
        GError **error)
{
  begin (self);
  if (!check_received_at (self, error) || !check_sender (self, error))
    return FALSE;
  if (self->kase == NULL && has_firing (self) && !open_case (self, error))
    return FALSE;
  for (guint i = 0; i < self->group->alerts->len; i++)
    take_alert (self, g_ptr_array_index (self->group->alerts, i));
  add_end (self);
  if (self->decision.drafts->len > 0)
    incident_decision_add_checklists (&self->decision, self->actor, get_received_at (self));
  return TRUE;
}

static gboolean
commit (Intake  *self,
        GError **error)
{
  const IncidentGroupChange change = { .name = self->group->group, .follows = self->follows };
  g_autoptr(GArray) groups = NULL;
  IncidentCommit transaction = { .drafts = self->decision.drafts };

  if (self->kase == NULL)
    transaction.groups = groups = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof change), &change, 1);

  return incident_desk_commit (self->desk, &transaction, error);
}

static GPtrArray *
end (Intake *self)
{
  guint64 number = self->kase != NULL ? incident_case_get_number (self->kase) : 0;

  for (guint i = 0; i < self->receipts->len; i++)
    if (!g_str_equal (incident_receipt_get_outcome (g_ptr_array_index (self->receipts, i)), "ignored"))
      incident_receipt_set_case_number (g_ptr_array_index (self->receipts, i), number);
  for (guint i = 0; i < self->group->refused->len; i++)
    g_ptr_array_add (self->receipts, incident_receipt_ref (g_ptr_array_index (self->group->refused, i)));

  return g_steal_pointer (&self->receipts);
}

static GPtrArray *
take_in (Intake  *self,
         GError **error)
{
  for (guint attempt = 0; attempt < INCIDENT_DESK_MAX_ATTEMPTS; attempt++)
    {
      g_autoptr(GError) local_error = NULL;

      if (!find_case (self, error) || !decide (self, error))
        return NULL;
      if (self->decision.drafts->len == 0)
        return end (self);
      if (commit (self, &local_error))
        {
          g_autoptr(IncidentCase) kase = incident_desk_committed (self->desk, self->decision.drafts);

          g_set_object (&self->kase, kase);
          return end (self);
        }
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT,
                       "Others kept writing to the case of these alerts: try again");
  return NULL;
}

/**
 * incident_desk_ingest:
 * @self: a desk
 * @format: what the body is: `alertmanager`, the webhook of Prometheus
 *   Alertmanager (version 4)
 * @body: the message, as it was received
 * @source: (nullable): what to call the message in errors, such as a file name
 * @actor: who sends it: the name of the monitoring system
 * @received_at: when it was received, in microseconds since the Unix epoch, UTC,
 *   to take in what was kept; or %INCIDENT_TIME_NONE for now
 * @error: return location for an error
 *
 * Takes in what a monitoring system says.
 *
 * Each group of alerts has one open case: the first that fires opens it, later
 * ones join it, and when none fires any more, that is noted. What was said
 * before is recorded once. As long as no person has judged the severity, it is
 * the worst of the alerts. A malformed alert is refused, and the others are kept.
 *
 * All that one message brings is committed at once. A message has at most
 * %INCIDENT_DESK_MAX_BODY bytes. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentReceipt): what became of
 *   each alert; or %NULL with @error set: %INCIDENT_ERROR_INVALID, naming line,
 *   column and JSON pointer, if the body is no such message,
 *   %INCIDENT_ERROR_REFUSED if @received_at is still to come or the playbook does
 *   not let @actor open cases, or what ails the store; then nothing was recorded
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_ingest (IncidentDesk  *self,
                      const char    *format,
                      GBytes        *body,
                      const char    *source,
                      const char    *actor,
                      gint64         received_at,
                      GError       **error)
{
  g_autoptr(IncidentAlertGroup) group = NULL;
  g_auto(Intake) intake = { NULL, };
  const char *bytes;
  gsize length;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (format != NULL, NULL);
  g_return_val_if_fail (body != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!g_str_equal (format, "alertmanager"))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "format",
                             "There is no format “%s”: there is “alertmanager”", format);
      return NULL;
    }

  if (!incident_actor_check (actor, error))
    return NULL;

  bytes = g_bytes_get_data (body, &length);
  group = incident_alertmanager_parse (length > 0 ? bytes : "", length, source, error);
  if (group == NULL)
    return NULL;

  intake.desk = self;
  intake.group = group;
  intake.actor = actor;
  intake.received_at = received_at;
  return take_in (&intake, error);
}
