"""Steps about pay: what Personio has, what Loket holds from which day, and how a rebuild may be cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pytest_bdd import given, parsers, then

from domain.drift.pay import is_pay
from domain.events.alert import AlertKind, AlertRaised
from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    FieldOverwritten,
    LoketFieldChanged,
    PayConverted,
    ProcessedPeriodAffected,
    WriteIntended,
    WriteRefused,
)
from domain.events.personio import AttributeChanged
from domain.planning.details import NOT_SHOWN
from domain.settings import AmountBasis, ComponentKind, PayComponent
from domain.values import BLANK, Absence, FieldPath, so_many
from tests.acceptance import words
from tests.acceptance.steps_outcomes import decision
from tests.acceptance.words import DATE, NAME, NAMES, WHOSE
from tests.support.interposed import ProcessDied
from tests.support.offices import PayHeld
from tests.support.scene import Scene
from tests.support.world import ROOS, facts

_MONEY = r"(?P<amount>-?[\d,]+\.\d+)"
_TYPE = r"\"(?P<type>[^\"]+)\""
_PERIOD = r"(?P<month>[A-Z]\w+) (?P<year>\d{4})"
_SPAN = re.compile(r"(?P<amount>[\d,]+\.\d\d) from (?P<start>\d+ \w+ \d+)(?: until (?P<end>\d+ \w+ \d+))?")


@given(parsers.re(rf"pay is synced from {DATE}"))
def pay_from(scene: Scene, day: str) -> None:
    scene.world.pay_from = words.day(day)


@given(parsers.re(r"amounts in Personio are taken for the (?P<which>full-time|part-time) ones"))
def taken_for(scene: Scene, which: str) -> None:
    scene.world.amounts_are = AmountBasis.FULL_TIME if which == "full-time" else AmountBasis.EFFECTIVE


@given("Personio shows what part-timers earn themselves")
def own_salaries(scene: Scene) -> None:
    scene.world.hr.show_own_salaries()


@given(parsers.re(rf"{_TYPE} is mapped to payroll component (?P<key>\d+) as (?P<kind>recurring|one-time|deduction)"))
def mapped(scene: Scene, type: str, key: str, kind: str) -> None:
    scene.world.components[type] = PayComponent(int(key), ComponentKind(kind.replace("-", "_")))


@given(
    parsers.re(
        rf"{_TYPE} is mapped by its id to payroll component (?P<key>\d+) as (?P<kind>recurring|one-time|deduction)"
    )
)
def mapped_by_id(scene: Scene, type: str, key: str, kind: str) -> None:
    mapped(scene, scene.world.hr.type_id(type), key, kind)


@given(parsers.re(rf"{_TYPE} is called \"(?P<name>[^\"]+)\" in Personio"))
def renamed(scene: Scene, type: str, name: str) -> None:
    scene.world.hr.rename_type(type, name)


@given(parsers.re(r"the compensation types (?P<types>[A-Z_, ]+) are enabled"))
def enabled(scene: Scene, types: str) -> None:
    scene.world.compensation_types = frozenset(types.split(", "))


@given(parsers.re(rf"{WHOSE} wage in Loket is {_MONEY} from {DATE}(?: with employer costs (?P<costs>[\d.]+))?"))
def wage_in_loket(scene: Scene, whose: str, amount: str, day: str, costs: str | None) -> None:
    one = scene.world.people[scene.who(whose)]
    more = {"employerCosts": costs} if costs else {}
    scene.world.payroll.add_wage(one.entity, one.number, words.day(day), _money(amount), **more)


@given(parsers.re(rf"{WHOSE} wage in Loket that is not full-time is {_MONEY} from {DATE}"))
def part_time_wage(scene: Scene, whose: str, amount: str, day: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.add_wage(one.entity, one.number, words.day(day), _money(amount), isGrossWageFullTime=False)


@given(parsers.re(rf"{WHOSE} wage of {DATE} in Loket becomes {_MONEY}"))
def wage_typed(scene: Scene, whose: str, day: str, amount: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.set_wage(one.entity, one.number, words.day(day), _money(amount))


@given(
    parsers.re(
        rf"(?P<name>{NAME}) receives {_TYPE} of {_MONEY}(?: (?P<currency>[A-Z]{{3}}))? "
        rf"(?P<per>a month|a year|once)(?: from| on) {DATE}"
    )
)
def receives(
    scene: Scene,
    name: str,
    type: str,
    amount: str,
    currency: str | None,
    per: str,
    day: str,
) -> None:
    category = "ONE_TIME" if per == "once" else "RECURRING"
    scene.last_pay = scene.world.hr.add_pay(
        scene.person(f"{name}'s"),
        type,
        category,
        _money(amount),
        words.day(day),
        interval="YEARLY" if per == "a year" else "MONTHLY",
        currency=currency or "EUR",
    )


@given(parsers.re(rf"(?P<name>{NAME}) receives {_TYPE} of {_MONEY} a month in a category of its own from {DATE}"))
def receives_otherwise(scene: Scene, name: str, type: str, amount: str, day: str) -> None:
    """None of the four that Personio documents."""
    scene.world.hr.add_pay(scene.person(f"{name}'s"), type, "OTHER", _money(amount), words.day(day))


@given(parsers.re(rf"(?P<name>{NAME}) also earns {_TYPE} of {_MONEY} a month from {DATE}"))
def also_earns(scene: Scene, name: str, type: str, amount: str, day: str) -> None:
    """As a fixed salary; of 0 it ends then."""
    scene.world.hr.add_pay(scene.person(f"{name}'s"), type, "FIXED_SALARY", _money(amount), words.day(day))


@given(parsers.re(rf"{NAMES} each receive {_TYPE} of {_MONEY} a month from {DATE}"))
def each_receive(scene: Scene, names: str, type: str, amount: str, day: str) -> None:
    for name in re.split(", | and ", names):
        receives(scene, name, type, amount, None, "a month", day)


@given("that payment disappears from Personio")
def disappears(scene: Scene) -> None:
    scene.world.hr.remove_pay(scene.last_pay)


@given(parsers.re(rf"{NAMES} each earn {_MONEY} a month with effect from {DATE}"))
def each_earn(scene: Scene, names: str, amount: str, day: str) -> None:
    for name in re.split(", | and ", names):
        scene.salaries[name] = scene.world.hr.set_salary(
            scene.person(f"{name}'s"),
            _money(amount),
            "MONTHLY",
            hours=(Decimal(40), Decimal(40)),
            effective_from=words.day(day),
        )


@given(parsers.re(rf"(?P<name>{NAME})'s salary disappears from Personio"))
def salary_disappears(scene: Scene, name: str) -> None:
    scene.world.hr.remove_pay(scene.salaries[name])


@given(parsers.re(rf"Personio shows us no pay of {NAMES} any more"))
def pay_hidden(scene: Scene, names: str) -> None:
    scene.world.hr.hide_pay_of([scene.person(f"{name}'s") for name in re.split(", | and ", names)])


@given("Personio shows us the pay of Roos Retail only")
def pay_of_another_entity(scene: Scene) -> None:
    scene.world.hr.limit_pay_to(ROOS.personio_id)


@given("Personio shows us all pay again")
def pay_shown(scene: Scene) -> None:
    scene.world.hr.hide_pay_of([])
    scene.world.hr.limit_pay_to(None)


@given(
    parsers.re(
        rf"{WHOSE} payments of component (?P<key>\d+) in Loket are {_MONEY} from {DATE}(?: until (?P<end>\d+ \w+ \d+))?"
    )
)
def benefit_in_loket(scene: Scene, whose: str, key: str, amount: str, day: str, end: str | None) -> None:
    one = scene.world.people[scene.who(whose)]
    until = words.day(end) if end else None
    scene.world.payroll.add_benefit(one.entity, one.number, int(key), words.day(day), _money(amount), until)


@given("that payment in Personio makes no sense")
def payment_garbled(scene: Scene) -> None:
    scene.world.hr.garble_pay(scene.last_pay)


@given(parsers.re(rf"(?P<name>{NAME})'s salary in Personio makes no sense"))
def salary_garbled(scene: Scene, name: str) -> None:
    scene.world.hr.garble_pay(scene.salaries[name])


@given("Personio's pay makes sense again")
def pay_makes_sense(scene: Scene) -> None:
    scene.world.hr.garble_pay(None)


@given("Personio does not show us which legal entity pays")
def pay_entities_hidden(scene: Scene) -> None:
    scene.world.hr.hide_pay_entities()


@given(parsers.re(rf"(?P<name>{NAME})'s raise to {_MONEY} a month is planned for {DATE}"))
def raise_planned(scene: Scene, name: str, amount: str, day: str) -> None:
    each_earn(scene, name, amount, day)


@given("the first reading of Personio misses that payment")
def missed_once(scene: Scene) -> None:
    """Pay in Loket is read after the first reading, and before the second."""
    hr, missing = scene.world.hr, scene.last_pay
    hr.hide_pay(missing)
    scene.world.hooks().on_pay = lambda: hr.hide_pay(None)


@given(parsers.re(rf"{WHOSE} value of component (?P<key>\d+) in Loket for {_PERIOD} is {_MONEY}"))
def value_in_loket(scene: Scene, whose: str, key: str, month: str, year: str, amount: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.set_value(one.entity, one.number, int(key), _period(month, year), _money(amount))


@given(parsers.re(rf"the payroll of {_PERIOD} has been run"))
def payroll_run(scene: Scene, month: str, year: str) -> None:
    scene.world.payroll.approve_period(_period(month, year))


@given(parsers.re(rf"the sync on {DATE} dies (?P<moment>before|after) its write number (?P<count>\d+)"))
def dies(scene: Scene, day: str, moment: str, count: str) -> None:
    left = int(count)

    def die() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise ProcessDied
        arm()

    def arm() -> None:
        setattr(scene.world.hooks(), f"{moment}_write", die)

    arm()
    assert scene.world.run(words.day(day)) is None


@then(parsers.re(rf"{WHOSE} wages in Loket from {DATE} on are (?P<spans>[\d,]+\.\d\d.*|none)"))
def wages(scene: Scene, whose: str, day: str, spans: str) -> None:
    one = scene.world.people[scene.who(whose)]
    held = scene.world.payroll.wages(one.entity, one.number)
    assert _told({start: each for start, each in held.items() if start >= words.day(day)}) == _spans(spans)


@then(parsers.re(rf"{WHOSE} wage in Loket from {DATE} is (?P<amount>[\d,]+\.\d\d)(?P<hourly> an hour)?"))
def wage(scene: Scene, whose: str, day: str, amount: str, hourly: str | None) -> None:
    one = scene.world.people[scene.who(whose)]
    held = scene.world.payroll.wages(one.entity, one.number)[words.day(day)]
    assert (held.amount, held.hourly) == (_money(amount), hourly is not None)


@then(parsers.re(rf"{WHOSE} wage of {DATE} in Loket still has employer costs of (?P<costs>[\d.]+)"))
def costs_kept(scene: Scene, whose: str, day: str, costs: str) -> None:
    one = scene.world.people[scene.who(whose)]
    more = scene.world.payroll.wages(one.entity, one.number)[words.day(day)].more
    assert Decimal(str(more["employerCosts"])) == Decimal(costs)


@then(parsers.re(r"the wages of her employment (?P<income>\d+) in Loket are (?P<spans>[\d,]+\.\d\d.*|none)"))
def wages_of_employment(scene: Scene, income: str, spans: str) -> None:
    one = scene.world.people[scene.last]
    assert _told(scene.world.payroll.wages(one.entity, one.number, int(income))) == _spans(spans)


@then(parsers.re(rf"{WHOSE} payments of component (?P<key>\d+) in Loket are (?P<spans>[\d,]+\.\d\d.*|none)"))
def payments(scene: Scene, whose: str, key: str, spans: str) -> None:
    one = scene.world.people[scene.who(whose)]
    held = scene.world.payroll.benefits(one.entity, one.number)
    assert _told({start: each for (component, start), each in held.items() if component == int(key)}) == _spans(spans)


@then(parsers.re(rf"{WHOSE} value of component (?P<key>\d+) in Loket for {_PERIOD} is (?P<amount>[\d,]+\.\d\d|none)"))
def value(scene: Scene, whose: str, key: str, month: str, year: str, amount: str) -> None:
    one = scene.world.people[scene.who(whose)]
    held = scene.world.payroll.values(one.entity, one.number).get((int(key), _period(month, year)))
    assert held == (None if amount == "none" else _money(amount))


@then(parsers.re(rf"the history shows that her wage from {DATE} was (?:filled with|overwritten with) {_MONEY}"))
def wage_overwritten(scene: Scene, day: str, amount: str) -> None:
    found = [
        one.after
        for one in facts(scene.world.history(scene.last), FieldOverwritten)
        if (one.field, one.effective_on) == ("wage.grossWage", words.day(day)) and not isinstance(one.after, Absence)
    ]
    assert [Decimal(str(one)) for one in found] == [_money(amount)]


@then(parsers.re(r"the history keeps the hours used: (?P<weekly>\d+) of (?P<full>\d+)"))
def hours_kept(scene: Scene, weekly: str, full: str) -> None:
    made = facts(scene.world.history(scene.last), PayConverted)
    kept = [(Decimal(str(one.weekly_hours)), Decimal(str(one.full_time_hours))) for one in made]
    assert kept == [(Decimal(weekly), Decimal(full))]


@then(parsers.re(r"the history keeps that the amount was taken for the (?P<which>full-time|part-time|undecided) one"))
def basis_kept(scene: Scene, which: str) -> None:
    made = facts(scene.world.history(scene.last), PayConverted)
    word = {"full-time": "full_time", "part-time": "effective"}.get(which, which)
    assert [one.amounts_are for one in made] == [word]


@then(parsers.re(r"the (?P<where>result|plan) counts (?P<full>\d+) full-time and (?P<own>\d+) part-time votes?"))
def votes_counted(scene: Scene, where: str, full: str, own: str) -> None:
    seen = scene.world.seen
    said = scene.world.last_report().message if where == "result" else "; ".join(seen.notes if seen else ())
    equal = so_many(int(full), "equals", "equal")
    assert f"{equal} Personio's amount as the full-time one, {own} as the person's own" in (said or "")


@then(parsers.re(r'the result counts "(?P<type>[^"]+)" as not sent for (?P<many>\d+) (?:person|people)'))
def not_sent(scene: Scene, type: str, many: str) -> None:
    assert f"{type} ({many})" in _not_sent(scene)


@then(parsers.re(r'the result counts "(?P<field>[^"]+)" as not shown by Loket for (?P<many>\d+) (?:person|people)'))
def not_shown(scene: Scene, field: str, many: str) -> None:
    assert NOT_SHOWN.format(said=f"{field} ({many})") in (scene.world.last_report().message or "")


@then("the result counts nothing as not sent")
def all_sent(scene: Scene) -> None:
    assert _not_sent(scene) == ""


@then("the result counts 1 type of pay as not sent")
def one_type_not_sent(scene: Scene) -> None:
    assert _not_sent(scene).count("(") == 1


def _not_sent(scene: Scene) -> str:
    """What the run's summary tells of PAY-15."""
    parts = (scene.world.last_report().message or "").split("; ")
    return next((one for one in parts if one.startswith("PAY-15")), "")


@then(parsers.re(rf"the history does not say that (?P<name>{NAME})'s pay went(?P<loket> from Loket)?"))
def pay_did_not_go(scene: Scene, name: str, loket: str | None) -> None:
    history = scene.world.history(name)
    own = [*facts(history, LoketFieldChanged)] if loket else [*facts(history, AttributeChanged)]
    assert [one.field for one in own if one.after is BLANK and is_pay(FieldPath(one.field))] == []


@then(parsers.re(r"the history keeps that (?P<total>[\d.]+) is (?P<parts>[\d.]+(?: and [\d.]+)*) added up"))
def parts_kept(scene: Scene, total: str, parts: str) -> None:
    (made,) = [one for one in facts(scene.world.history(scene.last), PayConverted) if one.parts]
    assert Decimal(str(made.amount)) == Decimal(total)
    assert [Decimal(str(one)) for one in made.parts] == [Decimal(one) for one in parts.split(" and ")]


@then(parsers.re(r"(?P<some>an|no) alert tells of pay that only Loket holds"))
def lonely_pay_alerted(scene: Scene, some: str) -> None:
    opened = [one for raised in facts(scene.world.everything(), AlertRaised) for one in raised.opened]
    kinds = [one.kind for one in opened if one.kind is AlertKind.PAY_ONLY_IN_LOKET]
    assert len(kinds) == (1 if some == "an" else 0)


@then("the history keeps how the amount was rounded")
def rounding_kept(scene: Scene) -> None:
    assert {one.rounding for one in facts(scene.world.history(scene.last), PayConverted)} == {
        "half up to 2 decimals, once, at the end"
    }


@then(parsers.re(r"the history shows the rebuild as one unit of (?P<steps>\d+) steps, complete"))
def chain_rebuilt(scene: Scene, steps: str) -> None:
    history = scene.world.history(scene.last)
    started, ended = facts(history, ChainRebuildStarted), facts(history, ChainRebuildEnded)
    assert [one.steps for one in started] == [int(steps)]
    assert [(one.unit, one.complete) for one in ended] == [(started[0].unit, True)]
    named = [one.intent for one in facts(history, WriteIntended) if one.intent.startswith(started[0].unit)]
    assert len(named) == int(steps)


@then(
    parsers.re(
        r"the history shows that the first try of the rebuild stopped after (?P<done>\d+) of its (?P<steps>\d+) steps, "
        r"at the one refused"
    )
)
def stopped(scene: Scene, done: str, steps: str) -> None:
    history = scene.world.history(scene.last)
    started, ended = facts(history, ChainRebuildStarted)[0], facts(history, ChainRebuildEnded)[0]
    intents = [one.intent for one in facts(history, WriteIntended) if one.intent.startswith(started.unit)]
    assert (started.steps, ended.done, ended.complete) == (int(steps), int(done), False)
    assert len(intents) == int(done) + 1  # the refused one, and none after it
    assert intents[-1] in [one.intent for one in facts(history, WriteRefused)]


@then("the history shows that the rebuild was finished in the end")
def finished(scene: Scene) -> None:
    assert facts(scene.world.history(scene.last), ChainRebuildEnded)[-1].complete


@then(parsers.re(r"the history marks payroll period (?P<period>\d{4}-\d\d) as affected"))
def affected(scene: Scene, period: str) -> None:
    marks = [one.period for one in facts(scene.world.history(scene.last), ProcessedPeriodAffected)]
    assert marks == [period]


@then(parsers.re(r"the plan shows (?P<many>\d+) writes of pay for (?P<name>[A-Z]\w+)"))
def pay_planned(scene: Scene, many: str, name: str) -> None:
    writes = decision(scene, scene.person(f"{name}'s")).writes
    assert sum(1 for one in writes if one.kind.pays) == int(many)


def _money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _period(month: str, year: str) -> tuple[int, int]:
    day = words.day(f"1 {month} {year}")
    return day.year, day.month


def _spans(text: str) -> list[tuple[str, str, str | None]]:
    """ "3,000.00 from 1 January 2026 until 31 March 2026, 3,200.00 from 1 April 2026" """
    if text == "none":
        return []
    return [
        (
            f"{_money(one['amount']):.2f}",
            words.day(one["start"]).isoformat(),
            words.day(one["end"]).isoformat() if one["end"] else None,
        )
        for one in _SPAN.finditer(text)
    ]


def _told(held: Mapping[date, PayHeld]) -> list[tuple[str, str, str | None]]:
    return [
        (f"{one.amount:.2f}", str(start), one.end.isoformat() if one.end else None)
        for start, one in sorted(held.items())
    ]
