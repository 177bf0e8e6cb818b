/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-briefing-part-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "base/incident-text-private.h"
#include "model/incident-operation-private.h"

/* So many are told one by one, with all that was said of them; more in few words and together … */
#define MOST_ALONE    3
/* … so many an event. */
#define MOST_TOGETHER 250

typedef struct
{
  IncidentBriefingPart *part;
  IncidentBriefing     *briefing;
  IncidentDecision     *decision;
  const IncidentState  *state;    /* NULL: the case is opened */
  IncidentSeverity      worst;    /* among the alerts, so far */
  gboolean              changes;  /* something that checklists go by */
} Writing;

/* How bad it is */

/* Only a person may judge better than the alerts: theirs is the worst that was seen. */
static gboolean
raises_severity (const Writing    *self,
                 IncidentSeverity  severity)
{
  if (severity == INCIDENT_SEVERITY_UNKNOWN)
    return FALSE;
  if (self->state != NULL && self->state->severity != INCIDENT_SEVERITY_UNKNOWN && !self->state->severity_from_alert)
    return FALSE;

  return self->worst == INCIDENT_SEVERITY_UNKNOWN || severity < self->worst;
}

static gboolean
knows_service (const Writing *self,
               const char    *service)
{
  GHashTable *services = self->decision->rulebook->rules->services;

  return service != NULL && incident_fact_is_value (service) && !incident_text_is_blank (service) && strlen (service) <= 100
         && (g_hash_table_size (services) == 0 || g_hash_table_contains (services, service));
}

static const char *
get_service (const IncidentTelling *telling)
{
  const char *service = telling->known->route->service;

  return service != NULL ? service : incident_labels_get (telling->alert->labels, "service");
}

static gboolean
is_affected (const Writing *self,
             const char    *service)
{
  const IncidentDossier *dossier = self->state->dossier;

  return g_strcmp0 (self->state->service, service) == 0
         || (dossier != NULL && incident_strings_contain (dossier->services, service));
}

/* A service that the case did not hit until now. */
static const char *
find_new_service (const Writing          *self,
                  IncidentTelling       **tellings,
                  guint                   n)
{
  for (guint i = 0; self->state != NULL && self->state->service != NULL && i < n; i++)
    {
      const char *service = get_service (tellings[i]);

      if (knows_service (self, service) && !is_affected (self, service))
        return service;
    }

  return NULL;
}

static void
append_severity (Writing          *self,
                 IncidentTelling **tellings,
                 guint             n,
                 GString          *facts)
{
  gboolean raised = FALSE;
  const char *service;

  for (guint i = 0; i < n; i++)
    {
      IncidentSeverity severity = incident_intake_get_severity (self->briefing->intake, tellings[i]->alert, tellings[i]->known->route);

      if (raises_severity (self, severity))
        {
          self->worst = severity;
          raised = TRUE;
        }
    }
  if (raised)
    {
      incident_facts_append (facts, "severity", incident_severity_to_string (self->worst));
      incident_facts_append (facts, "severity-from", "alert");
      self->changes = TRUE;
    }

  service = find_new_service (self, tellings, n);
  if (service != NULL)
    incident_facts_append (facts, "affects", service);
  /* Whoever was called for what there was before is called again. */
  if (self->state != NULL && (raised || service != NULL))
    incident_facts_append (facts, "pages", raised ? "worse" : "service");
}

/* Events */

/* A sender's clock may run ahead of ours; nothing happens after it was told. */
static gint64
get_time (const Writing         *self,
          const IncidentTelling *telling)
{
  return telling->at == INCIDENT_TIME_NONE ? self->briefing->received_at : MIN (telling->at, self->briefing->received_at);
}

static void
write_why (IncidentJsonWriter    *writer,
           const IncidentTelling *telling)
{
  const IncidentRouteRule *route = telling->known->route;

  if (telling->tells == INCIDENT_TELLS_FIRED && !g_str_equal (route->path, "/route"))
    incident_json_writer_member (writer, "route", route->name != NULL ? route->name : route->path);
  if (telling->timed_out)
    incident_json_writer_member (writer, "ended", "timeout");
}

static char *
write_one (const IncidentTelling *telling)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_alert_write (telling->alert, &writer);
  write_why (&writer, telling);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static gsize
estimate_length (IncidentTelling **tellings,
                 guint             n)
{
  gsize length = 100;

  for (guint i = 0; i < n; i++)
    {
      const IncidentAlert *alert = tellings[i]->alert;

      length += strlen (alert->name) + (alert->summary != NULL ? strlen (alert->summary) : 0)
                + strlen ("{\"name\":\"\",\"summary\":\"\",\"ended\":\"timeout\"},");
    }
  return length;
}

/* Shorter: the journal has all of it. */
static char *
write_many (IncidentTelling **tellings,
            guint             n)
{
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_make_room (&writer, estimate_length (tellings, n));
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "source", tellings[0]->alert->source);
  incident_json_writer_name (&writer, "alerts");
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < n; i++)
    {
      incident_json_writer_begin_object (&writer);
      incident_json_writer_member (&writer, "name", tellings[i]->alert->name);
      if (tellings[i]->alert->summary != NULL)
        incident_json_writer_member (&writer, "summary", tellings[i]->alert->summary);
      if (tellings[i]->timed_out)
        incident_json_writer_member (&writer, "ended", "timeout");
      incident_json_writer_end_object (&writer);
    }
  incident_json_writer_end_array (&writer);
  incident_json_writer_end_object (&writer);
  return incident_json_writer_finish (&writer);
}

static const char *
get_kind (IncidentTells tells,
          gboolean      many)
{
  switch (tells)
    {
    case INCIDENT_TELLS_FIRED:
      return many ? "alerts-fired" : "alert-fired";
    case INCIDENT_TELLS_ENDED:
      return many ? "alerts-resolved" : "alert-resolved";
    case INCIDENT_TELLS_WORSENED:
      return "alert-worsened";
    case INCIDENT_TELLS_ACKNOWLEDGED:
      return "alert-acknowledged";
    case INCIDENT_TELLS_FLAPPING:
    default:
      return "alert-flapping";
    }
}

static void
add_event (Writing          *self,
           IncidentTelling **tellings,
           guint             n)
{
  IncidentTells tells = tellings[0]->tells;
  g_autoptr(GString) facts = g_string_sized_new (64 * n);
  gint64 occurred_at = get_time (self, tellings[0]);

  for (guint i = 0; i < n; i++)
    {
      gint64 at = get_time (self, tellings[i]);

      incident_facts_append (facts, tells <= INCIDENT_TELLS_ENDED ? "alert" : "alert-key", tellings[i]->key);
      occurred_at = tells == INCIDENT_TELLS_ENDED ? MAX (occurred_at, at) : MIN (occurred_at, at);
    }
  if (tells <= INCIDENT_TELLS_ENDED)
    incident_facts_append (facts, "alert-status", tells == INCIDENT_TELLS_FIRED ? "firing" : "resolved");
  if (tells == INCIDENT_TELLS_FIRED || tells == INCIDENT_TELLS_WORSENED)
    append_severity (self, tellings, n, facts);
  incident_decision_add (self->decision, get_kind (tells, n > 1), self->briefing->actor, occurred_at, facts->str,
                         n > 1 ? write_many (tellings, n) : write_one (tellings[0]));
}

static guint
add_events (Writing       *self,
            IncidentTells  tells)
{
  g_autoptr(GPtrArray) chosen = g_ptr_array_new ();
  guint most;

  for (guint i = 0; i < self->part->tellings->len; i++)
    {
      IncidentTelling *telling = g_ptr_array_index (self->part->tellings, i);

      if (telling->tells == tells)
        g_ptr_array_add (chosen, telling);
    }
  most = tells <= INCIDENT_TELLS_ENDED && chosen->len > MOST_ALONE ? MOST_TOGETHER : 1;
  for (guint i = 0; i < chosen->len; i += most)
    add_event (self, (IncidentTelling **) chosen->pdata + i, MIN (most, chosen->len - i));
  if (tells == INCIDENT_TELLS_ENDED && chosen->len > 0)
    self->part->quiet_route = ((IncidentTelling *) g_ptr_array_index (chosen, chosen->len - 1))->known->route;
  return chosen->len;
}

static guint
count_firing (const IncidentState *state)
{
  return state != NULL && state->dossier != NULL ? state->dossier->n_firing : 0;
}

static const char *
say_quiet (const Writing *self)
{
  const IncidentDossier *dossier = self->state != NULL ? self->state->dossier : NULL;

  if (self->state == NULL || !self->state->live || dossier == NULL || !dossier->taken_over)
    return "{\"text\":\"No alert of this case fires any more\"}";

  return "{\"text\":\"No alert of this case fires any more: whoever took it over says whether it is recovered\"}";
}

static void
write_events (Writing *self)
{
  guint n_firing = count_firing (self->state) + add_events (self, INCIDENT_TELLS_FIRED);
  guint n_ended;

  add_events (self, INCIDENT_TELLS_WORSENED);
  add_events (self, INCIDENT_TELLS_ACKNOWLEDGED);
  n_ended = add_events (self, INCIDENT_TELLS_ENDED);
  add_events (self, INCIDENT_TELLS_FLAPPING);
  if (n_ended > 0 && n_firing == n_ended)
    {
      self->part->is_quiet = TRUE;
      incident_decision_add (self->decision, "alerts-ended", self->briefing->actor, self->briefing->received_at, "",
                             g_strdup (say_quiet (self)));
    }
  if (self->changes || self->part->is_opened)
    incident_decision_add_checklists (self->decision, self->briefing->actor, self->briefing->received_at);
}

void
incident_briefing_part_write (IncidentBriefingPart *self,
                              IncidentBriefing     *briefing)
{
  const IncidentState *state = briefing->decision.state;
  Writing writing = { self, briefing, &briefing->decision, state, INCIDENT_SEVERITY_UNKNOWN, FALSE };

  if (state->severity_from_alert)
    writing.worst = (IncidentSeverity) state->severity;
  write_events (&writing);
}

/* Opening */

/* A sender's summary may be longer than a title can be. */
static char *
cut_title (const char *title)
{
  const char *end = title + INCIDENT_MAX_TEXT_LENGTH - strlen ("…");
  g_autofree char *start = NULL;

  if (strlen (title) <= INCIDENT_MAX_TEXT_LENGTH)
    return g_strdup (title);

  while (((guchar) *end & 0xc0) == 0x80)
    end--;
  start = g_strndup (title, (gsize) (end - title));
  return g_strconcat (start, "…", NULL);
}

/* “DiskWillFillIn4Hours (cluster=eu-west-1)”, unless there is a sentence. */
static char *
make_title (IncidentBriefingPart *self,
            IncidentBriefing     *briefing,
            IncidentAlert        *alert)
{
  g_autoptr(GString) title = NULL;
  g_autoptr(GArray) group = NULL;
  guint n_others = 0;

  if (briefing->title != NULL)
    return cut_title (briefing->title);
  if (self->n_fired == 1 && alert->summary != NULL)
    return cut_title (alert->summary);

  title = g_string_new (alert->name);
  group = incident_router_list_group (self->route, self->grouping, alert->labels);
  for (guint i = 0; i < group->len && !self->route->group_by_all; i++)
    {
      const IncidentLabel *label = &g_array_index (group, IncidentLabel, i);

      if (!g_str_equal (label->name, "alertname"))
        g_string_append_printf (title, "%s%s=%s", n_others++ == 0 ? " (" : ", ", label->name, label->value);
    }
  g_string_append (title, n_others > 0 ? ")" : "");
  return cut_title (title->str);
}

/* The service that all of them are about. */
static const char *
find_service (IncidentBriefingPart *self,
              const Writing        *writing)
{
  const char *service = NULL;

  for (guint i = 0; i < self->tellings->len; i++)
    {
      const char *other = get_service (g_ptr_array_index (self->tellings, i));

      if (!knows_service (writing, other) || (service != NULL && !g_str_equal (service, other)))
        return NULL;
      service = other;
    }

  return service;
}

static char *
make_facts (IncidentBriefingPart *self,
            IncidentAlert        *alert,
            IncidentIntake       *intake)
{
  g_autoptr(GString) facts = g_string_new (NULL);
  g_autoptr(GPtrArray) others = g_ptr_array_new ();
  const IncidentRouteRule *route = self->route;

  incident_facts_append (facts, "group", self->group);
  if (!g_str_equal (route->path, "/route"))
    incident_facts_append (facts, "route", route->name != NULL ? route->name : route->path);
  if (route->team != NULL)
    incident_facts_append (facts, "team", route->team);
  if (route->policy != NULL)
    incident_facts_append (facts, "policy", route->policy);
  incident_router_find (intake->rules->route, alert->labels, alert->annotations, others);
  /* One case, however many routes it takes: those behind “continue” are told as well. */
  for (guint i = 0; i < others->len; i++)
    {
      const IncidentRouteRule *other = g_ptr_array_index (others, i);

      incident_facts_append (facts, "also-route", other->name != NULL ? other->name : other->path);
      if (other->team != NULL)
        incident_facts_append (facts, "also-team", other->team);
      if (other->policy != NULL)
        incident_facts_append (facts, "also-policy", other->policy);
    }
  return g_string_free (g_steal_pointer (&facts), FALSE);
}

gboolean
incident_briefing_part_open (IncidentBriefingPart  *self,
                             IncidentBriefing      *briefing,
                             GError               **error)
{
  Writing writing = { self, briefing, &briefing->decision, NULL, INCIDENT_SEVERITY_UNKNOWN, FALSE };
  IncidentAlert *alert = ((IncidentTelling *) g_ptr_array_index (self->tellings, 0))->alert;
  /* Whoever is there when it is due: it is the alert's sender who has the right, and what it opened it may end. */
  g_autoptr(IncidentCommand) command = incident_command_new ("open", alert->source);
  g_autofree char *title = make_title (self, briefing, alert);
  g_autofree char *facts = make_facts (self, alert, briefing->intake);
  GError *local_error = NULL;

  incident_decision_turn_to (&briefing->decision, 0, NULL);
  self->draft = (int) briefing->decision.drafts->len;
  self->is_opened = TRUE;
  incident_command_set_occurred_at (command, briefing->received_at);
  if (incident_command_set (command, "title", title, &local_error)
      && incident_command_set (command, "service", find_service (self, &writing), &local_error)
      && incident_command_set (command, "category", self->route->category, &local_error)
      && incident_decision_command (&briefing->decision, command, facts, &local_error))
    {
      write_events (&writing);
      return TRUE;
    }

  incident_desk_audit (briefing->desk, 0, command, &local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}
