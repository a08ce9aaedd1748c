"""Which values were replaced or cleared, by which rule, from which change in Personio; and one of them, whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import partial
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from api.http.cursors import MAX_LIMIT
from api.http.problems import not_found
from api.http.report_files import AT_ONCE
from api.http.routes import log
from api.http.routes import reports as asked
from api.http.routes.ordered_reports import run_meant
from api.http.routes.parameters import WORD, Cursor, Entity, Number
from api.http.schemas.answers import OverwrittenFields
from api.languages import tongue
from api.pages.asking import PageAsking, Signed, TypedDay
from api.pages.frame import shown
from api.pages.listing import Listing, as_json, every_page
from api.pages.names import names_of
from api.pages.showing import showing_of
from api.presenters.overwritten import BothSystems, both_systems
from api.presenters.values import Json
from domain.access import Permission
from domain.events.loket import FieldOverwritten, WriteConfirmed, WriteIntended
from domain.log import Recorded
from domain.overwriting import Did
from domain.rules import RULES
from domain.services.reports.overwritten import overwritten_line
from domain.showings import shown_of
from domain.streams import CUSTODY, loket_stream
from domain.values import MAX_EMPLOYEE_NUMBER, EmployeeNumber, FieldPath, LegalEntityId
from domain.views.comparison import Step
from domain.views.history import HistoryLine, lines
from domain.views.overwritten_fields import OverwrittenFilters, OverwrittenRow
from domain.views.sentences import label, name_of

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_REPORTS))]
Prover = Annotated[PageAsking, Depends(Signed(Permission.PROVE))]
Position = Annotated[int, Path(ge=0, lt=2**63)]
Word = Annotated[str, Query(max_length=200, pattern=f"{WORD}|^$")]
Digits = Annotated[str, Query(max_length=10, pattern="^[0-9]*$")]
_A_PAGE: Final = 50
_COLUMNS: Final = (
    "position", "employee_number", "person_id", "field", "label", "before", "after", "cleared", "run_id",
    "business_date", "recorded_at", "actor", "rule", "effective_on", "processed_periods",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is filtered by, as the address has it; an empty text filters nothing."""

    since: str
    until: str
    employee_number: str
    field: str
    rule: str
    run: str
    did: str

    def __bool__(self) -> bool:
        return any(self._typed().values())

    def but(self, **changed: str) -> str:
        """The question of an address with these filters, some of them changed."""
        return urlencode({name: text for name, text in (self._typed() | changed).items() if text})

    def _typed(self) -> dict[str, str]:
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def filters(self, asking: PageAsking, entity: LegalEntityId) -> OverwrittenFilters:
        number = int(self.employee_number or 0)
        if number > MAX_EMPLOYEE_NUMBER:
            raise not_found()
        return OverwrittenFilters(
            entities=(entity,),
            since=date.fromisoformat(self.since) if self.since else date.min,
            until=date.fromisoformat(self.until) if self.until else date.max,
            number=EmployeeNumber(number) if number else None,
            field=FieldPath(self.field) if self.field else None,
            run=run_meant(asking, self.run) if self.run else None,
            rule=self.rule or None,
            did=Did(self.did) if self.did else None,
        )


@dataclass(frozen=True, slots=True)
class OverwrittenPage:
    """`fields` can be filtered by: their paths with their names. `most`: lines that a file of the list has at most."""

    found: OverwrittenFields
    asked: Asked
    fields: Sequence[tuple[str, str]]
    first: bool
    most: int

    @property
    def too_long(self) -> bool:
        return self.found.fields > self.most


@dataclass(frozen=True, slots=True)
class Led:
    """One step to the value that Loket holds now, as the log tells it."""

    step: Step
    line: HistoryLine


@dataclass(frozen=True, slots=True)
class RowPage:
    """One overwritten field, with its values masked, or in clear while they are shown."""

    row: OverwrittenRow
    held: BothSystems
    first_seen_on: date | None
    effective_on: date | None
    statement: str | None
    steps: tuple[Led, ...]
    looked: tuple[tuple[int, datetime, str, str], ...]  # position, when, who, what they were shown
    may_show: bool
    may_prove: bool


def _asked(
    since: TypedDay = "",
    until: TypedDay = "",
    employee_number: Digits = "",
    field: Word = "",
    rule: Word = "",
    run: Word = "",
    did: Literal["", Did.OVERWRITTEN, Did.FILLED, Did.CLEARED] = "",
) -> Asked:
    """What the address filters by; without a day everything that is on record."""
    return Asked(str(since), str(until), employee_number, field, rule, run, str(did))


Filtered = Annotated[Asked, Depends(_asked)]


@router.get("/e/{entity}/overwritten")
def overwritten(
    asking: Reader,
    entity: Entity,
    filtered: Filtered,
    cursor: Cursor = None,
) -> Response:
    """A page of them."""
    filters = filtered.filters(asking, asking.entity(entity))
    found = asked.listed(asking, filters, cursor, _A_PAGE)
    named = partial(names_of, asking, entity)
    page = OverwrittenPage(found, filtered, _fields(asking, filtered.field), cursor is None, AT_ONCE)
    listing = Listing("overwritten", _COLUMNS, lambda: _rows(asking, filters), named)
    return shown(
        asking, "overwritten.html", entity=entity, current="overwritten", page=page,
        names=named(one.employee_number for one in found.items), listing=None if page.too_long else listing,
    )  # fmt: skip


@router.get("/e/{entity}/overwritten/totals")
def totals(
    asking: Reader,
    entity: Entity,
    filtered: Filtered,
) -> Response:
    """How many there are by field and by rule, of all that the filter lets through."""
    found = asked.listed(asking, filtered.filters(asking, asking.entity(entity)), None, 1)
    listing = Listing("overwritten-totals", _TOTALS, lambda: _totals(found), lambda _: {})
    return shown(
        asking, "overwritten_totals.html", entity=entity, current="overwritten", found=found, asked=filtered,
        listing=listing,
    )  # fmt: skip


_TOTALS: Final = ("by", "name", "label", "fields", "overwritten", "filled", "cleared")


def _totals(found: OverwrittenFields) -> Iterator[Json]:
    yield from ({**as_json(one), "by": "field", "name": one.field} for one in found.by_field)
    yield from ({**as_json(one), "by": "rule", "name": one.rule} for one in found.by_rule)


@router.get("/e/{entity}/people/{number}/overwritten/{position}")
def one_field(asking: Reader, entity: Entity, number: Number, position: Position) -> Response:
    """What stood, what came, from which value of Personio's, by which rule, in which run, and who looked."""
    legal_entity, showing = asking.entity(entity), showing_of(asking, entity, number)
    asking.reads("overwritten-field", entity=entity, number=number, clear=showing is not None)
    row = _row(asking, legal_entity, number, position)
    page = _page(asking, legal_entity, row, opened=showing is not None)
    names = names_of(asking, entity, [number])
    return shown(
        asking, "overwritten_field.html", entity=entity, current="overwritten", page=page, names=names, showing=showing
    )


@router.get("/e/{entity}/people/{number}/overwritten/{position}/certificate")
def certificate(asking: Prover, entity: Entity, number: Number, position: Position) -> Response:
    """Proof that the log holds this event as stored, without a key that opens anything of it."""
    legal_entity = asking.entity(entity)
    asking.reads("certificate", entity=entity, number=number)
    _row(asking, legal_entity, number, position)
    return log.event_certificate(asking, position)


def _rows(asking: PageAsking, filters: OverwrittenFilters) -> Iterator[Json]:
    for one in every_page(lambda at: asked.listed(asking, filters, at, MAX_LIMIT)):
        yield {**one, "label": label(one["field"])}


def _fields(asking: PageAsking, chosen: str) -> Sequence[tuple[str, str]]:
    known = {str(row.field): str(row.label) for row in asking.web.settings.catalogue() if row.field and not row.is_key}
    say = tongue(asking.language).translate
    named = {path: say(name) for path, name in known.items()} | ({chosen: name_of(chosen, say)} if chosen else {})
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


def _row(asking: PageAsking, entity: LegalEntityId, number: int, position: int) -> OverwrittenRow:
    filters = OverwrittenFilters(entities=(entity,), since=date.min, until=date.max, number=EmployeeNumber(number))
    view = asking.web.store.views.overwritten_fields
    found = view.rows(filters, below=asking.seen + 1, after=position - 1, limit=1)
    if not found or found[0].position != position:
        raise not_found()
    return found[0]


def _page(asking: PageAsking, entity: LegalEntityId, row: OverwrittenRow, *, opened: bool) -> RowPage:
    store = asking.web.store
    cause_of = () if row.cause is None else store.log.at([row.cause])
    sealed = (*cause_of, *store.log.stream(loket_stream(entity, row.employee_number)))
    events = store.vault.opened(sealed) if opened else store.vault.marked(sealed)
    event = next(one for one in events if one.position == row.position)
    written, cause = event.fact, next((one for one in events if one.position == row.cause), None)
    assert isinstance(written, FieldOverwritten)  # rows of this view are made of nothing else
    line = overwritten_line(row, event, cause)
    looked = shown_of(store.log.stream(CUSTODY), written.subject, entity, row.employee_number)
    rule = RULES.get(row.rule or "")
    return RowPage(
        row=row,
        held=both_systems(line, cause, unmask=opened),
        first_seen_on=line.cause.first_seen_on if line.cause else None,
        effective_on=line.effective_on,
        statement=rule.statement if rule else None,
        steps=tuple(_led_by(events, written.intent, row, asking.language)),
        looked=tuple(_looks(looked)),
        may_show=asking.offers(Permission.UNMASK) and not opened,
        may_prove=asking.caller.may(Permission.PROVE),
    )


def _led_by(events: Sequence[Recorded], intent: str, row: OverwrittenRow, language: str) -> Iterator[Led]:
    for line, event in zip(lines(events, tongue(language)), events, strict=True):
        match event.fact:
            case _ if event.position == row.cause:
                yield Led(Step.SHOWN, line)
            case WriteIntended(intent=one) if one == intent:
                yield Led(Step.INTENDED, line)
            case WriteConfirmed(intent=one) if one == intent:
                yield Led(Step.CONFIRMED, line)
            case _ if event.position == row.position:
                yield Led(Step.OVERWRITTEN, line)


def _looks(showings: Iterator[Recorded]) -> Iterator[tuple[int, datetime, str, str]]:
    for one in showings:
        yield one.position, one.meta.recorded_at, one.meta.actor, getattr(one.fact, "what", "")
