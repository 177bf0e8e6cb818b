# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the outbox share: programs that messages are given to, and a playbook that names them."""
import json

# Fails while the file “broken” is there, is slow while “slow” is, and else keeps what it hears, a line a message.
BELL = """#!/bin/sh
folder={folder}
if [ -e $folder/broken ]; then echo "the bell is broken" >&2; exit $(cat $folder/broken); fi
if [ -e $folder/slow ]; then echo $$ > $folder/begun; sleep $(cat $folder/slow); fi
cat >> $folder/rung
"""

SENDMAIL = """#!/bin/sh
folder={folder}
mail=$(mktemp $folder/mail.XXXXXX)
cat > $mail
echo "$*" >> $folder/recipients
"""


class Outbox:
    """For a ProgramTest: a bell (command), mail to customers, and their updates."""

    def write_program(self, name, text):
        path = self.folder / name
        path.write_text(text.format(folder=self.folder))
        path.chmod(0o755)
        return str(path)

    def use_playbook(self, **members):
        bell, sendmail = self.write_program("bell", BELL), self.write_program("sendmail", SENDMAIL)
        playbook = {
            "roles": {"commander": {}, "communications": {}},
            "channels": {
                "bell": {"kind": "command", "run": [bell]},
                "customer-mail": {"kind": "mail", "from": "incidents@example.org", "to": ["customers@example.org"],
                                  "domain": "example.org", "run": [sendmail]},
            },
            "audiences": {"customer": {"title": "Customers", "approved-by": "communications",
                                       "channels": ["customer-mail"], "public": True}},
            "status-page": {"title": "Our services", "services": {"checkout": "Paying"}},
        }
        playbook.update(members)
        path = self.folder / "playbook.json"
        path.write_text(json.dumps(playbook))
        self.env["INCIDENT_PLAYBOOK"] = str(path)
        return path

    def rung(self):
        """The messages that the bell has heard."""
        path = self.folder / "rung"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def mails(self):
        return [path.read_text() for path in sorted(self.folder.glob("mail.*"), key=lambda path: path.stat().st_mtime_ns)]
