#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of a case, told in Python: each row of the lifecycle, allowed and refused."""
import contextlib
import io
import os
import pathlib
import tempfile
import unittest
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident

START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)

SHORT_STORY = '''
desk = Incident.Desk.open("incidents.db")            # also "sqlite:…", "postgresql://…", "memory:"
case = desk.open_case("Checkout answers 500", actor="ana", severity=Incident.Severity.SEV2, service="checkout")
case.assign("commander", "ana", actor="ana")
case.diagnose("error rate 31 %, only /pay", actor="ana")
case.escalate("payments", "needs a database owner", actor="ana")
case.examine("connection pool exhausted since 1.4.2", actor="bo")
case.resolve("rolled back to 1.4.1", actor="bo")
case.recover("error rate 0.1 % for 15 min", actor="bo")
case.close("reviewed", actor="ana")
print(case.report(Incident.ReportKind.SOLUTION).to_markdown())
'''

# Verb, what it needs, and where it leads to from each phase; None: it stays.
LIVE = ["new", "diagnosis", "escalation", "examination", "resolution"]
OPEN = LIVE + ["recovered"]
PHASES = OPEN + ["closed", "cancelled"]
WORDS = {"text": "words"}
LIFECYCLE = [
    ("diagnose", WORDS, ["new", "diagnosis"], "diagnosis"),
    ("escalate", {"target": "payments", **WORDS},
     ["diagnosis", "escalation", "examination", "resolution"], "escalation"),
    ("examine", WORDS, ["diagnosis", "escalation", "examination", "resolution"], "examination"),
    ("resolve", WORDS, ["diagnosis", "escalation", "examination"], "resolution"),
    ("recover", WORDS, ["resolution"], "recovered"),
    ("close", WORDS, ["recovered"], "closed"),
    ("cancel", WORDS, OPEN, "cancelled"),
    ("reopen", WORDS, ["recovered", "closed", "cancelled"], "diagnosis"),
    ("assign", {"role": "deputy", "person": "bo"}, OPEN, None),
    ("release", {"role": "scribe"}, OPEN, None),
    ("classify", {"impact": "high"}, OPEN, None),
    ("note", WORDS, PHASES, None),
]
WAY_TO = {
    "new": [],
    "diagnosis": ["diagnose"],
    "escalation": ["diagnose", "escalate"],
    "examination": ["diagnose", "examine"],
    "resolution": ["diagnose", "resolve"],
    "recovered": ["diagnose", "resolve", "recover"],
    "closed": ["diagnose", "resolve", "recover", "close"],
    "cancelled": ["cancel"],
}
ARGUMENTS = {verb: arguments for verb, arguments, _, _ in LIFECYCLE}


class Story(unittest.TestCase):
    def setUp(self):
        self.clock = Incident.ManualClock(START, seed=7)
        self.desk = Incident.Desk(clock=self.clock)

    def case_in(self, phase, commander="ana", scribe="bo"):
        case = self.desk.open_case("Checkout answers 500", actor="ana")
        if commander:
            case.assign("commander", commander, actor="ana")
        if scribe:
            case.assign("scribe", scribe, actor="ana")
        for verb in WAY_TO[phase]:
            case.act(verb, actor="ana", **ARGUMENTS[verb])
        self.assertEqual(case.phase, phase)
        return case

    @contextlib.contextmanager
    def refused(self, case, *codes):
        """The refusal names the guards, and nothing has changed."""
        before = case.to_json(), len(case.timeline), self.desk.store.get_size()
        with self.assertRaises(Incident.Refused) as caught:
            yield caught
        self.assertEqual(caught.exception.codes, list(codes))
        self.assertEqual((case.to_json(), len(case.timeline), self.desk.store.get_size()), before)


class ShortStory(unittest.TestCase):
    def test_runs_as_it_is_written(self):
        here, out, scope = os.getcwd(), io.StringIO(), {"Incident": Incident}
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                with contextlib.redirect_stdout(out):
                    exec(SHORT_STORY, scope)
                again = Incident.Desk.open(pathlib.Path("incidents.db"))["INC-1"]
            finally:
                os.chdir(here)
            kinds = [event.kind for event in scope["case"].timeline]
            self.assertEqual(kinds, ["opened", "assigned", "diagnosed", "escalated", "examined",
                                     "resolved", "recovered", "closed"])
            self.assertEqual(again.to_json(), scope["case"].to_json())
            self.assertEqual(list(again.timeline), list(scope["case"].timeline))
            self.assertEqual((again.phase, again.service, again.severity, again.roles),
                             ("closed", "checkout", Incident.Severity.SEV2, {"commander": "ana"}))
            for words in ("Checkout answers 500", "rolled back to 1.4.1"):
                self.assertIn(words, out.getvalue())
            scope.clear()


class LifecycleTable(Story):
    def test_the_table_is_the_library_s(self):
        lifecycle = self.desk.lifecycle
        self.assertEqual(lifecycle.phases, PHASES)
        self.assertEqual(lifecycle.verbs, ["open"] + [row[0] for row in LIFECYCLE])
        for verb, _, allowed_from, to in LIFECYCLE:
            self.assertEqual(lifecycle.list_from(verb), allowed_from, verb)
            for phase in allowed_from:
                self.assertEqual(lifecycle.get_to(verb, phase), to, (verb, phase))
        for phase in PHASES:
            self.assertEqual((lifecycle.is_open(phase), lifecycle.is_live(phase)), (phase in OPEN, phase in LIVE))

    def test_allowed(self):
        for verb, arguments, allowed_from, to in LIFECYCLE:
            for phase in allowed_from:
                with self.subTest(verb=verb, phase=phase):
                    case = self.case_in(phase)
                    version = case.version
                    case.act(verb, actor="ana", **arguments)
                    self.assertEqual((case.phase, case.version), (to or phase, version + 1))
                    self.assertEqual((case.open, case.live), (case.phase in OPEN, case.phase in LIVE))
                    event = case.timeline[-1]
                    self.assertEqual((event.seq, event.actor, event.text), (version + 1, "ana", arguments.get("text")))

    def test_refused_in_the_wrong_phase(self):
        for verb, arguments, allowed_from, _ in LIFECYCLE:
            for phase in set(PHASES) - set(allowed_from):
                with self.subTest(verb=verb, phase=phase):
                    case = self.case_in(phase)
                    with self.refused(case, "wrong-phase"):
                        case.act(verb, actor="ana", **arguments)

    def test_open_is_for_no_case(self):
        case = self.case_in("new")
        with self.refused(case, "wrong-phase"):
            case.act("open", actor="ana", title="once more")

    def test_what_is_next_is_what_the_commands_do(self):
        for phase in PHASES:
            for actor in ("ana", "cy"):
                for option in self.case_in(phase).next(actor)[:len(ARGUMENTS) + 1]:
                    with self.subTest(phase=phase, actor=actor, verb=option.verb):
                        case = self.case_in(phase)
                        arguments = {"title": "once more"} if option.verb == "open" else ARGUMENTS[option.verb]
                        self.assertLessEqual(set(option.needs), set(arguments))
                        if option:
                            case.act(option.verb, actor=actor, **arguments)
                            self.assertEqual(case.phase, option.to or phase)
                        else:
                            self.assertEqual(len(option.why), len(option.codes))
                            with self.refused(case, *option.codes) as caught:
                                case.act(option.verb, actor=actor, **arguments)
                            for why in option.why:
                                self.assertIn(why, caught.exception.message)


class Guards(Story):
    def test_a_case_needs_a_title(self):
        for title in ("", "  \t\n", None):
            with self.assertRaises(Incident.Refused) as caught:
                self.desk.open_case(title, actor="ana")
            self.assertEqual(caught.exception.codes, ["missing-text"])
        self.assertEqual(self.desk.store.get_size(), 0)

    def test_escalate_needs_a_target_and_a_reason(self):
        case = self.case_in("diagnosis")
        with self.refused(case, "missing-target"):
            case.escalate(None, "needs a database owner", actor="ana")
        with self.refused(case, "missing-text"):
            case.escalate("payments", " ", actor="ana")
        with self.assertRaises(Incident.Refused) as caught:
            case.escalate("", "", actor="ana")
        self.assertEqual(sorted(caught.exception.codes), ["missing-target", "missing-text"])

    def test_examine_needs_a_responder(self):
        case = self.case_in("diagnosis", commander=None, scribe=None)
        with self.refused(case, "no-responder"):
            case.examine("pool exhausted", actor="bo")
        case.assign("operations", "bo", actor="ana")
        case.examine("pool exhausted", actor="bo")

    def test_resolve_recover_cancel_reopen_and_note_need_words(self):
        for phase, verb, code in (("diagnosis", "resolve", "missing-text"),
                                  ("resolution", "recover", "missing-evidence"), ("new", "cancel", "missing-text"),
                                  ("closed", "reopen", "missing-text"),
                                  ("new", "note", "missing-text")):
            case = self.case_in(phase)
            with self.subTest(verb=verb), self.refused(case, code):
                getattr(case, verb)("", actor="ana")

    def test_diagnose_examine_and_close_do_without(self):
        case = self.case_in("new")
        case.diagnose(actor="ana")
        case.examine(actor="bo")
        case.resolve("rolled back", actor="bo")
        case.recover("error rate 0.1 %", actor="bo")
        case.close(actor="ana")
        self.assertEqual((case.phase, case.timeline[-1].text), ("closed", None))

    def test_only_the_commander_closes(self):
        with self.refused(case := self.case_in("recovered"), "not-permitted") as caught:
            case.close(actor="bo")
        self.assertIn("ana", caught.exception.message)
        with self.refused(case := self.case_in("recovered", commander=None), "not-permitted"):
            case.close(actor="ana")

    def test_all_guards_answer_at_once(self):
        case = self.case_in("diagnosis")
        with self.refused(case, "wrong-phase", "not-permitted"):
            case.close(actor="bo")

    def test_the_commander_hands_over_but_cannot_leave(self):
        case = self.case_in("diagnosis")
        with self.refused(case, "not-permitted"):
            case.release("commander", actor="ana")
        self.clock.advance(timedelta(hours=8))
        case.assign("commander", "bo", actor="ana", text="shift end")
        self.assertEqual((case.commander, case.roles), ("bo", {"commander": "bo", "scribe": "bo"}))
        then = START + timedelta(hours=8)
        commanders = [item for item in case.assignments if item.role == "commander"]
        self.assertEqual([(item.person, item.since, item.until) for item in commanders],
                         [("ana", START, then), ("bo", then, None)])

    def test_roles_come_and_go(self):
        case = self.case_in("new")
        case.release("scribe", actor="ana", text="goes home")
        self.assertEqual(case.roles, {"commander": "ana"})
        self.assertIsNotNone([item for item in case.assignments if item.role == "scribe"][0].until)
        with self.refused(case, "missing-target"):
            case.assign("", "bo", actor="ana")
        with self.refused(case, "missing-target"):
            case.assign("scribe", "", actor="ana")

    def test_what_holds_already_is_harmless(self):
        case = self.case_in("new")
        case.classify(actor="ana", severity="sev3", service="checkout")
        version = case.version
        case.assign("commander", "ana", actor="ana")
        case.classify(actor="ana", severity=Incident.Severity.SEV3, service="checkout")
        case.release("planning", actor="ana")
        self.assertEqual(case.version, version)

    def test_classify_needs_something(self):
        case = self.case_in("new")
        with self.refused(case, "missing-text"):
            case.classify(actor="ana")

    def test_unknown_verb(self):
        case = self.case_in("new")
        with self.refused(case, "unknown-verb"):
            case.act("explode", actor="ana")

    def test_what_breaks_the_form_is_invalid(self):
        case = self.case_in("new")
        before = case.to_json()
        for arguments in ({"severity": "sev9"}, {"impact": "huge"}, {"role": "Chief Officer", "person": "bo"},
                          {"colour": "red"}, {"target": "payments"}):
            verb = "assign" if "role" in arguments else "classify"
            with self.subTest(arguments), self.assertRaises(Incident.Invalid):
                case.act(verb, actor="ana", **arguments)
        for actor in ("", " ", "ana\nbo", "a" * 5000):
            with self.subTest(actor=actor[:10]), self.assertRaises(Incident.Invalid):
                case.diagnose("x", actor=actor)
        self.assertEqual(case.to_json(), before)


class Escalation(Story):
    def test_each_goes_a_level_up(self):
        case = self.case_in("diagnosis")
        case.escalate("payments", "needs a database owner", actor="ana")
        case.escalate("cto", "needs money", actor="ana", hierarchical=True)
        first, second = case.timeline[-2:]
        facts = [[event.data[name] for name in ("target", "escalation", "level")] for event in (first, second)]
        self.assertEqual(facts, [["payments", "functional", 1], ["cto", "hierarchical", 2]])
        self.assertEqual(first.summary, "escalated to payments: needs a database owner")


class Episodes(Story):
    def test_reopening_begins_a_new_one_and_keeps_the_old(self):
        case = self.case_in("closed")
        before = [event.to_json() for event in case.timeline]
        self.assertIsNotNone(case.closed_at)
        case.reopen("it came back", actor="cy")
        self.assertEqual((case.phase, case.episode, case.open, case.live, case.closed_at),
                         ("diagnosis", 2, True, True, None))
        self.assertEqual([event.to_json() for event in case.timeline][:-1], before)
        self.assertEqual(case.roles, {"commander": "ana", "scribe": "bo"})


class Classification(Story):
    def test_priority_follows_impact_and_urgency(self):
        table = {("high", "high"): 1, ("high", "medium"): 2, ("high", "low"): 3, ("medium", "high"): 2,
                 ("medium", "medium"): 3, ("medium", "low"): 4, ("low", "high"): 3, ("low", "medium"): 4,
                 ("low", "low"): 4}
        for (impact, urgency), priority in table.items():
            case = self.desk.open_case("x", actor="ana", impact=impact, urgency=urgency)
            self.assertEqual(case.priority, Incident.Priority(priority))
            self.assertEqual(case.to_dict()["priority"], f"p{priority}")

    def test_unknown_until_judged(self):
        case = self.case_in("new")
        self.assertFalse(case.severity or case.impact or case.urgency or case.priority)
        case.classify(actor="ana", severity=Incident.Severity.SEV1, impact=Incident.Level.HIGH,
                      urgency=Incident.Level.LOW, service="checkout", category="network", text="as the runbook says")
        self.assertEqual((case.severity, case.impact, case.urgency, case.service, case.category),
                         (Incident.Severity.SEV1, Incident.Level.HIGH, Incident.Level.LOW, "checkout", "network"))
        self.assertEqual(case.timeline[-1].text, "as the runbook says")


class Times(Story):
    def test_back_dating(self):
        case = self.case_in("new")
        earlier = START - timedelta(hours=3, microseconds=1)
        case.diagnose("seen on the way here", actor="ana", at=earlier)
        event = case.timeline[-1]
        self.assertEqual((event.occurred_at, event.recorded_at), (earlier, START))
        in_tokyo = timezone(timedelta(hours=9))
        case.note("from Tokyo", actor="ana", at=earlier.astimezone(in_tokyo))
        self.assertEqual(case.timeline[-1].occurred_at, earlier)
        before, after = ["opened", "assigned", "assigned"], ["diagnosed", "noted"]
        self.assertEqual([event.kind for event in case.timeline], before + after)
        self.assertEqual([event.kind for event in case.events], after + before)

    def test_nothing_is_recorded_before_it_happens(self):
        case = self.case_in("new")
        with self.refused(case, "bad-time"):
            case.diagnose("seen", actor="ana", at=START + timedelta(microseconds=1))
        case.diagnose("seen", actor="ana", at=START)

    def test_opened_in_the_past(self):
        case = self.desk.open_case("Checkout answers 500", actor="ana", at=START - timedelta(days=1))
        self.assertEqual(case.opened_at, START - timedelta(days=1))
        self.assertEqual(case.updated_at, START)

    def test_a_time_needs_a_zone(self):
        case = self.case_in("new")
        with self.assertRaises(ValueError):
            case.diagnose("seen", actor="ana", at=datetime(2026, 11, 23, 6))


class StaleViews(Story):
    def test_a_button_drawn_before_a_change_is_refused(self):
        case = self.case_in("diagnosis")
        seen = case.version
        case.resolve("rolled back", actor="bo", seen=seen)
        with self.refused(case, "wrong-phase", "stale-view"):
            case.resolve("restarted", actor="ana", seen=seen)
        with self.refused(case, "stale-view"):
            case.recover("error rate 0.1 %", actor="ana", seen=case.version + 1)
        case.recover("error rate 0.1 %", actor="ana", seen=case.version)

    def test_the_same_operation_is_recorded_once(self):
        case = self.case_in("new")
        for _ in range(2):
            case.note("disk at 91 %", actor="ana", operation="0123456789abcdef" * 2)
        self.assertEqual([event.text for event in case.timeline if event.kind == "noted"], ["disk at 91 %"])
        self.assertEqual(case.timeline[-1].operation, "0123456789abcdef" * 2)
        first, second = (self.desk.open_case("x", actor="ana", operation="f" * 32) for _ in range(2))
        self.assertIs(first, second)
        with self.assertRaises(Incident.Invalid):
            case.note("disk at 92 %", actor="ana", operation="not hexadecimal")


if __name__ == "__main__":
    unittest.main()
