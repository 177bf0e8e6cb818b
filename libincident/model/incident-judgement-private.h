/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/incident-rules-private.h"
#include "model/incident-timeline-private.h"

G_BEGIN_DECLS

/* The rules that are in force, and the older lifecycles that cases go on under. */
typedef struct
{
  IncidentRules *rules;
  guint          binding;     /* what a case is under that has just been opened */
  GHashTable    *lifecycles;  /* id → IncidentLifecycle */
} IncidentRulebook;

void                      incident_rulebook_init     (IncidentRulebook       *self,
                                                      IncidentRules          *rules);
void                      incident_rulebook_clear    (IncidentRulebook       *self);
/* What a case is under now; NULL: it is not known here (load it from the store). */
IncidentLifecycle        *incident_rulebook_get_lifecycle (const IncidentRulebook *self,
                                                      const IncidentState    *state);

/* Where a case goes on that comes from an older lifecycle: its state then, to be freed by
 * incident_state_clear() and g_free(), and NULL if it stays where it is. */
IncidentState            *incident_rulebook_move_state (const IncidentRulebook *self,
                                                      const IncidentState    *state);

/* All that speaks against a command: the lifecycle, its guards, and the rules. The
 * same for who asks what may happen next, where @command is NULL. */
typedef struct
{
  const IncidentRulebook *rulebook;
  IncidentLifecycle      *lifecycle;
  guint64                 number;
  const IncidentState    *state;     /* NULL before the case is opened */
  const char             *actor;
  IncidentCommand        *command;   /* nullable */
  gint64                  now;
  IncidentTimeline       *past;      /* what was recorded; NULL: nobody has to look back */
} IncidentJudgement;

const IncidentTransition *incident_judgement_judge   (const IncidentJudgement *self,
                                                      const char              *verb,
                                                      IncidentRefusals        *refusals);
/* What looks at the case, of a command that was judged on one of the same kind. */
void                      incident_judgement_judge_again (const IncidentJudgement  *self,
                                                      const IncidentTransition *transition,
                                                      guint                     guards,
                                                      IncidentRefusals         *refusals);
/* Does the playbook know the names in the command? INCIDENT_ERROR_NOT_FOUND */
gboolean                  incident_judgement_check_names (const IncidentJudgement *self,
                                                      GError                 **error);
/* Has the verb rules of the record? A step of a lifecycle that gives a role to a person
 * has those of “assign”. */
gboolean                  incident_record_verb_has_rules (const IncidentTransition *transition);
/* Of such a verb: */
void                      incident_record_verb_judge (const IncidentJudgement  *self,
                                                      const IncidentTransition *transition,
                                                      gboolean                  by_name,
                                                      IncidentRefusals         *refusals);
/* Does what a verb of the record says hold already? */
gboolean                  incident_record_verb_is_so (const IncidentJudgement  *self,
                                                      const IncidentTransition *transition);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentRulebook, incident_rulebook_clear)

G_END_DECLS
