#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts the C of a page of the guide together: extract-guide.py PAGE.md MAIN.inc OUT.c

Blocks that begin with blanks are fragments of a function, the others stand by themselves.
"""
import pathlib
import re
import sys

page, main, out = (pathlib.Path(name) for name in sys.argv[1:])
blocks = re.findall(r"^```c\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)
whole = [block for block in blocks if not block.startswith(" ")]
fragments = [block for block in blocks if block.startswith(" ")]
fragments = ["static void", "fragments (IncidentDesk *desk, IncidentCase *kase)", "{", *fragments, "}"]
out.write_text("\n".join([*whole, *fragments, main.read_text(encoding="utf-8")]), encoding="utf-8")
