"""Whoever names nothing does not mean everything: in requests, words of a command and the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from api.cli.main import main
from api.config.settings import load
from domain.access import Role
from domain.errors import Misconfigured
from domain.services.sync.named import pilot_of
from tests.support.http_api import Api, http_api

ENTITY: Final = "/v1/legal-entities/170"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        yield api


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        (f"{ENTITY}/sync-runs", {"only": []}, "body.only"),
        (f"{ENTITY}/plans", {"only": []}, "body.only"),
        (f"{ENTITY}/forecasts", {"run_on": []}, "body.run_on"),
        (f"{ENTITY}/what-ifs", {"settings": []}, "body.settings"),
        (
            "/v1/legal-entities/170/employees/4711/differences/acknowledged",
            {"fields": [], "reason": "agreed"},
            "body.fields",
        ),
    ],
)
def test_an_empty_list_of_a_request_starts_nothing(api: Api, path: str, body: dict[str, Any], where: str) -> None:
    key = api.key(Role.PAYROLL_ADMIN)
    before = api.web.store.log.size()

    answer = api.post(path, body, key, {"Idempotency-Key": "names-nobody"})

    assert (answer.status_code, [one["where"] for one in answer.json()["faults"]]) == (422, [where])
    assert (api.web.store.log.size(), api.web.runs) == (before, [])


def test_a_run_of_nobody_is_told_how_to_have_one_of_everybody(api: Api) -> None:
    key = api.key(Role.PAYROLL_ADMIN)

    told = api.post(f"{ENTITY}/sync-runs", {"only": []}, key, {"Idempotency-Key": "names-nobody"}).json()["detail"]

    assert told == "body.only: an empty list names nothing; leave it out where all are meant"


def test_no_request_has_a_list_that_may_be_empty_nor_an_address_a_filter_that_may(api: Api) -> None:
    described = api.get("/openapi.json").json()
    schemas = described["components"]["schemas"]
    bodies = set(
        re.findall(
            r"schemas/(\w+)",
            str([each.get("requestBody") for path in described["paths"].values() for each in path.values()]),
        )
    )
    lists = [
        (name, field, kind)
        for name in sorted(bodies)
        for field, told in schemas[name].get("properties", {}).items()
        for kind in told.get("anyOf", [told])
        if kind.get("type") == "array"
    ]
    texts = [
        (path, one["name"], kind)
        for path, each in described["paths"].items()
        for told in each.values()
        for one in told.get("parameters", ())
        for kind in one["schema"].get("anyOf", [one["schema"]])
        if one["in"] == "query" and kind.get("type") == "string" and not kind.keys() & {"format", "enum"}
    ]

    assert len(lists) >= 4
    assert len(texts) > 20
    assert [(name, field) for name, field, kind in lists if not kind.get("minItems")] == []
    assert [
        (path, name)
        for path, name, kind in texts
        if not kind.get("minLength") and re.search(kind.get("pattern", ""), "")
    ] == []


@pytest.mark.parametrize(
    "words",
    [
        ("sync", "--only", ""),
        ("sync", "--only="),
        ("sync", "--only-if", ""),
        ("sync", "--entity="),
        ("plan", "--entity", ""),
        ("overwritten", "--person", ""),
        ("overwritten", "--field="),
        ("overwritten", "--run", ""),
        ("tasks", "--code", ""),
        ("people", "--reason", ""),
        ("alerts", "list", "--entity", ""),
        ("what-if", "--from", "", "--set", "rules.bic_required=true"),
        ("replay", ""),
        ("runs", ""),
        ("keys", "create", "--entity", "", "--role", "auditor", "--expires", "2099-01-01"),
        ("--tenant", "", "sync"),
    ],
)
def test_an_empty_word_of_a_command_is_refused_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code = main(["--config", str(tmp_path / "none.toml"), *words])

    assert (code, capsys.readouterr().err.partition(":")[2].strip()) == (
        2,
        f"{named(words)}: leave it out, or say what is meant",
    )


def named(words: tuple[str, ...]) -> str:
    at = next(place for place, word in enumerate(words) if not word or word.endswith("="))
    option = words[at].rstrip("=") or (words[at - 1] if words[at - 1].startswith("-") else "")
    return f"{option} has no value" if option else "a word of the command is empty"


@pytest.mark.parametrize("words", [("--only", " "), ("--only", ","), ("--only", "4711,"), ("--only", " ,")])
def test_a_number_of_a_pilot_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert main(["--config", "docs/tweeluik.example.toml", "sync", *words]) == 2
    assert "should be a valid integer" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["legal_entities = []", "kinds = []"])
def test_an_empty_list_of_the_configuration_that_would_mean_all_is_refused(tmp_path: Path, line: str) -> None:
    example = Path("docs/tweeluik.example.toml").read_text()
    config = tmp_path / "tweeluik.toml"
    config.write_text(f"{example}\n[alerts.targets.desk]\nurl = 'mailto://example.org'\n{line}\n")

    with pytest.raises(Misconfigured, match=rf"desk\.{line.split()[0]}.*leave it out where all are meant"):
        load(config)


def test_a_pilot_of_nobody_is_not_of_everybody() -> None:
    policy = load(Path("docs/tweeluik.example.toml")).policy("170")

    assert pilot_of(policy, None).only is None
    assert pilot_of(policy, [4711]).only == {4711}
    with pytest.raises(Misconfigured, match="at least one"):
        pilot_of(policy, [])
