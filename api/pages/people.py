"""Everyone of a legal entity, and one of them: what both systems showed, what happened, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.http.cursors import MAX_LIMIT
from api.http.routes import employees as asked
from api.http.routes.parameters import DIGITS, WORD, Cursor, Entity, Number
from api.http.routes.tasks import Task, of_person
from api.http.schemas.answers import ComparedField, Employees, Tally
from api.languages import tongue
from api.pages.asking import PageAsking, Signed, TypedDay
from api.pages.frame import shown
from api.pages.listing import Listing, every_page
from api.pages.names import names_of
from api.pages.proof.then import Asked, kept, of_runs
from api.pages.proof.then import asked as asked_of
from api.pages.proof.then import by as by_end_of
from api.pages.showing import showing_of
from api.presenters import runs as present
from api.presenters.values import NO_TEXT
from domain.access import Permission
from domain.events.erasure import ErasureCompleted
from domain.events.runs import OutcomeRecorded
from domain.log import Recorded
from domain.outcomes import Outcome
from domain.planning.business_date import business_date
from domain.rules import RULES
from domain.services.read_employee import about_them, read_employee
from domain.services.reports.names import FIRST_NAME, SURNAME
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.comparison import Standing
from domain.views.history import HistoryLine, Span, lines
from domain.views.runs import RunRow
from domain.views.sentences import Tongue
from domain.views.sync_state import EVERYONE, Linked, PeopleFilters

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]
Position = Annotated[Annotated[int, Field(ge=0, le=2**63 - 1), DIGITS] | None, Query()]
_A_PAGE: Final = 50
_COLUMNS: Final = (
    "person_id", "employee_number", "link", "included", "outcome", "reason", "since", "notices", "run_id",
)  # fmt: skip
_EVENTS: Final = 60
_DULL: Final = frozenset(
    {
        "attributes_observed", "fields_observed", "fields_confirmed", "link_observed", "gates_observed",
        "write_intended", "write_confirmed", "outcome_recorded", "outcomes_recorded",
    }
)  # fmt: skip
"""What is folded: said again by another line of the same run, or of no news."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people, and how everyone was counted by the newest run that told of them.

    `chosen` is the filter; `day` is kept in the address of another filter, and `kept` in that of the next page.
    """

    found: Employees
    chosen: PeopleFilters
    new: bool
    run: RunRow | None
    tallies: Sequence[Tally]
    first: bool
    asked: Asked
    day: str
    kept: str

    @property
    def filtered(self) -> bool:
        return self.new or self.chosen != EVERYONE

    @property
    def headcount(self) -> int:
        return sum(one.people for one in self.tallies)

    @property
    def left_out(self) -> int:
        return sum(one.people for one in self.tallies if one.outcome == "left_out")


@dataclass(frozen=True, slots=True)
class Story:
    """What one run, check or request recorded of somebody: lines worth reading, and those that are folded."""

    run: str
    at: datetime
    actor: str
    outcome: str | None
    reason: str | None
    told: tuple[HistoryLine, ...]
    folded: tuple[HistoryLine, ...]
    is_run: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields by how they stand: `moved` are equal again, `still` were never otherwise."""

    differing: tuple[ComparedField, ...]
    moved: tuple[ComparedField, ...]
    still: tuple[ComparedField, ...]
    one_sided: tuple[ComparedField, ...]
    links: tuple[ComparedField, ...]
    not_compared: tuple[ComparedField, ...]

    def __bool__(self) -> bool:
        return any((self.differing, self.moved, self.still, self.one_sided, self.links, self.not_compared))


@dataclass(frozen=True, slots=True)
class Erased:
    """Values of a class were erased on a day."""

    day: date
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody typed to see the values. `wrong` says of what: no reason, or more people than they may open."""

    reason: str
    wrong: str | None
    most: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`told` are the positions that the page has a line of: `older` events lie before them, and `newer` behind.

    `kept` is in the address of every other page of them.
    """

    number: int
    person_id: str | None  # in Personio; the last who had the number
    outcome: str | None
    outcome_on: date | None
    reason: str | None
    statement: str | None
    tasks: Sequence[Task]
    fields: Fields
    stories: tuple[Story, ...]
    told: frozenset[int]
    older: int
    newer: int
    kept: str
    asked: Asked
    erased: tuple[Erased, ...]
    form: Form | None  # None for whoever may not see values, or does already

    @property
    def oldest(self) -> int:
        return min(self.told, default=0)


@router.get("/e/{entity}/people")
def people(
    asking: Reader,
    entity: Entity,
    outcome: Outcome | None = None,
    reason: Annotated[str | None, Query(max_length=40, pattern=WORD)] = None,
    link: Linked | None = None,
    new: bool = False,
    as_at: TypedDay = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """As they are, or as the newest run by the end of a day told, of which neither link nor news is told."""
    day = as_at or None
    then = by_end_of(asking, day)
    chosen, new = PeopleFilters(outcome, reason, None if then else link), new and then is None

    def ask(at: str | None, limit: int) -> Employees:
        if then is None:
            return asked.found_now(asking, entity, chosen, at, limit, new=new)
        return asked.told_then(asking, entity, chosen, at, limit, then)[0]

    if then is None:
        found = ask(cursor, _A_PAGE)
        newest = asking.web.store.views.runs.runs(LegalEntityId(entity), limit=10)
        run = next((one for one in newest if one.counts), None)
    else:
        found, run = asked.told_then(asking, entity, chosen, cursor, _A_PAGE, then)
    told = [Tally.model_validate(present.tally(one)) for one in (run.tallies if run else ())]
    said = {"outcome": chosen.outcome, "reason": chosen.reason, "link": chosen.link, "new": "true" if new else None}
    page = PeoplePage(
        found, chosen, new, run, told, cursor is None, of_runs(asking, entity, day),
        day=urlencode(kept(day)), kept=urlencode(kept(day, **said)),
    )  # fmt: skip
    named = partial(names_of, asking, entity)
    listing = Listing("people", _COLUMNS, lambda: every_page(lambda at: ask(at, MAX_LIMIT)), named)
    names = named(one.employee_number for one in found.items)
    return shown(asking, "people.html", entity=entity, current="people", page=page, names=names, listing=listing)


@router.get("/e/{entity}/people/{number}")
def person(
    asking: Reader,
    entity: Entity,
    number: Number,
    as_at: TypedDay = None,
    on: TypedDay = None,
    before: Position = None,
) -> HTMLResponse:
    """As it is, or as it was known at the end of a day; what held on another one.

    `before` is the position of an event: what happened is told of those before it.
    """
    return page_of(asking, entity, number, as_at=as_at or None, on=on or None, before=before)


def page_of(
    asking: PageAsking,
    entity: str,
    number: int,
    *,
    as_at: date | None = None,
    on: date | None = None,
    before: int | None = None,
    reason: str = "",
    wrong: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    legal_entity, showing = asking.entity(entity), showing_of(asking, entity, number)
    asking.reads("person", entity=entity, number=number, clear=showing is not None or wrong is not None)
    then = by_end_of(asking, as_at)
    by = then or asking.now
    carried = asking.web.store.views.history.carried(legal_entity, EmployeeNumber(number))
    everything = _events(asking, legal_entity, EmployeeNumber(number), carried, opened=showing is not None)
    events = tuple(one for one in everything if one.meta.recorded_at <= by)
    until = events if before is None else tuple(one for one in events if one.position < before)
    told = until[-_EVENTS:]
    last, last_on = _last(events)
    rule = RULES.get(last.reason or "") if last else None
    when = on or (as_at and business_date(by))
    found = asked.compared(asking, entity, number, events, carried, as_at=by, on=when, unmask=showing is not None)
    may_show = asking.offers(Permission.UNMASK) and showing is None
    page = PersonPage(
        number=number,
        person_id=next((one for event in reversed(events) if (one := getattr(event.fact, "person_id", None))), None),
        outcome=last.outcome if last else None,
        outcome_on=last_on,
        reason=last.reason if last else None,
        statement=rule.statement if rule else None,
        tasks=of_person(asking, legal_entity, EmployeeNumber(number), then),
        fields=_fields(found.items, events),
        stories=tuple(reversed(list(_stories(told, tongue(asking.language))))),
        told=frozenset(one.position for one in told),
        older=len(until) - len(told),
        newer=len(events) - len(until),
        kept=urlencode(kept(as_at, on=on)),
        asked=asked_of(asking, as_at, on, (one.meta.recorded_at for one in everything)),
        erased=_erased(events),
        form=Form(reason, wrong, asking.web.settings.access.people_a_day) if may_show else None,
    )
    content: dict[str, Any] = {
        "page": page,
        "may_act": asking.offers(Permission.VALIDATE),
        "may_hold_out": asking.offers(Permission.DECIDE)
        and asking.web.settings.policy(entity).entity.allow_accepted_drift,
        "names": names_of(asking, entity, [number]) if showing is None else {number: _name(found.items)},
    }
    path = f"/e/{entity}/people/{number}" if wrong else None
    answer = shown(asking, "person.html", entity=entity, current="people", showing=showing, path=path, **content)
    answer.status_code = status
    return answer


def _name(items: Sequence[ComparedField]) -> str:
    """As Personio showed it by then, of values in clear."""
    shown_as = {one.field: one.personio.value for one in items if one.personio}
    parts = (shown_as.get(path) for path in (FIRST_NAME, SURNAME))
    return " ".join(one for one in parts if one and one not in NO_TEXT)


def _events(
    asking: PageAsking, entity: LegalEntityId, number: EmployeeNumber, carried: Sequence[Span], *, opened: bool
) -> tuple[Recorded, ...]:
    """Everything the log knows, masked; in clear where the showing is on record already."""
    store = asking.web.store
    if opened:
        positions = store.views.history.positions(entity, number, carried=carried)
        return about_them(store.vault.opened(store.log.at(positions)), number, carried)
    return read_employee(
        entity, number, log=store.log, vault=store.vault, views=store.views, clock=store.clock, carried=carried
    )


def _erased(events: Sequence[Recorded]) -> tuple[Erased, ...]:
    return tuple(
        Erased(business_date(one.meta.recorded_at), tuple(sorted({key.retention.value for key in one.fact.keys})))
        for one in events
        if isinstance(one.fact, ErasureCompleted)
    )


def _last(events: Sequence[Recorded]) -> tuple[OutcomeRecorded | None, date | None]:
    """What the newest run that told of the person made of them, and its day; a run that was stopped tells of nobody."""
    found = ((one.fact, business_date(one.meta.recorded_at)) for one in reversed(events))
    return next(((fact, day) for fact, day in found if isinstance(fact, OutcomeRecorded)), (None, None))


def _stories(events: Sequence[Recorded], t: Tongue) -> Sequence[Story]:
    pairs = list(zip(events, lines(events, t), strict=True))
    told = []
    for run, group in groupby(pairs, key=lambda pair: pair[0].meta.correlation):
        mine = list(group)
        made = next((one.fact for one, _ in mine if isinstance(one.fact, OutcomeRecorded)), None)
        dull = [_kind(one.name) in _DULL for one, _ in mine]
        told.append(
            Story(
                run=run,
                at=mine[-1][0].meta.recorded_at,
                actor=mine[-1][0].meta.actor,
                outcome=made.outcome if made else None,
                reason=made.reason if made else None,
                told=tuple(line for (_, line), folded in zip(mine, dull, strict=True) if not folded),
                folded=tuple(line for (_, line), folded in zip(mine, dull, strict=True) if folded),
                is_run=made is not None,
            )
        )
    return told


def _fields(items: Sequence[ComparedField], events: Sequence[Recorded]) -> Fields:
    """Each group by the fields' names."""
    moved = {getattr(one.fact, "field", None) for one in events}
    ordered = sorted(items, key=lambda one: one.label)

    def standing(*wanted: Standing) -> tuple[ComparedField, ...]:
        return tuple(one for one in ordered if one.standing in wanted)

    equal = standing(Standing.EQUAL)
    return Fields(
        differing=standing(Standing.DIFFERS),
        moved=tuple(one for one in equal if one.field in moved),
        still=tuple(one for one in equal if one.field not in moved),
        one_sided=standing(Standing.ONLY_PERSONIO, Standing.ONLY_LOKET),
        links=standing(Standing.LINK),
        not_compared=standing(Standing.NOT_COMPARED),
    )


def _kind(name: str) -> str:
    """`field_overwritten` of loket_record.field_overwritten.v1."""
    return name.split(".")[1] if name.count(".") >= 2 else name
