"""The inputs of `decide` put together again from everybody's grounds, under the settings of then or any others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from domain.attributes import CONSIDER, EMPLOYEE_NUMBER, ENTRY_DATE, INCOME_NUMBER
from domain.events.grounds import LeftOutJudged, NotSeenJudged
from domain.grounds.case import Case, Grounds, Shared
from domain.personal import Lost
from domain.planning import blanks
from domain.planning.acceptance import Acceptance
from domain.planning.decide import Memory, Plan, decide
from domain.planning.departures import Whereabouts
from domain.settings import Policy
from domain.snapshots import (
    LoketConcept,
    LoketEmployee,
    LoketEmployment,
    LoketPay,
    LoketSnapshot,
    PersonioEmployment,
    PersonioPerson,
    PersonioSnapshot,
)
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, LegalEntityId, Observed, PersonId

_SOME_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)  # nothing is decided by when it was read
_BEFORE: Final = date(1970, 1, 1)
_AFTER: Final = date(1970, 1, 2)
_ELSEWHERE: Final = LegalEntityId("another")


@dataclass(frozen=True, slots=True)
class Everybody:
    """The grounds of one look. Who is not among them is not decided about."""

    cases: tuple[Case, ...]
    left_out: tuple[LeftOutJudged, ...]
    not_seen: tuple[NotSeenJudged, ...]
    shared: Shared

    @classmethod
    def of(cls, grounds: Iterable[Grounds], shared: Shared) -> Everybody:
        every = tuple(grounds)
        return cls(
            tuple(one for one in every if isinstance(one, Case)),
            tuple(one for one in every if isinstance(one, LeftOutJudged)),
            tuple(one for one in every if isinstance(one, NotSeenJudged)),
            shared,
        )

    def decide(self, policy: Policy, *, today: date) -> Plan:
        """What today's `decide` makes of them."""
        pay = tuple(pay for case in self.cases for pay in case.compensations)
        return decide(self._personio(policy), self._loket(policy), pay, self._memory(), policy, today=today)

    def _personio(self, policy: Policy) -> PersonioSnapshot:
        """Absent attributes are taken as blank here, as these settings say (EDIT-2)."""
        shared, setting = self.shared, policy.rules.absent_is_blank
        read = PersonioSnapshot(
            _SOME_TIME,
            (*(one.person for one in self.cases), *(_with_gates(one, policy) for one in self.left_out)),
            elsewhere={
                PersonId(one.person_id): _ELSEWHERE for one in self.not_seen if one.answer == Whereabouts.ELSEWHERE
            },
            gone=frozenset(PersonId(one.person_id) for one in self.not_seen if one.answer == Whereabouts.GONE),
            asked=frozenset(one.person.id for one in self.cases if one.asked),
            paid={one.person.id: one.paid for one in self.cases if one.paid is not None},
            unreadable_pay={one.person.id: one.unreadable for one in self.cases if one.unreadable},
            pay_hidden=frozenset(one.person.id for one in self.cases if one.pay_hidden),
            listed=shared.listed,
            unseen=shared.unseen,
            pay_types=shared.pay_types,
        )
        empty = blanks.blank_by(setting, shared.shown, shared.vanished, shared.listed, accepted=shared.accepted)
        asked = {one.person.id: one.blank_before for one in self.cases if one.asked}
        return blanks.with_blanks(read, empty, setting, asked)

    def _loket(self, policy: Policy) -> LoketSnapshot:
        held = {employment: each for case in self.cases for employment, each in case.held.items()}
        shared = self.shared
        concepts: dict[str, LoketConcept] = {}
        for case in self.cases:  # whole it is in the case of whoever has its number
            own = case.person.employee_number
            concepts |= {one.id: one for one in case.concepts if one.id not in concepts or one.number == own}
        return LoketSnapshot(
            _SOME_TIME,
            self._employees(policy),
            tuple(concepts.values()),
            payments={name: one.payment for name, one in held.items() if one.payment is not None},
            countries=shared.countries,
            payroll_period=shared.payroll_period,
            bsn_readable=shared.bsn_readable,
            pay=LoketPay(
                {name: one.wages for name, one in held.items() if one.wages is not None},
                {name: one.wage_at_start for name, one in held.items() if one.wage_at_start is not None},
                {name: one.benefits for name, one in held.items() if one.benefits is not None},
                {name: one.values for name, one in held.items() if one.values is not None},
                shared.periods,
                {name: one.hours for name, one in held.items() if one.hours is not None},
            ),
        )

    def _employees(self, policy: Policy) -> dict[EmployeeNumber, LoketEmployee]:
        """Whole under their own number; of others what is known of them."""
        found: dict[EmployeeNumber, LoketEmployee] = {}
        own = {one.number for case in self.cases for one in case.employees if one.number == case.person.employee_number}
        for case in self.cases:
            for one in case.employees:
                if one.number == case.person.employee_number:
                    found[one.number] = one
                elif one.number not in own:
                    known = found.get(one.number, one)
                    found[one.number] = replace(known, fields={**known.fields, **one.fields})
        here = policy.entity.loket_payroll_administration_id
        for gates in self.left_out:
            if gates.terminated and gates.employee_number is not None:
                number = EmployeeNumber(gates.employee_number)
                ended = LoketEmployment("", here, gates.income_number or 0, _BEFORE, _BEFORE)
                newer = LoketEmployment("", here, 0, _AFTER, None)
                employments = (ended, newer) if gates.newer_runs else (ended,)
                found.setdefault(number, LoketEmployee("", number, {}, employments))
        for gone in self.not_seen:
            if gone.open_here and gone.employee_number is not None:
                number = EmployeeNumber(gone.employee_number)
                found.setdefault(number, LoketEmployee("", number, {}, (LoketEmployment("", here, 0, _AFTER, None),)))
        return found

    def _memory(self) -> Memory:
        known = {one.person.employee_number: one.known for one in self.cases if one.person.employee_number is not None}
        return Memory(
            concepts={number: one.concept for number, one in known.items() if one.concept is not None},
            hidden={number: one.hidden for number, one in known.items() if one.hidden is not None},
            earlier={one.person.id: one.known.earlier for one in self.cases},
            completed=frozenset(number for number, one in known.items() if one.completed),
            written={number: one.written for number, one in known.items() if one.written},
            employees={number: one.employee for number, one in known.items() if one.employee is not None},
            creates_unknown=frozenset(number for number, one in known.items() if one.create_unknown),
            members={PersonId(one.person_id): _number(one.employee_number) for one in self.not_seen},
            bank_accounts_unknown=frozenset(number for number, one in known.items() if one.bank_account_unknown),
            pay={number: one.pay for number, one in known.items() if one.pay is not None},
            accepted={
                number: tuple(
                    Acceptance(field, one.accepted.get(field, Lost.SHREDDED), last) for field, last in one.until.items()
                )
                for number, one in known.items()
                if one.until
            },
            held_out=frozenset(number for number, one in known.items() if one.held_out),
            looks={PersonId(one.person_id): one.before for one in self.not_seen if one.before is not None},
        )


def _number(number: int | None) -> EmployeeNumber | None:
    return None if number is None else EmployeeNumber(number)


def _with_gates(gates: LeftOutJudged, policy: Policy) -> PersonioPerson:
    """Somebody of whom only the gates are kept: whatever else is asked of them was not observed."""
    considered: Mapping[str, Observed] = {"yes": min(policy.rules.truthy, default="yes"), "no": BLANK}
    here = _ELSEWHERE if gates.outside else policy.entity.personio_id
    return PersonioPerson(
        PersonId(gates.person_id),
        PersonioEmployment("", gates.status or NOT_OBSERVED, here),
        {
            CONSIDER: considered.get(gates.considered, NOT_OBSERVED),
            EMPLOYEE_NUMBER: _text(gates.employee_number),
            INCOME_NUMBER: _text(gates.income_number),
        },
        beside=tuple(PersonioEmployment("", "ACTIVE", each) for each in gates.beside),
        corrected={ENTRY_DATE: NOT_OBSERVED} if gates.corrected else {},
    )


def _text(number: int | None) -> Observed:
    return NOT_OBSERVED if number is None else str(number)


def under(policy: Policy, only: Iterable[int]) -> Policy:
    """The settings with the pilot of one run (RUN-10)."""
    numbers = frozenset(EmployeeNumber(one) for one in only)
    return replace(policy, only=numbers or None)
