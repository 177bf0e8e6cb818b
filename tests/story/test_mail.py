#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Letters through real programs: msmtp as sendmail, a mail server on this machine, and Python's email package as
the reader. INCIDENT_SEND_MAIL is the program that sends one letter as the library does."""
import asyncio
import datetime
import email
import email.policy
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest

try:
    from aiosmtpd.smtp import SMTP
except ImportError:
    SMTP = None

SEND_MAIL = os.environ["INCIDENT_SEND_MAIL"]
MSMTP = "/usr/bin/msmtp"
SENT_AT = datetime.datetime(2026, 11, 23, 7, tzinfo=datetime.timezone.utc)


class Handler:
    """Keeps what arrives; says what it is told to say at a step."""

    def __init__(self):
        self.letters, self.says = [], {}

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.says.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.says.get("DATA", "250 OK")
        if answer == "hang":
            await asyncio.sleep(60)
        if answer == "drop":
            server.transport.abort()
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer


class Server:
    def __init__(self):
        self.handler, self.loop = Handler(), asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(self.loop.create_server(
            lambda: SMTP(self.handler, loop=self.loop), "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def send(*options, port, host="127.0.0.1", to="ana@example.org"):
    sendmail = [MSMTP, "--file=/dev/null", f"--host={host}", f"--port={port}", "--tls=off", "--auth=off"]
    done = subprocess.run([SEND_MAIL, *options, "--", "incidents@example.org", to, *sendmail],
                          capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


@unittest.skipIf(SMTP is None or not shutil.which(MSMTP), "msmtp or python3-aiosmtpd is not installed")
class Mail(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def send(self, *options, **more):
        return send(*options, port=self.server.port, **more)

    def receive(self, *options, **more):
        """Sends a letter; returns what the server has got, as Python reads it."""
        result = self.send(*options, **more)
        self.assertEqual(result["outcome"], "sent", result)
        self.assertIsNone(result["detail"])
        sender, recipients, content = self.server.handler.letters.pop()
        self.assertEqual((sender, recipients), ("incidents@example.org", [more.get("to", "ana@example.org")]))
        letter = email.message_from_bytes(content, policy=email.policy.default)
        self.assertEqual(letter["Message-ID"], result["id"])
        for part in letter.walk():
            self.assertEqual(part.defects, [])
            for value in part.values():
                self.assertEqual(value.defects, ())
        return letter

    def test_a_letter(self):
        letter = self.receive("--title", "Checkout answers 500", "--text", "Ana resolved it:\n.\nFrom here on",
                              "--field", "Severity=sev1", "--key", "0123456789abcdef0123456789abcdef")
        self.assertEqual(sorted(letter.keys()), sorted([
            "From", "To", "Date", "Message-ID", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding"]))
        self.assertEqual(letter["From"].addresses[0].addr_spec, "incidents@example.org")
        self.assertEqual(letter["To"].addresses[0].addr_spec, "ana@example.org")
        self.assertEqual(letter["Date"].datetime, SENT_AT)
        self.assertEqual(letter["Message-ID"], "<0123456789abcdef0123456789abcdef@example.org>")
        self.assertEqual(letter["Subject"], "[INC-42] Checkout answers 500")
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        self.assertEqual(letter.get_content_type(), "text/plain")
        self.assertEqual(letter.get_content(), "Checkout answers 500\n\nAna resolved it:\n.\nFrom here on\n\n"
                                               "Severity: sev1\n")

    def test_titles(self):
        plain = ["Größe überschritten", "支付服务返回五百错误" * 10, "שגיאה בתשלום", "👩‍🚒 fire 🔥 in 🏴‍☠️", "=?UTF-8?B?b3duZWQ=?=",
                 "a =?utf-8?q?x?= b", "long " * 39 + "end", "“quoted”, <b>bold</b> & 100 %", "x" * 150, "é" * 150,
                 "a  \t b".replace("  \t ", " "), "(comment) ; \\ \" @ , : trailing"]
        for title in plain + ["x" * i + "🔥é支" * 12 for i in range(0, 48, 5)]:
            with self.subTest(title=title):
                letter = self.receive("--title", title)
                self.assertEqual(letter["Subject"], f"[INC-42] {title}")
                self.assertEqual(len(letter.keys()), 9)

    def test_hostile_titles(self):
        for title, subject in [
            ("x\r\nBcc: mallory@example.org", "x Bcc: mallory@example.org"),
            ("é\nX-Evil: 1\n\nwords", "é X-Evil: 1 words"),
            ("\u202egpj.exe", "gpj.exe"),
            ("x" * 10000, "x" * 200 + "…"),
            ("🔥" * 10000, "🔥" * 200 + "…"),
            ("\x1b]0;owned\x07", "]0;owned"),
        ]:
            with self.subTest(title=title[:50]):
                letter = self.receive("--title", title)
                self.assertEqual(letter["Subject"], f"[INC-42] {subject}")
                self.assertEqual(len(letter.keys()), 9)

    def test_a_thread(self):
        first = self.receive("--title", "x", "--key", "k1", "--first-key", "k1")
        second = self.receive("--title", "x", "--key", "k2", "--first-key", "k1")
        self.assertNotIn("In-Reply-To", first)
        self.assertNotIn("References", first)
        self.assertEqual(second["In-Reply-To"], first["Message-ID"])
        self.assertEqual(second["References"], first["Message-ID"])
        again = self.receive("--title", "x", "--key", "k2", "--first-key", "k1")
        self.assertEqual(again["Message-ID"], second["Message-ID"])

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "file")
            for name, kind, content in [
                ("INC-42.md", "text/markdown; charset=utf-8", "# Größe\n".encode()),
                ("Störung “42” – Bericht über eine sehr lange Nacht, mit allem.html", "text/html", b"<p>\r\nx"),
                ("x.bin", "application/octet-stream", bytes(range(256)) * 4000),
                ("empty.txt", "text/plain", b""),
            ]:
                with self.subTest(name=name):
                    path.write_bytes(content)
                    letter = self.receive("--title", "x", "--file", str(path), "--file-name", name, "--file-type", kind)
                    self.assertEqual(letter.get_content_type(), "multipart/mixed")
                    text, file = letter.iter_parts()
                    self.assertEqual(text.get_content(), "x\n\nwords\n")
                    self.assertEqual(file.get_filename(), name)
                    self.assertEqual(file.get_content_disposition(), "attachment")
                    self.assertEqual(file.get_content_type(), kind.split(";")[0])
                    self.assertEqual(file.get_payload(decode=True), content)

    def test_what_the_server_says(self):
        for step, answer, outcome, status in [
            ("RCPT", "451 try again later", "retry", 69),
            ("RCPT", "550 no such user", "refused", 65),
            ("MAIL", "451 try again later", "retry", None),
            ("MAIL", "550 go away", "refused", None),
            ("DATA", "451 try again later", "retry", None),
            # msmtp tells the two apart no longer, once the letter was on its way: it is tried until its time is over.
            ("DATA", "554 it looks like spam", "retry", 69),
        ]:
            with self.subTest(step=step, answer=answer):
                self.server.handler.says = {step: answer}
                result = self.send("--title", "x")
                self.assertEqual(result["outcome"], outcome, result)
                if status is not None:
                    self.assertIn(f"exit status {status}", result["detail"])

    def test_the_reason_is_told(self):
        self.server.handler.says = {"RCPT": "550 no such user"}
        self.assertRegex(self.send("--title", "x")["detail"], "^“/usr/bin/msmtp”: exit status 65: msmtp: ")

    def test_no_answer_behind_the_last_line(self):
        self.server.handler.says = {"DATA": "hang"}
        result = self.send("--title", "x", "--patience", "1000")
        self.assertEqual(result["outcome"], "unsure", result)

    def test_nobody_listens(self):
        result = send("--title", "x", port=free_port())
        self.assertEqual(result["outcome"], "retry", result)
        self.assertIn("exit status 75", result["detail"])

    def test_no_such_host(self):
        result = send("--title", "x", port=25, host="mail.invalid")
        self.assertEqual(result["outcome"], "retry", result)
        self.assertIn("exit status 68", result["detail"])


if __name__ == "__main__":
    unittest.main()
