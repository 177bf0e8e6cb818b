#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The real Prometheus and the real Alertmanager, and the desk that listens to both.

Prometheus watches two targets that the test opens and closes. It tells the desk what
fires by two ways: directly, as if the desk were an Alertmanager, and through one.
"""
import http.server
import json
import shutil
import socket
import subprocess
import threading
import unittest
import urllib.parse
import urllib.request

from serve import SECONDS, Server, ServerTest, wait_until

PLAYBOOK = {
    "name": "Monitored",
    "sources": {"alertmanager": {"format": "alertmanager"}, "prometheus": {"format": "alertmanager-api"}},
}

RULES = """
groups:
  - name: watch
    interval: 1s
    rules:
      - alert: TargetDown
        expr: up{job="watched"} == 0
        labels: {severity: critical, service: checkout}
        annotations: {summary: "{{ $labels.instance }} does not answer"}
"""

PROMETHEUS = """
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{desk}"]}}]
    - static_configs: [{{targets: ["127.0.0.1:{alertmanager}"]}}]
scrape_configs:
  - job_name: watched
    static_configs: [{{targets: ["127.0.0.1:{first}", "127.0.0.1:{second}"]}}]
  - job_name: desk
    static_configs: [{{targets: ["127.0.0.1:{desk}"]}}]
"""

ALERTMANAGER = """
route: {{receiver: desk, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1m}}
receivers:
  - name: desk
    webhook_configs: [{{url: "http://127.0.0.1:{desk}/v1/alerts/alertmanager", send_resolved: true}}]
"""


class Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(b"watched 1\n")

    def log_message(self, *_):
        pass


class Target:
    """Something to watch."""

    def __init__(self, port):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Quiet)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Monitoring(ServerTest):
    def setUp(self):
        super().setUp()
        for program in ("prometheus", "prometheus-alertmanager"):
            if shutil.which(program) is None:
                raise unittest.SkipTest(f"no {program} here")
        names = ("desk", "alertmanager", "prometheus", "first", "second")
        self.ports = dict(zip(names, free_ports(len(names))))
        self.env["INCIDENT_PLAYBOOK"] = str(self.write("playbook.json", PLAYBOOK))
        self.write("rules.yml", RULES)
        self.targets = {}

    def start(self, program, *words):
        log = open(self.folder / f"{program}.log", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen([program, *words], cwd=self.folder, stdout=log, stderr=log)
        self.addCleanup(process.wait, SECONDS)
        self.addCleanup(process.kill)

    def begin(self):
        """All of it, with nothing wrong yet."""
        self.open("first")
        self.open("second")
        self.listen()
        self.write("alertmanager.yml", ALERTMANAGER.format(**self.ports))
        self.start("prometheus-alertmanager", "--config.file=alertmanager.yml", "--storage.path=am", "--cluster.listen-address=",
                   f"--web.listen-address=127.0.0.1:{self.ports['alertmanager']}")
        self.write("prometheus.yml", PROMETHEUS.format(**self.ports))
        self.start("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb", "--rules.alert.resend-delay=1s",
                   f"--web.listen-address=127.0.0.1:{self.ports['prometheus']}")
        wait_until(lambda: self.ask('up{job="watched"} == 1', 2), "Prometheus to watch")

    def listen(self):
        self.desk = Server(self, "--quiet", listen=f"127.0.0.1:{self.ports['desk']}")

    def open(self, name):
        self.targets[name] = Target(self.ports[name])
        self.addCleanup(lambda: name in self.targets and self.close(name))

    def close(self, name):
        self.targets.pop(name).close()

    def ask(self, expression, n):
        """Whether Prometheus has so many series of an expression."""
        url = f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=SECONDS) as answer:
                return len(json.load(answer)["data"]["result"]) == n
        except OSError:
            return False

    def told(self):
        """The alerts that fire, and by source how many began and ended."""
        ways = {}
        for event in self.json("log"):
            if event["kind"] in ("alert-fired", "alert-resolved"):
                began, ended = ways.get(event["actor"], (0, 0))
                ways[event["actor"]] = (began + (event["kind"] == "alert-fired"), ended + (event["kind"] == "alert-resolved"))
        return [case["firing_alerts"] for case in self.json("list")], ways

    def wait_for(self, began, ended):
        """The same by both ways, and all of it in one case."""
        wanted = [2 * (began - ended)], {"alertmanager": (began, ended), "prometheus": (began, ended)}
        seen = []

        def check():
            seen.append(self.told())
            return seen[-1] == wanted

        try:
            wait_until(check, wanted)
        except AssertionError:
            self.fail(f"never {wanted}, but {seen[-1]}")

    def test_what_fires_opens_groups_and_ends_and_outlives_a_kill(self):
        self.begin()
        self.assertEqual(self.told(), ([], {}))
        self.close("first")
        self.wait_for(1, 0)
        case, = self.json("list")
        self.assertEqual((case["service"], case["severity"]), ("checkout", "sev2"))

        # Nobody hears what happens now.
        self.desk.kill()
        self.close("second")
        wait_until(lambda: self.ask('ALERTS{alertstate="firing"}', 2), "the second alert")
        self.listen()
        self.wait_for(2, 0)

        # Nor that one of them ends.
        self.desk.kill()
        self.open("first")
        wait_until(lambda: self.ask('ALERTS{alertstate="firing"}', 1), "the end of the first alert")
        self.listen()
        self.wait_for(2, 1)

        self.open("second")
        self.wait_for(2, 2)
        # Prometheus reads what the desk tells of itself, by the letter of OpenMetrics.
        wait_until(lambda: self.ask('up{job="desk"} == 1', 1), "the desk to be watched")
        wait_until(lambda: self.ask("incident_cases_open == 1", 1), "the cases to be counted")
        self.assertEqual(self.desk.stop(), 0)


if __name__ == "__main__":
    unittest.main()
