# SPDX-License-Identifier: LGPL-2.1-or-later
"""A workspace of Slack for tests: started, told what people do, and asked what it was told.

    class Story(unittest.TestCase):
        def test_a_post(self):
            slack = FakeSlack(self)                      # ends with the test, which fails if Slack's contract was broken
            …                                            # base URL: slack.api; tokens: slack.BOT_TOKEN, slack.APP_TOKEN
            slack.say("U0ANARUIZ", "C0INCIDENTS", "it is slow")
            self.assertEqual(slack.calls("chat.postMessage")[0]["args"]["text"], "…")

It reaches the app by signed requests to the address given as url (or later by slack.reach), else by Socket Mode.
"""
import json
import os
import pathlib
import subprocess
import sys
import unittest
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
CONTRACT = HERE.parent / "conformance" / "slack"
SECONDS = 60  # that anything here may take, on a machine that is busy with other things
PATIENCE = 10  # times the seconds that Slack waits: CI machines are slow, and what is tested is not how slow

PEOPLE = (
    {"id": "U0ANARUIZ", "name": "ana", "real_name": "Ana Ruiz", "email": "ana@example.org"},
    {"id": "U0BOLINDQ", "name": "bo", "real_name": "Bo Lindqvist", "email": "bo@example.org"},
    {"id": "U0CYMOSS0", "name": "cy", "real_name": "Cy Moss", "email": "cy@example.org"},
    {"id": "U0STRANGER", "name": "stranger", "real_name": "Ana Ruiz", "email": "stranger@example.com"},
)
BOT = "U0EXAMPLEBOT"
ANNOUNCE = "C0INCIDENTS"


def node_modules():
    """Where “examples/setup test” has put what the counterparts need; None if nobody did."""
    folder = os.environ.get("INCIDENT_NODE_MODULES")
    return pathlib.Path(folder) if folder and (pathlib.Path(folder) / ".bin" / "node").exists() else None


def main():
    """For the end of a test file: its tests, or 77 where there is nothing to run them against."""
    if node_modules() is None:
        print("skipped: no counterparts in INCIDENT_NODE_MODULES; “examples/setup test” installs them", file=sys.stderr)
        sys.exit(77)
    unittest.main()


class Node:
    """A program of ours for Node. It tells in its first line, as JSON, where it listens; its end is that of its input."""

    def __init__(self, test, *words, env=None):
        modules = node_modules()
        self.process = subprocess.Popen(
            [modules / ".bin" / "node", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "INCIDENT_NODE_MODULES": str(modules), **(env or {})}, text=True, encoding="utf-8")
        test.addCleanup(self.end)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"{words[0]} ended before it began")
        self.ready = json.loads(line)

    def order(self, document):
        """A line in, a line out."""
        self.process.stdin.write(json.dumps(document) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the program ended")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Refused(Exception):
    """The order cannot be carried out: such a button is not there, such a person is not in the channel …"""


class FakeSlack:
    BOT_TOKEN = "xoxb-of-the-counterpart"
    APP_TOKEN = "xapp-of-the-counterpart"
    SECRET = "8f742231b10e8888abcd99yyyzzz85a5"

    def __init__(self, test, url=None, patience=PATIENCE, people=PEOPLE, limits=True, gate=True):
        self.test, self.expected = test, []
        options = {"secret": self.SECRET, "url": url, "patience": patience, "gate": gate}
        self.node = Node(test, HERE / "slack" / "fake-slack.mjs", CONTRACT, json.dumps(options))
        self.base, self.control = self.node.ready["base"], self.node.ready["control"]
        self.api = self.base + "api/"
        self.set_up(users=list(people), limits=limits, channels=[{
            "id": ANNOUNCE, "name": "incidents", "members": [BOT] + [person["id"] for person in people]}])
        # Cleanups run backwards: the contract is checked while the counterpart still lives.
        test.addCleanup(self.check)

    def order(self, verb, **members):
        request = urllib.request.Request(self.control + verb, json.dumps(members).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(json.load(error)["error"]) from None
        except TimeoutError:
            last = {"calls": self.log["calls"][-3:], "whispers": self.state["ephemerals"][-3:]}
            raise AssertionError(f"in vain waited for {verb} {members}; last were {json.dumps(last, ensure_ascii=False)[:3000]}") from None

    def set_up(self, **members):
        """users, channels, usergroups, url, hears (events), limits (rates), scopes, late (seconds), revoke (a token)."""
        self.order("set-up", **members)

    def reach(self, url):
        """From now on the app is reached by requests to this address."""
        self.set_up(url=url)

    # What people do. Each waits for the app's answer where it gives one: {"ok", "status", "text", "shown", "ms"}.
    def say(self, user, channel, text, thread_ts=None):
        return self.order("say", user=user, channel=channel, text=text, thread_ts=thread_ts)["ts"]

    def edit(self, user, channel, ts, text):
        self.order("edit", user=user, channel=channel, ts=ts, text=text)

    def delete(self, user, channel, ts):
        self.order("delete", user=user, channel=channel, ts=ts)

    def pin(self, user, channel, ts):
        self.order("pin", user=user, channel=channel, ts=ts)

    def react(self, user, channel, ts, name):
        self.order("react", user=user, channel=channel, ts=ts, name=name)

    def join(self, user, channel):
        self.order("join", user=user, channel=channel)

    def slash(self, user, channel, text, **options):
        """/incident TEXT; spoil="signature", "body", "secret", "old", "early", "unsigned" or "charset" spoils the request."""
        return self.order("slash", user=user, channel=channel, text=text, **options)

    def press(self, user, channel, ts, action_id, **options):
        """Refused unless the message has such a button; it says what is drawn there now. option chooses of a menu."""
        return self.order("press", user=user, channel=channel, ts=ts, action_id=action_id, **options)

    def shortcut(self, user, channel, ts, callback_id, **options):
        return self.order("shortcut", user=user, channel=channel, ts=ts, callback_id=callback_id, **options)

    def view_of(self, user):
        """The modal that is open for a person, as soon as one is."""
        return self.order("view-of", user=user)["view"]

    def submit(self, user, view, values, **options):
        """values: by the block_id of the input."""
        return self.order("submit", user=user, view=view, values=values, **options)

    # Troubles.
    def fault(self, method, kind, **options):
        """kind: limited (retry_after), status (status), error (error), bad-json, reset, close, hang, dribble (ms a byte).
        times (0: always), after (so many good ones), acts (whether the call takes effect)."""
        self.order("fault", method=method, kind=kind, **options)

    def redeliver(self):
        """Events that were not acknowledged come once more; how many."""
        return self.order("redeliver")["redelivered"]

    def repeat(self, n=-1, **options):
        return self.order("repeat", n=n, **options)

    def down(self):
        self.order("down")

    def up(self):
        self.order("up")

    # What came of it.
    def settle(self):
        """Until the app has answered all that was sent to it."""
        self.order("settle")

    def connected(self, opened=1):
        """Until the app has connected, in all so many times."""
        self.order("connected", opened=opened)

    @property
    def state(self):
        return self.order("state")

    @property
    def log(self):
        return self.order("log")

    def calls(self, method=None):
        return [call for call in self.log["calls"] if method in (None, call["method"])]

    def channel(self, name):
        """By name or id; None where there is none."""
        found = [channel for channel in self.state["channels"] if name in (channel["name"], channel["id"])]
        return found[0] if found else None

    def messages(self, channel):
        return self.channel(channel)["messages"]

    def whispers(self, user):
        return [one for one in self.state["ephemerals"] if one["user"] == user]

    def sign(self, body, **options):
        return self.order("sign", body=body, **options)

    def violations(self):
        """What broke the contract, until now; they are forgiven."""
        self.expected = self.log["violations"]
        return self.expected

    def check(self):
        """That nothing broke the contract but what the test has looked at."""
        self.test.assertEqual(self.log["violations"][len(self.expected):], [])
