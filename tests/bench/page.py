# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows of a report by f-strings, as one would write them in Python."""
import datetime
import html
import sys

import worker


class Page(worker.Variant):
    def begin(self):
        start = datetime.datetime(2026, 11, 23, 7, tzinfo=datetime.timezone.utc)
        self.entries = [(start + datetime.timedelta(seconds=61 * i),
                         "Error rate 31 % on /pay & <b>rising</b>, “only” in eu-west-1", "bo", i + 1)
                        for i in range(self.batch)]

    def run(self, n):
        for _ in range(n // self.batch):
            self.page = "".join(
                f'<tr><td><time datetime="{at.isoformat()}"><span class="d">{at:%Y-%m-%d}</span> {at:%H:%M:%S}</time>'
                f'</td><td class="e"><bdi>{html.escape(words)}</bdi></td><td><bdi>{html.escape(actor)}</bdi></td>'
                f'<td class="n">#{seq}</td></tr>\n' for at, words, actor, seq in self.entries)

    def checksum(self):
        return self.page.count('<td class="n">#')


worker.main({"page": Page}, sys.argv)
