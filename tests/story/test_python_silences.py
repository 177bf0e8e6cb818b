#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Alerts that are muted, told in Python."""
import unittest
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident

START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


def webhook(*teams, status="firing"):
    alerts = [{"status": status, "labels": {"alertname": "DiskFull", "team": team}, "startsAt": "2026-11-23T06:14:46Z",
               "endsAt": "2026-11-23T07:00:00Z" if status == "resolved" else "0001-01-01T00:00:00Z"} for team in teams]
    return {"version": "4", "groupKey": "{}", "status": status, "alerts": alerts}


class Silences(unittest.TestCase):
    def setUp(self):
        self.clock = Incident.ManualClock(START, seed=1)
        self.desk = Incident.Desk(clock=self.clock)

    def ingest(self, *teams, **options):
        return self.desk.ingest(webhook(*teams, **options), actor="prometheus")

    def test_a_silence_mutes_what_it_is_about(self):
        silence = self.desk.silence('{team="a"}', hours=2, reason="moving house", actor="ana")
        self.assertEqual((silence.owner, silence.starts_at, silence.ends_at), ("ana", START, START + 2 * HOUR))
        self.assertIsInstance(silence.id, int)
        self.ingest("a", "b")
        status = {alert.labels["team"]: str(alert.status) for alert in self.desk.alerts()}
        self.assertEqual(status, {"a": "suppressed", "b": "firing"})
        self.assertEqual(len(list(self.desk.cases())), 1)

    def test_its_end_lets_the_alert_through(self):
        self.desk.silence("team=a", hours=1, reason="x", actor="ana")
        self.ingest("a")
        self.assertEqual(list(self.desk.cases()), [])
        self.clock.advance(HOUR)
        self.desk.settle()
        self.assertEqual(len(list(self.desk.cases())), 1)

    def test_silences_are_listed_changed_and_ended(self):
        silence = self.desk.silence("team=a", hours=1, reason="x", actor="ana")
        longer = self.desk.change_silence(silence, hours=3, reason="y", actor="bo")
        self.assertEqual((longer.id, longer.ends_at, longer.reason), (silence.id, START + 3 * HOUR, "y"))
        other = self.desk.change_silence(longer, matchers="team=b", actor="bo")
        self.assertNotEqual(other.id, silence.id)
        self.assertEqual([item.id for item in self.desk.silences()], [other.id])
        self.desk.expire_silence(other, actor="ana")
        self.desk.expire_silence(other.id, actor="ana")
        self.assertEqual(self.desk.silences(), [])
        self.assertEqual([item.id for item in self.desk.silences(expired=True)], [silence.id, other.id])
        with self.assertRaises(Incident.NotFound):
            self.desk.expire_silence(999, actor="ana")

    def test_a_dry_run_mutes_nothing(self):
        self.ingest("a", "b")
        self.assertEqual([alert.labels["team"] for alert in self.desk.try_silence("team=a")], ["a"])
        self.assertEqual([str(alert.status) for alert in self.desk.alerts()], ["firing"] * 2)
        self.assertEqual(self.desk.silences(), [])

    def test_a_routing_tells_where_and_what_mutes(self):
        labels = {"alertname": "DiskFull", "team": "a"}
        self.assertEqual(self.desk.route(labels).mutes, [])
        self.desk.silence("team=a", hours=1, reason="x", actor="ana")
        self.assertEqual(len(self.desk.route(labels).mutes), 1)
        self.assertEqual(self.desk.route(labels, at=START + 2 * HOUR).mutes, [])
        self.assertTrue(self.desk.route(labels).routes)

    def test_the_body_of_an_alert_is_as_it_came(self):
        body = b'{"alerts": [{"status": "firing", "labels": {"alertname": "X"}, "startsAt": "2026-11-23T06:14:46Z"}]}'
        self.desk.ingest(body, actor="prometheus", format="alertmanager")
        alert, = self.desk.alerts()
        self.assertEqual(self.desk.alert_body(alert), body)
        self.assertEqual(self.desk.alert_body(alert.key), body)

    def test_a_silence_without_end_or_with_two_is_a_mistake(self):
        for arguments in ({}, {"hours": 1, "until": START + HOUR}):
            with self.assertRaises(TypeError):
                self.desk.silence("team=a", reason="x", actor="ana", **arguments)

    def test_forgotten_ones_are_told(self):
        self.assertEqual(self.desk.forgotten_silences, [])
        self.desk.silence("team=a", hours=31 * 24, reason="x", actor="ana")
        self.assertEqual(len(self.desk.forgotten_silences), 1)


if __name__ == "__main__":
    unittest.main()
