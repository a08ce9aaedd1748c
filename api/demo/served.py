"""The pages of the demo: up at once, on this machine only, while the story is played behind them."""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import Response
from rich.console import Console

from adapters.log.proof.cosignatures import Cosigner
from adapters.log.proof.witness import Witness
from adapters.simulators.company.generate import demo_company
from adapters.simulators.wire.server import ServerThread
from api.bootstrap import SystemClock, open_store
from api.cli.commands.witness import witness_app
from api.config.log import WitnessSection
from api.config.settings import Settings, load
from api.demo import later, story
from api.demo.simulators import Simulation, simulation
from api.demo.story import ADMINISTRATOR, START, Story, StoryClock
from api.http.connections import server
from api.http.problems import Refused
from api.http.server import listening, open_web, sealing
from api.http.state import Web
from api.pages.asking import PageAsking, Signed, Site, form, sessions
from api.pages.made_up import Chapter, MadeUp
from api.pages.sign_in import begin, within
from api.pages.site import application
from domain.access import Caller, Permission, Role
from domain.values import Actor

HERE: Final = "127.0.0.1"
PACE: Final = 3.0  # seconds that a chapter may be looked at before the next begins
_ENTITY: Final = "/e/170"
_WITNESS: Final = "witness.example.org"
_CAST: Final = (
    (ADMINISTRATOR, Role.PAYROLL_ADMIN),
    (Actor("Daan (payroll)"), Role.PAYROLL_ADMIN),
    (Actor("Fatima (HR)"), Role.HR),
    (Actor("Ingrid (auditor)"), Role.AUDITOR),
)
_LAST_DAY: Final = date(2040, 12, 31)  # of the keys; the log they count in is gone long before

router = APIRouter()


@router.post("/me/role")
def be(
    asking: Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))],
    request: Request,
    fields: Annotated[dict[str, str], Depends(form)],
) -> Response:
    """Somebody else from now on, by a new session that began with their key."""
    made_up: MadeUp = request.app.state.site.made_up
    found = asking.web.keys.caller(made_up.keys.get(fields.get("who", ""), ""))
    if not isinstance(found, Caller):
        raise Refused(400, "unreadable-body", "nobody of the demo is called so")
    sessions(request).end(asking.session.row)
    return begin(request, found, within(fields.get("next", "/")), language=asking.language)


class Stopped(Exception):
    """The demo was ended while the story was told."""


@dataclass(slots=True)
class FlowingClock(StoryClock):
    """The story's days, in which time goes by as it does for whoever looks; it stands still for nobody."""

    since: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.since)

    def day(self, day: int) -> None:
        StoryClock.day(self, day)
        self.since = time.monotonic()


@dataclass(slots=True)
class EndingClock:
    """The same time, for the story alone: once the demo ends it goes no further."""

    clock: FlowingClock
    ending: threading.Event

    def now(self) -> datetime:
        if self.ending.is_set():
            raise Stopped
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def day(self, day: int) -> None:
        self.clock.day(day)


def serve(port: int) -> None:
    """Until stopped; then nothing of it is left. Raises Misconfigured, before anything begins, for a taken port."""
    with ExitStack() as opened, suppress(KeyboardInterrupt):
        sockets = opened.enter_context(listening(HERE, port))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        logging.getLogger("uvicorn.error").addFilter(_not_of_a_simulator)
        at = sockets[0].getsockname()[1]
        demo = opened.enter_context(begun(at))
        link = f"{demo.site.origin}/sign-in/link/{demo.site.link}"
        _say(f"open {link} (good once, for ten minutes)")
        _say(f"or sign in there with the access key {demo.made_up.keys[ADMINISTRATOR]}")
        _say("the story is told meanwhile; stop with Ctrl-C, and nothing is left")
        opened.enter_context(demo.told())
        server(demo.app, demo.web.settings.serve, host=HERE, port=at).run(sockets)


def _not_of_a_simulator(line: logging.LogRecord) -> bool:
    """An answer that the story loses on purpose is no fault of a server."""
    return "without starting response" not in line.getMessage()


def _say(said: str) -> None:
    print(said, file=sys.stderr)


@dataclass(slots=True)
class Demo:
    """The pages, and the story that is played behind them."""

    app: FastAPI
    web: Web
    site: Site
    made_up: MadeUp
    story: Story
    ending: threading.Event

    @contextmanager
    def told(self, pace: float = PACE, say: Callable[[str], None] = _say) -> Iterator[threading.Thread]:
        """Meanwhile, in a thread of its own; cut off at the end, as a run is whose process is killed."""
        thread = threading.Thread(target=self._tell, args=(pace, say), name="story")
        thread.start()
        try:
            yield thread
        finally:
            self.ending.set()
            thread.join()

    def _tell(self, pace: float, say: Callable[[str], None]) -> None:
        with suppress(Stopped):
            for chapter, tell, stops in self._chapters():
                self.made_up.chapter = chapter
                say(chapter)
                tell(self.story)
                self.web.settings = self.story.settings
                self.made_up.stops |= {stop: f"{_ENTITY}{path}" for stop, path in stops.items()}
                if self.ending.wait(pace):
                    return
            self.made_up.chapter = Chapter.TOLD
            say(f"{Chapter.TOLD}: {self.site.origin}")

    def _chapters(self) -> tuple[tuple[Chapter, Callable[[Story], None], dict[str, str]], ...]:
        mover = f"/people/{story.cast(self.story)[1].employee_number}"
        return (
            (Chapter.FIRST, story.first_contact, {"today": ""}),
            (Chapter.HELD, story.blocked, {"held": "/runs/demo-3", "leavers": "/leavers"}),
            (Chapter.CORRECTED, story.corrected, {"tasks": "/tasks?ended=true", "person": mover}),
            (Chapter.FUTURE, story.future, {}),
            (Chapter.PAY, story.pay, {}),
            (Chapter.ASKED, story.history, {}),
            (Chapter.LEFT, later.left, {}),
            (Chapter.TYPED, later.typed, {"differences": "/differences"}),
            (Chapter.BRAKED, later.braked, {"braked": "/runs/demo-8"}),
            (Chapter.VERIFIED, story.verified, {}),
        )


@contextmanager
def begun(port: int) -> Iterator[Demo]:
    """Both systems with their company, a log with a witness, and its pages on a port; gone at the end."""
    clock, ending = FlowingClock(), threading.Event()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="tweeluik-demo-")))
        running = opened.enter_context(simulation(demo_company(START.date()), now=clock.now))
        settings = opened.enter_context(_witnessed(_settings(folder, running), folder, clock))
        store = opened.enter_context(open_store(settings, clock=clock))
        web = opened.enter_context(open_web(settings, store))
        opened.enter_context(sealing(web))
        made_up = MadeUp({whose: _key(web, whose, role) for whose, role in _CAST})
        site = Site(
            f"http://{HERE}:{port}", link=secrets.token_urlsafe(16), made_at=time.time(), whose=_CAST[0],
            made_up=made_up, clock=SystemClock(),
        )  # fmt: skip
        told = Story(Console(quiet=True), EndingClock(clock, ending), running, settings)
        yield Demo(application(web, site, [router]), web, site, made_up, told, ending)


def _key(web: Web, whose: Actor, role: Role) -> str:
    _, text = web.keys.give(actor=Actor("demo"), holder=whose, role=role, entities=None, expires_on=_LAST_DAY)
    return text


def _settings(folder: Path, running: Simulation) -> Settings:
    config = folder / "tweeluik.toml"
    config.write_text(running.configuration(), encoding="utf-8")
    return load(config)


@contextmanager
def _witnessed(settings: Settings, folder: Path, clock: FlowingClock) -> Iterator[Settings]:
    """With a witness of the log, which has its key once it was opened."""
    with open_store(settings, clock=clock) as store:
        verifier = store.log.verifier
    signer = Cosigner.generate(_WITNESS)
    witness = Witness(folder / "witness.db", signer, [verifier], clock.now)
    with ServerThread(witness_app(witness)) as running:
        witnesses = [WitnessSection(url=running.url, vkey=str(signer.verifier))]
        yield settings.model_copy(update={"log": settings.log.model_copy(update={"witnesses": witnesses})})
    witness.close()
