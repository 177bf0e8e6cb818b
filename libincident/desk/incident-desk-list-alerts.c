/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-alerts-private.h"
#include "intake/incident-routing-private.h"

/* What is known of alerts, and where alerts would go: nothing here changes anything. */

static char *
explain (IncidentIntake      *intake,
         const IncidentKnown *known,
         gint64               now)
{
  if (known->flapping && known->told)
    return g_strdup ("it flaps: what changes is told when it has come to rest");
  if (known->timed_out && !known->active)
    return g_strdup ("its sender said nothing more of it");
  if (!known->active || known->told)
    return NULL;

  return incident_intake_explain_hold (intake, known, now);
}

static IncidentAlertStatus
get_status (const IncidentKnown *known)
{
  if (!known->active)
    return INCIDENT_ALERT_STATUS_RESOLVED;
  if (!known->told)
    return INCIDENT_ALERT_STATUS_SUPPRESSED;

  return known->status == INCIDENT_ALERT_STATUS_SUPPRESSED ? INCIDENT_ALERT_STATUS_FIRING : (IncidentAlertStatus) known->status;
}

/* As it stands now. */
static IncidentAlert *
show (IncidentIntake *intake,
      IncidentKnown  *known,
      gint64          now)
{
  IncidentKnown *current = incident_intake_find (intake, known->alert->source, known->alert->key);
  g_autofree char *why = NULL;

  /* The memory has what was said since it was written down. */
  if (current != NULL && current->id == known->id)
    known = current;
  why = known->route != NULL ? explain (intake, known, now) : NULL;
  return incident_alert_new_as (known->alert, get_status (known),
                                known->ends_at == G_MAXINT64 ? INCIDENT_TIME_NONE : known->ends_at, known->case_number, why);
}

typedef gboolean (*PickFunc) (const IncidentKnown *known,
                              gpointer             data);

static GPtrArray *
list (IncidentDesk  *self,
      gint64         since,
      PickFunc       pick,
      gpointer       data,
      GError       **error)
{
  gint64 now = incident_clock_get_time (incident_desk_get_clock (self));
  g_autoptr(GPtrArray) history = incident_desk_load_history (self, since != INCIDENT_TIME_NONE ? since : now, error);
  g_autoptr(GPtrArray) alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_alert_unref);

  if (history == NULL)
    return NULL;

  for (guint i = 0; i < history->len; i++)
    {
      IncidentKnown *known = g_ptr_array_index (history, i);

      if ((known->active || since != INCIDENT_TIME_NONE) && pick (known, data))
        g_ptr_array_add (alerts, show (incident_desk_get_alerts (self)->intake, known, now));
    }

  return g_steal_pointer (&alerts);
}

static gboolean
pick_by_matchers (const IncidentKnown *known,
                  gpointer             matchers)
{
  return incident_matchers_match (matchers, known->alert->labels, known->alert->annotations, NULL);
}

/**
 * incident_desk_list_alerts:
 * @self: a desk
 * @matchers: (nullable): which alerts, as [func@Matcher.parse] reads it, such as
 *   `{team="storage"}`; or %NULL for all
 * @since: an alert that does not fire any more is listed if something was said of
 *   it since then, in microseconds since the Unix epoch, UTC; %INCIDENT_TIME_NONE
 *   for those only that fire
 * @error: return location for an error
 *
 * Lists alerts as they stand now, each with its case and, where nobody was told of
 * it, the reason. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentAlert): the alerts, those
 *   that were heard of first before the others; or %NULL with @error set:
 *   %INCIDENT_ERROR_INVALID for bad @matchers, or what ails the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_list_alerts (IncidentDesk  *self,
                           const char    *matchers,
                           gint64         since,
                           GError       **error)
{
  g_autoptr(GPtrArray) parsed = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (matchers != NULL)
    {
      parsed = incident_matcher_parse (matchers, NULL, error);
      if (parsed == NULL)
        return NULL;
    }

  return list (self, since, pick_by_matchers, parsed, error);
}

static gboolean
pick_by_silence (const IncidentKnown *known,
                 gpointer             silence)
{
  return incident_silence_mutes (silence, known->alert->labels, known->alert->annotations);
}

/**
 * incident_desk_try_silence:
 * @self: a desk
 * @silence: a silence, which need not be added
 * @since: since when, in microseconds since the Unix epoch, UTC;
 *   %INCIDENT_TIME_NONE for what fires now only
 * @error: return location for an error
 *
 * Tells which alerts a silence would mute, or would have muted, whatever its time.
 * Nothing changes. This call blocks.
 *
 * Returns: (transfer container) (element-type IncidentAlert): the alerts, as
 *   [method@Desk.list_alerts] gives them; or %NULL with @error set to what ails
 *   the store
 *
 * Since: 0.1
 */
GPtrArray *
incident_desk_try_silence (IncidentDesk     *self,
                           IncidentSilence  *silence,
                           gint64            since,
                           GError          **error)
{
  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (silence != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return list (self, since, pick_by_silence, silence, error);
}

static gboolean
pick_by_key (const IncidentKnown *known,
             gpointer             key)
{
  return g_str_equal (incident_alert_get_episode_key (known->alert), key);
}

static guint64
find_entry (IncidentDesk  *self,
            const char    *key,
            GError       **error)
{
  g_autoptr(GPtrArray) history = incident_desk_load_history (self, G_MININT64, error);
  IncidentIntake *intake = incident_desk_get_alerts (self)->intake;

  for (guint i = history != NULL ? history->len : 0; i > 0; i--)
    {
      const IncidentKnown *known = g_ptr_array_index (history, i - 1);
      const IncidentKnown *current = incident_intake_find (intake, known->alert->source, known->alert->key);

      if (pick_by_key (known, (gpointer) key))
        return current != NULL && current->id == known->id ? current->entry : known->entry;
    }

  if (history != NULL)
    g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "There is no alert “%s”", key);
  return 0;
}

/**
 * incident_desk_dup_alert_body:
 * @self: a desk
 * @alert: the episode key of an alert
 * @error: return location for an error
 *
 * Gives the message that last said something new of an alert, byte by byte as it
 * came; only credentials in it are overwritten. This call blocks.
 *
 * Returns: (transfer full): the message, with all other alerts of it; or %NULL with
 *   @error set: %INCIDENT_ERROR_NOT_FOUND if there is no such alert, or what ails
 *   the store
 *
 * Since: 0.1
 */
GBytes *
incident_desk_dup_alert_body (IncidentDesk  *self,
                              const char    *alert,
                              GError       **error)
{
  IncidentIntakeEntry *entry;
  GBytes *body;
  guint64 id;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (alert != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  id = find_entry (self, alert, error);
  entry = id != 0 ? incident_store_find_intake (incident_desk_get_store (self), id, error) : NULL;
  if (entry == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT, "The message of alert “%s” is gone", alert);
      return NULL;
    }

  body = g_bytes_ref (entry->body);
  incident_intake_entry_free (entry);
  return body;
}

/* Dry runs of routes */

static GArray *
list_labels (GHashTable *labels)
{
  GArray *list_of_labels = g_array_new (FALSE, FALSE, sizeof (IncidentLabel));
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, labels);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      IncidentLabel label = { name, value };

      g_array_append_val (list_of_labels, label);
    }
  incident_alert_sort_labels (list_of_labels);
  return list_of_labels;
}

static void
add_route (IncidentRouting         *routing,
           const IncidentRouteRule *rule)
{
  g_ptr_array_add (routing->routes, g_strdup (rule->name != NULL ? rule->name : rule->path));
}

static void
fill (IncidentRouting         *routing,
      IncidentIntake          *intake,
      const IncidentRouteRule *rule,
      IncidentLabels           labels,
      gint64                   at)
{
  IncidentAlert alert = { .source = "", .severity = incident_labels_get (labels, "severity"), .labels = labels };
  IncidentLabels none = { NULL, 0 };
  const char *service = rule->service != NULL ? rule->service : incident_labels_get (labels, "service");
  g_autoptr(GArray) group = incident_router_list_group (rule, NULL, labels);

  routing->service = g_strdup (service);
  routing->team = g_strdup (rule->team);
  routing->category = g_strdup (rule->category);
  routing->policy = g_strdup (rule->policy);
  routing->severity = incident_intake_get_severity (intake, &alert, rule);
  for (guint i = 0; i < group->len; i++)
    g_hash_table_insert (routing->group_labels, g_strdup (g_array_index (group, IncidentLabel, i).name),
                         g_strdup (g_array_index (group, IncidentLabel, i).value));

  incident_intake_list_mutes (intake, labels, none, rule, NULL, at, intake->mutes);
  for (guint i = 0; i < intake->mutes->len; i++)
    g_ptr_array_add (routing->mutes, incident_intake_describe_mute (intake, &g_array_index (intake->mutes, IncidentMute, i),
                                                                    labels, none, rule));
}

static gboolean
find_case (IncidentDesk     *self,
           IncidentRouting  *routing,
           GError          **error)
{
  g_autoptr(IncidentCase) kase = NULL;
  guint64 number;

  if (!incident_store_find_group (incident_desk_get_store (self), routing->group, &number, error))
    return FALSE;
  if (number == 0)
    return TRUE;

  kase = incident_desk_get_case (self, number, error);
  if (kase == NULL)
    return FALSE;
  routing->case_number = incident_case_get_open (kase) ? number : 0;
  return TRUE;
}

/**
 * incident_desk_try_labels:
 * @self: a desk
 * @labels: (element-type utf8 utf8): the labels of an alert
 * @at: when, in microseconds since the Unix epoch, UTC; %INCIDENT_TIME_NONE for now
 * @error: return location for an error
 *
 * Tells where an alert with these labels would go, and what would mute it. Nothing
 * changes.
 *
 * Silences, maintenance and the intervals of routes count as they would be at @at;
 * what inhibits, as it fires now. This call blocks.
 *
 * Returns: (transfer full): where it would go; or %NULL with @error set to what
 *   ails the store
 *
 * Since: 0.1
 */
IncidentRouting *
incident_desk_try_labels (IncidentDesk  *self,
                          GHashTable    *labels,
                          gint64         at,
                          GError       **error)
{
  g_autoptr(IncidentRouting) routing = NULL;
  g_autoptr(GPtrArray) others = g_ptr_array_new ();
  g_autoptr(GArray) sorted = NULL;
  g_autoptr(GString) group = g_string_new (NULL);
  const IncidentRouteRule *rule;
  IncidentIntake *intake;
  IncidentLabels set;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (labels != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  intake = incident_desk_load_alerts (self, error);
  if (intake == NULL)
    return NULL;

  if (at == INCIDENT_TIME_NONE)
    at = incident_clock_get_time (incident_desk_get_clock (self));
  sorted = list_labels (labels);
  set = (IncidentLabels) { (const IncidentLabel *) sorted->data, sorted->len };
  routing = incident_routing_new ();
  rule = incident_router_find (intake->rules->route, set, (IncidentLabels) { NULL, 0 }, others);
  add_route (routing, rule);
  for (guint i = 0; i < others->len; i++)
    add_route (routing, g_ptr_array_index (others, i));
  incident_router_put_group (rule, NULL, set, NULL, group);
  routing->group = incident_router_name_group (group);
  fill (routing, intake, rule, set, at);
  return find_case (self, routing, error) ? g_steal_pointer (&routing) : NULL;
}
