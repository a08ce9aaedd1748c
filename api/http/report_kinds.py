"""What can be ordered: for each kind its formats, whom it shows, and how its file is made of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from adapters.projections.afresh import EVIDENCE, REPORT, ViewsAfresh, views_afresh
from adapters.reports.evidence import subjects_of_evidence, write_evidence
from adapters.reports.files import MEDIA, Format, write
from adapters.reports.pdf_file import MOST_LINES
from adapters.reports.sheet import write_sheet
from api.bootstrap import Store
from api.config.settings import Settings
from api.http.problems import Refused
from api.presenters.pay_mutations import pay_sheet
from domain.events.report import ReportKind
from domain.services.reports.overwritten import (
    OverwrittenField,
    OverwrittenReport,
    overwritten_report,
    people_in,
)
from domain.services.reports.pay_mutations import found_in, pay_report, subjects_of_pay
from domain.values import Actor
from domain.views.overwritten_fields import OverwrittenFilters

FORMATS: Final[Mapping[ReportKind, tuple[str, ...]]] = {
    ReportKind.OVERWRITTEN_FIELDS: ("xlsx", "pdf", "csv", "ndjson"),
    ReportKind.PAY_MUTATIONS: ("pdf", "xlsx", "csv", "json"),
    ReportKind.EVIDENCE: ("zip",),
}
"""Of each kind, the one most people want first."""

SPEAKS: Final = (ReportKind.PAY_MUTATIONS,)
"""Kinds that are in the language that was asked for; the others are in English."""

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
    """Raises Refused for one that is too long."""
    filters, size, clear = wanted.filters, wanted.size, wanted.reason is not None
    if wanted.kind is ReportKind.PAY_MUTATIONS:
        found = found_in(filters, views, below=size)
        subjects = subjects_of_pay(found, store.log)
        shown = Shown(len(found), len(subjects), subjects)
    else:
        totals = views.overwritten_fields.totals(filters, below=size)
        subjects = people_in(filters, store.log, views, below=size) if clear else frozenset()
        if wanted.kind is ReportKind.EVIDENCE and clear:
            subjects |= subjects_of_evidence(filters, size, store.log, views.recorded)
        people = len({one.person_id for one in totals.by_person})
        shown = Shown(totals.counts.fields, max(people, len(subjects)), subjects)
    if wanted.format == Format.PDF and shown.lines > MOST_LINES:
        raise Refused(422, "too-long", f"a PDF has at most {MOST_LINES} lines: narrow the filter or take xlsx")
    if clear and shown.lines > MOST_IN_CLEAR:
        raise Refused(422, "too-long", f"a report in clear has at most {MOST_IN_CLEAR} lines: narrow the filter")
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
            write_evidence(out, _overwritten(settings, store, views, wanted, also), store.log, views.recorded)
        case _:
            fields = _overwritten(settings, store, views, wanted)
            write(replace(fields, lines=lambda: while_read(fields.lines())), Format(wanted.format), out)


def _overwritten(
    settings: Settings, store: Store, views: ViewsAfresh, wanted: Wanted, also: frozenset[str] = frozenset()
) -> OverwrittenReport:
    report = overwritten_report(
        wanted.filters, store.log, store.vault, views, store.clock, actor=wanted.actor, unmask_because=wanted.reason,
        as_of=wanted.size, most=settings.access.people_a_day, agreed=wanted.agreed, also=also,
    )  # fmt: skip
    return replace(report, entity_names=settings.entity_names(), about=wanted.about)
