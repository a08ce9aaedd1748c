"""Decisions of a company's spring as the first version that kept them made them, with all they stood on.

python -m tests.golden.decided                writes `decided.json.gz`, if there is none; it is never rewritten

Who changes what a rule decides finds it here: raise the rule's `revision` in `domain/rules.py`.
"""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from domain.events.grounds import LeftOutJudged, NotSeenJudged
from domain.events.values import FieldValue
from domain.grounds.case import Case, Grounds
from domain.grounds.coding import read, shared_read, shared_text, written
from domain.grounds.inputs import Everybody
from domain.grounds.prints import NOT_KEPT, print_of
from domain.services.replay.looks import Look, Looks, looks_between
from domain.settings import Policy
from tests.golden.quarter import Quarter, april, february, march, may
from tests.support.fake_vault import FakeVault

FILE: Final = Path(__file__).with_name("decided.json.gz")
_GATES: Final[dict[str, type[Any]]] = {"left out": LeftOutJudged, "not seen": NotSeenJudged}


def kept() -> bytes:
    """Every look of the spring; what several of them stood on is told once."""
    quarter = Quarter()
    for chapter in (february, march, april, may):
        chapter(quarter)
    tools = quarter.world.tools()
    looks = Looks(tools.log, tools.vault)
    parts: dict[str, int] = {}
    told = [_look(looks.look(name), parts) for name in looks_between(tools.log)]
    quarter.close()
    return gzip.compress(json.dumps({"parts": list(parts), "looks": told}).encode(), mtime=0)


def differing() -> list[str]:
    """The decisions that today's code makes otherwise, as "look: person", and the revisions they were made under."""
    stored = json.loads(gzip.decompress(FILE.read_bytes()))
    parts, vault = stored["parts"], FakeVault()
    found = []
    for one in stored["looks"]:
        grounds = [_read(kind, parts[place]) for kind, place in one["grounds"]]
        everybody = Everybody.of(grounds, shared_read(parts[one["shared"]]))
        policy = msgspec.json.decode(parts[one["policy"]], type=Policy)
        plan = everybody.decide(policy, today=date.fromisoformat(one["today"]))
        made = {each.person: print_of(each, vault).hex() for each in plan.decisions}
        found += [f"{one['name']}: {who}" for who, print_ in one["prints"].items() if made.get(who) != print_]
    return found


def _look(look: Look, parts: dict[str, int]) -> dict[str, Any]:
    def place(text: str) -> int:
        return parts.setdefault(text, len(parts))

    return {
        "name": look.name,
        "today": look.today.isoformat(),
        "policy": place(msgspec.json.encode(look.policy, order="deterministic").decode()),
        "shared": place(shared_text(look.shared)),
        "grounds": [(kind, place(text)) for kind, text in (_stored(one, look) for one in look.grounds.values())],
        "prints": {person: each.hex() for person, each in look.prints.items() if each != NOT_KEPT},
    }


def _stored(grounds: Grounds, look: Look) -> tuple[str, str]:
    if isinstance(grounds, Case):
        case = written(grounds, look.policy.catalogue)
        return "case", json.dumps([case.text, [[one.field, one.value] for one in case.passing]])
    kind = "left out" if isinstance(grounds, LeftOutJudged) else "not seen"
    return kind, msgspec.json.encode(grounds).decode()


def _read(kind: str, text: str) -> Grounds:
    if kind in _GATES:
        gates: Grounds = msgspec.json.decode(text, type=_GATES[kind])
        return gates
    case, passing = json.loads(text)
    found = read(case, [FieldValue(*one) for one in passing])
    assert found is not None
    return found


if __name__ == "__main__":
    if FILE.exists():
        print(f"{FILE} is there; it is never rewritten")
    else:
        FILE.write_bytes(kept())
