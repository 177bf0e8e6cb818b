/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-hash-private.h"
#include "base/incident-json-place-private.h"
#include "base/incident-text-private.h"

const IncidentFormatWord incident_format_priorities[] = {
  { "P1", INCIDENT_ALERT_STATUS_FIRING, "critical" },
  { "P2", INCIDENT_ALERT_STATUS_FIRING, "error" },
  { "P3", INCIDENT_ALERT_STATUS_FIRING, "warning" },
  { "P4", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { "P5", INCIDENT_ALERT_STATUS_FIRING, "info" },
  { NULL, INCIDENT_ALERT_STATUS_FIRING, NULL },
};

void
incident_item_init (IncidentItem          *self,
                    IncidentIntakeMessage *message)
{
  memset (self, 0, sizeof *self);
  self->message = message;
  incident_alert_draft_init (&self->draft);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  self->more_names = g_hash_table_new (g_str_hash, g_str_equal);
}

void
incident_item_reset (IncidentItem *self)
{
  g_clear_pointer (&self->tree, incident_tree_free);
  g_clear_pointer (&self->outer, incident_tree_free);
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_hash_table_remove_all (self->names);
  g_hash_table_remove_all (self->more_names);
  incident_alert_draft_reset (&self->draft);
  self->last_name = NULL;
  g_clear_error (&self->error);
}

void
incident_item_clear (IncidentItem *self)
{
  incident_item_reset (self);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->more_names);
  incident_alert_draft_clear (&self->draft);
}

/* Failures */

/* A tree that stands in a string has its place; what was names and values, theirs. */
static gsize
get_place (IncidentItem *self,
           IncidentNode *where)
{
  if (self->outer != NULL)
    return self->start;
  if (self->places != NULL)
    return where->name != NULL ? GPOINTER_TO_SIZE (g_hash_table_lookup (self->places, where->name)) : 0;

  return self->start + where->offset;
}

void
incident_item_fail (IncidentItem *self,
                    IncidentNode *where,
                    const char   *format,
                    ...)
{
  g_autofree char *within = NULL;
  g_autofree char *pointer = NULL;
  g_autofree char *text = NULL;
  va_list args;

  if (self->error != NULL)
    return;

  within = incident_node_dup_pointer (where);
  pointer = g_strconcat (self->pointer, within, NULL);
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  self->error = incident_json_error_new (self->message->place, self->message->bytes, &self->message->fault,
                                         self->message->bytes + get_place (self, where), pointer, text);
}

gboolean
incident_item_take (IncidentItem *self)
{
  if (self->error != NULL)
    return FALSE;

  if (self->draft.raw_length == 0)
    self->draft.raw_length = self->message->length;
  if (self->draft.name != NULL && incident_text_is_blank (self->draft.name))
    self->draft.name = NULL;
  incident_item_add_label (self, "alertname", self->draft.name);
  if (self->draft.name == NULL)
    self->draft.name = self->last_name;
  incident_intake_message_take (self->message, &self->draft);
  return TRUE;
}

gboolean
incident_item_finish (IncidentItem  *self,
                      GError       **error)
{
  if (incident_item_take (self))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* Members */

static gboolean
is_all (const char *text,
        gsize       length,
        const char *more)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr (more, text[i]) == NULL)
      return FALSE;

  return TRUE;
}

/* Did a template leave it as it was? */
static gboolean
is_unset (const char *text)
{
  gsize length = strlen (text);

  if (incident_text_is_blank (text) || g_str_equal (text, "*UNKNOWN*"))
    return TRUE;
  if (length > 2 && text[0] == '{' && text[length - 1] == '}' && (text[1] == '$' || g_ascii_isupper (text[1])))
    return is_all (text + 1, length - 2, "_.$#:-\"");
  if (length > 2 && text[0] == '$' && text[length - 1] == '$' && !g_ascii_isdigit (text[1]))
    return is_all (text + 1, length - 2, "_.:");
  if (length > 1 && text[0] == '$' && g_ascii_isupper (text[1]))
    return is_all (text + 1, length - 1, "_") && strpbrk (text, "abcdefghijklmnopqrstuvwxyz") == NULL;

  return FALSE;
}

const char *
incident_item_to_text (IncidentItem *self,
                       IncidentNode *node)
{
  g_autofree char *json = NULL;

  switch ((int) node->type)
    {
    case INCIDENT_JSON_STRING:
      return is_unset (node->value.string) ? NULL : node->value.string;
    case INCIDENT_JSON_BOOLEAN:
    case INCIDENT_JSON_INT:
    case INCIDENT_JSON_DOUBLE:
      json = incident_node_to_json (node, FALSE);
      return incident_intake_message_keep (self->message, json);
    default:
      return NULL;
    }
}

/* NULL: missing, null or another type, which fails. */
static IncidentNode *
get_typed (IncidentItem     *self,
           IncidentNode     *object,
           const char       *name,
           IncidentJsonType  type)
{
  IncidentNode *node = self->error == NULL ? incident_node_get_member (object, name) : NULL;

  if (node == NULL || node->type == INCIDENT_JSON_NULL)
    return NULL;
  if (node->type == type)
    return node;

  incident_item_fail (self, node, "must be %s, not %s", incident_json_type_to_words (type, TRUE),
                      incident_json_type_to_words (node->type, FALSE));
  return NULL;
}

IncidentNode *
incident_item_get_object (IncidentItem *self,
                          IncidentNode *object,
                          const char   *name)
{
  return get_typed (self, object, name, INCIDENT_JSON_OBJECT);
}

IncidentNode *
incident_item_get_array (IncidentItem *self,
                         IncidentNode *object,
                         const char   *name)
{
  return get_typed (self, object, name, INCIDENT_JSON_ARRAY);
}

const char *
incident_item_get_string (IncidentItem *self,
                          IncidentNode *object,
                          const char   *name)
{
  IncidentNode *node = get_typed (self, object, name, INCIDENT_JSON_STRING);

  return node != NULL ? incident_item_to_text (self, node) : NULL;
}

const char *
incident_item_get_text (IncidentItem *self,
                        IncidentNode *object,
                        const char   *name)
{
  IncidentNode *node = self->error == NULL ? incident_node_get_member (object, name) : NULL;

  if (node == NULL || (node->type != INCIDENT_JSON_OBJECT && node->type != INCIDENT_JSON_ARRAY))
    return node != NULL ? incident_item_to_text (self, node) : NULL;

  return incident_item_get_string (self, object, name);
}

const char *
incident_item_require_text (IncidentItem *self,
                            IncidentNode *object,
                            const char   *name)
{
  const char *text = incident_item_get_text (self, object, name);
  IncidentNode *node = incident_node_get_member (object, name);

  if (text != NULL || self->error != NULL)
    return text;

  if (node == NULL)
    incident_item_fail (self, object, "must have the member “%s”", name);
  else if (node->type == INCIDENT_JSON_STRING && !incident_text_is_blank (node->value.string))
    incident_item_fail (self, node, "must be filled in: “%s” is what stands in a template", node->value.string);
  else
    incident_item_fail (self, node, "must not be empty");
  return NULL;
}

IncidentNode *
incident_item_find_macro (IncidentItem *self,
                          const char   *name)
{
  g_autofree char *prefixed = self->prefix != NULL ? g_strconcat (self->prefix, name, NULL) : NULL;
  IncidentNode *root = incident_tree_get_root (self->tree);
  IncidentNode *node = prefixed != NULL ? incident_node_get_member (root, prefixed) : NULL;

  return node != NULL ? node : incident_node_get_member (root, name);
}

const char *
incident_item_get_macro (IncidentItem *self,
                         const char   *name)
{
  IncidentNode *node = self->error == NULL ? incident_item_find_macro (self, name) : NULL;

  return node != NULL ? incident_item_get_text (self, node->parent, node->name) : NULL;
}

const char *
incident_item_first_line (IncidentItem *self,
                          const char   *text)
{
  if (text == NULL)
    return NULL;

  return g_string_chunk_insert_len (self->message->strings, text, (gssize) strcspn (text, "\r\n"));
}

/* Times */

/* “+0000” for “+00:00” */
static char *
with_colon (const char *text)
{
  gsize length = strlen (text);

  if (length > 5 && (text[length - 5] == '+' || text[length - 5] == '-') && strchr (text, ':') != NULL
      && strspn (text + length - 4, "0123456789") == 4)
    return g_strdup_printf ("%.*s:%s", (int) length - 2, text, text + length - 2);

  return g_strdup (text);
}

void
incident_item_read_time (IncidentItem *self,
                         IncidentNode *object,
                         const char   *name,
                         gint64       *time)
{
  const char *text = incident_item_get_string (self, object, name);
  g_autofree char *normal = NULL;
  g_autoptr(GError) error = NULL;

  if (text == NULL)
    return;

  normal = with_colon (text);
  if (!incident_intake_message_read_time (self->message, normal, time, NULL, &error))
    incident_item_fail (self, incident_node_get_member (object, name), "%s", error->message);
}

void
incident_item_read_unix_time (IncidentItem *self,
                              IncidentNode *node,
                              gint64       *time)
{
  const char *text = self->error == NULL && node != NULL ? incident_item_get_text (self, node->parent, node->name) : NULL;

  if (text != NULL && !incident_intake_message_read_unix_time (text, time))
    incident_item_fail (self, node, "must be a number of seconds since 1970, not “%s”", text);
}

/* Words */

const IncidentFormatWord *
incident_format_find_word (const IncidentFormatWord *words,
                           const char               *word)
{
  for (; words->word != NULL; words++)
    if (g_ascii_strcasecmp (words->word, word) == 0)
      return words;

  return NULL;
}

static char *
list_words (const IncidentFormatWord *words)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; words[i].word != NULL; i++)
    g_string_append_printf (list, "%s“%s”", i == 0 ? "" : words[i + 1].word == NULL ? " or " : ", ", words[i].word);
  return g_string_free (list, FALSE);
}

const IncidentFormatWord *
incident_item_require_word (IncidentItem             *self,
                            IncidentNode             *object,
                            const char               *name,
                            const IncidentFormatWord *words)
{
  const char *text = incident_item_require_text (self, object, name);
  const IncidentFormatWord *word = text != NULL ? incident_format_find_word (words, text) : NULL;
  g_autofree char *list = NULL;

  if (text == NULL || word != NULL)
    return word;

  list = list_words (words);
  incident_item_fail (self, incident_node_get_member (object, name), "must be %s, not “%s”", list, text);
  return NULL;
}

void
incident_item_set_severity (IncidentItem             *self,
                            const IncidentFormatWord *words,
                            const char               *word)
{
  const IncidentFormatWord *known = word != NULL ? incident_format_find_word (words, word) : NULL;

  self->draft.severity = known != NULL ? known->severity : word;
}

/* Labels */

static gboolean
is_new (GHashTable *names,
        const char *name,
        const char *value)
{
  return name != NULL && value != NULL && !incident_text_is_blank (name) && !is_unset (value)
         && !incident_format_is_secret (name) && g_hash_table_add (names, (gpointer) name);
}

void
incident_item_add_label (IncidentItem *self,
                         const char   *name,
                         const char   *value)
{
  if (is_new (self->names, name, value))
    incident_alert_draft_add_label (&self->draft, name, value);
}

void
incident_item_add_annotation (IncidentItem *self,
                              const char   *name,
                              const char   *value)
{
  if (is_new (self->more_names, name, value))
    incident_alert_draft_add_annotation (&self->draft, name, value);
}

void
incident_item_add_tag (IncidentItem *self,
                       const char   *tag)
{
  const char *colon = strchr (tag, ':');
  g_autofree char *name = colon != NULL ? g_strndup (tag, (gsize) (colon - tag)) : g_strdup (tag);

  incident_item_add_label (self, incident_intake_message_keep (self->message, g_strstrip (name)),
                           colon != NULL ? colon + 1 : "true");
}

void
incident_item_add_tags (IncidentItem *self,
                        const char   *tags,
                        const char   *separator)
{
  g_auto(GStrv) parts = tags != NULL ? g_strsplit (tags, separator, -1) : NULL;

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    incident_item_add_tag (self, incident_intake_message_keep (self->message, g_strstrip (parts[i])));
  incident_item_add_annotation (self, "tags", tags);
}

const char *
incident_item_make_key (IncidentItem *self)
{
  g_autofree char *received = g_strdup_printf ("%" G_GINT64_FORMAT "\n", self->message->received_at);
  g_autoptr(GString) text = g_string_new (received);
  gsize length;
  const char *raw = g_bytes_get_data (self->message->raw, &length);

  g_string_append_len (text, raw, (gssize) length);
  g_free (self->message->made_key);
  self->message->made_key = incident_hash_to_version (text->str);
  return self->message->made_key;
}

gboolean
incident_format_has_text (IncidentNode *object,
                          const char   *name)
{
  const char *text = incident_node_get_string (object, name);

  return text != NULL && !incident_text_is_blank (text);
}

gboolean
incident_item_read_message (IncidentIntakeMessage  *message,
                            void                  (*read) (IncidentItem *item,
                                                           IncidentNode *root),
                            GError                **error)
{
  g_auto(IncidentItem) item = { NULL, };
  IncidentNode *root;

  incident_item_init (&item, message);
  root = incident_item_read_json (&item, 0, message->length, "");
  if (root != NULL)
    read (&item, root);
  return incident_item_finish (&item, error);
}
