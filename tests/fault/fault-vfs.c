/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fault-vfs.h"

#include "layer-vfs.h"

static const int codes[FAULT_N] = {
  [FAULT_SYNC] = SQLITE_IOERR_FSYNC,
  [FAULT_WRITE] = SQLITE_IOERR_WRITE,
  [FAULT_FULL] = SQLITE_FULL,
  [FAULT_READ] = SQLITE_IOERR_READ,
};

static sqlite3_vfs vfs;
static sqlite3_io_methods fault_methods;
static sqlite3_vfs *below;
static GMutex lock;
static Fault armed;
static guint countdown; /* 0: not armed */
static guint times_left;
static gboolean has_failed;
static const char *watched;
static void (*watch) (void);

/* Does this call fail? */
static gboolean
fails (Fault fault)
{
  gboolean now = FALSE;

  g_mutex_lock (&lock);
  if (has_failed && times_left == FAULT_FOR_GOOD)
    now = TRUE;
  else if (fault == armed && countdown > 1)
    countdown--;
  else if (fault == armed && countdown == 1 && times_left > 0)
    now = TRUE;
  if (now && times_left != FAULT_FOR_GOOD)
    times_left--;
  has_failed = has_failed || now;
  g_mutex_unlock (&lock);
  return now;
}

static int
fault_read (sqlite3_file  *file,
            void          *out,
            int            length,
            sqlite3_int64  offset)
{
  static gboolean watching;
  const char *name = layer_name (file);
  int status;

  if (fails (FAULT_READ))
    return codes[FAULT_READ];

  status = layer_below (file)->pMethods->xRead (layer_below (file), out, length, offset);
  if (!watching && watched != NULL && name != NULL && g_str_has_suffix (name, watched))
    {
      watching = TRUE;
      watch ();
      watching = FALSE;
    }
  return status;
}

static int
fault_write (sqlite3_file  *file,
             const void    *bytes,
             int            length,
             sqlite3_int64  offset)
{
  if (fails (FAULT_WRITE))
    return codes[FAULT_WRITE];
  if (fails (FAULT_FULL))
    return codes[FAULT_FULL];
  return layer_below (file)->pMethods->xWrite (layer_below (file), bytes, length, offset);
}

/* No power is cut here: whoever looks at the file sees it as it was written, so that nobody has to wait for
 * the disk. */
static int
fault_sync (sqlite3_file *file,
            int           flags)
{
  (void) file;
  (void) flags;
  return fails (FAULT_SYNC) ? codes[FAULT_SYNC] : SQLITE_OK;
}

static int
fault_open (sqlite3_vfs  *self,
            const char   *name,
            sqlite3_file *file,
            int           flags,
            int          *out_flags)
{
  gboolean broken;

  g_mutex_lock (&lock);
  broken = has_failed && times_left == FAULT_FOR_GOOD;
  g_mutex_unlock (&lock);
  file->pMethods = NULL;
  return broken ? SQLITE_CANTOPEN : layer_open (below, &fault_methods, name, file, flags, out_flags);
}

/* Nor for the folder. */
static int
fault_delete (sqlite3_vfs *self,
              const char  *name,
              int          sync_folder)
{
  (void) self;
  (void) sync_folder;
  return below->xDelete (below, name, 0);
}

void
fault_vfs_register (void)
{
  if (below != NULL)
    return;

  fault_methods = layer_methods;
  fault_methods.xRead = fault_read;
  fault_methods.xWrite = fault_write;
  fault_methods.xSync = fault_sync;
  below = layer_register (&vfs, "fault", fault_open);
  vfs.xDelete = fault_delete;
}

void
fault_vfs_arm (Fault fault,
               guint n,
               guint times)
{
  g_mutex_lock (&lock);
  armed = fault;
  countdown = n;
  times_left = times;
  has_failed = FALSE;
  g_mutex_unlock (&lock);
}

gboolean
fault_vfs_disarm (void)
{
  gboolean failed;

  g_mutex_lock (&lock);
  failed = has_failed;
  countdown = 0;
  times_left = 0;
  has_failed = FALSE;
  g_mutex_unlock (&lock);
  return failed;
}

void
fault_vfs_watch (const char *suffix,
                 void        (*function) (void))
{
  watched = suffix;
  watch = function;
}
