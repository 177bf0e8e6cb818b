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

/* Unsigned integers in as many bytes as they need: seven bits in each, the low ones first; the highest bit says
 * that there are more. */

#define INCIDENT_BYTES_MAX_COMPACT 10

static inline guint8 *
incident_bytes_put_compact (guint8  *at,
                            guint64  value)
{
  for (; value >= 0x80; value >>= 7)
    *at++ = (guint8) (value | 0x80);
  *at++ = (guint8) value;
  return at;
}

/* NULL: it does not end before @end, or is no such integer. */
static inline const guint8 *
incident_bytes_get_compact (const guint8 *at,
                            const guint8 *end,
                            guint64      *value)
{
  *value = 0;
  for (guint shift = 0; at < end && shift < 64; shift += 7)
    {
      guint64 bits = *at & 0x7f;

      if (shift == 63 && bits > 1)
        return NULL;
      *value |= bits << shift;
      if (*at++ < 0x80)
        return at;
    }

  return NULL;
}

G_END_DECLS
