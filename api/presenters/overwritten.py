"""One overwritten field as JSON, in lists and by itself; adapters/reports/overwritten.py has the columns of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.presenters.values import Json, instant, value
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.log import Recorded
from domain.personal import Personal
from domain.services.reports.overwritten import OverwrittenField
from domain.values import FieldPath
from domain.views.overwritten_fields import Tallied, by_field, by_rule
from domain.views.sentences import label


def overwritten(line: OverwrittenField) -> Json:
    """Values are masked: only a file shows them in clear."""
    row = line.row
    return {
        "position": row.position,
        "employee_number": row.employee_number,
        "person_id": row.person_id,
        "field": row.field,
        "before": value(line.before, unmask=False),
        "after": value(line.after, unmask=False),
        "cleared": row.cleared,
        "run_id": row.run_id,
        "business_date": row.business_date.isoformat() if row.business_date else None,
        "recorded_at": instant(row.recorded_at),
        "actor": row.actor,
        "rule": row.rule,
        "effective_on": line.effective_on.isoformat() if line.effective_on else None,
        "processed_periods": list(row.periods),
    }


@dataclass(frozen=True, slots=True)
class BothSystems:
    """The value before and after in either system: as text, the mask, a word for why there is none, None for a blank.

    `seen` is whether Personio is known to have shown it then; `first_sight` that nothing was seen there before.
    """

    before: str | None
    after: str | None
    personio_before: str | None
    personio_after: str | None
    seen: bool
    first_sight: bool


def both_systems(line: OverwrittenField, cause: Recorded | None, *, unmask: bool) -> BothSystems:
    """As open as the events were read."""
    before, after = _shown_by(cause, line.row.field)
    return BothSystems(
        before=value(line.before, unmask=unmask),
        after=value(line.after, unmask=unmask),
        personio_before=None if before is None else value(before, unmask=unmask),
        personio_after=None if after is None else value(after, unmask=unmask),
        seen=after is not None,
        first_sight=before is None,
    )


def _shown_by(cause: Recorded | None, field: FieldPath) -> tuple[Personal | None, Personal | None]:
    """What Personio showed before and after; None for what was not seen, or was another field there."""
    match cause and cause.fact:
        case AttributeChanged(field=changed, before=before, after=after) if changed == field:
            return before, after
        case AttributesObserved(values=values):
            return None, next((one.value for one in values if one.field == field), None)
        case _:
            return None, None


def of_fields(tallies: Sequence[Tallied]) -> list[Json]:
    """Totals by field, the most first."""
    return [{"field": name, "label": label(name), **counts.as_json()} for name, counts in by_field(tallies)]


def of_rules(tallies: Sequence[Tallied]) -> list[Json]:
    """Totals by rule, the most first."""
    return [{"rule": name or None, **counts.as_json()} for name, counts in by_rule(tallies)]
