"""What a read leaves for the next one to be held against."""

from __future__ import annotations

from domain.planning.plausible import Payees, Sweep
from domain.services.reading.observe import Observation
from domain.services.reading.read_pay import PayRead
from domain.snapshots import LoketSnapshot, PersonioSnapshot
from domain.values import PersonId
from tests.support.people import NOW

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
