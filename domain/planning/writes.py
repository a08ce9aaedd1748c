"""What to write for one person: the differences between wanted and held, one planned write per Loket resource.

EDIT-1 the whole supported set is compared, not only what changed; EDIT-2 a blank clears (`blanks`); a field that
either side did not show is left alone; a concept employee receives employee data, its keys and a base salary (MATCH-3,
JOIN-4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from domain.attributes import (
    CATALOGUE,
    INITIALS,
    LAST_NAME,
    PAYMENT_BIC,
    PAYMENT_IBAN,
    WAGE_FIELDS,
    WEEKLY_HOURS,
    Attribute,
    Kind,
    Resource,
)
from domain.events.loket import WriteKind
from domain.personal import Opened
from domain.planning import addresses
from domain.planning.addresses import ADDRESS
from domain.planning.comparison import Difference, alike, differences, tidy, written
from domain.planning.kinds import word_of
from domain.planning.pay.targets import ONE_TIME, RECURRING
from domain.planning.planned import DataKind, DataWrite
from domain.planning.together import IDENTITY_DOCUMENT, document_gone, left_behind, of_document
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketEmployee, LoketSnapshot, PersonioPerson
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath, Observed, trimmed

EMPLOYEE_NUMBER_FIELD: Final = FieldPath("employeeNumber")
NET_WAGE: Final = FieldPath("wage.netWage")
EMPLOYER_COSTS: Final = FieldPath("wage.employerCosts")


def wanted_value(row: Attribute, person: PersonioPerson) -> Observed:
    """What Loket should hold for one attribute: the Personio value in written form, BLANK, or NOT_OBSERVED."""
    value = tidy(person.value(row.role))
    if not isinstance(value, str):
        return value
    if row.kind is Kind.CODE:
        word = word_of(value, row.keys)
        return NOT_OBSERVED if word is None else row.keys[word]  # an unmapped word is a finding
    return written(row.kind, value)


def wanted(person: PersonioPerson, policy: Policy, *, concept: bool) -> dict[FieldPath, Observed]:
    """Every supported field with the value Loket should hold, by its path in a final employee or in a concept."""
    fields = {}
    for row in policy.catalogue:
        path = row.concept if concept else row.field
        if path is not None:
            fields[path] = wanted_value(row, person)
    return fields


def supported(policy: Policy, resource: Resource) -> tuple[tuple[FieldPath, Kind], ...]:
    """The fields of a final employee that live in one Loket resource."""
    return tuple((row.field, row.kind) for row in policy.catalogue if row.resource is resource)


def supported_in_concept(policy: Policy) -> tuple[tuple[FieldPath, Kind], ...]:
    """The fields a concept employee can hold, keys and base salary included, but for the BSN."""
    rows = tuple(
        (row.concept, row.kind) for row in policy.catalogue if row.concept and row.resource is not Resource.BSN
    )
    return (*rows, *WAGE_FIELDS.items())


def final_writes(
    person: PersonioPerson, employee: LoketEmployee, employment: str, loket: LoketSnapshot, policy: Policy
) -> tuple[tuple[DataWrite, ...], tuple[FieldPath, ...]]:
    """The writes for a final employee, and the fields that cannot be written at all."""
    want = wanted(person, policy, concept=False)
    fields = supported(policy, Resource.EMPLOYEE)
    writes = [*_replacing(WriteKind.EMPLOYEE, employee.id, fields, want, employee.fields)]
    bsn = differences(supported(policy, Resource.BSN), want, employee.fields)
    if bsn:
        writes.append(DataWrite(WriteKind.BSN, employee.id, bsn))
    payment, failed = _payment(want.get(PAYMENT_IBAN, NOT_OBSERVED), employment, loket)
    return (*writes, *payment), failed


def _payment(
    iban: Observed, employment: str, loket: LoketSnapshot
) -> tuple[tuple[DataWrite, ...], tuple[FieldPath, ...]]:
    record = loket.payments.get(employment)
    if record is None or not isinstance(iban, str):
        return (), ()  # not read, not observed, or blank: beside a record that is a finding, without one nothing
    changes = differences([(PAYMENT_IBAN, Kind.IBAN)], {PAYMENT_IBAN: iban}, {PAYMENT_IBAN: record.iban})
    if not changes:
        return (), ()
    if record.id is None:
        if record.component is None:
            return (), (PAYMENT_IBAN,)
        new = DataWrite(WriteKind.PAYMENT_CREATED, employment, changes, component=record.component)
        return (new,), ()
    held = {PAYMENT_IBAN: record.iban, PAYMENT_BIC: record.bic}
    changes = (*changes, *left_behind(changes, {PAYMENT_IBAN: iban}, held))
    return (DataWrite(WriteKind.PAYMENT, record.id, changes),), ()


def _replacing(
    kind: DataKind,
    target: str,
    fields: Iterable[tuple[FieldPath, Kind]],
    want: Mapping[FieldPath, Observed],
    held: Mapping[FieldPath, Observed],
) -> tuple[DataWrite, ...]:
    """What makes an employee or a concept equal; what is whole or not there at all goes whole (EDIT-2, EDIT-3)."""
    changes = differences(fields, want, held)
    changes = (*changes, *left_behind(changes, want, held, concept=kind is WriteKind.CONCEPT))
    document: tuple[DataWrite, ...] = ()
    if document_gone(want) and (parts := tuple(one for one in changes if of_document(one))):
        document = (DataWrite(kind, target, parts, removes=IDENTITY_DOCUMENT),)
        changes = tuple(one for one in changes if not of_document(one))
    if not addresses.gone(want):
        return (*((DataWrite(kind, target, changes),) if changes else ()), *document)
    changes = (*changes, *addresses.lost_beside(changes, held))
    removes = ADDRESS if addresses.touched(changes) else None
    return (*((DataWrite(kind, target, changes, removes=removes),) if changes else ()), *document)


def concept_writes(
    person: PersonioPerson,
    number: EmployeeNumber,
    concept: LoketConcept | None,
    wage: Mapping[FieldPath, Observed],
    loket: LoketSnapshot,
    policy: Policy,
    left_alone: Iterable[FieldPath] = (),
) -> tuple[DataWrite, ...]:
    """Create the concept employee, or make the existing one equal; its BSN has an endpoint of its own.

    `left_alone` are fields that stay as they are in Loket (JOIN-7).
    """
    want = {**wanted(person, policy, concept=True), **wage, **dict.fromkeys(left_alone, NOT_OBSERVED)}
    fields = supported_in_concept(policy)
    bsn_fields = supported(policy, Resource.BSN)
    if concept is None:
        filled = [(field, want[field]) for field, _ in fields if isinstance(want.get(field), str)]
        changes = (
            Difference(EMPLOYEE_NUMBER_FIELD, BLANK, str(number)),
            *(Difference(field, BLANK, value) for field, value in filled),
        )
        main = [DataWrite(WriteKind.CONCEPT_CREATED, None, changes, label=_label(person, number))]
        held_bsn: Mapping[FieldPath, Observed] = {field: BLANK for field, _ in bsn_fields}
    else:
        main = [*_replacing(WriteKind.CONCEPT, concept.id, fields, want, concept.fields)]
        held_bsn = concept.fields
    bsn = differences(bsn_fields, want, held_bsn) if loket.bsn_readable else ()
    if bsn:
        main.append(DataWrite(WriteKind.CONCEPT_BSN, concept.id if concept else None, bsn))
    return tuple(main)


def filled_in_loket(
    person: PersonioPerson, concept: LoketConcept, written: Mapping[FieldPath, Opened], policy: Policy
) -> tuple[FieldPath, ...]:
    """What somebody entered in a concept employee and Personio has blank: a blank clears only what we wrote."""
    want = wanted(person, policy, concept=True)
    return tuple(
        row.concept
        for row in policy.catalogue
        if row.concept is not None and want[row.concept] is BLANK
        if isinstance(held := tidy(concept.value(row.concept)), str)
        if not alike(row.kind, written.get(row.concept), held)
    )


def _label(person: PersonioPerson, number: EmployeeNumber) -> str:
    """The name in Loket's dropdown, at most 255 characters: "Vermeer A.B. (4711)"."""
    parts = (tidy(person.value(role)) for role in (LAST_NAME, INITIALS))
    name = " ".join(trimmed(part) for part in parts if isinstance(part, str))
    return f"{name[:240]} ({number})"


_KINDS: Final[Mapping[FieldPath, Kind]] = {
    **{path: row.kind for row in CATALOGUE for path in (row.field, row.concept) if path},
    **WAGE_FIELDS,
    WEEKLY_HOURS: Kind.MONEY,  # a decimal of two places
}


def kinds_of(fields: Iterable[FieldPath]) -> dict[FieldPath, Kind]:
    """How values of these fields are compared; what the catalogue does not know is text."""
    return {field: _KINDS.get(field) or _pay_kind(field) for field in fields}


def _pay_kind(field: FieldPath) -> Kind:
    if field.endswith(".endDate"):
        return Kind.DATE
    money = field.startswith((f"{RECURRING}.", f"{ONE_TIME}.")) or field in (NET_WAGE, EMPLOYER_COSTS)
    return Kind.MONEY if money else Kind.TEXT
