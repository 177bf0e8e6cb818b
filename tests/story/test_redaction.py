#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is redacted is gone from every file of the store, the log still verifies, and the reports say who did it."""
import contextlib
import hashlib
import hmac
import json
import pathlib
import sqlite3
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone

import gi

gi.require_version("Incident", "1")
from gi.repository import Incident

START = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)
OFFICER = "dpo"
REASON = "names a customer: Article 17"
PLACE_LENGTH = 8 + 4 + 8 + 32


WORDS = object()
DEEDS = [
    ("note", {"text": WORDS}),
    ("assign", {"role": "commander", "person": "ana", "text": WORDS}),
    ("assign", {"role": "deputy", "person": "bo", "text": WORDS}),
    ("classify", {"severity": "sev1", "text": WORDS}),
    ("diagnose", {"text": WORDS}),
    ("escalate", {"target": "payments", "text": WORDS}),
    ("examine", {"text": WORDS}),
    ("prioritise", {"priority": "p1", "text": WORDS}),
    ("handoff", {"role": "commander", "person": "bo", "text": WORDS}),
    ("decline", {"role": "commander", "actor": "bo", "text": WORDS}),
    ("add-task", {"title": WORDS, "person": "bo"}),
    ("add-task", {"title": "Ring back", "text": WORDS, "person": "bo"}),
    ("finish-task", {"task": "1", "text": WORDS}),
    ("skip-task", {"task": "2", "text": WORDS}),
    ("reopen-task", {"task": "2", "text": WORDS}),
    ("update", {"text": WORDS, "audience": "customer"}),
    ("decide", {"text": WORDS}),
    ("decide", {"text": "rolled back", "objections": WORDS}),
    ("suppose", {"text": WORDS}),
    ("judge", {"hypothesis": "1", "state": "cause", "text": WORDS}),
    ("record", {"field": "symptoms", "text": WORDS}),
    ("measure", {"measure": "customers", "amount": "30", "certainty": "estimated", "text": WORDS}),
    ("correct", {"event": "5", "text": WORDS}),
    ("say", {"message": "slack/C1/1.000100", "text": WORDS, "author": "Mx Miller"}),
    ("pin", {"message": "slack/C1/2.000100", "text": WORDS}),
    ("message", {"text": WORDS, "audience": "internal"}),
    ("resolve", {"text": WORDS}),
    ("recover", {"text": WORDS}),
    ("reopen", {"text": WORDS}),
    ("take-command", {"text": WORDS, "actor": "bo"}),
    ("cancel", {"text": WORDS}),
]


def secret(name):
    """Words that stand nowhere else, and look the same however they are written."""
    return f"Zzq{name}{hashlib.sha256(name.encode()).hexdigest()[:20]}"


def text(value):
    data = value.encode()
    return len(data).to_bytes(4, "big") + data


def leaf_of(store_id, row, log_index, subject, seq, step):
    """The hash of an event, from the layout as it is documented in incident-record.c."""
    encoding = (b"INCE\x01" + store_id + log_index.to_bytes(8, "big") + b"\x01" + subject.to_bytes(8, "big")
                + seq.to_bytes(4, "big") + text(row["kind"]) + row["occurred_at"].to_bytes(8, "big", signed=True)
                + row["recorded_at"].to_bytes(8, "big", signed=True) + text(row["actor"]) + bytes([row["verified"]])
                + row["operation"] + step.to_bytes(4, "big") + text(row["facts"]) + row["commitment"])
    return hashlib.sha256(b"\0" + encoding).digest()


def leaves_of(store_id, row):
    """Of the event, and of the other cases of which the same row says the same: what is computed, and what is kept."""
    yield leaf_of(store_id, row, row["log_index"], row["subject"], row["seq"], row["step"]), row["leaf"]
    also = row["also"] or b""
    for i in range(len(also) // PLACE_LENGTH):
        place = also[i * PLACE_LENGTH:(i + 1) * PLACE_LENGTH]
        subject, seq = int.from_bytes(place[:8], "big"), int.from_bytes(place[8:12], "big")
        yield leaf_of(store_id, row, row["log_index"] + 1 + i, subject, seq, row["step"] + 1 + i), place[20:]


def read_log(path):
    """The identity of the store, and the rows of its events with what is left of their payloads."""
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    try:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        store_id = db.execute("SELECT store_id FROM store").fetchone()[0]
        rows = db.execute("SELECT * FROM event LEFT JOIN payload USING (log_index) ORDER BY log_index").fetchall()
        return store_id, [dict(row) for row in rows]
    finally:
        db.close()


FINGERPRINT = "8b5b426a4c9af956"


def alert(fingerprint=FINGERPRINT, status="firing", **annotations):
    labels = {"alertname": "DiskFull", "service": "orders-db", "severity": "warning"}
    ends_at = "0001-01-01T00:00:00Z" if status == "firing" else "2026-11-23T07:00:30Z"
    return {"status": status, "labels": labels, "annotations": annotations, "startsAt": "2026-11-23T06:14:46Z",
            "endsAt": ends_at, "generatorURL": "", "fingerprint": fingerprint}


def message(*parts):
    """As Alertmanager does it: what all have in common is said once more around them."""
    common = dict(set.intersection(*(set(part["annotations"].items()) for part in parts)))
    return {"version": "4", "groupKey": '{}:{alertname="DiskFull"}', "status": parts[0]["status"], "receiver": "r",
            "groupLabels": {"alertname": "DiskFull"}, "commonLabels": parts[0]["labels"], "commonAnnotations": common,
            "externalURL": "", "truncatedAlerts": 0, "alerts": list(parts)}


def alerts(**annotations):
    return message(alert(**annotations))


class Redaction(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "incidents.db"
        self.clock = Incident.ManualClock(START, seed=7)
        self.desk = self.open()

    def tearDown(self):
        self.desk = None

    def open(self):
        return Incident.Desk.new(Incident.SqliteStore.open(str(self.path), self.clock), self.clock, None)

    # Cases go by their numbers: who holds one keeps its store open.
    def open_case(self, title="Checkout answers 500"):
        return self.desk.open_case(title, actor="ana", severity="sev2").number

    def act(self, number, verb, **arguments):
        """The place of its event in the timeline."""
        self.clock.advance(timedelta(minutes=1))
        self.desk[number].act(verb, actor=arguments.pop("actor", "ana"), **arguments)
        return self.desk[number].version

    def redact(self, number, seq):
        self.clock.advance(timedelta(minutes=1))
        self.desk[number].act("redact", actor=OFFICER, event=str(seq), text=REASON)

    def files_with(self, words):
        """The files of the store in which these bytes stand."""
        return [path.name for path in self.folder.iterdir() if path.is_file() and words.encode() in path.read_bytes()]

    def check_gone(self, words):
        """Right away, after closing, and after the file was written anew; only then could it be a remnant of SQLite's."""
        self.assertEqual(self.files_with(words), [], "right after the redaction")
        self.desk = None
        self.assertEqual(self.files_with(words), [], "after the store was closed")
        db = sqlite3.connect(self.path)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.assertEqual(self.files_with(words), [], "after a checkpoint")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        self.assertEqual(self.files_with(words), [], "after VACUUM")
        self.desk = self.open()

    def check_not_shown(self, number, words):
        """Nor does any way to look at the case show it."""
        case = self.desk[number]
        shown = [case.to_json(), json.dumps(list(self.desk.rows()), ensure_ascii=False),
                 *(event.to_json() for event in self.desk.events()), *(event.summary for event in case.timeline),
                 *(str(event.text) for event in case.timeline), case.title]
        for part in shown:
            self.assertNotIn(words, part)

    def check_log(self, before, redacted):
        """Each row is as it was, each leaf fits, and only what was redacted has lost its words and its key."""
        store_id, rows = read_log(self.path)
        for row, old in zip(rows, before):
            self.assertEqual({name: row[name] for name in row if name not in ("key", "body")},
                             {name: old[name] for name in old if name not in ("key", "body")})
        for index, row in enumerate(rows):
            for computed, kept in leaves_of(store_id, row):
                self.assertEqual(computed, kept, f"leaf of event {index}")
            if row["log_index"] in redacted:
                self.assertNotEqual((row["body"], row["key"]), (before[index]["body"], before[index]["key"]))
                # The key that is left, if any, must not let a guess be tried.
                self.assertNotEqual(row["key"], before[index]["key"])
            else:
                self.assertEqual(hmac.digest(row["key"], row["body"].encode(), "sha256"), row["commitment"], index)

    def check_reports(self, number, words):
        case = self.desk[number]
        for kind in (Incident.ReportKind.PROBLEM, Incident.ReportKind.SOLUTION):
            report = case.report(kind)
            for form in (report.to_markdown(), report.to_html(), report.to_json()):
                with self.subTest(kind=str(kind), form=form[:20]):
                    self.assertNotIn(words, form)
                    self.assertRegex(form.lower(), "redacted|removed|withheld")
                    self.assertIn(OFFICER, form)
                    self.assertIn(REASON, form)

    def check_redaction(self, number, seq, words):
        index, leaf, version = self.look_before(number, seq, words)
        before = read_log(self.path)[1]
        self.redact(number, seq)
        self.assertEqual(self.desk[number].version, version + 1)
        self.check_not_shown(number, words)
        self.check_reports(number, words)
        self.check_gone(words)
        events = self.desk[number].timeline
        self.assertEqual((events[seq - 1].leaf_hash, events[-1].actor, events[-1].text), (leaf, OFFICER, REASON))
        events = None
        self.check_not_shown(number, words)
        self.check_reports(number, words)
        self.check_log(before, {index})
        # And life goes on.
        self.act(number, "note", text="further")
        self.assertEqual(self.files_with(words), [])

    def look_before(self, number, seq, words):
        event = self.desk[number].timeline[seq - 1]
        self.assertIn(words, json.dumps(event.data))
        self.assertTrue(self.files_with(words), "the test would see nothing")
        return event.log_index, event.leaf_hash, self.desk[number].version

    def test_title(self):
        words = secret("title")
        number = self.open_case(f"{words} cannot pay")
        self.act(number, "diagnose", text="error rate 31 %")
        self.check_redaction(number, 1, words)

    def test_note(self):
        words = secret("note")
        number = self.open_case()
        self.check_redaction(number, self.act(number, "note", text=f"called by {words}"), words)

    def test_long_note_among_many(self):
        """On pages of its own, and after the pages around it were split and written back."""
        words = secret("long")
        number = self.open_case()
        for i in range(40):
            self.act(number, "note", text=f"line {i} " + "x" * (97 * i))
        seq = self.act(number, "note", text=f"{words} " * 600)
        for i in range(40):
            self.act(number, "note", text=f"line {i} " + "y" * (53 * i))
        self.check_redaction(number, seq, words)

    def test_every_other_of_many_notes(self):
        words = [secret(f"many{i}") for i in range(60)]
        number = self.open_case()
        seqs = [self.act(number, "note", text=f"{word} " * (1 + i % 7 * 20)) for i, word in enumerate(words)]
        before = read_log(self.path)[1]
        indexes = {self.desk[number].timeline[seq - 1].log_index for seq in seqs[::2]}
        for seq in seqs[::2]:
            self.redact(number, seq)
        for word in words[::2]:
            self.assertEqual(self.files_with(word), [])
        for word in words[1::2]:
            self.assertNotEqual(self.files_with(word), [])
        self.check_gone(words[0])
        self.check_log(before, indexes)
        said = [str(self.desk[number].timeline[seq - 1].text) for seq in seqs]
        self.assertEqual([word in text for word, text in zip(words, said)], [i % 2 == 1 for i in range(len(words))])

    def test_what_was_said_in_a_chat(self):
        """With its edits and its pin, in one commit, whichever of them is named; what others said stays."""
        for named in range(4):
            with self.subTest(named=named):
                self.setUp()
                words, others = secret(f"said{named}"), secret(f"others{named}")
                message = f"slack/C1/{named}.000100"
                number = self.open_case()
                seqs = [self.act(number, "say", message=message, text=words, author=f"{words} Miller",
                                 permalink=f"https://chat.example.org/{words}"),
                        self.act(number, "edit-said", message=message, text=f"{words}, mended")]
                self.act(number, "say", message=f"slack/C1/{named}.000200", text=others, thread=message)
                seqs += [self.act(number, "pin", message=message), self.act(number, "edit-said", message=message, text=f"{words}!")]
                before = read_log(self.path)[1]
                indexes = {self.desk[number].timeline[seq - 1].log_index for seq in seqs}
                commits = len({row["operation"] for row in before})
                self.redact(number, seqs[named])
                self.assertEqual(self.desk[number].version, 10)
                self.check_not_shown(number, words)
                self.check_reports(number, words)
                self.assertIn(others, self.desk[number].record_to_json())
                self.assertNotIn(words, self.desk[number].record_to_json())
                self.check_gone(words)
                self.check_log(before, indexes)
                self.assertEqual(len({row["operation"] for row in read_log(self.path)[1]}), commits + 1)
                self.assertNotEqual(self.files_with(others), [])
                # The chat goes on to speak of it.
                self.desk[number].act("edit-said", actor="ana", message=message, text=f"{words} again")
                self.desk[number].act("pin", actor="ana", message=message, text=words)
                self.assertEqual(self.files_with(words), [])

    def test_what_the_public_was_told(self):
        """The proposal goes with what was given, where it has the same words."""
        self.desk.set_playbook(Incident.Playbook.new_from_json(json.dumps({
            "name": "x", "roles": {"communications": {}}, "services": {"checkout": {}},
            "audiences": {"customer": {"approved-by": "communications", "public": True}},
            "status-page": {"title": "Status", "services": {"checkout": "Paying"}}}).encode(), "x"))
        words = secret("told")
        number = self.open_case()
        self.act(number, "assign", role="communications", person="carmen")
        seq = self.act(number, "update", audience="customer", text=f"{words} cannot pay")
        given = self.act(number, "approve", actor="carmen", event=str(seq))
        self.assertIn(words, self.desk.dup_status_page("html"))
        before = read_log(self.path)[1]
        self.redact(number, given)
        for page in (self.desk.dup_status_page("html"), self.desk.dup_status_page("json"),
                     self.desk[number].dup_update_draft("internal")):
            self.assertNotIn(words, page)
        self.check_not_shown(number, words)
        self.check_reports(number, words)
        self.check_gone(words)
        self.check_log(before, {before[-1]["log_index"], before[-2]["log_index"]})

    def test_title_of_a_task(self):
        words = secret("task")
        number = self.open_case()
        seq = self.act(number, "add-task", title=f"Ring {words} back", person="bo")
        self.act(number, "start-task", task="1", actor="bo")
        self.check_redaction(number, seq, words)
        task, = self.desk[number].to_dict()["tasks"]
        self.assertEqual(task["state"], "in-progress")

    def test_payload_of_an_alert(self):
        words = secret("alert")
        body = alerts(summary="Disk of db-1 is full", description=f"owner {words}")
        number = self.desk.ingest(body, actor="alertmanager")[0].case_number
        seq = next(event.seq for event in self.desk[number].timeline if event.kind == "alert-fired")
        self.check_redaction(number, seq, words)
        # The alert is the same, so that its message says nothing new.
        self.desk.ingest(body, actor="alertmanager")
        self.assertEqual((self.desk[number].firing_alerts, self.files_with(words)), (1, []))

    def event_of(self, number, key, kind="alert-fired"):
        """The place of the event that tells of the alert of this key."""
        return next(event.seq for event in self.desk[number].timeline if event.kind == kind and key in event.to_json())

    def bodies(self):
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            return [body for body, in db.execute("SELECT body FROM intake WHERE kind = 'message' ORDER BY id")]

    def test_other_alerts_of_the_message_stay(self):
        words, others = secret("mine"), secret("others")
        body = message(alert("aaaa", description=f"owner {words}"), alert("bbbb", description=f"owner {others}"))
        number = self.desk.ingest(body, actor="alertmanager")[0].case_number
        mine, theirs = self.event_of(number, "aaaa"), self.event_of(number, "bbbb")
        before, = self.bodies()
        self.check_redaction(number, mine, words)
        after, = self.bodies()
        start, end = before.index(b'{"status": "firing", "labels"'), before.rindex(b', {"status": "firing"')
        self.assertEqual(after, before[:start] + bytes(end - start) + before[end:])
        self.assertEqual(self.desk.dup_alert_body("alertmanager/bbbb@2026-11-23T06:14:46Z").get_data(), after)
        self.assertNotEqual(self.files_with(others), [])
        # The rest of the message can still be read, so that the other one is found as well; then none of it is left.
        self.redact(number, theirs)
        self.check_gone(others)
        self.assertEqual(self.bodies(), [bytes(len(before))])

    def test_every_message_that_speaks_of_the_alert(self):
        """Among them those that nobody was told of, and what all alerts of a message have in common."""
        words = secret("again")
        for summary in ("full", "fuller", "fullest"):
            number = self.desk.ingest(alerts(summary=summary, description=words), actor="alertmanager")[0].case_number
            self.clock.advance(timedelta(minutes=1))
        self.assertEqual(len(self.bodies()), 3)
        self.check_redaction(number, self.event_of(number, FINGERPRINT), words)

    def test_the_same_key_from_another_source_stays(self):
        mine, others = secret("here"), secret("there")
        number = self.desk.ingest(alerts(description=mine), actor="alertmanager")[0].case_number
        self.desk.ingest(alerts(description=others), actor="alertmanager/2")
        self.check_redaction(number, self.event_of(number, "alertmanager/" + FINGERPRINT), mine)
        self.assertNotEqual(self.files_with(others), [])

    def test_an_alert_without_words_ends_once(self):
        words = secret("ends")
        number = self.desk.ingest(alerts(description=words), actor="alertmanager")[0].case_number
        self.redact(number, self.event_of(number, FINGERPRINT))
        self.desk = None
        self.desk = self.open()
        self.clock.advance(timedelta(minutes=1))
        body = message(alert("cccc", description="other"), alert(status="resolved", description=words))
        self.assertEqual([receipt.outcome for receipt in self.desk.ingest(body, actor="alertmanager")], ["joined", "resolved"])
        self.desk = None
        self.desk = self.open()
        self.assertEqual(self.desk.ingest(body, actor="alertmanager")[1].outcome, "repeated")
        ended = [event for event in self.desk[number].timeline if event.kind == "alert-resolved"]
        self.assertEqual((len(ended), self.desk[number].firing_alerts), (1, 1))
        # Nor did its end bring the words back.
        self.check_not_shown(number, words)
        self.check_gone(words)

    def test_a_later_occurrence_has_its_own_words(self):
        words = secret("first")
        number = self.desk.ingest(alerts(description=words), actor="alertmanager")[0].case_number
        self.redact(number, self.event_of(number, FINGERPRINT))
        self.clock.advance(timedelta(minutes=1))
        self.desk.ingest(message(alert(status="resolved", description=words)), actor="alertmanager")
        self.clock.advance(timedelta(minutes=1))
        later = {**alert(description="later words"), "startsAt": "2026-11-23T07:02:00Z"}
        self.desk.ingest(message(later), actor="alertmanager")
        self.assertEqual(self.desk[number].timeline[-1].data["annotations"], {"description": "later words"})
        self.assertIn(b"later words", self.bodies()[-1])
        self.check_gone(words)

    def test_an_alert_whose_key_has_a_credential_in_it(self):
        """Its messages are kept without, and look like another alert's."""
        words = secret("pager")
        for summary in ("full", "fuller"):
            body = {"routing_key": "0123456789abcdef0123456789abcdef", "event_action": "trigger", "dedup_key": "srv01/disk",
                    "payload": {"summary": f"{summary} {words}", "severity": "error", "source": "srv01"}}
            receipt, = self.desk.ingest(body, actor="pager")
            self.clock.advance(timedelta(minutes=1))
        number = receipt.case_number
        self.redact(number, 1)
        for event in list(self.desk[number].timeline):
            if event.kind.startswith("alert-"):
                self.redact(number, event.seq)
        event = None
        self.check_gone(words)

    def test_many_alerts_told_together(self):
        words = [secret(f"together{i}") for i in range(12)]
        body = message(*(alert(f"{i:016x}", description=word) for i, word in enumerate(words)))
        number = self.desk.ingest(body, actor="alertmanager")[0].case_number
        self.redact(number, self.event_of(number, f"{0:016x}", "alerts-fired"))
        for word in words:
            self.assertEqual(self.files_with(word), [])
        self.assertEqual(self.desk[number].firing_alerts, 12)
        self.check_gone(words[0])

    def test_in_memory(self):
        words = secret("memory")
        self.desk = Incident.Desk.new(Incident.MemoryStore.new(self.clock), self.clock, None)
        body = message(alert("aaaa", description=words), alert("bbbb", description="other"))
        number = self.desk.ingest(body, actor="alertmanager")[0].case_number
        self.redact(number, self.event_of(number, "aaaa"))
        kept = self.desk.dup_alert_body("alertmanager/bbbb@2026-11-23T06:14:46Z").get_data()
        self.assertNotIn(words.encode(), kept)
        self.assertIn(b"other", kept)
        self.check_not_shown(number, words)
        self.clock.advance(timedelta(minutes=1))
        ending = self.desk.ingest(message(alert("aaaa", status="resolved", description=words)), actor="alertmanager")
        self.assertEqual([receipt.outcome for receipt in ending], ["resolved"])
        self.check_not_shown(number, words)
        self.assertEqual(self.desk[number].firing_alerts, 1)

    def test_alerts_are_not_listed_with_words_that_are_gone(self):
        words = secret("listed")
        number = self.desk.ingest(alerts(summary=words), actor="alertmanager")[0].case_number
        other = self.open()
        self.assertIn(words, [alert.summary for alert in other.alerts()])
        self.redact(number, self.event_of(number, FINGERPRINT))
        for desk in (self.desk, other):
            self.assertEqual([alert.summary for alert in desk.alerts()], [None])

    def test_what_was_said_of_many_cases_at_once(self):
        """One row holds the words of them all."""
        words = secret("shared")
        numbers = [self.open_case() for _ in range(5)]
        self.clock.advance(timedelta(minutes=1))
        self.desk.act_many(numbers, "note", actor="ana", text=words)
        before = read_log(self.path)[1]
        for number in numbers:
            self.redact(number, 2)
        self.assertEqual([str(self.desk[number].timeline[1].text) == words for number in numbers], [False] * 5)
        self.check_gone(words)
        self.check_log(before, {before[-1]["log_index"]})

    def test_words_of_every_verb(self):
        """Each that takes free text, in an order in which each is allowed; first all are said, then all redacted."""
        number = self.open_case()
        said = {}
        for verb, arguments in DEEDS:
            words = secret(f"{len(said)}{verb.replace('-', '')}")
            given = {name: words if value is WORDS else value for name, value in arguments.items()}
            said[self.act(number, verb, **given)] = words
        before = read_log(self.path)[1]
        indexes = {self.desk[number].timeline[seq - 1].log_index for seq in said}
        for seq, words in said.items():
            self.assertIn(words, json.dumps(self.desk[number].timeline[seq - 1].data), seq)
            self.redact(number, seq)
        for seq, words in said.items():
            with self.subTest(self.desk[number].timeline[seq - 1].kind):
                self.assertEqual(self.files_with(words), [])
                self.check_not_shown(number, words)
                self.check_reports(number, words)
        self.check_gone(secret("0note"))
        self.check_log(before, indexes)

    def test_in_a_batch_and_of_many_at_once(self):
        numbers, words = [self.open_case() for _ in range(6)], [secret(f"batch{i}") for i in range(6)]
        for number, word in zip(numbers, words):
            self.act(number, "note", text=word)
        with self.desk.batch() as batch:
            for number in numbers[:3]:
                batch.act(number, "redact", actor=OFFICER, event="2", text=REASON)
        self.desk.act_many(numbers[3:], "redact", actor=OFFICER, event="2", text=REASON)
        for number, word in zip(numbers, words):
            self.check_not_shown(number, word)
            self.assertEqual(self.files_with(word), [])
        self.check_gone(words[5])

    def test_another_desk_at_the_same_store(self):
        words = secret("others")
        number = self.open_case()
        seq = self.act(number, "note", text=words)
        other = self.open()
        self.assertEqual(other[number].timeline[seq - 1].text, words)
        self.redact(number, seq)
        other.refresh()
        self.assertNotEqual(other[number].timeline[seq - 1].text, words)
        self.assertEqual(self.files_with(words), [])
        other = None
        self.check_gone(words)

    def test_a_reader_in_the_way(self):
        """Somebody reads the file, and sees it as it was, so that the words stay; but not when he has gone."""
        words = secret("read")
        number = self.open_case()
        seq = self.act(number, "note", text=words)
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM event").fetchone()
            started = time.monotonic()
            self.redact(number, seq)
            self.assertLess(time.monotonic() - started, 5)
            reader.execute("COMMIT")
        self.act(number, "note", text="further")
        self.check_gone(words)

    def test_a_backup_made_later_has_it_no_more(self):
        words = secret("backup")
        number = self.open_case()
        self.redact(number, self.act(number, "note", text=words))
        self.desk.store.backup(str(self.folder / "copy.db"), None)
        self.check_gone(words)

    def test_what_cannot_be_redacted(self):
        number = self.open_case()
        for arguments in ({"event": "2"}, {"event": "0"}, {"event": "-1"}, {"event": "one"}, {"event": "1", "text": " "}, {}):
            with self.subTest(arguments), self.assertRaises(Incident.IncidentError):
                self.desk[number].act("redact", actor=OFFICER, **{"text": REASON, **arguments})
        self.assertEqual((self.desk[number].version, self.desk[number].title), (1, "Checkout answers 500"))


if __name__ == "__main__":
    unittest.main()
