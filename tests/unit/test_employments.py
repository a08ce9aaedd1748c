"""Which employment counts, and in which legal entity (WHO-1, WHO-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.attributes import ENTRY_DATE
from domain.planning import departures
from domain.planning.employments import current, employed, judged_in, other_entities
from domain.snapshots import PersonioEmployment, PersonioPerson, PersonioSnapshot
from domain.values import BLANK, NOT_OBSERVED, LegalEntityId, Observed, PersonId
from tests.support.people import NOW, TODAY

HERE, THERE = LegalEntityId("170"), LegalEntityId("171")
PERSON = PersonId("3007")


def contract(
    name: str, status: str, start: str | None, end: str | None = None, entity: Observed = HERE
) -> PersonioEmployment:
    first, last = (date.fromisoformat(day) if day else None for day in (start, end))
    return PersonioEmployment(name, status, entity, first, last)


def person(*contracts: PersonioEmployment, entry: Observed = NOT_OBSERVED) -> PersonioPerson:
    return employed(PERSON, contracts, {ENTRY_DATE: entry}, TODAY)


def judged(*contracts: PersonioEmployment, entity: LegalEntityId = HERE) -> str:
    employment = judged_in(person(*contracts), entity).employment
    assert employment
    return employment.id


@pytest.mark.parametrize(
    ("contracts", "chosen"),
    [
        ([contract("future", "ONBOARDING", "2026-04-01"), contract("now", "ACTIVE", "2020-01-01")], "now"),
        ([contract("last day", "ACTIVE", "2020-01-01", "2026-03-15")], "last day"),
        ([contract("next", "ONBOARDING", "2026-04-01"), contract("past", "ACTIVE", "2020-01-01", "2026-03-14")], "next"),  # noqa: E501
        ([contract("first day", "ACTIVE", "2026-03-15"), contract("old", "INACTIVE", "2020-01-01")], "first day"),
        ([contract("second", "ACTIVE", "2025-01-01"), contract("first", "ACTIVE", "2020-01-01")], "second"),
        ([contract("undated", "ACTIVE", None), contract("past", "INACTIVE", "2020-01-01", "2021-01-01")], "undated"),
    ],
)  # fmt: skip
def test_the_current_employment_is_the_one_that_runs_today_else_the_newest(
    contracts: list[PersonioEmployment], chosen: str
) -> None:
    found = current(contracts, TODAY)
    assert found
    assert found.id == chosen


OLD = contract("old", "ACTIVE", "2020-01-01")
NEW = contract("new", "ACTIVE", "2026-03-01", entity=THERE)
MOVED = "moved"


@pytest.mark.parametrize(
    ("here", "there", "chosen_here", "chosen_there"),
    [
        pytest.param(OLD, NEW, "old", "new", id="two that run"),
        pytest.param(replace(OLD, status="LEAVE"), NEW, "old", "new", id="on leave from the older one"),
        pytest.param(replace(OLD, status=NOT_OBSERVED), NEW, "old", "new", id="a status that is not shown"),
        pytest.param(replace(OLD, end=TODAY), NEW, "old", "new", id="the last day of the older one"),
        pytest.param(replace(OLD, end=date(2026, 3, 14)), NEW, "new", "new", id="the older one has ended"),
        pytest.param(replace(OLD, status="INACTIVE"), NEW, "new", "new", id="the older one is inactive"),
        pytest.param(OLD, replace(NEW, start=date(2026, 4, 1)), "old", "old", id="the newer one has not begun"),
        pytest.param(OLD, replace(NEW, legal_entity=BLANK), "old", "new", id="the newer one has no legal entity"),
    ],
)
def test_each_legal_entity_judges_the_employment_that_runs_there(
    here: PersonioEmployment, there: PersonioEmployment, chosen_here: str, chosen_there: str
) -> None:
    for listed in ((here, there), (there, here)):  # whatever order Personio lists them in
        assert (judged(*listed), judged(*listed, entity=THERE)) == (chosen_here, chosen_there)


def test_one_that_hides_its_legal_entity_may_be_of_this_one() -> None:
    hidden = replace(OLD, legal_entity=NOT_OBSERVED)

    assert judged(hidden, NEW) == "old"
    assert judged(hidden, NEW, entity=THERE) == "new"


@pytest.mark.parametrize(
    ("told", "here", "there"),
    [
        ("2020-01-01", "2020-01-01", "2026-03-01"),
        ("2026-03-01", "2020-01-01", "2026-03-01"),
        (" 2026-03-01T00:00:00", "2020-01-01", " 2026-03-01T00:00:00"),
        ("2024-05-06", "2024-05-06", "2024-05-06"),
        (BLANK, BLANK, BLANK),
        (NOT_OBSERVED, NOT_OBSERVED, NOT_OBSERVED),
    ],
)
def test_an_entry_date_of_the_other_employment_is_replaced_by_this_ones_start(
    told: Observed, here: Observed, there: Observed
) -> None:
    both = person(OLD, NEW, entry=told)

    assert judged_in(both, HERE).value(ENTRY_DATE) == here
    assert judged_in(both, THERE).value(ENTRY_DATE) == there
    assert judged_in(both, HERE).shown(ENTRY_DATE) == told


def test_an_entry_date_of_an_earlier_employment_here_stands() -> None:
    again = contract("again", "ACTIVE", "2025-01-01")

    assert judged_in(person(OLD, again, entry="2020-01-01"), HERE).value(ENTRY_DATE) == "2020-01-01"


def test_only_an_employment_that_runs_elsewhere_is_said_to() -> None:
    assert other_entities(judged_in(person(OLD, NEW), HERE)) == {THERE}
    assert other_entities(judged_in(person(OLD, NEW), THERE)) == {HERE}
    assert not other_entities(judged_in(person(OLD, replace(NEW, end=date(2026, 3, 14))), HERE))
    assert not other_entities(judged_in(person(OLD, replace(NEW, legal_entity=HERE)), HERE))
    assert not other_entities(judged_in(person(OLD, replace(NEW, legal_entity=NOT_OBSERVED)), HERE))


def test_whom_a_sweep_lost_is_found_here_when_asked_for_though_the_other_employment_is_newer() -> None:
    found = departures.with_answers(PersonioSnapshot(NOW, ()), {PERSON: person(OLD, NEW)}, HERE)

    assert [one.employment.id for one in found.people if one.employment] == ["old"]
    assert found.asked == {PERSON}
    assert not found.elsewhere


def test_whoever_is_known_here_is_here_without_being_asked_for_while_their_legal_entity_is_not_shown() -> None:
    hidden = person(contract("a", "ACTIVE", "2020-01-01", entity=NOT_OBSERVED))
    swept = departures.placed(PersonioSnapshot(NOW, (), unplaced=(hidden,)), [PERSON])

    assert (swept.people, swept.unplaced) == ((hidden,), ())
    assert departures.missing(swept, [PERSON]) == ()


def test_an_employment_whose_start_is_not_shown_is_held_against_no_entry_date() -> None:
    undated, there = contract("undated", "ACTIVE", None), contract("there", "ACTIVE", "2020-01-01", entity=THERE)

    assert judged_in(person(undated, there, entry="2020-01-01"), HERE).corrected == {}


def test_whoever_is_found_by_id_is_here_elsewhere_or_in_no_legal_entity_at_all() -> None:
    here, there, nowhere, hidden = (PersonId(one) for one in ("1", "2", "3", "4"))
    found = {
        here: person(contract("a", "ACTIVE", "2020-01-01")),
        there: person(contract("a", "ACTIVE", "2020-01-01", entity=THERE)),
        nowhere: person(contract("a", "ACTIVE", "2020-01-01", entity=BLANK)),
        hidden: person(contract("a", "ACTIVE", "2020-01-01", entity=NOT_OBSERVED)),
        PersonId("5"): None,
    }

    swept = departures.with_answers(PersonioSnapshot(read_at=NOW, people=()), found, HERE)

    assert swept.people == (found[here], found[hidden])
    assert swept.elsewhere == {there: THERE, nowhere: None}
    assert swept.gone == {PersonId("5")}
