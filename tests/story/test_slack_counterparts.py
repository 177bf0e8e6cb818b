#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The workspace of Slack that other tests run against, judged by Slack's own clients and Slack's own framework."""
import hashlib
import hmac
import http.client
import json
import urllib.parse

import slack
from slack import ANNOUNCE, BOT, CONTRACT, HERE, SECONDS, FakeSlack, Node, Refused
from slack_judged import JSON, Judged, form, raw

BLOCKS = json.loads((CONTRACT / "blocks" / "good.json").read_text())


class Clients:
    """Slack's own."""

    def __init__(self, test):
        fake = test.slack
        self.node = Node(test, HERE / "slack" / "judge-clients.mjs", fake.api, fake.BOT_TOKEN, fake.APP_TOKEN)

    def call(self, method, **arguments):
        return self.node.order({"order": "call", "method": method, "args": arguments})

    def order(self, order, **members):
        return self.node.order({"order": order, **members})


class WebClient(Judged):
    """Every method that there is, by Slack's own client."""

    def setUp(self):
        super().setUp()
        self.web = Clients(self)
        channel = self.good("conversations.create", name="inc-1-slow")["channel"]
        self.assertEqual((channel["name"], channel["is_member"], channel["creator"]), ("inc-1-slow", True, BOT))
        self.room = channel["id"]

    def good(self, method, **arguments):
        answer = self.web.call(method, **arguments)
        self.assertEqual(answer.get("ok"), True, (method, answer))
        return answer

    def bad(self, error, method, **arguments):
        answer = self.web.call(method, **arguments)
        self.assertEqual((answer.get("code"), answer.get("error")), ("slack_webapi_platform_error", error), (method, answer))

    def test_messages(self):
        metadata = {"event_type": "libincident_msg", "event_payload": {"id": "00ff"}}
        sent = self.good("chat.postMessage", channel=self.room, text="a", blocks=BLOCKS, metadata=metadata, unfurl_links=False)
        self.assertEqual(sent["message"]["blocks"][1]["block_id"], "summary")
        reply = self.good("chat.postMessage", channel=self.room, text="b", thread_ts=sent["ts"])
        self.bad("cannot_reply_to_message", "chat.postMessage", channel=self.room, text="c", thread_ts=reply["ts"])
        self.good("chat.update", channel=self.room, ts=sent["ts"], text="a2", blocks=BLOCKS)
        history = self.good("conversations.history", channel=self.room, include_all_metadata=True)["messages"]
        self.assertEqual([one["text"] for one in history], ["a2", f"<@{BOT}> has joined the channel"])
        self.assertEqual((history[0]["metadata"], history[0]["reply_count"]), (metadata, 1))
        self.assertNotIn("metadata", self.good("conversations.history", channel=self.room)["messages"][0])
        self.assertEqual([one["ts"] for one in self.good("conversations.replies", channel=self.room, ts=sent["ts"])["messages"]],
                         [sent["ts"], reply["ts"]])
        self.bad("thread_not_found", "conversations.replies", channel=self.room, ts="1700000000.000001")
        self.assertEqual(self.good("chat.getPermalink", channel=self.room, message_ts=reply["ts"])["permalink"],
                         f"https://example.slack.com/archives/{self.room}/p{reply['ts'].replace('.', '')}?thread_ts={sent['ts']}&cid={self.room}")
        self.good("chat.update", channel=self.room, ts=sent["ts"], text="plain")
        self.assertEqual(self.good("conversations.history", channel=self.room)["messages"][0]["blocks"], [])
        self.good("chat.delete", channel=self.room, ts=reply["ts"])
        self.bad("message_not_found", "chat.update", channel=self.room, ts=reply["ts"], text="b2")
        self.bad("channel_not_found", "chat.postMessage", channel="C404", text="a")

    def test_people_cannot_be_spoken_for(self):
        ts = self.slack.say("U0ANARUIZ", ANNOUNCE, "mine")
        self.bad("cant_update_message", "chat.update", channel=ANNOUNCE, ts=ts, text="yours")
        self.bad("cant_delete_message", "chat.delete", channel=ANNOUNCE, ts=ts)

    def test_whispers(self):
        self.bad("user_not_in_channel", "chat.postEphemeral", channel=self.room, user="U0ANARUIZ", text="psst")
        self.good("chat.postEphemeral", channel=ANNOUNCE, user="U0ANARUIZ", text="psst")
        self.assertEqual([one["text"] for one in self.slack.whispers("U0ANARUIZ")], ["psst"])
        self.assertEqual(self.slack.messages(ANNOUNCE), [])

    def test_pages(self):
        sent = [self.post(str(n)) for n in range(7)]
        pages = self.web.order("pages", method="conversations.history", args={"channel": ANNOUNCE, "limit": 3}, member="messages")["pages"]
        self.assertEqual([[one["text"] for one in page] for page in pages], [["6", "5", "4"], ["3", "2", "1"], ["0"]])
        within = self.good("conversations.history", channel=ANNOUNCE, oldest=sent[2], latest=sent[5])["messages"]
        self.assertEqual([one["text"] for one in within], ["4", "3"])
        within = self.good("conversations.history", channel=ANNOUNCE, oldest=sent[2], latest=sent[5], inclusive=True)["messages"]
        self.assertEqual([one["text"] for one in within], ["5", "4", "3", "2"])
        self.bad("invalid_cursor", "conversations.history", channel=ANNOUNCE, cursor="dGhlcmU=")

    def test_rooms(self):
        for name, error in (("", None), ("inc-1-slow", "name_taken"), ("Inc", "invalid_name_specials"), ("a b", "invalid_name_specials"),
                            ("x" * 81, "invalid_name_maxlength"), ("--", "invalid_name_punctuation")):
            if error:
                self.bad(error, "conversations.create", name=name)
        self.good("conversations.setTopic", channel=self.room, topic="SEV2")
        self.bad("too_long", "conversations.setTopic", channel=self.room, topic="x" * 251)
        self.good("conversations.setPurpose", channel=self.room, purpose="to mend it")
        self.good("conversations.rename", channel=self.room, name="inc-1-slower")
        info = self.good("conversations.info", channel=self.room)["channel"]
        self.assertEqual((info["name"], info["topic"]["value"], info["purpose"]["value"]), ("inc-1-slower", "SEV2", "to mend it"))
        self.good("conversations.archive", channel=self.room)
        self.bad("already_archived", "conversations.archive", channel=self.room)
        self.bad("is_archived", "chat.postMessage", channel=self.room, text="a")
        self.bad("name_taken", "conversations.create", name="inc-1-slower")
        self.good("conversations.unarchive", channel=self.room)
        self.bad("not_archived", "conversations.unarchive", channel=self.room)

    def test_people_in_rooms(self):
        self.bad("user_not_found", "conversations.invite", channel=self.room, users="U0ANARUIZ,U404")
        self.bad("cant_invite_self", "conversations.invite", channel=self.room, users=BOT)
        self.assertEqual(self.good("conversations.members", channel=self.room)["members"], [BOT])
        forced = self.good("conversations.invite", channel=self.room, users="U0ANARUIZ,U404", force=True)
        self.assertEqual([one["error"] for one in forced["errors"]], ["user_not_found"])
        self.bad("already_in_channel", "conversations.invite", channel=self.room, users="U0ANARUIZ")
        self.bad("already_in_channel", "conversations.invite", channel=self.room, users="U0ANARUIZ,U404", force=True)
        self.assertEqual(self.good("conversations.members", channel=self.room)["members"], [BOT, "U0ANARUIZ"])
        self.slack.set_up(channels=[{"id": "C0OTHER", "name": "other", "members": ["U0BOLINDQ"]},
                                    {"id": "C0SECRET", "name": "secret", "is_private": True, "members": ["U0BOLINDQ"]}])
        self.bad("not_in_channel", "conversations.history", channel="C0OTHER")
        self.bad("channel_not_found", "conversations.join", channel="C0SECRET")
        self.bad("channel_not_found", "chat.postMessage", channel="C0SECRET", text="a")
        self.good("chat.postMessage", channel="C0OTHER", text="in public")
        self.good("conversations.join", channel="C0OTHER")
        self.assertEqual(self.good("conversations.join", channel="C0OTHER")["warning"], "already_in_channel")
        names = [one["name"] for one in self.good("conversations.list", types="public_channel,private_channel")["channels"]]
        self.assertEqual(names, ["incidents", "inc-1-slow", "other"])
        direct = self.good("chat.postMessage", channel="U0ANARUIZ", text="for you")["channel"]
        self.assertEqual((direct[0], self.good("conversations.info", channel=direct)["channel"]["is_im"]), ("D", True))

    def test_people_themselves(self):
        self.assertEqual(self.good("users.lookupByEmail", email="bo@example.org")["user"]["id"], "U0BOLINDQ")
        self.bad("users_not_found", "users.lookupByEmail", email="nobody@example.org")
        self.assertEqual(self.good("users.info", user="U0ANARUIZ")["user"]["real_name"], "Ana Ruiz")
        self.bad("user_not_found", "users.info", user="U404")
        self.slack.set_up(usergroups={"S0SRE": ["U0ANARUIZ", "U0BOLINDQ"]})
        self.assertEqual(self.good("usergroups.users.list", usergroup="S0SRE")["users"], ["U0ANARUIZ", "U0BOLINDQ"])
        self.bad("no_such_subteam", "usergroups.users.list", usergroup="S404")
        told = self.good("auth.test")
        self.assertEqual((told["user_id"], told["bot_id"]), (BOT, "B0EXAMPLE"))

    def test_what_is_stuck_to_messages(self):
        ts = self.post()
        self.good("pins.add", channel=ANNOUNCE, timestamp=ts)
        self.bad("already_pinned", "pins.add", channel=ANNOUNCE, timestamp=ts)
        self.good("pins.remove", channel=ANNOUNCE, timestamp=ts)
        self.bad("no_pin", "pins.remove", channel=ANNOUNCE, timestamp=ts)
        self.good("reactions.add", channel=ANNOUNCE, timestamp=ts, name="eyes")
        self.bad("already_reacted", "reactions.add", channel=ANNOUNCE, timestamp=ts, name="eyes")
        self.bad("message_not_found", "reactions.add", channel=ANNOUNCE, timestamp="1700000000.000001", name="eyes")
        mark = self.good("bookmarks.add", channel_id=ANNOUNCE, title="Desk", type="link", link="https://desk.example.org/")["bookmark"]
        self.bad("invalid_link", "bookmarks.add", channel_id=ANNOUNCE, title="Desk", type="link", link="javascript:x")
        self.good("bookmarks.edit", channel_id=ANNOUNCE, bookmark_id=mark["id"], title="The desk")
        self.good("bookmarks.add", channel_id=ANNOUNCE, title="Desk", type="link", link="https://desk.example.org/")
        self.assertEqual([one["title"] for one in self.good("bookmarks.list", channel_id=ANNOUNCE)["bookmarks"]], ["The desk", "Desk"])

    def test_files_in_three_steps(self):
        done = self.web.order("upload", args={"channel_id": ANNOUNCE, "filename": "report.md", "title": "Report", "content": "# It was slow €\n"})
        self.assertEqual(done["files"][0]["files"][0]["title"], "Report", done)
        self.assertEqual(self.slack.state["files"][0]["text"], "# It was slow €\n")
        self.assertEqual(self.slack.messages(ANNOUNCE)[0]["files"][0]["name"], "report.md")

    def test_a_file_that_did_not_come_whole_is_none(self):
        place = self.good("files.getUploadURLExternal", filename="a", length=5)
        path = urllib.parse.urlsplit(place["upload_url"]).path
        self.assertEqual(raw(self.slack, path, b"four", "application/octet-stream", token=None, path="")[0], 400)
        self.bad("file_not_found", "files.completeUploadExternal", files=[{"id": place["file_id"]}], channel_id=ANNOUNCE)
        self.assertEqual(len(self.slack.violations()), 1)
        self.assertEqual(raw(self.slack, path, b"fiver", "application/octet-stream", token=None, path="")[2], b"OK - 5")
        self.good("files.completeUploadExternal", files=[{"id": place["file_id"]}], channel_id=ANNOUNCE)

    def test_rates_and_troubles_look_to_the_client_like_slack_s(self):
        self.slack.fault("chat.postMessage", "limited", retry_after=7)
        limited = self.web.call("chat.postMessage", channel=ANNOUNCE, text="a")
        self.assertEqual((limited["code"], limited["retryAfter"]), ("slack_webapi_rate_limited_error", 7))
        self.slack.fault("chat.postMessage", "status", status=500)
        self.assertEqual(self.web.call("chat.postMessage", channel=ANNOUNCE, text="a")["code"], "slack_webapi_http_error")
        self.slack.fault("chat.postMessage", "close")
        self.assertEqual(self.web.call("chat.postMessage", channel=ANNOUNCE, text="a")["code"], "slack_webapi_request_error")
        self.slack.fault("chat.postMessage", "error", error="restricted_action")
        self.bad("restricted_action", "chat.postMessage", channel=ANNOUNCE, text="a")


class SocketMode(Judged):
    """By Slack's own client."""

    def setUp(self):
        super().setUp()
        self.client = Clients(self)
        self.assertEqual(self.client.order("connect", ping=200), {})
        self.slack.connected()

    def hear(self, most=1):
        return self.client.order("heard", most=most)["heard"]

    def test_what_is_said_arrives_and_is_acknowledged(self):
        ts = self.slack.say("U0ANARUIZ", ANNOUNCE, "a < b, @bo")
        self.slack.settle()
        event, = self.hear()
        self.assertEqual((event["type"], event["body"]["event"]["text"], event["body"]["event"]["ts"], event["retry_num"]),
                         ("events_api", "a &lt; b, <@U0BOLINDQ>", ts, 0))
        self.slack.edit("U0ANARUIZ", ANNOUNCE, ts, "a > b")
        self.slack.pin("U0BOLINDQ", ANNOUNCE, ts)
        self.slack.react("U0BOLINDQ", ANNOUNCE, ts, "pushpin")
        self.slack.delete("U0ANARUIZ", ANNOUNCE, ts)
        self.slack.settle()
        events = [one["body"]["event"] for one in self.hear(4)]
        self.assertEqual([event.get("subtype", event["type"]) for event in events],
                         ["message_changed", "pin_added", "reaction_added", "message_deleted"])
        self.assertEqual((events[0]["message"]["text"], events[0]["previous_message"]["text"]), ("a &gt; b", "a &lt; b, <@U0BOLINDQ>"))
        self.assertEqual(events[3]["deleted_ts"], ts)
        self.assertEqual(self.slack.log["pushes"][0]["answer"]["ok"], True)

    def test_the_app_hears_its_own_words_too(self):
        self.post("mine")
        self.slack.settle()
        self.assertEqual(self.hear()[0]["body"]["event"]["bot_id"], "B0EXAMPLE")

    def test_where_the_app_is_not_it_hears_nothing(self):
        self.slack.set_up(channels=[{"id": "C0OTHER", "name": "other", "members": ["U0ANARUIZ"]}])
        self.slack.say("U0ANARUIZ", "C0OTHER", "unheard")
        self.slack.settle()
        self.assertEqual(self.slack.log["pushes"], [])

    def test_a_command_is_answered_in_its_acknowledgement(self):
        self.client.order("answer-with", answers={"slash_commands": {"text": "done"}})
        answer = self.slack.slash("U0ANARUIZ", ANNOUNCE, "note @bo says a & b")
        self.assertEqual(answer["shown"] is not None, True)
        self.assertEqual(self.hear()[0]["body"]["text"], "note <@U0BOLINDQ|bo> says a &amp; b")
        self.assertEqual([one["text"] for one in self.slack.whispers("U0ANARUIZ")], ["done"])

    def test_an_answer_that_slack_would_not_show_is_found_out(self):
        self.client.order("answer-with", answers={"slash_commands": {"blocks": [{"type": "header"}]}, "events_api": {"text": "no"}})
        self.slack.slash("U0ANARUIZ", ANNOUNCE, "x")
        self.slack.say("U0ANARUIZ", ANNOUNCE, "x")
        self.slack.settle()
        found = self.slack.violations()
        self.assertEqual(len(found), 2, found)
        self.assertIn("invalid_payload", found[0]["what"])
        self.assertIn("events_api, which takes none", found[1]["what"])

    def test_what_was_not_acknowledged_comes_again_elsewhere(self):
        self.client.order("answer-with", answers={"events_api": "silence"})
        self.slack.say("U0ANARUIZ", ANNOUNCE, "hello")
        first, = self.hear()
        self.client.order("answer-with", answers={})
        self.slack.order("close-sockets", kind="cut")
        self.slack.connected(2)
        again, = self.hear()
        self.assertEqual(again["body"]["event_id"], first["body"]["event_id"])
        self.assertEqual((again["retry_num"], again["retry_reason"]), (1, "timeout"))

    def test_what_was_acknowledged_may_come_again_nevertheless(self):
        self.slack.say("U0ANARUIZ", ANNOUNCE, "hello")
        self.slack.settle()
        self.slack.repeat()
        first, again = self.hear(2)
        self.assertEqual((first["body"], again["retry_num"]), (again["body"], 1))

    def test_connections_are_renewed(self):
        self.slack.order("disconnect", reason="refresh_requested")
        self.slack.connected(2)
        self.slack.order("close-sockets", kind="leaving")
        self.slack.say("U0ANARUIZ", ANNOUNCE, "hello")
        self.slack.settle()
        self.assertEqual(self.hear()[0]["body"]["event"]["text"], "hello")

    def test_an_address_is_good_once(self):
        url = json.loads(raw(self.slack, "apps.connections.open", token=FakeSlack.APP_TOKEN)[2])["url"]
        path = url.split("/", 3)[3]
        headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        statuses = []
        for _ in range(2):
            connection = http.client.HTTPConnection(self.slack.base.split("/")[2], timeout=SECONDS)
            connection.request("GET", "/" + path, headers=headers)
            statuses.append(connection.getresponse().status)
            connection.close()
        self.assertEqual(statuses, [101, 404])

    def test_without_a_connection_a_command_fails_and_an_event_waits(self):
        self.client.order("leave")
        self.assertEqual(self.slack.slash("U0ANARUIZ", ANNOUNCE, "x")["reason"], "dispatch_failed")
        self.slack.say("U0ANARUIZ", ANNOUNCE, "later")
        self.slack.settle()
        self.client.order("connect")
        self.assertEqual(self.hear()[0]["body"]["event"]["text"], "later")


class Bolt(Judged):
    """By Slack's own framework: it takes what our signer signs, and nothing else."""

    def setUp(self):
        super().setUp()
        self.bolt = Node(self, HERE / "slack" / "judge-bolt.mjs", "http", FakeSlack.SECRET)
        self.slack.reach(self.bolt.ready["url"])

    def heard(self):
        return self.bolt.order({})["heard"]

    def card(self):
        button = {"type": "button", "action_id": "incident.ack", "value": "INC-1/3/1", "text": {"type": "plain_text", "text": "Take it"}}
        return self.post("a card", blocks=json.dumps([{"type": "actions", "block_id": "do", "elements": [button]}]))

    def test_a_command_is_heard_and_its_answer_shown(self):
        answer = self.slack.slash("U0ANARUIZ", ANNOUNCE, "list")
        self.assertEqual((answer["status"], answer["ok"]), (200, True))
        self.assertEqual(self.heard(), [{"kind": "command", "text": "list", "user": "U0ANARUIZ"}])
        self.assertEqual([one["text"] for one in self.slack.whispers("U0ANARUIZ")], ["heard “list”"])

    def test_altered_requests_are_refused(self):
        for spoil in ("signature", "body", "secret", "old", "unsigned"):
            self.assertEqual(self.slack.slash("U0ANARUIZ", ANNOUNCE, "list", spoil=spoil)["status"], 401, spoil)
        self.assertEqual(self.heard(), [])

    def test_what_bolt_does_otherwise_than_it_should_is_known(self):
        # A time in the future it takes, and a charset it does not.
        self.assertEqual(self.slack.slash("U0ANARUIZ", ANNOUNCE, "list", spoil="early")["status"], 200)
        self.assertEqual(self.slack.slash("U0ANARUIZ", ANNOUNCE, "list", spoil="charset")["status"], 400)

    def test_the_signer_makes_the_published_signature(self):
        vector = json.loads((CONTRACT / "signing-vectors.json").read_text())["slack"]
        signed = self.slack.sign(vector["body"], timestamp=vector["timestamp"], secret=vector["secret"])
        self.assertEqual(signed["signature"], vector["signature"])
        signed = self.slack.sign("é")
        ours = hmac.new(FakeSlack.SECRET.encode(), f"v0:{signed['timestamp']}:é".encode(), hashlib.sha256).hexdigest()
        self.assertEqual(signed["signature"], "v0=" + ours)

    def test_buttons_are_pressed_where_they_are(self):
        ts = self.card()
        self.assertEqual(self.slack.press("U0ANARUIZ", ANNOUNCE, ts, "incident.ack")["status"], 200)
        for user, action in (("U0ANARUIZ", "incident.gone"), ("U404", "incident.ack")):
            with self.assertRaises(Refused):
                self.slack.press(user, ANNOUNCE, ts, action)
        form(self.slack, "chat.update", channel=ANNOUNCE, ts=ts, text="over")
        with self.assertRaises(Refused):
            self.slack.press("U0ANARUIZ", ANNOUNCE, ts, "incident.ack")
        self.slack.settle()
        self.assertEqual([one for one in self.heard() if one["kind"] == "action"], [{"kind": "action", "value": "INC-1/3/1", "user": "U0ANARUIZ"}])

    def test_shortcuts_and_events(self):
        ts = self.slack.say("U0ANARUIZ", ANNOUNCE, "it began at noon")
        self.slack.shortcut("U0BOLINDQ", ANNOUNCE, ts, "incident.note")
        self.slack.react("U0BOLINDQ", ANNOUNCE, ts, "pushpin")
        self.slack.settle()
        self.assertCountEqual(self.heard(), [{"kind": "message", "text": "it began at noon", "ts": ts},
                                             {"kind": "shortcut", "text": "it began at noon"}, {"kind": "reaction", "name": "pushpin"}])

    def test_events_that_failed_come_again_when_told(self):
        self.slack.reach(self.bolt.ready["url"] + "/nowhere")
        self.slack.say("U0ANARUIZ", ANNOUNCE, "hello")
        self.slack.settle()
        self.slack.reach(self.bolt.ready["url"])
        self.assertEqual((self.slack.redeliver(), self.slack.redeliver()), (1, 0))
        self.assertEqual([push["retry"] for push in self.slack.log["pushes"]], [None, {"attempt": 1, "reason": "http_error"}])
        self.assertEqual([one["text"] for one in self.heard()], ["hello"])

    def test_a_place_for_answers_takes_five(self):
        self.slack.slash("U0ANARUIZ", ANNOUNCE, "list")
        path = urllib.parse.urlsplit(self.slack.log["pushes"][0]["payload"]["response_url"]).path
        answers = [raw(self.slack, path, json.dumps({"text": str(n)}), JSON, token=None, path="")[0] for n in range(6)]
        self.assertEqual(answers, [200] * 5 + [404])
        self.assertEqual([one["text"] for one in self.slack.whispers("U0ANARUIZ")], ["heard “list”", *"01234"])


class BoltOverSocketMode(Judged):
    """The app that Slack's framework makes works in our workspace as it does in Slack's."""

    def setUp(self):
        super().setUp()
        self.bolt = Node(self, HERE / "slack" / "judge-bolt.mjs", "socket", self.slack.api, self.slack.APP_TOKEN, self.slack.BOT_TOKEN)
        self.slack.connected()

    def test_it_serves_commands(self):
        self.slack.slash("U0ANARUIZ", ANNOUNCE, "list")
        self.assertEqual([one["text"] for one in self.slack.whispers("U0ANARUIZ")], ["heard “list”"])

    def test_it_opens_a_modal_and_has_it_filled_in(self):
        self.slack.slash("U0ANARUIZ", ANNOUNCE, "")
        view = self.slack.view_of("U0ANARUIZ")["id"]
        with self.assertRaises(Refused):
            self.slack.submit("U0ANARUIZ", view, {"title": ""})
        with self.assertRaises(Refused):
            self.slack.submit("U0ANARUIZ", view, {"title": "x" * 201})
        with self.assertRaises(Refused):
            self.slack.submit("U0BOLINDQ", view, {"title": "mine"})
        refused = self.slack.submit("U0ANARUIZ", view, {"title": "bad"})
        self.assertEqual(refused["shown"], {"response_action": "errors", "errors": {"title": "It says nothing"}})
        self.slack.submit("U0ANARUIZ", view, {"title": "Checkout is slow"})
        self.assertEqual(self.slack.state["views"], [])
        self.assertEqual([one["title"] for one in self.bolt.order({})["heard"] if one["kind"] == "view"], ["bad", "Checkout is slow"])

    def test_a_trigger_is_good_once(self):
        self.slack.slash("U0ANARUIZ", ANNOUNCE, "")
        view = self.slack.view_of("U0ANARUIZ")["id"]
        call = [call for call in self.slack.calls("views.open")][0]["args"]
        again = form(self.slack, "views.open", trigger_id=call["trigger_id"], view=json.dumps(call["view"]))
        self.assertEqual(again["error"], "exchanged_trigger_id")
        self.slack.order("dismiss-view", view=view)
        trigger = [push["payload"]["trigger_id"] for push in self.slack.log["pushes"]][-1]
        self.assertEqual(trigger, call["trigger_id"])

    def test_a_trigger_is_good_for_a_short_time(self):
        self.slack.slash("U0ANARUIZ", ANNOUNCE, "list")
        trigger = self.slack.log["pushes"][0]["payload"]["trigger_id"]
        self.slack.set_up(late=3 * slack.PATIENCE + 1)
        view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [{"type": "divider"}]}
        self.assertEqual(form(self.slack, "views.open", trigger_id=trigger, view=json.dumps(view))["error"], "expired_trigger_id")


if __name__ == "__main__":
    slack.main()
