/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-slack-private.h"

#include <libincident/incident-time.h>

#include <string.h>

/* Who is who on Slack, of people whose address alone is known: Slack is asked once, one after another. */

/* Where Slack cannot be reached. */
#define ASK_AGAIN (30 * G_TIME_SPAN_SECOND)

typedef struct
{
  char *person;
  char *mail;
} Stranger;

typedef struct
{
  GWeakRef          desk;
  char             *channel;
  IncidentSlackApi *api;
  GHashTable       *met;        /* shared with the desk: “channel/user” → Stranger */
  GQueue            strangers;  /* of Stranger */
} Meeting;

static void
stranger_free (gpointer data)
{
  Stranger *self = data;

  g_free (self->person);
  g_free (self->mail);
  g_free (self);
}

static void
meeting_free (Meeting *self)
{
  g_weak_ref_clear (&self->desk);
  g_free (self->channel);
  incident_slack_api_unref (self->api);
  g_hash_table_unref (self->met);
  g_queue_clear_full (&self->strangers, stranger_free);
  g_free (self);
}

static void ask (Meeting *self);

static gboolean
on_ask_again (gpointer data)
{
  ask (data);
  return G_SOURCE_REMOVE;
}

static void
ask_later (Meeting *self,
           gint64   delay)
{
  g_autoptr(GSource) source = g_timeout_source_new ((guint) (delay / 1000) + 1);

  g_source_set_callback (source, on_ask_again, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
note (Meeting                   *self,
      const IncidentSlackAnswer *answer)
{
  IncidentNode *user = incident_node_get_member (incident_slack_answer_get_root (answer), "user");
  const char *id = incident_node_get_string (user, "id");
  Stranger *stranger = g_queue_pop_head (&self->strangers);

  if (answer->ok && id != NULL)
    g_hash_table_replace (self->met, g_strconcat (self->channel, "/", id, NULL), stranger);
  else
    stranger_free (stranger);
}

static void
on_told (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  Meeting *self = data;
  g_autoptr(IncidentSlackAnswer) answer = incident_slack_api_call_finish (self->api, result);

  if (answer->class == INCIDENT_SLACK_WAIT)
    ask_later (self, answer->retry_after);
  else if (answer->class == INCIDENT_SLACK_SAFE || answer->class == INCIDENT_SLACK_UNSURE)
    ask_later (self, ASK_AGAIN);
  else
    {
      note (self, answer);
      ask (self);
    }
}

static void
ask (Meeting *self)
{
  g_autoptr(IncidentDesk) desk = g_weak_ref_get (&self->desk);
  Stranger *stranger = g_queue_peek_head (&self->strangers);
  g_autoptr(GPtrArray) form = NULL;

  if (desk == NULL || stranger == NULL)
    {
      meeting_free (self);
      return;
    }

  form = incident_slack_form_new ();
  incident_slack_form_add (form, "email", stranger->mail);
  incident_slack_api_call_async (self->api, "users.lookupByEmail", form, NULL, on_told, self);
}

static void
add_strangers (Meeting                  *self,
               const IncidentCommsRules *comms)
{
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (comms->contacts), (GCompareFunc) strcmp);

  for (GList *at = names; at != NULL; at = at->next)
    {
      const IncidentContacts *contacts = g_hash_table_lookup (comms->contacts, at->data);
      Stranger *stranger;

      if (contacts->slack != NULL || contacts->mail == NULL)
        continue;
      stranger = g_new (Stranger, 1);
      stranger->person = g_strdup (at->data);
      stranger->mail = g_strdup (contacts->mail);
      g_queue_push_tail (&self->strangers, stranger);
    }
}

void
incident_desk_meet_slack (IncidentDesk               *desk,
                          const IncidentChannelRules *channel)
{
  IncidentDeskSlack *slack = incident_desk_get_slack (desk);
  IncidentSlackApi *api = incident_desk_get_slack_api (desk, channel);
  Meeting *meeting;

  if (api == NULL)
    return;

  if (slack->met == NULL)
    slack->met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stranger_free);
  meeting = g_new0 (Meeting, 1);
  g_weak_ref_init (&meeting->desk, desk);
  meeting->channel = g_strdup (channel->name);
  meeting->api = incident_slack_api_ref (api);
  meeting->met = g_hash_table_ref (slack->met);
  g_queue_init (&meeting->strangers);
  add_strangers (meeting, incident_desk_get_rulebook (desk)->rules->comms);
  ask (meeting);
}

/* A playbook that was loaded since may say that somebody else has that address, or nobody. */
static gboolean
is_still_theirs (const IncidentCommsRules *comms,
                 const Stranger           *stranger)
{
  const IncidentContacts *contacts = g_hash_table_lookup (comms->contacts, stranger->person);

  return contacts != NULL && contacts->slack == NULL && g_strcmp0 (contacts->mail, stranger->mail) == 0;
}

const char *
incident_desk_find_met (IncidentDesk *desk,
                        const char   *channel,
                        const char   *user)
{
  IncidentDeskSlack *slack = incident_desk_get_slack (desk);
  g_autofree char *key = g_strconcat (channel, "/", user, NULL);
  const Stranger *met = slack->met != NULL ? g_hash_table_lookup (slack->met, key) : NULL;

  return met != NULL && is_still_theirs (incident_desk_get_rulebook (desk)->rules->comms, met) ? met->person : NULL;
}
