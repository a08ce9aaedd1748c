"""From an empty folder to a verified log: the real commands in a real terminal, with what a person would type."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from adapters.simulators.company.generate import Situation, generate_company
from adapters.simulators.personio.attributes import DEFAULT_IDS
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from domain.planning.business_date import business_date
from tests.support.ports import free_port
from tests.support.terminal import Terminal

SHARES = {Situation.CONCEPT_TO_BE: 1 / 6, Situation.NOT_CONSIDERED: 1 / 6}
PART_TIME = "which amount of a part-timer Personio shows"
PERSONIO_SECRET, LOKET_SECRET = "papi-simulated-secret", "loket-secret"


@dataclass
class Newcomer:
    running: Simulation
    folder: Path
    command: Path

    def at(self, *arguments: str) -> Terminal:
        return Terminal(
            self.command,
            *arguments,
            folder=self.folder,
            environment={
                "TWEELUIK_PERSONIO__BASE_URL": self.running.personio.url,
                "TWEELUIK_LOKET__BASE_URL": self.running.loket.url,
                "TWEELUIK_LOKET__TOKEN_URL": self.running.loket.token_url,
            },
        )

    def ends(self, *arguments: str) -> tuple[int, str]:
        with self.at(*arguments) as terminal:
            return terminal.ended(), terminal.shown

    def signs_in(self) -> int:
        redirect = f"http://127.0.0.1:{free_port()}/callback"
        with self.at("login", "--client-id", "loket-client", "--redirect", redirect) as terminal:
            terminal.expect("Loket client secret: ")
            terminal.type(LOKET_SECRET)
            found = re.search(r"http://\S+/authorize\?\S+", terminal.expect("state=") + terminal.expect("\n"))
            assert found is not None
            httpx.get(found[0], follow_redirects=True)
            return terminal.ended()

    def looks_around(self, *more: str) -> tuple[int, str]:
        options = ("--personio-client-id", "papi-simulated-client", "--loket-client-id", "loket-client", *more)
        with self.at("init", *options) as terminal:
            terminal.expect("Personio client secret: ")
            terminal.type(PERSONIO_SECRET)
            return terminal.ended(), terminal.shown

    def puts_in(self, key: str, proposed: str) -> None:
        """The setting that was proposed, in place of the two lines that `init` left as a comment."""
        line = re.search(rf'\[pay\] ({key} = "\w+")', proposed)
        assert line is not None, proposed
        mine, count = re.subn(rf"# \[pay\]\n# {key} = .*", f"[pay]\n{line[1]}", self.config.read_text())
        assert count == 1
        self.config.write_text(mine)

    @property
    def config(self) -> Path:
        return self.folder / "tweeluik.toml"


@pytest.fixture
def newcomer(tmp_path: Path, tweeluik: Path) -> Iterator[Newcomer]:
    company = generate_company(6, seed=7, shares=SHARES, today=business_date(datetime.now(UTC)))
    with simulation(company) as running:
        running.personio.empty_as("omitted")  # as Personio is seen to do
        yield Newcomer(running, tmp_path, tweeluik)


def test_from_an_empty_folder_to_a_verified_log(newcomer: Newcomer) -> None:
    one = newcomer.running.company.of(Situation.IN_BOTH)[0]
    other = newcomer.running.company.of(Situation.IN_BOTH)[1]
    for each in (one, other):
        newcomer.running.personio.edit(each.person_id, "street", "Geheimlaan")

    assert newcomer.signs_in() == 0
    assert newcomer.looks_around()[0] == 0
    undecided, told = newcomer.ends("--json", "doctor", "--entity", "170")
    proposed = next(one for one in json.loads(told)["checks"] if one["check"] == PART_TIME)["do"]
    newcomer.puts_in("amounts_are", proposed)
    examined, told = newcomer.ends("doctor", "--entity", "170")
    assert (undecided, examined) == (9, 0), told
    assert newcomer.running.loket.writes() == ()

    with newcomer.at("sync", "--entity", "170", "--only", str(one.employee_number)) as terminal:
        terminal.expect("Write this to Loket? [y/N]: ")
        terminal.type("y")
        assert terminal.ended() == 0
    piloted = len(newcomer.running.loket.writes())

    synced, told = newcomer.ends("--json", "sync", "--entity", "170")
    verified, verdict = newcomer.ends("verify")
    assert (synced, piloted, verified) == (0, 1, 0), told
    assert len(newcomer.running.loket.writes()) > piloted
    assert verdict.startswith("OK")
    everything = b"".join(each.read_bytes() for each in newcomer.folder.rglob("*") if each.is_file())
    assert b"Geheimlaan" not in everything


def test_the_written_configuration_is_whole_commented_and_holds_no_secret(newcomer: Newcomer) -> None:
    newcomer.signs_in()
    code, told = newcomer.looks_around()

    text = newcomer.config.read_text()
    said = tomllib.loads(text)
    assert code == 0, told
    assert said["personio"]["attributes"] == dict(DEFAULT_IDS)
    assert [one["personio_id"] for one in said["legal_entity"]] == ["170"]
    assert said["legal_entity"][0]["loket_payroll_administration_id"] == newcomer.running.loket.administration_id
    assert 'street = "dynamic_1009" # Street' in text
    assert "MALE = 1 # Man\nFEMALE = 2 # Vrouw" in text
    assert all(secret not in text + told for secret in (PERSONIO_SECRET, LOKET_SECRET))
    assert load(newcomer.config).personio.client_secret.get_secret_value() == PERSONIO_SECRET


def test_running_it_again_overwrites_nothing_and_names_what_is_missing(newcomer: Newcomer) -> None:
    newcomer.signs_in()
    newcomer.looks_around()
    mine = (
        newcomer.config.read_text().replace('bsn = "dynamic_1018" # BSN\n', "") + "\n[rules]\nidentity_guard = false\n"
    )
    newcomer.config.write_text(mine)

    code, told = newcomer.ends("init")

    assert code == 0
    assert newcomer.config.read_text() == mine
    assert '[personio.attributes] bsn = "dynamic_1018" # BSN' in told
    assert "street" not in told


def test_what_no_label_tells_is_asked_and_what_is_told_is_believed(newcomer: Newcomer) -> None:
    newcomer.running.personio.define_attribute(DEFAULT_IDS["income_number"], "Strange words")
    newcomer.running.personio.define_attribute(DEFAULT_IDS["city"], "Village")
    newcomer.signs_in()
    options = ("--personio-client-id", "papi-simulated-client", "--loket-client-id", "loket-client")

    with newcomer.at("init", *options) as terminal:
        terminal.expect("Personio client secret: ")
        terminal.type(PERSONIO_SECRET)
        terminal.expect("No attribute is labelled like income_number; its attribute id: ")
        terminal.type(DEFAULT_IDS["income_number"])
        code = terminal.ended()

    mapped = tomllib.loads(newcomer.config.read_text())["personio"]["attributes"]
    assert code == 0
    assert "not found by its label, so not synced: city" in terminal.shown
    assert mapped["income_number"] == DEFAULT_IDS["income_number"]
    assert "city" not in mapped


def test_an_administration_of_another_name_is_linked_by_hand_only(newcomer: Newcomer) -> None:
    newcomer.running.personio.add_legal_entity("170", name="Quite another name", country="NL")
    newcomer.signs_in()

    refused, told = newcomer.looks_around()
    nothing = newcomer.config.exists()
    administration = newcomer.running.loket.administration_id
    linked, _ = newcomer.ends(
        "init", "--personio-client-id", "papi-simulated-client", "--loket-client-id", "loket-client",
        "--link", f"170={administration}",
    )  # fmt: skip

    assert (refused, nothing, linked) == (2, False, 0)
    assert administration in told
    assert "--link" in told
    assert json.dumps(administration) in newcomer.config.read_text()
