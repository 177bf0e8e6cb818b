# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table for people, and what it was measured on."""
import os
import pathlib
import platform
import re
import shutil
import sqlite3
import subprocess
import time

HEAD = ["what", "limit", "ours", "ratio (min–max)", "goal", "verdict", "written a transition", "ours is better than"]
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"


def figure(value, unit):
    if value is None:
        return "–"
    if unit == "bytes":
        return f"{value:,.0f} B"
    for limit, size, name in ((1000, 1, "ns"), (1e6, 1e3, "µs"), (float("inf"), 1e6, "ms")):
        if value < limit:
            return f"{value / size:.3g} {name}"
    raise ValueError(value)


def times(value):
    return f"{value:.3g} ×" if value < 1000 else f"{value:,.0f} ×"


def bytes_of(result):
    return ", ".join(f"{name} {figure(counts[0], 'bytes')}" for name, counts in result.get("bytes_written", {}).items() if counts)


def peers_of(result):
    peers = [f"{peer['name']} {times(peer['times'])} ({peer['times_min']:.3g}–{peer['times_max']:.3g}"
             + ("" if peer["goal"] is None else f", goal {peer['goal']:g}, {'met' if peer['met'] else 'missed'}") + ")"
             for peer in result["peers"]]
    return "; ".join(peers + [f"{name}: skipped ({reason})" for name, reason in result["skipped"].items()])


def goal_of(result):
    goals = ([f"≤ {times(result['goal'])}"] if result["goal"] else []) + \
        ([f"≤ {figure(result['goal_absolute'], result['unit'])}"] if result["goal_absolute"] else [])
    return ", ".join(goals) or "–"


def line_of(result):
    """One row of the table."""
    if "ratio" not in result:
        return [result["what"], "skipped: " + "; ".join(sorted(set(result["skipped"].values())))] + [""] * (len(HEAD) - 2)
    verdict = "void" if result["void"] else "–" if goal_of(result) == "–" else "met" if result["met"] else "missed"
    if result.get("restless"):
        verdict += ", restless"
    return [result["what"], figure(result["limit"], result["unit"]), figure(result["ours"], result["unit"]),
            f"{result['ratio']:.2f} ({result['ratio_min']:.2f}–{result['ratio_max']:.2f})",
            goal_of(result), verdict, bytes_of(result), peers_of(result)]


def _first_line(*command):
    if not shutil.which(command[0]):
        return None
    found = re.search(r"\d+(?:\.\d+)+", subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return found[0] if found else None


def file_system(folder):
    return subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True, check=True).stdout.split()[-1]


def machine(folder):
    """What the figures depend on."""
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', pathlib.Path("/etc/os-release").read_text(), re.M)
    versions = {
        "GLib": _first_line("pkg-config", "--modversion", "glib-2.0"), "SQLite": sqlite3.sqlite_version,
        "Python": platform.python_version(), "PostgreSQL": _first_line("psql", "--version"),
        "Node": _first_line("node", "--version"), "Alertmanager": _first_line("prometheus-alertmanager", "--version"),
    }
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "processor": f"{os.cpu_count()} × {model[1] if model else platform.machine()}",
        "system": f"{system[1] if system else platform.system()}, Linux {platform.release().split('-')[0]}",
        "disk": file_system(folder), "versions": {name: version for name, version in versions.items() if version},
    }


def markdown(about, results):
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    lines = [HEAD, ["---"] * len(HEAD)] + [line_of(result) for result in results]
    return (f"{BEGIN}\n\nMeasured on {about['date']}: {about['processor']}; {about['system']}; file system {about['disk']}; "
            f"{versions}.\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + f"\n\n{END}\n")


def write(path, about, results):
    """To a new file, or in the place of the block that a page has."""
    block = markdown(about, results)
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    before, begin, rest = page.partition(BEGIN + "\n")
    _, end, after = rest.partition(END + "\n")
    path.write_text(before + block + after if begin and end else block, encoding="utf-8")
