/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-page-words-private.h"

#include <string.h>

typedef struct
{
  const char *reason;
  const char *words;
} Words;

/* After these the step stands, if there is one. */
static const Words causes[] = {
  { "step", "came" },
  { "repeat", "came again, as nobody had acknowledged" },
  { "ack-timeout", "came again, as nothing was heard after the acknowledgement" },
  { "unack", "came again, as an acknowledgement was taken back" },
  { "resumed", "came again, as a pause is over" },
  { "reopened", "came, as the case was opened again" },
  { "manual", "came, as somebody has escalated" },
  { "fallback", "has reached nobody, so the fallback is paged" },
  { "reminder", "still waits for an answer" },
  { "retry", "is tried once more" },
};

static const Words hurdles[] = {
  { "no-contact", "there is no way to reach them" },
  { "target-gone", "the playbook has no such target any more" },
  { "condition-false", "the step is not for such a case" },
  { "outside-hours", "it is outside the hours of the step" },
  { "paused", "the escalation is paused" },
  { "already-paged", "the same step pages them through another target" },
  { "acked", "it was acknowledged" },
  { "ended", "the escalation has ended" },
  { "superseded", "a later page, or another policy, has taken its place" },
  { "failed", "nothing that was sent has arrived" },
  { "rate-limited", "they were paged too often lately" },
  { "bundled", "it was told in one message with others" },
  { "waiting-hours", "the step waits for its hours" },
};

static const char *
find (const Words *words,
      guint        n,
      const char  *reason)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (words[i].reason, reason))
      return words[i].words;

  return NULL;
}

const char *
incident_page_target_get_name (const char *target,
                               const char *kind)
{
  gsize length = strlen (kind);

  return target != NULL && strncmp (target, kind, length) == 0 && target[length] == ' ' ? target + length + 1 : NULL;
}

char *
incident_page_write_cause (const char *reason,
                           const char *step,
                           const char *policy)
{
  const char *words = find (causes, G_N_ELEMENTS (causes), reason);

  if (g_str_equal (reason, "direct"))
    return g_strdup ("somebody asks for them by name");
  if (words == NULL)
    return g_strdup (reason);
  if (step != NULL && policy != NULL)
    return g_strdup_printf ("step “%s” of policy “%s” %s", step, policy, words);
  if (policy != NULL)
    return g_strdup_printf ("policy “%s” %s", policy, words);

  return g_strdup_printf ("the escalation %s", words);
}

char *
incident_page_write_hurdle (const char *reason,
                            const char *target)
{
  const char *words = find (hurdles, G_N_ELEMENTS (hurdles), reason);
  const char *schedule = incident_page_target_get_name (target, "schedule");

  if (!g_str_equal (reason, "nobody-on-call"))
    return g_strdup (words != NULL ? words : reason);
  if (schedule != NULL)
    return g_strdup_printf ("nobody is on call for %s", schedule);

  return target != NULL ? g_strdup_printf ("%s has nobody", target) : g_strdup ("nobody is on call");
}
