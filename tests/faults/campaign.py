"""Faults on the wire and in Loket, at every kind of write: what is recorded must be what happened.

    python -m tests.faults.campaign [--seeds 40] [--database sqlite] [--case NAME]

Every simulator fault and every toxic of the proxy meets every kind of write once, before and after it is applied; then
each seed plays three at once, on reads too. After each run with faults comes one without, and the invariants.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import structlog
from rich.console import Console
from rich.progress import track
from rich.table import Table

from adapters.loket.client import LoketClient
from adapters.personio.client import PersonioClient
from adapters.simulators.wire.faults import FaultKind
from adapters.simulators.wire.requests import RecordedRequest
from api.bootstrap import open_store, open_tools
from api.config.settings import Settings, load
from domain.attributes import Role
from domain.events.loket import WriteConfirmed, WriteIntended
from domain.log import Recorded
from domain.services.journal import Tools
from domain.services.sync.run import run_sync
from domain.values import Actor, RunId
from tests.crash.campaign import Base, prepared
from tests.support.invariants import broken, place_of_intent, place_of_write
from tests.support.processes import in_a_fork, waiting
from tests.support.proxy import Mishap, Proxy, Toxic
from tests.support.reference import ENTITY
from tests.support.waiting import let_pass

TIMEOUT: Final = httpx.Timeout(0.6, connect=0.5)
QUICKER: Final = 0.2  # of the product's own waits; a write becomes visible well within what is left of them
WRITES: Final = {  # kind of write: method and path
    "employee": ("PUT", "/employees/[^/]+$"),
    "bsn": ("PUT", "/employees/[^/]+/citizenservicenumber$"),
    "payment": ("PUT", "/paymentinformationsepa/[^/]+$"),
    "payment created": ("POST", "/paymentinformationsepa$"),
    "concept": ("PUT", "/conceptemployees/[^/]+$"),
    "concept created": ("POST", "/conceptemployees$"),
    "concept bsn": ("PUT", "/conceptemployees/[^/]+/citizenservicenumber$"),
    "wage deleted": ("DELETE", "/wages/[^/]+$"),
    "wage created": ("POST", "/wages$"),
    "benefit created": ("POST", "/benefitsanddeductions$"),
    "period data": ("PATCH", "/payrollperioddata$"),
}
_GLOBS: Final = {
    "employee": "*/employers/employees/????????-????-????-????-????????????",
    "bsn": "*/employers/employees/*/citizenservicenumber",
    "payment": "*/paymentinformationsepa/*",
    "payment created": "*/paymentinformationsepa",
    "concept": "*/conceptemployees/????????-????-????-????-????????????",
    "concept created": "*/conceptemployees",
    "concept bsn": "*/conceptemployees/*/citizenservicenumber",
    "wage deleted": "*/wages/*",
    "wage created": "*/wages",
    "benefit created": "*/benefitsanddeductions",
    "period data": "*/payrollperioddata",
}
NOT_APPLIED: Final = (
    FaultKind.REFUSE,
    FaultKind.RESET_BEFORE,
    FaultKind.TIMEOUT_BEFORE,
    FaultKind.RATE_LIMITED,
    FaultKind.UNAVAILABLE,
    FaultKind.SERVER_ERROR_BEFORE,
    FaultKind.FAILED_PART,
    FaultKind.UNAUTHORIZED,
    FaultKind.FORBIDDEN,
)


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    faults: tuple[tuple[FaultKind, str], ...] = ()  # what the simulated Loket does, at which kind of write
    mishaps: tuple[Mishap, ...] = ()  # what happens on the way to Loket
    on_reads: tuple[Mishap, ...] = ()  # on the way to Personio


def grid() -> Iterator[Case]:
    for kind in WRITES:
        for fault in FaultKind:
            yield Case(f"{kind}: {fault.value}", faults=((fault, kind),))
        for toxic in Toxic:
            for applied in (False, True):
                moment = "answer" if applied else "request"
                yield Case(f"{kind}: {toxic.value} on {moment}", mishaps=(_mishap(kind, toxic, applied),))


def seeded(seed: int) -> Case:
    random = Random(seed)
    kinds = list(WRITES)
    faults = tuple((random.choice(list(FaultKind)), random.choice(kinds)) for _ in range(random.randrange(3)))
    mishaps = tuple(
        _mishap(random.choice(kinds), random.choice(list(Toxic)), random.random() < 0.5, random)
        for _ in range(3 - len(faults))
    )
    reads = tuple(
        Mishap(random.choice(list(Toxic)), "GET", "/v2/", random.random() < 0.5, random.randint(1, 12), 1, 40)
        for _ in range(random.randrange(2))
    )
    return Case(f"seed {seed}", faults, mishaps, reads)


def _mishap(kind: str, toxic: Toxic, applied: bool, random: Random | None = None) -> Mishap:
    method, path = WRITES[kind]
    size = random.randint(0, 400) if random else 20
    return Mishap(toxic, method, path, applied, nth=random.randint(1, 2) if random else 1, size=size)


def tried(base: Base, case: Case) -> list[str]:
    """What is wrong after it; empty when nothing is."""
    found, held = in_a_fork(lambda: _played(base, case))
    if held != base.held:
        found.append(f"Loket is not what it is without faults: {[key for key in held if held[key] != base.held[key]]}")
    return list(found)


def _played(base: Base, case: Case) -> tuple[list[str], Any]:
    reference, folder = base.reference, base.folder / "case"
    shutil.copytree(base.folder / "base", folder)
    faulty = waiting(lambda: impatient_sync(folder, "run-2"), folder / "errors")
    then = waiting(lambda: impatient_sync(folder, "run-3"), folder / "errors")
    reference.start()
    loket, personio = Proxy(reference.loket.url, list(case.mishaps)), Proxy(reference.personio.url, list(case.on_reads))
    with loket.serving(), personio.serving():
        toml = reference.toml(base.url(folder, "case"), str(folder))
        toml = toml.replace(reference.loket.url, loket.url).replace(reference.personio.url, personio.url)
        (folder / "tweeluik.toml").write_text(toml)
        for fault, kind in case.faults:
            reference.loket.faults.add(fault, method=WRITES[kind][0], path=_GLOBS[kind], seconds=0.9)
        found = _code(faulty.run(), "the run with faults")
        played = [one.fault for one in reference.loket.requests if one.fault and one.status != 400]
        if len(case.faults) + len(case.mishaps) == 1 and not played and not loket.played and "refuse" not in case.name:
            found.append("the fault was never met")
        settings = load(folder / "tweeluik.toml")
        with open_store(settings) as store:
            found += overconfident(store.log.page(-1, 10_000), reference.loket.writes())
        loket.heal()
        personio.heal()
        _forget_faults(reference.loket.faults)
        let_pass(0.9 if any(kind is FaultKind.DELAYED_VISIBILITY for kind, _ in case.faults) else 0)
        found += _code(then.run(), "the run after it")
        with open_store(settings) as store:
            found += broken(settings, store, reference, "")
    if found:
        found.append((folder / "errors").read_text()[-2_000:] if (folder / "errors").exists() else "")
    held = reference.held()
    reference.stop()
    shutil.rmtree(folder)
    return found, held


def _forget_faults(faults: Any) -> None:
    """All but the refusal that belongs to the reference company."""
    lasting = [one for one in faults.pending() if one.times == 0]
    faults.clear()
    for one in lasting:
        faults.add(one.kind, method=one.method, path=one.path, times=0)


def overconfident(events: Iterable[Recorded], writes: Sequence[RecordedRequest]) -> Iterator[str]:
    """Writes that were confirmed and that Loket never applied."""
    applied = Counter(place_of_write(one) for one in writes if _applied(one))
    intents = {one.fact.intent: one.fact for one in events if isinstance(one.fact, WriteIntended)}
    for one in events:
        if isinstance(one.fact, WriteConfirmed):
            place = place_of_intent(intents[one.fact.intent])
            applied[place] -= 1
            if applied[place] < 0:
                yield f"{one.fact.intent} was confirmed, and Loket never applied it"


def _applied(write: RecordedRequest) -> bool:
    if write.fault is not None:
        return write.fault not in NOT_APPLIED
    return write.status is None or write.status < 300


def impatient_sync(folder: Path, run: str) -> None:
    """One sync that waits a fraction of the usual times."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    settings = load(folder / "tweeluik.toml")
    with (
        open_store(settings, clock=_Quicker()) as store,
        open_tools(settings, store, personio=_personio(settings), loket=_loket(settings, store.vault)) as tools,
    ):
        _run(settings, tools, run)


def _run(settings: Settings, tools: Tools, run: str) -> None:
    run_sync(settings.policy(ENTITY), tools, actor=Actor("campaign"), run_id=RunId(run))


class _Quicker:
    """`domain.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        let_pass(seconds * QUICKER)


def _sooner(seconds: float) -> None:
    let_pass(seconds / 50)


def _personio(settings: Settings) -> PersonioClient:
    section = settings.personio
    roles = {Role(role): attribute for role, attribute in section.attributes.items()}
    secret = section.client_secret.get_secret_value()
    return PersonioClient(section.base_url, section.client_id, secret, roles, sleep=_sooner, timeout=TIMEOUT)


def _loket(settings: Settings, vault: Any) -> LoketClient:
    section = settings.loket
    return LoketClient(
        section.base_url,
        section.token_url,
        section.client_id,
        section.client_secret.get_secret_value(),
        section.refresh_token.get_secret_value(),
        vault,
        settings.catalogue(),
        sleep=_sooner,
        timeout=TIMEOUT,
    )


def _code(code: int, what: str) -> list[str]:
    return [f"{what} ended with {code}"] if code else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--case", nargs="+", help="only these, as a broken case names them")
    options = parser.parse_args()
    console = Console()
    cases = [*grid(), *map(seeded, range(options.first_seed, options.first_seed + options.seeds))]
    if options.case:
        cases = [one for one in cases if one.name in options.case]
    with tempfile.TemporaryDirectory() as name:
        base = prepared(Path(name), None)
        steps = track(cases, "faults", console=console, disable=not console.is_terminal)
        results = []
        for one in steps:
            found = tried(base, one)
            results.append((one, found))
            tell(console, one, found)
    show(console, results)
    sys.exit(1 if any(found for _, found in results) else 0)


def show(console: Console, results: Sequence[tuple[Case, list[str]]]) -> None:
    table = Table("at", "cases", "broken", title=f"{len(results)} runs with faults, each followed by one without")
    count = Counter(_group(one) for one, _ in results)
    bad = Counter(_group(one) for one, found in results if found)
    for name, number in count.items():
        table.add_row(name, str(number), str(bad[name] or ""))
    console.print(table)


def tell(console: Console, case: Case, found: Sequence[str]) -> None:
    for line in filter(None, found):
        console.print(f"{case.name}: {line}", style="red", highlight=False)
    if found:
        console.print(f"  again: python -m tests.faults.campaign --case {case.name!r}", highlight=False)


def _group(case: Case) -> str:
    return re.sub(r":.*| \d+$", "", case.name)


if __name__ == "__main__":
    main()
