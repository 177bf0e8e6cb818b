/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-webhook-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-json-writer-private.h"
#include "base/incident-node-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "comms/incident-page-body-private.h"

/* CloudEvents 1.0 in structured mode: all of it is in the body, so all of it is signed. */

#define TYPE_PREFIX    "org.libincident."
#define NO_ADDRESS     "urn:libincident:desk"
#define MOST_BYTES     20000
#define MOST_ELEMENTS  50  /* of an array or object that is cut */

typedef struct
{
  char       *id;
  const char *source;
  char       *type;
  const char *subject;   /* nullable */
  gint64      time;
} Attributes;

static void
attributes_clear (Attributes *self)
{
  g_free (self->id);
  g_free (self->type);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attributes, attributes_clear)

/* A text without blanks and controls: good for an id, a type and a URI. */
static gboolean
is_plain_word (const char *text)
{
  if (text == NULL || *text == '\0')
    return FALSE;

  for (; *text != '\0'; text++)
    if (!g_ascii_isgraph (*text) || strchr ("<>\"\\^`{|}", *text) != NULL)
      return FALSE;

  return TRUE;
}

static void
fill_attributes (Attributes            *attributes,
                 const IncidentMessage *message,
                 const char            *address)
{
  const IncidentOutboxRow *row = message->row;

  attributes->source = address != NULL ? address : NO_ADDRESS;
  attributes->subject = message->case_id;
  if (message->event != NULL)
    {
      attributes->id = g_strdup_printf ("%s/%u", message->case_id, row->seq);
      attributes->type = g_strdup_printf (TYPE_PREFIX "case.%s.v1", message->event_kind);
      attributes->time = message->occurred_at;
    }
  else
    {
      attributes->id = g_strdup (row->key);
      attributes->type = g_strdup_printf (TYPE_PREFIX "message.%s.v1", incident_message_kind_to_string (row->kind));
      attributes->time = row->created_at;
    }
}

/* Those who read them often do not. */
static gboolean
check_attributes (const Attributes  *attributes,
                  GError           **error)
{
  const char *wrong = !is_plain_word (attributes->id) ? "id"
                    : !is_plain_word (attributes->source) ? "source"
                    : !is_plain_word (attributes->type) ? "type"
                    : attributes->subject != NULL && !is_plain_word (attributes->subject) ? "subject"
                    : attributes->time < INCIDENT_TIME_MIN || attributes->time > INCIDENT_TIME_MAX ? "time"
                    : NULL;

  if (wrong != NULL)
    incident_set_error_at (error, INCIDENT_ERROR_INVALID, wrong, "It is no event: it has no good “%s”", wrong);
  return wrong == NULL;
}

static void
write_string_cut (IncidentJsonWriter *writer,
                  const char         *text,
                  gsize               n_characters)
{
  g_autofree char *cut = incident_text_cut (text, n_characters);

  incident_json_writer_string (writer, cut);
}

static void
write_value_cut (IncidentJsonWriter *writer,
                 const IncidentNode *node,
                 gsize               n_characters)
{
  g_autofree char *raw = NULL;
  guint n_children = MIN (incident_node_get_length ((IncidentNode *) node), MOST_ELEMENTS);

  if (node->type == INCIDENT_JSON_STRING)
    {
      write_string_cut (writer, node->value.string, n_characters);
      return;
    }
  if (node->type != INCIDENT_JSON_OBJECT && node->type != INCIDENT_JSON_ARRAY)
    {
      raw = g_strndup (node->at, node->length);
      incident_json_writer_raw (writer, raw);
      return;
    }

  if (node->type == INCIDENT_JSON_OBJECT)
    incident_json_writer_begin_object (writer);
  else
    incident_json_writer_begin_array (writer);
  for (guint i = 0; i < n_children; i++)
    {
      IncidentNode *child = incident_node_get_child ((IncidentNode *) node, i);

      if (node->type == INCIDENT_JSON_OBJECT)
        incident_json_writer_name (writer, child->name);
      write_value_cut (writer, child, n_characters);
    }
  if (node->type == INCIDENT_JSON_OBJECT)
    incident_json_writer_end_object (writer);
  else
    incident_json_writer_end_array (writer);
}

/* With a word that it is not all of it. Without characters: nothing but what is short by nature. */
static void
write_event_cut (IncidentJsonWriter *writer,
                 const char         *event,
                 gsize               n_characters)
{
  g_autoptr(IncidentTree) tree = incident_tree_new (event, strlen (event), NULL, NULL);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  guint n_members = root != NULL ? incident_node_get_length (root) : 0;

  incident_json_writer_begin_object (writer);
  for (guint i = 0; i < n_members; i++)
    {
      IncidentNode *member = incident_node_get_child (root, i);

      if (member->name == NULL || (n_characters == 0 && (member->type == INCIDENT_JSON_OBJECT || member->type == INCIDENT_JSON_ARRAY)))
        continue;
      incident_json_writer_name (writer, member->name);
      write_value_cut (writer, member, n_characters > 0 ? n_characters : 100);
    }
  incident_json_writer_name (writer, "is_cut");
  incident_json_writer_boolean (writer, TRUE);
  incident_json_writer_end_object (writer);
}

/* What is no event, in the words of people. */
static void
write_words (IncidentJsonWriter    *writer,
             const IncidentMessage *message,
             gsize                  n_characters)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "case", message->case_id);
  incident_json_writer_name (writer, "title");
  if (message->title != NULL)
    write_string_cut (writer, message->title, 1000);
  else
    incident_json_writer_null (writer);
  incident_json_writer_name (writer, "text");
  write_string_cut (writer, message->text, n_characters);
  incident_json_writer_member (writer, "severity", incident_severity_to_string (message->severity));
  incident_json_writer_member (writer, "url", message->url);
  if (message->row->kind == INCIDENT_MESSAGE_KIND_PAGE)
    {
      g_autofree char *page = message->row->body != NULL ? incident_page_body_tell (message->row->body) : NULL;

      incident_json_writer_member (writer, "recipient", message->recipients[0]);
      incident_json_writer_name (writer, "page");
      incident_json_writer_raw (writer, page != NULL ? page : "null");
    }
  incident_json_writer_end_object (writer);
}

/* @n_characters: of each text; G_MAXSIZE: all of it, as it is. */
static char *
write_body (const Attributes      *attributes,
            const IncidentMessage *message,
            gsize                  n_characters)
{
  IncidentJsonWriter writer;
  char sequence[16];

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "specversion", "1.0");
  incident_json_writer_member (&writer, "id", attributes->id);
  incident_json_writer_member (&writer, "source", attributes->source);
  incident_json_writer_member (&writer, "type", attributes->type);
  if (attributes->subject != NULL)
    incident_json_writer_member (&writer, "subject", attributes->subject);
  incident_json_writer_name (&writer, "time");
  incident_json_writer_time (&writer, attributes->time);
  if (message->event != NULL)
    {
      /* Compared as text. */
      g_snprintf (sequence, sizeof sequence, "%010u", message->row->seq);
      incident_json_writer_member (&writer, "sequence", sequence);
    }
  incident_json_writer_member (&writer, "datacontenttype", "application/json");
  incident_json_writer_name (&writer, "data");
  if (message->event == NULL)
    write_words (&writer, message, MIN (n_characters, 4000));
  else if (n_characters == G_MAXSIZE)
    incident_json_writer_raw (&writer, message->event);
  else
    write_event_cut (&writer, message->event, n_characters);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

char *
incident_webhook_write_event (const IncidentMessage  *message,
                              const char             *address,
                              GError                **error)
{
  static const gsize lengths[] = { G_MAXSIZE, 2000, 500, 100, 20, 0 };
  g_auto(Attributes) attributes = { 0 };
  char *body = NULL;

  fill_attributes (&attributes, message, address);
  if (!check_attributes (&attributes, error))
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_free (body);
      body = write_body (&attributes, message, lengths[i]);
      if (strlen (body) < MOST_BYTES)
        break;
    }
  return body;
}
