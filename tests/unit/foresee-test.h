/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "playbook-test.h"

/* A small company, of which everything can be worked out by hand. It begins on Monday, 2026-11-23 at 08:00 in Madrid, an
 * hour before the week of bo ends and that of ana begins. */

#define COMPANY(policies) \
  "{\"people\": {" \
  "  \"ana\": {\"zone\": \"Europe/Madrid\", \"pages\": [{\"by\": \"chat\"}, {\"by\": \"phone\", \"to\": \"+34-1\", \"after\": \"5m\"}]}," \
  "  \"bo\": {\"zone\": \"Europe/Madrid\", \"pages\": [{\"by\": \"chat\"}]}," \
  "  \"carmen\": {\"pages\": [{\"by\": \"phone\", \"to\": \"+34-3\"}]}, \"dan\": {}," \
  "  \"eve\": {\"zone\": \"Asia/Tokyo\", \"pages\": [{\"by\": \"chat\"}], \"away\": [{\"from\": \"2026-12-01\", \"until\": \"2026-12-02\"}]}}," \
  " \"channels\": {\"chat\": {\"kind\": \"own\"}, \"phone\": {\"kind\": \"own\"}}," \
  " \"schedules\": {" \
  "  \"weekly\": {\"zone\": \"Europe/Madrid\", \"layers\": [{\"name\": \"turns\", \"people\": [\"ana\", \"bo\"]," \
  "   \"rotation\": {\"start\": \"2026-01-05T09:00\", \"every\": 1, \"unit\": \"week\"}}]}," \
  "  \"office\": {\"zone\": \"Europe/Madrid\", \"layers\": [{\"name\": \"all\", \"people\": [\"eve\"]," \
  "   \"only\": [{\"weekdays\": [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"], \"from\": \"09:00\", \"until\": \"17:00\"}]}]," \
  "   \"wanted-gaps\": [{\"weekdays\": [\"saturday\", \"sunday\"], \"from\": \"00:00\", \"until\": \"00:00\"}]}}," \
  policies "}"

#define PLAIN_POLICY \
  " \"policies\": {\"main\": {\"steps\": [" \
  "   {\"name\": \"first\", \"page\": [{\"schedule\": \"weekly\"}], \"wait\": \"10m\"}," \
  "   {\"name\": \"second\", \"page\": [{\"person\": \"carmen\"}, {\"person\": \"dan\"}], \"wait\": \"10m\"}], \"repeat\": 1}}," \
  " \"escalation\": {\"start\": [{\"policy\": \"main\"}]}"

static inline JsonObject *
read_answer (const char *answer, JsonNode **node)
{
  g_autoptr(GError) error = NULL;

  *node = json_from_string (answer, &error);
  assert_no_error (error);
  return json_node_get_object (*node);
}

static inline const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) && !json_object_get_null_member (object, name)
         ? json_object_get_string_member (object, name) : "-";
}

/* A list of objects as lines of the members that are named, separated by blanks; times as “day hour:minute”. */
static inline char *
list_members (JsonObject *answer, const char *list, const char *names)
{
  JsonArray *array = json_object_get_array_member (answer, list);
  g_auto(GStrv) members = g_strsplit (names, " ", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    for (guint j = 0; members[j] != NULL; j++)
      {
        JsonObject *object = json_array_get_object_element (array, i);
        JsonNode *value = json_object_get_member (object, members[j]);

        if (j > 0)
          g_string_append_c (text, ' ');
        if (value == NULL || JSON_NODE_HOLDS_NULL (value))
          g_string_append_c (text, '-');
        else if (json_node_get_value_type (value) == G_TYPE_STRING)
          {
            const char *string = json_node_get_string (value);

            if (strlen (string) == 27 && string[10] == 'T')
              g_string_append_printf (text, "%.2s %.5s", string + 8, string + 11);
            else
              g_string_append (text, string);
          }
        else
          g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (value));
        if (members[j + 1] == NULL)
          g_string_append_c (text, '\n');
      }
  return g_string_free (text, FALSE);
}

static inline void
assert_list (JsonObject *answer, const char *list, const char *names, const char *expected)
{
  g_autofree char *found = list_members (answer, list, names);

  if (g_strcmp0 (found, expected) != 0)
    fail_msg ("“%s” is\n%sbut should be\n%s", list, found, expected);
}
