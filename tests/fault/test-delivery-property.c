/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random days of an outbox: several senders over one store, far sides that fail in every way, senders
 * that are killed or sleep for a while and wake up again, clocks that jump. Whatever happens:
 *
 *  – what is told as sent was seen by the far side, and no message is lost without a word;
 *  – it was seen twice only where the far side gave no way to know;
 *  – the posts of a case arrive in the order in which they were written;
 *  – nothing is done for a case that has told it to stop.
 *
 * INCIDENT_WORLDS says how many; the seed of one that fails is told. */
#include "../incident-test.h"

#include <glib/gstdio.h>

#include "../far-side.h"

#define START G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z */
#define N_DESKS 3

static const char playbook_json[] =
  "{\"roles\": {\"commander\": {}}, \"channels\": {"
  "\"chat\": {\"kind\": \"own\", \"does\": [\"room\", \"card\", \"invite\"]},"
  "\"mute\": {\"kind\": \"own\"}}}";

typedef struct
{
  guint32           seed;
  GRand            *rand;
  char             *folder;
  char             *path;
  IncidentClock    *clock;
  IncidentPlaybook *playbook;
  IncidentDesk     *desks[N_DESKS];
  IncidentStore    *stores[N_DESKS];
  GPtrArray        *sleeping;   /* desks of killed senders, whose calls may still come back */
  GPtrArray        *results;    /* of deliveries; never looked at */
  FarSide          *sides[2];   /* “chat” can be asked what arrived, “mute” cannot */
  guint             n_cases;
  GArray           *ends;       /* when each case ended last; INT64_MAX: it is open */
  char             *late;       /* what was done for a case that had told it to stop; NULL: nothing */
} World;

static FarBehaviour
choose (FarSide *self)
{
  static const FarBehaviour faults[] = {
    FAR_TAKES_MUTELY, FAR_LOSES, FAR_FAILS, FAR_FAILS, FAR_WAITS, FAR_WAITS_FOR_ALL, FAR_HANGS, FAR_HANGS_EMPTY,
  };

  if (g_rand_double (self->rand) < 0.6)
    return FAR_TAKES;

  return faults[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (faults))];
}

/* Nobody is brought into the room of a case that has ended. */
static void
watch (FarSide *side, const FarMessage *message)
{
  World *self = side->watcher;
  guint64 number = 0;

  if (!g_str_equal (message->kind, "invite") || !incident_case_number_from_string (message->case_id, &number, NULL))
    return;
  if (g_array_index (self->ends, gint64, number - 1) != G_MAXINT64 && self->late == NULL)
    self->late = g_strdup_printf ("%s %s", message->kind, message->case_id);
}

static void
start_desk (World *self, guint i)
{
  static const char * const names[] = { "chat", "mute" };
  g_autoptr(GError) error = NULL;

  self->stores[i] = incident_sqlite_store_open (self->path, self->clock, &error);
  assert_no_error (error);
  self->desks[i] = incident_desk_new_with_playbook (self->stores[i], self->clock, self->playbook);
  for (guint j = 0; j < 2; j++)
    incident_desk_add_channel (self->desks[i], names[j], INCIDENT_CHANNEL (self->sides[j]));
}

static void
kill_desk (World *self, guint i)
{
  g_ptr_array_add (self->sleeping, self->desks[i]);
  g_object_unref (self->stores[i]);
  start_desk (self, i);
}

static World *
world_new (guint32 seed)
{
  World *self = g_new0 (World, 1);
  g_autoptr(GError) error = NULL;

  self->seed = seed;
  self->rand = g_rand_new_with_seed (seed);
  self->folder = g_dir_make_tmp ("incident-delivery-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "store.db", NULL);
  self->clock = incident_manual_clock_new (START, seed);
  self->playbook = incident_playbook_new_from_json (playbook_json, -1, "test", &error);
  assert_no_error (error);
  self->sleeping = g_ptr_array_new_with_free_func (g_object_unref);
  self->results = g_ptr_array_new ();
  self->ends = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < 2; i++)
    {
      self->sides[i] = far_side_new (self->clock);
      self->sides[i]->rand = self->rand;
      self->sides[i]->choose = choose;
      self->sides[i]->acted = watch;
      self->sides[i]->watcher = self;
    }
  self->sides[0]->can_look_up = TRUE;
  for (guint i = 0; i < N_DESKS; i++)
    start_desk (self, i);
  return self;
}

static void
world_free (World *self)
{
  static const char * const names[] = { "store.db", "store.db-wal", "store.db-shm" };

  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < N_DESKS; i++)
    {
      g_object_unref (self->desks[i]);
      g_object_unref (self->stores[i]);
    }
  g_ptr_array_unref (self->sleeping);
  for (guint i = 0; i < self->results->len; i++)
    {
      GAsyncResult **result = g_ptr_array_index (self->results, i);

      g_clear_object (result);
      g_free (result);
    }
  g_ptr_array_unref (self->results);
  for (guint i = 0; i < 2; i++)
    g_object_unref (self->sides[i]);
  g_object_unref (self->clock);
  incident_playbook_unref (self->playbook);
  g_array_unref (self->ends);
  g_rand_free (self->rand);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->late);
  g_free (self);
}

/* Refusals are part of the game. */
static void
act (World *self, guint64 number, const char *verb, const char *name, const char *value)
{
  IncidentDesk *desk = self->desks[g_rand_int_range (self->rand, 0, N_DESKS)];
  g_autoptr(IncidentCommand) command = incident_command_new (verb, g_rand_boolean (self->rand) ? "ana" : "bo");
  g_autoptr(IncidentCase) kase = NULL;
  gint64 *end = &g_array_index (self->ends, gint64, number - 1);

  if (name != NULL)
    incident_command_set (command, name, value, NULL);
  if (g_str_equal (verb, "assign"))
    incident_command_set (command, "person", g_rand_boolean (self->rand) ? "ana" : "bo", NULL);
  kase = incident_desk_act (desk, number, command, NULL);
  if (kase == NULL)
    return;
  if (!incident_case_get_open (kase))
    *end = MIN (*end, incident_clock_get_time (self->clock));
  else
    *end = G_MAXINT64;
}

static void
act_somehow (World *self)
{
  static const char * const acts[][3] = {
    { "diagnose", "text", "only /pay" }, { "escalate", "target", "core" }, { "examine", "text", "the pool" },
    { "resolve", "text", "rolled back" }, { "recover", "text", "0.1 %" }, { "cancel", "text", "no incident" },
    { "reopen", "text", "it was one" }, { "assign", "role", "commander" }, { "note", "text", "a note" },
    { "decide", "text", "we roll back" }, { "update", "text", "we are at it" },
  };
  guint which = (guint) g_rand_int_range (self->rand, 0, G_N_ELEMENTS (acts));

  act (self, (guint64) g_rand_int_range (self->rand, 1, (gint32) self->n_cases + 1), acts[which][0], acts[which][1], acts[which][2]);
}

static void
open_case (World *self)
{
  IncidentDesk *desk = self->desks[g_rand_int_range (self->rand, 0, N_DESKS)];
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase G_GNUC_UNUSED = incident_desk_open_case (desk, "Checkout answers 500", INCIDENT_SEVERITY_SEV2, "ana", &error);
  gint64 never = G_MAXINT64;

  assert_no_error (error);
  self->n_cases++;
  g_array_append_val (self->ends, never);
}

static void
send_some (World *self)
{
  GAsyncResult **result = g_new0 (GAsyncResult *, 1);
  int n = g_rand_int_range (self->rand, 0, 12);

  g_ptr_array_add (self->results, result);
  incident_desk_deliver_async (self->desks[g_rand_int_range (self->rand, 0, N_DESKS)], NULL, store_result, result);
  while (n-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

static void
move_clock (World *self)
{
  gint64 now = incident_clock_get_time (self->clock);
  gint64 step = g_rand_double (self->rand) < 0.05 ? g_rand_int_range (self->rand, -3600, 3600)
                                                  : g_rand_int_range (self->rand, 0, 40);

  incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (self->clock), now + step * G_TIME_SPAN_SECOND);
}

static void
live (World *self)
{
  guint n_steps = 150;

  open_case (self);
  while (n_steps-- > 0)
    {
      double chance = g_rand_double (self->rand);

      if (chance < 0.05 && self->n_cases < 5)
        open_case (self);
      else if (chance < 0.35)
        act_somehow (self);
      else if (chance < 0.65)
        send_some (self);
      else if (chance < 0.90)
        move_clock (self);
      else if (chance < 0.95)
        far_side_wake (self->sides[g_rand_int_range (self->rand, 0, 2)]);
      else
        kill_desk (self, (guint) g_rand_int_range (self->rand, 0, N_DESKS));
    }
}

/* All is well again: what waits is sent. */
static void
mend (World *self)
{
  guint n_rounds = 0;

  for (guint i = 0; i < 2; i++)
    {
      self->sides[i]->is_mended = TRUE;
      far_side_wake (self->sides[i]);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (;;)
    {
      gint64 next = deliver_all (self->desks[0]);
      gint64 now = incident_clock_get_time (self->clock);

      if (next == G_MAXINT64)
        break;
      if (++n_rounds > 2000)
        fail_msg ("seed %u: it does not come to an end", self->seed);
      incident_manual_clock_set_time (INCIDENT_MANUAL_CLOCK (self->clock), MAX (next, now + 1));
    }
}

static guint
count_seen (FarSide *side, const char *key, guint *first)
{
  guint n = 0;

  for (guint i = 0; i < side->got->len; i++)
    if (g_str_equal (((FarMessage *) g_ptr_array_index (side->got, i))->key, key) && n++ == 0)
      *first = i;
  return n;
}

/* What tells of trouble with another channel has a lane of its own. */
static gboolean
is_in_lane_of_case (IncidentMessage *message)
{
  return incident_message_get_kind (message) == INCIDENT_MESSAGE_KIND_POST
         && !g_str_has_prefix (incident_message_get_text (message), "desk: ");
}

static gboolean
is_final (IncidentMessage *message)
{
  return incident_message_get_state (message) >= INCIDENT_MESSAGE_STATE_SENT;
}

static void
check_channel (World *self, const char *name, FarSide *side)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) messages = incident_desk_list_messages (self->desks[0], name, NULL, 0, 0, 1000, &error);
  g_autoptr(GHashTable) last = g_hash_table_new (g_direct_hash, g_direct_equal);

  assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    {
      IncidentMessage *message = g_ptr_array_index (messages, i);
      const char *key = incident_message_get_key (message);
      gpointer kase = GUINT_TO_POINTER (incident_message_get_case_number (message));
      guint first = 0;
      guint n = count_seen (side, key, &first);

      if (!is_final (message))
        fail_msg ("seed %u: message %s is still %s", self->seed, key,
                  incident_message_state_to_string (incident_message_get_state (message)));
      if (incident_message_get_state (message) == INCIDENT_MESSAGE_STATE_SENT && n == 0)
        fail_msg ("seed %u: message %s of %s is told as sent, and nobody has seen it", self->seed, key, name);
      if (side->can_look_up && n > 1)
        fail_msg ("seed %u: message %s of %s was seen %u times", self->seed, key, name, n);
      if (n > 0 && is_in_lane_of_case (message))
        {
          guint before = GPOINTER_TO_UINT (g_hash_table_lookup (last, kase));

          if (first + 1 <= before)
            fail_msg ("seed %u: message %s of %s came before an older one", self->seed, key, name);
          g_hash_table_insert (last, kase, GUINT_TO_POINTER (first + 1));
        }
    }
}

static void
check_world (World *self)
{
  check_channel (self, "chat", self->sides[0]);
  check_channel (self, "mute", self->sides[1]);
  if (self->late != NULL)
    fail_msg ("seed %u: %s: it had ended", self->seed, self->late);
  for (guint i = 0; i < self->sides[0]->got->len; i++)
    {
      FarMessage *got = g_ptr_array_index (self->sides[0]->got, i);

      if (!g_str_equal (got->kind, "room") && g_strcmp0 (got->conversation, NULL) == 0)
        fail_msg ("seed %u: %s of %s went nowhere, though there is a room", self->seed, got->kind, got->case_id);
    }
}

static void
test_whatever_happens_messages_are_neither_lost_nor_doubled (void **state)
{
  const char *told = g_getenv ("INCIDENT_WORLDS");
  guint n_worlds = told != NULL ? (guint) g_ascii_strtoull (told, NULL, 10) : 10;
  const char *from = g_getenv ("INCIDENT_SEED");
  guint32 seed = from != NULL ? (guint32) g_ascii_strtoull (from, NULL, 10) : 1;

  for (guint i = 0; i < n_worlds; i++)
    {
      World *world = world_new (seed + i);

      live (world);
      mend (world);
      check_world (world);
      world_free (world);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_whatever_happens_messages_are_neither_lost_nor_doubled),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
