# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows of the table: what is measured against what, and the goals."""
import dataclasses


@dataclasses.dataclass
class Side:
    """One variant of a row: which worker, with how many cases and how many a commit."""
    program: str
    variant: str
    cases: int = 1000
    batch: int = 64


@dataclasses.dataclass
class Peer:
    name: str
    side: Side
    goal: float = None  # so many times faster we should be


@dataclasses.dataclass
class Row:
    name: str
    what: str
    limit: Side
    ours: Side
    goal: float = None  # so many times the limit we may take
    peers: tuple = ()
    durable: bool = False
    checks: bool = True
    quick: bool = False

    def sides(self):
        return {"limit": self.limit, "ours": self.ours, **{peer.name: peer.side for peer in self.peers}}


def limits(variant, *more):
    return Side("bench-limits", variant, *more)


def sqlite(variant, *more):
    return Side("bench-rows", variant, *more)


def ours(variant, *more):
    return Side("bench-ours", variant, *more)


TRANSITIONS = Side("machine.py", "transitions")
XSTATE = Side("actor.mjs", "xstate")
FILE = 100000
MANY = 1000000
ROWS_REPLAY = Side("bench-rows", "replay", FILE, 4 * FILE)
EVENT_LIMIT = Side("bench-page", "loop", 1, 1000)

ROWS = (
    Row("memory", "transition in memory, one command on 64 cases", limits("table"), ours("many"), 2,
        (Peer("GObject a case", limits("object")), Peer("python3-transitions", TRANSITIONS, 60),
         Peer("XState", XSTATE, 60)), quick=True),
    Row("memory-heard", "the same, one C handler", limits("table"), ours("many-heard"), 4,
        (Peer("GObject a case", limits("object")),)),
    Row("memory-one", "transition in memory, one call a case", limits("table"), ours("one"), 2,
        (Peer("GObject a case", limits("object")), Peer("python3-transitions", TRANSITIONS, 60),
         Peer("XState", XSTATE, 60)), quick=True),
    Row("memory-one-heard", "the same, one C handler on each case", limits("table"), ours("one-heard"), 4),
    Row("memory-million", "transition in memory, 1,000,000 cases in random order, 1,024 at once",
        limits("table", MANY, 1024), ours("many", MANY, 1024), 1.3,
        (Peer("GObject a case", limits("object", MANY, 1024), 2.4),)),
    Row("durable-1", "durable, one a commit", limits("fdatasync", FILE, 1), ours("durable-one", FILE, 1), 1 / 0.65,
        (Peer("wide row", sqlite("wide", FILE, 1), 1.1),), durable=True, checks=False),
    Row("durable-64", "durable, 64 a commit", sqlite("append", FILE, 64), ours("durable-many", FILE, 64), 2,
        (Peer("wide row", sqlite("wide", FILE, 64), 4), Peer("PostgreSQL unnest", Side("bench-unnest", "unnest", FILE, 64), 2)),
        durable=True),
    Row("durable-1024", "durable, 1,024 a commit", sqlite("append", FILE, 1024), ours("durable-many", FILE, 1024), 2,
        (Peer("wide row", sqlite("wide", FILE, 1024), 8), Peer("PostgreSQL unnest", Side("bench-unnest", "unnest", FILE, 1024), 2)),
        durable=True, quick=True),
    Row("durable-batch", "durable, 1,024 different commands a commit", sqlite("append", FILE, 1024),
        ours("durable-batch", FILE, 1024), None, (Peer("wide row", sqlite("wide", FILE, 1024)),), durable=True),
    Row("durable-threads", "durable, one a command, 64 threads", limits("fdatasync", FILE, 1),
        ours("durable-threads", FILE, 1), None, (Peer("wide row", sqlite("wide", FILE, 1)),), durable=True, checks=False),
    Row("replay-tail", "replay, an event of the tail", ROWS_REPLAY, Side("bench-replay", "tail", FILE, 4 * FILE), 1.3,
        checks=False),
    Row("replay-sealed", "replay, an event of a sealed segment", ROWS_REPLAY,
        Side("bench-replay", "sealed", FILE, 4 * FILE), 1 / 2.5, checks=False),
    Row("report", "HTML report, an event", EVENT_LIMIT, ours("report", 1, 1000), 1.5,
        (Peer("Python f-strings", Side("page.py", "page", 1, 1000), 7),), checks=False, quick=True),
    Row("python", "transition from Python, one call", Side("ours.py", "noop"), Side("ours.py", "one"), 4,
        (Peer("python3-transitions", TRANSITIONS, 15),), checks=False),
    Row("python-many", "transition from Python, one command on 1,000 cases", Side("ours.py", "noop"),
        Side("ours.py", "many", 1000, 1000), None, (Peer("python3-transitions", TRANSITIONS, 15),), checks=False),
)
