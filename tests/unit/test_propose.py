"""Proposals for a first configuration: by label in three languages, and nothing where there is doubt."""

from __future__ import annotations

import pytest

from domain.attributes import CATALOGUE, CODED_ROWS, FIRST_CLASS, GATES, GENDER, Role
from domain.examination import Code, CustomAttribute
from domain.services.setup.propose import (
    LABELS,
    AdministrationFound,
    EntityFound,
    administrations,
    known_codes,
    plain,
    roles,
)


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Employee number - Loket", "employee_number_loket"),
        ("Entry date (current employment period)", "entry_date_current_period"),
        ("Consider in NL Payroll", "consider_in_nl_payroll"),
        ("Geboortedatum", "date_of_birth"),
        ("Privé e-mailadres", "personal_email"),
        ("In NL-Gehaltsabrechnung berücksichtigen", "consider_in_nl_payroll"),
        ("Straße", "street"),
        ("Geburtstag", "date_of_birth"),
        ("  burgerservicenummer ", "bsn"),
    ],
)
def test_a_label_in_english_dutch_or_german_names_its_role(label: str, role: str) -> None:
    assert roles([CustomAttribute("dynamic_7", label)]) == {Role(role): CustomAttribute("dynamic_7", label)}


def test_two_attributes_of_one_label_are_not_chosen_between() -> None:
    found = [CustomAttribute("dynamic_1", "IBAN"), CustomAttribute("dynamic_2", "iban")]

    assert roles(found) == {}


def test_the_more_exact_label_wins() -> None:
    found = [CustomAttribute("dynamic_1", "Personeelsnummer"), CustomAttribute("dynamic_2", "Personeelsnummer (Loket)")]

    assert [one.id for one in roles(found).values()] == ["dynamic_2"]


def test_a_label_nobody_knows_proposes_nothing() -> None:
    assert roles([CustomAttribute("dynamic_1", "Shoe size"), CustomAttribute("dynamic_2", "")]) == {}


def test_every_role_has_labels_and_no_label_belongs_to_two_roles() -> None:
    every = [label for labels in LABELS.values() for label in labels]

    assert LABELS.keys() == {*GATES, *(row.role for row in CATALOGUE)} - {*FIRST_CLASS}
    assert len(every) == len(set(every))
    assert all(label == plain(label) for label in every)


def test_an_administration_is_found_by_name_without_its_legal_form_and_only_when_there_is_one() -> None:
    tulp, roos = EntityFound("170", "Tulp Logistiek B.V."), EntityFound("171", "Roos Retail")
    own = AdministrationFound("a1", "Tulp Logistiek BV", "e1", "Tulp Groep")
    retail = [AdministrationFound(each, "Roos Retail", each, "Roos Retail N.V.") for each in ("a2", "a3")]

    assert administrations([tulp, roos], [own, *retail]) == {"170": own}


def test_an_administration_of_another_name_is_found_by_its_employer_s() -> None:
    tulp, nameless = EntityFound("170", "Tulp Logistiek B.V."), EntityFound("171", "B.V.")
    own = AdministrationFound("a1", "Salarisadministratie", "e1", "Tulp Logistiek")
    other = AdministrationFound("a2", "N.V.", "e2", "N.V.")

    assert administrations([tulp, nameless], [other, own]) == {"170": own}


def test_one_administration_is_never_proposed_for_two_legal_entities() -> None:
    own = AdministrationFound("a1", "Tulp", "e1", "Tulp")

    assert administrations([EntityFound("1", "Tulp BV"), EntityFound("2", "Tulp NV")], [own]) == {}


@pytest.mark.parametrize(
    ("offered", "proposed"),
    [
        ([("1", "Man"), ("2", "Vrouw")], {"MALE": "1", "FEMALE": "2"}),
        ([("7", "Female"), ("8", "Male"), ("9", "X")], {"MALE": "8", "FEMALE": "7"}),
        ([("1", "Man"), ("2", "mannelijk"), ("3", "Vrouw")], {"FEMALE": "3"}),  # two could be meant: neither is
        ([("1", "Onbekend")], {}),
    ],
)
def test_genders_are_the_keys_that_loket_calls_so(offered: list[tuple[str, str]], proposed: dict[str, str]) -> None:
    found = known_codes(CODED_ROWS[GENDER], [Code(key, word) for key, word in offered])

    assert {word: code.key for word, code in found.items()} == proposed
