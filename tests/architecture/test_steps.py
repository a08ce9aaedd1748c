"""The vocabulary of the features: each step means one thing, and no meaning is left over."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from pytest_bdd.feature import get_features
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

ROOT: Final = Path(__file__).parents[2]


@cache
def definitions() -> tuple[StepFunctionContext, ...]:
    for path in (ROOT / "tests" / "acceptance").glob("steps_*.py"):
        importlib.import_module(f"tests.acceptance.{path.stem}")
    ours = "tests.acceptance."
    return tuple(one for one in step_function_context_registry.values() if one.step_func.__module__.startswith(ours))


def spoken() -> Iterator[tuple[str, str]]:
    """(type, text) of every step of every scenario, outlines with each of their examples."""
    for feature in get_features([str(ROOT / "features")]):
        for template in feature.scenarios.values():
            contexts = [context for examples in template.examples for context in examples.as_contexts()]
            for context in contexts or [{}]:
                yield from ((step.type, step.name) for step in template.render(context).steps)


def test_every_step_has_one_definition_and_every_definition_is_spoken() -> None:
    heard: set[int] = set()
    unclear = {}
    for kind, text in set(spoken()):
        fitting = [one for one in definitions() if one.type in (None, kind) and one.parser.is_matching(text)]
        heard.update(id(one.step_func) for one in fitting)
        if len(fitting) != 1:
            unclear[kind, text] = [one.parser.name for one in fitting]

    assert unclear == {}
    assert [one.parser.name for one in definitions() if id(one.step_func) not in heard] == []
