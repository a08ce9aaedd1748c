"""Customers of a bureau: a company each in simulators of its own, all in one process, and the file of each tenant."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.simulators.company.generate import Situation, generate_company
from adapters.simulators.company.populate import populate
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.attributes import DEFAULT_IDS
from adapters.simulators.personio.simulator import PersonioSimulator

ENTITY: Final = "170"
_ADMINISTRATION: Final = "54aa2b1c-0000-4000-8000-{:012}"
_FIRST_SEED: Final = 1636
_ROOT: Final = Path(__file__).parents[2]

_FILE: Final = """\
[log]
url = "{url}"
keys = "{url}"
checkpoints = "{name}/checkpoints"

[personio]
base_url = "{personio}"
client_id = "{client_id}"
client_secret = "{client_secret}"

[personio.attributes]
{attributes}

[loket]
base_url = "{loket}"
token_url = "{loket}/token"
client_id = "{loket_id}"
client_secret = "{loket_secret}"
refresh_token = "{refresh_token}"

[pay]
amounts_are = "effective"

[[legal_entity]]
personio_id = "{entity}"
name = "Tulp"
loket_employer_id = "{employer}"
loket_payroll_administration_id = "{administration}"
"""


@dataclass(frozen=True, slots=True)
class Customer:
    """One company, and where both of its systems are."""

    name: str
    told: dict[str, str]
    people: tuple[tuple[str, int], ...]  # in both systems: id in Personio, number in Loket

    def file(self, url: str, more: str = "", *, told: dict[str, str] | None = None) -> str:
        """The tenant's configuration, with log and keys in this database; `more` begins within its legal entity."""
        attributes = "\n".join(f'{role} = "{identifier}"' for role, identifier in DEFAULT_IDS.items())
        return _FILE.format(url=url, name=self.name, attributes=attributes, entity=ENTITY, **(told or self.told)) + more


@contextmanager
def customers(
    count: int, people: int, *, before: tuple[str, ...] = (), host: str = "127.0.0.1", clock: Path | None = None
) -> Iterator[tuple[Customer, ...]]:
    """`before` is what the command begins with; a `clock` is a file with the instant that it is for both systems."""
    command = f"from tests.support.customers import serve; serve({count}, {people}, {host!r}, {str(clock or '')!r})"
    process = subprocess.Popen(
        [*before, sys.executable, "-c", command], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield tuple(Customer(name, each, tuple(map(tuple, people))) for name, each, people in told)
    finally:
        process.kill()
        process.wait()


def clock_of(file: str) -> Callable[[], datetime]:
    """The clock in this file, or the machine's own."""
    return lambda: datetime.fromisoformat(Path(file).read_text()).astimezone(UTC) if file else datetime.now(UTC)


def serve(count: int, people: int, host: str, clock: str) -> None:
    """Until the input ends; says on one line who there is."""
    now = clock_of(clock)
    with ExitStack() as running:
        told = [_opened(running, number, people, host, now) for number in range(1, count + 1)]
        print(json.dumps(told), flush=True)
        sys.stdin.read()


def _opened(running: ExitStack, number: int, people: int, host: str, now: Callable[[], datetime]) -> object:
    personio = running.enter_context(PersonioSimulator(now=now, host=host))
    loket = running.enter_context(LoketSimulator(administration_id=_ADMINISTRATION.format(number), now=now, host=host))
    company = generate_company(people, seed=_FIRST_SEED + number)
    populate(personio, loket, company)
    told = {
        "personio": personio.url,
        "client_id": personio.access.client_id,
        "client_secret": personio.access.client_secret,
        "loket": loket.url,
        "loket_id": loket.tokens.client_id,
        "loket_secret": loket.tokens.client_secret,
        "refresh_token": loket.tokens.refresh_token,
        "employer": loket.employer_id,
        "administration": loket.administration_id,
    }
    both = [(one.person_id, one.employee_number) for one in company.of(Situation.IN_BOTH)]
    return f"klant-{number:03}", told, both
