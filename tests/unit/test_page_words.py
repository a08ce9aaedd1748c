"""Both languages say all that the pages say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.pages import words
from domain.schedule import Job
from tests.pages import catalogue

ROOT = Path(__file__).parents[2]
PLACES = re.compile(r"%\(\w+\)s|\{\w*\}")


def test_everything_is_translated_and_nothing_that_is_gone() -> None:
    said, held = catalogue.said(), catalogue.translated()

    wanted = {one.id for one in said if one.id}
    assert {one.id for one in held if one.id} == wanted, "python -m tests.pages.catalogue"
    assert [one.id for one in held if one.id and (not catalogue.translates(one) or one.fuzzy)] == []


def test_a_translation_has_the_places_of_what_it_translates() -> None:
    differ = [one.id for one in catalogue.translated() if one.id and places(one.id) != places(one.string)]

    assert differ == []


def places(text: object) -> set[str]:
    parts = text if isinstance(text, tuple | list) else (text,)
    return {place for part in parts for place in PLACES.findall(part)}


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"), ("en-GB,en;q=0.9", "en"), ("de-DE,en;q=0.5,nl;q=0.4", "en"),
        ("fr", "nl"), ("", "nl"), ("x;q=much, *", "nl"),
    ],
)  # fmt: skip
def test_a_browser_is_answered_in_its_language_or_in_dutch(accepts: str, language: str) -> None:
    assert words.preferred(accepts) == language


ACTORS = sorted({
    one
    for room in ("domain", "adapters", "api/jobs", "api/tasks", "api/http")
    for file in (ROOT / room).rglob("*.py")
    for one in re.findall(r'Actor\("([^"]+)"\)', file.read_text())
} | {str(job.actor) for job in Job})  # fmt: skip


def test_there_are_actors_that_are_nobody() -> None:
    assert {"system", "schedule:alerts", "webhook:personio", "schedule:sync"} <= set(ACTORS)


@pytest.mark.parametrize("who", ACTORS)
def test_what_acts_by_itself_is_named_in_words(who: str) -> None:
    dutch, english = (words.actor(who, language) for language in ("nl", "en"))

    assert len({dutch, english, who}) == 3


def test_a_person_keeps_their_name_and_their_role_is_in_words() -> None:
    told = [words.actor(who, "nl") for who in ("Marieke (payroll_admin)", "Daan (payroll)", "oidc:petra@example.nl")]

    assert told == ["Marieke (salarisadministrateur)", "Daan (payroll)", "oidc:petra@example.nl"]


@pytest.mark.parametrize("who", [*ACTORS, "Marieke (payroll_admin)", "Daan (payroll)", "oidc:petra@example.nl"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_whoever_is_named_so_on_a_page_is_found_by_that_name(who: str, language: str) -> None:
    assert words.stored_actor(f" {words.actor(who, language)} ") == who == words.stored_actor(who)


SHOWN = re.compile(r"\{\{(.*?)\}\}|\{% trans (.*?)%\}")
WHO = re.compile(r"(?<!if )(?<!actor=)\b[\w.]+\.(?:actor|by|\w+_by)\b(?!\|actor|\|map\(.actor.\)|[.(])[^,) ]*")
AS_THEY_ARE = {'last.witnessed.by|join("'}
"""The names of witnesses."""


def test_whoever_acted_is_put_into_words_wherever_a_page_shows_them() -> None:
    bare = {
        (file.name, one)
        for file in (ROOT / "api" / "pages" / "templates").glob("*.html")
        for shown, said in SHOWN.findall(file.read_text())
        for one in WHO.findall(shown or said)
        if one not in AS_THEY_ARE
    }

    assert bare == set()


QUOTED = re.compile(r'lang="en">(?:<summary>)?\{\{ (.*?) \}\}')


def test_only_what_is_quoted_is_shown_in_english_to_everybody() -> None:
    shown = {
        (file.name, one)
        for file in (ROOT / "api" / "pages" / "templates").glob("*.html")
        for one in QUOTED.findall(file.read_text())
    }

    assert shown == {
        ("rule.html", "name"),  # of a scenario
        ("rule.html", "page.rule.source"),  # the title of a public page
        ("rules.html", "one.source"),
        ("rules.html", "page.title"),
    }
