/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-comms-rules-private.h"
#include "model/incident-intake-rules-private.h"
#include "model/incident-oncall-rules-private.h"
#include "playbook/incident-playbook-private.h"

G_BEGIN_DECLS

/* What the parts of the compiler share. */

typedef struct
{
  IncidentRules *rules;
  GPtrArray     *problems;
  GPtrArray     *warnings;  /* as problems, which they are not */
} IncidentCompiler;

/* A string of a member that lasts as long as the rules; NULL where there is none. */
const char *incident_compiler_keep          (IncidentCompiler   *self,
                                             IncidentNode       *node,
                                             const char         *member);
GPtrArray  *incident_compiler_keep_list     (IncidentCompiler   *self,
                                             IncidentNode       *node,
                                             const char         *member);
/* The members of a map, but for those that belong to who wrote them. */
gboolean    incident_compiler_next_entry    (IncidentNode       *map,
                                             guint              *position,
                                             IncidentNode      **entry);
int         incident_compiler_get_enum      (GType               type,
                                             const char         *nick);
/* None: any. */
IncidentBits incident_compiler_get_severities (IncidentNode     *list);
void        incident_compiler_check_phase   (IncidentCompiler   *self,
                                             IncidentNode       *node);
/* Fills @condition, whose lists are new. */
void        incident_compiler_read_condition (IncidentCompiler  *self,
                                             IncidentNode       *node,
                                             IncidentCondition  *condition);
/* An empty list would be taken for all, where nothing must grow by an oversight. */
void        incident_compiler_check_filled  (IncidentCompiler   *self,
                                             IncidentNode       *condition);
/* The same for a list; NULL is fine. */
void        incident_compiler_check_not_empty (IncidentCompiler *self,
                                             IncidentNode       *list);
/* @otherwise where there is no such member. */
gint64      incident_compiler_get_duration  (IncidentNode       *node,
                                             const char         *member,
                                             gint64              otherwise);
guint       incident_compiler_get_number    (IncidentNode       *node,
                                             const char         *member,
                                             guint               otherwise);
/* Where it is told; neither env nor file where there is no such member. */
IncidentSecret incident_compiler_read_secret (IncidentCompiler  *self,
                                             IncidentNode       *node,
                                             const char         *member);

/* What is said of communication, once people, teams, services and roles are there. */
void        incident_playbook_compile_comms (IncidentCompiler   *self,
                                             IncidentNode       *root);
/* Of those, the channels; and what may not be meant, once audiences and who is paged are there. */
void        incident_playbook_compile_channels (IncidentCompiler *self,
                                             IncidentNode       *section);
void        incident_playbook_check_channels (IncidentCompiler  *self,
                                             IncidentNode       *section);
/* An address with “/” at its end. */
const char *incident_compiler_keep_base     (IncidentCompiler   *self,
                                             IncidentNode       *node,
                                             const char         *member);
/* What is said of alerts, once people, teams, services … are there. */
void        incident_playbook_compile_intake (IncidentCompiler  *self,
                                             IncidentNode       *root);
/* @names (of strings) is filled with what routes are called. */
void        incident_playbook_compile_route (IncidentCompiler   *self,
                                             IncidentNode       *section,
                                             GHashTable         *names);
/* What is said of being on call, once intervals and channels are there. */
void        incident_playbook_compile_oncall (IncidentCompiler  *self,
                                             IncidentNode       *root);
/* Of those, in this order; then what may not be meant. */
void        incident_playbook_compile_schedules (IncidentCompiler *self,
                                             IncidentNode       *section);
void        incident_playbook_compile_policies (IncidentCompiler *self,
                                             IncidentNode       *section);
void        incident_playbook_check_oncall  (IncidentCompiler   *self,
                                             IncidentNode       *root);
/* Adds to @targets (element-type IncidentTarget). */
void        incident_compiler_read_targets  (IncidentCompiler   *self,
                                             IncidentNode       *list,
                                             GArray             *targets);
/* @condition has been initialised. */
void        incident_compiler_read_oncall_condition (IncidentCompiler *self,
                                             IncidentNode       *node,
                                             IncidentOncallCondition *condition);
/* NULL where @name (nullable) is; NULL, and told, where there are none of the name. */
const IncidentHolidays *incident_compiler_find_holidays (IncidentCompiler *self,
                                             IncidentNode       *name);
const IncidentPolicyRules *incident_compiler_find_policy (IncidentCompiler *self,
                                             IncidentNode       *name);
/* That of the element, or its number, if no element before has it. */
const char *incident_compiler_keep_name     (IncidentCompiler   *self,
                                             IncidentNode       *element,
                                             GHashTable         *names);
/* Adds to @matchers (element-type IncidentMatcher). */
void        incident_compiler_read_matchers (IncidentCompiler   *self,
                                             IncidentNode       *list,
                                             GPtrArray          *matchers);
/* NULL, and told, where there is none of the name. */
IncidentInterval *incident_compiler_find_interval (IncidentCompiler *self,
                                             IncidentNode       *name);
/* Tells of a second element of the name. */
void        incident_compiler_check_name    (IncidentCompiler   *self,
                                             IncidentNode       *element,
                                             GHashTable         *names);

G_END_DECLS
