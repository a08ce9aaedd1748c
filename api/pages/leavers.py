"""Leavers: on whom the two systems disagree, and everyone who was left out because Loket ended the employment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from api.http.routes import reports as asked
from api.http.routes.parameters import Entity
from api.http.schemas.drift import TerminationDisagreement, TerminationItem
from api.pages.asking import PageAsking, Signed, TypedDay
from api.pages.frame import shown
from api.pages.listing import Listing, as_json
from api.pages.names import names_of
from api.pages.proof.then import Asked, by, kept, of_runs
from api.presenters.values import Json, instant
from domain.access import Permission
from domain.events.drift import DriftChecked
from domain.log import recorded_by
from domain.planning.business_date import business_date
from domain.streams import person_stream
from domain.values import EmployeeNumber, PersonId
from domain.views.matters import ABOUT, About, Matter
from domain.views.terminations import NUMBERING, OnlyIn, number_of

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]


@dataclass(frozen=True, slots=True)
class Disagreed:
    """Whose employment has ended in one system only: `loket` or `personio`."""

    person_id: str
    employee_number: int | None
    ended_only_in: str
    rule: str
    end_date: date | None  # that Loket shows last
    ahead: bool  # whether that day is still to come, or is today
    since: datetime | None  # when the end in Loket was first seen


@dataclass(frozen=True, slots=True)
class LeaversPage:
    """Each person once. Of `out` nothing has to be done; `back` have no end date any more, or a newer employment."""

    disagreements: tuple[Disagreed, ...]
    out: tuple[TerminationItem, ...]
    back: tuple[TerminationItem, ...]
    asked: Asked
    kept: str  # in the address of every person

    @staticmethod
    def about(one: Disagreed) -> About:
        return ABOUT[Matter.ENDS_IN_LOKET if one.ended_only_in == OnlyIn.LOKET else Matter.ENDS_IN_PERSONIO]


@router.get("/e/{entity}/leavers")
def leavers(asking: Reader, entity: Entity, as_at: TypedDay = None) -> HTMLResponse:
    """As it stands, or as it was recorded by the end of a day."""
    day = as_at or None
    then = by(asking, day)
    found = asked.terminations(asking, entity, then)
    numbers = _numbers(asking, [PersonId(one.person_id) for one in found.disagreements], then)
    ends = {one.employee_number: one for one in found.items if one.until is None}
    apart = {numbers.get(one.person_id) for one in found.disagreements}
    out = {number: one for number, one in ends.items() if number not in apart}
    back = {one.employee_number: one for one in found.items if one.employee_number not in {*apart, *ends}}
    today = business_date(then or asking.now)
    page = LeaversPage(
        disagreements=tuple(_disagreed(one, numbers.get(one.person_id), ends, today) for one in found.disagreements),
        out=tuple(out.values()),
        back=tuple(back.values()),
        asked=of_runs(asking, entity, day, DriftChecked),
        kept=urlencode(kept(day)),
    )
    told = (*(one.employee_number for one in page.disagreements), *out, *back)
    named = partial(names_of, asking, entity)
    listing = Listing("leavers", _COLUMNS, lambda: _rows(page), named)
    content: dict[str, Any] = {"page": page, "names": named(told)}
    return shown(asking, "leavers.html", entity=entity, current="leavers", listing=listing, **content)


def _numbers(
    asking: PageAsking, people: Sequence[PersonId], by: datetime | None
) -> Mapping[str, EmployeeNumber | None]:
    """The employee number that Personio showed of each, by then."""
    histories = asking.web.store.log.of_kinds([person_stream(one) for one in people], NUMBERING)
    return {one: number_of(recorded_by(histories.get(person_stream(one), ()), by)) for one in people}


def _disagreed(
    one: TerminationDisagreement, number: int | None, ends: Mapping[int, TerminationItem], today: date
) -> Disagreed:
    seen = ends.get(number) if number is not None else None
    end, since = (seen.end_dates[-1], seen.since) if seen else (None, None)
    ahead = end is not None and end >= today
    return Disagreed(one.person_id, number, one.ended_only_in, one.rule, end, ahead=ahead, since=since)


_COLUMNS: Final = (
    "section", "employee_number", "person_id", "ended_only_in", "rule", "income_number", "end_dates", "since", "until",
    "reinstated",
)  # fmt: skip


def _rows(page: LeaversPage) -> Iterator[Json]:
    """Everything the page lists, by its sections."""
    for one in page.disagreements:
        told = {**asdict(one), "section": "ended_in_one_system", "since": instant(one.since) if one.since else None}
        yield {name: told[name] for name in told if name in _COLUMNS}
    yield from ({**as_json(one), "section": "left_out"} for one in page.out)
    yield from ({**as_json(one), "section": "came_back"} for one in page.back)
