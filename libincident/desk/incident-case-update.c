/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-case-verbs.h>

#include <libincident/incident-desk.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-private.h"
#include "model/incident-comms-rules-private.h"
#include "model/incident-update-private.h"
#include "report/incident-report-private.h"

/* A first version of an update, made from the timeline: for our own people what is known, and for all
 * others nothing but what the playbook has public words for. */

enum { TITLE_CHARS = 160, WORDS_CHARS = 240, LINE_CHARS = 140, SERVICES_CHARS = 300, MOST_LINES = 5 };

typedef struct
{
  IncidentCase        *kase;
  const IncidentRules *rules;
  const IncidentState *state;
  const char          *audience;
  gint64               now;
  GString             *text;
} Draft;

/* “2026-11-23 07:00 UTC” */
static void
append_time (Draft  *self,
             gint64  time)
{
  char buffer[INCIDENT_REPORT_BUFFER_LENGTH];

  incident_report_format_time (time, buffer);
  g_string_append_printf (self->text, "%.*s UTC", (int) strlen ("2026-11-23 07:00"), buffer);
}

static const IncidentRecord *
get_record (Draft *self,
            guint  position)
{
  return incident_timeline_get_record (incident_case_peek_timeline (self->kase), position);
}

static guint
count_records (Draft *self)
{
  return g_list_model_get_n_items (incident_case_get_timeline (self->kase));
}

static void
append_next (Draft      *self,
             const char *before)
{
  gint64 due = incident_update_get_next (self->rules, self->state, self->now);

  if (due == INCIDENT_TIME_NONE)
    return;

  g_string_append (self->text, before);
  append_time (self, due);
  g_string_append (self->text, ".\n");
}

/* Internal */

static void
append_heading (Draft *self)
{
  g_autofree char *title = incident_report_shorten (incident_case_get_title (self->kase), TITLE_CHARS);
  g_autofree char *severity = incident_report_format_severity ((IncidentSeverity) self->state->severity);

  g_string_append_printf (self->text, "%s “%s”: %s, %s, since ", incident_case_get_id (self->kase), title,
                          severity != NULL ? severity : "severity not judged", self->state->phase);
  append_time (self, incident_case_get_opened_at (self->kase));
  g_string_append (self->text, ".\n");
}

/* The last words of a kind. */
static void
append_known (Draft      *self,
              const char *kind,
              const char *heading)
{
  for (guint i = count_records (self); i-- > 0;)
    {
      const IncidentRecord *record = get_record (self, i);
      g_autofree char *text = g_str_equal (record->kind, kind) ? incident_record_dup_string (record, "text") : NULL;
      g_autofree char *line = text != NULL ? incident_report_shorten (text, WORDS_CHARS) : NULL;

      if (line == NULL)
        continue;
      g_string_append_printf (self->text, "%s: %s\n", heading, line);
      return;
    }
}

static gboolean
is_deed (const IncidentRecord *record)
{
  static const char * const deeds[] = {
    "assigned", "classified", "command-taken", "decided", "escalated", "handoff-accepted", "hypothesis-judged",
    "impact-measured", "prioritised", "recovered", "reopened", "resolved", "service-affected", "task-done", "cancelled",
    "closed", NULL
  };

  return g_strv_contains (deeds, record->kind);
}

/* Where the news begins: behind the last update for the same people. */
static guint
find_news (Draft *self)
{
  for (guint i = count_records (self); i-- > 0;)
    {
      const IncidentRecord *record = get_record (self, i);
      g_autofree char *told = g_str_equal (record->kind, "update-given") ? incident_facts_dup (record->facts, "update") : NULL;

      if (g_strcmp0 (told, self->audience) == 0)
        return i + 1;
    }

  return 0;
}

static void
append_deed (Draft                *self,
             const IncidentRecord *record)
{
  char buffer[INCIDENT_REPORT_BUFFER_LENGTH];
  g_autoptr(GString) summary = g_string_new (NULL);
  g_autofree char *line = NULL;

  incident_record_write_summary (record, summary);
  line = incident_report_shorten (summary->str, LINE_CHARS);
  incident_report_format_time (record->occurred_at, buffer);
  g_string_append_printf (self->text, "– %.5s %s\n", buffer + strlen ("2026-11-23 "), line);
}

static void
append_deeds (Draft *self)
{
  guint from = find_news (self), n = 0, first;

  for (first = count_records (self); first > from && n < MOST_LINES; first--)
    n += is_deed (get_record (self, first - 1)) ? 1 : 0;
  if (n == 0)
    return;

  g_string_append (self->text, from > 0 ? "Since the last update:\n" : "Until now:\n");
  for (guint i = first; i < count_records (self); i++)
    if (is_deed (get_record (self, i)))
      append_deed (self, get_record (self, i));
}

static void
write_internal (Draft *self)
{
  const char *commander = incident_case_get_commander (self->kase);

  append_heading (self);
  append_known (self, "diagnosed", "First diagnosis");
  append_known (self, "examined", "Examination");
  g_string_append_printf (self->text, "%s leads.\n", commander != NULL ? commander : "Nobody");
  append_deeds (self);
  append_next (self, "Next update by ");
}

/* For everybody else */

/* What the public calls the services that are hit; what it has no name for stays unsaid. */
static char *
join_services (Draft *self)
{
  const IncidentStatusPageRules *page = &self->rules->comms->status_page;
  const IncidentDossier *dossier = self->state->dossier;
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < page->services->len; i++)
    {
      const char *service = g_ptr_array_index (page->services, i);

      if (g_strcmp0 (service, self->state->service) == 0
          || (dossier != NULL && incident_strings_contain (dossier->services, service)))
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                                (const char *) g_hash_table_lookup (page->titles, service));
    }
  return incident_report_shorten (names->len > 0 ? names->str : "One of our services", SERVICES_CHARS);
}

static void
write_public (Draft *self)
{
  static const char * const sentences[] = {
    [INCIDENT_STAGE_INVESTIGATING] = "we are investigating a problem.",
    [INCIDENT_STAGE_IDENTIFIED] = "we have identified a problem and are working on it.",
    [INCIDENT_STAGE_MONITORING] = "a fix is in place, and we are monitoring whether it holds.",
    [INCIDENT_STAGE_RESOLVED] = "the problem is resolved.",
  };
  IncidentStage stage = incident_stage_of (self->state);
  g_autofree char *services = join_services (self);

  g_string_append_printf (self->text, "%s: %s\nIt began at ", services, sentences[stage]);
  append_time (self, incident_case_get_opened_at (self->kase));
  g_string_append (self->text, ".\n");
  if (stage != INCIDENT_STAGE_RESOLVED)
    append_next (self, "The next update comes by ");
}

/**
 * incident_case_dup_update_draft:
 * @self: a case
 * @audience: for whom, such as `internal` or `customer`
 * @error: return location for an error
 *
 * Drafts an update from the timeline, for a person to mend and to give by `update`.
 *
 * For the audience `internal` it says how severe the case is and in which phase, what
 * the diagnosis and the examination found, who leads, what was done since the last
 * update to them, and when the next one is due. For any other audience it names no
 * person, no host and nothing else of the timeline: but which services are hit, as the
 * status page of the playbook calls them, whether the problem is being investigated,
 * identified, monitored or resolved, since when, and when the next update comes.
 *
 * The draft depends on nothing but the case as it is held, the playbook and the time of
 * the clock. It is at most 2,000 characters long. Nothing is recorded. Call it in the
 * thread of the desk.
 *
 * Returns: (transfer full) (nullable): plain text, or %NULL with @error set to
 *   %INCIDENT_ERROR_NOT_FOUND if the playbook has no such audience
 *
 * Since: 0.1
 */
char *
incident_case_dup_update_draft (IncidentCase  *self,
                                const char    *audience,
                                GError       **error)
{
  IncidentDesk *desk;
  Draft draft = { self, .audience = audience };

  g_return_val_if_fail (INCIDENT_IS_CASE (self), NULL);
  g_return_val_if_fail (audience != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  desk = INCIDENT_DESK (incident_case_get_desk (self));
  draft.rules = incident_desk_get_rulebook (desk)->rules;
  if (incident_comms_rules_get_audience (draft.rules->comms, audience) == NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "audience", "There is no audience “%s” in the playbook", audience);
      return NULL;
    }

  draft.state = incident_case_get_state (self);
  draft.now = incident_clock_get_time (incident_desk_get_clock (desk));
  draft.text = g_string_new (NULL);
  if (g_str_equal (audience, INCIDENT_AUDIENCE_INTERNAL))
    write_internal (&draft);
  else
    write_public (&draft);
  g_string_truncate (draft.text, draft.text->len - strlen ("\n"));
  return g_string_free (draft.text, FALSE);
}
