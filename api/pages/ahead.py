"""Ahead: what is planned when, what the systems show of the coming months, and with which planned run it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from api.http.problems import not_found
from api.http.routes import long_work as ordered
from api.http.routes import schedule as planned
from api.http.routes.parameters import Entity
from api.http.routes.schedule import PlannedJob
from api.http.schemas.answers import WorkAnswer
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.frame import shown
from api.pages.listing import Listing
from api.pages.names import names_of
from api.presenters.values import Json
from domain.access import Permission
from domain.grounds.readers import read_json
from domain.planning.business_date import business_date
from domain.values import LegalEntityId
from domain.views.terminations import intervals

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]
Looker = Annotated[PageAsking, Depends(Signed(Permission.VALIDATE))]
_MONTHS: Final = 3
_RUN: Final = "sync"
_WORK: Final = r"^[a-z0-9-]{1,80}$"


@dataclass(frozen=True, slots=True)
class Coming:
    """One dated fact: the run that takes it along, and how many days after it; None where no planned run does."""

    on: date
    what: str
    employee_number: int | None
    person_id: str | None
    run: date | None
    days_late: int | None


@dataclass(frozen=True, slots=True)
class AheadPage:
    """`look` is the look ahead that was ordered, and what it saw is in `coming`; without one, what the log knows."""

    jobs: tuple[PlannedJob, ...] | None
    next_run: datetime | None
    look: WorkAnswer | None
    runs: tuple[date, ...]
    until: date | None
    coming: tuple[Coming, ...]
    may_look: bool

    @property
    def lost(self) -> int:
        return sum(1 for one in self.coming if one.run is None) if self.runs else 0


@router.get("/e/{entity}/ahead")
def ahead(asking: Reader, entity: Entity, look: Annotated[str | None, Query(pattern=_WORK)] = None) -> Response:
    """Of the log, or of the look ahead that is named."""
    asking.entity(entity)
    asking.reads("ahead", entity=entity, clear=look is not None)  # that goes on while the log stands still
    told = None if look is None else ordered.foretold(asking, look)
    if told is not None and told.legal_entity != entity:
        raise not_found()
    report = (told.report if told else None) or {}
    jobs = _jobs(asking, entity)
    page = AheadPage(
        jobs=jobs,
        next_run=next((one.next for one in jobs or () if one.job == _RUN), None),
        look=told,
        runs=tuple(map(date.fromisoformat, report.get("runs", ()))),
        until=date.fromisoformat(report["until"]) if report else None,
        coming=tuple(_coming(one) for one in report.get("upcoming", ()))
        if told
        else tuple(_known(asking, LegalEntityId(entity))),
        may_look=asking.offers(Permission.VALIDATE),
    )
    named = partial(names_of, asking, entity)
    listing = Listing("ahead", _COLUMNS, lambda: _rows(page.coming), named)
    names = named(one.employee_number for one in page.coming)
    return shown(asking, "ahead.html", entity=entity, current="ahead", page=page, names=names, listing=listing)


@router.post("/e/{entity}/ahead/looks")
def look_ahead(asking: Looker, entity: Entity, fields: Annotated[dict[str, str], Depends(form)]) -> Response:
    """Order one: however often the form is sent."""
    accepted = ordered.forecast(asking, entity, ordered.ForecastOrdered(months=_MONTHS), key_in(fields))
    return RedirectResponse(f"/e/{entity}/ahead?look={read_json(bytes(accepted.body))['work']}", 303)


def _jobs(asking: PageAsking, entity: str) -> tuple[PlannedJob, ...] | None:
    """None for whoever may not read runs."""
    if not asking.caller.may(Permission.READ_RUNS):
        return None
    return tuple(planned.schedule(asking, entity).jobs)


def _coming(one: Json) -> Coming:
    on, first = date.fromisoformat(one["on"]), one["first_run"]
    run = date.fromisoformat(first) if first else None
    return Coming(on, one["what"], one["employee_number"], one["person_id"], run, (run - on).days if run else None)


def _known(asking: PageAsking, entity: LegalEntityId) -> Iterator[Coming]:
    """What the log knows without a look: end dates in Loket, and last days of what is left as it is."""
    views, today = asking.web.store.views, business_date(asking.now)
    out = [one for one in intervals(views.terminations.end_dates(entity)) if one.until is None]
    ends = [(one.end_dates[-1], ENDS, one.employee_number) for one in out]
    stays = [(one.until, STAYS, one.employee_number) for one in views.drift.cases(entity) if one.until]
    for on, what, number in sorted([*ends, *stays]):
        if on >= today:
            yield Coming(on, what, number, None, None, None)


ENDS: Final = "employment ends in Loket"
STAYS: Final = "last day of a value that is left as it is in Loket"
_COLUMNS: Final = ("on", "what", "employee_number", "person_id", "run", "days_late")


def _rows(coming: Sequence[Coming]) -> Iterator[Json]:
    for one in coming:
        yield {
            "on": one.on.isoformat(), "what": one.what, "employee_number": one.employee_number,
            "person_id": one.person_id, "run": one.run.isoformat() if one.run else None, "days_late": one.days_late,
        }  # fmt: skip
