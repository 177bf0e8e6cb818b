/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/incident-query-private.h"

#include <libincident/incident-time.h>

/**
 * IncidentQuery:
 *
 * Which cases to look for: all conditions must hold. The newest come first, a
 * page at a time.
 *
 * For the next page, set [method@Query.set_before] to the number of the last
 * case of this one.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (IncidentQuery, incident_query, incident_query_ref, incident_query_unref)

/**
 * incident_query_new:
 *
 * Makes a query that all cases match, a hundred a page.
 *
 * Returns: (transfer full): a new query
 *
 * Since: 0.1
 */
IncidentQuery *
incident_query_new (void)
{
  IncidentQuery *self = g_atomic_rc_box_new0 (IncidentQuery);

  self->since = INCIDENT_TIME_NONE;
  self->limit = 100;
  return self;
}

/**
 * incident_query_ref:
 * @self: a query
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
IncidentQuery *
incident_query_ref (IncidentQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
incident_query_clear (gpointer data)
{
  IncidentQuery *self = data;

  g_free (self->phase);
  g_free (self->service);
}

/**
 * incident_query_unref:
 * @self: (transfer full): a query
 *
 * Drops a reference.
 *
 * Since: 0.1
 */
void
incident_query_unref (IncidentQuery *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, incident_query_clear);
}

IncidentQuery *
incident_query_copy (IncidentQuery *self)
{
  IncidentQuery *copy = incident_query_new ();

  copy->open_only = self->open_only;
  copy->phase = g_strdup (self->phase);
  copy->service = g_strdup (self->service);
  copy->since = self->since;
  copy->before = self->before;
  copy->limit = self->limit;
  return copy;
}

gboolean
incident_query_matches (IncidentQuery       *self,
                        guint64              number,
                        const IncidentState *state,
                        gint64               opened_at)
{
  return (self->before == 0 || number < self->before)
         && (!self->open_only || state->open)
         && (self->phase == NULL || g_strcmp0 (self->phase, state->phase) == 0)
         && (self->service == NULL || g_strcmp0 (self->service, state->service) == 0)
         && (self->since == INCIDENT_TIME_NONE || opened_at >= self->since);
}

/**
 * incident_query_set_open_only:
 * @self: a query
 * @open_only: whether to pass over cases that have ended
 *
 * Asks for open cases.
 *
 * Since: 0.1
 */
void
incident_query_set_open_only (IncidentQuery *self,
                              gboolean       open_only)
{
  g_return_if_fail (self != NULL);

  self->open_only = open_only != FALSE;
}

/**
 * incident_query_set_phase:
 * @self: a query
 * @phase: (nullable): the name of a phase, or %NULL for any
 *
 * Asks for cases in a phase.
 *
 * Since: 0.1
 */
void
incident_query_set_phase (IncidentQuery *self,
                          const char    *phase)
{
  g_return_if_fail (self != NULL);

  g_free (self->phase);
  self->phase = g_strdup (phase);
}

/**
 * incident_query_set_service:
 * @self: a query
 * @service: (nullable): the name of a service, or %NULL for any
 *
 * Asks for cases that hit a service.
 *
 * Since: 0.1
 */
void
incident_query_set_service (IncidentQuery *self,
                            const char    *service)
{
  g_return_if_fail (self != NULL);

  g_free (self->service);
  self->service = g_strdup (service);
}

/**
 * incident_query_set_since:
 * @self: a query
 * @time: microseconds since the Unix epoch, UTC, or %INCIDENT_TIME_NONE for any
 *   time
 *
 * Asks for cases that were opened then or later.
 *
 * Since: 0.1
 */
void
incident_query_set_since (IncidentQuery *self,
                          gint64         time)
{
  g_return_if_fail (self != NULL);

  self->since = time;
}

/**
 * incident_query_set_before:
 * @self: a query
 * @number: the number of a case, or 0 to begin with the newest
 *
 * Asks for cases with smaller numbers: the page after the one that ended with
 * @number.
 *
 * Since: 0.1
 */
void
incident_query_set_before (IncidentQuery *self,
                           guint64        number)
{
  g_return_if_fail (self != NULL);

  self->before = number;
}

/**
 * incident_query_set_limit:
 * @self: a query
 * @limit: from 1 to %INCIDENT_QUERY_MAX_LIMIT
 *
 * Sets how many cases there are in a page.
 *
 * Since: 0.1
 */
void
incident_query_set_limit (IncidentQuery *self,
                          guint          limit)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (limit >= 1 && limit <= INCIDENT_QUERY_MAX_LIMIT);

  self->limit = limit;
}
