"""Named examples in the description of the API: `examples.json`, what the API itself said on a few played days.

`python -m tests.support.played_day` writes them anew; a test plays the days again and compares.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from api.http.problems import MEDIA_TYPE

IN_JSON: Final = ("application/json", MEDIA_TYPE)


@cache
def examples() -> dict[str, dict[str, dict[str, Any]]]:
    """Operation, code of the answer, name; those of no operation are problems that any of them may answer with."""
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(
        files("api.http.schemas").joinpath("examples.json").read_text(encoding="utf-8")
    )
    return found


def give_examples(described: dict[str, Any]) -> None:
    """Puts every example where it belongs; a problem that many may answer with stands once."""
    common = described["components"]["examples"] = {
        f"problem-{status}": {"value": value} for status, named in examples()[""].items() for value in named.values()
    }
    shared = {
        status: {name: {"$ref": f"#/components/examples/problem-{status}"} for name in named}
        for status, named in examples()[""].items()
    }
    assert len(common) == len(shared)  # one name each
    for way in (way for ways in described["paths"].values() for way in ways.values()):
        own = examples().get(way["operationId"], {})
        for status, answer in way["responses"].items():
            given = {name: {"value": value} for name, value in own.get(status, {}).items()}
            for media, content in answer.get("content", {}).items():
                if media in IN_JSON and (named := given or shared.get(status)):
                    content["examples"] = named
