"""Which end date Loket shows last of a number, by its stream, and which number Personio shows last of a person."""

from __future__ import annotations

from datetime import date

import pytest

from domain.events.loket import TerminationObserved, TerminationReversed, TerminationSuperseded
from domain.events.personio import GatesObserved
from domain.log import Fact
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId
from domain.views.terminations import end_date_of, number_of
from tests.support.fake_log import FakeLog
from tests.support.scribe import Scribe

APRIL, MAY = date(2026, 4, 30), date(2026, 5, 31)
ENDS = TerminationObserved(employment_id="e-1", income_number=1, effective_on=APRIL)
MOVED = TerminationObserved(employment_id="e-1", income_number=1, effective_on=MAY)
BACK = TerminationReversed(employment_id="e-1", income_number=1)
ON = TerminationSuperseded(employment_id="e-2", income_number=2)


@pytest.mark.parametrize(
    ("facts", "end"),
    [([], None), ([ENDS], APRIL), ([ENDS, MOVED], MAY), ([ENDS, BACK], None), ([ENDS, ON], None),
     ([ENDS, BACK, MOVED], MAY)],
)  # fmt: skip
def test_the_end_date_is_the_last_one_seen_unless_it_is_gone_again(facts: list[Fact], end: date | None) -> None:
    log, stream = FakeLog(), loket_stream(LegalEntityId("170"), EmployeeNumber(4711))
    scribe = Scribe(log)
    for fact in facts:
        scribe.write(stream, fact)

    assert end_date_of(log.stream(stream)) == end


@pytest.mark.parametrize(("seen", "number"), [([], None), ([4711], 4711), ([4711, 4712], 4712), ([4711, None], None)])
def test_the_number_is_the_one_that_personio_shows_last(seen: list[int | None], number: int | None) -> None:
    log, stream = FakeLog(), person_stream(PersonId("3001"))
    scribe = Scribe(log)
    for one in seen:
        gates = {"status": "ACTIVE", "considered": "yes", "income_number": 1}
        scribe.write(stream, GatesObserved(legal_entity="170", employee_number=one, **gates))

    assert number_of(log.stream(stream)) == number
