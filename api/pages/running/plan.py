"""What a sync would do now: both systems are read, nothing is written; then who, which fields, and what is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.problems import Refused, not_found
from api.http.routes import long_work as asked
from api.http.routes.parameters import DIGITS, MOST_OF_PILOT, Entity
from api.http.schemas.answers import Progressed, Tally, WorkAnswer
from api.http.schemas.one_run import LimitPassed
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.figures import HELD, HELD_BY_OTHERS, worst_first
from api.pages.frame import shown
from api.pages.names import names_of
from api.pages.running.second_person import Stopped, braked, doubted, stopped
from api.presenters.values import Json
from domain.access import Permission
from domain.drift.pay import goes_with_pay
from domain.events.loket import WriteKind
from domain.grounds.readers import read_json
from domain.planning.findings import DO, FindingCode
from domain.values import MAX_EMPLOYEE_NUMBER, FieldPath

router = APIRouter()
Planner = Annotated[PageAsking, Depends(Signed(Permission.PREVIEW))]
Fields = Annotated[dict[str, str], Depends(form)]
PageNumber = Annotated[int, Query(ge=1, le=1000), DIGITS]
AT_ONCE: Final = 100
_WRITTEN: Final = ("concept_created", "concept_updated", "updated")


class Way(StrEnum):
    CLEARED = "cleared"
    FILLED = "filled"
    OVERWRITTEN = "overwritten"


@dataclass(frozen=True, slots=True)
class Field:
    field: str
    before: str | None
    after: str | None
    way: Way
    since: date | None  # from which day pay counts


@dataclass(frozen=True, slots=True)
class Line:
    """What would be written for one person: fields, or pay."""

    person_id: str
    employee_number: int | None
    outcome: str
    fields: tuple[Field, ...]

    @property
    def clears(self) -> bool:
        return any(one.way is Way.CLEARED for one in self.fields)


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that somebody typed into Loket, and that this plan replaces."""

    employee_number: int
    field: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody whose task holds everybody."""

    person_id: str
    employee_number: int | None
    code: str
    do: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody for whom another plan would write something else: `in_other` only, `in_this` only, or both."""

    person_id: str
    employee_number: int | None
    in_other: bool
    in_this: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Before there is a plan: what waits for a second person, as (run, whose) of each."""

    plans: tuple[tuple[str, str], ...]
    reads: tuple[tuple[str, str], ...]
    most: int
    numbers: str = ""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a plan would write, of all people in it."""

    write: int
    fields: int
    overwritten: int
    filled: int
    cleared: int
    created: int
    pay: int
    pays: bool  # hours are pay here, too


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to say of a plan that was made: of each list a page of at most a hundred, and of how many."""

    fingerprint: str
    business_date: date
    blocked: bool
    only: Sequence[int]
    counts: Counts
    people: tuple[Tally, ...]  # everybody once
    lost: tuple[Lost, ...]
    holding: tuple[Holding, ...]
    all_lost: int
    all_holding: int
    lines: tuple[Line, ...]
    pay: tuple[Line, ...]
    pages: int
    page: int
    braking: bool
    limits: tuple[LimitPassed, ...]  # of the brake, that it passes
    stopped: Stopped | None
    beside: tuple[Moved, ...] | None  # another plan, where one was asked for
    other: str | None  # its fingerprint


@dataclass(frozen=True, slots=True)
class PlanPage:
    work: str
    address: str  # of the page, for somebody else
    status: str
    refused: str | None
    ordered_by: str
    ordered_at: datetime
    progress: Progressed | None
    plan: Plan | None
    wrong: str = ""


@router.get("/e/{entity}/plan")
def plan(asking: Planner, entity: Entity) -> HTMLResponse:
    asking.entity(entity)
    asking.reads("plan", entity=entity)
    return _ask(asking, entity)


@router.post("/e/{entity}/plans")
def order(asking: Planner, entity: Entity, fields: Fields) -> Response:
    """Make one; however often the form is sent. `only`: the employee numbers of a pilot, in the form for one."""
    asking.entity(entity)
    typed = fields.get("only")
    numbers = None if typed is None else typed.replace(",", " ").split()
    if typed is not None and not (numbers and len(numbers) <= MOST_OF_PILOT and all(map(_is_number, numbers))):
        asking.reads("plan", entity=entity)
        return _ask(asking, entity, numbers=typed[:400], wrong=True)
    body = asked.PlanOrdered(only=None if numbers is None else [int(one) for one in numbers])
    ordered = asked.plan(asking, entity, body, key_in(fields))
    onward = f"/e/{entity}/plans/{read_json(bytes(ordered.body))['work']}"
    beside = fields.get("beside", "")
    return RedirectResponse(f"{onward}?beside={beside}" if beside.isalnum() and beside.isascii() else onward, 303)


@router.get("/e/{entity}/plans/{work}")
def planned(
    asking: Planner,
    entity: Entity,
    work: asked.WorkId,
    page: PageNumber = 1,
    beside: Annotated[str, Query(pattern=r"^[a-f0-9]{0,64}$")] = "",
) -> HTMLResponse:
    """How far it is, then the plan; `beside` is the fingerprint of another one."""
    return page_of(asking, entity, work, page=page, beside=beside)


def page_of(
    asking: PageAsking, entity: str, work: str, *, page: int = 1, beside: str = "", wrong: str = "", status: int = 200
) -> HTMLResponse:
    """The page of a plan; `wrong`: what was typed and is not right."""
    told = plan_told(asking, entity, work)
    asking.seen = asking.web.store.log.size() - 1
    asking.web.store.views.catch_up()
    made = None if told.report is None else _plan(asking, entity, told.report, page, beside)
    content = PlanPage(
        work=work,
        address=f"{asking.request.app.state.site.address}/e/{entity}/plans/{work}",
        status=told.status,
        refused=told.problem.type if told.problem else None,
        ordered_by=told.ordered_by,
        ordered_at=told.ordered_at,
        progress=told.progress,
        plan=made,
        wrong=wrong,
    )
    numbers: list[int | None] = []
    if made is not None:
        numbers += [one.employee_number for one in (*made.lines, *made.pay)]
        numbers += [one.employee_number for one in made.holding]
        numbers += [one.employee_number for one in made.lost]
        numbers += [one.employee_number for one in made.beside or ()]
    answer = shown(
        asking, "planned.html", entity=entity, current="plan", page=content, names=names_of(asking, entity, numbers),
        with_people=asking.caller.may(Permission.READ_PEOPLE), path=f"/e/{entity}/plans/{work}",
    )  # fmt: skip
    answer.status_code = status
    return answer


def plan_told(asking: PageAsking, entity: str, work: str) -> WorkAnswer:
    """The plan of this legal entity with this id, as the API tells it."""
    asking.entity(entity)
    told = asked.planned(asking, work)
    if told.legal_entity != entity:
        raise not_found()
    return told


def address_of_plan(asking: PageAsking, entity: str, fingerprint: str | None) -> str | None:
    """Where a plan with this fingerprint is looked at, while it is kept."""
    if fingerprint is None or not asking.caller.may(Permission.PREVIEW):
        return None
    name = asking.web.work.plan_named(asking.entity(entity), fingerprint)
    return None if name is None else f"/e/{entity}/plans/{name}"


def _ask(asking: PageAsking, entity: str, *, numbers: str = "", wrong: bool = False) -> HTMLResponse:
    page = Asked(
        plans=tuple((run, who) for run, _, who in braked(asking, entity)),
        reads=tuple((run, who) for run, _, who in doubted(asking, entity)),
        most=MOST_OF_PILOT,
        numbers=numbers,
        wrong=wrong,
    )
    answer = shown(asking, "plan.html", entity=entity, current="plan", page=page)
    answer.status_code = 422 if wrong else 200
    return answer


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MAX_EMPLOYEE_NUMBER


def _plan(asking: PageAsking, entity: str, report: Json, page: int, beside: str) -> Plan:
    people: list[Json] = report["people"]
    lines, pay = (sorted(_lines(people, pay=of_pay), key=_clears_first) for of_pay in (False, True))
    held, lost = tuple(_holding(people)), tuple(map(_lost, report["about_to_be_overwritten"]))
    begin, longest = (page - 1) * AT_ONCE, max(map(len, (lines, pay, held, lost)))
    return Plan(
        fingerprint=report["fingerprint"],
        business_date=date.fromisoformat(report["business_date"]),
        blocked=report["blocked"],
        only=report["only"],
        counts=_counts(report, lines, pay),
        people=_tallies(report),
        lost=lost[begin : begin + AT_ONCE],
        holding=held[begin : begin + AT_ONCE],
        all_lost=len(lost),
        all_holding=len({one.person_id for one in held}),
        lines=tuple(lines[begin : begin + AT_ONCE]),
        pay=tuple(pay[begin : begin + AT_ONCE]),
        pages=max(1, -(-longest // AT_ONCE)),
        page=page,
        braking=report["braking"],
        limits=tuple(LimitPassed.model_validate(one) for one in report["limits"]),
        stopped=stopped(asking, braked(asking, entity), report["fingerprint"]),
        beside=_beside(asking, entity, people, beside) if beside else None,
        other=beside or None,
    )


def _counts(report: Json, lines: Sequence[Line], pay: Sequence[Line]) -> Counts:
    ways = [one.way for line in lines for one in line.fields]
    return Counts(
        write=report["people_to_write"],
        fields=len(ways),
        overwritten=ways.count(Way.OVERWRITTEN),
        filled=ways.count(Way.FILLED),
        cleared=ways.count(Way.CLEARED),
        created=report["counts"].get("concept_created", 0),
        pay=sum(len(one.fields) for one in pay),
        pays=any(goes_with_pay(FieldPath(one.field)) for line in (*lines, *pay) for one in line.fields),
    )


def _tallies(report: Json) -> tuple[Tally, ...]:
    """By outcome and reason where people are told, by outcome alone where they are not."""
    people: list[Json] = report["people"]
    if not people:
        found = [Tally(outcome=outcome, reason="", people=many) for outcome, many in report["counts"].items()]
    else:
        counted: dict[tuple[str, str], int] = {}
        for one in people:
            kind = one["outcome"], one["reason"]
            counted[kind] = counted.get(kind, 0) + 1
        found = [Tally(outcome=outcome, reason=reason, people=many) for (outcome, reason), many in counted.items()]
    return tuple(sorted(found, key=worst_first))


def _lines(people: Sequence[Json], *, pay: bool) -> Iterator[Line]:
    for one in people:
        changes = [
            _field(change)
            for write in one["writes"]
            if WriteKind(write["kind"]).pays is pay
            for change in write["changes"]
        ]
        if changes:
            yield Line(one["person_id"], one["employee_number"], one["outcome"], tuple(changes))


def _field(change: Mapping[str, Any]) -> Field:
    before, after = change["before"], change["after"]
    way = Way.CLEARED if after is None else Way.FILLED if before is None else Way.OVERWRITTEN
    since = change.get("effective_on")
    return Field(change["field"], before, after, way, date.fromisoformat(since) if since else None)


def _clears_first(one: Line) -> tuple[bool, int, int]:
    order = _WRITTEN.index(one.outcome) if one.outcome in _WRITTEN else len(_WRITTEN)
    return (not one.clears, order, one.employee_number or 0)


def _lost(one: Json) -> Lost:
    since = one["changed_at"] or one["since"]
    return Lost(one["employee_number"], one["field"], datetime.fromisoformat(since) if since else None)


def _holding(people: Sequence[Json]) -> Iterator[Holding]:
    for one in people:
        if one["outcome"] == HELD and (HELD, one["reason"]) != HELD_BY_OTHERS:
            yield Holding(one["person_id"], one["employee_number"], one["reason"], DO.get(FindingCode(one["reason"])))


def _beside(asking: PageAsking, entity: str, people: Sequence[Json], fingerprint: str) -> tuple[Moved, ...]:
    """For whom the two plans are not the same; nobody, where the other one is not kept any more."""
    try:
        other = asked.plan_named(asking, entity, fingerprint)
    except Refused:
        return ()
    before, now = _by_person(other.report["people"] if other.report else ()), _by_person(people)
    differing = sorted(one for one in before.keys() | now.keys() if _print(before, one) != _print(now, one))
    return tuple(
        Moved(one, (now.get(one) or before[one])["employee_number"], one in before, one in now) for one in differing
    )


def _by_person(people: Sequence[Json]) -> dict[str, Json]:
    return {one["person_id"]: one for one in people if one["fingerprint"] is not None}


def _print(people: Mapping[str, Json], person: str) -> str | None:
    return people[person]["fingerprint"] if person in people else None
