# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prometheus Alertmanager, which keeps its alerts in memory."""
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import poster
import worker

PROGRAM = "prometheus-alertmanager"


class Alertmanager:
    def start(self, folder):
        configuration = folder / "alertmanager.json"
        configuration.write_bytes(poster.printed("alertmanager"))
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = subprocess.Popen([PROGRAM, f"--config.file={configuration}", f"--storage.path={folder / 'data'}",
                                    f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready").close()
                return process, port
            except urllib.error.URLError:
                time.sleep(0.05)
        process.kill()
        raise RuntimeError(f"{PROGRAM} does not start")

    def checksum(self):
        """How many alerts it has."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v2/alerts") as answer:
            return len(json.load(answer))


class New(Alertmanager, poster.Poster):
    pass


class Refresh(Alertmanager, poster.Refresher):
    pass


class Memory(Alertmanager, poster.Memory):
    pass


worker.main({"new": New, "refresh": Refresh, "memory": Memory}, sys.argv)
