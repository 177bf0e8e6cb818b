/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crash-vfs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layer-vfs.h"

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

static sqlite3_vfs vfs;
static sqlite3_io_methods crash_methods;
static sqlite3_vfs *below;
static GRecMutex lock;
static CrashKind kind;
static guint crash_at, n_steps;
static GRand *rng;
static GHashTable *changes; /* path → GPtrArray of Change, in order */

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
crash_write (sqlite3_file  *file,
             const void    *bytes,
             int            length,
             sqlite3_int64  offset)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  step ();
  remember (layer_name (file), offset, length, bytes, FALSE);
  return layer_below (file)->pMethods->xWrite (layer_below (file), bytes, length, offset);
}

static int
crash_truncate (sqlite3_file  *file,
                sqlite3_int64  size)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  step ();
  remember (layer_name (file), size, 0, NULL, FALSE);
  return layer_below (file)->pMethods->xTruncate (layer_below (file), size);
}

static int
crash_sync (sqlite3_file *file,
            int           flags)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  step ();
  if (layer_name (file) != NULL)
    g_hash_table_remove (changes, layer_name (file));
  return SQLITE_OK;
}

static int
crash_open (sqlite3_vfs  *self,
            const char   *name,
            sqlite3_file *file,
            int           flags,
            int          *out_flags)
{
  g_autoptr(GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&lock);

  if ((flags & SQLITE_OPEN_CREATE) != 0 && name != NULL)
    step ();
  return layer_open (below, &crash_methods, name, file, flags, out_flags);
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
  crash_methods = layer_methods;
  crash_methods.xWrite = crash_write;
  crash_methods.xTruncate = crash_truncate;
  crash_methods.xSync = crash_sync;
  below = layer_register (&vfs, "crash", crash_open);
  vfs.xDelete = crash_delete;
}

guint
crash_vfs_count (void)
{
  return n_steps;
}
