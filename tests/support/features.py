"""Turns Gherkin tags into marks, so that one rule can be run alone: pytest --rule END-2."""

from __future__ import annotations

from collections.abc import Callable

import pytest

_RULE = "rule:"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rule", metavar="ID", help="run only the scenarios of this rule, such as END-2")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rule(id): the rule a scenario belongs to")
    config.addinivalue_line("markers", "postgres: a scenario that is run on PostgreSQL, too")
    config.addinivalue_line("markers", "database: a scenario about the log's database itself, run on each of them")


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
