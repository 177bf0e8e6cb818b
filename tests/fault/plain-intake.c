/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plain-intake.h"

#include <string.h>

#define SECONDS(n) ((gint64) (n) * G_TIME_SPAN_SECOND)

const char * const plain_label_names[PLAIN_N_LABELS] = { "alertname", "cluster", "team", "severity" };

static const char * const values[PLAIN_N_LABELS][3] = {
  { "Disk", "Net", "Api" }, { "a", "b", "" }, { "x", "y", "" }, { "warning", "critical", "critical" },
};

static gboolean
one_in (GRand *rand,
        guint  n)
{
  return g_rand_int_range (rand, 0, (gint32) n) == 0;
}

static gint64
random_seconds (GRand *rand,
                guint  least,
                guint  most)
{
  return SECONDS (g_rand_int_range (rand, (gint32) least, (gint32) most + 1));
}

/* Making */

void
plain_list_init (PlainList *self,
                 GRand     *rand,
                 gboolean   of_silence)
{
  self->n = one_in (rand, 3) ? 2 : 1;
  for (guint i = 0; i < self->n; i++)
    {
      PlainMatcher *matcher = &self->matchers[i];

      matcher->label = (guint) g_rand_int_range (rand, 0, PLAIN_N_LABELS);
      matcher->value = values[matcher->label][g_rand_int_range (rand, 0, of_silence ? 2 : 3)];
      matcher->negated = !of_silence && one_in (rand, 5);
    }
}

static void
route_init (PlainRoute          *self,
            GRand               *rand,
            const PlainRoute    *root)
{
  if (root != NULL && one_in (rand, 2))
    *self = *root;
  plain_list_init (&self->list, rand, FALSE);
  self->goes_on = root != NULL && one_in (rand, 4);
  self->group_by = (guint) g_rand_int_range (rand, 0, 5);
  self->wait = one_in (rand, 3) ? random_seconds (rand, 1, 600) : 0;
  self->window = one_in (rand, 3) ? random_seconds (rand, 600, 36000) : 0;
  self->reopen_within = one_in (rand, 3) ? random_seconds (rand, 60, 7200) : 0;
  self->ended_for = one_in (rand, 2) ? random_seconds (rand, 1, 3600) : 0;
  self->count = one_in (rand, 5) ? (guint) g_rand_int_range (rand, 2, 4) : 0;
  self->within = random_seconds (rand, 1800, 14400);
  self->flap = one_in (rand, 4);
  self->when_ended = (guint) g_rand_int_range (rand, 0, 4);
  self->mute = root != NULL && one_in (rand, 4) ? g_rand_int_range (rand, 0, PLAIN_INTERVALS) : -1;
  self->active = root != NULL && one_in (rand, 4) ? g_rand_int_range (rand, 0, PLAIN_INTERVALS) : -1;
}

static void
inhibition_init (PlainInhibition *self,
                 GRand           *rand,
                 guint            n_routes)
{
  plain_list_init (&self->source, rand, FALSE);
  plain_list_init (&self->target, rand, FALSE);
  self->equal = (guint) g_rand_int_range (rand, 0, 1 << PLAIN_N_LABELS) & (guint) g_rand_int_range (rand, 0, 1 << PLAIN_N_LABELS);
  self->require = one_in (rand, 2);
  self->routes = one_in (rand, 3) ? (guint) g_rand_int_range (rand, 0, 1 << n_routes) & ~1u : 0;
}

void
plain_playbook_init (PlainPlaybook *self,
                     GRand         *rand,
                     gint64         now)
{
  memset (self, 0, sizeof *self);
  for (guint i = 0; i < PLAIN_INTERVALS; i++)
    {
      self->intervals[i].start = g_rand_int_range (rand, 0, 1439);
      self->intervals[i].end = g_rand_int_range (rand, self->intervals[i].start + 1, 1441);
    }
  self->n_routes = (guint) g_rand_int_range (rand, 1, 6);
  for (guint i = 0; i < self->n_routes; i++)
    route_init (&self->routes[i], rand, i > 0 ? &self->routes[0] : NULL);
  self->n_inhibitions = (guint) g_rand_int_range (rand, 0, 5);
  for (guint i = 0; i < self->n_inhibitions; i++)
    inhibition_init (&self->inhibitions[i], rand, self->n_routes);
  self->n_works = (guint) g_rand_int_range (rand, 0, 3);
  for (guint i = 0; i < self->n_works; i++)
    {
      PlainWork *work = &self->works[i];

      plain_list_init (&work->list, rand, FALSE);
      work->interval = one_in (rand, 2) ? g_rand_int_range (rand, 0, PLAIN_INTERVALS) : -1;
      work->from = now + random_seconds (rand, 1, 36000);
      work->until = work->from + random_seconds (rand, 60, 14400);
    }
  self->timeout = one_in (rand, 3) ? random_seconds (rand, 600, 1800) : random_seconds (rand, 3600, 14400);
}

/* Writing */

static char *
matcher_write (const PlainMatcher *self,
               gboolean            in_json)
{
  const char *quote = in_json ? "\\\"" : "\"";

  return g_strdup_printf ("%s%s%s%s%s", plain_label_names[self->label], self->negated ? "!=" : "=", quote, self->value, quote);
}

/* In JSON each stands for itself. */
char *
plain_list_write (const PlainList *self,
                  gboolean         in_json)
{
  g_autoptr(GString) text = g_string_new (in_json ? "[" : "{");

  for (guint i = 0; i < self->n; i++)
    {
      g_autofree char *matcher = matcher_write (&self->matchers[i], in_json);

      g_string_append_printf (text, in_json ? "%s\"%s\"" : "%s%s", i > 0 ? "," : "", matcher);
    }
  g_string_append_c (text, in_json ? ']' : '}');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
put_seconds (GString    *text,
             const char *name,
             gint64      duration)
{
  g_string_append_printf (text, ",\"%s\":\"%" G_GINT64_FORMAT "s\"", name, duration / G_TIME_SPAN_SECOND);
}

static void
put_route (GString          *text,
           const PlainRoute *route,
           guint             i)
{
  static const char * const groups[] = { NULL, "[\"cluster\"]", "[]", "[\"...\"]", "[\"alertname\",\"team\"]" };
  static const char * const ends[] = { "note", "resolve", "recover", "close" };
  g_autofree char *matchers = plain_list_write (&route->list, TRUE);

  g_string_append_printf (text, "{\"when-ended\":\"%s\"", ends[route->when_ended]);
  put_seconds (text, "wait", route->wait);
  put_seconds (text, "window", route->window);
  put_seconds (text, "reopen-within", route->reopen_within);
  put_seconds (text, "ended-for", route->ended_for);
  g_string_append_printf (text, ",\"threshold\":{\"count\":%u", MAX (route->count, 1));
  put_seconds (text, "within", route->within);
  g_string_append_printf (text, "},\"flap\":{\"half-life\":\"%s\",\"start\":3,\"stop\":1}", route->flap ? "2400s" : "0s");
  if (groups[route->group_by] != NULL)
    g_string_append_printf (text, ",\"group-by\":%s", groups[route->group_by]);
  if (route->mute >= 0)
    g_string_append_printf (text, ",\"mute\":[\"i%d\"]", route->mute);
  if (route->active >= 0)
    g_string_append_printf (text, ",\"active\":[\"i%d\"]", route->active);
  if (i > 0)
    g_string_append_printf (text, ",\"name\":\"r%u\",\"continue\":%s,\"matchers\":%s}", i, route->goes_on ? "true" : "false", matchers);
}

static void
put_inhibition (GString               *text,
                const PlainInhibition *rule)
{
  g_autofree char *source = plain_list_write (&rule->source, TRUE);
  g_autofree char *target = plain_list_write (&rule->target, TRUE);
  const char *comma = "";

  g_string_append_printf (text, "{\"source\":%s,\"target\":%s,\"require\":%s,\"equal\":[", source, target, rule->require ? "true" : "false");
  for (guint i = 0; i < PLAIN_N_LABELS; i++)
    if ((rule->equal & 1u << i) != 0)
      {
        g_string_append_printf (text, "%s\"%s\"", comma, plain_label_names[i]);
        comma = ",";
      }
  g_string_append (text, "]");
  comma = ",\"routes\":[";
  for (guint i = 1; i < 5; i++)
    if ((rule->routes & 1u << i) != 0)
      {
        g_string_append_printf (text, "%s\"r%u\"", comma, i);
        comma = ",";
      }
  g_string_append (text, rule->routes != 0 ? "]}" : "}");
}

static void
put_work (GString         *text,
          const PlainWork *work,
          guint            i)
{
  g_autofree char *matchers = plain_list_write (&work->list, TRUE);
  g_autofree char *from = incident_time_to_string (work->from);
  g_autofree char *until = incident_time_to_string (work->until);

  g_string_append_printf (text, "{\"name\":\"w%u\",\"matchers\":%s,", i, matchers);
  if (work->interval >= 0)
    g_string_append_printf (text, "\"interval\":\"i%d\"}", work->interval);
  else
    g_string_append_printf (text, "\"from\":\"%s\",\"until\":\"%s\"}", from, until);
}

char *
plain_playbook_write (const PlainPlaybook *self)
{
  g_autoptr(GString) text = g_string_new ("{\"sources\":{\"hook\":{\"format\":\"alertmanager\"");

  put_seconds (text, "timeout", self->timeout);
  g_string_append (text, "},\"api\":{\"format\":\"alertmanager-api\"}},"
                   "\"rights\":[{\"everyone\":true,\"may\":[\"*\"]},{\"automation\":\"hook\",\"may\":[\"*\"]},"
                   "{\"automation\":\"api\",\"may\":[\"*\"]}],\"intervals\":{");
  for (guint i = 0; i < PLAIN_INTERVALS; i++)
    g_string_append_printf (text, "%s\"i%u\":[{\"times\":[{\"start\":\"%02d:%02d\",\"end\":\"%02d:%02d\"}]}]", i > 0 ? "," : "", i,
                            self->intervals[i].start / 60, self->intervals[i].start % 60, self->intervals[i].end / 60, self->intervals[i].end % 60);
  g_string_append (text, "},\"inhibit\":[");
  for (guint i = 0; i < self->n_inhibitions; i++)
    {
      g_string_append (text, i > 0 ? "," : "");
      put_inhibition (text, &self->inhibitions[i]);
    }
  g_string_append (text, "],\"maintenance\":[");
  for (guint i = 0; i < self->n_works; i++)
    {
      g_string_append (text, i > 0 ? "," : "");
      put_work (text, &self->works[i], i);
    }
  g_string_append (text, "],\"correlate\":[{\"name\":\"near\",\"equal\":[\"cluster\"],\"within\":\"10m\"}],\"route\":");
  put_route (text, &self->routes[0], 0);
  g_string_append (text, ",\"routes\":[");
  for (guint i = 1; i < self->n_routes; i++)
    {
      g_string_append (text, i > 1 ? "," : "");
      put_route (text, &self->routes[i], i);
    }
  g_string_append (text, "]}}");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Reading */

static const char *
get_label (const PlainThing *thing,
           guint             label)
{
  return thing->labels[label] != NULL ? thing->labels[label] : "";
}

static gboolean
takes (const PlainList  *list,
       const PlainThing *thing)
{
  for (guint i = 0; i < list->n; i++)
    if (g_str_equal (get_label (thing, list->matchers[i].label), list->matchers[i].value) == list->matchers[i].negated)
      return FALSE;

  return TRUE;
}

static guint
find_route (const PlainPlaybook *self,
            const PlainThing    *thing)
{
  for (guint i = 1; i < self->n_routes; i++)
    if (takes (&self->routes[i].list, thing))
      return i;

  return 0;
}

const PlainRoute *
plain_find_route (const PlainPlaybook *self,
                  const PlainThing    *thing)
{
  return &self->routes[find_route (self, thing)];
}

static gboolean
is_within (const PlainPlaybook *self,
           int                  interval,
           gint64               now)
{
  int minute = (int) (now / G_TIME_SPAN_MINUTE % (24 * 60));

  return minute >= self->intervals[interval].start && minute < self->intervals[interval].end;
}

static gboolean
has_equal_labels (const PlainInhibition *rule,
                  const PlainThing      *a,
                  const PlainThing      *b)
{
  for (guint i = 0; i < PLAIN_N_LABELS; i++)
    if ((rule->equal & 1u << i) != 0
        && (!g_str_equal (get_label (a, i), get_label (b, i)) || (rule->require && a->labels[i] == NULL)))
      return FALSE;

  return TRUE;
}

static gboolean
is_inhibited (const PlainPlaybook   *self,
              const PlainInhibition *rule,
              GPtrArray             *things,
              const PlainThing      *thing,
              gint64                 now,
              gboolean               perhaps)
{
  if (!takes (&rule->target, thing) || (rule->routes != 0 && (rule->routes & 1u << find_route (self, thing)) == 0))
    return FALSE;

  for (guint i = 0; i < things->len; i++)
    {
      const PlainThing *source = g_ptr_array_index (things, i);

      if (source->active && (perhaps || now < source->certain) && takes (&rule->source, source)
          && !(takes (&rule->source, thing) && takes (&rule->target, source)) && has_equal_labels (rule, source, thing))
        return TRUE;
    }

  return FALSE;
}

gboolean
plain_is_muted (const PlainPlaybook *self,
                GArray              *silences,
                GPtrArray           *things,
                const PlainThing    *thing,
                gint64               now,
                gboolean             perhaps)
{
  const PlainRoute *route = plain_find_route (self, thing);

  if ((route->mute >= 0 && is_within (self, route->mute, now)) || (route->active >= 0 && !is_within (self, route->active, now)))
    return TRUE;

  for (guint i = 0; i < silences->len; i++)
    {
      const PlainSilence *silence = &g_array_index (silences, PlainSilence, i);

      if (now >= silence->start && now < silence->end && takes (&silence->list, thing)
          && (silence->interval < 0 || is_within (self, silence->interval, now)))
        return TRUE;
    }

  for (guint i = 0; i < self->n_works; i++)
    {
      const PlainWork *work = &self->works[i];

      if (takes (&work->list, thing)
          && (work->interval >= 0 ? is_within (self, work->interval, now) : now >= work->from && now < work->until))
        return TRUE;
    }

  for (guint i = 0; i < self->n_inhibitions; i++)
    if (is_inhibited (self, &self->inhibitions[i], things, thing, now, perhaps))
      return TRUE;

  return FALSE;
}

/* Hearing */

static void
begin (PlainThing *self,
       gint64      start,
       gint64      now)
{
  self->start = start;
  self->heard_at = now;
  self->active = TRUE;
  self->timed_out = FALSE;
  self->expires = self->certain = 0;
  self->changed = start;
  g_array_append_val (self->begins, now);
}

/* Of what is repeated, a quarter of the time that it has may be lost. */
gboolean
plain_thing_fires (PlainThing *self,
                   gint64      start,
                   gint64      expires,
                   gboolean    gives_up,
                   gint64      now)
{
  gboolean goes_on = self->active && !(gives_up && start > self->expires);

  if (self->start != 0 && (start < self->start || start < self->changed))
    return FALSE;
  if (self->start != 0 && !self->active && start <= self->changed && !self->timed_out)
    return FALSE;
  /* Where it may have been given up meanwhile, this may be another time. */
  self->doubtful = self->doubtful || self->timed_out || (goes_on && now >= self->certain);
  if (!goes_on)
    begin (self, start, now);
  else if (now >= self->certain)
    self->heard_at = now;

  self->changed = MAX (self->changed, start);
  self->certain = MAX (self->certain, goes_on ? now + (expires - now) / 4 * 3 : expires);
  self->expires = MAX (self->expires, expires);
  return TRUE;
}

void
plain_thing_ends (PlainThing *self,
                  gint64      start,
                  gint64      end,
                  gint64      now)
{
  if (self->start != 0 && (start < self->start || end < self->changed))
    return;

  /* Where it may have been given up before, its end may have been heard or not. */
  if (self->start == 0)
    self->start = start;
  self->active = FALSE;
  self->timed_out = FALSE;
  self->changed = MAX (self->changed, start);
}

void
plain_thing_expire (PlainThing *self,
                    gint64      now)
{
  if (!self->active || now < self->expires)
    return;

  self->active = FALSE;
  self->timed_out = TRUE;
}

void
plain_thing_free (PlainThing *self)
{
  g_array_unref (self->begins);
  g_free (self);
}
