#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the Python override adds."""
import array
import contextlib
import gc
import io
import json
import os
import pathlib
import pickle
import re
import tempfile
import unittest
import uuid
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import GLib, Incident

GUIDE = pathlib.Path(__file__).parent.parent.parent / "doc" / "python.md"
START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)


def open_desk(time=START, seed=1):
    clock = Incident.ManualClock(time, seed=seed)
    return Incident.Desk(clock=clock)


class Guide(unittest.TestCase):
    def test_its_code_runs(self):
        text = GUIDE.read_text(encoding="utf-8")
        blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
        self.assertGreater(len(blocks), 5)
        here, scope = os.getcwd(), {"__name__": "guide"}
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    for block in blocks:
                        exec(compile(block, "doc/python.md", "exec"), scope)
            finally:
                os.chdir(here)
            scope.clear()
            gc.collect()


class Exceptions(unittest.TestCase):
    def test_one_for_each_code(self):
        for code in Incident.Error.__enum_values__.values():
            name = code.value_nick.title().replace("-", "")
            error = getattr(Incident, name)("words")
            with self.subTest(name):
                self.assertTrue(issubclass(type(error), Incident.IncidentError) and issubclass(type(error), GLib.Error))
                self.assertEqual((error.code, error.nick, error.message, str(error)),
                                 (code, code.value_nick, "words", "words"))
                self.assertEqual(repr(error), f"Incident.{name}('words')")
                self.assertTrue(error.matches(Incident.error_quark(), code))
                self.assertTrue(type(error).__doc__)

    def test_the_domain_is_that_of_the_command_line(self):
        self.assertEqual(Incident.Refused("words").domain, "incident-error-quark")

    def test_bases(self):
        self.assertTrue(issubclass(Incident.NotFound, LookupError))
        self.assertTrue(issubclass(Incident.Invalid, ValueError))

    def test_a_code_of_a_later_version(self):
        @Incident.Severity.from_string.__globals__["_raising"]
        def call():
            raise GLib.Error("words", Incident.Refused("").domain, 4711)

        with self.assertRaises(Incident.IncidentError) as caught:
            call()
        self.assertEqual((caught.exception.code, caught.exception.nick), (4711, "failed"))

    def test_pickle_and_copy(self):
        error = Incident.Refused("“close” refused: wrong-phase: no; not-permitted: no")
        for other in (pickle.loads(pickle.dumps(error)), error.copy()):
            self.assertIs(type(other), Incident.Refused)
            self.assertEqual((other.codes, other.code, other.message),
                             (["wrong-phase", "not-permitted"], error.code, error.message))

    def test_raised_by_what_is_overridden_and_by_what_is_not(self):
        desk = open_desk()
        case = desk.open_case("x", actor="ana")
        for kind, call in (
                (Incident.NotFound, lambda: desk[2]),
                (Incident.NotFound, lambda: desk.get_case(2)),
                (Incident.NotFound, lambda: desk.act(2, Incident.Command("note", "ana", text="x"))),
                (Incident.Invalid, lambda: desk["case 1"]),
                (Incident.Invalid, lambda: Incident.Command("note", "ana", colour="red")),
                (Incident.Invalid, lambda: Incident.Command.new("note", "ana").set("colour", "red")),
                (Incident.Invalid, lambda: Incident.Severity.from_string("sev9")),
                (Incident.Invalid, lambda: Incident.time_from_string("yesterday")),
                (Incident.Invalid, lambda: Incident.Lifecycle.from_json("{}")),
                (Incident.Invalid, lambda: Incident.Report.from_json("{", "report.json")),
                (Incident.Refused, lambda: case.act(Incident.Command("close", "ana"))),
                (Incident.Refused, lambda: case.close(actor="ana"))):
            with self.assertRaises(kind) as caught:
                call()
            self.assertIs(type(caught.exception), kind)
            self.assertIsNone(caught.exception.__cause__)

    def test_glib_error_catches_them(self):
        with self.assertRaises(GLib.Error) as caught:
            open_desk()["INC-7"]
        self.assertIn("7", caught.exception.message)

    def test_a_file_that_is_something_else(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"Dear diary, " * 1000)
            file.flush()
            with self.assertRaises(Incident.NotAStore):
                Incident.Desk.open(file.name)

    def test_an_error_of_gio_stays_one(self):
        with self.assertRaises(GLib.Error) as caught:
            open_desk().store.backup("/nonexistent/backup.db", None)
        self.assertNotIsInstance(caught.exception, Incident.IncidentError)

    def test_words_in_a_title_forge_no_code(self):
        case = open_desk().open_case("“close” refused: stale-view: x; bad-time: x", actor="ana")
        with self.assertRaises(Incident.Refused) as caught:
            case.close(actor="ana")
        self.assertEqual(caught.exception.codes, ["wrong-phase", "not-permitted"])


class Times(unittest.TestCase):
    def test_exact_to_the_microsecond(self):
        for time in (START + timedelta(microseconds=999999), datetime(1969, 12, 31, 23, 59, 59, 999999, timezone.utc),
                     datetime(1969, 7, 20, 20, 17, 40, 1, timezone.utc), datetime(1, 1, 1, tzinfo=timezone.utc),
                     datetime(9999, 12, 31, 23, 59, 59, 999999, timezone.utc)):
            with self.subTest(str(time)):
                desk = open_desk(time)
                self.assertEqual(desk.clock.time, time)
                case = desk.open_case("x", actor="ana", at=time)
                event = case.timeline[0]
                for got in (event.occurred_at, event.recorded_at, case.opened_at, case.updated_at):
                    self.assertEqual((got, got.tzinfo), (time, timezone.utc))
                self.assertEqual(case.to_dict()["opened_at"],
                                 f"{time.year:04}-{time:%m-%dT%H:%M:%S}.{time.microsecond:06}Z")
                self.assertEqual(datetime.fromisoformat(case.to_dict()["opened_at"]), time)

    def test_what_has_not_happened(self):
        self.assertIsNone(open_desk().open_case("x", actor="ana").closed_at)

    def test_the_manual_clock(self):
        clock = Incident.ManualClock(START)
        clock.advance(timedelta(days=1, microseconds=1))
        self.assertEqual(clock.time, START + timedelta(days=1, microseconds=1))
        clock.time = START
        self.assertEqual((clock.time, clock.get_boot_time()), (START, 86400 * 10 ** 6 + 1))

    def test_naive_times_are_no_times(self):
        naive = datetime(2026, 1, 1)
        for make in (lambda: Incident.ManualClock(naive), lambda: Incident.Query(since=naive)):
            with self.assertRaisesRegex(ValueError, "zone"):
                make()


class Silences(unittest.TestCase):
    def test_it_is_made_of_matchers_and_times(self):
        silence = Incident.Silence("team=a", until=START + timedelta(hours=2), start=START, reason="moving house")
        self.assertEqual((silence.matchers, silence.starts_at, silence.ends_at, silence.reason),
                         (['{team="a"}'], START, START + timedelta(hours=2), "moving house"))
        self.assertEqual((silence.id, silence.owner, silence.interval, silence.warnings), (None, None, None, []))
        self.assertEqual([str(silence.state(START + timedelta(hours=hours))) for hours in (-1, 0, 2)],
                         ["pending", "active", "expired"])
        self.assertEqual(repr(silence), '<Incident.Silence new {team="a"}>')

    def test_several_lists_and_an_interval(self):
        silence = Incident.Silence(["team=a", '{team!="b"}'], until=START, interval="nights", reason="x")
        self.assertEqual((silence.matchers, silence.interval, silence.starts_at),
                         (['{team="a"}', '{team!="b"}'], "nights", None))
        self.assertEqual(len(silence.warnings), 1)

    def test_its_json_is_read_again(self):
        silence = Incident.Silence("team=a", until=START, reason="x")
        self.assertEqual(Incident.Silence.from_json(silence.to_dict()).to_dict(), silence.to_dict())
        self.assertEqual(silence.to_dict()["matchers"], ['{team="a"}'])

    def test_what_is_wrong_is_raised(self):
        for matchers in ("{", 'team=~".*"', []):
            with self.assertRaises(Incident.Invalid):
                Incident.Silence(matchers, until=START, reason="x")
        with self.assertRaises(Incident.Invalid):
            Incident.Silence("team=a", until=START, start=START, reason="x")
        with self.assertRaises(ValueError):
            Incident.Silence("team=a", until=datetime(2026, 1, 1), reason="x")
        with self.assertRaisesRegex(Incident.Invalid, "/ends_at"):
            Incident.Silence.from_json({"matchers": ["team=a"], "ends_at": 3, "reason": "x"})


class Desks(unittest.TestCase):
    def test_keys(self):
        desk = open_desk()
        case = desk.open_case("x", actor="ana")
        for key in (1, "1", "INC-1", "inc-1"):
            self.assertIs(desk[key], case)
            self.assertIn(key, desk)
        for key in (2, 0, -1, 2 ** 64, "INC-2", "x", "INC-x", ""):
            self.assertNotIn(key, desk)
        with self.assertRaises(LookupError):
            desk[-1]
        with self.assertRaises(TypeError):
            iter(desk)
        self.assertTrue(desk)

    def test_with(self):
        with Incident.Desk.open("memory:") as desk:
            case = desk.open_case("x", actor="ana")
        desk = None
        case.note("the case keeps its desk", actor="ana")
        with self.assertRaises(ZeroDivisionError), Incident.Desk.open("memory:"):
            1 / 0

    def test_the_store_is_closed_with_the_last_reference(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "incidents.db"
            with Incident.Desk.open(path) as desk:
                desk.open_case("x", actor="ana").note("y", actor="ana")
                store = desk.store.weak_ref()
            desk = None
            gc.collect()
            self.assertIsNone(store())
            open_files = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
                          if os.path.exists(f"/proc/self/fd/{fd}")]
            self.assertFalse([name for name in open_files if name.startswith(folder)])

    def test_paths(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a b%20c?d#e.db"
            for uri in (path, f"sqlite:{path}", str(path)):
                Incident.Desk.open(uri).open_case("x", actor="ana")
            self.assertEqual(len(list(Incident.Desk.open(path).cases())), 3)
            gc.collect()
            self.assertEqual([name for name in os.listdir(folder) if not name.startswith(path.name)], [])

    def test_pages(self):
        desk = open_desk()
        for i in range(205):
            desk.open_case(f"case {i}", actor="ana", service="checkout" if i % 2 else None)
            desk.clock.advance(timedelta(seconds=1))
        for i in (3, 4):
            desk[i].cancel("a test", actor="ana")
        numbers = lambda **filters: [case.number for case in desk.cases(**filters)]
        self.assertEqual(numbers(), list(range(205, 0, -1)))
        self.assertEqual(numbers(open=True), [n for n in range(205, 0, -1) if n not in (3, 4)])
        self.assertEqual(numbers(phase="cancelled"), [4, 3])
        self.assertEqual(numbers(service="checkout"), list(range(204, 0, -2)))
        self.assertEqual(numbers(since=START + timedelta(seconds=200)), [205, 204, 203, 202, 201])
        self.assertEqual(numbers(service="nothing"), [])
        with self.assertRaises(ValueError):
            desk.cases(since=datetime(2026, 1, 1))
        self.assertEqual(len(desk.find_cases(Incident.Query(limit=7))), 7)
        for limit in (0, 1001):
            with self.assertRaises(ValueError):
                Incident.Query(limit=limit)

    def test_the_log(self):
        desk = open_desk()
        case = desk.open_case("x", actor="ana")
        for i in range(600):
            case.note(str(i), actor="ana")
        log = list(desk.events())
        self.assertEqual([event.log_index for event in log], list(range(601)))
        self.assertEqual(log, list(case.timeline))
        self.assertEqual(list(desk.events(after=log[598])), log[599:])
        self.assertEqual(list(desk.events(after=598)), log[599:])
        self.assertEqual(list(desk.events(after=log[-1])), [])

    def test_many_cases_take_one_command_and_the_refused_is_named(self):
        desk = Incident.Desk.open("memory:")
        numbers = [desk.open_case("T", actor="ana").number for _ in range(3)]
        desk.act_many(numbers, "diagnose", actor="ana", text="one switch")
        self.assertEqual([case.phase for case in desk.cases()], ["diagnosis"] * 3)
        desk[2].cancel("a drill", actor="ana")
        with self.assertRaises(Incident.Refused) as caught:
            desk.act_many(array.array("Q", numbers), "resolve", actor="ana", text="x")
        self.assertIn("INC-2: “resolve” refused: wrong-phase", str(caught.exception))
        self.assertEqual(desk[1].version, 2)

    def test_a_batch_is_recorded_when_its_block_ends(self):
        desk = Incident.Desk.open("memory:")
        with desk.batch() as batch:
            batch.open_case("A", actor="ana", severity="sev2")
            batch.open_case("B", actor="ana")
            self.assertEqual((len(batch), list(desk.cases())), (2, []))
        self.assertEqual(list(batch.numbers), [1, 2])
        with self.assertRaises(ZeroDivisionError), desk.batch() as batch:
            batch.act(desk[1], "diagnose", actor="ana")
            raise ZeroDivisionError
        self.assertEqual(desk[1].phase, "new")

    def test_rows_and_columns_say_what_the_cases_say(self):
        desk = Incident.Desk.open("memory:")
        with desk.batch() as batch:
            for i in range(250):
                batch.open_case(f"T{i}", actor="ana", service="s")
        desk[7].cancel("a drill", actor="ana")
        self.assertEqual(list(desk.rows()), [case.to_dict() for case in desk.cases()])
        self.assertEqual(list(desk.column("number")), list(range(250, 0, -1)))
        self.assertEqual(sum(desk.column("version")), 251)
        self.assertEqual(len(desk.column("closed_at", open=True)), 249)

    def test_text_is_not_cut_at_a_nul(self):
        desk = open_desk()
        case = desk.open_case("x", actor="ana")
        for call in (lambda: desk.open_case("a\0b", actor="ana"), lambda: case.note("a\0b", actor="ana"),
                     lambda: case.note("a", actor="a\0b"), lambda: case.act("note\0x", actor="ana", text="x"),
                     lambda: case.next("a\0b"), lambda: desk.cases(service="a\0b"),
                     lambda: desk.ingest("{}", "a\0b", actor="ana")):
            with self.assertRaises(Incident.Invalid):
                call()
        self.assertEqual(len(case.timeline), 1)

    def test_only_text_is_text(self):
        case = open_desk().open_case("x", actor="ana")
        for text in (5, b"x", ["x"], START):
            with self.assertRaises(TypeError):
                case.note(text, actor="ana")
        with self.assertRaises(UnicodeEncodeError):
            case.note("\udcff", actor="ana")
        with self.assertRaises(TypeError):
            case.note("x", actor="ana", colour="red")
        with self.assertRaises(TypeError):
            case.note("x")
        with self.assertRaises(TypeError):
            case.act("note", text="x")
        self.assertEqual(case.version, 1)


class Objects(unittest.TestCase):
    def setUp(self):
        self.desk = open_desk()
        self.case = self.desk.open_case("Checkout “answers” 500", actor="ana", severity=Incident.Severity.SEV2)
        self.case.diagnose("error rate 31 %", actor="ana")
        self.case.assign("commander", "ana", actor="bo")

    def test_case(self):
        case = self.case
        self.assertEqual((case.number, case.id, case.title, case.phase), (1, "INC-1", "Checkout “answers” 500", "diagnosis"))
        self.assertEqual((case.open, case.live, case.episode, case.version), (True, True, 1, 3))
        self.assertEqual((case.severity, case.service, case.category, case.commander, case.firing_alerts),
                         (Incident.Severity.SEV2, None, None, "ana", 0))
        self.assertEqual(repr(case), "<Incident.Case INC-1 diagnosis 'Checkout “answers” 500'>")
        self.assertEqual(case.to_dict(), json.loads(case.to_json()))
        self.assertEqual(case.to_dict()["roles"], case.roles)
        with self.assertRaises(AttributeError):
            case.phase = "closed"

    def test_timeline(self):
        timeline = self.case.timeline
        self.assertEqual([event.kind for event in timeline], ["opened", "diagnosed", "assigned"])
        self.assertEqual(timeline[-1], timeline[2])
        self.assertEqual(len({*timeline, *timeline}), 3)
        self.assertNotEqual(timeline[0], timeline[1])
        self.assertIn(timeline[1], timeline)
        self.assertEqual([event.seq for event in timeline[1:]], [2, 3])
        with self.assertRaises(IndexError):
            timeline[3]

    def test_event(self):
        event = self.case.timeline[1]
        self.assertEqual((event.seq, event.kind, event.actor, event.text, event.case_number, event.log_index),
                         (2, "diagnosed", "ana", "error rate 31 %", 1, 1))
        self.assertEqual((event.occurred_at, event.recorded_at), (START, START))
        self.assertEqual(event.data, {"phase": "diagnosis", "text": "error rate 31 %"})
        self.assertEqual(event.summary, "diagnosed: error rate 31 %")
        self.assertEqual((len(event.leaf_hash), len(event.operation)), (32, 32))
        self.assertEqual(repr(event), "<Incident.Event INC-1 #2 diagnosed by ana>")
        self.assertEqual(event.to_dict()["seq"], 2)
        self.assertFalse(event == "diagnosed")

    def test_enumerations_print_as_they_are_written(self):
        self.assertEqual(f"{self.case.severity} {Incident.Level.HIGH} {Incident.Priority.P1}", "sev2 high p1")
        self.assertEqual(str(Incident.ReportKind.SOLUTION), "solution")
        self.assertEqual(str(Incident.Error.NOT_A_STORE), "not-a-store")

    def test_assignment(self):
        assignment, = self.case.assignments
        self.assertEqual((assignment.role, assignment.person, assignment.assigned_by), ("commander", "ana", "bo"))
        self.assertEqual((assignment.since, assignment.until), (START, None))
        self.assertEqual(repr(assignment), "<Incident.Assignment commander ana>")

    def test_option(self):
        options = {option.verb: option for option in self.case.next("ana")}
        self.assertEqual(list(options)[:len(self.desk.lifecycle.verbs)], self.desk.lifecycle.verbs)
        self.assertIn("add-task", options)
        self.assertTrue(options["resolve"])
        resolve = options["resolve"]
        self.assertEqual((resolve.to, resolve.needs, resolve.why), ("resolution", ["text"], []))
        self.assertEqual((options["close"].allowed, options["close"].codes), (False, ["wrong-phase"]))
        self.assertEqual(repr(options["close"]), "<Incident.Option close: wrong-phase>")
        self.assertEqual(repr(options["note"]), "<Incident.Option note: allowed>")
        self.assertIsNone(options["note"].to)
        self.assertEqual(options["close"].to_dict()["why"], options["close"].why)

    def test_command(self):
        command = Incident.Command("note", "bo", text="x", at=START, seen=3, operation=uuid.UUID(int=5).hex)
        self.assertEqual((command.verb, command.actor, command.get("text")), ("note", "bo", "x"))
        self.assertEqual(repr(command), "<Incident.Command note by bo>")
        self.case.act(command)
        self.case.act(command)
        with self.assertRaises(TypeError):
            self.case.act(command, at=START)
        self.assertEqual(self.case.version, 4)
        self.assertEqual(self.case.timeline[-1].operation, f"{5:032x}")

    def test_report(self):
        for kind in (Incident.ReportKind.PROBLEM, Incident.ReportKind.SOLUTION):
            report = self.case.report(kind)
            self.assertIn("error rate 31", report.to_markdown())
            self.assertIn("<html", report.to_html())
            self.assertEqual(Incident.Report.from_json(report.to_json()).to_dict(), report.to_dict())

    def test_receipt(self):
        alert = {"status": "firing", "labels": {"alertname": "A"}, "annotations": {}, "generatorURL": "",
                 "startsAt": "2026-11-23T06:00:00Z", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "00000000000000a1"}
        body = {"version": "4", "groupKey": "g", "status": "firing", "receiver": "r", "groupLabels": {},
                "commonLabels": {}, "commonAnnotations": {}, "externalURL": "", "truncatedAlerts": 0,
                "alerts": [alert, "what is this?"]}
        good, bad = self.desk.ingest(body, actor="alertmanager")
        self.assertEqual((good.case_number, good.error), (2, None))
        self.assertIn("INC-2", repr(good))
        self.assertIsInstance(bad.error, Incident.Invalid)
        self.assertIsNone(bad.case_number)

    def test_matcher(self):
        first, second = Incident.Matcher.parse('{team="payments",severity=~"critical|error"}')
        self.assertEqual((second.name, second.operator, second.value), ("severity", "=~", "critical|error"))
        self.assertTrue(second.matches("error"))
        self.assertFalse(first.matches(""))
        self.assertEqual(str(first), 'team="payments"')
        self.assertEqual(first, Incident.Matcher("team", "=", "payments"))
        self.assertEqual(len({first, Incident.Matcher("team", "=", "payments"), second}), 2)
        self.assertNotEqual(first, 'team="payments"')
        self.assertEqual(repr(first), '<Incident.Matcher team="payments">')

    def test_matchers_that_may_not_be_meant_are_a_warning(self):
        with self.assertWarnsRegex(UserWarning, "classic grammar") as caught:
            matchers = Incident.Matcher.parse("team=payments}")
        self.assertEqual(pathlib.Path(caught.filename).name, pathlib.Path(__file__).name)
        self.assertEqual([str(m) for m in matchers], ['team="payments"'])

    def test_matchers_that_are_none_are_an_exception(self):
        with self.assertRaisesRegex(Incident.Invalid, "0:4: the text ends where"):
            Incident.Matcher.parse("team")
        with self.assertRaises(Incident.Invalid):
            Incident.Matcher("team", "==", "payments")

    def test_lifecycle(self):
        lifecycle = self.desk.lifecycle
        again = Incident.Lifecycle.from_json(lifecycle.to_json())
        self.assertEqual((again.phases, again.verbs), (lifecycle.phases, lifecycle.verbs))
        desk = Incident.Desk.new(Incident.MemoryStore.new(self.desk.clock), self.desk.clock, again)
        self.assertEqual(desk.open_case("x", actor="ana").phase, "new")

    def test_what_comes_from_a_desk_is_not_made(self):
        for kind in (Incident.Case, Incident.Event, Incident.Option, Incident.Receipt, Incident.Assignment,
                     Incident.Report, Incident.Lifecycle):
            with self.subTest(kind.__name__), self.assertRaises(TypeError):
                kind()


if __name__ == "__main__":
    unittest.main()
