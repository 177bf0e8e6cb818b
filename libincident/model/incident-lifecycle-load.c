/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/incident-lifecycle-private.h"

#include <string.h>

#include "base/incident-hash-private.h"

static const char * const statuses[] = { "live", "open", "ended", NULL };

static const IncidentShape id_shape = { .kind = INCIDENT_SHAPE_ID };
/* Whether it is the name of one is told when all are known. */
static const IncidentShape any_name_shape = { .kind = INCIDENT_SHAPE_NAME };
static const IncidentShape phase_shape = { .kind = INCIDENT_SHAPE_NAME, .is_nullable = TRUE };
static const IncidentShape status_shape = { .kind = INCIDENT_SHAPE_WORD, .words = statuses };
static const IncidentShape names_shape = { .kind = INCIDENT_SHAPE_LIST, .element = &any_name_shape };
static const IncidentShape flag_shape = { .kind = INCIDENT_SHAPE_BOOLEAN };

static const IncidentShapeMember phase_members[] = {
  { "name", &id_shape, TRUE, "What the phase is called" },
  { "state", &status_shape, TRUE, "live: it pages people; open: over, but not settled; ended: nothing is left to do" },
  { NULL, NULL, FALSE, NULL }
};

static const IncidentShapeMember verb_members[] = {
  { "verb", &id_shape, TRUE, "What is done" },
  { "event", &id_shape, TRUE, "The kind of event that is recorded" },
  { "from", &names_shape, TRUE, "The phases it leads from; none: it opens a case" },
  { "to", &phase_shape, TRUE, "The phase it leads to; null: the phase stays" },
  { "guards", &names_shape, FALSE, "What must hold" },
  { "episode", &flag_shape, FALSE, "Whether a new episode begins" },
  { NULL, NULL, FALSE, NULL }
};

static const IncidentShape phase_object_shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = phase_members };
static const IncidentShape verb_object_shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = verb_members };
static const IncidentShape phases_shape = {
  .kind = INCIDENT_SHAPE_LIST, .element = &phase_object_shape, .most = INCIDENT_MAX_PHASES, .singular = "phase"
};
static const IncidentShape verbs_shape = { .kind = INCIDENT_SHAPE_LIST, .element = &verb_object_shape };
static const IncidentShape moves_shape = { .kind = INCIDENT_SHAPE_MAP, .element = &any_name_shape };

static const IncidentShapeMember lifecycle_members[] = {
  { "phases", &phases_shape, TRUE, "Where a case can be" },
  { "verbs", &verbs_shape, TRUE, "What leads from one phase to another" },
  { "migrate", &moves_shape, FALSE,
    "Where cases of an older lifecycle go on: its phase, and ours. Phases of the same name need not be listed. "
    "Without it, such cases stay under the lifecycle they have" },
  { NULL, NULL, FALSE, NULL }
};

const IncidentShape incident_lifecycle_shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = lifecycle_members };

static void
read_phases (IncidentLifecycle *self,
             IncidentNode      *phases,
             GPtrArray         *problems)
{
  for (guint i = 0; i < incident_node_get_length (phases); i++)
    {
      IncidentNode *node = incident_node_get_child (phases, i);
      const char *name = incident_node_get_string (node, "name");
      const char *state = incident_node_get_string (node, "state");
      IncidentPhase phase = { g_intern_string (name), INCIDENT_STATUS_LIVE };

      if (incident_lifecycle_find_phase (self, name) >= 0)
        incident_problems_add (problems, incident_node_get_member (node, "name"),
                               "stands twice: there is a phase “%s” already", name);
      while (!g_str_equal (statuses[phase.status], state))
        phase.status++;
      g_array_append_val (self->phases, phase);
    }
}

static int
read_phase_name (IncidentLifecycle *self,
                 IncidentNode      *node,
                 GPtrArray         *problems)
{
  int index;

  if (node->type == INCIDENT_JSON_NULL)
    return -1;

  index = incident_lifecycle_find_phase (self, node->value.string);
  if (index < 0)
    incident_problems_add (problems, node, "must be one of the phases; there is none of this name");
  return index;
}

static guint64
read_from (IncidentLifecycle *self,
           IncidentNode      *from,
           GPtrArray         *problems)
{
  guint64 phases = 0;

  for (guint i = 0; i < incident_node_get_length (from); i++)
    {
      int index = read_phase_name (self, incident_node_get_child (from, i), problems);

      if (index >= 0)
        phases |= G_GUINT64_CONSTANT (1) << index;
    }
  return phases;
}

static guint
read_guards (IncidentNode *names,
             GPtrArray    *problems)
{
  guint guards = 0;

  for (guint i = 0; i < incident_node_get_length (names); i++)
    {
      IncidentNode *node = incident_node_get_child (names, i);
      IncidentGuard guard;

      if (incident_guard_find (node->value.string, &guard))
        guards |= 1u << guard;
      else
        incident_problems_add (problems, node, "must be the name of a guard; there is none of this name");
    }
  return guards;
}

/* The guards that look at the case need one. */
#define GUARDS_WITHOUT_CASE (1u << INCIDENT_GUARD_TITLE | 1u << INCIDENT_GUARD_TEXT | 1u << INCIDENT_GUARD_CLASSIFICATION)

/* A case that another takes in has ended, or two could take each other in. */
static gboolean
ends_a_case (IncidentLifecycle        *self,
             const IncidentTransition *transition)
{
  return transition->from != 0 && transition->to >= 0
         && incident_lifecycle_phase (self, transition->to)->status == INCIDENT_STATUS_ENDED;
}

static void
check_transition (IncidentLifecycle        *self,
                  const IncidentTransition *transition,
                  IncidentNode             *node,
                  GPtrArray                *problems)
{
  if (transition->from == 0 && transition->to < 0)
    incident_problems_add (problems, node, "leads from nowhere to nowhere: name a phase in “from” or in “to”");
  else if (transition->from == 0 && (transition->guards & ~GUARDS_WITHOUT_CASE) != 0)
    incident_problems_add (problems, node, "opens a case, so a guard that looks at the case can never hold");
  else if (transition->episode && (transition->from == 0 || transition->to < 0))
    incident_problems_add (problems, node, "begins an episode, so it must lead from a phase to a phase");
  else if (transition->record == &incident_verbs[INCIDENT_VERB_MERGE])
    {
      if (!ends_a_case (self, transition))
        incident_problems_add (problems, node, "lets another case take this one in, so it must lead from a phase to one "
                               "in which a case has ended");
    }
  else if (transition->record != NULL && (transition->from == 0 || transition->to >= 0))
    incident_problems_add (problems, node, "is a verb of the record, which leaves the phase as it is: “from” must name "
                           "a phase and “to” be null");

  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *other = incident_lifecycle_transition (self, i);

      if (transition->from == 0 && other->from == 0)
        incident_problems_add (problems, node, "is ambiguous: “%s” opens a case already", other->verb);
      else if (other->verb == transition->verb
               && ((other->from & transition->from) != 0 || (other->from == 0) != (transition->from == 0)))
        incident_problems_add (problems, node, "is ambiguous: “%s” leads from one of these phases already", other->verb);
    }
}

static void
read_transitions (IncidentLifecycle *self,
                  IncidentNode      *verbs,
                  GPtrArray         *problems)
{
  for (guint i = 0; i < incident_node_get_length (verbs); i++)
    {
      IncidentNode *node = incident_node_get_child (verbs, i);
      guint before = problems->len;
      IncidentTransition transition = {
        .verb = g_intern_string (incident_node_get_string (node, "verb")),
        .event = g_intern_string (incident_node_get_string (node, "event")),
        .from = read_from (self, incident_node_get_member (node, "from"), problems),
        .to = read_phase_name (self, incident_node_get_member (node, "to"), problems),
        .guards = read_guards (incident_node_get_member (node, "guards"), problems),
        .episode = incident_node_get_boolean (node, "episode"),
        .record = incident_verb_find (incident_node_get_string (node, "verb")),
      };

      if (problems->len == before)
        check_transition (self, &transition, node, problems);
      if (problems->len == before)
        g_array_append_val (self->transitions, transition);
    }
}

static void
read_moves (IncidentLifecycle *self,
            IncidentNode      *moves,
            GPtrArray         *problems)
{
  if (moves == NULL)
    return;

  self->moves = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < incident_node_get_length (moves); i++)
    {
      IncidentNode *node = incident_node_get_child (moves, i);
      int phase;

      if (incident_shape_is_foreign (node->name))
        continue;
      phase = read_phase_name (self, node, problems);
      if (phase >= 0)
        g_hash_table_insert (self->moves, g_strdup (node->name), (gpointer) incident_lifecycle_phase (self, phase)->name);
    }
}

/* Every phase that some path leads to, when @seeds are reached. */
static guint64
spread (IncidentLifecycle *self,
        guint64            seeds,
        gboolean           backwards)
{
  guint64 reached = seeds, before;

  do
    {
      before = reached;
      for (guint i = 0; i < self->transitions->len; i++)
        {
          const IncidentTransition *transition = incident_lifecycle_transition (self, i);
          guint64 to = transition->to >= 0 ? G_GUINT64_CONSTANT (1) << transition->to : 0;

          if (backwards && (to & reached) != 0)
            reached |= transition->from;
          else if (!backwards && (transition->from & reached) != 0)
            reached |= to;
        }
    }
  while (reached != before);

  return reached;
}

static guint64
find_opened (IncidentLifecycle *self)
{
  for (guint i = 0; i < self->transitions->len; i++)
    {
      const IncidentTransition *transition = incident_lifecycle_transition (self, i);

      if (transition->from == 0)
        return G_GUINT64_CONSTANT (1) << transition->to;
    }

  return 0;
}

static guint64
find_ended (IncidentLifecycle *self)
{
  guint64 ended = 0;

  for (guint i = 0; i < self->phases->len; i++)
    if (incident_lifecycle_phase (self, i)->status == INCIDENT_STATUS_ENDED)
      ended |= G_GUINT64_CONSTANT (1) << i;

  return ended;
}

/* Is the graph as a whole sound? */
static void
check_graph (IncidentLifecycle *self,
             IncidentNode      *node,
             GPtrArray         *problems)
{
  IncidentNode *phases = incident_node_get_member (node, "phases");
  guint64 reached, can_end;

  if (find_opened (self) == 0)
    {
      incident_problems_add (problems, incident_node_get_member (node, "verbs"),
                             "must have one verb that opens a case: one whose “from” is empty");
      return;
    }

  reached = spread (self, find_opened (self), FALSE);
  can_end = spread (self, find_ended (self), TRUE);
  for (guint i = 0; i < incident_node_get_length (phases); i++)
    {
      if ((reached >> i & 1) == 0)
        incident_problems_add (problems, incident_node_get_child (phases, i), "is a phase that no path of verbs leads to");
      else if ((can_end >> i & 1) == 0)
        incident_problems_add (problems, incident_node_get_child (phases, i), "is a phase from which a case can never end");
    }
}

static gboolean
knows_verb (IncidentLifecycle *self,
            const char        *verb)
{
  for (guint i = 0; i < self->transitions->len; i++)
    if (g_str_equal (incident_lifecycle_transition (self, i)->verb, verb))
      return TRUE;

  return FALSE;
}

/* A case that another takes in ends as a cancelled one does. */
static int
find_merged (IncidentLifecycle *self)
{
  int last = -1;

  for (guint i = 0; i < self->transitions->len; i++)
    if (g_str_equal (incident_lifecycle_transition (self, i)->verb, "cancel")
        && ends_a_case (self, incident_lifecycle_transition (self, i)))
      return incident_lifecycle_transition (self, i)->to;
  for (guint i = 0; i < self->phases->len; i++)
    if (incident_lifecycle_phase (self, i)->status == INCIDENT_STATUS_ENDED)
      last = (int) i;

  return last;
}

/* Every lifecycle has the verbs of the record, whether it names them or not. */
static void
add_record_verbs (IncidentLifecycle *self)
{
  guint64 all = self->phases->len < 64 ? (G_GUINT64_CONSTANT (1) << self->phases->len) - 1 : ~G_GUINT64_CONSTANT (0);
  guint64 open = all & ~find_ended (self);

  for (guint i = 0; i < INCIDENT_N_VERBS; i++)
    {
      IncidentTransition transition = {
        .verb = g_intern_string (incident_verbs[i].verb),
        .event = g_intern_string (incident_verbs[i].event),
        .from = incident_verbs[i].is_ever ? all : open,
        .to = i == INCIDENT_VERB_MERGE ? find_merged (self) : -1,
        .record = &incident_verbs[i],
        .is_built_in = TRUE,
      };

      if (i == INCIDENT_VERB_RELEASE)
        transition.guards = 1u << INCIDENT_GUARD_NOT_COMMANDER;
      if (i == INCIDENT_VERB_CLASSIFY)
        transition.guards = 1u << INCIDENT_GUARD_CLASSIFICATION;
      if (transition.from != 0 && !knows_verb (self, transition.verb))
        g_array_append_val (self->transitions, transition);
    }
}

/* The phases and verbs alone: what a case goes on under. */
static void
identify (IncidentLifecycle *self,
          IncidentNode      *node)
{
  g_autofree char *phases = incident_node_to_json (incident_node_get_member (node, "phases"), FALSE);
  g_autofree char *verbs = incident_node_to_json (incident_node_get_member (node, "verbs"), FALSE);

  self->document = g_strdup_printf ("{\"phases\":%s,\"verbs\":%s}", phases, verbs);
  self->id = incident_hash_to_version (self->document);
}

IncidentLifecycle *
incident_lifecycle_new_from_node (IncidentNode *node,
                                  GPtrArray    *problems)
{
  g_autoptr(IncidentLifecycle) self = incident_lifecycle_new ();
  guint before = problems->len;

  read_phases (self, incident_node_get_member (node, "phases"), problems);
  read_transitions (self, incident_node_get_member (node, "verbs"), problems);
  read_moves (self, incident_node_get_member (node, "migrate"), problems);
  if (problems->len == before)
    check_graph (self, node, problems);
  if (problems->len > before)
    return NULL;

  add_record_verbs (self);
  identify (self, node);
  return g_steal_pointer (&self);
}

const char *
incident_lifecycle_move (IncidentLifecycle *self,
                         const char        *phase)
{
  const char *moved;

  if (self->moves == NULL)
    return NULL;

  moved = g_hash_table_lookup (self->moves, phase);
  if (moved == NULL && incident_lifecycle_find_phase (self, phase) >= 0)
    moved = g_intern_string (phase);
  return moved;
}

/**
 * incident_lifecycle_new_from_json:
 * @json: (array length=length) (element-type guint8): a JSON object with the members `phases` and `verbs`, as
 *   [method@Lifecycle.to_json] writes it
 * @length: the length of @json in bytes, or -1 if it ends with a NUL
 * @source: (nullable): what to call the document in messages, such as its file
 *   name
 * @error: return location for an error
 *
 * Reads a lifecycle and checks it: names are known, every phase can be reached
 * and can end, and no verb is ambiguous.
 *
 * The verbs of the record, such as `assign` or `add-task`, need not be named; a
 * document names one to say from which phases it may be done.
 *
 * Returns: (transfer full): a new lifecycle, or %NULL with @error set to
 *   %INCIDENT_ERROR_INVALID, whose message names line, column and JSON pointer of
   each problem ([func@Error.list_problems])
 *
 * Since: 0.1
 */
IncidentLifecycle *
incident_lifecycle_new_from_json (const char  *json,
                                  gssize       length,
                                  const char  *source,
                                  GError     **error)
{
  g_autoptr(IncidentTree) tree = NULL;
  g_autoptr(IncidentLifecycle) self = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  IncidentNode *root;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (length >= -1, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  tree = incident_tree_new (json, length < 0 ? strlen (json) : (gsize) length, source, error);
  if (tree == NULL)
    return NULL;

  problems = incident_problems_new ();
  root = incident_tree_get_root (tree);
  incident_shape_check (&incident_lifecycle_shape, root, root, problems);
  if (problems->len == 0)
    self = incident_lifecycle_new_from_node (root, problems);
  if (!incident_problems_end (problems, error))
    return NULL;

  return g_steal_pointer (&self);
}
