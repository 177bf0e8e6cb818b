/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "oncall/incident-roster-private.h"

G_BEGIN_DECLS

/* Calendars of others (iCalendar, RFC 5545), read as shifts. */

/* The longest text that is read. */
#define INCIDENT_CALENDAR_MAX_BYTES  (8 * 1024 * 1024)
#define INCIDENT_CALENDAR_MAX_EVENTS 20000
/* One takes two hundred times the memory of its text. */
#define INCIDENT_CALENDAR_MAX_RULES  20000
/* So many shifts at most are made of one text: what the journal can keep in one entry. */
#define INCIDENT_CALENDAR_MAX_SHIFTS 6000

/* Of what says none: as that of a layer that says none. */
#define INCIDENT_CALENDAR_PRIORITY   1

/* The shifts of the events of @text (of @length bytes; it need not be valid in any way) within [@from, @until), cut at
 * the ends: by their time, without doubles. Those that name nobody keep the event's title as their words. Floating times and whole days are of @zone. What people should know is
 * added to @warnings (element-type utf8). NULL: INCIDENT_ERROR_INVALID with the lines that are wrong.
 * Returns: (element-type IncidentFixedShift): which the array clears. */
GArray  *incident_calendar_read         (const char             *text,
                                         gsize                   length,
                                         const IncidentRules    *rules,
                                         GTimeZone              *zone,
                                         gint64                  from,
                                         gint64                  until,
                                         GPtrArray              *warnings,
                                         GError                **error);

/* What follows are the parts of it. */

/* Times of the wall are seconds since 1970-01-01 00:00 as it shows them. */
#define INCIDENT_CALENDAR_DAY    G_GINT64_CONSTANT (86400)
#define INCIDENT_CALENDAR_WEEK   (7 * INCIDENT_CALENDAR_DAY)

/* Work that is left to be done for one text, in days looked at; a time that is given counts for ten. */
typedef gint64 IncidentCalendarBudget;
#define INCIDENT_CALENDAR_BUDGET G_GINT64_CONSTANT (2000000)

typedef struct
{
  const char *name;    /* in capitals; lent, as all here, by the reader */
  const char *value;   /* not quoted; a list has all its values */
} IncidentCalendarParameter;

/* “DTSTART;TZID=Europe/Madrid:20260105T090000” */
typedef struct
{
  char       *name;    /* in capitals; owns the text of all of it */
  const char *value;
  guint       line;    /* from 1 */
  guint       n_parameters;
  IncidentCalendarParameter parameters[12];
} IncidentCalendarLine;

/* Begins to read a text that was found to be UTF-8 without NUL. */
typedef struct
{
  const char *at;
  guint       line;    /* of @at */
} IncidentCalendarReader;

/* FALSE: the end, or something is wrong, which is told in @problem then. */
gboolean    incident_calendar_reader_next        (IncidentCalendarReader     *self,
                                                  IncidentCalendarLine       *line,
                                                  char                      **problem);
void        incident_calendar_line_clear         (IncidentCalendarLine       *self);
/* NULL: it has none. */
const char *incident_calendar_line_get_parameter (const IncidentCalendarLine *self,
                                                  const char                 *name);
/* With “\n”, “\,” … read. (transfer full) */
char       *incident_calendar_unescape           (const char                 *value);

typedef enum
{
  INCIDENT_CALENDAR_DATE,      /* a whole day */
  INCIDENT_CALENDAR_FLOATING,  /* in whatever zone */
  INCIDENT_CALENDAR_UTC,
} IncidentCalendarTimeKind;

typedef struct
{
  IncidentCalendarTimeKind kind;
  gint64                   wall;
} IncidentCalendarTime;

/* “P1W”, “P1DT12H”: days by the wall, the rest as it passes. */
typedef struct
{
  gint64 days;
  gint64 seconds;
} IncidentCalendarDuration;

/* Each takes all of @length bytes of @text. */
gboolean incident_calendar_read_time     (const char               *text,
                                          gsize                     length,
                                          IncidentCalendarTime     *time);
gboolean incident_calendar_read_duration (const char               *text,
                                          gsize                     length,
                                          IncidentCalendarDuration *duration);
/* “+0100” in seconds. */
gboolean incident_calendar_read_offset   (const char               *text,
                                          gint32                   *offset);
/* Days since 1970-01-01 and back. */
gint64   incident_calendar_get_day       (int                       year,
                                          int                       month,
                                          int                       day);
void     incident_calendar_split_day     (gint64                    days,
                                          int                      *year,
                                          int                      *month,
                                          int                      *day);

/* A zone of the system, or one that the text itself describes. */
typedef struct
{
  GTimeZone *zone;    /* NULL: it is described */
  GArray    *changes; /* (element-type IncidentCalendarChange), by time; not empty */
  gint64     first;   /* when the first of them is … */
  gint32     before;  /* … and the offset until then */
} IncidentCalendarZone;

typedef struct
{
  gint64 at;          /* seconds UTC */
  gint32 offset;      /* since then */
} IncidentCalendarChange;

IncidentCalendarZone *incident_calendar_zone_new        (GTimeZone            *zone); /* nullable */
/* A name of IANA's; NULL: there is no such zone. */
IncidentCalendarZone *incident_calendar_zone_new_named  (const char           *name);
void                  incident_calendar_zone_free       (IncidentCalendarZone *self);
void                  incident_calendar_zone_add_change (IncidentCalendarZone *self,
                                                         gint64                at,
                                                         gint32                before,
                                                         gint32                after);
/* Once all changes are there. FALSE: there are none. */
gboolean              incident_calendar_zone_seal       (IncidentCalendarZone *self);
gint32                incident_calendar_zone_get_offset (const IncidentCalendarZone *self,
                                                         gint64                at);
/* By RFC 5545, 3.3.5: what the wall shows twice is the first; what it skips is told by the offset before.
 * Seconds UTC. */
gint64                incident_calendar_zone_get_instant (const IncidentCalendarZone *self,
                                                         gint64                wall,
                                                         gboolean             *is_skipped); /* nullable */

/* RRULE: frequencies from MINUTELY on. */
typedef struct _IncidentCalendarRule IncidentCalendarRule;

/* NULL: @problem says what would be right. */
IncidentCalendarRule *incident_calendar_rule_parse (const char               *text,
                                                    char                    **problem);
void                  incident_calendar_rule_free  (IncidentCalendarRule     *self);
/* FALSE: it has no end by a time. */
gboolean              incident_calendar_rule_get_until (IncidentCalendarRule *self,
                                                    IncidentCalendarTime     *until);
/* By the wall: the last time that it may still give. */
void                  incident_calendar_rule_set_until (IncidentCalendarRule *self,
                                                    gint64                    wall);
/* Adds to @times (element-type gint64) those within [from, until), all by the wall, in their order, that begin with
 * @start, which counts even where the rule does not give it. FALSE: the budget is spent. */
gboolean              incident_calendar_rule_expand (const IncidentCalendarRule *self,
                                                    gint64                    start,
                                                    gboolean                  is_date,
                                                    gint64                    from,
                                                    gint64                    until,
                                                    IncidentCalendarBudget   *budget,
                                                    GArray                   *times);

/* Someone whom an event names. */
typedef struct
{
  char     *address;   /* without “mailto:” */
  gboolean  declined;
} IncidentCalendarAttendee;

/* RDATE: a time, or a period. */
typedef struct
{
  IncidentCalendarTime        time;
  const IncidentCalendarZone *zone;
  gboolean                    is_period;
  IncidentCalendarTime        end;        /* of a period that names it */
  gboolean                    has_end;
  IncidentCalendarDuration    duration;   /* of one that does not */
} IncidentCalendarDate;

typedef struct
{
  guint                       line;       /* of its BEGIN */
  char                       *uid;        /* nullable, as those below */
  char                       *summary;
  char                       *organizer;
  GArray                     *attendees;  /* (element-type IncidentCalendarAttendee) */
  gint64                      sequence;
  gboolean                    is_cancelled;
  gboolean                    has_start;
  IncidentCalendarTime        start;
  const IncidentCalendarZone *zone;       /* of the start; lent */
  gboolean                    has_end;
  IncidentCalendarTime        end;
  const IncidentCalendarZone *end_zone;
  gboolean                    has_duration;
  IncidentCalendarDuration    duration;
  GPtrArray                  *rules;      /* (element-type IncidentCalendarRule) */
  GPtrArray                  *exrules;    /* as before 2009 */
  GArray                     *dates;      /* (element-type IncidentCalendarDate) */
  GArray                     *exdates;    /* (element-type IncidentCalendarDate) */
  gboolean                    has_recurrence_id;
  gboolean                    and_future; /* it changes those after it, too */
  IncidentCalendarDate        recurrence_id;
} IncidentCalendarEvent;

/* A text as it is read. */
typedef struct
{
  GHashTable            *zones;    /* name → IncidentCalendarZone */
  IncidentCalendarZone  *utc;
  IncidentCalendarZone  *local;    /* of floating times */
  GPtrArray             *events;   /* (element-type IncidentCalendarEvent) */
  GPtrArray             *problems; /* of strings: it is not read if there are any */
  GPtrArray             *warnings; /* of strings, lent */
  gint64                 horizon;  /* seconds UTC: later is not asked for */
  IncidentCalendarBudget budget;
  guint                  n_rules;  /* read so far, of zones too */
} IncidentCalendar;

void     incident_calendar_add_problem (IncidentCalendar            *self,
                                        guint                        line,
                                        const char                  *format,
                                        ...) G_GNUC_PRINTF (3, 4);
void     incident_calendar_add_warning (IncidentCalendar            *self,
                                        guint                        line,
                                        const char                  *format,
                                        ...) G_GNUC_PRINTF (3, 4);
/* Reads all components. */
void     incident_calendar_parse       (IncidentCalendar            *self,
                                        const char                  *text);
/* A line within a VEVENT. */
void     incident_calendar_event_take  (IncidentCalendar            *self,
                                        IncidentCalendarEvent       *event,
                                        const IncidentCalendarLine  *line);
/* Adds the rule of a line, or a problem. */
void     incident_calendar_take_rule   (IncidentCalendar            *self,
                                        const IncidentCalendarLine  *line,
                                        GPtrArray                   *rules);
/* Once all zones are known: what is missing, what contradicts itself. */
void     incident_calendar_event_check (IncidentCalendar            *self,
                                        IncidentCalendarEvent       *event);
void     incident_calendar_event_free  (IncidentCalendarEvent       *self);

/* One time that an event happens. */
typedef struct
{
  const IncidentCalendarEvent *event;   /* whose words count: the one that changes it, where one does; lent */
  const IncidentCalendarZone  *zone;    /* lent */
  gint64                       wall;    /* as its zone shows the start … */
  gint64                       at;      /* … and in seconds UTC */
  gint64                       until;
} IncidentCalendarOccurrence;

/* Adds all that have a part within [from, until), seconds UTC, to @occurrences (element-type
 * IncidentCalendarOccurrence); some that have none may be among them. */
void     incident_calendar_list_occurrences (IncidentCalendar       *self,
                                        gint64                       from,
                                        gint64                       until,
                                        GArray                      *occurrences);
/* “2026-01-05 09:00” */
char    *incident_calendar_write_wall  (gint64                       wall);

/* Who is meant by an event: adds names (lent by the rules, or interned) to @people. FALSE: nobody. @priority: “[L3]”. */
typedef struct _IncidentCalendarPeople IncidentCalendarPeople;

IncidentCalendarPeople *incident_calendar_people_new  (const IncidentRules         *rules);
void                    incident_calendar_people_free (IncidentCalendarPeople      *self);
gboolean                incident_calendar_people_find (IncidentCalendarPeople      *self,
                                                       const IncidentCalendarEvent *event,
                                                       GPtrArray                   *people);
/* What comes after “[L3]”. */
const char             *incident_calendar_split_priority (const char               *summary,
                                                       guint                       *priority);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentCalendarRule, incident_calendar_rule_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentCalendarZone, incident_calendar_zone_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentCalendarEvent, incident_calendar_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IncidentCalendarPeople, incident_calendar_people_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IncidentCalendarLine, incident_calendar_line_clear)

G_END_DECLS
