"""Since when somebody waits as a concept employee."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.events.loket import ConceptEmployeeCreated, ConceptEmployeeFinalised, LinkObserved, LinkState
from domain.log import Fact
from domain.streams import loket_stream
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.sync_state import concept_since
from tests.support.fake_log import FakeLog
from tests.support.scribe import Scribe

CREATED = ConceptEmployeeCreated(concept_id="c-1", person_id="3001", run_id="run-1")
FINAL = ConceptEmployeeFinalised(concept_id="c-1", employee_id="e-1")
SEEN = LinkObserved(state=LinkState.CONCEPT, person_id="3001", loket_id="c-1")
GONE = LinkObserved(state=LinkState.UNLINKED, person_id="3001")
HIDDEN = LinkObserved(state=LinkState.NOT_VISIBLE, person_id="3001", loket_id="c-1")


@pytest.mark.parametrize(
    ("facts", "since"),
    [
        ([], None), ([CREATED], 0), ([GONE, CREATED], 1), ([CREATED, SEEN, SEEN], 0), ([SEEN], 0),
        ([CREATED, FINAL], None), ([CREATED, GONE, SEEN], 2),
        ([CREATED, HIDDEN], 0), ([CREATED, HIDDEN, SEEN], 0), ([CREATED, FINAL, HIDDEN], None),
    ],
)  # fmt: skip
def test_a_concept_employee_waits_since_they_were_first_one(facts: list[Fact], since: int | None) -> None:
    log, stream = FakeLog(), loket_stream(LegalEntityId("170"), EmployeeNumber(4711))
    scribe = Scribe(log)
    for day, fact in enumerate(facts, start=1):
        scribe.write(stream, fact, at=datetime(2026, 3, day, tzinfo=UTC))

    found = concept_since(log.stream(stream))

    assert found == (None if since is None else datetime(2026, 3, since + 1, tzinfo=UTC))
