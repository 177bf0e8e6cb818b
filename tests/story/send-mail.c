/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* send-mail [OPTION…] FROM TO SENDMAIL…: sends one letter as a channel of the library does, and
 * tells what became of it as JSON; for test_mail.py. */

#include <gio/gio.h>
#include <libincident/incident.h>
#include <stdio.h>

#include "base/incident-json-writer-private.h"
#include "comms/incident-mail-channel-private.h"
#include "comms/incident-message-private.h"

static char *title;
static char *text;
static char *key;
static char *first_key;
static char *file;
static char *file_name;
static char *file_type;
static char **fields;
static int patience = 20000;
static char **rest;

/* File names are bytes: as they come, whatever the locale. */
static const GOptionEntry options[] = {
  { "title", 0, 0, G_OPTION_ARG_FILENAME, &title, NULL, "TITLE" },
  { "text", 0, 0, G_OPTION_ARG_FILENAME, &text, NULL, "TEXT" },
  { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, NULL, "KEY" },
  { "first-key", 0, 0, G_OPTION_ARG_FILENAME, &first_key, NULL, "KEY" },
  { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, NULL, "PATH" },
  { "file-name", 0, 0, G_OPTION_ARG_FILENAME, &file_name, NULL, "NAME" },
  { "file-type", 0, 0, G_OPTION_ARG_FILENAME, &file_type, NULL, "TYPE" },
  { "field", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &fields, NULL, "NAME=VALUE" },
  { "patience", 0, 0, G_OPTION_ARG_INT, &patience, NULL, "MILLISECONDS" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, "FROM TO SENDMAIL…" },
  { NULL },
};

static IncidentMessage *
make_message (const char *to)
{
  const char *recipients[] = { to, NULL };
  IncidentOutboxRow *row = incident_outbox_row_new ();
  IncidentMessage *message = incident_message_new (row);
  char *bytes = NULL;
  gsize length = 0;

  row->key = g_strdup (key != NULL ? key : "k");
  row->channel = g_strdup ("mail");
  message->case_id = g_strdup ("INC-42");
  message->title = g_strdup (title);
  g_free (message->text);
  message->text = g_strdup (text != NULL ? text : "words");
  g_strfreev (message->recipients);
  message->recipients = g_strdupv ((char **) recipients);
  message->first_key = g_strdup (first_key);
  for (guint i = 0; fields != NULL && fields[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (fields[i], "=", 2);

      incident_message_add_field (message, parts[0], parts[1]);
    }
  if (file != NULL && g_file_get_contents (file, &bytes, &length, NULL))
    message->file = g_bytes_new_take (bytes, length);
  message->file_name = g_strdup (file_name);
  message->file_type = g_strdup (file_type);
  return message;
}

static void
on_delivered (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
tell (IncidentDelivery *delivery)
{
  const IncidentDeliveryResult *result = incident_delivery_get_result (delivery);
  g_autofree char *json = NULL;
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "outcome", incident_outcome_to_string (result->outcome));
  incident_json_writer_member (&writer, "detail", result->detail);
  incident_json_writer_member (&writer, "id", result->external_id);
  incident_json_writer_end_object (&writer);
  json = incident_json_writer_finish (&writer);
  puts (json);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (G_GINT64_CONSTANT (1795417200000000), 1);
  g_autoptr(IncidentMessage) message = NULL;
  g_autoptr(IncidentDelivery) delivery = NULL;
  g_autoptr(IncidentChannel) channel = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || g_strv_length (rest) < 3)
    {
      g_printerr ("send-mail: %s\n", error != NULL ? error->message : "FROM TO SENDMAIL… are wanted");
      return 2;
    }

  message = make_message (rest[1]);
  delivery = incident_delivery_new (message);
  channel = incident_mail_channel_new (rest[0], (const char * const *) rest + 2, clock);
  incident_mail_channel_set_patience (INCIDENT_MAIL_CHANNEL (channel), patience * G_TIME_SPAN_MILLISECOND);
  incident_channel_deliver_async (channel, delivery, NULL, on_delivered, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!incident_channel_deliver_finish (channel, result, &error))
    {
      g_printerr ("send-mail: %s\n", error->message);
      return 1;
    }

  tell (delivery);
  return 0;
}
