"""What a run recorded about one person, held against what is derived again; names of fields, never a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from domain.events.loket import LoketFieldChanged, WriteIntended, WriteKind
from domain.events.runs import FindingRaised, OutcomeRecorded
from domain.log import Recorded
from domain.outcomes import apart
from domain.planning.decide import Decision
from domain.planning.findings import NoticeCode
from domain.planning.planned import DatedWrite, PlannedWrite
from domain.services.sync.report import Outcome, PersonOutcome, blocked, left_out, quiet
from domain.streams import loket_record_of
from domain.values import BLANK, PersonId, one_or_many

_WHOLE: Final = frozenset({Outcome.UPDATED, Outcome.CONCEPT_CREATED, Outcome.CONCEPT_UPDATED, Outcome.UNCHANGED})
_OF_WRITES: Final = frozenset(Outcome) - {Outcome.LEFT_OUT, Outcome.BLOCKED}
_OUTCOME: Final = ("outcome: recorded {}, derived 1 write", "outcome: recorded {}, derived {} writes")


@dataclass(slots=True)
class Done:
    """What one run recorded about one person; the values of its writes are opened."""

    outcome: OutcomeRecorded | None = None
    findings: list[FindingRaised] = field(default_factory=list)
    writes: list[WriteIntended] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)  # fields that somebody else changed before a write: nothing was left


def done_by(events: Iterable[Recorded]) -> dict[PersonId, Done]:
    """By person, from the events of one run."""
    found: dict[PersonId, Done] = {}
    moved: dict[int | None, set[str]] = {}
    for event in apart(events):
        match event.fact:
            case OutcomeRecorded() as fact:
                found.setdefault(PersonId(fact.person_id), Done()).outcome = fact
            case FindingRaised() as fact:
                found.setdefault(PersonId(fact.person_id), Done()).findings.append(fact)
            case WriteIntended() as fact:
                found.setdefault(PersonId(fact.person_id), Done()).writes.append(fact)
            case LoketFieldChanged() as fact:
                moved.setdefault(loket_record_of(event.stream)[1], set()).add(fact.field)
    for one in found.values():
        if one.outcome is not None:
            one.moved = moved.get(one.outcome.employee_number, set())
    return found


def differing(done: Done, decision: Decision, *, held: bool) -> Iterator[str]:
    """Each thing on record that does not follow from the decision. `held`: by findings, the whole legal entity.

    A run that was cut off may have left out the end of what it had to say.
    """
    if done.outcome is not None:
        yield from _outcome(done.outcome, decision, held=held)
        yield from _notices(done.outcome, decision)
    if held and done.outcome is not None:
        recorded = sorted((one.code, one.field or "") for one in done.findings)
        derived = sorted((one.code.value, one.field or "") for one in decision.findings)
        if recorded != derived:
            yield f"findings: recorded {_listed(recorded)}, derived {_listed(derived)}"
    for write in done.writes:
        yield from _write(write, decision)
    if done.outcome is not None and done.outcome.outcome in _WHOLE and not held:
        yield from _not_sent(done, decision)


def _outcome(recorded: OutcomeRecorded, decision: Decision, *, held: bool) -> Iterator[str]:
    if decision.left_out is None and not held and decision.writes:
        if recorded.outcome not in _OF_WRITES:
            writes = len(decision.writes)
            yield one_or_many(_OUTCOME, writes).format(_said(recorded), writes)
        return
    derived = _without_writes(decision, held=held)
    if (recorded.outcome, recorded.reason) != (derived.outcome.value, derived.reason):
        yield f"outcome: recorded {_said(recorded)}, derived {derived.outcome.value} {derived.reason}"


def _without_writes(decision: Decision, *, held: bool) -> PersonOutcome:
    if decision.left_out is not None:
        return left_out(decision, decision.left_out)
    return blocked(decision) if held else quiet(decision)


def _notices(recorded: OutcomeRecorded, decision: Decision) -> Iterator[str]:
    """All but one that names fields of somebody who is left out: they are not kept (END-2)."""
    skipped = NoticeCode.MANUAL_FOLLOW_UP.value if decision.left_out is not None else None
    told = zip(recorded.notices, recorded.details, strict=False)
    mine = [(code, detail) for code, detail in told if code != skipped]
    derived = [(one.code.value, one.detail) for one in decision.notices if one.code.value != skipped]
    if mine != derived:
        yield f"notices: recorded {_listed(mine)}, derived {_listed(derived)}"


def _write(recorded: WriteIntended, decision: Decision) -> Iterator[str]:
    number = _number(recorded)
    planned = decision.writes[number] if 0 <= number < len(decision.writes) else None
    name = f"write {number} ({recorded.kind.value})"
    if planned is None:
        yield f"{name}: recorded, and not derived"
        return
    day = planned.effective_on if isinstance(planned, DatedWrite) else None
    if (recorded.kind, recorded.effective_on) != (planned.kind, day):
        yield f"{name}: recorded from {recorded.effective_on}, derived {planned.kind.value} from {day}"
        return
    if recorded.target != planned.target and planned.kind is not WriteKind.CONCEPT_BSN:  # a new concept has its id late
        yield f"{name}: another record in Loket"
    derived = {one.field: one.after for one in planned.changes}
    for change in recorded.changes:
        if change.field not in derived and not (_goes_whole(planned) and change.after is BLANK):
            yield f"{name}: {change.field} is recorded, and not derived"
        elif change.field in derived and change.after != derived[change.field]:  # type: ignore[index]
            yield f"{name}: {change.field} has another value"


def _not_sent(done: Done, decision: Decision) -> Iterator[str]:
    """What was decided and never sent, though everything is said to have gone well."""
    sent = {number: {one.field for one in write.changes} for write in done.writes for number in (_number(write),)}
    for number, planned in enumerate(decision.writes):
        missing = {str(one.field) for one in planned.changes} - sent.get(number, set()) - done.moved
        if missing:
            yield f"write {number} ({planned.kind.value}): derived, and not sent: {', '.join(sorted(missing))}"


def _number(write: WriteIntended) -> int:
    """An intent ends in the number of the write that was planned; -1 for one that does not."""
    number = write.intent.rpartition("-")[2]
    return int(number) if number.isdigit() else -1


def _goes_whole(planned: PlannedWrite) -> bool:
    """Parts that somebody filled in since the reading go with the rest of the address (EDIT-2)."""
    return not isinstance(planned, DatedWrite) and planned.removes is not None


def _said(recorded: OutcomeRecorded) -> str:
    return f"{recorded.outcome} {recorded.reason}"


def _listed(named: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{code} {of}".strip() for code, of in named) or "none"
