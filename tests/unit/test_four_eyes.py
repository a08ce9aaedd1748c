"""Who counts as a second person."""

from __future__ import annotations

import pytest

from domain.four_eyes import is_second_person
from domain.planning.brake import released_by
from domain.values import Actor


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("Petra", "Bram", True),
        ("Petra", "Petra", False),
        ("Petra", "  ＰＥＴＲＡ ", False),
        ("oidc:petra@example.nl", "oidc:bram@example.nl", True),
        ("oidc:petra@example.nl", "oidc:Petra@Example.nl", False),
        ("Petra", "oidc:petra@example.nl", False),
        ("oidc:petra@example.nl", "Petra", False),
        ("Petra", "oidc:bram@example.nl", False),
        ("oidc:petra@example.nl", "OIDC:petra@example.nl", False),
        ("schedule:sync", "Petra", True),
        ("schedule:sync", "oidc:petra@example.nl", True),
        ("system", "Petra", True),
        ("Petra", "schedule:sync", False),
        ("schedule:sync", "schedule:retention", False),
        ("Petra", "System", False),
    ],
)
def test_only_two_names_of_one_kind_tell_that_there_are_two_people(first: str, second: str, counts: bool) -> None:
    assert is_second_person(Actor(first), Actor(second)) is counts


def test_a_braked_run_is_released_by_no_other_name_of_whoever_may_be_the_same() -> None:
    braked = [("run-1", "the plan", "Fatima")]
    released = {
        actor: released_by(braked, "the plan", Actor(actor), "the plan")
        for actor in ("Joost", "fatima", "oidc:fatima@example.nl")
    }

    assert released == {"Joost": "run-1", "fatima": None, "oidc:fatima@example.nl": None}
