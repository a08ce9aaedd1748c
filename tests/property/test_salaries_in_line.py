"""Salaries of several types, made up: what follows one another stays as it is, and what overlaps becomes one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.planning.pay.in_line import in_line
from domain.snapshots import SALARY, Compensation, LoketEmployment, LoketPay, Paid
from domain.values import PersonId
from tests.support.people import POLICY, person

DAY = timedelta(days=1)
FIRST, TODAY = date(2025, 11, 1), date(2026, 3, 15)
JOB = LoketEmployment("m1", "adm", 1, date(2024, 1, 1), None)


SENT = replace(POLICY, entity=replace(POLICY.entity, compensation_start_date=date(2026, 1, 1)))


def told(place: int, kind: str, first: date, last: date | None, category: int = 0) -> Paid:
    pay = Compensation(
        f"c-{place}", PersonId("11"), kind, SALARY[category], Decimal(3000 + place), "EUR", "MONTHLY", first, None, None
    )
    return Paid(pay, last)


@st.composite
def one_after_another(draw: st.DrawFn) -> list[Paid]:
    """Raises, changes of type, and spells without pay: nothing is paid beside anything."""
    day, kind, found = FIRST, "a", list[Paid]()
    for place, (lasts, pause, follows, hourly) in enumerate(
        draw(
            st.lists(
                st.tuples(
                    st.integers(1, 120), st.sampled_from([0, 0, 0, 1, 40]), st.sampled_from("aab"), st.booleans()
                ),
                min_size=1,
                max_size=6,
            )
        )
    ):
        after = day + lasts * DAY
        ends = follows != kind or pause > 0
        found.append(told(place, kind, day, after - DAY if ends else None, int(hourly)))
        day, kind = after + pause * DAY, follows
    return found


@given(one_after_another(), st.randoms(use_true_random=False))
def test_salaries_that_follow_one_another_stay_as_they_are_in_whatever_order_they_are_listed(
    salaries: list[Paid], chance: Random
) -> None:
    listed = sorted(salaries, key=lambda one: one.compensation.amount)
    chance.shuffle(listed)

    found = in_line(person(), JOB, listed, LoketPay(), SENT, TODAY, {})

    by_day = sorted(found.salaries, key=lambda one: one.compensation.takes_effect)
    assert (by_day, found.ambiguous, found.left_out) == (salaries, (), ())


SPELLS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 300), st.one_of(st.none(), st.integers(0, 300))),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[:2],
)


@given(SPELLS, st.integers(0, 400))
def test_which_of_several_is_paid_is_the_same_whenever_it_is_asked(
    spells: list[tuple[str, int, int | None]], later: int
) -> None:
    salaries = [
        told(place, kind, FIRST + first * DAY, None if lasts is None else FIRST + (first + lasts) * DAY)
        for place, (kind, first, lasts) in enumerate(spells)
    ]

    today = in_line(person(), JOB, salaries, LoketPay(), SENT, TODAY, {})
    then = in_line(person(), JOB, salaries, LoketPay(), SENT, TODAY + later * DAY, {})

    assert today.salaries == then.salaries
    assert {one.compensation.id for one in today.salaries} <= {one.compensation.id for one in salaries}
    assert today.salaries != ()
