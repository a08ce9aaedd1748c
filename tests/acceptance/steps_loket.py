"""Steps about Loket: what it holds, what the payroll administrator does there, and how it may misbehave."""

from __future__ import annotations

from pytest_bdd import given, parsers

from adapters.simulators.loket.authorizations import AuthorizationList
from domain.events.loket import WriteKind
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME, NAMES, VALUE, WHOSE
from tests.support.faults import LoketFault
from tests.support.offices import Trouble, Unreadable
from tests.support.scene import Scene
from tests.support.world import TULP

_TROUBLES = {
    "applies the next write without answering": LoketFault.UNANSWERED,
    "applies the next write without answering and shows it only seconds later": LoketFault.UNANSWERED_AND_LATE,
    "applies the next write and answers with a server error": LoketFault.ERROR_AFTER,
    "applies the next write and breaks off in mid-answer": LoketFault.BROKEN_OFF,
    "applies the next write and answers with a web page": LoketFault.WEB_PAGE,
    "loses the next write without answering": LoketFault.LOST,
    "loses the next write and answers with a server error": LoketFault.LOST_WITH_ERROR,
    "answers politely that the next write broke a rule": LoketFault.BROKEN_RULE,
    "refuses the next write": LoketFault.REFUSED,
    "forbids the next write": LoketFault.FORBIDDEN,
    "no longer accepts the token at the next write": LoketFault.TOKEN_EXPIRED,
    "asks for patience at the next write": LoketFault.BUSY,
}
_LISTS = {"the employees": Unreadable.EMPLOYEES, "the concept employees": Unreadable.CONCEPTS}
_LISTS["the employments"] = Unreadable.EMPLOYMENTS


@given(parsers.re(rf"(?P<name>{NAME}) is in Loket only"))
def in_loket_only(scene: Scene, name: str) -> None:
    scene.world.only_in_loket(name)


@given(parsers.re(rf"{WHOSE} (?!employment|appointment|whole){LABEL} in Loket (?:is|becomes) {VALUE}"))
def loket_holds(scene: Scene, whose: str, label: str, value: str) -> None:
    scene.type_into_loket(scene.who(whose), words.path(label), words.in_loket(label, value))


@given(parsers.re(rf"{WHOSE} {LABEL} in Loket becomes {VALUE} while the sync is writing"))
def typed_while_writing(scene: Scene, whose: str, label: str, value: str) -> None:
    name = scene.who(whose)
    scene.world.hooks().on_writing = lambda: scene.type_into_loket(
        name, words.path(label), words.in_loket(label, value)
    )


@given(parsers.re(rf"{WHOSE} account in Loket has the BIC \"(?P<bic>\w+)\""))
def account_with_bic(scene: Scene, whose: str, bic: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.set_bic(one.entity, one.number, bic)


@given(parsers.re(rf"the BSNs of (?P<one>{NAME}) and (?P<other>{NAME}) are swapped in Loket"))
def bsns_swapped(scene: Scene, one: str, other: str) -> None:
    path = words.path("BSN")
    held = {name: scene.world.loket_field(name, path) for name in (one, other)}
    scene.type_into_loket(one, path, held[other])
    scene.type_into_loket(other, path, held[one])


@given(parsers.re(rf"{WHOSE} whole address in Loket is blank"))
def no_address(scene: Scene, whose: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.clear_address(one.entity, one.number)


@given(parsers.re(rf"(?P<name>{NAME}) has no account in Loket(?P<hint> and Loket suggests no component for one)?"))
def no_account(scene: Scene, name: str, hint: str | None) -> None:
    one = scene.world.people[name]
    scene.world.payroll.remove_account(one.entity, one.number, suggests_component=hint is None)


@given(parsers.re(rf"{WHOSE} employment in Loket ends on {DATE}"))
def terminated(scene: Scene, whose: str, day: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.end_employment(one.entity, one.number, words.day(day))


@given(parsers.re(rf"{WHOSE} employment in Loket is reinstated"))
def reinstated(scene: Scene, whose: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.end_employment(one.entity, one.number, None)


@given(parsers.re(rf"{WHOSE} appointment in Loket is until {DATE}"))
def appointed_until(scene: Scene, whose: str, day: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.appoint_until(one.entity, one.number, words.day(day))


@given(
    parsers.re(
        rf"(?P<name>{NAME}) (?:has|had) an? (?:second )?employment in (?P<where>Loket|another payroll administration) "
        r"with income number (?P<income>\d+) from (?P<start>\d+ \w+ \d+)(?: until (?P<end>\d+ \w+ \d+))?"
    )
)
def another_employment(scene: Scene, name: str, where: str, income: str, start: str, end: str | None) -> None:
    one = scene.world.people[name]
    last = words.day(end) if end else None
    account = scene.world.payroll.iban(one.entity, one.number)
    scene.world.payroll.add_employment(
        one.entity, one.number, int(income), words.day(start), last, iban=str(account), here=where == "Loket"
    )
    scene.last = name


@given(parsers.re(rf"a concept employee with (?P<name>{NAME})'s number is left over in Loket"))
def leftover_concept(scene: Scene, name: str) -> None:
    one = scene.world.people[name]
    scene.world.payroll.add_concept(one.entity, one.number)


@given(
    parsers.re(
        rf"the payroll administrator completes (?P<name>{NAME})'s concept employee(?: under number (?P<under>\d+))?"
    )
)
def completed(scene: Scene, name: str, under: str | None) -> None:
    one = scene.world.people[name]
    scene.world.payroll.finalise(one.entity, one.number, int(under) if under else None)
    scene.last = name


@given(
    parsers.re(
        rf"the payroll administrator deletes (?P<name>{NAME})'s concept employee(?: under number (?P<under>\d+))?"
    )
)
def deleted(scene: Scene, name: str, under: str | None) -> None:
    one = scene.world.people[name]
    scene.world.payroll.delete_concept(one.entity, int(under) if under else one.number)


@given(parsers.re(rf"Loket no longer shows us {NAMES}"))
def employees_hidden(scene: Scene, names: str) -> None:
    for name in words.names(names):
        one = scene.world.people[name]
        scene.world.payroll.hide_employee(one.entity, one.number)


@given("Loket's list of concept employees is empty for us")
def concepts_not_listed(scene: Scene) -> None:
    scene.world.payroll.hide_concepts()


@given("Loket's list of each person's pay is empty for us")
def pay_not_listed(scene: Scene) -> None:
    scene.world.payroll.hide_pay()


@given("Loket no longer shows us anyone")
def everyone_hidden(scene: Scene) -> None:
    for one in scene.world.people.values():
        scene.world.payroll.hide_employee(one.entity, one.number)


@given("Loket shows us everyone again")
def employees_shown(scene: Scene) -> None:
    scene.world.payroll.show_employees()


@given(parsers.re(rf"{WHOSE} number in Loket becomes (?P<number>\d+)"))
def renumbered(scene: Scene, whose: str, number: str) -> None:
    one = scene.world.people[scene.who(whose)]
    scene.world.payroll.renumber(one.entity, one.number, int(number))


@given(parsers.re(rf"the payroll administrator gives {WHOSE} concept employee (?P<number>number \d+|no number)"))
def concept_renumbered(scene: Scene, whose: str, number: str) -> None:
    one = scene.world.people[scene.who(whose)]
    told = number.removeprefix("number ")
    scene.world.payroll.renumber_concept(one.entity, one.number, int(told) if told.isdigit() else None)


@given("the Loket user cannot see the employer")
def employer_hidden(scene: Scene) -> None:
    scene.world.payroll.hide_employer()


@given("a saved filter hides people from the Loket user")
def filter_hides(scene: Scene) -> None:
    scene.world.payroll.hide_people_by_filter()


@given("the Loket user may not read BSNs")
def bsn_forbidden(scene: Scene) -> None:
    scene.world.payroll.forbid_bsn()


@given(parsers.re(rf"Loket does not show us anyone's {words.LABEL}"))
def field_withheld(scene: Scene, label: str) -> None:
    scene.world.payroll.withhold(words.path(label))


@given("Loket shows us every field again")
def fields_shown(scene: Scene) -> None:
    scene.world.payroll.withhold()


_RIGHTS = {"edit employees": WriteKind.EMPLOYEE, "create concept employees": WriteKind.CONCEPT_CREATED}
_FORMS = {
    "in other letters than it documents": AuthorizationList.OTHER_CASE,
    "in words that nobody documented": AuthorizationList.OTHER_WORDS,
    "in a form that nobody documented": AuthorizationList.UNKNOWN,
}


@given(parsers.re(f"the Loket user may not (?P<do>{'|'.join(_RIGHTS)})"))
def forbidden(scene: Scene, do: str) -> None:
    scene.world.payroll.forbid(_RIGHTS[do])


@given(parsers.re(f"Loket lists the user's rights (?P<how>{'|'.join(_FORMS)})"))
def spelled(scene: Scene, how: str) -> None:
    scene.world.payroll.spell_authorizations(_FORMS[how])


@given("Loket tells no authorisations of the user")
def no_authorizations(scene: Scene) -> None:
    scene.world.payroll.withhold_authorizations()


@given(parsers.re(r"Loket (?P<can>cannot|can) be reached(?: again)?"))
def loket_reachable(scene: Scene, can: str) -> None:
    scene.world.payroll.reachable(can == "can")


@given(parsers.re(r"(?P<what>the \w+(?: employees)?) of Loket cannot be read"))
def list_unreadable(scene: Scene, what: str) -> None:
    scene.world.payroll.unreadable(_LISTS[what])


@given("Loket is unavailable for one reading")
def unavailable_once(scene: Scene) -> None:
    scene.world.payroll.unavailable_once()


@given("Personio cannot be reached")
def personio_unreachable(scene: Scene) -> None:
    scene.world.hr.trouble(Trouble.UNREACHABLE)


@given("Personio's list of people runs in a circle")
def personio_circle(scene: Scene) -> None:
    scene.world.hr.trouble(Trouble.CIRCLE)


@given("Personio's list of people cannot be read to the end")
def personio_cut_short(scene: Scene) -> None:
    scene.world.hr.trouble(Trouble.CUT_SHORT)


@given("Personio can be read again")
def personio_recovers(scene: Scene) -> None:
    scene.world.hr.trouble(None)


@given(
    parsers.re(rf"Loket (?P<trouble>{'|'.join(_TROUBLES)})(?: about (?P<name>{NAME}))?(?: with \"(?P<text>[^\"]*)\")?")
)
def trouble_with_the_next_write(scene: Scene, trouble: str, name: str | None, text: str | None) -> None:
    number = scene.world.people[name].number if name else None
    messages = (text,) if text else ("simulated refusal",)
    scene.world.payroll.add_fault(_TROUBLES[trouble], number=number, messages=messages)


@given(parsers.re(r"Loket warns \"(?P<text>[^\"]*)\" at the next write"))
def warns(scene: Scene, text: str) -> None:
    scene.world.payroll.add_fault(LoketFault.WARNS, messages=(text,))


@given(
    parsers.re(
        r"Loket applies the next write without answering, and someone types the street \"(?P<street>[^\"]*)\" over it"
    )
)
def typed_over(scene: Scene, street: str) -> None:
    name = scene.last
    scene.world.payroll.add_fault(LoketFault.UNANSWERED)
    scene.world.hooks().after_write = lambda: scene.type_into_loket(name, words.path("street"), street)


@given("Personio says that the legal entity is in Germany")
def entity_abroad(scene: Scene) -> None:
    scene.world.hr.add_legal_entity(TULP.personio_id, "DE")


@given("Personio does not say in which country the legal entity is")
def country_unknown(scene: Scene) -> None:
    scene.world.hr.add_legal_entity(TULP.personio_id, None)
