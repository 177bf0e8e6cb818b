# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the program share: a fresh store, and one call to run it."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["INCIDENT_PROGRAM"]
TOP = pathlib.Path(__file__).resolve().parents[2]
ALERTS = TOP / "tests" / "conformance" / "alertmanager"

# Each way to a phase, from a case that is open and has a commander.
WAYS = {
    "new": [],
    "diagnosis": ["diagnose"],
    "escalation": ["diagnose", "escalate"],
    "examination": ["diagnose", "examine"],
    "resolution": ["diagnose", "resolve"],
    "recovered": ["diagnose", "resolve", "recover"],
    "closed": ["diagnose", "resolve", "recover", "close"],
    "cancelled": ["cancel"],
}

# What each verb takes after the id, when nothing is missing.
WORDS = {
    "diagnose": ["error rate 31 %"],
    "escalate": ["--to", "payments", "needs a database owner"],
    "examine": ["pool exhausted"],
    "resolve": ["rolled back"],
    "recover": ["error rate 0.1 %"],
    "close": ["reviewed"],
    "cancel": ["a false alarm"],
    "reopen": ["it is back"],
    "assign": ["scribe", "cy"],
    "release": ["scribe"],
    "classify": ["--severity", "sev3"],
    "note": ["a note"],
}


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.db = self.folder / "incidents.db"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("INCIDENT_")}
        self.env.update(INCIDENT_DB=str(self.db), INCIDENT_ACTOR="ana", TZ="UTC", LC_ALL="C.UTF-8",
                        HOME=str(self.folder), XDG_DATA_HOME=str(self.folder / "data"))

    def incident(self, *words, status=0, stdin=b""):
        """Runs the program and holds it to the exit status."""
        done = subprocess.run([PROGRAM, *map(str, words)], input=stdin, env=self.env, cwd=self.folder,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, status, (words, done.stdout[-2000:], done.stderr[-2000:]))
        if status == 0:
            self.assertEqual(done.stderr, b"", words)
        else:
            self.assertNotEqual(done.stderr, b"", words)
        return done

    def text(self, *words, **options):
        return self.incident(*words, **options).stdout.decode()

    def json(self, *words, **options):
        return json.loads(self.incident("--json", *words, **options).stdout)

    def error(self, *words, status, **options):
        """The error object of a call that fails."""
        document = json.loads(self.incident("--json", *words, status=status, **options).stderr)
        self.assertEqual(list(document), ["error"])
        self.assertEqual(list(document["error"]), ["domain", "code", "message", "where"])
        return document["error"]

    def open_in(self, phase):
        """A new case in this phase; ana commands it."""
        case = self.text("open", f"A case in {phase}").strip()
        self.incident("assign", case, "commander", "ana")
        for verb in WAYS[phase]:
            self.incident(verb, case, *WORDS[verb])
        return case

    def kinds(self, case):
        return [event["kind"] for event in self.json("timeline", case)]
