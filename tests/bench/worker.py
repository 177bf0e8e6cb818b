# SPDX-License-Identifier: LGPL-2.1-or-later
"""The protocol of worker.h, for workers in Python."""
import sys
import time


def checksum(index, phase):
    return (index + 1) * (phase + 1) * 2654435761


class Variant:
    folder = None  # where files may be

    def __init__(self, n_cases, batch):
        self.n_cases, self.batch = n_cases, batch
        self.lap = 0

    def begin(self):
        pass

    def prepare(self, n):
        """What is to be there before n items are measured."""

    def end(self):
        pass

    def count(self):
        """Bytes, where they are what is measured."""

    def written(self):
        """Bytes that were written so far, as worker.h tells: none if there is nothing to say."""
        return ()

    def steps(self, n):
        """The steps of the laps that make up n transitions: whole laps only."""
        for _ in range(n // self.n_cases):
            yield self.lap % 3
            self.lap += 1

    def checksum(self):
        """None where there is nothing to compare."""
        return None


def check(variant, n_cases, batch, n):
    """The checksum in a world made anew."""
    world = variant(n_cases, batch)
    try:
        world.begin()
        world.prepare(n)
        world.run(n)
        checksum = world.checksum()
    finally:
        world.end()
    return "" if checksum is None else checksum % 2 ** 64


def measure(world, n):
    world.prepare(n)
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    world.run(n)
    return f"{time.perf_counter_ns() - wall} {time.process_time_ns() - cpu}"


def main(variants, arguments):
    _, name, n_cases, batch, Variant.folder = arguments
    n_cases, batch = int(n_cases), int(batch)
    world = variants[name](n_cases, batch)
    try:
        world.begin()
        print("READY", flush=True)
        for line in sys.stdin:
            command, *n = line.split()
            if command == "CHECK":
                print(check(variants[name], n_cases, batch, int(n[0])), flush=True)
            elif command == "RUN":
                print(measure(world, int(n[0])), flush=True)
            elif command == "COUNT":
                print(world.count(), flush=True)
            else:
                print(*world.written(), flush=True)
    finally:
        world.end()
