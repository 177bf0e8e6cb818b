# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows of the table: what is measured against what, and the goals."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Side:
    """One variant of a row: which worker, with how many cases and how many a commit."""
    program: str
    variant: str
    cases: int = 1000
    batch: int = 64
    whole: int = 0  # a slice has a multiple of so many

    def lap(self):
        """How many go together: workers in scripting languages take whole laps."""
        return self.whole or (self.cases if "." in self.program and self.cases > 1 else self.batch)


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str
    side: Side
    goal: float = None  # so many times faster, or smaller, we should be


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    what: str
    limit: Side
    ours: Side
    goal: float = None           # so many times the limit we may take
    peers: tuple = ()
    goal_absolute: float = None  # so many nanoseconds an item, or bytes
    durable: bool = False        # the disk is measured too
    counted: bool = False        # bytes in place of time
    quick: bool = False
    check: int = 4000            # so many transitions (or events) are compared: never the whole ring

    def sides(self):
        return {"limit": self.limit, "ours": self.ours, **{peer.name: peer.side for peer in self.peers}}

# Alerts that are known, where the same are said again.
KNOWN = 10000


def limits(variant, *more):
    return Side("bench-limits", variant, *more)


def sqlite(variant, *more):
    return Side("bench-rows", variant, *more)


def postgres(variant, *more):
    return Side("bench-unnest", variant, *more)


def ours(variant, *more):
    return Side("bench-ours", variant, *more)


def intake(variant, cases=KNOWN, batch=1000, whole=1000):
    return Side("bench-intake", variant, cases, batch, whole)


def outbox(waiting):
    return Side("bench-outbox", "send", waiting, 64)


def deadlines(variant, cases=1000):
    return Side("bench-escalator", variant, cases, 256, cases)


def alertmanager(variant, cases=KNOWN):
    return Side("alertmanager.py", variant, cases, 1000, 1000)


FILE = 100000
MANY = 1000000
LOG = 4 * FILE
# The rows are brought up to date after so many events, so a slice pays for that in full.
CYCLE = 262144
PROBE = limits("fdatasync", 1, 1)
NOOP = Side("ours.py", "noop")
OBJECT = Peer("GObject a case", limits("object"))
OBJECT_HEARD = Peer("GObject a case", limits("object-heard"))
OTHERS = (Peer("python3-transitions", Side("machine.py", "transitions"), 60),
          Peer("XState, actor", Side("actor.mjs", "actor"), 60),
          Peer("XState, pure", Side("actor.mjs", "pure")))
TRANSITIONS = Peer("python3-transitions", Side("machine.py", "transitions"), 15)
REPLAY_ROWS = sqlite("replay", FILE, LOG)
REPLAY_COPY = Peer("PostgreSQL COPY", postgres("copy", FILE, LOG), 8)


def wide(batch, goal=None):
    return Peer("SQLite, wide row", sqlite("wide", FILE, batch), goal)


def unnest(batch, goal=None):
    return Peer("PostgreSQL unnest", postgres("unnest", FILE, batch), goal)


MEMORY = (
    Row("memory", "transition in memory, one command on 64 cases", limits("table"), ours("many"), 2,
        (OBJECT, *OTHERS), quick=True),
    Row("memory-heard", "the same, one C handler", limits("table"), ours("many-heard"), 4, (OBJECT_HEARD,)),
    Row("memory-one", "transition in memory, one call a case", limits("table"), ours("one"), 2,
        (OBJECT, *OTHERS), quick=True),
    Row("memory-one-heard", "the same, one C handler on each case", limits("table"), ours("one-heard"), 4,
        (OBJECT_HEARD,)),
    Row("memory-million", "the same on 1,000,000 cases in random order, 1,024 at once",
        limits("table", MANY, 1024), ours("many", MANY, 1024), 1.3,
        (Peer("GObject a case", limits("object", MANY, 1024), 2.4),), check=4 * MANY // 3),
    Row("rights", "the same as memory-one, and twelve rules say who may what", ours("one"), ours("one-rights"), 1.2),
    Row("rights-many", "the same as memory, and twelve rules say who may what", ours("many"), ours("many-rights"), 1.2),
    Row("bytes", "memory, a case with its first event", limits("table-memory", MANY, 1), ours("memory", MANY, 1), None,
        (Peer("GObject a case", limits("object-memory", MANY, 1)),), counted=True),
)
DURABLE = (
    Row("durable-1", "durable, one a commit", PROBE, ours("durable-one", FILE, 1), 1 / 0.65, (wide(1, 1.1),),
        durable=True, check=3000),
    Row("durable-64", "durable, 64 a commit, rows brought up to date", sqlite("append", FILE, 64), ours("durable-many", FILE, 64, CYCLE), 2,
        (wide(64, 4), unnest(64, 2)), durable=True, check=FILE + 9000),
    Row("durable-1024", "the same, 1,024 a commit", sqlite("append", FILE, 1024), ours("durable-many", FILE, 1024, CYCLE), 2,
        (wide(1024, 8), unnest(1024, 2)), durable=True, quick=True, check=FILE + 9000),
    Row("durable-batch", "the same, 1,024 different commands a commit", sqlite("append", FILE, 1024),
        ours("durable-batch", FILE, 1024, CYCLE), None, (wide(1024),), durable=True,
        check=FILE + 9000),
    Row("durable-threads", "durable, one a command, 64 threads", PROBE, ours("durable-threads", FILE, 4096), None,
        (wide(1),), durable=True, check=3000),
)
READING = (
    Row("replay-tail", "replay, an event of the tail", REPLAY_ROWS, Side("bench-replay", "tail", FILE, LOG), 1.3,
        (REPLAY_COPY,), check=LOG),
    Row("replay-sealed", "replay, an event of a sealed segment", sqlite("replay-blobs", FILE, LOG),
        Side("bench-replay", "sealed", FILE, LOG), None, (Peer("SQLite, rows", REPLAY_ROWS, 2.5), REPLAY_COPY), 100,
        check=LOG),
    Row("report", "HTML report, an event", Side("bench-page", "loop", 1, 1000), ours("report", 1, 1000), 1.5,
        (Peer("Python f-strings", Side("page.py", "page", 1, 1000), 7),), quick=True),
)
# Bodies of 1,000 alerts. What is compared is how many alerts fire in the end.
INTAKE = (
    Row("intake-new", "a new alert that is taken in, told to a case and durable", intake("journal"), intake("new"), None,
        (Peer("Alertmanager, in memory", alertmanager("new"), 6),), durable=True),
    Row("intake-door", "the same over HTTP", intake("journal"), Side("door.py", "new", KNOWN, 1000, 1000), None,
        (Peer("Alertmanager, in memory", alertmanager("new"), 3),), durable=True),
    Row("intake-webhook", "the same by the webhook of Alertmanager", intake("journal"), intake("webhook-new"), durable=True),
    Row("intake-refresh", "an alert that is known, and said again with a later end", intake("scan"), intake("refresh"), None,
        (Peer("Alertmanager, in memory", alertmanager("refresh"), 10),), durable=True),
    Row("intake-parse", "an alert that is read, and no more", intake("scan"), intake("parse"), None,
        (Peer("json-glib", intake("parse-json-glib"), 9),)),
    Row("intake-inhibit", "an alert of 40,000, of which a third mute another third; the limit is one of 10,000",
        intake("inhibit", 10000, whole=40000), intake("inhibit", 40000, whole=40000), 1.1),
    Row("intake-bytes", "memory, an alert that fires, in a store on disk", intake("memory-text", FILE), intake("memory", FILE), None,
        (Peer("Alertmanager", alertmanager("memory", FILE)),), 1024, counted=True),
)
# What waits for another channel is in nobody's way.
OUTBOX = (
    Row("outbox", "a message that is written, claimed and settled, and 10,000 wait for another channel; the limit is where one does",
        outbox(1), outbox(10000), 1.5),
    Row("outbox-many", "the same, and 100,000 wait", outbox(1), outbox(100000), 1.5),
)
# A pass over a policy in which nobody can be paged: two events a deadline, and no message.
def claims(cases):
    return Peer("SQLite, claimed rows", Side("bench-rows", "deadlines", cases, 256, cases), 3)


ONCALL = (
    Row("deadline", "a deadline that is fired, with its events, in memory", deadlines("heap"), deadlines("memory"), None,
        (claims(1000),), 450, quick=True),
    Row("deadline-million", "the same where 1,000,000 wait", deadlines("heap", MANY), deadlines("memory", MANY), None, (), 450,
        check=MANY),
    Row("deadline-durable", "the same, durable", sqlite("append", FILE, 256), deadlines("file", FILE), None,
        (claims(FILE),), 5000, durable=True, check=FILE),
    Row("deadline-page", "the same, and a person is paged by a message", sqlite("append", 10000, 256), deadlines("file-page", 10000),
        durable=True, check=10000),
    Row("escalator-start", "an escalator that is begun, a case with an open run of 1,000,000; the limit is an event that is replayed",
        REPLAY_ROWS, deadlines("start", MANY), None, (), 5000, check=0),
    Row("coverage", "who is on call in a year, a schedule of twelve; the limit is a copy of the answer", Side("bench-escalator", "cover-copy", 1, 1, 12),
        Side("bench-escalator", "cover", 1, 1, 12), None, (), 1e9 / 12, check=12),
)
PYTHON = (
    Row("python", "transition from Python, one call", NOOP, Side("ours.py", "one"), 4, (TRANSITIONS,)),
    Row("python-many", "transition from Python, one command on 1,000 cases", NOOP, Side("ours.py", "many", 1000, 1000),
        None, (TRANSITIONS,), 50),
)
ROWS = (*MEMORY, *DURABLE, *INTAKE, *OUTBOX, *ONCALL, *READING, *PYTHON)
