# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library behind its HTTP door, incident serve: what it answers for is on the disk."""
import json
import subprocess
import sys

import poster
import worker

PROGRAM = poster.BUILD / "examples/incident"


class Door:
    path = "/api/v2/alerts?source=prometheus"

    def start(self, folder):
        self.words = ["--db", folder / "door.db", "--playbook", folder / "playbook.json"]
        self.words[-1].write_bytes(poster.printed("playbook"))
        process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--json", *self.words],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        return process, int(json.loads(process.stdout.readline())["url"].rpartition(":")[2].rstrip("/"))

    def end(self):
        super().end()
        self.process.stdout.close()

    def checksum(self):
        """How many alerts fire, and are in a case."""
        printed = subprocess.run([PROGRAM, "alerts", "--json", *self.words], check=True, capture_output=True, text=True).stdout
        return sum(alert["status"] == "firing" and "case" in alert for alert in json.loads(printed))

    def written(self):
        return poster.of_process(self.process, "io", "wchar"), poster.of_process(self.process, "io", "write_bytes")


class New(Door, poster.Poster):
    pass


class Refresh(Door, poster.Refresher):
    pass


worker.main({"new": New, "refresh": Refresh}, sys.argv)
