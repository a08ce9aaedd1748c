"""Salaries of several types that are paid at once, such as a base salary and a thirteenth month (PAY-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.planning.pay.case import PayCase
from domain.planning.pay.on_a_day import differ, side_by_side
from domain.planning.pay.windows import first_of_month
from domain.snapshots import Compensation, Paid


@dataclass(frozen=True, slots=True)
class Beside:
    """What of the salaries that begin can be sent, each by its first day.

    One that is paid beside another today is a mistake that somebody has to mend before anything is sent. One that will
    be, may be, or was and has ended while the other goes on, holds up nothing: it is left out, and told.
    """

    sent: Mapping[date, Sequence[Compensation]]
    now: frozenset[date]  # of those sent: paid beside another, so that none is chosen
    not_sent: tuple[date, ...]
    open_from: date  # from here on nobody knows which is meant: what Loket holds stays

    @classmethod
    def of(cls, case: PayCase, salaries: Sequence[Paid], starts: Mapping[date, Sequence[Compensation]]) -> Beside:
        """`starts`: the salaries that take over on each day."""
        unclear: set[date] = set()
        over: set[date] = set()
        for day, (begins, *_) in starts.items():
            own, others = _paid_at_once(case, salaries, day, begins)
            if differ((own or begins, *others)):
                (unclear if own else over).add(day)
        open_from = min((day for day in unclear if day > case.today or not _known(case, day)), default=date.max)
        not_sent = sorted(day for day in starts if day >= open_from or day in over)
        sent = {day: several for day, several in starts.items() if day not in not_sent}
        return cls(sent, frozenset(unclear.difference(not_sent)), tuple(not_sent), open_from)


def _known(case: PayCase, day: date) -> bool:
    """Whether a month is read that shows what goes on of what is listed in the month of a day."""
    return first_of_month(day, 1) <= case.last_window


def _paid_at_once(
    case: PayCase, salaries: Sequence[Paid], day: date, begins: Compensation
) -> tuple[Compensation | None, list[Compensation]]:
    """(what is paid now of the type of one that `begins`, of each other type that was paid beside it what is paid now).

    Now is the first month after it began and after today's, as far as it is read: of what another takes the place of,
    and of what ends, the last day may be known by its month alone.
    """
    month_after = first_of_month(day, 1)
    now = max(month_after, min(first_of_month(max(day, case.today), 1), case.last_window))
    then = {one.type_id for one in _paid_on(case, salaries, begins, day, month_after)}
    still = {one.type_id: one for one in _paid_on(case, salaries, begins, now, now)}
    return still.get(begins.type_id), [still[each] for each in sorted(then & still.keys() - {begins.type_id})]


def _paid_on(
    case: PayCase, salaries: Iterable[Paid], begins: Compensation, day: date, until: date
) -> list[Compensation]:
    """Of each type of the category the one that began last by a day, if it is still paid `until` another."""
    begun = {one.compensation: one.until for one in salaries if case.begins(one.compensation) <= day}
    return [one for one in side_by_side(begins.category, begun) if (begun[one] or date.max) >= until]
