#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The story goes on: two desks at one store, alerts, hostile words, and the same story told twice."""
import json
import pathlib
import tempfile
import unittest
from datetime import timedelta

import test_story as story
from gi.repository import Incident

ALERTS = pathlib.Path(__file__).parent.parent / "conformance" / "alertmanager"


class TwoDesks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "incidents.db"
        self.here, self.there = Incident.Desk.open(self.path), Incident.Desk.open(self.path)

    def tearDown(self):
        del self.here, self.there

    def test_both_write_and_both_see_all(self):
        mine = self.here.open_case("Checkout answers 500", actor="ana")
        theirs = self.there[1]
        for i in range(10):
            mine.note(f"mine {i}", actor="ana")
            theirs.note(f"theirs {i}", actor="bo")
        self.here.refresh()
        self.there.refresh()
        self.assertEqual(mine.to_json(), theirs.to_json())
        self.assertEqual(list(mine.timeline), list(theirs.timeline))
        self.assertEqual(mine.version, 21)

    def test_the_slower_is_judged_by_what_the_quicker_did(self):
        mine = self.here.open_case("Checkout answers 500", actor="ana")
        theirs = self.there[1]
        theirs.cancel("a test", actor="bo")
        self.assertEqual(mine.phase, "new")
        told = []
        mine.connect("event-recorded", lambda case, event: told.append((event.kind, case.phase, len(case.timeline))))
        with self.assertRaises(Incident.Refused) as caught:
            mine.diagnose("error rate 31 %", actor="ana")
        self.assertEqual(caught.exception.codes, ["wrong-phase"])
        self.assertEqual(mine.phase, "cancelled")
        self.here.refresh()
        self.assertEqual(told, [("cancelled", "cancelled", 2)])
        self.assertEqual(list(mine.timeline), list(theirs.timeline))

    def test_no_answer_is_of_yesterday(self):
        mine = self.here.open_case("Checkout answers 500", actor="ana")
        mine.assign("commander", "ana", actor="ana")
        theirs = self.there[1]
        theirs.diagnose("error rate 31 %", actor="bo")
        mine.escalate("payments", "needs a database owner", actor="ana")
        theirs.assign("commander", "bo", actor="bo")
        mine.assign("commander", "ana", actor="ana")
        self.assertEqual(self.there[1].commander, "ana")
        theirs.assign("commander", "bo", actor="bo")
        self.assertEqual({option.verb: option.allowed for option in self.here[1].next("bo")}["resolve"], True)
        theirs.resolve("rolled back", actor="bo")
        mine.recover("error rate 0.1 %", actor="ana")
        theirs.close(actor="bo")
        with self.assertRaises(Incident.Refused) as caught:
            mine.close(actor="ana")
        self.assertEqual(caught.exception.codes, ["wrong-phase", "not-permitted"])

    def test_what_was_seen_here_is_stale_there(self):
        mine = self.here.open_case("Checkout answers 500", actor="ana")
        self.there[1].diagnose("error rate 31 %", actor="bo")
        with self.assertRaises(Incident.Refused) as caught:
            mine.cancel("a test", actor="ana", seen=1)
        self.assertEqual(caught.exception.codes, ["stale-view"])

    def test_refresh_tells_of_what_others_did(self):
        mine = self.here.open_case("Checkout answers 500", actor="ana")
        told = []
        mine.connect("event-recorded", lambda case, event: told.append((case, event.kind)))
        mine.connect("notify::phase", lambda case, _: told.append((case, case.phase)))
        self.there[1].diagnose("error rate 31 %", actor="bo")
        self.assertEqual(told, [])
        self.here.refresh()
        self.assertEqual(told, [(mine, "diagnosis"), (mine, "diagnosed")])


class Alerts(story.Story):
    def take_in(self, name):
        receipts = self.desk.ingest((ALERTS / f"alertmanager-live-{name}.json").read_bytes(), actor="alertmanager")
        for receipt in receipts:
            self.assertEqual((receipt.case_number, receipt.error), (1, None), receipt.why)
            self.assertTrue(receipt.alert and receipt.outcome and receipt.why)
            self.assertEqual(receipt.to_dict()["outcome"], receipt.outcome)
        return len(receipts), self.desk[1].firing_alerts

    def test_a_group_is_one_case(self):
        self.assertEqual(self.take_in("1"), (1, 1))
        case = self.desk[1]
        self.assertEqual((case.phase, case.service, case.timeline[0].actor), ("new", "orders-db", "alertmanager"))
        mild = case.severity
        self.assertEqual(self.take_in("2"), (3, 3))
        self.assertLess(case.severity, mild)
        self.assertEqual(self.take_in("2b-partial-resolve"), (3, 2))
        self.assertEqual(self.take_in("3"), (2, 0))
        self.assertEqual(len(list(self.desk.cases())), 1)
        self.assertIn("Диск db-2 заполнится через 4 ч 🙂", json.dumps(case.to_dict(), ensure_ascii=False)
                      + "".join(str(event.data) for event in case.timeline))
        self.assertTrue(case.open)

    def test_the_same_message_twice_changes_nothing(self):
        self.take_in("2")
        before = self.desk[1].to_json()
        self.take_in("2")
        self.assertEqual(self.desk[1].to_json(), before)

    def test_a_person_s_severity_stays(self):
        self.take_in("1")
        self.desk[1].classify(actor="ana", severity="sev5")
        self.take_in("2")
        self.assertEqual(self.desk[1].severity, Incident.Severity.SEV5)

    def test_bytes_text_and_dicts_are_the_same(self):
        body = (ALERTS / "alertmanager-live-2.json").read_bytes()
        for form in (body, body.decode(), json.loads(body)):
            self.assertEqual(len(self.desk.ingest(form, "alertmanager", actor="alertmanager")), 3)
        self.assertEqual(self.desk.store.get_size(), self.desk[1].version)

    def test_garbage_is_invalid(self):
        for body in (b"", b"{", b"[]", b'{"alerts":5}', b"\xff\xfe", b"[" * 100000):
            with self.subTest(body[:10]), self.assertRaises(Incident.Invalid):
                self.desk.ingest(body, actor="alertmanager")
        with self.assertRaises(Incident.Invalid):
            self.desk.ingest(b"{}", "smoke-signals", actor="alertmanager")
        self.assertEqual(self.desk.store.get_size(), 0)


class HostileWords(unittest.TestCase):
    WORDS = ['<script>alert(1)</script>', "'; DROP TABLE cases; --", "| a | b |\n|---|---|", "\u202egnp.exe", "🙂" * 100,
             "a\r\nb\tc\u2028d", "\x1b[31mred\x1b[0m", "e\u0301", "\\\"/\b\f", "{\"phase\":\"closed\"}", "phase=closed",
             "“close” refused: wrong-phase: no", "x" * 10000]

    def test_survive_as_they_are(self):
        with tempfile.TemporaryDirectory() as folder:
            desk = Incident.Desk.open(pathlib.Path(folder) / "incidents.db")
            for words in self.WORDS:
                case = desk.open_case(words, actor="ana", text=words)
                case.note(words, actor="ana")
            desk = case = None
            desk = Incident.Desk.open(pathlib.Path(folder) / "incidents.db")
            for words, case in zip(reversed(self.WORDS), desk.cases(), strict=True):
                self.assertEqual((case.title, case.phase), (words, "new"))
                self.assertEqual([event.text for event in case.timeline], [words, words])
                self.assertEqual(case.to_dict()["title"], words)
                self.assertNotIn("<script>", case.report(Incident.ReportKind.PROBLEM).to_html())
                self.assertTrue(repr(case).isprintable() and repr(case.timeline[0]).isprintable())
            desk = case = None


class Determinism(unittest.TestCase):
    def tell(self, seed):
        clock = Incident.ManualClock(story.START, seed=seed)
        desk = Incident.Desk(clock=clock)
        for phase in story.PHASES:
            case = desk.open_case(f"to {phase}", actor="ana")
            case.assign("commander", "ana", actor="ana")
            for verb in story.WAY_TO[phase]:
                clock.advance(timedelta(minutes=7))
                case.act(verb, actor="ana", **story.ARGUMENTS[verb])
        desk.ingest((ALERTS / "alertmanager-live-2.json").read_bytes(), actor="alertmanager")
        return [event.leaf_hash for event in desk.events()]

    def test_the_same_seed_tells_the_same_story(self):
        self.assertEqual(self.tell(1), self.tell(1))
        self.assertFalse(set(self.tell(1)) & set(self.tell(2)))


if __name__ == "__main__":
    unittest.main()
