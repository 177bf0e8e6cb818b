/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident.h>

#include <stdio.h>
#include <string.h>

#include "oncall/incident-calendar-private.h"

/* For test_calendar.py: “expand” reads lines “START FROM UNTIL RULE” and prints what each rule gives; “export PLAYBOOK SCHEDULE
 * FROM UNTIL” prints a schedule as a calendar. */

static gint64
read_wall (const char *text)
{
  IncidentCalendarTime time;

  g_assert_true (incident_calendar_read_time (text, strlen (text), &time));
  return time.wall;
}

static void
expand (char **words)
{
  g_autofree char *problem = NULL;
  g_autoptr(IncidentCalendarRule) rule = incident_calendar_rule_parse (words[3], &problem);
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  IncidentCalendarBudget budget = INCIDENT_CALENDAR_BUDGET;

  if (rule == NULL)
    {
      printf ("%s\n", problem);
      return;
    }

  if (!incident_calendar_rule_expand (rule, read_wall (words[0]), FALSE, read_wall (words[1]), read_wall (words[2]), &budget, times))
    printf ("too much ");
  for (guint i = 0; i < times->len; i++)
    {
      g_autofree char *shown = incident_calendar_write_wall (g_array_index (times, gint64, i));

      printf ("%s%s", i > 0 ? "," : "", shown);
    }
  printf ("\n");
}

static gint64
read_moment (const char *text)
{
  gint64 time = 0;

  g_assert_true (incident_time_from_string (text, &time, NULL));
  return time;
}

static void
export (char **words)
{
  g_autofree char *json = NULL;
  g_autofree char *calendar = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (read_moment (words[2]), 7);
  g_autoptr(IncidentStore) store = incident_memory_store_new (clock);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentSchedule) schedule = NULL;

  g_file_get_contents (words[0], &json, NULL, &error);
  g_assert_no_error (error);
  playbook = incident_playbook_new_from_json (json, -1, words[0], &error);
  g_assert_no_error (error);
  desk = incident_desk_new_with_playbook (store, clock, playbook);
  schedule = incident_desk_get_schedule (desk, words[1], &error);
  g_assert_no_error (error);
  calendar = incident_schedule_to_icalendar (schedule, read_moment (words[2]), read_moment (words[3]));
  fputs (calendar, stdout);
}

int
main (int    argc,
      char **argv)
{
  char line[1024];

  if (argc == 6 && g_str_equal (argv[1], "export"))
    {
      export (argv + 2);
      return 0;
    }

  g_assert_true (argc == 2 && g_str_equal (argv[1], "expand"));
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_auto(GStrv) words = g_strsplit (g_strchomp (line), " ", 4);

      g_assert_cmpuint (g_strv_length (words), ==, 4);
      expand (words);
    }
  return 0;
}
