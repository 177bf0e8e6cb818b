#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program `incident` as people and programs use it."""
import json
import os
import re
import signal
import subprocess
import unittest

from cli import PROGRAM, TOP, ProgramTest

VERBS = ("open ingest serve list show timeline log alerts next diagnose escalate examine resolve recover close cancel "
         "reopen assign release handoff accept decline take-command ack unack snooze wake page move-runs classify "
         "prioritise affect note task update approve message decide suppose judge record measure link unlink merge correct redact dismiss file-report "
         "reminders refusals oncall override why-paged simulate escalate-due silence route settle outbox status-page report playbook import export lifecycle backup").split()
CASE = {"id": str, "number": int, "version": int, "episode": int, "title": str, "phase": str, "severity": str,
        "priority": str, "impact": str, "urgency": str, "service": str, "category": type(None), "roles": dict,
        "opened_at": str, "updated_at": str, "closed_at": type(None), "firing_alerts": int, "tasks": list, "links": list,
        "major": bool, "priority_by": str, "merged_into": type(None), "playbook": str}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Story(ProgramTest):
    def test_the_story_from_open_to_report(self):
        opened = self.text("open", "Checkout answers 500", "--severity", "sev2", "--service", "checkout")
        self.assertEqual(opened, "INC-1\n")
        self.incident("assign", "INC-1", "commander", "ana")
        self.incident("diagnose", "INC-1", "error rate 31 %, only /pay")
        self.incident("escalate", "INC-1", "--to", "payments", "needs a database owner")
        self.incident("--as", "bo", "examine", "INC-1", "connection pool exhausted since 1.4.2")
        self.incident("--as", "bo", "resolve", "INC-1", "rolled back to 1.4.1")
        self.incident("--as", "bo", "recover", "INC-1", "error rate 0.1 % for 15 min")
        self.assertIn("closed", self.text("close", "INC-1", "reviewed"))

        case = self.json("show", "INC-1")
        self.assertEqual((case["phase"], case["severity"], case["service"], case["roles"]),
                         ("closed", "sev2", "checkout", {"commander": "ana"}))
        self.assertRegex(case["closed_at"], TIME)
        self.assertEqual(self.kinds("INC-1"),
                         "opened assigned diagnosed escalated examined resolved recovered closed".split())
        timeline = self.text("timeline", "INC-1").splitlines()
        self.assertEqual(len(timeline), 8)
        self.assertRegex(timeline[3], r"^\d{4}-.*\+00:00.* ana +escalated to payments: needs a database owner$")

        for kind in ("problem", "solution"):
            self.assertIn("Checkout answers 500", self.text("report", "INC-1", "--kind", kind))
            self.assertIn("<html", self.text("report", "INC-1", "--kind", kind, "--format", "html"))
            self.assertIsInstance(json.loads(self.text("report", "INC-1", "--kind", kind, "--format", "json")), dict)
        self.assertIn("rolled back to 1.4.1", self.text("report", "INC-1", "--kind", "solution"))

    def test_reopen_begins_a_second_episode(self):
        case = self.open_in("closed")
        self.incident("reopen", case, "db-2 is filling again")
        shown = self.json("show", case)
        self.assertEqual((shown["phase"], shown["episode"], shown["closed_at"]), ("diagnosis", 2, None))

    def test_report_is_written_to_a_file_and_printed_the_same(self):
        case = self.open_in("resolution")
        path = self.folder / "report.md"
        path.write_text("old")
        self.assertEqual(self.text("report", case, "-o", path), "")
        self.assertEqual(path.read_text(), self.text("report", case))
        self.assertEqual(self.json("report", case, "--output", path, "--format", "html"), {"file": str(path)})
        self.assertIn("<html", path.read_text())
        self.incident("report", case, "-o", self.folder / "missing" / "report.md", status=1)
        self.incident("report", case, "-o", self.folder, status=1)

    def test_backup_opens_and_holds_the_same(self):
        case = self.open_in("examination")
        copy = self.folder / "copy.db"
        self.assertEqual(self.text("backup", copy), "")
        self.assertEqual(self.json("--db", copy, "show", case), self.json("show", case))
        self.assertEqual(self.json("--db", copy, "timeline", case), self.json("timeline", case))
        self.incident("backup", self.folder / "missing" / "copy.db", status=1)

    def test_without_a_database_named_the_data_folder_holds_it(self):
        del self.env["INCIDENT_DB"]
        self.incident("open", "In the data folder")
        folder = self.folder / "data" / "libincident"
        self.assertTrue((folder / "incidents.db").exists())
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)

    def test_log_tells_all_cases_in_the_order_of_commits(self):
        for title in ("one", "two"):
            self.incident("open", title)
        self.incident("note", "INC-1", "three")
        lines = self.text("log").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["INC-1", "INC-2", "INC-1"])
        entries = self.json("log")
        self.assertEqual([entry["id"] for entry in entries], ["INC-1", "INC-2", "INC-1"])
        self.assertEqual([entry["log_index"] for entry in entries], [0, 1, 2])
        self.assertEqual(entries[0], {"id": "INC-1", "log_index": 0, **self.json("timeline", "INC-1")[0]})

    def test_log_follow_goes_on_until_interrupted(self):
        self.incident("open", "before")
        with subprocess.Popen([PROGRAM, "--json", "log", "--follow"], env=self.env, stdout=subprocess.PIPE) as log:
            self.assertEqual(json.loads(log.stdout.readline())["data"]["title"], "before")
            self.incident("open", "while it follows")
            entry = json.loads(log.stdout.readline())
            self.assertEqual((entry["id"], entry["data"]["title"]), ("INC-2", "while it follows"))
            log.send_signal(signal.SIGINT)
            self.assertEqual(log.wait(10), 0)


class Shapes(ProgramTest):
    def open_full(self):
        return self.json("open", "Full", "--severity", "sev2", "--impact", "high", "--urgency", "medium",
                         "--service", "checkout")

    def check_case(self, case):
        self.assertEqual(set(case), set(CASE))
        for name, kind in CASE.items():
            self.assertIsInstance(case[name], kind, name)
        self.assertRegex(case["opened_at"], TIME)

    def test_a_case_has_the_members_that_are_promised(self):
        case = self.open_full()
        self.check_case(case)
        self.assertEqual((case["id"], case["number"], case["priority"], case["phase"]), ("INC-1", 1, "p2", "new"))
        self.assertEqual(self.json("show", "INC-1"), case)
        self.assertEqual(self.json("show", "1"), case)
        self.assertEqual(self.json("list"), [case])

    def test_every_change_prints_the_case(self):
        self.open_full()
        changes = [("assign", "commander", "ana"), ("diagnose",), ("escalate", "--to", "x", "y"), ("examine", "a"),
                   ("resolve", "b"), ("recover", "c"), ("note", "d"), ("classify", "--severity", "sev1"), ("close",)]
        for version, (verb, *words) in enumerate(changes, 2):
            case = self.json(verb, "INC-1", *words)
            if verb == "close":
                self.assertRegex(case["closed_at"], TIME)
                case["closed_at"] = None
            self.check_case(case)
            self.assertEqual(case["version"], version)

    def test_what_is_not_known_is_null(self):
        case = self.json("open", "Bare")
        self.assertEqual([case[name] for name in ("severity", "priority", "impact", "urgency", "service", "category")],
                         [None] * 6)
        self.assertEqual(case["roles"], {})

    def test_timeline_is_an_array_of_events(self):
        self.open_full()
        self.incident("--at", "2026-01-02T03:04:05Z", "note", "INC-1", "seen before")
        events = self.json("timeline", "INC-1")
        for seq, event in enumerate(events, 1):
            self.assertEqual(list(event), ["seq", "occurred_at", "recorded_at", "actor", "kind", "data"])
            self.assertEqual((event["seq"], event["actor"]), (seq, "ana"))
            self.assertIsInstance(event["data"], dict)
        self.assertEqual(events[1]["occurred_at"], "2026-01-02T03:04:05.000000Z")
        self.assertGreater(events[1]["recorded_at"], events[1]["occurred_at"])

    def test_next_is_an_array_of_options(self):
        case = self.open_in("recovered")
        options = {option["verb"]: option for option in self.json("next", case, "--as", "bo")}
        self.assertLessEqual({"verb", "to", "allowed", "why"}, set(options["close"]))
        self.assertEqual((options["close"]["to"], options["close"]["allowed"]), ("closed", False))
        self.assertIn("commander (“ana”)", options["close"]["why"][0])
        self.assertEqual((options["reopen"]["allowed"], options["reopen"]["why"]), (True, []))
        self.assertRegex(self.text("next", case), r"(?m)^close +allowed +closed")

    def test_lifecycle_has_a_table_two_drawings_and_data(self):
        self.assertRegex(self.text("lifecycle"), r"(?m)^recover +recovered +evidence +resolution$")
        self.assertIn("digraph", self.text("lifecycle", "--format", "dot"))
        self.assertIn("stateDiagram", self.text("lifecycle", "--format", "mermaid"))
        self.assertEqual(self.json("lifecycle"), json.loads(self.text("lifecycle", "--format", "json")))
        self.incident("lifecycle", "--format", "png", status=2)

    def test_list_selects_and_pages(self):
        for number in range(1, 6):
            self.incident("open", f"Case {number}", "--service", "ab"[number % 2])
        self.incident("cancel", "INC-3", "none")
        ids = lambda *words: [case["number"] for case in self.json("list", *words)]
        self.assertEqual(ids(), [5, 4, 3, 2, 1])
        self.assertEqual(ids("--open"), [5, 4, 2, 1])
        self.assertEqual(ids("--phase", "cancelled"), [3])
        self.assertEqual(ids("--service", "b"), [5, 3, 1])
        self.assertEqual(ids("--since", "2100-01-01T00:00:00Z"), [])
        self.assertEqual(ids("--since", "2000-01-01T00:00:00+01:00"), [5, 4, 3, 2, 1])
        self.assertEqual(ids("--limit", "2"), [5, 4])
        self.assertEqual(ids("--limit", "2", "--before", "INC-4"), [3, 2])
        done = subprocess.run([PROGRAM, "list", "--limit", "2"], env=self.env, capture_output=True, check=True)
        self.assertEqual(len(done.stdout.splitlines()), 3)
        self.assertIn(b"--before INC-4", done.stderr)
        for words in (["--limit", "0"], ["--limit", "many"], ["--since", "monday"], ["--before", "x"]):
            self.incident("list", *words, status=2)


class Help(ProgramTest):
    def test_help_lists_the_verbs_and_each_explains_itself(self):
        text = self.text("--help")
        listed = re.findall(r"(?m)^  ([a-z-]+) ", text[text.index("Verbs:"):])
        # Only what was built with libsoup can listen.
        built = [verb for verb in VERBS if verb != "serve" or verb in listed]
        self.assertEqual(listed, built)
        for verb in built:
            self.assertIn(f"incident {verb} ", self.text(verb, "--help"))
        self.assertRegex(self.text("--version"), r"^incident \d+\.\d+\.\d+\n$")

    def test_completions_and_manual_know_the_same_verbs(self):
        examples = TOP / "examples"
        completions = examples / "completions"
        bash = re.search(r"verbs='([^']*)'", (completions / "incident.bash").read_text())[1].split()
        zsh = re.findall(r"(?m)^    '([a-z-]+):", (completions / "_incident").read_text())
        fish = re.findall(r"needs_verb -a ([a-z-]+)", (completions / "incident.fish").read_text())
        manual = re.findall(r"(?m)^\.TP\n\\fB([a-z-]+)\\fR", (examples / "incident.1").read_text().replace(r"\-", "-"))
        for listed in (bash, zsh, fish, manual):
            self.assertEqual(sorted(listed), sorted(VERBS))

    def test_global_options_stand_before_or_after_the_verb(self):
        self.incident("open", "x")
        before = self.json("--as", "bo", "--at", "2026-01-01T00:00:00Z", "note", "INC-1", "a")
        after = json.loads(self.text("note", "INC-1", "b", "--json", "--as=cy", "--at", "2026-01-01T00:00:00Z"))
        self.assertEqual((before["version"], after["version"]), (2, 3))
        self.assertEqual([event["actor"] for event in self.json("timeline", "INC-1")], ["ana", "bo", "cy"])

    def test_what_follows_two_dashes_is_no_option(self):
        self.incident("open", "--", "--json")
        self.assertEqual(self.json("show", "INC-1")["title"], "--json")


class Together(ProgramTest):
    def test_two_resolve_at_once_and_one_wins(self):
        for _ in range(5):
            case = self.open_in("diagnosis")
            processes = [subprocess.Popen([PROGRAM, "--as", person, "resolve", case, f"by {person}"], env=self.env,
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                         for person in ("ana", "bo")]
            statuses = sorted(process.wait(30) for process in processes)
            self.assertIn(statuses, ([0, 3], [0, 5]))
            self.assertEqual(self.kinds(case).count("resolved"), 1)

    def test_many_write_at_once_and_nothing_is_lost(self):
        self.incident("open", "Busy")
        processes = [subprocess.Popen([PROGRAM, "note", "INC-1", str(n)], env=self.env, stdout=subprocess.DEVNULL)
                     for n in range(20)]
        self.assertEqual([process.wait(30) for process in processes], [0] * 20)
        texts = {event["data"].get("text") for event in self.json("timeline", "INC-1")}
        self.assertLessEqual({str(n) for n in range(20)}, texts)


if __name__ == "__main__":
    unittest.main()
