/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-receipt-private.h"

#include <libincident/incident-case.h>
#include <libincident/incident-error.h>

#include "base/incident-json-writer-private.h"

/**
 * IncidentReceipt:
 *
 * What became of one alert that monitoring sent, and why.
 *
 * | outcome | the alert |
 * |---|---|
 * | `opened` | fires, and a new case was opened for its group |
 * | `joined` | fires, and was put on the timeline of its group's open case |
 * | `reopened` | fires, and the case of its group, which had ended a while ago, was opened again |
 * | `suppressed` | fires, and nobody was told of it: something mutes it |
 * | `worsened` | fires still, and is worse than it was |
 * | `updated` | fires still, and says something new |
 * | `acknowledged` | fires, and somebody looks after it until it ends |
 * | `resolved` | has ended, and that was put on the timeline of its case |
 * | `repeated` | says what is known already: nothing was recorded |
 * | `late` | says what was so before what is known: it was kept, and changed nothing |
 * | `noted` | says nothing of right or wrong: it was kept |
 * | `ignored` | has ended, but nobody was told that it fired |
 * | `refused` | is malformed: see [method@Receipt.get_error] |
 *
 * A receipt that is `noted` and names no alert is about the message as a whole:
 * [method@Receipt.get_why] is what a person should know, such as that Amazon SNS
 * asks to confirm a subscription, and where.
 *
 * A receipt never changes and may be shared between threads.
 *
 * Since: 0.1
 */
struct _IncidentReceipt
{
  IncidentAlert *alert;    /* NULL: malformed, or a note */
  char          *summary;  /* made when it is asked for */
  char          *dedup_key; /* by which the sender goes on, where that is not the alert's */
  guint64        number;
  const char    *outcome;  /* static */
  const char    *why;      /* static, or the one below, or the error's */
  char          *own_why;
  GError        *error;
};

G_DEFINE_BOXED_TYPE (IncidentReceipt, incident_receipt, incident_receipt_ref, incident_receipt_unref)

IncidentReceipt *
incident_receipt_new (IncidentAlert *alert,
                      guint64        number,
                      const char    *outcome,
                      const char    *why)
{
  IncidentReceipt *self = g_atomic_rc_box_new0 (IncidentReceipt);

  self->alert = incident_alert_ref (alert);
  self->number = number;
  self->outcome = outcome;
  self->why = why;
  return self;
}

void
incident_receipt_set_dedup_key (IncidentReceipt *self,
                                const char      *dedup_key)
{
  g_free (self->dedup_key);
  self->dedup_key = g_strdup (dedup_key);
}

void
incident_receipt_take_why (IncidentReceipt *self,
                           char            *why)
{
  g_free (self->own_why);
  self->why = self->own_why = why;
}

IncidentReceipt *
incident_receipt_new_refused (GError *error)
{
  IncidentReceipt *self = g_atomic_rc_box_new0 (IncidentReceipt);

  self->outcome = "refused";
  self->why = error->message;
  self->error = error;
  return self;
}

/* Of no alert, but of the message. */
IncidentReceipt *
incident_receipt_new_note (const char *note)
{
  IncidentReceipt *self = g_atomic_rc_box_new0 (IncidentReceipt);

  self->outcome = "noted";
  incident_receipt_take_why (self, g_strdup (note));
  return self;
}

/**
 * incident_receipt_ref:
 * @self: a receipt
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentReceipt *
incident_receipt_ref (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_receipt_clear (gpointer data)
{
  IncidentReceipt *self = data;

  g_clear_pointer (&self->alert, incident_alert_unref);
  g_free (self->summary);
  g_free (self->dedup_key);
  g_free (self->own_why);
  g_clear_error (&self->error);
}

/**
 * incident_receipt_unref:
 * @self: (transfer full): a receipt
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_receipt_unref (IncidentReceipt *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_receipt_clear);
}

/**
 * incident_receipt_get_alert:
 * @self: a receipt
 *
 * Names the alert.
 *
 * Returns: (transfer none) (nullable): its episode key; or %NULL if it is too
 *   malformed to have one, or the receipt is of no alert
 *
 * Since: 0.1
 */
const char *
incident_receipt_get_alert (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->alert != NULL ? incident_alert_get_episode_key (self->alert) : NULL;
}

/**
 * incident_receipt_get_dedup_key:
 * @self: a receipt
 *
 * Names the thing that is wrong, as its sender does when it goes on with it: the
 * `dedup_key` of PagerDuty, say. One that was left out has been made, and the
 * sender must be told of it.
 *
 * Returns: (transfer none) (nullable): the key, as the sender gives it, or else the
 *   alert's own; or %NULL if the alert is too malformed to have one
 *
 * Since: 0.1
 */
const char *
incident_receipt_get_dedup_key (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->dedup_key != NULL || self->alert == NULL)
    return self->dedup_key;

  return incident_alert_get_dedup_key (self->alert);
}

/**
 * incident_receipt_get_summary:
 * @self: a receipt
 *
 * Says in one line for people which alert it was.
 *
 * The line holds the sender's words as they were given: escape it for where it
 * goes.
 *
 * Returns: (transfer none) (nullable): the line, such as `DiskWillFillIn4Hours:
 *   Disk of db-1 will fill in 4 h`; or %NULL if the alert is too malformed
 *
 * Since: 0.1
 */
const char *
incident_receipt_get_summary (IncidentReceipt *self)
{
  const IncidentAlert *alert;
  char *summary;

  g_return_val_if_fail (self != NULL, NULL);

  alert = self->alert;
  if (alert == NULL || alert->summary == NULL)
    return alert != NULL ? alert->name : NULL;

  summary = g_atomic_pointer_get (&self->summary);
  if (summary != NULL)
    return summary;

  summary = g_strconcat (alert->name, ": ", alert->summary, NULL);
  if (!g_atomic_pointer_compare_and_exchange (&self->summary, NULL, summary))
    g_free (summary);
  return g_atomic_pointer_get (&self->summary);
}

/**
 * incident_receipt_get_case_number:
 * @self: a receipt
 *
 * Tells which case the alert belongs to.
 *
 * Returns: the number of the case, or 0 for none
 *
 * Since: 0.1
 */
guint64
incident_receipt_get_case_number (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number;
}

/**
 * incident_receipt_get_outcome:
 * @self: a receipt
 *
 * Tells what became of the alert, in a word.
 *
 * Returns: (transfer none): the word, one of those of the table above
 *
 * Since: 0.1
 */
const char *
incident_receipt_get_outcome (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->outcome;
}

/**
 * incident_receipt_get_why:
 * @self: a receipt
 *
 * Says why, in a sentence for people.
 *
 * Returns: (transfer none): the sentence
 *
 * Since: 0.1
 */
const char *
incident_receipt_get_why (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->why;
}

/**
 * incident_receipt_get_error:
 * @self: a receipt
 *
 * Tells what is wrong with a malformed alert.
 *
 * Returns: (transfer none) (nullable): an error of the domain [error@Error], or
 *   %NULL if the alert is well formed
 *
 * Since: 0.1
 */
const GError *
incident_receipt_get_error (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}

/**
 * incident_receipt_to_json:
 * @self: a receipt
 *
 * Writes the receipt as JSON, as `incident ingest --json` does.
 *
 * Returns: (transfer full): an object with the members `alert`, `summary`,
 *   `case`, `outcome`, `why` and `where`, a JSON pointer into the body for a
 *   malformed alert
 *
 * Since: 0.1
 */
char *
incident_receipt_to_json (IncidentReceipt *self)
{
  IncidentJsonWriter writer;
  g_autofree char *id = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->number != 0)
    id = incident_case_number_to_string (self->number);
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "alert", incident_receipt_get_alert (self));
  incident_json_writer_member (&writer, "summary", incident_receipt_get_summary (self));
  incident_json_writer_member (&writer, "case", id);
  incident_json_writer_member (&writer, "outcome", self->outcome);
  incident_json_writer_member (&writer, "why", self->why);
  incident_json_writer_member (&writer, "where", self->error != NULL ? incident_error_get_where (self->error) : NULL);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
