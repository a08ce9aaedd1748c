"""A view that cannot follow the log: whoever needs it is told so by name, and nobody else is held up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.projections import open as opened
from adapters.projections.open import OpenViews, open_views
from adapters.projections.register import PROJECTIONS
from domain.access import Role
from domain.errors import ViewBehind
from domain.events.alert import AlertRaised
from domain.log import StreamId
from domain.services.alerts.views import ViewAlerts
from domain.streams import alert_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, RunId
from domain.views import JUDGED_BY, View
from domain.views.overwritten_fields import OverwrittenFilters
from tests.support.fake_log import FakeLog
from tests.support.http_api import http_api
from tests.support.log_site import gates
from tests.support.scribe import Scribe
from tests.support.story import story
from tests.support.views_apart import cannot_follow
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

NOBODYS = LegalEntityId("nobody's")
WHOLE_LOG = OverwrittenFilters(entities=(NOBODYS,), since=date(2024, 1, 1), until=date(2024, 2, 1))
QUESTIONS: dict[View, Callable[[OpenViews], object]] = {
    View.RUNS: lambda views: views.runs.run(RunId("none")),
    View.SYNC_STATE: lambda views: views.sync_state.people(NOBODYS),
    View.HISTORY: lambda views: views.history.positions(NOBODYS, EmployeeNumber(1)),
    View.OVERWRITTEN_FIELDS: lambda views: views.overwritten_fields.totals(WHOLE_LOG, below=1),
    View.DRIFT: lambda views: views.drift.cases(NOBODYS),
    View.TERMINATIONS: lambda views: views.terminations.end_dates(NOBODYS),
    View.TASKS: lambda views: views.tasks.last_look(NOBODYS),
    View.SCHEDULE: lambda views: views.schedule.jobs(),
    View.ALERTS: lambda views: views.alerts.alert("none"),
    View.RECORDED: lambda views: views.recorded.entry(-1),
}


@pytest.fixture
def log() -> FakeLog:
    log = FakeLog()
    scribe = Scribe(log)
    for at, run, facts in story(people=3, runs=4):
        scribe.write_all(facts, at=at, run=run)
    return log


def test_every_view_has_a_name_by_which_it_is_needed(log: FakeLog) -> None:
    assert {one.name for one in PROJECTIONS} == set(View)
    with closing(open_views("sqlite://", log)) as views:
        assert all(hasattr(views, one) for one in View)


@pytest.mark.parametrize("broken", View)
def test_whoever_asks_it_is_refused_and_whoever_asks_another_is_answered(
    log_url: str, log: FakeLog, broken: View
) -> None:
    with closing(open_views(log_url, log)) as views:
        with cannot_follow(broken):
            views.catch_up(*(one for one in View if one is not broken))
            assert views.behind == {broken: "ValueError"}
            with pytest.raises(ViewBehind, match=f"the view {broken} cannot follow the log: ValueError;"):
                views.catch_up(broken)
        refused = {one for one in View if is_refused(views, one)}
        beside = {View.HISTORY} if broken is View.RUNS else set()  # whose an event is, a run's beginning tells
        assert refused == {broken, *beside}
        views.catch_up(*View)

        assert views.behind == {}
        assert not is_refused(views, broken)


def test_who_saw_an_older_head_does_not_clear_what_another_thread_could_not_follow(
    log_url: str, log: FakeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_views(log_url, log)) as views:
        views.catch_up()
        older = log.size()
        Scribe(log).write(StreamId("person:3007"), gates(4711))
        with cannot_follow(View.DRIFT):
            views.catch_up()
        with monkeypatch.context() as patched:  # as another thread that asked for the head before
            patched.setattr(log, "size", lambda: older)
            views.catch_up()
            assert set(views.behind) == {View.DRIFT}
            assert is_refused(views, View.DRIFT)
        views.catch_up(View.DRIFT)
        assert views.behind == {}


def is_refused(views: OpenViews, view: View) -> bool:
    try:
        QUESTIONS[view](views)
    except ViewBehind:
        return True
    return False


def test_a_run_and_a_check_ask_nothing_but_what_they_said_they_need() -> None:
    asked = set[View]()
    question = opened._Followed.__getattr__

    def noted(view: Any, name: str) -> Any:
        asked.add(view._name)
        return question(view, name)

    with closing(World(InProcess())) as world, pytest.MonkeyPatch.context() as patched:
        world.employ("Sanne")
        patched.setattr(opened._Followed, "__getattr__", noted)
        world.run(date(2026, 3, 15))
        world.check(date(2026, 3, 16))

    assert asked <= JUDGED_BY
    assert len(asked) >= 5


@pytest.mark.parametrize("view", sorted(JUDGED_BY))
def test_a_run_or_a_check_that_would_need_it_does_not_begin(view: View) -> None:
    with closing(World(InProcess())) as world:
        world.employ("Sanne")
        world.run(date(2026, 3, 15))
        world.payroll.set_field(TULP, world.people["Sanne"].number, FieldPath("address.street"), "Achterom")
        Scribe(world.tools().log).write(StreamId("person:9"), gates(4999))
        before = world.tools().log.size()
        with cannot_follow(view):
            for begins in (world.run, world.check):
                with pytest.raises(ViewBehind):
                    begins(date(2026, 3, 16))

        assert world.tools().log.size() == before
        assert list(world.writes()) == []
        assert world.run(date(2026, 3, 17)) is not None


@pytest.mark.parametrize("view", sorted(set(View) - JUDGED_BY))
def test_a_run_goes_on_beside_one_that_it_does_not_need(view: View) -> None:
    with closing(World(InProcess())) as world, cannot_follow(view):
        world.employ("Sanne")
        report = world.run(date(2026, 3, 15))

    assert report is not None
    assert [one.person for one in report.outcomes] == [world.people["Sanne"].person]


def test_answers_and_pages_that_need_it_say_so_and_all_others_are_given(log_url: str, tmp_path: Path) -> None:
    with http_api(log_url, tmp_path) as api, cannot_follow(View.DRIFT):
        api.scribe.write(StreamId("person:3007"), gates(4711))
        payroll, operator = api.key(role=Role.PAYROLL_ADMIN), api.key(role=Role.OPERATOR)
        paths = ("/v1/sync-runs", "/v1/events", "/v1/legal-entities/170/to-enter")
        answers = [api.get(path, payroll) for path in paths]
        metrics = api.get("/metrics", operator)

    assert [one.status_code for one in answers] == [200, 200, 503]
    assert "the view drift cannot follow the log" in answers[2].text
    assert "Keizersgracht" not in answers[2].text
    assert metrics.status_code == 200
    assert 'tweeluik_view_behind{view="drift"} 1.0' in metrics.text
    assert 'tweeluik_view_behind{view="runs"} 0.0' in metrics.text
    assert "tweeluik_job_late" in metrics.text
    assert "tweeluik_open_differences" not in metrics.text


def test_that_one_is_behind_is_told_once_and_its_end_once(log: FakeLog, tmp_path: Path) -> None:
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        alerts, size = ViewAlerts(api.web.store.log, api.clock, ()), api.web.store.log.size()
        for behind in ((), (View.DRIFT,), (View.DRIFT,), (View.DRIFT, View.TASKS), (), ()):
            alerts.stands(behind)
            ViewAlerts(api.web.store.log, api.clock, ()).stands(behind)  # another server tells the same
        raised = [one.fact for one in api.web.store.log.stream(alert_stream(LegalEntityId(""), "views"))]

    assert api.web.store.log is not log
    assert [len(one.opened) for one in raised if isinstance(one, AlertRaised)] == [1, 1, 0]
    assert [len(one.recovered) for one in raised if isinstance(one, AlertRaised)] == [0, 0, 2]
    assert size >= 0
