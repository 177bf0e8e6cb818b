/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "intake/incident-alert-private.h"
#include "model/incident-intake-rules-private.h"

G_BEGIN_DECLS

/* What is known of one thing that is wrong: what is so, and what was told of it. The two
 * are brought together again as soon as nothing holds the telling back. */

/* What is told to one case, which whoever tells it may note here meanwhile. */
typedef struct _IncidentBriefingPart IncidentBriefingPart;

/* A group as the sender of its alerts makes it. */
typedef struct
{
  GString *text;    /* each name and value, closed by a byte that UTF-8 never has */
  GArray  *labels;  /* IncidentLabel, owned */
} IncidentGrouping;

/* Why nobody was told that it fires. */
typedef enum
{
  INCIDENT_HOLD_NONE,
  INCIDENT_HOLD_SENDER,
  INCIDENT_HOLD_SILENCE,
  INCIDENT_HOLD_MAINTENANCE,
  INCIDENT_HOLD_INHIBITION,
  INCIDENT_HOLD_INTERVAL,
  INCIDENT_HOLD_FLAPPING,
  INCIDENT_HOLD_THRESHOLD,
  INCIDENT_HOLD_WAIT,
} IncidentHold;

typedef struct _IncidentKnown IncidentKnown;

/* A set that mostly has one element. It knows them by their keys: what is said of one may have changed. */
typedef struct
{
  IncidentKnown *one;     /* NULL: it is empty */
  GHashTable    *others;  /* (element-type IncidentKnown); NULL: there are none */
} IncidentKnownSet;

/* How often it has begun and ended of late. */
typedef struct
{
  GArray *fires;       /* gint64: when it began to fire, within the window of the threshold */
  gint64  penalty_at;
  double  penalty;     /* as it was then */
} IncidentUnrest;

struct _IncidentKnown
{
  IncidentAlert           *alert;       /* as it was said last */
  const IncidentRouteRule *route;       /* of the rules in force */
  IncidentKnownSet        *waits_in;    /* of those that an inhibition's source mutes; lent; NULL: none does */
  IncidentUnrest          *unrest;      /* NULL: its route does not ask */
  const IncidentGrouping  *grouping;    /* as its sender groups; lent; NULL: it does not */
  char                    *told_key;    /* the episode that was told, where another one fires by now; nullable */

  IncidentBriefingPart    *part;        /* it is told with; lent; NULL: it is not being told */
  guint64                  id;          /* of its row */
  guint64                  entry;       /* of the journal, that said so last; 0: the one that is to be committed */
  guint64                  case_number; /* it was told to; 0: none */
  gint64                   heard_at;    /* when this episode was heard of first */
  gint64                   changed_at;  /* by the clock of the source, the last change that was applied; or NONE */
  gint64                   seen_at;     /* when it was said last */
  gint64                   saved_end;   /* what follows, as the store knows it */
  gint64                   ends_at;     /* of one that is active: when it is given up; G_MAXINT64: never. Else when it ended */
  gint64                   due;         /* when it is to be judged again */

  guint                    status : 3;  /* IncidentAlertStatus, as the source says */
  guint                    hold : 4;    /* IncidentHold, when it was judged last */
  guint                    active : 1;  /* it is so */
  guint                    told : 1;    /* it was told, and its end was not */
  guint                    flapping : 1;
  guint                    timed_out : 1; /* nobody said that it ended */
  guint                    erased : 1;  /* the words that told of this episode were removed: all that is left are its keys */
  guint                    dirty : 1;   /* the store knows it otherwise */
  guint                    saved_active : 1; /* the store knows it as one that is active */
  /* Until the message in hand is done with: */
  guint                    listed : 1;  /* it is to be looked at */
  guint                    worse : 1;   /* than what was told */
  guint                    acked : 1;
  guint                    revived : 1; /* the same occurrence fires again, which was given up */
  guint                    begins_to_flap : 1;
};

IncidentKnown *incident_known_new       (IncidentAlert       *alert);
/* What it owns. */
void           incident_known_clear     (IncidentKnown       *self);
void           incident_known_free      (IncidentKnown       *self);

/* Of the source and the key. */
guint          incident_known_hash      (gconstpointer        self);
gboolean       incident_known_equal     (gconstpointer        a,
                                         gconstpointer        b);
guint          incident_alert_hash_key  (const IncidentAlert *alert);

/* It is not over, or something of it is still to be told. */
static inline gboolean
incident_known_is_active (const IncidentKnown *self)
{
  return self->active || self->told || self->flapping;
}

IncidentUnrest *incident_unrest_new     (void);
void           incident_unrest_free     (IncidentUnrest      *self);
/* It began or ended once more: that may make it flap. */
void           incident_known_penalize  (IncidentKnown       *self,
                                         gint64               now);
/* When its penalty is down to where it does not flap any more. */
gint64         incident_known_get_flap_end (const IncidentKnown *self);
/* It began to fire once more, for the threshold. */
void           incident_known_count_fire (IncidentKnown      *self,
                                         gint64               now);

/* All but the alert, which lies in the body of its entry, and what columns hold. */
GBytes        *incident_known_pack      (const IncidentKnown *self);
/* What was packed and is needed to read the alert again. */
typedef struct
{
  guint32     raw_start;
  guint32     raw_length;
  const char *key;
  const char *episode;
  gboolean    has_episode;
  gint64      starts_at;
  const char *grouping;   /* its text; NULL: none */
} IncidentKnownPlace;
/* FALSE: it is not what was packed. @place is lent. */
gboolean       incident_known_unpack    (IncidentKnown       *self,
                                         GBytes              *bytes,
                                         IncidentKnownPlace  *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentKnown, incident_known_free)

G_END_DECLS
