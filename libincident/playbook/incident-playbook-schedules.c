/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include <string.h>

/* Schedules: layers, rotations, and at which times they count. */

#define EVERY_DAY 0x7fu

/* “2026-01-05T09:00”, or a day, which begins at midnight. FALSE: there is no such day. */
static gboolean
read_wall_time (const char *text,
                GDate      *date,
                guint      *minutes)
{
  g_autofree char *day = g_strndup (text, strlen ("2026-01-05"));

  *minutes = text[strlen (day)] == 'T' ? incident_wall_time_from_text (text + strlen (day) + 1) : 0;
  return incident_date_from_text (day, date);
}

static void
tell_no_day (IncidentCompiler *self,
             IncidentNode     *node)
{
  incident_problems_add (self->problems, node, "must be on a day that there is; “%.10s” is none", node->value.string);
}

/* Rotations */

static void
read_start (IncidentCompiler *self,
            IncidentNode     *node,
            IncidentRotation *rotation)
{
  GDate date;
  GDate epoch;
  guint minutes;

  if (!read_wall_time (node->value.string, &date, &minutes))
    {
      tell_no_day (self, node);
      return;
    }

  g_date_clear (&epoch, 1);
  g_date_set_dmy (&epoch, 1, G_DATE_JANUARY, 1970);
  rotation->start = (gint64) g_date_days_between (&epoch, &date) * INCIDENT_MINUTES_A_DAY + minutes;
  if (rotation->unit == INCIDENT_ROTATION_MONTH && g_date_get_day (&date) > 28)
    incident_problems_add (self->warnings, node, "is on the %uth: in months that have no such day the hand-off is some days into the "
                           "next one, so begin on one of the first 28", g_date_get_day (&date));
}

static void
read_rotation (IncidentCompiler *self,
               IncidentNode     *node,
               IncidentLayer    *layer)
{
  static const char * const units[] = {
    [INCIDENT_ROTATION_HOUR] = "hour",
    [INCIDENT_ROTATION_DAY] = "day",
    [INCIDENT_ROTATION_WEEK] = "week",
    [INCIDENT_ROTATION_MONTH] = "month",
  };
  const char *unit = incident_node_get_string (node, "unit");

  if (node == NULL)
    return;

  layer->rotates = TRUE;
  while (!g_str_equal (units[layer->rotation.unit], unit))
    layer->rotation.unit++;
  layer->rotation.length = incident_compiler_get_number (node, "every", 1);
  read_start (self, incident_node_get_member (node, "start"), &layer->rotation);
}

/* Restrictions */

/* As the intervals have them, whose week begins on Sunday. */
static guint
read_weekdays (IncidentCompiler *self,
               IncidentNode     *list)
{
  g_autoptr(IncidentInterval) interval = incident_interval_new (NULL);
  IncidentIntervalSpec *spec = incident_interval_add_spec (interval);
  guint bits = 0;

  incident_compiler_check_not_empty (self, list);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      g_autofree char *problem = NULL;

      if (!incident_interval_spec_add_weekdays (spec, node->value.string, &problem))
        incident_problems_add (self->problems, node, "%s", problem);
    }
  for (guint i = 0; spec->weekdays != NULL && i < spec->weekdays->len; i++)
    {
      const IncidentRange *range = &g_array_index (spec->weekdays, IncidentRange, i);

      for (int day = range->first; day <= range->last; day++)
        bits |= 1u << (day + 6) % 7;
    }
  return list != NULL ? bits : EVERY_DAY;
}

static guint
read_clock (IncidentNode *node,
            const char   *member)
{
  const char *text = incident_node_get_string (node, member);

  /* 24:00 is 00:00 of the next day, which it reaches into then. */
  return text != NULL ? incident_wall_time_from_text (text) % INCIDENT_MINUTES_A_DAY : 0;
}

static void
read_restrictions (IncidentCompiler *self,
                   IncidentNode     *list,
                   GArray           *restrictions)
{
  incident_compiler_check_not_empty (self, list);
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      IncidentRestriction restriction = {
        read_weekdays (self, incident_node_get_member (node, "weekdays")),
        read_clock (node, "from"),
        read_clock (node, "until")
      };

      g_array_append_val (restrictions, restriction);
    }
}

/* Bounds */

/* The first instant at which the clock there shows it; or the first after it, where the clock skips it. */
static gint64
find_instant (GTimeZone   *zone,
              const GDate *date,
              guint        minutes)
{
  const gint64 day = 24 * 60 * 60;
  g_autoptr(GDateTime) near = g_date_time_new (zone, g_date_get_year (date), (int) g_date_get_month (date), g_date_get_day (date),
                                               (int) minutes / 60, (int) minutes % 60, 0);
  g_autoptr(GDateTime) shown = g_date_time_new_utc (g_date_get_year (date), (int) g_date_get_month (date), g_date_get_day (date),
                                                    (int) minutes / 60, (int) minutes % 60, 0);
  gint64 wall = g_date_time_to_unix (shown);
  gint64 found = near != NULL ? g_date_time_to_unix (near) : wall;

  for (gint64 at = wall - day; at <= wall + day; at += 2 * day)
    {
      gint64 guess = wall - g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, at));

      if (guess + g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, guess)) == wall)
        found = MIN (found, guess);
    }
  return found * G_USEC_PER_SEC;
}

static gint64
read_bound (IncidentCompiler *self,
            IncidentNode     *node,
            GTimeZone        *zone,
            gint64            otherwise)
{
  GDate date;
  guint minutes;

  if (node == NULL)
    return otherwise;
  if (read_wall_time (node->value.string, &date, &minutes))
    return find_instant (zone, &date, minutes);

  tell_no_day (self, node);
  return otherwise;
}

static void
read_bounds (IncidentCompiler *self,
             IncidentNode     *node,
             IncidentLayer    *layer)
{
  IncidentNode *until = incident_node_get_member (node, "until");

  layer->from = read_bound (self, incident_node_get_member (node, "from"), layer->zone, G_MININT64);
  layer->until = read_bound (self, until, layer->zone, G_MAXINT64);
  if (until != NULL && layer->until <= layer->from)
    incident_problems_add (self->problems, until, "must be later than “from”");
}

/* Layers */

static void
add_members (IncidentCompiler *self,
             IncidentNode     *team,
             IncidentLayer    *layer)
{
  const GPtrArray *members = g_hash_table_lookup (self->rules->oncall->teams, team->value.string);

  if (members == NULL)
    incident_problems_add (self->problems, team, "must be a name in “/teams”; “%s” is none there", team->value.string);
  else if (members->len == 0)
    incident_problems_add (self->problems, team, "must be a team that has members; “%s” has none", team->value.string);
  for (guint i = 0; members != NULL && i < members->len; i++)
    g_ptr_array_add (layer->people, g_ptr_array_index (members, i));
}

static void
read_layer_people (IncidentCompiler *self,
                   IncidentNode     *node,
                   IncidentLayer    *layer)
{
  IncidentNode *people = incident_node_get_member (node, "people");
  IncidentNode *team = incident_node_get_member (node, "team");

  if ((people == NULL) == (team == NULL))
    incident_problems_add (self->problems, node, "must say who is on call by either “people” or “team”");
  else if (team != NULL)
    add_members (self, team, layer);
  else if (people->children->len == 0)
    incident_problems_add (self->problems, people, "must name at least one person");
  else
    {
      g_ptr_array_unref (layer->people);
      layer->people = incident_compiler_keep_list (self, node, "people");
    }
}

static void
read_layer (IncidentCompiler      *self,
            IncidentNode          *node,
            IncidentScheduleRules *schedule,
            GHashTable            *names)
{
  IncidentLayer *layer = incident_schedule_rules_add_layer (schedule, incident_compiler_keep_name (self, node, names));
  const char *zone = incident_node_get_string (node, "zone");

  layer->priority = incident_compiler_get_number (node, "priority", 1);
  layer->zone = zone != NULL ? g_time_zone_new_identifier (zone) : g_time_zone_ref (schedule->zone);
  read_layer_people (self, node, layer);
  read_rotation (self, incident_node_get_member (node, "rotation"), layer);
  read_restrictions (self, incident_node_get_member (node, "only"), layer->restrictions);
  layer->off = incident_compiler_find_holidays (self, incident_node_get_member (node, "except"));
  read_bounds (self, node, layer);
}

/* Equal ones stay as they were written. */
static void
sort_layers (GPtrArray *layers)
{
  for (guint i = 1; i < layers->len; i++)
    for (guint j = i; j > 0; j--)
      {
        IncidentLayer *layer = g_ptr_array_index (layers, j);
        IncidentLayer *before = g_ptr_array_index (layers, j - 1);

        if (before->priority >= layer->priority)
          break;
        layers->pdata[j] = before;
        layers->pdata[j - 1] = layer;
      }
}

void
incident_playbook_compile_schedules (IncidentCompiler *self,
                                     IncidentNode     *section)
{
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
      IncidentNode *layers = incident_node_get_member (entry, "layers");
      IncidentScheduleRules *schedule =
        incident_oncall_rules_add_schedule (self->rules->oncall, incident_rules_keep (self->rules, entry->name));

      schedule->title = incident_compiler_keep (self, entry, "title");
      schedule->zone_name = incident_compiler_keep (self, entry, "zone");
      schedule->zone = g_time_zone_new_identifier (schedule->zone_name);
      for (guint j = 0; j < incident_node_get_length (layers); j++)
        read_layer (self, incident_node_get_child (layers, j), schedule, names);
      if (layers->children->len == 0)
        incident_problems_add (self->problems, layers, "must have at least one layer, which says who is on call");
      sort_layers (schedule->layers);
      read_restrictions (self, incident_node_get_member (entry, "wanted-gaps"), schedule->wanted_gaps);
    }
}
