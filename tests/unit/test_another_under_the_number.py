"""Of a number that changed hands nothing is judged by what was known of the one before (AUD-1, JOIN-7, MATCH-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from domain.attributes import CATALOGUE, CONSIDER, DATE_OF_BIRTH, EMPLOYEE_NUMBER, INCOME_NUMBER, LAST_NAME, Role
from domain.events.drift import Cause, DriftMoved
from domain.events.loket import ChangedBy, ConceptEmployeeFinalised, ConceptEmployeeGone, LoketFieldChanged
from domain.planning.findings import NoticeCode
from domain.services.sync.report import Outcome, PersonOutcome
from domain.streams import loket_stream
from domain.values import BLANK, FieldPath
from domain.views.comparison import Standing, compare
from domain.views.employee_state import state
from tests.support.derived import deviations
from tests.support.fake_loket import FakeLoket
from tests.support.interposed import ProcessDied
from tests.support.world import TULP, TULP_SHOPS, World, facts, person
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


def unanswered(world: World) -> int:
    """Sanne's create gets no answer, and somebody else enters a concept employee under her number."""
    number = world.hire("Sanne").number

    def die() -> None:
        raise ProcessDied

    world.hooks().before_write = die
    assert world.run(date(2026, 2, 2)) is None
    world.hooks().before_write = lambda: None
    world.payroll.add_concept(TULP, number)
    return number


def test_a_create_without_an_answer_may_be_the_concept_employee_that_shows_no_number(world: World) -> None:
    """So nobody is created once more while it is there (RUN-8)."""
    number = world.hire("Sanne").number

    def die() -> None:
        world.payroll.renumber_concept(TULP, number, None)
        raise ProcessDied

    world.hooks().after_write = die
    assert world.run(date(2026, 2, 2)) is None

    told = [of_sanne(world, date(2026, 2, day)).outcome for day in (3, 4)]

    assert told == [Outcome.UNKNOWN] * 2
    assert world.payroll.concepts(TULP) == [None]


def test_what_payroll_has_begun_to_enter_of_somebody_else_without_a_number_is_not_such_a_create(world: World) -> None:
    number = unanswered(world)
    world.payroll.renumber_concept(TULP, number, None)

    assert of_sanne(world, date(2026, 2, 3)).outcome == Outcome.CONCEPT_CREATED
    assert world.payroll.concepts(TULP) == [None, number]


def test_a_create_without_an_answer_is_taken_for_its_number_and_not_for_its_values(world: World) -> None:
    """Somebody else may have entered what is found there: of no field is told that it held what it never did."""
    unanswered(world)

    overwritten = {one.field: one.before for one in of_sanne(world, date(2026, 2, 3)).overwritten}

    assert overwritten["personalDetails.lastName"] == "Leftover"
    assert facts(world.everything(), LoketFieldChanged) == []


def test_what_such_a_create_had_sent_was_never_the_same_on_both_sides(world: World) -> None:
    """So nobody is said to have changed it, and Loket is not said to hold it."""
    number = unanswered(world)
    world.edit("Sanne", CONSIDER, "No")
    assert world.run(date(2026, 2, 3))

    told = state(world.history("Sanne"), as_at=world.clock.now(), on=date(2026, 2, 3))
    world.edit("Sanne", CONSIDER, "Yes")
    world.edit("Lotte", Role("last_name"), "X" * 40)  # holds everybody: nothing is written
    assert world.run(date(2026, 2, 4))
    check = world.check(date(2026, 2, 5))

    assert [one.field for one in told if one.system == "loket"] == []
    assert check is not None
    assert {one.cause for one in check.verdict.drift if one.number == number} == {Cause.NEVER_SYNCED}


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


def under_earlier(outcome: PersonOutcome) -> list[str]:
    return [one.partition(":")[0] for one in outcome.messages if "UNDER_EARLIER_NUMBER" in one]


@pytest.mark.parametrize("new_id", [False, True])
def test_a_concept_that_payroll_completes_under_the_earlier_number_is_told_as_the_employment_it_is(
    world: World, new_id: bool
) -> None:
    """Whether Loket gives the employee another id is not documented (JOIN-3)."""
    first = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.edit("Sanne", EMPLOYEE_NUMBER, str(first + 500))
    waits = under_earlier(of_sanne(world, date(2026, 2, 3)))

    world.payroll.finalise(TULP, first)
    if new_id:
        assert isinstance(world.payroll, FakeLoket)
        world.payroll.identify_anew(TULP, first)
    told = [under_earlier(of_sanne(world, date(2026, 2, day))) for day in (4, 5)]
    world.payroll.finalise(TULP, first + 500)
    both = under_earlier(of_sanne(world, date(2026, 2, 6)))

    assert waits == ["CONCEPT_UNDER_EARLIER_NUMBER"]
    assert [*told, both] == [["EMPLOYED_UNDER_EARLIER_NUMBER"]] * 3
    assert [one.concept_id == one.employee_id for one in facts(world.everything(), ConceptEmployeeFinalised)] == [
        not new_id, True,
    ]  # fmt: skip


def test_a_second_concept_under_the_earlier_number_does_not_hide_the_first(world: World) -> None:
    first = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.edit("Sanne", EMPLOYEE_NUMBER, str(first + 500))
    world.payroll.add_concept(TULP, first)

    assert under_earlier(of_sanne(world, date(2026, 2, 3))) == ["CONCEPT_UNDER_EARLIER_NUMBER"]


def test_who_moves_to_another_entity_and_gets_another_number_is_told_there_of_the_concept_left_behind(
    world: World,
) -> None:
    """Concept employees are the employer's, whichever legal entity made them."""
    world.employ("Joris", entity=TULP_SHOPS)
    sanne = world.hire("Sanne")
    world.run(date(2026, 2, 2))
    assert sanne.person is not None
    world.hr.move(sanne.person, TULP_SHOPS.personio_id)
    world.edit("Sanne", EMPLOYEE_NUMBER, str(sanne.number + 500))

    report = world.run(date(2026, 2, 3), entity=TULP_SHOPS)

    assert report is not None
    assert [under_earlier(one) for one in report.outcomes if one.person == sanne.person] == [
        ["CONCEPT_UNDER_EARLIER_NUMBER"]
    ]


def test_who_payroll_employs_under_the_earlier_number_is_somebody_else_by_name_and_birth(world: World) -> None:
    first = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.edit("Sanne", EMPLOYEE_NUMBER, str(first + 500))
    world.payroll.finalise(TULP, first)
    for role, value in ((LAST_NAME, "Visser"), (DATE_OF_BIRTH, "1971-05-05")):
        world.payroll.set_field(TULP, first, next(row.field for row in CATALOGUE if row.role == role), value)

    assert under_earlier(of_sanne(world, date(2026, 2, 3))) == []


@pytest.mark.parametrize("how", ["deleted", "completed"])
def test_a_concept_whose_number_nobody_has_any_more_waits_no_longer_once_it_is_gone(world: World, how: str) -> None:
    """And its end is put on record once."""
    first = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.edit("Sanne", EMPLOYEE_NUMBER, str(first + 500))
    world.run(date(2026, 2, 3))

    (world.payroll.delete_concept if how == "deleted" else world.payroll.finalise)(TULP, first)
    for day in (4, 5):
        world.run(date(2026, 2, day))

    ended = [len(facts(world.everything(), kind)) for kind in (ConceptEmployeeGone, ConceptEmployeeFinalised)]
    assert ended == ([1, 0] if how == "deleted" else [0, 1])


def test_a_concept_that_was_completed_under_another_number_is_known_by_it_as_long_as_that_stands(world: World) -> None:
    number = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.payroll.finalise(TULP, number, under=4999)

    told = [of_sanne(world, date(2026, 2, day)).messages for day in (3, 4)]

    assert [NoticeCode.CONCEPT_NUMBER_DIFFERS in str(each) for each in told] == [True, True]
    assert world.payroll.concepts(TULP) == []


def test_who_gets_the_number_that_a_concept_was_corrected_from_is_a_new_hire(world: World) -> None:
    """The concept employee leads to whoever has its new number in Personio; and replay says the same of both."""
    first = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.payroll.renumber_concept(TULP, first, first + 500)
    world.edit("Sanne", EMPLOYEE_NUMBER, str(first + 500))
    world.hire("Bas", number=first)

    report = world.run(date(2026, 2, 3))

    assert report is not None
    told = {one.person: one for one in report.outcomes}
    assert told[person(world, "Bas")].outcome == Outcome.CONCEPT_CREATED
    assert told[person(world, "Sanne")].outcome == Outcome.UNCHANGED
    assert not any(one.startswith(NoticeCode.CONCEPT_GONE) for one in told[person(world, "Bas")].messages)
    assert facts(world.everything(), ConceptEmployeeGone) == []
    assert world.payroll.concepts(TULP) == [first + 500, first]
    assert deviations(world.tools()) == []


@pytest.mark.parametrize("how", ["completed", "renumbered"])
@pytest.mark.parametrize("considered", ["Yes", "No"])
def test_a_number_of_somebody_else_that_payroll_typed_by_mistake_makes_no_second_concept(
    world: World, how: str, considered: str
) -> None:
    """Also once that other person is taken out, as a run that is held by it asks for (CHECK-3, JOIN-3)."""
    sanne = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    if how == "completed":
        world.payroll.finalise(TULP, sanne, under=sanne + 1)
    else:
        world.payroll.renumber_concept(TULP, sanne, sanne + 1)
    world.hire("Bas", number=sanne + 1)
    world.edit("Bas", CONSIDER, considered)
    before = world.payroll.concepts(TULP)

    world.run(date(2026, 2, 3))
    world.edit("Bas", CONSIDER, "No")
    told = of_sanne(world, date(2026, 2, 4))

    code = NoticeCode.CONCEPT_NUMBER_DIFFERS if how == "completed" else NoticeCode.CONCEPT_RENUMBERED
    assert told.outcome == Outcome.UNCHANGED
    assert told.messages[0].startswith(code)
    assert world.payroll.concepts(TULP) == before


@pytest.mark.parametrize("completed", [False, True])
def test_who_gets_a_corrected_number_in_another_entity_is_a_new_hire_once_the_log_knows_whose_the_other_is(
    world: World, completed: bool
) -> None:
    """Concept employees are the employer's; the sweep of one entity does not show the numbers of another. Here names
    and births tell nothing: they are twins."""
    world.employ("Joris", entity=TULP_SHOPS)
    first = world.hire("Sanne").number
    world.run(date(2026, 2, 2))
    world.payroll.renumber_concept(TULP, first, 5212)
    world.edit("Sanne", EMPLOYEE_NUMBER, "5212")
    if completed:
        world.payroll.finalise(TULP, 5212)
    bas = world.hire("Bas", entity=TULP_SHOPS, number=first)
    for role in (LAST_NAME, DATE_OF_BIRTH):
        world.edit("Bas", role, world.people["Sanne"].values[role])

    def told() -> Outcome:
        report = world.run(date(2026, 2, 3), entity=TULP_SHOPS)
        assert report is not None
        return next(one.outcome for one in report.outcomes if one.person == bas.person)

    unknown = told()
    world.run(date(2026, 2, 3))

    assert (unknown, told()) == (Outcome.UNCHANGED, Outcome.CONCEPT_CREATED)
    assert facts(world.everything(), ConceptEmployeeGone) == []
    assert deviations(world.tools()) == []


@pytest.mark.parametrize("to", [5212, None])
def test_who_gets_the_number_of_somebody_who_is_gone_is_a_new_hire_by_name_and_birth(
    world: World, to: int | None
) -> None:
    """The hire was cancelled, or the profile made anew; payroll gave the concept employee another number, or none."""
    sanne = world.hire("Sanne")
    world.run(date(2026, 2, 2))
    assert sanne.person is not None
    world.hr.delete(sanne.person)
    world.payroll.renumber_concept(TULP, sanne.number, to)
    bas = world.hire("Bas", number=sanne.number)

    told = [one.outcome for day in (3, 4) for one in run(world, day) if one.person == bas.person]

    assert told == [Outcome.CONCEPT_CREATED, Outcome.UNCHANGED]
    assert world.payroll.concepts(TULP) == [to, sanne.number]
    assert deviations(world.tools()) == []


def run(world: World, day: int) -> tuple[PersonOutcome, ...]:
    report = world.run(date(2026, 2, day))
    assert report is not None
    return report.outcomes


def test_two_concepts_whose_numbers_are_swapped_in_both_systems_stay_whose_they_are(world: World) -> None:
    sanne, bas = world.hire("Sanne").number, world.hire("Bas").number
    world.run(date(2026, 2, 2))
    for before, after in ((sanne, 9999), (bas, sanne), (9999, bas)):
        world.payroll.renumber_concept(TULP, before, after)
    world.edit("Sanne", EMPLOYEE_NUMBER, str(bas))
    world.edit("Bas", EMPLOYEE_NUMBER, str(sanne))

    report = world.run(date(2026, 2, 3))

    assert report is not None
    assert {one.outcome for one in report.outcomes} == {Outcome.UNCHANGED}
    assert deviations(world.tools()) == []


def test_a_concept_of_another_entity_that_was_renumbered_gets_no_second_one_where_its_person_moved(
    world: World,
) -> None:
    world.employ("Joris", entity=TULP_SHOPS)
    sanne = world.hire("Sanne")
    world.run(date(2026, 2, 2))
    world.hr.move(person(world, "Sanne"), TULP_SHOPS.personio_id)
    world.payroll.renumber_concept(TULP, sanne.number, 5212)

    report = world.run(date(2026, 2, 3), entity=TULP_SHOPS)

    assert report is not None
    (told,) = [one.messages for one in report.outcomes if one.person == sanne.person]
    assert NoticeCode.CONCEPT_RENUMBERED in told[0]
    assert world.payroll.concepts(TULP) == [5212]


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
