"""A Loket employer in memory: it refuses what Loket refuses, and can be steered by a payroll administrator."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from adapters.simulators.loket.authorizations import AuthorizationList
from domain.attributes import (
    CATALOGUE,
    CITIZEN_SERVICE_NUMBER,
    HOUSE_NUMBER_ADDITION,
    PAYMENT_BIC,
    PAYMENT_IBAN,
    WAGE_FIELDS,
    Attribute,
    Resource,
)
from domain.drift.audit_trail import AuditEntry
from domain.errors import IncompleteRead, Misconfigured, NotFound, Unreachable
from domain.events.loket import WriteKind
from domain.planning.addresses import ADDRESS_EXTRAS, ADDRESS_PARTS
from domain.planning.comparison import tidy
from domain.planning.rights import NEEDED, READS
from domain.planning.writes import EMPLOYEE_NUMBER_FIELD
from domain.ports import Spared, never
from domain.settings import LegalEntity
from domain.snapshots import (
    Answered,
    Fetched,
    HeldPay,
    LoketAccess,
    LoketConcept,
    LoketEmployee,
    LoketEmployment,
    LoketPay,
    LoketSnapshot,
    PaymentRecord,
    VersionNumbers,
    WriteAnswer,
    WriteRequest,
)
from domain.values import BLANK, NOT_OBSERVED, Absence, EmployeeNumber, FieldPath, Observed
from tests.support.fake_audit import FakeAudit
from tests.support.fake_hours import FakeHours
from tests.support.fake_pay import FakePay
from tests.support.fake_records import ACCEPTED, GONE, created, refused
from tests.support.fake_versions import FakeVersions
from tests.support.faults import LoketFault
from tests.support.offices import PayHeld, Unreadable

COUNTRIES = frozenset({"NL", "BE", "DE"})
NET_WAGE_COMPONENT = 7
_LAST_NAME = FieldPath("personalDetails.lastName")
_EVERY_RIGHT = frozenset(one.name for each in (READS, *NEEDED.values()) for one in each)
_EMPLOYEE_ROWS = {row.field: row for row in CATALOGUE if row.resource is Resource.EMPLOYEE}


@dataclass(slots=True)
class _Thing:
    """One Loket object: every field by its path, also those outside the supported set."""

    id: str
    fields: dict[FieldPath, Observed]
    revision: int = 0
    bsn: Observed = BLANK

    def replace_whole(self, fields: Mapping[FieldPath, Observed]) -> None:
        self.fields = dict(fields)
        self.revision += 1


@dataclass(slots=True)
class _Account:
    id: str
    iban: str
    component: int
    bic: Observed = BLANK


@dataclass(slots=True)
class _Employment:
    facts: LoketEmployment
    account: _Account | None = None
    default_component: int | None = NET_WAGE_COMPONENT


@dataclass(slots=True)
class _Employee(_Thing):
    number: int = 0
    employments: list[_Employment] = field(default_factory=list)


@dataclass(slots=True)
class _Concept(_Thing):
    number: int | None = None
    visible_from: datetime | None = None


@dataclass(slots=True)
class _Employer:
    employees: dict[str, _Employee] = field(default_factory=dict)
    concepts: dict[str, _Concept] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Queued:
    fault: LoketFault
    number: int | None
    messages: tuple[str, ...]


class FakeLoket:
    """`domain.ports.LoketTarget`, and the payroll administrator beside it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._employers: dict[str, _Employer] = {}
        self._ids = (f"00000000-0000-4000-8000-{number:012d}" for number in itertools.count(1))
        self._faults: deque[_Queued] = deque()
        self.sent: list[
            tuple[WriteKind, int | None]
        ] = []  # every write that reached Loket, with the number it is about
        self._reachable = True
        self._unreadable: set[Unreadable] = set()
        self._employer_hidden = False
        self._out_of_sight: set[str] = set()
        self._withheld: set[FieldPath] = set()
        self._concepts_listed = True
        self._filter_hides_people = False
        self._bsn_forbidden = False
        self._activities: frozenset[str] | None = _EVERY_RIGHT
        self.audit = FakeAudit(now)
        self._pay = FakePay(self._start_of)
        self._hours = FakeHours(self._start_of)
        self._versions = FakeVersions()

    # --- the port ---

    def check(self, entity: LegalEntity) -> LoketAccess:
        if not self._reachable:
            raise Unreachable("Loket did not answer")
        if self._employer_hidden or entity.loket_employer_id not in self._employers:
            raise Misconfigured(f"employer {entity.loket_employer_id} is not visible to the Loket user")
        if self._filter_hides_people:
            raise Misconfigured("the Loket user's saved filter hides employments: set it to AllEmployments")
        return LoketAccess(activities=self._activities)

    def read(
        self,
        entity: LegalEntity,
        *,
        numbers: frozenset[EmployeeNumber],
        spared: Spared = never,
    ) -> LoketSnapshot:
        if not self._reachable:
            raise Unreachable("Loket did not answer")
        if self._unreadable:
            raise IncompleteRead(f"the list of {', '.join(sorted(self._unreadable))} could not be read")
        employer = self._employers[entity.loket_employer_id]
        shown = [one for one in employer.employees.values() if one.id not in self._out_of_sight]
        asked = {one.number for one in shown if not spared(self._shown_employee(one, False))} & numbers
        employees = {EmployeeNumber(one.number): self._shown_employee(one, one.number in asked) for one in shown}
        listed = list(self._visible(employer)) if self._concepts_listed else []
        drafts = {one.number for one in listed} & numbers - employees.keys()
        payments = {
            employment.facts.id: self._payment(employment)
            for one in employer.employees.values()
            if one.number in employees and one.number in asked
            for employment in one.employments
            if employment.facts.payroll_administration == entity.loket_payroll_administration_id
        }
        return LoketSnapshot(
            read_at=self._now(),
            employees=employees,
            concepts=tuple(map(self._shown_concept, listed)),
            payments=payments,
            countries=COUNTRIES,
            bsn_readable=not (self._bsn_forbidden and (asked or drafts)),  # who asks for none is not refused
            payroll_period=1,
        )

    def versions(self, entity: LegalEntity) -> VersionNumbers | None:
        if not self._reachable or self._versions.hidden:
            return None
        employees = self._employers[entity.loket_employer_id].employees.values()
        self._count()
        shown = [one for one in employees if one.id not in self._out_of_sight]
        of = {each.facts.id: self._versions.of[each.facts.id] for one in shown for each in one.employments}
        return VersionNumbers(max(of.values(), default=0), of)

    def pay(
        self,
        entity: LegalEntity,
        employments: Set[str],
        *,
        wages: Set[str],
        components: Set[str],
        hours: Set[str],
        mapped: Set[int],
        since: date,
        until: date,
        known: Mapping[str, tuple[HeldPay, ...]] = MappingProxyType({}),
    ) -> LoketPay:
        assert entity.loket_employer_id in self._employers
        pay = self._pay.read(
            employments, wages=wages, components=components, mapped=mapped, since=since, until=until, known=known
        )
        at_start = {one: (held,) for one, held in pay.wage_at_start.items()}
        return replace(
            pay,
            wages=self._pay_but_withheld(pay.wages),
            wage_at_start={one: held for one, (held,) in self._pay_but_withheld(at_start).items()},
            benefits=self._pay_but_withheld(pay.benefits),
            hours=self._hours.read(hours, since=since, until=until),
        )

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        if kind.of_hours:
            return self._hours.fetch(target)
        if kind.pays:
            return self._pay.fetch(kind, target)
        employer = self._employers[entity.loket_employer_id]
        match kind:
            case WriteKind.EMPLOYEE | WriteKind.BSN if target in employer.employees:
                return self._fetched(employer.employees[target], kind is WriteKind.BSN)
            case WriteKind.CONCEPT | WriteKind.CONCEPT_BSN if target in {one.id for one in self._visible(employer)}:
                return self._fetched(employer.concepts[target], kind is WriteKind.CONCEPT_BSN)
            case WriteKind.PAYMENT:
                for employment in _employments(employer):
                    if employment.account and employment.account.id == target:
                        account = employment.account
                        fields = {PAYMENT_IBAN: account.iban, FieldPath("paymentInformationSepa.bic"): account.bic}
                        return Fetched(fields, {})
        raise NotFound(f"{kind} {target} is not in Loket")

    def audit_trail(self, entity: LegalEntity, *, since: date, until: date) -> tuple[AuditEntry, ...] | None:
        return self.audit.between(entity.loket_employer_id, since, until)

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        number = self._number_of(self._employers[entity.loket_employer_id], request)
        with self._watching(entity, number, "Koppeling T."):
            return self._write(entity, request, number)

    def _watching(self, entity: LegalEntity, number: int | None, by: str) -> AbstractContextManager[None]:
        def look() -> Mapping[FieldPath, Observed]:
            employees = self._employers[entity.loket_employer_id].employees.values()
            one = next((each for each in employees if each.number == number), None)
            return {} if one is None else {**one.fields, CITIZEN_SERVICE_NUMBER: one.bsn}

        return self.audit.watching(entity.loket_employer_id, number, look, by)

    def _write(self, entity: LegalEntity, request: WriteRequest, number: int | None) -> WriteAnswer:
        employer = self._employers[entity.loket_employer_id]
        self.sent.append((request.kind, number))
        queued = next((one for one in self._faults if one.number in (None, number)), None)
        if queued is None:
            return self._applied(entity, employer, request)
        self._faults.remove(queued)
        return self._disturbed(queued, entity, employer, request)

    # --- the payroll administrator ---

    def add_employer(self, entity: LegalEntity) -> None:
        self._employers.setdefault(entity.loket_employer_id, _Employer())

    def add_employee(
        self, entity: LegalEntity, number: int, fields: Mapping[FieldPath, Observed], *, start: date, income: int
    ) -> None:
        """`fields` by catalogue path, BSN and IBAN among them."""
        whole = {path: fields.get(path, BLANK) for path in (*_EMPLOYEE_ROWS, *ADDRESS_EXTRAS)}
        whole |= {path: value for path, value in fields.items() if path not in (CITIZEN_SERVICE_NUMBER, PAYMENT_IBAN)}
        added = _Employee(next(self._ids), whole, bsn=fields.get(CITIZEN_SERVICE_NUMBER, BLANK), number=number)
        self._employers[entity.loket_employer_id].employees[added.id] = added
        iban = fields.get(PAYMENT_IBAN, BLANK)
        self.add_employment(entity, number, income, start, iban=iban if isinstance(iban, str) else "")

    def add_employment(
        self,
        entity: LegalEntity,
        number: int,
        income: int,
        start: date,
        end: date | None = None,
        *,
        iban: str,
        here: bool = True,
    ) -> None:
        administration = entity.loket_payroll_administration_id if here else next(self._ids)
        facts = LoketEmployment(next(self._ids), administration, income, start, end)
        account = _Account(next(self._ids), iban, NET_WAGE_COMPONENT) if iban else None
        self._employee(entity, number).employments.append(_Employment(facts, account))

    def employments(self, entity: LegalEntity, number: int) -> tuple[LoketEmployment, ...]:
        return tuple(one.facts for one in self._employee(entity, number).employments)

    def end_employment(self, entity: LegalEntity, number: int, end: date | None) -> None:
        """Terminate the first employment, revise its end date, or reinstate it (None)."""
        employment = self._employee(entity, number).employments[0]
        employment.facts = replace(employment.facts, end=end)
        self._pay.end(employment.facts.id, end)

    def appoint_until(self, entity: LegalEntity, number: int, day: date) -> None:
        """A fixed term's end; nothing in the port shows it, which is what END-2 asks."""

    def held(self, entity: LegalEntity) -> dict[int, dict[FieldPath, Observed]]:
        """What Loket holds for every number, as an employee or a concept, whoever may see it."""
        employer = self._employers[entity.loket_employer_id]
        everyone: list[_Employee | _Concept] = [*employer.concepts.values(), *employer.employees.values()]
        return {one.number: {**one.fields, CITIZEN_SERVICE_NUMBER: one.bsn} for one in everyone if one.number}

    def field(self, entity: LegalEntity, number: int, path: FieldPath) -> Observed:
        """What Loket holds for a number, as a final employee or else as a concept."""
        thing = self._thing(entity, number)
        if path == CITIZEN_SERVICE_NUMBER:
            return thing.bsn
        if path == PAYMENT_IBAN:
            return (
                self.iban(entity, number)
                if isinstance(thing, _Employee)
                else thing.fields.get(FieldPath("iban"), BLANK)
            )
        return thing.fields.get(path, BLANK)

    def set_field(self, entity: LegalEntity, number: int, path: FieldPath, value: Observed) -> None:
        """Typed into Loket by someone else."""
        with self._watching(entity, number, "Bakker P."):
            self._set_field(entity, number, path, value)

    def _set_field(self, entity: LegalEntity, number: int, path: FieldPath, value: Observed) -> None:
        thing = self._thing(entity, number)
        if path == CITIZEN_SERVICE_NUMBER:
            thing.bsn = value
        elif path == PAYMENT_IBAN and isinstance(thing, _Employee):
            thing.employments[0].account = _Account(next(self._ids), str(value), NET_WAGE_COMPONENT)
        else:
            thing.fields[path] = value
            thing.revision += 1

    def clear_address(self, entity: LegalEntity, number: int) -> None:
        for path in (*ADDRESS_PARTS, *ADDRESS_EXTRAS):
            self.set_field(entity, number, path, BLANK)

    def iban(self, entity: LegalEntity, number: int, income: int | None = None) -> Observed:
        account = self._employment(entity, number, income).account
        return BLANK if account is None else account.iban

    def bic(self, entity: LegalEntity, number: int) -> Observed:
        account = self._employment(entity, number, None).account
        return BLANK if account is None else account.bic

    def set_bic(self, entity: LegalEntity, number: int, bic: str) -> None:
        employment = self._employment(entity, number, None)
        assert employment.account is not None
        employment.account = replace(employment.account, bic=bic)

    def remove_account(self, entity: LegalEntity, number: int, *, suggests_component: bool) -> None:
        for employment in self._employee(entity, number).employments:
            employment.account = None
            employment.default_component = NET_WAGE_COMPONENT if suggests_component else None

    def numbers(self, entity: LegalEntity) -> list[int]:
        return sorted(one.number for one in self._employers[entity.loket_employer_id].employees.values())

    def concepts(self, entity: LegalEntity) -> list[int | None]:
        return [one.number for one in self._employers[entity.loket_employer_id].concepts.values()]

    def add_concept(self, entity: LegalEntity, number: int) -> None:
        concept = _Concept(next(self._ids), {_LAST_NAME: "Leftover", EMPLOYEE_NUMBER_FIELD: str(number)}, number=number)
        self._employers[entity.loket_employer_id].concepts[concept.id] = concept

    def delete_concept(self, entity: LegalEntity, number: int | None) -> None:
        employer = self._employers[entity.loket_employer_id]
        employer.concepts = {key: one for key, one in employer.concepts.items() if one.number != number}

    def finalise(self, entity: LegalEntity, number: int, under: int | None = None) -> None:
        """Complete a concept: the employee keeps its id, and gets what Loket asks for beyond it."""
        employer = self._employers[entity.loket_employer_id]
        concept = next(one for one in employer.concepts.values() if one.number == number)
        del employer.concepts[concept.id]
        fields = {path: concept.fields.get(path, BLANK) for path in (*_EMPLOYEE_ROWS, *ADDRESS_EXTRAS)}
        employee = _Employee(concept.id, fields, bsn=concept.bsn, number=under or number)
        employer.employees[employee.id] = employee
        start, income = concept.fields[FieldPath("startDate")], concept.fields[FieldPath("incomeRelationshipNumber")]
        iban = concept.fields.get(FieldPath("iban"), BLANK)
        self.add_employment(
            entity,
            employee.number,
            int(str(income)),
            date.fromisoformat(str(start)),
            iban=iban if isinstance(iban, str) else "",
        )
        wage = concept.fields.get(FieldPath("wage.grossWage"), BLANK)
        if isinstance(wage, str):  # promotion makes a wage of it, from the first day of the employment
            employment = self._employment(entity, employee.number, int(str(income)))
            self._pay.add_wage(employment.facts.id, date.fromisoformat(str(start)), Decimal(wage), {})

    def identify_anew(self, entity: LegalEntity, number: int) -> None:
        """The employee of this number has another id from now on."""
        employees = self._employers[entity.loket_employer_id].employees
        employee = next(one for one in employees.values() if one.number == number)
        del employees[employee.id]
        employee.id = next(self._ids)
        employees[employee.id] = employee

    def add_fault(self, fault: LoketFault, *, number: int | None = None, messages: tuple[str, ...] = ()) -> None:
        """For the next write, or the next one about this number."""
        self._faults.append(_Queued(fault, number, messages))

    def add_wage(self, entity: LegalEntity, number: int, start: date, amount: Decimal, **more: object) -> None:
        self._pay.add_wage(self._employment(entity, number, 1).facts.id, start, amount, more)

    def set_wage(self, entity: LegalEntity, number: int, start: date, amount: Decimal) -> None:
        self._pay.set_wage(self._employment(entity, number, 1).facts.id, start, amount)

    def wages(self, entity: LegalEntity, number: int, income: int = 1) -> dict[date, PayHeld]:
        return self._pay.wages(self._employment(entity, number, income).facts.id)

    def set_hours(self, entity: LegalEntity, number: int, start: date, weekly: Decimal | None, full: Decimal) -> None:
        self._hours.full_time = full
        employment = self._employment(entity, number, 1).facts
        self._hours.add(employment.id, max(start, employment.start), BLANK if weekly is None else f"{weekly:.2f}")

    def hide_hours(self, entity: LegalEntity, number: int) -> None:
        self._hours.hide(self._employment(entity, number, 1).facts.id)

    def hours(self, entity: LegalEntity, number: int) -> dict[date, Decimal | None]:
        chain = self._hours.of(self._employment(entity, number, 1).facts.id)
        return {one.start: Decimal(one.weekly) if isinstance(one.weekly, str) else None for one in chain}

    def add_benefit(
        self,
        entity: LegalEntity,
        number: int,
        component: int,
        start: date,
        amount: Decimal,
        end: date | None = None,
    ) -> None:
        self._pay.add_benefit(self._employment(entity, number, 1).facts.id, component, start, amount, end)

    def benefits(self, entity: LegalEntity, number: int, income: int = 1) -> dict[tuple[int, date], PayHeld]:
        return self._pay.benefits(self._employment(entity, number, income).facts.id)

    def set_value(
        self, entity: LegalEntity, number: int, component: int, period: tuple[int, int], amount: Decimal
    ) -> None:
        self._pay.of(self._employment(entity, number, 1).facts.id).values[component, period] = amount

    def values(self, entity: LegalEntity, number: int, income: int = 1) -> dict[tuple[int, tuple[int, int]], Decimal]:
        return dict(self._pay.of(self._employment(entity, number, income).facts.id).values)

    def approve_period(self, period: tuple[int, int]) -> None:
        self._pay.approved.add(period)

    def hide_employee(self, entity: LegalEntity, number: int) -> None:
        self._out_of_sight.add(self._employee(entity, number).id)

    def withhold(self, *fields: FieldPath) -> None:
        self._withheld = set(fields)

    def show_employees(self) -> None:
        self._out_of_sight.clear()
        self._concepts_listed = self._pay.listed = True

    def hide_concepts(self) -> None:
        self._concepts_listed = False

    def hide_pay(self) -> None:
        self._pay.listed = False

    def show_everything(self) -> None:
        """The user has every right and role again."""
        self.show_employees()
        self.show_rights()
        self._versions.hidden = False
        self.stop_versions(stand_still=False)
        self._employer_hidden = self._bsn_forbidden = False

    def show_rights(self) -> None:
        self._activities = _EVERY_RIGHT

    def renumber_concept(self, entity: LegalEntity, number: int, to: int | None) -> None:
        concepts = self._employers[entity.loket_employer_id].concepts.values()
        concept = next(one for one in concepts if one.number == number)
        concept.number = to
        concept.fields[EMPLOYEE_NUMBER_FIELD] = BLANK if to is None else str(to)

    def renumber(self, entity: LegalEntity, number: int, to: int) -> None:
        self._employee(entity, number).number = to

    def hide_employer(self) -> None:
        self._employer_hidden = True

    def hide_people_by_filter(self) -> None:
        self._filter_hides_people = True

    def forbid_bsn(self) -> None:
        self._bsn_forbidden = True

    def forbid_audit_trail(self) -> None:
        self.audit.readable = False

    def silence_audit_trail(self) -> None:
        self.audit.silent = True

    def forbid(self, kind: WriteKind) -> None:
        assert self._activities is not None
        self._activities -= {one.name for one in NEEDED[kind]}

    def withhold_authorizations(self) -> None:
        self._activities = None

    def spell_authorizations(self, form: AuthorizationList) -> None:
        spelled = {AuthorizationList.OTHER_CASE: str.swapcase, AuthorizationList.OTHER_WORDS: lambda _: "Recht 1"}
        assert self._activities is not None
        self._activities = frozenset(map(spelled[form], self._activities)) if form in spelled else None

    def hide_versions(self) -> None:
        self._versions.hidden = True

    def stop_versions(self, *, stand_still: bool) -> None:
        self._count()
        self._versions.stopped = stand_still

    def turn_back_versions(self) -> None:
        self._count()
        self._versions.turn_back()

    def reachable(self, yes: bool) -> None:
        self._reachable = yes

    def unreadable(self, what: Unreadable) -> None:
        self._unreadable.add(what)

    def unavailable_once(self) -> None:
        """A reader tries again by itself; through the port nobody notices."""

    def writes(self) -> list[int | None]:
        return [number for _, number in self.sent]

    @property
    def promotions_attempted(self) -> int:
        """There is no way to ask for one through the port."""
        return 0

    # --- inside ---

    def _disturbed(
        self, queued: _Queued, entity: LegalEntity, employer: _Employer, request: WriteRequest
    ) -> WriteAnswer:
        match queued.fault:
            case LoketFault.REFUSED:
                return refused(*queued.messages)
            case LoketFault.FORBIDDEN:
                return WriteAnswer(Answered.REFUSED, 403, queued.messages)
            case LoketFault.BROKEN_RULE:
                return WriteAnswer(Answered.UNKNOWN, 200, queued.messages, cause="BrokenBusinessRule")
            case LoketFault.LOST | LoketFault.LOST_WITH_ERROR:
                return WriteAnswer(Answered.UNKNOWN, cause=queued.fault)
            case LoketFault.WARNS:
                answer = self._applied(entity, employer, request)
                return replace(answer, messages=(*answer.messages, *queued.messages))
            case LoketFault.TOKEN_EXPIRED | LoketFault.BUSY:  # renewed or waited, and sent once more
                return self._applied(entity, employer, request)
        answer = self._applied(entity, employer, request)
        if queued.fault is LoketFault.UNANSWERED_AND_LATE and answer.created in employer.concepts:
            employer.concepts[answer.created].visible_from = self._now() + timedelta(seconds=2)
        return WriteAnswer(Answered.UNKNOWN, cause=queued.fault)

    def _applied(self, entity: LegalEntity, employer: _Employer, request: WriteRequest) -> WriteAnswer:
        if request.kind.of_hours:
            return self._hours.apply(request)
        if request.kind.pays:
            return self._pay.apply(request)
        match request.kind:
            case WriteKind.EMPLOYEE:
                return self._replace(employer.employees.get(request.target or ""), request)
            case WriteKind.CONCEPT:
                return self._replace_concept(employer, request)
            case WriteKind.BSN | WriteKind.CONCEPT_BSN:
                thing = {**employer.employees, **employer.concepts}.get(request.target or "")
                if thing is None:
                    return GONE
                thing.bsn = request.values[CITIZEN_SERVICE_NUMBER]
            case WriteKind.CONCEPT_CREATED:
                return self._create_concept(employer, request)
            case WriteKind.PAYMENT:
                return self._set_account(employer, request)
            case WriteKind.PAYMENT_CREATED:
                employment = next(one for one in _employments(employer) if one.facts.id == request.target)
                if employment.account is not None or request.component is None:
                    return refused("an account for this component exists")
                iban = str(request.values[PAYMENT_IBAN])
                employment.account = _Account(next(self._ids), iban, request.component)
                return created(employment.account.id)
        return ACCEPTED

    def _replace(self, employee: _Employee | None, request: WriteRequest) -> WriteAnswer:
        if employee is None or request.fetched is None:
            return GONE
        if request.fetched.etag not in (None, str(employee.revision)):
            return WriteAnswer(Answered.REFUSED, 409, ("changed since it was read",))
        whole = _whole(request, request.fetched)
        emptied = not request.removes and _has_address(request.fetched.fields) and not _has_address(whole)
        faults = [
            *_too_long(whole),
            *_blank_where_required(whole),
            *(["street is required"] if emptied else ()),
        ]
        if faults:
            return refused(*faults)
        employee.replace_whole(whole)
        return ACCEPTED

    def _replace_concept(self, employer: _Employer, request: WriteRequest) -> WriteAnswer:
        concept = employer.concepts.get(request.target or "")
        if concept is None or request.fetched is None:
            return GONE
        whole = _whole(request, request.fetched)
        faults = [*_too_long(whole), *_concept_without_name(whole)]
        if faults:
            return refused(*faults)
        concept.replace_whole(whole)
        return ACCEPTED

    def _create_concept(self, employer: _Employer, request: WriteRequest) -> WriteAnswer:
        faults = [*_too_long(request.values), *_concept_without_name(request.values)]
        if faults or not request.label:
            return refused(*faults, "uniqueName is required")
        number = request.values.get(EMPLOYEE_NUMBER_FIELD, BLANK)
        fields = {path: value for path, value in request.values.items() if path != CITIZEN_SERVICE_NUMBER}
        concept = _Concept(next(self._ids), fields, number=None if isinstance(number, Absence) else int(number))
        employer.concepts[concept.id] = concept
        return created(concept.id)

    def _set_account(self, employer: _Employer, request: WriteRequest) -> WriteAnswer:
        iban = request.values.get(PAYMENT_IBAN, NOT_OBSERVED)
        for employment in _employments(employer):
            if employment.account and employment.account.id == request.target:
                if not isinstance(iban, str):
                    return refused("iban is required")
                bic = request.values.get(PAYMENT_BIC, employment.account.bic)
                employment.account = replace(employment.account, iban=iban, bic=bic)
                return ACCEPTED
        return GONE

    def _shown_employee(self, one: _Employee, with_bsn: bool) -> LoketEmployee:
        fields = {path: one.fields.get(path, BLANK) for path in (*_EMPLOYEE_ROWS, *ADDRESS_EXTRAS)}
        if with_bsn and not self._bsn_forbidden:
            fields[CITIZEN_SERVICE_NUMBER] = one.bsn
        employments = tuple(employment.facts for employment in one.employments)
        return LoketEmployee(one.id, EmployeeNumber(one.number), self._but_withheld(fields), employments)

    def _shown_concept(self, one: _Concept) -> LoketConcept:
        fields = {row.concept: one.fields.get(row.concept, BLANK) for row in CATALOGUE if row.concept}
        fields |= {path: one.fields.get(path, BLANK) for path in WAGE_FIELDS}
        fields.pop(CITIZEN_SERVICE_NUMBER, None)
        if not self._bsn_forbidden:
            fields[CITIZEN_SERVICE_NUMBER] = one.bsn
        return LoketConcept(one.id, EmployeeNumber(one.number) if one.number else None, self._but_withheld(fields))

    def _but_withheld(self, fields: Mapping[FieldPath, Observed]) -> dict[FieldPath, Observed]:
        return {path: value for path, value in fields.items() if path not in self._withheld}

    def _pay_but_withheld(self, of: Mapping[str, tuple[HeldPay, ...]]) -> dict[str, tuple[HeldPay, ...]]:
        return {
            employment: tuple(replace(one, fields=self._but_withheld(one.fields)) for one in several)
            for employment, several in of.items()
        }

    def _fetched(self, thing: _Thing, bsn: bool) -> Fetched:
        if bsn:
            return Fetched({CITIZEN_SERVICE_NUMBER: thing.bsn}, {})
        return Fetched(dict(thing.fields), dict[str, Any](thing.fields.items()), str(thing.revision))

    def _payment(self, employment: _Employment) -> PaymentRecord:
        account = employment.account
        if account is None:
            return PaymentRecord(None, BLANK, component=employment.default_component)
        return PaymentRecord(account.id, account.iban, account.bic, account.component)

    def _visible(self, employer: _Employer) -> Iterator[_Concept]:
        now = self._now()
        return (one for one in employer.concepts.values() if one.visible_from is None or one.visible_from <= now)

    def _number_of(self, employer: _Employer, request: WriteRequest) -> int | None:
        things: dict[str, _Employee | _Concept] = {**employer.employees, **employer.concepts}
        if request.target in things:
            return things[request.target].number
        target = request.target
        if request.kind.dated:
            target = (self._hours if request.kind.of_hours else self._pay).owner(request.target or "")
        for one in employer.employees.values():
            for employment in one.employments:
                account = employment.account
                if target in (employment.facts.id, account.id if account else None):
                    return one.number
        number = request.values.get(EMPLOYEE_NUMBER_FIELD)
        return int(number) if isinstance(number, str) else None

    def _count(self) -> None:
        """A version number for every employment whose data, or its employee's, is other than when it was counted."""
        for employer in self._employers.values():
            for one in employer.employees.values():
                for each in one.employments:
                    pay = self._pay.of(each.facts.id)
                    paid = (tuple(pay.wages), tuple(pay.benefits), self._hours.held(each.facts.id))
                    self._versions.count(each.facts.id, repr((one.number, one.bsn, one.fields, each, paid)))

    def _start_of(self, employment: str) -> date:
        every = (one for employer in self._employers.values() for one in _employments(employer))
        return next(one.facts.start for one in every if one.facts.id == employment)

    def _employee(self, entity: LegalEntity, number: int) -> _Employee:
        employees = self._employers[entity.loket_employer_id].employees.values()
        return next(one for one in employees if one.number == number)

    def _thing(self, entity: LegalEntity, number: int) -> _Employee | _Concept:
        employer = self._employers[entity.loket_employer_id]
        things: list[_Employee | _Concept] = [*employer.employees.values(), *employer.concepts.values()]
        return next(one for one in things if one.number == number)

    def _employment(self, entity: LegalEntity, number: int, income: int | None) -> _Employment:
        employments = self._employee(entity, number).employments
        return next(one for one in employments if income in (None, one.facts.income_number))


def _employments(employer: _Employer) -> Iterator[_Employment]:
    return (employment for one in employer.employees.values() for employment in one.employments)


def _too_long(fields: Mapping[FieldPath, Observed]) -> list[str]:
    limits: dict[FieldPath, int] = {
        path: row.max_length for row in CATALOGUE for path in (row.field, row.concept) if path and row.max_length
    }
    return [
        f"{path} is of invalid length"
        for path, value in fields.items()
        if isinstance(value, str) and not 0 < len(value) <= limits.get(path, 255)
    ]


def _blank_where_required(fields: Mapping[FieldPath, Observed]) -> list[str]:
    """Loket refuses null in these; an address is all there or not there at all (Loket API: employees, PUT)."""
    address_in_use = _has_address(fields)
    return [
        f"{path} is required"
        for path, row in _EMPLOYEE_ROWS.items()
        if fields.get(path, BLANK) is BLANK and _refuses_null(row, address_in_use)
    ]


def _whole(request: WriteRequest, fetched: Fetched) -> dict[FieldPath, Any]:
    """What is sent back: the object as fetched, the values, and no address where it goes whole."""
    gone = dict.fromkeys((*ADDRESS_PARTS, *ADDRESS_EXTRAS), BLANK) if request.removes else {}
    return {**fetched.whole, **request.values, **gone}  # type: ignore[dict-item]


def _has_address(fields: Mapping[FieldPath, Observed]) -> bool:
    return any(isinstance(tidy(fields.get(path, BLANK)), str) for path in ADDRESS_PARTS)


def _refuses_null(row: Attribute, address_in_use: bool) -> bool:
    if row.in_address:
        return address_in_use and row.role != HOUSE_NUMBER_ADDITION
    return not row.nullable


def _concept_without_name(fields: Mapping[FieldPath, Observed]) -> list[str]:
    return [] if isinstance(fields.get(_LAST_NAME), str) else ["personalDetails.lastName is required"]
