#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A room of the library uses the rooms on lower floors, and no others.

The headers that strangers include belong to the room that implements them,
and are held to the same rule.
"""
import pathlib
import re
import sys

FLOORS = {
    "base": 0,
    "model": 1,
    "store": 2,
    "playbook": 3,
    "oncall": 4, "intake": 4, "diagnose": 4, "comms": 4, "canary": 4, "insight": 4, "report": 4,
    "desk": 5,
}
UMBRELLA = "libincident/incident.h"
# What holds no type and so belongs to nobody.
ROOMLESS = {"incident-version.h", "incident-version-macros.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def blank_comments(text):
    return re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


class House:
    def __init__(self, top):
        self.top = pathlib.Path(top)
        self.library = self.top / "libincident"
        self.public = self.top / "include" / "libincident"
        self.faults = []

    def room_of_public(self, name):
        """The room of <libincident/NAME>: where its .c is, else its -private.h."""
        stem = pathlib.PurePath(name).stem
        for pattern in (f"*/{stem}.c", f"*/{stem}-private.h"):
            found = sorted(self.library.glob(pattern))
            if found:
                return found[0].parent.name
        return None

    def room_of_include(self, file, quote, path):
        """The room of an included file of ours; None for a stranger's or a roomless one."""
        if path.startswith("libincident/"):
            name = path.removeprefix("libincident/")
            if name in ROOMLESS:
                return None
            room = self.room_of_public(name)
            if room is None:
                raise LookupError(f"<{path}> belongs to no room: none has its .c or -private.h")
            return room
        if quote == "<":
            return None
        target = self.library / path
        if not target.is_file():
            target = file.parent / path
        if not target.is_file():
            raise LookupError(f"no room has “{path}”")
        return target.resolve().relative_to(self.library.resolve()).parts[0]

    def check_file(self, file, room):
        text = blank_comments(file.read_text(encoding="utf-8"))
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            fault = self.fault_of_include(file, room, match[1], match[2])
            if fault:
                self.faults.append(f"{file.relative_to(self.top)}:{line}: {fault}")

    def fault_of_include(self, file, room, quote, path):
        if path == UMBRELLA:
            return "includes the umbrella header; include what is needed"
        try:
            other = self.room_of_include(file, quote, path)
        except (LookupError, ValueError) as error:
            return str(error)
        if other in (None, room):
            return None
        if room is None:
            return f"belongs to no room, yet includes {path} of {other}/"
        if FLOORS.get(other, 99) >= FLOORS[room]:
            return f"{room}/ (floor {FLOORS[room]}) includes {path} of {other}/ (floor {FLOORS.get(other, '?')})"
        return None

    def check(self):
        files = sorted(p for p in self.library.rglob("*") if p.suffix in (".c", ".h"))
        for file in files:
            room = file.relative_to(self.library).parts[0]
            if room not in FLOORS:
                self.faults.append(f"{file.relative_to(self.top)}:1: “{room}” is no room")
            else:
                self.check_file(file, room)
        for file in sorted(self.public.glob("*.h")):
            if f"libincident/{file.name}" != UMBRELLA:
                room = self.room_of_public(file.name)
                if room is None and file.name not in ROOMLESS:
                    self.faults.append(f"{file.relative_to(self.top)}:1: belongs to no room")
                elif room in FLOORS or room is None:
                    self.check_file(file, room)
        if not files:
            self.faults.append(f"{self.library}: no sources: this check sees nothing")


def main(top):
    house = House(top)
    house.check()
    print("\n".join(house.faults), end="\n" if house.faults else "")
    return bool(house.faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
