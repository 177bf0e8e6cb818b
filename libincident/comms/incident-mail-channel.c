/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-mail-channel-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-system-clock.h>
#include <libincident/incident-text.h>
#include <sysexits.h>

#include "base/incident-error-private.h"
#include "comms/incident-mail-private.h"
#include "comms/incident-program-private.h"

#define SENDMAIL "/usr/sbin/sendmail"

/**
 * IncidentMailChannel:
 *
 * Mail, by the `sendmail` program of the machine: that of its mail server, or a small one such as msmtp.
 *
 * Each message is a letter to one recipient, in plain text. The letters of a case are a thread, and
 * one that is sent again has the same Message-ID, by which mail programs know it. Nothing of a message is
 * on a command line but the two addresses, and no user's words can add a header or a recipient.
 *
 * What `sendmail` says by its exit status counts: 0 is sent, 64 to 67 refused for good, 77 and 78 close
 * the channel until it is mended, and others are worth another attempt. One that takes longer than 25 seconds is
 * ended, and may have sent the letter.
 *
 * Belongs to the thread that it delivers in.
 *
 * Since: 0.1
 */
struct _IncidentMailChannel
{
  GObject parent_instance;

  char          *from;
  char          *domain;   /* nullable */
  char         **command;
  IncidentClock *clock;
  gint64         patience;
};

static void incident_mail_channel_iface_init (IncidentChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentMailChannel, incident_mail_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CHANNEL, incident_mail_channel_iface_init))

static IncidentOutcome
read_status (int status)
{
  switch (status)
    {
    case EX_USAGE:
    case EX_DATAERR:
    case EX_NOINPUT:
    case EX_NOUSER:
      return INCIDENT_OUTCOME_REFUSED;
    case EX_NOPERM:
    case EX_CONFIG:
      return INCIDENT_OUTCOME_CLOSED;
    default:
      /* 68 to 76, and what small programs say of anything. */
      return INCIDENT_OUTCOME_RETRY;
    }
}

static void
refuse (IncidentDelivery *delivery,
        IncidentOutcome   outcome,
        const char       *detail,
        GTask            *task)
{
  incident_delivery_set_outcome (delivery, outcome, detail);
  g_task_return_boolean (task, TRUE);
}

static char **
make_argv (IncidentMailChannel *self,
           const char          *to)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_addv (builder, (const char **) self->command);
  g_strv_builder_add_many (builder, "-i", "-f", self->from, "--", to, NULL);
  return g_strv_builder_end (builder);
}

static void
send_letter (IncidentMailChannel        *self,
             const IncidentMailEnvelope *envelope,
             GBytes                     *letter,
             IncidentDelivery           *delivery,
             GTask                      *task)
{
  g_auto(GStrv) argv = make_argv (self, envelope->to);
  g_autofree char *id = incident_mail_dup_id (envelope, incident_delivery_get_message (delivery)->row->key);
  IncidentProgram program = {
    .argv = (const char * const *) argv,
    .input = letter,
    .patience = self->patience,
    .read_status = read_status,
  };

  incident_delivery_set_external_id (delivery, id);
  incident_program_deliver (&program, delivery, task);
}

static void
incident_mail_channel_deliver (IncidentChannel  *channel,
                               IncidentDelivery *delivery,
                               GTask            *task)
{
  IncidentMailChannel *self = INCIDENT_MAIL_CHANNEL (channel);
  IncidentMessage *message = incident_delivery_get_message (delivery);
  IncidentMailEnvelope envelope = { .from = self->from, .domain = self->domain };
  g_autoptr(GBytes) letter = NULL;
  g_autoptr(GError) error = NULL;
  guint n;

  g_return_if_fail (message != NULL);

  n = g_strv_length (message->recipients);
  envelope.to = message->recipients[0];
  envelope.date = incident_clock_get_time (self->clock);
  if (!incident_mail_is_address (self->from))
    {
      refuse (delivery, INCIDENT_OUTCOME_CLOSED, "The sender is no mail address", task);
      return;
    }
  if (n != 1)
    {
      refuse (delivery, INCIDENT_OUTCOME_REFUSED, n == 0 ? "It has no recipient" : "A letter goes to one recipient",
              task);
      return;
    }

  letter = incident_mail_write (&envelope, message, &error);
  if (letter == NULL)
    refuse (delivery, INCIDENT_OUTCOME_REFUSED, error->message, task);
  else
    send_letter (self, &envelope, letter, delivery, task);
}

static void
incident_mail_channel_iface_init (IncidentChannelInterface *iface)
{
  iface->deliver = incident_mail_channel_deliver;
}

static void
incident_mail_channel_finalize (GObject *object)
{
  IncidentMailChannel *self = INCIDENT_MAIL_CHANNEL (object);

  g_free (self->from);
  g_free (self->domain);
  g_strfreev (self->command);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (incident_mail_channel_parent_class)->finalize (object);
}

static void
incident_mail_channel_class_init (IncidentMailChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_mail_channel_finalize;
}

static void
incident_mail_channel_init (IncidentMailChannel *self)
{
  self->patience = INCIDENT_PROGRAM_PATIENCE;
}

/* Takes @command, which may be empty. */
static IncidentMailChannel *
make_channel (const char     *from,
              const char     *domain,
              char          **command,
              IncidentClock  *clock)
{
  static const char * const usual[] = { SENDMAIL, NULL };
  IncidentMailChannel *self = g_object_new (INCIDENT_TYPE_MAIL_CHANNEL, NULL);

  self->from = g_strdup (from);
  self->domain = g_strdup (domain);
  if (command == NULL || *command == NULL)
    {
      g_strfreev (command);
      command = g_strdupv ((char **) usual);
    }
  self->command = command;
  self->clock = clock != NULL ? g_object_ref (clock) : incident_system_clock_new ();
  return self;
}

static gboolean
check_place (gboolean                     is_good,
             const IncidentChannelRules  *rules,
             const char                  *member,
             const char                  *value,
             const char                  *what,
             GError                     **error)
{
  g_autofree char *place = NULL;
  g_autofree char *shown = NULL;

  if (is_good)
    return TRUE;

  place = g_strdup_printf ("/channels/%s/%s", rules->name, member);
  shown = incident_text_for_terminal (value != NULL ? value : "");
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, place, "“%s” is no %s", shown, what);
  return FALSE;
}

IncidentChannel *
incident_mail_channel_new_from_rules (const IncidentChannelRules  *rules,
                                      IncidentClock               *clock,
                                      GError                     **error)
{
  if (!check_place (incident_mail_is_address (rules->from), rules, "from", rules->from, "mail address", error))
    return NULL;
  if (!check_place (rules->domain == NULL || incident_mail_is_domain (rules->domain), rules, "domain", rules->domain,
                    "domain", error))
    return NULL;

  return INCIDENT_CHANNEL (make_channel (rules->from, rules->domain, incident_program_dup_argv (rules->run), clock));
}

void
incident_mail_channel_set_patience (IncidentMailChannel *self,
                                    gint64               patience)
{
  self->patience = patience;
}

/**
 * incident_mail_channel_new:
 * @from: the address that letters come from, such as `incidents@example.org`
 * @command: (nullable) (array zero-terminated=1): the program that sends them, and what it is told
 *   before `-i -f FROM -- RECIPIENT`; %NULL is `/usr/sbin/sendmail`
 * @clock: (nullable): dates the letters; %NULL is a system clock
 *
 * Makes a channel that sends mail.
 *
 * That @from is no address is found when the first letter is to be sent: the channel is then closed.
 *
 * Returns: (transfer full) (type IncidentMailChannel): a new channel
 *
 * Since: 0.1
 */
IncidentChannel *
incident_mail_channel_new (const char         *from,
                           const char * const *command,
                           IncidentClock      *clock)
{
  g_return_val_if_fail (from != NULL, NULL);
  g_return_val_if_fail (command == NULL || command[0] != NULL, NULL);
  g_return_val_if_fail (clock == NULL || INCIDENT_IS_CLOCK (clock), NULL);

  return INCIDENT_CHANNEL (make_channel (from, NULL, g_strdupv ((char **) command), clock));
}
