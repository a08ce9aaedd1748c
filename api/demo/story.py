"""The demo: some days at a made-up company, played on both simulators by the commands' own code, told as it goes."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from rich.console import Console

from adapters.simulators.company.generate import Colleague, Situation, demo_company
from adapters.simulators.wire.faults import FaultKind
from api.bootstrap import Store, open_store, open_tools
from api.config.settings import Settings, load
from api.demo.simulators import Simulation, simulation
from api.demo.tampering import change_one_byte
from api.presenters import runs as present
from api.presenters import tables
from api.presenters.history import history as history_json
from api.tasks.verify import verify_log
from domain.ports import Clock
from domain.services.journal import Tools
from domain.services.read_employee import read_employee
from domain.services.reports.unmask import Unmasking
from domain.services.sync.preview import preview
from domain.services.sync.report import RunReport
from domain.services.sync.run import run_sync
from domain.values import Actor, EmployeeNumber, RunId
from domain.views.history import lines

ADMINISTRATOR: Final = Actor("Marieke (payroll)")
START: Final = datetime(2026, 3, 15, 8, 0, tzinfo=UTC)


class StoryTime(Clock, Protocol):
    """A clock that the story sets."""

    def day(self, day: int) -> None: ...


@dataclass(slots=True)
class StoryClock:
    """The story's own time: days pass when the story says so, and waiting takes none."""

    at: datetime = START

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def day(self, day: int) -> None:
        self.at = START.replace(day=day)


@dataclass(slots=True)
class Story:
    """What is told, and the company it is told about."""

    console: Console
    clock: StoryTime
    simulation: Simulation
    settings: Settings
    runs: int = 0
    told: set[str] = field(default_factory=set)

    def chapter(self, title: str, *told: str) -> None:
        self.console.print()
        self.console.rule(title, align="left", style="dim")
        self.tell(*told)

    def tell(self, *told: str) -> None:
        for line in told:
            self.console.print(line, markup=False)

    @contextmanager
    def tools(self) -> Iterator[tuple[Store, Tools]]:
        with open_store(self.settings, clock=self.clock) as store, open_tools(self.settings, store) as tools:
            yield store, tools

    def sync(self) -> RunReport:
        """One run, as the command prints it, but for people of whom there is nothing new to say."""
        self.runs += 1
        run_id = RunId(f"demo-{self.runs}")
        before = len(self.simulation.loket.writes())
        with self.tools() as (_, tools):
            report = run_sync(self.settings.policy("170"), tools, actor=ADMINISTRATOR, run_id=run_id)
        data = present.run_report(report, unmask=True)
        data["outcomes"] = [one for one in data["outcomes"] if self._is_news(one)]
        tables.run_report(self.console, data)
        sent = len(self.simulation.loket.writes()) - before
        self.tell(f"Requests that wrote to Loket: {sent}.")
        return report

    def _is_news(self, one: dict[str, Any]) -> bool:
        said = json.dumps(one, sort_keys=True)
        new = said not in self.told and bool(
            one["overwritten"] or one["messages"] or one["outcome"].startswith("concept")
        )
        self.told.add(said)
        return new


def play() -> None:
    """Tell the whole story."""
    began = time.monotonic()
    console = Console(highlight=False, soft_wrap=False, width=None if Console().is_terminal else 120)
    clock = StoryClock()
    with (
        tempfile.TemporaryDirectory(prefix="tweeluik-demo-") as folder,
        simulation(demo_company(START.date()), now=lambda: clock.at) as running,
    ):
        config = Path(folder) / "tweeluik.toml"
        config.write_text(running.configuration(), encoding="utf-8")
        story = Story(console, clock, running, load(config))
        first_contact(story)
        blocked(story)
        corrected(story)
        future(story)
        pay(story)
        history(story)
        verified(story)
        _tampered(story)
    console.print()
    took = f"{time.monotonic() - began:.0f} seconds"
    console.print(f"The demo took {took}. See it in a browser: {sys.argv[0]} demo --serve", soft_wrap=True)


def _pick(story: Story, situation: Situation, index: int = 0) -> Colleague:
    return story.simulation.company.of(situation)[index]


def first_contact(story: Story) -> None:
    joiners = story.simulation.company.of(Situation.CONCEPT_TO_BE)
    story.chapter(
        "15 March 2026: the first sync",
        f"{story.simulation.company.name} has {len(story.simulation.company.colleagues)} people in Personio. "
        f"{' and '.join(_name(one) for one in joiners)} have just become Active; Loket does not know them yet.",
        "",
    )
    with story.tools() as (_, tools):
        seen = preview(story.settings.policy("170"), tools)
    story.tell(f"The plan: {seen.plan.writes} writes, for {len(seen.plan.included)} included people. Then the run:", "")
    story.sync()
    story.tell("", "A second run finds nothing to do, and writes nothing:", "")
    story.sync()


def blocked(story: Story) -> None:
    personio, loket = story.simulation.personio, story.simulation.loket
    joiner, mover, shy, leaver = cast(story)
    story.clock.day(16)
    loket.finalise_concept(joiner.employee_number)
    personio.edit(mover.person_id, "street", "Central Ave", effective_on="2026-01-01")
    personio.edit(shy.person_id, "personal_email", "")
    personio.edit(_later(story).person_id, "street", "Lentelaan", effective_on="2026-03-20")
    loket.terminate(leaver.employee_number, "2026-06-30")
    personio.edit(leaver.person_id, "city", "Breda")
    personio.edit(_clumsy(story).person_id, "postal_code", "0123 AB")
    story.chapter(
        "16 March 2026: people change things, and one mistake holds everybody",
        f"- The payroll administrator completed {_name(joiner)} in Loket: no longer a concept employee.",
        f"- HR corrected the street of {_name(mover)} to Central Ave, retroactively from 1 January.",
        f"- {_name(shy)} no longer wants a private e-mail address on file.",
        f"- {_name(_later(story))} moves to Lentelaan, but only from 20 March.",
        f"- Loket has ended the employment of {_name(leaver)} as of 30 June; Personio still says Active.",
        f"- Someone typed a wrong postal code for {_name(_clumsy(story))}.",
        "",
    )
    story.sync()


def corrected(story: Story) -> None:
    clumsy, unlucky = _clumsy(story), _unlucky(story)
    story.simulation.personio.edit(clumsy.person_id, "postal_code", clumsy.postal_code)
    story.simulation.personio.edit(unlucky.person_id, "city", "Deventer")
    story.simulation.loket.faults.add(
        FaultKind.RESET_AFTER, method="PUT", path="/v2/providers/employers/employees/*", nth=1
    )
    story.chapter(
        "The postal code is corrected, which lifts the block; one answer of Loket gets lost on the way",
        f"{_name(unlucky)} moved to Deventer too. The first write's answer never arrives: the connection is cut after",
        "Loket applied it. Nothing is sent twice; Loket is read again instead.",
        "",
    )
    story.sync()


def future(story: Story) -> None:
    story.clock.day(20)
    story.chapter("20 March 2026: the future address has become today's", "")
    story.sync()


def pay(story: Story) -> None:
    """A retroactive and a future salary, with a wage in between that someone typed into Loket."""
    personio, loket, mover = story.simulation.personio, story.simulation.loket, cast(story)[1]
    story.settings = _with_pay(story.settings, date(2026, 1, 1))
    personio.set_salary(mover.person_id, "3200.00", "2026-02-01")
    personio.set_salary(mover.person_id, "3400.00", "2026-04-01")
    loket.add_wage(mover.employee_number, "2026-03-01", 3100.00)
    story.chapter(
        "Pay is switched on from 1 January 2026",
        f"- {_name(mover)} earns 3,200.00 since 1 February, and 3,400.00 from 1 April. Pay is sent ahead and back.",
        "- Someone typed a wage of 3,100.00 from 1 March into Loket. Wages are a chain that only grows at its end, so",
        "  the later one is deleted and all are added in order, as one recorded unit.",
        "",
    )
    story.sync()


def _with_pay(settings: Settings, since: date) -> Settings:
    entities = [one.model_copy(update={"compensation_start_date": since}) for one in settings.legal_entity]
    return settings.model_copy(update={"legal_entity": entities})


def history(story: Story) -> None:
    mover = cast(story)[1]
    story.chapter(
        f"What the log knows of {_name(mover)}'s street",
        "Loket's field has no history; the log has. Values are masked until someone says why they must be seen.",
        "",
    )
    with story.tools() as (store, _tools):
        number = EmployeeNumber(mover.employee_number)
        entity = story.settings.policy("170").entity.personio_id
        events = read_employee(
            entity, number, log=store.log, vault=store.vault, views=store.views, clock=store.clock,
            unmask=Unmasking(ADMINISTRATOR, "history", "shown in the demo"),
        )  # fmt: skip
        store.log.checkpoint()
    told = [one for one in lines(events) if "treet" in one.sentence and "First" not in one.sentence]
    tables.history(story.console, history_json("170", mover.employee_number, told))


def verified(story: Story) -> None:
    story.chapter("The log is verified against its signed checkpoints", "")
    tables.verification(story.console, _verdict(story))


def _tampered(story: Story) -> None:
    position = change_one_byte(story.settings.log.url)
    story.tell("", f"Now someone with access to the database file changes one byte of event {position}:", "")
    tables.verification(story.console, _verdict(story) | {"checkpoint": None})


def _verdict(story: Story) -> dict[str, Any]:
    return verify_log(story.settings, actor=ADMINISTRATOR, clock=story.clock).as_json()


def _name(one: Colleague) -> str:
    return " ".join(part for part in (one.first_name, one.name_prefix, one.last_name) if part)


def cast(story: Story) -> tuple[Colleague, Colleague, Colleague, Colleague]:
    """The joiner, the one whose street was wrong, the one without an e-mail address, and the leaver."""
    both = story.simulation.company.of(Situation.IN_BOTH)
    return _pick(story, Situation.CONCEPT_TO_BE), both[0], both[1], both[2]


def _later(story: Story) -> Colleague:
    return _pick(story, Situation.IN_BOTH, 3)


def _clumsy(story: Story) -> Colleague:
    return _pick(story, Situation.IN_BOTH, 4)


def _unlucky(story: Story) -> Colleague:
    return _pick(story, Situation.IN_BOTH, 5)
