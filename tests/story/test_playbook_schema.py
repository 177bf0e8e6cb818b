#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The published JSON Schema of playbooks and the library say the same."""
import copy
import json
import pathlib
import unittest

import gi
import jsonschema

gi.require_version("Incident", "1")
from gi.repository import Incident  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = TOP / "doc" / "playbook.schema.json"
EXAMPLES = sorted((TOP / "examples" / "playbooks").glob("*.json"))
# What stands in the way of a value of each type.
OTHERS = ("words", "", 7, 0, 1.5, True, False, None, [], {}, "30m", "2026-12-24", ["ana"], {"a": 1})


def places(value, path=()):
    """The way to every value of a document."""
    yield path
    if isinstance(value, dict):
        for name, member in value.items():
            if not name.startswith("x-"):
                yield from places(member, (*path, name))
    elif isinstance(value, list):
        for position, element in enumerate(value):
            yield from places(element, (*path, position))


def replaced(document, path, value):
    document = copy.deepcopy(document)
    at = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return document


def takes(document):
    try:
        Incident.Playbook.from_json(document)
    except Incident.Invalid:
        return False
    return True


class Schema(unittest.TestCase):
    def setUp(self):
        self.schema = json.loads(SCHEMA.read_text())
        self.validator = jsonschema.Draft202012Validator(self.schema)

    def test_the_published_one_is_that_of_the_library(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.assertEqual(SCHEMA.read_text(), Incident.Playbook.dup_schema() + "\n",
                         "write it anew: Incident.Playbook.dup_schema()")

    def test_the_examples_have_the_shape(self):
        self.assertEqual(len(EXAMPLES), 3)
        for path in EXAMPLES:
            with self.subTest(path.name):
                self.validator.validate(json.loads(path.read_text()))

    def test_the_library_takes_nothing_that_the_schema_does_not(self):
        taken = 0
        for path in EXAMPLES:
            document = json.loads(path.read_text())
            # A seventh of them, since the validator takes its time.
            for place in list(places(document))[1::7]:
                for value in OTHERS:
                    changed = replaced(document, place, value)
                    if takes(changed):
                        taken += 1
                        self.assertTrue(self.validator.is_valid(changed), f"{path.name} {place} {value!r}")
        self.assertGreater(taken, 30)

    def test_the_schema_refuses_what_is_of_another_type(self):
        refused = 0
        for path in EXAMPLES:
            document = json.loads(path.read_text())
            for place in list(places(document))[1::20]:
                for value in (1.5, [[]]):
                    if not takes(replaced(document, place, value)):
                        refused += not self.validator.is_valid(replaced(document, place, value))
        self.assertGreater(refused, 50)

    def test_a_member_that_nobody_knows_is_refused_by_both(self):
        for path in EXAMPLES:
            document = json.loads(path.read_text())
            for place in list(places(document))[::5]:
                changed = replaced(document, (*place, "colour"), "red") if self.is_closed(document, place) else None
                if changed is not None:
                    self.assertFalse(takes(changed), place)
                    self.assertFalse(self.validator.is_valid(changed), place)

    def is_closed(self, document, place):
        """An object, but no map whose names are free."""
        value = document
        for step in place:
            value = value[step]
        maps = {"categories", "roles", "people", "teams", "services", "automations", "checklists", "reporting",
                "migrate", "phases", "channels", "audiences", "holidays", "schedules", "policies"}
        return isinstance(value, dict) and not (place and place[-1] in maps) and "sample" not in place


if __name__ == "__main__":
    unittest.main()
