# SPDX-License-Identifier: LGPL-2.1-or-later
"""A PostgreSQL server of our own, for as long as the measurement lasts."""
import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import subprocess


def _programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    return pathlib.Path(found[-1]) if found else None


@contextlib.contextmanager
def server(folder):
    """The environment that leads to it; empty where there is none to be had."""
    programs = _programs()
    if programs is None:
        yield {}
        return
    data, socket = folder / "postgres", folder / "socket"
    shutil.rmtree(data, ignore_errors=True)
    socket.mkdir(exist_ok=True)
    # The server will not run as root.
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    as_user = ["runuser", "-u", user, "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(socket, user)
        for parent in (folder, *folder.parents):
            parent.chmod(parent.stat().st_mode | 0o011) if parent.owner() == "root" and parent != parent.parent else None
        data.mkdir(mode=0o700)
        shutil.chown(data, user)

    def call(*command):
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    call(str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={socket} -c synchronous_commit=on -c fsync=on"
    call(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield {"PGHOST": str(socket), "PGUSER": "bench", "PGDATABASE": "postgres"}
    finally:
        call(str(programs / "pg_ctl"), "-D", str(data), "-m", "fast", "stop")


@contextlib.contextmanager
def nothing():
    yield {}
