/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plain-model.h"

#include <string.h>

/* A letter a phase. */
static const struct
{
  char        letter;
  const char *name;
} phases[] = {
  { 'n', "new" }, { 'd', "diagnosis" }, { 'e', "escalation" }, { 'x', "examination" },
  { 'r', "resolution" }, { 'v', "recovered" }, { 'c', "closed" }, { 'k', "cancelled" },
};

#define OPEN "ndexrv"
#define LIVE "ndexr"
#define ANY  "ndexrvck"

typedef struct
{
  const char *verb;
  const char *kind;
  const char *from;
  char        to;    /* 0: the phase stays */
  const char *needs;
} Row;

/* Repeating diagnose, escalate and examine inside their phase is allowed. */
static const Row table[] = {
  { "open", "opened", "", 'n', "title" },
  { "diagnose", "diagnosed", "nd", 'd', "" },
  { "escalate", "escalated", "dexr", 'e', "target,text" },
  { "examine", "examined", "dexr", 'x', "" },
  { "resolve", "resolved", "dex", 'r', "text" },
  { "recover", "recovered", "r", 'v', "text" },
  { "close", "closed", "v", 'c', "" },
  { "cancel", "cancelled", OPEN, 'k', "text" },
  { "reopen", "reopened", "vck", 'd', "text" },
  { "assign", "assigned", OPEN, 0, "person,role" },
  { "release", "released", OPEN, 0, "role" },
  { "classify", "classified", OPEN, 0, "" },
  { "note", "noted", ANY, 0, "text" },
};

static const Row *
find_row (const char *verb)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].verb, verb))
      return &table[i];

  return NULL;
}

static char
letter_of (const char *phase)
{
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    if (g_str_equal (phases[i].name, phase))
      return phases[i].letter;

  g_assert_not_reached ();
}

static const char *
name_of (char letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    if (phases[i].letter == letter)
      return phases[i].name;

  return NULL;
}

static gboolean
is_in (const PlainCase *self,
       const char      *letters)
{
  return self->phase != NULL && strchr (letters, letter_of (self->phase)) != NULL;
}

gboolean
plain_is_open (const PlainCase *self)
{
  return is_in (self, OPEN);
}

gboolean
plain_is_live (const PlainCase *self)
{
  return is_in (self, LIVE);
}

const char *
plain_get_to (const char *verb)
{
  return name_of (find_row (verb)->to);
}

const char *
plain_get_needs (const char *verb)
{
  return find_row (verb)->needs;
}

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

char *
plain_join (GPtrArray *words)
{
  GString *line = g_string_new (NULL);

  g_ptr_array_sort (words, compare_words);
  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (line, "%s%s", i > 0 ? "," : "", (const char *) g_ptr_array_index (words, i));

  return g_string_free (line, FALSE);
}

static const char * const *
get_holder (const PlainCase *self,
            const char      *role)
{
  return g_str_equal (role, "commander") ? &self->commander : &self->scribe;
}

static void
judge_arguments (const PlainCommand *command,
                 GPtrArray          *codes)
{
  const char *needs = find_row (command->verb)->needs;

  if (strstr (needs, "title") != NULL && command->title == NULL)
    g_ptr_array_add (codes, (gpointer) "missing-text");
  if (strstr (needs, "text") != NULL && command->text == NULL)
    g_ptr_array_add (codes, (gpointer) (g_str_equal (command->verb, "recover") ? "missing-evidence" : "missing-text"));
  if (strstr (needs, "target") != NULL && command->target == NULL)
    g_ptr_array_add (codes, (gpointer) "missing-target");
  if (strstr (needs, "role") != NULL && command->role == NULL)
    g_ptr_array_add (codes, (gpointer) "missing-target");
  if (strstr (needs, "person") != NULL && command->person == NULL)
    g_ptr_array_add (codes, (gpointer) "missing-target");
  if (g_str_equal (command->verb, "classify") && command->severity == NULL)
    g_ptr_array_add (codes, (gpointer) "missing-text");
}

char *
plain_judge (const PlainCase    *self,
             const PlainCommand *command)
{
  g_autoptr(GPtrArray) codes = g_ptr_array_new ();
  const Row *row = find_row (command->verb);
  gboolean leads = self->phase == NULL ? *row->from == '\0' : is_in (self, row->from);

  if (!leads)
    g_ptr_array_add (codes, (gpointer) "wrong-phase");
  /* Of a case that is not there, nothing else can be said. */
  if (self->phase == NULL && !leads)
    return plain_join (codes);

  judge_arguments (command, codes);
  if (g_str_equal (command->verb, "examine") && self->commander == NULL && self->scribe == NULL)
    g_ptr_array_add (codes, (gpointer) "no-responder");
  if (g_str_equal (command->verb, "close") && g_strcmp0 (self->commander, command->actor) != 0)
    g_ptr_array_add (codes, (gpointer) "not-permitted");
  if (g_str_equal (command->verb, "release") && g_strcmp0 (command->role, "commander") == 0 && self->commander != NULL)
    g_ptr_array_add (codes, (gpointer) "not-permitted");

  return plain_join (codes);
}

gboolean
plain_holds (const PlainCase    *self,
             const PlainCommand *command)
{
  if (g_str_equal (command->verb, "assign"))
    return g_strcmp0 (*get_holder (self, command->role), command->person) == 0;
  if (g_str_equal (command->verb, "release"))
    return *get_holder (self, command->role) == NULL;
  if (g_str_equal (command->verb, "classify"))
    return g_strcmp0 (self->severity, command->severity) == 0;

  return FALSE;
}

static const char *
state_of (const PlainCase *self)
{
  return plain_is_live (self) ? "live" : plain_is_open (self) ? "open" : "ended";
}

static void
apply_phase (PlainCase  *self,
             const Row  *row,
             PlainEvent *event)
{
  const char *before = self->phase != NULL ? state_of (self) : NULL;

  if (row->to == 0)
    return;

  event->phase = self->phase = name_of (row->to);
  if (g_strcmp0 (before, state_of (self)) != 0)
    event->state = state_of (self);
  if (g_str_equal (row->verb, "open") || g_str_equal (row->verb, "reopen"))
    {
      event->episode = ++self->episode;
      self->level = 0;
    }
  if (g_str_equal (row->verb, "escalate"))
    event->level = ++self->level;
}

PlainEvent
plain_apply (PlainCase          *self,
             const PlainCommand *command)
{
  const Row *row = find_row (command->verb);
  PlainEvent event = { .kind = row->kind };

  self->n_events++;
  apply_phase (self, row, &event);
  event.role = command->role;
  event.person = command->person;
  event.target = command->target;
  event.severity = command->severity;
  if (command->severity != NULL)
    self->severity = command->severity;
  if (command->role != NULL)
    *(const char **) get_holder (self, command->role) = command->person;

  return event;
}
