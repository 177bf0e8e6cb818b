/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "intake-day.h"

#include <glib/gstdio.h>

#define START  G_GINT64_CONSTANT (1795417200000000) /* 2026-11-23T07:00:00Z, a Monday */
#define MINUTE G_TIME_SPAN_MINUTE

/* How long a sender of the API says that an alert fires on, unless it says so again. */
#define LEAD (6 * MINUTE)

typedef struct
{
  guint       thing;
  Span        span;
  gboolean    fires;
  const char *severity;  /* nullable */
} Line;

typedef struct
{
  gint64   arrives_at;
  gint64   sent_at;
  gboolean by_api;
  GArray  *lines;  /* Line */
  char    *body;
} Letter;

static void
letter_free (gpointer data)
{
  Letter *self = data;

  g_array_unref (self->lines);
  g_free (self->body);
  g_free (self);
}

static gboolean
one_in (Day   *self,
        guint  n)
{
  return g_rand_int_range (self->rand, 0, (gint32) n) == 0;
}

static gint64
random_time (Day   *self,
             gint64 least,
             gint64 most)
{
  return (gint64) g_rand_double_range (self->rand, (double) least, (double) most);
}

gint64
day_get_time (Day *self)
{
  return incident_clock_get_time (self->clock);
}

void
day_advance (Day    *self,
             gint64  duration)
{
  incident_manual_clock_advance (INCIDENT_MANUAL_CLOCK (self->clock), duration);
}

void
day_say (Day        *self,
         const char *format,
         ...)
{
  g_autofree char *time = NULL;
  g_autofree char *words = NULL;
  va_list arguments;

  if (!self->is_traced)
    return;

  va_start (arguments, format);
  words = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  time = incident_time_to_string (day_get_time (self));
  fprintf (stderr, "%s %s\n", time, words);
}

/* What is wrong */

/* FNV-1a, 64 bits, over the sorted labels. */
static char *
get_fingerprint (const Thing *thing)
{
  static const guint order[] = { PLAIN_NAME, PLAIN_CLUSTER, PLAIN_N_LABELS, PLAIN_SEVERITY, PLAIN_TEAM };
  g_autofree char *number = g_strdup_printf ("%u", thing->i);
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const char *name = order[i] < PLAIN_N_LABELS ? plain_label_names[order[i]] : "id";
      const char *value = order[i] < PLAIN_N_LABELS ? thing->known.labels[order[i]] : number;
      g_autofree char *bytes = value != NULL ? g_strdup_printf ("%s\xff%s\xff", name, value) : g_strdup ("");

      for (const char *at = bytes; *at != '\0'; at++)
        hash = (hash ^ (guint8) *at) * G_GUINT64_CONSTANT (0x100000001b3);
    }

  return g_strdup_printf ("api/%016" G_GINT64_MODIFIER "x", hash);
}

static void
fill_spans (Day   *self,
            Thing *thing)
{
  gboolean flaps = one_in (self, 5);
  gint64 at = START;

  for (;;)
    {
      Span span;

      span.start = at + random_time (self, MINUTE, flaps ? 20 * MINUTE : 600 * MINUTE);
      span.end = span.start + random_time (self, MINUTE, flaps ? 6 * MINUTE : one_in (self, 2) ? 20 * MINUTE : 300 * MINUTE);
      if (span.end > START + G_TIME_SPAN_DAY)
        return;
      g_array_append_val (thing->spans, span);
      at = span.end;
    }
}

static void
add_thing (Day *self)
{
  static const char * const values[PLAIN_N_LABELS][3] = {
    { "Disk", "Net", "Api" }, { "a", "b", NULL }, { "x", "y", NULL }, { "warning", "critical", NULL },
  };
  Thing *thing = g_new0 (Thing, 1);

  thing->i = self->things->len;
  thing->by_api = one_in (self, 2);
  thing->spans = g_array_new (FALSE, FALSE, sizeof (Span));
  thing->known.begins = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < PLAIN_N_LABELS; i++)
    thing->known.labels[i] = values[i][g_rand_int_range (self->rand, 0, 3)];
  if (thing->known.labels[PLAIN_NAME] == NULL)
    thing->known.labels[PLAIN_NAME] = "Api";
  fill_spans (self, thing);
  thing->key = thing->by_api ? get_fingerprint (thing) : g_strdup_printf ("hook/f%u", thing->i);
  g_ptr_array_add (self->things, thing);
  g_hash_table_insert (self->by_key, thing->key, thing);
}

static void
thing_free (gpointer data)
{
  Thing *self = data;

  g_array_unref (self->spans);
  g_free (self->key);
  plain_thing_free (&self->known);
}

/* What is said of it */

static const Span *
find_span (const Thing *thing,
           gint64       now)
{
  for (guint i = 0; i < thing->spans->len; i++)
    {
      const Span *span = &g_array_index (thing->spans, Span, i);

      if (now >= span->start && now < span->end)
        return span;
    }

  return NULL;
}

/* The one that ended last, and still is to be told. */
static const Span *
find_ended_span (Thing  *thing,
                 gint64  now)
{
  guint n = 0;

  while (n < thing->spans->len && g_array_index (thing->spans, Span, n).end <= now)
    n++;
  if (n == 0 || (thing->by_api ? now - g_array_index (thing->spans, Span, n - 1).end > 5 * MINUTE : n == thing->n_ended))
    return NULL;

  thing->n_ended = n;
  return &g_array_index (thing->spans, Span, n - 1);
}

static void
put_time (GString    *text,
          const char *name,
          gint64      time)
{
  g_autofree char *words = incident_time_to_string (time);

  g_string_append_printf (text, ",\"%s\":\"%s\"", name, words);
}

static void
put_line (Day         *self,
          const Line  *line,
          const Letter *letter,
          GString     *text)
{
  const Thing *thing = g_ptr_array_index (self->things, line->thing);

  g_string_append_printf (text, "%s{\"labels\":{\"id\":\"%u\"", text->str[text->len - 1] == '[' ? "" : ",", line->thing);
  for (guint i = 0; i < PLAIN_N_LABELS; i++)
    {
      const char *value = i == PLAIN_SEVERITY ? line->severity : thing->known.labels[i];

      if (value != NULL)
        g_string_append_printf (text, ",\"%s\":\"%s\"", plain_label_names[i], value);
    }
  g_string_append (text, "}");
  put_time (text, "startsAt", line->span.start);
  if (!line->fires || letter->by_api)
    put_time (text, "endsAt", line->fires ? letter->sent_at + LEAD : line->span.end);
  if (!letter->by_api)
    g_string_append_printf (text, ",\"status\":\"%s\",\"fingerprint\":\"f%u\"", line->fires ? "firing" : "resolved", line->thing);
  g_string_append_c (text, '}');
}

static void
write_body (Day    *self,
            Letter *letter)
{
  g_autoptr(GString) text = g_string_new (letter->by_api ? "[" : NULL);

  if (!letter->by_api && one_in (self, 3))
    g_string_append (text, "{\"alerts\":[");
  else if (!letter->by_api)
    g_string_append_printf (text, "{\"groupLabels\":{\"job\":\"%d\"},\"alerts\":[", g_rand_int_range (self->rand, 0, 2));
  for (guint i = 0; i < letter->lines->len; i++)
    put_line (self, &g_array_index (letter->lines, Line, i), letter, text);
  g_string_append (text, letter->by_api ? "]" : "]}");
  letter->body = g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_lines (Day    *self,
           Letter *letter,
           Thing  *thing)
{
  const Span *span = find_span (thing, letter->sent_at);
  const Span *ended = find_ended_span (thing, letter->sent_at);

  if (ended != NULL && (span == NULL || one_in (self, 2)))
    {
      Line line = { thing->i, *ended, FALSE, thing->known.labels[PLAIN_SEVERITY] };

      g_array_append_val (letter->lines, line);
    }
  if (span != NULL)
    {
      Line line = { thing->i, *span, TRUE, thing->known.labels[PLAIN_SEVERITY] };

      /* For the API it would be another one. */
      if (!thing->by_api && one_in (self, 6))
        line.severity = "critical";
      g_array_append_val (letter->lines, line);
    }
}

/* One may come late, twice, or not at all. */
static void
post (Day    *self,
      Letter *letter)
{
  guint n = one_in (self, 8) ? 0 : one_in (self, 6) ? 2 : 1;

  for (guint i = 0; i < n; i++)
    {
      Letter *copy = g_memdup2 (letter, sizeof *letter);

      copy->lines = g_array_ref (letter->lines);
      copy->body = g_strdup (letter->body);
      copy->arrives_at = letter->sent_at;
      if (one_in (self, 4))
        copy->arrives_at += random_time (self, 1, letter->by_api ? LEAD / 2 : 20 * MINUTE);
      g_ptr_array_add (self->letters, copy);
    }
  letter_free (letter);
}

static void
write_letter (Day *self)
{
  Letter *letter = g_new0 (Letter, 1);
  guint first = (guint) g_rand_int_range (self->rand, 0, (gint32) self->things->len);
  guint n = one_in (self, 4) ? self->things->len : 12;

  letter->sent_at = day_get_time (self);
  letter->by_api = one_in (self, 2);
  letter->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  for (guint i = 0; i < n; i++)
    {
      Thing *thing = g_ptr_array_index (self->things, (first + i) % self->things->len);

      if (thing->by_api == letter->by_api)
        add_lines (self, letter, thing);
    }
  write_body (self, letter);
  post (self, letter);
}

/* How it arrives */

static void
hear_line (Day          *self,
           const Line   *line,
           const Letter *letter)
{
  PlainThing *thing = g_ptr_array_index (self->things, line->thing);
  gint64 now = day_get_time (self);

  if (!line->fires)
    plain_thing_ends (thing, line->span.start, line->span.end, now);
  else if (plain_thing_fires (thing, line->span.start, letter->by_api ? letter->sent_at + LEAD : now + self->playbook.timeout,
                              letter->by_api, now))
    {
      /* Another route may have counted otherwise how often it fired. */
      thing->doubtful = thing->doubtful || g_strcmp0 (thing->labels[PLAIN_SEVERITY], line->severity) != 0;
      thing->labels[PLAIN_SEVERITY] = line->severity;
    }
}

static void
expire (Day *self)
{
  for (guint i = 0; i < self->things->len; i++)
    plain_thing_expire (g_ptr_array_index (self->things, i), day_get_time (self));
}

static void
deliver (Day          *self,
         const Letter *letter,
         guint         desk)
{
  g_autofree Hold *holds = g_new0 (Hold, self->things->len);
  g_autoptr(GBytes) body = g_bytes_new (letter->body, strlen (letter->body));
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(GError) error = NULL;

  day_say (self, "desk %u hears %s: %s", desk, letter->by_api ? "api" : "hook", letter->body);
  expire (self);
  day_watch_before (self, holds);
  for (guint i = 0; i < letter->lines->len; i++)
    hear_line (self, &g_array_index (letter->lines, Line, i), letter);
  receipts = incident_desk_ingest (self->desks[desk], NULL, body, NULL, letter->by_api ? "api" : "hook", INCIDENT_TIME_NONE, &error);
  assert_no_error (error);
  day_watch_after (self, holds, TRUE);
}

static void
deliver_all (Day *self)
{
  for (guint i = 0; i < self->letters->len;)
    {
      /* Not always in order. */
      guint j = one_in (self, 3) ? (guint) g_rand_int_range (self->rand, (gint32) i, (gint32) self->letters->len) : i;
      Letter *letter = g_ptr_array_index (self->letters, j);

      if (letter->arrives_at > day_get_time (self))
        {
          i += j == i ? 1 : 0;
          continue;
        }
      letter = g_ptr_array_steal_index (self->letters, j);
      /* A sender of the API has given it up by then. */
      if (!letter->by_api || letter->sent_at + LEAD > day_get_time (self))
        deliver (self, letter, one_in (self, 3) ? 1 : 0);
      letter_free (letter);
    }
}

void
day_settle (Day    *self,
            guint   desk,
            gint64 *next)
{
  g_autofree Hold *holds = g_new0 (Hold, self->things->len);
  g_autoptr(GError) error = NULL;

  day_say (self, "desk %u settles", desk);
  expire (self);
  day_watch_before (self, holds);
  incident_desk_settle_alerts (self->desks[desk], next, &error);
  assert_no_error (error);
  day_watch_after (self, holds, TRUE);
}

/* What people do */

static IncidentSilence *
make_silence (Day                *self,
              const PlainSilence *plain)
{
  g_autofree char *list = plain_list_write (&plain->list, FALSE);
  const char *lists[] = { list, NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *interval = plain->interval >= 0 ? g_strdup_printf ("i%d", plain->interval) : NULL;
  g_autoptr(IncidentSilence) silence = incident_silence_new (lists, plain->start, plain->end, "quiet", &error);

  assert_no_error (error);
  day_say (self, "silence %" G_GUINT64_FORMAT " %s %s", plain->id, list, interval != NULL ? interval : "");
  return incident_silence_with_interval (silence, interval);
}

static void
add_silence (Day  *self,
             guint desk)
{
  gint64 now = day_get_time (self);
  PlainSilence plain = { .interval = one_in (self, 3) ? g_rand_int_range (self->rand, 0, PLAIN_INTERVALS) : -1 };
  g_autoptr(IncidentSilence) wanted = NULL;
  g_autoptr(IncidentSilence) silence = NULL;
  g_autoptr(GError) error = NULL;

  plain_list_init (&plain.list, self->rand, TRUE);
  plain.start = one_in (self, 2) ? now : now + random_time (self, 1, 60 * MINUTE);
  plain.end = plain.start + random_time (self, MINUTE, plain.interval >= 0 ? 600 * MINUTE : 120 * MINUTE);
  wanted = make_silence (self, &plain);
  silence = incident_desk_add_silence (self->desks[desk], wanted, "ana", &error);
  assert_no_error (error);
  plain.id = incident_silence_get_id (silence);
  g_array_append_val (self->silences, plain);
}

/* Only the times: it is the same silence, as long as it has not ended. */
static void
change_silence (Day          *self,
                guint         desk,
                PlainSilence *plain)
{
  gint64 now = day_get_time (self);
  PlainSilence other = *plain;
  g_autoptr(IncidentSilence) wanted = NULL;
  g_autoptr(IncidentSilence) silence = NULL;
  g_autoptr(GError) error = NULL;

  if (plain->end <= now)
    other.start = now;
  else if (plain->start > now)
    other.start = now + random_time (self, 1, 60 * MINUTE);
  other.end = MAX (other.start, now) + random_time (self, MINUTE, 120 * MINUTE);
  wanted = make_silence (self, &other);
  silence = incident_desk_change_silence (self->desks[desk], plain->id, wanted, "bo", &error);
  assert_no_error (error);
  other.id = incident_silence_get_id (silence);
  assert_true ((other.id == plain->id) == (plain->end > now));
  if (other.id == plain->id)
    *plain = other;
  else
    g_array_append_val (self->silences, other);
}

static void
end_silence (Day          *self,
             guint         desk,
             PlainSilence *plain)
{
  gint64 now = day_get_time (self);
  g_autoptr(GError) error = NULL;

  day_say (self, "silence %" G_GUINT64_FORMAT " ends", plain->id);
  incident_desk_expire_silence (self->desks[desk], plain->id, "ana", &error);
  assert_no_error (error);
  plain->end = MIN (plain->end, now);
}

static void
turn_to_silences (Day *self)
{
  g_autofree Hold *holds = g_new0 (Hold, self->things->len);
  guint desk = one_in (self, 2) ? 1 : 0;
  PlainSilence *plain = self->silences->len == 0 ? NULL
    : &g_array_index (self->silences, PlainSilence, (guint) g_rand_int_range (self->rand, 0, (gint32) self->silences->len));

  expire (self);
  day_watch_before (self, holds);
  if (plain == NULL || one_in (self, 2))
    add_silence (self, desk);
  else if (one_in (self, 2))
    change_silence (self, desk, plain);
  else
    end_silence (self, desk, plain);
  day_watch_after (self, holds, TRUE);
}

static void
act (Day *self)
{
  static const char * const verbs[] = { "note", "diagnose", "cancel", "merge", "reopen", "resolve" };
  const char *verb = verbs[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (verbs))];
  g_autoptr(IncidentCommand) command = incident_command_new (verb, one_in (self, 2) ? "ana" : "bo");
  g_autoptr(IncidentCase) kase = NULL;
  g_autoptr(GError) error = NULL;
  guint64 number;

  if (self->n_cases == 0)
    return;

  number = (guint64) g_rand_int_range (self->rand, 1, (gint32) self->n_cases + 1);
  if (g_str_equal (verb, "merge"))
    {
      g_autofree char *other = g_strdup_printf ("%d", g_rand_int_range (self->rand, 1, (gint32) self->n_cases + 1));

      assert_true (incident_command_set (command, "case", other, NULL));
    }
  else
    assert_true (incident_command_set (command, "text", "because", NULL));
  kase = incident_desk_act (self->desks[one_in (self, 2) ? 1 : 0], number, command, &error);
  day_say (self, "case %" G_GUINT64_FORMAT ": a person says %s: %s", number, verb, error != NULL ? error->message : "done");
  if (kase == NULL)
    assert_error (error, INCIDENT_ERROR, INCIDENT_ERROR_REFUSED);
}

static void
change_playbook (Day *self)
{
  g_autofree char *json = NULL;
  g_autoptr(IncidentPlaybook) playbook = NULL;
  g_autoptr(GError) error = NULL;

  plain_playbook_init (&self->playbook, self->rand, day_get_time (self));
  json = plain_playbook_write (&self->playbook);
  day_say (self, "playbook %s", json);
  playbook = incident_playbook_new_from_json (json, -1, "playbook.json", &error);
  assert_no_error (error);
  self->n_playbooks++;
  for (guint i = 0; i < 2; i++)
    {
      incident_desk_set_playbook (self->desks[i], playbook, &error);
      assert_no_error (error);
    }
}

/* The day */

static void
open_desk_again (Day   *self,
                 guint  i)
{
  g_autoptr(GError) error = NULL;

  if (self->folder != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, "store.db", NULL);

      self->stores[i] = incident_sqlite_store_open (path, self->clock, &error);
      assert_no_error (error);
    }
  else if (self->stores[i] == NULL)
    self->stores[i] = i == 0 ? incident_memory_store_new (self->clock) : g_object_ref (self->stores[0]);
}

void
day_restart (Day   *self,
             guint  desk)
{
  g_autoptr(IncidentPlaybook) playbook = incident_playbook_ref (incident_desk_get_playbook (self->desks[desk]));

  day_say (self, "desk %u restarts", desk);
  g_clear_object (&self->desks[desk]);
  if (self->folder != NULL)
    g_clear_object (&self->stores[desk]);
  open_desk_again (self, desk);
  self->desks[desk] = incident_desk_new_with_playbook (self->stores[desk], self->clock, playbook);
}

Day *
day_new (guint32 seed)
{
  Day *self = g_new0 (Day, 1);
  guint n;

  self->seed = seed;
  self->is_traced = g_getenv ("INCIDENT_TRACE") != NULL;
  self->rand = g_rand_new_with_seed (seed);
  self->clock = incident_manual_clock_new (START, seed);
  self->folder = one_in (self, 8) ? g_dir_make_tmp ("incident-day-XXXXXX", NULL) : NULL;
  self->things = g_ptr_array_new_with_free_func (thing_free);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->silences = g_array_new (FALSE, FALSE, sizeof (PlainSilence));
  self->letters = g_ptr_array_new_with_free_func (letter_free);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < 2; i++)
    {
      open_desk_again (self, i);
      self->desks[i] = incident_desk_new (self->stores[i], self->clock, NULL);
    }
  change_playbook (self);
  n = (guint) g_rand_int_range (self->rand, 20, 61);
  for (guint i = 0; i < n; i++)
    add_thing (self);
  return self;
}

static void
remove_folder (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
day_free (Day *self)
{
  for (guint i = 0; i < 2; i++)
    {
      g_clear_object (&self->desks[i]);
      g_clear_object (&self->stores[i]);
    }
  if (self->folder != NULL)
    remove_folder (self->folder);
  g_free (self->folder);
  g_clear_object (&self->clock);
  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->told);
  g_ptr_array_unref (self->things);
  g_ptr_array_unref (self->letters);
  g_array_unref (self->silences);
  g_rand_free (self->rand);
  g_free (self);
}

void
day_step (Day *self)
{
  day_advance (self, random_time (self, 1, one_in (self, 20) ? 60 * MINUTE : 6 * MINUTE));
  if (!one_in (self, 4))
    write_letter (self);
  deliver_all (self);
  if (one_in (self, 12))
    turn_to_silences (self);
  if (one_in (self, 8))
    act (self);
  if (one_in (self, 100))
    change_playbook (self);
  if (one_in (self, 20))
    day_restart (self, one_in (self, 2) ? 1 : 0);
  if (one_in (self, 3))
    day_settle (self, one_in (self, 3) ? 1 : 0, NULL);
}

void
day_end (Day *self)
{
  while (self->letters->len > 0)
    {
      day_advance (self, MINUTE);
      deliver_all (self);
    }
}
