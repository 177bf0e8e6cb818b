/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-routing.h>

G_BEGIN_DECLS

struct _IncidentRouting
{
  GPtrArray        *routes;        /* (element-type char): by name, or by their place in the playbook */
  char             *group;         /* the key of the group, 64 hex digits */
  GHashTable       *group_labels;  /* char → char, owned: the labels that make it */
  char             *service;       /* nullable, as those below */
  char             *team;
  char             *category;
  char             *policy;
  IncidentSeverity  severity;
  guint64           case_number;   /* 0: none is open */
  GPtrArray        *mutes;         /* (element-type char): a sentence each */
};

/* Empty; what it says is filled in before it is handed out. */
IncidentRouting *incident_routing_new (void);

G_END_DECLS
