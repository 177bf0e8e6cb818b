#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a monitoring system says, and what an enemy says in its name."""
import json
import os
import subprocess
import threading
import unittest

from cli import ALERTS, PROGRAM, TOP, ProgramTest

MIB = 1024 * 1024


def webhook(*alerts, **members):
    return json.dumps({"version": "4", "groupKey": "{}:{a=\"b\"}", "status": "firing", "alerts": alerts, **members}).encode()


def alert(name="DiskFull", **members):
    return {"status": "firing", "labels": {"alertname": name}, "startsAt": "2026-11-23T06:14:46Z",
            "endsAt": "0001-01-01T00:00:00Z", **members}


class Live(ProgramTest):
    def ingest(self, name):
        return self.json("ingest", ALERTS / f"alertmanager-live-{name}.json")

    def test_six_captured_files_in_their_order(self):
        firing = []
        for name in ("1", "2", "2b-partial-resolve", "3"):
            for receipt in self.ingest(name):
                self.assertEqual(set(receipt), {"alert", "summary", "case", "outcome", "why", "where"})
                self.assertEqual((receipt["case"], receipt["where"]), ("INC-1", None))
            case, = self.json("list")
            firing.append(case["firing_alerts"])
        self.assertEqual(firing, [1, 3, 2, 0])
        kinds = self.kinds("INC-1")
        self.assertEqual((kinds[0], kinds.count("alert-fired"), kinds.count("alert-resolved")), ("opened", 3, 3))
        case = self.json("show", "INC-1")
        # The worst of its alerts: one was critical.
        self.assertEqual((case["service"], case["severity"]), ("orders-db", "sev2"))
        self.assertIn("Диск db-2", self.text("timeline", "INC-1"))
        # What the same program lists says nothing new, and its groups are no message.
        for receipt in self.ingest("api-v2-alerts"):
            self.assertEqual((receipt["case"], receipt["outcome"]), ("INC-1", "repeated"))
        self.incident("ingest", ALERTS / "alertmanager-live-api-v2-groups.json", status=1)
        self.assertEqual(self.kinds("INC-1"), kinds)

    def test_a_repeated_body_adds_nothing(self):
        for name in ("1", "2", "3"):
            self.ingest(name)
            before = self.json("log")
            self.assertGreater(len(self.ingest(name)), 0)
            self.assertEqual(self.json("log"), before)

    def test_each_alert_gets_a_line_and_a_reason(self):
        lines = self.text("ingest", ALERTS / "alertmanager-live-2.json").splitlines()
        self.assertEqual(len(lines), 3)
        for line in lines:
            self.assertRegex(line, r"^INC-1  opened  DiskWillFillIn4Hours: .*  it fires, and no open case stands for its group$")

    def test_standard_input_is_read_with_a_dash_or_nothing(self):
        body = webhook(alert())
        self.incident("ingest", stdin=body)
        self.incident("ingest", "-", stdin=webhook(alert("Other"), groupLabels={"alertname": "Other"}))
        self.incident("ingest", "--format", "alertmanager", stdin=body)
        self.assertEqual(len(self.json("list")), 2)

    def test_bad_alerts_are_reported_and_the_good_ones_kept(self):
        body = webhook(alert("Good"), alert("Bad", status="melting"), {"status": "firing"}, alert("Good too"))
        done = self.incident("--json", "ingest", stdin=body, status=1)
        receipts = json.loads(done.stdout)
        self.assertEqual(len(receipts), 4)
        error = json.loads(done.stderr)["error"]
        self.assertIn("2 of 4", error["message"])
        self.assertEqual(error["code"], "invalid")
        self.assertIn("/alerts/1", error["where"])
        self.assertEqual(self.kinds("INC-1").count("alert-fired"), 2)

    def test_where_a_subscription_is_confirmed_is_told(self):
        body = (TOP / "tests" / "conformance" / "intake-more" / "cloudwatch-confirm.json").read_bytes()
        receipt, = self.json("ingest", stdin=body)
        self.assertEqual((receipt["alert"], receipt["outcome"], receipt["case"]), (None, "noted", None))
        self.assertRegex(receipt["why"], "to confirm, open https://sns[.]us-west-2[.]amazonaws[.]com/")
        self.assertRegex(self.text("ingest", stdin=body), "^–  noted  –  The topic arn:aws:sns:")

    def test_many_processes_say_the_same_at_once(self):
        body = ALERTS / "alertmanager-live-2.json"
        processes = [subprocess.Popen([PROGRAM, "ingest", body], env=self.env, stdout=subprocess.DEVNULL)
                     for _ in range(10)]
        self.assertEqual([process.wait(60) for process in processes], [0] * 10)
        self.assertEqual(len(self.json("list")), 1)
        self.assertEqual(self.kinds("INC-1"), ["opened"] + ["alert-fired"] * 3)

    def test_an_alert_is_hostile_text_too(self):
        hostile = "\x1b[31m<script>\u202e"
        self.incident("ingest", stdin=webhook(alert(hostile, annotations={"summary": hostile})))
        for words in (["timeline", "INC-1"], ["list"], ["log"]):
            self.assertNotRegex(self.text(*words), "[\x1b\u202e]")


class Hostile(ProgramTest):
    def refused(self, body, place=True):
        for words in ([], ["--format", "alertmanager"]):
            error = self.error("ingest", *words, stdin=body, status=1)
            self.assertEqual((error["domain"], error["code"]), ("incident-error-quark", "invalid"), error)
            if place:
                self.assertRegex(error["message"], r"line \d+|:\d+:\d+|/alerts" + ("" if words else "|looks like none"))
        self.assertEqual(self.json("list"), [])
        return error

    def test_what_is_not_strict_json(self):
        good = webhook(alert())
        for name, body in {
                "empty": b"", "blank": b" \n", "deep arrays": b"[" * 100000, "deep objects": b'{"a":' * 100000,
                "deep and closed": b"[" * 1000 + b"]" * 1000,
                "deep inside": good.replace(b'"version"', b'"x": ' + b"[" * 100 + b"]" * 100 + b', "version"'),
                "bad UTF-8": good.replace(b"DiskFull", b"Disk\xffFull"), "overlong": good.replace(b"DiskFull", b"\xc0\xaf"),
                "surrogate": good.replace(b"DiskFull", b"\\ud800"), "raw NUL": good.replace(b"DiskFull", b"Disk\0Full"),
                "NUL after": good + b"\0", "escaped NUL": good.replace(b"DiskFull", b"Disk\\u0000Full"),
                "huge number": good.replace(b'"version": "4"', b'"version": 1e400'),
                "leading zero": good.replace(b'"version": "4"', b'"truncatedAlerts": 01'),
                "NaN": good.replace(b'"version": "4"', b'"truncatedAlerts": NaN'),
                "twice": good.replace(b'"version": "4"', b'"version": "4", "version": "4"'),
                "twice in labels": good.replace(b'{"alertname"', b'{"alertname": "x", "alertname"'),
                "truncated": good[:-1], "in a string": good[:len(good) // 2], "trailing": good + b"{}",
                "comment": b"/* */" + good, "single quotes": good.replace(b'"', b"'"), "not an object": b"3",
                "BOM": b"\xef\xbb\xbf" + good, "UTF-16": good.decode().encode("utf-16")}.items():
            with self.subTest(name):
                self.refused(body)

    def test_what_is_json_but_no_message(self):
        for body in (b"{}", b"[]", b"null", b'{"alerts":{}}', b'{"alerts":[1]}', b'{"alerts":"x","version":"4"}',
                     webhook([]), webhook(None)):
            with self.subTest(body):
                self.error("ingest", stdin=body, status=1)
                self.assertEqual(self.json("list"), [])

    def check_too_large(self, done, memory):
        error = json.loads(done)["error"]
        self.assertEqual(error["code"], "invalid")
        self.assertRegex(error["message"], r"1048576|1 MiB|large")
        # A hundredth of what came: the rest was never read.
        _, baseline = self.run_measured("ingest", "missing.json")
        self.assertLess(memory - baseline, 20 * 1024)

    def run_measured(self, *words, feed=None):
        """Standard error and the most memory used, in KiB."""
        program = subprocess.Popen([PROGRAM, "--json", *map(str, words)], env=self.env, stderr=subprocess.PIPE,
                                   stdin=subprocess.PIPE if feed else subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        if feed:
            thread = threading.Thread(target=feed, args=(program.stdin,))
            thread.start()
        written = program.stderr.read()
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
        if feed:
            thread.join()
        program.stderr.close()
        self.assertEqual(program.returncode, 1)
        return written, usage.ru_maxrss

    def test_a_hundred_megabytes_of_file(self):
        path = self.folder / "large.json"
        with open(path, "wb") as file:
            file.truncate(100 * MIB)
        self.check_too_large(*self.run_measured("ingest", path))

    def test_a_hundred_megabytes_of_standard_input(self):
        def feed(pipe):
            try:
                with pipe:
                    for _ in range(100):
                        pipe.write(b" " * MIB)
            except BrokenPipeError:
                pass

        self.check_too_large(*self.run_measured("ingest", feed=feed))

    def test_just_as_large_as_is_taken(self):
        body = webhook(alert())
        self.incident("ingest", stdin=body + b" " * (MIB - len(body)))
        self.assertEqual(len(self.json("list")), 1)
        self.error("ingest", stdin=body + b" " * (MIB - len(body) + 1), status=1)


if __name__ == "__main__":
    unittest.main()
