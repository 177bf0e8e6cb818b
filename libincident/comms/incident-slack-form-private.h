/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The JSON of a small form that asks for words: blocks “text” and, where @asks_whom, “target”; each has one element.
 * @id comes back as callback_id, @note as private_metadata. */
char *incident_slack_view_words (const char *id,
                                 const char *title,
                                 const char *label,
                                 gboolean    asks_whom,
                                 const char *note);
/* The JSON that keeps a form open and says below a block what is wrong there. */
char *incident_slack_write_form_error (const char *block,
                                 const char *text);

G_END_DECLS
