# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of pages of the guide share: their blocks, and a shell in which the sessions that they show are run."""
import collections
import re
import shlex
import socket
import subprocess

from cli import PROGRAM, TOP
from serve import SECONDS, ServerTest

TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?(Z| [+]00:00)| UTC)")
VERSION = re.compile(r"(?<=version )[0-9a-f]{32}")
NAME = re.compile(r"`([\w-]+[.](?:json|yml|cfg|conf|service|py|mjs)|incident|bell)`[^`]*[:.]\n+\Z")

Block = collections.namedtuple("Block", "section language name text")


def read_blocks(page):
    """All that is fenced, with its section and, where the sentence before ends with one, the file's name."""
    blocks, section, before = [], None, ""
    for part in re.split(r"(^```\w*\n.*?^```\n)", page.read_text(encoding="utf-8"), flags=re.M | re.S):
        fence = re.match(r"```(\w*)\n(.*)```\n\Z", part, re.S)
        if fence is None:
            for heading in re.findall(r"^##+ (.*)$", part, re.M):
                section = heading
            before = part
            continue
        name = NAME.search(re.sub(r"\n(?!\n)", " ", before).rstrip() + "\n")
        blocks.append(Block(section, fence[1], name[1] if name and fence[1] != "console" else None, fence[2]))
    return blocks


def read_session(text):
    """Commands, each with what it prints."""
    session = []
    for line in text.splitlines():
        if line.startswith("$ "):
            session.append([line[2:], []])
        elif not session[-1][1] and is_open(session[-1][0]):
            session[-1][0] += "\n" + line
        else:
            session[-1][1].append(line)
    return session


def is_open(command):
    """Does it go on in the next line?"""
    if command.endswith(("\\", "|")):
        return True
    return subprocess.run(["bash", "-n"], input=command.encode(), capture_output=True).returncode != 0


def read_page(name):
    return read_blocks(TOP / "doc" / f"{name}.md")


def find_block(blocks, name):
    block, = [block for block in blocks if block.name == name]
    return block.text


def read_links(name):
    """What the page leads to within the guide: pairs of a page and a heading in it, both as they stand in the address."""
    text = (TOP / "doc" / f"{name}.md").read_text(encoding="utf-8")
    return [(page or name, anchor) for page, anchor in re.findall(r"\]\((?:([\w-]+)\.html)?(?:#([\w-]+))?\)", text)]


def read_anchors(name):
    text = re.sub(r"^```.*?^```$", "", (TOP / "doc" / f"{name}.md").read_text(encoding="utf-8"), flags=re.M | re.S)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.M)}


class PageTest(ServerTest):
    """A folder with all files that a page names, and secrets where it says that they are."""
    page = None
    secrets = ()

    def setUp(self):
        super().setUp()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.free = free.getsockname()[1]
        self.blocks = read_page(self.page)
        self.etc = self.folder / "etc"
        self.etc.mkdir()
        for name in self.secrets:
            (self.etc / name).write_text("a secret\n")
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "incident").symlink_to(PROGRAM)
        self.env["PATH"] = f"{programs}:{self.env['PATH']}"
        for block in self.blocks:
            if block.name is not None:
                self.write(block.name, self.localize(block.text))

    def localize(self, text):
        return text.replace("/etc/incident", str(self.etc)).replace("127.0.0.1:9099", f"127.0.0.1:{self.free}")

    def shell(self, command):
        done = subprocess.run(["bash", "-c", self.localize(command)], env=self.env, cwd=self.folder, timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout.decode()

    def say(self, command):
        exported = re.fullmatch(r"export (\w+)=(\S+)", command)
        if exported:
            self.env[exported[1]] = str(self.folder / exported[2])
            return ""
        if command.endswith(" &"):
            self.assertEqual(shlex.split(command), ["incident", "serve", "&"])
            return self.serve(listen=f"127.0.0.1:{self.free}").line
        return self.shell(command)

    def mask(self, text):
        text = text.replace(str(self.free), "9099").replace(str(self.etc), "/etc/incident")
        return VERSION.sub("VERSION", TIME.sub("TIME", text)).replace("version VERSION", "version …")

    def run_page(self, *sections):
        """All that the console shows there; a line of three dots stands for any lines."""
        shown = [block.text for block in self.blocks if block.language == "console" and block.section in sections]
        self.assertGreaterEqual(len(shown), len(sections))
        for command, expected in (step for text in shown for step in read_session(text)):
            expected = [self.mask(line) for line in expected]
            pattern = "".join("(.*\n)*" if line == "…" else re.escape(line) + "\n" for line in expected)
            with self.subTest(command=command):
                self.assertRegex(self.mask(self.say(command)), rf"\A{pattern}\Z")

    def check_links(self):
        for page, anchor in read_links(self.page):
            if anchor:
                self.assertIn(anchor, read_anchors(page), page)
            else:
                self.assertTrue((TOP / "doc" / f"{page}.md").exists(), page)
