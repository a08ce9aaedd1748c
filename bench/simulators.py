"""Both simulators, with a made-up company in them, in a process of their own: their work is not counted as ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.simulators.company.generate import generate_company
from adapters.simulators.company.populate import populate
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.attributes import DEFAULT_IDS
from adapters.simulators.personio.simulator import PersonioSimulator

ENTITY: Final = "170"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where both are, as the configuration wants it said."""

    personio: dict[str, str]
    loket: dict[str, str]

    def toml(self, log: str) -> str:
        """A complete configuration, with the log at this URL (and its keys and checkpoints beside it)."""
        lines = ["[log]", *_lines({"url": log} if log.startswith("sqlite") else _beside(log))]
        lines += ["[personio]", *_lines(self.personio), "[personio.attributes]", *_lines(DEFAULT_IDS)]
        loket = {key: value for key, value in self.loket.items() if key not in ("employer", "administration")}
        lines += ["[loket]", *_lines(loket), "[pay]", *_lines({"amounts_are": "effective"}), "[[legal_entity]]"]
        places = {
            "loket_employer_id": self.loket["employer"],
            "loket_payroll_administration_id": self.loket["administration"],
        }
        return "\n".join([*lines, *_lines({"personio_id": ENTITY, "name": "Tulp", **places}), ""])

    def requests(self) -> list[dict[str, Any]]:
        """Every request since the last time this was asked, each with `system`, `method` and `path`."""
        found = []
        for system, url in (("personio", self.personio["base_url"]), ("loket", self.loket["base_url"])):
            for each in httpx.get(f"{url}/_control/requests", timeout=60).json():
                found.append({"system": system, "method": each["method"], "path": each["path"]})
            httpx.delete(f"{url}/_control/requests")
        return found


def kinds(requests: list[dict[str, Any]]) -> dict[str, int]:
    """How many of each: ids in paths are left out, so that one line is one kind."""
    return dict(Counter(f"{one['system']} {one['method']} {_pattern(one['path'])}" for one in requests).most_common())


@contextmanager
def simulators(people: int, *, seed: int = 1636, answer_ms: int = 0) -> Iterator[Servers]:
    """Each answer comes so much later than it could."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"from bench.simulators import serve; serve({people}, {seed}, {answer_ms})"],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Servers(**json.loads(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


def serve(people: int, seed: int, answer_ms: int) -> None:
    """Until the input ends; says on one line where both are, and with what secrets."""
    with PersonioSimulator() as personio, LoketSimulator() as loket:
        populate(personio, loket, generate_company(people, seed=seed))
        for simulator in (personio, loket) if answer_ms else ():
            simulator.faults.add("slow", times=0, seconds=answer_ms / 1000)
        tokens = loket.tokens
        said = {
            "personio": {
                "base_url": personio.url,
                "client_id": personio.access.client_id,
                "client_secret": personio.access.client_secret,
            },
            "loket": {
                "base_url": loket.url,
                "token_url": loket.token_url,
                "client_id": tokens.client_id,
                "client_secret": tokens.client_secret,
                "refresh_token": tokens.refresh_token,
                "employer": loket.employer_id,
                "administration": loket.administration_id,
            },
        }
        print(json.dumps(said), flush=True)
        sys.stdin.read()


def _beside(url: str) -> dict[str, str]:
    return {"url": url, "keys": "sqlite:///keys.db", "checkpoints": "checkpoints"}


def _lines(values: Any) -> list[str]:
    return [f"{key} = {json.dumps(str(value))}" for key, value in values.items()]


def _pattern(path: str) -> str:
    return "/".join("…" if _is_id(part) else part for part in path.split("/"))


def _is_id(part: str) -> bool:
    return part.isdigit() or (len(part) == 36 and part.count("-") == 4)
