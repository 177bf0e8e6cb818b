#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the program takes from others, and gives them; and what it warns of."""
import json
import shutil
import subprocess
import unittest

from cli import PROGRAM, TOP, ProgramTest

CONFIGURATION = {
    "route": {"receiver": "all", "group_by": ["alertname"], "group_wait": "1m30s", "repeat_interval": "4h", "routes": [
        {"receiver": "night", "match": {"team": "a"}, "mute_time_intervals": ["Office hours"]}]},
    "inhibit_rules": [{"source_matchers": ["severity=critical"], "target_matchers": ["severity=warning}"], "equal": ["alertname"]}],
    "receivers": [{"name": "all"}, {"name": "night"}],
    "time_intervals": [{"name": "Office hours", "time_intervals": [
        {"times": [{"start_time": "09:00", "end_time": "17:00"}], "weekdays": ["monday:friday"]}]}],
}


class Exchange(ProgramTest):
    def run_program(self, *words, stdin=b""):
        done = subprocess.run([PROGRAM, *map(str, words)], input=stdin, env=self.env, cwd=self.folder, capture_output=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode(), done.stderr.decode()

    def write(self, name, document):
        (self.folder / name).write_text(document if isinstance(document, str) else json.dumps(document))
        return name

    def test_a_configuration_becomes_a_playbook(self):
        text, notes = self.run_program("import", "alertmanager", self.write("am.json", CONFIGURATION))
        self.assertEqual(json.loads(text), {
            "route": {"x-receiver": "all", "group-by": ["alertname"], "wait": "90s", "routes": [
                {"x-receiver": "night", "matchers": ['team="a"'], "mute": ["office-hours"]}]},
            "inhibit": [{"source": ["severity=critical"], "target": ["severity=warning}"], "equal": ["alertname"]}],
            "intervals": {"office-hours": [{"x-name": "Office hours", "weekdays": ["monday:friday"],
                                            "times": [{"start": "09:00", "end": "17:00"}]}]}})
        self.assertEqual(notes.splitlines(), [
            "/receivers: was left out: routes keep the names, as “x-receiver”",
            "/time_intervals/0/name: is called “office-hours” in the playbook",
            "/route/repeat_interval: has no counterpart: “cadence” and “remind” say who is reminded of a case"])

    def test_standard_input_will_do(self):
        text, _ = self.run_program("import", "alertmanager", stdin=json.dumps(CONFIGURATION).encode())
        self.assertEqual(self.run_program("import", "alertmanager", "-", stdin=json.dumps(CONFIGURATION).encode())[0], text)

    def test_the_playbook_becomes_the_configuration_again(self):
        text, _ = self.run_program("import", "alertmanager", self.write("am.json", CONFIGURATION))
        out, notes = self.run_program("--playbook", self.write("playbook.json", text), "export", "alertmanager")
        self.assertEqual(notes, "")
        expected = json.loads(json.dumps(CONFIGURATION).replace("1m30s", "90s"))
        del expected["route"]["repeat_interval"]
        expected["route"]["routes"][0]["matchers"] = ['team="a"']
        del expected["route"]["routes"][0]["match"]
        self.assertEqual(json.loads(out), expected)

    @unittest.skipIf(shutil.which("amtool") is None, "amtool is not installed")
    def test_alertmanager_takes_what_is_exported(self):
        names = sorted((TOP / "examples" / "playbooks").glob("*.json"))
        text, _ = self.run_program("import", "alertmanager", self.write("am.json", CONFIGURATION))
        names.append(self.write("playbook.json", text))
        for name in names:
            with self.subTest(name):
                out, _ = self.run_program("--playbook", name, "export", "alertmanager")
                self.write("alertmanager.yml", out)
                done = subprocess.run(["amtool", "check-config", "alertmanager.yml"], cwd=self.folder, capture_output=True,
                                      timeout=60)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipIf(shutil.which("amtool") is None, "amtool is not installed")
    def test_alerts_take_the_same_routes_there_and_back(self):
        documents = [CONFIGURATION, json.loads(self.run_program(
            "--playbook", self.write("playbook.json", self.run_program(
                "import", "alertmanager", self.write("am.json", CONFIGURATION))[0]), "export", "alertmanager")[0])]
        for labels, receiver in (("team=a", "night"), ("team=b", "all"), ("severity=warning", "all")):
            for document in documents:
                self.write("alertmanager.yml", document)
                done = subprocess.run(["amtool", "config", "routes", "test", "--config.file=alertmanager.yml", labels],
                                      cwd=self.folder, capture_output=True, timeout=60)
                self.assertEqual(done.stdout.decode().strip(), receiver, labels)

    def test_what_is_wrong_has_its_place(self):
        self.write("am.json", '{"route": {"group_wait": "soon",\n "routes": [{"matchers": ["=a"]}]}}')
        done = self.incident("import", "alertmanager", "am.json", status=1)
        self.assertEqual([line.split(": ")[1:3] for line in done.stderr.decode().splitlines()],
                         [["am.json:1:26", "/route/group_wait"], ["am.json:2:27", "/route/routes/0/matchers/0"]])
        self.incident("import", "alertmanager", "nowhere.json", status=1)
        self.assertIn("no section “route”", self.error("export", "alertmanager", status=1)["message"])

    def test_words_that_do_not_fit(self):
        for words in (("import",), ("import", "zabbix"), ("import", "alertmanager", "a", "b"), ("export", "zabbix"),
                      ("export", "alertmanager", "a")):
            with self.subTest(words):
                self.incident(*words, status=2)

    def test_check_tells_what_may_not_be_meant(self):
        self.write("playbook.json", '{"inhibit": [{"source": ["a=b"], "target": ["c!=d"]}]}')
        warning = "playbook.json:1:44: /inhibit/0/target: lets every alert match that has none of these labels: nearly all"
        version = self.json("playbook", "check", "playbook.json")["version"]
        self.assertEqual(self.text("playbook", "check", "playbook.json"), f"It is a playbook, version {version}\n{warning}\n")
        self.assertEqual(self.json("playbook", "check", "playbook.json")["warnings"], [warning])
        self.assertEqual(self.json("playbook", "check", self.write("empty.json", {}))["warnings"], [])


if __name__ == "__main__":
    unittest.main()
