#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets are planted, used, and then looked for wherever they must not be."""
import base64
import http.server
import json
import os
import pathlib
import resource
import signal
import subprocess
import threading
import unittest

from cli import PROGRAM
from outbox import Outbox
from serve import SECONDS, ServerTest, alert, wait_until, webhook

KEY = b"canary-of-the-webhook-key-0123456789"
SECRETS = {
    "SLACK_TOKEN": "xoxb-1111-2222-canaryOfTheSlackToken",
    "SLACK_SECRET": "canary0of0the0signing0secret0abc",
    "HOOK_KEY": "whsec_" + base64.b64encode(KEY).decode(),
    "OLD_KEY": "whsec_" + base64.b64encode(KEY[::-1]).decode(),
    "LINK_KEY": "canary-of-the-link-key-0123456789-0123456789",
    "INTAKE_TOKEN": "canary-of-the-intake-token-0123456789",
}
PATH = "/services/canaryOfTheHookAddress/B00"
NEEDLES = [*(secret.encode() for secret in SECRETS.values()), KEY, KEY[::-1], b"canaryOfTheHookAddress",
           *(base64.b64encode(secret.encode()).rstrip(b"=") for secret in SECRETS.values())]


class FarSide(http.server.BaseHTTPRequestHandler):
    """Fails, and repeats in its answer all that it was told."""

    def do_POST(self):
        self.server.heard.append((self.path, dict(self.headers)))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = f"{self.path} {self.headers}"
        if self.path.startswith("/api/"):
            answer, status = json.dumps({"ok": False, "error": told}), 200
        else:
            answer, status = told, 400
        self.send_response(status, told.replace("\n", " ")[:200] if status == 400 else None)
        self.end_headers()
        self.wfile.write(answer.encode())

    do_GET = do_POST

    def log_message(self, *arguments):
        pass


# Tells where it is run all that it was given.
BELL = """#!/bin/sh
{{ env; cat /proc/$$/cmdline /proc/$$/environ /proc/$PPID/cmdline; cat; }} >> {folder}/bell.out
"""


class Secrets(Outbox, ServerTest):
    def setUp(self):
        super().setUp()
        far = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FarSide)
        far.heard = self.heard = []
        threading.Thread(target=far.serve_forever, daemon=True).start()
        self.addCleanup(far.server_close)
        self.addCleanup(far.shutdown)
        self.address = f"http://127.0.0.1:{far.server_port}"
        self.bell = self.write_program("ring", BELL)

    def use_secrets(self, kind):
        """As variables of the environment or in files."""
        secrets = {**SECRETS, "HOOK_URL": self.address + PATH}
        if kind == "env":
            self.env.update(secrets)
        else:
            folder = self.folder / "secrets"
            folder.mkdir(0o700)
            for name, secret in secrets.items():
                (folder / name).write_text(secret + "\n")
                (folder / name).chmod(0o600)

        def secret(name):
            return {kind: name if kind == "env" else str(self.folder / "secrets" / name)}

        hook = {"kind": "webhook", "url": secret("HOOK_URL"), "key": secret("HOOK_KEY"), "old-key": secret("OLD_KEY"),
                "near": True}
        self.use_playbook(
            name="a playbook of canaries", audiences={}, people={"ana": {"contacts": {"mail": "ana@example.org"}}},
            desk={"address": "https://desk.example.org/", "links": secret("LINK_KEY")},
            sources={"named": {"format": "alertmanager", "token": secret("INTAKE_TOKEN")}},
            channels={
                "bell": {"kind": "command", "run": [self.bell]},
                "post": {"kind": "mail", "from": "incidents@example.org", "to": ["ana@example.org"], "run": [str(self.folder / "sendmail")]},
                "audit": hook,
                "square": {"kind": "mattermost", "url": secret("HOOK_URL"), "near": True},
                "far": {**hook, "url": "http://127.0.0.1:9" + "/"},
                "chat": {"kind": "slack", "token": secret("SLACK_TOKEN"), "signing-secret": secret("SLACK_SECRET"),
                         "announce": "C0INCIDENTS", "room": {"record": "all"}, "api": self.address + "/api/", "near": True},
            })

    def assert_none(self, where, text):
        text = text if isinstance(text, bytes) else text.encode()
        for needle in NEEDLES:
            at = text.find(needle)
            self.assertEqual(at, -1, f"{where} tells {needle}: {text[max(0, at - 200):at + 200]}")

    def look_into_processes(self, server):
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes()
            except OSError:
                continue  # it has ended
            if str(self.folder).encode() in words or path.parent.name == str(server.process.pid):
                self.assert_none(path, words)

    def use_all(self, server):
        """Everything that has a secret is done once, also by those who do not know it."""
        token = {"Authorization": "Bearer " + SECRETS["INTAKE_TOKEN"]}
        self.assertEqual(server.ask("POST", "/v1/alerts/alertmanager", json.dumps(webhook(alert())),
                                    {"Content-Type": "application/json", **token}).status, 200)
        said = [server.ask("POST", "/v1/alerts/alertmanager", "{}", {"Authorization": "Bearer nobody's"}),
                server.ask("POST", "/v1/slack/chat", "payload=x", {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=00"}),
                server.get("/ack/forged"), server.get("/status"), server.get("/metrics"), server.get("/")]
        self.incident("assign", "INC-1", "commander", "ana")
        self.incident("diagnose", "INC-1", "error rate 31 %")
        self.look_into_processes(server)
        wait_until(lambda: {"audit", "square", "far", "chat"} <= {message["channel"] for message in self.json("outbox", "list", "--all")
                                                                  if message["trouble"]}, "all channels to fail")
        wait_until((self.folder / "bell.out").exists, "the bell to ring")
        return said

    def test_they_are_told_to_whom_they_are_for_and_nobody_else(self):
        for kind in ("env", "file"):
            with self.subTest(kind=kind):
                if kind == "file":
                    self.doCleanups()
                    self.setUp()
                self.use_secrets(kind)
                self.look_everywhere()

    def look_everywhere(self):
        server = self.serve(env={**self.env, "G_MESSAGES_DEBUG": "all"})
        # Whoever says much waits for who listens.
        printed = []
        ear = threading.Thread(target=lambda: printed.extend(server.process.stdout))
        ear.start()
        for answer in self.use_all(server):
            self.assert_none("an answer", str(answer.headers).encode() + answer.body)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: b"loaded again" in server.said, "the playbook to be read")
        self.assertEqual(server.stop(), 0)
        server.ear.join(SECONDS)
        ear.join(SECONDS)
        self.assert_none("standard output", server.printed + b"".join(printed))
        self.assert_none("standard error", server.said)

        # The search finds what is there: the far side was told.
        self.assertIn(PATH, [path for path, headers in self.heard])
        self.assertIn("Bearer " + SECRETS["SLACK_TOKEN"], [headers.get("Authorization") for path, headers in self.heard])
        self.assertTrue([headers for path, headers in self.heard if "webhook-signature" in map(str.lower, headers)])

        self.look_at_words()
        for path in self.folder.rglob("*"):
            if path.is_file() and path.parent.name != "secrets":
                self.assert_none(path, path.read_bytes())

    def look_at_words(self):
        numbers = [message["number"] for message in self.json("outbox", "list", "--all")]
        calls = [["log"], ["timeline", "INC-1"], ["show", "INC-1"], ["outbox", "list", "--all"], ["outbox", "send"],
                 ["playbook", "show"], ["playbook", "show", self.env["INCIDENT_PLAYBOOK"]],
                 ["playbook", "check", self.env["INCIDENT_PLAYBOOK"]], ["status-page"], ["export", "alertmanager"],
                 ["backup", "copy.db"], ["update", "INC-1", "--draft"],
                 *(["outbox", "show", number] for number in numbers),
                 *(["report", "INC-1", "--kind", kind, "--format", form]
                   for kind in ("problem", "solution") for form in ("md", "html", "json"))]
        for words in calls:
            for more in ([], ["--json"]):
                if words[0] == "backup" and more:
                    continue
                done = subprocess.run([PROGRAM, *map(str, words), *more], env=self.env, cwd=self.folder, capture_output=True,
                                      timeout=SECONDS)
                self.assert_none(words, done.stdout + done.stderr)

    def test_there_is_no_core(self):
        """What was sent stood in the buffers of others, so none is left; what is kept for later is in pages of its own."""
        self.use_secrets("file")
        before = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, before)
        server = self.serve()
        server.get("/health")
        if os.geteuid() == 0:
            flags = [line.split()[1:] for line in pathlib.Path(f"/proc/{server.process.pid}/smaps").read_text().splitlines()
                     if line.startswith("VmFlags:")]
            self.assertTrue([line for line in flags if "dd" in line], "no pages are left out of cores")

        server.process.send_signal(signal.SIGABRT)
        server.process.wait(SECONDS)
        self.assertEqual(list(self.folder.glob("core*")), [])


if __name__ == "__main__":
    unittest.main()
