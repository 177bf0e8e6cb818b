/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk-test.h"

/* Watching: callbacks only write down, and the test compares. */

typedef struct
{
  GString   *text;
  GPtrArray *properties; /* notified and not yet in the text, where they stand sorted */
} Log;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char **) a, *(const char **) b);
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer log)
{
  g_ptr_array_add (((Log *) log)->properties, (gpointer) pspec->name);
}

static void
on_recorded (IncidentCase *kase, IncidentEvent *event, gpointer data)
{
  Log *log = data;

  g_ptr_array_sort (log->properties, compare_names);
  for (guint i = 0; i < log->properties->len; i++)
    g_string_append_printf (log->text, "%s ", (const char *) g_ptr_array_index (log->properties, i));
  g_ptr_array_set_size (log->properties, 0);
  g_string_append_printf (log->text, "event:%s(%u,%u) ", incident_event_get_kind (event),
                          incident_event_get_seq (event),
                          incident_case_get_version (kase));
}

static void
on_items (GListModel *model, guint position, guint removed, guint added, gpointer log)
{
  g_string_append_printf (((Log *) log)->text, "items:%u-%u+%u=%u ", position, removed, added,
                          g_list_model_get_n_items (model));
}

static void
log_free (Log *log)
{
  g_string_free (log->text, TRUE);
  g_ptr_array_unref (log->properties);
  g_free (log);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Log, log_free)

static Log *
watch (IncidentCase *kase)
{
  Log *log = g_new (Log, 1);

  log->text = g_string_new (NULL);
  log->properties = g_ptr_array_new ();
  g_signal_connect (kase, "notify", G_CALLBACK (on_notify), log);
  g_signal_connect (kase, "event-recorded", G_CALLBACK (on_recorded), log);
  g_signal_connect (incident_case_get_timeline (kase), "items-changed", G_CALLBACK (on_items), log);
  return log;
}

static void
assert_seen (Log *log, const char *expected)
{
  assert_string_equal (log->text->str, expected);
  assert_int_equal (log->properties->len, 0);
  g_string_truncate (log->text, 0);
}

static void
test_each_verb_notifies_what_it_changes (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(Log) log = watch (kase);

  advance (*state, 1);
  act (kase, "classify", "ana", "severity", "sev1", "impact", "high", NULL);
  assert_seen (log, "items:1-0+1=2 impact priority severity updated-at version event:classified(2,2) ");
  advance (*state, 1);
  act (kase, "classify", "ana", "urgency", "low", "service", "s", "category", "c", NULL);
  assert_seen (log, "items:2-0+1=3 category priority service updated-at urgency version event:classified(3,3) ");
  advance (*state, 1);
  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  assert_seen (log, "items:3-0+1=4 commander updated-at version event:assigned(4,4) ");
  advance (*state, 1);
  act (kase, "diagnose", "ana", NULL);
  assert_seen (log, "items:4-0+1=5 phase updated-at version event:diagnosed(5,5) ");
  advance (*state, 1);
  act (kase, "diagnose", "ana", NULL);
  assert_seen (log, "items:5-0+1=6 updated-at version event:diagnosed(6,6) ");
  advance (*state, 1);
  act (kase, "note", "ana", "text", "x", NULL);
  assert_seen (log, "items:6-0+1=7 updated-at version event:noted(7,7) ");
  advance (*state, 1);
  act (kase, "cancel", "ana", "text", "x", NULL);
  assert_seen (log, "items:7-0+1=8 closed-at live open phase updated-at version event:cancelled(8,8) ");
  advance (*state, 1);
  act (kase, "reopen", "ana", "text", "x", NULL);
  assert_seen (log, "items:8-0+1=9 closed-at episode live open phase updated-at version event:reopened(9,9) ");
}

static void
test_time_that_stands_still_is_not_notified (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(Log) log = watch (kase);

  act (kase, "note", "ana", "text", "x", NULL);
  assert_seen (log, "items:1-0+1=2 version event:noted(2,2) ");
}

static void
test_recovery_ends_live_alone (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(Log) log = NULL;

  act (kase, "diagnose", "ana", NULL);
  act (kase, "resolve", "ana", "text", "x", NULL);
  log = watch (kase);
  act (kase, "recover", "ana", "text", "x", NULL);
  assert_seen (log, "items:3-0+1=4 live phase version event:recovered(4,4) ");
}

static void
test_nothing_is_told_of_what_records_nothing (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(Log) log = watch (kase);

  advance (*state, 1);
  act (kase, "release", "ana", "role", "scribe", NULL);
  assert_refused (kase, "“note” refused: missing-text: the note is empty: say what there is to know", "note", "ana",
                  NULL);
  assert_seen (log, "");
}

typedef struct
{
  IncidentCase *kase;
  GString      *log;
  gboolean      acted;
} Reentry;

static void
act_within (IncidentCase *kase, IncidentEvent *event, gpointer data)
{
  Reentry *reentry = data;

  g_string_append_printf (reentry->log, "begin:%u ", incident_event_get_seq (event));
  if (!reentry->acted)
    {
      reentry->acted = TRUE;
      incident_case_note (kase, "from within", "bot", NULL);
    }
  g_string_append_printf (reentry->log, "end:%u ", incident_event_get_seq (event));
}

static void
test_a_handler_may_act_and_events_stay_in_order (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(GString) log = g_string_new (NULL);
  Reentry reentry = { kase, log, FALSE };

  g_signal_connect (kase, "event-recorded", G_CALLBACK (act_within), &reentry);
  act (kase, "diagnose", "ana", NULL);
  assert_string_equal (log->str, "begin:2 end:2 begin:3 end:3 ");
  assert_int_equal (g_list_model_get_n_items (incident_case_get_timeline (kase)), 3);
}

static void
drop_within (IncidentCase *kase, IncidentEvent *event, gpointer slot)
{
  g_clear_object ((IncidentCase **) slot);
}

static void
test_a_handler_may_drop_the_case (void **state)
{
  Office *office = *state;
  IncidentCase *kase = open_case (office);
  g_autoptr(IncidentCommand) command = command_new ("diagnose", "ana", NULL);
  g_autoptr(IncidentCase) same = NULL;
  g_autoptr(GError) error = NULL;
  guint64 number = incident_case_get_number (kase);

  g_signal_connect (kase, "event-recorded", G_CALLBACK (drop_within), &kase);
  same = incident_desk_act (office->desk, number, command, &error);
  assert_no_error (error);
  assert_null (kase);
  assert_string_equal (incident_case_get_phase (same), "diagnosis");
}

/* Properties */

static void
assert_enum (IncidentCase *kase, const char *name, GType type, int expected)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (kase), name, &value);
  assert_true (G_VALUE_HOLDS (&value, type));
  assert_int_equal (g_value_get_enum (&value), expected);
}

static void
test_texts_are_the_same_by_property_and_getter (void **state)
{
  g_autoptr(IncidentCase) kase =
    open_with (*state, command_new ("open", "ana", "title", "T", "service", "s", "category", "c", NULL));
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;
  g_autofree char *phase = NULL;
  g_autofree char *service = NULL;
  g_autofree char *category = NULL;
  g_autofree char *commander = NULL;

  act (kase, "assign", "ana", "role", "commander", "person", "bo", NULL);
  g_object_get (kase, "id", &id, "title", &title, "phase", &phase, "service", &service, "category", &category,
                "commander", &commander, NULL);
  assert_string_equal (id, "INC-1");
  assert_string_equal (title, "T");
  assert_string_equal (phase, "new");
  assert_string_equal (service, "s");
  assert_string_equal (category, "c");
  assert_string_equal (commander, "bo");
  assert_string_equal (incident_case_get_id (kase), id);
  assert_string_equal (incident_case_get_title (kase), title);
  assert_string_equal (incident_case_get_phase (kase), phase);
  assert_string_equal (incident_case_get_service (kase), service);
  assert_string_equal (incident_case_get_category (kase), category);
  assert_string_equal (incident_case_get_commander (kase), commander);
  assert_string_equal (incident_case_get_holder (kase, "commander"), commander);
}

static void
test_numbers_are_the_same_by_property_and_getter (void **state)
{
  g_autoptr(IncidentCase) first G_GNUC_UNUSED = open_case (*state);
  g_autoptr(IncidentCase) kase = open_case (*state);
  g_autoptr(GListModel) timeline = NULL;
  gboolean open = FALSE, live = TRUE;
  guint episode = 0, version = 0, firing = 9;
  gint64 opened = 0, updated = 0, closed = 0;
  guint64 number = 0;

  advance (*state, MINUTE);
  act (kase, "diagnose", "ana", NULL);
  act (kase, "resolve", "ana", "text", "x", NULL);
  act (kase, "recover", "ana", "text", "x", NULL);
  g_object_get (kase, "number", &number, "open", &open, "live", &live, "episode", &episode, "version", &version,
                "firing-alerts", &firing, "opened-at", &opened, "updated-at", &updated, "closed-at", &closed,
                "timeline", &timeline, NULL);
  assert_true (number == 2 && incident_case_get_number (kase) == 2);
  assert_true (open && incident_case_get_open (kase));
  assert_true (!live && !incident_case_get_live (kase));
  assert_true (episode == 1 && incident_case_get_episode (kase) == 1);
  assert_true (version == 4 && incident_case_get_version (kase) == 4);
  assert_true (firing == 0 && incident_case_get_firing_alerts (kase) == 0);
  assert_true (opened == START && incident_case_get_opened_at (kase) == START);
  assert_true (updated == START + MINUTE && incident_case_get_updated_at (kase) == updated);
  assert_true (closed == INCIDENT_TIME_NONE && incident_case_get_closed_at (kase) == closed);
  assert_ptr_equal (timeline, incident_case_get_timeline (kase));
}

static void
test_classes_are_the_same_by_property_and_getter (void **state)
{
  g_autoptr(IncidentCase) bare = open_case (*state);
  g_autoptr(IncidentCase) kase = open_with (*state, command_new ("open", "ana", "title", "T", "severity", "sev4",
                                                                 "impact", "medium", "urgency", "high", NULL));

  assert_enum (kase, "severity", INCIDENT_TYPE_SEVERITY, INCIDENT_SEVERITY_SEV4);
  assert_enum (kase, "impact", INCIDENT_TYPE_LEVEL, INCIDENT_LEVEL_MEDIUM);
  assert_enum (kase, "urgency", INCIDENT_TYPE_LEVEL, INCIDENT_LEVEL_HIGH);
  assert_enum (kase, "priority", INCIDENT_TYPE_PRIORITY, INCIDENT_PRIORITY_P2);
  assert_enum (bare, "priority", INCIDENT_TYPE_PRIORITY, INCIDENT_PRIORITY_UNKNOWN);
  assert_int_equal (incident_case_get_severity (kase), INCIDENT_SEVERITY_SEV4);
  assert_int_equal (incident_case_get_impact (kase), INCIDENT_LEVEL_MEDIUM);
  assert_int_equal (incident_case_get_urgency (kase), INCIDENT_LEVEL_HIGH);
  assert_int_equal (incident_case_get_priority (kase), INCIDENT_PRIORITY_P2);
}

static void
test_the_end_is_kept_until_it_is_reopened (void **state)
{
  g_autoptr(IncidentCase) kase = recovered_case (*state);
  IncidentCommand *close = command_new ("close", "ana", NULL);

  advance (*state, 10 * MINUTE);
  incident_command_set_occurred_at (close, START + 4 * MINUTE);
  act_with (kase, close);
  assert_true (incident_case_get_closed_at (kase) == START + 4 * MINUTE);
  act (kase, "note", "ana", "text", "x", NULL);
  assert_true (incident_case_get_closed_at (kase) == START + 4 * MINUTE);
  act (kase, "reopen", "ana", "text", "x", NULL);
  assert_true (incident_case_get_closed_at (kase) == INCIDENT_TIME_NONE);
  assert_int_equal (incident_case_get_episode (kase), 2);
}

/* Timeline */

static void
test_the_timeline_is_a_list_of_events (void **state)
{
  g_autoptr(IncidentCase) kase = recovered_case (*state);
  GListModel *timeline = incident_case_get_timeline (kase);
  static const char * const kinds[] = { "opened", "assigned", "assigned", "diagnosed", "resolved", "recovered" };

  assert_true (g_list_model_get_item_type (timeline) == INCIDENT_TYPE_EVENT);
  assert_int_equal (g_list_model_get_n_items (timeline), G_N_ELEMENTS (kinds));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(IncidentEvent) event = g_list_model_get_item (timeline, i);

      assert_true (INCIDENT_IS_EVENT (event));
      assert_string_equal (incident_event_get_kind (event), kinds[i]);
      assert_int_equal (incident_event_get_seq (event), i + 1);
    }
  assert_null (g_list_model_get_item (timeline, G_N_ELEMENTS (kinds)));
}

static void
test_people_see_events_in_the_order_in_which_they_happened (void **state)
{
  g_autoptr(IncidentCase) kase = open_case (*state);
  IncidentCommand *earlier = command_new ("note", "ana", "text", "before", NULL);
  g_autoptr(GPtrArray) events = NULL;
  g_autoptr(GString) order = g_string_new (NULL);

  advance (*state, MINUTE);
  act (kase, "diagnose", "ana", NULL);
  act (kase, "note", "ana", "text", "at the same time", NULL);
  incident_command_set_occurred_at (earlier, START - MINUTE);
  act_with (kase, earlier);
  events = incident_case_list_events (kase);
  for (guint i = 0; i < events->len; i++)
    g_string_append_printf (order, "%u ", incident_event_get_seq (g_ptr_array_index (events, i)));
  assert_string_equal (order->str, "4 1 2 3 ");
}

static void
test_json_is_what_the_command_line_shows (void **state)
{
  g_autoptr(IncidentCase) kase = open_with (*state, command_new ("open", "ana", "title", "Checkout \"500\"", "severity",
                                                                 "sev2",
                                                                 "impact", "high", "urgency", "medium",
                                                                 "service", "checkout", NULL));
  g_autofree char *json = NULL;

  advance (*state, 1);
  act (kase, "assign", "ana", "role", "commander", "person", "ana", NULL);
  json = incident_case_to_json (kase);
  assert_string_equal (json,
                       "{\"id\":\"INC-1\",\"number\":1,\"version\":2,\"episode\":1,\"title\":\"Checkout \\\"500\\\"\","
                       "\"phase\":\"new\",\"severity\":\"sev2\",\"priority\":\"p2\",\"impact\":\"high\",\"urgency\":\"medium\","
                       "\"service\":\"checkout\",\"category\":null,\"roles\":{\"commander\":\"ana\"},"
                       "\"opened_at\":\"2026-11-23T07:00:00.000000Z\",\"updated_at\":\"2026-11-23T07:00:00.000001Z\","
                       "\"closed_at\":null,\"firing_alerts\":0,\"tasks\":[],\"links\":[],\"major\":false,\"priority_by\":\"table\",\"merged_into\":null,\"playbook\":\"built-in\"}");
}

static void
test_an_id_is_read_with_and_without_its_prefix (void **state)
{
  static const struct
  {
    const char *id;
    guint64     number;
  } good[] = { { "INC-1", 1 }, { "1", 1 }, { "inc-42", 42 }, { "Inc-007", 7 }, { "9223372036854775807", G_MAXINT64 } };
  static const char * const bad[] = { "", "INC-", "0", "INC-0", "-1", "+1", " 1", "1 ", "INC- 1", "INC--1", "INC-1x",
                                      "INC1",
                                      "1.0", "0x1", "9223372036854775808", "18446744073709551617", "INC-INC-1", "CASE-1" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      guint64 number = 0;

      incident_case_number_from_string (good[i].id, &number, &error);
      assert_no_error (error);
      assert_true (number == good[i].number);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *message = g_strdup_printf ("“%s” is not the id of a case: write it as INC-1 or 1", bad[i]);
      g_autoptr(GError) error = NULL;
      guint64 number = 0;

      if (incident_case_number_from_string (bad[i], &number, &error))
        fail_msg ("taken: “%s”", bad[i]);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
      assert_string_equal (error->message, message);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    office_test (test_each_verb_notifies_what_it_changes),
    office_test (test_time_that_stands_still_is_not_notified),
    office_test (test_recovery_ends_live_alone),
    office_test (test_nothing_is_told_of_what_records_nothing),
    office_test (test_a_handler_may_act_and_events_stay_in_order),
    office_test (test_a_handler_may_drop_the_case),
    office_test (test_texts_are_the_same_by_property_and_getter),
    office_test (test_numbers_are_the_same_by_property_and_getter),
    office_test (test_classes_are_the_same_by_property_and_getter),
    office_test (test_the_end_is_kept_until_it_is_reopened),
    office_test (test_the_timeline_is_a_list_of_events),
    office_test (test_people_see_events_in_the_order_in_which_they_happened),
    office_test (test_json_is_what_the_command_line_shows),
    cmocka_unit_test (test_an_id_is_read_with_and_without_its_prefix),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
