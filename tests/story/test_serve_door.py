#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The desk that listens: whom it lets in."""
import base64
import hashlib
import hmac
import http.client
import json
import shutil
import ssl
import subprocess
import unittest

from cli import ALERTS, PROGRAM
from serve import SECONDS, Server, ServerTest, alert, speak, webhook

TOKEN = "tok-5f1d9c0e7a"
OTHER = "tok-other-88aa"
KEY = "key-of-sentry-31"
SECRETS = (TOKEN, OTHER, KEY)
PLAYBOOK = {
    "name": "Door",
    "sources": {
        "prometheus": {"format": "alertmanager", "token": {"env": "PROMETHEUS_TOKEN"}},
        "eu": {"format": "alertmanager", "token": {"file": "eu.token"}},
        "signed": {"format": "alertmanager", "signature": {"env": "SIGNED_KEY"}},
        "unguarded": {"format": "alertmanager"},
    },
}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class Tokens(ServerTest):
    def setUp(self):
        super().setUp()
        self.write("eu.token", OTHER + "\n")
        self.env.update(INCIDENT_PLAYBOOK=str(self.write("playbook.json", PLAYBOOK)), PROMETHEUS_TOKEN=TOKEN, SIGNED_KEY=KEY)
        self.heard = b""

    def post(self, server, document=None, path="/v1/alerts/alertmanager", **headers):
        answer = server.post(path, document or webhook(alert()), **headers)
        self.heard += answer.body + str(answer.headers).encode()
        return answer

    def assert_no_secret(self, server):
        self.heard += server.get("/metrics").body + server.get("/health").body
        self.assertEqual(server.stop(), 0)
        for secret in SECRETS:
            self.assertNotIn(secret.encode(), self.heard + server.said + server.line.encode() + self.text("log", "--json").encode())
            for file in self.folder.glob("incidents.db*"):
                self.assertNotIn(secret.encode(), file.read_bytes())

    def test_where_a_subscription_is_confirmed_is_told_to_people(self):
        server = self.serve()
        body = (ALERTS.parent / "intake-more" / "cloudwatch-confirm.json").read_bytes()
        answer = server.post("/v1/alerts/cloudwatch", body, **bearer(TOKEN))
        self.assertEqual([receipt["outcome"] for receipt in answer.json], ["noted"])
        server.stop()
        server.ear.join(SECONDS)
        self.assertRegex(server.said.decode(), "(?m)^incident: The topic .* to confirm, open https://sns[.]")

    def test_each_token_is_one_source(self):
        server = self.serve()
        for n, (headers, source) in enumerate(((bearer(TOKEN), "prometheus"), (bearer(OTHER), "eu"),
                                               ({"Authorization": f"bearer  {TOKEN}"}, "prometheus"),
                                               ({"Authorization": f"GenieKey {OTHER}"}, "eu"),
                                               ({"Authorization": "Basic " + base64.b64encode(f"any:{OTHER}".encode()).decode()}, "eu"))):
            answer = self.post(server, webhook(alert(f"A{n}")), **headers)
            self.assertEqual(self.outcomes(answer), ["opened"])
            self.assertEqual(self.json("timeline", f"INC-{n + 1}")[0]["actor"], source)
        self.assert_no_secret(server)

    def test_without_a_token_it_is_401_and_with_a_wrong_one_403(self):
        server = self.serve()
        answer = self.post(server)
        self.assert_error(answer, 401, "refused")
        self.assertEqual(answer.headers["WWW-Authenticate"], 'Bearer realm="incident"')
        for headers in (bearer("wrong"), bearer(TOKEN + "x"), bearer(TOKEN[:-1]), bearer(TOKEN.upper()), bearer(KEY),
                        {"Authorization": "Basic " + base64.b64encode(TOKEN.encode() + b":").decode()},
                        {"Sentry-Hook-Signature": "00" * 32}):
            self.assert_error(self.post(server, **headers), 403, "refused")
        for headers in ({"Authorization": "Bearer"}, {"Authorization": "Basic !"}, {"Authorization": "Digest x"},
                        {"Authorization": TOKEN}):
            self.assert_error(self.post(server, **headers), 401, "refused")
        for path in ("/v1/alerts", "/api/v2/alerts", "/v2/enqueue", "/v2/alerts", "/v2/alerts/x/close"):
            self.assert_error(self.post(server, path=path), 401, "refused")
        self.assertEqual(self.json("list"), [])
        self.assert_no_secret(server)
        self.assertIn(b"POST /v1/alerts/alertmanager 403 refused\n", server.said)

    def test_nobody_speaks_for_another(self):
        server = self.serve()
        for source in ("eu", "unguarded", "nobody"):
            self.assert_error(self.post(server, path=f"/v1/alerts/alertmanager?source={source}", **bearer(TOKEN)), 403)
        self.assertEqual(self.post(server, path="/v1/alerts?source=prometheus", **bearer(TOKEN)).status, 200)
        self.assert_error(self.post(server, path="/v1/alerts/alertmanager?source=unguarded"), 401)

    def test_a_signature_is_that_of_the_body_as_it_was_sent(self):
        server = self.serve()
        body = json.dumps(webhook(alert())).encode()
        signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
        self.assert_error(self.post(server, body + b" ", Sentry_Hook_Signature=signature), 403)
        self.assertEqual(self.outcomes(self.post(server, body, Sentry_Hook_Signature=signature)), ["opened"])
        self.assertEqual(self.json("timeline", "INC-1")[0]["actor"], "signed")
        self.assert_no_secret(server)

    def test_a_token_that_changes_counts_at_once(self):
        server = self.serve()
        self.write("eu.token", "a-new-one")
        self.assert_error(self.post(server, **bearer(OTHER)), 403)
        self.assertEqual(self.post(server, **bearer("a-new-one")).status, 200)

    def test_any_host_may_ask_where_there_are_tokens(self):
        server = self.serve()
        self.assertEqual(self.post(server, Host="desk.example", Origin="https://desk.example", **bearer(TOKEN)).status, 200)

    def test_what_watches_the_desk_needs_no_token(self):
        server = self.serve()
        for path in ("/", "/health", "/metrics"):
            self.assertEqual(server.get(path).status, 200)

    def test_with_tokens_other_machines_may_come(self):
        server = self.serve(listen="0.0.0.0:0")
        self.assertIn("http://0.0.0.0:", server.line)
        self.assertEqual(self.post(server, **bearer(TOKEN)).status, 200)

    def test_a_secret_that_is_not_there_is_told_before_anybody_comes(self):
        del self.env["PROMETHEUS_TOKEN"]
        error = self.error("serve", "--listen", "127.0.0.1:0", status=4)
        self.assertIn("“prometheus”", error["message"])
        self.assertIn("“PROMETHEUS_TOKEN”", error["message"])
        self.env["PROMETHEUS_TOKEN"] = TOKEN
        (self.folder / "eu.token").unlink()
        self.assertIn("“eu”", self.error("serve", "--listen", "127.0.0.1:0", status=1)["message"])


class Open(ServerTest):
    """Without tokens."""

    def test_only_this_machine_is_served(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:9099"):
            done = self.incident("serve", "--listen", address, status=2)
            self.assertEqual(done.stdout, b"")
            self.assertIn(b"without a token", done.stderr)
        for address in ("", ":9099", "127.0.0.1:x", "127.0.0.1:70000", "[::1"):
            self.incident("serve", "--listen", address, status=2)

    def test_only_names_of_this_machine_are_answered(self):
        server = self.serve()
        for host in ("127.0.0.1", f"127.0.0.1:{server.port}", "localhost", f"LOCALHOST:{server.port}", "127.1.2.3", "[::1]:9099"):
            self.assertEqual(server.post("/v1/alerts", webhook(alert()), Host=host).status, 200, host)
        for host in ("evil.example", "evil.example:9099", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.1", "[2001:db8::1]"):
            for path in ("/v1/alerts", "/metrics", "/health", "/nothing"):
                self.assert_error(server.post(path, webhook(alert()), Host=host), 403, "foreign-host")
        heard = speak(server, b"GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertRegex(heard, rb"^HTTP/1\.1 403 ")

    def test_pages_of_others_do_not_speak_through_a_browser(self):
        server = self.serve()
        for origin in ("https://evil.example", "null", "http://localhost.evil.example", "x"):
            self.assert_error(server.post("/v1/alerts", webhook(alert()), Origin=origin), 403, "foreign-host")
        self.assertEqual(server.post("/v1/alerts", webhook(alert()), Origin=server.url).status, 200)

    def test_the_log_has_one_line_for_each_refusal_and_no_bodies(self):
        server = self.serve()
        server.post("/v1/alerts/alertmanager?source=query-secret", "{body-secret", X_Secret="header-secret")
        server.post("/v1/alerts/" + "x" * 5000, "{}")
        server.post("/a%0Ab%1b%5b2J", "{}")
        server.post("/v1/alerts", webhook(alert()))
        self.assertEqual(server.stop(), 0)
        lines = server.said.decode().splitlines()
        self.assertEqual(len(lines), 3, lines)
        for line in lines:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.0\.1 POST /[!-~]{1,200} 40[04] [a-z-]+$")
            self.assertNotIn("secret", line)

    def test_quiet_says_nothing_of_refusals(self):
        server = self.serve("--quiet")
        server.get("/nothing")
        self.assertEqual(server.stop(), 0)
        self.assertEqual(server.said, b"")


class Tls(ServerTest):
    def setUp(self):
        super().setUp()
        if shutil.which("openssl") is None:
            raise unittest.SkipTest("no openssl command")
        # The checker of leaks itself crashes where a thread of the TLS library has ended; other tests look for leaks.
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        self.key, self.certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.key, "-out", self.certificate],
                       check=True, capture_output=True)

    def test_https(self):
        server = self.serve("--tls-certificate", self.certificate, "--tls-key", self.key)
        self.assertTrue(server.url.startswith("https://127.0.0.1:"))
        trust = ssl.create_default_context(cafile=self.certificate)

        def connection():
            return http.client.HTTPSConnection(server.host, server.port, timeout=SECONDS, context=trust)

        body = json.dumps(webhook(alert()))
        self.assertEqual(server.ask("POST", "/v1/alerts", body, connection=connection()).status, 200)
        self.assertEqual(server.ask("GET", "/health", connection=connection()).status, 200)
        # Neither plain HTTP, nor half a handshake, nor a body that is too large stops it.
        self.assertNotIn(b" 200 ", speak(server, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        server.connect().close()
        answer = server.ask("POST", "/v1/alerts", " " * (2 ** 20 + 1), connection=connection())
        self.assert_error(answer, 413, "too-large")
        self.assertEqual(server.ask("POST", "/v1/alerts", body, connection=connection()).json[0]["outcome"], "repeated")
        with server.connect():
            self.assertEqual(server.stop(), 0)

    def test_what_is_no_certificate_is_told(self):
        self.incident("serve", "--listen", "127.0.0.1:0", "--tls-certificate", self.certificate, status=2)
        self.incident("serve", "--listen", "127.0.0.1:0", "--tls-key", self.key, status=2)
        for certificate, key in ((self.key, self.key), ("nowhere.pem", self.key), (self.certificate, "nowhere.pem")):
            done = self.incident("serve", "--listen", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key, status=1)
            self.assertIn(b"cannot be used", done.stderr)


if __name__ == "__main__":
    unittest.main()
