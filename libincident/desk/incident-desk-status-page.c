/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libincident/incident-desk.h>

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "desk/incident-desk-private.h"
#include "model/incident-comms-rules-private.h"
#include "model/incident-update-private.h"
#include "report/incident-report-private.h"
#include "report/incident-status-page-private.h"

/* What the public may know of the cases: the updates that it was given, and nothing else. */

enum { HEADING_CHARS = 120 };

typedef struct
{
  IncidentDesk        *desk;
  const IncidentRules *rules;
  IncidentStatusPage  *page;
  gint64               since;    /* what was over before is not shown */
  GArray              *numbers;  /* guint64: cases that may stand there */
} Search;

static gboolean
is_public (const Search *self,
           const char   *audience)
{
  const IncidentAudience *known = incident_comms_rules_get_audience (self->rules->comms, audience);

  return known != NULL && known->is_public;
}

/* A case that was merged into another is left to that one. */
static gboolean
find_case (const IncidentFold *fold,
           gpointer            data)
{
  Search *self = data;
  const IncidentDossier *dossier = fold->state.dossier;
  const GPtrArray *told = dossier != NULL && dossier->merged_into == NULL ? dossier->told : NULL;

  for (guint i = 0; told != NULL && i < told->len; i++)
    if (is_public (self, g_ptr_array_index (told, i)) && (fold->state.live || fold->updated_at >= self->since))
      {
        g_array_append_val (self->numbers, fold->number);
        break;
      }
  return TRUE;
}

/* What the events of a case come to, one after the other. */
typedef struct
{
  const Search           *search;
  IncidentStatusIncident *incident;
  IncidentState           state;       /* no more than a stage depends on */
  gint64                  resolved_at;
  const IncidentRecord   *last;        /* the last update */
} Telling;

static void
follow_phase (Telling              *self,
              const IncidentRecord *record)
{
  IncidentEffect effect;

  incident_effect_read (&effect, record->facts);
  if (effect.phase != NULL)
    self->state.phase = effect.phase;
  if (effect.live < 0)
    return;
  if (self->state.live && effect.live == 0)
    self->resolved_at = record->occurred_at;
  self->state.live = effect.live != 0;
}

/* The first sentence, or as much of it as a heading takes. */
static char *
make_heading (const char *text)
{
  g_autofree char *line = incident_report_shorten (text, G_MAXLONG);
  char *end = strstr (line, ". ");

  if (end != NULL)
    end[1] = '\0';
  return incident_report_shorten (line, HEADING_CHARS);
}

static void
tell (Telling              *self,
      const IncidentRecord *record)
{
  g_autofree char *audience = g_str_equal (record->kind, "update-given") ? incident_facts_dup (record->facts, "update") : NULL;
  g_autofree char *text = NULL;

  if (audience == NULL || !is_public (self->search, audience))
    return;

  self->last = record;
  text = incident_record_dup_string (record, "text");
  if (text == NULL)
    return;
  if (self->incident->heading == NULL)
    self->incident->heading = make_heading (text);
  incident_status_incident_add (self->incident, record->occurred_at, incident_stage_to_string (incident_stage_of (&self->state)), text);
}

/* What was announced to others is not theirs to know. */
static gint64
get_next_update (const Telling       *self,
                 const IncidentState *state)
{
  g_autofree char *announced = incident_facts_dup (self->last->facts, "next-update");
  gint64 next = INCIDENT_TIME_NONE;

  if (announced != NULL)
    incident_time_from_string (announced, &next, NULL);
  else
    next = incident_update_get_next (self->search->rules, state, self->last->occurred_at);
  return next != INCIDENT_TIME_NONE && next > self->search->page->made_at ? next : INCIDENT_TIME_NONE;
}

static IncidentServiceState
get_service_state (const IncidentState *state)
{
  switch ((int) state->severity)
    {
    case INCIDENT_SEVERITY_SEV1:
      return INCIDENT_SERVICE_MAJOR_OUTAGE;
    case INCIDENT_SEVERITY_SEV2:
      return INCIDENT_SERVICE_PARTIAL_OUTAGE;
    default:
      return INCIDENT_SERVICE_DEGRADED;
    }
}

static void
add_services (Search                 *self,
              IncidentStatusIncident *incident,
              const IncidentState    *state)
{
  const IncidentStatusPageRules *rules = &self->rules->comms->status_page;

  for (guint i = 0; i < rules->services->len; i++)
    {
      IncidentStatusService *service = g_ptr_array_index (self->page->services, i);
      const char *name = g_ptr_array_index (rules->services, i);

      if (g_strcmp0 (name, state->service) != 0 && !incident_strings_contain (state->dossier->services, name))
        continue;
      g_ptr_array_add (incident->services, service->title);
      if (state->live)
        service->state = MAX (service->state, get_service_state (state));
    }
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer other = g_ptr_array_index (array, array->len - 1 - i);

      g_ptr_array_index (array, array->len - 1 - i) = g_ptr_array_index (array, i);
      g_ptr_array_index (array, i) = other;
    }
}

static void
add_case (Search       *self,
          IncidentCase *kase)
{
  const IncidentState *state = incident_case_get_state (kase);
  IncidentTimeline *timeline = incident_case_peek_timeline (kase);
  g_autoptr(IncidentStatusIncident) incident = incident_status_incident_new ();
  Telling telling = { self, incident, .resolved_at = INCIDENT_TIME_NONE };

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (timeline)); i++)
    {
      const IncidentRecord *record = incident_timeline_get_record (timeline, i);

      follow_phase (&telling, record);
      tell (&telling, record);
    }
  if (telling.last == NULL || (!state->live && telling.resolved_at < self->since))
    return;

  reverse (incident->updates);
  incident->stage = incident_stage_to_string (incident_stage_of (state));
  if (incident->heading == NULL)
    incident->heading = g_strdup ("Withheld");
  if (state->live)
    incident->next_update = get_next_update (&telling, state);
  else
    incident->resolved_at = telling.resolved_at;
  add_services (self, incident, state);
  g_ptr_array_add (state->live ? self->page->ongoing : self->page->resolved, g_steal_pointer (&incident));
}

static gint64
get_time (const IncidentStatusIncident *self)
{
  if (self->resolved_at != INCIDENT_TIME_NONE)
    return self->resolved_at;

  return self->updates->len > 0 ? ((IncidentStatusUpdate *) g_ptr_array_index (self->updates, 0))->at : INCIDENT_TIME_NONE;
}

static int
compare_incidents (gconstpointer a,
                   gconstpointer b)
{
  gint64 left = get_time (*(IncidentStatusIncident **) a);
  gint64 right = get_time (*(IncidentStatusIncident **) b);

  return left > right ? -1 : left < right;
}

static gboolean
fill_page (Search  *self,
           GError **error)
{
  const IncidentStatusPageRules *rules = &self->rules->comms->status_page;
  g_autoptr(IncidentQuery) query = incident_query_new ();

  for (guint i = 0; i < rules->services->len; i++)
    incident_status_page_add_service (self->page, g_hash_table_lookup (rules->titles, g_ptr_array_index (rules->services, i)));
  if (!incident_store_show_all_cases (incident_desk_get_store (self->desk), query, find_case, self, error))
    return FALSE;

  for (guint i = 0; i < self->numbers->len; i++)
    {
      g_autoptr(IncidentCase) kase = incident_desk_get_case (self->desk, g_array_index (self->numbers, guint64, i), error);

      if (kase == NULL)
        return FALSE;
      add_case (self, kase);
    }
  g_ptr_array_sort (self->page->ongoing, compare_incidents);
  g_ptr_array_sort (self->page->resolved, compare_incidents);
  return TRUE;
}

/**
 * incident_desk_dup_status_page:
 * @self: a desk
 * @format: `html` or `json`
 * @error: return location for an error
 *
 * Writes the page on which the public reads how the services are.
 *
 * It has the services of the section `status-page` of the playbook, each with a state by
 * the worst live case that it is hit by: a major outage by one of severity 1, a partial
 * outage by one of severity 2, and else degraded. A case counts, and is shown, if an
 * audience that is `public` was given an update on it; what is shown of it is these
 * updates, the newest first, with the first sentence as its heading, and nothing else. Those
 * that were resolved in the last 7 days follow. A case that was merged into another is
 * left to that one.
 *
 * The HTML page is one file: it holds no script and asks for no other file, is dark where the
 * reader's screen is, and is well-formed XML, too. JSON has the same content. Nothing is
 * recorded. This call blocks. Call it in the thread of the desk.
 *
 * Returns: (transfer full) (nullable): a document, or %NULL with @error set to
 *   %INCIDENT_ERROR_INVALID if there is no such format, to %INCIDENT_ERROR_NOT_FOUND if the
 *   playbook has no status page, or to what ails the store
 *
 * Since: 0.1
 */
char *
incident_desk_dup_status_page (IncidentDesk  *self,
                               const char    *format,
                               GError       **error)
{
  g_autoptr(IncidentStatusPage) page = NULL;
  g_autoptr(GArray) numbers = NULL;
  Search search = { self, NULL };

  g_return_val_if_fail (INCIDENT_IS_DESK (self), NULL);
  g_return_val_if_fail (format != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  search.rules = incident_desk_get_rulebook (self)->rules;
  if (!g_str_equal (format, "html") && !g_str_equal (format, "json"))
    {
      incident_set_error_at (error, INCIDENT_ERROR_INVALID, "format", "“%s” is not one of html, json", format);
      return NULL;
    }
  if (search.rules->comms->status_page.title == NULL)
    {
      incident_set_error_at (error, INCIDENT_ERROR_NOT_FOUND, "/status-page", "The playbook has no “status-page”");
      return NULL;
    }

  search.page = page = incident_status_page_new (search.rules->comms->status_page.title, search.rules->comms->status_page.about,
                                                 incident_clock_get_time (incident_desk_get_clock (self)));
  search.since = page->made_at - page->n_days * G_TIME_SPAN_DAY;
  search.numbers = numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  if (!fill_page (&search, error))
    return NULL;

  return g_str_equal (format, "html") ? incident_status_page_to_html (page) : incident_status_page_to_json (page);
}
