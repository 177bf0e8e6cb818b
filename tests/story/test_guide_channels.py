#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages “Your own channel” and “Tell those who wait”: what they show is run, read, and held against what is sent.

Their programs in Python are run by test_python_guide.py.
"""
import http.server
import json
import re
import runpy
import shutil
import subprocess
import threading
import unittest

from cli import TOP
from guide import PageTest, find_block, read_page
from serve import SECONDS
from slack import node_modules

CHANNELS = (TOP / "doc" / "channels.md").read_text(encoding="utf-8")
BLOCKS = read_page("channels")


class Channels(PageTest):
    page = "channels"
    secrets = ("audit.key",)

    def test_looking_after_the_outbox(self):
        self.run_page("Looking after it")

    def test_each_playbook_is_sound(self):
        for name in ("channels.json", "failing.json"):
            self.incident("playbook", "check", name)

    def test_there_is_one_of_each_kind(self):
        shape = (TOP / "libincident" / "playbook" / "incident-playbook-comms-shape.c").read_text(encoding="utf-8")
        kinds = set(re.findall(r'"(\w+)"', re.search(r"kinds\[\] = \{(.*?)\}", shape, re.S)[1]))
        shown = {channel["kind"] for channel in json.loads(find_block(BLOCKS, "channels.json"))["channels"].values()}
        self.assertEqual(kinds - shown, {"slack", "own"})

    def test_the_command_reads_what_it_is_given(self):
        if shutil.which("jq") is None:
            self.skipTest("no jq")
        script = self.folder / "bell"
        script.write_text(find_block(BLOCKS, "bell").replace("logger -t incident", f"cat > {self.folder}/heard"))
        script.chmod(0o755)
        self.env["INCIDENT_PLAYBOOK"] = str(self.write("bell.json", {"channels": {"bell": {"kind": "command", "run": [str(script)]}}}))
        self.incident("open", "It hums")
        self.incident("outbox", "send")
        self.assertEqual((self.folder / "heard").read_text(), "ana: opened: It hums\n")

    def test_every_block_is_looked_at(self):
        others = [(block.section, block.language) for block in BLOCKS if block.language != "console" and block.name is None]
        self.assertEqual(others, [("Webhooks, for programs", "json"), ("Webhooks, for programs", "sh")])

    def test_links_lead_somewhere(self):
        self.check_links()

    def test_how_long_it_is_tried_is_what_the_code_says(self):
        retry = (TOP / "libincident" / "comms" / "incident-retry.c").read_text(encoding="utf-8")
        delays = re.findall(r"(\d+) \* G_TIME_SPAN_(\w)", re.search(r"webhook_delays\[\] = \{(.*?)\}", retry, re.S)[1])
        self.assertEqual([f"{number}{unit}" for number, unit in delays], ["5S", "5M", "30M", "2H", "5H", "10H", "14H", "20H", "24H"])
        self.assertIn("5 s,\n5 min, 30 min, 2, 5, 10, 14, 20 and 24 h", CHANNELS)


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words):
        pass


class Webhooks(PageTest):
    page = "channels"

    def setUp(self):
        super().setUp()
        if shutil.which("openssl") is None:
            self.skipTest("no openssl")
        self.receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.receiver.heard = []
        thread = threading.Thread(target=self.receiver.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        making, = [block.text for block in BLOCKS if (block.section, block.language) == ("Webhooks, for programs", "sh")]
        self.assertEqual(self.shell(making), "")
        self.key = (self.etc / "audit.key").read_text().strip()
        self.headers, self.body = self.post()

    def post(self):
        channel = json.loads((self.folder / "channels.json").read_text())["channels"]["audit"]
        channel.update({"url": f"http://127.0.0.1:{self.receiver.server_port}/", "near": True})
        playbook = {"channels": {"audit": channel}, "desk": {"address": "https://desk.example.org/"}}
        self.env["INCIDENT_PLAYBOOK"] = str(self.write("of-the-test.json", playbook))
        self.incident("open", "It hums")
        self.incident("outbox", "send")
        self.assertEqual(len(self.receiver.heard), 1, self.text("outbox", "list", "--all"))
        return self.receiver.heard[0]

    def test_a_receiver_without_libraries(self):
        read = runpy.run_path(str(self.folder / "verify.py"))["read"]
        self.assertEqual(read(self.key, self.headers, self.body)["subject"], "INC-1")
        spoilt = [
            (self.key, self.headers, self.body.replace(b"hums", b"sings")),
            ("whsec_" + "A" * 32, self.headers, self.body),
            (self.key, {**self.headers, "webhook-id": "another"}, self.body),
            (self.key, {**self.headers, "webhook-timestamp": "1614265330"}, self.body),
        ]
        for request in spoilt:
            with self.assertRaises(ValueError):
                read(*request)

    def test_a_receiver_in_node(self):
        if node_modules() is None:
            self.skipTest("no modules in INCIDENT_NODE_MODULES")
        (self.folder / "node_modules").symlink_to(node_modules())
        (self.folder / "main.mjs").write_text(
            'import { read } from "./verify.mjs";\n'
            'import { readFileSync } from "node:fs";\n'
            "const { key, headers, body } = JSON.parse (readFileSync (0, 'utf8'));\n"
            "console.log (JSON.stringify (read (key, headers, body)));\n")
        for body, status in ((self.body, 0), (self.body.replace(b"hums", b"sings"), 1)):
            request = json.dumps({"key": self.key, "headers": self.headers, "body": body.decode()})
            done = subprocess.run([node_modules() / ".bin" / "node", "main.mjs"], input=request, cwd=self.folder, capture_output=True,
                                  text=True, timeout=SECONDS)
            self.assertEqual(done.returncode, status, done.stderr)
            if status == 0:
                self.assertEqual(json.loads(done.stdout)["subject"], "INC-1")

    def test_an_event_is_as_it_is_shown(self):
        shown, = [block.text for block in BLOCKS if (block.section, block.language) == ("Webhooks, for programs", "json")]
        shown, sent = json.loads(shown), json.loads(self.body)
        self.assertEqual(list(shown), [name for name in sent if name != "sequence"])
        self.assertIn("sequence", sent)
        self.assertEqual({name: type(value) for name, value in shown.items()}, {name: type(sent[name]) for name in shown})
        self.assertEqual(sent["type"], shown["type"].replace("resolved", "opened"))
        self.assertEqual((sent["id"], sent["source"]), ("INC-1/1", shown["source"]))
        self.assertEqual(sent["data"]["kind"], "opened")


class Updates(PageTest):
    page = "updates"

    def test_from_draft_to_page(self):
        """One case from one section to the next."""
        self.run_page("From draft to update", "The status page")
        told = [message["text"] for message in self.json("outbox", "list", "--all", "--channel", "customer-mail")]
        self.assertEqual(told, ["Some payments fail. We are on it."])

    def test_the_page_as_a_file(self):
        self.incident("playbook", "check", "audiences.json")
        self.env["INCIDENT_PLAYBOOK"] = str(self.folder / "audiences.json")
        script, = [block.text for block in self.blocks if block.language == "sh"]
        (self.folder / "status").mkdir()
        self.assertEqual(self.shell(script.replace("/srv", str(self.folder))), "")
        self.assertEqual([path.name for path in (self.folder / "status").iterdir()], ["index.html"])
        self.assertIn("Example status", (self.folder / "status" / "index.html").read_text())

    def test_links_lead_somewhere(self):
        self.check_links()


if __name__ == "__main__":
    unittest.main()
