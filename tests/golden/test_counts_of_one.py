"""Nobody reads of "1 people" or "1 medewerkers": what is counted is said in the singular where there is one of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from api.languages import tongue
from domain.events.catalogue import STORED_NAMES
from domain.values import so_many
from domain.views.sentences import sentence
from tests.golden.sentences import FILE, ROOT
from tests.pages import catalogue
from tests.unit.test_dutch_sentences import examples

_BETWEEN: Final = r"(?:(?:more|included|concept|signed|destroyed|data|access|overwritten|planned|payroll) )?"
_ENGLISH: Final = re.compile(
    rf"(?<![\w.,-])1 {_BETWEEN}(?!(?:is|was|has|does|waits|agrees|equals|takes|access|unless)\b)"
    r"(?:people|are|were|have|wait|do|\w+s)\b"
)
_DUTCH: Final = re.compile(
    r"(?<![\w.,-])1 (?!(?:is|was|gebeurtenis|afgelopen|tellen)\b)(?:\w*(?:vernietigde|ondertekende) )?(?:\w+en|\w+s)\b"
)
_PAPERS: Final = (
    *Path(__file__).parent.glob("logs/*.txt"),
    Path(__file__).with_name("examination.txt"),
    *(ROOT / "docs").rglob("*.md"),
)
_COUNTED: Final = (
    "authorizations|changes|checks|checkpoints|concept employees|decisions|employees|events|faults|fields|findings|keys"
    "|lines|looks|people|questions|records|reports|requests|rows|runs|seconds|steps|tasks|tenants|types|values|views"
    "|writes"
)
_A_COUNT: Final = re.compile(rf"\{{\w*\}} {_BETWEEN}({_COUNTED})\b")
_NEVER_ONE: Final = (
    "log of {", "the log ends ", "the log has ", "the log held ", "the first {", "the head of {",
    " too many ", "at most {", "ask for 1 to {", " within {} seconds", "about {} requests", "begins the ids of {",
    " people by their numbers", " steps only", "the brake: of {", " people in Personio. {", "The plan: {",
)  # fmt: skip
"""A log of one event, a limit of one, and what is said of several only."""
_SEVERAL: Final = (
    " for %(people)s of %(all)s people", "The first hundred of ", "names %(people)s people by their numbers",
    "any of the %(all)s people who take part", "one of %(count)s rules",
)  # fmt: skip
"""What a page says where the brake stopped a plan, and where there are several."""
_NO_COUNT: Final = ("changes nothing", "runs as its file says")


def ones(value: Any) -> Any:
    """The same with one of everything that is counted."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return 1
    if isinstance(value, tuple):
        return tuple(ones(each) for each in value[:1])
    if isinstance(value, dict):
        return {name: ones(each) for name, each in [*value.items()][:1]}
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{name: ones(getattr(value, name)) for name in value.__struct_fields__})
    return value


@pytest.mark.parametrize(("language", "wrong"), [("en", _ENGLISH), ("nl", _DUTCH)], ids=["en", "nl"])
def test_a_fact_that_counts_one_is_told_in_the_singular(language: str, wrong: re.Pattern[str]) -> None:
    day = date(2026, 3, 15)
    told = {
        sentence(ones(fact), on=day, first_seen=day, t=tongue(language))
        for kind in STORED_NAMES.values()
        for fact in examples(kind)
    }

    assert sorted(one for one in told if wrong.search(one)) == []


@pytest.mark.parametrize("paper", _PAPERS, ids=lambda path: path.name)
def test_no_paper_says_one_of_many(paper: Path) -> None:
    assert [line for line in paper.read_text().splitlines() if _ENGLISH.search(line)] == []


def test_whatever_counts_has_words_for_one() -> None:
    assert [*_without_one()] == []


def _without_one() -> Iterator[str]:
    """Sentences with a count beside many, in whose module nothing is said of one of them."""
    for module in FILE.read_text().split("## ")[1:]:
        name, *lines = module.splitlines()
        source = (ROOT / name).read_text()
        for line in lines:
            for many in () if any(one in line for one in (*_NEVER_ONE, *_NO_COUNT)) else _A_COUNT.findall(line):
                one = "person" if many == "people" else many.removesuffix("s")
                if not re.search(rf"\b1 {_BETWEEN}{one}\b", source):
                    yield f"{name}: {line}"


def test_whatever_a_page_counts_has_a_singular() -> None:
    """Of one text for every number; `size` is of a log, `most` a limit."""
    counted = re.compile(rf"%\((?!size|most|who)\w+\)s {_BETWEEN}(?:{_COUNTED})\b")
    texts = {one.id for one in catalogue.said() if isinstance(one.id, str) and counted.search(one.id)}

    assert {one for one in texts if not any(part in one for part in _SEVERAL)} == set()


@pytest.mark.parametrize(("count", "said"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_so_many_people(count: int, said: str) -> None:
    assert so_many(count, "person", "people") == said
