#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_kill.py WRITER CHECKER KILLS [SEED]

Two processes write to one store, and are killed at a random moment, one of them
or both. Whatever a call has returned for is there, once and unchanged; what one
command commits is there as a whole or not at all.
"""
import collections
import hashlib
import hmac
import os
import pathlib
import random
import selectors
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROUNDS_A_STORE = 10
TELLS_OF_ALERTS = ("alert-fired", "alerts-fired", "alert-resolved", "alerts-resolved")


class Writer:
    def __init__(self, program, store, name, seed):
        self.name = name
        self.lines = []
        self.rest = b""
        self.process = subprocess.Popen([program, store, name, str(seed)], stdout=subprocess.PIPE)

    def read(self):
        """Takes what is in the pipe; a line that was not ended was not said. False at the end."""
        data = os.read(self.process.stdout.fileno(), 65536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.lines += lines
        return bool(data)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        while self.read():
            pass
        self.process.stdout.close()
        status = self.process.wait()
        assert status == -signal.SIGKILL, f"{self.name} ended by itself: {status}"


def wait_for_lines(writers, wanted):
    """Reads from all until they have said so many lines together."""
    with selectors.DefaultSelector() as selector:
        for writer in writers:
            selector.register(writer.process.stdout, selectors.EVENT_READ, writer)
        while sum(len(writer.lines) for writer in writers) < wanted:
            for key, _ in selector.select():
                assert key.data.read(), f"{key.data.name} ended by itself: {key.data.process.wait()}"


def leaf_of(store_id, row):
    """The hash of an event, from the layout as it is documented."""
    def text(value):
        data = value.encode()
        return len(data).to_bytes(4, "big") + data

    encoding = (b"INCE\x01" + store_id + row["log_index"].to_bytes(8, "big") + b"\x01"
                + row["subject"].to_bytes(8, "big") + row["seq"].to_bytes(4, "big") + text(row["kind"])
                + row["occurred_at"].to_bytes(8, "big", signed=True)
                + row["recorded_at"].to_bytes(8, "big", signed=True) + text(row["actor"])
                + bytes([row["verified"]]) + row["operation"] + row["step"].to_bytes(4, "big")
                + text(row["facts"]) + row["commitment"])
    return hashlib.sha256(b"\0" + encoding).digest()


def check_rows(rows, store_id):
    """Each event by itself, and its place."""
    next_seq = collections.Counter()
    for index, row in enumerate(rows):
        assert row["log_index"] == index, f"the log has a gap before {row['log_index']}"
        next_seq[row["subject"]] += 1
        assert row["seq"] == next_seq[row["subject"]], f"case {row['subject']} has a gap before {row['seq']}"
        assert row["body"] is not None, f"event {index} has no payload"
        assert hmac.digest(row["key"], row["body"].encode(), "sha256") == row["commitment"], f"payload of event {index}"
        assert leaf_of(store_id, row) == row["leaf"], f"hash of event {index}"


def list_alerts(rows, state):
    """Whatever tells of them: an event for each, or one for many."""
    return [line.removeprefix("alert=") for row in rows if row["kind"] in (f"alert-{state}", f"alerts-{state}")
            for line in row["facts"].split("\n") if line.startswith("alert=")]


def check_alerts(rows):
    """Each is told as firing once, and its end once, after that."""
    told = collections.defaultdict(list)
    for row in rows:
        for state in ("fired", "resolved"):
            for key in list_alerts([row], state):
                told[key].append(state)
    for key, states in told.items():
        assert states in (["fired"], ["fired", "resolved"]), f"{key}: {states}"


def check_commands(rows, groups):
    """All events of one command, or none."""
    operations = collections.defaultdict(list)
    for row in rows:
        operations[row["operation"]].append(row)
    for events in operations.values():
        assert [event["step"] for event in events] == list(range(len(events))), "the steps of a command"
        assert len({event["subject"] for event in events}) == 1
        kinds = collections.Counter(event["kind"] for event in events)
        fired, resolved = list_alerts(events, "fired"), list_alerts(events, "resolved")
        if not fired and not resolved:
            assert len(events) == 1, kinds
            continue
        # The title of the case is the name of the group, and ends in the number of its alerts.
        title = next(row for row in rows if row["subject"] == events[0]["subject"])["body"].split('"')[3]
        whole = int(title.rsplit("-", 1)[1])
        assert len(set(fired + resolved)) == len(fired + resolved) == whole, f"{title}: {fired} {resolved}"
        others = {kind: n for kind, n in kinds.items() if kind not in TELLS_OF_ALERTS}
        assert others == ({"opened": 1} if fired else {"alerts-ended": 1}), f"{title}: {kinds}"
        assert events[0]["subject"] in groups, f"nothing leads to the case of {title}"


def check_store(checker, store, acknowledged):
    result = subprocess.run([checker, store], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    db = sqlite3.connect(store)
    db.row_factory = sqlite3.Row
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store_id = db.execute("SELECT store_id FROM store").fetchone()[0]
    groups = {row["subject"] for row in db.execute("SELECT subject FROM alert_group")}
    rows = db.execute("SELECT * FROM event LEFT JOIN payload USING (log_index) ORDER BY log_index").fetchall()
    db.close()
    assert len(rows) == int(result.stdout), "the library sees as many events as there are rows"
    check_rows(rows, store_id)
    check_alerts(rows)
    check_commands(rows, groups)
    for line in acknowledged:
        case, seq, index, kind, leaf = line.decode().split(" ")
        row = rows[int(index)] if int(index) < len(rows) else None
        assert row is not None, f"lost: {line}"
        assert ((row["subject"], row["seq"], row["kind"], row["leaf"].hex())
                == (int(case), int(seq), kind, leaf)), f"not as it was said: {line}"
    return len(rows)


def kill_once(programs, store, rng):
    writer, checker, acknowledged = programs
    writers = [Writer(writer, store, name, rng.getrandbits(32)) for name in ("ana", "bo")]
    first = rng.choice(writers)
    wait_for_lines(writers, rng.choice((0, 1, rng.randrange(20), rng.randrange(200))))
    # Not to wait for anything: to meet another moment of what goes on; at first, of the making of the store.
    time.sleep(rng.random() * (0.004 if acknowledged else 0.04))
    first.kill()
    survivor = next(writer for writer in writers if writer is not first)
    if rng.random() < 0.5:
        wait_for_lines([survivor], len(survivor.lines) + 3)
    survivor.kill()
    acknowledged += [line for writer in writers for line in writer.lines]
    return check_store(checker, store, acknowledged)


def main(writer, checker, kills, seed=20261125):
    kills, seed = int(kills), int(seed)
    rng = random.Random(seed)
    n_acknowledged = n_events = 0
    print(f"seed {seed}")
    for start in range(0, kills, ROUNDS_A_STORE):
        acknowledged = []
        with tempfile.TemporaryDirectory() as folder:
            store = str(pathlib.Path(folder) / "store.db")
            for _ in range(min(ROUNDS_A_STORE, kills - start)):
                n = kill_once((writer, checker, acknowledged), store, rng)
        n_events += n
        n_acknowledged += len(set(acknowledged))
    print(f"{kills} kills; of {n_events} events {n_acknowledged} were acknowledged, and all of these are there")
    assert 0 < n_acknowledged <= n_events


if __name__ == "__main__":
    main(*sys.argv[1:])
