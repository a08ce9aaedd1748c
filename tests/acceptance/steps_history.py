"""Steps about what the history keeps, asked through the history view and opened."""

from __future__ import annotations

from collections import Counter

from pytest_bdd import parsers, then

from domain.events.loket import (
    ChangedBy,
    ConceptEmployeeFinalised,
    FieldOverwritten,
    LoketFieldChanged,
    TerminationObserved,
    TerminationReversed,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteNotApplied,
    WriteNotSent,
    WriteRefused,
)
from domain.events.personio import AttributeChanged, PersonLeftEntity
from domain.events.runs import RunCutOff, RunStarted
from domain.streams import run_stream
from domain.values import RunId
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.scene import Scene
from tests.support.world import ENTITIES, facts

_WHOSE_OR_HER = rf"(?P<whose>{NAME}'s|her|his)"
_FROM_TO = r"from (?P<before>\"[^\"]*\"|blank) to (?P<after>\"[^\"]*\"|blank)"
_FINAL = (WriteConfirmed, WriteRefused, WriteNotSent, WriteNotApplied, WriteConflicted)


@then(
    parsers.re(
        rf"the history shows that {_WHOSE_OR_HER} {LABEL} was overwritten {_FROM_TO}"
        r"(?P<by> by that run)?(?: under (?P<rule>[A-Z]+-\d+))?"
    )
)
def overwritten(
    scene: Scene, whose: str, label: str, before: str, after: str, by: str | None, rule: str | None
) -> None:
    found = [
        one
        for one in facts(scene.world.history(scene.who(whose)), FieldOverwritten)
        if one.field == words.path(label)
        and (one.before, one.after) == (words.in_loket(label, before), words.in_loket(label, after))
    ]
    assert len(found) == 1, facts(scene.world.history(scene.who(whose)), FieldOverwritten)
    assert rule in (None, found[0].rule)
    if by:
        assert found[0].run_id == scene.world.last_report().run_id


@then(parsers.re(rf"the history shows (?P<many>no|one) overwritten field of (?P<name>{NAME})"))
def overwritten_fields(scene: Scene, many: str, name: str) -> None:
    history = scene.world.history(name)
    assert history
    assert len(facts(history, FieldOverwritten)) == words.count(many)


@then(parsers.re(rf"the history shows that her {LABEL} in Personio moved {_FROM_TO}"))
def moved_in_personio(scene: Scene, label: str, before: str, after: str) -> None:
    moves = [
        (one.before, one.after)
        for one in facts(scene.world.history(scene.last), AttributeChanged)
        if one.field == words.path(label)
    ]
    assert (words.in_loket(label, before), words.in_loket(label, after)) in moves, moves


@then(parsers.re(rf"the history shows that her {LABEL} in Loket moved {_FROM_TO} by someone else"))
def moved_in_loket(scene: Scene, label: str, before: str, after: str) -> None:
    moves = [
        (one.before, one.after, one.changed_by)
        for one in facts(scene.world.history(scene.last), LoketFieldChanged)
        if one.field == words.path(label)
    ]
    expected = (words.in_loket(label, before), words.in_loket(label, after), ChangedBy.SOMEONE_ELSE)
    assert moves == [expected]


@then(parsers.re(rf"the history gives no effective date for the change of her {LABEL}"))
def no_effective_date(scene: Scene, label: str) -> None:
    history = scene.world.history(scene.last)
    about: list[AttributeChanged | FieldOverwritten] = [
        *(one for one in facts(history, AttributeChanged) if one.field == words.path(label)),
        *(one for one in facts(history, FieldOverwritten) if one.field == words.path(label)),
    ]
    assert len(about) == 2
    assert [one.effective_on for one in about] == [None, None]


@then(parsers.re(rf"the history of (?P<name>{NAME}) says that the concept employee was completed"))
def completion_told(scene: Scene, name: str) -> None:
    assert len(facts(scene.world.history(name), ConceptEmployeeFinalised)) == 1


@then(parsers.re(rf"the history of (?P<name>{NAME}) shows the end date {DATE}, observed and reversed"))
def end_date_interval(scene: Scene, name: str, day: str) -> None:
    history = scene.world.history(name)
    observed, gone = facts(history, TerminationObserved), facts(history, TerminationReversed)
    assert [one.effective_on for one in observed] == [words.day(day)]
    assert len(gone) == 1


@then(parsers.re(rf"the history of (?P<name>{NAME}) shows the end dates (?P<one>\d+ \w+ \d+) and (?P<two>\d+ \w+ \d+)"))
def end_dates(scene: Scene, name: str, one: str, two: str) -> None:
    observed = facts(scene.world.history(name), TerminationObserved)
    assert [each.effective_on for each in observed] == [words.day(one), words.day(two)]


@then(parsers.re(rf"the history of (?P<name>{NAME}) never says that s?he left the legal entity"))
def never_left(scene: Scene, name: str) -> None:
    assert facts(scene.world.everything(), PersonLeftEntity) == []
    assert scene.world.history(name)


@then(parsers.re(rf"the history shows a run of (?P<entity>[\w ]+) on {DATE}, started by (?P<actor>{NAME})"))
def run_in_history(scene: Scene, entity: str, day: str, actor: str) -> None:
    tools = scene.world.tools()
    tools.views.catch_up()
    rows = tools.views.runs.runs(ENTITIES[entity].personio_id)
    assert [(row.business_date, row.actor) for row in rows] == [(words.day(day), actor)]


@then(parsers.re(rf"the history shows that the run of {DATE} was cut off"))
def cut_off(scene: Scene, day: str) -> None:
    everything = scene.world.everything()
    started = [
        one.stream
        for one in everything
        if isinstance(one.fact, RunStarted) and one.fact.business_date == words.day(day)
    ]
    ended = [one.stream for one in everything if isinstance(one.fact, RunCutOff)]
    assert started == ended
    assert run_stream(RunId("run-1")) in ended


@then("every intended write in the history has one final outcome")
def one_final_outcome(scene: Scene) -> None:
    everything = scene.world.everything()
    intended = [one.intent for one in facts(everything, WriteIntended)]
    final = Counter(one.fact.intent for one in everything if isinstance(one.fact, _FINAL))
    assert intended
    assert final == dict.fromkeys(intended, 1)
