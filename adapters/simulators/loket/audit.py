"""Loket's own audit trail of employee data: captions instead of paths, values as text cut at 250 characters.

The captions are invented; the published ones are not known, only that they are Dutch and unlike the field names.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from adapters.simulators.wire.envelope import Document

_ENTITIES = {
    "employees": "Werknemer",
    "bsn": "Werknemer",
    "employments": "Dienstverband",
    "wages": "Beloning",
    "workinghours": "Werktijden",
    "organizationalentities": "Organisatorische eenheid",
    "fiscalproperties": "Fiscale gegevens",
    "paymentinformationsepa": "Betaalgegevens",
    "benefitsanddeductions": "Periodieke betalingen en inhoudingen",
    "payrollperioddata": "Variabele gegevens",
}
_CAPTIONS = {
    "address.street": "Straatnaam",
    "address.houseNumber": "Huisnr.",
    "address.houseNumberAddition": "Huisnr. toevoeging",
    "address.postalCode": "Postcode",
    "address.city": "Woonplaats",
    "address.country": "Land",
    "personalDetails.lastName": "Achternaam",
    "personalDetails.firstName": "Roepnaam",
    "personalDetails.initials": "Voorletters",
    "personalDetails.prefix": "Voorvoegsel",
    "personalDetails.dateOfBirth": "Geboortedatum",
    "personalDetails.placeOfBirth": "Geboorteplaats",
    "personalDetails.gender": "Geslacht",
    "contactInformation.emailAddress": "E-mailadres privé",
    "contactInformation.businessEmailAddress": "E-mailadres zakelijk",
    "contactInformation.phoneNumber": "Telefoon privé",
    "contactInformation.mobilePhoneNumber": "Mobiel privé",
    "employeeNumber": "Personeelsnummer",
    "citizenServiceNumber": "BSN",
    "incomeRelationshipNumber": "Nummer inkomstenverhouding",
    "startDate": "Ingangsdatum",
    "endDate": "Einddatum",
    "grossWage": "Bruto loon",
    "iban": "IBAN",
}
_COMPUTED = {"id", "personalDetails.formattedName", "personalDetails.aowDate"}


class Origin(StrEnum):
    USER = "Gebruiker"
    AUTOMATIC = "Automatisch"
    COLLECTIVE = "Collectief"
    IMPORT = "Import"


_MUTATIONS = {"create": {"key": 1, "value": "Toevoegen"}, "update": {"key": 2, "value": "Wijzigen"}} | {
    "delete": {"key": 3, "value": "Verwijderen"}
}


@dataclass(frozen=True, slots=True)
class User:
    """Who did it."""

    id: str
    last_name: str
    initials: str

    def document(self) -> Document:
        return {
            "id": self.id,
            "formattedName": f"{self.last_name} {self.initials}",
            "initials": self.initials,
            "lastName": self.last_name,
            "prefix": None,
        }


class AuditTrail:
    """Items per employer, oldest first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._items: dict[str, list[Document]] = {}
        self.silent = False

    def record(
        self,
        employer: Mapping[str, Any],
        employee: Mapping[str, Any],
        employment: Mapping[str, Any] | None,
        table: str,
        before: Document | None,
        after: Document | None,
        by: User,
        origin: Origin,
    ) -> None:
        if self.silent:
            return
        kind = "create" if before is None else "delete" if after is None else "update"
        common = {
            "employee": {
                "id": employee["id"],
                "employeeNumber": employee["employeeNumber"],
                "name": employee["personalDetails"]["formattedName"],
            },
            "employment": employment and {"id": employment["id"], "startDate": employment["startDate"]},
            "employer": {name: employer[name] for name in ("id", "companyName", "employerNumber")},
            "entity": _coded(_ENTITIES.get(table, table)),
            "identification": None,
            "mutationType": _MUTATIONS[kind],
            "mutationOrigin": {"key": list(Origin).index(origin) + 1, "value": str(origin)},
            "performedBy": by.document(),
            "timeStamp": self._now().isoformat().replace("+00:00", "Z"),
        }
        items = self._items.setdefault(employer["id"], [])
        for path, old, new in _differences(before or {}, after or {}):
            items.append(
                common | {"field": _coded(_CAPTIONS.get(path, path)), "oldValue": _text(old), "newValue": _text(new)}
            )

    def between(self, employer_id: str, start: date, end: date, tables: set[str] | None = None) -> list[Document]:
        wanted = {_ENTITIES.get(table, table) for table in tables} if tables else None
        return [
            item
            for item in self._items.get(employer_id, ())
            if start <= date.fromisoformat(item["timeStamp"][:10]) <= end
            and (wanted is None or item["entity"]["value"] in wanted)
        ]


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for path in old | new:
        if path not in _COMPUTED and old.get(path) != new.get(path):
            yield path, old.get(path), new.get(path)


def _leaves(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and "key" in value:
            yield path, value.get("value") or value["key"]
        elif isinstance(value, dict):
            yield from _leaves(value, f"{path}.")
        elif value is not None:
            yield path, value


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:250]


def _coded(caption: str) -> Document:
    return {"key": sum(caption.encode()), "value": caption}
