/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash-vfs.h"
#include "store/incident-sqlite-keeper-private.h"
#include "store/incident-store-private.h"
#include "support.h"

/* A script is played to a store that is made from nothing, and the process dies at each
 * of its steps in turn. What is there afterwards must be the beginning of what a run
 * without a crash leaves: all that was acknowledged, and at most one command more. */

#define START G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z */

static const struct
{
  guint64     number;
  const char *verb;     /* in capitals: something else than a command */
  const char *argument;
  const char *value;
  const char *more;
  const char *text;
} script[] = {
  { 0, "open", "title", "Checkout answers 500", "severity=sev2", NULL },
  { 0, "open", "title", "Disk full", "service=db", "since 07:00" },
  { 1, "assign", "role", "commander", "person=ana", NULL },
  { 1, "diagnose", NULL, NULL, NULL, "error rate 31 %" },
  { 2, "resolve", NULL, NULL, NULL, "too early: refused" },
  { 1, "escalate", "target", "payments", NULL, "needs a database owner" },
  { 0, "INGEST", NULL, NULL, "firing", NULL },
  { 0, "FIND", NULL, NULL, NULL, NULL },
  { 1, "examine", NULL, NULL, NULL, "connection pool exhausted" },
  { 1, "resolve", NULL, NULL, NULL, "rolled back to 1.4.1" },
  { 1, "recover", NULL, NULL, NULL, "error rate 0.1 %" },
  { 0, "REOPEN DESK", NULL, NULL, NULL, NULL },
  { 1, "close", NULL, NULL, NULL, NULL },
  { 2, "classify", "impact", "high", "urgency=high", NULL },
  { 0, "MANY", NULL, NULL, "diagnose", "one switch" },
  { 0, "INGEST", NULL, NULL, "resolved", NULL },
  { 0, "BATCH", NULL, NULL, NULL, "all together" },
  { 2, "cancel", NULL, NULL, NULL, "a drill" },
  { 2, "reopen", NULL, NULL, NULL, "it was none" },
  { 2, "assign", "role", "expert", "person=bo", NULL },
  { 2, "release", "role", "expert", NULL, "gone home" },
  { 0, "NOTES", NULL, NULL, NULL, NULL },
  { 0, "FIND", NULL, NULL, NULL, NULL },
  { 0, "TAKE IN", NULL, NULL, NULL, "Disk slow again" },
  { 0, "TAKE IN", NULL, NULL, NULL, "Disk full again" },
  { 0, "SEND", NULL, NULL, NULL, "first" },
  { 0, "SEND", NULL, NULL, NULL, "second" },
  { 0, "SEND", NULL, NULL, NULL, "third" },
};

typedef struct
{
  const char    *path;
  IncidentClock *clock;
  IncidentDesk  *desk;
  int            told; /* where it is said what is done; -1: nowhere */
  GArray        *sizes;  /* of the log after each command, if somebody wants to know */
} Player;

static gboolean
open_player (Player *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentStore) store = incident_sqlite_store_open (self->path, self->clock, &error);

  if (store != NULL)
    self->desk = incident_desk_new (store, self->clock, NULL);
  return store != NULL;
}

/* One command is durable. */
static void
tell_done (Player *self)
{
  if (self->told >= 0 && write (self->told, "+", 1) != 1)
    _exit (98);
  if (self->sizes != NULL)
    {
      guint64 size = count_events (self->desk);

      g_array_append_val (self->sizes, size);
    }
}

/* Takes the place of the error, since it is set while the arguments are worked out. */
static void
expect (gboolean   went_well,
        GError   **error)
{
  if (!went_well && !g_error_matches (*error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    {
      g_printerr ("script: %s\n", *error != NULL ? (*error)->message : "it failed");
      _exit (97);
    }
  g_clear_error (error);
}

static IncidentCommand *
make_command (guint i)
{
  IncidentCommand *command = incident_command_new (script[i].verb, "ana");
  g_auto(GStrv) more = g_strsplit (script[i].more != NULL ? script[i].more : "", "=", 2);

  if (script[i].argument != NULL)
    incident_command_set (command, script[i].argument, script[i].value, NULL);
  if (more[0] != NULL)
    incident_command_set (command, more[0], more[1], NULL);
  incident_command_set (command, "text", script[i].text, NULL);
  return command;
}

static void
ingest (Player     *self,
        const char *status)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = make_alerts ("db-2", 2);
  g_auto(GStrv) parts = g_strsplit (text, "\"status\":\"firing\"", -1);
  g_autofree char *with = g_strdup_printf ("\"status\":\"%s\"", status);
  g_autofree char *body = g_strjoinv (with, parts);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GPtrArray) receipts = incident_desk_ingest (self->desk, "alertmanager", bytes, NULL, "prometheus",
                                                        INCIDENT_TIME_NONE, &error);

  expect (receipts != NULL, &error);
}

static void
batch (Player     *self,
       const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentBatch) both = incident_batch_new (self->desk);
  g_autoptr(IncidentCommand) opened = incident_command_new ("open", "bo");
  g_autoptr(IncidentCommand) noted = incident_command_new ("note", "bo");

  incident_command_set (opened, "title", "Disk slow", NULL);
  incident_command_set (noted, "text", text, NULL);
  expect (incident_batch_act (both, 0, opened, &error), &error);
  expect (incident_batch_act (both, 2, noted, &error), &error);
  expect (incident_batch_commit (both, &error), &error);
}

static void
act_many (Player     *self,
          const char *verb,
          const char *text)
{
  static const guint64 numbers[] = { 3, 2 };
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCommand) command = incident_command_new (verb, "ana");

  incident_command_set (command, "text", text, NULL);
  expect (incident_desk_act_many (self->desk, numbers, 2, command, &error), &error);
}

static IncidentRecord *
opened (IncidentClock *clock,
        const char    *actor,
        const char    *text)
{
  IncidentRecord *draft = incident_record_new ();

  draft->seq = 1;
  draft->occurred_at = draft->recorded_at = incident_clock_get_time (clock);
  draft->kind = g_intern_static_string ("opened");
  draft->actor = g_ref_string_new (actor);
  draft->facts = g_ref_string_new ("phase=new\nstate=live\nepisode=1");
  draft->payload = g_strdup_printf ("{\"title\":\"%s\"}", text);
  strncpy ((char *) draft->operation, text, sizeof draft->operation - 1);
  return draft;
}

/* A message, what it says of an alert, and the case that is opened for that. */
static void
take_in (Player     *self,
         const char *text)
{
  IncidentStore *store = incident_desk_get_store (self->desk);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  g_autoptr(GArray) rows = incident_alert_rows_new ();
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr(IncidentIntakeEntry) entry =
    incident_intake_entry_new ("message", incident_clock_get_time (self->clock), "prometheus", NULL, NULL, body);
  IncidentIntakeChange change = { 0, entry, rows, NULL };
  IncidentCommit commit = { .drafts = drafts, .intake = &change };
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (drafts, opened (self->clock, "prometheus", text));
  expect (incident_store_get_intake_head (store, &change.follows, &error), &error);
  for (guint64 i = 0; i < 5; i++)
    {
      IncidentAlertRow row = { (change.follows + 1) << INCIDENT_ALERT_ROW_BITS | i, TRUE, 0, 0, 0, g_bytes_ref (body) };

      g_array_append_val (rows, row);
    }
  expect (incident_store_commit (store, &commit, &error), &error);
}

/* What waits is claimed, and then an event tells that it was sent; there is more to be sent because of that. */
static void
send_next (Player     *self,
           const char *text)
{
  static const char * const channels[] = { "slack", NULL };
  gint64 now = incident_clock_get_time (self->clock);
  const IncidentOutboxClaim claim = { now, now + G_TIME_SPAN_SECOND, "here", channels };
  IncidentStore *store = incident_desk_get_store (self->desk);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_change_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOutboxRow) claimed = incident_store_claim_message (store, &claim, NULL, &error);
  g_autoptr(IncidentChannelState) known = error == NULL ? incident_store_get_channel (store, "slack", &error) : NULL;
  IncidentChannelState state = { (char *) "slack", known != NULL ? known->version : 0, (char *) text };
  IncidentCommit commit = { .drafts = drafts, .messages = messages, .changes = changes, .channel = &state };
  IncidentOutboxRow *row = incident_outbox_row_new ();

  row->key = g_strdup (text);
  row->channel = g_strdup ("slack");
  row->lane = g_strdup ("all");
  row->coalesce = g_strdup ("%c");
  row->body = g_strnfill (5000, text[0]);
  row->draft = 0;
  g_ptr_array_add (drafts, opened (self->clock, "slack", text));
  g_ptr_array_add (messages, row);
  if (claimed != NULL)
    g_ptr_array_add (changes, incident_outbox_change_new (claimed, INCIDENT_MESSAGE_STATE_SENT, now));
  expect (error == NULL && incident_store_commit (store, &commit, &error), &error);
}

static void
play_one (Player *self,
          guint   i)
{
  g_autoptr(GError) error = NULL;
  const char *verb = script[i].verb;

  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (self->clock), G_TIME_SPAN_MINUTE);
  if (g_str_equal (verb, "INGEST"))
    ingest (self, script[i].more);
  else if (g_str_equal (verb, "TAKE IN"))
    take_in (self, script[i].text);
  else if (g_str_equal (verb, "SEND"))
    send_next (self, script[i].text);
  else if (g_str_equal (verb, "MANY"))
    act_many (self, script[i].more, script[i].text);
  else if (g_str_equal (verb, "BATCH"))
    batch (self, script[i].text);
  else if (g_str_equal (verb, "FIND"))
    {
      g_autoptr(IncidentQuery) query = incident_query_new ();
      g_autoptr(GPtrArray) found = incident_desk_find_cases (self->desk, query, &error);

      expect (found != NULL, &error);
    }
  else if (g_str_equal (verb, "REOPEN DESK"))
    {
      g_clear_object (&self->desk);
      expect (open_player (self), &error);
    }
  else
    {
      g_autoptr(IncidentCommand) command = make_command (i);
      g_autoptr(IncidentCase) kase = incident_desk_act (self->desk, script[i].number, command, &error);

      expect (kase != NULL, &error);
    }
}

static void
play (Player *self)
{
  if (!open_player (self))
    _exit (96);

  for (guint i = 0; i < G_N_ELEMENTS (script); i++)
    {
      if (!g_str_equal (script[i].verb, "NOTES"))
        {
          play_one (self, i);
          tell_done (self);
          continue;
        }
      for (guint n = 0; n < 12; n++)
        {
          g_autoptr(IncidentCase) kase = incident_desk_get_case (self->desk, 2, NULL);
          g_autoptr(GError) error = NULL;

          expect (note (kase, "a note that takes some room", &error), &error);
          tell_done (self);
        }
    }
  g_clear_object (&self->desk);
}

static gboolean
describe_intake (IncidentStore  *store,
                 GString        *text,
                 GError        **error)
{
  g_autoptr(GPtrArray) entries = incident_store_list_intake (store, NULL, 0, G_MAXUINT, error);
  g_autoptr(GArray) rows = entries != NULL ? incident_store_list_alert_rows (store, 0, 0, G_MAXUINT, error) : NULL;

  for (guint i = 0; rows != NULL && i < entries->len; i++)
    {
      const IncidentIntakeEntry *entry = g_ptr_array_index (entries, i);

      g_string_append_printf (text, "\n%" G_GUINT64_FORMAT " %s %" G_GINT64_FORMAT " %u", entry->id, entry->kind,
                              entry->received_at, g_bytes_hash (entry->body));
    }
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const IncidentAlertRow *row = &g_array_index (rows, IncidentAlertRow, i);

      g_string_append_printf (text, "\n%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %u", row->id,
                              row->subject, row->entry, g_bytes_hash (row->data));
    }
  return rows != NULL;
}

/* A claim says nothing that must be there: it lapses. */
static gboolean
describe_outbox (IncidentStore  *store,
                 GString        *text,
                 GError        **error)
{
  const IncidentOutboxQuery all = { .limit = G_MAXUINT };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (store, &all, error);
  g_autoptr(IncidentChannelState) known = rows != NULL ? incident_store_get_channel (store, "slack", NULL) : NULL;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const IncidentOutboxRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "\n%" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT "/%u %s %s %u %d", row->id, row->key,
                              row->subject, row->seq, row->lane, row->coalesce, g_str_hash (row->body),
                              row->state == INCIDENT_MESSAGE_STATE_SENT);
    }
  if (known != NULL)
    g_string_append_printf (text, "\nslack %" G_GUINT64_FORMAT " %s", known->version, known->data);
  return rows != NULL;
}

/* The log and the cases, what was taken in, and what is to be sent, as text */
static char *
describe (const char *path,
          guint64    *size,
          GError    **error)
{
  g_autoptr(IncidentDesk) desk = incident_desk_open (path, error);
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) records = NULL;
  g_autofree char *rows = NULL;
  g_autoptr(GString) text = NULL;

  if (desk == NULL)
    return NULL;
  records = incident_store_read_log (incident_desk_get_store (desk), 0, G_MAXUINT, error);
  rows = records != NULL ? incident_desk_list_rows (desk, query, error) : NULL;
  if (rows == NULL)
    return NULL;

  *size = records->len;
  text = g_string_new (rows);
  for (guint i = 0; i < records->len; i++)
    {
      IncidentRecord *record = g_ptr_array_index (records, i);

      g_string_append_printf (text, "\n%" G_GUINT64_FORMAT "/%u %s %s %" G_GINT64_FORMAT " {%s} %s", record->subject,
                              record->seq, record->kind, record->actor, record->occurred_at, record->facts, record->payload);
    }
  return describe_intake (incident_desk_get_store (desk), text, error)
         && describe_outbox (incident_desk_get_store (desk), text, error) ? g_strdup (text->str) : NULL;
}

static void
remove_store (const char *path)
{
  static const char * const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

/* What a store that holds so many events must say. It is played as often as there are sizes, up to each. */
typedef struct
{
  GArray    *sizes;
  GPtrArray *texts; /* after each command */
} Expected;

static void
expected_clear (Expected *self)
{
  g_array_unref (self->sizes);
  g_ptr_array_unref (self->texts);
}

static void
learn (Place    *place,
       Expected *expected)
{
  g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 7);
  Player player = { .path = place->path, .clock = clock, .told = -1 };

  expected->sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  expected->texts = g_ptr_array_new_with_free_func (g_free);
  player.sizes = expected->sizes;
  assert_true (open_player (&player));
  for (guint i = 0; i < G_N_ELEMENTS (script); i++)
    for (guint n = 0; n < (g_str_equal (script[i].verb, "NOTES") ? 12u : 1u); n++)
      {
        g_autoptr(GError) error = NULL;
        guint64 size;

        if (g_str_equal (script[i].verb, "NOTES"))
          {
            g_autoptr(IncidentCase) kase = incident_desk_get_case (player.desk, 2, NULL);

            assert_true (note (kase, "a note that takes some room", NULL));
          }
        else
          play_one (&player, i);
        tell_done (&player);
        g_ptr_array_add (expected->texts, describe (place->path, &size, &error));
        assert_no_error (error);
      }
  g_clear_object (&player.desk);
  remove_store (place->path);
}

/* TRUE if it died at the step; @n_told: commands that were acknowledged. */
static gboolean
play_and_die (Place     *place,
              CrashKind  kind,
              guint      n,
              guint     *n_told)
{
  char buffer[256];
  gssize got;
  int told[2];
  int status;
  pid_t child;

  assert_int_equal (pipe (told), 0);
  child = fork ();
  assert_true (child >= 0);
  if (child == 0)
    {
      g_autoptr(IncidentClock) clock = incident_manual_clock_new (START, 7);
      Player player = { .path = place->path, .clock = clock, .told = told[1] };

      close (told[0]);
      crash_vfs_register (kind, n, n);
      play (&player);
      _exit (0);
    }

  close (told[1]);
  for (*n_told = 0; (got = read (told[0], buffer, sizeof buffer)) > 0; *n_told += (guint) got);
  close (told[0]);
  assert_int_equal (waitpid (child, &status, 0), child);
  if (!WIFEXITED (status) || (WEXITSTATUS (status) != CRASH_STATUS && WEXITSTATUS (status) != 0))
    fail_msg ("step %u: the process ended with %x", n, (guint) status);
  return WEXITSTATUS (status) == CRASH_STATUS;
}

static guint64
size_after (Expected *expected,
            guint     n_commands)
{
  if (n_commands == 0)
    return 0;
  return g_array_index (expected->sizes, guint64, MIN (n_commands, expected->sizes->len) - 1);
}

static void
check_store (Place    *place,
             Expected *expected,
             guint     n,
             guint     n_told)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  guint64 size = 0;
  guint at = n_told;

  text = describe (place->path, &size, &error);
  if (text == NULL)
    fail_msg ("step %u, after %u commands: %s", n, n_told, error->message);
  if (size != size_after (expected, n_told))
    at = n_told + 1;
  if (size != size_after (expected, at))
    fail_msg ("step %u: %" G_GUINT64_FORMAT " events after %u commands, where there must be %" G_GUINT64_FORMAT
              " or %" G_GUINT64_FORMAT, n, size, n_told, size_after (expected, n_told), size_after (expected, n_told + 1));
  if (at > 0 && size > 0 && !g_str_equal (text, g_ptr_array_index (expected->texts, MIN (at, expected->texts->len) - 1)))
    fail_msg ("step %u, after %u commands: the store says\n%s\n\nwhere it must say\n%s", n, n_told, text,
              (char *) g_ptr_array_index (expected->texts, at - 1));
  assert_int_equal (raw_ask (place->path, "SELECT count (*) FROM pragma_integrity_check WHERE integrity_check != 'ok'"), 0);
}

/* It is not only there: it goes on. */
static void
check_goes_on (Place *place)
{
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  guint64 before = count_events (desk);
  g_autoptr(IncidentCase) kase = open_case (desk, "After the crash");

  assert_true (note (kase, "it goes on", NULL));
  assert_true (count_events (desk) == before + 2);
}

static void
crash_at_every_step (Place     *place,
                     CrashKind  kind)
{
  Expected expected;
  guint n, n_told;

  learn (place, &expected);
  for (n = 1; play_and_die (place, kind, n, &n_told); n++)
    {
      check_store (place, &expected, n, n_told);
      check_goes_on (place);
      remove_store (place->path);
    }
  check_store (place, &expected, n, n_told);
  assert_int_equal (n_told, expected.sizes->len);
  print_message ("%u steps\n", n - 1);
  assert_true (n > 100);
  expected_clear (&expected);
}

static void
test_a_process_may_die_at_every_step (void **state)
{
  crash_at_every_step (*state, CRASH_OF_PROCESS);
}

static void
test_the_power_may_fail_at_every_step (void **state)
{
  crash_at_every_step (*state, CRASH_OF_POWER);
}

/* So that checkpoints and projections happen in the middle too. */
static int
setup_busy_keeper (void **state)
{
  incident_sqlite_keeper_limits = (IncidentSqliteKeeperLimits) { .wal_pages = 8, .cases = 2, .events = 4 };
  return place_setup (state);
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_process_may_die_at_every_step, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_the_power_may_fail_at_every_step, place_setup, place_teardown),
    cmocka_unit_test_setup_teardown (test_a_process_may_die_at_every_step, setup_busy_keeper, place_teardown),
    cmocka_unit_test_setup_teardown (test_the_power_may_fail_at_every_step, setup_busy_keeper, place_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
