#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The workspace of Slack that other tests run against, held to Slack's contract; and the troubles that it makes on demand."""
import http.client
import json

import slack
from slack import ANNOUNCE, CONTRACT, FakeSlack, Refused
from slack_judged import FORM, JSON, Judged, form, raw

# What Slack's contract refuses. Each was also given to prism 5.16.0 (“prism proxy --errors”): those marked True it lets
# pass, as its checks of forms end at the types, and none of the others; half a JSON body it never answers.
P = "chat.postMessage"
BAD_CALLS = {
    "no such method": (False, "chat.shout", "text=a", FORM),
    "GET": (False, P, "", FORM, "GET"),
    "no channel": (False, P, "text=a", FORM),
    "no channel, in JSON": (False, P, '{"text":"a"}', JSON),
    "an empty channel": (True, P, "channel=&text=a", FORM),
    "an unknown argument": (True, P, "channel=C1&text=a&thread=1", FORM),
    "an unknown argument in JSON": (False, P, '{"channel":"C1","text":"a","thread":"1"}', JSON),
    "a token among the arguments": (True, P, "channel=C1&text=a&token=x", FORM),
    "an argument twice": (True, P, "channel=C1&text=a&text=b", FORM),
    "a boolean that is none": (False, P, "channel=C1&text=a&unfurl_links=perhaps", FORM),
    "a text for a boolean in JSON": (False, P, '{"channel":"C1","text":"a","unfurl_links":"false"}', JSON),
    "a number for a text in JSON": (False, P, '{"channel":"C1","text":7}', JSON),
    "blocks that are no JSON": (True, P, "channel=C1&text=a&blocks=[", FORM),
    "blocks that are an object": (True, P, "channel=C1&text=a&blocks={}", FORM),
    "blocks that are an object, in JSON": (False, P, '{"channel":"C1","blocks":{}}', JSON),
    "metadata that is a list": (True, P, "channel=C1&text=a&metadata=[]", FORM),
    "the name of a channel": (True, P, "channel=%23incidents&text=a", FORM),
    "a time stamp without its fraction": (True, "chat.update", "channel=C1&ts=1712345678&text=a", FORM),
    "a limit in words": (False, "conversations.history", "channel=C1&limit=all", FORM),
    "a length with a fraction": (False, "files.getUploadURLExternal", "filename=a&length=1.5", FORM),
    "a JSON body that is a list": (False, P, "[]", JSON),
    "a JSON body that is none": (False, P, "{", JSON),
    "a type that the contract has not": (False, P, "channel: C1", "text/yaml"),
    "what is not UTF-8": (True, P, b"channel=C1&text=\xff", FORM),
    "half a percent sign": (True, P, "channel=C1&text=%E2%82", FORM),
}


class Contract(Judged):
    def test_it_lets_through_nothing_that_the_contract_refuses(self):
        for what, (_, method, body, content_type, *verb) in BAD_CALLS.items():
            with self.subTest(what):
                status, _, answer = raw(self.slack, method, body, content_type, *verb)
                self.assertEqual(status, 422, answer)
                self.assertEqual(json.loads(answer)["error"], "invalid_arguments")
        self.assertEqual([one["by"] for one in self.slack.violations()], ["app"] * len(BAD_CALLS))
        self.assertEqual(self.slack.messages(ANNOUNCE), [])

    def test_a_counterpart_that_errs_is_found_out(self):
        for answer in ({"ok": False, "error": "invented"}, {"ok": True, "channel": ANNOUNCE}, {"error": "no_text"}, ["ok"]):
            self.slack.fault("chat.postMessage", "stray", answer=answer)
            self.assertEqual(raw(self.slack, "chat.postMessage", f"channel={ANNOUNCE}&text=a")[0], 500, answer)
        self.assertEqual([one["by"] for one in self.slack.violations()], ["counterpart"] * 4)

    def test_troubles_are_those_that_slack_has(self):
        for error in ("invented", "name_taken"):
            with self.assertRaises(Refused):
                self.slack.fault("chat.postMessage", "error", error=error)
        self.slack.fault("conversations.create", "error", error="name_taken")
        self.assertEqual(form(self.slack, "conversations.create", name="inc-1"), {"ok": False, "error": "name_taken"})

    def test_blocks_are_judged_as_they_were_when_the_schema_was_made(self):
        for path in sorted((CONTRACT / "blocks").glob("*.json")):
            with self.subTest(path.name):
                answer = form(self.slack, "chat.postMessage", channel=ANNOUNCE, text="a", blocks=path.read_text())
                self.assertEqual(answer.get("error"), None if path.name == "good.json" else "invalid_blocks")

    def section(self, length):
        return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}}

    def refused(self, error, method="chat.postMessage", **arguments):
        arguments = {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}
        self.assertEqual(form(self.slack, method, **arguments).get("error"), error, arguments)

    def test_all_blocks_together_have_a_limit_that_is_written_nowhere(self):
        self.refused(None, channel=ANNOUNCE, text="a", blocks=[self.section(3000)] * 4 + [self.section(1200)])
        self.refused("msg_blocks_too_long", channel=ANNOUNCE, text="a", blocks=[self.section(3000)] * 4 + [self.section(1201)])
        self.refused("msg_too_long", "chat.update", channel=ANNOUNCE, ts=self.post(), text="a", blocks=[self.section(3000)] * 5)

    def test_text_has_limits(self):
        self.refused("no_text", channel=ANNOUNCE)
        self.refused("msg_too_long", channel=ANNOUNCE, text="x" * 40001)
        self.refused("msg_too_long", "chat.update", channel=ANNOUNCE, ts=self.post(), text="x" * 4001)
        self.refused(None, "chat.update", channel=ANNOUNCE, ts=self.post(), text="€" * 4000)
        self.refused("markdown_text_conflict", channel=ANNOUNCE, text="a", markdown_text="b")
        self.refused("msg_too_long", channel=ANNOUNCE, markdown_text="x" * 12001)
        n = len(self.slack.messages(ANNOUNCE))
        self.refused(None, channel=ANNOUNCE, text="x" * 9000)
        self.assertEqual([len(one["text"]) for one in self.slack.messages(ANNOUNCE)[n:]], [4000, 4000, 1000])

    def test_ids_in_blocks_are_given_once(self):
        button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "A"}}
        self.refused("invalid_blocks", channel=ANNOUNCE, text="a", blocks=[{"type": "actions", "elements": [button, button]}])
        self.refused(None, channel=ANNOUNCE, text="a", blocks=[{"type": "actions", "elements": [button]}] * 2)
        self.refused("invalid_blocks", channel=ANNOUNCE, text="a", blocks=[{"type": "divider", "block_id": "b"}] * 2)

    def test_metadata_has_a_type_and_an_object(self):
        good = {"event_type": "libincident_msg", "event_payload": {"id": "1"}}
        self.refused(None, channel=ANNOUNCE, text="a", metadata=good)
        self.refused("invalid_metadata_format", channel=ANNOUNCE, text="a", metadata={"event_type": "x"})
        self.refused("invalid_metadata_format", channel=ANNOUNCE, text="a", metadata={**good, "more": 1})
        self.refused("metadata_too_large", channel=ANNOUNCE, text="a", metadata={**good, "event_payload": {"id": "x" * 9000}})

    def test_tokens_are_of_two_kinds(self):
        for method, token, error in (("auth.test", None, "not_authed"), ("auth.test", "xoxb-other", "invalid_auth"),
                                     ("auth.test", FakeSlack.APP_TOKEN, "not_allowed_token_type"),
                                     ("apps.connections.open", FakeSlack.BOT_TOKEN, "not_allowed_token_type"),
                                     ("auth.test", FakeSlack.BOT_TOKEN, None)):
            self.assertEqual(json.loads(raw(self.slack, method, token=token)[2]).get("error"), error)
        self.slack.set_up(scopes=["chat:write"])
        self.assertEqual(form(self.slack, "users.lookupByEmail", email="ana@example.org"),
                         {"ok": False, "error": "missing_scope", "needed": "users:read.email", "provided": "chat:write"})
        self.slack.set_up(revoke=FakeSlack.BOT_TOKEN)
        self.assertEqual(form(self.slack, "auth.test")["error"], "token_revoked")

    def test_rates_are_those_of_the_tiers(self):
        self.slack.set_up(limits=True)
        for n in range(20):
            self.assertEqual(raw(self.slack, "bookmarks.list", f"channel_id={ANNOUNCE}")[0], 200, n)
        status, headers, _ = raw(self.slack, "bookmarks.list", f"channel_id={ANNOUNCE}")
        self.assertEqual(status, 429)
        self.assertIn(int(headers["Retry-After"]), range(1, 61))
        self.slack.set_up(late=61)
        self.assertEqual(raw(self.slack, "bookmarks.list", f"channel_id={ANNOUNCE}")[0], 200)

    def test_a_channel_takes_a_few_posts_at_once_and_then_one_a_second(self):
        self.slack.set_up(limits=True)
        statuses = [raw(self.slack, "chat.postMessage", f"channel={ANNOUNCE}&text=a")[0] for _ in range(12)]
        self.assertEqual(statuses[:4], [200] * 4)
        self.assertIn(429, statuses)


class Faults(Judged):
    def answer(self, *words, **options):
        self.slack.fault("chat.postMessage", *words, **options)
        return raw(self.slack, "chat.postMessage", f"channel={ANNOUNCE}&text=a")

    def texts(self):
        return [one["text"] for one in self.slack.messages(ANNOUNCE)]

    def test_troubles_come_once_and_in_their_turn(self):
        self.slack.fault("chat.postMessage", "status", status=503, after=1, times=2)
        self.assertEqual([raw(self.slack, "chat.postMessage", f"channel={ANNOUNCE}&text=a")[0] for _ in range(4)], [200, 503, 503, 200])
        self.assertEqual(self.texts(), ["a", "a"])
        self.assertEqual([call["fault"] for call in self.slack.calls("chat.postMessage")], [None, "status", "status", None])

    def test_429_tells_when_to_come_again_or_not(self):
        status, headers, _ = self.answer("limited", retry_after=30)
        self.assertEqual((status, headers["Retry-After"]), (429, "30"))
        status, headers, _ = self.answer("limited")
        self.assertEqual((status, headers["Retry-After"]), (429, None))
        self.assertEqual(self.texts(), [])

    def test_500_before_or_after_it_took_effect(self):
        self.assertEqual(self.answer("status", status=500)[0], 500)
        self.assertEqual(self.texts(), [])
        self.assertEqual(self.answer("status", status=500, acts=True)[0], 500)
        self.assertEqual(self.texts(), ["a"])

    def test_a_connection_that_closes_after_it_took_effect(self):
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            self.answer("close")
        self.assertEqual(self.texts(), ["a"])

    def test_a_connection_that_is_reset_before_anything_is_read(self):
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            self.answer("reset")
        self.assertEqual(self.texts(), [])

    def test_an_answer_that_drips(self):
        status, _, body = self.answer("dribble", ms=1)
        self.assertEqual((status, json.loads(body)["ok"]), (200, True))

    def test_no_json_at_all(self):
        with self.assertRaises(json.JSONDecodeError):
            json.loads(self.answer("bad-json", acts=True)[2])
        self.assertEqual(self.texts(), ["a"])

    def test_nobody_is_there(self):
        self.slack.down()
        with self.assertRaises(ConnectionRefusedError):
            raw(self.slack, "auth.test")
        self.slack.up()
        self.assertEqual(form(self.slack, "auth.test")["ok"], True)


if __name__ == "__main__":
    slack.main()
