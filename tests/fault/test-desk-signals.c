/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What watchers see, and what they may do meanwhile. Handlers only take notes. */
#include "support.h"

#include <string.h>

typedef struct
{
  IncidentDesk *desk;
  IncidentCase *kase;
  guint         n_shown;       /* items, as the emissions say */
  guint         n_wrong;       /* emissions after which the list had another length */
  guint         n_early;       /* signals of what is not in the store */
  guint         last_seq;
  guint         n_out_of_order;
  guint         depth;
  guint         deepest;
  guint         n_to_add;      /* notes that the handler adds, one at an event */
  guint         n_changed;     /* of the desk */
  guint         n_changed_early;
  guint         n_to_add_on_changed;
  guint         changed_depth;
  guint         n_failed;
} Watcher;

static void
on_items_changed (GListModel *timeline,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Watcher    *self)
{
  if (position != self->n_shown || removed != 0)
    self->n_wrong++;
  self->n_shown += added - removed;
  if (g_list_model_get_n_items (timeline) != self->n_shown)
    self->n_wrong++;
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(IncidentEvent) event = g_list_model_get_item (timeline, position + i);

      if (event == NULL || incident_event_get_seq (event) != position + i + 1)
        self->n_wrong++;
    }
}

static void
on_event_recorded (IncidentCase  *kase,
                   IncidentEvent *event,
                   Watcher       *self)
{
  self->depth++;
  self->deepest = MAX (self->deepest, self->depth);
  if (incident_event_get_seq (event) != self->last_seq + 1)
    self->n_out_of_order++;
  self->last_seq = incident_event_get_seq (event);
  if (incident_store_get_size (incident_desk_get_store (self->desk), NULL) <= incident_event_get_log_index (event)
      || incident_case_get_version (kase) < self->last_seq)
    self->n_early++;
  if (self->n_to_add > 0)
    {
      self->n_to_add--;
      if (!note (kase, "and another one", NULL))
        self->n_failed++;
    }
  self->depth--;
}

static void
on_changed (IncidentDesk *desk,
            Watcher      *self)
{
  self->n_changed++;
  if (self->kase != NULL && self->last_seq != incident_case_get_version (self->kase))
    self->n_changed_early++;
  self->changed_depth++;
  self->deepest = MAX (self->deepest, self->changed_depth);
  if (self->n_to_add_on_changed > 0)
    {
      self->n_to_add_on_changed--;
      if (!note (self->kase, "and another one", NULL))
        self->n_failed++;
    }
  self->changed_depth--;
}

static void
watch (Watcher      *self,
       IncidentDesk *desk,
       IncidentCase *kase)
{
  self->desk = desk;
  self->kase = kase;
  self->n_shown = g_list_model_get_n_items (incident_case_get_timeline (kase));
  self->last_seq = self->n_shown;
  g_signal_connect (incident_case_get_timeline (kase), "items-changed", G_CALLBACK (on_items_changed), self);
  g_signal_connect (kase, "event-recorded", G_CALLBACK (on_event_recorded), self);
  g_signal_connect (desk, "changed", G_CALLBACK (on_changed), self);
}

static void
assert_saw_all (Watcher *self,
                guint    n_events)
{
  assert_int_equal (self->last_seq, n_events);
  assert_int_equal (self->n_shown, n_events);
  assert_int_equal (incident_case_get_version (self->kase), n_events);
  assert_int_equal (self->n_wrong, 0);
  assert_int_equal (self->n_early, 0);
  assert_int_equal (self->n_out_of_order, 0);
  assert_int_equal (self->n_failed, 0);
  assert_int_equal (self->deepest, 1);
}

static void
test_each_event_is_told_once_after_it_is_durable (void **state)
{
  g_autoptr(IncidentDesk) desk = open_desk ("memory:");
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  Watcher watcher = { NULL, };

  watch (&watcher, desk, kase);
  add_notes (kase, 3);
  assert_false (incident_case_close (kase, NULL, "ana", NULL));
  assert_saw_all (&watcher, 4);
  assert_int_equal (watcher.n_changed, 3);
  assert_int_equal (watcher.n_changed_early, 0);
}

static void
test_a_handler_that_acts_is_told_in_order_and_not_deeper (void **state)
{
  g_autoptr(IncidentDesk) desk = open_desk ("memory:");
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  Watcher watcher = { NULL, };

  watch (&watcher, desk, kase);
  watcher.n_to_add = 20000;
  add_notes (kase, 1);
  assert_saw_all (&watcher, 20002);
  assert_int_equal (watcher.n_changed, 20001);
}

/* Documented of IncidentDesk::changed: the signals of the cases come first. */
static void
test_the_desk_tells_after_the_cases_even_where_a_handler_acts (void **state)
{
  g_autoptr(IncidentDesk) desk = open_desk ("memory:");
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  Watcher watcher = { NULL, };

  watch (&watcher, desk, kase);
  watcher.n_to_add = 1;
  add_notes (kase, 1);
  assert_saw_all (&watcher, 3);
  assert_int_equal (watcher.n_changed_early, 0);
}

static void
test_a_handler_of_the_desk_that_acts_is_not_called_deeper (void **state)
{
  g_autoptr(IncidentDesk) desk = open_desk ("memory:");
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  Watcher watcher = { NULL, };

  watch (&watcher, desk, kase);
  watcher.n_to_add_on_changed = 20000;
  add_notes (kase, 1);
  assert_saw_all (&watcher, 20002);
  assert_int_equal (watcher.n_changed, 20001);
}

static void
test_all_events_of_one_commit_are_told_one_by_one (void **state)
{
  g_autoptr(IncidentDesk) desk = open_desk ("memory:");
  g_autofree char *first = make_alerts ("DiskFull", 1);
  /* More would be told together. */
  g_autofree char *more = make_alerts ("DiskFull", 4);
  g_autoptr(GBytes) first_bytes = g_bytes_new (first, strlen (first));
  g_autoptr(GBytes) more_bytes = g_bytes_new (more, strlen (more));
  g_autoptr(GPtrArray) opened G_GNUC_UNUSED = incident_desk_ingest (desk, "alertmanager", first_bytes, NULL, "prometheus", INCIDENT_TIME_NONE, NULL);
  g_autoptr(GPtrArray) joined = NULL;
  g_autoptr(IncidentCase) kase = incident_desk_get_case (desk, 1, NULL);
  Watcher watcher = { NULL, };

  watch (&watcher, desk, kase);
  watcher.n_to_add = 5;
  joined = incident_desk_ingest (desk, "alertmanager", more_bytes, NULL, "prometheus", INCIDENT_TIME_NONE, NULL);
  assert_non_null (joined);
  assert_saw_all (&watcher, 2 + 3 + 5);
}

static void
test_what_others_wrote_is_told_at_a_refresh (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentDesk) other = open_desk (place->path);
  g_autoptr(IncidentCase) kase = open_case (desk, "Checkout answers 500");
  g_autoptr(IncidentCase) same = incident_desk_get_case (other, 1, NULL);
  Watcher watcher = { NULL, };

  watch (&watcher, desk, kase);
  add_notes (same, 5);
  assert_int_equal (watcher.n_shown, 1);
  assert_true (incident_desk_refresh (desk, NULL));
  assert_saw_all (&watcher, 6);
  assert_int_equal (watcher.n_changed, 1);
  add_notes (same, 1);
  add_notes (kase, 1);
  add_notes (same, 1);
  assert_true (incident_desk_refresh (desk, NULL));
  assert_saw_all (&watcher, 9);
}

/* Letting go */

static void
drop_case (IncidentCase  *kase,
           IncidentEvent *event,
           IncidentCase **last)
{
  g_clear_object (last);
}

static void
test_a_handler_may_drop_the_last_reference (void **state)
{
  g_autoptr(IncidentDesk) desk = open_desk ("memory:");
  IncidentCase *kase = open_case (desk, "Checkout answers 500");
  g_autoptr(IncidentCase) same = NULL;
  gpointer weak = kase;

  g_object_add_weak_pointer (G_OBJECT (kase), &weak);
  g_signal_connect (kase, "event-recorded", G_CALLBACK (drop_case), &kase);
  assert_true (note (kase, "the last one", NULL));
  assert_null (kase);
  assert_null (weak);

  same = incident_desk_get_case (desk, 1, NULL);
  assert_int_equal (incident_case_get_version (same), 2);
}

/* At a refresh nobody else holds the case. */
static void
test_a_handler_may_drop_the_last_reference_at_a_refresh (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = open_desk (place->path);
  g_autoptr(IncidentDesk) other = open_desk (place->path);
  IncidentCase *kase = open_case (desk, "Checkout answers 500");
  g_autoptr(IncidentCase) same = incident_desk_get_case (other, 1, NULL);
  gpointer weak = kase;

  add_notes (same, 3);
  g_object_add_weak_pointer (G_OBJECT (kase), &weak);
  g_signal_connect (kase, "event-recorded", G_CALLBACK (drop_case), &kase);
  assert_true (incident_desk_refresh (desk, NULL));
  assert_null (kase);
  assert_null (weak);
}

static void
drop_desk (IncidentDesk  *desk,
           IncidentDesk **last)
{
  g_clear_object (last);
}

static void
test_a_handler_may_drop_the_desk (void **state)
{
  IncidentDesk *desk = open_desk ("memory:");
  IncidentCase *kase = open_case (desk, "Checkout answers 500");
  gpointer weak = desk;

  g_object_add_weak_pointer (G_OBJECT (desk), &weak);
  g_signal_connect (desk, "changed", G_CALLBACK (drop_desk), &desk);
  assert_true (note (kase, "the last one", NULL));
  assert_null (desk);
  assert_true (note (kase, "the case keeps it", NULL));
  g_object_unref (kase);
  assert_null (weak);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_each_event_is_told_once_after_it_is_durable),
    cmocka_unit_test (test_a_handler_that_acts_is_told_in_order_and_not_deeper),
    cmocka_unit_test (test_the_desk_tells_after_the_cases_even_where_a_handler_acts),
    cmocka_unit_test (test_a_handler_of_the_desk_that_acts_is_not_called_deeper),
    cmocka_unit_test (test_all_events_of_one_commit_are_told_one_by_one),
    cmocka_unit_test_setup_teardown (test_what_others_wrote_is_told_at_a_refresh, place_setup, place_teardown),
    cmocka_unit_test (test_a_handler_may_drop_the_last_reference),
    cmocka_unit_test_setup_teardown (test_a_handler_may_drop_the_last_reference_at_a_refresh, place_setup, place_teardown),
    cmocka_unit_test (test_a_handler_may_drop_the_desk),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
