#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ten thousand cases under five versions of a playbook: each says under which it acted, and a change names whom it touches."""
import copy
import json
import pathlib
import random
import tempfile
import unittest
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident

START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)
SEED = 20261123
EACH = 2000
BATCH = 500
ROLES = ["commander", "scribe", "expert"]
SEVERITIES = ["sev1", "sev2", "sev3", "sev4", "sev5"]


def first_version():
    return {
        "name": "Example shop",
        "severities": {name: {"means": f"As bad as {name}", "major": name == "sev1"} for name in SEVERITIES},
        "categories": {f"category-{i}": {"title": f"Category {i}"} for i in range(6)},
        "roles": {role: {"title": role.title(), "holders": 1} for role in ROLES},
        "people": {f"p{i}": {"name": f"Person {i}"} for i in range(30)},
        "teams": {f"team-{i}": {"title": f"Team {i}", "members": [f"p{j}" for j in range(i, 30, 5)]} for i in range(5)},
        "services": {f"service-{i}": {"title": f"Service {i}", "owner": f"team-{i % 5}"} for i in range(12)},
        "rights": [{"everyone": True, "may": ["*"]}],
    }


def versions():
    """Five of them, each one step from the one before: some steps are taken back later."""
    docs = [first_version()]

    def step(change):
        doc = copy.deepcopy(docs[-1])
        change(doc)
        docs.append(doc)

    def second(doc):
        doc["services"]["service-3"]["owner"] = "team-4"
        doc["severities"]["sev2"]["means"] = "Worse than it was"
        doc["categories"]["category-1"]["title"] = "For a while"

    def third(doc):
        doc["roles"]["expert"]["title"] = "Subject expert"
        doc["people"]["p7"]["zone"] = "Europe/Madrid"
        doc["severities"]["sev2"]["means"] = "As bad as sev2"

    def fourth(doc):
        doc["services"]["service-12"] = {"title": "Service 12", "owner": "team-0"}
        doc["categories"]["category-2"]["title"] = "Category two"
        doc["teams"]["team-1"]["lead"] = "p1"

    def fifth(doc):
        doc["categories"]["category-1"]["title"] = "Category 1"
        doc["services"]["service-8"]["depends-on"] = ["service-3"]
        doc["severities"]["sev4"]["means"] = "Less bad than it was"

    for change in (second, third, fourth, fifth):
        step(change)
    return docs


def named_changes(old, new):
    """The section and name of each entry that differs: computed from the two documents alone."""
    return {(section, name) for section in set(old) | set(new) if isinstance(old.get(section, new.get(section)), dict)
            for name in set(old.get(section, {})) | set(new.get(section, {}))
            if old.get(section, {}).get(name) != new.get(section, {}).get(name)}


def is_touched(case, section, name, old):
    """Whether a case has to do with this entry, as the playbook was before."""
    if section == "teams":
        return old["services"].get(case["service"], {}).get("owner") == name
    return name in {"services": [case["service"]], "severities": [case["severity"]], "categories": [case["category"]],
                    "roles": case["roles"], "people": case["roles"].values()}[section]


class Versions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.rng = random.Random(SEED)
        cls.path = str(pathlib.Path(folder.name) / "incidents.db")
        cls.docs = versions()
        cls.playbooks = [Incident.Playbook.new_from_json(json.dumps(doc).encode(), f"version-{i}.json")
                         for i, doc in enumerate(cls.docs, 1)]
        cls.clock = Incident.ManualClock(START, seed=SEED)
        cls.desk = Incident.Desk.new_with_playbook(Incident.SqliteStore.open(cls.path, cls.clock), cls.clock, cls.playbooks[0])
        cls.cases = {}     # number → what we know of it
        cls.acted = {}     # number → index of the version
        for index, playbook in enumerate(cls.playbooks):
            if index > 0:
                cls.desk.set_playbook(playbook)
            for _ in range(EACH // BATCH):
                cls.open_some(index)
            cls.act_on_some(index)

    @classmethod
    def tearDownClass(cls):
        cls.desk = None

    @classmethod
    def open_some(cls, index):
        doc, rng = cls.docs[index], cls.rng
        cls.clock.advance(timedelta(minutes=1))
        drawn = [{"severity": rng.choice(SEVERITIES), "service": rng.choice(list(doc["services"])),
                  "category": rng.choice(list(doc["categories"]))} for _ in range(BATCH)]
        with cls.desk.batch() as batch:
            for arguments in drawn:
                batch.open_case("Checkout answers 500", actor=rng.choice(list(doc["people"])), **arguments)
        for number, arguments in zip(batch.numbers, drawn, strict=True):
            cls.cases[number] = {**arguments, "roles": {}, "open": True}
            cls.acted[number] = index

    @classmethod
    def act_on_some(cls, index):
        """Of all that is open: roles are given, and some end. Each acts under the version of today."""
        rng = cls.rng
        chosen = rng.sample([number for number, case in cls.cases.items() if case["open"]], EACH // 4)
        cls.clock.advance(timedelta(minutes=1))
        with cls.desk.batch() as batch:
            for number in chosen:
                case, person = cls.cases[number], f"p{rng.randrange(30)}"
                if rng.random() < 0.3:
                    batch.act(number, "cancel", actor=person, text="a drill")
                    case["open"] = False
                else:
                    role = rng.choice(ROLES)
                    if case["roles"].get(role) == person:
                        continue
                    # Who has command passes it on.
                    batch.act(number, "assign", actor=case["roles"].get(role, person), role=role, person=person)
                    case["roles"][role] = person
                cls.acted[number] = index

    def test_the_versions_differ_and_are_those_of_what_they_say(self):
        told = [playbook.get_version() for playbook in self.playbooks]
        self.assertEqual(len(set(told)), 5)
        again = [Incident.Playbook.new_from_json(json.dumps(doc).encode(), "elsewhere.json").get_version() for doc in versions()]
        self.assertEqual(again, told)

    def check_each(self, desk):
        told = [playbook.get_version() for playbook in self.playbooks]
        wrong = [number for number, index in self.acted.items() if desk[number].get_playbook() != told[index]]
        self.assertEqual((len(self.acted), wrong[:10]), (5 * EACH, []))

    def test_each_case_shows_the_version_under_which_it_acted(self):
        self.check_each(self.desk)

    def test_and_so_it_is_to_who_opens_the_store_anew(self):
        desk = Incident.Desk.new_with_playbook(Incident.SqliteStore.open(self.path, self.clock), self.clock, self.playbooks[4])
        self.check_each(desk)
        for number in self.rng.sample(list(self.cases), 50):
            case, known = desk[number].to_dict(), self.cases[number]
            self.assertEqual({name: case[name] for name in ("severity", "service", "category", "roles")},
                             {name: known[name] for name in ("severity", "service", "category", "roles")})
        desk = None

    def test_events_keep_the_version_of_their_time(self):
        told = [playbook.get_version() for playbook in self.playbooks]
        for number in self.rng.sample(list(self.cases), 200):
            seen = [event.data["playbook"] for event in self.desk[number].timeline if "playbook" in event.data]
            order = [told.index(version) for version in seen]
            self.assertEqual(order, sorted(order))
            self.assertEqual(order[:1] + order[-1:], [(number - 1) // EACH, self.acted[number]])

    def test_the_difference_names_what_differs_and_no_more(self):
        for old, new in ((0, 4), (4, 0), (0, 1), (1, 2), (2, 3), (3, 4), (1, 3), (2, 2)):
            with self.subTest(old=old + 1, new=new + 1):
                changes = self.playbooks[old].diff(self.playbooks[new])
                named = {(change.get_section(), change.get_name()) for change in changes}
                self.assertEqual(named, named_changes(self.docs[old], self.docs[new]))
                for change in changes:
                    self.assertIn(change.get_name(), change.get_text())

    def check_touched(self, old, new):
        """Of each change of this difference, the open cases: ours are drawn, so that every section has some."""
        desk = Incident.Desk.new_with_playbook(self.desk.store, self.clock, self.playbooks[old])
        for change in self.playbooks[old].diff(self.playbooks[new]):
            section, name = change.get_section(), change.get_name()
            wanted = [f"INC-{number}" for number, case in sorted(self.cases.items(), reverse=True)
                      if case["open"] and is_touched(case, section, name, self.docs[old])]
            with self.subTest(old=old + 1, new=new + 1, section=section, name=name):
                self.assertGreater(len(wanted), 0)
                self.assertEqual(desk.list_touched(change), wanted)

    def test_the_difference_touches_exactly_these_open_cases(self):
        self.check_touched(0, 4)
        # What differs in the meantime.
        self.check_touched(0, 1)
        self.check_touched(1, 3)


if __name__ == "__main__":
    unittest.main()
