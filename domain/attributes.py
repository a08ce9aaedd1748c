"""The attribute catalogue: what travels from Personio to Loket, where it lands and what Loket allows there.

This list is our reconstruction from public documents, not Personio's own overview of supported attributes.
Configuration may add entries or switch them off; nothing else in the code names a single attribute's limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NewType

from domain.personal import Retention
from domain.values import FieldPath

Role = NewType("Role", str)  # our name of a Personio attribute; the configuration maps it to the tenant's id

CONSIDER = Role("consider_in_nl_payroll")
EMPLOYEE_NUMBER = Role("employee_number_loket")
INCOME_NUMBER = Role("income_number")
ENTRY_DATE = Role("entry_date_current_period")
LAST_NAME = Role("last_name")
INITIALS = Role("initials")
DATE_OF_BIRTH = Role("date_of_birth")
GENDER = Role("gender")
COUNTRY = Role("country")
POSTAL_CODE = Role("postal_code")
HOUSE_NUMBER = Role("house_number")
HOUSE_NUMBER_ADDITION = Role("house_number_addition")
BSN = Role("bsn")
IBAN = Role("iban")

GATES: Final = (CONSIDER, EMPLOYEE_NUMBER, INCOME_NUMBER, ENTRY_DATE)
FIRST_CLASS: Final = (Role("first_name"), LAST_NAME, GENDER, Role("email"))
"""Personio's own person fields; every other role is a custom attribute with an id of the tenant's own."""

GROSS_WAGE: Final = FieldPath("wage.grossWage")
GROSS_WAGE_TYPE: Final = FieldPath("wage.grossWageType")
WEEKLY_HOURS: Final = FieldPath("workinghours.deviatingHoursPerWeek")
CITIZEN_SERVICE_NUMBER: Final = FieldPath("citizenServiceNumber")
PAYMENT_IBAN: Final = FieldPath("paymentInformationSepa.iban")
PAYMENT_BIC: Final = FieldPath("paymentInformationSepa.bic")


class Kind(StrEnum):
    """What sort of text a value is: decides its comparison, its written form and its format check (DRIFT-2)."""

    TEXT = "text"  # trim, NFC, exact
    EMAIL = "email"  # case-insensitive, written as typed
    POSTCODE = "postcode"
    IBAN = "iban"
    BSN = "bsn"
    DATE = "date"
    INTEGER = "integer"  # 1 and up
    HOUSE_NUMBER = "house_number"  # a whole number; what stands beside it belongs in the addition
    CODE = "code"  # a Loket key by configuration
    COUNTRY = "country"  # ISO 3166-1 alpha-2, a Loket key by metadata
    MONEY = "money"  # decimal, two places


WAGE_FIELDS: Final[Mapping[FieldPath, Kind]] = {GROSS_WAGE: Kind.MONEY, GROSS_WAGE_TYPE: Kind.CODE}
"""A base salary as Loket holds it; no attribute of Personio's is behind it (PAY-3)."""


class Resource(StrEnum):
    """The Loket thing a field lives in: one read, one write, one right each."""

    EMPLOYEE = "employee"
    BSN = "citizenservicenumber"  # its own endpoint and right
    PAYMENT = "paymentinformationsepa"
    EMPLOYMENT = "employment"  # keys: read, never written for a final employee


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The words of a coded attribute. The customer may have other keys: `configured` is where they are told."""

    list_name: str  # of Loket's own list of keys in its metadata
    keys: Mapping[str, str] = field(hash=False)  # Loket's key for each word of Personio's; any other word is a finding
    known_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """How Loket may call a word of Personio's, in lower case without accents; of others nobody can say."""
    configured: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One supported attribute. `concept` is its field in a concept employee, None when it has no place there."""

    role: Role
    label: str
    field: FieldPath
    concept: FieldPath | None
    kind: Kind = Kind.TEXT
    max_length: int | None = None
    nullable: bool = False
    resource: Resource = Resource.EMPLOYEE
    retention: Retention = Retention.FISCAL_7Y
    codes: Codes | None = None  # of Kind.CODE, and of no other kind

    @property
    def keys(self) -> Mapping[str, str]:
        """Loket's key for each word that Personio may say; none where the kind is not coded."""
        return self.codes.keys if self.codes else {}

    @property
    def in_address(self) -> bool:
        """Address parts are required once an address exists, and are cleared together (EDIT-2)."""
        return self.field.startswith("address.")

    @property
    def is_key(self) -> bool:
        """Keys name the employment; a final employee's keys are read and compared, never written (EMPL-2)."""
        return self.resource is Resource.EMPLOYMENT


def _row(
    role: str,
    label: str,
    field: str,
    *,
    kind: Kind = Kind.TEXT,
    limit: int | None = None,
    nullable: bool = False,
    concept: str | None = "",
    resource: Resource = Resource.EMPLOYEE,
    retention: Retention = Retention.FISCAL_7Y,
    codes: Codes | None = None,
) -> Attribute:
    """A catalogue row; `concept=""` means the same path in a concept as in a final employee. Codes make it coded."""
    return Attribute(
        role=Role(role),
        label=label,
        field=FieldPath(field),
        concept=FieldPath(field) if concept == "" else None if concept is None else FieldPath(concept),
        kind=Kind.CODE if codes else kind,
        max_length=limit,
        nullable=nullable,
        resource=resource,
        retention=retention,
        codes=replace(codes, configured=codes.configured or f"[loket.codes.{role}]") if codes else None,
    )


_HR = Retention.HR_2Y

CATALOGUE: Final[tuple[Attribute, ...]] = (
    _row("income_number", "Income number", "incomeRelationshipNumber", kind=Kind.INTEGER, resource=Resource.EMPLOYMENT),
    _row("entry_date_current_period", "Entry date", "startDate", kind=Kind.DATE, resource=Resource.EMPLOYMENT),
    _row("first_name", "First name", "personalDetails.firstName", limit=28, nullable=True),
    _row("last_name", "Last name", "personalDetails.lastName", limit=25),
    _row("initials", "Initials", "personalDetails.initials", limit=6),
    _row("name_prefix", "Name prefix", "personalDetails.prefix", limit=10, nullable=True),
    _row("gender", "Gender", "personalDetails.gender", codes=Codes(
        list_name="gender",
        keys={"MALE": "1", "FEMALE": "2"},
        known_as={
            "MALE": ("man", "mannelijk", "male", "m", "mann", "mannlich"),
            "FEMALE": ("vrouw", "vrouwelijk", "female", "v", "f", "frau", "weiblich"),
        },
    )),
    _row("date_of_birth", "Date of birth", "personalDetails.dateOfBirth", kind=Kind.DATE),
    _row("place_of_birth", "Place of birth", "personalDetails.placeOfBirth", limit=24, nullable=True, retention=_HR),
    _row("street", "Street", "address.street", limit=24),
    _row("house_number", "House number", "address.houseNumber", kind=Kind.HOUSE_NUMBER),
    _row("house_number_addition", "House number addition", "address.houseNumberAddition", limit=4, nullable=True),
    _row("postal_code", "Postal code", "address.postalCode", kind=Kind.POSTCODE, limit=9),
    _row("city", "City", "address.city", limit=24),
    _row("country", "Country", "address.country", kind=Kind.COUNTRY),
    _row(
        "personal_email", "Private e-mail", "contactInformation.emailAddress",
        kind=Kind.EMAIL, limit=255, nullable=True, retention=_HR,
    ),
    _row(
        "email", "Business e-mail", "contactInformation.businessEmailAddress",
        kind=Kind.EMAIL, limit=255, nullable=True, concept=None, retention=_HR,
    ),
    _row("phone", "Phone", "contactInformation.phoneNumber", limit=15, nullable=True, retention=_HR),
    _row("mobile_phone", "Mobile phone", "contactInformation.mobilePhoneNumber",
         limit=15, nullable=True, retention=_HR),
    _row("bsn", "BSN", "citizenServiceNumber", kind=Kind.BSN, nullable=True, resource=Resource.BSN),
    _row(
        "iban", "IBAN", "paymentInformationSepa.iban",
        kind=Kind.IBAN, limit=35, concept="iban", resource=Resource.PAYMENT,
    ),
)  # fmt: skip


_RETENTION: Final = {path: row.retention for row in CATALOGUE for path in (row.field, row.concept) if path is not None}


def retention_of(field: str | None) -> Retention:
    """How long a value of this Loket field is kept; pay, free text and fields we do not know: the longest."""
    return _RETENTION.get(FieldPath(field), Retention.FISCAL_7Y) if field else Retention.FISCAL_7Y


FIELD_NAMES: Final[Mapping[str, str]] = {
    **{str(path): row.label for row in CATALOGUE for path in (row.field, row.concept) if path},
    "employeeNumber": "Employee number",
    "legal_entity": "Legal entity",
    "consider_in_nl_payroll": "Consider in NL payroll",
    "address": "Address",
    "address.location": "Location",
    "address.furtherIndication": "Further indication of the address",
    "identityDocument": "Identity document",
    "identityDocument.typeOfDocument": "Type of identity document",
    "identityDocument.documentIdentification": "Number of the identity document",
    PAYMENT_BIC: "BIC",
    GROSS_WAGE: "Gross wage",
    GROSS_WAGE_TYPE: "Gross wage type",
    "wage.netWage": "Net wage",
    "wage.netWageType": "Net wage type",
    "wage.payScale": "Pay scale",
    "wage.payGrade": "Pay grade",
    "wage.applyPayGrade": "Pay grade applied",
    "wage.employerCosts": "Employer's costs",
    "wage.employerCostsType": "Type of employer's costs",
    WEEKLY_HOURS: "Weekly hours",
}
"""In words: what travels, what is written beside it, and what findings are about."""

_COMPONENT: Final = re.compile(r"(benefitsanddeductions|payrollperioddata)\.(?P<component>\d+)(?P<end>\.endDate)?")
PAY_NAMES: Final = {
    ("benefitsanddeductions", False): "Recurring pay, component {component}",
    ("benefitsanddeductions", True): "Last day of recurring pay, component {component}",
    ("payrollperioddata", False): "One-time pay, component {component}",
}


def name_of(field: str, say: Callable[[str], str]) -> str:
    """A field in words, on pages, papers and in alerts: a component of pay by its kind and number.

    What a customer's own configuration added has the name it has there, its Loket path.
    """
    found = _COMPONENT.fullmatch(field)
    template = PAY_NAMES.get((found[1], found["end"] is not None)) if found else None
    if found is None or template is None:
        return say(FIELD_NAMES[field]) if field in FIELD_NAMES else field
    return say(template).format(component=found["component"])


CODED_ROWS: Final = {row.role: row.codes for row in CATALOGUE if row.codes}
"""What the catalogue says of its coded attributes, before a customer does."""


@dataclass(frozen=True, slots=True)
class Override:
    """A configured change to the catalogue: a new entry, new limits or codes, or `off`. What is not told stays.

    A new entry has a kind, which is Kind.CODE with `keys`, and a place in a concept employee or not.
    """

    role: Role
    loket_path: FieldPath | None = None
    max_length: int | None = None
    nullable: bool | None = None
    off: bool = False
    kind: Kind = Kind.TEXT
    in_concept: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)


def catalogue(
    mapped: Iterable[Role], overrides: Iterable[Override] = (), keys: Mapping[Role, Mapping[str, str]] | None = None
) -> tuple[Attribute, ...]:
    """The catalogue of one tenant: the entries whose role it maps, with its overrides applied (WHAT-3).

    `keys`: Loket's key for each word of Personio's, by role of our own coded entries.
    """
    rows = {row.role: row for row in CATALOGUE}
    for role, told in (keys or {}).items():
        codes = rows[role].codes
        assert codes is not None, f"{role} is not coded"
        rows[role] = replace(rows[role], codes=replace(codes, keys=told))
    for change in overrides:
        row = rows.pop(change.role, None) if change.off else rows.get(change.role)
        if not change.off:
            rows[change.role] = _changed(row, change) if row else _added(change)
    wanted = {*mapped, *FIRST_CLASS}
    return tuple(row for row in rows.values() if row.role in wanted)


def _added(change: Override) -> Attribute:
    path = change.loket_path or FieldPath("")
    return _row(
        change.role,
        change.role.replace("_", " "),
        path,
        kind=change.kind,
        limit=change.max_length,
        nullable=True if change.nullable is None else change.nullable,
        concept=path if change.in_concept else None,
        codes=_codes(change, path),
    )


def _changed(row: Attribute, change: Override) -> Attribute:
    path = change.loket_path or row.field
    concept = path if row.concept in (row.field, path) else row.concept
    return replace(
        row,
        field=path,
        concept=concept if change.in_concept else None,
        max_length=change.max_length if change.max_length is not None else row.max_length,
        nullable=change.nullable if change.nullable is not None else row.nullable,
        codes=_codes(change, path, row.codes if path == row.field else None) or row.codes,
    )


def _codes(change: Override, path: FieldPath, ours: Codes | None = None) -> Codes | None:
    """The keys that the customer tells, if any, beside what we know of the field."""
    if not change.keys:
        return None
    known = ours or Codes(list_name=path.rpartition(".")[2], keys={})
    return replace(known, keys=change.keys, configured=f"the codes of [[attribute]] {change.role}")
