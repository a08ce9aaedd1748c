"""Steps about the compliance report on overwritten fields."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date, datetime

from pytest_bdd import parsers, then

from adapters.reports.overwritten import json_lines
from domain.events.custody import ValuesUnmasked
from domain.services.reports.overwritten import OverwrittenField, OverwrittenReport, Retroactive, overwritten_report
from domain.settings import LegalEntity
from domain.streams import CUSTODY
from domain.values import Actor
from domain.views.overwritten_fields import OverwrittenFilters
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.scene import Scene
from tests.support.world import ENTITIES, TULP, facts

_REPORT = r"the report of (?P<month>[A-Z]\w+ \d{4})"
_QUOTED = r"\"(?P<one>[^\"]+)\" (?:or|and) \"(?P<two>[^\"]+)\""


@then(
    parsers.re(
        rf"{_REPORT} lists her {LABEL}, (?P<how>overwritten|cleared) by (?P<actor>{NAME}) under (?P<rule>[A-Z]+-\d+)"
    )
)
def listed(scene: Scene, month: str, label: str, how: str, actor: str, rule: str) -> None:
    row = _line(scene, month, label).row
    assert (row.actor, row.rule, row.cleared) == (actor, rule, how == "cleared")
    assert (row.run_id, row.employee_number) == (
        scene.world.last_report().run_id,
        scene.world.people[scene.last].number,
    )


@then(
    parsers.re(
        rf"{_REPORT}(?: of (?P<entity>[\w ]+?))? lists (?P<count>\d+) overwritten fields? in (?P<runs>\d+) runs?"
    )
)
def counted(scene: Scene, month: str, entity: str | None, count: str, runs: str) -> None:
    report = _report(scene, month, ENTITIES[entity or TULP.name])
    assert (report.totals.counts.fields, len(report.runs)) == (int(count), int(runs))
    assert len(list(report.lines())) == int(count)
    assert sum(run.counts.fields for run in report.runs) == int(count)


@then(parsers.re(rf"{_REPORT} says of her {LABEL} that it was first seen on {DATE}, effective date not told"))
def first_seen(scene: Scene, month: str, label: str, day: str) -> None:
    line = _line(scene, month, label)
    assert line.cause is not None
    assert line.cause.first_seen_on == words.day(day)
    assert (line.effective_on, line.retroactive) == (None, Retroactive.NOT_TOLD)


@then(parsers.re(rf"{_REPORT} nowhere says {_QUOTED}"))
def nowhere(scene: Scene, month: str, one: str, two: str) -> None:
    text = _text(_report(scene, month))
    assert "•••" in text
    assert one not in text
    assert two not in text


@then(parsers.re(rf"{_REPORT}, unmasked by (?P<actor>{NAME}) because of \"(?P<reason>[^\"]+)\", says {_QUOTED}"))
def unmasked(scene: Scene, month: str, actor: str, reason: str, one: str, two: str) -> None:
    text = _text(_report(scene, month, actor=actor, reason=reason))
    assert one in text
    assert two in text


@then(parsers.re(rf"the log holds that (?P<actor>{NAME}) unmasked the report because of \"(?P<reason>[^\"]+)\""))
def on_record(scene: Scene, actor: str, reason: str) -> None:
    tools = scene.world.tools()
    recorded = tools.vault.opened(tools.log.stream(CUSTODY))
    assert {one.meta.actor for one in recorded} == {actor}
    assert [one.reason for one in facts(recorded, ValuesUnmasked)] == [reason]


def _line(scene: Scene, month: str, label: str) -> OverwrittenField:
    (line,) = [one for one in _report(scene, month).lines() if one.row.field == words.path(label)]
    return line


def _report(
    scene: Scene, month: str, entity: LegalEntity = TULP, *, actor: str = "Bram", reason: str | None = None
) -> OverwrittenReport:
    first = datetime.strptime(month, "%B %Y").date()  # noqa: DTZ007  a month has no zone
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    tools = scene.world.tools()
    return overwritten_report(
        OverwrittenFilters(entities=(entity.personio_id,), since=first, until=last),
        tools.log,
        tools.vault,
        tools.views,
        tools.clock,
        actor=Actor(actor),
        unmask_because=reason,
    )


def _text(report: OverwrittenReport) -> str:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in json_lines(report))
