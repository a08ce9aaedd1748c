"""What goes wrong with the systems and the processes; each trouble is one that the seed may choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from tests.simulation.office import Office
from tests.simulation.sights import Sights
from tests.support.faults import LoketFault
from tests.support.interposed import ProcessDied
from tests.support.offices import Trouble
from tests.support.world import TULP


class Troubles:
    """Of one office; `met` counts what was begun, by its words."""

    def __init__(self, office: Office, sights: Sights, random: Random, edited_and_told: Callable[[], None]) -> None:
        self.office, self.sights, self.random, self._edited_and_told = office, sights, random, edited_and_told
        self.met: Counter[str] = Counter()

    def loket_fails(self) -> None:
        """At the next write."""
        fault = self.random.choice(list(LoketFault))
        self.office.world.payroll.add_fault(fault)
        self._met(f"Loket: {fault}")

    def personio_fails(self) -> None:
        trouble = self.random.choice(list(Trouble))
        self.office.world.hr.trouble(trouble)
        self.office.post.silent = trouble is Trouble.UNREACHABLE
        self._met(f"Personio: {trouble}")

    def loket_is_away(self) -> None:
        self.office.world.payroll.reachable(False)
        self._met("Loket: unreachable")

    def process_dies(self) -> None:
        """At some step it takes: an append, a delivery, a key destroyed, hints settled."""
        self.office.fate.left = self.random.randint(1, 60)
        self._met("a process dies")

    def process_dies_erasing(self) -> None:
        self.office.fate.erasing = self.random.randint(1, 8)
        self._met("a process dies over an erasure")

    def process_dies_writing(self) -> None:
        def die() -> None:
            raise ProcessDied

        self._during_the_next_run(die, "a process dies over a write")

    def another_looks_meanwhile(self) -> None:
        """While a run or check is at work the other process looks for what is due, and does it."""
        self._during_the_next_run(self._another_works, "two at once")

    def process_stands_still(self) -> None:
        """Beyond its leases, before it has read anything; another takes over and ends what it began."""

        def stand_still() -> None:
            claims = self.office.log.claims
            holder, token = claims.held(TULP.personio_id)
            self.office.leases_run_out()
            self._another_works()
            if holder and claims.held(TULP.personio_id)[1] != token:
                self.office.overtaken[holder] = self.office.log.size()

        self.office.world.hooks().on_reading = stand_still
        self._met("a process stands still beyond its lease")

    def webhooks_come_meanwhile(self) -> None:
        self._during_the_next_run(self._edited_and_told, "webhooks during a run")

    def hints_cannot_be_stored(self) -> None:
        self.office.hints.failing, self.office.hints.late = self.random.randint(1, 3), self.random.random() < 0.5
        self._met("the store of hints fails")

    def target_is_closed(self) -> None:
        inbox = self.random.choice(list(self.office.inboxes.values()))
        inbox.close(self.office.clock.now(), self.random.choice([1, 5, 30, 100]))
        self._met("an alert target refuses")

    def target_loses_answers(self) -> None:
        self.random.choice(list(self.office.inboxes.values())).loses_answers = self.random.randint(1, 2)
        self._met("an alert target's answer is lost")

    def service_is_down(self) -> None:
        if self.random.random() < 0.3 and self.office.up:
            self.office.stop(self.random.choice([1, 3, 9, 30, 70]))
            self._met("the service is down")

    def narrowed_meanwhile(self) -> None:
        """A second look of the same run shows less than the first, or more has come to light when it begins."""
        self._between_two_looks(self.sights.narrow, "less is shown during a run")

    def widened_meanwhile(self) -> None:
        self._between_two_looks(self.sights.widen, "all is shown again during a run")

    @property
    def all(self) -> tuple[Callable[[], None], ...]:
        return (
            self.loket_fails, self.loket_fails, self.personio_fails, self.loket_is_away,
            self.process_dies, self.process_dies_writing, self.process_dies_erasing, self.process_dies_erasing,
            self.process_stands_still, self.another_looks_meanwhile, *[self.webhooks_come_meanwhile] * 4,
            self.hints_cannot_be_stored, self.target_is_closed, self.target_loses_answers, self.service_is_down,
        )  # fmt: skip

    def both_answer_again(self) -> None:
        self.office.world.hr.trouble(None)
        self.office.world.payroll.reachable(True)
        self.office.post.silent = False

    def end(self) -> None:
        """From now on nothing fails."""
        world = self.office.world
        self.both_answer_again()
        self.office.hints.failing = 0
        self.office.fate.left = self.office.fate.erasing = None
        for inbox in self.office.inboxes.values():
            inbox.closed_until, inbox.loses_answers = None, 0
        for moment in ("before_write", "after_write", "on_reading", "on_pay", "on_writing"):
            setattr(world.hooks(), moment, lambda: None)
        self.office.wired.personio.forget()

    def _another_works(self) -> None:
        with self.office.wired.watch.another():
            for other in self.office.processes[-1:]:
                other.scheduler.look()
                while other.queue:
                    other.do_one()

    def _during_the_next_run(self, what: Callable[[], object], words: str) -> None:
        moment = self.random.choice(["on_reading", "on_writing", "before_write", "after_write"])
        setattr(self.office.world.hooks(), moment, what)
        self._met(words)

    def _between_two_looks(self, what: Callable[[], None], words: str) -> None:
        moment = self.random.choice(["on_reading", "after_sweep", "on_pay", "after_pay", "on_writing"])
        watched = self.office.wired.personio if moment.startswith("after") else self.office.world.hooks()
        setattr(watched, moment, what)
        self._met(words)

    def _met(self, words: str) -> None:
        self.met[words] += 1
