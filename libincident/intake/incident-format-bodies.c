/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-format-fields-private.h"

#include <libincident/incident-error.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-json-place-private.h"
#include "base/incident-json-writer-private.h"

/* What bodies are made of: JSON, JSON in a string of JSON, or lines NAME=VALUE. */

#define MOST_PAIRS 1000

/* Who sends names what is to stay secret. */
gboolean
incident_format_is_secret (const char *name)
{
  static const char * const ends[] = {
    "password", "passwd", "secret", "token", "apikey", "routingkey", "servicekey", "integrationkey", "accesskey", "community",
  };
  g_autoptr(GString) plain = g_string_new (NULL);

  for (const char *c = name; *c != '\0'; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (plain, g_ascii_tolower (*c));
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (plain->str, ends[i]))
      return TRUE;

  return FALSE;
}

/* The reader bounds the depth. */
static void
blank_secrets (IncidentItem *self,
               IncidentNode *node)
{
  if (node->type == INCIDENT_JSON_STRING && node->name != NULL && incident_format_is_secret (node->name))
    incident_intake_message_blank_string (self->message, self->start + node->offset);
  for (guint i = 0; i < incident_node_get_length (node); i++)
    blank_secrets (self, incident_node_get_child (node, i));
}

static IncidentNode *
keep_tree (IncidentItem *self,
           IncidentTree *tree)
{
  self->tree = tree;
  return tree != NULL ? incident_tree_get_root (tree) : NULL;
}

static IncidentNode *
require_object (IncidentItem *self,
                IncidentNode *root)
{
  if (root == NULL || root->type == INCIDENT_JSON_OBJECT)
    return root;

  incident_item_fail (self, root, "must be an object, not %s", incident_json_type_to_words (root->type, FALSE));
  return NULL;
}

/* The reader knows the line only within what it was given. */
static void
tell_where (IncidentItem *self,
            const char   *text)
{
  g_autofree char *pointer = NULL;
  GError *error = NULL;

  if (*self->pointer == '\0')
    return;

  pointer = g_strconcat (self->pointer, incident_error_get_where (self->error), NULL);
  incident_set_error_at (&error, INCIDENT_ERROR_INVALID, pointer, "%s: in it, %s", text, self->error->message);
  g_clear_error (&self->error);
  self->error = error;
}

IncidentNode *
incident_item_read_json (IncidentItem *self,
                         gsize         start,
                         gsize         length,
                         const char   *pointer)
{
  gboolean is_part = *pointer != '\0';
  IncidentNode *root;

  self->start = start;
  self->pointer = pointer;
  root = keep_tree (self, incident_tree_new (self->message->bytes + start, length, is_part ? NULL : self->message->place,
                                             &self->error));
  if (root == NULL)
    tell_where (self, pointer);
  else
    blank_secrets (self, root);
  return require_object (self, root);
}

IncidentNode *
incident_item_read_inside (IncidentItem *self,
                           IncidentNode *string)
{
  g_autofree char *pointer = incident_node_dup_pointer (string);
  IncidentNode *root;

  self->outer = self->tree;
  self->pointer = incident_intake_message_keep (self->message, pointer);
  self->start = string->offset;
  root = keep_tree (self, incident_tree_new (string->value.string, strlen (string->value.string), NULL, &self->error));
  if (root == NULL)
    tell_where (self, self->pointer);
  return require_object (self, root);
}

/* Lines */

static gsize
measure_name (const char *at,
              const char *end)
{
  const char *start = at;

  while (at < end && (g_ascii_isalnum (*at) || *at == '_'))
    at++;
  return at < end && *at == '=' ? (gsize) (at - start) : 0;
}

static const char *
find_line_end (const char *at,
               const char *end)
{
  const char *found = memchr (at, '\n', (gsize) (end - at));

  return found != NULL ? found : end;
}

/* A line that has no name goes on with the value above. */
static const char *
find_value_end (const char *at,
                const char *end)
{
  at = find_line_end (at, end);
  while (at < end && measure_name (at + 1, end) == 0)
    at = find_line_end (at + 1, end);
  return at;
}

static void
fail_at (IncidentItem *self,
         const char   *at,
         const char   *name,
         const char   *text)
{
  g_autofree char *pointer = g_strconcat (*name != '\0' ? "/" : "", name, NULL);

  if (self->error == NULL)
    self->error = incident_json_error_new (self->message->place, self->message->bytes, &self->message->fault,
                                           at, pointer, text);
}

/* Output of a check can hold lines that look like ours. */
static void
keep_pair (IncidentItem *self,
           GHashTable   *values,
           const char   *at,
           gsize         length,
           const char   *end)
{
  g_autofree char *name = g_strndup (at, length);
  g_autofree char *value = g_strndup (at + length + 1, (gsize) (end - at) - length - 1);
  const char *known = g_hash_table_lookup (values, name);

  if (incident_format_is_secret (name))
    incident_intake_message_blank_bytes (self->message, (gsize) (at - self->message->bytes) + length + 1,
                                         (gsize) (end - self->message->bytes));
  g_strchomp (value);
  if (known != NULL && !g_str_equal (known, value))
    fail_at (self, at, name, "stands there twice, with different values");
  else if (known == NULL && g_hash_table_size (values) == MOST_PAIRS)
    fail_at (self, at, name, "is one too many: there can be 1000 names");
  else if (known == NULL)
    {
      g_hash_table_insert (self->places, g_strdup (name), GSIZE_TO_POINTER (at - self->message->bytes));
      g_hash_table_insert (values, g_steal_pointer (&name), g_steal_pointer (&value));
    }
}

static void
read_pairs (IncidentItem *self,
            GHashTable   *values)
{
  const char *at = self->message->bytes;
  const char *end = at + self->message->length;
  const char *invalid;

  if (!g_utf8_validate (at, (gssize) self->message->length, &invalid))
    fail_at (self, invalid, "", "must be UTF-8");
  while (at < end && g_ascii_isspace (*at))
    at++;
  if (self->error == NULL && measure_name (at, end) == 0)
    fail_at (self, at, "", "must be a JSON object, or lines such as HOSTNAME=db-1");

  while (self->error == NULL && at < end)
    {
      const char *value_end = find_value_end (at, end);

      keep_pair (self, values, at, measure_name (at, end), value_end);
      at = value_end < end ? value_end + 1 : end;
    }
}

static IncidentNode *
read_lines (IncidentItem *self)
{
  g_autoptr(GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *json = NULL;
  IncidentJsonWriter writer;
  GHashTableIter iter;
  gpointer name, value;

  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  read_pairs (self, values);
  if (self->error != NULL)
    return NULL;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    incident_json_writer_member (&writer, name, value);
  incident_json_writer_end_object (&writer);
  json = incident_json_writer_finish (&writer);
  return keep_tree (self, incident_tree_new (json, strlen (json), NULL, &self->error));
}

IncidentNode *
incident_item_read_macros (IncidentItem *self,
                           const char   *prefix)
{
  const char *at = self->message->bytes;
  const char *end = at + self->message->length;

  self->prefix = prefix;
  self->pointer = "";
  while (at < end && g_ascii_isspace (*at))
    at++;
  if (at < end && (*at == '{' || *at == '[' || *at == '"'))
    return incident_item_read_json (self, 0, self->message->length, "");

  return read_lines (self);
}
