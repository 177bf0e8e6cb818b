#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages “On call” and “Try a policy”: what the console shows is run.

Their programs in Python are run by test_python_guide_oncall.py, those in C by guide-oncall.
"""
import unittest

from guide import PageTest, find_block, read_page

# Of what a crontab has, the commands are run.
READ = [("Run it", "")]


class OnCall(PageTest):
    page = "oncall"

    def setUp(self):
        super().setUp()
        self.write("oncall.json", find_block(read_page("oncall"), "oncall.json"))

    def test_the_console(self):
        sections = dict.fromkeys(block.section for block in self.blocks if block.language == "console")
        self.run_page(*sections)

    def test_each_playbook_is_sound(self):
        for name in {block.name for block in self.blocks if block.language == "json"} - {"scenario.json"}:
            self.incident("playbook", "check", name)

    def test_every_block_is_looked_at(self):
        for block in self.blocks:
            if block.language not in ("console", "python", "c") and block.name is None:
                self.assertIn((block.section, block.language), READ, block.text)

    def test_links_lead_somewhere(self):
        self.check_links()


class TryAPolicy(OnCall):
    page = "try-a-policy"


class Cron(PageTest):
    page = "oncall"

    def test_what_a_crontab_has(self):
        line, = [block.text for block in self.blocks if (block.section, block.language) == ("Run it", "")]
        self.env["INCIDENT_PLAYBOOK"] = str(self.folder / "oncall.json")
        self.incident("open", "Checkout answers 500", "--service", "checkout")
        self.shell(line.removeprefix("* * * * *"))
        self.assertEqual([message["kind"] for message in self.json("outbox", "list", "--case", "INC-1")][:1], ["page"])


if __name__ == "__main__":
    unittest.main()
