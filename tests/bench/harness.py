# SPDX-License-Identifier: LGPL-2.1-or-later
"""Workers on pipes, and the rounds in which they take turns."""
import os
import pathlib
import shutil
import statistics
import subprocess

import cluster
import table
from rows import PROBE, Side

HERE = pathlib.Path(__file__).parent
CANARY = Side("bench-limits", "canary", 1, 1)
CANARY_SECONDS = 0.02
# A round in which the machine changed its pace by more than this is dropped.
CANARY_DRIFT = 0.15
# The same for the disk, which is never as steady.
PROBE_DRIFT = 1.0
PROBE_WRITES = 48
# So many times the rounds that are wanted may be dropped.
MOST_DROPPED = 2


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
        self.n_done = 0

    def ask(self, line):
        """The numbers that it answers: none if it has nothing to say."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.side.program} {self.side.variant} ended by itself")
        return [int(word) for word in answer.split()]

    def run(self, n=None):
        """Nanoseconds an item: by the wall clock, and of the processor."""
        n = n or self.n
        wall, cpu = self.ask(f"RUN {n}")
        self.n_done += n
        return wall / n, cpu / n

    def calibrate(self, slice_seconds):
        """So many items that a slice takes about so long, after a warm-up: whole commits."""
        lap = max(self.side.lap(), 1)
        self.n = lap * -(-16 // lap)
        while (taken := self.run()[0] * self.n / 1e9) < slice_seconds / 4:
            self.n *= 4
        self.n = max(lap, round(self.n * slice_seconds / taken / lap) * lap)

    def written(self):
        """Bytes that it has written so far, or its server has, as worker.h tells; nothing where the system does not."""
        return cluster.written() if self.side.program == "bench-unnest" else self.ask("BYTES")

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
            "BENCH_NODE_MODULES": str(node_modules), "BENCH_BUILD": str(build),
        }
        # What a test is run with would be measured too.
        for name in ("MALLOC_PERTURB_", "G_DEBUG", "G_SLICE", "G_MESSAGES_DEBUG"):
            self.environment.pop(name, None)
        self.on_disk = table.file_system(folder) not in ("tmpfs", "ramfs")
        self.canary = None

    def command(self, side):
        """How the worker is started; Skipped if it cannot be."""
        program = self.build / "tests/bench" / side.program
        if side.program.endswith(".mjs"):
            if not self.node_modules or not (self.node_modules / "xstate").is_dir() or not shutil.which("node"):
                raise Skipped("XState is not installed")
            return ["node", str(HERE / side.program)]
        if side.program.endswith(".py"):
            if side.program == "alertmanager.py" and not shutil.which("prometheus-alertmanager"):
                raise Skipped("Prometheus Alertmanager is not installed")
            if side.program == "door.py" and not self.can_serve():
                raise Skipped("incident serve was not built")
            if side.variant == "transitions" and subprocess.run(
                    ["/usr/bin/python3", "-c", "import transitions"], capture_output=True, check=False).returncode:
                raise Skipped("python3-transitions is not installed")
            if side.program == "ours.py" and not list(self.build.glob("libincident/Incident-*.typelib")):
                raise Skipped("it was built without introspection")
            return ["/usr/bin/python3", str(HERE / side.program)]
        if not program.exists():
            raise Skipped(f"{side.program} was not built")
        if side.program == "bench-unnest" and "PGHOST" not in self.environment:
            raise Skipped("no PostgreSQL server can be started")
        return [str(program)]

    def can_serve(self):
        program = self.build / "examples/incident"
        return program.exists() and not subprocess.run([program, "serve", "--help"], capture_output=True, env=self.environment,
                                                       check=False).returncode

    def start(self, side, slice_seconds=None):
        worker = Worker(side, self)
        if slice_seconds:
            worker.calibrate(slice_seconds)
        return worker

    def start_all(self, row):
        """The workers of the sides but for the probe, and why there is none of the others."""
        workers, skipped = {}, {}
        for name, side in row.sides().items():
            try:
                if row.durable and not self.on_disk:
                    raise Skipped("there is no disk under the folder for files")
                if side != PROBE:
                    workers[name] = self.start(side, None if row.counted else self.slice_seconds)
            except Skipped as reason:
                skipped[name] = str(reason)
        return workers, skipped

    def measure(self, row):
        """What there is to say of a row."""
        workers, skipped = self.start_all(row)
        probe = None
        result = {"name": row.name, "what": row.what, "unit": "bytes" if row.counted else "ns", "skipped": skipped}
        try:
            if not {"limit", "ours"}.isdisjoint(skipped):
                return result
            if row.counted:
                counts = {name: worker.ask("COUNT")[0] for name, worker in workers.items()}
                return {**result, **summary(row, [counts], [])}
            self.canary = self.canary or self.start(CANARY, CANARY_SECONDS)
            probe = self.start(PROBE) if row.durable else None
            before = {name: (worker.written(), worker.n_done) for name, worker in workers.items()} if row.durable else {}
            rounds, n_dropped, probes = self._rounds(row, workers, probe)
            result.update(summary(row, rounds, probes), dropped=n_dropped, restless=n_dropped > MOST_DROPPED * self.rounds)
            if before:
                result["bytes_written"] = {name: [round((after - first) / (worker.n_done - before[name][1]))
                                                  for first, after in zip(before[name][0], worker.written())]
                                           for name, worker in workers.items()}
            result.update(self._checksums(row, workers))
            return result
        finally:
            for worker in (*workers.values(), *([probe] if probe else [])):
                worker.close()

    def _rounds(self, row, workers, probe):
        rounds, probes, n_dropped = [], [], 0
        while len(rounds) < self.rounds:
            turn = (len(rounds) + n_dropped) % len(workers)
            order = [*workers][turn:] + [*workers][:turn]
            times, paces, probed = self._round(order, workers, probe)
            is_steady = drift(paces) <= CANARY_DRIFT and (probe is None or drift(probed) <= PROBE_DRIFT)
            # Where it never is, some figures are better than none; the table says so.
            if not is_steady and n_dropped <= MOST_DROPPED * self.rounds:
                n_dropped += 1
                continue
            rounds.append(times)
            probes += probed
        return rounds, n_dropped, probes

    def _round(self, order, workers, probe):
        """Each takes its turn between two canaries, and the durable ones between two probes of the disk."""
        times, paces, probed = {}, [], []

        def look():
            paces.append(self.canary.run()[0])
            if probe is not None:
                probed.append(probe.run(PROBE_WRITES)[0])

        look()
        for name in order:
            times[name], times[name + " cpu"] = workers[name].run()
            look()
        if "limit" not in times:
            at = order.index("ours")
            times["limit"] = statistics.mean(probed[at:at + 2])
        return times, paces, probed

    @staticmethod
    def _checksums(row, workers):
        """Of the same transitions in worlds made anew; the phases end apart from where they began."""
        sums = {name: answer[0] for name, worker in workers.items() if (answer := worker.ask(f"CHECK {row.check}"))}
        return {"checksums": sums, "void": len(set(sums.values())) > 1}

    def close(self):
        if self.canary:
            self.canary.close()


def drift(paces):
    return max(paces) / min(paces) - 1


def summary(row, rounds, probes):
    """Medians, and ratios that were taken within a round."""
    median = statistics.median
    ratios = [times["ours"] / times["limit"] for times in rounds]
    ours = median(times["ours"] for times in rounds)
    result = {
        "rounds": len(rounds), "limit": median(times["limit"] for times in rounds), "ours": ours,
        "ratio": median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios),
        "goal": row.goal, "goal_absolute": row.goal_absolute,
        "met": (row.goal is None or median(ratios) <= row.goal) and (row.goal_absolute is None or ours <= row.goal_absolute),
        "void": False, "peers": [],
        "cpu": {name: median(times[name + " cpu"] for times in rounds) for name in row.sides() if name + " cpu" in rounds[0]},
    }
    if probes:
        result["probe"] = {"median": median(probes), "min": min(probes), "max": max(probes)}
    for peer in row.peers:
        if peer.name in rounds[0]:
            faster = [times[peer.name] / times["ours"] for times in rounds]
            result["peers"].append({
                "name": peer.name, "figure": median(times[peer.name] for times in rounds),
                "times": median(faster), "times_min": min(faster), "times_max": max(faster),
                "goal": peer.goal, "met": peer.goal is None or median(faster) >= peer.goal,
            })
    return result
