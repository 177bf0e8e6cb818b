/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall/incident-calendar-private.h"

#include <string.h>

#include "base/incident-text-private.h"
#include "model/incident-comms-rules-private.h"

/* Whom an event names: by an address, or by the name that the playbook has. */

/* What a name or an address is made of: all else parts them. Letters of other scripts are above. */
#define WORD_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._%+-@"

struct _IncidentCalendarPeople
{
  GHashTable *names;      /* folded name or address → the person; lent by the rules */
  gboolean    is_open;    /* any name is a person */
};

static void
add (IncidentCalendarPeople *self,
     const char             *word,
     const char             *person)
{
  if (word != NULL && *word != '\0')
    g_hash_table_insert (self->names, g_utf8_casefold (word, -1), (gpointer) person);
}

static void
add_addresses (IncidentCalendarPeople *self,
               const IncidentRules    *rules,
               const char             *person)
{
  const IncidentContacts *contacts = g_hash_table_lookup (rules->comms->contacts, person);
  const IncidentOncallPerson *oncall = incident_oncall_rules_get_person (rules->oncall, person);

  if (contacts != NULL)
    add (self, contacts->mail, person);
  for (guint i = 0; oncall != NULL && i < oncall->methods->len; i++)
    {
      const char *recipient = g_array_index (oncall->methods, IncidentContactMethod, i).recipient;

      if (strchr (recipient, '@') != NULL)
        add (self, recipient, person);
    }
}

IncidentCalendarPeople *
incident_calendar_people_new (const IncidentRules *rules)
{
  IncidentCalendarPeople *self = g_new0 (IncidentCalendarPeople, 1);
  g_autoptr(GList) people = NULL;

  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->is_open = g_hash_table_size (rules->people) == 0;

  /* In their order, so that an address that two have is always that of the same one; and a name goes before it. */
  people = g_list_sort (g_hash_table_get_keys (rules->people), (GCompareFunc) g_strcmp0);
  for (GList *person = people; person != NULL; person = person->next)
    add_addresses (self, rules, person->data);
  for (GList *person = people; person != NULL; person = person->next)
    add (self, person->data, person->data);
  return self;
}

void
incident_calendar_people_free (IncidentCalendarPeople *self)
{
  g_hash_table_unref (self->names);
  g_free (self);
}

static gboolean
look_up (IncidentCalendarPeople *self,
         const char             *word,
         GPtrArray              *people)
{
  g_autofree char *folded = g_utf8_casefold (word, -1);
  const char *person = g_hash_table_lookup (self->names, folded);

  if (person == NULL)
    return FALSE;
  if (!g_ptr_array_find_with_equal_func (people, person, g_str_equal, NULL))
    g_ptr_array_add (people, (gpointer) person);
  return TRUE;
}

const char *
incident_calendar_split_priority (const char *summary,
                                  guint      *priority)
{
  const char *at = summary;
  gsize n;

  *priority = INCIDENT_CALENDAR_PRIORITY;
  while (g_ascii_isspace (*at))
    at++;
  if (at[0] != '[' || (at[1] != 'L' && at[1] != 'l'))
    return summary;

  n = strspn (at + 2, "0123456789");
  if (n == 0 || n > 3 || at[2 + n] != ']')
    return summary;

  *priority = (guint) g_ascii_strtoull (at + 2, NULL, 10);
  at += 3 + n;
  while (g_ascii_isspace (*at))
    at++;
  return at;
}

static gboolean
is_of_word (char c)
{
  return (guchar) c >= 0x80 || (c != '\0' && strchr (WORD_CHARS, c) != NULL);
}

/* “On call: ana, bo@example.org.”: each word that somebody is known by. */
static gboolean
find_words (IncidentCalendarPeople *self,
            const char             *text,
            GPtrArray              *people)
{
  gboolean any = FALSE;

  while (*text != '\0')
    {
      gsize n = 0, kept;

      while (*text != '\0' && !is_of_word (*text))
        text++;
      while (is_of_word (text[n]))
        n++;
      /* The full stop of a sentence is no part of its last word. */
      for (kept = n; kept > 0 && strchr (".-", text[kept - 1]) != NULL;)
        kept--;
      if (kept > 0 && kept <= 256)
        {
          g_autofree char *word = g_strndup (text, kept);

          any = look_up (self, word, people) || any;
        }
      text += n;
    }
  return any;
}

static gboolean
find_in_summary (IncidentCalendarPeople *self,
                 const char             *summary,
                 GPtrArray              *people)
{
  guint priority;
  g_autofree char *text = g_strdup (incident_calendar_split_priority (summary, &priority));

  g_strstrip (text);
  if (self->is_open && incident_text_is_id (text))
    {
      g_ptr_array_add (people, (gpointer) g_intern_string (text));
      return TRUE;
    }
  return look_up (self, text, people) || find_words (self, text, people);
}

/* Those who take part; else those whom the title names; else who made the event. */
gboolean
incident_calendar_people_find (IncidentCalendarPeople      *self,
                               const IncidentCalendarEvent *event,
                               GPtrArray                   *people)
{
  gboolean any = FALSE;

  for (guint i = 0; i < event->attendees->len; i++)
    {
      const IncidentCalendarAttendee *attendee = &g_array_index (event->attendees, IncidentCalendarAttendee, i);

      any = (!attendee->declined && look_up (self, attendee->address, people)) || any;
    }
  if (any)
    return TRUE;
  if (event->summary != NULL && find_in_summary (self, event->summary, people))
    return TRUE;
  return event->organizer != NULL && look_up (self, event->organizer, people);
}
