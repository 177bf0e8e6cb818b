/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "message-test.h"

#include "comms/incident-mail-private.h"

/* What Python's email package makes of such letters is seen in tests/story/test_mail.py. */

static const IncidentMailEnvelope envelope = { "incidents@example.org", "ana@example.org", NULL, MESSAGE_AT };

static char *
write_letter (const IncidentMailEnvelope *to,
              IncidentMessage            *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = incident_mail_write (to, message, &error);
  gsize length;
  const char *text;

  assert_no_error (error);
  text = g_bytes_get_data (bytes, &length);
  assert_null (memchr (text, '\0', length));
  return g_strndup (text, length);
}

/* The value of a header, on one line as RFC 5322 unfolds it; NULL: there is none. */
static char *
get_header (const char *letter,
            const char *name)
{
  g_autofree char *start = g_strdup_printf ("\n%s:", name);
  g_autofree char *head = g_strndup (letter, (gsize) (strstr (letter, "\n\n") + 1 - letter));
  g_autofree char *all = g_strconcat ("\n", head, NULL);
  const char *at = strstr (all, start);
  GString *value = g_string_new (NULL);

  if (at == NULL)
    {
      g_string_free (value, TRUE);
      return NULL;
    }
  for (at += strlen (start); *at != '\0' && !(at[0] == '\n' && at[1] != ' '); at++)
    if (*at != '\n')
      g_string_append_c (value, *at);
  return g_strstrip (g_string_free (value, FALSE));
}

static guint
count_headers (const char *letter)
{
  guint n = 0;

  for (const char *at = letter; *at != '\n'; at = strchr (at, '\n') + 1)
    if (*at != ' ')
      n++;
  return n;
}

static char *
decode_words (const char *value)
{
  g_auto(GStrv) words = g_strsplit (value, " ", -1);
  GString *out = g_string_new (NULL);
  gboolean was_encoded = FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean is_encoded = g_str_has_prefix (words[i], "=?UTF-8?B?") && g_str_has_suffix (words[i], "?=");

      if (i > 0 && !(was_encoded && is_encoded))
        g_string_append_c (out, ' ');
      if (is_encoded)
        {
          gsize length;
          g_autofree char *digits = g_strndup (words[i] + 10, strlen (words[i]) - 12);
          g_autofree guchar *text = g_base64_decode (digits, &length);

          assert_true (strlen (words[i]) <= 75);
          /* No character is split. */
          assert_true (g_utf8_validate ((char *) text, (gssize) length, NULL));
          g_string_append_len (out, (char *) text, (gssize) length);
        }
      else
        {
          g_string_append (out, words[i]);
        }
      was_encoded = is_encoded;
    }
  return g_string_free (out, FALSE);
}

static char *
get_subject (IncidentMessage *message)
{
  g_autofree char *letter = write_letter (&envelope, message);
  g_autofree char *subject = get_header (letter, "Subject");

  /* However it came: as many headers, and no line is longer than RFC 2047 allows. */
  assert_int_equal (count_headers (letter), 9);
  for (const char *at = letter; at != NULL && *at != '\0'; at = strchr (at, '\n'), at = at != NULL ? at + 1 : NULL)
    assert_true (strcspn (at, "\n") <= 76);
  for (const char *at = letter; *at != '\0'; at++)
    assert_true (*at == '\n' || (*at >= 0x20 && *at < 0x7f));
  return decode_words (subject);
}

static void
assert_subject (const char *title,
                const char *expected)
{
  g_autoptr(IncidentMessage) message = message_make (title, "words");
  g_autofree char *subject = get_subject (message);

  assert_string_equal (subject, expected);
}

static char *
get_text (const char *letter)
{
  gsize length;
  g_autofree guchar *text = g_base64_decode (strstr (letter, "\n\n") + 2, &length);

  return g_strndup ((char *) text, length);
}

static void
test_a_letter_is_all_this (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("Checkout answers 500", "Ana resolved it: rolled back");
  g_autofree char *letter = write_letter (&envelope, message);

  /* The last lines: base64.encodebytes() of “Checkout answers 500\n\nAna resolved it: rolled back\n”. */
  assert_string_equal (letter,
                       "From: incidents@example.org\n"
                       "To: ana@example.org\n"
                       "Date: Mon, 23 Nov 2026 07:00:00 +0000\n"
                       "Message-ID: <0123456789abcdef0123456789abcdef@example.org>\n"
                       "Subject: [INC-42] Checkout answers 500\n"
                       "Auto-Submitted: auto-generated\n"
                       "MIME-Version: 1.0\n"
                       "Content-Type: text/plain; charset=utf-8\n"
                       "Content-Transfer-Encoding: base64\n"
                       "\n"
                       "Q2hlY2tvdXQgYW5zd2VycyA1MDAKCkFuYSByZXNvbHZlZCBpdDogcm9sbGVkIGJhY2sK\n");
}

static void
test_the_same_at_one_time_is_the_same_letter (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("Ärger", "words");
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  message->file = g_bytes_new_static ("x", 1);
  one = write_letter (&envelope, message);
  two = write_letter (&envelope, message);
  assert_string_equal (one, two);
}

static void
assert_date (gint64      time,
             const char *expected)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  IncidentMailEnvelope at = { "a@b", "c@d", NULL, time };
  g_autofree char *letter = write_letter (&at, message);
  g_autofree char *date = get_header (letter, "Date");

  assert_string_equal (date, expected);
}

/* As email.utils.format_datetime() of Python writes them. */
static void
test_dates_are_those_of_rfc_5322 (void **state)
{
  assert_date (0, "Thu, 01 Jan 1970 00:00:00 +0000");
  assert_date (G_GINT64_CONSTANT (1709251199999999), "Thu, 29 Feb 2024 23:59:59 +0000");
  assert_date (G_GINT64_CONSTANT (1796428800000000), "Sat, 05 Dec 2026 00:00:00 +0000");
}

static void
test_a_title_of_ascii_is_plain (void **state)
{
  assert_subject ("Disk at 91 % on db-1 (\"primary\"), <b>see</b>",
                  "[INC-42] Disk at 91 % on db-1 (\"primary\"), <b>see</b>");
}

static void
test_a_title_of_any_script_arrives (void **state)
{
  assert_subject ("Größe überschritten", "[INC-42] Größe überschritten");
  assert_subject ("支付服务返回五百错误", "[INC-42] 支付服务返回五百错误");
  assert_subject ("שגיאה בתשלום", "[INC-42] שגיאה בתשלום");
  assert_subject ("👩‍🚒 fire 🔥 in 🏴‍☠️", "[INC-42] 👩‍🚒 fire 🔥 in 🏴‍☠️");
}

/* Each length moves the borders of the words over another byte of the characters. */
static void
test_no_character_is_split_wherever_a_word_ends (void **state)
{
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *padding = g_strnfill (i, 'x');
      g_autofree char *title = g_strconcat (padding, "🔥é支🔥🔥é支🔥🔥é支🔥🔥é支🔥🔥é支🔥🔥é支🔥", NULL);
      g_autofree char *expected = g_strconcat ("[INC-42] ", title, NULL);

      assert_subject (title, expected);
    }
}

static void
test_a_title_adds_no_header (void **state)
{
  assert_subject ("x\r\nBcc: mallory@example.org", "[INC-42] x Bcc: mallory@example.org");
  assert_subject ("x\n\nwords of mine", "[INC-42] x words of mine");
  assert_subject ("x\rBcc: mallory@example.org", "[INC-42] x Bcc: mallory@example.org");
  assert_subject ("é\r\nBcc: mallory@example.org", "[INC-42] é Bcc: mallory@example.org");
  assert_subject ("x\xc2\x85" "Bcc: m\xe2\x80\xa8" "y", "[INC-42] x Bcc: m y");
  assert_subject ("\033]0;owned\007", "[INC-42] ]0;owned");
}

static void
test_a_title_that_looks_encoded_is_shown_as_it_is (void **state)
{
  assert_subject ("=?UTF-8?B?b3duZWQ=?=", "[INC-42] =?UTF-8?B?b3duZWQ=?=");
}

/* U+202E and its kin, and what cannot be seen at all. */
static void
test_a_title_is_not_turned_around (void **state)
{
  assert_subject ("\xe2\x80\xae" "gpj.exe", "[INC-42] gpj.exe");
  assert_subject ("a\xe2\x81\xa6" "b\xe2\x81\xa9" "c\xe2\x80\x8b" "d\xef\xbb\xbf", "[INC-42] abcd");
}

static void
test_a_long_title_is_cut_in_the_header_alone (void **state)
{
  g_autofree char *many = g_strnfill (10000, 'x');
  g_autoptr(IncidentMessage) message = message_make (many, "words");
  g_autofree char *subject = get_subject (message);
  g_autofree char *letter = write_letter (&envelope, message);
  g_autofree char *text = get_text (letter);

  assert_int_equal (g_utf8_strlen (subject, -1), strlen ("[INC-42] ") + 201);
  assert_true (g_str_has_suffix (subject, "xxx…"));
  assert_non_null (strstr (text, many));
}

static void
test_ten_thousand_emoji_are_cut_between_two (void **state)
{
  g_autoptr(GString) many = g_string_new (NULL);
  g_autoptr(IncidentMessage) message = NULL;
  g_autofree char *subject = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (many, "🔥");
  message = message_make (many->str, "words");
  subject = get_subject (message);
  assert_int_equal (g_utf8_strlen (subject, -1), strlen ("[INC-42] ") + 201);
}

static void
test_without_a_title_the_words_are_one (void **state)
{
  g_autoptr(IncidentMessage) message = message_make (NULL, "Ana resolved it\nrolled back");
  g_autoptr(IncidentMessage) other = message_make (" ", "words");
  g_autofree char *subject = get_subject (message);
  g_autofree char *of_other = get_subject (other);

  assert_string_equal (subject, "[INC-42] Ana resolved it rolled back");
  assert_string_equal (of_other, "[INC-42] words");
}

static void
test_what_is_of_no_case_has_no_number (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("Channel “slack” is down", "words");
  g_autofree char *subject = NULL;

  g_clear_pointer (&message->case_id, g_free);
  subject = get_subject (message);
  assert_string_equal (subject, "Channel “slack” is down");
}

static void
test_the_first_letter_of_a_case_refers_to_none (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autofree char *letter = NULL;

  message->first_key = g_strdup (MESSAGE_KEY);
  letter = write_letter (&envelope, message);
  assert_null (get_header (letter, "In-Reply-To"));
  assert_null (get_header (letter, "References"));
}

static void
test_later_letters_refer_to_the_first (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autofree char *letter = NULL;
  g_autofree char *id = NULL;
  g_autofree char *reply = NULL;
  g_autofree char *references = NULL;

  message->first_key = g_strdup ("fedcba9876543210fedcba9876543210");
  letter = write_letter (&envelope, message);
  id = get_header (letter, "Message-ID");
  reply = get_header (letter, "In-Reply-To");
  references = get_header (letter, "References");
  assert_string_equal (id, "<0123456789abcdef0123456789abcdef@example.org>");
  assert_string_equal (reply, "<fedcba9876543210fedcba9876543210@example.org>");
  assert_string_equal (references, reply);
}

static void
test_ids_are_of_the_domain_that_is_told (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  IncidentMailEnvelope other = { "a@example.org", "c@d", "incidents.example.com", MESSAGE_AT };
  g_autofree char *letter = write_letter (&other, message);
  g_autofree char *id = get_header (letter, "Message-ID");

  assert_string_equal (id, "<0123456789abcdef0123456789abcdef@incidents.example.com>");
}

static void
test_the_text_tells_all (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("Checkout answers 500", "Opened by ana");
  IncidentMessageSection *section;
  g_autofree char *letter = NULL;
  g_autofree char *text = NULL;

  incident_message_add_field (message, "Severity", "sev1");
  incident_message_add_field (message, "Service", "checkout");
  section = incident_message_add_section (message, "Next");
  g_ptr_array_add (section->lines, g_strdup ("call the database owner"));
  g_ptr_array_add (section->lines, g_strdup ("roll back"));
  message->url = g_strdup ("https://desk.example.org/INC-42");
  letter = write_letter (&envelope, message);
  text = get_text (letter);
  assert_string_equal (text, "Checkout answers 500\n\nOpened by ana\n\nSeverity: sev1\nService: checkout\n\n"
                             "Next\n- call the database owner\n- roll back\n\nhttps://desk.example.org/INC-42\n");
}

static void
test_the_text_steers_no_terminal (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "a\033[31mb\r\nc\rd\te\xc2\x9b" "31mf\007");
  g_autofree char *letter = write_letter (&envelope, message);
  g_autofree char *text = get_text (letter);

  assert_string_equal (text, "x\n\na[31mb\nc\nd\te31mf\n");
}

static void
test_a_title_that_is_all_is_not_said_twice (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("words", "words");
  g_autofree char *letter = write_letter (&envelope, message);
  g_autofree char *text = get_text (letter);

  assert_string_equal (text, "words\n");
}

static void
test_a_file_is_a_part_of_its_own (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autofree char *letter = NULL;

  message->file = g_bytes_new_static ("# Report\n", 9);
  message->file_name = g_strdup ("INC-42.md");
  message->file_type = g_strdup ("text/markdown; charset=utf-8");
  letter = write_letter (&envelope, message);
  assert_non_null (strstr (letter,
                           "Content-Type: multipart/mixed;\n"
                           " boundary=\"=_0123456789abcdef0123456789abcdef\"\n"
                           "\n"
                           "--=_0123456789abcdef0123456789abcdef\n"
                           "Content-Type: text/plain; charset=utf-8\n"
                           "Content-Transfer-Encoding: base64\n"
                           "\n"
                           "eAoKd29yZHMK\n"
                           "\n"
                           "--=_0123456789abcdef0123456789abcdef\n"
                           "Content-Type: text/markdown; charset=utf-8\n"
                           "Content-Transfer-Encoding: base64\n"
                           "Content-Disposition: attachment;\n"
                           " filename=\"INC-42.md\"\n"
                           "\n"
                           "IyBSZXBvcnQK\n"
                           "\n"
                           "--=_0123456789abcdef0123456789abcdef--\n"));
}

static void
test_a_files_name_and_type_add_nothing (void **state)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  g_autofree char *letter = NULL;

  message->file = g_bytes_new_static ("x", 1);
  message->file_name = g_strdup ("../a\"b\r\nX: é.md");
  message->file_type = g_strdup ("text/html\r\nX-Evil: 1");
  letter = write_letter (&envelope, message);
  assert_null (strstr (letter, "X-Evil"));
  assert_non_null (strstr (letter, "Content-Type: application/octet-stream\n"));
  assert_non_null (strstr (letter, ";\n filename*0*=UTF-8''a%22b%20X%3A%20%C3%A9.md\n"));
}

static void
test_addresses_are_those_that_every_server_takes (void **state)
{
  static const char * const good[] = {
    "ana@example.org", "a@b", "first.last+tag@mail.example.org", "o'hara@example.org", "x_1=2@ex-ample.org",
    "root@localhost",
    "1@2.3",
  };
  static const char * const bad[] = {
    "", "ana", "@example.org", "ana@", "ana@@example.org", "a b@example.org", "ana@exa mple.org", "ana@example..org",
    "ana@.org", "ana@example.org.", "ana@-example.org", "ana@example-.org",
    "<ana@example.org>", "Ana <ana@example.org>",
    "-oQ/tmp@example.org", "ana@example.org\n", "ana\r\nBcc: x@example.org",
    "a,b@example.org", "ana@example.org,bo@example.org",
    "\"ana\"@example.org", "ana@[127.0.0.1]", "añá@example.org", "ana@exämple.org",
    "a..b@example.org", ".a@example.org",
    "a.@example.org", "ana@example.org\t", "|/bin/sh@example.org\"", "a%b\\@example.org",
  };
  g_autofree char *long_local = g_strnfill (65, 'a');
  g_autofree char *too_long = g_strconcat (long_local, "@example.org", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!incident_mail_is_address (good[i]))
      fail_msg ("“%s” is an address", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (incident_mail_is_address (bad[i]))
      fail_msg ("“%s” is no address", bad[i]);
  assert_false (incident_mail_is_address (NULL));
  assert_false (incident_mail_is_address (too_long));
  assert_true (incident_mail_is_address (too_long + 1));
}

static void
assert_refused (const char *from,
                const char *to,
                const char *domain,
                const char *expected)
{
  g_autoptr(IncidentMessage) message = message_make ("x", "words");
  IncidentMailEnvelope bad = { from, to, domain, MESSAGE_AT };
  g_autoptr(GError) error = NULL;

  assert_null (incident_mail_write (&bad, message, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_INVALID);
  assert_string_equal (error->message, expected);
}

static void
test_what_is_no_address_makes_no_letter (void **state)
{
  assert_refused ("a@b", "ana\r\nBcc: x@y", NULL, "“ana\\r\\nBcc: x@y” is no mail address such as ana@example.org");
  assert_refused ("-a@b", "c@d", NULL, "“-a@b” is no mail address such as ana@example.org");
  assert_refused ("a@b", "c@d", "x>\ny", "“x>\\ny” is no domain such as example.org");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_letter_is_all_this),
    cmocka_unit_test (test_the_same_at_one_time_is_the_same_letter),
    cmocka_unit_test (test_dates_are_those_of_rfc_5322),
    cmocka_unit_test (test_a_title_of_ascii_is_plain),
    cmocka_unit_test (test_a_title_of_any_script_arrives),
    cmocka_unit_test (test_no_character_is_split_wherever_a_word_ends),
    cmocka_unit_test (test_a_title_adds_no_header),
    cmocka_unit_test (test_a_title_that_looks_encoded_is_shown_as_it_is),
    cmocka_unit_test (test_a_title_is_not_turned_around),
    cmocka_unit_test (test_a_long_title_is_cut_in_the_header_alone),
    cmocka_unit_test (test_ten_thousand_emoji_are_cut_between_two),
    cmocka_unit_test (test_without_a_title_the_words_are_one),
    cmocka_unit_test (test_what_is_of_no_case_has_no_number),
    cmocka_unit_test (test_the_first_letter_of_a_case_refers_to_none),
    cmocka_unit_test (test_later_letters_refer_to_the_first),
    cmocka_unit_test (test_ids_are_of_the_domain_that_is_told),
    cmocka_unit_test (test_the_text_tells_all),
    cmocka_unit_test (test_the_text_steers_no_terminal),
    cmocka_unit_test (test_a_title_that_is_all_is_not_said_twice),
    cmocka_unit_test (test_a_file_is_a_part_of_its_own),
    cmocka_unit_test (test_a_files_name_and_type_add_nothing),
    cmocka_unit_test (test_addresses_are_those_that_every_server_takes),
    cmocka_unit_test (test_what_is_no_address_makes_no_letter),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
