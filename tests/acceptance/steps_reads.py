"""Steps about complete reads that show only a part, and about who accepts them."""

from __future__ import annotations

from dataclasses import replace

from pytest_bdd import given, parsers, then, when

from domain.events.alert import AlertKind, AlertRaised
from domain.events.runs import ReadAccepted
from domain.services.sync.report import RunStatus
from domain.settings import AbsentIsBlank
from tests.acceptance import words
from tests.acceptance.steps_pay import each_earn
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.offices import Trouble
from tests.support.scene import Scene
from tests.support.world import facts


@given(parsers.re(r"(?P<many>\d+) others are employed in both systems"))
def others(scene: Scene, many: str) -> None:
    for index in range(int(many)):
        scene.world.employ(f"Other{index}")


@given(parsers.re(r"(?P<many>\d+) of the others are deleted in Personio"))
def others_deleted(scene: Scene, many: str) -> None:
    for name in _others(scene)[: int(many)]:
        scene.world.hr.delete(scene.person(f"{name}'s"))
        scene.deleted.add(name)


@given(parsers.re(r"Loket no longer shows us (?P<many>\d+) of the others"))
def others_hidden(scene: Scene, many: str) -> None:
    for name in _others(scene)[: int(many)]:
        one = scene.world.people[name]
        scene.world.payroll.hide_employee(one.entity, one.number)


@given(parsers.re(r"the others each earn (?P<amount>[\d,.]+) a month with effect from " + DATE))
def others_earn(scene: Scene, amount: str, day: str) -> None:
    each_earn(scene, ", ".join(_others(scene)), amount, day)


@given(parsers.re(r"Personio shows us no pay of (?P<many>\d+) of the others any more"))
def pay_of_others_hidden(scene: Scene, many: str) -> None:
    scene.world.hr.hide_pay_of([scene.person(f"{name}'s") for name in _others(scene)[: int(many)]])


@given("everybody is deleted in Personio")
def everybody_deleted(scene: Scene) -> None:
    for name in scene.world.people:
        scene.world.hr.delete(scene.person(f"{name}'s"))


@given(parsers.re(rf"Personio loses (?P<name>{NAME}) between two pages"))
def slips(scene: Scene, name: str) -> None:
    scene.world.hr.slip(scene.person(f"{name}'s"))


@given("Personio's pages come without their paging data")
def bare_pages(scene: Scene) -> None:
    scene.world.hr.trouble(Trouble.BARE)


@given("Personio sends empty attributes as null")
def empties_sent(scene: Scene) -> None:
    scene.world.hr.send_empties()


@given(parsers.re(rf"nobody else shows a {LABEL} in Personio"))
def nobody_else(scene: Scene, label: str) -> None:
    assert scene.world.elsewhere is not None
    scene.world.hr.hide(words.role(label), scene.world.elsewhere)


@given("what Personio leaves out is never blank for this customer")
def never_blank(scene: Scene) -> None:
    scene.world.rules = replace(scene.world.rules, absent_is_blank=AbsentIsBlank.NEVER)


@given(parsers.re(rf"everybody's {LABEL} in Loket is typed in again"))
def typed_again(scene: Scene, label: str) -> None:
    for name, one in scene.world.people.items():
        scene.type_into_loket(name, words.path(label), f"{one.number}@example.org")


@given(parsers.re(rf"(?P<actor>{NAME}) confirmed that plan and ran the sync on {DATE}"))
def confirmed_before(scene: Scene, actor: str, day: str) -> None:
    scene.confirmed = scene.world.last_report().fingerprint
    report = scene.world.run(words.day(day), actor=actor, confirm=scene.confirmed)
    assert report is not None
    assert report.status is RunStatus.COMPLETED


@when(parsers.re(rf"(?P<actor>{NAME}) uses the same confirmation again on {DATE}"))
def confirmed_again(scene: Scene, actor: str, day: str) -> None:
    scene.world.run(words.day(day), actor=actor, confirm=scene.confirmed)


@when(parsers.re(rf"(?P<actor>{NAME}) accepts that read and runs the sync on {DATE}"))
def accepts(scene: Scene, actor: str, day: str) -> None:
    scene.world.run(words.day(day), actor=actor, accept_read=scene.world.last_report().fingerprint)


@given(parsers.re(rf"(?P<actor>{NAME}) accepted that read and ran the sync on {DATE}"))
def accepted(scene: Scene, actor: str, day: str) -> None:
    accepts(scene, actor, day)
    assert scene.world.last_report().status is RunStatus.COMPLETED


@then(parsers.re(r"the run says that (?P<what>[a-z ]+) were (?P<before>\d+) and are (?P<now>\d+)"))
def sizes_are_told(scene: Scene, what: str, before: str, now: str) -> None:
    key = {"people": "people", "employees": "employees", "people with pay": "paid"}[what]
    assert scene.world.last_report().sizes[key] == (int(before), int(now))


@then(parsers.re(rf"the log holds that (?P<actor>{NAME}) accepted the read"))
def acceptance_on_record(scene: Scene, actor: str) -> None:
    (one,) = [one for one in scene.world.everything() if isinstance(one.fact, ReadAccepted)]
    assert one.meta.actor == actor


@then("the check is not believed, and one alert says so")
def check_disbelieved(scene: Scene) -> None:
    assert scene.world.checked is None
    assert "cannot be believed" in scene.world.refusal
    assert len(_alerts(scene)) == 1


@then(parsers.re(r"(?P<many>no|one) alert says that a read is not believed"))
def alerted(scene: Scene, many: str) -> None:
    assert len(_alerts(scene)) == words.COUNTS[many]


@then("no plan is made, because the read is not believed")
def plan_disbelieved(scene: Scene) -> None:
    assert "cannot be believed" in scene.world.refusal


def _others(scene: Scene) -> list[str]:
    return [name for name in scene.world.people if name.startswith("Other") and name not in scene.deleted]


def _alerts(scene: Scene) -> list[AlertRaised]:
    raised = facts(scene.world.everything(), AlertRaised)
    return [one for one in raised if any(each.kind is AlertKind.IMPLAUSIBLE_READ for each in one.opened)]
