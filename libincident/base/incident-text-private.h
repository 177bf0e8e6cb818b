/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One escaper a format. All take valid UTF-8. */

/* For HTML text and quoted attributes; drops what XML 1.0 forbids. */
void     incident_text_append_html     (GString    *out,
                                        const char *text);
/* One line of CommonMark that shows @text as it is: white space collapsed. */
void     incident_text_append_markdown (GString    *out,
                                        const char *text);

/* In decimal digits. */
void     incident_text_append_number   (GString    *out,
                                        guint64     number);

/* The same words in one line: every run of white space and control characters
 * becomes a blank, none at the ends. */
char    *incident_text_to_line         (const char *text);

/* Ids are file format: [a-z0-9-], 1 to 64, no dash at an end. */
gboolean incident_text_is_id           (const char *text);
/* Nothing but white space is no text. */
gboolean incident_text_is_blank        (const char *text);

G_END_DECLS
