/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include "desk/incident-desk-foresee-private.h"
#include "oncall/incident-proof-private.h"

static void
write_spans (IncidentJsonWriter *writer,
             const char         *name,
             const GArray       *spans)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < spans->len; i++)
    {
      const IncidentProofSpan *span = &g_array_index (spans, IncidentProofSpan, i);

      incident_json_writer_begin_object (writer);
      incident_foresee_write_span (writer, span->from, span->until);
      if (span->person != NULL)
        incident_json_writer_member (writer, "person", span->person);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_step (IncidentJsonWriter        *writer,
            const IncidentPolicyRules *policy,
            guint                      number,
            const IncidentTarget      *target) /* nullable */
{
  const IncidentPolicyStep *step = g_ptr_array_index (policy->steps, number);
  g_autofree char *text = target != NULL ? incident_target_to_string (target) : NULL;

  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "step");
  incident_json_writer_int (writer, number + 1);
  incident_json_writer_member (writer, "name", step->name);
  if (target != NULL)
    incident_json_writer_member (writer, "target", text);
  incident_json_writer_end_object (writer);
}

static void
write_policy (IncidentJsonWriter        *writer,
              const IncidentPolicyProof *proof)
{
  incident_json_writer_begin_object (writer);
  incident_json_writer_member (writer, "policy", proof->policy->name);
  incident_json_writer_name (writer, "proven");
  incident_json_writer_boolean (writer, proof->uncovered->len == 0);
  write_spans (writer, "uncovered", proof->uncovered);
  write_spans (writer, "wanted-gaps", proof->wanted_gaps);
  write_spans (writer, "alone", proof->alone);
  incident_json_writer_name (writer, "never-staffed");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < proof->unstaffed->len; i++)
    write_step (writer, proof->policy, g_array_index (proof->unstaffed, guint, i), NULL);
  incident_json_writer_end_array (writer);
  incident_json_writer_name (writer, "not-judged");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < proof->open->len; i++)
    {
      const IncidentProofTarget *open = &g_array_index (proof->open, IncidentProofTarget, i);

      write_step (writer, proof->policy, open->step, &open->target);
    }
  incident_json_writer_end_array (writer);
  incident_json_writer_name (writer, "endless");
  incident_json_writer_boolean (writer, proof->is_endless);
  incident_json_writer_end_object (writer);
}

static void
write_no_contact (IncidentJsonWriter  *writer,
                  const IncidentProof *proof)
{
  incident_json_writer_name (writer, "no-contact");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < proof->no_contact->len; i++)
    incident_json_writer_string (writer, g_ptr_array_index (proof->no_contact, i));
  incident_json_writer_end_array (writer);
}

static void
write_shifts (IncidentJsonWriter *writer,
              const GArray       *shifts)
{
  incident_json_writer_name (writer, "clock-changes");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < shifts->len; i++)
    {
      const IncidentProofShift *shift = &g_array_index (shifts, IncidentProofShift, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "schedule", shift->schedule);
      incident_json_writer_member (writer, "layer", shift->layer);
      incident_json_writer_moment (writer, "at", shift->at);
      incident_json_writer_member (writer, "shift", shift->is_doubled ? "doubled" : "lost");
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_absences (IncidentJsonWriter *writer,
                const GArray       *absences)
{
  incident_json_writer_name (writer, "absences");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < absences->len; i++)
    {
      const IncidentProofAbsence *absence = &g_array_index (absences, IncidentProofAbsence, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "schedule", absence->schedule);
      incident_json_writer_member (writer, "person", absence->person);
      incident_foresee_write_span (writer, absence->from, absence->until);
      incident_json_writer_member (writer, "why", absence->why);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static void
write_rotations (IncidentJsonWriter *writer,
                 const GArray       *rotations)
{
  incident_json_writer_name (writer, "rotations");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < rotations->len; i++)
    {
      const IncidentProofRotation *rotation = &g_array_index (rotations, IncidentProofRotation, i);

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "schedule", rotation->schedule);
      incident_json_writer_member (writer, "layer", rotation->layer);
      incident_json_writer_name (writer, "day");
      incident_json_writer_int (writer, rotation->day);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

static char *
write_proof (const IncidentProof *proof)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_name (&writer, "proven");
  incident_json_writer_boolean (&writer, incident_proof_holds (proof));
  incident_foresee_write_versions (&writer, proof->roster, proof->from, proof->until);
  incident_foresee_write_span (&writer, proof->from, proof->until);
  incident_json_writer_name (&writer, "policies");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < proof->policies->len; i++)
    write_policy (&writer, g_ptr_array_index (proof->policies, i));
  incident_json_writer_end_array (&writer);
  write_no_contact (&writer, proof);
  write_shifts (&writer, proof->shifts);
  write_absences (&writer, proof->absences);
  write_rotations (&writer, proof->rotations);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

/**
 * incident_desk_prove:
 * @self: a desk
 * @playbook: (nullable): the rules to judge, or %NULL for those of the desk
 * @policy: (nullable): the name of an escalation policy, or %NULL for all of them
 * @from: when the time begins, in UTC microseconds
 * @until: when it ends, at most ten years later
 * @error: return location for an error
 *
 * Proves that at any time some step of each policy reaches somebody who can be paged, or tells when none does.
 *
 * What people changed on single days counts; a step with a condition does not, since a case may not meet it, nor does a step
 * outside its hours, a fallback, a channel, or a role, which nobody may hold.
 *
 * The answer is an object of:
 *
 * - `proven`: whether there are policies, and none leaves anything uncovered;
 * - `versions`: `playbook`, `roster` (the last change of who is on call) and `zones` (what the time-zone data say of that time):
 *   while they are the same, the proof holds;
 * - `from` and `until`;
 * - `policies`, each with its name as `policy`; `proven`; `uncovered` and `wanted-gaps`, spans in which nobody is reached, and
 *   in the latter nobody is meant to be; `alone`, spans in which every step is one and the same `person`; `never-staffed`, the
 *   steps that never reach anybody, each with its number as `step` and its `name`; `not-judged`, likewise the steps for which it
 *   depends on the case who their `target` is; and `endless`, whether it repeats without end;
 * - `no-contact`: the names of people whom a step means, and who cannot be paged;
 * - `clock-changes`: shifts that a clock that is set makes empty or at least twice as long, each with `schedule`, `layer`, `at`
 *   and `shift`, which is `lost` or `doubled`;
 * - `absences`: who is away while on call: `schedule`, `person`, `from`, `until` and `why`;
 * - `rotations`: those by the month that begin on a day that not every month has: `schedule`, `layer` and `day`.
 *
 * This call blocks.
 *
 * Returns: (transfer full): the proof, as JSON; or %NULL with @error set: %INCIDENT_ERROR_NOT_FOUND if there is no such policy,
 *   %INCIDENT_ERROR_INVALID if the time is none, or what ails the store
 *
 * Since: 0.1
 */
char *
incident_desk_prove (IncidentDesk      *self,
                     IncidentPlaybook  *playbook,
                     const char        *policy,
                     gint64             from,
                     gint64             until,
                     GError           **error)
{
  g_autoptr(IncidentRoster) roster = NULL;
  g_autoptr(IncidentProof) proof = NULL;

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!incident_foresee_check_span (from, until, error))
    return NULL;
  roster = incident_desk_imagine_roster (self, playbook, error);
  proof = roster != NULL ? incident_proof_new (roster, policy, from, until, error) : NULL;
  return proof != NULL ? write_proof (proof) : NULL;
}
