"""Of a number that changed hands nothing is judged by what was known of the one before (AUD-1, JOIN-7, MATCH-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from domain.attributes import CATALOGUE, EMPLOYEE_NUMBER, INCOME_NUMBER, Role
from domain.events.drift import Cause, DriftMoved
from domain.events.loket import ChangedBy, LoketFieldChanged
from domain.planning.findings import NoticeCode
from domain.services.sync.report import PersonOutcome
from domain.streams import loket_stream
from domain.values import BLANK, FieldPath
from domain.views.comparison import Standing, compare
from tests.support.interposed import ProcessDied
from tests.support.world import TULP, TULP_SHOPS, World, facts
from tests.support.world_in_process import InProcess

STREET = FieldPath("address.street")
PHONE = next(row.concept for row in CATALOGUE if row.role == "phone")


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess())
    made.employ("Lotte")
    yield made
    made.close()


def replaced(world: World) -> None:
    """Payroll deletes Sanne's concept employee and enters another under her number."""
    number = world.hire("Sanne").number
    for day in (2, 3):
        assert world.run(date(2026, 2, day))
    world.payroll.delete_concept(TULP, number)
    world.payroll.add_concept(TULP, number)


def of_sanne(world: World, day: date) -> PersonOutcome:
    report = world.run(day)
    assert report is not None
    return next(one for one in report.outcomes if one.person == world.people["Sanne"].person)


def test_a_concept_employee_entered_anew_was_never_synced_whoever_looks_first(world: World) -> None:
    replaced(world)

    causes = []
    for day in (5, 6):
        check = world.check(date(2026, 2, day))
        assert check is not None
        causes.append({one.cause for one in check.verdict.drift})

    assert causes == [{Cause.NEVER_SYNCED}] * 2
    assert facts(world.everything(), DriftMoved) == []


@pytest.mark.parametrize("checked", [False, True])
def test_what_payroll_entered_in_it_is_not_taken_for_what_we_had_sent(world: World, checked: bool) -> None:
    """Not even where it is the same phone number, and a check has seen it before or not."""
    replaced(world)
    phone = world.people["Sanne"].values[Role("phone")]
    assert PHONE is not None
    assert isinstance(phone, str)
    world.payroll.set_field(TULP, world.people["Sanne"].number, PHONE, phone)
    world.edit("Sanne", Role("phone"), BLANK)
    if checked:
        world.check(date(2026, 2, 4))

    outcome = of_sanne(world, date(2026, 2, 5))

    assert [one.field for one in outcome.overwritten if one.after is BLANK and one.field == PHONE] == []
    assert NoticeCode.FILLED_IN_LOKET in outcome.messages[0]


def test_a_create_without_an_answer_is_taken_for_its_number_and_not_for_its_values(world: World) -> None:
    """Somebody else may have entered what is found there: of no field is told that it held what it never did."""
    number = world.hire("Sanne").number

    def die() -> None:
        raise ProcessDied

    world.hooks().before_write = die
    assert world.run(date(2026, 2, 2)) is None
    world.hooks().before_write = lambda: None
    world.payroll.add_concept(TULP, number)

    overwritten = {one.field: one.before for one in of_sanne(world, date(2026, 2, 3)).overwritten}

    assert overwritten["personalDetails.lastName"] == "Leftover"
    assert facts(world.everything(), LoketFieldChanged) == []


def test_a_corrected_number_leaves_one_concept_behind_and_that_is_told_as_long_as_it_waits(world: World) -> None:
    """Also by a later run of the same day."""
    first = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.edit("Sanne", EMPLOYEE_NUMBER, str(first + 500))

    told = [of_sanne(world, date(2026, 2, day)).messages[0] for day in (3, 4, 4)]
    world.payroll.delete_concept(TULP, first)
    gone = of_sanne(world, date(2026, 2, 5)).messages

    assert [one.startswith(NoticeCode.CONCEPT_UNDER_EARLIER_NUMBER) and str(first) in one for one in told] == [True] * 3
    assert not any(one.startswith(NoticeCode.CONCEPT_UNDER_EARLIER_NUMBER) for one in gone)


def test_a_number_that_was_changed_back_leaves_the_concept_behind_that_came_of_it(world: World) -> None:
    lotte = world.people["Lotte"]

    def told(day: int, number: int) -> list[str]:
        world.edit("Lotte", EMPLOYEE_NUMBER, str(number))
        report = world.run(date(2026, 2, day))
        assert report is not None
        messages = next(one for one in report.outcomes if one.person == lotte.person).messages
        return [one for one in messages if "UNDER_EARLIER_NUMBER" in one]

    world.run(date(2026, 2, 2))
    (employed,), (waits,) = told(3, lotte.number + 500), told(4, lotte.number)

    assert employed.startswith(NoticeCode.EMPLOYED_UNDER_EARLIER_NUMBER)
    assert employed.endswith(f"({lotte.number})")
    assert waits.startswith(NoticeCode.CONCEPT_UNDER_EARLIER_NUMBER)
    assert waits.endswith(f"({lotte.number + 500})")


def test_a_number_that_is_not_shown_is_no_other_number(world: World) -> None:
    lotte = world.people["Lotte"]
    world.run(date(2026, 2, 2))
    world.hr.hide(EMPLOYEE_NUMBER, lotte.person)

    report = world.run(date(2026, 2, 3))

    assert report is not None
    assert "UNDER_EARLIER_NUMBER" not in str([one.messages for one in report.outcomes])


def test_nobody_in_loket_whom_personio_does_not_have_is_put_on_record(world: World) -> None:
    """What runs under their numbers is looked through for earlier ones, and that is all."""
    pim = world.employ("Pim")
    assert pim.person is not None
    world.hr.delete(pim.person)
    world.run(date(2026, 2, 2))

    assert loket_stream(TULP.personio_id, pim.number) not in {one.stream for one in world.everything()}


def test_another_entity_s_write_explains_a_value_that_came_after_our_look_and_none_that_was_there_before(
    world: World,
) -> None:
    """Sanne moves to another legal entity of the same employer; months later somebody types her old street in Loket."""
    world.employ("Joris", entity=TULP_SHOPS)
    sanne = world.employ("Sanne", entity=TULP_SHOPS)
    world.run(date(2026, 2, 1), entity=TULP_SHOPS)
    world.run(date(2026, 2, 1))
    world.edit("Sanne", Role("street"), "Old St")
    world.run(date(2026, 2, 2), entity=TULP_SHOPS)
    assert sanne.person is not None
    world.hr.move(sanne.person, TULP.personio_id)
    world.payroll.add_employment(TULP, sanne.number, 2, sanne.start, iban="NL91ABNA0417164300")
    world.edit("Sanne", INCOME_NUMBER, "2")
    world.edit("Sanne", Role("street"), "Central Ave")
    world.run(date(2026, 2, 3), entity=TULP_SHOPS)
    world.run(date(2026, 2, 4))
    world.people["Sanne"] = replace(sanne, entity=TULP)

    world.payroll.set_field(TULP, sanne.number, STREET, "Old St")
    world.edit("Lotte", Role("last_name"), "X" * 40)  # holds everybody: nothing is written
    world.run(date(2026, 5, 5))

    moved = [one.changed_by for one in facts(world.everything(), LoketFieldChanged) if one.field == STREET]
    assert moved == [ChangedBy.SOMEONE_ELSE]
    held = compare(world.history("Sanne"), as_at=world.clock.now(), on=date(2026, 5, 5), entity=TULP.personio_id)
    assert [one.standing for one in held if one.field == STREET] == [Standing.DIFFERS]
