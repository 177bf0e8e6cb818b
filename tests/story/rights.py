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
HOLDERS = {"expert": 3}
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
    doc["roles"] = {role: {"title": role.title(), "holders": HOLDERS.get(role, 1)} for role in ROLES}
    return change_rights(rng, doc)


def change_rights(rng, doc):
    """The same with other rights, or with none."""
    doc = {name: section for name, section in doc.items() if name != "rights"}
    if rng.random() < 0.1:
        return doc
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
        self.opened_by, self.offers, self.tasks = opened_by, {}, []
        self.roles = {}     # role → who holds it, the first first
        self.deeds = set()  # (actor, verb), after it was opened

    def holders(self, role):
        return self.roles.get(role, [])


def _with_ancestors(category):
    while category:
        yield category
        category = CATEGORIES[category].get("within")


def _condition_holds(condition, state):
    """What the case has must be listed, for each that is given; a category counts as those that it lies within."""
    def holds(name, allowed):
        value = getattr(state, name)
        return bool(set(_with_ancestors(value) if name == "category" else [value]) & set(allowed))

    return all(holds(name, allowed) for name, allowed in condition.items())


def _is_subject(rule, doc, state, actor):
    if "everyone" in rule:
        return actor in doc["people"]
    if "owners" in rule:
        service = doc["services"].get(state.service)
        return service is not None and actor in doc["teams"][service["owner"]]["members"]
    if "role" in rule:
        return actor in state.holders(rule["role"])
    if "team" in rule:
        return actor in doc["teams"][rule["team"]]["members"]
    if "person" in rule:
        return rule["person"] == actor
    return rule["automation"] == actor


def worst(answers):
    answers = set(answers)
    return NO if NO in answers else UNSURE if UNSURE in answers else YES


def grants(doc, state, actor, right, without_everyone=False):
    """Whether some rule gives the right."""
    if "rights" not in doc:
        return NO if without_everyone else YES
    return YES if any(_condition_holds(rule.get("if", {}), state) for rule in doc["rights"]
                      if (right in rule["may"] or "*" in rule["may"]) and _is_subject(rule, doc, state, actor)
                      and not (without_everyone and "everyone" in rule)) else NO


def _is_lower(severity, than):
    return severity is not None and than is not None and SEVERITIES.index(severity) > SEVERITIES.index(than)


def _guard(doc, state, actor, verb, arguments):
    """What else can be in the way of who has the right, as the commander's is to close, and to pass command on."""
    by_name = grants(doc, state, actor, verb, without_everyone=True)
    commanders = state.holders("commander")
    if verb == "close" and actor not in commanders:
        yield by_name
    if verb == "release" and arguments["role"] == "commander" and commanders:
        yield NO
    if verb == "assign" and arguments["role"] == "commander" and commanders and actor not in commanders and "rights" in doc:
        yield by_name
    if verb == "handoff" and state.holders(arguments["role"]) and actor not in state.holders(arguments["role"]):
        yield by_name
    if verb == "take-command" and commanders and actor not in [*commanders, *state.holders("deputy")]:
        yield by_name
    if actor in doc["automations"] and verb in ENDING:
        yield _may_end(doc, state, actor)


def _may_end(doc, state, automation):
    """An automation ends only what it opened, and no person took over."""
    by_people = {verb for who, verb in state.deeds if who in doc["people"]}
    if state.opened_by != automation or by_people & {*TABLE, *ROLE_VERBS} - {"note"}:
        return NO
    # Who writes a note does not take over; whether who works on a task does, is not said.
    return UNSURE if by_people - {"note"} or state.roles else YES


def may(doc, state, actor, verb, arguments):
    """Whether the rights, and the guards that speak of rights, let the actor do it in this state."""
    if actor not in doc["people"] and actor not in doc["automations"]:
        return NO
    wanted = [grants(doc, state, actor, verb)]
    if verb == "classify" and _is_lower(arguments.get("severity"), state.severity):
        wanted.append(grants(doc, state, actor, "lower-severity"))
    if verb == "skip-task" and 0 < int(arguments["task"]) <= len(state.tasks) and state.tasks[int(arguments["task"]) - 1]["must-do"]:
        wanted.append(grants(doc, state, actor, "skip-must-do"))
    return worst([*wanted, *_guard(doc, state, actor, verb, arguments)])


def may_open(doc, actor, arguments):
    """As above, where there is no case yet: what is said of it counts, and it is in no phase."""
    if actor not in doc["people"] and actor not in doc["automations"]:
        return NO
    state = State(actor, arguments.get("severity"), arguments.get("service"), arguments.get("category"))
    state.phase = None
    return grants(doc, state, actor, "open")
