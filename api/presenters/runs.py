"""A run as JSON: as it has just ended, and as the log tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from api.presenters.values import Json, change, instant, message
from domain.values import RunId
from domain.views.runs import FullOutcome, Read, RunRow, Tally

if TYPE_CHECKING:
    from domain.planning.plausible import Beside
    from domain.services.sync.report import PersonOutcome, RunReport


def run_report(report: RunReport, *, unmask: bool = False) -> Json:
    """The one object of `sync`, in every case."""
    shown: Json = {
        "run_id": report.run_id,
        "legal_entity": report.entity,
        "business_date": report.business_date.isoformat(),
        "status": report.status.value,
        "reason": report.reason,
        "message": report.message,
        "outcomes": [_reported(one, report.run_id, unmask=unmask) for one in report.outcomes],
        "counts": report.counts,
    }
    if report.held_by:
        shown["held_by"] = report.held_by
    if report.fingerprint:
        shown["fingerprint"] = report.fingerprint
    if report.sizes:
        shown["sizes"] = _sizes(report.sizes)
    return shown


def _sizes(sizes: Mapping[str, Beside]) -> Json:
    """What the last accepted sweep came to, and one that was not believed beside it (RUN-12)."""
    return {what: {"before": before, "now": now} for what, (before, now) in sizes.items()}


def _reported(person: PersonOutcome, run_id: RunId, *, unmask: bool) -> Json:
    earlier = [
        change(one.field, one.before, one.after, unmask=unmask) | {"run_id": one.run_id} for one in person.earlier
    ]
    from api.presenters.plan import overwriting  # with all that decides: a run of the past needs none of it

    own = [{**one, "run_id": run_id} for one in overwriting(person.overwritten, unmask=unmask)]
    return {
        "person_id": person.person,
        "employee_number": person.number,
        "outcome": person.outcome.value,
        "reason": person.reason,
        "overwritten": [*earlier, *own],
        "messages": [message(text, unmask=unmask) for text in person.messages],
    }


def run(row: RunRow) -> Json:
    """A run from the log, without its outcomes."""
    return {
        "run_id": row.run_id,
        "legal_entity": row.legal_entity,
        "business_date": row.business_date.isoformat() if row.business_date else None,
        "status": row.status.value,
        "reason": row.reason,
        "message": row.message,
        "actor": row.actor,
        "started_at": instant(row.started_at),
        "ended_at": instant(row.ended_at) if row.ended_at else None,
        "fingerprint": row.fingerprint,
        "counts": dict(row.counts),
        "sizes": _sizes(row.sizes),
        "read": _read(row.read) if row.read else None,
        "plan": row.plan,
        "plan_now": row.plan_now,
        "only": list(row.only),
    }


def _read(read: Read) -> Json:
    """How much a run read of both systems, and when."""
    return {
        "personio_at": instant(read.personio_at),
        "loket_at": instant(read.loket_at),
        "people": read.people,
        "employees": read.employees,
        "concepts": read.concepts,
        "not_read_again": read.not_read_again,
        "unchanged_since": instant(read.unchanged_since) if read.unchanged_since else None,
    }


def tally(one: Tally) -> Json:
    """How many people this was made of."""
    return {"outcome": one.outcome, "reason": one.reason, "people": one.people}


def outcome(one: FullOutcome, *, unmask: bool = False) -> Json:
    """A person's outcome from the log; each position is where the log holds what is said."""
    places = [place.position for place in one.row.overwritten]
    return {
        "person_id": one.row.person_id,
        "employee_number": one.row.employee_number,
        "outcome": one.row.outcome,
        "reason": one.row.reason,
        "overwritten": [
            {**change(each.field, each.before, each.after, unmask=unmask), "run_id": each.run_id, "position": place}
            for each, place in zip(one.overwritten, places, strict=True)
        ],
        "messages": [message(text, unmask=unmask) for text in one.messages],
        "position": one.row.position,
    }


_OF_FEW: Final = ("fingerprint", "sizes", "read", "plan", "plan_now", "only")


def past_run(row: RunRow) -> Json:
    """A past run in the shape of `sync`: what few runs have only where it is there."""
    return {key: value for key, value in run(row).items() if value or key not in _OF_FEW}


def past_run_in_full(row: RunRow, outcomes: Sequence[FullOutcome], *, unmask: bool) -> Json:
    """The same with everyone's outcome; `sync` knows no positions in the log."""
    told = [_without(outcome(one, unmask=unmask), "position") for one in outcomes]
    for one in told:
        one["overwritten"] = [_without(each, "position") for each in one["overwritten"]]
    return {**past_run(row), "outcomes": told}


def _without(shown: Json, name: str) -> Json:
    return {key: value for key, value in shown.items() if key != name}
