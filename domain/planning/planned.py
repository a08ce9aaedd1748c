"""One planned write: employee data, which has no day of its own, or a dated record of pay or working hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from domain.events.loket import WriteKind
from domain.planning.comparison import Difference
from domain.planning.pay.conversion import Conversion
from domain.values import FieldPath

END_DATE: Final = ".endDate"
DataKind: TypeAlias = Literal[
    WriteKind.EMPLOYEE,
    WriteKind.BSN,
    WriteKind.PAYMENT,
    WriteKind.PAYMENT_CREATED,
    WriteKind.CONCEPT_CREATED,
    WriteKind.CONCEPT,
    WriteKind.CONCEPT_BSN,
]
DatedKind: TypeAlias = Literal[
    WriteKind.WAGE,
    WriteKind.WAGE_CREATED,
    WriteKind.WAGE_DELETED,
    WriteKind.BENEFIT,
    WriteKind.BENEFIT_CREATED,
    WriteKind.BENEFIT_DELETED,
    WriteKind.PERIOD_DATA,
    WriteKind.HOURS,
    WriteKind.HOURS_CREATED,
]


@dataclass(frozen=True, slots=True)
class DataWrite:
    """One request that writes employee data: what it replaces (None: it creates), and every field it changes."""

    kind: DataKind
    target: str | None
    changes: tuple[Difference, ...]
    label: str = ""  # of a new concept employee
    removes: FieldPath | None = None  # an object of Loket's that goes whole: the address (EDIT-2)
    component: int | None = None  # payroll component of a new payment record
    conversion: Conversion | None = None  # of a concept employee's base salary

    @property
    def clears(self) -> bool:
        return any(change.clears for change in self.changes)


@dataclass(frozen=True, slots=True)
class Chain:
    """Dated records that follow one another: their writes stop at the first that is not confirmed (PAY-8).

    Working hours that are sent with wages come first in the wages' chain (PAY-13).
    """

    name: str  # as it is told: "wages"
    rebuild: bool = False  # later records are deleted and all are added again, as one unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedWrite:
    """One request that writes a dated record: what it replaces (the employment: it creates), and what it changes."""

    kind: DatedKind
    target: str
    changes: tuple[Difference, ...]
    effective_on: date  # the first day of the record or period
    reaches: tuple[date, date]  # the days it changes
    component: int | None = None  # payroll component; a wage has none
    chain: Chain | None = None  # the values of a payroll period have none
    readded: bool = False  # deleted only to be added again
    followed: bool = False  # what is deleted or ended here goes on with a newer amount
    ends_sooner: bool = False  # it goes on in a new record, with a last day before the one that pay has in Loket now
    conversion: Conversion | None = None
    processed: tuple[str, ...] = ()  # payroll periods already run among the days it reaches (PAY-12)

    @property
    def clears(self) -> bool:
        """Whether pay is blanked, deleted, or ended, and no newer amount follows for as long (RUN-13)."""
        if self.ends_sooner:
            return True
        if self.kind.creates or self.readded or self.followed:
            return False
        return any(_ends(one) if one.field.endswith(END_DATE) else one.clears for one in self.changes)

    @property
    def withdraws(self) -> bool:
        """Whether a record or value goes, or a value becomes less, because Personio does not list it (PAY-10)."""
        if self.kind is not WriteKind.PERIOD_DATA:
            return self.kind.deletes and not self.readded
        amounts = [(one.before, one.after) for one in self.changes]
        return self.clears or any(
            Decimal(after) < Decimal(was) for was, after in amounts if isinstance(was, str) if isinstance(after, str)
        )


def _ends(change: Difference) -> bool:
    """An end date that was not there, or an earlier one; a later one or none lets pay go on."""
    before, after = change.before, change.after
    return isinstance(after, str) and (not isinstance(before, str) or after < before)


PlannedWrite: TypeAlias = DataWrite | DatedWrite
