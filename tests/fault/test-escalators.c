/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../far-side.h"
#include "libincident/incident-escalator.h"
#include "store/incident-store-private.h"
#include "support.h"

/* Four processes escalate and send on one store, and two at a time are killed at random. Each step of each case fires
 * once, in its order and not too soon; and its page is sent at least once, always under the same key.
 *
 *   test-escalators [SECONDS]       a few of them, or INCIDENT_ESCALATORS_SECONDS
 *   test-escalators --child PATH    one of the processes
 */

#define N_PROCESSES 4
#define N_KILLED    2
#define N_STEPS     5

/* Time goes by so much faster, for leases and steps last a while. */
#define SPEED 60
#define WAIT  G_TIME_SPAN_MINUTE

/* Each step another person, so that no page takes the place of another. */
static const char playbook_json[] =
  "{\"name\": \"x\", \"channels\": {\"bell\": {\"kind\": \"own\"}},"
  " \"people\": {\"p1\": {\"pages\": [{\"by\": \"bell\"}]}, \"p2\": {\"pages\": [{\"by\": \"bell\"}]},"
  " \"p3\": {\"pages\": [{\"by\": \"bell\"}]}, \"p4\": {\"pages\": [{\"by\": \"bell\"}]}, \"p5\": {\"pages\": [{\"by\": \"bell\"}]},"
  " \"boss\": {\"pages\": [{\"by\": \"bell\"}]}},"
  " \"policies\": {\"p\": {\"steps\": [{\"page\": [{\"person\": \"p1\"}], \"wait\": \"1m\"}, {\"page\": [{\"person\": \"p2\"}], \"wait\": \"1m\"},"
  " {\"page\": [{\"person\": \"p3\"}], \"wait\": \"1m\"}, {\"page\": [{\"person\": \"p4\"}], \"wait\": \"1m\"},"
  " {\"page\": [{\"person\": \"p5\"}], \"wait\": \"1m\"}], \"fallback\": [{\"person\": \"boss\"}]}},"
  " \"escalation\": {\"start\": [{\"policy\": \"p\"}]}}";

/* Haste: the time of the machine, but faster. */

#define TYPE_HASTE (haste_get_type ())
G_DECLARE_FINAL_TYPE (Haste, haste, TEST, HASTE, GObject)

struct _Haste
{
  GObject parent_instance;
};

static gint64
haste_get_time (IncidentClock *clock)
{
  const gint64 begin = G_GINT64_CONSTANT (1795417200000000);

  return begin + (g_get_real_time () - begin) * SPEED;
}

static gint64
haste_get_boot_time (IncidentClock *clock)
{
  return g_get_monotonic_time () * SPEED;
}

static void
haste_iface_init (IncidentClockInterface *iface)
{
  iface->get_time = haste_get_time;
  iface->get_boot_time = haste_get_boot_time;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Haste, haste, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CLOCK, haste_iface_init))

static void
haste_class_init (HasteClass *klass)
{
}

static void
haste_init (Haste *self)
{
}

/* One process */

typedef struct
{
  IncidentClock     *clock;
  IncidentDesk      *desk;
  IncidentEscalator *escalator;
  FarSide           *bell;
  int                rung;  /* file: a line for each key that the bell was rung with */
} Worker;

/* Where a process is killed, the line is there or it is not. */
static void
write_key (FarSide          *bell,
           const FarMessage *message)
{
  Worker *self = bell->watcher;
  g_autofree char *line = g_strconcat (message->key, "\n", NULL);

  if (write (self->rung, line, strlen (line)) != (ssize_t) strlen (line))
    _exit (7);
}

static gboolean
worker_init (Worker     *self,
             const char *path,
             GError    **error)
{
  g_autofree char *rung = g_strconcat (path, ".rung", NULL);
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (playbook_json, -1, "test", error);
  g_autoptr(IncidentStore) store = NULL;

  self->clock = g_object_new (TYPE_HASTE, NULL);
  store = playbook != NULL ? incident_sqlite_store_open (path, self->clock, error) : NULL;
  if (store == NULL)
    return FALSE;

  self->desk = incident_desk_new_with_playbook (store, self->clock, playbook);
  self->escalator = incident_escalator_new (self->desk);
  self->bell = far_side_new (self->clock);
  self->bell->acted = write_key;
  self->bell->watcher = self;
  self->rung = g_open (rung, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  incident_desk_add_channel (self->desk, "bell", INCIDENT_CHANNEL (self->bell));
  return TRUE;
}

static void
worker_clear (Worker *self)
{
  close (self->rung);
  g_clear_object (&self->escalator);
  g_clear_object (&self->desk);
  g_clear_object (&self->bell);
  g_clear_object (&self->clock);
}

/* A turn: what is due is fired and sent. Returns when something is due again. */
static gint64
worker_turn (Worker  *self,
             GError **error)
{
  gint64 next = G_MAXINT64;

  incident_escalator_run (self->escalator, &next, error);
  incident_desk_deliver_async (self->desk, NULL, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return next;
}

static gboolean
open_one (Worker  *self,
          GError **error)
{
  g_autoptr(IncidentCase) kase = incident_desk_open_case (self->desk, "T", INCIDENT_SEVERITY_SEV2, "boss", error);

  return kase != NULL;
}

/* It opens a case now and then, until it is killed. */
static int
live (const char *path)
{
  Worker self = { NULL, };
  g_autoptr(GError) error = NULL;

  /* It does not outlive a test that failed. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (!worker_init (&self, path, &error))
    {
      g_printerr ("cannot begin: %s\n", error->message);
      return 2;
    }

  for (;;)
    {
      worker_turn (&self, &error);
      if (error == NULL && g_random_int_range (0, 40) == 0)
        open_one (&self, &error);
      if (error != NULL && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_BUSY))
        {
          g_printerr ("cannot go on: %s\n", error->message);
          return 3;
        }
      g_clear_error (&error);
      g_usleep (5000);
    }
}

/* The parent */

static const char *own_path;
static gint64 n_seconds = 4;

static GPid
begin_child (Place *place)
{
  const char *argv[] = { own_path, "--child", place->path, NULL };
  g_autoptr(GError) error = NULL;
  GPid child;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, &error);
  assert_no_error (error);
  return child;
}

static void
kill_child (GPid child)
{
  int status;

  assert_int_equal (kill (child, SIGKILL), 0);
  assert_int_equal (waitpid (child, &status, 0), child);
  /* One that ended by itself has said why. */
  assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

static guint
kill_at_random (Place *place,
                gint64 seconds)
{
  gint64 until = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  GPid children[N_PROCESSES];
  guint n = 0;

  for (guint i = 0; i < N_PROCESSES; i++)
    children[i] = begin_child (place);
  for (; g_get_monotonic_time () < until; n += N_KILLED)
    {
      guint first = (guint) g_random_int_range (0, N_PROCESSES);

      g_usleep ((gulong) g_random_int_range (100000, 500000));
      for (guint i = first; i < first + N_KILLED; i++)
        kill_child (children[i % N_PROCESSES]);
      for (guint i = first; i < first + N_KILLED; i++)
        children[i % N_PROCESSES] = begin_child (place);
    }
  for (guint i = 0; i < N_PROCESSES; i++)
    kill_child (children[i]);
  return n;
}

static guint64
count_waiting (IncidentStore *store)
{
  IncidentOutboxCount count = { { 0, }, 0 };

  assert_true (incident_store_count_messages (store, NULL, &count, NULL));
  return count.n[INCIDENT_MESSAGE_STATE_PENDING] + count.n[INCIDENT_MESSAGE_STATE_SENDING] + count.n[INCIDENT_MESSAGE_STATE_UNSURE];
}

/* Whoever is left finishes it all. */
static void
finish (Place *place)
{
  Worker self = { NULL, };
  gint64 patience = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  g_autoptr(GError) error = NULL;
  gint64 next = 0;

  assert_true (worker_init (&self, place->path, &error));
  while (next != G_MAXINT64 || count_waiting (incident_desk_get_store (self.desk)) > 0)
    {
      next = worker_turn (&self, &error);
      assert_no_error (error);
      if (g_get_monotonic_time () > patience)
        fail_msg ("%u messages wait, and the next is due in %d s", (guint) count_waiting (incident_desk_get_store (self.desk)),
                  next == G_MAXINT64 ? -1 : (int) ((next - haste_get_time (NULL)) / G_USEC_PER_SEC));
      g_usleep (2000);
    }
  worker_clear (&self);
}

/* Judging */

typedef struct
{
  guint   n_fired;    /* steps so far */
  guint   n_started;
  guint   n_exhausted;
  gint64  last;       /* when a step fired last */
} Walk;

static int
find_number (const IncidentRecord *record,
             const char           *fact)
{
  g_autofree char *value = incident_facts_dup (record->facts, fact);

  return value != NULL ? (int) g_ascii_strtoull (value, NULL, 10) : -1;
}

static void
follow (Walk                 *walk,
        const IncidentRecord *record)
{
  if (g_str_equal (record->kind, "escalation-started"))
    walk->n_started++;
  else if (g_str_equal (record->kind, "escalation-exhausted"))
    walk->n_exhausted++;
  if (!g_str_equal (record->kind, "step-fired"))
    return;

  if (find_number (record, "step") != (int) ++walk->n_fired || find_number (record, "loop") > 0 || find_number (record, "run") != 1)
    fail_msg ("INC-%" G_GUINT64_FORMAT ", event %u: step %d comes as the firing %u", record->subject, record->seq,
              find_number (record, "step"), walk->n_fired);
  /* The clock of the wall and that of the boot are read one after the other. */
  if (walk->last != 0 && record->occurred_at - walk->last < WAIT - G_TIME_SPAN_SECOND)
    fail_msg ("INC-%" G_GUINT64_FORMAT ", event %u: step %u comes after %d ms", record->subject, record->seq, walk->n_fired,
              (int) ((record->occurred_at - walk->last) / 1000));
  walk->last = record->occurred_at;
}

/* Returns how many cases there are. */
static guint
judge_steps (IncidentStore *store)
{
  g_autoptr(GArray) walks = g_array_new (FALSE, TRUE, sizeof (Walk));
  g_autoptr(GError) error = NULL;
  guint64 read = 0;

  for (guint n = 1; n > 0; read += n)
    {
      g_autoptr(GPtrArray) page = incident_store_read_log (store, read, INCIDENT_QUERY_MAX_LIMIT, &error);

      assert_no_error (error);
      n = page->len;
      for (guint i = 0; i < n; i++)
        {
          const IncidentRecord *record = g_ptr_array_index (page, i);

          if (walks->len < record->subject)
            g_array_set_size (walks, (guint) record->subject);
          follow (&g_array_index (walks, Walk, record->subject - 1), record);
        }
    }

  for (guint i = 0; i < walks->len; i++)
    {
      const Walk *walk = &g_array_index (walks, Walk, i);

      if (walk->n_started != 1 || walk->n_fired != N_STEPS || walk->n_exhausted != 1)
        fail_msg ("INC-%u was started %u times, fired %u steps and was exhausted %u times", i + 1, walk->n_started,
                  walk->n_fired, walk->n_exhausted);
    }
  return walks->len;
}

static GHashTable *
read_rung (Place *place)
{
  g_autofree char *path = g_strconcat (place->path, ".rung", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    g_hash_table_insert (keys, g_strdup (lines[i]),
                         GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (keys, lines[i])) + 1));
  g_unlink (path);
  return keys;
}

/* Returns how many pages arrived more than once. */
static guint
judge_pages (Place         *place,
             IncidentStore *store,
             guint          n_cases)
{
  g_autoptr(GHashTable) rung = read_rung (place);
  IncidentOutboxQuery query = { .limit = 1000 };
  guint n_pages = 0;
  guint n_again = 0;
  guint n = 1;

  while (n > 0)
    {
      g_autoptr(GPtrArray) rows = incident_store_list_messages (store, &query, NULL);

      n = rows->len;
      for (guint i = 0; i < n; i++)
        {
          const IncidentOutboxRow *row = g_ptr_array_index (rows, i);
          guint times = GPOINTER_TO_UINT (g_hash_table_lookup (rung, row->key));

          query.after = row->id;
          if (row->kind != INCIDENT_MESSAGE_KIND_PAGE)
            continue;
          n_pages++;
          n_again += times > 1 ? 1 : 0;
          if (row->state != INCIDENT_MESSAGE_STATE_SENT || times == 0)
            fail_msg ("page %" G_GUINT64_FORMAT " of INC-%" G_GUINT64_FORMAT " rang %u times, and is %s (%s)", row->id, row->subject,
                      times, incident_message_state_to_string (row->state), row->trouble);
          g_hash_table_remove (rung, row->key);
        }
    }

  /* One for each step and one for the fallback. */
  assert_int_equal (n_pages, n_cases * (N_STEPS + 1));
  return n_again;
}

static void
test_each_step_fires_once_and_each_page_is_sent (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentClock) clock = NULL;
  g_autoptr(IncidentStore) store = NULL;
  guint n_killed, n_cases, n_again;

  n_killed = kill_at_random (place, n_seconds);
  finish (place);
  clock = g_object_new (TYPE_HASTE, NULL);
  store = incident_sqlite_store_open (place->path, clock, NULL);
  assert_non_null (store);
  n_cases = judge_steps (store);
  n_again = judge_pages (place, store, n_cases);
  print_message ("%u processes killed, %u cases, %u pages rang more than once\n", n_killed, n_cases, n_again);
  assert_true (n_cases > 0);
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_each_step_fires_once_and_each_page_is_sent, place_setup, place_teardown),
  };

  const char *wanted = argc > 1 ? argv[1] : g_getenv ("INCIDENT_ESCALATORS_SECONDS");

  if (argc == 3 && g_str_equal (argv[1], "--child"))
    return live (argv[2]);

  own_path = argv[0];
  if (wanted != NULL)
    n_seconds = g_ascii_strtoll (wanted, NULL, 10);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
