/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <string.h>

#include "comms/incident-reaction-private.h"
#include "model/incident-record-private.h"
#include "playbook/incident-playbook-private.h"

static const char playbook_json[] =
  "{\"roles\": {\"commander\": {}}, \"channels\": {"
  "\"slack\": {\"kind\": \"slack\", \"token\": {\"env\": \"T\"}, \"announce\": \"C0ALL\","
  " \"room\": {\"archive-after\": \"48h\"}},"
  "\"few\": {\"kind\": \"own\", \"does\": [\"room\", \"card\"], \"if\": {\"severity\": [\"sev1\"]}},"
  "\"hook\": {\"kind\": \"webhook\", \"url\": {\"env\": \"U\"}, \"key\": {\"env\": \"K\"}},"
  "\"mail\": {\"kind\": \"mail\", \"from\": \"i@example.org\", \"to\": [\"a@example.org\", \"b@example.org\"]},"
  "\"public-mail\": {\"kind\": \"mail\", \"from\": \"i@example.org\", \"to\": [\"c@example.org\"], \"events\": [\"recovered\"]},"
  "\"board\": {\"kind\": \"own\", \"events\": [\"*\"]},"
  "\"bell\": {\"kind\": \"command\", \"run\": [\"/bin/true\"], \"events\": [\"escalated\"]}},"
  "\"audiences\": {\"customer\": {\"channels\": [\"public-mail\"], \"approved-by\": \"commander\"},"
  " \"all\": {\"channels\": [\"board\", \"slack\"], \"public\": true}, \"heads\": {\"channels\": [\"bell\"]}}}";

typedef struct
{
  IncidentPlaybook *playbook;
  GPtrArray        *drafts;
  GPtrArray        *messages;
} Told;

static int
told_open (void **state)
{
  Told *told = g_new0 (Told, 1);
  g_autoptr(GError) error = NULL;

  told->playbook = incident_playbook_new_from_json (playbook_json, -1, "test", &error);
  assert_no_error (error);
  told->drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_record_unref);
  told->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_outbox_row_free);
  *state = told;
  return 0;
}

static int
told_close (void **state)
{
  Told *told = *state;

  incident_playbook_unref (told->playbook);
  g_ptr_array_unref (told->drafts);
  g_ptr_array_unref (told->messages);
  g_free (told);
  return 0;
}

/* “slack:room hook:event”: what is told of an event, by channel and kind. */
static char *
tell (Told *told, const char *kind, const char *facts)
{
  IncidentRecord *record = incident_record_new ();
  g_autoptr(GString) list = g_string_new (NULL);

  record->kind = g_intern_string (kind);
  record->facts = g_ref_string_new (facts);
  record->actor = g_ref_string_new ("ana");
  record->subject = 7;
  record->seq = 3;
  record->recorded_at = 1795417200000000;
  memset (record->operation, 5, sizeof record->operation);
  g_ptr_array_set_size (told->drafts, 0);
  g_ptr_array_set_size (told->messages, 0);
  g_ptr_array_add (told->drafts, record);
  incident_reaction_add (incident_playbook_get_rules (told->playbook)->comms, told->drafts, told->messages);
  for (guint i = 0; i < told->messages->len; i++)
    {
      IncidentOutboxRow *row = g_ptr_array_index (told->messages, i);

      g_string_append_printf (list, "%s%s:%s", i > 0 ? " " : "", row->channel, incident_message_kind_to_string (row->kind));
    }
  return g_strdup (list->str);
}

static IncidentOutboxRow *
find (Told *told, const char *channel, IncidentMessageKind kind)
{
  for (guint i = 0; i < told->messages->len; i++)
    {
      IncidentOutboxRow *row = g_ptr_array_index (told->messages, i);

      if (g_str_equal (row->channel, channel) && row->kind == kind)
        return row;
    }
  return NULL;
}

static void
assert_told (void **state, const char *kind, const char *facts, const char *wanted)
{
  g_autofree char *list = tell (*state, kind, facts);

  assert_string_equal (list, wanted);
}

static void
test_a_new_case_is_set_up_everywhere (void **state)
{
  assert_told (state, "opened", "phase=new\nstate=live\nseverity=sev2",
               "few:room few:card hook:event mail:post mail:post "
               "slack:room slack:bookmark slack:announcement slack:card slack:topic slack:invite");
}

static void
test_a_channel_for_some_cases_gets_its_room_when_the_case_may_have_become_one (void **state)
{
  assert_told (state, "classified", "severity=sev1",
               "few:room few:card few:post hook:event slack:announcement slack:card slack:topic slack:post");
}

/* Nobody has come: all who are told of anything are told of that. */
static void
test_an_escalation_at_its_end_is_told_to_all (void **state)
{
  assert_told (state, "escalation-exhausted", "by=rule\nrun=1\nrun-state=exhausted",
               "few:card few:post hook:event mail:post mail:post slack:announcement slack:card slack:post");
}

static void
test_who_cannot_be_reached_is_told_to_those_at_it (void **state)
{
  assert_told (state, "page-failed", "by=rule\nrun=1\npage-failed=ana",
               "few:card few:post hook:event slack:announcement slack:card slack:post");
}

static void
test_a_step_is_a_post_and_a_new_card (void **state)
{
  assert_told (state, "escalated", "phase=escalation\ntarget=core",
               "bell:post few:room few:card few:post hook:event mail:post mail:post "
               "slack:announcement slack:card slack:topic slack:post");
}

static void
test_a_note_is_for_the_record_alone (void **state)
{
  assert_told (state, "noted", "", "hook:event");
}

/* A card shows the last words of the record, and a topic the title. */
static void
test_what_was_removed_is_not_shown_any_longer (void **state)
{
  assert_told (state, "redacted", "redacts=3", "few:card hook:event slack:announcement slack:card");
  assert_told (state, "redacted", "redacts=1", "few:card hook:event slack:announcement slack:card slack:topic");
}

static void
test_what_is_said_in_a_chat_is_not_said_there_again (void **state)
{
  assert_told (state, "said", "message=slack/C1/1.2", "hook:event");
}

static void
test_an_update_goes_to_its_audience_alone (void **state)
{
  assert_told (state, "update-given", "update=customer", "few:card hook:event public-mail:post slack:announcement slack:card");
  assert_told (state, "update-given", "update=internal",
               "bell:post few:card few:post hook:event slack:announcement slack:card slack:post");
}

/* What is told of steps, troubles and the like stays with those who work on it: no other test names the board. */
static void
test_where_everybody_reads_there_are_updates_alone (void **state)
{
  assert_told (state, "update-given", "update=all", "board:post few:card hook:event slack:announcement slack:card slack:post");
}

static void
test_words_may_be_for_some_alone (void **state)
{
  assert_told (state, "messaged", "", "few:post hook:event mail:post mail:post slack:post");
  assert_told (state, "messaged", "audience=all", "hook:event slack:post");
  assert_told (state, "messaged", "audience=customer", "hook:event");
}

static void
test_deliveries_are_told_to_nobody (void **state)
{
  assert_told (state, "message-delivered", "delivery=sent\nchannel=slack\nby=rule", "");
}

static void
test_of_a_channel_that_is_down_others_tell (void **state)
{
  assert_told (state, "channel-down", "delivery=down\nchannel=slack\nby=rule", "bell:post few:post");
}

static void
test_the_end_brings_the_report_and_later_the_archive (void **state)
{
  g_autofree char *list = tell (*state, "closed", "phase=closed\nstate=ended");
  IncidentOutboxRow *archive = find (*state, "slack", INCIDENT_MESSAGE_KIND_ARCHIVE);

  assert_non_null (strstr (list, "slack:file slack:archive"));
  assert_int_equal (archive->not_before - archive->created_at, 48 * G_TIME_SPAN_HOUR);
  assert_int_equal (archive->wanted, INCIDENT_WANTED_ENDED);
  assert_true (archive->expires_at > archive->not_before);
}

static void
test_keys_are_the_same_again_and_say_nothing (void **state)
{
  Told *told = *state;
  g_autofree char *list G_GNUC_UNUSED = tell (told, "escalated", "phase=escalation\ntarget=core");
  g_autofree char *key = g_strdup (find (told, "bell", INCIDENT_MESSAGE_KIND_POST)->key);
  g_autoptr(GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *again = NULL;

  for (guint i = 0; i < told->messages->len; i++)
    assert_true (g_hash_table_add (keys, ((IncidentOutboxRow *) g_ptr_array_index (told->messages, i))->key));
  assert_int_equal (strlen (key), 32);
  assert_int_equal (strspn (key, "0123456789abcdef"), 32);
  again = tell (told, "escalated", "phase=escalation\ntarget=core");
  assert_string_equal (find (told, "bell", INCIDENT_MESSAGE_KIND_POST)->key, key);
}

static void
test_one_event_of_many_cases_is_told_in_each (void **state)
{
  Told *told = *state;
  g_autofree char *list G_GNUC_UNUSED = tell (told, "decided", "decision=1");
  IncidentRecord *record = g_ptr_array_index (told->drafts, 0);
  IncidentPlace place = { .subject = 9, .seq = 4 };
  guint n = told->messages->len;

  record->also = g_array_new (FALSE, FALSE, sizeof (IncidentPlace));
  g_array_append_val (record->also, place);
  g_ptr_array_set_size (told->messages, 0);
  incident_reaction_add (incident_playbook_get_rules (told->playbook)->comms, told->drafts, told->messages);
  assert_int_equal (told->messages->len, 2 * n);
  assert_int_equal (((IncidentOutboxRow *) g_ptr_array_index (told->messages, n))->subject, 9);
  assert_int_equal (((IncidentOutboxRow *) g_ptr_array_index (told->messages, n))->seq, 4);
}

#define told_test(function) cmocka_unit_test_setup_teardown (function, told_open, told_close)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    told_test (test_a_new_case_is_set_up_everywhere),
    told_test (test_a_channel_for_some_cases_gets_its_room_when_the_case_may_have_become_one),
    told_test (test_an_escalation_at_its_end_is_told_to_all),
    told_test (test_who_cannot_be_reached_is_told_to_those_at_it),
    told_test (test_a_step_is_a_post_and_a_new_card),
    told_test (test_a_note_is_for_the_record_alone),
    told_test (test_what_was_removed_is_not_shown_any_longer),
    told_test (test_what_is_said_in_a_chat_is_not_said_there_again),
    told_test (test_an_update_goes_to_its_audience_alone),
    told_test (test_where_everybody_reads_there_are_updates_alone),
    told_test (test_words_may_be_for_some_alone),
    told_test (test_deliveries_are_told_to_nobody),
    told_test (test_of_a_channel_that_is_down_others_tell),
    told_test (test_the_end_brings_the_report_and_later_the_archive),
    told_test (test_keys_are_the_same_again_and_say_nothing),
    told_test (test_one_event_of_many_cases_is_told_in_each),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
