/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE
#include "store/incident-sqlite-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SCHEMA_VERSION ((int) incident_sqlite_n_migrations)

static IncidentError
code_of_status (int status)
{
  switch (status & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return INCIDENT_ERROR_BUSY;
    case SQLITE_FULL:
      return INCIDENT_ERROR_NO_SPACE;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return INCIDENT_ERROR_READ_ONLY;
    case SQLITE_NOTADB:
      return INCIDENT_ERROR_NOT_A_STORE;
    case SQLITE_CORRUPT:
      return INCIDENT_ERROR_CORRUPT;
    default:
      return INCIDENT_ERROR_FAILED;
    }
}

static const char *
advice_for (IncidentError code)
{
  switch ((int) code)
    {
    case INCIDENT_ERROR_BUSY:
      return "; another process held the store for too long: try again";
    case INCIDENT_ERROR_NO_SPACE:
      return "; the store is whole and can be read: make room on the disk";
    case INCIDENT_ERROR_NOT_A_STORE:
      return "; this file is no store of incidents";
    case INCIDENT_ERROR_CORRUPT:
      return "; the store is damaged: keep the file, and restore a backup";
    default:
      return "";
    }
}

void
incident_sqlite_set_error (GError     **error,
                           sqlite3     *db,
                           int          status,
                           const char  *what)
{
  IncidentError code = code_of_status (status);

  g_set_error (error, INCIDENT_ERROR, (int) code, "%s: %s%s", what,
               db != NULL && sqlite3_errcode (db) == status ? sqlite3_errmsg (db) : sqlite3_errstr (status),
               advice_for (code));
}

gboolean
incident_sqlite_exec (sqlite3     *db,
                      const char  *sql,
                      GError     **error)
{
  int status = sqlite3_exec (db, sql, NULL, NULL, NULL);

  if (status == SQLITE_OK)
    return TRUE;

  incident_sqlite_set_error (error, db, sqlite3_extended_errcode (db), "The store cannot be used");
  return FALSE;
}

/* The one value of a one-row statement: a number, or -1 where there is none. */
static gboolean
query_int (sqlite3     *db,
           const char  *sql,
           gint64      *value,
           GError     **error)
{
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  *value = status == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : -1;
  sqlite3_finalize (statement);
  if (status == SQLITE_ROW || status == SQLITE_DONE)
    return TRUE;

  incident_sqlite_set_error (error, db, status, "The store cannot be read");
  return FALSE;
}

/* SQLite's locks and shared memory do not hold across machines. */
static gboolean
check_file_system (const char  *path,
                   GError     **error)
{
  static const guint32 network[] = { 0x6969 /* NFS */, 0x517b /* SMB */, 0xff534d42 /* CIFS */,
                                     0xfe534d42 /* SMB 2 */, 0x00c36400 /* Ceph */ };
  g_autofree char *directory = g_path_get_dirname (path);
  struct statfs fs;

  if (statfs (directory, &fs) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The folder “%s” cannot be used: %s", directory, g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (network); i++)
    {
      if ((guint32) fs.f_type != network[i])
        continue;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "“%s” is on a network file system, where SQLite may lose commits: "
                   "keep the store on a local disk, or use PostgreSQL", path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_writable (const char  *path,
                GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (access (path, W_OK) == 0 && access (folder, W_OK) == 0)
    return TRUE;

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_READ_ONLY,
               "“%s” cannot be written (%s): a store must be writable, and so must its folder",
               path, g_strerror (errno));
  return FALSE;
}

/* Only the owner may read incidents. Never opens a file that is there already:
 * closing it would drop the locks that SQLite holds on it in this process. */
static gboolean
make_file (const char  *path,
           GError     **error)
{
  struct stat info;
  int fd;

  if (stat (path, &info) == 0 && !S_ISREG (info.st_mode))
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_A_STORE,
                   "“%s” is no file: a store is one file", path);
      return FALSE;
    }

  fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0)
    close (fd);
  else if (errno != EEXIST)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The store “%s” cannot be made: %s", path, g_strerror (errno));
      return FALSE;
    }

  return check_writable (path, error);
}

/* SQLite takes a failed sync of the folder for success: so sync it ourselves. */
gboolean
incident_sqlite_sync_folder (const char  *path,
                             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int failure = fd < 0 || fsync (fd) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  if (failure == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (failure),
               "The folder “%s” cannot be made durable: %s", folder, g_strerror (failure));
  return FALSE;
}

static void
harden (sqlite3 *db)
{
  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_timeout (db, INCIDENT_SQLITE_BUSY_MSEC);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  /* Those of the schema are for others who write to the file: our own statements
   * change no event, and need not be asked each time. */
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
}

/* Whose file is it, and of which version? 0: nobody's yet. */
static gboolean
read_version (sqlite3     *db,
              const char  *path,
              gint64      *version,
              GError     **error)
{
  gint64 application, tables;

  if (!query_int (db, "PRAGMA application_id", &application, error)
      || !query_int (db, "PRAGMA user_version", version, error)
      || !query_int (db, "SELECT count(*) FROM sqlite_schema", &tables, error))
    {
      g_prefix_error (error, "“%s”: ", path);
      return FALSE;
    }
  if (application == INCIDENT_SQLITE_APPLICATION_ID && *version > SCHEMA_VERSION)
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_TOO_NEW,
                   "“%s” has version %" G_GINT64_FORMAT " of the store, and this library knows up to %d: "
                   "use a newer libincident", path, *version, SCHEMA_VERSION);
      return FALSE;
    }
  if (application != INCIDENT_SQLITE_APPLICATION_ID && (application != 0 || *version != 0 || tables != 0))
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_NOT_A_STORE,
                   "“%s” is an SQLite database, but no store of incidents", path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
insert_store (sqlite3        *db,
              IncidentClock  *clock,
              GError        **error)
{
  g_autoptr(GBytes) id = incident_clock_random_bytes (clock, INCIDENT_STORE_ID_LENGTH);
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (db, "INSERT INTO store (id, store_id, applied) VALUES (1, ?1, 0)", -1,
                                   &statement, NULL);

  if (status == SQLITE_OK)
    status = sqlite3_bind_blob (statement, 1, g_bytes_get_data (id, NULL), INCIDENT_STORE_ID_LENGTH, SQLITE_STATIC);
  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  sqlite3_finalize (statement);
  if (status == SQLITE_DONE)
    return TRUE;

  incident_sqlite_set_error (error, db, status, "The store cannot be made");
  return FALSE;
}

/* Lent: the tables without which a file of the version is no store. */
static const char *
count_tables (gint64 version)
{
  if (version < 4)
    return "SELECT store_id FROM store WHERE id = 1 AND 4 = (SELECT count (*) FROM sqlite_schema"
           " WHERE type = 'table' AND name IN ('event', 'payload', 'alert_group', 'case_row'))";
  if (version < 5)
    return "SELECT store_id FROM store WHERE id = 1 AND 8 = (SELECT count (*) FROM sqlite_schema"
           " WHERE type = 'table' AND name IN ('event', 'payload', 'alert_group', 'case_row', 'intake', 'alert',"
           " 'alert_page', 'alert_page_count'))";
  if (version < 6)
    return "SELECT store_id FROM store WHERE id = 1 AND 12 = (SELECT count (*) FROM sqlite_schema"
           " WHERE type = 'table' AND name IN ('event', 'payload', 'alert_group', 'case_row', 'intake', 'alert',"
           " 'alert_page', 'alert_page_count', 'outbox', 'outbox_lane', 'outbox_count', 'channel_state'))";

  return "SELECT store_id FROM store WHERE id = 1 AND 14 = (SELECT count (*) FROM sqlite_schema"
         " WHERE type = 'table' AND name IN ('event', 'payload', 'alert_group', 'case_row', 'intake', 'alert',"
         " 'alert_page', 'alert_page_count', 'outbox', 'outbox_lane', 'outbox_count', 'channel_state', 'roster', 'claim'))";
}

static gboolean
read_store_id (sqlite3     *db,
               const char  *path,
               gint64       version,
               guint8       store_id[INCIDENT_STORE_ID_LENGTH],
               GError     **error)
{
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (db, count_tables (version), -1, &statement, NULL);
  gboolean found = FALSE;

  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  if (status == SQLITE_ROW && sqlite3_column_bytes (statement, 0) == INCIDENT_STORE_ID_LENGTH)
    {
      memcpy (store_id, sqlite3_column_blob (statement, 0), INCIDENT_STORE_ID_LENGTH);
      found = TRUE;
    }
  sqlite3_finalize (statement);
  if (found)
    return TRUE;

  g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
               "“%s” says that it is a store of incidents, but lacks what a store must have: "
               "keep the file, and restore a backup", path);
  return FALSE;
}

static gboolean
make_tables (sqlite3  *db,
             gint64    version,
             GError  **error)
{
  for (gint64 i = version; i < SCHEMA_VERSION; i++)
    if (!incident_sqlite_exec (db, incident_sqlite_migrations[i], error))
      return FALSE;

  return TRUE;
}

/* Another process may have been quicker: so look again inside the transaction. */
static gboolean
migrate_in_transaction (sqlite3        *db,
                        const char     *path,
                        IncidentClock  *clock,
                        GError        **error)
{
  g_autofree char *stamp = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                            INCIDENT_SQLITE_APPLICATION_ID, SCHEMA_VERSION);
  guint8 store_id[INCIDENT_STORE_ID_LENGTH];
  gint64 version;

  if (!read_version (db, path, &version, error)
      || (version > 0 && !read_store_id (db, path, version, store_id, error)))
    return FALSE;
  if (!make_tables (db, version, error))
    return FALSE;
  if (version == 0 && !insert_store (db, clock, error))
    return FALSE;

  return incident_sqlite_exec (db, stamp, error);
}

static gboolean
use_write_ahead_log (sqlite3     *db,
                     const char  *path,
                     GError     **error)
{
  gint64 deadline = g_get_monotonic_time () + INCIDENT_SQLITE_BUSY_MSEC * 1000;
  int status;

  /* The switch needs the file alone for a moment, and does not wait for it by itself. */
  while ((status = sqlite3_exec (db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL)) != SQLITE_OK)
    {
      if ((status & 0xff) != SQLITE_BUSY || g_get_monotonic_time () > deadline)
        {
          incident_sqlite_set_error (error, db, status, path);
          return FALSE;
        }
      g_usleep (1000);
    }

  return TRUE;
}

/* EXTRA until it is made: under FULL, a power cut may bring back the journal of
 * the switch to WAL, and with it undo acknowledged commits. */
static gboolean
prepare (sqlite3        *db,
         const char     *path,
         IncidentClock  *clock,
         GError        **error)
{
  gint64 version;
  gboolean known;

  /* One look: between two, another process may have made the store. */
  if (!incident_sqlite_exec (db, "BEGIN", error))
    return FALSE;
  known = read_version (db, path, &version, error);
  sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  if (!known)
    return FALSE;
  if (version < SCHEMA_VERSION)
    {
      if (!incident_sqlite_exec (db, "PRAGMA synchronous = EXTRA; BEGIN IMMEDIATE", error))
        return FALSE;
      if (!migrate_in_transaction (db, path, clock, error))
        {
          sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
          return FALSE;
        }
      if (!incident_sqlite_exec (db, "COMMIT", error)
          || !use_write_ahead_log (db, path, error)
          || !incident_sqlite_sync_folder (path, error))
        return FALSE;
    }

  /* Whoever made the store may have died before the switch. */
  return incident_sqlite_exec (db, "PRAGMA synchronous = EXTRA", error)
         && use_write_ahead_log (db, path, error)
         && incident_sqlite_exec (db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                      /* What is redacted leaves no trace in a free page. */
                                      "PRAGMA secure_delete = ON;"
                                      "PRAGMA journal_size_limit = 67108864;"
                                      /* A commit does not wait for a checkpoint: see incident-sqlite-keeper.c. */
                                      "PRAGMA wal_autocheckpoint = 0", error);
}

void
incident_sqlite_close (IncidentSqlite *self)
{
  g_hash_table_unref (self->statements);
  sqlite3_close (self->db);
  incident_sqlite_heads_clear (&self->heads);
  g_free (self);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static int
note_wal (void       *data,
          sqlite3    *db,
          const char *schema,
          int         n_pages)
{
  ((IncidentSqlite *) data)->wal_pages = n_pages;
  return SQLITE_OK;
}

static IncidentSqlite *
new_connection (void)
{
  IncidentSqlite *self = g_new0 (IncidentSqlite, 1);

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
  incident_sqlite_heads_init (&self->heads);
  return self;
}

IncidentSqlite *
incident_sqlite_open (const char     *path,
                      IncidentClock  *clock,
                      GError        **error)
{
  IncidentSqlite *self;
  int status;

  if (!check_file_system (path, error) || !make_file (path, error))
    return NULL;

  self = new_connection ();
  status = sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (status != SQLITE_OK)
    incident_sqlite_set_error (error, self->db, status, path);
  else
    {
      harden (self->db);
      if (prepare (self->db, path, clock, error) && read_store_id (self->db, path, SCHEMA_VERSION, self->store_id, error))
        {
          sqlite3_wal_hook (self->db, note_wal, self);
          return self;
        }
    }

  incident_sqlite_close (self);
  return NULL;
}

IncidentSqlite *
incident_sqlite_open_memory (GError **error)
{
  IncidentSqlite *self = new_connection ();
  int status = sqlite3_open_v2 (":memory:", &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

  self->in_memory = TRUE;
  if (status != SQLITE_OK)
    incident_sqlite_set_error (error, self->db, status, "No memory");
  else
    {
      harden (self->db);
      if (incident_sqlite_exec (self->db, "PRAGMA secure_delete = ON", error) && make_tables (self->db, 0, error))
        return self;
    }

  incident_sqlite_close (self);
  return NULL;
}
