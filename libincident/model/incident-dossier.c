/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-dossier-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-text-private.h"
#include "model/incident-record-private.h"

static const char * const task_states[INCIDENT_N_TASK_STATES + 1] = { "open", "in-progress", "done", "skipped", NULL };

const char *
incident_task_state_to_string (IncidentTaskState state)
{
  return task_states[state];
}

gboolean
incident_task_is_to_do (const IncidentTaskEntry *self)
{
  return self->state == INCIDENT_TASK_OPEN || self->state == INCIDENT_TASK_IN_PROGRESS;
}

static void
task_free (gpointer data)
{
  IncidentTaskEntry *self = data;

  g_free (self->person);
  g_free (self->role);
  g_free (self->kind);
  g_free (self->after);
  g_free (self);
}

static gpointer
task_copy (gconstpointer source,
           gpointer      data)
{
  IncidentTaskEntry *self = g_memdup2 (source, sizeof *self);

  self->person = g_strdup (self->person);
  self->role = g_strdup (self->role);
  self->kind = g_strdup (self->kind);
  self->after = g_strdup (self->after);
  return self;
}

static void
offer_free (gpointer data)
{
  IncidentOffer *self = data;

  g_free (self->role);
  g_free (self->person);
  g_free (self->from);
  g_free (self);
}

static gpointer
offer_copy (gconstpointer source,
            gpointer      data)
{
  IncidentOffer *self = g_memdup2 (source, sizeof *self);

  self->role = g_strdup (self->role);
  self->person = g_strdup (self->person);
  self->from = g_strdup (self->from);
  return self;
}

static void
link_free (gpointer data)
{
  IncidentLinkEntry *self = data;

  g_free (self->kind);
  g_free (self->to);
  g_free (self);
}

static gpointer
link_copy (gconstpointer source,
           gpointer      data)
{
  IncidentLinkEntry *self = g_memdup2 (source, sizeof *self);

  self->kind = g_strdup (self->kind);
  self->to = g_strdup (self->to);
  return self;
}

static void
reminded_free (gpointer data)
{
  IncidentReminded *self = data;

  g_free (self->kind);
  g_free (self);
}

static gpointer
reminded_copy (gconstpointer source,
               gpointer      data)
{
  IncidentReminded *self = g_memdup2 (source, sizeof *self);

  self->kind = g_strdup (self->kind);
  return self;
}

static void
asked_free (gpointer data)
{
  IncidentAsked *self = data;

  g_free (self->target);
  g_free (self);
}

static gpointer
asked_copy (gconstpointer source,
            gpointer      data)
{
  IncidentAsked *self = g_memdup2 (source, sizeof *self);

  self->target = g_strdup (self->target);
  return self;
}

static gpointer
string_copy (gconstpointer source,
             gpointer      data)
{
  return g_strdup (source);
}

/* The lists, how their elements are freed, and how they are copied. */
static const struct
{
  gsize          offset;
  GDestroyNotify free;
  GCopyFunc      copy;
} lists[] = {
  { G_STRUCT_OFFSET (IncidentDossier, tasks), task_free, task_copy },
  { G_STRUCT_OFFSET (IncidentDossier, offers), offer_free, offer_copy },
  { G_STRUCT_OFFSET (IncidentDossier, links), link_free, link_copy },
  { G_STRUCT_OFFSET (IncidentDossier, reminded), reminded_free, reminded_copy },
  { G_STRUCT_OFFSET (IncidentDossier, acknowledged), g_free, string_copy },
  { G_STRUCT_OFFSET (IncidentDossier, asked), asked_free, asked_copy },
  { G_STRUCT_OFFSET (IncidentDossier, policies), g_free, string_copy },
  { G_STRUCT_OFFSET (IncidentDossier, services), g_free, string_copy },
  { G_STRUCT_OFFSET (IncidentDossier, checklists), g_free, string_copy },
  { G_STRUCT_OFFSET (IncidentDossier, filed), g_free, string_copy },
  { G_STRUCT_OFFSET (IncidentDossier, told), g_free, string_copy },
  { G_STRUCT_OFFSET (IncidentDossier, redacted), g_free, string_copy },
};

#define get_list(self, i) (&G_STRUCT_MEMBER (GPtrArray *, (self), lists[i].offset))

IncidentDossier *
incident_dossier_new (void)
{
  IncidentDossier *self = g_new0 (IncidentDossier, 1);

  self->quiet_since = INCIDENT_TIME_NONE;
  self->updated_at = INCIDENT_TIME_NONE;
  self->next_update = INCIDENT_TIME_NONE;
  self->snoozed_until = INCIDENT_TIME_NONE;
  return self;
}

void
incident_dossier_free (IncidentDossier *self)
{
  g_clear_pointer (&self->group, g_ref_string_release);
  g_clear_pointer (&self->statuses, g_hash_table_unref);
  g_clear_pointer (&self->hypotheses, g_array_unref);
  g_clear_pointer (&self->worked, g_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_clear_pointer (get_list (self, i), g_ptr_array_unref);
  g_free (self->opened_by);
  g_free (self->merged_into);
  g_free (self);
}

static GHashTable *
copy_statuses (GHashTable *statuses)
{
  GHashTable *copy = g_hash_table_new_full (incident_text_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key, firing;

  g_hash_table_iter_init (&iter, statuses);
  while (g_hash_table_iter_next (&iter, &key, &firing))
    g_hash_table_insert (copy, g_strdup (key), firing);
  return copy;
}

IncidentDossier *
incident_dossier_copy (const IncidentDossier *self)
{
  IncidentDossier *copy = g_memdup2 (self, sizeof *self);

  copy->group = self->group != NULL ? g_ref_string_acquire (self->group) : NULL;
  copy->statuses = self->statuses != NULL ? copy_statuses (self->statuses) : NULL;
  copy->hypotheses = self->hypotheses != NULL ? g_array_copy (self->hypotheses) : NULL;
  copy->worked = self->worked != NULL ? g_array_copy (self->worked) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (*get_list (self, i) != NULL)
      {
        *get_list (copy, i) = g_ptr_array_copy (*get_list (self, i), lists[i].copy, NULL);
        g_ptr_array_set_free_func (*get_list (copy, i), lists[i].free);
      }
  copy->opened_by = g_strdup (self->opened_by);
  copy->merged_into = g_strdup (self->merged_into);
  return copy;
}

static void
add (GPtrArray      **list,
     GDestroyNotify   element_free,
     gpointer         element)
{
  if (*list == NULL)
    *list = g_ptr_array_new_with_free_func (element_free);
  g_ptr_array_add (*list, element);
}

gboolean
incident_strings_contain (const GPtrArray *strings,
                          const char      *string)
{
  for (guint i = 0; strings != NULL && i < strings->len; i++)
    if (g_str_equal (g_ptr_array_index (strings, i), string))
      return TRUE;

  return FALSE;
}

static void
add_string (GPtrArray  **list,
            const char  *string)
{
  if (!incident_strings_contain (*list, string))
    add (list, g_free, g_strdup (string));
}

static gint64
read_time (const char *text)
{
  gint64 time = INCIDENT_TIME_NONE;

  incident_time_from_string (text, &time, NULL);
  return time;
}

/* The event at hand: its facts are about one of these. */
typedef struct
{
  IncidentDossier   **dossier;
  guint               seq;
  const char         *actor;
  gint64              occurred_at;
  IncidentTaskEntry  *task;
  IncidentLinkEntry  *link;
  IncidentOffer      *offer;
  IncidentReminded   *reminded;
  guint               hypothesis;
  gboolean            is_automatic;
  gboolean            is_of_run;  /* of escalation: its policy is that of the run, and no route has named it */
} Reading;

static IncidentDossier *
ensure (Reading *reading)
{
  if (*reading->dossier == NULL)
    *reading->dossier = incident_dossier_new ();
  return *reading->dossier;
}

/* Tasks are numbered by the library, in the order in which they are added. */
static void
begin_task (Reading    *reading,
            const char *value)
{
  IncidentDossier *self = ensure (reading);
  guint number = (guint) g_ascii_strtoull (value, NULL, 10);

  reading->task = incident_dossier_get_task (self, number);
  if (reading->task != NULL || number != incident_dossier_count_tasks (self) + 1)
    return;

  reading->task = g_new0 (IncidentTaskEntry, 1);
  reading->task->seq = reading->seq;
  reading->task->due = INCIDENT_TIME_NONE;
  add (&self->tasks, task_free, reading->task);
}

static void
set_task_owner (IncidentTaskEntry *task,
                const char        *person,
                const char        *role)
{
  g_free (task->person);
  g_free (task->role);
  task->person = g_strdup (person);
  task->role = g_strdup (role);
}

static gboolean
read_task (Reading    *reading,
           const char *name,
           const char *value)
{
  if (g_str_equal (name, "task"))
    begin_task (reading, value);
  else if (reading->task == NULL)
    return FALSE;
  else if (g_str_equal (name, "task-state"))
    {
      for (guint i = 0; i < INCIDENT_N_TASK_STATES; i++)
        if (g_str_equal (task_states[i], value))
          reading->task->state = (IncidentTaskState) i;
    }
  else if (g_str_equal (name, "must-do"))
    reading->task->must_do = TRUE;
  else if (g_str_equal (name, "owner"))
    set_task_owner (reading->task, value, NULL);
  else if (g_str_equal (name, "owner-role"))
    set_task_owner (reading->task, NULL, value);
  else if (g_str_equal (name, "task-kind"))
    reading->task->kind = g_strdup (value);
  else if (g_str_equal (name, "after"))
    reading->task->after = g_strdup (value);
  else if (g_str_equal (name, "due"))
    reading->task->due = read_time (value);
  else
    return FALSE;

  return TRUE;
}

/* What they were about has changed: should it come up again, they begin anew. */
static void
forget_reminders (IncidentDossier *self,
                  const char      *kind)
{
  IncidentReminded *reminded = incident_dossier_get_reminded (self, kind);

  if (reminded != NULL)
    g_ptr_array_remove (self->reminded, reminded);
}

static void
begin_offer (Reading    *reading,
             const char *role)
{
  IncidentDossier *self = ensure (reading);
  g_autofree char *kind = g_strconcat ("offer-", role, NULL);

  incident_dossier_end_offer (self, role);
  forget_reminders (self, kind);
  reading->offer = g_new0 (IncidentOffer, 1);
  reading->offer->role = g_strdup (role);
  reading->offer->from = g_strdup (reading->actor);
  reading->offer->until = INCIDENT_TIME_NONE;
  add (&self->offers, offer_free, reading->offer);
}

static gboolean
read_offer (Reading    *reading,
            const char *name,
            const char *value)
{
  if (g_str_equal (name, "offered-role"))
    begin_offer (reading, value);
  else if (g_str_equal (name, "declined-role"))
    incident_dossier_end_offer (ensure (reading), value);
  else if (reading->offer == NULL)
    return FALSE;
  else if (g_str_equal (name, "offered-to"))
    reading->offer->person = g_strdup (value);
  else if (g_str_equal (name, "offered-until"))
    reading->offer->until = read_time (value);
  else
    return FALSE;

  return TRUE;
}

static void
remove_link (IncidentDossier *self,
             const char      *kind,
             const char      *to)
{
  for (guint i = 0; self->links != NULL && i < self->links->len; i++)
    {
      IncidentLinkEntry *link = g_ptr_array_index (self->links, i);

      if (g_str_equal (link->kind, kind) && g_strcmp0 (link->to, to) == 0)
        {
          g_ptr_array_remove_index (self->links, i);
          return;
        }
    }
}

static gboolean
read_link (Reading    *reading,
           const char *name,
           const char *value)
{
  if (g_str_equal (name, "link"))
    {
      reading->link = g_new0 (IncidentLinkEntry, 1);
      reading->link->kind = g_strdup (value);
      add (&ensure (reading)->links, link_free, reading->link);
    }
  else if (g_str_equal (name, "linked-to") && reading->link != NULL)
    reading->link->to = g_strdup (value);
  else if (g_str_equal (name, "unlink"))
    {
      const char *blank = strchr (value, ' ');
      g_autofree char *kind = g_strndup (value, blank != NULL ? (gsize) (blank - value) : strlen (value));

      remove_link (ensure (reading), kind, blank != NULL ? blank + 1 : NULL);
    }
  else
    return FALSE;

  return TRUE;
}

static gboolean
read_reminder (Reading    *reading,
               const char *name,
               const char *value)
{
  gboolean dismisses = g_str_equal (name, "dismissed");
  IncidentReminded *reminded;

  if (!dismisses && !g_str_equal (name, "reminded"))
    return FALSE;

  reminded = incident_dossier_get_reminded (ensure (reading), value);
  if (reminded == NULL)
    {
      reminded = g_new0 (IncidentReminded, 1);
      reminded->kind = g_strdup (value);
      add (&(*reading->dossier)->reminded, reminded_free, reminded);
    }
  reminded->dismissed = dismisses;
  reminded->last = reading->occurred_at;
  reminded->count += dismisses ? 0 : 1;
  return TRUE;
}

static gboolean
read_hypothesis (Reading    *reading,
                 const char *name,
                 const char *value)
{
  IncidentDossier *self;
  GQuark state = 0;

  if (g_str_equal (name, "hypothesis"))
    {
      self = ensure (reading);
      if (self->hypotheses == NULL)
        self->hypotheses = g_array_new (FALSE, FALSE, sizeof (GQuark));
      reading->hypothesis = (guint) g_ascii_strtoull (value, NULL, 10);
      if (reading->hypothesis == self->hypotheses->len + 1)
        g_array_append_val (self->hypotheses, state);
      return TRUE;
    }
  if (!g_str_equal (name, "hypothesis-state"))
    return FALSE;

  self = ensure (reading);
  if (self->hypotheses != NULL && reading->hypothesis >= 1 && reading->hypothesis <= self->hypotheses->len)
    g_array_index (self->hypotheses, GQuark, reading->hypothesis - 1) = g_quark_from_string (value);
  return TRUE;
}

static int
find_acknowledgement (const IncidentDossier *self,
                      const char            *person)
{
  for (guint i = 0; self != NULL && self->acknowledged != NULL && i < self->acknowledged->len; i++)
    if (g_str_equal (g_ptr_array_index (self->acknowledged, i), person))
      return (int) i;

  return -1;
}

static void
add_acknowledgement (Reading    *reading,
                     const char *person)
{
  IncidentDossier *self = ensure (reading);
  const IncidentWorked worked = { reading->occurred_at, reading->seq };
  int position = find_acknowledgement (self, person);

  if (position >= 0)
    {
      g_array_index (self->worked, IncidentWorked, position).seq = reading->seq;
      return;
    }

  add_string (&self->acknowledged, person);
  if (self->worked == NULL)
    self->worked = g_array_new (FALSE, FALSE, sizeof worked);
  g_array_append_val (self->worked, worked);
}

static void
remove_acknowledgement (IncidentDossier *self,
                        const char      *person)
{
  int position = find_acknowledgement (self, person);

  if (position < 0)
    return;

  g_ptr_array_remove_index (self->acknowledged, (guint) position);
  g_array_remove_index (self->worked, (guint) position);
}

static void
add_asked (Reading    *reading,
           const char *target,
           gboolean    escalates)
{
  IncidentAsked *asked = g_new0 (IncidentAsked, 1);

  asked->seq = reading->seq;
  asked->target = g_strdup (target);
  asked->escalates = escalates;
  ensure (reading)->asked_at = reading->seq;
  add (&ensure (reading)->asked, asked_free, asked);
}

static void
remove_asked (IncidentDossier *self,
              guint            seq)
{
  for (guint i = 0; self->asked != NULL && i < self->asked->len; i++)
    if (((IncidentAsked *) g_ptr_array_index (self->asked, i))->seq == seq)
      {
        g_ptr_array_remove_index (self->asked, i);
        return;
      }
}

static gboolean
read_call (Reading    *reading,
           const char *name,
           const char *value)
{
  if (g_str_equal (name, "acknowledged-by"))
    add_acknowledgement (reading, value);
  else if (g_str_equal (name, "unacknowledged"))
    remove_acknowledgement (ensure (reading), value);
  else if (g_str_equal (name, "escalates-to") || g_str_equal (name, "page-target"))
    add_asked (reading, value, g_str_equal (name, "escalates-to"));
  else if (g_str_equal (name, "answers"))
    remove_asked (ensure (reading), (guint) g_ascii_strtoull (value, NULL, 10));
  else if (g_str_equal (name, "run"))
    reading->is_of_run = TRUE;
  else if ((g_str_equal (name, "policy") && !reading->is_of_run) || g_str_equal (name, "also-policy"))
    add_string (&ensure (reading)->policies, value);
  else if (g_str_equal (name, "snoozed-until"))
    ensure (reading)->snoozed_until = read_time (value);
  else if (g_str_equal (name, "moves-runs"))
    ensure (reading)->moved = reading->seq;
  else
    return FALSE;

  return TRUE;
}

static void
read_other (Reading    *reading,
            const char *name,
            const char *value)
{
  if (g_str_equal (name, "affects"))
    add_string (&ensure (reading)->services, value);
  else if (g_str_equal (name, "checklist"))
    add_string (&ensure (reading)->checklists, value);
  else if (g_str_equal (name, "filed"))
    add_string (&ensure (reading)->filed, value);
  else if (g_str_equal (name, "redacts"))
    add_string (&ensure (reading)->redacted, value);
  else if (g_str_equal (name, "decision"))
    ensure (reading)->n_decisions++;
  else if (g_str_equal (name, "update"))
    {
      ensure (reading)->updated_at = reading->occurred_at;
      add_string (&(*reading->dossier)->told, value);
      (*reading->dossier)->next_update = INCIDENT_TIME_NONE;
      forget_reminders (*reading->dossier, "update");
    }
  else if (g_str_equal (name, "next-update"))
    ensure (reading)->next_update = read_time (value);
  else if (g_str_equal (name, "merged-into"))
    {
      g_free (ensure (reading)->merged_into);
      (*reading->dossier)->merged_into = g_strdup (value);
    }
  else if (g_str_equal (name, "by"))
    {
      reading->is_automatic = TRUE;
      if (reading->seq == 1)
        ensure (reading)->opened_by = g_strdup (reading->actor);
    }
}

void
incident_dossier_apply (IncidentDossier **self,
                        const char       *facts,
                        guint             seq,
                        const char       *actor,
                        gint64            occurred_at)
{
  Reading reading = { .dossier = self, .seq = seq, .actor = actor, .occurred_at = occurred_at };
  const char *cursor = facts, *name_start, *value_start;
  gsize name_length, value_length;

  while (incident_facts_next (&cursor, &name_start, &name_length, &value_start, &value_length))
    {
      g_autofree char *name = g_strndup (name_start, name_length);
      g_autofree char *value = g_strndup (value_start, value_length);

      if (!read_task (&reading, name, value) && !read_offer (&reading, name, value)
          && !read_link (&reading, name, value) && !read_reminder (&reading, name, value)
          && !read_hypothesis (&reading, name, value) && !read_call (&reading, name, value))
        read_other (&reading, name, value);
    }
}

void
incident_dossier_begin_episode (IncidentDossier *self)
{
  g_clear_pointer (&self->acknowledged, g_ptr_array_unref);
  g_clear_pointer (&self->worked, g_array_unref);
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  self->snoozed_until = INCIDENT_TIME_NONE;
  g_clear_pointer (&self->reminded, g_ptr_array_unref);
  g_clear_pointer (&self->filed, g_ptr_array_unref);
  self->updated_at = INCIDENT_TIME_NONE;
  self->next_update = INCIDENT_TIME_NONE;
}

void
incident_dossier_enter_phase (IncidentDossier *self)
{
  for (guint i = self->reminded != NULL ? self->reminded->len : 0; i-- > 0;)
    if (g_str_has_prefix (((IncidentReminded *) g_ptr_array_index (self->reminded, i))->kind, "stuck"))
      g_ptr_array_remove_index (self->reminded, i);
}

const IncidentWorked *
incident_dossier_find_worked (const IncidentDossier *self,
                              const char            *person)
{
  int position = find_acknowledgement (self, person);

  return position >= 0 ? &g_array_index (self->worked, IncidentWorked, position) : NULL;
}

guint
incident_dossier_get_acked (const IncidentDossier *self,
                            const char            *person)
{
  guint last = 0;

  for (guint i = 0; self != NULL && self->acknowledged != NULL && i < self->acknowledged->len; i++)
    if (person == NULL || g_str_equal (g_ptr_array_index (self->acknowledged, i), person))
      last = MAX (last, g_array_index (self->worked, IncidentWorked, i).seq);

  return last;
}

void
incident_dossier_note_work (IncidentDossier *self,
                            const char      *person,
                            gint64           at)
{
  int position = find_acknowledgement (self, person);
  IncidentWorked *worked = position >= 0 ? &g_array_index (self->worked, IncidentWorked, position) : NULL;

  if (worked != NULL)
    worked->at = MAX (worked->at, at);
}

void
incident_dossier_end_offer (IncidentDossier *self,
                            const char      *role)
{
  IncidentOffer *offer = incident_dossier_get_offer (self, role);

  if (offer != NULL)
    g_ptr_array_remove (self->offers, offer);
}

guint
incident_dossier_count_tasks (const IncidentDossier *self)
{
  return self != NULL && self->tasks != NULL ? self->tasks->len : 0;
}

IncidentTaskEntry *
incident_dossier_get_task (const IncidentDossier *self,
                           guint                  number)
{
  if (number < 1 || number > incident_dossier_count_tasks (self))
    return NULL;

  return g_ptr_array_index (self->tasks, number - 1);
}

guint
incident_dossier_count_must_do (const IncidentDossier *self)
{
  guint n = 0;

  for (guint i = 1; i <= incident_dossier_count_tasks (self); i++)
    {
      const IncidentTaskEntry *task = incident_dossier_get_task (self, i);

      n += task->must_do && incident_task_is_to_do (task) ? 1 : 0;
    }
  return n;
}

IncidentOffer *
incident_dossier_get_offer (const IncidentDossier *self,
                            const char            *role)
{
  for (guint i = 0; self != NULL && self->offers != NULL && i < self->offers->len; i++)
    {
      IncidentOffer *offer = g_ptr_array_index (self->offers, i);

      if (g_str_equal (offer->role, role))
        return offer;
    }

  return NULL;
}

gboolean
incident_dossier_has_link (const IncidentDossier *self,
                           const char            *kind,
                           const char            *to)
{
  for (guint i = 0; self != NULL && self->links != NULL && i < self->links->len; i++)
    {
      const IncidentLinkEntry *link = g_ptr_array_index (self->links, i);

      if (g_str_equal (link->kind, kind) && g_strcmp0 (link->to, to) == 0)
        return TRUE;
    }

  return FALSE;
}

IncidentReminded *
incident_dossier_get_reminded (const IncidentDossier *self,
                               const char            *kind)
{
  for (guint i = 0; self != NULL && self->reminded != NULL && i < self->reminded->len; i++)
    {
      IncidentReminded *reminded = g_ptr_array_index (self->reminded, i);

      if (g_str_equal (reminded->kind, kind))
        return reminded;
    }

  return NULL;
}
