"""Steps about Loket's version numbers, and whom they spare to be read again."""

from __future__ import annotations

from datetime import time

from pytest_bdd import given, parsers, then

from domain.attributes import PAYMENT_IBAN
from domain.events.alert import AlertKind, AlertRaised
from domain.events.runs import SystemsRead
from domain.planning.details import NUMBERS_NOT_TOLD
from domain.services.journal import Journal
from domain.services.reading.versions_believed import trust_versions
from domain.services.sync.report import RunStatus
from domain.values import Actor
from tests.acceptance import words
from tests.acceptance.words import DATE, NAME, WHOSE
from tests.support.scene import Scene
from tests.support.world import facts


@given(parsers.re(rf"the sync ran at (?P<at>\d\d:\d\d) on {DATE}"))
def sync_ran_at(scene: Scene, at: str, day: str) -> None:
    report = scene.world.run(words.day(day), time.fromisoformat(at))
    assert report is not None
    assert report.status is RunStatus.COMPLETED


@given("Loket does not tell its version numbers")
def versions_hidden(scene: Scene) -> None:
    scene.world.payroll.hide_versions()


@given("Loket's version numbers are lower than they were")
def versions_turned_back(scene: Scene) -> None:
    scene.world.payroll.turn_back_versions()


@given("Loket's version numbers stand still from now on")
def versions_stopped(scene: Scene) -> None:
    scene.world.payroll.stop_versions(stand_still=True)


@given(parsers.re(rf"Loket's version numbers move again, and (?P<actor>{NAME}) says so"))
def versions_trusted(scene: Scene, actor: str) -> None:
    scene.world.payroll.stop_versions(stand_still=False)
    journal = Journal(tools=scene.world.tools(), actor=Actor(actor), correlation="decision-versions")
    trust_versions(scene.world.policy(), journal, reason="Loket has mended it")


@given("the Loket user has every right again")
def every_right(scene: Scene) -> None:
    scene.world.payroll.show_rights()


@given("everybody is to be read every time")
def always_whole(scene: Scene) -> None:
    scene.world.between_full_reads = False


@given(parsers.re(rf'someone types "(?P<iban>\w+)" over {WHOSE} IBAN once the version numbers were asked for'))
def typed_while_reading(scene: Scene, iban: str, whose: str) -> None:
    name = scene.who(whose)
    scene.world.hooks().on_versions = lambda: scene.type_into_loket(name, PAYMENT_IBAN, iban)


@then("nobody was read again in Loket")
def nobody_read(scene: Scene) -> None:
    assert scene.world.hooks().read_last == frozenset()


@then(parsers.re(rf"only (?P<name>{NAME}) was read again in Loket"))
def one_read(scene: Scene, name: str) -> None:
    assert scene.world.hooks().read_last == {scene.world.people[name].number}
    scene.last = name


@then("everybody was read again in Loket")
def everybody_read(scene: Scene) -> None:
    everybody = {one.number for one in scene.world.people.values()}
    assert scene.world.hooks().read_last == everybody


@then(parsers.re(r"the run says that (?P<few>\d+) of (?P<all>\d+) people were not read again since (?P<at>\d\d:\d\d)"))
def told(scene: Scene, few: str, all: str, at: str) -> None:
    (read,) = facts(scene.world.news(), SystemsRead)
    assert f"{few} of {all} not read again: read at {at} or later, and unchanged since, Loket says" in read.notes
    assert read.not_read_again is not None
    assert read.not_read_again.people == int(few)


@then("the run notes that Loket does not tell its version numbers")
def not_told(scene: Scene) -> None:
    (read,) = facts(scene.world.news(), SystemsRead)
    assert NUMBERS_NOT_TOLD in read.notes


@then(parsers.re(rf"{WHOSE} IBAN in Loket is as in Personio"))
def as_in_personio(scene: Scene, whose: str) -> None:
    name = scene.who(whose)
    wanted = scene.world.people[name].values["iban"]
    assert scene.world.loket_field(name, PAYMENT_IBAN) == wanted


@then(parsers.re(rf"one alert tells that Loket's version numbers were wrong about {WHOSE} IBAN"))
def alerted(scene: Scene, whose: str) -> None:
    scene.who(whose)
    assert _told(scene) == [PAYMENT_IBAN]


@then("no alert tells of Loket's version numbers")
def not_alerted(scene: Scene) -> None:
    assert _told(scene) == []


def _told(scene: Scene) -> list[str]:
    raised = facts(scene.world.everything(), AlertRaised)
    return [each.what for one in raised for each in one.opened if each.kind is AlertKind.LOKET_VERSIONS]
