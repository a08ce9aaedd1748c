"""The part of an examination about pay: what the wages that Loket holds say of a setting that Personio leaves open.

Pay is read for it whether or not the legal entity has a compensation start date: the settings are wanted before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from domain.errors import Misconfigured, ReadFailed
from domain.examination import Check, Verdict
from domain.planning.pay.hours import Factors, factors
from domain.planning.pay.votes import Votes, votes
from domain.services.journal import Tools
from domain.services.reading.observe import Observation
from domain.services.reading.read_pay import read_pay, with_pay, with_told
from domain.settings import AmountBasis, Policy, WeeklyHours
from domain.values import so_many

_READING: Final = {AmountBasis.FULL_TIME: "the full-time one", AmountBasis.EFFECTIVE: "the person's own"}


def check_pay(seen: Observation, tools: Tools, policy: Policy, today: date, *, rights: str) -> Iterator[Check]:
    """`rights`: what to do about a refusal."""
    try:
        shown = _with_todays_pay(seen, tools, policy, today)
    except (Misconfigured, ReadFailed) as reason:
        yield Check("wages and hours in Loket", Verdict.WARNING, f"cannot be compared: {reason}", rights)
        return
    yield amounts(votes(shown.personio, shown.loket, policy, on=today), policy.pay.amounts_are)
    yield hours(factors(shown.personio, shown.loket, policy, on=today), policy.pay.weekly_hours)


def _with_todays_pay(seen: Observation, tools: Tools, policy: Policy, today: date) -> Observation:
    if policy.entity.compensation_start_date is not None:
        return seen
    from_today = replace(
        policy,
        entity=replace(policy.entity, compensation_start_date=today),
        pay=replace(policy.pay, months_ahead=0),
    )
    pay = read_pay(tools, from_today, seen.personio, seen.loket, today, frozenset())
    return replace(seen, personio=with_told(seen.personio, pay), loket=with_pay(seen.loket, pay))


def amounts(cast: Votes, setting: AmountBasis) -> Check:
    """Which reading of a part-timer's amount Loket's wages confirm (PAY-9); proposed here, set by a person."""
    name = "which amount of a part-timer Personio shows"
    equal = so_many(cast.full_time, "equals", "equal")
    told = (
        f"of part-timers' wages in Loket {equal} it as the full-time one, {cast.effective} as the "
        f"person's own, {cast.neither} neither"
    )
    undecided = setting is AmountBasis.UNDECIDED
    if cast.proposal is setting and not undecided:
        return Check(name, Verdict.OK, f'{told}: amounts_are = "{setting}" fits')
    if cast.proposal is not AmountBasis.UNDECIDED:
        do = f'set [pay] amounts_are = "{cast.proposal}": they show {_READING[cast.proposal]}'
        return Check(name, Verdict.WARNING if undecided else Verdict.FAULT, told, do)
    if cast.full_time:
        do = "look at these people first: hours or amounts are not the same in both systems"
        return Check(name, Verdict.WARNING, told, do)
    do = "compare a part-timer's salary in Personio with the contract before you set [pay] amounts_are"
    return Check(name, Verdict.NOT_SEEN, told, do if undecided else "")


def hours(counted: Factors, setting: WeeklyHours) -> Check:
    """Whether Loket would scale wages by the hours that Personio shows (PAY-13)."""
    name = "part-time factors are the same in both systems"
    told = f"{counted.same} the same, {counted.differing} different, {counted.hidden} not shown by one of the two"
    if counted.differing:
        do = 'make the hours the same, or set [pay] weekly_hours = "send"'
        return Check(name, Verdict.DOES_NOT_HOLD, told, do)
    if not counted.same or setting is WeeklyHours.IGNORE:
        return Check(name, Verdict.NOT_SEEN, told)
    return Check(name, Verdict.HOLDS, told)
