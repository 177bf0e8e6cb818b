/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include "plain-oncall.h"

/* A company that is on call: 40 people in 6 zones, 12 schedules and policies. People acknowledge or do not, are away, stand
 * in for each other and change the rules; clocks are set, and programs stop. All by chance, and the same each time for the
 * same seed. The functions assert. */

typedef struct
{
  guint32 seed;
  guint   days;
  guint   incidents;
  double  mischief;    /* how likely it is that a clock is set while somebody waits for an answer to one of them */
  double  seconds;     /* out: of the processor */
  const char *missing; /* out: what never happened, and should; NULL: all did */
  char   *summary;     /* out: what the plain check has met */
  char   *digest;      /* out: of all events and messages */
  char   *fault;       /* out: what does not hold; NULL: nothing */
} CompanyTime;

void company_live  (CompanyTime *time);
void company_clear (CompanyTime *time);

/* The rules of the company as they were changed for the so-manieth time; tells the check of them where there is one. */
char *company_make_rules (guint        edit,
                          PlainOncall *check); /* nullable */
