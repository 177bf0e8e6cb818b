/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-shape-private.h"

/* The table of what a playbook says of being on call, from the leaves up. */

#define PATTERN(shape, expression, words) \
  static const IncidentShape shape = { .kind = INCIDENT_SHAPE_PATTERN, .pattern = expression, .wanted = words }
/* Lists of objects that a comparison knows by one of their members. */
#define KEYED_LIST_OF(shape, of, what, member) \
  static const IncidentShape shape = { .kind = INCIDENT_SHAPE_LIST, .element = &of, .singular = what, .key = member }

#define DAY "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
#define CLOCK "(?:[01][0-9]|2[0-3]):[0-5][0-9]"

static const char * const severities[] = { "sev1", "sev2", "sev3", "sev4", "sev5", NULL };
static const char * const priorities[] = { "p1", "p2", "p3", "p4", "p5", NULL };
static const char * const units[] = { "hour", "day", "week", "month", NULL };
static const char * const outsides[] = { "skip", "wait", NULL };
static const char * const acknowledgers[] = { "paged", "anybody", NULL };

static const IncidentShape text = { .kind = INCIDENT_SHAPE_TEXT };
static const IncidentShape name = { .kind = INCIDENT_SHAPE_NAME };
static const IncidentShape flag = { .kind = INCIDENT_SHAPE_BOOLEAN };
static const IncidentShape duration = { .kind = INCIDENT_SHAPE_DURATION };
static const IncidentShape any_duration = { .kind = INCIDENT_SHAPE_DURATION, .is_zero_allowed = TRUE };
static const IncidentShape date = { .kind = INCIDENT_SHAPE_DATE };
static const IncidentShape clock_time = { .kind = INCIDENT_SHAPE_TIME };
static const IncidentShape zone = { .kind = INCIDENT_SHAPE_ZONE };
static const IncidentShape count = { .kind = INCIDENT_SHAPE_NUMBER, .most = 1000 };
static const IncidentShape loops = { .kind = INCIDENT_SHAPE_NUMBER, .most = 100 };
static const IncidentShape severity = { .kind = INCIDENT_SHAPE_WORD, .words = severities };
static const IncidentShape priority = { .kind = INCIDENT_SHAPE_WORD, .words = priorities };
static const IncidentShape unit = { .kind = INCIDENT_SHAPE_WORD, .words = units };
static const IncidentShape outside = { .kind = INCIDENT_SHAPE_WORD, .words = outsides };
static const IncidentShape acknowledger = { .kind = INCIDENT_SHAPE_WORD, .words = acknowledgers };
PATTERN (end_of_day, "^(?:" CLOCK "|24:00)$", "a time of day such as “17:00”, up to “24:00”");
PATTERN (wall_time, "^" DAY "T" CLOCK "$",
         "a time by the clock on the wall, such as “2026-01-05T09:00”, without an offset: the layer's zone says which wall");
PATTERN (bound, "^" DAY "(?:T" CLOCK ")?$",
         "a day such as “2026-01-05”, or with the clock on the wall “2026-01-05T09:00”, without an offset");
REFERENCE_TO (person, "people");
REFERENCE_TO (team, "teams");
REFERENCE_TO (role, "roles");
REFERENCE_TO (service, "services");
REFERENCE_TO (category, "categories");
REFERENCE_TO (channel, "channels");
REFERENCE_TO (interval, "intervals");
REFERENCE_TO (schedule, "schedules");
REFERENCE_TO (policy, "policies");
REFERENCE_TO (holidays, "holidays");
/* It is looked up where the lifecycle is known. */
static const IncidentShape phase = { .kind = INCIDENT_SHAPE_ID };

LIST_OF (persons, person, "person");
LIST_OF (weekdays, text, "weekday");
LIST_OF (severity_list, severity, "severity");
LIST_OF (priority_list, priority, "priority");
LIST_OF (service_list, service, "service");
LIST_OF (category_list, category, "category");
LIST_OF (phase_list, phase, "phase");
LIST_OF (matchers, text, "matcher");

static const IncidentShapeMember method_members[] = {
  { "by", &channel, TRUE, "Through this channel" },
  { "to", &name, FALSE, "The address, id or number there; their contact for it if not said" },
  { "after", &any_duration, FALSE, "So long after the page, if they have not answered; at once if not said" },
  END
};
OBJECT_OF (method, method_members);
const IncidentShape incident_playbook_pages_shape = {
  .kind = INCIDENT_SHAPE_LIST, .element = &method, .singular = "page", .most = 50
};

static const IncidentShapeMember holiday_members[] = {
  { "day", &date, TRUE, "Which day" },
  { "what", &name, FALSE, "What is kept on it" },
  END
};
OBJECT_OF (holiday, holiday_members);
KEYED_LIST_OF (holiday_list, holiday, "holiday", "day");
const IncidentShape incident_playbook_holidays_shape = {
  .kind = INCIDENT_SHAPE_MAP, .element = &holiday_list, .singular = "holidays"
};

static const IncidentShapeMember restriction_members[] = {
  { "weekdays", &weekdays, FALSE, "On these, such as saturday or monday:friday; on all if not said" },
  { "from", &clock_time, FALSE, "When it begins on each; at 00:00 if not said" },
  { "until", &end_of_day, FALSE, "When it is over; on the next day, if that is not later than “from”; at 24:00 if not said" },
  END
};
OBJECT_OF (restriction, restriction_members);
LIST_OF (restrictions, restriction, "time");

static const IncidentShapeMember rotation_members[] = {
  { "start", &wall_time, TRUE, "A hand-off to the first of the people, from which all others are counted, before it too" },
  { "every", &count, FALSE, "So many units is a shift long; 1 if not said" },
  { "unit", &unit, TRUE, "By the clock on the wall" },
  END
};
OBJECT_OF (rotation, rotation_members);

static const IncidentShapeMember layer_members[] = {
  { "name", &name, FALSE, "What it is called; its number if not said" },
  { "priority", &count, FALSE, "Of the layers that have somebody the greatest counts, and equal ones together; 1 if not said" },
  { "people", &persons, FALSE, "Who is on call, in turn if there is a rotation, else all at once" },
  { "team", &team, FALSE, "The members of this team, in place of people" },
  { "rotation", &rotation, FALSE, "How they take turns" },
  { "zone", &zone, FALSE, "By whose clocks; by those of the schedule if not said" },
  { "only", &restrictions, FALSE, "Nobody of it is on call but at these times; always if not said" },
  { "except", &holidays, FALSE, "Nobody of it is on call on these days" },
  { "from", &bound, FALSE, "When it begins …" },
  { "until", &bound, FALSE, "… and is over" },
  END
};
OBJECT_OF (layer, layer_members);
KEYED_LIST_OF (layers, layer, "layer", "name");

static const IncidentShapeMember schedule_members[] = {
  { "title", &name, FALSE, "What people call it" },
  { "zone", &zone, TRUE, "By whose clocks it goes" },
  { "layers", &layers, TRUE, "Who is on call when" },
  { "wanted-gaps", &restrictions, FALSE, "When nobody is meant to be on call" },
  END
};
OBJECT_OF (schedule_object, schedule_members);
const IncidentShape incident_playbook_schedules_shape = {
  .kind = INCIDENT_SHAPE_MAP, .element = &schedule_object, .singular = "schedule"
};

static const IncidentShapeMember alerts_members[] = {
  { "at-least", &count, TRUE, "From so many alerts of the case on …" },
  { "within", &duration, TRUE, "… that began in so long" },
  END
};
OBJECT_OF (alerts, alerts_members);
static const IncidentShapeMember condition_members[] = {
  { "severity", &severity_list, FALSE, "Only for these severities" },
  { "service", &service_list, FALSE, "Only for these services" },
  { "category", &category_list, FALSE, "Only for these categories and those within them" },
  { "phase", &phase_list, FALSE, "Only in these phases" },
  { "priority", &priority_list, FALSE, "Only for these priorities" },
  { "labels", &matchers, FALSE, "Only if an alert of the case matches all of these, such as env=prod" },
  { "alerts", &alerts, FALSE, "Only if there are many alerts" },
  END
};
OBJECT_OF (condition, condition_members);

static const IncidentShapeMember target_members[] = {
  { "person", &person, FALSE, "This person" },
  { "team", &team, FALSE, "All members of this team" },
  { "schedule", &schedule, FALSE, "Who is on call by this schedule then" },
  { "role", &role, FALSE, "Who has this role in the case" },
  { "channel", &channel, FALSE, "Whoever reads this channel" },
  END
};
static const IncidentShape target = { .kind = INCIDENT_SHAPE_OBJECT, .members = target_members, .is_choice = TRUE };
LIST_OF (targets, target, "target");

static const IncidentShapeMember hours_members[] = {
  { "interval", &interval, FALSE, "Only in this one" },
  { "except", &holidays, FALSE, "Not on these days …" },
  { "zone", &zone, FALSE, "… by the clock there" },
  { "outside", &outside, TRUE, "Whether the step is skipped outside, or waits until they begin" },
  END
};
OBJECT_OF (hours, hours_members);

static const IncidentShapeMember step_members[] = {
  { "name", &name, FALSE, "What it is called; its number if not said" },
  { "page", &targets, TRUE, "Who is paged, as it is when the step begins" },
  { "wait", &duration, TRUE, "So long until the next step" },
  { "if", &condition, FALSE, "Only for these cases; for others it is skipped" },
  { "hours", &hours, FALSE, "Only at these times" },
  { "everybody-acknowledges", &flag, FALSE, "Whether each who was paged has to acknowledge; one is enough if not said" },
  END
};
OBJECT_OF (step, step_members);
KEYED_LIST_OF (steps, step, "step", "name");

static const IncidentShape timeouts = {
  .kind = INCIDENT_SHAPE_MAP, .element = &any_duration, .words = severities, .singular = "severity"
};
static const IncidentShapeMember acknowledgement_members[] = {
  { "timeout", &duration, FALSE, "So long after it, without work on the case, the step begins again; never if not said" },
  { "timeouts", &timeouts, FALSE, "The same by severity; 0s: never" },
  { "by", &acknowledger, FALSE, "Whose counts: of who was paged or has acted on the case, or anybody's; paged if not said" },
  END
};
OBJECT_OF (acknowledgement, acknowledgement_members);

static const IncidentShapeMember policy_members[] = {
  { "title", &name, FALSE, "What people call it" },
  { "steps", &steps, TRUE, "Who is paged, one after another" },
  { "repeat", &loops, FALSE, "How often it begins anew after the last step; not if not said" },
  { "endless", &flag, FALSE, "Whether it begins anew until …" },
  { "give-up-after", &duration, FALSE, "… so long after it was started" },
  { "acknowledgement", &acknowledgement, FALSE, "How long somebody's word that they look at it holds" },
  { "fallback", &targets, FALSE, "Who is paged where nobody was, or nobody came; those of “escalation” if not said" },
  END
};
OBJECT_OF (policy_object, policy_members);
const IncidentShape incident_playbook_policies_shape = {
  .kind = INCIDENT_SHAPE_MAP, .element = &policy_object, .singular = "policy"
};

static const IncidentShapeMember start_members[] = {
  { "if", &condition, FALSE, "For these cases; for all if not said" },
  { "policy", &policy, TRUE, "By which policy people are paged" },
  END
};
OBJECT_OF (start, start_members);
LIST_OF (starts, start, "start");
static const IncidentShapeMember rate_members[] = {
  { "pages", &count, TRUE, "At most so many to one person by one way …" },
  { "within", &duration, TRUE, "… in so long; more wait, and go out together" },
  { "except", &severity_list, FALSE, "Those of these severities never wait" },
  END
};
OBJECT_OF (rate, rate_members);
static const IncidentShapeMember escalation_members[] = {
  { "start", &starts, FALSE, "Which policy a case gets: the first that holds, else that of its service, else of the team that owns it" },
  { "fallback", &targets, FALSE, "Who is paged where a policy has paged nobody, or nobody came" },
  { "rate", &rate, FALSE, "How many pages one gets at most" },
  END
};
const IncidentShape incident_playbook_escalation_shape = {
  .kind = INCIDENT_SHAPE_OBJECT, .members = escalation_members
};
