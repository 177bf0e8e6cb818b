/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/incident-node-private.h"

G_BEGIN_DECLS

/* What a document may look like, as a table: documents are checked against it, and
 * its JSON Schema is written from it, so that the two cannot part. */

typedef struct _IncidentShape IncidentShape;

typedef enum
{
  INCIDENT_SHAPE_TEXT,      /* words, not blank */
  INCIDENT_SHAPE_ID,        /* a–z, 0–9 and dashes */
  INCIDENT_SHAPE_NAME,      /* one line: as people are named */
  INCIDENT_SHAPE_REFERENCE, /* a name that stands in another section */
  INCIDENT_SHAPE_WORD,      /* one of some */
  INCIDENT_SHAPE_BOOLEAN,
  INCIDENT_SHAPE_TRUE,      /* true, or not there */
  INCIDENT_SHAPE_NUMBER,    /* a whole one, from 1 to most */
  INCIDENT_SHAPE_DURATION,  /* “30s”, “5m”, “4h”, “2d” */
  INCIDENT_SHAPE_DATE,      /* “2026-12-24” */
  INCIDENT_SHAPE_TIME,      /* “22:00” */
  INCIDENT_SHAPE_ZONE,      /* “Europe/Madrid” */
  INCIDENT_SHAPE_MOMENT,    /* “2026-12-24T22:00:00+01:00” */
  INCIDENT_SHAPE_POINTER,   /* RFC 6901: “/alert/id” */
  INCIDENT_SHAPE_PATTERN,   /* what matches a regular expression */
  INCIDENT_SHAPE_URL,       /* http or https, with a host and without a user */
  INCIDENT_SHAPE_DECIMAL,   /* above 0, up to most */
  INCIDENT_SHAPE_ANY,       /* any JSON */
  INCIDENT_SHAPE_LIST,
  INCIDENT_SHAPE_MAP,       /* an object whose names are free, or some words */
  INCIDENT_SHAPE_OBJECT,
} IncidentShapeKind;

typedef struct
{
  const char          *name;      /* NULL ends the table */
  const IncidentShape *shape;
  gboolean             is_needed;
  const char          *about;
} IncidentShapeMember;

struct _IncidentShape
{
  IncidentShapeKind          kind;
  const IncidentShapeMember *members;  /* of an object */
  const IncidentShape       *element;  /* of a list or map */
  const char * const        *words;    /* of a word; of the names of a map, else they are ids */
  const char                *section;  /* of a reference: the member of the root that it names something in */
  const char                *section_too; /* and another such; or NULL */
  const char                *singular; /* what an entry of a map is called, such as “service” */
  guint                      most;     /* of a number; of the elements of a list, 0: as many as one likes */
  gboolean                   is_nullable;
  gboolean                   is_free;  /* of a map: its names are one line of any words */
  gboolean                   is_zero_allowed; /* of a duration: “0s” */
  gboolean                   is_choice; /* of an object: it has exactly one of its members */
  const char                *pattern;  /* of a pattern: what means the same to PCRE and to ECMA-262 */
  const char                *wanted;   /* of a pattern: what matches it, in words: “the name of a colour” */
  const IncidentShape       *otherwise; /* of a string: the object that may stand there in its place; or NULL */
  const char                *key;      /* of a list: the member that its elements are recognised by; or NULL */
  const char                *definition; /* what the schema calls it: for what contains itself; or NULL */
};

/* Members that begin with “x-” belong to who wrote them. */
gboolean incident_shape_is_foreign   (const char          *name);
/* References are looked up below @root; a section that is not there has every name. */
void     incident_shape_check        (const IncidentShape *self,
                                      IncidentNode        *node,
                                      IncidentNode        *root,
                                      GPtrArray           *problems);
/* JSON Schema, draft 2020-12. */
char    *incident_shape_dup_schema   (const IncidentShape *self,
                                      const char          *title);

gboolean incident_shape_is_duration  (const char          *text);
gboolean incident_shape_is_pointer   (const char          *text);
gboolean incident_shape_is_url       (const char          *text);
/* Of texts that were checked. Microseconds, and minutes since midnight. */
gint64   incident_duration_from_text (const char          *text);
guint    incident_wall_time_from_text (const char         *text);
/* FALSE: it is no date. */
gboolean incident_date_from_text     (const char          *text,
                                      GDate               *date);

G_END_DECLS
