"""What other settings, or data known earlier, would have made of past runs: as JSON, and as a sheet for files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Final

from api.languages import amount, day, moment, number, tongue, translations
from api.presenters.pay_mutations import TYPES, WARNING
from api.presenters.values import Json, value
from domain.attributes import GROSS_WAGE_TYPE
from domain.log import Checkpoint
from domain.personal import Personal
from domain.planning.findings import DO, FindingCode
from domain.rules import RULES
from domain.services.replay.known_earlier import ExposedPeriod, Exposure
from domain.services.replay.what_if import NOT_KNOWN, Apart, Side, WhatIf, WouldWrite
from domain.services.reports.sheet import Cell, Column, Sheet
from domain.services.reports.up_to import up_to
from domain.values import Actor, EmployeeNumber
from domain.views.sentences import name_of
from domain.views.sentences.endings import ending

TITLE: Final = "What if"
EARLIER: Final = "Had it been known earlier"
_COLUMNS: Final = (
    ("look", "Run, check or validation", 26),
    ("business_date", "Business date", 13),
    ("employee_number", "Employee", 12),
    ("person_id", "Person in Personio", 16),
    ("then", "Then", 48),
    ("other", "Under the other settings", 48),
)
_PERIODS: Final = (
    ("period", "Payroll period", 14),
    ("processed", "Run already", 11),
    ("field", "Field in Loket", 28),
    ("held", "Held in Loket", 16),
    ("wanted", "Should have been", 16),
    ("effective_on", "Holds from", 13),
)
_AMOUNTS: Final = ("held", "wanted")
_OUTCOMES: Final = {
    "left_out": "left out", "blocked": "held by findings", "unchanged": "nothing to write", "updated": "written",
    "concept_created": "concept employee created", "concept_updated": "concept employee written",
    "failed": "cannot be written", "unknown": "an earlier write has an unknown outcome",
    NOT_KNOWN: "would take part; what would be written is not known, only the gates are kept",
}  # fmt: skip
_ABOUT: Final = (
    "Legal entity", "Settings", "Looked at", "People made something else of", "Employee", "Known from", "Made by",
)  # fmt: skip
_NOTHING: Final = "Nothing would have been other."
_LOG: Final = "From the log alone; neither system was read, and nothing was written."
_ABOUT_TITLE: Final = "About"
_YES_NO: Final = ("no", "yes")
TEXTS: Final = (
    TITLE, EARLIER, *(title for _, title, _ in (*_COLUMNS, *_PERIODS)), *_OUTCOMES.values(), *_ABOUT, _NOTHING, _LOG,
    _ABOUT_TITLE, *_YES_NO,
)  # fmt: skip
"""Everything that the sheets themselves say, to be translated."""


@dataclass(frozen=True, slots=True)
class Made:
    """Who made it, when, from how many events and under which head, and whether values are shown."""

    by: Actor
    at: datetime
    size: int
    checkpoint: Checkpoint | None
    warning: str | None
    unmask: bool = False


def what_ifs(found: Sequence[WhatIf], settings: Sequence[str], *, unmask: bool) -> Json:
    """Oldest first; `people` are those of whom something else would have become."""
    return {
        "settings": list(settings),
        "looks": [
            {
                "name": one.name,
                "look": one.look.value,
                "legal_entity": one.entity,
                "business_date": one.today.isoformat(),
                "then": asdict(one.then),
                "other": asdict(one.other),
                "never_read": list(one.never_read),
                "pay_unknown": one.pay_unknown,
                "words_unknown": one.words_unknown,
                "not_derivable": one.lost,
                "people": [_apart(each, unmask=unmask) for each in one.apart],
            }
            for one in found
        ],
    }


def exposure(found: Exposure, employee: EmployeeNumber, *, unmask: bool) -> Json:
    """Fields that runs would have written besides, and the payroll periods in which Loket held something else."""
    return {
        "employee_number": employee,
        "person_id": found.person,
        "known_from": found.since.isoformat(),
        "runs": found.runs,
        "missed": [
            {
                "run_id": one.run,
                "business_date": one.today.isoformat(),
                "kind": one.kind,
                "field": one.change.field,
                "before": value(one.change.before, unmask=unmask),
                "after": value(one.change.after, unmask=unmask),
                "effective_on": one.change.effective_on.isoformat() if one.change.effective_on else None,
            }
            for one in found.missed
        ],
        "periods": [
            {
                "period": one.period,
                "processed": one.processed,
                "field": one.field,
                "held": value(one.held, unmask=unmask),
                "wanted": value(one.wanted, unmask=unmask),
                "effective_on": one.effective_on.isoformat(),
            }
            for one in found.periods
        ],
    }


def what_if_sheet(found: Sequence[WhatIf], entity: str, settings: Sequence[str], made: Made, language: str) -> Sheet:
    """One line for each person and look of which something else would have become."""
    rows: list[dict[str, Cell]] = [
        {
            "look": one.name,
            "business_date": one.today,
            "employee_number": each.number,
            "person_id": each.person,
            "then": _told(each.then, made, language),
            "other": _told(each.other, made, language),
        }
        for one in found
        for each in one.apart
    ]
    about = [
        ("legal_entity", "Legal entity", entity),
        ("settings", "Settings", "; ".join(settings)),
        ("looked_at", "Looked at", number(len(found), language)),
        ("people", "People made something else of", number(len({row["person_id"] for row in rows}), language)),
    ]
    return _sheet("what_if", TITLE, "; ".join(settings), _COLUMNS, about, rows, made, language)


def exposure_sheet(found: Exposure, entity: str, employee: EmployeeNumber, made: Made, language: str) -> Sheet:
    """One line for each payroll period and field in which Loket held something else."""
    said = translations(language).gettext
    rows: list[dict[str, Cell]] = [
        {
            "period": one.period,
            "processed": one.processed,
            "field": one.field,
            "held": _held(one.field, one.held, made),
            "wanted": _held(one.field, one.wanted, made),
            "effective_on": one.effective_on,
        }
        for one in found.periods
    ]
    about = [
        ("legal_entity", "Legal entity", entity),
        ("employee_number", "Employee", str(employee)),
        ("known_from", "Known from", day(found.since, language)),
        ("looked_at", "Looked at", number(found.runs, language)),
    ]
    subtitle = f"{said('Employee')} {employee}, {said('Known from').lower()} {day(found.since, language)}"
    sheet = _sheet("known_earlier", EARLIER, subtitle, _PERIODS, about, rows, made, language)
    words = [{**row, **_in_words(one, row, said)} for one, row in zip(found.periods, rows, strict=True)]
    return replace(sheet, shown=_lines(_PERIODS, words, language))


def _sheet(
    name: str,
    title: str,
    subtitle: str,
    columns: Sequence[tuple[str, str, int]],
    about: Sequence[tuple[str, str, str]],
    rows: Sequence[dict[str, Cell]],
    made: Made,
    language: str,
) -> Sheet:
    said = translations(language).gettext
    told = [*about, ("made_by", "Made by", f"{made.by}, {moment(made.at, language)}")]
    return Sheet(
        name=name,
        language=language,
        title=said(title),
        subtitle=subtitle,
        about=[(key, said(heading), text) for key, heading, text in told],
        columns=[Column(key, said(heading), width) for key, heading, width in columns],
        rows=rows,
        heads=[said(heading) for _, heading, _ in columns],
        widths=[(width, key in _AMOUNTS) for key, _, width in columns],
        shown=_lines(columns, rows, language),
        rules=(),
        rules_title="",
        nothing=said(_NOTHING),
        about_title=said(_ABOUT_TITLE),
        log=f"{said(_LOG)} {up_to(made.size, made.checkpoint, said, partial(number, language=language))}",
        size=made.size,
        checkpoint=made.checkpoint.text if made.checkpoint else None,
        warning=made.warning,
        warned=(said(WARNING), ending(made.warning or "", tongue(language))),
    )


def _printed(cell: Cell, language: str) -> str | None:
    said = translations(language).gettext
    if isinstance(cell, bool):
        return said(_YES_NO[cell])
    if isinstance(cell, date):
        return day(cell, language)
    if isinstance(cell, Decimal):
        return amount(cell, language)
    return None if cell is None else str(cell)


def _lines(
    columns: Sequence[tuple[str, str, int]], rows: Sequence[dict[str, Cell]], language: str
) -> list[list[str | None]]:
    return [[_printed(row[key], language) for key, _, _ in columns] for row in rows]


def _held(field: str, held: Personal, made: Made) -> Cell:
    """An amount as a number; the type of a wage stays as Loket names it."""
    text = value(held, unmask=made.unmask)
    try:
        return text if text is None or field == GROSS_WAGE_TYPE else Decimal(text)
    except InvalidOperation:
        return text


def _in_words(one: ExposedPeriod, row: dict[str, Cell], said: Callable[[str], str]) -> dict[str, Cell]:
    """For paper: the field by its name, and the type of a wage in words."""
    told: dict[str, Cell] = {"field": name_of(one.field, said)}
    if one.field == GROSS_WAGE_TYPE:
        told |= {key: said(TYPES.get(str(row[key]), str(row[key]))) for key in _AMOUNTS if row[key] is not None}
    return told


def _apart(one: Apart, *, unmask: bool) -> Json:
    return {
        "person_id": one.person,
        "employee_number": one.number,
        "then": _side(one.then, unmask=unmask),
        "other": _side(one.other, unmask=unmask),
    }


def _side(one: Side, *, unmask: bool) -> Json:
    return {
        "outcome": one.outcome,
        "reason": one.reason or None,
        "findings": list(one.findings),
        "writes": [
            {
                "kind": each.kind,
                "field": each.change.field,
                "before": value(each.change.before, unmask=unmask),
                "after": value(each.change.after, unmask=unmask),
                "effective_on": each.change.effective_on.isoformat() if each.change.effective_on else None,
                "period": each.period,
            }
            for each in one.writes
        ],
    }


def _told(one: Side, made: Made, language: str) -> str:
    said = translations(language).gettext
    reason = f" ({one.reason})" if one.reason in RULES else ""
    head = said(_OUTCOMES.get(one.outcome, one.outcome)) + reason
    return "; ".join((head, *(_finding(each, said) for each in one.findings), *_written(one.writes, made, language)))


def _finding(found: str, said: Callable[[str], str]) -> str:
    """Code and field in words: what is to be done about it."""
    code, _, field = found.partition(" ")
    words = said(DO[FindingCode(code)])
    return f"{name_of(field, said)}: {words}" if field else words


def _written(writes: Iterable[WouldWrite], made: Made, language: str) -> Iterator[str]:
    said = translations(language).gettext
    for one in writes:
        before, after = (value(each, unmask=True) or "–" for each in (one.change.before, one.change.after))
        since = f" ({day(one.change.effective_on, language)})" if one.change.effective_on else ""
        moved = f": {before} → {after}" if made.unmask else ""
        yield f"{name_of(one.change.field, said)}{since}{moved}"
