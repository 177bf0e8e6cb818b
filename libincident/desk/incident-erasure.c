/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "desk/incident-desk-alerts-private.h"

#include <string.h>

#include "base/incident-json-writer-private.h"
#include "model/incident-effect-private.h"

/* The words of an event that tells of alerts stand in the messages that said so, too. Where these words are
 * removed, the messages lose what they say of the same alerts, whatever occurrence they mean: mostly they
 * say the same of each. */

#define PAGE_OF_ROWS     10000
/* Bodies may be large. */
#define PAGE_OF_MESSAGES 50

typedef struct
{
  IncidentDesk *desk;
  GHashTable   *names;      /* (element-type utf8) a set: “SOURCE/KEY” of the alerts */
  GHashTable   *keys;       /* (element-type utf8) a set: what of these may be the key; lent by the names */
  GHashTable   *playbooks;
  GArray       *slices;     /* IncidentIntakeSlice */
} Search;

static void
search_clear (Search *self)
{
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->playbooks, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* Of which alerts */

static void
add_name (Search     *self,
          const char *name,
          gsize       length)
{
  char *copy = g_strndup (name, length);

  if (g_hash_table_contains (self->names, copy))
    {
      g_free (copy);
      return;
    }

  g_hash_table_add (self->names, copy);
  /* There may be a slash in either. */
  for (char *slash = strchr (copy, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    g_hash_table_add (self->keys, slash + 1);
}

/* The rest is when the occurrence began, or its id. */
static void
add_episode (Search     *self,
             const char *episode,
             gsize       length)
{
  const char *at = episode + length;

  while (at > episode && *at != '@')
    at--;
  if (at > episode)
    add_name (self, episode, (gsize) (at - episode));
}

static void
add_alerts_of (Search     *self,
               const char *facts)
{
  static const char * const names[] = { "alert=", "alert-key=" };

  for (const char *line = facts; line != NULL && *line != '\0'; )
    {
      const char *end = strchr (line, '\n');
      gsize length = end != NULL ? (gsize) (end - line) : strlen (line);

      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (g_str_has_prefix (line, names[i]))
          add_episode (self, line + strlen (names[i]), length - strlen (names[i]));
      line = end != NULL ? end + 1 : NULL;
    }
}

static gboolean
look_at_event (Search   *self,
               guint64   number,
               guint64   seq,
               GError  **error)
{
  g_autoptr(GPtrArray) records = incident_store_load (incident_desk_get_store (self->desk), number, (guint) seq - 1, error);

  if (records == NULL)
    return FALSE;
  if (records->len > 0)
    add_alerts_of (self, ((IncidentRecord *) g_ptr_array_index (records, 0))->facts);
  return TRUE;
}

static gboolean
look_at_draft (Search                *self,
               const IncidentRecord  *draft,
               GError               **error)
{
  IncidentEffect effect;

  incident_effect_read (&effect, draft->facts);
  if (effect.redacts < 1 || effect.redacts >= draft->seq)
    return TRUE;
  if (!look_at_event (self, draft->subject, (guint64) effect.redacts, error))
    return FALSE;

  for (guint i = 0; draft->also != NULL && i < draft->also->len; i++)
    {
      const IncidentPlace *place = &g_array_index (draft->also, IncidentPlace, i);

      if (effect.redacts < place->seq && !look_at_event (self, place->subject, (guint64) effect.redacts, error))
        return FALSE;
    }

  return TRUE;
}

/* Where their words are */

static void
add_slice (GArray  *slices,
           guint64  entry,
           gsize    start,
           gsize    length)
{
  IncidentIntakeSlice slice = { entry, start, length };

  if (length > 0)
    g_array_append_val (slices, slice);
}

void
incident_erasure_add_slices (GArray                *slices,
                             guint64                entry,
                             IncidentIntakeMessage *message,
                             const gboolean        *which)
{
  guint before = slices->len, n = 0;

  for (guint i = 0; i < message->alerts->len; i++)
    {
      const IncidentAlert *alert = g_ptr_array_index (message->alerts, i);

      if (!which[i])
        continue;
      add_slice (slices, entry, alert->raw_start, alert->raw_length);
      n++;
    }
  /* What alerts of a message have in common is said around them. */
  if (n > 0 && n == message->alerts->len)
    {
      g_array_set_size (slices, before);
      add_slice (slices, entry, 0, message->length);
    }
}

static gboolean
has_name (Search     *self,
          const char *source,
          const char *key)
{
  g_autofree char *name = g_strconcat (source, "/", key, NULL);

  return g_hash_table_contains (self->names, name);
}

/* What was erased before is an empty object, so that the rest can still be read. */
static GBytes *
fill_gaps (GBytes *body)
{
  gsize length;
  char *bytes = g_bytes_unref_to_data (g_bytes_new (g_bytes_get_data (body, NULL), g_bytes_get_size (body)), &length);

  for (gsize i = 0; i < length; i++)
    if (bytes[i] == '\0')
      {
        gsize start = i;

        for (; i < length && bytes[i] == '\0'; i++)
          bytes[i] = ' ';
        if (i - start >= 2)
          memcpy (bytes + start, "{}", 2);
      }

  return g_bytes_new_take (bytes, length);
}

static gboolean
search_entry (Search                     *self,
              const IncidentIntakeEntry  *entry,
              GError                    **error)
{
  const IncidentIntakeRules *rules = incident_desk_find_intake_rules (self->desk, self->playbooks, entry->playbook, error);
  g_autoptr(IncidentIntakeMessage) message = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autofree gboolean *which = NULL;

  if (rules == NULL)
    return FALSE;

  body = fill_gaps (entry->body);
  message = incident_intake_message_read (body, entry->format, NULL, entry->actor,
                                          incident_intake_rules_get_source (rules, entry->actor), entry->received_at, NULL);
  if (message == NULL)
    return TRUE;

  which = g_new0 (gboolean, message->alerts->len + 1);
  for (guint i = 0; i < message->alerts->len; i++)
    which[i] = has_name (self, entry->actor, ((IncidentAlert *) g_ptr_array_index (message->alerts, i))->key);
  incident_erasure_add_slices (self->slices, entry->id, message, which);
  return TRUE;
}

static gboolean
search_messages (Search   *self,
                 GError  **error)
{
  IncidentStore *store = incident_desk_get_store (self->desk);
  guint64 after = 0;

  for (;;)
    {
      g_autoptr(GPtrArray) entries = incident_store_list_intake (store, "message", after, PAGE_OF_MESSAGES, error);

      if (entries == NULL)
        return FALSE;
      for (guint i = 0; i < entries->len; i++)
        {
          const IncidentIntakeEntry *entry = g_ptr_array_index (entries, i);

          if (!search_entry (self, entry, error))
            return FALSE;
          after = entry->id;
        }
      if (entries->len < PAGE_OF_MESSAGES)
        return TRUE;
    }
}

/* Where a message had a credential that is a part of the key, it now reads as another key: by this one the
 * like of it are found. */
static gboolean
search_row (Search                    *self,
            guint64                    id,
            const IncidentKnownPlace  *place,
            GError                   **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IncidentIntakeEntry) entry = incident_store_find_intake (incident_desk_get_store (self->desk), id, &local_error);
  const IncidentIntakeRules *rules;
  g_autoptr(IncidentAlert) alert = NULL;
  gsize length;
  const char *bytes;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (entry == NULL || entry->format == NULL || !has_name (self, entry->actor, place->key))
    return TRUE;

  rules = incident_desk_find_intake_rules (self->desk, self->playbooks, entry->playbook, error);
  if (rules == NULL)
    return FALSE;

  bytes = g_bytes_get_data (entry->body, &length);
  if ((gsize) place->raw_start + place->raw_length > length)
    return TRUE;
  add_slice (self->slices, id, place->raw_start, place->raw_length);
  alert = incident_intake_read_slice (entry->format, bytes + place->raw_start, place->raw_length, entry->actor,
                                      incident_intake_rules_get_source (rules, entry->actor), entry->received_at);
  if (alert != NULL && !has_name (self, entry->actor, alert->key))
    g_hash_table_add (self->names, g_strconcat (entry->actor, "/", alert->key, NULL));
  return TRUE;
}

static gboolean
search_rows (Search   *self,
             GError  **error)
{
  IncidentStore *store = incident_desk_get_store (self->desk);
  guint64 after = 0;

  for (;;)
    {
      g_autoptr(GArray) rows = incident_store_list_alert_rows (store, 0, after, PAGE_OF_ROWS, error);

      if (rows == NULL)
        return FALSE;
      for (guint i = 0; i < rows->len; i++)
        {
          const IncidentAlertRow *row = &g_array_index (rows, IncidentAlertRow, i);
          IncidentKnown known = { NULL, };
          IncidentKnownPlace place = { 0, };

          after = row->id;
          if (incident_known_unpack (&known, row->data, &place) && g_hash_table_contains (self->keys, place.key)
              && !search_row (self, row->entry, &place, error))
            {
              incident_known_clear (&known);
              return FALSE;
            }
          incident_known_clear (&known);
        }
      if (rows->len < PAGE_OF_ROWS)
        return TRUE;
    }
}

static int
compare_slices (gconstpointer a,
                gconstpointer b)
{
  const IncidentIntakeSlice *left = a, *right = b;

  if (left->entry != right->entry)
    return left->entry < right->entry ? -1 : 1;
  if (left->start != right->start)
    return left->start < right->start ? -1 : 1;
  return left->length > right->length ? -1 : left->length < right->length;
}

/* What lies in another one was found in two ways. */
static void
drop_inner_slices (GArray *slices)
{
  guint n = 0;

  g_array_sort (slices, compare_slices);
  for (guint i = 0; i < slices->len; i++)
    {
      const IncidentIntakeSlice slice = g_array_index (slices, IncidentIntakeSlice, i);
      const IncidentIntakeSlice *last = n > 0 ? &g_array_index (slices, IncidentIntakeSlice, n - 1) : NULL;

      if (last != NULL && last->entry == slice.entry && slice.start + slice.length <= last->start + last->length)
        continue;
      g_array_index (slices, IncidentIntakeSlice, n++) = slice;
    }
  g_array_set_size (slices, n);
}

/* Erasing it */

/* For the journal: what is missing in it since. */
static IncidentIntakeEntry *
make_entry (Search         *self,
            IncidentRecord *draft)
{
  IncidentJsonWriter writer;
  g_autoptr(GBytes) body = NULL;
  char *json;

  incident_json_writer_init (&writer, FALSE);
  incident_json_writer_begin_array (&writer);
  for (guint i = 0; i < self->slices->len; i++)
    {
      const IncidentIntakeSlice *slice = &g_array_index (self->slices, IncidentIntakeSlice, i);

      incident_json_writer_begin_object (&writer);
      incident_json_writer_name (&writer, "entry");
      incident_json_writer_int (&writer, (gint64) slice->entry);
      incident_json_writer_name (&writer, "start");
      incident_json_writer_int (&writer, (gint64) slice->start);
      incident_json_writer_name (&writer, "length");
      incident_json_writer_int (&writer, (gint64) slice->length);
      incident_json_writer_end_object (&writer);
    }
  incident_json_writer_end_array (&writer);
  json = incident_json_writer_finish (&writer);
  body = g_bytes_new_take (json, strlen (json));
  return incident_intake_entry_new ("erased", incident_clock_get_time (incident_desk_get_clock (self->desk)), draft->actor,
                                    NULL, NULL, body);
}

void
incident_erasure_clear (IncidentErasure *self)
{
  g_clear_pointer (&self->entry, incident_intake_entry_free);
  g_clear_pointer (&self->slices, g_array_unref);
}

gboolean
incident_erasure_init (IncidentErasure  *self,
                       IncidentDesk     *desk,
                       IncidentCommit   *commit,
                       GError          **error)
{
  g_auto(Search) search = { .desk = desk };
  const char *kind = incident_verbs[INCIDENT_VERB_REDACT].event;
  guint first = 0;

  if (commit->intake != NULL)
    return TRUE;
  while (first < commit->drafts->len
         && strcmp (((IncidentRecord *) g_ptr_array_index (commit->drafts, first))->kind, kind) != 0)
    first++;
  if (first == commit->drafts->len)
    return TRUE;

  search.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  search.keys = g_hash_table_new (g_str_hash, g_str_equal);
  search.playbooks = incident_desk_playbooks_new ();
  search.slices = self->slices = g_array_new (FALSE, FALSE, sizeof (IncidentIntakeSlice));
  for (guint i = first; i < commit->drafts->len; i++)
    if (!look_at_draft (&search, g_ptr_array_index (commit->drafts, i), error))
      return FALSE;
  /* What is said after this look is met by the commit as a conflict. */
  if (g_hash_table_size (search.names) == 0)
    return TRUE;
  if (!incident_store_get_intake_head (incident_desk_get_store (desk), &self->change.follows, error)
      || !search_rows (&search, error) || !search_messages (&search, error))
    return FALSE;
  if (self->slices->len == 0)
    return TRUE;

  drop_inner_slices (self->slices);
  /* A new entry, so that every desk reads anew what it knows of alerts. */
  self->change.entry = self->entry = make_entry (&search, g_ptr_array_index (commit->drafts, first));
  self->change.erased = self->slices;
  commit->intake = &self->change;
  return TRUE;
}

GBytes *
incident_erasure_make_body (IncidentIntakeMessage *message,
                            const GArray          *outcomes)
{
  g_autoptr(GArray) slices = g_array_new (FALSE, FALSE, sizeof (IncidentIntakeSlice));
  g_autofree gboolean *which = g_new0 (gboolean, outcomes->len + 1);
  gsize length;
  char *bytes;

  for (guint i = 0; i < outcomes->len; i++)
    {
      const IncidentKnown *known = g_array_index (outcomes, IncidentIntakeOutcome, i).known;

      which[i] = known != NULL && known->erased;
    }
  incident_erasure_add_slices (slices, 0, message, which);
  if (slices->len == 0)
    return g_bytes_ref (message->raw);

  bytes = g_bytes_unref_to_data (g_bytes_new (g_bytes_get_data (message->raw, NULL), g_bytes_get_size (message->raw)), &length);
  for (guint i = 0; i < slices->len; i++)
    {
      const IncidentIntakeSlice *slice = &g_array_index (slices, IncidentIntakeSlice, i);

      memset (bytes + slice->start, 0, slice->length);
    }
  return g_bytes_new_take (bytes, length);
}
