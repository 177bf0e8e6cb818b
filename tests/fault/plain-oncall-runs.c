/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plain-oncall-inside.h"

#include <string.h>

/* What runs say of themselves. Time is told by the minute, and whoever looks may do so a little later. */

#define SLACK (61 * G_TIME_SPAN_SECOND)

void
plain_run_free (gpointer data)
{
  Run *run = data;

  g_free (run->policy);
  g_free (run->version);
  g_free (run->state);
  g_free (run);
}

static const Policy *
find_policy (PlainOncall *self,
             const Run   *run)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", run->version, run->policy);

  return g_hash_table_lookup (self->policies, key);
}

/* A person does not wait for the time of a step, and it may be another one that comes of it. */
static gboolean
is_asked_for (const PlainTold *told)
{
  g_autofree char *answers = plain_get_fact (told->facts, "answers");

  return answers != NULL || (told->payload != NULL && strstr (told->payload, "\"reason\":\"manual\"") != NULL);
}

/* Did the step before have its time, and no more? */
static void
check_time (PlainOncall     *self,
            gint64           sun,
            const PlainTold *told,
            const Run       *run,
            gboolean         is_manual)
{
  const Policy *policy = find_policy (self, run);
  gint64 wait, passed;

  if (run->fired_at == NEVER || is_manual || run->has_failed || policy == NULL || policy->is_limited || run->step > policy->n_steps
      || plain_was_booted (self, run->fired_at, sun))
    return;

  wait = policy->waits[run->step - 1];
  passed = sun - run->fired_at;
  plain_count (self, "steps that came in time");
  if (passed < wait)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: step %u had %" G_GINT64_FORMAT " s of its %" G_GINT64_FORMAT,
           told->number, told->seq, run->step, passed / G_USEC_PER_SEC, wait / G_USEC_PER_SEC);
  if (passed > wait + SLACK && !plain_was_stopped (self, run->fired_at, sun))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: after step %u nothing came for %" G_GINT64_FORMAT " s instead of %" G_GINT64_FORMAT,
           told->number, told->seq, run->step, passed / G_USEC_PER_SEC, wait / G_USEC_PER_SEC);
}

static gboolean
is_next (PlainOncall *self,
         const Run   *run,
         guint        loop,
         guint        step)
{
  const Policy *policy = find_policy (self, run);

  if (loop == run->loop && step == run->step)
    return run->is_expected || run->is_held;
  if (run->is_expected && !run->is_manual)
    return FALSE;
  if (loop == run->loop && step == run->step + 1)
    return TRUE;

  return policy != NULL && loop == run->loop + 1 && step == 1 && run->step == policy->n_steps;
}

static void
hear_step (PlainOncall     *self,
           gint64           sun,
           const PlainTold *told,
           guint            number,
           Run             *run,
           guint            loop,
           guint            step,
           guint            arming)
{
  gboolean is_fired = g_str_equal (told->kind, "step-fired");
  gboolean is_manual = is_asked_for (told);
  char *position = g_strdup_printf ("%" G_GUINT64_FORMAT "/%u/%u/%u/%u", told->number, number, loop, step, arming);

  if (!is_next (self, run, loop, step))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: %s %u of loop %u follows step %u of loop %u", told->number, told->seq, told->kind,
           step, loop, run->step, run->loop);
  if (!run->is_expected && !run->is_held)
    check_time (self, sun, told, run, is_manual);
  plain_count (self, told->kind);
  if (is_fired && !g_hash_table_add (self->fired, g_strdup (position)))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: step %u is fired twice", told->number, told->seq, step);
  g_free (position);

  run->loop = loop;
  run->step = step;
  run->is_expected = run->is_manual = run->has_failed = FALSE;
  run->is_held = g_str_equal (told->kind, "step-held");
  run->fired_at = is_fired ? sun : NEVER;
}

static void
hear_end (PlainOncall     *self,
          gint64           sun,
          const PlainTold *told,
          Run             *run)
{
  const Policy *policy = find_policy (self, run);
  g_autofree char *why = plain_get_fact (told->facts, "run-why");

  if (!g_str_equal (told->kind, "escalation-exhausted"))
    return;

  plain_count (self, "escalation-exhausted");
  if (g_strcmp0 (why, "given-up") == 0)
    {
      if (policy != NULL && !policy->is_limited)
        plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: it gives up without a limit of time", told->number, told->seq);
      return;
    }
  if (policy != NULL && (run->step < policy->n_steps || run->loop < policy->repeat))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: it is at its end after step %u of loop %u", told->number, told->seq, run->step, run->loop);
  if (!run->is_expected)
    check_time (self, sun, told, run, run->is_manual || is_asked_for (told));
}

static void
hear_move (PlainOncall     *self,
           const PlainTold *told,
           Run             *run,
           guint            loop,
           guint            step)
{
  g_autofree char *fired = plain_get_fact (told->facts, "fired");

  plain_count (self, "escalation-moved");
  run->loop = loop;
  run->step = step;
  run->is_expected = fired == NULL;
  run->fired_at = NEVER;
}

static void
take_state (PlainOncall     *self,
            gint64           sun,
            const PlainTold *told,
            Case            *kase,
            guint            number,
            Run             *run)
{
  g_autofree char *state = plain_get_fact (told->facts, "run-state");
  g_autofree char *why = plain_get_fact (told->facts, "run-why");

  if (state == NULL)
    return;

  g_free (run->state);
  run->state = g_steal_pointer (&state);
  if (g_str_equal (run->state, "running"))
    return;

  plain_count (self, run->state);
  plain_hush (kase, told->seq, sun, number, NULL);
  run->fired_at = g_str_equal (run->state, "exhausted") ? run->fired_at : NEVER;
  if (why == NULL || *why == '\0')
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: a run is %s without a reason", told->number, told->seq, run->state);
}

void
plain_hear_run (PlainOncall     *self,
                gint64           sun,
                const PlainTold *told,
                Case            *kase,
                guint            number)
{
  Run *run = g_hash_table_lookup (kase->runs, GUINT_TO_POINTER (number));
  guint loop, step, arming;
  g_autofree char *version = plain_get_fact (told->facts, "policy-version");

  if (run == NULL)
    {
      run = g_new0 (Run, 1);
      run->policy = plain_get_fact (told->facts, "policy");
      run->step = 1;
      run->is_expected = TRUE;
      run->fired_at = NEVER;
      g_hash_table_insert (kase->runs, GUINT_TO_POINTER (number), run);
      if (!g_str_equal (told->kind, "escalation-started"))
        plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: a run begins with %s", told->number, told->seq, told->kind);
    }
  if (version != NULL)
    {
      g_free (run->version);
      run->version = g_steal_pointer (&version);
    }
  loop = plain_get_number (told->facts, "loop", run->loop);
  step = plain_get_number (told->facts, "step", run->step);
  arming = plain_get_number (told->facts, "arming", run->arming);
  if (g_str_has_prefix (told->kind, "step-"))
    hear_step (self, sun, told, number, run, loop, step, arming);
  else if (g_str_equal (told->kind, "escalation-moved"))
    hear_move (self, told, run, loop, step);
  else if (g_str_equal (told->kind, "fallback-paged"))
    {
      plain_count (self, "fallback-paged");
      run->loop = loop;
      run->step = step;
      run->is_expected = TRUE;
      run->fired_at = NEVER;
    }
  else if (g_str_equal (told->kind, "page-failed"))
    {
      plain_count (self, "page-failed");
      run->has_failed = TRUE;
    }
  else if (g_str_equal (told->kind, "escalation-rearmed"))
    {
      g_autofree char *why = plain_get_fact (told->facts, "run-why");

      plain_count (self, why);
      if (arming != run->arming + 1)
        plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: arming %u follows %u", told->number, told->seq, arming, run->arming);
      run->is_expected = TRUE;
      run->is_manual = g_strcmp0 (why, "manual") == 0;
      run->fired_at = NEVER;
    }
  else
    hear_end (self, sun, told, run);
  run->arming = arming;
  take_state (self, sun, told, kase, number, run);
}

