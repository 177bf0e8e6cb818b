#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""On call, told in Python: who is, who is paged, and what would be."""
import unittest
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import GObject, Incident

UTC = timezone.utc
# A Tuesday, three in the morning in Madrid; ana has the week.
START = datetime(2026, 11, 24, 2, tzinfo=UTC)
HANDOFF = datetime(2026, 11, 30, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

PLAYBOOK = {
    "people": {
        "ana": {"zone": "Europe/Madrid", "pages": [{"by": "pager"}, {"by": "phone", "after": "3m"}]},
        "bo": {"pages": [{"by": "pager"}]},
        "carmen": {"pages": [{"by": "phone"}]},
        "dan": {"pages": [{"by": "phone"}]},
    },
    "channels": {"pager": {"kind": "own", "events": []}, "phone": {"kind": "own", "events": []}},
    "sources": {"prometheus": {"format": "alertmanager-api"}},
    "services": {"checkout": {"policy": "payments"}},
    "schedules": {"payments": {"title": "Payments", "zone": "Europe/Madrid", "layers": [
        {"name": "weekly", "people": ["ana", "bo"], "rotation": {"start": "2026-01-05T09:00", "unit": "week"}}]}},
    "policies": {"payments": {
        "steps": [{"name": "on-call", "page": [{"schedule": "payments"}], "wait": "5m"},
                  {"name": "lead", "page": [{"person": "carmen"}], "wait": "10m"}],
        "repeat": 1,
        "acknowledgement": {"timeout": "30m"},
        "fallback": [{"person": "dan"}]}},
}

ALERT = [{"labels": {"alertname": "Errors", "service": "checkout", "severity": "critical"},
          "annotations": {"summary": "Checkout answers 500"}}]


class Line(GObject.Object, Incident.Channel):
    """Remembers whom it has called, and why; fails while it is told to."""

    def __init__(self):
        super().__init__()
        self.calls, self.is_dead = [], False

    def do_deliver(self, delivery, task):
        if self.is_dead:
            raise ValueError("no such number")
        self.calls.append((*delivery.message.recipients, delivery.message.text))
        task.return_boolean(True)

    @property
    def called(self):
        return [person for person, text in self.calls]


class OnCallTest(unittest.TestCase):
    def setUp(self):
        self.clock = Incident.ManualClock(START, seed=1)
        playbook = Incident.Playbook.from_json(PLAYBOOK)
        self.assertEqual(playbook.warnings, [])
        self.desk = Incident.Desk.new_with_playbook(Incident.MemoryStore.new(self.clock), self.clock, playbook)
        self.schedule = self.desk.schedule("payments")


class Schedules(OnCallTest):
    def test_who_is_on_call(self):
        self.assertEqual(self.desk.on_call("payments"), ["ana"])
        self.assertEqual(self.desk.on_call("payments", HANDOFF), ["bo"])
        self.assertEqual(self.desk.on_call("payments", at=HANDOFF - MINUTE), ["ana"])
        self.assertEqual(self.desk.on_call(), {"payments": ["ana"]})
        self.assertEqual(self.schedule.on_call(HANDOFF), ["bo"])
        with self.assertRaises(Incident.NotFound):
            self.desk.on_call("fish")

    def test_schedules_say_what_they_are(self):
        schedule, = self.desk.schedules
        self.assertEqual((schedule.name, schedule.title, schedule.zone), ("payments", "Payments", "Europe/Madrid"))
        self.assertEqual(repr(schedule), "<Incident.Schedule payments>")

    def test_shifts_have_times(self):
        first, second = self.schedule.shifts(START, HANDOFF + DAY)
        self.assertEqual((first.from_, first.until, first.people), (START, HANDOFF, ["ana"]))
        self.assertEqual((second.people, second.layer, second.override, second.wanted_gap), (["bo"], "weekly", None, False))
        self.assertTrue(first)
        self.assertEqual(second.to_dict()["people"], ["bo"])
        self.assertEqual(repr(first), "<Incident.Shift 2026-11-24 02:00 ana>")

    def test_a_shift_without_people_is_false(self):
        self.desk.override("payments", remove="ana", from_=START + DAY, until=START + 2 * DAY, actor="ana")
        gap = self.desk.schedule("payments").shifts(START, HANDOFF)[1]
        self.assertFalse(gap)
        self.assertEqual((gap.people, gap.from_), ([], START + DAY))

    def test_they_are_drawn_and_written(self):
        span = (START, START + 7 * DAY)
        self.assertIn("BEGIN:VEVENT", self.schedule.to_icalendar(*span))
        self.assertTrue(self.schedule.to_svg(*span).startswith("<svg"))
        text = self.schedule.to_text(*span, columns=60)
        self.assertIn("ana", text)
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 60)

    def test_times_need_a_zone_and_an_order(self):
        for call in (self.schedule.shifts, self.schedule.to_icalendar, self.schedule.to_svg, self.schedule.to_text,
                     self.desk.measure_load):
            with self.assertRaisesRegex(ValueError, "needs a zone"):
                call(START, datetime(2026, 12, 1))
            with self.assertRaisesRegex(ValueError, "in this order"):
                call(START, START - DAY)
        with self.assertRaisesRegex(ValueError, "needs a zone"):
            self.desk.on_call("payments", datetime(2026, 12, 1))


class Overrides(OnCallTest):
    def test_one_is_added(self):
        override = self.desk.override("payments", add="carmen", until=START + DAY, actor="bo", text="a hand")
        self.assertEqual((override.schedule, override.kind, override.person, override.substitute, override.actor,
                          override.text, override.from_, override.until, override.state),
                         ("payments", Incident.OverrideKind.ADD, "carmen", None, "bo", "a hand", START, START + DAY,
                          Incident.OverrideState.IN_FORCE))
        self.assertEqual(sorted(self.desk.on_call("payments")), ["ana", "carmen"])
        self.assertEqual(str(override.kind), "add")
        self.assertGreater(override.id, 0)
        self.assertEqual(repr(override), f"<Incident.Override {override.id} payments add in-force>")
        self.assertEqual(override.to_dict()["person"], "carmen")

    def test_one_stands_for_another(self):
        override = self.desk.override("payments", replace=("ana", "bo"), from_=START + HOUR, until=START + DAY, actor="ana")
        self.assertEqual((override.person, override.substitute), ("ana", "bo"))
        self.assertEqual(self.desk.on_call("payments"), ["ana"])
        self.assertEqual(self.desk.on_call("payments", START + HOUR), ["bo"])
        shift = self.desk.schedule("payments").shifts(START, START + 2 * DAY)[1]
        self.assertEqual((shift.people, shift.override), (["bo"], override.id))

    def test_a_swap_is_offered_and_taken_in_part(self):
        swap = self.desk.override("payments", swap="ana", from_=START + DAY, until=START + 3 * DAY, actor="ana")
        self.assertEqual(swap.state, Incident.OverrideState.OPEN)
        self.assertEqual(self.desk.on_call("payments", START + DAY), ["ana"])
        taken = self.desk.take_swap(swap, actor="bo", until=START + 2 * DAY)
        self.assertEqual((taken.id, str(taken.state), taken.substitute), (swap.id, "taken", "bo"))
        self.assertEqual(self.desk.on_call("payments", START + DAY), ["bo"])
        self.assertEqual(self.desk.on_call("payments", START + 2 * DAY), ["ana"])

    def test_a_temporary_schedule_stands_in_for_all(self):
        self.desk.override("payments", shifts=[("bo", START + DAY, START + DAY + HOUR)], from_=START + DAY,
                           until=START + 2 * DAY, actor="ana")
        self.assertEqual(self.desk.on_call("payments", START + DAY), ["bo"])
        self.assertEqual(self.desk.on_call("payments", START + DAY + HOUR), [])

    def test_it_is_withdrawn(self):
        override = self.desk.override("payments", remove="ana", until=START + DAY, actor="ana")
        self.clock.advance(HOUR)
        self.assertEqual(self.desk.on_call("payments"), [])
        self.desk.withdraw_override(override, actor="bo")
        self.assertEqual(self.desk.on_call("payments"), ["ana"])
        self.assertEqual(self.desk.on_call("payments", START + MINUTE), [])
        self.assertEqual([str(item.state) for item in self.desk.overrides()], ["withdrawn"])
        with self.assertRaises(Incident.NotFound):
            self.desk.withdraw_override(9, actor="bo")

    def test_they_are_listed(self):
        first, second = [self.desk.override("payments", add="bo", from_=START + day * DAY, until=START + (day + 1) * DAY,
                                            actor="bo").id for day in (1, 3)]
        self.assertEqual([item.id for item in self.desk.overrides()], [first, second])
        self.assertEqual([item.id for item in self.desk.overrides("payments", from_=START + 2 * DAY)], [second])
        self.assertEqual([item.id for item in self.desk.overrides(until=START + 2 * DAY)], [first])
        with self.assertRaises(Incident.NotFound):
            self.desk.overrides("fish")

    def test_what_cannot_be_is_refused(self):
        self.desk.override("payments", remove="ana", until=START + DAY, actor="ana")
        with self.assertRaises(Incident.Refused):
            self.desk.override("payments", add="ana", until=START + HOUR, actor="ana")
        with self.assertRaises(TypeError):
            self.desk.override("payments", until=START + DAY, actor="ana")
        with self.assertRaises(TypeError):
            self.desk.override("payments", add="ana", remove="bo", until=START + DAY, actor="ana")
        with self.assertRaises(Incident.NotFound):
            self.desk.override("payments", add="zoe", until=START + DAY, actor="ana")

    def test_a_calendar_comes_in(self):
        days = [("carmen", 1), ("nobody we know", 3)]
        events = [f"BEGIN:VEVENT\r\nUID:{day}\r\nSUMMARY:[L9] {who}\r\n"
                  f"DTSTART:{START + day * DAY:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n" for who, day in days]
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{''.join(events)}END:VCALENDAR\r\n"
        feed, notes = self.desk.import_calendar("payments", text.encode(), actor="ana")
        self.assertEqual(str(feed.kind), "feed")
        self.assertEqual(len(notes), 1)
        self.assertIn("nobody we know", notes[0])
        self.assertEqual(self.desk.on_call("payments", START + DAY), ["carmen"])
        with self.assertRaises(Incident.Invalid):
            self.desk.import_calendar("payments", "no calendar", actor="ana")


class Pages(OnCallTest):
    def setUp(self):
        super().setUp()
        self.pager, self.phone = Line(), Line()
        self.desk.add_channel("pager", self.pager)
        self.desk.add_channel("phone", self.phone)
        self.escalator = Incident.Escalator(self.desk)

    def open_case(self):
        self.desk.ingest(ALERT, source="prometheus", actor="prometheus")
        return self.desk[1]

    def run_until(self, time):
        """Does all that is due until then, each at its time."""
        for _ in range(100):
            waiting = [next for next in (self.escalator.run()[1], self.desk.deliver()) if next is not None]
            if not any(next <= time for next in waiting):
                self.clock.advance(time - self.clock.time)
                return
            self.clock.advance(max(min(waiting) - self.clock.time, timedelta()))
        self.fail("it never ends")

    def reasons(self, case):
        return [(page.person, str(page.reason)) for page in case.pages if page]

    def test_nothing_is_due_without_a_case(self):
        self.assertEqual(self.escalator.run(), (0, None))
        self.assertIs(self.escalator.desk, self.desk)

    def test_the_escalator_says_when_to_call_again(self):
        self.open_case()
        n_fired, again = self.escalator.run()
        self.assertGreater(n_fired, 0)
        self.assertEqual(again, START + 5 * MINUTE)

    def test_the_whole_story(self):
        self.desk.override("payments", replace=("ana", "bo"), until=START + DAY, actor="ana", text="ana is ill")
        case = self.open_case()
        self.run_until(START)
        self.assertEqual(self.pager.called, ["bo"])
        self.assertIn("INC-1", self.pager.calls[0][1])
        self.assertIn("Checkout answers 500", self.pager.calls[0][1])

        case.acknowledge(actor="bo")
        self.run_until(START + 29 * MINUTE)
        self.assertEqual((self.pager.called, self.phone.called), (["bo"], []))

        # Bo has fallen asleep again.
        self.run_until(START + 30 * MINUTE)
        self.assertEqual(self.reasons(case), [("bo", "step"), ("bo", "ack-timeout")])
        self.run_until(START + 36 * MINUTE)
        self.assertEqual((self.pager.called, self.phone.called), (["bo", "bo"], ["carmen"]))

        gone = []
        self.escalator.connect("exhausted", lambda escalator, number, policy: gone.append((number, policy)))
        self.run_until(START + 2 * HOUR)
        self.assertEqual(self.reasons(case), [("bo", "step"), ("bo", "ack-timeout"), ("carmen", "step"), ("bo", "repeat"),
                                              ("carmen", "repeat"), ("dan", "fallback")])
        self.assertEqual(gone, [(1, "payments")])
        self.assertEqual(self.phone.called, ["carmen", "carmen", "dan"])
        self.assertEqual(self.escalator.run(), (0, None))

    def test_pages_tell_of_themselves(self):
        case = self.open_case()
        self.run_until(START)
        page, = case.pages
        self.assertTrue(page)
        self.assertEqual((page.case_number, page.at, page.person, page.target, page.reason, page.run, page.policy, page.step,
                          page.loop, page.arming, page.version),
                         (1, START, "ana", "schedule payments", Incident.PageReason.STEP, 1, "payments", "on-call", 0, 0,
                          self.desk.playbook.version))
        self.assertEqual(repr(page), "<Incident.Page INC-1 ana step>")
        self.assertIn("on-call", str(page))
        self.assertEqual(page.to_dict()["person"], "ana")

    def test_a_further_way_is_tried_until_the_acknowledgement(self):
        case = self.open_case()
        self.run_until(START + 2 * MINUTE)
        self.assertEqual((self.pager.called, self.phone.called), (["ana"], []))
        self.run_until(START + 3 * MINUTE)
        self.assertEqual(self.phone.called, ["ana"])
        case.acknowledge(actor="ana")
        self.run_until(START + 20 * MINUTE)
        self.assertEqual((self.pager.called, self.phone.called), (["ana"], ["ana"]))

    def test_an_acknowledgement_is_taken_back(self):
        case = self.open_case()
        self.run_until(START)
        case.acknowledge(actor="ana")
        self.run_until(START + MINUTE)
        case.unacknowledge(actor="ana")
        self.run_until(START + MINUTE)
        self.assertEqual(self.reasons(case), [("ana", "step"), ("ana", "unack")])
        case.acknowledge(actor="ana")
        self.run_until(START + 2 * MINUTE)
        case.unacknowledge("ana", actor="bo")
        self.run_until(START + 2 * MINUTE)
        self.assertEqual(self.pager.called, ["ana"] * 3)

    def test_a_snooze_has_an_end(self):
        case = self.open_case()
        self.run_until(START)
        case.snooze(HOUR, actor="ana")
        self.run_until(START + 59 * MINUTE)
        self.assertEqual(self.reasons(case), [("ana", "step")])
        self.run_until(START + HOUR)
        self.assertEqual(self.reasons(case)[1:], [("ana", "resumed")])
        case.snooze(START + 2 * HOUR, actor="ana")
        self.run_until(START + HOUR)
        case.wake(actor="ana")
        self.run_until(START + HOUR + MINUTE)
        self.assertEqual(self.reasons(case)[2:], [("ana", "resumed")])

    def test_somebody_is_asked_for(self):
        case = self.open_case()
        self.run_until(START)
        case.page("dan", "knows the bank", actor="ana")
        case.page("schedule payments", "a second look", actor="carmen")
        self.run_until(START + MINUTE)
        self.assertEqual(self.reasons(case), [("ana", "step"), ("dan", "direct"), ("ana", "direct")])
        self.assertEqual(self.phone.called, ["dan"])

    def test_runs_go_on_under_other_rules(self):
        case = self.open_case()
        self.run_until(START)
        policy = {"steps": [{"name": "on-call", "page": [{"schedule": "payments"}], "wait": "5m"},
                            {"name": "boss", "page": [{"person": "dan"}], "wait": "1m"}]}
        self.desk.playbook = Incident.Playbook.from_json({**PLAYBOOK, "policies": {"payments": policy}})
        case.move_runs(actor="ana")
        self.run_until(START + 6 * MINUTE)
        self.assertEqual(self.reasons(case), [("ana", "step"), ("dan", "step")])

    def test_why_was_i_paged(self):
        case = self.open_case()
        self.phone.is_dead = True
        self.run_until(START)
        answer = self.desk.explain_page(case, "ana")
        self.assertIs(answer["paged"], True)
        self.assertEqual([method["state"] for method in answer["pages"][0]["methods"]], ["sent", "pending"])
        self.assertIs(self.desk.explain_page("INC-1", "dan")["paged"], False)
        with self.assertRaises(Incident.NotFound):
            self.desk.explain_page(7, "ana")


class Foresight(OnCallTest):
    def paged(self, answer):
        return [(page["at"][11:16], page["person"], page["reason"]) for page in answer["pages"]]

    def test_nobody_answers(self):
        answer = self.desk.simulate(case={"service": "checkout", "severity": Incident.Severity.SEV2}, for_=timedelta(hours=72))
        self.assertEqual(self.paged(answer), [("02:00", "ana", "step"), ("02:03", "ana", "step"), ("02:05", "carmen", "step"),
                                              ("02:15", "ana", "repeat"), ("02:18", "ana", "repeat"),
                                              ("02:20", "carmen", "repeat"), ("02:30", "dan", "fallback")])
        self.assertEqual(answer["ends"]["state"], "exhausted")
        self.assertEqual(answer["first-person"], 0)
        self.assertEqual(list(self.desk.cases()), [])

    def test_the_same_question_gets_the_same_bytes(self):
        scenario = {"case": {"service": "checkout"}, "from": HANDOFF, "for": timedelta(hours=2),
                    "events": [{"at": timedelta(minutes=2), "acknowledge": "bo"}]}
        first, second = self.desk.simulate(scenario), self.desk.simulate(**{f"{name}_": scenario[name] for name in scenario})
        self.assertEqual(first.text.encode(), second.text.encode())
        self.assertEqual(self.paged(first)[:2], [("08:00", "bo", "step"), ("08:32", "bo", "ack-timeout")])

    def test_a_case_that_is_there(self):
        case = self.desk.open_case("Checkout answers 500", actor="ana", service="checkout")
        answer = self.desk.simulate(case=case, until=START + timedelta(seconds=90))
        self.assertEqual(self.paged(answer), [("02:00", "ana", "step")])
        self.assertEqual(answer["until"], "2026-11-24T02:01:30.000000Z")

    def test_all_kinds_of_times(self):
        change = {"schedule": "payments", "kind": "replace", "person": "ana", "substitute": "bo", "until": START + DAY}
        answer = self.desk.simulate(case={"service": "checkout"}, for_=DAY, events=[
            {"at": START + MINUTE, "override": change},
            {"at": timedelta(minutes=1), "snooze": "ana", "due": timedelta(hours=6)}])
        self.assertEqual(self.paged(answer)[:2], [("02:00", "ana", "step"), ("08:01", "bo", "resumed")])
        for jump, time in ((timedelta(hours=1), "03:05"), (-timedelta(hours=1), "01:05")):
            answer = self.desk.simulate(case={"service": "checkout"}, for_=DAY, events=[{"at": timedelta(seconds=90), "clock": jump}])
            self.assertIn((time, "carmen", "step"), self.paged(answer))
        with self.assertRaisesRegex(ValueError, "needs a zone"):
            self.desk.simulate(case={}, from_=datetime(2026, 12, 1))
        with self.assertRaises(Incident.Invalid):
            self.desk.simulate(case={}, fish="x")

    def test_other_rules_are_tried(self):
        people = {**PLAYBOOK["people"], "ana": {}}
        tried = Incident.Playbook.from_json({**PLAYBOOK, "people": people})
        answer = self.desk.simulate(case={"service": "checkout"}, for_=HOUR, playbook=tried)
        self.assertEqual(self.paged(answer)[0], ("02:00", "carmen", "step"))
        self.assertIs(self.desk.prove()["proven"], True)
        proof = self.desk.prove("payments", until=HANDOFF, playbook=tried)
        self.assertEqual((proof["no-contact"], proof["until"]), (["ana"], "2026-11-30T08:00:00.000000Z"))
        with self.assertRaises(Incident.NotFound):
            self.desk.prove("fish")

    def test_what_was_is_played_again(self):
        case = self.desk.open_case("Checkout answers 500", actor="ana", service="checkout")
        escalator = Incident.Escalator(self.desk)
        escalator.run()
        self.clock.advance(4 * MINUTE)
        case.acknowledge(actor="ana")
        escalator.run()
        policy = {"steps": [{"name": "all", "page": [{"schedule": "payments"}, {"person": "carmen"}], "wait": "5m"}]}
        tried = Incident.Playbook.from_json({**PLAYBOOK, "policies": {"payments": policy}})
        answer = self.desk.replay(START, playbook=tried)
        self.assertEqual((answer["cases"][0]["was"]["pages"], answer["cases"][0]["would-be"]["pages"]), (1, 2))
        self.assertEqual(self.desk.replay(START - DAY, START)["cases"], [])

    def test_the_load_is_measured(self):
        answer = self.desk.measure_load(HANDOFF, HANDOFF + 14 * DAY)
        self.assertEqual({item["person"]: item["hours"]["is"] for item in answer["people"]}, {"ana": 168, "bo": 168})


if __name__ == "__main__":
    unittest.main()
