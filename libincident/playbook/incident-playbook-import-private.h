/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-writer-private.h"
#include "playbook/incident-playbook-alertmanager-private.h"

G_BEGIN_DECLS

/* A configuration of Alertmanager on its way to a playbook. */
typedef struct
{
  GPtrArray          *problems;
  GPtrArray          *notes;
  GHashTable         *ids;     /* name of an interval → what it is called in the playbook */
  GHashTable         *used;    /* those ids; until the interval is written */
  GHashTable         *rules;   /* names of inhibitions so far */
  IncidentJsonWriter  writer;
} IncidentImport;

/* Another type is a problem; but YAML leaves a member empty where JSON has null. */
gboolean incident_import_is_type         (IncidentImport   *self,
                                          IncidentNode     *node,
                                          IncidentJsonType  type);
/* Also of what YAML takes for a number or a truth. NULL: it is no text. */
char    *incident_import_dup_text        (IncidentImport   *self,
                                          IncidentNode     *node);
void     incident_import_write_texts     (IncidentImport   *self,
                                          const char       *name,
                                          IncidentNode     *list);
/* Finds ids for what @list (nullable) names. */
void     incident_import_name_intervals  (IncidentImport   *self,
                                          IncidentNode     *list);
void     incident_import_write_intervals (IncidentImport   *self,
                                          IncidentNode     *root);

G_END_DECLS
