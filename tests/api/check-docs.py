#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every public symbol is documented: itself, since when, each parameter and what it returns.

A member of an enumeration needs a doc alone: it is as old as its type, or says so there. What
bindings cannot reach must be meant so: its doc comment says (skip).
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

TYPES = ("class", "interface", "record", "union", "enumeration", "bitfield", "alias", "callback", "constant")
CALLABLES = ("function", "method", "constructor", "virtual-method", "function-macro", "callback")
DATED = TYPES + CALLABLES + ("property",)


def skipped_in(sources):
    """The symbols whose doc comment opens with `name: (skip)`."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in sources)
    return set(re.findall(r"^\s*\*\s*([\w:-]+?):.*\(skip\)", text, re.M))


class Check:
    def __init__(self, gir, sources):
        self.faults = []
        self.skipped = skipped_in(sources)
        self.namespace = ET.parse(gir).getroot().find(CORE + "namespace")
        self.seen = 0

    def fault(self, element, name, what):
        place = element.find(CORE + "source-position")
        if place is None:
            place = element.find(CORE + "doc")
        where = f"{place.get('filename')}:{place.get('line')}: " if place is not None else ""
        self.faults.append(f"{where}{name} {what}")

    def walk(self, element, owner=""):
        for child in element:
            kind = child.tag.removeprefix(CORE).replace(GLIB, "glib:")
            if kind in DATED or kind in ("member", "glib:signal"):
                self.check(child, kind, owner)

    def check(self, element, kind, owner):
        name = element.get(C + "identifier") or element.get(C + "type")
        if name is None or kind in ("virtual-method", "callback") and owner:
            name = f"{owner}:{element.get('name')}"
        # A function that moved into a type is described there; a class structure has its virtual methods' docs.
        if element.get("moved-to") or element.get(GLIB + "is-gtype-struct-for"):
            return
        self.seen += 1
        if element.get("introspectable") == "0" and kind != "function-macro" and name not in self.skipped:
            self.fault(element, name, "is not introspectable, and no (skip) says that this is meant")
        if element.find(CORE + "doc") is None:
            self.fault(element, name, "has no documentation")
        elif kind != "member" and not element.get("version"):
            self.fault(element, name, "has no Since")
        if kind in CALLABLES or kind == "glib:signal":
            self.check_callable(element, name)
        else:
            self.walk(element, name)

    def check_callable(self, element, name):
        for parameter in element.findall(f"{CORE}parameters/*"):
            if parameter.find(CORE + "doc") is None:
                self.fault(element, name, f"does not document its parameter {parameter.get('name')}")
        result = element.find(CORE + "return-value")
        if result is None or result.find(CORE + "doc") is not None:
            return
        returned = result.find(CORE + "type")
        if returned is None or returned.get("name") != "none":
            self.fault(element, name, "does not document what it returns")


def main(gir, *folders):
    sources = [p for f in folders for p in sorted(pathlib.Path(f).rglob("*.[ch]"))]
    check = Check(gir, sources)
    check.walk(check.namespace)
    if not check.seen:
        check.faults.append(f"{gir}: describes nothing")
    print("\n".join(check.faults), end="\n" if check.faults else "")
    return bool(check.faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
