/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook-test.h"

#include <string.h>

#include "model/incident-comms-rules-private.h"
#include "playbook/incident-playbook-private.h"

/* What a playbook says of communication: contacts, channels, audiences, the status page,
 * and where the desk is. Documents are written with ' in place of ". */

#define HOUR G_TIME_SPAN_HOUR

static char *
quote (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static IncidentPlaybook *
playbook_of (const char *text)
{
  g_autofree char *json = quote (text);

  return playbook_new (json);
}

static const IncidentCommsRules *
get_comms (IncidentPlaybook *playbook)
{
  return incident_playbook_get_rules (playbook)->comms;
}

static const IncidentChannelRules *
get_channel (IncidentPlaybook *playbook, const char *name)
{
  const IncidentChannelRules *channel = incident_comms_rules_get_channel (get_comms (playbook), name);

  assert_non_null (channel);
  assert_string_equal (channel->name, name);
  return channel;
}

/* The lines of an error, without source, line and column. */
static char *
list_problems (const char *text)
{
  g_autofree char *json = quote (text);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "p", &error);
  GString *said = g_string_new (NULL);

  assert_null (playbook);
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  for (const char * const *line = incident_error_list_problems (error); *line != NULL; line++)
    g_string_append_printf (said, "%s%s", said->len > 0 ? "\n" : "", strchr (*line, '/'));
  return g_string_free (said, FALSE);
}

static void
assert_says (const char *text, const char *expected)
{
  g_autofree char *said = list_problems (text);

  assert_string_equal (said, expected);
}

static void
assert_warns (const char *text, const char *expected)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (text);
  g_autoptr(GPtrArray) warnings = incident_playbook_list_warnings (playbook);
  g_autoptr(GString) said = g_string_new (NULL);

  for (guint i = 0; i < warnings->len; i++)
    g_string_append_printf (said, "%s%s", said->len > 0 ? "\n" : "", strchr (g_ptr_array_index (warnings, i), '/'));
  assert_string_equal (said->str, expected);
}

/* @format has a place for a value, at which it is fine or not. */
static void
assert_value (const char *format, const char *value, const char *pointer, gboolean is_fine)
{
  g_auto(GStrv) parts = g_strsplit (format, "%s", -1);
  g_autofree char *text = g_strjoinv (value, parts);
  g_autofree char *json = quote (text);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_new_from_json (json, -1, "p", &error);

  if ((playbook != NULL) != is_fine)
    fail_msg ("“%s”: %s", value, error != NULL ? error->message : "was taken");
  if (!is_fine)
    assert_string_equal (incident_error_get_where (error), pointer);
}

static void
assert_values (const char *format, const char *pointer, const char * const *good, const char * const *bad)
{
  for (; *good != NULL; good++)
    assert_value (format, *good, pointer, TRUE);
  for (; *bad != NULL; bad++)
    assert_value (format, *bad, pointer, FALSE);
}

static void
assert_joined (GPtrArray *strings, const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  assert_non_null (strings);
  for (guint i = 0; i < strings->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) g_ptr_array_index (strings, i));
  assert_string_equal (text->str, expected);
}

static void
assert_secret (const IncidentSecret *secret, const char *env, const char *file)
{
  assert_int_equal (g_strcmp0 (secret->env, env), 0);
  assert_int_equal (g_strcmp0 (secret->file, file), 0);
}

static void
assert_audiences (const IncidentCommsRules *comms, const char *expected)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < comms->audiences->len; i++)
    g_ptr_array_add (names, (gpointer) ((const IncidentAudience *) g_ptr_array_index (comms->audiences, i))->name);
  assert_joined (names, expected);
}

static void
test_a_playbook_that_says_nothing_has_two_audiences_and_no_channel (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of ("{}");
  const IncidentCommsRules *comms = get_comms (playbook);

  assert_int_equal (comms->channels->len, 0);
  assert_audiences (comms, "customer internal");
  assert_int_equal (g_hash_table_size (comms->contacts), 0);
  assert_null (comms->status_page.title);
  assert_null (comms->address);
  assert_false (incident_secret_is_told (&comms->links));
  assert_null (incident_comms_rules_get_channel (comms, "slack"));
  assert_null (incident_comms_rules_find_slack_user (comms, "T1", "U1"));
}

static void
test_a_channel_of_slack_is_read_whole (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'people': {'ana': {}, 'bo': {}}, 'teams': {'sre': {'members': ['ana']}},"
    " 'channels': {'slack': {'kind': 'slack', 'token': {'env': 'SLACK_BOT_TOKEN'}, 'app-token': {'env': 'SLACK_APP_TOKEN'},"
    "  'signing-secret': {'file': 'slack.secret'}, 'announce': 'C0INCIDENTS',"
    "  'room': {'name': 'case_{number}-{service}', 'private': true, 'invite': {'teams': ['sre'], 'people': ['ana', 'bo']},"
    "           'archive-after': '48h', 'record': 'all'},"
    "  'pin-emoji': 'memo', 'if': {'severity': ['sev1', 'sev2'], 'service': ['checkout']}, 'events': ['resolved', 'noted', 'alerts-fired'],"
    "  'give-up': {'after': '2h', 'attempts': 50}, 'api': 'http://127.0.0.1:8080/api', 'near': true, 'certificate': 'ca.pem'}}}");
  const IncidentChannelRules *channel = get_channel (playbook, "slack");

  assert_int_equal (channel->dialect, INCIDENT_DIALECT_SLACK);
  assert_secret (&channel->token, "SLACK_BOT_TOKEN", NULL);
  assert_secret (&channel->app_token, "SLACK_APP_TOKEN", NULL);
  assert_secret (&channel->signing, NULL, "slack.secret");
  assert_string_equal (channel->announce, "C0INCIDENTS");
  assert_true (channel->has_rooms);
  assert_string_equal (channel->room_name, "case_{number}-{service}");
  assert_true (channel->is_private);
  assert_joined (channel->invite_teams, "sre");
  assert_joined (channel->invite_people, "ana bo");
  assert_true (channel->archive_after == 48 * HOUR);
  assert_true (channel->records_all);
  assert_string_equal (channel->pin_emoji, "memo");
  assert_true (channel->is_conditional);
  assert_int_equal (channel->condition.severities, 1u << INCIDENT_SEVERITY_SEV1 | 1u << INCIDENT_SEVERITY_SEV2);
  assert_joined (channel->condition.services, "checkout");
  assert_joined (channel->events, "resolved noted alerts-fired");
  assert_true (channel->posts.age == 2 * HOUR);
  assert_int_equal (channel->posts.attempts, 50);
  assert_string_equal (channel->api, "http://127.0.0.1:8080/api/");
  assert_true (channel->may_be_near);
  assert_string_equal (channel->certificate, "ca.pem");
}

static void
test_what_a_channel_of_slack_does_not_say_is_as_usual (void **state)
{
  g_autoptr(IncidentPlaybook) playbook =
    playbook_of ("{'channels': {'slack': {'kind': 'slack', 'token': {'env': 'A'}}, 'rooms': {'kind': 'slack', 'token': {'env': 'A'}, 'room': {}}}}");
  const IncidentChannelRules *channel = get_channel (playbook, "slack");

  assert_null (channel->api);
  assert_null (channel->announce);
  assert_false (channel->has_rooms);
  assert_string_equal (channel->pin_emoji, "pushpin");
  assert_false (channel->is_conditional);
  assert_null (channel->events);
  assert_true (channel->posts.age == 0 && channel->posts.attempts == 0);
  assert_false (channel->may_be_near);
  assert_false (incident_secret_is_told (&channel->app_token) || incident_secret_is_told (&channel->signing));

  channel = get_channel (playbook, "rooms");
  assert_true (channel->has_rooms);
  assert_string_equal (channel->room_name, "inc-{number}-{title}");
  assert_true (channel->archive_after == -1);
  assert_false (channel->is_private || channel->records_all);
  assert_joined (channel->invite_teams, "");
  assert_joined (channel->invite_people, "");
}

static void
test_webhooks_and_chats_are_read (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'channels': {'audit': {'kind': 'webhook', 'url': 'https://audit.example.org/in?from=us', 'key': {'env': 'AUDIT_KEY'},"
    "  'old-key': {'file': 'old.key'}, 'events': ['*']},"
    " 'town-square': {'kind': 'mattermost', 'url': {'env': 'MATTERMOST_URL'}}}}");
  const IncidentChannelRules *channel = get_channel (playbook, "audit");

  assert_int_equal (channel->dialect, INCIDENT_DIALECT_WEBHOOK);
  assert_string_equal (channel->url, "https://audit.example.org/in?from=us");
  assert_false (incident_secret_is_told (&channel->secret_url));
  assert_secret (&channel->key, "AUDIT_KEY", NULL);
  assert_secret (&channel->old_key, NULL, "old.key");
  assert_joined (channel->events, "*");

  channel = get_channel (playbook, "town-square");
  assert_null (channel->url);
  assert_secret (&channel->secret_url, "MATTERMOST_URL", NULL);
}

static void
test_mail_commands_and_what_is_the_programs_own_are_read (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'channels': {'ops-mail': {'kind': 'mail', 'from': 'incidents@example.org', 'to': ['ops@example.org', 'a+b@x'],"
    "  'domain': 'desk.example.org', 'run': ['/usr/bin/msmtp', '-a', 'incidents']},"
    " 'mail': {'kind': 'mail', 'from': 'incidents@example.org'},"
    " 'bell': {'kind': 'command', 'run': ['/usr/local/bin/bell', '--loud']},"
    " 'bot': {'kind': 'own', 'does': ['room', 'card', 'archive']}}}");
  const IncidentChannelRules *channel = get_channel (playbook, "ops-mail");

  assert_string_equal (channel->from, "incidents@example.org");
  assert_joined (channel->to, "ops@example.org a+b@x");
  assert_string_equal (channel->domain, "desk.example.org");
  assert_joined (channel->run, "/usr/bin/msmtp -a incidents");

  channel = get_channel (playbook, "mail");
  assert_joined (channel->to, "");
  assert_null (channel->domain);
  assert_null (channel->run);

  assert_joined (get_channel (playbook, "bell")->run, "/usr/local/bin/bell --loud");
  channel = get_channel (playbook, "bot");
  assert_true (channel->does[INCIDENT_MESSAGE_KIND_POST] && channel->does[INCIDENT_MESSAGE_KIND_PAGE]);
  assert_true (channel->does[INCIDENT_MESSAGE_KIND_ROOM] && channel->does[INCIDENT_MESSAGE_KIND_CARD]
               && channel->does[INCIDENT_MESSAGE_KIND_ARCHIVE]);
  assert_false (channel->does[INCIDENT_MESSAGE_KIND_TOPIC] || channel->does[INCIDENT_MESSAGE_KIND_ANNOUNCEMENT]);
}

static void
test_each_kind_of_channel_is_known_and_they_stand_in_the_order_of_their_names (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'channels': {'x-note': 1, 'i': {'kind': 'own'}, 'h': {'kind': 'command', 'run': ['/bin/true']}, 'g': {'kind': 'mail', 'from': 'a@b'},"
    " 'f': {'kind': 'teams', 'url': 'https://a'}, 'e': {'kind': 'discord', 'url': 'https://a'},"
    " 'd': {'kind': 'rocketchat', 'url': 'https://a'}, 'c': {'kind': 'mattermost', 'url': 'https://a'},"
    " 'b': {'kind': 'webhook', 'url': 'https://a', 'key': {'env': 'A'}}, 'a': {'kind': 'slack', 'token': {'env': 'A'}}}}");
  const GPtrArray *channels = get_comms (playbook)->channels;

  assert_int_equal (channels->len, INCIDENT_DIALECT_OWN + 1);
  for (guint i = 0; i < channels->len; i++)
    {
      const IncidentChannelRules *channel = g_ptr_array_index (channels, i);

      assert_int_equal (channel->dialect, i);
      assert_int_equal (*channel->name, 'a' + (int) i);
    }
}

static void
test_audiences_are_read_and_internal_is_always_one (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'roles': {'communications': {}}, 'channels': {'mail': {'kind': 'mail', 'from': 'a@b', 'to': ['c@d']}},"
    " 'audiences': {'partners': {'title': 'Partners', 'approved-by': 'communications', 'channels': ['mail'], 'public': true}}}");
  const IncidentCommsRules *comms = get_comms (playbook);
  const IncidentAudience *audience = incident_comms_rules_get_audience (comms, "partners");

  assert_audiences (comms, "internal partners");
  assert_null (incident_comms_rules_get_audience (comms, "customer"));
  assert_string_equal (audience->title, "Partners");
  assert_string_equal (audience->approved_by, "communications");
  assert_joined (audience->channels, "mail");
  assert_true (audience->is_public);
  audience = incident_comms_rules_get_audience (comms, "internal");
  assert_null (audience->title);
  assert_null (audience->approved_by);
  assert_joined (audience->channels, "");
  assert_false (audience->is_public);
}

static void
test_internal_may_be_told_by_channels_too (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'channels': {'bell': {'kind': 'command', 'run': ['/bin/bell']}}, 'audiences': {'internal': {'channels': ['bell']}}}");

  assert_audiences (get_comms (playbook), "internal");
  assert_joined (incident_comms_rules_get_audience (get_comms (playbook), "internal")->channels, "bell");
}

static void
test_the_status_page_and_the_desk_are_read (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'services': {'search': {}, 'checkout': {}},"
    " 'status-page': {'title': 'Example status', 'about': 'How it is', 'services': {'search': 'Searching', 'checkout': 'Paying'}},"
    " 'desk': {'address': 'https://desk.example.org', 'links': {'env': 'LINK_KEY'}}}");
  const IncidentCommsRules *comms = get_comms (playbook);

  assert_string_equal (comms->status_page.title, "Example status");
  assert_string_equal (comms->status_page.about, "How it is");
  assert_joined (comms->status_page.services, "checkout search");
  assert_string_equal (g_hash_table_lookup (comms->status_page.titles, "checkout"), "Paying");
  assert_string_equal (comms->address, "https://desk.example.org/");
  assert_secret (&comms->links, "LINK_KEY", NULL);
}

static void
test_contacts_lead_to_a_person (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'people': {'ana': {'contacts': {'slack': 'U2CERLKJA', 'mail': 'ana@example.org'}}, 'bo': {'contacts': {'slack': 'T1A/W0BO'}},"
    " 'cy': {'contacts': {'slack': 'T2B/W0BO'}}, 'di': {'contacts': {}}, 'ed': {}}}");
  const IncidentCommsRules *comms = get_comms (playbook);
  const IncidentContacts *contacts = g_hash_table_lookup (comms->contacts, "ana");

  assert_string_equal (contacts->slack, "U2CERLKJA");
  assert_string_equal (contacts->mail, "ana@example.org");
  assert_null (g_hash_table_lookup (comms->contacts, "ed"));
  assert_string_equal (incident_comms_rules_find_slack_user (comms, "T9Z", "U2CERLKJA"), "ana");
  assert_string_equal (incident_comms_rules_find_slack_user (comms, NULL, "U2CERLKJA"), "ana");
  assert_string_equal (incident_comms_rules_find_slack_user (comms, "T1A", "W0BO"), "bo");
  assert_string_equal (incident_comms_rules_find_slack_user (comms, "T2B", "W0BO"), "cy");
  assert_null (incident_comms_rules_find_slack_user (comms, "T1", "W0BO"));
  assert_null (incident_comms_rules_find_slack_user (comms, "T1AB", "W0BO"));
  assert_null (incident_comms_rules_find_slack_user (comms, NULL, "W0BO"));
  assert_null (incident_comms_rules_find_slack_user (comms, "T9Z", "U2CERLKJ"));
}

static void
test_a_contact_is_one_persons (void **state)
{
  assert_says ("{'people': {'ana': {'contacts': {'slack': 'U1A', 'mail': 'Ana@example.org'}}, 'bo': {'contacts': {'mail': 'ana@Example.org'}},"
               " 'cy': {'contacts': {'slack': 'T1A/U1A'}}, 'di': {'contacts': {'slack': 'T1A/U2B'}}, 'ed': {'contacts': {'slack': 'T1A/U2B'}},"
               " 'fi': {'contacts': {'slack': 'U2B'}}}}",
               "/people/bo/contacts/mail: is that of “ana” too: a contact is one person's\n"
               "/people/cy/contacts/slack: is that of “ana” too: a contact is one person's\n"
               "/people/ed/contacts/slack: is that of “di” too: a contact is one person's\n"
               "/people/fi/contacts/slack: is that of “ed” too: a contact is one person's");
}

static void
test_a_member_that_its_kind_does_not_know_is_told_whose_it_is (void **state)
{
  assert_says ("{'channels': {'audit': {'kind': 'webhook', 'url': 'https://a', 'key': {'env': 'A'}, 'room': {}, 'to': ['a@b']},"
               " 'bell': {'kind': 'command', 'run': ['/bin/bell'], 'url': 'https://a', 'near': true},"
               " 'own': {'kind': 'own', 'run': ['/bin/bell'], 'if': {'severity': ['sev1']}, 'events': ['*'], 'give-up': {'attempts': 1}}}}",
               "/channels/audit/room: is not for “webhook”: “room” is for “slack”\n"
               "/channels/audit/to: is not for “webhook”: “to” is for “mail”\n"
               "/channels/bell/url: is not for “command”: “url” is for “webhook”, “mattermost”, “rocketchat”, “discord”, “teams”\n"
               "/channels/bell/near: is not for “command”: “near” is for “slack”, “webhook”, “mattermost”, “rocketchat”, “discord”, “teams”\n"
               "/channels/own/run: is not for “own”: “run” is for “mail”, “command”");
}

static void
test_what_a_kind_cannot_do_without_is_missed (void **state)
{
  assert_says ("{'channels': {'a': {'kind': 'slack'}, 'b': {'kind': 'webhook'}, 'c': {'kind': 'discord'}, 'd': {'kind': 'mail'},"
               " 'e': {'kind': 'command'}, 'f': {'kind': 'own'}}}",
               "/channels/a: must have the member “token”, as all of the kind “slack”\n"
               "/channels/b: must have the member “url”, as all of the kind “webhook”\n"
               "/channels/b: must have the member “key”, as all of the kind “webhook”\n"
               "/channels/c: must have the member “url”, as all of the kind “discord”\n"
               "/channels/d: must have the member “from”, as all of the kind “mail”\n"
               "/channels/e: must have the member “run”, as all of the kind “command”");
}

static void
test_what_is_wrong_in_form_has_its_place_and_says_what_would_be_right (void **state)
{
  assert_says ("{'people': {'ana': {'contacts': {'slack': '@ana', 'mail': 'ana', 'phone': '1'}}},"
               " 'channels': {'a': {}, 'b': {'kind': 'irc'}, 'c': {'kind': 'slack', 'token': 'xoxb-1', 'announce': '#incidents',"
               "   'room': {'name': 'Case {number}', 'record': 'none', 'archive-after': 'soon'}, 'pin-emoji': ':memo:', 'give-up': {'attempts': 0}},"
               "  'd': {'kind': 'teams', 'url': 7}, 'e': {'kind': 'webhook', 'url': {}}, 'f': {'kind': 'own', 'does': ['page']}},"
               " 'audiences': {'internal': {'channels': ['z']}, 'Press': {}}, 'status-page': {}, 'desk': {'address': 'desk.example.org'}}",
               "/people/ana/contacts/slack: must be the id of a person in Slack, such as “U2CERLKJA”, or with the workspace"
               " “T1DC2JH3J/U2CERLKJA”\n"
               "/people/ana/contacts/mail: must be a mail address such as “ops@example.org”\n"
               "/people/ana/contacts/phone: is unknown here: there are “slack” and “mail”\n"
               "/channels/a: must have the member “kind”\n"
               "/channels/b/kind: must be “slack”, “webhook”, “mattermost”, “rocketchat”, “discord”, “teams”, “mail”, “command” or “own”\n"
               "/channels/c/token: must be an object, not a string\n"
               "/channels/c/announce: must be the id of a channel in Slack, such as “C0INCIDENTS”, not its name\n"
               "/channels/c/room/name: must be a name of a–z, 0–9, “_” and “-” with {number} in it, and {title}, {severity} or {service}"
               " where they are wanted, such as “inc-{number}-{title}”\n"
               "/channels/c/room/record: must be “pinned” or “all”\n"
               "/channels/c/room/archive-after: must be a duration such as “30s”, “5m”, “4h” or “2d”, of at most 3650 days\n"
               "/channels/c/pin-emoji: must be the name of an emoji without colons, such as “pushpin”\n"
               "/channels/c/give-up/attempts: must be a whole number from 1 to 1000\n"
               "/channels/d/url: must be a string or an object, not a number\n"
               "/channels/e/url: must have exactly one of the members “env” and “file”\n"
               "/channels/f/does/0: must be “room”, “card”, “announcement”, “topic”, “invite”, “bookmark”, “file” or “archive”\n"
               "/audiences/internal/channels/0: must be a name in “/channels”; “z” is none there\n"
               "/audiences/Press: must have a name of a–z, 0–9 and dashes, at most 64 characters long\n"
               "/status-page: must have the member “title”\n"
               "/desk/address: must be an address such as “https://desk.example.org/”, with a host, and without a user or a fragment");
}

static void
test_what_is_wrong_in_meaning_has_its_place_and_says_what_would_be_right (void **state)
{
  assert_says ("{'services': {'search': {}},"
               " 'channels': {'a': {'kind': 'discord', 'url': 'http://a'}, 'b': {'kind': 'discord', 'url': 'https://a', 'events': ['fixed', 'resolved']},"
               "  'c': {'kind': 'command', 'run': []}, 'd': {'kind': 'mail', 'from': 'a@b', 'to': [], 'run': ['sendmail', '/x']},"
               "  'e': {'kind': 'own', 'give-up': {}, 'if': {'severity': [], 'phase': ['limbo']}},"
               "  'f': {'kind': 'slack', 'token': {'env': 'A'}, 'api': 'http://a/?b'}},"
               " 'status-page': {'title': 'S', 'services': {'x-order': 1, 'checkout': 'Paying'}}, 'desk': {'address': 'https://a/?b'}}",
               "/channels/a/url: must be https, unless “near” is true\n"
               "/channels/b/events/0: must be a kind of event, such as “resolved”, or “*” for all; “fixed” is none\n"
               "/channels/c/run: must begin with the path of a program\n"
               "/channels/d/to: must name at least one, or be left out\n"
               "/channels/d/run/0: must be the whole path of a program, such as “/usr/local/bin/bell”\n"
               "/channels/e/if/severity: must name at least one, or be left out\n"
               "/channels/e/if/phase/0: must be one of the phases; “limbo” is none\n"
               "/channels/e/give-up: must say by “after”, “attempts” or both when it is given up\n"
               "/channels/f/api: must have no “?”: paths are put behind it\n"
               "/channels/f/api: must be https, unless “near” is true\n"
               "/status-page/services/checkout: must have the name of one of “/services”; “checkout” is none there\n"
               "/desk/address: must have no “?”: paths are put behind it");
}

static void
test_an_audience_names_channels_and_roles_that_there_are (void **state)
{
  assert_says ("{'audiences': {'a': {'channels': ['mail']}}}",
               "/audiences/a/channels/0: must be a name in “/channels”; “mail” is none there");
  assert_says ("{'roles': {'commander': {}}, 'audiences': {'a': {'approved-by': 'boss'}}}",
               "/audiences/a/approved-by: must be a name in “/roles”; “boss” is none there");
}

static void
test_rooms_invite_people_and_teams_that_there_are (void **state)
{
  assert_says ("{'people': {'ana': {}}, 'teams': {'sre': {}}, 'channels': {'a': {'kind': 'slack', 'token': {'env': 'A'},"
               " 'room': {'invite': {'people': ['bo'], 'teams': ['core']}}}}}",
               "/channels/a/room/invite/people/0: must be a name in “/people”; “bo” is none there\n"
               "/channels/a/room/invite/teams/0: must be a name in “/teams”; “core” is none there");
}

static void
test_the_events_of_an_own_lifecycle_can_be_told (void **state)
{
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'lifecycle': {'phases': [{'name': 'on', 'state': 'live'}, {'name': 'off', 'state': 'ended'}],"
    "  'verbs': [{'verb': 'open', 'event': 'began', 'from': [], 'to': 'on', 'guards': ['title']},"
    "            {'verb': 'stop', 'event': 'stopped', 'from': ['on'], 'to': 'off'}]},"
    " 'channels': {'a': {'kind': 'own', 'events': ['began', 'stopped', 'update-given', 'priority-raised', 'channel-down']}}}");

  assert_int_equal (get_channel (playbook, "a")->events->len, 5);
  assert_says ("{'lifecycle': {'phases': [{'name': 'on', 'state': 'live'}, {'name': 'off', 'state': 'ended'}],"
               "  'verbs': [{'verb': 'open', 'event': 'began', 'from': [], 'to': 'on', 'guards': ['title']},"
               "            {'verb': 'stop', 'event': 'stopped', 'from': ['on'], 'to': 'off'}]},"
               " 'channels': {'a': {'kind': 'own', 'events': ['resolved']}}}",
               "/channels/a/events/0: must be a kind of event, such as “resolved”, or “*” for all; “resolved” is none");
}

static void
test_what_the_desk_records_by_itself_can_be_told (void **state)
{
  static const char * const good[] = {
    "alert-fired", "alerts-fired", "alert-resolved", "alerts-resolved", "alert-worsened", "alert-acknowledged", "alert-flapping",
    "alerts-ended", "case-merged", "checklist-added", "lifecycle-changed", "linked", "priority-raised", "reminded", "task-added",
    "opened", "noted", "*", NULL
  };
  /* That a message was delivered would be told by a message, which is delivered … */
  static const char * const bad[] = { "", "open", "message-delivered", "Resolved", "**", NULL };

  assert_values ("{'channels': {'a': {'kind': 'own', 'events': ['%s']}}}", "/channels/a/events/0", good, bad);
}

static void
test_programs_and_mail_are_not_told_of_channels (void **state)
{
  assert_says ("{'channels': {'a': {'kind': 'webhook', 'url': 'https://a', 'key': {'env': 'K'}, 'events': ['opened', 'channel-down']}}}",
               "/channels/a/events/1: is not told by a channel of the kind “webhook”");
  assert_says ("{'channels': {'a': {'kind': 'mail', 'from': 'a@b', 'to': ['c@d'], 'events': ['message-dead']}}}",
               "/channels/a/events/0: is not told by a channel of the kind “mail”");
}

static void
test_an_address_of_the_web_has_a_host_and_no_user (void **state)
{
  static const char * const good[] = {
    "https://a", "https://hooks.example.org:8443/services/T1/B2?x=y", "https://[2001:db8::1]/in", NULL
  };
  static const char * const bad[] = {
    "", "hooks.example.org/in", "ftp://example.org/", "file:///etc/passwd", "https://", "https:///in", "https:example.org", "https://:443/",
    "https://u:p@example.org/", "https://u@example.org/", "https://example.org/#top", "https://example.org/a b",
    "https://evil\\\\@127.0.0.1/", "https://example.org\\\\/in", "https://example.org/a\\\\b", "https://ⓛocalhost/", "https://example.org:0/", "https://example.org:99999/",
    "https://example.org/\\r\\nX: y", " https://example.org/", "HTTPS://example.org/", "javascript:alert(1)", NULL
  };

  assert_values ("{'channels': {'a': {'kind': 'teams', 'url': '%s'}}}", "/channels/a/url", good, bad);
}

static void
test_a_mail_address_is_plain (void **state)
{
  g_autofree char *local = g_strnfill (64, 'l');
  g_autofree char *label = g_strnfill (63, 'd');
  g_autofree char *longest = g_strconcat (local, "@", label, ".", label, ".", label + 2, NULL);
  g_autofree char *too_long = g_strconcat (local, "@", label, ".", label, ".", label + 1, NULL);
  g_autofree char *local_too_long = g_strconcat (local, "l@example.org", NULL);
  g_autofree char *label_too_long = g_strconcat ("a@d", label, ".org", NULL);
  const char * const good[] = {
    "ops@example.org", "o@localhost", "first.last+tag@mail.example.org", "!#$%&*+/=?^_`{|}~-@a", longest, NULL
  };
  const char * const bad[] = {
    "", "ops", "@example.org", "ops@", "a@b@c", "a b@example.org", "a@example .org", "a@example.org\\n", "a@example.org\\r\\nBcc: x@y",
    "Ana <a@example.org>", "a@example.org,b@example.org", ".a@b", "a.@b", "a..b@c", "a@-b", "a@b-", "a@b..c", "a@.b", "a@b.",
    "-oQ/tmp@example.org", "ä@example.org", "a@bücher.example", "\\\"a\\\"@b", "a@[127.0.0.1]", too_long, local_too_long, label_too_long, NULL
  };

  assert_int_equal (strlen (longest), 254);
  assert_values ("{'channels': {'a': {'kind': 'mail', 'from': '%s'}}}", "/channels/a/from", good, bad);
  assert_values ("{'channels': {'a': {'kind': 'mail', 'from': 'a@b', 'to': ['%s']}}}", "/channels/a/to/0", good, bad);
  assert_values ("{'people': {'ana': {'contacts': {'mail': '%s'}}}}", "/people/ana/contacts/mail", good, bad);
}

static void
test_ids_of_slack_are_ids_and_no_names (void **state)
{
  static const char * const channels[] = { "C0INCIDENTS", "G8PSS9T3V", "D01", NULL };
  static const char * const no_channels[] = { "", "C", "C0", "incidents", "#incidents", "c0incidents", "U2CERLKJA", "C0INCIDENTS\\n", "C0 1", NULL };
  static const char * const users[] = { "U2CERLKJA", "W012A3CDE", "T1DC2JH3J/U2CERLKJA", "E1DC2JH3J/W2CERLKJA", NULL };
  static const char * const no_users[] = { "", "ana", "@U2CERLKJA", "<@U2CERLKJA>", "U", "T1DC2JH3J/", "/U2CERLKJA", "C1A/U2CERLKJA", "T1A/T1A/U2C", NULL };

  assert_values ("{'channels': {'a': {'kind': 'slack', 'token': {'env': 'A'}, 'announce': '%s'}}}", "/channels/a/announce", channels, no_channels);
  assert_values ("{'people': {'ana': {'contacts': {'slack': '%s'}}}}", "/people/ana/contacts/slack", users, no_users);
}

static void
test_the_name_of_a_room_has_the_number_of_the_case (void **state)
{
  static const char * const good[] = { "{number}", "inc-{number}-{title}", "{severity}_{service}-{number}", "{number}-{number}", NULL };
  static const char * const bad[] = {
    "", "incident", "inc-{title}", "Inc-{number}", "inc {number}", "inc-{number}-{commander}", "inc-{number", "{{number}}", "inc.{number}", "ü{number}", NULL
  };

  assert_values ("{'channels': {'a': {'kind': 'slack', 'token': {'env': 'A'}, 'room': {'name': '%s'}}}}", "/channels/a/room/name", good, bad);
}

static void
test_what_may_not_be_meant_is_told_with_its_place (void **state)
{
  assert_warns ("{'roles': {'communications': {}},"
                " 'channels': {'a': {'kind': 'slack', 'token': {'env': 'A'}, 'announce': 'C01'}, 'b': {'kind': 'slack', 'token': {'env': 'A'},"
                "   'app-token': {'env': 'B'}}, 'c': {'kind': 'mail', 'from': 'a@b'}, 'd': {'kind': 'own', 'events': []}},"
                " 'audiences': {'press': {'public': true}}, 'desk': {'address': 'http://desk', 'links': {'env': 'A'}}}",
                "/audiences/press: is public, and nobody has to approve: “approved-by” names a role\n"
                "/audiences/press: is public, and there is no “status-page” for it to stand on\n"
                "/desk/address: is not https: who listens on the way can use the links that are sent\n"
                "/channels/a: has neither “signing-secret” nor “app-token”: nothing comes back from Slack\n"
                "/channels/b: has nothing that would be sent: there is neither “announce” nor “room”\n"
                "/channels/c: has nothing that would be sent: “to” is missing\n"
                "/channels/d: has nothing that would be sent: “events” is empty, and no audience is told by it");
}

static void
test_what_is_meant_is_not_warned_of (void **state)
{
  assert_warns ("{'roles': {'communications': {}}, 'status-page': {'title': 'S'},"
                " 'channels': {'a': {'kind': 'slack', 'token': {'env': 'A'}, 'room': {}, 'signing-secret': {'env': 'B'}},"
                "  'b': {'kind': 'mail', 'from': 'a@b', 'to': ['c@d']}, 'c': {'kind': 'own', 'events': []},"
                "  'd': {'kind': 'own', 'events': [], 'does': ['card']}, 'e': {'kind': 'command', 'run': ['/bin/bell'], 'events': ['escalated']}},"
                " 'audiences': {'press': {'public': true, 'approved-by': 'communications', 'channels': ['c']}},"
                " 'desk': {'address': 'http://desk'}}", "");
}

static void
test_a_secret_is_no_name_of_a_variable (void **state)
{
  static const char * const good[] = { "AUDIT_KEY", "audit_key", "_", "WHSEC_KEY", "abcdef0123456789", NULL };
  static const char * const bad[] = {
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "ef742231b10e8888abcd990123456789", "xoxb-1-2", NULL
  };

  assert_values ("{'channels': {'a': {'kind': 'webhook', 'url': 'https://a', 'key': {'env': '%s'}}}}", "/channels/a/key/env", good, bad);
}

static void
test_nothing_reads_a_secret_when_a_playbook_is_loaded (void **state)
{
  Office *office = *state;
  g_autoptr(IncidentPlaybook) playbook = playbook_of (
    "{'channels': {'slack': {'kind': 'slack', 'token': {'file': '/nowhere/token'}, 'signing-secret': {'env': 'TEST_IS_NOT_SET'},"
    " 'announce': 'C01', 'room': {}}}}");
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;

  assert_true (incident_desk_set_playbook (office->desk, playbook, &error));
  kase = open_with (office, command_new ("open", "ana", "title", "T", NULL));
  act (kase, "diagnose", "ana", "text", "found", NULL);
  kase = read_again (office, g_steal_pointer (&kase));
  assert_string_equal (incident_case_get_phase (kase), "diagnosis");
}

static void
assert_update (IncidentCase *kase, const char *audience, gboolean is_fine)
{
  g_autoptr(IncidentCommand) command = command_new ("update", "ana", "text", "We are on it", "audience", audience, NULL);
  g_autoptr(GError) error = NULL;

  if (incident_case_act (kase, command, &error) != is_fine)
    fail_msg ("%s: %s", audience, error != NULL ? error->message : "was taken");
  if (is_fine)
    return;
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND);
  assert_string_equal (incident_error_get_where (error), "audience");
}

static void
test_an_update_is_for_an_audience_that_there_is (void **state)
{
  Office *office = *state;
  g_autofree char *json = quote ("{'audiences': {'partners': {}}}");
  g_autoptr(IncidentCase) kase = open_with (office, command_new ("open", "ana", "title", "T", NULL));

  assert_update (kase, "internal", TRUE);
  assert_update (kase, "customer", TRUE);
  assert_update (kase, "partners", FALSE);
  rule_by (office, json);
  assert_update (kase, "internal", TRUE);
  assert_update (kase, "partners", TRUE);
  assert_update (kase, "customer", FALSE);
  kase = read_again (office, g_steal_pointer (&kase));
}

static void
test_changes_are_said_in_words (void **state)
{
  g_autoptr(IncidentPlaybook) before = playbook_of (
    "{'people': {'ana': {'contacts': {'slack': 'U1A'}}}, 'channels': {'slack': {'kind': 'slack', 'token': {'env': 'A'}, 'room': {}},"
    " 'chat': {'kind': 'teams', 'url': 'https://a'}, 'gone': {'kind': 'own'}}, 'audiences': {'press': {}},"
    " 'status-page': {'title': 'A', 'services': {'a': 'A'}}, 'desk': {'address': 'https://a'}}");
  g_autoptr(IncidentPlaybook) after = playbook_of (
    "{'people': {'ana': {'contacts': {'slack': 'U2B'}}}, 'channels': {'slack': {'kind': 'slack', 'token': {'file': 'a'}, 'room': {'private': true}},"
    " 'chat': {'kind': 'teams', 'url': {'env': 'CHAT'}}, 'bell': {'kind': 'own'}}, 'audiences': {'press': {'channels': ['bell']}},"
    " 'status-page': {'title': 'B', 'services': {'a': 'Aye'}}, 'desk': {'address': 'https://b'}}");
  g_autoptr(GPtrArray) changes = incident_playbook_diff (before, after);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    g_string_append_printf (text, "%s\n", incident_playbook_change_get_text (g_ptr_array_index (changes, i)));
  assert_string_equal (text->str,
                       "person ana: contacts slack U1A → U2B\n"
                       "channel slack: token env A → nothing\n"
                       "channel slack: token file nothing → a\n"
                       "channel slack: room private nothing → true\n"
                       "channel chat: url https://a → {\"env\":\"CHAT\"}\n"
                       "channel gone: is gone\n"
                       "channel bell: is new\n"
                       "audience press: channels + bell\n"
                       "status-page: title A → B\n"
                       "status-page: services a A → Aye\n"
                       "desk: address https://a → https://b\n");
}

static void
test_rules_are_built_without_a_document_too (void **state)
{
  IncidentCommsRules *comms = incident_comms_rules_new ();
  IncidentChannelRules *channel = incident_comms_rules_add_channel (comms, "b");

  incident_comms_rules_add_channel (comms, "c");
  incident_comms_rules_add_channel (comms, "a")->events = g_ptr_array_new ();
  assert_ptr_equal (incident_comms_rules_get_channel (comms, "b"), channel);
  assert_ptr_equal (g_ptr_array_index (comms->channels, 1), channel);
  assert_ptr_equal (incident_comms_rules_add_audience (comms, "internal"), incident_comms_rules_get_audience (comms, "internal"));
  incident_comms_rules_add_contacts (comms, "ana")->slack = "U1A";
  assert_string_equal (incident_comms_rules_find_slack_user (comms, NULL, "U1A"), "ana");
  incident_comms_rules_free (comms);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_playbook_that_says_nothing_has_two_audiences_and_no_channel),
    cmocka_unit_test (test_a_channel_of_slack_is_read_whole),
    cmocka_unit_test (test_what_a_channel_of_slack_does_not_say_is_as_usual),
    cmocka_unit_test (test_webhooks_and_chats_are_read),
    cmocka_unit_test (test_mail_commands_and_what_is_the_programs_own_are_read),
    cmocka_unit_test (test_each_kind_of_channel_is_known_and_they_stand_in_the_order_of_their_names),
    cmocka_unit_test (test_audiences_are_read_and_internal_is_always_one),
    cmocka_unit_test (test_internal_may_be_told_by_channels_too),
    cmocka_unit_test (test_the_status_page_and_the_desk_are_read),
    cmocka_unit_test (test_contacts_lead_to_a_person),
    cmocka_unit_test (test_a_contact_is_one_persons),
    cmocka_unit_test (test_a_member_that_its_kind_does_not_know_is_told_whose_it_is),
    cmocka_unit_test (test_what_a_kind_cannot_do_without_is_missed),
    cmocka_unit_test (test_what_is_wrong_in_form_has_its_place_and_says_what_would_be_right),
    cmocka_unit_test (test_what_is_wrong_in_meaning_has_its_place_and_says_what_would_be_right),
    cmocka_unit_test (test_an_audience_names_channels_and_roles_that_there_are),
    cmocka_unit_test (test_rooms_invite_people_and_teams_that_there_are),
    cmocka_unit_test (test_the_events_of_an_own_lifecycle_can_be_told),
    cmocka_unit_test (test_what_the_desk_records_by_itself_can_be_told),
    cmocka_unit_test (test_programs_and_mail_are_not_told_of_channels),
    cmocka_unit_test (test_an_address_of_the_web_has_a_host_and_no_user),
    cmocka_unit_test (test_a_mail_address_is_plain),
    cmocka_unit_test (test_ids_of_slack_are_ids_and_no_names),
    cmocka_unit_test (test_the_name_of_a_room_has_the_number_of_the_case),
    cmocka_unit_test (test_what_may_not_be_meant_is_told_with_its_place),
    cmocka_unit_test (test_what_is_meant_is_not_warned_of),
    cmocka_unit_test (test_a_secret_is_no_name_of_a_variable),
    both (test_nothing_reads_a_secret_when_a_playbook_is_loaded),
    both (test_an_update_is_for_an_audience_that_there_is),
    cmocka_unit_test (test_changes_are_said_in_words),
    cmocka_unit_test (test_rules_are_built_without_a_document_too),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
