/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-run-private.h"

#include <libincident/incident-time.h>

#include <string.h>

#include "model/incident-record-private.h"

static const char * const states[] = { "running", "acked", "paused", "exhausted", "ended" };

const char *
incident_run_state_to_string (IncidentRunState state)
{
  return states[state];
}

gboolean
incident_run_is_over (const IncidentRun *self)
{
  return self->state >= INCIDENT_RUN_EXHAUSTED;
}

void
incident_run_free (IncidentRun *self)
{
  while (self != NULL)
    {
      IncidentRun *next = self->next;

      g_clear_pointer (&self->paged, g_ptr_array_unref);
      g_clear_pointer (&self->reached, g_ptr_array_unref);
      g_clear_pointer (&self->failed, g_ptr_array_unref);
      g_clear_pointer (&self->acked_by, g_ptr_array_unref);
      g_free (self);
      self = next;
    }
}

static GPtrArray *
copy_names (const GPtrArray *names)
{
  return names != NULL ? g_ptr_array_copy ((GPtrArray *) names, NULL, NULL) : NULL;
}

IncidentRun *
incident_run_copy (const IncidentRun *self)
{
  IncidentRun *first = NULL;

  for (IncidentRun **last = &first; self != NULL; self = self->next, last = &(*last)->next)
    {
      *last = g_memdup2 (self, sizeof *self);
      (*last)->paged = copy_names (self->paged);
      (*last)->reached = copy_names (self->reached);
      (*last)->failed = copy_names (self->failed);
      (*last)->acked_by = copy_names (self->acked_by);
    }

  return first;
}

IncidentRun *
incident_run_find (IncidentRun *runs,
                   guint        number)
{
  while (runs != NULL && runs->number != number)
    runs = runs->next;

  return runs;
}

IncidentRun *
incident_run_find_current (IncidentRun *runs,
                           guint        episode)
{
  while (runs != NULL && (runs->episode != episode || incident_run_is_over (runs)))
    runs = runs->next;

  return runs;
}

gboolean
incident_run_has_failed (const IncidentRun *self)
{
  guint n = 0;

  if (!self->has_fired || self->paged == NULL || self->failed == NULL)
    return FALSE;

  for (guint i = 0; i < self->paged->len; i++)
    n += incident_names_contain (self->failed, g_ptr_array_index (self->paged, i)) ? 1 : 0;
  return n == self->paged->len;
}

gboolean
incident_names_contain (const GPtrArray *names,
                        const char      *interned)
{
  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_ptr_array_index (names, i) == interned)
      return TRUE;

  return FALSE;
}

void
incident_names_add (GPtrArray  **names,
                    const char  *interned)
{
  if (incident_names_contain (*names, interned))
    return;

  if (*names == NULL)
    *names = g_ptr_array_sized_new (2);
  g_ptr_array_add (*names, (gpointer) interned);
}

gboolean
incident_run_has_paged (const IncidentRun *self,
                        const char        *person)
{
  return incident_names_contain (self->reached, g_intern_string (person));
}

/* Reading, once an event */

static const char *
intern (const char *value,
        gsize       length)
{
  g_autofree char *copy = g_strndup (value, length);

  return g_intern_string (copy);
}

static int
read_number (const char *value)
{
  return (int) MIN (g_ascii_strtoull (value, NULL, 10), G_MAXUINT16);
}

static int
read_state (const char *value,
            gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (strlen (states[i]) == length && strncmp (states[i], value, length) == 0)
      return (int) i;

  return -1;
}

static gint64
read_time (const char *value,
           gsize       length)
{
  g_autofree char *copy = g_strndup (value, length);
  gint64 time = INCIDENT_TIME_NONE;

  incident_time_from_string (copy, &time, NULL);
  return time;
}

/* “1a2b3c4d/123456789” */
static void
read_boot (IncidentRunEffect *self,
           const char        *value)
{
  char *end;

  self->boot = (guint32) g_ascii_strtoull (value, &end, 16);
  self->due_boot = *end == '/' ? (gint64) g_ascii_strtoull (end + 1, NULL, 10) : INCIDENT_TIME_NONE;
  if (self->due_boot == INCIDENT_TIME_NONE)
    self->boot = 0;
}

static gboolean
is (const char *name,
    gsize       length,
    const char *word)
{
  return strncmp (name, word, length) == 0 && word[length] == '\0';
}

static gboolean
read_place (IncidentRunEffect *self,
            const char        *name,
            gsize              length,
            const char        *value)
{
  if (is (name, length, "step"))
    self->step = MAX (read_number (value), 1) - 1;
  else if (is (name, length, "loop"))
    self->loop = read_number (value);
  else if (is (name, length, "arming"))
    self->arming = read_number (value);
  else if (is (name, length, "fired"))
    self->fires = TRUE;
  else if (is (name, length, "run-failures"))
    self->failures = read_number (value);
  else
    return FALSE;

  return TRUE;
}

gboolean
incident_run_effect_read (IncidentRunEffect *self,
                          const char        *name,
                          gsize              length,
                          const char        *value,
                          gsize              value_length)
{
  if (self->number == 0 || read_place (self, name, length, value))
    return self->number != 0;
  if (is (name, length, "run-due"))
    {
      self->says_due = TRUE;
      self->due = read_time (value, value_length);
    }
  else if (is (name, length, "run-boot"))
    read_boot (self, value);
  else if (is (name, length, "run-state"))
    self->state = read_state (value, value_length);
  else if (is (name, length, "run-why"))
    self->why = intern (value, value_length);
  else if (is (name, length, "policy"))
    self->policy = intern (value, value_length);
  else if (is (name, length, "policy-version"))
    self->version = intern (value, value_length);
  else if (is (name, length, "paged") || is (name, length, "reached") || is (name, length, "acked-by") || is (name, length, "page-failed"))
    self->people = self->people != NULL ? self->people : name;
  else
    return FALSE;

  return TRUE;
}

/* Applying, once a case */

static IncidentRun *
add_run (IncidentRun             **runs,
         const IncidentRunEffect  *effect,
         guint                     episode,
         gint64                    occurred_at)
{
  IncidentRun *self = g_new0 (IncidentRun, 1);

  self->next = *runs;
  self->number = (guint16) effect->number;
  self->episode = (guint16) episode;
  self->policy = effect->policy;
  self->version = effect->version;
  self->is_empty = TRUE;
  self->started_at = occurred_at;
  self->due = INCIDENT_TIME_NONE;
  *runs = self;
  return self;
}

/* Whom a step has paged is forgotten with the step. */
static void
apply_place (IncidentRun             *self,
             const IncidentRunEffect *effect)
{
  guint step = effect->step >= 0 ? (guint) effect->step : self->step;
  guint loop = effect->loop >= 0 ? (guint) effect->loop : self->loop;
  guint arming = effect->arming >= 0 ? (guint) effect->arming : self->arming;

  if (step != self->step || loop != self->loop || arming != self->arming || effect->fires)
    {
      self->is_empty = self->is_empty && (!self->has_fired || incident_run_has_failed (self));
      g_clear_pointer (&self->paged, g_ptr_array_unref);
      g_clear_pointer (&self->failed, g_ptr_array_unref);
      self->has_fired = effect->fires;
      self->is_empty = self->is_empty || loop != self->loop;
    }
  self->step = (guint16) step;
  self->loop = (guint16) loop;
  self->arming = (guint16) arming;
}

static void
apply_people (IncidentRun *self,
              const char  *people)
{
  const char *cursor = people, *name, *value;
  gsize name_length, value_length;

  while (incident_facts_next (&cursor, &name, &name_length, &value, &value_length))
    if (is (name, name_length, "reached"))
      incident_names_add (&self->reached, intern (value, value_length));
    else if (is (name, name_length, "paged"))
      {
        const char *person = intern (value, value_length);

        incident_names_add (&self->paged, person);
        incident_names_add (&self->reached, person);
      }
    else if (is (name, name_length, "acked-by"))
      incident_names_add (&self->acked_by, intern (value, value_length));
    else if (is (name, name_length, "page-failed"))
      incident_names_add (&self->failed, intern (value, value_length));
}

void
incident_run_apply (IncidentRun             **runs,
                    const IncidentRunEffect  *effect,
                    guint                     seq,
                    guint                     episode,
                    gint64                    occurred_at)
{
  IncidentRun *self = incident_run_find (*runs, effect->number);

  /* Nothing goes on that never began. */
  if (self == NULL && effect->policy == NULL)
    return;
  if (self == NULL)
    self = add_run (runs, effect, episode, occurred_at);

  apply_place (self, effect);
  if (effect->version != NULL)
    self->version = effect->version;
  if (effect->state >= 0)
    {
      self->state = (guint8) effect->state;
      self->why = effect->why;
      self->frozen_at = effect->state == INCIDENT_RUN_ACKED ? occurred_at : self->frozen_at;
      g_clear_pointer (&self->acked_by, g_ptr_array_unref);
    }
  if (effect->says_due)
    {
      self->due = effect->due;
      self->due_boot = effect->due_boot;
      self->boot = effect->boot;
      self->failures = 0;
    }
  if (effect->failures >= 0)
    self->failures = (guint8) MIN (effect->failures, G_MAXUINT8);
  if (effect->people != NULL)
    apply_people (self, effect->people);
  /* The desk tells of pages that failed; all else the escalator, which has seen what was asked before. */
  if (effect->state >= 0 || effect->says_due || effect->fires)
    self->seq = seq;
}
