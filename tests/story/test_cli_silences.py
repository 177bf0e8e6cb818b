#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Alerts that are listed, routed and muted, as people and programs do it."""
import json
import os
import re
import subprocess
import unittest

from cli import PROGRAM, ProgramTest

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SILENCE = ["id", "matchers", "starts_at", "ends_at", "interval", "owner", "reason"]
ROUTING = ["routes", "group", "group_labels", "service", "team", "category", "policy", "severity", "case", "mutes"]


def alert(team, **members):
    return {"status": "firing", "labels": {"alertname": "DiskFull", "team": team}, "startsAt": "2026-11-23T06:14:46Z",
            "endsAt": "0001-01-01T00:00:00Z", **members}


def webhook(*teams, **members):
    alerts = [alert(team, **members) for team in teams]
    return json.dumps({"version": "4", "groupKey": "{}", "groupLabels": {"alertname": "DiskFull"}, "status": "firing",
                       "alerts": alerts}).encode()


class SilenceTest(ProgramTest):
    def ingest(self, *teams, **members):
        for team in teams:
            self.incident("ingest", "--format", "alertmanager", stdin=webhook(team, **members))

    def warned(self, *words):
        """Standard output and standard error of a call that succeeds and warns."""
        done = subprocess.run([PROGRAM, *map(str, words)], env=self.env, cwd=self.folder, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(done.stderr, b"")
        return done.stdout.decode(), done.stderr.decode()

    def add(self, *words):
        return self.json("silence", "add", *words, "--reason", "moving house")["silence"]

    def ids(self, *words):
        return [silence["id"] for silence in self.json("silence", "list", *words)]

    def status(self):
        return {item["labels"]["team"]: item["status"] for item in self.json("alerts")}


class Silences(SilenceTest):
    def test_what_is_silenced_opens_no_case_and_pages_nobody(self):
        self.add("team=a", "--for", "2h")
        self.ingest("a", "b")
        self.assertEqual(self.status(), {"a": "suppressed", "b": "firing"})
        self.assertEqual(len(self.json("list")), 1)
        muted, = [item for item in self.json("alerts") if item["status"] == "suppressed"]
        self.assertIn("silence", muted["why"])

    def test_add_prints_the_id_and_what_it_hits(self):
        self.ingest("a", "b")
        lines = self.text("silence", "add", "team=a", "--for", "2h", "--reason", "x").splitlines()
        self.assertEqual(lines[0], str(self.ids()[0]))
        self.assertRegex(lines[1], r"^It hits 1 of the alerts that fire now; since .* it would have hit 1 in all$")
        self.assertRegex(lines[3], r"^firing +INC-\d+ .*DiskFull")
        self.assertEqual(len(lines), 4)

    def test_its_json_is_the_silence_the_warnings_and_the_alerts(self):
        self.ingest("a")
        added = self.json("silence", "add", "team=a", "alertname=~Disk.*", "--for", "90m", "--reason", "x")
        self.assertEqual(list(added), ["silence", "warnings", "alerts"])
        silence = added["silence"]
        self.assertEqual(list(silence), SILENCE)
        self.assertEqual((silence["matchers"], silence["owner"], silence["reason"], silence["interval"], added["warnings"]),
                         (['{team="a",alertname=~"Disk.*"}'], "ana", "x", None, []))
        self.assertRegex(silence["ends_at"], TIME)
        self.assertEqual([item["labels"]["team"] for item in added["alerts"]], ["a"])
        self.assertEqual(self.json("silence", "show", silence["id"]), silence)
        self.assertEqual(self.json("silence", "list"), [silence])

    def test_words_must_all_hold_and_braces_are_ways(self):
        self.assertEqual(self.add("team=a", "env=b", "--for", "1h")["matchers"], ['{team="a",env="b"}'])
        self.assertEqual(self.add('{team="a"}', '{env="b"}', "--for", "1h")["matchers"], ['{team="a"}', '{env="b"}'])
        self.incident("silence", "add", "team=a", '{env="b"}', "--for", "1h", "--reason", "x", status=2)

    def test_what_takes_nearly_everything_is_warned_of(self):
        self.ingest("b", "c")
        text, warning = self.warned("silence", "add", "team!=a", "--for", "1h", "--reason", "x")
        self.assertIn("It hits 2 of", text)
        self.assertIn("nearly everything", warning)
        self.assertEqual(len(self.json("silence", "try", "team!=a")["warnings"]), 1)

    def test_what_is_wrong_is_2_and_adds_nothing(self):
        reason = ["--reason", "x"]
        for words in (["add", "team=a", "--for", "1h"], ["add", "team=a", *reason], ["add", "--for", "1h", *reason],
                      ["add", "team=a", "--for", "1x", *reason], ["add", "team=a", "--for", "0h", *reason],
                      ["add", "team=a", "--until", "monday", *reason], ["add", "team=", "--for", "1h", *reason],
                      ["add", "team=a", "--until", "2020-01-01T00:00:00Z", *reason],
                      ["add", "team=a", "--for", "1h", "--until", "2100-01-01T00:00:00Z", *reason],
                      ["add", "team=a", "--for", "1h", "--interval", "no-such", *reason],
                      ["add", "team=~(", "--for", "1h", *reason], ["add", "team=~.*", "--for", "1h", *reason],
                      ["add", "team=a", "--for", "1h", "--reason", " "], ["show", "x"], ["show"], ["list", "1"],
                      ["mute", "team=a"], [], ["try"], ["try", "team=a", "--since", "monday"], ["try", "team=a", "--since", "36501d"]):
            with self.subTest(words):
                self.incident("silence", *words, status=2)
        self.assertEqual(self.json("silence", "list", "--all"), [])

    def test_a_silence_that_is_not_there_is_4(self):
        for words in (["show", "999"], ["expire", "999"], ["change", "999", "--for", "1h"]):
            self.incident("silence", *words, status=4)

    def test_one_to_come_is_pending(self):
        self.add("team=a", "--from", "2100-01-01T00:00:00Z", "--for", "2h")
        silence, = self.json("silence", "list")
        self.assertEqual((silence["starts_at"], silence["ends_at"]),
                         ("2100-01-01T00:00:00.000000Z", "2100-01-01T02:00:00.000000Z"))
        self.assertRegex(self.text("silence", "list"), r"(?m)^\d+ +pending +2100-01-01 ")
        self.ingest("a")
        self.assertEqual(self.status(), {"a": "firing"})
        changed = self.json("silence", "change", silence["id"], "--for", "3h")["silence"]
        self.assertEqual((changed["id"], changed["starts_at"], changed["ends_at"]),
                         (silence["id"], silence["starts_at"], "2100-01-01T03:00:00.000000Z"))

    def test_a_change_keeps_the_id_or_another_stands_for_it(self):
        silence = self.add("team=a", "--for", "1h")
        longer = self.json("silence", "change", silence["id"], "--until", "2100-01-01T00:00:00Z", "--as", "bo")["silence"]
        self.assertEqual((longer["id"], longer["starts_at"], longer["ends_at"], longer["reason"]),
                         (silence["id"], silence["starts_at"], "2100-01-01T00:00:00.000000Z", "moving house"))
        lines = self.text("silence", "change", silence["id"], "team=b").splitlines()
        self.assertEqual(lines[1], f"It stands for silence {silence['id']}, which is over")
        other, = self.json("silence", "list")
        self.assertEqual((str(other["id"]), other["matchers"], other["ends_at"]),
                         (lines[0], ['{team="b"}'], "2100-01-01T00:00:00.000000Z"))
        self.assertEqual(self.ids("--all"), [silence["id"], other["id"]])

    def test_expire_ends_it_and_may_be_said_twice(self):
        silence = self.add("team=a", "--for", "1h")
        self.ingest("a")
        self.assertEqual(self.text("silence", "expire", silence["id"]), f"Silence {silence['id']} is over\n")
        self.incident("silence", "expire", silence["id"])
        self.assertEqual((self.ids(), self.ids("--all")), ([], [silence["id"]]))
        self.assertRegex(self.text("silence", "show", silence["id"]), r"(?m)^state +expired$")
        self.incident("settle")
        self.assertEqual(self.status(), {"a": "firing"})

    def test_a_dry_run_mutes_nothing(self):
        self.ingest("a", "b")
        tried = self.json("silence", "try", "team=a", "--since", "7d")
        self.assertEqual([item["labels"]["team"] for item in tried["alerts"]], ["a"])
        self.assertEqual(self.json("silence", "try", "team=a", "--since", "2000-01-01T00:00:00Z")["alerts"], tried["alerts"])
        self.assertEqual(self.ids("--all"), [])
        self.assertEqual(self.status(), {"a": "firing", "b": "firing"})

    def test_review_tells_of_one_without_an_end_in_sight(self):
        self.assertEqual(self.text("silence", "review"), "")
        silence = self.add("team=a", "--for", "60d")
        line, = self.text("silence", "review").splitlines()
        self.assertIn(str(silence["id"]), line)
        self.assertEqual(self.json("silence", "review"), [line])

    def test_hostile_words_reach_no_terminal(self):
        self.incident("silence", "add", "team=\x1b[31m", "--for", "1h", "--reason", "\x1b]0;x\x07\u202e")
        for words in (["list"], ["show", self.ids()[0]]):
            self.assertNotRegex(self.text("silence", *words), "[\x1b\x07\u202e]")


class Intervals(SilenceTest):
    def setUp(self):
        super().setUp()
        playbook = self.folder / "playbook.json"
        playbook.write_text(json.dumps({"name": "x", "intervals": {
            "always": [{"years": ["2001:2999"]}], "never": [{"years": ["2001"]}]}}))
        self.env["INCIDENT_PLAYBOOK"] = str(playbook)

    def test_a_silence_mutes_within_its_interval_only(self):
        self.add("team=a", "--for", "1h", "--interval", "always")
        never = self.add("team=b", "--for", "1h", "--interval", "never")
        self.ingest("a", "b")
        self.assertEqual(self.status(), {"a": "suppressed", "b": "firing"})
        changed = self.json("silence", "change", never["id"], "--reason", "other")["silence"]
        self.assertEqual((changed["interval"], changed["reason"]), ("never", "other"))
        changed = self.json("silence", "change", never["id"], "--interval", "")["silence"]
        self.assertEqual((changed["interval"], changed["matchers"]), (None, never["matchers"]))


class Alerts(SilenceTest):
    def test_alerts_are_listed_with_their_case(self):
        self.ingest("a", "b")
        items = self.json("alerts")
        self.assertEqual([(item["labels"]["team"], item["status"]) for item in items], [("a", "firing"), ("b", "firing")])
        for item in items:
            self.assertEqual((item["case"], item["why"]), ("INC-1", None))
        self.assertEqual(self.json("alerts", '{team="b"}'), items[1:])
        self.assertEqual(self.json("alerts", "team=c"), [])
        self.assertEqual(self.text("alerts", "team=c"), "")
        lines = self.text("alerts", "--keys").splitlines()
        self.assertEqual(lines[0].split(), ["STATUS", "CASE", "SINCE", "ALERT", "WHY", "KEY"])
        self.assertTrue(lines[1].endswith(" " + items[0]["alert"]))

    def test_those_that_ended_are_listed_with_since(self):
        self.ingest("a")
        self.ingest("a", status="resolved", endsAt="2026-11-23T07:00:00Z")
        self.assertEqual(self.json("alerts"), [])
        for since in ("2000-01-01T00:00:00Z", "36500d"):
            item, = self.json("alerts", "--since", since)
            self.assertEqual(item["status"], "resolved")

    def test_a_body_is_printed_byte_by_byte(self):
        body = webhook("a").replace(b'": ', b'" :\t')
        self.incident("ingest", "--format", "alertmanager", stdin=body)
        item, = self.json("alerts")
        self.assertEqual(self.incident("alerts", "--body", item["alert"]).stdout, body)
        self.incident("alerts", "--body", "nobody/nothing@never", status=4)

    def test_what_is_wrong_is_2(self):
        for words in (["alerts", "team=~("], ["alerts", "--since", "monday"], ["alerts", "a=b", "c=d"], ["route"],
                      ["route", "--labels", "a"], ["route", "--labels", "a!=b"], ["route", "--labels", "a=b,a=c"],
                      ["settle", "now"], ["alerts", "--at", "2026-11-23T07:00:00Z"]):
            with self.subTest(words):
                self.incident(*words, status=2)

    def test_a_route_tells_where_it_goes_and_records_nothing(self):
        labels = ["--labels", 'alertname=DiskFull,team="a"']
        routing = self.json("route", *labels)
        self.assertEqual(list(routing), ROUTING)
        self.assertRegex(routing["group"], r"^[0-9a-f]{64}$")
        self.assertEqual((routing["case"], routing["mutes"]), (None, []))
        self.assertTrue(routing["routes"])
        self.assertRegex(self.text("route", *labels), r"(?m)^case +a new one$")
        self.assertEqual(self.json("log"), [])
        self.assertEqual(self.json("alerts"), [])
        self.ingest("a")
        self.assertEqual(self.json("route", *labels)["case"], "INC-1")

    def test_a_route_tells_what_mutes_at_that_time(self):
        self.add("team=a", "--from", "2100-01-01T00:00:00Z", "--for", "2h")
        labels = ["--labels", "team=a"]
        self.assertEqual(self.json("route", *labels)["mutes"], [])
        self.assertEqual(len(self.json("route", *labels, "--at", "2100-01-01T01:00:00Z")["mutes"]), 1)
        self.assertEqual(self.json("route", *labels, "--at", "2100-01-01T02:00:00Z")["mutes"], [])
        self.assertRegex(self.text("route", *labels, "--at", "2100-01-01T01:00:00Z"), r"(?m)^muted by +\S")

    def test_settle_tells_when_the_next_is_due(self):
        self.assertEqual(self.json("settle"), {"next": None})
        self.assertEqual(self.text("settle"), "Nothing more is due\n")
        self.add("team=a", "--for", "2h")
        self.ingest("a")
        self.assertRegex(self.json("settle")["next"], TIME)
        self.assertRegex(self.text("settle"), r"^The next is due at \d{4}-")


class Exchange(SilenceTest):
    # As amtool prints them.
    FOREIGN = [
        {"id": "7d8de9c3-0b1e-4b3a-9b07-0f7c8f3c2f11", "status": {"state": "active"}, "updatedAt": "2026-11-23T06:59:00.000Z",
         "comment": "moving house", "createdBy": "bo", "startsAt": "2026-11-23T08:00:00.000Z", "endsAt": "2100-01-01T00:00:00.000Z",
         "matchers": [{"isEqual": True, "isRegex": False, "name": "team", "value": "a"},
                      {"isEqual": False, "isRegex": True, "name": "env", "value": "b|c"}]},
        {"id": "5f2c2f11-0b1e-4b3a-9b07-7d8de9c30f7c", "status": {"state": "expired"}, "updatedAt": "2020-01-01T00:00:00.000Z",
         "comment": "over", "createdBy": "ana", "startsAt": "2020-01-01T00:00:00.000Z", "endsAt": "2020-01-02T00:00:00.000Z",
         "matchers": [{"isEqual": True, "isRegex": False, "name": "team", "value": "d"}]},
    ]

    def test_silences_of_alertmanager_are_taken_over_once(self):
        path = self.folder / "silences.json"
        path.write_text(json.dumps(self.FOREIGN))
        lines = self.text("import", "silences", path).splitlines()
        self.assertEqual(lines[-1], "1 added, 0 there already, 1 over")
        silence, = self.json("silence", "list")
        self.assertEqual(lines[0], f"{silence['id']} {silence['matchers'][0]}")
        self.assertEqual((silence["matchers"], silence["owner"], silence["reason"], silence["ends_at"]),
                         (['{team="a",env!~"b|c"}'], "ana", "moving house (made by bo)", "2100-01-01T00:00:00.000000Z"))
        self.assertEqual(self.text("import", "silences", "-", stdin=path.read_bytes()), "0 added, 1 there already, 1 over\n")

    def test_only_the_same_matchers_until_the_same_time_are_there_already(self):
        later = {**self.FOREIGN[0], "endsAt": "2100-01-02T00:00:00Z", "createdBy": "ana"}
        other = {**self.FOREIGN[0], "matchers": self.FOREIGN[1]["matchers"]}
        added = self.json("import", "silences", stdin=json.dumps([self.FOREIGN[0]]).encode())
        added += self.json("import", "silences", stdin=json.dumps([self.FOREIGN[0], later, other]).encode())
        self.assertEqual([item["reason"] for item in added],
                         ["moving house (made by bo)", "moving house", "moving house (made by bo)"])
        self.assertEqual(added[2]["matchers"], ['{team="d"}'])

    def test_what_is_exported_is_imported_elsewhere(self):
        self.add('{team="a"}', '{env!~"b"}', "--until", "2100-01-01T00:00:00Z")
        exported = self.json("export", "silences")
        self.assertEqual([set(item) for item in exported],
                         [{"matchers", "startsAt", "endsAt", "createdBy", "comment"}] * 2)
        self.assertEqual(exported[1]["matchers"], [{"name": "env", "value": "b", "isRegex": True, "isEqual": False}])
        self.env["INCIDENT_DB"] = str(self.folder / "other.db")
        added = self.json("import", "silences", stdin=json.dumps(exported).encode())
        self.assertEqual([item["matchers"] for item in added], [['{team="a"}'], ['{env!~"b"}']])

    def test_all_that_is_wrong_is_told_and_nothing_added(self):
        bad = [self.FOREIGN[0], {**self.FOREIGN[0], "endsAt": "soon"}, {**self.FOREIGN[0], "matchers": []}]
        error = self.error("import", "silences", stdin=json.dumps(bad).encode(), status=1)
        self.assertEqual((error["code"], error["where"]), ("invalid", "/1/endsAt"))
        self.assertIn("/2/matchers", error["message"])
        self.assertEqual(self.json("silence", "list", "--all"), [])
        self.incident("import", "silences", "a", "b", status=2)


class Macros(ProgramTest):
    MACROS = {"NOTIFICATIONTYPE": "PROBLEM", "HOSTNAME": "db-1", "HOSTSTATE": "UP", "SERVICEDESC": "disk", "SERVICESTATE": "CRITICAL",
              "SERVICEOUTPUT": "full\nHOSTNAME=other", "SERVICEPROBLEMID": "7", "SERVICESTATETYPE": "HARD", "TIMET": "1795417200"}

    def use(self, prefix, **more):
        self.env.update({prefix + name: value for name, value in {**self.MACROS, **more}.items()})

    def test_the_environment_of_nagios_is_a_message(self):
        self.use("NAGIOS_")
        for words in (["--format", "nagios"], []):
            receipt, = self.json("ingest", "--macros", "--source", "nagios", *words)
            self.assertEqual(receipt["case"], "INC-1")
        item, = self.json("alerts")
        self.assertEqual((item["source"], item["status"]), ("nagios", "firing"))

    def test_the_environment_of_checkmk_is_one_too_but_for_parameters(self):
        self.use("NOTIFY_", WHAT="SERVICE", PARAMETER_PASSWORD="hunter2", OMD_SITE="main")
        self.env["NOTIFIED"] = self.env["OTHER"] = "hunter2"
        self.json("ingest", "--macros")
        item, = self.json("alerts")
        body = self.incident("alerts", "--body", item["alert"]).stdout.decode()
        self.assertIn("NOTIFY_HOSTNAME=db-1\n", body)
        self.assertIn("NOTIFY_SERVICEOUTPUT=full\\nHOSTNAME=other\n", body)
        self.assertNotIn("hunter2", body)

    def test_the_environment_that_icinga_is_told_to_give_is_one_too(self):
        self.use("ICINGA_", SERVICEOUTPUT="full")
        for words in (["--format", "icinga"], []):
            receipt, = self.json("ingest", "--macros", "--source", "icinga", *words)
            self.assertEqual((receipt["case"], receipt["summary"]), ("INC-1", "disk: full"))

    def test_what_a_host_was_given_by_hand_is_left_out(self):
        self.use("NAGIOS_", _HOSTSNMP_COMMUNITY="hunter2")
        self.json("ingest", "--macros")
        item, = self.json("alerts")
        self.assertNotIn("hunter2", self.text("alerts", "--body", item["alert"]))

    def test_without_macros_there_is_no_message(self):
        self.incident("ingest", "--macros", "--format", "nagios", status=1)
        self.incident("ingest", "--macros", os.devnull, status=2)

    def test_who_sends_is_not_who_does_it(self):
        body = webhook("a")
        self.incident("ingest", "--source", "prometheus", stdin=body)
        self.incident("ingest", "--as", "alertmanager", stdin=body)
        self.assertEqual(sorted(item["source"] for item in self.json("alerts")), ["alertmanager", "prometheus"])


if __name__ == "__main__":
    unittest.main()
