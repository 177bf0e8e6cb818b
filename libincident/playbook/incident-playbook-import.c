/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-import-private.h"

#include <string.h>

#include <libincident/incident-matcher.h>

#include "base/incident-json-place-private.h"
#include "base/incident-text-private.h"
#include "playbook/incident-playbook-private.h"

/* A configuration of Alertmanager becomes the sections route, inhibit and intervals. It is
 * checked on the way, so that what is wrong has its place in the document of who wrote it. */

#define DAY_IN_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))
#define MOST_DAYS 3650

typedef IncidentImport Import;

void
incident_alertmanager_note (GPtrArray    *notes,
                            IncidentNode *node,
                            const char   *format,
                            ...)
{
  g_autofree char *pointer = incident_node_dup_pointer (node);
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (notes, g_strdup_printf ("%s: %s", *pointer != '\0' ? pointer : "(document)", text));
}

gboolean
incident_import_is_type (IncidentImport   *self,
                         IncidentNode     *node,
                         IncidentJsonType  type)
{
  if (node == NULL || node->type == INCIDENT_JSON_NULL)
    return FALSE;
  if (node->type == type)
    return TRUE;

  incident_problems_add (self->problems, node, "must be %s, not %s", incident_json_type_to_words (type, TRUE),
                         incident_json_type_to_words (node->type, FALSE));
  return FALSE;
}

char *
incident_import_dup_text (IncidentImport *self,
                          IncidentNode   *node)
{
  if (node->type == INCIDENT_JSON_INT || node->type == INCIDENT_JSON_DOUBLE || node->type == INCIDENT_JSON_BOOLEAN)
    return incident_node_to_json (node, FALSE);

  return incident_import_is_type (self, node, INCIDENT_JSON_STRING) ? g_strdup (node->value.string) : NULL;
}

void
incident_import_write_texts (IncidentImport *self,
                             const char     *name,
                             IncidentNode   *list)
{
  if (!incident_import_is_type (self, list, INCIDENT_JSON_ARRAY))
    return;

  incident_json_writer_name (&self->writer, name);
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      g_autofree char *text = incident_import_dup_text (self, incident_node_get_child (list, i));

      if (text != NULL && incident_text_is_blank (text))
        incident_problems_add (self->problems, incident_node_get_child (list, i), "is blank");
      else if (text != NULL)
        incident_json_writer_string (&self->writer, text);
    }
  incident_json_writer_end_array (&self->writer);
}

static void
check_group_by (Import       *self,
                IncidentNode *list)
{
  for (guint i = 0; incident_node_get_length (list) > 1 && i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);

      if (node->type == INCIDENT_JSON_STRING && g_str_equal (node->value.string, "..."))
        incident_problems_add (self->problems, node, "must stand alone, for all labels");
    }
}

/* “1h30m”: units from the largest to the smallest, each once. -1: it is none. */
static gint64
parse_duration (const char *text)
{
  static const struct
  {
    const char *name;
    gint64      ms;
  } units[] = {
    { "y", 365 * DAY_IN_MS }, { "w", 7 * DAY_IN_MS }, { "d", DAY_IN_MS }, { "h", DAY_IN_MS / 24 },
    { "m", 60000 }, { "s", 1000 }, { "ms", 1 },
  };
  guint next = 0;
  gint64 sum = 0;

  if (g_str_equal (text, "0"))
    return 0;

  do
    {
      gsize digits = strspn (text, "0123456789");
      gsize letters = strcspn (text + digits, "0123456789");
      gint64 number = digits >= 1 && digits <= 7 ? g_ascii_strtoll (text, NULL, 10) : -1;

      while (next < G_N_ELEMENTS (units)
             && (strlen (units[next].name) != letters || strncmp (text + digits, units[next].name, letters) != 0))
        next++;
      if (number < 0 || next == G_N_ELEMENTS (units))
        return -1;
      sum += number * units[next++].ms;
      text += digits + letters;
    }
  while (*text != '\0');

  return sum;
}

static void
write_wait (Import       *self,
            IncidentNode *node)
{
  static const struct
  {
    char   letter;
    gint64 seconds;
  } units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
  g_autofree char *text = incident_import_dup_text (self, node);
  gint64 ms = text != NULL ? parse_duration (text) : 0;
  gint64 seconds = (ms + 999) / 1000;
  guint unit = 0;
  g_autofree char *wait = NULL;

  if (text == NULL)
    return;
  if (ms < 0)
    {
      incident_problems_add (self->problems, node, "must be a duration such as “30s” or “1h30m”");
      return;
    }

  if (ms % 1000 != 0)
    incident_alertmanager_note (self->notes, node, "was rounded up to whole seconds");
  while (unit < 3 && (seconds == 0 || seconds % units[unit].seconds != 0))
    unit++;
  if (ms > MOST_DAYS * DAY_IN_MS || seconds / units[unit].seconds > 9999999)
    {
      incident_alertmanager_note (self->notes, node, "is longer than a playbook can say, and was left out");
      return;
    }
  wait = g_strdup_printf ("%" G_GINT64_FORMAT "%c", seconds / units[unit].seconds, units[unit].letter);
  incident_json_writer_member (&self->writer, "wait", wait);
}

static void
write_matchers (Import       *self,
                IncidentNode *list)
{
  if (!incident_import_is_type (self, list, INCIDENT_JSON_ARRAY))
    return;

  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) parsed = NULL;

      if (!incident_import_is_type (self, node, INCIDENT_JSON_STRING) || incident_text_is_blank (node->value.string))
        continue;
      parsed = incident_matcher_parse (node->value.string, NULL, &error);
      if (parsed == NULL)
        incident_problems_add (self->problems, node, "%s", error->message);
      else
        incident_json_writer_string (&self->writer, node->value.string);
    }
}

/* The older way to write them: a map of labels and values. */
static void
write_old_matchers (Import       *self,
                    IncidentNode *map,
                    const char   *operator_)
{
  if (!incident_import_is_type (self, map, INCIDENT_JSON_OBJECT))
    return;

  for (guint i = 0; i < incident_node_get_length (map); i++)
    {
      IncidentNode *node = incident_node_get_child (map, i);
      g_autofree char *value = incident_import_dup_text (self, node);
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentMatcher) matcher = value != NULL ? incident_matcher_new (node->name, operator_, value, &error) : NULL;
      g_autofree char *text = matcher != NULL ? incident_matcher_to_string (matcher) : NULL;

      if (error != NULL)
        incident_problems_add (self->problems, node, "%s", error->message);
      else if (text != NULL)
        incident_json_writer_string (&self->writer, text);
    }
}

/* All of the three ways as one list; @prefix is “”, “source_” or “target_”. */
static void
write_all_matchers (Import       *self,
                    const char   *name,
                    IncidentNode *node,
                    const char   *prefix)
{
  g_autofree char *equal = g_strconcat (prefix, "match", NULL);
  g_autofree char *regular = g_strconcat (prefix, "match_re", NULL);
  g_autofree char *matchers = g_strconcat (prefix, "matchers", NULL);

  incident_json_writer_name (&self->writer, name);
  incident_json_writer_begin_array (&self->writer);
  write_old_matchers (self, incident_node_get_member (node, equal), "=");
  write_old_matchers (self, incident_node_get_member (node, regular), "=~");
  write_matchers (self, incident_node_get_member (node, matchers));
  incident_json_writer_end_array (&self->writer);
}

static void
write_interval_names (Import       *self,
                      const char   *name,
                      IncidentNode *list)
{
  if (!incident_import_is_type (self, list, INCIDENT_JSON_ARRAY))
    return;

  incident_json_writer_name (&self->writer, name);
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      const char *id = incident_import_is_type (self, node, INCIDENT_JSON_STRING) ? g_hash_table_lookup (self->ids, node->value.string) : NULL;

      if (id != NULL)
        incident_json_writer_string (&self->writer, id);
      else if (node->type == INCIDENT_JSON_STRING)
        incident_problems_add (self->problems, node, "must be a name in “/time_intervals”; “%s” is none there",
                               node->value.string);
    }
  incident_json_writer_end_array (&self->writer);
}

/* The first route has no conditions, and nothing comes after it. */
static void
check_root (Import       *self,
            IncidentNode *node)
{
  static const char * const others[] = {
    "match", "match_re", "matchers", "mute_time_intervals", "active_time_intervals"
  };
  IncidentNode *wait = incident_node_get_member (node, "group_wait");

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (incident_node_get_length (incident_node_get_member (node, others[i])) > 0)
      incident_problems_add (self->problems, incident_node_get_member (node, others[i]),
                             "must be left out here: the first route takes every alert, at any time");
  if (incident_node_get_boolean (node, "continue"))
    incident_alertmanager_note (self->notes, incident_node_get_member (node, "continue"),
                                "says nothing, since no route comes after the first, and was left out");
  if (wait == NULL || wait->type == INCIDENT_JSON_NULL)
    incident_alertmanager_note (self->notes, node, "waits 30s in Alertmanager, where nothing is said; here it does not wait");
}

static void
note_others_of_route (Import       *self,
                      IncidentNode *node)
{
  static const char * const known[] = {
    "receiver", "group_by", "group_wait", "match", "match_re", "matchers", "continue", "routes", "mute_time_intervals",
    "active_time_intervals", NULL
  };

  for (guint i = 0; i < incident_node_get_length (node); i++)
    {
      IncidentNode *child = incident_node_get_child (node, i);

      if (g_str_equal (child->name, "group_interval"))
        incident_alertmanager_note (self->notes, child, "has no counterpart: what is new in a case is told at once");
      else if (g_str_equal (child->name, "repeat_interval"))
        incident_alertmanager_note (self->notes, child, "has no counterpart: “cadence” and “remind” say who is reminded of a case");
      else if (!g_strv_contains (known, child->name))
        incident_alertmanager_note (self->notes, child, "has no counterpart, and was left out");
    }
}

static void
write_route (Import       *self,
             IncidentNode *node,
             gboolean      is_root)
{
  IncidentNode *receiver = incident_node_get_member (node, "receiver");
  IncidentNode *goes_on = incident_node_get_member (node, "continue");
  IncidentNode *wait = incident_node_get_member (node, "group_wait");
  IncidentNode *routes = incident_node_get_member (node, "routes");

  incident_json_writer_begin_object (&self->writer);
  if (incident_import_is_type (self, receiver, INCIDENT_JSON_STRING))
    incident_json_writer_member (&self->writer, INCIDENT_ALERTMANAGER_RECEIVER, receiver->value.string);
  incident_import_write_texts (self, "group-by", incident_node_get_member (node, "group_by"));
  check_group_by (self, incident_node_get_member (node, "group_by"));
  if (wait != NULL && wait->type != INCIDENT_JSON_NULL)
    write_wait (self, wait);
  if (is_root)
    check_root (self, node);
  else
    {
      write_all_matchers (self, "matchers", node, "");
      write_interval_names (self, "mute", incident_node_get_member (node, "mute_time_intervals"));
      write_interval_names (self, "active", incident_node_get_member (node, "active_time_intervals"));
      if (incident_import_is_type (self, goes_on, INCIDENT_JSON_BOOLEAN) && goes_on->value.boolean)
        {
          incident_json_writer_name (&self->writer, "continue");
          incident_json_writer_boolean (&self->writer, TRUE);
        }
    }
  note_others_of_route (self, node);
  if (incident_import_is_type (self, routes, INCIDENT_JSON_ARRAY))
    {
      incident_json_writer_name (&self->writer, "routes");
      incident_json_writer_begin_array (&self->writer);
      for (guint i = 0; i < incident_node_get_length (routes); i++)
        if (incident_import_is_type (self, incident_node_get_child (routes, i), INCIDENT_JSON_OBJECT))
          write_route (self, incident_node_get_child (routes, i), FALSE);
      incident_json_writer_end_array (&self->writer);
    }
  incident_json_writer_end_object (&self->writer);
}

static void
write_rule (Import       *self,
            IncidentNode *node)
{
  static const char * const known[] = {
    "name", "source_match", "source_match_re", "source_matchers", "target_match", "target_match_re", "target_matchers",
    "equal", NULL
  };
  const char *name = incident_node_get_string (node, "name");

  incident_json_writer_begin_object (&self->writer);
  if (name != NULL && !incident_text_is_blank (name) && g_hash_table_add (self->rules, (gpointer) name))
    incident_json_writer_member (&self->writer, "name", name);
  write_all_matchers (self, "source", node, "source_");
  write_all_matchers (self, "target", node, "target_");
  incident_import_write_texts (self, "equal", incident_node_get_member (node, "equal"));
  for (guint i = 0; i < incident_node_get_length (node); i++)
    if (!g_strv_contains (known, incident_node_get_child (node, i)->name))
      incident_alertmanager_note (self->notes, incident_node_get_child (node, i), "has no counterpart, and was left out");
  incident_json_writer_end_object (&self->writer);
}

static void
write_rules (Import       *self,
             IncidentNode *list)
{
  if (!incident_import_is_type (self, list, INCIDENT_JSON_ARRAY))
    return;

  incident_json_writer_name (&self->writer, "inhibit");
  incident_json_writer_begin_array (&self->writer);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    if (incident_import_is_type (self, incident_node_get_child (list, i), INCIDENT_JSON_OBJECT))
      write_rule (self, incident_node_get_child (list, i));
  incident_json_writer_end_array (&self->writer);
}

static void
note_others (Import       *self,
             IncidentNode *root)
{
  static const char * const known[] = { "route", "inhibit_rules", "time_intervals", "mute_time_intervals", NULL };

  for (guint i = 0; i < incident_node_get_length (root); i++)
    {
      IncidentNode *child = incident_node_get_child (root, i);

      if (g_str_equal (child->name, "receivers"))
        incident_alertmanager_note (self->notes, child, "was left out: routes keep the names, as “" INCIDENT_ALERTMANAGER_RECEIVER "”");
      else if (!g_strv_contains (known, child->name))
        incident_alertmanager_note (self->notes, child, "has no counterpart, and was left out");
    }
}

static char *
convert (Import       *self,
         IncidentNode *root)
{
  IncidentNode *route = incident_node_get_member (root, "route");

  incident_json_writer_init (&self->writer, FALSE);
  incident_json_writer_begin_object (&self->writer);
  if (incident_import_is_type (self, root, INCIDENT_JSON_OBJECT))
    {
      note_others (self, root);
      incident_import_name_intervals (self, incident_node_get_member (root, "time_intervals"));
      incident_import_name_intervals (self, incident_node_get_member (root, "mute_time_intervals"));
      if (route == NULL)
        incident_problems_add (self->problems, root, "must have a “route”");
      else if (incident_import_is_type (self, route, INCIDENT_JSON_OBJECT))
        {
          incident_json_writer_name (&self->writer, "route");
          write_route (self, route, TRUE);
        }
      write_rules (self, incident_node_get_member (root, "inhibit_rules"));
      incident_import_write_intervals (self, root);
    }
  incident_json_writer_end_object (&self->writer);
  return incident_json_writer_finish (&self->writer);
}

char **
incident_alertmanager_end_notes (GPtrArray *notes)
{
  g_ptr_array_add (notes, NULL);
  return (char **) g_ptr_array_steal (notes, NULL);
}

/**
 * incident_playbook_import_alertmanager:
 * @json: (array length=length) (element-type guint8): an `alertmanager.yml` that was
 *   converted to JSON
 * @length: the length of @json in bytes, or -1 if it ends with a NUL
 * @place: (nullable): what to call the document in messages, such as its file name
 * @notes: (out) (optional) (transfer full) (array zero-terminated=1): return location
 *   for what has no counterpart: a JSON pointer into @json and what became of it
 * @error: return location for an error
 *
 * Makes a playbook of the configuration of an Alertmanager: its routes, inhibition
 * rules and time intervals. Older ways to write matchers are brought up to date, and
 * each route keeps the name of its receiver as `x-receiver`. Receivers themselves,
 * which hold secrets, are left out.
 *
 * Returns: (transfer full): a playbook with the sections `route`, `inhibit` and
 *   `intervals`, or %NULL with @error set to %INCIDENT_ERROR_INVALID, whose message
 *   has a line for each problem ([func@Error.list_problems])
 *
 * Since: 0.1
 */
char *
incident_playbook_import_alertmanager (const char   *json,
                                       gssize        length,
                                       const char   *place,
                                       char       ***notes,
                                       GError      **error)
{
  g_autoptr(GPtrArray) problems = incident_problems_new ();
  g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr(GHashTable) used = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) rules = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(IncidentTree) tree = NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;
  g_autofree char *document = NULL;
  g_autofree char *made = g_strdup_printf ("(made of %s)", place != NULL ? place : "the configuration");
  Import self = { problems, told, ids, used, rules, { NULL, } };

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (length >= -1, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  tree = incident_tree_new (json, length < 0 ? strlen (json) : (gsize) length, place, error);
  if (tree == NULL)
    return NULL;

  document = convert (&self, incident_tree_get_root (tree));
  if (!incident_problems_end (problems, error))
    return NULL;
  playbook = incident_playbook_new_from_json (document, -1, made, error);
  if (playbook == NULL)
    return NULL;

  if (notes != NULL)
    *notes = incident_alertmanager_end_notes (told);
  return incident_playbook_to_json (playbook);
}
