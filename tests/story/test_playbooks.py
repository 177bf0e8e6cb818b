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
        self.desk = Incident.Desk(clock=self.clock, playbook=Incident.Playbook.load(PLAYBOOKS / self.playbook))

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
        return {task.title: task for task in case.tasks}

    def finish(self, case, title, actor):
        case.finish_task(self.tasks(case)[title], actor=actor)
        self.assertEqual(self.tasks(case)[title].state, "done")

    def reminders(self):
        return [reminder.kind for reminder in self.desk.reminders]


class TwoPersonShop(Story):
    playbook = "two-person-shop.json"

    def test_a_day_on_which_nobody_can_buy(self):
        case = self.desk.open_case("Checkout answers 500", actor="uptime-check", service="checkout")
        case.acknowledge(actor="bo")
        case.classify(actor="bo", severity="sev1", impact="high", urgency="high")
        self.assertEqual(case.priority, Incident.Priority.P1)
        case.assign("commander", "bo", actor="bo")
        self.assertEqual(list(self.tasks(case)), [
            "Put the notice on the website", "Look at the payment provider's status page",
            "Look for orders that were paid and not recorded", "Take the notice down again"])
        self.finish(case, "Put the notice on the website", "bo")
        case.diagnose("all answers come from /pay", actor="bo")

        # Bo goes to bed; Ana takes over.
        case.handoff("commander", "ana", "provider has been told, ticket 4711", actor="bo")
        self.assertEqual(case.commander, "bo")
        with self.refused("no-offer"):
            case.accept("commander", actor="bo")
        case.accept("commander", actor="ana")
        self.assertEqual(case.commander, "ana")

        case.escalate("payment-provider", "their certificate has expired", actor="ana")
        case.resolve("the provider renewed it", actor="ana")
        case.recover("twenty orders came in", actor="ana")
        with self.refused("not-permitted", "open-must-do", "not-permitted"):
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
            case.redact(2, "a card number", actor="bo")
        case.redact(2, "a card number", actor="ana")
        self.assertNotIn("4111", " ".join(event.summary for event in case.timeline))

    def test_a_stranger(self):
        with self.refused("not-permitted"):
            self.desk.open_case("Hello", actor="mallory")

    def test_a_late_update_is_reminded_of_by_day(self):
        case = self.desk.open_case("Checkout answers 500", actor="ana", severity="sev2", service="checkout")
        case.assign("commander", "ana", actor="ana")
        case.update("we know, and look into it", actor="ana")
        self.clock.advance(minutes(61))
        self.assertIn("update", self.reminders())
        case.update("we found it", actor="ana")
        self.assertNotIn("update", self.reminders())


class FollowTheSun(Story):
    playbook = "follow-the-sun.json"

    def test_a_case_goes_round_the_world(self):
        case = self.desk.open_case("Orders are slow", actor="alertmanager", service="orders-db", category="database")
        case.acknowledge(actor="bo")
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
            case.update("all is well", actor="bo")
        case.update("Orders may be slow since 07:00 UTC.", actor="carmen", audience="customer")
        self.finish(case, "Publish the first message", "carmen")
        case.decide("fail over at 18:00", "none", actor="ana")

        # 15:00 in Madrid: New York takes over; in the evening Singapore does.
        self.clock.advance(timedelta(hours=8))
        case.act("add-checklist", actor="ana", checklist="shift-end")
        case.handoff("commander", "grace", "loads are stopped, failover at 18:00", actor="ana")
        case.decline("commander", "in a case of my own", actor="grace")
        case.handoff("commander", "jack", "loads are stopped, failover at 18:00", actor="ana")
        case.accept("commander", actor="jack")
        self.assertEqual(case.commander, "jack")
        case.assign("deputy", "mei", actor="jack")

        self.clock.advance(timedelta(hours=8))
        with self.refused("not-permitted", "not-permitted", "not-qualified"):
            case.take_command("Jack does not answer", actor="kate")
        case.take_command("Jack does not answer on three channels", actor="mei")
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
        self.desk.remind()
        self.assertEqual(case.priority, Incident.Priority.P1)

    def test_quiet_hours_keep_small_things_quiet(self):
        self.clock.advance(timedelta(hours=15))  # 23:00 in Madrid
        for severity in ("sev4", "sev2"):
            self.desk.open_case(severity, actor="olivia", severity=severity, service="search")
        self.clock.advance(minutes(31))
        self.assertEqual({reminder.case_number for reminder in self.desk.reminders}, {2})
        self.clock.advance(timedelta(hours=9))
        self.assertEqual({reminder.case_number for reminder in self.desk.reminders}, {1, 2})

    def test_refusals_are_kept(self):
        heard = []
        self.desk.connect("refused", lambda desk, refusal: heard.append(refusal.actor))
        case = self.desk.open_case("Search finds nothing", actor="imani", service="search")
        with self.refused("not-permitted"):
            case.redact(1, "no reason", actor="hugo")
        self.assertEqual(heard, ["hugo"])
        (refusal,) = self.desk.refusals()
        self.assertEqual((refusal.actor, refusal.verb, refusal.case_number), ("hugo", "redact", 1))


    def test_who_leaves_may_no_more(self):
        case = self.desk.open_case("Search finds nothing", actor="hugo", service="search", severity="sev3")
        case.diagnose("the index is empty", actor="hugo")
        document = self.desk.playbook.to_dict()
        del document["people"]["hugo"]
        for team in document["teams"].values():
            team["members"] = [person for person in team["members"] if person != "hugo"]
        with self.assertRaisesRegex(Incident.Invalid, "/schedules/around-the-clock/layers/1/people/1: .*“hugo” is none"):
            Incident.Playbook.from_json(document)
        for schedule in document["schedules"].values():
            for layer in schedule["layers"]:
                if "people" in layer:
                    layer["people"] = [person for person in layer["people"] if person != "hugo"]
        before, self.desk.playbook = self.desk.playbook, Incident.Playbook.from_json(document)
        self.assertIn("person hugo: is gone", [change.text for change in before.diff(self.desk.playbook)])
        with self.refused("not-permitted"):
            case.note("one more thing", actor="hugo")
        case.note("Hugo has left", actor="grace")
        self.assertEqual(case.playbook, self.desk.playbook.version)

    def test_nobody_is_obeyed_unverified(self):
        case = self.desk.open_case("Search finds nothing", actor="imani", service="search")
        with self.refused("unverified-actor"):
            case.note("I am Elena", actor=Incident.Actor("elena", Incident.Verification.NONE))
        case.note("I am Elena", actor=Incident.Actor("elena", Incident.Verification.SIGNATURE, "chat"))


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

        # Four hours from the classification, not from the beginning; the last hour is told of.
        self.clock.advance(minutes(179))
        self.assertNotIn("report-initial", self.reminders())
        self.clock.advance(minutes(2))
        (reminder,) = [reminder for reminder in self.desk.reminders if reminder.kind == "report-initial"]
        self.assertEqual(reminder.text, "Initial notification to the competent authority must be filed until "
                                        "2026-11-23T11:50:00.000000Z")
        with self.refused("not-permitted"):
            case.act("file-report", actor="astrid", clock="initial", text="sent")
        case.act("file-report", actor="daniel", clock="initial", text="reference 2026-0417")
        case.resolve("the lock is released, the job is changed", actor="filip")
        case.recover("payments of an hour are settled", actor="filip")
        self.clock.advance(timedelta(hours=71))
        case.act("file-report", actor="daniel", clock="intermediate", text="reference 2026-0417, intermediate")

        # Nobody closes before the review, and then only who is named.
        with self.refused("wrong-phase", "not-permitted", "open-must-do", "not-permitted"):
            case.close("done", actor="clara")
        case.act("review", actor="astrid", text="the change had no way back; two controls are added")
        self.assertEqual(case.phase, "review")
        for title, actor in (
                ("Judge whether the incident is major", "daniel"),
                ("Keep the evidence before anything is restored", "filip"),
                ("Inform senior management and the management body", "benoit"),
                ("Inform the clients whose financial interests are touched", "luca"),
                ("Review: were the procedures followed, and did the actions work", "clara"),
                ("Reconcile the payments since the start of the impact", "filip"),
                ("Tell the payment systems and the counterparties", "eva")):
            self.finish(case, title, actor)
        with self.refused("open-must-do"):
            case.close("reviewed", actor="clara")
        self.finish(case, "Write down the root cause and what is done about it", "astrid")
        with self.refused("not-permitted"):
            case.close("reviewed", actor="astrid")
        case.close("reviewed", actor="clara")
        self.assertEqual(case.phase, "closed")

        # The last report is due although the case is closed.
        self.assertEqual(self.reminders(), [])
        self.clock.advance(timedelta(days=29))
        self.assertEqual(self.reminders(), ["report-final"])
        case.act("file-report", actor="daniel", clock="final", text="reference 2026-0417, final")
        self.assertEqual(self.reminders(), [])

    def test_only_who_is_named_redacts_and_merges(self):
        case = self.open_major()
        other = self.desk.open_case("Cards are declined", actor="eva", service="cards")
        case.note("account AT61 1904 3002 3457 3201", actor="filip")
        event = case.timeline[-1]
        for actor in ("astrid", "clara", "filip", "monitoring"):
            with self.refused("not-permitted"):
                case.redact(event, "an account", actor=actor)
        case.redact(event, "an account", actor="katrin")
        with self.refused("not-permitted"):
            other.merge(case, "the same", actor="eva")
        other.merge(case, "the same", actor="astrid")
        self.assertEqual(other.phase, "cancelled")

    def test_command_stays_with_incident_management(self):
        case = self.open_major()
        case.assign("deputy", "benoit", actor="astrid")
        with self.assertRaises(Incident.Refused):
            case.handoff("commander", "eva", "lunch", actor="astrid")
        case.handoff("commander", "benoit", "shift end", actor="astrid")
        case.accept("commander", actor="benoit")
        self.assertEqual(case.commander, "benoit")

    def test_the_end_of_the_review(self):
        case = self.desk.open_case("A typing error", actor="eva", service="cards", severity="sev5")
        case.assign("commander", "astrid", actor="astrid")
        case.diagnose("on one page", actor="astrid")
        case.resolve("corrected", actor="astrid")
        case.recover("reads well", actor="astrid")
        case.act("review", actor="astrid", text="nobody reads that page")
        document = self.desk.playbook.to_dict()
        document["lifecycle"]["phases"] = [each for each in document["lifecycle"]["phases"] if each["name"] != "review"]
        verbs = [verb for verb in document["lifecycle"]["verbs"] if verb["verb"] != "review"]
        for verb in verbs:
            verb["from"] = sorted({"recovered" if phase == "review" else phase for phase in verb["from"]})
        document["lifecycle"].update(verbs=verbs, migrate={"review": "recovered"})
        del document["cadence"]["stuck"]["phases"]["review"]
        for right in document["rights"]:
            right["may"] = [verb for verb in right["may"] if verb != "review"]
            if "phase" in right.get("if", {}):
                right["if"]["phase"] = ["recovered" if phase == "review" else phase for phase in right["if"]["phase"]]
        self.desk.playbook = Incident.Playbook.from_json(document)
        self.assertEqual(case.phase, "review")
        case.finish_task(self.tasks(case)["Reconcile the payments since the start of the impact"], actor="astrid")
        self.assertEqual((case.phase, case.timeline[-2].kind), ("recovered", "lifecycle-changed"))
        case.close("no review needed", actor="astrid")
        self.assertEqual(case.phase, "closed")

    def test_a_must_do_is_skipped_with_the_right_only(self):
        case = self.open_major()
        task = self.tasks(case)["Keep the evidence before anything is restored"]
        with self.refused("not-permitted"):
            case.skip_task(task, "no time", actor="astrid")
        case.skip_task(task, "the provider keeps it", actor="clara")


class Guide(unittest.TestCase):
    """The pages on playbooks, roles, rights and the record: their JSON is sound, their Python runs."""
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
                    Incident.Playbook.from_json(block, page)

    def test_write_your_playbook(self):
        names = []
        for number, block in enumerate(self.blocks("playbook.md", "json")):
            if '"lifecycle"' not in block:
                names.append(f"{number}.json")
                pathlib.Path(names[-1]).write_text(block, encoding="utf-8")
        for name, text in (("shop.json", '{"people": []}'), ("company.json", '{"name": "Shop"}'), ("people.json", "{}")):
            pathlib.Path(name).write_text(text, encoding="utf-8")
        desk = Incident.Desk(playbook=Incident.Playbook.load(*names))
        case = desk.open_case("Checkout answers 500", actor="ana", severity="sev1", service="checkout")
        case.assign("commander", "ana", actor="ana")
        self.run_python("playbook.md", desk, case)

    def test_the_record(self):
        desk = Incident.Desk()
        case = desk.open_case("Checkout answers 500", actor="ana", severity="sev2", service="checkout")
        self.run_python("record.md", desk, case)

    def test_roles_and_rights(self):
        for page in ("roles.md", "rights.md"):
            desk = Incident.Desk(playbook=Incident.Playbook.load(PLAYBOOKS / "follow-the-sun.json"))
            case = desk.open_case("Orders are slow", actor="imani", severity="sev2", service="orders-db")
            self.run_python(page, desk, case)


class Documents(unittest.TestCase):
    def test_each_example_is_sound_and_its_own_json(self):
        names = sorted(path.name for path in PLAYBOOKS.glob("*.json"))
        self.assertEqual(names, ["follow-the-sun.json", "regulated-bank.json", "two-person-shop.json"])
        for name in names:
            with self.subTest(name):
                playbook = Incident.Playbook.load(PLAYBOOKS / name)
                again = Incident.Playbook.from_json(playbook.to_dict(), name)
                self.assertEqual(again.version, playbook.version)
                self.assertEqual(playbook.warnings, [])


if __name__ == "__main__":
    unittest.main()
