/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <string.h>

#include "comms/incident-slack-call-private.h"

/* Bodies as Slack sends them: a form, or JSON, which is read as an envelope, too. */

static void
check_id (const char *id)
{
  for (const char *at = id; id != NULL && *at != '\0'; at++)
    fuzz_assert (g_ascii_isgraph (*at));
}

static void
check_text (const char *text)
{
  fuzz_assert (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
check_call (IncidentSlackCall *call)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  if (call == NULL)
    return;

  check_id (call->operation);
  check_id (call->team);
  check_id (call->user);
  check_id (call->conversation);
  check_id (call->message);
  check_id (call->thread);
  check_text (call->author);
  check_text (call->text);
  check_text (call->permalink);
  check_text (call->action);
  check_text (call->value);
  check_text (call->emoji);
  incident_slack_time_from_ts (call->message);
  /* What is put into a record has its place there. */
  fuzz_assert (!incident_slack_call_is_event (call) || (call->conversation != NULL && call->message != NULL));
  if (call->fields == NULL)
    return;
  g_hash_table_iter_init (&iter, call->fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      check_text (name);
      check_text (value);
    }
}

static void
try_envelope (const char *bytes,
              gsize       size,
              const char *type)
{
  g_autoptr(IncidentTree) tree = incident_tree_new_tolerant (bytes, size, NULL, NULL);
  g_autoptr(IncidentSlackCall) call = NULL;
  g_autoptr(GError) error = NULL;

  if (tree == NULL)
    return;
  call = incident_slack_call_read_envelope (type, incident_tree_get_root (tree), "e-1", &error);
  fuzz_check_error (call != NULL, error);
  check_call (call);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) body = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(IncidentSlackCall) call = incident_slack_call_read (NULL, body, &error);

  fuzz_check_error (call != NULL, error);
  check_call (call);
  try_envelope ((const char *) data, size, "slash_commands");
  try_envelope ((const char *) data, size, "interactive");
  return 0;
}
