"""Turns Gherkin tags into marks, so that one rule can be run alone: pytest --rule END-2. Looks up each step once."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

_RULE = "rule:"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rule", metavar="ID", help="run only the scenarios of this rule, such as END-2")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rule(id): the rule a scenario belongs to")
    config.addinivalue_line("markers", "postgres: a scenario that is run on PostgreSQL, too")
    config.addinivalue_line("markers", "database: a scenario about the log's database itself, run on each of them")
    scenario: Any = import_module("pytest_bdd.scenario")  # the package has a function of the same name
    scenario.find_fixturedefs_for_step = _looked_up_once(scenario)


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool | None:
    if not tag.startswith(_RULE):
        return None
    pytest.mark.rule(tag.removeprefix(_RULE))(function)
    return True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--rule")
    if wanted is None:
        return
    chosen = [item for item in items if wanted in {mark.args[0] for mark in item.iter_markers("rule")}]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _looked_up_once(bdd: Any) -> Callable[..., list[Any]]:
    """Half of what a scenario cost was the search for its steps among all fixtures; tests of one file see the same."""
    steps: dict[tuple[Any, ...], list[Any]] = {}
    found: dict[tuple[Any, ...], list[Any]] = {}
    told_of = bdd.step_function_context_registry

    def seen_by(fixturemanager: Any, node: pytest.Item) -> list[Any]:
        names = bdd.get_fixture_names(fixturemanager=fixturemanager)
        visible = (each for name in names for each in bdd.getfixturedefs(fixturemanager, name, node) or ())
        return [(told_of[each.func], each) for each in visible if each.func in told_of]

    def remembered(step: Any, fixturemanager: Any, node: pytest.Item) -> list[Any]:
        file = fixturemanager, node.parent
        asked = *file, step.type, step.name
        if asked not in found:
            steps[file] = steps.get(file) or seen_by(fixturemanager, node)
            found[asked] = [
                each
                for told, each in steps[file]
                if told.type in (None, step.type) and told.parser.is_matching(step.name)
            ]
        return found[asked]

    return remembered
