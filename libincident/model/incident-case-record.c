/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-case-private.h"

#include <libincident/incident-time.h>

#include "base/incident-json-writer-private.h"
#include "model/incident-moments-private.h"
#include "model/incident-said-private.h"
#include "model/incident-task-private.h"

/* What a case has beside its state: tasks, and the record that people keep. */

/**
 * incident_case_get_playbook:
 * @self: a case
 *
 * Tells under which version of the playbook the case was acted on last.
 *
 * Returns: (transfer none): the version ([method@Playbook.get_version]), or
 *   `built-in`
 *
 * Since: 0.1
 */
const char *
incident_case_get_playbook (IncidentCase *self)
{
  const char *playbook;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  playbook = incident_binding_get_playbook (incident_case_get_state (self)->binding);
  return playbook != NULL ? playbook : INCIDENT_BUILT_IN;
}

/**
 * incident_case_get_major:
 * @self: a case
 *
 * Tells whether somebody has declared it a major incident (`classify` with `major`).
 *
 * That its severity makes it one by the playbook does not count here.
 *
 * Returns: %TRUE if it was declared
 *
 * Since: 0.1
 */
gboolean
incident_case_get_major (IncidentCase *self)
{
  g_return_val_if_fail (INCIDENT_IS_CASE (self), FALSE);

  return incident_case_get_state (self)->major;
}

/**
 * incident_case_list_tasks:
 * @self: a case
 *
 * Lists the tasks and follow-up actions as they stand.
 *
 * Returns: (transfer container) (element-type IncidentTask): the tasks, by number
 *
 * Since: 0.1
 */
GPtrArray *
incident_case_list_tasks (IncidentCase *self)
{
  const IncidentFold *fold;
  GPtrArray *tasks;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  fold = incident_case_get_fold (self);
  tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_task_unref);
  for (guint i = 1; i <= incident_dossier_count_tasks (fold->state.dossier); i++)
    g_ptr_array_add (tasks, incident_task_new (i, g_ptr_array_index (fold->task_titles, i - 1),
                                               incident_dossier_get_task (fold->state.dossier, i)));
  return tasks;
}

static void
write_spans (IncidentJsonWriter *writer,
             const char         *name,
             const GPtrArray    *spans,
             gint64              now)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < spans->len; i++)
    {
      const IncidentSpan *span = g_ptr_array_index (spans, i);
      gint64 until = span->until != INCIDENT_TIME_NONE ? span->until : now;

      incident_json_writer_begin_object (writer);
      incident_json_writer_member (writer, "value", span->value);
      incident_json_writer_moment (writer, "from", span->from);
      incident_json_writer_moment (writer, "until", span->until);
      incident_json_writer_name (writer, "seconds");
      incident_json_writer_int (writer, MAX (until - span->from, 0) / G_USEC_PER_SEC);
      incident_json_writer_end_object (writer);
    }
  incident_json_writer_end_array (writer);
}

/* The events of one kind, each with its facts and words. */
static const struct
{
  const char *member;
  const char *kind;
} parts[] = {
  { "fields", "recorded" },
  { "decisions", "decided" },
  { "hypotheses", "hypothesis-stated" },
  { "judgements", "hypothesis-judged" },
  { "impact", "impact-measured" },
  { "updates", "update-given" },
  { "proposals", "update-proposed" },
  { "handoffs", "handoff-offered" },
  { "corrections", "corrected" },
  { "redactions", "redacted" },
  { "reports", "report-filed" },
};

static void
write_facts (IncidentJsonWriter *writer,
             const char         *facts)
{
  const char *name, *value;
  gsize name_length, value_length;

  while (incident_facts_next (&facts, &name, &name_length, &value, &value_length))
    {
      g_autofree char *member = g_strndup (name, name_length);
      g_autofree char *text = g_strndup (value, value_length);

      g_strdelimit (member, "-", '_');
      incident_json_writer_member (writer, member, text);
    }
}

static void
write_entry (IncidentJsonWriter   *writer,
             const IncidentRecord *record)
{
  g_autofree char *text = incident_record_dup_string (record, "text");
  g_autofree char *objections = incident_record_dup_string (record, "objections");

  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "seq");
  incident_json_writer_int (writer, record->seq);
  incident_json_writer_moment (writer, "at", record->occurred_at);
  incident_json_writer_member (writer, "actor", record->actor);
  write_facts (writer, record->facts);
  incident_json_writer_member (writer, "text", text);
  if (objections != NULL)
    incident_json_writer_member (writer, "objections", objections);
  incident_json_writer_end_object (writer);
}

static void
write_part (IncidentJsonWriter *writer,
            IncidentTimeline   *timeline,
            const char         *member,
            const char         *kind)
{
  incident_json_writer_name (writer, member);
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (timeline)); i++)
    {
      const IncidentRecord *record = incident_timeline_get_record (timeline, i);

      if (g_str_equal (record->kind, kind))
        write_entry (writer, record);
    }
  incident_json_writer_end_array (writer);
}

static void
write_flag (IncidentJsonWriter *writer,
            const char         *name,
            gboolean            value)
{
  incident_json_writer_name (writer, name);
  incident_json_writer_boolean (writer, value);
}

static void
write_message (IncidentJsonWriter *writer,
               const char         *message,
               const IncidentSaid *said)
{
  const IncidentRecord *first = said->said != NULL ? said->said : said->pinned;
  gboolean is_shown = !said->is_deleted && !said->is_withheld;
  g_autofree char *thread = incident_facts_dup (first->facts, "thread");
  g_autofree char *author = said->is_withheld ? NULL : incident_said_dup_author (said);
  g_autofree char *text = is_shown ? incident_record_dup_string (said->words, "text") : NULL;
  g_autofree char *permalink = incident_record_dup_string (first, "permalink");

  incident_json_writer_begin_object (writer);
  incident_json_writer_name (writer, "seq");
  incident_json_writer_int (writer, first->seq);
  incident_json_writer_moment (writer, "at", first->occurred_at);
  incident_json_writer_member (writer, "message", message);
  incident_json_writer_member (writer, "thread", thread);
  incident_json_writer_member (writer, "author", author);
  incident_json_writer_member (writer, "text", text);
  incident_json_writer_member (writer, "permalink", permalink);
  write_flag (writer, "edited", said->is_edited);
  write_flag (writer, "deleted", said->is_deleted);
  write_flag (writer, "pinned", said->pinned != NULL);
  write_flag (writer, "withheld", said->is_withheld);
  incident_json_writer_end_object (writer);
}

/* Each message once, where it was heard of first, and as it reads now. */
static void
write_messages (IncidentJsonWriter *writer,
                IncidentTimeline   *timeline)
{
  incident_json_writer_name (writer, "messages");
  incident_json_writer_begin_array (writer);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (timeline)); i++)
    {
      const IncidentRecord *record = incident_timeline_get_record (timeline, i);
      g_autofree char *message = incident_said_is_kind (record->kind) ? incident_facts_dup (record->facts, "message") : NULL;
      IncidentSaid said;

      if (message == NULL || g_array_index (incident_timeline_find_message (timeline, message), guint, 0) != record->seq)
        continue;
      incident_said_look_up (&said, timeline, message);
      if (said.words != NULL)
        write_message (writer, message, &said);
    }
  incident_json_writer_end_array (writer);
}

/**
 * incident_case_record_to_json:
 * @self: a case
 *
 * Writes down the record that people keep beside the phases: fields such as
 * symptoms and workaround, decisions, hypotheses and how they were judged, the
 * measured impact, updates and proposals of them, handoffs, corrections, redactions and reports that were
 * filed, what was said in a chat, and how long the case was of which severity and in
 * which phase. Each entry has its history: the last one of a field counts. A message
 * of a chat stands there once, with its words as they were edited last, and without
 * them where it was deleted.
 *
 * Returns: (transfer full): a JSON object, with the arrays `fields`, `decisions`,
 *   `hypotheses`, `judgements`, `impact`, `updates`, `proposals`, `handoffs`,
 *   `corrections`, `redactions`, `reports`, `messages`, and of spans `severities` and `phases`; a span has
 *   `from` and `until`, which is null while it lasts, and its length in `seconds`,
 *   then up to the last event
 *
 * Since: 0.1
 */
char *
incident_case_record_to_json (IncidentCase *self)
{
  g_auto(IncidentMoments) moments = { 0, };
  IncidentJsonWriter writer;

  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);

  incident_moments_init (&moments, self, 0);
  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    write_part (&writer, incident_case_peek_timeline (self), parts[i].member, parts[i].kind);
  write_messages (&writer, incident_case_peek_timeline (self));
  write_spans (&writer, "severities", moments.severities, incident_case_get_updated_at (self));
  write_spans (&writer, "phases", moments.phases, incident_case_get_updated_at (self));
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}
