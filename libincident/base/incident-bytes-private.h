/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Unsigned integers of @n_bytes, big-endian. */

static inline guint8 *
incident_bytes_put (guint8  *at,
                    guint64  value,
                    guint    n_bytes)
{
  guint64 big_endian = GUINT64_TO_BE (value);

  memcpy (at, (const guint8 *) &big_endian + (sizeof big_endian - n_bytes), n_bytes);
  return at + n_bytes;
}

static inline guint64
incident_bytes_get (const guint8 *at,
                    guint         n_bytes)
{
  guint64 big_endian = 0;

  memcpy ((guint8 *) &big_endian + (sizeof big_endian - n_bytes), at, n_bytes);
  return GUINT64_FROM_BE (big_endian);
}

G_END_DECLS
