/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-alerts-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-error-private.h"
#include "base/incident-text-private.h"
#include "base/incident-time-private.h"
#include "desk/incident-briefing-part-private.h"
#include "intake/incident-receipt-private.h"
#include "model/incident-operation-private.h"

/* How what is to be told of alerts gets to cases: it is parted by case, each part becomes events, and all
 * is committed at once, with the message that it comes from. */

/* A team's own lifecycle could lead cases in a circle. */
#define MOST_MERGES 100

/* After so long, what was refused is tried again. */
#define TRIED_AGAIN G_TIME_SPAN_HOUR

static void
part_free (gpointer data)
{
  IncidentBriefingPart *self = data;

  g_free (self->group);
  g_ptr_array_unref (self->tellings);
  g_free (self);
}

void
incident_briefing_init (IncidentBriefing *self,
                        IncidentDesk     *desk,
                        IncidentIntake   *intake,
                        const char       *actor,
                        gint64            received_at)
{
  memset (self, 0, sizeof *self);
  self->desk = desk;
  self->intake = intake;
  self->actor = actor;
  self->received_at = received_at;
  self->tellings = g_array_new (FALSE, FALSE, sizeof (IncidentTelling));
  g_array_set_clear_func (self->tellings, incident_telling_clear);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->by_number = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->by_group = g_hash_table_new_full (incident_text_hash, g_str_equal, g_free, NULL);
  incident_decision_init (&self->decision, incident_desk_get_clock (desk), incident_desk_get_operations (desk),
                          incident_desk_get_rulebook (desk));
}

static void
forget_parts (IncidentBriefing *self)
{
  for (guint i = 0; i < self->tellings->len; i++)
    g_array_index (self->tellings, IncidentTelling, i).known->part = NULL;
}

void
incident_briefing_clear (IncidentBriefing *self)
{
  forget_parts (self);
  incident_decision_clear (&self->decision);
  g_clear_pointer (&self->tellings, g_array_unref);
  g_clear_pointer (&self->entry, incident_intake_entry_free);
  g_clear_pointer (&self->by_number, g_hash_table_unref);
  g_clear_pointer (&self->by_group, g_hash_table_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
}

/* Parting */

static IncidentBriefingPart *
add_part (IncidentBriefing *self,
          guint64           number)
{
  IncidentBriefingPart *part = g_new0 (IncidentBriefingPart, 1);

  part->tellings = g_ptr_array_new ();
  part->draft = -1;
  part->number = number;
  g_ptr_array_add (self->parts, part);
  if (number != 0)
    g_hash_table_insert (self->by_number, &part->number, part);
  return part;
}

static IncidentBriefingPart *
get_part_of_case (IncidentBriefing *self,
                  guint64           number)
{
  IncidentBriefingPart *part = g_hash_table_lookup (self->by_number, &number);

  return part != NULL ? part : add_part (self, number);
}

/* Where a case stands. Its state is enough for that: a case of many alerts is long to load. */
typedef struct
{
  guint64  merged_into;  /* 0: into none */
  gboolean is_open;
  gboolean is_live;      /* somebody is to look after it */
} Standing;

static gboolean
see_standing (guint64               number,
              const IncidentState  *state,
              gpointer              data,
              GError              **error)
{
  Standing *standing = data;

  standing->is_open = state->open;
  standing->is_live = state->live;
  standing->merged_into = 0;
  if (!state->open && state->dossier != NULL && state->dossier->merged_into != NULL
      && !incident_case_number_from_string (state->dossier->merged_into, &standing->merged_into, NULL))
    standing->merged_into = 0;
  return TRUE;
}

/* The case that a case was merged into in the end, or the case itself. */
static gboolean
follow_merges (IncidentBriefing  *self,
               guint64           *number,
               Standing          *standing,
               GError           **error)
{
  for (guint i = 0; i < MOST_MERGES; i++)
    {
      if (!incident_store_look_at (incident_desk_get_store (self->desk), number, 1, see_standing, standing, error))
        return FALSE;
      if (standing->merged_into == 0)
        return TRUE;
      *number = standing->merged_into;
    }

  return TRUE;
}

/* FALSE: the sender may not, say. */
static gboolean
reopen (IncidentBriefing     *self,
        guint64               number,
        const IncidentKnown  *known)
{
  g_autoptr(IncidentCommand) command = incident_command_new ("reopen", known->alert->source);
  g_autoptr(IncidentCase) kase = NULL;

  if (incident_command_set (command, "text", "Its alerts fire again", NULL))
    kase = incident_desk_act (self->desk, number, command, NULL);
  return kase != NULL;
}

/* A case that is open takes alerts within its window; one that ended not long ago goes on. */
static gboolean
is_time_for (IncidentBriefing         *self,
             guint64                   number,
             gboolean                  is_open,
             const IncidentRouteRule  *route,
             gboolean                 *is_time,
             GError                  **error)
{
  gint64 within = is_open ? route->window : route->reopen_within;
  g_autoptr(IncidentCase) kase = NULL;
  gint64 since;

  *is_time = is_open;
  if (within == 0)
    return TRUE;

  kase = incident_desk_get_case (self->desk, number, error);
  if (kase == NULL)
    return FALSE;
  since = is_open ? incident_case_get_opened_at (kase) : incident_case_get_closed_at (kase);
  *is_time = since != INCIDENT_TIME_NONE && self->received_at - since <= within;
  return TRUE;
}

/* May the case that stands for the group take what fires now? */
static gboolean
choose_case (IncidentBriefing         *self,
             IncidentBriefingPart     *part,
             const IncidentKnown      *known,
             guint64                  *number,
             GError                  **error)
{
  Standing standing = { 0, FALSE, FALSE };
  gboolean is_time;

  if (part->follows == 0)
    return TRUE;

  *number = part->follows;
  if (!follow_merges (self, number, &standing, error)
      || !is_time_for (self, *number, standing.is_open, known->route, &is_time, error))
    return FALSE;

  /* One that has recovered is open, but nobody looks after it: it did not hold. */
  part->is_reopened = is_time && !standing.is_live && reopen (self, *number, known);
  if (!part->is_reopened && !(is_time && standing.is_live))
    *number = 0;
  return TRUE;
}

/* The part of the group's case, or that of a case that is to be opened. */
static IncidentBriefingPart *
find_group (IncidentBriefing  *self,
            GString           *group,
            IncidentKnown     *known,
            GError           **error)
{
  IncidentBriefingPart *part = g_hash_table_lookup (self->by_group, group->str);
  IncidentBriefingPart found = { .follows = 0, };
  g_autofree char *name = NULL;
  guint64 number = 0;

  if (part != NULL)
    return part;

  name = incident_router_name_group (group);
  if (!incident_store_find_group (incident_desk_get_store (self->desk), name, &found.follows, error)
      || !choose_case (self, &found, known, &number, error))
    return NULL;

  part = number != 0 ? get_part_of_case (self, number) : add_part (self, 0);
  if (part->group == NULL)
    {
      part->group = g_steal_pointer (&name);
      part->follows = found.follows;
      part->is_reopened = found.is_reopened;
      part->route = known->route;
      part->grouping = known->grouping;
    }
  g_hash_table_insert (self->by_group, g_strdup (group->str), part);
  return part;
}

static gboolean
part_telling (IncidentBriefing  *self,
              IncidentTelling   *telling,
              GString           *group,
              GError           **error)
{
  IncidentBriefingPart *part;

  if (telling->tells != INCIDENT_TELLS_FIRED)
    {
      /* What began to be told in this very briefing may end in it, in a case that has no number yet. */
      part = telling->case_number != 0 ? get_part_of_case (self, telling->case_number) : telling->known->part;
      if (part != NULL)
        g_ptr_array_add (part->tellings, telling);
      return TRUE;
    }

  incident_router_put_group (telling->known->route, telling->known->grouping, telling->alert->labels, telling->alert->key, group);
  part = find_group (self, group, telling->known, error);
  if (part == NULL)
    return FALSE;

  part->n_fired++;
  g_ptr_array_add (part->tellings, telling);
  telling->known->case_number = part->number;
  telling->known->part = part;
  return TRUE;
}

static gboolean
part_tellings (IncidentBriefing  *self,
               GError           **error)
{
  g_autoptr(GString) group = g_string_new (NULL);

  for (guint i = 0; i < self->tellings->len; i++)
    if (!part_telling (self, &g_array_index (self->tellings, IncidentTelling, i), group, error))
      return FALSE;

  return TRUE;
}

/* Deciding */

static gboolean
look (guint64               number,
      const IncidentState  *state,
      gpointer              data,
      GError              **error)
{
  IncidentBriefing *self = data;

  incident_decision_turn_to (&self->decision, number, state);
  incident_operations_draw (incident_desk_get_operations (self->desk), self->decision.operation);
  incident_briefing_part_write (g_hash_table_lookup (self->by_number, &number), self);
  return TRUE;
}

static gboolean
decide_open_ones (IncidentBriefing  *self,
                  GError           **error)
{
  g_autofree guint64 *numbers = g_new (guint64, self->parts->len);
  gsize n = 0;

  for (guint i = 0; i < self->parts->len; i++)
    {
      const IncidentBriefingPart *part = g_ptr_array_index (self->parts, i);

      if (part->number != 0)
        numbers[n++] = part->number;
    }

  return n == 0 || incident_store_look_at (incident_desk_get_store (self->desk), numbers, n, look, self, error);
}

/* Its sender may not open cases any more. That is audited, tried again later, and keeps nobody else from being told. */
static void
put_aside (IncidentBriefing     *self,
           IncidentBriefingPart *part)
{
  for (guint i = 0; i < part->tellings->len; i++)
    {
      IncidentKnown *known = ((IncidentTelling *) g_ptr_array_index (part->tellings, i))->known;

      known->told = 0;
      known->part = NULL;
      known->due = self->received_at + TRIED_AGAIN;
      self->intake->next = MIN (self->intake->next, known->due);
    }
  part->draft = -1;
  part->is_opened = FALSE;
  g_clear_pointer (&part->group, g_free);
}

static gboolean
decide_new_ones (IncidentBriefing  *self,
                 GError           **error)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      IncidentBriefingPart *part = g_ptr_array_index (self->parts, i);
      g_autoptr(GError) local_error = NULL;

      if (part->number != 0 || incident_briefing_part_open (part, self, &local_error))
        continue;
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED)
          || g_str_equal (((IncidentTelling *) g_ptr_array_index (part->tellings, 0))->alert->source, self->actor))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      put_aside (self, part);
    }

  return TRUE;
}

/* Committing */

static GArray *
list_groups (IncidentBriefing *self)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (IncidentGroupChange));

  for (guint i = 0; i < self->parts->len; i++)
    {
      const IncidentBriefingPart *part = g_ptr_array_index (self->parts, i);
      IncidentGroupChange change = { part->group, part->follows, part->number, part->draft >= 0 ? (guint) part->draft : 0 };

      if (part->group != NULL && (part->number == 0 || part->number != part->follows))
        g_array_append_val (groups, change);
    }

  return groups;
}

static GArray *
list_rows (IncidentBriefing *self)
{
  GPtrArray *dirty = self->intake->dirty;
  GArray *rows = g_array_sized_new (FALSE, TRUE, sizeof (IncidentAlertRow), dirty->len);

  g_array_set_clear_func (rows, incident_alert_row_clear);
  g_array_set_size (rows, dirty->len);
  for (guint i = 0; i < dirty->len; i++)
    {
      IncidentAlertRow *row = &g_array_index (rows, IncidentAlertRow, i);
      const IncidentKnown *known = g_ptr_array_index (dirty, i);
      const IncidentBriefingPart *part = known->part;

      *row = (IncidentAlertRow) {
        .id = known->id, .active = incident_known_is_active (known),
        .subject = known->case_number,
        .draft = part != NULL && part->number == 0 ? part->draft : -1, .entry = known->entry,
        .data = incident_known_pack (known), .was_active = known->saved_active,
      };
    }
  return rows;
}

/* Cases that were opened have their numbers now. */
static void
take_numbers (IncidentBriefing *self)
{
  for (guint i = 0; i < self->tellings->len; i++)
    {
      IncidentKnown *known = g_array_index (self->tellings, IncidentTelling, i).known;
      IncidentBriefingPart *part = known->part;

      if (part == NULL)
        continue;
      if (part->number == 0)
        part->number = ((IncidentRecord *) g_ptr_array_index (self->decision.drafts, (guint) part->draft))->subject;
      known->case_number = part->number;
    }
}

/* When the desk is to end cases of which no alert fires any more. */
static void
note_quiet (IncidentBriefing *self)
{
  IncidentDeskAlerts *alerts = incident_desk_get_alerts (self->desk);

  for (guint i = 0; i < self->parts->len; i++)
    {
      const IncidentBriefingPart *part = g_ptr_array_index (self->parts, i);

      if (!part->is_quiet)
        continue;
      g_hash_table_remove (alerts->quiet, &part->number);
      incident_desk_alerts_expect_quiet (alerts, part->number, part->quiet_route, self->received_at);
    }
}

/* What is known is no longer to be trusted, nor is what points to it. */
static gboolean
fail (IncidentBriefing *self)
{
  forget_parts (self);
  g_array_set_size (self->tellings, 0);
  incident_desk_forget_alerts (self->desk);
  self->intake = NULL;
  return FALSE;
}

gboolean
incident_briefing_commit (IncidentBriefing  *self,
                          GError           **error)
{
  g_autoptr(GArray) groups = NULL;
  g_autoptr(GArray) rows = NULL;
  IncidentIntakeChange change = { self->intake->head, NULL, NULL, NULL };
  IncidentCommit commit = { self->decision.drafts, NULL, &change };
  IncidentCommit links = { NULL, };

  if (!part_tellings (self, error) || !decide_open_ones (self, error) || !decide_new_ones (self, error))
    return fail (self);
  if (self->decision.drafts->len == 0 && self->intake->dirty->len == 0 && self->entry == NULL)
    return TRUE;

  groups = list_groups (self);
  rows = list_rows (self);
  change.entry = self->entry;
  change.rows = rows;
  commit.groups = groups;
  if (!incident_desk_commit (self->desk, &commit, error))
    return fail (self);

  take_numbers (self);
  incident_intake_commit (self->intake, self->entry != NULL ? self->entry->id : self->intake->head);
  note_quiet (self);
  links.drafts = incident_briefing_correlate (self);
  if (self->decision.drafts->len > 0)
    incident_desk_committed_many (self->desk, self->decision.drafts);
  if (links.drafts != NULL && incident_desk_commit (self->desk, &links, NULL))
    incident_desk_committed_many (self->desk, links.drafts);
  g_clear_pointer (&links.drafts, g_ptr_array_unref);
  return TRUE;
}

const char *
incident_briefing_get_outcome (IncidentBriefing    *self,
                               const IncidentKnown *known)
{
  const IncidentBriefingPart *part = known->part;

  if (part == NULL)
    return NULL;

  return part->is_opened ? "opened" : part->is_reopened ? "reopened" : "joined";
}
