"""Steps about drift: a check, what it found, what became of a case, and what people decided about it."""

from __future__ import annotations

import pytest
from pytest_bdd import given, parsers, then, when

from domain.drift.audit_trail import AuditTrailAnswer
from domain.drift.differences import Verdict
from domain.errors import Misconfigured
from domain.events.drift import Cause, DriftAttributed, Resolved, TrailResult
from domain.log import Recorded
from domain.services.drift.check import NO_TRAIL
from domain.services.drift.human_decisions import extend
from domain.services.drift.to_enter import values_to_enter
from domain.streams import drift_stream
from domain.values import EmployeeNumber, FieldPath
from domain.views.drift import CaseRow
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.scene import Scene
from tests.support.world import AMSTERDAM, TULP

_WHOSE = rf"(?P<whose>{NAME}'s|[Hh]er|[Hh]is)"
_CODE = r"(?P<code>[A-Z0-9_-]+)"


@given("this legal entity allows differences to be accepted")
def allowed(scene: Scene) -> None:
    scene.world.allow_accepted_drift = True


@given(parsers.re(rf"a drift check was made on {DATE}"))
def was_checked(scene: Scene, day: str) -> None:
    assert scene.world.check(words.day(day)) is not None, scene.world.refusal


@when(parsers.re(rf"a drift check is (?:made|tried) on {DATE}"))
def checked(scene: Scene, day: str) -> None:
    scene.world.check(words.day(day))


@given(
    parsers.re(rf"(?P<actor>{NAME}) acknowledges the drift of {_WHOSE} {LABEL} on {DATE} because \"(?P<why>[^\"]+)\"")
)
def acknowledges(scene: Scene, actor: str, whose: str, label: str, day: str, why: str) -> None:
    scene.world.clock.travel(words.day(day))
    scene.world.deciding(why, actor=actor).acknowledge(number(scene, whose), words.path(label))


@given(parsers.re(rf"(?P<actor>{NAME}) accepts the drift of {_WHOSE} {LABEL} on {DATE} because \"(?P<why>[^\"]+)\""))
def accepts(scene: Scene, actor: str, whose: str, label: str, day: str, why: str) -> None:
    scene.world.clock.travel(words.day(day))
    scene.world.deciding(why, actor=actor).accept(number(scene, whose), words.path(label))


@given(parsers.re(rf"(?P<actor>{NAME}) may not accept the drift of {_WHOSE} {LABEL} on {DATE}"))
def may_not_accept(scene: Scene, actor: str, whose: str, label: str, day: str) -> None:
    scene.world.clock.travel(words.day(day))
    with pytest.raises(Misconfigured):
        scene.world.deciding("so be it", actor=actor).accept(number(scene, whose), words.path(label))


@given(parsers.re(rf"(?P<actor>{NAME}) holds (?P<name>{NAME}) out of the next run because \"(?P<why>[^\"]+)\""))
def holds_out(scene: Scene, actor: str, name: str, why: str) -> None:
    scene.world.deciding(why, actor=actor).hold_out(EmployeeNumber(scene.world.people[name].number))


@given(
    parsers.re(
        rf"(?P<actor>{NAME}) withdraws what was decided about {_WHOSE} {LABEL} on {DATE} because \"(?P<why>[^\"]+)\""
    )
)
def withdraws(scene: Scene, actor: str, whose: str, label: str, day: str, why: str) -> None:
    scene.world.clock.travel(words.day(day))
    scene.world.deciding(why, actor=actor).withdraw(number(scene, whose), words.path(label))


@given(parsers.re(rf"(?P<actor>{NAME}) extends the acceptance of {_WHOSE} {LABEL} until {DATE}"))
def extends(scene: Scene, actor: str, whose: str, label: str, day: str) -> None:
    deciding = scene.world.deciding("as before", actor=actor)
    extend(deciding.policy, deciding.journal, number(scene, whose), words.path(label), until=words.day(day))


@given(parsers.re(rf"(?P<actor>{NAME}) lets (?P<name>{NAME}) take part in the next run because \"(?P<why>[^\"]+)\""))
def lets_in(scene: Scene, actor: str, name: str, why: str) -> None:
    scene.world.deciding(why, actor=actor).let_in(EmployeeNumber(scene.world.people[name].number))


@then(
    parsers.re(
        rf"the check finds that {_WHOSE} {LABEL} drifted from (?P<personio>\"[^\"]*\"|blank) in Personio "
        r"to (?P<loket>\"[^\"]*\"|blank) in Loket"
    )
)
def drifted(scene: Scene, whose: str, label: str, personio: str, loket: str) -> None:
    about = number(scene, whose)
    found = [(one.number, one.field, one.personio, one.loket) for one in verdict(scene).drift]
    assert found == [(about, words.path(label), words.in_loket(label, personio), words.in_loket(label, loket))]


@then("the check finds no drift")
def no_drift(scene: Scene) -> None:
    assert verdict(scene).drift == ()


@then(parsers.re(rf"the next check on {DATE} finds no drift"))
def next_check(scene: Scene, day: str) -> None:
    scene.world.check(words.day(day))
    assert verdict(scene).drift == ()


@then(parsers.re(r"the check compared (?P<many>\d+) (?:people|person)"))
def compared(scene: Scene, many: str) -> None:
    assert verdict(scene).compared == int(many)


@then(parsers.re(rf"{_WHOSE} {LABEL} was not compared because of {_CODE}"))
def not_compared(scene: Scene, whose: str, label: str, code: str) -> None:
    about = number(scene, whose)
    assert (about, words.path(label), code) in [(one.number, one.field, one.why) for one in verdict(scene).not_compared]


@then(parsers.re(rf"(?P<name>{NAME}) was not compared because of {_CODE}"))
def person_not_compared(scene: Scene, name: str, code: str) -> None:
    about = number(scene, f"{name}'s")
    assert [(one.number, one.why) for one in verdict(scene).not_compared] == [(about, code)]


@then(parsers.re(rf"the cause of {_WHOSE} {LABEL}'s drift is (?P<cause>[a-z ]+)"))
def cause(scene: Scene, whose: str, label: str, cause: str) -> None:
    about = number(scene, whose)
    found = [one.cause for one in verdict(scene).drift if (one.number, one.field) == (about, words.path(label))]
    assert found == [Cause(words.outcome(cause))]


@then(parsers.re(rf"{_WHOSE} {LABEL} is pending"))
def pending(scene: Scene, whose: str, label: str) -> None:
    assert [(one.number, one.field) for one in verdict(scene).pending] == [(number(scene, whose), words.path(label))]


@then("nothing is pending")
def nothing_pending(scene: Scene) -> None:
    assert verdict(scene).pending == ()


@then(parsers.re(rf"the check lists (?:(?P<name>{NAME}) as left out under {_CODE}|nobody as left out)"))
def left_out(scene: Scene, name: str | None, code: str | None) -> None:
    expected = [(number(scene, f"{name}'s"), code)] if name else []
    assert [(one.number, one.rule) for one in verdict(scene).left_out] == expected


@then(parsers.re(rf"the check was refused because of {_CODE}"))
def refused(scene: Scene, code: str) -> None:
    assert scene.world.checked is None
    row = scene.world.tools().views.drift.last_check(TULP.personio_id)
    scene.world.tools().views.catch_up()
    row = scene.world.tools().views.drift.last_check(TULP.personio_id)
    assert row is not None
    assert not row.completed
    assert [one.fact.rule for one in scene.world.everything() if one.stream == f"check:{row.check_id}"] == [code]


@then(parsers.re(rf"the case of {_WHOSE} {LABEL} was resolved as (?P<how>[a-z ]+)"))
def resolved(scene: Scene, whose: str, label: str, how: str) -> None:
    row = case(scene, number(scene, whose), words.path(label))
    assert (row.state.value, row.how) == ("resolved", Resolved(words.outcome(how)))
    told = history_of_case(scene, row)
    assert told, "the history says nothing about the case"


@then(parsers.re(rf"the case of {_WHOSE} {LABEL} is (?P<state>open|acknowledged|accepted) since {DATE}"))
def state(scene: Scene, whose: str, label: str, state: str, day: str) -> None:
    row = case(scene, number(scene, whose), words.path(label))
    assert (row.state.value, row.opened_at.astimezone(AMSTERDAM).date()) == (state, words.day(day))


@then(parsers.re(r"the history tells (?P<many>\d+) facts? about that case"))
def facts_told(scene: Scene, many: str) -> None:
    """Beside what Loket's audit trail says of it."""
    row = case(scene, number(scene, "her"), words.path("street"))
    facts = [one for one in history_of_case(scene, row) if not isinstance(one.fact, DriftAttributed)]
    assert len(facts) == int(many)


def number(scene: Scene, whose: str) -> EmployeeNumber:
    return EmployeeNumber(scene.world.people[scene.who(whose)].number)


def verdict(scene: Scene) -> Verdict:
    assert scene.world.checked is not None, scene.world.refusal
    return scene.world.checked.verdict


def case(scene: Scene, about: EmployeeNumber, field: FieldPath) -> CaseRow:
    tools = scene.world.tools()
    tools.views.catch_up()
    rows = tools.views.drift.cases(TULP.personio_id, resolved=True)
    return next(row for row in rows if (row.employee_number, row.field) == (about, field))


def history_of_case(scene: Scene, row: CaseRow) -> list[Recorded]:
    stream = drift_stream(row.legal_entity, row.employee_number, row.field)
    return [one for one in scene.world.everything() if one.stream == stream]


@then(
    parsers.re(
        rf"the plan warns that {_WHOSE} {LABEL} \"(?P<held>[^\"]+)\" is about to be overwritten, known since {DATE}"
    )
)
def about_to_be_overwritten(scene: Scene, whose: str, label: str, held: str, day: str) -> None:
    assert scene.world.seen is not None
    (one,) = scene.world.seen.overwriting
    assert one.since is not None
    assert (one.edit.number, one.edit.field, one.edit.loket) == (number(scene, whose), words.path(label), held)
    assert one.since.astimezone(AMSTERDAM).date() == words.day(day)


@then(parsers.re(rf"the plan names who typed {_WHOSE} {LABEL} \"(?P<held>[^\"]+)\" into Loket"))
def named_author(scene: Scene, whose: str, label: str, held: str) -> None:
    assert scene.world.seen is not None
    found = {(one.edit.number, one.edit.field, one.edit.loket): one.attribution for one in scene.world.seen.overwriting}
    said = found[number(scene, whose), words.path(label), held]
    assert said is not None
    assert said.entry is not None
    assert said.entry.name


@given(parsers.re(rf"(?P<actor>{NAME}) keeps {_WHOSE} {LABEL} of Loket on {DATE} because \"(?P<why>[^\"]+)\""))
def keeps(scene: Scene, actor: str, whose: str, label: str, day: str, why: str) -> None:
    scene.world.clock.travel(words.day(day))
    scene.world.deciding(why, actor=actor).keep(number(scene, whose), words.path(label))


@then(parsers.re(rf"{_WHOSE} {LABEL} \"(?P<kept>[^\"]+)\" is to be entered in Personio"))
def to_be_entered(scene: Scene, whose: str, label: str, kept: str) -> None:
    (one,) = values_to_enter(scene.world.tools(), TULP.personio_id)
    assert (one.row.employee_number, one.row.field, one.value) == (number(scene, whose), words.path(label), kept)


@then("nothing is to be entered in Personio")
def nothing_to_be_entered(scene: Scene) -> None:
    assert values_to_enter(scene.world.tools(), TULP.personio_id) == ()


@then("the plan warns of nothing")
def no_warning(scene: Scene) -> None:
    assert scene.world.seen is not None
    assert scene.world.seen.overwriting == ()


@given("the Loket user may not read the audit trail")
def no_audit_trail(scene: Scene) -> None:
    scene.world.payroll.forbid_audit_trail()


@given("from then on changes in Loket leave no trace in its audit trail")
def silent_audit_trail(scene: Scene) -> None:
    scene.world.payroll.silence_audit_trail()


@then(parsers.re(rf"Loket's audit trail attributes {_WHOSE} {LABEL}'s drift to (?P<result>[a-z ]+)"))
def attributed(scene: Scene, whose: str, label: str, result: str) -> None:
    said = trail(scene).attributions[number(scene, whose), words.path(label)]
    assert said.result == TrailResult(words.outcome(result))


@then("it names who did it, in the history too")
def names_who(scene: Scene) -> None:
    (said,) = trail(scene).attributions.values()
    assert said.entry is not None
    assert said.entry.name
    told = [one.fact for one in scene.world.everything() if isinstance(one.fact, DriftAttributed)]
    assert [(one.by, one.changed_at) for one in told] == [(said.entry.name, said.entry.at)]


@then(parsers.re(r"Loket's audit trail knows (?P<known>\d+) writes? of ours and misses (?P<missing>\d+)"))
def our_writes(scene: Scene, known: str, missing: str) -> None:
    said = trail(scene)
    assert (len(said.confirmed), len(said.missing)) == (int(known), int(missing))


@then("the check says that the audit trail could not be read")
def trail_unreadable(scene: Scene) -> None:
    assert scene.world.checked is not None
    assert scene.world.checked.trail is None
    assert NO_TRAIL in scene.world.checked.notes


def trail(scene: Scene) -> AuditTrailAnswer:
    assert scene.world.checked is not None
    assert scene.world.checked.trail is not None
    return scene.world.checked.trail
