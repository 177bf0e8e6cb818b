#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What we send to webhooks is what the reference libraries of Standard Webhooks and CloudEvents take.

They come from npm; INCIDENT_NODE_MODULES names the folder they are in. Without it this is skipped.
"""
import base64
import datetime
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import unittest

MODULES = os.environ.get("INCIDENT_NODE_MODULES")
NODE = shutil.which("node")
SENDER = os.environ.get("INCIDENT_SEND_WEBHOOK")
VERIFIER = pathlib.Path(__file__).with_name("verify-webhook.cjs")
SECONDS = 60

KEY = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OLD_KEY = "whsec_" + base64.b64encode(bytes(range(64))).decode()
OTHER_KEY = "whsec_" + base64.b64encode(bytes(24)).decode()
EVENT = {"seq": 17, "kind": "resolved", "actor": "bö", "data": {"text": "rolled back to “1.4.1” </script> \u2028 👩‍🚒", "n": 1.5}}


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.server.heard, self.server.status = [], 204
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def send(self, event=EVENT, **keys):
        env = {**os.environ, **keys}
        url = f"http://127.0.0.1:{self.server.server_port}/hook"
        done = subprocess.run([SENDER, url, *keys], input=json.dumps(event), env=env, capture_output=True, text=True,
                              timeout=SECONDS, check=True)
        return done.stdout.splitlines()

    def judge(self, secret, headers, body):
        done = subprocess.run([NODE, VERIFIER, MODULES], input=json.dumps({"secret": secret, "headers": headers, "body": body}),
                              capture_output=True, text=True, timeout=SECONDS, check=True)
        return json.loads(done.stdout)

    def test_a_signed_event_is_taken(self):
        self.assertEqual(self.send(NEW=KEY), ["sent"])
        (headers, body), = self.server.heard
        event = self.judge(KEY, headers, body)["event"]
        self.assertEqual(event["data"], EVENT)
        self.assertEqual(event["id"], "INC-42/17")
        self.assertEqual(event["source"], "https://desk.example.org/")
        self.assertEqual(event["type"], "org.libincident.case.resolved.v1")
        self.assertEqual(event["subject"], "INC-42")
        self.assertEqual(event["sequence"], "0000000017")
        told = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
        self.assertLess(abs(datetime.datetime.now(datetime.timezone.utc) - told), datetime.timedelta(seconds=SECONDS))
        self.assertEqual(headers["webhook-id"], "msg_p5jXN8AQM9LWM0D4loKWxJek")

    def test_while_keys_change_either_will_do(self):
        self.assertEqual(self.send(NEW=KEY, OLD=OLD_KEY), ["sent"])
        (headers, body), = self.server.heard
        self.assertIn("event", self.judge(KEY, headers, body))
        self.assertIn("event", self.judge(OLD_KEY, headers, body))
        self.assertIn("error", self.judge(OTHER_KEY, headers, body))

    def test_what_was_changed_on_the_way_is_not_taken(self):
        self.send(NEW=KEY)
        (headers, body), = self.server.heard
        self.assertIn("error", self.judge(KEY, headers, body.replace("INC-42", "INC-43")))
        self.assertIn("error", self.judge(KEY, {**headers, "webhook-id": "msg_other"}, body))
        later = str(int(headers["webhook-timestamp"]) + 1)
        self.assertIn("error", self.judge(KEY, {**headers, "webhook-timestamp": later}, body))

    def test_an_event_that_had_to_be_cut_is_taken_too(self):
        self.send(event={**EVENT, "data": {"text": "👩‍🚒 <&>\"\u0001" * 5000}}, NEW=KEY)
        (headers, body), = self.server.heard
        self.assertLess(len(body.encode()), 20000)
        event = self.judge(KEY, headers, body)["event"]
        self.assertTrue(event["data"]["is_cut"])
        self.assertTrue(event["data"]["data"]["text"].endswith("…"))

    def test_what_becomes_of_it_is_told(self):
        for status, outcome in ((200, "sent"), (302, "refused"), (404, "refused"), (410, "closed"), (429, "wait"), (503, "unsure")):
            self.server.status = status
            self.assertEqual(self.send(NEW=KEY)[0], outcome)


if __name__ == "__main__":
    if not MODULES or not NODE or not SENDER or not all((pathlib.Path(MODULES) / name).is_dir() for name in ("standardwebhooks", "cloudevents")):
        print("INCIDENT_NODE_MODULES does not name a folder with standardwebhooks and cloudevents, or there is no node")
        sys.exit(77)
    unittest.main()
