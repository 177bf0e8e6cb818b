#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The headers are what a stranger needs: the umbrella alone compiles in C and in C++, so does
each header alone, none but the umbrella may be included directly, and the umbrella includes each."""
import argparse
import concurrent.futures
import pathlib
import re
import shlex
import subprocess
import sys

GUARD = "Only <libincident/incident.h> can be included directly."


def compile_header(compiler, language, flags, name):
    """The compiler's complaints about a file that only includes this header; None if there are none."""
    source = f"#include <libincident/{name}>\nint main (void) {{ return 0; }}\n"
    command = [*compiler, "-x", language.rstrip("0123456789"), f"-std={language}", "-Wall", "-Werror",
               "-fsyntax-only", *flags, "-"]
    run = subprocess.run(command, input=source, capture_output=True, text=True)
    return None if run.returncode == 0 else run.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cc", required=True)
    parser.add_argument("--cxx", default="")
    parser.add_argument("--include", action="append", required=True)
    parser.add_argument("headers", nargs="+", type=pathlib.Path)
    args = parser.parse_args()

    packages = ["pkg-config", "--cflags", "gio-2.0", "json-glib-1.0"]
    flags = shlex.split(subprocess.run(packages, capture_output=True, text=True, check=True).stdout)
    flags += [f"-I{folder}" for folder in args.include]
    inside = [*flags, "-DINCIDENT_COMPILATION"]
    compilers = [(shlex.split(args.cc), "c11")]
    if args.cxx:
        compilers.append((shlex.split(args.cxx), "c++11"))

    faults = []
    umbrella = next(h for h in args.headers if h.name == "incident.h")
    included = umbrella.read_text(encoding="utf-8")
    headers = [h for h in args.headers if h != umbrella]
    known = {h.name for h in args.headers}
    for header in sorted(umbrella.parent.glob("*.h")):
        if header.name not in known:
            faults.append(f"{header}:1: is not installed: meson.build does not list it")

    def check(header, compiler, language):
        errors = compile_header(compiler, language, inside, header.name)
        if errors:
            yield f"{header}:1: does not compile alone in {language}:\n{errors}"
        direct = compile_header(compiler, language, flags, header.name)
        # It is this header that must say no, not one that it includes.
        if not re.search(rf"{re.escape(header.name)}:\d+:\d+: error: .*{re.escape(GUARD)}", direct or ""):
            yield f"{header}:1: may be included directly: it has no guard"

    for compiler, language in compilers:
        errors = compile_header(compiler, language, flags, umbrella.name)
        if errors:
            faults.append(f"{umbrella}:1: does not compile alone in {language}:\n{errors}")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for found in pool.map(lambda h: list(check(h, compiler, language)), headers):
                faults += found
    for header in headers:
        if f"<libincident/{header.name}>" not in included:
            faults.append(f"{umbrella}:1: does not include <libincident/{header.name}>")

    print("\n".join(faults), end="\n" if faults else "")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
