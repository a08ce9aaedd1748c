"""Parameters that several routes take."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from api.http.cursors import DEFAULT_LIMIT, MAX_LIMIT
from api.http.problems import INSTANT, Fault, invalid_request
from api.languages import DUTCH, ENGLISH
from domain.values import MAX_EMPLOYEE_NUMBER
from domain.views.recorded import Filters

WORD = r"^[^\x00-\x1f]+$"
REASON = r"^[^\x00-\x1f]*[^\x00-\x20\s][^\x00-\x1f]*$"  # something besides spaces
MOST_OF_PILOT: Final = 50
Entity = Annotated[str, Path(description="Personio id of the legal entity", pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Language(StrEnum):
    """Of a paper."""

    DUTCH = DUTCH
    ENGLISH = ENGLISH


def _digits(given: object) -> object:
    """Refuses what Python would take for a number and nobody writes: 1_0, " 5", +5, 5.0."""
    if isinstance(given, str) and not re.fullmatch(r"-?[0-9]+", given):
        raise PydanticKnownError("int_parsing")
    return given


DIGITS: Final = BeforeValidator(_digits)
"""Stands after the limits of a whole number in an address: before them they would be missing in what is documented."""

Number = Annotated[int, Path(description="Loket employee number", ge=1, le=MAX_EMPLOYEE_NUMBER), DIGITS]
OneNumber = Annotated[Annotated[int, Field(ge=1, le=MAX_EMPLOYEE_NUMBER), DIGITS] | None, Query()]


_WRITTEN_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(given: object) -> object:
    """Refuses what Python would take for seconds since 1970, and an instant where a day is asked for."""
    if not isinstance(given, date | None) and not (isinstance(given, str) and _WRITTEN_DAY.fullmatch(given)):
        raise PydanticKnownError("date_from_datetime_parsing", {"error": "not a day"})
    return given


def _instant(given: object) -> object:
    if not isinstance(given, datetime | None) and not (isinstance(given, str) and _WRITTEN_DAY.match(given)):
        raise PydanticKnownError("datetime_from_date_parsing", {"error": "not an instant"})
    return given


Day = Annotated[date, BeforeValidator(_day)]
Instant = Annotated[datetime, BeforeValidator(_instant)]


def _whole(given: object) -> object:
    """JSON has one kind of number: 5.0 is 5, and "5" and true are none."""
    if isinstance(given, float) and given.is_integer():
        return int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise PydanticKnownError("int_type")
    return given


_One = Annotated[int, Field(ge=1, le=MAX_EMPLOYEE_NUMBER), BeforeValidator(_whole)]


def _somebody(given: object) -> object:
    """Refuses an empty list: whoever filtered and found nothing does not mean everything."""
    if given == []:
        raise ValueError("an empty list names nothing; leave it out where all are meant")
    return given


NAMED: Final = BeforeValidator(_somebody)
"""Stands after the limits of a list, for the same reason as DIGITS."""
Pilot = Annotated[Annotated[list[_One], Field(min_length=1, max_length=MOST_OF_PILOT), NAMED] | None, Field()]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many at most"), DIGITS]
Cursor = Annotated[
    str | None,
    Query(min_length=1, max_length=400, pattern=r"^[A-Za-z0-9._-]+$", description="`next` of an earlier page"),
]
Unmask = Annotated[bool, Query(description="Show personal values: needs the permission, and a reason in the header")]
AsAt = Annotated[Instant | None, Query(description="What the log had recorded by then; now if left out")]
DEFAULT = DEFAULT_LIMIT
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_Text = Annotated[str | None, Query(min_length=1, max_length=200, pattern=WORD)]


def aware(instant: datetime | None, name: str) -> datetime | None:
    """The instant in UTC; it must say its offset, since a local time names no instant."""
    if instant is not None and instant.tzinfo is None:
        raise invalid_request([Fault(where=name, what="no offset", allowed=INSTANT)])
    try:
        return None if instant is None else instant.astimezone(UTC)
    except OverflowError:  # at either end of what a date can say
        return _FIRST if instant is not None and instant.year == 1 else _LAST


def _filters(
    person_id: _Text = None,
    employee_number: OneNumber = None,
    run: _Text = None,
    field: _Text = None,
    rule: _Text = None,
    kind: _Text = None,
    actor: _Text = None,
    recorded_from: Annotated[Instant | None, Query(description="Inclusive, with its offset")] = None,
    recorded_until: Annotated[Instant | None, Query(description="Inclusive, with its offset")] = None,
    effective_from: Annotated[Day | None, Query(description="Inclusive; only what has an effective date")] = None,
    effective_until: Annotated[Day | None, Query(description="Inclusive; only what has an effective date")] = None,
) -> Filters:
    return Filters(
        person_id=person_id,
        employee_number=employee_number,
        run=run,
        field=field,
        rule=rule,
        kind=kind,
        actor=actor,
        recorded_from=aware(recorded_from, "query.recorded_from"),
        recorded_until=aware(recorded_until, "query.recorded_until"),
        effective_from=effective_from,
        effective_until=effective_until,
    )


Filtered = Annotated[Filters, Depends(_filters)]
