/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "company.h"

#include <string.h>
#include <time.h>

#include "store/incident-store-private.h"

#define START  G_GINT64_CONSTANT (1798761600000000) /* 2027-01-01T00:00:00Z */
#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR   G_TIME_SPAN_HOUR
#define DAY    G_TIME_SPAN_DAY
#define N_PEOPLE 40
#define N_SERVICES 12
#define PAGE_OF_LOG 1000

/* What happens, in this order where it does at the same moment. */
typedef enum
{
  OPENS,
  ACKNOWLEDGES,
  TAKES_BACK,
  WORKS,
  ESCALATES,
  SNOOZES,
  PAGES,
  RESOLVES,
  GOES_BACK,
  RECOVERS,
  CLOSES,
  REOPENS,
  GIVES_UP,
  OVERRIDES,
  WITHDRAWS,
  EDITS,
  SETS_CLOCK,
  STOPS,
  GOES_ON,
  REBOOTS,
} Deed;

typedef struct
{
  gint64  at;      /* by the sun */
  guint64 order;   /* of two at the same moment: which was thought of first */
  Deed    deed;
  guint64 number;  /* of the case; 0: of none */
  guint   person;
} Event;

typedef struct
{
  CompanyTime       *time;
  GRand             *rand;
  GPtrArray         *clocks;    /* (element-type IncidentClock): each machine there was; the last one is ours */
  IncidentStore     *store;
  IncidentDesk      *desk;
  IncidentEscalator *escalator;
  IncidentChannel   *lines[2];
  PlainOncall       *check;
  gint64             sun;       /* nobody sets it */
  GArray            *heap;      /* (element-type Event): a heap, the first one on top */
  guint64            n_events;
  GHashTable        *cases;     /* number → IncidentCase: those that people have before them */
  guint64            known;     /* of the log */
  guint              edit;
  gboolean           is_stopped;
  gint64             next_fire; /* by the sun, as the one below */
  gint64             next_send;
  GChecksum         *digest;
} Company;

/* A line to people: takes nearly all. */

#define LINE_TYPE (line_get_type ())
G_DECLARE_FINAL_TYPE (Line, line, COMPANY, LINE, GObject)

struct _Line
{
  GObject  parent_instance;

  Company *company;
};

static void line_channel_init (IncidentChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Line, line, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (INCIDENT_TYPE_CHANNEL, line_channel_init))

static void react (Company    *self,
                   guint64     number,
                   const char *person);

static void
arrive (Company         *self,
        IncidentMessage *message)
{
  const char *key = incident_message_get_key (message);
  g_autoptr(IncidentOutboxRow) row = incident_store_find_message (self->store, 0, key, NULL);
  const char *person = incident_message_get_recipients (message)[0];

  assert_non_null (row);
  assert_int_equal (row->kind, INCIDENT_MESSAGE_KIND_PAGE);
  plain_oncall_see_arrive (self->check, self->sun, row->subject, key, row->body);
  if (person != NULL)
    react (self, row->subject, person);
}

static void
line_deliver (IncidentChannel *channel, IncidentDelivery *delivery, GTask *task)
{
  Company *company = COMPANY_LINE (channel)->company;
  double chance = g_rand_double (company->rand);

  if (chance < 0.01)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Nobody listens");
  else if (chance < 0.015)
    {
      incident_delivery_set_outcome (delivery, INCIDENT_OUTCOME_REFUSED, "There is no such number");
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      arrive (company, incident_delivery_get_message (delivery));
      g_task_return_boolean (task, TRUE);
    }
}

static void
line_probe (IncidentChannel *channel, GTask *task)
{
  g_task_return_boolean (task, TRUE);
}

static void
line_channel_init (IncidentChannelInterface *iface)
{
  iface->deliver = line_deliver;
  iface->probe = line_probe;
}

static void
line_class_init (LineClass *klass)
{
}

static void
line_init (Line *self)
{
}

/* What is to come */

static gboolean
is_before (const Event *a, const Event *b)
{
  return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void
push (Company *self, gint64 at, Deed deed, guint64 number, guint person)
{
  Event event = { at, self->n_events++, deed, number, person };
  guint i = self->heap->len;
  Event *heap;

  g_array_append_val (self->heap, event);
  heap = (Event *) (gpointer) self->heap->data;
  for (; i > 0 && is_before (&event, &heap[(i - 1) / 2]); i = (i - 1) / 2)
    heap[i] = heap[(i - 1) / 2];
  heap[i] = event;
}

static Event
pop (Company *self)
{
  Event *heap = (Event *) (gpointer) self->heap->data;
  Event first = heap[0];
  Event last = heap[self->heap->len - 1];
  guint n = self->heap->len - 1;
  guint i = 0;

  g_array_set_size (self->heap, n);
  for (guint child = 1; child < n; child = 2 * i + 1)
    {
      if (child + 1 < n && is_before (&heap[child + 1], &heap[child]))
        child++;
      if (!is_before (&heap[child], &last))
        break;
      heap[i] = heap[child];
      i = child;
    }
  if (n > 0)
    heap[i] = last;
  return first;
}

static gboolean
happens (Company *self, double chance)
{
  return g_rand_double (self->rand) < chance;
}

static guint
choose (Company *self, guint n)
{
  return (guint) g_rand_int_range (self->rand, 0, (gint32) n);
}

/* In so many minutes, and up to so many more. */
static void
plan (Company *self, guint minutes, guint more, Deed deed, guint64 number, guint person)
{
  push (self, self->sun + (minutes + choose (self, more + 1)) * MINUTE, deed, number, person);
}

static IncidentManualClock *
get_clock (Company *self)
{
  return INCIDENT_MANUAL_CLOCK (g_ptr_array_index (self->clocks, self->clocks->len - 1));
}

static gint64
get_wall (Company *self)
{
  return incident_clock_get_time (INCIDENT_CLOCK (get_clock (self)));
}

/* Over half answer, some at once, some late. */
static void
react (Company *self, guint64 number, const char *person)
{
  if (happens (self, 0.55))
    plan (self, 1, 19, ACKNOWLEDGES, number, (guint) g_ascii_strtoull (person + 1, NULL, 10));
}

/* The machine */

static void
start (Company *self)
{
  static const char * const names[] = { "chat", "phone" };
  g_autofree char *json = company_make_rules (self->edit, self->check);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "company", &error);

  assert_no_error (error);
  self->desk = incident_desk_new_with_playbook (self->store, INCIDENT_CLOCK (get_clock (self)), playbook);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    incident_desk_add_channel (self->desk, names[i], self->lines[i]);
  self->escalator = incident_escalator_new (self->desk);
  self->next_fire = self->next_send = self->sun;
}

/* Another boot: the clock of the wall goes on, that of the boot begins anew. */
static void
reboot (Company *self)
{
  gint64 wall = get_wall (self);

  g_hash_table_remove_all (self->cases);
  g_clear_object (&self->escalator);
  g_clear_object (&self->desk);
  g_ptr_array_add (self->clocks, incident_manual_clock_new (wall, g_rand_int (self->rand)));
  plain_oncall_note_boot (self->check, self->sun);
  start (self);
}

/* What people do */

static IncidentCommand * G_GNUC_NULL_TERMINATED
command_new (const char *verb, guint person, ...)
{
  g_autofree char *actor = g_strdup_printf ("p%02u", person);
  IncidentCommand *command = incident_command_new (verb, actor);
  const char *name;
  va_list arguments;

  va_start (arguments, person);
  while ((name = va_arg (arguments, const char *)) != NULL)
    {
      g_autoptr(GError) error = NULL;

      incident_command_set (command, name, va_arg (arguments, const char *), &error);
      assert_no_error (error);
    }
  va_end (arguments);
  return command;
}

/* Takes the command. A refusal is an answer too: others may have been quicker. The number of the case; 0: it is refused. */
static guint64
act (Company *self, guint64 number, IncidentCommand *command)
{
  g_autoptr(IncidentCommand) owned = command;
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_act (self->desk, number, owned, &error);

  if (kase == NULL && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    assert_no_error (error);
  if (kase == NULL)
    return 0;

  number = incident_case_get_number (kase);
  if (incident_case_get_open (kase))
    g_hash_table_insert (self->cases, g_memdup2 (&number, sizeof number), kase);
  else
    {
      g_hash_table_remove (self->cases, &number);
      g_object_unref (kase);
    }
  return number;
}

static void
open_one (Company *self)
{
  static const char * const severities[] = { "sev1", "sev2", "sev3", "sev3", "sev4" };
  g_autofree char *service = g_strdup_printf ("v%02u", choose (self, N_SERVICES));
  guint64 number = act (self, 0, command_new ("open", choose (self, N_PEOPLE), "title", "Something is down", "service", service,
                                              "severity", severities[choose (self, G_N_ELEMENTS (severities))], NULL));

  assert_true (number != 0);
  plan (self, 20 * 60, 240, GIVES_UP, number, 37);
  if (happens (self, 0.04))
    plan (self, 2, 30, ESCALATES, number, choose (self, N_PEOPLE));
  if (happens (self, 0.03))
    plan (self, 1, 20, SNOOZES, number, choose (self, N_PEOPLE));
  if (happens (self, 0.02))
    plan (self, 1, 20, PAGES, number, choose (self, N_PEOPLE));
  /* Just when somebody waits for them. */
  if (happens (self, self->time->mischief))
    plan (self, 1, 20, SETS_CLOCK, 0, 0);
  if (happens (self, self->time->mischief / 2))
    plan (self, 1, 20, STOPS, 0, 0);
  if (happens (self, self->time->mischief / 4))
    plan (self, 1, 20, REBOOTS, 0, 0);
}

static void
acknowledge (Company *self, const Event *event)
{
  if (act (self, event->number, command_new ("acknowledge", event->person, NULL)) == 0)
    return;
  if (happens (self, 0.1))
    plan (self, 1, 20, TAKES_BACK, event->number, event->person);
  if (happens (self, 0.4))
    plan (self, 5, 20, WORKS, event->number, event->person);
  if (happens (self, 0.9))
    plan (self, 5, 30, RESOLVES, event->number, event->person);
}

static void
escalate (Company *self, const Event *event)
{
  guint kind = choose (self, 3);
  g_autofree char *target = kind == 0 ? g_strdup_printf ("q%02u", choose (self, N_SERVICES))
                            : kind == 1 ? g_strdup_printf ("p%02u", choose (self, N_PEOPLE)) : g_strdup ("managers");

  act (self, event->number, command_new ("diagnose", event->person, "text", "looking", NULL));
  act (self, event->number, command_new ("escalate", event->person, "target", target, "text", "needs more hands", NULL));
}

static void
resolve (Company *self, const Event *event)
{
  act (self, event->number, command_new ("diagnose", event->person, "text", "found it", NULL));
  if (act (self, event->number, command_new ("resolve", event->person, "text", "rolled back", NULL)) == 0)
    return;
  plan (self, 5, 20, happens (self, 0.1) ? GOES_BACK : RECOVERS, event->number, event->person);
}

static void
recover (Company *self, const Event *event)
{
  if (act (self, event->number, command_new ("recover", event->person, "text", "all is well", NULL)) == 0)
    return;
  plan (self, 30, 60, happens (self, 0.04) ? REOPENS : CLOSES, event->number, 37);
}

static void
give_up (Company *self, const Event *event)
{
  act (self, event->number, command_new ("cancel", event->person, "text", "too old", NULL));
}

static void
reopen (Company *self, const Event *event)
{
  if (act (self, event->number, command_new ("reopen", event->person, "text", "it is back", NULL)) != 0)
    plan (self, 20 * 60, 240, GIVES_UP, event->number, 37);
}

static void
add_override (Company *self)
{
  static const IncidentOverrideKind kinds[] = { INCIDENT_OVERRIDE_KIND_ADD, INCIDENT_OVERRIDE_KIND_REMOVE, INCIDENT_OVERRIDE_KIND_REPLACE };
  guint schedule = choose (self, N_SERVICES);
  IncidentOverrideKind kind = kinds[choose (self, G_N_ELEMENTS (kinds))];
  g_autofree char *name = g_strdup_printf ("s%02u", schedule);
  g_autofree char *person = g_strdup_printf ("p%02u", 3 * schedule + choose (self, 3));
  g_autofree char *substitute = g_strdup_printf ("p%02u", (3 * schedule + 3 + choose (self, 6)) % 36);
  gint64 from = get_wall (self) + choose (self, 48) * HOUR;
  g_autoptr(IncidentOverride) wanted = incident_override_new (name, kind, person,
                                                              kind == INCIDENT_OVERRIDE_KIND_REPLACE ? substitute : NULL,
                                                              from, from + (1 + choose (self, 24)) * HOUR, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentOverride) added = incident_desk_add_override (self->desk, wanted, "p37", &error);

  if (added == NULL && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    assert_no_error (error);
  if (added != NULL && happens (self, 0.2))
    plan (self, 60, 600, WITHDRAWS, incident_override_get_id (added), 37);
}

static void
withdraw_override (Company *self, guint64 id)
{
  g_autoptr(GError) error = NULL;

  if (!incident_desk_withdraw_override (self->desk, id, "p37", &error)
      && !g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    assert_no_error (error);
}

/* Some cases go on under the new rules. */
static void
edit (Company *self)
{
  g_autofree char *json = NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GPtrArray) cases = NULL;
  g_autoptr(GError) error = NULL;

  self->edit++;
  json = company_make_rules (self->edit, self->check);
  playbook = incident_playbook_new_from_json (json, -1, "company", &error);
  assert_no_error (error);
  incident_desk_set_playbook (self->desk, playbook, &error);
  assert_no_error (error);

  incident_query_set_open_only (query, TRUE);
  incident_query_set_limit (query, 20);
  cases = incident_desk_find_cases (self->desk, query, &error);
  assert_no_error (error);
  for (guint i = 0; i < cases->len; i++)
    if (happens (self, 0.3))
      act (self, incident_case_get_number (g_ptr_array_index (cases, i)), command_new ("move-runs", 37, NULL));
}

/* Up to three hours, to and fro; then somebody sets it right. */
static void
set_clock (Company *self)
{
  gint64 right = START + self->sun;
  gint64 jump = ((gint64) choose (self, 361) - 180) * MINUTE;

  incident_manual_clock_set_time (get_clock (self), get_wall (self) == right ? right + jump : right);
  plain_oncall_note_jump (self->check, self->sun);
  self->next_fire = self->next_send = self->sun;
}

static void
stop (Company *self)
{
  gint64 until = self->sun + (1 + choose (self, 60)) * MINUTE;

  if (self->is_stopped)
    return;

  self->is_stopped = TRUE;
  plain_oncall_note_stop (self->check, self->sun, until);
  push (self, until, GOES_ON, 0, 0);
}

static void
play (Company *self, const Event *event)
{
  switch (event->deed)
    {
    case OPENS: open_one (self); break;
    case ACKNOWLEDGES: acknowledge (self, event); break;
    case TAKES_BACK: act (self, event->number, command_new ("unacknowledge", event->person, NULL)); break;
    case WORKS: act (self, event->number, command_new ("note", event->person, "text", "at it", NULL)); break;
    case ESCALATES: escalate (self, event); break;
    case SNOOZES: act (self, event->number, command_new ("snooze", event->person, "due", "20m", NULL)); break;
    case PAGES: act (self, event->number, command_new ("page", event->person, "target", "p38", "text", "help", NULL)); break;
    case RESOLVES: resolve (self, event); break;
    case GOES_BACK: act (self, event->number, command_new ("diagnose", event->person, "text", "it did not hold", NULL)); break;
    case RECOVERS: recover (self, event); break;
    case CLOSES: act (self, event->number, command_new ("close", event->person, "text", "reviewed", NULL)); break;
    case REOPENS: reopen (self, event); break;
    case GIVES_UP: give_up (self, event); break;
    case OVERRIDES: add_override (self); break;
    case WITHDRAWS: withdraw_override (self, event->number); break;
    case EDITS: edit (self); break;
    case SETS_CLOCK: set_clock (self); break;
    case STOPS: stop (self); break;
    case GOES_ON: self->is_stopped = FALSE; self->next_fire = self->next_send = self->sun; break;
    case REBOOTS: reboot (self); break;
    }
  self->next_fire = MIN (self->next_fire, self->sun);
}

/* The check is told */

static void
tell (Company *self, const IncidentRecord *record)
{
  PlainTold told = { record->subject, record->seq, record->kind, record->facts, record->payload };
  g_autofree char *line = g_strdup_printf ("%" G_GUINT64_FORMAT " %u %" G_GINT64_FORMAT " %s %s\n%s\n%s\n", record->subject, record->seq,
                                           record->occurred_at, record->kind, record->actor, record->facts, record->payload);

  g_checksum_update (self->digest, (const guchar *) line, -1);
  plain_oncall_hear (self->check, self->sun, &told);
}

static gboolean
listen_to_log (Company *self)
{
  gboolean found = FALSE;
  guint n_read;

  do
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) records = incident_store_read_log (self->store, self->known, PAGE_OF_LOG, &error);

      assert_no_error (error);
      n_read = records->len;
      self->known += n_read;
      found = found || n_read > 0;
      for (guint i = 0; i < n_read; i++)
        tell (self, g_ptr_array_index (records, i));
    }
  while (n_read == PAGE_OF_LOG);

  return found;
}

/* By the sun, as long as nobody sets the clock. */
static gint64
to_sun (Company *self, gint64 wall)
{
  return wall == G_MAXINT64 ? wall : self->sun + MAX (wall - get_wall (self), 0);
}

static void
fire (Company *self)
{
  g_autoptr(GError) error = NULL;
  gint64 next;

  if (incident_escalator_run (self->escalator, &next, &error) > 0)
    self->next_send = self->sun;
  assert_no_error (error);
  self->next_fire = to_sun (self, next);
}

static void
send (Company *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 next;

  incident_desk_deliver_async (self->desk, NULL, store_result, &result);
  wait_for (&result);
  incident_desk_deliver_finish (self->desk, result, &next, &error);
  assert_no_error (error);
  self->next_send = to_sun (self, next);
}

/* All that is due by now. What nobody can reach makes others come. */
static void
work (Company *self)
{
  for (guint i = 0; i < 100; i++)
    {
      if (self->next_fire <= self->sun)
        fire (self);
      listen_to_log (self);
      if (self->next_send <= self->sun)
        send (self);
      if (listen_to_log (self))
        self->next_fire = self->sun;
      if (self->next_fire > self->sun && self->next_send > self->sun)
        return;
    }
  fail_msg ("work does not come to an end");
}

static gint64
find_next (Company *self)
{
  gint64 next = self->heap->len > 0 ? g_array_index (self->heap, Event, 0).at : G_MAXINT64;

  return self->is_stopped ? next : MIN (next, MIN (self->next_fire, self->next_send));
}

static void
advance (Company *self, gint64 until)
{
  for (guint i = 0; i < self->clocks->len; i++)
    incident_manual_clock_advance (g_ptr_array_index (self->clocks, i), until - self->sun);
  self->sun = until;
}

static void
live (Company *self)
{
  for (gint64 next = find_next (self); next != G_MAXINT64; next = find_next (self))
    {
      advance (self, MAX (next, self->sun));
      while (self->heap->len > 0 && g_array_index (self->heap, Event, 0).at <= self->sun)
        {
          Event event = pop (self);

          play (self, &event);
        }
      if (!self->is_stopped)
        work (self);
      if (plain_oncall_get_fault (self->check) != NULL)
        return;
    }
}

static void
think_ahead (Company *self)
{
  guint minutes = self->time->days * 24 * 60;

  for (guint i = 0; i < self->time->incidents; i++)
    plan (self, 0, minutes, OPENS, 0, 0);
  for (guint i = 0; i < self->time->days; i++)
    plan (self, 0, minutes, OVERRIDES, 0, 0);
  for (guint i = 0; i < self->time->days / 7; i++)
    plan (self, 0, minutes, EDITS, 0, 0);
}

static void
look_at_messages (Company *self)
{
  IncidentOutboxQuery query = { .limit = PAGE_OF_LOG };
  guint n_read;

  do
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) rows = incident_store_list_messages (self->store, &query, &error);

      assert_no_error (error);
      n_read = rows->len;
      for (guint i = 0; i < n_read; i++)
        {
          const IncidentOutboxRow *row = g_ptr_array_index (rows, i);
          PlainMessage message = {
            row->id, row->subject, row->seq, row->key, row->body, incident_message_state_to_string (row->state), row->trouble, row->log
          };
          g_autofree char *line = g_strdup_printf ("%s %s %s %" G_GINT64_FORMAT "\n", row->key, message.state, row->trouble, row->changed_at);

          query.after = row->id;
          g_checksum_update (self->digest, (const guchar *) line, -1);
          if (row->kind == INCIDENT_MESSAGE_KIND_PAGE)
            plain_oncall_see_message (self->check, &message);
        }
    }
  while (n_read == PAGE_OF_LOG);
}

/* For whoever looks for the reason. */
static void
show_case (Company *self, const char *fault)
{
  guint64 number = g_ascii_strtoull (fault + strlen ("INC-"), NULL, 10);
  g_autoptr(GPtrArray) records = incident_store_load (self->store, number, 0, NULL);

  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const IncidentRecord *record = g_ptr_array_index (records, i);
      g_auto(GStrv) facts = g_strsplit (record->facts, "\n", -1);
      g_autofree char *line = g_strjoinv (" ", facts);
      g_autofree char *at = incident_time_to_string (record->recorded_at);

      print_message ("%u %s %s by %s: %s %s\n", record->seq, at, record->kind, record->actor, line, record->payload);
    }
}

static void
company_init (Company *self, CompanyTime *time)
{
  self->time = time;
  self->rand = g_rand_new_with_seed (time->seed);
  self->clocks = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->clocks, incident_manual_clock_new (START, time->seed));
  self->store = incident_memory_store_new (g_ptr_array_index (self->clocks, 0));
  self->check = plain_oncall_new ();
  self->heap = g_array_new (FALSE, FALSE, sizeof (Event));
  self->cases = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->digest = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < G_N_ELEMENTS (self->lines); i++)
    {
      self->lines[i] = g_object_new (LINE_TYPE, NULL);
      COMPANY_LINE (self->lines[i])->company = self;
    }
  start (self);
  think_ahead (self);
}

static void
company_free (Company *self)
{
  g_hash_table_unref (self->cases);
  g_object_unref (self->escalator);
  g_object_unref (self->desk);
  g_object_unref (self->store);
  g_ptr_array_unref (self->clocks);
  for (guint i = 0; i < G_N_ELEMENTS (self->lines); i++)
    g_object_unref (self->lines[i]);
  plain_oncall_free (self->check);
  g_array_unref (self->heap);
  g_checksum_free (self->digest);
  g_rand_free (self->rand);
}

/* A quiet time would prove nothing. */
static const char *
find_missing (PlainOncall *check)
{
  static const char * const wanted[] = {
    "ack-timeout", "acked", "arrived", "dead", "ended", "escalation-exhausted", "escalation-moved", "page-failed", "paused", "resumed",
    "step-held", "step-skipped", "steps that came in time", "unack", "withdrawn",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (plain_oncall_count (check, wanted[i]) == 0)
      return wanted[i];

  return NULL;
}

void
company_live (CompanyTime *time)
{
  Company company = { NULL, };
  clock_t began = clock ();

  company_init (&company, time);
  live (&company);
  look_at_messages (&company);
  plain_oncall_end (company.check);
  time->seconds = (double) (clock () - began) / CLOCKS_PER_SEC;
  time->missing = find_missing (company.check);
  time->summary = plain_oncall_describe (company.check);
  time->digest = g_strdup (g_checksum_get_string (company.digest));
  time->fault = g_strdup (plain_oncall_get_fault (company.check));
  if (time->fault != NULL)
    show_case (&company, time->fault);
  company_free (&company);
}

void
company_clear (CompanyTime *time)
{
  g_free (time->summary);
  g_free (time->digest);
  g_free (time->fault);
}
