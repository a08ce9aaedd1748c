"""Personal values that the log holds, a thousand of them planted, and no page may show; and text that would run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from domain.attributes import CATALOGUE
from domain.events.loket import LoketFieldsObserved
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.events.values import FieldValue
from domain.log import Fact
from domain.personal import Sealed
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId
from tests.pages.company import Company
from tests.support.log_site import gates

HOSTILE: Final = "<script>alert(1)</script>{{7*7}}\"'&"
PLANTED: Final = (4801, 4802)  # whose history is nothing but values
HOSTILE_NUMBER: Final = 4803
_CHANGES: Final = 140  # of each: what one page tells
_MORE: Final = 380  # attributes of each
_AT: Final = datetime(2026, 3, 14, 9, tzinfo=UTC)


def plant(office: Company) -> None:
    """Into the log itself, so that no rule looks at them and no run counts them."""
    for number in PLANTED:
        changes = [_changed(f"geheim-{number}-{one:03}", f"geheim-{number}-{one + 1:03}") for one in range(_CHANGES)]
        more = [FieldValue(f"attribute_{one}", f"geheim-{number}-a{one:03}") for one in range(_MORE)]
        _write(office, number, f"geheim-{number}-000", *changes, more=more)
    _write(office, HOSTILE_NUMBER, HOSTILE)


def _write(office: Company, number: int, value: str, *changes: Fact, more: Sequence[FieldValue] = ()) -> None:
    values = (*(FieldValue(str(row.field), value) for row in CATALOGUE), *more)
    loket = LoketFieldsObserved(subject=f"subject-{number}", values=values)
    shown = AttributesObserved(subject=f"subject-{number}", values=values)
    person = person_stream(PersonId(f"planted-{number}"))
    facts = {
        person: (gates(number), shown, *changes),
        loket_stream(LegalEntityId("170"), EmployeeNumber(number)): (loket,),
    }
    office.api.scribe.write_all(facts, at=_AT, actor="somebody", run=f"planted-{number}")


def _changed(before: str, after: str) -> Fact:
    return AttributeChanged(
        subject="subject", field="address.street", before=before, after=after, previously_observed_at=_AT
    )


def sealed_values(raw: Any, opened: Any) -> Iterator[str]:
    """Every text in `opened` that is sealed in `raw`, but a finding's detail, which is shown: it quotes no value."""
    if isinstance(raw, Sealed):
        if isinstance(opened, str):
            yield opened
    elif isinstance(raw, msgspec.Struct):
        for name in set(raw.__struct_fields__) - {"detail"}:
            yield from sealed_values(getattr(raw, name), getattr(opened, name))
    elif isinstance(raw, tuple | list):
        for each, other in zip(raw, opened, strict=True):
            yield from sealed_values(each, other)


def personal_values(office: Company) -> set[str]:
    """Everything personal that the log holds, but what is too short to be looked for."""
    store = office.api.web.store
    events = store.log.page(-1, 10_000)
    pairs = zip(events, store.vault.opened(events), strict=True)
    return {text for raw, opened in pairs for text in sealed_values(raw.fact, opened.fact) if len(text) > 4}
