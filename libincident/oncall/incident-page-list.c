/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-page-private.h"

#include <string.h>

#include "base/incident-enum-private.h"
#include "base/incident-node-private.h"
#include "model/incident-effect-private.h"

/* Pages as the timeline tells of them. An event says what changes of a run: where it stands is known from those before. */

typedef struct
{
  const IncidentRecord *record;
  const IncidentRun    *run;      /* as it stands after the event; NULL: it is about none */
  IncidentNode         *payload;  /* NULL: withheld */
  GPtrArray            *pages;
} Reading;

static IncidentPage *
add_page (Reading            *self,
          IncidentPageReason  reason,
          const char         *person)
{
  IncidentPage *page = g_atomic_rc_box_new0 (IncidentPage);
  const char *policy = incident_node_get_string (self->payload, "policy");
  const char *version = incident_node_get_string (self->payload, "version");

  page->number = self->record->subject;
  page->event = self->record->seq;
  page->at = self->record->occurred_at;
  page->reason = reason;
  page->is_sent = incident_page_reason_is_sent (reason);
  page->person = g_strdup (person);
  page->step = g_strdup (incident_node_get_string (self->payload, "step"));
  page->policy = policy != NULL ? g_intern_string (policy) : NULL;
  page->version = version != NULL ? g_intern_string (version) : NULL;
  if (self->run != NULL)
    {
      page->run = self->run->number;
      page->loop = self->run->loop;
      page->arming = self->run->arming;
      page->policy = page->policy != NULL ? page->policy : self->run->policy;
      page->version = page->version != NULL ? page->version : self->run->version;
    }
  g_ptr_array_add (self->pages, page);
  return page;
}

static void
read_list (Reading    *self,
           const char *name,
           gboolean    is_sent)
{
  IncidentNode *list = incident_node_get_member (self->payload, name);

  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);
      const char *reason = incident_node_get_string (node, "reason");
      IncidentPage *page;
      int value;

      /* A later version of the library may know more of them. */
      if (reason == NULL || !incident_enum_from_nick (INCIDENT_TYPE_PAGE_REASON, "reason", reason, &value, NULL)
          || incident_page_reason_is_sent ((IncidentPageReason) value) != is_sent)
        continue;
      page = add_page (self, (IncidentPageReason) value, incident_node_get_string (node, "person"));
      page->target = g_strdup (incident_node_get_string (node, "target"));
      page->detail = g_strdup (incident_node_get_string (node, "detail"));
    }
}

/* What is withheld of an event is not in its facts. */
static void
read_facts (Reading *self)
{
  const char *cursor = self->record->facts, *name, *value;
  gsize name_length, value_length;

  while (incident_facts_next (&cursor, &name, &name_length, &value, &value_length))
    if (name_length == strlen ("paged") && strncmp (name, "paged", name_length) == 0)
      {
        g_autofree char *person = g_strndup (value, value_length);

        add_page (self, INCIDENT_PAGE_REASON_STEP, person);
      }
}

static void
read_failure (Reading *self)
{
  g_autofree char *person = incident_facts_dup (self->record->facts, "page-failed");
  IncidentNode *methods = incident_node_get_member (self->payload, "methods");
  g_autoptr(GString) detail = g_string_new (NULL);
  const char *target;
  IncidentPage *page;

  for (guint i = 0; i < incident_node_get_length (methods); i++)
    {
      IncidentNode *method = incident_node_get_child (methods, i);

      if (method->type == INCIDENT_JSON_STRING)
        g_string_append_printf (detail, "%s%s", detail->len > 0 ? "; " : "", method->value.string);
    }
  target = incident_node_get_string (self->payload, "target");
  page = add_page (self, INCIDENT_PAGE_REASON_FAILED, target == NULL ? person : NULL);
  page->target = g_strdup (target);
  page->detail = detail->len > 0 ? g_strdup (detail->str) : NULL;
}

static void
read_record (Reading *self)
{
  const char *payload = self->record->payload;
  g_autoptr(IncidentTree) tree = payload != NULL ? incident_tree_new (payload, strlen (payload), NULL, NULL) : NULL;

  self->payload = tree != NULL ? incident_tree_get_root (tree) : NULL;
  if (g_str_equal (self->record->kind, "page-failed"))
    read_failure (self);
  else if (self->payload == NULL)
    read_facts (self);
  else
    {
      read_list (self, "pages", TRUE);
      read_list (self, "not-paged", FALSE);
    }
}

/* Events of others may have such members, too. */
static gboolean
tells_of_pages (const IncidentRecord *record)
{
  static const char * const kinds[] = {
    "escalation-started", "step-fired", "step-skipped", "step-held", "escalation-acknowledged", "escalation-rearmed",
    "escalation-paused", "escalation-exhausted", "escalation-ended", "escalation-moved", "person-paged", "fallback-paged",
    "page-failed", NULL
  };

  return g_strv_contains (kinds, record->kind);
}

GPtrArray *
incident_page_list (IncidentTimeline *timeline)
{
  Reading reading = { .pages = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_page_unref) };
  IncidentRun *runs = NULL;

  for (guint seq = 1; (reading.record = incident_timeline_find (timeline, seq)) != NULL; seq++)
    {
      IncidentEffect effect;

      if (!tells_of_pages (reading.record))
        continue;
      incident_effect_read (&effect, reading.record->facts);
      if (effect.run.number > 0)
        incident_run_apply (&runs, &effect.run, seq, 0, reading.record->occurred_at);
      reading.run = effect.run.number > 0 ? incident_run_find (runs, effect.run.number) : NULL;
      read_record (&reading);
    }

  incident_run_free (runs);
  return reading.pages;
}
