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
 * | `resolved` | has ended, and that was put on the timeline |
 * | `repeated` | says what the case knows already: nothing was recorded |
 * | `ignored` | has ended, but was never seen to fire: nothing was recorded |
 * | `refused` | is malformed: see [method@Receipt.get_error] |
 *
 * A receipt never changes and may be shared between threads.
 *
 * Since: 0.1
 */
struct _IncidentReceipt
{
  char       *alert;
  char       *summary;
  char       *dedup_key;
  guint64     number;
  const char *outcome; /* static */
  char       *why;
  GError     *error;
};

G_DEFINE_BOXED_TYPE (IncidentReceipt, incident_receipt, incident_receipt_ref, incident_receipt_unref)

IncidentReceipt *
incident_receipt_new (const char *alert,
                      const char *summary,
                      const char *outcome,
                      const char *why)
{
  IncidentReceipt *self = g_atomic_rc_box_new0 (IncidentReceipt);

  self->alert = g_strdup (alert);
  self->summary = g_strdup (summary);
  self->outcome = outcome;
  self->why = g_strdup (why);
  return self;
}

IncidentReceipt *
incident_receipt_new_refused (GError *error)
{
  IncidentReceipt *self = incident_receipt_new (NULL, NULL, "refused", error->message);

  self->error = error;
  return self;
}

void
incident_receipt_set_case_number (IncidentReceipt *self,
                                  guint64          number)
{
  self->number = number;
}

void
incident_receipt_set_dedup_key (IncidentReceipt *self,
                                const char      *dedup_key)
{
  g_free (self->dedup_key);
  self->dedup_key = g_strdup (dedup_key);
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

  g_free (self->alert);
  g_free (self->summary);
  g_free (self->dedup_key);
  g_free (self->why);
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
 * Returns: (transfer none) (nullable): the key of the alert: its fingerprint and
 *   the time at which it began; or %NULL if it is too malformed to have one
 *
 * Since: 0.1
 */
const char *
incident_receipt_get_alert (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->alert;
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
  g_return_val_if_fail (self != NULL, NULL);

  return self->summary;
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
 * incident_receipt_get_dedup_key:
 * @self: a receipt
 *
 * Tells the key by which the sender itself goes on with the alert, where its
 * format has one: the `dedup_key` of PagerDuty. One that was left out has been
 * made, and the sender must be told of it.
 *
 * Returns: (transfer none) (nullable): the key, as the sender gives it; or %NULL
 *   where the format has none
 *
 * Since: 0.1
 */
const char *
incident_receipt_get_dedup_key (IncidentReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->dedup_key;
}

/**
 * incident_receipt_get_outcome:
 * @self: a receipt
 *
 * Tells what became of the alert, in a word.
 *
 * Returns: (transfer none): `opened`, `joined`, `resolved`, `repeated`,
 *   `ignored` or `refused`
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
  incident_json_writer_member (&writer, "alert", self->alert);
  incident_json_writer_member (&writer, "summary", self->summary);
  incident_json_writer_member (&writer, "case", id);
  incident_json_writer_member (&writer, "outcome", self->outcome);
  incident_json_writer_member (&writer, "why", self->why);
  incident_json_writer_member (&writer, "where", self->error != NULL ? incident_error_get_where (self->error) : NULL);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
