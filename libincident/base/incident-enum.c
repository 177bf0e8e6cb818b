/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-enum-private.h"

#include "base/incident-error-private.h"

const char *
incident_enum_get_nick (GType type,
                        int   value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);
  const GEnumValue *found = g_enum_get_value (klass, value);

  return found != NULL ? found->value_nick : NULL;
}

gboolean
incident_enum_from_nick (GType        type,
                         const char  *what,
                         const char  *nick,
                         int         *value,
                         GError     **error)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);
  const GEnumValue *found = g_enum_get_value_by_nick (klass, nick);
  g_autoptr(GString) known = NULL;

  if (found != NULL)
    {
      *value = found->value;
      return TRUE;
    }

  known = g_string_new (NULL);
  for (guint i = 0; i < klass->n_values; i++)
    {
      const char *separator = known->len == 0 ? "" : i + 1 < klass->n_values ? ", " : " or ";

      /* It can be read, but is nothing that anyone would mean to write. */
      if (!g_str_equal (klass->values[i].value_nick, "unknown"))
        g_string_append_printf (known, "%s“%s”", separator, klass->values[i].value_nick);
    }
  incident_set_error_at (error, INCIDENT_ERROR_INVALID, what,
                         "“%s” is not a %s: it must be %s", nick, what, known->str);
  return FALSE;
}
