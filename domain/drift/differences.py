"""Where the two systems differ today, and who left the value our last run confirmed (DRIFT-1 to DRIFT-5).

Pure: it starts from the same plan as a run, compares with the same functions, and reads causes from the folded records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from domain.attributes import (
    CITIZEN_SERVICE_NUMBER,
    GROSS_WAGE,
    PAYMENT_IBAN,
    WAGE_FIELDS,
    WEEKLY_HOURS,
    Attribute,
    Kind,
    Role,
)
from domain.drift.pay import PAY_FINDINGS, held_pay_values, pay_cause, pay_differences
from domain.events.drift import Cause
from domain.personal import Lost
from domain.planning.acceptance import leaving
from domain.planning.comparison import alike, differences, same, suspects, tidy
from domain.planning.decide import Decision, Plan
from domain.planning.findings import IDENTITY_FINDINGS, FindingCode, NoticeCode
from domain.planning.matching import Concept, FinalLink
from domain.planning.pay.hours import not_compared
from domain.planning.writes import EMPLOYEE_NUMBER_FIELD, kinds_of, wanted_value
from domain.records.loket_record import LoketRecord
from domain.records.pay_record import PayRecord
from domain.settings import Policy
from domain.snapshots import LoketSnapshot, PersonioPerson
from domain.values import NOT_OBSERVED, EmployeeNumber, FieldPath, Observed, PersonId

NOT_LINKED: Final = "MATCH-3"  # nobody in Loket has the number yet
HIDDEN_IN_LOKET: Final = NoticeCode.NOT_READ_IN_LOKET.value

_OF_NO_FIELD: Final = IDENTITY_FINDINGS | {FindingCode.STATUS_UNDECIDABLE}
"""Findings about who someone is: none of the fields can be compared until they are settled."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A field of one person in which Loket holds something else than it should. Both values are personal."""

    person: PersonId
    number: EmployeeNumber
    field: FieldPath
    cause: Cause
    personio: Observed  # in written form
    loket: Observed


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Neither equal nor drift, with the code of the reason (DRIFT-1)."""

    person: PersonId
    number: EmployeeNumber | None
    field: FieldPath
    why: str


@dataclass(frozen=True, slots=True)
class Left:
    """Left out of the sync, under the rule that says so: never drift (DRIFT-5)."""

    person: PersonId
    number: EmployeeNumber | None
    rule: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Left as it is in Loket, up to and including that day (DRIFT-8)."""

    person: PersonId
    number: EmployeeNumber
    field: FieldPath
    until: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one comparison of everyone came to; `compared` counts people."""

    compared: int
    drift: tuple[Differing, ...]
    pending: tuple[Differing, ...]
    left_out: tuple[Left, ...]
    not_compared: tuple[NotCompared, ...]
    accepted: tuple[Accepted, ...]

    @property
    def apart(self) -> tuple[Differing, ...]:
        """Every difference, whoever made it."""
        return (*self.drift, *self.pending)


class Known(Protocol):
    """What the log says about the numbers that are compared."""

    def number(self, number: EmployeeNumber, /) -> LoketRecord: ...

    def held(self, decision: Decision, /) -> PayRecord: ...


Rows = tuple[tuple[FieldPath, Role, Attribute], ...]


def judge(
    plan: Plan,
    people: Mapping[PersonId, PersonioPerson],
    loket: LoketSnapshot,
    known: Known,
    policy: Policy,
) -> Verdict:
    """Compare every linked, included person, field by field, with what the plan's own functions want in Loket."""
    judging = _Judging(people, loket, known, policy)
    count = 0
    differing: list[Differing] = []
    not_compared: list[NotCompared] = []
    left: list[Left] = []
    accepted: list[Accepted] = []
    for decision in plan.decisions:
        if decision.left_out is not None:
            left.append(Left(decision.person, decision.number, decision.left_out.rule))
            continue
        apart = tuple(_person_not_compared(decision))
        if apart:
            not_compared.extend(apart)
            continue
        count += 1
        found, hidden = judging.person(decision)
        differing.extend(found)
        not_compared.extend(hidden)
        if decision.accepted and decision.number is not None:
            number = decision.number
            accepted.extend(Accepted(decision.person, number, one.field, one.until) for one in decision.accepted)
    return Verdict(
        count,
        tuple(one for one in differing if one.cause is not Cause.PENDING),
        tuple(one for one in differing if one.cause is Cause.PENDING),
        tuple(left),
        tuple(not_compared),
        tuple(accepted),
    )


def compared(decision: Decision) -> bool:
    """Whether this person's fields can be compared at all (DRIFT-1)."""
    return decision.included and not any(_person_not_compared(decision))


def _person_not_compared(decision: Decision) -> Iterator[NotCompared]:
    """Why nothing of this person can be compared; empty when it can."""
    linked = isinstance(decision.link, FinalLink | Concept)
    reasons = [one for one in decision.findings if not linked or one.code in _OF_NO_FIELD]
    for one in reasons:
        yield NotCompared(decision.person, decision.number, one.field or EMPLOYEE_NUMBER_FIELD, one.code)
    if not linked and not reasons:
        code = next((one.code.value for one in getattr(decision.link, "notices", ())), NOT_LINKED)
        yield NotCompared(decision.person, decision.number, EMPLOYEE_NUMBER_FIELD, code)


class _Judging:
    """Compares one person after the other; what is the same for all is made once."""

    def __init__(
        self,
        people: Mapping[PersonId, PersonioPerson],
        loket: LoketSnapshot,
        known: Known,
        policy: Policy,
    ) -> None:
        self._people = people
        self._loket = loket
        self._known = known
        self._policy = policy
        rows = policy.catalogue
        self._final: Rows = tuple(
            (row.field, row.role, row) for row in rows if not row.is_key and row.field != PAYMENT_IBAN
        )
        self._iban: Rows = tuple((row.field, row.role, row) for row in rows if row.field == PAYMENT_IBAN)
        self._concept: Rows = tuple((row.concept, row.role, row) for row in rows if row.concept)

    def person(self, decision: Decision) -> tuple[list[Differing], list[NotCompared]]:
        assert decision.number is not None  # a linked person has one
        whole = self._people[decision.person]
        person = leaving(whole, decision.accepted, self._policy) if decision.accepted else whole
        values = {**person.values, **person.corrected}
        match decision.link:
            case FinalLink(employee=employee, employment=employment):
                held = employee.fields
                rows = list(self._final) if decision.findings else suspects(self._final, values, held)
                record = self._loket.payments.get(employment.id)
                if self._iban and record is None:
                    rows = [*rows, *self._iban]
                elif record is not None and (
                    decision.findings or suspects(self._iban, values, {PAYMENT_IBAN: record.iban})
                ):
                    rows, held = [*rows, *self._iban], {**held, PAYMENT_IBAN: record.iban}
            case Concept(concept=concept):
                held = concept.fields
                rows = list(self._concept) if decision.findings else suspects(self._concept, values, held)
            case _:
                raise AssertionError("only a linked person is compared")
        wage = self._wage(decision) if isinstance(decision.link, Concept) else []
        found, hidden = self._fields(decision, person, rows, held, wage)
        paid, pay_hidden = self._pay(decision)
        return [*found, *paid], [*hidden, *pay_hidden]

    def _pay(self, decision: Decision) -> tuple[list[Differing], list[NotCompared]]:
        """Of a final employee the differences of the plan too (PAY-3, PAY-5); of anyone what findings say of pay."""
        number, since = decision.number, self._policy.entity.compensation_start_date
        hidden = [
            NotCompared(decision.person, number, one.field or GROSS_WAGE, one.code.value)
            for one in decision.findings
            if one.code in PAY_FINDINGS
        ]
        hidden += [NotCompared(decision.person, number, name, HIDDEN_IN_LOKET) for name in decision.pay_not_read]
        if since is None or number is None or not isinstance(decision.link, FinalLink):
            return [], hidden
        hours, hours_hidden = self._hours(decision, number)
        hidden += hours_hidden
        if not any(one.kind.pays for one in decision.writes):
            return hours, hidden
        held = held_pay_values(self._loket.pay, decision.link.employment.id, self._policy)
        record, pay = self._known.number(number), self._known.held(decision)
        return [
            *hours,
            *(
                Differing(
                    decision.person,
                    number,
                    one.field,
                    _first(decision, pay_cause(one, held, record, pay, since), synced=one.field in pay.agreed),
                    one.personio,
                    one.loket,
                )
                for one in pay_differences(decision, held)
            ),
        ], hidden

    def _hours(self, decision: Decision, number: EmployeeNumber) -> tuple[list[Differing], list[NotCompared]]:
        """Weekly hours, where they are sent: what the plan would write (PAY-13)."""
        if not self._policy.sends_hours:
            return [], []
        if why := not_compared(decision.notices):
            return [], [NotCompared(decision.person, number, WEEKLY_HOURS, why.value)]
        kind, record = kinds_of([WEEKLY_HOURS])[WEEKLY_HOURS], self._known.number(number)
        return [
            Differing(
                decision.person,
                number,
                WEEKLY_HOURS,
                _first(
                    decision,
                    cause(record, WEEKLY_HOURS, kind, one.after, one.before),
                    synced=WEEKLY_HOURS in record.confirmed,
                ),
                one.after,
                one.before,
            )
            for write in decision.writes
            if write.kind.of_hours
            for one in write.changes
        ], []

    def _fields(
        self,
        decision: Decision,
        person: PersonioPerson,
        rows: Iterable[tuple[FieldPath, Role, Attribute]],
        held: Mapping[FieldPath, Observed],
        wage: list[tuple[FieldPath, Observed, Observed]],
    ) -> tuple[list[Differing], list[NotCompared]]:
        number = decision.number
        assert number is not None
        flagged = {one.field: one.code.value for one in decision.findings if one.field is not None}
        left_alone = {*(one.field for one in decision.accepted), *decision.filled_in_loket}
        found: list[tuple[FieldPath, Observed, Observed]] = list(wage)
        hidden: list[NotCompared] = []
        for field, _, row in rows:
            if field in left_alone:
                continue
            want, holds = wanted_value(row, person), tidy(held.get(field, NOT_OBSERVED))
            code = flagged.get(field) or flagged.get(row.field)
            if code is None and holds is NOT_OBSERVED:
                code = _HIDDEN.get(field, HIDDEN_IN_LOKET)
            if code is None and want is NOT_OBSERVED:
                code = FindingCode.ATTRIBUTE_NOT_READABLE.value
            if code is not None:
                hidden.append(NotCompared(decision.person, number, field, code))
                continue
            for one in differences([(field, row.kind)], {field: want}, {field: holds}):
                found.append((field, one.after, one.before))
        record = self._known.number(number)
        kinds = kinds_of(field for field, _, _ in found)
        causes = {
            field: _first(decision, cause(record, field, kinds[field], want, holds), synced=field in record.confirmed)
            for field, want, holds in found
        }
        return [
            Differing(decision.person, number, field, causes[field], want, holds) for field, want, holds in found
        ], hidden

    @staticmethod
    def _wage(decision: Decision) -> list[tuple[FieldPath, Observed, Observed]]:
        """A concept's base salary has no attribute behind it: its differences are those of the plan (JOIN-4)."""
        return [
            (one.field, one.after, one.before)
            for write in decision.writes
            for one in write.changes
            if one.field in WAGE_FIELDS
        ]


_HIDDEN: Final = {CITIZEN_SERVICE_NUMBER: NoticeCode.BSN_NOT_READABLE_IN_LOKET.value}


def cause(record: LoketRecord, field: FieldPath, kind: Kind, personio: Observed, loket: Observed) -> Cause:
    """Who left the confirmed value; a write that is on record and did not land explains it first (DRIFT-3)."""
    attempt = record.attempt(field)
    if attempt and alike(kind, attempt.before, loket) and alike(kind, attempt.after, personio):
        return Cause.WRITE_NOT_LANDED
    confirmed = record.confirmed.get(field)
    if confirmed is None or isinstance(confirmed, Lost):
        return Cause.NEVER_SYNCED
    if same(kind, confirmed, loket):
        return Cause.PENDING
    return Cause.CHANGED_IN_LOKET if same(kind, confirmed, personio) else Cause.BOTH_CHANGED


def _first(decision: Decision, found: Cause, *, synced: bool) -> Cause:
    """Finalising a concept employee is no drift: what no run has sent yet goes with the first one after it (JOIN-6).

    A value that was `synced` and is erased by now differs because of somebody else: it is drift without a memory.
    """
    return Cause.PENDING if decision.just_completed and not synced and found is Cause.NEVER_SYNCED else found
