"""What happened, in Dutch: every event, of every age, in whole sentences; and what was stored in English, told anew."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from api.languages import tongue
from domain.events.catalogue import STORED_NAMES
from domain.events.loket import FieldOverwritten
from domain.events.runs import OutcomeRecorded
from domain.log import Fact
from domain.personal import Lost, Personal, Sealed
from domain.planning.details import MESSAGES
from domain.planning.eligibility import LEFT_OUT, LeftOut
from domain.values import BLANK
from domain.views.sentences import ENGLISH, Tongue, sentence
from domain.views.sentences.endings import ENDINGS, ending, message
from domain.views.sentences.retold import retold
from tests.golden.make import example
from tests.pages import catalogue
from tests.support.english import english_in

MARCH_15 = date(2026, 3, 15)
DUTCH = tongue("nl")
SYSTEMS_OWN = {"sample", "Sample"}
"""Words that the examples hold in place of a system's."""


def examples(kind: type[Fact]) -> Iterator[Fact]:
    """With every field filled, with none, and each member of each closed set."""
    whole = example(kind)
    yield whole
    for name, hint in get_type_hints(kind).items():
        options = (hint, *get_args(hint))
        members = [each for one in options if isinstance(one, type) and issubclass(one, enum.Enum) for each in one]
        if bool in options:
            members += [True, False]
        members += [None] if type(None) in options else []
        if name in kind.__struct_fields__:
            yield from (msgspec.structs.replace(whole, **{name: each}) for each in members)


def test_every_sentence_is_in_the_catalogue_whatever_happened() -> None:
    known = {one.id for one in catalogue.translated()}
    asked: set[str] = set()

    def heard(words: str) -> str:
        asked.add(words)
        return words

    for kind in STORED_NAMES.values():
        for fact in examples(kind):
            sentence(fact, on=MARCH_15, first_seen=MARCH_15, t=Tongue(heard))

    assert asked - known - SYSTEMS_OWN == set()


def test_no_word_of_a_dutch_sentence_is_english() -> None:
    told = [
        sentence(fact, on=MARCH_15, first_seen=MARCH_15, t=DUTCH)
        for kind in STORED_NAMES.values()
        for fact in examples(kind)
    ]

    assert {one: found for one in told if (found := english_in(one) - {"sample"})} == {}


ROOT = Path(__file__).parents[2]
CODE = (ROOT / "tests" / "golden" / "sentences.txt").read_text().split("## ")
OURS = "\n".join(
    (*(one for one in CODE if not one.startswith("domain/views/sentences/endings.py")),
     (ROOT / "adapters" / "transport.py").read_text(), (ROOT / "domain" / "planning" / "plausible.py").read_text())
)  # fmt: skip


@pytest.mark.parametrize("template", ENDINGS)
def test_what_is_told_anew_of_an_ending_is_what_the_code_says(template: str) -> None:
    """Part by part: whose answer it was, and how many, is put into it elsewhere."""
    parts = [one.strip(" ().") for one in re.split(r"\{\w+\}|[:;,] | fell from|(?:1 person|people) who", template)]

    assert [one for one in parts if len(one) > 12 and one not in OURS] == []


@pytest.mark.parametrize("template", [*ENDINGS, *MESSAGES])
def test_an_ending_and_what_a_run_said_of_somebody_is_dutch(template: str) -> None:
    samples = {"code": "POSTCODE_FORMAT", "chain": "wages", "said": "read timeout", "field": "address.street",
               "day": "2026-03-15", "at": "2026-03-18 09:00:00Z", "who": "Anja", "method": "PATCH", "path": "/v2/x",
               "system": "Personio", "run": "20260318-080000-b02ef4", "plan": "0a1b2c3d", "now": "4e5f6a7b",
               "entity": "170", "trace": "a1b2"}  # fmt: skip
    said = re.sub(r"\{(\w+)\}", lambda place: samples.get(place[1], "7"), template)

    told = ending(said, DUTCH) if template in ENDINGS else message(said, DUTCH)

    assert (told == said, english_in(told)) == (False, set())
    assert ending(said, ENGLISH) == said


def test_several_things_that_were_said_of_a_run_are_each_told_anew() -> None:
    said = (
        "POSTCODE_FORMAT address.postalCode: 2 people; PAY-9: amounts_are is undecided; of part-timers' wages in Loket "
        "3 equal Personio's amount as the full-time one, 2 as the person's own, 1 neither; the systems were asleep; "
        "RUN-8: written before this run by runs that were cut off, and told with it: run 20260316-a: 3 fields; "
        "run 20260317-b: 1 field"
    )

    first, vote, whole, asleep, earlier, other = ending(said, DUTCH).split("; ")

    assert first == "POSTCODE_FORMAT address.postalCode: 2 medewerkers"
    assert asleep == "the systems were asleep", "nothing of ours: it stays as it was said"
    assert (earlier.endswith("20260316-a: 3 velden"), other.endswith("20260317-b: 1 veld")) == (True, True)
    assert english_in(f"{vote} {whole} {earlier} {other}") == set()


@pytest.mark.parametrize("left_out", LEFT_OUT)
def test_why_somebody_is_left_out_is_told_in_dutch(left_out: LeftOut) -> None:
    told = message(f"{left_out.rule} {left_out.label}: {left_out.hint}", DUTCH)

    head, _, hint = told.partition(": ")
    assert (head, hint == left_out.hint, english_in(hint)) == (f"{left_out.rule} {left_out.label}", False, set())


@pytest.mark.parametrize(("after", "said"), [
    (Sealed("key", "box"), "Straat is in Loket overschreven: ••• werd •••; voor het eerst gezien op 14 maart 2026, "
                           "Personio geeft geen ingangsdatum, terugwerkend: onbekend."),
    (BLANK, "Straat is in Loket leeggemaakt; het was •••; voor het eerst gezien op 14 maart 2026, "
            "Personio geeft geen ingangsdatum, terugwerkend: onbekend."),
    (Lost.SHREDDED, "Straat is in Loket overschreven: ••• werd (gewist); voor het eerst gezien op 14 maart 2026, "
                    "Personio geeft geen ingangsdatum, terugwerkend: onbekend."),
])  # fmt: skip
def test_an_overwrite_reads_as_dutch(after: Personal, said: str) -> None:
    fact = FieldOverwritten(
        run_id="r", intent="i", person_id="7", subject="s", field="address.street", before=Sealed("k", "b"), after=after
    )

    assert sentence(fact, on=MARCH_15, first_seen=date(2026, 3, 14), t=DUTCH) == said


@pytest.mark.parametrize(("stored", "told"), [
    ("40 characters, Loket takes 25", "40 tekens, in Loket passen er 25"),
    ("wage from 2026-03-01, salary from 2026-04-01", "loon vanaf 1 maart 2026, salaris vanaf 1 april 2026"),
    ("from 2026-02-31", "vanaf 2026-02-31"),
    ("Lease car: amount", "Lease car: amount"),
    ("40 characters, Loket takes 25 {most}", "40 characters, Loket takes 25 {most}"),
])  # fmt: skip
def test_a_stored_detail_is_told_anew_where_it_is_ours_as_a_whole(stored: str, told: str) -> None:
    assert retold(stored, DUTCH) == told


def test_a_notice_is_told_anew_and_what_loket_said_is_not() -> None:
    fact = OutcomeRecorded(
        person_id="7", employee_number=4711, outcome="updated", reason="EDIT-1",
        notices=("PAY_ONLY_IN_LOKET: Loket holds pay that Personio does not: it is left alone, correct one of the two "
                 "(wage from 2026-03-01)",),
        messages=("Field is required",),
    )  # fmt: skip

    assert sentence(fact, on=MARCH_15, t=DUTCH) == (
        "Uitkomst van de synchronisatie: velden overschreven (EDIT-1): PAY_ONLY_IN_LOKET: In Loket staat loon dat "
        "Personio niet heeft: het blijft staan, verbeter een van de twee (loon vanaf 1 maart 2026); Field is required."
    )
