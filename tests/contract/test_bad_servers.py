"""Whatever a server does, each of our clients ends: in time, in bounded memory, and with the one error it documents.

The suite asks a few of these things of every client; `make fuzz` (HOSTILE=all) asks all of them.
"""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any, Final

import certifi
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters import transport
from adapters.access import code_flow as code_flow_module
from adapters.access import tokens
from adapters.access.code_flow import Begun, CodeFlow, posted
from adapters.access.tokens import fetched
from adapters.alerts import mail_and_chat, webhook
from adapters.alerts.addresses import PRIVATE
from adapters.alerts.mail_and_chat import MailAndChat
from adapters.alerts.sending import Ended, sent
from adapters.alerts.webhook import WebhookChannel
from adapters.log.proof.notes import NoteRejected, VerifierKey, open_checkpoint
from adapters.log.proof.witnessing import WitnessAddress, heads_seen_by
from adapters.loket.client import LoketClient
from adapters.loket.sign_in import exchange
from adapters.personio.client import PersonioClient
from adapters.personio.webhooks import PersonioWebhooks
from domain.attributes import CATALOGUE
from domain.errors import TweeluikError, Unreachable
from domain.services.alerts.deliver import Post
from domain.settings import LegalEntity
from domain.values import LegalEntityId
from tests.support.bad_server import BEHAVIOURS, NONSENSE, bad_server, whole
from tests.support.inboxes import SECRET
from tests.support.memory_secrets import MemorySecrets
from tests.support.openid import Token, provider
from tests.support.waiting import let_pass
from tests.support.witnesses import SIGNER

SOON: Final = 0.25  # seconds that a call may take here
LONG: Final = 60.0  # seconds that no client takes, whatever it tries again, on a busy machine
MUCH: Final = 128 * 1024  # KB of memory
NOON: Final = datetime(2026, 3, 15, 12, tzinfo=UTC)
TULP: Final = LegalEntity(LegalEntityId("170"), "Tulp", "employer", "administration")
POST: Final = Post("alert-1", "One difference", "One difference", NOON, {})
TIMEOUT: Final = httpx.Timeout(SOON)


def personio(url: str) -> None:
    with closing(PersonioClient(url, "id", "secret", {}, sleep=lambda _: None, timeout=TIMEOUT)) as client:
        client.read(TULP, today=date(2026, 3, 15))


def loket(url: str) -> None:
    with closing(
        LoketClient(
            url, f"{url}/token", "id", "secret", "first", MemorySecrets(), CATALOGUE, sleep=lambda _: None,
            timeout=TIMEOUT,
        )
    ) as client:  # fmt: skip
        client.administrations()


def sign_in(url: str) -> None:
    exchange(
        f"{url}/token",
        "id",
        "secret",
        "code",
        "http://127.0.0.1/",
        open_client=lambda: transport.open_http("", TIMEOUT, system="Loket"),
    )


def identity_provider(url: str) -> None:
    assert provider(fetch=fetched(url)).caller(Token().text()) is None


def code_flow(url: str) -> None:
    flow = CodeFlow("id", "secret", f"{url}/authorize", f"{url}/token", CALLBACK, provider(), posted)
    if flow.end(Begun("state", "nonce", "v" * 50), f"{CALLBACK}?code=1&state=state") is None:
        raise Unreachable("nobody has signed in")


def personio_webhook(url: str) -> None:
    with transport.open_http(url, TIMEOUT, system="Personio") as http:
        reader = transport.Reader("Personio", http, sleep=lambda _: None, monotonic=time.monotonic)
        PersonioWebhooks(http, reader).install("https://tweeluik.example.org/webhooks/personio", "token")


def witness(url: str) -> None:
    address = WitnessAddress(url, SIGNER.verifier, SOON)
    try:
        for note in heads_seen_by([address], LOG) or [""]:
            open_checkpoint(note, LOG)
    except NoteRejected as reason:
        raise Unreachable("no head") from reason


def alert_webhook(url: str) -> None:
    cause = WebhookChannel(url, SECRET, frozenset({"127.0.0.1"})).send(POST, NOON)
    if cause is not None:
        assert "\n" not in cause
        raise Unreachable(cause)


def chat(url: str) -> None:
    named = url.replace("http", "matrix", 1).replace("://", "://tweeluik:token@")
    cause = MailAndChat(f"{named}/#desk", frozenset({"127.0.0.1"})).send(POST, NOON)
    if cause is not None:
        raise Unreachable(cause)


CALLBACK: Final = "https://tweeluik.example.org/sign-in/callback"
LOG: Final = VerifierKey("example.org/log", bytes(32))
CLIENTS: Final[dict[str, Callable[[str], None]]] = {
    each.__name__: each
    for each in (personio, personio_webhook, loket, sign_in, identity_provider, code_flow, witness, alert_webhook, chat)
}

LISTS: Final = "lists without end"
SAMPLE: Final = (
    "drips its headers",
    "sends a bomb in a bomb",
    "refuses with a body without end",
    "nests lists",
    LISTS,
    "sends a number larger than everything",
    "sends a number of four hundred digits",
    "sends lists where numbers were meant",
    "is busy until a year of twenty digits",
)
ASKED: Final = tuple(BEHAVIOURS) if os.environ.get("HOSTILE") == "all" else SAMPLE


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of the product, but small, so that each can be met in a moment."""
    for place, name, value in (
        (transport, "DEADLINE", SOON), (transport, "MOST_BYTES", 1 << 20), (transport, "MOST_PAGES", 20),
        (tokens, "_DEADLINE", SOON), (code_flow_module, "_DEADLINE", SOON), (webhook, "_DEADLINE", SOON),
        (mail_and_chat, "_DEADLINE", SOON),
    ):  # fmt: skip
        monkeypatch.setattr(place, name, value)


def answered(client: str, behaviour: str) -> bool:
    """Where that is no fault: an alert's receiver may answer 200 with anything, and the last one does give a token."""
    return (client == "alert_webhook" and behaviour in {*NONSENSE, LISTS}) or (client, behaviour) == ("sign_in", LISTS)


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("behaviour", ASKED)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_ends_in_time_in_little_memory_and_with_its_own_error(client: str, behaviour: str) -> None:
    with bad_server(BEHAVIOURS[behaviour]) as server:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = fault_of(CLIENTS[client], server.url)
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

        assert (told is None) == answered(client, behaviour)
        assert "\n" not in str(told)
        assert "/followed" not in server.asked
        assert more < MUCH


def fault_of(client: Callable[[str], None], url: str) -> TweeluikError | None:
    try:
        client(url)
    except TweeluikError as told:
        return told
    return None


def test_a_server_that_speaks_no_tls_is_no_connection() -> None:
    with bad_server(BEHAVIOURS["speaks no HTTP"]) as server, pytest.raises(Unreachable, match="no connection"):
        personio(server.url.replace("http:", "https:"))


@contextlib.contextmanager
def without_a_trusted_certificate(folder: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A server whose certificate names its address and is signed by nobody; the list is what clients sent after TLS."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOON, NOON + timedelta(days=9_000)).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=True
    )
    (folder / "pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pem")
    sent: list[bytes] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as tls:
                    sent.append(tls.recv(1))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", sent


@pytest.mark.parametrize("client", CLIENTS)
def test_whoever_has_no_trusted_certificate_is_sent_nothing(client: str, tmp_path: Path) -> None:
    with without_a_trusted_certificate(tmp_path) as (url, sent):
        told = fault_of(CLIENTS[client], url)

    assert (type(told), [one for one in sent if one]) == (Unreachable, [])


@pytest.mark.parametrize(
    ("variable", "by"), [("", ""), ("SSL_CERT_FILE", " by SSL_CERT_FILE"), ("CURL_CA_BUNDLE", " by CURL_CA_BUNDLE")]
)
def test_a_certificate_that_is_not_trusted_is_told_with_the_variable_that_says_who_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, by: str
) -> None:
    """Where it names a company's own authority only, it looked as if the network were down."""
    for one in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(one, raising=False)
    if variable:
        monkeypatch.setenv(variable, certifi.where())

    with without_a_trusted_certificate(tmp_path) as (url, _):
        told = fault_of(CLIENTS["personio"], url)

    assert str(told).endswith(f": certificate not trusted{by}")


def test_a_host_that_nobody_knows_is_told_as_such() -> None:
    assert str(fault_of(CLIENTS["personio"], "https://nobody.invalid")).endswith(": host name not found")


def test_a_mail_server_that_drips_its_greeting_holds_up_nobody() -> None:
    def greet() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                while True:
                    connection.sendall(b"2")
                    let_pass(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, daemon=True).start()
        url = f"mailto://127.0.0.1:{listener.getsockname()[1]}?from=a@example.org&to=b@example.org"
        cause = MailAndChat(url, frozenset({"127.0.0.1"})).send(POST, NOON)

    assert cause == "the service did not come to an end"


def test_a_mail_server_whose_greeting_has_no_end_takes_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def greet() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                while True:
                    connection.sendall((b"220-" + b"x" * 996 + b"\r\n") * 1000)

    monkeypatch.setattr(mail_and_chat, "_DEADLINE", 10 * LONG)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, daemon=True).start()
        url = f"mailto://127.0.0.1:{listener.getsockname()[1]}?from=a@example.org&to=b@example.org"
        cause = MailAndChat(url, frozenset({"127.0.0.1"})).send(POST, NOON)

    assert cause == "the service did not accept it"  # long before it is late: there was no memory for it


@pytest.mark.parametrize(
    "url",
    [
        "mailto://127.0.0.1:{}?from=a@example.org&to=b@example.org",
        "mailto://example.org:{}?smtp=127.0.0.1&from=a@example.org&to=b@example.org",
        "matrix://token@127.0.0.1:{}/!room",
        "workflows://127.0.0.1:{}/643a03000b4a11eeb6aa4bde6ba3a5c1/643a03000b4a11eeb6aa4bde6ba3a5c1",
    ],
)
def test_no_mail_or_chat_goes_into_our_own_network_unasked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_and_chat, "_DEADLINE", LONG)
    with bad_server(BEHAVIOURS["sends nothing but null"]) as server:
        cause = MailAndChat(url.format(server.url.rpartition(":")[2]), frozenset()).send(POST, NOON)

    assert (cause, server.asked) == (PRIVATE, [])


@dataclass
class Sender:
    """As the libraries behind apprise: it asks for a name's addresses, and later again to connect."""

    notify_format: str = "html"
    redirects: bool = True

    def notify(self, **_: str) -> bool:
        socket.getaddrinfo("chat.example.org", 80)
        with contextlib.suppress(OSError):
            socket.create_connection(("chat.example.org", 80)).close()
            return True
        return False


@pytest.mark.parametrize(("private", "ended"), [(set(), Ended.PRIVATE), ({"chat.example.org"}, Ended.TAKEN)])
def test_a_name_is_judged_each_time_it_is_resolved(
    private: set[str], ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bad_server(BEHAVIOURS["closes at once"]) as server:
        port, addresses = int(server.url.rpartition(":")[2]), iter(["93.184.216.34", "127.0.0.1"])
        found = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(*found, (next(addresses), port))])

        assert sent(Sender(), {"url": "matrix://x", "title": "", "body": ""}, frozenset(private)) is ended


def test_a_provider_that_fails_is_asked_once_in_a_while_and_not_by_every_caller() -> None:
    asked: list[float] = []
    now = [1000.0]

    def fetch() -> Any:
        asked.append(now[0])
        raise httpx.ReadTimeout("too late")

    hanging = provider(fetch=fetch, now=lambda: now[0])
    for _ in range(5):
        with pytest.raises(Unreachable):
            hanging.caller(Token().text())
    now[0] += 60
    with pytest.raises(Unreachable):
        hanging.caller(Token().text())

    assert asked == [1000.0, 1060.0]


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b"5", b'"x"', b'{"enabled_events": 5}', b'{"created_at": "x"}', b"{}"]
)
def test_a_webhook_that_personio_made_is_told_or_refused_whatever_the_answer_says(body: bytes) -> None:
    empty, asked = whole(b'{"_data": [], "_meta": {"links": {}}}'), count()

    def made(client: socket.socket, _: str) -> None:
        client.sendall(whole(body) if next(asked) else empty)

    with bad_server(made) as server:
        told = fault_of(personio_webhook, server.url)

    assert (told is None) == body.startswith(b"{")
