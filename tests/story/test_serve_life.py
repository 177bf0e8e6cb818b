#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The desk that listens: how it starts, stops, and lives through what happens to it."""
import json
import signal
import socket
import threading
import time
import unittest

from serve import SECONDS, Server, ServerTest, alert, listen, wait_until, webhook

BODY = json.dumps(webhook(alert())).encode()
HEAD = b"POST /v1/alerts/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(BODY)
SOURCE = {"name": "Life", "sources": {"named": {"format": "alertmanager"}}}


class Start(ServerTest):
    def test_it_says_where_it_listens(self):
        server = self.serve()
        self.assertRegex(server.line, r"^Listening on http://127\.0\.0\.1:\d+\n$")
        document = json.loads(self.serve("--json").line)
        self.assertEqual(list(document), ["url"])

    def test_a_name_and_an_address_of_six_do_as_well(self):
        self.assertEqual(self.serve(listen="localhost:0").get("/health").status, 200)
        with socket.socket(socket.AF_INET6) as probe:
            try:
                probe.bind(("::1", 0))
            except OSError:
                raise unittest.SkipTest("no IPv6 here")
        server = self.serve(listen="[::1]:0")
        self.assertRegex(server.line, r"^Listening on http://\[::1\]:\d+\n$")
        self.assertEqual(server.get("/health").status, 200)

    def test_a_port_that_is_taken_is_told(self):
        server = self.serve()
        done = self.incident("serve", "--listen", f"127.0.0.1:{server.port}", status=1)
        self.assertIn(b"Cannot listen", done.stderr)

    def test_what_is_no_store_is_told(self):
        self.db.write_bytes(b"something else" * 100)
        self.incident("serve", "--listen", "127.0.0.1:0", status=1)


class Stop(ServerTest):
    def test_open_connections_do_not_hold_it(self):
        server = self.serve()
        with server.connect(), server.connect() as begun:
            begun.sendall(b"POST /v1/al")
            server.get("/health")
            self.assertEqual(server.stop(), 0)

    def test_interrupt_does_the_same(self):
        server = self.serve()
        server.process.send_signal(signal.SIGINT)
        self.assertEqual(server.process.wait(SECONDS), 0)

    def test_what_is_under_way_is_done_first_and_nobody_else_comes_in(self):
        server = self.serve()
        with server.connect() as begun:
            begun.sendall(HEAD + BODY[:50])
            server.get("/health")
            server.process.send_signal(signal.SIGTERM)

            def turned_away():
                try:
                    server.connect().close()
                except ConnectionError:
                    return True
                return False

            wait_until(turned_away, "the door to close")
            self.assertIsNone(server.process.poll())
            begun.sendall(BODY[50:])
            self.assertRegex(listen(begun), rb"^HTTP/1\.1 200 ")
        self.assertEqual(server.process.wait(SECONDS), 0)
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], 1)

    def test_what_came_before_the_word_to_stop_is_answered(self):
        server = self.serve()
        with server.connect() as begun:
            server.get("/health")
            server.process.send_signal(signal.SIGSTOP)
            begun.sendall(HEAD + BODY)
            server.process.send_signal(signal.SIGTERM)
            server.process.send_signal(signal.SIGCONT)
            self.assertRegex(listen(begun), rb"^HTTP/1\.1 200 ")
        self.assertEqual(server.process.wait(SECONDS), 0)

    def test_who_never_ends_is_not_waited_for_for_ever(self):
        server = self.serve()
        with server.connect() as begun:
            begun.sendall(HEAD + BODY[:50])
            server.get("/health")
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertGreater(time.monotonic() - began, 5)

    def test_the_second_time_it_stops_at_once(self):
        server = self.serve()
        with server.connect() as begun:
            begun.sendall(HEAD + BODY[:50])
            server.get("/health")
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 5)

    def test_all_that_was_answered_outlives_a_kill(self):
        server = self.serve()
        answered = []

        def send():
            for n in range(10000):
                try:
                    answer = server.post("/v1/alerts/alertmanager", webhook(alert(instance=str(n))))
                except OSError:
                    return
                if answer.status == 200:
                    answered.append(n)

        sender = threading.Thread(target=send)
        sender.start()
        wait_until(lambda: len(answered) > 50, "some answers")
        server.kill()
        sender.join(SECONDS)
        server = self.serve()
        # The one that was under way may be in it, too.
        firing = self.json("show", "INC-1")["firing_alerts"]
        self.assertIn(firing, (len(answered), len(answered) + 1))
        for n in answered:
            self.assertEqual(self.outcomes(server.post("/v1/alerts/alertmanager", webhook(alert(instance=str(n))))), ["repeated"])
        self.assertEqual(self.json("show", "INC-1")["firing_alerts"], firing)


class Playbook(ServerTest):
    def setUp(self):
        super().setUp()
        self.path = self.write("playbook.json", {"name": "Life"})
        self.env.update(INCIDENT_PLAYBOOK=str(self.path), LIFE_TOKEN="a-token")

    def reload(self, server, document, said):
        self.write("playbook.json", document)
        before = len(server.said)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: said in server.said[before:], said)

    def actor(self, server, name):
        case = server.post("/v1/alerts/alertmanager", webhook(alert(name))).json[0]["case"]
        return self.json("timeline", case)[0]["actor"]

    def test_it_is_read_again_when_asked_for(self):
        server = self.serve()
        self.assertEqual(self.actor(server, "One"), "alertmanager")
        self.reload(server, SOURCE, b"was loaded again, version ")
        self.assertEqual(self.actor(server, "Two"), "named")

    def test_a_bad_one_changes_nothing_and_is_told(self):
        server = self.serve()
        self.reload(server, SOURCE, b"was loaded again")
        for bad, said in (("{", b"playbook.json:1:2"), ({"name": "Life", "sources": 7}, b"/sources"),
                          ({"name": "Life", "sources": {"a": {"token": {"env": "NOT_THERE"}}}}, b"NOT_THERE")):
            self.reload(server, bad, said)
            self.assertIn(b"The playbook stays the one that was there", server.said)
        self.assertEqual(self.actor(server, "One"), "named")

    def test_tokens_come_and_go_with_it(self):
        guarded = {"name": "Life", "sources": {"named": {"token": {"env": "LIFE_TOKEN"}}}}
        server = self.serve()
        self.reload(server, guarded, b"was loaded again")
        self.assertEqual(server.post("/v1/alerts", webhook(alert())).status, 401)
        self.assertEqual(server.post("/v1/alerts", webhook(alert()), Authorization="Bearer a-token").status, 200)
        self.reload(server, SOURCE, b"was loaded again, version")
        wait_until(lambda: server.post("/v1/alerts", webhook(alert())).status == 200, "the open door")

    def test_where_others_can_come_the_tokens_stay(self):
        self.write("playbook.json", {"name": "Life", "sources": {"named": {"token": {"env": "LIFE_TOKEN"}}}})
        server = self.serve(listen="0.0.0.0:0")
        self.reload(server, SOURCE, b"without a token")
        self.assertEqual(server.post("/v1/alerts", webhook(alert())).status, 401)


if __name__ == "__main__":
    unittest.main()
