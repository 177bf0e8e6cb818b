/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk/incident-firing-private.h"
#include "desk/incident-watch-private.h"

G_BEGIN_DECLS

/* The work of an escalator: takes what is due, and fires it in batches. */

/* Is told what was recorded. */
typedef void (*IncidentToldFunc) (guint64     number,
                                  const char *word,
                                  gpointer    data);

typedef struct
{
  IncidentDesk     *desk;      /* lent */
  IncidentWatch     watch;
  IncidentRoster   *roster;    /* as it is in this run; NULL between runs */
  gboolean          lacks_journal; /* it is the playbook alone, and that was told */
  IncidentPlanning  planning;
  IncidentClaim     claim;     /* token 0: we do not hold it; holder NULL: we have no name yet */
  GHashTable       *tries;     /* number of a case → how often it failed, one time after another */
  GHashTable       *set_aside; /* number of a case → its version, as a pointer */
  guint             n_fired;   /* in this run, like the one below */
  gboolean          is_contended; /* others keep writing to a case that is due */
  IncidentToldFunc  fired;     /* nullable, as the one below: of each event its kind */
  IncidentToldFunc  exhausted; /* the name of the policy */
  gpointer          data;      /* of the two */
} IncidentEscalation;

void  incident_escalation_init   (IncidentEscalation  *self,
                                  IncidentDesk        *desk);
void  incident_escalation_clear  (IncidentEscalation  *self);
guint incident_escalation_run    (IncidentEscalation  *self,
                                  gint64              *next,
                                  GError             **error);
/* Another may claim the work at once. */
void  incident_escalation_let_go (IncidentEscalation  *self);

G_END_DECLS
