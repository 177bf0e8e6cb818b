#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A sender that is killed while a message is on its way: whoever comes next finishes it, under the same key.

Two minutes long: the claim of the dead has to run out first.
"""
import unittest

from outbox import Outbox
from serve import ServerTest, wait_until

# Longer than a claim.
PATIENCE = 180


class Killed(Outbox, ServerTest):
    def for_bell(self):
        return [message["number"] for message in self.json("outbox", "list", "--all", "--channel", "bell")]

    def test_what_a_killed_sender_had_in_hand_is_sent_by_the_next_one(self):
        self.use_playbook(audiences={})
        (self.folder / "slow").write_text("1")
        server = self.serve()
        self.incident("open", "Checkout answers 500")
        self.incident("message", "INC-1", "The bridge is open")
        first, second = self.for_bell()
        wait_until((self.folder / "begun").exists, "the bell to be pulled")
        server.process.kill()
        server.process.wait()
        # The program that was called knows nothing of that, and rings.
        wait_until(self.rung, "the bell to ring")
        (self.folder / "slow").unlink()
        self.assertEqual(self.json("outbox", "show", first)["state"], "sending")

        self.serve()
        wait_until(lambda: self.json("outbox", "show", second)["state"] == "sent", "the other message", seconds=PATIENCE)
        heard = [(one["number"], one["key"]) for one in self.rung()]
        # The first one twice, since a command cannot be asked what it did; then the other.
        self.assertEqual([number for number, key in heard], [first, first, second])
        self.assertEqual(heard[0], heard[1])
        self.assertEqual(self.json("outbox", "show", first)["state"], "sent")
        told = [event["data"]["message"] for event in self.json("timeline", "INC-1") if event["kind"] == "message-delivered"]
        self.assertEqual([told.count(first), told.count(second)], [1, 1])


if __name__ == "__main__":
    unittest.main()
