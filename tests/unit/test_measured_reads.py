"""What a read leaves for the next one to be held against, and who is asked for when it shows fewer people."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from domain.planning.plausible import Payees, Sweep
from domain.services.reading.observe import Observation
from domain.services.reading.read_pay import PayRead
from domain.services.sync.report import RunStatus
from domain.snapshots import LoketSnapshot, PersonioSnapshot
from domain.values import PersonId
from tests.support.people import NOW
from tests.support.world import ROOS, World
from tests.support.world_in_process import InProcess

ANN, BEA, CEES = (PersonId(one) for one in ("1", "2", "3"))
BEFORE = Sweep(3, 3, Payees(salaried=frozenset({ANN, BEA}), earlier=frozenset({CEES})))


def measured(*, accepted: bool = False) -> Payees | None:
    """Of a read that shows Ann's pay, after one that showed Ann's and Bea's, and Cees's long ago."""
    pay = PayRead(payees=Payees(salaried=frozenset({ANN})))
    read = Observation(
        PersonioSnapshot(NOW, ()), LoketSnapshot(NOW, {}, ()), (), pay=pay, last=BEFORE, accepted=accepted,
        pay_hidden=frozenset({BEA}),
    )  # fmt: skip
    return read.measure.payees


def test_a_salary_that_is_not_shown_stays_known_whoever_is_left_out_meanwhile() -> None:
    assert measured() == Payees(salaried=frozenset({ANN}), earlier=frozenset({BEA, CEES}))


def test_a_salary_whose_loss_somebody_accepted_is_known_no_more() -> None:
    assert measured(accepted=True) == Payees(salaried=frozenset({ANN}), earlier=frozenset({CEES}))


@pytest.mark.parametrize("moved", [True, False], ids=["in another legal entity", "not shown at all"])
@pytest.mark.parametrize(("many", "believed"), [(20, True), (21, False)])
def test_of_twenty_who_left_at_once_two_looks_are_believed_and_of_more_a_person_has_to_look(
    many: int, believed: bool, moved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(World(InProcess())) as world:
        people = [world.employ(f"Person{number}").person for number in range(25)]
        world.run(date(2026, 3, 15))
        gone = [one for one in people[:many] if one is not None]
        for one in gone:
            if moved:
                world.hr.move(one, ROOS.personio_id)
            else:
                world.hr.delete(one)
        personio, asked = world.tools().personio, set[PersonId]()
        ask = personio.ask

        def heard(people: Sequence[PersonId], **about: Any) -> Any:
            asked.update(people)
            return ask(people, **about)

        monkeypatch.setattr(personio, "ask", heard)
        looks = [world.run(date(2026, 3, day)) for day in (16, 17)]

        assert asked == (set(gone) if believed and not moved else set())
        ends = (RunStatus.REFUSED, RunStatus.COMPLETED if believed else RunStatus.REFUSED)
        assert tuple(one.status for one in looks if one) == ends
