"""What an examination says of the amounts of part-timers, however Loket's wages vote (PAY-9)."""

from __future__ import annotations

import pytest

from domain.examination import Verdict
from domain.planning.pay.hours import Factors
from domain.planning.pay.votes import Votes
from domain.services.setup.examine_pay import amounts, hours
from domain.settings import AmountBasis, WeeklyHours
from domain.values import so_many

UNDECIDED, FULL_TIME, EFFECTIVE = AmountBasis.UNDECIDED, AmountBasis.FULL_TIME, AmountBasis.EFFECTIVE


@pytest.mark.parametrize(
    ("cast", "setting", "verdict", "do"),
    [
        (Votes(full_time=2), UNDECIDED, Verdict.WARNING, 'set [pay] amounts_are = "full_time"'),
        (Votes(effective=2, neither=1), UNDECIDED, Verdict.WARNING, 'set [pay] amounts_are = "effective"'),
        (Votes(effective=2, neither=1), EFFECTIVE, Verdict.OK, ""),
        (Votes(effective=1), FULL_TIME, Verdict.FAULT, 'set [pay] amounts_are = "effective"'),
        (Votes(full_time=1), EFFECTIVE, Verdict.FAULT, 'set [pay] amounts_are = "full_time"'),
        (Votes(full_time=3, effective=1), UNDECIDED, Verdict.WARNING, "look at these people first"),
        (Votes(full_time=3, effective=1), FULL_TIME, Verdict.WARNING, "look at these people first"),
        (Votes(neither=3), UNDECIDED, Verdict.NOT_SEEN, "with the contract"),
        (Votes(), UNDECIDED, Verdict.NOT_SEEN, "with the contract"),
        (Votes(neither=3), EFFECTIVE, Verdict.NOT_SEEN, ""),
    ],
)
def test_a_setting_is_proposed_only_where_every_wage_that_speaks_says_the_same(
    cast: Votes, setting: AmountBasis, verdict: Verdict, do: str
) -> None:
    check = amounts(cast, setting)

    assert check.verdict is verdict
    assert check.do.startswith(do) if do.startswith("set") else do in check.do
    assert bool(check.do) == bool(do)
    equal = so_many(cast.full_time, "equals", "equal")
    assert f"{equal} it as the full-time one, {cast.effective} as the" in check.told


@pytest.mark.parametrize(
    ("counted", "setting", "verdict", "do"),
    [
        (Factors(same=2), WeeklyHours.COMPARE, Verdict.HOLDS, ""),
        (Factors(same=2, differing=1), WeeklyHours.COMPARE, Verdict.DOES_NOT_HOLD, 'weekly_hours = "send"'),
        (Factors(hidden=1), WeeklyHours.COMPARE, Verdict.NOT_SEEN, ""),
        (Factors(same=2), WeeklyHours.IGNORE, Verdict.NOT_SEEN, ""),
    ],
)
def test_part_time_factors_hold_where_some_are_the_same_and_none_differs(
    counted: Factors, setting: WeeklyHours, verdict: Verdict, do: str
) -> None:
    check = hours(counted, setting)

    assert (check.verdict, do in check.do, bool(check.do)) == (verdict, True, bool(do))
    assert f"{counted.same} the same, {counted.differing} different, {counted.hidden} not shown" in check.told
