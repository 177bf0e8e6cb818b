#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every member of an enumeration or of flags in a public header is registered.

G_DEFINE_ENUM_TYPE forgets silently: g-ir-scanner takes the members from the
running type, so that one which was left out vanishes from the GIR too.
"""
import re
import sys
import xml.etree.ElementTree as ET

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"

ENUM = re.compile(r"typedef\s+enum\s*\w*\s*\{(.*?)\}\s*(\w+)\s*;", re.S)


def blank_comments(text):
    return re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


def declared_in(header):
    """Yields (line, type, members) for each enumeration of a header."""
    with open(header, encoding="utf-8") as file:
        text = blank_comments(file.read())
    for enum in ENUM.finditer(text):
        line = text.count("\n", 0, enum.start()) + 1
        yield line, enum[2], re.findall(r"(?:^|,)\s*([A-Z][A-Z0-9_]*)", enum[1])


def registered_in(gir):
    """Maps each registered type's C name to {C name of a member: nick}."""
    types = {}
    for kind in ("enumeration", "bitfield"):
        for element in ET.parse(gir).getroot().iter(CORE + kind):
            if element.get(GLIB + "get-type"):
                members = element.iter(CORE + "member")
                types[element.get(C + "type")] = {m.get(C + "identifier"): m.get(GLIB + "nick") for m in members}
    return types


def main(gir, *headers):
    faults = []
    registered = registered_in(gir)
    declared = [(header, *enum) for header in headers for enum in declared_in(header)]

    for header, line, name, members in declared:
        nicks = registered.pop(name, None)
        if nicks is None:
            faults.append(f"{header}:{line}: {name} is not registered: it has no get_type function")
            continue
        for member in sorted(set(members) ^ set(nicks)):
            what = "is not registered" if member in members else "is registered, but not declared"
            faults.append(f"{header}:{line}: {member} {what}")
        # Nicks are file format.
        for member, nick in nicks.items():
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", nick or ""):
                faults.append(f"{header}:{line}: {member} has the nick “{nick}”")
            elif list(nicks.values()).count(nick) > 1:
                faults.append(f"{header}:{line}: {member} shares the nick “{nick}”")
    faults += [f"{gir}: {name} is registered, but not declared in a header" for name in registered]
    if not declared:
        faults.append("no enumeration found: this check sees nothing")

    print("\n".join(faults), end="\n" if faults else "")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
