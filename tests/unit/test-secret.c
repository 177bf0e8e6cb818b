/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-test.h"

#include <glib/gstdio.h>
#include <string.h>

#include "model/incident-secret-private.h"

/* Secrets: read from where they are, kept out of core dumps, and in no error. */

#define CANARY "zzq-canary-5c1"

static char *folder;
static char *path;

static int
make_folder (void **state)
{
  folder = g_dir_make_tmp ("incident-secret-XXXXXX", NULL);
  path = g_build_filename (folder, "secret", NULL);
  return 0;
}

static int
remove_folder (void **state)
{
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return 0;
}

static void
assert_file_gives (const char *bytes, gssize length, const char *expected)
{
  const IncidentSecret secret = { NULL, path };
  g_autoptr(IncidentSecretText) text = NULL;
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, bytes, length, &error);
  assert_no_error (error);
  text = incident_secret_read (&secret, &error);
  assert_no_error (error);
  assert_string_equal (text, expected);
}

/* An error of the code that names the place and not what is there. */
static void
assert_cannot_read (const IncidentSecret *secret, GQuark domain, int code, const char *place)
{
  g_autoptr(GError) error = NULL;

  assert_null (incident_secret_read (secret, &error));
  if (!g_error_matches (error, domain, code))
    fail_msg ("%s %d: %s", g_quark_to_string (error->domain), error->code, error->message);
  assert_non_null (strstr (error->message, place));
  assert_null (strstr (error->message, CANARY));
}

static void
test_a_variable_of_the_environment_is_read (void **state)
{
  const IncidentSecret secret = { "TEST_SECRET", NULL };
  g_autoptr(IncidentSecretText) text = NULL;
  g_autoptr(GError) error = NULL;

  g_setenv ("TEST_SECRET", " xoxb-1 \n", TRUE);
  text = incident_secret_read (&secret, &error);
  assert_no_error (error);
  assert_string_equal (text, " xoxb-1 \n");

  g_setenv ("TEST_SECRET", "", TRUE);
  assert_cannot_read (&secret, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "“TEST_SECRET”");
  g_unsetenv ("TEST_SECRET");
  assert_cannot_read (&secret, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "“TEST_SECRET”");
}

static void
test_the_line_break_at_the_end_of_a_file_does_not_count (void **state)
{
  g_autofree char *longest = g_strnfill (65536, 'k');

  assert_file_gives ("xoxb-1", -1, "xoxb-1");
  assert_file_gives ("xoxb-1\n", -1, "xoxb-1");
  assert_file_gives ("xoxb-1\r\n", -1, "xoxb-1");
  assert_file_gives (" a\nb \n\n", -1, " a\nb \n");
  assert_file_gives (longest, -1, longest);
}

static void
test_a_file_that_holds_no_secret_is_told_by_its_name_alone (void **state)
{
  const IncidentSecret secret = { NULL, path };
  const IncidentSecret none = { NULL, NULL };
  const IncidentSecret not_a_file = { NULL, folder };
  g_autofree char *much = g_strnfill (65537, 'k');

  g_unlink (path);
  assert_cannot_read (&secret, G_FILE_ERROR, G_FILE_ERROR_NOENT, path);
  assert_cannot_read (&not_a_file, G_FILE_ERROR, G_FILE_ERROR_ISDIR, folder);
  assert_cannot_read (&none, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, "not said");
  g_file_set_contents (path, "\r\n", -1, NULL);
  assert_cannot_read (&secret, INCIDENT_ERROR, INCIDENT_ERROR_NOT_FOUND, path);
  g_file_set_contents (path, CANARY "\0", sizeof CANARY, NULL);
  assert_cannot_read (&secret, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, path);
  memcpy (much, CANARY, strlen (CANARY));
  g_file_set_contents (path, much, -1, NULL);
  assert_cannot_read (&secret, INCIDENT_ERROR, INCIDENT_ERROR_INVALID, path);
}

/* What the kernel says of the memory at @address: NULL where there is none. */
static char *
find_flags (gconstpointer address)
{
  g_autofree char *maps = NULL;
  g_auto(GStrv) lines = NULL;
  gboolean is_it = FALSE;

  if (!g_file_get_contents ("/proc/self/smaps", &maps, NULL, NULL))
    skip ();
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *end;
      guint64 from = g_ascii_strtoull (lines[i], &end, 16);

      if (*end == '-' && end != lines[i])
        is_it = (guint64) (gsize) address >= from && (guint64) (gsize) address < g_ascii_strtoull (end + 1, NULL, 16);
      else if (is_it && g_str_has_prefix (lines[i], "VmFlags:"))
        return g_strdup (lines[i]);
    }

  return NULL;
}

static void
test_a_core_dump_does_not_hold_it (void **state)
{
  const IncidentSecret secret = { NULL, path };
  g_autofree char *flags = NULL;
  char *text;

  g_file_set_contents (path, CANARY, -1, NULL);
  text = incident_secret_read (&secret, NULL);
  flags = find_flags (text);
  assert_non_null (flags);
  assert_non_null (strstr (flags, " dd")); /* proc(5): do not include the area into a core dump */

  incident_secret_free (text);
  incident_secret_free (NULL);
}

static void
test_secrets_are_compared_as_a_whole (void **state)
{
  assert_true (incident_secret_equal ("", ""));
  assert_true (incident_secret_equal ("xoxb-1", "xoxb-1"));
  assert_false (incident_secret_equal ("xoxb-1", "xoxb-2"));
  assert_false (incident_secret_equal ("xoxb-1", "xoxb-11"));
  assert_false (incident_secret_equal ("xoxb-1", ""));
}

static void
test_it_is_told_where_a_secret_is_or_not (void **state)
{
  assert_false (incident_secret_is_told (&(IncidentSecret) { NULL, NULL }));
  assert_true (incident_secret_is_told (&(IncidentSecret) { "A", NULL }));
  assert_true (incident_secret_is_told (&(IncidentSecret) { NULL, "a" }));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_variable_of_the_environment_is_read),
    cmocka_unit_test (test_the_line_break_at_the_end_of_a_file_does_not_count),
    cmocka_unit_test (test_a_file_that_holds_no_secret_is_told_by_its_name_alone),
    cmocka_unit_test (test_a_core_dump_does_not_hold_it),
    cmocka_unit_test (test_secrets_are_compared_as_a_whole),
    cmocka_unit_test (test_it_is_told_where_a_secret_is_or_not),
  };

  return cmocka_run_group_tests (tests, make_folder, remove_folder);
}
