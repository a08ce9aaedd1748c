"""The named examples in the description of the API: none is missing, and each is what the API says."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest

from api.http.schemas.examples import IN_JSON, examples
from tests.support.http_api import http_api
from tests.support.played_day import written

CHANCE: Final = (
    (r'"(request_id|subject|fingerprint)": "[^"]+"', r'"\1": ""'),
    (r"tweeluik/[0-9a-f]{8} [A-Za-z0-9+/=]{92}", "signature of a head"),
    (r"tweeluik/[0-9a-f]{8}(\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)?", "log and key"),
    (r"[A-Za-z0-9+/]{43}=", "hash"),
    (r"\.[0-9a-f]{32}\b", "signature of a cursor"),
    (r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}", "id"),
    (r"\btw_[0-9a-f]{10}\b", "id of a key"),
    (r'mac\\":\\"[0-9a-f]{32}', "mac of an event"),
)
"""What differs whenever the days are played: ids, hashes and signatures."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("described")
    with http_api(f"sqlite:///{folder}/log.db", folder) as api:
        found: dict[str, Any] = api.app.openapi()
        return found


def answers(described: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(method, path and code; content) of every answer in JSON."""
    for path, ways in described["paths"].items():
        for method, one in ways.items():
            for status, answer in one["responses"].items():
                for media, content in answer.get("content", {}).items():
                    if media in IN_JSON:
                        yield f"{method.upper()} {path} {status}", content


def unnamed(described: Mapping[str, Any]) -> list[str]:
    return [where for where, content in answers(described) if not content.get("examples")]


def test_every_answer_in_json_has_a_named_example(described: dict[str, Any]) -> None:
    assert len(list(answers(described))) > 300
    assert unnamed(described) == []


def test_a_route_without_one_would_be_noticed(described: dict[str, Any]) -> None:
    forgetful = copy.deepcopy(described)
    del forgetful["paths"]["/v1/drift"]["get"]["responses"]["200"]["content"]["application/json"]["examples"]

    assert unnamed(forgetful) == ["GET /v1/drift 200"]


def test_every_example_is_an_answer_that_its_route_can_give(described: dict[str, Any]) -> None:
    common = described["components"]["examples"]
    wrong, looked = [], 0
    for where, content in answers(described):
        valid = jsonschema_rs.validator_for({**content["schema"], "components": described["components"]}).is_valid
        for name, example in content["examples"].items():
            value = example["value"] if "value" in example else common[example["$ref"].rpartition("/")[2]]["value"]
            looked += 1
            wrong += [] if valid(value) else [f"{where}: {name}"]

    assert wrong == []
    assert looked > 300


def test_every_example_belongs_to_an_answer(described: dict[str, Any]) -> None:
    operations = {one["operationId"]: one["responses"] for ways in described["paths"].values() for one in ways.values()}
    of_none = [
        f"{operation} {status}"
        for operation, codes in examples().items()
        if operation
        for status in codes
        if status not in operations.get(operation, {})
    ]

    assert of_none == []


def test_the_examples_are_what_the_api_says_when_the_days_are_played_again(tmp_path: Path) -> None:
    """If it says something else now, and rightly so: python -m tests.support.played_day"""
    again = json.loads(steady(written(tmp_path)))
    kept = json.loads(steady(json.dumps(examples(), ensure_ascii=False, indent=1)))

    assert again == kept


def test_no_example_shows_a_value_in_clear() -> None:
    told = json.dumps([list(named.values()) for codes in examples().values() for named in codes.values()])

    assert json.dumps("•••").strip('"') in told
    assert not re.search(r"Main St|Central Ave|Side St|example\.net|asked for it", told)


def steady(text: str) -> str:
    for pattern, instead in CHANCE:
        text = re.sub(pattern, instead, text)
    return text
