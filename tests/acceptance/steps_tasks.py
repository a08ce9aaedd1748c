"""Steps about checks on record, and about the tasks that findings are: since when, how they ended, who sees to them."""

from __future__ import annotations

import pytest
from pytest_bdd import given, parsers, then, when

from domain.errors import AlreadyTaken, NotFound
from domain.events.findings import FindingEnd, FindingOpened, ValidationCompleted, ValidationRefused
from domain.planning.business_date import business_date
from domain.planning.findings import Acts
from domain.views.tasks import TaskFilters, TaskRow
from tests.acceptance import words
from tests.acceptance.words import DATE, NAME, WHOSE
from tests.support.scene import Scene
from tests.support.world import TULP, facts

_CODE = r"(?P<code>[A-Z][A-Z_]+)"
_TASK = rf"{WHOSE} task {_CODE}"
_ACTS = {"HR": Acts.HR, "payroll": Acts.PAYROLL, "the operator": Acts.OPERATOR}


@when(parsers.re(rf"the people are validated on {DATE}"))
@given(parsers.re(rf"the people were validated on {DATE}"))
def validated(scene: Scene, day: str) -> None:
    scene.world.validate(words.day(day))


@when(parsers.re(rf"(?P<actor>{NAME}) takes {_TASK}"))
@given(parsers.re(rf"(?P<actor>{NAME}) took {_TASK}"))
def takes(scene: Scene, actor: str, whose: str, code: str) -> None:
    scene.world.taking(actor).take(tasks(scene, whose, code)[-1].position)


@when(parsers.re(rf"(?P<actor>{NAME}) gives {_TASK} back"))
def gives_back(scene: Scene, actor: str, whose: str, code: str) -> None:
    scene.world.taking(actor).give_back(tasks(scene, whose, code)[-1].position)


@then(parsers.re(rf"(?P<actor>{NAME}) cannot take {_TASK}"))
def cannot_take(scene: Scene, actor: str, whose: str, code: str) -> None:
    (task,) = (*tasks(scene, whose, code), *tasks(scene, whose, code, ended=True))
    with pytest.raises(AlreadyTaken if task.ended_at is None else NotFound):
        scene.world.taking(actor).take(task.position)


@then(parsers.re(rf"(?P<actor>{NAME}|nobody) sees to {_TASK}"))
def sees_to(scene: Scene, actor: str, whose: str, code: str) -> None:
    (task,) = tasks(scene, whose, code)
    assert (task.holder(scene.world.clock.today()) or "nobody") == actor


@then(parsers.re(rf"(?P<name>{NAME}) has the task {_CODE} for (?P<acts>HR|payroll|the operator) since {DATE}"))
def has_task(scene: Scene, name: str, code: str, acts: str, day: str) -> None:
    found = [(one.code, one.who, business_date(one.since)) for one in tasks(scene, f"{name}'s", code)]
    assert found == [(code, _ACTS[acts], words.day(day))]


@then("nobody has a task")
def no_tasks(scene: Scene) -> None:
    tools = scene.world.tools()
    tools.views.catch_up()
    assert tools.views.tasks.open(TULP.personio_id) == ()


@then(parsers.re(rf"{_TASK} ended on {DATE} because (?:it is (?P<gone>no longer found)|of (?P<rule>[A-Z]+-\d+))"))
def ended(scene: Scene, whose: str, code: str, day: str, gone: str | None, rule: str | None) -> None:
    (task,) = tasks(scene, whose, code, ended=True)
    assert task.ended_at is not None
    how = FindingEnd.NOT_FOUND if gone else FindingEnd.LEFT_OUT
    assert (business_date(task.ended_at), task.how, task.ended_rule) == (words.day(day), how, rule)


@then(
    parsers.re(
        r"the history shows a validation of (?P<many>\d+) (?:people|person) "
        rf"(?:without findings|with (?P<out>\d+) left out under (?P<rule>[A-Z]+-\d+) and the finding {_CODE})"
    )
)
def on_record(scene: Scene, many: str, out: str | None, rule: str | None, code: str | None) -> None:
    (fact,) = facts(scene.world.everything(), ValidationCompleted)
    left_out = {rule: int(out)} if rule and out else {}
    assert (fact.people, fact.left_out, fact.findings) == (int(many), left_out, {code: 1} if code else {})
    assert fact.included == fact.people - sum(left_out.values())


@then(parsers.re(r"the history shows a validation refused under (?P<rule>[A-Z]+-\d+)"))
def on_record_as_refused(scene: Scene, rule: str) -> None:
    assert [one.rule for one in facts(scene.world.everything(), ValidationRefused)] == [rule]


@then(parsers.re(rf"the history tells (?P<times>\d+) time that {_CODE} was found for (?P<name>{NAME})"))
def told(scene: Scene, times: str, code: str, name: str) -> None:
    person = scene.person(f"{name}'s")
    found = facts(scene.world.everything(), FindingOpened)
    assert [(one.person_id, one.code) for one in found] == [(person, code)] * int(times)


def tasks(scene: Scene, whose: str, code: str | None = None, *, ended: bool = False) -> list[TaskRow]:
    tools = scene.world.tools()
    tools.views.catch_up()
    filters = TaskFilters(ended=ended, person=scene.person(whose), code=code)
    return list(tools.views.tasks.tasks(TULP.personio_id, filters, after=-1, limit=10))
