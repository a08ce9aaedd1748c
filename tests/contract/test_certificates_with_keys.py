"""A certificate that opens values opens those of its own event, and nothing else of that person (LOG-3, AUD-8)."""

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
from adapters.log.sealing.boxes import DataKey
from adapters.log.sealing.opening import opened_event
from domain.events.loket import FieldOverwritten
from domain.log import StreamId
from domain.personal import Lost, Retention
from domain.values import BLANK
from tests.golden.old_logs import unpacked
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


def test_it_opens_its_own_event_and_gives_no_key_away(log: EventLog) -> None:
    certificate = certify(log, 0, with_keys=True)

    assert verified(json.dumps(certificate))[-2:] == ["after: Central Ave", "before: Main St"]
    assert certificate["field_keys"] == []


def test_what_opens_it_opens_no_other_event_of_that_person_not_even_of_the_same_class(log: EventLog) -> None:
    certificates = [certify(log, position, with_keys=True) for position in range(4)]

    for one, other in product(certificates, repeat=2):
        mixed = json.dumps({**other, "openings": one["openings"]})
        if one is other:
            assert verified(mixed)
        else:
            with pytest.raises(Rejected, match="open"):
                verified(mixed)


def test_a_box_of_another_person_that_was_put_into_the_event_is_not_opened(log: EventLog) -> None:
    jan = log.vault.subject()
    (of_jan,) = log.append([to("loket:170:4712", 0, overwritten(jan, "Elm St", BLANK))], meta=META)
    of_sanne = log.page(-1, 1)[0]
    mixed = msgspec.structs.replace(of_sanne.fact, before=BLANK)
    row = stored(StreamId("loket:170:4713"), 0, META, mixed, of_jan.boxes)
    log.recorder.append([log.macs.sealed(row)])

    assert openings(certify(log, 5, with_keys=True)) == []


def test_after_an_erasure_there_is_nothing_to_give_and_what_was_given_still_opens(log: EventLog) -> None:
    subject = log.page(-1, 1)[0].fact.subject  # type: ignore[attr-defined]
    given = json.dumps(certify(log, 0, with_keys=True))
    log.vault.destroy(subject, Retention.FISCAL_7Y)

    assert [len(openings(certify(log, position, with_keys=True))) for position in range(4)] == [0, 0, 0, 1]
    assert "before: Main St" in verified(given)


def openings(certificate: dict[str, Any]) -> list[dict[str, str]]:
    return certificate.get("openings", [])  # type: ignore[no-any-return]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[EventLog]:
    """A log that Tweeluik wrote when each event had keys of its own (the second format)."""
    log = unpacked("2", tmp_path / "old")
    yield log
    log.close()


def test_the_key_of_an_event_of_the_second_format_opens_no_event_in_any_format(old: EventLog) -> None:
    """Whoever holds one knows how the next is derived, but not from what. An event of today is of the third format."""
    overwrites: Any = [one for one in old.page(-1, 1_000) if isinstance(one.fact, FieldOverwritten)]
    first, second = overwrites[:2]
    certificate: Any = certify(old, first.position, with_keys=True)
    (given,) = certificate["field_keys"]
    taken_for_the_person_s = DataKey.of(
        given["key_id"], first.fact.subject, given["retention"], b64decode(given["secret"])
    )
    (today,) = old.append(
        [to("loket:9:9", 0, overwritten(first.fact.subject, "Elm St", BLANK, first.fact.field))], meta=META
    )

    for event in (first, second, today):
        keys = dict.fromkeys(old_ids(event), taken_for_the_person_s)
        read: Any = opened_event(event, keys).fact
        assert {read.before, read.after} <= {Lost.UNREADABLE, BLANK}
    mixed = json.dumps({**certify(old, second.position, with_keys=True), "field_keys": [given]})
    with pytest.raises(Rejected, match="open"):
        verified(mixed)


def old_ids(event: Any) -> set[str]:
    return {event.key_of(value) for value in (event.fact.before, event.fact.after) if value is not BLANK}
