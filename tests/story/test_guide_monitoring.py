#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page “Connect your monitoring”: whatever it shows is done, read or run."""
import configparser
import json
import pathlib
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import unittest
import urllib.request

from cli import PROGRAM, TOP
from guide import read_blocks, read_session
from serve import SECONDS, ServerTest

PAGE = TOP / "doc" / "monitoring.md"
SAMPLES = TOP / "tests" / "conformance" / "intake"
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| [+]00:00)")
VERSION = re.compile(r"(?<=version )[0-9a-f]{32}")
BLOCKS = read_blocks(PAGE)


def find(name):
    block, = [block for block in BLOCKS if block.name == name]
    return block.text


class GuideTest(ServerTest):
    """A folder with all files that the page names, and tokens as it makes them."""
    def setUp(self):
        super().setUp()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.free = free.getsockname()[1]
        self.etc = self.folder / "etc"
        self.etc.mkdir()
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "incident").symlink_to(PROGRAM)
        self.env["PATH"] = f"{programs}:{self.env['PATH']}"
        for block in BLOCKS:
            if block.name is not None:
                self.write(block.name, self.localize(block.text))
        shutil.copy(SAMPLES.parent / "intake-more" / "cloudwatch-confirm.json", self.folder / "confirm.json")
        tokens, = [block.text for block in BLOCKS if "openssl rand" in block.text]
        self.assertEqual(self.shell(read_session(tokens)[0][0]), "")

    def localize(self, text):
        return (text.replace("/etc/incident", str(self.etc)).replace("127.0.0.1:9099", f"127.0.0.1:{self.free}")
                .replace("/usr/bin/incident", PROGRAM))

    def shell(self, command, **more):
        done = subprocess.run(["bash", "-c", self.localize(command)], env={**self.env, **more}, cwd=self.folder, timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout.decode()

    def token(self, source):
        return (self.etc / f"{source}.token").read_text().strip()

    def use(self, *names):
        self.env["INCIDENT_PLAYBOOK"] = ":".join(str(self.folder / name) for name in names)

    def listen(self):
        return self.serve(listen=f"127.0.0.1:{self.free}")

    def outcome(self, case="INC-1"):
        """The one alert that fires, in the case that it opened."""
        alert, = self.json("alerts")
        self.assertEqual((alert["case"], alert["status"]), (case, "firing"))
        return alert


class Console(GuideTest):
    """Each section on a store of its own."""
    SERVED = {"Prometheus", "Alertmanager", "Grafana", "PagerDuty", "Opsgenie", "CloudWatch", "Sentry", "Health and metrics"}

    def mask(self, text):
        text = text.replace(str(self.free), "9099").replace(str(self.etc), "/etc/incident")
        return VERSION.sub("VERSION", TIME.sub("TIME", text))

    def say(self, command):
        exported = re.fullmatch(r"export (\w+)=(\S*)", command)
        if exported and exported[2]:
            self.env[exported[1]] = exported[2]
        elif exported:
            self.env.pop(exported[1], None)
        elif command.endswith(" &"):
            self.listen()
            return f"Listening on http://127.0.0.1:{self.free}\n"
        else:
            # Variables live on in the session.
            assigned = re.fullmatch(r"(\w+)=(\$\(.*\))", command, re.S)
            if assigned:
                self.env[assigned[1]] = self.shell(f"printf %s {assigned[2]}")
                return ""
            return self.shell(command)
        return ""

    def assert_printed(self, printed, expected):
        """A line of three dots stands for any lines."""
        if "\n…\n" in "\n" + expected:
            pattern = "".join("(.*\n)*" if line == "…\n" else re.escape(line) for line in expected.splitlines(keepends=True))
            self.assertRegex(printed, rf"\A{pattern}\Z")
        else:
            self.assertEqual(printed, expected)

    def run_section(self, section):
        sessions = [block.text for block in BLOCKS if (block.section, block.language) == (section, "console")]
        if section in self.SERVED:
            self.use("sources.json")
            self.listen()
        for command, expected in (step for text in sessions for step in read_session(text)):
            printed = self.say(command)
            expected = "".join(line + "\n" for line in expected)
            if printed and not printed.endswith("\n"):
                printed += "\n"
            with self.subTest(section, command=command):
                self.assert_printed(self.mask(printed), self.mask(expected))


def add_section(section):
    def test(self):
        self.run_section(section)

    setattr(Console, "test_" + re.sub(r"\W+", "_", section.lower()), test)


for each in dict.fromkeys(block.section for block in BLOCKS if block.language == "console"):
    add_section(each)


class Configurations(GuideTest):
    """What other programs read, read by them, or as they do."""
    def read_yaml(self, name):
        if shutil.which("yq") is None:
            self.skipTest("no yq")
        text = self.shell(f"yq . {name} 2>/dev/null || yq -o json {name}")
        return json.loads(text)

    def check(self, program, *words):
        if shutil.which(program) is None:
            self.skipTest(f"no {program}")
        done = subprocess.run([program, *words], cwd=self.folder, env=self.env, capture_output=True, timeout=SECONDS)
        self.assertEqual(done.returncode, 0, (done.stdout, done.stderr))

    def test_prometheus(self):
        self.check("promtool", "check", "config", "prometheus.yml")

    def test_alertmanager(self):
        for name in ("alertmanager.yml", "pagerduty.yml", "opsgenie.yml"):
            self.check("amtool", "check-config", name)

    def test_each_playbook_is_sound(self):
        names = [block.name for block in BLOCKS if block.language == "json" and re.search(r'^  "(sources|route)"', block.text, re.M)]
        self.assertEqual(names, ["sources.json", "backups.json", "tills.json", "routes.json"])
        for name in names:
            self.incident("playbook", "check", name)
        self.incident("playbook", "check", "sources.json", "routes.json")

    def test_grafana(self):
        receiver = self.read_yaml("contact-points.yml")["contactPoints"][0]["receivers"][0]
        settings = receiver["settings"]
        self.assertEqual(receiver["type"], "webhook")
        path = re.fullmatch(r"\$__file\{(.*)\}", settings["authorization_credentials"])[1]
        self.use("sources.json")
        self.listen()
        token = pathlib.Path(path).read_text().strip()
        request = urllib.request.Request(settings["url"], (SAMPLES / "grafana-firing.json").read_bytes(), method=settings["httpMethod"],
                                         headers={"Authorization": f"{settings['authorization_scheme']} {token}"})
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            receipts = json.load(answer)
        self.assertEqual({receipt["outcome"] for receipt in receipts}, {"opened"})
        self.assertEqual(self.json("timeline", "INC-1")[0]["actor"], "grafana")
        classes = {alert["name"]: alert["annotations"].get("class") for alert in self.json("alerts")}
        self.assertIsNotNone(classes["Orders a minute"])

    def test_nagios(self):
        macros = dict(line.split("=", 1) for line in (SAMPLES / "nagios-firing.txt").read_text().splitlines())
        commands = re.findall(r"command_line +(.*)", find("commands.cfg"))
        self.assertEqual(len(commands), 2)
        self.assertIn("INC-1  opened", self.shell(commands[0], **macros))
        self.assertEqual(self.outcome()["source"], "nagios")
        host = {"NAGIOS_NOTIFICATIONTYPE": "PROBLEM", "NAGIOS_HOSTNAME": "web-3", "NAGIOS_HOSTSTATE": "DOWN"}
        self.assertIn("INC-2  opened", self.shell(commands[1], **host))

    def test_nagios_to_another_machine(self):
        script, = [block.text for block in BLOCKS if (block.section, block.language) == ("Nagios", "sh")]
        macros = dict(line.split("=", 1) for line in (SAMPLES / "nagios-firing.txt").read_text().splitlines())
        (self.etc / "nagios.header").write_text("Authorization: Bearer anything\n")
        self.listen()
        printed = self.shell(script.replace("https://desk.example.org:9099", "http://127.0.0.1:9099"), **macros)
        self.assertEqual([receipt["outcome"] for receipt in json.loads(printed)], ["opened"])

    def test_icinga(self):
        values = {"notification.type": "PROBLEM", "notification.author": "", "notification.comment": "", "host.name": "k8s-7",
                  "host.address": "192.0.2.7", "service.name": "disk /var", "service.state": "CRITICAL", "service.state_type": "HARD",
                  "service.output": "DISK CRITICAL", "host.state": "DOWN", "host.state_type": "HARD", "host.output": "no answer",
                  "icinga.timet": "1795417200"}
        commands = re.findall(r"command = (\[[^\n]*\])\n  env = \{(.*?)\n  \}", self.localize(find("incident.conf")), re.S)
        self.assertEqual(len(commands), 2)
        for number, (command, env) in enumerate(commands, 1):
            env = {name: values[macro] for name, macro in re.findall(r'(\w+) = "\$(.*)\$"', env)}
            self.assertIn(f"INC-{number}  opened", self.shell(shlex.join(json.loads(command)), **env))
            for name in env:
                if name.endswith("NOTIFICATIONTYPE"):
                    env[name] = "RECOVERY"
                elif name.endswith("STATE"):
                    env[name] = "UP" if "HOST" in name else "OK"
            self.assertIn(f"INC-{number}  resolved", self.shell(shlex.join(json.loads(command)), **env))

    def test_checkmk(self):
        script = self.folder / "incident"
        text = script.read_text().replace("/var/lib/incident/incidents.db", str(self.db))
        script.write_text(text)
        script.chmod(0o755)
        self.assertRegex(text, r"\A#!/bin/sh\n# \w")
        printed = self.shell("./incident", **json.loads((SAMPLES / "checkmk-firing.json").read_text()))
        self.assertIn("INC-1  opened", printed)
        self.assertEqual(self.outcome()["source"], "checkmk")

    def zabbix(self, sample):
        """What the script of the media type sends for this event."""
        media, = self.read_yaml("zabbix.yml")["zabbix_export"]["media_types"]
        values = json.loads((SAMPLES / f"zabbix-{sample}.json").read_text())
        own = {"url": media["parameters"][0]["value"], "token": self.token("zabbix")}
        value = {each["name"]: own.get(each["name"]) or values.get(each["name"], each["value"]) for each in media["parameters"]}
        if shutil.which("node") is None:
            self.skipTest("no node to run the script of Zabbix")
        shim = """
            const headers = [];
            class HttpRequest {
              addHeader (header) { headers.push (header); }
              post (url, body) { this.said = {url, headers, body}; console.log (JSON.stringify (this.said)); return ''; }
              getStatus () { return 200; }
            }
            const value = require ('fs').readFileSync (0, 'utf8');
            console.error ((new Function ('value', 'HttpRequest', SCRIPT)) (value, HttpRequest));
        """.replace("SCRIPT", json.dumps(media["script"]))
        done = subprocess.run(["node", "-e", shim], input=json.dumps(value).encode(), capture_output=True, timeout=SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, b"OK\n")
        return json.loads(done.stdout)

    def test_zabbix(self):
        self.use("sources.json")
        self.listen()
        for sample, outcome in (("firing", "opened"), ("resolve", "resolved")):
            said = self.zabbix(sample)
            self.assertNotIn(self.token("zabbix"), said["body"])
            request = urllib.request.Request(said["url"], said["body"].encode(),
                                             headers=dict(header.split(": ", 1) for header in said["headers"]))
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                self.assertEqual([receipt["outcome"] for receipt in json.load(answer)], [outcome])
        self.assertEqual(self.json("timeline", "INC-1")[0]["actor"], "zabbix")

    def test_the_parameters_of_zabbix_are_those_that_are_read(self):
        source = (TOP / "libincident" / "intake" / "incident-format-zabbix.c").read_text(encoding="utf-8")
        listed = dict(re.findall(r"(\w+) (\{[A-Z.$]+\})", source[:source.index("*/\n\nstatic")]))
        media, = self.read_yaml("zabbix.yml")["zabbix_export"]["media_types"]
        self.assertEqual({each["name"]: each["value"] for each in media["parameters"][2:]}, listed)

    def test_datadog(self):
        values = json.loads((SAMPLES / "datadog-firing.json").read_text())
        template = json.loads(find("datadog.json"))
        self.assertEqual({name: "$" + name.upper() for name in values}, template)
        body = json.dumps({name: values[name] for name in template}).encode()
        self.use("sources.json")
        self.assertEqual(self.json("ingest", "--source", "datadog", stdin=body)[0]["outcome"], "opened")
        self.assertEqual(self.outcome()["source"], "datadog")

    def test_the_template_of_datadog_says_nothing_by_itself(self):
        self.incident("ingest", "--format", "datadog", "datadog.json", status=1)

    def test_systemd(self):
        unit = configparser.ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str
        unit.read_string(self.localize(find("incident.service")))
        program, verb, *words = shlex.split(unit["Service"]["ExecStart"])
        self.assertEqual((program, verb), (PROGRAM, "serve"))
        if shutil.which("openssl") is None:
            self.skipTest("no openssl")
        self.shell("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout /etc/incident/tls.key -out /etc/incident/tls.crt")
        self.use("sources.json", "routes.json")
        self.assertEqual(words[:2], ["--listen", "0.0.0.0:9099"])
        server = self.serve(*words[2:], listen="0.0.0.0:0")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with urllib.request.urlopen(f"https://127.0.0.1:{server.port}/health", context=context, timeout=SECONDS) as answer:
            self.assertEqual(json.load(answer), {"status": "ok"})


class Page(unittest.TestCase):
    def test_every_block_is_looked_at(self):
        for block in BLOCKS:
            if block.language != "console" and block.name is None:
                self.assertIn((block.section, block.language), [("Nagios", "sh"), ("No server", "")], block.text)

    def test_every_format_has_its_place(self):
        shape = (TOP / "libincident" / "playbook" / "incident-playbook-intake-shape.c").read_text(encoding="utf-8")
        formats = re.findall(r'"([\w-]+)"', re.search(r"formats\[\] = \{(.*?)\}", shape, re.S)[1])
        self.assertEqual(len(formats), 15)
        for name in formats:
            self.assertRegex(PAGE.read_text(encoding="utf-8"), rf'"format": "{name}"|/v1/alerts/{name}|--format {name}')


if __name__ == "__main__":
    unittest.main()
