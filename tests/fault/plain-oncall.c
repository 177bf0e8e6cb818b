/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plain-oncall-inside.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* So long after the first way to a person comes the second one. */
#define SECOND (3 * G_TIME_SPAN_MINUTE)
/* The run of pages that are of none. */
#define BESIDE G_MAXUINT

void
plain_blame (PlainOncall *self,
             const char  *format,
             ...)
{
  va_list arguments;

  if (self->fault != NULL)
    return;

  va_start (arguments, format);
  self->fault = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

void
plain_hush (Case       *kase,
            guint       seq,
            gint64      sun,
            guint       run,
            const char *person)
{
  Hush hush = { seq, sun, run, g_intern_string (person) };

  g_array_append_val (kase->hushes, hush);
}

void
plain_count (PlainOncall *self,
             const char  *what)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, what));

  g_hash_table_insert (self->counts, g_strdup (what), GUINT_TO_POINTER (n + 1));
}

guint
plain_oncall_count (PlainOncall *self,
                    const char  *what)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, what));
}

static void
policy_free (gpointer data)
{
  g_free (((Policy *) data)->waits);
  g_free (data);
}

static void
case_free (gpointer data)
{
  Case *kase = data;

  g_hash_table_unref (kase->acked);
  g_hash_table_unref (kase->runs);
  g_array_unref (kase->hushes);
  g_array_unref (kase->turns);
  g_free (kase);
}

static void
announced_free (gpointer data)
{
  g_free (((Announced *) data)->person);
  g_free (data);
}

PlainOncall *
plain_oncall_new ( void)
{
  PlainOncall *self = g_new0 (PlainOncall, 1);

  self->policies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, policy_free);
  self->methods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cases = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, case_free);
  self->announced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, announced_free);
  self->fired = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sent = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->bundled = g_array_new (FALSE, FALSE, sizeof (Bundled));
  self->stops = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->jumps = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->boots = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
plain_oncall_free (PlainOncall *self)
{
  g_hash_table_unref (self->policies);
  g_hash_table_unref (self->methods);
  g_hash_table_unref (self->cases);
  g_hash_table_unref (self->announced);
  g_hash_table_unref (self->fired);
  g_hash_table_unref (self->sent);
  g_hash_table_unref (self->arrived);
  g_array_unref (self->bundled);
  g_array_unref (self->stops);
  g_array_unref (self->jumps);
  g_array_unref (self->boots);
  g_hash_table_unref (self->counts);
  g_free (self->fault);
  g_free (self);
}

void
plain_oncall_add_policy (PlainOncall  *self,
                         const char   *version,
                         const char   *policy,
                         guint         n_steps,
                         guint         repeat,
                         gboolean      is_limited,
                         const gint64 *waits)
{
  Policy *made = g_new0 (Policy, 1);

  made->n_steps = n_steps;
  made->repeat = repeat;
  made->is_limited = is_limited;
  made->waits = g_memdup2 (waits, n_steps * sizeof *waits);
  g_hash_table_insert (self->policies, g_strdup_printf ("%s/%s", version, policy), made);
}

void
plain_oncall_add_person (PlainOncall *self,
                         const char  *person,
                         guint        n_methods)
{
  g_hash_table_insert (self->methods, g_strdup (person), GUINT_TO_POINTER (n_methods));
}

void
plain_oncall_note_stop (PlainOncall *self,
                        gint64       sun,
                        gint64       until)
{
  g_array_append_val (self->stops, sun);
  g_array_append_val (self->stops, until);
}

void
plain_oncall_note_jump (PlainOncall *self,
                        gint64       sun)
{
  g_array_append_val (self->jumps, sun);
}

void
plain_oncall_note_boot (PlainOncall *self,
                        gint64       sun)
{
  g_array_append_val (self->boots, sun);
}

gboolean
plain_was_stopped (PlainOncall *self,
                   gint64       from,
                   gint64       until)
{
  for (guint i = 0; i < self->stops->len; i += 2)
    if (g_array_index (self->stops, gint64, i) <= until && g_array_index (self->stops, gint64, i + 1) >= from)
      return TRUE;

  return FALSE;
}

static gboolean
is_any_within (const GArray *moments,
               gint64        from,
               gint64        until)
{
  for (guint i = 0; i < moments->len; i++)
    if (g_array_index (moments, gint64, i) >= from && g_array_index (moments, gint64, i) <= until)
      return TRUE;

  return FALSE;
}

gboolean
plain_was_booted (PlainOncall *self,
                  gint64       from,
                  gint64       until)
{
  return is_any_within (self->boots, from, until);
}

/* Facts are lines of “name=value”. */

char *
plain_get_fact (const char *facts,
                const char *name)
{
  gsize length = strlen (name);

  /* Few facts are there, and many are asked for. */
  if (strstr (facts, name) == NULL)
    return NULL;
  for (const char *line = facts; line != NULL && *line != '\0';)
    {
      const char *end = strchr (line, '\n');

      if (strncmp (line, name, length) == 0 && line[length] == '=')
        return end != NULL ? g_strndup (line + length + 1, (gsize) (end - line) - length - 1) : g_strdup (line + length + 1);
      line = end != NULL ? end + 1 : NULL;
    }

  return NULL;
}

guint
plain_get_number (const char *facts,
                  const char *name,
                  guint       otherwise)
{
  g_autofree char *value = plain_get_fact (facts, name);

  return value != NULL ? (guint) g_ascii_strtoull (value, NULL, 10) : otherwise;
}

/* Each value of a name that may stand several times. */
static char **
get_all (const char *facts,
         const char *name)
{
  g_auto(GStrv) lines = g_strsplit (facts, "\n", -1);
  GPtrArray *values = g_ptr_array_new ();
  gsize length = strlen (name);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strncmp (lines[i], name, length) == 0 && lines[i][length] == '=')
      g_ptr_array_add (values, g_strdup (lines[i] + length + 1));
  g_ptr_array_add (values, NULL);
  return (char **) g_ptr_array_free (values, FALSE);
}

static Case *
ensure_case (PlainOncall *self,
             guint64      number)
{
  gint64 key = (gint64) number;
  Case *kase = g_hash_table_lookup (self->cases, &key);

  if (kase != NULL)
    return kase;

  kase = g_new0 (Case, 1);
  kase->acked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  kase->runs = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, plain_run_free);
  kase->hushes = g_array_new (FALSE, FALSE, sizeof (Hush));
  kase->turns = g_array_new (FALSE, FALSE, sizeof (Turn));
  g_hash_table_insert (self->cases, g_memdup2 (&key, sizeof key), kase);
  return kase;
}

/* Pages */

static void
announce (PlainOncall     *self,
          gint64           sun,
          const PlainTold *told,
          Case            *kase,
          guint            run,
          JsonObject      *page)
{
  const char *person = json_object_has_member (page, "person") ? json_object_get_string_member (page, "person") : NULL;
  const char *channel = json_object_has_member (page, "channel") ? json_object_get_string_member (page, "channel") : NULL;
  const char *reason = json_object_get_string_member (page, "reason");
  char *key = g_strdup_printf ("%" G_GUINT64_FORMAT "/%u/%s", told->number, told->seq, person != NULL ? person : channel);
  Announced *announced = g_new0 (Announced, 1);

  plain_count (self, "pages");
  announced->sun = sun;
  announced->is_person = person != NULL;
  announced->person = g_strdup (person != NULL ? person : channel);
  if (g_hash_table_contains (self->announced, key))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: %s is paged twice", told->number, told->seq, announced->person);
  g_hash_table_insert (self->announced, key, announced);
  if (person != NULL && !g_str_equal (reason, "direct") && g_hash_table_contains (kase->acked, person))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT " event %u: %s is paged, who has acknowledged", told->number, told->seq, person);
  if (person != NULL)
    plain_hush (kase, told->seq, sun, run != 0 ? run : BESIDE, person);
}

static void
hear_pages (PlainOncall     *self,
            gint64           sun,
            const PlainTold *told,
            Case            *kase,
            guint            run)
{
  g_autoptr(JsonNode) node = json_from_string (told->payload, NULL);
  JsonObject *object = json_node_get_object (node);
  JsonArray *pages;

  if (!json_object_has_member (object, "pages"))
    return;

  pages = json_object_get_array_member (object, "pages");
  for (guint i = 0; i < json_array_get_length (pages); i++)
    announce (self, sun, told, kase, run, json_array_get_object_element (pages, i));
}

static void
turn (Case       *kase,
      gint64      sun,
      const char *person,
      gboolean    is_acked)
{
  Turn made = { sun, g_intern_string (person), is_acked };

  g_array_append_val (kase->turns, made);
  if (is_acked)
    g_hash_table_add (kase->acked, g_strdup (person));
  else
    g_hash_table_remove (kase->acked, person);
}

/* Another episode: nobody has acknowledged it. */
static void
forget_acked (Case   *kase,
              gint64  sun)
{
  g_autofree gpointer *people = g_hash_table_get_keys_as_array (kase->acked, NULL);

  for (guint i = 0; people[i] != NULL; i++)
    turn (kase, sun, people[i], FALSE);
}

static gboolean
was_acked (Case       *kase,
           gint64      sun,
           const char *person)
{
  gboolean is_acked = FALSE;

  for (guint i = 0; i < kase->turns->len && g_array_index (kase->turns, Turn, i).sun <= sun; i++)
    if (g_array_index (kase->turns, Turn, i).person == person)
      is_acked = g_array_index (kase->turns, Turn, i).is_acked;

  return is_acked;
}

/* Who acknowledges, and takes that back. */
static void
hear_people (PlainOncall     *self,
             gint64           sun,
             const PlainTold *told,
             Case            *kase)
{
  g_autofree char *acknowledged = plain_get_fact (told->facts, "acknowledged-by");
  g_auto(GStrv) back = strstr (told->facts, "unacknowledged=") != NULL ? get_all (told->facts, "unacknowledged") : NULL;
  g_autofree char *episode = plain_get_fact (told->facts, "episode");
  g_autofree char *state = plain_get_fact (told->facts, "state");

  if (episode != NULL)
    forget_acked (kase, sun);
  if (state != NULL)
    kase->is_live = g_str_equal (state, "live");
  if (state != NULL && !kase->is_live)
    plain_hush (kase, told->seq, sun, 0, NULL);
  for (guint i = 0; back != NULL && back[i] != NULL; i++)
    turn (kase, sun, back[i], FALSE);
  if (acknowledged == NULL)
    return;

  plain_count (self, "acknowledgements");
  turn (kase, sun, acknowledged, TRUE);
  plain_hush (kase, told->seq, sun, 0, acknowledged);
}

void
plain_oncall_hear (PlainOncall     *self,
                   gint64           sun,
                   const PlainTold *told)
{
  Case *kase = ensure_case (self, told->number);
  guint run = plain_get_number (told->facts, "run", 0);

  hear_people (self, sun, told, kase);
  if (run != 0)
    plain_hear_run (self, sun, told, kase, run);
  if (told->payload != NULL && strstr (told->payload, "\"pages\":[") != NULL)
    hear_pages (self, sun, told, kase, run);
}

void
plain_oncall_see_arrive (PlainOncall *self,
                         gint64       sun,
                         guint64      number,
                         const char  *key,
                         const char  *body)
{
  Case *kase = ensure_case (self, number);
  g_autoptr(JsonNode) node = json_from_string (body, NULL);
  JsonObject *page = json_node_get_object (node);
  const char *person = json_object_has_member (page, "person") && !json_object_get_null_member (page, "person")
                       ? json_object_get_string_member (page, "person") : NULL;
  Arrival *arrival = g_hash_table_lookup (self->arrived, key);

  if (arrival == NULL)
    {
      arrival = g_new0 (Arrival, 1);
      arrival->sun = sun;
      g_hash_table_insert (self->arrived, g_strdup (key), arrival);
    }
  arrival->n++;
  if (arrival->n > 1)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page to %s arrives twice", number, person);
  if (!kase->is_live)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page to %s arrives, and the case is over", number, person);
  if (person != NULL && !g_str_equal (json_object_get_string_member (page, "reason"), "direct")
      && g_hash_table_contains (kase->acked, person))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page arrives at %s, who has acknowledged", number, person);
  plain_count (self, "arrived");
}

/* The first reason not to send it any more, in what came after it; NULL: there is none. */
static const Hush *
find_hush (Case       *kase,
           guint       seq,
           guint       run,
           const char *person) /* nullable */
{
  for (guint i = 0; i < kase->hushes->len; i++)
    {
      const Hush *hush = &g_array_index (kase->hushes, Hush, i);

      /* Beside runs a channel calls for anybody. */
      if (hush->seq > seq && (hush->run == 0 || hush->run == (run != 0 ? run : BESIDE))
          && (hush->person == NULL || g_strcmp0 (hush->person, person) == 0 || (person == NULL && run == 0)))
        return hush;
    }

  return NULL;
}

/* The last thing that is said of it is that it is not wanted. */
static gboolean
is_tried (const char *log)
{
  const char *first = log != NULL ? strstr (log, "\"outcome\"") : NULL;

  return first != NULL && strstr (first + 1, "\"outcome\"") != NULL;
}

/* One that was never tried is looked at when its time comes: the reason is there by then. */
static void
judge_withdrawn (PlainOncall        *self,
                 Case               *kase,
                 const PlainMessage *message,
                 const Announced    *announced, /* nullable */
                 guint               run,
                 guint               method,
                 const char         *person)    /* nullable */
{
  const Hush *hush = find_hush (kase, message->seq, run, person);
  gint64 until = announced != NULL ? announced->sun + (method > 1 ? SECOND : 0) : 0;

  /* Who is at it already is not called, though a person has asked for them. */
  if (run == 0 && announced != NULL && person != NULL && was_acked (kase, announced->sun, g_intern_string (person)))
    {
      plain_count (self, "asked for, and at it already");
      return;
    }
  if (hush == NULL)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page of event %u to %s is withdrawn, and nothing has come between: %s",
                 message->number, message->seq, person, message->trouble);
  if (hush == NULL || announced == NULL || is_tried (message->log)
      || plain_was_stopped (self, announced->sun, until) || is_any_within (self->jumps, announced->sun, until))
    return;

  plain_count (self, "withdrawn untried");
  if (hush->sun > until)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page of event %u to %s is withdrawn before there was a reason: %s", message->number,
                 message->seq, person, message->trouble);
}

/* The message that told of it too, if it was bundled with one; 0: it went by itself. */
static guint64
find_carrier (const PlainMessage *message)
{
  const char *bundled = message->log != NULL ? strstr (message->log, "\"bundled\"") : NULL;
  const char *with = bundled != NULL ? strstr (bundled, "with message ") : NULL;

  return with != NULL ? g_ascii_strtoull (with + strlen ("with message "), NULL, 10) : 0;
}

void
plain_oncall_see_message (PlainOncall        *self,
                          const PlainMessage *message)
{
  Case *kase = ensure_case (self, message->number);
  g_autoptr(JsonNode) node = json_from_string (message->body, NULL);
  JsonObject *page = json_node_get_object (node);
  gboolean is_person = json_object_has_member (page, "person") && !json_object_get_null_member (page, "person");
  const char *person = is_person ? json_object_get_string_member (page, "person") : NULL;
  guint run = json_object_has_member (page, "run") ? (guint) json_object_get_int_member (page, "run") : 0;
  Arrival *arrival = g_hash_table_lookup (self->arrived, message->key);
  guint n_arrived = arrival != NULL ? arrival->n : 0;
  guint64 with = find_carrier (message);
  g_autofree char *key = g_strdup_printf ("%" G_GUINT64_FORMAT "/%u/%s", message->number, message->seq, is_person ? person : "chat");
  Announced *announced = g_hash_table_lookup (self->announced, key);

  plain_count (self, message->state);
  if (arrival != NULL)
    g_hash_table_insert (self->sent, g_memdup2 (&message->id, sizeof message->id), arrival);
  if (announced == NULL)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": event %u does not tell that %s is paged", message->number, message->seq, person);
  else
    announced->n_rows++;

  if (g_str_equal (message->state, "sent"))
    {
      Bundled bundled = { with, message->number, g_intern_string (person) };

      if (n_arrived != (with != 0 ? 0 : 1))
        plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page to %s is “sent”, and arrived %u times", message->number, person, n_arrived);
      if (with != 0)
        g_array_append_val (self->bundled, bundled);
    }
  else if (n_arrived > 0)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page to %s is “%s”, and arrived", message->number, person, message->state);
  else if (g_str_equal (message->state, "withdrawn"))
    judge_withdrawn (self, kase, message, announced, run, (guint) json_object_get_int_member (page, "method"), person);
  else if (g_str_equal (message->state, "dead") && message->trouble == NULL)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page to %s is dead without a word", message->number, person);
  else if (g_str_equal (message->state, "expired") && announced != NULL
           && !plain_was_stopped (self, announced->sun, announced->sun + OLD) && !is_any_within (self->jumps, announced->sun, announced->sun + OLD))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page of event %u to %s has expired, and everybody looked: %s", message->number, message->seq,
                 person, message->log);
  else if (g_str_equal (message->state, "pending") || g_str_equal (message->state, "sending") || g_str_equal (message->state, "unsure"))
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page to %s is “%s” in the end", message->number, person, message->state);
}

static void
end_bundled (PlainOncall *self)
{
  for (guint i = 0; i < self->bundled->len; i++)
    {
      const Bundled *bundled = &g_array_index (self->bundled, Bundled, i);
      const Arrival *arrival = g_hash_table_lookup (self->sent, &bundled->with);

      plain_count (self, "bundled");
      if (arrival == NULL)
        plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page to %s went with a message that did not arrive", bundled->number, bundled->person);
      else if (was_acked (ensure_case (self, bundled->number), arrival->sun, bundled->person))
        plain_blame (self, "INC-%" G_GUINT64_FORMAT ": a page went with another to %s, who has acknowledged", bundled->number, bundled->person);
    }
}

static void
end_case (PlainOncall *self,
          guint64      number,
          Case        *kase)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, kase->runs);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Run *run = value;

      plain_count (self, "runs");
      if (run->state == NULL || (!g_str_equal (run->state, "ended") && !g_str_equal (run->state, "exhausted")))
        plain_blame (self, "INC-%" G_GUINT64_FORMAT ": run %u is %s in the end", number, GPOINTER_TO_UINT (key), run->state);
    }
  if (g_hash_table_size (kase->runs) == 0)
    plain_blame (self, "INC-%" G_GUINT64_FORMAT ": nothing was escalated", number);
}

void
plain_oncall_end (PlainOncall *self)
{
  GHashTableIter iter;
  gpointer key, value;

  end_bundled (self);
  g_hash_table_iter_init (&iter, self->cases);
  while (g_hash_table_iter_next (&iter, &key, &value))
    end_case (self, (guint64) *(gint64 *) key, value);

  g_hash_table_iter_init (&iter, self->announced);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Announced *announced = value;
      guint n_methods = announced->is_person ? GPOINTER_TO_UINT (g_hash_table_lookup (self->methods, announced->person)) : 1;

      if (announced->n_rows != n_methods)
        plain_blame (self, "INC-%s is paged by %u messages instead of %u", (const char *) key, announced->n_rows, n_methods);
    }
}

const char *
plain_oncall_get_fault (PlainOncall *self)
{
  return self->fault;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

char *
plain_oncall_describe (PlainOncall *self)
{
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (self->counts, NULL);
  guint n = g_hash_table_size (self->counts);
  GString *text = g_string_new (NULL);

  qsort (names, n, sizeof *names, compare);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%u %s", i > 0 ? ", " : "", plain_oncall_count (self, names[i]), (const char *) names[i]);
  return g_string_free (text, FALSE);
}
