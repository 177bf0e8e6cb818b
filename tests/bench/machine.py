# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same ring by python3-transitions, a state machine of the kind that bots are written with."""
import sys
import time

from transitions import Machine

import worker

PHASES = ("diagnosis", "resolution", "recovered")
RING = [("resolve", "diagnosis", "resolution"), ("recover", "resolution", "recovered"),
        ("reopen", "recovered", "diagnosis")]


class Case:
    def __init__(self):
        self.events = []
        self.machine = Machine(self, states=list(PHASES), initial="diagnosis", after_state_change="record",
                               auto_transitions=False)
        for verb, source, target in RING:
            self.machine.add_transition(verb, source, target, conditions="has_text")

    def has_text(self, text):
        return bool(text)

    def record(self, text):
        self.events.append((time.time_ns(), self.state, text))


class Transitions(worker.Variant):
    def begin(self):
        self.cases = [Case() for _ in range(self.n_cases)]

    def run(self, n):
        for step in self.steps(n):
            verb = RING[step][0]
            for case in self.cases:
                getattr(case, verb)("rolled back to 1.4.1")

    def checksum(self):
        return sum(worker.checksum(i, PHASES.index(case.state)) + len(case.events)
                   for i, case in enumerate(self.cases))


worker.main({"transitions": Transitions}, sys.argv)
