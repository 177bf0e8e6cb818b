/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk of its own that fills up. Needs the right to mount one. */
#define _GNU_SOURCE
#include "support.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#define SKIPPED 77 /* as meson reads an exit status */

/* In a name space of our own: nobody else sees the disk, and it goes when we go.
 * A chroot has no mount at “/” that could be made private. */
static gboolean
mount_small_disk (const char *folder)
{
  if (unshare (CLONE_NEWNS) != 0)
    return FALSE;
  if (mount ("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 && errno != EINVAL)
    return FALSE;

  return mount ("none", folder, "tmpfs", 0, "size=2m") == 0;
}

static gboolean
can_mount (void)
{
  g_autofree char *folder = g_dir_make_tmp ("incident-test-XXXXXX", NULL);
  gboolean mounted = mount_small_disk (folder);

  if (mounted)
    umount2 (folder, MNT_DETACH);
  g_rmdir (folder);
  return mounted;
}

static int
disk_setup (void **state)
{
  Place *place;

  if (place_setup (state) != 0)
    return -1;

  place = *state;
  return mount_small_disk (place->folder) ? 0 : -1;
}

static int
disk_teardown (void **state)
{
  Place *place = *state;

  umount2 (place->folder, MNT_DETACH);
  return place_teardown (state);
}

static void
fill (Place *place)
{
  g_autofree char *path = g_build_filename (place->folder, "filler", NULL);
  FILE *file = g_fopen (path, "ab");
  static const char block[4096];

  assert_non_null (file);
  setvbuf (file, NULL, _IONBF, 0);
  while (fwrite (block, 1, sizeof block, file) == sizeof block)
    ;
  assert_int_equal (errno, ENOSPC);
  fclose (file);
}

/* A commit that failed makes room, as the store is opened again and its log put away:
 * some notes may follow. The one that is refused must leave nothing. */
static guint
use_the_rest (IncidentCase *kase)
{
  g_autofree char *text = g_strnfill (10000, 'x');
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;
  guint n = 0;

  before = incident_case_to_json (kase);
  while (note (kase, text, &error))
    {
      g_free (before);
      before = incident_case_to_json (kase);
      n++;
    }
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE);
  assert_true (n < 20);
  after = incident_case_to_json (kase);
  assert_string_equal (after, before);
  return n;
}

static void
make_room (Place *place)
{
  g_autofree char *path = g_build_filename (place->folder, "filler", NULL);

  assert_int_equal (g_remove (path), 0);
}

static guint
find_open (IncidentDesk *desk)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = NULL;

  incident_query_set_open_only (query, TRUE);
  found = incident_desk_find_cases (desk, query, &error);
  assert_no_error (error);
  return found->len;
}

static void
test_a_full_disk_keeps_what_is_there_and_goes_on_when_there_is_room (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentDesk) fresh = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(IncidentCase) late = NULL;
  g_autoptr(IncidentCase) same = NULL;
  g_autoptr(GError) error = NULL;
  guint n_more = 0;

  desk = open_desk (place->path);
  kase = open_case (desk, "Checkout answers 500");
  assert_int_equal (find_open (desk), 1);
  late = open_case (desk, "Search is slow");
  add_notes (kase, 5);

  /* The list of cases is not brought up to date yet, and now it cannot be. */
  for (guint i = 0; i < 3; i++)
    {
      fill (place);
      n_more += use_the_rest (kase);
    }
  assert_int_equal (find_open (desk), 2);
  assert_int_equal (count_events (desk), 7 + n_more);
  g_clear_object (&late);
  late = incident_desk_get_case (desk, 2, &error);
  assert_no_error (error);

  make_room (place);
  add_notes (kase, 5);
  assert_int_equal (count_events (desk), 12 + n_more);
  assert_int_equal (find_open (desk), 2);
  fresh = open_desk (place->path);
  same = incident_desk_get_case (fresh, 1, &error);
  assert_no_error (error);
  assert_int_equal (incident_case_get_version (same), 11 + n_more);
  assert_int_equal (raw_ask (place->path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

/* Each note until nothing more fits: the last that was acknowledged is there. */
static void
test_all_that_was_acknowledged_before_it_was_full_is_there (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  g_autofree char *text = g_strnfill (10000, 'x');
  g_autoptr(GError) error = NULL;
  guint n = 0;

  desk = open_desk (place->path);
  kase = open_case (desk, "Checkout answers 500");
  while (note (kase, text, &error))
    n++;
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE);
  assert_true (n > 20);
  assert_int_equal (count_events (desk), n + 1);
  g_clear_object (&kase);
  g_clear_object (&desk);
  assert_int_equal (raw_ask (place->path, "SELECT count (*) FROM event"), n + 1);
  assert_int_equal (raw_ask (place->path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

static void
test_a_copy_that_does_not_fit_leaves_nothing (void **state)
{
  Place *place = *state;
  g_autofree char *copy = g_build_filename (place->folder, "copy.db", NULL);
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;

  desk = open_desk (place->path);
  kase = open_case (desk, "Checkout answers 500");
  add_notes (kase, 50);
  fill (place);
  assert_false (incident_store_backup (incident_desk_get_store (desk), copy, NULL, &error));
  assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE);
  assert_int_equal (count_files (place->folder, "copy"), 0);
  g_clear_error (&error);
  make_room (place);
  assert_true (incident_store_backup (incident_desk_get_store (desk), copy, NULL, &error));
  assert_int_equal (raw_ask (copy, "SELECT count (*) FROM event"), 51);
}

static void
test_a_store_that_does_not_fit_is_made_when_there_is_room (void **state)
{
  Place *place = *state;
  g_autoptr(IncidentDesk) desk = NULL;
  g_autoptr(GError) error = NULL;

  fill (place);
  assert_null (incident_desk_open (place->path, &error));
  if (!g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_NO_SPACE)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    fail_msg ("not “no space”: %s", error->message);
  make_room (place);
  desk = open_desk (place->path);
  assert_int_equal (count_events (desk), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_full_disk_keeps_what_is_there_and_goes_on_when_there_is_room,
                                     disk_setup, disk_teardown),
    cmocka_unit_test_setup_teardown (test_all_that_was_acknowledged_before_it_was_full_is_there, disk_setup, disk_teardown),
    cmocka_unit_test_setup_teardown (test_a_copy_that_does_not_fit_leaves_nothing, disk_setup, disk_teardown),
    cmocka_unit_test_setup_teardown (test_a_store_that_does_not_fit_is_made_when_there_is_room, disk_setup, disk_teardown),
  };

  if (!can_mount ())
    {
      g_print ("No right to mount a small disk here\n");
      return SKIPPED;
    }

  return cmocka_run_group_tests (tests, NULL, NULL);
}
