/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "model/incident-lifecycle-private.h"

#define OPEN "new diagnosis escalation examination resolution recovered"

/* The default lifecycle, as the house describes it. */
static const struct
{
  const char *verb;
  const char *event;
  const char *from;
  const char *to;
  const char *guards;
  gboolean    episode;
} table[] = {
  { "open", "opened", "", "new", "title", FALSE },
  { "diagnose", "diagnosed", "new diagnosis", "diagnosis", "", FALSE },
  { "escalate", "escalated", "diagnosis escalation examination resolution", "escalation", "text target", FALSE },
  { "examine", "examined", "diagnosis escalation examination resolution", "examination", "responder", FALSE },
  { "resolve", "resolved", "diagnosis escalation examination", "resolution", "text", FALSE },
  { "recover", "recovered", "resolution", "recovered", "evidence", FALSE },
  { "close", "closed", "recovered", "closed", "commander must-do", FALSE },
  { "cancel", "cancelled", OPEN, "cancelled", "text", FALSE },
  { "reopen", "reopened", "recovered closed cancelled", "diagnosis", "text", TRUE },
  { "assign", "assigned", OPEN, NULL, "role person", FALSE },
  { "release", "released", OPEN, NULL, "role not-commander", FALSE },
  { "classify", "classified", OPEN, NULL, "classification", FALSE },
  { "note", "noted", OPEN " closed cancelled", NULL, "text", FALSE },
};

static char *
join (char **strings /* (transfer full) */)
{
  g_auto(GStrv) owned = strings;

  return g_strjoinv (" ", owned);
}

static void
test_the_default_has_the_phases_of_the_four_steps (void **state)
{
  g_autofree char *phases = join (incident_lifecycle_list_phases (incident_lifecycle_get_default ()));

  assert_string_equal (phases, "new diagnosis escalation examination resolution recovered closed cancelled");
}

static void
test_a_case_is_open_and_live_by_its_phase (void **state)
{
  static const struct
  {
    const char *phase;
    gboolean    open;
    gboolean    live;
  } phases[] = {
    { "new", TRUE, TRUE }, { "diagnosis", TRUE, TRUE }, { "escalation", TRUE, TRUE }, { "examination", TRUE, TRUE },
    { "resolution", TRUE, TRUE }, { "recovered", TRUE, FALSE }, { "closed", FALSE, FALSE },
    { "cancelled", FALSE, FALSE }, { "no-such-phase", FALSE, FALSE }, { "", FALSE, FALSE },
  };
  IncidentLifecycle *lifecycle = incident_lifecycle_get_default ();

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      assert_int_equal (incident_lifecycle_is_open (lifecycle, phases[i].phase), phases[i].open);
      assert_int_equal (incident_lifecycle_is_live (lifecycle, phases[i].phase), phases[i].live);
    }
}

static void
test_the_default_has_the_verbs_in_order (void **state)
{
  g_auto(GStrv) verbs = incident_lifecycle_list_verbs (incident_lifecycle_get_default ());

  assert_int_equal (g_strv_length (verbs), G_N_ELEMENTS (table));
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    assert_string_equal (verbs[i], table[i].verb);
}

static void
test_each_verb_leads_from_its_phases_alone (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *from = join (incident_lifecycle_list_from (incident_lifecycle_get_default (), table[i].verb));

      assert_string_equal (from, table[i].from);
    }
}

static void
assert_transition (guint row, const char *from)
{
  IncidentLifecycle *lifecycle = incident_lifecycle_get_default ();
  const IncidentTransition *transition = incident_lifecycle_find (lifecycle, table[row].verb, from);
  const char *to = incident_lifecycle_get_to (lifecycle, table[row].verb, from);
  g_autofree char *guards = join (incident_lifecycle_list_guards (lifecycle, table[row].verb, from));

  assert_non_null (transition);
  assert_string_equal (transition->event, table[row].event);
  assert_int_equal (transition->episode, table[row].episode);
  assert_string_equal (guards, table[row].guards);
  if (table[row].to == NULL)
    assert_null (to);
  else
    assert_string_equal (to, table[row].to);
}

static void
test_each_verb_has_its_event_its_end_and_its_guards (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto(GStrv) from = g_strsplit (table[i].from, " ", -1);

      if (from[0] == NULL)
        assert_transition (i, NULL);
      for (guint k = 0; from[k] != NULL; k++)
        assert_transition (i, from[k]);
    }
}

static void
test_what_does_not_exist_leads_nowhere (void **state)
{
  IncidentLifecycle *lifecycle = incident_lifecycle_get_default ();
  g_autofree char *from = join (incident_lifecycle_list_from (lifecycle, "split"));
  g_autofree char *guards = join (incident_lifecycle_list_guards (lifecycle, "close", "new"));

  assert_string_equal (from, "");
  assert_string_equal (guards, "");
  assert_null (incident_lifecycle_get_to (lifecycle, "close", "new"));
  assert_null (incident_lifecycle_get_to (lifecycle, "split", "new"));
  assert_null (incident_lifecycle_get_to (lifecycle, "diagnose", "no-such-phase"));
  assert_null (incident_lifecycle_get_to (lifecycle, "diagnose", NULL));
  assert_null (incident_lifecycle_get_to (lifecycle, "open", "new"));
}

static void
test_what_is_written_is_read_back_to_the_same_bytes (void **state)
{
  g_autofree char *once = incident_lifecycle_to_json (incident_lifecycle_get_default ());
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentLifecycle) copy = incident_lifecycle_new_from_json (once, -1, NULL, &error);
  g_autofree char *twice = NULL;

  assert_no_error (error);
  twice = incident_lifecycle_to_json (copy);
  assert_string_equal (once, twice);
}

#define SMALL \
  "{\n" \
  "  \"phases\": [\n" \
  "    {\n" \
  "      \"name\": \"in-work\",\n" \
  "      \"state\": \"live\"\n" \
  "    },\n" \
  "    {\n" \
  "      \"name\": \"over\",\n" \
  "      \"state\": \"ended\"\n" \
  "    }\n" \
  "  ],\n" \
  "  \"verbs\": [\n" \
  "    {\n" \
  "      \"verb\": \"open\",\n" \
  "      \"event\": \"opened\",\n" \
  "      \"from\": [],\n" \
  "      \"to\": \"in-work\",\n" \
  "      \"guards\": [\n" \
  "        \"title\"\n" \
  "      ]\n" \
  "    },\n" \
  "    {\n" \
  "      \"verb\": \"toggle\",\n" \
  "      \"event\": \"ended\",\n" \
  "      \"from\": [\n" \
  "        \"in-work\"\n" \
  "      ],\n" \
  "      \"to\": \"over\",\n" \
  "      \"guards\": []\n" \
  "    },\n" \
  "    {\n" \
  "      \"verb\": \"toggle\",\n" \
  "      \"event\": \"begun\",\n" \
  "      \"from\": [\n" \
  "        \"over\"\n" \
  "      ],\n" \
  "      \"to\": \"in-work\",\n" \
  "      \"guards\": [\n" \
  "        \"text\"\n" \
  "      ],\n" \
  "      \"episode\": true\n" \
  "    },\n" \
  "    {\n" \
  "      \"verb\": \"note\",\n" \
  "      \"event\": \"noted\",\n" \
  "      \"from\": [\n" \
  "        \"in-work\",\n" \
  "        \"over\"\n" \
  "      ],\n" \
  "      \"to\": null,\n" \
  "      \"guards\": []\n" \
  "    }\n" \
  "  ]\n" \
  "}"

static IncidentLifecycle *
small_new (void)
{
  g_autoptr(GError) error = NULL;
  IncidentLifecycle *lifecycle = incident_lifecycle_new_from_json (SMALL, strlen (SMALL), "small.json", &error);

  assert_no_error (error);
  return lifecycle;
}

static void
test_json_is_one_member_a_line (void **state)
{
  g_autoptr(IncidentLifecycle) lifecycle = small_new ();
  g_autofree char *json = incident_lifecycle_to_json (lifecycle);

  assert_string_equal (json, SMALL);
}

static void
test_one_verb_may_lead_from_different_phases_to_different_ends (void **state)
{
  g_autoptr(IncidentLifecycle) lifecycle = small_new ();
  g_autofree char *verbs = join (incident_lifecycle_list_verbs (lifecycle));
  g_autofree char *from = join (incident_lifecycle_list_from (lifecycle, "toggle"));

  assert_string_equal (verbs, "open toggle note");
  assert_string_equal (from, "in-work over");
  assert_string_equal (incident_lifecycle_get_to (lifecycle, "toggle", "in-work"), "over");
  assert_string_equal (incident_lifecycle_get_to (lifecycle, "toggle", "over"), "in-work");
}

static void
test_dot_is_a_graph_of_phases_and_verbs (void **state)
{
  g_autoptr(IncidentLifecycle) lifecycle = small_new ();
  g_autofree char *dot = incident_lifecycle_to_dot (lifecycle);

  assert_string_equal (dot,
                       "digraph lifecycle {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n"
                       "  \"in-work\";\n  \"over\" [peripheries=2];\n"
                       "  start [shape=point, label=\"\"];\n  start -> \"in-work\" [label=\"open\"];\n"
                       "  \"in-work\" -> \"over\" [label=\"toggle\"];\n  \"over\" -> \"in-work\" [label=\"toggle\"];\n}\n");
}

static void
test_mermaid_is_a_state_diagram (void **state)
{
  g_autoptr(IncidentLifecycle) lifecycle = small_new ();
  g_autofree char *mermaid = incident_lifecycle_to_mermaid (lifecycle);

  assert_string_equal (mermaid,
                       "stateDiagram-v2\n  state \"in-work\" as in_work\n  state \"over\" as over\n"
                       "  [*] --> in_work: open\n  in_work --> over: toggle\n  over --> in_work: toggle\n"
                       "  over --> [*]\n");
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (; (text = strstr (text, part)) != NULL; text += strlen (part))
    n++;
  return n;
}

static void
assert_edge (const char *dot, const char *mermaid, const char *from, guint row)
{
  g_autofree char *in_dot = g_strdup_printf ("  \"%s\" -> \"%s\" [label=\"%s\"];\n", from, table[row].to,
                                             table[row].verb);
  g_autofree char *in_mermaid = g_strdup_printf ("  %s --> %s: %s\n", from, table[row].to, table[row].verb);

  assert_int_equal (count (dot, in_dot), 1);
  assert_int_equal (count (mermaid, in_mermaid), 1);
}

static void
test_pictures_have_each_edge_once (void **state)
{
  g_autofree char *dot = incident_lifecycle_to_dot (incident_lifecycle_get_default ());
  g_autofree char *mermaid = incident_lifecycle_to_mermaid (incident_lifecycle_get_default ());
  guint n_edges = 1; /* to “new” */

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto(GStrv) from = g_strsplit (table[i].from, " ", -1);

      for (guint k = 0; table[i].to != NULL && from[k] != NULL; k++)
        {
          assert_edge (dot, mermaid, from[k], i);
          n_edges++;
        }
    }
  assert_int_equal (count (dot, " -> "), n_edges);
  assert_int_equal (count (mermaid, " --> "), n_edges + 2); /* closed and cancelled end */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_default_has_the_phases_of_the_four_steps),
    cmocka_unit_test (test_a_case_is_open_and_live_by_its_phase),
    cmocka_unit_test (test_the_default_has_the_verbs_in_order),
    cmocka_unit_test (test_each_verb_leads_from_its_phases_alone),
    cmocka_unit_test (test_each_verb_has_its_event_its_end_and_its_guards),
    cmocka_unit_test (test_what_does_not_exist_leads_nowhere),
    cmocka_unit_test (test_what_is_written_is_read_back_to_the_same_bytes),
    cmocka_unit_test (test_json_is_one_member_a_line),
    cmocka_unit_test (test_one_verb_may_lead_from_different_phases_to_different_ends),
    cmocka_unit_test (test_dot_is_a_graph_of_phases_and_verbs),
    cmocka_unit_test (test_mermaid_is_a_state_diagram),
    cmocka_unit_test (test_pictures_have_each_edge_once),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
