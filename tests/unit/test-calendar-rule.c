/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include "oncall/incident-calendar-private.h"

/* The examples of RFC 5545, 3.8.5.3, with the dates that it gives. All begin at 09:00 by the wall. */
typedef struct
{
  const char *name;
  const char *start;
  const char *rule;
  const char *until;    /* how far it is followed */
  const char *expected; /* days, the year where it changes; “@1030”: not at 09:00 */
} Example;

static const Example examples[] = {
  { "daily, ten times", "19970902", "FREQ=DAILY;COUNT=10", "20000101",
    "19970902 0903 0904 0905 0906 0907 0908 0909 0910 0911" },
  { "every other day", "19970902", "FREQ=DAILY;INTERVAL=2", "19971009",
    "19970902 0904 0906 0908 0910 0912 0914 0916 0918 0920 0922 0924 0926 0928 0930 1002 1004 1006 1008" },
  { "every ten days, five times", "19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "20000101",
    "19970902 0912 0922 1002 1012" },
  { "weekly, ten times", "19970902", "FREQ=WEEKLY;COUNT=10", "20000101",
    "19970902 0909 0916 0923 0930 1007 1014 1021 1028 1104" },
  { "weekly until a day", "19970902", "FREQ=WEEKLY;UNTIL=19971224T000000", "20000101",
    "19970902 0909 0916 0923 0930 1007 1014 1021 1028 1104 1111 1118 1125 1202 1209 1216 1223" },
  { "every other week", "19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", "19980225",
    "19970902 0916 0930 1014 1028 1111 1125 1209 1223 19980106 0120 0203 0217" },
  { "Tuesdays and Thursdays until a day", "19970902", "FREQ=WEEKLY;UNTIL=19971007T000000;WKST=SU;BYDAY=TU,TH", "20000101",
    "19970902 0904 0909 0911 0916 0918 0923 0925 0930 1002" },
  { "Tuesdays and Thursdays, ten times", "19970902", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "20000101",
    "19970902 0904 0909 0911 0916 0918 0923 0925 0930 1002" },
  { "every other week on three days", "19970901", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000;WKST=SU;BYDAY=MO,WE,FR", "20000101",
    "19970901 0903 0905 0915 0917 0919 0929 1001 1003 1013 1015 1017 1027 1029 1031 1110 1112 1114 1124 1126 1128 1208 1210 1212 1222" },
  { "every other week on two days", "19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "20000101",
    "19970902 0904 0916 0918 0930 1002 1014 1016" },
  { "the first Friday, ten times", "19970905", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "20000101",
    "19970905 1003 1107 1205 19980102 0206 0306 0403 0501 0605" },
  { "the first Friday until a day", "19970905", "FREQ=MONTHLY;UNTIL=19971224T000000;BYDAY=1FR", "20000101",
    "19970905 1003 1107 1205" },
  { "the first and last Sunday of every other month", "19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "20000101",
    "19970907 0928 1102 1130 19980104 0125 0301 0329 0503 0531" },
  { "the last Monday but one", "19970922", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "20000101",
    "19970922 1020 1117 1222 19980119 0216" },
  { "the last day but two", "19970928", "FREQ=MONTHLY;BYMONTHDAY=-3", "19980301",
    "19970928 1029 1128 1229 19980129 0226" },
  { "the 2nd and the 15th", "19970902", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "20000101",
    "19970902 0915 1002 1015 1102 1115 1202 1215 19980102 0115" },
  { "the first and the last day", "19970930", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "20000101",
    "19970930 1001 1031 1101 1130 1201 1231 19980101 0131 0201" },
  { "six days every 18 months", "19970910", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "20000101",
    "19970910 0911 0912 0913 0914 0915 19990310 0311 0312 0313" },
  { "each Tuesday of every other month", "19970902", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "19980401",
    "19970902 0909 0916 0923 0930 1104 1111 1118 1125 19980106 0113 0120 0127 0303 0310 0317 0324 0331" },
  { "yearly in two months", "19970610", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "20100101",
    "19970610 0710 19980610 0710 19990610 0710 20000610 0710 20010610 0710" },
  { "every other year in three months", "19970310", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "20100101",
    "19970310 19990110 0210 0310 20010110 0210 0310 20030110 0210 0310" },
  { "three days of every third year", "19970101", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "20100101",
    "19970101 0410 0719 20000101 0409 0718 20030101 0410 0719 20060101" },
  { "the 20th Monday of the year", "19970519", "FREQ=YEARLY;BYDAY=20MO", "20000101",
    "19970519 19980518 19990517" },
  { "Monday of week 20", "19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "20000101",
    "19970512 19980511 19990517" },
  { "Thursdays in March", "19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "20000101",
    "19970313 0320 0327 19980305 0312 0319 0326 19990304 0311 0318 0325" },
  { "Thursdays in summer", "19970605", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "19980701",
    "19970605 0612 0619 0626 0703 0710 0717 0724 0731 0807 0814 0821 0828 19980604 0611 0618 0625" },
  { "Saturday after the first Sunday", "19970913", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "19980614",
    "19970913 1011 1108 1213 19980110 0207 0307 0411 0509 0613" },
  { "election day", "19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "20060101",
    "19961105 20001107 20041102" },
  { "the third of three weekdays", "19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "20000101",
    "19970904 1007 1106" },
  { "the last working day but one", "19970929", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "19980331",
    "19970929 1030 1127 1230 19980129 0226 0330" },
  { "every third hour", "19970902", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000", "20000101",
    "19970902 0902@1200 0902@1500" },
  { "every quarter of an hour", "19970902", "FREQ=MINUTELY;INTERVAL=15;COUNT=6", "20000101",
    "19970902 0902@0915 0902@0930 0902@0945 0902@1000 0902@1015" },
  { "every hour and a half", "19970902", "FREQ=MINUTELY;INTERVAL=90;COUNT=4", "20000101",
    "19970902 0902@1030 0902@1200 0902@1330" },
  { "every 20 minutes of two hours, by days", "19970902", "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40", "19970904",
    "19970902 0902@0920 0902@0940 0902@1000 0902@1020 0902@1040 0903 0903@0920 0903@0940 0903@1000 0903@1020 0903@1040" },
  { "every 20 minutes of two hours, by minutes", "19970902", "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10", "19970904",
    "19970902 0902@0920 0902@0940 0902@1000 0902@1020 0902@1040 0903 0903@0920 0903@0940 0903@1000 0903@1020 0903@1040" },
  { "weeks that begin on Monday", "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "20000101",
    "19970805 0810 0819 0824" },
  { "weeks that begin on Sunday", "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "20000101",
    "19970805 0817 0819 0831" },
  { "a day that February does not have", "20070115", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "20100101",
    "20070115 0130 0215 0315 0330" },
};

static gint64
wall (const char *day, const char *clock)
{
  g_autofree char *text = g_strdup_printf ("%sT%s00", day, clock);
  IncidentCalendarTime time;

  assert_true (incident_calendar_read_time (text, strlen (text), &time));
  return time.wall;
}

static IncidentCalendarRule *
parse (const char *text)
{
  g_autofree char *problem = NULL;
  IncidentCalendarRule *rule = incident_calendar_rule_parse (text, &problem);

  if (rule == NULL)
    fail_msg ("%s: %s", text, problem);
  return rule;
}

static char *
print (GArray *times)
{
  GString *text = g_string_new (NULL);
  char year[5] = "";

  for (guint i = 0; i < times->len; i++)
    {
      g_autofree char *shown = incident_calendar_write_wall (g_array_index (times, gint64, i));

      if (i > 0)
        g_string_append_c (text, ' ');
      if (strncmp (shown, year, 4) != 0)
        g_string_append_len (text, shown, 4);
      memcpy (year, shown, 4);
      g_string_append_printf (text, "%.2s%.2s", shown + 5, shown + 8);
      if (!g_str_equal (shown + 11, "09:00"))
        g_string_append_printf (text, "@%.2s%.2s", shown + 11, shown + 14);
    }
  return g_string_free (text, FALSE);
}

static void
assert_gives (const char *start, const char *text, const char *from, const char *until, const char *expected)
{
  g_autoptr(IncidentCalendarRule) rule = parse (text);
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *given = NULL;
  IncidentCalendarBudget budget = INCIDENT_CALENDAR_BUDGET;

  assert_true (incident_calendar_rule_expand (rule, wall (start, "0900"), FALSE, wall (from, "0900"), wall (until, "0900"), &budget, times));
  given = print (times);
  assert_string_equal (given, expected);
}

static void
test_example_of_the_standard (void **state)
{
  const Example *example = *state;

  assert_gives (example->start, example->rule, example->start, example->until, example->expected);
}

static void
test_every_day_in_january_by_years_and_by_days (void **state)
{
  static const char * const rules[] = { "FREQ=YEARLY;UNTIL=20000131T140000;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
                                        "FREQ=DAILY;UNTIL=20000131T140000;BYMONTH=1" };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(IncidentCalendarRule) rule = parse (rules[i]);
      g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
      IncidentCalendarBudget budget = INCIDENT_CALENDAR_BUDGET;

      assert_true (incident_calendar_rule_expand (rule, wall ("19980101", "0900"), FALSE, wall ("19980101", "0900"), wall ("20100101", "0900"),
                                                  &budget, times));
      assert_int_equal (times->len, 93);
      assert_int_equal (g_array_index (times, gint64, 92), wall ("20000131", "0900"));
    }
}

static void
test_friday_the_13th_follows_a_start_that_is_none (void **state)
{
  assert_gives ("19970902", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "19970903", "20001231", "19980213 0313 1113 19990813 20001013");
}

static void
test_window_long_after_the_start_gives_the_same_times (void **state)
{
  assert_gives ("19970902", "FREQ=DAILY;INTERVAL=10", "20260101", "20260201", "20260103 0113 0123");
  assert_gives ("19970902", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "20260101", "20260118", "20260101 0113 0115");
  assert_gives ("19970905", "FREQ=MONTHLY;INTERVAL=5;BYDAY=1FR", "20260101", "20270101", "20260102 0605 1106");
  assert_gives ("20000229", "FREQ=YEARLY", "20260101", "20330101", "20280229 20320229");
}

static void
test_window_does_not_change_what_is_counted (void **state)
{
  assert_gives ("19970902", "FREQ=DAILY;COUNT=10", "19970909", "20000101", "19970909 0910 0911");
}

static void
test_week_number_without_weekday_takes_that_of_the_start (void **state)
{
  assert_gives ("20260513", "FREQ=YEARLY;BYWEEKNO=20", "20260101", "20290101", "20260513 20270519 20280517");
}

static void
test_position_counts_in_a_week_too (void **state)
{
  assert_gives ("20260105", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "20260106", "20260120", "20260109 0116");
}

static void
test_rule_that_never_happens_costs_little (void **state)
{
  static const char * const rules[] = { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
                                        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30" };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr(IncidentCalendarRule) rule = parse (rules[i]);
      g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
      IncidentCalendarBudget budget = 10000;

      assert_true (incident_calendar_rule_expand (rule, wall ("19700101", "0900"), FALSE, wall ("20260101", "0900"), wall ("20270101", "0900"),
                                                  &budget, times));
      assert_int_equal (times->len, 0);
    }
}

static void
test_rule_that_costs_too_much_is_given_up (void **state)
{
  g_autoptr(IncidentCalendarRule) rule = parse ("FREQ=MINUTELY;COUNT=999999999");
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  IncidentCalendarBudget budget = 10000;

  assert_false (incident_calendar_rule_expand (rule, wall ("19700101", "0900"), FALSE, wall ("20260101", "0900"), wall ("20270101", "0900"),
                                               &budget, times));
}

/* Its memory is what was paid for: no more than one day is looked at without. */
static void
test_year_of_seconds_is_given_up_before_it_is_whole (void **state)
{
  g_autoptr(GString) text = g_string_new ("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0");
  g_autofree char *problem = NULL;
  g_autoptr(IncidentCalendarRule) rule = NULL;
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  IncidentCalendarBudget budget = INCIDENT_CALENDAR_BUDGET;

  for (guint i = 1; i < 24; i++)
    g_string_append_printf (text, ",%u", i);
  g_string_append (text, ";BYMINUTE=0");
  for (guint i = 1; i < 60; i++)
    g_string_append_printf (text, ",%u", i);
  g_string_append (text, ";BYSECOND=0");
  for (guint i = 1; i < 60; i++)
    g_string_append_printf (text, ",%u", i);
  rule = incident_calendar_rule_parse (text->str, &problem);
  assert_null (problem);

  assert_false (incident_calendar_rule_expand (rule, wall ("20260101", "0900"), FALSE, wall ("20260101", "0900"), wall ("20270101", "0900"),
                                               &budget, times));
  assert_true (budget > -10 * INCIDENT_CALENDAR_DAY);
}

static void
test_part_that_is_wrong_says_what_would_be_right (void **state)
{
  static const char * const wrong[][2] = {
    { "INTERVAL=2", "it needs FREQ, such as FREQ=WEEKLY" },
    { "FREQ=SECONDLY", "“FREQ” must be MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY" },
    { "FREQ=DAILY;INTERVAL=0", "“INTERVAL” must be a number from 1 to 10000" },
    { "FREQ=DAILY;COUNT=-1", "“COUNT” must be a number from 1 on" },
    { "FREQ=DAILY;UNTIL=soon", "“UNTIL” must be a day such as 20261231 or a time such as 20261231T080000Z" },
    { "FREQ=WEEKLY;BYDAY=XX", "“BYDAY” must be weekdays such as MO, 2TU or -1FR" },
    { "FREQ=MONTHLY;BYMONTHDAY=0", "“BYMONTHDAY” must be numbers from 1 to 31 or from -31 to -1" },
    { "FREQ=DAILY;BYHOUR=24", "“BYHOUR” must be numbers from 0 to 23" },
    { "FREQ=DAILY;BYHOUR=", "“BYHOUR” must be numbers from 0 to 23" },
    { "FREQ=DAILY;COUNT=2;UNTIL=20260101", "COUNT and UNTIL must not stand in one rule" },
    { "FREQ=WEEKLY;BYDAY=1MO", "BYDAY has numbers with FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO, alone" },
    { "FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO goes with FREQ=YEARLY alone" },
    { "FREQ=YEARLY;RSCALE=CHINESE", "“RSCALE” must be GREGORIAN, the only calendar that schedules know" },
    { "FREQ=DAILY;FOO=1", "“FOO” must be one of the parts of a rule, such as FREQ, INTERVAL or BYDAY" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *problem = NULL;

      assert_null (incident_calendar_rule_parse (wrong[i][0], &problem));
      assert_string_equal (problem, wrong[i][1]);
    }
}

static void
test_days_go_to_numbers_and_back (void **state)
{
  for (gint64 day = incident_calendar_get_day (1, 1, 1); day <= incident_calendar_get_day (9999, 12, 31); day++)
    {
      int year, month, of_month;

      incident_calendar_split_day (day, &year, &month, &of_month);
      if (!g_date_valid_dmy ((GDateDay) of_month, (GDateMonth) month, (GDateYear) year)
          || incident_calendar_get_day (year, month, of_month) != day)
        fail_msg ("day %" G_GINT64_FORMAT " is %d-%d-%d", day, year, month, of_month);
    }
  assert_int_equal (incident_calendar_get_day (1970, 1, 1), 0);
  assert_int_equal (incident_calendar_get_day (2000, 3, 1), 11017);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_every_day_in_january_by_years_and_by_days),
    cmocka_unit_test (test_friday_the_13th_follows_a_start_that_is_none),
    cmocka_unit_test (test_window_long_after_the_start_gives_the_same_times),
    cmocka_unit_test (test_window_does_not_change_what_is_counted),
    cmocka_unit_test (test_week_number_without_weekday_takes_that_of_the_start),
    cmocka_unit_test (test_position_counts_in_a_week_too),
    cmocka_unit_test (test_rule_that_never_happens_costs_little),
    cmocka_unit_test (test_rule_that_costs_too_much_is_given_up),
    cmocka_unit_test (test_year_of_seconds_is_given_up_before_it_is_whole),
    cmocka_unit_test (test_part_that_is_wrong_says_what_would_be_right),
    cmocka_unit_test (test_days_go_to_numbers_and_back),
  };
  struct CMUnitTest standard[G_N_ELEMENTS (examples)];
  int failed;

  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    standard[i] = (struct CMUnitTest) { examples[i].name, test_example_of_the_standard, NULL, NULL, (void *) &examples[i] };

  failed = cmocka_run_group_tests_name ("examples of RFC 5545", standard, NULL, NULL);
  return failed + cmocka_run_group_tests (tests, NULL, NULL);
}
