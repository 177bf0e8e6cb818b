/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What every layer under SQLite does: hand on to the VFS below what it does not
 * want itself. */

typedef struct
{
  sqlite3_file       base;
  sqlite3_io_methods methods;
  const char        *name;
  /* The file of the VFS below follows. */
} LayerFile;

extern const sqlite3_io_methods layer_methods;

sqlite3_file *layer_below    (sqlite3_file             *file);
/* NULL: a file that SQLite throws away. */
const char   *layer_name     (sqlite3_file             *file);
/* Becomes the default VFS; the caller fills in what it wants to do itself. Gives the one below. */
sqlite3_vfs  *layer_register (sqlite3_vfs              *self,
                              const char               *name,
                              int                     (*open) (sqlite3_vfs  *self,
                                                               const char   *name,
                                                               sqlite3_file *file,
                                                               int           flags,
                                                               int          *out_flags));
/* Opens below, and puts @methods before it. */
int           layer_open     (sqlite3_vfs              *below,
                              const sqlite3_io_methods *methods,
                              const char               *name,
                              sqlite3_file             *file,
                              int                       flags,
                              int                      *out_flags);

G_END_DECLS
