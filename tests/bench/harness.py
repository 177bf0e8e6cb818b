# SPDX-License-Identifier: LGPL-2.1-or-later
"""Workers on pipes, and the rounds in which they take turns."""
import os
import pathlib
import shutil
import statistics
import subprocess

HERE = pathlib.Path(__file__).parent
CANARY_DRIFT = 0.15


class Skipped(Exception):
    """What a variant needs is not installed."""


class Worker:
    """One variant, alive from its warm-up to its last round."""

    def __init__(self, side, bench):
        self.side = side
        self.process = subprocess.Popen([*bench.command(side), side.variant, str(side.cases), str(side.batch),
                                         str(bench.folder)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=bench.environment)
        if self.process.stdout.readline() != "READY\n":
            raise RuntimeError(f"{side.program} {side.variant} does not start")
        self.n = 0

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.side.program} {self.side.variant} ended by itself")
        return [int(word) for word in answer.split()]

    def run(self, n=None):
        """Wall nanoseconds an item."""
        n = n or self.n
        return self.ask(f"RUN {n}")[0] / n

    def calibrate(self, slice_seconds):
        """So many items that a slice takes about so long: whole laps, after a warm-up."""
        lap = max(self.side.cases if self.side.batch > 1 else 1, self.side.batch)
        if self.side.variant == "fdatasync":
            lap = 1
        n = max(lap, 16)
        n -= n % lap
        while (taken := self.run(n) * n / 1e9) < slice_seconds / 4:
            n *= 4
        self.n = max(lap, round(n * slice_seconds / taken / lap) * lap)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Bench:
    """Where everything is, and how long to measure."""

    def __init__(self, build, folder, rounds, slice_seconds, node_modules=None):
        self.build, self.folder, self.rounds, self.slice_seconds = build, folder, rounds, slice_seconds
        self.node_modules = node_modules
        self.environment = {
            **os.environ, "LC_ALL": "C.UTF-8",
            "LD_LIBRARY_PATH": str(build / "libincident"), "GI_TYPELIB_PATH": str(build / "libincident"),
            "PYTHONPATH": os.pathsep.join([str(HERE.parent.parent / "bindings/python"), str(HERE)]),
            "BENCH_NODE_MODULES": str(node_modules),
        }
        self.canary = None

    def command(self, side):
        """How the worker is started; Skipped if it cannot be."""
        program = self.build / "tests/bench" / side.program
        if side.program.endswith(".mjs"):
            if not self.node_modules or not (self.node_modules / "xstate").is_dir() or not shutil.which("node"):
                raise Skipped("XState is not installed")
            return ["node", str(HERE / side.program)]
        if side.program.endswith(".py"):
            if side.variant == "transitions" and subprocess.run(
                    ["/usr/bin/python3", "-c", "import transitions"], capture_output=True, check=False).returncode:
                raise Skipped("python3-transitions is not installed")
            return ["/usr/bin/python3", str(HERE / side.program)]
        if not program.exists():
            raise Skipped(f"{side.program} was not built")
        if side.program == "bench-unnest" and "PGHOST" not in self.environment:
            raise Skipped("no PostgreSQL server can be started")
        return [str(program)]

    def start(self, side):
        worker = Worker(side, self)
        worker.calibrate(self.slice_seconds)
        return worker

    def measure(self, row):
        """The times of each side, round by round, and what was skipped."""
        workers, skipped = {}, {}
        self.canary = self.canary or self.start(_CANARY)
        for name, side in row.sides().items():
            try:
                workers[name] = self.start(side)
            except Skipped as reason:
                skipped[name] = str(reason)
        try:
            if "limit" not in workers or "ours" not in workers:
                return [], {}, skipped
            return self._rounds(row, workers), self._checksums(row, workers), skipped
        finally:
            for worker in workers.values():
                worker.close()

    def _rounds(self, row, workers):
        rounds, names = [], list(workers)
        dropped = 0
        while len(rounds) < self.rounds and dropped < 3 * self.rounds:
            order = names[len(rounds) % len(names):] + names[:len(rounds) % len(names)]
            before = self.canary.run()
            times = {name: workers[name].run() for name in order}
            if abs(self.canary.run() / before - 1) > CANARY_DRIFT:
                dropped += 1
                continue
            rounds.append(times)
        if not rounds:
            raise RuntimeError(f"{row.name}: the machine is too restless to measure")
        return rounds

    def _checksums(self, row, workers):
        """Of the same number of transitions in worlds made anew: whole laps, so that the order does not matter."""
        if not row.checks:
            return {}
        return {name: worker.ask(f"CHECK {3 * worker.side.cases}")[0] if worker.side.cases == row.ours.cases
                else None for name, worker in workers.items()}

    def close(self):
        if self.canary:
            self.canary.close()


class _Canary:
    program, variant, cases, batch = "bench-limits", "canary", 1, 64


_CANARY = _Canary()


def summary(row, rounds, checksums, skipped):
    """What is said of a row: medians, and ratios that were taken within a round."""
    if not rounds:
        return {"name": row.name, "what": row.what, "skipped": skipped}
    ratios = [times["ours"] / times["limit"] for times in rounds]
    sums = {value for value in checksums.values() if value is not None}
    result = {
        "name": row.name, "what": row.what, "rounds": len(rounds),
        "limit_ns": statistics.median(times["limit"] for times in rounds),
        "ours_ns": statistics.median(times["ours"] for times in rounds),
        "ratio": statistics.median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios),
        "goal": row.goal, "met": row.goal is None or statistics.median(ratios) <= row.goal,
        "void": len(sums) > 1, "checksums": checksums, "peers": [],
    }
    for peer in row.peers:
        if peer.name in skipped:
            result["peers"].append({"name": peer.name, "skipped": skipped[peer.name]})
            continue
        faster = [times[peer.name] / times["ours"] for times in rounds]
        result["peers"].append({
            "name": peer.name, "ns": statistics.median(times[peer.name] for times in rounds),
            "times_faster": statistics.median(faster), "goal": peer.goal,
            "met": peer.goal is None or statistics.median(faster) >= peer.goal,
        })
    return result

