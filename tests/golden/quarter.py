"""A company's spring: what people do in both systems, and all that the product makes of it, from top to bottom.

python -m tests.golden.quarter                writes `quarter.txt` anew, to be read before it is kept

Under each act stands what it leaves in the log, but for what decisions stood on, which is held by deriving every one of
them again; and of a run or plan what it told. Ids and keys are counters of the
fakes, so the same code says the same.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from domain.attributes import EMPLOYEE_NUMBER, INCOME_NUMBER, Role
from domain.errors import TweeluikError
from domain.log import Recorded
from domain.planning.decide import Decision
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import replay
from domain.services.sync.report import RunReport
from domain.settings import AmountBasis, ComponentKind, LegalEntity, PayComponent, WeeklyHours
from domain.values import BLANK, EmployeeNumber, FieldPath, Observed, PersonId
from domain.views.tasks import TaskFilters
from tests.support.derived import deviations
from tests.support.faults import LoketFault
from tests.support.interposed import ProcessDied
from tests.support.offices import Trouble, Unreadable
from tests.support.world import AMSTERDAM, LAVENDEL, LONG_AGO, TULP, TULP_SHOPS, Wiring, World
from tests.support.world_in_process import InProcess

FILE: Final = Path(__file__).with_name("quarter.txt")
TRAVEL, BONUS, BIKE = "Travel allowance", "Bonus", "Bike plan"
COMPONENTS: Final = {
    TRAVEL: PayComponent(50, ComponentKind.RECURRING),
    BONUS: PayComponent(60, ComponentKind.ONE_TIME),
    BIKE: PayComponent(70, ComponentKind.DEDUCTION),
}
FULL: Final = (Decimal(40), Decimal(40))
HALF: Final = (Decimal(20), Decimal(40))
STREET, CITY = FieldPath("address.street"), FieldPath("address.city")
PHONE: Final = FieldPath("contactInformation.phoneNumber")


def collected() -> str:
    """The whole spring."""
    quarter = Quarter()
    for chapter in (february, march, april, may):
        quarter.title(chapter)
        chapter(quarter)
    quarter.derive_again()
    quarter.close()
    return "\n".join(quarter.told) + "\n"


class Quarter:
    """The story so far."""

    def __init__(self, wiring: Wiring | None = None) -> None:
        self.world = World(wiring or InProcess())
        self.world.pay_from = date(2026, 2, 1)
        self.world.components.update(COMPONENTS)
        self.world.amounts_are = AmountBasis.FULL_TIME
        self.world.weekly_hours = WeeklyHours.SEND
        self.world.allow_accepted_drift = True
        self.told: list[str] = []
        self.salaries: dict[str, str] = {}
        self.pay: dict[str, str] = {}
        self._seen = 0
        self._long: dict[tuple[str, str], str] = {}  # by event and field

    def title(self, chapter: Callable[..., object]) -> None:
        self.told += ["", f"## {chapter.__doc__}"]

    # --- who does what ---

    def person(self, name: str) -> PersonId:
        person = self.world.people[name].person
        assert person is not None
        return person

    def number(self, name: str) -> EmployeeNumber:
        return EmployeeNumber(self.world.people[name].number)

    def edit(self, name: str, since: date | None = None, **values: Observed) -> None:
        """In Personio."""
        for role, value in values.items():
            self.world.edit(name, Role(role), value, since=since)

    def types(self, name: str, path: FieldPath, value: Observed) -> None:
        """In Loket."""
        one = self.world.people[name]
        self.world.payroll.set_field(one.entity, one.number, path, value)

    def earns(
        self, name: str, amount: int, since: date, *, hours: tuple[Decimal, Decimal] = FULL, per: str = "MONTHLY"
    ) -> None:
        money = Decimal(amount)
        self.salaries[name] = self.world.hr.set_salary(self.person(name), money, per, hours=hours, effective_from=since)

    def receives(self, name: str, what: str, amount: str, since: date, per: str = "MONTHLY") -> None:
        category = "ONE_TIME" if what == BONUS else "RECURRING"
        self.pay[f"{name} {what}"] = self.world.hr.add_pay(
            self.person(name), what, category, Decimal(amount), since, interval=per
        )

    # --- what the product makes of it ---

    def sync(self, day: date, at: time = time(9), **more: Any) -> RunReport | None:
        report = self.world.run(day, at, **more)
        self._say(f"sync {'' if report is None else report.status.value}{_options(more)}")
        if report is not None:
            self._lines(self._report(report))
        return report

    def agreed(self, day: date, at: time, **how: Any) -> None:
        """A second person looks at what was refused, and agrees."""
        self.sync(day, at, actor="Bram", **{name: self.world.last_report().fingerprint for name in how})

    def plan(self, day: date, **more: Any) -> None:
        seen = self.world.look(day, **more)
        self._say("plan")
        if seen is None:
            self._lines([self.world.refusal])
            return
        self._lines(seen.notes)
        self._lines(self._decision(one) for one in seen.plan.decisions)
        self._lines(f"about to be overwritten: {one}" for one in seen.overwriting)

    def check(self, day: date, **more: Any) -> None:
        found = self.world.check(day, **more)
        self._say("drift check")
        if found is None:
            self._lines([self.world.refusal])
            return
        self._lines(found.notes)
        verdict = found.verdict
        for what, differing in (("drift", verdict.drift), ("pending", verdict.pending)):
            self._lines(f"{what}: {one}" for one in differing)
        self._lines(f"not compared: {one}" for one in verdict.not_compared)

    def validate(self, day: date, **more: Any) -> None:
        made = self.world.validate(day, **more)
        self._say("validation")
        self._lines([self.world.refusal] if made is None else [])

    def does(self, what: str, act: Callable[[], object]) -> None:
        """Somebody decides; a refusal is told as they are told it."""
        try:
            act()
        except TweeluikError as reason:
            what = f"{what}, refused: {reason}"
        self._say(what)

    def dies(self) -> None:
        raise ProcessDied

    # --- how it is told ---

    def _say(self, what: str) -> None:
        now = self.world.clock.now().astimezone(AMSTERDAM)
        self.told += ["", f"### {now:%-d %B %H:%M}: {what}"]
        tools = self.world.tools()
        tools.views.catch_up()
        news = tools.vault.opened(tools.log.page(self._seen - 1, 100_000))
        self._seen = tools.log.size()
        self._lines(self._event(one) for one in news if not one.name.startswith("grounds."))

    def _lines(self, lines: Iterable[str]) -> None:
        names = {one.person: one.name for one in self.world.people.values() if one.person is not None}
        for line in lines:
            for person, name in names.items():
                line = line.replace(f"{person}", name)
            self.told.append(f"    {line}")

    def _event(self, one: Recorded) -> str:
        """What is long and is as the last such event had it is not told again."""
        told: dict[str, Any] = json.loads(msgspec.json.encode(one.fact))
        parts = []
        for name, value in told.items():
            said = _short(value)
            known, self._long[one.name, name] = self._long.get((one.name, name)), said
            parts.append(f"{name}={'(the same)' if said == known and len(said) > _LONG else said}")
        return f"{one.stream} {one.name} {' '.join(parts)}"

    def _report(self, report: RunReport) -> Iterable[str]:
        if report.message:
            yield f"= {report.message}"
        for size, beside in report.sizes.items():
            yield f"= {size}: {beside}"
        for one in report.outcomes:
            if one.messages:
                yield f"= {one.person} {one.number}: {' | '.join(one.messages)}"

    def _decision(self, one: Decision) -> str:
        parts = [f"- {one.person} {one.number} {type(one.link).__name__}"]
        parts += [f"left out {one.left_out.label.value}"] if one.left_out else []
        parts += [f"{each.code.value} {each.field or ''} {each.detail}".rstrip() for each in one.findings]
        parts += [f"({each.code.value} {each.detail})" for each in one.notices]
        for write in one.writes:
            changes = ", ".join(f"{each.field} {each.before} → {each.after}" for each in write.changes)
            parts.append(f"{write.kind.value}[{changes}]")
        return " ".join(parts)

    def derive_again(self) -> None:
        """Every decision of the spring, from the log."""
        tools = self.world.tools()
        made = [replay(Looks(tools.log, tools.vault), name) for name in looks_between(tools.log)]
        decisions, verdicts = sum(one.people for one in made), Counter[str]()
        for one in made:
            verdicts.update(one.verdicts)
        self.told += ["", f"## Derived again: {len(made)} runs, checks and validations, {decisions} decisions"]
        self._lines(f"{verdict}: {count}" for verdict, count in sorted(verdicts.items()))
        self._lines(deviations(tools))

    def close(self) -> None:
        self.world.close()


_LONG: Final = 60
_TOLD: Final = {
    "confirm": "of the plan that was stopped",
    "accept_read": "of the read that was doubted",
    "only": "pilot",
}


def _options(more: dict[str, Any]) -> str:
    said = [each.name for each in more.values() if isinstance(each, LegalEntity)]
    said += [f"by {more['actor']}"] if "actor" in more else []
    return "".join(f", {one}" for one in (*said, *(_TOLD[name] for name in more if name in _TOLD)))


def _short(value: Any) -> str:
    """JSON, but for what comes in long lists: values, changes, and how many people show an attribute."""
    match value:
        case [{"field": _, "value": _}, *_]:
            return _listed(f"{one['field']}: {_short(one['value'])}" for one in value)
        case [{"field": _, "before": _, "after": _}, *_]:
            return _listed(f"{one['field']}: {_short(one['before'])} → {_short(one['after'])}" for one in value)
        case [{"key": _, "shown": _, "valued": _}, *_]:
            return _listed(f"{one['key']} {one['shown']}/{one['valued']}" for one in value)
    return json.dumps(value, ensure_ascii=False)


def _listed(each: Iterable[str]) -> str:
    return f"[{', '.join(each)}]"


# --- the story ---


def february(story: Quarter) -> None:
    """February: everybody is in both systems, and the first syncs run"""
    world, first = story.world, date(2026, 2, 1)
    for name in ("Sanne", "Daan", "Joris", "Noor", "Bram", "Lotte", "Ruben", "Tess", "Koen"):
        world.employ(name)
    world.employ("Youri", entity=TULP_SHOPS)
    world.employ_elsewhere()
    for name in ("Mila", "Eva"):
        world.hire(name)
    story.edit("Eva", LONG_AGO, country="BE", postal_code="1000", city="Brussel", iban="BE71096123456769")
    world.hr.set_status(story.person("Bram"), "LEAVE")
    world.only_in_loket("Wim")
    for name, amount in (("Sanne", 4000), ("Daan", 3200), ("Lotte", 2900), ("Ruben", 5100), ("Tess", 3300)):
        story.earns(name, amount, date(2026, 1, 1))
        one = world.people[name]
        world.payroll.add_wage(one.entity, one.number, date(2026, 1, 1), Decimal(amount))
    story.earns("Joris", 3000, date(2026, 1, 1), hours=HALF)
    story.earns("Noor", 21, date(2026, 1, 1), per="HOURLY")
    story.earns("Mila", 2800, date(2026, 2, 1))
    story.earns("Eva", 3100, date(2026, 2, 1))
    story.receives("Sanne", TRAVEL, "120", date(2026, 1, 1))
    story.receives("Daan", BIKE, "-45", date(2026, 2, 1))
    story.receives("Ruben", BONUS, "1000", date(2026, 2, 15))
    story.receives("Noor", "Crypto", "10", date(2026, 2, 1))

    story.plan(first)
    story.validate(first)
    story.sync(first)
    story.edit("Joris", LONG_AGO, bsn="123456782")
    story.edit("Eva", LONG_AGO, email="eva@", income_number="0")
    story.sync(date(2026, 2, 3))
    story.validate(date(2026, 2, 3))
    tasks = world.tools().views.tasks.tasks(TULP.personio_id, TaskFilters(), after=-1, limit=10)
    story.does("Fatima takes a task", lambda: world.taking("Fatima").take(tasks[0].position))
    story.does("Bram takes the same", lambda: world.taking("Bram").take(tasks[0].position))
    story.does("Fatima gives it back", lambda: world.taking("Fatima").give_back(tasks[0].position))
    story.edit("Joris", LONG_AGO, bsn=world.hired["Joris"].values[Role("bsn")])
    story.edit("Eva", LONG_AGO, email="eva@work.example", income_number="1")
    story.validate(date(2026, 2, 4))
    story.sync(date(2026, 2, 4))
    story.sync(date(2026, 2, 4), time(11), entity=TULP_SHOPS)
    story.sync(date(2026, 2, 5))


def march(story: Quarter) -> None:
    """March: values move on both sides, pay is corrected, writes go wrong"""
    world = story.world
    world.clock.travel(date(2026, 3, 1))
    story.edit("Sanne", street="Central Ave", house_number="8", personal_email=BLANK)
    story.edit("Daan", phone=BLANK, last_name="van der Berg - de Groot")
    story.edit("Ruben", iban="NL91ABNA0417164300")
    story.earns("Sanne", 4200, date(2026, 2, 1))
    story.earns("Daan", 3400, date(2026, 4, 1))
    story.earns("Joris", 3000, date(2026, 3, 1), hours=(Decimal(24), Decimal(40)))
    story.receives("Sanne", TRAVEL, "0", date(2026, 3, 1))
    story.receives("Ruben", BONUS, "250.50", date(2026, 2, 20))
    story.plan(date(2026, 3, 1))
    world.payroll.approve_period((2026, 1))
    story.sync(date(2026, 3, 1))

    world.payroll.add_fault(LoketFault.UNANSWERED, number=story.number("Daan"))
    world.payroll.add_fault(LoketFault.REFUSED, number=story.number("Lotte"), messages=("City is unknown",))
    world.clock.travel(date(2026, 3, 4))
    story.edit("Daan", city="Delft")
    story.edit("Lotte", city="Nergenshuizen")
    story.edit("Tess", mobile_phone="06 1")
    story.sync(date(2026, 3, 4))
    story.edit("Lotte", city="Leiden")
    world.payroll.add_fault(LoketFault.LOST, number=story.number("Lotte"))
    world.payroll.add_fault(LoketFault.WARNS, number=story.number("Tess"), messages=("Looks odd",))
    story.edit("Tess", mobile_phone="06 12345678")
    story.sync(date(2026, 3, 5))
    story.sync(date(2026, 3, 6))
    for fault in (LoketFault.BROKEN_RULE, LoketFault.FORBIDDEN, LoketFault.BROKEN_OFF, LoketFault.LOST_WITH_ERROR):
        world.payroll.add_fault(fault, messages=("No",))
    for name in ("Sanne", "Daan", "Lotte", "Tess"):
        story.edit(name, place_of_birth="Gouda")
    story.sync(date(2026, 3, 7))
    world.hooks().after_write = story.dies
    for name in ("Sanne", "Daan"):
        story.edit(name, city="Zwolle")
    story.sync(date(2026, 3, 8))
    story.sync(date(2026, 3, 9))

    story.types("Sanne", STREET, "Typed Lane")
    story.types("Daan", CITY, "Typed City")
    story.types("Tess", PHONE, "0881234567")
    story.types("Ruben", STREET, "Elsewhere")
    world.payroll.set_wage(TULP, story.number("Ruben"), date(2026, 1, 1), Decimal(5200))
    story.check(date(2026, 3, 10))
    decide = partial(world.deciding, "as agreed with Sanne")
    story.does("keep Daan's city", lambda: decide().keep(story.number("Daan"), CITY))
    story.does("accept Sanne's street", lambda: decide().accept(story.number("Sanne"), STREET, until=date(2026, 3, 20)))
    story.does("see Ruben's street", lambda: decide().acknowledge(story.number("Ruben"), STREET))
    story.does("hold out Tess", lambda: decide().hold_out(story.number("Tess")))
    story.does("hold out Noor", lambda: decide().hold_out(story.number("Noor")))
    story.does("let Noor in after all", lambda: decide().let_in(story.number("Noor")))
    story.does("keep Tess's phone", lambda: decide().keep(story.number("Tess"), PHONE))
    story.does("withdraw that", lambda: decide().withdraw(story.number("Tess"), PHONE))
    story.does("keep a city that does not differ", lambda: decide().keep(story.number("Lotte"), CITY))
    story.plan(date(2026, 3, 11))
    story.sync(date(2026, 3, 11))
    story.edit("Daan", city="Typed City")
    story.check(date(2026, 3, 12))
    story.sync(date(2026, 3, 12))
    story.sync(date(2026, 3, 21))

    world.payroll.finalise(TULP, story.number("Mila"))
    story.types("Mila", PHONE, "0201234567")
    story.sync(date(2026, 3, 22))
    world.payroll.finalise(TULP, story.number("Eva"), 4999)
    story.sync(date(2026, 3, 23))
    story.edit("Eva", employee_number="4999")
    story.sync(date(2026, 3, 24))
    story.sync(date(2026, 3, 25))


def april(story: Quarter) -> None:
    """April: people come, go and move, and neither system shows all it holds"""
    world = story.world
    world.clock.travel(date(2026, 4, 1))
    world.hr.terminate(story.person("Lotte"), date(2026, 4, 30))
    world.payroll.end_employment(TULP, story.number("Ruben"), date(2026, 4, 15))
    world.hr.move(story.person("Koen"), LAVENDEL)
    world.hr.set_status(story.person("Bram"), "ACTIVE")
    story.edit("Tess", consider="No")
    story.edit("Ruben", street="After the end")
    story.sync(date(2026, 4, 1))
    story.edit("Ruben", street="After the end, again")
    story.sync(date(2026, 4, 2))
    world.payroll.end_employment(TULP, story.number("Ruben"), None)
    world.hr.move(story.person("Koen"), TULP_SHOPS.personio_id)
    story.edit("Tess", consider="Yes")
    story.sync(date(2026, 4, 3))
    story.sync(date(2026, 4, 3), time(10), entity=TULP_SHOPS)
    world.hr.slip(story.person("Daan"))
    story.sync(date(2026, 4, 4))
    world.hr.slip(None)
    world.hr.delete(story.person("Koen"))
    story.sync(date(2026, 4, 5), entity=TULP_SHOPS)
    story.sync(date(2026, 4, 6), entity=TULP_SHOPS)

    world.payroll.hide_employee(TULP, story.number("Daan"))
    story.sync(date(2026, 4, 7))
    story.check(date(2026, 4, 7))
    for name in ("Sanne", "Joris", "Noor", "Bram"):
        world.payroll.hide_employee(TULP, story.number(name))
    story.sync(date(2026, 4, 8))
    world.payroll.show_employees()
    world.hr.hide_pay_of([story.person("Daan"), story.person("Sanne")])
    story.plan(date(2026, 4, 9))
    story.sync(date(2026, 4, 9))
    story.agreed(date(2026, 4, 9), time(10), accept_read=True)
    world.hr.hide_pay_of([])
    story.sync(date(2026, 4, 10))
    world.hr.hide(Role("phone"), None)
    story.sync(date(2026, 4, 11))
    world.hr.reveal()
    for trouble in Trouble:
        world.hr.trouble(trouble)
        story.sync(date(2026, 4, 12))
    world.hr.trouble(None)
    world.payroll.reachable(False)
    story.sync(date(2026, 4, 13))
    world.payroll.reachable(True)
    story.sync(date(2026, 4, 13), time(12))

    world.hr.set_status(story.person("Lotte"), "INACTIVE")
    world.payroll.end_employment(TULP, story.number("Lotte"), date(2026, 4, 30))
    again = world.hr.rehire(story.person("Tess"), date(2026, 5, 1))
    world.people["Tess again"] = replace(world.people["Tess"], name="Tess again", person=again)
    story.sync(date(2026, 4, 14))
    story.edit("Tess again", **{EMPLOYEE_NUMBER: str(story.number("Tess")), INCOME_NUMBER: "2"})
    story.sync(date(2026, 4, 15))
    story.edit("Noor", employee_number=str(story.number("Daan")))
    story.sync(date(2026, 4, 16))
    story.edit("Noor", employee_number="4714")
    story.sync(date(2026, 4, 17))


def may(story: Quarter) -> None:
    """May: many fields are cleared at once, pay is withdrawn, somebody is released"""
    world = story.world
    world.clock.travel(date(2026, 5, 1))
    for name in ("Sanne", "Daan", "Joris", "Bram", "Mila"):
        story.edit(name, personal_email=BLANK, phone=BLANK)
    world.hr.remove_pay(story.pay[f"Daan {BIKE}"])
    world.hr.remove_pay(story.salaries["Daan"])
    story.plan(date(2026, 5, 1))
    story.sync(date(2026, 5, 1))
    story.agreed(date(2026, 5, 1), time(10), confirm=True)
    story.earns("Sanne", 4100, date(2026, 3, 1))
    story.receives("Sanne", TRAVEL, "90", date(2026, 5, 1))
    story.receives("Mila", TRAVEL, "60", date(2026, 4, 1), per="YEARLY")
    world.payroll.approve_period((2026, 4))
    world.payroll.set_hours(TULP, story.number("Joris"), date(2026, 5, 1), Decimal(32), Decimal(40))
    story.check(date(2026, 5, 2))
    story.sync(date(2026, 5, 2))
    story.sync(date(2026, 5, 3), only=frozenset({story.number("Joris"), story.number("Sanne")}))
    world.payroll.forbid_bsn()
    story.sync(date(2026, 5, 4))
    world.payroll.hide_employee(TULP, story.number("Bram"))
    story.sync(date(2026, 5, 5))
    story.does("release Bram", lambda: world.release_employee("Bram", "Loket removed him", actor="Fatima"))
    story.sync(date(2026, 5, 6))
    world.payroll.show_employees()
    story.sync(date(2026, 5, 7))
    world.hr.garble_pay(story.pay[f"Sanne {TRAVEL}"])
    story.sync(date(2026, 5, 8))
    world.hr.garble_pay(None)
    world.payroll.remove_account(TULP, story.number("Joris"), suggests_component=True)
    story.sync(date(2026, 5, 9))
    world.payroll.unreadable(Unreadable.CONCEPTS)
    story.check(date(2026, 5, 10))


def main() -> None:
    FILE.write_text(collected(), encoding="utf-8")


if __name__ == "__main__":
    main()
