/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "incident-test.h"

#include <glib/gstdio.h>
#include <string.h>

/* A desk in memory, under a clock that moves only when told to. */

#define START G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z */
#define MINUTE (G_TIME_SPAN_MINUTE)

typedef struct
{
  IncidentClock *clock;
  IncidentStore *store;
  IncidentDesk  *desk;
} Office;

static inline int
office_open (void **state)
{
  Office *office = g_new0 (Office, 1);

  office->clock = incident_manual_clock_new (START, 7);
  office->store = incident_memory_store_new (office->clock);
  office->desk = incident_desk_new (office->store, office->clock, NULL);
  *state = office;
  return 0;
}

static inline int
office_close (void **state)
{
  Office *office = *state;

  g_object_unref (office->desk);
  g_object_unref (office->store);
  g_object_unref (office->clock);
  g_free (office);
  return 0;
}

static inline int
office_open_in_file (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("incident-desk-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  Office *office = g_new0 (Office, 1);
  g_autoptr(GError) error = NULL;

  office->clock = incident_manual_clock_new (START, 7);
  office->store = incident_sqlite_store_open (path, office->clock, &error);
  assert_no_error (error);
  office->desk = incident_desk_new (office->store, office->clock, NULL);
  g_object_set_data_full (G_OBJECT (office->clock), "folder", g_steal_pointer (&folder), g_free);
  *state = office;
  return 0;
}

static inline int
office_close_in_file (void **state)
{
  Office *office = *state;
  g_autofree char *folder = g_strdup (g_object_get_data (G_OBJECT (office->clock), "folder"));
  static const char * const names[] = { "store.db", "store.db-wal", "store.db-shm" };

  office_close (state);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  return g_rmdir (folder);
}

#define office_test(function) cmocka_unit_test_setup_teardown (function, office_open, office_close)

static inline void
advance (Office *office, gint64 duration)
{
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (office->clock), duration);
}

/* Names and values, then NULL. */
static inline IncidentCommand *
command_new_va (const char *verb, const char *actor, va_list arguments)
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

static inline IncidentCommand * G_GNUC_NULL_TERMINATED
command_new (const char *verb, const char *actor, ...)
{
  va_list arguments;
  IncidentCommand *command;

  va_start (arguments, actor);
  command = command_new_va (verb, actor, arguments);
  va_end (arguments);
  return command;
}

static inline IncidentCase *
open_with (Office *office, IncidentCommand *command /* (transfer full) */)
{
  g_autoptr(IncidentCommand) owned G_GNUC_UNUSED = command;
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_act (office->desk, 0, command, &error);

  assert_no_error (error);
  return kase;
}

static inline IncidentCase *
open_case (Office *office)
{
  return open_with (office, command_new ("open", "ana", "title", "Checkout answers 500", NULL));
}

static inline void
act_with (IncidentCase *kase, IncidentCommand *command /* (transfer full) */)
{
  g_autoptr(IncidentCommand) owned G_GNUC_UNUSED = command;
  g_autoptr(GError) error = NULL;

  incident_case_act (kase, command, &error);
  assert_no_error (error);
}

static inline void G_GNUC_NULL_TERMINATED
act (IncidentCase *kase, const char *verb, const char *actor, ...)
{
  va_list arguments;
  IncidentCommand *command;

  va_start (arguments, actor);
  command = command_new_va (verb, actor, arguments);
  va_end (arguments);
  act_with (kase, command);
}

/* What is said no to leaves everything as it was. */
static inline void
assert_fails_with (IncidentCase *kase, IncidentCommand *command /* (transfer full) */, IncidentError code,
                   const char *where, const char *message)
{
  g_autoptr(IncidentCommand) owned G_GNUC_UNUSED = command;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = incident_case_to_json (kase);
  g_autofree char *after = NULL;

  if (incident_case_act (kase, command, &error))
    fail_msg ("taken, but should be refused: %s", message);
  assert_error (error, INCIDENT_ERROR, code);
  assert_string_equal (error->message, message);
  if (where == NULL)
    assert_null (incident_error_get_where (error));
  else
    assert_string_equal (incident_error_get_where (error), where);
  after = incident_case_to_json (kase);
  assert_string_equal (before, after);
}

static inline void G_GNUC_NULL_TERMINATED
assert_refused (IncidentCase *kase, const char *message, const char *verb, const char *actor, ...)
{
  va_list arguments;
  IncidentCommand *command;

  va_start (arguments, actor);
  command = command_new_va (verb, actor, arguments);
  va_end (arguments);
  assert_fails_with (kase, command, INCIDENT_ERROR_REFUSED, NULL, message);
}

static inline void G_GNUC_NULL_TERMINATED
assert_invalid (IncidentCase *kase, const char *where, const char *message, const char *verb, const char *actor, ...)
{
  va_list arguments;
  IncidentCommand *command;

  va_start (arguments, actor);
  command = command_new_va (verb, actor, arguments);
  va_end (arguments);
  assert_fails_with (kase, command, INCIDENT_ERROR_INVALID, where, message);
}

static inline IncidentEvent *
dup_event (IncidentCase *kase, guint seq)
{
  IncidentEvent *event = g_list_model_get_item (incident_case_get_timeline (kase), seq - 1);

  assert_non_null (event);
  return event;
}

static inline IncidentEvent *
dup_last_event (IncidentCase *kase)
{
  return dup_event (kase, incident_case_get_version (kase));
}

/* The last event as “kind|data”. */
static inline void
assert_last (IncidentCase *kase, const char *kind, const char *data)
{
  g_autoptr(IncidentEvent) event = dup_last_event (kase);
  g_autoptr(JsonNode) node = incident_event_dup_data (event);
  g_autofree char *json = json_to_string (node, FALSE);

  assert_string_equal (incident_event_get_kind (event), kind);
  assert_string_equal (json, data);
}

static inline void
assert_fact (IncidentEvent *event, const char *name, const char *value)
{
  g_autofree char *fact = incident_event_dup_fact (event, name);

  if (value == NULL)
    assert_null (fact);
  else
    {
      assert_non_null (fact);
      assert_string_equal (fact, value);
    }
}

/* To the phase “recovered”, with ana in command and bo as expert. */
static inline IncidentCase *
recovered_case (Office *office)
{
  IncidentCase *kase = open_case (office);

  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  act (kase, "assign", "ana", "role", "expert", "person", "bo", NULL);
  act (kase, "diagnose", "ana", "text", "error rate 31 %", NULL);
  act (kase, "resolve", "bo", "text", "rolled back", NULL);
  act (kase, "recover", "bo", "text", "error rate 0.1 %", NULL);
  return kase;
}
