"""What an examination says, whole: when all is well, when much is wrong, and when little or nothing could be seen.

python -m tests.golden.examination            writes `examination.txt` anew, to be read before it is kept
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from domain.attributes import CONSIDER, COUNTRY, INCOME_NUMBER, Role
from domain.examination import Asked, Check, Code, CustomAttribute, Look
from domain.planning.rights import NEEDED, READS
from domain.services.setup.examine import examine
from domain.services.setup.examine_sights import check_loket, check_personio, check_webhook
from domain.settings import AbsentIsBlank
from domain.sights import Count, Cursor, Filters, Limit, LoketSights, Pairs, PersonioSights, WebhookEvents
from domain.values import BLANK
from tests.support.offices import Trouble
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

FILE: Final = Path(__file__).with_name("examination.txt")
TODAY: Final = date(2026, 3, 15)
NOON: Final = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
FULL_TIME: Final = (Decimal(40), Decimal(40))
RIGHTS: Final = frozenset(one.name for each in (READS, *NEEDED.values()) for one in each)
PHONE, GENDER = Role("phone"), Role("gender")
IDS: Final = {PHONE: "dynamic_1", GENDER: "dynamic_2", COUNTRY: "dynamic_3", CONSIDER: "dynamic_4"}
MAN, WOMAN = Code("1", "Man"), Code("2", "Vrouw")
COUNTRIES: Final = (Code("1", "Nederland", "NL"), Code("2", "België", "BE"))


def collected() -> str:
    """Every page, under its heading."""
    pages = {
        "All is well": all_is_well(),
        "Much is wrong": much_is_wrong(),
        "Little can be read": little_can_be_read(),
        "What is empty is left out": left_out(),
        "What is left out is taken for blank": taken_for_blank(),
        "What is empty is sent, and absent is taken for blank": sent_empty(),
        "Gates are hidden": gates_hidden(),
        "What is left out is never blank, and pay has no start date": never_blank(),
        "Nobody is there": nobody_is_there(),
        "Personio cannot be read": personio_cannot_be_read(),
        "Nothing of Personio was seen": check_personio(PersonioSights(), 500),
        "Personio behaves as documented": check_personio(FINE, 500),
        "Personio does not": check_personio(ODD, 500),
        "Nothing of Loket was seen": check_loket(LoketSights(), None, None),
        "Loket shows everybody": check_loket(
            LoketSights(RIGHTS, 9, 12, Count(0, 2)), before=9, without_employment=Count(0, 9)
        ),
        "Loket shows fewer": check_loket(
            LoketSights(RIGHTS - {"PutWageByWageId"}, 8, None, Count(1, 2)), before=9, without_employment=Count(1, 9)
        ),
        "Loket speaks other words": check_loket(
            LoketSights(frozenset({"Beheer"}), 8), before=None, without_employment=Count(0, 0)
        ),
        "No webhook events": check_webhook(WebhookEvents(), None),
        "Webhook events": check_webhook(WebhookEvents({"person_id": 3}, newest=NOON), NOON),
        "Webhook events that do not come": check_webhook(
            WebhookEvents({"id": 1}, 1, NOON), NOON - timedelta(seconds=1)
        ),
    }
    return "\n\n".join(f"## {name}\n{page(checks)}" for name, checks in pages.items()) + "\n"


def page(checks: Iterable[Check]) -> str:
    return "\n".join(
        f"{one.name}: {one.verdict.value}: {one.told}" + (f" → {one.do}" if one.do else "") for one in checks
    )


FINE: Final = PersonioSights(
    empties={"left out": 3},
    pairs=Pairs(same=18),
    employments={
        "legal_entity": Count(9, 9),
        "employment_start_date": Count(9, 9),
        "weekly_working_hours": Count(1, 9),
        "full_time_weekly_working_hours": Count(9, 9),
        "termination": Count(2, 2),
    },
    without_pay=Count(0, 9),
    cursors={"persons": Cursor(True, Filters.KEPT), "employments": Cursor(True, Filters.REFUSED), "pay": Cursor()},
    limits={"persons": Limit(30, 30), "employments": Limit(1, 30), "pay": None},
    future_window=True,
    long_window=True,
    fixed_salaries=1,
)
ODD: Final = PersonioSights(
    empties={"left out": 2, "null": 1},
    pairs=Pairs(same=17, by_number=1, by_value=1, unpaired=2),
    employments={"legal_entity": Count(0, 9), "weekly_working_hours": Count(0, 9), "termination": Count(0, 0)},
    without_pay=Count(1, 9),
    cursors={"persons": Cursor(False, Filters.FORGOTTEN)},
    limits={"persons": Limit(0.5, 1), "employments": Limit(0, 5)},
    future_window=False,
    long_window=False,
    unknown_words=frozenset({"WEEKLY", "BONUS"}),
    fixed_salaries=2,
)


@contextmanager
def offices(pay_from: date | None = date(2026, 1, 1)) -> Iterator[World]:
    world = World(InProcess(), pay_from=pay_from)
    world.clock.travel(TODAY)
    try:
        yield world
    finally:
        world.close()


def look_at(world: World, personio: Look, loket: Look, **countries: int) -> tuple[Check, ...]:
    return examine(world.policy(), world.tools(), personio, loket, IDS, countries, today=TODAY)


def pay(world: World, name: str, amount: int, held: int, hours: tuple[Decimal, Decimal] = FULL_TIME) -> None:
    one = world.people[name]
    assert one.person is not None
    world.hr.set_salary(one.person, Decimal(amount), "MONTHLY", hours=hours, effective_from=date(2026, 2, 1))
    world.payroll.add_wage(TULP, one.number, date(2026, 2, 1), Decimal(held))


def all_is_well() -> tuple[Check, ...]:
    """Three people, of whom one is still to come, and one of another legal entity, who is read too."""
    options = {
        GENDER: ("MALE", "FEMALE"),
        COUNTRY: ("NL", "BE"),
        CONSIDER: ("Yes", "No"),
    }
    personio = Look(
        asked=(Asked("people", 200, needed=True), Asked("attribute list", 200, needed=False)),
        clock_ahead=timedelta(seconds=-120),
        attributes={id_: CustomAttribute(id_, role, options.get(role, ())) for role, id_ in IDS.items()},
        behaviours={"a deleted person is gone": True},
        personio=FINE,
    )
    loket = Look(
        asked=(Asked("employees", 200, needed=True),),
        clock_ahead=timedelta(seconds=1),
        codes={"gender": (MAN, WOMAN), "country": COUNTRIES},
        behaviours={"a number is never given twice": None},
        loket=LoketSights(RIGHTS, 3),
    )
    with offices() as world:
        for name in ("Sanne", "Tim"):
            world.employ(name)
            pay(world, name, 3000, 3000)
        world.hire("Daan")
        world.employ_elsewhere()
        world.edit("Sanne", PHONE, BLANK)
        return look_at(world, personio, loket, NL=1)


def much_is_wrong() -> tuple[Check, ...]:
    """Rights are lacking, an attribute is hidden, codes are wrong, and people are left out or not to be judged."""
    words = tuple(f"Word {number}" for number in range(12))
    options = {GENDER: ("Male", *words), COUNTRY: ("NL", *words), CONSIDER: ("Ja hoor", "Nee hoor")}
    personio = Look(
        asked=(
            Asked("people", 200, needed=True),
            Asked("legal entity", 403, needed=False),
            Asked("attribute list", 404, needed=False),
            Asked("something new", 401, needed=False),
        ),
        failure="it stopped answering",
        clock_ahead=timedelta(seconds=121),
        attributes={id_: CustomAttribute(id_, role, options.get(role, ())) for role, id_ in IDS.items()},
        behaviours={"a deleted person is gone": False},
        personio=ODD,
    )
    loket = Look(
        asked=(Asked("employees", 403, needed=True),),
        clock_ahead=timedelta(seconds=-121),
        withdrawn=("2024-10-14",),
        codes={"gender": (MAN, Code("3", "Onbekend")), "country": COUNTRIES},
        loket=LoketSights(RIGHTS, 2),
    )
    with offices() as world:
        for name in ("Sanne", "Tim", "Eva"):
            world.employ(name)
        pay(world, "Sanne", 3000, 2900)
        left, odd, daan = world.people["Tim"].person, world.people["Eva"].person, world.hire("Daan")
        assert left and odd and daan.person  # noqa: PT018
        world.hr.set_status(left, "INACTIVE")
        world.edit("Eva", Role("last_name"), BLANK)
        world.edit("Daan", Role("postal_code"), "12")
        world.hr.hide(PHONE, None)
        world.hr.hide(Role("city"), odd)
        return look_at(world, personio, loket, NL=9, BE=2)


def little_can_be_read() -> tuple[Check, ...]:
    """Loket's employer is not shown, and an attribute that is empty is left out."""
    with offices() as world:
        world.rules = replace(world.rules, absent_is_blank=AbsentIsBlank.ALWAYS)
        world.employ("Sanne")
        world.edit("Sanne", PHONE, BLANK)
        world.hr.omit_empties()
        world.payroll.hide_employer()
        return look_at(world, Look(asked=(Asked("people", 200, needed=True),)), Look(failure="no token"))


def left_out() -> tuple[Check, ...]:
    """By a tenant whose people were synced before."""
    with offices() as world:
        for name in ("Sanne", "Tim"):
            world.employ(name)
        world.payroll.add_concept(TULP, world.hire("Daan").number)
        world.run(TODAY)
        world.edit("Sanne", PHONE, BLANK)
        world.hr.omit_empties()
        swapped = (replace(MAN, key="2"), replace(WOMAN, key="1"))
        loket = Look(
            asked=(Asked("employees", 200, needed=True),), codes={"gender": swapped}, loket=LoketSights(RIGHTS, 1)
        )
        return look_at(world, Look(attributes={}), loket)


def taken_for_blank() -> tuple[Check, ...]:
    """What Personio lists and leaves out is blank, and what it does not list is hidden."""
    with offices() as world:
        world.rules = replace(world.rules, absent_is_blank=AbsentIsBlank.ALWAYS)
        world.employ("Sanne")
        for role in (PHONE, Role("mobile_phone")):
            world.edit("Sanne", role, BLANK)
        world.hr.omit_empties()
        return look_at(world, Look(attributes={IDS[PHONE]: CustomAttribute(IDS[PHONE], "Phone")}), Look())


def sent_empty() -> tuple[Check, ...]:
    with offices() as world:
        world.rules = replace(world.rules, absent_is_blank=AbsentIsBlank.ALWAYS)
        world.employ("Sanne")
        world.edit("Sanne", PHONE, BLANK)
        return look_at(world, Look(), Look())


def gates_hidden() -> tuple[Check, ...]:
    """One of everybody, though Personio lists it, and one of somebody: neither is an empty attribute."""
    with offices() as world:
        for name in ("Sanne", "Tim"):
            world.employ(name)
        world.hr.hide(CONSIDER, None)
        world.hr.hide(INCOME_NUMBER, world.people["Tim"].person)
        world.hr.omit_empties()
        return look_at(world, Look(attributes={IDS[CONSIDER]: CustomAttribute(IDS[CONSIDER], "Consider")}), Look())


def never_blank() -> tuple[Check, ...]:
    """A part-timer's wage speaks for a setting all the same."""
    with offices(pay_from=None) as world:
        world.rules = replace(world.rules, absent_is_blank=AbsentIsBlank.NEVER)
        for name in ("Sanne", "Tim"):
            world.employ(name)
        pay(world, "Tim", 1500, 3000, (Decimal(20), Decimal(40)))
        world.edit("Sanne", PHONE, BLANK)
        world.hr.omit_empties()
        return look_at(world, Look(), Look())


def nobody_is_there() -> tuple[Check, ...]:
    with offices() as world:
        return look_at(world, Look(), Look(codes={}))


def personio_cannot_be_read() -> tuple[Check, ...]:
    with offices() as world:
        world.employ("Sanne")
        world.hr.trouble(Trouble.UNREACHABLE)
        return look_at(world, Look(failure="no token"), Look())


if __name__ == "__main__":
    FILE.write_text(collected(), encoding="utf-8")
