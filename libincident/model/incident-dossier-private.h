/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What guards judge by and few cases have: tasks, offers, links, alerts … A part of
 * the fold like the state it hangs from, so it needs nothing but the facts. Words
 * are not kept: they stand in the events. */

typedef enum
{
  INCIDENT_TASK_OPEN,
  INCIDENT_TASK_IN_PROGRESS,
  INCIDENT_TASK_DONE,
  INCIDENT_TASK_SKIPPED,
  INCIDENT_N_TASK_STATES
} IncidentTaskState;

typedef struct
{
  guint              seq;      /* of the event that added it */
  IncidentTaskState  state;
  gboolean           must_do;
  char              *person;   /* nullable, as those below */
  char              *role;
  char              *kind;     /* of a follow-up action, which may outlive the case */
  char              *after;    /* numbers of the tasks that come first: “1,2” */
  gint64             due;      /* INCIDENT_TIME_NONE: whenever */
} IncidentTaskEntry;

/* A role that was offered and neither taken nor declined. */
typedef struct
{
  char   *role;
  char   *person;
  char   *from;    /* who offers it */
  gint64  until;   /* INCIDENT_TIME_NONE: until it is answered */
} IncidentOffer;

typedef struct
{
  char *kind;
  char *to;        /* the id of a case */
} IncidentLinkEntry;

typedef struct
{
  char     *kind;
  guint     count;
  gint64    last;       /* when it was told last */
  gboolean  dismissed;
} IncidentReminded;

/* Of somebody who has acknowledged. */
typedef struct
{
  gint64    at;         /* when they acted on the case last */
  guint     seq;        /* of the event by which they acknowledged */
} IncidentWorked;

/* Somebody or something that a person wants to be paged, until the escalator has answered it. */
typedef struct
{
  guint     seq;        /* of the event that asks */
  char     *target;     /* “person ana”, or a name alone */
  gboolean  escalates;  /* the case; else it is asked for beside what goes on */
} IncidentAsked;

typedef struct
{
  char       *group;        /* GRefString; NULL: no alert opened the case */
  GHashTable *statuses;     /* key of an alert → GUINT_TO_POINTER (is firing); NULL before the first */
  guint       n_firing;
  gint64      quiet_since;  /* when the last alert that fired had ended; INCIDENT_TIME_NONE: one fires, or none ever did */
  GPtrArray  *tasks;        /* (element-type IncidentTaskEntry): task 1 first */
  GPtrArray  *offers;       /* (element-type IncidentOffer) */
  GPtrArray  *links;        /* (element-type IncidentLinkEntry) */
  GPtrArray  *reminded;     /* (element-type IncidentReminded) */
  GArray     *hypotheses;   /* GQuark: the state of each, hypothesis 1 first */
  GPtrArray  *acknowledged; /* who has, in this episode; as the lists below, of strings */
  GArray     *worked;       /* (element-type IncidentWorked): of each of those */
  GPtrArray  *asked;        /* (element-type IncidentAsked), in this episode */
  GPtrArray  *policies;     /* of escalation, that the routes of its alerts name; as below of strings */
  GPtrArray  *services;     /* that are hit besides the first */
  GPtrArray  *checklists;   /* that were applied */
  GPtrArray  *filed;        /* reporting clocks that were met in this episode */
  GPtrArray  *told;         /* audiences that were given an update */
  GPtrArray  *redacted;     /* numbers of the events whose words were removed */
  char       *opened_by;    /* the automation that opened it; NULL: a person did */
  char       *merged_into;  /* the id of the case that took it in */
  gboolean    taken_over;   /* a person has acted on what an automation opened */
  guint       n_decisions;
  gint64      updated_at;   /* of the last update that was given; INCIDENT_TIME_NONE: none */
  gint64      next_update;  /* as it was announced */
  gint64      snoozed_until; /* INCIDENT_TIME_NONE: it is not */
  guint       asked_at;     /* seq of the last event that asked for somebody to be paged; 0: none has */
  guint       moved;        /* seq of the event that asks for its runs to go on by the policies in force; 0: none does */
} IncidentDossier;

IncidentDossier   *incident_dossier_new        (void);
void               incident_dossier_free       (IncidentDossier       *self);
IncidentDossier   *incident_dossier_copy       (const IncidentDossier *self);

/* What one event says. *self is made when there is first something for it. */
void               incident_dossier_apply      (IncidentDossier      **self,
                                                const char            *facts,
                                                guint                  seq,
                                                const char            *actor,
                                                gint64                 occurred_at);
void               incident_dossier_begin_episode (IncidentDossier    *self);
/* Reminders of the last phase are over. */
void               incident_dossier_enter_phase (IncidentDossier      *self);
void               incident_dossier_note_work  (IncidentDossier       *self,
                                                const char            *person,
                                                gint64                 at);
/* NULL: they have not acknowledged. */
const IncidentWorked *incident_dossier_find_worked (const IncidentDossier *self,
                                                const char            *person);
/* seq of the event by which somebody has acknowledged last; 0: they have not. NULL: of the last one by anybody. */
guint              incident_dossier_get_acked  (const IncidentDossier *self,
                                                const char            *person);
void               incident_dossier_end_offer  (IncidentDossier       *self,
                                                const char            *role);

/* All of these take a dossier that is NULL. */
IncidentTaskEntry *incident_dossier_get_task   (const IncidentDossier *self,
                                                guint                  number);
guint              incident_dossier_count_tasks (const IncidentDossier *self);
guint              incident_dossier_count_must_do (const IncidentDossier *self);
IncidentOffer     *incident_dossier_get_offer  (const IncidentDossier *self,
                                                const char            *role);
gboolean           incident_dossier_has_link   (const IncidentDossier *self,
                                                const char            *kind,
                                                const char            *to);
IncidentReminded  *incident_dossier_get_reminded (const IncidentDossier *self,
                                                const char            *kind);
gboolean           incident_strings_contain    (const GPtrArray       *strings, /* nullable */
                                                const char            *string);

const char        *incident_task_state_to_string (IncidentTaskState    state);
gboolean           incident_task_is_to_do      (const IncidentTaskEntry *self);

G_END_DECLS
