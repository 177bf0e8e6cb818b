#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A case from “/incident” to the archive, told to “incident serve” through Slack: by signed requests, and by Socket Mode."""
import json

import slack
from serve import SECONDS, ServerTest, wait_until
from slack import ANNOUNCE, BOT, FakeSlack, Refused

PLAYBOOK = {
    "name": "Chat",
    "people": {
        "ana": {"name": "Ana Ruiz", "contacts": {"slack": "U0ANARUIZ"}},
        "bo": {"name": "Bo Lindqvist", "contacts": {"slack": "T0EXAMPLE/U0BOLINDQ"}},
        "cy": {"name": "Cy Moss", "contacts": {"mail": "cy@example.org"}},
    },
    "teams": {"payments": {"members": ["bo"], "lead": "bo"}},
    "services": {"checkout": {"title": "Checkout"}, "search": {"title": "Search"}},
}
CHANNEL = {
    "kind": "slack", "token": {"env": "SLACK_BOT_TOKEN"}, "announce": ANNOUNCE, "near": True,
    "room": {"name": "inc-{number}-{title}", "invite": {"people": ["ana"]}, "archive-after": "1m", "record": "all"},
}
BY_REQUEST = {"signing-secret": {"env": "SLACK_SIGNING_SECRET"}}
BY_SOCKET = {"app-token": {"env": "SLACK_APP_TOKEN"}}
SECRETS = {
    "SLACK_BOT_TOKEN": FakeSlack.BOT_TOKEN, "SLACK_APP_TOKEN": FakeSlack.APP_TOKEN, "SLACK_SIGNING_SECRET": FakeSlack.SECRET,
}
ROOM = "inc-1-checkout-answers-500"


class SlackTest(ServerTest):
    way = BY_REQUEST

    def setUp(self):
        super().setUp()
        self.slack = FakeSlack(self)
        self.start()

    def start(self):
        channel = {**CHANNEL, **self.way, "api": self.slack.api}
        self.env.update(SECRETS, INCIDENT_PLAYBOOK=str(self.write("playbook.json", {**PLAYBOOK, "channels": {"slack": channel}})))
        self.server = self.serve()
        if self.way is BY_REQUEST:
            self.slack.reach(self.server.url + "/v1/slack/slack")

    def timeline(self, case="INC-1"):
        return self.json("timeline", case)

    def kinds(self, case="INC-1"):
        return [event["kind"] for event in self.timeline(case)]

    def events(self, kind, case="INC-1"):
        return [event for event in self.timeline(case) if event["kind"] == kind]

    def wait_for_event(self, kind, n=1):
        return wait_until(lambda: len(found := self.events(kind)) >= n and found, f"“{kind}” on the timeline")[-1]

    def wait_for_room(self, name=ROOM):
        return wait_until(lambda: self.slack.channel(name), f"the channel “{name}”")["id"]

    def wait_for_person(self, user, channel):
        wait_until(lambda: user in self.slack.channel(channel)["members"], f"{user} in {channel}")

    def said(self, channel):
        """What the app says there, as it stands now; messages about what happened are not among it."""
        return [one for one in self.slack.messages(channel) if one["user"] == BOT and "subtype" not in one]

    def wait_for_words(self, channel, words):
        def look():
            return [one for one in self.said(channel) if words in json.dumps(one, ensure_ascii=False)]
        return wait_until(look, f"“{words}” in {channel}")[-1]

    def wait_for_button(self, channel, action, is_there=True, words=""):
        """In a card that shows these words already: what is drawn of a case that has moved on is refused."""
        def look():
            cards = [one for one in self.said(channel) if action in (shown := json.dumps(one.get("blocks", []), ensure_ascii=False))
                     and words in shown]
            return bool(cards) == is_there and (cards or [None])
        return wait_until(look, f"“{action}” {'in' if is_there else 'gone from'} {channel}")[0]

    def order(self, user, channel, text):
        """A command that is answered; what the person reads."""
        before = len(self.slack.whispers(user))
        answer = self.slack.slash(user, channel, text)
        self.assertTrue(answer["ok"], answer)
        return wait_until(lambda: self.slack.whispers(user)[before:], f"an answer to “{text}”")[-1]["text"]

    def open_case(self):
        self.assertIn("INC-1", self.order("U0ANARUIZ", ANNOUNCE, "open Checkout answers 500 --severity sev2 --service checkout"))
        room = self.wait_for_room()
        self.wait_for_person("U0ANARUIZ", room)
        return room

    def assert_no_secret(self):
        self.assertEqual(self.server.stop(), 0)
        self.server.ear.join(SECONDS)
        heard = self.server.said + json.dumps(self.timeline()).encode()
        for file in self.folder.glob("incidents.db*"):
            heard += file.read_bytes()
        for secret in SECRETS.values():
            self.assertNotIn(secret.encode(), heard)


class Story:
    """What is the same by whichever way Slack reaches us."""

    def test_a_case_from_its_first_word_to_the_archive(self):
        room = self.open_case()
        card = self.wait_for_button(room, "incident.ack")
        self.wait_for_words(ANNOUNCE, "Checkout answers 500")
        wait_until(lambda: self.slack.channel(room)["topic"]["value"], "the topic")

        self.talk(room)
        self.acknowledge(room, card)
        self.work(room)
        self.end(room)
        self.assert_told_once(room)
        self.assert_no_secret()

    def talk(self, room):
        """What is said there is on the record, as it was said first, changed, and taken back."""
        ts = self.slack.say("U0ANARUIZ", room, "only /pay & only <EU>")
        said = self.wait_for_event("said")
        self.assertEqual((said["data"]["text"], said["actor"]), ("only /pay & only <EU>", "ana"))
        self.slack.edit("U0ANARUIZ", room, ts, "only /pay")
        self.assertEqual(self.wait_for_event("said-edited")["data"]["text"], "only /pay")
        self.slack.react("U0ANARUIZ", room, ts, "pushpin")
        self.assertEqual(self.wait_for_event("pinned")["data"]["author"], "ana")
        self.slack.delete("U0ANARUIZ", room, ts)
        self.wait_for_event("said-deleted")
        self.slack.settle()
        self.assertEqual(len(self.events("said")), 1)

    def acknowledge(self, room, card):
        for user in ("U0BOLINDQ", "U0STRANGER"):
            if user not in self.slack.channel(room)["members"]:
                self.slack.join(user, room)
        before = len(self.timeline())
        self.slack.press("U0STRANGER", room, card["ts"], "incident.ack")
        wait_until(lambda: self.slack.whispers("U0STRANGER"), "a word to who is not known")
        self.assertEqual([kind for kind in self.kinds()[before:] if kind == "acknowledged"], [])
        self.slack.press("U0BOLINDQ", room, card["ts"], "incident.ack")
        self.assertEqual(self.wait_for_event("acknowledged")["actor"], "bo")
        self.wait_for_button(room, "incident.ack", is_there=False)
        with self.assertRaises(Refused):
            self.slack.press("U0ANARUIZ", room, card["ts"], "incident.ack")

    def work(self, room):
        self.order("U0BOLINDQ", room, "assign commander @ana")
        self.assertEqual(self.wait_for_event("assigned")["actor"], "bo")
        self.order("U0BOLINDQ", room, "diagnose error rate 31 %, only /pay")
        self.order("U0ANARUIZ", room, "escalate --to payments needs a database owner")
        self.order("U0BOLINDQ", room, "examine the pool is *exhausted* since <1.4.2>")
        # In Slack's dialect nothing of it is a command.
        self.wait_for_words(room, "&lt;1.4.2&gt;")
        self.slack.repeat([push["kind"] for push in self.slack.log["pushes"]].index("slash_commands"))
        self.assertEqual(len(self.json("list")), 1)
        # Twice the same command is one.
        self.slack.repeat(max(n for n, push in enumerate(self.slack.log["pushes"]) if push["kind"] == "slash_commands"))
        self.assertEqual(len(self.events("examined")), 1)

    def end(self, room):
        card = self.wait_for_button(room, "incident.resolve", words="&lt;1.4.2&gt;")
        self.slack.press("U0ANARUIZ", room, card["ts"], "incident.resolve")
        view = self.slack.view_of("U0ANARUIZ")
        inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
        self.slack.submit("U0ANARUIZ", view["id"], {inputs[0]: "rolled back to 1.4.1"})
        self.wait_for_event("resolved")
        self.order("U0ANARUIZ", room, "recover error rate 0.1 % for 15 min")
        self.order("U0ANARUIZ", room, "close reviewed")
        self.wait_for_event("closed")
        wait_until(lambda: self.slack.state["files"] and self.slack.state["files"][0]["text"], "the report")
        self.assertIn("Checkout answers 500", self.slack.state["files"][0]["text"])
        wait_until(lambda: self.slack.channel(room)["is_archived"], "the archive", seconds=180)
        self.wait_for_words(ANNOUNCE, "losed")

    def assert_told_once(self, room):
        """Each message of ours has its own key, and one announcement and one card change themselves."""
        self.assertEqual(len(self.said(ANNOUNCE)), 1)
        keys = [one["metadata"]["event_payload"]["id"] for one in self.said(room) if "metadata" in one]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual(self.kinds().count("message-dead"), 0)

    def test_a_form_opens_a_case(self):
        self.slack.slash("U0BOLINDQ", ANNOUNCE, "")
        view = self.slack.view_of("U0BOLINDQ")
        ids = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        self.assertLessEqual({"title", "severity", "service"}, ids)
        self.slack.submit("U0BOLINDQ", view["id"], {"title": "Search is slow", "severity": "sev3", "service": "search"})
        opened = wait_until(lambda: self.json("list"), "the case")[0]
        self.assertEqual((opened["title"], opened["severity"], opened["service"]), ("Search is slow", "sev3", "search"))
        self.wait_for_room("inc-1-search-is-slow")
        self.assertEqual(self.events("opened")[0]["actor"], "bo")

    def test_who_is_known_by_mail_alone_is_known(self):
        wait_until(lambda: [call for call in self.slack.log["calls"] if call["method"] == "users.lookupByEmail"], "the question")
        self.assertIn("INC-1", self.order("U0CYMOSS0", ANNOUNCE, "open It hums"))
        self.assertEqual(self.events("opened")[0]["actor"], "cy")

    def test_strangers_and_mistakes_are_answered_in_private(self):
        self.assertTrue(self.order("U0STRANGER", ANNOUNCE, "open It hums"))
        self.assertTrue(self.order("U0ANARUIZ", ANNOUNCE, "frobnicate"))
        self.assertIn("open", self.order("U0ANARUIZ", ANNOUNCE, "help"))
        self.assertEqual(self.json("list"), [])
        self.assertEqual(self.said(ANNOUNCE), [])

    def test_a_bad_hour_of_slack_is_survived_and_nothing_is_said_twice(self):
        self.slack.fault("conversations.create", "close")
        self.slack.fault("chat.postMessage", "status", status=500, acts=True)
        self.slack.fault("chat.postMessage", "limited", retry_after=1, after=1)
        self.slack.fault("conversations.setTopic", "bad-json", acts=True)
        room = self.open_case()
        self.wait_for_person("U0ANARUIZ", room)
        self.order("U0ANARUIZ", room, "diagnose error rate 31 %")
        self.wait_for_words(room, "error rate 31 %")
        self.wait_for_words(ANNOUNCE, "Checkout answers 500")
        self.wait_for_button(room, "incident.resolve")
        self.assertEqual([one["name"] for one in self.slack.state["channels"]], ["incidents", ROOM])
        self.assertEqual(len(self.said(ANNOUNCE)), 1)
        # The card tells it, too.
        def posts():
            return [one for one in self.said(room) if "error rate 31 %" in one["text"] and "incident.ack" not in json.dumps(one)]
        wait_until(posts, "the post")
        self.slack.settle()
        self.assertEqual(len(posts()), 1)

    def test_while_slack_is_away_the_case_goes_on(self):
        room = self.open_case()
        self.wait_for_button(room, "incident.ack")
        self.slack.down()
        self.incident("diagnose", "INC-1", "found without chat")
        self.incident("diagnose", "INC-1", "as well")
        self.slack.up()
        self.wait_for_words(room, "found without chat")
        self.wait_for_words(room, "as well")


class ByRequest(Story, SlackTest):
    def test_only_what_slack_signed_is_heard(self):
        for spoil in ("signature", "body", "secret", "old", "early", "unsigned"):
            answer = self.slack.slash("U0ANARUIZ", ANNOUNCE, "open Nothing", spoil=spoil)
            self.assertIn(answer["status"], (400, 401, 403), (spoil, answer))
        self.assertEqual(self.json("list"), [])
        self.slack.slash("U0ANARUIZ", ANNOUNCE, "open Something", spoil="charset")
        self.assertEqual(len(self.json("list")), 1)


class BySocket(Story, SlackTest):
    way = BY_SOCKET

    def start(self):
        super().start()
        self.slack.connected()

    def test_a_connection_is_renewed_before_the_old_one_ends(self):
        room = self.open_case()
        self.slack.order("disconnect", reason="refresh_requested")
        self.slack.connected(2)
        self.slack.order("close-sockets", kind="leaving")
        self.slack.say("U0ANARUIZ", room, "after the change")
        self.assertEqual(self.wait_for_event("said")["data"]["text"], "after the change")

    def test_what_was_not_acknowledged_is_recorded_once(self):
        room = self.open_case()
        self.slack.order("close-sockets", kind="cut")
        ts = self.slack.say("U0ANARUIZ", room, "in between")
        self.slack.connected(2)
        self.wait_for_event("said")
        self.slack.repeat()
        self.slack.settle()
        self.assertEqual([event["data"]["text"] for event in self.events("said")], ["in between"], ts)


if __name__ == "__main__":
    slack.main()
