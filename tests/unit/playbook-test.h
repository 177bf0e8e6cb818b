/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk-test.h"

/* A desk under a playbook, over a store in memory or one in a file. */

#define both(function) \
  { #function " (memory)", function, office_open, office_close, NULL }, \
  { #function " (file)", function, office_open_in_file, office_close_in_file, NULL }

static inline IncidentPlaybook *
playbook_new (const char *json)
{
  g_autoptr(GError) error = NULL;
  IncidentPlaybook *playbook = incident_playbook_new_from_json (json, -1, "playbook.json", &error);

  assert_no_error (error);
  return playbook;
}

/* From now on @json holds. */
static inline void
rule_by (Office *office, const char *json)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (json);
  g_autoptr(GError) error = NULL;

  incident_desk_set_playbook (office->desk, playbook, &error);
  assert_no_error (error);
}

/* A second desk, which has seen nothing; over a file, it has a store of its own. */
static inline void
reopen_office (Office *office)
{
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_ref (incident_desk_get_playbook (office->desk));
  const char *folder = g_object_get_data (G_OBJECT (office->clock), "folder");
  g_autoptr(GError) error = NULL;

  g_clear_object (&office->desk);
  if (folder != NULL)
    {
      g_autofree char *path = g_build_filename (folder, "store.db", NULL);

      g_clear_object (&office->store);
      office->store = incident_sqlite_store_open (path, office->clock, &error);
      assert_no_error (error);
    }
  office->desk = incident_desk_new_with_playbook (office->store, office->clock, playbook);
}

/* The case as a second desk reads it, which must be as the first one saw it. Takes @kase. */
static inline IncidentCase *
read_again (Office *office, IncidentCase *kase)
{
  guint64 number = incident_case_get_number (kase);
  g_autofree char *before = incident_case_to_json (kase);
  g_autofree char *record = incident_case_record_to_json (kase);
  g_autofree char *after = NULL;
  g_autofree char *record_after = NULL;
  g_autoptr(GError) error = NULL;

  g_object_unref (kase);
  reopen_office (office);
  kase = incident_desk_get_case (office->desk, number, &error);
  assert_no_error (error);
  after = incident_case_to_json (kase);
  record_after = incident_case_record_to_json (kase);
  assert_string_equal (before, after);
  assert_string_equal (record, record_after);
  return kase;
}

/* Refused with these codes, separated by blanks, and nothing has changed. */
static inline void G_GNUC_NULL_TERMINATED
assert_codes (IncidentCase *kase, const char *codes, const char *verb, const char *actor, ...)
{
  g_autoptr(IncidentCommand) command = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = incident_case_to_json (kase);
  g_autofree char *after = NULL;
  g_autofree char *found = NULL;
  va_list arguments;

  va_start (arguments, actor);
  command = command_new_va (verb, actor, arguments);
  va_end (arguments);
  if (incident_case_act (kase, command, &error))
    fail_msg ("“%s” by “%s” is taken, but should be refused: %s", verb, actor, codes);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
  found = g_strjoinv (" ", (char **) incident_error_get_codes (error));
  assert_string_equal (found, codes);
  after = incident_case_to_json (kase);
  assert_string_equal (before, after);
}

/* The tasks as “1 open, 2 done …”. */
static inline void
assert_tasks (IncidentCase *kase, const char *expected)
{
  g_autoptr(GPtrArray) tasks = incident_case_list_tasks (kase);
  g_autoptr(GString) found = g_string_new (NULL);

  for (guint i = 0; i < tasks->len; i++)
    {
      IncidentTask *task = g_ptr_array_index (tasks, i);

      assert_int_equal (incident_task_get_number (task), i + 1);
      g_string_append_printf (found, "%s%u %s", i > 0 ? ", " : "", i + 1, incident_task_get_state (task));
    }
  assert_string_equal (found->str, expected);
}

static inline void
assert_kinds (IncidentCase *kase, guint since, const char *expected)
{
  g_autoptr(GString) kinds = g_string_new (NULL);

  for (guint seq = since; seq <= incident_case_get_version (kase); seq++)
    {
      g_autoptr(IncidentEvent) event = dup_event (kase, seq);

      g_string_append_printf (kinds, "%s%s", seq > since ? " " : "", incident_event_get_kind (event));
    }
  assert_string_equal (kinds->str, expected);
}
