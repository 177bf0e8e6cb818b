/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "company.h"

/* The playbook of the company. */

#define N_PEOPLE    40
#define N_SCHEDULES 12

static const char * const zones[] = {
  "Europe/Madrid", "America/Chicago", "Asia/Tokyo", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata",
};

/* Somebody is away now and then, which moves nobody. */
static void
add_people (GString *json,
            guint    edit)
{
  g_string_append (json, "\"people\": {");
  for (guint i = 0; i < N_PEOPLE; i++)
    {
      g_string_append_printf (json, "%s\"p%02u\": {\"zone\": \"%s\", \"pages\": [{\"by\": \"chat\"}%s]", i > 0 ? ", " : "", i,
                              zones[i % G_N_ELEMENTS (zones)], i % 3 > 0 ? ", {\"by\": \"phone\", \"after\": \"3m\"}" : "");
      if ((i + edit) % 5 == 0)
        g_string_append_printf (json, ", \"away\": [{\"from\": \"2027-%02u-01\", \"until\": \"2027-%02u-15\", \"why\": \"holiday\"}]",
                                1 + (i + edit) % 12, 1 + (i + edit) % 12);
      g_string_append (json, "}");
    }
  g_string_append (json, "}, \"teams\": {\"managers\": {\"members\": [\"p36\", \"p37\", \"p38\"]}}, ");
}

static void
add_schedules (GString *json,
               guint    edit)
{
  static const char * const units[] = { "week", "day", "hour" };

  g_string_append (json, "\"schedules\": {");
  for (guint i = 0; i < N_SCHEDULES; i++)
    {
      g_string_append_printf (json, "%s\"s%02u\": {\"zone\": \"%s\", \"layers\": [{\"name\": \"turns\", \"people\": [\"p%02u\", \"p%02u\", \"p%02u\"],"
                              " \"rotation\": {\"start\": \"2026-01-05T%02u:30\", \"every\": %u, \"unit\": \"%s\"}",
                              i > 0 ? ", " : "", i, zones[i % G_N_ELEMENTS (zones)], 3 * i, 3 * i + (edit % 2 > 0 ? 2 : 1),
                              3 * i + (edit % 2 > 0 ? 1 : 2), i % 24, i % 3 == 2 ? 8 : 1, units[i % G_N_ELEMENTS (units)]);
      /* One of them has nobody at night. */
      if (i == 11)
        g_string_append (json, ", \"only\": [{\"weekdays\": [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"],"
                               " \"from\": \"08:00\", \"until\": \"20:00\"}]");
      g_string_append (json, "}");
      if (i % 4 == 1)
        g_string_append_printf (json, ", {\"name\": \"nights\", \"priority\": 5, \"people\": [\"p%02u\"], \"only\": [{\"weekdays\":"
                                " [\"saturday\", \"sunday\"], \"from\": \"22:00\", \"until\": \"06:00\"}]}", (3 * i + 7) % 36);
      g_string_append (json, "]}");
    }
  g_string_append (json, "}, ");
}

typedef struct
{
  guint  n_steps;
  gint64 waits[4];
  guint  repeat;
  gboolean is_limited;
} Shape;

static Shape
shape_policy (guint number,
              guint edit)
{
  Shape shape = { 2 + (number + edit / 3) % 3, { 0, }, number % 3, number == 7 };

  for (guint i = 0; i < shape.n_steps; i++)
    shape.waits[i] = (5 + (number + 3 * i + edit) % 11) * G_TIME_SPAN_MINUTE;
  return shape;
}

/* The first step is of the schedule, the second of another one, the third for a manager, the last for all of them. */
static void
add_step (GString     *json,
          guint        number,
          guint        step,
          const Shape *shape)
{
  static const char * const names[] = { "first", "second", "manager", "all" };

  g_string_append_printf (json, "%s{\"name\": \"%s\", \"page\": [", step > 0 ? ", " : "", names[step]);
  if (step == 0)
    g_string_append_printf (json, "{\"schedule\": \"s%02u\"}", number);
  else if (step == 1)
    g_string_append_printf (json, "{\"schedule\": \"s%02u\"}, {\"schedule\": \"s%02u\"}", (number + 1) % N_SCHEDULES, number);
  else if (step == 2)
    g_string_append_printf (json, "{\"person\": \"p%02u\"}", 36 + number % 4);
  else
    g_string_append (json, "{\"team\": \"managers\"}, {\"channel\": \"chat\"}");
  g_string_append_printf (json, "], \"wait\": \"%" G_GINT64_FORMAT "m\"", shape->waits[step] / G_TIME_SPAN_MINUTE);
  if (number == 4 && step == 1)
    g_string_append (json, ", \"if\": {\"severity\": [\"sev1\", \"sev2\"]}");
  if (number == 5 && step == 0)
    g_string_append (json, ", \"everybody-acknowledges\": true");
  if (number == 6 && step == 1)
    g_string_append (json, ", \"hours\": {\"interval\": \"day\", \"outside\": \"skip\"}");
  if (number == 8 && step == 1)
    g_string_append (json, ", \"hours\": {\"interval\": \"day\", \"outside\": \"wait\"}");
  g_string_append (json, "}");
}

static void
add_policies (GString *json,
              guint    edit)
{
  g_string_append (json, "\"policies\": {");
  for (guint i = 0; i < N_SCHEDULES; i++)
    {
      Shape shape = shape_policy (i, edit);

      g_string_append_printf (json, "%s\"q%02u\": {\"steps\": [", i > 0 ? ", " : "", i);
      for (guint j = 0; j < shape.n_steps; j++)
        add_step (json, i, j, &shape);
      if (shape.is_limited)
        g_string_append (json, "], \"endless\": true, \"give-up-after\": \"4h\"");
      else if (shape.repeat > 0)
        g_string_append_printf (json, "], \"repeat\": %u", shape.repeat);
      else
        g_string_append (json, "]");
      g_string_append_printf (json, ", \"acknowledgement\": {\"timeout\": \"30m\", \"timeouts\": {\"sev1\": \"15m\"}, \"by\": \"%s\"}}",
                              i % 2 > 0 ? "paged" : "anybody");
    }
  g_string_append (json, "}, \"escalation\": {\"fallback\": [{\"person\": \"p39\"}], \"rate\": {\"pages\": 4, \"within\": \"10m\","
                         " \"except\": [\"sev1\"]}}, ");
}

static void
tell_check (PlainOncall *check,
            const char  *json,
            guint        edit)
{
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "company", NULL);

  for (guint i = 0; i < N_SCHEDULES; i++)
    {
      g_autofree char *name = g_strdup_printf ("q%02u", i);
      Shape shape = shape_policy (i, edit);

      plain_oncall_add_policy (check, incident_playbook_get_version (playbook), name, shape.n_steps, shape.repeat, shape.is_limited,
                               shape.waits);
    }
  for (guint i = 0; i < N_PEOPLE; i++)
    {
      g_autofree char *name = g_strdup_printf ("p%02u", i);

      plain_oncall_add_person (check, name, i % 3 > 0 ? 2 : 1);
    }
}

char *
company_make_rules (guint        edit,
                    PlainOncall *check)
{
  GString *json = g_string_new ("{\"roles\": {\"commander\": {}}, \"channels\": {\"chat\": {\"kind\": \"own\"}, \"phone\": {\"kind\": \"own\"}},"
                                " \"audiences\": {\"world\": {\"public\": true, \"channels\": [\"chat\", \"phone\"]}},"
                                " \"intervals\": {\"day\": [{\"times\": [{\"start\": \"08:00\", \"end\": \"22:00\"}], \"zone\": \"Europe/Madrid\"}]}, ");

  add_people (json, edit);
  add_schedules (json, edit);
  add_policies (json, edit);
  g_string_append (json, "\"services\": {");
  for (guint i = 0; i < N_SCHEDULES; i++)
    g_string_append_printf (json, "%s\"v%02u\": {\"policy\": \"q%02u\"}", i > 0 ? ", " : "", i, i);
  g_string_append (json, "}}");
  if (check != NULL)
    tell_check (check, json->str, edit);
  return g_string_free (json, FALSE);
}
