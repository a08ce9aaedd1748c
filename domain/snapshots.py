"""What each system said at an instant: complete reads, three values for every field, nothing interpreted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple, NewType, TypeVar

from domain.attributes import EMPLOYEE_NUMBER, INCOME_NUMBER, Role
from domain.events.loket import WriteKind
from domain.values import (
    NOT_OBSERVED,
    EmployeeNumber,
    FieldPath,
    IncomeNumber,
    LegalEntityId,
    Observed,
    PersonId,
    employee_number,
    income_number,
)

# --- Personio ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonioEmployment:
    """One contract of a person (Personio API: employments). `status` is the raw word or NOT_OBSERVED.

    `legal_entity` is its id; BLANK is a shown null, and NOT_OBSERVED says nothing about where the person belongs.
    `unreadable` are the keys whose value was shown and makes no sense, in any employment of the person.
    """

    id: str
    status: Observed
    legal_entity: Observed
    start: date | None = None
    end: date | None = None
    weekly_hours: Decimal | None = None
    full_time_hours: Decimal | None = None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonioPerson:
    """A person of one legal entity. `values` has every mapped role that Personio showed; the rest is NOT_OBSERVED.

    A role in it with NOT_OBSERVED was shown, and its value cannot be read.

    `beside` are the other employments that run today, and `corrected` what stands for a value that is meant for one of
    those (WHO-4).

    The two numbers are read out of `values` here and nowhere else; None names nobody, and `values` tells why.
    """

    id: PersonId
    employment: PersonioEmployment | None  # the current one, None when none can be chosen
    values: Mapping[Role, Observed]
    beside: tuple[PersonioEmployment, ...] = ()
    corrected: Mapping[Role, Observed] = field(default_factory=dict)
    employee_number: EmployeeNumber | None = field(init=False, compare=False)
    income_number: IncomeNumber | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "employee_number", employee_number(self.value(EMPLOYEE_NUMBER)))
        object.__setattr__(self, "income_number", income_number(self.value(INCOME_NUMBER)))

    def value(self, role: Role) -> Observed:
        """What the legal entity that judges the person goes by."""
        return self.corrected.get(role, self.shown(role))

    def shown(self, role: Role) -> Observed:
        """What Personio shows."""
        return self.values.get(role, NOT_OBSERVED)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Of how many people a key was shown at all, and with a value; `key` as Personio names it in this tenant."""

    key: str
    shown: int = 0
    valued: int = 0


OWN_KEYS: Final = (
    "first_name",
    "last_name",
    "gender",
    "email",
    "legal_entity",
    "status",
    "employment_start_date",
    "employment_end_date",
    "weekly_working_hours",
    "full_time_weekly_working_hours",
)
"""Personio's own keys of a person, and of any of their employments, that a sweep counts (RUN-12)."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """What one complete sweep showed, of everyone in the tenant: a right is given per key, never per person."""

    swept: int = 0  # people
    own: Mapping[str, Sighting] = field(default_factory=dict)  # by OWN_KEYS
    attributes: Mapping[Role, Sighting] = field(default_factory=dict)  # of mapped custom attributes


@dataclass(frozen=True, slots=True)
class PersonioSnapshot:
    """Everyone Personio assigns to one legal entity, from one complete sweep."""

    read_at: datetime
    people: tuple[PersonioPerson, ...]
    elsewhere: Mapping[PersonId, LegalEntityId | None] = field(
        default_factory=dict
    )  # of another legal entity, or shown to have none: id and entity only
    unplaced: tuple[PersonioPerson, ...] = ()  # whose legal entity is not shown: in or out, nobody knows (WHO-1)
    gone: frozenset[PersonId] = frozenset()  # not listed, and answered 404 when asked for by id (RUN-7)
    asked: frozenset[PersonId] = frozenset()  # of `people` who were not listed, and answered by id (RUN-7), or emptied
    notes: tuple[str, ...] = ()
    paid: Mapping[PersonId, Sequence[Paid]] = field(default_factory=dict)  # pay of final employees, where it was read
    unreadable_pay: Mapping[PersonId, Sequence[UnreadablePay]] = field(default_factory=dict)  # of whoever it was read
    pay_hidden: frozenset[PersonId] = frozenset()  # showed a salary once, and now no pay at all (PAY-14)
    sightings: Sightings = field(default_factory=Sightings)
    listed: frozenset[Role] = frozenset()  # attributes in Personio's own list of readable ones, where it was asked for
    unseen: frozenset[Role] = frozenset()  # attributes that nobody has ever shown: they may not exist (EDIT-2)
    pay_types: frozenset[PayType] = frozenset()  # of everybody's pay; see `types_paid`

    @property
    def types_paid(self) -> frozenset[PayType]:
        """Versions before recorded none with a look: then those of whoever's pay is still on record."""
        return self.pay_types or frozenset(one.compensation.type for each in self.paid.values() for one in each)

    @property
    def numbers(self) -> frozenset[EmployeeNumber]:
        return frozenset(number for one in self.people if (number := one.employee_number) is not None)


class CompensationCategory(StrEnum):
    FIXED_SALARY = "FIXED_SALARY"
    HOURLY_SALARY = "HOURLY_SALARY"
    RECURRING = "RECURRING"
    ONE_TIME = "ONE_TIME"
    OTHER = "OTHER"


class PayType(NamedTuple):
    """A type of pay, as the customer set it up in Personio."""

    type_id: str
    type_name: str
    category: CompensationCategory


SALARY: Final = (CompensationCategory.FIXED_SALARY, CompensationCategory.HOURLY_SALARY)
PayKey = NewType("PayKey", tuple[str, date | None])


@dataclass(frozen=True, slots=True)
class Compensation:
    """One compensation (Personio API: compensations). Not prorated.

    Whether the amount of a fixed salary is the full-time or the person's own one is a setting (PAY-9).
    """

    id: str
    person: PersonId
    type_id: str
    category: CompensationCategory
    amount: Decimal
    currency: str
    interval: str  # MONTHLY, YEARLY, or the raw word
    effective_from: date | None
    weekly_hours: Decimal | None
    full_time_hours: Decimal | None
    type_name: str = ""
    legal_entity: Observed = NOT_OBSERVED  # whose pay it is; BLANK and NOT_OBSERVED do not say

    @property
    def type(self) -> PayType:
        return PayType(self.type_id, self.type_name, self.category)

    @property
    def key(self) -> PayKey:
        """A newer amount may keep the id: from another day on it is another compensation."""
        return PayKey((self.id, self.effective_from))

    @property
    def takes_effect(self) -> date:
        """One without a day has always been in effect."""
        return self.effective_from or date.min


TYPE: Final = "type"
"""Among the faults of pay, when not even its category is told: then it may be anything."""


@dataclass(frozen=True, slots=True)
class UnreadablePay:
    """A compensation that is listed and makes no sense; `faults` are the keys that do not (RUN-7)."""

    person: PersonId
    type_id: str
    category: CompensationCategory
    type_name: str
    faults: tuple[str, ...]

    @property
    def may_be_salary(self) -> bool:
        return self.category in SALARY or TYPE in self.faults


_Pay = TypeVar("_Pay", Compensation, UnreadablePay)


def by_person(several: Iterable[_Pay]) -> dict[PersonId, list[_Pay]]:
    found: dict[PersonId, list[_Pay]] = {}
    for one in several:
        found.setdefault(one.person, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class PayWindow:
    """Everything listed for one window of at most a month, completely read."""

    start: date
    end: date
    compensations: tuple[Compensation, ...]
    unreadable: tuple[UnreadablePay, ...] = ()

    @property
    def payees(self) -> frozenset[PersonId]:
        """Of whom anything is listed, readable or not."""
        return frozenset((*(one.person for one in self.compensations), *(one.person for one in self.unreadable)))

    @property
    def salaried(self) -> frozenset[PersonId]:
        """Of whom a fixed or hourly salary is."""
        readable = (one.person for one in self.compensations if one.category in SALARY)
        return frozenset((*readable, *(one.person for one in self.unreadable if one.category in SALARY)))


@dataclass(frozen=True, slots=True)
class Paid:
    """A compensation; `until` is its last day, where complete reads show that it ended (PAY-10)."""

    compensation: Compensation
    until: date | None = None


# --- Loket -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoketEmployment:
    """One income relation (Loket API: employments, minimized)."""

    id: str
    payroll_administration: str | None
    income_number: int
    start: date
    end: date | None  # last day of employment; any date means terminated (END-2)


@dataclass(frozen=True, slots=True)
class LoketEmployee:
    """A final employee. `fields` has every catalogue field of the employee object by its path, and the BSN where read.

    A field that was not read, or whose right is missing, is absent.
    """

    id: str
    number: EmployeeNumber
    fields: Mapping[FieldPath, Observed]
    employments: tuple[LoketEmployment, ...] = ()

    def value(self, path: FieldPath) -> Observed:
        return self.fields.get(path, NOT_OBSERVED)

    def runs_in(self, payroll_administration: str) -> bool:
        """Whether an employment there has no end date."""
        return any(one.end is None and one.payroll_administration == payroll_administration for one in self.employments)


@dataclass(frozen=True, slots=True)
class LoketConcept:
    """A concept employee. `fields` uses the catalogue's concept paths, and wage.grossWage, wage.grossWageType."""

    id: str
    number: EmployeeNumber | None
    fields: Mapping[FieldPath, Observed]

    def value(self, path: FieldPath) -> Observed:
        return self.fields.get(path, NOT_OBSERVED)


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """The payment (SEPA) record of an employment that carries the net wage, or where a new one must go."""

    id: str | None  # None: the employment has none yet
    iban: Observed
    bic: Observed = NOT_OBSERVED  # only a foreign IBAN may have one
    component: int | None = None  # payroll component for a new record, from Loket's own defaults; None: unknown


@dataclass(frozen=True, slots=True)
class HeldPay:
    """One dated pay record: a wage, or a benefit or deduction. `fields` by the catalogue's paths."""

    id: str
    start: date
    fields: Mapping[FieldPath, Observed]
    end: date | None = None
    component: int | None = None  # of a benefit or deduction
    full_time: bool = True  # isGrossWageFullTime of a wage


@dataclass(frozen=True, slots=True)
class HeldHours:
    """One record of working hours (Loket API 8): a linked chain of its own."""

    id: str
    start: date
    weekly: Observed  # deviatingHoursPerWeek; BLANK: a full week of the shift
    full_time: Decimal | None  # of the shift
    end: date | None = None
    own: Decimal | None = None  # aggregatedHoursPerWeek: what Loket itself reckons with


@dataclass(frozen=True, slots=True)
class HeldValue:
    """The value of one payroll component in one payroll period."""

    period: tuple[int, int]  # year, number
    component: int
    value: Observed


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """A payroll period of the administration; `processed` when a payroll run of it was approved (PAY-12)."""

    year: int
    number: int
    first: date
    last: date
    processed: bool = False

    @property
    def name(self) -> str:
        return f"{self.year}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class LoketPay:
    """Pay as Loket holds it, by employment id; what was not read is absent."""

    wages: Mapping[str, tuple[HeldPay, ...]] = field(default_factory=dict)  # whole chains, oldest first
    wage_at_start: Mapping[str, HeldPay] = field(default_factory=dict)  # in force on the compensation start date
    benefits: Mapping[str, tuple[HeldPay, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[HeldValue, ...]] = field(default_factory=dict)
    periods: tuple[PeriodSpan, ...] = ()
    hours: Mapping[str, tuple[HeldHours, ...]] = field(default_factory=dict)  # oldest first


@dataclass(frozen=True, slots=True)
class LoketSnapshot:
    """A complete read of one employer."""

    read_at: datetime
    employees: Mapping[EmployeeNumber, LoketEmployee]
    concepts: tuple[LoketConcept, ...]
    payments: Mapping[str, PaymentRecord] = field(default_factory=dict)  # by employment id; absent: not read
    countries: frozenset[str] = frozenset()  # ISO codes Loket has a key for
    payroll_period: int | None = None  # the administration's payrollPeriodType key: 1 month, 3 four weeks, 4 week
    notes: tuple[str, ...] = ()
    bsn_readable: bool = True
    pay: LoketPay = field(default_factory=LoketPay)
    unlisted: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # employed, and in no list of employees

    def employee_with_id(self, loket_id: str | None) -> LoketEmployee | None:
        return next((one for one in self.employees.values() if one.id == loket_id), None)


@dataclass(frozen=True, slots=True)
class VersionNumbers:
    """How far Loket's one counter is (Loket API 3.1). `newest` was told before the first of the others was.

    So whatever moves while they are listed, page by page, is above it.
    """

    newest: int  # of the employer
    of: Mapping[str, int]  # of each of its employments, by id


@dataclass(frozen=True, slots=True)
class LoketAccess:
    """What a look at the connection found that stops no run (RUN-9)."""

    notes: tuple[str, ...] = ()
    activities: frozenset[str] | None = None  # what the user may do, as Loket names it; None: no list to be read


# --- writing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fetched:
    """One Loket object, fresh: its supported fields, and the whole of it to be sent back (whole-object PUT)."""

    fields: Mapping[FieldPath, Observed]
    whole: Mapping[str, Any]
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """One write. `values` are the fields to set, in written form; BLANK clears. All other fields go back as fetched."""

    kind: WriteKind
    target: str | None  # GUID of what is replaced; the employment of a new payment record; None for a new concept
    values: Mapping[FieldPath, Observed]
    fetched: Fetched | None = None  # None when something is created
    label: str = ""  # uniqueName of a new concept
    removes: FieldPath | None = None  # an object that goes whole, its parts among the values
    component: int | None = None  # payroll component of a new payment record, of recurring pay, of a period value
    effective_on: date | None = None  # first day of a new dated record


class Answered(StrEnum):
    """How a write ended as far as the answer tells (RUN-6, RUN-8)."""

    ACCEPTED = "accepted"  # 2xx with a readable body and no refusing message
    REFUSED = "refused"  # Loket said no
    NOT_SENT = "not sent"  # it never reached Loket
    UNSENDABLE = "unsendable"  # no request can be made of it; Loket was not asked
    UNKNOWN = "unknown"  # no readable answer: it may have been applied


@dataclass(frozen=True, slots=True)
class WriteAnswer:
    answered: Answered
    status: int = 0  # HTTP status, 0 when there was none
    messages: tuple[str, ...] = ()  # Loket's own texts; they may quote personal values
    created: str | None = None  # GUID of what was created
    cause: str = ""  # of NOT_SENT and UNKNOWN: "read timeout", "HTTP 503", …; never a value
