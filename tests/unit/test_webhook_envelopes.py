"""What a delivery of Personio is understood to say, and what one round of reading makes of many of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.personio.webhooks import Unreadable, hint_of
from domain.hints import MOST_PEOPLE, SWEEP_EVERY, Hint, next_round
from domain.values import PersonId

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
ENVELOPE = {
    "company_id": "42",
    "event_name": "person.updated",
    "occurred_at": "2026-03-15T09:12:44Z",
    "payload": {"person_id": "3007"},
    "meta": {},
}


def read(**changed: Any) -> Hint:
    return hint_of(json.dumps({**ENVELOPE, **changed}).encode(), NOW)[1]


def hint(person: str, number: int = 0) -> Hint:
    return Hint(f"{person}-{number}", "person.updated", PersonId(person), NOW, NOW)


@pytest.mark.parametrize(
    ("kind", "payload", "person"),
    [
        ("person.updated", {"person_id": "3007"}, "3007"),
        ("person.updated", {"person.id": 3007}, "3007"),
        ("person.updated", {"person": {"id": "3007"}}, "3007"),
        ("person.updated", {"id": "3007"}, "3007"),
        ("employment.updated", {"employment_id": "e-1", "person_id": "3007"}, "3007"),
        ("employment.updated", {"id": "e-1"}, ""),  # the employment's own id: of whom is not said
        ("person.updated", {"person_id": "../../legal-entities"}, ""),
        ("person.updated", {"person_id": True}, ""),
        ("person.updated", None, ""),
    ],
)
def test_whom_it_is_about_in_every_spelling_that_may_come(kind: str, payload: object, person: str) -> None:
    assert read(event_name=kind, payload=payload).person == person


def test_the_same_event_is_known_again_however_it_is_written() -> None:
    assert read().digest == read(meta={"attempt": 3}, occurred_at="2026-03-15T10:12:44+01:00").digest
    others = [read(occurred_at="2026-03-15T09:12:45Z"), read(event_name="person.deleted"), read(payload={"id": "3007"})]
    assert len({read().digest, *(one.digest for one in others)}) == 4


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[]", b'"text"', b"{}", json.dumps({**ENVELOPE, "occurred_at": "yesterday"}).encode(),
     json.dumps({**ENVELOPE, "payload": "3007"}).encode(), json.dumps({**ENVELOPE, "event_name": 7}).encode(),
     json.dumps({**ENVELOPE, "event_name": "person.\x00created"}).encode()],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        hint_of(body, NOW)


def test_however_many_hints_about_one_person_there_is_one_read() -> None:
    hints = [hint("3007", number) for number in range(5_000)]

    due = next_round(hints, swept_at=None, now=NOW)

    assert (due.people, due.everybody, len(due.settles)) == (("3007",), False, 5_000)


def test_too_many_people_are_everybody_and_until_that_may_be_again_the_first_of_them() -> None:
    hints = [hint(str(number)) for number in range(MOST_PEOPLE + 1)]

    first = next_round(hints, swept_at=None, now=NOW)
    soon = next_round(hints, swept_at=NOW - SWEEP_EVERY + timedelta(seconds=1), now=NOW)
    later = next_round(hints, swept_at=NOW - SWEEP_EVERY, now=NOW)

    assert (first.everybody, later.everybody, first.settles) == (True, True, tuple(hints))
    assert not next_round(hints[:MOST_PEOPLE], swept_at=None, now=NOW).everybody
    assert (len(soon.people), soon.everybody, soon.settles) == (MOST_PEOPLE, False, tuple(hints[:MOST_PEOPLE]))


def test_a_hint_that_names_nobody_waits_until_everybody_may_be_read_and_holds_up_nobody() -> None:
    hints = [hint(""), hint("3007")]

    soon = next_round(hints, swept_at=NOW, now=NOW)

    assert (soon.people, soon.settles) == (("3007",), (hints[1],))
    assert next_round(hints, swept_at=None, now=NOW).everybody


@pytest.mark.parametrize(
    ("kind", "leads"), [("person.updated", True), ("employment.created", True), ("absence.created", False)]
)
def test_only_what_happened_to_people_and_employments_leads_to_a_read_and_too_much_of_anything(
    kind: str, leads: bool
) -> None:
    one = read(event_name=kind)

    assert (one.leads_to_a_read, one.too_many().leads_to_a_read, one.too_many().person) == (leads, True, "")
