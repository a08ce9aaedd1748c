"""A company at work and its pages on a port: three runs, the last of them blocked, over a real log and fakes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Final

import httpx

from api.bootstrap import open_store
from api.http.server import open_web
from api.pages.asking import Site
from api.pages.site import application
from domain.access import Role
from domain.attributes import Role as Attribute
from domain.services.journal import Tools
from domain.values import LegalEntityId
from domain.views.overwritten_fields import OverwrittenFilters
from tests.pages.reading import texts
from tests.support.http_api import Api, settings_for
from tests.support.http_served import serving
from tests.support.ports import free_port
from tests.support.scribe import Scribe
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

NAMES: Final = (
    "Sanne", "Jan", "Mo", "Fatima", "Pieter", "Anouk", "Bram", "Daan", "Eva", "Finn", "Gijs", "Hanna", "Ilse", "Joris",
    "Kees", "Lotte", "Milan", "Noor",
)  # fmt: skip


@dataclass
class Company:
    """`url` is where its pages are."""

    url: str
    api: Api
    world: World
    plan: str = ""

    @property
    def newest_run(self) -> str:
        return self.api.web.store.views.runs.runs(LegalEntityId("170"), limit=1)[0].run_id

    def at(self, row: str) -> str:
        """The address that a row of pages names: of the newest run, a plan, an overwritten field."""
        return row.format(run=self.newest_run, plan=self.plan, row=self.first_row)

    @property
    def first_row(self) -> str:
        """Where the first overwritten field is told, below the employee whose it is."""
        filters = OverwrittenFilters(entities=(LegalEntityId("170"),), since=date.min, until=date.max)
        found = self.api.web.store.views.overwritten_fields.rows(filters, below=2**62, limit=1)
        return f"{found[0].employee_number}/overwritten/{found[0].position}" if found else ""

    def made_plan(self) -> str:
        headers = {"Authorization": f"Bearer {self.key(Role.PAYROLL_ADMIN)}", "Idempotency-Key": secrets.token_hex(8)}
        answer = httpx.post(f"{self.url}/v1/legal-entities/170/plans", json={}, headers=headers, trust_env=False)
        for thread in list(self.api.web.runs):
            thread.join()
        return str(answer.json()["work"])

    def key(self, role: Role, entities: tuple[str, ...] | None = None) -> str:
        return self.api.key(role, entities, holder=f"Marieke ({role.value})", until=date(2040, 12, 31))

    def in_english(self, path: str) -> str:
        """What payroll reads at that address in the other language, in one text."""
        with httpx.Client(base_url=self.url, trust_env=False) as reader:
            signed = {"key": self.key(Role.PAYROLL_ADMIN), "lang": "en"}
            reader.post("/sign-in", data=signed, headers={"Sec-Fetch-Site": "same-origin"})
            return " ".join(texts(reader.get(path).raise_for_status().text))


@contextmanager
def company(folder: Path, *, played: bool = True, url: str = "", **settled: object) -> Iterator[Company]:
    """`url` is that of the database, SQLite in the folder if left out; `settled`: settings of legal entity 170."""
    world = World(InProcess())
    settings = settings_for(url or f"sqlite:///{folder}/log.db", folder)
    entity = settings.legal_entity[0].model_copy(update={"compensation_start_date": None, **settled})
    serve = settings.serve.model_copy(update={"requests_per_minute": 100_000})
    other = settings.legal_entity[1].model_copy(update={"name": "Roos Retail B.V."})
    personio = settings.personio.model_copy(update={"web_url": "https://acme.example/staff/{person_id}"})
    settings = settings.model_copy(update={"legal_entity": [entity, other], "serve": serve, "personio": personio})
    with open_store(settings, clock=world.clock) as store, open_web(settings, store) as web:
        fakes = world.tools()
        tools = Tools(
            clock=world.clock, log=store.log, vault=store.vault, claims=store.claims, views=store.views,
            personio=fakes.personio, loket=fakes.loket,
        )  # fmt: skip
        web.tools = lambda: nullcontext(tools)
        site = Site(f"http://127.0.0.1:{free_port()}")
        api = Api(web, Scribe(store.log), world.clock)  # type: ignore[arg-type]
        api.app = application(web, site)
        one = Company(site.origin, api, world)
        with serving(api.app, settings.serve, port=int(site.origin.rpartition(":")[2])):
            if played:
                play(one)
                one.plan = one.made_plan()
            yield one
    world.close()


def play(one: Company) -> None:
    """15 March: first run. 16 March: two moved, one is new, Loket ended Jan's employment. 18 March: blocked."""
    world = one.world
    for name in NAMES:
        world.employ(name)
    run(one, date(2026, 3, 15))
    world.edit("Sanne", Attribute("street"), "Central Ave")
    world.edit("Mo", Attribute("street"), "Dorpsstraat")
    world.hire("Olga")
    world.payroll.end_employment(TULP, world.people["Jan"].number, date(2026, 4, 30))
    run(one, date(2026, 3, 16))
    world.edit("Pieter", Attribute("postal_code"), "12 AB")
    world.edit("Anouk", Attribute("last_name"), "van der Zeer-Lange-Naam tot Nederhemert")
    run(one, date(2026, 3, 18))


def run(one: Company, day: date, at: time = time(9)) -> None:
    order(one, "sync-runs", day, at)


def order(one: Company, what: str, day: date, at: time = time(9)) -> None:
    one.world.clock.travel(day, at)
    headers = {"Authorization": f"Bearer {one.key(Role.PAYROLL_ADMIN)}", "Idempotency-Key": f"{what}-{day}-{at:%H%M}"}
    answer = httpx.post(f"{one.url}/v1/legal-entities/170/{what}", json={}, headers=headers, trust_env=False)
    assert answer.status_code == 202, answer.text
    for thread in one.api.web.runs:
        thread.join()
    one.api.web.seal()
