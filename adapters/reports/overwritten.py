"""The overwritten-field report as plain columns, one place for every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import InvalidOperation
from typing import Any, Final

from domain.alerts import Say, as_written
from domain.personal import MASK, Lost, Personal, Sealed
from domain.planning.kinds import TREATMENTS
from domain.planning.writes import kinds_of
from domain.services.reports.overwritten import OverwrittenField, OverwrittenReport
from domain.services.reports.sheet import Cell, Column
from domain.values import BLANK, Absence, FieldPath, one_or_many
from domain.views.runs import RunStatus
from domain.views.sentences import label, name_of
from domain.views.sentences.endings import ending

COLUMNS: Final = (
    Column("position", "Position in the log", 10),
    Column("legal_entity", "Legal entity", 12),
    Column("employee_number", "Employee number", 12),
    Column("person_id", "Personio person", 12),
    Column("field", "Loket field", 32),
    Column("label", "Field", 18),
    Column("before", "Before", 24),
    Column("after", "After", 24),
    Column("cleared", "Cleared", 9),
    Column("run_id", "Run", 24),
    Column("business_date", "Business date", 13),
    Column("recorded_at", "Recorded at (Amsterdam)", 19),
    Column("actor", "Run by", 18),
    Column("rule", "Rule", 9),
    Column("first_seen_on", "First seen in Personio on", 15),
    Column("cause", "Position of that change", 12),
    Column("effective_on", "Effective on", 13),
    Column("retroactive", "Retroactive", 11),
    Column("processed_periods", "Processed periods affected", 18),
)
NOT_TOLD: Final = "not told"


def cells(line: OverwrittenField, say: Say = as_written) -> dict[str, Cell]:
    """One line by column; values are as open as the report is."""
    row, cause = line.row, line.cause
    return {
        "position": row.position,
        "legal_entity": row.legal_entity,
        "employee_number": row.employee_number,
        "person_id": row.person_id,
        "field": row.field,
        "label": name_of(row.field, say),
        "before": cell_text(line.before),
        "after": cell_text(line.after),
        "cleared": row.cleared,
        "run_id": row.run_id,
        "business_date": row.business_date,
        "recorded_at": row.recorded_at,
        "actor": row.actor,
        "rule": row.rule,
        "first_seen_on": cause.first_seen_on if cause else None,
        "cause": cause.position if cause else None,
        "effective_on": line.effective_on or say(NOT_TOLD),
        "retroactive": say(line.retroactive.value),
        "processed_periods": ", ".join(row.periods),
    }


def because(line: OverwrittenField, say: Say = as_written) -> str:
    """What is known of the change in Personio behind it, in words."""
    cause = line.cause
    if cause is None:
        return say(_UNSEEN)
    effective = say(_EFFECTIVE).format(day=line.effective_on) if line.effective_on else say(_NO_DATE)
    seen = say(_SEEN).format(day=cause.first_seen_on, position=cause.position)
    return f"{seen}, {effective}"


_UNSEEN: Final = "no change seen in Personio: Loket held another value"
_EFFECTIVE: Final = "effective on {day}"
_NO_DATE: Final = "effective date not told"
_SEEN: Final = "first seen on {day} (position {position})"
EMPLOYEE: Final = "employee {number} of {entity} (Personio {person})"
COUNTED: Final = (
    "1 field: {overwritten} overwritten, {filled} filled, {cleared} cleared",
    "{fields} fields: {overwritten} overwritten, {filled} filled, {cleared} cleared",
)
OF_THEM: Final = "of them {kind}"
VERIFY: Final = (
    "Compare the checkpoint with one that you or a witness hold: it is signed with the log's key, and a log that was "
    "changed or cut off afterwards cannot reproduce it. Each line names its position in the log. `tweeluik certificate "
    "POSITION` writes that event, as stored, with the proof that this log holds it; `offline_verifier.py` checks such "
    "a file without this product and without a network. `tweeluik verify` checks the whole log."
)
NO_FONT: Final = (
    "Characters that this machine has no font for are drawn as boxes in this document, so some values cannot be read "
    "here: {characters}. Take the workbook or the CSV, or install fonts and make it again."
)
_FILTERS: Final = (
    "legal entities", "from", "to", "employee number", "person id", "field", "run id", "rule", "cleared",
    "what was done",
)  # fmt: skip
_PAPER: Final = (
    "Overwritten Loket fields", "Business dates {from} to {to}", "The log this report was made from",
    "How to verify", "Runs", "By field", "Overwritten fields",
    "The rules named above", "Run", "Entity", "Business date", "By", "Status", "Overwritten", "Filled", "Cleared",
    "Field", "In Loket", "Position", "Number", "Before", "After", "Date", "Rule", "Cause in Personio", "Period",
    "blank",
)  # fmt: skip
_ON_TITLE: Final = (
    "Legal entity", "Filtered by", "everything", "Made at", "Made by", "Personal values", "Written in Loket", "People",
    "shown in clear", "masked", "Ordered by", "Released by", "Reason",
)  # fmt: skip
_BOOK: Final = (
    "WARNING", "Warning", "Totals", "Total of", "About", "What", "Value", "Report", "made at", "made by", "values",
    "fields", "runs", "events in the log", "made from", "checkpoint", "an empty log has none", "Started at (Amsterdam)",
    "person", "overwritten", "filled", "yes", "no",
)  # fmt: skip
TEXTS: Final = tuple(
    dict.fromkeys(
        (
            *(column.title for column in COLUMNS), _UNSEEN, _EFFECTIVE, _NO_DATE, _SEEN, EMPLOYEE, *COUNTED, OF_THEM,
            VERIFY, NO_FONT, NOT_TOLD, *_FILTERS, *_PAPER, *_ON_TITLE, *_BOOK, *(one.value for one in RunStatus),
        )
    )
)  # fmt: skip
"""Everything that a PDF or workbook itself says, to be translated."""


def words_of(report: OverwrittenReport) -> dict[str, str]:
    """Every text of the paper in the language of the report, by the English one."""
    return {text: report.say(text) for text in TEXTS}


def counted(report: OverwrittenReport) -> str:
    """8 fields: 5 overwritten, 2 filled, 1 cleared."""
    counts = report.totals.counts
    return (
        str(counts)
        if report.language == "en"
        else report.say(one_or_many(COUNTED, counts.fields)).format(**counts.as_json())
    )


def typed(field: FieldPath, text: str | None) -> Cell:
    """A value as a number or a date where the field holds such; as text in every doubt."""
    if text is None:
        return None
    try:
        return TREATMENTS[kinds_of([field])[field]].cell(text)
    except (ValueError, InvalidOperation):
        return text


def cell_text(value: Personal) -> str | None:
    """A personal value: None for a blank, a word for what cannot be had, the mask while sealed (AUD-8)."""
    if isinstance(value, Absence):
        return None if value is BLANK else "not observed"
    if isinstance(value, Sealed):
        return MASK
    return str(value) if isinstance(value, Lost) else value


def warned(report: OverwrittenReport) -> str | None:
    """What the report says on its face of a log that is known to be bad, in its language."""
    return report.warning and f"{report.say('WARNING')}: {ending(report.warning, report.tongue)}"


def head(report: OverwrittenReport) -> dict[str, Any]:
    """Everything but the lines, ready for JSON."""
    return {
        "report": "overwritten fields",
        "warning": report.warning,
        "filter": filter_in_words(report),
        "made_at": report.made_at.isoformat(),
        "made_by": report.made_by,
        "unmasked": report.unmasked,
        "log_size": report.size,
        "checkpoint": report.checkpoint.text if report.checkpoint else None,
        "totals": {
            **report.totals.counts.as_json(),
            "people": len(report.totals.by_person),
            "runs": len(report.runs),
            "by_person": [
                {
                    "legal_entity": one.legal_entity,
                    "employee_number": one.employee_number,
                    "person_id": one.person_id,
                    **one.counts.as_json(),
                }
                for one in report.totals.by_person
            ],
            "by_field": [
                {
                    "field": one.field,
                    "label": label(one.field),
                    **one.counts.as_json(),
                }
                for one in report.totals.by_field
            ],
        },
        "runs": [
            {
                "run_id": one.run_id,
                "legal_entity": one.legal_entity,
                "business_date": one.business_date.isoformat() if one.business_date else None,
                "started_at": one.started_at.isoformat(),
                "actor": one.actor,
                "status": one.status.value,
                **one.counts.as_json(),
            }
            for one in report.runs
        ],
    }


def filter_in_words(report: OverwrittenReport) -> dict[str, Any]:
    """The filter in words: what was not asked for is left out."""
    asked = report.filters
    given: Mapping[str, Any] = {
        "legal_entities": list(asked.entities),
        "from": asked.since.isoformat(),
        "to": asked.until.isoformat(),
        "employee_number": asked.number,
        "person_id": asked.person,
        "field": asked.field,
        "run_id": asked.run,
        "rule": asked.rule,
        "cleared": asked.cleared,
        "what_was_done": asked.did,
    }
    return {name: value for name, value in given.items() if value is not None}


def json_line(line: OverwrittenField) -> dict[str, Any]:
    """One line ready for JSON; periods are a list, days and instants ISO text."""
    row = {name: value.isoformat() if isinstance(value, date) else value for name, value in cells(line).items()}
    return {**row, "processed_periods": list(line.row.periods), "sentence": line.sentence}


def json_lines(report: OverwrittenReport) -> Iterator[dict[str, Any]]:
    """The report for NDJSON: its head first, then one object a line."""
    yield {"kind": "report", **head(report)}
    for line in report.lines():
        yield {"kind": "overwritten", **json_line(line)}
