"""What a new row of the attribute catalogue needs beside itself: its texts, and what Loket publishes of its codes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from adapters.loket.documents import CODED
from adapters.simulators.loket.metadata import EMPLOYEE_FIELDS
from domain.attributes import CATALOGUE, CODED_ROWS, Attribute, Kind, Role
from domain.planning.comparison import same
from tests.support.kinds import CUSTOM_ROLES, another, typed

EXAMPLE = tomllib.loads((Path(__file__).parents[2] / "docs" / "tweeluik.example.toml").read_text())


def test_the_example_configuration_names_every_attribute_and_every_table_of_codes() -> None:
    assert not CUSTOM_ROLES - {*EXAMPLE["personio"]["attributes"]}
    assert EXAMPLE["loket"]["codes"] == {
        "country": {},
        **{role: {word: int(key) for word, key in codes.keys.items()} for role, codes in CODED_ROWS.items()},
    }


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.role)
def test_a_row_has_codes_exactly_where_its_kind_is_coded(row: Attribute) -> None:
    assert (row.codes is not None) is (row.kind is Kind.CODE)
    assert not same(row.kind, row.keys.get(typed(row), typed(row)), row.keys.get(another(row), another(row)))


@pytest.mark.parametrize("role", CODED_ROWS)
def test_a_coded_row_names_a_list_and_words_of_loket(role: Role) -> None:
    codes = CODED_ROWS[role]

    assert codes.list_name in EMPLOYEE_FIELDS
    assert codes.list_name in CODED
    assert codes.known_as.keys() <= codes.keys.keys()
    assert codes.configured == f"[loket.codes.{role}]"
