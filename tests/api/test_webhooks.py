"""Webhooks from Personio to the log, against both simulators: who is let in, what is read again, what was missed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.log.where import sqlite_path
from adapters.simulators.company.generate import Situation, generate_company
from api.bootstrap import open_store, personio_client
from api.cli.main import main
from api.config.settings import Settings, load
from api.config.webhooks import PATH
from api.demo.simulators import Simulation, simulation
from api.http.app import create_app
from api.http.server import open_web
from api.http.state import Web
from api.identifiers import new_run_id
from api.jobs.webhook_follower import Gaps, find_gaps, work_off_hints
from domain.errors import Misconfigured, ReadFailed
from domain.events.personio import AttributeChanged, AttributesObserved, GatesObserved
from domain.log import Fact
from domain.services.sync.run import run_sync
from domain.streams import person_stream
from domain.values import Actor, LegalEntityId, PersonId, RunId
from tests.support.http_api import Api, StandingClock
from tests.support.scribe import Scribe
from tests.support.served import TOKEN, envelope
from tests.support.stated import stated

BEFORE = "the-token-of-last-week"
SHARES = {Situation.NOT_CONSIDERED: 0.25}


class Ticking(StandingClock):
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Hooked:
    running: Simulation
    config: Path
    settings: Settings
    web: Web
    api: Api

    def deliver(self, body: bytes, token: str = TOKEN) -> httpx.Response:
        return self.api.ask(
            "POST", PATH, None, {"authorization": token, "content-type": "application/json"}, content=body
        )

    def work_off(self) -> int:
        assert self.web.hints is not None
        with self.web.tools() as tools:
            return work_off_hints(self.settings, tools, self.web.hints)

    def gaps(self) -> Gaps:
        assert self.web.hints is not None
        with closing(personio_client(self.settings)) as personio:
            return find_gaps(self.settings, personio.webhooks, self.web.hints, self.web.store.clock)

    def sync(self) -> None:
        with self.web.tools() as tools:
            run_sync(self.settings.policy("170"), tools, actor=Actor("Fatima"), run_id=new_run_id(tools.clock.now()))

    def facts(self, person: str) -> list[Fact]:
        return [one.fact for one in self.web.store.log.stream(person_stream(PersonId(person)))]

    def synced(self) -> str:
        return self.running.company.of(Situation.IN_BOTH)[0].person_id

    def left_out(self) -> str:
        return self.running.company.of(Situation.NOT_CONSIDERED)[0].person_id

    def reads(self) -> int:
        return self.running.personio.count("GET", "/v2/persons*")


def configuration(running: Simulation, url: str, folder: Path) -> Path:
    """With PostgreSQL the keys are in the same database, and the checkpoints beside the configuration."""
    beside = "" if sqlite_path(url) else f'keys = "{url}"\ncheckpoints = "{folder}/checkpoints"\n'
    hooks = f'enabled = true\npublic_url = "http://127.0.0.1:8321"\ntoken = "{TOKEN}"\nprevious_token = "{BEFORE}"\n'
    config = folder / "tweeluik.toml"
    text = running.configuration(url).replace("[personio]", f"{beside}[personio]", 1)
    config.write_text(f"{text}\n[personio.webhooks]\n{hooks}")
    return config


@contextmanager
def hooking(url: str, folder: Path) -> Iterator[Hooked]:
    with simulation(generate_company(4, seed=7, shares=SHARES)) as running:
        config = configuration(running, url, folder)
        settings = load(config)
        with open_store(settings) as store, open_web(settings, store) as web:
            yield Hooked(running, config, settings, web, Api(web, Scribe(store.log), Ticking()))


@pytest.fixture
def hooked(tmp_path: Path, sqlite_url: str) -> Iterator[Hooked]:
    with hooking(sqlite_url, tmp_path) as one:
        yield one


@pytest.fixture
def on_either(tmp_path: Path, log_url: str) -> Iterator[Hooked]:
    with hooking(log_url, tmp_path) as one:
        yield one


# --- who is let in

ANSWERS: Mapping[str, tuple[bytes, str, int]] = {
    "the valid token": (envelope("3007"), TOKEN, 202),
    "the token before it, while tokens change": (envelope("3007"), BEFORE, 202),
    "a guessed token": (envelope("3007"), "guessed", 401),
    "a word before the token": (envelope("3007"), f"Bearer {TOKEN}", 401),
    "no token": (envelope("3007"), "", 401),
    "another company": (envelope("3007", company="43"), TOKEN, 403),
    "an event nobody knows": (envelope("3007", kind="pigeon.landed"), TOKEN, 202),
    "no envelope": (b'{"hello": "world"}', TOKEN, 400),
    "no JSON": (b"hello", TOKEN, 400),
    "a body without end": (b"[" + b" " * 70_000 + b"]", TOKEN, 413),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_who_is_let_in_and_what_is_final_for_personio(hooked: Hooked, case: str) -> None:
    body, token, status = ANSWERS[case]

    answered = hooked.deliver(body, token)

    assert answered.status_code == status
    assert "3007" not in stated(answered.text)
    assert hooked.web.hints is not None
    assert hooked.web.hints.how_many_wait() == (1 if status == 202 and b"pigeon" not in body else 0)


def test_nothing_is_taken_where_webhooks_are_off(hooked: Hooked) -> None:
    hooked.web.intake = None
    hooked.api.app = create_app(hooked.web)

    assert hooked.deliver(envelope("3007")).status_code == 404


def test_a_webhook_that_cannot_be_stored_is_to_be_sent_again(hooked: Hooked) -> None:
    path = sqlite_path(hooked.settings.log.url)
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        refused = hooked.deliver(envelope("3007"))

    assert (refused.status_code, hooked.deliver(envelope("3007")).status_code) == (503, 202)
    assert hooked.web.hints is not None
    assert hooked.web.hints.how_many_wait() == 1


# --- what is read again


def test_a_change_is_on_record_without_a_run_and_read_once_for_all_its_hints(on_either: Hooked) -> None:
    on_either.sync()
    someone = on_either.synced()
    on_either.running.personio.edit(someone, "street", "Geheimlaan")
    on_either.running.personio.log.clear()
    for second in range(5):
        on_either.deliver(envelope(someone, at=f"2026-03-15T09:12:4{second}Z"))

    settled = on_either.work_off()

    changes = [one for one in on_either.facts(someone) if isinstance(one, AttributeChanged)]
    assert (settled, on_either.reads()) == (5, 2)
    assert [one.field for one in changes] == ["address.street"]
    assert (on_either.work_off(), on_either.reads()) == (0, 2)


def test_a_hint_after_which_nothing_is_different_leaves_no_trace(hooked: Hooked) -> None:
    hooked.sync()
    before = hooked.web.store.log.size()
    hooked.deliver(envelope(hooked.synced()))

    hooked.work_off()

    assert hooked.web.store.log.size() == before


def test_of_someone_left_out_only_the_gates_are_recorded(hooked: Hooked) -> None:
    hooked.sync()
    someone = hooked.left_out()
    hooked.running.personio.edit(someone, "street", "Geheimlaan")
    hooked.running.personio.edit(someone, "income_number", "2")
    hooked.deliver(envelope(someone))

    hooked.work_off()

    assert {type(one) for one in hooked.facts(someone)} == {GatesObserved}
    assert len(hooked.facts(someone)) == 2


def test_somebody_new_has_attributes_recorded_by_the_next_run_only(hooked: Hooked) -> None:
    someone = hooked.synced()
    hooked.deliver(envelope(someone))

    hooked.work_off()
    of_the_hint = {type(one) for one in hooked.facts(someone)}
    hooked.sync()

    assert of_the_hint == {GatesObserved}
    assert AttributesObserved in {type(one) for one in hooked.facts(someone)}


def test_someone_of_an_entity_that_is_not_enabled_and_someone_deleted_leave_nothing(hooked: Hooked) -> None:
    someone, gone = (one.person_id for one in hooked.running.company.of(Situation.IN_BOTH)[:2])
    hooked.running.personio.add_legal_entity("999", name="Iris B.V.", country="NL")
    hooked.running.personio.move_to_entity(someone, "999")
    hooked.running.personio.delete_person(gone)
    hooked.deliver(envelope(someone))
    hooked.deliver(envelope(gone))

    assert hooked.work_off() == 2
    assert hooked.facts(someone) == hooked.facts(gone) == []


def test_a_hint_that_names_nobody_has_everybody_read(hooked: Hooked) -> None:
    hooked.sync()
    hooked.running.personio.edit(hooked.synced(), "street", "Geheimlaan")
    hooked.deliver(envelope("?"))

    assert hooked.work_off() == 1
    assert AttributeChanged in {type(one) for one in hooked.facts(hooked.synced())}


def test_while_a_run_holds_the_entity_hints_wait_and_record_nothing(on_either: Hooked) -> None:
    on_either.deliver(envelope(on_either.synced()))

    with on_either.web.store.claims.claim(LegalEntityId("170"), RunId("a-run")):
        during = on_either.work_off()
    nothing = on_either.facts(on_either.synced())

    assert (during, nothing) == (0, [])
    assert on_either.work_off() == 1


def test_a_personio_that_does_not_answer_settles_nothing(hooked: Hooked) -> None:
    hooked.deliver(envelope(hooked.synced()))
    hooked.running.personio.withdraw_right("persons")

    with pytest.raises((ReadFailed, Misconfigured)):
        hooked.work_off()
    hooked.running.personio.restore_right("persons")

    assert hooked.work_off() == 1


# --- what was missed, and the registration


def command(hooked: Hooked, capture: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capture.readouterr()
    code = main(["--config", str(hooked.config), "webhooks", *words, *(("--json",) if words[0] != "remove" else ())])
    said = capture.readouterr().out
    return code, json.loads(said) if said.startswith("{") else said


def test_what_never_arrived_is_found_in_the_list_of_events_and_followed(
    hooked: Hooked, capsys: pytest.CaptureFixture[str]
) -> None:
    hooked.sync()
    assert command(hooked, capsys, "install")[0] == 0
    someone, other = (one.person_id for one in hooked.running.company.of(Situation.IN_BOTH)[:2])
    hooked.running.personio.edit(someone, "street", "Geheimlaan")
    arrived = envelope(someone, at=f"{hooked.running.personio.now():%Y-%m-%dT%H:%M:%SZ}")
    hooked.running.personio.edit(other, "street", "Stilstraat")

    first, second = hooked.gaps(), hooked.gaps()
    settled = hooked.work_off()

    assert (first.missed > 1, second.missed) == (True, 0)
    assert settled == first.missed
    assert AttributeChanged in {type(one) for one in hooked.facts(someone)}
    assert hooked.deliver(arrived).status_code == 202  # late, and known already
    assert hooked.work_off() == 0


def test_installing_twice_is_one_webhook_that_is_enabled_with_the_token_of_today(
    hooked: Hooked, capsys: pytest.CaptureFixture[str]
) -> None:
    first = command(hooked, capsys, "install")
    hooked.config.write_text(hooked.config.read_text().replace(TOKEN, "another-token-of-tests"))
    again = command(hooked, capsys, "install")

    (webhook,) = hooked.running.personio._desk.webhooks.values()
    assert first == again == (0, first[1])
    assert (webhook.status, webhook.token, webhook.auth_type) == ("ENABLED", "another-token-of-tests", "TOKEN")
    assert first[1]["missing_events"] == []


def test_status_tells_of_a_webhook_that_somebody_switched_off_and_of_one_that_is_gone(
    hooked: Hooked, capsys: pytest.CaptureFixture[str]
) -> None:
    command(hooked, capsys, "install")
    (registered,) = hooked.running.personio._desk.webhooks.values()
    with closing(personio_client(hooked.settings)) as personio:
        personio.webhooks._send("PATCH", f"/v2/webhooks/{registered.id}", {"status": "DISABLED"})
    off, told = command(hooked, capsys, "status"), hooked.gaps()
    removed = [command(hooked, capsys, "remove")[0] for _ in range(2)]
    gone, missing = command(hooked, capsys, "status"), hooked.gaps()

    assert (off[0], off[1]["status"], off[1]["registered"]) == (0, "DISABLED", True)
    assert str(told).startswith("DISABLED: run")
    assert removed == [0, 0]
    assert (gone[1]["registered"], str(missing)) == (False, "not installed: run tweeluik webhooks install")
    assert command(hooked, capsys, "status")[1]["gaps"] == str(missing)


def test_a_credential_without_the_right_is_one_line_that_says_which(
    hooked: Hooked, capsys: pytest.CaptureFixture[str]
) -> None:
    hooked.running.personio.withdraw_right("webhooks:write")

    code = main(["--config", str(hooked.config), "webhooks", "install"])

    assert code == 2
    assert "may not change webhooks" in capsys.readouterr().err
