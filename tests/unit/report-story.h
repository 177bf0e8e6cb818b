/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <string.h>

/* Cases for reports, told through the public interface to a desk in memory,
 * under a clock that moves only when told to. */

typedef struct
{
  IncidentClock *clock;
  IncidentDesk  *desk;
  IncidentCase  *kase;
  gint64         start;
} Story;

#define MINUTE (G_TIME_SPAN_MINUTE)
#define ALERT(state, instance, start, end) \
  "{\"status\":\"" state "\",\"labels\":{\"alertname\":\"CheckoutErrorRate\",\"cluster\":\"eu-central\"," \
  "\"instance\":\"" instance "\",\"service\":\"checkout\",\"severity\":\"error\"}," \
  "\"annotations\":{\"summary\":\"Checkout answers 500 to one in three customers\"}," \
  "\"startsAt\":\"2026-11-23T" start "Z\",\"endsAt\":\"" end "\",\"fingerprint\":\"" instance "\"}"
#define WEBHOOK(state, alerts) \
  "{\"version\":\"4\",\"status\":\"" state "\",\"receiver\":\"r\",\"groupKey\":\"g\"," \
  "\"groupLabels\":{\"alertname\":\"CheckoutErrorRate\"}," \
  "\"commonLabels\":{\"alertname\":\"CheckoutErrorRate\",\"service\":\"checkout\"}," \
  "\"commonAnnotations\":{\"summary\":\"Checkout answers 500 to one in three customers\"}," \
  "\"alerts\":[" alerts "]}"
#define NEVER "0001-01-01T00:00:00Z"

static inline void
story_begin (Story *story)
{
  g_autoptr(IncidentStore) store = NULL;

  assert_true (incident_time_from_string ("2026-11-23T07:00:05.250000Z", &story->start, NULL));
  story->clock = incident_manual_clock_new (story->start, 7);
  store = incident_memory_store_new (story->clock);
  story->desk = incident_desk_new (store, story->clock, NULL);
  story->kase = NULL;
}

static inline void
story_end (Story *story)
{
  g_clear_object (&story->kase);
  g_clear_object (&story->desk);
  g_clear_object (&story->clock);
}

/* Minutes after the start; names and values, then NULL. */
static inline void
story_tell (Story *story, double minute, IncidentCommand *command)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase = NULL;

  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (story->clock), story->start + (gint64) (minute * MINUTE));
  kase = incident_desk_act (story->desk, story->kase != NULL ? incident_case_get_number (story->kase) : 0, command, &error);
  assert_no_error (error);
  g_set_object (&story->kase, kase);
}

static inline IncidentCommand *
make_command (const char *verb, const char *actor, va_list arguments)
{
  IncidentCommand *command = incident_command_new (verb, actor);
  const char *name;

  while ((name = va_arg (arguments, const char *)) != NULL)
    {
      g_autoptr(GError) error = NULL;

      incident_command_set (command, name, va_arg (arguments, const char *), &error);
      assert_no_error (error);
    }
  return command;
}

static inline void
story_act (Story *story, double minute, const char *actor, const char *verb, ...)
{
  g_autoptr(IncidentCommand) command = NULL;
  va_list arguments;

  va_start (arguments, verb);
  command = make_command (verb, actor, arguments);
  va_end (arguments);
  story_tell (story, minute, command);
}

/* Written down at @minute, and said to have happened at @happened. */
static inline void
story_recall (Story *story, double minute, double happened, const char *actor, const char *verb, ...)
{
  g_autoptr(IncidentCommand) command = NULL;
  va_list arguments;

  va_start (arguments, verb);
  command = make_command (verb, actor, arguments);
  va_end (arguments);
  incident_command_set_occurred_at (command, story->start + (gint64) (happened * MINUTE));
  story_tell (story, minute, command);
}

static inline void
story_ingest (Story *story, double minute, const char *body)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new_static (body, strlen (body));
  g_autoptr(GPtrArray) receipts = NULL;

  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (story->clock), story->start + (gint64) (minute * MINUTE));
  receipts = incident_desk_ingest (story->desk, "alertmanager", bytes, NULL, "alertmanager", INCIDENT_TIME_NONE, &error);
  assert_no_error (error);
  if (story->kase == NULL)
    story->kase = incident_desk_get_case (story->desk, 1, &error);
  assert_no_error (error);
}

/* Alerts open a case; the first fix does not hold, the second does. */
static inline void
tell_to_examination (Story *story)
{
  story_begin (story);
  story_ingest (story, 0, WEBHOOK ("firing", ALERT ("firing", "pay-1", "06:52:05", NEVER) ","
                                             ALERT ("firing", "pay-2", "06:54:05", NEVER)));
  story_act (story, 2, "ana", "assign", "role", "commander", "person", "ana", NULL);
  story_act (story, 3, "ana", "classify", "impact", "high", "urgency", "high", "category", "payments", NULL);
  story_act (story, 5, "ana", "diagnose", "text", "Error rate 31 %, only /pay; began with the deployment of 1.4.2 at 06:50", NULL);
  story_act (story, 9, "ana", "classify", "severity", "sev2", "text", "a third of all payments fail", NULL);
  story_act (story, 14, "ana", "escalate", "target", "payments", "text", "needs a database owner", NULL);
  story_act (story, 21, "ana", "assign", "role", "expert", "person", "bo", NULL);
  story_act (story, 24, "bo", "examine", "text",
             "Connection pool exhausted since 1.4.2: each request to /pay takes two connections and gives back one", NULL);
}

static inline void
tell_to_close (Story *story)
{
  tell_to_examination (story);
  story_act (story, 33, "bo", "resolve", "text", "Raised the pool from 20 to 80 connections", NULL);
  story_act (story, 41, "bo", "examine", "text", "Full again after six minutes: more connections only buy time", NULL);
  story_act (story, 52, "bo", "resolve", "text", "Rolled back to 1.4.1 on all twelve instances", NULL);
  story_ingest (story, 58.5, WEBHOOK ("resolved", ALERT ("resolved", "pay-1", "06:52:05", "2026-11-23T07:57:05Z") ","
                                                  ALERT ("resolved", "pay-2", "06:54:05", "2026-11-23T07:58:05Z")));
  story_recall (story, 66, 60, "chris", "note", "text", "Told the support desk that card payments work again", NULL);
  story_act (story, 72, "bo", "recover", "text", "Error rate 0.1 % for 15 min, pool at 9 of 20", NULL);
  story_act (story, 96, "ana", "close", "text", "Reviewed with payments; 1.4.3 will give the connection back", NULL);
}
