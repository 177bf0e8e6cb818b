/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-private.h"

#include "playbook/incident-playbook-shape-private.h"

/* The table that playbooks are read by, and from which their schema is written. From
 * the leaves up: shapes of values, members of objects, sections. */

static const char * const severities[] = { "sev1", "sev2", "sev3", "sev4", "sev5", NULL };
static const char * const levels[] = { "high", "medium", "low", NULL };
static const char * const priorities[] = { "p1", "p2", "p3", "p4", "p5", NULL };
static const char * const starts[] = { "opened", "major", "recovered", "closed", NULL };

static const IncidentShape text = { .kind = INCIDENT_SHAPE_TEXT };
static const IncidentShape name = { .kind = INCIDENT_SHAPE_NAME };
static const IncidentShape id = { .kind = INCIDENT_SHAPE_ID };
static const IncidentShape flag = { .kind = INCIDENT_SHAPE_BOOLEAN };
static const IncidentShape yes = { .kind = INCIDENT_SHAPE_TRUE };
static const IncidentShape duration = { .kind = INCIDENT_SHAPE_DURATION };
static const IncidentShape date = { .kind = INCIDENT_SHAPE_DATE };
static const IncidentShape wall_time = { .kind = INCIDENT_SHAPE_TIME };
static const IncidentShape zone = { .kind = INCIDENT_SHAPE_ZONE };
static const IncidentShape severity = { .kind = INCIDENT_SHAPE_WORD, .words = severities };
static const IncidentShape priority = { .kind = INCIDENT_SHAPE_WORD, .words = priorities };
static const IncidentShape start = { .kind = INCIDENT_SHAPE_WORD, .words = starts };
static const IncidentShape holders = { .kind = INCIDENT_SHAPE_NUMBER, .most = 1000 };
static const IncidentShape task_number = { .kind = INCIDENT_SHAPE_NUMBER, .most = 1000 };
static const IncidentShape count = { .kind = INCIDENT_SHAPE_NUMBER, .most = 1000 };
REFERENCE_TO (person, "people");
REFERENCE_TO (team, "teams");
REFERENCE_TO (role, "roles");
REFERENCE_TO (service, "services");
REFERENCE_TO (category, "categories");
/* A source acts by itself, too. */
static const IncidentShape automation = {
  .kind = INCIDENT_SHAPE_REFERENCE, .section = "automations", .section_too = "sources"
};
REFERENCE_TO (clock_name, "reporting");
REFERENCE_TO (policy, "policies");
/* Phases and verbs are looked up where the lifecycle is known. */
static const IncidentShape phase = { .kind = INCIDENT_SHAPE_ID };
static const IncidentShape verb = { .kind = INCIDENT_SHAPE_NAME };

LIST_OF (texts, text, "text");
LIST_OF (ids, id, "name");
LIST_OF (persons, person, "person");
LIST_OF (team_list, team, "team");
LIST_OF (service_list, service, "service");
LIST_OF (category_list, category, "category");
LIST_OF (severity_list, severity, "severity");
LIST_OF (phase_list, phase, "phase");
LIST_OF (verb_list, verb, "verb");
LIST_OF (task_numbers, task_number, "task");

static const IncidentShapeMember condition_members[] = {
  { "severity", &severity_list, FALSE, "Only for these severities" },
  { "service", &service_list, FALSE, "Only for these services" },
  { "category", &category_list, FALSE, "Only for these categories and those within them" },
  { "phase", &phase_list, FALSE, "Only in these phases" },
  END
};
const IncidentShape incident_playbook_condition_shape = {
  .kind = INCIDENT_SHAPE_OBJECT, .members = condition_members
};

static const IncidentShapeMember severity_members[] = {
  { "means", &text, FALSE, "When a case is so severe" },
  { "major", &flag, FALSE, "Whether such a case is a major incident" },
  END
};
OBJECT_OF (severity_object, severity_members);
static const IncidentShape severity_section = {
  .kind = INCIDENT_SHAPE_MAP, .element = &severity_object, .words = severities, .singular = "severity"
};

static const IncidentShape by_urgency = {
  .kind = INCIDENT_SHAPE_MAP, .element = &priority, .words = levels, .singular = "urgency"
};
static const IncidentShape matrix = {
  .kind = INCIDENT_SHAPE_MAP, .element = &by_urgency, .words = levels, .singular = "impact"
};
static const IncidentShapeMember raise_members[] = {
  { "services", &count, FALSE, "From so many affected services on" },
  { "phase", &phase, FALSE, "While in this phase …" },
  { "after", &duration, FALSE, "… for so long" },
  { "to", &priority, TRUE, "The priority it is raised to" },
  END
};
OBJECT_OF (raise_object, raise_members);
LIST_OF (raises, raise_object, "rule");
static const IncidentShapeMember priority_members[] = {
  { "matrix", &matrix, FALSE, "The priority by impact, then by urgency" },
  { "raise", &raises, FALSE, "When the priority is raised by itself" },
  END
};
OBJECT_OF (priority_section, priority_members);

static const IncidentShapeMember category_members[] = {
  { "title", &name, FALSE, "What people call it" },
  { "within", &category, FALSE, "The category it is a part of" },
  END
};
OBJECT_OF (category_object, category_members);
MAP_OF (category_section, category_object, "category");

static const IncidentShapeMember role_members[] = {
  { "title", &name, FALSE, "What people call it" },
  { "duties", &texts, FALSE, "What who has it does; shown when it is assigned" },
  { "holders", &holders, FALSE, "How many may have it at once; 1 if not said" },
  { "qualification", &id, FALSE, "What a person must have to hold it" },
  { "teams", &team_list, FALSE, "The teams whose members may hold it" },
  { "operational", &flag, FALSE, "Whether who has it acts on the systems" },
  END
};
OBJECT_OF (role_object, role_members);
MAP_OF (role_section, role_object, "role");

static const IncidentShapeMember absence_members[] = {
  { "from", &date, TRUE, "The first day" },
  { "until", &date, TRUE, "The day they are back" },
  { "why", &name, FALSE, "Why, as others may read it" },
  END
};
OBJECT_OF (absence, absence_members);
LIST_OF (absences, absence, "absence");
static const IncidentShapeMember person_members[] = {
  { "name", &name, FALSE, "What people call them" },
  { "qualifications", &ids, FALSE, "What they are trained for" },
  { "supervisor", &person, FALSE, "The person they report to" },
  { "zone", &zone, FALSE, "The time zone they live in" },
  { "away", &absences, FALSE, "When they are not there" },
  { "contacts", &incident_playbook_contacts_shape, FALSE, "How they are known and reached elsewhere" },
  { "pages", &incident_playbook_pages_shape, FALSE, "By which ways they are paged, one after another; by their contacts, all at once, if not said" },
  END
};
OBJECT_OF (person_object, person_members);
MAP_OF (person_section, person_object, "person");

static const IncidentShapeMember team_members[] = {
  { "title", &name, FALSE, "What people call it" },
  { "members", &persons, FALSE, "Who is in it" },
  { "lead", &person, FALSE, "Who leads it" },
  { "zone", &zone, FALSE, "The time zone it works in" },
  { "policy", &policy, FALSE, "How cases of its services are escalated, where those have no policy of their own" },
  END
};
OBJECT_OF (team_object, team_members);
MAP_OF (team_section, team_object, "team");

static const IncidentShapeMember service_members[] = {
  { "title", &name, FALSE, "What people call it" },
  { "owner", &team, FALSE, "The team that looks after it" },
  { "depends-on", &service_list, FALSE, "The services it cannot do without" },
  { "policy", &policy, FALSE, "How its cases are escalated" },
  END
};
OBJECT_OF (service_object, service_members);
MAP_OF (service_section, service_object, "service");

static const IncidentShapeMember automation_members[] = {
  { "means", &text, FALSE, "What it is for" },
  END
};
OBJECT_OF (automation_object, automation_members);
MAP_OF (automation_section, automation_object, "automation");

static const IncidentShapeMember right_members[] = {
  { "everyone", &yes, FALSE, "Every person has it" },
  { "owners", &yes, FALSE, "Who is in the team that owns the case's service has it" },
  { "role", &role, FALSE, "Who holds this role in the case has it" },
  { "team", &team, FALSE, "Who is in this team has it" },
  { "person", &person, FALSE, "This person has it" },
  { "automation", &automation, FALSE, "This automation has it" },
  { "may", &verb_list, TRUE, "Verbs, “lower-severity”, “skip-must-do”, “silence”, “override”, or “*” for all" },
  { "if", &incident_playbook_condition_shape, FALSE, "Only for these cases" },
  END
};
OBJECT_OF (right_object, right_members);
LIST_OF (right_section, right_object, "right");

static const IncidentShapeMember task_members[] = {
  { "title", &name, TRUE, "What there is to do, in one line" },
  { "text", &text, FALSE, "How it is done" },
  { "person", &person, FALSE, "Who does it" },
  { "role", &role, FALSE, "The role whose holder does it" },
  { "due", &duration, FALSE, "So long after the checklist is added" },
  { "must-do", &flag, FALSE, "Whether the case waits for it before it closes" },
  { "after", &task_numbers, FALSE, "The numbers of the tasks of this list that come first" },
  END
};
OBJECT_OF (task_object, task_members);
LIST_OF (tasks, task_object, "task");
static const IncidentShapeMember checklist_members[] = {
  { "for", &incident_playbook_condition_shape, FALSE, "The cases that get it by themselves; without it, somebody adds it" },
  { "tasks", &tasks, TRUE, "What there is to do" },
  END
};
OBJECT_OF (checklist_object, checklist_members);
MAP_OF (checklist_section, checklist_object, "checklist");

static const IncidentShape updates = {
  .kind = INCIDENT_SHAPE_MAP, .element = &duration, .words = severities, .singular = "severity"
};
static const IncidentShapeMember remind_members[] = {
  { "every", &duration, FALSE, "How long until the first reminder is repeated; later ones wait longer" },
  { "most", &count, FALSE, "How often at most" },
  END
};
OBJECT_OF (remind, remind_members);
static const IncidentShapeMember quiet_members[] = {
  { "from", &wall_time, TRUE, "When they begin" },
  { "until", &wall_time, TRUE, "When they end" },
  { "zone", &zone, TRUE, "In which time zone" },
  { "severities", &severity_list, TRUE, "The severities that wait until they end" },
  END
};
OBJECT_OF (quiet, quiet_members);
MAP_OF (stuck_phases, duration, "phase");
static const IncidentShapeMember stuck_members[] = {
  { "acknowledged", &duration, FALSE, "So long after it was acknowledged and nothing was done" },
  { "phases", &stuck_phases, FALSE, "So long in a phase" },
  END
};
OBJECT_OF (stuck, stuck_members);
static const IncidentShapeMember cadence_members[] = {
  { "updates", &updates, FALSE, "How often an update is due, by severity; others none" },
  { "remind", &remind, FALSE, "How reminders are repeated" },
  { "quiet-hours", &quiet, FALSE, "When reminders wait" },
  { "stuck", &stuck, FALSE, "When a case is forgotten" },
  END
};
OBJECT_OF (cadence_section, cadence_members);

static const IncidentShapeMember clock_members[] = {
  { "means", &text, FALSE, "What is reported, and to whom" },
  { "for", &incident_playbook_condition_shape, FALSE, "For which cases" },
  { "starts", &start, FALSE, "What starts it" },
  { "after", &clock_name, FALSE, "It starts when this other report is filed" },
  { "within", &duration, TRUE, "How long there is" },
  END
};
OBJECT_OF (clock_object, clock_members);
MAP_OF (clock_section, clock_object, "reporting clock");

static const IncidentShapeMember playbook_members[] = {
  { "name", &name, FALSE, "What the playbook is called" },
  { "lifecycle", &incident_lifecycle_shape, FALSE, "The phases of a case, and what leads from one to another" },
  { "severities", &severity_section, FALSE, "How bad a case is" },
  { "priority", &priority_section, FALSE, "In which order cases are worked on" },
  { "categories", &category_section, FALSE, "Which sorts of incident there are" },
  { "roles", &role_section, FALSE, "Who does what in a case" },
  { "people", &person_section, FALSE, "Who there is" },
  { "teams", &team_section, FALSE, "Who works together" },
  { "services", &service_section, FALSE, "What can be hit" },
  { "automations", &automation_section, FALSE, "Programs that act by themselves" },
  { "sources", &incident_playbook_sources_shape, FALSE, "What sends alerts" },
  { "route", &incident_playbook_route_shape, FALSE, "What becomes of an alert" },
  { "inhibit", &incident_playbook_inhibit_shape, FALSE, "Which alerts mute which others" },
  { "intervals", &incident_playbook_intervals_shape, FALSE, "Times that recur" },
  { "maintenance", &incident_playbook_maintenance_shape, FALSE, "Work that is planned" },
  { "correlate", &incident_playbook_correlate_shape, FALSE, "Which cases may have one cause" },
  { "rights", &right_section, FALSE, "Who may do what; what is not here is not allowed" },
  { "checklists", &checklist_section, FALSE, "What there is to do in which case" },
  { "cadence", &cadence_section, FALSE, "When somebody is reminded of what" },
  { "reporting", &clock_section, FALSE, "What has to be reported to authorities, and how soon" },
  { "holidays", &incident_playbook_holidays_shape, FALSE, "Days on which other people are there" },
  { "schedules", &incident_playbook_schedules_shape, FALSE, "Who is on call when" },
  { "policies", &incident_playbook_policies_shape, FALSE, "Who is paged, and who after them if nobody comes" },
  { "escalation", &incident_playbook_escalation_shape, FALSE, "Which case gets which policy" },
  { "channels", &incident_playbook_channels_shape, FALSE, "By which ways people and programs are told" },
  { "audiences", &incident_playbook_audiences_shape, FALSE, "Whom an update is for" },
  { "status-page", &incident_playbook_status_page_shape, FALSE, "What the public may read" },
  { "desk", &incident_playbook_desk_shape, FALSE, "Where people reach the desk themselves" },
  END
};

const IncidentShape incident_playbook_shape = { .kind = INCIDENT_SHAPE_OBJECT, .members = playbook_members };
