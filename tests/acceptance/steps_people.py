"""Steps about people in Personio: who there is, what is edited, what the credential may read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pytest_bdd import given, parsers

from domain.attributes import CATALOGUE, CONSIDER, EMPLOYEE_NUMBER, ENTRY_DATE, FIRST_CLASS, GATES, INCOME_NUMBER, Role
from domain.values import BLANK
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME, NAMES, VALUE, WHOSE
from tests.support.scene import Scene
from tests.support.world import ENTITIES, LAVENDEL, LONG_AGO, TULP

_ENTITY_IDS = {**{name: one.personio_id for name, one in ENTITIES.items()}, "Lavendel GmbH": LAVENDEL}
_MONEY = r"(?P<amount>-?[\d,]+\.\d\d)"


@given(parsers.re(rf"{NAMES} (?:is|are) employed in both systems(?: with number (?P<number>\d+))?(?: at (?P<at>.+))?"))
def employed_in_both(scene: Scene, names: str, number: str | None, at: str | None) -> None:
    for name in words.names(names):
        scene.world.employ(name, entity=ENTITIES[at or TULP.name], number=int(number) if number else None)
        scene.last = name


@given(parsers.re(r"9 others are employed in both systems, each with a new street in Personio"))
def others_who_moved(scene: Scene) -> None:
    for index in range(9):
        name = f"Other{index}"
        scene.world.employ(name)
        scene.world.edit(name, words.role("street"), "Central Ave", since=LONG_AGO)


@given(parsers.re(r"(?P<many>\d+) people are employed in both systems, each with a blank private e-mail in Personio"))
def people_without_email(scene: Scene, many: str) -> None:
    for index in range(int(many)):
        name = f"Other{index}"
        scene.world.employ(name)
        scene.world.edit(name, words.role("private e-mail"), BLANK, since=LONG_AGO)


@given(parsers.re(r"(?P<many>\d+) more people are employed in both systems"))
def more_people(scene: Scene, many: str) -> None:
    for index in range(int(many)):
        scene.world.employ(f"Settled{index}")


@given(parsers.re(rf"(?P<many>\d+) people are in Personio only, in service since {DATE}"))
def people_in_personio_only(scene: Scene, many: str, day: str) -> None:
    for index in range(int(many)):
        scene.world.hire(f"New{index}")
        scene.world.edit(f"New{index}", ENTRY_DATE, words.day(day).isoformat(), since=LONG_AGO)


@given(parsers.re(rf"{NAMES} (?:is|are) in Personio only"))
def in_personio_only(scene: Scene, names: str) -> None:
    for name in words.names(names):
        scene.world.hire(name)
        scene.last = name


@given(parsers.re(rf"{WHOSE} status in Personio (?:is|becomes) \"(?P<word>\w+)\""))
def status_is(scene: Scene, whose: str, word: str) -> None:
    scene.world.hr.set_status(scene.person(whose), word.upper())


@given(parsers.re(rf"{WHOSE} personal status in Personio is \"(?P<word>\w+)\""))
def own_status_is(scene: Scene, whose: str, word: str) -> None:
    scene.world.hr.set_own_status(scene.person(whose), word.upper())


@given(parsers.re(rf"{WHOSE} legal entity in Personio (?:is|becomes) {VALUE}"))
def legal_entity_is(scene: Scene, whose: str, value: str) -> None:
    name = value.strip('"')
    scene.world.hr.move(scene.person(whose), None if name == "blank" else _ENTITY_IDS[name])
    if name in ENTITIES:
        one = scene.who(whose)
        scene.world.people[one] = replace(scene.world.people[one], entity=ENTITIES[name])


@given(
    parsers.re(
        rf"{WHOSE} (?!status|legal entity|personal status|whole){LABEL} in (?P<where>Personio|both systems) "
        rf"(?P<verb>is|becomes) {VALUE}"
    )
)
def attribute_is(scene: Scene, whose: str, label: str, where: str, verb: str, value: str) -> None:
    name = scene.who(whose)
    since = LONG_AGO if verb == "is" else None
    scene.world.edit(name, words.role(label), words.in_personio(label, value), since=since)
    if where == "both systems":
        scene.type_into_loket(name, words.path(label), words.in_loket(label, value))


@given(parsers.re(rf"{WHOSE} whole address in Personio is blank"))
def no_address(scene: Scene, whose: str) -> None:
    for label in words.ADDRESS_LABELS:
        scene.world.edit(scene.who(whose), words.role(label), BLANK, since=LONG_AGO)


@given(parsers.re(rf"{WHOSE} {LABEL} in (?P<where>Personio|both systems) is the same as (?P<other>{NAME})'s"))
def same_as_another(scene: Scene, whose: str, label: str, where: str, other: str) -> None:
    value = scene.world.people[other].values[words.role(label)]
    name = scene.who(whose)
    scene.world.edit(name, words.role(label), value, since=LONG_AGO)
    if where == "both systems":
        scene.type_into_loket(name, words.path(label), value)


@given(
    parsers.re(
        rf"{WHOSE} {LABEL} in Personio was pasted as \"(?P<text>\w+)\" with a zero-width space after "
        r"(?P<place>\d+) letters"
    )
)
def pasted(scene: Scene, whose: str, label: str, text: str, place: str) -> None:
    value = f"{text[: int(place)]}\u200b{text[int(place) :]}"
    scene.world.edit(scene.who(whose), words.role(label), value, since=LONG_AGO)


@given(parsers.re(rf"{WHOSE} {LABEL} in Personio changes to {VALUE} with effect from {DATE}"))
def dated_change(scene: Scene, whose: str, label: str, value: str, day: str) -> None:
    scene.world.edit(scene.who(whose), words.role(label), words.in_personio(label, value), since=words.day(day))


@given(parsers.re(rf"{WHOSE} {LABEL} in Personio becomes {VALUE} while the sync is writing"))
def changed_while_writing(scene: Scene, whose: str, label: str, value: str) -> None:
    name = scene.who(whose)

    def edit() -> None:
        scene.world.edit(name, words.role(label), words.in_personio(label, value))

    scene.world.hooks().on_writing = edit


@given(parsers.re(rf"Personio lists no attribute of {WHOSE} (?P<but>any more|but Consider in NL payroll, which is No)"))
def emptied(scene: Scene, whose: str, but: str) -> None:
    one = scene.person(whose)
    kept = but != "any more"
    if kept:
        scene.world.edit(scene.who(whose), CONSIDER, "No")
    for role in {*GATES, *(row.role for row in CATALOGUE)} - {*FIRST_CLASS, *([CONSIDER] if kept else [])}:
        scene.world.hr.hide(role, one)


@given(parsers.re(rf"Personio does not show us (?P<whose>{NAME}'s|her|his|anyone's) {LABEL}"))
def hidden(scene: Scene, whose: str, label: str) -> None:
    if label in ("status", "legal entity"):
        key = label.replace(" ", "_")
        scene.world.hr.hide_key(key, None if whose == "anyone's" else scene.person(whose))
    elif whose == "anyone's":
        scene.world.hr.hide(words.role(label), None)
    else:
        for person in filter(None, (scene.person(whose), scene.world.elsewhere)):  # or what is left out is blank
            scene.world.hr.hide(words.role(label), person)


@given("Personio shows us everything again")
def shown_again(scene: Scene) -> None:
    scene.world.hr.reveal()


@given(parsers.re(r"Personio shows the changes of a day from (?P<hour>\d\d):00"))
def shown_from(scene: Scene, hour: str) -> None:
    scene.world.hr.show_changes_from(int(hour))


@given(parsers.re(rf"{WHOSE} employment in Personio ends on {DATE}"))
def terminated_in_personio(scene: Scene, whose: str, day: str) -> None:
    scene.world.hr.terminate(scene.person(whose), words.day(day))


@given(parsers.re(rf"{WHOSE} contract in Personio ends on {DATE}"))
def contract_ends(scene: Scene, whose: str, day: str) -> None:
    scene.world.hr.end_contract(scene.person(whose), words.day(day))


@given(parsers.re(rf"(?P<name>{NAME}) had an earlier contract in Personio until {DATE}"))
def earlier_contract(scene: Scene, name: str, day: str) -> None:
    scene.world.hr.add_earlier_contract(scene.person(f"{name}'s"), words.day(day))


@given(
    parsers.re(
        rf"Personio employs (?P<name>{NAME}) at \"(?P<entity>[^\"]+)\" too, from {DATE}(?: until (?P<until>.+))?"
    )
)
def employed_elsewhere_too(scene: Scene, name: str, entity: str, day: str, until: str | None) -> None:
    last = words.day(until) if until else None
    scene.world.hr.add_employment(scene.person(f"{name}'s"), _ENTITY_IDS[entity], words.day(day), last)


@given(
    parsers.re(
        rf"(?P<name>{NAME}) is rehired in Personio "
        rf"(?:with (?P<which>income|employee) number (?P<number>\d+)|without numbers) from {DATE}"
    )
)
def rehired(scene: Scene, name: str, which: str | None, number: str | None, day: str) -> None:
    """HR enters by hand what does not carry over, as far as the scenario says it does."""
    world, start = scene.world, words.day(day)
    old = world.people[name]
    assert old.person is not None
    profile = world.hr.rehire(old.person, start)
    world.people[name] = replace(old, person=profile, old_person=old.person)
    world.edit(name, Role("consider_in_nl_payroll"), "Yes", since=LONG_AGO)
    if which is not None and number is not None:
        income, employee = (number, str(old.number)) if which == "income" else ("1", number)
        world.edit(name, EMPLOYEE_NUMBER, employee, since=LONG_AGO)
        world.edit(name, INCOME_NUMBER, income, since=LONG_AGO)
        world.edit(name, ENTRY_DATE, start.isoformat(), since=LONG_AGO)
    scene.last = name


@given(
    parsers.re(
        rf"(?P<name>{NAME}) earns {_MONEY} (?P<per>a month|a year|an hour) "
        rf"for (?:(?P<weekly>\d+) of (?P<full>\d+)|an unknown number of) hours(?: with effect from {DATE})?"
    )
)
def earns(
    scene: Scene, name: str, amount: str, per: str, weekly: str | None, full: str | None, day: str | None
) -> None:
    scene.salaries[name] = scene.world.hr.set_salary(
        scene.person(f"{name}'s"),
        Decimal(amount.replace(",", "")),
        {"a month": "MONTHLY", "a year": "YEARLY", "an hour": "HOURLY"}[per],
        hours=(Decimal(weekly), Decimal(full)) if weekly and full else None,
        effective_from=words.day(day) if day else date(2026, 1, 1),
    )
    one = scene.world.people[name]
    if weekly and full and one.number in scene.world.payroll.numbers(one.entity):  # the same in Loket, unless it says
        scene.world.payroll.set_hours(one.entity, one.number, one.start, Decimal(weekly), Decimal(full))


@given(parsers.re(rf"(?P<name>{NAME}) also receives {_MONEY} a month and (?P<once>[\d,]+\.\d\d) once"))
def other_pay(scene: Scene, name: str, amount: str, once: str) -> None:
    recurring, single = Decimal(amount.replace(",", "")), Decimal(once.replace(",", ""))
    scene.world.hr.add_other_pay(scene.person(f"{name}'s"), recurring, single, date(2026, 1, 1))


@given(parsers.re(rf"(?P<name>{NAME}) is deleted in Personio"))
def deleted_in_personio(scene: Scene, name: str) -> None:
    scene.world.hr.delete(scene.person(f"{name}'s"))
