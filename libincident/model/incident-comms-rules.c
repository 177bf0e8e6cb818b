/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-comms-rules-private.h"

#include <string.h>

static void
channel_free (gpointer data)
{
  IncidentChannelRules *self = data;

  incident_condition_clear (&self->condition);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_ptr_array_unref (self->invite_teams);
  g_ptr_array_unref (self->invite_people);
  g_ptr_array_unref (self->to);
  g_clear_pointer (&self->run, g_ptr_array_unref);
  g_free (self);
}

static void
audience_free (gpointer data)
{
  IncidentAudience *self = data;

  g_ptr_array_unref (self->channels);
  g_free (self);
}

IncidentCommsRules *
incident_comms_rules_new (void)
{
  IncidentCommsRules *self = g_new0 (IncidentCommsRules, 1);

  self->channels = g_ptr_array_new_with_free_func (channel_free);
  self->audiences = g_ptr_array_new_with_free_func (audience_free);
  self->status_page.services = g_ptr_array_new ();
  self->status_page.titles = g_hash_table_new (g_str_hash, g_str_equal);
  self->contacts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  incident_comms_rules_add_audience (self, "internal");
  incident_comms_rules_add_audience (self, "customer")->is_public = TRUE;
  return self;
}

void
incident_comms_rules_free (IncidentCommsRules *self)
{
  g_ptr_array_unref (self->channels);
  g_ptr_array_unref (self->audiences);
  g_ptr_array_unref (self->status_page.services);
  g_hash_table_unref (self->status_page.titles);
  g_hash_table_unref (self->contacts);
  g_free (self);
}

/* Both sorts of element begin with their name. */
static const char *
get_name (const GPtrArray *list,
          guint            position)
{
  return *(const char **) g_ptr_array_index (list, position);
}

/* Where the name is, or would be. */
static guint
find_place (const GPtrArray *list,
            const char      *name)
{
  guint from = 0, to = list->len;

  while (from < to)
    {
      guint middle = (from + to) / 2;

      if (strcmp (get_name (list, middle), name) < 0)
        from = middle + 1;
      else
        to = middle;
    }

  return from;
}

static gpointer
find (const GPtrArray *list,
      const char      *name)
{
  guint place = find_place (list, name);

  return place < list->len && g_str_equal (get_name (list, place), name) ? g_ptr_array_index (list, place) : NULL;
}

IncidentChannelRules *
incident_comms_rules_add_channel (IncidentCommsRules *self,
                                  const char         *name)
{
  IncidentChannelRules *channel = g_new0 (IncidentChannelRules, 1);

  G_STATIC_ASSERT (G_STRUCT_OFFSET (IncidentChannelRules, name) == 0);
  channel->name = name;
  channel->condition.services = g_ptr_array_new ();
  channel->condition.categories = g_ptr_array_new ();
  channel->condition.phases = g_ptr_array_new ();
  channel->room_name = "inc-{number}-{title}";
  channel->archive_after = -1;
  channel->invite_teams = g_ptr_array_new ();
  channel->invite_people = g_ptr_array_new ();
  channel->pin_emoji = "pushpin";
  channel->to = g_ptr_array_new ();
  channel->does[INCIDENT_MESSAGE_KIND_POST] = TRUE;
  channel->does[INCIDENT_MESSAGE_KIND_PAGE] = TRUE;
  g_ptr_array_insert (self->channels, (int) find_place (self->channels, name), channel);
  return channel;
}

IncidentAudience *
incident_comms_rules_add_audience (IncidentCommsRules *self,
                                   const char         *name)
{
  IncidentAudience *audience = find (self->audiences, name);

  G_STATIC_ASSERT (G_STRUCT_OFFSET (IncidentAudience, name) == 0);
  if (audience != NULL)
    return audience;

  audience = g_new0 (IncidentAudience, 1);
  audience->name = name;
  audience->channels = g_ptr_array_new ();
  g_ptr_array_insert (self->audiences, (int) find_place (self->audiences, name), audience);
  return audience;
}

void
incident_comms_rules_clear_audiences (IncidentCommsRules *self)
{
  g_ptr_array_set_size (self->audiences, 0);
  incident_comms_rules_add_audience (self, "internal");
}

IncidentContacts *
incident_comms_rules_add_contacts (IncidentCommsRules *self,
                                   const char         *person)
{
  IncidentContacts *contacts = g_new0 (IncidentContacts, 1);

  g_hash_table_insert (self->contacts, (gpointer) person, contacts);
  return contacts;
}

const IncidentChannelRules *
incident_comms_rules_get_channel (const IncidentCommsRules *self,
                                  const char               *name)
{
  return find (self->channels, name);
}

const IncidentAudience *
incident_comms_rules_get_audience (const IncidentCommsRules *self,
                                   const char               *name)
{
  return find (self->audiences, name);
}

/* A contact without a workspace is in any; where several are used, ids may be the same. */
static gboolean
is_contact (const char *contact,
            const char *team,
            const char *user)
{
  const char *slash = strchr (contact, '/');
  gsize length = slash != NULL ? (gsize) (slash - contact) : 0;

  if (slash == NULL)
    return g_str_equal (contact, user);
  return team != NULL && strlen (team) == length && strncmp (contact, team, length) == 0 && g_str_equal (slash + 1, user);
}

const char *
incident_comms_rules_find_slack_user (const IncidentCommsRules *self,
                                      const char               *team,
                                      const char               *user)
{
  GHashTableIter iter;
  gpointer person, value;

  /* No contact is that of two people. */
  g_hash_table_iter_init (&iter, self->contacts);
  while (g_hash_table_iter_next (&iter, &person, &value))
    {
      const IncidentContacts *contacts = value;

      if (contacts->slack != NULL && is_contact (contacts->slack, team, user))
        return person;
    }

  return NULL;
}
