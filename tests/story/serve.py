# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of “incident serve” share: a running server, and a way to speak to it."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import unittest

from cli import PROGRAM, ProgramTest

SECONDS = 60  # that anything here may take, on a machine that is busy with other things


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


def wait_until(check, what, seconds=SECONDS):
    """The first true result; asks again and again until then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = check()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"in vain waited for {what}")


class Server:
    """A process of its own. What it says on standard error is kept."""

    def __init__(self, test, *words, listen="127.0.0.1:0", env=None):
        self.process = subprocess.Popen([PROGRAM, "serve", "--listen", listen, *map(str, words)], env=env or test.env,
                                        cwd=test.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        test.addCleanup(self.end)
        self.said = b""
        self.ear = threading.Thread(target=self.hear)
        self.ear.start()
        self.line, self.printed, found = "", b"", None
        # With G_MESSAGES_DEBUG others speak first.
        while found is None and (line := self.process.stdout.readline()):
            self.printed += line
            self.line = line.decode()
            found = re.search(r"(https?)://(\[[^]]+\]|[^:/]+):(\d+)", self.line)
        if found is None:
            self.end()
            raise AssertionError(f"it did not begin to listen: {self.said!r}")
        self.url, self.host, self.port = found[0], found[2].strip("[]"), int(found[3])

    def hear(self):
        for line in self.process.stderr:
            self.said += line

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(SECONDS)
        self.ear.join(SECONDS)
        self.process.stdout.close()
        self.process.stderr.close()

    def kill(self):
        """As if the machine lost its power."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(SECONDS)

    def stop(self):
        """In all order; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)

    def connect(self):
        return socket.create_connection((self.host, self.port), timeout=SECONDS)

    def ask(self, method, path, body=None, headers=None, connection=None):
        connection = connection or http.client.HTTPConnection(self.host, self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body, headers or {}, encode_chunked="Transfer-Encoding" in (headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def post(self, path, document, **headers):
        """Headers with dashes are given with underscores."""
        body = document if isinstance(document, (bytes, str)) else json.dumps(document)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def get(self, path):
        return self.ask("GET", path)


def speak(server, text, until_closed=True):
    """Bytes as they are; all that comes back."""
    with server.connect() as connection:
        connection.sendall(text)
        return listen(connection)


def listen(connection):
    heard = b""
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionError:
            return heard
        if not piece:
            return heard
        heard += piece


def alert(name="DiskFull", status="firing", instance="db-1", **members):
    return {"status": status, "labels": {"alertname": name, "instance": instance}, "startsAt": "2026-11-23T06:14:46Z",
            "endsAt": "0001-01-01T00:00:00Z", **members}


def webhook(*alerts):
    group = {"alertname": alerts[0]["labels"]["alertname"]}
    return {"version": "4", "groupKey": "{}", "status": "firing", "groupLabels": group, "alerts": alerts}


class ServerTest(ProgramTest):
    def setUp(self):
        super().setUp()
        if "serve" not in self.text("--help").split():
            raise unittest.SkipTest("built without libsoup")

    def serve(self, *words, **options):
        return Server(self, *words, **options)

    def write(self, name, document):
        path = self.folder / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    def outcomes(self, answer):
        self.assertEqual(answer.status, 200, answer.body)
        return [receipt["outcome"] for receipt in answer.json]

    def assert_error(self, answer, status, code=None, where=None):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(list(answer.json), ["error"])
        self.assertEqual(list(answer.json["error"]), ["code", "message", "where"])
        if code is not None:
            self.assertEqual(answer.json["error"]["code"], code)
        if where is not None:
            self.assertEqual(answer.json["error"]["where"], where)
