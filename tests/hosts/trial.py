"""One trial: days of tenants on several hosts, with what happens to hosts and links drawn from a seed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from adapters.database_faults import DATABASE_ERRORS
from adapters.log.proof.last_verdict import VerdictFile
from adapters.simulators.personio.attributes import DEFAULT_IDS
from adapters.simulators.wire.requests import RecordedRequest
from domain.errors import TweeluikError
from tests.hosts.hold import TenantHolds, counted
from tests.hosts.links import HOSTS, SERVERS, WORKERS, Fault, Links, Target
from tests.hosts.site import Site, Tenant, site
from tests.support.invariants import unannounced, verdict, views_hold
from tests.support.waiting import PATIENCE, let_pass, until
from tests.support.world import AMSTERDAM

_BEGAN: Final = datetime(2026, 3, 2, 20, 0, tzinfo=AMSTERDAM)  # a Monday
_STOPS: Final = (time(5, 20), time(6, 35), time(12, 5))  # after what is planned for then
_GRACE: Final = timedelta(minutes=1380)
_SILENCE: Final = 300.0  # seconds without anything new in any log, on a machine that is busy with more than this

Made = Callable[[], AbstractContextManager[Links]]


@dataclass
class Lived:
    broken: list[str] = field(default_factory=list)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: Path | None = None  # what the hosts of a trial that broke said, and their database


def trial(seed: int, links: Made, *, tenants: int = 3, people: int = 4, days: int = 1) -> Lived:
    folder = Path(tempfile.mkdtemp(prefix=f"tweeluik-trial-{seed}-"))
    lived = Lived(kept=folder)
    try:
        with links() as made, site(folder, made, tenants=tenants, people=people, began=_BEGAN) as everything:
            lived = _Trial(seed, everything).live(days)
            lived.kept = folder if lived.broken else None
            return lived
    finally:
        if lived.kept is None:
            shutil.rmtree(folder)


class _NeverQuietError(Exception):
    """Something is missing, and nothing more happens."""


class _Trial:
    def __init__(self, seed: int, everything: Site) -> None:
        self._chance, self._site, self._harms = random.Random(seed), everything, 0
        self._signs_out = random.Random(-1 - seed)
        self._met: Counter[tuple[str, str]] = Counter()
        self._holds = {one.customer.name: TenantHolds(one.customer.name, one.arrived) for one in everything.tenants}

    def live(self, days: int) -> Lived:
        for one in self._site.tenants:
            self._holds[one.customer.name].plans(one.settings.planned())
        broken = list[str]()
        try:
            self._days(days)
        except _NeverQuietError as reason:
            broken.append(str(reason))
            for process in self._site.running.values():
                os.kill(process.pid or 0, signal.SIGUSR1)  # says in its log where each thread is
        return self._judged([*broken, *self._ended()])

    def _ended(self) -> list[str]:
        """Every host is told to end; which of them did not do so in order, or had ended before."""
        running = self._site.running
        early = [
            f"{host} ended by itself with {each.exitcode}" for host, each in running.items() if not each.is_alive()
        ]
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.join(PATIENCE)
        return early + [
            f"{host} did not end in order: {each.exitcode}"
            for host, each in running.items()
            if each.exitcode not in (0, -signal.SIGTERM)  # a server passes the signal on at its end
        ]

    def _days(self, days: int) -> None:
        self._until_quiet("adopted", lambda: all(self._adopted(one) for one in self._site.tenants))
        for day in range(1, days + 1):
            for stop in _STOPS:
                self._edit()
                self._site.move(datetime.combine((_BEGAN + timedelta(days=day)).date(), stop, AMSTERDAM))
                self._harm()
                self._until_quiet(f"day {day}, {stop}", self._done)
        self._until_quiet("the end", lambda: self._done() and self._delivered())
        self._until_quiet("signed", lambda: not any([*verdict(one.settings)] for one in self._site.tenants))

    @property
    def _all(self) -> list[TenantHolds]:
        return list(self._holds.values())

    def _judged(self, broken: list[str]) -> Lived:
        for one in self._site.tenants:
            holds = self._holds[one.customer.name]
            self._look(one)
            holds.at_rest(self._site.clock.now(), _GRACE)
            writes = [_request(each) for each in one.writes()]
            self._met["Loket", "writes"] += len(writes)
            name = one.customer.name
            broken += holds.broken
            broken += [f"{name}: {line}" for line in unannounced(holds.events, writes)]
            broken += [f"{name}: {line}" for line in views_hold(one.settings, one.store)]
            broken += [f"{name}: {line}" for line in verdict(one.settings)]
            broken += [f"{name}: {line}" for line in self._doubts(name)]
        return Lived(broken, self._met + Counter(counted(self._all)))

    def _doubts(self, name: str) -> Iterator[str]:
        """Hosts that believe the log no more: others would do their work, and nobody touched a log."""
        for host in HOSTS:
            last = VerdictFile(self._site.folder / "hosts" / host / name / "checkpoints").last()
            if last is not None and not last.ok:
                yield f"{host} says that {last}"

    def _adopted(self, one: Tenant) -> bool:
        planned = {row.key for row in one.settings.planned()}
        one.store.views.catch_up()
        return planned <= {*one.store.views.schedule.jobs()}

    def _done(self) -> bool:
        """Moves the clock on where all that is left waits to be tried again, and has somebody sign in where needed."""
        for one in self._site.tenants:
            if self._holds[one.customer.name].sign_in_needed():
                one.sign_in()
                self._met["Loket", "signed in anew"] += 1
        now = self._site.clock.now()
        missing = [line for one in self._all for line in one.missing(now, _GRACE)]
        waits = [until for one in self._all for until in one.waits]
        if waits and len(missing) == len(waits) and min(waits) > now:
            self._site.move(max(waits))
        return not missing

    def _delivered(self) -> bool:
        """Moves the clock on where every alert that is left was tried and waits."""
        waits = [at for one in self._all for at in one.undelivered().values()]
        now = self._site.clock.now()
        if waits and all(at is not None and at > now for at in waits):
            self._site.move(max(waits))
        return not waits

    def _until_quiet(self, what: str, holds: Callable[[], bool]) -> None:
        """However long that takes, as long as something new comes into a log now and then."""
        quiet, before = False, 0

        def looked() -> bool:
            nonlocal quiet
            with suppress(TweeluikError, *DATABASE_ERRORS):
                for one in self._site.tenants:
                    self._look(one)
                quiet = holds()
            return quiet or self._known() > before

        while not quiet:
            before = self._known()
            try:
                until(looked, what, every=2.0, patience=_SILENCE)
            except AssertionError:
                lines = [line for one in self._all for line in one.missing(self._site.clock.now(), _GRACE)]
                raise _NeverQuietError(f"{what}: {lines}") from None

    def _known(self) -> int:
        return sum(len(one.events) for one in self._all)

    def _look(self, one: Tenant) -> None:
        holds = self._holds[one.customer.name]
        after = holds.events[-1].position if holds.events else -1
        while page := one.store.log.page(after, 1_000):
            holds.see(page, self._harms)
            after = page[-1].position

    def _edit(self) -> None:
        """Somebody types something in Personio, and now and then somebody else in Loket, which may end a sign-in."""
        for one in self._site.tenants:
            person, number = self._chance.choice(one.customer.people)
            one.numbered += 1
            street = f"Lindelaan {one.numbered}"
            if self._chance.random() < 0.7:
                one.act("personio", "edit", person_id=person, attribute=DEFAULT_IDS["street"], value=street)
                self._met["edits", "in Personio"] += 1
            if self._chance.random() < 0.4:
                one.act("loket", "edit_employee", number=number, changes={"address.city": f"Dorp {one.numbered}"})
                self._met["edits", "in Loket"] += 1
            if self._signs_out.random() < 0.02:
                one.act("loket", "revoke_refresh_token")
                self._met["Loket", "sign-ins ended by it"] += 1

    def _harm(self) -> None:
        for _ in range(self._chance.randint(1, 3)):
            let_pass(self._chance.uniform(0.2, 1.5))
            self._harms += 20  # each may cut off every job that is at work
            self._chance.choice((self._a_link, self._a_link, self._a_process, self._the_database))()

    def _a_link(self) -> None:
        fault = self._chance.choice(self._site.links.kinds)
        host, target = self._chance.choice(HOSTS), self._chance.choice(tuple(Target))
        self._met["links", f"{target}: {fault}"] += 1
        self._site.links.harm(host, target, fault)
        let_pass(self._chance.choice((0.5, 2.0, 5.0)))
        self._site.links.restore()

    def _a_process(self) -> None:
        host = self._chance.choice((*WORKERS, *WORKERS, *SERVERS))
        self._met["hosts", f"a {host.partition('-')[0]} killed"] += 1
        self._site.kill(host)
        let_pass(self._chance.choice((0.2, 3.0)))
        self._site.start(host)

    def _the_database(self) -> None:
        how = self._chance.choice((signal.SIGINT, signal.SIGQUIT))
        cut = self._chance.choice((None, *HOSTS))
        self._met["database", "stopped at once" if how is signal.SIGQUIT else "restarted"] += 1
        if cut is not None:  # who does not hear of it
            self._met["database", "restarted while a link was cut"] += 1
            self._site.links.harm(cut, Target.DATABASE, Fault.CUT)
        self._site.database.stop(how)
        let_pass(self._chance.choice((0.1, 2.0)))
        self._site.database.start()
        self._site.links.restore()


def _request(one: dict) -> RecordedRequest:
    return RecordedRequest(
        one["method"], one["path"], one["query"], {}, b"", None, datetime.fromisoformat(one["at"]), one["status"]
    )
