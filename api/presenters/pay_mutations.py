"""The pay mutations of a period as a sheet, in the language of whoever reads it: one place for every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Final

from api.languages import amount, day, moment, number, tongue, translations
from api.presenters.values import value
from domain.attributes import GROSS_WAGE
from domain.personal import Personal
from domain.planning.pay.conversion import HOURLY, PERIODIC
from domain.rules import RULES
from domain.services.reports.pay_mutations import Pay, PayMutation, PayReport, Within
from domain.services.reports.sheet import Cell, Column, Sheet
from domain.services.reports.up_to import up_to
from domain.views.sentences import name_of
from domain.views.sentences.endings import ending

WARNING: Final = "WARNING"
TITLE: Final = "Pay mutations"
_WIDTHS: Final[Mapping[str, tuple[str, int]]] = {
    "employee_number": ("Employee", 12),
    "person_id": ("Person in Personio", 14),
    "pay": ("Kind of pay", 16),
    "field": ("Field in Loket", 28),
    "component": ("Component", 12),
    "holds_from": ("Holds from", 13),
    "before": ("Before, in Loket", 16),
    "after": ("After, in Loket", 16),
    "full_time": ("Full-time amount", 16),
    "effective": ("Own amount", 16),
    "told": ("Amount in Personio", 18),
    "interval": ("For", 12),
    "weekly_hours": ("Hours a week", 12),
    "full_time_hours": ("Full-time hours", 12),
    "rule": ("Rule", 9),
    "why": ("Why", 40),
    "processed_periods": ("Payroll periods already run", 18),
    "of_the_period": ("Of this period because", 22),
    "run_id": ("Run", 24),
    "business_date": ("Business date", 13),
    "actor": ("Run by", 18),
    "recorded_at": ("Recorded at (Amsterdam)", 19),
    "position": ("Position in the log", 10),
}
"""Every column by its name: its title, and how wide it is in characters."""

_KINDS: Final[Mapping[Pay, str]] = {
    Pay.WAGE: "Wage", Pay.RECURRING: "Recurring pay", Pay.ONE_TIME: "One-time pay",
}  # fmt: skip
_WITHIN: Final[Mapping[Within, str]] = {
    Within.BOTH: "written in it, and holds from a day in it",
    Within.WRITTEN: "written in it",
    Within.HOLDS: "holds from a day in it",
}
_INTERVALS: Final[Mapping[str, str]] = {"YEARLY": "a year", "MONTHLY": "a month", "HOURLY": "an hour"}
_ONCE: Final = "once"
_HEADS: Final = (
    "Employee", "What", "Holds from", "Before, in Loket", "After, in Loket (wages: full-time)", "Own amount",
    "Amount in Personio", "Rule", "Run", "Payroll periods already run",
)  # fmt: skip
_SHARES: Final = (1, 1.9, 1, 1.3, 1.3, 1.1, 1.9, 0.8, 1.9, 1.1)
_AMOUNTS: Final = range(3, 6)
"""Of the printed columns: how wide each is beside the others, and which hold amounts."""

_ABOUT: Final = ("Legal entity", "Period", "Personal values", "Changes", "People", "Made by")
_COUNTED: Final = ("%(wage)s of wages, %(recurring)s of recurring pay, %(one_time)s of one-time pay",)
_HOURS: Final = "%(own)s of %(full)s hours a week"
TYPES: Final[Mapping[str, str]] = {PERIODIC: "per payroll period", HOURLY: "per hour"}
_NOTHING: Final = "No change of pay belongs to this period."
_RULES: Final = "The rules named above"
_VALUES: Final = ("masked", "shown in clear")
_PERIOD: Final = "%(since)s to %(until)s"
_ABOUT_TITLE: Final = "About"
_UNKNOWN: Final = "hours not on record"
_OTHERS: Final[Mapping[str, str]] = {"Ordered by": "Ordered by", "Released by": "Released by", "Reason": "Reason"}
TEXTS: Final = (
    WARNING, TITLE, *(title for title, _ in _WIDTHS.values()), *_KINDS.values(), *_WITHIN.values(),
    *_INTERVALS.values(), *_HEADS, *_ABOUT, *_COUNTED, _HOURS, *TYPES.values(), _NOTHING, _RULES, *_VALUES, _PERIOD,
    _ABOUT_TITLE, _UNKNOWN, _ONCE, *_OTHERS,
)  # fmt: skip
"""Everything that the report itself says, to be translated."""


def pay_sheet(report: PayReport, name: str, language: str) -> Sheet:
    """`name` is the legal entity's."""
    said = translations(language).gettext
    named = {one.rule for one in report.mutations}
    return Sheet(
        name="pay_mutations",
        language=language,
        title=said(TITLE),
        subtitle=_period(report, language),
        about=tuple(_about(report, name, language)),
        columns=[Column(each, said(title), width) for each, (title, width) in _WIDTHS.items()],
        rows=[_row(one, language) for one in report.mutations],
        heads=[said(one) for one in _HEADS],
        widths=[(share, place in _AMOUNTS) for place, share in enumerate(_SHARES)],
        shown=[_shown(one, language) for one in report.mutations],
        rules=[(each.id, said(each.statement)) for each in RULES.values() if each.id in named],
        rules_title=said(_RULES),
        nothing=said(_NOTHING),
        about_title=said(_ABOUT_TITLE),
        log=up_to(report.size, report.checkpoint, said, partial(number, language=language)),
        size=report.size,
        checkpoint=report.checkpoint.text if report.checkpoint else None,
        warning=report.warning,
        warned=(said(WARNING), ending(report.warning or "", tongue(language))),
    )


def _period(report: PayReport, language: str) -> str:
    said = translations(language).gettext
    return said(_PERIOD) % {"since": day(report.since, language), "until": day(report.until, language)}


def _about(report: PayReport, name: str, language: str) -> list[tuple[str, str, str]]:
    said, counted = translations(language).gettext, report.counted()
    counts = {kind.value: number(many, language) for kind, many in counted.items()}
    told = [
        ("legal_entity", "Legal entity", f"{name} ({report.entity})"),
        ("period", "Period", _period(report, language)),
        ("values", "Personal values", said(_VALUES[report.unmasked])),
        ("changes", "Changes", said(_COUNTED[0]) % counts),
        ("people", "People", number(report.people, language)),
        ("made_by", "Made by", f"{report.made_by}, {moment(report.made_at, language)}"),
        *((name.lower().replace(" ", "_"), name, text) for name, text in report.about),
    ]
    return [(key, said(title), text) for key, title, text in told]


def _row(one: PayMutation, language: str) -> dict[str, Cell]:
    said = translations(language).gettext
    return {
        "employee_number": one.number,
        "person_id": one.person_id,
        "pay": said(_KINDS[one.pay]),
        "field": one.field,
        "component": one.component,
        "holds_from": one.holds_from,
        "before": _cell(one.before),
        "after": _cell(one.after),
        "full_time": _cell(one.after) if one.field == GROSS_WAGE else None,
        "effective": None if one.effective is None else _cell(one.effective),
        "told": None if one.told is None else _cell(one.told),
        "interval": said(_per(one)) if one.told is not None else None,
        "weekly_hours": _cell(one.weekly_hours),
        "full_time_hours": _cell(one.full_time_hours),
        "rule": one.rule,
        "why": said(RULES[one.rule].statement) if one.rule and one.rule in RULES else None,
        "processed_periods": ", ".join(one.periods),
        "of_the_period": said(_WITHIN[one.within]),
        "run_id": one.run_id,
        "business_date": one.business_date,
        "actor": one.actor,
        "recorded_at": one.recorded_at,
        "position": one.position,
    }


def _shown(one: PayMutation, language: str) -> list[str | None]:
    """Without what nobody needs on paper: the amounts as they are written in this language."""
    said = translations(language).gettext
    written = _writer(one, language)
    own = None if one.effective is None else _money(one.effective, language)
    unknown = one.pay is Pay.WAGE and own is None and one.told is not None
    return [
        str(one.number),
        _what(one, said),
        day(one.holds_from, language) if one.holds_from else None,
        written(one.before),
        written(one.after),
        said(_UNKNOWN) if unknown else own,
        _told(one, language),
        one.rule,
        f"{day(one.business_date, language) if one.business_date else one.run_id}, {one.actor}, #{one.position}",
        ", ".join(one.periods) or None,
    ]


def _what(one: PayMutation, said: Callable[[str], str]) -> str:
    name = name_of(one.field, said)
    return f"{name}, {said(TYPES[HOURLY])}" if one.hourly else name


def _told(one: PayMutation, language: str) -> str | None:
    if one.told is None:
        return None
    said = translations(language).gettext
    paid = f"{_money(one.told, language)} {said(_per(one))}"
    own, full = (_text(each) for each in (one.weekly_hours, one.full_time_hours))
    return f"{paid}, {said(_HOURS) % {'own': own, 'full': full}}" if own and full else paid


def _per(one: PayMutation) -> str:
    """For how long Personio's amount is."""
    if one.interval:
        return _INTERVALS.get(one.interval.upper(), one.interval.lower())
    return _ONCE if one.pay is Pay.ONE_TIME else _INTERVALS["HOURLY"]


def _writer(one: PayMutation, language: str) -> Callable[[Personal], str]:
    """How a value of this field is written for people."""
    said = translations(language).gettext

    def written(held: Personal) -> str:
        text = _text(held)
        if text is None:
            return "–"
        if one.field.endswith("Type"):
            return said(TYPES.get(text, text))
        try:
            return day(date.fromisoformat(text), language)
        except ValueError:
            return _money(held, language)

    return written


def _money(held: Personal, language: str) -> str:
    text = _text(held)
    try:
        return "–" if text is None else amount(Decimal(text), language)
    except InvalidOperation:
        return text or ""


def _text(held: Personal) -> str | None:
    """As open as the report is."""
    return value(held, unmask=True)


def _cell(held: Personal) -> Cell:
    """A number or a day where it is one; a word where there is no value."""
    text = _text(held)
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
