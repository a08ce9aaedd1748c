"""Whatever people do between the runs of a day: of whom a run did not read it neither writes nor records (RUN-15).

In Loket, in Personio, and about differences: whatever a run goes by may have changed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.attributes import CITIZEN_SERVICE_NUMBER, CONSIDER, PAYMENT_IBAN, Role
from domain.errors import TweeluikError
from domain.services.replay.looks import Looks, NotReplayable
from domain.settings import AmountBasis
from domain.values import EmployeeNumber, FieldPath, Observed, RunId
from tests.support.derived import deviations
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

DAY: Final = date(2026, 3, 15)
NAMES: Final = ("Sanne", "Daan", "Joris")
STREET: Final = FieldPath("address.street")
TYPED: Final[dict[FieldPath, tuple[Observed, ...]]] = {
    PAYMENT_IBAN: ("NL02ABNA0123456789", "NL91ABNA0417164300"),
    STREET: ("Harbour Rd", "Central Ave"),
    CITIZEN_SERVICE_NUMBER: ("111222333", "123456782"),
}
IN_PERSONIO: Final[dict[Role, tuple[Observed, ...]]] = {
    Role("iban"): ("NL02ABNA0123456789", "NL91ABNA0417164300"),
    Role("street"): ("Harbour Rd", "Central Ave"),
    CONSIDER: ("Yes", "No"),
}

Act = Callable[[World, str], object]
UNTIL: Final = date(2026, 5, 1)


def _number(world: World, name: str) -> EmployeeNumber:
    return EmployeeNumber(world.people[name].number)


def _types(path: FieldPath, value: Observed) -> Act:
    return lambda world, name: world.payroll.set_field(TULP, world.people[name].number, path, value)


def _edits(role: Role, value: Observed) -> Act:
    return lambda world, name: world.edit(name, role, value)


def _raises_pay(world: World, name: str) -> None:
    world.payroll.set_wage(TULP, world.people[name].number, date(2026, 2, 1), Decimal(3300))


def _ends(world: World, name: str) -> None:
    world.payroll.end_employment(TULP, world.people[name].number, date(2026, 2, 28))


def _resumes(world: World, name: str) -> None:
    world.payroll.end_employment(TULP, world.people[name].number, None)


ACTS: Final[tuple[Act, ...]] = (
    *(_types(path, value) for path, values in TYPED.items() for value in values),
    *(_edits(role, value) for role, values in IN_PERSONIO.items() for value in values),
    _raises_pay,
    _ends,
    _resumes,
    lambda world, _: world.check(DAY),
    lambda world, _: world.look(DAY),
    lambda world, name: world.deciding("ok").accept(_number(world, name), PAYMENT_IBAN, until=UNTIL),
    lambda world, name: world.deciding("ok").accept(_number(world, name), STREET, until=UNTIL),
    lambda world, name: world.deciding("no").withdraw(_number(world, name), PAYMENT_IBAN),
    lambda world, name: world.deciding("later").hold_out(_number(world, name)),
    lambda world, name: world.deciding("now").let_in(_number(world, name)),
    lambda world, name: world.run(DAY, only=frozenset({_number(world, name)})),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(NAMES)), max_size=4), min_size=3, max_size=6))
def test_of_whom_a_run_did_not_read_it_neither_writes_nor_records_anything(
    between: list[list[tuple[Act, str]]],
) -> None:
    world = World(InProcess(), pay_from=date(2026, 1, 1), amounts_are=AmountBasis.FULL_TIME)
    world.allow_accepted_drift = True
    for name in NAMES:
        person = world.employ(name).person
        assert person is not None
        world.payroll.add_wage(TULP, world.people[name].number, date(2026, 2, 1), Decimal(3000))
        world.hr.set_salary(person, Decimal(3000), "MONTHLY", hours=None, effective_from=date(2026, 2, 1))
    world.run(DAY)

    for hour, acts in enumerate(between, start=10):
        for act, name in acts:
            with suppress(TweeluikError):  # there is no such difference, or nothing to withdraw
                act(world, name)
        world.run(DAY, time(hour))
        unread = _not_read(world)
        told = {part for event in world.news() for part in event.stream.split(":")[2:3] if event.stream[:3] != "run"}
        assert unread.isdisjoint(world.hooks().read_last)
        assert unread.isdisjoint(world.writes())
        assert {str(one) for one in unread}.isdisjoint(told)

    assert deviations(world.tools()) == []
    world.close()


def _not_read(world: World) -> set[int]:
    """The numbers of whom the last run did not read, as it has it on record."""
    tools = world.tools()
    try:
        unread = Looks(tools.log, tools.vault).look(RunId(world.last_report().run_id)).unread
    except NotReplayable:  # it was refused before it judged anybody
        return set()
    return {one.number for one in world.people.values() if one.person in unread}
