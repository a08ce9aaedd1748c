"""Whatever pay Personio has, and whatever part of it is not shown: nobody's pay ends because all of it vanished.

And plan, run and drift check say the same about it (PAY-14, PAY-10).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.planning.findings import FindingCode
from domain.planning.plausible import IMPLAUSIBLE_READ
from domain.services.sync.report import RunStatus
from domain.settings import ComponentKind, PayComponent
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

LINE = date(2026, 1, 1)
TODAY = date(2026, 3, 15)
NAMES = ("Sanne", "Daan", "Lotte", "Joost", "Iris")
FULL_TIME = (Decimal(40), Decimal(40))

days = st.integers(0, 300).map(lambda offset: LINE + timedelta(days=offset))
amounts = st.decimals("100", "9999.99", places=2)


@dataclass(frozen=True)
class Pay:
    """Of one person: salaries, allowances and bonuses by the day each holds from."""

    salaries: dict[date, Decimal]
    allowances: dict[date, Decimal]
    bonuses: dict[date, Decimal]


pays = st.builds(
    Pay,
    st.dictionaries(days, amounts, min_size=1, max_size=2),
    st.dictionaries(days, amounts, max_size=2),
    st.dictionaries(days, amounts, max_size=2),
)


def paid(companies: list[Pay]) -> tuple[World, dict[str, list[str]]]:
    """A world with these people in both systems, and the ids of everybody's compensations."""
    components = {
        "Phone": PayComponent(284, ComponentKind.RECURRING),
        "Bonus": PayComponent(372, ComponentKind.ONE_TIME),
    }
    world = World(InProcess(), pay_from=LINE, components=components)
    listed: dict[str, list[str]] = {}
    for name, pay in zip(NAMES, companies, strict=False):
        person = world.employ(name).person
        assert person is not None
        hr = world.hr
        listed[name] = [
            *(
                hr.set_salary(person, each, "MONTHLY", hours=FULL_TIME, effective_from=day)
                for day, each in pay.salaries.items()
            ),
            *(hr.add_pay(person, "Phone", "RECURRING", each, day) for day, each in pay.allowances.items()),
            *(hr.add_pay(person, "Bonus", "ONE_TIME", each, day) for day, each in pay.bonuses.items()),
        ]
    return world, listed


def held(world: World, name: str) -> tuple[object, ...]:
    number = world.people[name].number
    office = world.payroll
    return office.wages(TULP, number), office.benefits(TULP, number), office.values(TULP, number)


@settings(max_examples=25)
@given(
    companies=st.lists(pays, min_size=1, max_size=len(NAMES)),
    hidden=st.sets(st.integers(0, len(NAMES) - 1)),
    gone=st.sets(st.integers(0, 20)),
)
def test_nobodys_pay_ends_because_all_of_it_vanished(companies: list[Pay], hidden: Set[int], gone: Set[int]) -> None:
    """`hidden`: of whom nothing is shown. `gone`: compensations that are removed, by their place among everyone's."""
    world, listed = paid(companies)
    try:
        first = world.run(TODAY)
        assert first is not None
        assert first.status is RunStatus.COMPLETED
        before = {name: held(world, name) for name in listed}
        salaries = {
            name: {*ids[: len(pay.salaries)]} for (name, ids), pay in zip(listed.items(), companies, strict=False)
        }
        every = [(name, one) for name, ids in listed.items() for one in ids]
        for name, one in (every[place] for place in sorted(gone) if place < len(every)):
            world.hr.remove_pay(one)
            listed[name].remove(one)
        nothing = {name for place, name in enumerate(listed) if place in hidden or not listed[name]}
        world.hr.hide_pay_of([world.people[name].person for name in nothing if world.people[name].person])

        seen = world.look(TODAY + timedelta(days=1))
        checked = world.check(TODAY + timedelta(days=1))
        second = world.run(TODAY + timedelta(days=1))
    finally:
        world.close()

    assert second is not None
    for name in nothing | {name for name, ids in salaries.items() if not ids & {*listed[name]}}:
        assert held(world, name)[0] == before[name][0]  # a wage is never ended by silence, beside other pay neither
    if nothing:
        assert second.status in (RunStatus.BLOCKED, RunStatus.REFUSED)
        assert {name: held(world, name) for name in listed} == before
    assert (seen is None) == (checked is None) == (second.reason == IMPLAUSIBLE_READ)
    if second.status is RunStatus.BLOCKED and seen is not None and checked is not None:
        unseen = {one.number for one in checked.verdict.not_compared if one.why == FindingCode.PAY_NOT_VISIBLE}
        assert unseen == {one.number for one in seen.plan.decisions if one.pay_unclear}
        assert unseen == {world.people[name].number for name in nothing}
        assert not {one.number for one in checked.verdict.drift} & unseen
