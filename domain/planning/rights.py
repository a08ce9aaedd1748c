"""What the Loket user must be allowed to do for each kind of write, and which of it is surely missing (RUN-9).

Loket calls a right to one operation an *activity*, and documents their names; people give rights by Dutch names, each
of which covers several activities. The names are those of March 2023: a list in which not even the activity stands
that a sync has just used is one of other words, and nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.events.loket import WriteKind


@dataclass(frozen=True, slots=True)
class Activity:
    """One right as Loket's list names it; `within` is the Dutch right that usually covers it, where that is known."""

    name: str
    within: str = ""

    def __str__(self) -> str:
        return f"{self.name} (usually within the right '{self.within}')" if self.within else self.name


_PAY: Final = "Beheer beloningen"
_READ_PAY: Final = "Raadplegen beloningen"
_READ_HR: Final = "Raadplegen HRM-gegevens"
_READ_EMPLOYMENTS: Final = "Raadplegen dienstverbanden"
_FIXED_DATA: Final = "Beheer vaste gegevens salarisadministratie"

ALWAYS_USED: Final = Activity("GetEmployeesByEmployerId", _READ_HR)
"""Every sync reads with it, so a list that names activities at all names this one."""

READS: Final = (
    Activity("GetPayrollAdministrationsByEmployerId"),
    ALWAYS_USED,
    Activity("GetEmployeeByEmployeeId", _READ_HR),
    Activity("GetEmploymentsMinimizedByEmployerId", _READ_EMPLOYMENTS),
    Activity("GetConceptEmployeesByEmployerId"),
    Activity("GetWagesByEmploymentId", _READ_PAY),
    Activity("GetBenefitsAndDeductionsByEmploymentId", _READ_PAY),
)
"""What is read for every sync or with pay; a refused one is told by the read itself."""

NEEDED: Final[Mapping[WriteKind, tuple[Activity, ...]]] = MappingProxyType(
    {
        WriteKind.EMPLOYEE: (Activity("PutEmployeeByEmployeeId"),),
        WriteKind.BSN: (Activity("PutCitizenServiceNumberByEmployeeId"),),
        WriteKind.PAYMENT: (Activity("PutPaymentInformationSepaByPaymentInformationSepaId", _FIXED_DATA),),
        WriteKind.PAYMENT_CREATED: (Activity("PostPaymentInformationSepaByEmploymentId", _FIXED_DATA),),
        WriteKind.CONCEPT_CREATED: (Activity("PostConceptEmployeeByEmployerId"),),
        WriteKind.CONCEPT: (Activity("PutConceptEmployeeByConceptEmployeeId"),),
        WriteKind.CONCEPT_BSN: (Activity("PutCitizenServiceNumberByConceptEmployeeId"),),
        WriteKind.WAGE: (Activity("PutWageByWageId", _PAY),),
        WriteKind.WAGE_CREATED: (Activity("PostWageByEmploymentId", _PAY),),
        WriteKind.WAGE_DELETED: (Activity("DeleteWageByWageId", _PAY),),
        WriteKind.BENEFIT: (Activity("PutBenefitsAndDeductionsByBenefitsAndDeductionsId", _PAY),),
        WriteKind.BENEFIT_CREATED: (Activity("PostBenefitsAndDeductionsByEmploymentId", _PAY),),
        WriteKind.BENEFIT_DELETED: (Activity("DeleteBenefitsAndDeductionsByBenefitsAndDeductionsId", _PAY),),
        WriteKind.PERIOD_DATA: (Activity("PatchPayrollPeriodDataByEmploymentId"),),
        WriteKind.HOURS: (Activity("PutWorkingHoursByWorkingHoursId"),),
        WriteKind.HOURS_CREATED: (Activity("PostWorkingHoursByEmploymentId"),),
    }
)

ASK: Final = "ask whoever manages Loket users at the employer or accountant for the right"
NOT_ALLOWED: Final = f"the Loket user may not do what this plan needs: {{said}}; {ASK}, then run again"
UNKNOWN_WORDS: Final = (
    "Loket's list of the user's rights is not in words we know: whether one is missing shows when a write is refused"
)


def readable(granted: Set[str] | None) -> bool:
    """Whether the list is one of activities by the names we know; None: there is no list."""
    return granted is not None and ALWAYS_USED.name.casefold() in {one.casefold() for one in granted}


def missing(kinds: Iterable[WriteKind], granted: Set[str] | None) -> tuple[Activity, ...]:
    """What these writes need and the user surely has not; nothing where the list does not tell. Case is no matter."""
    if granted is None or not readable(granted):
        return ()
    names = {one.casefold() for one in granted}
    needed = dict.fromkeys(each for kind in WriteKind if kind in set(kinds) for each in NEEDED[kind])
    return tuple(one for one in needed if one.name.casefold() not in names)


def forbidden(granted: Set[str] | None) -> frozenset[WriteKind]:
    """The kinds of write of which the user surely lacks a right."""
    return frozenset(kind for kind in WriteKind if missing([kind], granted))


def not_allowed(lacking: Iterable[Activity]) -> str:
    """Why a run does not begin to write."""
    return NOT_ALLOWED.format(said=named(lacking))


def named(activities: Iterable[Activity]) -> str:
    return ", ".join(map(str, activities))
