#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every verb in every phase: what is allowed happens, what is not changes nothing."""
import unittest

from cli import WAYS, WORDS, ProgramTest

PHASES = list(WAYS)
OPEN = PHASES[:6]
# verb: from where, and the phase it leads to; None: the phase stays
TABLE = {
    "diagnose": (["new", "diagnosis"], "diagnosis"),
    "escalate": (["diagnosis", "escalation", "examination", "resolution"], "escalation"),
    "examine": (["diagnosis", "escalation", "examination", "resolution"], "examination"),
    "resolve": (["diagnosis", "escalation", "examination"], "resolution"),
    "recover": (["resolution"], "recovered"),
    "close": (["recovered"], "closed"),
    "cancel": (OPEN, "cancelled"),
    "reopen": (["recovered", "closed", "cancelled"], "diagnosis"),
    "assign": (OPEN, None),
    "release": (OPEN, None),
    "classify": (OPEN, None),
    "note": (PHASES, None),
}


class Table(ProgramTest):
    def check_allowed(self, verb, phase):
        case = self.open_in(phase)
        if verb == "release":
            self.incident("assign", case, "scribe", "cy")
        before = self.json("show", case)
        after = self.json(verb, case, *WORDS[verb])
        self.assertEqual(after["phase"], TABLE[verb][1] or phase)
        self.assertEqual(after["version"], before["version"] + 1)

    def check_refused(self, verb, phase, case):
        before = self.json("timeline", case)
        error = self.error(verb, case, *WORDS[verb], status=3)
        self.assertEqual((error["domain"], error["code"]), ("incident-error-quark", "refused"))
        self.assertIn("wrong-phase", error["message"])
        self.assertEqual(self.json("timeline", case), before)

    def check_phase(self, phase):
        case = self.open_in(phase)
        foretold = {option["verb"]: option["allowed"] for option in self.json("next", case)}
        self.assertLessEqual(set(TABLE), set(foretold))
        for verb, (phases, _) in TABLE.items():
            with self.subTest(verb=verb, phase=phase):
                self.assertEqual(foretold[verb], phase in phases)
                if phase in phases:
                    self.check_allowed(verb, phase)
                else:
                    self.check_refused(verb, phase, case)

    def test_every_verb_in_every_phase(self):
        for phase in PHASES:
            self.check_phase(phase)


class Guards(ProgramTest):
    def refused(self, code, *words):
        """The refusal names its guard and leaves the timeline alone."""
        before = self.incident("log").stdout
        self.assertIn(code, self.error(*words, status=3)["message"])
        self.assertEqual(self.incident("log").stdout, before)

    def test_each_guard_refuses_what_it_guards(self):
        for phase, code, verb, *words in (
                ("diagnosis", "missing-target", "escalate", "a reason"),
                ("diagnosis", "missing-text", "escalate", "--to", "payments"),
                ("diagnosis", "missing-text", "resolve"),
                ("diagnosis", "missing-text", "resolve", " \t\n"),
                ("resolution", "missing-evidence", "recover"),
                ("recovered", "not-permitted", "close", "reviewed", "--as", "bo"),
                ("new", "missing-text", "cancel"),
                ("closed", "missing-text", "reopen"),
                ("new", "missing-text", "note"),
                ("new", "missing-text", "classify"),
                ("new", "not-permitted", "release", "commander"),
        ):
            with self.subTest(verb=verb, words=words):
                self.refused(code, verb, self.open_in(phase), *words)

    def test_all_that_is_missing_is_said_at_once(self):
        message = self.error("escalate", self.open_in("new"), status=3)["message"]
        for code in ("wrong-phase", "missing-target", "missing-text"):
            self.assertIn(code, message)

    def test_examine_takes_a_responder(self):
        self.incident("open", "Nobody is there")
        self.incident("diagnose", "INC-1")
        self.refused("no-responder", "examine", "INC-1", "pool exhausted")
        self.incident("assign", "INC-1", "responder", "bo")
        self.incident("examine", "INC-1", "pool exhausted")

    def test_close_takes_a_commander(self):
        self.incident("open", "No commander")
        for verb in ("diagnose", "resolve", "recover"):
            self.incident(verb, "INC-1", *WORDS[verb])
        self.refused("not-permitted", "close", "INC-1")

    def test_a_case_has_a_title(self):
        self.refused("missing-text", "open", "   ")

    def test_the_future_is_refused_and_the_past_is_kept(self):
        self.refused("bad-time", "--at", "2100-01-01T00:00:00Z", "open", "From the future")
        self.incident("--at", "2026-01-02T03:04:05+02:00", "open", "From the past")
        event, = self.json("timeline", "INC-1")
        self.assertEqual(event["occurred_at"], "2026-01-02T01:04:05.000000Z")

    def test_asking_for_what_holds_already_records_nothing(self):
        case = self.open_in("diagnosis")
        version = self.json("show", case)["version"]
        self.assertEqual(self.json("assign", case, "commander", "ana")["version"], version)

    def test_command_passes_on_and_a_second_escalation_goes_up(self):
        case = self.open_in("diagnosis")
        self.incident("assign", case, "commander", "bo")
        self.assertEqual(self.json("show", case)["roles"], {"commander": "bo"})
        self.incident("escalate", case, "--to", "payments", "skill")
        self.incident("escalate", case, "--to", "cto", "--hierarchical", "authority")
        data = [event["data"] for event in self.json("timeline", case) if event["kind"] == "escalated"]
        self.assertEqual([(d["target"], d["escalation"], d["level"]) for d in data],
                         [("payments", "functional", 1), ("cto", "hierarchical", 2)])


if __name__ == "__main__":
    unittest.main()
