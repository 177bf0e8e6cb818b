/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-shape-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-place-private.h"
#include "base/incident-text-private.h"

#define LONGEST_NAME 200
#define LONGEST_URL 2000
#define MAX_DURATION_DAYS 3650

gboolean
incident_shape_is_foreign (const char *name)
{
  return g_str_has_prefix (name, "x-");
}

static IncidentJsonType
get_json_type (const IncidentShape *self)
{
  switch ((int) self->kind)
    {
    case INCIDENT_SHAPE_BOOLEAN:
    case INCIDENT_SHAPE_TRUE:
      return INCIDENT_JSON_BOOLEAN;
    case INCIDENT_SHAPE_NUMBER:
      return INCIDENT_JSON_INT;
    case INCIDENT_SHAPE_DECIMAL:
      return INCIDENT_JSON_DOUBLE;
    case INCIDENT_SHAPE_LIST:
      return INCIDENT_JSON_ARRAY;
    case INCIDENT_SHAPE_MAP:
    case INCIDENT_SHAPE_OBJECT:
      return INCIDENT_JSON_OBJECT;
    default:
      return INCIDENT_JSON_STRING;
    }
}

/* “a”, “b” and “c” */
static char *
join (const char * const *words,
      guint               n,
      const char         *last)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s“%s”", i == 0 ? "" : i + 1 < n ? ", " : last, words[i]);
  return g_string_free (text, FALSE);
}

gint64
incident_duration_from_text (const char *text)
{
  guint64 number = g_ascii_strtoull (text, NULL, 10);

  switch (text[strlen (text) - 1])
    {
    case 's':
      return (gint64) number * G_TIME_SPAN_SECOND;
    case 'm':
      return (gint64) number * G_TIME_SPAN_MINUTE;
    case 'h':
      return (gint64) number * G_TIME_SPAN_HOUR;
    default:
      return (gint64) number * G_TIME_SPAN_DAY;
    }
}

guint
incident_wall_time_from_text (const char *text)
{
  return (guint) (g_ascii_strtoull (text, NULL, 10) * 60 + g_ascii_strtoull (text + 3, NULL, 10));
}

static gboolean
is_digits (const char *text,
           const char *pattern) /* “d” for a digit */
{
  for (; *pattern != '\0'; text++, pattern++)
    if (*pattern == 'd' ? !g_ascii_isdigit (*text) : *text != *pattern)
      return FALSE;

  return *text == '\0';
}

gboolean
incident_date_from_text (const char *text,
                         GDate      *date)
{
  if (!is_digits (text, "dddd-dd-dd"))
    return FALSE;

  g_date_clear (date, 1);
  if (!g_date_valid_dmy ((GDateDay) g_ascii_strtoull (text + 8, NULL, 10),
                         (GDateMonth) g_ascii_strtoull (text + 5, NULL, 10),
                         (GDateYear) g_ascii_strtoull (text, NULL, 10)))
    return FALSE;

  g_date_set_dmy (date, (GDateDay) g_ascii_strtoull (text + 8, NULL, 10),
                  (GDateMonth) g_ascii_strtoull (text + 5, NULL, 10),
                  (GDateYear) g_ascii_strtoull (text, NULL, 10));
  return TRUE;
}

static gboolean
is_duration (const char *text,
             gboolean    is_zero_allowed)
{
  gsize digits = strspn (text, "0123456789");

  return digits >= 1 && digits <= 7 && (*text != '0' || (is_zero_allowed && digits == 1))
         && text[digits] != '\0' && strchr ("smhd", text[digits]) != NULL && text[digits + 1] == '\0'
         && incident_duration_from_text (text) <= MAX_DURATION_DAYS * G_TIME_SPAN_DAY;
}

gboolean
incident_shape_is_duration (const char *text)
{
  return is_duration (text, FALSE);
}

gboolean
incident_shape_is_pointer (const char *text)
{
  if (*text != '\0' && *text != '/')
    return FALSE;

  for (; *text != '\0'; text++)
    if (*text == '~' && text[1] != '0' && text[1] != '1')
      return FALSE;
  return TRUE;
}

static gboolean
is_wall_time (const char *text)
{
  return is_digits (text, "dd:dd") && incident_wall_time_from_text (text) < 24 * 60 && text[3] < '6';
}

static gboolean
is_zone (const char *text)
{
  g_autoptr(GTimeZone) zone = NULL;

  if (g_path_is_absolute (text) || strstr (text, "..") != NULL)
    return FALSE;

  zone = g_time_zone_new_identifier (text);
  return zone != NULL;
}

static gboolean
is_name (const char *text)
{
  if (incident_text_is_blank (text) || strlen (text) > LONGEST_NAME)
    return FALSE;

  for (; *text != '\0'; text++)
    if ((guchar) *text < 0x20 || *text == 0x7f)
      return FALSE;
  return TRUE;
}

static gboolean
is_moment (const char *text)
{
  gint64 time;

  return incident_time_from_string (text, &time, NULL);
}

gboolean
incident_shape_is_url (const char *text)
{
  g_autoptr(GUri) url = NULL;

  if (strlen (text) > LONGEST_URL || (!g_str_has_prefix (text, "https://") && !g_str_has_prefix (text, "http://")))
    return FALSE;
  /* Readers of URLs do not agree on where a host ends that has a backslash behind it. */
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at) || *at == '\\')
      return FALSE;

  url = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  return url != NULL && g_uri_get_host (url) != NULL && *g_uri_get_host (url) != '\0' && g_uri_get_userinfo (url) == NULL
         && g_uri_get_fragment (url) == NULL && g_uri_get_port (url) != 0;
}

/* The patterns are ours and few: each is compiled once. */
static gboolean
matches (const char *pattern,
         const char *text)
{
  static GMutex mutex;
  static GHashTable *known = NULL;
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&mutex);
  GRegex *regex;

  if (known == NULL)
    known = g_hash_table_new (g_str_hash, g_str_equal);
  regex = g_hash_table_lookup (known, pattern);
  if (regex == NULL)
    {
      regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
      g_assert (regex != NULL);
      g_hash_table_insert (known, (gpointer) pattern, regex);
    }
  return g_regex_match (regex, text, 0, NULL);
}

/* A name that stands where it is looked for; what is nowhere written has every name. */
static void
check_reference (const IncidentShape *self,
                 IncidentNode        *node,
                 IncidentNode        *root,
                 GPtrArray           *problems)
{
  IncidentNode *section = incident_node_get_member (root, self->section);
  IncidentNode *other = self->section_too != NULL ? incident_node_get_member (root, self->section_too) : NULL;
  const char *text = node->value.string;

  if ((section == NULL && other == NULL)
      || incident_node_get_member (section, text) != NULL || incident_node_get_member (other, text) != NULL)
    return;

  if (self->section_too != NULL)
    incident_problems_add (problems, node, "must be a name in “/%s” or “/%s”; “%s” is none there", self->section,
                           self->section_too, text);
  else
    incident_problems_add (problems, node, "must be a name in “/%s”; “%s” is none there", self->section, text);
}

static void
check_word (const IncidentShape *self,
            IncidentNode        *node,
            GPtrArray           *problems)
{
  g_autofree char *known = NULL;

  if (g_strv_contains (self->words, node->value.string))
    return;

  known = join (self->words, g_strv_length ((char **) self->words), " or ");
  incident_problems_add (problems, node, "must be %s", known);
}

static void
check_time (const IncidentShape *self,
            IncidentNode        *node,
            GPtrArray           *problems)
{
  const char *text = node->value.string;
  GDate date;

  if (self->kind == INCIDENT_SHAPE_DURATION && !is_duration (text, self->is_zero_allowed))
    incident_problems_add (problems, node, "must be a duration such as “30s”, “5m”, “4h” or “2d”, of at most %d days",
                           MAX_DURATION_DAYS);
  else if (self->kind == INCIDENT_SHAPE_DATE && !incident_date_from_text (text, &date))
    incident_problems_add (problems, node, "must be a date such as “2026-12-24”");
  else if (self->kind == INCIDENT_SHAPE_TIME && !is_wall_time (text))
    incident_problems_add (problems, node, "must be a time of day such as “22:00”");
  else if (self->kind == INCIDENT_SHAPE_MOMENT && !is_moment (text))
    incident_problems_add (problems, node, "must be a time with its zone, such as “2026-12-24T22:00:00+01:00”");
  else if (self->kind == INCIDENT_SHAPE_ZONE && !is_zone (text))
    incident_problems_add (problems, node, "must be a time zone such as “Europe/Madrid”");
}

static void
check_string (const IncidentShape *self,
              IncidentNode        *node,
              IncidentNode        *root,
              GPtrArray           *problems)
{
  const char *text = node->value.string;

  if (self->kind == INCIDENT_SHAPE_TEXT && incident_text_is_blank (text))
    incident_problems_add (problems, node, "is blank: say something, or leave it out");
  else if (self->kind == INCIDENT_SHAPE_NAME && !is_name (text))
    incident_problems_add (problems, node, "must be one line of at most %d bytes, not blank", LONGEST_NAME);
  else if (self->kind == INCIDENT_SHAPE_ID && !incident_text_is_id (text))
    incident_problems_add (problems, node, "must be a name of a–z, 0–9 and dashes, at most 64 characters long");
  else if (self->kind == INCIDENT_SHAPE_POINTER && !incident_shape_is_pointer (text))
    incident_problems_add (problems, node, "must be a JSON pointer such as “/alert/id”, in which “~” is written “~0”, and “/” "
                           "in a name “~1”");
  else if (self->kind == INCIDENT_SHAPE_PATTERN && !matches (self->pattern, text))
    incident_problems_add (problems, node, "must be %s", self->wanted);
  else if (self->kind == INCIDENT_SHAPE_URL && !incident_shape_is_url (text))
    incident_problems_add (problems, node, "must be an address such as “https://desk.example.org/”, with a host, and without "
                           "a user or a fragment");
  else if (self->kind == INCIDENT_SHAPE_WORD)
    check_word (self, node, problems);
  else if (self->kind == INCIDENT_SHAPE_REFERENCE)
    check_reference (self, node, root, problems);
  else
    check_time (self, node, problems);
}

static void
check_list (const IncidentShape *self,
            IncidentNode        *node,
            IncidentNode        *root,
            GPtrArray           *problems)
{
  for (guint i = 0; i < node->children->len; i++)
    {
      IncidentNode *child = g_ptr_array_index (node->children, i);

      if (self->most > 0 && i == self->most)
        incident_problems_add (problems, child, "is one too many: there can be %u %ss", self->most, self->singular);
      incident_shape_check (self->element, child, root, problems);
    }
}

static void
check_map (const IncidentShape *self,
           IncidentNode        *node,
           IncidentNode        *root,
           GPtrArray           *problems)
{
  for (guint i = 0; i < node->children->len; i++)
    {
      IncidentNode *child = g_ptr_array_index (node->children, i);

      if (incident_shape_is_foreign (child->name))
        continue;
      if (self->words != NULL && !g_strv_contains (self->words, child->name))
        {
          g_autofree char *known = join (self->words, g_strv_length ((char **) self->words), " and ");

          incident_problems_add (problems, child, "is unknown here: there are %s", known);
          continue;
        }
      if (self->is_free && !is_name (child->name))
        incident_problems_add (problems, child, "must have a name of one line of at most %d bytes, not blank", LONGEST_NAME);
      if (self->words == NULL && !self->is_free && !incident_text_is_id (child->name))
        incident_problems_add (problems, child, "must have a name of a–z, 0–9 and dashes, at most 64 characters long");
      incident_shape_check (self->element, child, root, problems);
    }
}

static const IncidentShapeMember *
find_member (const IncidentShape *self,
             const char          *name)
{
  for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
    if (g_str_equal (member->name, name))
      return member;

  return NULL;
}

/* The names of all members, or of those that are needed. */
static char *
join_members (const IncidentShape *self,
              gboolean             needed,
              guint               *n)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
    if (member->is_needed || !needed)
      g_ptr_array_add (names, (gpointer) member->name);
  *n = names->len;
  return join ((const char * const *) names->pdata, names->len, " and ");
}

static void
check_choice (const IncidentShape *self,
              IncidentNode        *node,
              GPtrArray           *problems)
{
  guint n = 0;

  for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
    n += incident_node_get_member (node, member->name) != NULL ? 1 : 0;
  if (n != 1)
    {
      g_autofree char *known = join_members (self, FALSE, &n);

      incident_problems_add (problems, node, "must have exactly one of the members %s", known);
    }
}

static void
check_object (const IncidentShape *self,
              IncidentNode        *node,
              IncidentNode        *root,
              GPtrArray           *problems)
{
  guint n;

  for (const IncidentShapeMember *member = self->members; member->name != NULL; member++)
    if (member->is_needed && incident_node_get_member (node, member->name) == NULL)
      {
        g_autofree char *needed = join_members (self, TRUE, &n);

        incident_problems_add (problems, node, "must have the member%s %s", n > 1 ? "s" : "", needed);
        break;
      }
  if (self->is_choice)
    check_choice (self, node, problems);

  for (guint i = 0; i < node->children->len; i++)
    {
      IncidentNode *child = g_ptr_array_index (node->children, i);
      const IncidentShapeMember *member = find_member (self, child->name);

      if (member != NULL)
        incident_shape_check (member->shape, child, root, problems);
      else if (!incident_shape_is_foreign (child->name))
        {
          g_autofree char *known = join_members (self, FALSE, &n);

          incident_problems_add (problems, child, "is unknown here: there %s %s", n > 1 ? "are" : "is", known);
        }
    }
}

static double
get_number (IncidentNode *node)
{
  return node->type == INCIDENT_JSON_INT ? (double) node->value.integer : node->value.number;
}

void
incident_shape_check (const IncidentShape *self,
                      IncidentNode        *node,
                      IncidentNode        *root,
                      GPtrArray           *problems)
{
  IncidentJsonType wanted = get_json_type (self);

  if (self->kind == INCIDENT_SHAPE_ANY || (self->is_nullable && node->type == INCIDENT_JSON_NULL))
    return;
  if (self->otherwise != NULL && node->type == get_json_type (self->otherwise))
    {
      incident_shape_check (self->otherwise, node, root, problems);
      return;
    }
  if (node->type != wanted && !(wanted == INCIDENT_JSON_DOUBLE && node->type == INCIDENT_JSON_INT))
    {
      incident_problems_add (problems, node, "must be %s%s%s, not %s", incident_json_type_to_words (wanted, TRUE),
                             self->otherwise != NULL ? " or " : "",
                             self->otherwise != NULL ? incident_json_type_to_words (get_json_type (self->otherwise), TRUE) : "",
                             incident_json_type_to_words (node->type, FALSE));
      return;
    }

  if (wanted == INCIDENT_JSON_STRING)
    check_string (self, node, root, problems);
  else if (self->kind == INCIDENT_SHAPE_NUMBER && (node->value.integer < 1 || node->value.integer > self->most))
    incident_problems_add (problems, node, "must be a whole number from 1 to %u", self->most);
  else if (self->kind == INCIDENT_SHAPE_DECIMAL && !(get_number (node) > 0 && get_number (node) <= self->most))
    incident_problems_add (problems, node, "must be a number above 0, up to %u", self->most);
  else if (self->kind == INCIDENT_SHAPE_TRUE && !node->value.boolean)
    incident_problems_add (problems, node, "must be true, or be left out");
  else if (self->kind == INCIDENT_SHAPE_LIST)
    check_list (self, node, root, problems);
  else if (self->kind == INCIDENT_SHAPE_MAP)
    check_map (self, node, root, problems);
  else if (self->kind == INCIDENT_SHAPE_OBJECT)
    check_object (self, node, root, problems);
}
