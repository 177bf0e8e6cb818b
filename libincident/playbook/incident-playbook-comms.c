/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-compile-private.h"

#include <string.h>

/* Contacts, audiences, the status page, and where the desk is; channels have a file of
 * their own. */

/* @taken: the contacts that somebody has, and whose. One of Slack without a workspace is
 * “U1”, and one in a workspace both “T1/U1” and “/U1”. */
static const char *
find_holder (GHashTable *taken,
             const char *contact)
{
  const char *slash = strchr (contact, '/');
  g_autofree char *any = slash == NULL ? g_strconcat ("/", contact, NULL) : NULL;
  const char *holder = g_hash_table_lookup (taken, contact);

  return holder != NULL ? holder : g_hash_table_lookup (taken, any != NULL ? any : slash + 1);
}

static void
take_contact (IncidentCompiler *self,
              GHashTable       *taken,
              IncidentNode     *node,
              char             *contact /* (transfer full) */,
              const char       *person)
{
  const char *holder = find_holder (taken, contact);
  const char *slash = strchr (contact, '/');

  if (holder != NULL)
    incident_problems_add (self->problems, node, "is that of “%s” too: a contact is one person's", holder);
  if (slash != NULL)
    g_hash_table_insert (taken, g_strdup (slash), (gpointer) person);
  g_hash_table_insert (taken, contact, (gpointer) person);
}

static void
read_contacts (IncidentCompiler *self,
               IncidentNode     *people)
{
  g_autoptr(GHashTable) slack = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) mail = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  IncidentNode *entry;

  for (guint i = 0; incident_compiler_next_entry (people, &i, &entry);)
    {
      IncidentNode *node = incident_node_get_member (entry, "contacts");
      const char *person = incident_rules_keep (self->rules, entry->name);
      IncidentContacts *contacts;

      if (node == NULL)
        continue;
      contacts = incident_comms_rules_add_contacts (self->rules->comms, person);
      contacts->slack = incident_compiler_keep (self, node, "slack");
      contacts->mail = incident_compiler_keep (self, node, "mail");
      if (contacts->slack != NULL)
        take_contact (self, slack, incident_node_get_member (node, "slack"), g_strdup (contacts->slack), person);
      if (contacts->mail != NULL)
        take_contact (self, mail, incident_node_get_member (node, "mail"), g_ascii_strdown (contacts->mail, -1), person);
    }
}

/* Where a section is not there, a reference to it has not been looked up. */
static void
check_channels (IncidentCompiler *self,
                IncidentNode     *list)
{
  for (guint i = 0; i < incident_node_get_length (list); i++)
    {
      IncidentNode *node = incident_node_get_child (list, i);

      if (incident_comms_rules_get_channel (self->rules->comms, node->value.string) == NULL)
        incident_problems_add (self->problems, node, "must be a name in “/channels”; “%s” is none there", node->value.string);
    }
}

static void
read_audiences (IncidentCompiler *self,
                IncidentNode     *section,
                gboolean          has_status_page)
{
  IncidentNode *entry;

  if (section != NULL)
    incident_comms_rules_clear_audiences (self->rules->comms);
  for (guint i = 0; incident_compiler_next_entry (section, &i, &entry);)
    {
      IncidentAudience *audience =
        incident_comms_rules_add_audience (self->rules->comms, incident_rules_keep (self->rules, entry->name));

      audience->title = incident_compiler_keep (self, entry, "title");
      audience->approved_by = incident_compiler_keep (self, entry, "approved-by");
      g_ptr_array_unref (audience->channels);
      audience->channels = incident_compiler_keep_list (self, entry, "channels");
      audience->is_public = incident_node_get_boolean (entry, "public");
      check_channels (self, incident_node_get_member (entry, "channels"));
      if (audience->is_public && audience->approved_by == NULL)
        incident_problems_add (self->warnings, entry, "is public, and nobody has to approve: “approved-by” names a role");
      if (audience->is_public && !has_status_page)
        incident_problems_add (self->warnings, entry, "is public, and there is no “status-page” for it to stand on");
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
read_status_page (IncidentCompiler *self,
                  IncidentNode     *section)
{
  IncidentStatusPageRules *page = &self->rules->comms->status_page;
  IncidentNode *entry;

  page->title = incident_compiler_keep (self, section, "title");
  page->about = incident_compiler_keep (self, section, "about");
  for (guint i = 0; incident_compiler_next_entry (incident_node_get_member (section, "services"), &i, &entry);)
    {
      const char *name = incident_rules_keep (self->rules, entry->name);

      if (g_hash_table_size (self->rules->services) > 0 && !g_hash_table_contains (self->rules->services, name))
        incident_problems_add (self->problems, entry, "must have the name of one of “/services”; “%s” is none there", name);
      g_ptr_array_add (page->services, (gpointer) name);
      g_hash_table_insert (page->titles, (gpointer) name, (gpointer) incident_rules_keep (self->rules, entry->value.string));
    }
  /* The order in which a document has them does not count. */
  g_ptr_array_sort (page->services, compare_names);
}

const char *
incident_compiler_keep_base (IncidentCompiler *self,
                             IncidentNode     *node,
                             const char       *member)
{
  const char *text = incident_node_get_string (node, member);
  g_autofree char *base = text != NULL && !g_str_has_suffix (text, "/") ? g_strconcat (text, "/", NULL) : NULL;

  if (text != NULL && strchr (text, '?') != NULL)
    incident_problems_add (self->problems, incident_node_get_member (node, member), "must have no “?”: paths are put behind it");
  return incident_rules_keep (self->rules, base != NULL ? base : text);
}

static void
read_desk (IncidentCompiler *self,
           IncidentNode     *section)
{
  IncidentCommsRules *comms = self->rules->comms;

  comms->address = incident_compiler_keep_base (self, section, "address");
  comms->links = incident_compiler_read_secret (self, section, "links");
  if (comms->address != NULL && incident_secret_is_told (&comms->links) && g_str_has_prefix (comms->address, "http:"))
    incident_problems_add (self->warnings, incident_node_get_member (section, "address"),
                           "is not https: who listens on the way can use the links that are sent");
}

void
incident_playbook_compile_comms (IncidentCompiler *self,
                                 IncidentNode     *root)
{
  read_contacts (self, incident_node_get_member (root, "people"));
  incident_playbook_compile_channels (self, incident_node_get_member (root, "channels"));
  read_audiences (self, incident_node_get_member (root, "audiences"), incident_node_get_member (root, "status-page") != NULL);
  read_status_page (self, incident_node_get_member (root, "status-page"));
  read_desk (self, incident_node_get_member (root, "desk"));
}
