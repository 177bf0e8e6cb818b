#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calendars, judged by others: rules of recurrence by python-dateutil, exports by icalendar."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timedelta, timezone

try:
    import icalendar
    from dateutil.rrule import rrulestr
except ImportError:
    print("python3-icalendar and python3-dateutil are not installed")
    sys.exit(77)

PROGRAM = os.environ["INCIDENT_CALENDAR"]
WEEKDAYS = "MO TU WE TH FR SA SU".split()
SEED = int(os.environ.get("INCIDENT_SEED", "5545"))
# How many days a rule is followed.
SPANS = {"YEARLY": 1200, "MONTHLY": 800, "WEEKLY": 200, "DAILY": 100, "HOURLY": 20, "MINUTELY": 2}


def run(*words, **options):
    return subprocess.run([PROGRAM, *words], check=True, capture_output=True, timeout=60, **options).stdout


class Rules:
    """Makes rules that RFC 5545 allows. What dateutil reads otherwise is left out: days with a number beside days without."""

    def __init__(self, chance):
        self.chance = chance

    def may(self, share):
        return self.chance.random() < share

    def some(self, values, most):
        return ",".join(str(value) for value in self.chance.sample(values, self.chance.randint(1, min(most, len(values)))))

    def weekdays(self, frequency, by_week):
        numbers = {"MONTHLY": (1, 2, 3, 4, 5, -1, -2), "YEARLY": (1, 2, 5, -1, -2)}.get(frequency, ())
        if numbers and not by_week and self.may(.6):
            return self.some([str(number) + day for number in numbers for day in WEEKDAYS], 4)
        return self.some(WEEKDAYS, 4)

    def days(self, frequency):
        parts = []
        by_week = frequency == "YEARLY" and self.may(.15)
        if by_week:
            parts.append("BYWEEKNO=" + self.some(list(range(1, 54)) + [-1, -2], 4))
        if frequency == "YEARLY" and self.may(.15):
            parts.append("BYYEARDAY=" + self.some(list(range(1, 367)) + list(range(-366, 0)), 6))
        if frequency != "WEEKLY" and self.may(.25):
            parts.append("BYMONTHDAY=" + self.some(list(range(1, 32)) + list(range(-31, 0)), 5))
        # A week alone is a weekday of it to us, and seven to dateutil.
        if self.may(.4) or (by_week and len(parts) == 1):
            parts.append("BYDAY=" + self.weekdays(frequency, by_week))
        return parts

    def make(self):
        frequency = self.chance.choice(list(SPANS))
        parts = ["FREQ=" + frequency]
        within_day = frequency in ("HOURLY", "MINUTELY")
        if self.may(.5):
            parts.append("INTERVAL=%d" % self.chance.choice([1, 2, 3, 4, 5, 7, 12, 13]))
        if self.may(.3):
            parts.append("BYMONTH=" + self.some(range(1, 13), 4))
        parts += self.days(frequency)
        if self.may(.25):
            parts.append("BYHOUR=" + self.some(range(24), 5 if within_day else 3))
        if self.may(.2):
            parts.append("BYMINUTE=" + self.some(range(60), 3))
        if self.may(.3):
            parts.append("WKST=" + self.chance.choice(WEEKDAYS))
        if not within_day and self.may(.2):
            parts.append("BYSETPOS=" + self.some([1, 2, 3, -1, -2], 2))
        if self.may(.2):
            parts.append("COUNT=%d" % self.chance.randint(1, 30))
        return frequency, ";".join(parts)


def judge(rule, start, begin, end):
    """What dateutil says, and the start, which is the first of them in any case."""
    count = re.search(r";COUNT=(\d+)", rule)
    times = rrulestr(rule.replace(count.group(0) if count else ";;", ""), dtstart=start)
    if not count:
        return {time for time in times.xafter(begin, inc=True, count=5000) if time < end} | ({start} if begin <= start < end else set())
    counted = [start]
    for time in times:
        if time >= end or len(counted) >= int(count.group(1)):
            break
        if time != start:
            counted.append(time)
    return {time for time in counted if begin <= time < end}


class Recurrence(unittest.TestCase):
    def test_rules_give_what_dateutil_says(self):
        chance = random.Random(SEED)
        rules = Rules(chance)
        cases = []
        while len(cases) < 40:
            frequency, rule = rules.make()
            start = datetime(2020, 1, 1) + timedelta(days=chance.randint(0, 800), minutes=chance.randint(0, 1439))
            begin = start + timedelta(days=chance.choice([0, 0, 1]) if SPANS[frequency] <= 20 else chance.choice([0, 0, 10, 400]))
            end = begin + timedelta(days=SPANS[frequency])
            try:
                expected = judge(rule, start, begin, end)
            except ValueError:
                continue  # dateutil finds some empty, and says so
            cases.append((rule, start, begin, end, expected))
        lines = "".join("%s %s\n" % (" ".join(time.strftime("%Y%m%dT%H%M00") for time in case[1:4]), case[0]) for case in cases)
        found = run("expand", input=lines.encode()).decode().split("\n")
        for (rule, start, begin, end, expected), times in zip(cases, found):
            with self.subTest(rule=rule, start=start, begin=begin, end=end, seed=SEED):
                self.assertEqual(times, ",".join(time.strftime("%Y-%m-%d %H:%M") for time in sorted(expected)))


PLAYBOOK = {
    "people": {"ana": {"contacts": {"mail": "ana@example.org"}}, "bo": {}},
    "schedules": {"core": {"title": "Guardia, «núcleo»; " + "muy largo " * 12, "zone": "Europe/Madrid", "layers": [
        {"name": "weekly", "people": ["ana", "bo"], "rotation": {"start": "2026-01-05T09:00", "every": 1, "unit": "week"}}]}},
}


class Export(unittest.TestCase):
    def setUp(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(PLAYBOOK, file)
            file.flush()
            self.text = run("export", file.name, "core", "2026-03-10T00:00:00Z", "2026-04-07T00:00:00Z")

    def test_icalendar_reads_what_is_exported(self):
        calendar = icalendar.Calendar.from_ical(self.text)
        events = calendar.walk("VEVENT")
        self.assertEqual(str(calendar["X-WR-CALNAME"]), PLAYBOOK["schedules"]["core"]["title"])
        self.assertEqual([str(event["SUMMARY"]) for event in events], ["bo", "ana", "bo", "ana", "bo"])
        # The clock is set on 29 March: shifts begin at 09:00 all the same.
        self.assertEqual([event["DTSTART"].dt for event in events],
                         [datetime(2026, 3, 9, 8, tzinfo=timezone.utc), datetime(2026, 3, 16, 8, tzinfo=timezone.utc),
                          datetime(2026, 3, 23, 8, tzinfo=timezone.utc), datetime(2026, 3, 30, 7, tzinfo=timezone.utc),
                          datetime(2026, 4, 6, 7, tzinfo=timezone.utc)])
        for before, after in zip(events, events[1:]):
            self.assertEqual(before["DTEND"].dt, after["DTSTART"].dt)
        self.assertEqual(len({str(event["UID"]) for event in events}), len(events))
        self.assertTrue(all("DTSTAMP" in event and "SEQUENCE" in event and "RRULE" not in event for event in events))

    def test_lines_end_and_are_folded_as_the_standard_says(self):
        self.assertTrue(self.text.endswith(b"\r\n"))
        for line in self.text[:-2].split(b"\r\n"):
            self.assertLessEqual(len(line), 75)
            self.assertNotIn(b"\n", line)
            line.decode()


if __name__ == "__main__":
    unittest.main()
