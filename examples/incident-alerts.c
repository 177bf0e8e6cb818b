/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-alerts.h"

#include <string.h>

#include "incident-print.h"
#include "incident-verbs.h"

/* What fires, where it goes, and what is due for it. */

static Style
status_style (IncidentAlertStatus status)
{
  switch (status)
    {
    case INCIDENT_ALERT_STATUS_FIRING:
      return STYLE_BAD;
    case INCIDENT_ALERT_STATUS_ACKNOWLEDGED:
      return STYLE_WARNING;
    case INCIDENT_ALERT_STATUS_RESOLVED:
      return STYLE_GOOD;
    case INCIDENT_ALERT_STATUS_SUPPRESSED:
    case INCIDENT_ALERT_STATUS_INFO:
    default:
      return STYLE_FAINT;
    }
}

static void
add_alert (Table         *table,
           IncidentAlert *alert,
           gboolean       with_keys)
{
  IncidentAlertStatus status = incident_alert_get_status (alert);
  guint64 number = incident_alert_get_case_number (alert);
  const char *summary = incident_alert_get_summary (alert);
  g_autofree char *id = number != 0 ? incident_case_number_to_string (number) : NULL;
  g_autofree char *what = summary != NULL ? g_strdup_printf ("%s: %s", incident_alert_get_name (alert), summary)
                                          : g_strdup (incident_alert_get_name (alert));

  table_add (table, status_style (status), incident_alert_status_to_string (status));
  table_add (table, STYLE_PLAIN, id);
  table_add_time (table, incident_alert_get_starts_at (alert));
  table_add (table, STYLE_PLAIN, what);
  table_add (table, STYLE_FAINT, incident_alert_get_why (alert));
  if (with_keys)
    table_add (table, STYLE_PLAIN, incident_alert_get_episode_key (alert));
}

void
alerts_print (GPtrArray *alerts,
              gboolean   with_keys)
{
  static const char * const headings[] = { "STATUS", "CASE", "SINCE", "ALERT", "WHY", "KEY", NULL };
  static const char * const without[] = { "STATUS", "CASE", "SINCE", "ALERT", "WHY", NULL };
  g_autoptr(Table) table = table_new (with_keys ? headings : without, TRUE, FALSE);

  for (guint i = 0; i < alerts->len; i++)
    add_alert (table, g_ptr_array_index (alerts, i), with_keys);
  if (alerts->len > 0)
    table_print (table);
}

GPtrArray *
alerts_to_json (GPtrArray *alerts)
{
  GPtrArray *documents = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < alerts->len; i++)
    g_ptr_array_add (documents, incident_alert_to_json (g_ptr_array_index (alerts, i)));
  return documents;
}

guint
alerts_count_firing (GPtrArray *alerts)
{
  guint n = 0;

  for (guint i = 0; i < alerts->len; i++)
    {
      IncidentAlertStatus status = incident_alert_get_status (g_ptr_array_index (alerts, i));

      n += status != INCIDENT_ALERT_STATUS_RESOLVED && status != INCIDENT_ALERT_STATUS_INFO ? 1 : 0;
    }

  return n;
}

static gboolean
print_body (IncidentDesk *desk,
            const char   *key,
            GError      **error)
{
  g_autoptr(GBytes) body = incident_desk_dup_alert_body (desk, key, error);

  if (body == NULL)
    return FALSE;

  print_bytes (body);
  return TRUE;
}

gboolean
verb_alerts (const Verb *verb,
             Words      *words,
             GError    **error)
{
  const char *key = words_get (words, "body");
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GPtrArray) alerts = NULL;
  g_autoptr(GPtrArray) documents = NULL;
  gint64 since;

  if (!words_check_span (words, "since", error))
    return FALSE;

  desk = words_open_desk (words, error);
  if (desk == NULL)
    return FALSE;
  if (key != NULL)
    return print_body (desk, key, error);

  since = words_get_since (words, "since", desk, INCIDENT_TIME_NONE);
  alerts = incident_desk_list_alerts (desk, words_get_place (words, 0), since, error);
  if (alerts == NULL)
    return FALSE;

  documents = alerts_to_json (alerts);
  if (words_has (words, "json"))
    print_array (documents);
  else
    alerts_print (alerts, words_has (words, "keys"));
  return TRUE;
}

/* Labels are written as matchers that say what is equal. */
static GHashTable *
read_labels (Words   *words,
             GError **error)
{
  const char *text = words_get (words, "labels");
  g_autoptr(GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) matchers = NULL;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           text == NULL ? "Words are missing: incident route --labels NAME=VALUE,…"
                                        : "--labels: the labels are not UTF-8");
      return NULL;
    }
  matchers = incident_matcher_parse (text, NULL, error);
  if (matchers == NULL)
    {
      g_prefix_error (error, "--labels: ");
      return NULL;
    }

  for (guint i = 0; i < matchers->len; i++)
    {
      IncidentMatcher *matcher = g_ptr_array_index (matchers, i);
      const char *name = incident_matcher_get_name (matcher);

      if (strcmp (incident_matcher_get_operator (matcher), "=") != 0 || g_hash_table_contains (labels, name))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--labels: “%s” must be said once, and with “=”", name);
          return NULL;
        }
      g_hash_table_insert (labels, g_strdup (name), g_strdup (incident_matcher_get_value (matcher)));
    }

  return g_steal_pointer (&labels);
}

static void
add_field (Table      *table,
           const char *name,
           Style       style,
           const char *value)
{
  table_add (table, STYLE_FAINT, name);
  table_add (table, style, value);
}

static void
add_fields (Table       *table,
            const char  *name,
            Style        style,
            char       **values)
{
  for (guint i = 0; values[i] != NULL; i++)
    add_field (table, i == 0 ? name : "", style, values[i]);
}

/* The labels that make the group, by name. */
static void
add_group (Table           *table,
           IncidentRouting *routing)
{
  g_autoptr(GHashTable) labels = incident_routing_dup_group_labels (routing);
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (labels), (GCompareFunc) strcmp);

  for (GList *name = names; name != NULL; name = name->next)
    {
      const char *value = g_hash_table_lookup (labels, name->data);
      g_autoptr(IncidentMatcher) label = incident_matcher_new (name->data, "=", value, NULL);
      g_autofree char *text = label != NULL ? incident_matcher_to_string (label) : NULL;

      add_field (table, name == names ? "grouped by" : "", STYLE_PLAIN, text);
    }
}

static void
print_routing (IncidentRouting *routing)
{
  static const char * const columns[] = { "field", "value", NULL };
  IncidentSeverity severity = incident_routing_get_severity (routing);
  guint64 number = incident_routing_get_case_number (routing);
  g_autoptr(Table) table = table_new (columns, FALSE, FALSE);
  g_autofree char *id = number != 0 ? incident_case_number_to_string (number) : g_strdup ("a new one");
  g_auto(GStrv) routes = incident_routing_dup_routes (routing);
  g_auto(GStrv) mutes = incident_routing_dup_mutes (routing);

  add_fields (table, "route", STYLE_PLAIN, routes);
  add_field (table, "group", STYLE_PLAIN, incident_routing_get_group (routing));
  add_group (table, routing);
  add_field (table, "service", STYLE_PLAIN, incident_routing_get_service (routing));
  add_field (table, "team", STYLE_PLAIN, incident_routing_get_team (routing));
  add_field (table, "category", STYLE_PLAIN, incident_routing_get_category (routing));
  add_field (table, "policy", STYLE_PLAIN, incident_routing_get_policy (routing));
  add_field (table, "severity", print_severity_style (severity),
             severity != INCIDENT_SEVERITY_UNKNOWN ? incident_severity_to_string (severity) : NULL);
  add_field (table, "case", STYLE_PLAIN, id);
  add_fields (table, "muted by", STYLE_WARNING, mutes);
  table_print (table);
}

gboolean
verb_route (const Verb *verb,
            Words      *words,
            GError    **error)
{
  g_autoptr(GHashTable) labels = read_labels (words, error);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentRouting) routing = NULL;
  g_autofree char *document = NULL;
  gint64 at;

  if (labels == NULL || !words_get_time (words, "at", &at, error))
    return FALSE;

  desk = words_open_desk (words, error);
  routing = desk != NULL ? incident_desk_try_labels (desk, labels, at, error) : NULL;
  if (routing == NULL)
    return FALSE;

  document = incident_routing_to_json (routing);
  if (words_has (words, "json"))
    print_document (document);
  else
    print_routing (routing);
  return TRUE;
}

gboolean
verb_settle (const Verb *verb,
             Words      *words,
             GError    **error)
{
  g_autoptr(IncidentDesk) desk = words_open_desk (words, error);
  g_autofree char *time = NULL;
  gint64 next = G_MAXINT64;

  if (desk == NULL || !incident_desk_settle_alerts (desk, &next, error))
    return FALSE;

  if (words_has (words, "json"))
    {
      time = next != G_MAXINT64 ? incident_time_to_string (next) : NULL;
      print_member ("next", time);
      return TRUE;
    }

  time = next != G_MAXINT64 ? incident_time_to_local_string (next) : NULL;
  if (time != NULL)
    print_line ("The next is due at %s", time);
  else
    print_line ("Nothing more is due");
  return TRUE;
}
