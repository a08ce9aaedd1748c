"""Whatever a server answers to one call, in the middle of sound ones: that call ends with what it documents.

Each kind of call is found by its name, so that a new one is in the suite or fails it. What a whole client does at a bad
server is in `test_bad_servers.py`. The suite asks a few answers; `make fuzz` (HOSTILE=all) asks all of them.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from inspect import getmembers, isfunction
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from adapters import transport
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.witnessing import WitnessAddress, Witnessing
from adapters.loket.client import LoketClient
from adapters.loket.trials import LoketTrials
from adapters.loket.writable import HOURS, PERIOD_DATA
from adapters.personio.client import PersonioClient
from adapters.personio.webhooks import PersonioWebhooks, Registered
from adapters.transport import encode
from domain.attributes import CATALOGUE, CITIZEN_SERVICE_NUMBER, GROSS_WAGE, PAYMENT_IBAN, WEEKLY_HOURS
from domain.errors import TweeluikError
from domain.events.loket import WriteKind
from domain.planning.pay.targets import benefit_field, value_field, value_target
from domain.settings import LegalEntity
from domain.snapshots import Answered, Fetched, WriteRequest
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, Observed, PersonId
from tests.support.bad_server import BEHAVIOURS, NONSENSE, bad_server, whole
from tests.support.log_site import META, LogSite, gates, to
from tests.support.memory_secrets import MemorySecrets
from tests.support.waiting import until
from tests.support.wholes import KEYS, filled
from tests.support.witnesses import SIGNER

SOON: Final = 1.0  # seconds that a call may take here
LONG: Final = 60.0  # seconds that no client takes, whatever it tries again, on a busy machine
MUCH: Final = 128 * 1024  # KB of memory
DAY: Final = date(2026, 3, 15)
NOON: Final = datetime(2026, 3, 15, 12, tzinfo=UTC)
TULP: Final = LegalEntity(LegalEntityId("170"), "Tulp", "employer", "administration")
SAMPLE: Final = (
    "closes in the middle", "sends nothing but null", "sends lists of numbers", "nests beside half a character",
)  # fmt: skip
ASKED: Final = tuple(BEHAVIOURS) if os.environ.get("HOSTILE") == "all" else SAMPLE
_TOKEN: Final = whole(b'{"access_token": "t", "refresh_token": "r", "expires_in": 3600}')
_HOURS: Final = whole(
    encode({"_embedded": [filled(HOURS, {"id": "h", "startDate": "2026-01-01"})], "totalSize": 1, "totalPages": 1})
)
_PROPOSED: Final = whole(encode({"content": filled(PERIOD_DATA, {"iban": None})}))


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DEADLINE", SOON), ("MOST_BYTES", 1 << 20), ("MOST_PAGES", 20)):
        monkeypatch.setattr(transport, name, value)


def signed_in(method: str, target: str) -> bytes | None:
    """Only the token is sound."""
    return _TOKEN if "token" in target and method == "POST" else None


def all_but_the_write(method: str, target: str) -> bytes | None:
    """And whatever a write has to read first."""
    if method == "GET":
        return _PROPOSED if target.endswith("defaults") else _HOURS
    return signed_in(method, target)


@contextlib.contextmanager
def loket(url: str) -> Iterator[LoketClient]:
    client = LoketClient(
        url, f"{url}/token", "id", "secret", "first", MemorySecrets(), CATALOGUE, sleep=lambda _: None,
        timeout=httpx.Timeout(SOON), now=lambda: NOON,
    )  # fmt: skip
    with closing(client):
        yield client


@contextlib.contextmanager
def personio(url: str) -> Iterator[PersonioClient]:
    with closing(PersonioClient(url, "id", "secret", {}, sleep=lambda _: None, timeout=httpx.Timeout(SOON))) as client:
        yield client


# --- writes to Loket -----------------------------------------------------------------------------------------------

_STREET: Final = FieldPath("address.street")
_WHOLE: Final[Mapping[str, Any]] = {"id": "x", "startDate": "2026-01-01"}


def request_of(kind: WriteKind) -> WriteRequest:
    """One that leaves: whoever adds a kind says here what it looks like."""
    fetched = None if kind.creates else Fetched({}, filled(KEYS.get(kind, {}), _WHOLE))
    start = DAY if kind.creates and kind.dated else None
    match kind:
        case WriteKind.PERIOD_DATA:
            values: dict[FieldPath, Observed] = {value_field(284): "10.00"}
            return WriteRequest(kind, value_target("employment", (2026, 4), 284), values, None, component=284)
        case WriteKind.BENEFIT | WriteKind.BENEFIT_CREATED | WriteKind.BENEFIT_DELETED:
            return WriteRequest(kind, "x", {benefit_field(284): "10.00"}, fetched, component=284, effective_on=start)
        case WriteKind.WAGE | WriteKind.WAGE_CREATED | WriteKind.WAGE_DELETED:
            return WriteRequest(kind, "x", {GROSS_WAGE: "3000.00"}, fetched, effective_on=start)
        case WriteKind.HOURS | WriteKind.HOURS_CREATED:
            return WriteRequest(kind, "x", {WEEKLY_HOURS: "32.00"}, fetched, effective_on=start)
        case WriteKind.BSN | WriteKind.CONCEPT_BSN:
            return WriteRequest(kind, "x", {CITIZEN_SERVICE_NUMBER: "123456782"})
        case WriteKind.PAYMENT | WriteKind.PAYMENT_CREATED:
            return WriteRequest(kind, "x", {PAYMENT_IBAN: "NL91ABNA0417164300"}, fetched, component=900)
        case WriteKind.CONCEPT | WriteKind.CONCEPT_CREATED | WriteKind.EMPLOYEE:
            return WriteRequest(kind, "x", {_STREET: "Central Ave"}, fetched, label="Vermeer (4711)")


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("behaviour", ASKED)
@pytest.mark.parametrize("kind", WriteKind)
def test_a_write_is_sent_once_and_its_outcome_is_told_and_not_believed(kind: WriteKind, behaviour: str) -> None:
    """An answer that names nothing proves no create; one that is no answer proves nothing at all."""
    with bad_server(BEHAVIOURS[behaviour], all_but_the_write) as server, loket(server.url) as client:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer = client.write(TULP, request_of(kind))
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert "\n" not in answer.cause
    assert more < MUCH
    assert len(server.wrote) == 1, answer
    assert "/followed" not in server.asked
    assert (answer.answered, answer.created) == (Answered.UNKNOWN, None) or (
        answer.answered is Answered.ACCEPTED and not kind.creates and behaviour in {*NONSENSE, "lists without end"}
    )


# --- every other call of a client ----------------------------------------------------------------------------------

_ONE: Final = Registered("w", "https://tweeluik.example.org/", "ENABLED", (), None)
CALLS: Final[Mapping[type, Mapping[str, Callable[[Any], Any]]]] = {
    PersonioClient: {
        "ask": lambda it: it.ask([PersonId("1")], today=DAY),
        "attributes": lambda it: it.attributes(),
        "compensation_types": lambda it: it.compensation_types(),
        "compensations": lambda it: it.compensations(TULP, on=DAY),
        "legal_entities": lambda it: it.legal_entities(),
        "look": lambda it: it.look(TULP, today=DAY),
        "pay": lambda it: it.pay(TULP, [(DAY, DAY)]),
        "people": lambda it: it.people([PersonId("1")], today=DAY),
        "read": lambda it: it.read(TULP, today=DAY),
    },
    PersonioWebhooks: {
        "at": lambda it: it.at(_ONE.url),
        "happened": lambda it: it.happened(_ONE, NOON, NOON),
        "install": lambda it: it.install(_ONE.url, "secret"),
        "looked_at": lambda it: it.looked_at(_ONE, NOON),
        "ping": lambda it: it.ping(_ONE),
        "registered": lambda it: it.registered(),
        "remove": lambda it: it.remove(_ONE.url),
    },
    LoketClient: {
        "administrations": lambda it: it.administrations(),
        "audit_trail": lambda it: it.audit_trail(TULP, since=DAY, until=DAY),
        "check": lambda it: it.check(TULP),
        "codes": lambda it: it.codes("employer"),
        "fetch": lambda it: [it.fetch(TULP, WriteKind.EMPLOYEE, "x"), it.fetch(TULP, WriteKind.WAGE, "x")],
        "look": lambda it: it.look(TULP, today=DAY),
        "newest_version": lambda it: it.newest_version(TULP),
        "pay": lambda it: it.pay(
            TULP, {"e"}, wages={"e"}, components={"e"}, hours={"e"}, mapped={284}, since=DAY, until=DAY
        ),
        "read": lambda it: it.read(TULP, numbers=frozenset({EmployeeNumber(4711)})),
        "versions": lambda it: it.versions(TULP),
    },
    LoketTrials: {
        "chain": lambda it: it.chain("employment", 284),
        "make": lambda it: it.make(TULP, EmployeeNumber(4711), "Vermeer"),
        "omit": lambda it: it.omit("employee"),
        "stale": lambda it: it.stale("employee"),
        "subject": lambda it: it.subject(TULP, EmployeeNumber(4711)),
    },
}
OTHERWISE: Final = {PersonioClient: {"close"}, LoketClient: {"close", "trials", "write"}}
"""What asks nothing, or is asked above."""


@contextlib.contextmanager
def opened(kind: type, url: str) -> Iterator[Any]:
    with (personio if kind in (PersonioClient, PersonioWebhooks) else loket)(url) as client:
        if kind is PersonioWebhooks:
            yield client.webhooks
        else:
            yield client.trials(DAY) if kind is LoketTrials else client


def test_every_call_of_every_client_is_in_the_suite() -> None:
    found = {
        kind: {name for name, _ in getmembers(kind, isfunction) if not name.startswith("_")}
        - OTHERWISE.get(kind, set())
        for kind in CALLS
    }

    assert found == {kind: set(calls) for kind, calls in CALLS.items()}


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("behaviour", ASKED)
@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, calls in CALLS.items() for name in calls])
def test_a_call_ends_with_an_answer_or_with_its_own_error(kind: type, name: str, behaviour: str) -> None:
    with bad_server(BEHAVIOURS[behaviour], signed_in) as server, opened(kind, server.url) as client:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = None
        try:
            CALLS[kind][name](client)
        except TweeluikError as error:
            told = error
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert "\n" not in str(told)
    assert more < MUCH
    assert "/followed" not in server.asked


# --- a witness -----------------------------------------------------------------------------------------------------


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("behaviour", ASKED)
def test_a_witness_that_goes_wrong_is_waited_for_by_nobody_and_asked_for_the_next_head(
    behaviour: str, tmp_path: Path
) -> None:
    site = LogSite.at(f"sqlite:///{tmp_path}/log.db", tmp_path)
    copies = Copies(tmp_path / "checkpoints")
    with bad_server(BEHAVIOURS[behaviour]) as server, site.open() as log:
        witnessing = Witnessing(log.recorder, copies, [WitnessAddress(server.url, SIGNER.verifier, SOON)])
        for asked in (1, 2):
            log.append([to("person:1", asked - 1, gates(1))], meta=META)
            head = log.checkpoint()
            assert head is not None
            witnessing.ask(head)
            until(lambda: len(server.asked) >= asked, "the question")  # noqa: B023  asked at once
        witnessing.close()

    assert copies.last_witnessed(SIGNER.verifier.name) is None
    assert {*server.asked} == {"/add-checkpoint"}


# --- and every way out ---------------------------------------------------------------------------------------------

WAYS_OUT: Final = {
    "adapters/access/code_flow.py", "adapters/access/tokens.py", "adapters/alerts/webhook.py",
    "adapters/log/proof/witnessing.py", "adapters/loket/client.py", "adapters/loket/sign_in.py",
    "adapters/personio/client.py",
    "adapters/transport.py",
}  # fmt: skip
"""Modules that open a client of HTTP; each is tried here or in `test_bad_servers.py`, `transport` by both systems."""


def test_nothing_goes_out_past_the_suite() -> None:
    root = Path(transport.__file__).parents[1]
    found = {
        str(module.relative_to(root))
        for floor in ("adapters", "api", "domain")
        for module in (root / floor).rglob("*.py")
        if "simulators" not in module.parts and _OPENED.search(module.read_text())
    }

    assert found == WAYS_OUT


_OPENED: Final = re.compile(r"(?<!class )(?<!def )\b(Outgoing|open_http|urlopen|HTTPS?Connection|(Async)?Client)\(")
