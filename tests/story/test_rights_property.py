#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_rights_property.py [--worlds N] [--seed N]

Teams, rights and commands drawn by lot. What is taken and what is refused is held
against a plain reading of the playbook and of the commands that were taken so far;
a case has one commander from the first on; and who folds the log anew sees the same.
"""
import argparse
import collections
import copy
import json
import pathlib
import random
import sys
import tempfile
import unittest
from datetime import datetime, timedelta, timezone

import gi

import rights
from rights import NO, UNSURE, YES, State

gi.require_version("Incident", "1")
from gi.repository import Incident

START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)
N_CASES = 5
N_COMMANDS = 250
STRANGER = "mallory"
# Of these it is known here when they say what is so already.
TOLD = ["assign", "release", "classify", "take-command"]
# Of these it cannot be told what is next until it is known which role, severity or task.
NEEDS_MORE = ["assign", "release", "classify", *rights.ROLE_VERBS, *rights.TASK_VERBS]

options = argparse.Namespace(worlds=60, seed=20261123)


class World:
    """A playbook, a desk, and our own account of what is true."""

    def __init__(self, seed, uri=None):
        self.rng = random.Random(seed)
        self.doc = rights.make_playbook(self.rng)
        self.playbook = Incident.Playbook.new_from_json(json.dumps(self.doc).encode(), "drawn.json")
        self.clock = Incident.ManualClock(START, seed=7)
        self.store = Incident.SqliteStore.open(uri, self.clock) if uri else Incident.MemoryStore.new(self.clock)
        self.desks = [Incident.Desk.new_with_playbook(self.store, self.clock, self.playbook) for _ in range(2)]
        self.desk, self.is_fresh = self.desks[0], True
        self.versions = {}  # of the cases, as whoever wrote last saw them
        self.states = {}
        self.tally = collections.Counter()
        self.last = None

    def draw_arguments(self, verb, state):
        rng = self.rng
        role, person = rng.choice(rights.ROLES), rng.choice(list(self.doc["people"]))
        if verb == "escalate":
            return {"target": rng.choice(list(self.doc["teams"])), "text": "needs help"}
        if verb == "assign":
            return {"role": role, "person": person, "text": "it is his turn"}
        if verb == "handoff":
            # With several holders it is a question whose place is taken.
            return {"role": rng.choice([role for role in rights.ROLES if role not in rights.HOLDERS]), "person": person}
        if verb == "release":
            holders = state.holders(role)
            return {"role": role, "person": rng.choice(holders)} if role in rights.HOLDERS and holders else {"role": role}
        if verb in ("accept", "decline"):
            return {"role": rng.choice(list(state.offers) or [role])}
        if verb == "classify":
            return {"text": "looked again", **self.draw_classification(1)}
        if verb == "add-task":
            return {"title": "Look at it", **rng.choice([{"person": person}, {"role": role}]),
                    **({"must-do": "yes"} if rng.random() < 0.4 else {})}
        if verb in rights.TASK_VERBS:
            return {"task": str(rng.randint(1, max(1, len(state.tasks)))), "text": "so be it"} if verb != "start-task" else \
                {"task": str(rng.randint(1, max(1, len(state.tasks))))}
        return {"text": "words"}

    def draw_classification(self, at_least):
        rng = self.rng
        choices = {"severity": rights.SEVERITIES, "service": list(self.doc["services"]), "category": list(rights.CATEGORIES)}
        return {name: rng.choice(choices[name]) for name in rng.sample(list(choices), rng.randint(at_least, 3))}

    def draw_actor(self, state):
        """Whoever has a role or an offer is drawn more often: they are the ones that rules speak of."""
        rng = self.rng
        if state is not None and rng.random() < 0.4 and (near := self.near(state)):
            return rng.choice(near)
        return rng.choice([*self.doc["people"], *self.doc["people"], *self.doc["automations"], STRANGER])

    @staticmethod
    def near(state):
        return [person for people in state.roles.values() for person in people] + [to for to, _ in state.offers.values()]

    def draw_deed(self, state):
        """A verb and who does it: mostly what the phase allows and what was offered, so that cases get on."""
        rng = self.rng
        if state.offers and rng.random() < 0.25:
            return rng.choice(["accept", "accept", "decline"]), rng.choice(sorted(state.offers.values()))[0]
        if rng.random() < 0.2:
            return rng.choice(rights.VERBS[1:]), self.draw_actor(state)
        fitting = [verb for verb, (phases, _) in rights.TABLE.items()
                   if state.phase in phases and (verb != "cancel" or rng.random() < 0.2)]
        return rng.choice([*fitting, *fitting, *rights.ROLE_VERBS, *rights.TASK_VERBS]), self.draw_actor(state)

    def step(self):
        self.clock.advance(timedelta(seconds=30))
        self.take_turn()
        if len(self.states) < N_CASES and (not self.states or self.rng.random() < 0.1):
            self.open_case()
            return
        luck = self.rng.random()
        if luck < 0.1 and len(self.states) > 1:
            self.act_on_many()
        elif luck < 0.2:
            self.act_in_batch()
        else:
            self.act_on_one()

    def take_turn(self):
        """Now and then another desk acts, that has not looked since; and now and then the rights are others from now on."""
        if self.rng.random() < 0.3:
            self.desk = self.rng.choice(self.desks)
            self.is_fresh = self.rng.random() < 0.5
        if self.is_fresh:
            self.desk.refresh()
        if self.rng.random() < 0.01:
            self.doc = rights.change_rights(self.rng, self.doc)
            self.playbook = Incident.Playbook.new_from_json(json.dumps(self.doc).encode(), "drawn.json")
            for desk in self.desks:
                desk.set_playbook(self.playbook)

    def check_taken(self, number):
        """What a desk shows after it wrote is what there is, whoever wrote before."""
        self.check_case(self.desk[number], self.states[number])
        self.versions[number] = self.desk[number].version

    def check_refused(self):
        if self.is_fresh:
            assert self.versions == {number: self.desk[number].version for number in self.versions}, "refused, and yet recorded"

    def act_on_one(self):
        number = self.rng.choice(list(self.states))
        state = self.states[number]
        verb, actor = self.draw_deed(state)
        arguments = self.draw_arguments(verb, state)
        self.last = f"INC-{number} {verb} by {actor} {arguments} in {vars(state)}"
        allowed = rights.may(self.doc, state, actor, verb, arguments)
        option = next(option for option in self.desk[number].list_next(actor) if option.get_verb() == verb)
        told = verb not in NEEDS_MORE and self.is_fresh
        if not self.give(allowed, verb, actor, lambda command: self.desk.act(number, command), arguments):
            self.check_refused()
            assert not option.get_allowed() or not told or actor == STRANGER, "refused, but it was said to be allowed"
            return
        is_recorded = self.desk[number].version > self.versions[number]
        assert is_recorded != is_so(state, verb, actor, arguments) or verb not in TOLD, "what is so is not recorded"
        if is_recorded:
            self.follow(state, verb, actor, arguments)
        self.check_taken(number)
        assert option.get_allowed() or not told, f"taken, but before it was said: {option.get_why()}"

    def act_on_many(self):
        """One command on several cases: all or nothing, and each is judged as it is."""
        numbers = self.rng.sample(list(self.states), self.rng.randint(2, len(self.states)))
        state = self.states[numbers[0]]
        verb, actor = self.draw_deed(state)
        arguments = self.draw_arguments(verb, state)
        allowed = {number: rights.may(self.doc, self.states[number], actor, verb, arguments) for number in numbers}
        self.last = f"{numbers}: {verb} by {actor} {arguments}, which they may: {allowed}"

        def act(command):
            self.desk.act_many(numbers, command)
            return True

        # It is of one of them that the right is missing.
        of_all = {"taken": rights.worst(allowed.values()), "not permitted": NO if NO in allowed.values() else UNSURE
                  if UNSURE in allowed.values() else YES, "refused": YES if YES in allowed.values() else UNSURE}
        if not self.give(of_all, verb, actor, act, arguments):
            self.check_refused()
            return
        self.tally["many at once"] += 1
        for number in numbers:
            if self.desk[number].version > self.versions[number]:
                self.follow(self.states[number], verb, actor, arguments)
            self.check_taken(number)

    def act_in_batch(self):
        """Several commands, each judged on what those before it made true; none is recorded if one is refused."""
        states = copy.deepcopy(self.states)
        log, batch = [], Incident.Batch.new(self.desk)
        for _ in range(self.rng.randint(2, 6)):
            number = self.rng.choice(list(states))
            state = states[number]
            verb, actor = self.draw_deed(state)
            arguments = self.draw_arguments(verb, state)
            log.append(f"INC-{number} {verb} by {actor} {arguments} in {vars(state)}")
            self.last = "in a batch: " + "\n     ".join(log)
            so = is_so(state, verb, actor, arguments)

            def act(command, number=number):
                Incident.Batch.act(batch, number, command)
                return True

            if not self.give(rights.may(self.doc, state, actor, verb, arguments), verb, actor, act, arguments):
                self.check_refused()
                return
            if not so:
                self.follow(state, verb, actor, arguments)
        Incident.Batch.commit(batch)
        self.tally["batches"] += 1
        self.states = states
        self.desk.refresh()
        for number in states:
            self.check_taken(number)

    def open_case(self):
        arguments = {"title": "Checkout answers 500", **self.draw_classification(0)}
        actor = self.draw_actor(None)
        self.last = f"open by {actor} {arguments}"
        case = self.give(rights.may_open(self.doc, actor, arguments), "open", actor,
                         lambda command: self.desk.act(0, command), arguments)
        if case:
            self.states[case.number] = State(actor, arguments.get("severity"), arguments.get("service"), arguments.get("category"))
            self.check_taken(case.number)

    def give(self, allowed, verb, actor, act, arguments):
        """The case if it was taken; what the library says is held against what we know, for each answer if it differs."""
        known = allowed if isinstance(allowed, dict) else dict.fromkeys(("taken", "not permitted", "refused"), allowed)
        try:
            command = Incident.Command.new(verb, actor)
            for name, value in arguments.items():
                command.set(name, value)
            case = act(command)
        except Incident.Refused as error:
            self.tally[verb, "refused"] += 1
            if "not-permitted" in error.codes or "unverified-actor" in error.codes:
                self.tally["not permitted"] += 1
                assert known["not permitted"] != YES, f"the playbook allows it, but: {error.message}"
            else:
                # All guards answer at once: that it lacks a right is never left out.
                assert known["refused"] != NO, f"the right is missing too, but only: {error.message}"
            return None
        except Incident.Invalid as error:
            assert actor == STRANGER, f"the form is right, but: {error.message}"
            return None
        self.tally[verb, "taken"] += 1
        assert known["taken"] != NO, "taken, but the playbook does not allow it"
        return case

    def follow(self, state, verb, actor, arguments):
        """What becomes true by a command that was taken."""
        state.deeds.add((actor, verb))
        if verb in rights.TABLE and (to := rights.TABLE[verb][1]):
            assert state.phase in rights.TABLE[verb][0], f"“{verb}” in phase “{state.phase}”"
            state.phase = to
        if verb == "assign":
            self.give_role(state, arguments["role"], arguments["person"])
        elif verb == "release":
            left = [person for person in state.holders(arguments["role"]) if person != arguments.get("person", person)]
            state.roles[arguments["role"]] = left
        elif verb == "classify":
            for name in {"severity", "service", "category"} & set(arguments):
                setattr(state, name, arguments[name])
        elif verb == "handoff":
            state.offers[arguments["role"]] = arguments["person"], actor
        elif verb == "accept":
            assert state.offers.pop(arguments["role"], [None])[0] == actor, "accepted what was not offered"
            self.give_role(state, arguments["role"], actor)
        elif verb == "decline":
            # Who offered may take it back.
            assert actor in state.offers.pop(arguments["role"], []), "declined what was not offered"
        elif verb == "take-command":
            self.give_role(state, "commander", actor)
        elif verb == "add-task":
            state.tasks.append({"must-do": "must-do" in arguments, "state": "open"})

    def give_role(self, state, role, person):
        assert person in self.doc["people"], f"{role} is {person}"
        state.roles[role] = [*state.holders(role), person] if role in rights.HOLDERS else [person]
        assert len(state.roles[role]) <= rights.HOLDERS.get(role, 1), f"{role} has too many holders"

    @staticmethod
    def check_case(case, state):
        """Our account and the library's are the same, or all else that is said here is void."""
        told = json.loads(case.to_json())
        for name in ("phase", "severity", "service", "category"):
            assert told[name] == getattr(state, name), f"{name} is {told[name]}, not {getattr(state, name)}"
        roles = sorted((item.get_role(), item.get_person()) for item in case.list_assignments() if item.until is None)
        known = sorted((role, person) for role, people in state.roles.items() for person in people)
        assert roles == known, f"roles are {roles}, not {known}"


def is_so(state, verb, actor, arguments):
    """Whether nothing is left to do: that is harmless, and not recorded."""
    if verb == "assign":
        return arguments["person"] in state.holders(arguments["role"])
    if verb == "release":
        return not state.holders(arguments["role"])
    if verb == "classify":
        return all(getattr(state, name) == value for name, value in arguments.items() if name != "text")
    return verb == "take-command" and actor in state.holders("commander")


# How each event moves roles: what it takes from its holder, what it gives, and to whom.
def changes_of_roles(event):
    data = event.data
    if event.kind == "assigned":
        return data["role"], data["person"]
    if event.kind == "released":
        return data["role"], None
    if event.kind == "handoff-accepted":
        return data["role"], event.actor
    if event.kind == "command-taken":
        return "commander", event.actor
    return None


def check_commanders(case):
    """From the first on there is one at every event, until the case ends, and they follow each other without a gap."""
    commander, ended = None, False
    for event in case.list_events():
        change = changes_of_roles(event)
        before = commander
        if change and change[0] == "commander":
            commander = change[1]
        assert commander is not None or before is None, f"INC-{case.number} has no commander after {event}"
        ended = (ended or event.kind in ("closed", "cancelled")) and event.kind != "reopened"
    intervals = [item for item in case.list_assignments() if item.get_role() == "commander"]
    assert commander == (intervals[-1].get_person() if intervals else None), "the intervals end with somebody else"
    for first, second in zip(intervals, intervals[1:]):
        assert first.until == second.since, f"{first} until {first.until}, {second} since {second.since}"
    assert [item.until for item in intervals[-1:]] in ([], [None]) or ended, "the last one left"


def check_refusals(world):
    """Each attempt without the right is kept, apart from the cases."""
    kept, after = 0, 0
    while page := world.desk.list_refusals(after, 100):
        kept, after = kept + len(page), page[-1].get_number()
    assert kept == world.tally["not permitted"], f"{kept} refusals are kept of {world.tally['not permitted']}"


def check_fold(world):
    fresh = Incident.Desk.new_with_playbook(world.store, world.clock, world.playbook)
    for number in world.states:
        told = {desk[number].to_json() for desk in (fresh, *world.desks)}
        assert len(told) == 1, f"INC-{number} is another to who folds it anew: {told}"


def run_world(seed, uri=None):
    world = World(seed, uri)
    try:
        for _ in range(N_COMMANDS):
            world.step()
        for desk in world.desks:
            desk.refresh()
        for number in world.states:
            check_commanders(world.desk[number])
        check_fold(world)
        check_refusals(world)
    except AssertionError as error:
        raise AssertionError(f"seed {seed!r}: {error}\n  at {world.last}\n  rights {json.dumps(world.doc.get('rights'))}\n"
                             f"  teams {json.dumps(world.doc['teams'])}\n  services {json.dumps(world.doc['services'])}") from None
    return world


class Rights(unittest.TestCase):
    def test_the_rights_are_those_that_the_playbook_says(self):
        tally = collections.Counter()
        for i in range(options.worlds):
            tally += run_world(f"{options.seed}-{i}").tally
        print(f"seeds {options.seed}-0 to {options.seed}-{options.worlds - 1}:", {str(key): tally[key] for key in sorted(tally, key=str)})
        # Or the lots are such that nothing is tested.
        self.assertGreater(tally["not permitted"], options.worlds * 20)
        self.assertGreater(tally["many at once"], options.worlds)
        self.assertGreater(tally["batches"], options.worlds // 4)
        for verb in rights.VERBS:
            self.assertGreater(tally[verb, "taken"], 0, verb)
            self.assertGreater(tally[verb, "refused"], 0, verb)

    def test_who_opens_the_file_anew_sees_the_same(self):
        for i in range(max(1, options.worlds // 30)):
            with tempfile.TemporaryDirectory() as folder:
                path = str(pathlib.Path(folder) / "incidents.db")
                seed = f"file-{options.seed}-{i}"
                world = run_world(seed, path)
                told = {number: world.desk[number].to_json() for number in world.states}
                playbook, clock = world.playbook, world.clock
                del world
                desk = Incident.Desk.new_with_playbook(Incident.SqliteStore.open(path, clock), clock, playbook)
                self.assertEqual({number: desk[number].to_json() for number in told}, told, seed)
                del desk


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="test_rights_property.py")
    parser.add_argument("--worlds", type=int, default=options.worlds)
    parser.add_argument("--seed", type=int, default=options.seed)
    parser.parse_known_args(namespace=options)
    unittest.main(argv=[sys.argv[0]])
