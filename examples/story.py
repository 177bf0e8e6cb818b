#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The story of story.c in Python.

    meson devenv -C _build /usr/bin/python3 examples/story.py [STORE]
"""
import sys

import gi

gi.require_version("Incident", "1")
from gi.repository import GLib, Incident


def tell_story(store):
    desk = Incident.Desk.open(store)
    case = desk.open_case("Checkout answers 500", actor="ana", severity=Incident.Severity.SEV2, service="checkout")
    case.assign("commander", "ana", actor="ana")
    case.diagnose("error rate 31 %, only /pay", actor="ana")
    case.escalate("payments", "needs a database owner", actor="ana")
    case.examine("connection pool exhausted since 1.4.2", actor="bo")
    case.resolve("rolled back to 1.4.1", actor="bo")
    case.recover("error rate 0.1 % for 15 min", actor="bo")
    case.close("reviewed", actor="ana")
    print(case.report(Incident.ReportKind.SOLUTION).to_markdown(), end="")


if __name__ == "__main__":
    try:
        tell_story(*sys.argv[1:] or ["memory:"])
    except GLib.Error as error:
        sys.exit(f"story: {error.message}")
