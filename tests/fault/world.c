/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "world.h"

#include <string.h>

#define START G_GINT64_CONSTANT (1790000000000000)

const PlainCommand world_commands[] = {
  { "open", "ana", .title = "Checkout answers 500" },
  { "open", "ana" },
  { "diagnose", "bo", .text = "only /pay" },
  { "diagnose", "bo" },
  { "escalate", "ana", .text = "needs a database owner", .target = "payments" },
  { "escalate", "ana", .text = "needs a database owner" },
  { "escalate", "ana", .target = "payments" },
  { "escalate", "ana" },
  { "examine", "bo", .text = "the pool is exhausted" },
  { "examine", "bo" },
  { "resolve", "bo", .text = "rolled back" },
  { "resolve", "bo" },
  { "recover", "bo", .text = "0.1 % for 15 min" },
  { "recover", "bo" },
  { "close", "ana", .text = "reviewed" },
  { "close", "bo" },
  { "cancel", "bo", .text = "a false alarm" },
  { "cancel", "bo" },
  { "reopen", "bo", .text = "it is back" },
  { "reopen", "bo" },
  { "assign", "ana", .role = "commander", .person = "ana" },
  { "assign", "bo", .role = "commander", .person = "bo" },
  { "assign", "ana", .role = "scribe", .person = "bo" },
  { "assign", "ana", .role = "scribe" },
  { "assign", "ana", .person = "bo" },
  { "assign", "ana" },
  { "release", "ana", .role = "commander" },
  { "release", "bo", .role = "scribe" },
  { "release", "bo" },
  { "classify", "bo", .severity = "sev2" },
  { "classify", "bo", .text = "not as bad as it looks" },
  { "note", "bo", .text = "called the vendor" },
  { "note", "bo" },
};
const guint world_n_commands = G_N_ELEMENTS (world_commands);

World *
world_new (IncidentClock *clock,
           IncidentStore *store,
           const guint8   store_id[16])
{
  World *self = g_new0 (World, 1);

  self->clock = clock;
  self->store = store;
  memcpy (self->store_id, store_id, 16);
  self->desk = incident_desk_new (store, clock, NULL);
  return self;
}

World *
world_new_in_memory (guint64 seed)
{
  g_autoptr(IncidentClock) twin = incident_manual_clock_new (START, seed);
  g_autoptr(GBytes) id = incident_clock_random_bytes (twin, 16);
  IncidentClock *clock = incident_manual_clock_new (START, seed);

  return world_new (clock, incident_memory_store_new (clock), g_bytes_get_data (id, NULL));
}

void
world_free (World *self)
{
  g_clear_object (&self->kase);
  g_object_unref (self->desk);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_free (self);
}

static IncidentCommand *
make_command (const PlainCommand *plain)
{
  IncidentCommand *command = incident_command_new (plain->verb, plain->actor);
  const char * const arguments[][2] = {
    { "title", plain->title }, { "text", plain->text }, { "target", plain->target },
    { "role", plain->role }, { "person", plain->person }, { "severity", plain->severity },
  };

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    assert_true (incident_command_set (command, arguments[i][0], arguments[i][1], NULL));

  return command;
}

static IncidentCase *
give (World               *self,
      const PlainCommand  *plain,
      GError             **error)
{
  g_autoptr(IncidentCommand) command = make_command (plain);

  return incident_desk_act (self->desk, self->kase != NULL ? incident_case_get_number (self->kase) : 0, command, error);
}

static void
advance (World *self)
{
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (self->clock), G_USEC_PER_SEC);
}

void
world_repeat (World              *self,
              const PlainCommand *plain)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase = NULL;

  advance (self);
  kase = give (self, plain, &error);
  assert_no_error (error);
  g_set_object (&self->kase, kase);
  plain_apply (&self->plain, plain);
}

/* “verb” refused: code: why; code: why */
static char *
read_codes (const GError *error)
{
  g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) parts = g_strsplit (strstr (error->message, " refused: ") + strlen (" refused: "), "; ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (codes, g_strndup (parts[i], strcspn (parts[i], ":")));

  return plain_join (codes);
}

static void
check_fact (IncidentEvent *event,
            const char    *name,
            const char    *expected)
{
  g_autofree char *fact = incident_event_dup_fact (event, name);

  if (g_strcmp0 (fact, expected) != 0)
    fail_msg ("event %u (%s): %s is %s, not %s", incident_event_get_seq (event), incident_event_get_kind (event),
              name, fact, expected);
}

static void
check_number_fact (IncidentEvent *event,
                   const char    *name,
                   guint          expected)
{
  g_autofree char *text = expected != 0 ? g_strdup_printf ("%u", expected) : NULL;

  check_fact (event, name, text);
}

static void
check_event (World              *self,
             const PlainCommand *plain,
             const PlainEvent   *expected)
{
  GListModel *timeline = incident_case_get_timeline (self->kase);
  g_autoptr(IncidentEvent) event = g_list_model_get_item (timeline, g_list_model_get_n_items (timeline) - 1);

  assert_int_equal (incident_event_get_seq (event), self->plain.n_events);
  assert_string_equal (incident_event_get_kind (event), expected->kind);
  assert_string_equal (incident_event_get_actor (event), plain->actor);
  assert_true (incident_event_get_recorded_at (event) == incident_clock_get_time (self->clock));
  if (g_strcmp0 (incident_event_get_text (event), plain->text) != 0)
    fail_msg ("the words of “%s” are not kept", plain->verb);
  check_fact (event, "phase", expected->phase);
  check_fact (event, "state", expected->state);
  check_number_fact (event, "episode", expected->episode);
  check_number_fact (event, "level", expected->level);
  check_fact (event, "role", expected->role);
  check_fact (event, "person", expected->person);
  check_fact (event, "target", expected->target);
  check_fact (event, "severity", expected->severity);
}

/* What somebody sees of the case and of its store. */
static char *
look (World *self)
{
  g_autofree char *json = self->kase != NULL ? incident_case_to_json (self->kase) : NULL;

  return g_strdup_printf ("%s %u events in the timeline, %" G_GUINT64_FORMAT " in the store", json,
                          self->kase != NULL ? g_list_model_get_n_items (incident_case_get_timeline (self->kase)) : 0,
                          incident_store_get_size (self->store, NULL));
}

gboolean
world_act (World              *self,
           const PlainCommand *plain)
{
  g_autofree char *codes = plain_judge (&self->plain, plain);
  g_autofree char *before = look (self);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  gboolean leaves_event = *codes == '\0' && !plain_holds (&self->plain, plain);

  advance (self);
  kase = give (self, plain, &error);
  if (*codes != '\0')
    {
      g_autofree char *said = NULL;

      if (error == NULL)
        fail_msg ("“%s” by %s in %s is accepted, and must not be: %s", plain->verb, plain->actor, self->plain.phase, codes);
      assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
      said = read_codes (error);
      assert_string_equal (said, codes);
    }
  else if (error != NULL)
    fail_msg ("“%s” by %s in %s must be accepted: %s", plain->verb, plain->actor, self->plain.phase, error->message);

  if (leaves_event)
    {
      PlainEvent event = plain_apply (&self->plain, plain);

      g_set_object (&self->kase, kase);
      check_event (self, plain, &event);
      return TRUE;
    }

  after = look (self);
  assert_string_equal (after, before);
  return FALSE;
}

/* The command that brings all that its verb needs. */
static const PlainCommand *
find_complete (const char *verb)
{
  for (guint i = 0; i < world_n_commands; i++)
    if (g_str_equal (world_commands[i].verb, verb))
      return &world_commands[i];

  fail_msg ("the test knows no verb “%s”", verb);
  return NULL;
}

static char *
join (const char * const *words)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new ();

  for (; *words != NULL; words++)
    g_ptr_array_add (list, (gpointer) *words);

  return plain_join (list);
}

static void
check_option (World          *self,
              IncidentOption *option,
              const char     *actor)
{
  PlainCommand command = *find_complete (incident_option_get_verb (option));
  g_autofree char *said = join (incident_option_get_codes (option));
  g_autofree char *needs = join (incident_option_get_needs (option));
  g_autofree char *codes = NULL;

  command.actor = actor;
  /* It depends on the role who may be released: any but the commander. */
  if (g_str_equal (command.verb, "release"))
    command.role = "scribe";
  codes = plain_judge (&self->plain, &command);
  if (!g_str_equal (said, codes))
    fail_msg ("what comes next says of “%s” by %s in %s: “%s”, not “%s”", command.verb, actor, self->plain.phase, said, codes);
  assert_int_equal (incident_option_get_allowed (option), *codes == '\0');
  assert_string_equal (needs, plain_get_needs (command.verb));
  if (g_strcmp0 (incident_option_get_to (option), plain_get_to (command.verb)) != 0)
    fail_msg ("“%s” leads to %s, not to %s", command.verb, plain_get_to (command.verb), incident_option_get_to (option));
}

void
world_check_next (World *self)
{
  const char * const actors[] = { "ana", "bo", "cy" };

  for (guint i = 0; i < G_N_ELEMENTS (actors); i++)
    {
      g_autoptr(GPtrArray) options = incident_case_list_next (self->kase, actors[i], NULL);

      /* Those of the lifecycle come first. */
      assert_true (options->len > 13);
      for (guint j = 0; j < 13; j++)
        check_option (self, g_ptr_array_index (options, j), actors[i]);
    }
}

/* From the first commander on, one ends where the next begins, and one has no end. */
static void
check_command_is_held (World *self)
{
  g_autoptr(GPtrArray) assignments = incident_case_list_assignments (self->kase);
  gint64 until = INCIDENT_TIME_NONE;
  guint n_commanders = 0;

  for (guint i = 0; i < assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (assignments, i);

      if (!g_str_equal (incident_assignment_get_role (assignment), "commander"))
        continue;
      if (n_commanders++ > 0)
        assert_true (incident_assignment_get_since (assignment) == until);
      until = incident_assignment_get_until (assignment);
      if (until != INCIDENT_TIME_NONE)
        assert_true (until > incident_assignment_get_since (assignment));
    }

  assert_true (until == INCIDENT_TIME_NONE);
  assert_int_equal (n_commanders > 0, self->plain.commander != NULL);
}

static void
check_getters (World *self)
{
  const PlainCase *plain = &self->plain;
  IncidentCase *kase = self->kase;
  IncidentSeverity severity = plain->severity != NULL ? INCIDENT_SEVERITY_SEV2 : INCIDENT_SEVERITY_UNKNOWN;

  assert_string_equal (incident_case_get_phase (kase), plain->phase);
  assert_int_equal (incident_case_get_open (kase), plain_is_open (plain));
  assert_int_equal (incident_case_get_live (kase), plain_is_live (plain));
  assert_int_equal (incident_case_get_episode (kase), plain->episode);
  assert_int_equal (incident_case_get_version (kase), plain->n_events);
  assert_int_equal (incident_case_get_severity (kase), severity);
  assert_int_equal (g_list_model_get_n_items (incident_case_get_timeline (kase)), plain->n_events);
  assert_true (g_strcmp0 (incident_case_get_commander (kase), plain->commander) == 0);
  assert_true (g_strcmp0 (incident_case_get_holder (kase, "scribe"), plain->scribe) == 0);
  assert_int_equal (incident_case_get_closed_at (kase) == INCIDENT_TIME_NONE, plain_is_open (plain));
}

void
world_check_case (World *self)
{
  guint64 number = incident_case_get_number (self->kase);
  g_autoptr(IncidentDesk) fresh_desk = incident_desk_new (self->store, self->clock, NULL);
  g_autoptr(IncidentCase) fresh = incident_desk_get_case (fresh_desk, number, NULL);
  g_autofree char *folded = incident_case_to_json (fresh);
  g_autofree char *held = incident_case_to_json (self->kase);
  g_autoptr(GPtrArray) records = incident_store_load (self->store, number, 0, NULL);
  g_autofree char *fault = leaf_find_fault (records, self->store_id);

  assert_string_equal (folded, held);
  assert_int_equal (records->len, self->plain.n_events);
  if (fault != NULL)
    fail_msg ("%s", fault);
  check_getters (self);
  check_command_is_held (self);
}
