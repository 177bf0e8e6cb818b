#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The symbols that the library exports are those its GIR describes, and no others."""
import subprocess
import sys
import xml.etree.ElementTree as ET

C = "{http://www.gtk.org/introspection/c/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"


def main(library, gir):
    nm = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True)
    exported = {line.split()[-1] for line in nm.stdout.splitlines()}
    elements = list(ET.parse(gir).getroot().iter())
    described = {e.get(key) for e in elements for key in (C + "identifier", GLIB + "get-type")}
    described = {name for name in described if name and name.startswith("incident_")}

    for name in sorted(exported - described):
        print(f"{library}: {name} is exported, but the GIR does not know it")
    for name in sorted(described - exported):
        print(f"{gir}: {name} is described, but the library does not export it")
    if not described:
        print(f"{gir}: describes nothing")
    return exported != described or not described


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
