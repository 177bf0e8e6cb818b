/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A layer under SQLite that fails on demand. Once registered it is the default. */

typedef enum
{
  FAULT_SYNC,       /* SQLITE_IOERR_FSYNC; what was written may be there all the same */
  FAULT_WRITE,      /* SQLITE_IOERR_WRITE */
  FAULT_FULL,       /* SQLITE_FULL */
  FAULT_READ,       /* SQLITE_IOERR_READ */
  FAULT_N
} Fault;

void     fault_vfs_register (void);
#define FAULT_FOR_GOOD G_MAXUINT

/* Fails at the @n-th such call from now on, from 1, and so @times in a row; for good:
 * then every call fails, and nothing can be opened. */
void     fault_vfs_arm      (Fault    fault,
                             guint    n,
                             guint    times);
/* Everything works again. TRUE if it has failed since it was armed. */
gboolean fault_vfs_disarm   (void);

/* Called after each read of a file whose name ends in @suffix; NULL: no more. It may
 * use SQLite: what that reads is not told of. */
void     fault_vfs_watch    (const char *suffix,
                             void        (*watch) (void));

G_END_DECLS
