#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong: each exit status, stores that are none, and text that is hostile to a terminal."""
import fcntl
import json
import os
import pty
import re
import sqlite3
import struct
import subprocess
import termios
import unittest

from cli import PROGRAM, WORDS, ProgramTest

HOSTILE = "<script>alert(1)</script>\x1b[31m\x1b]0;owned\x07 \u202eflip \u009b31m \x7f \u2066x"
# All that could move the cursor, colour the line or turn it round.
UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


class ExitStatus(ProgramTest):
    def test_wrong_words_are_2(self):
        self.incident("open", "x")
        for words in (
                [], ["frobnicate"], ["--bogus"], ["show"], ["show", "INC-1", "more"], ["show", "INC-1", "--bogus"],
                ["show", "x"], ["show", "INC-"], ["show", "INC-0"], ["show", "-1"], ["show", "INC-99999999999999999999"],
                ["open"], ["open", "two", "words"], ["note", "INC-1", "two", "words"], ["assign", "INC-1", "commander"],
                ["assign", "INC-1", "Not A Role", "ana"], ["classify", "INC-1", "--severity", "awful"],
                ["classify", "INC-1", "--impact", "huge"], ["open", "x", "--urgency", "now"],
                ["report", "INC-1", "--kind", "novel"], ["report", "INC-1", "--format", "pdf"],
                ["--at", "yesterday", "note", "INC-1", "x"], ["--at", "2026-01-01", "note", "INC-1", "x"],
                ["--at", "2026-01-01T00:00:00Z", "list"], ["--as", "", "note", "INC-1", "x"],
                ["--as", "two\nlines", "note", "INC-1", "x"], ["ingest", "--format", "smoke-signals"],
                ["--db", "", "list"]):
            with self.subTest(words=words):
                self.incident(*words, status=2)
        self.assertEqual(self.kinds("INC-1"), ["opened"])

    def test_words_that_need_quotes_are_told_so(self):
        self.incident("open", "x")
        error = self.error("note", "INC-1", "two", "words", status=2)
        self.assertIn("quotes", error["message"])
        self.assertIn("words", error["message"])
        self.assertEqual(error["domain"], "g-option-context-error-quark")

    def test_text_that_is_not_utf8_is_2(self):
        self.incident("open", "x")
        done = subprocess.run([PROGRAM, b"note", b"INC-1", b"caf\xe9"], env=self.env, capture_output=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"UTF-8", done.stderr)

    def test_an_actor_that_is_no_name_is_2_and_leaves_nothing(self):
        def run(actor, *words, body=b""):
            return subprocess.run([PROGRAM, "--json", "--as", actor, *words], input=body, env=self.env,
                                  capture_output=True).returncode

        alert = b'{"version":"4","alerts":[{"status":"firing","labels":{"a":"%d"}}]}'
        self.incident("ingest", stdin=alert % 1)
        self.incident("assign", "INC-1", "commander", "ana")
        before = self.json("timeline", "INC-1")
        for actor in (b"\xff", b"", b" ", b"two\nlines"):
            with self.subTest(actor=actor):
                self.assertEqual(run(actor, "note", "INC-1", "x"), 2)
                self.assertEqual(run(actor, "open", "x"), 2)
                # An alert that opens a case, and one that joins it.
                self.assertEqual(run(actor, "--db", "memory:", "ingest", body=alert % 1), 2)
                self.assertEqual(run(actor, "ingest", body=alert % 2), 2)
                self.assertIn(run(actor, "next", "INC-1"), (0, 2))
                self.assertEqual(self.json("timeline", "INC-1"), before)

    def test_a_missing_case_is_4(self):
        self.incident("open", "x")
        for verb in ("show", "timeline", "next", "report"):
            self.assertEqual(self.error(verb, "INC-2", status=4)["code"], "not-found")
        for verb, words in WORDS.items():
            self.incident(verb, "INC-2", *words, status=4)

    def test_a_missing_file_is_1(self):
        error = self.error("ingest", "missing.json", status=1)
        self.assertEqual((error["domain"], error["code"], error["where"]), ("g-file-error-quark", "4", None))
        self.incident("ingest", self.folder, status=1)

    def test_output_that_is_cut_off_is_1(self):
        self.incident("open", "x")
        with open("/dev/full", "wb") as full:
            for words in (["list"], ["--json", "list"], ["report", "INC-1"], ["lifecycle"]):
                done = subprocess.run([PROGRAM, *words], env=self.env, stdout=full, stderr=subprocess.PIPE)
                self.assertEqual((done.returncode, done.stderr != b""), (1, True), words)

    def test_an_error_for_programs_names_the_place(self):
        self.incident("open", "x")
        error = self.error("classify", "INC-1", "--severity", "awful", status=2)
        self.assertEqual((error["domain"], error["code"]), ("incident-error-quark", "invalid"))
        self.assertIn("sev1", error["message"])


class Stores(ProgramTest):
    def check_failure(self, code, *words):
        error = self.error(*words, status=1)
        self.assertEqual((error["domain"], error["code"]), ("incident-error-quark", code))

    def test_what_is_no_store(self):
        self.db.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
        before = self.db.read_bytes()
        self.check_failure("not-a-store", "list")
        self.check_failure("not-a-store", "open", "x")
        self.assertEqual(self.db.read_bytes(), before)

    def test_a_database_of_somebody_else(self):
        with sqlite3.connect(self.db) as other:
            other.execute("CREATE TABLE theirs (x)")
        self.check_failure("not-a-store", "list")

    def test_a_store_of_a_newer_version(self):
        self.incident("open", "x")
        with sqlite3.connect(self.db) as store:
            store.execute("PRAGMA user_version = 99")
        self.check_failure("too-new", "list")
        self.check_failure("too-new", "open", "x")

    def test_a_damaged_store(self):
        for n in range(40):
            self.incident("open", f"Case {n} " + "x" * 500)
        image = bytearray(self.db.read_bytes())
        image[4096:] = b"\xa5" * (len(image) - 4096)
        self.db.write_bytes(image)
        self.check_failure("corrupt", "log")

    def test_a_store_that_cannot_be_written(self):
        self.incident("open", "x")
        self.folder.chmod(0o555)
        self.db.chmod(0o444)
        self.addCleanup(self.folder.chmod, 0o755)
        # Nothing is read-only to root.
        user = {"user": 65534} if os.geteuid() == 0 else {}
        done = subprocess.run([PROGRAM, "--json", "note", "INC-1", "x"], env=self.env, capture_output=True, **user)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(json.loads(done.stderr)["error"]["code"], "read-only")

    def test_a_folder_or_a_device_is_no_store(self):
        self.incident("--db", self.folder, "list", status=1)
        self.incident("--db", "/dev/null", "list", status=1)
        self.incident("--db", self.folder / "missing" / "x.db", "open", "x", status=1)
        self.incident("--db", "postgresql://localhost/x", "list", status=1)

    def test_memory_is_a_store_for_one_call(self):
        self.assertEqual(self.text("--db", "memory:", "open", "x"), "INC-1\n")
        self.assertEqual(self.json("--db", "memory:", "list"), [])

    def test_a_path_may_be_named_as_sqlite(self):
        self.incident("--db", f"sqlite:{self.db}", "open", "x")
        self.assertEqual(len(self.json("list")), 1)


class Terminal(ProgramTest):
    def open_hostile(self):
        self.incident("open", HOSTILE, "--severity", "sev1")
        self.incident("note", "INC-1", HOSTILE)
        self.incident("assign", "INC-1", "commander", "ana")

    def on_terminal(self, *words, columns=60):
        """What the program writes to a terminal."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with subprocess.Popen([PROGRAM, *words], env={**self.env, "TERM": "xterm"}, stdout=follower) as program:
            os.close(follower)
            written = b""
            try:
                while piece := os.read(leader, 4096):
                    written += piece
            except OSError:
                pass
            self.assertEqual(program.wait(10), 0)
        os.close(leader)
        return written.decode().replace("\r\n", "\n")

    def test_hostile_text_is_harmless_everywhere(self):
        self.open_hostile()
        for words in (["list"], ["show", "INC-1"], ["timeline", "INC-1"], ["log"], ["next", "INC-1"],
                      ["note", "INC-1", "x"]):
            self.assertNotRegex(self.text(*words), UNSAFE)
        refused = self.incident("resolve", "INC-1", HOSTILE, status=3).stderr.decode()
        self.assertNotRegex(refused, UNSAFE)
        self.assertNotRegex(self.incident("show", HOSTILE, status=2).stderr.decode(), UNSAFE)

    def test_reports_are_harmless_on_a_terminal(self):
        self.open_hostile()
        self.env["NO_COLOR"] = "1"
        for kind in ("md", "html"):
            written = self.on_terminal("report", "INC-1", "--format", kind)
            self.assertIn("alert(1)", written)
            self.assertNotRegex(written, UNSAFE)
        self.assertNotIn("<script>alert", self.text("report", "INC-1", "--format", "html"))

    def test_programs_get_hostile_text_as_it_was(self):
        self.open_hostile()
        self.assertEqual(self.json("show", "INC-1")["title"], HOSTILE)
        self.assertEqual(self.json("timeline", "INC-1")[1]["data"]["text"], HOSTILE)

    def test_colour_is_for_terminals_and_can_be_refused(self):
        self.incident("open", "Bad", "--severity", "sev1")
        self.assertIn("\x1b[31msev1\x1b[0m", self.on_terminal("list"))
        self.assertNotIn("\x1b", self.text("list"))
        self.env["NO_COLOR"] = "1"
        self.assertNotIn("\x1b", self.on_terminal("list"))

    def test_a_long_title_is_cut_on_a_terminal_alone(self):
        title = "数据库" + "long " * 40
        self.incident("open", title)
        self.env["NO_COLOR"] = "1"
        for line in self.on_terminal("list", columns=120).splitlines():
            self.assertLessEqual(len(line) + sum(character > "\u2e80" for character in line), 120)
        self.assertIn("…", self.on_terminal("list", columns=120))
        self.assertIn(title.strip(), self.text("list"))
        self.on_terminal("list", columns=1)


if __name__ == "__main__":
    unittest.main()
