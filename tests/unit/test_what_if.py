"""What other settings would have made of a run, beside what was decided then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, Role
from domain.errors import Misconfigured
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference
from domain.planning.decide import Decision, Plan
from domain.planning.findings import Finding, FindingCode
from domain.planning.matching import Unlinked
from domain.planning.planned import DataWrite, DatedWrite
from domain.services.replay.looks import Look, Looks
from domain.services.replay.what_if import NOT_KNOWN, WhatIf, each_otherwise, what_if, with_settings
from domain.settings import Policy
from domain.snapshots import PeriodSpan
from domain.values import BLANK, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from tests.support.people import POLICY
from tests.support.world import World
from tests.support.world_in_process import InProcess

DAY, LATER = date(2026, 3, 15), date(2026, 3, 16)
FEBRUARY = PeriodSpan(2026, 2, date(2026, 2, 1), date(2026, 2, 28))
MARCH = PeriodSpan(2026, 3, date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Sanne's street changed and Daan's phone is gone; Joris is on leave."""
    one = World(InProcess())
    for name in ("Sanne", "Daan", "Joris"):
        one.employ(name)
    one.hr.set_status(one.people["Joris"].person, "LEAVE")
    one.run(DAY)
    one.edit("Sanne", Role("street"), "Kade")
    one.edit("Daan", Role("phone"), BLANK)
    one.run(LATER)
    yield one
    one.close()


def last(world: World) -> Look:
    return Looks(world.tools().log, world.tools().vault).look(RunId("run-2"))


def test_under_the_settings_of_then_everything_is_as_it_was(world: World) -> None:
    look = last(world)

    found = what_if(look, look.policy)

    assert (found.apart, found.then == found.other) == ((), True)
    told = found.then
    assert (told.included, told.left_out, told.with_findings, told.blocked, told.braked) == (2, 1, 0, False, False)
    assert (told.writing, told.clearing, told.creating, told.writes, told.pay) == (2, 1, 0, 2, {})
    assert (found.never_read, found.pay_unknown, found.words_unknown, found.lost) == ((), False, False, 0)


def test_a_finding_of_one_person_would_have_held_everybody(world: World) -> None:
    look = last(world)

    found = what_if(look, with_settings(look.policy, ['rules.mandatory=["phone"]']))

    told, daan = found.other, world.people["Daan"].person
    assert (told.blocked, told.braked, told.with_findings) == (True, False, 1)
    assert (told.writing, told.clearing, told.creating, told.writes) == (0, 0, 0, 0)
    assert {one.person: one.other.outcome for one in found.apart} == {
        world.people["Sanne"].person: "blocked",
        daan: "blocked",
    }
    (of_daan,) = (one for one in found.apart if one.person == daan)
    assert (of_daan.number, len(of_daan.then.writes), of_daan.other.writes) == (world.people["Daan"].number, 1, ())
    assert [one.split(" ")[0] for one in of_daan.other.findings] == ["REQUIRED_FIELD_BLANK"]


def test_a_tighter_brake_would_have_stopped_it(world: World) -> None:
    look = last(world)

    found = what_if(look, with_settings(look.policy, ["brake.writes_share=0.5"]))

    assert (found.then.braked, found.other.braked, found.other.writing) == (False, True, 2)
    assert look.gates is not None
    first = replace(look, gates=replace(look.gates, first_run=True))
    policy = with_settings(look.policy, ["brake.writes_share=0.5"])
    assert not what_if(first, policy).other.braked  # that limit never applies to a first run
    assert what_if(replace(look, gates=None), policy).other.braked


def test_of_whom_only_the_gates_are_kept_nobody_knows_what_would_be_written(world: World) -> None:
    look = last(world)

    found = what_if(look, with_settings(look.policy, ["rules.leave_counts_as_active=true"]))

    (joris,) = found.apart
    assert (joris.person, joris.then.outcome) == (world.people["Joris"].person, "left_out")
    assert (joris.other.outcome, joris.other.reason) == (NOT_KNOWN, "")
    assert (found.other.included, found.other.left_out, found.other.writing) == (3, 0, 2)


def test_of_who_was_left_out_only_yes_or_no_is_kept_and_not_the_word(world: World) -> None:
    look = last(world)
    other_words = replace(look.policy, rules=replace(look.policy.rules, truthy=frozenset({"yes", "perhaps"})))

    assert what_if(look, other_words).words_unknown
    assert not what_if(look, replace(look.policy, product="next")).words_unknown
    assert not what_if(replace(look, grounds={}), other_words).words_unknown
    assert what_if(replace(look, grounds={}), look.policy).lost == 3


def test_it_is_told_which_attributes_nobody_had_read_then(world: World) -> None:
    look = last(world)
    street, *others = look.policy.catalogue

    read_less = replace(look, policy=replace(look.policy, catalogue=tuple(others)))
    elsewhere = replace(look.policy, read_from={**look.policy.read_from, street.role: "dynamic_9"})

    assert what_if(read_less, look.policy).never_read == (street.role,)
    assert what_if(look, elsewhere).never_read == (street.role,)


def test_another_legal_entity_is_another_matter(world: World) -> None:
    look = last(world)
    other = replace(look.policy, entity=replace(look.policy.entity, personio_id=LegalEntityId("171")))

    with pytest.raises(Misconfigured, match="is about legal entity"):
        what_if(look, other)


def from_day(day: date | None, months: int = 1) -> Policy:
    entity = replace(POLICY.entity, compensation_start_date=day)
    return replace(POLICY, entity=entity, pay=replace(POLICY.pay, months_ahead=months))


@pytest.mark.parametrize(
    ("then", "other", "unknown"),
    [
        (from_day(None), from_day(None, 2), False),
        (from_day(None), from_day(DAY), True),
        (from_day(DAY), from_day(None, 2), False),
        (from_day(LATER), from_day(DAY), True),
        (from_day(DAY), from_day(DAY), False),
        (from_day(DAY), from_day(LATER), False),
        (from_day(DAY), from_day(DAY, 2), True),
        (from_day(DAY, 2), from_day(DAY), False),
    ],
)
def test_pay_from_an_earlier_day_or_further_ahead_was_not_read_then(
    world: World, then: Policy, other: Policy, unknown: bool
) -> None:
    look = last(world)

    def of(given: Policy) -> Policy:
        day = given.entity.compensation_start_date
        return replace(look.policy, entity=replace(look.policy.entity, compensation_start_date=day), pay=given.pay)

    assert what_if(replace(look, policy=of(then)), of(other)).pay_unknown is unknown


def test_settings_are_given_by_their_path_with_json_or_a_plain_word() -> None:
    changed = with_settings(
        POLICY,
        [
            "brake.writes_share=0.50",
            "rules.leave_counts_as_active=true",
            " rules.absent_is_blank = never",
            'rules.mandatory=["phone"]',
        ],
    )

    assert changed.rules == replace(
        POLICY.rules, leave_counts_as_active=True, absent_is_blank=changed.rules.absent_is_blank, mandatory={"phone"}
    )
    assert (changed.brake.writes_share, changed.rules.absent_is_blank) == (Decimal("0.5"), "never")
    assert POLICY.rules.absent_is_blank != "never"


@pytest.mark.parametrize(
    "setting",
    [
        "rules.leave_counts_as_active",
        "rules.no_such=1",
        "rules.leave_counts_as_active.more=1",
        "nowhere.leave_counts_as_active=1",
        "rules.leave_counts_as_active=perhaps",
    ],
)
def test_a_setting_that_there_is_not_or_a_value_that_does_not_fit_is_refused(setting: str) -> None:
    with pytest.raises(Misconfigured, match=r"leave_counts_as_active|no_such"):
        with_settings(POLICY, [setting])


def test_each_look_has_settings_of_its_own_and_says_how_far_it_is(world: World) -> None:
    look, told = last(world), list[tuple[str, int, int]]()
    other = replace(look, name=RunId("run-9"))

    found = each_otherwise(
        [look, other],
        lambda one: with_settings(one.policy, ["brake.writes_share=0.5"] if one is other else []),
        lambda what, done, of: told.append((what, done, of)),
    )

    assert [(one.name, one.other.braked) for one in found] == [("run-2", False), ("run-9", True)]
    assert told == [("deciding anew", 0, 2), ("deciding anew", 1, 2)]


def decided(world: World, *other: Decision) -> WhatIf:
    """Beside a run that wrote nothing."""
    then = Plan(tuple(replace(one, findings=(), writes=()) for one in other))
    look = last(world)
    look = replace(look, grounds={}, shared=replace(look.shared, periods=(FEBRUARY, MARCH)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Look, "decide", lambda _, policy=None: then if policy is None else Plan(other))
        return what_if(look, look.policy)


def wage(day: date) -> DatedWrite:
    changes = (Difference(GROSS_WAGE, BLANK, "3000.00", day),)
    return DatedWrite(
        kind=WriteKind.WAGE_CREATED, target="m1", changes=changes, effective_on=day, reaches=(day, date.max)
    )


NEW = DataWrite(WriteKind.CONCEPT_CREATED, None, (Difference(GROSS_WAGE, BLANK, "3000.00"),))
PAID = Decision(PersonId("21"), EmployeeNumber(1), None, writes=tuple(map(wage, (
    FEBRUARY.last, MARCH.first, date(2026, 3, 10), MARCH.last, date(2026, 4, 1)
))))  # fmt: skip
HIRED = Decision(PersonId("22"), EmployeeNumber(2), Unlinked(EmployeeNumber(2)), writes=(NEW,))
CALM = Decision(PersonId("23"), EmployeeNumber(3), None)
WRONG = replace(CALM, findings=(Finding(FindingCode.BSN_FORMAT, FieldPath("bsn")), Finding(FindingCode.PAY_AMBIGUOUS)))


def test_writes_of_pay_are_counted_by_the_payroll_period_in_which_they_begin(world: World) -> None:
    found = decided(world, PAID, HIRED, CALM)

    assert found.other.pay == {"2026-02": 1, "2026-03": 3, "outside the known periods": 1}
    assert (found.other.writing, found.other.creating, found.other.writes) == (2, 1, 6)
    assert (found.then.writing, found.then.pay, found.then.braked) == (0, {}, False)
    of_paid, of_hired = found.apart
    assert [one.period for one in of_paid.other.writes] == ["2026-02", "2026-03", "2026-03", "2026-03", None]
    assert [one.period for one in of_hired.other.writes] == [None]  # a new concept employee's wage has no day


def test_what_a_finding_holds_is_not_written_by_anybody_and_not_braked(world: World) -> None:
    many = tuple(replace(HIRED, person=PersonId(f"3{each}")) for each in range(30))

    told = decided(world, PAID, *many, WRONG)

    assert decided(world, PAID, *many).other.braked
    assert (told.other.blocked, told.other.braked, told.other.pay) == (True, False, {})
    assert (told.other.writing, told.other.clearing, told.other.creating, told.other.writes) == (0, 0, 0, 0)
    assert told.apart[-1].other.findings == ("BSN_FORMAT bsn", "PAY_AMBIGUOUS")
