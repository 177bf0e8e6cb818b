/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A company lives for a month, or with the argument “year” for a year in which 20,000 incidents come: with the real desk and
 * escalator, and an independent check of all that they did. Twice, with the same result.
 *
 * INCIDENT_SEED says where chance begins; it is told. */
#include "company.h"

#include <stdlib.h>

static gboolean is_year;

static guint32
get_seed (void)
{
  const char *seed = g_getenv ("INCIDENT_SEED");

  return seed != NULL ? (guint32) g_ascii_strtoull (seed, NULL, 10) : 20270101;
}

static CompanyTime
live (void)
{
  CompanyTime time = { .seed = get_seed (), .days = is_year ? 365 : 30, .incidents = is_year ? 20000 : 1600,
                       .mischief = is_year ? 0.01 : 0.04 };

  company_live (&time);
  print_message ("seed %u, %u days in %.1f s of the processor: %s\n", time.seed, time.days, time.seconds, time.summary);
  if (time.fault != NULL)
    fail_msg ("seed %u: %s", time.seed, time.fault);
  if (time.missing != NULL)
    fail_msg ("seed %u: there was no “%s”", time.seed, time.missing);
  return time;
}

static void
test_company_is_paged_as_the_rules_say (void **state)
{
  CompanyTime first = live ();
  CompanyTime again = live ();

  assert_string_equal (first.digest, again.digest);
  assert_string_equal (first.summary, again.summary);
  if (is_year && g_getenv ("RUNNING_ON_VALGRIND") == NULL)
    assert_true (first.seconds < 60.0 && again.seconds < 60.0);
  company_clear (&first);
  company_clear (&again);
}

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_company_is_paged_as_the_rules_say),
  };

  is_year = argc > 1 && g_str_equal (argv[1], "year");
  return cmocka_run_group_tests (tests, NULL, NULL);
}
