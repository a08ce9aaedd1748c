"""Steps about what an auditor reads: causes, names, the two clocks, masked and unmasked values."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
from pytest_bdd import parsers, then, when

from domain.errors import TooManyPeople
from domain.events.custody import ValuesUnmasked
from domain.events.drift import DriftChecked
from domain.events.findings import ValidationCompleted
from domain.events.loket import FieldOverwritten, LoketFieldChanged, TerminationObserved, WriteIntended
from domain.events.personio import AttributeChanged
from domain.events.runs import FindingRaised, OutcomeRecorded, OutcomesRecorded, RunStarted
from domain.events.setup import PolicyApplied
from domain.log import Fact, Recorded
from domain.outcomes import outcomes_in
from domain.personal import MASK
from domain.planning.business_date import business_date
from domain.services.read_employee import read_employee
from domain.services.reports.more_people import agree_to_more, ask_for_more
from domain.services.reports.unmask import Unmasking, record_unmasking
from domain.streams import CUSTODY
from domain.values import Actor, EmployeeNumber
from domain.views.history import HistoryLine, lines
from domain.views.sentences import local_date
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME, NAMES
from tests.support.scene import Scene
from tests.support.world import facts

_QUOTED = r"\"(?P<one>[^\"]+)\" (?P<link>or|and) \"(?P<two>[^\"]+)\""


@then(parsers.re(rf"the history shows that the overwrite of her {LABEL} was caused by that change in Personio"))
def caused(scene: Scene, label: str) -> None:
    history = scene.world.history(scene.last)
    change = _one(history, AttributeChanged, label)
    assert _one(history, FieldOverwritten, label).meta.causation == change.reference


@then(parsers.re(rf"the history of (?P<name>{NAME}) tells the finding (?P<code>[A-Z_]+)"))
def finding_told(scene: Scene, name: str, code: str) -> None:
    assert [one.code for one in facts(scene.world.history(name), FindingRaised)] == [code]


@then(parsers.re(rf"that run added no change and no write to the history of (?P<name>{NAME})"))
def nothing_new(scene: Scene, name: str) -> None:
    run = scene.world.last_report().run_id
    added = [one.fact for one in scene.world.history(name) if one.meta.correlation == run]
    assert [fact.outcome for fact in added if isinstance(fact, OutcomeRecorded)] == ["unchanged"]
    changes = (AttributeChanged, LoketFieldChanged, WriteIntended, FieldOverwritten)
    assert [fact for fact in added if isinstance(fact, changes)] == []


@then(
    parsers.re(
        rf"the history of (?P<name>{NAME}) already holds the intention to write "
        r"\"(?P<after>[^\"]+)\" over \"(?P<before>[^\"]+)\""
    )
)
def intended(scene: Scene, name: str, after: str, before: str) -> None:
    changes = [
        (one.before, one.after) for intent in facts(scene.world.history(name), WriteIntended) for one in intent.changes
    ]
    assert changes == [(before, after)]


@then(parsers.re(rf"the history names (?P<actor>{NAME}) for the overwrite of her {LABEL}"))
def named(scene: Scene, actor: str, label: str) -> None:
    assert _one(scene.world.history(scene.last), FieldOverwritten, label).meta.actor == actor


@then(parsers.re(rf"the history says of her {LABEL} \"(?P<text>[^\"]+)\""))
def said(scene: Scene, label: str, text: str) -> None:
    history = scene.world.history(scene.last)
    told = {line.position: line.sentence for line in lines(history)}
    for kind in (AttributeChanged, FieldOverwritten):
        assert text in told[_one(history, kind, label).position]


@then(parsers.re(rf"the end date in the history of (?P<name>{NAME}) was recorded on {DATE} and holds from (?P<end>.+)"))
def two_clocks(scene: Scene, name: str, day: str, end: str) -> None:
    seen = [one for one in scene.world.history(name) if isinstance(one.fact, TerminationObserved)]
    assert [(local_date(one.meta.recorded_at), one.fact.effective_on) for one in seen] == [
        (words.day(day), words.day(end))
    ]


@then(
    parsers.re(
        rf"the history shows (?:one change of her {LABEL} in Personio, "
        r"from (?P<before>\"[^\"]*\") to (?P<after>\"[^\"]*\"))"
    )
)
def one_change(scene: Scene, label: str, before: str, after: str) -> None:
    change = _one(scene.world.history(scene.last), AttributeChanged, label).fact
    assert isinstance(change, AttributeChanged)
    assert (change.before, change.after) == (words.in_loket(label, before), words.in_loket(label, after))


@then(parsers.re(rf"the history shows no change of her {LABEL} in Personio"))
def no_change(scene: Scene, label: str) -> None:
    changes = facts(scene.world.history(scene.last), AttributeChanged)
    assert [one for one in changes if one.field == words.path(label)] == []


@then(parsers.re(rf"the history of (?P<name>{NAME}), as it is shown, nowhere says {_QUOTED}"))
def masked(scene: Scene, name: str, one: str, two: str) -> None:
    shown = "\n".join(line.sentence for line in _lines(scene, name, unmasked=False))
    assert MASK in shown
    assert one not in shown
    assert two not in shown


@when(parsers.re(rf"(?P<actor>{NAME}) unmasks the history of (?P<name>{NAME}) because of \"(?P<reason>[^\"]+)\""))
def unmask(scene: Scene, actor: str, name: str, reason: str) -> None:
    one, tools = scene.world.people[name], scene.world.tools()
    record_unmasking(
        tools.log,
        tools.vault,
        tools.clock,
        unmasking=Unmasking(Actor(actor), "history", reason),
        entity=one.entity.personio_id,
        number=EmployeeNumber(one.number),
    )


@when(
    parsers.re(
        rf"(?P<actor>{NAME}) asks to open (?P<people>\d+) person's values more because of \"(?P<reason>[^\"]+)\", "
        rf"and (?P<second>{NAME}) agrees"
    )
)
def more_agreed(scene: Scene, actor: str, people: str, reason: str, second: str) -> None:
    tools, entity = scene.world.tools(), scene.world.people[scene.last].entity.personio_id
    asked = ask_for_more(
        tools.log, tools.vault, tools.clock, actor=Actor(actor), entity=entity, people=int(people), reason=reason
    )
    agree_to_more(tools.log, tools.clock, actor=Actor(second), asked=asked.id)


@then(
    parsers.re(
        rf"the values of (?P<name>{NAME}) are (?P<refused>not )?shown to (?P<actor>{NAME}), "
        r"who opens (?P<most>\d+) person's values a day"
    )
)
def shown_to(scene: Scene, name: str, refused: str | None, actor: str, most: str) -> None:
    one, tools = scene.world.people[name], scene.world.tools()
    tools.views.catch_up()
    with pytest.raises(TooManyPeople) if refused else nullcontext():
        read_employee(
            one.entity.personio_id, EmployeeNumber(one.number),
            log=tools.log, vault=tools.vault, views=tools.views, clock=tools.clock,
            unmask=Unmasking(Actor(actor), "history", "a look", int(most)),
        )  # fmt: skip


@then(parsers.re(rf"the history of (?P<name>{NAME}), unmasked, says {_QUOTED}"))
def opened(scene: Scene, name: str, one: str, two: str) -> None:
    shown = "\n".join(line.sentence for line in _lines(scene, name, unmasked=True))
    assert one in shown
    assert two in shown


@then(parsers.re(rf"the log holds that (?P<actor>{NAME}) unmasked (?P<name>{NAME}) because of \"(?P<reason>[^\"]+)\""))
def unmasking_recorded(scene: Scene, actor: str, name: str, reason: str) -> None:
    tools = scene.world.tools()
    recorded = tools.vault.opened(tools.log.stream(CUSTODY))
    assert [one.meta.actor for one in recorded] == [actor]
    assert [(one.employee_number, one.reason) for one in facts(recorded, ValuesUnmasked)] == [
        (scene.world.people[name].number, reason)
    ]


def _lines(scene: Scene, name: str, *, unmasked: bool) -> tuple[HistoryLine, ...]:
    """What the product shows, sealed or opened."""
    one, tools = scene.world.people[name], scene.world.tools()
    tools.views.catch_up()
    events = tools.log.at(tools.views.history.positions(one.entity.personio_id, EmployeeNumber(one.number)))
    return lines(tools.vault.opened(events) if unmasked else events)


@then(parsers.re(rf"the run told of {NAMES} (?P<how>alone|together)"))
def told_of(scene: Scene, names: str, how: str) -> None:
    run, kind = scene.world.last_report().run_id, OutcomeRecorded if how == "alone" else OutcomesRecorded
    told = [one.fact for one in scene.world.everything() if one.meta.correlation == run and isinstance(one.fact, kind)]
    people = {scene.world.people[name].person for name in words.names(names)}
    assert [_whom(fact) for fact in told if people & _whom(fact)] == [people]


@then(parsers.re(rf"the history of (?P<name>{NAME}) tells once that she was (?P<outcome>\w+) on {DATE}"))
def outcome_once(scene: Scene, name: str, outcome: str, day: str) -> None:
    told = [one for one in scene.world.history(name) if business_date(one.meta.recorded_at) == words.day(day)]
    assert [one.outcome for one in facts(told, OutcomeRecorded)] == [outcome]


@then(parsers.re(rf"the history of (?P<name>{NAME}) speaks of nobody else"))
def of_nobody_else(scene: Scene, name: str) -> None:
    others = {one.person for other, one in scene.world.people.items() if other != name}
    history = scene.world.history(name)
    assert not any(isinstance(one.fact, OutcomesRecorded) for one in history)
    assert not others & {getattr(one.fact, "person_id", None) for one in history}


def _whom(fact: Fact) -> set[str]:
    return {one.person_id for one in outcomes_in(fact)}


def _one(history: tuple[Recorded, ...], kind: type[AttributeChanged] | type[FieldOverwritten], label: str) -> Recorded:
    found = [one for one in history if isinstance(one.fact, kind) and one.fact.field == words.path(label)]
    assert len(found) == 1
    return found[0]


@then("all of these name the same settings, which were recorded once, before the first of them")
def same_settings(scene: Scene) -> None:
    applied, named = _settings(scene)
    assert len(applied) == 1
    assert {digest for _, digest in named} == {applied[0].fact.digest}
    assert all(position > applied[0].position for position, _ in named)


@then(parsers.re(rf"a plan of {DATE} names them too, and records nothing"))
def plan_names_them(scene: Scene, day: str) -> None:
    applied, _ = _settings(scene)
    before = len(scene.world.everything())
    preview = scene.world.look(words.day(day))
    assert preview is not None
    assert (preview.settings, len(scene.world.everything())) == (applied[0].fact.digest, before)


@then(parsers.re(r"the last run names other settings than the one before, and they differ in \"(?P<setting>\w+)\""))
def other_settings(scene: Scene, setting: str) -> None:
    (before, after), ((_, first), (later, last)) = _settings(scene)
    assert (before.fact.digest, after.fact.digest) == (first, last)
    assert before.position < after.position < later
    was, now = (json.loads(one.fact.policy)["entity"] for one in (before, after))
    assert [name for name in was if was[name] != now[name]] == [setting]


def _settings(scene: Scene) -> tuple[list[Any], list[tuple[int, str | None]]]:
    """The settings on record, and who names which: (position, digest) of runs, checks and validations."""
    everything = scene.world.everything()
    judging = (RunStarted, DriftChecked, ValidationCompleted)
    named = [(one.position, one.fact.policy) for one in everything if isinstance(one.fact, judging)]
    return [one for one in everything if isinstance(one.fact, PolicyApplied)], named
