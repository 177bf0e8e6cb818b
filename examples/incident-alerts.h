/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-words.h"

G_BEGIN_DECLS

/* (element-type IncidentAlert) */
void        alerts_print         (GPtrArray           *alerts,
                                  gboolean             with_keys);
/* A JSON document each. */
GPtrArray  *alerts_to_json       (GPtrArray           *alerts);
/* How many have not ended. */
guint       alerts_count_firing  (GPtrArray           *alerts);

/* (element-type IncidentSilence), as they stand at @now. */
void        silences_print       (GPtrArray           *silences,
                                  gint64               now);
void        silences_print_as_json (GPtrArray         *silences);
void        silences_print_one   (IncidentSilence     *silence,
                                  gint64               now);

/* What “import” and “export” do to silences. */
gboolean    silences_import      (Words               *words,
                                  GError             **error);
gboolean    silences_export      (Words               *words,
                                  GError             **error);

G_END_DECLS
