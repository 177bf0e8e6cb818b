# SPDX-License-Identifier: LGPL-2.1-or-later
"""A PostgreSQL server of our own, for as long as the measurement lasts."""
import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

USER = "postgres"
# The name of a socket has 107 characters at most.
MAX_PATH = 70
_postmaster = None


def _programs():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_user():
    """The server will not run as root. None if there is nobody whom it can run as."""
    if os.getuid() != 0:
        return []
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return None
    return ["runuser", "-u", USER, "--"]


def _can_reach(as_user, folder):
    return subprocess.run([*as_user, "test", "-x", folder], check=False).returncode == 0


def written():
    """Bytes that the processes of the server have written so far: as BYTES of a worker answers."""
    asked = dirtied = 0
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if _postmaster in (int(process.name), int(parent)):
                counts = dict(line.split(": ") for line in (process / "io").read_text().splitlines())
                asked += int(counts["wchar"])
                dirtied += int(counts["write_bytes"])
        except (OSError, IndexError):
            continue
    return [asked, dirtied]


@contextlib.contextmanager
def server(folder):
    """The environment that leads to it; empty where there is none to be had."""
    programs, as_user = _programs(), _as_user()
    if programs is None or as_user is None:
        yield {}
        return
    if as_user:
        folder.chmod(0o711)
    # A build below the home of root is closed to others, and one far down has too long a name.
    base = folder if _can_reach(as_user, folder) and len(str(folder)) <= MAX_PATH else "/var/tmp"
    with tempfile.TemporaryDirectory(prefix="bench-", dir=base) as home:
        home = pathlib.Path(home)
        if as_user:
            shutil.chown(home, USER)
        with _running(home, programs, as_user) as environment:
            yield environment


@contextlib.contextmanager
def _running(home, programs, as_user):
    global _postmaster
    data = home / "data"

    def call(*command):
        subprocess.run([*as_user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    call(programs / "initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c synchronous_commit=on -c fsync=on"
    call(programs / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start")
    _postmaster = int((data / "postmaster.pid").read_text().split()[0])
    try:
        yield {"PGHOST": str(home), "PGUSER": "bench", "PGDATABASE": "postgres"}
    finally:
        call(programs / "pg_ctl", "-D", data, "-m", "fast", "stop")


@contextlib.contextmanager
def nothing():
    yield {}
