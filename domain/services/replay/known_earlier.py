"""What would have come of it, had the present data of one person been known on an earlier day (AUD-12).

A change with effect in the past is seen when it is seen. This says which runs would have written what, and in which
payroll periods Loket held something else meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from domain.errors import NotFound
from domain.grounds.case import Case
from domain.grounds.inputs import Everybody
from domain.planning.comparison import Difference
from domain.planning.planned import DatedWrite, PlannedWrite
from domain.services.replay.looks import Look
from domain.snapshots import PayType, PeriodSpan
from domain.values import FieldPath, Observed, PersonId, RunId

PAY: Final = "pay"
"""Among the names of fields: everything that Personio shows of the person's pay."""


@dataclass(frozen=True, slots=True)
class Missed:
    """One field that a run would have written besides. Values are clear: mask them before they leave."""

    run: RunId
    today: date
    kind: str
    change: Difference


@dataclass(frozen=True, slots=True)
class ExposedPeriod:
    """A payroll period in which Loket held another pay than it should have, as far as it was run or begun."""

    period: str
    processed: bool
    field: FieldPath
    held: Observed
    wanted: Observed
    effective_on: date


@dataclass(frozen=True, slots=True)
class Exposure:
    person: PersonId
    since: date
    runs: int  # that were looked at
    missed: tuple[Missed, ...]
    periods: tuple[ExposedPeriod, ...]


def known_earlier(
    looks: Sequence[Look], latest: Look, person: PersonId, *, since: date, fields: Collection[str] = ()
) -> Exposure:
    """`looks` in order; `latest` has the present data; `fields` are Loket's, or "pay", or all.

    It says what would have been decided for this person: a run that findings held wrote nothing then either.
    Raises NotFound where the latest holds nothing of the person but the gates, or a field is none of the catalogue's.
    """
    known = {row.field for row in latest.policy.catalogue} | {PAY}
    if unknown := sorted(set(fields) - known):
        raise NotFound(f"no field of Loket that travels is called {', '.join(unknown)}; pay is called {PAY}")
    present = latest.grounds.get(person)
    if not isinstance(present, Case):
        raise NotFound(f"{latest.name} holds nothing of this person but the gates: nothing can have been known earlier")
    missed: list[Missed] = []
    periods: dict[tuple[str, FieldPath], ExposedPeriod] = {}
    earlier = [one for one in looks if one.today >= since and isinstance(one.grounds.get(person), Case)]
    for look in earlier:
        case = look.grounds[person]
        assert isinstance(case, Case)
        types = _types_beside(look, case)
        then = _writes(look, case, types)
        for write, change in _writes(look, _with(case, present, fields, look), types):
            if (write.kind, change) in {(each.kind, known) for each, known in then}:
                continue
            missed.append(Missed(look.name, look.today, write.kind.value, change))
            if isinstance(write, DatedWrite):
                periods |= {
                    (span.name, change.field): _exposed(span, change, write.effective_on)
                    for span in _meanwhile(look.shared.periods, write.effective_on, look.today)
                }
    return Exposure(person, since, len(earlier), tuple(missed), tuple(periods[key] for key in sorted(periods)))


def _writes(look: Look, case: Case, types: frozenset[PayType]) -> list[tuple[PlannedWrite, Difference]]:
    shared = replace(look.shared, pay_types=types | _paid(case))
    (decision,) = Everybody.of((case,), shared).decide(look.policy, today=look.today).decisions
    return [(write, change) for write in decision.writes for change in write.changes]


def _types_beside(look: Look, case: Case) -> frozenset[PayType]:
    """That anybody else was paid: a type that only this person had then may have another name now."""
    beside = (_paid(one) for person, one in look.grounds.items() if isinstance(one, Case) and person != case.person.id)
    others = frozenset[PayType]().union(*beside)
    return (look.shared.pay_types - _paid(case)) | others


def _paid(case: Case) -> frozenset[PayType]:
    return frozenset(one.compensation.type for one in case.paid or ())


def _with(case: Case, present: Case, fields: Collection[str], look: Look) -> Case:
    """The case of then with Personio's data of now: what is absent now is absent."""
    if not fields:
        return _with_pay(replace(case, person=present.person, asked=present.asked), present)
    roles = {row.role for row in look.policy.catalogue if row.field in fields}
    kept = {role: value for role, value in case.person.values.items() if role not in roles}
    now = {role: value for role, value in present.person.values.items() if role in roles}
    person = replace(case.person, values={**kept, **now})
    return _with_pay(replace(case, person=person), present) if PAY in fields else replace(case, person=person)


def _with_pay(case: Case, present: Case) -> Case:
    """Pay, and the hours that it is reckoned with."""
    return replace(
        case,
        person=replace(case.person, employment=present.person.employment),
        paid=case.paid if present.paid is None else present.paid,
        unreadable=present.unreadable,
        compensations=present.compensations,
    )


def _meanwhile(periods: Iterable[PeriodSpan], effective_on: date, today: date) -> Iterable[PeriodSpan]:
    """Periods that the change reaches into and that had begun by then."""
    return (one for one in periods if one.last >= effective_on and one.first <= today)


def _exposed(span: PeriodSpan, change: Difference, effective_on: date) -> ExposedPeriod:
    return ExposedPeriod(span.name, span.processed, change.field, change.before, change.after, effective_on)
