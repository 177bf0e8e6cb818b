/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "layer-vfs.h"

sqlite3_file *
layer_below (sqlite3_file *file)
{
  return (sqlite3_file *) ((LayerFile *) file + 1);
}

const char *
layer_name (sqlite3_file *file)
{
  return ((LayerFile *) file)->name;
}

static int
layer_close (sqlite3_file *file)
{
  return layer_below (file)->pMethods->xClose (layer_below (file));
}

static int
layer_read (sqlite3_file  *file,
            void          *out,
            int            length,
            sqlite3_int64  offset)
{
  return layer_below (file)->pMethods->xRead (layer_below (file), out, length, offset);
}

static int
layer_write (sqlite3_file  *file,
             const void    *bytes,
             int            length,
             sqlite3_int64  offset)
{
  return layer_below (file)->pMethods->xWrite (layer_below (file), bytes, length, offset);
}

static int
layer_truncate (sqlite3_file  *file,
                sqlite3_int64  size)
{
  return layer_below (file)->pMethods->xTruncate (layer_below (file), size);
}

static int
layer_sync (sqlite3_file *file,
            int           flags)
{
  return layer_below (file)->pMethods->xSync (layer_below (file), flags);
}

static int
layer_size (sqlite3_file  *file,
            sqlite3_int64 *size)
{
  return layer_below (file)->pMethods->xFileSize (layer_below (file), size);
}

static int
layer_lock (sqlite3_file *file,
            int           level)
{
  return layer_below (file)->pMethods->xLock (layer_below (file), level);
}

static int
layer_unlock (sqlite3_file *file,
              int           level)
{
  return layer_below (file)->pMethods->xUnlock (layer_below (file), level);
}

static int
layer_check_lock (sqlite3_file *file,
                  int          *out)
{
  return layer_below (file)->pMethods->xCheckReservedLock (layer_below (file), out);
}

static int
layer_control (sqlite3_file *file,
               int           op,
               void         *arg)
{
  return layer_below (file)->pMethods->xFileControl (layer_below (file), op, arg);
}

static int
layer_sector_size (sqlite3_file *file)
{
  return layer_below (file)->pMethods->xSectorSize (layer_below (file));
}

static int
layer_characteristics (sqlite3_file *file)
{
  return layer_below (file)->pMethods->xDeviceCharacteristics (layer_below (file));
}

static int
layer_shm_map (sqlite3_file   *file,
               int             region,
               int             size,
               int             extend,
               void volatile **out)
{
  return layer_below (file)->pMethods->xShmMap (layer_below (file), region, size, extend, out);
}

static int
layer_shm_lock (sqlite3_file *file,
                int           offset,
                int           n,
                int           flags)
{
  return layer_below (file)->pMethods->xShmLock (layer_below (file), offset, n, flags);
}

static void
layer_shm_barrier (sqlite3_file *file)
{
  layer_below (file)->pMethods->xShmBarrier (layer_below (file));
}

static int
layer_shm_unmap (sqlite3_file *file,
                 int           delete_it)
{
  return layer_below (file)->pMethods->xShmUnmap (layer_below (file), delete_it);
}

const sqlite3_io_methods layer_methods = {
  2, layer_close, layer_read, layer_write, layer_truncate, layer_sync, layer_size, layer_lock, layer_unlock,
  layer_check_lock, layer_control, layer_sector_size, layer_characteristics, layer_shm_map, layer_shm_lock,
  layer_shm_barrier, layer_shm_unmap,
};

sqlite3_vfs *
layer_register (sqlite3_vfs  *self,
                const char   *name,
                int         (*open) (sqlite3_vfs  *self,
                                     const char   *name,
                                     sqlite3_file *file,
                                     int           flags,
                                     int          *out_flags))
{
  sqlite3_vfs *below = sqlite3_vfs_find (NULL);

  *self = *below;
  self->zName = name;
  self->szOsFile = below->szOsFile + (int) sizeof (LayerFile);
  self->xOpen = open;
  sqlite3_vfs_register (self, 1);
  return below;
}

int
layer_open (sqlite3_vfs              *below,
            const sqlite3_io_methods *methods,
            const char               *name,
            sqlite3_file             *file,
            int                       flags,
            int                      *out_flags)
{
  int status;

  file->pMethods = NULL;
  status = below->xOpen (below, name, layer_below (file), flags, out_flags);
  if (layer_below (file)->pMethods == NULL)
    return status;

  ((LayerFile *) file)->name = name;
  /* Files without shared memory, such as a journal, must not seem to have it. */
  ((LayerFile *) file)->methods = *methods;
  if (layer_below (file)->pMethods->iVersion < 2)
    ((LayerFile *) file)->methods.iVersion = 1;
  file->pMethods = &((LayerFile *) file)->methods;
  return status;
}
