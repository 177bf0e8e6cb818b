#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages “On call” and “Try a policy”: their Python is run, and what they say in tables is so."""
import contextlib
import io
import os
import pathlib
import re
import tempfile
import unittest
from datetime import datetime, timedelta

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident

DOC = pathlib.Path(__file__).resolve().parents[2] / "doc"
FILE = re.compile(r"`([\w-]+[.]json)`[^`]*:\n\n```json\n(.*?)^```", re.M | re.S)
ROTATION = re.compile(r"every (?:(\d+) )?(hour|day|week|month)s? from (\S+)")


def read(page):
    return (DOC / page).read_text(encoding="utf-8")


def read_files(page):
    """What stands on the page as a file, by its name."""
    return dict(FILE.findall(read(page)))


def read_rows(page, section):
    """The rows of the tables of a section, without their headings."""
    text, = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", read(page), re.M | re.S)
    return [[cell.strip() for cell in row.strip("|\n").split("|")]
            for table in re.findall(r"^(?:\|.*\n)+", text, re.M) for row in table.splitlines()[2:]]


@contextlib.contextmanager
def in_folder(*pages):
    """A folder with what stands on the pages as files."""
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (item for page in pages for item in read_files(page).items()):
            pathlib.Path(folder, name).write_text(text, encoding="utf-8")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)


def run(page):
    """Runs the Python of a page from top to bottom; gives its names, and what it prints."""
    names, printed = {"__name__": "guide"}, io.StringIO()
    with in_folder("oncall.md", page), contextlib.redirect_stdout(printed):
        for block in re.findall(r"^```python\n(.*?)^```", read(page), re.M | re.S):
            exec(compile(block, f"doc/{page}", "exec"), names)  # pylint: disable=exec-used
    return names, printed.getvalue()


def read_rotation(text):
    every, unit, start = ROTATION.fullmatch(text).groups()
    return {"start": start, "every": int(every or 1), "unit": unit}


class OnCall(unittest.TestCase):
    def test_its_python_runs(self):
        names, printed = run("oncall.md")
        self.assertIn("ana", printed)
        self.assertLessEqual({"step", "ack-timeout", "unack", "resumed", "direct", "manual"},
                             {str(page.reason) for page in names["case"].pages})
        self.assertEqual(names["desk"].playbook.warnings, [])

    def test_every_reason_is_told(self):
        rows = read_rows("oncall.md", "Why was I paged?")
        reasons = [reason.value_nick for reason in Incident.PageReason.__enum_values__.values()]
        self.assertEqual([row[0].strip("`") for row in rows], reasons)

    def test_handoffs_come_as_the_table_has_them(self):
        rows = read_rows("oncall.md", "Hand-offs on the clock on the wall")
        self.assertEqual(len(rows), 5)
        for zone, rotation, handoffs in rows:
            with self.subTest(zone, rotation=rotation):
                layer = {"people": ["ana", "bo"], "rotation": read_rotation(rotation)}
                playbook = {"people": {"ana": {}, "bo": {}}, "schedules": {"x": {"zone": zone, "layers": [layer]}}}
                times = [datetime.fromisoformat(time) for time in handoffs.split(", ")]
                clock = Incident.ManualClock(times[0] - timedelta(hours=1))
                desk = Incident.Desk(clock=clock)
                desk.playbook = Incident.Playbook.from_json(playbook)
                shifts = desk.schedule("x").shifts(times[0] - timedelta(hours=1), times[-1] + timedelta(hours=1))
                self.assertEqual([shift.from_ for shift in shifts[1:]], times)


class Readme(unittest.TestCase):
    def test_its_example_runs(self):
        text = (DOC.parent / "README.md").read_text(encoding="utf-8")
        example, = re.findall(r"^## On call\n.*?^```python\n(.*?)^```", text, re.M | re.S)
        printed, now = io.StringIO(), datetime.now().astimezone()
        names = {"Incident": Incident, "timedelta": timedelta, "tomorrow": now + timedelta(days=1)}
        with in_folder("oncall.md"), contextlib.redirect_stdout(printed):
            exec(example, names)  # pylint: disable=exec-used
        self.assertEqual(printed.getvalue().splitlines()[0], "['bo']")
        self.assertEqual(len(names["answer"]["pages"]), 5)


class TryAPolicy(unittest.TestCase):
    def test_its_python_runs(self):
        names, printed = run("try-a-policy.md")
        self.assertIn("2026-11-25T07:00:00.000000Z 2026-11-26T07:00:00.000000Z", printed)
        self.assertEqual((names["was"]["pages"], names["would_be"]["pages"]), (3, 4))
        self.assertEqual([page.person for page in names["desk"]["INC-2"].pages], ["bo"])


if __name__ == "__main__":
    unittest.main()
