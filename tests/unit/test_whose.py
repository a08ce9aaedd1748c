"""Whose an event is: what it tells itself, its stream, or what its stream told before it."""

from __future__ import annotations

from domain.events.access import AccessKeyRevoked
from domain.events.loket import EmployeeSeen
from domain.events.personio import AttributeVisibilityChanged, PersonLeftEntity
from domain.log import Fact, Recorded, StreamId
from domain.values import LegalEntityId
from domain.whose import NO_ENTITY, names_owner, told, whose
from tests.support.fake_log import FakeLog
from tests.support.log_site import META, gates, to

SHOWN = AttributeVisibilityChanged(field="address.street", visible=True)
LEFT = PersonLeftEntity(legal_entity="170")
KEY = AccessKeyRevoked(key_id="k", holder="Anja")
MO, SANNE = "person:13", "person:11"
OURS, OTHERS = LegalEntityId("170"), LegalEntityId("171")


def gates_of(entity: str) -> Fact:
    return type(gates(1))(legal_entity=entity, status="ACTIVE", considered="yes", employee_number=1, income_number=1)


def recorded(*appended: tuple[str, Fact]) -> tuple[FakeLog, list[Recorded]]:
    log, versions = FakeLog(), dict[str, int]()
    for stream, fact in appended:
        log.append([to(stream, versions.get(stream, 0), fact)], meta=META)
        versions[stream] = versions.get(stream, 0) + 1
    return log, list(log.page(-1, 100))


def owners(*appended: tuple[str, Fact]) -> list[str]:
    log, events = recorded(*appended)
    return list(whose(events, log, {}))


def test_what_an_event_tells_itself_or_its_stream_does_needs_no_other() -> None:
    def of(stream: str, fact: Fact) -> LegalEntityId | None:
        return told(Recorded(0, StreamId(stream), 0, "", META, fact))

    assert of(SANNE, gates(1)) == OURS
    for stream in ("loket:171:4711", "drift:171:4711:address.street", "hold:171:4711"):
        assert of(stream, EmployeeSeen(loket_id="e")) == OTHERS
    assert of("loket:171:4711", gates(1)) == OURS
    for stream in ("run:run-1", "check:check-1", SANNE):
        assert of(stream, SHOWN) is None
    assert of("access_keys", KEY) == NO_ENTITY


def test_later_facts_of_a_person_are_the_legal_entity_s_that_an_earlier_one_named() -> None:
    assert owners((SANNE, SHOWN), (SANNE, gates(1)), (SANNE, SHOWN), (SANNE, gates_of("171")), (SANNE, SHOWN)) == [
        NO_ENTITY,
        "170",
        "170",
        "171",
        "171",
    ]
    assert owners((SANNE, gates(1)), (MO, SHOWN)) == ["170", NO_ENTITY]


def test_that_somebody_left_is_told_of_whom_they_left_and_names_no_owner_of_what_follows() -> None:
    assert owners((SANNE, gates_of("171")), (SANNE, LEFT), (SANNE, SHOWN)) == ["171", "170", "171"]
    assert (names_owner(gates(1)), names_owner(LEFT), names_owner(SHOWN)) == (True, False, False)


def test_of_a_run_whose_first_event_is_known_nothing_else_is_read() -> None:
    log, events = recorded(("run:run-1", gates_of("171")), ("run:run-1", SHOWN))
    begun = {StreamId("run:run-1"): events[0]}

    assert whose(events[1:], FakeLog(), begun) == (OTHERS,)
    assert whose(events, log, {}) == (OTHERS, OTHERS)
