"""Slow, silent and broken clients hold up nobody, and what they did not finish is never acted on."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import http.client
import os
import resource
import selectors
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from api.config.serve import ServeSection
from api.http.app import create_app
from api.http.connections import LONGEST_HEAD, Deadlines, most_connections, network_of, settled
from api.http.dependencies import Requires
from api.http.listeners import COUNTED, MOST_OF_ONE
from api.http.middleware import Limits, Rates
from api.pages.asking import Site
from api.pages.site import pages_app
from domain.access import Permission, Role
from tests.support.http_api import Api, http_api
from tests.support.http_served import serving
from tests.support.waiting import until

SOON: Final = Deadlines(head=0.2, body=0.2, take=0.2)
MANY: Final = 1000 if os.environ.get("HOSTILE") == "all" else 100
THREADS: Final = 40  # of anyio, for routes that wait
RUNS: Final = "/v1/legal-entities/170/sync-runs"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("connections")
    with http_api(f"sqlite:///{folder}/log.db", folder) as api:
        yield api


@contextmanager
def on_a_port(api: Api, deadlines: Deadlines = Deadlines(), **limits: Any) -> Iterator[int]:  # noqa: B008
    serve = ServeSection.model_validate(limits)
    api.web.settings = api.web.settings.model_copy(update={"serve": serve})
    with serving(create_app(api.web), serve, deadlines) as port:
        yield port


def said(port: int, *parts: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    for part in parts:
        connection.sendall(part)
    return connection


def ended(connection: socket.socket) -> bytes:
    """What the server said until it closed the connection."""
    received = b""
    with closing(connection), contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            received += part
    return received


def get(port: int, path: str, key: str = "") -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as client:
        client.request("GET", path, headers={"Authorization": f"Bearer {key}"} if key else {})
        return client.getresponse().status


def post(key: str, *more: str) -> bytes:
    headers = ("Host: x", f"Authorization: Bearer {key}", "Content-Type: application/json", "Idempotency-Key: 12345678")
    return "\r\n".join((f"POST {RUNS} HTTP/1.1", *headers, *more, "", "")).encode()


HEAD = b"GET /healthz HTTP/1.1\r\nHost: tweeluik\r\n"
UNFINISHED = {
    "says nothing": (),
    "begins a head": (HEAD,),
    "begins the head of a second request": (HEAD + b"\r\n" + HEAD,),
    "begins a body": (post("none", "Content-Length: 9"), b"{"),
    "begins a chunk": (post("none", "Transfer-Encoding: chunked"), b"9\r\n{"),
}


@pytest.mark.parametrize("how", UNFINISHED)
def test_what_is_never_finished_is_ended(api: Api, how: str) -> None:
    with on_a_port(api, SOON) as port:
        received = ended(said(port, *UNFINISHED[how]))

    assert received.count(b"HTTP/1.1") == ("second" in how)


def test_dripping_gains_no_time(api: Api) -> None:
    """The deadline is for the whole head: this one would take days."""
    with on_a_port(api, SOON) as port:
        connection = said(port, HEAD)

        def closed() -> bool:
            try:
                connection.sendall(b"x")
            except ConnectionError:
                return True
            return False

        until(closed, "the end of the connection")
        connection.close()


def test_an_answer_that_nobody_takes_is_ended(api: Api) -> None:
    with on_a_port(api, SOON) as port, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: tweeluik\r\n\r\n" * 40)
        until(lambda: is_reset(connection), "the end of the connection")


def is_reset(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0


@pytest.mark.parametrize(
    "more",
    [("Content-Length: 100",), ("Transfer-Encoding: chunked",)],
    ids=["a length that is not reached", "chunks that break off"],
)
def test_a_body_that_is_cut_short_is_never_acted_on(api: Api, more: tuple[str, ...]) -> None:
    chunk = b"2\r\n{}\r\n" if "chunked" in more[0] else b"{}"  # all that a run needs, if it were the whole
    begun: list[object] = []
    api.web.tools = lambda: begun.append(1)  # type: ignore[assignment, return-value]

    with on_a_port(api) as port:
        connection = said(port, post(api.key(Role.OPERATOR), *more), chunk)
        connection.shutdown(socket.SHUT_WR)
        received = ended(connection)

    assert received == b""
    assert (api.web.runs, begun) == ([], [])


def test_who_has_waited_longest_makes_room_for_whoever_comes(api: Api) -> None:
    with on_a_port(api, max_connections=3) as port, ExitStack() as held:
        silent = [held.enter_context(said(port)) for _ in range(3)]
        status = get(port, "/healthz")

        assert status == 200
        assert ended(silent[0]) == b""
        silent[2].sendall(HEAD + b"\r\n")
        assert silent[2].recv(8) == b"HTTP/1.1"


def test_one_address_has_no_more_than_its_part_and_a_trusted_proxy_all(api: Api) -> None:
    def held_open(**limits: Any) -> int:
        with on_a_port(api, max_connections_per_address=2, **limits) as port, ExitStack() as held:
            silent = [held.enter_context(said(port)) for _ in range(5)]
            assert get(port, "/healthz") == 200
            with selectors.DefaultSelector() as reading:
                for each in silent:
                    reading.register(each, selectors.EVENT_READ)
                return len(silent) - len(reading.select(0))

    assert held_open() <= 2
    assert held_open(trusted_proxies=["127.0.0.0/8"]) == 5


def test_a_thousand_slow_clients_hold_up_nobody(api: Api) -> None:
    """A hundred in the suite. Each is slow in one of five ways, and health and a caller with a key are answered."""
    key = api.key(Role.AUDITOR, None)
    with on_a_port(api, Deadlines(head=2.0, body=2.0, take=2.0)) as port, ExitStack() as held:
        ways = [*UNFINISHED.values()]
        slow = []
        for place in range(MANY):
            with contextlib.suppress(ConnectionError):  # made room for another while it still spoke
                slow.append(held.enter_context(said(port)))
                for part in ways[place % len(ways)]:
                    slow[-1].sendall(part)
            if place % 50 == 49:
                assert get(port, "/healthz") == 200
                assert get(port, "/readyz") == 200
                assert get(port, "/v1/attributes", key) in (200, 429)
        for each in slow:
            ended(each)
        answered = get(port, "/v1/attributes", key)

    assert len(slow) == MANY
    assert answered in (200, 429)


def test_health_is_answered_when_everything_else_is_at_work() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])
        if scope["path"] == "/v1/long":
            await ask("/v1/another")  # while this one is at work
            await ask("/healthz")

    async def ask(path: str) -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            statuses.append(message.get("status"))

        scope = {"type": "http", "path": path, "method": "GET", "headers": [], "client": ("10.0.0.1", 1)}
        await limits(scope, receive, send)

    reached: list[str] = []
    statuses: list[int | None] = []
    limits = Limits(app, rates=Rates(100), max_body=10, at_once=2)
    asyncio.run(ask("/v1/long"))

    assert reached == ["/v1/long", "/healthz"]
    assert 503 in statuses


def test_a_client_that_takes_its_answer_slowly_keeps_nobody_from_being_answered() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(path: str) -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(_: Any) -> None:
            if path == "/slow":
                await ask("/quick")

        scope = {"type": "http", "path": path, "method": "GET", "headers": [], "client": ("10.0.0.1", 1)}
        await limits(scope, receive, send)

    reached: list[str] = []
    limits = Limits(app, rates=Rates(100), max_body=10, at_once=2)
    asyncio.run(ask("/slow"))

    assert reached == ["/slow", "/quick"]


def test_whoever_listens_to_events_keeps_nobody_from_being_answered() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])
        kind = b"text/event-stream; charset=utf-8" if scope["path"] == "/listen" else b"application/json"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        if scope["path"] != "/quick":
            await ask("/quick")  # before it goes on
        await send({"type": "http.response.body", "body": b""})

    async def ask(path: str) -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        async def send(_: Any) -> None:
            """Taken at once."""

        scope = {"type": "http", "path": path, "method": "GET", "headers": [], "client": ("10.0.0.1", 1)}
        await limits(scope, receive, send)

    reached: list[str] = []
    limits = Limits(app, rates=Rates(100), max_body=10, at_once=2)
    for path in ("/listen", "/work", "/listen", "/work"):
        asyncio.run(ask(path))

    assert reached == ["/listen", "/quick", "/work", "/listen", "/quick", "/work"]


LISTEN: Final = b"GET /listened HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"


@contextmanager
def listened(api: Api, **limits: Any) -> Iterator[tuple[int, Callable[[Role], tuple[int, socket.socket]]]]:
    """The port, and who begins to listen there with a key: the status, and the connection."""
    serve = ServeSection.model_validate({"requests_per_minute": 1_000_000, **limits})
    api.web.settings = api.web.settings.model_copy(update={"serve": serve})
    app = create_app(api.web)

    @app.get(
        "/listened",
        response_class=EventSourceResponse,
        dependencies=[Depends(Requires(Permission.READ_RUNS)), COUNTED],
    )
    async def events() -> AsyncIterator[ServerSentEvent]:
        while True:
            yield ServerSentEvent(event="progress", data={})
            await asyncio.sleep(3600)

    with serving(app, serve) as port, ExitStack() as held:

        def listen(role: Role) -> tuple[int, socket.socket]:
            connection = held.enter_context(said(port, LISTEN % api.key(role).encode()))
            return int(connection.recv(12).split()[1]), connection

        yield port, listen


def test_a_connection_that_listens_is_ended_when_another_needs_it(api: Api) -> None:
    with listened(api, max_connections=1) as (port, listen):
        status, connection = listen(Role.AUDITOR)
        health = get(port, "/healthz")

        assert (status, health) == (200, 200)
        ended(connection)  # which would wait for ever


def test_one_key_listens_so_often_and_others_do_too_until_there_are_too_many(api: Api) -> None:
    with listened(api, max_connections=40) as (_, listen):
        of_one = [listen(Role.AUDITOR) for _ in range(MOST_OF_ONE + 1)]
        of_another = [listen(Role.OPERATOR)[0] for _ in range(3)]
        for _, connection in of_one:
            connection.close()
        until(lambda: listen(Role.AUDITOR)[0] == 200, "the end of those who left")

    assert [status for status, _ in of_one] == [200] * MOST_OF_ONE + [429]
    assert of_another == [200, 200, 503]


def test_every_answer_that_tells_of_events_is_counted(api: Api) -> None:
    site = Site("http://tweeluik")
    routes = [*create_app(api.web).state.routes, *pages_app(api.web, site).state.routes]
    telling = [one for one in routes if getattr(one, "response_class", None) is EventSourceResponse]

    assert len(telling) >= 7
    assert [one.path for one in telling if COUNTED not in one.dependencies] == []


@pytest.mark.parametrize("where", ["in a header", "in many headers", "in the address", "after the last chunk"])
def test_a_head_that_comes_whole_may_be_no_longer_than_one_in_parts(api: Api, where: str) -> None:
    long = "x" * (LONGEST_HEAD + 1)
    head, more = ["GET /healthz HTTP/1.1", "Host: x", "Connection: close"], ""
    match where:
        case "in a header":
            head.append(f"X: {long}")
        case "in many headers":
            head += [f"X{place}: x" for place in range(LONGEST_HEAD // 6)]
        case "in the address":
            head[0] = f"GET /healthz?{long} HTTP/1.1"
        case _:
            head, more = [*head, "Transfer-Encoding: chunked"], f"0\r\nX: {long}\r\n\r\n"
    with on_a_port(api) as port:
        received = ended(said(port, ("\r\n".join([*head, "", ""]) + more).encode()))

    assert b"HTTP/1.1 200" not in received


def test_health_needs_none_of_the_threads_that_answer_everything_else(api: Api) -> None:
    serve = ServeSection(requests_per_minute=1_000_000)
    api.web.settings = api.web.settings.model_copy(update={"serve": serve})
    app, ended, reached = create_app(api.web), threading.Event(), threading.Semaphore(0)

    @app.get("/blocked")
    def blocked() -> None:
        reached.release()
        ended.wait()

    with serving(app, serve) as port, ExitStack() as held:
        for _ in range(THREADS + 5):
            held.enter_context(said(port, b"GET /blocked HTTP/1.1\r\nHost: x\r\n\r\n"))
        for _ in range(THREADS):
            reached.acquire()
        try:
            assert [get(port, path) for path in ("/healthz", "/readyz")] == [200, 200]
        finally:
            ended.set()


@pytest.mark.parametrize(("files", "most"), [(256, 96), (20_000, 512), (100, 1), (resource.RLIM_INFINITY, 512)])
def test_there_are_no_more_connections_than_files_may_be_open(
    files: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))

    assert most_connections(ServeSection()) == most


def test_what_was_there_before_the_first_request_is_not_looked_through_for_garbage(api: Api) -> None:
    made_before: list[object] = []

    with on_a_port(api):
        looked_through = [one for one in gc.get_objects() if one is made_before]

    assert looked_through == []


def test_of_ipv6_a_whole_network_is_one_client() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") != network_of("10.0.0.2")


def test_a_proxy_is_believed_only_where_it_is_named(tmp_path: Path) -> None:
    """Whoever makes an address up in X-Forwarded-For counts as themselves."""

    def answered(trusted: list[str]) -> set[int]:
        with http_api(f"sqlite:///{tmp_path}/{len(trusted)}.db", tmp_path) as api:
            serve = ServeSection(requests_per_minute=10, trusted_proxies=trusted)
            api.web.settings = api.web.settings.model_copy(update={"serve": serve})
            api.app = create_app(api.web)
            return {
                api.ask("GET", "/v1/rules", "tw_0000000000.x", {"X-Forwarded-For": f"203.0.113.{n}"}).status_code
                for n in range(30)
            }

    assert answered([]) == {401, 429}
    assert answered(["127.0.0.1"]) == {401}


@pytest.mark.parametrize("first", [True, False])
def test_two_credentials_are_refused(api: Api, first: bool) -> None:
    key, other = f"Authorization: Bearer {api.key(Role.AUDITOR)}", "Authorization: Bearer tw_0000000000.x"
    lines = ("GET /v1/rules HTTP/1.1", "Host: x", *((key, other) if first else (other, key)), "Connection: close")
    with on_a_port(api) as port:
        received = ended(said(port, "\r\n".join((*lines, "", "")).encode()))

    assert received.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("target", "headers", "body", "problem"),
    [
        ("limit=1&limit=2", (), b"{}", b"repeated"),
        ("", ("Idempotency-Key: 1234567890", "Idempotency-Key: 0987654321"), b"{}", b"repeated"),
        ("", ("Content-Length: 5", "Transfer-Encoding: chunked"), b"2\r\n{}\r\n0\r\n\r\n", b"two-lengths"),
        (" HTTP/1.0", ("Transfer-Encoding: chunked",), b"2\r\n{}\r\n0\r\n\r\n", b"chunks-in-1.0"),
        ("", ("Content-Encoding: gzip",), b"{}", b"packed"),
        ("", (), b'{"confirm": "a", "confirm": "b"}', b"repeated"),
        ("", (), '{"confirm": "a"}'.encode("utf-16"), b"not-utf-8"),
        ("", (), '{"confirm": "a"}'.encode("utf-16-le"), b"not-utf-8"),
        ("", (), '{"confirm": "a"}'.encode("utf-32-be"), b"not-utf-8"),
        ("", (), b'\xef\xbb\xbf{"confirm": "a", "confirm": "b"}', b"repeated"),
    ],
)
def test_what_a_proxy_may_read_otherwise_than_we_do_is_refused(
    api: Api, target: str, headers: tuple[str, ...], body: bytes, problem: bytes
) -> None:
    told = any(one.startswith(("Content-Length", "Transfer-Encoding")) for one in headers)
    length = () if told else (f"Content-Length: {len(body)}",)
    question = f"POST /v1/legal-entities/170/sync-runs?{target}{'' if 'HTTP' in target else ' HTTP/1.1'}"
    key = f"Authorization: Bearer {api.key(Role.PAYROLL_ADMIN)}"
    lines = (question, "Host: x", "Connection: close", key, "Content-Type: application/json", *headers, *length)
    with on_a_port(api) as port:
        received = ended(said(port, "\r\n".join((*lines, "", "")).encode() + body))

    assert received.startswith(b"HTTP/1.1 400")
    assert b"urn:tweeluik:problem:" + problem in received
    assert not api.web.runs


def test_a_server_seldom_looks_for_garbage_and_never_in_what_it_began_with() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        gc.set_threshold(700)
        settled()

        assert (gc.get_threshold()[0], gc.get_freeze_count() > frozen) == (10_000, True)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
