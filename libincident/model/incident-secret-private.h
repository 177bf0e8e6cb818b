/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a secret is found; the playbook never holds it. */
typedef struct
{
  const char *env;   /* a variable of the environment; or NULL */
  const char *file;  /* or a file, whose trailing line break does not count */
} IncidentSecret;

/* A secret that was read: as long as it is needed, in memory that no core dump holds. */
typedef char IncidentSecretText;

gboolean  incident_secret_is_told (const IncidentSecret  *self);
/* Reads it anew each time, so that it may change. NULL with an error that names the place,
 * never what is there: INCIDENT_ERROR_NOT_FOUND where there is none or an empty one,
 * INCIDENT_ERROR_INVALID, or one of G_FILE_ERROR. Free by incident_secret_free(). */
char     *incident_secret_read    (const IncidentSecret  *self,
                                   GError               **error);
/* Wipes it first. NULL is fine. */
void      incident_secret_free    (char                  *secret);
/* Takes as long whatever the two are. */
gboolean  incident_secret_equal   (const char            *a,
                                   const char            *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentSecretText, incident_secret_free)

G_END_DECLS
