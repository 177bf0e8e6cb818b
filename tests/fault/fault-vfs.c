/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fault-vfs.h"

#include <sqlite3.h>

typedef struct
{
  sqlite3_file       base;
  sqlite3_io_methods methods;
  const char        *name;
  /* The file of the VFS below follows. */
} FaultFile;

static const int codes[FAULT_N] = {
  [FAULT_SYNC] = SQLITE_IOERR_FSYNC,
  [FAULT_WRITE] = SQLITE_IOERR_WRITE,
  [FAULT_FULL] = SQLITE_FULL,
  [FAULT_READ] = SQLITE_IOERR_READ,
};

static sqlite3_vfs vfs;
static sqlite3_vfs *below;
static GMutex lock;
static Fault armed;
static guint countdown; /* 0: not armed */
static guint times_left;
static gboolean has_failed;
static const char *watched;
static void (*watch) (void);

static sqlite3_file *
real (sqlite3_file *file)
{
  return (sqlite3_file *) ((FaultFile *) file + 1);
}

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
fault_close (sqlite3_file *file)
{
  return real (file)->pMethods->xClose (real (file));
}

static int
fault_read (sqlite3_file  *file,
            void          *out,
            int            length,
            sqlite3_int64  offset)
{
  static gboolean watching;
  const char *name = ((FaultFile *) file)->name;
  int status;

  if (fails (FAULT_READ))
    return codes[FAULT_READ];

  status = real (file)->pMethods->xRead (real (file), out, length, offset);
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
  return real (file)->pMethods->xWrite (real (file), bytes, length, offset);
}

static int
fault_truncate (sqlite3_file  *file,
                sqlite3_int64  size)
{
  return real (file)->pMethods->xTruncate (real (file), size);
}

static int
fault_sync (sqlite3_file *file,
            int           flags)
{
  return fails (FAULT_SYNC) ? codes[FAULT_SYNC] : real (file)->pMethods->xSync (real (file), flags);
}

static int
fault_size (sqlite3_file  *file,
            sqlite3_int64 *size)
{
  return real (file)->pMethods->xFileSize (real (file), size);
}

static int
fault_lock (sqlite3_file *file,
            int           level)
{
  return real (file)->pMethods->xLock (real (file), level);
}

static int
fault_unlock (sqlite3_file *file,
              int           level)
{
  return real (file)->pMethods->xUnlock (real (file), level);
}

static int
fault_check_lock (sqlite3_file *file,
                  int          *out)
{
  return real (file)->pMethods->xCheckReservedLock (real (file), out);
}

static int
fault_control (sqlite3_file *file,
               int           op,
               void         *arg)
{
  return real (file)->pMethods->xFileControl (real (file), op, arg);
}

static int
fault_sector_size (sqlite3_file *file)
{
  return real (file)->pMethods->xSectorSize (real (file));
}

static int
fault_characteristics (sqlite3_file *file)
{
  return real (file)->pMethods->xDeviceCharacteristics (real (file));
}

static int
fault_shm_map (sqlite3_file   *file,
               int             region,
               int             size,
               int             extend,
               void volatile **out)
{
  return real (file)->pMethods->xShmMap (real (file), region, size, extend, out);
}

static int
fault_shm_lock (sqlite3_file *file,
                int           offset,
                int           n,
                int           flags)
{
  return real (file)->pMethods->xShmLock (real (file), offset, n, flags);
}

static void
fault_shm_barrier (sqlite3_file *file)
{
  real (file)->pMethods->xShmBarrier (real (file));
}

static int
fault_shm_unmap (sqlite3_file *file,
                 int           delete_it)
{
  return real (file)->pMethods->xShmUnmap (real (file), delete_it);
}

static const sqlite3_io_methods fault_methods = {
  2, fault_close, fault_read, fault_write, fault_truncate, fault_sync, fault_size, fault_lock, fault_unlock,
  fault_check_lock, fault_control, fault_sector_size, fault_characteristics, fault_shm_map, fault_shm_lock,
  fault_shm_barrier, fault_shm_unmap,
};

static int
fault_open (sqlite3_vfs  *self,
            const char   *name,
            sqlite3_file *file,
            int           flags,
            int          *out_flags)
{
  int status;
  gboolean broken;

  g_mutex_lock (&lock);
  broken = has_failed && times_left == FAULT_FOR_GOOD;
  g_mutex_unlock (&lock);
  file->pMethods = NULL;
  if (broken)
    return SQLITE_CANTOPEN;

  status = below->xOpen (below, name, real (file), flags, out_flags);
  if (real (file)->pMethods == NULL)
    return status;

  ((FaultFile *) file)->name = name;
  /* Files without shared memory, such as a journal, must not seem to have it. */
  ((FaultFile *) file)->methods = fault_methods;
  if (real (file)->pMethods->iVersion < 2)
    ((FaultFile *) file)->methods.iVersion = 1;
  file->pMethods = &((FaultFile *) file)->methods;
  return status;
}

void
fault_vfs_register (void)
{
  if (below != NULL)
    return;

  below = sqlite3_vfs_find (NULL);
  vfs = *below;
  vfs.zName = "fault";
  vfs.szOsFile = below->szOsFile + (int) sizeof (FaultFile);
  vfs.xOpen = fault_open;
  sqlite3_vfs_register (&vfs, 1);
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
