"""The attributes of the simulated Personio tenant: which id, label and type each one has."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

FIRST_CLASS = ("first_name", "last_name", "preferred_name", "gender", "email")
"""Person fields that are no custom attributes (Personio API 4.1: persons)."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A custom attribute; `kind` is the v2 type, `v1_type` the one of the v1 attribute list."""

    id: str
    label: str
    kind: str = "STRING"
    v1_type: str = "standard"
    global_id: str | None = None
    universal_id: str | None = None
    options: tuple[str, ...] = ()

    @property
    def v1_key(self) -> str:
        """The same id; of one like `dynamic_<hash>.<number>`, as seen live, the number alone (Personio API 4.6)."""
        front, _, number = self.id.rpartition(".")
        return f"{front.partition('_')[0]}_{number}" if front else self.id


_LABELS = {
    "consider_in_nl_payroll": "Consider in NL payroll",
    "employee_number_loket": "Employee number - Loket",
    "income_number": "Income number",
    "entry_date_current_period": "Entry date (current employment period)",
    "initials": "Initials",
    "name_prefix": "Name prefix",
    "date_of_birth": "Date of birth",
    "place_of_birth": "Place of birth",
    "street": "Street",
    "house_number": "House number",
    "house_number_addition": "House number addition",
    "postal_code": "Postal code",
    "city": "City",
    "country": "Country",
    "personal_email": "Personal e-mail",
    "phone": "Phone",
    "mobile_phone": "Mobile phone",
    "bsn": "BSN",
    "iban": "IBAN",
}
_DATES = ("entry_date_current_period", "date_of_birth")

DEFAULT_IDS: Mapping[str, str] = {role: f"dynamic_{number}" for number, role in enumerate(_LABELS, start=1001)}
"""Role -> attribute id where a test names none of its own."""

HASHED_IDS: Mapping[str, str] = {
    role: f"dynamic_{sha256(role.encode()).hexdigest()[:8]}.{shown.removeprefix('dynamic_')}"
    for role, shown in DEFAULT_IDS.items()
}
"""The same attributes under v2 ids that differ from the keys of v1."""


def attributes_by_role(ids: Mapping[str, str]) -> dict[str, Attribute]:
    """The attribute of every role that a tenant has anyway, and of every other role that is named."""
    return {role: _attribute(role, attribute_id) for role, attribute_id in {**DEFAULT_IDS, **ids}.items()}


def _attribute(role: str, attribute_id: str) -> Attribute:
    label = _LABELS.get(role) or role.replace("_", " ").capitalize()
    if role in _DATES:
        universal = "date_of_birth" if role == "date_of_birth" else None
        return Attribute(attribute_id, label, "DATE", "date", universal_id=universal)
    if role == "income_number":
        return Attribute(attribute_id, label, "INT", "integer")
    if role == "consider_in_nl_payroll":
        return Attribute(attribute_id, label, v1_type="list", options=("Yes", "No"))
    if role == "iban":
        return Attribute(attribute_id, label, global_id="IBAN", universal_id="iban")
    return Attribute(attribute_id, label)
