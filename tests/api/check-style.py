#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the house style forbids and no compiler sees."""
import pathlib
import re
import sys

FOLDERS = ("libincident", "include", "bindings", "tests", "doc", "examples", ".ci")
TEXTS = {".c", ".h", ".in", ".py", ".sh", ".build", ".md", ".toml", ".js", ".vala", ".cpp", ".txt", ""}
DATA = {"data", "corpus", "__pycache__"}
# Written so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

COMMENT_OR_STRING = re.compile(
    r"""(?P<line>//[^\n]*)|(?P<comment>/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*")|(?P<char>'(?:\\.|[^'\\\n])+')""", re.S)

LIBRARY_AND_PROGRAM = ("libincident/", "include/", "examples/")
# (pattern in C code, where it holds, where it does not, what to say)
CODE_RULES = [
    (r"\bgoto\b", ("",), (), "goto"),
    (r"\b(?:gchar|gint|gfloat|gdouble)\b", ("",), (), "a plain C type is meant"),
    (r"\bnonnull\b|\bG_GNUC_NONNULL\b", ("",), (), "nonnull deletes the guards at -O2"),
    (r"\bg_date_time_new_from_iso8601\b", LIBRARY_AND_PROGRAM, ("libincident/base/",), "times are read by base/"),
    (r"\bjson_parser_\w+|\bJsonParser\b|\bjson_from_string\b",
     LIBRARY_AND_PROGRAM, ("libincident/base/", "examples/incident-answer.c"), "JSON is read by base/"),
    (r"\bjson_(?:object|array)_get_(?:int|string|double|boolean|array|object|null)_(?:member|element)\w*",
     LIBRARY_AND_PROGRAM, (), "members are read by the type that is wanted"),
    (r"\b(?:g_)?strto(?:d|f|ld)\b|\bato(?:i|l|ll|f)\b", LIBRARY_AND_PROGRAM, (), "depends on the locale, or fails silently"),
]
# A floating conversion depends on the locale, but for those two.
FLOAT = re.compile(r"%[-+#0]*(?:\d+|\*)?(?:(?:\.(?:\d+|\*))[aefgAEFG]|l?[fg])")
FLOAT_SAFE = re.compile(r"\bg_ascii_(?:formatd|dtostr)\b")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


class Lint:
    def __init__(self, top):
        self.top = pathlib.Path(top)
        self.faults = []

    def fault(self, path, text, position, what):
        self.faults.append(f"{path}:{text.count(chr(10), 0, position) + 1}: {what}")

    def files(self):
        yield from (p for p in (self.top / "README.md", self.top / "meson.build", self.top / "meson_options.txt")
                    if p.is_file())
        for folder in FOLDERS:
            for path in sorted((self.top / folder).rglob("*")):
                # Data is what others wrote, or wrong on purpose.
                if path.is_file() and path.suffix in TEXTS and not DATA & set(path.relative_to(self.top).parts):
                    yield path

    def check_text(self, path, text):
        for match in UNFINISHED.finditer(text):
            self.fault(path, text, match.start(), f"unfinished: {match[0]}")
        if path.endswith((".c", ".h", ".py", ".js", ".vala", ".cpp", ".h.in")) or text.startswith("#!"):
            if "SPDX-License-Identifier: " not in "\n".join(text.split("\n", 4)[:4]):
                self.fault(path, text, 0, "no SPDX line at the top")

    def check_c(self, path, text):
        strings = []

        def keep_layout(match):
            if match.lastgroup == "line":
                self.fault(path, text, match.start(), "a // comment")
            elif match.lastgroup == "string":
                strings.append(match)
            return blank(match[0])

        code = COMMENT_OR_STRING.sub(keep_layout, text)
        for pattern, within, without, what in CODE_RULES:
            if path.startswith(within) and not path.startswith(without or ("\0",)):
                for match in re.finditer(pattern, code):
                    self.fault(path, text, match.start(), f"{match[0]}: {what}")
        if path.startswith(LIBRARY_AND_PROGRAM):
            for string in strings:
                statement = max(code.rfind(c, 0, string.start()) for c in ";{}")
                if FLOAT.search(string[0]) and not FLOAT_SAFE.search(code, statement + 1, string.start()):
                    self.fault(path, text, string.start(), f"{string[0]}: the decimal point depends on the locale")

    def check(self):
        n_files = 0
        for file in self.files():
            path = file.relative_to(self.top).as_posix()
            text = file.read_text(encoding="utf-8")
            n_files += 1
            self.check_text(path, text)
            if path.endswith((".c", ".h", ".h.in")):
                self.check_c(path, text)
        if not n_files:
            self.faults.append(f"{self.top}: no files: this check sees nothing")


def main(top):
    lint = Lint(top)
    lint.check()
    print("\n".join(lint.faults), end="\n" if lint.faults else "")
    return bool(lint.faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
