"""What a run overwrote before it was cut off is told by the next run of the entity that ends, whichever way (RUN-8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import Role
from domain.events.alert import AlertKind, AlertRaised
from domain.services.sync.report import RunReport, RunStatus
from domain.services.sync.untold import Untold, told_of, told_of_person
from domain.values import BLANK, FieldPath, PersonId, RunId
from domain.views.runs import in_full
from tests.support.interposed import ProcessDied
from tests.support.offices import Trouble
from tests.support.world import TULP, TULP_SHOPS, World, facts
from tests.support.world_in_process import InProcess

FIRST, CUT_OFF, AGAIN, NEXT = date(2026, 3, 1), date(2026, 3, 14), date(2026, 3, 15), date(2026, 3, 16)
NAMES = ("Sanne", "Tim", "Joris", "Lotte")
STREET = "address.street"


@pytest.fixture
def world() -> Iterator[World]:
    """Four people, each with a street to be written."""
    made = World(InProcess(), pay_from=date(2026, 1, 1))
    for name in NAMES:
        made.employ(name)
    made.run(FIRST)
    for name in NAMES:
        made.edit(name, Role("street"), "Central Ave")
    yield made
    made.close()


def dies_at(world: World, nth: int, day: date, *, sent: bool = True) -> None:
    """A run that is killed at its nth write, after Loket applied it or before it left."""
    hooks, moment, left = world.hooks(), "after_write" if sent else "before_write", [nth]

    def die() -> None:
        left[0] -= 1
        if not left[0]:
            raise ProcessDied
        setattr(hooks, moment, die)

    setattr(hooks, moment, die)
    assert world.run(day) is None


def run(world: World, day: date = NEXT) -> RunReport:
    report = world.run(day)
    assert report is not None
    return report


def wage(world: World, amount: int) -> None:
    """Sanne's in Personio, from the same day on."""
    person, hours = world.people["Sanne"].person, (Decimal(40), Decimal(40))
    assert person is not None
    world.hr.set_salary(person, Decimal(amount), "MONTHLY", hours=hours, effective_from=date(2026, 3, 1))


def told(world: World) -> dict[AlertKind, int]:
    """How many values all alerts together told of, by kind."""
    counted: Counter[AlertKind] = Counter()
    for alert in facts(world.everything(), AlertRaised):
        counted.update({one.kind: one.count for one in alert.happened})
    return dict(counted)


def listed(report: RunReport) -> list[tuple[str, str]]:
    """(run, field) of everything in everybody's outcome."""
    earlier = [(each.run_id, each.field) for one in report.outcomes for each in one.earlier]
    return sorted([*earlier, *((report.run_id, each.field) for one in report.outcomes for each in one.overwritten)])


@pytest.mark.parametrize("sent", [True, False])
def test_the_run_that_settles_a_cut_off_run_tells_everything_and_lists_it(world: World, *, sent: bool) -> None:
    dies_at(world, 3, CUT_OFF, sent=sent)

    report = run(world)

    by_the_dead = 3 if sent else 2
    assert listed(report) == [("run-2", STREET)] * by_the_dead + [("run-3", STREET)] * (4 - by_the_dead)
    assert told(world) == {AlertKind.OVERWRITTEN: 4}
    assert f"run run-2: {by_the_dead} fields" in (report.message or "")
    assert sum("run run-2" in text for one in report.outcomes for text in one.messages) == by_the_dead


def test_what_was_told_is_not_told_again(world: World) -> None:
    dies_at(world, 2, CUT_OFF)
    run(world, AGAIN)

    report = run(world)

    assert (listed(report), report.message) == ([], None)
    assert told(world) == {AlertKind.OVERWRITTEN: 4}


def test_a_run_that_is_cut_off_while_it_settles_another_leaves_both_to_the_next(world: World) -> None:
    dies_at(world, 2, CUT_OFF)
    dies_at(world, 1, AGAIN)

    report = run(world)

    assert listed(report) == [("run-2", STREET)] * 2 + [("run-3", STREET)] + [("run-4", STREET)]
    assert told(world) == {AlertKind.OVERWRITTEN: 4}


def _unreachable(world: World) -> RunStatus:
    world.hr.trouble(Trouble.UNREACHABLE)
    return RunStatus.REFUSED


def _held(world: World) -> RunStatus:
    world.edit("Lotte", Role("last_name"), BLANK)
    return RunStatus.BLOCKED


@pytest.mark.parametrize(("trouble", "seen"), [(_unreachable, 2), (_held, 3)])
def test_a_run_that_may_not_write_tells_what_is_on_record_already(
    world: World, trouble: Callable[[World], RunStatus], seen: int
) -> None:
    """Who cannot read Loket cannot settle the last write; that is left to whoever can."""
    dies_at(world, 3, CUT_OFF)
    status = trouble(world)

    report = run(world, AGAIN)

    assert report.status is status
    assert told(world) == {AlertKind.OVERWRITTEN: seen}
    assert "run-2" in (report.message or "")


def test_a_run_turned_away_at_the_door_does_not_take_the_telling_from_the_one_under_way(world: World) -> None:
    dies_at(world, 2, CUT_OFF)
    world.hold(TULP)
    turned_away = run(world, AGAIN)
    world.release()

    run(world)

    assert turned_away.reason == "RUN-3"
    assert told(world) == {AlertKind.OVERWRITTEN: 4}


def test_another_entity_s_run_in_between_neither_tells_nor_takes_away_what_is_not_its_own(world: World) -> None:
    world.employ("Marit", entity=TULP_SHOPS, number=9001)
    world.run(AGAIN, entity=TULP_SHOPS)
    dies_at(world, 2, CUT_OFF)
    world.edit("Marit", Role("street"), "Central Ave")

    of_the_shops = world.run(AGAIN, entity=TULP_SHOPS)
    assert of_the_shops is not None
    told_by_the_shops = told(world)
    report = run(world)

    assert (of_the_shops.earlier, told_by_the_shops) == ((), {AlertKind.OVERWRITTEN: 1})
    assert len(report.earlier) == 2
    assert told(world) == {AlertKind.OVERWRITTEN: 5}


def test_who_left_the_entity_since_is_in_the_alert_and_in_the_result(world: World) -> None:
    dies_at(world, 1, CUT_OFF)
    person = world.people["Sanne"].person
    assert person is not None
    world.hr.set_status(person, "INACTIVE")

    report = run(world)

    assert told(world) == {AlertKind.OVERWRITTEN: 4}
    assert len(report.earlier) == 1


def test_pay_that_a_cut_off_run_overwrote_is_told_too(world: World) -> None:
    run(world, AGAIN)
    wage(world, 3000)
    run(world, AGAIN)
    before = told(world)
    wage(world, 3100)
    dies_at(world, 1, AGAIN)

    report = run(world)

    (own,) = [one for one in report.outcomes if one.earlier]
    assert {each.field for each in own.earlier} == {"wage.grossWage"}
    assert told(world)[AlertKind.OVERWRITTEN] == before[AlertKind.OVERWRITTEN] + 1


def test_the_log_tells_the_run_as_its_command_did(world: World) -> None:
    dies_at(world, 3, CUT_OFF)
    report = run(world)
    tools = world.tools()

    rows = tools.views.runs.outcomes(report.run_id)
    events = tools.vault.opened(tools.log.at(sorted(place for one in rows for place in one.positions)))
    from_the_log = sorted((each.run_id, each.field) for one in in_full(rows, events) for each in one.overwritten)

    assert from_the_log == listed(report)


def test_what_earlier_runs_wrote_is_told_run_by_run_with_how_many_fields() -> None:
    one, two, three = (
        Untold(place, RunId(run), PersonId("11"), FieldPath(STREET), "Main St", "Central Ave", None)
        for place, run in ((4, "run-2"), (7, "run-3"), (9, "run-3"))
    )

    assert (told_of([]), told_of_person([])) == (None, ())
    assert told_of([one, two, three]) == (
        "RUN-8: written before this run by runs that were cut off, and told with it: "
        "run run-2: 1 field; run run-3: 2 fields"
    )
    assert told_of_person([one, two, three]) == (
        "RUN-8: 1 field written by run run-2, which was cut off",
        "RUN-8: 2 fields written by run run-3, which was cut off",
    )
