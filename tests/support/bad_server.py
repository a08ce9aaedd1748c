"""A server that means harm, or has gone wrong: one function for each thing that it does to whoever asks it."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Final

from tests.support.waiting import let_pass

Behaviour = Callable[[socket.socket, str], None]
"""What is done to one request, given its target; it may go on for as long as somebody listens."""

_LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_BEAT: Final = 0.02
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


Well = Callable[[str, str], bytes | None]
"""What is answered well, given method and target: that without which a client would never ask for the rest."""


@dataclass
class BadServer:
    url: str
    asked: list[str] = field(default_factory=list)
    wrote: list[str] = field(default_factory=list)  # whatever came with another method than GET, and not for a token


@contextmanager
def bad_server(behave: Behaviour, well: Well = lambda _method, _target: None) -> Iterator[BadServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = BadServer(f"http://127.0.0.1:{listener.getsockname()[1]}")

    def talk(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), closing(connection):
            while received := _request(connection):
                method, target, *_ = [*received.decode(errors="replace").split(" "), "?", "?"]
                server.asked.append(target)
                if method != "GET" and "token" not in target:
                    server.wrote.append(target)
                answer = well(method, target)
                if answer is None:
                    behave(connection, target)
                else:
                    connection.sendall(answer)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with closing(listener):
        yield server


def _request(connection: socket.socket) -> bytes:
    """The head of one request, once its body has come too; what came first of anything else, and nothing at the end."""
    head, found, body = b"", b"", b""
    while not found and (received := connection.recv(65536)):
        head, found, body = (head + received).partition(b"\r\n\r\n")
        if not head.isascii():
            break
    length = _LENGTH.search(head)
    while length and len(body) < int(length[1]) and (received := connection.recv(65536)):
        body += received
    return head


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def _listens(client: socket.socket, _: str) -> None:
    client.recv(1)


def _says(answer: bytes) -> Behaviour:
    return lambda client, _: client.sendall(answer)


def _closes(answer: bytes) -> Behaviour:
    def behave(client: socket.socket, _: str) -> None:
        client.sendall(answer)
        client.shutdown(socket.SHUT_RDWR)

    return behave


def _drips(begin: bytes, drop: bytes, every: float = _BEAT) -> Behaviour:
    def behave(client: socket.socket, _: str) -> None:
        client.sendall(begin)
        while True:
            client.sendall(drop)
            if every:
                let_pass(every)

    return behave


def _bomb(layers: int, header: str) -> Behaviour:
    return lambda client, _: client.sendall(whole(_packed(layers), header))


@cache
def _packed(layers: int) -> bytes:
    """100 MB of spaces in 100 KB; packed once more, in some hundred bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(100)) + packer.flush()
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    return packed


def _pages() -> Behaviour:
    """A token for whoever wants one, and then one page after another, of Personio's form and of Loket's."""
    cursors = count()

    def behave(client: socket.socket, target: str) -> None:
        if "token" in target:
            return client.sendall(whole(b'{"access_token": "t", "refresh_token": "r", "expires_in": 3600}'))
        at = next(cursors)
        link = f'{{"href": "https://elsewhere.example.org/?cursor={at}"}}'
        totals = '"totalSize": 9, "totalPages": 1000000000'
        page = f'{{"_data": [], "_meta": {{"links": {{"next": {link}}}}}, {totals}, "_embedded": []}}'
        return client.sendall(whole(page.encode()))

    return behave


_PACKED = "Content-Encoding: gzip"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_MANY = b"10000\r\n" + b" " * 65536 + b"\r\n"
_DEEP = 100_000
_YEAR = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"

NONSENSE: Final[dict[str, Behaviour]] = {
    "sends a page for people": _says(whole(b"<html>Sign in</html>", "Content-Type: text/html")),
    "sends what is no UTF-8": _says(whole(b'{"access_token": "\xff\xfe", "keys": "\xff"}')),
    "nests lists": _says(whole(b"[" * _DEEP + b"]" * _DEEP)),
    "nests objects": _says(whole(b'{"keys":' * _DEEP)),
    "nests beside half a character": _says(whole(b'["\\ud83d",' + b"[" * _DEEP)),
    "sends a number of a million digits": _says(whole(b'{"expires_in": ' + b"9" * 1_000_000 + b"}")),
    "sends a number larger than everything": _says(whole(b'{"access_token": "t", "expires_in": 1e999999999}')),
    "sends a number of four hundred digits": _says(whole(b'{"access_token": "t", "expires_in": ' + b"9" * 400 + b"}")),
    "sends lists where numbers were meant": _says(whole(b'{"access_token": "t", "expires_at": [], "expires_in": []}')),
    "sends nothing but null": _says(whole(b"null")),
    "sends lists of numbers": _says(whole(b'{"access_token": 1, "keys": [1], "_data": [1], "_embedded": [1]}')),
    "names a codec that unpacks": _bomb(1, "Content-Type: text/plain; charset=zlib_codec"),
}
"""Sound HTTP with nothing of use in it."""

BEHAVIOURS: Final[dict[str, Behaviour]] = {
    **NONSENSE,
    "never answers": _listens,
    "drips its headers": _drips(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "sends header lines without end": _drips(_OK, b"X-More: 1\r\n" * 1000, 0.0),
    "sends hints without end": _drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001),
    "drips its body": _drips(_CHUNKED, b"1\r\n \r\n"),
    "sends a body without end": _drips(_CHUNKED, _MANY, 0.0),
    "refuses with a body without end": _drips(_CHUNKED.replace(b"200 OK", b"401 No"), _MANY, 0.0),
    "fails with a body without end": _drips(_CHUNKED.replace(b"200 OK", b"500 No"), _MANY, 0.0),
    "sends a bomb": _bomb(1, _PACKED),
    "sends a bomb in a bomb": _bomb(2, "Content-Encoding: gzip, gzip"),
    "sends half a packed answer": _says(whole(gzip.compress(b"{}" * 999)[:-9], _PACKED)),
    "packs in its own way": _says(whole(b"{}", "Content-Encoding: br")),
    "leads to a file": _says(whole(b"", "Location: file:///etc/passwd", status="302 Found")),
    "leads to the cloud's own address": _says(whole(b"", "Location: http://169.254.169.254/", status="307 Over There")),
    "leads to itself": _says(whole(b"", "Location: /followed", status="301 Moved")),
    "closes at once": _closes(b""),
    "closes in the middle": _closes(_OK + b"Content-Length: 100\r\n\r\n{"),
    "closes in a chunk": _closes(_CHUNKED + b"ff\r\n{"),
    "speaks TLS where HTTP was meant": _closes(b"\x15\x03\x03\x00\x02\x02\x46" * 9),
    "speaks no HTTP": _closes(b"220 mail.example.org ESMTP\r\n\x00\xff\r\n\r\n"),
    "is busy until a year of twenty digits": _says(
        whole(b"{}", f"Retry-After: {_YEAR}", f"Date: {_YEAR}", status="503 Busy")
    ),
    "says a length below nothing": _says(_OK + b"Content-Length: -1\r\n\r\n"),
    "says two lengths": _says(_OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
    "lists without end": _pages(),
}
