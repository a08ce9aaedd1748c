"""`tweeluik replay`: past decisions once more, and what does not follow is heard of."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pdfminer.high_level import extract_text

from api.bootstrap import open_store
from api.cli.main import main
from domain.events.alert import AlertKind, AlertRaised
from domain.events.grounds import DecisionsDerived
from domain.planning.decide import NO_WRITES, Plan, decide
from domain.planning.eligibility import NOT_CONSIDERED
from tests.support.planned import Office, office

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, f"sqlite:///{tmp_path}/log.db", "", local="") as one:
        yield one


@pytest.fixture
def run(small: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        ended = main(["--config", str(small.config), *arguments, "--json"])
        return ended, json.loads(capsys.readouterr().out or "null")

    return ran


def test_every_look_on_record_agrees_and_that_is_on_record(small: Office, run: Run) -> None:
    _, synced = run("sync", "--entity", "170")
    run("validate", "--entity", "170")
    run("drift", "--entity", "170")

    ended, one = run("replay", synced["run_id"])
    all_ended, every = run("replay", "--all")

    people = len(synced["outcomes"])
    assert (ended, [(each["name"], each["people"]) for each in one["looks"]]) == (0, [(synced["run_id"], people)])
    assert (all_ended, every["decisions"], every["verdicts"]["agrees"]) == (0, 3 * people, 3 * people)
    assert [each["look"] for each in every["looks"]] == ["run", "validation", "drift_check"]
    with open_store(small.settings, reading=True) as store:
        (fact,) = [event.fact for event in store.log.replay() if isinstance(event.fact, DecisionsDerived)]
    assert (fact.first, fact.looks, fact.agree, fact.deviations) == (0, 3, 3 * people, 0)


def test_verification_and_evidence_tell_that_every_decision_follows(small: Office, run: Run, tmp_path: Path) -> None:
    _, synced = run("sync", "--entity", "170")
    people = len(synced["outcomes"])

    ended, verified = run("verify", "--decisions")
    packed = main(["--config", str(small.config), "evidence", "--entity", "170", "--out", str(tmp_path / "pack.zip")])

    assert (ended, verified["decisions"]["verdicts"]["agrees"]) == (0, people)
    with ZipFile(tmp_path / "pack.zip") as archive:
        derived = json.loads(archive.read("derived.json"))
        said = extract_text(io.BytesIO(archive.read("summary.pdf"))).replace("\n", " ")
    assert (packed, derived["decisions"], derived["deviations"]) == (0, people, 0)
    assert f"{people} of {people} decisions were derived again from the log and agree" in said


def test_a_decision_that_does_not_follow_ends_with_8_and_is_an_alert_once(
    small: Office, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(*read: Any, **about: Any) -> Plan:
        plan = decide(*read, **about)
        first, *others = plan.decisions
        return replace(plan, decisions=(replace(first, left_out=NOT_CONSIDERED, writes=NO_WRITES), *others))

    with monkeypatch.context() as patched:
        patched.setattr("domain.services.sync.decided.decide", otherwise)
        _, synced = run("sync", "--entity", "170")

    for _ in range(2):
        ended, found = run("replay", synced["run_id"])

    (apart,) = found["looks"][0]["differing"]
    assert (ended, found["deviations"], apart["verdict"]) == (8, 1, "deviation")
    assert apart["person_id"] == synced["outcomes"][0]["person_id"]
    with open_store(small.settings, reading=True) as store:
        raised = [event.fact for event in store.log.replay() if isinstance(event.fact, AlertRaised)]
    assert [one.kind for fact in raised for one in fact.opened].count(AlertKind.DECISION_DEVIATES) == 1


@pytest.mark.parametrize("arguments", [(), ("run-1", "--all"), ("--since", "soon"), ("run-1",)])
def test_what_is_to_be_derived_again_is_said_in_one_way(run: Run, arguments: tuple[str, ...]) -> None:
    ended, told = run("replay", *arguments)

    assert (ended, told) == (2, None)
