/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A layer under SQLite at which the process dies: before its n-th write, sync,
 * truncation, deletion or creation of a file. Any thread may be the one. */

#define CRASH_STATUS 77

typedef enum
{
  CRASH_OF_PROCESS, /* what was written is there */
  CRASH_OF_POWER,   /* of what was not synced, each sector may be there or not */
} CrashKind;

/* Becomes the default VFS. @n 0: never. Nothing reaches the disk for good, which is
 * enough for what is looked at afterwards. */
void  crash_vfs_register (CrashKind kind,
                          guint     n,
                          guint32   seed);
/* Steps so far. */
guint crash_vfs_count    (void);

G_END_DECLS
