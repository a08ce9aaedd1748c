"""From two snapshots to one decision for every person: left out, held by findings, or what to write (CHECK-2, RUN-4).

The plan a person previews, the run that writes and the drift check all start here, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from domain.attributes import GROSS_WAGE, Role
from domain.events.loket import WriteKind
from domain.personal import Opened
from domain.planning import departures, eligibility, matching, validation
from domain.planning.acceptance import Acceptance, in_force, leaving
from domain.planning.business_date import in_service_for_long, salary_date
from domain.planning.details import NO_PERIOD
from domain.planning.eligibility import LeftOut
from domain.planning.findings import IDENTITY_FINDINGS, NOT_SEEN, OF_WRITES, Finding, FindingCode, Notice, NoticeCode
from domain.planning.identity import BsnHolders, bsn_holders, mismatch
from domain.planning.matching import (
    Concept,
    FinalLink,
    Link,
    NotVisible,
    Terminated,
    UnderAnotherNumber,
    Unlinked,
    Unresolved,
)
from domain.planning.pay.case import PayMemory, Served
from domain.planning.pay.conversion import NOT_FOR_CONCEPTS, PayrollPeriod, Wage, concept_wage
from domain.planning.pay.decide_pay import decide_pay
from domain.planning.pay.missed import Payee
from domain.planning.pay.on_a_day import ambiguous_salary, base_salary
from domain.planning.pay.remarks import pay_remarks
from domain.planning.pay.sent_types import is_enabled, must_be_clear, served
from domain.planning.pay.unclear import UNCLEAR, maybe_written_anew, pay_not_read, unclear
from domain.planning.planned import DataWrite, DatedWrite, PlannedWrite
from domain.planning.writes import concept_writes, filled_in_loket, final_writes
from domain.settings import Policy
from domain.snapshots import (
    SALARY,
    Compensation,
    CompensationCategory,
    LoketSnapshot,
    PersonioPerson,
    PersonioSnapshot,
    UnreadablePay,
    by_person,
)
from domain.values import NOT_OBSERVED, EmployeeNumber, FieldPath, PersonId

NO_WRITES: Final[tuple[PlannedWrite, ...]] = ()


@dataclass(frozen=True, slots=True)
class EarlierNumbers:
    """Numbers that a person had and nobody has now, under which Loket still holds something of theirs."""

    concepts: tuple[EmployeeNumber, ...] = ()  # a concept employee that waits
    employments: tuple[EmployeeNumber, ...] = ()  # an employment that runs


@dataclass(frozen=True, slots=True)
class Memory:
    """What the log adds to the two snapshots."""

    concepts: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # ids of those made for whoever has it
    hidden: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # ids of those that no list shows (MATCH-5)
    earlier: Mapping[PersonId, EarlierNumbers] = field(default_factory=dict)
    completed: frozenset[EmployeeNumber] = frozenset()  # were concepts; no write has reached the final employee yet
    written: Mapping[EmployeeNumber, Mapping[FieldPath, Opened]] = field(default_factory=dict)  # by us, in concepts
    employees: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # ids of employees ever seen (MATCH-5)
    creates_unknown: frozenset[EmployeeNumber] = frozenset()  # a create whose outcome is still unknown (RUN-8)
    members: Mapping[PersonId, EmployeeNumber | None] = field(default_factory=dict)  # of the last complete sweep
    bank_accounts_unknown: frozenset[EmployeeNumber] = frozenset()  # as creates_unknown, for a payment record
    pay: Mapping[EmployeeNumber, PayMemory] = field(default_factory=dict)
    accepted: Mapping[EmployeeNumber, tuple[Acceptance, ...]] = field(default_factory=dict)  # DRIFT-8
    held_out: frozenset[EmployeeNumber] = frozenset()  # of the next run only (DRIFT-8)
    follow_up: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # left by hand of whom was not read again
    looks: Mapping[PersonId, str] = field(default_factory=dict)  # what the last sweep said of whom it did not see

    def was_concept(self, number: EmployeeNumber) -> bool:
        """A concept employee at the last reading, or one that was completed and not written to since."""
        return number in self.concepts or number in self.completed


@dataclass(frozen=True, slots=True)
class Decision:
    """What one run does about one person. Left out, or included with findings (which hold everybody) or writes.

    Only who is held out of one run is left out *and* keeps findings, which hold everybody all the same (DRIFT-8).
    """

    person: PersonId
    number: EmployeeNumber | None
    link: Link | None
    left_out: LeftOut | None = None
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()
    writes: tuple[PlannedWrite, ...] = ()
    unknown_create: bool = False  # an earlier create is still unresolved: nothing is created for this person
    failed_fields: tuple[FieldPath, ...] = ()  # fields that cannot be written, whatever is tried
    withheld: int = 0  # compensations a concept employee does not receive (JOIN-4)
    accepted: tuple[Acceptance, ...] = ()  # fields left as they are in Loket for a time (DRIFT-8)
    filled_in_loket: tuple[FieldPath, ...] = ()  # of a concept employee: entered there, blank in Personio (JOIN-7)
    pay_not_read: tuple[FieldPath, ...] = ()  # pay that Loket does not show: none of theirs is looked at
    just_completed: bool = False  # was a concept employee; as a final one still to be written for the first time
    last_day: date | None = None  # in Personio, of somebody whose employment Loket has ended

    @property
    def included(self) -> bool:
        return self.left_out is None

    @property
    def incomplete(self) -> bool:
        """Something that should have been compared could not be (RUN-9)."""
        return any(one.code in NOT_SEEN for one in self.notices)

    @property
    def clears(self) -> bool:
        return any(write.clears for write in self.writes)

    @property
    def creates(self) -> bool:
        """Whether this person would become a concept employee."""
        return any(write.kind is WriteKind.CONCEPT_CREATED for write in self.writes)

    @property
    def long_employed(self) -> bool:
        """Whether they would, although they have been in service for long (RUN-13)."""
        return any(one.code is NoticeCode.CONCEPT_FOR_LONG_EMPLOYED for one in self.notices)

    @property
    def identity_uncertain(self) -> bool:
        """Two included people claim the number, or it seems to belong to someone else (MATCH-1)."""
        return any(one.code in IDENTITY_FINDINGS for one in self.findings)

    @property
    def withdraws_pay(self) -> bool:
        """Whether pay would be removed, or a part of it, because Personio does not list it (PAY-10)."""
        return any(isinstance(one, DatedWrite) and one.withdraws for one in self.writes)

    @property
    def pay_unclear(self) -> bool:
        """Nothing can be said about the person's pay in Personio."""
        return any(one.code in UNCLEAR for one in self.findings)

    @property
    def pay_undecided(self) -> bool:
        """Nothing of the person's pay was looked at, whichever of the systems is why."""
        return self.pay_unclear or bool(self.pay_not_read)


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions about everyone of one legal entity, in the order of their person ids."""

    decisions: tuple[Decision, ...]
    remarks: tuple[str, ...] = ()  # what holds for the entity as a whole, with how many people; never a value

    @property
    def blocked(self) -> bool:
        """Any finding on any included person holds the whole legal entity, and on one held out too (CHECK-2, DRIFT-8).

        Nobody else who is left out has findings: holding a person out must not be a way past them (CHECK-3).
        """
        return any(one.findings for one in self.decisions)

    @property
    def included(self) -> tuple[Decision, ...]:
        return tuple(one for one in self.decisions if one.included)

    @property
    def kinds(self) -> frozenset[WriteKind]:
        """The kinds of everything that would be written."""
        return frozenset(write.kind for one in self.decisions for write in one.writes)

    @property
    def writes(self) -> int:
        return sum(len(one.writes) for one in self.decisions)


def decide(
    personio: PersonioSnapshot,
    loket: LoketSnapshot,
    compensations: Iterable[Compensation],
    memory: Memory,
    policy: Policy,
    *,
    today: date,
) -> Plan:
    """One decision for everyone Personio assigns to the entity, and for everyone who left it since the last sweep."""
    pay = by_person(compensations)
    links = {
        one.id: matching.match(one, loket, policy, memory.concepts, memory.employees, memory.hidden)
        for one in personio.people
    }
    reasons = {
        one.id: eligibility.exclusions(one, policy, terminated=isinstance(links[one.id], Terminated))
        for one in personio.people
    }
    included = [one for one in personio.people if not reasons[one.id]]
    shared = validation.duplicates(included)  # before a pilot is singled out: their number may be someone else's
    holders = bsn_holders(loket)
    identity = {
        one.id: _identity_findings(shared.get(one.id, ()), mismatch(one, links[one.id], holders, policy))
        for one in included
    }
    reasons |= {one.id: (eligibility.NOT_IN_PILOT,) for one in included if not _in_pilot(one, policy)}
    anybody = served(personio.types_paid, policy)
    decisions = [
        _left_out(one, links[one.id], reasons[one.id][0], loket, holders, memory, policy)
        if reasons[one.id]
        else _with_pay(
            _included(
                one,
                links[one.id],
                identity[one.id],
                pay.get(one.id, []),
                loket,
                memory,
                policy,
                today,
                unseen=personio.unseen,
                unreadable=personio.unreadable_pay.get(one.id, ()),
            ),
            one,
            personio,
            loket,
            memory,
            anybody,
            policy,
            today,
        )
        for one in personio.people
    ]
    if policy.entity.allow_accepted_drift:
        decisions = [_held_out(one) if one.included and one.number in memory.held_out else one for one in decisions]
    decisions += _not_seen(personio, loket, memory, policy)
    ordered = sorted(decisions, key=lambda one: (len(one.person), one.person))
    not_read = validation.not_read_remarks(notice for one in ordered for notice in one.notices)
    return Plan(tuple(ordered), (*not_read, *pay_remarks(personio, loket, policy, today)))


def _under_earlier_numbers(person: PersonioPerson, memory: Memory) -> tuple[Notice, ...]:
    """Else the same person is paid under both (MATCH-3, MATCH-5). Whose number is not shown may have it still."""
    earlier = memory.earlier.get(person.id) if person.employee_number is not None else None
    if earlier is None:
        return ()
    return (
        *(Notice(NoticeCode.CONCEPT_UNDER_EARLIER_NUMBER, str(one)) for one in earlier.concepts),
        *(Notice(NoticeCode.EMPLOYED_UNDER_EARLIER_NUMBER, str(one)) for one in earlier.employments),
    )


def _identity_findings(shared: tuple[Finding, ...], mismatched: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """A number that two people have comes first: it often leads to someone else's identity too (MATCH-1)."""
    first = [one for one in shared if one.code is FindingCode.DUPLICATE_EMPLOYEE_NUMBER]
    return (*first, *mismatched, *(one for one in shared if one not in first))


def _in_pilot(person: PersonioPerson, policy: Policy) -> bool:
    return policy.only is None or person.employee_number in policy.only


def _with_pay(
    decision: Decision,
    person: PersonioPerson,
    personio: PersonioSnapshot,
    loket: LoketSnapshot,
    memory: Memory,
    anybody: Served,
    policy: Policy,
    today: date,
) -> Decision:
    """Pay of a final employee, after everything else that is written for them (PAY-1).

    Of somebody whose salary we saw, and of whom Personio now shows nothing at all, nothing is concluded (PAY-14); nor
    is it of somebody whose pay is unclear.
    """
    if not isinstance(decision.link, FinalLink):
        return decision
    remembered = memory.pay.get(decision.link.number, PayMemory())
    paid, garbled = personio.paid.get(person.id, ()), personio.unreadable_pay.get(person.id, ())
    if policy.entity.compensation_start_date is not None:
        findings = unclear(
            person,
            (one.compensation for one in paid if is_enabled(one.compensation, policy)),
            (one for one in garbled if must_be_clear(one, policy)),
        )
        hidden = person.id in personio.pay_hidden
        findings = (Finding(FindingCode.PAY_NOT_VISIBLE, GROSS_WAGE),) if hidden else findings
        if findings:
            return replace(decision, findings=(*decision.findings, *findings))
        unread = pay_not_read(loket.pay, decision.link.employment.id, policy) if paid or remembered.ours else ()
        if unread:
            return replace(_not_read(decision, unread), pay_not_read=unread)
    pay = decide_pay(person, decision.link.employment, paid, loket, remembered, policy, today)
    payee = Payee(person, decision.link.employment, PayrollPeriod.of(loket.payroll_period))
    if findings := maybe_written_anew(pay.writes, payee, paid, garbled, anybody, policy):
        return replace(decision, findings=(*decision.findings, *findings))
    return replace(
        decision,
        findings=tuple(dict.fromkeys((*decision.findings, *pay.findings))),
        notices=(*decision.notices, *pay.notices),
        writes=(*decision.writes, *pay.writes),
        unknown_create=decision.unknown_create or remembered.unknown,
    )


def _not_read(decision: Decision, hidden: Sequence[FieldPath]) -> Decision:
    """Told, and counted as an error: what Loket does not show is neither compared nor written (RUN-9)."""
    if not hidden:
        return decision
    notice = Notice(NoticeCode.NOT_READ_IN_LOKET, ", ".join(hidden))
    return replace(decision, notices=(*decision.notices, notice))


def _held_out(decision: Decision) -> Decision:
    """Nothing is written for them in this run; their findings hold everybody all the same (DRIFT-8)."""
    notices = tuple(one for one in decision.notices if one.code not in OF_WRITES)
    return replace(decision, left_out=eligibility.HELD_OUT, writes=NO_WRITES, accepted=(), notices=notices)


def _not_seen(personio: PersonioSnapshot, loket: LoketSnapshot, memory: Memory, policy: Policy) -> list[Decision]:
    """Of members whom this sweep does not show in the entity: left after two looks, until then not seen (WHO-1)."""
    return [
        Decision(person, number, None, eligibility.OUTSIDE, notices=_still_open(number, loket, policy))
        if departures.has_left(person, personio, memory.looks.get(person))
        else Decision(person, number, None, eligibility.NOT_SEEN)
        for person in departures.not_seen(personio, memory.members)
        for number in (memory.members[person],)
    ]


def _still_open(number: EmployeeNumber | None, loket: LoketSnapshot, policy: Policy) -> tuple[Notice, ...]:
    employee = loket.employees.get(number) if number is not None else None
    open_here = employee is not None and employee.runs_in(policy.entity.loket_payroll_administration_id)
    return (Notice(NoticeCode.OPEN_EMPLOYMENT_LEFT),) if open_here else ()


def _left_out(
    person: PersonioPerson,
    link: Link,
    reason: LeftOut,
    loket: LoketSnapshot,
    holders: BsnHolders,
    memory: Memory,
    policy: Policy,
) -> Decision:
    notices = (*eligibility.employed_twice(person, policy), *reason.notices)
    if reason is eligibility.TERMINATED and isinstance(link, Terminated):
        if link.newer_runs:
            reason = eligibility.TERMINATED_BESIDE_A_NEWER
        elif link.before_entry:
            reason = eligibility.TERMINATED_BEFORE_ENTRY
        if not mismatch(person, link, holders, policy):  # nobody is to enter this person's data in another's employment
            notices = (*notices, *_follow_up(person, link, loket, memory, policy))
    ends = person.employment.end if isinstance(link, Terminated) and person.employment else None
    return Decision(person.id, person.employee_number, link, reason, notices=notices, last_day=ends)


def _follow_up(
    person: PersonioPerson, link: Terminated, loket: LoketSnapshot, memory: Memory, policy: Policy
) -> tuple[Notice, ...]:
    """What a run would have written had Loket not ended the employment: work for a person (END-2).

    Of whoever was not read again it is what the run that read them told (RUN-15).
    """
    fields = memory.follow_up.get(link.employee.number)
    if fields is None:
        writes, _ = final_writes(person, link.employee, link.employment.id, loket, policy)
        fields = ", ".join(sorted(change.field for write in writes for change in write.changes))
    return (Notice(NoticeCode.MANUAL_FOLLOW_UP, fields),) if fields else ()


def _included(
    person: PersonioPerson,
    link: Link,
    identity: tuple[Finding, ...],
    pay: list[Compensation],
    loket: LoketSnapshot,
    memory: Memory,
    policy: Policy,
    today: date,
    *,
    unseen: Set[Role],
    unreadable: Sequence[UnreadablePay],
) -> Decision:
    findings = (
        *identity,  # before every other: advice about somebody else's data would be wrong (MATCH-1)
        *eligibility.undecided(person, policy),
        *validation.findings(person, link, loket, policy, unseen=unseen),
    )
    writes: tuple[PlannedWrite, ...] = NO_WRITES
    failed: tuple[FieldPath, ...] = ()
    unknown_create = False
    withheld = 0
    notices = [
        *eligibility.employed_twice(person, policy),
        *validation.notices(person, policy),
        *getattr(link, "notices", ()),
        *_under_earlier_numbers(person, memory),
    ]
    accepted: tuple[Acceptance, ...] = ()
    filled: tuple[FieldPath, ...] = ()
    if isinstance(link, FinalLink | Concept):
        held = (link.employee if isinstance(link, FinalLink) else link.concept).fields
        accepted = in_force(memory.accepted.get(link.number, ()), person, held, policy, today)
    kept = leaving(person, accepted, policy)
    hidden = validation.not_read(kept, link, loket, policy)
    match link:
        case Unlinked(number) | Concept(number):
            wage, wage_findings = _concept_wage(person, pay, unreadable, loket, policy, today)
            fields = wage.fields() if wage else {}
            findings = (*findings, *wage_findings)
            withheld = sum(1 for one in pay if one.category in NOT_FOR_CONCEPTS)
            concept = link.concept if isinstance(link, Concept) else None
            unknown_create = concept is None and number in memory.creates_unknown
            if concept is not None:
                hidden = (*hidden, *(name for name in fields if concept.value(name) is NOT_OBSERVED))
                filled = filled_in_loket(kept, concept, memory.written.get(number, {}), policy)
            if filled:
                notices.append(Notice(NoticeCode.FILLED_IN_LOKET, ", ".join(filled)))
            writes = (
                NO_WRITES
                if unknown_create
                else _with_conversion(concept_writes(kept, number, concept, fields, loket, policy, filled), wage)
            )
            if concept is None and in_service_for_long(person, today):
                notices.append(Notice(NoticeCode.CONCEPT_FOR_LONG_EMPLOYED))
        case FinalLink(number, employee, employment):
            writes, failed = final_writes(kept, employee, employment.id, loket, policy)
            if number in memory.bank_accounts_unknown:
                writes = tuple(one for one in writes if one.kind is not WriteKind.PAYMENT_CREATED)
                unknown_create = True
        case Terminated() | UnderAnotherNumber() | Unresolved() | NotVisible():
            pass
    bsn_hidden = not loket.bsn_readable and isinstance(link, FinalLink | Concept | Unlinked)
    if bsn_hidden and any(row.field == "citizenServiceNumber" for row in policy.catalogue):
        notices.append(Notice(NoticeCode.BSN_NOT_READABLE_IN_LOKET))
    if failed:
        notices.append(Notice(NoticeCode.IBAN_COMPONENT_UNKNOWN))
    decision = Decision(
        person.id,
        person.employee_number,
        link,
        findings=tuple(dict.fromkeys(findings)),
        notices=tuple(notices),
        writes=writes,
        unknown_create=unknown_create,
        failed_fields=failed,
        withheld=withheld,
        accepted=accepted,
        filled_in_loket=filled,
        just_completed=isinstance(link, FinalLink) and memory.was_concept(link.number),
    )
    return _not_read(decision, hidden)


def _concept_wage(
    person: PersonioPerson,
    pay: list[Compensation],
    unreadable: Sequence[UnreadablePay],
    loket: LoketSnapshot,
    policy: Policy,
    today: date,
) -> tuple[Wage | None, tuple[Finding, ...]]:
    """The base salary a concept employee receives, and nothing more of pay (JOIN-4)."""
    findings = unclear(
        person,
        (one for one in pay if one.category in SALARY),
        (one for one in unreadable if one.may_be_salary),
    )
    if findings:
        return None, findings
    sent, day = [one for one in pay if is_enabled(one, policy)], salary_date(person, today)
    salary = base_salary(sent, on=day)
    if salary is None:
        return None, ()
    if ambiguous_salary(sent, on=day):
        return None, (Finding(FindingCode.PAY_AMBIGUOUS, GROSS_WAGE),)
    period = PayrollPeriod.of(loket.payroll_period)
    if period is None and salary.category is not CompensationCategory.HOURLY_SALARY:
        return None, (Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, detail=NO_PERIOD),)
    wage = concept_wage(salary, person, period or PayrollPeriod.MONTH, policy.pay.amounts_are)
    return (None, (wage,)) if isinstance(wage, Finding) else (wage, ())


def _with_conversion(writes: tuple[DataWrite, ...], wage: Wage | None) -> tuple[DataWrite, ...]:
    """Beside a salary that is written, how its amount came about (PAY-9)."""
    if wage is None:
        return writes
    return tuple(
        replace(one, conversion=wage.conversion) if any(each.field == GROSS_WAGE for each in one.changes) else one
        for one in writes
    )
