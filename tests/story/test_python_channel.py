#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Channels of one's own, in Python: told to deliver by hand, and by a desk."""
import contextlib
import datetime
import gc
import io
import unittest
import weakref

import gi

gi.require_version("Incident", "1")
from gi.repository import Gio, GLib, GObject, Incident


class Bell(GObject.Object, Incident.Channel):
    """Answers as it is told to, and remembers what it was given."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.given = answer, []

    def do_deliver(self, delivery, task):
        self.given.append(delivery)
        self.answer(delivery, task)

    def do_look_up(self, delivery, task):
        self.answer(delivery, task)

    def do_probe(self, task):
        self.answer(None, task)


class Silent(GObject.Object, Incident.Channel):
    """Has no function of its own."""


def wait(start, *arguments, cancellable=None):
    """Runs an …_async function until it calls back; returns the result."""
    loop, results = GLib.MainLoop(), []

    def done(source, result):
        results.append(result)
        loop.quit()

    start(*arguments, cancellable, done)
    alarm = GLib.timeout_add_seconds(20, loop.quit)
    if not results:
        loop.run()
    GLib.source_remove(alarm)
    return results[0]


def deliver(channel, delivery, cancellable=None):
    return channel.deliver_finish(wait(channel.deliver_async, delivery, cancellable=cancellable))


def yes(delivery, task):
    task.return_boolean(True)


class Channels(unittest.TestCase):
    def setUp(self):
        self.delivery = GObject.new(Incident.Delivery)

    def test_true_is_sent(self):
        bell = Bell(yes)
        self.assertIs(deliver(bell, self.delivery), True)
        self.assertEqual(bell.given, [self.delivery])
        self.assertEqual(self.delivery.get_outcome(), Incident.Outcome.SENT)

    def test_an_error_of_gio_crosses(self):
        def answer(delivery, task):
            task.return_error(GLib.Error("no line", "g-io-error-quark", Gio.IOErrorEnum.CONNECTION_REFUSED))

        with self.assertRaises(GLib.Error) as caught:
            deliver(Bell(answer), self.delivery)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CONNECTION_REFUSED))
        self.assertEqual(caught.exception.message, "no line")

    def test_an_outcome_is_noted(self):
        def answer(delivery, task):
            delivery.set_outcome(Incident.Outcome.WAIT, "the bell is warm")
            delivery.set_retry_after(5_000_000, True)
            delivery.set_external_id("b1")
            task.return_boolean(True)

        self.assertIs(deliver(Bell(answer), self.delivery), True)
        self.assertEqual(self.delivery.get_outcome(), Incident.Outcome.WAIT)
        self.assertEqual(self.delivery.get_detail(), "the bell is warm")

    def test_an_answer_may_come_later(self):
        def answer(delivery, task):
            GLib.idle_add(lambda: task.return_boolean(True) and False)

        self.assertIs(deliver(Bell(answer), self.delivery), True)

    def test_it_is_told_when_to_give_up(self):
        def answer(delivery, task):
            GObject.Object.connect(task.get_cancellable(), "cancelled", lambda cancellable: task.return_boolean(False))

        cancellable = Gio.Cancellable()
        GLib.idle_add(cancellable.cancel)
        self.assertIs(deliver(Bell(answer), self.delivery, cancellable), False)

    def test_without_a_function_nothing_is_delivered(self):
        for start, finish in [("deliver_async", "deliver_finish"), ("look_up_async", "look_up_finish")]:
            silent = Silent()
            result = wait(getattr(silent, start), self.delivery)
            with self.assertRaises(GLib.Error) as caught:
                getattr(silent, finish)(result)
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_SUPPORTED))
            self.assertIn("Silent", caught.exception.message)

    def test_without_a_function_the_next_message_shows_whether_it_works(self):
        silent = Silent()
        self.assertIs(silent.probe_finish(wait(silent.probe_async)), True)

    def test_it_tells_what_has_arrived(self):
        for arrived in (True, False):
            bell = Bell(lambda delivery, task: task.return_boolean(arrived))
            self.assertIs(bell.look_up_finish(wait(bell.look_up_async, self.delivery)), arrived)

    def test_it_is_probed(self):
        bell = Bell(yes)
        self.assertIs(bell.probe_finish(wait(bell.probe_async)), True)

    def test_nothing_is_kept(self):
        bell = Bell(yes)
        deliver(bell, self.delivery)
        watched = weakref.ref(bell)
        del bell
        gc.collect()
        self.assertIsNone(watched())

    def test_the_librarys_own_are_channels_too(self):
        clock = Incident.ManualClock.new(0, 1)
        for channel in [Incident.MailChannel.new("incidents@example.org", None, None),
                        Incident.MailChannel.new("incidents@example.org", ["/usr/bin/msmtp", "-a", "x"], clock),
                        Incident.CommandChannel.new(["/usr/local/bin/bell", "--loud"])]:
            self.assertIsInstance(channel, Incident.Channel)
            self.assertIs(channel.probe_finish(wait(channel.probe_async)), True)


PLAYBOOK = {
    "roles": {"commander": {}, "communications": {}},
    "channels": {"bell": {"kind": "own"}, "phone": {"kind": "own"}, "board": {"kind": "own"}},
    "audiences": {"customer": {"title": "Customers", "approved-by": "communications", "channels": ["board"],
                               "public": True}},
    "status-page": {"title": "Our services", "services": {"checkout": "Paying"}},
}


class Ringer(GObject.Object, Incident.Channel):
    """Remembers what it was told; raises what it is given to raise."""

    def __init__(self):
        super().__init__()
        self.rung, self.troubles = [], []

    def do_deliver(self, delivery, task):
        if self.troubles:
            raise self.troubles.pop(0)
        self.rung.append(delivery.message.text)
        delivery.set_external_id(f"ring-{len(self.rung)}")
        task.return_boolean(True)


class Doubtful(GObject.Object, Incident.Channel):
    """Does not know what arrived, but can find out."""

    def __init__(self, arrives):
        super().__init__()
        self.arrives, self.rung, self.asked = arrives, [], []

    def do_deliver(self, delivery, task):
        if self.arrives or self.asked:
            self.rung.append(delivery.message.key)
        if self.asked:
            task.return_boolean(True)
        else:
            task.return_error(GLib.Error("no answer", "g-io-error-quark", Gio.IOErrorEnum.TIMED_OUT))

    def do_look_up(self, delivery, task):
        self.asked.append(delivery.message.key)
        task.return_boolean(delivery.message.key in self.rung)


class Desks(unittest.TestCase):
    def setUp(self):
        self.clock = Incident.ManualClock(datetime.datetime(2026, 11, 23, 7, tzinfo=datetime.timezone.utc), seed=1)
        store = Incident.MemoryStore.new(self.clock)
        self.desk = Incident.Desk.new_with_playbook(store, self.clock, Incident.Playbook.from_json(PLAYBOOK))
        self.bell, self.phone, self.board = Ringer(), Ringer(), Ringer()
        self.desk.add_channel("bell", self.bell)
        self.desk.add_channel("phone", self.phone)
        self.desk.add_channel("board", self.board)

    def deliver_all(self):
        """Sends all there is, whenever it becomes due."""
        for _ in range(100):
            due = self.desk.deliver()
            if due is None:
                return
            self.clock.advance(due - self.clock.time)
        self.fail("it never ends")

    def last(self, channel="bell"):
        return list(self.desk.messages(channel))[-1]

    def test_what_happens_is_told(self):
        case = self.desk.open_case("Checkout answers 500", actor="ana")
        case.message("The bridge is open", actor="ana")
        self.assertIsNone(self.desk.deliver())
        self.assertEqual(len(self.bell.rung), 2)
        self.assertIn("Checkout answers 500", self.bell.rung[0])
        self.assertIn("The bridge is open", self.bell.rung[1])
        message = self.last()
        self.assertEqual((message.state, message.external_id, message.case_number, message.trouble),
                         (Incident.MessageState.SENT, "ring-2", 1, None))
        self.assertEqual(message.to_dict()["log"][-1]["outcome"], "sent")
        self.assertIn("message-delivered", [event.kind for event in case.events])

    def test_an_exception_is_the_answer(self):
        self.desk.open_case("Checkout answers 500", actor="ana")
        self.bell.troubles = [ValueError("no such tone")]
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.deliver_all()
        self.assertIn("no such tone", said.getvalue())
        message = self.last()
        self.assertEqual((message.state, message.trouble), (Incident.MessageState.DEAD, "ValueError"))
        # The other channel tells that nobody heard this one.
        self.assertEqual(len(self.phone.rung), 2)
        self.assertIn("not delivered through bell: ValueError", self.phone.rung[1])
        self.assertNotIn("no such tone", self.phone.rung[1])

        self.desk.retry_message(message, actor="ana")
        self.deliver_all()
        self.assertEqual(len(self.bell.rung), 1)
        with self.assertRaises(Incident.Refused):
            self.desk.retry_message(message, actor="ana")
        with self.assertRaises(Incident.NotFound):
            self.desk.retry_message(99, actor="ana")

    def test_an_error_that_may_pass_is_tried_again(self):
        self.desk.open_case("Checkout answers 500", actor="ana")
        self.bell.troubles = [GLib.Error("no line", "g-io-error-quark", Gio.IOErrorEnum.CONNECTION_REFUSED)] * 2
        self.assertGreater(self.desk.deliver(), self.clock.time)
        self.assertEqual((self.last().state, self.last().trouble), (Incident.MessageState.PENDING, "no line"))
        self.deliver_all()
        self.assertEqual((self.last().state, self.last().attempts), (Incident.MessageState.SENT, 3))

    def test_what_may_have_arrived_is_looked_up(self):
        for arrives in (True, False):
            with self.subTest(arrives=arrives):
                self.setUp()
                doubtful = Doubtful(arrives)
                self.desk.add_channel("bell", doubtful)
                self.desk.open_case("Checkout answers 500", actor="ana")
                self.deliver_all()
                self.assertEqual(self.last().state, Incident.MessageState.SENT)
                self.assertEqual(doubtful.rung, [self.last().key])
                self.assertEqual(set(doubtful.asked), {self.last().key})

    def test_messages_are_picked(self):
        first, second = [self.desk.open_case(title, actor="ana") for title in ("one", "two")]
        self.assertEqual([message.case_number for message in self.desk.messages("bell", state="waiting")], [1, 2])
        self.assertEqual([message.channel for message in self.desk.messages(case=second)], ["bell", "phone"])
        self.assertEqual(len(list(self.desk.messages(case="INC-1"))), 2)
        with self.assertRaises(Incident.Invalid):
            list(self.desk.messages(state="lost"))

        self.desk.withdraw_message(next(self.desk.messages("bell")), actor="ana")
        self.deliver_all()
        self.assertEqual([str(message.state) for message in self.desk.messages("bell")], ["withdrawn", "sent"])
        self.assertEqual(len(self.bell.rung), 1)

    def test_an_update_is_drafted_proposed_and_approved(self):
        case = self.desk.open_case("db-7 is full", service="checkout", actor="ana")
        case.assign("communications", "bo", actor="ana")
        self.deliver_all()
        draft = case.update_draft("customer")
        self.assertIn("Paying", draft)
        self.assertNotIn("db-7", draft)
        self.assertIn("db-7", case.update_draft())
        case.update(draft, audience="customer", actor="ana")
        self.deliver_all()
        self.assertEqual(self.board.rung, [])

        proposed = case.events[-1]
        self.assertEqual(proposed.kind, "update-proposed")
        case.approve(proposed, actor="bo")
        self.deliver_all()
        self.assertEqual(self.board.rung, [draft])
        self.assertIn("Paying", self.desk.status_page())
        self.assertEqual(self.desk.status_page("json")["title"], "Our services")


if __name__ == "__main__":
    unittest.main()
