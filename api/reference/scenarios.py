"""Which scenarios hold us to which rule: their names and texts, written by `make docs` from the feature files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

_RULE: Final = re.compile(r"@rule:([A-Z]+-[0-9]+)")
_INDENT: Final = 4  # of a scenario in its rule
_SCENARIO: Final = re.compile(r"\s*Scenario(?: Outline)?: (.+)")


@cache
def scenarios() -> Mapping[str, tuple[str, ...]]:
    """Rule id -> "feature: scenario" of each."""
    found = json.loads(files("api.reference").joinpath("scenarios.json").read_text(encoding="utf-8"))
    return {rule: tuple(names) for rule, names in found.items()}


@cache
def texts() -> Mapping[str, tuple[str, ...]]:
    """Rule id -> each scenario as it is written, its name first, in the order of `scenarios`."""
    found = json.loads(files("api.reference").joinpath("scenario_texts.json").read_text(encoding="utf-8"))
    return {rule: tuple(told) for rule, told in found.items()}


def features(folder: Path) -> dict[str, str]:
    """Rule id -> the feature file that has its block, of a checkout."""
    return {tag: path.stem for path in folder.glob("*.feature") for tag in _RULE.findall(path.read_text("utf-8"))}


def collected(folder: Path) -> dict[str, list[str]]:
    """The same, from the feature files of a checkout."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.feature")):
        rule = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if tag := _RULE.search(line):
                rule = tag[1]
            elif rule and (scenario := _SCENARIO.fullmatch(line)):
                found.setdefault(rule, []).append(f"{path.stem.replace('_', ' ')}: {scenario[1]}")
    return dict(sorted(found.items()))


def written(folder: Path) -> str:
    return json.dumps(collected(folder), ensure_ascii=False, indent=1) + "\n"


def texts_written(folder: Path) -> str:
    """Of the feature files of a checkout: each scenario as far as the next one, without its indent."""
    found: dict[str, list[list[str]]] = {}
    for path in sorted(folder.glob("*.feature")):
        rule, inside = None, False
        for line in path.read_text(encoding="utf-8").splitlines():
            if tag := _RULE.search(line):
                rule, inside = tag[1], False
            elif rule and _SCENARIO.fullmatch(line):
                inside = True
                found.setdefault(rule, []).append([line.strip()])
            elif rule and inside and not line.strip().startswith("@"):
                found[rule][-1].append(line[_INDENT:])
    told = {rule: ["\n".join(lines).rstrip() for lines in all] for rule, all in sorted(found.items())}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
