#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the pages of the guide on channels and updates show in Python is run."""
import datetime
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident

DOC = pathlib.Path(__file__).resolve().parents[2] / "doc"
SECONDS = 60


def read_blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", (DOC / page).read_text(encoding="utf-8"), re.M | re.S)


class Guide(unittest.TestCase):
    def test_a_channel_in_twenty_lines(self):
        program = read_blocks("channels.md", "python")[0]
        self.assertLessEqual(len(program.splitlines()), 20)
        says, = re.findall(r"It rings, and says\n\n    (.*)\n", (DOC / "channels.md").read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "bell.py").write_text(program, encoding="utf-8")
            for n in (1, 2):
                done = subprocess.run([sys.executable, "bell.py"], cwd=folder, capture_output=True, text=True, timeout=SECONDS)
                self.assertEqual((done.stdout, done.stderr), (f"\a{says}\n", ""), n)

    def test_an_update_from_its_draft_on(self):
        lines, = read_blocks("updates.md", "python")
        playbook = Incident.Playbook.from_json(read_blocks("updates.md", "json")[0])
        desk = Incident.Desk.open("memory:", playbook)
        case = desk.open_case("Checkout answers 500", actor="ana", severity=Incident.Severity.SEV2, service="checkout")
        case.assign("communications", "cy", actor="ana")
        names = {"case": case, "timedelta": datetime.timedelta}
        exec(lines, names)  # pylint: disable=exec-used
        self.assertIn("Paying", names["draft"])
        self.assertEqual([event.kind for event in case.timeline][-2:], ["update-proposed", "update-given"])


if __name__ == "__main__":
    unittest.main()
