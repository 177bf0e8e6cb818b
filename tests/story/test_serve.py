#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The desk that listens: what it answers."""
import concurrent.futures
import datetime
import json
import re
import sqlite3
import unittest

from cli import ALERTS
from serve import ServerTest, alert, listen, speak, wait_until, webhook

MIB = 1024 * 1024


def pushed(name="DiskFull", **members):
    """As Prometheus sends it."""
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=4)
    return {"labels": {"alertname": name}, "startsAt": "2026-11-23T06:14:46Z", "endsAt": end.isoformat(), **members}


class Alerts(ServerTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def test_a_webhook_opens_a_case_and_is_told_what_became_of_it(self):
        for name, n in (("1", 1), ("2", 3), ("2b-partial-resolve", 4), ("3", 2)):
            body = (ALERTS / f"alertmanager-live-{name}.json").read_bytes()
            answer = self.server.post("/v1/alerts/alertmanager", body)
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(answer.headers["Content-Type"], "application/json")
            self.assertEqual(set(answer.json[0]), {"alert", "summary", "case", "outcome", "why", "where"})
            self.assertEqual({receipt["case"] for receipt in answer.json}, {"INC-1"})
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 0)

    def test_what_was_answered_is_in_the_store(self):
        self.server.post("/v1/alerts/alertmanager", webhook(alert()))
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 1)
        self.assertEqual(self.json("timeline", "INC-1")[-1]["actor"], "alertmanager")

    def test_the_format_is_recognised(self):
        self.assertEqual(self.outcomes(self.server.post("/v1/alerts", webhook(alert()))), ["opened"])
        self.assert_error(self.server.post("/v1/alerts", {"nothing": "known"}), 400, "invalid")

    def test_the_source_may_be_named(self):
        self.server.post("/v1/alerts/alertmanager?source=eu-west", webhook(alert()))
        self.assertEqual(self.json("timeline", "INC-1")[0]["actor"], "eu-west")
        self.assert_error(self.server.post("/v1/alerts/alertmanager?source=a%0Ab", webhook(alert())), 400)

    def test_what_is_wrong_in_a_webhook_is_reported_and_the_rest_kept(self):
        answer = self.server.post("/v1/alerts/alertmanager", webhook(alert(), alert(instance="db-2", status="melting"), alert(instance="db-3")))
        self.assertEqual(sorted(self.outcomes(answer)), ["opened", "opened", "refused"])
        self.assertEqual([receipt["where"] for receipt in answer.json if receipt["where"]], ["/alerts/1/status"])
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 2)

    def test_a_bad_body_is_refused_with_its_place(self):
        for body, where in (('{"alerts":3}', "/alerts"), ("{}", ""), ('{"alerts":[', "/alerts/0"), ("", ""), (b"\xff", "")):
            answer = self.server.post("/v1/alerts/alertmanager", body)
            self.assert_error(answer, 400, "invalid")
            self.assertEqual(answer.json["error"]["where"], where, body)
        self.assertEqual(self.json("list"), [])

    def test_what_prometheus_pushes_is_taken_as_alertmanager_takes_it(self):
        answer = self.server.post("/api/v2/alerts", [pushed("One"), pushed("Two")])
        self.assertEqual(self.outcomes(answer), ["opened", "opened"])
        self.assertEqual(self.outcomes(self.server.post("/api/v2/alerts", [pushed("One")])), ["repeated"])
        self.assertEqual(self.json("timeline", "INC-1")[0]["actor"], "alertmanager-api")

    def test_a_batch_that_is_partly_bad_is_400_and_its_repeat_does_not_double(self):
        batch = [pushed("Good"), pushed("Bad", labels={"alertname": 7}), pushed("Too")]
        before = None
        for _ in range(2):
            answer = self.server.post("/api/v2/alerts", batch)
            self.assertEqual(answer.status, 400)
            self.assertEqual(len(answer.json), 3)
            self.assertIn("refused", [receipt["outcome"] for receipt in answer.json])
            log = self.json("log")
            self.assertEqual(log, before or log)
            before = log
        self.assertEqual(len(self.json("list")), 2)

    def test_pushed_alerts_without_labels_have_a_status_of_their_own(self):
        self.assertEqual(self.server.post("/api/v2/alerts", [{"startsAt": "2026-11-23T06:14:46Z"}]).status, 422)
        self.assertEqual(self.server.post("/api/v2/alerts", [{"labels": {"a": ""}}]).status, 400)
        self.assertEqual(self.server.post("/api/v2/alerts", [{"labels": {"a": "b"}, "startsAt": 7}]).status, 400)

    def test_an_alert_ends_by_itself_when_its_time_has_come(self):
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
        self.server.post("/api/v2/alerts", [pushed(endsAt=end.isoformat())])
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 1)
        wait_until(lambda: self.json("show", "INC-1")["firing_alerts"] == 0, "the end of the alert")

    def test_forms_and_what_only_claims_to_be_one_are_read(self):
        form = "application/x-www-form-urlencoded"
        self.server.post("/v1/alerts/alertmanager", "payload=" + "".join(f"%{b:02x}" for b in json.dumps(webhook(alert())).encode()),
                         Content_Type=form)
        self.assertEqual(self.outcomes(self.server.post("/v1/alerts/alertmanager", webhook(alert()), Content_Type=form)), ["repeated"])
        self.assert_error(self.server.post("/v1/alerts/alertmanager", "a=1&a=2", Content_Type=form), 400, "invalid", "a")

    def test_many_senders_at_once_lose_nothing(self):
        def send(n):
            return self.server.post("/v1/alerts/alertmanager", webhook(alert(f"A{n % 6}", instance=str(n % 60)))).status

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            self.assertEqual(set(pool.map(send, range(240))), {200})
        cases = self.json("list")
        self.assertEqual((len(cases), sum(case["firing_alerts"] for case in cases)), (6, 60))


class Foreign(ServerTest):
    """The addresses of other services, for senders that know only those."""

    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def need(self, format):
        if self.server.post(f"/v1/alerts/{format}", "{}").status == 404:
            raise unittest.SkipTest(f"no format “{format}”")

    def test_pagerduty(self):
        self.need("pagerduty")
        event = {"routing_key": "R" * 32, "event_action": "trigger", "dedup_key": "srv01/disk",
                 "payload": {"summary": "Disk full", "severity": "critical", "source": "srv01"}}
        answer = self.server.post("/v2/enqueue", event)
        self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(answer.json, {"status": "success", "message": "Event processed", "dedup_key": "srv01/disk"})
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 1)

        del event["dedup_key"]
        made = self.server.post("/v2/enqueue", event).json["dedup_key"]
        self.assertTrue(made)
        for key in ("srv01/disk", made):
            answer = self.server.post("/v2/enqueue", {**event, "event_action": "resolve", "dedup_key": key})
            self.assertEqual((answer.status, answer.json["dedup_key"]), (202, key))
        self.assertEqual([case["firing_alerts"] for case in self.json("list")][-1], 0)

        answer = self.server.post("/v2/enqueue", {**event, "event_action": "explode"})
        self.assertEqual(answer.status, 400)
        self.assertEqual(set(answer.json), {"status", "message", "errors"})
        self.assertEqual(answer.json["status"], "invalid event")
        self.assertEqual(len(answer.json["errors"]), 1)

    def test_opsgenie(self):
        self.need("opsgenie")
        answer = self.server.post("/v2/alerts", {"message": "Disk full", "alias": "srv 01/disk", "priority": "P1"})
        self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(answer.json["result"], "Request will be processed")
        self.assertRegex(answer.json["requestId"], r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertIsInstance(answer.json["took"], float)
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 1)
        for body in ("", "{}", '{"note":"on it","user":"ana"}'):
            answer = self.server.post("/v2/alerts/srv%2001%2Fdisk/acknowledge?identifierType=alias", body)
            self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(self.server.post("/v2/alerts/srv%2001%2Fdisk/close?identifierType=alias", " { } ").status, 202)
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 0)

        self.assert_error(self.server.post("/v2/alerts", {"alias": "x"}), 400)
        for body in ("[]", "null", '{"alias":"another"}', '{"action":"create"}', "{", "{}{}"):
            self.assert_error(self.server.post("/v2/alerts/x/close", body), 400, "invalid")

    def test_a_cloudevent_in_binary_mode(self):
        self.need("cloudevents")
        answer = self.server.post("/v1/alerts", {"a": 1}, ce_specversion="1.0", ce_id="1", ce_source="/s", ce_type="t",
                                  ce_subject="Euro%20%E2%82%AC")
        self.assertEqual(answer.status, 200, answer.body)


class Http(ServerTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def test_it_tells_what_is_here(self):
        answer = self.server.get("/")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/plain; charset=utf-8"))
        self.assertIn(b"/v1/alerts/FORMAT", answer.body)

    def test_unknown_addresses_and_methods(self):
        for path in ("/nothing", "/v1", "/v1/alerts/", "/v1/alerts/alertmanager/", "/v1/alerts/a/b", "//", "/health/x", "/%ff",
                     "/v2/alerts/x/delete", "/v2/alerts//close", "/v1/alerts/alertmanager%2fx", "/a/b/c/d/e/f/g/h/i/j/k"):
            self.assert_error(self.server.post(path, webhook(alert())), 404)
        self.assert_error(self.server.post("/v1/alerts/no-such-format", webhook(alert())), 404)
        for method, path, allow in (("GET", "/v1/alerts/alertmanager", "POST"), ("DELETE", "/api/v2/alerts", "POST"),
                                    ("PUT", "/v2/enqueue", "POST"), ("OPTIONS", "/v1/alerts", "POST"),
                                    ("POST", "/metrics", "GET, HEAD"), ("POST", "/", "GET, HEAD")):
            answer = self.server.ask(method, path)
            self.assert_error(answer, 405)
            self.assertEqual(answer.headers["Allow"], allow)
        self.assertEqual(self.json("list"), [])

    def test_head_is_get_without_the_body(self):
        answer = self.server.ask("HEAD", "/")
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(int(answer.headers["Content-Length"]), len(self.server.get("/").body))

    def test_a_body_that_says_that_it_is_too_large_is_not_waited_for(self):
        for length in (MIB + 1, 10 ** 15, 2 ** 63 - 1):
            for expect in (b"", b"Expect: 100-continue\r\n"):
                heard = speak(self.server, b"POST /v1/alerts HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n{" % (expect, length))
                self.assertRegex(heard, rb"^HTTP/1\.1 413 ")
                self.assertEqual(json.loads(heard.split(b"\r\n\r\n", 1)[1])["error"]["code"], "too-large")

    def test_a_body_of_the_greatest_size_is_read(self):
        body = json.dumps(webhook(alert())).encode()
        answer = self.server.post("/v1/alerts/alertmanager", body + b" " * (MIB - len(body)))
        self.assertEqual(self.outcomes(answer), ["opened"])
        self.assert_error(self.server.post("/v1/alerts/alertmanager", body + b" " * (MIB - len(body) + 1)), 413, "too-large")

    def test_chunks_without_end_are_refused_once_they_are_too_much(self):
        with self.server.connect() as connection:
            connection.sendall(b"POST /v1/alerts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
            for _ in range(20):
                connection.sendall(chunk)
            self.assertRegex(listen(connection), rb"^HTTP/1\.1 413 ")

    def test_chunks_are_put_together(self):
        body = json.dumps(webhook(alert())).encode()
        answer = self.server.ask("POST", "/v1/alerts/alertmanager", iter([body[:10], body[10:]]), {"Transfer-Encoding": "chunked"})
        self.assertEqual(self.outcomes(answer), ["opened"])

    def test_a_sender_that_waits_for_leave_gets_it(self):
        body = json.dumps(webhook(alert())).encode()
        with self.server.connect() as connection:
            connection.sendall(b"POST /v1/alerts HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
            self.assertRegex(connection.recv(1000), rb"^HTTP/1\.1 100 ")
            connection.sendall(body)
            self.assertRegex(listen(connection), rb"^HTTP/1\.1 200 ")

    def test_what_is_no_http_is_told_so_and_harms_nobody(self):
        for text, status in ((b"garbage\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n\r\n", 400),
                             (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
                             (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400)):
            self.assertRegex(speak(self.server, text), b"^HTTP/1\\.[01] %d " % status, text)
        with self.server.connect() as connection:
            connection.sendall(b"POST /v1/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        self.server.connect().close()
        self.assertRegex(speak(self.server, b"GET / HTTP/1.0\r\n\r\n"), rb"^HTTP/1\.[01] 200 ")
        self.assertEqual(self.server.get("/health").status, 200)

    def test_each_connection_serves_one_request_and_says_so(self):
        heard = speak(self.server, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
        self.assertIn(b"\r\nConnection: close\r\n", heard)

    def test_too_many_connections_are_told_to_come_again(self):
        crowd = [self.server.connect() for _ in range(256)]
        self.addCleanup(lambda: [connection.close() for connection in crowd])
        answer = wait_until(lambda: (lambda a: a.status == 503 and a)(self.server.get("/")), "a crowd")
        self.assert_error(answer, 503, "overloaded")
        self.assertEqual(answer.headers["Retry-After"], "5")
        for connection in crowd:
            connection.close()
        wait_until(lambda: self.server.get("/").status == 200, "the crowd to go")

    def test_too_many_bytes_at_once_are_told_to_come_again(self):
        head = b"POST /v1/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % MIB
        crowd = []
        self.addCleanup(lambda: [connection.close() for connection in crowd])
        for _ in range(32):
            crowd.append(self.server.connect())
            crowd[-1].sendall(head + b" " * (MIB - 1))
        answer = wait_until(lambda: (lambda a: a.status == 503 and a)(self.server.post("/v1/alerts", " " * 65536)), "a crowd")
        self.assert_error(answer, 503, "overloaded")
        # Nor is there room for one that does not say how much it has.
        answer = self.server.ask("POST", "/v1/alerts", iter([b" " * 4096]), {"Transfer-Encoding": "chunked"})
        self.assert_error(answer, 503, "overloaded")
        for connection in crowd:
            connection.close()
        wait_until(lambda: self.server.post("/v1/alerts/alertmanager", webhook(alert())).status == 200, "the crowd to go")

    def test_a_store_that_takes_nothing_is_told_and_waited_for(self):
        other = sqlite3.connect(self.db, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        answer = self.server.post("/v1/alerts/alertmanager", webhook(alert()))
        self.assert_error(answer, 503, "busy")
        self.assertEqual(answer.headers["Retry-After"], "5")
        other.execute("ROLLBACK")
        # It could be written now; but what was sent is not in it.
        self.assertEqual(self.server.get("/health").status, 503)
        self.assertEqual(self.outcomes(self.server.post("/v1/alerts/alertmanager", webhook(alert()))), ["opened"])
        self.assertEqual(self.server.get("/health").json, {"status": "ok"})
        self.assertEqual(self.server.stop(), 0)
        self.assertIn(b"503 busy: ", self.server.said)


NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\d+(?:\.\d+)?|NaN|\+Inf)")
SUFFIXES = {"counter": ["_total"], "gauge": [""], "info": ["_info"], "histogram": ["_bucket", "_count", "_sum"]}


class Metrics(ServerTest):
    def read(self, server):
        """The samples, by name and labels; each line is held to OpenMetrics 1.0."""
        answer = server.get("/metrics")
        self.assertEqual((answer.status, answer.headers["Content-Type"]),
                         (200, "application/openmetrics-text; version=1.0.0; charset=utf-8"))
        lines = answer.body.decode().split("\n")
        self.assertEqual(lines[-2:], ["# EOF", ""])
        family, seen, samples = None, set(), {}
        for line in lines[:-2]:
            about = re.fullmatch(rf"# (TYPE|UNIT|HELP) ({NAME}) (.+)", line)
            if about:
                if about[1] == "TYPE":
                    self.assertNotIn(about[2], seen)
                    family, kind = about[2], about[3]
                    seen.add(family)
                self.assertEqual(about[2], family)
                if about[1] == "UNIT":
                    self.assertTrue(family.endswith("_" + about[3]))
                continue
            found = SAMPLE.fullmatch(line)
            self.assertTrue(found, line)
            self.assertIn(found[1], [family + suffix for suffix in SUFFIXES[kind]])
            self.assertNotIn((found[1], found[2]), samples)
            samples[found[1], found[2]] = float(found[3])
        return samples

    def test_what_comes_in_is_counted(self):
        server = self.serve()
        before = self.read(server)
        self.assertEqual(before["incident_cases_open", None], 0)
        body = json.dumps(webhook(alert("One"), alert("Two", status="melting")))
        for _ in range(2):
            server.post("/v1/alerts/alertmanager", body)
        server.post("/v1/alerts/alertmanager", "{}")
        server.post("/v1/alerts", body)
        for path in ('/v1/alerts/made-up', '/v1/alerts/made"up%0A\\', "/v1/alerts/another"):
            server.post(path, "{}")
        speak(server, b"POST /v1/alerts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n{")
        samples = self.read(server)
        self.assertEqual({labels: n for (name, labels), n in samples.items() if name == "incident_messages_total"},
                         {'format="alertmanager",answer="200"': 2, 'format="alertmanager",answer="400"': 1,
                          'format="any",answer="200"': 1, 'format="unknown",answer="404"': 3})
        self.assertEqual({labels: n for (name, labels), n in samples.items() if name == "incident_alerts_total"},
                         {'outcome="opened"': 1, 'outcome="refused"': 3, 'outcome="repeated"': 2})
        self.assertEqual(samples["incident_refused_requests_total", 'answer="413"'], 1)
        self.assertEqual(samples["incident_cases_open", None], 1)
        self.assertEqual(samples["incident_body_bytes_total", None], 3 * len(body) + 4 * 2)
        self.assertGreater(samples["incident_uptime_seconds", None], before["incident_uptime_seconds", None])

    def test_the_histogram_adds_up(self):
        server = self.serve()
        for n in range(5):
            server.post("/v1/alerts/alertmanager", webhook(alert(f"A{n}")))
        samples = self.read(server)
        buckets = [n for (name, _), n in samples.items() if name == "incident_ingest_seconds_bucket"]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual((buckets[-1], samples["incident_ingest_seconds_count", None]), (5, 5))
        self.assertGreater(samples["incident_ingest_seconds_sum", None], 0)


if __name__ == "__main__":
    unittest.main()
