# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library from Python: one transition a call, and many at once."""
import array
import sys

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident  # noqa: E402

import worker  # noqa: E402

VERBS = ("resolve", "recover", "reopen")
PHASES = ("diagnosis", "resolution", "recovered")
TEXT = "rolled back to 1.4.1"


class Ours(worker.Variant):
    def begin(self):
        self.desk = Incident.Desk.open("memory:")
        with self.desk.batch() as batch:
            for _ in range(self.n_cases):
                batch.open_case("Checkout answers 500", actor="ana", severity="sev2", service="checkout")
        self.numbers = batch.numbers
        self.desk.act_many(self.numbers, "diagnose", actor="ana")

    def checksum(self):
        events = self.desk.get_store().get_size() - 2 * self.n_cases
        return events + sum(worker.checksum(row["number"] - 1, PHASES.index(row["phase"])) for row in self.desk.rows())


class One(Ours):
    def begin(self):
        super().begin()
        self.cases = [self.desk[number] for number in self.numbers]

    def run(self, n):
        for step in self.steps(n):
            verb = ("resolve", "recover", "reopen")[step]
            for case in self.cases:
                getattr(case, verb)(TEXT, actor="ana")


class Many(Ours):
    def run(self, n):
        for step in self.steps(n):
            for start in range(0, self.n_cases, self.batch):
                self.desk.act_many(self.numbers[start:start + self.batch], VERBS[step], actor="ana", text=TEXT)


class NoOp(worker.Variant):
    """A call through introspection that only answers a number: the least that a call of a method costs."""

    def begin(self):
        desk = Incident.Desk.open("memory:")
        self.case = desk.open_case("Checkout answers 500", actor="ana")

    def run(self, n):
        case = self.case
        for _ in range(n):
            case.get_number()


worker.main({"one": One, "many": Many, "noop": NoOp}, sys.argv)
