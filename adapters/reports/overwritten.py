"""The overwritten-field report as plain columns, one place for every format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import InvalidOperation
from typing import Any, Final

from domain.personal import MASK, Lost, Personal, Sealed
from domain.planning.kinds import TREATMENTS
from domain.planning.writes import kinds_of
from domain.services.reports.overwritten import OverwrittenField, OverwrittenReport
from domain.services.reports.sheet import Cell, Column
from domain.values import BLANK, Absence, FieldPath
from domain.views.sentences import label

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


def cells(line: OverwrittenField) -> dict[str, Cell]:
    """One line by column; values are as open as the report is."""
    row, cause = line.row, line.cause
    return {
        "position": row.position,
        "legal_entity": row.legal_entity,
        "employee_number": row.employee_number,
        "person_id": row.person_id,
        "field": row.field,
        "label": label(row.field),
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
        "effective_on": line.effective_on or NOT_TOLD,
        "retroactive": line.retroactive.value,
        "processed_periods": ", ".join(row.periods),
    }


def because(line: OverwrittenField) -> str:
    """What is known of the change in Personio behind it, in words."""
    cause = line.cause
    if cause is None:
        return "no change seen in Personio: Loket held another value"
    effective = f"effective on {line.effective_on}" if line.effective_on else "effective date not told"
    return f"first seen on {cause.first_seen_on} (position {cause.position}), {effective}"


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
