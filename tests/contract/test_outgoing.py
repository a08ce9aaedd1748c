"""Calls to the outside end, whatever a server does and whatever the machine sets for everybody."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import certifi
import httpx
import pytest

from adapters.outgoing import AnswerTooLarge, Outgoing
from domain.errors import Misconfigured
from tests.support.waiting import let_pass

CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
VARIABLES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSLKEYLOGFILE", *CERTIFICATES)
Serve = Callable[[Callable[[socket.socket], None]], str]


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that does what it likes with the first connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def begin(behave: Callable[[socket.socket], None]) -> str:
        def answer() -> None:
            try:
                connection, _ = listener.accept()
                with closing(connection):
                    connection.recv(65536)
                    behave(connection)
            except OSError:
                return  # the client had enough of it

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    with closing(listener):
        yield begin


def answered(body: bytes, *headers: str) -> bytes:
    lines = ("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def test_an_answer_is_what_the_server_sent_unpacked(serve: Serve) -> None:
    packed = answered(gzip.compress(b'{"a": 1}'), "Content-Encoding: gzip", "X-More: yes")

    with Outgoing() as http:
        response = http.get(serve(lambda client: client.sendall(packed)))

    assert (response.status_code, response.json(), response.headers["x-more"]) == (200, {"a": 1}, "yes")


def test_what_is_small_on_the_wire_and_huge_unpacked_is_given_up(serve: Serve) -> None:
    packed = answered(gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip")

    with Outgoing(most_bytes=1_000_000) as http, pytest.raises(AnswerTooLarge):
        http.get(serve(lambda client: client.sendall(packed)))


def test_what_cannot_be_unpacked_is_unreadable_and_no_traceback_of_zlib(serve: Serve) -> None:
    broken = answered(b"not gzip at all", "Content-Encoding: gzip")

    with Outgoing() as http, pytest.raises(httpx.DecodingError):
        http.get(serve(lambda client: client.sendall(broken)))


def test_an_answer_that_drips_without_end_is_given_up(serve: Serve) -> None:
    def drip(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            client.sendall(b"1\r\n \r\n")
            let_pass(0.01)

    with Outgoing(deadline=0.3) as http, pytest.raises(httpx.ReadTimeout):
        http.get(serve(drip))


def test_a_redirect_is_told_and_not_followed(serve: Serve) -> None:
    elsewhere = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"

    with Outgoing() as http:
        assert http.get(serve(lambda client: client.sendall(elsewhere))).status_code == 302


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks://127.0.0.1:9/"),
        ("all_proxy", "socks5://127.0.0.1:9/"),
        ("HTTPS_PROXY", "gopher://127.0.0.1:9/"),
        ("SSL_CERT_FILE", "/nowhere/cacert.pem"),
        ("SSL_CERT_DIR", "/nowhere"),
        ("SSL_CERT_DIR", "/proc"),  # a folder, and no certificate in it
        ("REQUESTS_CA_BUNDLE", "/nowhere/cacert.pem"),
        ("REQUESTS_CA_BUNDLE", "/proc"),
        ("CURL_CA_BUNDLE", "/nowhere/cacert.pem"),
        ("SSLKEYLOGFILE", "/nowhere/keys"),
        ("NO_PROXY", "é..x"),
        ("NO_PROXY", "http://example.org/path"),
        ("no_proxy", "127.0.0.1,*.é..x"),
    ],
)
def test_a_variable_that_cannot_be_honoured_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured, match=name):
        Outgoing()


def test_certificates_are_loaded_once_until_their_file_is_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    load = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda **how: loaded.append("") or load(**how))
    certificates = tmp_path / "cacert.pem"
    certificates.write_bytes(Path(certifi.where()).read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates))

    for _ in range(3):
        Outgoing().close()
    assert len(loaded) == 1

    os.utime(certificates, (1, 1))
    Outgoing().close()
    assert len(loaded) == 2


@pytest.mark.parametrize("name", ["a..b", "é..x", "a" * 64 + ".example.org", "é" * 70])
def test_a_name_that_cannot_be_one_is_no_connection(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Outgoing() as http, pytest.raises(httpx.ConnectError):
        http.get(f"http://{name}/")

    with pytest.raises((httpx.ConnectError, Misconfigured)), Outgoing(base_url=f"http://{name}") as http:
        http.get("/")

    monkeypatch.setenv("HTTP_PROXY", f"http://{name}:3128")
    with pytest.raises((httpx.ConnectError, Misconfigured)), Outgoing() as http:
        http.get("http://example.org/")


@pytest.mark.parametrize("name", CERTIFICATES)
def test_who_signed_a_certificate_is_whoever_the_first_variable_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = Path(certifi.where())
    (tmp_path / "0a1b2c3d.0").write_bytes(bundle.read_bytes())
    for later in CERTIFICATES[CERTIFICATES.index(name) + 1 :]:
        monkeypatch.setenv(later, "/nowhere")
    monkeypatch.setenv(name, str(tmp_path if name == "SSL_CERT_DIR" else bundle))

    Outgoing().close()


@pytest.mark.parametrize(
    "value", ["127.0.0.1,::1,fe80::/10,*.example.org", "localhost,127.0.0.1,[::1]", "127.0.0.0/8,*"]
)
def test_a_host_in_no_proxy_is_reached_without_one(value: str, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", value)

    with Outgoing() as http:
        assert http.get(serve(lambda client: client.sendall(answered(b"here")))).text == "here"


def test_a_proxy_of_the_machine_is_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", serve(lambda client: client.sendall(answered(b"from the proxy"))))

    with Outgoing() as http:
        assert http.get("http://loket.example.org/").text == "from the proxy"


def test_where_the_environment_does_not_count_a_proxy_does_not_either(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    with Outgoing(environment=False) as http:
        assert http.get(serve(lambda client: client.sendall(answered(b"here")))).text == "here"
