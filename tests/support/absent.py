"""A database that is away: a port that refuses, or one at which nobody answers, until the database is there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from psycopg.conninfo import conninfo_to_dict

from tests.support.ports import free_port

_CHUNK = 65_536


@dataclass
class Absent:
    """In front of a PostgreSQL server, whatever its databases are; away at first."""

    server: str  # the URL of any of its databases
    port: int = field(default_factory=free_port)
    _listening: list[socket.socket] = field(default_factory=list)
    _carried: list[socket.socket] = field(default_factory=list)

    def url(self, of: str) -> str:
        """By which a database is found here, with no patience for whom does not answer."""
        name = conninfo_to_dict(of)["dbname"]
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}?connect_timeout=2"

    def hangs(self) -> None:
        """Whoever connects waits for an answer."""
        self._listening.append(socket.create_server(("127.0.0.1", self.port), backlog=64))

    def comes(self) -> None:
        self.goes()
        self.hangs()
        threading.Thread(target=self._accept, args=(self._listening[-1],), daemon=True).start()

    def goes(self) -> None:
        """Nothing that was connected is any more, and the port refuses."""
        for one in (*self._listening, *self._carried):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._listening, self._carried = [], []

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client = listener.accept()[0]
                there = self._connected()
                self._carried += (client, there)
                for pair in ((client, there), (there, client)):
                    threading.Thread(target=_pumped, args=pair, daemon=True).start()

    def _connected(self) -> socket.socket:
        given = conninfo_to_dict(self.server)
        host, port = str(given["host"]), given.get("port", 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, int(port)))
        one = socket.socket(socket.AF_UNIX)
        one.connect(f"{host}/.s.PGSQL.{port}")
        return one


def _pumped(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def absent(server: str) -> Iterator[Absent]:
    one = Absent(server)
    try:
        yield one
    finally:
        one.goes()
