#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The example playbooks: each leads a case from its beginning to its end."""
import contextlib
import gc
import io
import os
import pathlib
import re
import tempfile
import unittest
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident

ROOT = pathlib.Path(__file__).parent.parent.parent
PLAYBOOKS = ROOT / "examples" / "playbooks"
START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)


def minutes(number):
    return timedelta(minutes=number)


class Story(unittest.TestCase):
    """A desk with the playbook that the class names."""
    playbook = None

    def setUp(self):
        self.clock = Incident.ManualClock(START, seed=3)
        self.desk = Incident.Desk(clock=self.clock, playbook=Incident.Playbook.load([str(PLAYBOOKS / self.playbook)]))

    @contextlib.contextmanager
    def refused(self, *codes):
        """Refused, with these codes, and nothing has changed."""
        before = [(case.id, case.version) for case in self.desk.cases()]
        with self.assertRaises(Incident.Refused) as caught:
            yield caught
        self.assertEqual(caught.exception.codes, list(codes), caught.exception.message)
        for code in codes:
            self.assertIn(code, caught.exception.message)
        self.assertEqual([(case.id, case.version) for case in self.desk.cases()], before)

    def may(self, case, actor):
        return {option.verb for option in case.next(actor) if option}

    def tasks(self, case):
        return {task["title"]: task for task in case.to_dict()["tasks"]}

    def finish(self, case, title, actor):
        case.act("finish-task", actor=actor, task=str(self.tasks(case)[title]["number"]))
        self.assertEqual(self.tasks(case)[title]["state"], "done")

    def reminders(self):
        return [reminder.kind for reminder in self.desk.list_reminders()]


class TwoPersonShop(Story):
    playbook = "two-person-shop.json"

    def test_a_day_on_which_nobody_can_buy(self):
        case = self.desk.open_case("Checkout answers 500", actor="uptime-check", service="checkout")
        case.act("acknowledge", actor="bo")
        case.classify(actor="bo", severity="sev1", impact="high", urgency="high")
        self.assertEqual(case.priority, Incident.Priority.P1)
        case.assign("commander", "bo", actor="bo")
        self.assertEqual(list(self.tasks(case)), [
            "Put the notice on the website", "Look at the payment provider's status page",
            "Look for orders that were paid and not recorded", "Take the notice down again"])
        self.finish(case, "Put the notice on the website", "bo")
        case.diagnose("all answers come from /pay", actor="bo")

        # Bo goes to bed; Ana takes over.
        case.act("handoff", actor="bo", role="commander", person="ana", text="provider has been told, ticket 4711")
        self.assertEqual(case.commander, "bo")
        with self.refused("no-offer"):
            case.act("accept", actor="bo", role="commander")
        case.act("accept", actor="ana", role="commander")
        self.assertEqual(case.commander, "ana")

        case.escalate("payment-provider", "their certificate has expired", actor="ana")
        case.resolve("the provider renewed it", actor="ana")
        case.recover("twenty orders came in", actor="ana")
        with self.refused("open-must-do", "not-permitted"):
            case.close("done", actor="bo")
        with self.refused("open-must-do"):
            case.close("done", actor="ana")
        self.finish(case, "Look for orders that were paid and not recorded", "ana")
        self.finish(case, "Take the notice down again", "ana")
        case.close("two orders were missing, both are sent", actor="ana")
        self.assertEqual(case.phase, "closed")

    def test_the_check_ends_only_what_it_began(self):
        own = self.desk.open_case("Website does not answer", actor="uptime-check", service="website")
        own.diagnose("three attempts", actor="uptime-check")
        own.resolve("answers again", actor="uptime-check")
        own.recover("ten pages in ten minutes", actor="uptime-check")
        own.close(actor="uptime-check")
        self.assertEqual(own.phase, "closed")

        taken = self.desk.open_case("Website does not answer", actor="uptime-check", service="website")
        taken.assign("commander", "ana", actor="ana")
        taken.diagnose("three attempts", actor="uptime-check")
        with self.refused("not-permitted"):
            taken.resolve("answers again", actor="uptime-check")
        theirs = self.desk.open_case("Prices are odd", actor="bo", service="website")
        theirs.diagnose("a comma too many", actor="bo")
        with self.refused("not-permitted"):
            theirs.resolve("answers", actor="uptime-check")

    def test_what_bo_may_not(self):
        case = self.desk.open_case("Card number in a note", actor="bo")
        case.note("4111 1111 1111 1111", actor="bo")
        with self.refused("not-permitted"):
            case.act("redact", actor="bo", event="2", text="a card number")
        case.act("redact", actor="ana", event="2", text="a card number")
        self.assertNotIn("4111", " ".join(event.summary for event in case.timeline))

    def test_a_stranger(self):
        with self.refused("not-permitted"):
            self.desk.open_case("Hello", actor="mallory")

    def test_a_late_update_is_reminded_of_by_day(self):
        case = self.desk.open_case("Checkout answers 500", actor="ana", severity="sev2", service="checkout")
        case.assign("commander", "ana", actor="ana")
        case.act("update", actor="ana", text="we know, and look into it")
        self.clock.advance(minutes(61))
        self.assertIn("update", self.reminders())
        case.act("update", actor="ana", text="we found it")
        self.assertNotIn("update", self.reminders())


class FollowTheSun(Story):
    playbook = "follow-the-sun.json"

    def test_a_case_goes_round_the_world(self):
        case = self.desk.open_case("Orders are slow", actor="alertmanager", service="orders-db", category="database")
        case.act("acknowledge", actor="bo")
        case.classify(actor="bo", severity="sev1", impact="high", urgency="high")
        self.assertEqual(case.priority, Incident.Priority.P1)

        # Who is not trained does not command.
        with self.assertRaises(Incident.Refused):
            case.assign("commander", "bo", actor="bo")
        case.assign("commander", "ana", actor="bo")
        case.assign("operations", "bo", actor="ana")
        case.assign("communications", "carmen", actor="ana")
        case.assign("scribe", "diego", actor="ana")
        titles = set(self.tasks(case))
        self.assertIn("Publish the first message", titles)
        self.assertIn("Stop the loads of the warehouse", titles)
        self.assertNotIn("Keep the evidence", titles)

        case.diagnose("the warehouse reads the same disks", actor="bo")
        self.finish(case, "Stop the loads of the warehouse", "kate")
        with self.refused("not-permitted"):
            case.act("update", actor="bo", text="all is well")
        case.act("update", actor="carmen", text="Orders may be slow since 07:00 UTC.", audience="customer")
        self.finish(case, "Publish the first message", "carmen")
        case.act("decide", actor="ana", text="fail over at 18:00", objections="none")

        # 15:00 in Madrid: New York takes over; in the evening Singapore does.
        self.clock.advance(timedelta(hours=8))
        case.act("add-checklist", actor="ana", checklist="shift-end")
        case.act("handoff", actor="ana", role="commander", person="grace", text="loads are stopped, failover at 18:00")
        case.act("decline", actor="grace", role="commander", text="in a case of my own")
        case.act("handoff", actor="ana", role="commander", person="jack", text="loads are stopped, failover at 18:00")
        case.act("accept", actor="jack", role="commander")
        self.assertEqual(case.commander, "jack")
        case.assign("deputy", "mei", actor="jack")

        self.clock.advance(timedelta(hours=8))
        with self.refused("not-permitted", "not-permitted", "not-qualified"):
            case.act("take-command", actor="kate", text="Jack does not answer")
        case.act("take-command", actor="mei", text="Jack does not answer on three channels")
        self.assertEqual(case.commander, "mei")
        holders = [each.person for each in case.assignments if each.role == "commander"]
        self.assertEqual(holders, ["ana", "jack", "mei"])

        case.examine("failed over, latency is down", actor="bo")
        case.resolve("the warehouse has disks of its own now", actor="bo")
        case.recover("p99 is 80 ms for an hour", actor="kate")
        with self.refused("open-must-do"):
            case.close("done", actor="mei")
        self.finish(case, "Say that it is over", "carmen")
        self.finish(case, "Name who writes the review", "mei")
        case.close("review by Jack until Friday", actor="mei")
        self.assertEqual(case.phase, "closed")

    def test_the_owners_may(self):
        case = self.desk.open_case("Search finds nothing", actor="imani", service="search", severity="sev3")
        case.diagnose("the index is empty", actor="hugo")
        with self.refused("not-permitted"):
            case.resolve("rebuilt", actor="kate")
        self.assertNotIn("resolve", self.may(case, "kate"))
        self.assertIn("resolve", self.may(case, "hugo"))
        case.resolve("rebuilt", actor="hugo")

    def test_lowering_the_severity_needs_a_right(self):
        case = self.desk.open_case("Sign-in is slow", actor="olivia", service="sign-in", severity="sev3")
        case.classify(actor="olivia", severity="sev2")
        with self.refused("not-permitted"):
            case.classify(actor="olivia", severity="sev4", text="one office")
        with self.refused("not-permitted", "missing-text"):
            case.classify(actor="olivia", severity="sev4")
        case.assign("commander", "mei", actor="mei")
        case.classify(actor="mei", severity="sev4", text="one office")

    def test_priorities_rise(self):
        case = self.desk.open_case("Nobody looks", actor="imani", service="search", impact="low", urgency="low")
        self.assertEqual(case.priority, Incident.Priority.P4)
        self.clock.advance(minutes(121))
        self.desk.remind()
        self.assertEqual(case.priority, Incident.Priority.P3)
        case.act("affect", actor="imani", service="storefront")
        case.act("affect", actor="imani", service="checkout")
        self.assertEqual(case.priority, Incident.Priority.P1)

    def test_quiet_hours_keep_small_things_quiet(self):
        self.clock.advance(timedelta(hours=15))  # 23:00 in Madrid
        for severity in ("sev4", "sev2"):
            self.desk.open_case(severity, actor="olivia", severity=severity, service="search")
        self.clock.advance(minutes(31))
        self.assertEqual({reminder.case_number for reminder in self.desk.list_reminders()}, {2})
        self.clock.advance(timedelta(hours=9))
        self.assertEqual({reminder.case_number for reminder in self.desk.list_reminders()}, {1, 2})

    def test_refusals_are_kept(self):
        heard = []
        self.desk.connect("refused", lambda desk, refusal: heard.append(refusal.get_actor()))
        case = self.desk.open_case("Search finds nothing", actor="imani", service="search")
        with self.refused("not-permitted"):
            case.act("redact", actor="hugo", event="1", text="no reason")
        self.assertEqual(heard, ["hugo"])
        (refusal,) = self.desk.list_refusals(0, 10)
        self.assertEqual((refusal.get_actor(), refusal.get_verb(), refusal.get_case_number()), ("hugo", "redact", 1))


class RegulatedBank(Story):
    playbook = "regulated-bank.json"

    def open_major(self):
        case = self.desk.open_case("Instant payments fail", actor="monitoring", service="instant-payments",
                                   severity="sev1", impact="high", urgency="medium")
        case.assign("commander", "astrid", actor="astrid")
        case.assign("operations", "filip", actor="astrid")
        case.assign("regulatory-liaison", "daniel", actor="astrid")
        case.assign("customer-liaison", "luca", actor="astrid")
        case.assign("internal-liaison", "benoit", actor="astrid")
        return case

    def test_a_major_incident(self):
        case = self.open_major()
        self.assertEqual(case.priority, Incident.Priority.P1)
        case.diagnose("the hub does not answer", actor="filip")
        case.escalate("core-banking", "the ledger locks", actor="astrid")
        case.examine("a lock is held since 06:50", actor="filip")
        self.clock.advance(minutes(50))
        case.act("classify", actor="daniel", major="yes", text="critical service; clients and duration above the thresholds")
        case.act("file-report", actor="daniel", clock="classification", text="major")

        # Four hours from the classification, not from the beginning.
        self.clock.advance(minutes(239))
        self.assertNotIn("report", self.reminders())
        self.clock.advance(minutes(2))
        self.assertIn("report", self.reminders())
        with self.refused("not-permitted"):
            case.act("file-report", actor="astrid", clock="initial", text="sent")
        case.act("file-report", actor="daniel", clock="initial", text="reference 2026-0417")
        case.resolve("the lock is released, the job is changed", actor="filip")
        case.recover("payments of an hour are settled", actor="filip")
        self.clock.advance(timedelta(hours=71))
        case.act("file-report", actor="daniel", clock="intermediate", text="reference 2026-0417, intermediate")

        # Nobody closes before the review, and then only who is named.
        with self.refused("wrong-phase", "open-must-do"):
            case.close("done", actor="clara")
        case.act("review", actor="astrid", text="the change had no way back; two controls are added")
        self.assertEqual(case.phase, "review")
        for title, actor in (
                ("Judge whether the incident is major", "daniel"),
                ("Keep the evidence before anything is restored", "filip"),
                ("Inform senior management and the management body", "benoit"),
                ("Inform the clients whose financial interests are touched", "luca"),
                ("Review: were the procedures followed, and did the actions work", "clara"),
                ("Reconcile the payments since the start of the impact", "filip")):
            self.finish(case, title, actor)
        with self.refused("open-must-do"):
            case.close("reviewed", actor="clara")
        self.finish(case, "Write down the root cause and what is done about it", "astrid")
        with self.refused("not-permitted"):
            case.close("reviewed", actor="astrid")
        case.close("reviewed", actor="clara")
        self.assertEqual(case.phase, "closed")

        # The last report is due although the case is closed.
        self.clock.advance(timedelta(days=31))
        self.assertIn("report", self.reminders())
        case.act("file-report", actor="daniel", clock="final", text="reference 2026-0417, final")

    def test_only_who_is_named_redacts_and_merges(self):
        case = self.open_major()
        other = self.desk.open_case("Cards are declined", actor="eva", service="cards")
        case.note("account AT61 1904 3002 3457 3201", actor="filip")
        number = case.timeline[-1].seq
        for actor in ("astrid", "clara", "filip", "monitoring"):
            with self.refused("not-permitted"):
                case.act("redact", actor=actor, event=str(number), text="an account")
        case.act("redact", actor="katrin", event=str(number), text="an account")
        with self.refused("not-permitted"):
            other.act("merge", actor="eva", case=case.id, text="the same")
        other.act("merge", actor="astrid", case=case.id, text="the same")
        self.assertEqual(other.phase, "cancelled")

    def test_command_stays_with_incident_management(self):
        case = self.open_major()
        case.assign("deputy", "benoit", actor="astrid")
        with self.assertRaises(Incident.Refused):
            case.act("handoff", actor="astrid", role="commander", person="eva", text="lunch")
        case.act("handoff", actor="astrid", role="commander", person="benoit", text="shift end")
        case.act("accept", actor="benoit", role="commander")
        self.assertEqual(case.commander, "benoit")

    def test_a_must_do_is_skipped_with_the_right_only(self):
        case = self.open_major()
        task = self.tasks(case)["Keep the evidence before anything is restored"]
        with self.refused("not-permitted"):
            case.act("skip-task", actor="astrid", task=str(task["number"]), text="no time")
        case.act("skip-task", actor="clara", task=str(task["number"]), text="the provider keeps it")


class Guide(unittest.TestCase):
    """The pages on playbooks, roles and rights: their JSON is sound, their Python runs."""
    def setUp(self):
        here = os.getcwd()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, here)
        os.chdir(folder.name)

    def blocks(self, page, language):
        text = (ROOT / "doc" / page).read_text(encoding="utf-8")
        blocks = re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)
        self.assertGreater(len(blocks), 0)
        return blocks

    def run_python(self, page, desk, case):
        scope = {"__name__": "guide", "Incident": Incident, "desk": desk, "case": case}
        with contextlib.redirect_stdout(io.StringIO()):
            for block in self.blocks(page, "python"):
                exec(compile(block, page, "exec"), scope)
        scope.clear()
        gc.collect()

    def test_the_json_is_sound(self):
        for page in ("playbook.md", "roles.md", "rights.md"):
            for block in self.blocks(page, "json"):
                with self.subTest(page, block=block[:40]):
                    Incident.Playbook.new_from_json(block.encode(), page)

    def test_write_your_playbook(self):
        names = []
        for number, block in enumerate(self.blocks("playbook.md", "json")):
            if '"lifecycle"' not in block:
                names.append(f"{number}.json")
                pathlib.Path(names[-1]).write_text(block, encoding="utf-8")
        for name, text in (("shop.json", '{"people": []}'), ("company.json", '{"name": "Shop"}'), ("people.json", "{}")):
            pathlib.Path(name).write_text(text, encoding="utf-8")
        desk = Incident.Desk(playbook=Incident.Playbook.load(names))
        case = desk.open_case("Checkout answers 500", actor="ana", severity="sev1", service="checkout")
        case.assign("commander", "ana", actor="ana")
        self.run_python("playbook.md", desk, case)

    def test_roles_and_rights(self):
        for page in ("roles.md", "rights.md"):
            desk = Incident.Desk(playbook=Incident.Playbook.load([str(PLAYBOOKS / "follow-the-sun.json")]))
            case = desk.open_case("Orders are slow", actor="imani", severity="sev2", service="orders-db")
            self.run_python(page, desk, case)


class Documents(unittest.TestCase):
    def test_each_example_is_sound_and_its_own_json(self):
        names = sorted(path.name for path in PLAYBOOKS.glob("*.json"))
        self.assertEqual(names, ["follow-the-sun.json", "regulated-bank.json", "two-person-shop.json"])
        for name in names:
            with self.subTest(name):
                playbook = Incident.Playbook.load([str(PLAYBOOKS / name)])
                again = Incident.Playbook.new_from_json(playbook.to_json().encode(), name)
                self.assertEqual(again.get_version(), playbook.get_version())


if __name__ == "__main__":
    unittest.main()
