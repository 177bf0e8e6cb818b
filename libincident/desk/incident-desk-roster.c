/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-oncall-private.h"

#include <libincident/incident-alert.h>
#include <libincident/incident-error.h>

#include "oncall/incident-roster-body-private.h"

/* Who is on call by what the store says, and what playbooks were in force before. */

static void
unref_playbook (gpointer playbook)
{
  if (playbook != NULL)
    incident_playbook_unref (playbook);
}

void
incident_desk_oncall_clear (IncidentDeskOncall *self)
{
  g_clear_pointer (&self->roster, incident_roster_unref);
  g_clear_pointer (&self->playbooks, g_hash_table_unref);
}

/* What the store has of a version; NULL without an error where it has none, or it is no playbook any more. */
static gboolean
know_playbook (IncidentDesk  *self,
               const char    *version,
               GError       **error)
{
  IncidentDeskOncall *oncall = incident_desk_get_oncall (self);
  g_autoptr(GError) local_error = NULL;
  g_autofree char *document = NULL;

  if (oncall->playbooks == NULL)
    oncall->playbooks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_playbook);
  if (g_hash_table_contains (oncall->playbooks, version))
    return TRUE;

  document = incident_store_find_document (incident_desk_get_store (self), version, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_hash_table_insert (oncall->playbooks, g_strdup (version),
                       document != NULL ? incident_playbook_new_from_json (document, -1, version, NULL) : NULL);
  return TRUE;
}

static IncidentRules *
find_rules (IncidentDesk  *self,
            const char    *version,
            GError       **error)
{
  IncidentRules *rules = incident_desk_get_rulebook (self)->rules;
  IncidentPlaybook *playbook;

  if (g_strcmp0 (version, rules->version) == 0)
    return rules;
  if (version == NULL || !know_playbook (self, version, error))
    return NULL;

  playbook = g_hash_table_lookup (incident_desk_get_oncall (self)->playbooks, version);
  return playbook != NULL ? incident_playbook_get_rules (playbook) : NULL;
}

gboolean
incident_desk_knows_rules (IncidentDesk *self,
                           const char   *version)
{
  GHashTable *playbooks = incident_desk_get_oncall (self)->playbooks;

  return version == NULL || g_strcmp0 (version, incident_desk_get_rulebook (self)->rules->version) == 0
         || (playbooks != NULL && g_hash_table_contains (playbooks, version));
}

gboolean
incident_desk_learn_rules (IncidentDesk  *self,
                           const char    *version,
                           GError       **error)
{
  return incident_desk_knows_rules (self, version) || know_playbook (self, version, error);
}

const IncidentRules *
incident_desk_find_rules (IncidentDesk *self,
                          const char   *version)
{
  return find_rules (self, version, NULL);
}

typedef struct
{
  IncidentDesk *desk;
  GError       *error;   /* of the store: what is not known for that is asked for again */
} Finding;

static IncidentRules *
find_for_roster (const char *version,
                 gpointer    data)
{
  Finding *finding = data;
  IncidentRules *rules = finding->error == NULL ? find_rules (finding->desk, version, &finding->error) : NULL;

  return rules != NULL ? incident_rules_ref (rules) : NULL;
}

GPtrArray *
incident_desk_load_roster_journal (IncidentDesk  *self,
                                   GError       **error)
{
  g_autoptr(GPtrArray) journal = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  guint64 after = 0;
  guint n_read;

  do
    {
      g_autoptr(GPtrArray) page = incident_store_list_roster (incident_desk_get_store (self), after, INCIDENT_QUERY_MAX_LIMIT,
                                                              error);

      if (page == NULL)
        return NULL;
      n_read = page->len;
      if (n_read > 0)
        after = ((IncidentRosterEntry *) g_ptr_array_index (page, n_read - 1))->id;
      g_ptr_array_extend_and_steal (journal, g_steal_pointer (&page));
    }
  while (n_read == INCIDENT_QUERY_MAX_LIMIT);

  return g_steal_pointer (&journal);
}

static IncidentRoster *
read_roster (IncidentDesk  *self,
             GError       **error)
{
  Finding finding = { self, NULL };
  g_autoptr(GPtrArray) journal = incident_desk_load_roster_journal (self, error);
  g_autoptr(IncidentRoster) roster = NULL;

  if (journal == NULL)
    return NULL;

  roster = incident_roster_new (incident_desk_get_rulebook (self)->rules, journal, find_for_roster, &finding,
                                finding.error == NULL ? error : NULL);
  if (finding.error != NULL)
    {
      g_clear_error (error);
      g_propagate_error (error, finding.error);
      return NULL;
    }
  if (roster != NULL)
    incident_roster_set_since (roster, incident_clock_get_time (incident_desk_get_clock (self)));
  return g_steal_pointer (&roster);
}

IncidentRoster *
incident_desk_load_roster (IncidentDesk  *self,
                           GError       **error)
{
  IncidentDeskOncall *oncall = incident_desk_get_oncall (self);
  IncidentRoster *roster;
  guint64 head;

  if (!incident_store_get_roster_head (incident_desk_get_store (self), &head, error))
    return NULL;
  if (oncall->roster != NULL && oncall->roster->head == head
      && oncall->roster->rules == incident_desk_get_rulebook (self)->rules)
    return incident_roster_ref (oncall->roster);

  roster = read_roster (self, error);
  if (roster == NULL)
    return NULL;

  g_clear_pointer (&oncall->roster, incident_roster_unref);
  oncall->roster = incident_roster_ref (roster);
  return roster;
}

/* The last one that the journal says is in force; NULL in @version: it says none. One that cannot be read is another one:
 * that the journal is damaged keeps nobody from working on a case. */
static gboolean
find_declared (IncidentDesk  *self,
               guint64       *head,
               char         **version,
               GError       **error)
{
  g_autoptr(GPtrArray) journal = incident_desk_load_roster_journal (self, error);

  *version = NULL;
  *head = 0;
  for (guint i = journal != NULL ? journal->len : 0; i > 0 && *version == NULL; i--)
    {
      const IncidentRosterEntry *entry = g_ptr_array_index (journal, i - 1);
      g_auto(IncidentRosterBody) body = { NULL, };

      *head = MAX (*head, entry->id);
      if (g_str_equal (entry->kind, "playbook"))
        *version = incident_roster_body_read (&body, entry, NULL) ? g_steal_pointer (&body.version) : g_strdup ("");
    }

  return journal != NULL;
}

/* A playbook that says nothing of who is on call leaves the journal alone, unless another one did. */
static gboolean
try_to_declare (IncidentDesk         *self,
                const IncidentRules  *rules,
                gboolean              says_who,
                GError              **error)
{
  g_autoptr(GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_roster_entry_free);
  IncidentRosterAppend append = { 0, entries };
  IncidentCommit commit = { .drafts = drafts, .roster = &append };
  g_autofree char *version = NULL;
  gint64 now;

  if (!find_declared (self, &append.follows, &version, error))
    return FALSE;
  if (version != NULL ? g_str_equal (version, rules->version) : !says_who)
    return TRUE;

  now = incident_clock_get_time (incident_desk_get_clock (self));
  g_ptr_array_add (entries, incident_roster_entry_new_playbook (rules->version, now, INCIDENT_DESK_ACTOR));
  return incident_store_commit (incident_desk_get_store (self), &commit, error);
}

gboolean
incident_desk_declare_playbook (IncidentDesk         *self,
                                const IncidentRules  *rules,
                                GError              **error)
{
  gboolean says_who = rules->oncall->schedules->len > 0 || rules->oncall->policies->len > 0;
  g_autoptr(GError) local_error = NULL;

  /* The built-in rules are those of whoever was given none. */
  if (rules->version == NULL)
    return TRUE;

  for (guint attempt = 0; attempt < INCIDENT_DESK_MAX_ATTEMPTS; attempt++)
    {
      g_clear_error (&local_error);
      if (try_to_declare (self, rules, says_who, &local_error))
        return TRUE;
      if (!g_error_matches (local_error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
        break;
    }

  /* Where there is no such journal, nothing has to be said in it. */
  if (!says_who && g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static const IncidentPolicyRules *
find_policy (const char *version,
             const char *policy,
             gpointer    data)
{
  const IncidentRules *rules = incident_desk_find_rules (data, version);

  return rules != NULL ? incident_oncall_rules_get_policy (rules->oncall, policy) : NULL;
}

static const char *
get_label (gpointer    alert,
           const char *name)
{
  const char *value = incident_alert_get_label (alert, name);

  return value != NULL ? value : incident_alert_get_annotation (alert, name);
}

static gint64
get_start (gpointer alert)
{
  return incident_alert_get_starts_at (alert);
}

void
incident_desk_init_planning (IncidentDesk     *self,
                             IncidentPlanning *planning,
                             IncidentRoster   *roster)
{
  IncidentClock *clock = incident_desk_get_clock (self);
  g_autofree char *boot = incident_clock_dup_boot_id (clock);

  *planning = (IncidentPlanning) {
    .roster = roster,
    .find_policy = find_policy,
    .find_data = self,
    .get_label = get_label,
    .get_start = get_start,
    .now = incident_clock_get_time (clock),
    .now_boot = incident_clock_get_boot_time (clock),
    .boot = incident_boot_hash (boot),
  };
}
