/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <libincident/incident.h>

#include <string.h>

/* The names that a playbook has, so that commands can be given that it takes. */
typedef struct
{
  JsonNode   *root;
  const char *person;
} Names;

static const char *
first_name (const Names *names,
            const char  *section,
            const char  *otherwise)
{
  JsonNode *node = json_object_get_member (json_node_get_object (names->root), section);
  JsonObjectIter iter;
  const char *name;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return otherwise;

  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, NULL))
    if (!g_str_has_prefix (name, "x-"))
      return name;
  return otherwise;
}

static const char *
get_value (const Names *names,
           const char  *verb,
           const char  *argument)
{
  static const struct { const char *argument; const char *value; } values[] = {
    { "task", "1" }, { "event", "1" }, { "case", "INC-2" }, { "priority", "p1" }, { "hypothesis", "1" },
    { "state", "supported" }, { "field", "symptoms" }, { "measure", "users" }, { "amount", "5" },
    { "certainty", "measured" }, { "reminder", "update" }, { "severity", "sev1" },
  };

  if (g_str_equal (argument, "person"))
    return names->person;
  if (g_str_equal (argument, "role"))
    return first_name (names, "roles", "expert");
  if (g_str_equal (argument, "service"))
    return first_name (names, "services", "s");
  if (g_str_equal (argument, "checklist"))
    return first_name (names, "checklists", "c");
  if (g_str_equal (argument, "clock"))
    return first_name (names, "reporting", "c");
  if (g_str_equal (argument, "audience"))
    return first_name (names, "audiences", "internal");
  if (g_str_equal (argument, "target"))
    return names->person;
  if (g_str_equal (argument, "kind"))
    return g_str_equal (verb, "add-task") ? "learn" : "related";
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (values[i].argument, argument))
      return values[i].value;
  return "T";
}

static void
give_all (const Names        *names,
          IncidentCommand    *command,
          const char * const *arguments)
{
  const char *verb = incident_command_get_verb (command);

  for (; *arguments != NULL; arguments++)
    {
      g_autoptr(GError) error = NULL;
      gboolean given = incident_command_set (command, *arguments, get_value (names, verb, *arguments), &error);

      fuzz_check_error (given, error);
    }
}

/* A refusal says which rule it comes from. */
static void
check_outcome (gboolean      done,
               const GError *error)
{
  fuzz_check_error (done, error);
  if (!done && g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    fuzz_assert (incident_error_get_codes (error)[0] != NULL);
}

static void
act_on_all (const Names  *names,
            IncidentCase *kase)
{
  g_autoptr(GPtrArray) options = incident_case_list_next (kase, names->person, NULL);

  fuzz_assert (options != NULL);
  for (guint i = 0; i < options->len; i++)
    {
      IncidentOption *option = g_ptr_array_index (options, i);
      g_autoptr(IncidentCommand) command = incident_command_new (incident_option_get_verb (option), names->person);
      g_autofree char *json = incident_option_to_json (option);
      g_autoptr(GError) error = NULL;
      gboolean done;

      fuzz_assert (g_utf8_validate (json, -1, NULL));
      give_all (names, command, incident_option_get_needs (option));
      done = incident_case_act (kase, command, &error);
      check_outcome (done, error);
    }
}

static void
check_reminders (IncidentDesk *desk)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = incident_desk_list_reminders (desk, &error);
  g_autoptr(GPtrArray) told = NULL;
  gint64 next = 0;

  fuzz_check_error (due != NULL, error);
  told = incident_desk_remind (desk, &next, &error);
  fuzz_check_error (told != NULL, error);
  fuzz_assert (told->len == due->len);
  fuzz_assert (next > incident_clock_get_time (incident_desk_get_clock (desk)));
  for (guint i = 0; i < told->len; i++)
    {
      g_autofree char *json = incident_reminder_to_json (g_ptr_array_index (told, i));

      fuzz_assert (g_utf8_validate (json, -1, NULL));
    }
}

/* Who comes later reads the same. */
static void
check_again (IncidentCase     *kase,
             IncidentStore    *store,
             IncidentClock    *clock,
             IncidentPlaybook *playbook)
{
  g_autoptr(IncidentDesk) desk = incident_desk_new_with_playbook (store, clock, playbook);
  g_autoptr(IncidentCase) again = incident_desk_get_case (desk, incident_case_get_number (kase), NULL);
  g_autofree char *json = incident_case_to_json (kase);
  g_autofree char *record = incident_case_record_to_json (kase);
  g_autofree char *json_again = NULL;
  g_autofree char *record_again = NULL;

  fuzz_assert (again != NULL);
  json_again = incident_case_to_json (again);
  record_again = incident_case_record_to_json (again);
  fuzz_assert (strcmp (json, json_again) == 0 && strcmp (record, record_again) == 0);
}

static IncidentCase *
open_case (const Names  *names,
           IncidentDesk *desk)
{
  g_auto(GStrv) verbs = incident_lifecycle_list_verbs (incident_desk_get_lifecycle (desk));
  IncidentCase *kase = NULL;

  for (guint i = 0; verbs[i] != NULL && kase == NULL; i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new (verbs[i], names->person);
      g_autoptr(GError) error = NULL;

      incident_command_set (command, "title", "T", NULL);
      incident_command_set (command, "text", "T", NULL);
      incident_command_set (command, "severity", "sev1", NULL);
      incident_command_set (command, "service", first_name (names, "services", "s"), NULL);
      kase = incident_desk_act (desk, 0, command, &error);
      check_outcome (kase != NULL, error);
    }
  return kase;
}

static void
check_case (IncidentPlaybook *playbook,
            const Names      *names)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (G_GINT64_CONSTANT (1795417200000000), 7);
  g_autoptr(IncidentStore) store = incident_memory_store_new (clock);
  g_autoptr(IncidentDesk) desk = incident_desk_new_with_playbook (store, clock, playbook);
  g_autoptr(IncidentCase) kase = open_case (names, desk);
  g_autoptr(IncidentCase) other G_GNUC_UNUSED = kase != NULL ? open_case (names, desk) : NULL;

  if (kase == NULL)
    return;

  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (clock), G_TIME_SPAN_HOUR);
  check_reminders (desk);
  for (guint i = 0; i < 3; i++)
    act_on_all (names, kase);
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (clock), 14 * G_TIME_SPAN_HOUR);
  check_reminders (desk);
  check_again (kase, store, clock, playbook);
}

static void
check_diff (IncidentPlaybook *playbook,
            IncidentPlaybook *other,
            gboolean          same)
{
  g_autoptr(GPtrArray) there = incident_playbook_diff (playbook, other);
  g_autoptr(GPtrArray) back = incident_playbook_diff (other, playbook);

  fuzz_assert (!same || (there->len == 0 && back->len == 0));
  for (guint i = 0; i < there->len; i++)
    {
      g_autofree char *json = incident_playbook_change_to_json (g_ptr_array_index (there, i), NULL);

      fuzz_assert (g_utf8_validate (json, -1, NULL));
    }
}

/* What is read is written again as it was read, has the same version, and a case can live by it. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook =
    incident_playbook_new_from_json ((const char *) data, (gssize) size, "playbook.json", &error);
  g_autoptr(IncidentPlaybook) again = NULL;
  g_autofree char *json = NULL;
  g_autofree char *json_again = NULL;
  Names names;

  fuzz_check_error (playbook != NULL, error);
  if (playbook == NULL)
    {
      fuzz_assert (incident_error_get_where (error) != NULL);
      return 0;
    }

  json = incident_playbook_to_json (playbook);
  again = incident_playbook_new_from_json (json, -1, NULL, NULL);
  fuzz_assert (again != NULL);
  json_again = incident_playbook_to_json (again);
  fuzz_assert (strcmp (json, json_again) == 0);
  fuzz_assert (strcmp (incident_playbook_get_version (playbook), incident_playbook_get_version (again)) == 0);
  check_diff (playbook, again, TRUE);
  check_diff (incident_playbook_get_default (), playbook, FALSE);

  names.root = json_from_string (json, NULL);
  fuzz_assert (names.root != NULL);
  names.person = first_name (&names, "people", "ana");
  check_case (playbook, &names);
  json_node_unref (names.root);
  return 0;
}
