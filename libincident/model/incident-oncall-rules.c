/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-oncall-rules-private.h"

#include <string.h>

void
incident_oncall_condition_init (IncidentOncallCondition *self)
{
  *self = (IncidentOncallCondition) { .labels = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_matcher_unref) };
}

void
incident_oncall_condition_clear (IncidentOncallCondition *self)
{
  incident_condition_clear (&self->condition);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
}

static void
holidays_free (gpointer data)
{
  IncidentHolidays *self = data;

  g_array_unref (self->days);
  g_free (self);
}

static void
layer_free (gpointer data)
{
  IncidentLayer *self = data;

  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_ptr_array_unref (self->people);
  g_array_unref (self->restrictions);
  g_free (self);
}

static void
schedule_free (gpointer data)
{
  IncidentScheduleRules *self = data;

  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_ptr_array_unref (self->layers);
  g_array_unref (self->wanted_gaps);
  g_free (self);
}

static void
step_free (gpointer data)
{
  IncidentPolicyStep *self = data;

  if (self->condition != NULL)
    incident_oncall_condition_clear (self->condition);
  g_free (self->condition);
  g_clear_pointer (&self->hours.zone, g_time_zone_unref);
  g_array_unref (self->targets);
  g_free (self);
}

static void
policy_free (gpointer data)
{
  IncidentPolicyRules *self = data;

  g_ptr_array_unref (self->steps);
  g_array_unref (self->fallback);
  g_free (self);
}

static void
start_free (gpointer data)
{
  IncidentPolicyStart *self = data;

  incident_oncall_condition_clear (&self->condition);
  g_free (self);
}

static void
person_free (gpointer data)
{
  IncidentOncallPerson *self = data;

  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_array_unref (self->methods);
  g_free (self);
}

IncidentOncallRules *
incident_oncall_rules_new (void)
{
  IncidentOncallRules *self = g_new0 (IncidentOncallRules, 1);

  self->schedules = g_ptr_array_new_with_free_func (schedule_free);
  self->policies = g_ptr_array_new_with_free_func (policy_free);
  self->holidays = g_ptr_array_new_with_free_func (holidays_free);
  self->starts = g_ptr_array_new_with_free_func (start_free);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, person_free);
  self->teams = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->team_policies = g_hash_table_new (g_str_hash, g_str_equal);
  self->fallback = g_array_new (FALSE, FALSE, sizeof (IncidentTarget));
  return self;
}

void
incident_oncall_rules_free (IncidentOncallRules *self)
{
  g_ptr_array_unref (self->schedules);
  g_ptr_array_unref (self->starts);
  g_ptr_array_unref (self->policies);
  g_ptr_array_unref (self->holidays);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->teams);
  g_hash_table_unref (self->team_policies);
  g_array_unref (self->fallback);
  g_free (self);
}

IncidentScheduleRules *
incident_oncall_rules_add_schedule (IncidentOncallRules *self,
                                    const char          *name)
{
  IncidentScheduleRules *schedule = g_new0 (IncidentScheduleRules, 1);

  schedule->name = name;
  schedule->layers = g_ptr_array_new_with_free_func (layer_free);
  schedule->wanted_gaps = g_array_new (FALSE, FALSE, sizeof (IncidentRestriction));
  g_ptr_array_add (self->schedules, schedule);
  return schedule;
}

IncidentLayer *
incident_schedule_rules_add_layer (IncidentScheduleRules *self,
                                   const char            *name)
{
  IncidentLayer *layer = g_new0 (IncidentLayer, 1);

  layer->name = name;
  layer->people = g_ptr_array_new ();
  layer->restrictions = g_array_new (FALSE, FALSE, sizeof (IncidentRestriction));
  layer->from = G_MININT64;
  layer->until = G_MAXINT64;
  g_ptr_array_add (self->layers, layer);
  return layer;
}

IncidentPolicyRules *
incident_oncall_rules_add_policy (IncidentOncallRules *self,
                                  const char          *name)
{
  IncidentPolicyRules *policy = g_new0 (IncidentPolicyRules, 1);

  policy->name = name;
  policy->steps = g_ptr_array_new_with_free_func (step_free);
  policy->fallback = g_array_new (FALSE, FALSE, sizeof (IncidentTarget));
  g_ptr_array_add (self->policies, policy);
  return policy;
}

IncidentPolicyStep *
incident_policy_rules_add_step (IncidentPolicyRules *self,
                                const char          *name)
{
  IncidentPolicyStep *step = g_new0 (IncidentPolicyStep, 1);

  step->name = name;
  step->targets = g_array_new (FALSE, FALSE, sizeof (IncidentTarget));
  g_ptr_array_add (self->steps, step);
  return step;
}

IncidentHolidays *
incident_oncall_rules_add_holidays (IncidentOncallRules *self,
                                    const char          *name)
{
  IncidentHolidays *holidays = g_new0 (IncidentHolidays, 1);

  holidays->name = name;
  holidays->days = g_array_new (FALSE, FALSE, sizeof (IncidentHoliday));
  g_ptr_array_add (self->holidays, holidays);
  return holidays;
}

IncidentPolicyStart *
incident_oncall_rules_add_start (IncidentOncallRules *self)
{
  IncidentPolicyStart *start = g_new0 (IncidentPolicyStart, 1);

  incident_oncall_condition_init (&start->condition);
  g_ptr_array_add (self->starts, start);
  return start;
}

IncidentOncallPerson *
incident_oncall_rules_add_person (IncidentOncallRules *self,
                                  const char          *name)
{
  IncidentOncallPerson *person = g_new0 (IncidentOncallPerson, 1);

  person->methods = g_array_new (FALSE, FALSE, sizeof (IncidentContactMethod));
  g_hash_table_insert (self->people, (gpointer) name, person);
  return person;
}

const IncidentScheduleRules *
incident_oncall_rules_get_schedule (const IncidentOncallRules *self,
                                    const char                *name)
{
  for (guint i = 0; i < self->schedules->len; i++)
    {
      const IncidentScheduleRules *schedule = g_ptr_array_index (self->schedules, i);

      if (g_str_equal (schedule->name, name))
        return schedule;
    }

  return NULL;
}

const IncidentPolicyRules *
incident_oncall_rules_get_policy (const IncidentOncallRules *self,
                                  const char                *name)
{
  for (guint i = 0; i < self->policies->len; i++)
    {
      const IncidentPolicyRules *policy = g_ptr_array_index (self->policies, i);

      if (g_str_equal (policy->name, name))
        return policy;
    }

  return NULL;
}

const IncidentOncallPerson *
incident_oncall_rules_get_person (const IncidentOncallRules *self,
                                  const char                *name)
{
  return g_hash_table_lookup (self->people, name);
}

int
incident_policy_rules_find_step (const IncidentPolicyRules *self,
                                 const char                *name)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const IncidentPolicyStep *step = g_ptr_array_index (self->steps, i);

      if (g_str_equal (step->name, name))
        return (int) i;
    }

  return -1;
}

gboolean
incident_holidays_contain (const IncidentHolidays *self,
                           gint32                  day)
{
  guint low = 0;
  guint high = self != NULL ? self->days->len : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      gint32 found = g_array_index (self->days, IncidentHoliday, middle).day;

      if (found == day)
        return TRUE;
      if (found < day)
        low = middle + 1;
      else
        high = middle;
    }

  return FALSE;
}

char *
incident_target_to_string (const IncidentTarget *self)
{
  static const char * const kinds[] = { "person", "team", "schedule", "role", "channel" };

  return g_strdup_printf ("%s %s", kinds[self->kind], self->name);
}

gint64
incident_policy_rules_get_end (const IncidentPolicyRules *self,
                               gint64                     started_at)
{
  return self->give_up > 0 ? started_at + self->give_up : G_MAXINT64;
}

gboolean
incident_policy_rules_gives_up (const IncidentPolicyRules *self,
                                gint64                     started_at,
                                gint64                     now)
{
  return now >= incident_policy_rules_get_end (self, started_at);
}

gboolean
incident_policy_rules_has_loop (const IncidentPolicyRules *self,
                                guint                      loop,
                                gint64                     started_at,
                                gint64                     now)
{
  return (self->is_endless || loop < self->repeat) && !incident_policy_rules_gives_up (self, started_at, now);
}

static gboolean
has_target (const IncidentRules  *self,
            const IncidentTarget *target)
{
  switch (target->kind)
    {
    case INCIDENT_TARGET_TEAM:
      return g_hash_table_contains (self->oncall->teams, target->name);
    case INCIDENT_TARGET_SCHEDULE:
      return incident_oncall_rules_get_schedule (self->oncall, target->name) != NULL;
    case INCIDENT_TARGET_PERSON:
      return incident_oncall_rules_get_person (self->oncall, target->name) != NULL;
    case INCIDENT_TARGET_ROLE:
      return incident_rules_get_role (self, target->name) != NULL;
    case INCIDENT_TARGET_CHANNEL:
    default:
      return incident_comms_rules_get_channel (self->comms, target->name) != NULL;
    }
}

/* In this order a name alone is looked for. */
static const struct
{
  const char         *word;
  gboolean            is_policy;
  IncidentTargetKind  kind;
} ways[] = {
  { "policy ", TRUE, INCIDENT_TARGET_PERSON },
  { "team ", FALSE, INCIDENT_TARGET_TEAM },
  { "schedule ", FALSE, INCIDENT_TARGET_SCHEDULE },
  { "person ", FALSE, INCIDENT_TARGET_PERSON },
  { "role ", FALSE, INCIDENT_TARGET_ROLE },
  { "channel ", FALSE, INCIDENT_TARGET_CHANNEL },
};

gboolean
incident_rules_find_target (const IncidentRules        *self,
                            const char                 *name,
                            IncidentTarget             *target,
                            const IncidentPolicyRules **policy)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      *target = (IncidentTarget) { ways[i].kind, g_str_has_prefix (name, ways[i].word) ? name + strlen (ways[i].word) : name };
      *policy = ways[i].is_policy ? incident_oncall_rules_get_policy (self->oncall, target->name) : NULL;
      if (*policy != NULL)
        return TRUE;
      if (ways[i].is_policy || !has_target (self, target))
        continue;
      if (target->kind == INCIDENT_TARGET_TEAM)
        *policy = g_hash_table_lookup (self->oncall->team_policies, target->name);
      return TRUE;
    }

  *target = (IncidentTarget) { INCIDENT_TARGET_PERSON, name };
  return FALSE;
}
