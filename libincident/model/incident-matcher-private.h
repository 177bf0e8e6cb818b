/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident-matcher.h>

#include "model/incident-pattern-private.h"

G_BEGIN_DECLS

typedef enum
{
  INCIDENT_MATCH_EQUAL,      /* “=” */
  INCIDENT_MATCH_NOT_EQUAL,  /* “!=” */
  INCIDENT_MATCH_REGEX,      /* “=~” */
  INCIDENT_MATCH_NOT_REGEX,  /* “!~” */
} IncidentMatch;

/* Who asks many matchers compares “=” himself: the value and its NUL are to be the same
 * value_length + 1 bytes. */
struct _IncidentMatcher
{
  IncidentMatch    match;
  char            *name;
  char            *value;
  gsize            value_length;
  IncidentPattern *pattern; /* of “=~” and “!~” */
};

const char      *incident_match_to_string       (IncidentMatch          match);
/* NULL with @problem (transfer full): what is wrong with the name or the value. */
IncidentMatcher *incident_matcher_make          (const char            *name,
                                                 IncidentMatch          match,
                                                 const char            *value,
                                                 char                 **problem);
/* What a regular expression that runs away says of @value is in @problem (nullable,
 * transfer full); then it does not match, whatever its operator. */
gboolean         incident_matcher_holds         (const IncidentMatcher *self,
                                                 const char            *value,
                                                 char                 **problem);
gboolean         incident_matcher_is_same       (const IncidentMatcher *a,
                                                 const IncidentMatcher *b);
void             incident_matcher_append        (const IncidentMatcher *self,
                                                 GString               *out);

G_END_DECLS
