/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-text.h>
#include <libincident/incident-time.h>

#include "base/incident-error-private.h"
#include "base/incident-time-private.h"
#include "desk/incident-desk-alerts-private.h"
#include "intake/incident-receipt-private.h"

/* How a message becomes what is known of alerts, and what cases are told. */

typedef struct
{
  IncidentDesk          *desk;
  IncidentIntakeMessage *message;
  gint64                 now;
  IncidentBriefing       briefing;
  GArray                *outcomes;  /* IncidentIntakeOutcome */
} Ingestion;

static gboolean
check_received_at (IncidentDesk  *desk,
                   gint64         received_at,
                   GError       **error)
{
  static char *codes[] = { (char *) "bad-time", NULL };

  if (received_at >= INCIDENT_TIME_MIN && received_at <= incident_clock_get_time (incident_desk_get_clock (desk)))
    return TRUE;

  incident_set_error_refused (error, codes, "The message is refused: bad-time: the time at which it was received is "
                                            "still to come, or before the year 1");
  return FALSE;
}

/* Who may open a case is told by the rights; a stranger writes to none either. */
static gboolean
check_sender (IncidentDesk  *desk,
              const char    *actor,
              GError       **error)
{
  static char *codes[] = { (char *) "not-permitted", NULL };
  g_autoptr(IncidentCommand) command = NULL;
  g_autofree char *message = NULL;
  GError *local_error = NULL;

  if (incident_rules_knows (incident_desk_get_rulebook (desk)->rules, actor))
    return TRUE;

  command = incident_command_new ("open", actor);
  message = g_strdup_printf ("The message is refused: not-permitted: the playbook knows nobody of the name “%s”", actor);
  incident_set_error_refused (&local_error, codes, message);
  incident_desk_audit (desk, 0, command, &local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* What says nothing new is not kept again. */
static gboolean
says_something (const Ingestion *self)
{
  if (self->briefing.tellings->len > 0)
    return TRUE;

  for (guint i = 0; i < self->outcomes->len; i++)
    if (g_array_index (self->outcomes, IncidentIntakeOutcome, i).outcome == NULL || g_array_index (self->outcomes, IncidentIntakeOutcome, i).is_news)
      return TRUE;

  return FALSE;
}

static const char *
explain_telling (const char *outcome)
{
  if (g_str_equal (outcome, "opened"))
    return "it fires, and no open case stands for its group";

  return g_str_equal (outcome, "joined") ? "it fires, and its group has an open case"
                                         : "it fires, and the case of its group ended only a while ago";
}

static IncidentReceipt *
give_receipt (Ingestion             *self,
              const IncidentIntakeOutcome *outcome)
{
  IncidentKnown *known = outcome->known;
  IncidentAlert *alert = known != NULL ? known->alert : outcome->alert;
  guint64 number = known != NULL ? known->case_number : 0;
  const char *word = outcome->outcome;
  IncidentReceipt *receipt;

  if (word != NULL)
    return incident_receipt_new (alert, number, word, outcome->why);

  word = incident_briefing_get_outcome (&self->briefing, known);
  if (word != NULL)
    return incident_receipt_new (alert, number, word, explain_telling (word));
  /* Another time of it, before anybody was told of the end of the last one. */
  if (known->told)
    return incident_receipt_new (alert, number, "repeated", "it fires, as the case knows already");

  receipt = incident_receipt_new (alert, number, "suppressed", NULL);
  incident_receipt_take_why (receipt, incident_intake_explain_hold (self->briefing.intake, known, self->now));
  return receipt;
}

/* The key that was made for the sender, or the one that it gave. */
static void
tell_dedup_key (const IncidentIntakeMessage *message,
                const IncidentAlert         *alert,
                IncidentReceipt             *receipt)
{
  const char *key = message->made_key != NULL ? message->made_key : incident_labels_get (alert->annotations, "dedup_key");

  if (key != NULL)
    incident_receipt_set_dedup_key (receipt, key);
}

static GPtrArray *
give_receipts (Ingestion *self)
{
  IncidentIntakeMessage *message = self->message;
  GPtrArray *receipts = g_ptr_array_new_full (message->alerts->len + message->refused->len,
                                              (GDestroyNotify) incident_receipt_unref);

  for (guint i = 0; i < self->outcomes->len; i++)
    {
      const IncidentIntakeOutcome *outcome = &g_array_index (self->outcomes, IncidentIntakeOutcome, i);
      IncidentReceipt *receipt = give_receipt (self, outcome);

      tell_dedup_key (message, outcome->alert, receipt);
      g_ptr_array_add (receipts, receipt);
    }
  for (guint i = 0; i < message->refused->len; i++)
    g_ptr_array_add (receipts, incident_receipt_ref (g_ptr_array_index (message->refused, i)));
  for (guint i = 0; message->notes != NULL && i < message->notes->len; i++)
    g_ptr_array_add (receipts, incident_receipt_new_note (g_ptr_array_index (message->notes, i)));

  return receipts;
}

static GPtrArray *
take_in_once (Ingestion   *self,
              GError     **error)
{
  const IncidentRules *rules = incident_desk_get_rulebook (self->desk)->rules;
  IncidentIntakeMessage *message = self->message;
  IncidentIntake *intake = incident_desk_load_alerts (self->desk, error);

  if (intake == NULL)
    return NULL;

  incident_briefing_init (&self->briefing, self->desk, intake, message->sender, self->now);
  self->briefing.title = message->title;
  incident_intake_spare (intake, message, self->now);
  incident_intake_settle (intake, self->now, self->briefing.tellings);
  incident_intake_take (intake, message, self->now, self->outcomes, self->briefing.tellings);
  if (says_something (self))
    {
      g_autoptr(GBytes) body = incident_erasure_make_body (message, self->outcomes);

      self->briefing.entry = incident_intake_entry_new ("message", self->now, message->sender, message->format->name,
                                                        rules->version, body);
    }
  else if (intake->dirty->len > 0)
    self->briefing.entry = incident_intake_entry_new_settled (NULL, self->now);
  return incident_briefing_commit (&self->briefing, error) ? give_receipts (self) : NULL;
}

static GPtrArray *
take_in (IncidentDesk           *desk,
         IncidentIntakeMessage  *message,
         GError                **error)
{
  Ingestion self = { .desk = desk, .message = message, .now = message->received_at };
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (IncidentIntakeOutcome));

  self.outcomes = outcomes;
  for (guint attempt = 0; receipts == NULL && attempt < INCIDENT_DESK_MAX_ATTEMPTS; attempt++)
    {
      g_autoptr(GError) local_error = NULL;

      receipts = take_in_once (&self, &local_error);
      if (self.briefing.desk != NULL)
        incident_briefing_clear (&self.briefing);
      self.briefing.desk = NULL;
      if (local_error != NULL && !g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  if (receipts == NULL)
    g_set_error_literal (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT,
                         "Others kept writing to the cases of these alerts: try again");
  return g_steal_pointer (&receipts);
}

/* Whatever the format: not all are read with limits of their own. */
static gboolean
check_size (GBytes      *body,
            const char  *place,
            GError     **error)
{
  gsize size = g_bytes_get_size (body);
  g_autofree char *name = incident_text_for_terminal (place != NULL ? place : "message");

  if (size <= INCIDENT_DESK_MAX_BODY)
    return TRUE;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, "",
                         "“%s” is too large: it has %" G_GSIZE_FORMAT " bytes and can have %d", name, size,
                         INCIDENT_DESK_MAX_BODY);
  return FALSE;
}

/**
 * incident_desk_ingest:
 * @self: a desk
 * @format: (nullable): what the body is, such as `alertmanager`, the webhook of
 *   Prometheus Alertmanager; or %NULL for what the playbook says of @source, or
 *   else what the body looks like
 * @body: the message, as it was received
 * @place: (nullable): what to call the message in errors, such as a file name
 * @source: who sends it: the name of the monitoring system, as the playbook has it
 *   in its section `sources`
 * @received_at: when it was received, in microseconds since the Unix epoch, UTC,
 *   to take in what was kept; or %INCIDENT_TIME_NONE for now
 * @error: return location for an error
 *
 * Takes in what a monitoring system says.
 *
 * Each alert goes by the routes of the playbook to a group, and each group has one
 * open case: the first alert that fires opens it, later ones join it, and when
 * none fires any more, that is noted. What mutes an alert keeps it from opening
 * and joining a case, never from ending in one. What was said before is recorded
 * once. As long as no person has judged the severity, it is the worst of the
 * alerts. A malformed alert is refused, and the others are kept.
 *
 * All that one message brings is committed at once, with the message itself:
 * [method@Desk.dup_alert_body]. A message that says nothing new writes nothing. It
 * has at most %INCIDENT_DESK_MAX_BODY bytes. What is due by the time of the message
 * is done first, as by [method@Desk.settle_alerts]. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentReceipt): what became of
 *   each alert, then what else the message says for people, each with the outcome
 *   `noted` and no alert; or %NULL with @error set: %INCIDENT_ERROR_INVALID, naming line,
 *   column and JSON pointer, if the body is no such message,
 *   %INCIDENT_ERROR_REFUSED if @received_at is still to come or the playbook does
 *   not let @source open cases, or what ails the store; then nothing was recorded
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_ingest (IncidentDesk  *self,
                      const char    *format,
                      GBytes        *body,
                      const char    *place,
                      const char    *source,
                      gint64         received_at,
                      GError       **error)
{
  g_autoptr(IncidentIntakeMessage) message = NULL;
  g_autoptr(GPtrArray) receipts = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (body != NULL, NULL);
  g_return_val_if_fail (source != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (received_at == INCIDENT_TIME_NONE)
    received_at = incident_clock_get_time (incident_desk_get_clock (self));
  if (!incident_actor_check (source, error) || !check_size (body, place, error))
    return NULL;

  message = incident_intake_message_read (body, format, place, source,
                                          incident_intake_rules_get_source (incident_desk_get_rulebook (self)->rules->intake, source),
                                          received_at, error);
  if (message == NULL || !check_received_at (self, received_at, error) || !check_sender (self, source, error))
    return NULL;

  receipts = take_in (self, message, error);
  if (receipts != NULL)
    incident_desk_end_quiet_cases (self, received_at, NULL);
  return g_steal_pointer (&receipts);
}
