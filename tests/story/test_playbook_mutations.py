#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_playbook_mutations.py [--all] [--every N] [--seed N]

A playbook in which one character is missing, or one value is of another type: it
still loads, or each line of the error names the right place. --all tries every one, or every Nth,
otherwise a sample is drawn.
"""
import argparse
import json
import mmap
import os
import pathlib
import random
import re
import sys
import tempfile
import traceback
import unittest

import gi

from places import Document, NotJson, is_json, line_starts, place_of

gi.require_version("Incident", "1")
from gi.repository import Incident

HERE = pathlib.Path(__file__).resolve().parent
PLAYBOOKS = sorted([*(HERE / "playbooks").glob("*.json"), *(HERE.parents[1] / "examples" / "playbooks").glob("*.json")])
# Anything but the type that was there.
OTHERS = {"null": "null", "boolean": "true", "number": "7", "string": '"word"', "array": "[]", "object": "{}"}
SAMPLE = 800
SCHEMA_SAMPLE = 200
FAILURES_SHOWN = 12
LONGEST_POINTER = 120
LINE = re.compile(r"(?P<source>[^:\n]+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*): (?P<pointer>/.*?|\(document\)): (?P<text>.+)")

options = argparse.Namespace(all=False, every=1, seed=20261123)


def load(text, source):
    """None, or the message of what is wrong."""
    try:
        playbook = Incident.Playbook.new_from_json(text.encode(), source)
    except Incident.Invalid as error:
        return error.message
    assert re.fullmatch("[0-9a-f]{16,64}", playbook.get_version())
    return None


def problems(message, source):
    """(line, column), pointer of each line of a message."""
    found = []
    for line in message.split("\n"):
        parts = LINE.fullmatch(line)
        assert parts, f"not a line “SOURCE:LINE:COLUMN: POINTER: …”: {line!r}"
        assert parts["source"] == source, line
        pointer = "" if parts["pointer"] == "(document)" else parts["pointer"]
        found.append(((int(parts["line"]), int(parts["column"])), pointer))
    return found


def parent(pointer):
    return pointer.rpartition("/")[0]


def is_at_or_below(pointer, other):
    return pointer == other or pointer.startswith(other + "/")


def check_places(text, found):
    """The document is JSON, so each problem lies where its pointer leads, or names a member that is missing."""
    document = Document(text)
    for place, pointer in found:
        if pointer.endswith("…") and len(pointer) == LONGEST_POINTER + 1:
            continue
        assert pointer in document.by_pointer, f"there is nothing at {pointer!r}"
        assert place in document.places(pointer), f"{pointer} stands at {sorted(document.places(pointer))}, not {place}"


class Deletions:
    """Each character is left out once."""

    def __init__(self, text):
        self.text, self.lines = text, line_starts(text)

    def __len__(self):
        return len(self.text)

    def name(self, offset):
        line, column = place_of(self.lines, offset)
        return f"without {self.text[offset]!r} at {line}:{column}"

    def check(self, offset, source):
        text = self.text[:offset] + self.text[offset + 1:]
        message = load(text, source)
        valid = is_json(text)
        assert valid or message, "what is no JSON is a playbook"
        if not message:
            return
        found = problems(message, source)
        if valid:
            check_places(text, found)
            return
        deleted, _ = place_of(self.lines, offset)
        for (line, _), pointer in found:
            assert line >= deleted, f"line {line} ({pointer}) was right: {message}"


class Types:
    """Each value is replaced by one of each other type."""

    def __init__(self, text):
        self.text, self.document = text, Document(text)
        self.changes = [(value, kind) for value in self.document.values for kind in OTHERS if kind != value.kind]

    def __len__(self):
        return len(self.changes)

    def name(self, index):
        value, kind = self.changes[index]
        return f"{value.pointer or 'the document'} as {OTHERS[kind]}"

    @staticmethod
    def may_stand(value, kind):
        """Whether the change makes another good playbook."""
        return ("/x-" in value.pointer and not value.pointer.endswith("/x-")
                or re.search("/mapping/sample(/|$)", value.pointer) is not None
                or kind == "null" and re.fullmatch("/lifecycle/verbs/[0-9]+/to", value.pointer) is not None)

    def check(self, index, source):
        value, kind = self.changes[index]
        text = self.text[:value.start] + OTHERS[kind] + self.text[value.end:]
        message = load(text, source)
        if not message:
            assert self.may_stand(value, kind), f"{value.kind} {self.text[value.start:value.end]!r} may not be {OTHERS[kind]}"
            return
        found = problems(message, source)
        check_places(text, found)
        # A phase that no verb leads to any more is named in place of the verb.
        if re.fullmatch("/lifecycle/verbs/[0-9]+/to", value.pointer) and kind == "null":
            return
        assert any(is_at_or_below(pointer, value.pointer) or pointer == parent(value.pointer) for _, pointer in found), \
            f"{value.pointer} is not named: {message}"


def check_some(mutations, indexes, source, place):
    """What is wrong with each of these: runs in a process of its own."""
    failures = []
    for index in indexes:
        place[:8] = index.to_bytes(8, "little")
        try:
            mutations.check(index, source)
        except Exception as error:  # pylint: disable=broad-except
            said = str(error) if isinstance(error, AssertionError) else "".join(traceback.format_exception(error)[-2:])
            failures.append(f"{source} {mutations.name(index)}: {said}")
    return failures


class Mutations(unittest.TestCase):
    def check_all(self, make):
        self.assertTrue(PLAYBOOKS)
        for path in PLAYBOOKS:
            with self.subTest(path.name):
                mutations = make(path.read_text(encoding="utf-8"))
                indexes = range(len(mutations))
                indexes = list(indexes)[options.seed % options.every::options.every]
                if not options.all and len(indexes) > SAMPLE // len(PLAYBOOKS):
                    indexes = sorted(random.Random(f"{options.seed}{path.name}").sample(indexes, SAMPLE // len(PLAYBOOKS)))
                self.check_in_child(mutations, indexes, path.name)

    def check_in_child(self, mutations, indexes, source):
        """A crash ends the child alone, and the parent can tell at which mutation."""
        place = mmap.mmap(-1, 8)
        reader, writer = os.pipe()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            status = 70
            try:
                os.close(reader)
                failures = check_some(mutations, indexes, source, place)
                shown = "\n".join(failures[:FAILURES_SHOWN])
                with open(writer, "w", encoding="utf-8", errors="backslashreplace") as out:
                    out.write(f"{len(failures)} of {len(indexes)}:\n{shown}" if failures else "")
                status = 0
            finally:
                os._exit(status)
        os.close(writer)
        with open(reader, encoding="utf-8") as answers:
            said = answers.read()
        _, status = os.waitpid(child, 0)
        at = mutations.name(int.from_bytes(place[:8], "little"))
        place.close()
        self.assertEqual(os.waitstatus_to_exitcode(status), 0, f"{source} {at}: it ended the process")
        self.assertFalse(said, f"seed {options.seed}: {said}")

    def test_the_playbooks_load_as_they_are(self):
        for path in PLAYBOOKS:
            with self.subTest(path.name):
                self.assertIsNone(load(path.read_text(encoding="utf-8"), path.name))

    def test_without_one_character(self):
        self.check_all(Deletions)

    def test_with_one_value_of_another_type(self):
        self.check_all(Types)


class Schema(unittest.TestCase):
    """The schema is made of what reads playbooks, so it minds the types that are minded there."""

    @classmethod
    def setUpClass(cls):
        try:
            import jsonschema  # pylint: disable=import-outside-toplevel
        except ImportError:
            raise unittest.SkipTest("python3-jsonschema is not installed") from None
        schema = json.loads(Incident.Playbook.dup_schema())
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def test_the_playbooks_fit(self):
        for path in PLAYBOOKS:
            with self.subTest(path.name):
                self.assertEqual([error.message for error in self.validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))], [])

    def test_with_one_value_of_another_type_or_one_character_less(self):
        rng, n = random.Random(options.seed), SCHEMA_SAMPLE * (5 if options.all else 1) // len(PLAYBOOKS)
        for path in PLAYBOOKS:
            text = path.read_text(encoding="utf-8")
            types = Types(text)
            for value, kind in rng.sample([change for change in types.changes if not change[0].pointer.endswith("/to")], n):
                fits = self.validator.is_valid(json.loads(text[:value.start] + OTHERS[kind] + text[value.end:]))
                self.assertEqual(fits, types.may_stand(value, kind), f"{path.name}: {value.pointer} as {OTHERS[kind]}")
            for offset in rng.sample(range(len(text)), n):
                mutated = text[:offset] + text[offset + 1:]
                # It cannot tell whether a name exists elsewhere; but what it minds is wrong.
                if is_json(mutated) and not self.validator.is_valid(json.loads(mutated)):
                    self.assertTrue(load(mutated, path.name), f"{path.name} {Deletions(text).name(offset)}")


class SeveralDocuments(unittest.TestCase):
    """What is wrong in one of them is told with its own name, and what one refers to may stand in another."""

    PEOPLE = '{"name": "Shop",\n "people": {"ana": {"name": "Ana"}, "bo": {"name": "Bo"}}}'
    TEAMS = '{"teams": {"payments": {"title": "Payments",\n  "members": ["ana", "bo"]}}}'

    def load(self, *documents):
        with tempfile.TemporaryDirectory() as folder:
            paths = [f"{folder}/{name}.json" for name in ("one", "two", "three")][:len(documents)]
            for path, text in zip(paths, documents):
                pathlib.Path(path).write_text(text, encoding="utf-8")
            try:
                return Incident.Playbook.load(*paths), None
            except Incident.Invalid as error:
                return None, error.message.replace(folder + "/", "")

    def test_they_are_one(self):
        there = [self.load(*documents)[0] for documents in
                 ((self.PEOPLE, self.TEAMS), (self.TEAMS, self.PEOPLE), (self.PEOPLE, self.TEAMS, '{"x-note": 1}'))]
        self.assertNotIn(None, there)
        for playbook in there:
            self.assertEqual(json.loads(playbook.to_json())["teams"]["payments"]["members"], ["ana", "bo"])

    def test_each_has_its_own_places(self):
        _, message = self.load(self.PEOPLE, self.TEAMS.replace('"bo"', '"cy"'))
        (place, pointer), = problems(message, "two.json")
        self.assertEqual((place, pointer), ((2, 22), "/teams/payments/members/1"))
        _, message = self.load(self.PEOPLE.replace('"Ana"', "7"), self.TEAMS.replace('"Payments"', "8"))
        lines = sorted(message.split("\n"))
        self.assertEqual([problems(line, f"{name}.json") for line, name in zip(lines, ("one", "two"), strict=True)],
                         [[((2, 29), "/people/ana/name")], [((1, 34), "/teams/payments/title")]])

    def test_what_is_no_json_is_told_of_its_document(self):
        _, message = self.load(self.PEOPLE, self.TEAMS[:-1])
        self.assertEqual(problems(message, "two.json")[0][0], (2, 29))


class OurReader(unittest.TestCase):
    """What the others are held against must itself be right."""

    def test_places(self):
        document = Document('{"a": [1,\n  {"bö": "x"}], "~/": null}')
        self.assertEqual([(value.pointer, value.kind) for value in document.values],
                         [("", "object"), ("/a", "array"), ("/a/0", "number"), ("/a/1", "object"), ("/a/1/bö", "string"),
                          ("/~0~1", "null")])
        self.assertEqual(document.places("/a/1/bö"), {(2, 10), (2, 4)})
        self.assertEqual(document.places("/a/0"), {(1, 8)})

    def test_two_readers_agree_on_what_is_json(self):
        rng = random.Random(options.seed)
        for path in PLAYBOOKS:
            text = path.read_text(encoding="utf-8")
            for offset in rng.sample(range(len(text)), 200):
                mutated = text[:offset] + text[offset + 1:]
                try:
                    Document(mutated)
                    read = True
                except NotJson:
                    read = False
                self.assertEqual(read, is_json(mutated), mutated[max(0, offset - 20):offset + 20])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="test_playbook_mutations.py")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="of all, every Nth")
    parser.add_argument("--seed", type=int, default=options.seed)
    parser.parse_known_args(namespace=options)
    unittest.main(argv=[sys.argv[0]])
