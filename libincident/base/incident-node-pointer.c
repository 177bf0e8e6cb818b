/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-node-private.h"

#include <string.h>

gboolean
incident_pointer_is_valid (const char *pointer)
{
  if (*pointer != '\0' && *pointer != '/')
    return FALSE;

  for (; *pointer != '\0'; pointer++)
    if (*pointer == '~' && pointer[1] != '0' && pointer[1] != '1')
      return FALSE;

  return TRUE;
}

/* The name between two slashes. */
static char *
decode_token (const char *token,
              gsize       length)
{
  GString *name = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    if (token[i] == '~')
      g_string_append_c (name, token[++i] == '1' ? '/' : '~');
    else
      g_string_append_c (name, token[i]);
  return g_string_free (name, FALSE);
}

static IncidentNode *
get_element (IncidentNode *self,
             const char   *name)
{
  guint64 position;

  if (!g_ascii_string_to_unsigned (name, 10, 0, G_MAXUINT, &position, NULL) || (name[0] == '0' && name[1] != '\0'))
    return NULL;

  return incident_node_get_child (self, (guint) position);
}

IncidentNode *
incident_node_resolve (IncidentNode *self,
                       const char   *pointer)
{
  if (!incident_pointer_is_valid (pointer))
    return NULL;

  while (self != NULL && *pointer == '/')
    {
      gsize length = strcspn (++pointer, "/");
      g_autofree char *name = decode_token (pointer, length);

      self = self->type == INCIDENT_JSON_ARRAY ? get_element (self, name) : incident_node_get_member (self, name);
      pointer += length;
    }
  return self;
}
