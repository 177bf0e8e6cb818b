/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crash-vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512

/* Something that was done to a file and not synced yet: enough to undo it and to do
 * it again in parts. */
typedef struct
{
  gint64  offset;
  GBytes *before;     /* what was there; shorter where the file was */
  GBytes *after;      /* NULL: the file was cut at the offset, or deleted */
  gint64  old_size;
  gboolean deleted;
} Change;

typedef struct
{
  sqlite3_file       base;
  sqlite3_io_methods methods;
  const char        *name;
  /* The file of the VFS below follows. */
} CrashFile;

static sqlite3_vfs vfs;
static sqlite3_vfs *below;
static GRecMutex lock;
static CrashKind kind;
static guint crash_at, n_steps;
static GRand *rng;
static GHashTable *changes; /* path → GPtrArray of Change, in order */

static sqlite3_file *
real (sqlite3_file *file)
{
  return (sqlite3_file *) ((CrashFile *) file + 1);
}

static void
change_free (gpointer data)
{
  Change *self = data;

  g_clear_pointer (&self->before, g_bytes_unref);
  g_clear_pointer (&self->after, g_bytes_unref);
  g_free (self);
}

/* What the disk holds after the power was cut */

static void
put (int     fd,
     gint64  offset,
     GBytes *bytes,
     gsize   from,
     gsize   length)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  if (pwrite (fd, data + from, length, (off_t) (offset + (gint64) from)) != (gssize) length)
    _exit (99);
}

static void
undo (int     fd,
      Change *change)
{
  put (fd, change->offset, change->before, 0, g_bytes_get_size (change->before));
  if (ftruncate (fd, (off_t) change->old_size) != 0)
    _exit (99);
}

/* Sectors are written whole; which of them were, nobody knows. */
static void
do_in_part (int     fd,
            Change *change)
{
  gsize length = change->after != NULL ? g_bytes_get_size (change->after) : 0;

  if (change->after == NULL && g_rand_boolean (rng) && ftruncate (fd, (off_t) change->offset) != 0)
    _exit (99);
  for (gsize from = 0; from < length; from += SECTOR)
    if (g_rand_boolean (rng))
      put (fd, change->offset, change->after, from, MIN (SECTOR, length - from));
}

static void
cut_power_for (const char *path,
               GPtrArray  *list)
{
  int mode = g_rand_int_range (rng, 0, 4); /* all of it, nothing, or sector by sector */
  int fd = open (path, O_RDWR | O_CREAT, 0600);

  if (fd < 0)
    _exit (99);
  if (mode != 0)
    for (guint i = list->len; i-- > 0;)
      undo (fd, g_ptr_array_index (list, i));
  if (mode >= 2)
    for (guint i = 0; i < list->len; i++)
      {
        Change *change = g_ptr_array_index (list, i);

        if (!change->deleted)
          do_in_part (fd, change);
      }
  close (fd);
}

static void
crash (void)
{
  GHashTableIter iter;
  gpointer path, list;

  if (kind == CRASH_OF_POWER)
    {
      g_hash_table_iter_init (&iter, changes);
      while (g_hash_table_iter_next (&iter, &path, &list))
        {
          Change *last = ((GPtrArray *) list)->len > 0 ? g_ptr_array_index ((GPtrArray *) list, ((GPtrArray *) list)->len - 1) : NULL;

          /* A deletion that the folder did not keep: perhaps the file comes back, perhaps not. */
          if (last == NULL || (last->deleted && g_rand_boolean (rng)))
            continue;
          cut_power_for (path, list);
        }
    }

  _exit (CRASH_STATUS);
}

static void
step (void)
{
  n_steps++;
  if (n_steps == crash_at)
    crash ();
}

/* Remembering */

static GPtrArray *
changes_of (const char *path)
{
  GPtrArray *list = g_hash_table_lookup (changes, path);

  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func (change_free);
      g_hash_table_insert (changes, g_strdup (path), list);
    }
  return list;
}

static void
remember (const char *path,
          gint64      offset,
          gint64      length,
          const void *after,
          gboolean    deleted)
{
  Change *change;
  gint64 size;
  guint8 *before;
  gssize n;
  struct stat info;
  int fd;

  if (kind != CRASH_OF_POWER || path == NULL)
    return;

  fd = open (path, O_RDONLY);
  if (fd < 0)
    return;
  size = fstat (fd, &info) == 0 ? (gint64) info.st_size : 0;
  if (after == NULL)
    length = MAX (0, size - offset);
  before = g_malloc ((gsize) MAX (length, 1));
  n = pread (fd, before, (gsize) length, (off_t) offset);
  close (fd);

  change = g_new0 (Change, 1);
  change->offset = offset;
  change->old_size = size;
  change->before = g_bytes_new_take (before, (gsize) MAX (n, 0));
  change->after = after != NULL ? g_bytes_new (after, (gsize) length) : NULL;
  change->deleted = deleted;
  g_ptr_array_add (changes_of (path), change);
}

/* The layer */

static int
crash_close (sqlite3_file *file)
{
  return real (file)->pMethods->xClose (real (file));
}

static int
crash_read (sqlite3_file  *file,
            void          *out,
            int            length,
            sqlite3_int64  offset)
{
  return real (file)->pMethods->xRead (real (file), out, length, offset);
}

static int
crash_write (sqlite3_file  *file,
             const void    *bytes,
             int            length,
             sqlite3_int64  offset)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  step ();
  remember (((CrashFile *) file)->name, offset, length, bytes, FALSE);
  return real (file)->pMethods->xWrite (real (file), bytes, length, offset);
}

static int
crash_truncate (sqlite3_file  *file,
                sqlite3_int64  size)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  step ();
  remember (((CrashFile *) file)->name, size, 0, NULL, FALSE);
  return real (file)->pMethods->xTruncate (real (file), size);
}

static int
crash_sync (sqlite3_file *file,
            int           flags)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  step ();
  if (((CrashFile *) file)->name != NULL)
    g_hash_table_remove (changes, ((CrashFile *) file)->name);
  return SQLITE_OK;
}

static int
crash_size (sqlite3_file  *file,
            sqlite3_int64 *size)
{
  return real (file)->pMethods->xFileSize (real (file), size);
}

static int
crash_lock (sqlite3_file *file,
            int           level)
{
  return real (file)->pMethods->xLock (real (file), level);
}

static int
crash_unlock (sqlite3_file *file,
              int           level)
{
  return real (file)->pMethods->xUnlock (real (file), level);
}

static int
crash_check_lock (sqlite3_file *file,
                  int          *out)
{
  return real (file)->pMethods->xCheckReservedLock (real (file), out);
}

static int
crash_control (sqlite3_file *file,
               int           op,
               void         *arg)
{
  return real (file)->pMethods->xFileControl (real (file), op, arg);
}

static int
crash_sector_size (sqlite3_file *file)
{
  return real (file)->pMethods->xSectorSize (real (file));
}

static int
crash_characteristics (sqlite3_file *file)
{
  return real (file)->pMethods->xDeviceCharacteristics (real (file));
}

static int
crash_shm_map (sqlite3_file   *file,
               int             region,
               int             size,
               int             extend,
               void volatile **out)
{
  return real (file)->pMethods->xShmMap (real (file), region, size, extend, out);
}

static int
crash_shm_lock (sqlite3_file *file,
                int           offset,
                int           n,
                int           flags)
{
  return real (file)->pMethods->xShmLock (real (file), offset, n, flags);
}

static void
crash_shm_barrier (sqlite3_file *file)
{
  real (file)->pMethods->xShmBarrier (real (file));
}

static int
crash_shm_unmap (sqlite3_file *file,
                 int           delete_it)
{
  return real (file)->pMethods->xShmUnmap (real (file), delete_it);
}

static const sqlite3_io_methods crash_methods = {
  2, crash_close, crash_read, crash_write, crash_truncate, crash_sync, crash_size, crash_lock, crash_unlock,
  crash_check_lock, crash_control, crash_sector_size, crash_characteristics, crash_shm_map, crash_shm_lock,
  crash_shm_barrier, crash_shm_unmap,
};

static int
crash_open (sqlite3_vfs  *self,
            const char   *name,
            sqlite3_file *file,
            int           flags,
            int          *out_flags)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);
  int status;

  if ((flags & SQLITE_OPEN_CREATE) != 0 && name != NULL)
    step ();
  file->pMethods = NULL;
  status = below->xOpen (below, name, real (file), flags, out_flags);
  if (real (file)->pMethods == NULL)
    return status;

  ((CrashFile *) file)->name = name;
  ((CrashFile *) file)->methods = crash_methods;
  if (real (file)->pMethods->iVersion < 2)
    ((CrashFile *) file)->methods.iVersion = 1;
  file->pMethods = &((CrashFile *) file)->methods;
  return status;
}

static int
crash_delete (sqlite3_vfs *self,
              const char  *name,
              int          sync_folder)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  step ();
  if (sync_folder)
    g_hash_table_remove (changes, name);
  else
    remember (name, 0, 0, NULL, TRUE);
  return below->xDelete (below, name, 0);
}

void
crash_vfs_register (CrashKind a_kind,
                    guint     n,
                    guint32   seed)
{
  kind = a_kind;
  crash_at = n;
  n_steps = 0;
  rng = g_rand_new_with_seed (seed);
  changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  below = sqlite3_vfs_find (NULL);
  vfs = *below;
  vfs.zName = "crash";
  vfs.szOsFile = below->szOsFile + (int) sizeof (CrashFile);
  vfs.xOpen = crash_open;
  vfs.xDelete = crash_delete;
  sqlite3_vfs_register (&vfs, 1);
}

guint
crash_vfs_count (void)
{
  return n_steps;
}
