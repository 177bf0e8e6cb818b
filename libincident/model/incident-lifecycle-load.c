/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-lifecycle-private.h"

#include <string.h>

#include "base/incident-json-reader-private.h"
#include "base/incident-text-private.h"

/* The phases are read first, wherever they stand, since the verbs name them:
 * so the document is walked twice. */

typedef void (*ReadSection) (IncidentJsonReader *reader,
                             IncidentLifecycle  *self);

static const char *
read_id (IncidentJsonReader *reader)
{
  const char *id = incident_json_reader_read_string (reader);

  if (id == NULL)
    return NULL;
  if (!incident_text_is_id (id))
    {
      incident_json_reader_fail (reader, "must be a name of a–z, 0–9 and dashes, at most 64 characters long");
      return NULL;
    }

  return g_intern_string (id);
}

static IncidentStatus
read_status (IncidentJsonReader *reader)
{
  const char *status = incident_json_reader_read_string (reader);

  for (int i = INCIDENT_STATUS_LIVE; status != NULL && i <= INCIDENT_STATUS_ENDED; i++)
    if (g_str_equal (status, incident_status_to_string ((IncidentStatus) i)))
      return (IncidentStatus) i;

  if (status != NULL)
    incident_json_reader_fail (reader, "must be “live”, “open” or “ended”");
  return INCIDENT_STATUS_LIVE;
}

/* Members that begin with “x-” belong to who wrote them. */
static void
skip_unknown (IncidentJsonReader *reader,
              const char         *name,
              const char         *known)
{
  if (g_str_has_prefix (name, "x-"))
    incident_json_reader_skip (reader);
  else
    incident_json_reader_fail (reader, "is unknown here: there are %s", known);
}

static void
read_phase (IncidentJsonReader *reader,
            IncidentLifecycle  *self)
{
  IncidentPhase phase = { NULL, INCIDENT_STATUS_LIVE };
  gboolean has_status = FALSE;
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    {
      if (g_str_equal (name, "name"))
        {
          phase.name = read_id (reader);
          if (phase.name != NULL && incident_lifecycle_find_phase (self, phase.name) >= 0)
            incident_json_reader_fail (reader, "stands twice: there is a phase “%s” already", phase.name);
        }
      else if (g_str_equal (name, "state"))
        {
          phase.status = read_status (reader);
          has_status = TRUE;
        }
      else
        skip_unknown (reader, name, "“name” and “state”");
    }

  if (!incident_json_reader_failed (reader) && (phase.name == NULL || !has_status))
    incident_json_reader_fail (reader, "must have the members “name” and “state”");
  if (!incident_json_reader_failed (reader))
    g_array_append_val (self->phases, phase);
}

static void
read_phases (IncidentJsonReader *reader,
             IncidentLifecycle  *self)
{
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    {
      read_phase (reader, self);
      if (self->phases->len > INCIDENT_MAX_PHASES)
        incident_json_reader_fail (reader, "is one too many: there can be %d phases", INCIDENT_MAX_PHASES);
    }
}

static int
read_phase_name (IncidentJsonReader *reader,
                 IncidentLifecycle  *self)
{
  const char *name = incident_json_reader_read_string (reader);
  int index;

  if (name == NULL)
    return -1;

  index = incident_lifecycle_find_phase (self, name);
  if (index < 0)
    incident_json_reader_fail (reader, "must be one of the phases; there is none of this name");
  return index;
}

static guint64
read_from (IncidentJsonReader *reader,
           IncidentLifecycle  *self)
{
  guint64 from = 0;

  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    {
      int index = read_phase_name (reader, self);

      if (index >= 0)
        from |= G_GUINT64_CONSTANT (1) << index;
    }

  return from;
}

static guint
read_guards (IncidentJsonReader *reader)
{
  guint guards = 0;

  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    {
      const char *name = incident_json_reader_read_string (reader);
      IncidentGuard guard;

      if (name == NULL)
        continue;
      if (incident_guard_find (name, &guard))
        guards |= 1u << guard;
      else
        incident_json_reader_fail (reader, "must be the name of a guard; there is none of this name");
    }

  return guards;
}

static int
read_to (IncidentJsonReader *reader,
         IncidentLifecycle  *self)
{
  if (incident_json_reader_peek (reader) == INCIDENT_JSON_NULL)
    {
      incident_json_reader_read_null (reader);
      return -1;
    }

  return read_phase_name (reader, self);
}

typedef struct
{
  gboolean from;
  gboolean to;
} Given;

static void
read_transition_member (IncidentJsonReader *reader,
                        IncidentLifecycle  *self,
                        const char         *name,
                        IncidentTransition *transition,
                        Given              *given)
{
  if (g_str_equal (name, "verb"))
    transition->verb = read_id (reader);
  else if (g_str_equal (name, "event"))
    transition->event = read_id (reader);
  else if (g_str_equal (name, "from"))
    {
      transition->from = read_from (reader, self);
      given->from = TRUE;
    }
  else if (g_str_equal (name, "to"))
    {
      transition->to = read_to (reader, self);
      given->to = TRUE;
    }
  else if (g_str_equal (name, "guards"))
    transition->guards = read_guards (reader);
  else if (g_str_equal (name, "episode"))
    incident_json_reader_read_boolean (reader, &transition->episode);
  else
    skip_unknown (reader, name, "“verb”, “event”, “from”, “to”, “guards” and “episode”");
}

/* The guards that look at the case need one. */
#define GUARDS_WITHOUT_CASE (1u << INCIDENT_GUARD_TITLE | 1u << INCIDENT_GUARD_TEXT | 1u << INCIDENT_GUARD_CLASSIFICATION)

static void
check_transition (IncidentJsonReader       *reader,
                  IncidentLifecycle        *self,
                  const IncidentTransition *transition,
                  const Given              *given)
{
  if (transition->verb == NULL || transition->event == NULL || !given->from || !given->to)
    {
      incident_json_reader_fail (reader, "must have the members “verb”, “event”, “from” and “to”");
      return;
    }
  if (transition->from == 0 && transition->to < 0)
    incident_json_reader_fail (reader, "leads from nowhere to nowhere: name a phase in “from” or in “to”");
  else if (transition->from == 0 && (transition->guards & ~GUARDS_WITHOUT_CASE) != 0)
    incident_json_reader_fail (reader, "opens a case, so a guard that looks at the case can never hold");
  else if (transition->episode && (transition->from == 0 || transition->to < 0))
    incident_json_reader_fail (reader, "begins an episode, so it must lead from a phase to a phase");

  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *other = incident_lifecycle_transition (self, i);

      if (transition->from == 0 && other->from == 0)
        incident_json_reader_fail (reader, "is ambiguous: “%s” opens a case already", other->verb);
      else if (other->verb == transition->verb
               && ((other->from & transition->from) != 0 || (other->from == 0) != (transition->from == 0)))
        incident_json_reader_fail (reader, "is ambiguous: “%s” leads from one of these phases already", other->verb);
    }
}

static void
read_transitions (IncidentJsonReader *reader,
                  IncidentLifecycle  *self)
{
  incident_json_reader_enter_array (reader);
  while (incident_json_reader_next_element (reader))
    {
      IncidentTransition transition = { .to = -1 };
      Given given = { FALSE, FALSE };
      const char *name;

      incident_json_reader_enter_object (reader);
      while (incident_json_reader_next_member (reader, &name))
        read_transition_member (reader, self, name, &transition, &given);
      if (!incident_json_reader_failed (reader))
        check_transition (reader, self, &transition, &given);
      if (!incident_json_reader_failed (reader))
        g_array_append_val (self->transitions, transition);
    }
}

static gboolean
read_section (IncidentLifecycle  *self,
              const char         *json,
              gsize               length,
              const char         *source,
              const char         *section,
              ReadSection         read,
              GError            **error)
{
  g_autoptr(IncidentJsonReader) reader = incident_json_reader_new (json, length, source, NULL);
  gboolean found = FALSE;
  const char *name;

  incident_json_reader_enter_object (reader);
  while (incident_json_reader_next_member (reader, &name))
    {
      if (g_str_equal (name, section))
        {
          found = TRUE;
          read (reader, self);
        }
      else if (g_str_equal (name, "phases") || g_str_equal (name, "verbs"))
        incident_json_reader_skip (reader);
      else
        skip_unknown (reader, name, "“phases” and “verbs”");
    }
  if (!incident_json_reader_failed (reader) && !found)
    incident_json_reader_fail (reader, "must have the member “%s”", section);

  return incident_json_reader_finish (reader, error);
}

/* Every phase that some path leads to, when @seeds are reached. */
static guint64
spread (IncidentLifecycle *self,
        guint64            seeds,
        gboolean           backwards)
{
  guint64 reached = seeds, before;

  do
    {
      before = reached;
      for (guint i = 0; i < self->transitions->len; i++)
        {
          const IncidentTransition *transition = incident_lifecycle_transition (self, i);
          guint64 to = transition->to >= 0 ? G_GUINT64_CONSTANT (1) << transition->to : 0;

          if (backwards && (to & reached) != 0)
            reached |= transition->from;
          else if (!backwards && (transition->from & reached) != 0)
            reached |= to;
        }
    }
  while (reached != before);

  return reached;
}

static guint64
find_opened (IncidentLifecycle *self)
{
  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *transition = incident_lifecycle_transition (self, i);

      if (transition->from == 0)
        return G_GUINT64_CONSTANT (1) << transition->to;
    }

  return 0;
}

static guint64
find_ended (IncidentLifecycle *self)
{
  guint64 ended = 0;

  for (guint i = 0; i < self->phases->len; i++)
    if (incident_lifecycle_phase (self, i)->status == INCIDENT_STATUS_ENDED)
      ended |= G_GUINT64_CONSTANT (1) << i;

  return ended;
}

/* Is the graph as a whole sound? Walked with a reader, for the places. */
static void
check_phases (IncidentJsonReader *reader,
              IncidentLifecycle  *self)
{
  guint64 reached = spread (self, find_opened (self), FALSE);
  guint64 can_end = spread (self, find_ended (self), TRUE);

  incident_json_reader_enter_array (reader);
  for (guint i = 0; incident_json_reader_next_element (reader); i++)
    {
      incident_json_reader_skip (reader);
      if ((reached >> i & 1) == 0)
        incident_json_reader_fail (reader, "is a phase that no path of verbs leads to");
      else if ((can_end >> i & 1) == 0)
        incident_json_reader_fail (reader, "is a phase from which a case can never end");
    }
}

static void
check_verbs (IncidentJsonReader *reader,
             IncidentLifecycle  *self)
{
  incident_json_reader_skip (reader);
  if (find_opened (self) == 0)
    incident_json_reader_fail (reader, "must have one verb that opens a case: one whose “from” is empty");
}

/**
 * incident_lifecycle_new_from_json:
 * @json: (array length=length) (element-type guint8): a JSON object with the members `phases` and `verbs`, as
 *   [method@Lifecycle.to_json] writes it
 * @length: the length of @json in bytes, or -1 if it ends with a NUL
 * @source: (nullable): what to call the document in messages, such as its file
 *   name
 * @error: return location for an error
 *
 * Reads a lifecycle and checks it: names are known, every phase can be reached
 * and can end, and no verb is ambiguous.
 *
 * Returns: (transfer full): a new lifecycle, or %NULL with @error set to
 *   %INCIDENT_ERROR_INVALID, whose message names line, column and JSON pointer
 *
 * Since: 0.1
 */
IncidentLifecycle *
incident_lifecycle_new_from_json (const char  *json,
                                  gssize       length,
                                  const char  *source,
                                  GError     **error)
{
  g_autoptr(IncidentLifecycle) self = NULL;
  gsize size;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (length >= -1, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  size = length < 0 ? strlen (json) : (gsize) length;
  self = incident_lifecycle_new ();
  if (!read_section (self, json, size, source, "phases", read_phases, error)
      || !read_section (self, json, size, source, "verbs", read_transitions, error)
      || !read_section (self, json, size, source, "verbs", check_verbs, error)
      || !read_section (self, json, size, source, "phases", check_phases, error))
    return NULL;

  return g_steal_pointer (&self);
}
