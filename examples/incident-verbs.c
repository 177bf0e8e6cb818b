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
  WORDS_OPTION ("to", "TARGET", "the person, team or escalation policy that is asked"),
  WORDS_SWITCH ("hierarchical", "ask for authority; otherwise for skill"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry major[] = {
  SEVERITY, IMPACT, URGENCY, SERVICE, CATEGORY,
  WORDS_SWITCH ("major", "declare it a major incident"),
  WORDS_OPTION ("why", "TEXT", "the reason, where it is made less severe"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry reason[] = {
  WORDS_OPTION ("why", "TEXT", "the reason, where the person is away"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry offer[] = {
  WORDS_OPTION ("due", "TIME", "until when the offer stands: RFC 3339, or from now, such as 30m"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry task[] = {
  WORDS_OPTION ("person", "PERSON", "who does it"),
  WORDS_OPTION ("role", "ROLE", "the role whose holder does it"),
  WORDS_OPTION ("due", "TIME", "until when: RFC 3339, or from now, such as 4h"),
  WORDS_SWITCH ("must-do", "the case does not close before it is done"),
  WORDS_OPTION ("after", "N,N…", "the tasks that come first"),
  WORDS_OPTION ("kind", "prevent|detect|mitigate|learn", "a follow-up action, which may outlive the case"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry update[] = {
  WORDS_SWITCH ("draft", "only print a draft that the timeline gives; TEXT is then left out"),
  WORDS_OPTION ("audience", "AUDIENCE", "for whom: internal (the default), customer, or another of the playbook"),
  WORDS_OPTION ("due", "TIME", "when the next one comes: RFC 3339, or from now, such as 30m"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry decision[] = {
  WORDS_OPTION ("objections", "TEXT", "what was said against it"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry impact[] = {
  WORDS_OPTION ("unit", "UNIT", "of the amount"),
  WORDS_OPTION ("certainty", "estimated|measured", "how it is known"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry reminding[] = {
  WORDS_SWITCH ("record", "write the reminders into the timelines, and raise priorities by rule"),
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
  WORDS_OPTION ("format", "NAME", "whose message it is; default: as it looks"),
  WORDS_OPTION ("source", "NAME", "who sends it; default: who does it (--as)"),
  WORDS_SWITCH ("macros", "read no file, but the NAGIOS_…, ICINGA_… or NOTIFY_… variables of the environment"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry firing[] = {
  WORDS_OPTION ("since", "TIME", "also those that have ended since: RFC 3339, or back from now, such as 7d"),
  WORDS_SWITCH ("keys", "show the key of each"),
  WORDS_OPTION ("body", "KEY", "print the message that told of this alert last, as it came"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry routing[] = {
  WORDS_OPTION ("labels", "NAME=VALUE,…", "the labels of the alert"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry silencing[] = {
  WORDS_OPTION ("for", "DURATION", "how long, such as 90m, 2h or 7d"),
  WORDS_OPTION ("until", "TIME", "until when (RFC 3339)"),
  WORDS_OPTION ("from", "TIME", "from when (RFC 3339); default: now"),
  WORDS_OPTION ("interval", "NAME", "only within this interval of the playbook"),
  WORDS_OPTION ("reason", "TEXT", "why"),
  WORDS_OPTION ("since", "TIME", "try it on alerts since: RFC 3339, or back from now; default: 7d"),
  WORDS_SWITCH ("all", "list those that are over too"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry calling[] = {
  WORDS_OPTION ("to", "TARGET", "who is paged: a person, team, schedule, role or channel, such as “schedule payments”"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry watching[] = {
  WORDS_OPTION ("schedule", "NAME", "only this schedule; default: all"),
  WORDS_OPTION ("from", "TIME", "the shifts from then on (RFC 3339); default: now"),
  WORDS_OPTION ("until", "TIME", "the shifts until then (RFC 3339)"),
  WORDS_OPTION ("for", "DURATION", "the shifts of so long, such as 7d"),
  WORDS_SWITCH ("calendar", "draw them, as wide as the terminal"),
  WORDS_SWITCH ("svg", "draw one schedule for the web"),
  WORDS_SWITCH ("ical", "write one schedule as a calendar for other programs"),
  WORDS_SWITCH ("gaps", "list when nobody is on call"),
  WORDS_OPEN_OPTION ("prove", "POLICY", "does this policy reach somebody at any time? default: all policies, for a year"),
  WORDS_SWITCH ("load", "compare how the burden is shared; default: of the last 28 days"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry overriding[] = {
  WORDS_OPTION ("schedule", "NAME", "list those of this schedule alone"),
  WORDS_SWITCH ("all", "list those that are over or withdrawn, too"),
  WORDS_OPTION ("from", "TIME", "from when (RFC 3339); default: now"),
  WORDS_OPTION ("until", "TIME", "until when (RFC 3339)"),
  WORDS_OPTION ("for", "DURATION", "how long, such as 4h or 7d"),
  WORDS_OPTION ("by", "PERSON", "who stands for the person"),
  WORDS_OPTION ("shift", "PERSON=FROM/UNTIL", "a shift of a temporary schedule; may be given again"),
  WORDS_OPTION ("reason", "TEXT", "why"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry simulating[] = {
  WORDS_OPTION ("case", "ID", "a case, as it is now"),
  WORDS_OPTION ("title", "TEXT", "or one that is not there: its title"),
  SEVERITY, SERVICE, CATEGORY,
  WORDS_OPTION ("scenario", "FILE", "or all that happens, as JSON; “-” is standard input"),
  WORDS_OPTION ("from", "TIME", "from when (RFC 3339); default: now, and 28 days ago to replay"),
  WORDS_OPTION ("until", "TIME", "until when (RFC 3339)"),
  WORDS_OPTION ("for", "DURATION", "how long, such as 72h; default: 24h"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry outbox[] = {
  WORDS_OPTION ("channel", "NAME", "what goes through this channel"),
  WORDS_OPTION ("state", "STATE", "pending, sent, dead …; default: waiting, which is all that is not final"),
  WORDS_OPTION ("case", "ID", "what is of this case"),
  WORDS_OPTION ("limit", "N", "at most so many; default: 100"),
  WORDS_SWITCH ("all", "whatever its state"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry addressing[] = {
  WORDS_OPTION ("audience", "AUDIENCE", "for whom; default: who works on the case"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry report[] = {
  WORDS_OPTION ("kind", "problem|solution", "default: problem"),
  WORDS_OPTION ("format", "html|md|json", "default: md"),
  WORDS_SHORT_OPTION ("output", 'o', "FILE", "write to this file; it is replaced as a whole"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry page[] = {
  WORDS_OPTION ("format", "html|json", "default: html"),
  WORDS_SHORT_OPTION ("output", 'o', "FILE", "write to this file; it is replaced as a whole"),
  G_OPTION_ENTRY_NULL
};

static const GOptionEntry drawing[] = {
  WORDS_OPTION ("format", "dot|mermaid|json", "a drawing for Graphviz or Mermaid, or data; default: a table"),
  G_OPTION_ENTRY_NULL
};

#ifdef INCIDENT_WITH_SERVE
static const GOptionEntry serving[] = {
  WORDS_OPTION ("listen", "HOST:PORT", "where to; default: 127.0.0.1:9099; port 0 takes a free one"),
  WORDS_OPTION ("tls-certificate", "FILE", "speak HTTPS, with this certificate (PEM)"),
  WORDS_OPTION ("tls-key", "FILE", "its private key (PEM)"),
  WORDS_SWITCH ("quiet", "do not tell of requests that are refused"),
  G_OPTION_ENTRY_NULL
};
#endif

static const Verb all_verbs[] = {
  { "open", "TITLE", 1, 1, "open a case; prints its id",
    "Opens a case in the phase “new”.", classes, { "title" }, verb_open },
  { "ingest", "[FILE or -]", 0, 1, "take in a monitoring system's message",
    "Takes in the body of a webhook call, and tells for each alert what was done and why.\n"
    "Without FILE, or with “-”, reads standard input. If some alerts are wrong, the others are kept.\n"
    "--at says when it was received, to take in what was kept.\n"
    "As a command of Nagios or Checkmk: incident ingest --source nagios --macros",
    intake, { NULL }, verb_ingest, TRUE },
#ifdef INCIDENT_WITH_SERVE
  { "serve", "", 0, 0, "take in over HTTP what monitoring says",
    "Listens for messages of monitoring systems, until it is told to stop (SIGTERM, SIGINT). SIGHUP reads the\n"
    "playbook again. Without a token of a source in the playbook it serves this machine only.",
    serving, { NULL }, verb_serve },
#endif

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
  { "alerts", "[MATCHERS]", 0, 1, "list what fires, and why it has no case",
    "Lists the alerts that fire and match, such as “{team=\"payments\",severity!=\"info\"}”, each with its case, or why\n"
    "nobody was told of it.", firing, { NULL }, verb_alerts },
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
    "Gives somebody a role, such as commander or responder.", reason, { "role", "person" }, verb_change },
  { "release", "ID ROLE [PERSON]", 2, 3, "take a role back",
    "Takes a role back from who holds it.", NULL, { "role", "person" }, verb_change },
  { "handoff", "ID ROLE PERSON [TEXT]", 3, 4, "offer a role to somebody",
    "Offers a role, with a briefing. Who has it keeps it until the other accepts.", offer,
    { "role", "person", "text" }, verb_change },
  { "accept", "ID ROLE", 2, 2, "take a role that was offered",
    "Takes a role that was offered to you.", NULL, { "role" }, verb_change },
  { "decline", "ID ROLE [TEXT]", 2, 3, "decline a role that was offered",
    "Declines a role that was offered to you, or takes your own offer back.", NULL, { "role", "text" }, verb_change },
  { "take-command", "ID TEXT", 1, 2, "take command from who cannot be reached",
    "Takes command, with the reason: for the deputy, and for who has the right.", NULL, { "text" }, verb_change },
  { "ack", "ID", 1, 1, "say that you are on it",
    "Acknowledges a live case.", NULL, { NULL }, verb_change, FALSE, "acknowledge" },
  { "unack", "ID [PERSON]", 1, 2, "take an acknowledgement back",
    "Takes your acknowledgement back, or that of another person; who is to be paged is then paged again.", NULL,
    { "person" }, verb_change, FALSE, "unacknowledge" },
  { "snooze", "ID TIME [TEXT]", 2, 3, "page nobody for a while",
    "Holds the escalations of a case until a time (RFC 3339), or for so long from now, such as 30m.", NULL,
    { "due", "text" }, verb_change },
  { "wake", "ID", 1, 1, "end the snooze of a case",
    "Lets the escalations of a case go on that are held.", NULL, { NULL }, verb_change },
  { "page", "ID --to TARGET TEXT", 1, 2, "page somebody directly",
    "Pages a person, team, schedule, role or channel at once, beside the escalation, with the reason.", calling, { "text" },
    verb_change },
  { "move-runs", "ID", 1, 1, "let escalations go by the playbook as it is now",
    "Moves the escalations of a case to the policies as they are now; otherwise they keep those they began with.", NULL,
    { NULL }, verb_change },
  { "classify", "ID", 1, 1, "set severity, impact, urgency, service or category",
    "Sets what is named and leaves the rest as it is.", major, { NULL }, verb_change },
  { "prioritise", "ID p1…p5 TEXT", 2, 3, "set the priority by hand",
    "Sets the priority by hand, with the reason.", NULL, { "priority", "text" }, verb_change },
  { "affect", "ID SERVICE", 2, 2, "name a further service that is hit",
    "Names a further service that is hit.", NULL, { "service" }, verb_change },
  { "note", "ID TEXT", 1, 2, "write something down",
    "Writes something down in the timeline.", NULL, { "text" }, verb_change },
  { "task", "ID add TITLE | start|done|skip|reopen N [TEXT] | hand N PERSON | checklist NAME", 2, 4,
    "add, start, finish, skip or hand on a task",
    "Without more than the ID, see “incident show ID” for the tasks.\n"
    "A task that must be done is skipped only with a reason; so is any other.", task, { NULL }, verb_task },
  { "update", "ID TEXT | ID --draft", 1, 2, "tell how it stands",
    "Tells how it stands, and begins to count anew until the next update is due. Where the playbook wants it, the\n"
    "update is proposed, and somebody has to approve it. --draft prints what could be said, and records nothing.",
    update, { "text" }, verb_update },
  { "approve", "ID N [TEXT]", 2, 3, "approve the update that event N proposes",
    "Gives the update that an event of the timeline proposes, word by word or with these words in place of its own.",
    NULL, { "event", "text" }, verb_change },
  { "message", "ID TEXT", 1, 2, "say something in the channels of a case",
    "Says something in the channels of a case; it stands in the timeline, too.", addressing, { "text" }, verb_change },
  { "decide", "ID TEXT", 1, 2, "record a decision",
    "Records a decision, and the objections.", decision, { "text" }, verb_change },
  { "suppose", "ID TEXT", 1, 2, "state a hypothesis",
    "States a hypothesis on the cause; it gets a number.", NULL, { "text" }, verb_change },
  { "judge", "ID N STATE TEXT", 3, 4, "judge a hypothesis by evidence",
    "Says what the evidence makes of a hypothesis: open, supported, refuted or cause.", NULL,
    { "hypothesis", "state", "text" }, verb_change },
  { "record", "ID FIELD TEXT", 2, 3, "fill in a field of the record",
    "Fills in reported-via, caller, call-back, symptoms, users, places, components, team, workaround, known-error,\n"
    "problem, change, resolution or closure. What was there stays in the timeline.", NULL, { "field", "text" }, verb_change },
  { "measure", "ID MEASURE AMOUNT [TEXT]", 3, 4, "record what was lost",
    "Records the impact in numbers, such as “users 1200”.", impact, { "measure", "amount", "text" }, verb_change },
  { "link", "ID KIND ID", 3, 3, "link another case",
    "Links another case: duplicate, caused-by, related, child or follows.", NULL, { "kind", "case" }, verb_change },
  { "unlink", "ID KIND ID", 3, 3, "take a link back",
    "Takes a link back.", NULL, { "kind", "case" }, verb_change },
  { "merge", "ID INTO [TEXT]", 2, 3, "end a case and go on in another",
    "Ends a case and goes on in another, which gets its open must-do tasks and later alerts.", NULL,
    { "case", "text" }, verb_change },
  { "correct", "ID N TEXT", 2, 3, "correct what event N says",
    "Corrects what an event of the timeline says; both stay visible.", NULL, { "event", "text" }, verb_change },
  { "redact", "ID N TEXT", 2, 3, "remove the words of event N for good",
    "Removes the words of an event of the timeline for good, with the reason. Its place and its hash stay.", NULL,
    { "event", "text" }, verb_change },
  { "dismiss", "ID REMINDER", 2, 2, "be reminded of something no more",
    "Silences a reminder, by the kind that “incident reminders” shows.", NULL, { "reminder" }, verb_change },
  { "file-report", "ID CLOCK [TEXT]", 2, 3, "record that an authority was told",
    "Records that a report which the playbook asks for was filed.", NULL, { "clock", "text" }, verb_change },

  { "reminders", "", 0, 0, "tell what is due in all cases",
    "Tells what is due by now in all cases.", reminding, { NULL }, verb_reminders },
  { "refusals", "", 0, 0, "print who was refused for lack of right",
    "Prints who was refused for lack of right, the oldest first.", NULL, { NULL }, verb_refusals },

  { "oncall", "[import [FILE or -]]", 0, 2, "tell who is on call",
    "Tells who is on call now, or --at a time, and who comes next; with --from, --until or --for each shift.\n"
    "import takes a calendar (iCalendar) into the schedule that --schedule names, in place of what was imported before.",
    watching, { NULL }, verb_oncall, TRUE },
  { "override", "[list | show ID | add|remove SCHEDULE PERSON | replace SCHEDULE PERSON --by PERSON | swap SCHEDULE [PERSON] | "
    "take ID | temporary SCHEDULE --shift … | withdraw ID]", 0, 3, "change who is on call on single days",
    "add puts somebody on call, remove takes somebody off, replace has another stand in; each prints the id.\n"
    "swap offers your shifts; until another takes them you stay on call. take takes them, or with --from and --until a part.\n"
    "temporary has shifts of its own in place of the whole schedule. withdraw ends any of them. list shows those to come,\n"
    "show all of one.", overriding, { NULL }, verb_override },
  { "why-paged", "ID [PERSON]", 1, 2, "tell who was paged for a case, or was not, and why",
    "Tells who was paged for a case and who was not, with the reason; of one person also what became of each message.",
    NULL, { NULL }, verb_why_paged },
  { "simulate", "[replay]", 0, 1, "tell who would be paged",
    "Tells who would be paged if nobody acknowledged, or if all happened that a scenario says. Nothing is written, and nobody\n"
    "is paged. replay tells what the cases of a time did, and what they would have done by the rules of the playbook.", simulating, { NULL }, verb_simulate, TRUE },
  { "escalate-due", "", 0, 0, "page who is due to be paged",
    "Pages whoever is due by now, by the escalation policies, and tells when the next is due; “outbox send” then sends the\n"
    "pages. For those who run no server: from cron, every minute.", NULL, { NULL }, verb_escalate_due },

  { "silence", "add MATCHERS… | list | show ID | change ID [MATCHERS…] | expire ID | try MATCHERS… | review", 1, 1000,
    "mute alerts for a while",
    "add mutes what matches for a while, prints the id, and tells what that hits and would have hit in the last week.\n"
    "try tells that alone, and mutes nothing. change sets what is named; where that would rewrite history, the silence\n"
    "ends and another stands for it. expire ends it. review tells of those that people may have forgotten.\n"
    "Matchers are as in Alertmanager; all must hold: team=payments severity=~\"info|warning\". Where several words in\n"
    "braces are given, one of them is enough: {team=\"payments\"} {service=\"checkout\"}",
    silencing, { NULL }, verb_silence },
  { "route", "--labels NAME=VALUE,…", 0, 0, "tell where an alert with these labels would go",
    "Tells which routes, group, service, team and severity an alert with these labels would get, which open case it\n"
    "would join, and all that would mute it; with --at, at that time. Nothing is recorded.",
    routing, { NULL }, verb_route },
  { "settle", "", 0, 0, "do what is due for alerts",
    "Ends alerts that were not heard of for too long, opens the cases of those that fire for long enough, and tells when\n"
    "the next is due. For those who run no server: from cron, every minute.", NULL, { NULL }, verb_settle },

  { "outbox", "[list | show N | retry N | withdraw N | send]", 0, 2, "look after messages that go out",
    "list shows what waits. show tells all of one message, with each attempt. retry sends what is dead or expired again;\n"
    "withdraw takes back what waits. send delivers what is due by now: for those who run no server, from cron.",
    outbox, { NULL }, verb_outbox },
  { "status-page", "", 0, 0, "write the page that tells everybody how the services are",
    "Writes the status page that the playbook describes: nothing but updates to audiences that are public, and the\n"
    "names that it gives services.", page, { NULL }, verb_status_page },
  { "report", "ID", 1, 1, "write the problem or the solution report",
    "Writes a report of a case.", report, { NULL }, verb_report },
  { "playbook", "check FILE… | show [FILE…] | diff OLD NEW", 1, 64, "check a playbook, show it, or compare two",
    "Checks a playbook and tells all that is wrong with it; shows it as one document; or says in words what would\n"
    "change, and which open cases that is about. Several files are merged.", NULL, { NULL }, verb_playbook, TRUE },
  { "import", "alertmanager|silences [FILE or -]", 1, 2, "take over what another program has",
    "alertmanager makes a playbook of an alertmanager.yml that was converted to JSON: routes, inhibition rules and\n"
    "time intervals.\n"
    "Prints the playbook; what has no counterpart is told on standard error.\n"
    "silences adds what “amtool silence query -o json” printed, or what “export silences” did; those that are over are\n"
    "left out.", NULL, { NULL }, verb_import, TRUE },
  { "export", "alertmanager|silences", 1, 1, "make what another program takes",
    "alertmanager makes the configuration of an Alertmanager of the routes, inhibition rules and intervals of the playbook.\n"
    "Prints JSON, which is YAML too; what has no counterpart is told on standard error.\n"
    "silences prints those in force or to come as “amtool silence import” takes them.", NULL, { NULL }, verb_export, TRUE },
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
    g_string_append_printf (text, "  %-12s %s\n", all_verbs[i].name, all_verbs[i].summary);
  g_string_append (text, "\n“incident VERB --help” tells more. Options for all verbs may stand before or after the verb.\n"
                   "Exit status: 0 done, 1 failed, 2 wrong words, 3 refused, 4 no such case or message, 5 conflict.");

  return g_string_free (text, FALSE);
}
