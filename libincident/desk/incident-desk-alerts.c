/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-alerts-private.h"

#include <libincident/incident-error.h>
#include <libincident/incident-time.h>

#include <string.h>

/* What is known of alerts is made from what the store has of them: their rows, the bodies that these point
 * into, and the silences of the journal. */

#define REMEMBERED G_TIME_SPAN_DAY
#define PAGE       10000

typedef struct
{
  IncidentDesk         *desk;
  IncidentIntake       *intake;
  GPtrArray            *history;    /* (element-type IncidentKnown): where rows go; NULL: into the intake */
  IncidentIntakeEntry  *entry;      /* that was read last */
  GHashTable           *playbooks;  /* version → IncidentPlaybook that entries were read under; NULL: it is gone */
} Loading;

void
incident_desk_alerts_expect_quiet (IncidentDeskAlerts      *self,
                                   guint64                  number,
                                   const IncidentRouteRule *route,
                                   gint64                   ended_at)
{
  IncidentQuiet quiet = { ended_at + route->ended_for, route->when_ended };
  const IncidentQuiet *before = g_hash_table_lookup (self->quiet, &number);

  if (quiet.how != INCIDENT_WHEN_ENDED_NOTE && (before == NULL || before->due <= quiet.due))
    g_hash_table_insert (self->quiet, g_memdup2 (&number, sizeof number), g_memdup2 (&quiet, sizeof quiet));
}

static void
loading_clear (Loading *self)
{
  g_clear_pointer (&self->entry, incident_intake_entry_free);
  g_clear_pointer (&self->playbooks, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Loading, loading_clear)

static void
unref_playbook (gpointer playbook)
{
  if (playbook != NULL)
    incident_playbook_unref (playbook);
}

GHashTable *
incident_desk_playbooks_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_playbook);
}

const IncidentIntakeRules *
incident_desk_find_intake_rules (IncidentDesk  *self,
                                 GHashTable    *playbooks,
                                 const char    *version,
                                 GError       **error)
{
  const IncidentRules *rules = incident_desk_get_rulebook (self)->rules;
  IncidentPlaybook *playbook;

  if (version == NULL || g_strcmp0 (version, rules->version) == 0)
    return rules->intake;

  if (!g_hash_table_contains (playbooks, version))
    {
      g_autoptr(GError) local_error = NULL;
      g_autofree char *document = incident_store_find_document (incident_desk_get_store (self), version, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      g_hash_table_insert (playbooks, g_strdup (version),
                           document != NULL ? incident_playbook_new_from_json (document, -1, version, NULL) : NULL);
    }

  playbook = g_hash_table_lookup (playbooks, version);
  return playbook != NULL ? incident_playbook_get_rules (playbook)->intake : rules->intake;
}

static gboolean
turn_to_entry (Loading  *self,
               guint64   id,
               GError  **error)
{
  g_autoptr(GError) local_error = NULL;

  if (self->entry != NULL && self->entry->id == id)
    return TRUE;

  g_clear_pointer (&self->entry, incident_intake_entry_free);
  self->entry = incident_store_find_intake (incident_desk_get_store (self->desk), id, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* What its words were may be gone, or not be read any more: then its keys are all there is. */
static IncidentAlert *
make_bare (const IncidentKnownPlace *place,
           const char               *sender)
{
  g_auto(IncidentAlertDraft) draft = { NULL, };

  incident_alert_draft_init (&draft);
  draft.key = draft.name = place->key;
  return incident_alert_new (&draft, g_intern_string (sender), 0);
}

static gboolean
is_erased (const char *slice,
           gsize       length)
{
  gsize i = 0;

  while (i < length && slice[i] == '\0')
    i++;
  return length > 0 && i == length;
}

static IncidentAlert *
read_alert (Loading                   *self,
            const IncidentKnownPlace  *place,
            gboolean                  *erased,
            GError                   **error)
{
  const IncidentIntakeEntry *entry = self->entry;
  const IncidentIntakeRules *rules;
  g_autoptr(IncidentAlert) said = NULL;
  IncidentAlert known = { .key = place->key, .episode = place->episode, .has_episode = place->has_episode,
                          .starts_at = place->starts_at };
  IncidentAlert *alert;
  gsize length = 0;
  const char *bytes = entry != NULL ? g_bytes_get_data (entry->body, &length) : NULL;

  rules = incident_desk_find_intake_rules (self->desk, self->playbooks, entry != NULL ? entry->playbook : NULL, error);
  if (rules == NULL)
    return NULL;

  if (entry != NULL && entry->format != NULL && (gsize) place->raw_start + place->raw_length <= length)
    *erased = is_erased (bytes + place->raw_start, place->raw_length);
  else
    bytes = NULL;
  if (bytes != NULL && !*erased)
    said = incident_intake_read_slice (entry->format, bytes + place->raw_start, place->raw_length, entry->actor,
                                       incident_intake_rules_get_source (rules, entry->actor), entry->received_at);
  if (said == NULL)
    said = make_bare (place, entry != NULL ? entry->actor : "unknown");
  alert = incident_alert_new_of_episode (said, &known);
  alert->raw_start = place->raw_start;
  alert->raw_length = place->raw_length;
  return alert;
}

/* Cases whose alerts ended while nobody was there to end them are ended now. */
static void
restore (Loading       *self,
         IncidentKnown *known) /* (transfer full) */
{
  incident_intake_restore (self->intake, known);
  incident_desk_alerts_note_related (incident_desk_get_alerts (self->desk), known, known->alert, known->heard_at);
  if (!known->active && known->case_number != 0)
    incident_desk_alerts_expect_quiet (incident_desk_get_alerts (self->desk), known->case_number, known->route, known->ends_at);
}

static gboolean
load_row (Loading                 *self,
          const IncidentAlertRow  *row,
          GError                 **error)
{
  g_autoptr(IncidentKnown) known = g_new0 (IncidentKnown, 1);
  IncidentKnownPlace place = { 0, };
  gboolean erased = FALSE;

  if (!incident_known_unpack (known, row->data, &place))
    {
      g_set_error (error, INCIDENT_ERROR, INCIDENT_ERROR_CORRUPT,
                   "What the store knows of alert %" G_GUINT64_FORMAT " cannot be read", row->id);
      return FALSE;
    }

  known->id = row->id;
  known->saved_active = row->active;
  known->entry = row->entry;
  known->case_number = row->subject;
  known->due = known->active ? 0 : G_MAXINT64;
  if (turn_to_entry (self, row->entry, error))
    known->alert = read_alert (self, &place, &erased, error);
  known->erased = erased;
  if (place.grouping != NULL)
    known->grouping = incident_intake_intern_grouping (self->intake, place.grouping);
  if (known->alert == NULL)
    return FALSE;

  if (self->history != NULL)
    g_ptr_array_add (self->history, g_steal_pointer (&known));
  else
    restore (self, g_steal_pointer (&known));
  return TRUE;
}

static gboolean
load_rows (Loading  *self,
           guint64   since,
           GError  **error)
{
  IncidentStore *store = incident_desk_get_store (self->desk);
  guint64 after = 0;

  for (;;)
    {
      g_autoptr(GArray) rows = incident_store_list_alert_rows (store, since, after, PAGE, error);

      if (rows == NULL)
        return FALSE;
      for (guint i = 0; i < rows->len; i++)
        {
          const IncidentAlertRow *row = &g_array_index (rows, IncidentAlertRow, i);

          if (!load_row (self, row, error))
            return FALSE;
          after = row->id;
        }
      if (rows->len < PAGE)
        return TRUE;
    }
}

static gboolean
load_silences (Loading  *self,
               GError  **error)
{
  IncidentStore *store = incident_desk_get_store (self->desk);
  guint64 after = 0;

  for (;;)
    {
      g_autoptr(GPtrArray) entries = incident_store_list_intake (store, "silence", after, PAGE, error);

      if (entries == NULL)
        return FALSE;
      for (guint i = 0; i < entries->len; i++)
        {
          const IncidentIntakeEntry *entry = g_ptr_array_index (entries, i);
          gsize length;
          const char *json = g_bytes_get_data (entry->body, &length);
          IncidentSilence *silence = incident_silence_new_from_json (json, (gssize) length, NULL, error);

          if (silence == NULL)
            {
              g_prefix_error (error, "Entry %" G_GUINT64_FORMAT " of the journal: ", entry->id);
              return FALSE;
            }
          if (silence->id == 0)
            silence->id = entry->id;
          incident_intake_set_silence (self->intake, silence);
          after = entry->id;
        }
      if (entries->len < PAGE)
        return TRUE;
    }
}

static gboolean
load (IncidentDesk  *desk,
      guint64        head,
      GError       **error)
{
  IncidentDeskAlerts *self = incident_desk_get_alerts (desk);
  IncidentStore *store = incident_desk_get_store (desk);
  g_auto(Loading) loading = { desk, NULL, NULL, NULL, incident_desk_playbooks_new () };
  g_autoptr(IncidentIntake) intake = NULL;
  guint64 since;

  self->rules = incident_rules_ref (incident_desk_get_rulebook (desk)->rules);
  self->quiet = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->related = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  intake = incident_intake_new (self->rules->intake);
  loading.intake = intake;
  intake->head = head;
  if (!incident_store_find_intake_before (store, incident_clock_get_time (incident_desk_get_clock (desk)) - REMEMBERED, &since, error)
      || !load_silences (&loading, error) || !load_rows (&loading, since, error))
    {
      incident_desk_alerts_clear (self);
      return FALSE;
    }

  self->intake = g_steal_pointer (&intake);
  return TRUE;
}

GPtrArray *
incident_desk_load_history (IncidentDesk  *self,
                            gint64         since,
                            GError       **error)
{
  IncidentIntake *intake = incident_desk_load_alerts (self, error);
  g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_known_free);
  g_auto(Loading) loading = { self, intake, history, NULL, incident_desk_playbooks_new () };
  guint64 entry;

  if (intake == NULL || !incident_store_find_intake_before (incident_desk_get_store (self), since, &entry, error)
      || !load_rows (&loading, entry, error))
    return NULL;

  return g_steal_pointer (&history);
}

void
incident_desk_alerts_clear (IncidentDeskAlerts *self)
{
  g_clear_pointer (&self->intake, incident_intake_free);
  g_clear_pointer (&self->quiet, g_hash_table_unref);
  g_clear_pointer (&self->related, g_hash_table_unref);
  g_clear_pointer (&self->rules, incident_rules_unref);
}

void
incident_desk_forget_alerts (IncidentDesk *self)
{
  incident_desk_alerts_clear (incident_desk_get_alerts (self));
}

IncidentIntake *
incident_desk_load_alerts (IncidentDesk  *self,
                           GError       **error)
{
  IncidentDeskAlerts *alerts = incident_desk_get_alerts (self);
  IncidentRules *rules = incident_desk_get_rulebook (self)->rules;
  guint64 head;

  if (!incident_store_get_intake_head (incident_desk_get_store (self), &head, error))
    return NULL;

  /* Another process took in messages meanwhile. */
  if (alerts->intake != NULL && alerts->intake->head != head)
    incident_desk_forget_alerts (self);
  if (alerts->intake == NULL)
    return load (self, head, error) ? alerts->intake : NULL;

  if (alerts->rules != rules)
    {
      incident_intake_set_rules (alerts->intake, rules->intake);
      incident_rules_unref (alerts->rules);
      alerts->rules = incident_rules_ref (rules);
    }
  return alerts->intake;
}
