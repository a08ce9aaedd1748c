"""A certificate with keys opens the values of its own event, and nothing else of that person (LOG-3, AUD-8)."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.log.event_log import EventLog
from adapters.log.mapper import stored
from adapters.log.offline_verifier import Rejected, verified
from adapters.log.proof.certifying import certify
from adapters.log.sealing.boxes import DataKey, EventSeal
from domain.events.loket import FieldOverwritten
from domain.log import StreamId
from domain.personal import Lost, Retention, Sealed
from domain.values import BLANK
from tests.support.log_site import META, LogSite, overwritten, to

SANNE, EMAIL = "loket:170:4711", "contactInformation.emailAddress"


@pytest.fixture
def log(log_url: str, tmp_path: Path) -> Iterator[EventLog]:
    with LogSite.at(log_url, tmp_path).open() as log:
        subject = log.vault.subject()
        log.append(
            [
                to(
                    SANNE,
                    0,
                    overwritten(subject, "Main St", "Central Ave"),
                    overwritten(subject, "Central Ave", "Elm St"),
                ),
                to("person:3007", 0, overwritten(subject, "Main St", BLANK)),
                to(SANNE, 2, overwritten(subject, "s@example.org", "t@example.org", EMAIL)),
            ],
            meta=META,
        )
        yield log


def test_it_opens_its_own_event(log: EventLog) -> None:
    said = verified(json.dumps(certify(log, 0, with_keys=True)))

    assert said[-2:] == ["after: Central Ave", "before: Main St"]


def test_its_keys_open_no_other_event_of_that_person_not_even_of_the_same_class(log: EventLog) -> None:
    certificates = [certify(log, position, with_keys=True) for position in range(4)]

    for one, other in product(certificates, repeat=2):
        mixed = json.dumps({**other, "field_keys": one["field_keys"]})
        if one is other:
            assert verified(mixed)
        else:
            with pytest.raises(Rejected, match="open"):
                verified(mixed)


def test_its_keys_are_neither_the_person_s_nor_do_they_lead_to_another_event_s(log: EventLog) -> None:
    """Whoever holds one knows how the next is derived, but not from what."""
    (given,) = field_keys(certify(log, 0, with_keys=True))
    secret = b64decode(given["secret"])
    taken_for_the_person_s = DataKey.of(given["key_id"], given["subject"], given["retention"], secret)

    for event in log.page(0, 10):
        assert isinstance(event.fact, FieldOverwritten)
        assert isinstance(event.fact.before, Sealed)
        own, box = EventSeal(event.stream, event.version), event.fact.before
        in_the_first_format = Sealed(box.key_id, box.box.removeprefix("2:"))
        assert own.open(taken_for_the_person_s, box, given["subject"], "before") is Lost.UNREADABLE
        assert own.open(taken_for_the_person_s, in_the_first_format, given["subject"], "before") is Lost.UNREADABLE


def test_a_key_of_another_person_who_was_named_in_the_event_is_not_given(log: EventLog) -> None:
    jan = log.vault.subject()
    (of_jan,) = log.append([to("loket:170:4712", 0, overwritten(jan, "Elm St", BLANK))], meta=META)
    of_sanne = log.page(-1, 1)[0].fact
    assert isinstance(of_jan.fact, FieldOverwritten)
    mixed = msgspec.structs.replace(of_sanne, before=of_jan.fact.before)
    log.recorder.append([log.macs.sealed(stored(StreamId("loket:170:4713"), 0, META, mixed))])

    keys = field_keys(certify(log, 5, with_keys=True))

    assert [key["key_id"] for key in keys] == [mixed.after.key_id]  # type: ignore[attr-defined]


def test_after_an_erasure_there_is_no_key_to_give(log: EventLog) -> None:
    subject = log.page(-1, 1)[0].fact.subject  # type: ignore[attr-defined]
    log.vault.destroy(subject, Retention.FISCAL_7Y)

    assert [len(field_keys(certify(log, position, with_keys=True))) for position in range(4)] == [0, 0, 0, 1]


def field_keys(certificate: dict[str, Any]) -> list[dict[str, str]]:
    return certificate["field_keys"]  # type: ignore[no-any-return]
