# SPDX-License-Identifier: LGPL-2.1-or-later
"""Are messages for Slack what Slack takes? Judged by the schema of Block Kit, which was made from Slack's own types.

Run with the program test-slack-blocks as INCIDENT_SLACK_BLOCKS: it writes each message that it tries.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    sys.exit(77)

FOLDER = pathlib.Path(__file__).parent.parent / "conformance" / "slack"
MOST_IN_ALL = 12000


class SlackBlocks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.judge = jsonschema.Draft7Validator(json.loads((FOLDER / "block-kit.schema.json").read_text()))

    def is_good(self, blocks):
        return self.judge.is_valid({"blocks": blocks})

    def test_the_judge_knows_good_from_bad(self):
        samples = sorted((FOLDER / "blocks").glob("*.json"))
        self.assertEqual(len(samples), 13)
        for sample in samples:
            with self.subTest(sample.name):
                self.assertEqual(self.is_good(json.loads(sample.read_text())), sample.name == "good.json")

    def test_every_message_is_taken(self):
        with tempfile.NamedTemporaryFile() as kept:
            subprocess.run([os.environ["INCIDENT_SLACK_BLOCKS"], kept.name], check=True, capture_output=True)
            messages = set(pathlib.Path(kept.name).read_text(encoding="utf-8").splitlines())
        self.assertGreater(len(messages), 100)
        parts = set()
        for message in messages:
            blocks = json.loads(message)
            self.assertLessEqual(len(blocks), 50)
            self.assertLessEqual(len(message), MOST_IN_ALL, message)
            self.check_ids(blocks)
            parts.update(json.dumps(block) for block in blocks)
        # Each block once: there are many messages.
        for part in parts:
            self.assertTrue(self.is_good([json.loads(part)]), part)

    # What no schema says: ids of a block's elements are unlike.
    def check_ids(self, blocks):
        for block in blocks:
            if block["type"] == "actions":
                ids = [element["action_id"] for element in block["elements"]]
                self.assertGreater(len(ids), 0)
                self.assertEqual(len(ids), len(set(ids)))


if __name__ == "__main__":
    unittest.main()
