"""What may be erased, and when: retention classes, the day each begins to count, legal periods and holds (AUD-9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.personal import Retention


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """Years that values of each class are kept."""

    fiscal_years: int = 7  # after the calendar year of the fact
    identity_years: int = 5  # after the calendar year of leaving
    hr_years: int = 2  # after leaving

    def reason_until(self, day: date) -> date:
        """The first day on which what is fiscal and of that day may go; so may a reason that is about several."""
        return date(day.year + self.fiscal_years + 1, 1, 1)


class WhyKept(StrEnum):
    LEGAL_PERIOD = "legal_period"
    EMPLOYED = "employed"  # nothing goes before leaving
    HOLD = "hold"  # kept on purpose: a lawsuit, an audit


@dataclass(frozen=True, slots=True)
class KeptClass:
    """A class that may not be erased now: restricted until `until`; None where no day is known yet."""

    retention: Retention
    why: WhyKept
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the periods are judged by: the last day a fact about the person is of, and the day they left."""

    last_fact: date
    left_on: date | None
    held: bool = False


def kept_classes(
    classes: Iterable[Retention], standing: Standing, periods: RetentionPeriods, *, today: date
) -> tuple[KeptClass, ...]:
    """Every one of these classes that must be kept today, with the reason to tell first."""
    judged = (_kept(each, standing, periods, today) for each in sorted(set(classes)))
    return tuple(each for each in judged if each is not None)


def _kept(retention: Retention, standing: Standing, periods: RetentionPeriods, today: date) -> KeptClass | None:
    if standing.held:
        return KeptClass(retention, WhyKept.HOLD)
    if standing.left_on is None or standing.left_on > today:
        return KeptClass(retention, WhyKept.EMPLOYED)  # one key holds old values and those in use
    if retention is Retention.FISCAL_7Y:
        return _until(retention, periods.reason_until(max(standing.last_fact, standing.left_on)), today)
    if retention is Retention.ID_5Y:
        return _until(retention, date(standing.left_on.year + periods.identity_years + 1, 1, 1), today)
    return _until(retention, _years_after(standing.left_on, periods.hr_years), today)


def _until(retention: Retention, until: date, today: date) -> KeptClass | None:
    return KeptClass(retention, WhyKept.LEGAL_PERIOD, until) if today < until else None


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
