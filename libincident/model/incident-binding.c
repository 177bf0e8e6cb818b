/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-binding-private.h"

typedef struct
{
  const char *playbook;  /* interned; NULL: built in; as below */
  const char *lifecycle;
} Binding;

#define MAX_BINDINGS 0xffff

G_LOCK_DEFINE_STATIC (bindings);
static GArray *bindings;

static Binding
get (guint binding)
{
  Binding found = { NULL, NULL };

  if (binding == 0)
    return found;

  G_LOCK (bindings);
  found = g_array_index (bindings, Binding, binding - 1);
  G_UNLOCK (bindings);
  return found;
}

static const char *
intern (const char *version)
{
  return version != NULL && !g_str_equal (version, INCIDENT_BUILT_IN) ? g_intern_string (version) : NULL;
}

guint
incident_binding_get (const char *playbook,
                      const char *lifecycle)
{
  const Binding wanted = { intern (playbook), intern (lifecycle) };
  guint i;

  if (wanted.playbook == NULL && wanted.lifecycle == NULL)
    return 0;

  G_LOCK (bindings);
  if (bindings == NULL)
    bindings = g_array_new (FALSE, FALSE, sizeof (Binding));
  for (i = bindings->len; i > 0; i--)
    if (g_array_index (bindings, Binding, i - 1).playbook == wanted.playbook
        && g_array_index (bindings, Binding, i - 1).lifecycle == wanted.lifecycle)
      break;
  if (i == 0)
    {
      g_assert (bindings->len < MAX_BINDINGS);
      g_array_append_val (bindings, wanted);
      i = bindings->len;
    }
  G_UNLOCK (bindings);
  return i;
}

guint
incident_binding_change (guint       binding,
                         const char *playbook,
                         gsize       playbook_length,
                         const char *lifecycle,
                         gsize       lifecycle_length)
{
  Binding changed = get (binding);
  g_autofree char *new_playbook = playbook != NULL ? g_strndup (playbook, playbook_length) : NULL;
  g_autofree char *new_lifecycle = lifecycle != NULL ? g_strndup (lifecycle, lifecycle_length) : NULL;

  return incident_binding_get (new_playbook != NULL ? new_playbook : changed.playbook,
                               new_lifecycle != NULL ? new_lifecycle : changed.lifecycle);
}

const char *
incident_binding_get_playbook (guint binding)
{
  return get (binding).playbook;
}

const char *
incident_binding_get_lifecycle (guint binding)
{
  return get (binding).lifecycle;
}
