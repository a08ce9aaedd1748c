"""What to put into a first configuration: attributes by their labels, administrations by their names; never a guess.

Only a label that is known in English, Dutch or German, and that exactly one attribute has, is proposed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.attributes import (
    BSN,
    CATALOGUE,
    CONSIDER,
    EMPLOYEE_NUMBER,
    ENTRY_DATE,
    FIRST_CLASS,
    IBAN,
    INCOME_NUMBER,
    INITIALS,
    Codes,
    Role,
)
from domain.examination import Code, CustomAttribute


@dataclass(frozen=True, slots=True)
class EntityFound:
    """A legal entity of the Personio tenant; the country in capitals where it is told."""

    id: str
    name: str
    country: str | None = None

    @property
    def may_be_dutch(self) -> bool:
        return self.country in (None, "NL", "NLD", "NETHERLANDS")


@dataclass(frozen=True, slots=True)
class AdministrationFound:
    """A payroll administration that the Loket user sees, with its employer."""

    id: str
    name: str
    employer_id: str
    employer_name: str


_KNOWN: Final[Mapping[Role, tuple[str, ...]]] = {
    CONSIDER: (
        "consider in nl payroll", "consider in dutch payroll", "meenemen in nl loonadministratie",
        "meenemen in nederlandse loonadministratie", "in nl gehaltsabrechnung berucksichtigen",
        "in der nl gehaltsabrechnung berucksichtigen",
    ),
    EMPLOYEE_NUMBER: (
        "employee number loket", "loket employee number", "employee number", "personeelsnummer loket",
        "werknemernummer loket", "personeelsnummer", "werknemersnummer", "werknemernummer", "personalnummer loket",
        "personalnummer",
    ),
    INCOME_NUMBER: (
        "income number", "income relationship number", "inkomstenverhoudingsnummer", "nummer inkomstenverhouding",
        "volgnummer inkomstenverhouding", "ikv nummer", "einkommensnummer",
    ),
    ENTRY_DATE: (
        "entry date current employment period", "entry date current period", "entry date", "datum in dienst",
        "datum in dienst huidige periode", "eintrittsdatum", "eintrittsdatum aktueller beschaftigungszeitraum",
    ),
    INITIALS: ("initials", "initialen", "voorletters"),
    Role("name_prefix"): ("name prefix", "prefix", "tussenvoegsel", "voorvoegsel", "voorvoegsels", "namensvorsatz"),
    Role("date_of_birth"): ("date of birth", "birthday", "birth date", "geboortedatum", "geburtsdatum", "geburtstag"),
    Role("place_of_birth"): ("place of birth", "geboorteplaats", "geburtsort"),
    Role("street"): ("street", "straat", "straatnaam", "strasse"),
    Role("house_number"): ("house number", "huisnummer", "hausnummer"),
    Role("house_number_addition"): (
        "house number addition", "huisnummertoevoeging", "huisnummer toevoeging", "toevoeging", "hausnummerzusatz",
    ),
    Role("postal_code"): ("postal code", "postcode", "zip code", "zip", "postleitzahl", "plz"),
    Role("city"): ("city", "town", "plaats", "woonplaats", "stad", "stadt", "ort", "wohnort"),
    Role("country"): ("country", "land"),
    Role("personal_email"): (
        "personal e mail", "personal email", "private e mail", "private email", "prive e mail", "prive e mailadres",
        "private e mail adresse",
    ),
    Role("phone"): ("phone", "phone number", "telefoon", "telefoonnummer", "telefon", "telefonnummer"),
    Role("mobile_phone"): (
        "mobile phone", "mobile", "mobile number", "mobiel", "mobiel nummer", "mobiele telefoon", "mobiltelefon",
        "handynummer",
    ),
    BSN: ("bsn", "citizen service number", "burgerservicenummer", "bsn nummer"),
    IBAN: ("iban", "bank account", "bank account number", "rekeningnummer", "bankrekeningnummer", "bankkonto"),
}  # fmt: skip

_LEGAL_FORMS: Final = frozenset({"b", "v", "n", "bv", "nv", "vof", "cv", "gmbh", "ltd", "inc"})


def plain(label: str) -> str:
    """Lower case, no accents, words apart by one space."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", label) if not unicodedata.combining(one))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


LABELS: Final[Mapping[Role, tuple[str, ...]]] = {
    **_KNOWN,
    **{row.role: (plain(row.label),) for row in CATALOGUE if row.role not in (*_KNOWN, *FIRST_CLASS)},
}
"""Labels by role, as `plain` writes them; the first ones are the more exact. An attribute's own label is always one."""


def roles(found: Iterable[CustomAttribute]) -> dict[Role, CustomAttribute]:
    """The attribute of each role whose label says so; none where two attributes say the same, or none does."""
    by_label: dict[str, list[CustomAttribute]] = {}
    for one in found:
        by_label.setdefault(plain(one.label), []).append(one)
    proposed = {}
    for role, labels in LABELS.items():
        known = next((by_label[label] for label in labels if label in by_label), [])
        if len(known) == 1:
            proposed[role] = known[0]
    return proposed


def known_codes(codes: Codes, offered: Iterable[Code]) -> dict[str, Code]:
    """By Personio's word: the one key that Loket calls so."""
    listed = list(offered)
    found = {word: [one for one in listed if plain(one.word) in known] for word, known in codes.known_as.items()}
    return {word: among[0] for word, among in found.items() if len(among) == 1}


def administrations(
    entities: Iterable[EntityFound], found: Iterable[AdministrationFound]
) -> dict[str, AdministrationFound]:
    """By legal entity: the one administration of that name, or of the one employer of that name."""
    listed = list(found)
    proposed = {}
    for entity in entities:
        name = _company(entity.name)
        same = [one for one in listed if name and name == _company(one.name)]
        same = same or [one for one in listed if name and name == _company(one.employer_name)]
        if len(same) == 1:
            proposed[entity.id] = same[0]
    taken = [one.id for one in proposed.values()]
    return {entity: one for entity, one in proposed.items() if taken.count(one.id) == 1}


def _company(name: str) -> str:
    """Its words, without the legal form."""
    return " ".join(word for word in plain(name).split() if word not in _LEGAL_FORMS)
