/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <gio/gio.h>
#include <libincident/incident.h>

#define assert_error(error, domain_, code_) \
  G_STMT_START { \
    if ((error) == NULL) fail_msg ("expected %s, no error set", #code_); \
    if (!g_error_matches ((error), (domain_), (int) (code_))) \
      fail_msg ("expected %s, got %s %d: %s", #code_, g_quark_to_string ((error)->domain), (error)->code, (error)->message); \
  } G_STMT_END

#define assert_no_error(error) \
  G_STMT_START { if ((error) != NULL) fail_msg ("unexpected error: %s", (error)->message); } G_STMT_END

/* Never assert inside a callback: cmocka jumps out of the main loop's frames. */
static inline void
store_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static inline GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}
