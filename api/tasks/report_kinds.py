"""What can be ordered: for each kind its formats, whom it shows, and how its file is made of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import BinaryIO, Final

from adapters.projections.afresh import EVIDENCE, REPORT, ViewsAfresh, views_afresh
from adapters.reports.evidence import subjects_of_evidence, write_evidence
from adapters.reports.files import MEDIA, Format, write
from adapters.reports.pdf_file import MOST_LINES
from adapters.reports.sheet import write_sheet
from api.bootstrap import Store
from api.config.settings import Settings
from api.identifiers import new_run_id
from api.languages import ENGLISH, tongue, translations
from api.presenters.pay_mutations import pay_sheet
from domain.errors import ReportTooLong
from domain.events.report import ReportKind
from domain.planning.business_date import business_date
from domain.services.reports.order import ReportOrder, order_report
from domain.services.reports.overwritten import (
    OverwrittenField,
    OverwrittenReport,
    overwritten_report,
    people_in,
)
from domain.services.reports.pay_mutations import found_in, pay_report, subjects_of_pay
from domain.values import Actor, LegalEntityId
from domain.views.overwritten_fields import OverwrittenFilters

MEDIA_OF: Final[Mapping[str, str]] = {
    **{one.value: media for one, media in MEDIA.items()}, "json": "application/json", "zip": "application/zip",
}  # fmt: skip
MOST_IN_CLEAR: Final = 5_000  # lines; it is held in memory, never on disk

Lines = Iterator[OverwrittenField]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be made, for whom, of the log as it was with `size` events; with a `reason` in clear."""

    kind: ReportKind
    filters: OverwrittenFilters
    format: str
    language: str
    size: int
    actor: Actor
    reason: str | None = None
    about: tuple[tuple[str, str], ...] = ()
    agreed: bool = False  # a second person agreed


@dataclass(frozen=True, slots=True)
class Shown:
    """How long a report is, and whose values it holds: how many people, and who where it is to be in clear."""

    lines: int
    people: int
    subjects: frozenset[str]


def views_for(store: Store, kind: ReportKind) -> AbstractContextManager[ViewsAfresh]:
    """The views that a report of this kind is made from, folded from the events alone."""
    return views_afresh(store.log, REPORT if kind is ReportKind.OVERWRITTEN_FIELDS else EVIDENCE)


def shown_in(store: Store, views: ViewsAfresh, wanted: Wanted) -> Shown:
    """Raises ReportTooLong."""
    filters, size, clear = wanted.filters, wanted.size, wanted.reason is not None
    if wanted.kind is ReportKind.PAY_MUTATIONS:
        found = found_in(filters, views, below=size)
        subjects = subjects_of_pay(found, store.log)
        shown = Shown(len(found), len(subjects), subjects if clear else frozenset())
    else:
        totals = views.overwritten_fields.totals(filters, below=size)
        subjects = people_in(filters, store.log, views, below=size) if clear else frozenset()
        if wanted.kind is ReportKind.EVIDENCE and clear:
            subjects |= subjects_of_evidence(filters, size, store.log, views.recorded)
        people = len({one.person_id for one in totals.by_person})
        shown = Shown(totals.counts.fields, max(people, len(subjects)), subjects)
    if wanted.format == Format.PDF and shown.lines > MOST_LINES:
        raise ReportTooLong(f"a PDF has at most {MOST_LINES} lines: narrow the filter or take xlsx")
    if clear and shown.lines > MOST_IN_CLEAR:
        raise ReportTooLong(f"a report in clear has at most {MOST_IN_CLEAR} lines: narrow the filter")
    return shown


def make(
    settings: Settings,
    store: Store,
    views: ViewsAfresh,
    wanted: Wanted,
    out: BinaryIO,
    *,
    while_read: Callable[[Lines], Lines] = iter,
) -> None:
    """Write the file. Showing values is on record before one is opened (AUD-8).

    `while_read` sees every line of a report of overwritten fields, and may end it.
    """
    match wanted.kind:
        case ReportKind.PAY_MUTATIONS:
            report = pay_report(
                wanted.filters, store.log, store.vault, views, store.clock, actor=wanted.actor,
                unmask_because=wanted.reason, as_of=wanted.size, most=settings.access.people_a_day,
                agreed=wanted.agreed,
            )  # fmt: skip
            name = settings.entity_names()[report.entity]
            told = replace(report, about=wanted.about)
            write_sheet(pay_sheet(told, name, wanted.language), wanted.format, out)
        case ReportKind.EVIDENCE:
            also: frozenset[str] = frozenset()
            if wanted.reason is not None:
                also = subjects_of_evidence(wanted.filters, wanted.size, store.log, views.recorded)
            pack = in_language(_overwritten(settings, store, views, wanted, also), wanted.language)
            write_evidence(out, pack, store.log, views.recorded)
        case _:
            fields = in_language(_overwritten(settings, store, views, wanted), wanted.language)
            write(replace(fields, lines=lambda: while_read(fields.lines())), Format(wanted.format), out)


def _overwritten(
    settings: Settings, store: Store, views: ViewsAfresh, wanted: Wanted, also: frozenset[str] = frozenset()
) -> OverwrittenReport:
    report = overwritten_report(
        wanted.filters, store.log, store.vault, views, store.clock, actor=wanted.actor, unmask_because=wanted.reason,
        as_of=wanted.size, most=settings.access.people_a_day, agreed=wanted.agreed, also=also,
    )  # fmt: skip
    return replace(report, entity_names=settings.entity_names(), about=wanted.about)


def in_language(report: OverwrittenReport, language: str) -> OverwrittenReport:
    """What people read of it; what machines read is in none. An order from before papers spoke any is English."""
    spoken = language or ENGLISH
    return replace(report, language=spoken, say=translations(spoken).gettext, tongue=tongue(spoken))


def order(store: Store, wanted: Wanted, shown: Shown) -> ReportOrder:
    """Put it on record; in clear, somebody else releases it."""
    return order_report(
        wanted.filters, store.log, store.vault, store.clock, report=f"report-{new_run_id(store.clock.now())}",
        actor=wanted.actor, kind=wanted.kind, format=wanted.format, language=wanted.language, people=shown.people,
        log_size=wanted.size, unmask_because=wanted.reason, named=shown.subjects,
    )  # fmt: skip


def order_planned(
    store: Store, entity: LegalEntityId, kinds: Iterable[str], *, actor: Actor, language: str, reason: str | None
) -> Sequence[ReportOrder]:
    """What a timetable orders: these kinds, each with its format behind a dot, of the calendar month before.

    Raises ReportTooLong for values in clear of more lines than anybody may open at once.
    """
    until = business_date(store.clock.now()).replace(day=1) - timedelta(days=1)
    filters, size = OverwrittenFilters(entities=(entity,), since=until.replace(day=1), until=until), store.log.size()
    ordered = []
    for name in kinds:
        kind, _, format = name.partition(".")
        wanted = Wanted(
            kind=ReportKind(kind), filters=filters, format=format, language=language,
            size=size, actor=actor, reason=reason,
        )  # fmt: skip
        with views_for(store, wanted.kind) as views:
            try:
                ordered.append(order(store, wanted, shown_in(store, views, wanted)))
            except ReportTooLong:  # for paper, that is: a workbook takes it
                wanted = replace(wanted, format="xlsx")
                ordered.append(order(store, wanted, shown_in(store, views, wanted)))
    return ordered
