/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-calendar-private.h"

G_BEGIN_DECLS

typedef enum
{
  INCIDENT_CALENDAR_MINUTELY,
  INCIDENT_CALENDAR_HOURLY,
  INCIDENT_CALENDAR_DAILY,
  INCIDENT_CALENDAR_WEEKLY,
  INCIDENT_CALENDAR_MONTHLY,
  INCIDENT_CALENDAR_YEARLY,
} IncidentCalendarFrequency;

/* The n of “2MO” or “-1FR” is at most this. */
#define INCIDENT_CALENDAR_MAX_NTH  53
#define INCIDENT_CALENDAR_MAX_DAYS 366

/* A list of days of a month, of a year, of weeks: from the start (1 …) and from the end (-1 …). */
typedef struct
{
  gboolean is_given;
  guint8   plus[INCIDENT_CALENDAR_MAX_DAYS + 1];
  guint8   minus[INCIDENT_CALENDAR_MAX_DAYS + 1];
} IncidentCalendarDays;

struct _IncidentCalendarRule
{
  IncidentCalendarFrequency frequency;
  guint                interval;
  guint                count;         /* 0: no limit */
  gboolean             has_until;
  IncidentCalendarTime until;
  guint                week_start;    /* 0: Monday, as all weekdays here */
  guint64              seconds;       /* a bit each; 0: not given; as below */
  guint64              minutes;
  guint64              hours;
  guint64              months;
  gboolean             has_weekdays;
  gboolean             has_nth;
  guint64              weekdays;      /* without a number */
  guint8               nth_plus[7][INCIDENT_CALENDAR_MAX_NTH + 1];
  guint8               nth_minus[7][INCIDENT_CALENDAR_MAX_NTH + 1];
  IncidentCalendarDays month_days;
  IncidentCalendarDays year_days;
  IncidentCalendarDays weeks;
  IncidentCalendarDays positions;     /* BYSETPOS */
};

G_END_DECLS
