/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-alert.h>

#include "base/incident-json-writer-private.h"
#include "model/incident-labels-private.h"

G_BEGIN_DECLS

/* What a body says of one alert, before it is an IncidentAlert. All strings are lent:
 * they live as long as the message that is read. */
typedef struct
{
  const char          *key;        /* the thing that is wrong, within its source: what is no line, or longer than
                                    * INCIDENT_MAX_ALERT_KEY bytes, is hashed */
  const char          *episode;    /* one occurrence of it: its start in UTC with every digit, or an id; NULL: not
                                    * told */
  gint64               starts_at;  /* by the source's clock; INCIDENT_TIME_NONE: not told */
  gint64               ends_at;    /* likewise */
  gint64               told_at;    /* when the source said so, where it tells; else INCIDENT_TIME_NONE */
  gboolean             gives_up;   /* the end is only when it ends if nothing more is said */
  IncidentAlertStatus  status;
  const char          *severity;   /* in the sender's word; nullable, as those below */
  const char          *name;       /* never NULL */
  const char          *summary;
  const char          *link;
  GArray              *labels;     /* IncidentLabel, in any order, each name once */
  GArray              *annotations; /* likewise */
  gsize                raw_start;  /* its slice of the body */
  gsize                raw_length;
} IncidentAlertDraft;

#define INCIDENT_MAX_ALERT_KEY 200

struct _IncidentAlert
{
  const char     *source;       /* interned */
  const char     *key;
  const char     *episode_key;  /* source, key and one occurrence of it … */
  const char     *episode;      /* … which is the end of the one above */
  const char     *severity;     /* nullable */
  const char     *name;
  const char     *summary;      /* nullable */
  const char     *link;         /* nullable */
  const char     *why;          /* nullable */
  IncidentLabels  labels;
  IncidentLabels  annotations;
  gint64          starts_at;
  gint64          ends_at;
  gint64          told_at;
  guint64         case_number;  /* 0: none */
  guint32         raw_start;
  guint32         raw_length;
  guint           status : 3;   /* IncidentAlertStatus */
  guint           has_episode : 1; /* the sender tells the occurrence; else it is when it was received */
  guint           gives_up : 1;
  /* What these point to lies behind, in the same block. */
};

/* Gives the draft its lists; incident_alert_draft_clear() empties it for the next one. */
void           incident_alert_draft_init    (IncidentAlertDraft       *self);
void           incident_alert_draft_reset   (IncidentAlertDraft       *self);
void           incident_alert_draft_clear   (IncidentAlertDraft       *self);
void           incident_alert_draft_add_label (IncidentAlertDraft     *self,
                                             const char               *name,
                                             const char               *value);
void           incident_alert_draft_add_annotation (IncidentAlertDraft *self,
                                             const char               *name,
                                             const char               *value);

/* IncidentLabel, by name. */
void           incident_alert_sort_labels   (GArray                   *labels);
/* One block of memory. Sorts the labels of the draft by name. @source is interned. */
IncidentAlert *incident_alert_new           (IncidentAlertDraft       *draft,
                                             const char               *source,
                                             gint64                    received_at);
/* The same as it stands now. */
IncidentAlert *incident_alert_new_as        (IncidentAlert            *self,
                                             IncidentAlertStatus       status,
                                             gint64                    ends_at,
                                             guint64                   case_number,
                                             const char               *why);
/* What @self says, of the occurrence that is known already as @known. */
IncidentAlert *incident_alert_new_of_episode (IncidentAlert           *self,
                                             const IncidentAlert      *known);
/* The members of a payload: what was told. */
void           incident_alert_write         (IncidentAlert            *self,
                                             IncidentJsonWriter       *writer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentAlertDraft, incident_alert_draft_clear)

G_END_DECLS
