# SPDX-License-Identifier: LGPL-2.1-or-later
"""Playbooks drawn by lot, and who may what by a plain reading of them: nothing here asks the library."""

LIVE = ["new", "diagnosis", "escalation", "examination", "resolution"]
OPEN = [*LIVE, "recovered"]
PHASES = [*OPEN, "closed", "cancelled"]
# Of the built-in lifecycle: from where, and the phase that it leads to; None: the phase stays.
TABLE = {
    "diagnose": (["new", "diagnosis"], "diagnosis"),
    "escalate": (["diagnosis", "escalation", "examination", "resolution"], "escalation"),
    "examine": (["diagnosis", "escalation", "examination", "resolution"], "examination"),
    "resolve": (["diagnosis", "escalation", "examination"], "resolution"),
    "recover": (["resolution"], "recovered"),
    "close": (["recovered"], "closed"),
    "cancel": (OPEN, "cancelled"),
    "reopen": (["recovered", "closed", "cancelled"], "diagnosis"),
    "assign": (OPEN, None),
    "release": (OPEN, None),
    "classify": (OPEN, None),
    "note": (PHASES, None),
}
ROLE_VERBS = ["handoff", "accept", "decline", "take-command"]
TASK_VERBS = ["add-task", "start-task", "finish-task", "skip-task", "reopen-task"]
VERBS = ["open", *TABLE, *ROLE_VERBS, *TASK_VERBS]
EXTRA = ["lower-severity", "skip-must-do"]
# What ends a case or its trouble: an automation may that only for its own.
ENDING = ("resolve", "recover", "close", "cancel")
SEVERITIES = ["sev1", "sev2", "sev3", "sev4", "sev5"]
CATEGORIES = {"infrastructure": {"title": "Infrastructure"}, "network": {"title": "Network", "within": "infrastructure"},
              "software": {"title": "Software"}}
ROLES = ["commander", "deputy", "scribe", "expert"]
NAMES = ["ana", "bo", "cy", "dee", "eva", "fritz", "gil", "hana", "ida", "jo"]
YES, NO, UNSURE = "yes", "no", "unsure"


def make_condition(rng, doc):
    choices = {"severity": SEVERITIES, "service": list(doc["services"]), "category": list(CATEGORIES), "phase": PHASES}
    wanted = rng.sample(list(choices), rng.choice([1, 1, 1, 2]))
    return {name: rng.sample(choices[name], rng.randint(1, max(1, len(choices[name]) // 2 + 1))) for name in wanted}


def make_rule(rng, doc):
    subject = rng.choice(["everyone", "owners", "role", "role", "team", "team", "person", "automation"])
    value = {"everyone": lambda: True, "owners": lambda: True, "role": lambda: rng.choice(ROLES),
             "team": lambda: rng.choice(list(doc["teams"])), "person": lambda: rng.choice(list(doc["people"])),
             "automation": lambda: rng.choice(list(doc["automations"]))}[subject]()
    may = ["*"] if rng.random() < 0.15 else rng.sample([*VERBS, *EXTRA], rng.randint(2, 12))
    rule = {subject: value, "may": may}
    if rng.random() < 0.45:
        rule["if"] = make_condition(rng, doc)
    return rule


def make_playbook(rng):
    people = NAMES[:rng.randint(4, len(NAMES))]
    doc = {"name": "Drawn by lot", "people": {name: {"name": name.title()} for name in people}}
    doc["teams"] = {f"team-{i}": {"title": f"Team {i}", "members": rng.sample(people, rng.randint(1, 4))}
                    for i in range(rng.randint(2, 4))}
    doc["services"] = {f"service-{i}": {"title": f"Service {i}", "owner": rng.choice(list(doc["teams"]))}
                       for i in range(rng.randint(2, 4))}
    doc["categories"] = CATEGORIES
    doc["automations"] = {name: {"means": "Opens cases from alerts"} for name in ("alertmanager", "janitor")[:rng.randint(1, 2)]}
    doc["roles"] = {role: {"title": role.title(), "holders": 1} for role in ROLES}
    # Somebody must be able to begin.
    doc["rights"] = [{"everyone": True, "may": ["open", "assign", *rng.sample(list(TABLE), 3)]},
                     {"automation": "alertmanager", "may": ["open", *rng.sample(list(TABLE), 3)]},
                     *(make_rule(rng, doc) for _ in range(rng.randint(3, 10)))]
    rng.shuffle(doc["rights"])
    return doc


class State:
    """What is true of a case, from the commands that were taken."""

    def __init__(self, opened_by, severity, service, category):
        self.phase, self.severity, self.service, self.category = "new", severity, service, category
        self.opened_by, self.roles, self.offers, self.tasks = opened_by, {}, {}, []
        self.touched_by = {opened_by}  # who did anything
        self.episode = 1

    @property
    def is_open(self):
        return self.phase in OPEN


def _ancestors(category):
    while category := CATEGORIES[category].get("within"):
        yield category


def _condition_holds(condition, state):
    """YES or NO; UNSURE where a category is listed that the one of the case only lies within."""
    answer = YES
    for name, allowed in condition.items():
        value = getattr(state, name)
        if value is not None and value in allowed:
            continue
        if name == "category" and value is not None and set(_ancestors(value)) & set(allowed):
            answer = UNSURE
            continue
        return NO
    return answer


def _is_subject(rule, doc, state, actor):
    if "everyone" in rule:
        return actor in doc["people"]
    if "owners" in rule:
        service = doc["services"].get(state.service)
        return service is not None and actor in doc["teams"][service["owner"]]["members"]
    if "role" in rule:
        return state.roles.get(rule["role"]) == actor
    if "team" in rule:
        return actor in doc["teams"][rule["team"]]["members"]
    if "person" in rule:
        return rule["person"] == actor
    return rule["automation"] == actor


def best(answers):
    answers = set(answers)
    return YES if YES in answers else UNSURE if UNSURE in answers else NO


def worst(answers):
    answers = set(answers)
    return NO if NO in answers else UNSURE if UNSURE in answers else YES


def grants(doc, state, actor, right, without_everyone=False):
    """Whether some rule gives the right."""
    if "rights" not in doc:
        return NO if without_everyone else YES
    return best(_condition_holds(rule.get("if", {}), state) for rule in doc["rights"]
                if (right in rule["may"] or "*" in rule["may"]) and _is_subject(rule, doc, state, actor)
                and not (without_everyone and "everyone" in rule))


def _is_lower(severity, than):
    return severity is not None and than is not None and SEVERITIES.index(severity) > SEVERITIES.index(than)


def _guard(doc, state, actor, verb, arguments):
    """What the guards `commander` and `not-commander` say, and who may end what an automation opened."""
    if verb == "close" and state.roles.get("commander") != actor:
        yield grants(doc, state, actor, verb, without_everyone=True)
    if verb == "release" and arguments.get("role") == "commander" and "commander" in state.roles:
        yield NO
    if actor in doc["automations"] and verb in ENDING:
        others = state.touched_by - {actor}
        if state.opened_by != actor or state.roles or set(state.roles.values()) & set(doc["people"]):
            yield NO
        elif others:
            # Somebody wrote into the case; whether that is to take it over is not said.
            yield UNSURE
    if verb == "handoff" and state.roles.get(arguments["role"]) != actor:
        yield UNSURE
    if verb in ("accept", "decline") and state.offers.get(arguments["role"]) != actor:
        yield UNSURE


def may(doc, state, actor, verb, arguments):
    """Whether the rights, and the guards that speak of rights, let the actor do it in this state."""
    if actor not in doc["people"] and actor not in doc["automations"]:
        return NO
    wanted = [grants(doc, state, actor, verb)]
    if verb == "classify" and _is_lower(arguments.get("severity"), state.severity):
        wanted.append(grants(doc, state, actor, "lower-severity"))
    if verb == "skip-task" and 0 < int(arguments["task"]) <= len(state.tasks) and state.tasks[int(arguments["task"]) - 1]["must-do"]:
        wanted.append(grants(doc, state, actor, "skip-must-do"))
    if verb == "take-command" and state.roles.get("deputy") == actor:
        # Hot standby: whether a rule must say so too is not said.
        wanted = [YES if wanted == [YES] else UNSURE]
    return worst([*wanted, *_guard(doc, state, actor, verb, arguments)])


def may_open(doc, actor, arguments):
    """As above, where there is no case yet: what is said of it may count already, or not."""
    if actor not in doc["people"] and actor not in doc["automations"]:
        return NO
    blank = State(actor, None, None, None)
    blank.phase = None
    given = State(actor, arguments.get("severity"), arguments.get("service"), arguments.get("category"))
    answers = {grants(doc, blank, actor, "open"), grants(doc, given, actor, "open")}
    return answers.pop() if len(answers) == 1 else UNSURE
