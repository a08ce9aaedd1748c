"""Who counts as a second person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Misconfigured
from domain.four_eyes import is_second_person, named, spelt
from domain.planning.brake import released_by
from domain.values import Actor


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("Petra", "Bram", True),
        ("Petra", "Petra", False),
        ("Petra", "  ＰＥＴＲＡ ", False),
        ("Petra", "Pe\u200btra", False),
        ("Petra", "\u202ePetra\u202c", False),
        ("Petra", "Petra\u3164", False),
        ("Petra", "Pe\u034ftra\ufe0f", False),
        ("Petra de Wit", "Petra\u2028de\u00a0\u200b Wit", False),
        ("Petra", "Реtrа", False),  # in Cyrillic, but for three letters
        ("Petra", "ΡΕΤRA", False),  # in Greek, but for two
        ("Bill", "BiII", False),
        ("Bill", "Bi1l", False),
        ("Joost", "J00st", False),
        ("Bernd", "Bemd", False),
        ("Petra", "Petra\U000e0041", False),
        ("Anja", "Anja\u2065", False),  # what Unicode keeps free to be drawn as nothing
        ("Anja", "An\ufff0ja\U000e0002", False),
        ("Anja", "A\u0332n\u20e3ja", False),
        ("Anna", "Аппа", False),  # in Cyrillic
        ("Coco", "ϹօϹօ", False),  # in Greek and Armenian
        ("Zoë", "Zoe", False),
        ("Jan-Piet", "Jan Piet", False),
        ("Bram", "-", False),
        ("Bob", "ВОВ", False),  # all in Cyrillic
        ("oidc:bob", "oidc:ВОВ", False),
        ("oidc:bob", "oidc：ann", False),
        ("oidc:bob", "oidc:ann", True),
        ("Petra", "Пётр", False),  # of another alphabet it is not known
        ("Ελένη", "Νίκος", True),
        ("山田", "鈴木", True),
        ("राम", "रीमा", True),
        ("1007", "1008", True),
        ("Anja: HR", "Bram: HR", True),  # a colon is the provider's only after its word
        ("oidc:petra@example.nl", "0ldc:bram@example.nl", True),
        ("Petra", "0ldc:petra@example.nl", False),
        ("Пётр", "Пётр", False),
        ("Пётр", "Павел", True),
        ("oidc:petra@example.nl", "oidc:bram@example.nl", True),
        ("oidc:petra@example.nl", "o\u200bidc:petra@example.nl", False),
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
        ("Petra", "sys\u200btem", False),
        ("Petra", "ѕуѕtem", False),
    ],
)
def test_only_two_names_of_one_kind_tell_that_there_are_two_people(first: str, second: str, counts: bool) -> None:
    assert is_second_person(Actor(first), Actor(second)) is counts


def look_alikes() -> Iterator[tuple[str, str]]:
    for line in (Path(__file__).parents[1] / "support" / "look_alikes.txt").read_text().splitlines():
        letter, *others = line.split(" ")
        if letter != "#":
            yield from ((letter, "".join(chr(int(point, 16)) for point in other.split("+"))) for other in others)


def test_nothing_that_unicode_says_looks_like_a_letter_makes_another_person_of_it() -> None:
    told = {
        (letter, other)
        for letter, other in look_alikes()
        for name in ("Petra {}ag", "{0}{0}{0}", "oidc:{0}{0}{0}", "oidc:petra{}@example.nl")
        if is_second_person(Actor(name.format(letter)), Actor(name.format(other)))
        or is_second_person(Actor(name.format(other)), Actor(name.format(letter)))
    }

    assert told == set()


def test_a_braked_run_is_released_by_no_other_name_of_whoever_may_be_the_same() -> None:
    braked = [("run-1", "the plan", "Fatima")]
    released = {
        actor: released_by(braked, "the plan", Actor(actor), "the plan")
        for actor in ("Joost", "fatima", "oidc:fatima@example.nl")
    }

    assert released == {"Joost": "run-1", "fatima": None, "oidc:fatima@example.nl": None}


@pytest.mark.parametrize(
    "name", ["", " ", "\u200b", "\u202e\u2066", "\u3164", "\ufe0f", "\u00ad\u00a0", "\x00", "\u2800"]
)
def test_nobody_goes_by_a_name_of_which_nothing_can_be_seen(name: str) -> None:
    with pytest.raises(Misconfigured, match="nothing can be seen"):
        named(name)


@pytest.mark.parametrize("name", ["An\u200bja", "\u202eAnja", "An\x00ja", "\x1b[2JAnja", "Anja\ud800", "Anja\ufe0f"])
def test_nobody_goes_by_a_name_in_which_something_cannot_be_seen(name: str) -> None:
    with pytest.raises(Misconfigured, match="nothing that cannot be seen"):
        named(name)


def test_a_name_has_an_end_and_no_white_space_around_it() -> None:
    with pytest.raises(Misconfigured, match="at most 255"):
        named("a" * 256)

    assert named("  Anja\u00a0 de\tWit\n") == "Anja de Wit"


@pytest.mark.parametrize("name", ["Реtrа", "Ꭺnja", "Petra Ⲥ"])
def test_nobody_goes_by_a_name_in_the_letters_of_two_alphabets(name: str) -> None:
    with pytest.raises(Misconfigured, match="the letters of one alphabet"):
        named(name)


@pytest.mark.parametrize("name", ["Zoë d'Hôtel-Łódzka (HR) 2", "Пётр", "Ελένη", "山田 タロウ", "Anja 山田"])
def test_a_name_may_be_in_any_alphabet(name: str) -> None:
    assert named(name) == name


@given(st.text())
def test_a_name_compared_is_a_name_compared(name: str) -> None:
    assert spelt(spelt(name)) == spelt(name)
    assert spelt(f"\u200b{name}\u2060") == spelt(name)
