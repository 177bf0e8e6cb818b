# SPDX-License-Identifier: LGPL-2.1-or-later
"""The protocol of worker.h, for workers in Python."""
import sys
import time


def checksum(index, phase):
    return (index + 1) * (phase + 1) * 2654435761


class Variant:
    def __init__(self, n_cases, batch):
        self.n_cases, self.batch = n_cases, batch
        self.lap = 0

    def begin(self):
        pass

    def steps(self, n):
        """The steps of the laps that make up n transitions: whole laps only."""
        for _ in range(n // self.n_cases):
            yield self.lap % 3
            self.lap += 1

    def checksum(self):
        """None where there is nothing to compare."""
        return None


def main(variants, arguments):
    _, name, n_cases, batch, _ = arguments
    world = variants[name](int(n_cases), int(batch))
    world.begin()
    print("READY", flush=True)
    for line in sys.stdin:
        command, n = line.split()
        if command == "CHECK":
            world = variants[name](int(n_cases), int(batch))
            world.begin()
            world.run(int(n))
            checksum = world.checksum()
            print("" if checksum is None else checksum % 2 ** 64, flush=True)
        else:
            wall, cpu = time.perf_counter_ns(), time.process_time_ns()
            world.run(int(n))
            print(time.perf_counter_ns() - wall, time.process_time_ns() - cpu, flush=True)
