"""The alert rules and the dashboard in deploy/ ask only for what /metrics tells, and each rule says what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Set
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from adapters import calls
from api.tasks.verify import verify_log
from domain.schedule import Job
from domain.services.sync.report import Outcome
from domain.values import Actor
from domain.views import View
from domain.views.runs import RunStatus
from tests.support.scraped import planned, scraped

promql = pytest.importorskip(
    "promql_parser", reason="the parser of Prometheus' language is not installed: make install"
)

ROOT: Final = Path(__file__).parents[2]
RULES: Final = ROOT / "deploy" / "prometheus" / "tweeluik.rules.yml"
DASHBOARD: Final = ROOT / "deploy" / "grafana" / "tweeluik.json"
SITE: Final = "https://tweeluik.example.org/operating.html#"
OF_PROMETHEUS: Final[Mapping[str, Set[str]]] = {"up": {"job", "instance"}}
WORDS: Final[Mapping[str, Set[str]]] = {
    "name": {one.value for one in Job},
    "status": {one.value for one in RunStatus} | {"4..", "5.."},
    "outcome": {one.value for one in Outcome},
    "reason": {"RUN-7", "RUN-9", "RUN-12", "BRAKE"},
    "answer": {calls.NO_ANSWER, "2xx", "3xx", "4xx", "5xx"},
    "job": {"tweeluik"},
    "view": set(View),
    "legal_entity": {"$legal_entity", ""},
}
"""What is asked for by a label, and so must be a word that it has."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Set[str]]:
    """By sample, its labels: of a company with runs, a check, tasks, alerts and a timetable, once all is known."""
    for answer in WORDS["answer"]:
        calls.note("Loket", None if answer == calls.NO_ANSWER else int(answer[0]) * 100)
    with planned(tmp_path_factory.mktemp("watched")) as one:
        verify_log(one.api.web.settings, actor=Actor("Anja"), clock=one.api.clock)
        found = {name: {label for labels, _ in all_ for label in labels} for name, all_ in scraped(one).items()}
    return {**found, **OF_PROMETHEUS}


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, Any]]:
    return list(json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"])


def asked() -> list[tuple[str, str]]:
    """Every expression, with the name of its rule or panel."""
    of_panels = [
        (one["title"], each["expr"].replace("$__rate_interval", "5m")) for one in panels() for each in one["targets"]
    ]
    return [(one["alert"], one["expr"]) for one in rules()] + of_panels


def parts(expression: Any) -> Iterator[Any]:
    """The expression and everything in it."""
    yield expression
    for name in ("expr", "lhs", "rhs", "vector_selector", "param"):
        inner = getattr(expression, name, None)
        if isinstance(inner, promql.Expr):
            yield from parts(inner)
    for each in getattr(expression, "args", ()):
        yield from parts(each)


@pytest.mark.parametrize(("name", "expression"), asked(), ids=lambda text: text[:40])
def test_what_is_asked_for_is_told(told: Mapping[str, Set[str]], name: str, expression: str) -> None:
    found = list(parts(promql.parse(expression)))
    selected = [one for one in found if isinstance(one, promql.VectorSelector)]
    labels = {label for one in selected for label in told.get(one.name, ())} - {"le"}
    grouped = {label for one in found if getattr(one, "modifier", None) for label in _labels(one.modifier)} - {"le"}
    matched = [(one.name, each) for one in selected for each in one.matchers.matchers]

    assert selected
    assert {one.name for one in selected} <= told.keys()
    assert [(sample, each.name) for sample, each in matched if each.name not in told[sample]] == []
    assert grouped <= labels
    assert [
        (each.name, word) for _, each in matched for word in each.value.split("|") if word not in WORDS[each.name]
    ] == []


def _labels(modifier: Any) -> list[str]:
    return list(getattr(modifier, "labels", ()))


def anchors() -> set[str]:
    """Where a link can lead on the page for operators."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_each_rule_says_what_is_wrong_what_to_do_next_and_where_it_is_explained(
    told: Mapping[str, Set[str]], rule: dict[str, Any]
) -> None:
    said = rule["annotations"]
    selected = [one for one in parts(promql.parse(rule["expr"])) if isinstance(one, promql.VectorSelector)]
    labels = {label for one in selected for label in told[one.name]}

    assert rule["alert"].startswith("Tweeluik")
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert len(said["summary"]) < 120
    assert len(said["description"]) > 60
    assert said["runbook_url"].startswith(SITE)
    assert said["runbook_url"].removeprefix(SITE) in anchors()
    assert set(re.findall(r"\$labels\.(\w+)", json.dumps(said))) <= labels


def test_a_metric_or_word_that_is_not_there_is_noticed(told: Mapping[str, Set[str]]) -> None:
    for wrong in (
        "tweeluik_job_lat == 1",
        'tweeluik_job_late{job_name="sync"} == 1',
        'tweeluik_job_late{name="synch"} == 1',
    ):
        with pytest.raises((AssertionError, KeyError)):
            test_what_is_asked_for_is_told(told, "wrong", wrong)


def test_the_dashboard_is_few_questions_that_do_not_overlap() -> None:
    places = [one["gridPos"] for one in panels()]

    (link,) = json.loads(DASHBOARD.read_text(encoding="utf-8"))["links"]

    assert link["url"].removeprefix(SITE) in anchors()
    assert len(places) <= 12
    assert [one["title"] for one in panels() if not one["title"].endswith("?")] == []
    assert len({one["id"] for one in panels()}) == len(places)
    assert [(one, other) for one, other in combinations(places, 2) if _overlap(one, other)] == []
    assert all(one["x"] + one["w"] <= 24 for one in places)


def _overlap(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size] for at, size in (("x", "w"), ("y", "h"))
    )


LATE: Final = "tweeluik_job_late"
CALLS: Final = 'tweeluik_calls_total{system="Loket",answer='
READ: Final = "tweeluik_last_read_timestamp_seconds"
VERIFIED: Final = "tweeluik_log_verified_timestamp_seconds"
REFUSED: Final = 'tweeluik_last_run{status="refused",reason='
TRIED: Final = " ".join(["1 1 1 1 1 1 1 1 1 1 1 1 1 1 0"] * 6)  # every quarter of an hour
Series = dict[str, str]
FIRES: Final[Mapping[str, tuple[str, Series, Series]]] = {
    "TweeluikDown": ("10m", {'up{job="tweeluik"}': "0x60"}, {'up{job="tweeluik"}': "1x60"}),
    "TweeluikRunDidNotHappen": ("10m", {f'{LATE}{{name="sync"}}': "1x60"}, {f'{LATE}{{name="verify"}}': "1x60"}),
    "TweeluikJobLate": ("20m", {f'{LATE}{{name="verify"}}': "1x60"}, {f'{LATE}{{name="sync"}}': "1x60"}),
    "TweeluikQueueAged": (
        "25m", {'tweeluik_job_waiting_seconds{name="sync"}': "0+60x60"},
        {'tweeluik_job_waiting_seconds{name="sync"}': "0 60 120 180 0x60"},
    ),
    "TweeluikLaneFailing": (
        "80m", {'tweeluik_job_put_off{name="sync"}': TRIED}, {'tweeluik_job_put_off{name="sync"}': "1 1 1 1 1 0x90"},
    ),
    "TweeluikLogNotBelieved": ("10m", {"tweeluik_log_believed": "0x60"}, {"tweeluik_log_believed": "1x60"}),
    "TweeluikLogNotVerified": ("75h", {VERIFIED: "0x1000"}, {VERIFIED: "0+300x1000"}),
    "TweeluikViewBehind": (
        "10m", {'tweeluik_view_behind{view="drift"}': "1x20"}, {'tweeluik_view_behind{view="drift"}': "0x20"},
    ),
    "TweeluikHeadStale": (
        "40m", {"tweeluik_log_events": "100x60", "tweeluik_log_head_events": "90x60"},
        {"tweeluik_log_events": "100 101 102x60", "tweeluik_log_head_events": "100 100 102x60"},
    ),
    "TweeluikSystemNotRead": ("40m", {"tweeluik_unread": "1x60"}, {"tweeluik_unread": "0x60"}),
    "TweeluikSystemNotAnswering": (
        "40m", {f'{CALLS}"2xx"}}': "0+1x60", f'{CALLS}"none"}}': "0+3x60"},
        {f'{CALLS}"2xx"}}': "0+9x60", f'{CALLS}"5xx"}}': "0+1x60"},
    ),
    "TweeluikUnknownOutcome": (
        "80m", {'tweeluik_unknown_outcomes{legal_entity="170"}': "2x90"},
        {'tweeluik_unknown_outcomes{legal_entity="170"}': "2x30 0x60"},
    ),
    "TweeluikAlertsNotDelivered": (
        "10m", {'tweeluik_alerts_given_up{target="desk"}': "1x60"},
        {'tweeluik_alerts_given_up{target="desk"}': "0x60", 'tweeluik_alert_waiting_seconds{target="desk"}': "600x60"},
    ),
    "TweeluikSignInAboutToBeLost": (
        "20m", {"tweeluik_key_store_free_bytes": "1000000x60"}, {"tweeluik_key_store_free_bytes": "9000000000x60"},
    ),
    "TweeluikLogRoomNotMade": ("20m", {"tweeluik_log_room_late": "1x60"}, {"tweeluik_log_room_late": "0x60"}),
    "TweeluikSignInUnused": (
        "146h", {f'{READ}{{legal_entity="170"}}': "0x2000"},
        {f'{READ}{{legal_entity="170"}}': "0x2000", f'{READ}{{legal_entity="171"}}': "0+300x2000"},
    ),
    "TweeluikSetupFault": ("10m", {f'{REFUSED}"RUN-9"}}': "1x60"}, {f'{REFUSED}"RUN-3"}}': "1x60"}),
}  # fmt: skip
"""By alert: after how long, of which series it fires, and of which it does not."""
NEVER_READ: Final[tuple[str, Series, Series]] = ("70m", {'up{job="tweeluik"}': "1x90"}, {'up{job="tweeluik"}': "0x90"})
"""The same of TweeluikSignInUnused where nothing was ever read; while Tweeluik is down nobody knows."""


def test_each_rule_is_tried_both_ways() -> None:
    assert FIRES.keys() == {one["alert"] for one in rules()}


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool, of the package prometheus, is not on this machine"
)
def test_promtool_takes_the_rules_and_sees_each_fire_and_stay_silent(tmp_path: Path) -> None:
    cases = [
        _case(name, at, series, fires=way)
        for name, (at, *both) in [*FIRES.items(), ("TweeluikSignInUnused", NEVER_READ)]
        for way, series in zip((True, False), both, strict=True)
    ]
    expectation = tmp_path / "cases.yml"
    expectation.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "5m", "tests": cases}))

    for command in (["check", "rules", str(RULES)], ["test", "rules", str(expectation)]):
        ran = subprocess.run(["promtool", *command], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def _case(name: str, at: str, series: dict[str, str], *, fires: bool) -> dict[str, Any]:
    """Whether the alert fires, asked of the series that Prometheus itself makes of alerts."""
    expected = f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)'
    return {
        "interval": "5m" if at.endswith("h") else "1m",
        "input_series": [{"series": one, "values": values} for one, values in series.items()],
        "promql_expr_test": [
            {"expr": expected, "eval_time": at, "exp_samples": [{"labels": "{}", "value": int(fires)}]}
        ],
    }
