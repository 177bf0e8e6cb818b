#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page “Slack in ten minutes”: its documents are read, its sessions run, and what it names is there.

Where the counterpart of Slack can be run, the app that the manifest describes leads a case there.
"""
import json
import re
import unittest

from cli import TOP
from guide import PageTest, find_block, read_page
from serve import wait_until
from slack import ANNOUNCE, FakeSlack, node_modules

PAGE = (TOP / "doc" / "slack.md").read_text(encoding="utf-8")
BLOCKS = read_page("slack")
# What must be granted for an event to come: Slack's reference of events.
SCOPE_OF_EVENT = {
    "message.channels": "channels:history", "message.groups": "groups:history", "pin_added": "pins:read",
    "reaction_added": "reactions:read",
}


def read_source(path):
    return (TOP / path).read_text(encoding="utf-8")


def read_all(folder, pattern):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((TOP / folder).glob(pattern)))


def read_manifest(over_http=False):
    manifest = json.loads(find_block(BLOCKS, "manifest.json"))
    if over_http:
        instead = json.loads(find_block(BLOCKS, "over-http.json"))
        manifest["features"].update(instead["features"])
        manifest["settings"] = instead["settings"]
    return manifest


def read_scopes(manifest):
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert len(scopes) == len(set(scopes)), scopes
    return set(scopes)


def read_verbs():
    """Those of “/incident”."""
    table = re.search(r"verbs\[\] = \{(.*?)\n\};", read_source("libincident/desk/incident-slack-words.c"), re.S)[1]
    return re.findall(r'^  \{ "([\w -]+)"', table, re.M)


class Manifest(unittest.TestCase):
    def test_it_asks_for_no_right_that_slack_has_not(self):
        known = re.findall(r'"([\w.:]+)"', re.search(r"SCOPES = \[(.*?)\]", read_source("tests/story/slack/workspace.mjs"), re.S)[1])
        self.assertIn("chat:write", known)
        self.assertLessEqual(read_scopes(read_manifest()), set(known))

    def test_it_asks_for_the_rights_that_our_calls_need(self):
        needs = dict(re.findall(r'^  "([\w.]+)": \[[^"\]]*((?:, "[\w:.]+")*)\]', read_all("tests/story/slack", "*.mjs"), re.M))
        called = set(re.findall(r'_call(?:_async)? \([^;]*?"(\w+\.[\w.]+)"', read_all("libincident", "*/incident-slack-*.c")))
        self.assertLess({"pins.add", "chat.postEphemeral", "conversations.replies"}, called)
        for method in sorted(called & set(needs)):
            scopes = set(re.findall(r'"([\w:.]+)"', needs[method]))
            with self.subTest(method):
                self.assertTrue(not scopes or scopes & read_scopes(read_manifest()), scopes)

    def test_it_asks_for_the_rights_of_its_events(self):
        for over_http in (False, True):
            events = read_manifest(over_http)["settings"]["event_subscriptions"]["bot_events"]
            self.assertEqual(set(events), set(SCOPE_OF_EVENT))
        self.assertLessEqual(set(SCOPE_OF_EVENT.values()), read_scopes(read_manifest()))

    def test_mentions_come_with_their_ids(self):
        for over_http in (False, True):
            command, = read_manifest(over_http)["features"]["slash_commands"]
            self.assertEqual((command["command"], command["should_escape"]), ("/incident", True))

    def test_its_shortcuts_are_those_that_are_heard(self):
        ids = {one["type"]: one["callback_id"] for one in read_manifest()["features"]["shortcuts"]}
        opening = re.search(r'#define SHORTCUT_OPEN "(.*)"', read_source("libincident/desk/incident-slack-record.c"))[1]
        self.assertEqual(ids["global"], opening)
        self.assertNotEqual(ids["message"], opening)

    def test_slack_calls_in_one_way(self):
        by_socket, by_http = read_manifest(), read_manifest(over_http=True)
        self.assertTrue(by_socket["settings"]["socket_mode_enabled"])
        self.assertNotIn("url", json.dumps(by_socket))
        self.assertFalse(by_http["settings"]["socket_mode_enabled"])
        urls = re.findall(r'url": "(.*?)"', json.dumps(by_http))
        self.assertEqual((len(urls), len(set(urls))), (3, 1))
        place, name = urls[0].removeprefix("https://desk.example.org").rsplit("/", 1)
        self.assertIn(name, json.loads(find_block(BLOCKS, "signed.json"))["channels"])
        route = ", ".join(f'"{part}"' for part in place.strip("/").split("/"))
        self.assertIn(f'{{ {{ {route}, "*" }}, "POST", respond_slack', read_source("examples/incident-serve-door.c"))


class Console(PageTest):
    page = "slack"
    secrets = ("slack.token", "slack.app", "slack.secret")

    def setUp(self):
        super().setUp()
        # Nothing is there, and least of all Slack.
        self.env["no_proxy"] = "*"
        playbook = json.loads((self.folder / "slack.json").read_text())
        playbook["channels"]["slack"].update({"api": "http://127.0.0.1:1/api/", "near": True})
        self.write("slack.json", playbook)

    def test_the_playbook(self):
        self.run_page("The playbook")

    def test_it_listens(self):
        self.run_page("Go")

    def test_the_outbox(self):
        self.env["INCIDENT_PLAYBOOK"] = str(self.folder / "slack.json")
        self.run_page("When it does not work")

    def test_each_playbook_is_sound(self):
        for name in ("slack.json", "signed.json"):
            self.incident("playbook", "check", name)

    def test_links_lead_somewhere(self):
        self.check_links()


class Page(unittest.TestCase):
    def test_every_block_is_looked_at(self):
        names = {block.name for block in BLOCKS if block.language != "console"}
        self.assertEqual(names - {None}, {"manifest.json", "slack.json", "over-http.json", "signed.json"})
        self.assertEqual([block.section for block in BLOCKS if block.language != "console" and block.name is None], ["The secrets"])

    def test_every_command_is_understood(self):
        verbs = read_verbs()
        table = PAGE[PAGE.index("| say | does |"):PAGE.index("Answers are for your eyes")]
        said = re.findall(r"`/incident ([^`\n[]+)`", PAGE) + re.findall(r"^    /incident (.*)", PAGE, re.M)
        said += [words for words in re.findall(r"`([^`]+)`", table) if not words.startswith(("/", "@"))]
        self.assertGreater(len(said), 20)
        for words in said:
            words = re.sub(r"^INC-\d+ ", "", words)
            with self.subTest(words):
                self.assertTrue(any(words == verb or words.startswith(verb + " ") for verb in verbs))

    def test_the_buttons_are_those_of_the_card(self):
        card = read_source("libincident/comms/incident-rendering-card.c")
        drawn = re.findall(r'add_action \(message, "[\w.]+", "([\w ]+)"', card)
        sentence = re.search(r"The buttons are (.*?)\. Who", PAGE, re.S)[1]
        self.assertEqual(re.findall(r"\*\*(.*?)\*\*", sentence), drawn)

    def test_what_one_sees_is_what_is_said(self):
        sources = read_all("libincident", "*/*.c")
        for word in ("channel-down", "channel-up", "message-dead", "missing_scope", "name_taken"):
            self.assertIn(f"`{word}`", PAGE)
            self.assertIn(f'"{word}"', sources)
        for words in ("cannot be read", "knows nobody who has the Slack id"):
            self.assertIn(words, PAGE)
            self.assertIn(words, sources)

    def test_members_of_the_playbook_are_there(self):
        shape = read_source("libincident/playbook/incident-playbook-comms-shape.c")
        for word in ("announce", "room", "record", "contacts", "pin-emoji", "app-token", "signing-secret", "archive-after", "if", "all",
                     "pinned"):
            self.assertRegex(PAGE, rf'[`"]{word}[`"]')
            self.assertTrue(f'"{word}"' in shape or word == "contacts", word)


@unittest.skipIf(node_modules() is None, "no counterparts in INCIDENT_NODE_MODULES")
class App(PageTest):
    """The app of the manifest, by both ways, with no right but those that it asks for."""
    page = "slack"
    secrets = ()

    def start(self, name, over_http):
        slack = FakeSlack(self)
        slack.set_up(scopes=sorted(read_scopes(read_manifest())))
        (self.etc / "slack.token").write_text(slack.BOT_TOKEN)
        (self.etc / "slack.app").write_text(slack.APP_TOKEN)
        (self.etc / "slack.secret").write_text(slack.SECRET)
        playbook = json.loads((self.folder / "slack.json").read_text())
        playbook["people"]["ana"]["contacts"]["slack"] = "U0ANARUIZ"
        playbook["people"]["bo"]["contacts"]["slack"] = "U0BOLINDQ"
        playbook["channels"] = json.loads((self.folder / name).read_text())["channels"]
        playbook["channels"]["slack"].update({"api": slack.api, "near": True})
        self.env["INCIDENT_PLAYBOOK"] = str(self.write("of-the-test.json", playbook))
        server = self.serve()
        if over_http:
            command, = read_manifest(over_http=True)["features"]["slash_commands"]
            slack.reach(command["url"].replace("https://desk.example.org", server.url))
        else:
            slack.connected()
        return slack

    def lead(self, slack):
        words = re.search(r"^    /incident (open .*)", PAGE, re.M)[1]
        self.assertTrue(slack.slash("U0ANARUIZ", ANNOUNCE, words)["ok"])
        name = re.search(r"there is a channel `([\w-]+)`", PAGE)[1]
        room = wait_until(lambda: slack.channel(name), "the room")["id"]
        wait_until(lambda: slack.messages(ANNOUNCE), "the announcement")
        wait_until(lambda: "incident.ack" in json.dumps(slack.messages(room)), "the card")
        wait_until(lambda: slack.channel(room)["topic"]["value"], "the topic")
        if "U0ANARUIZ" not in slack.channel(room)["members"]:
            slack.join("U0ANARUIZ", room)
        ts = slack.say("U0ANARUIZ", room, "it is the pool")
        shortcut, = [one for one in read_manifest()["features"]["shortcuts"] if one["type"] == "message"]
        slack.shortcut("U0ANARUIZ", room, ts, shortcut["callback_id"])
        wait_until(lambda: [one for one in self.json("timeline", "INC-1") if one["kind"] == "pinned"], "what was pinned")
        self.assertNotIn("missing_scope", json.dumps([call.get("error") for call in slack.calls()]))

    def test_by_socket_mode(self):
        self.lead(self.start("slack.json", over_http=False))

    def test_over_http(self):
        self.lead(self.start("signed.json", over_http=True))


if __name__ == "__main__":
    unittest.main()
