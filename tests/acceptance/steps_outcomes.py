"""Steps about what can be seen afterwards in Loket and in the result of the sync."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import parsers, then

from domain.events.alert import AlertKind, AlertRaised
from domain.planning.decide import Decision
from domain.services.sync.report import RunStatus
from domain.values import BLANK, Absence, FieldPath, PersonId
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME, VALUE, WHOSE
from tests.support.scene import Scene
from tests.support.world import ENTITIES, TULP, facts

_MANY = r"(?P<many>no|one|two|\d+)"
_CODE = r"(?P<code>[A-Z0-9_-]+)"
_FROM_TO = r"from (?P<before>\"[^\"]*\"|blank) to (?P<after>\"[^\"]*\"|blank)"


# --- Loket ---


@then(parsers.re(rf"{WHOSE} (?!whole|employment|employee number){LABEL} in Loket is {VALUE}"))
def loket_holds(scene: Scene, whose: str, label: str, value: str) -> None:
    assert scene.world.loket_field(scene.who(whose), words.path(label)) == words.in_loket(label, value)


@then(parsers.re(rf"{WHOSE} whole address in Loket is blank"))
def no_address(scene: Scene, whose: str) -> None:
    labels = (*words.ADDRESS_LABELS, "address note")
    held = {label: scene.world.loket_field(scene.who(whose), words.path(label)) for label in labels}
    assert set(held.values()) == {BLANK}, held


@then(
    parsers.re(rf"{WHOSE} {LABEL} in Loket is (?:as it was|(?:his|her) {LABEL.replace('label', 'same')} in Personio)")
)
def loket_as_hired(scene: Scene, whose: str, label: str) -> None:
    name = scene.who(whose)
    assert scene.world.loket_field(name, words.path(label)) == scene.world.hired[name].values[words.role(label)]


@then(parsers.re(rf"{WHOSE} employee number in Loket is still her own"))
def own_number(scene: Scene, whose: str) -> None:
    one = scene.world.people[scene.who(whose)]
    assert scene.world.payroll.numbers(one.entity) == [one.number]


@then(parsers.re(rf"the IBAN of her employment (?P<income>\d+) in Loket is (?:{VALUE}|as it was)"))
def iban_of_employment(scene: Scene, income: str, value: str | None) -> None:
    one = scene.world.people[scene.last]
    expected = words.in_loket("IBAN", value) if value else scene.world.hired[one.name].values[words.role("IBAN")]
    assert scene.world.payroll.iban(one.entity, one.number, int(income)) == expected


@then(parsers.re(rf"{WHOSE} account in Loket has (?:no BIC|the BIC \"(?P<bic>\w+)\")"))
def bic_of_account(scene: Scene, whose: str, bic: str | None) -> None:
    one = scene.world.people[scene.who(whose)]
    assert scene.world.payroll.bic(one.entity, one.number) == (bic or BLANK)


@then(parsers.re(rf"(?P<name>{NAME}) has {_MANY} employments? in Loket"))
def employments(scene: Scene, name: str, many: str) -> None:
    one = scene.world.people[name]
    assert len(scene.world.payroll.employments(one.entity, one.number)) == words.count(many)


@then(parsers.re(rf"her employment (?P<income>\d+) in Loket (?P<edge>starts|ends) on {DATE}"))
def employment_edge(scene: Scene, income: str, edge: str, day: str) -> None:
    one = scene.world.people[scene.last]
    held = scene.world.payroll.employments(one.entity, one.number)
    employment = next(each for each in held if each.income_number == int(income))
    assert (employment.start if edge == "starts" else employment.end) == words.day(day)


@then(parsers.re(r"her employment (?P<income>\d+) in Loket has no end date"))
def employment_open(scene: Scene, income: str) -> None:
    one = scene.world.people[scene.last]
    held = scene.world.payroll.employments(one.entity, one.number)
    assert next(each for each in held if each.income_number == int(income)).end is None


@then(parsers.re(rf"(?:Loket|(?P<entity>Roos Retail)) has {_MANY} concept employees?(?: in Loket)?"))
def concepts(scene: Scene, entity: str | None, many: str) -> None:
    assert len(scene.world.payroll.concepts(ENTITIES[entity or TULP.name])) == words.count(many)


@then("Loket has no employees")
def no_employees(scene: Scene) -> None:
    assert scene.world.payroll.numbers(TULP) == []


@then(parsers.re(rf"the wage of (?P<name>{NAME})'s concept employee is (?P<amount>[\d,.]+|blank)"))
def concept_wage(scene: Scene, name: str, amount: str) -> None:
    held = scene.world.loket_field(name, FieldPath("wage.grossWage"))
    if amount == "blank":
        assert held is BLANK
    else:
        assert not isinstance(held, Absence)
        assert Decimal(held) == Decimal(amount.replace(",", ""))


@then("the sync never tried to promote a concept employee")
def never_promoted(scene: Scene) -> None:
    assert scene.world.payroll.promotions_attempted == 0


@then("nothing was written to Loket")
def nothing_written(scene: Scene) -> None:
    assert list(scene.world.writes()) == []


@then(parsers.re(rf"Loket received {_MANY} writes?(?: about (?P<name>{NAME}))?"))
def writes(scene: Scene, many: str, name: str | None) -> None:
    about = [number for number in scene.world.writes() if name is None or number == scene.world.people[name].number]
    assert len(about) == words.count(many)


# --- the result ---


@then(parsers.re(rf"the result shows (?P<whose>{NAME})(?P<old>'s old profile)? as (?P<outcome>[a-z ]+) under {_CODE}"))
def result(scene: Scene, whose: str, old: str | None, outcome: str, code: str) -> None:
    one = scene.world.people[whose]
    found = [(each.outcome.value, each.reason) for each in scene.world.outcomes(one.old_person if old else one.person)]
    assert found == [(words.outcome(outcome), code)], scene.world.last_report()
    scene.last = whose


@then(parsers.re(rf"the result does not show (?P<name>{NAME})"))
def not_in_result(scene: Scene, name: str) -> None:
    one = scene.world.people[name]
    assert one.person is None or scene.world.outcomes(one.person) == ()
    assert one.number not in {each.number for each in scene.world.last_report().outcomes}


@then(parsers.re(rf"{WHOSE} result (?P<verb>names|does not name) {_CODE}"))
def result_names(scene: Scene, whose: str, verb: str, code: str) -> None:
    assert (code in scene.messages(whose)) is (verb == "names"), scene.messages(whose)


@then(parsers.re(rf"{WHOSE} result says \"(?P<text>[^\"]+)\""))
def result_says(scene: Scene, whose: str, text: str) -> None:
    assert text in scene.messages(whose)


@then(parsers.re(rf"{WHOSE} result says that pay was withheld"))
def pay_withheld(scene: Scene, whose: str) -> None:
    assert any(text.startswith("JOIN-4") for text in scene.result(whose).messages), scene.messages(whose)


@then(parsers.re(rf"{WHOSE} result carries (?P<which>the|no) confirmation of a concept employee"))
def confirmation(scene: Scene, whose: str, which: str) -> None:
    confirmations = [text for text in scene.result(whose).messages if text.startswith("JOIN-2")]
    assert len(confirmations) == (1 if which == "the" else 0), scene.messages(whose)


@then(parsers.re(rf"{WHOSE} result lists her {LABEL} as overwritten {_FROM_TO}"))
def result_lists(scene: Scene, whose: str, label: str, before: str, after: str) -> None:
    result = scene.result(whose)
    listed = [(each.field, each.before, each.after) for each in result.overwritten]
    listed += [(each.field, each.before, each.after) for each in result.earlier]
    assert (words.path(label), words.in_loket(label, before), words.in_loket(label, after)) in listed


@then(parsers.re(r"one alert tells of (?P<count>\d+) overwritten values?"))
def overwriting_alerted(scene: Scene, count: str) -> None:
    alerts = facts(scene.world.everything(), AlertRaised)
    happened = [each for one in alerts for each in one.happened if each.kind is AlertKind.OVERWRITTEN]
    assert [one.count for one in happened] == [int(count)]


@then(parsers.re(rf"the run is (?P<status>completed with errors|completed|blocked|refused)(?: because of {_CODE})?"))
def run_is(scene: Scene, status: str, code: str | None) -> None:
    report = scene.world.last_report()
    assert report.status == RunStatus(words.outcome(status)), report
    if code is not None:
        assert code in f"{report.reason} {report.message}"


@then("the sync stops with a fault in the setup")
def fault_in_setup(scene: Scene) -> None:
    report = scene.world.last_report()
    assert (report.status, report.reason, report.outcomes) == (RunStatus.REFUSED, "RUN-9", ())


@then(parsers.re(r"the run's message names the right (?P<activity>\w+)"))
def names_the_right(scene: Scene, activity: str) -> None:
    assert activity in (scene.world.last_report().message or "")


@then("the sync is refused because of the run in progress")
def refused_for_another(scene: Scene) -> None:
    report = scene.world.last_report()
    assert (report.status, report.reason, report.held_by) == (RunStatus.REFUSED, "RUN-3", "run-of-someone-else")


@then(parsers.re(rf"the run's message names the {LABEL} and (?P<many>\d+) people"))
def message_names(scene: Scene, label: str, many: str) -> None:
    message = scene.world.last_report().message or ""
    assert words.path(label) in message
    assert f"{many} people" in message


@then(parsers.re(r"the counts of the run add up to (?P<many>\d+) (?:people|person)"))
def counts(scene: Scene, many: str) -> None:
    report = scene.world.last_report()
    assert sum(report.counts.values()) == len(report.outcomes) == int(many)
    assert len({each.person for each in report.outcomes}) == int(many)


@then(parsers.re(rf"the business date of the run is {DATE}"))
def business_date(scene: Scene, day: str) -> None:
    assert scene.world.last_report().business_date == words.day(day)
    assert [one.business_date for one in scene.started()] == [words.day(day)]


# --- the lists ---


@then(parsers.re(rf"the list shows (?P<name>{NAME}) as (?:included|left out under {_CODE})"))
def listed(scene: Scene, name: str, code: str | None) -> None:
    seen, person = scene.world.seen, scene.person(f"{name}'s")
    assert seen is not None
    if code == "WHO-1":
        assert person in seen.elsewhere
        assert person not in {each.person for each in seen.plan.decisions}
        return
    left_out = decision(scene, person).left_out
    assert (left_out.rule if left_out else None) == code


@then(parsers.re(rf"the findings for (?P<name>{NAME}) are (?P<codes>[A-Z_, ]+)"))
def findings(scene: Scene, name: str, codes: str) -> None:
    found = [one.code.value for one in decision(scene, scene.person(f"{name}'s")).findings]
    assert sorted(found) == sorted(codes.split(", "))
    scene.last = name


@then(parsers.re(rf"there are no findings(?: for (?P<name>{NAME}))?"))
def no_findings(scene: Scene, name: str | None) -> None:
    assert scene.world.seen is not None
    person = scene.person(f"{name}'s") if name else None
    decisions = [one for one in scene.world.seen.plan.decisions if person in (None, one.person)]
    assert [one.findings for one in decisions if one.findings] == []


@then(parsers.re(r"the finding proposes number (?P<number>\d+) and addition (?P<addition>\w+)"))
def proposal(scene: Scene, number: str, addition: str) -> None:
    found = decision(scene, scene.person(f"{scene.last}'s")).findings[0].proposal or ""
    assert number in found
    assert addition in found


@then(parsers.re(rf"the plan shows that her {LABEL} goes {_FROM_TO}"))
def planned(scene: Scene, label: str, before: str, after: str) -> None:
    writes_planned = decision(scene, scene.person(f"{scene.last}'s")).writes
    changes = [(each.field, each.before, each.after) for write in writes_planned for each in write.changes]
    assert changes == [(words.path(label), words.in_loket(label, before), words.in_loket(label, after))]


@then(parsers.re(rf"the first value about to be overwritten is {WHOSE} {LABEL}"))
def first_to_be_overwritten(scene: Scene, whose: str, label: str) -> None:
    assert scene.world.seen is not None
    first = scene.world.seen.overwriting[0].edit
    assert (first.number, first.field) == (scene.world.people[scene.who(whose)].number, words.path(label))


def decision(scene: Scene, person: PersonId) -> Decision:
    assert scene.world.seen is not None
    return next(one for one in scene.world.seen.plan.decisions if one.person == person)
