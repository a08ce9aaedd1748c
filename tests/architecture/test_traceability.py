"""The chain of evidence: article section, register of rules, @rule tag, scenarios in every world, ids in the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from gherkin.parser import Parser

from domain.rules import ARTICLE_SECTIONS, RULES, Rule

ROOT: Final = Path(__file__).parents[2]
FEATURES: Final = sorted((ROOT / "features").glob("*.feature"))
RULE_ID: Final = re.compile(r"\b(?:WHO|WHAT|RETRO|MATCH|JOIN|EDIT|EMPL|END|CHECK|PAY|RUN|DRIFT|AUD|LOG|BUREAU)-\d+\b")

WITHOUT_SCENARIO: Final[dict[str, str]] = {
    "RUN-11": "payroll documents have no part in a run",
    "LOG-6": "said in the documents, not run",
}
"""The only rules that may lack scenarios, each with its reason."""


@dataclass(frozen=True)
class Block:
    """One `Rule:` of a feature."""

    feature: str
    title: str
    tags: tuple[str, ...]
    source: str
    scenarios: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.title.partition(" ")[0]


@cache
def blocks() -> tuple[Block, ...]:
    """Every rule block as the reference parser of Gherkin reads it."""
    return tuple(
        Block(
            path.stem,
            rule["name"],
            tuple(tag["name"] for tag in rule["tags"]),
            rule["description"].strip().removeprefix("Source: ").strip('"'),
            tuple(child["scenario"]["name"] for child in rule["children"] if "scenario" in child),
        )
        for path in FEATURES
        for child in _parsed(path)["children"]
        for rule in [child["rule"]]  # a scenario outside every rule fails here: it would prove nothing
    )


def _parsed(path: Path) -> dict[str, Any]:
    document: Any = Parser().parse(path.read_text(encoding="utf-8"))
    feature: dict[str, Any] = document["feature"]
    return feature


@cache
def collected() -> dict[tuple[str, str], frozenset[str]]:
    """(feature, scenario) -> the worlds pytest collected it in, from a session of its own."""
    script = (
        "import json, sys, pytest\n"
        "class Found:\n"
        "    def pytest_collection_finish(self, session):\n"
        "        each = session.items\n"
        "        rows = [[*i.function.__doc__.split(': ', 1), i.callspec.params['kind_of_world']] for i in each]\n"
        "        print('COLLECTED ' + json.dumps(rows))\n"
        "sys.exit(pytest.main(['--collect-only', '-qq', '-n0', 'tests/acceptance'], plugins=[Found()]))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    line = next(one for one in run.stdout.splitlines() if one.startswith("COLLECTED "))
    worlds: dict[tuple[str, str], set[str]] = defaultdict(set)
    for feature, scenario, world in json.loads(line.removeprefix("COLLECTED ")):
        worlds[Path(feature).stem, scenario].add(world)
    return {key: frozenset(kinds) for key, kinds in worlds.items()}


def test_every_rule_has_a_block_of_at_least_two_scenarios_or_a_stated_reason_why_not() -> None:
    scenarios = {block.id: len(block.scenarios) for block in blocks()}

    assert scenarios.keys() | WITHOUT_SCENARIO.keys() == RULES.keys()
    assert not scenarios.keys() & WITHOUT_SCENARIO.keys()
    assert {rule: count for rule, count in scenarios.items() if count < 2} == {}


@pytest.mark.parametrize(
    "rule", [one for one in RULES.values() if one.id not in WITHOUT_SCENARIO], ids=lambda one: one.id
)
def test_a_rule_block_says_what_the_register_says(rule: Rule) -> None:
    (block,) = (one for one in blocks() if one.id == rule.id)

    assert block.title == f"{rule.id} {rule.statement}"
    assert block.tags == (f"@rule:{rule.id}",)
    assert block.source == rule.source.removeprefix("Personio Helpcenter, ")


def test_no_rule_has_two_blocks_and_every_section_of_the_article_is_a_source() -> None:
    assert [rule for rule, count in Counter(block.id for block in blocks()).items() if count > 1] == []
    assert {rule.source for rule in RULES.values()} >= ARTICLE_SECTIONS


def test_no_scenario_is_dropped_on_the_way_to_pytest() -> None:
    written = Counter((block.feature, title) for block in blocks() for title in block.scenarios)

    assert [scenario for scenario, count in written.items() if count > 1] == []
    assert written.keys() == collected().keys()


def test_every_scenario_runs_in_both_worlds_and_those_about_the_database_on_both_databases() -> None:
    assert set(collected().values()) == {
        frozenset({"in process", "over HTTP"}),
        frozenset({"in process", "over HTTP", "over HTTP on PostgreSQL"}),
        frozenset({"over HTTP", "over HTTP on PostgreSQL"}),
    }
    databases = {feature for (feature, _), worlds in collected().items() if "in process" not in worlds}
    assert databases == {"ledger_integrity", "audit_history"}


def test_every_rule_id_in_the_code_is_in_the_register() -> None:
    cited = {
        rule: path.relative_to(ROOT)
        for folder in ("domain", "adapters", "api")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sql")
        for rule in RULE_ID.findall(path.read_text(encoding="utf-8"))
    }

    assert {rule: where for rule, where in cited.items() if rule not in RULES} == {}


def test_the_rule_ids_inside_stored_events_are_rules() -> None:
    """Every rule a fact records is a literal in the code that makes it; a typing error would never be found again."""
    recorded = {
        rule
        for path in (ROOT / "domain").rglob("*.py")
        for rule in re.findall(r"""\brule="([^"]+)\"""", path.read_text(encoding="utf-8"))
    }

    assert recorded
    assert recorded <= RULES.keys()
