"""Validation of included people before a run (CHECK-1, WHO-5, EDIT-2, MATCH-1): every finding, not the first."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from domain.attributes import (
    BSN,
    CATALOGUE,
    COUNTRY,
    EMPLOYEE_NUMBER,
    GATES,
    INCOME_NUMBER,
    LAST_NAME,
    PAYMENT_BIC,
    PAYMENT_IBAN,
    Attribute,
    Kind,
    Resource,
    Role,
)
from domain.planning import addresses, formats
from domain.planning.comparison import comparable, same, tidy
from domain.planning.details import NOT_SHOWN, ONE_TO, TOO_LONG, UNSEEN_AFTER
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.kinds import TREATMENTS, Beside
from domain.planning.matching import Concept, FinalLink, Link, NotVisible, Unresolved
from domain.planning.together import halves_missing
from domain.planning.writes import wanted, wanted_value
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketEmployee, LoketSnapshot, PersonioPerson
from domain.values import (
    BLANK,
    MAX_INCOME_NUMBER,
    NOT_OBSERVED,
    Absence,
    EmployeeNumber,
    FieldPath,
    Observed,
    PersonId,
    trimmed,
    unseen_after,
)

_OF_CONCEPTS: Final = frozenset(row.concept for row in CATALOGUE)
_KEY_FIELDS: Final[Mapping[Role, FieldPath]] = {
    EMPLOYEE_NUMBER: FieldPath("employeeNumber"),
    INCOME_NUMBER: FieldPath("incomeRelationshipNumber"),
}


def findings(
    person: PersonioPerson, link: Link, loket: LoketSnapshot, policy: Policy, *, unseen: Set[Role] = frozenset()
) -> tuple[Finding, ...]:
    """Everything about one included person that must be fixed before the entity can be synced (CHECK-2).

    `unseen` are attributes that nobody has ever shown (EDIT-2).
    """
    found = [
        *(link.findings if isinstance(link, Unresolved | NotVisible) else ()),
        *_numbers(person),
        *_unreadable(person, link, loket, policy, unseen),
        *_formats(person, loket, policy),
        *_required(person, link, loket, policy),
    ]
    return tuple(dict.fromkeys(found))


def notices(person: PersonioPerson, policy: Policy) -> tuple[Notice, ...]:
    """Remarks on an included person's own data that never block."""
    value = tidy(person.value(BSN))
    if BSN not in {row.role for row in policy.catalogue} or value is NOT_OBSERVED:
        return ()
    if isinstance(value, Absence):
        return (Notice(NoticeCode.BSN_BLANK),)
    unusual = formats.bsn_fault(value) is None and comparable(Kind.BSN, value)[0] in "89"
    return (Notice(NoticeCode.BSN_UNUSUAL_PREFIX),) if unusual else ()


def not_read(person: PersonioPerson, link: Link, loket: LoketSnapshot, policy: Policy) -> tuple[FieldPath, ...]:
    """What Personio has a value for and Loket does not show: it can neither be compared nor written (DRIFT-1).

    A concept employee may be a part: of one only the fields that Loket documents are missed.
    """
    match link:
        case FinalLink():
            rows = [(row, row.field) for row in policy.catalogue if not row.is_key]
        case Concept():
            rows = [(row, row.concept) for row in policy.catalogue if row.concept and row.concept in _OF_CONCEPTS]
        case _:
            return ()
    return tuple(
        path
        for row, path in rows
        if _held(row, link, loket) is NOT_OBSERVED and isinstance(wanted_value(row, person), str)
        if loket.bsn_readable or row.resource is not Resource.BSN
    )


def not_read_remarks(notices: Iterable[Notice]) -> tuple[str, ...]:
    """Of how many people each field was not read in Loket, told once for everybody."""
    told = [one.detail for one in notices if one.code is NoticeCode.NOT_READ_IN_LOKET]
    people = Counter(name for detail in told for name in detail.split(", "))
    said = ", ".join(f"{name} ({count})" for name, count in sorted(people.items()))
    return (NOT_SHOWN.format(said=said),) if said else ()


def duplicates(people: Sequence[PersonioPerson]) -> dict[PersonId, tuple[Finding, ...]]:
    """Findings that only show when all included people are seen together (MATCH-1, MATCH-4)."""
    numbers = Counter[EmployeeNumber | None](one.employee_number for one in people if one.employee_number)
    relations = Counter[tuple[str, int] | None](relation for one in people if (relation := _tax_relation(one)))
    found: dict[PersonId, tuple[Finding, ...]] = {}
    for one in people:
        number, relation = one.employee_number, _tax_relation(one)
        faults = (
            Finding(FindingCode.DUPLICATE_EMPLOYEE_NUMBER, _KEY_FIELDS[EMPLOYEE_NUMBER])
            if numbers[number] > 1
            else None,
            Finding(FindingCode.DUPLICATE_INCOME_RELATION, _KEY_FIELDS[INCOME_NUMBER])
            if relations[relation] > 1
            else None,
        )
        if any(faults):
            found[one.id] = tuple(fault for fault in faults if fault)
    return found


def _tax_relation(person: PersonioPerson) -> tuple[str, int] | None:
    """BSN and income number, which the wage return takes once."""
    value, income = tidy(person.value(BSN)), person.income_number
    if isinstance(value, Absence) or person.employee_number is None or income is None:
        return None
    return comparable(Kind.BSN, value), income


def _numbers(person: PersonioPerson) -> Iterator[Finding]:
    number, income = tidy(person.value(EMPLOYEE_NUMBER)), tidy(person.value(INCOME_NUMBER))
    if number is BLANK:
        yield Finding(FindingCode.MISSING_EMPLOYEE_NUMBER, _KEY_FIELDS[EMPLOYEE_NUMBER])
    elif isinstance(number, str) and person.employee_number is None:
        field = _KEY_FIELDS[EMPLOYEE_NUMBER]
        yield _unseen(field, number) or Finding(FindingCode.EMPLOYEE_NUMBER_FORMAT, field)
    if income is BLANK:
        yield Finding(FindingCode.MISSING_INCOME_NUMBER, _KEY_FIELDS[INCOME_NUMBER])
    elif isinstance(income, str) and person.income_number is None:
        field, detail = _KEY_FIELDS[INCOME_NUMBER], ONE_TO.format(most=MAX_INCOME_NUMBER)
        yield _unseen(field, income) or Finding(FindingCode.INCOME_NUMBER_RANGE, field, detail)


def _unseen(field: FieldPath, text: str) -> Finding | None:
    """A control or invisible character inside a value: payroll would keep it, and nobody could find it there."""
    before = unseen_after(text)
    if before is None:
        return None
    return Finding(FindingCode.INVISIBLE_CHARACTER, field, UNSEEN_AFTER.format(before=before))


def _unreadable(
    person: PersonioPerson, link: Link, loket: LoketSnapshot, policy: Policy, unseen: Set[Role]
) -> Iterator[Finding]:
    """A mapped attribute that Personio did not show is never a blank: it stops the run instead (EDIT-2).

    One that nobody has ever shown may not exist: it does so only where it is mandatory, or Loket holds a value.
    """
    rows = {row.role: row for row in policy.catalogue}
    for role in dict.fromkeys((*GATES[1:], *rows)):
        if person.value(role) is not NOT_OBSERVED:
            continue
        needed = role in policy.rules.mandatory or role in GATES or role not in unseen
        if needed or isinstance(_held(rows[role], link, loket), str):
            field = rows[role].field if role in rows else _KEY_FIELDS.get(role) or FieldPath(role)
            yield Finding(FindingCode.ATTRIBUTE_NOT_READABLE, field)


def _held(row: Attribute, link: Link, loket: LoketSnapshot) -> Observed:
    """What Loket holds of an attribute for whoever the number belongs to."""
    match link:
        case FinalLink() if row.resource is Resource.PAYMENT:
            record = loket.payments.get(link.employment.id)
            return NOT_OBSERVED if record is None else record.iban
        case FinalLink():
            return link.employee.value(row.field)
        case Concept():
            return link.concept.value(row.concept or row.field)
        case _:
            return NOT_OBSERVED


def _formats(person: PersonioPerson, loket: LoketSnapshot, policy: Policy) -> Iterator[Finding]:
    dutch = lives_in_the_netherlands(person, policy)
    for row in policy.catalogue:
        beside = Beside(dutch, row.keys, loket.countries)
        yield from _format(row, tidy(person.value(row.role)), beside)


def _format(row: Attribute, value: Observed, beside: Beside) -> Iterator[Finding]:
    if isinstance(value, Absence) or row.role == INCOME_NUMBER:
        return
    text, kind = trimmed(unicodedata.normalize("NFC", value)), TREATMENTS[row.kind]
    unseen, code = _unseen(row.field, text), kind.fault(text, beside)
    if unseen is not None:
        yield unseen
    elif code is not None:
        yield Finding(code, row.field, proposal=kind.proposal(text))
    elif kind.limited and row.max_length is not None and len(text) > row.max_length:
        detail = TOO_LONG.format(length=len(text), most=row.max_length)
        yield Finding(FindingCode.VALUE_TOO_LONG, row.field, detail)


def lives_in_the_netherlands(person: PersonioPerson, policy: Policy) -> bool:
    """Whether the address is judged as a Dutch one; a tenant that maps no country has Dutch addresses."""
    if COUNTRY not in {row.role for row in policy.catalogue}:
        return True
    value = tidy(person.value(COUNTRY))
    return isinstance(value, Absence) or comparable(Kind.COUNTRY, value) == "NL"


def _required(person: PersonioPerson, link: Link, loket: LoketSnapshot, policy: Policy) -> Iterator[Finding]:
    """Blank where payroll needs it or Loket refuses null for the person's link state (EDIT-2, WHO-5)."""
    for row in policy.catalogue:
        if tidy(person.value(row.role)) is not BLANK or row.role == INCOME_NUMBER:
            continue
        if row.role in policy.rules.mandatory or _refuses_null(row, link, loket) or row.role == LAST_NAME:
            yield Finding(FindingCode.REQUIRED_FIELD_BLANK, row.field)
    want = wanted(person, policy, concept=False)
    yield from _address(want, person, link, policy)
    yield from _halves(want, link, loket, policy)
    fields = {row.role for row in policy.catalogue} | {EMPLOYEE_NUMBER, INCOME_NUMBER}
    for role in sorted(policy.rules.mandatory - fields):
        if tidy(person.value(role)) is BLANK:
            yield Finding(FindingCode.REQUIRED_FIELD_BLANK, FieldPath(role))


def _refuses_null(row: Attribute, link: Link, loket: LoketSnapshot) -> bool:
    if not isinstance(link, FinalLink) or row.nullable or row.in_address or row.is_key:
        return False
    if row.resource is Resource.PAYMENT:
        record = loket.payments.get(link.employment.id)
        return record is not None and record.id is not None
    return True


def _halves(want: Mapping[FieldPath, Observed], link: Link, loket: LoketSnapshot, policy: Policy) -> Iterator[Finding]:
    """Halves of a pair that Loket does not take without the other, and a BIC where this Loket needs one (EDIT-3)."""
    if not isinstance(link, FinalLink):
        return
    yield from (Finding(FindingCode.REQUIRED_FIELD_BLANK, half) for half in halves_missing(want, link.employee.fields))
    record, iban = loket.payments.get(link.employment.id), want.get(PAYMENT_IBAN, NOT_OBSERVED)
    foreign = isinstance(iban, str) and not iban.startswith("NL")
    if policy.rules.bic_required and record is not None and foreign and not same(Kind.IBAN, iban, record.iban):
        yield Finding(FindingCode.BIC_MISSING, PAYMENT_BIC)


def _address(
    want: Mapping[FieldPath, Observed], person: PersonioPerson, link: Link, policy: Policy
) -> Iterator[Finding]:
    held = _linked(link)
    parts = addresses.missing(want, held.fields if held else {}, dutch=lives_in_the_netherlands(person, policy))
    yield from (Finding(FindingCode.REQUIRED_FIELD_BLANK, part) for part in parts)


def _linked(link: Link) -> LoketEmployee | LoketConcept | None:
    return link.employee if isinstance(link, FinalLink) else link.concept if isinstance(link, Concept) else None
