"""A validation beside other looks, beside people without a subject, and in what is never told twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from domain.attributes import BSN, Role
from domain.events.findings import FindingChanged, FindingOpened, FindingResolved, LookedBy, ValidationCompleted
from domain.services.tasks.settle import News
from domain.streams import finding_stream
from domain.values import BLANK
from tests.support.scribe import Scribe
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

DAY = date(2026, 3, 15)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess())
    made.employ("Sanne")
    yield made
    made.close()


def test_whoever_judged_everyone_meanwhile_tells_of_the_cases(world: World) -> None:
    world.edit("Sanne", BSN, "123456789")
    hooks = world.hooks()

    def other_one_first() -> None:
        assert world.validate(DAY, actor="Bas") is not None

    hooks.on_reading = other_one_first
    made = world.validate(DAY)

    assert made is not None
    assert (made.news, made.before is not None) == (None, True)
    told = facts(world.everything(), ValidationCompleted)
    assert [(one.settled, one.opened, one.findings) for one in told] == [
        (True, 1, {"BSN_ELFPROEF": 1}),
        (False, 0, {"BSN_ELFPROEF": 1}),
    ]
    assert len(facts(world.everything(), FindingOpened)) == 1


def test_who_finds_nothing_and_nothing_new_judged_everyone_meanwhile_as_well(world: World) -> None:
    world.validate(DAY)
    world.hooks().on_reading = lambda: world.validate(DAY, actor="Bas") and None
    world.validate(DAY)

    assert [one.settled for one in facts(world.everything(), ValidationCompleted)] == [True, True, False]


def test_what_a_validation_that_died_found_while_a_check_began_is_over_when_the_check_does_not_see_it(
    world: World,
) -> None:
    """It put a finding on record, and brought no view up to date."""
    world.run(DAY)
    person, code = world.people["Sanne"].person, "BSN_ELFPROEF"
    assert person is not None
    opened = FindingOpened(
        legal_entity=TULP.personio_id, person_id=person, employee_number=world.people["Sanne"].number, code=code,
        seen_by=LookedBy.VALIDATION,
    )  # fmt: skip
    scribe, stream = Scribe(world.tools().log), finding_stream(TULP.personio_id, person, code, None)
    world.hooks().on_reading = lambda: scribe.write(stream, opened) and None
    world.check(DAY)

    assert [one.code for one in facts(world.everything(), FindingResolved)] == [code]


def test_of_somebody_the_log_does_not_know_nothing_is_quoted_until_a_run_has_seen_them(world: World) -> None:
    world.edit("Sanne", Role("house_number"), "12-A")
    world.validate(DAY)
    (first,) = facts(world.everything(), FindingOpened)
    world.run(DAY)
    world.validate(DAY)
    world.edit("Sanne", Role("house_number"), "14-A")
    world.validate(DAY)

    assert (first.subject, first.proposal) == ("", None)
    assert [one.proposal is not None for one in facts(world.everything(), FindingChanged)] == [True, True]
    assert len(facts(world.everything(), FindingOpened)) == 1


def test_of_whom_the_log_does_not_know_a_validation_records_no_value(world: World) -> None:
    world.edit("Sanne", BSN, "123456789")

    world.validate(DAY)

    kinds = {one.name for one in world.everything()}
    assert kinds == {
        "policy.applied.v1",
        "finding_case.opened.v1",
        "validation.completed.v1",
        "grounds.entity_judged.v1",  # who they are
        "grounds.everyone_judged.v1",  # and what was decided
    }


def test_a_validation_tells_what_is_new_in_the_order_of_its_fields(world: World) -> None:
    roles = [Role("last_name"), Role("street"), Role("postal_code"), Role("city"), Role("house_number")]
    for role in roles:
        world.edit("Sanne", role, BLANK)
    first = world.validate(DAY)
    world.edit("Sanne", roles[0], "Visser")
    second = world.validate(DAY)

    opened = facts(world.everything(), FindingOpened)
    assert first is not None
    assert second is not None
    assert first.news == News(opened=tuple(opened))
    assert [(one.code, one.field) for one in opened] == sorted((one.code, one.field) for one in opened)
    assert second.news == News(ended=tuple(facts(world.everything(), FindingResolved)))
    assert [one.field for one in second.news.ended] == ["personalDetails.lastName"]
