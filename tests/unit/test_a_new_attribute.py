"""What a new row of the attribute catalogue needs beside itself: the places that name attributes one by one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from adapters.simulators.personio.attributes import DEFAULT_IDS
from domain.attributes import CATALOGUE, FIRST_CLASS, GATES
from domain.services.setup.propose import LABELS
from tests.support.colleagues import colleague
from tests.support.people import SANNE
from tests.support.world import TULP

EXAMPLE = Path(__file__).parents[2] / "docs" / "tweeluik.example.toml"
EVERY = {*(row.role for row in CATALOGUE), *GATES}
CUSTOM = EVERY - {*FIRST_CLASS}


@pytest.mark.parametrize(
    ("place", "known", "needed"),
    [
        ("docs/tweeluik.example.toml", tomllib.loads(EXAMPLE.read_text())["personio"]["attributes"], CUSTOM),
        ("LABELS in domain/services/setup/propose.py", LABELS, CUSTOM),
        ("adapters/simulators/personio/attributes.py", DEFAULT_IDS, CUSTOM),
        ("SANNE in tests/support/people.py", SANNE, EVERY),
        ("tests/support/colleagues.py", colleague("Sanne", 0, entity=TULP).values, EVERY),
    ],
)
def test_every_attribute_is_named_where_attributes_are_named_one_by_one(
    place: str, known: Iterable[str], needed: set[str]
) -> None:
    missing = sorted(needed - {*known})

    assert not missing, f"{place} lacks {', '.join(missing)}"
