"""What people do in Personio and in Loket, apart from the product: one protocol each, for both worlds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from adapters.simulators.loket.authorizations import AuthorizationList
from domain.attributes import Role
from domain.events.loket import WriteKind
from domain.settings import LegalEntity
from domain.snapshots import LoketEmployment
from domain.values import FieldPath, Observed, PersonId
from tests.support.faults import LoketFault


class Trouble(StrEnum):
    """What keeps Personio from being read completely (RUN-7)."""

    UNREACHABLE = "unreachable"
    CIRCLE = "circle"  # a page of the list of people points at itself
    CUT_SHORT = "cut short"  # a page of the list of people never comes
    BARE = "bare"  # no page tells whether there is a next one


class Unreadable(StrEnum):
    """Lists of Loket a reader may be unable to get, each enough to end a read (RUN-7)."""

    EMPLOYEES = "employees"
    CONCEPTS = "concept employees"
    EMPLOYMENTS = "employments"


@dataclass(frozen=True, slots=True)
class PayHeld:
    """A dated pay record as Loket holds it."""

    amount: Decimal
    end: date | None
    hourly: bool = False
    more: Mapping[str, object] = field(default_factory=dict)


class HrOffice(Protocol):
    """Personio as the HR department fills it."""

    def add_legal_entity(self, entity: str, country: str | None) -> None: ...

    def add_person(self, values: Mapping[Role, Observed], *, entity: str, start: date) -> PersonId:
        """An Active person; the values hold from the beginning."""
        ...

    def edit(self, person: PersonId, role: Role, value: Observed, effective_on: date) -> None: ...

    def set_status(self, person: PersonId, word: str) -> None: ...

    def set_own_status(self, person: PersonId, word: str) -> None:
        """The person's status, beside the employment's."""
        ...

    def hide_status(self, person: PersonId) -> None: ...

    def move(self, person: PersonId, entity: str | None) -> None: ...

    def hide(self, role: Role, person: PersonId | None) -> None:
        """The credential may no longer read it, of this person or of anyone."""
        ...

    def hide_key(self, key: str, person: PersonId | None) -> None:
        """A key of Personio's own that is no longer shown, of this person or of anyone."""
        ...

    def slip(self, person: PersonId | None) -> None:
        """Whom a sweep loses between two pages, though asked for by id they are there; None: nobody any more."""
        ...

    def reveal(self) -> None: ...

    def show_changes_from(self, hour: int) -> None:
        """Changes entered from now on are shown on their day from that hour in Amsterdam."""
        ...

    def send_empties(self) -> None:
        """From now on an attribute without a value is sent as null."""
        ...

    def omit_empties(self) -> None:
        """Empty attributes are left out of answers from now on."""
        ...

    def terminate(self, person: PersonId, last_day: date) -> None: ...

    def end_contract(self, person: PersonId, day: date) -> None: ...

    def add_earlier_contract(self, person: PersonId, until: date) -> None: ...

    def add_employment(self, person: PersonId, entity: str, start: date, until: date | None) -> None:
        """One more employment, in whichever legal entity; with its last day where it has ended or will end."""
        ...

    def rehire(self, person: PersonId, start: date) -> PersonId:
        """A new profile with blank payroll numbers; the old one is Inactive (EMPL-3)."""
        ...

    def set_salary(
        self,
        person: PersonId,
        amount: Decimal,
        interval: str,
        *,
        hours: tuple[Decimal, Decimal] | None,
        effective_from: date,
    ) -> str:
        """`interval` MONTHLY, YEARLY or HOURLY; `hours` are weekly and full-time hours. Answers its id."""
        ...

    def show_own_salaries(self) -> None:
        """The API shows the amount that HR enters; else it shows what a full week would earn (PAY-9)."""
        ...

    def add_other_pay(self, person: PersonId, recurring: Decimal, once: Decimal, effective_from: date) -> None: ...

    def add_pay(
        self,
        person: PersonId,
        type_name: str,
        category: str,
        amount: Decimal,
        effective_from: date,
        *,
        interval: str = "MONTHLY",
        currency: str = "EUR",
    ) -> str:
        """A recurring or one-time compensation; recurring pay of amount 0 ends the one before. Answers its id."""
        ...

    def remove_pay(self, compensation: str) -> None:
        """It is not there any more, and nothing tells that it was."""
        ...

    def type_id(self, name: str) -> str:
        """The id of a type of pay, which it keeps under another name."""
        ...

    def rename_type(self, old: str, new: str) -> None:
        """Everybody's pay of the type is listed under the new name, in every month."""
        ...

    def limit_pay_to(self, entity: str | None) -> None:
        """The credential reads compensations of that legal entity only; None lifts the limit."""
        ...

    def hide_pay_of(self, people: Collection[PersonId]) -> None:
        """Their compensations are not shown; of nobody else's less than before."""
        ...

    def hide_pay(self, compensation: str | None) -> None:
        """One compensation is missing from what is read; None: none is."""
        ...

    def garble_pay(self, compensation: str | None) -> None:
        """One compensation is shown with an invalid date; None: it makes sense again."""
        ...

    def hide_pay_entities(self) -> None:
        """No compensation shows any more which legal entity pays it."""
        ...

    def delete(self, person: PersonId) -> None: ...

    def trouble(self, kind: Trouble | None) -> None: ...


class PayrollOffice(Protocol):
    """Loket as the payroll administrator sees and changes it. People are named by their employee number."""

    def add_employer(self, entity: LegalEntity) -> None: ...

    def add_employee(
        self, entity: LegalEntity, number: int, fields: Mapping[FieldPath, Observed], *, start: date, income: int
    ) -> None:
        """`fields` by catalogue path, BSN and IBAN among them."""
        ...

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
        """`here`: in the payroll administration of the entity."""
        ...

    def employments(self, entity: LegalEntity, number: int) -> tuple[LoketEmployment, ...]: ...

    def end_employment(self, entity: LegalEntity, number: int, end: date | None) -> None:
        """Terminate the first employment, revise its end date, or reinstate it (None)."""
        ...

    def appoint_until(self, entity: LegalEntity, number: int, day: date) -> None:
        """A fixed term's end, which is no termination."""
        ...

    def field(self, entity: LegalEntity, number: int, path: FieldPath) -> Observed:
        """What Loket holds for a number, as a final employee or else as a concept."""
        ...

    def set_field(self, entity: LegalEntity, number: int, path: FieldPath, value: Observed) -> None:
        """Typed into Loket by someone else."""
        ...

    def clear_address(self, entity: LegalEntity, number: int) -> None: ...

    def iban(self, entity: LegalEntity, number: int, income: int | None = None) -> Observed: ...

    def bic(self, entity: LegalEntity, number: int) -> Observed: ...

    def set_bic(self, entity: LegalEntity, number: int, bic: str) -> None:
        """Typed in beside the IBAN."""
        ...

    def remove_account(self, entity: LegalEntity, number: int, *, suggests_component: bool) -> None: ...

    def numbers(self, entity: LegalEntity) -> list[int]: ...

    def concepts(self, entity: LegalEntity) -> list[int | None]: ...

    def add_concept(self, entity: LegalEntity, number: int) -> None: ...

    def delete_concept(self, entity: LegalEntity, number: int) -> None: ...

    def finalise(self, entity: LegalEntity, number: int, under: int | None = None) -> None:
        """Complete a concept, perhaps under another number; the employee keeps its id."""
        ...

    def add_fault(self, fault: LoketFault, *, number: int | None = None, messages: tuple[str, ...] = ()) -> None:
        """For the next write, or the next one about this number."""
        ...

    def add_wage(self, entity: LegalEntity, number: int, start: date, amount: Decimal, **more: object) -> None:
        """A newer wage, as the administrator adds one; `more` are further fields of it, such as netWage."""
        ...

    def set_wage(self, entity: LegalEntity, number: int, start: date, amount: Decimal) -> None:
        """The amount of the wage that starts on a day, typed over."""
        ...

    def wages(self, entity: LegalEntity, number: int, income: int = 1) -> dict[date, PayHeld]:
        """By start date."""
        ...

    def set_hours(self, entity: LegalEntity, number: int, start: date, weekly: Decimal | None, full: Decimal) -> None:
        """Working hours from a day on, in the newest record where it starts that day; `full` is a week of the shift."""
        ...

    def hide_hours(self, entity: LegalEntity, number: int) -> None:
        """Loket holds none."""
        ...

    def hours(self, entity: LegalEntity, number: int) -> dict[date, Decimal | None]:
        """By start date; None: the full-time hours of the shift."""
        ...

    def add_benefit(
        self,
        entity: LegalEntity,
        number: int,
        component: int,
        start: date,
        amount: Decimal,
        end: date | None = None,
    ) -> None: ...

    def benefits(self, entity: LegalEntity, number: int, income: int = 1) -> dict[tuple[int, date], PayHeld]:
        """By payroll component and start date."""
        ...

    def set_value(
        self, entity: LegalEntity, number: int, component: int, period: tuple[int, int], amount: Decimal
    ) -> None: ...

    def values(self, entity: LegalEntity, number: int, income: int = 1) -> dict[tuple[int, tuple[int, int]], Decimal]:
        """By payroll component and period."""
        ...

    def approve_period(self, period: tuple[int, int]) -> None:
        """Its payroll has been run."""
        ...

    def hide_employee(self, entity: LegalEntity, number: int) -> None:
        """A role keeps the employee from the Loket user's sight; every answer stays complete without them."""
        ...

    def withhold(self, *fields: FieldPath) -> None:
        """Loket leaves these fields out of what it answers; of none, it shows all again."""
        ...

    def show_employees(self) -> None: ...

    def hide_concepts(self) -> None:
        """The list of concept employees is empty and complete; each can still be asked for."""
        ...

    def hide_pay(self) -> None:
        """The list of each person's own pay is empty and complete; that of everybody's pay on a day is not."""
        ...

    def renumber(self, entity: LegalEntity, number: int, to: int) -> None: ...

    def renumber_concept(self, entity: LegalEntity, number: int, to: int | None) -> None: ...

    def hide_employer(self) -> None: ...

    def hide_people_by_filter(self) -> None: ...

    def forbid_bsn(self) -> None: ...

    def forbid_audit_trail(self) -> None: ...
    def silence_audit_trail(self) -> None: ...

    def forbid(self, kind: WriteKind) -> None:
        """The user lacks the right to this kind of write, and Loket's list says so."""
        ...

    def show_rights(self) -> None:
        """The user has every right."""
        ...

    def withhold_authorizations(self) -> None: ...

    def spell_authorizations(self, form: AuthorizationList) -> None: ...

    def hide_versions(self) -> None:
        """Loket tells its version numbers no more."""
        ...

    def stop_versions(self, *, stand_still: bool) -> None:
        """Whether what is changed from now on moves no version number: a fault of Loket's."""
        ...

    def turn_back_versions(self) -> None:
        """Every version number is lower than it was, as after a backup was put back."""
        ...

    def reachable(self, yes: bool) -> None: ...

    def unreadable(self, what: Unreadable) -> None: ...

    def unavailable_once(self) -> None: ...

    def writes(self) -> list[int | None]:
        """Every write that reached Loket so far: the number it was about."""
        ...

    @property
    def promotions_attempted(self) -> int: ...
