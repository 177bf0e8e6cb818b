#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Messages that go out, as people look after them at the command line."""
import base64
import datetime
import email
import email.policy
import json
import time
import unittest

from cli import ProgramTest
from outbox import Outbox


class OutboxTest(Outbox, ProgramTest):
    def setUp(self):
        super().setUp()
        self.use_playbook()

    def send(self):
        """Sends all there is, whenever it becomes due within a few seconds."""
        for _ in range(50):
            due = self.json("outbox", "send")["next"]
            if due is None:
                return
            due = datetime.datetime.strptime(due, "%Y-%m-%dT%H:%M:%S.%f%z")
            time.sleep(min(2, max(0, (due - datetime.datetime.now(datetime.timezone.utc)).total_seconds())))
        self.fail("it never ends")

    def states(self, *words):
        return {message["number"]: message["state"] for message in self.json("outbox", "list", "--all", *words)}


class Deliver(OutboxTest):
    def test_what_waits_is_listed_and_sent(self):
        self.incident("open", "Checkout answers 500")
        self.assertEqual(self.text("outbox"), self.text("outbox", "list"))
        line = self.text("outbox").splitlines()[1].split()
        self.assertEqual((line[:5], line[-3:]), (["1", "pending", "bell", "INC-1", "post"], "Checkout answers 500".split()))
        self.assertEqual(self.text("outbox", "send"), "")
        self.assertEqual(self.text("outbox"), "")
        self.assertEqual(self.json("outbox"), [])

        heard, = self.rung()
        self.assertEqual((heard["case"], heard["channel"], heard["kind"], heard["seq"]), ("INC-1", "bell", "post", 1))
        shown = self.json("outbox", "show", 1)
        self.assertEqual((shown["state"], shown["attempts"], shown["key"], shown["text"]),
                         ("sent", 1, heard["key"], heard["text"]))
        self.assertEqual(self.kinds("INC-1"), ["opened", "message-delivered"])

    def test_what_fails_for_now_is_tried_again_under_its_key(self):
        (self.folder / "broken").write_text("75")
        self.incident("open", "Checkout answers 500")
        self.assertIn("Something is due again at ", self.text("outbox", "send"))
        message, = self.json("outbox", "list")
        self.assertEqual((message["state"], message["attempts"]), ("pending", 1))
        self.assertIn("the bell is broken", message["trouble"])
        self.assertEqual([attempt["outcome"] for attempt in message["log"]], ["retry"])

        (self.folder / "broken").unlink()
        self.send()
        heard, = self.rung()
        self.assertEqual((heard["key"], heard["attempts"]), (message["key"], 2))
        self.assertEqual(self.states(), {1: "sent"})

    def test_what_is_refused_is_dead_until_somebody_sends_it_again(self):
        (self.folder / "broken").write_text("1")
        self.incident("open", "Checkout answers 500")
        self.send()
        self.assertEqual(self.states(), {1: "dead"})
        self.assertEqual(self.json("outbox"), [])
        self.assertEqual([message["number"] for message in self.json("outbox", "list", "--state", "dead")], [1])
        self.assertIn("message-dead", self.kinds("INC-1"))

        (self.folder / "broken").unlink()
        again = self.json("outbox", "retry", 1, "--as", "bo")
        self.assertEqual((again["number"], again["state"], again["attempts"]), (1, "pending", 0))
        self.assertEqual((again["log"][-1]["outcome"], again["log"][-1]["detail"]), ("sent-again", "by bo"))
        self.send()
        self.assertEqual([heard["number"] for heard in self.rung()], [1])

    def test_what_waits_is_withdrawn(self):
        self.incident("open", "Checkout answers 500")
        self.incident("open", "Search is slow")
        self.assertRegex(self.text("outbox", "withdraw", 1).splitlines()[1], r"^1 +withdrawn +bell +INC-1 +post .*Withdrawn by ana")
        self.send()
        self.assertEqual(self.states(), {1: "withdrawn", 2: "sent"})
        self.assertEqual([heard["case"] for heard in self.rung()], ["INC-2"])

    def test_messages_are_picked(self):
        for title in ("one", "two", "three"):
            self.incident("open", title)
        self.incident("outbox", "withdraw", 2)
        self.assertEqual(self.states(), {1: "pending", 2: "withdrawn", 3: "pending"})
        self.assertEqual(self.states("--limit", "1"), {1: "pending"})
        self.assertEqual(self.states("--case", "INC-3"), {3: "pending"})
        self.assertEqual(self.states("--channel", "customer-mail"), {})
        self.assertEqual(len(self.json("outbox", "list", "--state", "withdrawn")), 1)

    def test_who_only_looks_needs_no_secrets(self):
        self.use_playbook(audiences={}, channels={
            "audit": {"kind": "webhook", "url": {"env": "NO_SUCH_URL"}, "key": {"env": "NO_SUCH_KEY"}}})
        self.incident("open", "Checkout answers 500")
        self.assertEqual(len(self.json("outbox")), 1)


class Words(OutboxTest):
    def test_words_that_are_wrong(self):
        self.incident("open", "Checkout answers 500")
        for words in (["sent"], ["list", "1"], ["show"], ["show", "x"], ["show", "0"], ["show", "-1"], ["show", "1", "2"],
                      ["retry"], ["withdraw", "INC-1"], ["send", "1"], ["send", "--channel", "bell"],
                      ["retry", "1", "--case", "INC-1"], ["list", "--state", "lost"], ["list", "--limit", "0"],
                      ["list", "--case", "x"], ["list", "--colour"]):
            with self.subTest(words=words):
                self.error("outbox", *words, status=2)
        self.assertEqual(self.states(), {1: "pending"})

    def test_there_is_no_such_message(self):
        for verb in ("show", "retry", "withdraw"):
            self.assertEqual(self.error("outbox", verb, 7, status=4)["code"], "not-found")

    def test_what_its_state_forbids_is_refused(self):
        self.incident("open", "Checkout answers 500")
        self.assertEqual(self.error("outbox", "retry", 1, status=3)["code"], "refused")
        self.send()
        for verb in ("retry", "withdraw"):
            self.assertIn("is sent", self.error("outbox", verb, 1, status=3)["message"])

    def test_a_draft_takes_neither_text_nor_time(self):
        self.incident("open", "Checkout answers 500")
        self.error("update", "INC-1", "words", "--draft", status=2)
        self.error("update", "INC-1", "--draft", "--due", "30m", status=2)
        self.error("update", "INC-1", "--draft", "--at", "2026-11-23T07:00:00Z", status=2)
        self.error("update", "INC-1", "--draft", "--audience", "press", status=4)
        self.error("update", "INC-9", "--draft", status=4)
        self.error("update", "INC-1", status=3)

    def test_a_status_page_has_two_formats_and_needs_a_playbook(self):
        self.error("status-page", "--format", "md", status=2)
        self.error("status-page", "INC-1", status=2)
        del self.env["INCIDENT_PLAYBOOK"]
        self.assertEqual(self.error("status-page", status=4)["where"], "/status-page")


class Updates(OutboxTest):
    def setUp(self):
        super().setUp()
        self.incident("open", "db-7 is full", "--service", "checkout")
        self.incident("assign", "INC-1", "communications", "bo")
        self.send()

    def text_of(self, mail):
        message = email.message_from_string(mail)
        return base64.b64decode(message.get_payload()).decode()

    def test_an_update_goes_from_draft_to_customers(self):
        before = len(self.kinds("INC-1"))
        draft = self.text("update", "INC-1", "--draft", "--audience", "customer")
        self.assertIn("Paying", draft)
        self.assertNotIn("db-7", draft)
        self.assertEqual(self.json("update", "INC-1", "--draft", "--audience", "customer")["text"] + "\n", draft)
        self.assertIn("db-7 is full", self.text("update", "INC-1", "--draft"))
        self.assertEqual(len(self.kinds("INC-1")), before)

        self.incident("update", "INC-1", draft.strip(), "--audience", "customer")
        self.assertEqual(self.kinds("INC-1")[-1], "update-proposed")
        self.send()
        self.assertEqual(self.mails(), [])
        proposed = self.kinds("INC-1").index("update-proposed") + 1

        self.incident("approve", "INC-1", proposed, status=3)
        self.incident("--as", "bo", "approve", "INC-1", proposed)
        self.send()
        mail, = self.mails()
        self.assertEqual(self.text_of(mail).replace("\r\n", "\n"), draft)
        subject = email.message_from_string(mail, policy=email.policy.default)["Subject"]
        self.assertRegex(subject, r"^\[INC-1\] *Paying")
        self.assertNotIn("db-7", subject)
        self.assertIn("customers@example.org", (self.folder / "recipients").read_text())

    def test_who_approves_may_find_other_words(self):
        self.incident("update", "INC-1", "db-7 is full", "--audience", "customer")
        self.incident("--as", "bo", "approve", "INC-1", len(self.kinds("INC-1")), "Paying fails; we are on it")
        self.send()
        text = self.text_of(self.mails()[0])
        self.assertIn("Paying fails; we are on it", text)
        self.assertNotIn("db-7 is full", text)

    def test_a_message_goes_to_the_channels_of_the_case(self):
        self.incident("message", "INC-1", "The bridge is open")
        self.send()
        self.assertIn("The bridge is open", self.rung()[-1]["text"])
        self.assertEqual(self.mails(), [])
        self.assertIn("messaged", self.kinds("INC-1"))

    def test_the_status_page_tells_what_is_public(self):
        self.incident("--as", "bo", "update", "INC-1", "Paying fails; we are on it", "--audience", "customer")
        self.incident("update", "INC-1", "db-7 has no inodes")
        page = self.text("status-page")
        self.assertIn("<html", page)
        self.assertIn("Our services", page)
        self.assertIn("Paying fails; we are on it", page)
        self.assertNotIn("db-7", page)

        document = self.json("status-page")
        self.assertEqual(document["title"], "Our services")
        self.assertNotIn("db-7", json.dumps(document))

        path = self.folder / "status.html"
        path.write_text("old")
        self.assertEqual(self.text("status-page", "-o", path), "")
        self.assertIn("Paying fails; we are on it", path.read_text())
        self.assertEqual(self.json("status-page", "--format", "json", "--output", path), {"file": str(path)})
        self.assertEqual(json.loads(path.read_text())["title"], "Our services")
        self.incident("status-page", "-o", self.folder / "missing" / "status.html", status=1)


if __name__ == "__main__":
    unittest.main()
