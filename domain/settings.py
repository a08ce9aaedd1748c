"""What a customer may set, as the domain sees it. Defaults are the rulebook's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.alerts import AlertTarget
from domain.attributes import EMPLOYEE_NUMBER, ENTRY_DATE, INCOME_NUMBER, LAST_NAME, Attribute, Role
from domain.values import EmployeeNumber, LegalEntityId


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """A Personio legal entity and its one counterpart in Loket (WHO-1)."""

    personio_id: LegalEntityId
    name: str
    loket_employer_id: str
    loket_payroll_administration_id: str
    compensation_start_date: date | None = None  # None: final employees receive no pay (PAY-2)
    compensation_types: frozenset[str] | None = None  # categories, type ids or names; None: salary and mapped types
    leave_counts_as_active: bool | None = None  # None: as the rules say
    allow_accepted_drift: bool = False  # DRIFT-8: the article knows neither acceptance nor holding someone out


class AbsentIsBlank(StrEnum):
    """What it means that Personio leaves an attribute out of somebody's answer (EDIT-2)."""

    IF_SHOWN = "if_shown"  # blank where the same sweep shows it of somebody else
    NEVER = "never"  # not observed: for a Personio that sends empty attributes
    ALWAYS = "always"  # blank wherever the credential may read it


@dataclass(frozen=True, slots=True)
class RuleSettings:
    truthy: frozenset[str] = frozenset({"yes", "ja", "true", "1"})  # case-folded (WHO-3)
    leave_counts_as_active: bool = False  # WHO-2
    absent_is_blank: AbsentIsBlank = AbsentIsBlank.IF_SHOWN  # EDIT-2
    identity_guard: bool = True  # MATCH-1
    bic_required: bool = False  # EDIT-3: Loket refuses a foreign IBAN without its BIC
    mandatory: frozenset[Role] = frozenset({EMPLOYEE_NUMBER, INCOME_NUMBER, ENTRY_DATE, LAST_NAME})  # WHO-5


@dataclass(frozen=True, slots=True)
class Brake:
    """From 100 included people on both limits of a pair must be exceeded; below, see RUN-13. Counted are people."""

    clears_people: int = 10
    clears_share: Decimal = Decimal("0.10")
    creates_people: int = 5
    creates_share: Decimal = Decimal("0.10")
    writes_share: Decimal | None = None  # share of included people written; never applies to an entity's first run


@dataclass(frozen=True, slots=True)
class Plausible:
    """A fall below the last accepted sweep is not believed when it exceeds both, or leaves nothing (RUN-12)."""

    fall_people: int = 5
    fall_share: Decimal = Decimal("0.20")


class ComponentKind(StrEnum):
    RECURRING = "recurring"
    ONE_TIME = "one_time"
    DEDUCTION = "deduction"  # recurring or one-time; Personio's sign does not matter


@dataclass(frozen=True, slots=True)
class PayComponent:
    """The Loket payroll component a Personio compensation type goes to (PAY-7)."""

    key: int
    kind: ComponentKind


class AmountBasis(StrEnum):
    """Which of a part-timer's two amounts Personio's API shows; it is not documented (PAY-9)."""

    FULL_TIME = "full_time"  # what a full week would earn: Loket's own figure
    EFFECTIVE = "effective"  # what the person earns in the hours worked
    UNDECIDED = "undecided"


class WeeklyHours(StrEnum):
    """What is done with the hours Personio shows beside Loket's own working hours (PAY-13)."""

    COMPARE = "compare"
    SEND = "send"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class PaySettings:
    components: Mapping[str, PayComponent] = field(default_factory=dict)  # by Personio's type id or name
    months_ahead: int = 12
    amounts_are: AmountBasis = AmountBasis.UNDECIDED
    weekly_hours: WeeklyHours = WeeklyHours.COMPARE


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the decision functions need to know about one legal entity."""

    entity: LegalEntity
    catalogue: tuple[Attribute, ...]
    rules: RuleSettings = field(default_factory=RuleSettings)
    brake: Brake = field(default_factory=Brake)
    plausible: Plausible = field(default_factory=Plausible)
    pay: PaySettings = field(default_factory=PaySettings)
    alert_targets: tuple[AlertTarget, ...] = ()
    tasks_open_days: int = 0  # a task that is open for so many days is told; 0: none is
    enabled_beside: frozenset[LegalEntityId] = frozenset()  # every other enabled legal entity
    same_employer: frozenset[LegalEntityId] = frozenset()  # of those, whose employer in Loket is this one
    between_full_reads: bool = True  # Loket's version numbers say whom to read again (RUN-15)
    read_from: Mapping[str, str] = field(default_factory=dict)  # the attribute of Personio by role, as configured
    product: str = ""  # the version of Tweeluik that decides; empty where nobody told it
    only: frozenset[EmployeeNumber] | None = None  # a pilot of these numbers; None: everybody (RUN-10)

    @property
    def sends_hours(self) -> bool:
        """Whether weekly hours are among what travels; they are read and written with pay (PAY-13)."""
        return self.pay.weekly_hours is WeeklyHours.SEND and self.entity.compensation_start_date is not None

    @property
    def leave_is_active(self) -> bool:
        chosen = self.entity.leave_counts_as_active
        return self.rules.leave_counts_as_active if chosen is None else chosen
