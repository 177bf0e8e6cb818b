/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "desk-test.h"

#include "../far-side.h"
#include "desk/incident-desk-oncall-private.h"
#include "desk/incident-paging-private.h"
#include "desk/incident-sender-private.h"

/* A desk with people who can be paged, and an escalator by hand: the test says which step fires. */

static const char paging_playbook[] =
  "{\"roles\": {\"commander\": {}}, \"people\": {\"ana\": {\"contacts\": {\"mail\": \"ana@example.org\"}}, \"bo\": {}, \"carmen\": {}},"
  " \"desk\": {\"address\": \"https://desk.example.org/\", \"links\": {\"env\": \"PAGING_LINKS\"}},"
  " \"channels\": {\"chat\": {\"kind\": \"own\"}, \"phone\": {\"kind\": \"own\"}}}";

typedef struct
{
  Office             office;
  IncidentRules     *rules;
  FarSide           *chat;
  FarSide           *phone;
} Watch;

static inline void
watch_add_person (Watch *watch, const char *name)
{
  IncidentOncallPerson *person = incident_oncall_rules_add_person (watch->rules->oncall, g_intern_string (name));
  g_autofree char *number = g_strdup_printf ("+34-%s", name);
  IncidentContactMethod chat = { "chat", g_intern_string (name), 0 };
  IncidentContactMethod phone = { "phone", g_intern_string (number), 5 * MINUTE };

  g_array_append_val (person->methods, chat);
  g_array_append_val (person->methods, phone);
}

static inline int
watch_open (void **state)
{
  Watch *watch = g_new0 (Watch, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;

  g_setenv ("PAGING_LINKS", "0123456789abcdef0123", TRUE);
  playbook = incident_playbook_new_from_json (paging_playbook, -1, "test", &error);
  assert_no_error (error);
  watch->rules = (IncidentRules *) incident_playbook_get_rules (playbook);
  g_hash_table_remove_all (watch->rules->oncall->people);
  watch_add_person (watch, "ana");
  watch_add_person (watch, "bo");
  watch->office.clock = incident_manual_clock_new (START, 7);
  watch->office.store = incident_memory_store_new (watch->office.clock);
  watch->office.desk = incident_desk_new_with_playbook (watch->office.store, watch->office.clock, playbook);
  watch->chat = far_side_new (watch->office.clock);
  watch->phone = far_side_new (watch->office.clock);
  watch->chat->can_look_up = watch->phone->can_look_up = TRUE;
  incident_desk_add_channel (watch->office.desk, "chat", INCIDENT_CHANNEL (watch->chat));
  incident_desk_add_channel (watch->office.desk, "phone", INCIDENT_CHANNEL (watch->phone));
  *state = watch;
  return 0;
}

static inline int
watch_close (void **state)
{
  Watch *watch = *state;

  g_object_unref (watch->office.desk);
  g_object_unref (watch->office.store);
  g_object_unref (watch->office.clock);
  g_object_unref (watch->chat);
  g_object_unref (watch->phone);
  g_free (watch);
  return 0;
}

#define watch_test(function) cmocka_unit_test_setup_teardown (function, watch_open, watch_close)

static inline IncidentCase *
watch_case (Watch *watch, const char *title, const char *severity)
{
  return open_with (&watch->office, command_new ("open", "ana", "title", title, "severity", severity, NULL));
}

static inline gint64
watch_now (Watch *watch)
{
  return incident_clock_get_time (watch->office.clock);
}

/* Sends all that becomes due within a time, whenever it does. */
static inline void
watch_pass (Watch *watch, gint64 duration)
{
  gint64 until = watch_now (watch) + duration;

  for (;;)
    {
      gint64 next = deliver_all (watch->office.desk);
      gint64 now = watch_now (watch);

      if (next > until)
        break;
      assert_true (next > now);
      incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (watch->office.clock), next - now);
    }
  if (until > watch_now (watch))
    incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (watch->office.clock), until - watch_now (watch));
}

/* An event by the desk, with the pages of a plan if there is one. */
static inline void
watch_commit (Watch *watch, IncidentCase *kase, const char *kind, const char *facts, const char *payload, IncidentPlan *plan)
{
  IncidentDesk *desk = watch->office.desk;
  g_auto(IncidentDecision) decision = { NULL, };
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  IncidentCommit commit = { NULL, };
  g_autoptr(GError) error = NULL;

  incident_decision_init (&decision, watch->office.clock, incident_desk_get_operations (desk), incident_desk_get_rulebook (desk));
  incident_decision_turn_to (&decision, incident_case_get_number (kase), incident_case_get_state (kase));
  incident_operations_draw (incident_desk_get_operations (desk), decision.operation);
  incident_decision_add (&decision, kind, INCIDENT_DESK_ACTOR, decision.now, facts, g_strdup (payload));
  if (plan != NULL)
    incident_paging_add (watch->rules, plan, incident_case_get_number (kase), incident_case_get_episode (kase), 0, decision.now, messages);
  commit.drafts = decision.drafts;
  commit.messages = messages;
  incident_desk_commit (desk, &commit, &error);
  assert_no_error (error);
  g_object_unref (incident_desk_committed (desk, decision.drafts));
}

static inline void
watch_say (Watch *watch, IncidentCase *kase, const char *kind, const char *facts)
{
  watch_commit (watch, kase, kind, facts, "{}", NULL);
}

typedef struct
{
  guint              run;     /* 0: beside all */
  guint              step;    /* from 1 */
  guint              loop;
  guint              arming;
  IncidentPageReason reason;
  const char        *target;  /* NULL: “schedule payments” */
} Firing;

/* The step pages somebody, or a channel (“#chat”). */
static inline void
watch_fire (Watch *watch, IncidentCase *kase, Firing firing, const char *who)
{
  g_autoptr(GArray) events = g_array_new (FALSE, FALSE, sizeof (IncidentPlannedEvent));
  g_autoptr(GArray) pages = g_array_new (FALSE, FALSE, sizeof (IncidentPlannedPage));
  g_autofree char *boot = incident_clock_dup_boot_id (watch->office.clock);
  IncidentPlan plan = { .events = events, .pages = pages, .boot = incident_boot_hash (boot),
                        .now_boot = incident_clock_get_boot_time (watch->office.clock) };
  g_autofree char *facts = NULL;
  g_autofree char *payload = NULL;
  gboolean is_channel = *who == '#';
  const char *target = firing.target != NULL ? firing.target : "schedule payments";
  const char *reason = incident_page_reason_to_string (firing.reason);
  IncidentPlannedPage page = {
    .person = is_channel ? NULL : g_intern_string (who), .channel = is_channel ? g_intern_string (who + 1) : NULL,
    .target = (char *) target, .reason = firing.reason, .is_sent = TRUE, .run = firing.run,
    .step = MAX (firing.step, 1) - 1, .loop = firing.loop, .arming = firing.arming,
  };
  IncidentPlannedEvent event = { g_intern_string (firing.run > 0 ? "step-fired" : "person-paged"), NULL, NULL };

  event.facts = facts = firing.run == 0 ? g_strdup ("by=rule")
                : g_strdup_printf ("by=rule\nrun=%u\npolicy=payments\npolicy-version=v1\nrun-state=running\nstep=%u\nloop=%u\narming=%u\n"
                                   "fired=1%s%s", firing.run, firing.step, firing.loop, firing.arming, is_channel ? "" : "\npaged=",
                                   is_channel ? "" : who);
  event.payload = payload = g_strdup_printf ("{\"policy\":\"payments\",\"version\":\"v1\",\"step\":\"step-%u\",\"reason\":\"%s\",\"pages\":"
                                   "[{\"%s\":\"%s\",\"target\":\"%s\",\"reason\":\"%s\"}]}", firing.step, reason,
                                   is_channel ? "channel" : "person", is_channel ? who + 1 : who, target, reason);
  g_array_append_val (events, event);
  g_array_append_val (pages, page);
  watch_commit (watch, kase, event.kind, event.facts, event.payload, &plan);
}

/* “chat:sent phone:pending(rate-limited)”: the pages of a case, in their order. */
static inline char *
watch_pages (Watch *watch, IncidentCase *kase)
{
  IncidentOutboxQuery query = { .subject = incident_case_get_number (kase), .limit = 1000 };
  g_autoptr(GPtrArray) rows = incident_store_list_messages (watch->office.store, &query, NULL);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const IncidentOutboxRow *row = g_ptr_array_index (rows, i);

      if (row->kind != INCIDENT_MESSAGE_KIND_PAGE)
        continue;
      g_string_append_printf (text, "%s%s:%s", text->len > 0 ? " " : "", row->channel, incident_message_state_to_string (row->state));
      if (row->trouble != NULL)
        g_string_append_printf (text, "(%s)", row->trouble);
    }
  return g_strdup (text->str);
}

#define assert_pages(watch, kase, wanted) \
  G_STMT_START { g_autofree char *pages_ = watch_pages (watch, kase); assert_string_equal (pages_, wanted); } G_STMT_END

static inline guint
watch_count (FarSide *side)
{
  guint n = 0;

  for (guint i = 0; i < side->got->len; i++)
    n += g_str_equal (((FarMessage *) g_ptr_array_index (side->got, i))->kind, "page") ? 1 : 0;
  return n;
}

/* The last one of a kind; NULL: there is none. */
static inline const IncidentRecord *
watch_find_event (IncidentCase *kase, const char *kind)
{
  for (guint seq = incident_case_get_version (kase); seq > 0; seq--)
    {
      const IncidentRecord *record = incident_timeline_find (incident_case_peek_timeline (kase), seq);

      if (g_str_equal (record->kind, kind))
        return record;
    }

  return NULL;
}
