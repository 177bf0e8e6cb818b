/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/incident-report-fold-private.h"

static gboolean
fill_identity (IncidentReportFold    *fold,
               IncidentReportSection *section)
{
  IncidentCase *kase = fold->kase;
  IncidentReportBlock *facts = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_FACTS, NULL);
  g_autofree char *severity = incident_report_format_severity (incident_case_get_severity (kase));
  g_autofree char *peak = incident_report_format_severity (incident_report_fold_get_peak (fold));
  g_autofree char *priority = NULL;

  if (incident_case_get_priority (kase) != INCIDENT_PRIORITY_UNKNOWN)
    priority = g_ascii_strup (incident_priority_to_string (incident_case_get_priority (kase)), -1);

  incident_report_block_add_label (facts, "Phase");
  incident_report_block_add_text (facts, incident_case_get_phase (kase));
  incident_report_block_add_label (facts, "Severity now");
  incident_report_block_add_text (facts, severity);
  incident_report_block_add_label (facts, "Severity at its peak");
  incident_report_block_add_text (facts, peak);
  incident_report_block_add_label (facts, "Priority");
  incident_report_block_add_text (facts, priority);
  incident_report_block_add_label (facts, "Commander");
  incident_report_block_add_words (facts, incident_case_get_commander (kase));
  incident_report_block_add_label (facts, "Service");
  incident_report_block_add_words (facts, incident_case_get_service (kase));
  incident_report_block_add_label (facts, "Category");
  incident_report_block_add_words (facts, incident_case_get_category (kase));
  incident_report_block_add_label (facts, "Episode");
  incident_report_block_add_number (facts, incident_case_get_episode (kase));
  incident_report_block_add_label (facts, "Opened (UTC)");
  incident_report_block_add_time (facts, incident_case_get_opened_at (kase));
  incident_report_block_add_label (facts, "Last entry (UTC)");
  incident_report_block_add_time (facts, incident_case_get_updated_at (kase));
  incident_report_block_add_label (facts, "Closed (UTC)");
  incident_report_block_add_time (facts, incident_case_get_closed_at (kase));
  incident_report_block_add_label (facts, "Revision");
  incident_report_block_add_number (facts, incident_case_get_version (kase));
  return TRUE;
}

static gboolean
fill_impact (IncidentReportFold    *fold,
             IncidentReportSection *section)
{
  IncidentLevel impact = incident_case_get_impact (fold->kase);
  IncidentLevel urgency = incident_case_get_urgency (fold->kase);
  const char *service = incident_case_get_service (fold->kase);
  IncidentReportBlock *facts, *note;

  if (impact == INCIDENT_LEVEL_UNKNOWN && urgency == INCIDENT_LEVEL_UNKNOWN && service == NULL)
    return incident_report_add_measures (fold, section);

  facts = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_FACTS, NULL);
  incident_report_block_add_label (facts, "Impact");
  incident_report_block_add_text (facts, impact != INCIDENT_LEVEL_UNKNOWN ? incident_level_to_string (impact) : NULL);
  incident_report_block_add_label (facts, "Urgency");
  incident_report_block_add_text (facts, urgency != INCIDENT_LEVEL_UNKNOWN ? incident_level_to_string (urgency) : NULL);
  incident_report_block_add_label (facts, "Service");
  incident_report_block_add_words (facts, service);
  if (incident_report_add_measures (fold, section))
    return TRUE;
  note = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL);
  incident_report_block_add_text (note, "How many users, which regions and which data are affected is not recorded.");
  return TRUE;
}

/* People see the order in which it happened; ties in the order it was written. */
static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const IncidentReportEntry *left = a;
  const IncidentReportEntry *right = b;

  if (left->occurred_at != right->occurred_at)
    return left->occurred_at < right->occurred_at ? -1 : 1;
  return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static gboolean
has_talk (const IncidentReportFold *fold)
{
  for (guint kind = 0; kind < INCIDENT_REPORT_N_EVENTS; kind++)
    if (fold->counts[kind] > 0 && incident_report_event_is_talk ((IncidentReportEventKind) kind))
      return TRUE;

  return FALSE;
}

static GArray *
list_without_talk (IncidentReportFold *fold)
{
  GArray *entries = g_array_new (FALSE, TRUE, sizeof (IncidentReportEntry));

  for (guint i = 0; i < fold->n_events; i++)
    if (!incident_report_event_is_talk ((IncidentReportEventKind) fold->kinds[i]))
      g_array_append_vals (entries, incident_report_fold_get_entry (fold, i), 1);
  return entries;
}

static gboolean
fill_timeline (IncidentReportFold    *fold,
               IncidentReportSection *section)
{
  IncidentReportBlock *block = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TIMELINE, NULL);

  /* Once they are read, nobody changes them: they can be shared. */
  g_array_unref (block->entries);
  if (has_talk (fold))
    block->entries = list_without_talk (fold);
  else
    block->entries = fold->ordered ? g_array_ref (fold->entries) : g_array_copy (fold->entries);
  if (!fold->ordered)
    g_array_sort (block->entries, compare_entries);
  return TRUE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char * const *) a, *(const char * const *) b);
}

static void
add_others (IncidentReportFold    *fold,
            IncidentReportSection *section,
            GHashTable            *holders)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new ();
  IncidentReportBlock *note;

  for (guint i = 0; i < fold->n_events; i++)
    {
      const char *actor = fold->records[i]->actor;

      if (!g_hash_table_contains (holders, actor))
        {
          g_hash_table_add (holders, (gpointer) actor);
          g_ptr_array_add (others, (gpointer) actor);
        }
    }
  if (others->len == 0)
    return;

  g_ptr_array_sort (others, compare_names);
  note = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL);
  incident_report_block_add_text (note, "In the record without a role: ");
  for (guint i = 0; i < others->len; i++)
    {
      if (i > 0)
        incident_report_block_add_text (note, ", ");
      incident_report_block_add_words (note, g_ptr_array_index (others, i));
    }
  incident_report_block_add_text (note, ".");
}

static gboolean
fill_roles (IncidentReportFold    *fold,
            IncidentReportSection *section)
{
  g_autoptr(GPtrArray) assignments = incident_case_list_assignments (fold->kase);
  g_autoptr(GHashTable) holders = g_hash_table_new (g_str_hash, g_str_equal);
  IncidentReportBlock *table;

  if (assignments->len == 0)
    return FALSE;

  table = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_TABLE, NULL);
  incident_report_block_add_columns (table, "Role", "Who", "From (UTC)", "Until (UTC)", "Given by", NULL);
  for (guint i = 0; i < assignments->len; i++)
    {
      IncidentAssignment *assignment = g_ptr_array_index (assignments, i);

      incident_report_block_add_words (table, incident_assignment_get_role (assignment));
      incident_report_block_add_words (table, incident_assignment_get_person (assignment));
      incident_report_block_add_time (table, incident_assignment_get_since (assignment));
      incident_report_block_add_time (table, incident_assignment_get_until (assignment));
      incident_report_block_add_words (table, incident_assignment_get_assigned_by (assignment));
      g_hash_table_add (holders, (gpointer) incident_assignment_get_person (assignment));
    }
  add_others (fold, section, holders);
  return TRUE;
}

static gboolean
fill_revisions (IncidentReportFold    *fold,
                IncidentReportSection *section)
{
  IncidentReportBlock *facts = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_FACTS, NULL);
  guint n_late = 0;

  for (guint i = 0; i < fold->n_events; i++)
    if (!incident_report_event_is_talk ((IncidentReportEventKind) fold->kinds[i])
        && fold->kinds[i] != INCIDENT_REPORT_EVENT_PINNED)
      n_late += incident_report_event_is_late (fold->records[i]) ? 1 : 0;

  incident_report_block_add_label (facts, "This revision");
  incident_report_block_add_number (facts, incident_case_get_version (fold->kase));
  incident_report_block_add_label (facts, "Written (UTC)");
  incident_report_block_add_time (facts, incident_case_get_updated_at (fold->kase));
  incident_report_block_add_label (facts, "Written over a minute later");
  incident_report_block_add_number (facts, n_late);
  incident_report_block_add_label (facts, "Times reopened");
  incident_report_block_add_number (facts, fold->counts[INCIDENT_REPORT_EVENT_REOPENED]);
  return TRUE;
}

static gboolean
fill_findings (IncidentReportFold    *fold,
               IncidentReportSection *section)
{
  gboolean found = incident_report_fill_findings (fold, section);
  gboolean supposed = incident_report_add_hypotheses (fold, section);
  gboolean decided = incident_report_add_decisions (fold, section);

  return found || supposed || decided;
}

/* How much a kind of report wants a section. */
enum { OUT, IF_ANY, SHOULD, MUST };

/* In the order of reading. A section without fill function waits for what will
 * record it; its place is here already. */
static const struct
{
  const char        *id;
  const char        *heading;
  const char        *source;
  int                wanted[2]; /* by kind of report */
  IncidentReportFill fill;
  const char        *missing;   /* what would fill it; verbs between back quotes */
} sections[] = {
  { "identity", "At a glance", "case", { MUST, MUST }, fill_identity, "" },
  { "summary", "Summary", "person", { MUST, MUST }, incident_report_fill_summary, "" },
  { "symptoms", "Symptoms and detection", "alerts", { MUST, SHOULD }, incident_report_fill_symptoms,
    "An alert that is taken in, or `diagnose`, says how it was noticed." },
  { "impact", "Impact", "person", { MUST, MUST }, fill_impact,
    "`classify` sets impact, urgency and service. How many users, which regions and which data belong here too." },
  { "state-now", "State now", "person", { MUST, OUT }, incident_report_fill_state_now, "" },
  { "hypotheses", "Hypotheses and findings", "person", { MUST, SHOULD }, fill_findings,
    "`diagnose` and `examine` record what is found." },
  { "pins", "Pinned in the chat", "messages", { IF_ANY, IF_ANY }, incident_report_fill_pins, "" },
  { "timeline", "Timeline", "case", { MUST, MUST }, fill_timeline, "" },
  { "clocks", "Clocks, and time in each phase and severity", "case", { SHOULD, MUST }, incident_report_fill_clocks, "" },
  { "roles", "Roles and responders", "case", { MUST, SHOULD }, fill_roles, "`assign` gives a role to somebody." },
  { "workaround", "Workaround", "person", { MUST, MUST }, incident_report_fill_workaround,
    "What keeps users working until the permanent fix, who owns it and when it expires belong here." },
  { "steps", "Steps taken", "case", { SHOULD, MUST }, incident_report_fill_steps, "`resolve` records what was done." },
  { "tasks", "Open tasks and next update", "tasks", { MUST, OUT }, incident_report_fill_tasks,
    "What is still to do, by whom, and when the next update is due belong here." },
  { "similar", "Similar cases and known errors", "insight", { SHOULD, SHOULD }, NULL,
    "Earlier cases like this one belong here." },
  { "trigger", "Trigger", "person", { OUT, SHOULD }, NULL, "What set it off, apart from its causes, belongs here." },
  { "factors", "Contributing factors", "person", { OUT, SHOULD }, incident_report_fill_factors,
    "What contributed, one thing or more, and never a person, belongs here." },
  { "fix", "Permanent fix and verification", "person", { OUT, MUST }, incident_report_fill_fix,
    "`resolve` records the fix, and `recover` the evidence that it holds." },
  { "actions", "Follow-up actions", "tasks", { OUT, SHOULD }, incident_report_fill_actions,
    "What will prevent, detect or mitigate the next one, with owner and due date, belongs here." },
  { "messages", "Messages", "messages", { SHOULD, SHOULD }, incident_report_fill_messages, "What was said to whom, inside and outside, belongs here." },
  { "regulatory", "Regulatory clocks", "deadlines", { MUST, MUST }, incident_report_fill_regulatory,
    "The legal deadlines that apply, and what was submitted when, belong here." },
  { "revisions", "Revisions of the record", "log", { OUT, SHOULD }, fill_revisions, "" },
};

static void
add_section (IncidentReport     *self,
             IncidentReportFold *fold,
             guint               position)
{
  IncidentReportSection *section;

  section = incident_report_section_new (self->strings, sections[position].id, sections[position].heading,
                                         sections[position].source, sections[position].wanted[fold->kind] == MUST);
  if (sections[position].fill != NULL && sections[position].fill (fold, section))
    section->state = INCIDENT_REPORT_STATE_GENERATED;
  else if (sections[position].wanted[fold->kind] == IF_ANY)
    {
      incident_report_section_free (section);
      return;
    }
  else
    {
      IncidentReportBlock *note = incident_report_section_add (section, INCIDENT_REPORT_BLOCK_PARAGRAPH, NULL);

      incident_report_block_add_text (note, "Not recorded. ");
      incident_report_block_add_marked (note, sections[position].missing);
    }
  g_ptr_array_add (self->sections, section);
}

static void
fold_case (IncidentReport     *self,
           IncidentReportFold *fold)
{
  IncidentCase *kase = fold->kase;

  self->kind = fold->kind;
  self->id = incident_report_keep (self->strings, incident_case_get_id (kase));
  self->title = incident_report_keep (self->strings, incident_case_get_title (kase));
  self->revision = incident_case_get_version (kase);
  self->episode = incident_case_get_episode (kase);
  self->phase = incident_report_keep (self->strings, incident_case_get_phase (kase));
  self->open = incident_case_get_open (kase);
  self->severity = incident_case_get_severity (kase);
  self->severity_peak = incident_report_fold_get_peak (fold);
  self->priority = incident_case_get_priority (kase);
  self->impact = incident_case_get_impact (kase);
  self->urgency = incident_case_get_urgency (kase);
  self->service = incident_report_keep (self->strings, incident_case_get_service (kase));
  self->category = incident_report_keep (self->strings, incident_case_get_category (kase));
  self->commander = incident_report_keep (self->strings, incident_case_get_commander (kase));
  self->opened_at = incident_case_get_opened_at (kase);
  self->updated_at = incident_case_get_updated_at (kase);
  self->closed_at = incident_case_get_closed_at (kase);
}

/**
 * incident_report_new:
 * @kase: a case with at least one event
 * @kind: for whom the report is
 *
 * Folds a case, as it is now, into a report.
 *
 * A solution report of a case that is not resolved says so.
 *
 * Returns: (transfer full): a report
 *
 * Since: 0.1
 */
IncidentReport *
incident_report_new (IncidentCase       *kase,
                     IncidentReportKind  kind)
{
  IncidentReport *self;
  IncidentReportFold fold;

  g_return_val_if_fail (INCIDENT_IS_CASE (kase), NULL);
  g_return_val_if_fail (kind == INCIDENT_REPORT_KIND_PROBLEM || kind == INCIDENT_REPORT_KIND_SOLUTION, NULL);
  g_return_val_if_fail (incident_case_get_version (kase) > 0, NULL);

  self = incident_report_alloc ();
  incident_report_fold_init (&fold, kase, kind, self->strings);
  fold_case (self, &fold);
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    if (sections[i].wanted[kind] != OUT)
      add_section (self, &fold, i);
  incident_report_fold_clear (&fold);
  return self;
}
