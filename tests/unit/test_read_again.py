"""Whom a run reads again in Loket, beside the scenarios of RUN-15: what was written, looked at or decided meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

import pytest

from domain.attributes import BSN, CONSIDER, GROSS_WAGE, INCOME_NUMBER, PAYMENT_IBAN, Role
from domain.errors import Misconfigured, NotFound
from domain.events.loket_versions import VersionsDoubted
from domain.events.runs import SystemsRead
from domain.grounds.prints import bits, marks_in
from domain.outcomes import outcomes_in
from domain.planning.details import NUMBERS_DOUBTED, RIGHTS_NOT_TOLD
from domain.services.alerts.raised import stands
from domain.services.journal import Journal
from domain.services.reading import versions_believed
from domain.services.reading.unread import contradiction
from domain.services.reading.versions_believed import trust_versions
from domain.services.replay.looks import Looks
from domain.services.sync.report import RunStatus
from domain.settings import AmountBasis, LegalEntity, WeeklyHours
from domain.snapshots import LoketSnapshot, VersionNumbers
from domain.values import Actor, EmployeeNumber, FieldPath, PersonId, RunId
from tests.support.faults import LoketFault
from tests.support.interposed import ProcessDied
from tests.support.world import ROOS, TULP, TULP_SHOPS, World, facts
from tests.support.world_in_process import InProcess

DAY: Final = date(2026, 3, 15)
STREET: Final = FieldPath("address.street")
IBAN: Final = "NL02ABNA0123456789"


@pytest.fixture
def world() -> Iterator[World]:
    one = World(InProcess())
    for name in ("Sanne", "Daan", "Joris"):
        one.employ(name)
    yield one
    one.close()


def read_again(world: World) -> set[str]:
    """Of whom more was asked than lists tell, in the last look."""
    numbers = world.hooks().read_last
    return {name for name, one in world.people.items() if one.number in numbers}


def test_whom_we_wrote_to_is_read_again_even_where_no_version_number_moved(world: World) -> None:
    world.run(DAY)
    world.payroll.stop_versions(stand_still=True)
    world.edit("Sanne", Role("iban"), IBAN)
    world.run(DAY, time(10))

    world.run(DAY, time(11))

    assert read_again(world) == {"Sanne"}
    assert world.last_report().counts == {"unchanged": 3}


def test_of_whom_a_check_saw_something_new_is_read_again(world: World) -> None:
    world.run(DAY)
    world.payroll.set_field(TULP, world.people["Daan"].number, STREET, "Harbour Rd")
    world.check(DAY)
    world.payroll.stop_versions(stand_still=True)

    world.run(DAY, time(10))

    assert "Daan" in read_again(world)


def test_a_check_reads_everybody_and_a_plan_whom_a_run_would(world: World) -> None:
    world.run(DAY)
    world.run(DAY, entity=ROOS)  # of another legal entity, which changes nothing of this one
    world.look(DAY)
    planned, notes = read_again(world), world.seen.notes if world.seen else ()
    world.check(DAY)

    assert planned == set()
    assert "3 of 3 not read again: read at 09:00 or later, and unchanged since, Loket says" in notes
    assert read_again(world) == {"Sanne", "Daan", "Joris"}


def test_other_settings_are_a_reason_to_read_everybody(world: World) -> None:
    world.run(DAY)
    world.rules = replace(world.rules, bic_required=True)

    world.run(DAY, time(10))

    assert read_again(world) == {"Sanne", "Daan", "Joris"}


def test_a_pilot_keeps_nothing_of_the_others_so_they_are_read_again_after_it(world: World) -> None:
    world.run(DAY)
    world.run(DAY, time(10), only=frozenset({EmployeeNumber(world.people["Sanne"].number)}))
    in_the_pilot = read_again(world)

    world.run(DAY, time(11))

    assert in_the_pilot == set()
    assert read_again(world) == {"Daan", "Joris"}


def test_whoever_has_a_new_employment_is_read_again(world: World) -> None:
    world.run(DAY)
    number = world.people["Joris"].number
    world.payroll.add_employment(TULP, number, 2, date(2026, 3, 1), iban="", here=False)

    world.run(DAY, time(10))

    assert read_again(world) == {"Joris"}


def test_without_a_payment_record_somebody_is_read_every_time(world: World) -> None:
    """What Loket proposes for a new one hangs on more than the employment."""
    world.payroll.remove_account(TULP, world.people["Joris"].number, suggests_component=False)
    world.edit("Joris", Role("iban"), IBAN)
    world.run(DAY)
    world.run(DAY, time(10))

    assert "Joris" in read_again(world)


def test_whoever_is_left_out_is_not_read_again_while_nobody_is_told_from_them_by_their_bsn(world: World) -> None:
    """Whose BSN it is that somebody has now in Personio, only a look at everybody's tells (MATCH-1)."""
    world.edit("Joris", CONSIDER, "No")
    world.run(DAY)
    world.run(DAY, time(10))
    before = read_again(world)
    world.edit("Daan", BSN, world.people["Joris"].values[BSN])

    world.run(DAY, time(11))

    assert before == set()
    assert read_again(world) == {"Daan", "Joris"}
    assert "IDENTITY_MISMATCH" in str(world.outcomes(world.people["Daan"].person))


def test_where_nobody_is_left_out_loket_is_read_once_whoever_is_told_from_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.edit("Daan", BSN, world.people["Joris"].values[BSN])
    read, reads = world.hooks().read, list[int]()

    def counted(entity: LegalEntity, **asked: Any) -> LoketSnapshot:
        reads.append(len(asked["numbers"]))
        return read(entity, **asked)

    monkeypatch.setattr(world.hooks(), "read", counted)
    world.look(DAY)

    assert reads == [3]


def test_of_whom_loket_ended_what_is_left_to_do_by_hand_stays_as_it_was_told(world: World) -> None:
    world.payroll.end_employment(TULP, world.people["Joris"].number, date(2026, 2, 28))
    world.edit("Joris", Role("iban"), IBAN)
    world.run(DAY)
    told = _follow_up(world)
    world.run(DAY, time(10))
    again, read = _follow_up(world), read_again(world)
    world.run(date(2026, 3, 16))

    assert told == (PAYMENT_IBAN,)
    assert (again, read) == (told, set())
    assert (_follow_up(world), read_again(world)) == (told, {"Sanne", "Daan", "Joris"})


def test_of_whom_loket_ended_and_payroll_changed_what_is_left_is_worked_out_anew(world: World) -> None:
    number = world.people["Joris"].number
    world.payroll.end_employment(TULP, number, date(2026, 2, 28))
    world.edit("Joris", Role("iban"), IBAN)
    world.run(DAY)
    before = _follow_up(world)
    world.payroll.set_field(TULP, number, PAYMENT_IBAN, IBAN)
    world.run(DAY, time(10))

    assert before == (PAYMENT_IBAN,)
    assert read_again(world) == {"Joris"}
    assert _follow_up(world) == ()


def test_a_list_that_shows_another_value_proves_it_within_the_day(world: World) -> None:
    world.run(DAY)
    world.payroll.stop_versions(stand_still=True)
    world.payroll.set_field(TULP, world.people["Daan"].number, STREET, "Harbour Rd")

    world.run(DAY, time(10))

    (doubted,) = facts(world.news(), VersionsDoubted)
    assert [(one.employee_number, one.field) for one in doubted.changes] == [(world.people["Daan"].number, STREET)]
    assert read_again(world) == {"Sanne", "Daan", "Joris"}
    assert world.loket_field("Daan", STREET) == world.people["Daan"].values[Role("street")]


def test_what_moves_while_version_numbers_are_told_is_read_by_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list names Daan as he is after both changes, and Sanne as she was before: it came page by page."""
    world.run(DAY)
    hooks, asked = world.hooks(), type(world.hooks()).versions

    def torn(*place: Any) -> VersionNumbers | None:
        first = asked(*place)
        world.payroll.set_field(TULP, world.people["Sanne"].number, PAYMENT_IBAN, IBAN)
        world.payroll.set_field(TULP, world.people["Daan"].number, STREET, "Harbour Rd")
        later, daan = asked(*place), _employment(world, "Daan")
        assert first is not None
        assert later is not None
        return replace(first, of={**first.of, daan: later.of[daan]})

    with monkeypatch.context() as patched:
        patched.setattr(type(hooks), "versions", torn)
        world.run(DAY, time(10))
    while_listed = read_again(world)
    world.run(DAY, time(11))

    assert "Sanne" not in while_listed
    assert "Sanne" in read_again(world)
    assert world.loket_field("Sanne", PAYMENT_IBAN) == world.people["Sanne"].values[Role("iban")]


@pytest.mark.parametrize("answer", ["none", "moved"])
def test_a_difference_is_a_reason_to_read_everybody_whatever_loket_says_of_it_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """Either Loket does not answer when asked once more, or the number has moved by then."""
    world.run(DAY)
    world.payroll.stop_versions(stand_still=True)
    world.payroll.set_field(TULP, world.people["Daan"].number, STREET, "Harbour Rd")
    world.payroll.set_field(TULP, world.people["Sanne"].number, PAYMENT_IBAN, IBAN)
    hooks, asked, times = world.hooks(), type(world.hooks()).versions, iter(range(9))

    def once(*place: Any) -> VersionNumbers | None:
        if next(times) == 0:
            return asked(*place)
        if answer == "none":
            return None
        world.payroll.stop_versions(stand_still=False)
        for name in ("Daan", "Sanne"):
            world.payroll.set_field(TULP, world.people[name].number, FieldPath("address.city"), "Delft")
        return asked(*place)

    with monkeypatch.context() as patched:
        patched.setattr(type(hooks), "versions", once)
        world.run(DAY, time(10))
    (read,) = facts(world.news(), SystemsRead)

    assert read_again(world) == {"Sanne", "Daan", "Joris"}
    assert world.loket_field("Sanne", PAYMENT_IBAN) == world.people["Sanne"].values[Role("iban")]
    assert facts(world.news(), VersionsDoubted) == []
    assert (read.version is None) == (answer == "none")


def test_whose_rights_nobody_can_see_is_read_to_again(world: World) -> None:
    """They may be fewer than they were; and who asks for nobody's BSN is not told that it may not."""
    world.payroll.withhold_authorizations()
    world.run(DAY)
    world.payroll.forbid_bsn()
    world.run(DAY, time(10))

    (read,) = facts(world.news(), SystemsRead)
    assert read_again(world) == {"Sanne", "Daan", "Joris"}
    assert RIGHTS_NOT_TOLD in read.notes
    assert world.last_report().status is RunStatus.COMPLETED_WITH_ERRORS


def test_pay_that_lists_tell_and_no_number_counted_proves_it_within_the_day(world: World) -> None:
    _with_pay(world)
    world.run(DAY)
    world.run(DAY, time(10))
    world.payroll.stop_versions(stand_still=True)
    world.payroll.add_wage(TULP, world.people["Sanne"].number, date(2025, 12, 1), Decimal(4444))

    world.run(DAY, time(11))

    (doubted,) = facts(world.news(), VersionsDoubted)
    assert [(one.employee_number, one.field) for one in doubted.changes] == [(world.people["Sanne"].number, GROSS_WAGE)]
    assert "Sanne" in read_again(world)


def test_a_new_version_of_the_product_compares_with_nothing_that_another_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may spell a field otherwise: that is no change which Loket forgot to count."""
    world.run(DAY)
    hooks, read = world.hooks(), type(world.hooks()).read
    policy = type(world).policy

    def spelled(*place: Any, **asked: Any) -> LoketSnapshot:
        told = read(*place, **asked)
        city = FieldPath("address.city")
        return replace(
            told,
            employees={
                number: replace(one, fields={**one.fields, city: f"{one.fields[city]} NL"})
                for number, one in told.employees.items()
            },
        )

    monkeypatch.setattr(type(world), "policy", lambda *of: replace(policy(*of), product="next"))
    monkeypatch.setattr(type(hooks), "read", spelled)
    world.run(DAY, time(10))
    everybody = read_again(world)
    world.run(DAY, time(11))
    rest_of_the_day = read_again(world)

    assert everybody == rest_of_the_day == {"Sanne", "Daan", "Joris"}
    assert facts(world.everything(), VersionsDoubted) == []


def test_who_is_held_out_no_more_is_read_again_before_anything_is_written_or_confirmed(world: World) -> None:
    world.allow_accepted_drift = True
    world.run(DAY)
    world.deciding("look first", actor="Olga").hold_out(EmployeeNumber(world.people["Sanne"].number))
    world.payroll.set_field(TULP, world.people["Sanne"].number, PAYMENT_IBAN, IBAN)
    world.run(DAY, time(10))

    world.run(DAY, time(11))

    assert read_again(world) == {"Sanne"}
    assert _not_read_again(world) == {"Daan", "Joris"}
    assert world.last_report().counts == {"updated": 1, "unchanged": 2}


def test_of_whom_an_acceptance_was_withdrawn_is_read_again_before_it_is_written(world: World) -> None:
    world.allow_accepted_drift = True
    number = EmployeeNumber(world.people["Sanne"].number)
    world.run(DAY)
    world.payroll.set_field(TULP, number, PAYMENT_IBAN, IBAN)
    world.check(DAY)
    world.deciding("ok", actor="Olga").accept(number, PAYMENT_IBAN, until=date(2026, 5, 1))
    world.run(DAY, time(10))
    world.deciding("no", actor="Olga").withdraw(number, PAYMENT_IBAN)
    world.look(DAY)
    planned = read_again(world)

    world.run(DAY, time(11))

    assert planned == read_again(world) == {"Sanne"}
    assert world.last_report().counts == {"updated": 1, "unchanged": 2}


def test_what_is_to_be_done_by_hand_is_told_once_nothing_else_leaves_somebody_out(world: World) -> None:
    """Loket had ended the employment before: what is left was never worked out."""
    world.payroll.end_employment(TULP, world.people["Joris"].number, date(2026, 2, 28))
    world.edit("Joris", Role("iban"), IBAN)
    world.edit("Joris", CONSIDER, "No")
    world.run(DAY)
    before = _follow_up(world)
    world.edit("Joris", CONSIDER, "Yes")

    world.run(DAY, time(10))

    assert before == ()
    assert _follow_up(world) == (PAYMENT_IBAN,)


def test_what_one_legal_entity_found_wrong_no_other_of_the_employer_believes(world: World) -> None:
    world.employ("Noor", entity=TULP_SHOPS)
    world.run(DAY)
    world.run(DAY, entity=TULP_SHOPS)
    world.payroll.stop_versions(stand_still=True)
    world.payroll.set_field(TULP, world.people["Sanne"].number, STREET, "Harbour Rd")
    world.run(DAY, time(10))

    world.run(DAY, time(11), entity=TULP_SHOPS)

    assert "Noor" in read_again(world)
    assert [one.notes for one in facts(world.news(), SystemsRead)] == [(NUMBERS_DOUBTED,)]


def test_a_day_whose_first_run_was_told_no_version_numbers_reads_everybody_to_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of that day was held against the last, so that nothing could be found wrong."""
    world.run(DAY)
    with monkeypatch.context() as patched:
        patched.setattr(type(world.hooks()), "versions", lambda *_: None)
        world.run(date(2026, 3, 16))
    later = []
    for hour in (10, 11, 12):
        world.run(date(2026, 3, 16), time(hour))
        later.append(read_again(world))
    world.run(date(2026, 3, 17))
    world.run(date(2026, 3, 17), time(10))

    assert later == [{"Sanne", "Daan", "Joris"}] * 3
    assert read_again(world) == set()


def test_an_alert_that_is_delivered_meanwhile_does_not_end_the_run_that_raises_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run(DAY)
    world.payroll.stop_versions(stand_still=True)
    world.payroll.set_field(TULP, world.people["Sanne"].number, PAYMENT_IBAN, IBAN)
    moving = iter([True])

    def moved(journal: Journal, *about: Any) -> Any:
        alerts = stands(journal, *about)
        if next(moving, False):
            beside = Journal(tools=world.tools(), actor=Actor("worker"), correlation="delivery")
            beside.record(*alerts.items())
        return alerts

    monkeypatch.setattr(versions_believed, "stands", moved)
    world.run(date(2026, 3, 16))

    assert world.last_report().status is RunStatus.COMPLETED
    assert len(facts(world.news(), VersionsDoubted)) == 1


def test_after_a_run_that_was_cut_off_everybody_is_read(world: World) -> None:
    world.run(DAY)
    world.payroll.set_field(TULP, world.people["Sanne"].number, PAYMENT_IBAN, IBAN)
    world.hooks().on_writing = _die
    cut_off = world.run(DAY, time(10))

    world.run(DAY, time(11))

    assert cut_off is None
    assert read_again(world) == {"Sanne", "Daan", "Joris"}


def test_of_whom_loket_did_not_show_everything_is_read_again_and_the_others_are_not(world: World) -> None:
    """An error of a run that another read could mend: by reading that one."""
    world.pay_from, world.weekly_hours = date(2026, 3, 1), WeeklyHours.SEND
    for name, one in world.people.items():
        world.hr.set_salary(one.person, Decimal(30), "HOURLY", hours=(Decimal(40), Decimal(40)), effective_from=DAY)
        if name == "Joris":
            world.payroll.hide_hours(TULP, one.number)
        else:
            world.payroll.set_hours(TULP, one.number, date(2024, 2, 1), Decimal(40), Decimal(40))
    world.run(DAY)
    world.run(DAY, time(10))

    world.run(DAY, time(11))

    assert world.last_report().status is RunStatus.COMPLETED_WITH_ERRORS
    assert read_again(world) == {"Joris"}


def test_a_plan_after_a_run_that_was_cut_off_or_had_errors_reads_everybody(world: World) -> None:
    world.run(DAY)
    world.edit("Sanne", Role("iban"), IBAN)
    world.payroll.add_fault(LoketFault.REFUSED, number=world.people["Sanne"].number)
    world.run(DAY, time(10))
    world.look(DAY)
    after_errors = read_again(world)
    world.run(DAY, time(11))
    world.edit("Sanne", Role("street"), "Kade")
    world.hooks().on_writing = _die
    cut_off = world.run(DAY, time(12))
    world.look(DAY)

    assert cut_off is None
    assert after_errors == read_again(world) == {"Sanne", "Daan", "Joris"}


def test_whom_loket_ended_under_one_number_is_read_again_under_another(world: World) -> None:
    one = world.people["Joris"]
    world.payroll.end_employment(TULP, one.number, date(2026, 2, 28))
    world.payroll.add_employment(TULP, one.number, 2, date(2026, 3, 1), iban="")
    world.run(DAY)
    world.run(DAY, time(10))
    ended = read_again(world)
    world.edit("Joris", INCOME_NUMBER, "2")

    world.run(DAY, time(11))

    assert (ended, read_again(world)) == (set(), {"Joris"})


def test_a_plan_says_what_it_finds_wrong(world: World) -> None:
    world.run(DAY)
    world.payroll.stop_versions(stand_still=True)
    world.payroll.set_field(TULP, world.people["Daan"].number, STREET, "Harbour Rd")

    world.look(DAY)

    assert world.seen is not None
    assert contradiction(((EmployeeNumber(world.people["Daan"].number), STREET),)) in world.seen.notes


def test_what_was_not_read_is_on_record_with_the_run_that_read_it(world: World) -> None:
    world.run(DAY)
    world.payroll.set_field(TULP, world.people["Sanne"].number, PAYMENT_IBAN, IBAN)
    world.run(DAY, time(10))

    (read,) = facts(world.news(), SystemsRead)
    tools = world.tools()
    look = Looks(tools.log, tools.vault).look(RunId("run-2"))
    assert read.not_read_again is not None
    assert (read.not_read_again.run_id, read.not_read_again.people) == ("run-1", 2)
    assert look.unread == {_person(world, "Daan"), _person(world, "Joris")}


def test_wages_are_read_again_where_personio_tells_other_pay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_pay(world)
    known = _known_wages(world, monkeypatch)
    world.run(DAY)
    world.run(DAY, time(10))
    of_both = set(known)
    world.hr.set_salary(_person(world, "Daan"), Decimal(3100), "MONTHLY", hours=None, effective_from=date(2026, 3, 1))
    world.run(DAY, time(11))

    assert of_both == {_employment(world, "Sanne"), _employment(world, "Daan")}
    assert known == {_employment(world, "Sanne")}
    assert world.payroll.wages(TULP, world.people["Daan"].number)[date(2026, 3, 1)].amount == Decimal(3100)


def test_trust_takes_a_reason_and_a_doubt(world: World) -> None:
    journal = Journal(tools=world.tools(), actor=Actor("Olga"), correlation="decision-1")

    with pytest.raises(Misconfigured, match="--reason"):
        trust_versions(world.policy(), journal, reason=" ")
    with pytest.raises(NotFound, match="not found wrong"):
        trust_versions(world.policy(), journal, reason="Loket has mended it")


@pytest.mark.parametrize("marks", [[], [False] * 9, [True], [False] * 8 + [True], [True, False] * 250])
def test_a_bit_for_each_person_comes_back_in_order(marks: list[bool]) -> None:
    assert marks_in(bits(marks), len(marks)) == marks


def _die() -> None:
    raise ProcessDied


def _with_pay(world: World) -> None:
    world.pay_from, world.amounts_are = date(2026, 1, 1), AmountBasis.FULL_TIME
    for name in ("Sanne", "Daan"):
        world.payroll.add_wage(TULP, world.people[name].number, date(2025, 2, 1), Decimal(2800))
        world.payroll.add_wage(TULP, world.people[name].number, date(2026, 2, 1), Decimal(3000))
        world.hr.set_salary(_person(world, name), Decimal(3000), "MONTHLY", hours=None, effective_from=date(2026, 2, 1))


def _not_read_again(world: World) -> set[str]:
    """As the last run has it on record."""
    (read,) = facts(world.news(), SystemsRead)
    tools = world.tools()
    unread = Looks(tools.log, tools.vault).look(RunId(world.last_report().run_id)).unread
    assert len(unread) == (read.not_read_again.people if read.not_read_again else 0)
    return {name for name, one in world.people.items() if one.person in unread}


def _person(world: World, name: str) -> PersonId:
    person = world.people[name].person
    assert person is not None
    return person


def _follow_up(world: World) -> tuple[str, ...]:
    """What Joris' outcome in the last run names to be done by hand."""
    told = (one for fact in (event.fact for event in world.news()) for one in outcomes_in(fact))
    joris = next(one for one in told if one.person_id == _person(world, "Joris"))
    return tuple(joris.details)


def _employment(world: World, name: str) -> str:
    return world.payroll.employments(TULP, world.people[name].number)[0].id


def _known_wages(world: World, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The employments whose wages were known in the last run, as they are asked for."""
    hooks, found = world.hooks(), set[str]()
    pay = type(hooks).pay

    def watched(*place: Any, **asked: Any) -> Any:
        found.clear()
        found.update(asked["known"])
        return pay(*place, **asked)

    monkeypatch.setattr(type(hooks), "pay", watched)
    return found
