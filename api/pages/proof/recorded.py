"""Everything that is on record, the newest first, by any filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from api.http.cursors import MAX_LIMIT
from api.http.problems import not_found
from api.http.routes import events as asked
from api.http.routes.parameters import WORD, Cursor
from api.http.schemas.answers import Events
from api.languages import tongue
from api.pages.asking import PageAsking, Signed, TypedDay
from api.pages.frame import shown
from api.pages.listing import Listing, every_page
from api.pages.names import names_of
from api.pages.words import stored_actor
from domain.access import Permission
from domain.events.catalogue import STORED_NAMES
from domain.planning.business_date import AMSTERDAM
from domain.rules import RULES
from domain.values import MAX_EMPLOYEE_NUMBER
from domain.views.recorded import Filters

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_EVENTS))]
Word = Annotated[str, Query(max_length=200, pattern=f"{WORD}|^$")]
Digits = Annotated[str, Query(max_length=10, pattern="^[0-9]*$")]
_A_PAGE: Final = 40
_COLUMNS: Final = (
    "position", "recorded_at", "actor", "sentence", "rule", "run", "legal_entity", "person_id", "employee_number",
    "fields", "effective_on", "kind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is filtered by, as the address has it; an empty text filters nothing."""

    entity: str
    employee_number: str
    kind: str
    rule: str
    run: str
    actor: str
    field: str
    since: str
    until: str

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    @lru_cache(512)  # noqa: B019  frozen, and small: the rows of a page name the same few runs, people and rules
    def but(self, **changed: str) -> str:
        """The question of an address with these filters, some of them changed."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: text for name, text in (given | changed).items() if text})

    def filters(self) -> Filters:
        number = int(self.employee_number or 0)
        if number > MAX_EMPLOYEE_NUMBER:
            raise not_found()
        return Filters(
            employee_number=number or None,
            kind=self.kind or None,
            rule=self.rule or None,
            run=self.run or None,
            actor=self.actor or None,
            field=self.field or None,
            recorded_from=_midnight(self.since, 0) if self.since else None,
            recorded_until=_midnight(self.until, 1) - timedelta(microseconds=1) if self.until else None,
        )


@dataclass(frozen=True, slots=True)
class LogPage:
    """`entities` can be chosen of, with their names; none where there is only one."""

    found: Events
    asked: Asked
    entities: Mapping[str, str]
    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    first: bool


@router.get("/log")
def log(
    asking: Reader,
    entity: Word = "",
    employee_number: Digits = "",
    kind: Word = "",
    rule: Word = "",
    run: Word = "",
    actor: Word = "",
    field: Word = "",
    since: TypedDay = "",
    until: TypedDay = "",
    cursor: Cursor = None,
) -> HTMLResponse:
    """Of all legal entities that the reader sees, and of the log itself for whoever sees them all."""
    question = Asked(
        entity, employee_number, kind, rule.upper(), run, stored_actor(actor), field, str(since), str(until)
    )
    filters, t = question.filters(), tongue(asking.language)

    def found(at: str | None, limit: int, *, facts: bool = True) -> Events:
        return asked.told(asking, filters, entity or None, at, limit, newest_first=True, t=t, facts=facts)

    mine = {one: name for one, name in asking.web.settings.entity_names().items() if asking.caller.sees(one)}
    chosen = entity or (next(iter(mine)) if len(mine) == 1 else None)
    told = found(cursor, _A_PAGE, facts=False)
    page = LogPage(
        found=told,
        asked=question,
        entities=mine if len(mine) > 1 else {},
        kinds=tuple(STORED_NAMES),
        rules=tuple(RULES),
        first=cursor is None,
    )
    listing = Listing(
        "log", _COLUMNS, lambda: every_page(lambda at: found(at, MAX_LIMIT)),
        lambda numbers: names_of(asking, chosen, numbers) if chosen else {},
    )  # fmt: skip
    numbers = [one.employee_number for one in told.items if one.legal_entity == chosen]
    names = names_of(asking, chosen, numbers) if chosen else {}
    return shown(asking, "log.html", entity=chosen, current="log", page=page, names=names, listing=listing)


def _midnight(day: str, days_on: int) -> datetime:
    """In the Netherlands."""
    try:
        on = date.fromisoformat(day) + timedelta(days=days_on)
        return datetime.combine(on, time(), AMSTERDAM).astimezone(UTC)
    except OverflowError:
        raise not_found() from None
