/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Under which playbook and which lifecycle a case is, as a small number. The number
 * holds within a process; 0 is what the library has built in. Any thread. */

/* How the facts of an event name it where there was another before. */
#define INCIDENT_BUILT_IN "built-in"

guint       incident_binding_get           (const char *playbook,   /* NULL: built in; as below */
                                            const char *lifecycle);
/* What is not said (NULL) stays. */
guint       incident_binding_change        (guint       binding,
                                            const char *playbook,
                                            gsize       playbook_length,
                                            const char *lifecycle,
                                            gsize       lifecycle_length);
const char *incident_binding_get_playbook  (guint       binding);
const char *incident_binding_get_lifecycle (guint       binding);

G_END_DECLS
