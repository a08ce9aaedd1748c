"""The compliance report: every Loket value that runs replaced or cleared in a period, as of one head of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Final

from domain.alerts import Say, as_written
from domain.events.loket import FieldOverwritten
from domain.events.personio import AttributeChanged
from domain.log import Checkpoint, Log, Recorded, Vault, warning_about
from domain.personal import Personal
from domain.planning.business_date import business_date
from domain.ports import Clock, ReportViews
from domain.services.reports.unmask import Unmasking, record_unmasking, subjects_in
from domain.services.reports.up_to import up_to
from domain.showings import MOST_A_DAY
from domain.values import Actor
from domain.views.overwritten_fields import OverwrittenFilters, OverwrittenRow, OverwrittenTotals, RunWritten
from domain.views.sentences import ENGLISH, Tongue, sentence

_PAGE: Final = 500


class Retroactive(StrEnum):
    """Whether a change took effect before it was seen; Personio seldom tells (AUD-3, AUD-4)."""

    YES = "yes"
    NO = "no"
    NOT_TOLD = "not told"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseSeen:
    """The Personio change behind an overwrite, as it was observed: nobody claims who made it or when (AUD-5)."""

    position: int
    first_seen_on: date
    previously_observed_at: datetime | None  # None when it was the first sight of the value


@dataclass(frozen=True, slots=True, kw_only=True)
class OverwrittenField:
    """One line of the report. `before` and `after` are sealed, opened or erased, as the report was asked for."""

    row: OverwrittenRow
    in_words: Callable[[Tongue], str]  # as open as the values are
    before: Personal
    after: Personal
    cause: CauseSeen | None
    effective_on: date | None  # None: not told by Personio
    retroactive: Retroactive

    @property
    def sentence(self) -> str:
        return self.in_words(ENGLISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverwrittenReport:
    """Everything but the lines, which are read from the log as they are asked for, a page at a time."""

    filters: OverwrittenFilters
    made_at: datetime
    made_by: Actor
    unmasked: bool
    checkpoint: Checkpoint | None  # the signed head that the report is about; None for an empty log
    runs: tuple[RunWritten, ...]
    totals: OverwrittenTotals
    lines: Callable[[], Iterator[OverwrittenField]]
    size: int = 0  # how many events the log had: none later is in the report, and the checkpoint may cover more
    entity_names: Mapping[str, str] = field(default_factory=dict)  # by legal entity, for people who read it
    about: tuple[tuple[str, str], ...] = ()  # what else its first page says: who ordered and released it, and why
    warning: str | None = None  # what it says on its face when the log is known to be bad
    language: str = "en"  # of a PDF or workbook; what machines read is in none
    say: Say = as_written  # a text in that language
    tongue: Tongue = ENGLISH  # and what the log's sentences are told in

    def name_of(self, entity: str) -> str:
        name = self.entity_names.get(entity)
        return f"{entity} ({name})" if name else entity

    @property
    def up_to(self) -> str:
        """In words: up to where it tells, and what proves that."""
        return up_to(self.size, self.checkpoint, self.say)


def overwritten_report(
    filters: OverwrittenFilters,
    log: Log,
    vault: Vault,
    views: ReportViews,
    clock: Clock,
    *,
    actor: Actor,
    unmask_because: str | None = None,
    as_of: int | None = None,
    most: int = MOST_A_DAY,
    agreed: bool = False,
    also: frozenset[str] = frozenset(),
) -> OverwrittenReport:
    """The report of the log as it is now, or as it was when it had `as_of` events; nobody else's values are opened.

    `also`: the subjects of people whose values are shown beside it.

    Unmasking is on record, and under that head, before a value leaves.
    Raises Misconfigured when it is to be unmasked without a reason, and TooManyPeople for more people than one person
    opens within a day, unless somebody else `agreed` (AUD-8).
    """
    size = log.size() if as_of is None else as_of
    views.catch_up()
    if unmask_because is not None:
        unmasking = Unmasking(actor, "overwritten fields", unmask_because, most, agreed)
        _record_unmasking(filters, log, vault, views, clock, unmasking, size, also)
    head = log.checkpoint()
    unmasked = unmask_because is not None

    def lines() -> Iterator[OverwrittenField]:
        after = -1
        while rows := views.overwritten_fields.rows(filters, below=size, after=after, limit=_PAGE):
            yield from overwritten_lines(rows, log, vault, unmasked=unmasked)
            after = rows[-1].position

    return OverwrittenReport(
        filters=filters,
        made_at=clock.now(),
        made_by=actor,
        unmasked=unmasked,
        checkpoint=head,
        runs=tuple(views.overwritten_fields.runs(filters, below=size)),
        totals=views.overwritten_fields.totals(filters, below=size),
        lines=lines,
        size=size,
        warning=warning_about(log),
    )


def _in_words(fact: FieldOverwritten, on: date, first_seen: date | None, t: Tongue) -> str:
    return sentence(fact, on=on, first_seen=first_seen, t=t)


def overwritten_lines(
    rows: Sequence[OverwrittenRow], log: Log, vault: Vault, *, unmasked: bool
) -> tuple[OverwrittenField, ...]:
    """These rows in full, from the events they point at. Who asks for them unmasked has recorded it (AUD-8)."""
    sealed = log.at([row.position for row in rows])
    events = {one.position: one for one in (vault.opened(sealed) if unmasked else vault.marked(sealed))}
    seen = log.at([row.cause for row in rows if row.cause is not None])
    causes: Mapping[int | None, Recorded] = {one.position: one for one in seen}
    return tuple(overwritten_line(row, events[row.position], causes.get(row.cause)) for row in rows)


def overwritten_line(row: OverwrittenRow, event: Recorded, cause: Recorded | None) -> OverwrittenField:
    """The row in full, from its event and the one that showed the change in Personio behind it."""
    fact = event.fact
    assert isinstance(fact, FieldOverwritten)  # rows of this view are made of nothing else
    effective_on = fact.effective_on or (cause.fact.effective_on if cause else None)
    seen = _seen(cause) if cause else None
    recorded_on = business_date(event.meta.recorded_at)
    first_seen = seen.first_seen_on if seen else recorded_on
    return OverwrittenField(
        row=row,
        in_words=partial(_in_words, fact, recorded_on, seen.first_seen_on if seen else None),
        before=fact.before,
        after=fact.after,
        cause=seen,
        effective_on=effective_on,
        retroactive=_retroactive(effective_on, first_seen),
    )


def _seen(cause: Recorded) -> CauseSeen:
    changed = cause.fact if isinstance(cause.fact, AttributeChanged) else None
    return CauseSeen(
        position=cause.position,
        first_seen_on=business_date(cause.meta.recorded_at),
        previously_observed_at=changed.previously_observed_at if changed else None,
    )


def _retroactive(effective_on: date | None, first_seen: date) -> Retroactive:
    if effective_on is None:
        return Retroactive.NOT_TOLD
    return Retroactive.YES if effective_on < first_seen else Retroactive.NO


def _record_unmasking(
    filters: OverwrittenFilters,
    log: Log,
    vault: Vault,
    views: ReportViews,
    clock: Clock,
    unmasking: Unmasking,
    size: int,
    also: frozenset[str],
) -> None:
    """One record a legal entity; the reason is sealed with the person's own keys where it is about one person."""
    for entity in filters.entities:
        if filters.number is not None:
            record_unmasking(log, vault, clock, unmasking=unmasking, entity=entity, number=filters.number)
            continue
        people = also | people_in(replace(filters, entities=(entity,)), log, views, below=size)
        record_unmasking(log, vault, clock, unmasking=unmasking, entity=entity, people=people)


def people_in(filters: OverwrittenFilters, log: Log, views: ReportViews, *, below: int) -> frozenset[str]:
    """The subjects of everyone whose values a report shows."""
    found: frozenset[str] = frozenset()
    after = -1
    while rows := views.overwritten_fields.rows(filters, below=below, after=after, limit=_PAGE):
        found |= subjects_in(log.at([row.position for row in rows]))
        after = rows[-1].position
    return found
