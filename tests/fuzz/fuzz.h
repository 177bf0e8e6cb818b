/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libincident/incident.h>
#include <stdlib.h>

/* A fuzz target is this function; it returns 0, or aborts where a promise of
 * ours does not hold. Built with libFuzzer it is given what that invents, built
 * with run-corpus.c the files of its corpus and what is near to them. */
int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* Never compiled out. Not g_error(): libFuzzer keeps no input of a SIGTRAP. */
#define fuzz_assert(condition) \
  G_STMT_START { \
    if (!(condition)) \
      { \
        g_printerr ("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
        abort (); \
      } \
  } G_STMT_END

/* An error is set exactly on failure, and can be shown to a person. */
static inline void
fuzz_check_error (gboolean      succeeded,
                  const GError *error)
{
  fuzz_assert (succeeded == (error == NULL));
  if (error == NULL)
    return;

  fuzz_assert (g_utf8_validate (error->message, -1, NULL));
  for (const char *at = error->message; *at != '\0'; at++)
    fuzz_assert (((guchar) *at >= 0x20 && *at != 0x7f) || (*at == '\n' && incident_error_list_problems (error) != NULL));
}
