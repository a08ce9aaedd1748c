"""Both simulators with a generated company, and a configuration that points at them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from adapters.simulators.company.generate import LEGAL_ENTITY_ID, NAME, Company, generate_company
from adapters.simulators.company.populate import populate
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.attributes import DEFAULT_IDS
from adapters.simulators.personio.quirks import Salaries
from adapters.simulators.personio.simulator import PersonioSimulator

_CLIENT: Final = ("papi-simulated-client", "papi-simulated-secret")


@dataclass(frozen=True, slots=True)
class Simulation:
    personio: PersonioSimulator
    loket: LoketSimulator
    company: Company

    def configuration(self, log_url: str = "sqlite:///var/tweeluik.db") -> str:
        """A complete tweeluik.toml for these two servers."""
        attributes = "\n".join(f'{role} = "{identifier}"' for role, identifier in DEFAULT_IDS.items())
        tokens = self.loket.tokens
        return f"""\
[log]
url = "{log_url}"

[personio]
base_url = "{self.personio.url}"
client_id = "{_CLIENT[0]}"
client_secret = "{_CLIENT[1]}"
company_id = "42"

[personio.attributes]
{attributes}

[loket]
base_url = "{self.loket.url}"
token_url = "{self.loket.token_url}"
client_id = "{tokens.client_id}"
client_secret = "{tokens.client_secret}"
refresh_token = "{tokens.refresh_token}"

[pay]
amounts_are = "{self.personio.quirks.salaries.value}"

[[legal_entity]]
personio_id = "{LEGAL_ENTITY_ID}"
name = "{NAME}"
loket_employer_id = "{self.loket.employer_id}"
loket_payroll_administration_id = "{self.loket.administration_id}"
"""


@contextmanager
def simulation(
    company: Company,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    personio_port: int = 0,
    loket_port: int = 0,
    salaries: Salaries = Salaries.EFFECTIVE,
) -> Iterator[Simulation]:
    """Both simulators, started and populated; stopped at the end. `salaries`: which amount of a part-timer is shown."""
    personio = PersonioSimulator(client_id=_CLIENT[0], client_secret=_CLIENT[1], now=now, port=personio_port)
    loket = LoketSimulator(now=now, port=loket_port)
    with personio, loket:
        personio.set_quirk("salaries", salaries)
        populate(personio, loket, company)
        yield Simulation(personio, loket, company)


def serve(
    people: int,
    seed: int,
    personio_port: int,
    loket_port: int,
    config_out: Path | None,
    salaries: Salaries = Salaries.EFFECTIVE,
) -> None:
    """Until interrupted: print where the servers are, and write a configuration when asked."""
    company = generate_company(people, seed=seed, today=date.today())  # noqa: DTZ011  the made-up people live today
    with simulation(company, personio_port=personio_port, loket_port=loket_port, salaries=salaries) as running:
        print(f"Personio  {running.personio.url}\nLoket     {running.loket.url}")
        if config_out is not None:
            config_out.write_text(running.configuration(), encoding="utf-8")
            print(f"configuration written; try: tweeluik --config {config_out} plan --entity {LEGAL_ENTITY_ID}")
        print("steer either side under /_control; stop with Ctrl-C", file=sys.stderr, flush=True)
        stopping = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())
        sys.stdout.flush()
        try:
            stopping.wait()
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)
