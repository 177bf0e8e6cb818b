/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "support.h"

#include <glib/gstdio.h>

int
place_setup (void **state)
{
  Place *place = g_new0 (Place, 1);

  place->folder = g_dir_make_tmp ("incident-XXXXXX", NULL);
  if (place->folder == NULL)
    return -1;
  place->path = g_build_filename (place->folder, "store.db", NULL);
  *state = place;
  return 0;
}

int
place_teardown (void **state)
{
  Place *place = *state;
  GDir *files = g_dir_open (place->folder, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (place->folder, name, NULL);

      g_remove (path);
    }
  g_clear_pointer (&files, g_dir_close);
  g_rmdir (place->folder);
  g_free (place->folder);
  g_free (place->path);
  g_free (place);
  return 0;
}

sqlite3 *
raw_open (const char *path)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  return db;
}

void
raw_exec (sqlite3    *db,
          const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    fail_msg ("%s: %s", sql, sqlite3_errmsg (db));
}

gint64
raw_query (sqlite3    *db,
           const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 value;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK || sqlite3_step (statement) != SQLITE_ROW)
    fail_msg ("%s: %s", sql, sqlite3_errmsg (db));
  value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

void
raw_do (const char *path,
        const char *sql)
{
  sqlite3 *db = raw_open (path);

  raw_exec (db, sql);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
}

gint64
raw_ask (const char *path,
         const char *sql)
{
  sqlite3 *db = raw_open (path);
  gint64 value = raw_query (db, sql);

  assert_int_equal (sqlite3_close (db), SQLITE_OK);
  return value;
}

IncidentDesk *
open_desk (const char *path)
{
  g_autoptr(GError) error = NULL;
  IncidentDesk *desk = incident_desk_open (path, &error);

  assert_no_error (error);
  return desk;
}

IncidentCase *
open_case (IncidentDesk *desk,
           const char   *title)
{
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_open_case (desk, title, INCIDENT_SEVERITY_SEV2, "ana", &error);

  assert_no_error (error);
  return kase;
}

gboolean
note (IncidentCase  *kase,
      const char    *text,
      GError       **error)
{
  return incident_case_note (kase, text, "ana", error);
}

void
add_notes (IncidentCase *kase,
           guint         n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = g_strdup_printf ("note %u", i);

      note (kase, text, &error);
      assert_no_error (error);
    }
}

guint64
count_events (IncidentDesk *desk)
{
  g_autoptr(GError) error = NULL;
  guint64 size = incident_store_get_size (incident_desk_get_store (desk), &error);

  assert_no_error (error);
  return size;
}

char *
make_alerts (const char *group,
             guint       n)
{
  GString *body = g_string_new ("{\"version\":\"4\",\"alerts\":[");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (body,
                            "%s{\"status\":\"firing\",\"labels\":{\"alertname\":\"%s\",\"instance\":\"%u\"},"
                            "\"startsAt\":\"2026-01-01T00:00:00Z\"}", i > 0 ? "," : "", group, i);
  g_string_append_printf (body, "],\"groupLabels\":{\"alertname\":\"%s\"}}", group);
  return g_string_free (body, FALSE);
}

guint
count_files (const char *folder,
             const char *prefix)
{
  GDir *files = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (files)) != NULL)
    if (g_str_has_prefix (name, prefix))
      n++;
  g_dir_close (files);
  return n;
}
