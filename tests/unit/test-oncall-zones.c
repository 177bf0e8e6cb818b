/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oncall-oracle.h"

/* In every zone there is, around each change of its offset from 2000 to 2040: random rotations, rules and rosters, held
 * against a slow reading of the rules. Without an argument one change of each kind is tried, with “all” all of them. */

#define DAYS_READ    8
#define DAYS_APART   2 /* from the edges of what is read to where it is looked at */
#define FIRST_YEAR   (G_GINT64_CONSTANT (946684800)) /* 2000-01-01, in seconds */
#define LAST_YEAR    (G_GINT64_CONSTANT (2208988800)) /* 2040-01-01 */

static gboolean tries_all;
static guint    first_seed = 1;

typedef struct
{
  GTimeZone *zone;
  char      *name;
  gint64     moment;  /* of a change of its offset */
} Case;

static void
case_free (gpointer data)
{
  Case *self = data;

  g_time_zone_unref (self->zone);
  g_free (self->name);
  g_free (self);
}

/* Of the zone whose clock is set in a way that none was before, or where all are tried. */
static void
add_case (GPtrArray *cases, GHashTable *kinds, GTimeZone *zone, const char *name, gint64 seconds)
{
  int before = g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds - 1));
  int after = g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds));
  gboolean is_new;
  Case *added;

  if (before == after)
    return;

  /* By how much, and at which time of the day. */
  is_new = g_hash_table_add (kinds, g_strdup_printf ("%d %d", after - before, (int) ((seconds + before) % 86400)));
  if (!is_new && !tries_all)
    return;

  added = g_new (Case, 1);
  *added = (Case) { g_time_zone_ref (zone), g_strdup (name), seconds * G_USEC_PER_SEC };
  g_ptr_array_add (cases, added);
}

static void
add_zone (GPtrArray *cases, GHashTable *kinds, const char *name)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier (name);
  const gint64 step = 7 * 86400;

  for (gint64 seconds = FIRST_YEAR; zone != NULL && seconds < LAST_YEAR; seconds += step)
    {
      int last = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds + step);
      gint64 from = seconds;

      while (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, from) != last)
        {
          int first = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, from);
          gint64 until = seconds + step;

          while (until - from > 1)
            {
              gint64 middle = from + (until - from) / 2;

              if (g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, middle) == first)
                from = middle;
              else
                until = middle;
            }
          add_case (cases, kinds, zone, name, until);
          from = until;
        }
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

/* All files of the folder of the zones; those that are the same once. */
static void
list_zones (const char *folder, const char *within, GHashTable *contents, GPtrArray *names)
{
  g_autofree char *path = g_build_filename (folder, within, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (files, g_strdup (file));
  g_ptr_array_sort (files, compare_names);

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *name = *within != '\0' ? g_build_filename (within, files->pdata[i], NULL) : g_strdup (files->pdata[i]);
      g_autofree char *full = g_build_filename (folder, name, NULL);
      g_autofree char *content = NULL;
      gsize length;

      /* Those count seconds that others do not, and are the others once more. */
      if (g_str_equal (name, "right") || g_str_equal (name, "posix"))
        continue;
      if (g_file_test (full, G_FILE_TEST_IS_DIR))
        list_zones (folder, name, contents, names);
      else if (g_file_get_contents (full, &content, &length, NULL) && length > 4 && memcmp (content, "TZif", 4) == 0
               && g_hash_table_add (contents, g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length)))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
}

static GPtrArray *
list_cases (void)
{
  const char *folder = g_getenv ("TZDIR") != NULL ? g_getenv ("TZDIR") : "/usr/share/zoneinfo";
  GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) contents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  list_zones (folder, "", contents, names);
  for (guint i = 0; i < names->len; i++)
    add_zone (cases, kinds, g_ptr_array_index (names, i));
  print_message ("%u zones, %u changes of a clock\n", names->len, cases->len);
  assert_true (names->len > 200 && cases->len > 30);
  return cases;
}

static gboolean
one_in (GRand *rand, int n)
{
  return g_rand_int_range (rand, 0, n) == 0;
}

/* The times of a day that a clock is set at are tried more often. */
static guint
make_minute (GRand *rand)
{
  static const guint minutes[] = { 0, 1, 30, 60, 90, 119, 120, 135, 150, 180, 210, 1380, 1410, 1439, 1440 };

  return one_in (rand, 3) ? (guint) g_rand_int_range (rand, 0, 1441) : minutes[g_rand_int_range (rand, 0, G_N_ELEMENTS (minutes))];
}

static IncidentRotation
make_rotation (GRand *rand, gint64 moment)
{
  static const int lengths[] = { 1, 1, 2, 3, 5, 12 };
  IncidentRotation rotation = {
    .unit = (IncidentRotationUnit) g_rand_int_range (rand, INCIDENT_ROTATION_HOUR, INCIDENT_ROTATION_MONTH + 1),
    .length = (guint) lengths[g_rand_int_range (rand, 0, G_N_ELEMENTS (lengths))],
  };
  gint64 day = moment / G_TIME_SPAN_DAY + g_rand_int_range (rand, one_in (rand, 4) ? -2000 : -3, 1000 / (1 + g_rand_int_range (rand, 0, 500)));

  rotation.start = day * 1440 + make_minute (rand);
  return rotation;
}

static void
make_restrictions (GRand *rand, GArray *restrictions)
{
  for (int n = g_rand_int_range (rand, 1, 4); n > 0; n--)
    {
      IncidentRestriction restriction = { (guint) g_rand_int_range (rand, 0, 128), make_minute (rand) % 1440, make_minute (rand) };

      if (one_in (rand, 2))
        restriction.weekdays = 127;
      if (one_in (rand, 4))
        restriction.until = restriction.from;
      g_array_append_val (restrictions, restriction);
    }
}

/* Where the two differ is told so that the day can be tried alone. */
static void
fail_at (const Case *self, guint32 seed, gint64 moment, const char *what, const char *found, const char *expected)
{
  g_autofree char *time = show (moment);
  g_autofree char *change = show (self->moment);

  fail_msg ("seed %u, %s, set at %s: %s at %s are “%s”, not “%s”", seed, self->name, change, what, time, found, expected);
}

static void
try_rotation (const Case *self, guint32 seed, GRand *rand, const Reading *reading)
{
  IncidentRotation rotation = make_rotation (rand, self->moment);
  g_autofree gint64 *numbers = read_rotation (reading, &rotation);
  g_auto(IncidentWallClock) clock = { NULL };

  incident_wall_clock_init (&clock, self->zone, self->moment - G_TIME_SPAN_DAY, self->moment + G_TIME_SPAN_DAY);
  for (int i = DAYS_APART * 1440; i < reading->n - DAYS_APART * 1440; i++)
    {
      gint64 moment = reading->start + i * MINUTE;
      gint64 found = incident_rotation_find (&rotation, &clock, moment + (one_in (rand, 2) ? 0 : MINUTE - 1));
      gint64 begun = incident_rotation_get_hand_off (&rotation, &clock, numbers[i]);

      if (found != numbers[i])
        {
          g_autofree char *one = g_strdup_printf ("%" G_GINT64_FORMAT, found);
          g_autofree char *other = g_strdup_printf ("%" G_GINT64_FORMAT, numbers[i]);

          fail_at (self, seed, moment, "hand-offs", one, other);
        }
      if (begun > moment || (numbers[i - 1] != numbers[i] && begun != moment))
        fail_at (self, seed, moment, "beginnings", "another", "this");
    }
}

static void
try_restrictions (const Case *self, guint32 seed, GRand *rand, const Reading *reading)
{
  g_autoptr(GArray) restrictions = g_array_new (FALSE, FALSE, sizeof (IncidentRestriction));
  g_autoptr(GArray) stretches = g_array_new (FALSE, FALSE, sizeof (IncidentStretch));
  g_autofree gboolean *holds = NULL;
  g_autofree gboolean *found = g_new0 (gboolean, reading->n);
  g_auto(IncidentWallClock) clock = { NULL };
  gint64 from = reading->start + DAYS_APART * G_TIME_SPAN_DAY;
  gint64 until = reading->start + (DAYS_READ - DAYS_APART) * G_TIME_SPAN_DAY;

  make_restrictions (rand, restrictions);
  holds = read_restrictions (reading, restrictions);
  incident_wall_clock_init (&clock, self->zone, from, until);
  incident_restrictions_list (restrictions, &clock, from, until, stretches);
  for (guint i = 0; i < stretches->len; i++)
    {
      const IncidentStretch *stretch = &g_array_index (stretches, IncidentStretch, i);

      if (i > 0 && stretch->from <= stretch[-1].until)
        fail_at (self, seed, stretch->from, "stretches", "several", "one");
      for (gint64 moment = stretch->from; moment < stretch->until; moment += MINUTE)
        found[(moment - reading->start) / MINUTE] = TRUE;
    }
  for (int i = DAYS_APART * 1440; i < (DAYS_READ - DAYS_APART) * 1440; i++)
    if (found[i] != holds[i])
      fail_at (self, seed, reading->start + i * MINUTE, "restrictions", found[i] ? "on" : "off", holds[i] ? "on" : "off");
}

static const char * const names[] = { "ana", "bo", "cy", "dora", "eli", "fay", "gil", "hana" };
static const char * const layer_names[] = { "one", "two", "three", "four" };

/* A minute of the days that are looked at. */
static gint64
make_moment (GRand *rand, const Case *self)
{
  return self->moment / MINUTE * MINUTE + g_rand_int_range (rand, -3 * 1440, 3 * 1440) * MINUTE;
}

static void
make_layer (Watch *watch, IncidentScheduleRules *schedule, GRand *rand, const Case *self, guint n)
{
  IncidentLayer *layer = incident_schedule_rules_add_layer (schedule, layer_names[n]);

  layer->priority = (guint) g_rand_int_range (rand, 0, GREATEST_PRIORITY + 1);
  layer->zone = one_in (rand, 3) ? g_time_zone_new_identifier ("Europe/Dublin") : g_time_zone_ref (self->zone);
  for (int i = g_rand_int_range (rand, 1, 4); i > 0; i--)
    g_ptr_array_add (layer->people, (gpointer) names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))]);
  layer->rotates = !one_in (rand, 4);
  if (layer->rotates)
    layer->rotation = make_rotation (rand, self->moment);
  if (!one_in (rand, 3))
    make_restrictions (rand, layer->restrictions);
  if (one_in (rand, 3))
    layer->from = make_moment (rand, self) - G_TIME_SPAN_DAY;
  if (one_in (rand, 3))
    layer->until = make_moment (rand, self) + G_TIME_SPAN_DAY;
  if (one_in (rand, 3))
    {
      IncidentHolidays *holidays = incident_oncall_rules_add_holidays (watch->rules->oncall, "days");

      for (gint32 day = -2; day <= 2; day++)
        {
          IncidentHoliday holiday = { (gint32) (self->moment / G_TIME_SPAN_DAY) + day, NULL };

          if (one_in (rand, 2))
            g_array_append_val (holidays->days, holiday);
        }
      layer->off = holidays;
    }
}

static void
make_change (Watch *watch, GRand *rand, const Case *self, guint n)
{
  static const char * const others[] = { "ida", "jon", "kim", "lou", "mia", "ned", "ola", "pia" };
  IncidentOverrideKind kind = (IncidentOverrideKind) g_rand_int_range (rand, 0, INCIDENT_OVERRIDE_KIND_FEED + 1);
  IncidentRosterChange *change = change_schedule (watch, kind, names[n], others[n], "2000-01-01T00:00Z", "2000-01-01T00:00Z");

  change->from = make_moment (rand, self);
  change->until = change->from + g_rand_int_range (rand, 1, 2000) * MINUTE;
  if (one_in (rand, 3))
    change->added_at = make_moment (rand, self);
  if (one_in (rand, 3))
    change->withdrawn_at = make_moment (rand, self);
  if (kind == INCIDENT_OVERRIDE_KIND_SWAP)
    {
      change->taken_at = one_in (rand, 3) ? make_moment (rand, self) : change->from - G_TIME_SPAN_DAY;
      if (one_in (rand, 4))
        change->substitute = NULL;
    }
  for (int i = change->shifts != NULL ? g_rand_int_range (rand, 0, 5) : 0; i > 0; i--)
    {
      IncidentFixedShift shift = {
        one_in (rand, 6) ? NULL : (char *) (one_in (rand, 2) ? names : others)[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))],
        NULL, (guint) g_rand_int_range (rand, 0, GREATEST_PRIORITY + 1),
      };

      shift.from = change->from + g_rand_int_range (rand, -300, 1500) * MINUTE;
      shift.until = shift.from + g_rand_int_range (rand, 1, 1500) * MINUTE;
      g_array_append_val (change->shifts, shift);
    }
}

/* Two temporary schedules at once are refused when they are made. */
static void
drop_second_temporary (Watch *watch)
{
  GPtrArray *changes = watch->roster.changes;
  GPtrArray *by_schedule = g_hash_table_lookup (watch->roster.by_schedule, "s");
  gboolean has_one = FALSE;

  for (guint i = 0; i < changes->len; )
    {
      const IncidentRosterChange *change = g_ptr_array_index (changes, i);

      if (change->kind == INCIDENT_OVERRIDE_KIND_TEMPORARY && has_one)
        {
          g_ptr_array_remove_index (by_schedule, i);
          g_ptr_array_remove_index (changes, i);
          continue;
        }
      has_one |= change->kind == INCIDENT_OVERRIDE_KIND_TEMPORARY;
      i++;
    }
}

/* What the layers of a schedule say in each minute. */
static GPtrArray *
read_layers (const IncidentScheduleRules *schedule, const Reading *reading)
{
  GPtrArray *turns = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < schedule->layers->len; i++)
    g_ptr_array_add (turns, read_layer (g_ptr_array_index (schedule->layers, i), reading->start, reading->n));
  return turns;
}

/* Who is on call in each minute, as words. */
static char *
ask_rules (const Watch *watch, const IncidentScheduleRules *schedule, const GPtrArray *turns, const Reading *reading, int i)
{
  g_autoptr(GPtrArray) people = g_ptr_array_new ();

  ask (schedule, (int * const *) turns->pdata, watch->roster.changes, reading->start + i * MINUTE, i, people);
  return join_people (people);
}

static void
check_roster (const Case *self, guint32 seed, Watch *watch, const IncidentScheduleRules *old, gint64 edit, const Reading *reading)
{
  gint64 from = reading->start + DAYS_APART * G_TIME_SPAN_DAY;
  gint64 until = reading->start + (DAYS_READ - DAYS_APART) * G_TIME_SPAN_DAY;
  g_autoptr(GArray) spans = incident_roster_cover (&watch->roster, "s", from, until);
  g_autoptr(GPtrArray) turns = read_layers (watch->schedule, reading);
  g_autoptr(GPtrArray) old_turns = read_layers (old, reading);

  for (guint i = 0; i < spans->len; i++)
    {
      const IncidentSpan *span = &g_array_index (spans, IncidentSpan, i);
      g_autofree char *found = join_people (span->people);

      for (gint64 moment = span->from; moment < span->until; moment += MINUTE)
        {
          int minute = (int) ((moment - reading->start) / MINUTE);
          g_autofree char *expected = moment < edit ? ask_rules (watch, old, old_turns, reading, minute)
                                                    : ask_rules (watch, watch->schedule, turns, reading, minute);

          if (!g_str_equal (found, expected))
            fail_at (self, seed, moment, "people", found, expected);
        }
    }
}

/* A moment asked about by itself is as in the whole, and so is when it changes next. */
static void
check_moments (const Case *self, guint32 seed, Watch *watch, GRand *rand, const Reading *reading)
{
  gint64 from = reading->start + DAYS_APART * G_TIME_SPAN_DAY;
  gint64 until = reading->start + (DAYS_READ - DAYS_APART) * G_TIME_SPAN_DAY;
  g_autoptr(GArray) spans = incident_roster_cover (&watch->roster, "s", from, until);
  const IncidentSpan *span = &g_array_index (spans, IncidentSpan, g_rand_int_range (rand, 0, (gint32) spans->len));
  const IncidentSpan *end = &g_array_index (spans, IncidentSpan, spans->len);
  gint64 moment = span->from + g_rand_int_range (rand, 0, (gint32) ((span->until - span->from) / MINUTE)) * MINUTE;
  gint64 next = incident_roster_next_change (&watch->roster, "s", moment);
  g_autoptr(GPtrArray) people = g_ptr_array_new ();
  g_autofree char *found = NULL;
  g_autofree char *expected = join_people (span->people);

  assert_true (incident_roster_get_on_call (&watch->roster, "s", moment, people));
  found = join_people (people);
  if (!g_str_equal (found, expected))
    fail_at (self, seed, moment, "people now", found, expected);

  for (span++; span < end; span++)
    {
      g_autofree char *then = join_people (span->people);

      if (!g_str_equal (then, expected))
        break;
    }
  if (span < end ? next != span->from : next < until)
    fail_at (self, seed, moment, "next changes", "elsewhere", "here");
}

static void
try_roster (const Case *self, guint32 seed, GRand *rand, const Reading *reading)
{
  g_autoptr(Watch) watch = watch_new ("UTC");
  g_autoptr(IncidentRules) before = incident_rules_new (incident_lifecycle_get_default ());
  IncidentScheduleRules *old = add_schedule (before, "s", "UTC");
  gint64 edit = make_moment (rand, self);
  int n_layers = g_rand_int_range (rand, 0, G_N_ELEMENTS (layer_names) + 1);
  int n_changes = g_rand_int_range (rand, 0, G_N_ELEMENTS (names) + 1);

  for (int i = 0; i < n_layers; i++)
    make_layer (watch, watch->schedule, rand, self, (guint) i);
  make_layer (watch, old, rand, self, 0);
  for (int i = 0; i < n_changes; i++)
    make_change (watch, rand, self, (guint) i);
  drop_second_temporary (watch);
  watch_add_base (watch, G_MININT64, before);
  watch_add_base (watch, edit, watch->rules);

  check_roster (self, seed, watch, old, edit, reading);
  check_moments (self, seed, watch, rand, reading);
}

typedef void (*Try) (const Case *self, guint32 seed, GRand *rand, const Reading *reading);

static void
try_each (GPtrArray *cases, Try try, int times)
{
  /* The few are tried more often. */
  times *= tries_all ? 1 : 4;
  for (guint i = 0; i < cases->len; i++)
    {
      const Case *one = g_ptr_array_index (cases, i);
      g_auto(Reading) reading = { 0 };

      reading_init (&reading, one->zone, one->moment / MINUTE * MINUTE - DAYS_READ / 2 * G_TIME_SPAN_DAY, DAYS_READ * 1440);
      for (int j = 0; j < times; j++)
        {
          guint32 seed = first_seed + i * (guint32) times + (guint32) j;
          g_autoptr(GRand) rand = g_rand_new_with_seed (seed);

          try (one, seed, rand, &reading);
        }
    }
}

static void
test_hand_offs_are_what_a_slow_reading_says (void **state)
{
  try_each (*state, try_rotation, 8);
}

static void
test_restrictions_are_what_a_slow_reading_says (void **state)
{
  try_each (*state, try_restrictions, 8);
}

static void
test_who_is_on_call_is_what_a_slow_reading_says (void **state)
{
  try_each (*state, try_roster, 2);
}

static int
find_cases (void **state)
{
  *state = list_cases ();
  return 0;
}

static int
drop_cases (void **state)
{
  g_ptr_array_unref (*state);
  return 0;
}

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_hand_offs_are_what_a_slow_reading_says),
    cmocka_unit_test (test_restrictions_are_what_a_slow_reading_says),
    cmocka_unit_test (test_who_is_on_call_is_what_a_slow_reading_says),
  };

  tries_all = argc > 1 && g_str_equal (argv[1], "all");
  if (argc > 2)
    first_seed = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  return cmocka_run_group_tests (tests, find_cases, drop_cases);
}
