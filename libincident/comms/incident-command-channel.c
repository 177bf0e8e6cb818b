/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-command-channel-private.h"

#include <libincident/incident-error.h>
#include <string.h>
#include <sysexits.h>

#include "base/incident-error-private.h"
#include "base/incident-json-reader-private.h"
#include "base/incident-text-private.h"
#include "comms/incident-program-private.h"

/* Of what a program calls a message: bytes. */
#define LONGEST_NAME 1024

/**
 * IncidentCommandChannel:
 *
 * A program of your own that is given each message: for a chat, a bell or a display that the
 * library does not know.
 *
 * The program reads the message from its standard input: one JSON object, as
 * [method@Message.to_json] writes it. Its exit status tells what became of it: 0 is sent, 75 is worth
 * another attempt, and any other is refused for good. What it says on its standard error, in the first
 * line, is the reason that people are shown. It may answer on its standard output by one JSON object of
 * strings: `id`, what the far side calls the message; `permalink`, where people see it;
 * `conversation`, where it stands there.
 *
 * Of a message that pages a person (`kind` is `page`), `recipients` has whom to fetch, `page` says for which person, run and
 * step and why, and `fields` has a link to acknowledge by, if the desk makes links: it is for that person alone. `key` is
 * the same at each attempt: hand it on where the far side takes a key.
 *
 * It is run without a shell, in the folder `/`, with an environment of `PATH` and `LANG` alone. One that takes longer
 * than 25 seconds is ended, with all that it began, and may have sent the message: it comes again
 * with the same `key`. A program that is not there closes the channel.
 *
 * Belongs to the thread that it delivers in.
 *
 * Since: 0.1
 */
struct _IncidentCommandChannel
{
  GObject parent_instance;

  char   **command;
  gint64   patience;
};

static void incident_command_channel_iface_init (IncidentChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IncidentCommandChannel, incident_command_channel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CHANNEL, incident_command_channel_iface_init))

static IncidentOutcome
read_status (int status)
{
  return status == EX_TEMPFAIL ? INCIDENT_OUTCOME_RETRY : INCIDENT_OUTCOME_REFUSED;
}

/* What is a line that somebody may be shown; else NULL. */
static const char *
read_name (IncidentJsonReader *reader)
{
  const char *name = incident_json_reader_read_string (reader);

  if (name == NULL || *name == '\0' || strlen (name) > LONGEST_NAME)
    return NULL;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return NULL;
  return name;
}

/* To a page, and without what could end it where it is shown. */
static gboolean
is_link (const char *text)
{
  g_autofree char *host = NULL;

  return text != NULL && (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://"))
         && strpbrk (text, " \"'<>|\\") == NULL
         && g_uri_split_network (text, G_URI_FLAGS_NONE, NULL, &host, NULL, NULL) && *host != '\0';
}

/* What cannot be read is no answer: the message was sent all the same. */
static void
hear (GBytes           *output,
      IncidentDelivery *delivery)
{
  gsize length;
  const char *bytes = g_bytes_get_data (output, &length);
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (bytes, length, NULL, NULL);
  const char *id = NULL;
  const char *permalink = NULL;
  const char *conversation = NULL;
  const char *name;

  if (!incident_json_reader_enter_object (reader))
    return;
  while (incident_json_reader_next_member (reader, &name))
    {
      if (g_str_equal (name, "id"))
        id = read_name (reader);
      else if (g_str_equal (name, "permalink"))
        permalink = read_name (reader);
      else if (g_str_equal (name, "conversation"))
        conversation = read_name (reader);
      else
        incident_json_reader_skip (reader);
    }
  if (!incident_json_reader_finish (reader, NULL))
    return;

  incident_delivery_set_external_id (delivery, id);
  incident_delivery_set_permalink (delivery, is_link (permalink) ? permalink : NULL);
  incident_delivery_set_conversation (delivery, conversation);
}

static void
incident_command_channel_deliver (IncidentChannel  *channel,
                                  IncidentDelivery *delivery,
                                  GTask            *task)
{
  IncidentCommandChannel *self = INCIDENT_COMMAND_CHANNEL (channel);
  IncidentMessage *message = incident_delivery_get_message (delivery);
  IncidentProgram program = {
    .argv = (const char * const *) self->command,
    .patience = self->patience,
    .read_status = read_status,
    .hear = hear,
  };
  g_autofree char *json = NULL;
  g_autofree char *line = NULL;
  g_autoptr(GBytes) input = NULL;

  g_return_if_fail (message != NULL);

  json = incident_message_to_json (message);
  line = g_strconcat (json, "\n", NULL);
  input = g_bytes_new (line, strlen (line));
  program.input = input;
  incident_program_deliver (&program, delivery, task);
}

static void
incident_command_channel_iface_init (IncidentChannelInterface *iface)
{
  iface->deliver = incident_command_channel_deliver;
}

static void
incident_command_channel_finalize (GObject *object)
{
  g_strfreev (INCIDENT_COMMAND_CHANNEL (object)->command);

  G_OBJECT_CLASS (incident_command_channel_parent_class)->finalize (object);
}

static void
incident_command_channel_class_init (IncidentCommandChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = incident_command_channel_finalize;
}

static void
incident_command_channel_init (IncidentCommandChannel *self)
{
  self->patience = INCIDENT_PROGRAM_PATIENCE;
}

/* Takes @command. */
static IncidentChannel *
make_channel (char **command)
{
  IncidentCommandChannel *self = g_object_new (INCIDENT_TYPE_COMMAND_CHANNEL, NULL);

  self->command = command;
  return INCIDENT_CHANNEL (self);
}

IncidentChannel *
incident_command_channel_new_from_rules (const IncidentChannelRules  *rules,
                                         GError                     **error)
{
  if (rules->run == NULL || rules->run->len == 0)
    {
      g_autofree char *place = g_strdup_printf ("/channels/%s/run", rules->name);

      incident_set_error_at (error, INCIDENT_ERROR_INVALID, place, "There is no program to run");
      return NULL;
    }

  return make_channel (incident_program_dup_argv (rules->run));
}

void
incident_command_channel_set_patience (IncidentCommandChannel *self,
                                       gint64                  patience)
{
  self->patience = patience;
}

/**
 * incident_command_channel_new:
 * @command: (array zero-terminated=1): the program, and what it is told
 *
 * Makes a channel that hands its messages to a program.
 *
 * Returns: (transfer full) (type IncidentCommandChannel): a new channel
 *
 * Since: 0.1
 */
IncidentChannel *
incident_command_channel_new (const char * const *command)
{
  g_return_val_if_fail (command != NULL && command[0] != NULL, NULL);

  return make_channel (g_strdupv ((char **) command));
}
