#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What must work from Python as in all of GLib: signals, main loops, classes of one's own, memory."""
import gc
import subprocess
import sys
import tempfile
import threading
import unittest
import weakref
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import Gio, GLib, GObject, Incident

START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)


def open_desk():
    clock = Incident.ManualClock(START, seed=1)
    return Incident.Desk(clock=clock)


def wait(start, *arguments, cancellable=None):
    """Runs an …_async function until it calls back; returns the result."""
    loop, results = GLib.MainLoop(), []

    def done(source, result):
        results.append(result)
        loop.quit()

    start(*arguments, cancellable, done)
    loop.run()
    return results[0]


class Signals(unittest.TestCase):
    def test_after_the_fact_in_order(self):
        desk, told = open_desk(), []
        desk.connect("case-opened", lambda desk, case: told.append(("case-opened", case.number)))
        desk.connect("changed", lambda desk: told.append(("changed",)))
        case = desk.open_case("x", actor="ana")
        self.assertEqual(told, [("case-opened", 1), ("changed",)])
        del told[:]
        case.connect("event-recorded",
                     lambda case, event: told.append((event.kind, case.phase, case.timeline[-1] == event)))
        case.connect("notify::phase", lambda case, pspec: told.append((pspec.name, case.phase)))
        case.diagnose("31 %", actor="ana")
        self.assertEqual(told, [("phase", "diagnosis"), ("diagnosed", "diagnosis", True), ("changed",)])
        del told[:]
        with self.assertRaises(Incident.Refused):
            case.close(actor="bo")
        self.assertEqual(told, [])

    def test_properties_bind(self):
        class Light(GObject.Object):
            phase = GObject.Property(type=str)
            live = GObject.Property(type=bool, default=False)

        case, light = open_desk().open_case("x", actor="ana"), Light()
        for name in ("phase", "live"):
            case.bind_property(name, light, name, GObject.BindingFlags.SYNC_CREATE)
        self.assertEqual((light.phase, light.live), ("new", True))
        case.cancel("a test", actor="ana")
        self.assertEqual((light.phase, light.live), ("cancelled", False))

    def test_a_handler_may_act(self):
        case = open_desk().open_case("x", actor="ana")
        case.connect("event-recorded", lambda case, event:
                     event.kind == "diagnosed" and case.resolve("restarted", actor="robot"))
        case.diagnose("hangs", actor="ana")
        self.assertEqual([event.kind for event in case.timeline], ["opened", "diagnosed", "resolved"])

    def test_the_timeline_is_a_list_model(self):
        case, changes = open_desk().open_case("x", actor="ana"), []
        self.assertIsInstance(case.timeline, Gio.ListModel)
        case.timeline.connect("items-changed", lambda model, *change: changes.append((change, len(model))))
        case.note("a", actor="ana")
        self.assertEqual(changes, [((1, 0, 1), 2)])


class Asynchronous(unittest.TestCase):
    def test_open_act_find(self):
        with tempfile.TemporaryDirectory() as folder:
            desk = Incident.Desk.open_finish(wait(Incident.Desk.open_async, f"{folder}/incidents.db"))
            result = wait(desk.act_async, 0, Incident.Command("open", "ana", title="Checkout answers 500"))
            case = desk.act_finish(result)
            self.assertEqual((case.title, case.phase), ("Checkout answers 500", "new"))
            self.assertTrue(case.act_finish(wait(case.act_async, Incident.Command("diagnose", "ana"))))
            self.assertEqual(case.phase, "diagnosis")
            self.assertEqual(desk.find_cases_finish(wait(desk.find_cases_async, Incident.Query(open=True))), [case])
            self.assertEqual(desk.find_cases_finish(wait(desk.find_cases_async, Incident.Query(phase="new"))), [])
            desk = case = result = None

    def test_errors_are_the_same(self):
        desk = open_desk()
        case = desk.open_case("x", actor="ana")
        with self.assertRaises(Incident.Refused) as caught:
            case.act_finish(wait(case.act_async, Incident.Command("close", "ana")))
        self.assertEqual(caught.exception.codes, ["wrong-phase", "not-permitted"])
        with self.assertRaises(Incident.NotFound):
            desk.act_finish(wait(desk.act_async, 2, Incident.Command("note", "ana", text="x")))
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"Dear diary, " * 1000)
            file.flush()
            with self.assertRaises(Incident.NotAStore):
                Incident.Desk.open_finish(wait(Incident.Desk.open_async, file.name))

    def test_cancelled(self):
        desk = open_desk()
        case = desk.open_case("x", actor="ana")
        cancelled = Gio.Cancellable()
        cancelled.cancel()
        for finish, start, arguments in (
                (Incident.Desk.open_finish, Incident.Desk.open_async, ("memory:",)),
                (desk.act_finish, desk.act_async, (1, Incident.Command("note", "ana", text="x"))),
                (case.act_finish, case.act_async, (Incident.Command("note", "ana", text="x"),)),
                (desk.find_cases_finish, desk.find_cases_async, (Incident.Query(),))):
            with self.assertRaises(GLib.Error) as caught:
                finish(wait(start, *arguments, cancellable=cancelled))
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        self.assertEqual(case.version, 1)

    def test_many_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            desk = Incident.Desk.open(f"{folder}/incidents.db")
            case, loop, outcomes = desk.open_case("x", actor="ana"), GLib.MainLoop(), []

            def done(case, result):
                try:
                    outcomes.append(case.act_finish(result))
                except GLib.Error as error:
                    outcomes.append(error)
                if len(outcomes) == 20:
                    loop.quit()

            for i in range(20):
                case.act_async(Incident.Command("note", "ana", text=str(i)), None, done)
            loop.run()
            self.assertEqual(outcomes, [True] * 20)
            self.assertEqual(sorted(event.text for event in case.timeline if event.text), sorted(map(str, range(20))))
            desk = case = done = None


class Ticking(GObject.Object, Incident.Clock):
    """A clock in Python that goes on by a second each time it is read."""

    def __init__(self):
        super().__init__()
        self.n_read = 0

    def do_get_time(self):
        self.n_read += 1
        return self.n_read * 10 ** 6

    def do_random_bytes(self, length):
        return GLib.Bytes.new(bytes([self.n_read % 256]) * length)

    def do_dup_boot_id(self):
        return "python"

    def do_get_boot_time(self):
        return 5


class Silent(GObject.Object, Incident.Clock):
    """A clock that leaves all out."""


class Clocks(unittest.TestCase):
    def test_a_clock_in_python(self):
        clock = Ticking()
        desk = Incident.Desk(clock=clock)
        case = desk.open_case("x", actor="ana")
        case.note("y", actor="ana")
        self.assertIs(desk.clock, clock)
        self.assertEqual([event.recorded_at.year for event in case.timeline], [1970, 1970])
        self.assertGreater(case.timeline[1].recorded_at, case.timeline[0].recorded_at)
        self.assertEqual((clock.get_boot_time(), clock.dup_boot_id()), (5, "python"))

    def test_in_a_worker_thread(self):
        clock = Ticking()
        desk = Incident.Desk(clock=clock)
        for i in range(20):
            desk.act_finish(wait(desk.act_async, 0, Incident.Command("open", "ana", title=str(i))))
        self.assertEqual(len(list(desk.cases())), 20)

    def test_with_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            clock = Ticking()
            desk = Incident.Desk.new(Incident.SqliteStore.open(f"{folder}/incidents.db", clock), clock, None)
            desk.open_case("x", actor="ana").note("y", actor="ana")
            loop = GLib.MainLoop()
            desk.act_async(1, Incident.Command("note", "ana", text="z"), None, lambda *_: loop.quit())
            desk = None
            loop.run()

    def test_what_is_left_out_is_the_machine_s(self):
        clock = Silent()
        desk = Incident.Desk(clock=clock)
        case = desk.open_case("x", actor="ana")
        self.assertLess(abs(datetime.now(timezone.utc) - case.opened_at), timedelta(minutes=1))
        self.assertEqual(clock.random_bytes(32).get_size(), 32)
        self.assertTrue(clock.dup_boot_id() and clock.get_boot_time() > 0)

    def test_a_store_that_leaves_all_out_fails(self):
        code = """if True:
            import gi
            gi.require_version("Incident", "1")
            from gi.repository import GLib, GObject, Incident
            class Nothing(GObject.Object, Incident.Store):
                pass
            clock = Incident.SystemClock.new()
            for call in (lambda: Nothing().get_size(), lambda: Nothing().backup("x", None),
                         lambda: Incident.Desk.new(Nothing(), clock, None).open_case("x", actor="ana"),
                         lambda: list(Incident.Desk.new(Nothing(), clock, None).cases())):
                try:
                    call()
                    print("no error")
                except GLib.Error as error:
                    pass
            """
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout), (0, ""), run.stderr)


class Memory(unittest.TestCase):
    def test_cases_go_when_nobody_holds_them(self):
        desk = open_desk()
        gone = []
        for i in range(10000):
            case = desk.open_case("x", actor="ana")
            case.weak_ref(gone.append, i)
            if i % 100 == 0:
                case.connect("event-recorded", print)
                case.timeline, case.roles, case.next("ana"), case.report(Incident.ReportKind.PROBLEM)
        case = None
        gc.collect()
        self.assertEqual(len(gone), 10000)

    def test_pages_hold_nothing_back(self):
        desk, gone = open_desk(), []
        for i in range(250):
            desk.open_case("x", actor="ana")
        for item in [*desk.cases(), *desk.events(), *desk[1].timeline]:
            item.weak_ref(gone.append, item.__gtype__.name)
        del item
        gc.collect()
        self.assertEqual((gone.count("IncidentCase"), gone.count("IncidentEvent")), (250, 251))

    def test_the_same_object_while_somebody_holds_it(self):
        desk = open_desk()
        case = desk.open_case("x", actor="ana")
        case.mark = "kept"
        self.assertIs(desk[1], case)
        self.assertEqual(desk[1].mark, "kept")
        wrapper = weakref.ref(case)
        case = None
        gc.collect()
        self.assertIsNone(wrapper())
        self.assertEqual(desk[1].title, "x")

    def test_a_desk_goes_with_its_last_case(self):
        desk = open_desk()
        case, gone = desk.open_case("x", actor="ana"), []
        desk.weak_ref(gone.append, "desk")
        desk = None
        gc.collect()
        self.assertEqual(gone, [])
        case = None
        gc.collect()
        self.assertEqual(gone, ["desk"])

    def test_many_open_a_new_store_at_once(self):
        failures = []

        def work(path, barrier):
            barrier.wait()
            try:
                Incident.Desk.open(path).open_case("x", actor="ana")
            except GLib.Error as error:
                failures.append(error)

        for _ in range(20):
            with tempfile.TemporaryDirectory() as folder:
                path, barrier = f"{folder}/incidents.db", threading.Barrier(6)
                threads = [threading.Thread(target=work, args=(path, barrier)) for _ in range(6)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual(failures, [])
                self.assertEqual(len(list(Incident.Desk.open(path).cases())), 6)
                gc.collect()


if __name__ == "__main__":
    unittest.main()
