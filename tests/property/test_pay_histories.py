"""Whatever salaries Personio has and whatever wages Loket holds: one run makes Loket equal from the start date on.

And touches nothing from before it, writes nothing a second time, and comes to the same end when it is cut anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.services.sync.report import RunStatus
from tests.support.interposed import ProcessDied
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

LINE = date(2026, 1, 1)
TODAY = date(2026, 3, 15)
EMPLOYED = date(2024, 1, 1)

days = st.integers(-500, 350).map(lambda offset: LINE + timedelta(days=offset))
amounts = st.decimals("100", "9999.99", places=2)
chains = st.dictionaries(days, amounts, max_size=5)


@dataclass(frozen=True)
class Ended:
    """Loket's wages after a run: (start, amount), and how many writes reached Loket."""

    wages: dict[date, Decimal]
    writes: int


def history(personio: dict[date, Decimal], loket: dict[date, Decimal]) -> World:
    world = World(InProcess(), pay_from=LINE)
    sanne = world.employ("Sanne")
    assert sanne.person is not None
    for start, amount in sorted(loket.items()):
        world.payroll.add_wage(TULP, sanne.number, start, amount)
    hours = (Decimal(40), Decimal(40))
    for start, amount in personio.items():
        world.hr.set_salary(sanne.person, amount, "MONTHLY", hours=hours, effective_from=start)
    return world


def move_salary(world: World, amount: Decimal, moved: date, to: date) -> None:
    hr: Any = world.hr
    (pay,) = (one for one in hr._pay if one.effective_from == moved)
    hr.remove_pay(pay.id)
    hr.set_salary(pay.person, amount, "MONTHLY", hours=(Decimal(40), Decimal(40)), effective_from=to)


def in_force(chain: dict[date, Decimal], day: date) -> Decimal | None:
    return chain.get(max((start for start in chain if start <= day), default=date.min))


def ended(world: World, day: date) -> Ended:
    report = world.run(day)
    assert report is not None
    assert report.status is RunStatus.COMPLETED, report
    number = world.people["Sanne"].number
    held = world.payroll.wages(TULP, number)
    return Ended({start: one.amount for start, one in held.items()}, len(world.writes()))


def expected(personio: dict[date, Decimal], loket: dict[date, Decimal]) -> dict[date, Decimal]:
    """Personio from its first salary after the line on, where it has one; before that whatever Loket had."""
    after = {max(start, EMPLOYED): amount for start, amount in sorted(personio.items()) if start >= LINE}
    theirs = min(after, default=date.max)
    return {**{start: amount for start, amount in loket.items() if start < theirs}, **after}


@settings(max_examples=60)
@given(personio=chains, loket=chains)
def test_loket_becomes_equal_from_the_line_on_and_stays_so(
    personio: dict[date, Decimal], loket: dict[date, Decimal]
) -> None:
    world = history(personio, loket)
    try:
        first, second = ended(world, TODAY), ended(world, TODAY + timedelta(days=1))
    finally:
        world.close()

    assert first.wages == second.wages == expected(personio, loket)
    assert second.writes == 0


@settings(max_examples=40)
@given(personio=chains, loket=chains, cut=st.integers(1, 8), applied=st.booleans())
def test_a_run_cut_at_any_write_ends_after_the_next_one_as_if_nothing_had_happened(
    personio: dict[date, Decimal], loket: dict[date, Decimal], cut: int, applied: bool
) -> None:
    world = history(personio, loket)
    hooks = world.hooks()
    left = cut

    def die() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise ProcessDied
        setattr(hooks, moment, die)

    moment = "after_write" if applied else "before_write"
    setattr(hooks, moment, die)
    try:
        world.run(TODAY)
        setattr(hooks, moment, lambda: None)
        final = ended(world, TODAY + timedelta(days=1))
        again = ended(world, TODAY + timedelta(days=2))
    finally:
        world.close()

    assert final.wages == again.wages == expected(personio, loket)
    assert again.writes == 0


@settings(max_examples=60)
@given(personio=chains.filter(bool), loket=chains, to=days, which=st.integers(0, 4))
def test_what_was_sent_and_is_in_force_stays_paid_when_a_salary_begins_on_another_day(
    personio: dict[date, Decimal], loket: dict[date, Decimal], to: date, which: int
) -> None:
    """HR corrects when a salary began: nobody loses pay of that amount by it, whichever side of the line it is on."""
    moved = sorted(personio)[which % len(personio)]
    theirs = {start: amount for start, amount in personio.items() if start != moved}
    assume(to not in theirs)
    theirs[to] = personio[moved]
    world = history(personio, loket)
    try:
        first = ended(world, TODAY)
        move_salary(world, personio[moved], moved, to)
        second = ended(world, TODAY + timedelta(days=1))
    finally:
        world.close()

    for day in {*first.wages, *second.wages, *theirs}:
        sent = max((start for start in first.wages if start <= day), default=LINE)
        ours = sent in personio and sent >= LINE
        if ours and in_force(theirs, day) == in_force(first.wages, day):
            assert in_force(second.wages, day) == in_force(first.wages, day), day
