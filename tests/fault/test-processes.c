/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test-processes [ROUNDS]: several processes over one store, at the same moment. */
#include "processes.h"
#include "support.h"

#include <string.h>

static guint rounds = 100;

/* What all of them must leave in order, whatever they did. */
static void
check_store (Place *place)
{
  sqlite3 *db = raw_open (place->path);

  assert_int_equal (raw_query (db, "SELECT count (*) = max (log_index) + 1 AND min (log_index) = 0 FROM event"), 1);
  assert_int_equal (raw_query (db, "SELECT count (*) FROM (SELECT subject FROM event GROUP BY subject"
                                   " HAVING count (*) != max (seq) OR min (seq) != 1)"), 0);
  assert_int_equal (raw_query (db, "SELECT count (DISTINCT subject) = max (subject) FROM event"), 1);
  assert_int_equal (raw_query (db, "SELECT (SELECT count (*) FROM event) = (SELECT count (*) FROM payload)"), 1);
  assert_int_equal (raw_query (db, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
  sqlite3_close (db);
}

static gpointer
prepare_desk (const Work *work,
              Outcome    *outcome)
{
  g_autoptr(GError) error = NULL;
  IncidentDesk *desk = incident_desk_open (work->path, &error);

  tell (outcome, error);
  return desk;
}

static gpointer
prepare_case (const Work *work,
              Outcome    *outcome)
{
  g_autoptr(GError) error = NULL;
  IncidentDesk *desk = prepare_desk (work, outcome);
  IncidentCase *kase = desk != NULL ? incident_desk_get_case (desk, work->number, &error) : NULL;

  tell (outcome, error);
  return kase;
}

/* One resolves */

static void
perform_resolve (const Work *work,
                 gpointer    kase,
                 Outcome    *outcome)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *solution = g_strdup_printf ("solution %u", work->me);
  g_autofree char *actor = g_strdup_printf ("person-%u", work->me);

  incident_case_resolve (kase, solution, actor, &error);
  tell (outcome, error);
}

static guint64
make_diagnosed_case (Place *place)
{
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");

  assert_true (incident_case_diagnose (kase, "only /pay", "ana", NULL));
  return incident_case_get_number (kase);
}

static void
check_one_resolved (Place   *place,
                    guint64  number,
                    guint    winner)
{
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentCase) kase = incident_desk_get_case (desk, number, NULL);
  g_autoptr(IncidentEvent) event = g_list_model_get_item (incident_case_get_timeline (kase), 2);
  g_autofree char *solution = g_strdup_printf ("solution %u", winner);

  assert_int_equal (incident_case_get_version (kase), 3);
  assert_string_equal (incident_case_get_phase (kase), "resolution");
  assert_string_equal (incident_event_get_kind (event), "resolved");
  assert_string_equal (incident_event_get_text (event), solution);
}

static void
test_one_of_two_resolves_and_the_other_is_told (void **state)
{
  Place *place = *state;

  for (guint round = 0; round < rounds; round++)
    {
      Work work = { place->path, make_diagnosed_case (place), NULL, 0 };
      Outcome outcomes[2];
      guint loser;

      run_together (2, &work, prepare_case, perform_resolve, outcomes);
      loser = outcomes[0].code == -1 ? 1 : 0;
      if (outcomes[1 - loser].code != -1)
        fail_msg ("nobody resolved it: %s", outcomes[0].words);
      if (outcomes[loser].code == INCIDENT_ERROR_REFUSED)
        assert_non_null (strstr (outcomes[loser].words, "wrong-phase"));
      else
        assert_int_equal (outcomes[loser].code, INCIDENT_ERROR_CONFLICT);
      check_one_resolved (place, work.number, outcomes[1 - loser].me);
    }
  check_store (place);
}

/* Alerts */

static void
perform_ingest (const Work *work,
                gpointer    desk,
                Outcome    *outcome)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = g_bytes_new_static (work->words, strlen (work->words));
  g_autoptr(GPtrArray) receipts = incident_desk_ingest (desk, "alertmanager", body, NULL, "prometheus", INCIDENT_TIME_NONE, &error);

  tell (outcome, error);
  for (guint i = 0; receipts != NULL && i < receipts->len; i++)
    {
      outcome->number = incident_receipt_get_case_number (g_ptr_array_index (receipts, i));
      g_strlcpy (outcome->words, incident_receipt_get_outcome (g_ptr_array_index (receipts, i)), sizeof outcome->words);
    }
}

static void
test_the_same_alerts_from_two_open_one_case (void **state)
{
  Place *place = *state;

  for (guint round = 0; round < rounds; round++)
    {
      g_autofree char *group = g_strdup_printf ("Group%u", round);
      g_autofree char *body = make_alerts (group, 3);
      Work work = { place->path, 0, body, 0 };
      Outcome outcomes[2];

      run_together (2, &work, prepare_desk, perform_ingest, outcomes);
      for (guint i = 0; i < 2; i++)
        if (outcomes[i].code != -1)
          fail_msg ("a process could not take the alerts in: %s", outcomes[i].words);
      assert_int_equal (outcomes[0].number, round + 1);
      assert_int_equal (outcomes[1].number, round + 1);
      assert_int_equal (g_str_equal (outcomes[0].words, "opened") + g_str_equal (outcomes[1].words, "opened"), 1);
      assert_int_equal (g_str_equal (outcomes[0].words, "repeated") + g_str_equal (outcomes[1].words, "repeated"), 1);
    }
  assert_int_equal (raw_ask (place->path, "SELECT count (*) FROM event"), rounds * 4);
  assert_int_equal (raw_ask (place->path, "SELECT count (*) FROM alert_group"), rounds);
  check_store (place);
}

/* Notes */

#define N_NOTES 200

static void
perform_notes (const Work *work,
               gpointer    kase,
               Outcome    *outcome)
{
  for (guint i = 0; i < N_NOTES && outcome->code == -1; i++)
    {
      g_autoptr(IncidentCommand) command = incident_command_new ("note", "ana");
      g_autofree char *text = g_strdup_printf ("process %u, note %u", work->me, i);
      g_autoptr(GError) error = NULL;

      incident_command_set (command, "text", text, NULL);
      /* The same command again is the same operation: it cannot be recorded twice. */
      while (!incident_case_act (kase, command, &error)
             && g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        {
          g_clear_error (&error);
          outcome->n_conflicts++;
        }
      tell (outcome, error);
    }
}

static void
test_all_notes_of_four_are_there_once (void **state)
{
  Place *place = *state;
  Work work = { place->path, make_diagnosed_case (place), NULL, 0 };
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  Outcome outcomes[4];

  run_together (4, &work, prepare_case, perform_notes, outcomes);
  for (guint i = 0; i < 4; i++)
    {
      if (outcomes[i].code != -1)
        fail_msg ("a note was not taken: %s", outcomes[i].words);
      print_message ("process %u: %u commands gave up and were given again\n", outcomes[i].me, outcomes[i].n_conflicts);
    }

  desk = open_desk (place->path);
  kase = incident_desk_get_case (desk, work.number, NULL);
  assert_int_equal (incident_case_get_version (kase), 2 + 4 * N_NOTES);
  for (guint i = 2; i < incident_case_get_version (kase); i++)
    {
      g_autoptr(IncidentEvent) event = g_list_model_get_item (incident_case_get_timeline (kase), i);

      assert_true (g_hash_table_add (seen, g_strdup (incident_event_get_text (event))));
    }
  check_store (place);
}

/* A new store */

static gpointer
prepare_nothing (const Work *work,
                 Outcome    *outcome)
{
  return NULL;
}

static void
perform_open (const Work *work,
              gpointer    prepared,
              Outcome    *outcome)
{
  g_autoptr(GError) error = NULL;
  IncidentDesk *desk = incident_desk_open (work->path, &error);
  g_autoptr(IncidentCase) kase = NULL;

  if (desk != NULL)
    kase = incident_desk_open_case (desk, "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", &error);
  tell (outcome, error);
  if (kase != NULL)
    outcome->number = incident_case_get_number (kase);
}

static void
test_a_new_store_is_made_once (void **state)
{
  Place *place = *state;

  for (guint round = 0; round < rounds; round++)
    {
      g_autofree char *path = g_strdup_printf ("%s/new-%u.db", place->folder, round);
      Work work = { path, 0, NULL, 0 };
      Outcome outcomes[3];
      guint64 numbers = 0;

      run_together (3, &work, prepare_nothing, perform_open, outcomes);
      for (guint i = 0; i < 3; i++)
        {
          if (outcomes[i].code != -1)
            fail_msg ("a process could not make the store: %s", outcomes[i].words);
          numbers |= G_GUINT64_CONSTANT (1) << outcomes[i].number;
        }
      assert_int_equal (numbers, 0xe);
      assert_int_equal (raw_ask (path, "SELECT count (*) FROM event"), 3);
      assert_int_equal (raw_ask (path, "SELECT count (*) FROM store"), 1);
    }
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_one_of_two_resolves_and_the_other_is_told, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_the_same_alerts_from_two_open_one_case, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_all_notes_of_four_are_there_once, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_new_store_is_made_once, place_setup, place_teardown),
  };

  if (argc > 1)
    rounds = (guint) g_ascii_strtoull (argv[1], NULL, 10);

  return cmocka_run_group_tests (tests, NULL, NULL);
}
