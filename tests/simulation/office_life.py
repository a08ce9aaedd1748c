"""Weeks in the life of one installation, decided by a seed: people edit both systems, things fail, the service runs.

Everything is in one process and on one virtual clock; ids, keys and nonces are counters of the fakes, so that the same
seed gives the same log, to the last byte of every opened fact (`root`).
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from structlog.testing import capture_logs

from domain.services.sync.report import RunReport, RunStatus
from domain.settings import LegalEntity
from tests.simulation.holds import Counts, Holds
from tests.simulation.office import Office
from tests.simulation.people import NAMES, People
from tests.simulation.settings import chosen
from tests.simulation.sights import Sights
from tests.simulation.troubles import Troubles
from tests.support.world import AMSTERDAM, TULP, TULP_SHOPS

DAYS: Final = 12
BEGINNINGS: Final = (date(2026, 3, 22), date(2026, 10, 18), date(2026, 12, 26))  # both clock changes, and a year's end
CHANGES: Final = (date(2026, 3, 29), date(2026, 10, 25))
_PAUSES: Final = (1, 5, 15, 40, 90, 180, 400)  # minutes
_AT_NIGHT: Final = (5, 10, 20, 30)  # of a clock change, until five o'clock
_RUN_ID: Final = re.compile(rb"\d{8}-\d{6}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Life:
    """What became of one seed."""

    broken: list[str]
    root: str
    met: Counts


def life(seed: int) -> Life:
    """The whole of one seed; an exception of the product is one more thing that did not hold."""
    with tempfile.TemporaryDirectory() as folder, capture_logs():
        one = _Living(Random(seed), Path(folder))
        try:
            one.lived()
        except Exception as failure:  # noqa: BLE001  whatever it is, the other seeds go on
            one.holds.broken.append(f"{type(failure).__name__}: {failure}")
        try:
            return Life(one.holds.broken, one.root(), one.met())
        finally:
            one.office.close()


@dataclass
class _Living:
    random: Random
    folder: Path
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.random, self.folder, chosen(self.random, self.folder))
        self.sights = Sights(self.office, self.random)
        self.people = People(self.office, self.sights, self.random)
        self.holds = Holds(self.office, self.people, self.sights)
        self.troubles = Troubles(self.office, self.sights, self.random, self._edited_and_told)
        self._begins = self.random.choice(BEGINNINGS)

    def lived(self) -> None:
        """Every day, then calm: nobody edits, nothing fails, and everything must come to rest."""
        self.office.clock.travel(self._begins, time(8))
        for number, name in enumerate(NAMES[: self.random.randint(4, len(NAMES) - 3)]):
            self.people.hire(name, in_loket=bool(number % 4))
        if self.random.random() < 0.5:
            self.office.wired.hr.omit_empties()
        self._starts()
        end = self.office.clock.now() + timedelta(days=DAYS)
        while self.office.clock.now() < end:
            self._time_passes()
            self._step()
        self._calm()

    def root(self) -> str:
        """Over every event with its personal values opened: sealing is random in the real log, never what is sealed.

        So are the ids of runs, on purpose: here each counts as the place where it is first seen.
        """
        digest, ids = hashlib.sha256(), dict[bytes, bytes]()
        for one in self.office.world.everything():
            said = msgspec.json.encode([one.position, one.stream, one.version, one.name, one.meta, one.fact])
            digest.update(_RUN_ID.sub(lambda found: ids.setdefault(found[0], b"id-%d" % len(ids)), said))
        return digest.hexdigest()

    def met(self) -> Counts:
        lived = self.office.clock.today() - self._begins
        passed = [one for one in CHANGES if self._begins <= one < self._begins + lived]
        mine = {("time", "days"): lived.days, ("time", "clock changes"): len(passed)}
        faults = {("faults", word): count for word, count in self.troubles.met.items()}
        return self.holds.counted() + Counter({**mine, **faults})

    # --- what happens ---

    def _starts(self) -> None:
        """The service, perhaps with another timetable than before."""
        if self.random.random() < 0.5:
            self.office.settings = chosen(self.random, self.folder)
        self.holds.schedule.plans(self.office.settings.planned())
        self.office.down_until = None
        self.office.attempted(self.office.start)

    def _time_passes(self) -> None:
        local = self.office.clock.now().astimezone(AMSTERDAM)
        night = local.date() in CHANGES and local.hour < 5
        self.office.clock.sleep(60 * self.random.choice(_AT_NIGHT if night else _PAUSES))

    def _step(self) -> None:
        self.holds.runs.before_a_step()
        if self.random.random() < 0.35:
            self.random.choice(self.people.acts)()
        if self.random.random() < 0.15:
            self.random.choice(self.troubles.all)()
        if self.random.random() < 0.06:
            self.random.choice([self.sights.narrow, self.troubles.narrowed_meanwhile])()
        if self.random.random() < 0.08:
            self.random.choice([self.sights.widen, self.troubles.widened_meanwhile])()
        if self.random.random() < 0.2:
            self.troubles.both_answer_again()
        if self.office.down_until is not None and self.office.clock.now() >= self.office.down_until:
            self._starts()
        self.holds.after_a_step()
        self._served()

    def _served(self) -> None:
        """What the service does between two steps: every part in an order of the seed, then all that was handed out."""
        office, now, deaths = self.office, self.office.clock.now(), self.office.fate.deaths
        looks = [one.scheduler.look for one in office.processes]
        parts = [office.post.deliver, *looks, *([self._hinted] if looks else [])]
        self.random.shuffle(parts)
        self.holds.counts["schedule", "looks"] += len(looks)
        for part in parts:
            self._attempt(part)
        while busy := [one for one in office.processes if one.queue]:
            self._attempt(self.random.choice(busy).do_one)
        if looks and office.fate.deaths == deaths:
            self.holds.after_all_looked(now, office.settings.schedule.grace)

    def _attempt(self, part: Callable[[], None]) -> None:
        self.holds.runs.before_a_step()
        self.office.attempted(part)
        self.holds.after_a_step()

    def _edited_and_told(self) -> None:
        """Somebody edits Personio, and its webhook is there at once, with all that were on their way."""
        self.people.hr_edits()
        self.office.post.deliver(everything=True)
        self._hinted()

    def _hinted(self) -> None:
        self.holds.note(self.holds.hints.round())

    # --- the end ---

    def _calm(self) -> None:
        """Within days there is nothing left to write, to send, to follow and to settle."""
        self.troubles.end()
        self.sights.widen()
        for name in self.office.here():
            self.people.repair(name)
            self.people.employ(name)
        if not self.office.up:
            self._starts()
        report, payroll = None, self.office.world.payroll
        for _ in range(8):
            for _ in range(6):
                self.office.clock.sleep(4 * 3600)
                self._served()
            before = len(payroll.writes())
            report = self._confirmed()
            if report and report.status is RunStatus.COMPLETED and len(payroll.writes()) == before:
                break
        else:
            said = report and (report.status.value, report.reason, report.message)
            self.holds.broken.append(f"the syncs do not come to rest: {said}")
        for _ in range(2):  # whoever is there may be held; the last fault that waited in Loket meets the first, at most
            self._confirmed(TULP_SHOPS)
        self.office.clock.sleep(3600)
        self._served()
        self.holds.at_rest()

    def _confirmed(self, entity: LegalEntity = TULP) -> RunReport | None:
        """A run by hand; of what is braked or not believed another person says that it is true."""
        self.holds.runs.before_a_step()
        report = self.people.agree(self.office.sync("Anna", entity=entity.personio_id))
        self.holds.after_a_step()
        return report
