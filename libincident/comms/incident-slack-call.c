/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-slack-call-inside-private.h"

#include <libincident/incident-error.h>

#include <nettle/memops.h>
#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-hash-private.h"

/* What Slack sends: whether it is Slack that sends it, and in which of its wrappings it comes. */

/* Slack's clock and ours may differ by so much; what is older may be a repetition by somebody else. */
#define TOLERANCE (300 * G_USEC_PER_SEC)
#define VERSION "v0"
#define MAX_FORM_FIELDS 100

/* Whose it is */

static gboolean
refuse (GError     **error,
        const char  *why)
{
  static char *codes[] = { (char *) "not-permitted", NULL };
  g_autofree char *message = g_strdup_printf ("The request is refused: not-permitted: %s", why);

  incident_set_error_refused (error, codes, message);
  return FALSE;
}

static gboolean
read_signature (const char *text,
                guint8      digest[INCIDENT_HASH_LENGTH])
{
  const char *digits = text + strlen (VERSION "=");

  if (!g_str_has_prefix (text, VERSION "=") || strlen (digits) != 2 * INCIDENT_HASH_LENGTH)
    return FALSE;

  for (guint i = 0; i < INCIDENT_HASH_LENGTH; i++)
    {
      int high = g_ascii_xdigit_value (digits[2 * i]);
      int low = g_ascii_xdigit_value (digits[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      digest[i] = (guint8) (high * 16 + low);
    }

  return TRUE;
}

static void
sign (const char *secret,
      const char *timestamp,
      GBytes     *body,
      guint8      digest[INCIDENT_HASH_LENGTH])
{
  g_autoptr(GByteArray) signed_text = g_byte_array_new ();
  gsize length;
  const guint8 *bytes = g_bytes_get_data (body, &length);

  g_byte_array_append (signed_text, (const guint8 *) VERSION ":", strlen (VERSION ":"));
  g_byte_array_append (signed_text, (const guint8 *) timestamp, (guint) strlen (timestamp));
  g_byte_array_append (signed_text, (const guint8 *) ":", 1);
  if (length > 0)
    g_byte_array_append (signed_text, bytes, (guint) length);
  incident_hmac_sha256 ((const guint8 *) secret, strlen (secret), signed_text->data, signed_text->len, digest);
}

gboolean
incident_slack_verify (const char  *secret,
                       const char  *timestamp,
                       const char  *signature,
                       GBytes      *body,
                       gint64       now,
                       GError     **error)
{
  guint8 wanted[INCIDENT_HASH_LENGTH];
  guint8 given[INCIDENT_HASH_LENGTH];
  guint64 seconds;

  if (*secret == '\0' || timestamp == NULL || signature == NULL || !read_signature (signature, given))
    return refuse (error, "it is not signed as Slack signs");
  if (g_bytes_get_size (body) > INCIDENT_SLACK_MAX_BODY)
    return refuse (error, "it is larger than anything that Slack sends");
  /* Of this length nothing can overflow. */
  if (strlen (timestamp) > 12 || !g_ascii_string_to_unsigned (timestamp, 10, 0, G_MAXUINT64, &seconds, NULL))
    return refuse (error, "it does not say when it was signed");
  if (ABS (now - (gint64) (seconds * G_USEC_PER_SEC)) > TOLERANCE)
    return refuse (error, "it was signed more than five minutes from now: see the clock of this machine");

  sign (secret, timestamp, body, wanted);
  return memeql_sec (wanted, given, INCIDENT_HASH_LENGTH) != 0 || refuse (error, "its signature is not Slack's");
}

/* How it is wrapped */

IncidentSlackCall *
incident_slack_call_new (IncidentSlackCallKind kind)
{
  IncidentSlackCall *self = g_new0 (IncidentSlackCall, 1);

  self->kind = kind;
  return self;
}

void
incident_slack_call_free (IncidentSlackCall *self)
{
  char *strings[] = {
    self->operation, self->team, self->user, self->conversation, self->message, self->thread, self->author, self->text,
    self->permalink, self->action, self->value, self->emoji, self->trigger, self->response_url, self->command, self->bot,
  };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_clear_pointer (&self->fields, g_hash_table_unref);
  g_free (self);
}

gboolean
incident_slack_call_is_event (const IncidentSlackCall *self)
{
  return self->kind >= INCIDENT_SLACK_CALL_SAID && self->kind <= INCIDENT_SLACK_CALL_PINNED;
}

char *
incident_slack_dup_id (const char *text)
{
  if (text == NULL || *text == '\0' || strlen (text) > INCIDENT_SLACK_MAX_ID)
    return NULL;
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return NULL;

  return g_strdup (text);
}

void
incident_slack_call_set_operation (IncidentSlackCall *self,
                                   const char        *id)
{
  g_autofree char *harmless = incident_slack_dup_id (id);

  if (self->operation == NULL && harmless != NULL)
    self->operation = g_strconcat ("slack:", harmless, NULL);
}

static gboolean
fail (GError     **error,
      const char  *where,
      const char  *what)
{
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, where, "%s", what);
  return FALSE;
}

/* “application/json; charset=utf-8” is “application/json”. */
static char *
dup_media_type (const char *content_type)
{
  return g_strstrip (g_ascii_strdown (content_type, (gssize) strcspn (content_type, ";")));
}

static gboolean
looks_like_json (const char *bytes,
                 gsize       length)
{
  while (length > 0 && g_ascii_isspace (*bytes))
    {
      bytes++;
      length--;
    }

  return length > 0 && *bytes == '{';
}

static GHashTable *
read_form (const char  *bytes,
           gsize        length,
           GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  GHashTable *form;
  guint n_fields = 1;

  for (gsize i = 0; i < length; i++)
    n_fields += bytes[i] == '&';
  if (n_fields > MAX_FORM_FIELDS || memchr (bytes, '\0', length) != NULL)
    {
      fail (error, "", "The form is none that Slack sends");
      return NULL;
    }

  form = g_uri_parse_params (bytes, (gssize) length, "&", G_URI_PARAMS_WWW_FORM, &local_error);
  if (form == NULL)
    fail (error, "", "The form is not in URL encoding of UTF-8");
  return form;
}

typedef const char *(*GetField) (gpointer    from,
                                 const char *name);

/* A command is a form over HTTP, and an object in Socket Mode: of the same members. */
static IncidentSlackCall *
read_command (GetField get,
              gpointer from)
{
  IncidentSlackCall *self = incident_slack_call_new (INCIDENT_SLACK_CALL_COMMAND);
  const char *text = get (from, "text");

  self->team = incident_slack_dup_id (get (from, "team_id"));
  self->user = incident_slack_dup_id (get (from, "user_id"));
  self->conversation = incident_slack_dup_id (get (from, "channel_id"));
  self->trigger = incident_slack_dup_id (get (from, "trigger_id"));
  self->response_url = g_strdup (get (from, "response_url"));
  self->command = g_strdup (get (from, "command"));
  self->text = incident_slack_text_to_plain (text != NULL ? text : "");
  incident_slack_call_set_operation (self, self->trigger);
  return self;
}

static const char *
get_from_form (gpointer    form,
               const char *name)
{
  return g_hash_table_lookup (form, name);
}

static const char *
get_from_node (gpointer    node,
               const char *name)
{
  return incident_node_get_string (node, name);
}

static IncidentSlackCall *
new_hello (const char *answer)
{
  IncidentSlackCall *self = incident_slack_call_new (INCIDENT_SLACK_CALL_HELLO);

  self->text = g_strdup (answer);
  return self;
}

static IncidentSlackCall *
read_from_form (const char  *bytes,
                gsize        length,
                GError     **error)
{
  g_autoptr(GHashTable) form = read_form (bytes, length, error);
  g_autoptr(IncidentTree) tree = NULL;
  const char *payload;

  if (form == NULL)
    return NULL;
  if (g_strcmp0 (g_hash_table_lookup (form, "ssl_check"), "1") == 0)
    return new_hello ("");

  payload = g_hash_table_lookup (form, "payload");
  if (payload != NULL)
    {
      tree = incident_tree_new_tolerant (payload, strlen (payload), "payload", error);
      return tree != NULL ? incident_slack_read_interaction (incident_tree_get_root (tree), error) : NULL;
    }
  if (g_hash_table_contains (form, "command"))
    return read_command (get_from_form, form);

  fail (error, "payload", "The form has no “command” and no “payload”");
  return NULL;
}

static IncidentSlackCall *
read_from_json (const char  *bytes,
                gsize        length,
                GError     **error)
{
  g_autoptr(IncidentTree) tree = incident_tree_new_tolerant (bytes, length, NULL, error);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  const char *type = incident_node_get_string (root, "type");
  const char *challenge = incident_node_get_string (root, "challenge");

  if (tree == NULL)
    return NULL;
  if (g_strcmp0 (type, "url_verification") != 0)
    return incident_slack_read_event (root, error);

  if (challenge == NULL)
    {
      fail (error, "/challenge", "There is no “challenge” to answer");
      return NULL;
    }
  return new_hello (challenge);
}

IncidentSlackCall *
incident_slack_call_read (const char  *content_type,
                          GBytes      *body,
                          GError     **error)
{
  g_autofree char *type = content_type != NULL ? dup_media_type (content_type) : NULL;
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);

  bytes = length > 0 ? bytes : "";
  if (length > INCIDENT_SLACK_MAX_BODY)
    {
      fail (error, "", "The request is larger than anything that Slack sends");
      return NULL;
    }
  if (type == NULL)
    type = g_strdup (looks_like_json (bytes, length) ? "application/json" : "application/x-www-form-urlencoded");

  if (g_str_equal (type, "application/json"))
    return read_from_json (bytes, length, error);
  if (g_str_equal (type, "application/x-www-form-urlencoded"))
    return read_from_form (bytes, length, error);

  fail (error, "content-type", "The content is neither JSON nor a form");
  return NULL;
}

IncidentSlackCall *
incident_slack_call_read_envelope (const char    *type,
                                   IncidentNode  *payload,
                                   const char    *envelope_id,
                                   GError       **error)
{
  IncidentSlackCall *self = NULL;

  if (payload == NULL || payload->type != INCIDENT_JSON_OBJECT)
    {
      fail (error, "/payload", "The envelope has no payload");
      return NULL;
    }

  if (g_str_equal (type, "slash_commands"))
    self = read_command (get_from_node, payload);
  else if (g_str_equal (type, "interactive"))
    self = incident_slack_read_interaction (payload, error);
  else if (g_str_equal (type, "events_api"))
    self = incident_slack_read_event (payload, error);
  else
    self = incident_slack_call_new (INCIDENT_SLACK_CALL_IGNORED);

  /* An id of its own is the same when it is brought again in another envelope. */
  if (self != NULL)
    incident_slack_call_set_operation (self, envelope_id);
  return self;
}
