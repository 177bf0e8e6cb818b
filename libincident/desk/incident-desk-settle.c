/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "desk/incident-desk-alerts-private.h"

/* What time brings about by itself: alerts whose sender went away, mutes that are over, cases of which
 * nothing fires any more. */

/* The sentences of what the desk does by itself. */
#define DIAGNOSIS "Told by monitoring; nobody took the case over"
#define SOLUTION  "All alerts have ended by themselves"
#define EVIDENCE  "No alert of this case fires any more"

static gboolean
act (IncidentDesk  *self,
     guint64        number,
     const char    *verb,
     const char    *actor,
     const char    *text,
     GError       **error)
{
  g_autoptr(IncidentCommand) command = incident_command_new (verb, actor);
  g_autoptr(IncidentCase) kase = NULL;

  if (incident_command_set (command, "text", text, error))
    kase = incident_desk_act (self, number, command, error);
  return kase != NULL;
}

/* Does it stand where @verb leads to? */
static gboolean
has_come (IncidentDesk *self,
          IncidentCase *kase,
          const char   *verb)
{
  IncidentLifecycle *lifecycle = incident_desk_get_lifecycle (self);
  g_auto(GStrv) from = incident_lifecycle_list_from (lifecycle, verb);

  for (guint i = 0; from[i] != NULL; i++)
    if (g_strcmp0 (incident_case_get_phase (kase), incident_lifecycle_get_to (lifecycle, verb, from[i])) == 0)
      return TRUE;

  return FALSE;
}

/* By the guards and rights that hold for all: who opened the case ends it. */
static gboolean
end_case (IncidentDesk      *self,
          IncidentCase      *kase,
          IncidentWhenEnded  how,
          const char        *actor,
          GError           **error)
{
  guint64 number = incident_case_get_number (kase);
  g_autoptr(GError) local_error = NULL;

  /* Before the first diagnosis there is nothing to resolve; and it may be resolved since its alerts ended before. */
  if (!has_come (self, kase, "resolve") && !act (self, number, "resolve", actor, SOLUTION, &local_error)
      && (!act (self, number, "diagnose", actor, DIAGNOSIS, error) || !act (self, number, "resolve", actor, SOLUTION, error)))
    return FALSE;
  if (how == INCIDENT_WHEN_ENDED_RESOLVE)
    return TRUE;
  if (!act (self, number, "recover", actor, EVIDENCE, error))
    return FALSE;

  return how == INCIDENT_WHEN_ENDED_RECOVER || act (self, number, "close", actor, EVIDENCE, error);
}

static gboolean
end_if_quiet (IncidentDesk       *self,
              guint64             number,
              IncidentWhenEnded   how,
              GError            **error)
{
  g_autoptr(IncidentCase) kase = incident_desk_get_case (self, number, error);
  const IncidentDossier *dossier;
  g_autofree char *actor = NULL;

  if (kase == NULL)
    return FALSE;

  dossier = incident_case_get_state (kase)->dossier;
  /* A case that a person took over, or opened, is for that person to recover: its timeline says so. */
  if (!incident_case_get_state (kase)->live || dossier == NULL || dossier->n_firing > 0
      || dossier->taken_over || dossier->opened_by == NULL || dossier->statuses == NULL)
    return TRUE;

  actor = g_strdup (dossier->opened_by);
  return end_case (self, kase, how, actor, error);
}

typedef struct
{
  guint64           number;
  IncidentWhenEnded how;
} Due;

static GArray *
take_due (IncidentDeskAlerts *alerts,
          gint64              now)
{
  GArray *due = g_array_new (FALSE, FALSE, sizeof (Due));
  GHashTableIter iter;
  gpointer number, data;

  g_hash_table_iter_init (&iter, alerts->quiet);
  while (g_hash_table_iter_next (&iter, &number, &data))
    {
      const IncidentQuiet *quiet = data;
      Due one = { *(guint64 *) number, quiet->how };

      if (quiet->due > now)
        continue;
      g_array_append_val (due, one);
      g_hash_table_iter_remove (&iter);
    }

  return due;
}

/* One that cannot be ended does not keep the others from it: the first error is told. */
gboolean
incident_desk_end_quiet_cases (IncidentDesk  *self,
                               gint64         now,
                               GError       **error)
{
  IncidentDeskAlerts *alerts = incident_desk_get_alerts (self);
  g_autoptr(GArray) due = NULL;
  GError *first = NULL;

  if (alerts->intake == NULL || g_hash_table_size (alerts->quiet) == 0)
    return TRUE;

  due = take_due (alerts, now);
  for (guint i = 0; i < due->len; i++)
    {
      const Due *one = &g_array_index (due, Due, i);

      end_if_quiet (self, one->number, one->how, first == NULL ? &first : NULL);
    }
  if (first == NULL)
    return TRUE;

  g_propagate_error (error, first);
  return FALSE;
}

static gint64
get_next (IncidentDeskAlerts *alerts)
{
  gint64 next = alerts->intake->next;
  GHashTableIter iter;
  gpointer quiet;

  g_hash_table_iter_init (&iter, alerts->quiet);
  while (g_hash_table_iter_next (&iter, NULL, &quiet))
    next = MIN (next, ((IncidentQuiet *) quiet)->due);
  return next;
}

/* For the journal: which alerts time has changed. */
IncidentIntakeEntry *
incident_intake_entry_new_settled (IncidentIntake *intake,
                                   gint64          now)
{
  IncidentJsonWriter writer;
  g_autoptr(GBytes) body = NULL;
  char *json;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; intake != NULL && i < intake->dirty->len; i++)
    incident_json_writer_string (&writer, incident_alert_get_episode_key (((IncidentKnown *) g_ptr_array_index (intake->dirty, i))->alert));
  incident_json_writer_end_array (&writer);
  json = incident_json_writer_finish (&writer);
  body = g_bytes_new_take (json, strlen (json));
  return incident_intake_entry_new ("settled", now, INCIDENT_DESK_ACTOR, NULL, NULL, body);
}

gboolean
incident_desk_settle (IncidentDesk            *self,
                      IncidentDeskChangeFunc   change,
                      gpointer                 data,
                      GError                 **error)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self));
  g_autoptr(GError) local_error = NULL;

  for (guint attempt = 0; attempt < INCIDENT_DESK_MAX_ATTEMPTS; attempt++)
    {
      g_auto(IncidentBriefing) briefing = { NULL, };
      IncidentIntake *intake = incident_desk_load_alerts (self, error);

      if (intake == NULL)
        return FALSE;

      g_clear_error (&local_error);
      incident_briefing_init (&briefing, self, intake, INCIDENT_DESK_ACTOR, now);
      if (change != NULL && !change (&briefing, now, data, error))
        return FALSE;
      incident_intake_settle (intake, now, briefing.tellings);
      if (briefing.entry == NULL && intake->dirty->len > 0)
        briefing.entry = incident_intake_entry_new_settled (intake, now);
      if (incident_briefing_commit (&briefing, &local_error))
        return TRUE;
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        break;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * incident_desk_settle_alerts:
 * @self: a desk
 * @next: (out) (optional): return location for when there will be something to do
 *   again, in microseconds since the Unix epoch, UTC; %G_MAXINT64 if nothing is
 *   waited for
 * @error: return location for an error
 *
 * Does what is due for alerts by now.
 *
 * An alert whose sender said nothing more for the time that it has, has ended. One
 * that was held back, by a silence that is over, say, is told. A case all of whose
 * alerts have ended is ended as its route says (`when-ended`), unless a person
 * took it over. A program that runs on calls this when @next has come; otherwise
 * each message does it first. This call blocks.
 *
 * Returns: %TRUE if all is done; otherwise @error is set to what ails the store, or
 *   to why a case was not ended
 *
 * Since: 0.1
 */
gboolean
incident_desk_settle_alerts (IncidentDesk  *self,
                             gint64        *next,
                             GError       **error)
{
  IncidentDeskAlerts *alerts;
  gboolean done;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  done = incident_desk_settle (self, NULL, NULL, error)
         && incident_desk_end_quiet_cases (self, incident_clock_get_time (incident_desk_get_clock (self)), error);
  alerts = incident_desk_get_alerts (self);
  if (next != NULL)
    *next = alerts->intake != NULL ? get_next (alerts) : G_MAXINT64;
  return done;
}

static gboolean
resume (IncidentBriefing  *briefing,
        gint64             now,
        gpointer           data,
        GError           **error)
{
  incident_intake_resume (briefing->intake, now);
  return TRUE;
}

/**
 * incident_desk_resume_alerts:
 * @self: a desk
 * @error: return location for an error
 *
 * Tells the desk that monitoring can be heard from now on, and could not until now.
 *
 * Who begins to listen calls this once, so that no alert is given up because its
 * sender found no door: each that would be has its whole time once more. This call
 * blocks.
 *
 * Returns: %TRUE if it is done; otherwise @error is set to what ails the store
 *
 * Since: 0.1
 */
gboolean
incident_desk_resume_alerts (IncidentDesk  *self,
                             GError       **error)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return incident_desk_settle (self, resume, NULL, error);
}
