/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <string.h>

#include "model/incident-intake-rules-private.h"
#include "playbook/incident-playbook-private.h"

/* What a playbook says of alerts: sources, routes, inhibition, intervals, maintenance,
 * correlation. */

#define SECOND G_TIME_SPAN_SECOND
#define HOUR   G_TIME_SPAN_HOUR

static const IncidentIntakeRules *
get_intake (IncidentPlaybook *playbook)
{
  return incident_playbook_get_rules (playbook)->intake;
}

static char *
join (GPtrArray *strings)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; strings != NULL && i < strings->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) g_ptr_array_index (strings, i));
  return g_string_free (text, FALSE);
}

static void
assert_joined (GPtrArray *strings, const char *expected)
{
  g_autofree char *text = join (strings);

  assert_string_equal (text, expected);
}

static void
assert_words (GArray *words, const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      const IncidentWord *word = &g_array_index (words, IncidentWord, i);

      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", word->word, word->means);
    }
  assert_string_equal (text->str, expected);
}

static void
assert_matchers (GPtrArray *matchers, const char *expected)
{
  g_autofree char *text = incident_matchers_to_string (matchers);

  assert_string_equal (text, expected);
}

/* The places of what is wrong, without what would be right. */
static void
assert_places (const char *json, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "p", &error);
  g_autoptr(GString) text = g_string_new (NULL);

  assert_null (playbook);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  for (const char * const *line = incident_error_list_problems (error); *line != NULL; line++)
    {
      g_auto(GStrv) parts = g_strsplit (*line, ": ", 3);

      assert_int_equal (g_strv_length (parts), 3);
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", parts[1]);
    }
  assert_string_equal (text->str, expected);
}

static void
assert_says (const char *json, const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "p", &error);

  assert_null (playbook);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, expected);
}

static void
test_a_playbook_that_says_nothing_has_one_route_for_all (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new ("{}");
  const IncidentIntakeRules *intake = get_intake (playbook);

  assert_int_equal (g_hash_table_size (intake->sources), 0);
  assert_int_equal (g_hash_table_size (intake->intervals), 0);
  assert_int_equal (intake->inhibitions->len + intake->maintenance->len + intake->correlations->len + intake->warnings->len, 0);
  assert_string_equal (intake->route->path, "/route");
  assert_int_equal (intake->route->matchers->len, 0);
  assert_int_equal (intake->route->routes->len, 0);
  assert_null (intake->route->group_by);
  assert_int_equal (intake->route->severity, INCIDENT_SEVERITY_UNKNOWN);
  assert_int_equal (intake->route->when_ended, INCIDENT_WHEN_ENDED_NOTE);
}

static void
test_a_source_is_read_whole (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"sources\": {\"x-note\": 1, \"shop\": {\"means\": \"Our monitor\", \"format\": \"json\","
    " \"token\": {\"env\": \"SHOP_TOKEN\"}, \"signature\": {\"file\": \"/run/secrets/shop\"}, \"timeout\": \"90s\","
    " \"zone\": \"Europe/Madrid\", \"severities\": {\"P1\": \"sev1\", \"very bad\": \"sev2\"},"
    " \"mapping\": {\"items\": \"/alerts\", \"key\": [\"/id\", \"/a~1b\"], \"episode\": \"/run\", \"status\": \"/state\","
    "  \"statuses\": {\"alert\": \"firing\", \"ok\": \"resolved\"}, \"severity\": \"/level\", \"name\": \"/name\","
    "  \"summary\": \"/text\", \"link\": \"/url\", \"starts-at\": \"/from\", \"ends-at\": \"/to\", \"labels\": \"/tags\","
    "  \"more-labels\": {\"host\": \"/host/0\"}, \"annotations\": \"\", \"sample\": {\"id\": [1, null]}}}}}");
  const IncidentSource *source = incident_intake_rules_get_source (get_intake (playbook), "shop");
  const IncidentMapping *mapping = source->mapping;

  assert_int_equal (g_hash_table_size (get_intake (playbook)->sources), 1);
  assert_string_equal (source->name, "shop");
  assert_string_equal (source->format, "json");
  assert_string_equal (source->token.env, "SHOP_TOKEN");
  assert_null (source->token.file);
  assert_string_equal (source->signature.file, "/run/secrets/shop");
  assert_true (source->timeout == 90 * SECOND);
  assert_string_equal (g_time_zone_get_identifier (source->zone), "Europe/Madrid");
  assert_words (source->severities, "P1=sev1 very bad=sev2");
  assert_string_equal (mapping->items, "/alerts");
  assert_joined (mapping->key, "/id /a~1b");
  assert_string_equal (mapping->episode, "/run");
  assert_string_equal (mapping->status, "/state");
  assert_null (mapping->always);
  assert_words (mapping->statuses, "alert=firing ok=resolved");
  assert_string_equal (mapping->severity, "/level");
  assert_string_equal (mapping->name, "/name");
  assert_string_equal (mapping->summary, "/text");
  assert_string_equal (mapping->link, "/url");
  assert_string_equal (mapping->starts_at, "/from");
  assert_string_equal (mapping->ends_at, "/to");
  assert_string_equal (mapping->labels, "/tags");
  assert_words (mapping->more_labels, "host=/host/0");
  assert_string_equal (mapping->annotations, "");
  assert_string_equal (mapping->sample, "{\"id\":[1,null]}");
}

static void
test_a_source_needs_to_say_nothing (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new ("{\"sources\": {\"prometheus\": {}}}");
  const IncidentSource *source = incident_intake_rules_get_source (get_intake (playbook), "prometheus");

  assert_null (source->format);
  assert_null (source->mapping);
  assert_null (source->zone);
  assert_null (source->token.env);
  assert_true (source->timeout == 0);
  assert_int_equal (source->severities->len, 0);
}

static void
test_a_source_acts_by_itself (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"people\": {\"ana\": {}}, \"sources\": {\"prometheus\": {}},"
    " \"rights\": [{\"automation\": \"prometheus\", \"may\": [\"open\"]}]}");
  const IncidentRules *rules = incident_playbook_get_rules (playbook);
  IncidentSituation situation = { .state = NULL };

  assert_true (incident_rules_is_automation (rules, "prometheus"));
  assert_true (incident_rules_knows (rules, "prometheus"));
  assert_true (incident_rules_permit (rules, "open", "prometheus", &situation, NULL));
  assert_false (incident_rules_is_automation (rules, "ana"));
  assert_false (incident_rules_knows (rules, "zabbix"));
}

static void
test_a_right_names_an_automation_or_a_source (void **state)
{
  assert_says ("{\"sources\": {\"a\": {}}, \"automations\": {\"b\": {}},\n"
               " \"rights\": [{\"automation\": \"a\", \"may\": [\"open\"]}, {\"automation\": \"b\", \"may\": [\"open\"]},\n"
               "  {\"automation\": \"c\", \"may\": [\"open\"]}]}",
               "p:3:18: /rights/2/automation: must be a name in “/automations” or “/sources”; “c” is none there");
}

static void
test_what_is_wrong_in_form_has_its_place (void **state)
{
  assert_places ("{\"sources\": {\"A\": {}, \"b\": {\"format\": \"carrier-pigeon\", \"timeout\": \"0s\", \"severities\": {\"\": \"sev1\","
                 " \"bad\": \"sev9\"}, \"mapping\": {\"key\": [\"id\", \"/a~2\"], \"statuses\": {\"up\": \"off\"}, \"always\": \"on\"}}},"
                 " \"intervals\": {\"a\": {}, \"b\": [{\"times\": [{\"start\": \"09:00\"}]}]},"
                 " \"route\": {\"wait\": \"soon\", \"matchers\": \"a=b\", \"threshold\": {\"count\": 0, \"within\": \"1m\"},"
                 "  \"flap\": {\"half-life\": \"1m\", \"start\": 0, \"stop\": \"1\"}, \"when-ended\": \"forget\","
                 "  \"routes\": [{\"routes\": [{\"receiver\": \"x\"}]}]},"
                 " \"inhibit\": [{\"source\": []}], \"maintenance\": [{\"name\": \"\", \"matchers\": [], \"from\": \"2026-12-24\"}],"
                 " \"correlate\": [{\"name\": \"c\", \"dependent\": false, \"within\": \"1h\"}]}",
                 "/sources/A\n/sources/b/format\n/sources/b/timeout\n/sources/b/severities/\n/sources/b/severities/bad\n"
                 "/sources/b/mapping/key/0\n/sources/b/mapping/key/1\n/sources/b/mapping/statuses/up\n/sources/b/mapping/always\n"
                 "/intervals/a\n/intervals/b/0/times/0\n"
                 "/route/wait\n/route/matchers\n/route/threshold/count\n/route/flap/start\n/route/flap/stop\n/route/when-ended\n"
                 "/route/routes/0/routes/0/receiver\n"
                 "/inhibit/0\n/maintenance/0/name\n/maintenance/0/from\n/correlate/0/dependent");
}

static void
test_a_source_that_cannot_be_read_has_its_place (void **state)
{
  assert_places ("{\"people\": {\"ana\": {}}, \"sources\": {\"ana\": {}, \"own\": {\"format\": \"json\"},"
                 " \"grafana\": {\"format\": \"grafana\", \"mapping\": {\"key\": [\"/a\"], \"always\": \"firing\"}},"
                 " \"guess\": {\"mapping\": {\"key\": [\"/a\"], \"always\": \"firing\"}},"
                 " \"events\": {\"format\": \"cloudevents\", \"mapping\": {\"key\": [\"/a\"], \"always\": \"info\"}},"
                 " \"a\": {\"format\": \"json\", \"mapping\": {\"key\": [], \"always\": \"firing\"}},"
                 " \"b\": {\"format\": \"json\", \"mapping\": {\"key\": [\"/a\"]}},"
                 " \"c\": {\"format\": \"json\", \"mapping\": {\"key\": [\"/a\"], \"status\": \"/s\", \"always\": \"firing\", \"statuses\": {\"a\": \"info\"}}},"
                 " \"d\": {\"format\": \"json\", \"mapping\": {\"key\": [\"/a\"], \"status\": \"/s\"}},"
                 " \"e\": {\"format\": \"json\", \"mapping\": {\"key\": [\"/a\"], \"status\": \"/s\", \"statuses\": {}}},"
                 " \"f\": {\"format\": \"json\", \"mapping\": {\"key\": [\"/a\"], \"always\": \"firing\", \"statuses\": {}}}}}",
                 "/sources/ana\n/sources/own\n"
                 "/sources/grafana/mapping\n/sources/guess/mapping\n"
                 "/sources/a/mapping/key\n/sources/b/mapping\n/sources/c/mapping\n/sources/d/mapping\n"
                 "/sources/e/mapping/statuses\n/sources/f/mapping/statuses");
}

static void
test_a_secret_is_in_one_place_and_not_in_the_playbook (void **state)
{
  assert_says ("{\"sources\": {\"none\": {\"token\": {}}, \"two\": {\"signature\": {\"env\": \"A\", \"file\": \"b\"}},\n"
               " \"secret\": {\"token\": {\"env\": \"hunter-2\"}}, \"text\": {\"token\": \"hunter2\"}}}",
               "p:1:32: /sources/none/token: must have exactly one of the members “env” and “file”\n"
               "p:1:58: /sources/two/signature: must have exactly one of the members “env” and “file”\n"
               "p:2:30: /sources/secret/token/env: must be the name of an environment variable, such as “ALERTS_TOKEN”, not the "
               "secret itself\n"
               "p:2:62: /sources/text/token: must be an object, not a string");
}

static gint64
at (const char *text)
{
  g_autoptr(GError) error = NULL;
  gint64 time;

  incident_time_from_string (text, &time, &error);
  assert_no_error (error);
  return time;
}

static void
test_intervals_are_read_with_their_zone (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"intervals\": {\"night\": [{\"times\": [{\"start\": \"22:00\", \"end\": \"24:00\"}, {\"start\": \"00:00\", \"end\": \"07:00\"}],"
    "   \"zone\": \"Europe/Madrid\"}],"
    "  \"year-end\": [{\"days-of-month\": [\"-3:-1\"], \"months\": [\"december\"], \"years\": [\"2026:2027\"]},"
    "                 {\"weekdays\": [\"saturday\", \"sunday\"]}]}}");
  const IncidentInterval *night = incident_intake_rules_get_interval (get_intake (playbook), "night");
  const IncidentInterval *year_end = incident_intake_rules_get_interval (get_intake (playbook), "year-end");

  assert_string_equal (night->name, "night");
  assert_true (incident_interval_contains (night, at ("2026-07-01T20:30:00Z")));
  assert_false (incident_interval_contains (night, at ("2026-12-01T20:30:00Z")));
  assert_true (incident_interval_contains (year_end, at ("2027-12-29T12:00:00Z")));
  assert_false (incident_interval_contains (year_end, at ("2028-12-29T12:00:00Z")));
  assert_true (incident_interval_contains (year_end, at ("2026-11-28T12:00:00Z")));
}

static void
test_an_interval_that_cannot_be_has_its_place (void **state)
{
  assert_places ("{\"intervals\": {\"a\": [{\"times\": [{\"start\": \"17:00\", \"end\": \"09:00\"}], \"weekdays\": [\"monday\", \"friday:monday\"],"
                 " \"days-of-month\": [\"28:-1\"], \"months\": [\"13\"], \"years\": [\"2028:2026\"], \"zone\": \"Moon/Sea\"}], \"b\": []}}",
                 "/intervals/a/0/times/0\n/intervals/a/0/weekdays/1\n/intervals/a/0/days-of-month/0\n/intervals/a/0/months/0\n"
                 "/intervals/a/0/years/0\n/intervals/a/0/zone\n/intervals/b");
}

#define SETTINGS \
  "\"group-by\": [\"cluster\"], \"service\": \"db\", \"team\": \"core\", \"category\": \"disk\", \"policy\": \"pager\"," \
  " \"severity\": \"sev2\", \"wait\": \"30s\", \"window\": \"4h\", \"reopen-within\": \"1d\"," \
  " \"threshold\": {\"count\": 3, \"within\": \"10m\"}, \"flap\": {\"half-life\": \"5m\", \"start\": 4, \"stop\": 1.5}," \
  " \"when-ended\": \"recover\", \"ended-for\": \"15m\""

static void
assert_settings (const IncidentRouteRule *route)
{
  assert_joined (route->group_by, "cluster");
  assert_false (route->group_by_all);
  assert_string_equal (route->service, "db");
  assert_string_equal (route->team, "core");
  assert_string_equal (route->category, "disk");
  assert_string_equal (route->policy, "pager");
  assert_int_equal (route->severity, INCIDENT_SEVERITY_SEV2);
  assert_true (route->wait == 30 * SECOND);
  assert_true (route->window == 4 * HOUR);
  assert_true (route->reopen_within == 24 * HOUR);
  assert_int_equal (route->threshold.count, 3);
  assert_true (route->threshold.within == 10 * MINUTE);
  assert_true (route->flap.half_life == 5 * MINUTE);
  assert_true (route->flap.start == 4 && route->flap.stop == 1.5);
  assert_int_equal (route->when_ended, INCIDENT_WHEN_ENDED_RECOVER);
  assert_true (route->ended_for == 15 * MINUTE);
}

static const IncidentRouteRule *
get_route (const IncidentRouteRule *parent, guint position)
{
  return g_ptr_array_index (parent->routes, position);
}

static void
test_a_route_inherits_all_but_what_is_its_own (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"intervals\": {\"night\": [{}], \"day\": [{}]}, \"route\": {\"name\": \"all\", " SETTINGS ", \"routes\": ["
    " {\"name\": \"a\", \"matchers\": [\"team=a\", \"{x=~\\\"1|2\\\"}\"], \"continue\": true, \"mute\": [\"night\"], \"active\": [\"day\"],"
    "  \"routes\": [{\"matchers\": [\"y!=1\"]}]}]}}");
  const IncidentRouteRule *root = get_intake (playbook)->route;
  const IncidentRouteRule *child = get_route (root, 0);
  const IncidentRouteRule *grandchild = get_route (child, 0);

  assert_settings (root);
  assert_settings (child);
  assert_settings (grandchild);
  assert_string_equal (root->name, "all");
  assert_string_equal (child->path, "/route/routes/0");
  assert_string_equal (child->name, "a");
  assert_matchers (child->matchers, "{team=\"a\",x=~\"1|2\"}");
  assert_true (child->goes_on);
  assert_string_equal (((IncidentInterval *) g_ptr_array_index (child->mute, 0))->name, "night");
  assert_string_equal (((IncidentInterval *) g_ptr_array_index (child->active, 0))->name, "day");
  assert_string_equal (grandchild->path, "/route/routes/0/routes/0");
  assert_null (grandchild->name);
  assert_matchers (grandchild->matchers, "{y!=\"1\"}");
  assert_false (grandchild->goes_on);
  assert_int_equal (grandchild->mute->len + grandchild->active->len, 0);
}

static void
test_a_list_of_labels_takes_the_place_of_the_inherited_one (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"route\": {\"group-by\": [\"a\", \"b\"], \"routes\": [{\"matchers\": [\"x=1\"], \"group-by\": []},"
    " {\"matchers\": [\"x=2\"], \"group-by\": [\"...\"], \"routes\": [{}, {\"group-by\": [\"c\"]}]}, {}]}}");
  const IncidentRouteRule *root = get_intake (playbook)->route;

  assert_joined (root->group_by, "a b");
  assert_non_null (get_route (root, 0)->group_by);
  assert_joined (get_route (root, 0)->group_by, "");
  assert_true (get_route (root, 1)->group_by_all);
  assert_null (get_route (root, 1)->group_by);
  assert_true (get_route (get_route (root, 1), 0)->group_by_all);
  assert_false (get_route (get_route (root, 1), 1)->group_by_all);
  assert_joined (get_route (get_route (root, 1), 1)->group_by, "c");
  assert_joined (get_route (root, 2)->group_by, "a b");
}

static void
test_a_route_may_take_back_a_time (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"route\": {" SETTINGS ", \"routes\": [{\"wait\": \"0s\", \"window\": \"0m\", \"reopen-within\": \"0h\", \"ended-for\": \"0d\","
    " \"flap\": {\"half-life\": \"0s\"}, \"when-ended\": \"note\", \"severity\": \"sev4\"}]}}");
  const IncidentRouteRule *route = get_route (get_intake (playbook)->route, 0);

  assert_true (route->wait == 0 && route->window == 0 && route->reopen_within == 0 && route->ended_for == 0);
  assert_true (route->flap.half_life == 0);
  assert_int_equal (route->when_ended, INCIDENT_WHEN_ENDED_NOTE);
  assert_int_equal (route->severity, INCIDENT_SEVERITY_SEV4);
  assert_string_equal (route->service, "db");
}

static void
test_each_word_for_the_end_is_read (void **state)
{
  static const char * const words[] = { "note", "resolve", "recover", "close" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"route\": {\"when-ended\": \"%s\"}}", words[i]);
      g_autoptr(IncidentPlaybook) playbook = playbook_new (json);

      assert_int_equal (get_intake (playbook)->route->when_ended, i);
    }
}

static void
test_the_first_route_takes_everything (void **state)
{
  assert_places ("{\"intervals\": {\"n\": [{}]}, \"route\": {\"matchers\": [\"a=b\"], \"continue\": true, \"mute\": [\"n\"], \"active\": []}}",
                 "/route/matchers\n/route/continue\n/route/mute\n/route/active");
}

static void
test_a_route_that_cannot_be_has_its_place (void **state)
{
  assert_places ("{\"services\": {\"db\": {}}, \"teams\": {}, \"categories\": {}, \"intervals\": {}, \"route\": {\"service\": \"web\","
                 " \"routes\": [{\"team\": \"core\", \"category\": \"disk\", \"mute\": [\"night\"]}]}}",
                 "/route/service\n/route/routes/0/team\n/route/routes/0/category\n/route/routes/0/mute/0");
  assert_places ("{\"route\": {\"name\": \"a\", \"routes\": [{\"matchers\": [\"ok=1\", \"foo=\", \"a=~\\\"(\\\"\"], \"group-by\": [\"...\", \"a\"]},"
                 " {\"name\": \"a\"}, {\"active\": [\"night\"], \"flap\": {\"half-life\": \"1m\", \"start\": 2}},"
                 " {\"flap\": {\"half-life\": \"1m\", \"start\": 2, \"stop\": 2}}]}}",
                 "/route/routes/0/matchers/2\n/route/routes/0/group-by\n/route/routes/1/name\n/route/routes/2/active/0\n"
                 "/route/routes/2/flap\n/route/routes/3/flap/stop");
}

static void
test_inhibition_is_read (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"route\": {\"routes\": [{\"name\": \"db\", \"matchers\": [\"team=db\"]}]}, \"inhibit\": ["
    " {\"name\": \"node\", \"source\": [\"alertname=NodeDown\"], \"target\": [\"severity=warning\", \"a=b\"], \"equal\": [\"node\", \"zone\"],"
    "  \"require\": true, \"routes\": [\"db\"]},"
    " {\"source\": [\"a=b\"], \"target\": [\"c=d\"]}]}");
  const GPtrArray *rules = get_intake (playbook)->inhibitions;
  const IncidentInhibition *first = g_ptr_array_index (rules, 0);
  const IncidentInhibition *second = g_ptr_array_index (rules, 1);

  assert_string_equal (first->name, "node");
  assert_string_equal (first->path, "/inhibit/0");
  assert_matchers (first->source_matchers, "{alertname=\"NodeDown\"}");
  assert_matchers (first->target_matchers, "{severity=\"warning\",a=\"b\"}");
  assert_joined (first->equal, "node zone");
  assert_true (first->require);
  assert_joined (first->routes, "db");
  assert_null (second->name);
  assert_string_equal (second->path, "/inhibit/1");
  assert_joined (second->equal, "");
  assert_false (second->require);
  assert_null (second->routes);
}

static void
test_maintenance_and_correlation_are_read (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"intervals\": {\"sunday\": [{\"weekdays\": [\"sunday\"]}]}, \"maintenance\": ["
    " {\"name\": \"switch\", \"matchers\": [\"rack=7\"], \"from\": \"2026-12-01T20:00:00+01:00\", \"until\": \"2026-12-01T21:00:00Z\","
    "  \"reason\": \"A new switch\"},"
    " {\"name\": \"backup\", \"matchers\": [\"job=backup\"], \"interval\": \"sunday\"}],"
    " \"correlate\": [{\"name\": \"rack\", \"equal\": [\"rack\"], \"within\": \"15m\"},"
    "                 {\"name\": \"below\", \"dependent\": true, \"within\": \"1h\"}]}");
  const IncidentIntakeRules *intake = get_intake (playbook);
  const IncidentMaintenance *once = g_ptr_array_index (intake->maintenance, 0);
  const IncidentMaintenance *often = g_ptr_array_index (intake->maintenance, 1);
  const IncidentCorrelation *rack = g_ptr_array_index (intake->correlations, 0);
  const IncidentCorrelation *below = g_ptr_array_index (intake->correlations, 1);

  assert_string_equal (once->name, "switch");
  assert_matchers (once->matchers, "{rack=\"7\"}");
  assert_true (once->starts_at == at ("2026-12-01T19:00:00Z"));
  assert_true (once->ends_at == at ("2026-12-01T21:00:00Z"));
  assert_null (once->interval);
  assert_string_equal (once->reason, "A new switch");
  assert_true (often->starts_at == INCIDENT_TIME_NONE && often->ends_at == INCIDENT_TIME_NONE);
  assert_string_equal (often->interval->name, "sunday");
  assert_null (often->reason);
  assert_string_equal (rack->name, "rack");
  assert_joined (rack->equal, "rack");
  assert_false (rack->dependent);
  assert_true (rack->within == 15 * MINUTE);
  assert_int_equal (below->equal->len, 0);
  assert_true (below->dependent);
}

static void
test_a_rule_that_cannot_be_has_its_place (void **state)
{
  assert_places ("{\"route\": {\"routes\": [{\"name\": \"a\", \"matchers\": [\"a=b\"]}]}, \"inhibit\": ["
                 "  {\"name\": \"n\", \"source\": [\"=\"], \"target\": [\"a!b\"], \"routes\": [\"a\", \"b\"]},"
                 "  {\"name\": \"n\", \"source\": [\"a=b\"], \"target\": [\"a=c\"], \"routes\": []}],"
                 " \"maintenance\": ["
                 "  {\"name\": \"m\", \"matchers\": [\"a=b\"], \"from\": \"2026-01-02T00:00:00Z\", \"until\": \"2026-01-02T01:00:00+01:00\"},"
                 "  {\"name\": \"m\", \"matchers\": [\"a=b\"], \"from\": \"2026-01-02T00:00:00Z\"},"
                 "  {\"name\": \"o\", \"matchers\": [\"a=b\"]},"
                 "  {\"name\": \"p\", \"matchers\": [\"a=b\"], \"interval\": \"night\"}],"
                 " \"correlate\": [{\"name\": \"c\", \"within\": \"1m\"}, {\"name\": \"c\", \"equal\": [\"a\"], \"within\": \"1m\"}]}",
                 "/inhibit/0/source/0\n/inhibit/0/target/0\n/inhibit/0/routes/1\n/inhibit/1/routes\n/inhibit/1/name\n"
                 "/maintenance/0/until\n/maintenance/1\n/maintenance/1/name\n/maintenance/2\n/maintenance/3/interval\n"
                 "/correlate/0\n/correlate/1/name");
}

static void
test_what_may_not_be_meant_is_told_with_its_place (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"route\": {\"routes\": [\n"
    "  {\"matchers\": [\"foo=bar}\"]},\n"
    "  {},\n"
    "  {\"matchers\": [\"a=b\"]}]},\n"
    " \"inhibit\": [{\"source\": [\"a=b\"],\n"
    "  \"target\": [\"team!=a\"]}],\n"
    " \"maintenance\": [{\"name\": \"m\", \"from\": \"2026-01-01T00:00:00Z\", \"until\": \"2026-01-02T00:00:00Z\",\n"
    "  \"matchers\": []}]}");
  g_autoptr(GPtrArray) warnings = incident_playbook_list_warnings (playbook);

  assert_int_equal (warnings->len, 4);
  assert_true (g_str_has_prefix (g_ptr_array_index (warnings, 0), "playbook.json:2:17: /route/routes/0/matchers/0: “foo=bar}” "));
  assert_string_equal (g_ptr_array_index (warnings, 1), "playbook.json:3:3: /route/routes/1: has no matchers and takes every alert, "
                       "so that the routes after it get none");
  assert_string_equal (g_ptr_array_index (warnings, 2), "playbook.json:6:13: /inhibit/0/target: lets every alert match that has none "
                       "of these labels: nearly all");
  assert_string_equal (g_ptr_array_index (warnings, 3), "playbook.json:8:15: /maintenance/0/matchers: is empty, and so every alert "
                       "matches");
}

static void
test_what_is_meant_is_not_warned_of (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_new (
    "{\"route\": {\"routes\": [{\"continue\": true}, {\"matchers\": [\"a=b\"]}, {}]},"
    " \"inhibit\": [{\"source\": [\"a=b\", \"c!=d\"], \"target\": [\"a=~\\\"b.*\\\"\"]}]}");
  g_autoptr(GPtrArray) warnings = incident_playbook_list_warnings (playbook);

  assert_int_equal (warnings->len, 0);
}

static void
assert_differ (const char *before, const char *after, const char *expected)
{
  g_autoptr(IncidentPlaybook) left = playbook_new (before);
  g_autoptr(IncidentPlaybook) right = playbook_new (after);
  g_autoptr(GPtrArray) changes = incident_playbook_diff (left, right);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", incident_playbook_change_get_text (g_ptr_array_index (changes, i)));
  assert_string_equal (text->str, expected);
}

static void
test_changes_of_routes_are_said_by_name (void **state)
{
  assert_differ ("{\"route\": {\"wait\": \"30s\", \"routes\": [{\"name\": \"a\", \"matchers\": [\"a=b\"], \"routes\": [{\"name\": \"in\", \"team\": \"x\"}]},"
                 " {\"name\": \"b\"}, {\"matchers\": [\"c=d\"]}]}}",
                 "{\"route\": {\"routes\": [{\"name\": \"a\", \"matchers\": [\"a=c\"], \"routes\": [{\"name\": \"in\", \"team\": \"y\"}]},"
                 " {\"name\": \"n\"}, {\"matchers\": [\"c=e\"]}]}}",
                 "route: routes a matchers − a=b\nroute: routes a matchers + a=c\nroute: routes a routes in team x → y\n"
                 "route: routes b is gone\nroute: routes − {\"matchers\":[\"c=d\"]}\nroute: routes n is new\n"
                 "route: routes + {\"matchers\":[\"c=e\"]}\nroute: wait 30s → nothing");
  assert_differ ("{\"route\": {\"routes\": [{\"name\": \"a\", \"wait\": \"1m\"}, {\"name\": \"b\"}]}}",
                 "{\"route\": {\"routes\": [{\"name\": \"b\"}, {\"name\": \"a\", \"wait\": \"2m\"}]}}",
                 "route: routes a wait 1m → 2m\nroute: routes in another order");
}

static void
test_changes_of_other_sections_are_said_in_words (void **state)
{
  assert_differ ("{\"sources\": {\"a\": {\"timeout\": \"1h\"}}, \"intervals\": {\"n\": [{}]}, \"inhibit\": [{\"name\": \"i\", \"source\": [\"a=b\"], \"target\": [\"a=c\"]}]}",
                 "{\"sources\": {\"a\": {\"timeout\": \"2h\"}, \"b\": {}}, \"inhibit\": [{\"name\": \"i\", \"source\": [\"a=b\"], \"target\": [\"a=c\"], \"equal\": [\"x\"]}],"
                 " \"correlate\": [{\"name\": \"c\", \"dependent\": true, \"within\": \"1m\"}]}",
                 "source a: timeout 1h → 2h\nsource b: is new\ninhibit: i equal + x\ninterval n: is gone\ncorrelate: c is new");
}

#define SAMPLED(format, sample) "{\"sources\":{\"a\":{\"format\":\"" format "\",\"mapping\":{\"key\":[\"/id\"],\"always\":\"firing\",\"sample\":" \
  sample "}}}}"

static void
test_a_sample_that_is_sent_is_read (void **state)
{
  static const char * const documents[] = {
    SAMPLED ("json", "[{\"id\":7}]"),
    SAMPLED ("cloudevents", "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"data\":{\"id\":7}}"),
    "{\"sources\":{\"a\":{\"format\":\"json\",\"mapping\":{\"key\":[\"/id\"],\"always\":\"firing\"}}}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (documents[i], -1, "p", &error);

      assert_no_error (error);
      assert_true (incident_playbook_check_samples (playbook, &error));
      assert_no_error (error);
    }
}

static void
test_a_sample_that_does_not_fit_is_told (void **state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (SAMPLED ("json", "[{\"id\":7},{\"name\":7},{}]"), -1, "p",
                                                                          &error);
  const char * const *problems;

  assert_no_error (error);
  assert_false (incident_playbook_check_samples (playbook, &error));
  assert_true (g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID));
  assert_string_equal (incident_error_get_where (error), "/sources/a/mapping/sample");
  problems = incident_error_list_problems (error);
  assert_int_equal (g_strv_length ((char **) problems), 2);
  assert_string_equal (problems[0], "/sources/a/mapping/sample:1:11: /1: must have “/id”, which its key is made of");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_sample_that_is_sent_is_read),
    cmocka_unit_test (test_a_sample_that_does_not_fit_is_told),
    cmocka_unit_test (test_a_playbook_that_says_nothing_has_one_route_for_all),
    cmocka_unit_test (test_a_source_is_read_whole),
    cmocka_unit_test (test_a_source_needs_to_say_nothing),
    cmocka_unit_test (test_a_source_acts_by_itself),
    cmocka_unit_test (test_a_right_names_an_automation_or_a_source),
    cmocka_unit_test (test_what_is_wrong_in_form_has_its_place),
    cmocka_unit_test (test_a_source_that_cannot_be_read_has_its_place),
    cmocka_unit_test (test_a_secret_is_in_one_place_and_not_in_the_playbook),
    cmocka_unit_test (test_intervals_are_read_with_their_zone),
    cmocka_unit_test (test_an_interval_that_cannot_be_has_its_place),
    cmocka_unit_test (test_a_route_inherits_all_but_what_is_its_own),
    cmocka_unit_test (test_a_list_of_labels_takes_the_place_of_the_inherited_one),
    cmocka_unit_test (test_a_route_may_take_back_a_time),
    cmocka_unit_test (test_each_word_for_the_end_is_read),
    cmocka_unit_test (test_the_first_route_takes_everything),
    cmocka_unit_test (test_a_route_that_cannot_be_has_its_place),
    cmocka_unit_test (test_inhibition_is_read),
    cmocka_unit_test (test_maintenance_and_correlation_are_read),
    cmocka_unit_test (test_a_rule_that_cannot_be_has_its_place),
    cmocka_unit_test (test_what_may_not_be_meant_is_told_with_its_place),
    cmocka_unit_test (test_what_is_meant_is_not_warned_of),
    cmocka_unit_test (test_changes_of_routes_are_said_by_name),
    cmocka_unit_test (test_changes_of_other_sections_are_said_in_words),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
