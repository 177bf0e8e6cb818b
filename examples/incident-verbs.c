/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "incident-verbs.h"

#include <string.h>

#define SEVERITY WORDS_OPTION ("severity", "sev1…sev5", "how bad it is; sev1 is the worst")
#define IMPACT   WORDS_OPTION ("impact", "high|medium|low", "how far it reaches")
#define URGENCY  WORDS_OPTION ("urgency", "high|medium|low", "how little time there is")
#define SERVICE  WORDS_OPTION ("service", "SERVICE", "what is affected")
#define CATEGORY WORDS_OPTION ("category", "CATEGORY", "which kind of incident it is")

static const GOptionEntry classes[] = {
  SEVERITY, IMPACT, URGENCY, SERVICE, CATEGORY,
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry escalation[] = {
  WORDS_OPTION ("to", "TARGET", "the person or team that is asked"),
  WORDS_SWITCH ("hierarchical", "ask for authority; otherwise for skill"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry selection[] = {
  WORDS_SWITCH ("open", "only cases that are neither closed nor cancelled"),
  WORDS_OPTION ("phase", "PHASE", "only cases in this phase"),
  WORDS_OPTION ("service", "SERVICE", "only cases of this service"),
  WORDS_OPTION ("since", "TIME", "only cases opened at this time (RFC 3339) or later"),
  WORDS_OPTION ("limit", "N", "at most so many, up to 1000; default 50"),
  WORDS_OPTION ("before", "ID", "only cases older than this one: the next page"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry following[] = {
  WORDS_SWITCH ("follow", "go on printing what is recorded, until interrupted"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry intake[] = {
  WORDS_OPTION ("format", "NAME", "whose message it is: alertmanager (default)"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry report[] = {
  WORDS_OPTION ("kind", "problem|solution", "default: problem"),
  WORDS_OPTION ("format", "html|md|json", "default: md"),
  WORDS_SHORT_OPTION ("output", 'o', "FILE", "write to this file; it is replaced as a whole"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry drawing[] = {
  WORDS_OPTION ("format", "dot|mermaid|json", "a drawing for Graphviz or Mermaid, or data; default: a table"),
  G_OPTION_ENTRY_NULL
};

static const Verb all_verbs[] = {
  { "open", "TITLE", 1, 1, "open a case; prints its id",
    "Opens a case in the phase “new”.", classes, { "title" }, verb_open },
  { "ingest", "[FILE or -]", 0, 1, "take in a monitoring system's message",
    "Takes in the body of a webhook call, and tells for each alert what was done and why.\n"
    "Without FILE, or with “-”, reads standard input. If some alerts are wrong, the others are kept.\n"
    "--at says when it was received, to take in what was kept.",
    intake, { NULL }, verb_ingest, TRUE },

  { "list", "", 0, 0, "list cases, the newest first",
    "Lists cases, the newest first.", selection, { NULL }, verb_list },
  { "show", "ID", 1, 1, "show where a case stands",
    "Shows where a case stands.", NULL, { NULL }, verb_show },
  { "timeline", "ID", 1, 1, "print all that happened in a case",
    "Prints the timeline of a case: when, who, what.", NULL, { NULL }, verb_timeline },
  { "log", "", 0, 0, "print all that happened in all cases",
    "Prints the events of all cases in the order in which they were recorded. With --json an array;\n"
    "with --follow and --json an object a line, since an array would never end.",
    following, { NULL }, verb_log },
  { "next", "ID", 1, 1, "tell what may happen to a case now",
    "Tells for each verb whether you may do it to this case now, and if not, why.", NULL, { NULL }, verb_next },

  { "diagnose", "ID [TEXT]", 1, 2, "record a finding",
    "Records a finding; the case is then in the phase “diagnosis”.", NULL, { "text" }, verb_change },
  { "escalate", "ID --to TARGET TEXT", 1, 2, "ask for more skill or authority",
    "Asks somebody for help, with the reason; again goes a level up.", escalation, { "text" }, verb_change },
  { "examine", "ID TEXT", 1, 2, "record what a responder found",
    "Records what a responder found. It takes somebody who is assigned.", NULL, { "text" }, verb_change },
  { "resolve", "ID TEXT", 1, 2, "record the solution",
    "Records what was done to end it.", NULL, { "text" }, verb_change },
  { "recover", "ID TEXT", 1, 2, "record the evidence that it is over",
    "Records how we know that all is well again.", NULL, { "text" }, verb_change },
  { "close", "ID [TEXT]", 1, 2, "close a recovered case",
    "Closes a case that has recovered.", NULL, { "text" }, verb_change },
  { "cancel", "ID TEXT", 1, 2, "end a case that is none",
    "Ends a case without a solution, with the reason.", NULL, { "text" }, verb_change },
  { "reopen", "ID TEXT", 1, 2, "begin a new episode",
    "Begins a new episode of a case that was over, with the reason.", NULL, { "text" }, verb_change },

  { "assign", "ID ROLE PERSON", 3, 3, "give somebody a role",
    "Gives somebody a role, such as commander or responder.", NULL, { "role", "person" }, verb_change },
  { "release", "ID ROLE", 2, 2, "take a role back",
    "Takes a role back from who holds it.", NULL, { "role" }, verb_change },
  { "classify", "ID", 1, 1, "set severity, impact, urgency, service or category",
    "Sets what is named and leaves the rest as it is.", classes, { NULL }, verb_change },
  { "note", "ID TEXT", 1, 2, "write something down",
    "Writes something down in the timeline.", NULL, { "text" }, verb_change },

  { "report", "ID", 1, 1, "write the problem or the solution report",
    "Writes a report of a case.", report, { NULL }, verb_report },
  { "lifecycle", "", 0, 0, "print the phases and what leads from one to the next",
    "Prints what leads from which phase to which, and what it takes.", drawing, { NULL }, verb_lifecycle },
  { "backup", "FILE", 1, 1, "copy the store while it is in use",
    "Copies the store, as it is at this moment, to a new file.", NULL, { NULL }, verb_backup },
};

const Verb *
verbs_find (const char *name,
            GError    **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_verbs); i++)
    if (strcmp (all_verbs[i].name, name) == 0)
      return &all_verbs[i];

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "There is no verb “%s”; see “incident --help”", name);
  return NULL;
}

char *
verbs_dup_summary (void)
{
  GString *text = g_string_new ("Verbs:\n");

  for (guint i = 0; i < G_N_ELEMENTS (all_verbs); i++)
    g_string_append_printf (text, "  %-10s %s\n", all_verbs[i].name, all_verbs[i].summary);
  g_string_append (text, "\n“incident VERB --help” tells more. Options for all verbs may stand before or after the verb.\n"
                   "Exit status: 0 done, 1 failed, 2 wrong words, 3 refused, 4 no such case, 5 conflict.");

  return g_string_free (text, FALSE);
}
