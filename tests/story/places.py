# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where each value of a JSON document stands: a plain reader of our own, for tests of the library's."""
import bisect
import dataclasses
import json
import re

BLANKS = re.compile(r"[ \t\n\r]*")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
SCALAR = re.compile(r"(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(?P<boolean>true|false)|(?P<null>null)")


class NotJson(Exception):
    """What was read is no JSON, or an object has a member twice."""


@dataclasses.dataclass
class Value:
    pointer: str
    kind: str        # object, array, string, number, boolean or null
    start: int       # in characters
    end: int
    key: int = None  # where its name stands, if it is a member


class Reader:
    def __init__(self, text):
        self.text, self.at, self.values = text, 0, []
        self.value("", None)
        self.blanks()
        if self.at != len(text):
            raise NotJson

    def blanks(self):
        self.at = BLANKS.match(self.text, self.at).end()

    def take(self, character):
        if not self.text.startswith(character, self.at):
            raise NotJson
        self.at += 1

    def string(self):
        found = STRING.match(self.text, self.at)
        if not found:
            raise NotJson
        self.at = found.end()
        return json.loads(found[0])

    def value(self, pointer, key):
        self.blanks()
        first = self.text[self.at:self.at + 1]
        value = Value(pointer, "", self.at, 0, key)
        self.values.append(value)
        if first == "{":
            value.kind = "object"
            self.members(pointer)
        elif first == "[":
            value.kind = "array"
            self.elements(pointer)
        elif first == '"':
            value.kind = "string"
            self.string()
        else:
            found = SCALAR.match(self.text, self.at)
            if not found:
                raise NotJson
            value.kind, self.at = found.lastgroup, found.end()
        value.end = self.at

    def ended(self, bracket, first):
        """After the blanks: whether the bracket closes, or a comma leads on."""
        self.blanks()
        if self.text.startswith(bracket, self.at):
            self.at += 1
            return True
        if not first:
            self.take(",")
        return False

    def members(self, pointer):
        names = set()
        self.at += 1
        while not self.ended("}", not names):
            self.blanks()
            key = self.at
            name = self.string()
            if name in names:
                raise NotJson
            names.add(name)
            self.blanks()
            self.take(":")
            self.value(f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", key)

    def elements(self, pointer):
        index = 0
        self.at += 1
        while not self.ended("]", index == 0):
            self.value(f"{pointer}/{index}", None)
            index += 1


class Document:
    """The values of a text by their pointers, and the line and column of an offset."""

    def __init__(self, text):
        self.values = Reader(text).values
        self.by_pointer = {value.pointer: value for value in self.values}
        self.lines = line_starts(text)

    def places(self, pointer):
        """Where an error of this pointer may say that it is: at the value, or at its name."""
        value = self.by_pointer[pointer]
        return {place_of(self.lines, at) for at in (value.start, value.key) if at is not None}


def line_starts(text):
    return [0] + [at + 1 for at, character in enumerate(text) if character == "\n"]


def place_of(lines, offset):
    line = bisect.bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1


def is_json(text):
    """Quicker than Document: does not look where anything is."""
    def pairs(members):
        if len({name for name, _ in members}) < len(members):
            raise ValueError
        return None

    def constant(_):
        raise ValueError

    try:
        json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except ValueError:
        return False
    return True
