# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the counterpart itself share: it, and the wire to it."""
import http.client
import json
import unittest
import urllib.parse

from slack import ANNOUNCE, SECONDS, FakeSlack

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"


def raw(fake, method, body="", content_type=FORM, verb="POST", token=FakeSlack.BOT_TOKEN, path="/api/"):
    """Status, headers and body, with nothing between us and the wire."""
    connection = http.client.HTTPConnection(fake.base.split("/")[2], timeout=SECONDS)
    headers = {"Content-Type": content_type} if content_type else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(verb, path + method, body.encode() if isinstance(body, str) else body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def form(fake, method, **arguments):
    return json.loads(raw(fake, method, urllib.parse.urlencode(arguments))[2])


class Judged(unittest.TestCase):
    def setUp(self):
        self.slack = FakeSlack(self, limits=False)

    def post(self, text="hello", **arguments):
        return form(self.slack, "chat.postMessage", channel=ANNOUNCE, text=text, **arguments)["ts"]
