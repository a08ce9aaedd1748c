"""Facts into the rows of `domain.views.terminations`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from adapters.projections.instants import instant, written
from adapters.projections.projection import Change, Projection, Table
from adapters.projections.readable import of_view
from domain.events.loket import TerminationObserved, TerminationReversed, TerminationSuperseded
from domain.log import Recorded
from domain.streams import loket_record_of
from domain.views.terminations import EndDateSeen

END_DATES: Final = Table(
    "end_dates_seen",
    key={"legal_entity": str, "employee_number": int, "position": int},
    columns={"employment_id": str, "income_number": int, "end_date": str, "recorded_at": str},
)


@of_view("terminations")
def seen_row(row: Sequence[Any]) -> EndDateSeen:
    """A row of (number, employment, income number, end date, recorded at, position)."""
    number, employment, income, end, at, position = row
    return EndDateSeen(number, employment, income, date.fromisoformat(end) if end else None, instant(at), position)


def _seen(fact: TerminationObserved | TerminationReversed | TerminationSuperseded, event: Recorded) -> Iterator[Change]:
    ended = isinstance(fact, TerminationObserved) and fact.effective_on is not None
    yield END_DATES.put(
        *loket_record_of(event.stream),
        event.position,
        employment_id=fact.employment_id,
        income_number=fact.income_number,
        end_date=fact.effective_on.isoformat() if ended and fact.effective_on else None,
        recorded_at=written(event.meta.recorded_at),
    )


TERMINATIONS_PROJECTION: Final = Projection(
    name="terminations",
    version=1,
    tables=(END_DATES,),
    handlers={TerminationObserved: _seen, TerminationReversed: _seen, TerminationSuperseded: _seen},
)
