# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bodies of alerts, posted to a server on this machine: the same client, whoever listens."""
import http.client
import os
import pathlib
import subprocess
import tempfile
import time

import worker

BUILD = pathlib.Path(os.environ["BENCH_BUILD"])
NUMBER, END = b"@" * 5, b"^" * 24


def printed(*words):
    return subprocess.run([BUILD / "tests/bench/bench-alerts", *map(str, words)], check=True, capture_output=True).stdout


def of_process(process, name, member):
    """A number from what the system tells of a process."""
    for line in pathlib.Path(f"/proc/{process.pid}/{name}").read_text().splitlines():
        if line.startswith(member + ":"):
            return int(line.split()[1])
    raise LookupError(member)


class Poster(worker.Variant):
    """New alerts by bodies of a batch each, over one connection. What is sent is made before it is measured."""
    path = "/api/v2/alerts"

    def start(self, folder):
        """The process of a server, and the port that it listens on."""
        raise NotImplementedError

    def begin(self):
        self.room = tempfile.TemporaryDirectory(dir=self.folder)
        self.template = printed("body", self.batch)
        self.end_at = int(time.time()) + 3600
        self.next_body = 0
        self.bodies = []
        self.process, self.port = self.start(pathlib.Path(self.room.name))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def end(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()
        self.room.cleanup()

    def body(self, number, later=0):
        ends_at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.end_at + later)).encode()
        return self.template.replace(NUMBER, b"%05d" % number).replace(END, ends_at)

    def prepare(self, n):
        self.bodies = [self.body(self.next_body + i) for i in range(n // self.batch)]
        self.next_body += len(self.bodies)

    def run(self, n):
        for body in self.bodies:
            self.connection.request("POST", self.path, body, {"Content-Type": "application/json"})
            response = self.connection.getresponse()
            answer = response.read()
            if response.status != 200:
                raise RuntimeError(f"{response.status} {answer[:500]}")


class Refresher(Poster):
    """The same alerts again, each time with a later end."""

    def begin(self):
        super().begin()
        super().prepare(self.n_cases)
        self.run(self.n_cases)

    def prepare(self, n):
        n_known = self.n_cases // self.batch
        self.bodies = [self.body((self.next_body + i) % n_known, (self.next_body + i) // n_known) for i in range(n // self.batch)]
        self.next_body += len(self.bodies)


class Memory(Poster):
    """Bytes an alert."""

    def count(self):
        before = of_process(self.process, "status", "VmRSS") * 1024
        for _ in range(0, self.n_cases, self.batch):
            self.prepare(self.batch)
            self.run(self.batch)
        return (of_process(self.process, "status", "VmRSS") * 1024 - before) // self.n_cases
