"""`tweeluik` at the price of a fork: a server with everything loaded runs each command in a process of its own.

The `tweeluik` that `forked_command` puts in a folder takes arguments, folder, environment, and the three streams of
whoever calls it, so a shell sees no difference. Only what loading does is not tried: `test_cli_start` does that.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import until

CLIENT = """\
#!{python} -ISs
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(asked).to_bytes(4)], [0, 1, 2])
    server.sendall(asked)
    code = server.recv(1)
os._exit(code[0] if code else 1)
"""


@pytest.fixture(scope="session")
def tweeluik(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The command, for whoever does not kill it or ask how it starts."""
    with forked_command(tmp_path_factory.mktemp("bin")) as folder:
        yield folder / "tweeluik"


@contextmanager
def forked_command(folder: Path) -> Iterator[Path]:
    """A folder for PATH in which `tweeluik` is."""
    address, command = folder / "server", folder / "tweeluik"
    server = subprocess.Popen([sys.executable, "-m", "tests.support.forked", address], start_new_session=True)
    try:
        until(address.exists)
        command.write_text(CLIENT.format(python=sys.executable, address=str(address)))
        command.chmod(0o755)
        yield folder
    finally:
        server.kill()
        server.wait()


def serve(address: str) -> None:
    from api.cli.app import loaded
    from api.cli.listed import COMMANDS

    for name in COMMANDS:
        loaded(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{address}.new")
        listening.listen()
        os.rename(f"{address}.new", address)
        while True:
            asking, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _run(asking)
            asking.close()


def _run(asking: socket.socket) -> None:
    """One command, as `tweeluik` runs it; ends the process."""
    from api.cli.main import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(asking, 4, 3)
    with asking.makefile("rb") as rest:
        arguments, folder, environment = json.loads(rest.read(int.from_bytes(size)))
    for own, theirs in enumerate(streams):
        os.dup2(theirs, own)
        os.close(theirs)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    code = main(arguments)
    sys.stdout.flush()
    asking.sendall(bytes([code]))
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
