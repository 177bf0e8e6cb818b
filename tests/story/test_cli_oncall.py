#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Being on call, as people see to it at the command line: schedules, changes of them, pages, and what would happen."""
import datetime
import json
import sqlite3
import unittest

from cli import ProgramTest
from outbox import Outbox
from serve import ServerTest, wait_until

MONDAY = "2026-11-23T07:00:00Z"  # an hour before ana takes over from bo, as Madrid's clocks show it
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def hours_from_now(hours):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:00Z")


class OnCall(Outbox, ProgramTest):
    """ana and bo take turns by the week; carmen is there in office hours; dan cannot be reached."""

    def setUp(self):
        super().setUp()
        self.use_playbook()

    def use_playbook(self, **members):
        return super().use_playbook(**{**self.rules(), **members})

    def rules(self):
        rotation = {"start": "2026-01-05T09:00", "unit": "week"}
        return {
            "people": {"ana": {"zone": "Europe/Madrid", "pages": [{"by": "bell", "to": "ana-phone"}]},
                       "bo": {"zone": "Europe/Madrid", "pages": [{"by": "bell", "to": "bo-phone"}]},
                       "carmen": {"pages": [{"by": "bell", "to": "carmen-phone"}]}, "dan": {}},
            "roles": {}, "audiences": {}, "status-page": {"title": "Our services", "services": {"checkout": "Paying"}},
            "channels": {"bell": {"kind": "command", "run": [self.write_program("bell", self.bell())], "events": []}},
            "schedules": {
                "office": {"title": "Office hours", "zone": "Europe/Madrid", "layers": [
                    {"name": "day", "people": ["carmen"], "only": [{"weekdays": WEEKDAYS, "from": "09:00", "until": "17:00"}]}],
                    "wanted-gaps": [{"weekdays": ["saturday", "sunday"], "from": "00:00", "until": "00:00"}]},
                "weekly": {"zone": "Europe/Madrid", "layers": [{"name": "turns", "people": ["ana", "bo"], "rotation": rotation}]},
            },
            "policies": {
                "main": {"steps": [{"name": "first", "page": [{"schedule": "weekly"}], "wait": "10m"},
                                   {"name": "second", "page": [{"person": "carmen"}, {"person": "dan"}], "wait": "10m"}],
                         "repeat": 1},
                "office": {"steps": [{"name": "only", "page": [{"schedule": "office"}], "wait": "5m"}]},
            },
            "escalation": {"start": [{"policy": "main"}]},
        }

    def bell(self):
        return "#!/bin/sh\nfolder={folder}\ncat >> $folder/rung\n"

    def changes(self):
        """How many entries the journal of who is on call has."""
        with sqlite3.connect(self.db) as db:
            return db.execute("SELECT count(*) FROM roster").fetchone()[0]

    def paged(self):
        return [heard for heard in self.rung() if heard["kind"] == "page"]

    def override(self, *words, **options):
        return self.text("override", *words, **options).strip()

    def people(self, schedule, at):
        now, = self.json("oncall", "--schedule", schedule, "--at", at)
        return now["now"]["people"]


class Schedules(OnCall):
    def test_who_is_on_call_and_who_comes_next(self):
        office, weekly = self.json("oncall", "--at", MONDAY)
        self.assertEqual((office["schedule"], office["title"], office["zone"], office["at"]),
                         ("office", "Office hours", "Europe/Madrid", "2026-11-23T07:00:00.000000Z"))
        self.assertEqual((office["now"]["people"], office["next"]["people"]), ([], ["carmen"]))
        self.assertEqual(weekly["now"], {"from": "2026-11-23T07:00:00.000000Z", "until": "2026-11-23T08:00:00.000000Z",
                                         "people": ["bo"], "layer": "turns", "override": None, "wanted_gap": False})
        self.assertEqual((weekly["next"]["from"], weekly["next"]["people"]), ("2026-11-23T08:00:00.000000Z", ["ana"]))
        self.assertRegex(self.text("oncall", "--at", MONDAY),
                         r"(?m)^weekly +bo +turns +2026-11-23 08:00:00 \+00:00 +ana$")

    def test_without_a_time_it_is_now(self):
        weekly, = self.json("oncall", "--schedule", "weekly")
        self.assertLess(abs((datetime.datetime.fromisoformat(weekly["at"][:-1])
                             - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)).total_seconds()), 60)
        self.assertIn(weekly["now"]["people"], (["ana"], ["bo"]))

    def test_the_shifts_of_a_time_follow_one_another(self):
        weekly, = self.json("oncall", "--schedule", "weekly", "--from", MONDAY, "--until", "2026-12-07T09:00:00Z")
        self.assertEqual((weekly["from"], weekly["until"]), ("2026-11-23T07:00:00.000000Z", "2026-12-07T09:00:00.000000Z"))
        self.assertEqual([(shift["from"][5:16], shift["people"]) for shift in weekly["shifts"]],
                         [("11-23T07:00", ["bo"]), ("11-23T08:00", ["ana"]), ("11-30T08:00", ["bo"]), ("12-07T08:00", ["ana"])])
        again, = self.json("oncall", "--schedule", "weekly", "--at", MONDAY, "--for", "14d")
        self.assertEqual(again["shifts"][:2], weekly["shifts"][:2])
        lines = self.text("oncall", "--from", MONDAY, "--for", "2h").splitlines()
        self.assertEqual([line.split()[-1] for line in lines[1:]], ["nobody", "carmen", "bo", "ana"])

    def test_gaps_are_told_and_wanted_ones_apart(self):
        office, weekly = self.json("oncall", "--gaps", "--from", "2026-11-27T00:00:00Z", "--for", "4d")
        self.assertEqual(weekly["gaps"], [])
        self.assertEqual([(gap["from"][8:16], gap["wanted_gap"]) for gap in office["gaps"]],
                         [("27T00:00", False), ("27T16:00", False), ("27T23:00", True), ("29T23:00", False), ("30T16:00", False)])
        self.assertIn("nobody, as wanted", self.text("oncall", "--gaps", "--from", "2026-11-27T00:00:00Z", "--for", "4d"))
        self.assertEqual(self.text("oncall", "--gaps", "--schedule", "weekly"), "There are no gaps\n")

    def test_pictures_and_calendars(self):
        picture = self.text("oncall", "--calendar", "--from", MONDAY, "--for", "7d")
        self.assertIn("carmen", picture)
        self.assertLessEqual(max(map(len, picture.splitlines())), 80)
        self.assertEqual(self.json("oncall", "--calendar", "--from", MONDAY, "--for", "7d"), {"calendar": picture})
        span = ["--schedule", "weekly", "--from", MONDAY, "--for", "7d"]
        self.assertRegex(self.text("oncall", "--svg", *span), r"\A<svg [^>]*>")
        self.assertEqual(list(self.json("oncall", "--svg", *span)), ["svg"])
        calendar = self.text("oncall", "--ical", *span)
        self.assertEqual(calendar.count("BEGIN:VEVENT"), 2)
        self.assertIn("SUMMARY:ana\r\n", calendar)
        for view in ("--svg", "--ical"):
            self.assertIn("--schedule", self.error("oncall", view, status=2)["message"])

    def test_a_calendar_that_was_written_is_read_again(self):
        calendar = self.text("oncall", "--ical", "--schedule", "weekly", "--for", "28d")
        (self.folder / "shifts.ics").write_text(calendar)
        first = self.text("oncall", "import", "shifts.ics", "--schedule", "office").strip()
        self.assertIn("feed", self.override("list"))
        made = self.json("oncall", "import", "--schedule", "office", stdin=calendar.encode())
        self.assertEqual((made["override"]["kind"], made["warnings"]), ("feed", []))
        self.assertNotEqual(str(made["override"]["id"]), first)
        self.assertLessEqual({shift["person"] for shift in made["override"]["shifts"]}, {"ana", "bo"})
        self.assertEqual(self.error("oncall", "import", "--schedule", "office", stdin=b"junk", status=1)["where"], "text")
        self.error("oncall", "import", "missing.ics", "--schedule", "office", status=1)
        # One without an end.
        self.assertIn("more than 16777216 bytes",
                      self.error("oncall", "import", "/dev/zero", "--schedule", "office", status=1)["message"])
        self.error("oncall", "import", "shifts.ics", status=2)
        self.error("oncall", "import", "shifts.ics", "--schedule", "night", status=4)

    def test_a_playbook_without_schedules_says_so(self):
        self.use_playbook(schedules={}, policies={}, escalation={})
        self.assertEqual(self.json("oncall"), [])
        self.assertEqual(self.text("oncall"), "The playbook has no schedules\n")

    def test_who_is_on_call_more(self):
        load = self.json("oncall", "--load", "--from", MONDAY, "--for", "7d")
        people = {person["person"]: person for person in load["people"]}
        self.assertEqual(people["ana"]["hours"], {"is": 167, "expected": 84})
        self.assertRegex(self.text("oncall", "--load", "--from", MONDAY, "--for", "7d"), r"(?m)^bo +1/84 ")
        then, now = (datetime.datetime.fromisoformat(self.json("oncall", "--load")[name][:-1]) for name in ("from", "until"))
        self.assertEqual((now - then).days, 28)

    def test_a_proof_finds_the_gap(self):
        words = ["--from", MONDAY, "--for", "7d"]
        proof = self.json("oncall", "--prove", "office", *words)
        self.assertFalse(proof["proven"])
        policy, = proof["policies"]
        self.assertEqual((policy["policy"], policy["uncovered"][0]["from"]), ("office", "2026-11-23T07:00:00.000000Z"))
        self.assertIn("Policy “office” is not proven", self.text("oncall", "--prove", "office", *words))
        self.assertRegex(self.text("oncall", "--prove=office", *words),
                         r"(?m)^nobody is reached +office +2026-11-23 07:00:00 \+00:00 +2026-11-23 08:00:00 \+00:00 ")
        proof = self.json("oncall", "--prove", "main", *words)
        self.assertTrue(proof["proven"])
        self.assertEqual(proof["no-contact"], ["dan"])
        self.assertRegex(self.text("oncall", *words, "--prove"), "(?s)“main” always reaches.*“office” is not proven.*dan")
        self.error("oncall", "--prove", "night", status=4)

    def test_rules_that_are_tried_are_not_put_in_force(self):
        self.incident("oncall")
        before = self.changes()
        new = self.use_playbook(policies={"night": {"steps": [{"page": [{"person": "bo"}], "wait": "5m"}]}},
                                escalation={"start": [{"policy": "night"}]})
        new.rename(self.folder / "new.json")
        self.use_playbook()
        self.assertTrue(self.json("oncall", "--prove", "night", "--playbook", self.folder / "new.json")["proven"])
        simulated = self.json("--playbook", self.folder / "new.json", "simulate", "--title", "Disk full", "--from", MONDAY)
        self.assertEqual({page["person"] for page in simulated["pages"]}, {"bo"})
        self.json("--playbook", self.folder / "new.json", "simulate", "replay")
        self.assertEqual(self.changes(), before)


class Overrides(OnCall):
    def test_people_are_added_removed_and_replaced(self):
        span = ["--from", "2100-01-04T10:00:00Z", "--for", "2h"]
        at = "2100-01-04T11:00:00Z"
        there, = self.people("weekly", at)
        other = {"ana": "bo", "bo": "ana"}[there]

        added = self.override("add", "weekly", "carmen", *span, "--reason", "the launch")
        self.assertEqual(sorted(self.people("weekly", at)), sorted([there, "carmen"]))
        self.override("withdraw", added)
        self.assertEqual(self.people("weekly", at), [there])

        removed = self.override("remove", "weekly", there, *span)
        self.assertEqual(self.people("weekly", at), [])
        self.override("withdraw", removed)

        replaced = self.json("override", "replace", "weekly", there, "--by", other, *span)
        self.assertEqual((replaced["kind"], replaced["state"], replaced["person"], replaced["substitute"], replaced["actor"]),
                         ("replace", "in-force", there, other, "ana"))
        self.assertEqual(self.people("weekly", at), [other])
        weekly, = self.json("oncall", "--schedule", "weekly", *span)
        self.assertEqual([shift["override"] for shift in weekly["shifts"]], [replaced["id"]])

        listed = self.json("override", "list")
        self.assertEqual([override["id"] for override in listed], [replaced["id"]])
        self.assertEqual(self.json("override"), listed)
        self.assertEqual(len(self.json("override", "list", "--all")), 3)
        self.assertEqual(self.json("override", "show", replaced["id"]), replaced)
        self.assertEqual(self.json("override", "list", "--schedule", "office"), [])
        self.assertRegex(self.text("override", "list", "--all"), r"(?m) carmen .* the launch$")

    def test_what_begins_now_counts_now(self):
        self.override("add", "office", "dan", "--for", "3h")
        now, = self.json("oncall", "--schedule", "office")
        self.assertIn("dan", now["now"]["people"])

    def test_a_swap_is_offered_and_a_part_of_it_taken(self):
        swap = self.override("swap", "weekly", "--from", "2100-01-04T00:00:00Z", "--for", "28d")
        self.assertEqual(self.json("override", "show", swap)["person"], "ana")
        self.assertEqual(self.error("override", "take", swap, status=3)["code"], "refused")
        taken = self.json("--as", "bo", "override", "take", swap, "--until", "2100-01-18T00:00:00Z")
        self.assertEqual((taken["state"], taken["substitute"], taken["until"]), ("taken", "bo", "2100-01-18T00:00:00.000000Z"))
        states = [(override["state"], override["from"][:10]) for override in self.json("override")]
        self.assertEqual(states, [("taken", "2100-01-04"), ("open", "2100-01-18")])
        self.error("--as", "carmen", "override", "take", swap, status=3)

    def test_a_temporary_schedule_has_gaps_of_its_own(self):
        made = self.json("override", "temporary", "weekly", "--from", "2100-01-01T00:00:00Z", "--until", "2100-01-02T00:00:00Z",
                         "--shift", "ana=2100-01-01T08:00:00Z/2100-01-01T12:00:00Z",
                         "--shift", "bo=2100-01-01T12:00:00+01:00/2100-01-01T20:00:00+01:00")
        self.assertEqual([shift["person"] for shift in made["shifts"]], ["ana", "bo"])
        weekly, = self.json("oncall", "--schedule", "weekly", "--from", "2100-01-01T00:00:00Z", "--for", "1d")
        self.assertEqual([(shift["from"][11:16], sorted(shift["people"])) for shift in weekly["shifts"]],
                         [("00:00", []), ("08:00", ["ana"]), ("11:00", ["ana", "bo"]), ("12:00", ["bo"]), ("19:00", [])])

    def test_two_that_name_one_person_do_not_overlap(self):
        self.override("add", "weekly", "carmen", "--for", "4h")
        self.assertIn("overlap", self.error("override", "add", "weekly", "carmen", "--for", "2h", status=3)["message"])
        self.assertEqual(len(self.json("override")), 1)


class Pages(OnCall):
    def send(self):
        self.incident("escalate-due")
        self.incident("outbox", "send")

    def test_a_page_goes_out_and_is_acknowledged(self):
        there, = self.json("oncall", "--schedule", "weekly")[0]["now"]["people"]
        self.incident("open", "Checkout answers 500", "--severity", "sev1")
        self.assertIsNotNone(self.json("escalate-due")["next"])
        self.incident("outbox", "send")
        page, = self.paged()
        self.assertEqual((page["case"], page["recipients"], page["page"]["person"]), ("INC-1", [f"{there}-phone"], there))
        self.assertIn("incident ack INC-1", json.dumps(page["fields"]))

        self.incident("--as", there, "ack", "INC-1")
        self.assertIsNone(self.json("escalate-due")["next"])
        self.assertEqual(self.text("escalate-due"), "Nothing more is due\n")
        self.assertIn("escalation-acknowledged", self.kinds("INC-1"))
        self.assertEqual(len(self.paged()), 1)

        self.incident("--as", there, "unack", "INC-1")
        self.assertRegex(self.text("escalate-due"), r"^The next is due at \d{4}-")
        self.incident("outbox", "send")
        self.assertEqual([page["page"]["reason"] for page in self.paged()], ["step", "unack"])

    def test_to_look_again_pages_nobody_twice(self):
        self.incident("open", "Checkout answers 500")
        for _ in range(3):
            self.send()
        self.assertEqual(len(self.paged()), 1)

    def test_a_snooze_holds_until_it_is_ended(self):
        self.incident("open", "Checkout answers 500")
        self.send()
        self.incident("snooze", "INC-1", "2h", "waiting for the vendor")
        due = self.json("escalate-due")["next"]
        self.assertGreater(due, hours_from_now(1.9))
        self.incident("wake", "INC-1")
        self.assertLess(self.json("escalate-due")["next"], hours_from_now(0.5))
        self.incident("snooze", "INC-1", "soon", status=2)
        self.incident("snooze", "INC-1", status=2)

    def test_somebody_is_paged_directly(self):
        self.incident("open", "Checkout answers 500")
        self.send()
        self.incident("page", "INC-1", "--to", "carmen", "needs a database owner")
        self.send()
        self.assertEqual(self.paged()[-1]["recipients"], ["carmen-phone"])
        self.assertEqual(self.paged()[-1]["page"]["reason"], "direct")
        self.assertEqual(self.error("page", "INC-1", "who?", status=3)["code"], "refused")

    def test_why_one_was_paged_and_another_was_not(self):
        there, = self.json("oncall", "--schedule", "weekly")[0]["now"]["people"]
        self.incident("open", "Checkout answers 500")
        self.assertEqual(self.json("why-paged", "INC-1"), [])
        self.assertEqual(self.text("why-paged", "INC-1"), "Nobody was to be paged so far\n")
        self.send()
        page, = self.json("why-paged", "INC-1")
        self.assertEqual((page["person"], page["reason"], page["sent"], page["policy"], page["step"], page["target"]),
                         (there, "step", True, "main", "first", "schedule weekly"))
        self.assertRegex(self.text("why-paged", "INC-1"), rf"(?m) {there} +yes +step +{there} was paged at ")

        answer = self.json("why-paged", "INC-1", there)
        self.assertTrue(answer["paged"])
        method, = answer["pages"][0]["methods"]
        self.assertEqual((method["channel"], method["state"], method["recipient"]), ("bell", "sent", f"{there}-phone"))
        self.assertRegex(self.text("why-paged", "INC-1", there), r"(?m)^\d+ +sent +bell ")
        self.assertFalse(self.json("why-paged", "INC-1", "dan")["paged"])
        self.assertRegex(self.text("why-paged", "INC-1", "dan"), r"\Adan was not paged: ")
        self.error("why-paged", "INC-9", status=4)
        self.error("why-paged", "INC-9", "ana", status=4)
        self.error("why-paged", "ana", status=2)

    def test_an_escalation_moves_to_the_policy_as_it_is_now(self):
        self.incident("open", "Checkout answers 500")
        self.send()
        self.incident("move-runs", "INC-1", status=3)
        self.use_playbook(policies={"main": {"steps": [{"name": "first", "page": [{"person": "carmen"}], "wait": "1m"}]},
                                    "office": {"steps": [{"name": "only", "page": [{"schedule": "office"}], "wait": "5m"}]}})
        self.incident("move-runs", "INC-1")
        self.incident("escalate-due")
        self.assertIn("escalation-moved", self.kinds("INC-1"))


class Simulations(OnCall):
    def run_twice(self, *words, **options):
        first, second = (self.incident("--json", "simulate", *words, **options).stdout for _ in range(2))
        self.assertEqual(first, second)
        return json.loads(first)

    def test_the_same_question_gets_the_same_bytes(self):
        answer = self.run_twice("--severity", "sev1", "--from", "2026-11-23T07:55:00Z", "--for", "72h")
        self.assertEqual([(page["at"][11:16], page["person"], page["reason"]) for page in answer["pages"]],
                         [("07:55", "bo", "step"), ("08:05", "carmen", "step"), ("08:15", "ana", "repeat"), ("08:25", "carmen", "repeat")])
        self.assertEqual([(page["person"], page["reason"]) for page in answer["not-paged"]], [("dan", "no-contact")] * 2)
        self.assertEqual(answer["ends"]["state"], "exhausted")
        self.assertEqual((answer["from"], answer["until"]), ("2026-11-23T07:55:00.000000Z", "2026-11-26T07:55:00.000000Z"))
        text = self.text("simulate", "--severity", "sev1", "--from", "2026-11-23T07:55:00Z", "--for", "72h")
        self.assertRegex(text, r"(?m)^2026-11-23 07:55:00 \+00:00 +bo +bell +main +1 +0 +step +schedule weekly$")
        self.assertRegex(text, r"(?m)^2026-11-23 08:05:00 \+00:00 +dan +2 +0 +no-contact +person dan$")
        self.assertRegex(text, r"(?m)^It ends at 2026-11-23 08:35:00 \+00:00: exhausted$")
        self.assertEqual((self.json("outbox", "list", "--all"), self.json("list")), ([], []))

    def test_a_case_is_taken_as_it_is(self):
        self.incident("open", "Checkout answers 500")
        before = self.kinds("INC-1")
        self.assertEqual(self.json("simulate", "--case", "INC-1")["pages"][0]["reason"], "step")
        self.assertEqual(self.json("simulate", "--case", "1", "--for", "1h")["ends"]["state"], "exhausted")
        self.assertEqual(self.kinds("INC-1"), before)
        self.incident("escalate-due")
        self.incident("ack", "INC-1")
        self.incident("escalate-due")
        self.assertEqual(self.json("simulate", "--case", "INC-1")["pages"], [])
        self.assertIn("Nobody is paged", self.text("simulate", "--case", "INC-1"))

    def test_a_scenario_says_all_that_happens(self):
        scenario = {"case": {"title": "Disk full"}, "from": MONDAY, "for": "2h",
                    "events": [{"at": "+5m", "acknowledge": "bo"}, {"at": "+20m", "unacknowledge": "bo"}]}
        (self.folder / "night.json").write_text(json.dumps(scenario))
        answer = self.run_twice("--scenario", "night.json")
        self.assertEqual([page["reason"] for page in answer["pages"]][:2], ["step", "unack"])
        self.assertEqual(self.run_twice("--scenario", "-", stdin=json.dumps(scenario).encode()), answer)
        scenario["events"][0]["acknowledge"] = 7
        (self.folder / "night.json").write_text(json.dumps(scenario))
        self.assertEqual(self.error("simulate", "--scenario", "night.json", status=1)["where"], "/events/0/acknowledge")

    def test_what_was_is_replayed_under_other_rules(self):
        self.incident("open", "Checkout answers 500")
        self.incident("escalate-due")
        new = self.use_playbook(escalation={})
        new.rename(self.folder / "new.json")
        self.use_playbook()
        was = self.json("simulate", "replay", "--for", "1h")
        self.assertEqual([case["case"] for case in was["cases"]], ["INC-1"])
        self.assertEqual(was["sum"]["would-be"]["pages"], 1)
        would = self.json("simulate", "replay", "--for", "1h", "--playbook", self.folder / "new.json")
        self.assertEqual((would["sum"]["was"]["pages"], would["sum"]["would-be"]["pages"]), (1, 0))
        self.assertRegex(self.text("simulate", "replay", "--for", "1h"), r"(?m)^INC-1 +was +1 ")


class Words(OnCall):
    def check(self, verb, cases, status=2):
        for words, told in cases:
            with self.subTest(words=words):
                self.assertIn(told, self.error(verb, *words, status=status)["message"])

    def test_words_of_oncall_that_are_wrong(self):
        self.check("oncall", [
            (["--at", "monday"], "--at: “monday”"), (["--from", "x"], "--from: “x”"), (["--until", "x"], "--until: “x”"),
            (["--for", "week"], "--for: “week”"), (["--for", "5000d"], "--for: that is longer than ten years"),
            (["--at", MONDAY, "--from", MONDAY], "--from and --at"), (["--for", "1h", "--until", MONDAY], "--until and --for"),
            (["--until", "2020-01-01T00:00:00Z"], "--until: the end is not after the beginning"),
            (["--from", "9999-12-31T00:00:00Z"], "--from: only the years"), (["--at", "0001-01-01T00:00:00Z"], "--at: only the years"),
            (["--gaps", "--svg"], "--gaps and --svg"), (["--load", "--schedule", "weekly"], "--schedule does not go with --load"),
            (["--prove", "--schedule", "weekly"], "--schedule does not go with --prove"),
            (["--schedule", "\udcff"], "--schedule: "), (["--prove", "\udcff"], "--prove: "), (["now"], "“now”"),
            (["import", "--schedule", "weekly", "--gaps"], "--gaps does not go with"), (["import", "a", "b"], "one word too many"),
        ])
        self.check("oncall", [(["--schedule", "night"], "“night”")], status=4)

    def test_words_of_override_that_are_wrong(self):
        self.check("override", [
            (["fly"], "“fly”"), (["add", "weekly"], "override add"), (["add", "weekly", "carmen"], "--until TIME or --for"),
            (["add", "weekly", "carmen", "--for", "1h", "--by", "bo"], "--by does not go with"),
            (["add", "weekly", "carmen", "--for", "0h"], "--for: “0h”"), (["add", "weekly", "\udcff", "--for", "1h"], "UTF-8"),
            (["add", "\udcff", "carmen", "--for", "1h"], "UTF-8"), (["add", "weekly", "carmen", "--for", "1h", "--reason", "\udcff"], "--reason"),
            (["swap", "weekly", "--for", "1h", "--as", "\udcff"], "--as"),
            (["add", "weekly", "carmen", "--until", "tomorrow"], "--until: “tomorrow”"),
            (["replace", "weekly", "ana", "--for", "1h"], "substitute"),
            (["temporary", "weekly", "--for", "1d", "--shift", "ana"], "--shift: “ana”"),
            (["temporary", "weekly", "--for", "1d", "--shift", "=a/b"], "--shift"),
            (["temporary", "weekly", "--for", "1d", "--shift", "ana=a/b"], "--shift: “a”"),
            (["take", "x"], "“x”"), (["withdraw", "0"], "“0”"), (["show"], "override show"),
            (["withdraw", "1", "--for", "1h"], "--for does not go with"), (["list", "--reason", "x"], "--reason does not go with"),
        ])
        self.check("override", [(["add", "night", "carmen", "--for", "1h"], "“night”"), (["add", "weekly", "zed", "--for", "1h"], "“zed”"),
                                (["take", "7"], "7"), (["withdraw", "7"], "7"), (["show", "7"], "7"),
                                (["list", "--schedule", "night"], "“night”")], status=4)
        self.assertEqual(self.json("override", "list", "--all"), [])

    def test_words_of_simulate_that_are_wrong(self):
        self.check("simulate", [
            ([], "--case ID"), (["--case", "x"], "--case: “x”"), (["--case", "1", "--title", "x"], "--case and --title"),
            (["--scenario", "x", "--severity", "sev1"], "--scenario and --severity"), (["--scenario", "x", "--for", "1h"], "--scenario and --for"),
            (["--severity", "sev9"], "--severity: must be"), (["--title", ""], "--title: is blank"), (["--service", "x" * 300], "--service: must be"),
            (["--title", "\udcff"], "--title: "), (["--title", "x", "--for", "400d"], "--for: that is longer than a year"),
            (["--title", "x", "--until", "2020-01-01T00:00:00Z"], "--until: the end is not"), (["--title", "x", "--from", "x"], "--from: “x”"),
            (["replay", "--case", "INC-1"], "--case does not go with"), (["forward"], "“forward”"),
        ])
        self.check("simulate", [(["--case", "INC-9"], "INC-9")], status=4)
        (self.folder / "nul.json").write_bytes(b'{"case": {}}\0')
        self.check("simulate", [(["--scenario", "missing.json"], "missing.json"), (["--scenario", "nul.json"], "--scenario: ")], status=1)


class Served(OnCall, ServerTest):
    def test_a_server_pages_and_hears_of_it(self):
        there, = self.json("oncall", "--schedule", "weekly")[0]["now"]["people"]
        server = self.serve()
        self.incident("open", "Checkout answers 500")
        wait_until(self.paged, "the page")
        self.assertEqual(self.paged()[0]["recipients"], [f"{there}-phone"])
        self.incident("--as", there, "ack", "INC-1")
        wait_until(lambda: "escalation-acknowledged" in self.kinds("INC-1"), "the escalation to rest")
        self.assertEqual(len(self.paged()), 1)
        self.assertEqual(server.stop(), 0)

    def test_a_server_that_was_away_pages_once(self):
        self.serve().kill()
        self.incident("open", "Checkout answers 500")
        server = self.serve()
        wait_until(self.paged, "the page")
        self.assertEqual(server.stop(), 0)
        self.assertEqual(len(self.paged()), 1)


if __name__ == "__main__":
    unittest.main()
