/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-json-place-private.h"
#include "base/incident-json-reader-private.h"
#include "base/incident-json-scanner-private.h"

G_BEGIN_DECLS

/* The inside of the reader: the grammar between the tokens, and the stack. */

/* A container entered and not left. */
typedef struct
{
  const char *start;
  gsize       first_name;  /* of an object: where its names begin */
  guint       count;       /* members or elements begun; the last one is current */
  gboolean    is_object;
} IncidentJsonFrame;

typedef enum
{
  INCIDENT_JSON_HEALTHY,
  INCIDENT_JSON_MISREAD,  /* of type or meaning, or a string that is no text: the rest can still be read */
  INCIDENT_JSON_BROKEN,   /* grammar, encoding, limits */
} IncidentJsonHealth;

struct _IncidentJsonReader
{
  const char         *bytes;
  const char         *end;
  const char         *at;
  const char         *value;      /* the value read last, or about to be read */
  gboolean            expecting;  /* a value must be read now */
  guint               n_values;
  IncidentJsonHealth  health;
  gboolean            recovering; /* what is no text is passed over */
  GError             *error;
  IncidentJsonPlace   place;      /* of the fault before */
  char               *source;
  IncidentJsonLimits  limits;

  /* The names of all objects that are open, the outermost first. */
  IncidentJsonName   *names;
  gsize               n_names;
  gsize               names_size;

  /* What is lent lies in blocks; the newest one has room at the end. */
  GSList             *blocks;
  char               *room;
  gsize               room_size;

  guint               depth;
  IncidentJsonFrame   frames[INCIDENT_JSON_MAX_DEPTH];
};

/* The pointer of the current value of the outermost @depth containers. */
char             *incident_json_walk_pointer     (IncidentJsonReader  *self,
                                                  guint                depth);

/* All return FALSE. The first failure stays. */
gboolean          incident_json_walk_fail        (IncidentJsonReader  *self,
                                                  IncidentJsonHealth   health,
                                                  guint                depth,
                                                  const char          *at,
                                                  const char          *text);
gboolean          incident_json_walk_fail_type   (IncidentJsonReader  *self,
                                                  IncidentJsonType     wanted);
gboolean          incident_json_walk_fail_order  (IncidentJsonReader  *self,
                                                  const char          *function);

/* What begins at the value to be read. NONE has failed. */
IncidentJsonType  incident_json_walk_classify    (IncidentJsonReader  *self);

/* Scan the token at hand and say where it ends (a string: its closing quote),
 * or fail and return NULL. */
const char       *incident_json_walk_string      (IncidentJsonReader  *self,
                                                  gsize               *decoded);
const char       *incident_json_walk_number      (IncidentJsonReader  *self,
                                                  IncidentJsonNumber  *number);
const char       *incident_json_walk_literal     (IncidentJsonReader  *self);

/* A copy that lives as long as the reader, of what was scanned without fault. */
const char       *incident_json_walk_lend        (IncidentJsonReader  *self,
                                                  const char          *at,
                                                  const char          *end,
                                                  gsize                decoded);

/* The value at hand ends at @at. */
gboolean          incident_json_walk_move        (IncidentJsonReader  *self,
                                                  const char          *at);
gboolean          incident_json_walk_enter       (IncidentJsonReader  *self,
                                                  gboolean             is_object);
/* To the next member or element; FALSE behind the container, or if it failed. */
gboolean          incident_json_walk_advance     (IncidentJsonReader  *self,
                                                  gboolean             lend);
gboolean          incident_json_walk_skip        (IncidentJsonReader  *self);

G_END_DECLS
