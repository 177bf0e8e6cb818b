/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* writer PATH NAME SEED: writes to a store until it is killed, and says on standard
 * output what is durable: a line an event, only after the call has returned.
 *
 *   CASE SEQ LOG-INDEX KIND HASH
 */
#include <libincident/incident.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_CASES 200

typedef struct
{
  const char   *name;
  GRand        *rand;
  IncidentDesk *desk;
  IncidentCase *cases[MAX_CASES];
  guint         told[MAX_CASES];  /* events of each that were said */
  guint         n_cases;
  guint         n_groups;
  char         *last_group;       /* fires still */
  guint         last_count;
} Writer;

/* The world may say no to a random command; nothing else may go wrong. */
static void
expect (const GError *error)
{
  if (error == NULL || g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED))
    return;

  g_printerr ("writer: %s\n", error->message);
  exit (3);
}

static void
append_event (GString       *lines,
              IncidentEvent *event)
{
  g_autoptr(GBytes) leaf = incident_event_dup_leaf_hash (event);
  const guint8 *bytes = g_bytes_get_data (leaf, NULL);

  g_string_append_printf (lines, "%" G_GUINT64_FORMAT " %u %" G_GUINT64_FORMAT " %s ",
                          incident_event_get_case_number (event), incident_event_get_seq (event),
                          incident_event_get_log_index (event), incident_event_get_kind (event));
  for (gsize i = 0; i < g_bytes_get_size (leaf); i++)
    g_string_append_printf (lines, "%02x", bytes[i]);
  g_string_append_c (lines, '\n');
}

static void
say (Writer *self,
     guint   position)
{
  g_autoptr(GString) lines = g_string_new (NULL);
  IncidentCase *kase = self->cases[position];
  GListModel *timeline = incident_case_get_timeline (kase);
  gsize done = 0;

  for (; self->told[position] < g_list_model_get_n_items (timeline); self->told[position]++)
    {
      g_autoptr(IncidentEvent) event = g_list_model_get_item (timeline, self->told[position]);

      append_event (lines, event);
    }
  while (done < lines->len)
    {
      gssize n = write (STDOUT_FILENO, lines->str + done, lines->len - done);

      if (n <= 0)
        exit (4);
      done += (gsize) n;
    }
}

/* Takes the reference. */
static void
keep (Writer       *self,
      IncidentCase *kase)
{
  guint position = 0;

  while (position < self->n_cases && self->cases[position] != kase)
    position++;
  if (position < self->n_cases)
    g_object_unref (kase);
  else if (self->n_cases < MAX_CASES)
    self->cases[self->n_cases++] = kase;
  else
    exit (0);
  say (self, position);
}

static void
open_one (Writer *self)
{
  g_autoptr(GError) error = NULL;
  IncidentCase *kase = incident_desk_open_case (self->desk, self->name, INCIDENT_SEVERITY_SEV3, self->name, &error);

  expect (error);
  keep (self, kase);
}

/* Each message is one commit of several events; the group's name says of how many. */
static void
ingest (Writer *self)
{
  gboolean ends = self->last_group != NULL;
  guint count = ends ? self->last_count : (guint) g_rand_int_range (self->rand, 2, 30);
  g_autofree char *group =
    ends ? g_steal_pointer (&self->last_group)
         : g_strdup_printf ("%s-%u-%u-%u", self->name, g_rand_int (self->rand), self->n_groups++, count);
  g_autoptr(GString) body = g_string_new ("{\"version\":\"4\",\"alerts\":[");
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) receipts = NULL;
  IncidentCase *kase;

  for (guint i = 0; i < count; i++)
    g_string_append_printf (body,
                            "%s{\"status\":\"%s\",\"labels\":{\"alertname\":\"%s\",\"instance\":\"%u\"},"
                            "\"startsAt\":\"2026-01-01T00:00:00Z\"}",
                            i > 0 ? "," : "", ends ? "resolved" : "firing", group, i);
  g_string_append_printf (body, "],\"groupLabels\":{\"alertname\":\"%s\"}}", group);
  bytes = g_bytes_new (body->str, body->len);
  receipts = incident_desk_ingest (self->desk, "alertmanager", bytes, NULL, self->name, INCIDENT_TIME_NONE, &error);
  expect (error);
  kase = incident_desk_get_case (self->desk, incident_receipt_get_case_number (g_ptr_array_index (receipts, 0)), &error);
  expect (error);
  keep (self, kase);
  if (!ends)
    {
      self->last_group = g_steal_pointer (&group);
      self->last_count = count;
    }
}

static void
act (Writer *self)
{
  static const char * const verbs[] = {
    "diagnose", "escalate", "examine", "resolve", "recover", "reopen", "assign", "note", "note", "note",
  };
  guint position = (guint) g_rand_int_range (self->rand, 0, (gint32) self->n_cases);
  const char *verb = verbs[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (verbs))];
  g_autoptr(IncidentCommand) command = incident_command_new (verb, self->name);
  g_autofree char *text = g_strdup_printf ("%s says %u", self->name, g_rand_int (self->rand));
  g_autoptr(GError) error = NULL;

  incident_command_set (command, "text", text, NULL);
  if (g_str_equal (verb, "escalate"))
    incident_command_set (command, "target", "payments", NULL);
  if (g_str_equal (verb, "assign"))
    {
      incident_command_set (command, "role", "commander", NULL);
      incident_command_set (command, "person", self->name, NULL);
    }
  while (!incident_case_act (self->cases[position], command, &error)
         && g_error_matches (error, INCIDENT_ERROR, INCIDENT_ERROR_CONFLICT))
    g_clear_error (&error);
  expect (error);
  say (self, position);
}

static void
find_cases (Writer *self)
{
  g_autoptr(IncidentQuery) query = incident_query_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = NULL;

  incident_query_set_limit (query, 10);
  found = incident_desk_find_cases (self->desk, query, &error);
  expect (error);
  for (guint i = 0; i < found->len; i++)
    {
      /* What was there before us is not ours to tell. */
      self->told[i] = incident_case_get_version (g_ptr_array_index (found, i));
      keep (self, g_object_ref (g_ptr_array_index (found, i)));
    }
}

int
main (int    argc,
      char **argv)
{
  Writer self = { NULL, };
  g_autoptr(GError) error = NULL;

  if (argc != 4)
    return 2;

  self.name = argv[2];
  self.rand = g_rand_new_with_seed ((guint32) g_ascii_strtoull (argv[3], NULL, 10));
  self.desk = incident_desk_open (argv[1], &error);
  expect (error);
  find_cases (&self);
  while (TRUE)
    {
      gint32 choice = g_rand_int_range (self.rand, 0, 10);

      if (choice == 0 || self.n_cases == 0)
        open_one (&self);
      else if (choice <= 2)
        ingest (&self);
      else
        act (&self);
    }
}
