/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why somebody is paged or not, in words: what the page says and what the record says is the same. */

/* “step “first” of policy “payments” came”. @reason is the name of a reason to page; @step and @policy are nullable. */
char *incident_page_write_cause  (const char *reason,
                                  const char *step,
                                  const char *policy);
/* “nobody is on call for payments”: of a reason not to. @target is nullable. */
char *incident_page_write_hurdle (const char *reason,
                                  const char *target);
/* What a target is after its kind: “payments” of “schedule payments”; NULL: it is of another kind. Lent. */
const char *incident_page_target_get_name (const char *target, /* nullable */
                                  const char *kind);

G_END_DECLS
