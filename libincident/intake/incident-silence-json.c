/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake/incident-silence-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "base/incident-node-private.h"
#include "base/incident-text-private.h"

/* Silences as JSON: in words of our own, which are strict, and in Alertmanager's,
 * whose later versions may say more. */

static const char * const our_members[] = {
  "id", "matchers", "starts_at", "ends_at", "interval", "owner", "reason",
};

/* In Alertmanager's words a matcher is an object, and times are written together. */
static gboolean
is_foreign (IncidentNode *node)
{
  IncidentNode *matchers = incident_node_get_member (node, "matchers");

  return incident_node_get_member (node, "startsAt") != NULL || incident_node_get_member (node, "endsAt") != NULL
         || (matchers != NULL && matchers->type == INCIDENT_JSON_ARRAY && incident_node_get_length (matchers) > 0
             && incident_node_get_child (matchers, 0)->type == INCIDENT_JSON_OBJECT);
}

/* NULL and null are the same where @required is FALSE. */
static IncidentNode *
find (IncidentNode     *node,
      const char       *name,
      IncidentJsonType  type,
      const char       *wanted,
      gboolean          required,
      GPtrArray        *problems)
{
  IncidentNode *member = incident_node_get_member (node, name);

  if (member == NULL && required)
    incident_problems_add (problems, node, "lacks the member “%s”", name);
  if (member == NULL || (!required && member->type == INCIDENT_JSON_NULL))
    return NULL;
  if (member->type == type)
    return member;

  incident_problems_add (problems, member, "must be %s", wanted);
  return NULL;
}

static const char *
read_text (IncidentNode *node,
           const char   *name,
           gboolean      required,
           GPtrArray    *problems)
{
  IncidentNode *member = find (node, name, INCIDENT_JSON_STRING, "a string", required, problems);

  return member != NULL ? member->value.string : NULL;
}

static gboolean
read_flag (IncidentNode *node,
           const char   *name,
           gboolean      required,
           gboolean      otherwise,
           GPtrArray    *problems)
{
  IncidentNode *member = find (node, name, INCIDENT_JSON_BOOLEAN, "true or false", required, problems);

  return member != NULL ? member->value.boolean : otherwise;
}

static gint64
read_time (IncidentNode *node,
           const char   *name,
           gboolean      required,
           GPtrArray    *problems)
{
  IncidentNode *member = find (node, name, INCIDENT_JSON_STRING, "a time", required, problems);
  gint64 time = INCIDENT_TIME_NONE;

  if (member != NULL && !incident_time_from_string (member->value.string, &time, NULL))
    incident_problems_add (problems, member, "must be a time such as “2026-11-23T07:00:00Z”");
  return time;
}

static void
add_list (IncidentSilence *self,
          GPtrArray       *list,
          IncidentNode    *node,
          GPtrArray       *problems)
{
  const char *wrong = incident_silence_check_list (list);

  if (wrong != NULL)
    incident_problems_add (problems, node, "%s", wrong);
  g_ptr_array_add (self->lists, g_ptr_array_ref (list));
}

/* One list, as text. */
static void
read_list (IncidentSilence *self,
           IncidentNode    *node,
           GPtrArray       *problems)
{
  g_autoptr(GPtrArray) list = NULL;
  g_autofree char *warning = NULL;
  g_autofree char *problem = NULL;

  if (node->type != INCIDENT_JSON_STRING)
    {
      incident_problems_add (problems, node, "must be a string such as “{team=\"a\"}”");
      return;
    }

  list = incident_silence_read_list (node->value.string, &warning, &problem);
  if (list == NULL)
    incident_problems_add (problems, node, "%s", problem);
  else
    add_list (self, list, node, problems);
  if (warning != NULL)
    g_ptr_array_add (self->warnings, g_steal_pointer (&warning));
}

static void
read_lists (IncidentSilence *self,
            IncidentNode    *node,
            GPtrArray       *problems)
{
  IncidentNode *lists = find (node, "matchers", INCIDENT_JSON_ARRAY, "an array of strings", TRUE, problems);

  if (lists != NULL && incident_node_get_length (lists) == 0)
    incident_problems_add (problems, lists, "must not be empty");
  for (guint i = 0; i < incident_node_get_length (lists); i++)
    read_list (self, incident_node_get_child (lists, i), problems);
}

static void
read_id (IncidentSilence *self,
         IncidentNode    *node,
         GPtrArray       *problems)
{
  IncidentNode *member = find (node, "id", INCIDENT_JSON_INT, "a whole number", FALSE, problems);

  if (member == NULL)
    return;
  if (member->value.integer < 1)
    incident_problems_add (problems, member, "must be 1 or more");
  else
    self->id = (guint64) member->value.integer;
}

static gboolean
is_ours (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (our_members); i++)
    if (g_str_equal (our_members[i], name))
      return TRUE;

  return FALSE;
}

static void
read_ours (IncidentSilence *self,
           IncidentNode    *node,
           GPtrArray       *problems)
{
  for (guint i = 0; i < incident_node_get_length (node); i++)
    {
      IncidentNode *member = incident_node_get_child (node, i);

      if (!is_ours (member->name))
        incident_problems_add (problems, member, "is no member of a silence");
    }

  read_id (self, node, problems);
  read_lists (self, node, problems);
  self->starts_at = read_time (node, "starts_at", FALSE, problems);
  self->ends_at = read_time (node, "ends_at", TRUE, problems);
  self->interval = g_strdup (read_text (node, "interval", FALSE, problems));
  self->owner = g_strdup (read_text (node, "owner", FALSE, problems));
  self->reason = g_strdup (read_text (node, "reason", TRUE, problems));
}

static IncidentMatcher *
read_matcher (IncidentNode *node,
              GPtrArray    *problems)
{
  /* By isEqual, then isRegex. */
  static const char * const operators[2][2] = { { "!=", "!~" }, { "=", "=~" } };
  g_autoptr(GError) error = NULL;
  const char *name;
  const char *value;
  gboolean is_equal;
  gboolean is_regex;
  IncidentMatcher *matcher;

  if (node->type != INCIDENT_JSON_OBJECT)
    {
      incident_problems_add (problems, node, "must be an object with the members “name”, “value” and “isRegex”");
      return NULL;
    }

  name = read_text (node, "name", TRUE, problems);
  value = read_text (node, "value", TRUE, problems);
  is_regex = read_flag (node, "isRegex", TRUE, FALSE, problems);
  is_equal = read_flag (node, "isEqual", FALSE, TRUE, problems);
  if (name == NULL || value == NULL)
    return NULL;

  matcher = incident_matcher_new (name, operators[is_equal][is_regex], value, &error);
  if (matcher == NULL)
    incident_problems_add (problems, node, "%s", error->message);
  return matcher;
}

static void
read_foreign (IncidentSilence *self,
              IncidentNode    *node,
              GPtrArray       *problems)
{
  IncidentNode *matchers = find (node, "matchers", INCIDENT_JSON_ARRAY, "an array of matchers", TRUE, problems);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_matcher_unref);
  guint n_before = problems->len;

  for (guint i = 0; i < incident_node_get_length (matchers); i++)
    {
      IncidentMatcher *matcher = read_matcher (incident_node_get_child (matchers, i), problems);

      if (matcher != NULL)
        g_ptr_array_add (list, matcher);
    }
  if (matchers != NULL && problems->len == n_before)
    add_list (self, list, matchers, problems);

  self->starts_at = read_time (node, "startsAt", TRUE, problems);
  self->ends_at = read_time (node, "endsAt", TRUE, problems);
  self->owner = g_strdup (read_text (node, "createdBy", TRUE, problems));
  self->reason = g_strdup (read_text (node, "comment", TRUE, problems));
}

/* What one member alone does not show. */
static void
check_together (IncidentSilence *self,
                IncidentNode    *node,
                gboolean         foreign,
                GPtrArray       *problems)
{
  if (self->reason != NULL && incident_text_is_blank (self->reason))
    incident_problems_add (problems, incident_node_get_member (node, foreign ? "comment" : "reason"),
                           "must tell the reason");
  if (self->ends_at != INCIDENT_TIME_NONE && self->ends_at <= self->starts_at)
    incident_problems_add (problems, incident_node_get_member (node, foreign ? "endsAt" : "ends_at"),
                           "must be later than the start");
}

static IncidentSilence *
read_silence (IncidentNode *node,
              GPtrArray    *problems)
{
  g_autoptr(IncidentSilence) self = incident_silence_new_empty ();
  gboolean foreign = is_foreign (node);

  if (node->type != INCIDENT_JSON_OBJECT)
    {
      incident_problems_add (problems, node, "must be an object");
      return NULL;
    }

  if (foreign)
    read_foreign (self, node, problems);
  else
    read_ours (self, node, problems);
  check_together (self, node, foreign, problems);
  return g_steal_pointer (&self);
}

static IncidentTree *
read_tree (const char  *json,
           gssize       length,
           const char  *place,
           GError     **error)
{
  return incident_tree_new (json, length >= 0 ? (gsize) length : strlen (json), place, error);
}

/**
 * incident_silence_new_from_json:
 * @json: (array length=length) (element-type guint8): a JSON object
 * @length: its length in bytes, or -1 if it ends with a NUL
 * @place: (nullable): what to call it in errors, such as a file name
 * @error: return location for an error
 *
 * Reads a silence that [method@Silence.to_json] wrote, or one of Alertmanager: an
 * object of `matchers`, `startsAt`, `endsAt`, `createdBy` and `comment`, as its API
 * and `amtool silence query -o json` give it.
 *
 * What Alertmanager says beyond these is left alone, its id too; a member that is
 * not ours is an error. That the end is past is none.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer full): the silence; or %NULL with %INCIDENT_ERROR_INVALID, whose
 *   message has a line for all that is wrong ([func@Error.list_problems])
 *
 * Since: 0.1
 */
IncidentSilence *
incident_silence_new_from_json (const char  *json,
                                gssize       length,
                                const char  *place,
                                GError     **error)
{
  g_autoptr(IncidentTree) tree = NULL;
  g_autoptr(GPtrArray) problems = incident_problems_new ();
  g_autoptr(IncidentSilence) self = NULL;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  tree = read_tree (json, length, place, error);
  if (tree == NULL)
    return NULL;

  self = read_silence (incident_tree_get_root (tree), problems);
  return incident_problems_end (problems, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * incident_silence_list_from_json:
 * @json: (array length=length) (element-type guint8): a JSON array
 * @length: its length in bytes, or -1 if it ends with a NUL
 * @place: (nullable): what to call it in errors, such as a file name
 * @error: return location for an error
 *
 * Reads an array of silences, each as [ctor@Silence.new_from_json] does, or a single
 * one without the array.
 *
 * Can be called from any thread.
 *
 * Returns: (transfer container) (element-type IncidentSilence): the silences, in the
 *   order of the array; or %NULL, if but one of them is wrong, with
 *   %INCIDENT_ERROR_INVALID, whose message has a line for all that is wrong
 *
 * Since: 0.1
 */
GPtrArray *
incident_silence_list_from_json (const char  *json,
                                 gssize       length,
                                 const char  *place,
                                 GError     **error)
{
  g_autoptr(IncidentTree) tree = NULL;
  g_autoptr(GPtrArray) problems = incident_problems_new ();
  g_autoptr(GPtrArray) silences = NULL;
  IncidentNode *root;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  tree = read_tree (json, length, place, error);
  if (tree == NULL)
    return NULL;

  root = incident_tree_get_root (tree);
  silences = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_silence_unref);
  for (guint i = 0; root->type == INCIDENT_JSON_ARRAY && i < incident_node_get_length (root); i++)
    {
      IncidentSilence *silence = read_silence (incident_node_get_child (root, i), problems);

      if (silence != NULL)
        g_ptr_array_add (silences, silence);
    }
  if (root->type == INCIDENT_JSON_OBJECT)
    g_ptr_array_add (silences, read_silence (root, problems));
  else if (root->type != INCIDENT_JSON_ARRAY)
    incident_problems_add (problems, root, "must be an array of silences");

  return incident_problems_end (problems, error) ? g_steal_pointer (&silences) : NULL;
}

/**
 * incident_silence_to_json:
 * @self: a silence
 *
 * Writes the silence as JSON, as `incident silence show --json` does.
 *
 * [ctor@Silence.new_from_json] reads the same silence from it.
 *
 * Returns: (transfer full): an object with the members `id`, `matchers` (an array of
 *   strings), `starts_at`, `ends_at`, `interval`, `owner` and `reason`; what is not
 *   known is null
 *
 * Since: 0.1
 */
char *
incident_silence_to_json (IncidentSilence *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_name (&writer, "id");
  if (self->id != 0)
    incident_json_writer_int (&writer, (gint64) self->id);
  else
    incident_json_writer_null (&writer);
  incident_json_writer_name (&writer, "matchers");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->lists->len; i++)
    {
      g_autofree char *text = incident_matchers_to_string (g_ptr_array_index (self->lists, i));

      incident_json_writer_string (&writer, text);
    }
  incident_json_writer_end_array (&writer);
  incident_json_writer_moment (&writer, "starts_at", self->starts_at);
  incident_json_writer_moment (&writer, "ends_at", self->ends_at);
  incident_json_writer_member (&writer, "interval", self->interval);
  incident_json_writer_member (&writer, "owner", self->owner);
  incident_json_writer_member (&writer, "reason", self->reason);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static void
write_flag (IncidentJsonWriter *writer,
            const char         *name,
            gboolean            value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_boolean (writer, value);
}

static void
write_matcher (IncidentJsonWriter *writer,
               IncidentMatcher    *matcher)
{
  const char *op = incident_matcher_get_operator (matcher);

  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "name", incident_matcher_get_name (matcher));
  incident_json_writer_member (writer, "value", incident_matcher_get_value (matcher));
  write_flag (writer, "isRegex", op[1] == '~');
  write_flag (writer, "isEqual", op[0] == '=');
  incident_json_writer_end_object (writer);
}

static void
write_foreign (IncidentJsonWriter *writer,
               IncidentSilence    *self,
               GPtrArray          *list)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "matchers");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < list->len; i++)
    write_matcher (writer, g_ptr_array_index (list, i));
  incident_json_writer_end_array (writer);
  incident_json_writer_moment (writer, "startsAt", self->starts_at);
  incident_json_writer_moment (writer, "endsAt", self->ends_at);
  incident_json_writer_member (writer, "createdBy", self->owner != NULL ? self->owner : "");
  incident_json_writer_member (writer, "comment", self->reason);
  incident_json_writer_end_object (writer);
}

/**
 * incident_silence_to_alertmanager_json:
 * @self: a silence that has a start
 *
 * Writes the silence as Alertmanager has them.
 *
 * Its API knows neither several lists of matchers in one silence nor intervals of
 * a playbook: there is an object for each list, and the interval is left out.
 *
 * Returns: (transfer full): an array of objects, each of which may be posted to
 *   `/api/v2/silences`; `amtool silence import` takes the array
 *
 * Since: 0.1
 */
char *
incident_silence_to_alertmanager_json (IncidentSilence *self)
{
  IncidentJsonWriter writer;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->starts_at != INCIDENT_TIME_NONE, NULL);

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->lists->len; i++)
    write_foreign (&writer, self, g_ptr_array_index (self->lists, i));
  incident_json_writer_end_array (&writer);
  return incident_json_writer_finish (&writer);
}
