/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/incident-error-private.h"

#include "base/incident-enum-private.h"

typedef struct
{
  char  *where;
  char **codes;
  char **problems;
} IncidentErrorPrivate;

/* GLib lays it in front of the error, aligned like any structure: see
 * G_DEFINE_EXTENDED_ERROR(), which would name the domain after the type. */
static IncidentErrorPrivate *
get_private (const GError *error)
{
  const gsize alignment = 2 * sizeof (gsize);
  const gsize size = (sizeof (IncidentErrorPrivate) + alignment - 1) & -alignment;

  return (IncidentErrorPrivate *) (gpointer) ((char *) error - size);
}

static void
init_private (GError *error)
{
}

static void
copy_private (const GError *source,
              GError       *copy)
{
  get_private (copy)->where = g_strdup (get_private (source)->where);
  get_private (copy)->codes = g_strdupv (get_private (source)->codes);
  get_private (copy)->problems = g_strdupv (get_private (source)->problems);
}

static void
clear_private (GError *error)
{
  g_free (get_private (error)->where);
  g_strfreev (get_private (error)->codes);
  g_strfreev (get_private (error)->problems);
}

/**
 * incident_error_quark:
 *
 * The domain of [error@Error].
 *
 * Returns: the error domain
 *
 * Since: 0.1
 */
GQuark
incident_error_quark (void)
{
  static gsize quark = 0;

  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark, g_error_domain_register_static ("incident-error-quark", sizeof (IncidentErrorPrivate),
                                                               init_private, copy_private, clear_private));
  return (GQuark) quark;
}

G_DEFINE_ENUM_TYPE (IncidentError, incident_error,
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_INVALID, "invalid"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_REFUSED, "refused"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_NOT_FOUND, "not-found"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_CONFLICT, "conflict"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_BUSY, "busy"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_NO_SPACE, "no-space"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_READ_ONLY, "read-only"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_NOT_A_STORE, "not-a-store"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_TOO_NEW, "too-new"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_CORRUPT, "corrupt"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_COMMIT_UNKNOWN, "commit-unknown"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_FORKED, "forked"),
  G_DEFINE_ENUM_VALUE (INCIDENT_ERROR_FAILED, "failed"))

void
incident_set_error_at (GError        **error,
                       IncidentError   code,
                       const char     *where,
                       const char     *format,
                       ...)
{
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  *error = g_error_new_valist (INCIDENT_ERROR, (int) code, format, args);
  va_end (args);
  get_private (*error)->where = g_strdup (where);
}

void
incident_set_error_problems (GError     **error,
                             const char  *where,
                             char       **problems)
{
  g_autofree char *message = g_strjoinv ("\n", problems);

  if (error == NULL)
    return;

  incident_set_error_at (error, INCIDENT_ERROR_INVALID, where, "%s", message);
  get_private (*error)->problems = g_strdupv (problems);
}

void
incident_set_error_refused (GError     **error,
                            char       **codes,
                            const char  *message)
{
  if (error == NULL)
    return;

  *error = g_error_new_literal (INCIDENT_ERROR, INCIDENT_ERROR_REFUSED, message);
  get_private (*error)->codes = g_strdupv (codes);
}

/**
 * incident_error_to_string:
 * @error: an error code
 *
 * Names an error code as the command line writes it, such as `refused`.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if @error is no
 *   member of the enumeration
 *
 * Since: 0.1
 */
const char *
incident_error_to_string (IncidentError error)
{
  return incident_enum_get_nick (INCIDENT_TYPE_ERROR, (int) error);
}

/**
 * incident_error_get_where:
 * @error: an error
 *
 * Tells which part of the input an error speaks of.
 *
 * The message names the place too; this is for programs. A language binding
 * that copies errors into exceptions of its own loses it.
 *
 * Returns: (transfer none) (nullable): a JSON pointer (RFC 6901) or the name of
 *   a field, or %NULL if the error has no place
 *
 * Since: 0.1
 */
const char *
incident_error_get_where (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != INCIDENT_ERROR)
    return NULL;

  return get_private (error)->where;
}

/**
 * incident_error_get_codes:
 * @error: an error
 *
 * Names, for programs, each guard that refused a command: `wrong-phase`,
 * `missing-text`, `not-permitted` …
 *
 * The message names them too. A language binding that copies errors into
 * exceptions of its own loses them.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the codes, or
 *   %NULL if the error is no %INCIDENT_ERROR_REFUSED
 *
 * Since: 0.1
 */
const char * const *
incident_error_get_codes (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != INCIDENT_ERROR)
    return NULL;

  return (const char * const *) get_private (error)->codes;
}

/**
 * incident_error_list_problems:
 * @error: an error
 *
 * Lists all that is wrong with a document that people write, such as a playbook:
 * for each problem a line that names the place and what would be right.
 *
 * The message has the same lines. A language binding that copies errors into
 * exceptions of its own has only the message.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the problems, in
 *   the order in which they were found, or %NULL if the error is about something
 *   else
 *
 * Since: 0.1
 */
const char * const *
incident_error_list_problems (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != INCIDENT_ERROR)
    return NULL;

  return (const char * const *) get_private (error)->problems;
}
