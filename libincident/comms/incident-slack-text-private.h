/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Plain text for Slack. Nothing that a user wrote becomes markup, a mention or a link. Lengths are in characters
 * of what is written, escapes included; what is longer is cut with “…”. */

/* Whether there is anything to see in it: what is not shown may not be sent. NULL: no. */
gboolean  incident_slack_text_is_shown    (const char *text);
/* As it is, for plain_text; only control characters are left out. */
char     *incident_slack_text_clean       (const char *text,
                                           gsize       n_characters);
/* As mrkdwn. */
void      incident_slack_text_append      (GString    *out,
                                           const char *text,
                                           gsize       n_characters);
char     *incident_slack_text_escape      (const char *text,
                                           gsize       n_characters);
/* In one line, for where there is no mrkdwn, such as topics: & < > alone are escaped. */
char     *incident_slack_text_escape_line (const char *text,
                                           gsize       n_characters);
/* “<url|label>”. FALSE, and nothing is added: it is no http(s) address, or it does not fit. */
gboolean  incident_slack_text_append_link (GString    *out,
                                           const char *url,
                                           const char *label,
                                           gsize       n_characters);

G_END_DECLS
