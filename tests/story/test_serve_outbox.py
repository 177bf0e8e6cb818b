#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The desk that listens also talks: it delivers, shows the status page, and takes links and Slack's words."""
import hashlib
import hmac
import os
import signal
import time
import unittest

from outbox import Outbox
from serve import SECONDS, ServerTest, alert, wait_until, webhook

KEY = "a key of links that is long enough to be one, 32 bytes and more"
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"


class OutboxServerTest(Outbox, ServerTest):
    def setUp(self):
        super().setUp()
        self.use_playbook()

    def state(self, number):
        return self.json("outbox", "show", number)["state"]


class Deliver(OutboxServerTest):
    def test_what_another_process_writes_is_delivered(self):
        self.serve()
        self.incident("open", "Checkout answers 500")
        wait_until(self.rung, "the bell to ring")
        wait_until(lambda: self.state(1) == "sent", "the outbox to know it")
        self.assertEqual(self.kinds("INC-1"), ["opened", "message-delivered"])
        self.assertEqual([heard["number"] for heard in self.rung()], [1])

    def test_what_comes_in_is_told(self):
        self.outcomes(self.serve().post("/v1/alerts/alertmanager", webhook(alert())))
        self.assertEqual(wait_until(self.rung, "the bell to ring")[0]["case"], "INC-1")

    def test_what_fails_for_now_is_tried_again(self):
        (self.folder / "broken").write_text("75")
        self.serve()
        self.incident("open", "Checkout answers 500")
        wait_until(lambda: self.json("outbox", "show", 1)["attempts"] >= 2, "a second attempt")
        (self.folder / "broken").unlink()
        wait_until(self.rung, "the bell to ring")
        self.assertEqual(len(self.rung()), 1)

    def test_an_update_arrives_once_it_is_approved(self):
        server = self.serve()
        self.incident("open", "db-7 is full", "--service", "checkout")
        self.incident("assign", "INC-1", "communications", "bo")
        self.incident("update", "INC-1", "Paying fails; we are on it", "--audience", "customer")
        wait_until(self.rung, "the bell to ring")
        self.assertNotIn(b"Paying fails", server.get("/status").body)
        self.assertEqual(self.mails(), [])
        self.incident("--as", "bo", "approve", "INC-1", self.kinds("INC-1").index("update-proposed") + 1)
        wait_until(self.mails, "the mail")
        self.assertIn(b"Paying fails", server.get("/status").body)

    def test_what_another_playbook_says_is_followed(self):
        server = self.serve()
        self.use_playbook(channels={"other": {"kind": "command", "run": [str(self.folder / "bell")]}}, audiences={})
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: b"loaded again" in server.said, "the playbook to be read")
        self.incident("open", "Checkout answers 500")
        self.assertEqual(wait_until(self.rung, "the bell to ring")[0]["channel"], "other")


class Stop(OutboxServerTest):
    def begin(self, seconds):
        (self.folder / "slow").write_text(str(seconds))
        server = self.serve()
        self.incident("open", "Checkout answers 500")
        self.incident("message", "INC-1", "The bridge is open")
        begun = self.folder / "begun"
        self.bell = int(wait_until(lambda: begun.exists() and begun.read_text(), "the bell to be pulled"))
        return server

    def end_bell(self):
        """Nobody waits for it any more. It leads a group of its own."""
        if os.getpgid(self.bell) == self.bell:
            os.killpg(self.bell, signal.SIGKILL)

    def test_what_is_on_its_way_is_waited_for_and_nothing_more_begun(self):
        server = self.begin(3)
        self.assertEqual(server.stop(), 0)
        self.assertEqual([heard["number"] for heard in self.rung()], [1])
        self.assertEqual((self.state(1), self.state(2)), ("sent", "pending"))
        server.ear.join(SECONDS)
        self.assertEqual(server.said, b"")

    def test_who_is_told_twice_waits_for_nobody(self):
        server = self.begin(SECONDS)
        self.addCleanup(self.end_bell)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.assertIsNone(server.process.poll())
        begun = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - begun, SECONDS / 2)
        self.assertEqual(self.rung(), [])
        self.assertEqual((self.state(1), self.state(2)), ("sending", "pending"))


class Door(OutboxServerTest):
    def test_the_status_page_is_for_everybody(self):
        self.incident("open", "db-7 is full", "--service", "checkout")
        server = self.serve()
        page, document = server.get("/status"), server.get("/status.json")
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b"Our services", page.body)
        self.assertEqual((document.status, document.json["title"]), (200, "Our services"))
        for answer in (page, document):
            self.assertNotIn(b"db-7", answer.body)
        self.assertEqual(server.ask("POST", "/status").status, 405)

    def test_without_a_status_page_there_is_none(self):
        del self.env["INCIDENT_PLAYBOOK"]
        server = self.serve()
        for path in ("/status", "/status.json"):
            self.assert_error(server.get(path), 404, "not-found", "/status-page")

    def test_a_forged_link_does_nothing(self):
        self.env["LINK_KEY"] = KEY
        self.use_playbook(desk={"address": "https://desk.example.org/", "links": {"env": "LINK_KEY"}})
        self.incident("open", "Checkout answers 500")
        server = self.serve()
        for token in ("x", "a" * 64, "a." + "b" * 43, "%00", "a" * 4000):
            for method in ("GET", "POST"):
                answer = server.ask(method, f"/ack/{token}")
                self.assertIn(answer.status, (400, 403, 404, 410, 414), (method, token))
                self.assertNotIn(KEY.encode(), answer.body)
                self.assertNotIn(b"Checkout", answer.body)
        self.assertNotIn("acknowledged", self.kinds("INC-1"))

    def test_the_address_of_a_link_is_a_secret(self):
        self.env["LINK_KEY"] = KEY
        self.use_playbook(desk={"address": "https://desk.example.org/", "links": {"env": "LINK_KEY"}})
        server = self.serve()
        for method, status in (("GET", 403), ("POST", 403), ("PUT", 405)):
            answer = server.ask(method, "/ack/dG9rZW4")
            self.assertEqual((answer.status, answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]),
                             (status, "no-store", "no-referrer"))
        wait_until(lambda: b"PUT /ack/" in server.said, "the log")
        self.assertNotIn(b"dG9rZW4", server.said)

    def slack(self, server, body, time, signature):
        return server.ask("POST", "/v1/slack/chat", body, {
            "Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": str(time),
            "X-Slack-Signature": signature})

    def sign(self, body, time, secret=SIGNING):
        return "v0=" + hmac.new(secret.encode(), f"v0:{time}:{body}".encode(), hashlib.sha256).hexdigest()

    def test_slack_has_to_sign(self):
        self.env.update(SLACK_TOKEN="xoxb-1-2-3", SLACK_SECRET=SIGNING)
        self.use_playbook(audiences={}, channels={"chat": {
            "kind": "slack", "token": {"env": "SLACK_TOKEN"}, "signing-secret": {"env": "SLACK_SECRET"}, "announce": "C0INCIDENTS",
            "api": "http://127.0.0.1:9/api/", "near": True}})
        server = self.serve()
        now = int(time.time())
        body = "ssl_check=1&token=x"
        self.assertEqual(self.slack(server, body, now, self.sign(body, now)).status, 200)
        for at, signature in ((now, "v0=" + "0" * 64), (now, ""), (now, self.sign(body, now, "another secret")),
                              (now - 400, self.sign(body, now - 400)), (now + 400, self.sign(body, now + 400)),
                              (now + 1, self.sign(body, now))):
            self.assertEqual(self.slack(server, body, at, signature).status, 401, (at - now, signature))
        self.assertEqual(server.ask("POST", "/v1/slack/bell", body).status, 404)
        self.assertEqual(self.json("list"), [])

    def test_a_channel_without_its_secrets_holds_nobody_up(self):
        bell = {"kind": "command", "run": [str(self.folder / "bell")]}
        self.use_playbook(audiences={}, channels={"bell": bell, "chat": {
            "kind": "slack", "token": {"env": "NO_SUCH_TOKEN"}, "announce": "C0INCIDENTS"}})
        self.serve()
        self.incident("open", "Checkout answers 500")
        wait_until(self.rung, "the bell to ring")
        wait_until(lambda: "channel-down" in self.kinds("INC-1"), "the timeline to tell")
        message = self.json("outbox", "list", "--channel", "chat", "--all")[0]
        self.assertEqual(message["state"], "pending")
        self.assertIn("NO_SUCH_TOKEN", message["trouble"])


if __name__ == "__main__":
    unittest.main()
