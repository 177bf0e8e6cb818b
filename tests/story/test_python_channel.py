#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Channels of one's own, in Python, and those of the library told to deliver from there.

Messages are made by desks alone: what is delivered here is an attempt without one.
"""
import gc
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


if __name__ == "__main__":
    unittest.main()
