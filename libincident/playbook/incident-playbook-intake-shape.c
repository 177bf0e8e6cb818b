/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "playbook/incident-playbook-shape-private.h"

/* The table of what a playbook says of alerts, from the leaves up. */

/* Lists of objects whose elements have a name, by which a comparison knows them. */
#define NAMED_LIST_OF(shape, of, what) \
  const IncidentShape shape = { .kind = INCIDENT_SHAPE_LIST, .element = &of, .singular = what, .key = "name" }

static const char * const formats[] = {
  "alertmanager", "alertmanager-api", "grafana", "grafana-legacy", "pagerduty", "opsgenie", "nagios", "icinga", "checkmk",
  "zabbix", "cloudwatch", "datadog", "sentry", "cloudevents", "json", NULL
};
static const char * const statuses[] = { "firing", "acknowledged", "resolved", "suppressed", "info", NULL };
static const char * const severities[] = { "sev1", "sev2", "sev3", "sev4", "sev5", NULL };
static const char * const ends[] = { "note", "resolve", "recover", "close", NULL };

static const IncidentShape text = { .kind = INCIDENT_SHAPE_TEXT };
static const IncidentShape name = { .kind = INCIDENT_SHAPE_NAME };
static const IncidentShape flag = { .kind = INCIDENT_SHAPE_BOOLEAN };
static const IncidentShape yes = { .kind = INCIDENT_SHAPE_TRUE };
static const IncidentShape duration = { .kind = INCIDENT_SHAPE_DURATION };
static const IncidentShape any_duration = { .kind = INCIDENT_SHAPE_DURATION, .is_zero_allowed = TRUE };
static const IncidentShape moment = { .kind = INCIDENT_SHAPE_MOMENT };
static const IncidentShape zone = { .kind = INCIDENT_SHAPE_ZONE };
static const IncidentShape pointer = { .kind = INCIDENT_SHAPE_POINTER };
static const IncidentShape json = { .kind = INCIDENT_SHAPE_ANY };
static const IncidentShape count = { .kind = INCIDENT_SHAPE_NUMBER, .most = 1000 };
static const IncidentShape penalty = { .kind = INCIDENT_SHAPE_DECIMAL, .most = 1000 };
static const IncidentShape format = { .kind = INCIDENT_SHAPE_WORD, .words = formats };
static const IncidentShape status = { .kind = INCIDENT_SHAPE_WORD, .words = statuses };
static const IncidentShape severity = { .kind = INCIDENT_SHAPE_WORD, .words = severities };
static const IncidentShape when_ended = { .kind = INCIDENT_SHAPE_WORD, .words = ends };
REFERENCE_TO (service, "services");
REFERENCE_TO (team, "teams");
REFERENCE_TO (category, "categories");
REFERENCE_TO (interval, "intervals");
REFERENCE_TO (policy, "policies");

LIST_OF (matchers, text, "matcher");
LIST_OF (labels, name, "label");
LIST_OF (names, name, "name");
LIST_OF (pointers, pointer, "pointer");
LIST_OF (ranges, text, "range");
LIST_OF (intervals, interval, "interval");

/* What fails is told by this name: neither the key of a webhook nor what Slack signs with is one. */
static const IncidentShape variable = {
  .kind = INCIDENT_SHAPE_PATTERN, .pattern = "^(?!whsec_)(?![0-9a-f]{32}$)[A-Za-z_][A-Za-z0-9_]{0,199}$",
  .wanted = "the name of an environment variable, such as “ALERTS_TOKEN”, not the secret itself"
};
static const IncidentShapeMember secret_members[] = {
  { "env", &variable, FALSE, "The environment variable that holds it" },
  { "file", &text, FALSE, "The file that holds it" },
  END
};
const IncidentShape incident_playbook_secret_shape = {
  .kind = INCIDENT_SHAPE_OBJECT, .members = secret_members, .is_choice = TRUE
};

static const IncidentShape word_severities = {
  .kind = INCIDENT_SHAPE_MAP, .element = &severity, .singular = "word", .is_free = TRUE
};
static const IncidentShape word_statuses = {
  .kind = INCIDENT_SHAPE_MAP, .element = &status, .singular = "word", .is_free = TRUE
};
static const IncidentShape label_pointers = {
  .kind = INCIDENT_SHAPE_MAP, .element = &pointer, .singular = "label", .is_free = TRUE
};

static const IncidentShapeMember mapping_members[] = {
  { "items", &pointer, FALSE, "An array of alerts in the body; without it the body is one alert, or an array of them" },
  { "key", &pointers, TRUE, "What tells one thing that is wrong from another" },
  { "episode", &pointer, FALSE, "An id of this occurrence" },
  { "status", &pointer, FALSE, "Whether it fires" },
  { "statuses", &word_statuses, FALSE, "What the words there mean" },
  { "always", &status, FALSE, "The status of all, where nothing in the body tells it" },
  { "severity", &pointer, FALSE, "How bad it is" },
  { "name", &pointer, FALSE, "What the alert is called" },
  { "summary", &pointer, FALSE, "What is wrong, in a line" },
  { "link", &pointer, FALSE, "Where to look" },
  { "starts-at", &pointer, FALSE, "When it began" },
  { "ends-at", &pointer, FALSE, "When it ended" },
  { "labels", &pointer, FALSE, "An object of labels" },
  { "more-labels", &label_pointers, FALSE, "Labels whose values stand elsewhere" },
  { "annotations", &pointer, FALSE, "An object of annotations" },
  { "sample", &json, FALSE, "A body such as is sent, to test this with" },
  END
};
OBJECT_OF (mapping, mapping_members);

static const IncidentShapeMember source_members[] = {
  { "means", &text, FALSE, "What it watches" },
  { "format", &format, FALSE, "How it writes; recognised if not said" },
  { "token", &incident_playbook_secret_shape, FALSE, "What it has to show, such as a bearer token" },
  { "signature", &incident_playbook_secret_shape, FALSE, "The key that it signs with" },
  { "timeout", &duration, FALSE, "After so long without a word an alert has ended" },
  { "zone", &zone, FALSE, "The time zone of times that have none; UTC if not said" },
  { "severities", &word_severities, FALSE, "The severity of a case, by the word of the sender" },
  { "mapping", &mapping, FALSE, "Where everything stands in a body of your own" },
  END
};
OBJECT_OF (source_object, source_members);
const IncidentShape incident_playbook_sources_shape = {
  .kind = INCIDENT_SHAPE_MAP, .element = &source_object, .singular = "source"
};

static const IncidentShapeMember times_members[] = {
  { "start", &name, TRUE, "When it begins, such as 09:00" },
  { "end", &name, TRUE, "When it is over, later on the same day, up to 24:00" },
  END
};
OBJECT_OF (times_object, times_members);
LIST_OF (times, times_object, "time");
static const IncidentShapeMember spec_members[] = {
  { "times", &times, FALSE, "At these times of the day" },
  { "weekdays", &ranges, FALSE, "On these, such as saturday or monday:friday" },
  { "days-of-month", &ranges, FALSE, "On these, such as 1:5, or -3:-1 for the last three" },
  { "months", &ranges, FALSE, "In these, such as march:may or 12" },
  { "years", &ranges, FALSE, "In these, such as 2026:2028" },
  { "zone", &name, FALSE, "By the clocks there; UTC if not said" },
  END
};
OBJECT_OF (spec_object, spec_members);
LIST_OF (specs, spec_object, "interval");
const IncidentShape incident_playbook_intervals_shape = {
  .kind = INCIDENT_SHAPE_MAP, .element = &specs, .singular = "interval"
};

static const IncidentShapeMember threshold_members[] = {
  { "count", &count, TRUE, "From so many times on …" },
  { "within", &duration, TRUE, "… in so long" },
  END
};
OBJECT_OF (threshold, threshold_members);
static const IncidentShapeMember flap_members[] = {
  { "half-life", &any_duration, TRUE, "In so long the penalty of 1 a change is halved; 0s: no damping" },
  { "start", &penalty, FALSE, "From this penalty on it flaps …" },
  { "stop", &penalty, FALSE, "… until it is down to this" },
  END
};
OBJECT_OF (flap, flap_members);

/* A route contains routes. */
static const IncidentShape routes = {
  .kind = INCIDENT_SHAPE_LIST, .element = &incident_playbook_route_shape, .singular = "route", .key = "name"
};
static const IncidentShapeMember route_members[] = {
  { "name", &name, FALSE, "What it is called; for one route only" },
  { "matchers", &matchers, FALSE, "The alerts that it takes, such as team=\"payments\"; all must hold" },
  { "continue", &flag, FALSE, "Whether the routes after it are tried too" },
  { "routes", &routes, FALSE, "Routes for some of its alerts; the first that matches takes an alert" },
  { "group-by", &labels, FALSE, "The labels that alerts of one case agree in; [\"...\"] for all of them" },
  { "service", &service, FALSE, "What the case is about" },
  { "team", &team, FALSE, "Who it is for" },
  { "category", &category, FALSE, "Which kind of incident it is" },
  { "policy", &policy, FALSE, "How it is escalated" },
  { "severity", &severity, FALSE, "How bad it is; what the alert says if not said" },
  { "wait", &any_duration, FALSE, "An alert must fire so long before a case is opened" },
  { "window", &any_duration, FALSE, "So long after it was opened a case takes alerts; 0s: as long as it is open" },
  { "reopen-within", &any_duration, FALSE, "A case that ended less long ago is opened again; 0s: never" },
  { "threshold", &threshold, FALSE, "How often an alert must fire before a case is opened" },
  { "flap", &flap, FALSE, "When an alert comes and goes too often to be told each time" },
  { "when-ended", &when_ended, FALSE, "What is done once all alerts of a case have ended" },
  { "ended-for", &any_duration, FALSE, "So long after the last one ended" },
  { "mute", &intervals, FALSE, "When it opens no cases" },
  { "active", &intervals, FALSE, "When it opens cases; always if not said" },
  END
};
const IncidentShape incident_playbook_route_shape = {
  .kind = INCIDENT_SHAPE_OBJECT, .members = route_members, .definition = "route"
};

static const IncidentShapeMember inhibit_members[] = {
  { "name", &name, FALSE, "What the rule is called" },
  { "source", &matchers, TRUE, "While an alert fires that matches these …" },
  { "target", &matchers, TRUE, "… those that match these are muted …" },
  { "equal", &labels, FALSE, "… if both have the same values for these labels" },
  { "require", &flag, FALSE, "Whether a label that both lack is not equal" },
  { "routes", &names, FALSE, "Only alerts that take one of these routes are muted" },
  END
};
OBJECT_OF (inhibit_object, inhibit_members);
NAMED_LIST_OF (incident_playbook_inhibit_shape, inhibit_object, "rule");

static const IncidentShapeMember maintenance_members[] = {
  { "name", &name, TRUE, "What the work is called" },
  { "matchers", &matchers, TRUE, "The alerts that it explains" },
  { "from", &moment, FALSE, "When it begins …" },
  { "until", &moment, FALSE, "… and is over" },
  { "interval", &interval, FALSE, "When it recurs" },
  { "reason", &text, FALSE, "Why, as others may read it" },
  END
};
OBJECT_OF (maintenance_object, maintenance_members);
NAMED_LIST_OF (incident_playbook_maintenance_shape, maintenance_object, "work");

static const IncidentShapeMember correlate_members[] = {
  { "name", &name, TRUE, "What the rule is called" },
  { "equal", &labels, FALSE, "Labels that the alerts of both cases have, with the same values" },
  { "dependent", &yes, FALSE, "The service of one depends on that of the other" },
  { "within", &duration, TRUE, "They were opened so soon after each other" },
  END
};
OBJECT_OF (correlate_object, correlate_members);
NAMED_LIST_OF (incident_playbook_correlate_shape, correlate_object, "rule");
