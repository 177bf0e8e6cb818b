/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "comms/incident-rendering-private.h"

#include <libincident/incident-assignment.h>
#include <libincident/incident-case.h>
#include <libincident/incident-time.h>

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "base/incident-node-private.h"
#include "base/incident-text-private.h"

#define MOST_ROOM_NAME 80

static IncidentRecord *
find_cause (const IncidentRendering *self,
            const IncidentMessage   *message)
{
  guint seq = message->row->seq;

  return self->kase != NULL && seq > 0 && seq <= incident_case_get_version (self->kase)
         ? incident_timeline_get_record (incident_case_peek_timeline (self->kase), seq - 1) : NULL;
}

static void
take_text (IncidentMessage *message,
           char            *text)
{
  g_free (message->text);
  message->text = text;
}

/* A name in lower case, with dashes for all that a room's name cannot have. */
static void
append_slug (GString    *name,
             const char *text)
{
  g_autofree char *ascii = g_str_to_ascii (text, "C");

  for (const char *at = ascii; *at != '\0'; at++)
    if (g_ascii_isalnum (*at))
      g_string_append_c (name, g_ascii_tolower (*at));
    else if (name->len > 0 && name->str[name->len - 1] != '-')
      g_string_append_c (name, '-');
}

static void
append_part (const IncidentRendering *self,
             GString                 *name,
             const char              *part,
             gsize                    length)
{
  const char *service = incident_case_get_service (self->kase);

  if (strncmp (part, "number", length) == 0)
    g_string_append_printf (name, "%" G_GUINT64_FORMAT, incident_case_get_number (self->kase));
  else if (strncmp (part, "title", length) == 0)
    append_slug (name, incident_case_get_title (self->kase));
  else if (strncmp (part, "severity", length) == 0)
    append_slug (name, incident_severity_to_string (incident_case_get_severity (self->kase)));
  else if (strncmp (part, "service", length) == 0 && service != NULL)
    append_slug (name, service);
}

static char *
make_room_name (const IncidentRendering *self)
{
  const char *at = self->channel->room_name != NULL ? self->channel->room_name : "inc-{number}-{title}";
  g_autoptr(GString) name = g_string_new (NULL);

  while (*at != '\0')
    {
      gsize plain = strcspn (at, "{");

      g_string_append_len (name, at, (gssize) plain);
      at += plain;
      if (*at == '{')
        {
          gsize length = strcspn (at + 1, "}");

          append_part (self, name, at + 1, length);
          at += length + 1 + (at[length + 1] == '}' ? 1 : 0);
        }
    }
  g_string_truncate (name, MIN (name->len, MOST_ROOM_NAME));
  while (name->len > 0 && name->str[name->len - 1] == '-')
    g_string_truncate (name, name->len - 1);
  return g_strdup (name->str);
}

static void
fill_room (const IncidentRendering *self,
           IncidentMessage         *message)
{
  g_autofree char *name = make_room_name (self);
  IncidentJsonWriter writer;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_object (&writer);
  incident_json_writer_member (&writer, "name", name);
  incident_json_writer_name (&writer, "private");
  incident_json_writer_boolean (&writer, self->channel->is_private);
  incident_json_writer_end_object (&writer);
  g_free (message->row->body);
  message->row->body = incident_json_writer_finish (&writer);
  take_text (message, g_steal_pointer (&name));
}

static void
fill_topic (const IncidentRendering *self,
            IncidentMessage         *message)
{
  const char *commander = incident_case_get_commander (self->kase);
  IncidentSeverity severity = incident_case_get_severity (self->kase);
  g_autoptr(GString) topic = g_string_new (NULL);

  if (severity != INCIDENT_SEVERITY_UNKNOWN)
    g_string_append_printf (topic, "%s · ", incident_severity_to_string (severity));
  g_string_append_printf (topic, "%s · ", incident_case_get_phase (self->kase));
  if (commander != NULL)
    g_string_append_printf (topic, "%s has command · ", commander);
  g_string_append (topic, incident_case_get_title (self->kase));
  incident_text_make_line (topic);
  take_text (message, g_strdup (topic->str));
}

/* People */

static void
add_person (const IncidentRendering *self,
            GHashTable              *ids,
            const char              *person)
{
  const IncidentContacts *contacts = g_hash_table_lookup (self->rules->comms->contacts, person);

  if (self->channel->dialect != INCIDENT_DIALECT_SLACK)
    g_hash_table_add (ids, g_strdup (person));
  else if (contacts != NULL && contacts->slack != NULL)
    {
      const char *slash = strrchr (contacts->slack, '/');

      g_hash_table_add (ids, g_strdup (slash != NULL ? slash + 1 : contacts->slack));
    }
}

static void
add_team (const IncidentRendering *self,
          GHashTable              *ids,
          const char              *team)
{
  GHashTableIter iter;
  gpointer data;

  if (self->rules->people == NULL)
    return;

  g_hash_table_iter_init (&iter, self->rules->people);
  while (g_hash_table_iter_next (&iter, NULL, &data))
    {
      const IncidentRulesPerson *person = data;

      if (incident_strings_contain (person->teams, team))
        add_person (self, ids, person->name);
    }
}

static void
add_owners (const IncidentRendering *self,
            GHashTable              *ids)
{
  const char *name = incident_case_get_service (self->kase);
  const IncidentRulesService *service = name != NULL && self->rules->services != NULL
                                        ? g_hash_table_lookup (self->rules->services, name) : NULL;

  if (service != NULL && service->owner != NULL)
    add_team (self, ids, service->owner);
}

static void
fill_invite (const IncidentRendering *self,
             IncidentMessage         *message)
{
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) assignments = incident_case_list_assignments (self->kase);
  g_autoptr(GList) sorted = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < assignments->len; i++)
    add_person (self, ids, incident_assignment_get_person (g_ptr_array_index (assignments, i)));
  for (guint i = 0; self->channel->invite_people != NULL && i < self->channel->invite_people->len; i++)
    add_person (self, ids, g_ptr_array_index (self->channel->invite_people, i));
  for (guint i = 0; self->channel->invite_teams != NULL && i < self->channel->invite_teams->len; i++)
    add_team (self, ids, g_ptr_array_index (self->channel->invite_teams, i));
  add_owners (self, ids);

  sorted = g_list_sort (g_hash_table_get_keys (ids), (GCompareFunc) strcmp);
  for (GList *at = sorted; at != NULL; at = at->next)
    g_strv_builder_add (builder, at->data);
  g_strfreev (message->recipients);
  message->recipients = g_strv_builder_end (builder);
  take_text (message, g_strjoinv (", ", message->recipients));
}

/* Words */

static void
fill_post (const IncidentRendering *self,
           IncidentMessage         *message,
           IncidentRecord          *cause)
{
  g_autoptr(GString) line = g_string_new (NULL);

  incident_record_write_summary (cause, line);
  take_text (message, g_strdup_printf ("%s: %s", cause->actor, line->str));
  message->occurred_at = cause->occurred_at;
  message->event_kind = g_strdup (cause->kind);
}

static gboolean
is_for_everybody (const IncidentRendering *self,
                  IncidentRecord          *cause)
{
  g_autofree char *name = g_str_equal (cause->kind, "update-given") ? incident_facts_dup (cause->facts, "update") : NULL;
  const IncidentAudience *audience = name != NULL ? incident_comms_rules_get_audience (self->rules->comms, name) : NULL;

  return audience != NULL && audience->is_public;
}

/* What is told of by name, “said” word by word: an update, a message. NULL, or why nothing is told. */
static const char *
fill_words (const IncidentRendering *self,
            IncidentMessage         *message,
            IncidentRecord          *cause)
{
  g_autofree char *text = incident_record_dup_string (cause, "text");
  gboolean is_public = is_for_everybody (self, cause);

  /* Who gave an update that was redacted since is not for everybody. */
  if (is_public && text == NULL)
    return "Its words were removed";

  fill_post (self, message, cause);
  if (text != NULL && (g_str_equal (cause->kind, "messaged") || g_str_equal (cause->kind, "update-given")))
    take_text (message, g_steal_pointer (&text));
  /* The title is for who works on the case; nobody approved it. */
  if (is_public)
    g_clear_pointer (&message->title, g_free);
  return NULL;
}

static void
fill_event (const IncidentRendering *self,
            IncidentMessage         *message,
            IncidentRecord          *cause)
{
  g_autoptr(IncidentEvent) event = incident_event_new (cause);

  fill_post (self, message, cause);
  message->event = incident_event_to_json (event);
}

static void
fill_bookmark (const IncidentRendering *self,
               IncidentMessage         *message)
{
  const IncidentCommsRules *comms = self->rules->comms;

  if (comms->address != NULL && comms->status_page.title != NULL)
    {
      message->url = g_strconcat (comms->address, "status", NULL);
      take_text (message, g_strdup (comms->status_page.title));
    }
  else
    {
      message->url = g_strdup (self->announced_at);
      take_text (message, g_strdup ("Announcement"));
    }
}

static void
fill_file (const IncidentRendering *self,
           IncidentMessage         *message)
{
  /* The report itself is for who can make reports. */
  message->file_name = g_strdup_printf ("%s.html", message->case_id);
  message->file_type = g_strdup ("text/html");
  take_text (message, g_strdup_printf ("Report of %s", message->case_id));
}

/* What was written when the row was. */
static void
fill_from_body (IncidentMessage *message)
{
  g_autoptr(IncidentTree) tree = incident_tree_new (message->row->body, strlen (message->row->body), NULL, NULL);
  IncidentNode *root = tree != NULL ? incident_tree_get_root (tree) : NULL;
  const char *text = incident_node_get_string (root, "text");

  if (text != NULL)
    take_text (message, g_strdup (text));
}

static const char *
fill (const IncidentRendering *self,
      IncidentMessage         *message)
{
  IncidentRecord *cause = find_cause (self, message);

  switch (message->row->kind)
    {
    case INCIDENT_MESSAGE_KIND_CARD:
    case INCIDENT_MESSAGE_KIND_ANNOUNCEMENT:
      incident_rendering_fill_card (self, message);
      break;
    case INCIDENT_MESSAGE_KIND_ROOM:
      fill_room (self, message);
      break;
    case INCIDENT_MESSAGE_KIND_TOPIC:
      fill_topic (self, message);
      break;
    case INCIDENT_MESSAGE_KIND_INVITE:
      fill_invite (self, message);
      return message->recipients[0] == NULL ? "Nobody is to be brought in" : NULL;
    case INCIDENT_MESSAGE_KIND_BOOKMARK:
      fill_bookmark (self, message);
      return message->url == NULL ? "There is nothing to link to" : NULL;
    case INCIDENT_MESSAGE_KIND_FILE:
      fill_file (self, message);
      break;
    case INCIDENT_MESSAGE_KIND_EVENT:
      if (cause == NULL)
        return "The event is not there";
      fill_event (self, message, cause);
      break;
    case INCIDENT_MESSAGE_KIND_ARCHIVE:
      take_text (message, g_strdup ("The case has ended"));
      break;
    case INCIDENT_MESSAGE_KIND_ANSWER:
      /* It has words of its own. */
      break;
    case INCIDENT_MESSAGE_KIND_PAGE:
      incident_rendering_fill_page (self, message);
      break;
    case INCIDENT_MESSAGE_KIND_POST:
    default:
      return cause != NULL ? fill_words (self, message, cause) : NULL;
    }

  return NULL;
}

IncidentMessage *
incident_rendering_make (const IncidentRendering  *self,
                         IncidentOutboxRow        *row,
                         const char              **why)
{
  g_autoptr(IncidentMessage) message = incident_message_new (row);
  gboolean is_answer = row->kind == INCIDENT_MESSAGE_KIND_ANSWER;

  *why = NULL;
  /* An answer goes to where somebody asked: below an announcement nobody would see it. */
  message->conversation = g_strdup (is_answer ? row->conversation : self->conversation);
  message->thread = g_strdup (is_answer ? NULL : self->thread);
  message->replaces = g_strdup (self->replaces);
  message->first_key = g_strdup (self->first_key);
  if (row->recipient != NULL)
    {
      const char *recipients[] = { row->recipient, NULL };

      g_strfreev (message->recipients);
      message->recipients = g_strdupv ((char **) recipients);
    }
  if (self->kase != NULL)
    {
      message->case_id = g_strdup (incident_case_get_id (self->kase));
      message->title = g_strdup (incident_case_get_title (self->kase));
      message->severity = incident_case_get_severity (self->kase);
      message->is_over = !incident_case_get_open (self->kase);
      *why = fill (self, message);
    }
  if (row->body != NULL && row->kind != INCIDENT_MESSAGE_KIND_ROOM)
    fill_from_body (message);
  if (incident_text_is_blank (message->text))
    take_text (message, g_strdup ("(withheld)"));

  return *why == NULL ? g_steal_pointer (&message) : NULL;
}
